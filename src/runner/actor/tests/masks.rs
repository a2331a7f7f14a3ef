//! What masks hide: recorded by name, its values for whoever has control and asks.

use super::*;
use crate::mask::{Hidden, MOST_TOLD};
use crate::protocol::Values;

fn declared(name: &str) -> Hidden {
    Hidden::Declared(name.into())
}

fn masked(command: &str, hidden: Vec<Hidden>) -> FromShim {
    FromShim::Masked { command: command.into(), attempt: Attempt(1), hidden }
}

/// A run in which a command has shown two masks.
fn with_masks() -> (Stage, Guest) {
    let mut stage = Stage::ready(BOOK);
    let ada = stage.ada();
    let secret = ToRunner::Secret { name: "DB_PASSWORD".into(), value: "s3cr3t-value".into() };
    stage.actor.handle(Inbox::Client(ada.id, secret));
    stage.runs(&ada, "1/1");
    let gone = Hidden::Environment("NOWHERE_PASSWORD".into());
    stage.reports(masked("1/1", vec![declared("DB_PASSWORD"), gone, Hidden::Shaped]));
    (stage, ada)
}

/// What somebody is shown who asks for values.
fn shown(stage: &mut Stage, guest: &Guest, hidden: Vec<Hidden>) -> (Option<Values>, Option<Refusal>) {
    guest.updates();
    let ask = ToRunner::Ask { number: 99, request: Request::ShowSecrets { hidden } };
    stage.actor.handle(Inbox::Client(guest.id, ask));
    let (mut values, mut refusal) = (None, None);
    for update in guest.updates() {
        match update {
            ToClient::Values(came) => values = Some(came),
            ToClient::Answered { number: 99, refused } => refusal = refused,
            _ => {}
        }
    }
    (values, refusal)
}

#[test]
fn what_masks_hide_is_recorded_once_by_its_name() {
    let (mut stage, _ada) = with_masks();
    let before = stage.actor.state().seq().0;
    stage.reports(masked("1/1", vec![declared("DB_PASSWORD"), Hidden::Shaped]));
    assert!(stage.stored(before).is_empty(), "it is known");
    let many = (0..100).map(|n| declared(&format!("T{n}"))).collect();
    stage.reports(masked("1/1", many));
    assert_eq!(stage.stored(before), ["output_masked"]);
    let hidden = &stage.actor.state().last_run(&"1/1".into()).unwrap().hidden;
    assert!(hidden.len() <= MOST_TOLD + 1 && hidden.contains(&Hidden::Others), "{hidden:?}");
    stage.reports(masked("7/7", vec![Hidden::Shaped]));
    assert_eq!(stage.stored(before).len(), 1, "nothing is told of what never ran");
}

#[test]
fn values_go_to_whoever_has_control_and_asks_and_into_no_record() {
    let (mut stage, ada) = with_masks();
    let before = stage.actor.state().seq().0;
    let gone = Hidden::Environment("NOWHERE_PASSWORD".into());
    let asked = vec![declared("DB_PASSWORD"), gone.clone(), Hidden::Shaped, declared("NEVER_MASKED")];
    let bob = stage.comes("bob", Part::Operator);
    bob.updates();
    let (values, refusal) = shown(&mut stage, &ada, asked);
    let expected = Values(vec![(declared("DB_PASSWORD"), Some("s3cr3t-value".into())), (gone, None)]);
    assert_eq!((values, refusal), (Some(expected), None));
    assert!(bob.updates().iter().all(|u| !matches!(u, ToClient::Values(_))), "for her alone");
    assert_eq!(stage.stored(before), ["secrets_shown"]);
    let lines = stage.store.lines_of(&RunId("t-1".into()), Seq(0), usize::MAX).unwrap().join("\n");
    assert!(lines.contains("DB_PASSWORD") && !lines.contains("s3cr3t") && !lines.contains("NEVER_MASKED"));
    assert!(!format!("{:?}", stage.actor.values_behind(&[declared("DB_PASSWORD")])).contains("s3cr3t"));
}

#[test]
fn values_are_shown_to_nobody_else() {
    let (mut stage, ada) = with_masks();
    let asked = || vec![declared("DB_PASSWORD")];
    let bob = stage.comes("bob", Part::Operator);
    let eve = stage.comes("eve", Part::Looks);
    let before = stage.actor.state().seq().0;
    let refused = Refusal::NoControl("ada".into());
    assert_eq!(shown(&mut stage, &bob, asked()), (None, Some(refused)));
    assert_eq!(shown(&mut stage, &eve, asked()), (None, Some(Refusal::ViewOnly)));
    assert_eq!(shown(&mut stage, &ada, vec![Hidden::Shaped]), (None, Some(Refusal::NothingKept)));
    stage.actor.handle(Inbox::Left(ada.id));
    let nobody = stage.comes("ada", Part::Unattended);
    assert_eq!(shown(&mut stage, &nobody, asked()), (None, Some(Refusal::ViewOnly)));
    assert!(!stage.stored(before).contains(&"secrets_shown".to_owned()));
}
