//! Masks secrets before anything is drawn or written: values that are known, in the forms that programs give
//! them, and what says of itself that it is one.
//!
//! 1. A mask has the value's width.
//! 2. What may be the beginning of a secret is held back for as long as it may be one, or until a flush.
//! 3. Values under [`SHORTEST`] bytes are masked only where a name stands before them: elsewhere they would blank
//!    innocent text.

mod forms;
mod names;
mod rules;
mod seen;
mod table;

use std::ffi::OsString;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
pub use forms::SHORTEST;
use memchr::memmem;
pub use names::says_secret;
use seen::Seen;

/// How much of what was given out is remembered, to know what the next bytes belong to.
const CONTEXT: usize = 160;
/// A shorter beginning of a known value is shown while it is waited for what comes: any text ends with one.
const TELLING: usize = 4;
/// So many characters may be taken back within a known value.
const MISTAKES: usize = 3;

/// Values that are known, in all their forms.
#[derive(Clone, Debug, Default)]
struct Known {
    forms: Vec<Vec<u8>>,
    finder: Option<AhoCorasick>,
}

impl Known {
    fn add(&mut self, forms: Vec<Vec<u8>>) {
        let before = self.forms.len();
        for form in forms {
            if !self.forms.contains(&form) {
                self.forms.push(form);
            }
        }
        if self.forms.len() > before {
            self.finder = AhoCorasick::new(&self.forms).ok();
        }
    }

    /// Where known values stand in a text.
    fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let Some(finder) = &self.finder else { return vec![] };
        // Most texts hold none, and that is told faster.
        let Some(first) = finder.find(text) else { return vec![] };
        let longest = self.forms.iter().map(Vec::len).max().unwrap_or(0);
        let from = first.start().saturating_sub(longest);
        let rest = text.get(from..).unwrap_or_default();
        finder.find_overlapping_iter(rest).map(|m| from + m.start()..from + m.end()).collect()
    }

    /// The length of the longest end of a text that begins a known value.
    fn begun(&self, text: &[u8]) -> usize {
        /// So many bytes are looked for in a form, to find where the text could end within it.
        const END: usize = 8;
        let end = text.get(text.len().saturating_sub(END)..).unwrap_or_default();
        let finder = memmem::Finder::new(end);
        let longest = |form: &Vec<u8>| {
            let whole = form.get(..form.len() - 1).unwrap_or_default();
            let long = finder
                .find_iter(whole)
                .map(|at| at + end.len())
                .filter(|n| ends_with(text, whole, *n))
                .last();
            long.or_else(|| begun(text, whole, end.len())).unwrap_or(0)
        };
        self.forms.iter().map(longest).max().unwrap_or(0)
    }

    /// The same, where some characters may be taken back: a blank that an editor of lines writes where its line wraps,
    /// a mistake of who types.
    fn begun_at_end(&self, text: &[u8], found: &[Range<usize>]) -> usize {
        let end = text.get(text.len().saturating_sub(MISTAKES)..).unwrap_or_default();
        let line = end.iter().rev().take_while(|b| !matches!(b, b'\n' | b'\r')).count();
        let before = |taken: usize| match self.begun(text.get(..text.len() - taken).unwrap_or_default()) {
            begun if taken == 0 => begun,
            // The whole value needs no waiting for.
            begun if begun >= TELLING && !found.iter().any(|f| f.contains(&(text.len() - taken - begun))) => {
                begun + taken
            }
            _ => 0,
        };
        (0..=line).map(before).max().unwrap_or(0)
    }
}

/// Whether a text ends with so much of the beginning of a value.
fn ends_with(text: &[u8], value: &[u8], length: usize) -> bool {
    value.get(..length).is_some_and(|begin| text.ends_with(begin))
}

/// The length of the longest beginning of a value, of at most so many bytes, that ends a text.
fn begun(text: &[u8], value: &[u8], most: usize) -> Option<usize> {
    (1..=value.len().min(most)).rev().find(|n| ends_with(text, value, *n))
}

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
}

/// What a look at the held bytes brought.
struct Look {
    seen: Seen,
    masks: Vec<Range<usize>>,
    /// From here on the text may begin a known value, or a secret by the rules.
    known: usize,
    ruled: usize,
    inside: Option<rules::Until>,
    /// Known values in the bytes themselves, where a part of them is written over for whoever reads; and where those may
    /// begin one.
    under: Vec<Range<usize>>,
    under_from: usize,
}

impl Masker {
    /// One that masks known values only.
    #[must_use]
    pub fn declared_only(&self) -> Self {
        Self { declared_only: true, ..self.clone() }
    }

    /// Adds a value, in all its forms. Values under [`SHORTEST`] bytes are left alone.
    pub fn add(&mut self, value: &str) {
        self.add_all([value]);
    }

    /// Adds several: what finds them is made once.
    pub fn add_all(&mut self, values: impl IntoIterator<Item = impl AsRef<str>>) {
        let forms = values.into_iter().flat_map(|value| forms::of(value.as_ref())).collect();
        Arc::make_mut(&mut self.known).add(forms);
    }

    /// Adds what an environment holds under names of secrets.
    pub fn add_environment(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        let text =
            |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        let secret = |(name, value): &(String, String)| says_secret(name) && is_telling(value);
        self.add_all(variables.filter_map(text).filter(secret).map(|(_, value)| value));
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
        let Look { seen, masks, known, ruled, .. } = self.look(false);
        let mut text = seen.text.clone();
        let known = if text.len() - known < TELLING { text.len() } else { known };
        for part in masks.into_iter().chain(std::iter::once(known.min(ruled)..text.len())) {
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
        let (known, declared_only) = (Arc::clone(&self.known), self.declared_only);
        let mut whole = Masker { known, declared_only, held: text.as_bytes().to_vec(), ..Masker::default() };
        String::from_utf8_lossy(&whole.flush()).into_owned()
    }

    /// Gives out what is known not to be the beginning of a secret, or everything.
    fn give(&mut self, whole: bool) -> Vec<u8> {
        if self.held.is_empty() {
            return vec![];
        }
        let Look { seen, masks, known, ruled, inside, under, under_from } = self.look(whole);
        let upto = if whole {
            self.held.len()
        } else {
            seen.start(known.min(ruled)).min(seen.unfinished).min(under_from)
        };
        for part in under.into_iter().filter(|part| part.start < upto) {
            seen::fill(self.held.get_mut(part).unwrap_or_default());
        }
        for part in masks {
            // What goes beyond is masked in what is held, too: its beginning is gone then.
            if seen.start(part.start) < upto {
                seen.mask(&mut self.held, part);
            }
        }
        self.inside = inside;
        let rest = self.held.split_off(upto);
        let given = std::mem::replace(&mut self.held, rest);
        self.remember(&given);
        given
    }

    fn look(&self, whole: bool) -> Look {
        let seen = Seen::of(&self.held, self.column);
        let mut masks = self.known.find(&seen.text);
        let length = seen.text.len();
        let known = if whole { length } else { length - self.known.begun_at_end(&seen.text, &masks) };
        let (mut under, mut under_from) = (vec![], self.held.len());
        if seen.differs() {
            under = self.known.find(&self.held);
            under_from -= self.known.begun(&self.held);
        }
        let mut look = Look { known, ruled: length, inside: None, masks: vec![], seen, under, under_from };
        if !self.declared_only {
            let text = [self.said.as_slice(), &look.seen.text].concat();
            let new = self.said.len();
            let scan = rules::scan(&text, new, whole, self.inside);
            let own = |at: usize| at.saturating_sub(new);
            masks.extend(scan.masks.into_iter().map(|part| own(part.start)..own(part.end)));
            look.ruled = scan.hold.map_or(length, own);
            look.inside = scan.inside;
        }
        masks.retain(|part| !part.is_empty());
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
            let line = Seen::of(given.get(given.len() - line..).unwrap_or_default(), 0).text;
            self.said.extend_from_slice(&line);
            self.said.drain(..self.said.len().saturating_sub(CONTEXT));
        }
    }
}

/// Whether a value says enough to be known wherever it stands.
fn is_telling(value: &str) -> bool {
    value.len() >= SHORTEST
        && !names::is_placeholder(value)
        && !names::is_state(value)
        && !names::is_word(value)
}

/// Credentials that a text shows, to be masked wherever else they stand. Those that `prose` uses as words are none.
pub fn learn(text: &str, prose: &str) -> Vec<String> {
    let found = rules::scan(text.as_bytes(), 0, true, None).masks;
    let values = found.into_iter().filter_map(|at| std::str::from_utf8(text.as_bytes().get(at)?).ok());
    let values = values.map(|v| v.trim_matches(['"', '\'']).to_owned());
    let mut learned: Vec<String> =
        values.filter(|v| v.len() >= SHORTEST && !v.contains('\n') && !prose.contains(v.as_str())).collect();
    learned.sort();
    learned.dedup();
    learned
}

#[cfg(test)]
mod tests;
