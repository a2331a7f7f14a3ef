//! Keys on Rollback.

use crate::run::Request;
use crate::run::event::PlaceChoice;
use crate::run::policy::Confirmation;
use crate::run::rollback::{Board, Found, WayOut};
use crate::text as words;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::rollback::RollbackRow;
use crate::tui::screens::rollback::draw;
use crate::tui::update::asking;
use crate::tui::update::common::{moved, open_field, screenful, send};
use crate::tui::update::navigation::go;

/// What is there to go back with is known: the first trigger that holds is chosen, where nobody chose one.
pub(in crate::tui) fn found(app: &mut App, found: Found) -> Vec<Effect> {
    app.screens.rollback.look(Some(found));
    app.renew();
    let holds = app.plan().board.as_ref().and_then(Board::trigger);
    app.screens.rollback.trigger = app.screens.rollback.trigger.or(holds);
    vec![]
}

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::RollBack => go_back(app),
        Action::Next => choose(app, app.rollback_row().cloned()),
        Action::CallOff if app.going_back() => {
            open_field(app, Field::new("Cancel the rollback: why?", Purpose::CallOff));
            vec![]
        }
        Action::PageDown => {
            let most = draw::rest(app);
            app.screens.rollback.scrolled = (app.screens.rollback.scrolled + screenful(app)).min(most);
            vec![]
        }
        Action::PageUp => {
            app.screens.rollback.scrolled = app.screens.rollback.scrolled.saturating_sub(screenful(app));
            vec![]
        }
        _ => {
            app.screens.rollback.row = moved(app.screens.rollback.row, app.plan().rows.len(), action, 1);
            app.screens.rollback.scrolled = 0;
            vec![]
        }
    }
}

fn choose(app: &mut App, row: Option<RollbackRow>) -> Vec<Effect> {
    match row {
        Some(RollbackRow::Trigger(line)) => {
            app.screens.rollback.trigger = Some(line).filter(|l| app.screens.rollback.trigger != Some(*l));
            vec![]
        }
        Some(RollbackRow::Procedure(step)) => {
            let mut chosen = app.procedures_chosen();
            if chosen.contains(&step) && chosen.len() > 1 {
                chosen.retain(|s| *s != step);
            } else if !chosen.contains(&step) {
                chosen.push(step);
            }
            app.screens.rollback.chosen = chosen;
            vec![]
        }
        Some(RollbackRow::Answer(name)) => asking::ask_value(app, name),
        Some(RollbackRow::Way(command, WayOut::GoThere)) => {
            send(app, Request::ChoosePlace { command, choice: PlaceChoice::Through })
        }
        Some(RollbackRow::Way(command, way)) => {
            app.screens.rollback.ways.insert(command, way);
            vec![]
        }
        Some(RollbackRow::Again(step)) => {
            let effects = send(app, Request::TakeAlong { step });
            app.screen = Screen::Steps;
            app.screens.steps.selected = None;
            effects
        }
        None if app.going_back() => go(app, Screen::Steps),
        None => vec![],
    }
}

/// Asks for the reason, once nothing is in the way any more.
fn go_back(app: &mut App) -> Vec<Effect> {
    if app.going_back() {
        return vec![];
    }
    if app.book.runbook.rollback.steps.is_empty() {
        let key = app.key(Action::AddCommand);
        app.say(format!("the document has no rollback: {key} runs and records commands of your own"));
        return vec![];
    }
    let Some(board) = app.plan().board.clone() else {
        app.say("still checking what the rollback needs");
        return vec![];
    };
    let open = board
        .obstacles
        .iter()
        .find(|o| !app.screens.rollback.ways.get(&o.command).is_some_and(|way| o.ways.contains(way)));
    if let Some(open) = open {
        app.say(format!("{} (line {}) blocks the rollback: choose a fix first", open.command, open.line));
        return vec![];
    }
    let mut lines: Vec<String> = board.costs.iter().map(|c| c.words.clone()).collect();
    lines.extend(board.loses.clone());
    let text = app.screens.rollback.trigger.and_then(|line| {
        let trigger = board.triggers.iter().find(|t| t.line == line)?;
        Some(if trigger.known.is_empty() {
            trigger.text.clone()
        } else {
            format!("{}: {}", trigger.text, trigger.known)
        })
    });
    let field = Field::new("Roll back: why?", Purpose::RollBack).knowing(lines);
    let field = match text {
        Some(text) => field.with(&text),
        None => field,
    };
    open_field(app, field);
    vec![]
}

/// The reason was given; in production the environment's name is asked for.
pub(in crate::tui) fn reason_given(app: &mut App, reason: String) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    if !run.production() {
        return begin(app, reason, Confirmation::TwoKeys);
    }
    let title = format!("Type {} to roll back", run.environment());
    let lines = vec![words::stopped_so_far(run)];
    open_field(app, Field::new(title, Purpose::RollBackName(reason)).knowing(lines));
    vec![]
}

pub(in crate::tui) fn begin(app: &mut App, reason: String, confirmed: Confirmation) -> Vec<Effect> {
    let obstacles = app.plan().board.as_ref().map_or(&[][..], |board| &board.obstacles);
    let ways = app.screens.rollback.ways.clone().into_iter();
    let ways = ways.filter(|(id, way)| obstacles.iter().any(|o| &o.command == id && o.ways.contains(way)));
    let request = Request::RollBack {
        trigger: app.screens.rollback.trigger,
        reason,
        procedures: app.procedures_chosen(),
        confirmed,
        ways: ways.collect(),
    };
    // A large backup takes a while to be read.
    app.say("checking again what the rollback needs");
    send(app, request)
}
