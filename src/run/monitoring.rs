//! Monitoring after the deployment: the document's windows as rounds with their times, and what came of each.
//!
//! ```text
//! First Hour      every 5 min   rounds 1 to 12, the first when the watch begins
//! First 24 Hours  hourly        from where the first hour ends
//! ```

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::health::{self, Evidence, Health};
use super::state::RunState;
use crate::runbook::{ItemId, Monitoring};

/// A window without a length, or an interval, is one round that is open for so many seconds.
const ONE_ROUND_S: u64 = 3600;

/// Names a round: the window's place among the document's, and the round's number in it, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoundId {
    /// The window.
    pub window: u32,
    /// The round.
    pub number: u32,
}

impl std::fmt::Display for RoundId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.window, self.number)
    }
}

/// A round as the document plans it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its name.
    pub id: RoundId,
    /// When it begins.
    pub due: DateTime<Utc>,
    /// When it is over: the next one begins then.
    pub until: DateTime<Utc>,
}

/// How a round went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// Somebody answered its items.
    Attended,
    /// Nobody did; probes saw something.
    Unattended,
    /// Nobody did, and nothing was seen.
    Missed,
}

impl Held {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Held::Attended => "attended",
            Held::Unattended => "measured unattended",
            Held::Missed => "missed",
        }
    }
}

/// What an operator said about an item in a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// It is as it should be.
    pub met: bool,
    /// What they say about it.
    pub note: String,
    /// Who.
    pub by: String,
}

/// A round that has begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// Its name.
    pub id: RoundId,
    /// When it began by the plan.
    pub due: DateTime<Utc>,
    /// What the probes said about its items.
    pub evidence: Vec<(ItemId, Evidence)>,
    /// What operators said.
    pub said: Vec<(ItemId, Said)>,
    /// How it went, once it is over.
    pub held: Option<Held>,
}

impl Round {
    /// How it went, as far as is known.
    pub fn so_far(&self) -> Held {
        if !self.said.is_empty() {
            Held::Attended
        } else if !self.evidence.is_empty() {
            Held::Unattended
        } else {
            Held::Missed
        }
    }

    /// What an operator said about an item last.
    pub fn said_of(&self, item: &ItemId) -> Option<&Said> {
        self.said.iter().rev().find(|(id, _)| id == item).map(|(_, said)| said)
    }

    /// What the probes said about an item.
    pub fn evidence_of(&self, item: &ItemId) -> Option<&Evidence> {
        self.evidence.iter().find(|(id, _)| id == item).map(|(_, evidence)| evidence)
    }
}

/// The watch of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// When it began.
    pub since: DateTime<Utc>,
    /// Rounds that have begun, in order.
    pub rounds: Vec<Round>,
    /// When and why it was ended before its time, or that it came to its end.
    pub ended: Option<(DateTime<Utc>, String)>,
}

impl Watched {
    /// The round of this name, if it has begun.
    pub fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.iter().find(|r| r.id == id)
    }

    /// How many rounds of a window went each way: attended, unattended, missed.
    pub fn count(&self, window: u32) -> [usize; 3] {
        let mut counts = [0; 3];
        for held in self.rounds.iter().filter(|r| r.id.window == window).filter_map(|r| r.held) {
            counts[held as usize] += 1;
        }
        counts
    }
}

/// A window's place in time: from where the window before it ends to its own end.
fn spans(windows: &[Monitoring]) -> Vec<(u64, u64, u64)> {
    let mut begins = 0;
    let mut spans = Vec::new();
    for window in windows {
        let length = window.for_s.unwrap_or(begins + window.every_s.unwrap_or(ONE_ROUND_S));
        let ends = length.max(begins + 1);
        let every = window.every_s.unwrap_or(ends - begins).max(1);
        spans.push((begins, ends, every));
        begins = ends;
    }
    spans
}

/// How many rounds a window has.
pub fn rounds_of(windows: &[Monitoring], window: u32) -> u32 {
    let spans = spans(windows);
    let Some((begins, ends, every)) = spans.get((window as usize).wrapping_sub(1)) else { return 0 };
    ((ends - begins).div_ceil(*every)) as u32
}

/// When a window is over.
pub fn window_ends(windows: &[Monitoring], since: DateTime<Utc>, window: u32) -> DateTime<Utc> {
    let spans = spans(windows);
    let ends = spans.get((window as usize).wrapping_sub(1)).map_or(0, |(_, ends, _)| *ends);
    since + TimeDelta::seconds(ends as i64)
}

/// The place, from 0, of the window that a time is in; the last one afterwards.
pub fn window_at(windows: &[Monitoring], since: DateTime<Utc>, now: DateTime<Utc>) -> usize {
    let passed = now.signed_duration_since(since).num_seconds().max(0) as u64;
    let spans = spans(windows);
    spans.iter().position(|(_, ends, _)| passed < *ends).unwrap_or(spans.len().saturating_sub(1))
}

/// All rounds of a watch that began at a time, in order.
pub fn plan(windows: &[Monitoring], since: DateTime<Utc>) -> impl Iterator<Item = Planned> {
    let at = move |seconds: u64| since + TimeDelta::seconds(seconds as i64);
    spans(windows).into_iter().enumerate().flat_map(move |(window, (begins, ends, every))| {
        let count = (ends - begins).div_ceil(every);
        (0..count).map(move |n| Planned {
            id: RoundId { window: window as u32 + 1, number: n as u32 + 1 },
            due: at(begins + n * every),
            until: at((begins + (n + 1) * every).min(ends)),
        })
    })
}

/// The round that is open at a time.
pub fn open_at(windows: &[Monitoring], since: DateTime<Utc>, now: DateTime<Utc>) -> Option<Planned> {
    plan(windows, since).take_while(|r| r.due <= now).find(|r| now < r.until)
}

/// The next round after a time.
pub fn next_after(windows: &[Monitoring], since: DateTime<Utc>, now: DateTime<Utc>) -> Option<Planned> {
    plan(windows, since).find(|r| r.due > now)
}

/// When the next thing is to be done for a watch: a round begins or is over.
pub fn next_change(windows: &[Monitoring], watched: &Watched, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if watched.ended.is_some() {
        return None;
    }
    let known = watched.rounds.iter().filter(|r| r.held.is_some()).count();
    let mut open = plan(windows, watched.since).skip(known);
    let Some(round) = open.next() else { return Some(now) };
    Some(if watched.round(round.id).is_none() { round.due } else { round.until })
}

/// How long a round waits for the first readings of a runner that has just started.
const FIRST_READINGS_S: i64 = 15;

/// The next thing that is due for the monitoring of a run; nothing when all is done for now.
pub fn due(state: &RunState, health: Option<&Health>, now: DateTime<Utc>) -> Option<Event> {
    let watched = state.watched().filter(|w| w.ended.is_none())?;
    let windows = &state.runbook().monitoring;
    let closed = watched.rounds.iter().filter(|r| r.held.is_some()).count();
    let Some(round) = plan(windows, watched.since).nth(closed) else {
        return Some(Event::MonitoringEnded { why: "all windows are over".into() });
    };
    match watched.round(round.id) {
        Some(known) if round.until <= now => {
            Some(Event::RoundClosed { round: round.id, held: known.so_far() })
        }
        Some(_) => None,
        // It came and went while nobody was there to open it.
        None if round.until <= now => {
            Some(Event::RoundOpened { round: round.id, due: round.due, evidence: vec![] })
        }
        None if round.due <= now => {
            let late = now.signed_duration_since(round.due).num_seconds() >= FIRST_READINGS_S;
            let ready = health.is_none_or(|h| late || h.has_looked_since(round.due));
            let evidence = ready.then(|| evidence(windows, round.id, health, now))?;
            Some(Event::RoundOpened { round: round.id, due: round.due, evidence })
        }
        None => None,
    }
}

/// What the probes say about the items of a round.
fn evidence(
    windows: &[Monitoring],
    round: RoundId,
    health: Option<&Health>,
    now: DateTime<Utc>,
) -> Vec<(ItemId, Evidence)> {
    let items = windows.get(round.window as usize - 1).map(|w| &w.items);
    let said = items
        .into_iter()
        .flatten()
        .filter_map(|item| Some((item.id.clone(), health::answer(&item.text, health?, now)?)));
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::WatchSettings;
    use crate::run::request::{Request, Surroundings};

    /// A run that is watched, on a clock of the test's own.
    struct Clock {
        state: RunState,
        now: DateTime<Utc>,
    }

    impl Clock {
        fn start() -> Self {
            let book = std::sync::Arc::new(crate::runbook::read(BOOK));
            let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
            let mut clock = Self { state: RunState::new(book), now };
            clock.ask(&Request::BeginMonitoring);
            clock
        }

        fn ask(&mut self, request: &Request) {
            self.fold(super::super::decide(&self.state, request, &Surroundings::default()).unwrap());
        }

        fn fold(&mut self, events: Vec<Event>) {
            for event in events {
                let record = super::super::Record {
                    v: 1,
                    run: super::super::RunId("r".into()),
                    seq: self.state.seq().next(),
                    at: self.now,
                    actor: "ada".into(),
                    epoch: 1,
                    prev: String::new(),
                    event,
                };
                self.state.advance(&record);
            }
        }

        /// The runner is there and looks at the clock.
        fn look(&mut self, health: Option<&Health>) {
            while let Some(fact) = due(&self.state, health, self.now) {
                self.fold(crate::run::accept(&self.state, fact).unwrap());
            }
        }

        fn pass(&mut self, minutes: i64, health: Option<&Health>) {
            for _ in 0..minutes {
                self.now += TimeDelta::minutes(1);
                self.look(health);
            }
        }

        fn held(&self) -> Vec<Option<Held>> {
            self.state.watched().unwrap().rounds.iter().map(|r| r.held).collect()
        }
    }

    /// An address that answers, as a probe saw it.
    fn health(at: DateTime<Utc>) -> Health {
        use super::super::health::{Level, Sample, Seen, Subject, Watch};
        let book = crate::runbook::read("# T\n## Steps\n```bash\ncurl http://x.test/health\n```\n");
        let mut watch = Watch::of(&book, None, false, &WatchSettings::default()).unwrap();
        watch.probes.retain(|p| p.source.kind() == "http");
        let probe = watch.probes[0].id.clone();
        let mut health = Health::new(watch);
        let subject = Subject { level: Some(Level::Ok), state: "200".into(), ..Subject::default() };
        health.take(&Sample { probe, at, seen: Seen::Subjects(vec![subject]) });
        health
    }

    #[test]
    fn a_window_on_a_clock_with_attended_measured_and_missed_rounds() {
        let mut clock = Clock::start();
        let first = health(clock.now);
        clock.look(Some(&first));
        let round = clock.state.watched().unwrap().rounds[0].id;
        let up = &clock.state.runbook().monitoring[0].items[0].id.clone();
        let said = clock.state.watched().unwrap().rounds[0].evidence_of(up).unwrap().answer;
        assert_eq!(said, health::Answer::Yes);
        clock.ask(&Request::AnswerRound { round, item: up.clone(), met: true, note: String::new() });
        // Nobody answers in the second round; its probe is looked at freshly. Then the runner is away for three.
        clock.pass(4, Some(&first));
        clock.now += TimeDelta::minutes(1);
        let second = health(clock.now);
        clock.look(Some(&second));
        clock.pass(4, Some(&second));
        clock.now += TimeDelta::minutes(16);
        clock.look(None);
        let held = [Held::Attended, Held::Unattended, Held::Missed, Held::Missed, Held::Missed];
        assert_eq!(clock.held()[..5], held.map(Some));
        // All of it, to the end of the week.
        while clock.state.is_watched() {
            let watched = clock.state.watched().unwrap();
            clock.now = next_change(&clock.state.runbook().monitoring, watched, clock.now).unwrap();
            clock.look(None);
        }
        assert_eq!(clock.held().len(), 12 + 23 + 6);
        assert_eq!(clock.state.watched().unwrap().count(1), [1, 1, 10]);
        let ended = clock.state.watched().unwrap().ended.clone().unwrap();
        assert_eq!(ended.1, "all windows are over");
        assert_eq!((clock.now - clock.state.watched().unwrap().since).num_days(), 7);
    }

    #[test]
    fn a_round_waits_for_fresh_readings_but_not_for_ever() {
        let mut clock = Clock::start();
        let old = health(clock.now - TimeDelta::seconds(60));
        assert!(due(&clock.state, Some(&old), clock.now).is_none());
        clock.now += TimeDelta::seconds(FIRST_READINGS_S);
        assert!(matches!(due(&clock.state, Some(&old), clock.now), Some(Event::RoundOpened { .. })));
    }

    const BOOK: &str = "# T\n## Steps\n```bash\nls\n```\n## Post-Deployment Monitoring\n### First Hour\n**Monitor every 5 minutes:**\n- [ ] API server responding\n### First 24 Hours\n**Check once per hour:**\n- [ ] fine\n### First Week\n**Daily checks:**\n- [ ] good\n";

    fn windows() -> Vec<Monitoring> {
        let text = BOOK;
        crate::runbook::read(text).monitoring.clone()
    }

    #[test]
    fn windows_follow_each_other() {
        let windows = windows();
        let since = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let minutes = |t: DateTime<Utc>| t.signed_duration_since(since).num_minutes();
        let all: Vec<Planned> = plan(&windows, since).collect();
        assert_eq!([1, 2, 3].map(|w| rounds_of(&windows, w)), [12, 23, 6]);
        assert_eq!(all.len(), 12 + 23 + 6);
        assert_eq!((minutes(all[0].due), minutes(all[11].due), minutes(all[11].until)), (0, 55, 60));
        assert_eq!((minutes(all[12].due), minutes(all[13].due)), (60, 120));
        assert_eq!(minutes(all[35].due), 24 * 60);
        assert!(all.windows(2).all(|w| w[0].until == w[1].due));
        let at = since + TimeDelta::minutes(7);
        assert_eq!(open_at(&windows, since, at).unwrap().id, RoundId { window: 1, number: 2 });
        assert_eq!(next_after(&windows, since, at).unwrap().id, RoundId { window: 1, number: 3 });
        assert!(open_at(&windows, since, since + TimeDelta::days(8)).is_none());
    }
}
