//! Users of the machine that a test makes, with their login shells, and a server that they log in to.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::sshd::{SSHD, Server};
use super::support::{Home, contents, kill, skip};

/// A user of the machine for as long as a test goes on.
pub(crate) struct User {
    pub(crate) name: String,
    home: tempfile::TempDir,
}

#[expect(clippy::disallowed_methods, reason = "users are made by programs")]
pub(crate) fn done(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|ran| ran.status.success())
}

impl User {
    pub(crate) fn new(shell: &Path) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("gg{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let home = tempfile::tempdir().unwrap();
        let (at, shell) = (home.path().display().to_string(), shell.display().to_string());
        assert!(done("useradd", &["-M", "-d", &at, "-s", &shell, "-p", "*", &name]), "useradd {name}");
        assert!(done("chown", &[&name, &at]));
        Self { name, home }
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        assert!(done("chown", &["-R", &self.name, &self.home.path().display().to_string()]));
    }

    pub(crate) fn read(&self, name: &str) -> String {
        contents(&self.home.path().join(name))
    }

    /// Everything that is in the home's files.
    pub(crate) fn all(&self) -> String {
        let mut told = String::new();
        let mut rest = vec![self.home.path().to_owned()];
        while let Some(path) = rest.pop() {
            match std::fs::read_dir(&path) {
                Ok(entries) => rest.extend(entries.filter_map(Result::ok).map(|e| e.path())),
                Err(_) => told.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default())),
            }
        }
        told
    }
}

impl Drop for User {
    fn drop(&mut self) {
        use std::os::unix::fs::MetadataExt;
        let uid = std::fs::metadata(self.home.path()).map_or(0, |found| found.uid());
        let of =
            |entry: &std::fs::DirEntry| uid != 0 && entry.metadata().is_ok_and(|found| found.uid() == uid);
        let left = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok).filter(of);
        left.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).for_each(kill);
        let _gone = done("userdel", &["-f", &self.name]);
    }
}

/// A server for users that a test makes, with the settings of a client that goes there; nothing where that can't be had.
pub(crate) fn server(home: &Home, test: &str, more: &str) -> Option<(Server, PathBuf)> {
    if !Path::new(SSHD).exists() || !rustix::process::geteuid().is_root() {
        skip(test, "an OpenSSH server (Debian: openssh-server), and root to make users");
        return None;
    }
    let server = Server::for_users(home, more);
    let at = |name: &str| server.directory.join(name).display().to_string();
    let settings = format!(
        "HostName 127.0.0.1\nPort {}\nIdentityFile {}\nIdentitiesOnly yes\nStrictHostKeyChecking no\nLogLevel ERROR\nUserKnownHostsFile {}\n",
        server.port,
        at("user"),
        at("known"),
    );
    let settings = home.write("settings", &settings);
    Some((server, settings))
}

pub(crate) fn installed(test: &str, name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|at| at.join(name)).find(|at| at.exists());
    if found.is_none() {
        skip(test, name);
    }
    found
}

/// A directory with the programs that a small system has and no bash, and the shell in it.
pub(crate) fn without_bash(home: &Home, test: &str, shell: &str) -> Option<PathBuf> {
    #[rustfmt::skip] // words, many to a line
    const PROGRAMS: &[&str] = &[
        "stty", "sed", "tr", "id", "uname", "cat", "ls", "cut", "ps", "tty", "sleep", "tail", "mkdir", "env", "head",
    ];
    let directory = home.path().join(format!("no-bash-{shell}"));
    std::fs::create_dir(&directory).unwrap();
    let link =
        |program: &Path, name: &str| std::os::unix::fs::symlink(program, directory.join(name)).unwrap();
    if shell == "ash" {
        let busybox = installed(test, "busybox")?;
        for name in ["ash", "sh"].iter().chain(PROGRAMS) {
            link(&busybox, name);
        }
    } else {
        let shell = installed(test, shell)?;
        link(&shell, "dash");
        link(&shell, "sh");
        for name in PROGRAMS {
            link(&installed(test, name)?, name);
        }
    }
    Some(directory)
}

/// The user's shells print in sessions without a terminal as well, whatever shell it is.
pub(crate) fn noisy(user: &User) {
    let noise = "echo noise; echo noise >&2\n";
    user.write(".bashrc", noise);
    user.write(".profile", ". ~/.bashrc\n");
    user.write(".zshenv", noise);
    user.write(".zshrc", "HISTFILE=~/.zsh_history SAVEHIST=99 HISTSIZE=99\n");
    user.write(".cshrc", "echo noise; sh -c 'echo noise >&2'\n");
    user.write(".config/fish/config.fish", noise);
}

/// What a user may do by `sudo` without a password, for as long as a test goes on.
pub(crate) struct Rules(PathBuf);

impl Rules {
    pub(crate) fn new(user: &User, may: &str, more: &str) -> Self {
        let rules = Self(PathBuf::from("/etc/sudoers.d").join(&user.name));
        std::fs::write(&rules.0, format!("{more}{} ALL=(root) NOPASSWD: {may}\n", user.name)).unwrap();
        std::fs::set_permissions(&rules.0, PermissionsExt::from_mode(0o440)).unwrap();
        rules
    }
}

impl Drop for Rules {
    fn drop(&mut self) {
        let _gone = std::fs::remove_file(&self.0);
    }
}
