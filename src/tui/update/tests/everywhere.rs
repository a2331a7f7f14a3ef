//! What is the same on every screen: its name, the way to the others, and keys that mean one thing.

use super::*;
use crate::tui::screen::Screen;

/// The line under the frame.
fn tabs(desk: &Desk, row: usize) -> String {
    desk.frame().lines().nth(row).unwrap().trim_matches('"').to_owned()
}

#[test]
fn every_screen_has_its_name_and_says_how_to_reach_the_others() {
    for size in [(80, 24), (60, 15), (140, 40), (200, 55)] {
        let mut desk = Desk::at(LONG, &looked());
        desk.take(Msg::Resize(size.0, size.1));
        for (digit, place) in Screen::TABS {
            desk.char(digit);
            let line = tabs(&desk, 2);
            assert!(line.contains(&format!("▸{digit} {}", place.name())), "{size:?} {place:?}: {line}");
            for (other, _) in Screen::TABS {
                assert!(line.contains(&format!("{other}")), "{size:?} {place:?}: {line}");
            }
            let last = desk.frame().lines().last().unwrap().to_owned();
            assert!(last.contains("? help"), "{size:?} {place:?}: {last}");
            let back = place == Screen::History || last.contains("F9 ");
            assert!(back, "{size:?} {place:?}: {last}");
        }
    }
    let desk = Desk::open(LONG);
    assert!(tabs(&desk, 1).starts_with("▸Start  5 Document  0 History"), "{}", tabs(&desk, 1));
}

#[test]
fn the_way_back_stays_on_the_last_line_whatever_is_asked() {
    for events in [vec![], looked(), [looked(), vec![go(), started("2/1"), exited("2/1", 1)]].concat()] {
        let mut desk = Desk::at(LONG, &events);
        desk.take(Msg::Resize(80, 24));
        desk.char('2');
        let last = desk.frame().lines().last().unwrap().to_owned();
        assert!(last.contains("F9 roll back") && last.contains("? help"), "{last}");
    }
}

#[test]
fn tab_goes_by_the_digits_and_back_again() {
    let mut desk = Desk::at(LONG, &looked());
    desk.char('1');
    for (_, place) in Screen::TABS.into_iter().cycle().skip(1).take(Screen::TABS.len()) {
        desk.press(KeyCode::Tab);
        assert_eq!(desk.app.screen, place);
    }
    desk.press(KeyCode::BackTab);
    assert_eq!(desk.app.screen, Screen::History);
}

#[test]
fn before_a_run_every_way_leads_back_to_the_start() {
    let mut desk = Desk::open(LONG);
    for (key, place) in [
        (KeyCode::Tab, Screen::Document),
        (KeyCode::Tab, Screen::History),
        (KeyCode::Char('5'), Screen::Document),
        (KeyCode::Char('0'), Screen::History),
        (KeyCode::Esc, Screen::Start),
        (KeyCode::BackTab, Screen::History),
        (KeyCode::Tab, Screen::Start),
    ] {
        desk.press(key);
        assert_eq!(desk.app.screen, place, "{key:?}");
    }
    // Nor does a way go round in a run.
    let mut desk = Desk::at(LONG, &looked());
    for key in ['o', '5', '0', '5'] {
        desk.char(key);
    }
    desk.press(KeyCode::Esc);
    assert_eq!(desk.app.screen, Screen::Steps);
}

#[test]
fn esc_goes_back_and_q_leaves_on_every_screen() {
    for (digit, place) in Screen::TABS {
        let mut desk = Desk::at(LONG, &looked());
        desk.char('2');
        desk.press(KeyCode::Up);
        assert!(desk.app.screens.steps.selected.is_some());
        desk.char(digit);
        desk.press(KeyCode::Esc);
        assert_eq!(desk.app.screen, Screen::Steps, "from {place:?}");
        desk.char(digit);
        assert!(matches!(desk.char('q')[..], [Effect::Quit]), "on {place:?}");
    }
}

#[test]
fn a_slash_finds_words_on_every_screen_with_rows() {
    let mut desk = Desk::at(LONG, &looked());
    for (digit, words) in [('1', "team"), ('2', "tail"), ('4', "1/2")] {
        desk.char(digit);
        desk.char('/');
        assert!(desk.front().is_some_and(|front| front.starts_with("field Find on")), "{digit}");
        desk.fill(words);
        assert!(desk.front().is_none(), "{digit}: {:?}", desk.front());
    }
    assert_eq!(desk.app.screens.checklist.item, 1);
    assert_eq!(desk.app.screens.steps.selected.as_ref().map(|id| id.0.as_str()), Some("2/2"));
    assert_eq!(desk.app.screens.commands.row, 1);
    desk.char('/');
    desk.fill("zzz");
    assert_eq!(desk.said(), "nothing here has \"zzz\"");
}
