//! Keys while something lies over the screen.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::{App, Confirm, Leads, Overlay, Palette, Place, TextBox, Why};
use super::super::msg::Effect;
use super::super::views;
use super::act::act;
use super::common::{is_char, scrolled, send, takes};
use super::document::correct;
use super::{asking, fields, gate, masks, navigation, palette, reading, reread, run, sign};
use crate::protocol::ToRunner;
use crate::run::Request;
use crate::run::policy::Confirmation;
use crate::runbook::CommandId;
use crate::text as words;

/// A key for the overlay in front.
pub(super) fn pressed(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if key.code == KeyCode::Esc || (control && key.code == KeyCode::Char('c')) {
        app.overlays.pop();
        app.message = None;
        return vec![];
    }
    match app.overlays.pop() {
        Some(Overlay::Help(row)) => help(app, row, key),
        Some(Overlay::Field(field)) => fields::pressed(app, field, key, at),
        Some(Overlay::Confirm(confirm)) => in_confirm(app, confirm, key, at),
        Some(Overlay::Gate(which, row)) => gate::pressed(app, (which, row), key, at),
        Some(Overlay::Stop(command)) => stop(app, command, key, at),
        Some(Overlay::Contacts) => contacts(app, key),
        Some(Overlay::Control) => control_box(app, key, at),
        Some(Overlay::Palette(palette)) => in_palette(app, palette, key, at),
        Some(Overlay::Why(why)) => in_why(app, why, key),
        Some(Overlay::Sign(signing)) => sign::in_box(app, *signing, key, at),
        Some(Overlay::Masks(masks)) => masks::pressed(app, *masks, key, at),
        Some(Overlay::Text(text)) => in_text(app, *text, key),
        Some(Overlay::Reread(text)) => reread::pressed(app, *text, key, at),
        Some(Overlay::Correct(menu)) => correct::pressed(app, *menu, key, at),
        None => vec![],
    }
}

fn in_confirm(app: &mut App, mut confirm: Confirm, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let rest = views::overlay::confirm_rest(app, &confirm);
    if is_char(key, 'y') && rest == 0 {
        if takes(app, Overlay::Confirm(confirm.clone()), at) {
            return run::confirmed(app, &confirm, Confirmation::TwoKeys);
        }
        return vec![];
    }
    confirm.row = scrolled(confirm.row, rest, key);
    app.overlays.push(Overlay::Confirm(confirm));
    vec![]
}

fn in_text(app: &mut App, mut text: TextBox, key: KeyEvent) -> Vec<Effect> {
    text.row = scrolled(text.row, views::overlay::text_rest(app, &text), key);
    app.overlays.push(Overlay::Text(Box::new(text)));
    vec![]
}

fn help(app: &mut App, row: usize, key: KeyEvent) -> Vec<Effect> {
    let row = match key.code {
        KeyCode::Down | KeyCode::Char('j') => row + 1,
        KeyCode::Up | KeyCode::Char('k') => row.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => row + 10,
        KeyCode::PageUp => row.saturating_sub(10),
        _ => return vec![],
    };
    let most = views::overlay::help_rows(app).saturating_sub(usize::from(app.size.1) / 2);
    app.overlays.push(Overlay::Help(row.min(most)));
    vec![]
}

fn stop(app: &mut App, command: CommandId, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let signal = match key.code {
        KeyCode::Char('i') => "INT",
        KeyCode::Char('t') => "TERM",
        KeyCode::Char('k') => "KILL",
        // It leads to the way back from everywhere.
        KeyCode::F(9) => return navigation::go(app, Place::Rollback),
        _ => {
            app.overlays.push(Overlay::Stop(command));
            return vec![];
        }
    };
    if !takes(app, Overlay::Stop(command.clone()), at) {
        return vec![];
    }
    send(app, Request::Cancel { command, signal: signal.into() })
}

fn contacts(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let Some(run) = app.run.as_ref().filter(|_| is_char(key, 'y')) else { return vec![] };
    let text = words::contacts(run).join("\n");
    app.say("copied");
    vec![Effect::Copy(text)]
}

fn control_box(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if !is_char(key, 'y') {
        app.overlays.push(Overlay::Control);
        return vec![];
    }
    if takes(app, Overlay::Control, at) { vec![Effect::Send(ToRunner::TakeControl)] } else { vec![] }
}

fn in_palette(app: &mut App, mut palette: Palette, key: KeyEvent, at: Instant) -> Vec<Effect> {
    match key.code {
        KeyCode::Down => palette.chosen = (palette.chosen + 1).min(palette.fitting.len().saturating_sub(1)),
        KeyCode::Up => palette.chosen = palette.chosen.saturating_sub(1),
        KeyCode::PageDown => {
            palette.chosen = (palette.chosen + 8).min(palette.fitting.len().saturating_sub(1));
        }
        KeyCode::PageUp => palette.chosen = palette.chosen.saturating_sub(8),
        KeyCode::Enter => {
            let leads = palette.leads().cloned();
            let typed = palette.editor.text();
            let acts = typed.starts_with('!') || matches!(&leads, Some(Leads::Act(action)) if action.acts());
            app.overlays.push(Overlay::Palette(palette));
            if acts && !(app.typed_was_drawn() && app.takes_key(at)) {
                return vec![];
            }
            app.overlays.pop();
            return match (typed.strip_prefix('!'), leads) {
                (Some(text), _) => asking::add(app, text.trim()),
                (None, Some(Leads::Act(action))) => act(app, action),
                (None, Some(Leads::To(command))) => {
                    let next = app.next().and_then(|n| n.command().cloned());
                    app.screens.steps.select(command, next.as_ref());
                    app.place = Place::Steps;
                    reading::show_tail(app)
                }
                (None, Some(Leads::Theme(name))) => {
                    app.theme.name = name;
                    vec![]
                }
                (None, None) => {
                    app.say(format!("no command matches \"{typed}\""));
                    vec![]
                }
            };
        }
        _ => {
            if palette.editor.key(key) {
                palette::fit(&mut palette);
            }
        }
    }
    app.overlays.push(Overlay::Palette(palette));
    vec![]
}

fn in_why(app: &mut App, mut why: Why, key: KeyEvent) -> Vec<Effect> {
    let last = why.reasons.len().saturating_sub(1);
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => why.chosen = (why.chosen + 1).min(last),
        KeyCode::Up | KeyCode::Char('k') => why.chosen = why.chosen.saturating_sub(1),
        KeyCode::Enter => {
            if let Some(line) = why.reasons.get(why.chosen).and_then(|r| r.line) {
                if app.place != Place::Document {
                    app.came_from = app.place;
                }
                app.place = Place::Document;
                navigation::open_document_at(app, line);
                return vec![];
            }
        }
        _ => {}
    }
    app.overlays.push(Overlay::Why(why));
    vec![]
}
