//! Which commands stand behind a place command, as the document has them: on the other side of `ssh web`, up to `exit`.

use std::collections::BTreeSet;

use super::model::{Command, CommandId, Parameter, ParameterKind, Plan};
use crate::shell::entrance::leads_to_the_same;
use crate::shell::{Effect, Kind};

/// The place commands that lead to where each of these commands stands, the outermost first.
pub fn behind<'p>(commands: &[&'p Command]) -> Vec<Vec<&'p Command>> {
    let mut inside: Vec<&Command> = Vec::new();
    let each = commands.iter().map(|command| {
        let here = inside.clone();
        if command.kind == Kind::Place && command.leaves_place() {
            inside.pop();
        } else if command.enters_place() && leads_to_where_it_stands(command, &here).is_none() {
            inside.push(command);
        }
        here
    });
    each.collect()
}

/// A place command of the place that a command stands in already: `ssh web` at the head of every step.
pub fn leads_to_where_it_stands<'p>(command: &Command, behind: &[&'p Command]) -> Option<&'p Command> {
    let last = behind.last().filter(|_| command.enters_place())?;
    leads_to_the_same(&command.text, &last.text).then_some(*last)
}

impl Plan {
    /// The place command behind which the steps change something, where they leave that place by themselves.
    pub fn left_by_steps(&self) -> Option<&Command> {
        let commands = self.step_commands();
        let behind = behind(&commands);
        let (last, open) = commands.last().zip(behind.last())?;
        let open = open.len() - usize::from(last.leaves_place() && !open.is_empty());
        let changed = commands
            .iter()
            .zip(&behind)
            .rev()
            .find(|(c, places)| c.effect != Effect::Reads && c.kind != Kind::Place && !places.is_empty());
        changed?.1.last().copied().filter(|_| open == 0)
    }

    /// Whether a variable is used on the other side of place commands only: what has its value there is not here.
    pub fn is_used_elsewhere_only(&self, parameter: &Parameter) -> bool {
        if parameter.kind != ParameterKind::Variable {
            return false;
        }
        let commands = self.step_commands();
        let behind = behind(&commands);
        let elsewhere: BTreeSet<&CommandId> = commands
            .iter()
            .zip(&behind)
            .filter(|(_, places)| !places.is_empty())
            .map(|(c, _)| &c.id)
            .collect();
        let there = |id: &Option<CommandId>| id.as_ref().is_some_and(|id| elsewhere.contains(id));
        parameter.uses.iter().all(|u| there(&u.command))
    }
}

#[cfg(test)]
mod tests {
    use crate::runbook;

    use super::*;

    const BOOK: &str = "# T\n## Step 1: One\n```bash\necho $HERE\nssh web # go\ncd $APP_HOME; echo $BOTH\n```\n## Step 2: Two\n```bash\nssh  web\nexit\nssh db\nexit\necho $BOTH\n```\n";

    #[test]
    fn what_is_used_only_there_has_its_value_there() {
        let book = runbook::read(BOOK);
        let there = |name: &str| {
            let parameter = book.parameters.iter().find(|p| p.name == name).unwrap();
            book.is_used_elsewhere_only(parameter)
        };
        assert!(there("APP_HOME") && !there("HERE") && !there("BOTH"));
    }

    #[test]
    fn a_place_that_the_steps_leave_is_told_from_one_that_they_end_in() {
        let left = |steps: &str| {
            let book = runbook::read(&format!("# T\n## Steps\n```bash\n{steps}\n```\n"));
            book.left_by_steps().map(|c| c.text.clone())
        };
        assert_eq!(left("ssh web\n./deploy\nexit"), Some("ssh web".into()));
        assert_eq!(left("ssh web\nsudo -i\n./deploy\nexit\nexit\n./check"), Some("sudo -i".into()));
        assert_eq!(left("ssh web\n./deploy"), None);
        assert_eq!(left("ssh web\nls\nexit\n./deploy"), None);
    }

    #[test]
    fn the_same_place_at_the_head_of_every_step_is_noticed() {
        let book = runbook::read(BOOK);
        let commands = book.step_commands();
        let again: Vec<_> = commands
            .iter()
            .zip(behind(&commands))
            .filter_map(|(c, behind)| {
                Some((c.id.0.as_str(), leads_to_where_it_stands(c, &behind)?.id.0.clone()))
            })
            .collect();
        assert_eq!(again, [("2/1", "1/2".to_owned())]);
    }
}
