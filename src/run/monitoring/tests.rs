//! Rounds on a clock of the tests' own.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::config::WatchSettings;
use crate::run::health::{Answer, Health, Level, Measured, Reason, Sample, Seen, Subject, Watch};
use crate::run::request::{Request, Surroundings};
use crate::run::{Event, Record, RunId, RunState, accept, decide};
use crate::runbook::measures::Measure;
use crate::runbook::probes::ProbeId;
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

    fn held(&self) -> Vec<Option<Held>> {
        self.state.watched().unwrap().rounds.iter().map(|r| r.held).collect()
    }
}

/// An address that is looked at every five seconds, as far as there are looks.
struct Address {
    health: Health,
    probe: ProbeId,
}

impl Address {
    fn new() -> Self {
        let book = read("# T\n## Steps\n```bash\ncurl http://x.test/health\n```\n");
        let mut watch = Watch::of(&book, None, false, &WatchSettings::default()).unwrap();
        watch.probes.retain(|p| p.source.kind() == "http");
        watch.probes[0].every_s = 5;
        let probe = watch.probes[0].id.clone();
        Self { health: Health::new(watch), probe }
    }

    fn look(&mut self, at: DateTime<Utc>, seen: Seen) {
        self.health.take(&Sample { probe: self.probe.clone(), at, seen });
    }
}

fn answers(level: Level) -> Seen {
    let measured = vec![Measured::one(Measure::Latency, 20.0)];
    let state = if level == Level::Ok { "200" } else { "500" };
    Seen::Subjects(vec![Subject { level: Some(level), state: state.into(), measured, ..Subject::default() }])
}

fn refused() -> Seen {
    Seen::nothing(Reason::Refused, "connection refused")
}

/// What the first round's first item comes to, where the looks within it were these.
fn round_of(seen: impl Fn(i64) -> Option<Seen>) -> (Option<Held>, Option<(Answer, String)>) {
    let (mut clock, mut address) = (Clock::start(), Address::new());
    clock.look(None);
    for n in 0..60 {
        if let Some(seen) = seen(n) {
            address.look(clock.now, seen);
        }
        clock.now += TimeDelta::seconds(5);
    }
    clock.look(Some(&address.health));
    let round = &clock.state.watched().unwrap().rounds[0];
    let item = &clock.state.runbook().monitoring[0].items[0].id;
    (round.held, round.evidence_of(item).map(|e| (e.answer, e.words.clone())))
}

#[test]
fn a_round_is_answered_by_all_looks_within_it() {
    let (held, said) = round_of(|n| Some(if (20..32).contains(&n) { refused() } else { answers(Level::Ok) }));
    assert_eq!(held, Some(Held::Unattended));
    let (answer, words) = said.unwrap();
    assert_eq!(answer, Answer::No);
    assert_eq!(words, "x.test/health: 48 of 60 looks answered; no answer 22:15:00 to 22:16:00, 1:00");

    let (_, said) = round_of(|n| Some(answers(if (25..34).contains(&n) { Level::Alert } else { Level::Ok })));
    let (answer, words) = said.unwrap();
    assert_eq!(answer, Answer::No, "{words}");
    assert!(words.contains("alert at 9 of 60 looks"), "{words}");

    let (held, said) = round_of(|n| (n < 20).then(|| answers(Level::Ok)));
    assert_eq!((held, said.as_ref().map(|s| s.0)), (Some(Held::Missed), Some(Answer::Open)), "{said:?}");

    let (_, said) = round_of(|_| Some(answers(Level::Ok)));
    assert_eq!(said.unwrap().0, Answer::Yes);
    // What was over before the round began is none of it.
    let (_, said) = round_of(|n| Some(if n == 30 { refused() } else { answers(Level::Ok) }));
    let (answer, words) = said.unwrap();
    assert_eq!(
        (answer, words.contains("59 of 60 looks ok")),
        (Answer::Yes, true),
        "once counts for nothing: {words}"
    );
}

#[test]
fn a_window_on_a_clock_with_attended_measured_and_missed_rounds() {
    let (mut clock, mut address) = (Clock::start(), Address::new());
    clock.look(None);
    let round = clock.state.watched().unwrap().rounds[0].id;
    let up = &clock.state.runbook().monitoring[0].items[0].id.clone();
    clock.ask(&Request::AnswerRound { round, item: up.clone(), met: true, note: String::new() });
    // Nobody answers in the second round. Then the runner is away for three.
    for _ in 0..121 {
        address.look(clock.now, answers(Level::Ok));
        clock.look(Some(&address.health));
        clock.now += TimeDelta::seconds(5);
    }
    clock.now += TimeDelta::minutes(15);
    clock.look(Some(&address.health));
    let held = [Held::Attended, Held::Unattended, Held::Missed, Held::Missed, Held::Missed];
    assert_eq!(clock.held()[..5], held.map(Some));
    let said = |round: usize| {
        clock.state.watched().unwrap().rounds[round].evidence_of(up).map(|evidence| evidence.answer)
    };
    assert_eq!([said(0), said(1), said(2)], [Some(Answer::Yes), Some(Answer::Yes), Some(Answer::Open)]);
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
fn a_round_that_is_ended_early_keeps_what_was_seen_of_it() {
    let (mut clock, mut address) = (Clock::start(), Address::new());
    clock.look(None);
    for _ in 0..20 {
        address.look(clock.now, answers(Level::Ok));
        clock.now += TimeDelta::seconds(5);
    }
    let so_far = so_far(&clock.state, Some(&address.health), clock.now);
    let around = Surroundings { so_far, ..Surroundings::default() };
    let ended = Request::EndMonitoring { why: "handed over".into() };
    clock.fold(decide(&clock.state, &ended, &around).unwrap());
    let round = &clock.state.watched().unwrap().rounds[0];
    assert_eq!((round.held, round.evidence.len()), (Some(Held::Unattended), 1));
}

const BOOK: &str = "# T\n## Steps\n```bash\nls\n```\n## Post-Deployment Monitoring\n### First Hour\n**Monitor every 5 minutes:**\n- [ ] API server responding\n### First 24 Hours\n**Check once per hour:**\n- [ ] fine\n### First Week\n**Daily checks:**\n- [ ] good\n";

fn windows() -> Vec<Monitoring> {
    let text = BOOK;
    read(text).monitoring.clone()
}

#[test]
fn what_was_recorded_before_is_still_read() {
    let (mut clock, now) = (Clock::start(), DateTime::from_timestamp(1_700_000_000, 0).unwrap());
    let up = clock.state.runbook().monitoring[0].items[0].id.clone();
    let opened = format!(
        r#"{{"kind":"round_opened","round":{{"window":1,"number":1}},"due":"{}","evidence":[["{}",{{"answer":"yes","words":"200"}}]]}}"#,
        now.to_rfc3339(),
        up.0
    );
    for text in [
        r#"{"kind":"alert_raised","row":{"subject":["http.1",""]},"level":"absent","words":"refused"}"#,
        r#"{"kind":"alert_cleared","row":{"subject":["http.1",""]},"words":"200"}"#,
        &opened,
        r#"{"kind":"round_closed","round":{"window":1,"number":1},"held":"unattended"}"#,
    ] {
        clock.fold(vec![serde_json::from_str(text).unwrap()]);
    }
    let [alert] = clock.state.alerts() else { panic!("one alert") };
    assert_eq!((alert.level, alert.until.is_some()), (Level::NotSeen, true));
    let round = &clock.state.watched().unwrap().rounds[0];
    assert_eq!(round.evidence_of(&up).map(|e| e.answer), Some(Answer::Yes), "told where it was opened");
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
