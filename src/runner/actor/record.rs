//! Decides, journals, applies, acts and tells, in that order.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::super::clock::now;
use super::super::inbox::Inbox;
use super::Actor;
use crate::exec::{FromShim, Report};
use crate::protocol::{ToClient, ToRunner};
use crate::run::clock::outage;
use crate::run::decide::wait_again;
use crate::run::event::RECORD_VERSION;
use crate::run::rollback::Found;
use crate::run::unrecorded::{counts_unrecorded, goes_on_unrecorded};
use crate::run::{Event, Record, Refusal, Request, Surroundings, accept, decide, monitoring};
use crate::store::writer::Done;
use crate::store::{Line, NotAppended, StoreError, chain};

/// How long an append is waited for.
pub(super) const APPEND_WITHIN: Duration = Duration::from_secs(2);

/// How long it is waited for before anything else is looked at: most are written by then.
const FIRST_LOOK: Duration = Duration::from_millis(20);

/// How often something else is looked at after that.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Why nothing is recorded any more where the run's directory was removed.
const GONE: &str = "the directory of the run was removed meanwhile: no new step starts";

/// Where records are by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// In the journal.
    Durable,
    /// In memory and in the second place, and what they are about goes on.
    Held,
    /// Under way: nobody knows whether they arrive, and nothing is done about them.
    Maybe,
}

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
    /// So many of the first are under way to the journal, which has not answered.
    under_way: usize,
}

impl Unrecorded {
    /// What an owner that has gone left unrecorded.
    pub(super) fn left(held: Vec<Record>) -> Self {
        let since = held.first().map(|r| r.at);
        Self { since, why: "the process that held it has ended".into(), held, late: 0, under_way: 0 }
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
        let around = Surroundings {
            shell: self.executor.shell.clone().unwrap_or_default(),
            ..Surroundings::default()
        };
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
        let shell = self.executor.shell.clone().unwrap_or_default();
        let mut around = Surroundings { shell, found, unset, ..Surroundings::default() };
        if matches!(request, Request::DecideGate { .. } | Request::Finish { .. }) {
            (around.outside, around.readings) = self.outside();
        }
        if matches!(request, Request::RollBack { .. }) {
            around.outside.now = Some(now());
        }
        if matches!(request, Request::RollBack { .. } | Request::EndMonitoring { .. }) {
            around.so_far = monitoring::so_far(&self.state, self.watching.health.as_ref(), now());
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
        let written = self.write(&records, goes_on)?;
        self.recorder.prev = prev;
        for record in records {
            let tells = matches!(record.event, Event::CommandExited { .. } | Event::AddressAnswers { .. });
            let asks = self.messenger.is_some() && tells;
            let before = if asks { outage(&self.state) } else { None };
            self.state.advance(&record);
            if written == Written::Maybe {
                self.clients.tell(&ToClient::Recorded(Box::new(record)));
                continue;
            }
            self.tell_others(before, &record);
            self.act(&record.event);
            self.clients.tell(&ToClient::Recorded(Box::new(record)));
        }
        if written == Written::Maybe {
            return Err(self.not_begun());
        }
        if self.recorder.unrecorded.since.is_some() && self.recorder.unrecorded.held.is_empty() {
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
        let (mut seq, mut prev) = (self.state.seq(), self.recorder.prev.clone());
        for event in events {
            seq = seq.next();
            let record = Record {
                v: RECORD_VERSION,
                run: self.files.id().clone(),
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
    /// (recording never outranks recovery), and everything else is refused.
    fn write(&mut self, records: &[Record], essential: bool) -> Result<Written, Refusal> {
        if !essential && self.files.is_gone() {
            return Err(Refusal::NotRecorded(GONE.into()));
        }
        if !essential && !self.keeps_room() {
            return Err(Refusal::NotRecorded(
                "the remaining space is kept for ending the run and for the rollback".into(),
            ));
        }
        let Err(mut error) = self.append(records) else { return Ok(Written::Durable) };
        // Only what was handed over may arrive yet.
        let late = self.recorder.unrecorded.under_way > self.recorder.unrecorded.held.len();
        if !essential && !late {
            return Err(Refusal::NotRecorded(error.to_string()));
        }
        if !late && std::mem::take(&mut self.recorder.reserved) {
            self.files.release();
            match self.append(records) {
                Ok(()) => {
                    let words = format!("no new step starts until there is space again: {error}");
                    self.clients.tell(&ToClient::Trouble(words));
                    return Ok(Written::Durable);
                }
                Err(still) => error = still,
            }
        }
        self.recorder.unrecorded.held.extend_from_slice(records);
        if let Err(error) = self.recorder.spill.keep(&self.recorder.unrecorded.held) {
            self.clients.tell(&ToClient::Trouble(format!("kept in memory only: {error}")));
        }
        self.recorder.unrecorded.why = error.to_string();
        let since = *self.recorder.unrecorded.since.get_or_insert_with(now);
        self.clients.tell(&ToClient::Unrecorded(Some((since, error.to_string()))));
        Ok(if essential { Written::Held } else { Written::Maybe })
    }

    /// Whether the room for the journal is kept, if need be again.
    fn keeps_room(&mut self) -> bool {
        self.recorder.reserved = self.recorder.reserved || self.files.reserve();
        self.recorder.reserved
    }

    /// Appends what is held, and records after it; the gap itself is told by the next try.
    fn append(&mut self, records: &[Record]) -> Result<(), NotAppended> {
        self.arrived_late();
        let before = self.recorder.unrecorded.held.len();
        let all = self.recorder.unrecorded.held.iter().chain(records).map(Line::of);
        let lines = all.collect::<Result<Vec<Line>, StoreError>>()?;
        if lines.is_empty() {
            return Ok(());
        }
        let handed_over = lines.len();
        let result = tokio::task::block_in_place(|| self.appended(lines));
        match &result {
            Ok(_) => {
                self.recorder.unrecorded.late += before as u64;
                self.recorder.unrecorded.held.clear();
                if before > 0 {
                    self.recorder.spill.clear();
                }
            }
            Err(NotAppended::Late(_)) if self.recorder.unrecorded.under_way == 0 => {
                self.recorder.unrecorded.under_way = handed_over;
            }
            Err(_) => {}
        }
        result.map(drop)
    }

    /// Hands lines over and waits for them. Keys and screens need no journal and don't wait; whoever wants something
    /// ended does not either.
    fn appended(&mut self, lines: Vec<Line>) -> Done {
        self.recorder.writer.hand_over(lines)?;
        let began = Instant::now();
        let mut look = FIRST_LOOK;
        loop {
            if let Some(done) = self.recorder.writer.answer(look) {
                return done;
            }
            if self.meanwhile() || began.elapsed() >= APPEND_WITHIN {
                return Err(NotAppended::Late(APPEND_WITHIN));
            }
            look = BETWEEN_LOOKS;
        }
    }

    /// Does what needs no journal; whether something came that can't wait for it.
    fn meanwhile(&mut self) -> bool {
        let mut urgent = false;
        while let Some(message) = self.inbox.arrived() {
            match message {
                Inbox::Client(id, message @ (ToRunner::Keys { .. } | ToRunner::PaneSize { .. })) => {
                    self.client(id, message);
                }
                // It has no number that would have to be taken.
                Inbox::Place(Report { report: report @ FromShim::Screen { .. }, .. }) => self.report(report),
                message => {
                    urgent |= matches!(
                        message,
                        Inbox::Client(_, ToRunner::Ask { request: Request::Cancel { .. }, .. })
                    );
                    self.inbox.put_off(message);
                }
            }
        }
        urgent
    }

    /// Looks what came of lines that were late.
    fn arrived_late(&mut self) {
        let under_way = self.recorder.unrecorded.under_way;
        if under_way == 0 {
            return;
        }
        let Some(done) = self.recorder.writer.answer(Duration::ZERO) else { return };
        self.recorder.unrecorded.under_way = 0;
        if done.is_ok() {
            self.recorder.unrecorded.held.drain(..under_way.min(self.recorder.unrecorded.held.len()));
            self.recorder.unrecorded.late += under_way as u64;
        }
    }

    /// What may be in the journal, and was not begun, because nobody knows whether it is: that is recorded too.
    fn not_begun(&mut self) -> Refusal {
        let why = format!("the journal did not answer within {} s", APPEND_WITHIN.as_secs());
        if let Some(command) = self.state.running().cloned()
            && let Some(attempt) = self.state.running_attempt(&command)
            && self.recorder.unrecorded.held.iter().any(|r| {
                matches!(&r.event, Event::CommandStarted { command: c, attempt: a, .. } if (c, a) == (&command, &attempt))
            })
        {
            self.fact(Event::CommandNotStarted { command, attempt, why: why.clone() });
        }
        Refusal::NotRecorded(why)
    }

    /// Writes what is held in memory, once there is room for it, and records that there was a gap.
    /// Says at once that the run's directory was removed, and not with the next thing that would be recorded.
    pub(super) fn notice_gone(&mut self) {
        if self.recorder.unrecorded.since.is_none() && self.files.is_gone() {
            let since = now();
            self.recorder.unrecorded.since = Some(since);
            self.recorder.unrecorded.why = GONE.into();
            self.clients.tell(&ToClient::Unrecorded(Some((since, GONE.into()))));
        }
    }

    pub(super) fn retry(&mut self) {
        let Some(since) = self.recorder.unrecorded.since else { return };
        if self.files.is_gone() || self.append(&[]).is_err() || self.recorder.unrecorded.under_way > 0 {
            return;
        }
        let events = std::mem::take(&mut self.recorder.unrecorded.late);
        let why = std::mem::take(&mut self.recorder.unrecorded.why);
        self.recorder.unrecorded.since = None;
        self.clients.tell(&ToClient::Unrecorded(None));
        self.fact(Event::Gap { since, why, events });
    }
}
