//! given(events) · when(request) · then(events or refusal).

use std::sync::Arc;

use chrono::DateTime;

use super::start::last_attempt;
use super::*;
use crate::run::accept::accept;
use crate::run::claim::Standing;
use crate::run::event::{Exit, Outcome, Place, PlaceChoice, Record, SkipReason, Start};
use crate::run::gates::{self, GateId};
use crate::run::ids::{Attempt, TextHash};
use crate::run::place_stack::KnownPlaces;
use crate::run::policy::Confirmation;
use crate::run::request::Seen;
use crate::run::state::CommandState;
use crate::run::{Next, RunId, flow};
use crate::runbook;
use crate::runbook::CommandId;

mod detours;
mod items;
mod places;
mod unset;
mod ways;

const BOOK: &str = r#"# T
## Checklist
- [ ] Backup completed
## Steps
### Step 1: Checks
```bash
ssh deploy@web
cd /srv
```
### Step 2: Deploy
```bash
git checkout v1.2.0
# Should show "done"

# If the table is missing, migrate
./migrate

rm -rf ./old
echo <word>
```
"#;

struct Given {
    state: RunState,
}

/// What somebody asks, what the runner sees, and the interval of a waiting that has passed.
trait Happens: std::fmt::Debug {
    fn comes_to(&self, state: &RunState) -> Result<Vec<Event>, Refusal>;
}

impl Happens for Request {
    fn comes_to(&self, state: &RunState) -> Result<Vec<Event>, Refusal> {
        decide(state, self, &Surroundings::default())
    }
}

impl Happens for Event {
    /// An end is that of the command's last attempt.
    fn comes_to(&self, state: &RunState) -> Result<Vec<Event>, Refusal> {
        let mut fact = self.clone();
        if let Event::CommandExited { command, attempt, .. }
        | Event::CommandLost { command, attempt, .. }
        | Event::CommandNotStarted { command, attempt, .. } = &mut fact
        {
            *attempt = last_attempt(state, command);
        }
        accept(state, fact)
    }
}

#[derive(Debug)]
struct IntervalPasses;

impl Happens for IntervalPasses {
    fn comes_to(&self, state: &RunState) -> Result<Vec<Event>, Refusal> {
        Ok(wait_again(state, &Surroundings::default()))
    }
}

fn given(requests: &[Request]) -> Given {
    let mut given = Given::of(BOOK);
    for request in requests {
        given.happens(request);
    }
    given
}

impl Given {
    fn of(book: &str) -> Self {
        let state = RunState::new(Arc::new(runbook::read(book)));
        let start = Start {
            operator: "ada".into(),
            environment: "Production".into(),
            production: true,
            ..Start::default()
        };
        let mut given = Given { state };
        given.happens(&Event::RunStarted(start));
        given
    }

    fn happens(&mut self, what: &impl Happens) {
        let events = self.when(what).unwrap_or_else(|r| panic!("{what:?}: {r}"));
        for event in events {
            self.folds(event);
        }
    }

    fn folds(&mut self, event: Event) {
        let (run, actor) = (RunId("r".into()), "ada".to_owned());
        let record = Record { run, actor, epoch: 1, ..self.state.next_record(event, DateTime::UNIX_EPOCH) };
        self.state = self.state.clone().apply(&record);
        // How far all is settled is kept from event to event; a walk comes to the same.
        let path = self.state.path();
        let settled = path.iter().take_while(|c| flow::open(&self.state, c).is_none());
        assert_eq!(self.state.settled(), settled.count(), "{record:?}");
        let known = &self.state.known_places;
        let anew = crate::run::places::known_until(&self.state, KnownPlaces::default(), known.until);
        assert_eq!(known, &anew, "{record:?}");
    }

    fn when(&self, what: &impl Happens) -> Result<Vec<Event>, Refusal> {
        what.comes_to(&self.state)
    }

    fn seen(&self, id: &str) -> Seen {
        let text = self.state.text_of(self.state.find(&id.into()).unwrap());
        Seen { text: TextHash::of(&text), seq: self.state.seq() }
    }

    fn run(&self, id: &str) -> Request {
        let seen = self.seen(id);
        Request::Run { command: id.into(), seen, confirmed: Confirmation::None, again: false }
    }

    fn wait(&self, id: &str) -> Request {
        Request::WaitUntil { command: id.into(), seen: self.seen(id) }
    }
}

fn here() -> Request {
    Request::ChoosePlace { command: "1/1".into(), choice: PlaceChoice::AlreadyHere }
}

fn go() -> Request {
    Request::DecideGate { gate: GateId::Change, go: true, reason: "made in step 1".into() }
}

fn exited(id: &str, status: i32) -> Event {
    let place = Place { login: "ada@web".into(), directory: "/srv".into() };
    let (attempt, exit) = (Attempt(1), Exit::Status(status));
    Event::CommandExited {
        command: id.into(),
        attempt,
        exit,
        elapsed_ms: 5,
        bytes: 0,
        place,
        verdicts: vec![],
        seal: None,
    }
}

#[test]
fn a_place_is_answered_before_anything_after_it_runs() {
    let given = given(&[]);
    assert_eq!(given.when(&given.run("1/2")), Err(Refusal::PlaceOpen("1/1".into())));
    let given = self::given(&[here()]);
    assert!(given.when(&given.run("1/2")).is_ok());
}

#[test]
fn a_skipped_place_makes_what_follows_belong_elsewhere() {
    let skip = Request::Skip { command: "1/1".into(), reason: SkipReason::Operator("no key".into()) };
    let given = given(&[skip]);
    assert_eq!(given.when(&given.run("1/2")), Err(Refusal::Elsewhere("1/2".into(), "ssh deploy@web".into())));
}

#[test]
fn already_here_is_refused_on_a_host_of_another_environment() {
    let place = Place { login: "ada@staging-1".into(), directory: "/".into() };
    let mut given = given(&[]);
    given.happens(&Event::PlaceObserved { place });
    assert_eq!(given.when(&here()), Err(Refusal::WrongHost("staging-1".into(), "Production".into())));
}

#[test]
fn the_gate_stands_before_the_first_change() {
    let given = given(&[here()]);
    assert_eq!(given.when(&given.run("2/1")), Err(Refusal::GateClosed("2/1".into())));
    let without_reason = Request::DecideGate { gate: GateId::Change, go: true, reason: " ".into() };
    assert_eq!(given.when(&without_reason), Err(Refusal::GateOpen("not ticked: Backup completed".into())));
    let given = self::given(&[here(), go()]);
    assert!(given.when(&given.run("2/1")).is_ok());
}

#[test]
fn no_go_ends_the_run() {
    let given = given(&[Request::DecideGate { gate: GateId::Change, go: false, reason: "storm".into() }]);
    assert_eq!(given.when(&given.run("1/2")), Err(Refusal::Over));
}

#[test]
fn what_runs_is_what_was_seen() {
    let given = given(&[here(), go()]);
    let Request::Run { command, mut seen, confirmed, again } = given.run("2/1") else { unreachable!() };
    seen.text = TextHash::of("git checkout v9.9.9");
    let other_text = Request::Run { command: command.clone(), seen: seen.clone(), confirmed, again };
    assert_eq!(given.when(&other_text), Err(Refusal::NotAsSeen(command)));
    let old_frame = given.run("2/1");
    let mut given = given;
    given.happens(&old_frame);
    given.happens(&exited("2/1", 0));
    assert_eq!(
        given.when(&old_frame),
        Err(Refusal::NotAsSeen("2/1".into())),
        "the frame is from before it ran"
    );
}

#[test]
fn one_command_at_a_time_and_a_change_is_not_repeated_unasked() {
    let mut given = given(&[here(), go()]);
    given.happens(&given.run("2/1"));
    assert_eq!(given.when(&given.run("1/2")), Err(Refusal::Busy("2/1".into())));
    given.happens(&exited("2/1", 0));
    assert_eq!(given.when(&given.run("2/1")), Err(Refusal::Repeat("2/1".into())));
    assert_eq!(given.state.standing(&"2/1".into()), Standing::NeedsEyes);
    given.happens(&Request::Attest { command: "2/1".into(), expectation: 0, met: true, note: String::new() });
    assert_eq!(given.state.standing(&"2/1".into()), Standing::Passed);
}

#[test]
fn a_failure_stays_a_failure_until_somebody_says_why_to_go_on() {
    let mut given = given(&[here(), go()]);
    given.happens(&Request::MarkDone { command: "1/2".into(), note: "done at the console".into() });
    given.happens(&given.run("2/1"));
    given.happens(&exited("2/1", 1));
    assert_eq!(flow::next(&given.state), flow::Next::Failed("2/1".into()));
    let skip =
        |words: &str| Request::Skip { command: "2/1".into(), reason: SkipReason::Operator(words.into()) };
    assert_eq!(given.when(&skip("")), Err(Refusal::ReasonNeeded));
    given.happens(&skip("tag was there already"));
    assert_eq!(flow::next(&given.state), flow::Next::Condition("2/2".into()));
}

#[test]
fn conditions_holes_and_destruction_are_asked_about() {
    let given = given(&[here(), go()]);
    assert_eq!(given.when(&given.run("2/2")), Err(Refusal::ConditionOpen("2/2".into())));
    assert_eq!(given.when(&given.run("2/3")), Err(Refusal::Unconfirmed("2/3".into())));
    assert_eq!(given.when(&given.run("2/4")), Err(Refusal::Hole("2/4".into(), "word".into())));
    let mut given = given;
    given.happens(&Request::SetParameter { name: "word".into(), value: Some("tea".into()) });
    assert_eq!(given.state.text_of(given.state.runbook().command(&"2/4".into()).unwrap()), "echo tea");
    assert!(given.when(&given.run("2/4")).is_ok());
}

#[test]
fn engineer_and_reviewer_differ() {
    let given = given(&[]);
    let name = |name: &str| Request::Name { role: "reviewer".into(), name: name.into() };
    assert_eq!(given.when(&name("Ada")), Err(Refusal::SamePerson));
    assert!(given.when(&name("grace")).is_ok());
}

#[test]
fn an_end_that_is_told_twice_counts_once() {
    let mut given = Given::of("# T\n## Steps\n```bash\nls\n```\n");
    given.happens(&given.run("1/1"));
    given.happens(&exited("1/1", 0));
    assert_eq!(given.when(&exited("1/1", 0)), Err(Refusal::NothingRuns));
    given.happens(&given.run("1/1"));
    let late = accept(&given.state, exited("1/1", 1));
    assert_eq!(late, Err(Refusal::NothingRuns), "the first attempt's end is not the second's");
}

#[test]
fn what_was_never_handed_to_a_shell_is_as_it_was_before() {
    let mut given = Given::of("# T\n## Steps\n```bash\nls\nls -l\n```\n");
    given.happens(&given.run("1/1"));
    given.happens(&exited("1/1", 7));
    given.happens(&given.run("1/1"));
    given.happens(&Event::CommandNotStarted { command: "1/1".into(), attempt: Attempt(1), why: "w".into() });
    assert_eq!(given.state.standing(&"1/1".into()), Standing::Failed);
    assert_eq!(given.state.ran().len(), 1, "it is not among what ran");
    assert_eq!(given.state.running(), None);
}

#[test]
fn a_forgotten_secret_has_to_be_answered_again_before_what_uses_it_runs() {
    let mut given = Given::of("# T\n## Steps\n```bash\ncurl -H \"$API_TOKEN\" localhost\nls\n```\n");
    given.happens(&Request::SetParameter { name: "API_TOKEN".into(), value: None });
    given.happens(&Event::ParameterForgotten { name: "API_TOKEN".into() });
    let refused = given.when(&given.run("1/1"));
    assert_eq!(refused, Err(Refusal::Forgotten("1/1".into(), "API_TOKEN".into())));
    assert!(given.when(&given.run("1/2")).is_ok());
    given.happens(&Request::SetParameter { name: "API_TOKEN".into(), value: None });
    assert!(given.when(&given.run("1/1")).is_ok());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_asked_in_whatever_order_nothing_panics(picks in proptest::collection::vec((0usize..20, 0usize..6, proptest::bool::ANY), 0..40)) {
        let mut given = given(&[]);
        let ids = ["1/1", "1/2", "2/1", "2/2", "added.1", "nothing/9"];
        for (kind, id, yes) in picks {
            let command: CommandId = ids[id].into();
            let request = match kind {
                0 | 1 if given.state.find(&command).is_some() => given.run(ids[id]),
                2 => Request::Skip { command, reason: [SkipReason::Optional, SkipReason::Alternative, SkipReason::ConditionNo][id % 3].clone() },
                3 => Request::MarkDone { command, note: String::new() },
                4 => Request::Answer { command, holds: yes },
                5 => Request::ChoosePlace { command, choice: if yes { PlaceChoice::AlreadyHere } else { PlaceChoice::InteractiveThenStop } },
                6 => Request::Attest { command, expectation: id, met: yes, note: String::new() },
                7 => Request::DecideGate { gate: GateId::Change, go: yes, reason: "r".into() },
                8 => Request::Cancel { command, signal: "INT".into() },
                11 => Request::Tick { item: ids[id].into(), evidence: None, reason: None },
                13 => Request::Edit { command, text: if yes { "tail -f x" } else { "rm -rf /x" }.into() },
                14 => Request::Add { text: "docker ps".into() },
                15 => Request::SkipTo { skips: flow::open_before(&given.state, &command).iter().map(|c| c.id.clone()).collect(), command, reason: "late".into() },
                16 => Request::KeepInBackground { command },
                17 if given.state.find(&command).is_some() => given.wait(ids[id]),
                18 => Request::StopWaiting,
                12 if yes => Request::Finish { outcome: Outcome::Failed, reason: "as agreed".into() },
                _ => Request::Note { about: String::new(), text: "n".into(), issue: yes },
            };
            let attempt = Attempt(1);
            let fact = match kind {
                9 => Some(exited(ids[id], i32::from(yes))),
                10 => Some(Event::CommandLost { command: ids[id].into(), attempt, why: "w".into(), survivors: vec![], unseen: false }),
                19 => Some(Event::CommandNotStarted { command: ids[id].into(), attempt, why: "w".into() }),
                _ => None,
            };
            let again = kind == 18 && !yes;
            let events = match fact {
                Some(fact) => given.when(&fact),
                None if again => given.when(&IntervalPasses),
                None => given.when(&request),
            };
            let before = given.state.seq();
            let events = events.unwrap_or_default();
            let count = events.len() as u64;
            for event in events {
                given.folds(event);
            }
            proptest::prop_assert_eq!(given.state.seq().0, before.0 + count);
            let _next = flow::next(&given.state);
        }
    }
}

#[test]
fn no_placeholder_reaches_the_shell_wherever_it_stands() {
    let mut given = Given::of(
        "# T\n## Steps\n```bash\nping <host>\ngit checkout <v1.2.3>\n```\n## Rollback\n```bash\ngit checkout v1.2.3\n```\n",
    );
    given.happens(&Request::Add { text: "cat <host> made.txt".into() });
    let refused = given.when(&given.run("added.1"));
    assert_eq!(refused, Err(Refusal::Hole("added.1".into(), "host".into())));
    for (name, value) in [("host", "db2"), ("v1.2.3", "main"), ("previous version", "v2")] {
        let set = Request::SetParameter { name: name.into(), value: Some(value.into()) };
        given.happens(&set);
    }
    let text = |id: &str| given.state.text_of(given.state.find(&id.into()).unwrap());
    assert_eq!(text("added.1"), "cat db2 made.txt");
    assert_eq!(text("1/2"), "git checkout main");
    assert!(given.when(&given.run("added.1")).is_ok());
}

#[test]
fn what_may_be_text_is_asked_before_it_runs() {
    const DOUBTFUL: &str =
        "# R\n\n## Step 1: Do\n\n```bash\ndocker ps\nacmectl sync one two the three\n```\n";
    for holds in [true, false] {
        let mut given = Given::of(DOUBTFUL);
        given.happens(&Request::DecideGate { gate: GateId::Change, go: true, reason: "now".into() });
        given.happens(&given.run("1/1"));
        given.happens(&exited("1/1", 0));
        assert_eq!(flow::next(&given.state), Next::Condition("1/2".into()));
        assert_eq!(given.when(&given.run("1/2")), Err(Refusal::ConditionOpen("1/2".into())));
        given.happens(&Request::Answer { command: "1/2".into(), holds });
        let next = if holds { Next::Run("1/2".into()) } else { Next::Finish };
        assert_eq!(flow::next(&given.state), next);
        assert_eq!(given.state.standing(&"1/2".into()) == Standing::Skipped, !holds);
    }
}
