//! Keys on Monitor.

use chrono::Utc;

use crate::run::monitoring::{self, RoundId};
use crate::run::{Request, RunState};
use crate::runbook::{Item, ItemId};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screens::health::keys as health;
use crate::tui::update::common::{moved, open_field, screenful, send};

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let items = items(app);
    app.screens.monitor.item = moved(
        app.screens.monitor.item.min(items.len().saturating_sub(1)),
        items.len(),
        action,
        screenful(app),
    );
    let item = items.get(app.screens.monitor.item).cloned();
    let begun = app.run.as_ref().is_some_and(|r| r.watched().is_some());
    match action {
        Action::Next if !begun => return send(app, Request::BeginMonitoring),
        Action::Next => return answer(app, item),
        Action::Deny => {
            let (Some(item), Some(round)) = (item, open(app)) else {
                app.say("no round is open now");
                return vec![];
            };
            open_field(app, Field::new("Not as it should be: what is wrong?", Purpose::RoundNo(round, item)));
        }
        Action::Acknowledge => {
            let open = app.run.as_ref().and_then(|r| r.open_alerts().find(|a| a.acknowledged.is_none()));
            match open.map(|a| a.row.clone()) {
                Some(row) => return health::acknowledge(app, &row),
                None => app.say("no alert is waiting for an answer"),
            }
        }
        Action::Compare => health::compare(app),
        Action::EndMonitoring => {
            if app.run.as_ref().is_some_and(RunState::is_watched) {
                open_field(
                    app,
                    Field::new("End the monitoring before its time: why?", Purpose::EndMonitoring),
                );
            } else {
                app.say("no monitoring is in progress");
            }
        }
        _ => {}
    }
    vec![]
}

/// Answers an item of the open round with yes.
fn answer(app: &mut App, item: Option<ItemId>) -> Vec<Effect> {
    let (Some(item), Some(round)) = (item, open(app)) else {
        app.say("no round is open now");
        return vec![];
    };
    let last = items(app).len().saturating_sub(1);
    app.screens.monitor.item = (app.screens.monitor.item + 1).min(last);
    send(app, Request::AnswerRound { round, item, met: true, note: String::new() })
}

/// The round that is open now.
fn open(app: &App) -> Option<RoundId> {
    let watched = app.run.as_ref()?.watched().filter(|w| w.ended.is_none())?;
    let open = watched.rounds.iter().rev().find(|r| r.held.is_none())?;
    Some(open.id)
}

/// Items of the window that is shown.
fn items(app: &App) -> Vec<ItemId> {
    let Some(run) = &app.run else { return vec![] };
    let windows = &run.runbook().monitoring;
    let at = run.watched().map_or(0, |w| monitoring::window_at(windows, w.since, Utc::now()));
    windows.get(at).map_or(vec![], |w| w.items.iter().map(|i: &Item| i.id.clone()).collect())
}
