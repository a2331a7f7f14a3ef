//! Where in the steps the gates stand, and where it can't be turned back any more.

use super::GateId;
use crate::run::policy::changes_data;
use crate::run::state::RunState;
use crate::runbook::{Command, Runbook, Step, words};
use crate::shell::losses::loses_data;
use crate::shell::{Effect, Kind, needs};

/// The index, among the steps' commands, that a gate stands before.
pub fn index(runbook: &Runbook, gate: GateId) -> Option<usize> {
    match gate {
        GateId::Change => gate_index(runbook),
        GateId::Verified => verified_index(runbook),
        GateId::SignOff => None,
    }
}

/// Gates inside the steps, in their order, each with the index it stands before.
pub fn inside(runbook: &Runbook) -> impl Iterator<Item = (GateId, usize)> {
    [GateId::Change, GateId::Verified].into_iter().filter_map(|gate| Some((gate, index(runbook, gate)?)))
}

/// The same of a run's plan, looked for once.
pub(in crate::run) fn ahead(state: &RunState) -> &[(GateId, usize)] {
    state.gates_at.get_or_init(|| inside(&state.runbook).collect())
}

/// The same, each with the command it stands before.
pub fn with_commands(runbook: &Runbook) -> Vec<(GateId, &Command)> {
    let commands = runbook.step_commands();
    inside(runbook).filter_map(|(gate, at)| Some((gate, *commands.get(at)?))).collect()
}

/// Behind the last step that verifies, where commands follow it, and the service was changed before it.
fn verified_index(runbook: &Runbook) -> Option<usize> {
    let change = gate_index(runbook)?;
    let mut at = 0;
    let mut behind = None;
    for step in &runbook.steps {
        let commands = step.commands().len();
        if verifies(step) && at > change {
            behind = Some(at + commands);
        }
        at += commands;
    }
    behind.filter(|index| *index < at)
}

fn verifies(step: &Step) -> bool {
    let words = words::lower_words(&step.title);
    let has = |starts: &[&str]| words.iter().any(|w| starts.iter().any(|s| w.starts_with(s)));
    has(&["verif", "smoke", "valid"]) && !has(&["pre"])
}

/// The index, among the steps' commands, that the gate stands before: the first command that changes the
/// service, one that is only offered too. What a preparing step does (checks, backups) comes before it.
pub fn gate_index(runbook: &Runbook) -> Option<usize> {
    let mut index = 0;
    for step in &runbook.steps {
        let commands = step.commands();
        if !prepares(step)
            && let Some(first) = commands.iter().position(|c| c.effect != Effect::Reads && !c.commented)
        {
            // The gate stands at the step's head when only reads come before: a decision belongs to a step.
            let head = commands[..first].iter().all(|c| c.effect == Effect::Reads);
            return Some(if head { index } else { index + first });
        }
        index += commands.len();
    }
    None
}

/// The point of no return: the first command that changes data, which is the migration as a rule, or that loses some
/// for good. What is optional does not count, nor does what only stops something.
pub fn point_of_no_return(runbook: &Runbook) -> Option<&Command> {
    runbook.step_commands().into_iter().find(|c| !c.optional && !c.alternative && turns(c))
}

/// Whether going back from behind a command takes putting back data.
pub(in crate::run) fn turns(command: &Command) -> bool {
    // What is done by hand is told in words, which are no command's.
    let runs = command.effect != Effect::Reads && command.kind != Kind::Manual;
    let lower = command.text.to_lowercase();
    let rewrites = lower.contains("alter table")
        || lower.split_once("update ").is_some_and(|(_, sets)| sets.contains(" set "));
    runs && (rewrites || changes_data(&command.text) || loses_data(&command.text))
}

/// Whether the document's way back puts data back.
pub(super) fn puts_data_back(runbook: &Runbook) -> bool {
    let mut back = runbook.rollback.steps.iter().flat_map(Step::commands);
    back.any(|c| {
        let said = c.text.contains("restore") || changes_data(&c.text);
        c.effect != Effect::Reads && (said || !needs::puts_back(&c.text, &|_| false).is_empty())
    })
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
    fn the_point_of_no_return_is_the_migration() {
        let of = |commands: &str| {
            let book = crate::runbook::read(&format!("# T\n## Steps\n```bash\n{commands}\n```\n"));
            point_of_no_return(&book).map(|c| c.id.0.clone())
        };
        assert_eq!(of("docker-compose down\npsql -f 002.sql\necho x >y").as_deref(), Some("1/2"));
        assert_eq!(of("echo x >y\nrm -rf /srv/old").as_deref(), Some("1/2"));
        assert_eq!(of("# Optional: tidy\nrm -rf /srv/old").as_deref(), None);
        assert_eq!(of("ls").as_deref(), None);
        assert_eq!(of("uptime\npsql shop -c 'UPDATE a SET b = 1'").as_deref(), Some("1/2"));
        assert_eq!(of("psql shop -c 'ALTER TABLE a ADD b int'").as_deref(), Some("1/1"));
        assert_eq!(of("apt-get update\nset -e").as_deref(), None);
        // The first of them, wherever it stands; no read, and no stop.
        assert_eq!(of("redis-cli FLUSHALL\npsql -f 002.sql").as_deref(), Some("1/1"));
        assert_eq!(of("psql -c 'select 1'\naws s3 rm s3://a/b").as_deref(), Some("1/2"));
        assert_eq!(
            of("kubectl -n a delete pod x\nkubectl delete ns a\nterraform destroy").as_deref(),
            Some("1/2")
        );
        let book = "# T\n## Steps\n### Step 1: Backup\n```bash\nrm -rf /srv/data\n```\n### Step 2: Go\n```bash\n./deploy\n```\n";
        let book = crate::runbook::read(book);
        assert_eq!(point_of_no_return(&book).map(|c| c.text.as_str()), Some("rm -rf /srv/data"));
    }
}
