//! Ways into a place, and out of it, with nobody there: whatever is on the other side, the run ends with a status and
//! says why, within a limit. The table is that of docs/places.md.

mod rows;
mod screens;

use std::fmt::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use self::rows::{Far, PLAIN, ROWS, Row};
use super::sshd::{SSHD, Server};
use super::support::{Home, contents, events, skip, until};
use gonogo::run::Event;
use gonogo::store::{StateDirectory, Store};

/// No form may take longer, on a busy machine either.
const LIMIT: Duration = Duration::from_mins(1);
/// How long entering and leaving may take where they don't come about, and where they do: a busy machine is slow.
const SHORT: &str = "reach_within = \"5s\"\n";
const LONG: &str = "reach_within = \"45s\"\n";

/// What came of a form: its status and what was told; nothing where it hung.
struct Came {
    status: Option<i32>,
    told: String,
    took: Duration,
}

fn limited(home: &Home, arguments: &[&str]) -> Came {
    let out = home.path().join("out");
    let file = std::fs::File::create(&out).unwrap();
    let mut command = home.command(arguments);
    command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
    let (mut child, start) = (command.spawn().unwrap(), Instant::now());
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if start.elapsed() > LIMIT {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    };
    Came { status, told: contents(&out), took: start.elapsed() }
}

/// A home with a server whose other side is as wanted, and whose commands are these.
fn at(far: &Far, script: &str) -> (Home, Server) {
    let home = Home::new();
    let server = Server::with(&home, far.server);
    server.known_as(&home, "web");
    let path = contents(&home.path().join(".profile"));
    home.write(
        ".profile",
        &format!("{path}. ~/.bashrc\n[ -z \"$SSH_CONNECTION\" ] && return\n{}", far.profile),
    );
    home.write(".bashrc", &format!("[ -z \"$SSH_CONNECTION\" ] || {{ :; {}\n}}\n", far.bashrc));
    home.write("gonogo.toml", SHORT);
    let script = script.replace("HOME/", &format!("{}/", home.path().display()));
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{script}\n```\n"));
    if far.silent {
        server.stop();
    }
    (home, server)
}

/// Why a row is not as it says.
fn wrong(row: &Row, came: &Came) -> Option<String> {
    let tries = came.told.matches("▶ ssh web").count();
    let missing = row.told.iter().find(|t| !came.told.contains(*t));
    let why = match (came.status, missing, row.untold.iter().find(|t| came.told.contains(*t))) {
        (None, ..) => "it hangs".to_owned(),
        (Some(status), ..) if status != row.status => format!("exit {status}, not {}", row.status),
        (_, Some(missing), _) => format!("it does not say {missing:?}"),
        (_, _, Some(there)) => format!("it says {there:?}"),
        _ if tries > 1 && came.told.contains("not reached") => format!("it was tried {tries} times"),
        (Some(_), None, None) => return None,
    };
    Some(format!("{}: {why} ({:.1} s)\n{}", row.form, came.took.as_secs_f64(), came.told))
}

/// Tries all forms, a few at a time.
fn tried(rows: &[Row]) -> Vec<String> {
    let (next, wrongs) = (Mutex::new(rows.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(row) = next.lock().unwrap().next() else { return };
                    let (home, _server) = at(&row.far, row.script);
                    if !row.becomes.contains("`reach_within`") {
                        home.write("gonogo.toml", LONG);
                    }
                    let came = limited(&home, &[&RUN[..], &["--allow-destructive"], row.arguments].concat());
                    wrongs.lock().unwrap().extend(wrong(row, &came));
                }
            });
        }
    });
    wrongs.into_inner().unwrap()
}

/// Prints the table with `cargo test --test real entering -- --nocapture`; fails where the docs have another.
#[test]
fn no_form_waits_without_an_end_and_the_docs_say_what_becomes_of_each() {
    let mut table = String::from("| tried, with nobody there | what becomes of it |\n|---|---|\n");
    for row in ROWS {
        writeln!(table, "| {} | {} |", row.form, row.becomes).unwrap();
    }
    println!("{table}");
    let wrongs = if possible("no_form_waits_without_an_end") { tried(ROWS) } else { vec![] };
    assert!(
        wrongs.is_empty(),
        "{} forms are not as the table says:\n\n{}",
        wrongs.len(),
        wrongs.join("\n\n")
    );
    let docs = contents(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/places.md"));
    assert!(docs.contains(table.trim()), "docs/places.md has another table; this is it:\n{table}");
}

/// Whether this machine can have such servers.
fn possible(test: &str) -> bool {
    let has = std::path::Path::new(SSHD).exists() && rustix::process::geteuid().is_root();
    if !has {
        skip(test, "root and an OpenSSH server (Debian: openssh-server)");
    }
    has
}

/// Whether the run of a home has begun a command.
pub(crate) fn started(home: &Home, id: &str) -> bool {
    let known = StateDirectory::open(&home.path().join("state")).and_then(|state| {
        let store: &dyn Store = &state;
        store.records_of(&store.find(None)?)
    });
    let events = known.unwrap_or_default();
    events.iter().any(|r| matches!(&r.event, Event::CommandStarted { command, .. } if command.0 == id))
}

const RUN: [&str; 6] = ["run", "b.md", "--headless", "--yes", "--place", "there"];

#[test]
fn a_run_that_ended_inside_a_place_or_with_it_is_rolled_back_there() {
    if !possible("a_run_that_ended_inside_a_place") {
        return;
    }
    for last in ["false", "[ -f /nope ] || exit 3"] {
        let script = format!(
            "ssh web\ntouch HOME/made\n{last}\n```\n## Rollback\n```bash\nrm HOME/made; echo \"back ${{SSH_CONNECTION:+there}}\""
        );
        let (home, _server) = at(&PLAIN, &script);
        let came = limited(&home, &RUN);
        assert_eq!(came.status, Some(1), "{last}: {}", came.told);
        let back = ["rollback", "--headless", "--yes", "--allow-destructive", "--reason", "no good"];
        let came = limited(&home, &back);
        assert_eq!(came.status, Some(3), "{last}: {}", came.told);
        assert!(
            came.told.contains("| back there") && !home.path().join("made").exists(),
            "{last}: {}",
            came.told
        );
    }
}

#[test]
fn a_silent_connection_is_told_of_and_kill_ends_what_runs_over_it() {
    if !possible("a_silent_connection") {
        return;
    }
    let (home, server) = at(&PLAIN, "ssh web\nsleep 1000\n");
    let out = home.path().join("told");
    let file = std::fs::File::create(&out).unwrap();
    let mut command = home.command(&RUN);
    command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
    let mut run = command.spawn().unwrap();
    let begun = |line: &str| line.contains("▶ [") && line.contains("] sleep 1000");
    until("the command there", || contents(&out).lines().any(begun));
    server.stop();
    until("a word of the silence", || contents(&out).contains("web has been silent"));
    let came = limited(&home, &["stop", "--kill"]);
    assert_eq!(came.status, Some(0), "{}", came.told);
    assert!(came.took < Duration::from_secs(15), "{:?}: {}", came.took, came.told);
    let _status = run.wait().unwrap();
    let lost = |e: &Event| matches!(e, Event::CommandLost { command, .. } if command.0 == "1/2");
    assert!(events(&home).iter().any(lost), "nobody knows what came of it: {:?}", events(&home));
}

#[test]
fn kill_ends_a_way_that_does_not_arrive() {
    if !possible("kill_ends_a_way") {
        return;
    }
    // On the way, and where a signal can't be sent.
    for (silent, script, at_last) in
        [(true, "ssh web\necho after", "1/1"), (false, "su -s /bin/bash nobody\nsleep 1000", "1/2")]
    {
        let (home, _server) = at(&Far { silent, ..PLAIN }, script);
        home.write("gonogo.toml", "");
        let mut command = home.command(&RUN);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut run = command.spawn().unwrap();
        until("the command", || started(&home, at_last));
        let came = limited(&home, &["stop", "--kill"]);
        assert_eq!(came.status, Some(0), "{script}: {}", came.told);
        assert!(came.took < Duration::from_secs(15), "{script}: {:?}: {}", came.took, came.told);
        let _status = run.wait().unwrap();
    }
}
