//! What a document leaves in doubt, as a headless run is told of it and answers it.

use super::answers::Answers;
use super::fates::Fate;
use crate::cli::report::{CommandError, Status};
use crate::runbook::doubt::Doubt;
use crate::runbook::{Command, Runbook};
use crate::text as words;

impl Answers {
    /// Takes all sections that may be one procedure as one; what was said of one of them counts.
    pub(super) fn all_sections(&mut self, id: &str, runbook: &Runbook) -> Result<(), CommandError> {
        let sections = words::procedures(runbook, None);
        if sections.iter().all(|command| command.id.0 != id) {
            let message = format!("--answer {id}=all: {id} is not asked together with other sections");
            return Err(CommandError::new(Status::Usage, message));
        }
        for command in sections {
            self.conditions.entry(command.id.clone()).or_insert(true);
        }
        Ok(())
    }
}

/// What could be read in two ways and would run in one of them.
pub(super) fn in_doubt(
    runbook: &Runbook,
    fates: &[(&Command, Fate)],
    undecided: &dyn Fn(&Command) -> bool,
) -> Vec<String> {
    let touched = fates.iter().filter(|(_, fate)| !matches!(fate, Fate::Outside | Fate::Optional));
    let open: Vec<&Command> =
        touched.map(|(command, _)| *command).filter(|command| undecided(command)).collect();
    // A section is asked about once, by its first command.
    let first = |command: &&&Command| {
        !command.asked_with.as_ref().is_some_and(|lead| open.iter().any(|c| c.id == *lead))
    };
    let asked: Vec<&&Command> = open.iter().filter(first).collect();
    let sections = asked.iter().filter(|c| c.doubt == Some(Doubt::Procedure));
    let all = sections.clone().nth(1).and(sections.clone().next()).map(|first| {
        let (count, id) = (sections.count(), &first.id);
        format!(
            "the document does not say whether these {count} sections are one procedure: --answer {id}=all runs them in order"
        )
    });
    let each = asked.iter().map(|command| {
        let (id, line) = (&command.id, command.span.line);
        let title = match command.doubt {
            Some(Doubt::Procedure | Doubt::Step) => format!("“{}” ", runbook.titles_above(id).join(" › ")),
            _ => String::new(),
        };
        let may_be = command.doubt.map_or("", Doubt::may_be);
        format!("{id} {title}{may_be} (line {line}): --answer {id}=yes runs it, --answer {id}=no skips it")
    });
    all.into_iter().chain(each).collect()
}
