//! `gonogo check`: findings beside the lines they are about, for people, editors and pipelines.

mod formats;
mod found;
mod inputs;
mod levels;
mod page;
mod settings;
mod since;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::agreed;
use super::report::{CommandError, Status, note, say, say_json, say_text, unread};
use super::syntax;
use crate::runbook::lock::{Agreement, Since};
use crate::runbook::{Level, finding, headings};
use found::Found;
use inputs::{Input, Inputs};
use levels::Levels;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Runbooks, directories with runbooks, or - for standard input
    #[arg(required_unless_present = "explain", value_name = "RUNBOOK")]
    runbooks: Vec<PathBuf>,
    /// What standard input is called
    #[arg(long, value_name = "PATH", default_value = "stdin.md")]
    stdin_name: PathBuf,
    /// Also fail if a document or its reading is not as agreed (gonogo lock)
    #[arg(long)]
    locked: bool,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print JSON; the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Fail from this level on
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
    /// Tell only findings of these codes
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    only: Vec<String>,
    /// Tell no findings of these codes
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    skip: Vec<String>,
    /// Tell only what this file does not know yet
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Tell only what was not there at this revision of git, such as main or HEAD~1
    #[arg(long, value_name = "REV", conflicts_with = "write_baseline")]
    since: Option<String>,
    /// Write what is found to the file of --baseline, for the next time
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
    /// Explain the code of a finding; `all` lists every code, `headings` the words in headings that count
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Each with its lines and what to do
    Text,
    #[value(help = "PATH:LINE:COLUMN: LEVEL: MESSAGE [CODE], as editors read it")]
    Short,
    /// One JSON object
    Json,
    /// One JSON object a line
    Jsonl,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
}

/// From which level on `check` exits with 1.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
}

impl FailOn {
    fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note => Level::Note,
        }
    }
}

/// A document with what was found in it.
struct Checked {
    input: Input,
    found: Vec<Found>,
    agreement: Option<Agreement>,
}

pub(super) fn check(args: &CheckArgs) -> Result<Status, CommandError> {
    if let Some(code) = &args.explain {
        return explain(code);
    }
    let inputs = Inputs::of(&args.runbooks, &args.stdin_name)?;
    let mut checked =
        inputs.read().map(|input| one(input?, args)).collect::<Result<Vec<_>, CommandError>>()?;
    if let Some(path) = &args.baseline {
        if args.write_baseline {
            return found::write_baseline(path, checked.iter().flat_map(|c| &c.found));
        }
        let known = found::baseline(path)?;
        for checked in &mut checked {
            checked.found.retain(|f| !known.contains(&f.fingerprint));
        }
    }
    let format = if args.json { Format::Json } else { args.format };
    let fails = |f: &Found| f.level >= args.fail_on.level();
    let mut well = !checked.iter().flat_map(|c| &c.found).any(fails);
    // Whoever had enough of the page hears by the status all the same how it is.
    unread(print(&checked, format))?;
    for checked in &checked {
        if let Some(agreement) = &checked.agreement {
            well &= as_agreed(&checked.input, agreement, format)?;
        }
    }
    Ok(if well { Status::Done } else { Status::Failed })
}

fn one(mut input: Input, args: &CheckArgs) -> Result<Checked, CommandError> {
    let agreement = args.locked.then(|| agreed::agreement(&input.document));
    let (settings, mut found) = settings::look(&input);
    syntax::add_findings(&mut input.document.runbook);
    found.extend(found::of(&input));
    let levels = Levels::of(settings.as_ref(), &args.only, &args.skip)?;
    found.retain_mut(|found| levels.apply(found));
    if let Some(revision) = &args.since {
        since::only_new(revision, &input, &mut found)?;
    }
    Ok(Checked { input, found, agreement })
}

fn print(checked: &[Checked], format: Format) -> Result<(), CommandError> {
    let all = || checked.iter().flat_map(|c| &c.found);
    match format {
        Format::Text => page::print(checked),
        Format::Json => say_json(&formats::json(checked)),
        Format::Jsonl => all().try_for_each(say_json),
        Format::Short => all().try_for_each(|found| say(formats::short(found))),
        Format::Github => all().try_for_each(|found| say(formats::github(found))),
        Format::Sarif => say_json(&formats::sarif(all())),
        Format::Gitlab => say_json(&formats::gitlab(all())),
        Format::Junit => say_text(formats::junit(checked)),
    }
}

/// Whether the document is as agreed; what differs is told. Where nobody agreed, or it can't be seen on what, that is an
/// error.
fn as_agreed(input: &Input, agreement: &Agreement, format: Format) -> Result<bool, CommandError> {
    let path = &input.document.path;
    let Agreement::Since(since) = agreement else {
        return agreed::as_agreed(path, agreement, None).map(|()| true);
    };
    if format == Format::Text {
        agreed::words(path, agreement, usize::MAX).iter().try_for_each(say)?;
    }
    if !since.is_unchanged() && !matches!(format, Format::Json | Format::Jsonl) {
        note(agreed::remedy(path));
    }
    Ok(since.is_unchanged())
}

fn explain(code: &str) -> Result<Status, CommandError> {
    if code == "headings" {
        for (role, words) in headings() {
            say_text(format!("{role}\n    {words}"))?;
        }
        return Ok(Status::Done);
    }
    if code == "all" {
        for (code, level, text) in finding::CODES {
            say_text(format!("{code} ({})\n    {text}", found::word(*level)))?;
        }
        return Ok(Status::Done);
    }
    let text = finding::explain(code).ok_or_else(|| found::unknown(code))?;
    say_text(text)?;
    say(format!(
        "To allow it: <!-- gonogo: allow {code}: why --> above the place it is about, or at the end of its line."
    ))?;
    Ok(Status::Done)
}

/// How the document stands to what was agreed on.
#[derive(serde::Serialize)]
struct Locked {
    unchanged: bool,
    same_document: bool,
    agreed_by: Option<String>,
    agreed_on: Option<String>,
    read_by: String,
    changes: Vec<LockedChange>,
}

#[derive(serde::Serialize)]
struct LockedChange {
    line: usize,
    message: String,
}

impl Locked {
    fn of(since: &Since) -> Self {
        let changes = since.changes.iter().map(|c| LockedChange { line: c.line, message: c.text.clone() });
        Self {
            unchanged: since.is_unchanged(),
            same_document: since.same_document,
            agreed_by: since.agreed.as_ref().map(|a| a.by.clone()),
            agreed_on: since.agreed.as_ref().map(|a| a.on.to_string()),
            read_by: since.gonogo.clone(),
            changes: changes.collect(),
        }
    }
}
