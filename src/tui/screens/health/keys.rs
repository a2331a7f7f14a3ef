//! Keys on Health.

use crate::protocol::ToRunner;
use crate::run::Request;
use crate::run::health::{Row, RowId};
use crate::runbook::probes::{ProbeId, Source};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::health::ContainerLog;
use crate::tui::update::common::{moved, open_field, screenful, send};
use crate::tui::update::navigation;

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let rows = rows(app);
    let at = app.screens.health.at(&rows);
    if app.screens.health.detail {
        return in_detail(app, action, rows.get(at));
    }
    let moved = moved(at, rows.len(), action, screenful(app));
    let Some(row) = rows.get(moved) else { return vec![] };
    app.screens.health.row = Some(row.id.clone());
    match action {
        Action::Detail => {
            (app.screens.health.detail, app.screens.health.scrolled, app.screens.health.log) =
                (true, 0, None);
            vec![]
        }
        _ => common(app, action, Some(row)),
    }
}

fn in_detail(app: &mut App, action: Action, row: Option<&Row>) -> Vec<Effect> {
    match action {
        Action::Back if app.screens.health.log.is_some() => {
            app.screens.health.log = None;
            app.screens.health.scrolled = 0;
        }
        Action::Detail | Action::Back => app.screens.health.detail = false,
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            let length = crate::tui::screens::health::draw::detail_length(app);
            app.screens.health.scrolled = moved(app.screens.health.scrolled, length, action, screenful(app));
        }
        _ => return common(app, action, row),
    }
    vec![]
}

fn common(app: &mut App, action: Action, row: Option<&Row>) -> Vec<Effect> {
    match (action, row) {
        (Action::Baseline, _) => send(app, Request::Baseline),
        (Action::ContainerLog, Some(row)) => read_log(app, &row.id),
        (Action::Acknowledge, Some(row)) => acknowledge(app, &row.id.clone()),
        (Action::Source, Some(row)) if row.line > 0 => {
            app.visit(Screen::Document);
            navigation::open_document_at(app, row.line);
            vec![]
        }
        (Action::Source, Some(_)) => {
            app.say("this does not come from a line of the document");
            vec![]
        }
        _ => vec![],
    }
}

/// Asks for what is to be said about an alert.
pub(in crate::tui) fn acknowledge(app: &mut App, row: &RowId) -> Vec<Effect> {
    let known = app.run.as_ref().and_then(|r| r.alert(row)).map(|a| a.words.clone());
    match known {
        Some(words) => {
            let field = Field::new(
                "Acknowledge this alert: what is known about it?",
                Purpose::Acknowledge(row.clone()),
            );
            open_field(app, field.knowing(vec![words]));
        }
        None => app.say(format!("{row} is not alerting")),
    }
    vec![]
}

fn read_log(app: &mut App, row: &RowId) -> Vec<Effect> {
    let RowId::Subject(probe, name) = row else {
        app.say("only containers have a log");
        return vec![];
    };
    let health = app.health.as_ref();
    let docker =
        health.and_then(|h| h.watch.probe(probe)).is_some_and(|p| matches!(p.source, Source::Docker(_)));
    if !docker || name.is_empty() {
        app.say("only containers have a log");
        return vec![];
    }
    app.screens.health.detail = true;
    app.screens.health.scrolled = usize::MAX;
    app.screens.health.log = Some(ContainerLog { probe: probe.clone(), name: name.clone(), lines: None });
    vec![Effect::Send(ToRunner::ReadLog { probe: probe.clone(), name: name.clone() })]
}

/// A container's log was read.
pub(in crate::tui) fn log_came(
    app: &mut App,
    probe: ProbeId,
    name: String,
    lines: Result<Vec<String>, String>,
) -> Vec<Effect> {
    if let Some(log) = &mut app.screens.health.log
        && log.probe == probe
        && log.name == name
    {
        log.lines = Some(lines);
    }
    vec![]
}

/// The rows as they are now.
fn rows(app: &App) -> Vec<Row> {
    app.health_rows().to_vec()
}
