//! Rounds on a clock of the tests' own.

use chrono::{DateTime, TimeDelta, Utc};

use super::due::FIRST_READINGS_S;
use super::*;
use crate::config::WatchSettings;
use crate::run::health::{Answer, Health, Level, Sample, Seen, Subject, Watch};
use crate::run::request::{Request, Surroundings};
use crate::run::{Event, Record, RunId, RunState, accept, decide};
use crate::runbook::{Monitoring, read};

/// A run that is watched, on a clock of the test's own.
struct Clock {
    state: RunState,
    now: DateTime<Utc>,
}

impl Clock {
    fn start() -> Self {
        let book = std::sync::Arc::new(read(BOOK));
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let mut clock = Self { state: RunState::new(book), now };
        clock.ask(&Request::BeginMonitoring);
        clock
    }

    fn ask(&mut self, request: &Request) {
        self.fold(decide(&self.state, request, &Surroundings::default()).unwrap());
    }

    fn fold(&mut self, events: Vec<Event>) {
        for event in events {
            let (run, actor) = (RunId("r".into()), "ada".to_owned());
            let record = Record { run, actor, epoch: 1, ..self.state.next_record(event, self.now) };
            self.state.advance(&record);
        }
    }

    /// The runner is there and looks at the clock.
    fn look(&mut self, health: Option<&Health>) {
        while let Some(fact) = due(&self.state, health, self.now) {
            self.fold(accept(&self.state, fact).unwrap());
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
    let book = read("# T\n## Steps\n```bash\ncurl http://x.test/health\n```\n");
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
    assert_eq!(said, Answer::Yes);
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
    read(text).monitoring.clone()
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
