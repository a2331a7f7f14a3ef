//! What is open before a gate, and what else is to be known there.

use chrono::{DateTime, Utc};

use super::position::puts_data_back;
use super::{GateId, Outside, index, point_of_no_return};
use crate::figures::counted;
use crate::run::claim::sign_of_failure;
use crate::run::clock;
use crate::run::due;
use crate::run::event::SkipReason;
use crate::run::flow;
use crate::run::health::Unwell;
use crate::run::items;
use crate::run::state::{CommandState, ItemState, RunState, Standing};
use crate::runbook::{Checklist, Command, Due, Item, ItemId, Runbook, StepId, words as text};
use crate::shell::Effect;

/// Something to know before a gate is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// In words.
    pub words: String,
    /// GO needs a reason while it is so.
    pub open: bool,
}

impl Point {
    fn open(words: impl Into<String>) -> Self {
        Self { words: words.into(), open: true }
    }

    fn known(words: impl Into<String>) -> Self {
        Self { words: words.into(), open: false }
    }
}

/// What is open before a gate, the worst first.
pub fn board(state: &RunState, gate: GateId, outside: &Outside) -> Vec<Point> {
    let mut points = items(state, gate);
    points.extend(commands(state, gate));
    points.extend(made(state));
    points.extend(values(state));
    for alert in state.open_alerts() {
        let known = alert.acknowledged.as_ref().map_or(String::new(), |(by, note)| format!(", {by}: {note}"));
        points.push(Point::open(format!("{}: {}{known}", alert.level.word(), alert.words)));
    }
    for Unwell { row, words, bad, .. } in &outside.unwell {
        if state.alert(row).is_none() {
            points.push(Point { words: words.clone(), open: *bad });
        }
    }
    points.extend(outside.now.and_then(|now| window(state, gate, now)));
    points.extend(reviewer(state, gate));
    points.extend(no_return(state, gate));
    points.sort_by_key(|p| !p.open);
    points
}

/// Check items that are neither ticked nor skipped: what is due later, or made by a later step, is known and not open. So is
/// what was skipped, or ticked against what was seen, with who said why.
fn items(state: &RunState, gate: GateId) -> Vec<Point> {
    let all = || state.runbook().checklists.iter();
    let lists = || all().flat_map(|list| list.items.iter().map(move |item| (list, item)));
    let open = lists().filter(|(_, i)| state.item(&i.id).is_none());
    let before = state.gate().filter(|g| g.go && gate != GateId::Change);
    let taken = |item: &Item| before.is_some_and(|g| g.open.contains(&item.id));
    let not = |item: &Item| {
        let made = || items::maker(state.runbook(), item).map(|step| format!(", made by {}", step.id));
        let against = items::against(state, item).map(|why| format!(": {why}"));
        format!("not ticked: {}{}", item.text, against.or_else(made).unwrap_or_default())
    };
    let point = |(list, item): (&Checklist, &Item)| match items::maker(state.runbook(), item) {
        _ if !due::counts(state, list) => {
            Point::known(format!("not ticked: {}, {}, which was skipped", item.text, list.due))
        }
        _ if let Some(due) = later_than(state, list, gate) => {
            Point::known(format!("later: {}, {due}", item.text))
        }
        // It was open at the gate before, and somebody said why that is no reason to stop.
        _ if taken(item) => Point::known(not(item)),
        Some(step) if is_later(state, &step.id, gate) => {
            Point::known(format!("later: {}, made by {}", item.text, step.id))
        }
        None if item.optional => Point::known(format!("optional, {}", not(item))),
        _ => Point::open(not(item)),
    };
    let answered = lists().filter_map(|(_, item)| match state.item(&item.id) {
        Some(ItemState::Ticked { reason: Some(reason), by, .. }) => {
            Some(Point::known(format!("ticked anyway by {by}: {}: {reason}", item.text)))
        }
        // Whoever decides at the gate need not be who left it out.
        Some(ItemState::Skipped { by, reason }) => {
            Some(Point::known(format!("skipped by {by}: {}: {reason}", item.text)))
        }
        _ => None,
    });
    open.map(point).chain(answered).collect()
}

/// The index before which everything has to be so at a gate.
fn until(runbook: &Runbook, gate: GateId) -> usize {
    index(runbook, gate).unwrap_or(usize::MAX)
}

/// Check items that are due by a gate and neither ticked nor skipped.
pub fn open_items(state: &RunState, gate: GateId) -> Vec<ItemId> {
    due::open_by(state, until(state.runbook(), gate)).map(|(_, item)| item.id.clone()).collect()
}

/// How many check items are due by a gate.
pub fn count_items(state: &RunState, gate: GateId) -> usize {
    due::count_by(state, until(state.runbook(), gate))
}

/// When a checklist is due that is not by a gate.
fn later_than<'s>(state: &'s RunState, list: &'s Checklist, gate: GateId) -> Option<&'s Due> {
    (list.due.index(state.runbook()) > until(state.runbook(), gate)).then_some(&list.due)
}

/// Whether a step stands behind a gate.
fn is_later(state: &RunState, step: &StepId, gate: GateId) -> bool {
    let Some(index) = index(state.runbook(), gate) else { return false };
    let inside = |id: &str| {
        id == step.0 || id.starts_with(&format!("{}/", step.0)) || id.starts_with(&format!("{}.", step.0))
    };
    state.step_commands().iter().position(|c| inside(&c.id.0)).is_some_and(|at| at >= index)
}

/// Commands before the gate that did not do what they should, and were gone past.
fn commands(state: &RunState, gate: GateId) -> Vec<Point> {
    let all = state.step_commands();
    let until = index(state.runbook(), gate).unwrap_or(all.len());
    let before = index(state.runbook(), GateId::Change).filter(|_| gate != GateId::Change).unwrap_or(0);
    let mut points = Vec::new();
    for (at, command) in all.iter().enumerate().take(until) {
        let id = &command.id;
        let backup = is_backup(command);
        let what = if backup { format!("{id}, the backup,") } else { id.to_string() };
        match (state.standing(id), state.command(id)) {
            (Standing::Failed, _) => points.push(Point::open(format!("{what} failed"))),
            (Standing::Lost, _) => points.push(Point::open(format!("{what} was lost, outcome unknown"))),
            (Standing::NeedsEyes, _) => {
                let seen =
                    sign_of_failure(state.claims(id)).map_or(String::new(), |seen| format!(": {seen}"));
                points.push(Point::open(format!("{what} needs a manual check{seen}")));
            }
            (_, CommandState::Skipped { reason: reason @ SkipReason::DoneBefore, .. }) => {
                points.push(Point { words: format!("{what} was {reason}"), open: backup });
            }
            (_, CommandState::Skipped { reason: SkipReason::Operator(why), after }) => {
                let how = match after.as_deref().map(CommandState::came_to) {
                    Some(Standing::NeedsEyes) => "was not confirmed, and skipped",
                    Some(_) => "failed, and the run continued",
                    None => "was skipped",
                };
                // What was decided at the gate before is not asked again.
                points.push(Point { words: format!("{what} {how}: {why}"), open: backup || at >= before });
            }
            (_, CommandState::DoneByHand { note, .. }) if at >= before => {
                points.push(Point::known(format!("{what} was done by hand: {note}")));
            }
            (Standing::Skipped, _) if backup && !command.optional => {
                points.push(Point::open(format!("{what} was not made")));
            }
            _ => {}
        }
        let overruled = state.claims(id).iter().filter(|c| c.is_overruled()).count();
        if overruled > 0 && at >= before {
            points.push(Point::known(format!("{id}: {} overruled", counted(overruled, "verdict"))));
        }
    }
    points
}

/// Files that the way back puts back and that are no good, as they were when they were made.
fn made(state: &RunState) -> Vec<Point> {
    let bad = state
        .bad_files()
        .map(|(file, fault)| Point::open(format!("{}, made by {}: {fault}", file.path, file.command)));
    bad.collect()
}

fn is_backup(command: &Command) -> bool {
    let words = text::lower_words(&command.text);
    command.effect != Effect::Reads
        && words.iter().any(|w| {
            w.contains("backup") || w == "pg_dump" || w == "mysqldump" || w == "snapshot" || w == "dump"
        })
}

/// Placeholders of the steps that nobody has answered.
fn values(state: &RunState) -> Vec<Point> {
    let mut open: Vec<&str> = Vec::new();
    let commands = state.step_commands();
    for command in commands.iter().filter(|c| state.standing(&c.id) == Standing::NotYet && !c.is_one_way()) {
        for hole in state.open_holes(command) {
            if !open.contains(&hole) {
                open.push(hole);
            }
        }
    }
    open.into_iter().map(|name| Point::open(format!("no value yet: {name}"))).collect()
}

/// Whether what is left of the window takes the steps that are left, and the way back.
fn window(state: &RunState, gate: GateId, now: DateTime<Utc>) -> Option<Point> {
    let window = state.window()?;
    let left = window.ends.signed_duration_since(now).num_seconds();
    let steps =
        state.runbook().steps.iter().filter(|s| {
            gate != GateId::SignOff && s.commands().iter().any(|c| flow::open(state, c).is_some())
        });
    let needed: i64 = steps.filter_map(|s| s.estimate_s).sum::<u64>() as i64;
    let latest = clock::latest_rollback(window, state);
    let back = latest.map_or(0, |latest| window.ends.signed_duration_since(latest).num_seconds());
    if gate == GateId::SignOff || left >= needed + back {
        return None;
    }
    let minutes = |seconds: i64| format!("{} min", seconds.max(0).div_euclid(60));
    let left = if left <= 0 { "over".to_owned() } else { format!("{} left", minutes(left)) };
    let back = latest.map_or("an unknown time".to_owned(), |_| minutes(back));
    let words =
        format!("window too short: {left}, the steps take {} and the rollback {back}", minutes(needed));
    Some(Point::open(words))
}

/// Where it can't be turned back any more without putting back data, and which way leads back from behind it.
fn no_return(state: &RunState, gate: GateId) -> Option<Point> {
    let turn = point_of_no_return(state.runbook()).filter(|_| gate == GateId::Change)?;
    let back = match state.runbook().rollback.steps.first() {
        Some(step) if !puts_data_back(state.runbook()) => {
            format!("the rollback (line {}) does not restore data", step.line)
        }
        Some(step) => format!("the rollback is on line {}", step.line),
        None => "the document has no rollback".to_owned(),
    };
    Some(Point::known(format!("point of no return: {} (line {}); {back}", turn.id, turn.span.line)))
}

/// Who reviews, where the document's log has a line for them. They sign afterwards.
fn reviewer(state: &RunState, gate: GateId) -> Option<Point> {
    let template = state.runbook().log_template.as_ref()?;
    let asks = template.items.iter().any(|i| text::lower_words(&i.text).iter().any(|w| w == "reviewer"));
    let missing = gate == GateId::SignOff && asks && state.person("reviewer").is_none();
    missing.then(|| Point::known("no reviewer is named yet, and the document's log has a line for one"))
}

/// How many items are open before a gate, with the alerts that stand at it and what is as bad as one: the number that
/// stands in the frame.
pub fn open_count(state: &RunState, gate: GateId, outside: &Outside) -> usize {
    let told = |row| state.alert(row).is_some();
    let unwell = outside.unwell.iter().filter(|u| u.bad && !told(&u.row)).count();
    open_items(state, gate).len() + state.open_alerts().count() + unwell
}

/// What is open, in the words that go into the record.
pub fn open_words(points: &[Point]) -> Vec<String> {
    points.iter().filter(|p| p.open).map(|p| p.words.clone()).collect()
}
