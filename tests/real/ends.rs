//! How an unattended run ends for whoever called it: signals, a directory that is removed; and what can be read of it
//! elsewhere.

use std::process::{Child, Stdio};

use gonogo::exec::proc::ignored_signals;
use gonogo::run::{CommandState, Outcome};
use rustix::process::{Pid, Signal, kill_process};

use super::support::{Home, contents, state, the_run, until};

const RUN: &[&str] = &["run", "b.md", "--headless", "--yes"];

/// A first command that goes on until there is a file, and one behind it.
const BOOK: &str = "# Shop\n## Steps\n### Step 1: Wait\n```bash\ntouch began; until [ -e go ]; do sleep 0.02; done\n```\n### Step 2: Mark\n```bash\necho two >>trail\n```\n## Deployment Log\n```\nDate:\nWho:\nRolled back? yes/no\n```\n";

/// An unattended run whose first command is at work.
fn at_work(home: &Home, before: &str) -> Child {
    home.write("b.md", BOOK);
    let own = home.command(RUN);
    let script = format!("{before} exec \"$0\" \"$@\" >out 2>err");
    #[expect(clippy::disallowed_methods, reason = "a shell says where the output goes and what is ignored")]
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", &script]).arg(own.get_program()).args(own.get_args()).env_clear();
    shell.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let child = shell.current_dir(home.path()).stdin(Stdio::null()).spawn().unwrap();
    until("the first command", || home.path().join("began").exists());
    child
}

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(child.id().cast_signed()).unwrap();
    kill_process(pid, signal).unwrap();
}

fn nothing_is_left(home: &Home) {
    until("the end of all processes", || home.processes().is_empty());
}

#[test]
fn a_signal_ends_the_client_and_leaves_the_run_to_be_gone_on_with() {
    // What whoever runs the tests ignores (nohup) their children ignore as well.
    let ignored = |which: &Signal| ignored_signals() & (1 << (which.as_raw() - 1)) != 0;
    for which in [Signal::TERM, Signal::HUP, Signal::INT].into_iter().filter(|which| !ignored(which)) {
        let home = Home::new();
        let mut child = at_work(&home, "");
        signal(&child, which);
        assert_eq!(child.wait().unwrap().code(), Some(4), "{which:?}");
        let said = contents(&home.path().join("err"));
        assert!(
            said.contains("the command keeps running, then run") && said.contains("gonogo stop"),
            "{said}"
        );
        home.write("go", "");
        until("the end of its command", || {
            matches!(state(&home).command(&"1/1".into()), CommandState::Exited { .. })
        });
        assert!(!home.path().join("trail").exists(), "nothing new begins with nobody there");
        assert_eq!(home.run(RUN).status, 5, "its environment is held");
        assert_eq!(home.run(&["stop"]).status, 0);
        nothing_is_left(&home);
        assert_eq!(home.run(RUN).status, 0, "and is free then");
    }
}

#[test]
fn what_was_ignored_from_the_start_ends_nothing() {
    let home = Home::new();
    let mut child = at_work(&home, "trap '' HUP;");
    signal(&child, Signal::HUP);
    home.write("go", "");
    assert_eq!(child.wait().unwrap().code(), Some(0), "{}", contents(&home.path().join("err")));
    assert_eq!(state(&home).outcome().map(|(o, _)| o), Some(Outcome::Deployed));
    nothing_is_left(&home);
}

#[test]
fn no_new_step_starts_once_the_state_directory_was_removed() {
    let home = Home::new();
    let mut child = at_work(&home, "");
    std::fs::remove_dir_all(home.path().join("state")).unwrap();
    let said = || contents(&home.path().join("err"));
    until("a word about it while the command runs", || said().contains("was removed meanwhile"));
    home.write("go", "");
    assert_eq!(child.wait().unwrap().code(), Some(4), "{}", said());
    assert!(
        said().contains("no new step starts") && said().contains("its directory was removed"),
        "{}",
        said()
    );
    assert!(!home.path().join("trail").exists(), "the second step did not start");
    nothing_is_left(&home);
}

#[test]
fn a_log_is_read_from_an_archive_where_nothing_else_is_of_the_run() {
    let home = Home::new();
    home.write("go", "");
    home.write("b.md", BOOK);
    assert_eq!(home.run(RUN).status, 0);
    assert_eq!(home.run(&["export", "--out", "run.tar.gz"]).status, 0);
    let own = home.run(&["log"]);
    let elsewhere = Home::new();
    std::fs::copy(home.path().join("run.tar.gz"), elsewhere.path().join("run.tar.gz")).unwrap();
    let log = elsewhere.run(&["log", "run.tar.gz"]);
    assert_eq!((log.status, &log.out), (0, &own.out), "{}", log.err);
    assert!(log.out.contains("Rolled back? no") && log.out.contains("Who: ada"), "{}", log.out);
    let full = elsewhere.run(&["log", "run.tar.gz", "--full"]);
    assert!(full.out.contains("## What to look at first"), "{}{}", full.out, full.err);
    assert_eq!(elsewhere.run(&["log", "run.tar.gz", "--keep"]).status, 2);
}

#[test]
fn a_directory_that_holds_another_run_is_found_out() {
    let home = Home::new();
    home.write("go", "");
    home.write("b.md", BOOK);
    assert_eq!(home.run(RUN).status, 0);
    let run = the_run(&home);
    std::fs::rename(run.path(), run.path().with_file_name("shop-other1")).unwrap();
    let found = home.run(&["verify", "shop-other1"]);
    assert_eq!(found.status, 1, "{}{}", found.out, found.err);
    assert!(found.out.contains("the directory is one of shop-other1, and its journal of"), "{}", found.out);
}
