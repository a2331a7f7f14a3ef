//! Health and Monitor with every level there is.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use gonogo::config::WatchSettings;
use gonogo::run::health::{
    Answer, Evidence, Health, Level, Measured, Reason, RowId, Sample, Seen, Subject, Unseen, Watch,
};
use gonogo::run::monitoring::{Held, RoundId};
use gonogo::run::{Event, Record};
use gonogo::runbook::measures::Measure;
use gonogo::runbook::probes::ProbeId;
use gonogo::tui::app::App;
use gonogo::tui::screen::Screen;

use super::{both, draw, go, steps};

fn subject(name: &str, level: Level, state: &str, about: &str, measured: &[(Measure, f64)]) -> Subject {
    Subject {
        name: name.into(),
        level: Some(level),
        reason: None,
        state: state.into(),
        about: about.into(),
        measured: measured.iter().map(|(m, v)| Measured { measure: *m, value: *v, n: Some(120) }).collect(),
        lines: vec![],
    }
}

/// A quarter of an hour of an island-like stack: a slow query, a sick container, one that was never started.
fn health(app: &App, now: DateTime<Utc>) -> Health {
    let book = &app.book.runbook;
    let environment = book.environment("Production").cloned();
    let mut watch = Watch::of(book, environment.as_ref(), true, &WatchSettings::default()).unwrap();
    watch.turn(&ProbeId("latency".into()), true, book, &WatchSettings::default());
    let mut health = Health::new(watch);
    for n in 0..60 {
        let at = now - TimeDelta::seconds((60 - n) * 15);
        // Where a second falls moves bars: all but the baseline, which is no longer in the window, is flat.
        let before = if n == 0 { 0.0 } else { 1.0 };
        let mut take = |probe: &str, subjects: Vec<Subject>| {
            let seen = Seen::Subjects(subjects);
            health.take(&Sample { probe: ProbeId(probe.into()), at, seen });
        };
        let latency =
            [(Measure::LatencyP50, 170.0 + 12.0 * before), (Measure::LatencyP95, 500.0 + 900.0 * before)];
        take("latency", vec![subject("", Level::Ok, "200", "in 182 ms", &latency)]);
        let memory = 57.0 + 4.0 * before;
        let host = [(Measure::Cpu, 31.0), (Measure::Memory, memory), (Measure::DiskFree, 43.0)];
        take("host", vec![subject("", Level::Ok, "cpu 31 %, memory 61 %", "load 0.42 on 2 cores", &host)]);
        let api = if n > 50 { (Level::Alert, "unhealthy") } else { (Level::Ok, "healthy") };
        let about = "api:v1.2.0 3f2a9c  up 4 min  restarts 0  cpu 12 %  211 MiB";
        take(
            "docker",
            vec![
                subject("api-server", api.0, api.1, about, &[(Measure::Cpu, 12.0)]),
                Subject::unseen("crawler", Unseen::new(Reason::Gone, "it has no container")),
            ],
        );
        take("http.1", vec![subject("", Level::Ok, "200", "in 8.0 ms", &[(Measure::Latency, 8.0)])]);
    }
    let why = "could not reach postgres:5432: connection refused";
    let absent = Seen::nothing(Reason::Refused, why);
    health.take(&Sample { probe: ProbeId("postgres".into()), at: now, seen: absent });
    health
}

fn watched() -> App {
    let mut app = steps(vec![go()]);
    app.screen = Screen::Health;
    // A whole minute, so that strips begin where their parts do.
    let now = Utc::now().duration_trunc(TimeDelta::minutes(1)).unwrap() + TimeDelta::minutes(1);
    let known = health(&app, now);
    app.watch(Some(known));
    app.view.stand_at(now);
    app
}

#[test]
fn health_with_every_level() {
    let mut app = watched();
    app.screens.health.row = Some(RowId::Target("Error Rate".into()));
    both("health", &mut app);
    app.screens.health.row = Some(RowId::Target("Query Latency (p95)".into()));
    app.screens.health.detail = true;
    let text = draw(&mut app, 80, 24);
    for part in ["1.4 s", "watch", "n = 120", "acceptable <2s", "probe latency, every 30 s", "1.0 s"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn monitor_before_it_begins_and_in_the_middle() {
    let mut app = steps(vec![go()]);
    app.screen = Screen::Monitor;
    both("monitor-before", &mut app);
    let windows = app.book.runbook.monitoring.clone();
    let mut events = vec![go(), Event::MonitoringBegan];
    let began = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let item = |at: usize| windows[0].items[at].id.clone();
    for number in 1..=4u32 {
        let round = RoundId { window: 1, number };
        let due = began + TimeDelta::minutes(5 * i64::from(number - 1));
        let yes = Evidence { answer: Answer::Yes, words: "http.1 200".into() };
        let open = Evidence { answer: Answer::Open, words: "watch: Memory Usage 61 %".into() };
        let missed = number == 3;
        let evidence = if missed { vec![] } else { vec![(item(0), yes), (item(2), open)] };
        events.push(Event::RoundOpened { round, due, evidence });
        if number == 1 {
            events.push(Event::RoundAnswered { round, item: item(1), met: true, note: String::new() });
            let note = "ingest is slow".to_owned();
            events.push(Event::RoundAnswered { round, item: item(3), met: false, note });
        }
        let held = [Held::Attended, Held::Unattended, Held::Missed];
        if number < 4 {
            events.push(Event::RoundClosed { round, held: held[number as usize - 1], evidence: vec![] });
        }
    }
    let row = RowId::Subject(ProbeId("http.1".into()), String::new());
    let words = "localhost:3030/health 503, in 4.0 ms".to_owned();
    events.push(Event::AlertRaised { row: row.clone(), level: Level::Alert, words, since: None });
    events.push(Event::AlertAcknowledged { row, note: "restarting it".into() });
    let mut app = steps(vec![go()]);
    // Seventeen minutes ago, so that the fourth round is open.
    let at = Utc::now() - TimeDelta::minutes(17);
    let run = app.run.take().unwrap();
    app.follow(events.into_iter().skip(1).fold(run, |run, event| {
        let (seq, id) = (run.seq().next(), run.id().clone());
        let (actor, prev) = ("ada".to_owned(), String::new());
        run.apply(&Record { v: 1, run: id, seq, at, actor, epoch: 1, prev, event })
    }));
    app.screen = Screen::Monitor;
    both("monitor", &mut app);
}
