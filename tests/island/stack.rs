//! The deployment that the tests run on: a server reached over SSH, its project's containers, and somebody's home from
//! which the server is known. `stack/stack` makes it; everything of it is removed with it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::support::{Finished, Home, skip, ssh_with};

/// One at a time: two cores, and an image name that the document gives.
static ONE: Mutex<()> = Mutex::new(());

/// A deployment, and the home of who works on it.
pub(crate) struct Island {
    name: String,
    pub(crate) home: Home,
    began: Instant,
    /// The folder of the engine it runs on.
    engine: PathBuf,
    password: String,
    _one: MutexGuard<'static, ()>,
}

fn stack_program() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/island/stack/stack")
}

/// An engine of the tests' own, so that it can be restarted without harm and everything in it is theirs. Its images
/// are kept between runs; the path of a socket in it is short (unix(7)).
fn engine() -> PathBuf {
    let usual = Path::new(env!("CARGO_TARGET_TMPDIR")).join("engine");
    if usual.as_os_str().len() < 70 { usual } else { PathBuf::from("/tmp/gonogo-island-engine") }
}

/// What is missing here to have one; nothing where all is there.
fn missing() -> Option<&'static str> {
    let runs = |program: &str, arguments: &[&str]| {
        #[expect(clippy::disallowed_methods, reason = "the machine's programs are asked")]
        let status =
            Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|s| s.success())
    };
    if !rustix::process::geteuid().is_root() {
        return Some("root, for a Debian of its own");
    }
    if !runs("docker", &["version"]) {
        return Some("a running Docker Engine");
    }
    let programs =
        "command -v mmdebstrap && command -v ssh-keygen && command -v dockerd && command -v nsenter";
    if !runs("sh", &["-c", programs]) {
        return Some(
            "mmdebstrap, OpenSSH's client, dockerd or nsenter (Debian: mmdebstrap, openssh-client, docker.io)",
        );
    }
    None
}

/// The document, unmodified.
pub(crate) fn runbook() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seed = root.join("../shared/seed/island-runbook.md");
    if seed.exists() { seed } else { root.join("assets/runbooks/island.md") }
}

impl Island {
    /// Brings one up, with `options` of `stack up`; nothing where the machine can't have one.
    pub(crate) fn up(test: &str, options: &[&str]) -> Option<Self> {
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(missing) = missing() {
            skip(test, missing);
            return None;
        }
        let home = Home::new();
        let name = "island".to_owned();
        let began = Instant::now();
        let mut island = Self { name, home, began, engine: engine(), password: String::new(), _one: one };
        let at = island.engine.display().to_string();
        // One that was killed may have left some.
        let _none = island.stack(&["engine", &at, "stop"]);
        let started = island.stack(&["engine", &at, "start", "--live-restore"]);
        assert!(started.status.success(), "{}", told(&started));
        let _none = island.stack(&["purge"]);
        let images = island.stack(&["images"]);
        assert!(images.status.success(), "{}", told(&images));
        let key = island.home.path().join("key");
        #[expect(clippy::disallowed_methods, reason = "keys are made by a program")]
        let made =
            Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
        assert!(made.unwrap().success());
        let (runbook, key) = (runbook().display().to_string(), format!("{}.pub", key.display()));
        let fixed = ["up", &island.name.clone(), "--runbook", &runbook, "--key", &key];
        let up = island.stack(&[&fixed[..], options].concat());
        assert!(up.status.success(), "{}", told(&up));
        let out = String::from_utf8_lossy(&up.stdout).into_owned();
        let about: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        let told = |name: &str| about[name].as_str().unwrap().to_owned();
        island.password = told("postgres_password");
        island.known(&told("address"), &told("host_key"));
        std::fs::copy(self::runbook(), island.home.path().join("runbook.md")).unwrap();
        // The operator's own settings: those beside a runbook would have to be accepted first.
        std::fs::create_dir_all(island.home.path().join(".config/gonogo")).unwrap();
        let settings = format!("[probes.docker]\nproject = \"{}\"\n", island.name);
        island.home.write(".config/gonogo/config.toml", &settings);
        island.began = Instant::now();
        Some(island)
    }

    /// The user's own settings of `ssh` know the server.
    fn known(&self, address: &str, host_key: &str) {
        let at = |name: &str| self.home.path().join(name).display().to_string();
        self.home.write("known_hosts", &format!("production-server {host_key}\n"));
        let settings = format!(
            "Host production-server\nHostName {address}\nHostKeyAlias production-server\nIdentityFile {}\nIdentitiesOnly yes\nUserKnownHostsFile {}\n",
            at("key"),
            at("known_hosts"),
        );
        ssh_with(&self.home, &settings);
    }

    pub(crate) fn stack(&self, arguments: &[&str]) -> Output {
        #[expect(clippy::disallowed_methods, reason = "the stack is made by a program")]
        let mut command = Command::new(stack_program());
        if arguments[0] != "engine" {
            command.env("DOCKER_HOST", format!("unix://{}/docker.sock", self.engine.display()));
        }
        command.args(arguments).output().unwrap()
    }

    /// Something goes wrong.
    pub(crate) fn fault(&self, what: &str) {
        let done = self.stack(&["fault", &self.name, what]);
        assert!(done.status.success(), "{what}: {}", told(&done));
    }

    /// Somebody else does something on the server.
    pub(crate) fn server(&self, script: &str) {
        let done = self.stack(&["exec", &self.name, "runuser", "-u", "user", "--", "bash", "-lc", script]);
        assert!(done.status.success(), "{script}: {}", told(&done));
    }

    /// What PostgreSQL answers, unaligned.
    pub(crate) fn sql(&self, query: &str) -> String {
        let answer = self.stack(&["sql", &self.name, query]);
        String::from_utf8_lossy(&answer.stdout).trim().to_owned()
    }

    /// What is checked out on the server, and what its API says it is.
    pub(crate) fn versions(&self) -> (String, String) {
        let answer = self.stack(&["version", &self.name]);
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        let mut lines = text.lines();
        let tag = lines.next().unwrap_or_default().to_owned();
        let api: serde_json::Value = serde_json::from_str(lines.next().unwrap_or("null")).unwrap_or_default();
        (tag, api["version"].as_str().unwrap_or("no answer").to_owned())
    }

    /// Asserts that the old release serves on the database as it was saved, and nothing of the new one is left.
    pub(crate) fn is_as_before(&self) {
        assert_eq!(self.versions(), ("v1.1.16".to_owned(), "1.1.16".to_owned()));
        assert_eq!(self.sql("SELECT count(*) FROM claude_context.indexed_pages"), "5");
        assert_eq!(self.sql("SELECT to_regclass('claude_context.dataset_collections') IS NULL"), "t");
    }

    /// Asserts that the new release serves on a migrated database.
    pub(crate) fn is_deployed(&self) {
        assert_eq!(self.versions(), ("v1.2.0".to_owned(), "1.2.0".to_owned()));
        assert_eq!(self.sql("SELECT to_regclass('claude_context.dataset_collections') IS NULL"), "f");
        assert_eq!(self.sql("SELECT count(*) FROM claude_context.projects WHERE name = 'smoke-test'"), "0");
    }

    /// The whole document with nobody there, and more arguments.
    pub(crate) fn headless(&self, more: &[&str]) -> Finished {
        let password = format!("POSTGRES_PASSWORD={}", self.password);
        let fixed = ["--headless", "--yes", "--allow-destructive", "--set", &password, "--follow-for", "20s"];
        self.home.run(&[more, &fixed].concat())
    }

    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    /// A line for the table: what was deployed, what failed, what was restored.
    pub(crate) fn told(&self, case: &str, deployed: &str, failed: &str, restored: &str) {
        let line = format!(
            "{case:<34} {deployed:<9} {failed:<44} {restored:<22} {:>4} s\n",
            self.began.elapsed().as_secs()
        );
        let _closed = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
        let tables = Path::new(env!("CARGO_TARGET_TMPDIR")).join("island");
        std::fs::create_dir_all(&tables).unwrap();
        std::fs::write(tables.join(case.replace(' ', "-")), line).unwrap();
    }
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

impl Drop for Island {
    /// Whatever became of the test.
    fn drop(&mut self) {
        let _down = self.stack(&["down", &self.name]);
        let at = self.engine.display().to_string();
        let _stopped = self.stack(&["engine", &at, "stop"]);
    }
}
