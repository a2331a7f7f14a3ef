//! Who holds an environment, and for how long.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::run::RunId;
use crate::run_files::RunFiles;

/// Who holds an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The run.
    pub run: RunId,
    /// Its directory.
    pub directory: PathBuf,
    /// Who runs it.
    pub operator: String,
    /// Since when, as it is shown.
    pub since: String,
}

impl Holder {
    /// A run with its files.
    pub fn of(run: &RunFiles, operator: &str, since: &str) -> Self {
        let (directory, operator, since) = (run.path().to_owned(), operator.to_owned(), since.to_owned());
        Self { run: run.id().clone(), directory, operator, since }
    }
}

/// An environment that is held. Dropped without [`Hold::release`] it stays held by the run, whose owner has gone.
pub struct Hold {
    release: Box<dyn FnOnce() + Send>,
}

impl Hold {
    /// What is held, as what lets go of it.
    pub(super) fn new(release: impl FnOnce() + Send + 'static) -> Self {
        Self { release: Box::new(release) }
    }

    /// The run is over: the environment is free.
    pub fn release(self) {
        (self.release)();
    }
}

impl std::fmt::Debug for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hold")
    }
}
