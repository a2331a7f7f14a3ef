//! Ids and counts of a run.

use serde::{Deserialize, Serialize};

/// Names a run: `island-0c41`, a word of the title and four hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub String);

impl RunId {
    /// An id for a runbook called `title`; 24 bits of `random` make it this run's own. It is short, so
    /// that people can say it; a store gives each id once.
    pub fn new(title: &str, random: u32) -> Self {
        let word = crate::runbook::words::slug(title).unwrap_or_else(|| "run".to_owned());
        let word: String = word.chars().take(16).collect();
        Self(format!("{word}-{:06x}", random & 0xff_ffff))
    }
}

impl std::fmt::Display for RunId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// An event's number in its run, from 1 without gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The number after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Which run of a command this is, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attempt(pub u32);

/// A hash over a command's text, as a client drew it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TextHash(pub String);

impl TextHash {
    /// The hash of `text`.
    pub fn of(text: &str) -> Self {
        Self(crate::runbook::hash::sha256_hex(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_title_are_told_apart_by_24_bits() {
        let ids: std::collections::BTreeSet<String> =
            (0..24).map(|bit| RunId::new("Notes", 1 << bit).0).chain([RunId::new("Notes", 0).0]).collect();
        assert_eq!(ids.len(), 25, "{ids:?}");
    }
}
