//! Turns messages into changes of the app and effects. Knows no terminal and no clock but what it is handed.

use std::time::Instant;

use crossterm::event::{KeyEvent, KeyEventKind};

use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::dialogs::{self, masks, palette, sign};
use crate::tui::keymap::Action;
use crate::tui::msg::{Effect, Msg};
use crate::tui::screens::log::keys as log;
use crate::tui::screens::start::keys as start;
use crate::tui::views;

pub(in crate::tui) mod act;
pub(in crate::tui) mod asking;
pub(in crate::tui) mod common;
pub(in crate::tui) mod connection;
pub(in crate::tui) mod events;
pub(in crate::tui) mod find;
pub(in crate::tui) mod from_runner;
pub(in crate::tui) mod live;
pub(in crate::tui) mod look;
pub(in crate::tui) mod navigation;
pub(in crate::tui) mod pane;
pub(in crate::tui) mod reading;
pub(in crate::tui) mod run;

/// Takes a message. The view is renewed after it; before a key nothing of it changes, so that the key acts on what was
/// drawn.
pub fn update(app: &mut App, message: Msg) -> Vec<Effect> {
    app.renew();
    let drawn = matches!(message, Msg::Drawn(_));
    let effects = take(app, message);
    app.renew();
    if !drawn {
        app.tick();
    }
    effects
}

fn take(app: &mut App, message: Msg) -> Vec<Effect> {
    match message {
        Msg::Key(key, at) if key.kind == KeyEventKind::Press => pressed(app, key, at),
        // A held key acts once; in fields and panes it repeats, as everywhere.
        Msg::Key(key, at) if key.kind == KeyEventKind::Repeat && types(app) => pressed(app, key, at),
        Msg::Key(..) => vec![],
        Msg::Tick => reading::refresh(app),
        Msg::Paste(text, at) => pasted(app, &text, at),
        Msg::Resize(columns, rows) => {
            app.size = (columns, rows);
            app.screens.output.skipped = 0;
            let mut effects = common::pane_size(app);
            effects.extend(reading::ask(app));
            effects
        }
        Msg::Opened { at_once } => start::opened(app, at_once),
        Msg::Drawn(at) => {
            app.drawn(at);
            vec![]
        }
        Msg::Attached(taken) => connection::attached(app, *taken),
        Msg::NotAttached(why) => connection::not_attached(app, &why),
        Msg::TryAgain => vec![Effect::TakeUp],
        Msg::Hide(number) => {
            masks::hide(app, number);
            vec![]
        }
        Msg::RunnerGone => connection::lost(app),
        Msg::Login(ends) => {
            start::looked_at_login(app, ends);
            vec![]
        }
        Msg::Accepted(accepted) => {
            start::accepted(app, accepted);
            vec![]
        }
        Msg::LogWritten { path, written } => log::written(app, &path, written),
        Msg::Found(found) => sign::key_found(app, found),
        Msg::Signed(signed) => sign::signed(app, signed),
        Msg::History(runs) => {
            app.screens.history.runs = Some(runs);
            vec![]
        }
        Msg::Past { environment, past } => {
            start::past_read(app, &environment, past);
            vec![]
        }
        Msg::Text(text) => {
            app.overlays.push(Overlay::Text(text));
            vec![]
        }
        Msg::Update(update) => from_runner::updated(app, *update),
    }
}

/// Whether keys are text now.
fn types(app: &App) -> bool {
    app.keyboard.is_some() || matches!(app.overlays.last(), Some(Overlay::Field(_) | Overlay::Palette(_)))
}

/// Pasted text goes into fields and panes and into nothing else: it never acts.
fn pasted(app: &mut App, text: &str, at: Instant) -> Vec<Effect> {
    match app.overlays.last_mut() {
        Some(Overlay::Field(field)) => field.editor.paste(text),
        Some(Overlay::Palette(palette)) => {
            palette.editor.paste(text);
            palette::narrow(palette);
        }
        None if app.keyboard.is_some() => return pane::pasted(app, text, at),
        _ => {}
    }
    vec![]
}

fn pressed(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if app.keyboard.is_some() {
        return pane::typed(app, key, at);
    }
    if !views::has_room(app.size) {
        // Nothing is drawn, and so nothing can be meant; but leaving is always possible.
        return if app.keys.action(app.screen, &key) == Some(Action::Leave) {
            act::leave(app)
        } else {
            vec![]
        };
    }
    if app.overlays.last().is_some() {
        if app.keys.action(app.screen, &key) == Some(Action::Look) && look::leads_away(key) {
            return look::at_the_worst(app);
        }
        return dialogs::pressed(app, key, at);
    }
    let Some(action) = app.keys.action(app.screen, &key) else { return vec![] };
    if action.acts() && !app.takes_key(at) {
        return vec![];
    }
    app.message = None;
    act::act(app, action)
}

#[cfg(test)]
mod tests;
