//! A second terminal where a shell is: for standard error, or for what goes on there beside it.

use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::super::screen::Size;
use super::super::shell::band::Band;
use super::super::spawn::{OnTerminal, wait_readable};
use super::line::{NOT_RUN, On};
use super::terminal::{winsize, write_all};
use super::transport::Transport;

/// How long a second session may take to end once its connection has.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Such a terminal, and the session that holds it open.
pub(super) struct Second {
    pub(super) process: OnTerminal,
    pub(super) band: Band,
    /// Where it is there, once it has said so; what comes before that is of a login's files.
    pub(super) path: Option<String>,
    /// Tells that its process has ended.
    pub(super) ended: Option<OwnedFd>,
}

/// Goes on for as long as the shell of the connection's first session: what else has the same process of the server before
/// it. Where that can't be seen, the shell tells its process, once it is there.
const FIND: &str = r#"
shell=
for stat in /proc/[0-9]*/stat; do
  read -r line <"$stat" || continue
  pid=${stat#/proc/} pid=${pid%/stat}
  set -- ${line##*) }
  if [ "$2" = "$PPID" ] && [ "$pid" -ne $$ ]; then shell=$pid; fi
done 2>/dev/null
[ -n "$shell" ] || [ -d "/proc/$PPID" ] || read -r shell
[ -n "$shell" ] || exit"#;
const HOLD: &str = r#"
tail -s 0.1 --pid="$shell" -f /dev/null 2>/dev/null || while kill -0 "$shell" 2>/dev/null; do sleep 1; done"#;

/// The same for a group: it is hung up with the session, and with the shell that it is a child of.
const FOLLOWED: &str = r#"
read -r group
[ -n "$group" ] || exit
trap 'kill -HUP -$group 2>/dev/null; exit' HUP TERM
while kill -0 "$group" 2>/dev/null && kill -0 "$shell" 2>/dev/null; do sleep 1; done
kill -HUP -$group 2>/dev/null"#;

impl Second {
    /// Asks for one for standard error. Asked for early, it is there when the shell is; where that is there already, this is
    /// its process.
    pub(super) fn for_errors(way: &Transport, shell: Option<u32>) -> Option<Self> {
        let find = shell.map_or_else(|| FIND.to_owned(), |pid| format!("shell={pid}"));
        Self::open(way, &format!("{find}{HOLD}"))
    }

    /// Asks for one that is held open for what goes on there, which tells its group, and is ended with this shell.
    pub(super) fn for_follow(way: &Transport, shell: u32) -> Option<Self> {
        Self::open(way, &format!("shell={shell}{FOLLOWED}"))
    }

    fn open(way: &Transport, holds: &str) -> Option<Self> {
        let script =
            format!("stty -echo\nprintf '\\033]7717;@second\\0370\\037tty\\037%s\\007' \"$(tty)\"\n{holds}");
        let process = way.session(&script, On::Terminal)?.on_terminal(winsize(Size::LOGICAL)).ok()?;
        let ended = pidfd_open(Pid::from_child(&process.child), PidfdFlags::empty()).ok();
        Some(Self { process, band: Band::default(), path: None, ended })
    }

    /// Whether its session has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| wait_readable(&[ended], Some(Duration::ZERO)) == [true])
    }

    /// Has it held open for as long as this shell lives, where it does not see to that itself: `ssh` ends only with the last of
    /// its sessions.
    pub(super) fn holds_for(&self, shell: u32) {
        let _full = write_all(&self.process.terminal.master, format!("{shell}\n").as_bytes());
    }

    /// Whether it ended because the shell that it is held open for did, and not with the connection. Asked once the
    /// connection has ended, and with that all of its sessions.
    pub(super) fn outlived_the_shell(&mut self) -> bool {
        if let Some(ended) = &self.ended {
            wait_readable(&[ended], Some(LAST_WORDS));
        }
        let status = self.process.child.try_wait().ok().flatten();
        status.and_then(|s| s.code()).is_some_and(|code| code != NOT_RUN)
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        let _gone = self.process.child.kill();
        let _reaped = self.process.child.wait();
    }
}
