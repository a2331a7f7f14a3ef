//! More sessions over the one connection of `ssh` that leads to a place (ssh_config(5), `ControlPath`).

use std::ffi::OsStr;
use std::io::{Read, Seek};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::super::ExecError;
use super::super::screen::Size;
use super::super::shell::band::Band;
use super::super::spawn::{Helper, OnTerminal, memory_file, on_terminal, wait_readable};
use super::terminal::{winsize, write_all};
use crate::shell::quote::for_any_shell;

/// A second terminal on the other side of `ssh`, for standard error.
pub(super) struct Second {
    pub(super) process: OnTerminal,
    pub(super) band: Band,
    /// Where it is there, once it has said so; what comes before that is of a login's files.
    pub(super) path: Option<String>,
    /// Tells that its process has ended.
    pub(super) ended: Option<OwnedFd>,
}

impl Second {
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

/// Runs a script for a POSIX shell in a session over a connection that is there: its exit status, what it printed and
/// its standard error. A server starts the user's login shell for it, which may be any, and whose files may print as
/// well: only what stands between marks is the script's.
pub fn ask_over_line(socket: &Path, script: &str) -> Result<(i32, String, String), ExecError> {
    let mark = uuid::Uuid::now_v7().simple().to_string();
    let (status, output, error) = session(socket, &marked(script, &mark)).run()?;
    let Some(answer) = between(&output, &mark) else {
        // Nobody ran it: what was said instead says why.
        let why = if error.trim().is_empty() {
            "the login shell there did not run gonogo's script".into()
        } else {
            error
        };
        return Ok((NOT_RUN, String::new(), why));
    };
    Ok((status, answer.to_owned(), between(&error, &mark).unwrap_or(&error).to_owned()))
}

/// What `ssh` ends with when its connection does, and where there is no session (ssh(1), EXIT STATUS).
pub const NOT_RUN: i32 = 255;
/// How long a second session may take to end once its connection has.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A session that runs a script for a POSIX shell, whatever the login shell is.
pub(super) fn session(socket: &Path, script: &str) -> Helper {
    on_line(socket, &["-T", "gonogo", &for_any_shell(script)])
}

fn marked(script: &str, mark: &str) -> String {
    let tell = |what: &str| format!("printf '@{mark}{what}'; printf '@{mark}{what}' >&2");
    format!("{}\n(\n{script}\n)\nset -- $?\n{}\nexit $1", tell("<"), tell(">"))
}

/// What stands between the marks; up to its end where the script's processes were ended.
fn between<'o>(output: &'o str, mark: &str) -> Option<&'o str> {
    let (_, rest) = output.split_once(&format!("@{mark}<"))?;
    Some(rest.split_once(&format!("@{mark}>")).map_or(rest, |(answer, _)| answer))
}

/// What a script prints in such a session; nothing where the connection does not answer in time, or can't be had. What
/// it prints goes to a file: `ssh` hands a pipe on to a process that may outlive it.
pub fn asked_over_line(socket: &Path, script: &str, limit: Duration) -> Option<String> {
    let mut output = std::fs::File::from(memory_file("").ok()?);
    let mark = uuid::Uuid::now_v7().simple().to_string();
    let mut child = session(socket, &marked(script, &mark)).start(output.try_clone().ok()?.into()).ok()?;
    let ended = pidfd_open(Pid::from_child(&child), PidfdFlags::empty());
    if ended.is_ok_and(|ended| wait_readable(&[&ended], Some(limit)) != [true]) {
        let _gone = child.kill();
        let _reaped = child.wait();
        return None;
    }
    child.wait().ok()?.code().filter(|code| *code != NOT_RUN)?;
    let mut text = Vec::new();
    output.rewind().and_then(|()| output.read_to_end(&mut text)).ok()?;
    between(&String::from_utf8_lossy(&text), &mark).map(str::to_owned)
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

/// Goes on for as long as the shell of the connection's first session: what else has the same process of the server before
/// it. Where that can't be seen, the shell tells its process, once it is there.
const HELD: &str = r#"
shell=
for stat in /proc/[0-9]*/stat; do
  read -r line <"$stat" || continue
  pid=${stat#/proc/} pid=${pid%/stat}
  set -- ${line##*) }
  if [ "$2" = "$PPID" ] && [ "$pid" -ne $$ ]; then shell=$pid; fi
done 2>/dev/null
[ -n "$shell" ] || [ -d "/proc/$PPID" ] || read -r shell
[ -n "$shell" ] || exit
tail -s 0.1 --pid="$shell" -f /dev/null 2>/dev/null || while kill -0 "$shell" 2>/dev/null; do sleep 1; done"#;

/// A terminal on the other side. Asked for early, it is there when the shell is.
pub(super) fn second_terminal(socket: &Path) -> Option<Second> {
    let script =
        format!("stty -echo\nprintf '\\033]7717;@second\\0370\\037tty\\037%s\\007' \"$(tty)\"\n{HELD}");
    let helper = on_line(socket, &["-tt", "-e", "none", "gonogo", &for_any_shell(&script)]);
    let arguments: Vec<&OsStr> = helper.args.iter().map(AsRef::as_ref).collect();
    let process = on_terminal("ssh", &arguments, winsize(Size::LOGICAL)).ok()?;
    let ended = pidfd_open(Pid::from_child(&process.child), PidfdFlags::empty()).ok();
    Some(Second { process, band: Band::default(), path: None, ended })
}

/// Signals what has the terminal of a shell on the other side, unless that is the shell itself.
pub(super) fn signal_over_line(socket: &Path, shell: u32, name: &str) {
    let script = format!(
        "g=$(sed 's/.*) //' /proc/{shell}/stat 2>/dev/null | cut -d' ' -f6)\n[ -n \"$g\" ] || g=$(ps -o tpgid= -p {shell})\n\
         [ $((g)) -gt 1 ] && [ $((g)) -ne {shell} ] && kill -{name} -$((g))"
    );
    let socket = socket.to_owned();
    // A thread: the connection may hang.
    let _started = std::thread::Builder::new()
        .name("signal".into())
        .spawn(move || drop(ask_over_line(&socket, &script)));
}

/// Whether a line of `ssh` says that a way over its connection led nowhere: `channel 3: open failed: …`.
pub(super) fn is_of_a_way(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    let rest = text.strip_prefix("channel ").map(|r| r.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.is_some_and(|r| r.starts_with(": open failed: "))
}

#[cfg(test)]
mod tests {
    use super::{between, is_of_a_way, marked};

    #[test]
    fn only_what_stands_between_the_marks_is_the_answer() {
        let script = marked("cat </dev/null; echo yes; echo no >&2; exit 4", "m1");
        let noisy = format!("echo hello; echo there >&2\n{script}");
        #[expect(clippy::disallowed_methods, reason = "the script is run by a shell of this machine")]
        let ran = std::process::Command::new("sh").args(["-c", &noisy]).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, error) = (text(&ran.stdout), text(&ran.stderr));
        assert!(out.starts_with("hello"), "{out}");
        assert_eq!((between(&out, "m1"), between(&error, "m1")), (Some("yes\n"), Some("no\n")));
        assert_eq!(ran.status.code(), Some(4));
        assert_eq!(between("hello\n", "m1"), None);
    }

    #[test]
    fn only_what_is_said_of_a_way_is_kept_back() {
        assert!(is_of_a_way(b"channel 12: open failed: connect failed: Connection refused\r\n"));
        assert!(!is_of_a_way(b"channel 12 is open\r\n") && !is_of_a_way(b"Connection to web closed.\r\n"));
    }
}
