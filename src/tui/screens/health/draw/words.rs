//! Words that stand in several parts of Health.

use chrono::{DateTime, Local, Utc};
use unicode_width::UnicodeWidthStr;

use crate::figures::running;
use crate::run::board::Row;
use crate::run::health::RowId;
use crate::tui::theme::Theme;
use crate::tui::widgets::text::{fit, time};

/// The times at both ends of the strips.
pub(super) fn axis(rows: &[&Row], width: usize) -> String {
    let Some(strip) = rows.first().map(|row| &row.strip) else { return " ".repeat(width) };
    let ends = strip.from + strip.bucket_s * width as i64;
    let fine = strip.bucket_s * (width as i64) < 300;
    let words = |at: i64| if fine { clock(at) } else { clock(at).chars().take(5).collect() };
    let (from, to): (String, String) = (words(strip.from), words(ends));
    let gap = width.saturating_sub(from.width() + to.width());
    if gap == 0 { fit(&from, width) } else { format!("{from}{}{to}", " ".repeat(gap)) }
}

/// A time of day in this place.
pub(super) fn clock(at: i64) -> String {
    let at = DateTime::from_timestamp(at, 0).unwrap_or_default();
    at.with_timezone(&Local).format("%H:%M:%S").to_string()
}

/// Whether a row is about a figure: one of what else a row measures says nothing of how it stands.
pub(super) fn is_figure(row: &Row) -> bool {
    !row.bounds.is_empty() || matches!(row.id, RowId::Target(_))
}

/// A level's sign and word; `known` where somebody has said that they know.
pub(super) fn level_words(theme: Theme, row: &Row) -> String {
    let known = row.level.calls() && !row.is_unknown();
    let word = if known { "known" } else { theme.level_word(row.level) };
    format!("{} {word}", theme.level_sign(row.level))
}

/// How long something is so, in at most five columns.
pub(super) fn lasts(seconds: u64) -> String {
    match seconds {
        0..3600 => running(seconds),
        3600..360_000 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// When an alert or a level began, with how long ago that was.
pub(super) fn since(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let ago = now.signed_duration_since(at).num_seconds().max(0) as u64;
    format!("{}, {} ago", time(at), running(ago))
}
