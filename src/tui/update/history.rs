//! Keys on History.

use super::super::app::App;
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::common::{moved, screenful};

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let runs = app.history.as_deref().unwrap_or_default();
    match action {
        Action::Back => app.place = app.came_from,
        Action::Next => {
            let chosen = runs.get(app.history_row).map(|told| told.summary.id.clone());
            return chosen.map_or(vec![], |id| vec![Effect::ShowLog(id)]);
        }
        _ => app.history_row = moved(app.history_row, runs.len(), action, screenful(app)),
    }
    vec![]
}
