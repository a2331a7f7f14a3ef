//! Known values: where they stand in a text, where one may begin, and which of them lies within another.

use std::collections::BTreeSet;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use memchr::memmem;

use super::hidden::Hidden;

/// A shorter beginning of a known value is shown while it is waited for what comes: any text ends with one.
pub(super) const TELLING: usize = 4;
/// So many characters may be taken back within a known value.
pub(super) const MISTAKES: usize = 3;

/// What is to be masked, and by what it is known.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    pub(super) at: Range<usize>,
    pub(super) by: By,
}

#[derive(Clone, Debug)]
pub(super) enum By {
    /// This form of a known value.
    Form(usize),
    /// A rule; nothing where it is the rest of what was told before.
    Rule(Option<Hidden>),
}

/// Values that are known, in all their forms.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    forms: Vec<Vec<u8>>,
    /// What each form is one of: two secrets may have the same value.
    pub(super) of: Vec<BTreeSet<Hidden>>,
    pub(super) longest: usize,
    finder: Option<AhoCorasick>,
}

impl Known {
    pub(super) fn add(&mut self, forms: impl Iterator<Item = (Vec<u8>, Hidden)>) {
        let before = self.forms.len();
        for (form, hidden) in forms {
            let known = self.forms.iter().position(|known| *known == form);
            let at = known.unwrap_or_else(|| {
                self.forms.push(form);
                self.of.push(BTreeSet::new());
                self.of.len() - 1
            });
            self.of.get_mut(at).map(|of| of.insert(hidden));
        }
        if self.forms.len() > before {
            self.longest = self.forms.iter().map(Vec::len).max().unwrap_or(0);
            self.finder = AhoCorasick::new(&self.forms).ok();
        }
    }

    /// Where known values stand in a text, and which form of them.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Mask> {
        let Some(finder) = &self.finder else { return vec![] };
        // Most texts hold none, and that is told faster.
        let Some(first) = finder.find(text) else { return vec![] };
        let from = first.start().saturating_sub(self.longest);
        let rest = text.get(from..).unwrap_or_default();
        let found = finder.find_overlapping_iter(rest);
        found
            .map(|m| Mask { at: from + m.start()..from + m.end(), by: By::Form(m.pattern().as_usize()) })
            .collect()
    }

    /// The length of the longest end of a text that begins a known value.
    pub(super) fn begun(&self, text: &[u8]) -> usize {
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
    pub(super) fn begun_at_end(&self, text: &[u8], found: &[Mask]) -> usize {
        let end = text.get(text.len().saturating_sub(MISTAKES)..).unwrap_or_default();
        let line = end.iter().rev().take_while(|b| !matches!(b, b'\n' | b'\r')).count();
        let before = |taken: usize| match self.begun(text.get(..text.len() - taken).unwrap_or_default()) {
            begun if taken == 0 => begun,
            // The whole value needs no waiting for.
            begun
                if begun >= TELLING
                    && !found.iter().any(|f| f.at.contains(&(text.len() - taken - begun))) =>
            {
                begun + taken
            }
            _ => 0,
        };
        (0..=line).map(before).max().unwrap_or(0)
    }
}

/// Whether a text ends with so much of the beginning of a value.
pub(super) fn ends_with(text: &[u8], value: &[u8], length: usize) -> bool {
    value.get(..length).is_some_and(|begin| text.ends_with(begin))
}

/// The length of the longest beginning of a value, of at most so many bytes, that ends a text.
pub(super) fn begun(text: &[u8], value: &[u8], most: usize) -> Option<usize> {
    (1..=value.len().min(most)).rev().find(|n| ends_with(text, value, *n))
}

/// Parts of a text in their order, each with how far it and those before it reach.
pub(super) struct Spans(Vec<(Range<usize>, usize)>);

impl Spans {
    pub(super) fn new(parts: impl Iterator<Item = Range<usize>>) -> Self {
        let mut parts: Vec<Range<usize>> = parts.collect();
        parts.sort_by_key(|part| (part.start, part.end));
        let mut reach = 0;
        let reaching = |part: Range<usize>| {
            reach = reach.max(part.end);
            (part, reach)
        };
        Self(parts.into_iter().map(reaching).collect())
    }

    /// Whether a part lies within one of these that is larger, or is one of them where `same` counts.
    pub(super) fn contain(&self, part: &Range<usize>, same: bool) -> bool {
        let upto = |index: usize| index.checked_sub(1).and_then(|last| self.0.get(last));
        let before = upto(self.0.partition_point(|(other, _)| other.start < part.start));
        let beside = upto(self.0.partition_point(|(other, _)| other.start <= part.start));
        before.is_some_and(|(_, reach)| *reach >= part.end)
            || beside.is_some_and(|(other, _)| {
                other.start == part.start && (other.end > part.end || same && other.end == part.end)
            })
    }
}
