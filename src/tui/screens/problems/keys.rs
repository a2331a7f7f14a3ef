//! Keys on Troubleshoot.

use crate::run::trouble::Leads;
use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::problems::ProblemRow;
use crate::tui::update::common::{moved, named, open_field, screenful};
use crate::tui::update::live::live;
use crate::tui::update::navigation::open_rollback;
use crate::tui::update::{reading, run};

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Next => chosen(app),
        Action::Search => {
            let field = Field::new("Problems that contain these words", Purpose::Problems);
            let typed = app.screens.problems.typed.clone();
            open_field(app, field.with(&typed));
            vec![]
        }
        Action::Output => at(app).map_or(vec![], |id| reading::open(app, id)),
        Action::Stop => live(app, action),
        _ => {
            let rows = app.problem_rows().len();
            app.screens.problems.row = moved(app.screens.problems.row, rows, action, screenful(app));
            app.screens.steps.selected = at(app);
            if app.screens.steps.selected.is_some() { reading::show_tail(app) } else { vec![] }
        }
    }
}

/// The command at the cursor.
fn at(app: &App) -> Option<CommandId> {
    match app.problem_rows().get(app.screens.problems.row) {
        Some(ProblemRow::Command(id)) => Some(id.clone()),
        _ => None,
    }
}

fn chosen(app: &mut App) -> Vec<Effect> {
    let failed = app.troubled().cloned();
    let rows = app.problem_rows();
    let (leads, words) = match rows.get(app.screens.problems.row) {
        Some(ProblemRow::Command(id)) => {
            let id = id.clone();
            app.screens.steps.selected = Some(id.clone());
            return run::run_command(app, &id);
        }
        Some(ProblemRow::Hint(hint)) => (hint.leads, format!("line {}: {}", hint.line, hint.says)),
        Some(ProblemRow::Problem(..)) => {
            let next = app.screens.problems.row + 1;
            app.screens.problems.row = next.min(rows.len().saturating_sub(1));
            app.screens.steps.selected = at(app);
            return reading::show_tail(app);
        }
        None => return vec![],
    };
    match (leads, failed) {
        (Leads::Back, _) => open_rollback(app),
        (Leads::Past, Some(failed)) => {
            let title = format!("Continue although {} failed: why?", named(app, &failed));
            app.screens.steps.selected = None;
            app.screen = Screen::Steps;
            open_field(app, Field::new(title, Purpose::SkipCommand(failed)).with(&words));
            vec![]
        }
        (Leads::Past, None) => {
            app.say("no command has failed, so there is nothing to skip");
            vec![]
        }
        (Leads::Nowhere, _) => {
            let key = app.key(Action::AddCommand);
            app.say(format!("do that yourself; {key} runs and records a command of your own"));
            vec![]
        }
    }
}
