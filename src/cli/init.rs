//! `gonogo init`: settings to begin with for a runbook, made from what was read out of it. Everything in them is a comment
//! until somebody takes it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::document::{self, Document};
use super::report::{CommandError, Status, note, say_text};
use super::{prompt, watched};
use crate::config::Settings;
use crate::run::environment::is_production;
use crate::run::health::Watch;
use crate::runbook::Environment;

/// Arguments of `init`.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The runbook
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: PathBuf,
    /// Print what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write without asking
    #[arg(long)]
    yes: bool,
}

pub(super) fn init(args: &InitArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let document = document::document(&args.runbook)?;
    let settings = document::settings(Some(&args.runbook), operator)?;
    let path = document::directory(&args.runbook).join("gonogo.toml");
    if path.exists() {
        note(format!("{} is there already, and stays as it is", path.display()));
        note(format!("gonogo config {} shows what holds", args.runbook.display()));
        return Ok(Status::Done);
    }
    let text = text(&document, &settings)?;
    say_text(text.trim_end())?;
    if args.dry_run {
        note(format!("{} would be written", path.display()));
        return Ok(Status::Done);
    }
    if !args.yes && !agreed(&path)? {
        note("nothing was written");
        return Ok(Status::Failed);
    }
    write(&path, &text)?;
    note(format!("{} written; everything in it is a comment until you take it", path.display()));
    Ok(Status::Done)
}

fn agreed(path: &Path) -> Result<bool, CommandError> {
    match prompt::line(&format!("Write {}? [y/N] ", path.display()))? {
        Some(answer) => Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")),
        None => Err(CommandError::new(Status::Usage, "nobody is there to be asked")
            .hint("--yes writes it, --dry-run prints it")),
    }
}

fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    document::write_new(path, text).map_err(|error| {
        CommandError::new(Status::Failed, format!("could not write {}: {error}", path.display()))
    })
}

/// The settings, with what the document has.
fn text(document: &Document, settings: &Settings) -> Result<String, CommandError> {
    let runbook = &document.runbook;
    let environments = &runbook.environments;
    let nowhere = Environment { name: String::new(), ..Environment::default() };
    let most = environments.iter().find(|e| is_production(e, None)).or(environments.last());
    let watch = watched::watch(runbook, settings, most.unwrap_or(&nowhere), &watched::Said::default())?;
    let mut text = format!(
        "# Settings for {} and what lies beside it.\n# Lines that begin with \"#:\" are settings; take the \"#: \" away \
         to use one. `gonogo config example` has all there are,\n# `gonogo config` shows which hold.\n",
        document.path.file_name().unwrap_or_default().to_string_lossy()
    );
    answers(&mut text, document);
    for environment in environments {
        let _infallible = write!(
            text,
            "\n#: [environments.{}]\n#: production = {}\n# Runs only what was agreed on with `gonogo lock`.\n#: locked = true\n",
            key(&environment.name),
            is_production(environment, None)
        );
    }
    probes(&mut text, &watch);
    targets(&mut text, &watch);
    text.push_str(
        "\n# Where `gonogo log --keep` puts finished logs.\n#: [record]\n#: dir = \"deployments\"\n\n\
         # Who puts their name to a run: name, key type and key, as ssh-keygen(1) has it under ALLOWED SIGNERS.\n\
         #: [sign]\n#: allowed_signers = \"allowed_signers\"\n",
    );
    Ok(text)
}

fn answers(text: &mut String, document: &Document) {
    let parameters = &document.runbook.parameters;
    let (secret, plain): (Vec<_>, Vec<_>) = parameters.iter().partition(|parameter| parameter.secret);
    if !plain.is_empty() {
        text.push_str(
            "\n# What the document leaves open, and what it says where it says something.\n#: [parameters]\n",
        );
    }
    for parameter in plain {
        let value = toml::Value::from(parameter.default.clone().unwrap_or_default());
        let _infallible = writeln!(text, "#: {} = {value}", key(&parameter.name));
    }
    for parameter in secret {
        let _infallible = writeln!(
            text,
            "# {} is a secret and stands in no file: it is asked for, or comes by --set-file or {}.",
            parameter.name,
            crate::config::variable_of(&parameter.name)
        );
    }
}

fn probes(text: &mut String, watch: &Watch) {
    if !watch.probes.is_empty() {
        text.push_str("\n# What can be watched by the document (`gonogo monitor RUNBOOK --once` looks).\n");
    }
    for probe in &watch.probes {
        let _infallible = write!(
            text,
            "# {}\n#: [probes.{}]\n#: on = {}\n#: every = \"{}s\"\n",
            probe.title.lines().next().unwrap_or_default(),
            key(&probe.id.0),
            probe.on,
            probe.every_s
        );
    }
}

fn targets(text: &mut String, watch: &Watch) {
    let missing: Vec<_> =
        watch.targets.iter().filter_map(|t| Some((&t.metric, t.source.as_ref().err()?))).collect();
    if !missing.is_empty() {
        text.push_str(
            "\n# Rows of the targets that nothing measures yet: a probe, and what of it.\n#: [targets]\n",
        );
    }
    for (metric, why) in missing {
        let _infallible = writeln!(text, "# {why}\n#: {} = \"PROBE MEASURE\"", key(metric));
    }
}

/// A key as TOML writes it.
fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { name.to_owned() } else { toml::Value::from(name).to_string() }
}
