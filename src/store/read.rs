//! What is read of runs in any store, made of what each store can do.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::chain;
use super::error::StoreError;
use super::journal::Store;
use super::summary::{Filter, RunSummary};
use crate::run::environment::EnvironmentKey;
use crate::run::{Record, RunId, RunState, Seq};
use crate::run_files::FileError;
use crate::runbook;

impl dyn Store + '_ {
    /// A run's document.
    pub fn text_of(&self, run: &RunId) -> Result<String, StoreError> {
        String::from_utf8(self.document_of(run)?).map_err(|error| {
            let (path, source) = (format!("the document of {run}").into(), io::Error::other(error));
            FileError { what: "read", path, source }.into()
        })
    }

    /// The path of a run's document as it was given.
    pub fn document_path(&self, run: &RunId) -> Option<PathBuf> {
        let document = self.summary_of(run).ok()?.document;
        (!document.is_empty()).then(|| document.into())
    }

    /// All that was recorded, its chain checked, beside whoever writes it.
    pub fn records_of(&self, run: &RunId) -> Result<Vec<Record>, StoreError> {
        chain::read(&self.lines_of(run, Seq(0), usize::MAX)?)
    }

    /// The state as the journal tells it, beside whoever writes it.
    pub fn state_of(&self, run: &RunId) -> Result<RunState, StoreError> {
        let runbook = Arc::new(runbook::read(&self.text_of(run)?));
        Ok(self.records_of(run)?.iter().fold(RunState::new(runbook), RunState::apply))
    }

    /// What was answered for a document in an environment the last time: secrets were never kept. A document is known
    /// again by its title, so that a new version of it keeps its answers. `runs` are all that are listed.
    pub fn remembered(
        &self,
        runs: &[RunSummary],
        title: &str,
        environment: &str,
    ) -> BTreeMap<String, String> {
        let same = |r: &RunSummary| r.title == title && r.environment.eq_ignore_ascii_case(environment);
        let last = runs.iter().find(|r| same(r));
        let state = last.and_then(|r| self.state_of(&r.id).ok());
        let Some(state) = state else { return BTreeMap::new() };
        // What the document itself gave is taken from it anew.
        let own = runbook::parameters::defaults(state.runbook(), &BTreeMap::new());
        let answered = state.parameters().iter().filter_map(|(n, v)| Some((n.clone(), v.clone()?)));
        answered.filter(|answer| !own.contains(answer)).collect()
    }

    /// The unfinished run of a document, in one environment or in any.
    pub fn unfinished(
        &self,
        sha256: &str,
        environment: Option<&str>,
    ) -> Result<Option<RunSummary>, StoreError> {
        let fits =
            |run: &RunSummary| run.sha256 == sha256 && environment.is_none_or(|e| e == run.environment);
        let open = self.list(&Filter { unfinished: true, ..Filter::default() })?;
        Ok(open.into_iter().find(fits))
    }

    /// A run that is not over and changes this environment, by what its document says of it; any but `except`.
    pub fn unfinished_in(
        &self,
        key: &EnvironmentKey,
        except: Option<&RunId>,
    ) -> Result<Option<RunSummary>, StoreError> {
        let same = |run: &RunSummary| {
            self.text_of(&run.id).is_ok_and(|text| {
                let read = EnvironmentKey::of(&runbook::read(&text), &run.environment);
                read.canonical() == key.canonical()
            })
        };
        // Reading a document takes time, and most runs are over or of another environment.
        let environment = Some(key.environment().to_owned());
        let open = self.list(&Filter { environment, unfinished: true, most: None })?;
        Ok(open.into_iter().find(|run| Some(&run.id) != except && same(run)))
    }
}
