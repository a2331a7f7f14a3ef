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
    Event::PlaceEntered { command: id.into(), restored: vec![], terminals: false }
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
        self.ends(id);
    }

    /// A command ends where the shell was.
    fn ends(&mut self, id: &str) {
        let mut end = exited(id, 0);
        if let Event::CommandExited { place, .. } = &mut end {
            *place = self.state.place().clone();
        }
        self.happens(&end);
    }

    fn runs(&mut self, id: &str) {
        let run = self.run(id);
        self.happens(&run);
        self.ends(id);
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

#[test]
fn a_shell_that_is_elsewhere_by_no_command_is_asked_about_before_anything_runs() {
    let mut given = on_the_way();
    let elsewhere = Place { login: "ops@web-1".into(), directory: "/tmp".into() };
    given.happens(&Event::PlaceObserved { place: elsewhere });
    assert_eq!(flow::next(&given.state), Next::Place("1/3".into()));
    let refused = Refusal::Displaced("1/3".into(), "ops@web-1:/".into(), "ops@web-1:/tmp".into());
    assert_eq!(given.when(&given.run("1/3")), Err(refused));
    // What somebody types may go back, and so does an answer.
    given.happens(&Request::Add { text: "cd /".into() });
    let typed = given.state.added()[0].0.clone();
    let run = given.run(&typed);
    given.happens(&run);
    let mut back = exited(&typed, 0);
    if let Event::CommandExited { place, .. } = &mut back {
        *place = at("web-1");
    }
    given.happens(&back);
    assert_eq!(flow::next(&given.state), Next::Run("1/3".into()));
    given.happens(&Event::PlaceObserved { place: at("web-2") });
    assert!(matches!(given.when(&given.run("1/3")), Err(Refusal::Displaced(..))));
    let here = Request::ChoosePlace { command: "1/3".into(), choice: PlaceChoice::AlreadyHere };
    given.happens(&here);
    given.runs("1/3");
}

#[test]
fn what_follows_a_command_that_opened_a_shell_is_asked_about() {
    let mut given = Given::of("# T\n## Steps\n```bash\n./connect.sh\nrm -rf ./cache\nexit\n```\n");
    given.happens(&go());
    let run = given.run("1/1");
    given.happens(&run);
    given.happens(&Event::ShellOpened { command: "1/1".into(), by: "ssh web".into() });
    given.ends("1/1");
    assert_eq!(flow::next(&given.state), Next::Place("1/1".into()));
    assert_eq!(given.when(&given.run("1/2")), Err(Refusal::PlaceOpen("1/1".into())));
    let said = |choice| Request::ChoosePlace { command: "1/1".into(), choice };
    let mut there = Given { state: given.state.clone() };
    there.happens(&said(PlaceChoice::InteractiveThenStop));
    assert_eq!(flow::next(&there.state), Next::Elsewhere("1/2".into()));
    assert!(matches!(there.when(&there.run("1/2")), Err(Refusal::Elsewhere(..))));
    given.happens(&said(PlaceChoice::AlreadyHere));
    assert_eq!(flow::next(&given.state), Next::Run("1/2".into()));
    given.runs("1/2");
}

#[test]
fn the_place_that_the_run_is_in_is_noticed_at_the_head_of_the_next_step() {
    let mut given = Given::of(
        "# T\n## Step 1: One\n```bash\nssh ops@web-1\nls\n```\n## Step 2: Two\n```bash\nssh ops@web-1 # again\nls\nssh db\n```\n",
    );
    given.happens(&go());
    given.goes_through("1/1", "web-1");
    given.runs("1/2");
    let inside = |given: &Given, id: &str| {
        crate::run::places::already_inside(&given.state, given.state.find(&id.into()).unwrap())
    };
    assert_eq!(inside(&given, "2/1"), Some("1/1".into()));
    assert_eq!(inside(&given, "2/3"), None);
    assert_eq!(flow::next(&given.state), Next::Place("2/1".into()));
    given.happens(&Request::ChoosePlace { command: "2/1".into(), choice: PlaceChoice::AlreadyHere });
    given.runs("2/2");
    assert_eq!(given.state.entered(), ["1/1".into()]);
}

#[test]
fn each_line_says_in_which_place_it_runs() {
    use crate::text::{came_to, prompt};
    let mut given = Given::of(WAY);
    given.happens(&go());
    given.runs("1/1");
    assert_eq!(prompt(&given.state), "");
    given.goes_through("1/2", "web-1");
    assert_eq!(prompt(&given.state), "[ops@web-1] ");
    let exit = Exit::Status(0);
    assert_eq!(came_to(&given.state, &"1/2".into(), exit), "inside ops@web-1:/");
    assert_eq!(came_to(&given.state, &"1/2".into(), Exit::Status(255)), "exit 255");
    given.runs("1/3");
    assert_eq!(came_to(&given.state, &"1/3".into(), exit), "exit 0");
    given.happens(&Event::PlaceLeft { command: "1/2".into(), lost: None });
    given.happens(&Event::PlaceObserved { place: at("laptop") });
    assert_eq!(came_to(&given.state, &"1/8".into(), exit), "back at ops@laptop:/");
}
