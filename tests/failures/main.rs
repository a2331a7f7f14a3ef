//! What can go wrong, with real processes and signals: clients, runners and shims are killed, disks
//! fill up, connections die, and nothing is lost or run twice.
//!
//! Nothing here sleeps to be in time: every wait is for a condition, with one deadline.

#![expect(clippy::unwrap_used, reason = "a test that can't go on says so")]

mod company;
mod disk;
mod kills;
mod logind;
mod power;
mod reliability;
mod soak;
mod ssh;
#[expect(dead_code, reason = "shared with the tests of places, which use more of it")]
#[path = "../real/sshd.rs"]
mod sshd;
mod stress;
#[expect(dead_code, reason = "shared with the tests of screens, which use more of it")]
#[path = "../real/support.rs"]
mod support;
mod terminal;

use std::path::{Path, PathBuf};

use gonogo::run::Event;

use support::{Home, Terminal, contents, events, records, store, the_run, until};

/// How many events fit.
fn count(home: &Home, fits: impl Fn(&Event) -> bool) -> usize {
    events(home).iter().filter(|e| fits(e)).count()
}

/// Waits until a file of the home holds a text.
fn until_written(home: &Home, name: &str, text: &str) {
    until(&format!("{text} in {name}"), || contents(&home.path().join(name)).contains(text));
}

/// A command that says that it began, and ends with a status once it is told to by a file.
fn waits_for_go(status: u8) -> String {
    format!("echo begun >>mark; until [ -e go ]; do sleep 0.02; done; echo ended >>mark; (exit {status})")
}

/// Starts the run on the Start screen and goes through the gate before its first command.
fn start_run(terminal: &mut Terminal) {
    terminal.press("start in", "\r");
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
}

/// The process of one kind.
fn process(home: &Home, kind: &str) -> u32 {
    home.processes().into_iter().find(|(_, k)| k == kind).map(|(pid, _)| pid).unwrap()
}

fn tell_it_to_end(home: &Home) {
    home.write("go", "");
}

fn recording(run: &Path, name: &str) -> PathBuf {
    run.join("recordings").join(name)
}
