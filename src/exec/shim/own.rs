//! A terminal of its own for what goes on until it is ended: here, or where the shell behind doors is that runs it.
//!
//! There it is that of one more session, held open for as long as what goes on there. What runs is a child of the place's
//! shell all the same, so that it has its variables, functions and directory; that shell is free at once.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use super::super::shell::band::Part;
use super::super::shell::{END_MARK, First, FromShell, first};
use super::super::spawn::Pty;
use super::second::Second;
use super::terminal::write_all;
use super::transport::Transport;
use crate::shell::quote::quote;

/// How long a terminal there may take to come.
const COMES: Duration = Duration::from_secs(5);

/// A terminal of its own.
pub(super) enum Own {
    /// On this machine.
    Here(Pty),
    /// Where the shell is.
    There(Box<There>),
}

/// One on another side.
pub(super) struct There {
    second: Second,
    way: Transport,
    asked: Instant,
    /// What is to run on it, until it has come.
    text: Option<String>,
    /// The group of what runs on it.
    group: Option<u32>,
    /// What that ended with.
    status: Option<i32>,
    /// The shell that began it has said that it is free.
    pub(super) free: bool,
}

impl There {
    /// Asks for one where a shell is, for this text.
    pub(super) fn open(way: Transport, shell: u32, text: &str) -> Option<Self> {
        let second = Second::for_follow(&way, shell)?;
        Some(Self {
            second,
            way,
            asked: Instant::now(),
            text: Some(text.to_owned()),
            group: None,
            status: None,
            free: false,
        })
    }

    /// What the shell there is to run, once the terminal has come.
    pub(super) fn begins(&mut self) -> Option<String> {
        let tty = self.second.path.as_ref().filter(|tty| !tty.is_empty())?;
        self.text.take().map(|text| follows(tty, &text))
    }

    /// What is to be run without it, as it does not come.
    pub(super) fn gives_up(&mut self, now: Instant) -> Option<String> {
        let late = now.saturating_duration_since(self.asked) >= COMES;
        let refused = self.second.path.as_ref().is_some_and(String::is_empty) || self.second.has_ended();
        self.text.take_if(|_| late || refused)
    }

    pub(super) fn due_in(&self, now: Instant) -> Option<Duration> {
        self.text.as_ref().map(|_| COMES.saturating_sub(now.saturating_duration_since(self.asked)))
    }

    /// Where its group is to be signalled.
    pub(super) fn group(&self) -> Option<(&Transport, u32)> {
        Some((&self.way, self.group?))
    }

    /// Tells that its session has ended, and with it what ran on it.
    pub(super) fn ended(&self) -> Option<&OwnedFd> {
        self.second.ended.as_ref()
    }

    fn shows(&mut self, chunk: &[u8]) -> Vec<u8> {
        let mut shown = Vec::new();
        for part in self.second.band.feed(chunk) {
            match part {
                Part::Bytes(bytes) if self.group.is_some() => shown.extend(bytes),
                // The files of a login may print.
                Part::Bytes(_) => {}
                Part::Report { fields, .. } => match first(&fields) {
                    First::Message(FromShell::Terminal(path), _) => self.second.path = Some(path),
                    First::Message(FromShell::Follows(group), _) => {
                        self.group = u32::try_from(group).ok();
                        let told = format!("{group}\n");
                        let _full = write_all(&self.second.process.terminal.master, told.as_bytes());
                    }
                    First::Message(FromShell::Followed(_, status), _) => self.status = Some(status),
                    _ => {}
                },
            }
        }
        shown
    }
}

impl Own {
    pub(super) fn terminal(&self) -> &Pty {
        match self {
            Self::Here(pty) => pty,
            Self::There(there) => &there.second.process.terminal,
        }
    }

    pub(super) fn there(&self) -> Option<&There> {
        match self {
            Self::Here(_) => None,
            Self::There(there) => Some(there),
        }
    }

    pub(super) fn there_mut(&mut self) -> Option<&mut There> {
        match self {
            Self::Here(_) => None,
            Self::There(there) => Some(there),
        }
    }

    /// What programs have written of a chunk, and the status that what ran there has told with it.
    pub(super) fn shows(&mut self, chunk: Vec<u8>) -> (Vec<u8>, Option<i32>) {
        match self {
            Self::Here(_) => (chunk, None),
            Self::There(there) => (there.shows(&chunk), there.status.take()),
        }
    }
}

/// A text that runs another one on a terminal and leaves the shell free at once. It has a group of its own; what waits for
/// it to tell its status is no job of the shell's, and no signal for it reaches that.
fn follows(tty: &str, text: &str) -> String {
    let report = |what: &str| format!("builtin printf '\\033]7717;@follow\\0370\\037{what}\\007'");
    let mark = String::from_utf8_lossy(END_MARK).replace('\u{1b}', "\\033").replace('\u{7}', "\\007");
    format!(
        "( ( set -m; ( {begins} \"$BASHPID\"\n{text}\n) 2>&1 & __gonogo_pid=$!; wait \"$__gonogo_pid\"; \
         {ends} \"$__gonogo_pid\" \"$?\"; builtin printf '{mark}' ) <{tty} >{tty} 2>/dev/null & )",
        begins = report("follows\\037%s"),
        ends = report("followed\\037%s\\037%s"),
        tty = quote(tty),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::proc::ignored_signals;
    use super::*;

    #[test]
    fn what_runs_on_another_terminal_is_no_job_and_tells_its_status() {
        let directory = tempfile::tempdir().unwrap();
        let tty = directory.path().join("a terminal").display().to_string();
        let script = |text: &str| {
            std::fs::write(&tty, "").unwrap();
            let waits = format!("until grep -qa gonogo-end {}; do sleep 0.01; done", quote(&tty));
            format!("A=b\n{}\necho \"$?$!$(jobs)\"\n{waits}", follows(&tty, text))
        };
        // What whoever runs the tests ignores no bash can be interrupted by (bash(1), SIGNALS).
        let interrupted = if ignored_signals() & 2 == 0 { "130" } else { "0" };
        for (text, status) in [
            ("echo $A # so", "0"),
            ("exit 3", "3"),
            ("kill -INT 0", interrupted),
            ("kill -KILL 0", "137"),
            ("cat <<E\n$A\nE\nfalse", "1"),
        ] {
            #[expect(clippy::disallowed_methods, reason = "the text is run by a shell of this machine")]
            let ran = std::process::Command::new("bash").args(["-c", &script(text)]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&ran.stdout), "0\n", "{text}: {ran:?}");
            let told = std::fs::read(&tty).unwrap();
            let told = String::from_utf8_lossy(&told);
            assert!(told.contains(&format!("\u{1f}{status}\u{7}\u{1b}]7717;gonogo-end")), "{text}: {told:?}");
        }
    }
}
