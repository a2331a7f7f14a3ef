//! Whom the document says to call.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::text as words;
use crate::tui::app::App;
use crate::tui::msg::Effect;
use crate::tui::update::common::is_char;
use crate::tui::widgets::boxed::boxed;

pub(in crate::tui) fn pressed(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let Some(run) = app.run.as_ref().filter(|_| is_char(key, 'y')) else { return vec![] };
    let text = words::contacts(run).join("\n");
    app.say("copied");
    vec![Effect::Copy(text)]
}

/// Draws them.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let called = app.run.as_ref().map_or(vec![], words::contacts).into_iter();
    let mut lines: Vec<Line<'_>> = called.map(Line::from).collect();
    lines.push(Line::from(""));
    lines.push(Line::from(Span::styled("y copies them   Esc closes", app.theme.dim())));
    boxed(app.theme, "Whom to call", lines, frame, area);
}
