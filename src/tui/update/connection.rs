//! The connection to a runner: had, not had, lost, tried for again.

use std::time::Duration;

use crate::run::gates::{self, GateId};
use crate::tui::app::App;
use crate::tui::dialogs::{masks, reread};
use crate::tui::msg::{Effect, Taken};
use crate::tui::screen::Screen;
use crate::tui::update::common::pane_size;
use crate::tui::update::navigation::open_rollback;
use crate::tui::update::reading;

/// How long it takes until a runner that could not be had is tried for again.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// A run was started, taken up, or is looked at.
pub(in crate::tui) fn attached(app: &mut App, taken: Taken) -> Vec<Effect> {
    let Taken { state, control, reread } = taken;
    app.book.reread = reread;
    app.session.begin(control);
    app.questions.forget();
    app.watch(None);
    app.keyboard = None;
    app.screens.steps.live.clear();
    if app.run.is_some() {
        app.say("another process owns the run now; no command ran twice");
    } else {
        let fresh = state.gate().is_none() && state.ran().is_empty();
        let due = !gates::open_items(&state, GateId::Change).is_empty();
        app.screen = if fresh && due { Screen::Checklist } else { Screen::Steps };
        app.message = None;
    }
    if state.is_over() {
        app.screen = Screen::Log;
    }
    app.book.runbook = state.runbook_arc();
    let past = Effect::ReadPast {
        title: state.runbook().title.clone(),
        environment: state.environment().to_owned(),
        except: Some(state.id().clone()),
    };
    app.follow(state);
    app.overlays.clear();
    app.screens.health.back = None;
    let mut effects = pane_size(app);
    effects.push(past);
    effects.extend(reading::show_tail(app));
    if std::mem::take(&mut app.screens.rollback.opens) {
        effects.extend(open_rollback(app));
    }
    if app.run.as_ref().is_some_and(|run| run.outcome().is_none()) {
        effects.extend(reread::ask(app));
    }
    effects
}

/// No runner could be had: of a run that is shown it is tried again.
pub(in crate::tui) fn not_attached(app: &mut App, why: &str) -> Vec<Effect> {
    if app.run.is_none() {
        app.say(why);
        return vec![];
    }
    app.say(format!("no runner: {why}; trying again"));
    vec![Effect::TryAgain(TRY_AGAIN)]
}

/// The runner has gone. The run has not: it is gone on with by the next one, unless it is over or ran in here.
pub(in crate::tui) fn lost(app: &mut App) -> Vec<Effect> {
    masks::forget(app);
    let over = app.run.as_ref().is_some_and(|r| r.outcome().is_some());
    if !app.session.detaches || over {
        return vec![];
    }
    if !app.session.read_only {
        app.say("the runner has ended; starting another one");
    }
    vec![Effect::TakeUp]
}
