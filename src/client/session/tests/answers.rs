//! A runner that answers: late, with a refusal, between other news.

use super::super::{Answer, SessionError};
use super::fake::{Fake, Watcher, begun, control, note, noted, notes};
use crate::client::Host;
use crate::protocol::{From, OutputPage, OutputQuery, ToClient, ToRunner, ToSign};
use crate::run::{Refusal, RunState, SignRole};
use crate::runbook::CommandId;

#[tokio::test]
async fn an_answer_may_come_after_other_news_which_are_folded_and_told() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let runner = async {
        let (number, request) = peer.asked().await;
        assert_eq!(request, note("mine"));
        peer.records(&noted(2, "bob", "his")).await;
        peer.says(ToClient::Trouble("no room".into())).await;
        peer.answers(number + 1).await;
        peer.records(&noted(3, "ada", "mine")).await;
        peer.answers(number).await;
    };
    let (asked, ()) = tokio::join!(session.ask(note("mine"), &mut watcher), runner);
    asked.unwrap();
    assert_eq!(notes(session.state()), ["his", "mine"]);
    assert_eq!(watcher.events(), [2, 3]);
    assert_eq!(watcher.before, [1, 2], "it is told of each before it is folded, too");
    assert!(watcher.told.contains(&ToClient::Trouble("no room".into())));
    assert_eq!((watcher.ended, watcher.rejoined), (0, 0));
}

#[tokio::test]
async fn a_refusal_is_an_error_in_the_runners_words_and_the_session_goes_on() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let runner = async {
        let (number, _) = peer.asked().await;
        peer.says(ToClient::Answered { number, refused: Some(Refusal::ReasonNeeded) }).await;
        let (again, _) = peer.asked().await;
        assert_eq!(again, number + 1, "each request has a number of its own");
        peer.says(ToClient::Answered { number: again, refused: Some(Refusal::Over) }).await;
    };
    let client = async {
        let refused = session.ask(note(""), &mut watcher).await.unwrap_err();
        assert_eq!(refused.to_string(), Refusal::ReasonNeeded.to_string());
        // Insisting is for runners that end, not for those that say no.
        let answer = session.insist(note("x"), &mut watcher).await.unwrap_err();
        assert!(matches!(answer, SessionError::Refused(Refusal::Over)), "{answer}");
    };
    tokio::join!(client, runner);
    assert_eq!(session.undone(Answer::Done).map(|e| e.to_string()), None);
}

#[tokio::test]
async fn a_question_is_answered_by_what_bears_its_number() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let page = |total| Ok(Box::new(OutputPage { total, ..OutputPage::default() }));
    let runner = async {
        let Some(ToRunner::Read { number, query }) = peer.hears().await else { panic!("no question") };
        peer.says(ToClient::Page { number: number + 7, query: query.clone(), page: page(1) }).await;
        peer.says(ToClient::Page { number, query, page: page(2) }).await;
    };
    let query = OutputQuery::new(CommandId("1/1".into()), From::End);
    let (read, ()) = tokio::join!(session.read_output(query, &mut watcher), runner);
    assert_eq!(read.unwrap().unwrap().unwrap().total, 2);
}

#[tokio::test]
async fn questions_of_every_kind_are_put_and_answered() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    let (one, two) = (CommandId("1/1".into()), CommandId("1/2".into()));
    let to_sign = ToSign { statement: "s".into(), log: "l".into() };
    let runner = async {
        assert_eq!(peer.hears().await, Some(ToRunner::Evaluate(one.clone())));
        peer.says(ToClient::Evaluated { command: two, target: vec!["$A is 2".into()] }).await;
        peer.says(ToClient::Evaluated { command: one.clone(), target: vec!["$A is 1".into()] }).await;
        assert_eq!(peer.hears().await, Some(ToRunner::LookBack));
        peer.says(ToClient::Found(Box::default())).await;
        assert!(matches!(peer.hears().await, Some(ToRunner::PrepareSignOff { keyed: true, .. })));
        peer.says(ToClient::ToSign(Box::new(Ok(to_sign.clone())))).await;
        assert!(matches!(peer.hears().await, Some(ToRunner::Secret { .. })));
        peer.says(ToClient::Answered { number: 0, refused: Some(Refusal::Over) }).await;
    };
    let client = async {
        assert_eq!(session.evaluate(&one, &mut watcher).await.unwrap().unwrap(), ["$A is 1"]);
        session.look_back(&mut watcher).await.unwrap().unwrap();
        let role = (SignRole::Reviewer, "rae");
        let prepared = session.prepare_sign_off(role, true, &mut watcher).await.unwrap().unwrap();
        assert_eq!(prepared.unwrap(), to_sign);
        let secret = session.tell_secret("TOKEN", "s3cr3t".into(), &mut watcher).await;
        assert_eq!(secret.unwrap().unwrap(), Err(Refusal::Over));
    };
    tokio::join!(client, runner);
}

#[tokio::test]
async fn control_is_asked_for_only_where_it_is_not_here() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher::default();
    session.take_control(&mut watcher).await.unwrap().unwrap();
    let runner = async {
        peer.says(control("bob", false)).await;
        assert_eq!(peer.hears().await, Some(ToRunner::TakeControl), "the first one found it here");
        peer.says(control("bob", false)).await;
        peer.says(control("ada", true)).await;
    };
    let client = async {
        let arrived = session.next().await;
        session.take(arrived, &mut watcher).await.unwrap();
        assert_eq!(session.control().holder.as_deref(), Some("bob"));
        session.take_control(&mut watcher).await.unwrap().unwrap();
    };
    tokio::join!(client, runner);
    assert!(session.control().yours);
}

#[tokio::test]
async fn whoever_watches_can_end_what_is_waited_for() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun()]).await;
    let mut watcher = Watcher { strict: true, ..Watcher::default() };
    let runner = async {
        peer.asked().await;
        peer.says(control("bob", false)).await;
    };
    let (asked, ()) = tokio::join!(session.ask(note("x"), &mut watcher), runner);
    assert!(matches!(asked, Err(SessionError::Ended)));
}

#[tokio::test]
async fn what_is_waited_for_may_be_so_already_or_come_later() {
    let fake = Fake::new();
    let (mut session, mut peer) = fake.session(&[begun(), noted(2, "ada", "one")]).await;
    let mut watcher = Watcher::default();
    let has = |count| move |state: &RunState| state.notes().len() >= count;
    session.until(has(1), &mut watcher).await.unwrap();
    let runner = async {
        peer.records(&noted(3, "bob", "two")).await;
        peer.records(&noted(4, "bob", "three")).await;
    };
    let (waited, ()) = tokio::join!(session.until(has(3), &mut watcher), runner);
    waited.unwrap();
    assert_eq!(notes(session.state()), ["one", "two", "three"]);
    let (state, ()) = tokio::join!(session.leave(), async {
        assert_eq!(peer.hears().await, Some(ToRunner::Leave));
        peer.says(ToClient::Ended).await;
    });
    assert_eq!(state.notes().len(), 3, "what is known stays");
}

#[tokio::test]
async fn a_run_within_this_process_ends_with_its_runner() {
    let fake = Fake::new();
    let records = [begun()];
    let (session, peer) = tokio::join!(fake.joins_on(Host::Within), fake.welcomes(&records));
    let (mut session, mut watcher) = (session.unwrap(), Watcher::default());
    assert!(!session.outlives_us());
    drop(peer);
    let waited = session.until(|_| false, &mut watcher).await;
    assert!(matches!(waited, Err(SessionError::Ended)));
    assert_eq!(watcher.ended, 0, "no other one is sought");
}
