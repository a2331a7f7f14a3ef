//! Keys on the command log.

use super::super::app::{App, Place};
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::common::{moved, screenful};
use super::reading;

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let len = run.ran().len();
    app.ran_row = moved(app.ran_row.min(len.saturating_sub(1)), len, action, screenful(app));
    let Some(ran) = run.ran().get(app.ran_row) else { return vec![] };
    let (command, attempt) = (ran.command.clone(), ran.attempt);
    match action {
        Action::Source => {
            let item = app.items().iter().position(|i| i.id.0 == command.0);
            if let Some(item) = item {
                app.item = item;
                app.place = Place::Checklist;
                return vec![];
            }
            app.selected =
                Some(command).filter(|c| app.next().and_then(|n| n.command().cloned()).as_ref() != Some(c));
            app.place = Place::Steps;
            reading::show_tail(app)
        }
        Action::Output => reading::open_attempt(app, command, Some(attempt)),
        _ => vec![],
    }
}
