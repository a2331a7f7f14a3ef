//! Keys on Troubleshoot.

use super::super::app::{App, Field, Place, Purpose, TroubleRow};
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::common::{moved, open_field, screenful};
use super::live::live;
use super::navigation::{go, open_rollback};
use super::{reading, run};
use crate::run::trouble::Leads;
use crate::runbook::CommandId;

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Next => chosen(app),
        Action::Search => {
            let field = Field::new("Problems that contain these words", Purpose::Problems);
            let typed = app.screens.trouble.typed.clone();
            open_field(app, field.with(&typed));
            vec![]
        }
        Action::Output => at(app).map_or(vec![], |id| reading::open(app, id)),
        Action::Stop => live(app, action),
        Action::Back => {
            app.screens.steps.selected = None;
            go(app, Place::Steps)
        }
        _ => {
            let rows = app.trouble_rows().len();
            app.screens.trouble.row = moved(app.screens.trouble.row, rows, action, screenful(app));
            app.screens.steps.selected = at(app);
            if app.screens.steps.selected.is_some() { reading::show_tail(app) } else { vec![] }
        }
    }
}

/// The command at the cursor.
fn at(app: &App) -> Option<CommandId> {
    match app.trouble_rows().get(app.screens.trouble.row) {
        Some(TroubleRow::Command(id)) => Some((*id).clone()),
        _ => None,
    }
}

fn chosen(app: &mut App) -> Vec<Effect> {
    let failed = app.troubled();
    let rows = app.trouble_rows();
    let (leads, words) = match rows.get(app.screens.trouble.row) {
        Some(TroubleRow::Command(id)) => {
            let id = (*id).clone();
            app.screens.steps.selected = Some(id.clone());
            return run::run_command(app, &id);
        }
        Some(TroubleRow::Hint(hint)) => (hint.leads, format!("line {}: {}", hint.line, hint.says)),
        Some(TroubleRow::Problem(..)) => {
            let next = app.screens.trouble.row + 1;
            app.screens.trouble.row = next.min(rows.len().saturating_sub(1));
            app.screens.steps.selected = at(app);
            return reading::show_tail(app);
        }
        None => return vec![],
    };
    match (leads, failed) {
        (Leads::Back, _) => open_rollback(app),
        (Leads::Past, Some(failed)) => {
            let title = format!("Go on although {failed} failed: why?");
            app.screens.steps.selected = None;
            app.place = Place::Steps;
            open_field(app, Field::new(title, Purpose::SkipCommand(failed)).with(&words));
            vec![]
        }
        (Leads::Past, None) => {
            app.say("no failure to continue after");
            vec![]
        }
        (Leads::Nowhere, _) => {
            app.say("do that yourself; ! runs and records a command of your own");
            vec![]
        }
    }
}
