//! Turns messages into changes of the app and effects. Knows no terminal and no clock but what it is handed.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::app::{App, Field, Overlay, Place};
use super::keymap::Action;
use super::msg::{Effect, Msg};
use super::views;
use crate::protocol::{Control, ToClient, ToRunner};
use crate::run::event::PlaceChoice;
use crate::run::gates::{self, GateId};
use crate::run::{Event, Refusal, Request, RunState, Statement};
use crate::runbook::CommandId;
use crate::shell::Kind;

mod checklist;
mod commands;
mod document;
mod fields;
mod health;
mod history;
mod log;
mod monitor;
mod output;
mod overlay;
mod palette;
mod pane;
mod rollback;
mod run;
mod sign;
mod start;
mod steps;
mod trouble;
mod why;

/// Takes a message.
pub fn update(app: &mut App, message: Msg) -> Vec<Effect> {
    match message {
        Msg::Key(key, at) if key.kind == KeyEventKind::Press => pressed(app, key, at),
        // A held key acts once; in fields and panes it repeats, as everywhere.
        Msg::Key(key, at) if key.kind == KeyEventKind::Repeat && types(app) => pressed(app, key, at),
        Msg::Key(..) => vec![],
        Msg::Tick => output::refresh(app),
        Msg::Paste(text, at) => pasted(app, &text, at),
        Msg::Resize(columns, rows) => {
            app.size = (columns, rows);
            app.reading.skipped = 0;
            let mut effects = pane_size(app);
            effects.extend(output::ask(app));
            effects
        }
        Msg::Login(ends) => {
            start::looked_at_login(app, ends);
            vec![]
        }
        Msg::Found(found) => sign::key_found(app, found),
        Msg::Signed(signed) => sign::signed(app, signed),
        Msg::History(runs) => {
            app.history = Some(runs);
            vec![]
        }
        Msg::Past(past) => {
            app.past = past;
            vec![]
        }
        Msg::Text(text) => {
            app.overlays.push(Overlay::Text(text));
            vec![]
        }
        Msg::Update(update) => updated(app, *update),
    }
}

/// Whether keys are text now.
fn types(app: &App) -> bool {
    app.keyboard.is_some() || matches!(app.overlays.last(), Some(Overlay::Field(_) | Overlay::Palette(_)))
}

/// Pasted text goes into fields and panes and into nothing else: it never acts.
fn pasted(app: &mut App, text: &str, at: Instant) -> Vec<Effect> {
    match app.overlays.last_mut() {
        Some(Overlay::Field(field)) => field.editor.paste(text),
        Some(Overlay::Palette(palette)) => {
            palette.editor.paste(text);
            palette::fit(palette);
        }
        None if app.keyboard.is_some() => return pane::pasted(app, text, at),
        _ => {}
    }
    vec![]
}

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
    effects.extend(output::show_tail(app));
    if std::mem::take(&mut app.back.opens) {
        effects.extend(rollback::open(app));
    }
    if app.run.as_ref().is_some_and(|run| run.outcome().is_none()) {
        effects.extend(overlay::ask_reread(app));
    }
    effects
}

fn pane_size(app: &App) -> Vec<Effect> {
    let (columns, rows) = views::steps::pane_size(app);
    vec![Effect::Send(ToRunner::PaneSize { columns, rows })]
}

fn updated(app: &mut App, update: ToClient) -> Vec<Effect> {
    match update {
        ToClient::Recorded(record) => {
            let Some(state) = app.run.take() else { return vec![] };
            app.run = Some(state.apply(&record));
            let effects = after_event(app, &record.event);
            palette::renew(app);
            effects
        }
        ToClient::Answered { refused: Some(refusal), number } => {
            if app.adding == Some(number) {
                app.adding = None;
            }
            app.say(refusal.to_string());
            if matches!(refusal, Refusal::ReadDifferently(_)) { overlay::ask_reread(app) } else { vec![] }
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
            output::refresh(app)
        }
        ToClient::Page { number, page, .. } => output::answered(app, number, page),
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

fn after_event(app: &mut App, event: &Event) -> Vec<Effect> {
    match event {
        // Chosen on the way back: it is gone there at once, and looked what is there.
        Event::PlaceChosen { command, choice: PlaceChoice::Through }
            if app.place == Place::Rollback && !app.looks_on() =>
        {
            run::run_command(app, &command.clone())
        }
        Event::PlaceEntered { .. } if app.run.as_ref().is_some_and(|r| r.outcome().is_some()) => {
            rollback::open(app)
        }
        Event::CommandStarted { command, .. } => {
            app.screens.remove(command);
            let run = app.run.as_ref();
            let kind = run.and_then(|r| r.find(command)).map(|c| c.kind);
            let answered = run.and_then(|r| r.place_choice(command));
            let entered = matches!(answered, Some(PlaceChoice::InteractiveThenStop | PlaceChoice::Through));
            if !app.looks_on() && (kind == Some(Kind::Interactive) || entered) {
                app.keyboard = Some(command.clone());
                if matches!(app.place, Place::Troubleshoot | Place::Rollback) {
                    app.place = Place::Steps;
                }
            }
            pane_size(app)
        }
        Event::CommandExited { command, .. } | Event::CommandLost { command, .. } => {
            if app.keyboard.as_ref() == Some(command) {
                app.arming.pane_left();
                app.keyboard = None;
            }
            app.overlays.retain(|o| !matches!(o, Overlay::Stop(id) if id == command));
            app.screens.remove(command);
            output::ended(app, command)
        }
        Event::CommandNotStarted { command, why, .. } => {
            app.screens.remove(command);
            app.say(format!("{command} did not run: {why}"));
            output::show_tail(app)
        }
        Event::ItemTicked { .. } | Event::ItemSkipped { .. } => checklist::answered(app),
        Event::ControlTaken { by, from } => {
            let from = from.as_ref().map_or(String::new(), |f| format!(" from {f}"));
            app.say(format!("{by} took control{from}"));
            vec![]
        }
        Event::HandedOver { to } => {
            app.say(format!("the run was handed over to {to}"));
            vec![]
        }
        Event::ParameterForgotten { name } => {
            app.say(format!(
                "the value of {name} went with its shell: v at a command that uses it answers it again"
            ));
            vec![]
        }
        Event::WaitEnded { command, passed, why } => {
            app.say(format!("{command} {}: {why}", if *passed { "passes" } else { "does not pass" }));
            vec![]
        }
        Event::KeptInBackground { command } => {
            app.say(format!("{command} goes on in the background; p looks at it, F8 there ends it"));
            if app.keyboard.as_ref() == Some(command) {
                app.keyboard = None;
            }
            output::show_tail(app)
        }
        Event::OutputAfter { command, text, .. } => {
            app.say(format!("{command} wrote in the background: {}", text.trim().replace('\n', " · ")));
            vec![]
        }
        Event::OutputUnrecorded { command, why, .. } => {
            app.say(format!("{command} is no longer recorded: {why}"));
            vec![]
        }
        Event::ShellReplaced { lost } => {
            app.say(crate::run::words::shell_replaced(lost));
            vec![]
        }
        Event::BaselineTaken => {
            let at = app.run.as_ref().and_then(RunState::last_at);
            if let (Some(health), Some(at)) = (&mut app.health, at) {
                health.rebase(at);
            }
            vec![]
        }
        Event::AlertRaised { level, words, .. } => {
            app.say(format!("{}: {words}", level.word()));
            if app.settings.messages.bell { vec![Effect::Bell] } else { vec![] }
        }
        Event::AlertCleared { words, .. } => {
            app.say(format!("well again: {words}"));
            vec![]
        }
        Event::MonitoringBegan => {
            let first = app.runbook.monitoring.first().map_or(String::new(), |w| w.title.clone());
            app.say(format!("{first} is watched from now on, also when you leave; 7 shows it"));
            vec![]
        }
        Event::ParameterSet { .. } if app.place == Place::Rollback && !app.going_back() => {
            vec![Effect::Send(ToRunner::LookBack)]
        }
        Event::RollbackBegun(_) => {
            app.say("going back: the steps of it stand here now");
            (app.place, app.selected) = (Place::Steps, None);
            output::show_tail(app)
        }
        Event::RollbackCalledOff { .. } => {
            app.say("not going back: the steps go on where they were");
            (app.place, app.selected) = (Place::Steps, None);
            output::show_tail(app)
        }
        Event::ReadingCorrected { correction, .. } => {
            document::correct::corrected(app, correction);
            output::show_tail(app)
        }
        Event::RunFinished { .. } => {
            app.place = Place::Log;
            vec![]
        }
        Event::Signed(sign_off) => {
            if let Ok(statement) = Statement::read(&sign_off.statement) {
                app.say(format!("signed as {} by {}", statement.role, statement.name));
            }
            vec![]
        }
        _ => output::show_tail(app),
    }
}

fn pressed(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if app.keyboard.is_some() {
        return pane::typed(app, key, at);
    }
    if !views::has_room(app.size) {
        // Nothing is drawn, and so nothing can be meant; but leaving is always possible.
        return if app.keys.action(app.place, &key) == Some(Action::Leave) { leave(app) } else { vec![] };
    }
    if app.overlays.last().is_some() {
        return overlay::pressed(app, key, at);
    }
    let Some(action) = app.keys.action(app.place, &key) else { return vec![] };
    if action.acts() && !app.takes_key(at) {
        return vec![];
    }
    app.message = None;
    act(app, action)
}

/// Does what a key or the palette asks for.
fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if app.looks_on() && !action.only_looks() {
        let words = app.looks_on_because();
        app.say(words);
        return vec![];
    }
    match action {
        Action::Help => app.overlays.push(Overlay::Help(0)),
        Action::Palette => {
            let palette = palette::open(app);
            app.overlays.push(Overlay::Palette(palette));
        }
        Action::Why => why::open(app),
        Action::Leave => return leave(app),
        Action::Suspend => return vec![Effect::Suspend],
        Action::NextScreen => {
            let order = [
                Place::Checklist,
                Place::Steps,
                Place::Health,
                Place::Monitor,
                Place::Log,
                Place::Commands,
                Place::Document,
            ];
            let at = order.iter().position(|p| *p == app.place).map_or(0, |at| (at + 1) % order.len());
            return go(app, order[at]);
        }
        Action::Screen(place) => return go(app, place),
        Action::Contacts => return rollback::contacts(app),
        Action::AddCommand => return fields::add_command(app),
        Action::HandOver => return fields::hand_over(app),
        Action::TakeControl if app.control.yours => app.say("control is here already"),
        Action::TakeControl if app.read_only || app.run.is_none() => app.say("there is nothing to take here"),
        Action::TakeControl => app.overlays.push(Overlay::Control),
        _ => {
            return match app.place {
                Place::Start => start::act(app, action),
                Place::Checklist => checklist::act(app, action),
                Place::Steps => steps::act(app, action),
                Place::Log => log::act(app, action),
                Place::Commands => commands::act(app, action),
                Place::Document => document::act(app, action),
                Place::Output => output::act(app, action),
                Place::Health => health::act(app, action),
                Place::Monitor => monitor::act(app, action),
                Place::Rollback => rollback::act(app, action),
                Place::Troubleshoot => trouble::act(app, action),
                Place::History => history::act(app, action),
            };
        }
    }
    vec![]
}

fn go(app: &mut App, place: Place) -> Vec<Effect> {
    if place == Place::History {
        return history::open(app);
    }
    if app.run.is_none() && place != Place::Document {
        app.say("the run has not been started");
        return vec![];
    }
    if place == Place::Document && app.place != Place::Document {
        app.came_from = app.place;
        document::open(app);
    }
    if place == Place::Commands && app.place != Place::Commands {
        app.ran_row = usize::MAX;
    }
    if place == Place::Rollback {
        return rollback::open(app);
    }
    if place == Place::Troubleshoot {
        (app.trouble.row, app.selected) = (0, None);
    }
    (app.place, app.led) = (place, false);
    if place == Place::Steps { output::show_tail(app) } else { vec![] }
}

/// Leaving while something runs in this process hangs it up, as closing a terminal does: that is asked about.
fn leave(app: &mut App) -> Vec<Effect> {
    let runs = app.run.as_ref().filter(|_| !app.looks_on() && !app.detaches);
    let running = runs.and_then(|r| r.running().or(r.background().first()).cloned());
    match running {
        Some(id) if app.message.as_deref() != Some(leave_warning(&id).as_str()) => {
            let warning = leave_warning(&id);
            app.say(warning);
            vec![]
        }
        _ => vec![Effect::Quit],
    }
}

fn leave_warning(id: &CommandId) -> String {
    format!("{id} still runs and would be hung up. End it with F8 first, or press q again to leave")
}

fn send(app: &mut App, request: Request) -> Vec<Effect> {
    vec![Effect::Send(app.ask(request))]
}

fn open_field(app: &mut App, field: Field) {
    app.overlays.push(Overlay::Field(field));
}

/// A row up or down, or a screenful, or to an end.
fn moved(at: usize, len: usize, action: Action, screenful: usize) -> usize {
    let last = len.saturating_sub(1);
    match action {
        Action::Down => (at + 1).min(last),
        Action::Up => at.saturating_sub(1),
        Action::PageDown => (at + screenful).min(last),
        Action::PageUp => at.saturating_sub(screenful),
        Action::First => 0,
        Action::Last => last,
        _ => at,
    }
}

/// Rows that a screenful moves by.
fn screenful(app: &App) -> usize {
    usize::from(app.size.1).saturating_sub(8).max(1)
}

/// Whether a key event is this plain character.
fn is_char(key: KeyEvent, c: char) -> bool {
    key.code == KeyCode::Char(c) && !key.modifiers.contains(KeyModifiers::CONTROL)
}
