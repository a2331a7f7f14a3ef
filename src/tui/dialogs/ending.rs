//! Whether the run ends.

use std::time::Instant;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::run::{Outcome, Request};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::msg::Effect;
use crate::tui::update::common::{is_char, send, takes};
use crate::tui::widgets::boxed::boxed;

/// The run ends by a key of its own.
pub(in crate::tui) fn pressed(app: &mut App, outcome: Outcome, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if !is_char(key, 'y') {
        app.overlays.push(Overlay::Ending(outcome));
        return vec![];
    }
    if !takes(app, Overlay::Ending(outcome), at) {
        return vec![];
    }
    send(app, Request::Finish { outcome, reason: String::new() })
}

/// Draws it.
pub(in crate::tui) fn draw(app: &App, outcome: Outcome, frame: &mut Frame<'_>, area: Rect) {
    let text = ["Nothing is open.", "", "y    end it", "Esc  not yet"];
    boxed(app.theme, &format!("End the run as {outcome}?"), text.map(Line::from).to_vec(), frame, area);
}
