//! The only place where processes start.

use std::ffi::{OsStr, OsString};
use std::io::{Seek, Write};
use std::os::fd::{AsFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::ExecError;
use super::shell::channel::{Channel, path};
use super::shell::typed::Prompts;
use super::variables::Snapshot;
use crate::run_files;

/// So many files each of a run's processes may have to open.
pub const DESCRIPTORS: u64 = 64;

/// With fewer not even the document can be looked at.
pub const FEWEST_DESCRIPTORS: u64 = 16;

/// Refuses a limit (getrlimit(2), `RLIMIT_NOFILE`) that would be met in the middle of something.
pub fn enough_descriptors(least: u64) -> Result<(), ExecError> {
    match rustix::process::getrlimit(rustix::process::Resource::Nofile).current {
        Some(most) if most < least => Err(ExecError::FewDescriptors { may: most, least: DESCRIPTORS }),
        _ => Ok(()),
    }
}

/// Refuses a limit (`RLIMIT_FSIZE`) under which not even the journal fits.
pub fn large_files() -> Result<(), ExecError> {
    match rustix::process::getrlimit(rustix::process::Resource::Fsize).current {
        Some(most) if most < run_files::RESERVED => {
            Err(ExecError::SmallFiles { may: most, least: run_files::RESERVED })
        }
        _ => Ok(()),
    }
}

/// A file that may not grow (setrlimit(2), `RLIMIT_FSIZE`) is a write that fails, as on a full disk, and not the end of the
/// process and of all that runs in it. Commands get the signal's own action back.
pub fn outlive_limit_of_files() {
    // SAFETY: signal(2) with an action that has no handler.
    #[expect(unsafe_code, reason = "there is no safe call that sets what a signal does")]
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

/// What the shell of a place is started with, up to the path of what it reads.
pub(super) const SHELL_WORDS: [&str; 3] = ["--noprofile", "--noediting", "--rcfile"];

/// A pseudo-terminal. The slave stays open, so that modes can be set and nobody's exit hangs it up.
#[derive(Debug)]
pub struct Pty {
    /// Our side.
    pub master: OwnedFd,
    /// The programs' side.
    pub slave: OwnedFd,
}

impl Pty {
    /// Opens one.
    pub fn open(size: Winsize) -> Result<Self, ExecError> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .map_err(ExecError::Terminal)?;
        grantpt(&master).and_then(|()| unlockpt(&master)).map_err(ExecError::Terminal)?;
        let slave =
            ioctl_tiocgptpeer(&master, OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
                .map_err(ExecError::Terminal)?;
        tcsetwinsize(&slave, size).map_err(ExecError::Terminal)?;
        rustix::io::ioctl_fionbio(&master, true).map_err(ExecError::Terminal)?;
        Ok(Self { master, slave })
    }

    /// The slave once more, by a descriptor whose writes never wait.
    pub fn unblocked(&self) -> Result<OwnedFd, ExecError> {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let slave = ioctl_tiocgptpeer(&self.master, flags).map_err(ExecError::Terminal)?;
        rustix::io::ioctl_fionbio(&slave, true).map_err(ExecError::Terminal)?;
        Ok(slave)
    }

    /// The slave's path, such as `/dev/pts/3`.
    pub fn path(&self) -> Option<String> {
        let name = rustix::pty::ptsname(&self.master, Vec::new()).ok()?;
        name.into_string().ok()
    }
}

/// A bash with its terminals and pipes.
#[derive(Debug)]
pub struct ShellProcess {
    /// The process, a session leader.
    pub child: Child,
    /// Its controlling terminal: standard input and output.
    pub terminal: Pty,
    /// The terminal of standard error.
    pub error: Pty,
    /// What it tells, and what holds it.
    pub channel: Channel,
    /// What it shows when it reads a command and when it has read one.
    pub prompts: Prompts,
    /// What it reads at its start; it may hold secrets, and goes when the shell has read it.
    pub startup: Option<OwnedFd>,
}

/// What a bash is started with.
#[derive(Debug)]
pub struct ShellSpec<'s> {
    /// What it starts with, where it takes the place of one that has ended.
    pub restore: Option<&'s Snapshot>,
    /// The directory it starts in.
    pub directory: &'s Path,
    /// Variables added to the environment.
    pub environment: &'s [(String, String)],
    /// The logical size of its terminals.
    pub size: Winsize,
}

/// Starts an interactive bash as a session leader. It gets no descriptor beside its terminals: what it reads at the start
/// and what it reports to is opened by path.
pub fn shell(spec: &ShellSpec<'_>) -> Result<ShellProcess, ExecError> {
    let terminal = Pty::open(spec.size)?;
    let error = Pty::open(spec.size)?;
    let channel = Channel::open()?;
    let prompts = Prompts::new(channel.paths());
    // bash controls jobs by the terminal that its standard error is when it starts (bash(1), JOB CONTROL); only then
    // errors get one of their own.
    let errors = error.path().unwrap_or_else(|| path(&error.slave));
    let startup = memory_file(&format!("exec 2<>{errors}\n{}", prompts.startup(spec.restore)))?;
    let failed = |source| ExecError::Spawn { program: "bash".into(), source };
    let stdio = || terminal.slave.try_clone().map(Stdio::from).map_err(failed);
    #[expect(clippy::disallowed_methods, reason = "this is the one place that starts processes")]
    let mut command = Command::new("bash");
    command
        .args(SHELL_WORDS)
        .args([path(&startup).as_str(), "-i"])
        .current_dir(spec.directory)
        // As it is called: through a link bash would tell another name of it (bash(1), PWD).
        .env("PWD", spec.directory)
        .envs(spec.environment.iter().map(|(k, v)| (k, v)))
        .env("TERM", "xterm-256color")
        .stdin(stdio()?)
        .stdout(stdio()?)
        .stderr(stdio()?);
    // SAFETY: between fork and exec only async-signal-safe system calls are made, and nothing is allocated.
    #[expect(unsafe_code, reason = "a child gets a session and a terminal only before exec")]
    unsafe {
        command.pre_exec(lead_terminal);
    }
    let child = command.spawn().map_err(failed)?;
    Ok(ShellProcess { child, terminal, error, channel, prompts, startup: Some(startup) })
}

/// A program on a terminal of its own, whose session it leads.
#[derive(Debug)]
pub struct OnTerminal {
    /// The process.
    pub child: Child,
    /// Its controlling terminal: all three of its streams.
    pub terminal: Pty,
}

/// Makes the process that is about to become another program lead a session on the terminal of its standard input.
/// Only async-signal-safe system calls, and nothing is allocated.
fn lead_terminal() -> std::io::Result<()> {
    answer_signals();
    rustix::process::setsid()?;
    rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
    Ok(())
}

/// Lets the process that is about to become a shell take the signals of a terminal. What is ignored is handed down
/// through exec (signal(7)), and a bash can't take it back for its commands: whoever starts gonogo with `nohup`, or
/// with `&` in a script, would have a place whose commands no interrupt ends.
fn answer_signals() {
    let of_terminals = [
        libc::SIGINT,
        libc::SIGQUIT,
        libc::SIGHUP,
        libc::SIGTERM,
        libc::SIGTSTP,
        libc::SIGTTIN,
        libc::SIGTTOU,
        libc::SIGXFSZ,
    ];
    for signal in of_terminals {
        // SAFETY: signal(2) is async-signal-safe, and the default action has no handler that could be unsound.
        #[expect(unsafe_code, reason = "there is no safe call that sets what a signal does")]
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
        }
    }
}

/// Text as a file that exists in memory only: the driver of a recovered shell holds secrets.
pub(super) fn memory_file(text: &str) -> Result<OwnedFd, ExecError> {
    let fd =
        rustix::fs::memfd_create("driver", rustix::fs::MemfdFlags::CLOEXEC).map_err(ExecError::Terminal)?;
    let failed = |source| ExecError::Spawn { program: "bash".into(), source };
    let mut file = std::fs::File::from(fd);
    file.write_all(text.as_bytes()).and_then(|()| file.rewind()).map_err(failed)?;
    Ok(OwnedFd::from(file))
}

/// A program that runs to its end without a terminal.
#[derive(Debug)]
pub struct Helper {
    /// What is run.
    pub program: OsString,
    /// With these arguments.
    pub args: Vec<OsString>,
    /// There.
    pub directory: PathBuf,
    /// With these variables added.
    pub environment: Vec<(String, String)>,
}

impl Helper {
    /// `program` with `args`, run in `directory`.
    pub fn new(program: &str, args: &[&str], directory: &Path) -> Self {
        Self {
            program: program.into(),
            args: args.iter().map(OsString::from).collect(),
            directory: directory.to_owned(),
            environment: vec![],
        }
    }

    /// `program` in a transient scope of a service manager (systemd-run(1)). `Delegate` keeps the manager from ending
    /// all of it when one of its processes uses up the memory (systemd.service(5), `OOMPolicy`).
    pub fn in_scope(manager: Manager, program: &OsStr, args: &[&OsStr]) -> Self {
        let mut helper = Self::new("systemd-run", &[], Path::new("/"));
        if manager == Manager::User {
            helper.args.push("--user".into());
            // Without it the user's service manager is not found; su(1) leaves it out.
            if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
                let directory = format!("/run/user/{}", rustix::process::geteuid().as_raw());
                helper.environment.push(("XDG_RUNTIME_DIR".into(), directory));
            }
        }
        for option in ["--scope", "--quiet", "--collect", "--property=Delegate=yes", "--"] {
            helper.args.push(option.into());
        }
        helper.args.push(program.into());
        helper.args.extend(args.iter().map(Into::into));
        helper
    }

    fn command(&self) -> Command {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that starts processes")]
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(&self.directory);
        command.envs(self.environment.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Starts it on a terminal of its own.
    pub fn on_terminal(&self, size: Winsize) -> Result<OnTerminal, ExecError> {
        let terminal = Pty::open(size)?;
        let failed = |source| ExecError::Spawn { program: self.program.display().to_string(), source };
        let stdio = || terminal.slave.try_clone().map(Stdio::from).map_err(failed);
        let mut command = self.command();
        command.env("TERM", "xterm-256color").stdin(stdio()?).stdout(stdio()?).stderr(stdio()?);
        // SAFETY: setsid and ioctl are async-signal-safe, and nothing is allocated between fork and exec.
        #[expect(unsafe_code, reason = "a child gets a session and a terminal only before exec")]
        unsafe {
            command.pre_exec(lead_terminal);
        }
        let child = command.spawn().map_err(failed)?;
        Ok(OnTerminal { child, terminal })
    }

    /// Starts it, with nothing to read; what it prints goes there.
    pub fn start(&self, output: Stdio) -> Result<Child, ExecError> {
        let started = self.command().stdin(Stdio::null()).stdout(output).stderr(Stdio::null()).spawn();
        let program = || self.program.to_string_lossy().into_owned();
        started.map_err(|source| ExecError::Spawn { program: program(), source })
    }

    /// Runs it and gives its exit status with standard output and standard error.
    pub fn run(&self) -> Result<(i32, String, String), ExecError> {
        let output = self.command().stdin(Stdio::null()).output().map_err(|source| ExecError::Spawn {
            program: self.program.to_string_lossy().into_owned(),
            source,
        })?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr)))
    }
}

/// A command of the settings: a hook, a message, a password. It has no terminal and a limit.
#[derive(Debug)]
pub struct Asked {
    /// Its exit status; nothing where it was killed by the limit or a signal.
    pub status: Option<i32>,
    /// What it printed, standard error included.
    pub output: String,
}

impl Asked {
    /// What it said, for somebody who reads why something was refused: the last lines, else how it ended.
    pub fn said(&self) -> String {
        let lines: Vec<&str> = self.output.lines().map(str::trim_end).filter(|l| !l.is_empty()).collect();
        let last = lines[lines.len().saturating_sub(3)..].join("; ");
        let shown: String = last.chars().map(|c| if c.is_control() { ' ' } else { c }).take(400).collect();
        match (self.status, shown.is_empty()) {
            (_, false) => shown,
            (Some(status), true) => format!("exit {status}"),
            (None, true) => "it did not end in time, or was killed".into(),
        }
    }
}

/// So much of what such a command prints is kept.
const ASKED_OUTPUT: u64 = 16 * 1024;

/// Runs a command of the settings by `sh -c` in a directory, with a text on its standard input, and waits for it no
/// longer than the limit: then its whole process group is killed.
pub fn ask(command: &str, directory: &Path, input: &str, limit: Duration) -> Result<Asked, ExecError> {
    asked(command, (directory, input), &Bounds { limit, most: ASKED_OUTPUT, alone: None })
}

/// How long a command is waited for and how much of it is kept.
#[derive(Debug)]
pub struct Bounds {
    /// Then it is ended.
    pub limit: Duration,
    /// So many bytes of what it prints are kept.
    pub most: u64,
    /// Nothing of its process group may outlive it; it is told to end (INT) so long before it is ended (KILL), and at once when
    /// the other end of this closes.
    pub alone: Option<(Duration, OwnedFd)>,
}

/// Runs a command as [`ask`] does, with nothing to read, within bounds.
pub fn ask_within(command: &str, directory: &Path, bounds: &Bounds) -> Result<Asked, ExecError> {
    asked(command, (directory, ""), bounds)
}

fn asked(command: &str, (directory, input): (&Path, &str), bounds: &Bounds) -> Result<Asked, ExecError> {
    use std::io::Read;
    let failed = |source| ExecError::Spawn { program: command.to_owned(), source };
    let mut output = std::fs::File::from(memory_file("")?);
    let to = || output.try_clone().map(Stdio::from).map_err(failed);
    #[expect(clippy::disallowed_methods, reason = "this is the one place that starts processes")]
    let mut asked = Command::new("sh");
    asked.args(["-c", command]).stdin(Stdio::from(memory_file(input)?)).stdout(to()?).stderr(to()?);
    asked.process_group(0).current_dir(directory);
    let mut child = asked.spawn().map_err(failed)?;
    let pid = rustix::process::Pid::from_child(&child);
    let ended = match rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
        Ok(handle) => {
            let left = bounds.alone.as_ref().map(|(_, left)| left);
            let fds: Vec<&OwnedFd> = std::iter::once(&handle).chain(left).collect();
            let ended = wait_readable(&fds, Some(bounds.limit)).first() == Some(&true);
            if let Some((grace, _)) = bounds.alone.as_ref().filter(|_| !ended) {
                let _gone = rustix::process::kill_process_group(pid, rustix::process::Signal::INT);
                let _ended = wait_readable(&[&handle], Some(*grace));
            }
            ended
        }
        // A kernel without them: it is waited for to its end.
        Err(_) => true,
    };
    if !ended || bounds.alone.is_some() {
        // The group is its own as long as nobody has waited for its first process.
        let _gone = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
    let status = child.wait().map_err(failed)?;
    let mut text = Vec::new();
    output.rewind().map_err(failed)?;
    output.take(bounds.most).read_to_end(&mut text).map_err(failed)?;
    let status = status.code().filter(|_| ended);
    Ok(Asked { status, output: String::from_utf8_lossy(&text).into_owned() })
}

/// Runs a program of the operator's in a directory, at their terminal: it may ask them for something there.
pub fn tool(program: &str, arguments: &[&OsStr], directory: &Path) -> Result<Asked, ExecError> {
    use std::io::Read;
    let failed = |source| ExecError::Spawn { program: program.to_owned(), source };
    let mut output = std::fs::File::from(memory_file("")?);
    let to = || output.try_clone().map(Stdio::from).map_err(failed);
    #[expect(clippy::disallowed_methods, reason = "this is the one place that starts processes")]
    let mut tool = Command::new(program);
    tool.args(arguments).stdout(to()?).stderr(to()?).current_dir(directory);
    let status = tool.status().map_err(failed)?;
    let mut text = Vec::new();
    output.rewind().map_err(failed)?;
    output.take(ASKED_OUTPUT).read_to_end(&mut text).map_err(failed)?;
    Ok(Asked { status: status.code(), output: String::from_utf8_lossy(&text).into_owned() })
}

/// Whether bash takes a text: `bash -n` reads it and runs nothing. It says nothing of what it does take.
pub fn syntax(text: &str, extglob: bool) -> bool {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that starts processes")]
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-n", if extglob { "-O" } else { "+O" }, "extglob"]).env("LC_ALL", "C");
    let Ok(input) = memory_file(text) else { return false };
    let read = bash.stdin(Stdio::from(input)).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    // A here-document that is not ended is only warned of.
    read.is_ok_and(|read| read.status.success() && read.stderr.is_empty())
}

/// How long a command that prints a password may take.
const CREDENTIAL: Duration = Duration::from_secs(10);

/// Asks commands of the settings for passwords: the first line of what each prints, told with the command as its
/// name. One that fails tells nothing; who wants its password says so.
pub fn credentials(commands: Vec<String>, directory: &Path, tell: impl Fn(String, String)) {
    for command in commands {
        if let Ok(answer) = ask(&command, directory, "", CREDENTIAL)
            && answer.status == Some(0)
            && let Some(first) = answer.output.lines().next()
        {
            tell(command, first.to_owned());
        }
    }
}

/// Which service manager a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    /// The machine's.
    System,
    /// The user's own.
    User,
}

/// Descriptors below this are not handed on to what outlives us: whoever waits for their end would wait for it.
const MOST_INHERITED: RawFd = 4096;

/// One of our own processes: it leaves our session and outlives us.
#[derive(Clone, Copy, Debug)]
pub struct Detached<'d> {
    /// The program.
    pub program: &'d Path,
    /// With these arguments.
    pub arguments: &'d [&'d OsStr],
    /// What it says beside its answer is added to this file.
    pub log: &'d Path,
    /// The service manager in whose scope it lives; none where its own session is enough.
    pub scope: Option<Manager>,
}

impl Detached<'_> {
    /// Starts it, hands it `launch` on its standard input, and gives the first line that it prints.
    pub fn start(&self, launch: &[u8]) -> Result<String, ExecError> {
        let failed = |source| ExecError::Spawn { program: self.program.display().to_string(), source };
        let log = run_files::append(self.log).map_err(failed)?;
        let mut child = self.command().stderr(log).spawn().map_err(failed)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
            return Err(failed(std::io::ErrorKind::BrokenPipe.into()));
        };
        // One that ends at once says why on its way out.
        let _ended = stdin.write_all(launch).and_then(|()| stdin.write_all(b"\n"));
        drop(stdin);
        let answer = first_line(&OwnedFd::from(stdout)).map_err(failed)?;
        // It may end before we do; nobody else would take note of it.
        let reaper = std::thread::Builder::new().name("reaper".into());
        reaper.spawn(move || drop(child.wait())).map_err(failed)?;
        Ok(answer)
    }

    fn command(&self) -> Command {
        let program = self.program.as_os_str();
        let helper = match self.scope {
            None => Helper {
                program: program.into(),
                args: self.arguments.iter().map(Into::into).collect(),
                directory: "/".into(),
                environment: vec![],
            },
            Some(manager) => Helper::in_scope(manager, program, self.arguments),
        };
        let mut command = helper.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        // SAFETY: setsid and fcntl are async-signal-safe, and nothing is allocated between fork and exec.
        #[expect(unsafe_code, reason = "a child leaves its session only before exec")]
        unsafe {
            command.pre_exec(|| {
                rustix::process::setsid()?;
                for fd in 3..MOST_INHERITED {
                    // One that is not open has nothing to give away.
                    let fd = std::os::fd::BorrowedFd::borrow_raw(fd);
                    let _none = rustix::io::fcntl_setfd(fd, rustix::io::FdFlags::CLOEXEC);
                }
                Ok(())
            });
        }
        command
    }
}

/// The first line that can be read, within a time in which any of our processes is up.
fn first_line(from: &OwnedFd) -> std::io::Result<String> {
    const UP: Duration = Duration::from_secs(20);
    let until = Instant::now() + UP;
    let mut line = Vec::new();
    let mut buffer = [0u8; 4096];
    while !line.contains(&b'\n') {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "it did not start in time"));
        }
        if wait_readable(&[from], Some(left)) == [false] {
            continue;
        }
        match rustix::io::read(from, &mut buffer) {
            Ok(0) => {
                let words = "it ended before it was ready";
                return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, words));
            }
            Ok(count) => line.extend_from_slice(&buffer[..count]),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// This program, also where its file was replaced by a newer one meanwhile.
pub fn own_program() -> PathBuf {
    // By number: what starts it for us, such as systemd-run, is another self.
    let exe = PathBuf::from(format!("/proc/{}/exe", std::process::id()));
    std::env::current_exe().ok().filter(|path| path.is_file()).unwrap_or(exe)
}

/// Whether a program is found on the path.
pub fn exists(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// Polls for something to read on any of `fds`.
pub fn wait_readable(fds: &[&OwnedFd], timeout: Option<std::time::Duration>) -> Vec<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut polled: Vec<PollFd<'_>> =
        fds.iter().map(|fd| PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)).collect();
    let timeout =
        timeout.map(|t| Timespec { tv_sec: t.as_secs() as i64, tv_nsec: i64::from(t.subsec_nanos()) });
    match poll(&mut polled, timeout.as_ref()) {
        Ok(_) => polled.iter().map(|p| !p.revents().is_empty()).collect(),
        Err(_) => vec![false; fds.len()],
    }
}
