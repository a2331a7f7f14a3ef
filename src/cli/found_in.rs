//! The runbooks below a directory.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::document;
use crate::config::file;
use crate::runbook::{self, Runbook, discover};

/// A page that was read.
pub(super) struct Found {
    /// Where it lies, as the directory was named.
    pub(super) path: PathBuf,
    /// What was read out of it.
    pub(super) runbook: Runbook,
}

/// The runbooks below a directory in the order of their paths, but for what git ignores and what is hidden. What can't be
/// read is no runbook here; a file that is named is told about.
pub(super) fn runbooks(directory: &Path) -> Vec<Found> {
    let walk = WalkBuilder::new(directory)
        // A directory that is no repository yet has its .gitignore read, too.
        .require_git(false)
        .sort_by_file_path(Ord::cmp)
        .build();
    let pages = walk.filter_map(Result::ok).map(ignore::DirEntry::into_path).filter(|path| is_page(path));
    let read = pages.filter_map(|path| {
        let text = file::text(&path).ok()?;
        let corrections = document::settings_or_why(Some(&path), None);
        let corrections = corrections.as_ref().map_or(vec![], document::corrections_of);
        let runbook = runbook::read_with(&text, &corrections);
        discover::is_runbook(&runbook).then_some(Found { path, runbook })
    });
    let here = Path::new(".");
    read.map(|found| match found.path.strip_prefix(here) {
        Ok(path) => Found { path: path.to_owned(), ..found },
        Err(_) => found,
    })
    .collect()
}

fn is_page(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
    matches!(ending.as_deref(), Some("md" | "markdown")) && path.is_file()
}
