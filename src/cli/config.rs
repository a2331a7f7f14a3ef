//! `gonogo config`: which settings hold, and where each is said.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;
use serde::Serialize;

use super::complete;
use super::document;
use super::report::{CommandError, Status, note, say, say_json, say_json_by_lines};
use crate::config::layers::{self, Origin, Said};
use crate::config::{self, Settings};
use crate::figures;
use crate::mask::Masker;
use crate::runbook::probes::Source;

/// Arguments of `config`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct ConfigArgs {
    /// A runbook, or the directory of one; by default this directory
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the files that are looked for, the one that counts most last
    Path {
        /// A runbook, or the directory of one; by default this directory
        #[arg(add = ArgValueCompleter::new(complete::runbooks))]
        runbook: Option<PathBuf>,
    },
    /// Print the JSON Schema of gonogo.toml, for editors and linters
    Schema,
    /// Print the commented example, which is also the default
    Example,
}

pub(super) fn config(args: &ConfigArgs, operator: Option<String>) -> Result<Status, CommandError> {
    match &args.what {
        Some(What::Path { runbook }) => path(runbook.as_deref()),
        Some(What::Schema) => say_json_by_lines(&schema()).map(|()| Status::Done),
        Some(What::Example) => {
            super::report::say_text(config::EXAMPLE.trim_end())?;
            Ok(Status::Done)
        }
        None => list(args, operator),
    }
}

/// The schema with what all kinds of probes know.
fn schema() -> serde_json::Value {
    config::schema(Source::settings())
}

/// The directory whose `gonogo.toml` counts.
fn directory(runbook: Option<&Path>) -> Result<&Path, CommandError> {
    match runbook {
        None => Ok(Path::new(".")),
        Some(path) if path.is_dir() => Ok(path),
        Some(path) if path.exists() => Ok(document::directory(path)),
        Some(path) => {
            Err(CommandError::new(Status::Usage, format!("{}: there is no such file", path.display())))
        }
    }
}

fn path(runbook: Option<&Path>) -> Result<Status, CommandError> {
    for file in layers::candidates(Some(directory(runbook)?)) {
        let there = if file.exists { "" } else { "  (not there)" };
        say(format!("{}{there}", shown(&file.path)))?;
    }
    Ok(Status::Done)
}

fn list(args: &ConfigArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let beside = directory(args.runbook.as_deref())?;
    // Where a file lies says whose settings these are: the document itself need not be read.
    let settings = document::settings(Some(&beside.join("gonogo.toml")), operator.clone())?;
    let waiting = settings.waiting.as_ref().map_or(&[][..], |waiting| &waiting.asks);
    let mut all = layers::said(Some(beside), operator.as_deref(), waiting)?;
    let unsaid = defaults(&settings).into_iter().filter(|d| all.iter().all(|s| s.waits || s.name != d.name));
    let unsaid: Vec<Said> = unsaid.collect();
    all.extend(unsaid);
    all.sort_by(|one, other| one.name.cmp(&other.name));
    let masker = Masker::default();
    for said in &mut all {
        said.value = masker.text(&said.value);
    }
    if args.json {
        return say_json(&Json::of(&all, beside)).map(|()| Status::Done);
    }
    let width = |of: fn(&Said) -> &str| {
        all.iter().map(|s| of(s).chars().count()).filter(|w| *w <= 40).max().unwrap_or(0)
    };
    let (names, values) = (width(|s| &s.name), width(|s| &s.value));
    for said in &all {
        say(format!("{:<names$}  {:<values$}  {}", said.name, said.value, origin(said)))?;
    }
    let waiting = all.iter().filter(|s| s.waits).count();
    if waiting > 0 {
        note(format!(
            "{} came with the runbook and {} not count before somebody accepts {}: --accept-commands, or on Start",
            figures::counted(waiting, "setting"),
            if waiting == 1 { "does" } else { "do" },
            if waiting == 1 { "it" } else { "them" },
        ));
    }
    Ok(Status::Done)
}

/// What holds where nothing is said, as TOML has it.
fn defaults(settings: &Settings) -> Vec<Said> {
    let text = |value: &str| toml::Value::from(value).to_string();
    let time = |time: std::time::Duration| text(&humantime::format_duration(time).to_string());
    let values = [
        ("operator", text(&settings.operator)),
        ("state_dir", text(&settings.state_dir.display().to_string())),
        ("theme", text(settings.theme.name())),
        ("wheel", settings.wheel.to_string()),
        ("follow_for", time(settings.follow_for)),
        ("reach_within", time(settings.reach_within)),
    ];
    let said = |(name, value): (&str, String)| Said {
        name: name.to_owned(),
        value,
        origin: Origin::Unsaid,
        waits: false,
    };
    values.map(said).into()
}

/// A path without the directory one is in.
fn shown(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(".").unwrap_or(path).display()
}

fn origin(said: &Said) -> String {
    let place = match &said.origin {
        Origin::File(path, line) => format!("{}:{line}", shown(path)),
        Origin::Variable(name) => name.clone(),
        Origin::Flag(flag) => (*flag).to_owned(),
        Origin::Unsaid => "default".to_owned(),
    };
    if said.waits { format!("{place}, not accepted: it does not count") } else { place }
}

#[derive(Serialize)]
struct Json<'s> {
    v: u32,
    files: Vec<JsonFile>,
    settings: Vec<JsonSetting<'s>>,
}

#[derive(Serialize)]
struct JsonFile {
    path: PathBuf,
    exists: bool,
}

#[derive(Serialize)]
struct JsonSetting<'s> {
    name: &'s str,
    value: &'s str,
    /// `file`, `variable`, `flag` or `default`.
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'s Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<&'s str>,
    counts: bool,
}

impl<'s> Json<'s> {
    fn of(all: &'s [Said], beside: &Path) -> Self {
        let files = layers::candidates(Some(beside));
        Self {
            v: 1,
            files: files.into_iter().map(|f| JsonFile { path: f.path, exists: f.exists }).collect(),
            settings: all.iter().map(JsonSetting::of).collect(),
        }
    }
}

impl<'s> JsonSetting<'s> {
    fn of(said: &'s Said) -> Self {
        let (origin, file, line, variable) = match &said.origin {
            Origin::File(path, line) => ("file", Some(path.as_path()), Some(*line), None),
            Origin::Variable(name) => ("variable", None, None, Some(name.as_str())),
            Origin::Flag(_) => ("flag", None, None, None),
            Origin::Unsaid => ("default", None, None, None),
        };
        Self { name: &said.name, value: &said.value, origin, file, line, variable, counts: !said.waits }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_settings() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/gonogo.schema.json");
        let published = std::fs::read_to_string(path).unwrap_or_default();
        let known = serde_json::to_string_pretty(&super::schema()).unwrap_or_default();
        assert_eq!(published.trim(), known, "run: cargo run -- config schema > docs/gonogo.schema.json");
    }
}
