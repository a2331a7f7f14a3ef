//! A hundred thousand random keys, pastes and resizes against a scripted run: nothing panics, and nothing runs
//! that was not drawn.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use gonogo::protocol::{Control, OutputLine, OutputPage, ToClient, ToRunner};
use gonogo::run::decide::wait_again;
use gonogo::run::request::Surroundings;
use gonogo::run::{Attempt, Event, Exit, Place, Record, Request, RunId, RunState, accept, decide};
use gonogo::runbook::CommandId;
use gonogo::tui::app::App;
use gonogo::tui::msg::{Effect, Msg, Taken};
use gonogo::tui::{update, views};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::played::{opening, utf8};
use super::support::Home;

const BOOK: &str = r#"# Everything at once
**Version:** 1.0

| Environment | URL |
|---|---|
| Production | https://api.prod.example.com |
| Staging | https://api.staging.example.com |

## Checklist
- [ ] Looked (`uname -r`)
- [ ] Backup completed

## Steps
### Step 1: Look (2 min)
```bash
ssh ada@somewhere
hostname
# Should show "web"
watch -n1 date
```
### Step 2: Change (5 min)
```bash
docker-compose down
# If the table is missing, migrate
./migrate --all
# Optional: tidy
rm -rf /srv/old-releases
cat >/etc/app.conf <<CONF
first = 1
second = 2
third = 3
fourth = 4
fifth = 5
sixth = 6
seventh = 7
eighth = 8
ninth = 9
tenth = 10
eleventh = 11
twelfth = 12
CONF
nano /etc/app.conf
curl -s http://localhost/health
tail -f /var/log/app.log
deploy <VERSION>
```
## Rollback
```bash
docker-compose up -d
```
## Deployment Log
```
**Engineer:** [Name]
- [ ] Done: [Time]
```
"#;

/// Numbers that look random and are the same each time (xorshift64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

/// The runner, without a shell: what is started ends a while later.
struct Scripted {
    state: RunState,
    live: BTreeSet<CommandId>,
    ran: usize,
}

struct Monkey {
    app: App,
    runner: Option<Scripted>,
    terminal: Terminal<TestBackend>,
    now: Instant,
    /// What frames have shown since something last happened in the run, without blanks.
    seen: String,
    dice: Dice,
}

impl Monkey {
    fn new(home: &Home, seed: u64) -> Self {
        Self {
            app: App::new(&opening(home, BOOK), (80, 24), &utf8()),
            runner: None,
            terminal: Terminal::new(TestBackend::new(80, 24)).unwrap(),
            now: Instant::now(),
            seen: String::new(),
            dice: Dice(seed),
        }
    }

    fn draw(&mut self) {
        let app = &self.app;
        let (columns, rows) = app.size;
        self.terminal.backend_mut().resize(columns, rows);
        self.terminal.draw(|frame| views::draw(app, frame)).unwrap();
        self.app.drawn(self.now);
        let cells = self.terminal.backend().buffer().content.iter();
        self.seen.extend(cells.map(ratatui::buffer::Cell::symbol));
        self.seen.push('\n');
    }

    fn message(&mut self, message: Msg) {
        let effects = update::update(&mut self.app, message);
        self.effects(effects);
    }

    fn effects(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(message) => self.sent(message),
                Effect::Start(new) => {
                    let state = RunState::new(Arc::new(gonogo::runbook::read(&new.document)));
                    self.runner = Some(Scripted { state, live: BTreeSet::new(), ran: 0 });
                    self.sees(Event::RunStarted(new.start));
                    let place = Place { login: "ada@web".into(), directory: "/srv".into() };
                    self.sees(Event::PlaceObserved { place });
                    let state = self.runner.as_ref().unwrap().state.clone();
                    let control = Control { yours: true, ..Control::default() };
                    self.message(Msg::Attached(Box::new(Taken { state, control, reread: None })));
                }
                Effect::FindKey(_) => self.message(Msg::Found(Ok(None))),
                Effect::TakeUp
                | Effect::TryAgain(_)
                | Effect::HideAfter(..)
                | Effect::Sign { .. }
                | Effect::ShowEvent(_)
                | Effect::ReadHistory
                | Effect::ReadPast { .. }
                | Effect::ShowLog(_)
                | Effect::Verify
                | Effect::LookAtLogin
                | Effect::AcceptCommands
                | Effect::WriteLog { .. }
                | Effect::Copy(_)
                | Effect::Bell
                | Effect::Suspend
                | Effect::Quit => {}
            }
        }
    }

    fn sent(&mut self, message: ToRunner) {
        match message {
            ToRunner::Ask { number, request } => {
                if let Request::Run { command, .. } | Request::WaitUntil { command, .. } = &request {
                    self.was_drawn(command);
                }
                let refused = self.happens(&request);
                self.message(Msg::Update(Box::new(ToClient::Answered { number, refused })));
            }
            ToRunner::Read { number, query } => {
                let lines = (0..u64::from(query.rows.min(40)))
                    .map(|n| OutputLine { number: n, ..OutputLine::default() });
                let page = OutputPage {
                    lines: lines.collect(),
                    total: 90,
                    matches: Some(3),
                    ..OutputPage::default()
                };
                let page = Ok(Box::new(page));
                self.message(Msg::Update(Box::new(ToClient::Page { number, query, page })));
            }
            ToRunner::Evaluate(command) => {
                let target = vec!["$X is y".to_owned()];
                self.message(Msg::Update(Box::new(ToClient::Evaluated { command, target })));
            }
            _ => {}
        }
    }

    /// Decides, applies and tells; why not, if not.
    fn happens(&mut self, request: &Request) -> Option<gonogo::run::Refusal> {
        let runner = self.runner.as_mut()?;
        match decide(&runner.state, request, &Surroundings::default()) {
            Ok(events) => self.recorded(events),
            Err(refusal) => return Some(refusal),
        }
        None
    }

    fn sees(&mut self, fact: Event) {
        let Some(runner) = &self.runner else { return };
        let events = accept(&runner.state, fact).unwrap_or_default();
        self.recorded(events);
    }

    fn recorded(&mut self, events: Vec<Event>) {
        for event in events {
            let Some(runner) = self.runner.as_mut() else { return };
            match &event {
                Event::CommandStarted { command, .. } => {
                    runner.live.insert(command.clone());
                    runner.ran += 1;
                }
                Event::CommandExited { command, .. } => {
                    runner.live.remove(command);
                }
                _ => {}
            }
            let added = matches!(event, Event::CommandAdded { .. });
            let record = Record {
                v: 1,
                run: RunId("r".into()),
                seq: runner.state.seq().next(),
                at: Utc::now(),
                actor: "ada".into(),
                epoch: 1,
                prev: String::new(),
                event,
            };
            runner.state = runner.state.clone().apply(&record);
            // A command of one's own was seen while it was typed.
            if !added {
                self.seen.clear();
            }
            if self.app.run.is_some() {
                self.message(Msg::Update(Box::new(ToClient::Recorded(Box::new(record)))));
            }
        }
    }

    /// All of a command's text has stood on screen since the last thing that happened.
    fn was_drawn(&self, command: &CommandId) {
        let Some(run) = &self.app.run else { return };
        let Some(known) = run.find(command) else { return };
        let text = run.text_of(known);
        for word in text.split_whitespace() {
            // A word can be broken where a row is full; its beginning stands on one row, but for one letter.
            let part: String = word.chars().take(2).collect();
            assert!(
                self.seen.contains(&part),
                "{command} runs, and {word:?} of it was not drawn:\n{text}\n{}",
                self.seen
            );
        }
        for line in text.lines().filter(|l| text.lines().count() > 3 && l.contains('=')) {
            assert!(self.seen.contains(line), "{command} runs, and {line:?} of it was not drawn");
        }
    }

    fn attempt_of(&self, command: &CommandId) -> Attempt {
        let state = self.runner.as_ref().map(|r| &r.state);
        let ran = state.and_then(|s| s.ran().iter().rev().find(|r| &r.command == command));
        ran.map_or(Attempt(1), |r| r.attempt)
    }

    /// What runs ends some time.
    fn time_passes(&mut self) {
        self.now += Duration::from_millis(self.dice.pick(&[1, 20, 160, 400]));
        let live: Vec<CommandId> = self.runner.iter().flat_map(|r| r.live.iter().cloned()).collect();
        if !live.is_empty() && self.dice.roll(12) == 0 {
            let command = live[self.dice.roll(live.len())].clone();
            let exit = Exit::Status(self.dice.pick(&[0, 0, 0, 1]));
            let place = Place { login: "ada@web".into(), directory: "/srv".into() };
            let attempt = self.attempt_of(&command);
            self.sees(Event::CommandExited {
                command,
                attempt,
                exit,
                elapsed_ms: 10,
                bytes: 3,
                place,
                verdicts: vec![],
                seal: None,
            });
        }
        if self.dice.roll(20) == 0 {
            let again =
                self.runner.iter().flat_map(|r| wait_again(&r.state, &Surroundings::default())).collect();
            self.recorded(again);
        }
    }

    fn act(&mut self) {
        const SIZES: [(u16, u16); 8] =
            [(80, 24), (60, 15), (20, 5), (140, 40), (250, 60), (100, 30), (1, 1), (61, 16)];
        let lost = !views::has_room(self.app.size) && self.dice.roll(10) == 0;
        match self.dice.roll(40) {
            _ if lost => self.message(Msg::Resize(80, 24)),
            0 => {
                let (columns, rows) = self.dice.pick(&SIZES);
                self.message(Msg::Resize(columns, rows));
            }
            1 => self.message(Msg::Paste("\r\ny\rProduction\r".into(), self.now)),
            2 => self.message(Msg::Tick),
            _ => {
                let key = self.key();
                self.message(Msg::Key(key, self.now));
            }
        }
    }

    fn key(&mut self) -> KeyEvent {
        const OFTEN: [KeyCode; 9] = [
            KeyCode::Enter,
            KeyCode::Enter,
            KeyCode::Char('y'),
            KeyCode::Char('2'),
            KeyCode::Char('g'),
            KeyCode::Esc,
            KeyCode::Char('j'),
            KeyCode::Char('h'),
            KeyCode::Char('a'),
        ];
        const SELDOM: [KeyCode; 16] = [
            KeyCode::Up,
            KeyCode::Down,
            KeyCode::Left,
            KeyCode::Right,
            KeyCode::PageUp,
            KeyCode::PageDown,
            KeyCode::Home,
            KeyCode::End,
            KeyCode::Tab,
            KeyCode::BackTab,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::F(7),
            KeyCode::F(8),
            KeyCode::F(9),
            KeyCode::Insert,
        ];
        let code = match self.dice.roll(3) {
            0 => self.dice.pick(&OFTEN),
            1 => self.dice.pick(&SELDOM),
            _ if self.dice.roll(3) == 0 => KeyCode::Char(char::from(b' ' + self.dice.roll(95) as u8)),
            _ => KeyCode::Enter,
        };
        let control = [KeyModifiers::NONE, KeyModifiers::NONE, KeyModifiers::NONE, KeyModifiers::CONTROL];
        KeyEvent::new(code, self.dice.pick(&control))
    }
}

#[test]
fn a_monkey_at_the_keys_runs_nothing_unseen() {
    let mut ran = 0;
    let home = Home::new();
    for seed in 1..=20u64 {
        let mut monkey = Monkey::new(&home, seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for _ in 0..5000 {
            monkey.act();
            monkey.time_passes();
            if monkey.dice.roll(2) == 0 {
                monkey.draw();
            }
            // A run that is over is a quiet place for a monkey.
            if monkey.app.run.as_ref().is_some_and(|r| r.outcome().is_some()) && monkey.dice.roll(50) == 0 {
                ran += monkey.runner.map_or(0, |r| r.ran);
                monkey = Monkey::new(&home, monkey.dice.0);
            }
        }
        ran += monkey.runner.map_or(0, |r| r.ran);
    }
    assert!(ran > 100, "it got somewhere: {ran} commands were started");
}
