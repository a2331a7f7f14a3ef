//! Keys on Log & sign-off.

use std::path::{Path, PathBuf};

use crate::record;
use crate::run::gates::{self, GateId};
use crate::run::{Next, Outcome, Request};
use crate::text::{self as words, capital};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Overlay, Purpose};
use crate::tui::dialogs::sign;
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::update::common::{moved, open_field, screenful, send};

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
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
            let lines = app.log().len();
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
        let key = app.keys.shown(Screen::Steps, Action::Screen(Screen::Rollback));
        known.push(format!("This does not undo anything: {key} shows the rollback."));
    }
    known.push("Then the environment is free for other runs.".into());
    open_field(app, Field::new("End the run as failed: why?", Purpose::Fail).knowing(known));
}

/// Shows the event that the row's value comes from; of several the last.
fn show_event(app: &mut App) -> Vec<Effect> {
    let event = app.log().all().nth(app.screens.log.row).and_then(|row| row.event);
    if event.is_none() {
        app.say("no event belongs to this line");
    }
    event.map_or(vec![], |seq| vec![Effect::ShowEvent(seq)])
}

/// Asks whether the run ends; where something is open, the gate before the sign-off shows it first.
fn finish(app: &mut App) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let outcome = if run.going_back().is_some() { Outcome::RolledBack } else { Outcome::Deployed };
    let settled = matches!(app.next(), Some(Next::Finish))
        || outcome == Outcome::Deployed && matches!(app.next(), Some(Next::Check(_)));
    if !settled {
        // It is refused, with what is open.
        return send(app, Request::Finish { outcome, reason: String::new() });
    }
    let gate = outcome == Outcome::Deployed && !gates::open_words(app.gate_board(GateId::SignOff)).is_empty();
    app.overlays.push(if gate { Overlay::Gate(GateId::SignOff, 0) } else { Overlay::Ending(outcome) });
    vec![]
}

/// The filled log as an effect that writes it.
pub(in crate::tui) fn write(app: &App, path: PathBuf) -> Vec<Effect> {
    if app.run.is_none() {
        return vec![];
    }
    vec![Effect::WriteLog { path, text: app.log().filled.text.clone() }]
}

/// The log was written, which is recorded, or could not be.
pub(in crate::tui) fn written(app: &mut App, path: &Path, written: Result<(), String>) -> Vec<Effect> {
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
