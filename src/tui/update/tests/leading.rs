//! What Steps tells whoever leads a run: of a shell that is not ready, of what was run last, of what became of a row.

use super::*;
use crate::run::Outcome;
use crate::run::event::Start;

/// A run in which no shell has said where it is.
fn unready() -> Desk {
    let start = Start { environment: "Staging".into(), operator: "ada".into(), ..Start::default() };
    let state = RunState::new(read(SHORT)).apply(&record(Seq(1), Event::RunStarted(start)));
    let mut desk = Desk::open(SHORT);
    desk.attach(state);
    desk
}

#[test]
fn a_shell_that_is_not_ready_is_told_and_nothing_waits_unseen() {
    let mut desk = unready();
    let frame = desk.frame();
    assert!(frame.contains("The shell has been starting for 0 s"), "{frame}");
    assert!(!frame.contains("Enter runs it"));
    desk.app.session.since = Some(Utc::now() - chrono::TimeDelta::seconds(12));
    assert!(desk.frame().contains("~/.bash_profile"), "the cause is told once it is slow");
    for key in [KeyCode::Enter, KeyCode::Char('r')] {
        assert!(desk.press(key).is_empty());
        assert!(desk.said().starts_with("Not run. The shell has been starting for 12 s"), "{}", desk.said());
    }
    desk.happens(Event::PlaceObserved { place: here() });
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/1"]);
    // One that could not start is tried again by whoever runs something.
    let mut desk = unready();
    desk.told(ToClient::NoShell("bash ended with status 3".into()));
    assert!(desk.frame().contains("Enter runs it"), "{}", desk.frame());
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/1"]);
}

#[test]
fn what_is_said_at_length_covers_nothing_that_is_to_be_decided() {
    let mut desk = unready();
    desk.happens(Event::PlaceObserved { place: here() });
    let decided = |frame: &str| frame.contains("Enter runs it");
    assert!(decided(&desk.frame()));
    desk.told(ToClient::Trouble("a long word of trouble ".repeat(9)));
    let frame = desk.frame();
    assert!(decided(&frame) && frame.matches("word of trouble").count() > 3, "{frame}");
}

#[test]
fn output_is_named_by_its_command_and_the_last_one_of_a_step_stays_in_view() {
    let mut desk = Desk::at(LONG, &looked());
    desk.char('2');
    let number = match desk.app.questions.number() {
        0 => 0,
        next => next - 1,
    };
    let query = desk.app.screens.steps.tail.query(200).unwrap();
    let page = crate::protocol::OutputPage { total: 3, ..Default::default() };
    desk.told(ToClient::Page { number, query: Box::new(query), page: Ok(Box::new(page)) });
    let frame = desk.frame();
    assert!(frame.contains("2 Change (line"), "the next step is there: {frame}");
    assert!(frame.contains("output of \"uptime\": exit 0, 3 lines"), "{frame}");
}

#[test]
fn what_was_changed_and_what_was_continued_after_stay_on_their_rows() {
    let edit = Event::CommandEdited { command: "1/1".into(), text: "hostname -f".into() };
    let mut desk = Desk::at(SHORT, &[edit, started("1/1"), exited("1/1", 1)]);
    let skipped = Event::CommandSkipped {
        command: "1/1".into(),
        reason: crate::run::SkipReason::Operator("known".into()),
    };
    desk.happens(skipped);
    let frame = desk.frame();
    assert!(frame.contains("✎ edited  exit 1, continued"), "{frame}");
    desk.take(Msg::Resize(140, 40));
    assert!(desk.frame().contains("exit 1, continued after failure"));
}

#[test]
fn the_point_of_no_return_has_words() {
    let book = "# T\n## Steps\n```bash\npsql -c 'drop table notes'\n```\n";
    let frame = Desk::at(book, &[go()]).frame();
    assert!(frame.contains("◆ no return  ! destructive"), "{frame}");
    assert!(frame.contains("Point of no return: after this, rolling back means restoring data"), "{frame}");
}

#[test]
fn items_and_commands_are_named_by_their_words() {
    let mut desk = Desk::at(LONG, &[]);
    desk.char('1');
    desk.char('s');
    assert_eq!(desk.front().as_deref(), Some("field Skip \"Release notes read\": why?"));
}

#[test]
fn the_end_of_a_run_is_asked_about() {
    let mut desk = Desk::at(SHORT, &[started("1/1"), exited("1/1", 0), started("1/2"), exited("1/2", 0)]);
    desk.char('3');
    assert!(desk.char('f').is_empty());
    let ends = match desk.front().as_deref() {
        Some("ending") => desk.char('y'),
        Some("gate") => return,
        other => panic!("{other:?}"),
    };
    let finish = Request::Finish { outcome: Outcome::Deployed, reason: String::new() };
    assert_eq!(requests(&ends), [&finish]);
}

#[test]
fn what_is_missing_or_in_doubt_stands_above_the_start() {
    let book = "# T\n\n| Environment | URL |\n|---|---|\n| Staging | http://localhost:1 |\n| Local | http://localhost:2 |\n\n## Steps\n```bash\necho <RELEASE_NAME>\n```\n";
    let mut desk = Desk::open(book);
    let frame = desk.frame();
    let at = |text: &str| frame.lines().position(|line| line.contains(text));
    assert!(at("RELEASE_NAME has no value").is_some(), "{frame}");
    assert!(at("RELEASE_NAME has no value") < at("choose an environment to start"), "{frame}");
    desk.press(KeyCode::Enter);
    assert!(desk.frame().lines().any(|line| line.contains("▸ RELEASE_NAME")), "on what comes next");
}

#[test]
fn a_long_message_is_shown_to_its_end() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.take(Msg::Resize(80, 24));
    desk.told(ToClient::Trouble(format!("{} and this is its end", "a cause that takes its time ".repeat(4))));
    let frame = desk.frame();
    assert!(frame.contains("and this is its end"), "{frame}");
    assert!(frame.contains("▸· 1  hostname") && frame.contains("? help"), "{frame}");
}
