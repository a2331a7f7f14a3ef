//! Whether this version of gonogo reads the document of a run differently than the run goes by, and what differs.

use crate::run::{Request, RunState};
use crate::run_files::RunFiles;
use crate::runbook::lock::{Change, Lock, difference};

/// How this version reads a document differently than the one that a run goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reread {
    /// The version of gonogo that read it.
    pub by: String,
    /// What differs, the worst first; `None` where that can't be told, because what was read is not kept.
    pub changes: Option<Vec<Change>>,
}

/// Looks for it; nothing where this version reads the document as the run goes by.
pub fn reread(run: &RunFiles, state: &RunState) -> Option<Reread> {
    let (plan, by) = state.plan().filter(|_| state.reads_differently())?;
    // What is kept beside the journal counts only where it is what the journal names.
    let kept = run.plan(plan).and_then(|text| Lock::parse(&text).ok()).filter(|lock| lock.digest() == plan);
    let changes = kept.map(|lock| difference(&lock, &Lock::of(state.runbook())));
    Some(Reread { by: by.to_owned(), changes })
}

impl Reread {
    /// What it is about, in a line.
    pub fn headline(&self) -> String {
        let by = &self.by;
        if self.by == env!("CARGO_PKG_VERSION") {
            return format!("this build of gonogo {by} reads the document differently from this run");
        }
        format!(
            "this version of gonogo reads the document differently from {by}, whose reading this run keeps"
        )
    }

    /// Whether only the form differs that a plan is kept in: there is nothing to ask.
    pub fn is_form_only(&self) -> bool {
        self.changes.as_ref().is_some_and(Vec::is_empty)
    }

    /// What differs, a line each.
    pub fn lines(&self) -> Vec<String> {
        match &self.changes {
            Some(changes) => changes.iter().map(ToString::to_string).collect(),
            None => {
                vec!["gonogo can't show the differences: the earlier reading is no longer kept".to_owned()]
            }
        }
    }

    /// Accepts it.
    pub fn accepted(&self, state: &RunState) -> Request {
        Request::AcceptPlan {
            gonogo: env!("CARGO_PKG_VERSION").to_owned(),
            plan: state.own_plan().to_owned(),
            changes: self.changes.iter().flatten().map(ToString::to_string).collect(),
        }
    }
}
