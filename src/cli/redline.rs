//! `gonogo redline`: what a run teaches its document, as a patch.

use std::path::{Path, PathBuf};

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::report::{CommandError, Status, hand_on, note, say_json};
use super::{document, store};
use crate::config;
use crate::record::redline;
use crate::run::Event;
use crate::runbook::hash::sha256_hex;

/// Arguments of `redline`.
#[derive(Debug, Args)]
pub(super) struct RedlineArgs {
    /// The run; by default the active one, or the last
    #[arg(add = ArgValueCompleter::new(complete::runs))]
    run: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn redline(args: &RedlineArgs) -> Result<Status, CommandError> {
    let (store, run) = store::find(&document::settings(None, None)?, args.run.as_deref())?;
    let known = store.state_of(run.id())?;
    let document = store.text_of(run.id())?;
    let path = store.document_path(run.id()).unwrap_or_else(|| PathBuf::from("runbook.md"));
    // As it was given, from where the run was started.
    let began = store.records_of(run.id())?.into_iter().find_map(|record| match record.event {
        Event::PlaceObserved { place } => Some(PathBuf::from(place.directory)),
        _ => None,
    });
    let path = began.map_or(path.clone(), |directory| directory.join(&path));
    let name = in_repository(&path);
    let found = redline::redline(&known, &document, &name);
    if args.json {
        say_json(&serde_json::json!({ "patch": found.patch, "changes": found.changes, "left": found.left }))?;
        return Ok(Status::Done);
    }
    if found.patch.is_empty() {
        note(format!("{} suggests no change of {name}", run.id()));
    } else {
        hand_on(found.patch.trim_end_matches('\n'))?;
    }
    for change in &found.changes {
        note(format!("changed: {change}"));
    }
    for left in &found.left {
        note(format!("left to you: {left}"));
    }
    let same = config::file::read(&path, config::file::LARGEST).is_ok_and(|bytes| {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
        known.start().is_some_and(|(start, _)| start.sha256 == sha256_hex(bytes))
    });
    if !same && !found.patch.is_empty() {
        note(format!("{} has changed since the run: the patch may not apply", path.display()));
    }
    Ok(Status::Done)
}

/// A document's path as `git apply` takes it: from the top of its repository, else its name alone.
fn in_repository(path: &Path) -> String {
    let own = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Ok(path) = std::path::absolute(path) else { return own() };
    let top = path.ancestors().skip(1).find(|directory| directory.join(".git").exists());
    top.and_then(|top| path.strip_prefix(top).ok()).map_or_else(own, |p| p.display().to_string())
}
