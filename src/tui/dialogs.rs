//! What lies over a screen, one file a dialog: its keys, and how it is drawn. [`overlay`] has what is in front.

pub(in crate::tui) mod confirm;
pub(in crate::tui) mod contacts;
pub(in crate::tui) mod control;
pub(in crate::tui) mod correct;
pub(in crate::tui) mod ending;
pub(in crate::tui) mod field;
pub(in crate::tui) mod gate;
pub(in crate::tui) mod hand_over;
pub(in crate::tui) mod help;
pub(in crate::tui) mod masks;
pub mod overlay;
pub(in crate::tui) mod palette;
pub(in crate::tui) mod reread;
pub(in crate::tui) mod sign;
pub(in crate::tui) mod stop;
pub(in crate::tui) mod text;
pub(in crate::tui) mod why;

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::msg::Effect;
use overlay::Overlay;

/// A key for the dialog in front.
pub(in crate::tui) fn pressed(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if key.code == KeyCode::Esc || (control && key.code == KeyCode::Char('c')) {
        app.overlays.pop();
        app.message = None;
        return vec![];
    }
    match app.overlays.pop() {
        Some(Overlay::Help(row)) => help::pressed(app, row, key),
        Some(Overlay::Field(field)) => field::pressed(app, field, key, at),
        Some(Overlay::Confirm(confirm)) => confirm::pressed(app, confirm, key, at),
        Some(Overlay::Gate(which, row)) => gate::pressed(app, (which, row), key, at),
        Some(Overlay::Stop(command)) => stop::pressed(app, command, key, at),
        Some(Overlay::Contacts) => contacts::pressed(app, key),
        Some(Overlay::Control) => control::pressed(app, key, at),
        Some(Overlay::HandOver(chosen)) => hand_over::pressed(app, chosen, key, at),
        Some(Overlay::Ending(outcome)) => ending::pressed(app, outcome, key, at),
        Some(Overlay::Palette(palette)) => palette::keys::pressed(app, palette, key, at),
        Some(Overlay::Why(why)) => why::pressed(app, why, key),
        Some(Overlay::Sign(signing)) => sign::pressed(app, *signing, key, at),
        Some(Overlay::Masks(masks)) => masks::pressed(app, *masks, key, at),
        Some(Overlay::Text(text)) => text::pressed(app, *text, key),
        Some(Overlay::Reread(text)) => reread::pressed(app, *text, key, at),
        Some(Overlay::Correct(menu)) => correct::pressed(app, *menu, key, at),
        None => vec![],
    }
}

/// Draws one.
pub(in crate::tui) fn draw(app: &App, overlay: &Overlay, frame: &mut Frame<'_>, area: Rect) {
    match overlay {
        Overlay::Help(row) => help::draw(app, *row, frame, area),
        Overlay::Field(field) => field::draw(app, field, frame, area),
        Overlay::Confirm(confirm) => confirm::draw(app, confirm, frame, area),
        Overlay::Gate(which, row) => gate::draw(app, (*which, *row), frame, area),
        Overlay::Stop(command) => stop::draw(app, command, frame, area),
        Overlay::Contacts => contacts::draw(app, frame, area),
        Overlay::Control => control::draw(app, frame, area),
        Overlay::HandOver(chosen) => hand_over::draw(app, *chosen, frame, area),
        Overlay::Ending(outcome) => ending::draw(app, *outcome, frame, area),
        Overlay::Palette(palette) => palette::draw(app, palette, frame, area),
        Overlay::Why(why) => why::draw(app, why, frame, area),
        Overlay::Sign(signing) => sign::draw(app, signing, frame, area),
        Overlay::Masks(masks) => masks::draw(app, masks, frame, area),
        Overlay::Text(text) => text::draw(app, text, "Esc closes", frame, area),
        Overlay::Reread(text) => reread::draw(app, text, frame, area),
        Overlay::Correct(menu) => correct::draw(app, menu, frame, area),
    }
}
