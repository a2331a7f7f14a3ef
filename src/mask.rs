//! Masks secrets before anything is drawn or written: values that are known, in the forms that programs give
//! them, and what says of itself that it is one.
//!
//! 1. A mask has the value's width.
//! 2. What may be the beginning of a secret is held back for as long as it may be one, or until a flush.
//! 3. Values under [`SHORTEST`] bytes are masked only where a name stands before them: elsewhere they would blank
//!    innocent text.
//! 4. What was masked is told by what it is called ([`Hidden`]), never by anything of the value.

mod forms;
mod hidden;
mod known;
mod names;
mod rules;
mod seen;
mod table;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::ops::Range;
use std::sync::Arc;

pub use forms::SHORTEST;
pub use hidden::{Hidden, MOST_TOLD, told};
use known::{By, Known, Mask, Spans, TELLING};
pub use names::says_secret;
use seen::{Earlier, Seen};

/// How much of what was given out is remembered, to know what the next bytes belong to.
const CONTEXT: usize = 160;

/// Masks a byte stream.
#[derive(Clone, Debug, Default)]
pub struct Masker {
    known: Arc<Known>,
    /// Only known values are masked: somebody types into what is shown.
    declared_only: bool,
    held: Vec<u8>,
    /// What was given out of the line, masked.
    said: Vec<u8>,
    /// So many bytes of the line were given out.
    column: usize,
    /// The stream ended within a secret: it goes on until this.
    inside: Option<rules::Until>,
    /// What was masked so far, and what of it nobody has asked for yet.
    hidden: BTreeSet<Hidden>,
    untold: Vec<Hidden>,
}

/// What a look at the held bytes brought.
struct Look {
    seen: Seen,
    masks: Vec<Mask>,
    /// From here on the text may begin a known value, or a secret by the rules.
    known: usize,
    ruled: usize,
    inside: Option<rules::Until>,
    /// From here up to the cursor, which is elsewhere than at the end, the text may begin a known value.
    written: Option<usize>,
}

impl Masker {
    /// One that masks known values only.
    #[must_use]
    pub fn declared_only(&self) -> Self {
        Self { declared_only: true, ..self.clone() }
    }

    /// Adds a value, in all its forms. Values under [`SHORTEST`] bytes are left alone.
    pub fn add(&mut self, value: &str, hidden: Hidden) {
        self.add_all([(hidden, value)]);
    }

    /// Adds several: what finds them is made once.
    pub fn add_all(&mut self, values: impl IntoIterator<Item = (Hidden, impl AsRef<str>)>) {
        let forms = values.into_iter().flat_map(|(hidden, value)| {
            forms::of(value.as_ref()).into_iter().map(move |form| (form, hidden.clone()))
        });
        Arc::make_mut(&mut self.known).add(forms);
    }

    /// Adds what an environment holds under names of secrets.
    pub fn add_environment(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        let secrets = in_environment(variables);
        self.add_all(secrets.into_iter().map(|(name, value)| (Hidden::Environment(name), value)));
    }

    /// What was masked in the stream and was not asked for before.
    pub fn take_hidden(&mut self) -> Vec<Hidden> {
        std::mem::take(&mut self.untold)
    }

    /// Takes over what another one knows.
    pub fn know(&mut self, other: &Self) {
        self.known = Arc::clone(&other.known);
    }

    /// Masks `chunk`, holding back what may be the beginning of a value.
    pub fn feed(&mut self, chunk: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(chunk);
        self.give(false)
    }

    /// Whether something is held back.
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// What is held back, as somebody may see it who does not wait: the rest of its line, masked as far as it may be a
    /// secret.
    pub fn pending(&self) -> String {
        let Look { seen, masks, known, ruled, written, .. } = self.look(false);
        let mut text = seen.text.clone();
        let known = if text.len() - known < TELLING { text.len() } else { known };
        let written = written.map(|from| from..seen.cursor).filter(|part| part.len() >= TELLING);
        let masks = masks.into_iter().map(|mask| mask.at).chain(written);
        for part in masks.chain(std::iter::once(known.min(ruled)..text.len())) {
            seen::fill(text.get_mut(part).unwrap_or_default());
        }
        String::from_utf8_lossy(&text).chars().take_while(|c| !c.is_control()).collect()
    }

    /// Gives out what is held back.
    pub fn flush(&mut self) -> Vec<u8> {
        self.give(true)
    }

    /// Masks a whole text.
    pub fn text(&self, text: &str) -> String {
        self.text_telling(text).0
    }

    /// Masks a whole text, and says what was masked in it.
    pub fn text_telling(&self, text: &str) -> (String, Vec<Hidden>) {
        let (known, declared_only) = (Arc::clone(&self.known), self.declared_only);
        let mut whole = Masker { known, declared_only, held: text.as_bytes().to_vec(), ..Masker::default() };
        let masked = String::from_utf8_lossy(&whole.flush()).into_owned();
        (masked, whole.untold)
    }

    /// Gives out what is known not to be the beginning of a secret, or everything.
    fn give(&mut self, whole: bool) -> Vec<u8> {
        if self.held.is_empty() {
            return vec![];
        }
        let Look { seen, masks, known, ruled, inside, written } = self.look(whole);
        let upto = if whole {
            self.held.len()
        } else {
            let written = written.map_or(seen.unfinished, |from| seen.start(from));
            seen.start(known.min(ruled)).min(seen.unfinished).min(written)
        };
        // What goes beyond is masked in what is held, too: its beginning is gone then.
        let begun = |earlier: &&Earlier| earlier.places.first().is_some_and(|place| place.start < upto);
        for Earlier { places, mask } in seen.earlier.iter().filter(begun) {
            for place in places {
                seen::fill(self.held.get_mut(place.clone()).unwrap_or_default());
            }
            self.tell(std::slice::from_ref(mask));
        }
        // What has only begun is told although nothing of it is there yet.
        let counts = |mask: &Mask| {
            if mask.at.is_empty() { inside.is_some() } else { seen.start(mask.at.start) < upto }
        };
        let masks: Vec<Mask> = masks.into_iter().filter(counts).collect();
        for mask in &masks {
            seen.mask(&mut self.held, mask.at.clone());
        }
        self.tell(&masks);
        self.inside = inside;
        let rest = self.held.split_off(upto);
        let given = std::mem::replace(&mut self.held, rest);
        self.remember(&given);
        given
    }

    /// Remembers what was masked by what it is called. What lies within another known value is a part of that one, and
    /// what a rule finds there is known by its name.
    fn tell(&mut self, masks: &[Mask]) {
        let known = Spans::new(masks.iter().filter(|m| matches!(m.by, By::Form(_))).map(|m| m.at.clone()));
        for mask in masks {
            if self.hidden.contains(&Hidden::Others) {
                return;
            }
            let (hidden, within) = match &mask.by {
                By::Form(form) => (self.known.of.get(*form).cloned(), known.contain(&mask.at, false)),
                By::Rule(hidden) => {
                    (hidden.clone().map(|hidden| BTreeSet::from([hidden])), known.contain(&mask.at, true))
                }
            };
            for hidden in hidden.into_iter().flatten().filter(|_| !within) {
                let hidden = if self.hidden.len() < MOST_TOLD { hidden } else { Hidden::Others };
                if self.hidden.insert(hidden.clone()) {
                    self.untold.push(hidden);
                }
            }
        }
    }

    fn look(&self, whole: bool) -> Look {
        let seen = Seen::of(&self.held, self.column, &self.known);
        let mut masks = self.known.find(&seen.text);
        let length = seen.text.len();
        let known = if whole { length } else { length - self.known.begun_at_end(&seen.text, &masks) };
        let before = seen.text.get(..seen.cursor).filter(|before| !whole && before.len() < length);
        let written = before.map(|before| seen.cursor - self.known.begun(before));
        let written = written.filter(|from| *from < seen.cursor);
        let mut look = Look { known, ruled: length, inside: None, masks: vec![], seen, written };
        if !self.declared_only {
            let text = [self.said.as_slice(), &look.seen.text].concat();
            let new = self.said.len();
            let scan = rules::scan(&text, new, whole, self.inside);
            let own = |at: usize| at.saturating_sub(new);
            let all: Vec<Range<usize>> = scan.masks.iter().map(|mask| mask.at.clone()).collect();
            let known: Vec<Range<usize>> =
                masks.iter().map(|mask| new + mask.at.start..new + mask.at.end).collect();
            masks.extend(scan.masks.into_iter().map(|secret| Mask {
                at: own(secret.at.start)..own(secret.at.end),
                by: By::Rule(secret.hidden(&text, all.iter().chain(&known))),
            }));
            look.ruled = scan.hold.map_or(length, own);
            look.inside = scan.inside;
        }
        Look { masks, ..look }
    }

    fn remember(&mut self, given: &[u8]) {
        match given.iter().rposition(|b| *b == b'\n') {
            Some(end) => {
                self.said.clear();
                self.column = given.len() - end - 1;
            }
            None => self.column += given.len(),
        }
        if !self.declared_only {
            let line = given.len().min(self.column);
            let line = given.get(given.len() - line..).unwrap_or_default();
            let line = Seen::of(line, 0, &Known::default()).text;
            self.said.extend_from_slice(&line);
            self.said.drain(..self.said.len().saturating_sub(CONTEXT));
        }
    }
}

/// What an environment holds under names of secrets, with the names.
pub fn in_environment(variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<(String, String)> {
    let text =
        |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    variables.filter_map(text).filter(|(name, value)| says_secret(name) && is_telling(value)).collect()
}

/// Whether a value says enough to be known wherever it stands.
fn is_telling(value: &str) -> bool {
    value.len() >= SHORTEST
        && !names::is_placeholder(value)
        && !names::is_state(value)
        && !names::is_word(value)
}

/// Credentials that a text shows, to be masked wherever else they stand, with what each is called. Those that `prose`
/// uses as words are none.
pub fn learn(text: &str, prose: &str) -> BTreeSet<(String, Hidden)> {
    let found = rules::scan(text.as_bytes(), 0, true, None).masks;
    let all: Vec<Range<usize>> = found.iter().map(|secret| secret.at.clone()).collect();
    let values = found.into_iter().filter_map(|secret| {
        let value = std::str::from_utf8(text.as_bytes().get(secret.at.clone())?).ok()?;
        let hidden = secret.hidden(text.as_bytes(), all.iter()).unwrap_or(Hidden::Placed);
        Some((value.trim_matches(['"', '\'']).to_owned(), hidden))
    });
    values.filter(|(v, _)| v.len() >= SHORTEST && !v.contains('\n') && !prose.contains(v.as_str())).collect()
}

#[cfg(test)]
mod tests;
