//! `gonogo list`: the runbooks of a repository, found by reading.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::found_in::{self, Found};
use super::report::{CommandError, Status, note, say, say_json};
use crate::figures::counted;
use crate::runbook::Level;

/// Arguments of `list`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Where to look
    #[arg(default_value = ".", value_name = "DIR")]
    directory: PathBuf,
    /// Name the pages with commands that read as no runbook, too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listed<'f> {
    path: String,
    title: &'f str,
    steps: usize,
    commands: usize,
    environments: Vec<&'f str>,
    errors: usize,
    warnings: usize,
}

impl<'f> Listed<'f> {
    fn of(found: &'f Found) -> Self {
        let runbook = &found.runbook;
        let count = |level| runbook.findings.iter().filter(|f| f.level == level).count();
        Self {
            path: found.path.display().to_string(),
            title: &runbook.title,
            steps: runbook.steps.len(),
            commands: runbook.step_commands().len(),
            environments: runbook.environments.iter().map(|e| e.name.as_str()).collect(),
            errors: count(Level::Error),
            warnings: count(Level::Warning),
        }
    }

    fn line(&self, width: usize) -> String {
        let mut about = vec![counted(self.steps, "step")];
        if !self.environments.is_empty() {
            about.push(self.environments.join(", "));
        }
        if self.errors > 0 {
            about.push(counted(self.errors, "error"));
        }
        if self.warnings > 0 {
            about.push(counted(self.warnings, "warning"));
        }
        format!("{:<width$}  {} ({})", self.path, self.title, about.join(" · "))
    }
}

pub(super) fn list(args: &ListArgs) -> Result<Status, CommandError> {
    if !args.directory.is_dir() {
        let words = format!("{}: there is no such directory", args.directory.display());
        return Err(CommandError::new(Status::Usage, words));
    }
    let pages = found_in::pages(&args.directory);
    let (found, others) = (&pages.runbooks, &pages.others);
    if args.json {
        let listed: Vec<Listed<'_>> = found.iter().map(Listed::of).collect();
        say_json(&serde_json::json!({ "v": 1, "runbooks": listed, "passed_over": others }))?;
        return Ok(Status::Done);
    }
    if found.is_empty() {
        note(format!(
            "{}: no page reads as a runbook; gonogo plan FILE shows how one is read",
            args.directory.display()
        ));
    }
    lines(found).into_iter().try_for_each(say)?;
    if args.all {
        others.iter().try_for_each(|path| say(format!("{}  reads as no runbook", path.display())))?;
    } else {
        pages.passed_over().into_iter().for_each(note);
    }
    Ok(Status::Done)
}

/// A line a runbook: where it is, what it is.
pub(super) fn lines(found: &[Found]) -> Vec<String> {
    let listed: Vec<Listed<'_>> = found.iter().map(Listed::of).collect();
    let width = listed.iter().map(|l| l.path.chars().count()).max().unwrap_or(0);
    listed.iter().map(|l| l.line(width)).collect()
}
