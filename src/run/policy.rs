//! What asks for confirmation, what counts as production, where the gate stands.

use serde::{Deserialize, Serialize};

use super::event::Outcome;
use super::request::Request;
use super::rollback;
use super::state::RunState;
use crate::runbook::{Command, CommandId, Environment, Runbook, Step, words};
use crate::shell::Effect;

/// What the operator has to give before a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// The key that runs it.
    None,
    /// Two different keys, the evaluated target in view.
    TwoKeys,
    /// The environment's name, typed.
    TypeName,
}

/// What a command asks for. What only removes test data asks for two keys even in production: typing the
/// name has to stay rare, or it becomes a reflex.
pub fn confirmation(command: &Command, production: bool) -> Confirmation {
    match command.effect {
        Effect::Reads | Effect::Changes => Confirmation::None,
        Effect::Destructive if production && !only_test_data(&command.text) => Confirmation::TypeName,
        Effect::Destructive => Confirmation::TwoKeys,
    }
}

fn only_test_data(text: &str) -> bool {
    let lower = text.to_lowercase();
    let removes_rows =
        lower.contains("delete from") || lower.contains("-x delete") || lower.contains("--request delete");
    let drops = ["drop ", "truncate", "rm -", "down"].iter().any(|w| lower.contains(w));
    removes_rows && !drops && ["smoke", "test"].iter().any(|w| lower.contains(w))
}

/// Whether an environment is production: what the settings say of it, else that a word of its name or URL
/// begins with "prod".
pub fn is_production(environment: &Environment, said: Option<bool>) -> bool {
    if let Some(said) = said {
        return said;
    }
    let text = format!("{} {}", environment.name, environment.url.as_deref().unwrap_or(""));
    says_production(&text)
}

/// What the environment of a document without any is called.
pub const NO_ENVIRONMENT: &str = "default";

/// Whether a name says that it is production: a word of it begins with "prod".
pub fn says_production(name: &str) -> bool {
    words::lower_words(name).iter().any(|w| w.starts_with("prod"))
}

/// Whether a request is carried out although it can't be recorded: what ends or looks, what takes back with all
/// that it asks for, and facts, which are so whether they are written or not. A new step is not.
pub fn goes_on_unrecorded(state: &RunState, request: &Request) -> bool {
    let reads = |command: &CommandId| {
        state.added().contains(command) && state.find(command).is_some_and(|c| c.effect == Effect::Reads)
    };
    match request {
        Request::Finish { outcome: Outcome::Failed, .. } => state.goes_back(),
        Request::Run { command, .. } => takes_back(state, command) || reads(command),
        Request::Skip { command, .. }
        | Request::MarkDone { command, .. }
        | Request::Answer { command, .. }
        | Request::ChoosePlace { command, .. }
        | Request::Attest { command, .. }
        | Request::Edit { command, .. } => takes_back(state, command),
        // A value that going back needs.
        Request::SetParameter { .. }
        | Request::RollBack { .. }
        | Request::CallOffRollback { .. }
        | Request::TakeAlong { .. }
        | Request::FileMade { .. }
        | Request::Recognised { .. }
        | Request::Finish { outcome: Outcome::RolledBack, .. }
        | Request::Cancel { .. }
        | Request::AcceptPlan { .. }
        | Request::StopWaiting
        | Request::KeepInBackground { .. }
        | Request::Add { .. }
        | Request::Note { .. }
        | Request::Observed { .. }
        | Request::Entered { .. }
        | Request::Left { .. }
        | Request::SurvivorsSeen { .. }
        | Request::Exited { .. }
        | Request::Judged { .. }
        | Request::Lost { .. }
        | Request::NotStarted { .. }
        | Request::Resumed { .. }
        | Request::Forgot { .. }
        | Request::TookControl { .. }
        | Request::HandOver { .. }
        | Request::Captured { .. }
        | Request::ShellReplaced { .. }
        | Request::Alert { .. }
        | Request::Well { .. }
        | Request::Acknowledge { .. }
        | Request::OpenRound { .. }
        | Request::AnswerRound { .. }
        | Request::CloseRound { .. }
        | Request::Sent { .. }
        | Request::OutputUnrecorded { .. }
        | Request::OutputAfter { .. }
        | Request::Gap { .. } => true,
        _ => false,
    }
}

/// Whether a command belongs to going back.
fn takes_back(state: &RunState, command: &CommandId) -> bool {
    rollback::belongs(state.runbook(), command)
        || state.going_back().is_some() && state.path().iter().any(|c| &c.id == command)
}

/// Whether a host's name speaks of another environment than the one chosen.
///
/// Where the document has none nobody chose: then the host says whether it is production ([`says_production`]).
pub fn contradicts(host: &str, environment: &str, production: bool) -> bool {
    if environment == NO_ENVIRONMENT {
        return false;
    }
    let host = words::lower_words(host);
    let chosen = words::lower_words(environment);
    let says = |w: &str| host.iter().any(|x| x.starts_with(w));
    let meant = |w: &str| chosen.iter().any(|x| x.starts_with(w));
    (says("prod") && !production)
        || (says("stag") && !meant("stag"))
        || (production && (says("test") || says("dev")))
}

/// The index, among the steps' commands, that the gate stands before: the first command that changes the
/// service. What a preparing step does (checks, backups) comes before it.
pub fn gate_index(runbook: &Runbook) -> Option<usize> {
    let mut index = 0;
    for step in &runbook.steps {
        let commands = step.commands();
        if !prepares(step)
            && let Some(first) = commands.iter().position(|c| c.effect != Effect::Reads && !c.alternative)
        {
            // The gate stands at the step's head when only reads come before: a decision belongs to a step.
            let head = commands[..first].iter().all(|c| c.effect == Effect::Reads);
            return Some(if head { index } else { index + first });
        }
        index += commands.len();
    }
    None
}

/// The point of no return: after the gate, the first command that changes data, which is the migration as a
/// rule; where none is recognised, the first destructive one. What is optional does not count.
pub fn point_of_no_return(runbook: &Runbook) -> Option<&Command> {
    let after: Vec<&Command> = runbook.step_commands().into_iter().skip(gate_index(runbook)?).collect();
    let counts = |c: &&&Command| !c.optional && !c.alternative && c.effect != Effect::Reads;
    let data = after.iter().filter(counts).find(|c| changes_data(&c.text));
    data.or_else(|| after.iter().filter(counts).find(|c| c.effect == Effect::Destructive)).copied()
}

/// Whether a command changes data by its words: a migration, or statements read from a file.
pub fn changes_data(text: &str) -> bool {
    let words = words::lower_words(text);
    let has = |name: &str| words.iter().any(|w| w == name);
    let client = ["psql", "mysql", "mariadb", "sqlite3", "mongosh"].iter().any(|c| has(c));
    let from_file = text.contains(" -f ") || text.contains('<') || text.contains("--file");
    words.iter().any(|w| w.starts_with("migrat")) || (client && from_file) || has("pg_restore")
}

fn prepares(step: &Step) -> bool {
    let words = words::lower_words(&step.title);
    let is = |names: &[&str]| words.iter().any(|w| names.iter().any(|n| w.starts_with(n)));
    is(&["pre", "prepar", "prereq", "preflight", "backup", "before", "check", "verif"]) && !is(&["post"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_contradict_the_environment() {
        assert!(contradicts("production-server", "Local", false));
        assert!(contradicts("staging-1", "Production", true));
        assert!(!contradicts("web-1", "Production", true));
        assert!(!contradicts("prod-web", "Production", true));
    }

    #[test]
    fn the_point_of_no_return_is_the_migration() {
        let of = |commands: &str| {
            let book = crate::runbook::read(&format!("# T\n## Steps\n```bash\n{commands}\n```\n"));
            point_of_no_return(&book).map(|c| c.id.0.clone())
        };
        assert_eq!(of("docker-compose down\npsql -f 002.sql\necho x >y").as_deref(), Some("1/2"));
        assert_eq!(of("echo x >y\nrm -rf /srv/old").as_deref(), Some("1/2"));
        assert_eq!(of("# Optional: tidy\nrm -rf /srv/old").as_deref(), None);
        assert_eq!(of("ls").as_deref(), None);
    }
}
