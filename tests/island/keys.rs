//! By keys only, in a real terminal: the whole document from its checklist to both sign-offs.

use std::collections::BTreeMap;

use gonogo::run::health::Answer;
use gonogo::run::items::awaited;
use gonogo::run::{Event, Next, RunState, flow};
use gonogo::runbook::CommandId;
use gonogo::shell::{Effect, Kind};

use super::stack::Island;
use super::support::{Terminal, contents, events, state, store, until};

/// Somebody at a terminal who does what the document says.
pub(crate) struct Operator<'i> {
    pub(crate) island: &'i Island,
    pub(crate) terminal: Terminal,
    /// How the document's conditions are answered.
    pub(crate) answers: BTreeMap<&'static str, bool>,
}

impl<'i> Operator<'i> {
    pub(crate) fn sits_down(island: &'i Island, size: (u16, u16)) -> Self {
        let terminal = island.home.terminal(&["runbook.md"], size.0, size.1);
        Self { island, terminal, answers: BTreeMap::from([("3.3/2", true), ("5/3", true)]) }
    }

    /// At a terminal that is there already.
    pub(crate) fn at(island: &'i Island, terminal: Terminal) -> Self {
        Self { island, terminal, answers: BTreeMap::new() }
    }

    /// Leaves, and gives the run up.
    pub(crate) fn ends(self) {
        drop(self.terminal);
        let stopped = self.island.home.run(&["stop", "--kill"]);
        assert!(stopped.status == 0 || stopped.status == 1, "{}{}", stopped.out, stopped.err);
    }

    /// Chooses production, answers the password, starts.
    pub(crate) fn starts(&mut self) {
        self.terminal.press("▸ ○ Production", "\r");
        self.terminal.press("▸ POSTGRES_PASSWORD", "\r");
        let password = self.island.password().to_owned();
        self.terminal.press("Enter accepts", &format!("{password}\r"));
        self.terminal.until("the field to go", |t| !t.contains("Enter accepts"));
        assert!(!self.terminal.text().contains(&password), "{}", self.terminal.text());
        while !self.terminal.text().contains("▸ start in") {
            self.moves("j");
        }
        self.terminal.press("▸ start in", "\r");
        until("the run", || store(&self.island.home).find(None).is_ok());
    }

    /// Goes through the checklist; what steps make is ticked after those. Then to the steps.
    pub(crate) fn ticks_what_can_be(&mut self) {
        self.terminal.see_live("▸ [ ]");
        let home = &self.island.home;
        let open = || {
            let state = state(home);
            let item = |id| state.runbook().item(id).is_some_and(|item| awaited(&state, item).is_none());
            state.open_items().into_iter().filter(|id| item(id)).count()
        };
        while open() > 0 {
            let text = self.terminal.text();
            let cursor = |text: &str| text.lines().find(|l| l.contains("▸ [")).unwrap_or_default().to_owned();
            let here = cursor(&text);
            if here.contains("made by ") || here.contains("[x]") {
                self.terminal.type_keys("j");
                // Health is drawn anew at any time, so that another screen alone doesn't say that it has moved.
                self.terminal.until("the cursor to move", |now| cursor(now) != here);
                continue;
            }
            let before = open();
            self.terminal.press("tick", "\r");
            self.terminal.until("a tick", |_| open() < before);
            self.terminal.until("the tick to be drawn", |now| cursor(now) != here);
        }
        self.terminal.type_keys("2");
    }

    /// A key that changes what is shown.
    pub(crate) fn moves(&mut self, key: &str) {
        let before = self.terminal.text();
        self.terminal.type_keys(key);
        self.terminal.until("a change", |now| now != before);
    }

    pub(crate) fn next(&self) -> Next {
        flow::next(&state(&self.island.home))
    }

    /// Does what comes next until `stop` says that it has come.
    pub(crate) fn until(&mut self, stop: impl Fn(&Next) -> bool) {
        for _ in 0..400 {
            let next = self.next();
            if stop(&next) {
                return;
            }
            self.does(&next);
        }
        panic!("it never comes:\n{}", self.terminal.text());
    }

    pub(crate) fn until_at(&mut self, id: &str) {
        self.until(|next| *next == Next::Run(id.into()));
    }

    fn does(&mut self, next: &Next) {
        let before = state(&self.island.home).seq();
        match next {
            Next::Gate(_) => {
                self.terminal.press("Enter decides", "\r");
                self.terminal.see_live("Go or no-go");
                self.terminal.type_keys("g");
                self.terminal.until("a reason or the next", |t| {
                    t.contains("although something is open") || !t.contains("Go or no-go")
                });
                if self.terminal.text().contains("although something is open") {
                    self.terminal.press("Enter accepts", "seen, and agreed with the team\r");
                }
            }
            Next::Condition(id) => {
                let holds = self.answers.get(id.0.as_str()).copied().unwrap_or(false);
                self.terminal.press("yes: run it", if holds { "y" } else { "n" });
            }
            Next::Place(_) => self.terminal.press("The commands after this one run", "y"),
            Next::Choice(_) => self.terminal.press("skip it", "n"),
            Next::Attest(..) => {
                self.terminal.until("what is asked", |t| {
                    t.contains("Manual check: is that so?") || t.contains("Did it succeed anyway?")
                });
                if self.terminal.text().contains("Manual check: is that so?") {
                    self.terminal.press("Manual check: is that so?", "a");
                } else {
                    self.terminal.press("Did it succeed anyway?", "a");
                    self.terminal.press("anyway: why?", "known, and harmless\r");
                }
            }
            // What was only just started does not answer yet.
            Next::Failed(id) if self.reads(id) => {
                self.terminal.press("repeat it until it passes", "u");
            }
            Next::Waiting(id) => {
                let home = &self.island.home;
                until(&format!("{id} to pass"), || state(home).waiting().is_none());
                return;
            }
            Next::Run(id) => self.runs(id),
            Next::Running(id) => {
                self.waits_for(id);
                return;
            }
            other => panic!("{other:?}:\n{}", self.terminal.text()),
        }
        let home = &self.island.home;
        until(&format!("something after {next:?}"), || state(home).seq() > before);
    }

    fn reads(&self, id: &CommandId) -> bool {
        let now = state(&self.island.home);
        now.find(id).is_some_and(|c| c.effect == Effect::Reads && c.kind == Kind::Run)
    }

    /// A command of their own.
    pub(crate) fn adds(&mut self, text: &str) {
        self.terminal.press("run it again", "!");
        self.terminal.press("A command of your own", text);
        self.terminal.see(text);
        self.terminal.type_keys("\r");
        let home = &self.island.home;
        let added = |s: &RunState| {
            s.added().iter().rev().find(|id| s.find(id).is_some_and(|c| c.text == text)).cloned()
        };
        until("the command to be added", || added(&state(home)).is_some());
        let id = added(&state(home)).unwrap();
        until(&format!("the end of {id}"), || {
            state(home).ran().iter().any(|r| r.command == id && r.exit.is_some())
        });
        self.terminal.press("to the next", "\r");
    }

    /// Runs what is highlighted, through whatever it asks for first.
    pub(crate) fn runs(&mut self, id: &CommandId) {
        let wanted = ["Enter runs it", "Enter goes there", "Enter shows the target"];
        self.terminal.until(&format!("{id} to be next"), |t| {
            t.lines().last().is_some_and(|l| l.starts_with(' ')) && wanted.iter().any(|w| t.contains(w))
        });
        self.terminal.type_keys("\r");
        let home = &self.island.home;
        let asks = ["run it   Esc go back", "Type Production to run it"];
        let began =
            |state: &RunState| state.running() == Some(id) || flow::next(state) != Next::Run(id.clone());
        self.terminal.until("its beginning or a question", |t| {
            asks.iter().any(|a| t.contains(a)) || began(&state(home))
        });
        let text = self.terminal.text();
        if text.contains(asks[1]) {
            self.terminal.press(asks[1], "Production\r");
        } else if text.contains(asks[0]) {
            self.terminal.press(asks[0], "y");
        }
        until(&format!("the beginning of {id}"), || began(&state(home)));
    }

    /// Waits for the end of what runs; ends what does not end by itself.
    fn waits_for(&mut self, id: &CommandId) {
        let home = &self.island.home;
        let now = state(home);
        match now.find(id).map(|c| c.kind) {
            Some(Kind::Interactive) => {
                self.terminal.see("GNU nano");
                self.terminal.type_keys("\x18");
            }
            Some(Kind::Follow) => {
                // What was to be seen counts once it has gone on for ten seconds after it.
                let claims = now.claims(id).len();
                let judged =
                    |s: &RunState| s.claims(id).iter().filter(|c| c.met().is_some()).count() == claims;
                until(&format!("what {id} is to show"), || {
                    judged(&state(home)) || state(home).running() != Some(id)
                });
                if state(home).running() == Some(id) {
                    self.terminal.see_live("It runs until you end it");
                    self.terminal.type_keys("\x1b[19~");
                    self.terminal.press("End the running command", "i");
                }
            }
            _ => {}
        }
        until(&format!("the end of {id}"), || state(home).running() != Some(id));
    }
}

#[test]
fn the_whole_document() {
    let Some(island) = Island::up("the_whole_document", &[]) else { return };
    let mut operator = Operator::sits_down(&island, (140, 40));
    operator.starts();
    operator.ticks_what_can_be();
    operator.until(|next| *next == Next::Finish);
    island.is_deployed();
    let terminal = &mut operator.terminal;
    terminal.type_keys("3");
    terminal.press("Deployment Log", "v");
    terminal.press("Who reviews", "grace\r");
    // The log is seen below the field too: keys act on it when the field is gone.
    terminal.until("the field to go", |t| !t.contains("Who reviews"));
    terminal.press("Deployment Log", "f");
    terminal.press("Go or no-go", "g");
    // Its board says "ends as deployed" too, so the words of a screen don't tell the end.
    let ended = || state(&island.home).outcome().is_some();
    terminal.until("the end", |t| t.contains("although something is open") || ended());
    if terminal.text().contains("although something is open") {
        terminal.press("Enter accepts", "the address of the table is not known here\r");
    }
    until("the outcome", ended);
    // What the document wants watched begins by itself.
    assert!(state(&island.home).is_watched());
    terminal.press("p signs as", "p");
    terminal.put_name("ada", "engineer");
    terminal.press("signed as engineer by ada", "p");
    terminal.press("Who signs as reviewer", "\r");
    terminal.put_name("grace", "reviewer");
    terminal.press("and signed off", "y");
    terminal.see("ok: the document, as event 1 has it");
    drop(operator);
    let log = island.home.run(&["log"]).out;
    for words in ["v1.2.0", "/backups/backup_", "ada", "grace"] {
        assert!(log.contains(words), "{words} is not in:\n{log}");
    }
    let verified = island.home.run(&["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.out, verified.err);
    watched_on_a_short_clock(&island);
    island.told("clean, by keys, signed", "v1.2.0", "", "");
}

/// The document's first hour in seconds: its items with what is seen over the connection.
fn watched_on_a_short_clock(island: &Island) {
    let text = contents(&island.home.path().join("runbook.md"));
    let from = text.find("### First Hour").unwrap();
    let to = text[from..].find("### First 24 Hours").unwrap() + from;
    let hour = text[from..to]
        .replace("First Hour", "First 10 seconds")
        .replace("every 5 minutes", "every 5 seconds");
    let steps = "# Watched\n\n## Steps\n\n```bash\nssh user@production-server\ncurl http://localhost:3030/health\n```\n\n## Monitoring After Deployment\n\n";
    island.home.write("watched.md", &format!("{steps}{hour}"));
    let mut terminal = island.home.terminal(&["watched.md"], 110, 34);
    terminal.press("start in", "\r");
    terminal.see_live("Enter decides");
    let mut operator = Operator::at(island, terminal);
    operator.until(|next| *next == Next::Finish);
    let terminal = &mut operator.terminal;
    terminal.press("All commands are settled", "3");
    terminal.press("finish: deployed", "f");
    terminal.press("End the run as deployed?", "y");
    terminal.see("health is now measured");
    terminal.type_keys("7");
    let opened = || {
        let evidence = |e: Event| match e {
            Event::RoundClosed { evidence, .. } => evidence.into_iter().any(|(_, e)| e.answer == Answer::Yes),
            _ => false,
        };
        events(&island.home).into_iter().any(evidence)
    };
    until("a round with what the probes say, seen from the server", opened);
    until("the window's end", || !state(&island.home).is_watched());
}
