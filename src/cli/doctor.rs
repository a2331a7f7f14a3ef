//! `gonogo doctor`: looks at this machine, and at what a runbook needs of it, before the window. It changes nothing, and
//! reaches other hosts only with `--connect`.

mod document;
mod machine;

use std::path::PathBuf;

use clap::Args;
use clap_complete::ArgValueCompleter;
use serde::Serialize;

use super::complete;
use super::report::{CommandError, Status, say, say_json};
use super::{document as read, preflight};
use crate::figures::counted;

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Also look at what this runbook needs
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: Option<PathBuf>,
    /// The environment, as the document names it
    #[arg(long, value_name = "ENV", requires = "runbook", add = ArgValueCompleter::new(complete::environments))]
    env: Option<String>,
    /// Also try to reach the hosts that the document connects to
    #[arg(long, requires = "runbook")]
    connect: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Ok,
    /// It may be meant so.
    Look,
    /// A run would not work, or not be safe.
    Broken,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Look => "look",
            Self::Broken => "broken",
        }
    }
}

/// What was looked at, what was seen, and what mends it.
#[derive(Debug, Serialize)]
struct Row {
    about: &'static str,
    state: State,
    seen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Row {
    fn ok(about: &'static str, seen: impl Into<String>) -> Self {
        Self { about, state: State::Ok, seen: seen.into(), remedy: None }
    }

    fn look(about: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { about, state: State::Look, seen: seen.into(), remedy: Some(remedy.into()) }
    }

    fn broken(about: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { about, state: State::Broken, seen: seen.into(), remedy: Some(remedy.into()) }
    }
}

pub(super) fn doctor(args: &DoctorArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let settings = read::settings_or_why(args.runbook.as_deref(), operator);
    let mut rows = machine::rows(settings.as_ref());
    if let Some(path) = &args.runbook {
        let corrections = settings.as_ref().map_or(vec![], read::corrections_of);
        let document = read::of_bytes(path, read::bytes(path)?, &corrections)?;
        // An environment that the document does not have is a mistake of the call.
        let environment = match &args.env {
            Some(name) => Some(preflight::environment(&document.runbook, Some(name))?.name),
            None => None,
        };
        let of = document::Looked { document: &document, settings: settings.as_ref().ok(), environment };
        rows.extend(document::rows(&of, args.connect));
    }
    if args.json {
        say_json(&serde_json::json!({ "v": 1, "rows": rows }))?;
    } else {
        print(&rows)?;
    }
    let broken = rows.iter().any(|row| row.state == State::Broken);
    Ok(if broken { Status::Failed } else { Status::Done })
}

fn print(rows: &[Row]) -> Result<(), CommandError> {
    for row in rows {
        say(format!("{:<6}  {:<10}  {}", row.state.word(), row.about, row.seen))?;
        if let Some(remedy) = &row.remedy {
            say(format!("{:<20}{remedy}", ""))?;
        }
    }
    let count = |state| rows.iter().filter(|row| row.state == state).count();
    say("")?;
    say(match (count(State::Broken), count(State::Look)) {
        (0, 0) => "nothing is broken".to_owned(),
        (0, look) => format!("nothing is broken, {} to look at", counted(look, "thing")),
        (broken, 0) => format!("{} broken", counted(broken, "thing")),
        (broken, look) => format!("{} broken, {} to look at", counted(broken, "thing"), look),
    })
}
