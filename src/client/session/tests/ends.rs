//! A runner that ends, and another one that comes or does not.

use super::super::{Answer, SessionError};
use super::fake::{Fake, Watcher, begun, control, known, note, noted, notes, record};
use crate::protocol::{From, OutputPage, OutputQuery, ToClient, ToRunner};
use crate::run::event::{Exit, ProcessIdentity};
use crate::run::ids::TextHash;
use crate::run::policy::Confirmation;
use crate::run::request::Seen;
use crate::run::{Attempt, Event, Place, Record, Request, Seq};
use crate::runbook::CommandId;

fn run(id: &str) -> Request {
    let seen = Seen { text: TextHash::of("echo one"), seq: Seq(1) };
    Request::Run { command: id.into(), seen, confirmed: Confirmation::None, again: false }
}

fn started(seq: u64, actor: &str, id: &str) -> Record {
    let (command, text) = (CommandId::from(id), "echo one".to_owned());
    let (place, shell) = (Place::default(), ProcessIdentity::default());
    record(seq, actor, Event::CommandStarted { command, attempt: Attempt(1), text, place, shell })
}

fn exited(seq: u64, id: &str) -> Record {
    let (exit, place) = (Exit::Status(0), Place::default());
    let event = Event::CommandExited {
        command: id.into(),
        attempt: Attempt(1),
        exit,
        elapsed_ms: 1,
        bytes: 0,
        place,
        verdicts: vec![],
        seal: None,
    };
    record(seq, "gonogo", event)
}

/// Asks; the runner ends on that, and the next one knows `records`. Gives what came of it and whether the next one
/// was asked anything.
async fn asked_of_one_that_ends(request: Request, before: &[Record], records: &[Record]) -> Answer {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(before).await;
    let mut watcher = Watcher::default();
    let runners = async {
        assert_eq!(peer.asked().await.1, request);
        drop(peer);
        fake.welcomes(records).await
    };
    let (answer, mut next) = tokio::join!(session.put(request.clone(), &mut watcher), runners);
    assert_eq!((watcher.ended, watcher.rejoined), (1, 1));
    tokio::join!(session.leave(), async {
        next.hears_only_that_it_leaves().await;
        drop(next);
    });
    answer.unwrap()
}

#[tokio::test]
async fn what_was_taken_is_known_from_the_record_and_not_asked_again() {
    let records = [begun(), started(2, "ada", "1/1"), exited(3, "1/1")];
    assert_eq!(asked_of_one_that_ends(run("1/1"), &records[..1], &records).await, Answer::Done);
    let records = [begun(), noted(2, "ada", "mine")];
    assert_eq!(asked_of_one_that_ends(note("mine"), &records[..1], &records).await, Answer::Done);
}

#[tokio::test]
async fn what_was_not_taken_is_known_too_and_is_not_asked_again_by_itself() {
    let resumed = record(2, "gonogo", Event::RunResumed { gonogo: "1".into() });
    let records = [begun(), resumed];
    assert_eq!(asked_of_one_that_ends(run("1/1"), &records[..1], &records).await, Answer::NotTaken);
    // What somebody else did meanwhile, and what was there before, is no answer.
    let records = [begun(), noted(2, "ada", "before"), noted(3, "bob", "his")];
    assert_eq!(asked_of_one_that_ends(note("mine"), &records[..2], &records).await, Answer::NotTaken);
    let records = [begun(), started(2, "ada", "1/2")];
    assert_eq!(asked_of_one_that_ends(run("1/1"), &records[..1], &records).await, Answer::NotTaken);
}

#[tokio::test]
async fn what_has_become_needless_counts_as_done() {
    let cancel = Request::Cancel { command: "1/1".into(), signal: "INT".into() };
    let records = [begun(), started(2, "ada", "1/1"), exited(3, "1/1")];
    assert_eq!(asked_of_one_that_ends(cancel.clone(), &records[..2], &records).await, Answer::Done);
    assert_eq!(asked_of_one_that_ends(cancel, &records[..2], &records[..2]).await, Answer::NotTaken);
    assert_eq!(asked_of_one_that_ends(Request::StopWaiting, &[begun()], &[begun()]).await, Answer::Done);
}

#[tokio::test]
async fn of_a_request_that_leaves_no_trace_nothing_is_known() {
    assert_eq!(asked_of_one_that_ends(Request::Baseline, &[begun()], &[begun()]).await, Answer::NotKnown);
}

#[tokio::test]
async fn the_words_say_what_is_known_and_to_look_first() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let runners = async {
        peer.asked().await;
        drop(peer);
        let mut next = fake.welcomes(&[begun()]).await;
        next.asked().await;
        drop(next);
        fake.welcomes(&[begun()]).await
    };
    let client = async {
        let told = session.ask(note("mine"), &mut watcher).await.unwrap_err().to_string();
        assert!(told.contains("t-1 ended before it answered \"note\""), "{told}");
        assert!(told.contains("the record contains nothing of it: check where the run is"), "{told}");
        let told = session.ask(Request::Baseline, &mut watcher).await.unwrap_err().to_string();
        assert!(told.contains("\"baseline\", and gonogo does not know whether it was done"), "{told}");
    };
    tokio::join!(client, runners);
}

#[tokio::test]
async fn who_insists_has_the_next_runner_asked_once_the_record_has_nothing_of_it() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let runners = async {
        let first = peer.asked().await;
        drop(peer);
        let mut next = fake.welcomes(&[begun()]).await;
        let second = next.asked().await;
        assert_eq!(first.1, second.1);
        assert!(second.0 > first.0, "it is another request");
        next.records(&noted(2, "ada", "mine")).await;
        next.answers(second.0).await;
        next
    };
    let (asked, mut next) = tokio::join!(session.insist(note("mine"), &mut watcher), runners);
    asked.unwrap();
    assert_eq!(notes(session.state()), ["mine"]);
    tokio::join!(session.leave(), async {
        next.hears_only_that_it_leaves().await;
        drop(next);
    });
}

#[tokio::test(start_paused = true)]
async fn who_insists_gives_up_when_runner_after_runner_ends_on_it() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let runners = async {
        for _ in 0..3 {
            peer.asked().await;
            drop(peer);
            peer = fake.welcomes(&[begun()]).await;
        }
        peer
    };
    let (asked, mut last) = tokio::join!(session.insist(note("mine"), &mut watcher), runners);
    assert!(matches!(asked, Err(SessionError::NotTaken { .. })));
    tokio::join!(session.leave(), async {
        last.hears_only_that_it_leaves().await;
        drop(last);
    });
}

#[tokio::test]
async fn an_event_is_folded_and_told_once_whoever_tells_it_again() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let all = [begun(), noted(2, "bob", "two"), noted(3, "bob", "three"), noted(4, "bob", "four")];
    let runners = async {
        peer.records(&all[1]).await;
        drop(peer);
        // The next one knows more than this one had told.
        let mut next = fake.welcomes(&all[..3]).await;
        next.records(&all[1]).await;
        next.records(&all[2]).await;
        next.records(&all[3]).await;
        next
    };
    let waited = session.until(|state| state.seq() == Seq(4), &mut watcher);
    let (waited, _next) = tokio::join!(waited, runners);
    waited.unwrap();
    assert_eq!(notes(session.state()), ["two", "three", "four"]);
    assert_eq!(watcher.events(), [2, 3, 4]);
}

#[tokio::test]
async fn who_has_control_is_told_with_the_next_runner() {
    let fake = Fake::new();
    let (mut session, peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    drop(peer);
    let runner = async {
        let mut next = fake.accepts().await;
        for update in ToClient::welcome("# T\n".into(), &known(&[begun()])) {
            next.says(update).await;
        }
        next.says(control("bob", false)).await;
        next
    };
    let client = async {
        let arrived = session.next().await;
        assert_eq!(arrived, None);
        session.take(arrived, &mut watcher).await.unwrap();
    };
    let ((), _next) = tokio::join!(client, runner);
    assert_eq!(watcher.told, [control("bob", false)]);
    assert_eq!(session.control().holder.as_deref(), Some("bob"));
}

#[tokio::test]
async fn a_question_is_put_to_the_next_runner_again() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let runners = async {
        assert!(matches!(peer.hears().await, Some(ToRunner::Read { .. })));
        peer.says(ToClient::Ended).await;
        let mut next = fake.welcomes(&[begun()]).await;
        let Some(ToRunner::Read { number, query }) = next.hears().await else { panic!("no question") };
        let page = Ok(Box::new(OutputPage { total: 5, ..OutputPage::default() }));
        next.says(ToClient::Page { number, query, page }).await;
        (peer, next)
    };
    let query = OutputQuery::new(CommandId("1/1".into()), From::End);
    let (read, _peers) = tokio::join!(session.read_output(query, &mut watcher), runners);
    assert_eq!(read.unwrap().unwrap().unwrap().total, 5);
    assert_eq!(watcher.ended, 1);
}

#[tokio::test(start_paused = true)]
async fn where_no_other_runner_can_be_had_that_ends_with_the_reason() {
    let fake = Fake::new();
    let (mut session, peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    fake.goes();
    drop(peer);
    let gone = session.until(|_| false, &mut watcher).await.unwrap_err();
    let told = gone.to_string();
    assert!(
        told.starts_with("the runner of t-1 has ended, and gonogo could not start another in 8 tries: "),
        "{told}"
    );
    assert!(matches!(gone, SessionError::Gone { tries: 8, .. }));
    assert_eq!((watcher.ended, watcher.rejoined), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn runners_that_end_as_soon_as_they_are_there_are_not_started_for_ever() {
    let fake = Fake::new();
    let (mut session, peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    drop(peer);
    let runners = async {
        let mut met = 0;
        loop {
            drop(fake.welcomes(&[begun()]).await);
            met += 1;
            if met == 8 {
                return;
            }
        }
    };
    let begun = tokio::time::Instant::now();
    let (waited, ()) = tokio::join!(session.until(|_| false, &mut watcher), runners);
    let error = waited.unwrap_err();
    assert!(matches!(error, SessionError::Ending { tries: 8, .. }), "{error}");
    assert!(begun.elapsed() > std::time::Duration::from_secs(10), "the pauses grow");
    assert_eq!(watcher.rejoined, 8);
}
