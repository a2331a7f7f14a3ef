//! More sessions over the one connection of `ssh` that leads to a place (ssh_config(5), `ControlPath`).

use std::ffi::OsStr;
use std::io::{Read, Seek};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::super::screen::Size;
use super::super::shell::band::Band;
use super::super::spawn::{Helper, OnTerminal, memory_file, on_terminal, wait_readable};
use super::terminal::winsize;

/// A second terminal on the other side of `ssh`, for standard error.
pub(super) struct Second {
    pub(super) process: OnTerminal,
    pub(super) band: Band,
    /// Tells that its process has ended.
    pub(super) ended: Option<OwnedFd>,
}

/// What `ssh` ends with when its connection does (ssh(1), EXIT STATUS).
pub(super) const CONNECTION_ENDED: i32 = 255;
/// How long a second session may take to end once its connection has.
const LAST_WORDS: Duration = Duration::from_millis(500);

impl Second {
    /// Whether it ended because the shell that it is held open for did, and not with the connection. Asked once the
    /// connection has ended, and with that all of its sessions.
    pub(super) fn outlived_the_shell(&mut self) -> bool {
        if let Some(ended) = &self.ended {
            wait_readable(&[ended], Some(LAST_WORDS));
        }
        let status = self.process.child.try_wait().ok().flatten();
        status.and_then(|s| s.code()).is_some_and(|code| code != CONNECTION_ENDED)
    }
}

/// A session over a connection that is there; it never makes one of its own.
pub fn over_line(socket: &Path, options: &[&str], script: &str) -> Helper {
    on_line(socket, &[options, &["gonogo", script]].concat())
}

/// What a script prints in such a session; nothing where the connection does not answer in time, or can't be had. What
/// it prints goes to a file: `ssh` hands a pipe on to a process that may outlive it.
pub fn asked_over_line(socket: &Path, script: &str, limit: Duration) -> Option<String> {
    let mut output = std::fs::File::from(memory_file("").ok()?);
    let mut child = over_line(socket, &["-T"], script).start(output.try_clone().ok()?.into()).ok()?;
    let ended = pidfd_open(Pid::from_child(&child), PidfdFlags::empty());
    if ended.is_ok_and(|ended| wait_readable(&[&ended], Some(limit)) != [true]) {
        let _gone = child.kill();
        let _reaped = child.wait();
        return None;
    }
    child.wait().ok()?.code().filter(|code| *code != CONNECTION_ENDED)?;
    let mut text = Vec::new();
    output.rewind().and_then(|()| output.read_to_end(&mut text)).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Has a connection that is there lead from a socket here to a port or a socket on its other side (ssh(1), `-O`).
pub fn lead_over_line(socket: &Path, at: &Path, to: &str) -> Helper {
    let spec = format!("{}:{to}", at.display());
    on_line(socket, &["-O", "forward", "-L", &spec, "gonogo"])
}

/// Takes that back.
pub fn cancel_over_line(socket: &Path, at: &Path, to: &str) -> Helper {
    let spec = format!("{}:{to}", at.display());
    on_line(socket, &["-O", "cancel", "-L", &spec, "gonogo"])
}

/// Ends the connection with all that is on it.
pub(super) fn end_line(socket: &Path) -> Helper {
    on_line(socket, &["-O", "exit", "gonogo"])
}

fn on_line(socket: &Path, arguments: &[&str]) -> Helper {
    let control = format!("ControlPath={}", socket.display());
    let fixed = ["-F", "none", "-o", &control, "-o", "ControlMaster=no", "-o", "ProxyCommand=false"];
    let fixed = fixed.into_iter().chain(["-o", "LogLevel=ERROR"]);
    let arguments: Vec<&str> = fixed.chain(arguments.iter().copied()).collect();
    Helper::new("ssh", &arguments, Path::new("/"))
}

/// A terminal on the other side that is held open for as long as the shell there lives: `ssh` ends only with the last
/// of its sessions.
pub(super) fn second_terminal(socket: &Path, shell: u32) -> Option<Second> {
    let script = format!(
        "printf '\\033]7717;@second\\0370\\037tty\\037%s\\007' \"$(tty)\"; tail -s 0.1 --pid={shell} -f /dev/null 2>/dev/null || while kill -0 {shell} 2>/dev/null; do sleep 1; done"
    );
    let helper = over_line(socket, &["-tt", "-e", "none"], &script);
    let arguments: Vec<&OsStr> = helper.args.iter().map(AsRef::as_ref).collect();
    let process = on_terminal("ssh", &arguments, winsize(Size::LOGICAL)).ok()?;
    let ended = pidfd_open(Pid::from_child(&process.child), PidfdFlags::empty()).ok();
    Some(Second { process, band: Band::default(), ended })
}

/// Whether a line of `ssh` says that a way over its connection led nowhere: `channel 3: open failed: …`.
pub(super) fn is_of_a_way(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    let rest = text.strip_prefix("channel ").map(|r| r.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.is_some_and(|r| r.starts_with(": open failed: "))
}

#[cfg(test)]
mod tests {
    use super::is_of_a_way;

    #[test]
    fn only_what_is_said_of_a_way_is_kept_back() {
        assert!(is_of_a_way(b"channel 12: open failed: connect failed: Connection refused\r\n"));
        assert!(!is_of_a_way(b"channel 12 is open\r\n") && !is_of_a_way(b"Connection to web closed.\r\n"));
    }
}
