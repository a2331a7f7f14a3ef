//! The view: what follows from run, document and health is derived once, and drawing and keys go by the same.

use std::time::Instant;

use super::*;
use crate::tui::screen::Screen;
use crate::tui::screens::problems::ProblemRow;

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

/// Nothing was derived again but what follows from the time, and that by the second.
fn derived_once(desk: &Desk, (parts, of_moments): (usize, usize), began: Instant) {
    let (now, moments) = desk.app.view.derived();
    assert_eq!(now, parts, "{:?}: nothing has changed", desk.app.screen);
    let seconds = began.elapsed().as_secs() as usize + 1;
    assert!(moments <= of_moments * (1 + seconds), "{:?}: {moments} in {seconds} s", desk.app.screen);
}

#[test]
fn fifty_frames_without_a_change_derive_everything_once() {
    each(|screen, desk| {
        desk.frame();
        desk.draw();
        let (derived, began) = (desk.app.view.derived(), Instant::now());
        assert!(derived.0 > 0, "{screen:?}: the frame is drawn by the view");
        for _ in 1..50 {
            desk.frame();
            desk.draw();
        }
        derived_once(desk, derived, began);
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
fn start_is_drawn_by_the_view_too() {
    let mut desk = Desk::open(LONG);
    desk.frame();
    let (derived, began) = (desk.app.view.derived(), Instant::now());
    assert!(derived.0 > 0, "the frame is drawn by the view");
    for _ in 1..50 {
        desk.draw();
        desk.frame();
    }
    derived_once(&desk, derived, began);
}

#[test]
fn a_command_stands_in_the_list_of_its_step_its_problem_or_by_itself() {
    let mut desk = Desk::at(LONG, &looked());
    let list = |desk: &Desk, id: &str| {
        let list = desk.app.list_with(&id.into());
        (list.title, list.commands.into_iter().map(|c| c.0).collect::<Vec<_>>())
    };
    assert_eq!(list(&desk, "1/2"), ("1 Look (line 14)".into(), vec!["1/1".into(), "1/2".into()]));
    let of_problem =
        |row: &ProblemRow| if let ProblemRow::Command(id) = row { Some(id.0.clone()) } else { None };
    let problem = desk.app.problem_rows().iter().find_map(of_problem).unwrap();
    let (title, commands) = list(&desk, &problem);
    assert!(title.starts_with("Port in use (line ") && commands == [problem], "{title}: {commands:?}");
    let own = Event::CommandAdded { command: "added.1".into(), text: "df".into(), before: None };
    assert_eq!(list(&desk, "added.1").0, "added.1, outside the steps");
    desk.happens(own);
    assert_eq!(list(&desk, "added.1"), ("added by hand, not in the document".into(), vec!["added.1".into()]));
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
