//! Log and sign-off: the document's template as it will be written, and what a reviewer has to see.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use crate::record::{self, Filled, review};
use crate::run::{RunState, Seq, SignRole};

/// Where it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogState {
    /// The row at the cursor.
    pub row: usize,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Filled from the run.
    Filled,
    /// It stayed as it was.
    Left,
    /// Nothing was to be filled.
    Text,
    /// A title of what a reviewer has to see.
    Title,
    /// A point of it.
    Point,
}

/// A row of the screen.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: String,
    /// Where it comes from, in words.
    pub source: String,
    /// The event that it comes from; of several the last.
    pub event: Option<Seq>,
}

impl Row {
    /// One that comes from nowhere.
    pub fn plain(kind: Kind, text: String) -> Self {
        Self { kind, text, source: String::new(), event: None }
    }
}

/// The rows: those of the log, then those of what is to be looked at.
#[derive(Debug, Default)]
pub struct LogRows {
    /// The log as it will be written.
    pub log: Vec<Row>,
    /// What a reviewer has to see.
    pub beside: Vec<Row>,
    /// What was filled, and from what.
    pub filled: Filled,
}

impl LogRows {
    /// Fills the log of a run.
    pub fn of(run: &RunState) -> Self {
        let filled = record::fill(run);
        let mut log = Vec::new();
        for (at, text) in filled.text.lines().enumerate() {
            let sources: Vec<_> =
                filled.filled.iter().filter(|f| f.at == at).flat_map(|f| &f.sources).collect();
            let left = filled.left.iter().find(|l| filled.from.get(at) == Some(&l.line));
            let mut words: Vec<String> = sources.iter().map(|s| from(&s.words, s.event)).collect();
            words.extend(left.map(|l| format!("as it was: {}", l.why)));
            let kind = match (sources.is_empty(), left) {
                (false, _) => Kind::Filled,
                (true, Some(_)) => Kind::Left,
                (true, None) => Kind::Text,
            };
            let event = sources.iter().rev().find_map(|s| s.event);
            log.push(Row { kind, text: text.to_owned(), source: words.join("; "), event });
        }
        let mut beside = Vec::new();
        for role in SignRole::ALL {
            if let Some(signed) = run.signed(role) {
                let text = format!("{role}: {}, events 1-{}", signed.who(), signed.statement.events.0);
                beside.push(Row { kind: Kind::Point, source: text.clone(), text, event: Some(signed.seq) });
            }
        }
        for (about, points) in review::grouped(&review::points(run)) {
            beside.push(Row::plain(Kind::Title, about.title().to_owned()));
            beside.extend(points.into_iter().map(|p| Row {
                kind: Kind::Point,
                text: p.words.clone(),
                source: from(&p.words, p.event),
                event: p.event,
            }));
        }
        Self { log, beside, filled }
    }

    /// All that can be moved over.
    pub fn all(&self) -> impl Iterator<Item = &Row> {
        self.log.iter().chain(&self.beside)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.log.len() + self.beside.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn from(words: &str, event: Option<Seq>) -> String {
    event.map_or(words.to_owned(), |e| format!("event {}: {words}", e.0))
}
