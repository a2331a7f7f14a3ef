//! Findings that a document had at an earlier revision, as git has it: only others are told. They are known by their
//! fingerprints, as those of a baseline are, so that a change elsewhere in the document brings none of them back.

use std::collections::BTreeSet;
use std::path::Path;

use super::found::{self, Found};
use super::inputs::Input;
use crate::cli::document;
use crate::cli::report::{CommandError, Status};
use crate::cli::syntax;
use crate::exec::spawn::Helper;

/// Leaves out what was there at the revision.
pub(super) fn only_new(revision: &str, input: &Input, found: &mut Vec<Found>) -> Result<(), CommandError> {
    let path = &input.document.path;
    if path.file_name().is_none() || input.settings.is_none() {
        return Err(CommandError::new(
            Status::Usage,
            "--since is for files of a repository, not for standard input",
        ));
    }
    let known = match text_at(revision, path)? {
        Some(text) => fingerprints(input, &text)?,
        None => BTreeSet::new(),
    };
    let beside = path.with_file_name("gonogo.toml");
    let now = crate::config::file::text(&beside).ok();
    let same_settings = now.is_none() || text_at(revision, &beside)? == now;
    let was_there = |one: &Found| known.contains(&one.fingerprint) || same_settings && one.code == "settings";
    found.retain(|one| !was_there(one));
    Ok(())
}

/// What is found in a document as it was.
fn fingerprints(input: &Input, text: &str) -> Result<BTreeSet<String>, CommandError> {
    if text.trim().is_empty() {
        return Ok(BTreeSet::new());
    }
    let corrections =
        input.settings.as_ref().and_then(|s| s.as_ref().ok()).map_or(vec![], document::corrections_of);
    let mut was = Input {
        name: input.name.clone(),
        document: document::of_bytes(&input.document.path, text.as_bytes().to_vec(), &corrections)?,
        settings: None,
    };
    syntax::add_findings(&mut was.document.runbook);
    Ok(found::of(&was).into_iter().map(|one| one.fingerprint).collect())
}

/// The text of a file at a revision; nothing where there was none.
fn text_at(revision: &str, path: &Path) -> Result<Option<String>, CommandError> {
    let usage = |words: String| CommandError::new(Status::Usage, words);
    let directory = document::directory(path);
    let git = |arguments: &[&str]| {
        Helper::new("git", arguments, directory)
            .run()
            .map_err(|error| CommandError::new(Status::Failed, format!("could not start git: {error}")))
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (status, text, _) = git(&["show", "--end-of-options", &format!("{revision}:./{name}")])?;
    if status == 0 {
        return Ok(Some(text));
    }
    let commit = format!("{revision}^{{commit}}");
    let (status, _, said) = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    if status == 0 {
        return Ok(None);
    }
    let said = said.lines().next().unwrap_or("there is no such revision").to_owned();
    Err(usage(format!("--since {revision}: {said}"))
        .hint("name a commit, branch or tag that git has here, such as HEAD~1"))
}
