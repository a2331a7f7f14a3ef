//! Where runs are kept: no other file says which store that is.

use std::path::Path;
use std::sync::Arc;

use super::report::{CommandError, Status};
use super::typed;
use crate::config::Settings;
use crate::run::RunId;
use crate::run_files::RunFiles;
use crate::store::{Filter, StateDirectory, Store, StoreError};

/// The store whose runs have their files below a state directory.
pub(super) fn at(state_dir: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(StateDirectory::open(state_dir)?))
}

/// The run of this name, of which the beginning is enough where no other begins so; without a name the one that was
/// active last. With the store that it is kept in.
pub(super) fn find(
    settings: &Settings,
    name: Option<&str>,
) -> Result<(Arc<dyn Store>, RunFiles), CommandError> {
    let store = at(&settings.state_dir)?;
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
