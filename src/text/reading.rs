//! How a document was read, in one line, and the lines of it that somebody should look at.

use crate::figures::counted;
use crate::run::state::{CommandState, RunState};
use crate::runbook::doubt::Doubt;
use crate::runbook::{Command, Fate, Passage, Runbook};

/// How a document was read, as Start says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAs {
    /// What was found: `7 steps, rollback, 4 problems`.
    pub found: String,
    /// What is open, one part a kind: `3 doubts`, `5 lines unclaimed`. Empty where every line was understood.
    pub open: Vec<String>,
}

/// Says how a document was read; what there is none of is left out.
pub fn read_as(runbook: &Runbook) -> ReadAs {
    let some = |count: usize, words: String| (count > 0).then_some(words);
    let (steps, problems) = (runbook.steps.len(), runbook.troubleshooting.len());
    let found: Vec<String> = [
        some(steps, counted(steps, "step")),
        some(runbook.rollback.steps.len(), "rollback".to_owned()),
        some(problems, counted(problems, "problem")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let lines =
        |fate: Fate| -> usize { runbook.reading.iter().filter(|p| p.fate == fate).map(Passage::count).sum() };
    let doubts = questions(runbook);
    let (unclaimed, foreign) = (lines(Fate::Unclaimed), lines(Fate::NotUnderstood));
    let open = [
        some(doubts, counted(doubts, "doubt")),
        some(unclaimed, format!("{} unclaimed", counted(unclaimed, "line"))),
        some(foreign, format!("{} not understood", counted(foreign, "line"))),
    ];
    let found = if found.is_empty() { "no commands".to_owned() } else { found.join(", ") };
    ReadAs { found, open: open.into_iter().flatten().collect() }
}

/// The commands of the plan that could be read in another way too, without those that a run has an answer for.
///
/// What stands in no part of the plan is never run, and so nobody is asked about it.
pub fn doubts<'r>(runbook: &'r Runbook, run: Option<&RunState>) -> Vec<&'r Command> {
    let outside = |command: &Command| {
        runbook.unplaced.iter().flat_map(|block| &block.commands).any(|other| other.id == command.id)
    };
    let answered = |command: &Command| {
        run.is_some_and(|run| {
            run.condition(&command.id).is_some() || !matches!(run.command(&command.id), CommandState::Pending)
        })
    };
    let all = runbook.all_commands().into_iter();
    all.filter(|command| command.doubt.is_some() && !outside(command) && !answered(command)).collect()
}

/// Of several sections that may be one procedure or one each: the first command of each that is not answered for.
pub fn procedures<'r>(runbook: &'r Runbook, run: Option<&RunState>) -> Vec<&'r Command> {
    let first = |c: &&Command| c.doubt == Some(Doubt::Procedure) && c.asked_with.is_none();
    doubts(runbook, run).into_iter().filter(first).collect()
}

/// How many questions the doubts of a document come to: a section is asked about once, and whether several are one
/// procedure can be answered for all of them.
pub fn questions(runbook: &Runbook) -> usize {
    let (several, others): (Vec<&Command>, Vec<&Command>) = doubts(runbook, None)
        .into_iter()
        .filter(|c| c.asked_with.is_none())
        .partition(|c| c.doubt == Some(Doubt::Procedure));
    others.len() + usize::from(!several.is_empty())
}

/// The lines where something is open, in order: a doubt, what nothing claims, what was not understood. Of several
/// lines with the same reason the first.
pub fn open_lines(runbook: &Runbook, run: Option<&RunState>) -> Vec<usize> {
    let doubts = doubts(runbook, run).into_iter().filter(|c| c.asked_with.is_none());
    let mut lines: Vec<usize> = doubts.map(|command| command.span.line).collect();
    lines.extend(runbook.reading.iter().filter(|p| p.is_open()).map(|p| p.line));
    lines.sort_unstable();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::read;

    #[test]
    fn counts_agree_and_what_there_is_none_of_is_left_out() {
        let said = |text: &str| {
            let read = read_as(&read(text));
            (read.found, read.open.join(" · "))
        };
        let steps = "# T\n\n## Deployment\n\n```bash\nls\n```\n";
        assert_eq!(said(steps), ("1 step".into(), String::new()));
        let more = format!("{steps}\n## Rollback\n\n```bash\ngit checkout v1\n```\n");
        assert_eq!(said(&more), ("1 step, rollback".into(), String::new()));
        let outside = "\n## Odds and ends\n\n```bash\n./tools/clean.sh --all\n./tools/dust.sh --all\n```\n";
        assert_eq!(said(&format!("{more}{outside}")).1, "2 lines unclaimed");
        let doubt = steps.replace("ls", "ls\nacmectl sync one two the three");
        assert_eq!(said(&format!("{doubt}{outside}")).1, "1 doubt · 2 lines unclaimed");
        assert_eq!(said("# T\n\nWords.\n").0, "no commands");
    }

    #[test]
    fn open_lines_come_in_the_documents_order() {
        let text = "# T\n\n## Deployment\n\n```bash\nacmectl sync one two the three\nls\n```\n\n\
            ## Odds and ends\n\n```bash\n./tools/clean.sh --all\n./tools/dust.sh --all\n```\n";
        assert_eq!(open_lines(&read(text), None), [6, 13]);
    }
}
