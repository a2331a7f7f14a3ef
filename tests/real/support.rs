//! A hermetic home, the binary in it, and a terminal to type at.

use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo::exec::screen::{Emulator, Size};
use gonogo::protocol::Screen;
use gonogo::run::{Event, Record, RunState};
use gonogo::run_files::RunFiles;
use gonogo::store::{StateDirectory, Store};

/// The one deadline of all waits.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// A home of a test's own.
pub(crate) struct Home {
    pub(crate) directory: tempfile::TempDir,
}

/// What a finished program left.
pub(crate) struct Finished {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Drop for Home {
    /// Runners, shims and what ran in them outlive whoever started them, but not the test.
    fn drop(&mut self) {
        let mark = format!("HOME={}", self.path().display());
        let ours = |entry: &std::fs::DirEntry| {
            let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            environment.split(|b| *b == 0).any(|variable| variable == mark.as_bytes())
        };
        let found = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok).filter(ours);
        for pid in found.filter_map(|entry| entry.file_name().to_str()?.parse().ok()) {
            kill(pid);
        }
    }
}

/// Runners and shims of a state directory.
pub(crate) fn processes_under(state: &Path) -> Vec<(u32, String)> {
    let found = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok).filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let words: Vec<String> =
            line.split(|b| *b == 0).map(|w| String::from_utf8_lossy(w).into_owned()).collect();
        let [_, verb, directory, ..] = words.as_slice() else { return None };
        let ours = (verb == "runner" || verb == "shim") && Path::new(directory).starts_with(state);
        ours.then(|| (pid, verb.clone()))
    });
    found.collect()
}

/// Where the runs of a home are kept.
pub(crate) fn store(home: &Home) -> Arc<dyn Store> {
    Arc::new(StateDirectory::open(&home.path().join("state")).unwrap())
}

/// The only run of a home.
pub(crate) fn the_run(home: &Home) -> RunFiles {
    RunFiles::of(&home.path().join("state"), store(home).find(None).unwrap())
}

/// What is known of it.
pub(crate) fn state(home: &Home) -> RunState {
    store(home).state_of(the_run(home).id()).unwrap()
}

/// All its records, their chain checked.
pub(crate) fn records(home: &Home) -> Vec<Record> {
    store(home).records_of(the_run(home).id()).unwrap()
}

/// Everything that was recorded in it.
pub(crate) fn events(home: &Home) -> Vec<Event> {
    records(home).into_iter().map(|r| r.event).collect()
}

/// Waits for a condition.
pub(crate) fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < DEADLINE, "{what} did not come about");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Kills a process.
pub(crate) fn kill(pid: u32) {
    if let Some(pid) = rustix::process::Pid::from_raw(pid.cast_signed()) {
        let _gone = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
    }
}

impl Home {
    /// Runners and shims of this home: their process ids and which of the two they are.
    pub(crate) fn processes(&self) -> Vec<(u32, String)> {
        processes_under(&self.path().join("state"))
    }

    /// Kills every process of one kind, or of both.
    pub(crate) fn kill(&self, kinds: &[&str]) {
        for (pid, _) in self.processes().into_iter().filter(|(_, kind)| kinds.contains(&kind.as_str())) {
            kill(pid);
        }
    }

    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The binary with nothing of the machine's user around it.
    #[expect(clippy::disallowed_methods, reason = "tests start the program they test")]
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("GONOGO_STATE_DIR", self.path().join("state"))
            .env("GONOGO_LOCK_DIR", self.path())
            .env("GONOGO_OPERATOR", "ada")
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm-256color")
            .env("TZ", "UTC")
            .current_dir(self.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Finished {
        self.run_in(arguments, &[])
    }

    /// The same with other variables.
    pub(crate) fn run_in(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (out, err) = (all_of(child.stdout.take().unwrap()), all_of(child.stderr.take().unwrap()));
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status.code().unwrap_or(-1);
            }
            if start.elapsed() > DEADLINE * 3 {
                child.kill().unwrap();
                let (out, err) = (out.join().unwrap(), err.join().unwrap());
                panic!("gonogo {} did not end; it said:\n{out}{err}", arguments.join(" "));
            }
            std::thread::park_timeout(Duration::from_millis(2));
        };
        Finished { status, out: out.join().unwrap(), err: err.join().unwrap() }
    }

    /// The binary in a terminal of that size, with other variables.
    pub(crate) fn terminal_in(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
        size: (u16, u16),
    ) -> Terminal {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        Terminal::start(command, Size { columns: size.0, rows: size.1 })
    }

    pub(crate) fn terminal(&self, arguments: &[&str], columns: u16, rows: u16) -> Terminal {
        Terminal::start(self.command(arguments), Size { columns, rows })
    }
}

/// The binary as something that starts it in this home, whatever the test's own variables are: what a shell of the
/// machine's user does when it starts is not the test's business.
pub(crate) fn program(home: &Home) -> PathBuf {
    let path = home.path().join("gonogo");
    let (at, program) = (home.path().display(), env!("CARGO_BIN_EXE_gonogo"));
    let clean = format!("PATH=\"$PATH\" HOME={at} GONOGO_LOCK_DIR={at} TZ=UTC LANG=C.UTF-8");
    std::fs::write(&path, format!("#!/bin/sh\nexec env -i {clean} {program} \"$@\"\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path
}

/// An `ssh` that reads these settings, in a directory for the front of `PATH`; a login shell sets the path anew, and
/// has it from the home's `.profile`. OpenSSH looks for its settings in the home of the user database, whatever `HOME`
/// says.
pub(crate) fn ssh_with(home: &Home, settings: &str) {
    let settings = home.write("ssh_settings", settings);
    let programs = home.path().join("bin");
    std::fs::create_dir_all(&programs).unwrap();
    let program = programs.join("ssh");
    std::fs::write(&program, format!("#!/bin/sh\nexec /usr/bin/ssh -F {} \"$@\"\n", settings.display()))
        .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    home.write(".profile", &format!("PATH={}:$PATH\n", programs.display()));
}

/// Reads a pipe to its end.
fn all_of(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The binary in a real PTY, its output in an emulator.
pub(crate) struct Terminal {
    pub(crate) child: Child,
    pub(crate) master: OwnedFd,
    emulator: Emulator,
    pub(crate) bytes: usize,
    /// The last bytes that came, for what an emulator does not tell.
    pub(crate) raw: Vec<u8>,
    /// Bytes a second that the line to it takes; none for as many as come.
    pub(crate) line: Option<usize>,
    /// All that came, where it is recorded.
    pub(crate) heard: Option<Heard>,
    /// For how long somebody reads before each key.
    pub(crate) pace: Duration,
}

/// What a program wrote to its terminal, and when.
pub(crate) struct Heard {
    began: Instant,
    parts: Vec<(Duration, Vec<u8>)>,
}

impl Heard {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), parts: vec![] }
    }

    /// The parts as text: a character that came in two of them is of the second.
    pub(crate) fn texts(&self) -> Vec<(Duration, String)> {
        let mut rest: Vec<u8> = Vec::new();
        let mut texts = Vec::new();
        for (at, bytes) in &self.parts {
            rest.extend_from_slice(bytes);
            let whole = match std::str::from_utf8(&rest) {
                Ok(text) => text.len(),
                Err(broken) if broken.error_len().is_none() => broken.valid_up_to(),
                Err(broken) => panic!("no text came: {broken}"),
            };
            let behind = rest.split_off(whole);
            texts.push((*at, String::from_utf8(std::mem::replace(&mut rest, behind)).unwrap()));
        }
        texts
    }
}

impl Terminal {
    pub(crate) fn start(mut command: Command, size: Size) -> Self {
        use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let slave = ioctl_tiocgptpeer(&master, OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        let stdio = || Stdio::from(slave.try_clone().unwrap());
        command.stdin(stdio()).stdout(stdio()).stderr(stdio());
        // SAFETY: only system calls between fork and exec.
        #[expect(unsafe_code, reason = "a child gets a controlling terminal only before exec")]
        unsafe {
            command.pre_exec(|| {
                rustix::process::setsid()?;
                rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
                Ok(())
            });
        }
        // Before the program starts, so that it does not begin with a change of size.
        let cells =
            rustix::termios::Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 };
        rustix::termios::tcsetwinsize(&slave, cells).unwrap();
        let child = command.spawn().unwrap();
        let (emulator, pace) = (Emulator::live(size), Duration::ZERO);
        let terminal = Self { child, master, emulator, bytes: 0, raw: vec![], line: None, heard: None, pace };
        rustix::io::ioctl_fionbio(&terminal.master, true).unwrap();
        terminal
    }

    fn set_size(&self, size: Size) {
        let size =
            rustix::termios::Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 };
        rustix::termios::tcsetwinsize(&self.master, size).unwrap();
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let size = Size { columns, rows };
        self.emulator.resize(size);
        self.set_size(size);
    }

    /// Reads what has come within a short while; false when nothing did.
    fn read(&mut self) -> bool {
        let ready = gonogo::exec::spawn::wait_readable(&[&self.master], Some(Duration::from_millis(15)));
        if ready != [true] {
            return false;
        }
        let mut buffer = [0u8; 16384];
        let most = self.line.map_or(buffer.len(), |rate| (rate / 50).max(1));
        // After the program has ended there is nothing more to come.
        let Ok(count) = rustix::io::read(&self.master, &mut buffer[..most]) else { return false };
        if let Some(rate) = self.line {
            Self::carry(count, rate);
        }
        self.bytes += count;
        self.raw.extend_from_slice(&buffer[..count]);
        self.emulator.feed(0, &buffer[..count]);
        if let Some(heard) = &mut self.heard {
            heard.parts.push((heard.began.elapsed(), buffer[..count].to_vec()));
        }
        true
    }

    /// The time that bytes take over a slow line.
    fn carry(count: usize, rate: usize) {
        let until = Instant::now() + Duration::from_secs_f64(count as f64 / rate as f64);
        while Instant::now() < until {
            std::thread::park_timeout(until.saturating_duration_since(Instant::now()));
        }
    }

    /// Somebody reads for so long before anything is typed.
    pub(crate) fn look_for(&mut self, time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time {
            self.read();
        }
    }

    pub(crate) fn screen(&self) -> Screen {
        self.emulator.screen()
    }

    pub(crate) fn text(&self) -> String {
        self.screen().rows.iter().map(|r| r.plain().trim_end().to_owned() + "\n").collect()
    }

    /// Waits until the screen is as wanted.
    pub(crate) fn until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) {
        let start = Instant::now();
        loop {
            // A frame arrives in pieces: only a screen that nothing is being added to is looked at.
            let quiet = !self.read();
            let text = self.text();
            if quiet && wanted(&text) {
                return;
            }
            assert!(start.elapsed() < DEADLINE, "{what} did not come; the screen:\n{text}");
        }
    }

    /// Waits until the screen shows a text.
    pub(crate) fn see(&mut self, wanted: &str) {
        self.until(&format!("{wanted:?}"), |text| text.contains(wanted));
    }

    /// Waits until the screen shows a text and its keys act.
    pub(crate) fn see_live(&mut self, wanted: &str) {
        self.until(&format!("{wanted:?} with live keys"), |text| {
            text.contains(wanted) && text.lines().last().is_some_and(|l| l.starts_with(' '))
        });
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.look_for(self.pace);
        let mut rest = keys.as_bytes();
        while !rest.is_empty() {
            match rustix::io::write(&self.master, rest) {
                Ok(count) => rest = &rest[count..],
                Err(_) => {
                    self.read();
                }
            }
        }
    }

    /// Waits until keys act, then types one.
    pub(crate) fn press(&mut self, wanted: &str, key: &str) {
        self.see_live(wanted);
        self.type_keys(key);
    }

    /// Reads what is signed to its end, and puts the name under it.
    pub(crate) fn put_name(&mut self, name: &str, role: &str) {
        let end = "y sign it";
        self.until("what is signed", |t| t.contains("rows more; read them") || t.contains(end));
        while !self.text().contains(end) {
            let before = self.text();
            self.type_keys(" ");
            self.until("more of what is signed", |now| now != before);
        }
        self.press(end, "y");
        self.see_live(&format!("Type {name} to sign as {role}"));
        self.type_keys(&format!("{name}\r"));
        self.see(&format!("signed as {role} by {name}"));
    }

    /// Waits until the program ends.
    pub(crate) fn end(&mut self) -> i32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.read();
                return status.code().unwrap_or(-1);
            }
            assert!(start.elapsed() < DEADLINE, "the program did not end; the screen:\n{}", self.text());
            self.read();
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Reads all of a file, or nothing where there is none.
pub(crate) fn contents(path: &Path) -> String {
    let mut text = String::new();
    if let Ok(mut file) = std::fs::File::open(path) {
        file.read_to_string(&mut text).unwrap();
    }
    text
}

/// Says that a part of the machine is missing, by name; the test counts as skipped.
pub(crate) fn skip(test: &str, missing: &str) {
    let _closed = writeln!(std::io::stderr(), "SKIPPED: {test}: {missing} is not on this machine");
}
