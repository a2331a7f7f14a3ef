//! Processes are killed; what they did and what they knew is not.

use std::cell::RefCell;

use gonogo::run::{Event, Exit};
use rustix::process::{Pid, Signal, kill_process};

use super::support::Home;
use super::{
    count, process, records, start_run, tell_it_to_end, the_run, until, until_written, waits_for_go,
};

/// A book of these commands.
fn book(home: &Home, commands: &str) {
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{commands}\n```\n"));
}

/// Starts a run on the screens and its first command, and waits until that has begun.
fn begun(home: &Home) -> super::support::Terminal {
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    start_run(&mut terminal);
    terminal.press("Enter runs it", "\r");
    until_written(home, "mark", "begun");
    terminal
}

fn kill_client(terminal: &mut super::support::Terminal) {
    terminal.child.kill().unwrap();
    terminal.child.wait().unwrap();
}

fn exited_with(home: &Home, status: i32) -> usize {
    count(home, |e| matches!(e, Event::CommandExited { exit: Exit::Status(s), .. } if *s == status))
}

#[test]
fn a_killed_client_changes_nothing_and_the_next_one_shows_the_same_screen() {
    let home = Home::new();
    book(&home, &format!("seq 60; echo 'this stays on screen'; {}", waits_for_go(7)));
    let mut terminal = begun(&home);
    terminal.see("this stays on screen");
    kill_client(&mut terminal);
    let mut terminal = home.terminal(&[], 100, 30);
    terminal.see("this stays on screen");
    terminal.see("60");
    tell_it_to_end(&home);
    terminal.see("Ended: exit 7");
    assert_eq!(
        count(&home, |e| matches!(e, Event::RunResumed { .. })),
        0,
        "its runner was there all the time"
    );
}

#[test]
fn leaving_is_not_stopping() {
    let home = Home::new();
    book(&home, &waits_for_go(0));
    let mut terminal = begun(&home);
    terminal.press("F8", "q");
    assert_eq!(terminal.end(), 0);
    assert!(
        terminal.text().contains("The run continues, 1/1 is still running; gonogo brings you back"),
        "{}",
        terminal.text()
    );
    tell_it_to_end(&home);
    until("its end", || exited_with(&home, 0) == 1);
}

#[test]
fn a_killed_runner_is_replaced_at_once_and_neither_output_nor_exit_status_is_lost() {
    let home = Home::new();
    book(&home, &format!("{}; echo ' and its last line'", waits_for_go(0)));
    let mut terminal = begun(&home);
    let (before, shim) = (process(&home, "runner"), process(&home, "shim"));
    home.kill(&["runner"]);
    // The client starts the next one by itself.
    until("another runner", || home.processes().iter().any(|(pid, kind)| kind == "runner" && *pid != before));
    assert_eq!(process(&home, "shim"), shim, "the place goes on");
    tell_it_to_end(&home);
    terminal.see("and its last line");
    terminal.see("All commands are settled");
    assert_eq!(count(&home, |e| matches!(e, Event::RunResumed { .. })), 1);
    assert_eq!(count(&home, |e| matches!(e, Event::CommandLost { .. })), 0);
    let raw = std::fs::read_to_string(super::recording(the_run(&home).path(), "1_1.1.raw")).unwrap();
    assert!(raw.ends_with(" and its last line\r\n"), "{raw}");
}

#[test]
fn a_runner_that_can_not_be_had_is_tried_for_until_it_can() {
    let home = Home::new();
    book(&home, &waits_for_go(7));
    let mut terminal = begun(&home);
    let client = Pid::from_child(&terminal.child);
    kill_process(client, Signal::STOP).unwrap();
    home.kill(&["runner"]);
    // Somebody else has the run when the client looks for a runner.
    let run = the_run(&home);
    let owned = RefCell::new(None);
    until("the runner's end", || {
        *owned.borrow_mut() = run.own().unwrap();
        owned.borrow().is_some()
    });
    kill_process(client, Signal::CONT).unwrap();
    terminal.see("trying again");
    drop(owned);
    terminal.see("another process owns the run now");
    tell_it_to_end(&home);
    terminal.see("Ended: exit 7");
    assert_eq!(count(&home, |e| matches!(e, Event::RunResumed { .. })), 1);
}

#[test]
fn an_end_that_nobody_saw_is_told_to_the_next_runner() {
    let home = Home::new();
    book(&home, &waits_for_go(7));
    let mut terminal = begun(&home);
    kill_client(&mut terminal);
    home.kill(&["runner"]);
    tell_it_to_end(&home);
    until_written(&home, "mark", "ended");
    let mut terminal = home.terminal(&[], 100, 30);
    terminal.see("Ended: exit 7");
    assert_eq!(exited_with(&home, 7), 1);
}

#[test]
fn an_end_that_nobody_saw_outlives_the_place_too() {
    let home = Home::new();
    book(&home, &waits_for_go(7));
    let mut terminal = begun(&home);
    kill_client(&mut terminal);
    home.kill(&["runner"]);
    tell_it_to_end(&home);
    let ledger = the_run(&home).path().join("place/ledger.jsonl");
    until("its end in the ledger", || super::contents(&ledger).contains("Exited"));
    home.kill(&["shim"]);
    let mut terminal = home.terminal(&[], 100, 30);
    terminal.see("Ended: exit 7");
    assert_eq!((exited_with(&home, 7), count(&home, |e| matches!(e, Event::CommandLost { .. }))), (1, 0));
}

#[test]
fn a_command_that_was_never_handed_over_is_known_not_to_have_run() {
    let home = Home::new();
    book(&home, "echo begun >>mark");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    start_run(&mut terminal);
    terminal.see_live("Enter runs it");
    let shim = Pid::from_raw(process(&home, "shim").cast_signed()).unwrap();
    kill_process(shim, Signal::STOP).unwrap();
    terminal.type_keys("\r");
    until("its start", || count(&home, |e| matches!(e, Event::CommandStarted { .. })) == 1);
    kill_client(&mut terminal);
    home.kill(&["runner", "shim"]);
    let mut terminal = home.terminal(&[], 100, 30);
    terminal.press("Enter runs it", "\r");
    terminal.see_live("All commands are settled");
    assert_eq!(super::contents(&home.path().join("mark")), "begun\n", "it ran once");
    assert_eq!(count(&home, |e| matches!(e, Event::CommandNotStarted { .. })), 1);
}

#[test]
fn a_killed_place_is_replaced_with_its_values_and_what_it_left_behind_is_named() {
    let home = Home::new();
    // It is only left behind once it no longer minds being hung up.
    let left = "setsid sh -c 'trap \"\" HUP; echo >up; exec sleep 987' </dev/null >/dev/null 2>&1 & until [ -e up ]; do sleep 0.02; done; ";
    book(&home, &format!("NAME=kept\n{left}{}\necho \"still $NAME\"", waits_for_go(0)));
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    start_run(&mut terminal);
    terminal.press("Enter runs it", "\r");
    terminal.see("exit 0");
    terminal.press("▸· 2", "\r");
    until_written(&home, "mark", "begun");
    home.kill(&["shim"]);
    terminal.see_live("Lost, outcome unknown");
    terminal.see_live("sleep 987 (process");
    terminal.type_keys("m");
    terminal.see_live("was done by hand");
    terminal.type_keys("looked at it\r");
    terminal.press("Enter runs it", "\r");
    terminal.see("still kept");
    let survivors = records(&home).into_iter().find_map(|r| match r.event {
        Event::CommandLost { survivors, .. } => Some(survivors),
        _ => None,
    });
    let survivors = survivors.unwrap();
    assert_eq!(survivors.len(), 1, "{survivors:?}");
    assert_eq!(super::contents(&home.path().join("mark")), "begun\n", "nothing is run again by itself");
}

#[test]
fn with_everything_killed_the_run_goes_on_where_it_was() {
    let home = Home::new();
    book(&home, &format!("{}\necho after", waits_for_go(0)));
    let mut terminal = begun(&home);
    kill_client(&mut terminal);
    home.kill(&["runner", "shim"]);
    let mut terminal = home.terminal(&["attach"], 100, 30);
    terminal.see_live("Lost, outcome unknown");
    terminal.press("Lost, outcome unknown", "q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(super::contents(&home.path().join("mark")), "begun\n");
}

#[test]
fn a_secret_that_went_with_its_processes_is_asked_for_again() {
    let home = Home::new();
    book(&home, "echo one\ntest -n \"$API_TOKEN\" && echo same >>mark");
    let arguments = ["run", "b.md", "--set", "API_TOKEN=s3cr3t-one"];
    let mut terminal = home.terminal(&arguments, 100, 30);
    start_run(&mut terminal);
    terminal.press("Enter runs it", "\r");
    terminal.see_live("exit 0");
    // A runner alone gets it back from the place.
    home.kill(&["runner"]);
    terminal.see("another process owns the run now");
    kill_client(&mut terminal);
    home.kill(&["runner", "shim"]);
    let mut terminal = home.terminal(&[], 100, 30);
    terminal.see_live("uses API_TOKEN, whose value was lost");
    terminal.type_keys("v");
    terminal.see_live("never shown");
    terminal.type_keys("s3cr3t-one\r");
    terminal.press("Enter runs it", "\r");
    until_written(&home, "mark", "same");
    assert!(!terminal.text().contains("s3cr3t"), "{}", terminal.text());
}

#[test]
fn a_place_that_hangs_is_named_and_not_taken_for_lost() {
    let home = Home::new();
    book(&home, &waits_for_go(7));
    let mut terminal = begun(&home);
    kill_client(&mut terminal);
    let shim = process(&home, "shim");
    let stopped = Pid::from_raw(shim.cast_signed()).unwrap();
    kill_process(stopped, Signal::STOP).unwrap();
    home.kill(&["runner"]);
    let resumed = home.run(&["resume", "--headless", "--yes"]);
    assert_eq!(resumed.status, 1, "{}", resumed.err);
    assert!(resumed.err.contains(&format!("(process {shim}) does not answer")), "{}", resumed.err);
    kill_process(stopped, Signal::CONT).unwrap();
    let mut terminal = home.terminal(&[], 100, 30);
    terminal.see("It is running.");
    tell_it_to_end(&home);
    terminal.see("Ended: exit 7");
    assert_eq!(count(&home, |e| matches!(e, Event::CommandLost { .. })), 0);
    assert_eq!(super::contents(&home.path().join("mark")), "begun\nended\n");
}

#[test]
fn a_shell_that_can_not_start_is_said_and_tried_again_when_it_can() {
    let home = Home::new();
    book(&home, "echo one >>mark");
    home.write(".bash_profile", "exit 3\n");
    let started = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(started.status, 4, "{}", started.err);
    assert!(started.err.contains("gonogo stop"), "{}", started.err);
    assert!(
        started.err.contains("gonogo could not get a shell: bash ended with status 3"),
        "{}",
        started.err
    );
    let mut terminal = home.terminal(&[], 100, 30);
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.press("Enter runs it", "\r");
    terminal.see("gonogo could not get a shell");
    home.write(".bash_profile", "");
    terminal.press("Enter runs it", "\r");
    terminal.see_live("All commands are settled");
    assert_eq!(super::contents(&home.path().join("mark")), "one\n");
}

#[test]
fn a_shell_that_takes_long_to_start_is_waited_for_and_that_is_said() {
    let home = Home::new();
    book(&home, "echo one >>mark");
    home.write(".bash_profile", "until [ -e go ]; do sleep 0.02; done\n");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    start_run(&mut terminal);
    // What is asked meanwhile is refused in words, and not done later.
    terminal.press("The shell has been starting", "\r");
    terminal.see("the shell is not ready after 3 s");
    tell_it_to_end(&home);
    terminal.see("Enter runs it");
    assert!(!home.path().join("mark").exists());
    terminal.press("Enter runs it", "\r");
    terminal.see_live("All commands are settled");
    assert_eq!(super::contents(&home.path().join("mark")), "one\n");
}

#[test]
fn the_transcript_goes_on_with_the_next_runner() {
    let home = Home::new();
    book(&home, &format!("{}\necho after", waits_for_go(0)));
    let mut terminal = home.terminal(&["--plain", "b.md"], 80, 40);
    let mut say = |seen: &str, words: &str| {
        terminal.until(&format!("{seen:?} and a prompt"), |t| {
            t.contains(seen) && t.trim_end().lines().last().is_some_and(|l| l.ends_with(['>', ':', '?']))
        });
        // A question has to stand before an answer counts.
        terminal.look_for(std::time::Duration::from_millis(220));
        terminal.type_keys(&format!("{words}\r"));
    };
    say("Start in default as ada?", "yes");
    say("Enter decides go or no-go.", "go all is well");
    say("$ echo begun", "");
    until_written(&home, "mark", "begun");
    home.kill(&["runner"]);
    terminal.see("the runner has ended; gonogo starts another one");
    until("another runner", || home.processes().iter().any(|(_, kind)| kind == "runner"));
    tell_it_to_end(&home);
    terminal.see("1/1 done: exit 0");
    terminal.see("$ echo after");
    // It can be left while something runs.
    std::fs::remove_file(home.path().join("go")).unwrap();
    let mut say = |seen: &str, words: &str| {
        terminal.see(seen);
        terminal.look_for(std::time::Duration::from_millis(350));
        terminal.type_keys(&format!("{words}\r"));
    };
    say("$ echo after", "!sleep 1000");
    say("It is running.", "~leave");
    assert_eq!(terminal.end(), 0);
    terminal.see("The run continues, added.1 is still running");
    assert_eq!(super::contents(&home.path().join("mark")), "begun\nended\n");
}

#[test]
fn unattended_stops_at_a_lost_command_also_behind_one_that_waits_for_eyes() {
    let home = Home::new();
    book(&home, &format!("echo one\n# Expected: the right one\n\n{}\ntouch never", waits_for_go(0)));
    let mut child = home
        .command(&["run", "b.md", "--headless", "--yes"])
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    until_written(&home, "mark", "begun");
    home.kill(&["shim"]);
    assert_eq!(child.wait().unwrap().code(), Some(4), "it is for somebody to look at");
    let resumed = home.run(&["resume", "--headless", "--yes"]);
    assert_eq!(resumed.status, 4, "{}{}", resumed.out, resumed.err);
    assert!(resumed.err.contains("1/2: Lost, outcome unknown"), "{}", resumed.err);
    assert!(!home.path().join("never").exists());
}

#[test]
fn what_resume_is_given_is_used_and_what_it_lacks_is_asked_for() {
    let home = Home::new();
    let uses = "echo \"version $VERSION\" >>mark\ntest \"$API_TOKEN\" = s3cr3t-one && echo same >>mark";
    book(&home, &format!("ls\n{uses}"));
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    // The cursor is on the first value that is missing.
    terminal.press("▸ VERSION", "jjjjjjjjjjjj");
    terminal.press("▸ start in", "\r");
    terminal.press("The gate:", "q");
    assert_eq!(terminal.end(), 0);
    let open = home.run(&["resume", "--headless", "--yes"]);
    assert_eq!(open.status, 2, "{}", open.err);
    assert!(open.err.contains("--set VERSION") && open.err.contains("--set-file API_TOKEN"), "{}", open.err);
    let given = ["--set", "VERSION=2.0", "--set", "API_TOKEN=s3cr3t-one"];
    let first = [&["resume", "--headless", "--yes", "--to", "1/2"], given.as_slice()].concat();
    let first = home.run(&first);
    assert_eq!(super::contents(&home.path().join("mark")), "version 2.0\n", "{}{}", first.out, first.err);
    // The secret goes with its processes, and is asked for again.
    home.kill(&["runner", "shim"]);
    let mut terminal = home.terminal(&["attach", "--read-only"], 100, 30);
    terminal.press("view only", "q");
    assert_eq!(terminal.end(), 0);
    for line in super::contents(&the_run(&home).path().join("place/ledger.jsonl")).lines() {
        assert!(!line.contains("s3cr3t"), "{line}");
    }
}

#[test]
fn a_run_in_another_environment_is_not_offered() {
    let home = Home::new();
    let environments = "## Environments\n| Environment | URL |\n|---|---|\n| Staging | https://s.example.com |\n| Production | https://p.example.com |\n";
    home.write("b.md", &format!("# T\n{environments}## Steps\n```bash\nls\n```\n"));
    let mut zoe = home.terminal(&["run", "b.md", "--env", "Staging"], 100, 30);
    zoe.press("start in", "\r");
    zoe.press("Enter runs it", "q");
    assert_eq!(zoe.end(), 0);
    let mut ada = home.terminal(&["run", "b.md", "--env", "Production"], 100, 30);
    ada.see_live("start in");
    assert!(!ada.text().contains("Unfinished"), "{}", ada.text());
    let mut ada = home.terminal(&["run", "b.md", "--env", "Staging", "--plain"], 100, 30);
    ada.see("in Staging, by ada since");
}

#[test]
fn unattended_gets_a_shell_as_soon_as_there_can_be_one() {
    let home = Home::new();
    book(&home, "echo one >>mark");
    home.write(".bash_profile", "exit 3\n");
    let started = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(started.status, 4, "{}", started.err);
    home.write(".bash_profile", "");
    // The runner is still there, without a shell.
    until("a shell", || home.run(&["resume", "--headless", "--yes"]).status == 0);
    assert_eq!(super::contents(&home.path().join("mark")), "one\n");
}
