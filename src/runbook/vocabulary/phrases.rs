//! Phrases of sentences, in one spelling.

use std::collections::HashMap;

use super::fold::folded;
use super::words::{Words, has_blanks, in_words};

/// Lists of words and phrases, each folded once, when it is first looked for.
macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident = [$($word:literal),* $(,)?];)*) => {
        $($(#[$doc])*
        pub(in crate::runbook) static $name: std::sync::LazyLock<$crate::runbook::vocabulary::phrases::Phrases> = std::sync::LazyLock::new(|| $crate::runbook::vocabulary::phrases::Phrases::of(&[$($word),*]));)*
    };
}

/// Words and phrases for one meaning, in one spelling; with a whole word's end or beginning beside them or not.
pub(in crate::runbook) struct Phrases {
    all: Vec<(String, bool)>,
    /// Places of those that begin with a character, and of those that end with it: most texts have none.
    by_first: HashMap<char, Vec<usize>>,
    by_last: HashMap<char, Vec<usize>>,
}

impl Phrases {
    pub(super) fn of(words: Words) -> Self {
        let all: Vec<(String, bool)> = words.iter().map(|word| (folded(word), has_blanks(word))).collect();
        let (mut by_first, mut by_last): (HashMap<char, Vec<usize>>, HashMap<char, Vec<usize>>) =
            Default::default();
        for (at, (word, _)) in all.iter().enumerate() {
            word.chars().next().into_iter().for_each(|first| by_first.entry(first).or_default().push(at));
            word.chars().next_back().into_iter().for_each(|last| by_last.entry(last).or_default().push(at));
        }
        Self { all, by_first, by_last }
    }

    /// Those of a table that go with a character of a text.
    fn of_char<'s>(
        &'s self,
        table: &'s HashMap<char, Vec<usize>>,
        sign: Option<char>,
    ) -> impl Iterator<Item = &'s (String, bool)> {
        let places = sign.and_then(|sign| table.get(&sign)).into_iter().flatten();
        places.filter_map(|at| self.all.get(*at))
    }

    /// Whether a folded text begins with one of them.
    pub(in crate::runbook) fn begin(&self, text: &str) -> bool {
        let ends = |rest: &str, whole: bool| !whole || rest.is_empty() || rest.starts_with(' ');
        self.of_char(&self.by_first, text.chars().next())
            .any(|(word, whole)| text.strip_prefix(word.as_str()).is_some_and(|r| ends(r, *whole)))
    }

    /// Whether a folded text ends with one of them.
    pub(in crate::runbook) fn end(&self, text: &str) -> bool {
        let begins = |rest: &str, whole: bool| !whole || rest.is_empty() || rest.ends_with(' ');
        self.of_char(&self.by_last, text.chars().next_back())
            .any(|(word, whole)| text.strip_suffix(word.as_str()).is_some_and(|r| begins(r, *whole)))
    }

    /// Whether one of them stands anywhere in a folded text.
    pub(in crate::runbook) fn within(&self, text: &str) -> bool {
        self.all.iter().any(|(word, whole)| if *whole { in_words(text, word) } else { text.contains(word) })
    }
}
