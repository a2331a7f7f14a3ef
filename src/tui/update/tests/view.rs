//! The view: what follows from run, document and health is derived once, and drawing and keys go by the same.

use super::*;
use crate::tui::screen::Screen;

/// Each screen of a run.
fn each(test: impl Fn(Screen, &mut Desk)) {
    for (digit, screen) in Screen::TABS {
        let mut desk = Desk::at(LONG, &looked());
        desk.char(digit);
        desk.told(ToClient::Found(Box::default()));
        assert_eq!(desk.app.screen, screen);
        test(screen, &mut desk);
    }
}

#[test]
fn fifty_frames_without_a_change_derive_everything_once() {
    each(|screen, desk| {
        let mut frames = vec![desk.frame()];
        desk.draw();
        let derived = desk.app.view.derived();
        assert!(derived.0 > 0, "{screen:?}: the frame is drawn by the view");
        for _ in 1..50 {
            frames.push(desk.frame());
            desk.draw();
        }
        assert_eq!(desk.app.view.derived(), derived, "{screen:?}: nothing has changed");
        frames.dedup_by(|a, b| a.lines().skip(2).eq(b.lines().skip(2)));
        assert_eq!(frames.len(), 1, "{screen:?}");
    });
}

#[test]
fn keys_that_move_derive_nothing() {
    each(|screen, desk| {
        desk.frame();
        desk.stand();
        desk.key(KeyCode::Down);
        // What follows from the time is derived by the second, whoever asks.
        let (derived, _) = desk.app.view.derived();
        for key in [KeyCode::Down, KeyCode::Up, KeyCode::Down, KeyCode::End, KeyCode::Home] {
            desk.key(key);
        }
        assert_eq!(desk.app.view.derived().0, derived, "{screen:?}");
    });
}

#[test]
fn what_happens_in_the_run_is_derived_anew() {
    let mut desk = Desk::at(LONG, &looked());
    desk.frame();
    let (next, derived) = (desk.app.next().cloned(), desk.app.view.derived());
    desk.happens(go());
    assert_ne!(desk.app.next(), next.as_ref(), "the gate is behind");
    assert!(desk.app.view.derived().0 > derived.0);
    assert!(desk.frame().contains("gate: GO"));
}

#[test]
fn what_is_chosen_on_a_screen_is_derived_anew() {
    let mut desk = Desk::at(LONG, &looked());
    desk.char('9');
    assert!(desk.frame().contains("Port in use"));
    let all = desk.app.problem_rows().len();
    desk.char('/');
    desk.fill("no such words");
    assert!(all > 0 && desk.app.problem_rows().is_empty());
    assert!(!desk.frame().contains("Port in use"));
}

#[test]
fn enter_runs_what_the_view_that_was_drawn_has_at_the_cursor() {
    let mut desk = Desk::at(LONG, &[looked(), vec![go()]].concat());
    desk.char('9');
    desk.key(KeyCode::Down);
    desk.key(KeyCode::Down);
    desk.frame();
    desk.stand();
    // Something else is at the cursor now, and was not drawn.
    desk.app.screens.problems.typed = "nothing".into();
    assert!(desk.key(KeyCode::Enter).is_empty(), "the row at the cursor has gone");
    desk.app.screens.problems.typed = String::new();
    assert!(desk.key(KeyCode::Enter).is_empty(), "it came back, and has not stood there for a moment");
}
