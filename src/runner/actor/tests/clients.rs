//! Who follows, who has control, and what each gets.

use super::*;

fn control_of(guest: &Guest) -> Option<(Option<String>, bool)> {
    guest.updates().into_iter().rev().find_map(|update| match update {
        ToClient::Control(control) => Some((control.holder, control.yours)),
        _ => None,
    })
}

#[test]
fn who_comes_gets_everything_so_far_and_then_what_happens() {
    let mut stage = Stage::ready(BOOK);
    let known = stage.actor.state().seq().0;
    let ada = stage.comes("ada", Part::Operator);
    let updates = ada.updates();
    let ToClient::Welcome { document, records } = &updates[0] else { panic!("{:?}", updates[0]) };
    assert_eq!((document.as_str(), *records), (BOOK, known));
    let told: usize =
        updates.iter().map(|u| if let ToClient::Known(some) = u { some.len() } else { 0 }).sum();
    assert_eq!(told as u64, known);
    stage.runs(&ada, "1/1");
    let bob = stage.comes("bob", Part::Operator);
    let all = bob
        .updates()
        .into_iter()
        .filter_map(|u| if let ToClient::Known(some) = u { Some(some) } else { None });
    assert_eq!(all.flatten().count() as u64, stage.actor.state().seq().0);
}

#[test]
fn only_who_has_control_changes_anything_and_a_note_is_everybodys() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let bob = stage.comes("bob", Part::Operator);
    let eve = stage.comes("eve", Part::Looks);
    bob.updates();
    eve.updates();
    assert_eq!(stage.runs(&bob, "1/1"), Some(Err(Refusal::NoControl("ada".into()))));
    assert_eq!(stage.runs(&eve, "1/1"), Some(Err(Refusal::ViewOnly)));
    let note = |text: &str| Request::Note { about: String::new(), text: text.into(), issue: false };
    assert_eq!(stage.asks(&bob, note("seen")), Some(Ok(())));
    assert_eq!(stage.asks(&eve, note("seen")), Some(Err(Refusal::ViewOnly)));
    stage.actor.handle(Inbox::Client(bob.id, ToRunner::Keys { command: "1/1".into(), keys: b"y".to_vec() }));
    assert!(stage.sent().iter().all(|m| !matches!(m, ToShim::Keys { .. })));
    assert_eq!(stage.runs(&ada, "1/1"), Some(Ok(())));
}

#[test]
fn control_is_taken_openly_and_recorded() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let bob = stage.comes("bob", Part::Operator);
    bob.updates();
    let before = stage.actor.state().seq().0;
    stage.actor.handle(Inbox::Client(bob.id, ToRunner::TakeControl));
    assert_eq!(stage.stored(before), ["control_taken"]);
    assert_eq!(control_of(&ada), Some((Some("bob".into()), false)));
    assert_eq!(control_of(&bob), Some((Some("bob".into()), true)));
    assert_eq!(stage.runs(&ada, "1/1"), Some(Err(Refusal::NoControl("bob".into()))));
    assert_eq!(stage.runs(&bob, "1/1"), Some(Ok(())));
}

#[test]
fn nobody_gets_control_by_being_there_first_when_somebody_else_had_it() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    stage.actor.handle(Inbox::Left(ada.id));
    let bob = stage.comes("bob", Part::Operator);
    assert_eq!(control_of(&bob), Some((None, false)));
    assert_eq!(stage.runs(&bob, "1/1"), Some(Err(Refusal::NobodysControl)));
    let ada = stage.comes("ada", Part::Operator);
    assert_eq!(control_of(&ada), Some((Some("ada".into()), true)));
}

#[test]
fn what_was_handed_over_is_free_for_whoever_comes() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    assert_eq!(stage.asks(&ada, Request::HandOver { to: "cleo".into() }), Some(Ok(())));
    assert_eq!(stage.runs(&ada, "1/1"), Some(Err(Refusal::NobodysControl)));
    let cleo = stage.comes("cleo", Part::Operator);
    cleo.updates();
    assert_eq!(stage.runs(&cleo, "1/1"), Some(Ok(())));
}

#[test]
fn a_secret_goes_to_the_shell_and_into_no_record() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let secret = ToRunner::Secret { name: "API_TOKEN".into(), value: "s3cr3t-value".into() };
    stage.actor.handle(Inbox::Client(ada.id, secret));
    let told = stage
        .sent()
        .into_iter()
        .any(|m| matches!(m, ToShim::Secret { value, .. } if value == "s3cr3t-value"));
    assert!(told);
    let lines = stage.store.lines_of(&RunId("t-1".into()), Seq(0), usize::MAX).unwrap().join("\n");
    assert!(lines.contains("API_TOKEN") && !lines.contains("s3cr3t"), "{lines}");
    // What is typed is recorded, and so it must not hold it.
    let add = Request::Add { text: "curl -H s3cr3t-value localhost".into() };
    assert_eq!(stage.asks(&ada, add), Some(Err(Refusal::HoldsSecret("API_TOKEN".into()))));
}

#[test]
fn a_screen_reaches_who_comes_later() {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    stage.runs(&ada, "1/1");
    let screen = Box::new(Screen::default());
    stage.reports(FromShim::Screen { command: "1/1".into(), screen: screen.clone() });
    stage.reports(FromShim::Screen { command: "1/2".into(), screen });
    let screens = |guest: &Guest| -> Vec<CommandId> {
        let of = |u| if let ToClient::Screen { command, .. } = u { Some(command) } else { None };
        guest.updates().into_iter().filter_map(of).collect()
    };
    let bob = stage.comes("bob", Part::Looks);
    assert_eq!(screens(&bob), ["1/1".into()], "only of what runs");
    stage.exits("1/1", 1, Exit::Status(0), "one\n");
    let cleo = stage.comes("cleo", Part::Looks);
    assert!(screens(&cleo).is_empty());
}
