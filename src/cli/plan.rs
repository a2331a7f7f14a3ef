//! `gonogo plan`: what was read out of a document.

use std::path::PathBuf;

use clap::Args;

use super::open;
use super::report::{CommandError, Status, say};
use crate::runbook::{Command, Runbook, Step};
use crate::shell::{Effect, Kind};

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// The runbook
    runbook: PathBuf,
    /// Print JSON (schema: docs/plan.schema.json)
    #[arg(long)]
    json: bool,
    /// Print the JSON Schema of that JSON
    #[arg(long, hide = true)]
    schema: bool,
}

pub(super) fn plan(args: &PlanArgs) -> Result<Status, CommandError> {
    if args.schema {
        say(schema())?;
        return Ok(Status::Done);
    }
    let document = open::document(&args.runbook)?;
    if args.json {
        let text = serde_json::to_string_pretty(&document.runbook);
        say(text.map_err(|e| CommandError::new(Status::Failed, format!("could not write JSON: {e}")))?)?;
    } else {
        page(&document.runbook)?;
    }
    Ok(Status::Done)
}

/// The JSON Schema of the plan.
pub(super) fn schema() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Runbook)).unwrap_or_default()
}

fn page(runbook: &Runbook) -> Result<(), CommandError> {
    say(&runbook.title)?;
    for environment in &runbook.environments {
        let ports: Vec<String> = environment.ports.iter().map(|(n, p)| format!("{n} {p}")).collect();
        say(format!(
            "  {:<14} {}  {}",
            environment.name,
            environment.url.as_deref().unwrap_or("-"),
            ports.join(", ")
        ))?;
    }
    for parameter in &runbook.parameters {
        let default = parameter.default.as_deref().unwrap_or(if parameter.secret {
            "secret, asked for"
        } else {
            "asked for"
        });
        let lines: Vec<String> = parameter.uses.iter().map(|u| u.line.to_string()).collect();
        say(format!("  value {:<24} {default}  (line {})", parameter.name, lines.join(", ")))?;
    }
    for list in &runbook.checklists {
        say(format!("\n[ ] {}  ({})", list.title, list.id))?;
        for item in &list.items {
            say(format!("    [ ] {}", item.text))?;
        }
    }
    for step in &runbook.steps {
        say("")?;
        step_lines(step, 0)?;
    }
    for step in &runbook.rollback.steps {
        say("\nRollback")?;
        step_lines(step, 1)?;
    }
    let problems = runbook.troubleshooting.len();
    let windows = runbook.monitoring.len();
    say(format!(
        "\n{} commands, {windows} monitoring windows, {problems} problems, {} targets, {} findings (gonogo check)",
        runbook.step_commands().len(),
        runbook.targets.len(),
        runbook.findings.len()
    ))
}

fn step_lines(step: &Step, depth: usize) -> Result<(), CommandError> {
    let indent = "  ".repeat(depth);
    let estimate = step.estimate_s.map_or(String::new(), |s| format!("  ~{} min", s.div_ceil(60)));
    say(format!("{indent}{} {}{estimate}", step.id, step.title))?;
    for command in step.blocks.iter().flat_map(|b| &b.commands) {
        say(format!("{indent}  {:<10} {:<12} {}", command.id, tags(command), first_line(&command.text)))?;
        for expectation in &command.expects {
            say(format!(
                "{indent}  {:<10} {:<12} line {}: {}",
                "",
                "  expects",
                expectation.line,
                first_line(&expectation.text)
            ))?;
        }
    }
    step.substeps.iter().try_for_each(|s| step_lines(s, depth + 1))
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
    } else if command.condition.is_some() {
        "?"
    } else {
        ""
    };
    format!("{mark}{}", if kind.is_empty() { effect } else { kind })
}

/// The first line, and that there are more.
pub(super) fn first_line(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or("").to_owned();
    if lines.next().is_some() { format!("{first} …") } else { first }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_model() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/plan.schema.json");
        let published = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            published.trim(),
            super::schema().trim(),
            "run: cargo run -- plan --schema x > docs/plan.schema.json"
        );
    }
}
