//! What earlier runs of a document say about its steps: how long they took, how often they failed.

use std::collections::BTreeMap;

use super::review::{self, Point};
use crate::figures::{counted, elapsed};
use crate::run::state::Standing;
use crate::run::{Outcome, RunId, RunState, SignRole};
use crate::runbook::Step;
use crate::store::{Filter, RunSummary, Store, StoreError};

/// So many runs before are looked at.
const RUNS: usize = 20;

/// A run as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What is known without reading all of it.
    pub summary: RunSummary,
    /// How long it took, in milliseconds, once it is over.
    pub took_ms: Option<u64>,
    /// How many times it left the document.
    pub deviations: usize,
    /// What a reviewer looks at first, the weightiest first.
    pub points: Vec<Point>,
    /// Who has signed: the name, and whether with a key.
    pub signed: Vec<(String, bool)>,
    /// It can't be read.
    pub damaged: bool,
}

impl Told {
    fn of(summary: RunSummary, state: Option<&RunState>) -> Self {
        let Some(state) = state else {
            let (took_ms, deviations, points, signed) = (None, 0, vec![], vec![]);
            return Self { summary, took_ms, deviations, points, signed, damaged: true };
        };
        let began = state.start().map(|(_, at)| *at);
        let took = state.outcome().zip(began).map(|((_, ended), began)| ended - began);
        let points = review::points(state);
        let signed = SignRole::ALL.into_iter().filter_map(|role| state.signed(role));
        Self {
            summary,
            took_ms: took.map(|t| t.num_milliseconds().max(0) as u64),
            deviations: review::deviations(&points),
            points,
            signed: signed.map(|s| (s.statement.name.clone(), s.as_given.key.is_some())).collect(),
            damaged: false,
        }
    }

    /// How it came out, in a word.
    pub fn came(&self) -> String {
        match self.summary.outcome {
            _ if self.damaged => "damaged".to_owned(),
            Some(outcome) => outcome.to_string(),
            None => "unfinished".to_owned(),
        }
    }

    /// Who has signed, in words: `ada, grace (claimed)`.
    pub fn signers(&self) -> String {
        let names = self
            .signed
            .iter()
            .map(|(name, keyed)| if *keyed { name.clone() } else { format!("{name} (claimed)") });
        names.collect::<Vec<_>>().join(", ")
    }
}

/// All runs, or those of one document, the latest first.
pub fn runs(store: &dyn Store, title: Option<&str>) -> Result<Vec<Told>, StoreError> {
    let mut all = store.list(&Filter::default())?;
    all.retain(|r| title.is_none_or(|t| r.title == t));
    Ok(told(store, &all))
}

/// What is told of these runs.
pub fn told(store: &dyn Store, all: &[RunSummary]) -> Vec<Told> {
    let told = |summary: &RunSummary| {
        let known = store.state_of(&summary.id).ok();
        Told::of(summary.clone(), known.as_ref().filter(|s| s.start().is_some()))
    };
    // Each run is read whole: by as many at once as there are processors.
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = all.chunks(all.len().div_ceil(at_once).max(1));
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            parts.map(|part| scope.spawn(move || part.iter().map(told).collect())).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap_or_else(|_| Vec::new())).collect()
    })
}

/// What runs before say, by the titles of steps: their numbers change from one version of a document to the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// How many runs were looked at.
    pub runs: usize,
    steps: BTreeMap<String, Vec<Once>>,
}

/// A step in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Once {
    took_ms: u64,
    failed: bool,
}

/// What is known of a step from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usually {
    /// The middle one of the times that it took, where it did not fail, in milliseconds.
    pub median_ms: Option<u64>,
    /// In how many runs it was gone through.
    pub times: usize,
    /// In how many of them something in it failed.
    pub failed: usize,
}

impl Past {
    /// Reads the last runs of a document in an environment, but for one. Runs that can't be read say nothing.
    pub fn load(store: &dyn Store, title: &str, environment: &str, except: &RunId) -> Self {
        let fits = |r: &RunSummary| {
            r.title == title
                && r.environment.eq_ignore_ascii_case(environment)
                && &r.id != except
                && matches!(
                    r.outcome,
                    Some(Outcome::Deployed | Outcome::Unconfirmed | Outcome::Failed | Outcome::RolledBack)
                )
        };
        let all = store.list(&Filter::default()).unwrap_or_default().into_iter().filter(fits).take(RUNS);
        let states = all.filter_map(|r| store.state_of(&r.id).ok());
        Self::of(states)
    }

    /// What these runs say.
    pub fn of(states: impl IntoIterator<Item = RunState>) -> Self {
        let mut past = Self::default();
        for state in states {
            past.runs += 1;
            for (step, took_ms) in review::steps(&state) {
                let failed = step.commands().iter().any(|c| {
                    matches!(state.standing(&c.id), Standing::Failed | Standing::Lost | Standing::GonePast)
                        || state
                            .ran()
                            .iter()
                            .any(|r| r.command == c.id && r.exit.is_some_and(|e| !e.is_success()))
                });
                past.steps.entry(key(step)).or_default().push(Once { took_ms, failed });
            }
        }
        past
    }

    /// What is known of a step.
    pub fn step(&self, step: &Step) -> Option<Usually> {
        let all = self.steps.get(&key(step))?;
        let mut took: Vec<u64> = all.iter().filter(|o| !o.failed).map(|o| o.took_ms).collect();
        took.sort_unstable();
        Some(Usually {
            median_ms: took.get(took.len() / 2).copied(),
            times: all.len(),
            failed: all.iter().filter(|o| o.failed).count(),
        })
    }
}

impl Usually {
    /// `usually 12 min in 5 runs, failed in 1`.
    pub fn words(self) -> String {
        let runs = counted(self.times, "run");
        let Some(took) = self.median_ms.map(elapsed) else {
            return format!("failed in {} of {runs}", self.failed);
        };
        let failed = if self.failed == 0 { String::new() } else { format!(", failed in {}", self.failed) };
        format!("usually {took} in {runs}{failed}")
    }
}

fn key(step: &Step) -> String {
    step.title.to_lowercase()
}
