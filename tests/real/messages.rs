//! Messages to a real receiver that fails and recovers; hooks that refuse; commands that have to be accepted.

use gonogo::config::Milestone;
use gonogo::run::{Event, Outcome};

use super::probes::http::{Does, Server};
use super::support::{Home, events};

/// A deployment with a service that goes down and comes up.
fn book(health: &str) -> String {
    format!(
        "# Shop\n\n## Steps\n\n### Step 1: Stop\n\n```bash\n./service stop\n```\n\n### Step 2: Start\n\n```bash\n./service start\ncurl --fail --silent {health}\n```\n"
    )
}

fn service(home: &Home) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.write("service", "#!/bin/sh\necho \"$1\"\n");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn milestones_reach_a_receiver_that_fails_at_first() {
    let home = Home::new();
    service(&home);
    let health = Server::start(Does::Answers(200, "fine", None));
    // The address is not looked at, so the commands tell when the service is down: its stop is only played here.
    // The receiver fails twice, then takes everything.
    let receiver = Server::start(Does::Fails(2));
    home.write("b.md", &book(&health.url("/health")));
    home.write(
        "gonogo.toml",
        &format!(
            "[probes.\"http.1\"]\non = false\n[messages]\nwebhook = \"{}\"\ncommand = \"cat >>told; echo >>told\"\n",
            receiver.url("/hook")
        ),
    );
    let refused = home.run(&["run", "b.md", "--headless", "--yes", "--allow-destructive"]);
    assert_eq!(refused.status, 2, "{}", refused.err);
    assert!(refused.err.contains("messages.command: cat >>told"), "{}", refused.err);
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--allow-destructive", "--accept-commands"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    // The runner goes when all was told.
    super::support::until("the runner to go", || home.processes().is_empty());
    let sent: Vec<(Milestone, String, u32, Option<String>)> = events(&home)
        .into_iter()
        .filter_map(|e| match e {
            Event::MessageSent { milestone, to, attempts, failed, .. } => {
                Some((milestone, to, attempts, failed))
            }
            _ => None,
        })
        .collect();
    let webhook: Vec<_> = sent.iter().filter(|(_, to, _, _)| to == "webhook").collect();
    let milestones: Vec<Milestone> = webhook.iter().map(|(m, ..)| *m).collect();
    assert_eq!(milestones, [Milestone::Started, Milestone::Down, Milestone::Up, Milestone::Done]);
    assert_eq!(webhook[0].2, 3, "two failures, then it was taken");
    assert!(sent.iter().all(|(_, _, _, failed)| failed.is_none()), "{sent:?}");
    let bodies = receiver.bodies.lock().unwrap().clone();
    let last: serde_json::Value = serde_json::from_str(bodies.last().unwrap()).unwrap();
    assert!(last["text"].as_str().unwrap().contains("deployed after"), "{last}");
    assert_eq!(last["milestone"], "done");
    assert_eq!(bodies.len(), 4 + 2);
    let told = std::fs::read_to_string(home.path().join("told")).unwrap();
    assert!(told.contains("the service has been down since") && told.contains("it was down for"), "{told}");
}

#[test]
fn a_receiver_that_refuses_is_told_of_in_the_record_and_holds_nothing_up() {
    let home = Home::new();
    service(&home);
    let health = Server::start(Does::Answers(200, "fine", None));
    let receiver = Server::start(Does::Answers(403, "go away", None));
    home.write("b.md", &book(&health.url("/health")));
    home.write(
        "gonogo.toml",
        &format!("[messages]\nwebhook = \"{}\"\non = [\"done\"]\n", receiver.url("/secret-path")),
    );
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--allow-destructive", "--accept-commands"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    super::support::until("the runner to go", || home.processes().is_empty());
    let events = events(&home);
    let sent: Vec<&Event> = events.iter().filter(|e| matches!(e, Event::MessageSent { .. })).collect();
    let [Event::MessageSent { milestone: Milestone::Done, failed: Some(why), attempts: 1, .. }] =
        sent.as_slice()
    else {
        panic!("{sent:?}");
    };
    assert_eq!(why, "it answered 403");
    assert!(
        !format!("{events:?}").contains("secret-path"),
        "an address of a webhook is as good as a password"
    );
}

#[test]
fn hooks_get_the_run_and_may_refuse() {
    let home = Home::new();
    home.write("b.md", "# T\n\n## Steps\n\n```bash\ntouch made\n```\n");
    let toml = "[hooks]\nbefore_start = \"cat >start.json; test ! -e frozen || { echo 'freeze until Monday'; exit 1; }\"\nbefore_gate = \"cat >gate.json\"\nbefore_finish = \"test -e approved || { echo 'no approval'; exit 1; }\"\n";
    home.write("gonogo.toml", toml);
    home.write("frozen", "");
    let start = ["run", "b.md", "--headless", "--yes", "--accept-commands"];
    let run = home.run(&start);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(run.err.contains("refused by before_start: freeze until Monday"), "{}", run.err);
    assert!(!home.path().join("made").exists());
    let left = std::fs::read_dir(home.path().join("state/runs")).unwrap().count();
    assert_eq!(left, 0, "a start that was refused leaves no run behind");
    std::fs::remove_file(home.path().join("frozen")).unwrap();
    let run = home.run(&start);
    assert!(run.err.contains("refused by before_finish: no approval"), "{}{}", run.out, run.err);
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(home.path().join(name)).unwrap()).unwrap()
    };
    assert_eq!(read("start.json")["run"]["start"]["operator"], "ada");
    let gate = read("gate.json");
    assert_eq!((&gate["hook"], &gate["request"]["go"]), (&"before_gate".into(), &true.into()));
    // What changes has to be accepted again; nobody is asked in the middle of a run.
    home.write("gonogo.toml", &toml.replace("approved", "agreed"));
    home.write("agreed", "");
    let refused = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(refused.status, 2, "{}", refused.err);
    assert!(refused.err.contains("--accept-commands"), "{}", refused.err);
    home.write("gonogo.toml", toml);
    home.write("approved", "");
    let run = home.run(&["resume", "--headless", "--yes"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let finished = events(&home).into_iter().any(|e| e == Event::RunFinished { outcome: Outcome::Deployed });
    assert!(finished);
}

#[test]
fn each_receiver_gets_its_own_form_and_none_waits_for_another() {
    let home = Home::new();
    service(&home);
    let health = Server::start(Does::Answers(200, "fine", None));
    let (chat, marks) =
        (Server::start(Does::Answers(200, "ok", None)), Server::start(Does::Answers(200, "{}", None)));
    home.write("b.md", &book(&health.url("/health")));
    let to = |name: &str, kind: &str, url: &str, more: &str| {
        format!("[[messages.to]]\nname = \"{name}\"\nkind = \"{kind}\"\nurl = \"{url}\"\n{more}\n")
    };
    home.write(
        "gonogo.toml",
        &[
            "[probes.\"http.1\"]\non = false\n".to_owned(),
            to("chat", "slack", &chat.url("/chat"), "on = [\"done\"]"),
            to("marks", "grafana", &marks.url("/"), "token_env = \"GRAFANA_TOKEN\"\non = [\"up\"]"),
            to("elsewhere", "slack", &chat.url("/other"), "environments = [\"Staging\"]"),
            to("room", "matrix", &chat.url("/room"), "token_env = \"NOT_SET\"\non = [\"done\"]"),
        ]
        .concat(),
    );
    let arguments = ["run", "b.md", "--headless", "--yes", "--allow-destructive", "--accept-commands"];
    let run = home.run_in(&arguments, &[("GRAFANA_TOKEN", "s3cret-of-grafana")]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    super::support::until("the runner to go", || home.processes().is_empty());
    let bodies: Vec<serde_json::Value> =
        chat.bodies.lock().unwrap().iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    assert_eq!(bodies.len(), 1, "one milestone in one form, and none of another environment: {bodies:?}");
    assert_eq!(bodies[0].as_object().unwrap().len(), 1);
    assert!(bodies[0]["text"].as_str().unwrap().contains("deployed after"));
    let mark: serde_json::Value = serde_json::from_str(&marks.bodies.lock().unwrap()[0]).unwrap();
    assert!(mark["timeEnd"].as_i64().unwrap() >= mark["time"].as_i64().unwrap(), "the whole outage: {mark}");
    let told: Vec<(String, Option<String>)> = events(&home)
        .into_iter()
        .filter_map(|e| match e {
            Event::MessageSent { to, failed, .. } => Some((to, failed)),
            _ => None,
        })
        .collect();
    assert!(told.contains(&("room".into(), Some("NOT_SET is not set".into()))), "{told:?}");
    assert!(told.contains(&("marks".into(), None)) && told.contains(&("chat".into(), None)), "{told:?}");

    let tried = home.run(&["messages", "test", "b.md", "--to", "chat"]);
    assert_eq!(tried.status, 0, "{}{}", tried.out, tried.err);
    assert!(chat.bodies.lock().unwrap().last().unwrap().contains("a test by ada"));
    let all = home.run(&["messages", "test", "b.md"]);
    assert_eq!(all.status, 1, "{}", all.out);
    assert!(all.out.contains("room") && all.out.contains("not taken: NOT_SET is not set"), "{}", all.out);
    assert!(home.run(&["messages", "test", "b.md", "--to", "nobody"]).err.contains("chat, marks"));
}
