//! What asks for confirmation, what counts as production, where the gate stands.

use serde::{Deserialize, Serialize};

use crate::runbook::{Command, Environment, Runbook, Step, words};
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
    words::lower_words(&text).iter().any(|w| w.starts_with("prod"))
}

/// Whether a host's name speaks of another environment than the one chosen.
pub fn contradicts(host: &str, environment: &str, production: bool) -> bool {
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
}
