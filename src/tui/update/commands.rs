//! Keys on the command log.

use super::super::app::{App, Place};
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::common::{moved, screenful};
use super::reading;

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let len = run.ran().len();
    app.screens.commands.row =
        moved(app.screens.commands.row.min(len.saturating_sub(1)), len, action, screenful(app));
    let Some(ran) = run.ran().get(app.screens.commands.row) else { return vec![] };
    let (command, attempt) = (ran.command.clone(), ran.attempt);
    match action {
        Action::Source => {
            let item = app.book.items().iter().position(|i| i.id.0 == command.0);
            if let Some(item) = item {
                app.screens.checklist.item = item;
                app.place = Place::Checklist;
                return vec![];
            }
            let next = app.next().and_then(|n| n.command().cloned());
            app.screens.steps.select(command, next.as_ref());
            app.place = Place::Steps;
            reading::show_tail(app)
        }
        Action::Output => reading::open_attempt(app, command, Some(attempt)),
        _ => vec![],
    }
}
