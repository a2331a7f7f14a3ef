//! Several people at one run, slow ones and strange ones among them.

use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use gonogo::run::{Event, Record, Seq};
use gonogo::store::{Line, chain};
use rustix::process::{Pid, Signal, kill_process};

use super::support::{Home, Terminal};
use super::{count, process, start_run, store, tell_it_to_end, the_run, until, until_written, waits_for_go};

fn at(home: &Home, name: &str, arguments: &[&str]) -> Terminal {
    home.terminal_in(arguments, &[("GONOGO_OPERATOR", name)], (100, 30))
}

fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), signal).unwrap();
}

#[test]
fn two_people_see_each_other_and_control_is_taken_openly() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\nls\necho two\necho three\n```\n");
    let mut ada = at(&home, "ada", &["b.md"]);
    ada.press("start in", "\r");
    ada.see_live("Enter runs it");
    let mut bob = at(&home, "bob", &["attach"]);
    bob.see("ada has control");
    ada.see("with bob");
    ada.press("Enter runs it", "\r");
    bob.see("exit 0");
    bob.see_live("▸· 2");
    bob.type_keys("\r");
    bob.see("ada has control: F6 takes it");
    bob.press("▸· 2", "\x1b[17~");
    bob.see_live("Take control of this run");
    bob.type_keys("y");
    ada.see("bob took control from ada");
    ada.see("bob has control");
    bob.press("Enter runs it", "\r");
    ada.see("▸· 3");
    let by = |name: &str| {
        let started =
            super::records(&home).into_iter().filter(|r| matches!(r.event, Event::CommandStarted { .. }));
        started.filter(|r| r.actor == name).count()
    };
    assert_eq!((by("ada"), by("bob")), (1, 1), "each ran one, and it is recorded who");
    assert_eq!(
        count(
            &home,
            |e| matches!(e, Event::ControlTaken { by, from: Some(from) } if by == "bob" && from == "ada")
        ),
        1
    );
    // Handed over, the next one who comes has it.
    bob.press("▸· 3", "h");
    bob.see_live("Hand over to");
    bob.see("Next: 1/3 echo three");
    bob.press("▸ ada", "j");
    bob.press("▸ whoever comes next", "\r");
    ada.see("the run was handed over to whoever comes next");
    let mut cleo = at(&home, "cleo", &[]);
    cleo.press("Enter runs it", "\r");
    ada.see_live("All commands are settled");
}

#[test]
fn control_stays_with_who_had_it_last_until_it_is_asked_for() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\nls\necho two\n```\n");
    let mut ada = at(&home, "ada", &["b.md"]);
    ada.press("start in", "\r");
    ada.see_live("Enter runs it");
    let mut bob = at(&home, "bob", &["attach"]);
    bob.see("ada has control");
    // She is cut off, and so is the runner: whoever is back first does not get it by that.
    ada.child.kill().unwrap();
    ada.child.wait().unwrap();
    home.kill(&["runner"]);
    bob.see("another process owns the run now");
    bob.see("nobody has control");
    bob.press("Nobody has control, so nobody decides", "\r");
    bob.see("nobody has control: F6 takes it");
    let mut ada = at(&home, "ada", &[]);
    ada.see_live("Enter runs it");
    bob.see("ada has control");
    ada.type_keys("q");
    assert_eq!(ada.end(), 0);
    bob.see("nobody has control");
    // Going on unattended is asking for it.
    bob.type_keys("q");
    assert_eq!(bob.end(), 0);
    let mut command = home.command(&["resume", "--headless", "--yes"]);
    let finished = command.env("GONOGO_OPERATOR", "cleo").output().unwrap();
    assert!(finished.status.success(), "{}", String::from_utf8_lossy(&finished.stderr));
    let took = |e: &Event| matches!(e, Event::ControlTaken { by, .. } if by == "cleo");
    assert_eq!(count(&home, took), 1);
}

#[test]
fn who_looks_at_a_run_without_a_runner_sees_the_next_one_at_work() {
    let home = Home::new();
    home.write(
        "b.md",
        &format!("# T\n## Steps\n```bash\necho one\necho 'on screen'; {}\n```\n", waits_for_go(7)),
    );
    let mut ada = at(&home, "ada", &["b.md"]);
    start_run(&mut ada);
    ada.press("Enter runs it", "q");
    assert_eq!(ada.end(), 0);
    home.kill(&["runner", "shim"]);
    until("their end", || home.processes().is_empty());
    let mut bob = at(&home, "bob", &["attach", "--read-only"]);
    bob.see("view only");
    bob.see("Nobody has control, so nobody decides");
    assert!(home.processes().is_empty(), "looking starts nothing");
    let mut ada = at(&home, "ada", &[]);
    ada.press("Enter runs it", "\r");
    bob.see("exit 0");
    ada.press("▸· 2", "\r");
    bob.see("on screen");
    tell_it_to_end(&home);
    bob.see("Ended: exit 7");
}

#[test]
fn a_client_that_does_not_read_holds_nobody_up() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\nseq 400000; echo done >mark\necho after\n```\n");
    let mut ada = at(&home, "ada", &["b.md"]);
    start_run(&mut ada);
    ada.see_live("Enter runs it");
    let mut bob = at(&home, "bob", &["attach"]);
    bob.see("ada has control");
    let took = |kind: &str| -> u64 {
        let path = format!("/proc/{}/status", process(&home, kind));
        let status = super::contents(std::path::Path::new(&path));
        let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    // What the program itself takes differs with how it is built.
    let before = ["runner", "shim"].map(took);
    signal(bob.child.id(), Signal::STOP);
    ada.type_keys("\r");
    ada.see_live("▸· 2");
    until_written(&home, "mark", "done");
    for (kind, before) in ["runner", "shim"].into_iter().zip(before) {
        let more = took(kind) - before;
        eprintln!("{kind}: at most {} MiB more", more / 1024);
        assert!(more < 32 * 1024, "{kind} took {more} KiB more than {before} KiB");
    }
    signal(bob.child.id(), Signal::CONT);
    bob.see("▸· 2");
}

#[test]
fn nothing_is_done_while_nothing_happens() {
    let home = Home::new();
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{}\n```\n", "echo one"));
    let mut ada = at(&home, "ada", &["b.md"]);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "\r");
    ada.press("All commands are settled", "q");
    assert_eq!(ada.end(), 0);
    let turns = || -> u64 {
        let of = |pid: u32| {
            let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap().filter_map(Result::ok);
            let switches = tasks.map(|t| super::contents(&t.path().join("schedstat")));
            switches.filter_map(|s| s.split_whitespace().nth(2)?.parse::<u64>().ok()).sum::<u64>()
        };
        home.processes().into_iter().map(|(pid, _)| of(pid)).sum()
    };
    assert_eq!(home.processes().len(), 2);
    // Until it has come to rest, then for a while.
    let mut before = turns();
    until("rest", || {
        let (now, then) = (turns(), std::time::Instant::now());
        while then.elapsed() < Duration::from_millis(200) {
            std::thread::park_timeout(Duration::from_millis(50));
        }
        turns() == now
    });
    before = turns().max(before);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(2) {
        std::thread::park_timeout(Duration::from_millis(100));
    }
    assert_eq!(turns() - before, 0, "runner or shim woke up within two seconds without anything to do");
}

#[test]
fn a_runner_that_hangs_is_named_and_not_replaced() {
    let home = Home::new();
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{}\n```\n", waits_for_go(0)));
    let mut ada = at(&home, "ada", &["b.md"]);
    ada.press("start in", "\r");
    ada.press("The gate:", "q");
    assert_eq!(ada.end(), 0);
    let runner = process(&home, "runner");
    signal(runner, Signal::STOP);
    let resumed = home.run(&["resume", "--headless", "--yes"]);
    signal(runner, Signal::CONT);
    assert_eq!(resumed.status, 1, "{}", resumed.err);
    assert!(resumed.err.contains(&format!("(process {runner}) does not answer")), "{}", resumed.err);
    assert_eq!(process(&home, "runner"), runner);
    tell_it_to_end(&home);
}

#[test]
fn a_runner_of_another_version_says_so() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho one\n```\n");
    let mut ada = at(&home, "ada", &["b.md"]);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "q");
    assert_eq!(ada.end(), 0);
    home.kill(&["runner", "shim"]);
    until("their end", || home.processes().is_empty());
    let socket = the_run(&home).socket();
    std::fs::remove_file(&socket).unwrap();
    let listener = UnixListener::bind(&socket).unwrap();
    let served = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let hello = br#"{"gonogo":"9.0.0","lowest":7,"highest":9,"pid":1}"#;
        stream.write_all(&(hello.len() as u32).to_be_bytes()).unwrap();
        stream.write_all(hello).unwrap();
        let mut rest = Vec::new();
        let _until_it_leaves = stream.read_to_end(&mut rest);
    });
    let resumed = home.run(&["resume", "--headless", "--yes"]);
    served.join().unwrap();
    assert_eq!(resumed.status, 1, "{}", resumed.err);
    assert!(resumed.err.contains("gonogo 9.0.0 and speaks protocol 7 to 9"), "{}", resumed.err);
}

#[test]
fn a_second_start_in_the_same_environment_is_told_who_holds_it_even_when_all_were_killed() {
    let home = Home::new();
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{}\n```\n", waits_for_go(0)));
    let start = || home.run(&["run", "b.md", "--headless", "--yes"]);
    let mut ada = at(&home, "ada", &["b.md"]);
    ada.press("start in", "\r");
    ada.see_live("The gate:");
    let held = start();
    assert_eq!(held.status, 5, "{}", held.err);
    ada.child.kill().unwrap();
    ada.child.wait().unwrap();
    home.kill(&["runner", "shim"]);
    let held = start();
    assert_eq!((held.status, held.err.contains("ada")), (5, true), "{}", held.err);
    let stopped = home.run(&["stop", "--reason", "window closed"]);
    assert_eq!(stopped.status, 0, "{}", stopped.err);
    until("everything's end", || home.processes().is_empty());
}

#[test]
fn a_run_is_given_up_only_when_nothing_runs_in_it_or_that_is_ended_with_it() {
    let home = Home::new();
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{}\n```\n", waits_for_go(0)));
    let mut ada = at(&home, "ada", &["b.md"]);
    start_run(&mut ada);
    ada.press("Enter runs it", "\r");
    until_written(&home, "mark", "begun");
    ada.press("F8", "q");
    assert_eq!(ada.end(), 0);
    let refused = home.run(&["stop"]);
    assert_eq!(refused.status, 1, "{}", refused.err);
    assert!(refused.err.contains("1/1 is still running"), "{}", refused.err);
    let stopped = home.run(&["stop", "--kill"]);
    assert_eq!(stopped.status, 0, "{}", stopped.err);
    until("everything's end", || home.processes().is_empty());
    assert_eq!(super::contents(&home.path().join("mark")), "begun\n");
}

#[test]
fn a_run_of_a_hundred_thousand_events_is_written_and_opened_in_no_time() {
    const EVENTS: u64 = 100_000;
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho one\necho two\n```\n");
    let mut ada = at(&home, "ada", &["b.md"]);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "\r");
    ada.press("▸· 2", "q");
    assert_eq!(ada.end(), 0);
    home.kill(&["runner", "shim"]);
    let run = the_run(&home);
    let owned = std::cell::RefCell::new(None);
    until("the runner's end", || {
        *owned.borrow_mut() = run.own().unwrap();
        owned.borrow().is_some()
    });
    let mut journal = store(&home).open(run.id()).unwrap();
    let last = super::records(&home).pop().unwrap();
    let (mut seq, mut prev) = (last.seq, chain::hash(&chain::line(&last).unwrap()));
    let mut note = |n: u64| {
        seq = Seq(seq.0 + 1);
        let event = Event::Noted { about: "1/1".into(), text: format!("note number {n}"), issue: false };
        let record = Record { seq, prev: std::mem::take(&mut prev), event, ..last.clone() };
        prev = chain::hash(&chain::line(&record).unwrap());
        record
    };
    let records: Vec<Record> = (0..EVENTS).map(&mut note).collect();
    let begun = Instant::now();
    for some in records.chunks(100) {
        let lines: Vec<Line> = some.iter().map(|r| Line::of(r).unwrap()).collect();
        journal.append(&lines).unwrap();
    }
    let each_second = EVENTS as f64 / begun.elapsed().as_secs_f64();
    eprintln!("{each_second:.0} durable events a second, in groups of 100");
    assert!(each_second > 1000.0, "{each_second}");
    drop((journal, owned));
    let begun = Instant::now();
    let mut ada = at(&home, "ada", &[]);
    ada.see("▸· 2");
    let took = begun.elapsed();
    eprintln!("a run of {EVENTS} events is on screen after {} ms", took.as_millis());
    // Unoptimised it says only that nothing is quadratic; what is promised is promised of a release.
    let most = if cfg!(debug_assertions) { 60_000 } else { 1000 };
    assert!(took < Duration::from_millis(most), "{took:?}");
    // Somebody who comes to its runner has it at once, too.
    let begun = Instant::now();
    let mut bob = at(&home, "bob", &["attach"]);
    bob.see("ada has control");
    eprintln!("and for a second person after {} ms", begun.elapsed().as_millis());
}

#[test]
fn the_transcript_tells_who_has_control() {
    let home = Home::new();
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{}\nrm -rf ./old\n```\n", waits_for_go(0)));
    let mut ada = at(&home, "ada", &["b.md"]);
    start_run(&mut ada);
    ada.press("Enter runs it", "\r");
    until_written(&home, "mark", "begun");
    let mut bob = at(&home, "bob", &["attach", "--plain"]);
    bob.see("ada has control and decides; type control to take it");
    tell_it_to_end(&home);
    bob.see("1/1 has ended");
    assert!(!bob.text().contains("in the background"), "{}", bob.text());
    bob.see("rm -rf ./old");
    bob.look_for(Duration::from_millis(220));
    bob.type_keys("r\r");
    bob.until("a refusal", |t| t.matches("ada has control").count() >= 2);
    bob.look_for(Duration::from_millis(220));
    bob.type_keys("quit\r");
    assert_eq!(bob.end(), 0);
}

#[test]
fn stopping_takes_control_only_when_it_stops() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\nls up\n```\n");
    let mut ada = at(&home, "ada", &["b.md"]);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "u");
    ada.see("Repeated every 5 s");
    let mut stop = home.command(&["stop"]);
    let refused = stop.env("GONOGO_OPERATOR", "cleo").output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("1/1 is still running") && said.contains("gonogo stop --kill"), "{said}");
    assert_eq!(count(&home, |e| matches!(e, Event::ControlTaken { by, .. } if by == "cleo")), 0);
    let stopped = home.run(&["stop", "--kill"]);
    assert_eq!(stopped.status, 0, "{}", stopped.err);
    ada.see("abandoned");
}
