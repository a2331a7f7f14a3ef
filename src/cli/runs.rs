//! `gonogo runs`, `status` and `output`: looking at runs from outside.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, NaiveDate, TimeZone, Utc};
use clap::Args;
use clap_complete::ArgValueCompleter;
use serde::Serialize;

use super::complete;
use super::report::{CommandError, Status, local, note, say, say_json};
use super::{document, store};
use crate::exec::lines::Lines;
use crate::figures::{counted, elapsed};
use crate::mask::{Hidden, told};
use crate::protocol::{From, OutputQuery};
use crate::record::{history, review};
use crate::run::event::Exit;
use crate::run::{Next, Outcome, RunState, flow};
use crate::run_files::RunFiles;
use crate::runbook::CommandId;
use crate::store::{Filter, RunSummary, Store};
use crate::text::{self as words, first_line};

/// A run and `--json`.
#[derive(Debug, Args)]
pub(super) struct RunAndJson {
    /// The run; by default the active one, or the last
    #[arg(add = ArgValueCompleter::new(complete::runs))]
    run: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `runs`.
#[derive(Debug, Args)]
pub(super) struct RunsArgs {
    /// Print JSON, one object per line
    #[arg(long)]
    json: bool,
    /// So many of them, the latest
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Those in this environment
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// Those of this document, by its file or a part of its title
    #[arg(long, value_name = "RUNBOOK", add = ArgValueCompleter::new(complete::runbooks))]
    runbook: Option<String>,
    /// Those without an outcome
    #[arg(long)]
    unfinished: bool,
    /// Those started since a day, or within a time: 2026-11-25, 7d
    #[arg(long, value_name = "WHEN", value_parser = since)]
    since: Option<DateTime<Utc>>,
    /// Save what is readable of damaged runs in this directory
    #[arg(long, value_name = "DIR")]
    salvage: Option<PathBuf>,
}

/// Arguments of `output`.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// The run, unless it is the active or last one; then the command, such as 1.2/3
    #[arg(required = true, num_args = 1..=2, value_names = ["RUN", "COMMAND"], add = ArgValueCompleter::new(complete::run_then_command))]
    run_and_command: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct RunLine<'r> {
    id: &'r str,
    title: &'r str,
    environment: &'r str,
    operator: &'r str,
    started: Option<DateTime<Utc>>,
    outcome: Option<Outcome>,
    took_s: Option<f64>,
    deviations: usize,
    signed: Vec<SignedBy<'r>>,
}

#[derive(Serialize)]
struct SignedBy<'r> {
    name: &'r str,
    keyed: bool,
}

/// Writes out what can still be read of runs that can't be opened.
fn salvage(directory: &Path) -> Result<Status, CommandError> {
    let state_dir = document::settings(None, None)?.state_dir;
    let store = store::at(&state_dir)?;
    let mut found = 0;
    for summary in store.list(&Filter::default())? {
        if store.state_of(&summary.id).is_ok() {
            continue;
        }
        found += 1;
        let saved = store.salvage(&RunFiles::of(&state_dir, summary.id.clone()), directory)?;
        say(format!(
            "{}: {} and {} written to {}",
            summary.id,
            counted(saved.lines, "event"),
            counted(saved.recordings, "recording"),
            saved.path.display()
        ))?;
        say(format!("  damage: {}", saved.damage.as_deref().unwrap_or("the document can't be read")))?;
    }
    if found == 0 {
        note("gonogo can read every run: nothing to salvage");
    }
    Ok(Status::Done)
}

/// The moment a day begins here, or so long ago.
fn since(when: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(ago) = humantime::parse_duration(when) {
        return Ok(Utc::now() - ago);
    }
    let day = when.parse::<NaiveDate>().ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    let begins = day.and_then(|midnight| Local.from_local_datetime(&midnight).earliest());
    begins
        .map(|at| at.to_utc())
        .ok_or_else(|| "write a day such as 2026-11-25, or a time such as 7d".to_owned())
}

impl RunsArgs {
    fn is_picked(&self) -> bool {
        self.env.is_some()
            || self.runbook.is_some()
            || self.unfinished
            || self.since.is_some()
            || self.limit == Some(0)
    }

    /// The runs that are asked for, the latest first: only these are read whole.
    fn wanted(&self, store: &dyn Store) -> Result<Vec<RunSummary>, CommandError> {
        let filter = Filter { environment: self.env.clone(), unfinished: self.unfinished, most: None };
        let mut runs = store.list(&filter)?;
        runs.retain(|run| {
            self.runbook.as_deref().is_none_or(|of| is_of(run, of))
                && self.since.is_none_or(|since| run.started.is_none_or(|started| started >= since))
        });
        runs.truncate(self.limit.unwrap_or(usize::MAX));
        Ok(runs)
    }
}

/// Whether a run is of a document: its file, wherever it was called from, or a part of its title.
fn is_of(run: &RunSummary, document: &str) -> bool {
    let name = |path: &str| Path::new(path).file_name().map(ToOwned::to_owned);
    let is_file = name(document).is_some() && name(document) == name(&run.document);
    is_file || run.title.to_lowercase().contains(&document.to_lowercase())
}

pub(super) fn runs(args: &RunsArgs) -> Result<Status, CommandError> {
    if let Some(directory) = &args.salvage {
        return salvage(directory);
    }
    let store = store::of(&document::settings(None, None)?)?;
    let runs = history::told(&*store, &args.wanted(&*store)?);
    if runs.is_empty() && !args.json {
        note(if args.is_picked() { "no run fits" } else { "no runs yet" });
    }
    for told in &runs {
        let run = &told.summary;
        if args.json {
            say_json(&RunLine {
                id: &run.id.0,
                title: &run.title,
                environment: &run.environment,
                operator: &run.operator,
                started: run.started,
                outcome: run.outcome,
                took_s: told.took_ms.map(|ms| ms as f64 / 1000.0),
                deviations: told.deviations,
                signed: told.signed.iter().map(|(name, keyed)| SignedBy { name, keyed: *keyed }).collect(),
            })?;
        } else {
            let started = run.started.map_or("-".to_owned(), local);
            let took = told.took_ms.map_or("-".to_owned(), elapsed);
            let left = match told.deviations {
                0 => "as written".to_owned(),
                1 => "1 deviation".to_owned(),
                n => format!("{n} deviations"),
            };
            let signed = if told.signed.is_empty() {
                "not signed".to_owned()
            } else {
                format!("signed {}", told.signers())
            };
            say(format!(
                "{:<22} {started:<18} {:<12} {:<12} {took:>12}  {left:<13} {:<10} {signed:<28} {}",
                run.id,
                run.environment,
                told.came(),
                run.operator,
                run.title
            ))?;
        }
    }
    Ok(Status::Done)
}

pub(super) fn status(args: &RunAndJson) -> Result<Status, CommandError> {
    let (store, run) = store::find(&document::settings(None, None)?, args.run.as_deref())?;
    let state = store.state_of(run.id())?;
    let commands = state.path();
    let (settled, all) = flow::progress(&state, &commands);
    let next = flow::next(&state);
    let points = review::points(&state);
    if args.json {
        let all_steps = state.runbook().all_steps().into_iter().filter(|s| !s.commands().is_empty());
        let steps = all_steps.map(|step| {
            serde_json::json!({ "id": step.id.0, "title": step.title, "came": words::step_came(&state, step) })
        });
        let look_at = points.iter().map(|point| {
            let event = point.event.map(|e| e.0);
            serde_json::json!({ "about": point.about.title(), "words": point.words, "event": event })
        });
        say_json(&serde_json::json!({
            "id": run.id().0, "title": state.runbook().title, "environment": state.environment(), "operator": state.operator(),
            "outcome": state.outcome().map(|(o, _)| o), "place": state.place().to_string(),
            "settled": settled, "commands": all, "next": next.command().map(|c| c.0.clone()),
            "steps": steps.collect::<Vec<_>>(), "look_at": look_at.collect::<Vec<_>>(),
        }))?;
        return Ok(Status::Done);
    }
    say(format!("{}  {}  {}", run.id(), state.environment(), state.runbook().title))?;
    if let Some((_, at)) = state.start() {
        say(format!("started  {} by {}", local(*at), state.operator()))?;
    }
    say(format!("place    {}", state.place()))?;
    if let Some(back) = state.going_back() {
        say(format!("rollback since {} by {}: {}", local(back.at), back.by, back.decided.reason))?;
    }
    say(format!("progress {settled} of {all} commands"))?;
    say(format!("next     {}", next_words(&state, &next)))?;
    for (at, point) in points.iter().enumerate() {
        let head = if at == 0 { "look at" } else { "" };
        say(format!("{head:<8} {}: {}", point.about.title(), point.words))?;
    }
    Ok(Status::Done)
}

/// The next thing in a sentence.
pub(super) fn next_words(state: &RunState, next: &Next) -> String {
    let text =
        |id: &CommandId| state.runbook().command(id).map_or(String::new(), |c| first_line(&state.text_of(c)));
    let doubt = |id: &CommandId| state.runbook().command(id).and_then(|c| c.doubt);
    match next {
        Next::Running(id) => format!("{id} is running: {}", text(id)),
        Next::Waiting(id) => format!("{id} is repeated until it passes: {}", text(id)),
        Next::Gate(gate) => format!("the gate {}: go or no-go", gate.title()),
        Next::Check(item) => {
            format!("check \"{}\"", state.runbook().item(item).map_or(item.as_str(), |i| &i.text))
        }
        Next::Condition(id) if doubt(id).is_some() => {
            format!("{id} {}: {}", doubt(id).map_or("", |d| d.may_be()), text(id))
        }
        Next::Condition(id) => format!("{id} depends on a condition that needs your answer: {}", text(id)),
        Next::Unset(id) => {
            let names = state.asks_unset().map_or(String::new(), |(_, names)| names.join(", "));
            format!("{id} uses variables that have no value ({names}): {}", text(id))
        }
        Next::Place(id) => format!("{id} asks where to run: {}", text(id)),
        Next::Choice(id) => format!("{id} is optional: {}", text(id)),
        Next::Manual(id) => format!("{id} is done by hand"),
        Next::Run(id) => format!("{id} {}", text(id)),
        Next::Attest(id, _) => format!("{id} needs a manual check: {}", text(id)),
        Next::Failed(id) => format!("{id} failed: {}", text(id)),
        Next::Lost(id) => format!("{id} was lost, outcome unknown: {}", text(id)),
        Next::Elsewhere(id) => format!("{id} runs in another place: {}", text(id)),
        Next::Finish => "all commands are settled: finish and sign off".into(),
        Next::Over => state.outcome().map_or("over".into(), |(o, at)| format!("{o} at {}", local(at))),
    }
}

/// The status that a command returned, where it did.
fn returned(exit: Exit) -> Option<i32> {
    match exit {
        Exit::Status(status) | Exit::ShellEnded(status) => Some(status),
        Exit::Ended | Exit::Unknown => None,
    }
}

pub(super) fn output(args: &OutputArgs) -> Result<Status, CommandError> {
    let (run, command) = match args.run_and_command.as_slice() {
        [run, command] => (Some(run.as_str()), command),
        [command] => (None, command),
        _ => return Ok(Status::Usage),
    };
    let (store, run) = store::find(&document::settings(None, None)?, run)?;
    let command = CommandId(command.clone());
    let state = store.state_of(run.id())?;
    let Some(ran) = state.last_run(&command) else {
        let ids: Vec<String> = state.ran().iter().map(|r| r.command.0.clone()).collect();
        return Err(CommandError::new(Status::Usage, format!("{command} did not run in {}", run.id()))
            .hint(format!("these ran: {}", ids.join(" "))));
    };
    let mut recorded = Lines::open(&run.recordings(), &command, ran.attempt)?;
    let mut lines: Vec<String> = Vec::new();
    let mut at = 0;
    let last = loop {
        let query = OutputQuery::new(command.clone(), From::Line(at));
        let page = recorded.answer(&query)?;
        at += page.lines.len() as u64;
        for line in &page.lines {
            let text = line.plain();
            if args.json {
                lines.push(text);
            } else {
                say(text.trim_end())?;
            }
        }
        if page.lines.is_empty() || at >= page.total {
            break page;
        }
    };
    if args.json {
        say_json(&serde_json::json!({
            "command": command.0, "exit": ran.exit.and_then(returned), "ended": ran.exit.map(|e| e.to_string()), "lines": lines, "left_out": last.left_out,
            "masked": ran.hidden.iter().map(Hidden::to_string).collect::<Vec<_>>(),
        }))?;
    } else {
        last.left_out.into_iter().for_each(note);
        if !ran.hidden.is_empty() {
            note(format!("masked here: {}", told(&ran.hidden)));
        }
    }
    Ok(Status::Done)
}
