//! `gonogo new`: a short document with the sections that gonogo reads best, to be filled in.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::document;
use super::report::{CommandError, Status, note, say_text};

/// Arguments of `new`.
#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// What it is for
    kind: Kind,
    /// The file; by default KIND.md, - prints it
    file: Option<PathBuf>,
}

/// What a runbook is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A release is put into service
    Deployment,
    /// Data are changed
    Migration,
    /// An alert is looked into and mended
    Incident,
    /// A key or password is replaced
    Rotation,
}

impl Kind {
    fn text(self) -> &'static str {
        match self {
            Kind::Deployment => include_str!("new/deployment.md"),
            Kind::Migration => include_str!("new/migration.md"),
            Kind::Incident => include_str!("new/incident.md"),
            Kind::Rotation => include_str!("new/rotation.md"),
        }
    }

    fn file(self) -> &'static str {
        match self {
            Kind::Deployment => "deployment.md",
            Kind::Migration => "migration.md",
            Kind::Incident => "incident.md",
            Kind::Rotation => "rotation.md",
        }
    }
}

pub(super) fn new(args: &NewArgs) -> Result<Status, CommandError> {
    let path = args.file.clone().unwrap_or_else(|| args.kind.file().into());
    if path.as_os_str() == "-" {
        say_text(args.kind.text().trim_end())?;
        return Ok(Status::Done);
    }
    let shown = path.display();
    document::write_new(&path, args.kind.text()).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            CommandError::new(Status::Usage, format!("{shown} is there already; nothing was written"))
                .hint("name another file, or - to print it")
        }
        _ => CommandError::new(Status::Failed, format!("could not write {shown}: {error}")),
    })?;
    note(format!("{shown} written: put in what is yours, then gonogo check {shown}"));
    Ok(Status::Done)
}
