//! An OpenSSH server of the tests' own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::support::{Home, Terminal, kill, ssh_with, until};

pub(crate) const SSHD: &str = "/usr/sbin/sshd";

/// An SSH server of the test's own, with a key that opens it.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    pub(crate) directory: PathBuf,
}

#[expect(clippy::disallowed_methods, reason = "keys are made by a program")]
pub(crate) fn key(path: &Path) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).status();
    assert!(made.unwrap().success());
}

/// What a test types into: a shell with nothing of the machine's around it.
pub(crate) const SHELL: &str =
    "export GONOGO_OPERATOR=ada LANG=C.UTF-8 PS1='prompt> '; exec bash --norc --noprofile -i";

/// A terminal with OpenSSH's client in it, which opens with the key in `keys`.
pub(crate) fn shell(home: &Home, keys: &Path, arguments: &[&str]) -> Terminal {
    let known = format!("UserKnownHostsFile={}", keys.join("known").display());
    #[expect(clippy::disallowed_methods, reason = "ssh is a program")]
    let mut ssh = Command::new("ssh");
    ssh.env_clear().envs(home.command(&[]).get_envs().filter_map(|(k, v)| Some((k, v?))));
    ssh.args(["-tt", "-F", "none", "-o", &known, "-i"]).arg(keys.join("user"));
    ssh.args(["-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR"]).args(arguments);
    let mut terminal = Terminal::start(ssh, gonogo::exec::screen::Size { columns: 100, rows: 30 });
    terminal.see("prompt>");
    terminal
}

impl Server {
    /// One whose shells have the home of the test: what the machine's user starts their shells with is not its business.
    pub(crate) fn start(home: &Home) -> Self {
        Self::with(home, "")
    }

    /// One for other users of the machine, who have homes of their own; its key opens for all of them.
    pub(crate) fn for_users(home: &Home, more: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o755)).unwrap();
        Self::set(home, more)
    }

    /// One for the test's own home with more lines in its settings.
    pub(crate) fn with(home: &Home, settings: &str) -> Self {
        Self::set(home, &format!("SetEnv HOME={}\n{settings}", home.path().display()))
    }

    #[expect(clippy::disallowed_methods, reason = "a server is a program")]
    fn set(home: &Home, more: &str) -> Self {
        let directory = home.path().join("ssh");
        std::fs::create_dir(&directory).unwrap();
        key(&directory.join("host"));
        key(&directory.join("user"));
        std::fs::copy(directory.join("user.pub"), directory.join("allowed")).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // Debian's server wants this directory where it runs as root.
        let _there = std::fs::create_dir_all("/run/sshd");
        let at = |name: &str| directory.join(name).display().to_string();
        let config = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\nPrintMotd no\nPrintLastLog no\n{more}",
            at("host"),
            at("allowed"),
        );
        std::fs::write(directory.join("config"), config).unwrap();
        let mut command = Command::new(SSHD);
        command.args(["-D", "-e", "-f"]).arg(directory.join("config")).stdin(Stdio::null());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("the SSH server", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self { child, port, directory }
    }

    /// The home's `ssh` knows the server as `name`.
    pub(crate) fn known_as(&self, home: &Home, name: &str) {
        let at = |name: &str| self.directory.join(name).display().to_string();
        let known = std::fs::read_to_string(self.directory.join("host.pub")).unwrap();
        std::fs::write(self.directory.join("known_hosts"), format!("{name} {known}")).unwrap();
        let settings = format!(
            "Host {name}\nHostName 127.0.0.1\nHostKeyAlias {name}\nPort {}\nUser root\nIdentityFile {}\nIdentitiesOnly yes\nUserKnownHostsFile {}\n",
            self.port,
            at("user"),
            at("known_hosts"),
        );
        ssh_with(home, &settings);
    }

    /// A shell over a new connection, with a terminal of its own.
    pub(crate) fn connect(&self, home: &Home) -> Terminal {
        let state = home.path().join("state");
        let at = home.path().display();
        let variables = format!("HOME={at} GONOGO_LOCK_DIR={at} GONOGO_STATE_DIR={}", state.display());
        let remote = format!("cd {at}; export {variables}; {SHELL}");
        let port = self.port.to_string();
        shell(home, &self.directory, &["-p", &port, "127.0.0.1", &remote])
    }

    /// Stops it and its connections: they stay, and nothing is heard from them any more.
    pub(crate) fn stop(&self) {
        for pid in self.children().into_iter().chain([self.child.id()]) {
            let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
        }
    }

    /// Cuts all connections as a lost network does: nobody says goodbye.
    pub(crate) fn cut(&self) {
        self.children().into_iter().for_each(kill);
    }

    /// The processes of its connections: those that it has started, and what they have.
    fn children(&self) -> Vec<u32> {
        let parents = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok).filter_map(|entry| {
            let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            let parent: u32 = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((pid, parent))
        });
        parents.filter(|(_, parent)| *parent == self.child.id()).map(|(pid, _)| pid).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.cut();
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}
