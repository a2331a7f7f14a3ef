//! Ways into a place, and out of it, with nobody there: whatever is on the other side, the run ends with a status and
//! says why, within a limit. The table is that of docs/places.md.

mod screens;

use std::fmt::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::sshd::{SSHD, Server};
use super::support::{Home, contents, events, skip, until};
use gonogo::run::Event;
use gonogo::store::{StateDirectory, Store};

/// No form may take longer, on a busy machine either.
const LIMIT: Duration = Duration::from_mins(1);
/// How long entering and leaving may take where they don't come about, and where they do: a busy machine is slow.
const SHORT: &str = "reach_within = \"5s\"\n";
const LONG: &str = "reach_within = \"45s\"\n";

/// What is on the other side.
#[derive(Default)]
struct Far {
    profile: &'static str,
    bashrc: &'static str,
    /// Lines of the server's settings.
    server: &'static str,
    /// The server goes silent before anybody comes.
    silent: bool,
}

const PLAIN: Far = Far { profile: "", bashrc: "", server: "", silent: false };

/// A form: what is tried, and what becomes of it.
struct Row {
    form: &'static str,
    far: Far,
    /// The commands; `HOME` stands for the test's directory.
    script: &'static str,
    arguments: &'static [&'static str],
    becomes: &'static str,
    status: i32,
    told: &'static [&'static str],
    /// What must not be told: nothing may have run where it does not belong.
    untold: &'static [&'static str],
}

const ROW: Row = Row {
    form: "",
    far: PLAIN,
    script: "ssh web\necho \"after ${SSH_CONNECTION:+there}\"",
    arguments: &[],
    becomes: "",
    status: 1,
    told: &[],
    untold: &["| after"],
};

const NOT_REACHED: &str = "FAILED: not reached, with what the terminal showed last";
const TOO_LATE: &str = "FAILED after `reach_within`, with what the terminal showed last";

const ROWS: &[Row] = &[
    Row {
        form: "a login that works",
        becomes: "what follows runs there",
        status: 0,
        told: &["| after there"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "`[ -f /nope ] \\|\\| exit 3` there",
        script: "ssh web\n[ -f /nope ] || exit 3\necho after",
        becomes: "FAILED with the shell's status; the place was left",
        told: &["FAILED at 1/2", "shell ended, 3"],
        ..ROW
    },
    Row {
        form: "`set -e` there, and a failure",
        script: "ssh web\nset -e\nfalse\necho after",
        becomes: "FAILED with the shell's status; the place was left",
        told: &["FAILED at 1/3", "shell ended, 1"],
        ..ROW
    },
    Row {
        form: "`exec true`, `exit 0 # done` there",
        script: "ssh web\nexit 0 # done\necho after",
        becomes: "passed; the rest of its block is left out",
        status: 0,
        ..ROW
    },
    Row {
        form: "the same, and a next block",
        script: "ssh web\nexec true\necho after\n```\nThen:\n```bash\necho \"next ${SSH_CONNECTION:+there}\"",
        becomes: "goes there again for the next block",
        status: 0,
        told: &["| next there"],
        ..ROW
    },
    Row {
        form: "`kill -9 $$` there",
        script: "ssh web\nkill -9 $$\necho after",
        becomes: "FAILED: the shell was killed",
        told: &["FAILED at 1/2 (line 5): the shell there was killed"],
        untold: &["| after", "the connection to web has ended"],
        ..ROW
    },
    Row {
        form: "the connection ends there, in a command",
        script: "ssh web\nkill -9 $(ps -o ppid= -p $$); sleep 1000\necho after",
        becomes: "lost: nobody knows what came of the command",
        status: 4,
        told: &["the connection to web has ended, and what came of it is not known"],
        ..ROW
    },
    Row {
        form: "a command there that asks at its terminal",
        script: "ssh web\nsu -s /bin/bash nobody -c 'sudo true'\necho after",
        becomes: "FAILED: it finds the end of what is typed",
        told: &["FAILED at 1/2 (line 5): exit 1"],
        ..ROW
    },
    Row {
        form: "the same with `sudo`, as another user",
        script: "su -s /bin/bash nobody\nsudo true\necho after",
        becomes: "FAILED: it finds the end of what is typed",
        told: &["FAILED at 1/2 (line 5): exit 1"],
        ..ROW
    },
    Row {
        form: "`exit 3` there, with `--rollback-on-failure`",
        script: "ssh web\ntouch HOME/made\n[ -f /nope ] || exit 3\n```\n## Rollback\n```bash\nrm HOME/made; echo \"back ${SSH_CONNECTION:+there}\"",
        arguments: &["--rollback-on-failure"],
        becomes: "goes there again, and rolls back there",
        status: 3,
        told: &["FAILED at 1/3", "| back there"],
        ..ROW
    },
    Row {
        form: "`exit 0` in the far `.profile`",
        far: Far { profile: "echo maintenance until 22:00\nexit 0\n", ..PLAIN },
        becomes: NOT_REACHED,
        told: &["FAILED at 1/1 (line 4): not reached; last shown: maintenance until 22:00"],
        ..ROW
    },
    Row {
        form: "the same, with `--rollback-on-failure`",
        far: Far { profile: "exit 0\n", ..PLAIN },
        script: "ssh web\ntouch HOME/made\n```\n## Rollback\n```bash\nrm HOME/made",
        arguments: &["--rollback-on-failure"],
        becomes: "FAILED: nothing is rolled back",
        told: &["nothing was stopped: 1/1 did not lead to its other side"],
        ..ROW
    },
    Row {
        form: "nologin, or a forced command that says something and ends",
        far: Far { server: "ForceCommand /usr/sbin/nologin\n", ..PLAIN },
        becomes: NOT_REACHED,
        told: &["currently not available"],
        ..ROW
    },
    Row {
        form: "a forced command that shows a menu",
        far: Far { server: "ForceCommand sh -c 'echo \"1 restart 2 logs\"; read choice'\n", ..PLAIN },
        becomes: TOO_LATE,
        told: &["1 restart 2 logs"],
        ..ROW
    },
    Row {
        form: "`readonly PROMPT_COMMAND` there",
        far: Far { profile: "readonly PROMPT_COMMAND='history -a'\n", ..PLAIN },
        becomes: "what follows runs there",
        status: 0,
        told: &["| after there"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "another shell in the far `.bashrc`: `exec dash`",
        far: Far { bashrc: "exec dash\n", ..PLAIN },
        becomes: "what follows runs there",
        status: 0,
        told: &["| after there"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "a host with BusyBox alone",
        far: Far {
            profile: "[ -n \"$BOX\" ] || { mkdir ~/box; busybox --install -s ~/box; export BOX=1 PATH=~/box; exec ash; }\n",
            ..PLAIN
        },
        script: "ssh web\nfalse | true\necho \"after ${SSH_CONNECTION:+there} $BASH_VERSION\"",
        becomes: "what follows runs there, in its `sh`",
        status: 0,
        told: &["| after there", "there is no bash"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "a locale there that is not installed",
        far: Far { profile: "export LANG=tr_TR.ISO-8859-9 LC_ALL=tr_TR.ISO-8859-9\n", ..PLAIN },
        script: "ssh web\nG='grün'; echo \"after ${SSH_CONNECTION:+there} $G\"",
        becomes: "what follows runs there",
        status: 0,
        told: &["| after there grün"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "a full disk there: no room in `/tmp` and at home",
        far: Far {
            profile: "[ -n \"$FULL\" ] || FULL=1 exec unshare -m sh -c 'mount -t tmpfs -o size=8k none /tmp; mkdir -p \"$HOME\"; head -c 99999 /dev/zero >/tmp/full 2>/dev/null; cd; exec bash'\n",
            ..PLAIN
        },
        script: "ssh web\necho x >made\necho after",
        becomes: "what follows runs there, and what writes fails with what it says",
        told: &["FAILED at 1/2", "No space left on device"],
        ..ROW
    },
    Row {
        form: "a shared connection of your own that is running already",
        script: "printf 'ControlMaster auto\\nControlPath %sown\\n' HOME/ >>HOME/ssh_settings\nssh -f -N web\nssh web\necho \"after ${SSH_CONNECTION:+there}\"\nexit\nssh -O check web && ssh -O exit web",
        becomes: "a connection of gonogo's own is made, and yours stays",
        status: 0,
        told: &["| after there", "Master running"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "tmux in the far `.bashrc`",
        far: Far { bashrc: "[ -n \"$TMUX\" ] || exec tmux -S \"$HOME/tmux\" new-session\n", ..PLAIN },
        becomes: TOO_LATE,
        ..ROW
    },
    Row {
        form: "a question in the far `.profile`",
        far: Far { profile: "read -p 'Which project? ' P\n", ..PLAIN },
        becomes: TOO_LATE,
        told: &["FAILED at 1/1 (line 4): not reached within 5 s; last shown: Which project?"],
        ..ROW
    },
    Row {
        form: "a far `.profile` that takes for ever",
        far: Far { profile: "sleep 1000\n", ..PLAIN },
        becomes: TOO_LATE,
        ..ROW
    },
    Row {
        form: "a server that answers nothing",
        far: Far { silent: true, ..PLAIN },
        becomes: TOO_LATE,
        ..ROW
    },
    Row {
        form: "`su - app` where it asks for a password",
        script: "su -s /bin/bash nobody\nsu - root\necho after",
        becomes: TOO_LATE,
        told: &["Password:"],
        ..ROW
    },
    Row {
        form: "`sudo -i` where it asks for a password",
        script: "su -s /bin/bash nobody\nsudo -i\necho after",
        becomes: "FAILED: sudo has nobody to ask",
        ..ROW
    },
    Row {
        form: "the same one door further: ssh, then a shell that does not come",
        far: Far { bashrc: "[ -z \"$FAR\" ] || sleep 1000\n", ..PLAIN },
        script: "ssh web\nexport FAR=1\nbash\necho after",
        becomes: TOO_LATE,
        ..ROW
    },
    Row {
        form: "`ssh -T host`",
        script: "ssh -T web\necho after",
        becomes: "not gone to, and nothing after it runs",
        status: 2,
        ..ROW
    },
    Row {
        form: "`ssh -n host`",
        script: "ssh -n web\necho after",
        becomes: "not gone to, and nothing after it runs",
        status: 2,
        ..ROW
    },
    Row {
        form: "`newgrp group`",
        script: "newgrp root\necho after",
        becomes: "not gone to, and nothing after it runs",
        status: 2,
        ..ROW
    },
    Row {
        form: "`exit` where the far `EXIT` trap takes for ever",
        script: "ssh web\ntrap 'sleep 1000' EXIT\nexit\necho \"after ${SSH_CONNECTION:-here}\"",
        becomes: "left after `reach_within`; what follows runs here",
        status: 0,
        told: &["| after here"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "`exit` where the far `EXIT` trap obeys no signal",
        script: "ssh web\ntrap 'trap \"\" INT TERM; while :; do sleep 1; done' EXIT\nexit\necho after",
        becomes: "lost after `reach_within`: the way there is ended",
        status: 4,
        told: &["nothing there obeyed KILL"],
        ..ROW
    },
    Row {
        form: "`exit` where a job there goes on",
        script: "ssh web\nsleep 1000 &\nexit\necho \"after ${SSH_CONNECTION:-here}\"",
        becomes: "left; what follows runs here",
        status: 0,
        told: &["| after here"],
        untold: &[],
        ..ROW
    },
];

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
    until("a word of the silence", || contents(&out).contains("nothing has been heard from web"));
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
