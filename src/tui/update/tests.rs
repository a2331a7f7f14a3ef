//! `update` by itself: the app in a state, a message, what the app is then and what is asked for. No terminal, no
//! runner and no time but what a test hands in.

mod answers;
mod arming;
mod connection;
mod control;
mod everywhere;
mod leading;
mod masks;
mod overlays;
mod palette;
mod view;
mod watched;
mod ways;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::Utc;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::update;
use crate::client::Host;
use crate::config::{HookSettings, MessageSettings, Settings, SignSettings, ThemeName, WatchSettings};
use crate::protocol::{Control, ToClient, ToRunner};
use crate::run::event::{ProcessIdentity, Start};
use crate::run::gates::GateId;
use crate::run::{Attempt, Event, Exit, Place as Where, Record, Request, RunId, RunState, Seq};
use crate::runbook::lock::Agreement;
use crate::runbook::{self, Runbook};
use crate::store::memory::MemoryStore;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::keymap::Keymap;
use crate::tui::msg::{Effect, Msg, Taken};
use crate::tui::opening::Opening;
use crate::tui::theme::Surroundings;
use crate::tui::views;

/// Two commands that only read, and nothing else.
const SHORT: &str = "# T\n## Steps\n```bash\nhostname\nuptime\n```\n";

/// Some of everything.
const LONG: &str = r"# Notes
**Version:** 1.0

| Environment | URL |
|---|---|
| Production | https://notes.prod.example.com |
| Staging | https://notes.staging.example.com |

## Checklist
- [ ] Release notes read
- [ ] Team notified

## Steps
### Step 1: Look (2 min)
```bash
hostname
uptime
```
### Step 2: Change (5 min)
```bash
rm -rf /srv/notes/old
tail -f /var/log/notes.log
```
## Rollback
```bash
systemctl restart notes
```
## Troubleshooting
### Port in use
If port 3030 is in use, stop the old one:
```bash
docker ps --all
```
## Contacts
- On call: ada, 555-0100
";

/// Somebody at the screens, with a time of their own.
struct Desk {
    app: App,
    now: Instant,
}

impl Desk {
    /// The screens as they open on a document.
    fn open(book: &str) -> Self {
        Self::open_with(book, |_| {})
    }

    /// The same, opened in another way.
    fn open_with(book: &str, change: impl FnOnce(&mut Opening)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut opening = opening(book, home.path().join("state"));
        change(&mut opening);
        let around = Surroundings {
            locale: Some("C.UTF-8".into()),
            term: "xterm-256color".into(),
            colorterm: String::new(),
        };
        let app = App::new(&opening, (100, 30), &around);
        Self { app, now: Instant::now() }
    }

    /// On the run of a document, in which this has happened, with what it shows on screen long enough.
    fn at(book: &str, events: &[Event]) -> Self {
        let mut desk = Self::open(book);
        desk.attach(run_of(book, "Staging", events));
        desk.stand();
        desk
    }

    /// A runner was reached.
    fn attach(&mut self, state: RunState) -> Vec<Effect> {
        let control = Control { holder: Some("ada".into()), yours: true, others: vec![] };
        self.take(Msg::Attached(Box::new(Taken { state, control, reread: None })))
    }

    /// Takes a message.
    fn take(&mut self, message: Msg) -> Vec<Effect> {
        update(&mut self.app, message)
    }

    /// The runner says something.
    fn told(&mut self, update: ToClient) -> Vec<Effect> {
        self.take(Msg::Update(Box::new(update)))
    }

    /// Something happens in the run.
    fn happens(&mut self, event: Event) -> Vec<Effect> {
        let seq = self.app.run.as_ref().unwrap().seq().next();
        self.told(ToClient::Recorded(Box::new(record(seq, event))))
    }

    /// A frame is drawn.
    fn draw(&mut self) {
        self.take(Msg::Drawn(self.now));
    }

    /// A frame is drawn, and stands until keys act.
    fn stand(&mut self) {
        self.draw();
        self.passes(400);
    }

    /// So many milliseconds pass.
    fn passes(&mut self, ms: u64) {
        self.now += Duration::from_millis(ms);
    }

    /// A key at once, whatever was drawn.
    fn key(&mut self, code: KeyCode) -> Vec<Effect> {
        self.take(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE), self.now))
    }

    /// A key on a frame that has stood.
    fn press(&mut self, code: KeyCode) -> Vec<Effect> {
        self.stand();
        self.key(code)
    }

    /// A character on a frame that has stood.
    fn char(&mut self, c: char) -> Vec<Effect> {
        self.press(KeyCode::Char(c))
    }

    /// Types a text, and takes the field.
    fn fill(&mut self, text: &str) -> Vec<Effect> {
        for c in text.chars() {
            self.key(KeyCode::Char(c));
        }
        self.press(KeyCode::Enter)
    }

    /// A key of another kind than a press, or with a modifier.
    fn other(&mut self, code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> Vec<Effect> {
        self.take(Msg::Key(KeyEvent { kind, ..KeyEvent::new(code, modifiers) }, self.now))
    }

    /// What was last said.
    fn said(&self) -> &str {
        self.app.message.as_deref().unwrap_or_default()
    }

    /// The overlay in front, by its name.
    fn front(&self) -> Option<String> {
        self.app.overlays.last().map(|o| match o {
            Overlay::Field(field) => format!("field {}", field.title),
            Overlay::Confirm(confirm) => format!("confirm {}", confirm.command),
            other => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_lowercase(),
        })
    }

    /// The frame as text.
    fn frame(&self) -> String {
        let (columns, rows) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| views::draw(&self.app, frame)).unwrap();
        terminal.backend().to_string()
    }
}

/// Each document is read once for all tests.
fn read(book: &str) -> Arc<Runbook> {
    static READ: Mutex<BTreeMap<String, Arc<Runbook>>> = Mutex::new(BTreeMap::new());
    let mut known = READ.lock().unwrap();
    Arc::clone(known.entry(book.to_owned()).or_insert_with(|| Arc::new(runbook::read(book))))
}

fn opening(book: &str, state: PathBuf) -> Opening {
    Opening {
        settings: settings(state.clone()),
        store: Arc::new(MemoryStore::default()),
        path: PathBuf::from("b.md"),
        document: book.into(),
        runbook: Runbook::clone(&read(book)),
        agreement: Agreement::None,
        directory: PathBuf::from("/srv"),
        environment: None,
        run: None,
        before: vec![],
        remembered: BTreeMap::new(),
        keys: Keymap::default(),
        window: None,
        host: Host::Processes(PathBuf::from("gonogo")),
        at_once: false,
        goes_back: false,
        read_only: false,
    }
}

fn settings(state_dir: PathBuf) -> Settings {
    Settings {
        operator: "ada".into(),
        state_dir,
        store: None,
        ticket: None,
        theme: ThemeName::Dark,
        palette: crate::config::Palette::default(),
        graph: crate::config::Graph::default(),
        wheel: true,
        title: true,
        keys: BTreeMap::new(),
        follow_for: Duration::from_secs(1),
        reach_within: crate::config::REACH_WITHIN,
        given: BTreeMap::new(),
        parameters: BTreeMap::new(),
        environments: BTreeMap::new(),
        watch: WatchSettings::default(),
        messages: MessageSettings::default(),
        hooks: HookSettings::default(),
        sign: SignSettings::default(),
        record_dir: None,
        reading: vec![],
        check: BTreeMap::new(),
        waiting: None,
    }
}

fn record(seq: Seq, event: Event) -> Record {
    let (run, actor, prev) = (RunId("t-0c41".into()), "ada".to_owned(), String::new());
    Record { v: 1, run, seq, at: Utc::now(), actor, epoch: 1, prev, event }
}

fn here() -> Where {
    Where { login: "ada@web-1".into(), directory: "/srv".into() }
}

/// A run of a document in which this has happened.
fn run_of(book: &str, environment: &str, events: &[Event]) -> RunState {
    let start = Start {
        environment: environment.into(),
        production: environment == "Production",
        operator: "ada".into(),
        ..Start::default()
    };
    let begin = [Event::RunStarted(start), Event::PlaceObserved { place: here() }];
    let state = RunState::new(read(book));
    let all = begin.into_iter().chain(events.iter().cloned()).enumerate();
    all.fold(state, |state, (at, event)| state.apply(&record(Seq(at as u64 + 1), event)))
}

fn started(id: &str) -> Event {
    Event::CommandStarted {
        command: id.into(),
        attempt: Attempt(1),
        text: id.into(),
        place: here(),
        shell: ProcessIdentity::default(),
    }
}

fn exited(id: &str, status: i32) -> Event {
    Event::CommandExited {
        command: id.into(),
        attempt: Attempt(1),
        exit: Exit::Status(status),
        elapsed_ms: 1234,
        bytes: 9,
        place: here(),
        verdicts: vec![],
        seal: None,
    }
}

/// Everything up to the step that changes something: items ticked, both commands of the first step run.
fn looked() -> Vec<Event> {
    let book = read(LONG);
    let items = book.checklists.iter().flat_map(|c| &c.items);
    let ticked = items.map(|i| Event::ItemTicked { item: i.id.clone(), evidence: None, reason: None });
    let mut events: Vec<Event> = ticked.collect();
    events.extend([started("1/1"), exited("1/1", 0), started("1/2"), exited("1/2", 0)]);
    events
}

/// The requests among effects.
fn requests(effects: &[Effect]) -> Vec<&Request> {
    let request = |effect| match effect {
        &Effect::Send(ToRunner::Ask { ref request, .. }) => Some(request),
        _ => None,
    };
    effects.iter().filter_map(request).collect()
}

/// The only message to the runner among effects.
fn sent(effects: &[Effect]) -> &ToRunner {
    let all: Vec<&ToRunner> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(message) => Some(message),
            _ => None,
        })
        .collect();
    assert_eq!(all.len(), 1, "one message in {effects:?}");
    all[0]
}

/// The commands that effects run.
fn runs(effects: &[Effect]) -> Vec<String> {
    let run = |request: &Request| match request {
        Request::Run { command, .. } => Some(command.0.clone()),
        _ => None,
    };
    requests(effects).into_iter().filter_map(run).collect()
}

/// GO before the first change.
fn go() -> Event {
    Event::GateDecided {
        gate: GateId::Change,
        go: true,
        reason: "all is well".into(),
        open: vec![],
        board: vec![],
        readings: None,
    }
}

#[test]
fn a_part_that_can_t_be_drawn_takes_nothing_else_with_it() {
    let desk = Desk::open("# T\n## Steps\n```bash\ntrue\n```\n");
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut drawn = vec![];
    terminal
        .draw(|frame| {
            drawn.push(views::draw_parts(&desk.app, frame));
            let area = ratatui::layout::Rect::new(0, 5, 80, 10);
            let slice: &[u8] = &[];
            drawn.push(views::part(&desk.app, frame, area, |_| {
                assert_eq!(slice[std::hint::black_box(3)], 0);
            }));
        })
        .unwrap();
    assert_eq!(drawn, [true, false]);
    let text = terminal.backend().to_string();
    assert!(text.contains("gonogo can't draw this") && text.contains("? help"), "{text}");
}
