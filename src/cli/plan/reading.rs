//! "How it was read": a line for each heading, and below it what nothing claims.

use super::super::report::{CommandError, say};
use super::layout::{cut, title};
use crate::runbook::{Fate, OutlineEntry, Passage, Runbook};
use crate::text::{counted, questions};

/// Prints it.
pub(super) fn how(runbook: &Runbook) -> Result<(), CommandError> {
    title("How it was read")?;
    for (at, entry) in runbook.outline.iter().enumerate() {
        let until = runbook.outline.get(at + 1).map_or(usize::MAX, |next| next.line);
        say(heading(runbook, entry, until))?;
    }
    open(runbook)
}

fn heading(runbook: &Runbook, entry: &OutlineEntry, until: usize) -> String {
    let here = |line: &usize| (entry.line..until).contains(line);
    let commands = runbook.all_commands().iter().filter(|c| here(&c.span.line)).count();
    let lists = runbook.checklists.iter().flat_map(|list| &list.items);
    let items = lists.chain(runbook.monitoring.iter().flat_map(|window| &window.items));
    let items = items.filter(|item| here(&item.line)).count();
    let criteria = runbook.success.iter().filter(|criterion| here(&criterion.line)).count();
    let under = runbook.reading.iter().filter(|p| p.heading == entry.line && p.line < until);
    let expects = under.filter(|p| matches!(p.fate, Fate::Checked | Fate::ByEye)).count();
    let counts: Vec<String> = [
        (commands, "command", "commands"),
        (items, "item", "items"),
        (criteria, "criterion", "criteria"),
        (expects, "expectation", "expectations"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, several)| format!("{count} {}", if count == 1 { one } else { several }))
    .collect();
    let indent = "  ".repeat(usize::from(entry.level.saturating_sub(1)));
    let role = if entry.by.is_empty() {
        entry.role.says().to_owned()
    } else {
        format!("{}: {}", entry.role.says(), entry.by)
    };
    let name = cut(&format!("{indent}{}", entry.title), 56);
    format!("{:>5}  {name:<44} {role:<40} {}", entry.line, counts.join(", ")).trim_end().to_owned()
}

/// What is unclaimed or not understood, each with its line and the reason.
fn open(runbook: &Runbook) -> Result<(), CommandError> {
    let open: Vec<&Passage> = runbook.reading.iter().filter(|p| p.is_open()).collect();
    match questions(runbook) {
        0 => {}
        count => {
            say("")?;
            say(format!("  {} that a run asks", counted(count, "question")))?;
        }
    }
    say("")?;
    if open.is_empty() {
        return say("  every line was understood");
    }
    say("  not in the plan:")?;
    for passage in open {
        let lines = if passage.line == passage.end_line {
            format!("{}", passage.line)
        } else {
            format!("{}-{}", passage.line, passage.end_line)
        };
        say(format!("  {lines:>9}  {}: {}", passage.fate, cut(&passage.by, 30)))?;
    }
    Ok(())
}
