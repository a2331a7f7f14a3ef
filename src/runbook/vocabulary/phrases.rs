//! Phrases of sentences, in one spelling.

use super::fold::folded;
use super::words::{Words, has_blanks, in_words};

/// Lists of words and phrases, each folded once, when it is first looked for.
macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident = [$($word:literal),* $(,)?];)*) => {
        $($(#[$doc])*
        pub(in crate::runbook) static $name: std::sync::LazyLock<$crate::runbook::vocabulary::phrases::Phrases> = std::sync::LazyLock::new(|| $crate::runbook::vocabulary::phrases::Phrases::of(&[$($word),*]));)*
    };
}

/// Words and phrases for one meaning, in one spelling.
pub(in crate::runbook) struct Phrases(Vec<(String, bool)>);

impl Phrases {
    pub(super) fn of(words: Words) -> Self {
        Self(words.iter().map(|word| (folded(word), has_blanks(word))).collect())
    }

    /// Whether a folded text begins with one of them.
    pub(in crate::runbook) fn begin(&self, text: &str) -> bool {
        let ends = |rest: &str, whole: bool| !whole || rest.is_empty() || rest.starts_with(' ');
        self.0.iter().any(|(word, whole)| text.strip_prefix(word.as_str()).is_some_and(|r| ends(r, *whole)))
    }

    /// Whether a folded text ends with one of them.
    pub(in crate::runbook) fn end(&self, text: &str) -> bool {
        let begins = |rest: &str, whole: bool| !whole || rest.is_empty() || rest.ends_with(' ');
        self.0.iter().any(|(word, whole)| text.strip_suffix(word.as_str()).is_some_and(|r| begins(r, *whole)))
    }

    /// Whether one of them stands anywhere in a folded text.
    pub(in crate::runbook) fn within(&self, text: &str) -> bool {
        self.0.iter().any(|(word, whole)| if *whole { in_words(text, word) } else { text.contains(word) })
    }
}
