//! Keys on History.

use super::super::app::App;
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::common::{moved, screenful};

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let runs = app.screens.history.runs.as_deref().unwrap_or_default();
    match action {
        Action::Back => app.place = app.came_from,
        Action::Next => {
            let chosen = runs.get(app.screens.history.row).map(|told| told.summary.id.clone());
            return chosen.map_or(vec![], |id| vec![Effect::ShowLog(id)]);
        }
        _ => app.screens.history.row = moved(app.screens.history.row, runs.len(), action, screenful(app)),
    }
    vec![]
}
