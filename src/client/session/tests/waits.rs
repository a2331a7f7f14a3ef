//! A runner that is there and says nothing: every wait ends.

use std::time::Duration;

use tokio::time::Instant;

use super::super::{Answer, SessionError};
use super::fake::{Fake, Watcher, begun, known, note, noted};
use crate::client::AttachError;
use crate::protocol::{ToClient, ToRunner};

/// The session's deadlines, as they are promised.
const TO_ANSWER: Duration = Duration::from_mins(3);
const TO_LOOK: Duration = Duration::from_mins(1);

#[tokio::test(start_paused = true)]
async fn a_request_that_is_not_answered_ends_after_a_time_whatever_else_is_told() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let begun = Instant::now();
    let runner = async {
        peer.asked().await;
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_secs(50)).await;
            peer.says(ToClient::Trouble("something else".into())).await;
        }
        peer
    };
    let (asked, _peer) = tokio::join!(session.ask(note("x"), &mut watcher), runner);
    let error = asked.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), TO_ANSWER.as_secs());
    assert_eq!(watcher.told.len(), 3);
    let pid = std::process::id();
    let told = error.to_string();
    assert!(
        told.starts_with(&format!("the runner of t-1 (process {pid}) does not answer \"note\"")),
        "{told}"
    );
    assert!(told.contains("180 s") && told.contains(&format!("kill {pid}")), "{told}");
    assert_eq!(watcher.ended, 0, "it is there");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_too_late_is_not_taken_for_the_next_one() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let runner = async {
        let (late, _) = peer.asked().await;
        let (next, _) = peer.asked().await;
        peer.answers(late).await;
        peer.records(&noted(2, "ada", "second")).await;
        peer.answers(next).await;
    };
    let client = async {
        let first = session.put(note("first"), &mut watcher).await.unwrap();
        assert_eq!(first, Answer::Silent);
        session.ask(note("second"), &mut watcher).await.unwrap();
    };
    tokio::join!(client, runner);
    assert_eq!(session.state().notes().len(), 1, "it was waited for the second one's answer");
}

#[tokio::test(start_paused = true)]
async fn a_question_that_is_not_answered_ends_after_a_time_and_the_session_goes_on() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let begun = Instant::now();
    let looked = session.look_back(&mut watcher).await.unwrap();
    let error = looked.unwrap_err();
    assert!(matches!(error, SessionError::Silent { waited: TO_LOOK, .. }), "{error}");
    assert_eq!(begun.elapsed().as_secs(), TO_LOOK.as_secs());
    assert_eq!(peer.hears().await, Some(ToRunner::LookBack));
    let runner = async {
        let (number, _) = peer.asked().await;
        peer.answers(number).await;
    };
    let (asked, ()) = tokio::join!(session.ask(note("x"), &mut watcher), runner);
    asked.unwrap();
}

#[tokio::test(start_paused = true)]
async fn waiting_until_a_time_tells_whether_it_came_to_that() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let soon = || Instant::now() + Duration::from_secs(5);
    assert!(!session.until_by(soon(), |state| state.notes().len() == 1, &mut watcher).await.unwrap());
    assert!(!session.wait_by(soon(), &mut watcher).await.unwrap());
    peer.records(&noted(2, "bob", "one")).await;
    assert!(session.until_by(soon(), |state| state.notes().len() == 1, &mut watcher).await.unwrap());
    peer.records(&noted(3, "bob", "two")).await;
    assert!(session.wait_by(soon(), &mut watcher).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_runner_that_takes_the_connection_and_says_nothing_is_told_with_what_to_do() {
    let fake = Fake::new();
    let begun = Instant::now();
    let (joined, _peer) = tokio::join!(fake.joins(), fake.accepts());
    let error = joined.unwrap_err();
    assert!(matches!(error, AttachError::Silent { .. }), "{error}");
    assert_eq!(begun.elapsed().as_secs(), 10);
    let (told, pid) = (error.to_string(), std::process::id());
    assert!(told.starts_with(&format!("the runner of t-1 (process {pid}) does not answer")), "{told}");
    assert!(told.contains(&format!("kill -CONT {pid}")) && told.contains(&format!("kill {pid}")), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_runner_that_stops_in_the_middle_of_its_welcome_is_told_too_and_a_slow_one_is_waited_for() {
    let fake = Fake::new();
    let slow = async {
        let mut peer = fake.accepts().await;
        for update in ToClient::welcome("# T\n".into(), &known(&[begun(), noted(2, "bob", "one")])) {
            tokio::time::sleep(Duration::from_secs(8)).await;
            peer.says(update).await;
        }
        tokio::time::sleep(Duration::from_secs(8)).await;
        peer.says(super::fake::control("ada", true)).await;
        peer
    };
    let (joined, _peer) = tokio::join!(fake.joins(), slow);
    assert_eq!(joined.unwrap().state().notes().len(), 1, "something came within each ten seconds");
    let stops = async {
        let mut peer = fake.accepts().await;
        peer.says(ToClient::Welcome { document: "# T\n".into(), records: 3 }).await;
        peer.says(ToClient::Known(known(&[begun()]))).await;
        peer
    };
    let (joined, _peer) = tokio::join!(fake.joins(), stops);
    assert!(matches!(joined, Err(AttachError::Silent { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_runner_that_hangs_is_left_all_the_same() {
    let fake = Fake::new();
    let (session, _peer) = fake.session(&[begun()]).await;
    let begun = Instant::now();
    session.leave().await;
    assert_eq!(begun.elapsed().as_secs(), 5);
}
