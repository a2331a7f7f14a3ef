//! Tables of words, and whether a text has one of them.

/// A table of words and phrases for one meaning.
pub(in crate::runbook) type Words = &'static [&'static str];

/// Whether a text has one of the words or phrases.
pub(in crate::runbook) fn has(text: &str, words: Words) -> bool {
    let joined = joined(text);
    words.iter().any(|word| if has_blanks(word) { in_words(&joined, word) } else { text.contains(word) })
}

/// Whether a text begins with one of them.
pub(in crate::runbook) fn begins(text: &str, words: Words) -> bool {
    // No phrase is longer than this; a sentence may be.
    const LONGEST: usize = 64;
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = bare.char_indices().nth(LONGEST).map_or(bare.len(), |(at, _)| at);
    let joined = joined(&bare[..end]);
    words.iter().any(|word| {
        if has_blanks(word) {
            joined.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        } else {
            bare.starts_with(word)
        }
    })
}

/// Whether a text ends with one of them.
pub(in crate::runbook) fn ends(text: &str, words: Words) -> bool {
    let bare = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let joined = joined(bare);
    words.iter().any(|word| {
        if has_blanks(word) {
            joined.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
        } else {
            bare.ends_with(word)
        }
    })
}

/// The words of a text in lower case with one blank between.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut apart = false;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        if std::mem::take(&mut apart) && !joined.is_empty() {
            joined.push(' ');
        }
        joined.extend(c.to_lowercase());
    }
    joined
}

/// Whether a word or phrase stands whole among joined words.
pub(super) fn in_words(joined: &str, word: &str) -> bool {
    joined.match_indices(word).any(|(at, _)| {
        let (before, after) = (&joined[..at], &joined[at + word.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// Whether the language of a word puts blanks between words.
pub(super) fn has_blanks(word: &str) -> bool {
    !word
        .chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{0e00}'..='\u{0e7f}'))
}
