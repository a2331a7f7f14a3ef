//! What the runner says, and what it means for the screens.

use super::super::app::{App, Place};
use super::super::msg::Effect;
use super::common::pane_size;
use super::{events, health, navigation, palette, reading, reread, rollback, run, sign};
use crate::protocol::{Control, ToClient};
use crate::run::gates::{self, GateId};
use crate::run::{Refusal, RunState};

/// A run was started, taken up, or is looked at.
pub fn attached(app: &mut App, state: RunState, control: Control) -> Vec<Effect> {
    app.control = control;
    app.unrecorded = None;
    app.health = None;
    app.ends_with_login = None;
    (app.evaluating, app.adding, app.keyboard) = (None, None, None);
    app.screens.clear();
    let back = app.run.is_some();
    app.runbook = state.runbook_arc();
    if !back {
        let fresh = state.gate().is_none() && state.ran().is_empty();
        let due = !gates::open_items(&state, GateId::Change).is_empty();
        app.place = if fresh && due { Place::Checklist } else { Place::Steps };
        app.message = None;
    }
    if back {
        app.say("another process owns the run now; nothing was run again");
    }
    if state.is_over() {
        app.place = Place::Log;
    }
    app.runbook = state.runbook_arc();
    app.run = Some(state);
    app.overlays.clear();
    let mut effects = pane_size(app);
    effects.push(Effect::ReadPast);
    effects.extend(reading::show_tail(app));
    if std::mem::take(&mut app.back.opens) {
        effects.extend(navigation::open_rollback(app));
    }
    if app.run.as_ref().is_some_and(|run| run.outcome().is_none()) {
        effects.extend(reread::ask(app));
    }
    effects
}

pub(super) fn updated(app: &mut App, update: ToClient) -> Vec<Effect> {
    match update {
        ToClient::Recorded(record) => {
            let Some(state) = app.run.take() else { return vec![] };
            app.run = Some(state.apply(&record));
            let effects = events::happened(app, &record.event);
            palette::renew(app);
            effects
        }
        ToClient::Answered { refused: Some(refusal), number } => {
            if app.adding == Some(number) {
                app.adding = None;
            }
            app.say(refusal.to_string());
            if matches!(refusal, Refusal::ReadDifferently(_)) { reread::ask(app) } else { vec![] }
        }
        ToClient::Answered { number, .. } if app.adding == Some(number) => {
            app.adding = None;
            let added = app.run.as_ref().and_then(|r| r.added().last().cloned());
            added.map_or(vec![], |id| {
                app.place = Place::Steps;
                app.selected = Some(id.clone());
                run::run_command(app, &id)
            })
        }
        // The way to the runner takes these apart.
        ToClient::Welcome { .. } | ToClient::Known(_) | ToClient::Changed { .. } => vec![],
        ToClient::Control(control) => who_is_there(app, control),
        ToClient::Answered { .. } | ToClient::Ended => vec![],
        ToClient::Screen { command, screen } => {
            app.screens.insert(command, *screen);
            reading::refresh(app)
        }
        ToClient::Page { number, page, .. } => reading::answered(app, number, page),
        ToClient::Saved { path, lines } => {
            app.say(format!("{lines} lines written to {}", path.display()));
            vec![]
        }
        ToClient::Evaluated { command, target } => {
            if let Some(mut confirm) = app.evaluating.take().filter(|c| c.command == command) {
                confirm.target = target;
                run::open_confirm(app, confirm);
            }
            vec![]
        }
        ToClient::Health(health) => {
            app.health = Some(*health);
            vec![]
        }
        ToClient::Sampled(sample) => {
            if let Some(health) = &mut app.health {
                health.take(&sample);
            }
            vec![]
        }
        ToClient::ToSign(to_sign) => sign::prepared(app, *to_sign),
        ToClient::Found(found) => rollback::found(app, *found),
        ToClient::ContainerLog { probe, name, lines } => health::log_came(app, probe, name, lines),
        ToClient::Unrecorded(since) => {
            if since.is_none() {
                app.say("recorded again; what happened meanwhile was written late");
            }
            app.unrecorded = since;
            vec![]
        }
        ToClient::EndsWithLogin(ends) => {
            app.say(ends.to_string());
            app.ends_with_login = Some(ends);
            vec![]
        }
        ToClient::NoShell(why) => {
            app.say(format!("no shell could be had: {why}"));
            vec![]
        }
        ToClient::Trouble(text) => {
            app.say(text);
            vec![]
        }
    }
}

/// Somebody came, went, or took control.
fn who_is_there(app: &mut App, control: Control) -> Vec<Effect> {
    let had = app.control.yours;
    app.control = control;
    if had && !app.control.yours && !app.read_only {
        app.keyboard = None;
        app.overlays.clear();
    }
    if app.control.yours && !had { pane_size(app) } else { vec![] }
}
