//! What masks hide: names for everybody, values for whoever has control, until they go.

use super::*;
use crate::mask::Hidden;
use crate::protocol::Values;
use crate::tui::screen::Screen;

fn declared() -> Hidden {
    Hidden::Declared("DB_PASSWORD".into())
}

fn masked(hidden: Vec<Hidden>) -> Event {
    Event::OutputMasked { command: "1/1".into(), attempt: Attempt(1), hidden }
}

fn with_masks() -> Desk {
    Desk::at(SHORT, &[started("1/1"), masked(vec![declared(), Hidden::Shaped])])
}

fn values() -> ToClient {
    ToClient::Values(Values(vec![(declared(), Some("s3cr3t".into()))]))
}

/// Asks for the values, up to where the runner has to answer.
fn ask(desk: &mut Desk) -> Vec<Effect> {
    desk.char('#');
    desk.char('v');
    desk.char('y')
}

#[test]
fn the_legend_names_what_is_masked_and_where() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('#');
    assert_eq!((desk.front(), desk.said()), (None, "nothing was masked so far"));
    let mut desk = with_masks();
    desk.char('#');
    let frame = desk.frame();
    assert!(frame.contains("DB_PASSWORD (a secret of this run): 1/1"), "{frame}");
    assert!(frame.contains("a key or token, known by its shape: 1/1"), "{frame}");
    desk.told(ToClient::Control(Control { holder: Some("bob".into()), yours: false, others: vec![] }));
    desk.char('#');
    assert!(desk.frame().contains("DB_PASSWORD"), "names are no secret");
}

#[test]
fn values_come_after_a_question_and_go_by_themselves() {
    let mut desk = with_masks();
    desk.char('#');
    assert!(desk.char('v').is_empty());
    assert!(desk.frame().contains("Check who can see it"), "{}", desk.frame());
    assert!(desk.key(KeyCode::Char('y')).is_empty(), "the question has to have stood");
    let effects = desk.char('y');
    assert_eq!(requests(&effects), [&Request::ShowSecrets { hidden: vec![declared()] }]);
    desk.happens(Event::SecretsShown { hidden: vec![declared()] });
    let effects = desk.told(values());
    let [Effect::HideAfter(_, number)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(desk.frame().contains("s3cr3t"), "{}", desk.frame());
    desk.take(Msg::Hide(number + 1));
    assert!(desk.frame().contains("s3cr3t"), "those of another time");
    desk.take(Msg::Hide(*number));
    assert!(!desk.frame().contains("s3cr3t"), "{}", desk.frame());
    assert_eq!(desk.front(), None);
}

#[test]
fn values_are_gone_with_the_box_with_control_and_with_the_runner() {
    let gone: [fn(&mut Desk); 3] = [
        |desk| drop(desk.press(KeyCode::Esc)),
        |desk| {
            let control = Control { holder: Some("bob".into()), yours: false, others: vec![] };
            desk.told(ToClient::Control(control));
        },
        |desk| drop(desk.take(Msg::RunnerGone)),
    ];
    for goes in gone {
        let mut desk = with_masks();
        ask(&mut desk);
        desk.told(values());
        assert!(desk.frame().contains("s3cr3t"));
        goes(&mut desk);
        assert!(!desk.frame().contains("s3cr3t"), "{}", desk.frame());
        assert!(!format!("{:?}", desk.app).contains("s3cr3t"));
    }
}

#[test]
fn values_that_nobody_waits_for_any_more_are_not_shown() {
    let mut desk = with_masks();
    ask(&mut desk);
    desk.press(KeyCode::Esc);
    assert!(desk.told(values()).is_empty());
    assert!(!desk.frame().contains("s3cr3t"));
    // Nor is anything waited for after a refusal.
    let number = match ask(&mut desk).as_slice() {
        [Effect::Send(ToRunner::Ask { number, .. })] => *number,
        other => panic!("{other:?}"),
    };
    desk.told(ToClient::Answered { number, refused: Some(crate::run::Refusal::NothingKept) });
    assert_eq!(desk.front(), None);
    assert!(desk.said().contains("appeared only in the output"));
}

#[test]
fn whoever_looks_on_gets_names_alone() {
    let mut desk = with_masks();
    desk.told(ToClient::Control(Control { holder: Some("bob".into()), yours: false, others: vec![] }));
    assert!(ask(&mut desk).is_empty());
    assert!(desk.said().contains("bob has control"));
    let mut desk = with_masks();
    desk.app.session.read_only = true;
    assert!(ask(&mut desk).is_empty());
    assert!(desk.said().contains("view only"));
    let mut desk = Desk::at(SHORT, &[started("1/1"), masked(vec![Hidden::Shaped])]);
    assert!(ask(&mut desk).is_empty());
    assert!(desk.said().contains("appeared only in the output"));
}

#[test]
fn the_output_that_is_read_has_a_legend_of_its_own() {
    let mut desk = with_masks();
    desk.app.screen = Screen::Output;
    desk.app.screens.output.command = Some("1/1".into());
    assert!(desk.frame().contains("2 masked, #"), "{}", desk.frame());
    desk.char('#');
    assert!(desk.frame().contains("the masks in 1/1"), "{}", desk.frame());
    desk.press(KeyCode::Esc);
    desk.app.screens.output.command = Some("1/2".into());
    desk.char('#');
    assert_eq!(desk.said(), "nothing is masked in this output");
}
