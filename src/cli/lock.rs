//! `gonogo lock`: agrees on the reading of a runbook.

use std::path::{Path, PathBuf};

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::agreed::{agreement, beside, today};
use super::complete;
use super::document;
use super::report::{CommandError, Status, note, say};
use crate::runbook::lock::{Agreement, Lock};

/// Arguments of `lock`.
#[derive(Debug, Args)]
pub(super) struct LockArgs {
    /// The runbook
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: PathBuf,
}

pub(super) fn lock(args: &LockArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let document = document::document(&args.runbook)?;
    let operator = document::settings(Some(&args.runbook), operator)?.operator;
    let path = beside(&document.path);
    match agreement(&document) {
        Agreement::Since(since) if since.is_unchanged() => {
            note(format!("{} is up to date: {}", path.display(), since.headline(today())));
            return Ok(Status::Done);
        }
        Agreement::Since(since) => since.changes.iter().try_for_each(|c| say(format!("  {c}")))?,
        Agreement::Broken(why) => note(format!("replacing what could not be read: {why}")),
        Agreement::None => {}
    }
    let lock = Lock::of(&document.runbook).agreed(today(), &operator);
    write(&path, &lock.render())?;
    let doubts = document.runbook.all_commands().iter().filter(|c| c.doubt.is_some()).count();
    let doubts = match doubts {
        0 => String::new(),
        1 => "; 1 command is in doubt: each run asks".to_owned(),
        n => format!("; {n} commands are in doubt: each run asks"),
    };
    note(format!("{} written: reading agreed by {operator}{doubts}", path.display()));
    Ok(Status::Done)
}

/// The whole file or nothing of it.
fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    let written = std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path));
    written.map_err(|error| {
        CommandError::new(Status::Failed, format!("could not write {}: {error}", path.display()))
    })
}
