//! Where runs are kept: no other file says which store that is.

use std::path::Path;
use std::sync::Arc;

use clap::Subcommand;

use super::report::{CommandError, Status, note, say_text};
use super::typed;
use crate::config::{Settings, StoreSettings};
use crate::run::RunId;
use crate::run_files::RunFiles;
use crate::store::{Address, Filter, PostgresStore, StateDirectory, Store, StoreError, TeamStore};

/// The store whose runs have their files below a state directory.
pub(super) fn at(state_dir: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(StateDirectory::open(state_dir)?))
}

/// The store that the settings name: the team's with that of this machine, or that alone.
pub(super) fn of(settings: &Settings) -> Result<Arc<dyn Store>, StoreError> {
    let here = StateDirectory::open(&settings.state_dir)?;
    let Some(named) = &settings.store else { return Ok(Arc::new(here)) };
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let team = PostgresStore::open(&address(named)?, &host, Some(settings.state_dir.join("team")))?;
    if let Err(away) = team.answers() {
        note(format!("{away}: only the runs of this machine are known"));
    }
    Ok(Arc::new(TeamStore::new(here, team)))
}

/// Where it is, with its password.
fn address(named: &StoreSettings) -> Result<Address, StoreError> {
    let password = named.password().map_err(|error| StoreError::Settings(error.to_string()))?;
    Ok(Address { url: named.url.clone(), password, schema: named.schema.clone() })
}

/// What is done with the team's store.
#[derive(Debug, Subcommand)]
pub(super) enum StoreVerb {
    /// Make the store in a database, as somebody who may create roles and schemas
    Init {
        /// The database, such as postgres://admin@db.example/ops?schema=gonogo
        url: String,
        /// Print the SQL instead of running it
        #[arg(long)]
        print: bool,
    },
}

pub(super) fn store(verb: &StoreVerb) -> Result<Status, CommandError> {
    let StoreVerb::Init { url, print } = verb;
    let named = StoreSettings::of(url)?;
    if *print {
        say_text(PostgresStore::script(&named.schema)?.trim_end())?;
        return Ok(Status::Done);
    }
    PostgresStore::make(&address(&named)?)?;
    note(format!("the store is in schema {} of {}", named.schema, named.url));
    note("grant gonogo_operator, gonogo_reviewer, gonogo_observer or gonogo_keeper to each person's login");
    Ok(Status::Done)
}

/// The run of this name, of which the beginning is enough where no other begins so; without a name the one that was
/// active last. With the store that it is kept in.
pub(super) fn find(
    settings: &Settings,
    name: Option<&str>,
) -> Result<(Arc<dyn Store>, RunFiles), CommandError> {
    let store = of(settings)?;
    let id = match (store.find(name), name) {
        (Err(StoreError::NoRun(_)), Some(name)) => begins_with(&*store, name)?,
        (found, _) => found?,
    };
    Ok((store, RunFiles::of(&settings.state_dir, id)))
}

/// The only run whose id begins so.
fn begins_with(store: &dyn Store, name: &str) -> Result<RunId, CommandError> {
    let ids: Vec<RunId> = store.list(&Filter::default())?.into_iter().map(|run| run.id).collect();
    let begin = |id: &&RunId| !name.is_empty() && id.0.starts_with(name);
    let mut fitting = ids.iter().filter(begin);
    match (fitting.next(), fitting.next()) {
        (Some(id), None) => Ok(id.clone()),
        (Some(_), Some(_)) => {
            let all: Vec<&str> = ids.iter().filter(begin).map(|id| id.0.as_str()).collect();
            let words = format!("several runs begin with {name}: {}", all.join(", "));
            Err(CommandError::new(Status::Usage, words))
        }
        (None, _) => Err(none(&ids, name)),
    }
}

/// That there is no such run, and what may have been meant.
fn none(ids: &[RunId], name: &str) -> CommandError {
    if Path::new(name).is_file() {
        let words = format!("{name} is a file, and a run is meant here");
        return CommandError::new(Status::Usage, words)
            .hint("gonogo log, verify and sign read archives; gonogo NAME.md opens a runbook");
    }
    let error = CommandError::from(StoreError::NoRun(name.to_owned()));
    match typed::nearest(name, ids.iter().map(|id| id.0.as_str())) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error,
    }
}
