//! Keys on Steps.

use crate::run::event::PlaceChoice;
use crate::run::state::Standing;
use crate::run::{Next, Request, blocks, claim, flow};
use crate::runbook::CommandId;
use crate::text as words;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Overlay, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::checklist::keys as checklist;
use crate::tui::screens::steps::draw;
use crate::tui::update::common::{moved, named, open_field, send};
use crate::tui::update::live::live;
use crate::tui::update::navigation::go;
use crate::tui::update::{asking, reading, run};
use crate::tui::widgets::editor::Editor;

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(next) = app.next().cloned() else { return vec![] };
    let Some(shown) = app.shown_command() else { return vec![] };
    // The answers belong to the next thing; they don't count while something else is looked at.
    let at_next = app.screens.steps.selected.is_none();
    match (action, &next) {
        (Action::Up | Action::Down, _) => look_at(app, action),
        (Action::PageUp | Action::PageDown, _) => reading::open_tail(app, action),
        (Action::Next, _) if !at_next => {
            app.screens.steps.selected = None;
            reading::show_tail(app)
        }
        (Action::Next, Next::Gate(gate)) => {
            app.overlays.push(Overlay::Gate(*gate, 0));
            vec![]
        }
        (Action::Next, Next::Check(item)) => checklist::lead_to(app, item),
        (Action::Next, Next::Run(id)) => run::run_command(app, &id.clone()),
        (Action::Next, Next::Manual(_)) | (Action::MarkDone, _) => {
            let title = format!("{} was done by hand: what was done?", named(app, &shown));
            open_field(app, Field::new(title, Purpose::MarkDone(shown)));
            vec![]
        }
        (Action::Next, Next::Finish | Next::Over) => go(app, Screen::Log),
        (Action::Next, _) => {
            app.say(draw::question(app));
            vec![]
        }
        (Action::Yes, Next::Condition(id)) if at_next => {
            send(app, Request::Answer { command: id.clone(), holds: true })
        }
        (Action::No, Next::Condition(id)) if at_next => {
            send(app, Request::Answer { command: id.clone(), holds: false })
        }
        (Action::All, Next::Condition(_)) if at_next => all_sections(app),
        (Action::Yes, Next::Unset(id)) if at_next => {
            let mut effects = send(app, Request::Answer { command: id.clone(), holds: true });
            effects.extend(run::run_command(app, id));
            effects
        }
        (Action::No, Next::Unset(id)) if at_next => {
            send(app, Request::Answer { command: id.clone(), holds: false })
        }
        (Action::Yes, Next::Choice(id)) if at_next => run::run_command(app, &id.clone()),
        (Action::No, Next::Choice(id)) if at_next => {
            let Some(run) = app.run.as_ref() else { return vec![] };
            let reason = blocks::left_out(run, id);
            send(app, Request::Skip { command: id.clone(), reason })
        }
        (Action::Here, Next::Place(id)) if at_next => {
            send(app, Request::ChoosePlace { command: id.clone(), choice: PlaceChoice::AlreadyHere })
        }
        (Action::Yes, Next::Place(id)) if at_next => {
            send(app, Request::ChoosePlace { command: id.clone(), choice: PlaceChoice::Through })
        }
        (Action::Here, _) => asking::hand_over(app),
        (Action::Answer, _) => asking::answer(app, &shown),
        (Action::Interactive, Next::Place(id)) if at_next => {
            send(app, Request::ChoosePlace { command: id.clone(), choice: PlaceChoice::InteractiveThenStop })
        }
        (Action::Attest | Action::Deny, _) => attest(app, &shown, action == Action::Attest),
        (Action::Run, _) => run::run_command(app, &shown),
        (Action::Skip, _) => {
            skip(app, shown);
            vec![]
        }
        (Action::Edit, _) => {
            edit(app, shown);
            vec![]
        }
        (Action::SkipTo, _) => skip_to(app, shown),
        (Action::Wait, _) => wait(app, &shown),
        (Action::Note, _) => asking::note(app, shown.0),
        (Action::Output, _) => reading::open(app, shown),
        (Action::Keyboard | Action::Background | Action::NextLive | Action::Stop, _) => live(app, action),
        _ => vec![],
    }
}

/// Moves over the commands.
fn look_at(app: &mut App, action: Action) -> Vec<Effect> {
    let ids = app.listed();
    let at = app.shown_command().and_then(|id| ids.iter().position(|i| *i == id)).unwrap_or(0);
    let to = moved(at, ids.len(), action, 1);
    let next = app.next().and_then(Next::command);
    app.screens.steps.selected = ids.get(to).filter(|id| Some(*id) != next).cloned();
    reading::show_tail(app)
}

/// Sections that may be one procedure: all of those that are left are.
fn all_sections(app: &mut App) -> Vec<Effect> {
    let Some(run) = app.run.as_ref() else { return vec![] };
    let sections = words::procedures(run.runbook(), Some(run));
    let sections: Vec<CommandId> = sections.into_iter().map(|c| c.id.clone()).collect();
    let answer = |command| send(app, Request::Answer { command, holds: true });
    sections.into_iter().flat_map(answer).collect()
}

fn skip(app: &mut App, shown: CommandId) {
    let failed =
        app.run.as_ref().is_some_and(|r| matches!(r.standing(&shown), Standing::Failed | Standing::Lost));
    let name = named(app, &shown);
    let title =
        if failed { format!("Continue although {name} failed: why?") } else { format!("Skip {name}: why?") };
    open_field(app, Field::new(title, Purpose::SkipCommand(shown)));
}

fn edit(app: &mut App, shown: CommandId) {
    let Some(command) = app.run.as_ref().and_then(|r| r.find(&shown)) else { return };
    let text = app.run.as_ref().map(|r| r.text_of(command)).unwrap_or_default();
    let title = format!("Change {} (line {})", named(app, &shown), command.span.line);
    let editor = Editor::lines(&text);
    open_field(app, Field { title, lines: vec![], editor, purpose: Purpose::Edit(shown) });
}

/// Lists what going on at a command skips, and asks why.
fn skip_to(app: &mut App, shown: CommandId) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let skipped = flow::open_before(run, &shown);
    if skipped.is_empty() || app.screens.steps.selected.is_none() {
        let name = named(app, &shown);
        app.say(format!("nothing is open before {name}: select a later command first"));
        return vec![];
    }
    let line = |c: &&crate::runbook::Command| {
        let text = run.text_of(c);
        format!("  {}", text.lines().next().unwrap_or_default())
    };
    let mut lines = vec![match skipped.len() {
        1 => "1 command is skipped:".to_owned(),
        n => format!("{n} commands are skipped:"),
    }];
    lines.extend(skipped.iter().map(line));
    let title = format!("Continue at {}: why?", named(app, &shown));
    let skips = skipped.iter().map(|c| c.id.clone()).collect();
    open_field(app, Field::new(title, Purpose::SkipTo(shown, skips)).knowing(lines));
    vec![]
}

fn wait(app: &mut App, shown: &CommandId) -> Vec<Effect> {
    if !draw::fits(app, shown) {
        app.say("it is longer than the screen: run it once by itself first, where you can read all of it");
        return vec![];
    }
    let Some(run) = &app.run else { return vec![] };
    let Some(command) = run.find(shown) else { return vec![] };
    let seen = run::seen(app, &run.text_of(command));
    send(app, Request::WaitUntil { command: shown.clone(), seen })
}

fn attest(app: &mut App, id: &CommandId, met: bool) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let claims = run.claims(id);
    let Some(expectation) = claim::spoken_of(claims, met) else {
        let name = named(app, id);
        app.say(format!("the document expects nothing of {name}"));
        return vec![];
    };
    if claims.get(expectation).is_some_and(|c| c.overrules(met)) {
        let told = run.find(id).and_then(|c| words::claims(run, c).into_iter().nth(expectation));
        let lines = told.map_or(vec![], |t| [Some(t.says), t.observed].into_iter().flatten().collect());
        let title = if met { "It was met anyway: why?" } else { "It was not met after all: why?" };
        open_field(app, Field::new(title, Purpose::Overrule(id.clone(), expectation, met)).knowing(lines));
        return vec![];
    }
    send(app, Request::Attest { command: id.clone(), expectation, met, note: String::new() })
}
