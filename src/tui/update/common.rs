//! What the keys of several screens share: requests, fields, cursors, and keys that count.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::protocol::ToRunner;
use crate::run::Request;
use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Overlay};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screens::steps::draw;
use crate::tui::widgets::text::called;

/// A request, as an effect that sends it.
pub(in crate::tui) fn send(app: &mut App, request: Request) -> Vec<Effect> {
    vec![Effect::Send(app.questions.ask(request))]
}

/// Lays a field over what is shown.
pub(in crate::tui) fn open_field(app: &mut App, field: Field) {
    app.overlays.push(Overlay::Field(field));
}

/// A command or a check item by its own words.
pub(in crate::tui) fn named(app: &App, id: &CommandId) -> String {
    app.run.as_ref().map_or_else(|| id.0.clone(), |run| called(run, id))
}

/// A row up or down, or a screenful, or to an end.
pub(in crate::tui) fn moved(at: usize, len: usize, action: Action, screenful: usize) -> usize {
    let last = len.saturating_sub(1);
    match action {
        Action::Down => (at + 1).min(last),
        Action::Up => at.saturating_sub(1),
        Action::PageDown => (at + screenful).min(last),
        Action::PageUp => at.saturating_sub(screenful),
        Action::First => 0,
        Action::Last => last,
        _ => at,
    }
}

/// Rows that a screenful moves by.
pub(in crate::tui) fn screenful(app: &App) -> usize {
    usize::from(app.size.1).saturating_sub(8).max(1)
}

/// Whether a key event is this plain character.
pub(in crate::tui) fn is_char(key: KeyEvent, c: char) -> bool {
    key.code == KeyCode::Char(c) && !key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Tells the runner what size commands that it starts get.
pub(in crate::tui) fn pane_size(app: &App) -> Vec<Effect> {
    let (columns, rows) = draw::pane_size(app);
    vec![Effect::Send(ToRunner::PaneSize { columns, rows })]
}

/// Whether a key counts for this overlay, which stays in front when it does not.
pub(in crate::tui) fn takes(app: &mut App, overlay: Overlay, at: Instant) -> bool {
    app.overlays.push(overlay);
    let takes = app.takes_key(at);
    if takes {
        app.overlays.pop();
    }
    takes
}

/// The row that a key scrolls to.
pub(in crate::tui) fn scrolled(row: usize, rest: usize, key: KeyEvent) -> usize {
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => row + rest.min(1),
        KeyCode::PageDown | KeyCode::Char(' ') => row + rest.min(10),
        KeyCode::Up | KeyCode::Char('k') => row.saturating_sub(1),
        KeyCode::PageUp => row.saturating_sub(10),
        _ => row,
    }
}
