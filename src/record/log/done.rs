//! Which step, check item or message a label speaks of, and whether that was done.

use chrono::{DateTime, TimeDelta, Utc};

use super::change::{Source, Unfilled};
use super::topics::stems;
use crate::config::Milestone;
use crate::run::state::{ItemState, Mark, Standing};
use crate::run::{CommandState, Outcome, RunState, SkipReason, due, flow};
use crate::runbook::{Command, Due, Step};

/// Something that was done.
#[derive(Clone, Debug)]
pub(super) struct Done {
    /// When it began.
    pub(super) started: DateTime<Utc>,
    /// When it was done.
    pub(super) at: DateTime<Utc>,
    /// By whom.
    pub(super) by: String,
    /// What it came to: `passed`, `done`.
    pub(super) came: &'static str,
    /// How long the document says that it takes.
    pub(super) estimate_s: Option<u64>,
    /// Where that is known from.
    pub(super) source: Source,
}

impl Done {
    /// From its begin to its end.
    pub(super) fn took_ms(&self) -> u64 {
        (self.at - self.started).num_milliseconds().max(0) as u64
    }
}

/// Stems in titles that say nothing of what the step is about.
const GENERIC: &[&str] = &[
    "check", "test", "run", "step", "process", "execut", "verify", "verif", "new", "databas", "start", "stop",
];

/// Finds what labels speak of. A log follows the document's order: of two steps with one name the next is meant.
pub(super) struct Finder<'s> {
    state: &'s RunState,
    steps: Vec<&'s Step>,
    last: usize,
}

impl<'s> Finder<'s> {
    pub(super) fn new(state: &'s RunState) -> Self {
        Self { state, steps: state.runbook().all_steps(), last: 0 }
    }

    /// What a label speaks of, if it was done; else why nothing can be written there.
    pub(super) fn find(&mut self, label: &str) -> Result<Done, Unfilled> {
        let wanted = stems(label);
        if wanted.is_empty() {
            return Err("the line does not say what it is about".into());
        }
        // A step that does it says more than a tick: "backup completed" is not when the backup was made.
        if let Some(step) = self.step(&wanted) {
            return self.of_step(step);
        }
        let items = self.state.runbook().checklists.iter().flat_map(|c| &c.items);
        let fitting = items.filter(|i| {
            let words = stems(&i.text);
            wanted.iter().all(|w| words.contains(w))
        });
        let item = fitting.min_by_key(|i| stems(&i.text).len());
        let Some(item) = item else {
            return self
                .message(&wanted)
                .ok_or_else(|| Unfilled::from("no step, check item or message of the run is called that"));
        };
        let source = |words: String| Source::of(self.state, words, &Mark::Item(item.id.clone()));
        match self.state.item(&item.id) {
            Some(ItemState::Ticked { by, at, evidence, .. }) => {
                let shown = evidence.as_deref().map_or(String::new(), |e| format!(" ({e})"));
                let source = source(format!("{} ticked by {by}{shown}: {}", item.id, item.text));
                let by = by.clone();
                Ok(Done { started: *at, at: *at, by, came: "done", estimate_s: None, source })
            }
            Some(ItemState::Skipped { reason, .. }) => {
                Err(format!("{} was skipped: {reason}", item.id).into())
            }
            None => self.message(&wanted).ok_or_else(|| {
                let list = due::list_of(self.state, &item.id).filter(|l| l.due != Due::Start);
                let when = list.map_or(String::new(), |l| format!(" (due {})", l.due));
                format!("{} was not ticked{when}", item.id).into()
            }),
        }
    }

    /// The step that all words stand in the title of, the next in order first.
    fn step(&mut self, wanted: &[String]) -> Option<&'s Step> {
        let times = |w: &&String| !["start", "end", "begin", "finish"].contains(&w.as_str());
        let without: Vec<String> = wanted.iter().filter(times).cloned().collect();
        let named = |words: &[String], at: &usize| {
            let title = stems(&self.steps[*at].title);
            // One word alone names a step only where the step's title says nothing else.
            let content = title.iter().filter(|w| !GENERIC.contains(&w.as_str())).count();
            !words.is_empty() && words.iter().all(|w| title.contains(w)) && (words.len() > 1 || content <= 1)
        };
        let order = || (self.last..self.steps.len()).chain(0..self.last.min(self.steps.len()));
        let found =
            order().find(|at| named(wanted, at)).or_else(|| order().find(|at| named(&without, at)))?;
        self.last = found + 1;
        Some(self.steps[found])
    }

    fn of_step(&self, step: &'s Step) -> Result<Done, Unfilled> {
        let commands = step.commands();
        let standing = |c: &Command| self.state.standing(&c.id);
        let open = commands.iter().find(|c| flow::open(self.state, c).is_some() && !c.alternative);
        let deployed = self.state.outcome().is_some_and(|(o, _)| o == Outcome::Deployed);
        // What waits for eyes has run; whoever ended the run as deployed has seen that it does.
        let open = open.filter(|c| !(deployed && standing(c) == Standing::NeedsEyes));
        let failed = commands
            .iter()
            .find(|c| matches!(self.state.command(&c.id), CommandState::Skipped { after: Some(_), .. }));
        if let Some(command) = failed {
            return Err(format!("{} failed, continued anyway", command.id).into());
        }
        let by_hand = |c: &&&Command| match self.state.command(&c.id) {
            CommandState::Skipped { reason, .. } => *reason == SkipReason::DoneBefore,
            _ => false,
        };
        if let Some(command) = commands.iter().find(by_hand) {
            return Err(format!("{} was {}", command.id, SkipReason::DoneBefore).into());
        }
        if let Some(command) = open {
            let what = match standing(command) {
                Standing::Failed => "failed",
                Standing::Lost => "was lost, outcome unknown",
                Standing::NeedsEyes => "needs a manual check",
                _ => "was not run",
            };
            return Err(format!("{} {}: {} {what}", step.id, step.title, command.id).into());
        }
        let ran = commands.iter().filter_map(|c| match self.state.command(&c.id) {
            CommandState::Exited { at, elapsed_ms, by, .. } => {
                Some((*at - TimeDelta::milliseconds(*elapsed_ms as i64), *at, by.clone(), *c))
            }
            CommandState::DoneByHand { at, .. } => Some((*at, *at, self.state.operator().to_owned(), *c)),
            _ => None,
        });
        let ran: Vec<_> = ran.collect();
        let started = ran.iter().map(|(from, ..)| *from).min();
        let last = ran.iter().max_by_key(|(_, at, ..)| *at);
        let (Some(started), Some((_, at, by, command))) = (started, last) else {
            return Err(format!("none of {} {} was run", step.id, step.title).into());
        };
        let passed = ran.iter().all(|(.., c)| standing(c) == Standing::Passed);
        let words = format!("{} {}: {} was its last command", step.id, step.title, command.id);
        Ok(Done {
            started,
            at: *at,
            by: by.clone(),
            came: if passed { "passed" } else { "done" },
            estimate_s: step.estimate_s,
            source: Source::of(self.state, words, &Mark::Command(command.id.clone())),
        })
    }

    /// "Team notified": the first message that went out.
    fn message(&self, wanted: &[String]) -> Option<Done> {
        let tells = ["notifi", "notify", "inform", "announc", "told"];
        let speaks = wanted.iter().any(|w| tells.iter().any(|t| w.starts_with(t)));
        let sent =
            self.state.sent().iter().position(|s| {
                s.failed.is_none() && matches!(s.milestone, Milestone::Started | Milestone::Down)
            });
        let (at, sent) = sent.filter(|_| speaks).and_then(|at| Some((at, self.state.sent().get(at)?)))?;
        let words = format!("message by {}: {}", sent.to, sent.text);
        Some(Done {
            started: sent.at,
            at: sent.at,
            by: self.state.operator().to_owned(),
            came: "done",
            estimate_s: None,
            source: Source::of(self.state, words, &Mark::Sent(at)),
        })
    }
}
