//! Decides, journals, applies, acts and tells, in that order.

use chrono::{DateTime, Utc};

use super::super::start::now;
use super::Actor;
use crate::protocol::ToClient;
use crate::run::clock::outage;
use crate::run::decide::wait_again;
use crate::run::event::RECORD_VERSION;
use crate::run::rollback::Found;
use crate::run::unrecorded::{counts_unrecorded, goes_on_unrecorded};
use crate::run::{Event, Record, Refusal, Request, Surroundings, accept, decide};
use crate::store::chain;

/// What was looked at before a request is decided.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What there is to go back with.
    pub(super) found: Option<Found>,
    /// Variables of the command that have no value in the shell.
    pub(super) unset: Vec<String>,
}

/// Events that happened while the journal could not be written: held in memory, in order.
#[derive(Debug, Default)]
pub(super) struct Unrecorded {
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) why: String,
    pub(super) held: Vec<Record>,
    /// How many were written late since.
    late: u64,
}

impl Unrecorded {
    /// What an owner that has gone left unrecorded.
    pub(super) fn left(held: Vec<Record>) -> Self {
        let since = held.first().map(|r| r.at);
        Self { since, why: "the process that held it has ended".into(), held, late: 0 }
    }
}

impl Actor {
    /// Takes in what was seen.
    pub(in crate::runner) fn fact(&mut self, fact: Event) {
        // It is refused only when it no longer fits, such as an exit after a loss.
        let _stale = self.seen(fact);
    }

    /// Takes in what was seen at once, so that all of it is recorded or nothing.
    pub(super) fn facts(&mut self, facts: Vec<Event>) {
        let counts = facts.iter().all(counts_unrecorded);
        let events = facts.into_iter().flat_map(|fact| accept(&self.state, fact).unwrap_or_default());
        let events = events.collect();
        let _stale = self.record(events, "gonogo", counts);
    }

    /// The same as [`Self::fact`], where it has to be known whether it was taken.
    pub(in crate::runner) fn seen(&mut self, fact: Event) -> Result<(), Refusal> {
        let actor = match &fact {
            Event::RunStarted(start) => start.operator.clone(),
            Event::ControlTaken { by, .. } => by.clone(),
            _ => "gonogo".to_owned(),
        };
        let counts = counts_unrecorded(&fact);
        let events = accept(&self.state, fact)?;
        self.record(events, &actor, counts)
    }

    /// Runs the command that is waited for once more.
    pub(super) fn repeat_awaited(&mut self) -> Result<(), Refusal> {
        let around =
            Surroundings { shell: self.shell.clone().unwrap_or_default(), ..Surroundings::default() };
        self.record(wait_again(&self.state, &around), "gonogo", false)
    }

    /// Decides, journals, applies, acts and tells, in that order.
    pub(in crate::runner) fn ask(&mut self, request: &Request, actor: Option<String>) -> Result<(), Refusal> {
        self.ask_with(request, actor, Known::default())
    }

    /// The same with what was looked at for it.
    pub(super) fn ask_with(
        &mut self,
        request: &Request,
        actor: Option<String>,
        Known { found, unset }: Known,
    ) -> Result<(), Refusal> {
        let shell = self.shell.clone().unwrap_or_default();
        let mut around = Surroundings { shell, found, unset, ..Surroundings::default() };
        if matches!(request, Request::DecideGate { .. } | Request::Finish { .. }) {
            (around.outside, around.readings) = self.outside();
        }
        if matches!(request, Request::RollBack { .. }) {
            around.outside.now = Some(now());
        }
        let events = decide(&self.state, request, &around)?;
        let actor = actor.unwrap_or_else(|| "gonogo".to_owned());
        let goes_on = goes_on_unrecorded(&self.state, request);
        self.record(events, &actor, goes_on)
    }

    /// Journals events, applies them, acts on them and tells of them. `goes_on` says that this is so even where they
    /// can't be made durable.
    fn record(&mut self, events: Vec<Event>, actor: &str, goes_on: bool) -> Result<(), Refusal> {
        let (records, prev) = self.records(events, actor);
        if records.is_empty() {
            return Ok(());
        }
        self.write(&records, goes_on)?;
        self.prev = prev;
        for record in records {
            let asks = self.messenger.is_some() && matches!(record.event, Event::CommandExited { .. });
            let before = if asks { outage(&self.state) } else { None };
            self.state.advance(&record);
            self.tell_others(before, &record);
            self.act(&record.event);
            self.clients.tell(&ToClient::Recorded(Box::new(record)));
        }
        if self.unrecorded.since.is_some() && self.unrecorded.held.is_empty() {
            // All of it went in with these; the gap belongs right behind them.
            self.retry();
        }
        Ok(())
    }

    /// Events as records that follow the last one, and the hash for what follows them.
    fn records(&self, events: Vec<Event>, actor: &str) -> (Vec<Record>, String) {
        let new_owner = |e: &Event| matches!(e, Event::RunStarted(_) | Event::RunResumed { .. });
        let epoch = self.state.epoch() + u32::from(events.first().is_some_and(new_owner));
        let mut records = Vec::with_capacity(events.len());
        let (mut seq, mut prev) = (self.state.seq(), self.prev.clone());
        for event in events {
            seq = seq.next();
            let record = Record {
                v: RECORD_VERSION,
                run: self.directory.id().clone(),
                seq,
                at: now(),
                actor: actor.to_owned(),
                epoch,
                prev,
                event,
            };
            prev = chain::line(&record).map(|l| chain::hash(&l)).unwrap_or_default();
            records.push(record);
        }
        (records, prev)
    }

    /// Makes records durable. Where that can't be had, what must always be possible goes on from memory
    /// (DESIGN 7, "Recording never outranks recovery"), and everything else is refused.
    fn write(&mut self, records: &[Record], essential: bool) -> Result<(), Refusal> {
        if !essential && !self.keeps_room() {
            return Err(Refusal::NotRecorded("what room is left is kept for ending and going back".into()));
        }
        let Err(mut error) = self.append(records) else { return Ok(()) };
        if !essential {
            return Err(Refusal::NotRecorded(error.to_string()));
        }
        if std::mem::take(&mut self.reserved) {
            self.directory.release();
            match self.append(records) {
                Ok(()) => {
                    let words = format!("no new step starts until there is room again: {error}");
                    self.clients.tell(&ToClient::Trouble(words));
                    return Ok(());
                }
                Err(still) => error = still,
            }
        }
        self.unrecorded.held.extend_from_slice(records);
        if let Err(error) = self.spill.keep(&self.unrecorded.held) {
            self.clients.tell(&ToClient::Trouble(format!("kept in memory only: {error}")));
        }
        self.unrecorded.why = error.to_string();
        let since = *self.unrecorded.since.get_or_insert_with(now);
        self.clients.tell(&ToClient::Unrecorded(Some((since, error.to_string()))));
        Ok(())
    }

    /// Whether the room for the journal is kept, if need be again.
    fn keeps_room(&mut self) -> bool {
        self.reserved = self.reserved || self.directory.reserve();
        self.reserved
    }

    /// Appends what is held, and records after it; the gap itself is told by the next try.
    fn append(&mut self, records: &[Record]) -> Result<(), crate::store::StoreError> {
        let held = &mut self.unrecorded.held;
        let before = held.len();
        if before == 0 {
            return tokio::task::block_in_place(|| self.journal.append(records));
        }
        held.extend_from_slice(records);
        let result = tokio::task::block_in_place(|| self.journal.append(held));
        if result.is_ok() {
            self.unrecorded.late += before as u64;
            held.clear();
            self.spill.clear();
        } else {
            held.truncate(before);
        }
        result
    }

    /// Writes what is held in memory, once there is room for it, and records that there was a gap.
    pub(super) fn retry(&mut self) {
        let Some(since) = self.unrecorded.since else { return };
        if self.append(&[]).is_err() {
            return;
        }
        let events = std::mem::take(&mut self.unrecorded.late);
        let why = std::mem::take(&mut self.unrecorded.why);
        self.unrecorded.since = None;
        self.clients.tell(&ToClient::Unrecorded(None));
        self.fact(Event::Gap { since, why, events });
    }
}
