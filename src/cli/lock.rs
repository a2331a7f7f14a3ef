//! `gonogo lock`: agrees on the reading of a runbook, and how a document stands to what was agreed on.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;

use super::open::{self, Document};
use super::report::{CommandError, Status, note, say};
use crate::config::Settings;
use crate::runbook::lock::{Agreement, Change, Lock, Since};

/// How many changes are told where a screen has room for few.
pub(super) const TOLD: usize = 5;

/// Arguments of `lock`.
#[derive(Debug, Args)]
pub(super) struct LockArgs {
    /// The runbook
    runbook: PathBuf,
}

pub(super) fn lock(args: &LockArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let document = open::document(&args.runbook)?;
    let operator = open::settings(Some(&args.runbook), operator)?.operator;
    let path = beside(&document.path);
    match agreement(&document) {
        Agreement::Since(since) if since.is_unchanged() => {
            note(format!("{} is up to date: {}", path.display(), since.headline(today())));
            return Ok(Status::Done);
        }
        Agreement::Since(since) => since.changes.iter().try_for_each(|c| say(format!("  {c}")))?,
        Agreement::Broken(why) => note(format!("what could not be read is replaced: {why}")),
        Agreement::None => {}
    }
    let lock = Lock::of(&document.runbook).agreed(today(), &operator);
    write(&path, &lock.render())?;
    let doubts = document.runbook.all_commands().iter().filter(|c| c.doubt.is_some()).count();
    let doubts = match doubts {
        0 => String::new(),
        1 => "; 1 command is in doubt, and asked for in each run".to_owned(),
        n => format!("; {n} commands are in doubt, and asked for in each run"),
    };
    note(format!("{} written: the reading is agreed by {operator}{doubts}", path.display()));
    Ok(Status::Done)
}

/// Where the lock of a document lies: beside it, under its name and `.lock`.
pub(super) fn beside(document: &Path) -> PathBuf {
    let mut path = document.as_os_str().to_owned();
    path.push(".lock");
    PathBuf::from(path)
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

/// How a document stands to what was agreed on.
pub(super) fn agreement(document: &Document) -> Agreement {
    let path = beside(&document.path);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Agreement::None,
        Err(error) => return Agreement::Broken(format!("{}: {error}", path.display())),
    };
    match Lock::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(lock) => Agreement::Since(Box::new(Since::of(&lock, &document.runbook))),
        Err(error) => Agreement::Broken(format!("{}:{error}", path.display())),
    }
}

/// The day, in UTC.
pub(super) fn today() -> NaiveDate {
    let now: DateTime<Utc> = Utc::now();
    now.date_naive()
}

/// The first changes, and how many there are beside them.
pub(super) fn told(changes: &[Change], most: usize) -> Vec<String> {
    let mut lines: Vec<String> = changes.iter().take(most).map(ToString::to_string).collect();
    match changes.len().saturating_sub(most) {
        0 => {}
        1 => lines.push("and 1 change more".to_owned()),
        n => lines.push(format!("and {n} changes more")),
    }
    lines
}

/// What is said of an agreement: a line, and at most so many of the changes.
pub(super) fn words(document: &Path, agreement: &Agreement, most: usize) -> Vec<String> {
    match agreement {
        Agreement::None => vec![],
        Agreement::Broken(why) => vec![format!("the agreed reading can't be read: {why}")],
        Agreement::Since(since) => {
            let mut lines = vec![since.headline(today())];
            lines.extend(told(&since.changes, most).into_iter().map(|c| format!("  {c}")));
            if since.changes.len() > most {
                lines.push(format!("  all of them: gonogo check --locked {}", document.display()));
            }
            lines
        }
    }
}

/// What to do once a reading is right as it is now.
pub(super) fn remedy(document: &Path) -> String {
    format!("once it is right as it is read now: gonogo lock {}", document.display())
}

/// Refuses a document that is not as agreed, with what differs.
pub(super) fn as_agreed(
    document: &Path,
    agreement: &Agreement,
    because: Option<&str>,
) -> Result<(), CommandError> {
    let name = document.display();
    let usage = |words: String| {
        let because = because.map_or(String::new(), |b| format!("{b}: "));
        CommandError::new(Status::Usage, format!("{because}{words}"))
    };
    match agreement {
        Agreement::Since(since) if since.is_unchanged() => Ok(()),
        Agreement::None => {
            let lock = beside(document);
            let words = format!("nobody has agreed on how {name} is read; there is no {}", lock.display());
            Err(usage(words).hint(format!("review gonogo plan {name}, then: gonogo lock {name}")))
        }
        Agreement::Broken(why) => {
            Err(usage(why.clone()).hint(format!("mend it there, or write it anew: gonogo lock {name}")))
        }
        Agreement::Since(since) => {
            let error = usage(since.headline(today()));
            let error = since.changes.iter().fold(error, |e, change| e.detail(change.to_string()));
            Err(error.hint(remedy(document)))
        }
    }
}

/// Whether an environment takes only what was agreed on, and why.
pub(super) fn because(settings: &Settings, environment: &str, flag: bool) -> Option<String> {
    if flag {
        return Some("--locked runs only what was agreed on".to_owned());
    }
    settings.locked(environment).then(|| format!("{environment} runs only what was agreed on (locked)"))
}
