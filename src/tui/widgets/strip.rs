//! A row over time as a strip of bars: low is calm, high is bad, in every strip of every screen.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::run::board::{Buckets, Row};
use crate::run::health::{Cell, RowLevel};
use crate::tui::theme::Theme;

/// The strip of a row in so many columns; a moment that is read off stands out.
pub(in crate::tui) fn strip(
    theme: Theme,
    row: &Row,
    columns: usize,
    read_off: Option<usize>,
) -> Vec<Span<'static>> {
    let series = series(row);
    let cells = (0..columns).map(|at| {
        let cell = row.strip.cells.get(at).copied().unwrap_or(Cell::Blank);
        let (sign, style) = part(theme, cell, height(series, at));
        let style = if read_off == Some(at) { style.patch(theme.selected()) } else { style };
        (sign, style)
    });
    joined(cells)
}

/// The last so many parts of it that anything is known of.
pub(in crate::tui) fn latest(theme: Theme, row: &Row, columns: usize) -> Vec<Span<'static>> {
    let series = series(row);
    let known = row.strip.known().len();
    let from = known.saturating_sub(columns);
    let cells = (from..known).map(|at| {
        let cell = row.strip.cells.get(at).copied().unwrap_or(Cell::Blank);
        part(theme, cell, height(series, at))
    });
    joined(cells)
}

/// The figure that the strip is drawn by: where it has bounds, or nobody judges it. Else its levels are.
fn series(row: &Row) -> Option<&Buckets> {
    let by_figure = !row.bounds.is_empty() || row.level == RowLevel::NotMeasured;
    row.series.as_ref().filter(|_| by_figure)
}

fn height(series: Option<&Buckets>, at: usize) -> Option<f64> {
    let series = series?;
    let bucket = series.parts.get(at).copied().flatten()?;
    Some(series.height(bucket.worst))
}

/// Spans of what stands side by side in one style.
pub(in crate::tui) fn joined(cells: impl Iterator<Item = (&'static str, Style)>) -> Vec<Span<'static>> {
    let mut spans: Vec<(String, Style)> = Vec::new();
    for (sign, style) in cells {
        match spans.last_mut() {
            Some((text, last)) if *last == style => text.push_str(sign),
            _ => spans.push((sign.to_owned(), style)),
        }
    }
    spans.into_iter().map(|(text, style)| Span::styled(text, style)).collect()
}

/// One part: by its figure where that is known, else by its level.
pub(in crate::tui) fn part(theme: Theme, cell: Cell, height: Option<f64>) -> (&'static str, Style) {
    let level = match cell {
        Cell::Blank => return (" ", Style::new()),
        Cell::Failed => RowLevel::Down,
        Cell::Level(level) => level,
    };
    let sign = match (level, height) {
        (RowLevel::Down, _) => theme.sign("╳", "X"),
        (RowLevel::NotSeen, _) => "?",
        (RowLevel::Stopped, _) => theme.sign("─", "="),
        (RowLevel::Alert, _) => bar(theme, 1.0),
        (_, Some(height)) => bar(theme, height),
        (RowLevel::Watch, None) => bar(theme, 0.5),
        (RowLevel::Ok, None) => bar(theme, 0.0),
        (RowLevel::NotMeasured, None) => " ",
    };
    (sign, theme.level(level))
}

/// A bar of a height from 0 to 1. Only what is at the threshold fills its cell.
pub(in crate::tui) fn bar(theme: Theme, height: f64) -> &'static str {
    let bars: [&str; 8] = if theme.unicode {
        ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    } else {
        ["_", "_", ".", ".", "-", "-", "=", "#"]
    };
    bars[if height >= 1.0 { 7 } else { (height.max(0.0) * 7.0) as usize }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ThemeName;
    use crate::tui::theme::Surroundings;

    #[test]
    fn low_is_calm_high_is_bad_and_only_a_failed_look_is_crossed() {
        let around = Surroundings { locale: Some("C.UTF-8".into()), ..Surroundings::default() };
        let theme = Theme::new(ThemeName::None, &around);
        let sign = |cell, height| part(theme, cell, height).0;
        assert_eq!(sign(Cell::Level(RowLevel::Ok), None), "▁");
        assert_eq!(sign(Cell::Level(RowLevel::Ok), Some(0.99)), "▇", "the full cell is the threshold");
        assert_eq!(sign(Cell::Level(RowLevel::Watch), None), "▄");
        assert_eq!(sign(Cell::Level(RowLevel::Alert), Some(0.1)), "█");
        assert_eq!((sign(Cell::Failed, Some(0.0)), sign(Cell::Level(RowLevel::Down), None)), ("╳", "╳"));
        assert_eq!(sign(Cell::Blank, Some(1.0)), " ", "nobody looked");
        assert_eq!(sign(Cell::Level(RowLevel::Stopped), Some(1.0)), "─");
    }
}
