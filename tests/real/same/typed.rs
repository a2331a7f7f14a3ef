//! The oracle: an interactive bash on a terminal, typed into command by command.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use gonogo::exec::spawn::wait_readable;
use gonogo::run::verdict::clean;

use super::super::support::DEADLINE;

/// What one command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Came {
    pub(super) status: i32,
    /// The shell ended with it.
    pub(super) ended: bool,
    pub(super) output: String,
    pub(super) error: String,
}

impl Came {
    /// Without what differs from run to run: the directory, numbers of processes, and the line of a message.
    pub(super) fn plain(mut self, place: &str) -> Self {
        // The oracle's own prompt is traced; when a job's end is told of is a matter of time.
        let own = |l: &&str| !l.contains("/usr/bin/printf '") && !job_ended(l);
        let numbers = regex::Regex::new(r"(?m)^\[\d+\][+-]? *\d+|(: line )\d+(:)").unwrap();
        for text in [&mut self.output, &mut self.error] {
            let same = text.replace(place, "HERE");
            let same = same.lines().filter(own).collect::<Vec<_>>().join("\n");
            numbers.replace_all(&same, "${1}N$2").trim_end().clone_into(text);
        }
        self
    }
}

fn job_ended(line: &str) -> bool {
    line.starts_with('[')
        && [" Done ", " Exit ", " Terminated ", " Running "].iter().any(|w| line.contains(w))
}

struct Terminal {
    master: OwnedFd,
    reader: File,
    seen: Vec<u8>,
    child: Child,
}

impl Terminal {
    fn open(directory: &Path) -> Self {
        use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let slave = ioctl_tiocgptpeer(&master, OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        let mut modes = rustix::termios::tcgetattr(&slave).unwrap();
        modes.local_modes.remove(rustix::termios::LocalModes::ECHO);
        rustix::termios::tcsetattr(&slave, rustix::termios::OptionalActions::Now, &modes).unwrap();
        // As a terminal starts it: nothing ignored, whatever started the tests.
        let mut bash = Command::new("env");
        bash.args(["--default-signal", "bash", "--noprofile", "--norc", "--noediting", "-i"])
            .current_dir(directory);
        // The prompt tells: a PROMPT_COMMAND would take PIPESTATUS away.
        bash.env("PS1", "$(/usr/bin/printf '\\x1e%s\\x1f' $? >/dev/tty)").env("PS2", "");
        bash.env("HOME", directory).env("TERM", "xterm-256color");
        bash.envs([("PAGER", "cat"), ("GIT_PAGER", "cat"), ("PSQL_PAGER", "cat"), ("SYSTEMD_PAGER", "")]);
        bash.stdin(Stdio::from(slave.try_clone().unwrap()))
            .stdout(Stdio::from(slave.try_clone().unwrap()))
            .stderr(Stdio::from(slave));
        // SAFETY: only system calls between fork and exec.
        #[expect(unsafe_code, reason = "a child gets a controlling terminal only before exec")]
        unsafe {
            bash.pre_exec(|| {
                rustix::process::setsid()?;
                rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
                Ok(())
            });
        }
        let child = bash.spawn().unwrap();
        let reader = File::from(master.try_clone().unwrap());
        Self { master, reader, seen: Vec::new(), child }
    }

    fn type_in(&self, text: &str) {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let written = rustix::io::write(self.master.as_fd(), rest).unwrap();
            rest = &rest[written..];
        }
    }

    /// Waits for the next prompt: what came before it and the status that it tells; nothing where bash has gone.
    fn prompt(&mut self) -> Option<(Vec<u8>, i32)> {
        let start = Instant::now();
        let mut buffer = [0; 4096];
        loop {
            if let Some(end) = self.seen.iter().position(|b| *b == 0x1f) {
                let part: Vec<u8> = self.seen.drain(..=end).collect();
                let at = part.iter().rposition(|b| *b == 0x1e)?;
                let status = String::from_utf8_lossy(&part[at + 1..part.len() - 1]).parse().ok()?;
                return Some((part[..at].to_vec(), status));
            }
            let left = DEADLINE.saturating_sub(start.elapsed());
            let shown = String::from_utf8_lossy(&self.seen).into_owned();
            assert!(wait_readable(&[&self.master], Some(left)) == [true], "bash gives no prompt: {shown}");
            match self.reader.read(&mut buffer) {
                Ok(read @ 1..) => self.seen.extend_from_slice(&buffer[..read]),
                _ => return None,
            }
        }
    }
}

/// Typed one after the other into an interactive bash: the terminal takes only so much ahead.
pub(super) fn pasted(commands: &[String], directory: &Path) -> Vec<Came> {
    let errors = tempfile::NamedTempFile::new().unwrap();
    let mut terminal = Terminal::open(directory);
    terminal.prompt().unwrap();
    // A file of its own for errors: then both streams can be told apart.
    terminal.type_in(&format!("set +H; set +o history; exec 2>>{}\n", errors.path().display()));
    terminal.prompt().unwrap();
    let mut came = Vec::new();
    let mut said = std::fs::read(errors.path()).unwrap().len();
    for command in commands {
        terminal.type_in(&format!("{command}\n"));
        let prompt = terminal.prompt();
        let all = std::fs::read(errors.path()).unwrap();
        let error = clean(&all[said.min(all.len())..]);
        said = all.len();
        if let Some((output, status)) = prompt {
            came.push(Came { status, ended: false, output: clean(&output), error });
        } else {
            use std::os::unix::process::ExitStatusExt;
            let ended = terminal.child.wait().unwrap();
            let status = ended.code().unwrap_or_else(|| 128 + ended.signal().unwrap_or(0));
            came.push(Came { status, ended: true, output: clean(&terminal.seen), error });
            break;
        }
    }
    let _gone = terminal.child.kill();
    let _reaped = terminal.child.wait();
    came
}
