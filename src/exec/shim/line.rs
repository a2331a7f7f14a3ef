//! More sessions over the one connection of `ssh` that leads to a place (ssh_config(5), `ControlPath`).

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::spawn::Helper;
use crate::shell::quote::for_any_shell;

/// Such a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its socket.
    pub socket: PathBuf,
    /// Where it goes, for people.
    pub host: String,
}

/// What a session has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// Nothing to read; standard output and standard error are apart.
    Pipes,
    /// A terminal.
    Terminal,
}

/// What `ssh` ends with when its connection does, and where there is no session (ssh(1), EXIT STATUS).
pub const NOT_RUN: i32 = 255;

/// A session that runs a script for a POSIX shell. A server starts the user's login shell for it, which may be any.
pub(super) fn session(socket: &Path, script: &str, on: On) -> Helper {
    let terminal: &[&str] = if on == On::Terminal { &["-tt", "-e", "none"] } else { &["-T"] };
    on_line(socket, &[terminal, &["gonogo", &for_any_shell(script)]].concat())
}

/// Has a connection that is there lead from a socket here to a port or a socket on its other side, or no longer (ssh(1),
/// `-O`).
pub(super) fn forwards(socket: &Path, what: &str, at: &Path, to: &str) -> Helper {
    let spec = format!("{}:{to}", at.display());
    on_line(socket, &["-O", what, "-L", &spec, "gonogo"])
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
