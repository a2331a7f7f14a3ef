//! `gonogo export`: one archive with everything that it takes to read and to check the record of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::material::Gathered;
use super::report::{CommandError, Status, note};
use super::{accepted, document, store};
use crate::exec::cast;
use crate::figures::counted;
use crate::record::allowed::AllowedSigners;
use crate::record::archive::{self, Content};
use crate::record::evidence::{DOCUMENT, JOURNAL, LOG, REPORT};
use crate::record::report::Report;
use crate::record::times::Times;
use crate::record::verify::Known;
use crate::record::{fill, signed_files};
use crate::run::RunId;
use crate::run_files::RunFiles;
use crate::store::Store;

/// Arguments of `export`.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The run; by default the active one, or the last
    #[arg(add = ArgValueCompleter::new(complete::runs))]
    run: Option<String>,
    /// The archive; by default RUN.tar.gz here
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn export(args: &ExportArgs) -> Result<Status, CommandError> {
    let failed = |why: String| CommandError::new(Status::Failed, why);
    let settings = document::settings(None, None)?;
    let (store, run) = store::find(&settings, args.run.as_deref())?;
    let gathered = Gathered::of(&*store, &run, &known(&*store, run.id())?)?;
    let id = run.id().0.clone();
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{id}.tar.gz")));
    let files = files(&run, &gathered)?;
    let (count, at) = (files.len(), gathered.state.last_at().unwrap_or_default().timestamp());
    archive::write(&out, &id, at.cast_unsigned(), files).map_err(|e| failed(e.to_string()))?;
    note(format!("{id}: {} written to {}", counted(count, "file"), out.display()));
    let credentials = gathered.state.runbook().findings.iter().filter(|f| f.code == "credential");
    let lines: Vec<String> = credentials.map(|f| f.line.to_string()).collect();
    if !lines.is_empty() {
        let words = "it contains the document as it was run, with credentials on lines";
        note(format!("{words} {}; the reports mask them", lines.join(", ")));
    }
    Ok(Status::Done)
}

/// Who has which keys, by the settings beside the run's document.
pub(super) fn known(store: &dyn Store, run: &RunId) -> Result<Known, CommandError> {
    let mut settings = document::settings(store.document_path(run).as_deref(), None)?;
    accepted::for_record(&mut settings, None)?;
    let zone = Times::of(&store.state_of(run)?).zone();
    let allowed = settings.sign.allowed_signers.as_ref().map(|path| AllowedSigners::read(path, zone));
    let allowed = allowed.transpose().map_err(|e| CommandError::new(Status::Usage, e.to_string()))?;
    Ok(Known { allowed, head: None })
}

fn files(run: &RunFiles, gathered: &Gathered) -> Result<BTreeMap<String, Content>, CommandError> {
    let mut files: BTreeMap<String, Content> = BTreeMap::new();
    let text = |text: String| Content::Bytes(text.into_bytes());
    let report = Report::of(&gathered.material());
    files.insert("report.html".into(), text(report.html()));
    files.insert(REPORT.into(), text(report.markdown()));
    files.insert(LOG.into(), text(fill(&gathered.state).text));
    files.insert(DOCUMENT.into(), text(gathered.document.clone()));
    files.insert(JOURNAL.into(), text(gathered.lines.join("\n") + "\n"));
    files.insert("README.txt".into(), text(readme(gathered)));
    let state = &gathered.state;
    let all = state.signatures().iter().flat_map(|s| signed_files(state, &s.as_given, ""));
    let signed: BTreeSet<String> = all.map(|(name, _)| name).collect();
    for below in ["recordings", "signatures", ""] {
        let directory = run.path().join(below);
        for entry in std::fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let wanted = match below {
                "recordings" => true,
                // Those that the journal tells of: what is being signed now belongs to no event in here.
                "signatures" => signed.contains(&format!("signatures/{name}")),
                _ => name.starts_with("readings") && name.ends_with(".json"),
            };
            if wanted && entry.file_type().is_ok_and(|t| t.is_file()) {
                let name = if below.is_empty() { name } else { format!("{below}/{name}") };
                files.insert(name, Content::Copy(entry.path()));
            }
        }
    }
    for ran in gathered.state.ran() {
        let title = format!("{} {}", ran.command, ran.text.lines().next().unwrap_or_default());
        let which = (&ran.command, ran.attempt);
        if let Some(cast) = cast::cast(&run.recordings(), which, &title, ran.started.timestamp())? {
            let name = format!("casts/{}.{}.cast", ran.command.file_name(), ran.attempt.0);
            files.insert(name, text(cast));
        }
    }
    Ok(files)
}

/// How to read it and how to check it, without gonogo too.
fn readme(gathered: &Gathered) -> String {
    let id = gathered.state.id();
    let mut text = format!(
        "The record of run {id}, made by gonogo {}.\n\n\
         report.html     everything about the run, for a browser; report.md is the same as text\n\
         log.md          the deployment log\n\
         document.md     the document as it was run\n\
         journal.jsonl   every event, a line each; each names the SHA-256 of the line before it\n\
         recordings/     the output of commands, byte for byte, with its times\n\
         casts/          the same for players of asciicast\n\
         readings*.json  what the probes measured, last and at gates\n\
         signatures/     statements, the signatures under them, and the logs that were signed\n\
         MANIFEST        the SHA-256 of these files but for the signatures: sha256sum -c MANIFEST\n\n\
         To check all of it:     gonogo verify {id}.tar.gz --allowed-signers FILE\n\
         To check a signature:   ssh-keygen -Y verify -f FILE -I NAME -n gonogo -s signatures/ROLE.txt.sig < signatures/ROLE.txt\n\
         where FILE says who has which key (ssh-keygen(1), ALLOWED SIGNERS) and NAME is the name in the statement.\n\
         The head in a statement is the SHA-256 of that line of journal.jsonl:\n\
         \x20                       sed -n Np journal.jsonl | tr -d '\\n' | sha256sum\n",
        env!("CARGO_PKG_VERSION")
    );
    if gathered.state.signatures().is_empty() {
        text.push_str("\nNobody had signed when this was made.\n");
    }
    text
}
