//! What is known of the row at the cursor, under the list: in words, and with room for it as a chart.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::columns::Columns;
use crate::run::board::{Board, Row};
use crate::run::places::container;
use crate::tui::app::App;
use crate::tui::widgets::chart;
use crate::tui::widgets::facts::{Around, facts};
use crate::tui::widgets::text::{put, titled};

/// Rows of the pane in words: its title and four lines.
const WORDS: usize = 5;
/// Rows with a chart.
const CHART: usize = 13;
/// So many columns stand beside a chart.
const BESIDE: u16 = 40;

/// How many rows are wanted for it on a screen of so many.
pub(super) fn wanted(columns: Columns, height: usize) -> usize {
    match height {
        0..12 => 0,
        30.. if columns.is_wide() => CHART,
        _ => WORDS,
    }
}

/// Draws it.
pub(super) fn draw(
    app: &App,
    (board, row): (&Board, &Row),
    columns: Columns,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    put(frame, area, 0, title(app, row, usize::from(area.width)));
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let drawn = columns.is_wide() && usize::from(area.height) + 1 >= CHART && chart::can_be_drawn(row);
    if drawn {
        // A chart as high as the screen tells no more than one of a score of rows.
        let height = area.height.min(24);
        let left = Rect { width: area.width - BESIDE, height, ..area };
        chart::draw((app.theme, app.screens.health.moment), (board, row), frame, left);
        let right = Rect { x: area.x + left.width, width: BESIDE, ..area };
        facts_on(app, (board, row), frame, right);
    } else {
        facts_on(app, (board, row), frame, area);
    }
}

fn facts_on(app: &App, known: (&Board, &Row), frame: &mut Frame<'_>, area: Rect) {
    for (at, line) in
        facts(app.theme, known, Around { run: true, inside: inside(app).as_deref() }, usize::from(area.width))
            .into_iter()
            .enumerate()
    {
        put(frame, area, at, line);
    }
}

/// Its name, and what looks at it.
fn title(app: &App, row: &Row, width: usize) -> Line<'static> {
    let mut parts = vec![row.title.clone()];
    if row.line > 0 {
        parts.push(format!("line {}", row.line));
    }
    if let Some(probe) = &row.probe {
        parts.push(format!("{} every {} s", probe.title, probe.every_s));
        parts.push(match (probe.late_s, probe.age_s) {
            (Some(late), _) => format!("{late} s late"),
            (None, Some(age)) => format!("asked {age} s ago"),
            (None, None) => "not asked yet".into(),
        });
    }
    titled(app.theme, &parts.join(", "), app.theme.strong(), width)
}

/// The container that the run is in.
pub(super) fn inside(app: &App) -> Option<String> {
    app.run.as_ref().and_then(container)
}
