//! Events that can't be folded, and those of a newer version.

use std::cell::Cell;
use std::sync::Arc;

use chrono::DateTime;

use crate::run::event::{Event, Start};
use crate::run::request::{Request, Surroundings};
use crate::run::{Record, Refusal, RunId, RunState, Seq, decide};
use crate::runbook;

thread_local! {
    static FAILS_AT: Cell<u64> = const { Cell::new(0) };
}

/// Stands for a fault in folding: whoever asks for it gets one at this event.
pub(super) fn fails_at(seq: Seq) {
    assert!(FAILS_AT.get() != seq.0, "as asked for");
}

fn line(seq: u64, event: &str) -> String {
    format!(
        r#"{{"actor":"ada","at":"1970-01-01T00:00:00Z","epoch":1,"event":{event},"prev":"","run":"r","seq":{seq},"v":1}}"#
    )
}

fn noted(text: &str) -> String {
    format!(r#"{{"about":"","issue":false,"kind":"noted","text":"{text}"}}"#)
}

fn state() -> RunState {
    let book = runbook::read("# T\n## Steps\n```bash\nls\n```\n");
    let start = Event::RunStarted(Start::default());
    let record = Record {
        v: 1,
        run: RunId("r".into()),
        seq: Seq(1),
        at: DateTime::UNIX_EPOCH,
        actor: "ada".into(),
        epoch: 1,
        prev: String::new(),
        event: start,
    };
    RunState::new(Arc::new(book)).apply(&record)
}

fn folded(events: &[String]) -> RunState {
    let lines = events.iter().enumerate().map(|(at, event)| line(at as u64 + 2, event));
    lines.fold(state(), |state, line| state.apply(&serde_json::from_str(&line).unwrap()))
}

#[test]
fn an_event_that_can_not_be_folded_takes_no_other_one_with_it() {
    FAILS_AT.set(3);
    let run = folded(&[noted("one"), noted("two"), noted("three")]);
    FAILS_AT.set(0);
    let texts: Vec<&str> = run.notes().iter().map(|n| n.text.as_str()).collect();
    assert_eq!(texts, ["one", "three"]);
    assert_eq!((run.seq(), run.untaken()), (Seq(4), &[Seq(3)][..]));
    assert!(run.gaps()[0].words.ends_with("could not read event 3"), "{:?}", run.gaps());
}

#[test]
fn what_could_not_be_folded_is_refused_before_it_is_journaled() {
    let state = state();
    FAILS_AT.set(2);
    let request = Request::Add { text: "ls -l".into() };
    let refused = decide(&state, &request, &Surroundings::default());
    FAILS_AT.set(0);
    assert_eq!(refused, Err(Refusal::NotTaken));
    assert!(decide(&state, &request, &Surroundings::default()).is_ok());
}

#[test]
fn an_event_of_a_newer_kind_is_kept_byte_for_byte_and_shown_and_stops_going_on() {
    let newer = r#"{"kind":"moon_observed","phase":{"lit":0.25,"of":[1,2.5,"x"]}}"#;
    let run = folded(&[noted("one"), newer.to_owned(), noted("two")]);
    assert_eq!(run.notes().len(), 2);
    assert_eq!(run.newer(), [(Seq(3), "moon_observed".to_owned())]);
    let record: Record = serde_json::from_str(&line(3, newer)).unwrap();
    assert_eq!(serde_json::to_value(&record).unwrap().to_string(), line(3, newer));
    let words = crate::text::happened(&run, &record.event);
    assert_eq!(words, "an event that only a newer gonogo knows (moon_observed)");
    let request = Request::Note { about: String::new(), text: "n".into(), issue: false };
    let refused = decide(&run, &request, &Surroundings::default());
    assert_eq!(refused, Err(Refusal::Newer { seq: Seq(3), kind: "moon_observed".into() }));
}

#[test]
fn a_known_kind_with_a_word_of_a_newer_version_is_one_of_that_version() {
    let skipped = r#"{"command":"1/1","kind":"command_skipped","reason":"by_the_weather"}"#;
    let run = folded(&[skipped.to_owned()]);
    assert_eq!(run.newer(), [(Seq(2), "command_skipped".to_owned())]);
    // What is broken is no newer version's.
    let broken = r#"{"kind":"command_skipped","reason":"optional"}"#;
    assert!(serde_json::from_str::<Record>(&line(2, broken)).is_err());
    assert!(serde_json::from_str::<Record>(&line(2, r#"{"text":"no kind"}"#)).is_err());
}

#[test]
fn a_clock_that_was_set_back_is_told() {
    let at = |seq: u64, time: &str| {
        serde_json::from_str(&line(seq, &noted("x")).replace("1970-01-01T00:00:00Z", time)).unwrap()
    };
    let run = state().apply(&at(2, "1970-01-01T00:10:00Z")).apply(&at(3, "1970-01-01T00:00:30Z"));
    assert_eq!(run.gaps().len(), 1);
    assert!(run.gaps()[0].words.contains("dated 9 min earlier"), "{:?}", run.gaps());
}
