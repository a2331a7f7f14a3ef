//! Words of the rows that are watched, as several screens have them.

use chrono::{DateTime, Local, Utc};
use unicode_width::UnicodeWidthStr;

use crate::figures::running;
use crate::run::board::{AlertLife, Row};
use crate::run::health::RowId;
use crate::tui::theme::Theme;
use crate::tui::widgets::text::{fit, time};

/// The times at which the strips begin, and up to which anything is known; while they fill, the later one stands where
/// they end so far.
pub(in crate::tui) fn axis(rows: &[&Row], width: usize) -> String {
    let Some(strip) = rows.first().map(|row| &row.strip) else { return " ".repeat(width) };
    let known = rows.iter().map(|row| row.strip.known().len()).max().unwrap_or(0).min(width);
    let fine = strip.bucket_s * (width as i64) < 300;
    let words = |at: i64| if fine { clock(at) } else { clock(at).chars().take(5).collect() };
    let (from, to): (String, String) = (words(strip.from), words(strip.from + strip.bucket_s * known as i64));
    let Some(gap) = known.checked_sub(from.width() + to.width()).filter(|gap| *gap > 0) else {
        return fit(&from, width);
    };
    fit(&format!("{from}{}{to}", " ".repeat(gap)), width)
}

/// A time of day in this place.
pub(in crate::tui) fn clock(at: i64) -> String {
    let at = DateTime::from_timestamp(at, 0).unwrap_or_default();
    at.with_timezone(&Local).format("%H:%M:%S").to_string()
}

/// Whether a row is about a figure: one of what else a row measures says nothing of how it stands.
pub(in crate::tui) fn is_figure(row: &Row) -> bool {
    !row.bounds.is_empty() || matches!(row.id, RowId::Target(_))
}

/// A level's sign and word; `known` where somebody has said that they know.
pub(in crate::tui) fn level_words(theme: Theme, row: &Row) -> String {
    let known = row.level.calls() && !row.is_unknown();
    let word = if known { "known" } else { theme.level_word(row.level) };
    format!("{} {word}", theme.level_sign(row.level))
}

/// Who knows of an alert and what they said; nothing where nobody does.
pub(in crate::tui) fn known(alert: &AlertLife) -> Option<String> {
    let (by, note) = alert.known.as_ref()?;
    Some(if note.is_empty() { format!("known to {by}") } else { format!("{by}: {note}") })
}

/// What an alert that nobody knows of says.
pub(in crate::tui) const UNKNOWN: &str = "nobody has acknowledged it";

/// How long something is so, in at most five columns.
pub(in crate::tui) fn lasts(seconds: u64) -> String {
    match seconds {
        0..3600 => running(seconds),
        3600..360_000 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// When an alert or a level began, with how long ago that was.
pub(in crate::tui) fn since(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let ago = now.signed_duration_since(at).num_seconds().max(0) as u64;
    format!("{}, {} ago", time(at), running(ago))
}
