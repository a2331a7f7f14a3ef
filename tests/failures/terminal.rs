//! The terminal goes, or is given back for a while: the client leaves in order, and the run goes on.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};

use gonogo::exec::screen::Size;

use super::support::program;
use super::{Home, Terminal, contents, start_run, until, until_written, waits_for_go};

const SIZE: Size = Size { columns: 100, rows: 30 };

/// Something started by a shell in a terminal, as by somebody who typed it.
#[expect(clippy::disallowed_methods, reason = "tests start the program they test")]
fn by_shell(home: &Home, words: &[&str]) -> Terminal {
    let mut command = Command::new("bash");
    command.args(words).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", home.path());
    command.env("TERM", "xterm-256color").env("LANG", "C.UTF-8").current_dir(home.path());
    command.env("GONOGO_STATE_DIR", home.path().join("state")).env("GONOGO_OPERATOR", "ada");
    Terminal::start(command, SIZE)
}

/// The terminal goes, as with the window that it was in: how the program ends.
fn hang_up(terminal: &mut Terminal) -> ExitStatus {
    terminal.master = File::open("/dev/null").unwrap().into();
    let mut ended = None;
    let child = std::cell::RefCell::new((&mut terminal.child, &mut ended));
    until("the end without a terminal", || {
        let (child, ended) = &mut *child.borrow_mut();
        **ended = child.try_wait().unwrap();
        ended.is_some()
    });
    ended.unwrap()
}

pub(super) fn whose_terminal_hangs_up_leaves_quietly_and_the_command_goes_on() {
    for arguments in [&["b.md"][..], &["attach", "--read-only"]] {
        let home = Home::new();
        home.write("b.md", &format!("# T\n## Steps\n```bash\n{}\n```\n", waits_for_go(0)));
        let mut terminal = home.terminal(&["b.md"], 100, 30);
        start_run(&mut terminal);
        terminal.press("Enter runs it", "\r");
        until_written(&home, "mark", "begun");
        let mut second = None;
        if arguments != ["b.md"] {
            let mut other = home.terminal(arguments, 100, 30);
            other.see("view only");
            second = Some(other);
        }
        let ended = hang_up(second.as_mut().unwrap_or(&mut terminal));
        assert_eq!((ended.signal(), ended.code()), (None, Some(0)), "{arguments:?}");
        home.write("go", "");
        until_written(&home, "mark", "ended");
    }
}

pub(super) fn a_terminal_that_goes_without_a_signal_ends_the_client_as_well() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\ntrue\n```\n");
    for flag in ["", "--plain"] {
        let gonogo = program(&home);
        let started = format!("trap '' HUP; {} {flag} b.md 2>said; echo $? >rc{flag}", gonogo.display());
        let mut terminal = by_shell(&home, &["-c", &started]);
        terminal.see(if flag.is_empty() { "start in" } else { "Start in default" });
        terminal.master = File::open("/dev/null").unwrap().into();
        let rc = format!("rc{flag}");
        until(&format!("it has left {flag}"), || !contents(&home.path().join(&rc)).is_empty());
        assert_eq!(contents(&home.path().join(&rc)), "0\n", "{}", contents(&home.path().join("said")));
        assert_eq!(contents(&home.path().join("said")).matches("panicked").count(), 0);
    }
}

pub(super) fn what_was_stopped_by_the_keyboard_goes_on_where_it_was() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho hello there\n```\n");
    let mut it = by_shell(&home, &["--norc", "-i"]);
    it.type_keys(&format!("{} b.md\r", program(&home).display()));
    it.see_live("start in");
    for _ in 0..2 {
        it.type_keys("\x1a");
        it.see("Stopped");
        assert!(!it.screen().alternate && it.screen().cursor.visible);
        it.type_keys("fg\r");
        it.see_live("start in");
    }
    it.type_keys("\r");
    it.press("Enter runs it", "\r");
    it.see("hello there");
}
