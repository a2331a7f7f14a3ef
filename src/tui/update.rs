//! Turns messages into changes of the app and effects. Knows no terminal and no clock.

use std::path::PathBuf;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::app::{App, Confirm, Field, Overlay, Place, Purpose, StartRow};
use super::keymap::{self, Action};
use super::msg::{Effect, Msg};
use super::views;
use crate::protocol::{ToClient, ToRunner};
use crate::record;
use crate::run::decide::Seen;
use crate::run::event::{PlaceChoice, Start};
use crate::run::ids::TextHash;
use crate::run::policy::{self, Confirmation};
use crate::run::state::{CommandState, ItemState, Standing};
use crate::run::{Event, Next, Outcome, Request, RunState, SkipReason, flow};
use crate::runbook::{CommandId, ItemId};
use crate::runner::NewRun;
use crate::shell::{Effect as CommandEffect, Kind};

mod fields;
mod pane;

/// Takes a message.
pub fn update(app: &mut App, message: Msg) -> Vec<Effect> {
    match message {
        Msg::Key(key, at) if key.kind != KeyEventKind::Release => pressed(app, key, at),
        Msg::Key(..) | Msg::Tick => vec![],
        Msg::Paste(text) => {
            // Pasted text goes into fields and into nothing else.
            if let Some(Overlay::Field(field)) = app.overlays.last_mut() {
                field.text.extend(text.chars().filter(|c| !c.is_control()));
            }
            vec![]
        }
        Msg::Resize(columns, rows) => {
            app.size = (columns, rows);
            pane_size(app)
        }
        Msg::Update(update) => updated(app, *update),
    }
}

/// A run was started or taken up.
pub fn attached(app: &mut App, state: RunState) -> Vec<Effect> {
    app.runbook = state.runbook_arc();
    let fresh = state.gate().is_none() && state.ran().is_empty();
    app.place = if fresh && !state.open_items().is_empty() { Place::Checklist } else { Place::Steps };
    app.run = Some(state);
    app.overlays.clear();
    app.message = None;
    let mut effects = pane_size(app);
    effects.extend(show_output(app));
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
            after_event(app, &record.event)
        }
        ToClient::Answered { refused: Some(refusal), .. } => {
            app.say(refusal.to_string());
            vec![]
        }
        ToClient::Answered { .. } | ToClient::Ended => vec![],
        ToClient::Screen { command, screen } => {
            app.screen = Some((command, *screen));
            vec![]
        }
        ToClient::Output { command, rows, left_out } => {
            app.output = Some((command, rows, left_out));
            vec![]
        }
        ToClient::Evaluated { command, target } => {
            if let Some(mut confirm) = app.evaluating.take().filter(|c| c.command == command) {
                confirm.target = target;
                open_confirm(app, confirm);
            }
            vec![]
        }
        ToClient::Trouble(text) => {
            app.say(text);
            vec![]
        }
    }
}

fn after_event(app: &mut App, event: &Event) -> Vec<Effect> {
    match event {
        Event::CommandStarted { command, .. } => {
            app.screen = None;
            app.back = 0;
            let kind = app.runbook.command(command).map(|c| c.kind);
            let entered = app
                .run
                .as_ref()
                .is_some_and(|r| r.place_choice(command) == Some(PlaceChoice::InteractiveThenStop));
            app.keyboard = kind == Some(Kind::Interactive) || entered;
            pane_size(app)
        }
        Event::CommandExited { .. } | Event::CommandLost { .. } => {
            app.from_pane = app.keyboard;
            app.keyboard = false;
            app.overlays.retain(|o| *o != Overlay::Stop);
            app.back = 0;
            show_output(app)
        }
        Event::ShellReplaced { lost } => {
            app.say(format!("the shell ended; a new one was started without {lost}"));
            vec![]
        }
        Event::RunFinished { .. } => {
            app.place = Place::Log;
            vec![]
        }
        _ => show_output(app),
    }
}

/// Asks for the output of the command looked at, where it has one that is not at hand.
fn show_output(app: &mut App) -> Vec<Effect> {
    let Some(id) = app.output_command() else { return vec![] };
    let Some(run) = &app.run else { return vec![] };
    let has_run = run.ran().iter().any(|r| r.command == id && r.exit.is_some());
    let known = app.output.as_ref().is_some_and(|(known, ..)| *known == id);
    let stale = run.ran().last().is_some_and(|r| r.command == id)
        && app.screen.as_ref().is_some_and(|(s, _)| *s == id);
    if has_run && (!known || stale) {
        app.screen = None;
        return vec![Effect::Send(ToRunner::Output(id))];
    }
    vec![]
}

fn pressed(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if app.keyboard {
        return pane::typed(app, key);
    }
    if let Some(overlay) = app.overlays.last().cloned() {
        return fields::overlay(app, overlay, key, at);
    }
    let Some(action) = keymap::action(app.place, &key) else { return vec![] };
    if action.acts() && !app.takes_key(at) {
        return vec![];
    }
    app.message = None;
    act(app, action)
}

fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Help => {
            app.overlays.push(Overlay::Help);
            vec![]
        }
        Action::Leave => leave(app),
        Action::Suspend => vec![Effect::Suspend],
        Action::NextScreen => {
            let order = [Place::Checklist, Place::Steps, Place::Log];
            let at = order.iter().position(|p| *p == app.place).map_or(0, |at| (at + 1) % order.len());
            go(app, order[at])
        }
        Action::Screen(place) => go(app, place),
        Action::Up | Action::Down => step(app, action == Action::Down),
        Action::PageUp | Action::PageDown => page(app, action == Action::PageDown),
        _ => match app.place {
            Place::Start => on_start(app, action),
            Place::Checklist => on_checklist(app, action),
            Place::Steps => on_steps(app, action),
            Place::Log => on_log(app, action),
        },
    }
}

fn go(app: &mut App, place: Place) -> Vec<Effect> {
    if app.run.is_none() {
        app.say("the run has not been started");
        return vec![];
    }
    app.place = place;
    if place == Place::Steps { show_output(app) } else { vec![] }
}

/// Leaving while something runs hangs it up, as closing a terminal does: that is asked about.
fn leave(app: &mut App) -> Vec<Effect> {
    let running = app.run.as_ref().and_then(|r| r.running().cloned());
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

fn step(app: &mut App, down: bool) -> Vec<Effect> {
    let moved =
        |at: usize, len: usize| if down { (at + 1).min(len.saturating_sub(1)) } else { at.saturating_sub(1) };
    match app.place {
        Place::Start => app.row = moved(app.row, app.start_rows().len()),
        Place::Checklist => app.item = moved(app.item, app.items().len()),
        Place::Log => app.log_row = if down { app.log_row + 1 } else { app.log_row.saturating_sub(1) },
        Place::Steps => {
            let Some(run) = &app.run else { return vec![] };
            let ids: Vec<CommandId> = run.runbook().step_commands().iter().map(|c| c.id.clone()).collect();
            let at = app.shown_command().and_then(|id| ids.iter().position(|i| *i == id)).unwrap_or(0);
            let next = flow::next(run).command().cloned();
            app.selected = ids.get(moved(at, ids.len())).cloned().filter(|id| Some(id) != next.as_ref());
            app.back = 0;
            return show_output(app);
        }
    }
    vec![]
}

fn page(app: &mut App, down: bool) -> Vec<Effect> {
    let rows = usize::from(app.size.1 / 2).max(1);
    match app.place {
        Place::Steps => app.back = if down { app.back.saturating_sub(rows) } else { app.back + rows },
        Place::Log => app.log_row = if down { app.log_row + rows } else { app.log_row.saturating_sub(rows) },
        Place::Checklist => {
            app.item = if down {
                (app.item + 10).min(app.items().len().saturating_sub(1))
            } else {
                app.item.saturating_sub(10)
            }
        }
        Place::Start => {}
    }
    vec![]
}

fn on_start(app: &mut App, action: Action) -> Vec<Effect> {
    let rows = app.start_rows();
    let Some(row) = rows.get(app.row).copied() else { return vec![] };
    match (row, action) {
        (StartRow::GoOn, Action::Next) => vec![Effect::TakeUp],
        (StartRow::Environment(at), Action::Next) => {
            app.environment = Some(at);
            // On to what still has to be answered, else to the start.
            let wanted = rows
                .iter()
                .position(|r| matches!(r, StartRow::Value(v) if needed(app, *v)))
                .unwrap_or(rows.len() - 1);
            app.row = wanted;
            vec![]
        }
        (StartRow::Value(at), Action::Next | Action::Edit) => {
            let value = &app.values[at];
            let lines = vec![match &value.default {
                Some(default) => format!("stands in the document as {default}, {} times", value.uses),
                None if value.secret => "secret: it is never shown, recorded or written".to_owned(),
                None => format!("used on line {}", value.line),
            }];
            let text = value.answer.clone().filter(|_| !value.secret).unwrap_or_default();
            let (title, secret) = (value.name.clone(), value.secret);
            open_field(app, Field { title, lines, text, secret, purpose: Purpose::Parameter(at) });
            vec![]
        }
        (StartRow::Operator, Action::Next | Action::Edit) => {
            let text = app.operator.clone();
            open_field(
                app,
                Field {
                    title: "Who runs this".into(),
                    lines: vec![],
                    text,
                    secret: false,
                    purpose: Purpose::Operator,
                },
            );
            vec![]
        }
        (StartRow::Ticket, Action::Next | Action::Edit) => {
            let text = app.ticket.clone().unwrap_or_default();
            open_field(
                app,
                Field {
                    title: "The change this belongs to".into(),
                    lines: vec![],
                    text,
                    secret: false,
                    purpose: Purpose::Ticket,
                },
            );
            vec![]
        }
        (StartRow::Start, Action::Next) => start(app),
        _ => vec![],
    }
}

/// Whether a value has to be answered before commands that use it can run.
fn needed(app: &App, at: usize) -> bool {
    let value = &app.values[at];
    let in_shell = std::env::var_os(&value.name).is_some();
    value.answer.is_none() && value.default.is_none() && !in_shell
}

fn start(app: &mut App) -> Vec<Effect> {
    let Some(name) = app.environment_name() else {
        app.say("choose an environment first");
        return vec![];
    };
    if let Some(unfinished) = &app.unfinished
        && app.before.iter().any(|r| &r.id.0 == unfinished && r.environment == name)
    {
        let text = format!(
            "{name} is held by {unfinished}: go on with it, or give it up with: gonogo stop {unfinished}"
        );
        app.say(text);
        return vec![];
    }
    let environment = app.runbook.environment(&name).cloned().unwrap_or_default();
    let (secrets, plain): (Vec<_>, Vec<_>) =
        app.values.iter().filter(|v| v.answer.is_some()).partition(|v| v.secret);
    let pairs = |values: Vec<&super::app::Value>| {
        values.into_iter().map(|v| (v.name.clone(), v.answer.clone().unwrap_or_default())).collect()
    };
    let start = Start {
        document: app.path.display().to_string(),
        title: app.runbook.title.clone(),
        sha256: app.runbook.sha256.clone(),
        production: policy::is_production(&environment, app.settings.production(&environment.name)),
        environment: name,
        operator: app.operator.clone(),
        ticket: app.ticket.clone(),
        gonogo: env!("CARGO_PKG_VERSION").to_owned(),
        headless: false,
    };
    let new = NewRun {
        document: app.document.clone(),
        start,
        directory: app.directory.clone(),
        parameters: pairs(plain),
        secrets: pairs(secrets),
    };
    vec![Effect::Start(Box::new(new))]
}

fn send(app: &mut App, request: Request) -> Vec<Effect> {
    vec![Effect::Send(app.ask(request))]
}

fn current_item(app: &App) -> Option<ItemId> {
    app.items().get(app.item).map(|i| i.id.clone())
}

fn on_checklist(app: &mut App, action: Action) -> Vec<Effect> {
    let (Some(item), Some(run)) = (current_item(app), app.run.as_ref()) else { return vec![] };
    match action {
        Action::Tick => match run.item(&item) {
            Some(ItemState::Ticked { .. }) => send(app, Request::Untick { item }),
            _ => {
                let evidence = evidence(run, &item);
                let effects = send(app, Request::Tick { item, evidence });
                app.item = (app.item + 1).min(app.items().len().saturating_sub(1));
                effects
            }
        },
        Action::RunItem => {
            let id = CommandId(item.0);
            if app.runbook.command(&id).is_none() {
                app.say("this item has no command");
                return vec![];
            }
            run_command(app, &id)
        }
        Action::Skip => {
            let title = format!("Skip {item}: why?");
            open_field(
                app,
                Field {
                    title,
                    lines: vec![],
                    text: String::new(),
                    secret: false,
                    purpose: Purpose::SkipItem(item),
                },
            );
            vec![]
        }
        Action::Note => note(app, item.0),
        _ => vec![],
    }
}

/// What the item's own command showed, as evidence for the tick.
fn evidence(run: &RunState, item: &ItemId) -> Option<String> {
    let ran = run.ran().iter().rev().find(|r| r.command.0 == item.0)?;
    let at = ran.started.with_timezone(&chrono::Local).format("%H:%M");
    Some(format!("ran {at}, {}, {:.1} s", ran.exit?, ran.elapsed_ms as f64 / 1000.0))
}

fn note(app: &mut App, about: String) -> Vec<Effect> {
    let title = format!("Note about {about}");
    open_field(
        app,
        Field { title, lines: vec![], text: String::new(), secret: false, purpose: Purpose::Note(about) },
    );
    vec![]
}

fn on_steps(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(next) = app.next() else { return vec![] };
    let Some(shown) = app.shown_command() else { return vec![] };
    // The answers belong to the next thing; they don't count while something else is looked at.
    let at_next = app.selected.is_none();
    match (action, &next) {
        (Action::Next, _) if !at_next => {
            app.selected = None;
            show_output(app)
        }
        (Action::Next, Next::Gate) => {
            app.overlays.push(Overlay::Gate);
            vec![]
        }
        (Action::Next, Next::Run(id)) => run_command(app, &id.clone()),
        (Action::Next, Next::Manual(_)) | (Action::MarkDone, _) => {
            let title = format!("{shown} was done by hand: what was done?");
            open_field(
                app,
                Field {
                    title,
                    lines: vec![],
                    text: String::new(),
                    secret: false,
                    purpose: Purpose::MarkDone(shown),
                },
            );
            vec![]
        }
        (Action::Next, Next::Finish | Next::Over) => go(app, Place::Log),
        (Action::Next, _) => {
            app.say(views::steps::question(&next));
            vec![]
        }
        (Action::Yes, Next::Condition(id)) if at_next => {
            send(app, Request::Answer { command: id.clone(), holds: true })
        }
        (Action::No, Next::Condition(id)) if at_next => {
            send(app, Request::Answer { command: id.clone(), holds: false })
        }
        (Action::Yes, Next::Choice(id)) if at_next => run_command(app, &id.clone()),
        (Action::No, Next::Choice(id)) if at_next => {
            let alternative = app.runbook.command(id).is_some_and(|c| c.alternative);
            let reason = if alternative { SkipReason::Alternative } else { SkipReason::Optional };
            send(app, Request::Skip { command: id.clone(), reason })
        }
        (Action::Here, Next::Place(id)) if at_next => {
            send(app, Request::ChoosePlace { command: id.clone(), choice: PlaceChoice::AlreadyHere })
        }
        (Action::Interactive, Next::Place(id)) if at_next => {
            send(app, Request::ChoosePlace { command: id.clone(), choice: PlaceChoice::InteractiveThenStop })
        }
        (Action::Attest | Action::Deny, _) => attest(app, &shown, action == Action::Attest),
        (Action::Run, _) => run_command(app, &shown),
        (Action::Skip, _) => {
            let failed = app
                .run
                .as_ref()
                .is_some_and(|r| matches!(r.standing(&shown), Standing::Failed | Standing::Lost));
            let title = if failed {
                format!("Go on although {shown} failed: why?")
            } else {
                format!("Skip {shown}: why?")
            };
            open_field(
                app,
                Field {
                    title,
                    lines: vec![],
                    text: String::new(),
                    secret: false,
                    purpose: Purpose::SkipCommand(shown),
                },
            );
            vec![]
        }
        (Action::Note, _) => note(app, shown.0),
        (Action::Keyboard, Next::Running(_)) => {
            app.keyboard = true;
            vec![]
        }
        (Action::Stop, Next::Running(_)) => {
            app.overlays.push(Overlay::Stop);
            vec![]
        }
        _ => vec![],
    }
}

fn attest(app: &mut App, id: &CommandId, met: bool) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let CommandState::Exited { attested, .. } = run.command(id) else { return vec![] };
    let open = attested.iter().position(Option::is_none);
    let Some(expectation) = open.or(if attested.is_empty() { None } else { Some(attested.len() - 1) }) else {
        app.say(format!("the document expects nothing of {id}"));
        return vec![];
    };
    send(app, Request::Attest { command: id.clone(), expectation, met, note: String::new() })
}

/// Runs a command, through whatever it asks for first.
fn run_command(app: &mut App, id: &CommandId) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let Some(command) = run.runbook().command(id) else { return vec![] };
    let text = run.text_of(command);
    let again = matches!(run.command(id), CommandState::Exited { exit, .. } if exit.is_success());
    let wanted = policy::confirmation(command, run.production());
    let repeats = again && command.effect != CommandEffect::Reads;
    if wanted == Confirmation::None && !repeats {
        return vec![Effect::Send(run_request(app, id, &text, (Confirmation::None, again)))];
    }
    let why = if wanted == Confirmation::None {
        repeat_words(run, id)
    } else {
        "It is destructive: it loses data or stops a whole service.".to_owned()
    };
    app.evaluating = Some(Confirm { command: id.clone(), text, target: vec![], why, again });
    vec![Effect::Send(ToRunner::Evaluate(id.clone()))]
}

fn repeat_words(run: &RunState, id: &CommandId) -> String {
    let CommandState::Exited { at, by, .. } = run.command(id) else { return String::new() };
    format!(
        "It succeeded at {} (run by {by}) and changes something.",
        at.with_timezone(&chrono::Local).format("%H:%M:%S %Z")
    )
}

fn run_request(app: &mut App, id: &CommandId, text: &str, terms: (Confirmation, bool)) -> ToRunner {
    let seq = app.run.as_ref().map(RunState::seq).unwrap_or_default();
    let seen = Seen { text: TextHash::of(text), seq };
    app.ask(Request::Run { command: id.clone(), seen, confirmed: terms.0, again: terms.1 })
}

fn open_confirm(app: &mut App, confirm: Confirm) {
    let Some(run) = &app.run else { return };
    let wanted = run
        .runbook()
        .command(&confirm.command)
        .map_or(Confirmation::TypeName, |c| policy::confirmation(c, run.production()));
    if wanted == Confirmation::TypeName {
        let mut lines = vec![confirm.why.clone(), format!("$ {}", confirm.text)];
        lines.extend(confirm.target.clone());
        lines.push(format!("at {}", run.place()));
        let title = format!("Type {} to run it", run.environment());
        open_field(
            app,
            Field { title, lines, text: String::new(), secret: false, purpose: Purpose::TypeName(confirm) },
        );
    } else {
        app.overlays.push(Overlay::Confirm(confirm));
    }
}

fn open_field(app: &mut App, field: Field) {
    app.overlays.push(Overlay::Field(field));
}

fn on_log(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Write => {
            let name =
                app.run.as_ref().map_or("deployment-log.md".to_owned(), |r| format!("{}-log.md", r.id()));
            open_field(
                app,
                Field {
                    title: "Write the log to".into(),
                    lines: vec![],
                    text: name,
                    secret: false,
                    purpose: Purpose::LogPath,
                },
            );
            vec![]
        }
        Action::Finish => send(app, Request::Finish { outcome: Outcome::Deployed }),
        Action::Fail => send(app, Request::Finish { outcome: Outcome::Failed }),
        Action::Reviewer => {
            let lines = vec!["Without a key the name is claimed, not proven.".to_owned()];
            open_field(
                app,
                Field {
                    title: "Who reviews".into(),
                    lines,
                    text: String::new(),
                    secret: false,
                    purpose: Purpose::Reviewer,
                },
            );
            vec![]
        }
        Action::Issue => {
            open_field(
                app,
                Field {
                    title: "An issue for the log".into(),
                    lines: vec![],
                    text: String::new(),
                    secret: false,
                    purpose: Purpose::Issue,
                },
            );
            vec![]
        }
        _ => vec![],
    }
}

/// The filled log as an effect that writes it.
fn write_log(app: &App, path: PathBuf) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    vec![Effect::WriteLog { path, text: record::fill(run).text }]
}

/// Whether a key event is this plain character.
fn is_char(key: KeyEvent, c: char) -> bool {
    key.code == KeyCode::Char(c) && !key.modifiers.contains(KeyModifiers::CONTROL)
}
