//! Log and sign-off: the document's template as it will be written.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::app::App;
use super::{clip, put};
use crate::record;

/// How many rows there are to scroll over.
pub fn length(run: &crate::run::RunState) -> usize {
    let filled = record::fill(run);
    filled.text.lines().count() + filled.left.len() + 2
}

/// Draws the screen.
pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let filled = record::fill(run);
    let width = usize::from(area.width);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (at, text) in filled.text.lines().enumerate() {
        let done = filled.filled.contains(&at);
        let mark =
            if done { Span::styled(app.theme.sign("┃", "|"), app.theme.good()) } else { Span::raw(" ") };
        lines.push(Line::from(vec![mark, Span::raw(format!(" {}", clip(text, width.saturating_sub(3))))]));
    }
    lines.push(Line::from(""));
    for line in &filled.left {
        let text = format!(" open  line {}: {}", line.line, line.text.trim());
        lines.push(Line::from(Span::styled(clip(&text, width), app.theme.wants())));
    }
    if let Some((outcome, _)) = run.outcome() {
        lines.push(Line::from(Span::styled(format!(" The run is over: {outcome}."), app.theme.strong())));
    } else if run.going_back().is_some() {
        lines.push(Line::from(
            " f ends the run as rolled back, when the way back is gone through; F7 as failed.",
        ));
    } else {
        lines.push(Line::from(" f ends the run as deployed, when every command is settled; F7 as failed."));
    }
    let height = usize::from(area.height);
    let top = app.log_row.min(lines.len().saturating_sub(height));
    for (row, line) in lines.into_iter().skip(top).enumerate() {
        put(frame, area, row, line);
    }
}
