//! Something to read, scrolled through.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Overlay, TextBox};
use crate::tui::msg::Effect;
use crate::tui::update::common::scrolled;
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::wrap_words;

pub(in crate::tui) fn pressed(app: &mut App, mut text: TextBox, key: KeyEvent) -> Vec<Effect> {
    text.row = scrolled(text.row, rest(app, &text), key);
    app.overlays.push(Overlay::Text(Box::new(text)));
    vec![]
}

fn rows(text: &TextBox, columns: u16) -> Vec<String> {
    let width = usize::from(columns).saturating_sub(10).min(120);
    text.lines.iter().flat_map(|l| wrap_words(if l.is_empty() { " " } else { l }, width)).collect()
}

fn height(rows: u16) -> usize {
    usize::from(rows).saturating_sub(6)
}

/// Rows of a text that don't fit under the one scrolled to.
pub(in crate::tui) fn rest(app: &App, text: &TextBox) -> usize {
    rows(text, app.size.0).len().saturating_sub(text.row + height(app.size.1))
}

pub(in crate::tui) fn draw(app: &App, text: &TextBox, keys: &str, frame: &mut Frame<'_>, area: Rect) {
    let rows = rows(text, area.width).into_iter();
    let mut lines: Vec<Line<'_>> = rows.skip(text.row).take(height(area.height)).map(Line::from).collect();
    let rest = rest(app, text);
    lines.push(Line::from(""));
    let more = if rest > 0 { format!("j shows {rest} rows more   ") } else { String::new() };
    lines.push(Line::from(Span::styled(format!("{more}{keys}"), app.theme.dim())));
    boxed(app.theme, &text.title, lines, frame, area);
}
