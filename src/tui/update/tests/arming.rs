//! What acts: only a key on what was drawn and has stood, and each press once.

use crossterm::event::{KeyCode, KeyEventKind, KeyModifiers};

use super::*;
use crate::run::ids::TextHash;
use crate::run::policy::Confirmation;

#[test]
fn enter_runs_what_was_drawn_once_it_has_stood() {
    let mut desk = Desk::open(SHORT);
    desk.attach(run_of(SHORT, "Staging", &[]));
    assert!(desk.key(KeyCode::Enter).is_empty(), "nothing was drawn yet");
    desk.draw();
    assert!(desk.key(KeyCode::Enter).is_empty(), "drawn, and seen by nobody yet");
    desk.passes(100);
    assert!(desk.key(KeyCode::Enter).is_empty(), "the key before it was too early");
    desk.passes(200);
    let effects = desk.key(KeyCode::Enter);
    let seq = desk.app.run.as_ref().unwrap().seq();
    let requests = requests(&effects);
    let [Request::Run { command, seen, confirmed, again }] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!(command.0, "1/1");
    assert_eq!((&seen.text, seen.seq), (&TextHash::of("hostname"), seq));
    assert_eq!((*confirmed, *again), (Confirmation::None, false));
}

#[test]
fn a_held_key_never_gets_through() {
    let mut desk = Desk::open(SHORT);
    desk.attach(run_of(SHORT, "Staging", &[]));
    desk.draw();
    for _ in 0..100 {
        desk.passes(30);
        desk.draw();
        assert!(desk.key(KeyCode::Enter).is_empty(), "each key puts it off again");
    }
    desk.passes(200);
    assert_eq!(runs(&desk.key(KeyCode::Enter)), ["1/1"]);
}

#[test]
fn repeats_and_releases_act_on_nothing() {
    let mut desk = Desk::at(SHORT, &[]);
    for kind in [KeyEventKind::Repeat, KeyEventKind::Release] {
        assert!(desk.other(KeyCode::Enter, KeyModifiers::NONE, kind).is_empty(), "{kind:?}");
    }
    desk.char('s');
    assert_eq!(desk.front().as_deref(), Some("field Skip \"hostname\": why?"));
    for kind in [KeyEventKind::Press, KeyEventKind::Repeat, KeyEventKind::Release] {
        desk.other(KeyCode::Char('a'), KeyModifiers::NONE, kind);
    }
    let Some(Overlay::Field(field)) = desk.app.overlays.last() else { panic!("no field") };
    assert_eq!(field.editor.text(), "aa", "in a field a held key repeats, and letting go is nothing");
}

#[test]
fn the_same_command_is_not_run_twice() {
    let mut desk = Desk::at(SHORT, &[]);
    assert_eq!(runs(&desk.key(KeyCode::Enter)), ["1/1"]);
    desk.happens(started("1/1"));
    assert!(desk.key(KeyCode::Enter).is_empty(), "what it would act on now was not drawn");
    assert!(desk.press(KeyCode::Enter).is_empty(), "it runs, and Enter asks for nothing");
    desk.happens(exited("1/1", 0));
    assert!(desk.key(KeyCode::Enter).is_empty(), "the next one was not drawn");
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/2"]);
}

#[test]
fn what_changes_under_a_key_has_to_be_seen_anew() {
    type Change = fn(&mut Desk);
    let changes: [(&str, Change); 5] = [
        ("the command is edited", |d| {
            d.happens(Event::CommandEdited { command: "1/1".into(), text: "rm -rf /".into() });
        }),
        ("another command is looked at", |d| {
            d.key(KeyCode::Down);
        }),
        ("something lies over it", |d| {
            d.take(Msg::Text(Box::default()));
        }),
        ("the terminal has another size", |d| {
            d.take(Msg::Resize(120, 40));
        }),
        ("the next thing is another", |d| {
            d.happens(started("1/1"));
        }),
    ];
    for (what, change) in changes {
        let mut desk = Desk::at(SHORT, &[]);
        assert!(desk.app.armed(desk.now), "before {what}");
        change(&mut desk);
        assert!(!desk.app.armed(desk.now), "{what}");
        assert!(runs(&desk.key(KeyCode::Char('r'))).is_empty(), "{what}");
        desk.stand();
        assert!(desk.app.armed(desk.now), "{what}, and it was seen");
    }
}

#[test]
fn new_output_does_not_put_keys_off() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.told(ToClient::Screen { command: "1/1".into(), screen: Box::default() });
    assert!(desk.app.armed(desk.now), "a command that prints all the time can be stopped");
    desk.key(KeyCode::F(8));
    assert_eq!(desk.front().as_deref(), Some("stop"));
}

#[test]
fn a_terminal_without_room_takes_no_key_but_to_leave() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.take(Msg::Resize(40, 10));
    for code in [KeyCode::Enter, KeyCode::Char('r'), KeyCode::Char(':'), KeyCode::Char('4')] {
        assert!(desk.press(code).is_empty(), "{code:?}");
        assert!(desk.front().is_none(), "{code:?}");
    }
    assert!(matches!(desk.press(KeyCode::Char('q')).as_slice(), [Effect::Quit]));
}

#[test]
fn keys_after_a_pane_wait_for_longer() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.char('i');
    assert_eq!(desk.app.keyboard.as_ref().map(|c| c.0.as_str()), Some("1/1"));
    desk.stand();
    let effects = desk.key(KeyCode::Char('x'));
    assert_eq!(sent(&effects), &ToRunner::Keys { command: "1/1".into(), keys: b"x".to_vec() });
    desk.happens(exited("1/1", 0));
    assert!(desk.app.keyboard.is_none(), "the pane gives the keyboard back when its command ends");
    desk.draw();
    desk.passes(200);
    assert!(desk.key(KeyCode::Enter).is_empty(), "typed for the pane, and it has just gone");
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/2"]);
}

#[test]
fn a_command_of_ones_own_runs_only_as_it_was_drawn() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('!');
    for c in "id".chars() {
        desk.key(KeyCode::Char(c));
    }
    desk.passes(400);
    assert!(desk.key(KeyCode::Enter).is_empty(), "what was typed stands in no frame yet");
    let effects = desk.press(KeyCode::Enter);
    assert_eq!(requests(&effects), [&Request::Add { text: "id".into() }]);
}
