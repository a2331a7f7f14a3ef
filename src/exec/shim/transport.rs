//! The ways to where a shell is, beside its terminal. Behind [`Transport`] are sessions over the one connection of `ssh`
//! ([`Line`]), and sessions of the program that led into a container ([`Inside`]). What goes on in a session is the same for
//! all of them: a script for a POSIX shell, of which only what stands between marks is its answer.

use std::io::{Read, Seek};
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, pidfd_open};
use serde::{Deserialize, Serialize};

use super::super::ExecError;
use super::super::spawn::{Helper, memory_file, wait_readable};
use super::inside::Inside;
use super::line::{self, Line, NOT_RUN, On};

/// A way to where a shell is, beside its terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Transport {
    /// More sessions over the connection of `ssh`.
    Line(Line),
    /// More sessions in a container.
    Inside(Box<Inside>),
}

impl Transport {
    /// Where it leads, for people.
    pub fn name(&self) -> &str {
        match self {
            Self::Line(line) => &line.host,
            Self::Inside(inside) => inside.name(),
        }
    }

    /// A session that runs a script for a POSIX shell; nothing where what led there is not known any more.
    pub(super) fn session(&self, script: &str, on: On) -> Option<Helper> {
        match self {
            Self::Line(line) => Some(line::session(&line.socket, script, on)),
            Self::Inside(inside) => inside.session(script, on),
        }
    }

    /// Has it lead from a socket here to a port or a socket there; nothing where it can't.
    pub fn forward(&self, at: &Path, to: &str) -> Option<Helper> {
        match self {
            Self::Line(line) => Some(line::forwards(&line.socket, "forward", at, to)),
            Self::Inside(_) => None,
        }
    }

    /// Takes that back.
    pub fn cancel(&self, at: &Path, to: &str) -> Option<Helper> {
        match self {
            Self::Line(line) => Some(line::forwards(&line.socket, "cancel", at, to)),
            Self::Inside(_) => None,
        }
    }

    /// Runs a script there: its exit status, what it printed and its standard error. What a login's files print as well is
    /// none of it.
    pub fn ask(&self, script: &str) -> Result<(i32, String, String), ExecError> {
        let mark = uuid::Uuid::now_v7().simple().to_string();
        let Some(session) = self.session(&marked(script, &mark), On::Pipes) else {
            return Ok((NOT_RUN, String::new(), format!("the connection to {} has ended", self.name())));
        };
        let (status, output, error) = session.run()?;
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

    /// What a script prints there; nothing where there is no answer in time, or no session. What it prints goes to a file:
    /// `ssh` hands a pipe on to a process that may outlive it.
    pub fn asked(&self, script: &str, limit: Duration) -> Option<String> {
        let mut output = std::fs::File::from(memory_file("").ok()?);
        let mark = uuid::Uuid::now_v7().simple().to_string();
        let session = self.session(&marked(script, &mark), On::Pipes)?;
        let mut child = session.start(output.try_clone().ok()?.into()).ok()?;
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

    /// Whether a process is gone from there, for certain.
    pub(super) fn is_gone(&self, pid: u32, limit: Duration) -> bool {
        self.asked(&format!("kill -0 {pid} 2>/dev/null || echo gone"), limit)
            .is_some_and(|said| said == "gone\n")
    }
}

impl From<Line> for Transport {
    fn from(line: Line) -> Self {
        Self::Line(line)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_report_of_a_place_that_knows_only_connections_is_read() {
        let line: Transport = serde_json::from_str(r#"{"socket":"/tmp/s","host":"web"}"#).unwrap();
        assert_eq!((line.name(), line.forward(Path::new("/a"), "b").is_some()), ("web", true));
    }
}
