//! What somebody sees who looks up for two seconds: nine situations, each with its sign, its word and what is concerned in
//! the first four rows, at any size, with and without colour.

use std::sync::Arc;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use gonogo::config::{ThemeName, WatchSettings};
use gonogo::run::event::{ProcessIdentity, Start};
use gonogo::run::health::{Health, Level, Measured, Reason, RowId, Sample, Seen, Subject, Unseen, Watch};
use gonogo::run::{Attempt, Event, Exit, Place, Record, RunId, RunState, Seq};
use gonogo::runbook::measures::Measure;
use gonogo::runbook::probes::ProbeId;
use gonogo::tui::app::App;
use gonogo::tui::screen::Screen;
use gonogo::tui::theme::{Surroundings, Theme};

use super::super::played::{opening, utf8};
use super::super::support::Home;
use super::{draw, shot};

const BOOK: &str = "# Shop\n\n## Steps\n\n### Step 1: Look\n\n```bash\ncurl http://shop.test/health\n\
    curl http://shop.test/search/health\ndf -h /data\n```\n\n### Step 2: Restart (2 min)\n\n```bash\n\
    docker compose stop worker\ndocker compose up -d worker\n```\n\n## Success Criteria\n\n\
    | Metric | Target | Acceptable | Alert Threshold |\n|---|---|---|---|\n\
    | CPU Usage | < 50% | < 70% | > 90% |\n| Memory Usage | < 60% | < 80% | > 90% |\n\
    | Disk Space Free | > 40% | > 20% | < 10% |\n";

/// What was seen, from ten minutes ago to now.
struct Seeing {
    now: DateTime<Utc>,
    health: Health,
    events: Vec<(i64, Event)>,
}

impl Seeing {
    fn new() -> Self {
        let book = gonogo::runbook::read(BOOK);
        let watch = Watch::of(&book, None, true, &WatchSettings::default()).unwrap();
        let now = Utc::now().duration_trunc(TimeDelta::hours(1)).unwrap();
        Self { now, health: Health::new(watch), events: vec![] }
    }

    /// What was seen so many seconds before now.
    fn saw(&mut self, probe: &str, before_s: i64, seen: Seen) {
        let at = self.now - TimeDelta::seconds(before_s);
        self.health.take(&Sample { probe: ProbeId(probe.into()), at, seen });
    }

    /// Ten minutes of it, of which the last so many seconds are otherwise.
    fn ten_minutes(&mut self, address: impl Fn(i64) -> Seen, cpu: impl Fn(i64) -> f64) {
        for before in (0..=600).rev().step_by(5) {
            self.saw("http.1", before, address(before));
            self.saw("http.2", before, address(before));
            if before % 10 == 0 {
                let measured =
                    [(Measure::Cpu, cpu(before)), (Measure::Memory, 12.0), (Measure::DiskFree, 81.0)];
                let measured = measured.map(|(measure, value)| Measured::one(measure, value)).to_vec();
                let host =
                    Subject { level: Some(Level::Ok), state: "up".into(), measured, ..Subject::default() };
                self.saw("host", before, Seen::Subjects(vec![host]));
            }
        }
    }

    fn happened(&mut self, before_s: i64, event: Event) {
        self.events.push((before_s, event));
    }

    fn ran(&mut self, before_s: i64, command: &str, text: &str) {
        let place = Place { login: "ada@web1".into(), directory: "/srv/shop".into() };
        let (command, attempt) = (gonogo::runbook::CommandId::from(command), Attempt(1));
        let shell = ProcessIdentity::default();
        let text = text.to_owned();
        let started =
            Event::CommandStarted { command: command.clone(), attempt, text, place: place.clone(), shell };
        self.happened(before_s, started);
        let exit = Exit::Status(0);
        let (verdicts, seal) = (vec![], None);
        self.happened(
            before_s,
            Event::CommandExited { command, attempt, exit, elapsed_ms: 900, bytes: 0, place, verdicts, seal },
        );
    }

    fn app(self) -> App {
        let home = Home::new();
        let mut app = App::new(&opening(&home, BOOK), (80, 24), &utf8());
        let start = Start {
            environment: "Production".into(),
            production: true,
            operator: "ada".into(),
            sha256: "a".repeat(64),
            ..Start::default()
        };
        let place = Place { login: "ada@web1".into(), directory: "/srv/shop".into() };
        let first = [(660, Event::RunStarted(start)), (660, Event::PlaceObserved { place })];
        let state = RunState::new(Arc::new(gonogo::runbook::read(BOOK)));
        let state =
            first.into_iter().chain(self.events).enumerate().fold(state, |state, (at, (before, event))| {
                let (seq, run, prev) = (Seq(at as u64 + 1), RunId("shop-148b".into()), String::new());
                let at = self.now - TimeDelta::seconds(before);
                state.apply(&Record { v: 1, run, seq, at, actor: "ada".into(), epoch: 1, prev, event })
            });
        app.follow(state);
        app.watch(Some(self.health));
        app.view.stand_at(self.now);
        app.screen = Screen::Health;
        app
    }
}

fn answers(_: i64) -> Seen {
    let measured = vec![Measured::one(Measure::Latency, 24.0)];
    Seen::Subjects(vec![Subject {
        level: Some(Level::Ok),
        state: "200".into(),
        about: "in 24 ms".into(),
        measured,
        ..Subject::default()
    }])
}

fn refused(since: i64) -> impl Fn(i64) -> Seen {
    move |before| {
        if before > since {
            return answers(before);
        }
        let why = "could not reach shop.test: connection refused";
        Seen::Subjects(vec![Subject::unseen("", Unseen::new(Reason::Refused, why))])
    }
}

fn calm(_: i64) -> f64 {
    31.0
}

fn raised(row: RowId, level: Level, words: &str) -> Event {
    Event::AlertRaised { row, level, words: words.into(), since: None }
}

fn at(probe: &str) -> RowId {
    RowId::Subject(ProbeId(probe.into()), String::new())
}

fn cpu() -> RowId {
    RowId::Target("CPU Usage".into())
}

/// The situations by name, with the sign, the word and what is concerned.
fn situations() -> Vec<(&'static str, App, [&'static str; 3])> {
    let mut all = vec![];
    let mut add = |name, words, seeing: Seeing| all.push((name, seeing.app(), words));
    let mut seeing = Seeing::new();
    seeing.ten_minutes(answers, calm);
    add("calm", ["✓", "all", "ok"], seeing);

    let mut seeing = Seeing::new();
    seeing.ten_minutes(answers, |before| if before > 60 { 31.0 } else { 61.0 });
    add("watch", ["△", "watch", "health"], seeing);

    let busy = |before| if before > 60 { 31.0 } else { 97.0 };
    let mut seeing = Seeing::new();
    seeing.ten_minutes(answers, busy);
    seeing.happened(50, raised(cpu(), Level::Alert, "CPU Usage 97 %"));
    add("alert", ["▲", "ALERT", "CPU Usage"], seeing);

    let mut seeing = Seeing::new();
    seeing.ten_minutes(answers, busy);
    seeing.happened(50, raised(cpu(), Level::Alert, "CPU Usage 97 %"));
    seeing.happened(20, Event::AlertAcknowledged { row: cpu(), note: "the backup runs".into() });
    add("known", ["▲", "known", "health"], seeing);

    let mut seeing = Seeing::new();
    seeing.ran(90, "1/1", "curl http://shop.test/health");
    seeing.ten_minutes(refused(55), calm);
    seeing.happened(45, raised(at("http.1"), Level::Down, "/health refuses connections"));
    seeing.happened(45, raised(at("http.2"), Level::Down, "/search/health refuses connections"));
    add("down", ["✗", "DOWN", "/health, /search/health refuse connections"], seeing);

    let mut seeing = Seeing::new();
    seeing.ten_minutes(refused(15), calm);
    seeing.ran(15, "2/1", "docker compose stop worker");
    add("stopped", ["■", "stopped", "health"], seeing);

    let mut seeing = Seeing::new();
    seeing.ten_minutes(refused(250), calm);
    seeing.ran(250, "2/1", "docker compose stop worker");
    seeing.happened(100, raised(at("http.1"), Level::Down, "/health refuses connections"));
    seeing.happened(100, raised(at("http.2"), Level::Down, "/search/health refuses connections"));
    add("overdue", ["✗", "DOWN", "/health"], seeing);

    let mut seeing = Seeing::new();
    let lost = |before: i64| {
        if before > 60 {
            answers(before)
        } else {
            Seen::nothing(Reason::NoWay, "the connection to web1 has ended")
        }
    };
    seeing.ten_minutes(lost, calm);
    add("not-seen", ["?", "NOT SEEN", "the connection to web1 has ended"], seeing);

    let seeing = Seeing::new();
    add("unjudged", ["·", "nothing is judged", "health"], seeing);
    all
}

#[test]
fn nine_situations_are_told_by_the_first_four_rows() {
    for (name, mut app, words) in situations() {
        for (columns, rows) in [(80, 24), (140, 40), (200, 55)] {
            let text = draw(&mut app, columns, rows);
            let first: Vec<&str> = text.lines().take(4).collect();
            let first = first.join("\n");
            for word in words {
                assert!(first.contains(word), "{name} at {columns}x{rows}: {word} in\n{text}");
            }
            shot(format!("situation-{name}-{columns}x{rows}"), text);
        }
        let text = draw(&mut app, 60, 15);
        let first = text.lines().take(4).collect::<Vec<_>>().join("\n");
        for word in &words[..2] {
            assert!(first.contains(word), "{name} at 60x15: {word} in\n{text}");
        }
        // The digits of the screens stay in the line.
        let third = text.lines().nth(2).unwrap();
        let digits: String = third.chars().filter(char::is_ascii_digit).collect();
        assert!(digits.ends_with("1234567890"), "{name}: {third}");
    }
}

#[test]
fn the_banner_moves_no_row_on_any_screen() {
    let with = |raised: bool, screen: Screen, size: (u16, u16)| {
        let (_, mut app, _) = situations().remove(if raised { 2 } else { 3 });
        app.screen = screen;
        draw(&mut app, size.0, size.1)
    };
    for screen in [Screen::Checklist, Screen::Steps, Screen::Document, Screen::Log, Screen::Commands] {
        for size in [(60, 15), (80, 24), (140, 40)] {
            let (open, known) = (with(true, screen, size), with(false, screen, size));
            let below = |text: &str| text.lines().skip(3).map(str::to_owned).collect::<Vec<_>>();
            let third = |text: &str| text.lines().nth(2).unwrap_or_default().to_owned();
            assert!(third(&open).contains("ALERT") && !third(&known).contains("ALERT"), "{open}\n{known}");
            assert_eq!(below(&open), below(&known), "{screen:?} {size:?}");
        }
    }
}

#[test]
fn calm_and_down_differ_without_any_style() {
    let mut all = situations();
    let (_, mut down, _) = all.remove(4);
    let (_, mut calm, _) = all.remove(0);
    let (calm, down) = (draw(&mut calm, 80, 24), draw(&mut down, 80, 24));
    let differ = calm.lines().zip(down.lines()).filter(|(one, other)| one != other).count();
    assert!(differ >= 5, "{differ} rows\n{calm}\n{down}");
}

#[test]
fn without_unicode_the_same_is_said() {
    let (_, mut app, _) = situations().remove(4);
    let around = Surroundings { locale: Some("C".into()), ..Surroundings::default() };
    app.theme = Theme::new(ThemeName::None, &around);
    let text = draw(&mut app, 80, 24);
    assert!(text.is_ascii(), "{text}");
    shot("situation-down-ascii-80x24".into(), text);
}
