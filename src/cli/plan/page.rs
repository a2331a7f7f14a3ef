//! The plan as a page for whoever reviews the runbook: what will be run, in which order, judged by what.

use super::super::report::{CommandError, say, say_text};
use super::layout::{WIDTH, cut, title};
use crate::figures::counted;
use crate::run::gates::point_of_no_return;
use crate::run::gates::{self, GateId};
use crate::runbook::{Block, Checklist, Command, Due, Level, ParameterKind, Runbook, Step};
use crate::shell::{Effect, Kind};
use crate::text::first_line;

/// Prints the page.
pub(super) fn page(runbook: &Runbook) -> Result<(), CommandError> {
    head(runbook)?;
    environments(runbook)?;
    values(runbook)?;
    checklists(runbook)?;
    let marks = Marks::of(runbook);
    title("Steps")?;
    for step in &runbook.steps {
        step_lines(step, 0, &marks)?;
    }
    for list in runbook.checklists.iter().filter(|l| l.due == Due::End) {
        say("")?;
        list_lines(list, "")?;
    }
    if !runbook.rollback.steps.is_empty() || !runbook.rollback.triggers.is_empty() {
        title(&format!("Rollback (line {})", runbook.rollback.line))?;
        for trigger in &runbook.rollback.triggers {
            say(format!("  when  {}", cut(&trigger.text, 8)))?;
        }
        for step in &runbook.rollback.steps {
            step_lines(step, 0, &Marks::default())?;
        }
        blocks(&runbook.rollback.verification, 1, &Marks::default())?;
    }
    rest(runbook)
}

fn head(runbook: &Runbook) -> Result<(), CommandError> {
    say(&runbook.title)?;
    if !runbook.front.is_empty() {
        let told = runbook.front.iter().filter(|(_, value)| **value != runbook.title);
        let front: Vec<String> = told.map(|(n, v)| format!("{}: {v}", n.replace('*', ""))).collect();
        say(cut(&front.join(" · ").replace('*', ""), 0))?;
    }
    let commands = runbook.step_commands();
    let count =
        |effect: Effect| commands.iter().filter(|c| c.effect == effect && c.kind != Kind::Manual).count();
    let manual = commands.iter().filter(|c| c.kind == Kind::Manual).count();
    let takes: u64 = runbook.steps.iter().filter_map(|s| s.estimate_s).sum();
    let takes = if takes > 0 { format!(", about {}", minutes(takes)) } else { String::new() };
    say(format!(
        "{}{takes}; {}: {} read, {} change, {} destroy, {manual} by hand",
        counted(runbook.steps.len(), "step"),
        counted(commands.len(), "command"),
        count(Effect::Reads),
        count(Effect::Changes),
        count(Effect::Destructive),
    ))?;
    let back: u64 = runbook.rollback.steps.iter().filter_map(|s| s.estimate_s).sum();
    say(match (runbook.rollback.line, back) {
        (0, _) => "no rollback in the document".to_owned(),
        (_, 0) => "rollback in the document, without a duration".to_owned(),
        (_, back) => format!("rollback about {}", minutes(back)),
    })
}

fn minutes(seconds: u64) -> String {
    match (seconds / 3600, (seconds % 3600).div_ceil(60)) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}

fn environments(runbook: &Runbook) -> Result<(), CommandError> {
    if runbook.environments.is_empty() {
        return Ok(());
    }
    title("Environments")?;
    for environment in &runbook.environments {
        let ports: Vec<String> = environment.ports.iter().map(|(n, p)| format!("{n} {p}")).collect();
        let url = environment.url.as_deref().unwrap_or("-");
        say(format!("  {:<14} {url:<34} {}", environment.name, ports.join(" · ")))?;
    }
    Ok(())
}

fn values(runbook: &Runbook) -> Result<(), CommandError> {
    if runbook.parameters.is_empty() {
        return Ok(());
    }
    title("Values that a run needs")?;
    for parameter in &runbook.parameters {
        let set = parameter.from.map(|line| format!(": line {line} sets it, but no run executes that line"));
        let from = match (&parameter.default, parameter.secret, parameter.kind) {
            (Some(default), ..) => match parameter.from {
                Some(line) => format!("{default} from line {line}"),
                None => format!("{default} by default"),
            },
            (None, true, _) if set.is_some() => format!("asked for, secret{}", set.unwrap_or_default()),
            (None, false, _) if set.is_some() => format!("asked for{}", set.unwrap_or_default()),
            (None, true, _) => "asked for, secret".into(),
            (None, false, ParameterKind::Variable) => "from the shell, or asked for".into(),
            (None, false, _) => "asked for".into(),
        };
        let lines: Vec<String> = parameter.uses.iter().map(|u| u.line.to_string()).collect();
        let word = if lines.len() == 1 { "line" } else { "lines" };
        say(format!("  {:<22} {from:<32} {word} {}", parameter.name, lines.join(", ")))?;
    }
    Ok(())
}

/// What has to be so before the first change. What is due later stands where it is due.
fn checklists(runbook: &Runbook) -> Result<(), CommandError> {
    let mut lists = runbook.checklists.iter().filter(|l| l.due == Due::Start).peekable();
    if lists.peek().is_none() {
        return Ok(());
    }
    title("Checklist")?;
    lists.try_for_each(|list| list_lines(list, "  "))
}

fn list_lines(list: &Checklist, indent: &str) -> Result<(), CommandError> {
    let when = if list.due == Due::Start { String::new() } else { format!(", {}", list.due) };
    say(format!("{indent}{}{when}", list.title))?;
    let boxes = list.items.iter().map(|item| cut(&first_line(&item.text), indent.len() + 6));
    boxes.into_iter().try_for_each(|text| say(format!("{indent}  [ ] {text}")))
}

/// Lines between the commands.
#[derive(Default)]
struct Marks<'r> {
    gates: Vec<(GateId, &'r Command)>,
    lists: &'r [Checklist],
    no_return: Option<&'r Command>,
}

impl<'r> Marks<'r> {
    fn of(runbook: &'r Runbook) -> Self {
        let gates = gates::with_commands(runbook);
        Self { gates, lists: &runbook.checklists, no_return: point_of_no_return(runbook) }
    }
}

fn step_lines(step: &Step, depth: usize, marks: &Marks<'_>) -> Result<(), CommandError> {
    let indent = "  ".repeat(depth);
    let name = format!("{indent}{}  {}", step.id, first_line(&step.title));
    let takes = step.estimate_s.map_or(String::new(), minutes);
    if depth == 0 {
        say("")?;
    }
    say(format!("{:<1$}{takes:>10}", cut(&name, 0), WIDTH - 10).trim_end())?;
    for referred in &step.refers {
        say(format!("{indent}  see {} (line {})", cut(&referred.title, 30), referred.line))?;
    }
    blocks(&step.blocks, depth + 1, marks)?;
    step.substeps.iter().try_for_each(|s| step_lines(s, depth + 1, marks))?;
    let here = |due: &Due| matches!(due, Due::After { step: after } if *after == step.id);
    let mut lists = marks.lists.iter().filter(|list| here(&list.due));
    lists.try_for_each(|list| list_lines(list, &"  ".repeat(depth + 1)))
}

fn blocks(blocks: &[Block], depth: usize, marks: &Marks<'_>) -> Result<(), CommandError> {
    let indent = "  ".repeat(depth);
    let mut way = None;
    for block in blocks {
        for command in &block.commands {
            let here = |due: &Due| matches!(due, Due::Before { command: before } if *before == command.id);
            for list in marks.lists.iter().filter(|list| here(&list.due)) {
                list_lines(list, &indent)?;
            }
            for (gate, _) in marks.gates.iter().filter(|(_, c)| c.id == command.id) {
                let where_it_stands = match gate {
                    GateId::Change => "before the first command that changes the service",
                    gate => gate.title(),
                };
                say(format!("{indent}── gate: go or no-go, {where_it_stands} ──"))?;
            }
            if marks.no_return.is_some_and(|m| m.id == command.id) {
                say(format!(
                    "{indent}── point of no return: from here on a rollback has to restore data ──"
                ))?;
            }
            if command.way.as_ref().map(|w| &w.name) != way {
                way = command.way.as_ref().map(|w| &w.name);
                if let Some(name) = way {
                    say(format!("{indent}one of several alternatives: {name}"))?;
                }
            }
            command_lines(command, &indent)?;
        }
        for other in &block.other {
            let lines = if other.line == other.end_line {
                format!("line {}", other.line)
            } else {
                format!("lines {}-{}", other.line, other.end_line)
            };
            say(format!("{indent}{:<10} {lines}: {}", "", other.what))?;
        }
    }
    Ok(())
}

fn command_lines(command: &Command, indent: &str) -> Result<(), CommandError> {
    let lead = indent.len() + 10 + 1 + 12 + 1 + 5;
    say(format!(
        "{indent}{:<10} {:<12} {:>4} {}",
        command.id,
        tags(command),
        command.span.line,
        cut(&first_line(&command.text), lead)
    ))?;
    let under = " ".repeat(lead);
    if let Some(condition) = &command.condition {
        say(format!("{under}only if: {}", cut(&first_line(condition), lead + 9)))?;
    }
    // A section is asked about once, by its first command.
    if let Some(doubt) = command.doubt.filter(|_| command.asked_with.is_none()) {
        say(format!("{under}doubt: {doubt}"))?;
    }
    if let Some(seconds) = command.wait_s {
        say(format!("{under}waits {} before it", minutes(seconds)))?;
    }
    for hole in &command.holes {
        say(format!("{under}needs: {hole}"))?;
    }
    for expectation in &command.expects {
        let over = if expectation.block { " over the commands of the block" } else { "" };
        let judged = match (&expectation.check, &expectation.left) {
            (None, _) => "manual check".to_owned(),
            (Some(check), None) => format!("checked{over}: {}", check.says()),
            (Some(check), Some(_)) => format!("checked{over}, then manually: {}", check.says()),
        };
        let text = first_line(&expectation.text);
        say(format!("{under}{}", cut(&format!("line {}: {text}", expectation.line), lead)))?;
        say(format!("{under}  {}", cut(&judged, lead + 2)))?;
    }
    Ok(())
}

fn tags(command: &Command) -> String {
    let kind = match command.kind {
        Kind::Run => "",
        Kind::Interactive => "keyboard",
        Kind::Place => "place",
        Kind::Follow => "follow",
        Kind::Manual => "by hand",
    };
    let effect = match command.effect {
        Effect::Reads => "reads",
        Effect::Changes => "changes",
        Effect::Destructive => "! destroys",
    };
    let mark = if command.alternative || command.optional {
        "~"
    } else if command.is_asked() {
        "?"
    } else {
        ""
    };
    format!("{mark}{}", if kind.is_empty() { effect } else { kind })
}

/// What else the document holds, and what was noticed.
fn rest(runbook: &Runbook) -> Result<(), CommandError> {
    if !runbook.monitoring.is_empty() {
        title("Monitoring")?;
        for window in &runbook.monitoring {
            let every = window.every_s.map_or(String::new(), |s| format!("every {}", minutes(s)));
            say(format!("  {:<40} {every:<16} {} items", cut(&window.title, 60), window.items.len()))?;
        }
    }
    if !runbook.troubleshooting.is_empty() {
        title("Known problems")?;
        for problem in &runbook.troubleshooting {
            let line = format!("line {}", problem.line);
            say(format!("  {:<10} {line:<10} {}", problem.id, cut(&problem.problem, 24)))?;
        }
    }
    if !runbook.targets.is_empty() {
        title("Targets")?;
        for target in &runbook.targets {
            let bound = |t: &Option<crate::runbook::Threshold>| {
                t.as_ref().map_or("-".into(), |t| format!("{} {}{}", t.op, t.value, t.unit))
            };
            say(format!(
                "  {:<26} {:<12} acceptable {:<12} alert {}",
                target.metric,
                bound(&target.target),
                bound(&target.acceptable),
                bound(&target.alert)
            ))?;
        }
    }
    if !runbook.unplaced.is_empty() {
        title("In sections that no run executes")?;
        blocks(&runbook.unplaced, 1, &Marks::default())?;
    }
    let count = |level| runbook.findings.iter().filter(|f| f.level == level).count();
    say_text("\n~ optional or one of several   ? only if   ! destroys")?;
    say(format!(
        "{}, {}, {}: gonogo check",
        counted(count(Level::Error), "error"),
        counted(count(Level::Warning), "warning"),
        counted(count(Level::Note), "note")
    ))?;
    super::reading::how(runbook)
}
