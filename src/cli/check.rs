//! `gonogo check`: findings with their lines.

use std::path::PathBuf;

use clap::Args;

use super::open;
use super::report::{CommandError, Status, say, say_json};
use crate::runbook::{Finding, Level, finding};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The runbook
    #[arg(required_unless_present = "explain")]
    runbook: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Explain a finding's code
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
}

#[derive(serde::Serialize)]
struct Findings<'f> {
    findings: &'f [Finding],
}

pub(super) fn check(args: &CheckArgs) -> Result<Status, CommandError> {
    if let Some(code) = &args.explain {
        let text = finding::explain(code).ok_or_else(|| {
            let codes: Vec<&str> = finding::CODES.iter().map(|(c, ..)| *c).collect();
            CommandError::new(Status::Usage, format!("there is no finding called {code}"))
                .hint(format!("known: {}", codes.join(", ")))
        })?;
        say(text)?;
        return Ok(Status::Done);
    }
    let Some(path) = &args.runbook else { return Ok(Status::Usage) };
    let document = open::document(path)?;
    let findings = &document.runbook.findings;
    if args.json {
        say_json(&Findings { findings })?;
    } else {
        let lines: Vec<&str> = document.text.lines().collect();
        for finding in findings {
            let level = match finding.level {
                Level::Note => "note",
                Level::Warning => "warning",
                Level::Error => "error",
            };
            say(format!(
                "{}:{}: {level}[{}]: {}",
                path.display(),
                finding.line,
                finding.code,
                finding.message
            ))?;
            if let Some(line) = finding.line.checked_sub(1).and_then(|l| lines.get(l)) {
                let visible: String =
                    line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(100).collect();
                say(format!("{:>6} | {visible}", finding.line))?;
            }
        }
        let count = |level| findings.iter().filter(|f| f.level == level).count();
        say(format!(
            "{} errors, {} warnings, {} notes",
            count(Level::Error),
            count(Level::Warning),
            count(Level::Note)
        ))?;
    }
    Ok(if findings.iter().any(|f| f.level == Level::Error) { Status::Failed } else { Status::Done })
}
