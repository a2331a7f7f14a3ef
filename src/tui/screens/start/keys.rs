//! Keys on Start.

use crate::client;
use crate::protocol::EndsWithLogin;
use crate::record::history::Past;
use crate::run::environment::is_production;
use crate::run::event::Start;
use crate::runner::NewRun;
use crate::text::counted;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screens::start::{ASKED_CHARS, StartRow, Value, remembered};
use crate::tui::update::common::{moved, open_field, screenful};
use crate::tui::update::navigation;
use crate::tui::widgets::editor::Editor;

/// The screens open: on the known run, or on Start, which looks what is to be known there.
pub(in crate::tui) fn opened(app: &mut App, at_once: bool) -> Vec<Effect> {
    if app.session.read_only || at_once {
        return vec![Effect::TakeUp];
    }
    let mut effects = read_past(app);
    effects.extend(app.session.detaches.then_some(Effect::LookAtLogin));
    effects
}

/// Reads what finished runs in the environment that is chosen say about the steps, where there are any.
fn read_past(app: &mut App) -> Vec<Effect> {
    app.earlier.past = Past::default();
    let title = app.book.runbook.title.clone();
    let Some(environment) = app.environment_name() else { return vec![] };
    if !app.earlier.has_finished(&title, &environment) {
        return vec![];
    }
    vec![Effect::ReadPast { title, environment, except: None }]
}

/// What runs before say was read; of an environment that is no longer looked at it is of no use.
pub(in crate::tui) fn past_read(app: &mut App, environment: &str, past: Past) {
    let shown = app.run.as_ref().map(|run| run.environment().to_owned()).or_else(|| app.environment_name());
    if shown.as_deref() == Some(environment) {
        app.earlier.past = past;
    }
}

/// The settings beside the document were accepted, or could not be.
pub(in crate::tui) fn accepted(app: &mut App, accepted: Result<(), String>) {
    if let Err(why) = accepted {
        return app.say(why);
    }
    let environment = app.environment_name();
    let start = &mut app.screens.start;
    let by_settings = start.operator == app.settings.operator;
    app.settings.accept();
    start.asked.clear();
    if by_settings {
        start.operator.clone_from(&app.settings.operator);
    }
    start.renew(&app.settings, &app.book.runbook, environment.as_deref(), &app.earlier.remembered);
    // There may be more to watch now, above the row that comes next.
    let next = |row: &StartRow| matches!(row, StartRow::Login | StartRow::Start);
    app.screens.start.row = app.start_rows().iter().position(next).unwrap_or(app.screens.start.row);
}

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let rows = app.start_rows();
    app.screens.start.row = moved(app.screens.start.row, rows.len(), action, screenful(app));
    let Some(row) = rows.get(app.screens.start.row).copied() else { return vec![] };
    if let StartRow::Asked(at) = row
        && at < app.screens.start.read + asked_in_view(app)
    {
        app.screens.start.read = app.screens.start.read.max(at + 1);
    }
    match (row, action) {
        (StartRow::Asked(_), Action::Next) => app.screens.start.row += 1,
        (StartRow::Accept, Action::Next) if is_read(app) => return vec![Effect::AcceptCommands],
        (StartRow::Accept, Action::Next) => {
            app.say("read all of it first: you have not seen what follows");
            go_to_asked(app);
        }
        (StartRow::Login, Action::Next) => return vec![Effect::LookAtLogin],
        (StartRow::GoOn, Action::Next) => return vec![Effect::TakeUp],
        (StartRow::Environment(at), Action::Next) => {
            app.screens.start.environment = Some(at);
            if let Some(name) = app.environment_name() {
                let remembered = remembered(&app.earlier.remembered, &name);
                app.screens.start.answer(&app.settings, &name, &remembered);
                app.screens.start.watch_in(&app.settings, &app.book.runbook, &name);
            }
            app.screens.start.row = app.screens.start.next_of(&app.start_rows());
            return read_past(app);
        }
        (StartRow::Probe(at), Action::Next) => turn(app, at),
        (StartRow::Target(at), Action::Next) => {
            let target = app.screens.start.watch.targets.get_mut(at);
            if let Some(target) = target {
                target.on = !target.on;
            }
        }
        (StartRow::Reading, Action::Next) => return navigation::open_document_at_first(app),
        (StartRow::Start, Action::Next) => return start(app),
        (row, Action::Next | Action::Edit) => {
            if let Some(field) = field(app, row) {
                open_field(app, field);
            }
        }
        _ => {}
    }
    vec![]
}

/// So many rows of what the settings ask for are in view above the current one, at least.
fn asked_in_view(app: &App) -> usize {
    let width = usize::from(app.size.0).saturating_sub(18).max(1);
    (screenful(app) / 2 / ASKED_CHARS.div_ceil(width)).max(1)
}

/// Whether all that the settings ask for was in view, or is from the row that accepts it.
fn is_read(app: &App) -> bool {
    app.screens.start.asked.len() <= app.screens.start.read + asked_in_view(app)
}

/// To the row that accepts the settings, or to the first of them that was not in view yet.
fn go_to_asked(app: &mut App) {
    let to = if is_read(app) { StartRow::Accept } else { StartRow::Asked(app.screens.start.read) };
    let at = app.start_rows().iter().position(|row| *row == to);
    app.screens.start.row = at.unwrap_or(app.screens.start.row);
}

/// A probe on or off; what it measures is bound to it, or not.
fn turn(app: &mut App, at: usize) {
    let Some(name) = app.environment_name() else { return };
    let said = app.settings.watch_in(&name);
    if let Some((id, on)) = app.screens.start.watch.probes.get(at).map(|p| (p.id.clone(), p.on)) {
        app.screens.start.watch.turn(&id, !on, &app.book.runbook, &said);
    }
}

/// It was looked whether a run outlives this login. The row that somebody is on stays theirs.
pub(in crate::tui) fn looked_at_login(app: &mut App, ends: Option<EndsWithLogin>) {
    let current = app.start_rows().get(app.screens.start.row).copied();
    app.screens.start.ends_with_login = ends;
    let rows = app.start_rows();
    let at = rows.iter().position(|r| Some(*r) == current);
    app.screens.start.row = at.unwrap_or(rows.len() - 1);
}

fn field(app: &App, row: StartRow) -> Option<Field> {
    Some(match row {
        StartRow::Value(at) => value_field(&app.screens.start.values[at], at),
        StartRow::Operator => {
            Field::new("Who runs this", Purpose::Operator).with(&app.screens.start.operator)
        }
        StartRow::Ticket => Field::new("The change this run belongs to", Purpose::Ticket)
            .with(app.screens.start.ticket.as_deref().unwrap_or_default()),
        StartRow::Window => Field::new("The change window, local time", Purpose::Window)
            .with(&app.screens.start.window.map(crate::tui::widgets::text::window_words).unwrap_or_default())
            .knowing(vec!["Two times, such as 21:00-23:00; empty for none.".into()]),
        StartRow::GoOn
        | StartRow::Environment(_)
        | StartRow::Probe(_)
        | StartRow::Target(_)
        | StartRow::Reading
        | StartRow::Asked(_)
        | StartRow::Accept
        | StartRow::Login
        | StartRow::Start => return None,
    })
}

fn value_field(value: &Value, at: usize) -> Field {
    let known = match (&value.default, value.from) {
        (Some(default), Some(line)) => format!("line {line} sets it to {default}"),
        (Some(default), None) => format!("{default} in the document, {}", counted(value.uses, "time")),
        (None, Some(line)) if !value.secret => format!("line {line} sets it, but no run executes that line"),
        (None, _) if value.secret => "secret: it is never shown, recorded or written".to_owned(),
        (None, _) if value.elsewhere => "asked for only if the shell has no value".to_owned(),
        (None, _) => format!("used on line {}", value.line),
    };
    let text = value.answer.clone().filter(|_| !value.secret).map(|(a, _)| a).unwrap_or_default();
    Field {
        title: value.name.clone(),
        lines: vec![known],
        editor: Editor::line(&text, value.secret),
        purpose: Purpose::Parameter(at),
    }
}

fn start(app: &mut App) -> Vec<Effect> {
    if !app.screens.start.asked.is_empty() {
        app.say("the settings beside the document are not accepted yet: read them, then accept them here");
        go_to_asked(app);
        return vec![];
    }
    let Some(name) = app.environment_name() else {
        app.say("choose an environment first");
        return vec![];
    };
    if let Some(unfinished) = app.earlier.holds(&name) {
        let text =
            format!("{unfinished} holds {name}: continue it, or give it up with gonogo stop {unfinished}");
        app.say(text);
        return vec![];
    }
    if app.settings.locked(&name)
        && let Some(why) = app.book.agreement.refused()
    {
        app.say(format!(
            "{name} runs only an agreed reading: {why}; gonogo lock {}",
            app.book.path.display()
        ));
        return vec![];
    }
    let environment = app.book.runbook.environment(&name).cloned().unwrap_or_default();
    let (secrets, plain): (Vec<_>, Vec<_>) =
        app.screens.start.values.iter().filter(|v| v.answer.is_some()).partition(|v| v.secret);
    let pairs = |values: Vec<&Value>| {
        values
            .into_iter()
            .map(|v| (v.name.clone(), v.answer.clone().map(|(a, _)| a).unwrap_or_default()))
            .collect()
    };
    let start = Start {
        document: app.book.path.display().to_string(),
        title: app.book.runbook.title.clone(),
        sha256: app.book.runbook.sha256.clone(),
        production: is_production(&environment, app.settings.production(&environment.name)),
        environment: name,
        operator: app.screens.start.operator.clone(),
        ticket: app.screens.start.ticket.clone(),
        gonogo: env!("CARGO_PKG_VERSION").to_owned(),
        headless: false,
        plan: None,
        window: app.screens.start.window,
        zone_s: Some(client::zone_s()),
        sign: app.settings.sign.policy.kept(),
        corrections: app.book.runbook.corrections.clone(),
    };
    let new = NewRun {
        document: app.book.text.clone(),
        start,
        directory: app.book.directory.clone(),
        parameters: pairs(plain),
        secrets: pairs(secrets),
        watch: app.screens.start.watch.clone(),
    };
    app.say(format!("starting in {}", new.start.environment));
    vec![Effect::Start(Box::new(new))]
}
