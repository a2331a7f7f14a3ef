//! The sandbox: a repository with two releases, the old one deployed and running, a free port.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::exec::ExecError;
use crate::exec::spawn::{self, Helper};
use crate::shell::quote::quote;

/// The bundled runbook; its port is replaced by a free one.
pub const RUNBOOK: &str = include_str!("../../assets/runbooks/demo.md");
/// The port that stands in the bundled runbook.
const RUNBOOK_PORT: &str = "8088";

const SERVICE: &str = include_str!("../../assets/demo/service");
const BUILD: &str = include_str!("../../assets/demo/build");
const FIRST_MIGRATION: &str = include_str!("../../assets/demo/001-notes.sql");
const SECOND_MIGRATION: &str = include_str!("../../assets/demo/002-words.sql");

/// Why the sandbox could not be made.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum SandboxError {
    #[error("the demo needs {0}, which is not in PATH")]
    Missing(String),
    #[error("could not {what} {path}: {source}")]
    File { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{command} ended with {status}: {output}")]
    Helper { command: String, status: i32, output: String },
    #[error(transparent)]
    Exec(#[from] ExecError),
    #[error("no free port on 127.0.0.1: {0}")]
    Port(std::io::Error),
}

/// A sandbox; dropping it stops the service and removes everything.
#[derive(Debug)]
pub struct Sandbox {
    root: PathBuf,
}

impl Sandbox {
    /// Makes one with the old release running. A faulty new release forgets to fill the table its search reads.
    pub fn create(faulty: bool) -> Result<Self, SandboxError> {
        let missing: Vec<&str> = ["git", "curl", "bash"].into_iter().filter(|p| !spawn::exists(p)).collect();
        if !missing.is_empty() {
            return Err(SandboxError::Missing(missing.join(" and ")));
        }
        let root = std::env::temp_dir().join(format!("gonogo-demo-{}", uuid::Uuid::now_v7().simple()));
        let sandbox = Self { root };
        let port = free_port()?;
        sandbox.write("bin/notes-server", &wrapper()?, true)?;
        sandbox.write("runbook.md", &RUNBOOK.replace(RUNBOOK_PORT, &port.to_string()), false)?;
        fs::create_dir_all(sandbox.root.join("backups")).map_err(|e| file("create", &sandbox.root, e))?;
        sandbox.releases(port, faulty)?;
        Self::git(&["clone", "--quiet", "work", "app"], &sandbox.root)?;
        Self::git(&["checkout", "--quiet", "v1.1.0"], &sandbox.app())?;
        for arguments in [
            ["./build"].as_slice(),
            &["./service", "migrate", "migrations/001-notes.sql"],
            &["./service", "start"],
        ] {
            Self::help(arguments[0], &arguments[1..], &sandbox.app())?;
        }
        Ok(sandbox)
    }

    /// Its directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The deployed application's directory.
    pub fn app(&self) -> PathBuf {
        self.root.join("app")
    }

    /// The runbook, with the sandbox's port in it.
    pub fn runbook(&self) -> PathBuf {
        self.root.join("runbook.md")
    }

    /// The repository with its two tagged releases.
    fn releases(&self, port: u16, faulty: bool) -> Result<(), SandboxError> {
        let work = self.root.join("work");
        self.write("work/service", SERVICE, true)?;
        self.write("work/build", BUILD, true)?;
        self.write("work/service.conf", &format!("port={port}\n"), false)?;
        self.write("work/release", "version=1.1.0\nsearch=plain\n", false)?;
        self.write("work/migrations/001-notes.sql", FIRST_MIGRATION, false)?;
        self.write("work/.gitignore", "dist/\ndata/\n*.log\n*.pid\n", false)?;
        Self::git(&["init", "--quiet", "--initial-branch=main"], &work)?;
        self.commit("Notes 1.1.0", "v1.1.0")?;
        self.write("work/release", "version=1.2.0\nsearch=words\n", false)?;
        let second =
            if faulty { SECOND_MIGRATION.split("INSERT").next().unwrap_or("") } else { SECOND_MIGRATION };
        let second = if faulty { second.replace("note_words", "note_word") } else { second.to_owned() };
        self.write("work/migrations/002-words.sql", &second, false)?;
        self.commit("Search by words", "v1.2.0")
    }

    fn commit(&self, message: &str, tag: &str) -> Result<(), SandboxError> {
        let work = self.root.join("work");
        Self::git(&["add", "--all"], &work)?;
        Self::git(&["-c", "commit.gpgsign=false", "commit", "--quiet", "--message", message], &work)?;
        Self::git(&["tag", tag], &work)
    }

    fn git(arguments: &[&str], directory: &Path) -> Result<(), SandboxError> {
        Self::help("git", arguments, directory)
    }

    fn help(program: &str, arguments: &[&str], directory: &Path) -> Result<(), SandboxError> {
        let program = match program.strip_prefix("./") {
            Some(name) => directory.join(name).to_string_lossy().into_owned(),
            None => program.to_owned(),
        };
        let mut helper = Helper::new(&program, arguments, directory);
        // Nobody's own git settings decide how the sandbox looks.
        let person = [("NAME", "Demo"), ("EMAIL", "demo@example.com")];
        for (what, value) in person {
            helper.environment.push((format!("GIT_AUTHOR_{what}"), value.into()));
            helper.environment.push((format!("GIT_COMMITTER_{what}"), value.into()));
        }
        helper.environment.push(("GIT_CONFIG_GLOBAL".into(), "/dev/null".into()));
        let (status, out, err) = helper.run()?;
        if status == 0 {
            return Ok(());
        }
        Err(SandboxError::Helper {
            command: format!("{program} {}", arguments.join(" ")),
            status,
            output: format!("{out}{err}").trim().to_owned(),
        })
    }

    fn write(&self, name: &str, text: &str, executable: bool) -> Result<(), SandboxError> {
        let path = self.root.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| file("create", parent, e))?;
        }
        fs::write(&path, text).map_err(|e| file("write", &path, e))?;
        let mode = if executable { 0o755 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).map_err(|e| file("write", &path, e))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if self.app().join("service").exists() {
            // A service that does not stop sees its directory go and ends by itself.
            let _stopped = Helper::new("bash", &["./service", "stop"], &self.app()).run();
        }
        let _gone = fs::remove_dir_all(&self.root);
    }
}

fn file(what: &'static str, path: &Path, source: std::io::Error) -> SandboxError {
    SandboxError::File { what, path: path.to_owned(), source }
}

/// The service is this very program, under a name of its own.
fn wrapper() -> Result<String, SandboxError> {
    let me = std::env::current_exe().map_err(|e| file("find", Path::new("gonogo"), e))?;
    Ok(format!(
        "#!/usr/bin/env bash\nexport {}={}\nexec {} demo-service \"$@\"\n",
        super::service::OWNER,
        std::process::id(),
        quote(&me.to_string_lossy())
    ))
}

fn free_port() -> Result<u16, SandboxError> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(SandboxError::Port)?;
    listener.local_addr().map(|a| a.port()).map_err(SandboxError::Port)
}
