//! Keys on the command log.

use crate::run::Next;
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::update::common::{moved, screenful};
use crate::tui::update::reading;

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
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
                app.screen = Screen::Checklist;
                return vec![];
            }
            let next = app.next().and_then(Next::command).cloned();
            app.screens.steps.select(command, next.as_ref());
            app.screen = Screen::Steps;
            reading::show_tail(app)
        }
        Action::Output => reading::open_attempt(app, command, Some(attempt)),
        _ => vec![],
    }
}
