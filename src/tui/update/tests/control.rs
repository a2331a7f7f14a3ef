//! Who has control: whoever has not looks on, and their keys act on nothing.

use super::*;

use crate::tui::screen::Screen;

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
    let on: [(Screen, &[char]); 4] = [
        (Screen::Steps, &['r', 's', 'e', 'm', 'a', 'x', 'y', 'n', 'h', 't', 'u', 'c', 'v', '!', 'i', 'b']),
        (Screen::Checklist, &[' ', 'u', 'r', 's', 'c', 'h']),
        (Screen::Log, &['f', 'v', 'c', 's']),
        (Screen::Monitor, &['a', 'x', 'e']),
    ];
    for (place, keys) in on {
        let mut desk = Desk::at(LONG, &looked());
        desk.app.screen = place;
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
        [('1', Screen::Checklist), ('3', Screen::Log), ('4', Screen::Commands), ('2', Screen::Steps)]
    {
        desk.char(key);
        assert_eq!(desk.app.screen, place);
    }
    assert!(!desk.char('o').is_empty(), "output can be read");
    assert_eq!(desk.app.screen, Screen::Output);
    desk.press(KeyCode::Esc);
    desk.char('r');
    assert_eq!(desk.said(), "nobody has control: F6 takes it");
}

#[test]
fn control_is_taken_with_two_keys() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.press(KeyCode::F(6));
    assert_eq!((desk.front(), desk.said()), (None, "you already have control"));
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
    assert_eq!((desk.front(), desk.said()), (None, "there is no run to take control of"));
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
fn the_hand_over_tells_what_is_open_and_picks_from_who_is_there() {
    let mut desk = Desk::at(SHORT, &[]);
    let others = vec!["bob".to_owned(), "cleo".to_owned()];
    desk.told(ToClient::Control(Control { holder: Some("ada".into()), yours: true, others }));
    assert!(desk.frame().contains("you have control, with bob, cleo"));
    desk.char('h');
    assert_eq!(desk.front().as_deref(), Some("handover"));
    for c in "zoe".chars() {
        desk.key(KeyCode::Char(c));
    }
    let frame = desk.frame();
    assert!(frame.contains("Next: 1/1 hostname") && frame.contains("▸ bob"), "{frame}");
    desk.press(KeyCode::Down);
    assert!(desk.key(KeyCode::Enter).is_empty(), "who it is was not drawn yet");
    assert_eq!(requests(&desk.press(KeyCode::Enter)), [&Request::HandOver { to: "cleo".into() }]);
    desk.happens(Event::HandedOver { to: "cleo".into() });
    assert_eq!(desk.said(), "the run was handed over to cleo");
    // Alone, it is left to whoever comes.
    desk.told(ToClient::Control(Control { holder: Some("ada".into()), yours: true, others: vec![] }));
    desk.char('h');
    assert_eq!(
        requests(&desk.press(KeyCode::Enter)),
        [&Request::HandOver { to: "whoever comes next".into() }]
    );
}
