//! A connection of the probes' own to a host whose place was lost. Nobody is asked for it: where the server wants a password, or
//! an answer, there is none.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::super::screen::Size;
use super::super::spawn::{Helper, OnTerminal, wait_readable};
use super::connection::Connection;
use super::line::Line;
use super::terminal::{drain, winsize};

/// How long it may take to be up.
const COMES: Duration = Duration::from_secs(20);
/// How often it is looked whether it is.
const LOOKED: Duration = Duration::from_millis(50);

/// One that is up, or was. Dropping it ends it.
#[derive(Debug)]
pub struct Regained {
    /// The connection.
    pub line: Line,
    /// With a terminal of its own, which hangs it up when this process has gone, however that ends.
    process: OnTerminal,
    _connection: Connection,
}

impl Drop for Regained {
    fn drop(&mut self) {
        let _gone = self.process.child.kill();
        let _reaped = self.process.child.wait();
    }
}

impl Regained {
    /// Whether it has not ended.
    pub fn is_up(&mut self) -> bool {
        matches!(self.process.child.try_wait(), Ok(None))
    }
}

/// Connects by the words of a place command, `ssh` first, from a directory; else why it could not.
pub fn regain(words: &[String], directory: &Path, host: &str) -> Result<Regained, String> {
    let connection = Connection::new().map_err(|e| format!("no directory for a connection: {e}"))?;
    let (socket, log) = (connection.path().to_owned(), connection.path().with_file_name("log"));
    let control = format!("ControlPath={}", socket.display());
    let said = log.display().to_string();
    // As a login has it: its agent, its path.
    let (program, rest) = words.split_first().ok_or("it printed nothing")?;
    let mut arguments = vec![
        "-lc",
        "exec \"$@\" </dev/null >/dev/null 2>&1",
        "bash",
        program,
        "-N",
        "-T",
        "-E",
        &said,
        "-o",
        "BatchMode=yes",
        "-o",
        "ControlMaster=yes",
    ];
    arguments.extend(["-o", "ControlPersist=no", "-o", &control, "-o", "ConnectTimeout=10"]);
    arguments.extend(["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"]);
    arguments.extend(rest.iter().map(String::as_str));
    let helper = Helper::new("bash", &arguments, directory);
    let process = helper.on_terminal(winsize(Size::LOGICAL)).map_err(|e| e.to_string())?;
    let ended =
        pidfd_open(Pid::from_child(&process.child), PidfdFlags::empty()).map_err(|e| e.to_string())?;
    let line = Line { socket, host: host.to_owned() };
    let regained = Regained { line, process, _connection: connection };
    let shown = &regained.process.terminal.master;
    let since = Instant::now();
    while !regained.line.socket.exists() {
        let ready = wait_readable(&[&ended, shown], Some(LOOKED));
        // What a login shows holds nobody up.
        drain(shown, |_| {});
        if ready.first() == Some(&true) {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            return Err(said.lines().last().unwrap_or("no answer").trim().to_owned());
        }
        if since.elapsed() >= COMES {
            return Err(format!("not up within {} s", COMES.as_secs()));
        }
    }
    Ok(regained)
}
