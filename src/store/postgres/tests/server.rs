//! A real PostgreSQL server for the tests of this process, on a socket in a directory of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::store::postgres::connection::{Connection, READ_WITHIN};
use crate::store::{Address, PostgresStore};

/// Where the server listens, which ends with this process; nothing where the machine has no PostgreSQL.
pub(in crate::store) fn socket() -> Option<&'static Path> {
    static SOCKET: OnceLock<Option<PathBuf>> = OnceLock::new();
    SOCKET.get_or_init(start).as_deref()
}

/// A store in a new database.
pub(in crate::store) fn store() -> Option<PostgresStore> {
    Some(PostgresStore::open(&store_in_own_database()?, "web-1", None).unwrap())
}

/// A new database with a store in it.
pub(in crate::store) fn store_in_own_database() -> Option<Address> {
    // Roles are of the whole server, and databases are made from one: one at a time.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let address = database()?;
    PostgresStore::make(&address).unwrap();
    Some(address)
}

/// A new, empty database.
pub(in crate::store) fn database() -> Option<Address> {
    let name = format!("t{}", uuid::Uuid::now_v7().simple());
    let made = Connection::new(address("postgres", "postgres")?.config().unwrap(), "public".into()).call(
        READ_WITHIN,
        |client| {
            let sql = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
            Box::pin(async move { client.batch_execute(&sql).await })
        },
    );
    made.unwrap();
    address(&name, "postgres")
}

/// A database of the server, as this login sees it.
pub(in crate::store) fn address(database: &str, login: &str) -> Option<Address> {
    let url = format!("postgres:///{database}?host={}&user={login}", socket()?.display());
    Some(Address { url, password: None, schema: "gonogo".into() })
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions.filter_map(|v| Some(v.ok()?.path().join("bin"))).collect();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found.pop()
}

#[expect(clippy::disallowed_methods, reason = "a test starts its own server")]
fn start() -> Option<PathBuf> {
    let bin = programs()?;
    // It refuses to run as root; its user has to get at its directory.
    let root = rustix::process::geteuid().is_root();
    let directory = tempfile::Builder::new().prefix("gonogo-pg-").tempdir_in("/tmp").ok()?.keep();
    let script = format!(
        "cd {0} && {1}/initdb --pgdata=data --auth=trust --username=postgres --encoding=UTF8 --no-sync >init 2>&1 && \
         exec {1}/postgres -D data -k {0} -c listen_addresses= -c max_connections=200 >log 2>&1",
        directory.display(),
        bin.display()
    );
    let mut command = if root {
        let owner = Command::new("chown").arg("postgres").arg(&directory).status().ok()?;
        owner.success().then_some(())?;
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh", "-c", &script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        command
    };
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut server = command.spawn().ok()?;
    // Its last line says how far it is (src/include/utils/pidfile.h of PostgreSQL).
    let state = directory.join("data/postmaster.pid");
    let ready = || std::fs::read_to_string(&state).is_ok_and(|text| text.contains("ready"));
    while !ready() {
        let ended = server.try_wait().ok()?;
        assert!(ended.is_none(), "{ended:?}: {:?}", std::fs::read_to_string(directory.join("init")));
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
    ends_with_us(&directory);
    Some(directory)
}

/// A process that waits for the end of this one, then ends the server and removes its directory.
#[expect(clippy::disallowed_methods, reason = "a test ends its own server")]
fn ends_with_us(directory: &Path) {
    let script = format!(
        "tail --pid={0} -f /dev/null; kill -QUIT $(head -1 {1}/data/postmaster.pid); rm -rf {1}",
        std::process::id(),
        directory.display()
    );
    let mut waits = Command::new("setsid");
    waits.args(["sh", "-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    drop(waits.spawn());
}
