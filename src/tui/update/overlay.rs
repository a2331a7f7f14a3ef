//! Keys while something lies over the screen.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::{App, Confirm, Overlay, Place, TextBox, Why};
use super::super::msg::Effect;
use super::super::views;
use super::common::{is_char, scrolled, send, takes};
use super::document::correct;
use super::{chosen, fields, gate, masks, navigation, reread, run, sign};
use crate::protocol::ToRunner;
use crate::run::policy::Confirmation;
use crate::run::{Outcome, Request};
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
        Some(Overlay::HandOver(chosen)) => hand_over(app, chosen, key, at),
        Some(Overlay::Ending(outcome)) => ending(app, outcome, key, at),
        Some(Overlay::Palette(palette)) => chosen::pressed(app, palette, key, at),
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

/// Picks who goes on; that is told to everybody, and control is free.
fn hand_over(app: &mut App, chosen: usize, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let heirs = app.session.heirs();
    let chosen = chosen.min(heirs.len() - 1);
    let chosen = match key.code {
        KeyCode::Down | KeyCode::Char('j') => (chosen + 1).min(heirs.len() - 1),
        KeyCode::Up | KeyCode::Char('k') => chosen.saturating_sub(1),
        KeyCode::Enter => {
            let taken = takes(app, Overlay::HandOver(chosen), at);
            let to = heirs.into_iter().nth(chosen).filter(|_| taken);
            return to.map_or(vec![], |to| send(app, Request::HandOver { to }));
        }
        _ => chosen,
    };
    app.overlays.push(Overlay::HandOver(chosen));
    vec![]
}

/// The run ends by a key of its own.
fn ending(app: &mut App, outcome: Outcome, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if !is_char(key, 'y') {
        app.overlays.push(Overlay::Ending(outcome));
        return vec![];
    }
    if !takes(app, Overlay::Ending(outcome), at) {
        return vec![];
    }
    send(app, Request::Finish { outcome, reason: String::new() })
}

fn in_why(app: &mut App, mut why: Why, key: KeyEvent) -> Vec<Effect> {
    let last = why.reasons.len().saturating_sub(1);
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => why.chosen = (why.chosen + 1).min(last),
        KeyCode::Up | KeyCode::Char('k') => why.chosen = why.chosen.saturating_sub(1),
        KeyCode::Enter => {
            if let Some(line) = why.reasons.get(why.chosen).and_then(|r| r.line) {
                app.visit(Place::Document);
                navigation::open_document_at(app, line);
                return vec![];
            }
        }
        _ => {}
    }
    app.overlays.push(Overlay::Why(why));
    vec![]
}
