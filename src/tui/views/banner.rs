//! The health in the frame: how many rows stand how, and the worst of it across the screen while nobody has said that
//! they know of it.

use chrono::{DateTime, Utc};
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use crate::figures::running;
use crate::run::board::{Board, Headline};
use crate::run::health::RowLevel;
use crate::tui::theme::Theme;
use crate::tui::widgets::text::{clip, time};

/// From so many columns on every level has its word.
const WORDY: usize = 110;

/// How many rows stand how, the worst first, in one group. With little room only the worst has its word.
pub(super) fn counts(theme: Theme, board: &Board, width: usize) -> Vec<Span<'static>> {
    let counts = &board.counts;
    let head = Span::styled("health", theme.dim());
    if counts.all_ok() {
        let words = format!(" {} all {} ok", theme.level_sign(RowLevel::Ok), counts.at(RowLevel::Ok));
        return vec![head, Span::styled(words, theme.level(RowLevel::Ok))];
    }
    let shown: Vec<(RowLevel, usize)> = counts.shown().collect();
    if !shown.iter().any(|(level, _)| level.is_judged()) {
        return vec![head, unjudged(theme, board, &shown)];
    }
    let called = counts.at(RowLevel::Down) + counts.at(RowLevel::Alert);
    let all_known = called > 0 && counts.known == called;
    let mut spans = vec![head];
    for (at, (level, count)) in shown.into_iter().enumerate() {
        let sign = theme.level_sign(level);
        let word = if level.calls() && all_known { "known" } else { level.word() };
        let words = if at == 0 || width >= WORDY {
            format!("{sign} {count} {word}")
        } else {
            format!("{sign} {count}")
        };
        spans.push(Span::raw(" "));
        spans.push(Span::styled(words, theme.level(level)));
    }
    if width >= WORDY && !all_known && counts.known > 0 {
        spans.push(Span::styled(format!(" {} {} known", theme.sign("·", "."), counts.known), theme.dim()));
    }
    spans
}

/// Where nothing is judged: what a step stopped, or that there is nothing.
fn unjudged(theme: Theme, board: &Board, shown: &[(RowLevel, usize)]) -> Span<'static> {
    if shown.is_empty() {
        return Span::styled(format!(" {} nothing is judged", theme.sign("·", ".")), theme.dim());
    }
    let by = board.headline.due.as_ref().map_or(String::new(), |(by, _)| format!(" by {by}"));
    let lasted = board.headline.for_s.map_or(String::new(), |s| format!(" {}", running(s)));
    let words = format!(" {} stopped{by}{lasted}", theme.level_sign(RowLevel::Stopped));
    Span::styled(words, theme.level(RowLevel::Stopped))
}

/// What stands across the screen.
pub(super) struct Banner {
    level: RowLevel,
    /// The sign, the word and how long: these stay, however little room there is.
    head: String,
    words: String,
    /// What goes with it, from all of it to nothing.
    tails: Vec<String>,
}

/// The key that leads to it.
const LOOK: &str = "  F5 look ";

impl Banner {
    /// The banner of a board, while there is one.
    pub(super) fn of(theme: Theme, board: &Board) -> Option<Self> {
        let headline = &board.headline;
        let level = headline.level.filter(|_| headline.banner)?;
        let lasted = headline.for_s.map_or(String::new(), |s| format!(" {}", running(s)));
        let head = format!(" {} {}{lasted}  ", theme.level_sign(level), level.word().to_uppercase());
        let (since, due, more) = (since(headline), due(headline, board.at), more(theme, headline));
        let tails = vec![format!("{since}{due}{more}"), format!("{due}{more}"), more, String::new()];
        Some(Self { level, head, words: headline.words.clone(), tails })
    }

    /// The columns that all of it takes, with the `n`th of its tails.
    fn width(&self, tail: usize) -> usize {
        let tail = self.tails.get(tail).map_or(0, |tail| tail.width());
        self.head.width() + self.words.width() + tail + LOOK.width()
    }

    /// The columns that as much of it takes as has room in so many.
    pub(super) fn fitting(&self, room: usize) -> usize {
        (0..self.tails.len()).map(|tail| self.width(tail)).find(|width| *width <= room).unwrap_or(room)
    }

    /// As wide as that.
    pub(super) fn line(&self, theme: Theme, width: usize) -> Span<'static> {
        let tail = (0..self.tails.len()).find(|tail| self.width(*tail) <= width);
        let text = match tail.and_then(|tail| self.tails.get(tail)) {
            Some(tail) => format!("{}{}{tail}", self.head, self.words),
            None => {
                let more = self.tails.get(2).map_or("", String::as_str);
                let room = width.saturating_sub(LOOK.width() + self.head.width() + more.width());
                format!("{}{}{more}", self.head, clip(&self.words, room))
            }
        };
        let gap = width.saturating_sub(text.width() + LOOK.width());
        let whole = format!("{text}{}{LOOK}", " ".repeat(gap));
        Span::styled(clip(&whole, width), theme.banner(self.level))
    }
}

fn since(headline: &Headline) -> String {
    headline.since.map_or(String::new(), |at| format!(" since {}", time(at)))
}

/// When what a step stopped should have been back.
fn due(headline: &Headline, now: DateTime<Utc>) -> String {
    let Some((by, due)) = &headline.due else { return String::new() };
    let late = now.signed_duration_since(*due).num_seconds();
    if late < 0 {
        return format!("; stopped by {by}, due back in {}", running(late.unsigned_abs()));
    }
    format!("; stopped by {by}, due back {} ago", running(late.unsigned_abs()))
}

/// What else calls somebody.
fn more(theme: Theme, headline: &Headline) -> String {
    let counted: Vec<String> = headline
        .more
        .iter()
        .map(|(level, count)| format!("{} {count} more", theme.level_sign(*level)))
        .collect();
    if counted.is_empty() {
        String::new()
    } else {
        format!(" {} {}", theme.sign("·", "."), counted.join(" "))
    }
}
