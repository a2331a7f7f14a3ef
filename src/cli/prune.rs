//! `gonogo prune`: removes runs that are over and old enough, and leaves a line of each.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;

use super::report::{CommandError, Status, local, note, say};
use super::{document, prompt, store};
use crate::figures::{self, elapsed};
use crate::run::{RunState, Seq, SignRole};
use crate::run_files::RunFiles;
use crate::store::{Filter, RunSummary, Store, Tombstone, chain};
use crate::text::{counted, size};

/// Arguments of `prune`.
#[derive(Debug, Args)]
pub(super) struct PruneArgs {
    /// The runs; those that are not over are kept
    #[arg(required_unless_present = "older_than")]
    runs: Vec<String>,
    /// All runs whose last event is older than this, such as 90d or 1y
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, conflicts_with = "runs")]
    older_than: Option<Duration>,
    /// Keep those that somebody has signed
    #[arg(long)]
    keep_signed: bool,
    /// Only list what would be removed
    #[arg(long)]
    dry_run: bool,
    /// The reason; it is kept with the line of each run
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Remove without asking
    #[arg(long)]
    yes: bool,
}

/// A run that is to be removed.
struct Going {
    tombstone: Tombstone,
    bytes: u64,
}

pub(super) fn prune(args: &PruneArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let settings = document::settings(None, operator)?;
    let (store, now) = (store::of(&settings)?, Utc::now());
    let reason = args.reason.clone().unwrap_or_else(|| match args.older_than {
        Some(age) => format!("older than {}", figures::limit(age)),
        None => "by name".to_owned(),
    });
    let (mut going, mut kept) = (Vec::new(), 0);
    for run in asked_for(args, &*store, now)? {
        let tombstone = match removable(&*store, &run, args.keep_signed) {
            Ok(state) => tombstone(&*store, &run, &state, (now, &settings.operator, &reason))?,
            Err(why) => {
                kept += 1;
                note(format!("kept: {}, {why}", run.id));
                continue;
            }
        };
        let bytes = size_below(RunFiles::of(&settings.state_dir, run.id).path());
        going.push(Going { tombstone, bytes });
    }
    // Of the runs that are old enough some are expected to stay; one that was named was meant.
    let done = if kept > 0 && args.older_than.is_none() { Status::Failed } else { Status::Done };
    if going.is_empty() {
        note("nothing to remove");
        return Ok(done);
    }
    going.iter().try_for_each(|one| say(line(one)))?;
    let all = format!("{}, {}", counted(going.len(), "run"), size(going.iter().map(|one| one.bytes).sum()));
    if args.dry_run {
        note(format!("{all} would be removed"));
        return Ok(done);
    }
    if !args.yes && !agreed(&all)? {
        note("nothing was removed");
        return Ok(Status::Failed);
    }
    for one in &going {
        store.prune(&one.tombstone)?;
    }
    note(format!("{all} removed; pruned.jsonl in {} says what they were", settings.state_dir.display()));
    Ok(done)
}

/// The runs that were named, or all that are old enough, the oldest first.
fn asked_for(
    args: &PruneArgs,
    store: &dyn Store,
    now: DateTime<Utc>,
) -> Result<Vec<RunSummary>, CommandError> {
    if args.older_than.is_none() {
        let named = |name: &String| store.summary_of(&store.find(Some(name))?);
        return Ok(args.runs.iter().map(named).collect::<Result<_, _>>()?);
    }
    let age = args.older_than.unwrap_or_default();
    let is_old = |run: &RunSummary| {
        let since = run.last.or(run.started).and_then(|at| (now - at).to_std().ok());
        // Of one that can't be read nobody knows how old it is: it is named as kept.
        run.started.is_none() || since.is_some_and(|since| since > age)
    };
    let mut old: Vec<_> = store.list(&Filter::default())?.into_iter().filter(is_old).collect();
    old.reverse();
    Ok(old)
}

/// The state of a run that may be removed, or why it may not.
fn removable(store: &dyn Store, run: &RunSummary, keep_signed: bool) -> Result<RunState, String> {
    let state = store.state_of(&run.id).map_err(|_| {
        "gonogo can't read it: `gonogo runs --salvage DIR` saves what it can, then remove its directory"
            .to_owned()
    })?;
    if state.outcome().is_none() {
        return Err(format!("it is not over: resume it, or `gonogo stop {}`", run.id));
    }
    if keep_signed && SignRole::ALL.into_iter().any(|role| state.signed(role).is_some()) {
        return Err("it is signed".into());
    }
    Ok(state)
}

/// What will stay of a run: it is removed at a time, by somebody, for a reason.
fn tombstone(
    store: &dyn Store,
    run: &RunSummary,
    state: &RunState,
    (at, by, reason): (DateTime<Utc>, &str, &str),
) -> Result<Tombstone, CommandError> {
    let signed = SignRole::ALL.into_iter().filter_map(|role| Some((role, state.signed(role)?)));
    let head = store.lines_of(&run.id, Seq(state.seq().0.saturating_sub(1)), 1)?;
    Ok(Tombstone {
        run: run.id.clone(),
        title: run.title.clone(),
        environment: run.environment.clone(),
        operator: run.operator.clone(),
        started: run.started,
        outcome: run.outcome,
        document: run.sha256.clone(),
        events: state.seq().0,
        head: head.first().map(|line| chain::hash(line)).unwrap_or_default(),
        signed: signed.map(|(role, s)| (role, s.statement.name.clone())).collect(),
        at,
        by: by.to_owned(),
        reason: reason.to_owned(),
    })
}

fn line(Going { tombstone, bytes }: &Going) -> String {
    let began = tombstone.started.map_or("-".to_owned(), local);
    let age = tombstone
        .started
        .map_or("-".to_owned(), |at| elapsed((tombstone.at - at).num_milliseconds().max(0) as u64));
    let came = tombstone.outcome.map_or("-".to_owned(), |outcome| outcome.to_string());
    let signed: Vec<&str> = tombstone.signed.iter().map(|(_, name)| name.as_str()).collect();
    let signed =
        if signed.is_empty() { "not signed".into() } else { format!("signed {}", signed.join(", ")) };
    format!(
        "{:<22} {began:<18} {age:>12}  {came:<12} {:>10}  {signed:<20} {}",
        tombstone.run,
        size(*bytes),
        tombstone.title
    )
}

/// Whether somebody at the terminal says so.
fn agreed(all: &str) -> Result<bool, CommandError> {
    let question = format!("Remove {all}? That can't be undone. [y/N] ");
    match prompt::line(&question)? {
        Some(typed) => Ok(matches!(typed.trim(), "y" | "yes")),
        None => Err(CommandError::new(Status::Usage, "there is no terminal to ask on")
            .hint("--yes removes without asking; --dry-run only lists what would be removed")),
    }
}

/// What the files below a directory take. Links are not followed.
fn size_below(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok);
    let of = |entry: fs::DirEntry| match entry.metadata() {
        Ok(known) if known.is_dir() => size_below(&entry.path()),
        Ok(known) => known.len(),
        Err(_) => 0,
    };
    entries.map(of).sum()
}
