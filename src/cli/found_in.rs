//! The runbooks below a directory.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::document;
use crate::config::file;
use crate::runbook::discover::{self, Page};
use crate::runbook::{self, Runbook};

/// A page that was read.
pub(super) struct Found {
    /// Where it lies, as the directory was named.
    pub(super) path: PathBuf,
    /// What was read out of it.
    pub(super) runbook: Runbook,
}

/// The pages below a directory that have commands.
pub(super) struct Pages {
    pub(super) runbooks: Vec<Found>,
    /// Those that change something by their commands and read as no runbook.
    pub(super) others: Vec<PathBuf>,
}

impl Pages {
    /// What is said of the pages that are no runbooks, where there are any.
    pub(super) fn passed_over(&self) -> Option<String> {
        let count = self.others.len();
        let pages = if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
        (count > 0).then(|| {
            format!("passed over {pages} with commands that read as no runbook: gonogo list --all names them")
        })
    }
}

/// The runbooks below a directory in the order of their paths, but for what git ignores and what is hidden. What can't be
/// read is no runbook here; a file that is named is told about.
pub(super) fn runbooks(directory: &Path) -> Vec<Found> {
    pages(directory).runbooks
}

/// The same with the pages that have commands and are none.
pub(super) fn pages(directory: &Path) -> Pages {
    let walk = WalkBuilder::new(directory)
        // A directory that is no repository yet has its .gitignore read, too.
        .require_git(false)
        .sort_by_file_path(Ord::cmp)
        .build();
    let mut found = Pages { runbooks: vec![], others: vec![] };
    for path in walk.filter_map(Result::ok).map(ignore::DirEntry::into_path).filter(|path| is_page(path)) {
        let Ok(text) = file::text(&path) else { continue };
        let corrections = document::settings_or_why(Some(&path), None);
        let corrections = corrections.as_ref().map_or(vec![], document::corrections_of);
        let runbook = runbook::read_with(&text, &corrections);
        let path = path.strip_prefix(Path::new(".")).map_or(path.clone(), Path::to_owned);
        match discover::page(&runbook) {
            Page::Runbook => found.runbooks.push(Found { path, runbook }),
            Page::Commands => found.others.push(path),
            Page::Text => {}
        }
    }
    found
}

pub(super) fn is_page(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
    matches!(ending.as_deref(), Some("md" | "markdown")) && path.is_file()
}
