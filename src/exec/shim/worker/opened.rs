//! A shell that a command opens although its text does not show that, by a script, a function, an alias or a variable:
//! told by the words of the processes that have the terminal.

use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, SpecialCodeIndex, tcgetattr};

use super::super::super::proc;
use super::super::message::{FromShim, Mode};
use super::super::running::Running;
use super::Worker;
use crate::shell::{Names, opens_shell};

/// How long nothing was shown where a shell waits for whoever sits there.
const WAITS: Duration = Duration::from_millis(500);
/// The same where it can't be seen what it reads from, because another user runs it: then the terminal has to be set up for
/// keys, which `sudo bash < script` does not do.
const WAITS_UNSEEN: Duration = Duration::from_secs(3);

/// So many processes of a command are looked at.
const MOST_PROCESSES: usize = 64;
/// How often it is looked, at first and later.
const OFTEN: Duration = Duration::from_millis(25);
const OFTEN_FOR: Duration = Duration::from_secs(1);
const SELDOM: Duration = Duration::from_millis(500);

/// A longer script is not looked into.
const LONGEST_SCRIPT: u64 = 64 * 1024;

impl Worker {
    /// The words that will open a shell, where what is to run calls a function, an alias, a variable or a script that
    /// does: as they are now in the shell that has the terminal.
    pub(super) fn will_open(&self, text: &str) -> Option<Vec<String>> {
        let mut names = Names::default();
        for name in Names::called(text) {
            let known = self.known.snapshot.as_ref();
            if let Some(variable) = name.strip_prefix('$') {
                let variable = variable.trim_matches(['{', '}']);
                if let Some(value) = known.and_then(|k| k.value(variable)) {
                    names.learn_variable(variable, &value);
                }
                continue;
            }
            let given = known.and_then(|k| k.alias(&name).or_else(|| k.function(&name)));
            if let Some(given) = given {
                names.learn(given);
            } else if let Some(script) = self.script(&name) {
                names.learn_script(&name, &script);
            }
        }
        names.what_opens(text)
    }

    /// The text of a script of this machine for a shell of it.
    fn script(&self, name: &str) -> Option<String> {
        if self.doors.is_behind() || !name.contains('/') && !name.ends_with(".sh") {
            return None;
        }
        let file = std::fs::File::open(Path::new(&self.place.directory).join(name)).ok()?;
        let plain = file.metadata().is_ok_and(|m| m.is_file() && m.len() <= LONGEST_SCRIPT);
        let mut text = String::new();
        file.take(if plain { LONGEST_SCRIPT } else { 0 }).read_to_string(&mut text).ok()?;
        let first = text.lines().next().unwrap_or_default();
        (!first.starts_with("#!") || first.contains("sh")).then_some(text)
    }

    /// When it is to be looked for a shell again, where that is earlier than for anything else.
    pub(super) fn shell_due_in(&self) -> Option<Duration> {
        let running = self.live.running.as_ref().filter(|r| r.mode == Mode::NoInput)?;
        let looks = running.ended.is_none() && !self.doors.is_behind();
        looks.then(|| every(running))
    }

    /// Tells once of a shell that what runs has opened. With nobody there it would wait for ever: it is hung up.
    pub(super) fn find_shell(&mut self) {
        // Behind a door the process here is the door.
        if self.doors.is_behind() {
            return;
        }
        let looks = |r: &&mut Running| r.ended.is_none() && r.mode.runs_by_itself();
        let Some(running) = self.live.running.as_mut().filter(looks) else { return };
        let unattended = running.mode == Mode::NoInput;
        let quiet = running.quiet_for();
        // With nobody there it finds the end of its input, and is gone in a moment.
        let looked = running.looked.is_some_and(|at| at.elapsed() < every(running));
        if running.opened && !unattended || looked || quiet < WAITS && !unattended {
            return;
        }
        let Some(group) = self.bash.foreground() else { return };
        running.looked = Some(Instant::now());
        let terminal = self.bash.process.terminal.path();
        let reads = |from: &Path| {
            unattended && from == Path::new("/dev/null")
                || terminal.as_ref().is_none_or(|terminal| from == Path::new(terminal))
        };
        let shell = shell_below(
            (self.bash.process.child.id(), group),
            &reads,
            quiet >= WAITS_UNSEEN && takes_keys(&self.bash.process.terminal.slave),
        );
        let Some((pid, words)) = shell else { return };
        let (command, told) = (running.command.clone(), std::mem::replace(&mut running.opened, true));
        if unattended {
            // What it leads to may be on its way, or be a shell of another group: that is found the next time.
            let _gone = kill_process(pid, Signal::HUP);
        }
        if told {
            return;
        }
        if unattended {
            let words =
                format!("{command} opened a shell, and nobody is here to use it: gonogo closed that shell");
            (self.report)(FromShim::Trouble(words));
        }
        (self.report)(FromShim::ShellOpened { command, words });
    }
}

/// How often it is looked for a shell.
fn every(running: &Running) -> Duration {
    if running.started.elapsed() < OFTEN_FOR { OFTEN } else { SELDOM }
}

/// Whether somebody has set a terminal up to read keys one by one, as what edits a line does (termios(3)).
fn takes_keys(terminal: &OwnedFd) -> bool {
    tcgetattr(terminal).is_ok_and(|modes| {
        let waits = modes.special_codes[SpecialCodeIndex::VMIN] > 0;
        waits && !modes.local_modes.contains(LocalModes::ICANON)
    })
}

/// A process that the shell has started, or what it has become, which is a shell or leads to one and reads what a person
/// would type; with its words.
fn shell_below(
    (shell, group): (u32, Pid),
    reads: &dyn Fn(&Path) -> bool,
    unseen: bool,
) -> Option<(Pid, Vec<String>)> {
    let group = u32::try_from(group.as_raw_nonzero().get()).ok();
    let mut all = vec![shell];
    let mut at = 0;
    while let Some(pid) = all.get(at).copied().filter(|_| at < MOST_PROCESSES) {
        all.extend(proc::children(pid));
        at += 1;
        // What an earlier command left in the background has a group of its own.
        if proc::group(pid) != group {
            continue;
        }
        let words = proc::words(pid);
        let from = proc::input(pid);
        if !proc::is_shell_of_run(&words) && opens_shell(&words) && from.map_or(unseen, |from| reads(&from)) {
            return Some((Pid::from_raw(i32::try_from(pid).ok()?)?, words));
        }
    }
    None
}
