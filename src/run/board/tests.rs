//! The board as a whole: counts, order, headline, and what a step stopped.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::config::WatchSettings;
use crate::run::health::{Health, Level, Measured, Reason, RowId, RowLevel, Sample, Seen, Subject, Watch};
use crate::run::rollback::tests::Given;
use crate::runbook::measures::Measure;
use crate::runbook::probes::ProbeId;

const BOOK: &str = "# T\n## Steps\n```bash\ncurl http://h.test/health\ncurl http://h.test/search/health\n\
    docker compose stop worker\ndocker compose up -d worker\ndf -h /data\n```\n";

fn watch() -> Watch {
    Watch::of(&crate::runbook::read(BOOK), None, false, &WatchSettings::default()).unwrap()
}

/// Looks on a clock of the test's own.
struct Looking {
    health: Health,
    now: DateTime<Utc>,
}

impl Looking {
    fn start() -> Self {
        Self { health: Health::new(watch()), now: DateTime::from_timestamp(1_700_000_100, 0).unwrap() }
    }

    fn look(&mut self, probe: &str, seen: Seen) {
        self.health.take(&Sample { probe: ProbeId(probe.into()), at: self.now, seen });
    }

    fn board(&self) -> Board {
        Board::of(&self.health, None, View::default(), self.now)
    }
}

fn answers(level: Level, ms: f64) -> Seen {
    let measured = vec![Measured::one(Measure::Latency, ms)];
    let state = if level == Level::Ok { "200" } else { "500" };
    Seen::Subjects(vec![Subject { level: Some(level), state: state.into(), measured, ..Subject::default() }])
}

fn refused() -> Seen {
    Seen::Subjects(vec![Subject::unseen("", crate::run::health::Unseen::new(Reason::Refused, "refused"))])
}

#[test]
fn the_headline_says_what_is_down_since_when_and_names_all_of_it() {
    let mut looking = Looking::start();
    for n in 0..12 {
        let seen = || if n < 6 { answers(Level::Ok, 20.0) } else { refused() };
        looking.look("http.1", seen());
        looking.look("http.2", seen());
        looking.now += TimeDelta::seconds(5);
    }
    let board = looking.board();
    assert_eq!(board.headline.level, Some(RowLevel::Down));
    assert_eq!(board.headline.words, "/health, /search/health refuse connections");
    assert_eq!(board.headline.for_s, Some(30), "since the first look that nobody answered");
    assert!(board.headline.banner);
    let line = board.headline.line(|at| at.format("%H:%M:%S").to_string());
    assert_eq!(line, "DOWN 0:30: /health, /search/health refuse connections since 22:15:30");
    assert_eq!(board.rows[0].strip.letters(), "ooooooddddddd", "the last one holds");
    assert_eq!(board.rows[0].answering.as_ref().map(|a| (a.looks, a.answered)), Some((12, 6)));
}

#[test]
fn one_look_that_fails_is_something_to_watch_and_nothing_judged_is_not_green() {
    let mut looking = Looking::start();
    let board = looking.board();
    assert!(board.counts.words().starts_with("nothing is judged"), "{}", board.counts.words());
    assert!(!board.counts.all_ok() && board.headline.level.is_none());
    looking.look("http.1", answers(Level::Ok, 20.0));
    looking.look("http.1", refused());
    let row = looking.board().rows[0].clone();
    assert_eq!((row.level, row.seen, row.now.words.as_str()), (RowLevel::Watch, RowLevel::Down, "refused"));
}

#[test]
fn eight_times_within_five_minutes_of_each_other_are_one_alert() {
    use crate::run::Event;
    let mut run = Given::new(BOOK);
    let row = RowId::Subject(ProbeId("http.1".into()), String::new());
    // Given's clock goes on by a minute with each event.
    for n in 0..8 {
        let (level, words) = (Level::Alert, format!("/health 500 {n}"));
        run.apply(Event::AlertRaised { row: row.clone(), level, words, since: None });
        let worst = Some("100 %".to_owned());
        run.apply(Event::AlertCleared { row: row.clone(), words: "200".into(), worst });
    }
    let [alert] = run.state.alerts() else { panic!("one alert: {:?}", run.state.alerts()) };
    assert_eq!((alert.times, alert.lasted_s(run.now)), (8, 8 * 60));
    run.now += TimeDelta::minutes(5);
    run.apply(Event::AlertRaised { row, level: Level::Down, words: "refused".into(), since: None });
    assert_eq!(run.state.alerts().len(), 2, "after five minutes it is another one");
}

#[test]
fn who_knows_of_an_alert_does_not_know_that_it_went_down() {
    use crate::run::Event;
    let mut run = Given::new(BOOK);
    let row = RowId::Subject(ProbeId("http.1".into()), String::new());
    let raised = |level| Event::AlertRaised { row: row.clone(), level, words: "x".into(), since: None };
    run.apply(raised(Level::Alert));
    run.apply(Event::AlertAcknowledged { row: row.clone(), note: "mine".into() });
    run.apply(raised(Level::Down));
    assert_eq!(run.state.alert(&row).unwrap().acknowledged, None);
}

#[test]
fn what_a_step_stopped_is_stopped_and_then_down() {
    let mut run = Given::new(BOOK);
    let mut looking = Looking::start();
    looking.now = run.now;
    let worker = |level, state: &str| {
        let subject =
            Subject { name: "worker".into(), level: Some(level), state: state.into(), ..Subject::default() };
        Seen::Subjects(vec![subject])
    };
    looking.look("docker", worker(Level::Ok, "running"));
    run.ran("1/3", 0);
    for _ in 0..3 {
        looking.now = run.now;
        looking.look("docker", worker(Level::Watch, "exited 0"));
        run.now += TimeDelta::seconds(5);
    }
    let row = |looking: &Looking, run: &Given| {
        let board = Board::of(&looking.health, Some(&run.state), View::default(), looking.now);
        board.rows.into_iter().find(|row| row.title == "worker").unwrap()
    };
    let stopped = row(&looking, &run);
    assert_eq!(stopped.level, RowLevel::Stopped);
    assert_eq!(stopped.stopped_by.map(|by| by.command.0), Some("1/3".into()));
    looking.now += TimeDelta::minutes(11);
    looking.look("docker", worker(Level::Watch, "exited 0"));
    let late = row(&looking, &run);
    assert_eq!((late.level, late.stopped_by.is_some()), (RowLevel::Down, true), "and says both");
}

#[test]
fn what_comes_back_after_a_planned_stop_is_not_down_while_it_answers() {
    use crate::run::Event;
    let mut run = Given::new(BOOK);
    let mut looking = Looking::start();
    let row = |looking: &Looking, run: &Given| {
        let board = Board::of(&looking.health, Some(&run.state), View::default(), looking.now);
        let row = board.rows.iter().find(|row| row.title == "/health").unwrap();
        (row.level, board.headline.banner)
    };
    let look = |looking: &mut Looking, run: &mut Given, seen: Seen| {
        run.now += TimeDelta::seconds(5);
        looking.now = run.now;
        looking.look("http.1", seen);
    };
    look(&mut looking, &mut run, answers(Level::Ok, 20.0));
    run.ran("1/3", 0);
    for _ in 0..3 {
        look(&mut looking, &mut run, refused());
    }
    assert_eq!(row(&looking, &run), (RowLevel::Stopped, false));
    run.ran("1/4", 0);
    look(&mut looking, &mut run, answers(Level::Ok, 20.0));
    assert_eq!(row(&looking, &run), (RowLevel::Watch, false), "it counts as well after three looks");
    // Whoever was told that it is down is told so until it counts as well.
    let id = RowId::Subject(ProbeId("http.1".into()), String::new());
    let raised = Event::AlertRaised { row: id, level: Level::Down, words: "refused".into(), since: None };
    run.apply(raised);
    assert_eq!(row(&looking, &run), (RowLevel::Down, true));
}

/// What a look may bring.
fn any_seen() -> impl Strategy<Value = Seen> {
    let reasons = proptest::sample::select(Reason::ALL.to_vec());
    let levels =
        proptest::sample::select(vec![Level::Ok, Level::Watch, Level::NotSeen, Level::Alert, Level::Down]);
    prop_oneof![
        (levels, 1.0..4000.0f64).prop_map(|(level, ms)| answers(level, ms)),
        reasons.prop_map(|reason| Seen::nothing(reason, "x")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// However it went, all counts are the same, the worst stands first, and nothing is green that nobody judged.
    #[test]
    fn counts_order_and_headline_agree(looks in proptest::collection::vec((0usize..3, any_seen()), 0..40)) {
        let mut looking = Looking::start();
        for (probe, seen) in looks {
            looking.look(["http.1", "http.2", "docker"][probe], seen);
            looking.now += TimeDelta::seconds(5);
        }
        let board = looking.board();
        for level in RowLevel::ALL {
            let rows = board.rows.iter().filter(|row| row.level == level).count();
            prop_assert_eq!(board.counts.at(level), rows);
        }
        prop_assert!(board.rows.windows(2).all(|pair| pair[0].level <= pair[1].level));
        prop_assert_eq!(board.counts, Counts::at_a_time(&looking.health, None, looking.now));
        let ok = board.counts.at(RowLevel::Ok);
        prop_assert!(!board.counts.all_ok() || ok > 0);
        prop_assert_eq!(board.headline.level == Some(RowLevel::Ok), board.counts.all_ok());
        let unwell = looking.health.unwell(looking.now);
        let bad = |level: &RowLevel| matches!(level, RowLevel::Down | RowLevel::Alert | RowLevel::NotSeen);
        let rows = board.rows.iter().filter(|row| bad(&row.level)).count();
        prop_assert_eq!(unwell.iter().filter(|u| u.bad).count(), rows, "the gate counts the same");
    }
}

#[test]
fn another_runner_goes_on_as_the_one_before_would_have() {
    let (mut lived, mut killed) = (Looking::start(), Looking::start());
    for n in 0..60 {
        let ms = if n < 30 { 20.0 } else { 900.0 };
        for looking in [&mut lived, &mut killed] {
            looking.look("http.1", if n % 7 == 6 { refused() } else { answers(Level::Ok, ms) });
            looking.now += TimeDelta::seconds(5);
        }
        if n % 10 == 3 {
            let kept = serde_json::to_string(&killed.health).unwrap();
            killed.health = serde_json::from_str(&kept).unwrap();
        }
    }
    assert_eq!(killed.board(), lived.board());
}

#[test]
fn a_stop_is_drawn_over_what_it_stopped_and_only_until_it_was_due() {
    let mut run = Given::new(BOOK);
    run.ran("1/3", 0);
    let stop = run.state.stopped().unwrap().clone();
    let mut looking = Looking { health: Health::new(watch()), now: stop.at };
    let container = |name: &str| Subject {
        name: name.into(),
        level: Some(Level::Down),
        state: "exited".into(),
        ..Subject::default()
    };
    let docker =
        looking.health.watch.probes.iter().find(|p| p.source.kind() == "docker").unwrap().id.0.clone();
    let letters = |looking: &Looking, title: &str| {
        let view = View { seconds: Some(1800), columns: 30 };
        let board = Board::of(&looking.health, Some(&run.state), view, looking.now);
        board.rows.iter().find(|row| row.title.contains(title)).unwrap().strip.letters()
    };
    for _ in 0..9 {
        looking.look(&docker, Seen::Subjects(vec![container("worker"), container("other")]));
        looking.now += TimeDelta::seconds(60);
    }
    assert!(letters(&looking, "worker").chars().all(|c| c == 's'), "{}", letters(&looking, "worker"));
    assert!(letters(&looking, "other").chars().all(|c| c == 'd'), "nobody stopped that one");
    for _ in 0..6 {
        looking.look(&docker, Seen::Subjects(vec![container("worker"), container("other")]));
        looking.now += TimeDelta::seconds(60);
    }
    let overdue = letters(&looking, "worker");
    assert!(overdue.starts_with("ssssss") && overdue.ends_with("dd"), "{overdue}");
}
