//! The journal in SQLite: WAL and `synchronous=FULL`, one row an event.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};

use super::chain::{self, Head, Line};
use super::error::{NotAppended, StoreError};
use super::journal::Journal;
use crate::run::{Event, Record, Seq};
use crate::run_files::{FileError, sync_name};

/// What leads from each schema to the next, the first from nothing. Older journals are migrated after a backup,
/// newer ones refused.
const MIGRATIONS: &[&str] = &["CREATE TABLE events (seq INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT"];

/// The schema this version writes.
const SCHEMA: i64 = MIGRATIONS.len() as i64;

/// What is known of a run from a few of its events.
pub(super) struct Outline {
    pub(super) first: Option<Record>,
    pub(super) last: Option<Record>,
    pub(super) finished: Option<Record>,
}

/// A journal file.
pub(super) struct SqliteJournal {
    connection: Connection,
    path: PathBuf,
    /// Which file it is, by device and number: another one of its name is another journal.
    file: Option<(u64, u64)>,
}

/// Which file lies under a name.
fn file_at(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|known| (known.dev(), known.ino()))
}

impl SqliteJournal {
    /// The journal of the run in a directory.
    pub(super) fn path_in(directory: &Path) -> PathBuf {
        directory.join("journal.db")
    }

    /// Creates the journal of a new run, or opens one for writing.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            Self::create(path)?;
        }
        Self::opened(path)
    }

    /// Makes an empty journal whole beside its place and puts it there. One whose maker was killed halfway would have to
    /// be rolled back first, which who only reads can't do (sqlite.org/rescode.html#readonly_rollback).
    fn create(path: &Path) -> Result<(), StoreError> {
        let new = path.with_extension("db.new");
        for end in ["", "-journal", "-wal", "-shm"] {
            let mut left = new.clone().into_os_string();
            left.push(end);
            // Mostly nobody has left any.
            let _none = fs::remove_file(left);
        }
        drop(Self::opened(&new)?);
        let placed = fs::rename(&new, path).and_then(|()| sync_name(path));
        Ok(placed.map_err(FileError::of("create", path))?)
    }

    fn opened(path: &Path) -> Result<Self, StoreError> {
        let failed = |what| {
            move |source: rusqlite::Error| StoreError::Database {
                what,
                path: path.to_owned(),
                source: source.into(),
            }
        };
        let connection = Connection::open(path).map_err(failed("open"))?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed("open"))?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed("open"))?;
        let found: i64 =
            connection.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(failed("open"))?;
        if found > SCHEMA {
            return Err(StoreError::Newer { path: path.to_owned(), found, known: SCHEMA });
        }
        let mut connection = connection;
        migrate(&mut connection, path, found as usize, MIGRATIONS)?;
        Ok(Self { connection, path: path.to_owned(), file: file_at(path) })
    }

    /// Opens the journal for reading only, beside a process that may be writing it.
    pub(super) fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let failed = |source: rusqlite::Error| StoreError::Database {
            what: "open",
            path: path.to_owned(),
            source: source.into(),
        };
        let connection =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
        let found: i64 = connection.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(failed)?;
        if found > SCHEMA {
            return Err(StoreError::Newer { path: path.to_owned(), found, known: SCHEMA });
        }
        Ok(Self { connection, path: path.to_owned(), file: file_at(path) })
    }

    /// Whether anything was ever written here, readable or not.
    pub(super) fn begun(path: &Path) -> bool {
        let version = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|c| c.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0)));
        path.exists() && !matches!(version, Ok(0))
    }

    /// The first and the last event and the run's end, if it is over, read without what is between.
    pub(super) fn outline(&self) -> Result<Outline, StoreError> {
        let record = |sql: &str| -> Result<Option<Record>, StoreError> {
            let row = self
                .connection
                .query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
            match row {
                Ok((seq, line)) => Record::read(&line)
                    .map(Some)
                    .map_err(|source| StoreError::Decode { seq: seq as u64, source }),
                Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
                Err(source) => Err(self.failed("read")(source)),
            }
        };
        // Within a text the quotes would be escaped.
        let last_of = |kinds: &[&str]| {
            let each: Vec<String> =
                kinds.iter().map(|kind| format!("instr(line, '\"kind\":\"{kind}\"')")).collect();
            record(&format!(
                "SELECT seq, line FROM events WHERE {} ORDER BY seq DESC LIMIT 1",
                each.join(" OR ")
            ))
        };
        // Going back opens a run that was over; calling that off ends it as it was.
        let ends = last_of(&["run_finished", "rollback_begun", "rollback_called_off"])?;
        let finished = match ends.as_ref().map(|r| &r.event) {
            Some(Event::RollbackBegun(_)) => None,
            Some(Event::RollbackCalledOff { .. }) => last_of(&["run_finished"])?,
            _ => ends,
        };
        Ok(Outline {
            finished,
            first: record("SELECT seq, line FROM events ORDER BY seq LIMIT 1")?,
            last: record("SELECT seq, line FROM events ORDER BY seq DESC LIMIT 1")?,
        })
    }

    /// At most so many lines after an event.
    pub(super) fn lines(&self, after: Seq, most: usize) -> Result<Vec<String>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut statement = self
            .connection
            .prepare_cached("SELECT line FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2")
            .map_err(self.failed("read"))?;
        let rows =
            statement.query_map((after.0 as i64, most), |row| row.get(0)).map_err(self.failed("read"))?;
        rows.collect::<Result<_, _>>().map_err(self.failed("read"))
    }

    /// A number that another one follows once somebody else has written (sqlite.org/pragma.html#pragma_data_version).
    pub(super) fn version(&self) -> Result<i64, StoreError> {
        let version = self.connection.pragma_query_value(None, "data_version", |row| row.get(0));
        version.map_err(self.failed("read"))
    }

    /// One line.
    pub(super) fn line(&self, seq: Seq) -> Result<String, StoreError> {
        let row =
            self.connection.query_row("SELECT line FROM events WHERE seq = ?1", [seq.0 as i64], |r| r.get(0));
        row.map_err(self.failed("read"))
    }

    /// Lines in order up to the first that can't be read, and why it can't.
    pub(super) fn readable_lines(&self) -> (Vec<String>, Option<StoreError>) {
        let mut lines = Vec::new();
        let result = (|| -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare("SELECT line FROM events ORDER BY seq")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                lines.push(row.get(0)?);
            }
            Ok(())
        })();
        (lines, result.err().map(self.failed("read")))
    }

    fn failed(&self, what: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError + '_ {
        move |source| StoreError::Database { what, path: self.path.clone(), source: source.into() }
    }
}

impl Journal for SqliteJournal {
    fn head(&self) -> Result<Head, StoreError> {
        let last =
            self.connection.query_row("SELECT line FROM events ORDER BY seq DESC LIMIT 1", [], |row| {
                row.get::<_, String>(0)
            });
        Head::of(last.optional().map_err(self.failed("read"))?.as_deref())
    }

    fn append(&mut self, lines: &[Line]) -> Result<Head, NotAppended> {
        let Some(last) = lines.last() else { return Ok(self.head()?) };
        // SQLite goes on writing into a file that has no name any more.
        if file_at(&self.path) != self.file {
            return Err(StoreError::Removed { path: self.path.clone() }.into());
        }
        // Whoever writes meanwhile is waited for, and then seen.
        let transaction =
            rusqlite::Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
                .map_err(self.failed("write to"))?;
        let new = chain::to_write(lines, &self.head()?, |seq| self.line(seq))?;
        for line in new {
            let row = (line.seq.0 as i64, &line.text);
            transaction
                .prepare_cached("INSERT INTO events (seq, line) VALUES (?1, ?2)")
                .and_then(|mut insert| insert.execute(row))
                .map_err(self.failed("write to"))?;
        }
        transaction.commit().map_err(self.failed("write to"))?;
        Ok(if new.is_empty() { self.head()? } else { last.head() })
    }
}

/// Brings a journal of schema `found` to the last one, in one transaction. One that holds something is copied
/// first, to `journal.db.schema-N` beside it.
fn migrate(
    connection: &mut Connection,
    path: &Path,
    found: usize,
    migrations: &[&str],
) -> Result<(), StoreError> {
    if found >= migrations.len() {
        return Ok(());
    }
    let failed = |what| {
        move |source: rusqlite::Error| StoreError::Database {
            what,
            path: path.to_owned(),
            source: source.into(),
        }
    };
    if found > 0 {
        let mut backup = path.as_os_str().to_owned();
        backup.push(format!(".schema-{found}"));
        // An earlier try may have been cut off after this.
        if !Path::new(&backup).exists() {
            let to = backup.to_string_lossy();
            connection.execute("VACUUM INTO ?1", [to]).map_err(failed("back up"))?;
        }
    }
    let transaction = connection.transaction().map_err(failed("migrate"))?;
    for step in &migrations[found..] {
        transaction.execute_batch(step).map_err(failed("migrate"))?;
    }
    transaction
        .pragma_update(None, "user_version", migrations.len() as i64)
        .and_then(|()| transaction.commit())
        .map_err(failed("migrate"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_maker_left_is_no_journal_and_in_nobodys_way() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.db");
        for end in ["", "-journal", "-wal"] {
            fs::write(directory.path().join(format!("journal.db.new{end}")), "half").unwrap();
        }
        assert!(!SqliteJournal::begun(&path));
        drop(SqliteJournal::open(&path).unwrap());
        let names = fs::read_dir(directory.path()).unwrap().map(|e| e.unwrap().file_name());
        assert_eq!(names.collect::<Vec<_>>(), ["journal.db"]);
        assert!(SqliteJournal::open_read_only(&path).is_ok());
    }

    #[test]
    fn an_older_journal_is_migrated_after_a_backup_and_a_newer_one_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.db");
        let journal = SqliteJournal::open(&path).unwrap();
        journal.connection.execute("INSERT INTO events VALUES (1, 'kept')", []).unwrap();
        drop(journal);
        let mut connection = Connection::open(&path).unwrap();
        let later = [MIGRATIONS[0], "ALTER TABLE events ADD COLUMN more TEXT"];
        migrate(&mut connection, &path, 1, &later).unwrap();
        let line: String =
            connection.query_row("SELECT line FROM events WHERE more IS NULL", [], |r| r.get(0)).unwrap();
        assert_eq!(line, "kept");
        let backup = Connection::open(directory.path().join("journal.db.schema-1")).unwrap();
        let version: i64 = backup.pragma_query_value(None, "user_version", |r| r.get(0)).unwrap();
        assert_eq!(version, 1);
        assert!(backup.prepare("SELECT more FROM events").is_err(), "the backup is as it was");
        assert!(matches!(SqliteJournal::open(&path), Err(StoreError::Newer { found: 2, known: 1, .. })));
    }

    #[test]
    fn a_migration_that_fails_leaves_the_journal_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.db");
        drop(SqliteJournal::open(&path).unwrap());
        let mut connection = Connection::open(&path).unwrap();
        let broken = [MIGRATIONS[0], "CREATE TABLE more (a TEXT); NONSENSE"];
        assert!(migrate(&mut connection, &path, 1, &broken).is_err());
        drop(connection);
        assert!(SqliteJournal::open(&path).is_ok());
    }
}
