//! Places that are gone through.

use super::*;

const WAY: &str = "# T\n## Steps\n```bash\nhostname\nssh ops@web-1\ncd /srv\nsudo -i\nrm -rf ./cache\nexit\nls\nexit\ndate\n```\n## Rollback\n### Quick Rollback\n```bash\nls /srv\n```\n";

fn through(id: &str) -> Request {
    Request::ChoosePlace { command: id.into(), choice: PlaceChoice::Through }
}

fn at(host: &str) -> Place {
    Place { login: format!("ops@{host}"), directory: "/".into() }
}

fn entered(id: &str) -> Event {
    Event::PlaceEntered { command: id.into(), restored: vec![] }
}

fn left(id: &str) -> Event {
    Event::PlaceLeft { command: id.into(), lost: Some("the connection has ended".into()) }
}

impl Given {
    fn goes_through(&mut self, id: &str, host: &str) {
        self.happens(&through(id));
        let run = self.run(id);
        self.happens(&run);
        self.happens(&entered(id));
        self.happens(&Event::PlaceObserved { place: at(host) });
        self.happens(&exited(id, 0));
        self.happens(&Event::PlaceObserved { place: at(host) });
    }

    fn runs(&mut self, id: &str) {
        let run = self.run(id);
        self.happens(&run);
        self.happens(&exited(id, 0));
    }
}

fn on_the_way() -> Given {
    let mut given = Given::of(WAY);
    given.happens(&go());
    given.runs("1/1");
    given.goes_through("1/2", "web-1");
    given
}

#[test]
fn what_follows_runs_there_until_the_exit_that_comes_back() {
    let mut given = on_the_way();
    assert_eq!(flow::next(&given.state), Next::Run("1/3".into()));
    assert_eq!(given.when(&given.run("1/1")), Err(Refusal::TooFar("1/1".into(), "1/2".into())));
    given.runs("1/3");
    given.goes_through("1/4", "web-1");
    assert_eq!(given.state.entered(), ["1/2".into(), "1/4".into()]);
    given.happens(&Request::Skip { command: "1/5".into(), reason: SkipReason::Operator("kept".into()) });
    assert_eq!(
        flow::next(&given.state),
        Next::Run("1/6".into()),
        "an exit is run where there is a place to leave"
    );
    given.runs("1/6");
    given.happens(&Event::PlaceLeft { command: "1/4".into(), lost: None });
    given.happens(&Event::PlaceObserved { place: at("web-1") });
    assert_eq!(flow::next(&given.state), Next::Run("1/7".into()));
    given.runs("1/7");
    given.runs("1/8");
    given.happens(&Event::PlaceLeft { command: "1/2".into(), lost: None });
    given.happens(&Event::PlaceObserved { place: at("laptop") });
    assert_eq!(flow::next(&given.state), Next::Run("1/9".into()));
    assert!(given.state.entered().is_empty());
}

#[test]
fn a_place_that_was_lost_is_gone_to_again_before_anything_else() {
    let mut given = on_the_way();
    let run = given.run("1/3");
    given.happens(&run);
    given.happens(&left("1/2"));
    given.happens(&Event::PlaceObserved { place: at("laptop") });
    given.happens(&Event::CommandLost {
        command: "1/3".into(),
        attempt: Attempt(1),
        why: "cut".into(),
        survivors: vec![],
        unseen: true,
    });
    assert_eq!(flow::next(&given.state), Next::Place("1/2".into()));
    assert_eq!(given.when(&given.run("1/3")), Err(Refusal::PlaceLeft("1/2".into())));
    assert_eq!(given.state.left_because(&"1/2".into()), Some("the connection has ended"));
    given.goes_through("1/2", "web-1");
    assert_eq!(flow::next(&given.state), Next::Lost("1/3".into()), "nothing is run again by itself");
    given.happens(&Event::SurvivorsSeen { command: "1/3".into(), survivors: vec![] });
    assert!(matches!(given.state.command(&"1/3".into()), CommandState::Lost { unseen: false, .. }));
}

#[test]
fn a_host_of_another_environment_is_a_stop_before_and_after() {
    let given = Given::of(&WAY.replace("ops@web-1", "ops@staging-1"));
    assert_eq!(given.when(&through("1/2")), Err(Refusal::WrongHost("staging-1".into(), "Production".into())));
    let mut given = Given::of(WAY);
    given.happens(&go());
    given.runs("1/1");
    given.goes_through("1/2", "staging-1");
    assert_eq!(
        given.when(&given.run("1/3")),
        Err(Refusal::WrongHost("staging-1".into(), "Production".into()))
    );
}

#[test]
fn what_can_t_be_followed_is_refused() {
    let given = Given::of(&WAY.replace("ssh ops@web-1", "mosh web-1"));
    assert_eq!(given.when(&through("1/2")), Err(Refusal::NoEntrance("1/2".into())));
}

#[test]
fn after_the_end_the_place_can_be_gone_to_before_going_back() {
    let mut given = on_the_way();
    given.happens(&left("1/2"));
    given.happens(&Event::PlaceObserved { place: at("laptop") });
    given.happens(&Request::Finish { outcome: Outcome::Failed, reason: String::new() });
    assert_eq!(crate::run::places::missing_for_back(&given.state), Some("1/2".into()));
    assert_eq!(given.when(&through("1/4")), Err(Refusal::Over));
    given.goes_through("1/2", "web-1");
    assert_eq!(crate::run::places::missing_for_back(&given.state), None);
}
