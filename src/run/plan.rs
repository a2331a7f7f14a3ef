//! The plan that a run keeps: what was read out of its document when it was started.
//!
//! The document is kept as it was, and whoever takes the run up reads it again. Another version of gonogo may read it
//! differently: then nothing of it is run before somebody has seen what differs and accepted it.

use super::state::RunState;
use crate::runbook::lock::Lock;

impl RunState {
    /// SHA-256 of the plan that this run goes by, and the version of gonogo that read it; nothing in runs that were
    /// started before this was recorded.
    pub fn plan(&self) -> Option<(&str, &str)> {
        self.plan.as_ref().map(|(plan, gonogo)| (plan.as_str(), gonogo.as_str()))
    }

    /// SHA-256 of the plan as this version of gonogo reads it.
    pub fn own_plan(&self) -> &str {
        self.own_plan.get_or_init(|| Lock::of(&self.runbook).digest())
    }

    /// Whether this version of gonogo reads the document differently from this run.
    pub fn reads_differently(&self) -> bool {
        self.plan().is_some_and(|(plan, _)| plan != self.own_plan())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;

    use crate::run::event::{Record, Start};
    use crate::run::policy::Confirmation;
    use crate::run::request::{Seen, Surroundings};
    use crate::run::{Event, Refusal, Request, RunId, RunState, Seq, decide, ids::TextHash};
    use crate::runbook::read;

    const BOOK: &str = "# T\n## Steps\n```bash\nls\n```\n";

    fn after(state: RunState, events: Vec<Event>) -> RunState {
        events.into_iter().fold(state, |state, event| {
            let (seq, at) = (state.seq().next(), DateTime::UNIX_EPOCH);
            let (run, actor, prev) = (RunId("t-1".into()), "ada".into(), String::new());
            state.apply(&Record { v: 1, run, seq, at, actor, epoch: 1, prev, event })
        })
    }

    fn started(plan: Option<String>) -> RunState {
        let start = Start { plan, gonogo: "0.0.9".into(), operator: "ada".into(), ..Start::default() };
        after(RunState::new(Arc::new(read(BOOK))), vec![Event::RunStarted(start)])
    }

    fn run(state: &RunState) -> Result<Vec<Event>, Refusal> {
        let seen = Seen { text: TextHash::of("ls"), seq: Seq(9) };
        let (command, confirmed) = ("1/1".into(), Confirmation::TypeName);
        decide(state, &Request::Run { command, seen, confirmed, again: false }, &Surroundings::default())
    }

    fn accept(state: &RunState, plan: &str) -> Result<Vec<Event>, Refusal> {
        let (gonogo, changes) = ("0.1.0".to_owned(), vec!["1/1 now destroys: ls".to_owned()]);
        decide(state, &Request::AcceptPlan { gonogo, plan: plan.into(), changes }, &Surroundings::default())
    }

    #[test]
    fn a_run_goes_on_by_the_plan_that_it_was_started_with() {
        let own = started(None).own_plan().to_owned();
        for plan in [None, Some(own.clone())] {
            let state = started(plan);
            assert!(!state.reads_differently());
            assert_eq!(run(&state).map(|e| e.len()), Ok(1));
            assert_eq!(accept(&state, &own), Ok(vec![]), "there is nothing to accept");
        }
    }

    #[test]
    fn a_plan_that_is_read_differently_runs_once_somebody_has_accepted_it() {
        let state = started(Some("0".repeat(64)));
        assert!(state.reads_differently());
        assert_eq!(run(&state), Err(Refusal::ReadDifferently("0.0.9".into())));
        assert_eq!(
            accept(&state, "1"),
            Err(Refusal::OtherPlan),
            "another version asks than the one that runs it"
        );
        let own = state.own_plan().to_owned();
        let events = accept(&state, &own).unwrap();
        let state = after(state, events);
        assert!(!state.reads_differently());
        assert_eq!(state.plan(), Some((own.as_str(), "0.1.0")));
        assert_eq!(run(&state).map(|e| e.len()), Ok(1));
    }
}
