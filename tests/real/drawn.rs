//! Every screen in every state, drawn on a test backend, as snapshots at two sizes.

mod read;
mod situations;
mod watched;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use gonogo::protocol::{
    Control, Cursor, EndsWithLogin, OutputLine, OutputPage, Row, Screen as TerminalFrame, Text, ToClient,
    ToSign,
};
use gonogo::record::sign_off::{self, Signing};
use gonogo::run::event::{PlaceChoice, ProcessIdentity, Start, Survivor};
use gonogo::run::{
    Attempt, Event, Exit, Outcome, Place as Where, Record, RunId, RunState, Seq, SignOff, SignRole,
    SkipReason,
};
use gonogo::runbook::CommandId;
use gonogo::tui::app::App;
use gonogo::tui::dialogs::overlay::{Confirm, Overlay, ToBeSigned};
use gonogo::tui::msg::Msg;
use gonogo::tui::screen::Screen;
use gonogo::tui::screens::output::{Reading, Selection};
use gonogo::tui::screens::start::StartRow;
use gonogo::tui::theme::Surroundings;
use gonogo::tui::{self, update, views};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::played::{opening, utf8};
use super::support::Home;

const BOOK: &str = include_str!("../../assets/runbooks/island.md");

fn app(home: &Home) -> App {
    let mut app = App::new(&opening(home, BOOK), (80, 24), &utf8());
    app.screens.start.ticket = Some("CHG-4711".into());
    app
}

/// A run of these events, an hour before now, so that the clock in the frame is the same each time.
fn run(events: Vec<Event>) -> RunState {
    let start = Start {
        environment: "Production".into(),
        production: true,
        operator: "ada".into(),
        ticket: Some("CHG-4711".into()),
        sha256: "a".repeat(64),
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
        verdicts: vec![],
        seal: None,
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
    Event::CommandSkipped { command: id.into(), reason: SkipReason::AlreadyHere }
}

fn draw(app: &mut App, columns: u16, rows: u16) -> String {
    app.size = (columns, rows);
    app.renew();
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| views::draw(app, frame)).unwrap();
    terminal.backend().to_string()
}

fn both(name: &str, app: &mut App) {
    let mut settings = insta::Settings::clone_current();
    // The hour of the day is another each time; its width is not.
    settings.add_filter(r"\d\d:\d\d:\d\d\.\d{3}", "HH:MM:SS.mmm");
    settings.add_filter(r"\d\d:\d\d:\d\d", "HH:MM:SS");
    settings.add_filter(r"ada \d\d:\d\d", "ada HH:MM");
    settings.add_filter(r"\d\d:\d\d \+00:00", "HH:MM +00:00");
    settings.add_filter(r"(since|until|to|vs) \d\d:\d\d", "$1 HH:MM");
    settings.add_filter(r"\d\d:\d\d to", "HH:MM to");
    settings.add_filter(r"\d\d:\d\d( {2,})\d\d:\d\d", "HH:MM${1}HH:MM");
    settings.add_filter(r"\b\d\d:\d\d( {2,}.*\bfor\b)", "HH:MM${1}");
    settings.add_filter(r"\d\d:\d\d( █+░+ )\d\d:\d\d", "HH:MM${1}HH:MM");
    settings.add_filter(r"\b\d+ s ago", "N s ago");
    settings.add_filter(r"next check in \d+:\d\d", "next check in M:SS");
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}-80x24"), draw(app, 80, 24));
        insta::assert_snapshot!(format!("{name}-140x40"), draw(app, 140, 40));
    });
}

/// A picture of a moment that stands still, but for the hour of the day.
fn shot(name: String, text: String) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d\d:\d\d:\d\d", "HH:MM:SS");
    settings.add_filter(r"\d\d:\d\d( +)\d\d:\d\d", "HH:MM${1}HH:MM");
    settings.add_filter(r"\b\d\d:\d\d( {2,}.*\bfor\b)", "HH:MM${1}");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A run in which this happened, on the Steps screen.
fn steps(events: Vec<Event>) -> App {
    let home = Home::new();
    let mut app = app(&home);
    app.follow(run(events));
    app.screen = Screen::Steps;
    app
}

/// All of the first step, so that the gate comes next.
fn first_step() -> Vec<Event> {
    let mut events = vec![skipped("1.1/1")];
    for id in ["1.1/2", "1.1/3", "1.1/4", "1.1/5", "1.1/6", "1.2/1", "1.2/2", "1.2/3", "1.2/4"] {
        events.extend(ran(id, 0));
    }
    events.push(skipped("1.2/5"));
    events.extend(["1.3/1", "1.3/2", "1.3/3"].into_iter().flat_map(|id| ran(id, 0)));
    let seen = [
        "1.1/2", "1.1/3", "1.1/4", "1.1/5", "1.1/6", "1.2/1", "1.2/2", "1.2/3", "1.2/4", "1.3/1", "1.3/2",
        "1.3/3",
    ];
    events.extend(seen.into_iter().flat_map(|id| (0..3).map(move |at| attested(id, at))));
    events
}

fn attested(id: &str, expectation: usize) -> Event {
    Event::Attested { command: id.into(), attempt: Attempt(1), expectation, met: true, note: String::new() }
}

fn go() -> Event {
    Event::GateDecided {
        gate: gonogo::run::gates::GateId::Change,
        go: true,
        reason: "all is well".into(),
        open: vec![],
        board: vec![],
        readings: None,
    }
}

fn started(id: &str) -> Event {
    ran(id, 0).into_iter().next().unwrap()
}

/// What a running command shows.
fn screen(lines: &[&str]) -> TerminalFrame {
    let row = |text: &&str| Row {
        runs: vec![Text { text: (*text).to_owned(), ..Text::default() }],
        wrapped: false,
    };
    let cursor = Cursor { row: lines.len() as u16, column: 0, visible: true };
    TerminalFrame {
        rows: lines.iter().map(row).collect(),
        columns: 200,
        cursor,
        bytes: 5321,
        ..TerminalFrame::default()
    }
}

#[test]
fn start() {
    let home = Home::new();
    let mut app = app(&home);
    both("start", &mut app);
    app.screens.start.environment = Some(0);
    app.screens.start.row = app.start_rows().len() - 1;
    both("start-production", &mut app);
    let ends = EndsWithLogin {
        why: "KillUserProcesses is on, and lingering is off for you".into(),
        remedy: "fix it with: loginctl enable-linger ada".into(),
    };
    update::update(&mut app, Msg::Login(Some(ends)));
    assert_eq!(app.start_rows().get(app.screens.start.row), Some(&StartRow::Start), "the row stays");
    both("start-login", &mut app);
}

#[test]
fn two_at_one_run() {
    let ends = EndsWithLogin {
        why: "KillUserProcesses is on, and lingering is off for you".into(),
        remedy: "fix it with: loginctl enable-linger ada".into(),
    };
    let mut app = steps(vec![skipped("1.1/1")]);
    app.session.control = Control { holder: Some("ada".into()), yours: true, others: vec!["bob".into()] };
    both("control-mine", &mut app);
    update::update(&mut app, Msg::Update(Box::new(ToClient::EndsWithLogin(ends))));
    app.session.control = Control { holder: Some("ada".into()), yours: false, others: vec!["ada".into()] };
    both("control-theirs", &mut app);
    app.overlays.push(Overlay::Control);
    both("control-take", &mut app);
    app.overlays.clear();
    app.session.control.yours = true;
    app.message = None;
    app.drawn(std::time::Instant::now().checked_sub(std::time::Duration::from_secs(1)).unwrap());
    update::update(&mut app, key('h'));
    both("hand-over", &mut app);
}

#[test]
fn checklist() {
    let home = Home::new();
    let mut app = app(&home);
    let tick = |id: &str, evidence: Option<&str>| Event::ItemTicked {
        item: id.into(),
        evidence: evidence.map(str::to_owned),
        reason: None,
    };
    app.follow(run(vec![
        tick("check.code/1", None),
        tick("check.code/3", Some("ran, exit 0, 4.1 s")),
        Event::ItemSkipped { item: "check.infrastructure/2".into(), reason: "no vector data".into() },
    ]));
    app.screen = Screen::Checklist;
    app.screens.checklist.item = 3;
    both("checklist", &mut app);
}

#[test]
fn steps_before_the_first_command() {
    both("steps-place", &mut steps(vec![]));
    both("steps-next", &mut steps(vec![skipped("1.1/1")]));
    both(
        "steps-elsewhere",
        &mut steps(vec![Event::CommandSkipped {
            command: "1.1/1".into(),
            reason: SkipReason::Operator("by hand".into()),
        }]),
    );
}

#[test]
fn steps_waiting_for_eyes() {
    let mut app = steps(first_step().into_iter().filter(|e| *e != attested("1.3/3", 0)).collect());
    app.screens.steps.tail = read("1.3/3", &[" PostgreSQL 15.18 on x86_64"]);
    both("steps-eyes", &mut app);
}

#[test]
fn steps_at_the_gate() {
    let mut app = steps(first_step());
    both("steps-gate", &mut app);
    app.overlays.push(Overlay::Gate(gonogo::run::gates::GateId::Change, 0));
    both("gate", &mut app);
}

#[test]
fn steps_while_something_runs() {
    let mut events = first_step();
    events.extend([go(), started("2/1")]);
    let mut app = steps(events);
    app.screens.steps.live.insert("2/1".into(), screen(&["Stopping api-server ... done"]));
    both("steps-running", &mut app);
    app.overlays.push(Overlay::Stop("2/1".into()));
    both("stop", &mut app);
    app.overlays.clear();
    app.keyboard = Some("2/1".into());
    both("steps-keyboard", &mut app);
}

#[test]
fn steps_with_a_follow_command() {
    let state = run(vec![]);
    let follow =
        state.step_commands().into_iter().find(|c| c.kind == gonogo::shell::Kind::Follow).unwrap().id.clone();
    let mut events = first_step();
    events.extend([go(), started(follow.as_str())]);
    let mut app = steps(events.clone());
    app.screens
        .steps
        .live
        .insert(follow.clone(), screen(&["Server listening on port 3030", "Connected to PostgreSQL"]));
    both("steps-follow", &mut app);
    events.push(Event::KeptInBackground { command: follow.clone() });
    let mut app = steps(events);
    app.screens.steps.live.insert(follow, screen(&["Server listening on port 3030"]));
    both("steps-background", &mut app);
}

#[test]
fn steps_after_a_failure() {
    let mut events = vec![skipped("1.1/1")];
    events.extend(ran("1.1/2", 1));
    let mut app = steps(events.clone());
    app.screens.steps.tail = read("1.1/2", &["bash: cd: /opt/app: No such file or directory"]);
    both("steps-failed", &mut app);
    events.push(Event::WaitStarted { command: "1.1/2".into(), every_s: 5, limit_s: 300 });
    both("steps-waiting", &mut steps(events));
}

#[test]
fn steps_with_a_lost_command() {
    let events = vec![
        skipped("1.1/1"),
        started("1.1/2"),
        Event::CommandLost {
            command: "1.1/2".into(),
            attempt: Attempt(1),
            why: "the process that ran it was killed".into(),
            survivors: vec![Survivor { pid: 4711, started: 1, command: "sleep 1000".into() }],
            unseen: false,
        },
    ];
    both("steps-lost", &mut steps(events));
}

#[test]
fn steps_off_the_path() {
    let edited = Event::CommandEdited { command: "1.1/2".into(), text: "cd /srv/app && pwd".into() };
    both("steps-edited", &mut steps(vec![skipped("1.1/1"), edited]));
    let added =
        Event::CommandAdded { command: "added.1".into(), text: "docker ps --all".into(), before: None };
    let mut events = vec![skipped("1.1/1"), added];
    events.extend(ran("added.1", 0));
    let mut app = steps(events);
    app.screens.steps.selected = Some("added.1".into());
    app.screens.steps.tail = read("added.1", &["CONTAINER ID   IMAGE"]);
    both("steps-added", &mut app);
}

#[test]
fn steps_at_a_condition_a_choice_and_the_end() {
    let state = run(vec![]);
    let all: Vec<CommandId> = state.step_commands().iter().map(|c| c.id.clone()).collect();
    let before = |id: &CommandId| {
        let skip =
            |c: &CommandId| Event::CommandSkipped { command: c.clone(), reason: SkipReason::AlreadyHere };
        let mut events: Vec<Event> = all.iter().take_while(|c| *c != id).map(skip).collect();
        events.push(go());
        events
    };
    let condition = state.step_commands().into_iter().find(|c| c.condition.is_some()).unwrap().id.clone();
    both("steps-condition", &mut steps(before(&condition)));
    let choice = state.step_commands().into_iter().find(|c| c.optional || c.alternative).unwrap().id.clone();
    both("steps-choice", &mut steps(before(&choice)));
    let mut events = before(&"none".into());
    both("steps-finish", &mut steps(events.clone()));
    events.push(Event::RunFinished { outcome: Outcome::Deployed });
    both("steps-over", &mut steps(events));
}

#[test]
fn output() {
    let lines: Vec<String> = (1..=60).map(|n| format!("line {n} of what was printed")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let mut app = steps(first_step());
    app.screen = Screen::Output;
    app.screens.output = read("1.3/3", &lines);
    both("output", &mut app);
    app.screens.output.pattern = Some("line 5".into());
    app.screens.output.match_at = Some((2, 49));
    app.screens.output.times = true;
    app.screens.output.selection = Some(Selection { anchor: 55, cursor: 57 });
    if let Some(page) = &mut app.screens.output.page {
        page.matches = Some(11);
        page.lines.iter_mut().for_each(|l| l.matched = l.plain().contains("line 5"));
    }
    both("output-search", &mut app);
}

#[test]
fn commands_and_document() {
    let mut events = first_step();
    events.push(Event::CommandAdded {
        command: "added.1".into(),
        text: "docker ps --all".into(),
        before: None,
    });
    events.extend(ran("added.1", 1));
    let mut app = steps(events);
    app.screen = Screen::Commands;
    app.screens.commands.row = usize::MAX;
    both("commands", &mut app);
    app.screen = Screen::Steps;
    update::update(&mut app, key('5'));
    both("document", &mut app);
}

#[test]
fn overlays() {
    let mut app = steps(vec![skipped("1.1/1")]);
    app.drawn(std::time::Instant::now().checked_sub(std::time::Duration::from_secs(1)).unwrap());
    for (name, pressed) in
        [("help", '?'), ("palette", ':'), ("why", 'w'), ("edit", 'e'), ("skip", 's'), ("add", '!')]
    {
        update::update(&mut app, key(pressed));
        assert!(!app.overlays.is_empty(), "{name}");
        both(name, &mut app);
        app.overlays.clear();
        app.size = (80, 24);
        app.drawn(std::time::Instant::now().checked_sub(std::time::Duration::from_secs(1)).unwrap());
    }
    let confirm = Confirm {
        command: "2/1".into(),
        text: "docker-compose down".into(),
        target: vec!["$COMPOSE_FILE is services/docker-compose.yml".into()],
        why: "It is destructive: it loses data or stops a whole service.".into(),
        again: false,
        row: 0,
    };
    app.overlays.push(Overlay::Confirm(confirm));
    both("confirm", &mut app);
}

fn key(c: char) -> Msg {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE), std::time::Instant::now())
}

#[test]
fn without_unicode_and_for_looking_only() {
    let mut app = steps(first_step());
    app.theme = gonogo::tui::theme::Theme::new(
        gonogo::config::ThemeName::None,
        &Surroundings { locale: Some("C".into()), term: "vt220".into(), colorterm: String::new() },
    );
    app.session.read_only = true;
    both("steps-ascii", &mut app);
}

#[test]
fn what_is_too_small_says_so() {
    let mut app = steps(vec![]);
    assert!(draw(&mut app, 59, 20).contains("59x20 is too small"));
    let mut events = vec![skipped("1.1/1")];
    events.extend(ran("1.1/2", 1));
    let mut app = steps(events);
    app.screens.steps.tail = read("1.1/2", &["bash: cd: /opt/app: No such file or directory"]);
    let smallest = draw(&mut app, 60, 15);
    for needed in ["PRODUCTION", "gate: 13 open", "cd /opt", "No such file", "r run it again", "? help"] {
        assert!(smallest.contains(needed), "{needed} at 60x15:\n{smallest}");
    }
}

#[test]
fn log() {
    let home = Home::new();
    let mut app = app(&home);
    app.follow(run(vec![Event::Noted {
        about: String::new(),
        text: "port 3030 was taken".into(),
        issue: true,
    }]));
    app.screen = Screen::Log;
    let text = draw(&mut app, 80, 40);
    assert!(text.contains("- port 3030 was taken") && text.contains("? - [ ] Backup created"), "{text}");
    assert!(text.contains("**Environment:** Production") && text.contains("**Engineer:** ada"), "{text}");
    // On a line that stays as it was, the reason stands below.
    app.screens.log.row = 8;
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{4}-\d\d-\d\d", "YYYY-MM-DD");
    settings.bind(|| both("log", &mut app));
}

#[test]
fn a_run_that_waits_for_its_reviewer_and_what_they_sign() {
    let home = Home::new();
    let mut app = app(&home);
    let gate = Event::GateDecided {
        gate: gonogo::run::gates::GateId::Change,
        go: true,
        reason: "the window closes".into(),
        open: vec![],
        board: vec!["not ticked: Build successful".into()],
        readings: None,
    };
    let mut events = vec![gate, Event::CommandEdited { command: "1.1/3".into(), text: "df -h /srv".into() }];
    events.extend(ran("1.1/3", 0));
    events.push(Event::RunFinished { outcome: Outcome::Deployed });
    let state = run(events);
    let now = DateTime::UNIX_EPOCH;
    let signing = |role, name: &str| Signing { role, name: name.into(), keyed: false };
    let prepared =
        sign_off::prepare(&state, &"0".repeat(64), &signing(SignRole::Engineer, "ada"), now).unwrap();
    let by_ada = SignOff { statement: prepared.statement.text(), signature: None, key: None };
    let state = sign_off::with(&state, &by_ada);
    let prepared =
        sign_off::prepare(&state, &"1".repeat(64), &signing(SignRole::Reviewer, "grace"), now).unwrap();
    app.follow(state);
    app.screen = Screen::Log;
    app.screens.log.row = 30;
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{4}-\d\d-\d\d", "YYYY-MM-DD");
    settings.add_filter(r"sha256:[0-9a-f]*", "sha256:HEX");
    settings.bind(|| {
        both("log-signed", &mut app);
        let text = ToSign { statement: prepared.statement.text(), log: prepared.log };
        let signing =
            tui::dialogs::overlay::Signing { role: SignRole::Reviewer, name: "grace".into(), signer: None };
        app.overlays.push(Overlay::Sign(Box::new(ToBeSigned { signing, text, row: 0 })));
        both("sign", &mut app);
    });
}

#[test]
fn a_place_gone_to_by_hand() {
    let chosen = Event::PlaceChosen { command: "1.1/1".into(), choice: PlaceChoice::InteractiveThenStop };
    both("steps-there", &mut steps(vec![chosen]));
}
