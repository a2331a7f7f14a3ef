//! How a document stands to the reading that was agreed on, which lies beside it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::document::Document;
use super::report::{CommandError, Status};
use crate::config::{self, Settings};
use crate::runbook::lock::{Agreement, Change, Lock, Since};

/// How many changes are told where a screen has room for few.
pub(super) const TOLD: usize = 5;

/// Where the lock of a document lies: beside it, under its name and `.lock`.
pub(super) fn beside(document: &Path) -> PathBuf {
    let mut path = document.as_os_str().to_owned();
    path.push(".lock");
    PathBuf::from(path)
}

/// How a document stands to what was agreed on.
pub(super) fn agreement(document: &Document) -> Agreement {
    let path = beside(&document.path);
    let bytes = match config::file::read(&path, config::file::LARGEST) {
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
        1 => lines.push("and 1 more change".to_owned()),
        n => lines.push(format!("and {n} more changes")),
    }
    lines
}

/// What is said of an agreement: a line, and at most so many of the changes.
pub(super) fn words(document: &Path, agreement: &Agreement, most: usize) -> Vec<String> {
    match agreement {
        Agreement::None => vec![],
        Agreement::Broken(why) => vec![format!("gonogo can't read the agreed reading: {why}")],
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
    format!("if it is right as read now: gonogo lock {}", document.display())
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
            let words = format!("nobody has agreed on how {name} is read: {} does not exist", lock.display());
            Err(usage(words).hint(format!("review gonogo plan {name}, then: gonogo lock {name}")))
        }
        Agreement::Broken(why) => {
            Err(usage(why.clone()).hint(format!("fix it there, or write it again: gonogo lock {name}")))
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
        return Some("--locked runs only an agreed reading".to_owned());
    }
    settings.locked(environment).then(|| format!("{environment} runs only an agreed reading (locked)"))
}
