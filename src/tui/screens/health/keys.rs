//! Keys on Health.

use crate::protocol::ToRunner;
use crate::run::Request;
use crate::run::board::Row;
use crate::run::health::RowId;
use crate::runbook::probes::{ProbeId, Source};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::health::{Back, ContainerLog};
use crate::tui::update::common::{moved, open_field, screenful, send};
use crate::tui::update::{look, navigation};

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Closer => app.screens.health.closer(),
        Action::Farther => app.screens.health.farther(),
        Action::Wall => wall(app),
        Action::Back if app.screens.health.wall && app.screens.health.is_list() => {
            app.screens.health.wall = false
        }
        Action::Hold if app.screens.health.wall => app.say("the wall is live; leave it to hold a picture"),
        Action::Hold => hold(app),
        Action::Left | Action::Right => read_off(app, action == Action::Right),
        Action::Last if app.screens.health.moment.is_some() => app.screens.health.moment = None,
        Action::Compare => compare(app),
        Action::Order => order(app),
        _ => return on_rows(app, action),
    }
    vec![]
}

fn on_rows(app: &mut App, action: Action) -> Vec<Effect> {
    if app.screens.health.comparing {
        return in_comparison(app, action);
    }
    if app.screens.health.detail {
        return in_detail(app, action);
    }
    let rows = app.watched_rows();
    let moved = moved(app.screens.health.at(&rows), rows.len(), action, screenful(app));
    let Some(id) = rows.get(moved).map(|row| row.id.clone()) else {
        return if action == Action::Back { look::back(app) } else { vec![] };
    };
    app.screens.health.row = Some(id);
    match action {
        Action::Detail => {
            app.screens.health.close();
            app.screens.health.detail = true;
            vec![]
        }
        Action::Back => look::back(app),
        _ => common(app, action),
    }
}

fn in_detail(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Back if app.screens.health.log.is_some() => {
            app.screens.health.log = None;
            app.screens.health.scrolled = 0;
        }
        Action::Detail | Action::Back => app.screens.health.close(),
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            let length = crate::tui::screens::health::draw::length(app);
            app.screens.health.scrolled = moved(app.screens.health.scrolled, length, action, screenful(app));
        }
        _ => return common(app, action),
    }
    vec![]
}

fn in_comparison(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => {
            app.screens.health.close();
            // Whoever came here from another screen goes back there.
            if app.screens.health.back.as_ref().is_some_and(|back| back.screen == Screen::Monitor) {
                return look::back(app);
            }
        }
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            let rows = app.watched_rows().len();
            app.screens.health.scrolled = moved(app.screens.health.scrolled, rows, action, screenful(app));
        }
        _ => return common(app, action),
    }
    vec![]
}

/// The wall, or the list again.
fn wall(app: &mut App) {
    app.screens.health.close();
    app.screens.health.let_go();
    app.screens.health.wall = !app.screens.health.wall;
}

/// The picture stands still, or goes on.
fn hold(app: &mut App) {
    if app.screens.health.held.is_some() {
        app.screens.health.held = None;
    } else {
        app.screens.health.held = app.board().cloned().map(Box::new);
    }
}

fn read_off(app: &mut App, later: bool) {
    let known = |row: &&Row| row.strip.known().len();
    let strip = app.watched_rows().into_iter().max_by_key(known).map(|row| row.strip.clone());
    if let Some(strip) = strip {
        app.screens.health.read_off(&strip, later);
    }
}

fn order(app: &mut App) {
    let order = app.screens.health.order.next();
    app.screens.health.order = order;
    app.say(match order {
        crate::run::board::Order::Worst => "the worst first",
        crate::run::board::Order::Document => "as the document has them",
        crate::run::board::Order::Name => "by name",
    });
}

/// Before and after the release; from Monitor it leads back there.
pub(in crate::tui) fn compare(app: &mut App) {
    if app.screen == Screen::Health && app.screens.health.comparing {
        app.screens.health.close();
        return;
    }
    if app.screen != Screen::Health {
        let back = Back { screen: app.screen, came_from: app.came_from, overlays: vec![] };
        app.screens.health.back = Some(Box::new(back));
        app.screen = Screen::Health;
    }
    app.screens.health.close();
    app.screens.health.comparing = true;
}

fn common(app: &mut App, action: Action) -> Vec<Effect> {
    let row = app.watched_row().map(|row| (row.id.clone(), row.line));
    match (action, row) {
        (Action::Baseline, _) => send(app, Request::Baseline),
        (Action::ContainerLog, Some((id, _))) => read_log(app, &id),
        (Action::Acknowledge, Some((id, _))) => acknowledge(app, &id),
        (Action::Source, Some((_, line))) if line > 0 => {
            app.visit(Screen::Document);
            navigation::open_document_at(app, line);
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
