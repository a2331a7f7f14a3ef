//! Masks secrets before anything is drawn or written (DESIGN 15): values that were declared, in the forms that programs
//! give them, and what says of itself that it is one.
//!
//! 1. A mask has the value's width.
//! 2. What may be the beginning of a secret is held back until the next chunk or a flush.
//! 3. Values under [`SHORTEST`] bytes are masked only where a name stands before them: elsewhere they would blank
//!    innocent text.

mod forms;
mod rules;

pub use forms::SHORTEST;
use rules::{Found, Rules};

/// How much of what was given out is remembered, to know what the next bytes belong to.
const CONTEXT: usize = 160;

/// Masks a byte stream.
#[derive(Clone, Debug, Default)]
pub struct Masker {
    values: Vec<Vec<u8>>,
    /// Only declared values are masked: somebody types into what is shown.
    declared_only: bool,
    held: Vec<u8>,
    /// The end of what was given out, masked.
    said: Vec<u8>,
    /// The stream ended within a secret: it goes on until this.
    inside: Option<rules::Until>,
}

impl Masker {
    /// One that masks declared values only.
    #[must_use]
    pub fn declared_only(&self) -> Self {
        Self { declared_only: true, ..self.clone() }
    }

    /// Adds a value, with each of its lines, in base64 and URL-encoded. Values under [`SHORTEST`] bytes are left alone.
    pub fn add(&mut self, value: &str) {
        for form in forms::of(value) {
            if form.len() >= SHORTEST && !self.values.contains(&form) {
                self.values.push(form);
            }
        }
        // The longest first, so that a value containing another is masked whole.
        self.values.sort_by_key(|v| std::cmp::Reverse(v.len()));
    }

    /// Masks `chunk`, holding back what may be the beginning of a value.
    pub fn feed(&mut self, chunk: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(chunk);
        self.replace(false);
        let keep = self.open_prefix();
        let rest = self.held.split_off(self.held.len() - keep);
        let given = std::mem::replace(&mut self.held, rest);
        self.remember(&given);
        given
    }

    /// Whether something is held back.
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Gives out what is held back.
    pub fn flush(&mut self) -> Vec<u8> {
        let given = std::mem::take(&mut self.held);
        self.remember(&given);
        given
    }

    /// Masks a whole text.
    pub fn text(&self, text: &str) -> String {
        let own =
            Masker { values: self.values.clone(), declared_only: self.declared_only, ..Masker::default() };
        let mut whole = Masker { held: text.as_bytes().to_vec(), ..own };
        whole.replace(true);
        String::from_utf8_lossy(&whole.held).into_owned()
    }

    fn remember(&mut self, given: &[u8]) {
        if self.declared_only || given.is_empty() {
            return;
        }
        self.said.extend_from_slice(given);
        // What belongs together stands on one line.
        let line = self.said.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let from = line.max(self.said.len().saturating_sub(CONTEXT));
        self.said.drain(..from);
    }

    fn replace(&mut self, whole: bool) {
        for value in &self.values {
            let mut at = 0;
            while let Some(found) = find(&self.held[at..], value) {
                let start = at + found;
                self.held[start..start + value.len()].fill(b'*');
                at = start + value.len();
            }
        }
        if !self.declared_only {
            self.by_rules(whole);
        }
    }

    /// Masks what says of itself that it is a secret, with what was given out before it in view.
    fn by_rules(&mut self, whole: bool) {
        let mut from = 0;
        if let Some(until) = self.inside {
            let end = until.end(&self.said, &self.held);
            let upto = end.unwrap_or(self.held.len() - until.open(&self.held));
            fill(&mut self.held[..upto]);
            match end {
                Some(end) => (self.inside, from) = (None, end),
                None => return,
            }
        }
        let before = if from == 0 { self.said.clone() } else { vec![] };
        if !Rules::may_find(&before, &self.held[from..]) {
            return;
        }
        let skipped = before.len();
        let text = [before.as_slice(), &self.held[from..]].concat();
        for Found { value, open } in Rules::find(&text, whole) {
            let (start, end) = (value.start.max(skipped), value.end);
            if end > start {
                fill(&mut self.held[from + start - skipped..from + end - skipped]);
            }
            if let Some(until) = open {
                self.inside.get_or_insert(until);
            }
        }
    }

    /// The length of the longest end that may begin a secret.
    fn open_prefix(&self) -> usize {
        let longest =
            |value: &Vec<u8>| (1..value.len()).rev().find(|n| self.held.ends_with(&value[..*n])).unwrap_or(0);
        let values = self.values.iter().map(longest).max().unwrap_or(0);
        let named = match self.inside {
            Some(until) => until.open(&self.held),
            None if self.declared_only => 0,
            None => Rules::open(&self.said, &self.held),
        };
        values.max(named)
    }
}

/// Masks everything but what moves the cursor.
fn fill(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|b| **b >= 0x20) {
        *byte = b'*';
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

/// Credentials that a text shows, to be masked wherever else they stand. Those that `prose` uses as words are none.
pub fn learn(text: &str, prose: &str) -> Vec<String> {
    let found = Rules::find(text.as_bytes(), true).into_iter().map(|f| f.value);
    let values = found.filter_map(|at| std::str::from_utf8(&text.as_bytes()[at]).ok());
    let values = values.map(|v| v.trim_matches(['"', '\'']).to_owned());
    let mut learned: Vec<String> =
        values.filter(|v| v.len() >= SHORTEST && !v.contains('\n') && !prose.contains(v.as_str())).collect();
    learned.sort();
    learned.dedup();
    learned
}

#[cfg(test)]
mod tests;
