//! Keys on History.

use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::update::common::{moved, screenful};

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let runs = app.screens.history.runs.as_deref().unwrap_or_default();
    match action {
        Action::Back => app.screen = app.came_from,
        Action::Next => {
            let chosen = runs.get(app.screens.history.row).map(|told| told.summary.id.clone());
            return chosen.map_or(vec![], |id| vec![Effect::ShowLog(id)]);
        }
        _ => app.screens.history.row = moved(app.screens.history.row, runs.len(), action, screenful(app)),
    }
    vec![]
}
