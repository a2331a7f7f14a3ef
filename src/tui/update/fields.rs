//! Keys while something lies over the screen: fields, confirmations, the gate.

use std::path::PathBuf;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::{App, Confirm, Field, Overlay, Purpose};
use super::super::msg::Effect;
use super::{is_char, open_field, run_request, send, write_log};
use crate::run::policy::Confirmation;
use crate::run::{Request, SkipReason};

/// A key for the overlay in front.
pub(super) fn overlay(app: &mut App, overlay: Overlay, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if key.code == KeyCode::Esc
        || (key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c'))
    {
        app.overlays.pop();
        return vec![];
    }
    match overlay {
        Overlay::Help => {
            app.overlays.pop();
            vec![]
        }
        Overlay::Field(field) => in_field(app, field, key, at),
        Overlay::Confirm(confirm) => {
            if is_char(key, 'y') && app.takes_key(at) {
                app.overlays.pop();
                return confirmed(app, &confirm, Confirmation::TwoKeys);
            }
            vec![]
        }
        Overlay::Gate => gate(app, key, at),
        Overlay::Stop => stop(app, key, at),
    }
}

fn in_field(app: &mut App, mut field: Field, key: KeyEvent, at: Instant) -> Vec<Effect> {
    match key.code {
        KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => field.text.clear(),
        KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
            field.text.push(c)
        }
        KeyCode::Backspace => {
            field.text.pop();
        }
        KeyCode::Enter if app.armed(at) => {
            app.overlays.pop();
            return fill(app, field);
        }
        _ => return vec![],
    }
    if let Some(front) = app.overlays.last_mut() {
        *front = Overlay::Field(field);
    }
    vec![]
}

/// A field was filled.
fn fill(app: &mut App, field: Field) -> Vec<Effect> {
    let text = field.text.trim().to_owned();
    match field.purpose.clone() {
        Purpose::Parameter(at) => {
            app.values[at].answer = (!text.is_empty()).then_some(text);
            app.row = (app.row + 1).min(app.start_rows().len() - 1);
            vec![]
        }
        Purpose::Operator => {
            if text.is_empty() {
                return again(app, field, "a name is needed");
            }
            app.operator = text;
            vec![]
        }
        Purpose::Ticket => {
            app.ticket = (!text.is_empty()).then_some(text);
            vec![]
        }
        Purpose::TypeName(confirm) => {
            let name = app.run.as_ref().map(|r| r.environment().to_owned()).unwrap_or_default();
            if text != name {
                return again(app, field, &format!("that is not {name}: nothing was run"));
            }
            confirmed(app, &confirm, Confirmation::TypeName)
        }
        Purpose::LogPath if text.is_empty() => again(app, field, "a file name is needed"),
        Purpose::LogPath => write_log(app, PathBuf::from(text)),
        Purpose::SkipCommand(_)
        | Purpose::SkipItem(_)
        | Purpose::Note(_)
        | Purpose::Issue
        | Purpose::Reviewer
        | Purpose::NoGo
            if text.is_empty() =>
        {
            again(app, field, "a word of reason is needed; Esc goes back")
        }
        Purpose::SkipCommand(command) => {
            send(app, Request::Skip { command, reason: SkipReason::Operator(text) })
        }
        Purpose::SkipItem(item) => send(app, Request::SkipItem { item, reason: text }),
        Purpose::MarkDone(command) => send(app, Request::MarkDone { command, note: text }),
        Purpose::Note(about) => send(app, Request::Note { about, text, issue: false }),
        Purpose::Issue => send(app, Request::Note { about: String::new(), text, issue: true }),
        Purpose::Reviewer => send(app, Request::Name { role: "reviewer".into(), name: text }),
        Purpose::Go => {
            let open = app.run.as_ref().is_some_and(|r| !r.open_items().is_empty());
            if open && text.is_empty() {
                return again(app, field, "items are open: a reason is needed");
            }
            send(app, Request::DecideGate { go: true, reason: text })
        }
        Purpose::NoGo => send(app, Request::DecideGate { go: false, reason: text }),
    }
}

/// Opens the field again, saying what is missing; nothing that was typed is lost.
fn again(app: &mut App, field: Field, why: &str) -> Vec<Effect> {
    app.say(why);
    open_field(app, field);
    vec![]
}

/// Runs what was confirmed: the command and the text that were shown.
fn confirmed(app: &mut App, confirm: &Confirm, given: Confirmation) -> Vec<Effect> {
    vec![Effect::Send(run_request(app, &confirm.command, &confirm.text, (given, confirm.again)))]
}

fn gate(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let go = is_char(key, 'g');
    if !(go || key.code == KeyCode::F(7)) || !app.takes_key(at) {
        return vec![];
    }
    app.overlays.pop();
    let open: Vec<String> = app.run.iter().flat_map(|r| r.open_items()).map(|i| i.0.clone()).collect();
    if go && open.is_empty() {
        return send(app, Request::DecideGate { go: true, reason: String::new() });
    }
    let (title, purpose) = if go {
        ("GO although items are open: why?", Purpose::Go)
    } else {
        ("NO-GO ends the run: why?", Purpose::NoGo)
    };
    let lines = if open.is_empty() { vec![] } else { vec![format!("open: {}", open.join(", "))] };
    open_field(app, Field { title: title.into(), lines, text: String::new(), secret: false, purpose });
    vec![]
}

fn stop(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let signal = match key.code {
        KeyCode::Char('i') => "INT",
        KeyCode::Char('t') => "TERM",
        KeyCode::F(9) => "KILL",
        _ => return vec![],
    };
    if !app.takes_key(at) {
        return vec![];
    }
    app.overlays.pop();
    send(app, Request::Cancel { signal: signal.into() })
}
