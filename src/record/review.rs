//! What a reviewer has to see before anything else: where the run left the document, what nobody attested, which gates
//! were taken although something was open, what is missing in the record.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::figures::elapsed;
use crate::run::claim::{Claim, TICKED_UNSEEN, UNSEEN};
use crate::run::event::Exit;
use crate::run::gates::GateId;
use crate::run::rollback::belongs;
use crate::run::state::{ItemState, Mark, Standing};
use crate::run::{CommandState, Outcome, RunState, Seq, SkipReason, due, flow};
use crate::runbook::{Item, Step};
use crate::text::first_line;

/// What a point is about, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is its own explanation")]
pub enum About {
    RolledBack,
    Gate,
    Unattested,
    Overruled,
    Failed,
    Edited,
    Added,
    ByHand,
    Skipped,
    Slow,
    Unrecorded,
}

impl About {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            About::RolledBack => "Rolled back",
            About::Gate => "Gates decided GO with something open",
            About::Unattested => "Unconfirmed",
            About::Overruled => "Verdicts that were overruled",
            About::Failed => "Failed, continued anyway",
            About::Edited => "Commands that were edited",
            About::Added => "Commands that are not in the document",
            About::ByHand => "Done by hand",
            About::Skipped => "Skipped",
            About::Slow => "Took far longer than the document says",
            About::Unrecorded => "Missing from the record",
        }
    }

    /// Whether the run left the document by it: the sum of these is told in lists of runs.
    pub fn is_deviation(self) -> bool {
        !matches!(self, About::RolledBack | About::Gate | About::Unattested | About::Unrecorded)
    }
}

/// One point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// What about.
    pub about: About,
    /// In a sentence.
    pub words: String,
    /// The event that says so.
    pub event: Option<Seq>,
}

/// What is said where there is no point.
pub const NOTHING: &str = "Nothing was skipped, edited, overruled or left open.";

/// A step is slow when it takes more than half as long again as the document says.
const SLOW: f64 = 1.5;

/// All points of a run, the weightiest first.
pub fn points(state: &RunState) -> Vec<Point> {
    let mut points = Vec::new();
    let mut add = |about, words: String, mark: Mark| {
        points.push(Point { about, words, event: state.event_of(&mark) });
    };
    if let Some(back) = state.going_back() {
        add(About::RolledBack, format!("by {}: {}", back.by, back.decided.reason), Mark::Back);
    }
    for gate in GateId::ALL {
        let Some(decided) = state.gate_of(gate).filter(|g| g.go && !g.board.is_empty()) else { continue };
        let words = format!(
            "{}, by {}: {} (open: {})",
            gate.title(),
            decided.by,
            decided.reason,
            decided.board.join("; ")
        );
        add(About::Gate, words, Mark::Gate(gate));
    }
    for (id, command) in commands(state) {
        let text = first_line(&command);
        let mark = || Mark::Command(id.clone());
        for (at, claim) in state.claims(&id).iter().enumerate() {
            let says = state.find(&id).and_then(|c| c.expects.get(at)).map(|e| e.text.clone());
            let says = says.or_else(|| claim.says.clone()).unwrap_or_default();
            let unseen = claim.attested.as_ref().is_some_and(|said| said.note == UNSEEN);
            let seen = claim.judged.as_ref().map_or("", |j| j.observed.as_str());
            let seen = if seen.is_empty() { String::new() } else { format!("; seen: {seen}") };
            match overruled(claim) {
                _ if unseen => {
                    add(About::Unattested, format!("{id} \"{says}\": {UNSEEN}{seen}"), mark());
                }
                Some((met, by, note)) => {
                    let met = if met { "met" } else { "not met" };
                    add(About::Overruled, format!("{id} \"{says}\": {met} by {by}: {note}{seen}"), mark());
                }
                None if claim.met().is_none()
                    && matches!(state.command(&id), CommandState::Exited { .. }) =>
                {
                    add(About::Unattested, format!("{id} \"{says}\"{seen}"), mark());
                }
                None => {}
            }
        }
        match state.command(&id) {
            CommandState::Skipped { reason, after: Some(ended) } => {
                let unseen = ended.came_to() == Standing::NeedsEyes;
                let about = if unseen { About::Unattested } else { About::Failed };
                add(about, format!("{id} {text}: {reason}"), mark());
            }
            CommandState::Skipped { reason: SkipReason::Operator(reason), .. } => {
                add(About::Skipped, format!("{id} {text}: {reason}"), mark());
            }
            CommandState::Skipped { reason: reason @ SkipReason::DoneBefore, .. } => {
                add(About::Unattested, format!("{id} {text}: {reason}"), mark());
            }
            CommandState::DoneByHand { note, .. } => {
                add(About::ByHand, format!("{id} {text}: {note}"), mark())
            }
            CommandState::Lost { why, .. } => add(About::Failed, format!("{id} {text}: lost: {why}"), mark()),
            _ if state.standing(&id) == Standing::Failed => {
                let back = state.going_back().is_some() && !belongs(state.runbook(), &id);
                let then = if back { "then the run was rolled back" } else { "nothing was done after it" };
                add(About::Failed, format!("{id} {text}: {then}"), mark())
            }
            _ => {}
        }
        if state.added().contains(&id) {
            let came = match state.command(&id) {
                CommandState::Exited { exit, .. } => exit.to_string(),
                _ => "not run".to_owned(),
            };
            add(About::Added, format!("{id} {text}: {came}"), mark());
        } else if state.is_edited(&id) {
            let was = state.runbook().command(&id).map_or(String::new(), |c| first_line(&state.filled(c)));
            add(About::Edited, format!("{id} {text}  (was: {was})"), mark());
        }
    }
    for (file, fault) in state.bad_files() {
        let words = format!("{} made {}: {fault}", file.command, file.path);
        add(About::Failed, words, Mark::Command(file.command.clone()));
    }
    let items = || state.runbook().checklists.iter().flat_map(|c| &c.items);
    let unseen = |item: &&Item| matches!(state.item(&item.id), Some(ItemState::Ticked { evidence: Some(e), .. }) if e == TICKED_UNSEEN);
    if let Some(last) = items().rfind(unseen) {
        let all: Vec<&str> = items().filter(unseen).map(|i| i.text.as_str()).collect();
        let words = format!("ticked by {TICKED_UNSEEN}: {}", all.join("; "));
        add(About::Unattested, words, Mark::Item(last.id.clone()));
    }
    // A run that ended as deployed went through a gate with all that was open, which stands there.
    if state.outcome().is_some_and(|(outcome, _)| outcome != Outcome::Deployed) {
        for words in unticked(state) {
            add(About::Unattested, words, Mark::Outcome);
        }
    }
    for item in items() {
        if let Some(ItemState::Ticked { by, evidence, reason: Some(reason), .. }) = state.item(&item.id) {
            let seen = evidence.as_deref().map_or(String::new(), |e| format!(" ({e})"));
            let words = format!("{} {}: ticked by {by}: {reason}{seen}", item.id, item.text);
            add(About::Overruled, words, Mark::Item(item.id.clone()));
        }
        if let Some(ItemState::Skipped { by, reason }) = state.item(&item.id) {
            add(
                About::Skipped,
                format!("{} {}: {reason} ({by})", item.id, item.text),
                Mark::Item(item.id.clone()),
            );
        }
    }
    for (step, took_ms) in steps(state) {
        let Some(estimate) = step.estimate_s.filter(|_| is_slow(step, took_ms)) else {
            continue;
        };
        let words = format!(
            "{} {}: {}, the document says {}",
            step.id,
            step.title,
            elapsed(took_ms),
            elapsed(estimate * 1000)
        );
        let last = step.commands().last().map_or(Mark::Start, |c| Mark::Command(c.id.clone()));
        add(About::Slow, words, last);
    }
    for gap in state.gaps() {
        points.push(Point { about: About::Unrecorded, words: gap.words.clone(), event: Some(gap.seq) });
    }
    points.sort_by_key(|p| p.about);
    points
}

/// Check items of a run that is over that nobody ticked: those that the run came to, and those that it did not reach.
fn unticked(state: &RunState) -> Vec<String> {
    let (now, later) = due::now_and_later(state, flow::position(state));
    // What a gate was taken with stands there.
    let gates = || GateId::ALL.iter().filter_map(|g| state.gate_of(*g)).filter(|g| g.go);
    let told = |item: &Item| item.optional || gates().any(|g| g.open.contains(&item.id));
    let words: Vec<&str> = now.iter().filter(|i| !told(i)).map(|i| i.text.as_str()).collect();
    let now = (!words.is_empty()).then(|| format!("not ticked: {}", words.join("; ")));
    let later = later.iter().filter(|(i, _)| !i.optional);
    let words: Vec<String> = later.map(|(i, due)| format!("{} ({due})", i.text)).collect();
    let later = (!words.is_empty()).then(|| format!("not reached, and not ticked: {}", words.join("; ")));
    now.into_iter().chain(later).collect()
}

/// Whether a step took far longer than the document says.
pub fn is_slow(step: &Step, took_ms: u64) -> bool {
    step.estimate_s.is_some_and(|e| took_ms as f64 > e as f64 * 1000.0 * SLOW)
}

/// How many times the run left the document.
pub fn deviations(points: &[Point]) -> usize {
    points.iter().filter(|p| p.about.is_deviation()).count()
}

/// Points under their headings.
pub fn grouped(points: &[Point]) -> Vec<(About, Vec<&Point>)> {
    let mut groups: BTreeMap<About, Vec<&Point>> = BTreeMap::new();
    for point in points {
        groups.entry(point.about).or_default().push(point);
    }
    groups.into_iter().collect()
}

/// Commands that something became of, with their texts as they ran or would.
fn commands(state: &RunState) -> Vec<(crate::runbook::CommandId, String)> {
    let path = state.path().into_iter().map(|c| c.id.clone());
    let steps = state.step_commands().into_iter().map(|c| c.id.clone());
    let ran = state.ran().iter().map(|r| r.command.clone());
    let mut seen = std::collections::BTreeSet::new();
    let all = steps.chain(path).chain(ran).chain(state.added().iter().cloned());
    let all = all.filter(|id| seen.insert(id.clone()));
    all.map(|id| {
        let text = state.find(&id).map_or(String::new(), |c| state.text_of(c));
        (id, text)
    })
    .collect()
}

fn overruled(claim: &Claim) -> Option<(bool, &str, &str)> {
    let said = claim.attested.as_ref()?;
    claim.overrules(said.met).then_some((said.met, said.by.as_str(), said.note.as_str()))
}

/// Steps with an estimate, or commands, and how long each took from its first command's start to its last's end.
pub fn steps(state: &RunState) -> Vec<(&Step, u64)> {
    let all = state.runbook().all_steps().into_iter();
    all.filter_map(|step| {
        let ids: Vec<_> = step.commands().into_iter().map(|c| &c.id).collect();
        let ran = state.ran().iter().filter(|r| ids.contains(&&r.command));
        let mut took: Option<(_, _)> = None;
        for ran in ran.filter(|r| r.exit.is_some_and(|e| e != Exit::Unknown)) {
            let end = ran.started + TimeDelta::milliseconds(ran.elapsed_ms as i64);
            took = Some(took.map_or((ran.started, end), |(from, to)| (ran.started.min(from), end.max(to))));
        }
        let (from, to) = took?;
        Some((step, (to - from).num_milliseconds().max(0) as u64))
    })
    .collect()
}
