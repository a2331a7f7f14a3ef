//! Who has control: whoever has not looks on, and their keys act on nothing.

use super::*;

use super::super::super::app::Place;

fn held_by(holder: Option<&str>, yours: bool) -> ToClient {
    ToClient::Control(Control { holder: holder.map(str::to_owned), yours, others: vec!["ada".into()] })
}

#[test]
fn control_that_somebody_takes_closes_what_was_being_done() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.char('i');
    desk.take(Msg::Text(Box::default()));
    desk.told(held_by(Some("bob"), false));
    assert!(desk.app.keyboard.is_none(), "keys no longer reach the program");
    assert!(desk.front().is_none());
    let taken = Event::ControlTaken { by: "bob".into(), from: Some("ada".into()) };
    desk.happens(taken);
    assert_eq!(desk.said(), "bob took control from ada");
}

#[test]
fn keys_that_act_are_inert_without_control() {
    let on: [(Place, &[char]); 4] = [
        (Place::Steps, &['r', 's', 'e', 'm', 'a', 'x', 'y', 'n', 'h', 't', 'u', 'c', 'v', '!', 'i', 'b']),
        (Place::Checklist, &[' ', 'r', 's', 'c', 'h']),
        (Place::Log, &['f', 'v', 'c', 's']),
        (Place::Monitor, &['a', 'x', 'e']),
    ];
    for (place, keys) in on {
        let mut desk = Desk::at(LONG, &looked());
        desk.app.place = place;
        desk.told(held_by(Some("bob"), false));
        let keys = keys.iter().map(|c| KeyCode::Char(*c)).chain([KeyCode::F(8)]);
        for key in keys {
            desk.app.message = None;
            let effects = desk.press(key);
            assert!(effects.is_empty(), "{key} on {place:?}: {effects:?}");
            assert!(desk.front().is_none(), "{key} on {place:?}: {:?}", desk.front());
            let bound = desk.app.keys.action(place, &KeyEvent::new(key, KeyModifiers::NONE));
            let words = if bound.is_some() { "bob has control: F6 takes it" } else { "" };
            assert_eq!(desk.said(), words, "{key} on {place:?}");
        }
        assert!(desk.press(KeyCode::Enter).is_empty(), "Enter on {place:?}");
    }
}

#[test]
fn looking_goes_on_without_control() {
    let mut desk = Desk::at(LONG, &looked());
    desk.told(held_by(None, false));
    for (key, place) in
        [('1', Place::Checklist), ('3', Place::Log), ('4', Place::Commands), ('2', Place::Steps)]
    {
        desk.char(key);
        assert_eq!(desk.app.place, place);
    }
    assert!(!desk.char('o').is_empty(), "output can be read");
    assert_eq!(desk.app.place, Place::Output);
    desk.char('q');
    desk.char('r');
    assert_eq!(desk.said(), "nobody has control: F6 takes it");
}

#[test]
fn control_is_taken_with_two_keys() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.press(KeyCode::F(6));
    assert_eq!((desk.front(), desk.said()), (None, "you have control already"));
    desk.told(held_by(Some("bob"), false));
    desk.press(KeyCode::F(6));
    assert_eq!(desk.front().as_deref(), Some("control"));
    assert!(desk.key(KeyCode::Char('y')).is_empty(), "who has it was not drawn yet");
    assert!(desk.char('n').is_empty());
    assert_eq!(desk.front().as_deref(), Some("control"));
    assert_eq!(sent(&desk.char('y')), &ToRunner::TakeControl);
    let effects = desk.told(held_by(Some("ada"), true));
    assert!(
        matches!(sent(&effects), ToRunner::PaneSize { .. }),
        "whoever has control says how large the pane is"
    );
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/1"]);
}

#[test]
fn who_may_only_look_can_take_nothing() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.app.session.read_only = true;
    desk.told(held_by(Some("bob"), false));
    desk.press(KeyCode::F(6));
    assert_eq!((desk.front(), desk.said()), (None, "there is nothing to take control of"));
    desk.char('r');
    assert_eq!(desk.said(), "view only: nothing can be changed here");
}

#[test]
fn a_command_that_starts_takes_the_keyboard_of_whoever_has_control() {
    let book = "# T\n## Steps\n```bash\nnano /etc/notes.conf\nuptime\n```\n";
    for yours in [true, false] {
        let mut desk = Desk::at(book, &[]);
        desk.told(held_by(Some(if yours { "ada" } else { "bob" }), yours));
        desk.happens(started("1/1"));
        assert_eq!(desk.app.keyboard.is_some(), yours);
        desk.happens(exited("1/1", 0));
        assert!(desk.app.keyboard.is_none());
    }
}

#[test]
fn the_hand_over_tells_what_is_open_and_asks_who_goes_on() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('h');
    assert_eq!(desk.front().as_deref(), Some("field Hand over to"));
    assert!(desk.press(KeyCode::Enter).is_empty());
    assert_eq!(desk.said(), "enter a few words; Esc cancels");
    assert_eq!(requests(&desk.fill("bob")), [&Request::HandOver { to: "bob".into() }]);
    desk.happens(Event::HandedOver { to: "bob".into() });
    assert_eq!(desk.said(), "the run was handed over to bob");
}
