//! Whether to take control of a run.

use std::time::Instant;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::protocol::ToRunner;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::msg::Effect;
use crate::tui::update::common::{is_char, takes};
use crate::tui::widgets::boxed::boxed;

pub(in crate::tui) fn pressed(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if !is_char(key, 'y') {
        app.overlays.push(Overlay::Control);
        return vec![];
    }
    if takes(app, Overlay::Control, at) { vec![Effect::Send(ToRunner::TakeControl)] } else { vec![] }
}

/// Draws it.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let holder = app.session.control.holder.as_deref().unwrap_or("nobody");
    let text = [
        format!("Now: {holder}"),
        "Everybody who watches the run sees who takes it.".to_owned(),
        String::new(),
        "y    take control".to_owned(),
        "Esc  keep watching".to_owned(),
    ];
    boxed(app.theme, "Take control of this run", text.map(Line::from).to_vec(), frame, area);
}
