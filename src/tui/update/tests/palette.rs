//! `:` finds everything that can be done by its words, and does it as its key would.

use super::*;
use crate::config::ThemeName;

use crate::tui::dialogs::overlay::{Leads, Palette};
use crate::tui::keymap::Action;
use crate::tui::screen::Screen;

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
    assert_eq!(palette(&desk).leads(), Some(&Leads::Act(Action::Screen(Screen::Commands))));
    desk.key(KeyCode::Enter);
    assert_eq!(desk.app.screen, Screen::Commands, "looking needs no frame");
    assert!(desk.front().is_none());
}

#[test]
fn what_acts_is_named_and_waits_until_it_was_seen() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char(':');
    typed(&mut desk, "next thing");
    assert_eq!(palette(&desk).leads(), None, "words are too vague for what acts");
    assert!(desk.press(KeyCode::Enter).is_empty() && desk.front().as_deref() == Some("palette"));
    desk.key(KeyCode::Down);
    assert_eq!(palette(&desk).leads(), Some(&Leads::Act(Action::Next)));
    let entry = &palette(&desk).entries[palette(&desk).fitting[0]];
    assert!(entry.words.contains("1/1 hostname"), "what would run is named: {}", entry.words);
    assert!(desk.key(KeyCode::Enter).is_empty(), "what was chosen stands in no frame yet");
    assert_eq!(desk.front().as_deref(), Some("palette"));
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/1"]);
    assert!(desk.front().is_none());
}

#[test]
fn what_its_entries_would_do_is_renewed_as_the_run_goes_on() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.char(':');
    typed(&mut desk, "next thing");
    desk.key(KeyCode::Down);
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
    assert_eq!(palette(&desk).chosen, None, "nothing typed chooses nothing");
    for _ in 0..200 {
        desk.key(KeyCode::PageDown);
    }
    assert_eq!(palette(&desk).chosen, Some(palette(&desk).fitting.len() - 1));
    typed(&mut desk, "help");
    assert_eq!(palette(&desk).chosen, Some(0), "other letters begin at the best");
}

/// What Enter would do after this was typed.
fn after(desk: &mut Desk, text: &str) -> Option<Leads> {
    desk.char(':');
    typed(desk, text);
    let leads = palette(desk).leads().cloned();
    desk.key(KeyCode::Esc);
    leads
}

#[test]
fn names_that_everybody_knows_do_what_everybody_expects() {
    let mut desk = Desk::at(LONG, &looked());
    let act = |action| Some(Leads::Act(action));
    for (typed, leads) in [
        ("q", act(Action::Leave)),
        ("q!", act(Action::Leave)),
        ("quit", act(Action::Leave)),
        ("exit", act(Action::Leave)),
        ("help", act(Action::Help)),
        ("rollback", act(Action::Screen(Screen::Rollback))),
        ("roll back", act(Action::Screen(Screen::Rollback))),
        ("roll", act(Action::Screen(Screen::Rollback))),
        ("log", act(Action::Screen(Screen::Log))),
        ("health", act(Action::Screen(Screen::Health))),
        ("problems", act(Action::Screen(Screen::Problems))),
        ("contact", act(Action::Contacts)),
        ("no-go", act(Action::Next)),
        ("skip", act(Action::Skip)),
        ("theme", Some(Leads::Theme(ThemeName::ALL[0]))),
    ] {
        assert_eq!(after(&mut desk, typed), leads, ":{typed}");
    }
    assert!(
        matches!(after(&mut desk, "fail"), Some(Leads::On(Screen::Log, words)) if words.starts_with("F7"))
    );
    assert!(matches!(after(&mut desk, "hand"), Some(Leads::On(Screen::Checklist, _) | Leads::Act(_))));
}

#[test]
fn vague_words_choose_nothing_that_acts() {
    for events in [vec![], looked(), [looked(), vec![go()]].concat()] {
        let mut desk = Desk::at(LONG, &events);
        desk.char('2');
        for word in ["cancel", "kill", "abort", "back", "no", "se", "th", "co", "the", "command", "selected"]
        {
            let leads = after(&mut desk, word);
            let acts = |leads: &Leads| matches!(leads, Leads::Act(action) if action.acts());
            assert!(!leads.as_ref().is_some_and(acts), ":{word} would do {leads:?}");
        }
    }
}

#[test]
fn what_is_of_no_use_now_is_found_and_says_why() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char(':');
    typed(&mut desk, "yes");
    assert!(palette(&desk).entries[palette(&desk).fitting[0]].words.contains("not now: no question is open"));
    assert!(desk.press(KeyCode::Enter).is_empty());
    assert_eq!(desk.said(), "not now: no question is open that this would answer");
    desk.app.session.control.yours = false;
    assert!(matches!(after(&mut desk, "skip"), Some(Leads::NotNow(why)) if why.contains("has control")));
    assert_eq!(after(&mut desk, "output"), Some(Leads::Act(Action::Output)));
    let mut desk = Desk::open(SHORT);
    assert!(matches!(after(&mut desk, "log"), Some(Leads::NotNow(why)) if why.contains("not been started")));
    assert_eq!(after(&mut desk, "doc"), Some(Leads::Act(Action::Screen(Screen::Document))));
}
