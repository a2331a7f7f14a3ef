//! Variables without a value: the question before a command runs.

use super::*;

const BOOK: &str = "# T\n## Steps\n```bash\nls\nln -sfn releases/$VERSION current\n```\n";

fn fresh() -> Given {
    let mut given = Given::of(BOOK);
    given.happens(&go());
    given.happens(&given.run("1/1"));
    given.happens(&exited("1/1", 0));
    given
}

/// What running it leads to where this variable has no value.
fn without(given: &Given, name: &str) -> Result<Vec<Event>, Refusal> {
    let around = Surroundings { unset: vec![name.into()], ..Surroundings::default() };
    decide(&given.state, &given.run("1/2"), &around)
}

fn asks() -> Event {
    Event::UnsetFound { command: "1/2".into(), names: vec!["VERSION".into()] }
}

#[test]
fn a_command_without_a_value_is_asked_about_instead_of_started() {
    let mut given = fresh();
    assert_eq!(without(&given, "VERSION"), Ok(vec![asks()]));
    given.folds(asks());
    assert_eq!(flow::next(&given.state), flow::Next::Unset("1/2".into()));
    assert!(matches!(without(&given, "VERSION"), Err(Refusal::Unset(..))), "it is asked once");
    given.happens(&Request::Answer { command: "1/2".into(), holds: true });
    assert_eq!(flow::next(&given.state), flow::Next::Run("1/2".into()));
    assert!(matches!(without(&given, "VERSION").as_deref(), Ok([Event::CommandStarted { .. }])));
    assert_eq!(
        without(&given, "OTHER"),
        Ok(vec![Event::UnsetFound { command: "1/2".into(), names: vec!["OTHER".into()] }]),
        "the answer was about another variable"
    );
}

#[test]
fn an_answer_of_no_skips_it_and_a_value_takes_the_question_away() {
    let mut given = fresh();
    given.folds(asks());
    let mut valued = Given { state: given.state.clone() };
    given.happens(&Request::Answer { command: "1/2".into(), holds: false });
    assert_eq!(given.state.standing(&"1/2".into()), Standing::Skipped);
    valued.happens(&Request::SetParameter { name: "VERSION".into(), value: Some("1.5.0".into()) });
    assert_eq!(flow::next(&valued.state), flow::Next::Run("1/2".into()));
}
