//! What the keys of several screens share: requests, fields, cursors, and keys that count.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::{App, Field, Overlay};
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::super::views;
use crate::protocol::ToRunner;
use crate::run::Request;
use crate::runbook::CommandId;

/// A request, as an effect that sends it.
pub(super) fn send(app: &mut App, request: Request) -> Vec<Effect> {
    vec![Effect::Send(app.questions.ask(request))]
}

/// Lays a field over what is shown.
pub(super) fn open_field(app: &mut App, field: Field) {
    app.overlays.push(Overlay::Field(field));
}

/// A command or a check item by its own words.
pub(super) fn named(app: &App, id: &CommandId) -> String {
    app.run.as_ref().map_or_else(|| id.0.clone(), |run| views::text::called(run, id))
}

/// A row up or down, or a screenful, or to an end.
pub(super) fn moved(at: usize, len: usize, action: Action, screenful: usize) -> usize {
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
pub(super) fn screenful(app: &App) -> usize {
    usize::from(app.size.1).saturating_sub(8).max(1)
}

/// Whether a key event is this plain character.
pub(super) fn is_char(key: KeyEvent, c: char) -> bool {
    key.code == KeyCode::Char(c) && !key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Tells the runner what size commands that it starts get.
pub(super) fn pane_size(app: &App) -> Vec<Effect> {
    let (columns, rows) = views::steps::pane_size(app);
    vec![Effect::Send(ToRunner::PaneSize { columns, rows })]
}

/// Whether a key counts for this overlay, which stays in front when it does not.
pub(super) fn takes(app: &mut App, overlay: Overlay, at: Instant) -> bool {
    app.overlays.push(overlay);
    let takes = app.takes_key(at);
    if takes {
        app.overlays.pop();
    }
    takes
}

/// The row that a key scrolls to.
pub(super) fn scrolled(row: usize, rest: usize, key: KeyEvent) -> usize {
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => row + rest.min(1),
        KeyCode::PageDown | KeyCode::Char(' ') => row + rest.min(10),
        KeyCode::Up | KeyCode::Char('k') => row.saturating_sub(1),
        KeyCode::PageUp => row.saturating_sub(10),
        _ => row,
    }
}
