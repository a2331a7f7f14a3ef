//! How many rows stand how: the one count of the frame, the gates, the screens and the files.

use crate::run::health::RowLevel;

/// How many rows stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    rows: [usize; 7],
    /// Of those that are down or alert: somebody has said that they know.
    pub known: usize,
}

impl Counts {
    /// Of these levels, each with whether somebody knows of it.
    pub fn of(levels: impl Iterator<Item = (RowLevel, bool)>) -> Self {
        let mut counts = Self::default();
        for (level, known) in levels {
            counts.rows[level as usize] += 1;
            counts.known += usize::from(known && level.calls());
        }
        counts
    }

    /// How many rows stand so.
    pub fn at(&self, level: RowLevel) -> usize {
        self.rows[level as usize]
    }

    /// What is not none, the worst first; what is not measured is left to whoever has room for it.
    pub fn shown(&self) -> impl Iterator<Item = (RowLevel, usize)> {
        let all = RowLevel::ALL.into_iter().filter(|level| *level != RowLevel::NotMeasured);
        all.map(|level| (level, self.at(level))).filter(|(_, count)| *count > 0)
    }

    /// The worst there is of what is judged; nothing where nothing is.
    pub fn worst(&self) -> Option<RowLevel> {
        RowLevel::ALL.into_iter().find(|level| level.is_judged() && self.at(*level) > 0)
    }

    /// All that is judged is ok, and something is.
    pub fn all_ok(&self) -> bool {
        self.worst() == Some(RowLevel::Ok) && self.at(RowLevel::Stopped) == 0
    }

    /// In words, without signs: `1 down, 1 alert, 9 ok; 2 not measured`; `nothing is judged` where that is so.
    pub fn words(&self) -> String {
        let words = |(level, count): (RowLevel, usize)| format!("{count} {}", level.word().to_lowercase());
        let shown: Vec<String> = self.shown().map(words).collect();
        let shown = if shown.is_empty() { "nothing is judged".to_owned() } else { shown.join(", ") };
        match self.at(RowLevel::NotMeasured) {
            0 => shown,
            count => format!("{shown}; {count} not measured"),
        }
    }
}
