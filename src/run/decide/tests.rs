//! given(events) · when(request) · then(events or refusal).

use std::sync::Arc;

use chrono::DateTime;

use super::*;
use crate::run::{Record, RunId};
use crate::runbook;

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

fn given(requests: &[Request]) -> Given {
    let state = RunState::new(Arc::new(runbook::read(BOOK)));
    let start = Start {
        operator: "ada".into(),
        environment: "Production".into(),
        production: true,
        ..Start::default()
    };
    let mut given = Given { state };
    given.happens(&Request::Start(start));
    for request in requests {
        given.happens(request);
    }
    given
}

impl Given {
    fn happens(&mut self, request: &Request) {
        let events = decide(&self.state, request, &Surroundings::default())
            .unwrap_or_else(|r| panic!("{request:?}: {r}"));
        for event in events {
            let record = Record {
                v: 1,
                run: RunId("r".into()),
                seq: self.state.seq().next(),
                at: DateTime::UNIX_EPOCH,
                actor: "ada".into(),
                epoch: 1,
                prev: String::new(),
                event,
            };
            self.state = self.state.clone().apply(&record);
        }
    }

    fn when(&self, request: &Request) -> Result<Vec<Event>, Refusal> {
        decide(&self.state, request, &Surroundings::default())
    }

    fn run(&self, id: &str) -> Request {
        let text = self.state.text_of(self.state.runbook().command(&id.into()).unwrap());
        let seen = Seen { text: TextHash::of(&text), seq: self.state.seq() };
        Request::Run { command: id.into(), seen, confirmed: Confirmation::None, again: false }
    }
}

fn here() -> Request {
    Request::ChoosePlace { command: "1/1".into(), choice: PlaceChoice::AlreadyHere }
}

fn go() -> Request {
    Request::DecideGate { go: true, reason: "made in step 1".into() }
}

fn exited(id: &str, status: i32) -> Request {
    let place = Place { login: "ada@web".into(), directory: "/srv".into() };
    Request::Exited { command: id.into(), exit: Exit::Status(status), elapsed_ms: 5, bytes: 0, place }
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
    let given = given(&[Request::Observed { place }]);
    assert_eq!(given.when(&here()), Err(Refusal::WrongHost("staging-1".into(), "Production".into())));
}

#[test]
fn the_gate_stands_before_the_first_change() {
    let given = given(&[here()]);
    assert_eq!(given.when(&given.run("2/1")), Err(Refusal::GateClosed("2/1".into())));
    let without_reason = Request::DecideGate { go: true, reason: " ".into() };
    assert_eq!(given.when(&without_reason), Err(Refusal::ReasonNeeded), "an item is open");
    let given = self::given(&[here(), go()]);
    assert!(given.when(&given.run("2/1")).is_ok());
}

#[test]
fn no_go_ends_the_run() {
    let given = given(&[Request::DecideGate { go: false, reason: "storm".into() }]);
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
    given.happens(&Request::MarkDone { command: "1/2".into(), note: String::new() });
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

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_asked_in_whatever_order_nothing_panics(picks in proptest::collection::vec((0usize..14, 0usize..5, proptest::bool::ANY), 0..40)) {
        let mut given = given(&[]);
        let ids = ["1/1", "1/2", "2/1", "2/2", "nothing/9"];
        for (kind, id, yes) in picks {
            let command: CommandId = ids[id].into();
            let request = match kind {
                0 | 1 if ids[id] != "nothing/9" => given.run(ids[id]),
                2 => Request::Skip { command, reason: SkipReason::Optional },
                3 => Request::MarkDone { command, note: String::new() },
                4 => Request::Answer { command, holds: yes },
                5 => Request::ChoosePlace { command, choice: if yes { PlaceChoice::AlreadyHere } else { PlaceChoice::InteractiveThenStop } },
                6 => Request::Attest { command, expectation: id, met: yes, note: String::new() },
                7 => Request::DecideGate { go: yes, reason: "r".into() },
                8 => Request::Cancel { signal: "INT".into() },
                9 => exited(ids[id], i32::from(yes)),
                10 => Request::Lost { why: "w".into() },
                11 => Request::Tick { item: ids[id].into(), evidence: None },
                12 if yes => Request::Finish { outcome: Outcome::Failed },
                _ => Request::Note { about: String::new(), text: "n".into(), issue: yes },
            };
            if let Ok(events) = decide(&given.state, &request, &Surroundings::default()) {
                let before = given.state.seq();
                let count = events.len() as u64;
                given.happens(&request);
                proptest::prop_assert_eq!(given.state.seq().0, before.0 + count);
            }
            let _next = flow::next(&given.state);
        }
    }
}
