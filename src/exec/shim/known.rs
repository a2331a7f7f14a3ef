//! What is known of the state of the shell that has the terminal, and what a command changed in it.

use super::super::variables::Snapshot;
use super::message::FromShim;
use super::values::Values;
use crate::runbook::CommandId;

/// A longer value of a variable is not kept beyond its shell: it would not fit into another one's environment.
const MOST_CAPTURED: usize = 64 * 1024;

/// The shell's last snapshot.
#[derive(Default)]
pub(super) struct Known {
    pub(super) snapshot: Option<Snapshot>,
    /// The command whose changes the next snapshot shows.
    after: Option<CommandId>,
}

impl Known {
    /// A command has run: what the next snapshot shows is its doing.
    pub(super) fn ran(&mut self, command: &CommandId) {
        self.after = Some(command.clone());
    }

    /// What the next snapshot shows is nobody's doing.
    pub(super) fn nothing_ran(&mut self) {
        self.after = None;
    }

    /// Takes a snapshot, and gives what is to be told of it. A value that holds a secret is not told.
    pub(super) fn take(&mut self, snapshot: Snapshot, values: &Values) -> Vec<FromShim> {
        let mut told = Vec::new();
        if let (Some(before), Some(command)) = (&self.snapshot, self.after.take()) {
            for (name, value) in snapshot.changed_since(before) {
                if value.len() > MOST_CAPTURED {
                    let words = format!("{name} is too long to keep beyond this shell");
                    told.push(FromShim::Trouble(words));
                } else if !values.hides(&value) {
                    told.push(FromShim::Captured { name, value, command: command.clone() });
                }
            }
        }
        self.snapshot = Some(snapshot);
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Hidden;

    fn snapshot(declarations: &str) -> Snapshot {
        Snapshot::new(declarations, String::new(), String::new(), String::new(), "/".into())
    }

    fn one() -> CommandId {
        CommandId("1/1".into())
    }

    /// What was captured, as `NAME=VALUE of COMMAND`.
    fn captured(told: Vec<FromShim>) -> Vec<String> {
        let words = |report| match report {
            FromShim::Captured { name, value, command } => format!("{name}={value} of {command}"),
            FromShim::Trouble(words) => words,
            other => panic!("{other:?}"),
        };
        told.into_iter().map(words).collect()
    }

    #[test]
    fn what_a_command_changed_is_told_once() {
        let (mut known, values) = (Known::default(), Values::default());
        assert!(known.take(snapshot("declare -- A=\"1\"\n"), &values).is_empty(), "nothing ran");
        known.ran(&one());
        let changed = "declare -- A=\"2\"\ndeclare -- B=\"3\"\n";
        assert_eq!(captured(known.take(snapshot(changed), &values)), ["A=2 of 1/1", "B=3 of 1/1"]);
        assert!(known.take(snapshot("declare -- A=\"4\"\n"), &values).is_empty(), "not this command's doing");
    }

    #[test]
    fn without_a_state_before_nothing_is_known_to_have_changed() {
        let mut known = Known::default();
        known.ran(&one());
        assert!(known.take(snapshot("declare -- A=\"1\"\n"), &Values::default()).is_empty());
        known.ran(&one());
        known.nothing_ran();
        assert!(known.take(snapshot("declare -- A=\"2\"\n"), &Values::default()).is_empty());
        assert_eq!(known.snapshot.unwrap().value("A").as_deref(), Some("2"));
    }

    #[test]
    fn secrets_and_what_is_too_long_are_not_captured() {
        let (mut known, mut values) = (Known::default(), Values::default());
        values.masker.add("correct-horse", Hidden::Placed);
        known.take(snapshot(""), &values);
        known.ran(&one());
        let long = "x".repeat(MOST_CAPTURED + 1);
        let text = format!("declare -- A=\"correct-horse\"\ndeclare -- B=\"{long}\"\ndeclare -- C=\"3\"\n");
        let told = captured(known.take(snapshot(&text), &values));
        assert_eq!(told, ["B is too long to keep beyond this shell", "C=3 of 1/1"]);
    }
}
