//! `gonogo verify`: whether a record is what it was.

use std::path::{Path, PathBuf};

use chrono::FixedOffset;
use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::report::{CommandError, Status, say, say_json, unread};
use super::{accepted, document, store};
use crate::record::allowed::AllowedSigners;
use crate::record::evidence::Evidence;
use crate::record::times::Times;
use crate::record::verify::{self, Known, Verified};

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The run, or an archive that `gonogo export` made; by default the active run, or the last
    #[arg(add = ArgValueCompleter::new(complete::runs_and_archives))]
    run: Option<String>,
    /// A file of who has which keys, in the format of ssh-keygen(1)
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// The hash of an event noted elsewhere, for example in a message
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    /// Accept the gonogo.toml beside the runbook as it is, with its settings for signing
    #[arg(long)]
    accept_commands: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn verify(args: &VerifyArgs) -> Result<Status, CommandError> {
    let failed = |why: String| CommandError::new(Status::Failed, why);
    let (evidence, kept) = match args.run.as_deref().map(Path::new).filter(|p| p.is_file()) {
        Some(path) => (Evidence::of_archive(path).map_err(|e| failed(e.to_string()))?, None),
        None => {
            let (store, run) = store::find(&document::settings(None, None)?, args.run.as_deref())?;
            let evidence = Evidence::of_run(&*store, &run).map_err(|e| failed(e.to_string()))?;
            (evidence, Some((store, run)))
        }
    };
    // Times without a zone are local ones, as for ssh-keygen: those of the run, else of this machine.
    let zone = match kept.as_ref().map(|(store, run)| store.state_of(run.id())) {
        Some(Ok(state)) => Times::of(&state).zone(),
        _ => chrono::Local::now().offset().to_owned(),
    };
    let beside = kept.and_then(|(store, run)| store.document_path(run.id()));
    let known = Known { allowed: allowed(args, beside, zone)?, head: args.head.clone() };
    let found = verify::verify(&evidence, &known);
    // Whoever had enough of the page hears by the status all the same whether the record is good.
    unread(if args.json { json(&found) } else { found.lines(zone).into_iter().try_for_each(say) })?;
    Ok(if found.is_good() { Status::Done } else { Status::Failed })
}

/// The allowed signers that were named, else those of the settings beside the run's document.
fn allowed(
    args: &VerifyArgs,
    beside: Option<PathBuf>,
    zone: FixedOffset,
) -> Result<Option<AllowedSigners>, CommandError> {
    let path = match &args.allowed_signers {
        Some(path) => Some(path.clone()),
        None => {
            let mut settings = document::settings(beside.as_deref(), None)?;
            accepted::for_record(&mut settings, Some(args.accept_commands))?;
            settings.sign.allowed_signers
        }
    };
    let Some(path) = path else { return Ok(None) };
    let read = AllowedSigners::read(&path, zone);
    read.map(Some).map_err(|e| CommandError::new(Status::Usage, e.to_string()))
}

fn json(found: &Verified) -> Result<(), CommandError> {
    let signed = found.signed.iter().map(|s| {
        serde_json::json!({
            "role": s.statement.role, "name": s.statement.name, "time": s.statement.time,
            "events": s.statement.events, "after": s.after, "in_archive_only": s.beside,
            "key": s.key.as_ref().map(|(kind, print)| serde_json::json!({ "algorithm": kind, "fingerprint": print })),
            "allowed_by_line": s.allowed_by,
        })
    });
    say_json(&serde_json::json!({
        "run": found.run, "events": found.events, "head": found.head, "good": found.is_good(),
        "off": found.off.iter().map(|o| serde_json::json!({ "event": o.event, "what": o.words })).collect::<Vec<_>>(),
        "ok": found.good, "signed": signed.collect::<Vec<_>>(), "not_proven": found.unproven,
    }))
}
