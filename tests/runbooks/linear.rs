//! What a run costs grows with its commands and not with their square: nothing that is asked per command walks all of
//! them.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use chrono::DateTime;
use gonogo::run::event::Start;
use gonogo::run::gates::GateId;
use gonogo::run::ids::TextHash;
use gonogo::run::policy::{self, Confirmation};
use gonogo::run::{
    Event, Exit, Next, Place, Record, Request, RunId, RunState, Seen, Surroundings, accept, clock, decide,
    flow, places, unrecorded,
};
use gonogo::runbook::{self, CommandId, Runbook};
use gonogo::text as words;

/// Commands in fences of fifty, one fence a step.
fn document(commands: usize, command: &str) -> String {
    let mut text = "# Long\n\n## Deployment steps\n".to_owned();
    for at in 0..commands {
        if at % 50 == 0 {
            write!(text, "\n### Step {0}: Part {0}\n\n```bash\n", at / 50 + 1).unwrap();
        }
        writeln!(text, "{command} {at}").unwrap();
        if at % 50 == 49 || at + 1 == commands {
            text.push_str("```\n");
        }
    }
    text.push_str("\n## Rollback\n\n### Undo\n\n```bash\nmake undo\n```\n");
    text
}

/// Nanoseconds that this thread has had a processor, where the system counts them: others may be at work beside it.
fn worked(since: Instant) -> u128 {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let counted = counted.and_then(|text| text.split(' ').next().and_then(|ns| ns.parse().ok()));
    counted.unwrap_or_else(|| since.elapsed().as_nanos())
}

fn folded(state: &mut RunState, event: Event) -> Record {
    let (seq, at) = (state.seq().next(), DateTime::UNIX_EPOCH);
    let (run, actor, prev) = (RunId("r".into()), "ada".into(), String::new());
    let record = Record { v: 1, run, seq, at, actor, epoch: 1, prev, event };
    state.advance(&record);
    record
}

/// What the runner and a walk with nobody there do for one command.
fn runs(state: &mut RunState, id: &CommandId) -> Vec<Record> {
    let command = state.find(id).unwrap();
    let text = state.text_of(command);
    assert_eq!(policy::confirmation(command, state.production()), Confirmation::None);
    assert!(places::missing_for_back(state).is_none() && !places::leads_back(state, command));
    let seen = Seen { text: TextHash::of(&text), seq: state.seq() };
    let request = Request::Run { command: id.clone(), seen, confirmed: Confirmation::None, again: false };
    let goes_on = unrecorded::goes_on_unrecorded(state, &request);
    assert!(!goes_on);
    let mut records = Vec::new();
    for event in decide(state, &request, &Surroundings::default()).unwrap() {
        records.push(folded(state, event));
    }
    assert_eq!(flow::next(state), Next::Running(id.clone()));
    let (attempt, exit) = (state.running_attempt(id).unwrap(), Exit::Status(0));
    assert!(clock::outage(state).is_none());
    let place = Place { login: "ada@web".into(), directory: "/srv".into() };
    let (command, verdicts) = (id.clone(), vec![]);
    let ended =
        Event::CommandExited { command, attempt, exit, elapsed_ms: 5, bytes: 0, place, verdicts, seal: None };
    for event in accept(state, ended).unwrap() {
        records.push(folded(state, event));
    }
    assert_eq!(state.last_run(id).and_then(|ran| ran.exit), Some(exit));
    assert!(!words::first_line(&text).is_empty() && state.last_run(id).is_some());
    records
}

/// Goes through a run; gives its records, and what going through them and folding them anew has cost.
fn goes_through(book: &Arc<Runbook>) -> (usize, u128, u128) {
    let began = Instant::now();
    let before = worked(began);
    let mut state = RunState::new(Arc::clone(book));
    let start = Start { operator: "ada".into(), environment: "default".into(), ..Start::default() };
    let mut records = vec![folded(&mut state, Event::RunStarted(start))];
    let mut commands = 0;
    loop {
        match flow::next(&state) {
            Next::Run(id) => {
                records.extend(runs(&mut state, &id));
                commands += 1;
            }
            Next::Gate(gate) => {
                assert_eq!(gate, GateId::Change);
                let go = Request::DecideGate { gate, go: true, reason: "--yes".into() };
                for event in decide(&state, &go, &Surroundings::default()).unwrap() {
                    records.push(folded(&mut state, event));
                }
            }
            next => {
                assert_eq!(next, Next::Finish);
                break;
            }
        }
    }
    let gone_through = worked(began) - before;
    let again = records.iter().fold(RunState::new(Arc::clone(book)), RunState::apply);
    assert_eq!((flow::next(&again), again.ran().len()), (Next::Finish, commands));
    (commands, gone_through, worked(began) - before - gone_through)
}

/// The least that it cost of five times, to go through it and to take it up again.
fn costs(commands: usize, command: &str) -> (u128, u128) {
    let book = Arc::new(runbook::read(&document(commands, command)));
    let tries = [(); 5].map(|()| {
        let (ran, through, again) = goes_through(&book);
        assert_eq!(ran, commands);
        (through, again)
    });
    (tries.iter().map(|t| t.0).min().unwrap(), tries.iter().map(|t| t.1).min().unwrap())
}

#[test]
fn four_times_the_commands_cost_four_times_as_much() {
    let (few, many) = (costs(1000, "touch"), costs(4000, "touch"));
    let ratio = |few: u128, many: u128| many as f64 / few as f64;
    let (through, again) = (ratio(few.0, many.0), ratio(few.1, many.1));
    eprintln!("going through: {few:?} ns and {many:?} ns, {through:.2} and {again:.2} times");
    // Beyond four are the depth of the maps, and room for caches that others use. The square would be sixteen.
    assert!(through <= 7.0 && again <= 7.0, "{through:.2} and {again:.2} times");
}
