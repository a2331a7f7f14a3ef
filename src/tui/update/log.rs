//! Keys on Log & sign-off.

use std::path::{Path, PathBuf};

use super::super::app::{App, Field, Overlay, Place, Purpose};
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::common::{moved, open_field, screenful, send};
use super::sign;
use crate::record;
use crate::run::gates::{self, GateId};
use crate::run::{Next, Outcome, Request, flow};
use crate::text::{self as words, capital};
use crate::tui::views;

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Write => {
            let name =
                app.run.as_ref().map_or("deployment-log.md".to_owned(), |r| match &app.settings.record_dir {
                    Some(directory) => directory.join(record::kept_name(r)).display().to_string(),
                    None => format!("{}-log.md", r.id()),
                });
            open_field(app, Field::new("Write the log to", Purpose::LogPath).with(&name));
        }
        Action::Sign => return sign::open(app),
        Action::Verify => return vec![Effect::Verify],
        Action::ShowEvent => return show_event(app),
        Action::Finish => return finish(app),
        Action::Fail => fail(app),
        Action::Reviewer => {
            let known = vec!["Without a key the name is claimed, not proven.".to_owned()];
            open_field(app, Field::new("Who reviews", Purpose::Reviewer).knowing(known));
        }
        Action::Issue => open_field(app, Field::new("An issue for the log", Purpose::Issue)),
        _ => {
            let lines = app.run.as_ref().map_or(0, super::super::views::log::length);
            app.screens.log.row = moved(app.screens.log.row, lines, action, screenful(app));
        }
    }
    vec![]
}

/// Asks why the run is ended as failed, with what it leaves as it is.
fn fail(app: &mut App) {
    let Some(run) = app.run.as_ref().filter(|run| !run.is_over()) else { return };
    let mut known = vec![capital(&words::stopped_so_far(run)) + "."];
    if run.going_back().is_none() && !run.runbook().rollback.steps.is_empty() {
        let key = app.keys.shown(Place::Steps, Action::Screen(Place::Rollback));
        known.push(format!("This does not undo anything: {key} shows the rollback."));
    }
    known.push("Then the environment is free for other runs.".into());
    open_field(app, Field::new("End the run as failed: why?", Purpose::Fail).knowing(known));
}

/// Shows the event that the row's value comes from; of several the last.
fn show_event(app: &mut App) -> Vec<Effect> {
    let event = views::log::event_at(app);
    if event.is_none() {
        app.say("no event belongs to this line");
    }
    event.map_or(vec![], |seq| vec![Effect::ShowEvent(seq)])
}

/// Ends the run as deployed; where something is open, the gate before the sign-off shows it first.
fn finish(app: &mut App) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    if run.going_back().is_some() {
        return send(app, Request::Finish { outcome: Outcome::RolledBack, reason: String::new() });
    }
    let settled = matches!(flow::next(run), Next::Finish | Next::Check(_));
    if settled && !gates::open_words(&gates::board(run, GateId::SignOff, &app.outside())).is_empty() {
        app.overlays.push(Overlay::Gate(GateId::SignOff, 0));
        return vec![];
    }
    send(app, Request::Finish { outcome: Outcome::Deployed, reason: String::new() })
}

/// The filled log as an effect that writes it.
pub(super) fn write(app: &App, path: PathBuf) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    vec![Effect::WriteLog { path, text: record::fill(run).text }]
}

/// The log was written, which is recorded, or could not be.
pub(super) fn written(app: &mut App, path: &Path, written: Result<(), String>) -> Vec<Effect> {
    let path = path.display().to_string();
    match written {
        Ok(()) => {
            app.say(format!("log written to {path}"));
            send(app, Request::WroteLog { path })
        }
        Err(error) => {
            app.say(format!("could not write {path}: {error}"));
            vec![]
        }
    }
}
