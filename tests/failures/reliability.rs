//! The table of docs/reliability.md: each fault is provoked, and what it says is what was seen.

use std::fmt::Write;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};

use gonogo::run::{Event, Exit};
use gonogo::store::chain;
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::support::{Finished, kill};
use super::{
    Home, contents, count, process, recording, start_run, tell_it_to_end, terminal, the_run, until,
    until_written, waits_for_go,
};

/// What a fault was, and what came of it.
struct Row {
    fault: &'static str,
    times: usize,
    lost: &'static str,
    seen: String,
}

const RUN: [&str; 4] = ["run", "b.md", "--headless", "--yes"];

fn book(home: &Home, script: &str) {
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{script}\n```\n"));
}

/// The line of what was said that has these words, without what is of this machine alone.
fn line(home: &Home, said: &Finished, words: &str) -> String {
    let all = format!("{}\n{}", said.out, said.err).replace(&format!("{}", home.path().display()), "…");
    let all = match super::store(home).find(None) {
        Ok(run) => all.replace(&run.0, "RUN"),
        Err(_) => all,
    };
    let found = all.lines().find(|line| line.contains(words));
    found.unwrap_or_else(|| panic!("nothing with {words:?} in\n{all}")).trim().to_owned()
}

/// gonogo under a limit that bash sets.
#[expect(clippy::disallowed_methods, reason = "tests start the program they test")]
fn limited(home: &Home, limit: &str, arguments: &[&str]) -> Finished {
    let gonogo = env!("CARGO_BIN_EXE_gonogo");
    let script = format!("ulimit {limit}; exec {gonogo} {}", arguments.join(" "));
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(home.path()).stdin(Stdio::null());
    command.env_clear().env("PATH", "/usr/bin:/bin").env("GONOGO_STATE_DIR", home.path().join("state"));
    command.env("HOME", home.path()).env("GONOGO_LOCK_DIR", home.path()).env("GONOGO_OPERATOR", "ada");
    let out = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Finished { status: out.status.code().unwrap_or(-1), out: text(&out.stdout), err: text(&out.stderr) }
}

fn files_of_a_limited_size() -> Row {
    let home = Home::new();
    book(&home, "seq 1 200000\necho after >mark; (exit 3)");
    let ran = limited(&home, "-f 1000", &RUN);
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    assert_eq!(contents(&home.path().join("mark")), "after\n", "the command went on, and the next one ran");
    let (gap, own) = (
        |e: &Event| matches!(e, Event::OutputUnrecorded { .. }),
        |e: &Event| matches!(e, Event::CommandExited { command, exit: Exit::Status(3), .. } if command.0 == "1/2"),
    );
    assert_eq!((count(&home, gap), count(&home, own)), (1, 1));
    assert_eq!(home.run(&["verify"]).status, 0);
    let seen = line(&home, &ran, "no longer recorded");
    Row {
        fault: "a file may not grow any more (`ulimit -f`), within an output",
        times: 1,
        lost: "the output beyond it, marked in the recording",
        seen,
    }
}

fn no_room_to_begin() -> Row {
    let home = Home::new();
    book(&home, "echo hello >mark");
    let mut seen = String::new();
    for limit in ["-f 40", "-f 300", "-n 6", "-n 7", "-n 8", "-n 20", "-n 63"] {
        let ran = limited(&home, limit, &RUN);
        assert!(ran.status != 0 && !ran.err.contains("panicked"), "{limit}: {}", ran.err);
        let told = line(&home, &ran, "raise the limit");
        if limit == "-n 20" {
            seen = told;
        }
    }
    assert!(!home.path().join("mark").exists());
    Row {
        fault: "limits that no run fits into (`ulimit -f`, `ulimit -n`)",
        times: 7,
        lost: "nothing: nothing was begun",
        seen,
    }
}

fn no_regular_files() -> Row {
    let home = Home::new();
    book(&home, "echo hello >mark");
    let pipe = |name: &str| {
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, home.path().join(name), rustix::fs::FileType::Fifo, mode, 0)
            .unwrap();
    };
    pipe("pipe.md");
    let (mut times, mut seen) = (0, String::new());
    let mut refused = |arguments: &[&str]| {
        let said = home.run(arguments);
        assert_eq!(said.status, 2, "{arguments:?}: {}{}", said.out, said.err);
        seen = line(&home, &said, "not a regular file");
        times += 1;
    };
    for file in ["pipe.md", "/dev/zero"] {
        for verb in [&["plan"][..], &["check"], &["run", "--headless"], &["rehearse"]] {
            refused(&[verb, &[file]].concat());
        }
    }
    refused(&["rehearse", "b.md", "--scenario", "pipe.md"]);
    for name in ["b.md.lock", "gonogo.toml"] {
        for device in [false, true] {
            if device {
                std::os::unix::fs::symlink("/dev/zero", home.path().join(name)).unwrap();
            } else {
                pipe(name);
            }
            refused(&["check", "--locked", "b.md"]);
            std::fs::remove_file(home.path().join(name)).unwrap();
        }
    }
    Row {
        fault: "a pipe, or a device without end, as document, settings or lock",
        times,
        lost: "nothing: nothing was begun",
        seen,
    }
}

fn a_place_that_was_stopped() -> Row {
    let home = Home::new();
    book(&home, &waits_for_go(0));
    let mut run =
        home.command(&RUN).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until_written(&home, "mark", "begun");
    let shim = process(&home, "shim");
    let signal = |signal| kill_process(Pid::from_raw(shim.cast_signed()).unwrap(), signal).unwrap();
    signal(Signal::STOP);
    let said = home.run(&["stop", "--kill"]);
    assert_eq!(said.status, 1, "{}", said.err);
    let seen = line(&home, &said, "is stopped").replace(&shim.to_string(), "PID");
    assert!(said.err.contains(&format!("kill -CONT {shim}")), "{}", said.err);
    signal(Signal::CONT);
    let said = home.run(&["stop", "--kill"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(!contents(&home.path().join("mark")).contains("ended"));
    let _ended = run.wait().unwrap();
    Row {
        fault: "the process of the commands is stopped, and the run is to be",
        times: 1,
        lost: "nothing: it ends once it is woken",
        seen,
    }
}

fn a_spill_directory_of_everybody() -> Row {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    book(&home, "echo hello");
    let spill = home.path().join("spill");
    std::fs::create_dir(&spill).unwrap();
    std::fs::set_permissions(&spill, std::fs::Permissions::from_mode(0o755)).unwrap();
    let out = home.command(&RUN).env("GONOGO_SPILL_DIR", &spill).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = Finished { status: 0, out: text(&out.stdout), err: text(&out.stderr) };
    assert!(out.status.success(), "{}", said.err);
    let seen = line(&home, &said, "GONOGO_SPILL_DIR");
    Row {
        fault: "a `GONOGO_SPILL_DIR` that others may enter",
        times: 1,
        lost: "nothing: the usual place is used",
        seen,
    }
}

/// The lines of a journal with the clock set back from one of them on.
fn set_back(home: &Home, from: u64) {
    let journal = Connection::open(the_run(home).path().join("journal.db")).unwrap();
    let mut read = journal.prepare("SELECT line FROM events ORDER BY seq").unwrap();
    let lines: Vec<String> = read.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut prev = String::new();
    for (seq, text) in (1u64..).zip(&lines) {
        let mut line: Value = serde_json::from_str(text).unwrap();
        line["prev"] = std::mem::take(&mut prev).into();
        if seq >= from {
            let at = line["at"].as_str().unwrap().replacen("20", "19", 1);
            line["at"] = at.into();
        }
        let text = line.to_string();
        prev = chain::hash(&text);
        journal.execute("UPDATE events SET line = ?2 WHERE seq = ?1", (seq.cast_signed(), &text)).unwrap();
    }
}

fn a_clock_that_goes_back() -> Row {
    let home = Home::new();
    book(&home, "echo one\necho two");
    assert_eq!(home.run(&RUN).status, 0);
    set_back(&home, 6);
    let verified = home.run(&["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.out, verified.err);
    for verb in [&["log"][..], &["log", "--full"], &["runs"], &["runs", "--json"], &["status"]] {
        let said = home.run(verb);
        assert_eq!(said.status, 0, "{verb:?}: {}", said.err);
        let negative =
            |word: &str| word.strip_prefix('-').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
        assert!(!said.out.split([' ', ':', ',']).any(negative), "{verb:?}: {}", said.out);
    }
    let seen = line(&home, &verified, "the clock was set back");
    let (words, rest) = seen.split_once(" is dated ").unwrap();
    let seen = format!("{words} is dated … before{}", rest.split_once(" before").unwrap().1);
    Row {
        fault: "the clock is set back by a century during a run",
        times: 1,
        lost: "how long it took in all; each command's time is right",
        seen,
    }
}

/// How many connections that came in at a socket this process holds. Its other descriptors come and go with what it
/// samples, so a count of all of them is no measure of whom it lets in.
fn let_in(process: u32, socket: &Path) -> usize {
    let socket = socket.to_str().unwrap();
    let of_socket: Vec<String> = contents(Path::new("/proc/net/unix"))
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            (fields.get(7) == Some(&socket)).then(|| format!("socket:[{}]", fields[6]))
        })
        .collect();
    let held = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let held = held.filter_map(|fd| std::fs::read_link(fd.ok()?.path()).ok());
    held.filter(|to| to.to_str().is_some_and(|to| of_socket.iter().any(|of| of == to))).count()
}

fn silent_connections() -> Row {
    let home = Home::new();
    book(&home, &waits_for_go(0));
    let mut ada = home.terminal(&["b.md"], 100, 30);
    start_run(&mut ada);
    ada.press("Enter runs it", "\r");
    until_written(&home, "mark", "begun");
    let runner = process(&home, "runner");
    let open = || let_in(runner, &the_run(&home).socket());
    let before = open();
    let silent: Vec<UnixStream> =
        (0..100).map(|_| UnixStream::connect(the_run(&home).socket()).unwrap()).collect();
    let most = std::cell::Cell::new(0);
    // Those who say nothing are let go of after five seconds.
    until("all are let in", || {
        most.set(most.get().max(open()));
        most.get() > before + 40
    });
    until("all are let go of", || {
        most.set(most.get().max(open()));
        open() <= before
    });
    assert!(most.get() <= before + 64, "{before} and then {}", most.get());
    let mut bob = home.terminal(&["attach", "--read-only"], 100, 30);
    bob.see("view only");
    drop(silent);
    tell_it_to_end(&home);
    until_written(&home, "mark", "ended");
    Row {
        fault: "a hundred connections to a run that say nothing",
        times: 100,
        lost: "nothing: they are let go of after 5 s",
        seen: "nothing".into(),
    }
}

/// What is killed with KILL while a command runs; whoever comes next finds out.
fn killed(kind: &'static str) -> Row {
    let home = Home::new();
    book(&home, &format!("{}\necho two", waits_for_go(0)));
    let mut ada = home.terminal(&["b.md"], 100, 30);
    start_run(&mut ada);
    ada.press("Enter runs it", "\r");
    until_written(&home, "mark", "begun");
    let client = ada.child.id();
    match kind {
        "client" => kill(client),
        kind => {
            kill(process(&home, kind));
            ada.type_keys("q");
        }
    }
    until("the client's end", || super::support::processes_under(&home.path().join("state")).len() <= 2);
    tell_it_to_end(&home);
    let mut bob = home.terminal(&["attach"], 100, 30);
    let (lost, words) = match kind {
        "shim" => ("what came of the command; it is not run again", "outcome unknown"),
        _ => ("nothing", "exit 0"),
    };
    bob.see(words);
    let begun = contents(&home.path().join("mark")).matches("begun").count();
    assert_eq!(begun, 1, "nothing is run twice");
    if kind != "shim" {
        assert!(recording(the_run(&home).path(), "1_1.1.raw").exists());
    }
    let fault = match kind {
        "client" => "the client is killed while a command runs",
        "runner" => "the run's owner is killed while a command runs",
        _ => "the process of the commands is killed with a command",
    };
    Row { fault, times: 1, lost, seen: format!("`gonogo attach`: {words}") }
}

fn terminals() -> [Row; 3] {
    terminal::whose_terminal_hangs_up_leaves_quietly_and_the_command_goes_on();
    terminal::a_terminal_that_goes_without_a_signal_ends_the_client_as_well();
    terminal::what_was_stopped_by_the_keyboard_goes_on_where_it_was();
    let row = |fault, times, seen: &str| Row { fault, times, lost: "nothing", seen: seen.into() };
    [
        row("the terminal hangs up (HUP), with the run or looking on", 2, "nothing; `gonogo attach` goes on"),
        row(
            "the terminal goes without a signal, on screens and with `--plain`",
            2,
            "nothing; the client has left with 0",
        ),
        row("Ctrl-Z, then `fg`", 2, "the screen as it was"),
    ]
}

#[test]
fn what_each_fault_costs_is_what_the_docs_say() {
    let mut rows = vec![killed("client"), killed("runner"), killed("shim")];
    rows.extend(terminals());
    rows.extend([
        a_place_that_was_stopped(),
        silent_connections(),
        files_of_a_limited_size(),
        no_room_to_begin(),
        no_regular_files(),
        a_spill_directory_of_everybody(),
        a_clock_that_goes_back(),
    ]);
    let mut table = String::from("| fault | tried | lost | what the operator sees |\n|---|---|---|---|\n");
    for Row { fault, times, lost, seen } in rows {
        writeln!(table, "| {fault} | {times} | {lost} | {} |", seen.replace('|', "\\|")).unwrap();
    }
    println!("{table}");
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reliability.md");
    assert!(
        contents(&docs).contains(table.trim()),
        "docs/reliability.md has another table; this is it:\n{table}"
    );
}
