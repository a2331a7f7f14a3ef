//! A place: one long-lived bash behind real terminals.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use gonogo::exec::lines::Lines;
use gonogo::exec::recording;
use gonogo::exec::screen::Size;
use gonogo::exec::{FromShim, Mode, Shim, ShimSettings, Shown, Signal, ToShim};
use gonogo::protocol::{From, OutputLine, OutputQuery, Screen};
use gonogo::run::{Attempt, Exit, Place};
use gonogo::runbook::CommandId;

use super::support::{DEADLINE, skip};

pub(crate) struct Shell {
    shim: Shim,
    reports: Receiver<FromShim>,
    directory: tempfile::TempDir,
    place: Place,
    screen: Screen,
    /// The last screen of each command.
    screens: std::collections::HashMap<CommandId, Screen>,
    captured: Vec<(String, String)>,
    /// What came while nothing ran, with the command that had run before.
    late: Vec<(CommandId, String)>,
    replaced: u32,
    opened: u32,
    count: u32,
    exits: Vec<(CommandId, Exit)>,
    shown: Vec<(CommandId, Shown)>,
}

impl Shell {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let settings = ShimSettings {
            recordings: directory.path().to_owned(),
            directory: directory.path().to_owned(),
            environment: vec![("HOME".into(), directory.path().display().to_string())],
        };
        let (to, reports) = channel();
        let shim = Shim::start(settings, move |report| drop(to.send(report))).unwrap();
        let mut shell = Self {
            shim,
            reports,
            directory,
            place: Place::default(),
            screen: Screen::default(),
            screens: std::collections::HashMap::new(),
            captured: vec![],
            late: vec![],
            replaced: 0,
            opened: 0,
            count: 0,
            exits: vec![],
            shown: vec![],
        };
        shell.until(|r| matches!(r, FromShim::Ready { .. }));
        shell
    }

    fn until(&mut self, wanted: impl Fn(&FromShim) -> bool) -> FromShim {
        let start = Instant::now();
        loop {
            let report = self.reports.recv_timeout(DEADLINE.saturating_sub(start.elapsed())).unwrap();
            match &report {
                FromShim::Ready { place, replaced, .. } => {
                    self.place = place.clone();
                    self.replaced += u32::from(replaced.is_some());
                }
                FromShim::Exited { place, command, exit, shown, .. } => {
                    self.place = place.clone();
                    self.shown.extend(shown.as_deref().map(|s| (command.clone(), s.clone())));
                    self.exits.push((command.clone(), *exit));
                }
                FromShim::Screen { command, screen } => {
                    self.screen = *screen.clone();
                    self.screens.insert(command.clone(), *screen.clone());
                }
                FromShim::Captured { name, value, .. } => self.captured.push((name.clone(), value.clone())),
                FromShim::Evaluated { .. }
                | FromShim::Standing { .. }
                | FromShim::Entered { .. }
                | FromShim::Left { .. }
                | FromShim::At(_)
                | FromShim::Leaving
                | FromShim::Unseen { .. }
                | FromShim::Masked { .. }
                | FromShim::Lost { .. }
                | FromShim::Answered { .. }
                | FromShim::Changed { .. }
                | FromShim::Shown { .. } => {}
                FromShim::ShellOpened { .. } => self.opened += 1,
                FromShim::Late { command, text, .. } => self.late.push((command.clone(), text.clone())),
                FromShim::Trouble(text) if text.contains("nobody is here") => {}
                FromShim::Trouble(_) if wanted(&report) => {}
                FromShim::Trouble(text)
                | FromShim::NoShell(text)
                | FromShim::Unrecorded { why: text, .. } => panic!("{text}"),
            }
            if wanted(&report) {
                return report;
            }
        }
    }

    pub(crate) fn begin(&mut self, text: &str, mode: Mode) -> CommandId {
        self.count += 1;
        let command = CommandId(format!("{}", self.count));
        self.shim.send(ToShim::Run {
            command: command.clone(),
            attempt: Attempt(1),
            text: text.into(),
            mode,
            watch: false,
            hidden: None,
        });
        command
    }

    fn end(&mut self) -> Exit {
        match self.until(|r| matches!(r, FromShim::Exited { .. })) {
            FromShim::Exited { exit, .. } => exit,
            _ => unreachable!(),
        }
    }

    /// Waits for the end of one command; others may end before it.
    pub(crate) fn end_of(&mut self, command: &CommandId) -> Exit {
        loop {
            if let Some((_, exit)) = self.exits.iter().find(|(known, _)| known == command) {
                return *exit;
            }
            self.until(|r| matches!(r, FromShim::Exited { .. }));
        }
    }

    /// Goes through a door with nobody there, and gives the way to its files beside the terminal.
    pub(crate) fn goes(&mut self, text: &str) -> Option<gonogo::exec::shim::Transport> {
        let command = self.begin(text, Mode::ThroughUnattended);
        let entered = self.until(|r| matches!(r, FromShim::Entered { .. } | FromShim::Exited { .. }));
        let FromShim::Entered { beside, .. } = entered else {
            panic!("{text} led nowhere: {}", self.output(&command))
        };
        self.end_of(&command);
        beside.files
    }

    /// Waits until what runs is lost, and says why.
    pub(crate) fn loses(&mut self) -> String {
        match self.until(|r| matches!(r, FromShim::Lost { .. })) {
            FromShim::Lost { why, .. } => why,
            _ => unreachable!(),
        }
    }

    /// Waits for something that is wrong, and says what.
    pub(crate) fn trouble(&mut self) -> String {
        match self.until(|r| matches!(r, FromShim::Trouble(_))) {
            FromShim::Trouble(text) => text,
            _ => unreachable!(),
        }
    }

    /// Waits until the other side is reached of what goes through a door.
    pub(crate) fn arrives(&mut self) {
        let command = CommandId(format!("{}", self.count));
        self.until(|r| matches!(r, FromShim::Entered { .. }));
        self.end_of(&command);
    }

    /// Runs a command and gives its exit and its output.
    pub(crate) fn run(&mut self, text: &str) -> (Exit, String) {
        let command = self.begin(text, Mode::Run);
        (self.end_of(&command), self.output(&command))
    }

    /// Runs a command and gives its exit and what it showed.
    pub(crate) fn shows(&mut self, text: &str) -> (Exit, Shown) {
        let command = self.begin(text, Mode::Run);
        let exit = self.end_of(&command);
        let shown = self.shown.iter().find(|(known, _)| *known == command);
        (exit, shown.map(|(_, shown)| shown.clone()).unwrap_or_default())
    }

    /// The same with nobody there.
    pub(crate) fn unattended(&mut self, text: &str) -> (Exit, Shown) {
        let command = self.begin(text, Mode::NoInput);
        let exit = self.end_of(&command);
        let shown = self.shown.iter().find(|(known, _)| *known == command);
        (exit, shown.map(|(_, shown)| shown.clone()).unwrap_or_default())
    }

    /// Types keys into a command that asks, and gives what it recorded.
    pub(crate) fn answers(&mut self, text: &str, keys: &str) -> String {
        let command = self.begin(text, Mode::Interactive);
        self.keys(keys);
        self.end_of(&command);
        self.output(&command)
    }

    pub(crate) fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    fn output(&self, command: &CommandId) -> String {
        let mut lines = Lines::open(self.directory.path(), command, Attempt(1)).unwrap();
        let query = OutputQuery { rows: 10_000, ..OutputQuery::new(command.clone(), From::End) };
        let page = lines.answer(&query).unwrap();
        page.lines.iter().map(OutputLine::plain).collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn see(&mut self, wanted: &str) {
        self.until(|r| matches!(r, FromShim::Screen { screen, .. } if screen.rows.iter().any(|row| row.plain().contains(wanted))));
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let command = CommandId(format!("{}", self.count));
        self.shim.send(ToShim::Signal { command, signal });
    }

    pub(crate) fn signal_to(&self, command: &CommandId, signal: Signal) {
        self.shim.send(ToShim::Signal { command: command.clone(), signal });
    }

    /// Keeps the last command in the background.
    pub(crate) fn keeps(&self) {
        self.shim.send(ToShim::Background(CommandId(format!("{}", self.count))));
    }

    pub(crate) fn keys(&self, keys: &str) {
        let command = CommandId(format!("{}", self.count));
        self.shim.send(ToShim::Keys { command, keys: keys.as_bytes().to_vec() });
    }
}

fn ok(out: &str) -> (Exit, String) {
    (Exit::Status(0), out.to_owned())
}

#[test]
fn state_lives_on_from_command_to_command() {
    let mut shell = Shell::start();
    assert_eq!(shell.run("cd /tmp && X='a b'; f() { echo \"f:$X\"; }; alias hi='echo hello'"), ok(""));
    assert_eq!(shell.run("f; hi there; pwd"), ok("f:a b\nhello there\n/tmp"));
    assert_eq!(shell.place.directory, "/tmp");
    assert!(shell.place.login.contains('@'));
    assert_eq!(shell.run("(exit 7)"), (Exit::Status(7), String::new()));
    assert_eq!(shell.run("echo $?"), ok("7"), "$? is the last command's");
    let (_, shown) = shell.shows("sleep 0.2 & wait $!; echo waited $?");
    assert_eq!(shown.output, "waited 0\n");
    assert!(shown.error.starts_with("[1] "), "a job is told of as in any terminal: {}", shown.error);
    assert_eq!(shell.run("set -o pipefail; false | true; echo $?; set +o pipefail"), ok("1"));
    assert_eq!(shell.run("[[ -t 0 && -t 1 && -t 2 ]] && tty >/dev/null && echo terminals"), ok("terminals"));
}

#[test]
fn a_long_answer_holds_nobody_up() {
    let mut shell = Shell::start();
    shell.shim.send(ToShim::Ask { name: "many".into(), script: "seq 100000".into() });
    match shell.until(|r| matches!(r, FromShim::Answered { .. })) {
        FromShim::Answered { output, .. } => assert_eq!(output.unwrap().lines().count(), 100_000),
        _ => unreachable!(),
    }
    assert_eq!(shell.run("echo on"), ok("on"));
}

#[test]
fn errors_that_abort_a_command_leave_the_shell_alive() {
    let mut shell = Shell::start();
    for text in ["set -u; echo $NOT_SET", "set +u; : ${X:?gone}", "echo $((1/0))", "return 3", "break"] {
        let (exit, _) = shell.run(text);
        assert!(matches!(exit, Exit::Status(_)), "{text}: {exit:?}");
    }
    assert_eq!(shell.run("echo alive"), ok("alive"));
}

#[test]
fn a_shell_that_ends_is_replaced_from_its_snapshot() {
    let mut shell = Shell::start();
    shell.run("cd /usr; export KEPT='one two'; g() { echo g; }; alias k='echo k'");
    assert_eq!(shell.run("exit 3").0, Exit::ShellEnded(3));
    shell.until(|r| matches!(r, FromShim::Ready { .. }));
    assert_eq!(shell.run("echo $KEPT; g; k; pwd"), ok("one two\ng\nk\n/usr"));
    assert_eq!(shell.replaced, 1);
    shell.run("set -e");
    assert_eq!(shell.run("false").0, Exit::ShellEnded(1), "set -e ends an interactive bash");
    assert_eq!(shell.run("echo back"), ok("back"));
}

#[test]
fn changed_variables_are_captured_unless_secret() {
    let mut shell = Shell::start();
    shell.run("export BACKUP_FILE=\"b_$((1+1)).sql\" DB_PASSWORD=geheim99");
    shell.until(|r| matches!(r, FromShim::Captured { .. }));
    shell.run("true");
    assert_eq!(shell.captured, [("BACKUP_FILE".to_owned(), "b_2.sql".to_owned())]);
}

#[test]
fn secrets_reach_the_shell_and_nothing_else() {
    let mut shell = Shell::start();
    shell.shim.send(ToShim::Secret { name: "PGPASSWORD".into(), value: "s3cr3tvalue".into() });
    let (_, out) = shell.run("echo before $PGPASSWORD after; printf 's3cr3t'; printf 'value\\n'; test ${#PGPASSWORD} = 11 && echo whole");
    assert_eq!(out, "before *********** after\n***********\nwhole");
    let raw = std::fs::read(recording::raw_path(shell.directory.path(), &CommandId("1".into()), Attempt(1)))
        .unwrap();
    assert!(!String::from_utf8_lossy(&raw).contains("s3cr3tvalue"));
}

#[test]
fn interrupts_reach_what_runs_and_the_shell_goes_on() {
    let mut shell = Shell::start();
    for text in
        ["echo up; sleep 1000", "echo up; while true; do sleep 0.05; done", "echo up; while :; do :; done"]
    {
        shell.begin(text, Mode::Run);
        shell.see("up");
        shell.signal(Signal::Int);
        assert_eq!(shell.end(), Exit::Status(130), "{text}");
        shell.screen = Screen::default();
    }
    shell.begin("trap '' INT TERM; echo deaf; sleep 1000", Mode::Run);
    shell.see("deaf");
    shell.signal(Signal::Int);
    shell.signal(Signal::Kill);
    assert!(!shell.end().is_success());
    shell.run("trap - INT TERM");
    assert_eq!(shell.run("echo alive"), ok("alive"));
}

#[test]
fn a_flood_is_recorded_whole_and_the_screen_stays_bounded() {
    let mut shell = Shell::start();
    let command = shell.begin("seq 300000", Mode::Run);
    assert_eq!(shell.end(), Exit::Status(0));
    let raw =
        std::fs::read_to_string(recording::raw_path(shell.directory.path(), &command, Attempt(1))).unwrap();
    assert!(raw.lines().map(str::trim_end).eq((1..=300_000).map(|n| n.to_string())), "every line, in order");
    assert!(shell.screen.history.len() <= 400);
    assert!(shell.output(&command).ends_with("299999\n300000"));
}

#[test]
fn long_lines_odd_bytes_and_both_streams() {
    let mut shell = Shell::start();
    let command = shell.begin("head -c 1000000 /dev/zero | tr '\\0' x; echo", Mode::Run);
    assert_eq!(shell.end(), Exit::Status(0));
    let raw = std::fs::read(recording::raw_path(shell.directory.path(), &command, Attempt(1))).unwrap();
    assert_eq!(raw.iter().filter(|b| **b == b'x').count(), 1_000_000);
    let (_, out) = shell.run("printf '\\377\\376 ok\\n'; printf '\\033[31mred\\033[0m\\n'; echo err >&2");
    assert!(out.contains("ok") && out.contains("red") && out.contains("err"), "{out}");
    let index = std::fs::read_to_string(shell.directory.path().join("2.1.idx")).unwrap();
    assert!(
        index.lines().any(|l| l.contains(" e ")) && index.lines().any(|l| l.contains(" o ")),
        "streams are told apart"
    );
}

#[test]
fn nobody_there_means_empty_input() {
    let mut shell = Shell::start();
    let command = shell.begin("read -r x; echo \"got:$x:$?\"; cat", Mode::NoInput);
    assert_eq!(shell.end(), Exit::Status(0));
    assert_eq!(shell.output(&command), "got::1");
}

#[test]
fn a_background_job_does_not_hold_up_the_end() {
    let mut shell = Shell::start();
    let start = Instant::now();
    assert_eq!(shell.run("sleep 1000 & echo started").0, Exit::Status(0));
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(shell.shows("jobs | grep -c sleep; kill %1").1.output, "1\n");
}

#[test]
fn what_a_background_job_writes_while_nothing_runs_is_its_commands() {
    let mut shell = Shell::start();
    shell.shows("(until [ -e go ]; do sleep 0.02; done; echo STARTED; echo warned >&2) &");
    std::fs::write(shell.directory().join("go"), "").unwrap();
    shell.until(|r| matches!(r, FromShim::Late { text, .. } if text.contains("STARTED")));
    assert_eq!(shell.late[0].0, CommandId("1".into()));
    assert!(!shell.late.iter().any(|(_, text)| text.contains("gonogo")), "{:?}", shell.late);
}

#[test]
fn a_shell_that_a_command_opens_by_a_detour_is_seen() {
    let mut shell = Shell::start();
    let script = shell.directory().join("in.sh");
    std::fs::write(&script, "#!/bin/bash\nexec bash --norc --noprofile\n").unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let opened =
        |r: &FromShim| matches!(r, FromShim::ShellOpened { words, .. } if words.iter().any(|w| w == "bash"));
    // By what is in the script, before it runs; with nobody there it does not run.
    shell.begin("./in.sh", Mode::NoInput);
    shell.until(opened);
    assert_eq!(shell.end(), Exit::Status(126));
    // By a function that the shell knows.
    assert_eq!(shell.run("inside() { exec bash; }"), ok(""));
    shell.begin("inside", Mode::NoInput);
    shell.until(opened);
    assert_eq!(shell.end(), Exit::Status(126));
    // By the process that has the terminal, whatever started it.
    shell.begin("perl -e 'exec qw(bash --norc)'", Mode::Run);
    shell.until(opened);
    shell.keys("exit 7\r");
    assert_eq!(shell.end(), Exit::Status(7));
    shell.begin("find . -name in.sh -exec {} ';'", Mode::NoInput);
    shell.until(opened);
    assert_eq!(shell.end(), Exit::Status(0), "find says nothing of how it ended");
    // What is fed, and what goes through a script of its own, is no shell that waits.
    assert_eq!(shell.run("echo 'sleep 1; echo fed' | bash"), ok("fed"));
    assert_eq!(shell.run("( sleep 1; echo sub )"), ok("sub"));
    assert_eq!(shell.opened, 4, "only what opens one is told");
}

#[test]
fn programs_that_take_the_keyboard_work() {
    let mut shell = Shell::start();
    shell.shim.send(ToShim::Pane(Size { columns: 80, rows: 20 }));
    let file = shell.directory.path().join("note.txt");
    let exists = |p: &str| gonogo::exec::spawn::exists(p);
    if exists("nano") {
        shell.begin("nano note.txt", Mode::Interactive);
        shell.see("GNU nano");
        shell.keys("from nano");
        shell.see("from nano");
        shell.keys("\x0f\r");
        shell.see("Wrote");
        shell.keys("\x18");
        assert_eq!(shell.end(), Exit::Status(0));
        assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), "from nano");
    } else {
        skip("nano", "nano");
    }
    if exists("vim") {
        std::fs::write(&file, "one\n").unwrap();
        shell.begin("vim -u NONE note.txt", Mode::Interactive);
        shell.see("one");
        shell.keys("Atwo\x1b");
        shell.see("onetwo");
        shell.keys(":wq\r");
        assert_eq!(shell.end(), Exit::Status(0));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "onetwo\n");
    } else {
        skip("vim", "vim");
    }
    if exists("less") {
        shell.begin("seq 500 > many; less many", Mode::Interactive);
        shell.see("18");
        shell.keys("G");
        shell.see("500");
        shell.keys("q");
        assert_eq!(shell.end(), Exit::Status(0));
    } else {
        skip("less", "less");
    }
    assert_eq!(shell.run("stty -a | grep -c ' icanon'"), ok("1"), "the terminal's modes are as before");
}

#[test]
fn what_the_user_types_at_a_question_arrives() {
    let mut shell = Shell::start();
    let command = shell.begin("read -r -p 'name? ' n; echo \"hello $n\"", Mode::Interactive);
    shell.see("name?");
    shell.keys("bo\r");
    assert_eq!(shell.end(), Exit::Status(0));
    assert!(shell.output(&command).ends_with("hello bo"));
}

/// A PostgreSQL server of the test's own, from Debian's package, on a socket in a directory.
struct Postgres {
    directory: tempfile::TempDir,
    bin: std::path::PathBuf,
}

impl Postgres {
    fn start() -> Option<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let bin = versions
            .filter_map(Result::ok)
            .map(|e| e.path().join("bin"))
            .find(|b| b.join("postgres").exists())?;
        let postgres = Self { directory: tempfile::tempdir().unwrap(), bin };
        let path = postgres.directory.path().display().to_string();
        let bin = postgres.bin.display();
        postgres
            .run(&format!("{bin}/initdb --pgdata={path}/data --auth=trust --username=postgres --no-sync"));
        postgres.run(&format!("{bin}/pg_ctl --pgdata={path}/data --log={path}/log --wait -o '-k {path} -c listen_addresses= -c fsync=off' start"));
        Some(postgres)
    }

    /// Runs a command as somebody PostgreSQL accepts: it refuses root.
    fn run(&self, script: &str) {
        let root = rustix::process::getuid().is_root();
        if root {
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
            std::fs::set_permissions(self.directory.path(), open).unwrap();
        }
        let (program, arguments) = if root {
            ("runuser", vec!["-u", "postgres", "--", "bash", "-c", script])
        } else {
            ("bash", vec!["-c", script])
        };
        let (status, out, err) =
            gonogo::exec::spawn::Helper::new(program, &arguments, self.directory.path()).run().unwrap();
        assert_eq!(status, 0, "{script}: {out}{err}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.run(&format!(
            "{}/pg_ctl --pgdata={}/data --mode=immediate stop",
            self.bin.display(),
            self.directory.path().display()
        ));
    }
}

#[test]
fn a_database_prompt_takes_the_keyboard() {
    let (Some(postgres), true) = (Postgres::start(), gonogo::exec::spawn::exists("psql")) else {
        return skip("a_database_prompt_takes_the_keyboard", "a PostgreSQL server with psql");
    };
    let mut shell = Shell::start();
    shell.begin(&format!("psql -h {} -U postgres", postgres.directory.path().display()), Mode::Interactive);
    shell.see("postgres=#");
    shell.keys("SELECT 40 + 2 AS answer;\r");
    shell.see("(1 row)");
    assert!(shell.screen.rows.iter().any(|r| r.plain().trim() == "42"));
    shell.keys("\\q\r");
    assert_eq!(shell.end(), Exit::Status(0));
}

#[test]
fn an_interrupt_that_hits_a_process_just_ending_still_ends_the_loop() {
    let mut shell = Shell::start();
    for round in 0..15 {
        shell.begin(&format!("while true; do /bin/true; echo r{round}; done"), Mode::Run);
        shell.see(&format!("r{round}"));
        shell.signal(Signal::Int);
        assert_eq!(shell.end(), Exit::Status(130), "round {round}");
    }
}

#[test]
fn a_follow_command_goes_on_in_the_background_on_a_terminal_of_its_own() {
    let mut shell = Shell::start();
    assert_eq!(shell.run("echo first >log; sleep 1000 & X=$!").0, Exit::Status(0));
    let follow = shell.begin("tail -f log; echo unseen", Mode::Follow);
    shell.see("first");
    shell.shim.send(ToShim::Background(follow.clone()));
    // The next command waits for the shell to be free, and its output is its own.
    assert_eq!(shell.run("echo second >>log; [ $X = $! ] && echo same; jobs | wc -l"), ok("same\n1"));
    let seen = |screen: &Screen| screen.rows.iter().any(|row| row.plain().contains("second"));
    if !shell.screens.get(&follow).is_some_and(seen) {
        shell.until(
            |r| matches!(r, FromShim::Screen { command, screen } if *command == follow && seen(screen)),
        );
    }
    shell.shim.send(ToShim::Signal { command: follow.clone(), signal: Signal::Int });
    assert!(!shell.end_of(&follow).is_success());
    assert_eq!(shell.output(&follow), "first\nsecond");
    assert_eq!(shell.shows("kill $X; echo on").1.output, "on\n");
}

#[test]
fn a_follow_command_that_ends_by_itself_tells_its_status() {
    let mut shell = Shell::start();
    shell.begin("seq 3; exit 3", Mode::Follow);
    assert_eq!(shell.end(), Exit::Status(3));
    let follow = shell.begin("until [ -e go ]; do sleep 0.02; done; echo bye; (exit 4)", Mode::Follow);
    shell.shim.send(ToShim::Background(follow.clone()));
    assert_eq!(shell.run("touch go; echo gone"), ok("gone"));
    assert_eq!(shell.end_of(&follow), Exit::Status(4));
    assert_eq!(shell.output(&follow), "bye");
}

#[test]
fn followers_end_with_their_place() {
    let mut shell = Shell::start();
    let follow = shell.begin("echo $BASHPID >pid; tail -f /dev/null", Mode::Follow);
    shell.shim.send(ToShim::Background(follow));
    assert_eq!(shell.run("until [ -s pid ]; do sleep 0.02; done"), ok(""));
    let pid = std::fs::read_to_string(shell.directory.path().join("pid")).unwrap();
    drop(shell.shim);
    let start = Instant::now();
    while std::path::Path::new(&format!("/proc/{}", pid.trim())).exists() {
        assert!(start.elapsed() < DEADLINE, "it still runs");
        std::thread::yield_now();
    }
}

#[test]
fn ten_million_lines_stay_navigable() {
    use gonogo::exec::lines::Lines;
    use gonogo::protocol::{From, OutputQuery};
    let mut shell = Shell::start();
    let command = shell.begin("seq 10000000", Mode::Run);
    let begun = Instant::now();
    let end = shell.until(|r| matches!(r, FromShim::Exited { .. }));
    assert!(matches!(end, FromShim::Exited { exit: Exit::Status(0), .. }));
    println!("ten million lines were printed and recorded in {} ms", begun.elapsed().as_millis());
    let mut lines = Lines::open(shell.directory.path(), &command, Attempt(1)).unwrap();
    let query = |from, pattern: Option<&str>| OutputQuery {
        command: command.clone(),
        attempt: None,
        from,
        rows: 40,
        raw: false,
        pattern: pattern.map(str::to_owned),
        filter: None,
    };
    let mut asked = |what: &str, query: &OutputQuery| {
        let begun = Instant::now();
        let page = lines.answer(query).unwrap();
        println!("{what}: {} ms", begun.elapsed().as_millis());
        page
    };
    let page = asked("the end, for the first time", &query(From::End, None));
    assert_eq!((page.total, page.lines[39].plain()), (10_000_000, "10000000".to_owned()));
    let page = asked("the middle", &query(From::Line(5_000_000), None));
    assert_eq!(page.lines[0].plain(), "5000001");
    let page = asked("a search", &query(From::Next(0), Some("77777$")));
    assert_eq!((page.matches, page.found), (Some(100), Some(77_776)));
    let page = asked("the next match", &query(From::Next(77_777), Some("77777$")));
    assert_eq!((page.found, page.found_at), (Some(177_776), Some(2)));
}

#[test]
fn an_interrupt_ends_a_follow_command_that_is_a_loop_of_short_ones() {
    let mut shell = Shell::start();
    for round in 0..15 {
        let follow = shell.begin("while true; do seq 1000; done", Mode::Follow);
        shell.see("1000");
        if round % 2 == 1 {
            shell.shim.send(ToShim::Background(follow.clone()));
            assert_eq!(shell.run("echo free"), ok("free"), "round {round}");
        }
        shell.shim.send(ToShim::Signal { command: follow.clone(), signal: Signal::Int });
        assert!(!shell.end_of(&follow).is_success(), "round {round}");
    }
}

#[test]
fn a_kill_ends_a_loop_of_the_shell_too() {
    let mut shell = Shell::start();
    shell.begin("N=1; until false; do sleep 0.01; done", Mode::Run);
    shell.signal(Signal::Kill);
    assert!(matches!(shell.end(), Exit::ShellEnded(_)));
    shell.until(|r| matches!(r, FromShim::Ready { .. }));
    assert_eq!(shell.run("echo on"), ok("on"));
}
