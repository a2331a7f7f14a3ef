//! A journal that hangs, that is full, that another process has taken over.

use super::*;
use crate::run::state::Standing;

/// The most that an append is waited for.
const APPEND_IS_WAITED_FOR: Duration = super::super::record::APPEND_WITHIN;

/// Waits until the journal's thread has done what it was given.
fn settle(stage: &mut Stage) {
    let began = Instant::now();
    while stage.actor.recorder.unrecorded.since.is_some() && began.elapsed() < Duration::from_secs(20) {
        stage.actor.retry();
        std::thread::yield_now();
    }
    assert!(stage.actor.recorder.unrecorded.since.is_none(), "{:?}", stage.actor.recorder.unrecorded);
}

#[test]
fn what_does_not_arrive_in_time_is_not_begun_and_told_so() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let before = stage.actor.state().seq().0;
    stage.store.hang(true);
    let refused = stage.runs(&ada, "1/1");
    assert!(matches!(refused, Some(Err(Refusal::NotRecorded(why))) if why.contains("did not answer")));
    assert_eq!(stage.ran(), Vec::<String>::new(), "what may not be recorded is not done");
    assert_eq!(stage.actor.state().running(), None);
    assert_eq!(stage.actor.state().standing(&"1/1".into()), Standing::NotYet);
    // Nothing new is taken meanwhile, and at once.
    let began = Instant::now();
    assert!(matches!(stage.runs(&ada, "1/2"), Some(Err(Refusal::NotRecorded(_)))));
    assert!(began.elapsed() < APPEND_IS_WAITED_FOR, "the second one waits for nothing");
    stage.store.hang(false);
    settle(&mut stage);
    // What was sent is never replaced: both stand there, and the gap.
    assert_eq!(stage.stored(before), ["command_started", "command_not_started", "gap"]);
    assert_eq!(stage.runs(&ada, "1/1"), Some(Ok(())));
    assert_eq!(stage.ran(), ["echo one"]);
}

#[test]
fn keys_and_screens_wait_for_no_journal_and_who_wants_an_end_neither() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let bob = stage.comes("bob", Part::Looks);
    assert_eq!(stage.runs(&ada, "1/1"), Some(Ok(())));
    stage.sent();
    bob.updates();
    let (to, channel) = unbounded_channel();
    stage.actor.inbox = Arrivals::of(channel);
    stage.store.hang(true);
    // They arrive while a note is written.
    let keys = ToRunner::Keys { command: "1/1".into(), keys: b"y\r".to_vec() };
    to.send(Inbox::Client(ada.id, keys)).unwrap();
    let screen = FromShim::Screen { command: "1/1".into(), screen: Box::new(Screen::default()) };
    to.send(Inbox::Place(Report { number: None, report: screen })).unwrap();
    let cancel = Request::Cancel { command: "1/1".into(), signal: "TERM".into() };
    to.send(Inbox::Client(ada.id, ToRunner::Ask { number: 99, request: cancel })).unwrap();
    let began = Instant::now();
    let note = Request::Note { about: String::new(), text: "slow".into(), issue: false };
    assert_eq!(stage.asks(&ada, note), Some(Ok(())), "a note is kept in memory");
    assert!(began.elapsed() < APPEND_IS_WAITED_FOR, "{:?}", began.elapsed());
    assert!(stage.sent().iter().any(|m| matches!(m, ToShim::Keys { .. })));
    assert!(bob.updates().iter().any(|u| matches!(u, ToClient::Screen { .. })));
    // What was put off is next, and its signal goes out although nothing can be written.
    let put_off = stage.actor.inbox.put_off_now().unwrap();
    stage.actor.handle(put_off);
    assert!(stage.sent().iter().any(|m| matches!(m, ToShim::Signal { .. })));
    stage.store.hang(false);
    settle(&mut stage);
}

#[test]
fn on_a_full_disk_what_runs_is_seen_to_its_end_and_nothing_new_begins() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    assert_eq!(stage.runs(&ada, "1/1"), Some(Ok(())));
    stage.sent();
    let before = stage.actor.state().seq().0;
    stage.store.fill(true);
    stage.exits("1/1", 1, Exit::Status(0), "one\n");
    assert_eq!(stage.actor.state().standing(&"1/1".into()), Standing::Passed, "it is so, written or not");
    assert!(ada.updates().iter().any(|u| matches!(u, ToClient::Unrecorded(Some(_)))));
    assert!(matches!(stage.runs(&ada, "1/2"), Some(Err(Refusal::NotRecorded(_)))));
    assert_eq!(stage.ran(), Vec::<String>::new());
    assert_eq!(stage.stored(before), Vec::<String>::new());
    // Who comes now gets what is not written as well.
    let bob = stage.comes("bob", Part::Looks);
    let known = bob
        .updates()
        .into_iter()
        .filter_map(|u| if let ToClient::Known(some) = u { Some(some) } else { None });
    assert_eq!(
        known.flatten().last().map(|known| known.read().unwrap().seq),
        Some(stage.actor.state().seq())
    );
    stage.store.fill(false);
    settle(&mut stage);
    assert_eq!(stage.stored(before), ["command_exited", "gap"]);
}

#[test]
fn an_owner_that_was_superseded_records_and_begins_nothing() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let run = RunId("t-1".into());
    let mut other = stage.store.open(&run).unwrap();
    let head = other.head().unwrap();
    let record = crate::run::Record {
        v: 1,
        run: run.clone(),
        seq: head.seq.next(),
        at: chrono::Utc::now(),
        actor: "gonogo".into(),
        epoch: 2,
        prev: head.hash,
        event: Event::RunResumed { gonogo: "0".into() },
    };
    other.append(&[crate::store::Line::of(&record).unwrap()]).unwrap();
    let before = stage.stored(0).len();
    let refused = stage.runs(&ada, "1/1");
    assert!(matches!(refused, Some(Err(Refusal::NotRecorded(why))) if why.contains("owns this run now")));
    assert_eq!(stage.ran(), Vec::<String>::new());
    assert_eq!(stage.stored(0).len(), before);
}
