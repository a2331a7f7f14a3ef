//! Docker Engine with containers of the test's own, from one static binary: healthy, unhealthy, restarting, exited,
//! and removed while they are watched.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use gonogo::probe::{Vantage, log_tail};
use gonogo::run::health::Level;
use gonogo::runbook::probes::{Docker, Source};

use super::super::support::skip;
use super::{Watching, look, probe, runtime, watch};

/// An image that the tests make.
#[derive(Clone, Copy)]
pub(crate) enum Image {
    /// BusyBox and nothing else.
    Plain,
    /// And a bash.
    Bash,
}

impl Image {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Image::Plain => "gonogo-test-busybox:2",
            Image::Bash => "gonogo-test-bash:1",
        }
    }
}

/// A compose project of the test's own; all of it is removed with the test.
pub(crate) struct Project {
    pub(crate) name: String,
    directory: tempfile::TempDir,
}

#[expect(clippy::disallowed_methods, reason = "a test runs its own containers")]
fn run(program: &str, words: &[&str], directory: &Path) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(words).current_dir(directory).stdin(Stdio::null());
    let output = command.output().map_err(|e| e.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(String::from_utf8_lossy(&output.stdout).into_owned()) } else { Err(said) }
}

/// Makes an image once, from this machine's static busybox and its bash.
fn made(image: Image) -> Result<(), String> {
    let here = Path::new("/");
    if run("docker", &["image", "inspect", image.name()], here).is_ok() {
        return Ok(());
    }
    let root = tempfile::tempdir().map_err(|e| e.to_string())?;
    let at = root.path().display().to_string();
    let applets = "mkdir -p bin dev etc proc tmp root usr/lib && echo root:x:0:0::/root:/bin/sh >etc/passwd && cp /bin/busybox bin/ && for a in $(bin/busybox --list); do [ -e bin/$a ] || ln -s busybox bin/$a; done";
    run("sh", &["-c", applets], root.path())?;
    if matches!(image, Image::Bash) {
        let libraries = "for f in /bin/bash $(ldd /bin/bash | grep -o '/[^ ]*'); do mkdir -p .${f%/*} && cp -L $f .$f; done";
        run("sh", &["-c", libraries], root.path())?;
    }
    let archive = root.path().with_extension("tar");
    run("tar", &["-cf", &archive.display().to_string(), "-C", &at, "."], here)?;
    let imported = run("docker", &["import", &archive.display().to_string(), image.name()], here);
    let _gone = fs::remove_file(archive);
    imported.map(|_| ())
}

/// Whether the machine has Docker Engine and the image; what is missing is said.
pub(crate) fn there(test: &str, image: Image) -> bool {
    if let Err(why) = run("docker", &["info", "-f", "{{.ID}}"], Path::new("/")) {
        skip(test, &format!("docker ({})", why.trim()));
        return false;
    }
    if let Err(why) = made(image) {
        skip(test, &format!("an image made of Debian's busybox-static ({})", why.trim()));
        return false;
    }
    true
}

impl Project {
    pub(crate) fn start(test: &str, name: &str, yaml: &str) -> Option<Self> {
        if !there(test, Image::Plain) {
            return None;
        }
        if let Err(why) = run("docker-compose", &["version", "--short"], Path::new("/")) {
            skip(test, &format!("docker-compose ({})", why.trim()));
            return None;
        }
        let project =
            Self { name: format!("{name}{}", std::process::id()), directory: tempfile::tempdir().unwrap() };
        fs::write(
            project.directory.path().join("docker-compose.yml"),
            yaml.replace("IMAGE", Image::Plain.name()),
        )
        .unwrap();
        project.compose(&["up", "-d"]);
        Some(project)
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn compose(&self, words: &[&str]) {
        let all = [&["-p", self.name.as_str()], words].concat();
        run("docker-compose", &all, self.directory.path()).unwrap();
    }

    fn source(&self) -> Source {
        Source::Docker(Docker {
            project: Some(self.name.clone()),
            services: vec!["well".into(), "missing".into()],
            containers: vec![],
            engine: None,
        })
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let words = ["-p", self.name.as_str(), "down", "-t", "0", "-v", "--remove-orphans"];
        let _gone = run("docker-compose", &words, self.directory.path());
    }
}

const YAML: &str = "version: '2.4'
services:
  well:
    image: IMAGE
    command: sh -c 'echo started; while test ! -e /bad; do sleep 0.2; done; echo ERROR out of luck; sleep 1000'
    init: true
    healthcheck: {test: [CMD, test, '!', -e, /bad], interval: 1s, retries: 1}
  ill:
    image: IMAGE
    command: sleep 1000
    init: true
    healthcheck: {test: [CMD, 'false'], interval: 1s, retries: 1}
  plain:
    image: IMAGE
    command: sleep 1000
    init: true
  loops:
    image: IMAGE
    command: sh -c 'sleep 0.3; test -e /never'
    restart: always
  once:
    image: IMAGE
    command: sh -c 'test -e /never'
";

#[test]
fn containers_are_followed_through_all_that_happens_to_them() {
    let test = "containers_are_followed_through_all_that_happens_to_them";
    let Some(project) = Project::start(test, "gonogoall", YAML) else { return };
    let watching = Watching::start(watch(probe(project.source())));
    watching.until_row("well", Level::Ok, "healthy");
    watching.until_row("ill", Level::Alert, "unhealthy");
    watching.until_row("plain", Level::Ok, "running");
    watching.until_row("once", Level::Down, "exited 1");
    watching.until_row("missing", Level::Down, "gone");
    watching.until("loops restarts", |rows| {
        rows.iter()
            .any(|r| r.title == "loops" && r.level >= Some(Level::Watch) && !r.about.contains("restarts 0"))
    });
    let well = || watching.rows().into_iter().find(|r| r.title == "well").unwrap();
    assert!(well().about.contains(Image::Plain.name()), "{}", well().about);
    watching.until("use of the machine", |rows| {
        rows.iter().any(|r| r.title == "well" && r.about.contains("cpu ") && r.about.contains("iB"))
    });

    let container = format!("{}_well_1", project.name);
    run("docker", &["exec", &container, "touch", "/bad"], Path::new("/")).unwrap();
    watching.until_row("well", Level::Alert, "unhealthy");
    watching.until("the line with the error", |rows| {
        rows.iter().any(|r| r.title == "well" && r.lines.iter().any(|l| l.ends_with("ERROR out of luck")))
    });
    let tail = runtime().block_on(log_tail(&project.source(), &Vantage::Here, "well", 10)).unwrap();
    assert_eq!(tail, ["started", "ERROR out of luck"]);

    project.compose(&["stop", "-t", "0", "plain"]);
    watching
        .until("plain exited", |rows| rows.iter().any(|r| r.title == "plain" && r.now.starts_with("exited")));
    run("docker", &["rm", "-f", &container], Path::new("/")).unwrap();
    watching.until_row("well", Level::Down, "gone");
}

#[test]
fn an_engine_that_is_not_there_is_named() {
    let source = |engine: &str| {
        Source::Docker(Docker {
            project: None,
            services: vec!["api".into()],
            containers: vec![],
            engine: Some(engine.into()),
        })
    };
    let rows = look(probe(source("unix:///no/such/docker.sock")));
    assert_eq!(rows[0].level, Some(Level::NotSeen));
    assert!(rows[0].about.contains("/no/such/docker.sock"), "{}", rows[0].about);
    let server = super::http::Server::start(super::http::Does::Garbage);
    let rows = look(probe(source(&server.url("").replace("http:", "tcp:"))));
    assert_eq!(rows[0].level, Some(Level::NotSeen), "{rows:?}");
    let hangs = super::http::Server::start(super::http::Does::Hangs);
    let rows = look(probe(source(&hangs.url("").replace("http:", "tcp:"))));
    assert_eq!(rows[0].about, "no answer in 2 s");
}
