//! Words of headings in one spelling, each table folded once, when it is first looked for.

use std::sync::OnceLock;

use super::fold::folded;
use super::words::{Phrases, Words, beginnings, has_blanks, in_words};

/// A word of a table, as it is looked for. A star at its beginning or end stands for any letters.
pub(super) struct Term {
    /// As the table has it.
    pub(super) word: &'static str,
    pub(super) folded: String,
    pub(super) how: Match,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// A word or phrase of its own.
    Whole,
    /// The beginning of a word.
    Begins,
    /// Anywhere: as part of a word, or in a language without blanks.
    Within,
}

impl Term {
    pub(super) fn of(word: &'static str) -> Self {
        let how = match (word.starts_with('*'), word.ends_with('*')) {
            _ if !has_blanks(word) => Match::Within,
            (true, _) => Match::Within,
            (false, true) => Match::Begins,
            (false, false) => Match::Whole,
        };
        Self { word, folded: folded(word.trim_matches('*')), how }
    }

    /// Where it stands in a folded text, first of all.
    fn place_in(&self, text: &str) -> Option<usize> {
        let (begins, ends) = (self.how != Match::Within, self.how == Match::Whole);
        let own = |at: usize| {
            let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
            let rest = behind.get(self.folded.len()..).unwrap_or("");
            (!begins || before.is_empty() || before.ends_with(' '))
                && (!ends || rest.is_empty() || rest.starts_with(' '))
        };
        text.match_indices(&self.folded).map(|(at, _)| at).find(|at| own(*at))
    }

    /// Whether it stands in a folded text.
    pub(super) fn stands_in(&self, text: &str) -> bool {
        match self.how {
            Match::Whole => in_words(text, &self.folded),
            Match::Begins => {
                text.match_indices(&self.folded).any(|(at, _)| at == 0 || text[..at].ends_with(' '))
            }
            Match::Within => text.contains(&self.folded),
        }
    }
}

/// A table of terms.
pub(in crate::runbook) struct Terms {
    /// As the table has them.
    pub(super) words: Words,
    terms: OnceLock<(Vec<Term>, Places)>,
}

/// Terms as a text is looked through for them: by its words, which are few.
pub(super) struct Places {
    whole: Phrases<String>,
    /// Those that begin a word, or a word behind whole ones.
    begins: Vec<String>,
    /// Those that stand anywhere.
    within: Vec<String>,
    /// The same, without those that no text in ASCII has.
    within_ascii: Vec<String>,
}

impl Places {
    pub(super) fn of<'t>(terms: impl Iterator<Item = &'t Term> + Clone) -> Self {
        let of =
            |how: Match| terms.clone().filter(move |term| term.how == how).map(|term| term.folded.clone());
        let mut begins: Vec<String> = of(Match::Begins).collect();
        begins.sort_unstable();
        let within: Vec<String> = of(Match::Within).collect();
        let within_ascii = within.iter().filter(|word| word.is_ascii()).cloned().collect();
        Self { whole: of(Match::Whole).collect(), begins, within, within_ascii }
    }

    pub(super) fn has_one_in(&self, text: &str) -> bool {
        let within = if text.is_ascii() { &self.within_ascii } else { &self.within };
        self.whole.stand_in(text)
            || !self.begins.is_empty() && beginnings(text).any(|rest| self.begins_one(rest))
            || within.iter().any(|word| text.contains(word))
    }

    /// Whether one of the beginnings is that of a text. They are in order: what begins the text is not behind it, and has its
    /// first letter.
    fn begins_one(&self, text: &str) -> bool {
        let Some(letter) = text.chars().next() else { return self.begins.iter().any(String::is_empty) };
        let end = self.begins.partition_point(|word| word.as_str() <= text);
        let before = self.begins.get(..end).unwrap_or_default().iter().rev();
        before.take_while(|word| word.starts_with(letter)).any(|word| text.starts_with(word.as_str()))
    }
}

impl Terms {
    pub(in crate::runbook) const fn of(words: Words) -> Self {
        Self { words, terms: OnceLock::new() }
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Term> {
        self.made().0.iter()
    }

    fn made(&self) -> &(Vec<Term>, Places) {
        self.terms.get_or_init(|| {
            let terms: Vec<Term> = self.words.iter().map(|word| Term::of(word)).collect();
            let places = Places::of(terms.iter());
            (terms, places)
        })
    }

    /// Whether a title has one of them, in any spelling.
    pub(in crate::runbook) fn stand_in(&self, title: &str) -> bool {
        self.in_folded(&folded(title))
    }

    /// Where in a folded text the first of them stands.
    pub(in crate::runbook) fn find(&self, text: &str) -> Option<usize> {
        self.iter().filter_map(|term| term.place_in(text)).min()
    }

    /// Whether a folded text has one of them.
    pub(in crate::runbook) fn in_folded(&self, text: &str) -> bool {
        self.made().1.has_one_in(text)
    }
}
