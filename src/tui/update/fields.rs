//! Fields: what is typed into them, and what happens with it.

use std::path::PathBuf;
use std::time::Instant;

use chrono::Utc;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::{App, Field, Overlay, Purpose};
use super::super::msg::Effect;
use super::common::{open_field, send};
use super::{asking, checklist, document, gate, log, reading, rollback, run, sign};
use crate::config::Source;
use crate::protocol::ToRunner;
use crate::run::policy::Confirmation;
use crate::run::{Outcome, Request, SignRole, SkipReason};

/// A key for the field in front.
pub(super) fn pressed(app: &mut App, mut field: Field, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let takes = key.code == KeyCode::Enter && !key.modifiers.contains(KeyModifiers::ALT);
    if !takes {
        field.editor.key(key);
        app.overlays.push(Overlay::Field(field));
        return vec![];
    }
    app.overlays.push(Overlay::Field(field.clone()));
    // A command that is run as typed has to stand on the screen as typed.
    let runs = field.purpose == Purpose::Add;
    if !app.armed(at) || (runs && !app.typed_was_drawn()) {
        return vec![];
    }
    app.overlays.pop();
    app.message = None;
    fill(app, field)
}

/// Whether a purpose can do without words.
fn may_be_empty(purpose: &Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Parameter(_)
            | Purpose::Ticket
            | Purpose::Window
            | Purpose::TypeName(_)
            | Purpose::Go(_)
            | Purpose::RollBackName(_)
            | Purpose::Problems
            | Purpose::Search
            | Purpose::Find
    )
}

/// A field was filled.
fn fill(app: &mut App, field: Field) -> Vec<Effect> {
    let text = field.editor.text().trim().to_owned();
    if text.is_empty() && !may_be_empty(&field.purpose) {
        return again(app, field, "enter a few words; Esc cancels");
    }
    match field.purpose.clone() {
        Purpose::Parameter(_) | Purpose::Operator | Purpose::Ticket | Purpose::Window => {
            form(app, field, text)
        }
        Purpose::TypeName(confirm) => {
            let name = app.run.as_ref().map(|r| r.environment().to_owned()).unwrap_or_default();
            if text != name {
                return again(app, field, &format!("that is not {name}: nothing was run"));
            }
            run::confirmed(app, &confirm, Confirmation::TypeName)
        }
        Purpose::Answer(name) => send(app, Request::SetParameter { name, value: Some(text) }),
        Purpose::Secret(name) => vec![Effect::Send(ToRunner::Secret { name, value: text })],
        Purpose::HandOver => send(app, Request::HandOver { to: text }),
        Purpose::Passphrase => vec![Effect::FindKey(Some(field.editor.text()))],
        Purpose::SignAs => sign::begin(app, SignRole::Reviewer, text),
        Purpose::SignName(signing) if text == signing.signing.name => sign::confirmed(app, *signing),
        Purpose::SignName(signing) => {
            let why = format!("that is not {}: nothing was signed", signing.signing.name);
            again(app, field, &why)
        }
        Purpose::LogPath => log::write(app, PathBuf::from(text)),
        Purpose::SavePath => save(app, &text),
        Purpose::Search => {
            app.screens.output.pattern = Some(text).filter(|t| !t.is_empty());
            app.screens.output.match_at = None;
            app.screens.output.filter &= app.screens.output.pattern.is_some();
            if app.screens.output.pattern.is_some() {
                reading::next_match(app, true)
            } else {
                reading::ask(app)
            }
        }
        Purpose::Find => {
            document::find(app, text);
            vec![]
        }
        Purpose::Add => asking::add(app, &text),
        Purpose::Edit(command) => send(app, Request::Edit { command, text: field.editor.text() }),
        Purpose::SkipCommand(command) => {
            send(app, Request::Skip { command, reason: SkipReason::Operator(text) })
        }
        Purpose::SkipTo(command, skips) => {
            app.screens.steps.selected = None;
            send(app, Request::SkipTo { command, skips, reason: text })
        }
        Purpose::TickItem(item, evidence) => checklist::tick(app, item, evidence, Some(text)),
        Purpose::SkipItem(item) => send(app, Request::SkipItem { item, reason: text }),
        Purpose::Overrule(command, expectation, met) => {
            send(app, Request::Attest { command, expectation, met, note: text })
        }
        Purpose::MarkDone(command) => send(app, Request::MarkDone { command, note: text }),
        Purpose::Note(about) => send(app, Request::Note { about, text, issue: false }),
        Purpose::Issue => send(app, Request::Note { about: String::new(), text, issue: true }),
        Purpose::Reviewer => send(app, Request::Name { role: "reviewer".into(), name: text }),
        Purpose::Go(gate) => {
            if text.is_empty() {
                return again(app, field, "something is open: give a reason");
            }
            gate::decided(app, gate, text)
        }
        Purpose::Acknowledge(row) => send(app, Request::Acknowledge { row, note: text }),
        Purpose::RoundNo(round, item) => {
            send(app, Request::AnswerRound { round, item, met: false, note: text })
        }
        Purpose::RollBack => rollback::reason_given(app, text),
        Purpose::RollBackName(reason) => {
            let name = app.run.as_ref().map(|r| r.environment().to_owned()).unwrap_or_default();
            if text != name {
                let why = format!("that is not {name}: nothing was stopped");
                return again(app, field, &why);
            }
            rollback::begin(app, reason, Confirmation::TypeName)
        }
        Purpose::Fail => send(app, Request::Finish { outcome: Outcome::Failed, reason: text }),
        Purpose::CallOff => send(app, Request::CallOffRollback { reason: text }),
        Purpose::Problems => {
            (app.screens.trouble.typed, app.screens.trouble.row) = (text, 0);
            vec![]
        }
        Purpose::EndMonitoring => send(app, Request::EndMonitoring { why: text }),
        Purpose::NoGo(gate) => send(app, Request::DecideGate { gate, go: false, reason: text }),
    }
}

/// A field of the Start screen.
fn form(app: &mut App, field: Field, text: String) -> Vec<Effect> {
    let given = (!text.is_empty()).then_some(text.clone());
    match field.purpose {
        Purpose::Parameter(at) => {
            app.screens.start.values[at].answer = given.map(|given| (given, Source::Typed));
            app.screens.start.row = (app.screens.start.row + 1).min(app.start_rows().len() - 1);
        }
        Purpose::Operator => app.screens.start.operator = text,
        Purpose::Ticket => app.screens.start.ticket = given,
        Purpose::Window => match given.map(|t| super::super::app::window(&t, Utc::now())).transpose() {
            Ok(window) => app.screens.start.window = window,
            Err(why) => return again(app, field, &why),
        },
        _ => {}
    }
    vec![]
}

fn save(app: &mut App, text: &str) -> Vec<Effect> {
    let Some(command) = app.screens.output.command.clone() else { return vec![] };
    let path = std::path::absolute(text).unwrap_or_else(|_| PathBuf::from(text));
    let lines =
        app.screens.output.selection.take().map_or((0, u64::MAX), super::super::app::Selection::range);
    vec![Effect::Send(ToRunner::Save { command, attempt: app.screens.output.attempt, path, lines })]
}

/// Opens the field again, saying what is missing; nothing that was typed is lost.
fn again(app: &mut App, field: Field, why: &str) -> Vec<Effect> {
    app.say(why);
    open_field(app, field);
    vec![]
}
