//! Keys on Checklist.

use crate::run::state::{ItemState, Standing};
use crate::run::{Next, Request, RunState, items};
use crate::runbook::{CommandId, ItemId};
use crate::text::{self as words, capital};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::update::common::{moved, named, open_field, screenful, send};
use crate::tui::update::navigation::go;
use crate::tui::update::{asking, reading, run};

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    app.screens.checklist.item =
        moved(app.screens.checklist.item, app.book.items().len(), action, screenful(app));
    let item = app.book.items().get(app.screens.checklist.item).map(|i| i.id.clone());
    let (Some(item), Some(run)) = (item, app.run.as_ref()) else { return vec![] };
    match action {
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            reading::show_tail(app)
        }
        Action::Tick => match run.item(&item) {
            // Who presses once too often must not take back what was confirmed: that has a key of its own.
            Some(ItemState::Ticked { .. }) => {
                let key = app.key(Action::Untick);
                app.say(format!("ticked already; {key} takes the tick off"));
                vec![]
            }
            _ => {
                let probed = app.probed(&item).map(str::to_owned);
                let evidence = evidence(run, &item).or(probed);
                let found = app.book.runbook.item(&item);
                if let Some(why) = found.and_then(|found| items::against(run, found)) {
                    let lines = vec![found.map_or(String::new(), |i| i.text.clone()), capital(&why)];
                    let purpose = Purpose::TickItem(item, evidence);
                    open_field(app, Field::new("Tick it anyway: why?", purpose).knowing(lines));
                    return vec![];
                }
                tick(app, item, evidence, None)
            }
        },
        Action::Untick => match run.item(&item) {
            Some(ItemState::Ticked { .. }) => send(app, Request::Untick { item }),
            _ => {
                app.say("this item is not ticked");
                vec![]
            }
        },
        Action::RunItem => {
            let id = CommandId(item.0);
            if app.book.runbook.command(&id).is_none() {
                app.say("this item has no command");
                return vec![];
            }
            run::run_command(app, &id)
        }
        Action::Output => {
            let id = CommandId(item.0);
            if run.last_run(&id).is_none() {
                let key = app.key(Action::RunItem);
                app.say(format!("the command of this item has not run yet; {key} runs it"));
                return vec![];
            }
            reading::open(app, id)
        }
        Action::Skip => {
            open_field(
                app,
                Field::new(
                    format!("Skip {}: why?", named(app, &CommandId(item.0.clone()))),
                    Purpose::SkipItem(item),
                ),
            );
            vec![]
        }
        Action::Note => asking::note(app, item.0),
        _ => vec![],
    }
}

/// Ticks an item, with the reason where something speaks against it; the next one is looked at.
pub(in crate::tui) fn tick(
    app: &mut App,
    item: ItemId,
    evidence: Option<String>,
    reason: Option<String>,
) -> Vec<Effect> {
    let effects = send(app, Request::Tick { item, evidence, reason });
    let last = app.book.items().len().saturating_sub(1);
    app.screens.checklist.item = (app.screens.checklist.item + 1).min(last);
    effects
}

/// Goes to an item that is due now; whoever has answered the last of them comes back to the steps.
pub(in crate::tui) fn lead_to(app: &mut App, item: &ItemId) -> Vec<Effect> {
    if let Some(at) = app.book.items().iter().position(|i| &i.id == item) {
        (app.screens.checklist.item, app.screen, app.screens.checklist.led) = (at, Screen::Checklist, true);
    }
    vec![]
}

/// An item was ticked or left out. Where the steps led here, the next one that is due is looked at, and without one the
/// steps go on.
pub(in crate::tui) fn answered(app: &mut App) -> Vec<Effect> {
    if app.screen != Screen::Checklist || !app.screens.checklist.led {
        app.screens.checklist.led = false;
        return vec![];
    }
    match app.next() {
        Some(Next::Check(item)) => lead_to(app, &item.clone()),
        _ => {
            app.screens.checklist.led = false;
            go(app, Screen::Steps)
        }
    }
}

/// What the item's own command showed, as evidence for the tick.
fn evidence(run: &RunState, item: &ItemId) -> Option<String> {
    let ran = run.last_run(&CommandId(item.0.clone()))?;
    let at = ran.started.with_timezone(&chrono::Local).format("%H:%M");
    let came = match run.standing_of_run(ran) {
        Standing::DoneNothingClaimed => String::new(),
        _ => format!(", {}", words::run_came(run, ran)),
    };
    Some(format!("ran {at}, {}, {:.1} s{came}", ran.exit?, ran.elapsed_ms as f64 / 1000.0))
}
