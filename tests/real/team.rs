//! A team's store: what one machine runs the others see, and no two of them run in one environment. Two homes with state,
//! locks and processes of their own stand for two machines.

use std::process::Stdio;

use gonogo::config::StoreSettings;
use gonogo::run::Seq;
use gonogo::store::{Address, Filter, PostgresStore, Store};

use super::probes::postgres::Cluster;
use super::support::{Finished, Home, kill, store, until};

const BOOK: &str = "# Deploy the shop\n## Environments\n| Environment | URL |\n|---|---|\n\
                    | Production | https://shop.example.com |\n| Staging | https://s.shop.example.com |\n\
                    ## Steps\n```bash\necho one\n```\n";

struct Team {
    cluster: Cluster,
    ada: Home,
    bo: Home,
}

impl Team {
    fn start(test: &str) -> Option<Self> {
        let cluster = Cluster::start(test)?;
        let team = Self { cluster, ada: Home::new(), bo: Home::new() };
        let (url, password) = team.cluster.store("gonogo");
        let mut init = team.ada.command(&["store", "init", &url]);
        let secret = std::fs::read_to_string(&password).unwrap();
        let made = init.env("GONOGO_STORE_PASSWORD", secret.trim()).stdin(Stdio::null()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        for home in [&team.ada, &team.bo] {
            std::fs::create_dir_all(home.path().join(".config/gonogo")).unwrap();
            let settings =
                format!("[store]\nurl = {url:?}\npassword_file = {:?}\n", password.display().to_string());
            home.write(".config/gonogo/config.toml", &settings);
            home.write("b.md", BOOK);
        }
        Some(team)
    }

    /// The store itself.
    fn store(&self) -> PostgresStore {
        let (url, password) = self.cluster.store("gonogo");
        let StoreSettings { url, schema, .. } = StoreSettings::of(&url).unwrap();
        let password = Some(std::fs::read_to_string(password).unwrap().trim().to_owned());
        PostgresStore::open(&Address { url, password, schema }, "test", None).unwrap()
    }
}

fn runs(home: &Home, environment: &str) -> Finished {
    home.run(&["run", "b.md", "--env", environment, "--headless", "--yes"])
}

#[test]
fn what_one_machine_runs_another_one_sees() {
    let Some(team) = Team::start("what_one_machine_runs_another_one_sees") else { return };
    let ran = runs(&team.ada, "Staging");
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    let id = team.store().find(None).unwrap().0;
    assert!(!team.bo.path().join("state/runs").join(&id).exists(), "nothing of it lies here");
    let listed = team.bo.run(&["runs"]);
    assert!(listed.out.starts_with(&id) && listed.out.contains("deployed"), "{}{}", listed.out, listed.err);
    let status = team.bo.run(&["status", &id]);
    assert!(status.out.contains("progress 1 of 1 commands"), "{}{}", status.out, status.err);
    let log = team.bo.run(&["log", &id]);
    assert!(log.status == 0 && log.out.contains("**Environment:** Staging"), "{}{}", log.out, log.err);
    let here = store(&team.ada).lines_of(&gonogo::run::RunId(id.clone()), Seq(0), 1000).unwrap();
    let there = team.store().lines_of(&gonogo::run::RunId(id), Seq(0), 1000).unwrap();
    assert_eq!(here, there, "byte for byte");
}

#[test]
fn no_two_machines_run_in_one_environment() {
    let Some(team) = Team::start("no_two_machines_run_in_one_environment") else { return };
    let mut ada = team.ada.terminal(&["run", "b.md", "--env", "Production"], 100, 30);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "q");
    assert_eq!(ada.end(), 0);
    let held = runs(&team.bo, "Production");
    assert_eq!(held.status, 5, "{}{}", held.out, held.err);
    assert!(held.err.contains("Production at shop.example.com is held by run"), "{}", held.err);
    assert!(held.err.contains("last heard of"), "{}", held.err);
    assert_eq!(runs(&team.bo, "Staging").status, 0, "another environment is free");
    // It is not bo's to give up, and ada's when she does.
    let id = team.store().list(&Filter { unfinished: true, ..Filter::default() }).unwrap()[0].id.0.clone();
    let stopped = team.ada.run(&["stop", &id]);
    assert_eq!(stopped.status, 0, "{}{}", stopped.out, stopped.err);
    let free = runs(&team.bo, "Production");
    assert_eq!(free.status, 0, "{}{}", free.out, free.err);
}

#[test]
fn a_store_that_goes_away_meanwhile_has_everything_when_it_is_back() {
    let Some(team) = Team::start("a_store_that_goes_away_meanwhile_has_everything_when_it_is_back") else {
        return;
    };
    let gate = team.ada.path().join("gate");
    let book = BOOK.replace("echo one\n", "mkfifo gate; : > waits; read line < gate; : > ended\necho two\n");
    team.ada.write("b.md", &book);
    let mut run = team.ada.command(&["run", "b.md", "--env", "Staging", "--headless", "--yes"]);
    let run = run.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the command to wait", || team.ada.path().join("waits").exists());
    team.cluster.down();
    std::fs::write(&gate, "go on\n").unwrap();
    until("the command's end", || team.ada.path().join("ended").exists());
    team.cluster.up();
    let done = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert_eq!(done.status.code(), Some(0), "{said}");
    let id = team.store().find(None).unwrap();
    let here = store(&team.ada).lines_of(&id, Seq(0), 1000).unwrap();
    assert_eq!(here, team.store().lines_of(&id, Seq(0), 1000).unwrap());
    assert!(
        here.iter().filter(|line| line.contains("\"kind\":\"command_exited\"")).count() == 2,
        "{here:#?}"
    );
}

#[test]
fn with_the_store_away_a_machine_knows_its_own_runs() {
    let Some(team) = Team::start("with_the_store_away_a_machine_knows_its_own_runs") else { return };
    assert_eq!(runs(&team.ada, "Staging").status, 0);
    let id = team.store().find(None).unwrap().0;
    team.cluster.down();
    for verb in [&["runs"][..], &["status", &id], &["log", &id], &["verify", &id], &["output", &id, "1/1"]] {
        let own = team.ada.run(verb);
        assert_eq!(own.status, 0, "{verb:?}: {}{}", own.out, own.err);
        assert!(own.err.contains("only the runs of this machine are known"), "{verb:?}: {}", own.err);
    }
    let new = runs(&team.ada, "Staging");
    assert!(new.status != 0 && new.err.contains("could not"), "nothing begins: {}{}", new.out, new.err);
    let other = team.bo.run(&["status", &id]);
    assert!(other.status != 0 && other.err.contains("could not"), "{}", other.err);
    team.cluster.up();
    let back = team.bo.run(&["status", &id]);
    assert!(back.status == 0 && !back.err.contains("only the runs"), "{}{}", back.out, back.err);
}

#[test]
fn a_run_is_taken_up_while_the_store_is_away_and_sent_when_it_is_back() {
    let Some(team) = Team::start("a_run_is_taken_up_while_the_store_is_away_and_sent_when_it_is_back") else {
        return;
    };
    let mut ada = team.ada.terminal(&["run", "b.md", "--env", "Production"], 100, 30);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "q");
    assert_eq!(ada.end(), 0);
    let id = team.store().find(None).unwrap();
    let runner = team.ada.processes().into_iter().find(|(_, kind)| kind == "runner").unwrap().0;
    kill(runner);
    team.cluster.down();
    let mut again = team.ada.terminal(&["attach", &id.0], 100, 30);
    again.see("echo one");
    team.cluster.up();
    again.see("recording works again");
    again.press("Enter runs it", "\r");
    again.see("exit 0");
    until("the lines to be there", || {
        let here = store(&team.ada).lines_of(&id, Seq(0), 1000).unwrap();
        here.iter().any(|line| line.contains("command_exited"))
            && here == team.store().lines_of(&id, Seq(0), 1000).unwrap()
    });
    again.press("exit 0", "q");
    assert_eq!(again.end(), 0);
}
