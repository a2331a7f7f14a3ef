//! How a document stands to the reading of it that was agreed on.

use chrono::{Datelike, NaiveDate};

use super::super::model::Runbook;
use super::difference::{Change, difference};
use super::{Agreed, Lock};

/// What is known of an agreement on a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Agreement {
    /// There is no lock beside it.
    #[default]
    None,
    /// There is one that can't be read: where, and why.
    Broken(String),
    /// There is one, and this has become of it.
    Since(Box<Since>),
}

impl Agreement {
    /// The same agreement, with what has become of it in another reading.
    #[must_use]
    pub fn renewed(&self, runbook: &Runbook) -> Self {
        match self {
            Agreement::Since(since) => Agreement::Since(Box::new(Since::of(&since.lock, runbook))),
            same => same.clone(),
        }
    }

    /// Why a document can't be run where only what was agreed on runs; nothing where it can.
    pub fn refused(&self) -> Option<String> {
        match self {
            Agreement::None => Some("nobody has agreed on this reading".to_owned()),
            Agreement::Broken(why) => Some(why.clone()),
            Agreement::Since(since) if since.is_unchanged() => None,
            Agreement::Since(since) if since.changes.is_empty() => {
                Some("the text has changed since, the plan has not".to_owned())
            }
            Agreement::Since(since) => {
                let first = since.changes.first().map_or(String::new(), ToString::to_string);
                let more = match since.changes.len() - 1 {
                    0 => String::new(),
                    n => format!(", and {n} more"),
                };
                Some(format!("{first}{more}"))
            }
        }
    }
}

/// What has become of an agreed reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// When and by whom it was agreed on.
    pub agreed: Option<Agreed>,
    /// The version of gonogo that read it then.
    pub gonogo: String,
    /// The document has the same bytes.
    pub same_document: bool,
    /// What differs of the plan, the worst first.
    pub changes: Vec<Change>,
    /// What was agreed on.
    pub lock: Lock,
}

impl Since {
    /// Compares what was agreed on with what is read now.
    pub fn of(agreed: &Lock, runbook: &Runbook) -> Self {
        Self {
            agreed: agreed.agreed.clone(),
            gonogo: agreed.gonogo.clone(),
            same_document: agreed.sha256 == runbook.sha256,
            changes: difference(agreed, &Lock::of(runbook)),
            lock: agreed.clone(),
        }
    }

    /// Whether document and reading are as agreed.
    pub fn is_unchanged(&self) -> bool {
        self.same_document && self.changes.is_empty()
    }

    /// Who agreed, and when: `12 Nov by ada`; with the year where that is not the one of `today`.
    pub fn by(&self, today: NaiveDate) -> String {
        let Some(Agreed { on, by }) = &self.agreed else { return "by nobody who is named".to_owned() };
        let day = if on.year() == today.year() { on.format("%-d %b") } else { on.format("%-d %b %Y") };
        if by.is_empty() { day.to_string() } else { format!("{day} by {by}") }
    }

    /// In one line, in the middle of a sentence.
    pub fn headline(&self, today: NaiveDate) -> String {
        let by = self.by(today);
        let changes = match self.changes.len() {
            1 => "1 change".to_owned(),
            n => format!("{n} changes"),
        };
        match (self.same_document, self.changes.is_empty()) {
            (true, true) => format!("reading agreed {by}, unchanged"),
            (false, true) => format!("reading agreed {by}; the text has changed since, the plan has not"),
            (false, false) => format!("reading agreed {by}; {changes} since"),
            (true, false) if self.gonogo != env!("CARGO_PKG_VERSION") => format!(
                "this version reads the document differently from {}, when it was agreed {by}: {changes}",
                self.gonogo
            ),
            (true, false) => {
                format!("reading agreed {by}; the document is the same and is read differently: {changes}")
            }
        }
    }
}
