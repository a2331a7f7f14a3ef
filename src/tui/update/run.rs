//! Running a command, through whatever it asks for first.

use crate::protocol::ToRunner;
use crate::run::ids::TextHash;
use crate::run::policy::{self, Confirmation};
use crate::run::request::Seen;
use crate::run::state::CommandState;
use crate::run::{Request, RunState};
use crate::runbook::CommandId;
use crate::shell::Effect as CommandEffect;
use crate::tui::app::{App, starting};
use crate::tui::dialogs::overlay::{Confirm, Field, Overlay, Purpose};
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::steps::draw as steps;
use crate::tui::update::common::open_field;

/// Asks to run a command, or opens what has to be confirmed first.
pub(in crate::tui) fn run_command(app: &mut App, id: &CommandId) -> Vec<Effect> {
    if let Some(why) = starting(app) {
        app.say(format!("Not run. {why}"));
        return vec![];
    }
    let Some(run) = &app.run else { return vec![] };
    let Some(command) = run.find(id) else { return vec![] };
    let text = run.text_of(command);
    let again = matches!(run.command(id), CommandState::Exited { exit, .. } if exit.is_success());
    let wanted = policy::confirmation(command, run.production());
    let repeats = again && command.effect != CommandEffect::Reads;
    let whole = app.screen != Screen::Steps || run.added().contains(id) || steps::fits(app, id);
    if wanted == Confirmation::None && !repeats && whole {
        return vec![Effect::Send(run_request(app, id, &text, (Confirmation::None, again)))];
    }
    let why = if !whole && wanted == Confirmation::None && !repeats {
        "It is longer than the screen shows: read it to its end.".to_owned()
    } else if wanted == Confirmation::None {
        repeat_words(run, id)
    } else {
        "It is destructive: it loses data or stops a whole service.".to_owned()
    };
    app.questions.evaluating =
        Some(Confirm { command: id.clone(), text, target: vec![], why, again, row: 0 });
    vec![Effect::Send(ToRunner::Evaluate(id.clone()))]
}

fn repeat_words(run: &RunState, id: &CommandId) -> String {
    let CommandState::Exited { at, by, .. } = run.command(id) else { return String::new() };
    format!(
        "It succeeded at {} (run by {by}) and changes something.",
        at.with_timezone(&chrono::Local).format("%H:%M:%S %Z")
    )
}

/// What the last frame showed of a command.
pub(in crate::tui) fn seen(app: &App, text: &str) -> Seen {
    Seen { text: TextHash::of(text), seq: app.run.as_ref().map(RunState::seq).unwrap_or_default() }
}

fn run_request(app: &mut App, id: &CommandId, text: &str, terms: (Confirmation, bool)) -> ToRunner {
    let seen = seen(app, text);
    app.questions.ask(Request::Run { command: id.clone(), seen, confirmed: terms.0, again: terms.1 })
}

/// Runs what was confirmed: the command and the text that were shown.
pub(in crate::tui) fn confirmed(app: &mut App, confirm: &Confirm, given: Confirmation) -> Vec<Effect> {
    vec![Effect::Send(run_request(app, &confirm.command, &confirm.text, (given, confirm.again)))]
}

/// Opens the question that a command asks before it runs.
pub(in crate::tui) fn open_confirm(app: &mut App, confirm: Confirm) {
    let Some(run) = &app.run else { return };
    let wanted = run
        .find(&confirm.command)
        .map_or(Confirmation::TypeName, |c| policy::confirmation(c, run.production()));
    if wanted == Confirmation::TypeName {
        let mut lines = vec![confirm.why.clone(), format!("$ {}", confirm.text)];
        lines.extend(confirm.target.clone());
        lines.push(format!("at {}", run.place()));
        let title = format!("Type {} to run it", run.environment());
        open_field(app, Field::new(title, Purpose::TypeName(confirm)).knowing(lines));
    } else {
        app.overlays.push(Overlay::Confirm(confirm));
    }
}
