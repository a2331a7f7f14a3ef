//! Tables of words, and whether a text has one of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock};

/// A table of words and phrases for one meaning.
pub(in crate::runbook) type Words = &'static [&'static str];

/// Whether a text has one of the words or phrases.
pub(in crate::runbook) fn has(text: &str, words: Words) -> bool {
    let table = index(words);
    let joined = joined(text);
    table.phrases.stand_in(&joined) || table.is_within(text)
}

/// Whether a text begins with one of them.
pub(in crate::runbook) fn begins(text: &str, words: Words) -> bool {
    // No phrase is longer than this; a sentence may be.
    const LONGEST: usize = 64;
    let table = index(words);
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = bare.char_indices().nth(LONGEST).map_or(bare.len(), |(at, _)| at);
    let joined = joined(&bare[..end]);
    table.phrases.at(&joined).next().is_some()
        || !bare.is_ascii() && table.within.iter().any(|word| bare.starts_with(word))
}

/// Whether a text ends with one of them.
pub(in crate::runbook) fn ends(text: &str, words: Words) -> bool {
    let table = index(words);
    let bare = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let joined = joined(bare);
    let last = |rest: &str| table.phrases.at(rest).any(|phrase| phrase.len() == rest.len());
    beginnings(&joined).any(last) || !bare.is_ascii() && table.within.iter().any(|word| bare.ends_with(word))
}

/// A table as it is looked into: tables are long and texts are short, so it goes by the words of the text.
struct Index {
    phrases: Phrases,
    /// Words of languages without blanks, which stand anywhere.
    within: Vec<&'static str>,
}

impl Index {
    fn of(words: Words) -> Self {
        let (apart, within): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| has_blanks(word));
        Self { phrases: apart.into_iter().collect(), within }
    }

    fn is_within(&self, text: &str) -> bool {
        // None of these languages is written in ASCII.
        !text.is_ascii() && self.within.iter().any(|word| text.contains(word))
    }
}

/// The index of a table, which is made when it is first looked into, and is there for as long as the table is.
fn index(words: Words) -> &'static Index {
    static KNOWN: RwLock<BTreeMap<(usize, usize), &'static Index>> = RwLock::new(BTreeMap::new());
    let key = (words.as_ptr().addr(), words.len());
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return known;
    }
    let made: &'static Index = Box::leak(Box::new(Index::of(words)));
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(made)
}

/// Words and phrases of whole words, by their first word.
#[derive(Default)]
pub(super) struct Phrases<T = &'static str> {
    by_first: HashMap<Box<str>, Vec<T>>,
}

impl<T: AsRef<str>> FromIterator<T> for Phrases<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut by_first: HashMap<Box<str>, Vec<T>> = HashMap::new();
        for phrase in all {
            by_first.entry(first(phrase.as_ref()).into()).or_default().push(phrase);
        }
        Self { by_first }
    }
}

impl<T: AsRef<str>> Phrases<T> {
    /// Those that stand at the beginning of joined words.
    pub(super) fn at<'s>(&'s self, joined: &'s str) -> impl Iterator<Item = &'s str> {
        let known = self.by_first.get(first(joined)).into_iter().flatten();
        let begins = |phrase: &&str| {
            joined.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        known.map(AsRef::as_ref).filter(move |phrase: &&str| begins(phrase))
    }

    /// Whether one stands anywhere among joined words.
    pub(super) fn stand_in(&self, joined: &str) -> bool {
        beginnings(joined).any(|rest| self.at(rest).next().is_some())
    }
}

/// The first of joined words.
fn first(joined: &str) -> &str {
    joined.split(' ').next().unwrap_or_default()
}

/// Joined words from each of them on.
pub(super) fn beginnings(joined: &str) -> impl Iterator<Item = &str> {
    let behind = joined.match_indices(' ').filter_map(|(at, _)| joined.get(at + 1..));
    std::iter::once(joined).chain(behind)
}

/// The words of a text in lower case with one blank between.
pub(super) fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut apart = false;
    if text.is_ascii() {
        for byte in text.bytes() {
            if !byte.is_ascii_alphanumeric() {
                apart = true;
                continue;
            }
            if std::mem::take(&mut apart) && !joined.is_empty() {
                joined.push(' ');
            }
            joined.push(char::from(byte.to_ascii_lowercase()));
        }
        return joined;
    }
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
    word.is_ascii() || !word
        .chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{0e00}'..='\u{0e7f}'))
}
