//! `:` finds everything that can be done by its words, and does it as its key would.

use super::*;
use crate::config::ThemeName;

use super::super::super::app::{Leads, Palette, Place};
use super::super::super::keymap::Action;

fn palette(desk: &Desk) -> &Palette {
    let Some(Overlay::Palette(palette)) = desk.app.overlays.last() else { panic!("{:?}", desk.front()) };
    palette
}

fn typed(desk: &mut Desk, text: &str) {
    for c in text.chars() {
        desk.key(KeyCode::Char(c));
    }
}

#[test]
fn letters_choose_and_enter_does_it() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char(':');
    let all = palette(&desk).fitting.len();
    typed(&mut desk, "command log");
    assert!(palette(&desk).fitting.len() < all);
    assert_eq!(palette(&desk).leads(), Some(&Leads::Act(Action::Screen(Place::Commands))));
    desk.key(KeyCode::Enter);
    assert_eq!(desk.app.place, Place::Commands, "looking needs no frame");
    assert!(desk.front().is_none());
}

#[test]
fn what_acts_is_named_and_waits_until_it_was_seen() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char(':');
    typed(&mut desk, "next thing");
    let leads = palette(&desk).leads().cloned();
    assert_eq!(leads, Some(Leads::Act(Action::Next)));
    let entry = &palette(&desk).entries[palette(&desk).fitting[0]];
    assert!(entry.words.contains("1/1 hostname"), "what would run is named: {}", entry.words);
    assert!(desk.key(KeyCode::Enter).is_empty(), "what was typed stands in no frame yet");
    assert_eq!(desk.front().as_deref(), Some("palette"));
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/1"]);
    assert!(desk.front().is_none());
}

#[test]
fn what_its_entries_would_do_is_renewed_as_the_run_goes_on() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.char(':');
    typed(&mut desk, "next thing");
    desk.stand();
    desk.happens(exited("1/1", 0));
    let found = palette(&desk);
    assert_eq!(found.editor.text(), "next thing", "what was typed stays");
    let entry = &found.entries[found.fitting[0]];
    assert!(entry.words.contains("1/2 uptime"), "{}", entry.words);
    assert!(desk.key(KeyCode::Enter).is_empty(), "and it has to be seen");
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/2"]);
}

#[test]
fn it_leads_to_commands_and_colours() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char(':');
    typed(&mut desk, "go to 1/2");
    assert_eq!(palette(&desk).leads(), Some(&Leads::To("1/2".into())));
    desk.key(KeyCode::Enter);
    assert_eq!(desk.app.screens.steps.selected.as_ref().map(|c| c.0.as_str()), Some("1/2"));
    desk.char(':');
    typed(&mut desk, "go to 1/1");
    desk.key(KeyCode::Enter);
    assert!(desk.app.screens.steps.selected.is_none(), "the next thing is followed, not selected");
    desk.char(':');
    typed(&mut desk, "colours: light");
    desk.key(KeyCode::Enter);
    assert_eq!(desk.app.theme.name, ThemeName::Light);
}

#[test]
fn an_exclamation_mark_adds_a_command() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char(':');
    typed(&mut desk, "!id -u");
    assert!(palette(&desk).fitting.is_empty(), "a command is no search");
    assert!(desk.key(KeyCode::Enter).is_empty(), "it was not drawn yet");
    let effects = desk.press(KeyCode::Enter);
    assert_eq!(requests(&effects), [&Request::Add { text: "id -u".into() }]);
}

#[test]
fn what_is_called_nothing_does_nothing() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char(':');
    typed(&mut desk, "zzzzzz");
    assert!(desk.press(KeyCode::Enter).is_empty());
    assert_eq!(desk.said(), "no command matches \"zzzzzz\"");
}

#[test]
fn arrows_stay_within_what_fits() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char(':');
    desk.key(KeyCode::Up);
    assert_eq!(palette(&desk).chosen, 0);
    for _ in 0..200 {
        desk.key(KeyCode::PageDown);
    }
    assert_eq!(palette(&desk).chosen, palette(&desk).fitting.len() - 1);
    typed(&mut desk, "help");
    assert_eq!(palette(&desk).chosen, 0, "other letters begin at the best");
}

#[test]
fn without_control_it_offers_only_what_looks() {
    let mut desk = Desk::at(SHORT, &[]);
    let offers = |desk: &mut Desk, action: Action| {
        desk.char(':');
        let found = palette(desk).entries.iter().any(|e| e.leads == Leads::Act(action));
        desk.key(KeyCode::Esc);
        found
    };
    assert!(offers(&mut desk, Action::Skip) && offers(&mut desk, Action::Output));
    desk.app.session.control.yours = false;
    assert!(!offers(&mut desk, Action::Skip) && offers(&mut desk, Action::Output));
    let mut desk = Desk::open(SHORT);
    assert!(!offers(&mut desk, Action::Screen(Place::Log)), "there is no run yet");
    assert!(offers(&mut desk, Action::Screen(Place::Document)));
}
