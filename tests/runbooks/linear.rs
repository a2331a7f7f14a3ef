//! What a run costs grows with its commands and not with their square: nothing that is asked per command walks all of
//! them.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use chrono::DateTime;
use gonogo::run::event::{PlaceChoice, Start};
use gonogo::run::ids::TextHash;
use gonogo::run::policy::{self, Confirmation};
use gonogo::run::rollback::Makers;
use gonogo::run::{
    Event, Exit, Next, Place, Record, Request, RunId, RunState, Seen, Surroundings, accept, clock, decide,
    due, flow, items, places, unrecorded,
};
use gonogo::runbook::{self, CommandId, Runbook};
use gonogo::text as words;

/// Commands in fences of fifty, one fence a step, each with what `shape` writes.
fn document(commands: usize, shape: &Shape) -> String {
    let mut text = "# Long\n\n## Deployment steps\n".to_owned();
    for at in 0..commands {
        if at % 50 == 0 {
            write!(text, "\n### Step {0}: Part {0}\n\n```bash\n{1}", at / 50 + 1, shape.before).unwrap();
        }
        writeln!(text, "{}", shape.command.replace('N', &at.to_string())).unwrap();
        if at % 50 == 49 || at + 1 == commands {
            write!(text, "```\n{}", shape.behind).unwrap();
        }
    }
    text.push_str("\n## Rollback\n\n### Undo\n\n```bash\n");
    text.push_str(shape.back);
    text.push_str("```\n");
    text
}

/// What stands in a step: the first lines of its fence, each command, what follows it; and what leads back.
struct Shape {
    before: &'static str,
    command: &'static str,
    behind: &'static str,
    back: &'static str,
}

const PLAIN: Shape = Shape { before: "", command: "touch N", behind: "", back: "make undo\n" };

/// Nanoseconds that this thread has had a processor, where the system counts them: others may be at work beside it.
fn worked(since: Instant) -> u128 {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let counted = counted.and_then(|text| text.split(' ').next().and_then(|ns| ns.parse().ok()));
    counted.unwrap_or_else(|| since.elapsed().as_nanos())
}

fn here() -> Place {
    Place { login: "ada@desk".into(), directory: "/srv".into() }
}

fn there() -> Place {
    Place { login: "ops@web".into(), directory: "/home/ops".into() }
}

/// A run that is gone through.
struct Walk {
    state: RunState,
    records: Vec<Record>,
    makers: Makers,
    commands: usize,
}

impl Walk {
    fn of(book: &Arc<Runbook>) -> Self {
        let state = RunState::new(Arc::clone(book));
        let mut walk = Self { state, records: vec![], makers: Makers::default(), commands: 0 };
        let start = Start { operator: "ada".into(), environment: "default".into(), ..Start::default() };
        walk.fold(Event::RunStarted(start));
        walk.fold(Event::PlaceObserved { place: here() });
        walk
    }

    fn fold(&mut self, event: Event) {
        let (seq, at) = (self.state.seq().next(), DateTime::UNIX_EPOCH);
        let (run, actor, prev) = (RunId("r".into()), "ada".into(), String::new());
        let record = Record { v: 1, run, seq, at, actor, epoch: 1, prev, event };
        self.state.advance(&record);
        self.records.push(record);
    }

    fn ask(&mut self, request: &Request) {
        let events = decide(&self.state, request, &Surroundings::default()).unwrap();
        for event in events {
            self.fold(event);
        }
    }

    fn see(&mut self, seen: Event) {
        for event in accept(&self.state, seen).unwrap() {
            self.fold(event);
        }
    }

    /// What the runner and a walk with nobody there do for one command.
    fn runs(&mut self, id: &CommandId) {
        let state = &self.state;
        let command = state.find(id).unwrap();
        let text = state.text_of(command);
        assert_eq!(policy::confirmation(command, state.production()), Confirmation::None);
        let (enters, leaves) = (command.enters_place(), command.leaves_place());
        assert!(state.entered().len() <= 1 && places::leads_back(state, command) == leaves);
        assert_eq!(due::open_by(state, 0).filter(|(_, i)| items::against(state, i).is_none()).count(), 0);
        let seen = Seen { text: TextHash::of(&text), seq: state.seq() };
        let request = Request::Run { command: id.clone(), seen, confirmed: Confirmation::None, again: false };
        assert!(!unrecorded::goes_on_unrecorded(state, &request));
        self.ask(&request);
        assert_eq!(flow::next(&self.state), Next::Running(id.clone()));
        let (attempt, exit) = (self.state.running_attempt(id).unwrap(), Exit::Status(0));
        assert!(
            clock::outage(&self.state).is_none() && self.state.cause_of(id).is_none_or(|r| r.command != *id)
        );
        if enters {
            self.see(Event::PlaceEntered { command: id.clone(), restored: vec![], terminals: false });
            self.see(Event::PlaceObserved { place: there() });
        }
        let place = self.state.place().clone();
        let command = id.clone();
        self.see(Event::CommandExited {
            command,
            attempt,
            exit,
            elapsed_ms: 5,
            bytes: 0,
            place,
            verdicts: vec![],
            seal: None,
        });
        if let Some(command) = self.state.entered().last().filter(|_| leaves).cloned() {
            self.see(Event::PlaceLeft { command, lost: None });
            self.see(Event::PlaceObserved { place: here() });
        }
        self.makers.ended(&self.state, id);
        assert!(self.makers.unseen(&self.state).iter().all(|(_, _, path)| path == "/srv/conf"));
        assert_eq!(self.state.last_run(id).and_then(|ran| ran.exit), Some(exit));
        assert!(!words::first_line(&text).is_empty());
        self.commands += 1;
    }

    /// Does what comes next; whether there was anything.
    fn goes_on(&mut self) -> bool {
        match flow::next(&self.state) {
            Next::Run(id) => self.runs(&id),
            Next::Gate(gate) => self.ask(&Request::DecideGate { gate, go: true, reason: "--yes".into() }),
            Next::Check(item) => self.ask(&Request::Tick { item, evidence: None, reason: None }),
            Next::Attest(command, expectation) => {
                let (met, note) = (true, String::new());
                self.ask(&Request::Attest { command, expectation, met, note });
            }
            Next::Place(command) => {
                self.ask(&Request::ChoosePlace { command, choice: PlaceChoice::Through });
            }
            next => {
                assert_eq!(next, Next::Finish);
                assert!(places::missing_for_back(&self.state).is_none());
                return false;
            }
        }
        true
    }
}

/// How often the records are folded anew: the system counts by the tick, and one time takes few of them.
const FOLDED: usize = 8;

/// Goes through a run; what going through it and folding its records anew has cost.
fn goes_through(book: &Arc<Runbook>) -> (u128, u128) {
    let began = Instant::now();
    let before = worked(began);
    let mut walk = Walk::of(book);
    while walk.goes_on() {}
    let gone_through = worked(began) - before;
    assert_eq!(walk.commands, book.count_step_commands());
    for _ in 0..FOLDED {
        let again = walk.records.iter().fold(RunState::new(Arc::clone(book)), RunState::apply);
        assert_eq!((flow::next(&again), again.ran().len()), (Next::Finish, walk.commands));
    }
    (gone_through, worked(began) - before - gone_through)
}

/// The most that four times as much may cost. Beyond four are the depth of the maps, and caches that hold less of it, the
/// more so where others work beside it. The square would be sixteen.
const AT_MOST: f64 = 6.0;

/// How often it is measured until both have been at their best: whoever works beside it makes it dearer, never cheaper.
const ROUNDS: usize = 12;

/// Goes through a few commands and through four times as many, turn by turn.
fn cost_four_times(shape: &Shape) {
    let book = |commands| Arc::new(runbook::read(&document(commands, shape)));
    // Of several lines, as many fewer.
    let few = 500 / shape.command.lines().count().max(1);
    let books = [book(few), book(4 * few)];
    let mut least = [(u128::MAX, u128::MAX); 2];
    let mut ratios = (0.0, 0.0);
    for round in 1..=ROUNDS {
        for (least, book) in least.iter_mut().zip(&books) {
            let (through, again) = goes_through(book);
            *least = (least.0.min(through), least.1.min(again));
        }
        let [few, many] = least;
        ratios = (many.0 as f64 / few.0 as f64, many.1 as f64 / few.1 as f64);
        if round >= 3 && ratios.0 <= AT_MOST && ratios.1 <= AT_MOST {
            return;
        }
    }
    panic!("going through {} costs {:.2} times, folding it again {:.2}", shape.command, ratios.0, ratios.1);
}

#[test]
fn four_times_the_commands_cost_four_times_as_much() {
    cost_four_times(&PLAIN);
}

#[test]
fn so_they_do_where_each_step_has_check_items() {
    cost_four_times(&Shape { behind: "\n- [ ] It is done\n- [ ] It was told\n", ..PLAIN });
}

#[test]
fn so_they_do_where_something_is_expected_of_each() {
    cost_four_times(&Shape { command: "cat N  # Should look good", ..PLAIN });
}

#[test]
fn so_they_do_where_the_way_back_puts_a_file_back() {
    cost_four_times(&Shape { before: "cp live /srv/conf\n", back: "cp /srv/conf live\n", ..PLAIN });
}

#[test]
fn so_they_do_where_each_is_on_another_host() {
    cost_four_times(&Shape { command: "ssh ops@web\ntouch N\nexit", ..PLAIN });
}

/// Reads a document with so many of a shape, and with four times as many, turn by turn.
fn reading_costs_four_times(shape: &str) {
    let documents =
        [500, 2000].map(|count| format!("# Long\n\n## Deployment steps\n\n{}", shape.repeat(count)));
    let mut least = [u128::MAX; 2];
    let mut ratio = 0.0;
    for round in 1..=ROUNDS {
        for (least, document) in least.iter_mut().zip(&documents) {
            let began = Instant::now();
            let before = worked(began);
            assert!(!runbook::read(document).reading.is_empty());
            *least = (*least).min(worked(began) - before);
        }
        ratio = least[1] as f64 / least[0] as f64;
        if round >= 2 && ratio <= AT_MOST {
            return;
        }
    }
    panic!("reading {shape:?} costs {ratio:.2} times");
}

#[test]
fn reading_lists_of_empty_fences_costs_four_times_as_much() {
    reading_costs_four_times("- x\n  ```\n  ```\n");
    reading_costs_four_times("1. Open the page.\n\nEdit it there.\n\n");
}
