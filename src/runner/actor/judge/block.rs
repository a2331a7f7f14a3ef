//! What the other commands of a block showed, for expectations that are about all of it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::Actor;
use super::{unless, without_stages};
use crate::exec::Shown;
use crate::mask::Masker;
use crate::run::verdict::{Evidence, Freshness, Judgement, judge_block};
use crate::run::{CommandState, Exit};
use crate::runbook::{Command, CommandId, Expectation};
use crate::shell::is_pipeline;

/// What a command showed that ended earlier.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Ran {
    text: String,
    exit: Exit,
    elapsed: Duration,
    shown: Option<Shown>,
}

/// Commands that showed something, by id: those of blocks that an expectation is about.
pub(in super::super) type RanBefore = BTreeMap<CommandId, Ran>;

/// The commands of a block that ran before one of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Earlier {
    ran: Vec<Ran>,
    /// One of them ran, and what it showed is not known: this process did not see it.
    unknown: bool,
}

impl Earlier {
    pub(super) fn of(actor: &Actor, command: &Command) -> Self {
        let mut found = Self::default();
        if !command.expects.iter().any(|e| e.block) {
            return found;
        }
        let Some(block) = actor.state.runbook().block_of(&command.id) else { return found };
        for other in block.commands.iter().take_while(|c| c.id != command.id) {
            let ended = matches!(actor.state.command(&other.id), CommandState::Exited { .. });
            match actor.judging.ran_before.get(&other.id).filter(|_| ended) {
                Some(ran) => found.ran.push(ran.clone()),
                None => found.unknown |= ended,
            }
        }
        found
    }

    /// The same with secrets hidden.
    pub(super) fn masked(&self, masker: &Masker) -> Self {
        let mut hidden = self.clone();
        for shown in hidden.ran.iter_mut().filter_map(|ran| ran.shown.as_mut()) {
            shown.output = masker.text(&shown.output);
            shown.error = masker.text(&shown.error);
        }
        hidden
    }

    /// Judges an expectation about the block, of which the last command has now ended.
    pub(super) fn judge(&self, expected: &Expectation, last: &Evidence<'_>) -> Judgement {
        let alone: Vec<[i32; 1]> = self.ran.iter().map(|ran| [ran.exit.status()]).collect();
        let earlier = self.ran.iter().zip(&alone).map(|(ran, alone)| {
            let shown = ran.shown.as_ref();
            Evidence {
                text: &ran.text,
                exit: ran.exit,
                stages: shown.map(|s| s.stages.as_slice()).filter(|s| !s.is_empty()).unwrap_or(alone),
                elapsed: ran.elapsed,
                output: shown.map(|s| s.output.as_str()),
                whole: shown.is_some_and(|s| s.whole),
                merged: shown.is_some_and(|s| s.merged),
                error: shown.map_or("", |s| &s.error),
                services: None,
                siblings: &[],
                fresh: Freshness::Any,
            }
        });
        let all: Vec<Evidence<'_>> = earlier.chain([last.clone()]).collect();
        let judged = judge_block(expected, &all);
        let stages =
            |ran: &Ran| ran.shown.as_ref().is_none_or(|s| s.stages.is_empty()) && is_pipeline(&ran.text);
        let judged = if self.ran.iter().any(stages) { without_stages(judged) } else { judged };
        if self.unknown {
            return unless(judged, "the output of an earlier command of the block is no longer known");
        }
        judged
    }
}

impl Actor {
    /// Keeps what a command showed, where an expectation is about its block.
    pub(super) fn keep_for_block(
        &mut self,
        (id, text): (&CommandId, &str),
        (exit, elapsed): (Exit, Duration),
        shown: Option<&Shown>,
    ) {
        let block = self.state.runbook().block_of(id);
        if block.is_some_and(|b| b.commands.iter().any(|c| c.expects.iter().any(|e| e.block))) {
            let ran = Ran { text: text.to_owned(), exit, elapsed, shown: shown.cloned() };
            self.judging.ran_before.insert(id.clone(), ran);
        }
    }
}
