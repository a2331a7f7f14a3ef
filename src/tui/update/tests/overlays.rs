//! What lies over a screen gets the keys, and Esc gives them back.

use super::*;
use crate::run::SkipReason;

use crate::tui::dialogs::overlay::TextBox;
use crate::tui::screen::Screen;

#[test]
fn each_key_opens_its_overlay_which_takes_the_keys_until_esc() {
    let cases = [
        (KeyCode::Char('?'), "help"),
        (KeyCode::Char(':'), "palette"),
        (KeyCode::Char('w'), "why"),
        (KeyCode::Char('s'), "field Skip \"hostname\": why?"),
        (KeyCode::Char('e'), "field Change \"hostname\" (line 4)"),
        (KeyCode::Char('m'), "field \"hostname\" was done by hand: what was done?"),
        (KeyCode::Char('c'), "field Note about \"hostname\""),
        (KeyCode::Char('h'), "handover"),
        (KeyCode::Char('!'), "field A command of your own"),
    ];
    for (key, name) in cases {
        for esc in [(KeyCode::Esc, KeyModifiers::NONE), (KeyCode::Char('c'), KeyModifiers::CONTROL)] {
            let mut desk = Desk::at(SHORT, &[]);
            assert!(desk.key(key).is_empty(), "{name}");
            assert_eq!(desk.front().as_deref(), Some(name));
            desk.stand();
            for under in ['4', 'r', 'q'] {
                let effects = desk.char(under);
                assert!(effects.is_empty(), "{under} under {name}: {effects:?}");
                assert_eq!(desk.app.screen, Screen::Steps, "{under} under {name}");
                if desk.front().is_none() {
                    desk.key(key);
                }
            }
            desk.other(esc.0, esc.1, KeyEventKind::Press);
            assert!(desk.front().is_none(), "{name}");
            assert_eq!(
                runs(&desk.press(KeyCode::Enter)),
                ["1/1"],
                "after {name} the keys are the screen's again"
            );
        }
    }
}

#[test]
fn the_front_one_of_two_takes_the_keys() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('w');
    desk.take(Msg::Text(Box::new(TextBox { title: "Event 3".into(), lines: vec!["x".into()], row: 0 })));
    assert_eq!(desk.front().as_deref(), Some("text"));
    desk.press(KeyCode::Enter);
    assert_eq!(
        desk.front().as_deref(),
        Some("text"),
        "Enter would go to a line of the document in the one below"
    );
    desk.press(KeyCode::Esc);
    assert_eq!(desk.front().as_deref(), Some("why"));
    desk.press(KeyCode::Enter);
    assert_eq!(desk.app.screen, Screen::Document);
}

#[test]
fn pasted_text_goes_into_fields_and_acts_nowhere() {
    let mut desk = Desk::at(SHORT, &[]);
    let paste = |desk: &mut Desk, text: &str| desk.take(Msg::Paste(text.into(), desk.now));
    assert!(paste(&mut desk, "r\r\ny\r").is_empty());
    assert!(desk.front().is_none());
    desk.char('s');
    desk.stand();
    assert!(paste(&mut desk, "two\r\nlines").is_empty(), "a line end takes no field");
    let Some(Overlay::Field(field)) = desk.app.overlays.last() else { panic!("no field") };
    assert_eq!(field.editor.text(), "two  lines");
    let effects = desk.press(KeyCode::Enter);
    let reason = SkipReason::Operator("two  lines".into());
    assert_eq!(requests(&effects), [&Request::Skip { command: "1/1".into(), reason }]);
    desk.char('?');
    assert!(paste(&mut desk, "q").is_empty());
    assert_eq!(desk.front().as_deref(), Some("help"));
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.char('i');
    desk.stand();
    let effects = paste(&mut desk, "a\nb");
    assert_eq!(sent(&effects), &ToRunner::Keys { command: "1/1".into(), keys: b"a\rb".to_vec() });
}

#[test]
fn a_field_wants_words_and_keeps_what_was_typed() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('s');
    assert!(desk.press(KeyCode::Enter).is_empty());
    assert_eq!(desk.said(), "enter a few words; Esc cancels");
    assert_eq!(desk.front().as_deref(), Some("field Skip \"hostname\": why?"));
    for c in "not needed".chars() {
        desk.key(KeyCode::Char(c));
    }
    desk.take(Msg::Resize(90, 28));
    assert!(desk.key(KeyCode::Enter).is_empty(), "in another size it was not drawn yet");
    let reason = SkipReason::Operator("not needed".into());
    let effects = desk.press(KeyCode::Enter);
    assert_eq!(requests(&effects), [&Request::Skip { command: "1/1".into(), reason }]);
}

#[test]
fn a_running_command_is_ended_by_the_key_that_says_how() {
    for (code, signal) in
        [(KeyCode::Char('i'), "INT"), (KeyCode::Char('t'), "TERM"), (KeyCode::Char('x'), "KILL")]
    {
        let mut desk = Desk::at(SHORT, &[started("1/1")]);
        desk.key(KeyCode::F(8));
        assert!(desk.key(code).is_empty(), "{signal}: which command it is was not drawn yet");
        assert_eq!(desk.front().as_deref(), Some("stop"));
        for other in ['z', 'k', 'j'] {
            assert!(desk.char(other).is_empty(), "{other} moves in lists, or does nothing: it ends nothing");
        }
        let effects = desk.press(code);
        let cancel = Request::Cancel { command: "1/1".into(), signal: signal.into() };
        assert_eq!(requests(&effects), [&cancel]);
        assert!(desk.front().is_none());
    }
}

#[test]
fn the_question_how_to_end_a_command_goes_with_the_command() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.key(KeyCode::F(8));
    desk.happens(exited("1/1", 0));
    assert!(desk.front().is_none(), "the next command would be ended by the key");
    desk.press(KeyCode::F(8));
    assert_eq!((desk.front(), desk.said()), (None, "no command is running"));
}

#[test]
fn a_gate_is_decided_with_a_reason_where_something_is_open() {
    let mut desk = Desk::at(LONG, &looked());
    desk.press(KeyCode::Enter);
    assert_eq!(desk.front().as_deref(), Some("gate"));
    assert!(desk.key(KeyCode::Char('g')).is_empty(), "the board was not drawn yet");
    assert!(desk.char('y').is_empty());
    assert_eq!(desk.front().as_deref(), Some("gate"), "only g and F7 decide");
    let effects = desk.char('g');
    let wanted = Request::DecideGate { gate: GateId::Change, go: true, reason: String::new() };
    assert_eq!(requests(&effects), [&wanted], "nothing is open");
    let mut desk = Desk::at(LONG, &[started("1/1"), exited("1/1", 0)]);
    desk.app.overlays.push(Overlay::Gate(GateId::Change, 0));
    assert!(desk.char('g').is_empty());
    assert_eq!(desk.front().as_deref(), Some("field GO although something is open: why?"));
    assert!(desk.press(KeyCode::Enter).is_empty());
    assert_eq!(desk.said(), "something is open: give a reason");
    let wanted = Request::DecideGate { gate: GateId::Change, go: true, reason: "seen by hand".into() };
    assert_eq!(requests(&desk.fill("seen by hand")), [&wanted]);
    let mut desk = Desk::at(LONG, &looked());
    desk.press(KeyCode::Enter);
    assert!(desk.press(KeyCode::F(7)).is_empty());
    assert_eq!(desk.front().as_deref(), Some("field NO-GO ends the run: why?"));
    let effects = desk.fill("the window closes");
    let wanted = Request::DecideGate { gate: GateId::Change, go: false, reason: "the window closes".into() };
    assert_eq!(requests(&effects), [&wanted]);
}

#[test]
fn whom_to_call_is_copied() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('@');
    assert_eq!((desk.front(), desk.said()), (None, "the document names nobody to call"));
    let mut desk = Desk::at(LONG, &looked());
    desk.char('@');
    assert_eq!(desk.front().as_deref(), Some("contacts"));
    let effects = desk.char('y');
    assert!(matches!(effects.as_slice(), [Effect::Copy(text)] if text.contains("555-0100")), "{effects:?}");
}

#[test]
fn a_long_text_is_scrolled_to_its_end_and_no_further() {
    let mut desk = Desk::at(SHORT, &[]);
    let lines = (0..40).map(|n| format!("line {n}")).collect();
    desk.take(Msg::Text(Box::new(TextBox { title: "Verified".into(), lines, row: 0 })));
    for _ in 0..100 {
        desk.key(KeyCode::Char('j'));
    }
    let frame = desk.frame();
    assert!(frame.contains("line 39") && !frame.contains("rows more"), "{frame}");
    for _ in 0..100 {
        desk.key(KeyCode::Char('k'));
    }
    assert!(desk.frame().contains("line 0 "), "{}", desk.frame());
}
