//! `gonogo log`: the deployment log, and the full report.

use std::path::{Path, PathBuf};

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::export;
use super::material::Gathered;
use super::report::{CommandError, Status, note, say_text};
use super::sign::archive;
use super::{accepted, document, store};
use crate::exec::spawn;
use crate::record::evidence::{Evidence, REPORT};
use crate::record::verify::{self, Known};
use crate::record::{self, report::Report};
use crate::run::RunState;
use crate::store::Store;

/// Arguments of `log`.
#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// The run, or an archive that `gonogo export` made; by default the active run, or the last
    #[arg(add = ArgValueCompleter::new(complete::runs_and_archives))]
    run: Option<String>,
    /// Everything about the run, as Markdown: timeline, durations, verdicts, readings, outputs, signatures
    #[arg(long)]
    full: bool,
    /// Write it to a file instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Put the log into the directory from the settings (record.dir)
    #[arg(long, conflicts_with_all = ["full", "out"])]
    keep: bool,
    /// Commit it there with git
    #[arg(long, requires = "keep")]
    commit: bool,
}

pub(super) fn log(args: &LogArgs) -> Result<Status, CommandError> {
    if let Some(path) = args.run.as_deref().map(Path::new).filter(|p| p.is_file()) {
        return of_archive(args, path);
    }
    let (store, run) = store::find(&document::settings(None, None)?, args.run.as_deref())?;
    if args.full {
        let gathered = Gathered::of(&*store, &run, &export::known(&*store, run.id())?)?;
        let text = Report::of(&gathered.material()).markdown();
        return put(args, run.id().0.as_str(), &text);
    }
    let state = store.state_of(run.id())?;
    let filled = record::fill(&state);
    let status = if args.keep {
        keep(args, &*store, &state, &filled.text)?
    } else {
        put(args, run.id().0.as_str(), &filled.text)?
    };
    note_left(&filled);
    Ok(status)
}

fn note_left(filled: &record::Filled) {
    for line in &filled.left {
        note(format!("line {} was not filled in: {} ({})", line.line, line.text.trim(), line.why));
    }
}

/// The log of an exported run, by its events; the full one as it was when the archive was made.
fn of_archive(args: &LogArgs, path: &Path) -> Result<Status, CommandError> {
    if args.keep {
        let words = "--keep is for a run, not for an archive: --out writes its log to a file";
        return Err(CommandError::new(Status::Usage, words));
    }
    let evidence =
        Evidence::of_archive(path).map_err(|e| CommandError::new(Status::Failed, e.to_string()))?;
    let found = verify::verify(&evidence, &Known::default());
    if let Some(off) = found.off.first() {
        note(format!("{} has changed: {}: gonogo verify {0}", path.display(), off.words));
    }
    if args.full {
        let report = evidence.text(REPORT).ok_or_else(|| {
            CommandError::new(Status::Failed, format!("there is no {REPORT} in {}", path.display()))
        })?;
        return put(args, &found.run, &report);
    }
    let filled = record::fill(&archive::state_of(&evidence)?);
    let status = put(args, &found.run, &filled.text)?;
    note_left(&filled);
    Ok(status)
}

fn put(args: &LogArgs, id: &str, text: &str) -> Result<Status, CommandError> {
    match &args.out {
        Some(path) => {
            std::fs::write(path, text).map_err(|e| unwritten(path, &e))?;
            note(format!("log of {id} written to {}", path.display()));
        }
        None => say_text(text.trim_end_matches('\n'))?,
    }
    Ok(Status::Done)
}

fn unwritten(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::new(Status::Failed, format!("could not write {}: {error}", path.display()))
}

/// Puts the log where the team keeps its logs. A log of the same run that is there is replaced: it is the same log,
/// with more in it.
fn keep(args: &LogArgs, store: &dyn Store, state: &RunState, text: &str) -> Result<Status, CommandError> {
    let mut settings = document::settings(store.document_path(state.id()).as_deref(), None)?;
    accepted::for_record(&mut settings, None)?;
    let directory = settings.record_dir.ok_or_else(|| {
        CommandError::new(Status::Usage, "the settings name no directory for logs")
            .hint("in gonogo.toml beside the runbook: [record] and dir = \"ops/deployments\"")
    })?;
    std::fs::create_dir_all(&directory).map_err(|e| unwritten(&directory, &e))?;
    let path = directory.join(record::kept_name(state));
    std::fs::write(&path, text).map_err(|e| unwritten(&path, &e))?;
    note(format!("log of {} written to {}", state.id(), path.display()));
    if args.commit {
        commit(&directory, &path, state)?;
    }
    Ok(Status::Done)
}

/// Commits one file as whoever calls this, with their git and its settings; what else is staged stays as it is.
fn commit(directory: &Path, path: &Path, state: &RunState) -> Result<(), CommandError> {
    let outcome = state.outcome().map_or("not over".to_owned(), |(o, _)| o.to_string());
    let subject = format!("Record {} in {}: {outcome}", state.id(), state.environment());
    let file = path.file_name().unwrap_or_default();
    let git = |arguments: &[&std::ffi::OsStr]| -> Result<(), CommandError> {
        let told = spawn::tool("git", arguments, directory)
            .map_err(|e| CommandError::new(Status::Failed, format!("could not start git: {e}")))?;
        if told.status == Some(0) {
            return Ok(());
        }
        let words = format!("the log was written, but git did not commit it: {}", told.said());
        Err(CommandError::new(Status::Failed, words))
    };
    git(&["add".as_ref(), "--".as_ref(), file])?;
    git(&["commit".as_ref(), "--quiet".as_ref(), "-m".as_ref(), subject.as_ref(), "--".as_ref(), file])?;
    note(format!("committed: {subject}"));
    Ok(())
}
