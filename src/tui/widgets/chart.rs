//! A figure over time as a line, from zero to the next threshold above it, with the thresholds by their names.
//!
//! A line is drawn, not an area: bars would hide the thresholds. What was not measured is left out, never joined.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::board::{Board, Buckets, Row, What};
use crate::run::health::Cell;
use crate::tui::theme::Theme;
use crate::tui::widgets::plot;
use crate::tui::widgets::rows::clock;
use crate::tui::widgets::text::{clip, put};

/// Columns before the axis.
const LABEL: u16 = 10;
/// Columns behind the plot, for the thresholds' names.
const NAMES: u16 = 11;
/// Rows under the plot: the axis with its marks, and the times.
const UNDER: u16 = 2;
/// Above so many times the highest threshold the chart is cut.
const CUT: f64 = 10.0;

/// Whether a row has a figure to draw.
pub(in crate::tui) fn can_be_drawn(row: &Row) -> bool {
    row.series.as_ref().is_some_and(|series| series.parts.iter().any(Option::is_some))
}

/// The values of the axis, and how they are written.
struct Axis<'r> {
    row: &'r Row,
    series: &'r Buckets,
    top: f64,
    /// The greatest value, where it is beyond the top.
    cut: Option<f64>,
    /// The thresholds below the top, with their names.
    thresholds: Vec<(f64, &'static str)>,
}

impl<'r> Axis<'r> {
    fn of(row: &'r Row) -> Option<Self> {
        let series = row.series.as_ref()?;
        let values = || series.parts.iter().flatten().flat_map(|bucket| [bucket.best, bucket.worst]);
        let most = values().fold(0.0_f64, f64::max);
        let named = [
            (row.bounds.target, "target"),
            (row.bounds.acceptable, "acceptable"),
            (row.bounds.alert, "alert"),
        ];
        let thresholds: Vec<(f64, &'static str)> =
            named.into_iter().filter_map(|(bound, name)| Some((bound?.value, name))).collect();
        let highest = thresholds.iter().map(|(value, _)| *value).fold(0.0_f64, f64::max);
        let next = thresholds
            .iter()
            .map(|(value, _)| *value)
            .filter(|value| *value > most)
            .fold(f64::INFINITY, f64::min);
        let limit = if highest > 0.0 { highest * CUT } else { f64::INFINITY };
        let (top, cut) = match next {
            _ if most > limit => (limit, Some(most)),
            next if next.is_finite() => (next, None),
            _ => (most.max(highest), None),
        };
        // A line at the very top would lie on the edge.
        let top = if top > 0.0 { top * 1.05 } else { 1.0 };
        Some(Self {
            row,
            series,
            top,
            cut,
            thresholds: thresholds.into_iter().filter(|(v, _)| *v <= top).collect(),
        })
    }

    /// The row of a plot of so many that a value lies in, from above.
    fn row_of(&self, value: f64, height: usize) -> usize {
        let from_below = (value / self.top * height as f64) as usize;
        height.saturating_sub(1).saturating_sub(from_below.min(height.saturating_sub(1)))
    }
}

/// Draws it, with a line through the moment that is read off: seconds since 1970, UTC.
pub(in crate::tui) fn draw(
    (theme, read_off): (Theme, Option<i64>),
    (board, row): (&Board, &Row),
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let Some(axis) = Axis::of(row) else { return };
    if area.height < UNDER + 3 || area.width < LABEL + NAMES + 10 {
        return;
    }
    let plot =
        Rect { x: area.x + LABEL, width: area.width - LABEL - NAMES, height: area.height - UNDER, ..area };
    plotted(theme, &axis, frame, plot);
    labelled(theme, &axis, frame, (area, plot));
    thresholds(theme, &axis, frame, plot);
    if let Some(at) = read_off {
        moment(theme, (row, at), frame, plot);
    }
    under(theme, (board, &axis), frame, (area, plot));
}

/// The line itself, in the colours of its levels.
fn plotted(theme: Theme, axis: &Axis<'_>, frame: &mut Frame<'_>, plot: Rect) {
    let colour = |at: usize| {
        let level = match axis.row.strip.cells.get(at).copied() {
            Some(Cell::Level(level)) => theme.level(level),
            _ => theme.name(),
        };
        // What is drawn on a ground in a list is a line of that colour here.
        level.bg.or(level.fg).unwrap_or(Color::Reset)
    };
    let parts = axis.series.parts.iter().enumerate();
    let points: Vec<Option<(f64, Color)>> =
        parts.map(|(at, part)| part.map(|bucket| (bucket.worst.min(axis.top), colour(at)))).collect();
    plot::plot(theme.graph, (&points, axis.top), frame, plot);
}

/// The axis at the left, with zero, the thresholds and the top.
fn labelled(theme: Theme, axis: &Axis<'_>, frame: &mut Frame<'_>, (area, plot): (Rect, Rect)) {
    let height = usize::from(plot.height);
    let bar = theme.sign("│", "|");
    for at in 0..height {
        let threshold = axis.thresholds.iter().find(|(value, _)| axis.row_of(*value, height) == at);
        let label = match (threshold, axis.cut) {
            (_, Some(most)) if at == 0 => {
                format!("{} {}", theme.sign("↑", "^"), axis.row.now.amount(most))
            }
            (Some((value, _)), _) => axis.row.now.amount(*value),
            (None, _) if at + 1 == height => "0".into(),
            (None, _) if at == 0 => axis.row.now.amount(axis.top / 1.05),
            (None, _) => String::new(),
        };
        let width = usize::from(LABEL) - 2;
        let text = format!("{:>width$} {bar}", clip(&label, width));
        put(frame, Rect { width: LABEL, ..area }, at, Line::from(Span::styled(text, theme.dim())));
    }
}

/// Lines across at the thresholds, below what is drawn, and their names behind it.
fn thresholds(theme: Theme, axis: &Axis<'_>, frame: &mut Frame<'_>, plot: Rect) {
    let dash = theme.sign("╌", "-");
    for (value, name) in &axis.thresholds {
        let y = plot.y + axis.row_of(*value, usize::from(plot.height)) as u16;
        for x in plot.x..plot.x + plot.width {
            if let Some(cell) = frame.buffer_mut().cell_mut((x, y))
                && matches!(cell.symbol(), " " | "\u{2800}")
            {
                cell.set_symbol(dash).set_style(theme.dim());
            }
        }
        let names = Rect { x: plot.x + plot.width, y, width: NAMES, height: 1 };
        put(frame, names, 0, Line::from(Span::styled(format!(" {name}"), theme.dim())));
    }
}

/// The moment that is read off, as a line through the chart.
fn moment(theme: Theme, (row, at): (&Row, i64), frame: &mut Frame<'_>, plot: Rect) {
    let part = row.strip.part(at);
    let Some(x) = column(part, row.strip.cells.len(), plot) else { return };
    for y in plot.y..plot.y + plot.height {
        if let Some(cell) = frame.buffer_mut().cell_mut((x, y)) {
            cell.set_symbol(theme.sign("┆", "|")).set_style(theme.wants());
        }
    }
}

/// The column of the plot that a part of the strip stands in.
fn column(part: i64, count: usize, plot: Rect) -> Option<u16> {
    let inside = (0..count as i64).contains(&part);
    let at = (part as f64 + 0.5) / count.max(1) as f64 * f64::from(plot.width);
    inside.then(|| plot.x + (at as u16).min(plot.width - 1))
}

/// Under it: what was changed and where nobody answered, and the times at both ends and in the middle.
fn under(
    theme: Theme,
    (board, axis): (&Board, &Axis<'_>),
    frame: &mut Frame<'_>,
    (area, plot): (Rect, Rect),
) {
    let strip = &axis.row.strip;
    let y = usize::from(plot.height);
    let count = strip.cells.len();
    let line = format!("{}{}", theme.sign("└", "+"), theme.sign("─", "-").repeat(usize::from(plot.width)));
    let before = usize::from(LABEL) - 1;
    put(frame, area, y, Line::from(Span::styled(format!("{}{line}", " ".repeat(before)), theme.dim())));
    let mut mark = |part: i64, sign: &'static str, style| {
        if let Some(x) = column(part, count, plot)
            && let Some(cell) = frame.buffer_mut().cell_mut((x, plot.y + plot.height))
        {
            cell.set_symbol(sign).set_style(style);
        }
    };
    for (at, cell) in strip.cells.iter().enumerate() {
        if *cell == Cell::Failed {
            mark(at as i64, theme.sign("╳", "X"), theme.level(crate::run::health::RowLevel::Down));
        }
    }
    for happened in board.events.iter().filter(|h| matches!(h.what, What::Ran { .. })) {
        let part = strip.part(happened.at.timestamp());
        mark(part, theme.sign("▲", "A"), theme.wants());
    }
    let times = format!("{}{}", " ".repeat(usize::from(LABEL)), times(axis, usize::from(plot.width)));
    put(frame, area, y + 1, Line::from(Span::styled(times, theme.dim())));
}

/// The times under it: where it begins, in the middle, and up to where anything is known.
fn times(axis: &Axis<'_>, width: usize) -> String {
    let strip = &axis.row.strip;
    let (count, known) = (strip.cells.len(), strip.known().len());
    let mut line = String::new();
    for part in [0, count / 2, known] {
        let words = clock(strip.from + part as i64 * strip.bucket_s);
        let column = part * width / count.max(1);
        // Nothing stands at a time that has not come, nor two where there is room for one.
        let at = if part == 0 {
            0
        } else if part == known {
            column.saturating_sub(words.width())
        } else {
            column
        };
        if part <= known && (part == 0 || at > line.width() + 1) {
            line = format!("{line}{}{words}", " ".repeat(at - line.width()));
        }
    }
    line
}
