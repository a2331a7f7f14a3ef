//! A PostgreSQL of the test's own: up, down, with a lock held, out of connections, with the wrong password.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gonogo::probe::Keys;
use gonogo::run::health::{Level, Reason};
use gonogo::runbook::probes::{Database, Query, Source};

use super::super::support::skip;
use super::{Watching, local_database, look_with, one, probe, runtime, watch};

/// A cluster in a directory of its own; stopped and removed with the test.
pub(crate) struct Cluster {
    directory: tempfile::TempDir,
    programs: PathBuf,
    pub(crate) port: u16,
}

/// The newest of Debian's server programs.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(|e| Some(e.ok()?.path().join("bin"))).collect();
    found.retain(|p| p.join("initdb").exists());
    found.sort();
    found.pop()
}

impl Cluster {
    pub(crate) fn start(test: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            skip(test, "the PostgreSQL server");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { directory: tempfile::tempdir().unwrap(), programs, port };
        fs::write(cluster.path("password"), "right-password\n").unwrap();
        cluster.hand_over();
        let (data, password) = (cluster.path("data"), cluster.path("password"));
        let initdb = cluster.program("initdb");
        cluster.as_server(&[
            &initdb,
            "--auth=scram-sha-256",
            "--username=tester",
            &format!("--pwfile={}", password.display()),
            "--no-sync",
            &format!("--pgdata={}", data.display()),
        ]);
        let mut settings = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf")).unwrap();
        let lines = format!(
            "\nport = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\nmax_connections = 8\nsuperuser_reserved_connections = 0\nfsync = off\n",
            cluster.directory.path().display()
        );
        std::io::Write::write_all(&mut settings, lines.as_bytes()).unwrap();
        cluster.up();
        Some(cluster)
    }

    /// Everything so far belongs to whom the server runs as.
    #[expect(clippy::disallowed_methods, reason = "a test runs its own server")]
    fn hand_over(&self) {
        if rustix::process::geteuid().is_root() {
            self.run(Command::new("chown").args(["-R", "postgres"]).arg(self.directory.path()));
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn program(&self, name: &str) -> String {
        self.programs.join(name).display().to_string()
    }

    #[expect(clippy::disallowed_methods, reason = "a test runs its own server")]
    fn as_server(&self, words: &[&str]) {
        // The server refuses to be root.
        let mut command = if rustix::process::geteuid().is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).args(words);
            command
        } else {
            let mut command = Command::new(words[0]);
            command.args(&words[1..]);
            command
        };
        self.run(command.current_dir("/"));
    }

    fn run(&self, command: &mut Command) {
        let log = fs::File::create(Path::new(self.directory.path()).join(".log")).unwrap();
        let status =
            command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).status().unwrap();
        let said = fs::read_to_string(self.path(".log")).unwrap_or_default();
        assert!(status.success(), "{command:?}: {said}");
    }

    fn control(&self, words: &[&str]) {
        let (control, data, log) = (self.program("pg_ctl"), self.path("data"), self.path("data/server.log"));
        let mut all = vec![control, "-w".into(), "-D".into(), data.display().to_string()];
        all.extend(["-l".to_owned(), log.display().to_string()]);
        all.extend(words.iter().map(ToString::to_string));
        self.as_server(&all.iter().map(String::as_str).collect::<Vec<_>>());
    }

    pub(crate) fn up(&self) {
        self.control(&["start"]);
    }

    pub(crate) fn down(&self) {
        self.control(&["stop", "-m", "immediate"]);
    }

    /// The settings of a store in it, over its socket, in this schema.
    pub(crate) fn store(&self, schema: &str) -> (String, PathBuf) {
        let (socket, port) = (self.directory.path().display(), self.port);
        let url = format!("postgres:///postgres?host={socket}&port={port}&user=tester&schema={schema}");
        (url, self.path("password"))
    }

    fn config(&self) -> String {
        format!("host=127.0.0.1 port={} user=tester password=right-password dbname=postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.path("data/postmaster.pid").exists() {
            self.down();
        }
    }
}

fn keys(password: &str) -> Keys {
    let keys = Keys::default();
    keys.add("TESTER_PASSWORD".into(), password.into());
    keys
}

#[test]
fn postgres_is_as_well_as_it_is() {
    let Some(cluster) = Cluster::start("postgres_is_as_well_as_it_is") else { return };
    let source = || probe(Source::Postgres(local_database(cluster.port)));
    let row = one(look_with(source(), &keys("right-password")));
    assert_eq!((row.level, row.now.as_str()), (Some(Level::Ok), "ok"), "{row:?}");
    assert!(row.about.contains("/8 connections") && row.about.contains("0 locks waiting"), "{}", row.about);

    let row = one(look_with(source(), &keys("wrong-password")));
    assert_eq!((row.level, row.reason), (Some(Level::NotSeen), Some(Reason::NoPassword)));
    assert!(row.about.contains("password authentication failed"), "{}", row.about);
    assert!(!row.about.contains("wrong-password"));

    let sql = |query: &str| {
        let source = Source::Sql(Query { database: local_database(cluster.port), query: query.into() });
        one(look_with(probe(source), &keys("right-password")))
    };
    let row = sql("SELECT 40 + 2 AS answer;");
    assert_eq!((row.now.as_str(), row.about.as_str(), row.level), ("42", "answer 42", None));
    let row = sql("CREATE TABLE x (a int)");
    assert!(row.about.contains("read-only transaction"), "{row:?}");
    let row = sql("SELECT pg_sleep(10)");
    assert!(row.about.contains("statement timeout") || row.about.contains("no answer in 2 s"), "{row:?}");

    with_a_lock_held(&cluster);
    out_of_connections(&cluster);

    cluster.down();
    let row = one(look_with(source(), &keys("right-password")));
    assert_eq!((row.level, row.reason), (Some(Level::Down), Some(Reason::Refused)));
    assert!(row.about.contains("connection refused"), "{}", row.about);
}

/// Two sessions want one table: one waits.
fn with_a_lock_held(cluster: &Cluster) {
    let config = cluster.config();
    runtime().block_on(async {
        let connect = || async {
            let (client, connection) = tokio_postgres::connect(&config, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        };
        let (holds, waits) = (connect().await, connect().await);
        holds.batch_execute("CREATE TABLE held (a int)").await.unwrap();
        holds.batch_execute("BEGIN; LOCK TABLE held").await.unwrap();
        let waiting = tokio::spawn(async move { waits.batch_execute("BEGIN; LOCK TABLE held").await });
        // The wait is there once the server says so.
        let counts = "SELECT count(*) FROM pg_locks WHERE NOT granted";
        while holds.query_one(counts, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            assert!(!waiting.is_finished(), "nobody waits for the lock");
            tokio::task::yield_now().await;
        }
        let source = probe(Source::Postgres(local_database(cluster.port)));
        let row = tokio::task::spawn_blocking(move || one(look_with(source, &keys("right-password"))));
        let row = row.await.unwrap();
        assert_eq!(row.level, Some(Level::Watch), "{row:?}");
        assert!(row.about.contains("1 locks waiting"), "{}", row.about);
        waiting.abort();
    });
}

/// Everything that may connect has: the server's own words, and an alert.
fn out_of_connections(cluster: &Cluster) {
    let config = cluster.config();
    runtime().block_on(async {
        let mut taken = Vec::new();
        // The sessions of the test before may take a moment to go.
        while taken.len() < 8 {
            match tokio_postgres::connect(&config, tokio_postgres::NoTls).await {
                Ok((client, connection)) => {
                    tokio::spawn(connection);
                    taken.push(client);
                }
                Err(_) => tokio::task::yield_now().await,
            }
        }
        let source = probe(Source::Postgres(local_database(cluster.port)));
        let row = tokio::task::spawn_blocking(move || one(look_with(source, &keys("right-password"))));
        let row = row.await.unwrap();
        assert_eq!(row.level, Some(Level::Alert), "{row:?}");
        assert!(row.about.contains("too many clients"), "{}", row.about);
    });
}

#[test]
fn a_server_that_goes_and_comes_is_followed() {
    let Some(cluster) = Cluster::start("a_server_that_goes_and_comes_is_followed") else { return };
    let file = cluster.path("password").display().to_string();
    let credential = Some(gonogo::runbook::probes::Credential::File(file));
    let database = Database { credential, ..local_database(cluster.port) };
    let watching = Watching::start(watch(probe(Source::Postgres(database))));
    watching.until_row("p", Level::Ok, "ok");
    cluster.down();
    watching.until_row("p", Level::Down, "refused");
    cluster.up();
    watching.until_row("p", Level::Ok, "ok");
}
