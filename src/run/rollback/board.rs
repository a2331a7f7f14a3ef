//! All that somebody has to know before going back, in lines.

use chrono::{DateTime, Utc};

use super::{
    Candidate, Found, LookedAt, Obstacle, Trigger, Undone, obstacles, of_procedures, saved, triggers, undone,
};
use crate::figures::{clock as time_of_day, span};
use crate::run::clock;
use crate::run::health::Health;
use crate::run::state::RunState;
use crate::runbook::{Command, CommandId, StepId};
use crate::shell::Effect;
use crate::shell::losses::loses_data;

/// One line of the board, with whether it warns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// In words.
    pub words: String,
    /// It is no good news.
    pub bad: bool,
}

/// All that somebody has to know before going back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// The document's triggers.
    pub triggers: Vec<Trigger>,
    /// What stands in the way.
    pub obstacles: Vec<Obstacle>,
    /// What is put back, and what that costs.
    pub costs: Vec<Line>,
    /// What a restore loses, in words.
    pub loses: Option<String>,
    /// Values that are set to others for it, because an older file is the right one.
    pub values: Vec<(String, String)>,
    /// What was changed in this run.
    pub undone: Vec<Undone>,
}

impl Board {
    /// The line of the first trigger that holds.
    pub fn trigger(&self) -> Option<usize> {
        self.triggers.iter().find(|t| t.holds == Some(true)).map(|t| t.line)
    }

    /// What it costs and what takes back what was changed, a line each.
    pub fn told(&self) -> Vec<String> {
        let costs = self.costs.iter().map(|c| c.words.clone());
        let undone = self.undone.iter().map(|u| {
            let by = u.by.as_ref().map_or("nothing undoes it".to_owned(), |by| format!("undone by {by}"));
            format!("{} {}: {by}", u.command, u.text)
        });
        costs.chain(self.loses.clone()).chain(undone).collect()
    }
}

/// The board for going back by these procedures.
pub fn board(
    state: &RunState,
    chosen: &[StepId],
    found: &Found,
    (health, now): (Option<&Health>, DateTime<Utc>),
) -> Board {
    let mut board = Board {
        triggers: triggers(state, health, now),
        obstacles: obstacles(state, chosen, found),
        undone: undone(state, chosen),
        ..Board::default()
    };
    for file in saved(state, chosen) {
        let candidates = match &file.candidates {
            Ok(candidates) => candidates,
            Err(why) => {
                let words = format!("{} restores {}: {why}", file.command, file.word);
                board.costs.push(Line { words, bad: true });
                board.loses.get_or_insert_with(|| UNKNOWN_SINCE.to_owned());
                continue;
            }
        };
        let Some(best) = candidates.iter().find(|c| c.fault(state, found).is_none()) else { continue };
        let unknown = best.made.is_none() && written_in(state, best, found).is_none();
        board.costs.push(Line { words: told(state, &file.command, best, found), bad: unknown });
        for (name, value) in &best.values {
            board.costs.push(Line { words: format!("{name} is set to {value} for it"), bad: false });
            board.values.push((name.clone(), value.clone()));
        }
        for later in candidates.iter().filter(|c| *c != best) {
            let why = later.fault(state, found).unwrap_or_else(|| "a newer copy".into());
            board.costs.push(Line { words: format!("not {}: {why}", later.path), bad: false });
        }
        let changes = state.find(&file.command).is_some_and(|c| c.effect != Effect::Reads);
        if changes && board.loses.is_none() {
            board.loses = Some(loses(state, best, found, now));
        }
    }
    let destructive = |c: &&Command| !c.alternative && loses_data(&c.text);
    for command in of_procedures(state.runbook(), chosen).into_iter().filter(destructive) {
        if board.loses.is_none() {
            let text = command.text.lines().next().unwrap_or_default();
            let words = format!("{} loses data for good: {text}", command.id);
            board.costs.push(Line { words, bad: true });
        }
    }
    board
}

/// When a file was written that was there during this run, and that no command of it names.
fn written_in(state: &RunState, best: &Candidate, found: &Found) -> Option<DateTime<Utc>> {
    let LookedAt::There(facts) = found.files.get(&best.path)? else { return None };
    let (_, begun) = state.start()?;
    facts.changed.filter(|at| at >= begun)
}

fn told(state: &RunState, command: &CommandId, best: &Candidate, found: &Found) -> String {
    let facts = match found.files.get(&best.path) {
        Some(LookedAt::There(facts)) => facts.words(),
        _ => "not checked".to_owned(),
    };
    let made = match (&best.made, best.begun) {
        (Some(made), Some(at)) => {
            let when =
                if best.before_change { ", before anything was changed" } else { ", after the change" };
            format!("made by {} at {}{when}", made.command, time_of_day(at, state.zone()))
        }
        _ => match written_in(state, best, found) {
            Some(at) => {
                format!("written at {} during this run, by an unknown command", time_of_day(at, state.zone()))
            }
            None => "not made in this run".to_owned(),
        },
    };
    format!("{command} restores {}: {facts}, {made}", best.path)
}

/// What a restore loses where nobody can say since when.
const UNKNOWN_SINCE: &str = "everything written since that copy was made is lost; nobody knows when that was";

/// What a restore loses: all that was written since what is put back was made.
fn loses(state: &RunState, best: &Candidate, found: &Found, now: DateTime<Utc>) -> String {
    let changed = match found.files.get(&best.path) {
        Some(LookedAt::There(facts)) => facts.changed,
        _ => None,
    };
    let Some(since) = best.begun.or(changed) else {
        return UNKNOWN_SINCE.into();
    };
    let seconds =
        |from: DateTime<Utc>, to: DateTime<Utc>| to.signed_duration_since(from).num_seconds().max(0) as u64;
    let of = |o: &clock::Outage| seconds(o.since.max(since), o.until.unwrap_or(now));
    let down: u64 = clock::outages(state).iter().map(of).sum();
    let down =
        if down > 0 { format!(", while the service was down for {}", span(down)) } else { String::new() };
    format!(
        "everything written since {} is lost: {}{down}",
        time_of_day(since, state.zone()),
        span(seconds(since, now))
    )
}
