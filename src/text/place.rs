//! In which place something is run, and where a place command has led.

use crate::run::event::Exit;
use crate::run::places::leads_back;
use crate::run::state::RunState;
use crate::runbook::CommandId;
use crate::shell::Kind;

/// The place that a command line is run in, before it, where that is behind a door: `[deploy@web] `.
pub fn prompt(run: &RunState) -> String {
    if run.entered().is_empty() { String::new() } else { format!("[{}] ", run.place().login) }
}

/// What a command came to. One that has led to a place has not ended: what follows runs inside.
pub fn came_to(run: &RunState, id: &CommandId, exit: Exit) -> String {
    let command = run.find(id).filter(|c| c.kind == Kind::Place && exit.is_success());
    match command {
        Some(_) if run.entered().last() == Some(id) => format!("inside {}", run.place()),
        Some(command) if leads_back(run, command) => format!("back at {}", run.place()),
        _ => exit.to_string(),
    }
}
