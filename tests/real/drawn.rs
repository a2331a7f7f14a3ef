//! Screens drawn on a test backend, as snapshots at two sizes.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use gonogo::config::{Settings, ThemeName};
use gonogo::protocol::{OutputLine, OutputPage, Text};
use gonogo::run::event::{ProcessIdentity, Start};
use gonogo::run::{Attempt, Event, Exit, Place as Where, Record, RunId, RunState, Seq};
use gonogo::store::StateDirectory;
use gonogo::tui::app::{App, Place, Reading};
use gonogo::tui::keymap::Keymap;
use gonogo::tui::theme::Surroundings;
use gonogo::tui::{Opening, views};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::support::Home;

const BOOK: &str = include_str!("../../assets/runbooks/island.md");

fn app(home: &Home) -> App {
    let opening = Opening {
        settings: Settings {
            operator: "ada".into(),
            state_dir: home.path().to_owned(),
            ticket: Some("CHG-4711".into()),
            theme: ThemeName::Dark,
            keys: [].into(),
            follow_for: std::time::Duration::from_secs(1),
            parameters: [].into(),
            environments: [].into(),
        },
        state: StateDirectory::open(home.path()).unwrap(),
        path: "island.md".into(),
        document: BOOK.into(),
        runbook: gonogo::runbook::read(BOOK),
        directory: home.path().to_owned(),
        environment: None,
        run: None,
        before: vec![],
        keys: Keymap::default(),
        window: None,
        read_only: false,
    };
    App::new(&opening, (80, 24), &utf8())
}

fn utf8() -> Surroundings {
    Surroundings { locale: Some("C.UTF-8".into()), term: "xterm-256color".into(), colorterm: String::new() }
}

/// A run of these events, an hour before now, so that the clock in the frame is the same each time.
fn run(events: Vec<Event>) -> RunState {
    let start = Start {
        environment: "Production".into(),
        production: true,
        operator: "ada".into(),
        ticket: Some("CHG-4711".into()),
        ..Start::default()
    };
    let begun: DateTime<Utc> = Utc::now() - TimeDelta::hours(1);
    let place = Where { login: "ada@web-1".into(), directory: "/opt/app".into() };
    let all = [Event::RunStarted(start), Event::PlaceObserved { place }].into_iter().chain(events);
    let state = RunState::new(Arc::new(gonogo::runbook::read(BOOK)));
    all.enumerate().fold(state, |state, (at, event)| {
        let seq = Seq(at as u64 + 1);
        let (run, prev) = (RunId("island-0c41".into()), String::new());
        state.apply(&Record { v: 1, run, seq, at: begun, actor: "ada".into(), epoch: 1, prev, event })
    })
}

fn ran(id: &str, status: i32) -> [Event; 2] {
    let place = Where { login: "ada@web-1".into(), directory: "/opt/app".into() };
    let started = Event::CommandStarted {
        command: id.into(),
        attempt: Attempt(1),
        text: id.into(),
        place: place.clone(),
        shell: ProcessIdentity::default(),
    };
    let exited = Event::CommandExited {
        command: id.into(),
        attempt: Attempt(1),
        exit: Exit::Status(status),
        elapsed_ms: 1234,
        bytes: 9,
        place,
    };
    [started, exited]
}

/// An output that was read.
fn read(id: &str, lines: &[&str]) -> Reading {
    let line = |(number, text): (usize, &&str)| OutputLine {
        number: number as u64,
        at_ms: Some(number as u64 * 1500),
        matched: false,
        runs: vec![Text { text: (*text).to_owned(), ..Text::default() }],
    };
    let lines: Vec<OutputLine> = lines.iter().enumerate().map(line).collect();
    let page = OutputPage { total: lines.len() as u64, lines, ..OutputPage::default() };
    Reading { page: Some(page), ..Reading::of(id.into(), None) }
}

fn skipped(id: &str) -> Event {
    Event::CommandSkipped { command: id.into(), reason: gonogo::run::SkipReason::AlreadyHere }
}

fn draw(app: &mut App, columns: u16, rows: u16) -> String {
    app.size = (columns, rows);
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| views::draw(app, frame)).unwrap();
    terminal.backend().to_string()
}

fn both(name: &str, app: &mut App) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d\d:\d\d(:\d\d)? \+\d\d:\d\d", "[time]");
    settings.add_filter(r"ada \d\d:\d\d", "ada [at]");
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}-80x24"), draw(app, 80, 24));
        insta::assert_snapshot!(format!("{name}-140x40"), draw(app, 140, 40));
    });
}

#[test]
fn start() {
    let home = Home::new();
    both("start", &mut app(&home));
}

#[test]
fn checklist() {
    let home = Home::new();
    let mut app = app(&home);
    let tick = |id: &str, evidence: Option<&str>| Event::ItemTicked {
        item: id.into(),
        evidence: evidence.map(str::to_owned),
    };
    app.run = Some(run(vec![
        tick("check.code/1", None),
        tick("check.code/3", Some("ran, exit 0, 4.1 s")),
        Event::ItemSkipped { item: "check.infrastructure/2".into(), reason: "no vector data".into() },
    ]));
    app.place = Place::Checklist;
    app.item = 3;
    both("checklist", &mut app);
}

#[test]
fn steps_waiting_for_eyes() {
    let home = Home::new();
    let mut app = app(&home);
    let mut events = vec![skipped("1.1/1")];
    for id in ["1.1/2", "1.1/3", "1.1/4", "1.1/5", "1.1/6", "1.2/1", "1.2/2", "1.2/3", "1.2/4"] {
        events.extend(ran(id, 0));
    }
    events.push(skipped("1.2/5"));
    for id in ["1.3/1", "1.3/2", "1.3/3"] {
        events.extend(ran(id, 0));
    }
    app.run = Some(run(events));
    app.place = Place::Steps;
    app.tail = read("1.3/3", &[" PostgreSQL 15.18 on x86_64"]);
    both("steps-eyes", &mut app);
}

#[test]
fn steps_after_a_failure() {
    let home = Home::new();
    let mut app = app(&home);
    let mut events = vec![skipped("1.1/1")];
    events.extend(ran("1.1/2", 1));
    app.run = Some(run(events));
    app.place = Place::Steps;
    both("steps-failed", &mut app);
}

#[test]
fn log() {
    let home = Home::new();
    let mut app = app(&home);
    app.run = Some(run(vec![Event::Noted {
        about: String::new(),
        text: "port 3030 was taken".into(),
        issue: true,
    }]));
    app.place = Place::Log;
    let text = draw(&mut app, 80, 40);
    assert!(text.contains("- port 3030 was taken") && text.contains("open  line"), "{text}");
    assert!(text.contains("**Environment:** Production") && text.contains("**Engineer:** ada"), "{text}");
}
