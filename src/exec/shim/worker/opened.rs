//! A shell that a command opens although its text does not show that, by a script, a function, an alias or a variable:
//! told by the words of the processes that have the terminal.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use super::super::super::proc;
use super::super::super::spawn::SHELL_WORDS;
use super::super::message::{FromShim, Mode};
use super::Worker;
use crate::shell::{Names, opens_shell};

/// How long nothing was shown where a shell waits for whoever sits there.
const WAITS: Duration = Duration::from_millis(500);
/// The same where it can't be seen what it reads from: what another user runs.
const WAITS_UNSEEN: Duration = Duration::from_secs(3);

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

    /// Tells once of a shell that what runs has opened. With nobody there it would wait for ever: it is hung up.
    pub(super) fn find_shell(&mut self) {
        let by_itself = |mode| matches!(mode, Mode::Run | Mode::NoInput);
        let Some(running) = self.live.running.as_mut().filter(|r| r.ended.is_none() && by_itself(r.mode))
        else {
            return;
        };
        let quiet = running.quiet_for();
        if running.opened || quiet < WAITS {
            return;
        }
        let Some(group) = self.bash.foreground() else { return };
        let terminal = self.bash.process.terminal.path();
        let Some(words) = shell_in(group, terminal.as_deref(), quiet >= WAITS_UNSEEN) else { return };
        running.opened = true;
        let (command, unattended) = (running.command.clone(), self.typist.modes.unattended);
        if unattended {
            let words = format!("{command} opened a shell and nobody is there to use it: it was hung up");
            (self.report)(FromShim::Trouble(words));
        }
        (self.report)(FromShim::ShellOpened { command, words });
        if unattended {
            let _gone = kill_process_group(group, Signal::HUP);
        }
    }
}

/// The words of a process of this group that is a shell, or leads to one, and reads the terminal.
fn shell_in(group: Pid, terminal: Option<&str>, unseen: bool) -> Option<Vec<String>> {
    let group = u32::try_from(group.as_raw_nonzero().get()).ok()?;
    let reads = |pid: u32| match std::fs::read_link(format!("/proc/{pid}/fd/0")) {
        Ok(from) => terminal.is_none_or(|terminal| from.as_os_str() == terminal),
        Err(_) => unseen,
    };
    let mut of_group = proc::all().filter(|pid| proc::group(*pid) == Some(group));
    of_group.find_map(|pid| {
        let words = proc::words(pid);
        // What the run's own shell has forked is called as it is.
        let own = words.get(1..=SHELL_WORDS.len()).is_some_and(|w| w == SHELL_WORDS);
        (!own && opens_shell(&words) && reads(pid)).then_some(words)
    })
}
