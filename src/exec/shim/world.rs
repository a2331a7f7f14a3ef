//! Where the processes are that a shell behind doors has started, and signals to them beside its terminal.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::super::spawn::Helper;
use super::message::Signal;
use super::transport::Transport;

/// Where processes are that can be reached beside the terminal.
pub(super) struct World {
    /// The way there; nothing for this machine.
    pub(super) way: Option<Transport>,
    /// The first shell there.
    pub(super) first: Option<u32>,
    /// The shell that has the terminal is not the first one, and may be another user's.
    pub(super) others: bool,
}

/// What became of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Became {
    /// It was sent, or there was nothing to send it to.
    Sent,
    /// It is another user's process, and `sudo` asks for a password.
    Denied,
    /// Nobody could send it.
    Unreached,
}

/// What the script ends with where it may not signal.
const DENIED: i32 = 4;
/// How often it is looked what became of one.
const LOOKED: Duration = Duration::from_millis(50);

/// Signals what has the terminal of a shell, unless that is the shell itself. Where it is another user's, `sudo` may do it,
/// one by one: not every kill(1) reads a group alike. `below` is a process that the shell has to have come from; in a world
/// of its own after all its number would be that of something else.
pub(super) fn script(shell: u32, below: Option<u32>, name: &str) -> String {
    let stat = "{ read -r l <\"/proc/$p/stat\"; } 2>/dev/null && set -- ${l##*) }";
    let comes = below.map_or_else(String::new, |below| {
        format!(
            "p={shell}; while [ \"$p\" -gt 1 ] && [ \"$p\" -ne {below} ]; do {stat} || exit 3; p=$2; done; [ \"$p\" -eq {below} ] || exit 3\n"
        )
    });
    format!(
        "{comes}p={shell}; if {stat}; then g=$6; else g=$(ps -o tpgid= -p {shell}); fi\n\
         [ $((g)) -gt 1 ] && [ $((g)) -ne {shell} ] || exit 0\n\
         kill -{name} -$((g)) 2>/dev/null && exit\nall=\n\
         for f in /proc/[0-9]*; do p=${{f#/proc/}}; if {stat} && [ \"$3\" = $((g)) ]; then all=\"$all $p\"; fi; done\n\
         sudo -n kill -{name} $all 2>/dev/null || exit {DENIED}"
    )
}

/// A signal that was sent, until it is known what became of it.
#[derive(Default)]
pub(super) struct Sent(Option<(Receiver<Became>, Signal)>);

impl Sent {
    /// Sends one to what has the terminal of a shell; `here` is this machine's.
    pub(super) fn send(&mut self, world: World, (shell, here): (u32, u32), signal: Signal) {
        let below = world.others.then(|| world.first.unwrap_or(here));
        self.run(world.way, script(shell, below, name(signal)), signal);
    }

    /// Sends one to a group.
    pub(super) fn send_to(&mut self, way: Transport, group: u32, signal: Signal) {
        // One that has just ended needs none.
        self.run(Some(way), format!("kill -{} -{group} 2>/dev/null || :", name(signal)), signal);
    }

    fn run(&mut self, way: Option<Transport>, script: String, signal: Signal) {
        let (tell, told) = channel();
        let send = move || {
            let ran = match &way {
                Some(way) => way.ask(&script),
                None => Helper::new("sh", &["-c", &script], Path::new("/")).run(),
            };
            let became = match ran {
                Ok((0, ..)) => Became::Sent,
                Ok((DENIED, ..)) => Became::Denied,
                _ => Became::Unreached,
            };
            let _nobody_waits = tell.send(became);
        };
        // A thread: the way there may hang.
        let started = std::thread::Builder::new().name("signal".into()).spawn(send);
        self.0 = started.is_ok().then_some((told, signal));
    }

    /// What became of one, once that is known.
    pub(super) fn became(&mut self) -> Option<(Became, Signal)> {
        let (told, signal) = self.0.as_ref()?;
        let known = (told.try_recv().ok()?, *signal);
        self.0 = None;
        Some(known)
    }

    /// When it is to be looked at.
    pub(super) fn due_in(&self) -> Option<Duration> {
        self.0.as_ref().map(|_| LOOKED)
    }
}

fn name(signal: Signal) -> &'static str {
    match signal {
        Signal::Int => "INT",
        Signal::Term => "TERM",
        Signal::Kill => "KILL",
    }
}

/// What is said of a signal that did not arrive.
pub(super) fn not_sent(became: Became, signal: Signal, closes: Duration) -> String {
    let (name, then) = (
        name(signal),
        match signal {
            Signal::Kill => format!("gonogo closes the session in {} s", closes.as_secs()),
            Signal::Term => "use INT or KILL".to_owned(),
            Signal::Int => "use KILL".to_owned(),
        },
    );
    let why = match became {
        Became::Denied => "it runs as another user, and `sudo -n kill` failed there",
        _ => "it can be reached only through its terminal",
    };
    format!("gonogo can't send {name} to the command: {why}; {then}")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "the script is run by shells of this machine")]
    fn ran(script: &str) -> Option<i32> {
        Command::new("sh").args(["-c", script]).output().unwrap().status.code()
    }

    #[test]
    fn a_process_that_did_not_come_from_there_gets_no_signal() {
        let own = std::process::id();
        // What has this test's terminal, if anything, is left alone: it has not come from there.
        assert_eq!(ran(&script(own, Some(u32::MAX >> 1), "CONT")), Some(3));
        assert_eq!(ran(&script(u32::MAX >> 1, Some(own), "CONT")), Some(3), "there is no such process");
    }

    #[test]
    fn it_is_said_why_a_signal_did_not_arrive() {
        let closes = Duration::from_secs(5);
        let says = not_sent(Became::Denied, Signal::Term, closes);
        assert!(says.ends_with("`sudo -n kill` failed there; use INT or KILL"), "{says}");
        let says = not_sent(Became::Unreached, Signal::Kill, closes);
        assert!(says.contains("can't send KILL") && says.ends_with("closes the session in 5 s"), "{says}");
    }
}
