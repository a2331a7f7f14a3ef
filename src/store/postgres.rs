//! The store of a team: a schema in a PostgreSQL that the team has already. The database judges, not the programs: its
//! functions are the only way to write (`schema.sql`).

mod connection;
mod heartbeat;
mod journal;
mod refused;
mod session;

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio_postgres::{Config, Row};

use super::error::StoreError;
use super::follow::{self, Followed};
use super::held::{Hold, Holder};
use super::journal::{Journal, Store};
use super::summary::{Filter, RunSummary};
use super::tombstone::Tombstone;
use crate::run::environment::EnvironmentKey;
use crate::run::{Outcome, Record, RunId, Seq};
use connection::{Connection, READ_WITHIN, WRITE_WITHIN};
use journal::{PostgresJournal, State};
use refused::{Owned, Refused};
use session::{Owner, Session};

/// The schema that this version writes.
const SCHEMA: i32 = 1;

/// What makes it.
const MAKES: &str = include_str!("postgres/schema.sql");

/// How often it is looked whether there is something new, over a network.
const FOLLOWED_EVERY: Duration = Duration::from_millis(250);

/// So many lines are told at once to whoever follows.
const LINES_AT_ONCE: usize = 1000;

/// What a list tells of a run: its first line, when its last event was, and how it came out.
const LISTED: &str = "SELECT r.id, e.line, h.last_at, r.outcome FROM runs r JOIN heads h USING (run) \
 JOIN events e ON e.run = r.run AND e.seq = 1";

/// Where a store is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// `postgres://USER@HOST/DATABASE`, as libpq takes it.
    pub url: String,
    /// The password, where the server asks for one.
    pub password: Option<String>,
    /// The schema.
    pub schema: String,
}

impl fmt::Debug for Address {
    /// Never the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.url, self.schema)
    }
}

impl Address {
    fn config(&self) -> Result<Config, StoreError> {
        let parsed: Result<Config, _> = self.url.parse();
        let mut config = parsed.map_err(|error| StoreError::Address(error.to_string()))?;
        if let Some(password) = &self.password {
            config.password(password);
        }
        Ok(config)
    }
}

/// A server that did not answer is not asked again for so long whether it is there: a verb asks several times.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// The store of a team.
#[derive(Clone, Debug)]
pub struct PostgresStore(Arc<Session>);

impl PostgresStore {
    /// The store in a schema of a database. Tokens of runs that are owned here are kept below `tokens`. Where the server does
    /// not answer now, it is asked again with whatever it is needed for.
    ///
    /// # Errors
    /// Where the database holds no store, or one that this version may not write.
    pub fn open(address: &Address, host: &str, tokens: Option<PathBuf>) -> Result<Self, StoreError> {
        let connection = Connection::new(address.config()?, quoted(&address.schema)?);
        let store = Self(Arc::new(Session::new(connection, host, tokens)));
        match store.answers() {
            Ok(()) | Err(StoreError::Away { .. }) => Ok(store),
            Err(error) => Err(error),
        }
    }

    /// Looks whether the server answers and its store is one that this version may write, where that is not known yet.
    ///
    /// # Errors
    /// Where it is not so.
    pub fn answers(&self) -> Result<(), StoreError> {
        if self.0.looked_at.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut silent = self.0.silent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, why)) = silent.as_ref().filter(|(at, _)| at.elapsed() < ASKED_AGAIN_AFTER) {
            return Err(StoreError::Away { what: "open", store: self.0.connection.name(), why: why.clone() });
        }
        let found = self.look_at_schema();
        *silent = match &found {
            Err(StoreError::Away { why, .. }) => Some((Instant::now(), why.clone())),
            _ => None,
        };
        self.0.looked_at.store(found.is_ok(), Ordering::Relaxed);
        found
    }

    /// Whether a run was owned on this machine.
    pub(super) fn was_owned_here(&self, run: &RunId) -> bool {
        self.0.token(run).is_some()
    }

    /// Makes the schema, as somebody who may make roles. Where it is there already nothing is done; of several at once
    /// one makes it.
    ///
    /// # Errors
    /// Where the server does not answer or refuses.
    pub fn make(address: &Address) -> Result<(), StoreError> {
        let name = quoted(&address.schema)?;
        let connection = Connection::new(address.config()?, name.clone());
        let session = Session::new(connection, "", None);
        let sql = Self::script(&address.schema)?;
        let made = session.connection.call(READ_WITHIN, |client| {
            Box::pin(async move {
                let there = "SELECT to_regclass($1 || '.store') IS NOT NULL";
                if client.query_one(there, &[&name]).await?.get(0) {
                    return Ok(());
                }
                client.batch_execute(&sql).await
            })
        });
        session.connection.drop_client();
        made.map_err(|e| session.failed("make", e))
    }

    /// What [`PostgresStore::make`] runs, to be read or run by an administrator.
    ///
    /// # Errors
    /// Where a schema can't be called so.
    pub fn script(schema: &str) -> Result<String, StoreError> {
        let name = quoted(schema)?;
        // The lock has no meaning but among those who make a store (PostgreSQL's documentation, "Advisory Locks").
        let lock = "SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock(hashtext('gonogo store'));";
        let there = format!(
            "DO $$ BEGIN IF to_regclass('{name}.store') IS NOT NULL THEN RAISE EXCEPTION 'there is a store already' USING ERRCODE = 'GN013'; END IF; END $$;"
        );
        Ok(format!("BEGIN;\n{lock}\n{there}\n{}\nCOMMIT;\n", MAKES.replace(":schema", &name)))
    }

    fn look_at_schema(&self) -> Result<(), StoreError> {
        let found = self.0.connection.call(READ_WITHIN, |client| {
            Box::pin(async move {
                let there: bool =
                    client.query_one("SELECT to_regclass('store') IS NOT NULL", &[]).await?.get(0);
                if !there {
                    return Ok(None);
                }
                let row = client.query_one("SELECT schema, written_by FROM store", &[]).await?;
                Ok(Some((row.get::<_, i32>(0), row.get::<_, i32>(1))))
            })
        });
        let store = self.0.connection.name();
        match found.map_err(|e| self.0.failed("open", e))? {
            None => Err(StoreError::NoStore { store }),
            Some((found, oldest)) if oldest > SCHEMA => {
                Err(StoreError::NewerStore { store, found, known: SCHEMA })
            }
            Some(_) => Ok(()),
        }
    }

    /// The rows of a query.
    fn rows(
        &self,
        sql: String,
        values: Vec<Box<dyn tokio_postgres::types::ToSql + Send + Sync>>,
    ) -> Result<Vec<Row>, StoreError> {
        self.answers()?;
        let rows = self.0.connection.call(READ_WITHIN, |client| {
            Box::pin(async move {
                let values: Vec<_> =
                    values.iter().map(|v| &**v as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
                client.query(&sql, &values).await
            })
        });
        rows.map_err(|e| self.0.failed("read", e))
    }

    /// A run that is there, as its database knows it.
    fn key_of(&self, run: &RunId) -> Result<i64, StoreError> {
        let rows = self.rows("SELECT run FROM runs WHERE id = $1".into(), vec![Box::new(run.0.clone())])?;
        match rows.first() {
            Some(row) => Ok(row.get(0)),
            None => Err(self.gone(run)?),
        }
    }

    /// Why there is no run of this name.
    fn gone(&self, run: &RunId) -> Result<StoreError, StoreError> {
        let rows =
            self.rows("SELECT stone FROM pruned WHERE id = $1".into(), vec![Box::new(run.0.clone())])?;
        let stone = rows.first().and_then(|row| serde_json::from_str(row.get(0)).ok());
        Ok(stone.map_or_else(|| StoreError::NoRun(run.0.clone()), |s| StoreError::Pruned(Box::new(s))))
    }
}

/// A schema's name as it stands in SQL: plain names only, for it also stands in texts that are run as they are.
fn quoted(schema: &str) -> Result<String, StoreError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts = schema.starts_with(|c: char| c.is_ascii_lowercase());
    if starts && schema.len() < 64 && schema.chars().all(plain) {
        return Ok(schema.to_owned());
    }
    Err(StoreError::SchemaName(schema.to_owned()))
}

fn summary(row: &Row) -> RunSummary {
    let id = RunId(row.get(0));
    let (line, last, outcome): (String, DateTime<Utc>, Option<String>) = (row.get(1), row.get(2), row.get(3));
    let outcome = outcome.and_then(|word| serde_json::from_value::<Outcome>(word.into()).ok());
    let read = Record::read(&line).ok();
    let of = read.and_then(|first| RunSummary::of(id.clone(), first, Some(last), outcome));
    of.unwrap_or_else(|| RunSummary::unreadable(id))
}

/// Who has an environment, as `hold` tells it.
#[derive(Deserialize)]
struct HeldBy {
    run: String,
    operator: String,
    host: String,
    since: String,
    doing: Option<String>,
    heard_s: Option<f64>,
}

impl HeldBy {
    fn words(&self) -> String {
        let doing = self.doing.as_ref().map_or(String::new(), |doing| format!(", {doing}"));
        let heard = self.heard_s.map_or(String::new(), |s| format!(", last heard of {s:.0} s ago"));
        format!("run {}, {} since {} on {}{doing}{heard}", self.run, self.operator, self.since, self.host)
    }
}

impl Store for PostgresStore {
    fn create(&self, run: &RunId, document: &str) -> Result<Box<dyn Journal>, StoreError> {
        let sql =
            "SELECT EXISTS (SELECT FROM runs WHERE id = $1) OR EXISTS (SELECT FROM pruned WHERE id = $1)";
        let rows = self.rows(sql.into(), vec![Box::new(run.0.clone())])?;
        if rows.first().is_none_or(|row| row.get(0)) {
            return Err(StoreError::Taken(run.clone()));
        }
        let state = State::New { document: document.as_bytes().to_vec() };
        Ok(Box::new(PostgresJournal { session: Arc::clone(&self.0), run: run.clone(), state }))
    }

    fn open(&self, run: &RunId) -> Result<Box<dyn Journal>, StoreError> {
        self.answers()?;
        let (id, host, mine) = (run.0.clone(), self.0.host.clone(), self.0.token(run));
        let claimed = self.0.connection.call(WRITE_WITHIN, |client| {
            Box::pin(async move {
                let sql = "SELECT run, token::text FROM claim($1, $2, 0, $3::text::uuid)";
                let row = client.query_one(sql, &[&id, &host, &mine]).await?;
                Ok(Owner { key: row.get(0), token: row.get(1) })
            })
        });
        let owner = match claimed {
            Ok(owner) => owner,
            Err(error) => {
                return Err(match refused::of(&error) {
                    Some(Refused::NoRun) => self.gone(run)?,
                    Some(Refused::Owned(by)) => StoreError::OwnedBy { run: run.clone(), by: by.words() },
                    _ => self.0.failed("take up the run in", error),
                });
            }
        };
        self.0.keep_token(run, &owner.token)?;
        let state = State::owned(&self.0, owner);
        Ok(Box::new(PostgresJournal { session: Arc::clone(&self.0), run: run.clone(), state }))
    }

    fn list(&self, filter: &Filter) -> Result<Vec<RunSummary>, StoreError> {
        let sql = format!(
            "{LISTED} WHERE ($1::text IS NULL OR lower(trim(r.environment)) = lower($1)) AND NOT ($2 AND r.outcome IS NOT NULL) \
             ORDER BY h.last_at DESC, r.run DESC LIMIT $3"
        );
        let most = filter.most.and_then(|most| i64::try_from(most).ok()).unwrap_or(i64::MAX);
        let values: Vec<Box<dyn tokio_postgres::types::ToSql + Send + Sync>> =
            vec![Box::new(filter.environment.clone()), Box::new(filter.unfinished), Box::new(most)];
        Ok(self.rows(sql, values)?.iter().map(summary).collect())
    }

    fn summary_of(&self, run: &RunId) -> Result<RunSummary, StoreError> {
        let rows = self.rows(format!("{LISTED} WHERE r.id = $1"), vec![Box::new(run.0.clone())])?;
        match rows.first() {
            Some(row) => Ok(summary(row)),
            None => Err(self.gone(run)?),
        }
    }

    fn find(&self, name: Option<&str>) -> Result<RunId, StoreError> {
        if let Some(name) = name {
            let id = RunId(name.to_owned());
            return self.key_of(&id).map(|_| id);
        }
        let sql = "SELECT r.id FROM runs r JOIN heads h USING (run) \
                   ORDER BY r.outcome IS NOT NULL, h.last_at DESC, r.run DESC LIMIT 1";
        let rows = self.rows(sql.into(), vec![])?;
        rows.first().map(|row| RunId(row.get(0))).ok_or(StoreError::NoRuns)
    }

    fn document_of(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT d.bytes FROM runs r JOIN documents d ON d.hash = r.document WHERE r.id = $1";
        let rows = self.rows(sql.into(), vec![Box::new(run.0.clone())])?;
        match rows.first() {
            Some(row) => Ok(row.get(0)),
            None => Err(self.gone(run)?),
        }
    }

    fn lines_of(&self, run: &RunId, after: Seq, most: usize) -> Result<Vec<String>, StoreError> {
        let key = self.key_of(run)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let sql = "SELECT line FROM events WHERE run = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        let values: Vec<Box<dyn tokio_postgres::types::ToSql + Send + Sync>> =
            vec![Box::new(key), Box::new(after.0.cast_signed()), Box::new(most)];
        Ok(self.rows(sql.into(), values)?.iter().map(|row| row.get(0)).collect())
    }

    fn follow(&self, run: &RunId, after: Seq) -> Result<Followed, StoreError> {
        self.key_of(run)?;
        let (store, run) = (self.clone(), run.clone());
        follow::follow_every(FOLLOWED_EVERY, after, move |after| store.lines_of(&run, after, LINES_AT_ONCE))
    }

    fn hold(&self, key: &EnvironmentKey, holder: &Holder) -> Result<Hold, StoreError> {
        self.answers()?;
        let (canonical, shown, run) = (key.canonical(), key.to_string(), holder.run.0.clone());
        let (operator, host, since) = (holder.operator.clone(), self.0.host.clone(), holder.since.clone());
        let name = canonical.clone();
        let held = self.0.connection.call(WRITE_WITHIN, |client| {
            Box::pin(async move {
                let sql = "SELECT hold($1, $2, $3, $4, $5, $6)";
                let row = client.query_one(sql, &[&name, &shown, &run, &operator, &host, &since]).await?;
                Ok(row.get::<_, Option<String>>(0))
            })
        });
        if let Some(other) = held.map_err(|e| self.0.failed("hold the environment in", e))? {
            let holder = serde_json::from_str(&other).map_or(other, |by: HeldBy| by.words());
            return Err(StoreError::Held { environment: key.to_string(), holder });
        }
        let (session, run) = (Arc::clone(&self.0), holder.run.0.clone());
        Ok(Hold::new(move || {
            // Where the store is away the run's outcome lets it go, once that arrives.
            let _later = session.connection.call(WRITE_WITHIN, |client| {
                Box::pin(async move { client.execute("SELECT let_go($1, $2)", &[&canonical, &run]).await })
            });
        }))
    }

    fn elsewhere(&self, run: &RunId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT json_build_object('login', login, 'host', host, 'doing', doing, \
                   'heard_s', round(extract(epoch FROM clock_timestamp() - heard_at)))::text FROM heads WHERE run = $1";
        let rows = self.rows(sql.into(), vec![Box::new(self.key_of(run)?)])?;
        let owned = rows.first().and_then(|row| serde_json::from_str(row.get(0)).ok());
        Ok(owned.map(|by: Owned| by.words()))
    }

    fn prune(&self, stone: &Tombstone) -> Result<(), StoreError> {
        let text = serde_json::to_string(stone)
            .map_err(|source| StoreError::Encode { seq: stone.events, source })?;
        let (id, mine) = (stone.run.0.clone(), self.0.token(&stone.run));
        let pruned = self.0.connection.call(READ_WITHIN, |client| {
            Box::pin(async move {
                client.execute("SELECT prune($1, $2, $3::text::uuid)", &[&id, &text, &mine]).await
            })
        });
        match pruned {
            Ok(_) => Ok(()),
            Err(error) => Err(match refused::of(&error) {
                Some(Refused::NoRun) => self.gone(&stone.run)?,
                Some(Refused::NotOver) => StoreError::Unfinished(stone.run.clone()),
                Some(Refused::Owned(_)) => StoreError::Owned(stone.run.clone()),
                _ => self.0.failed("remove the run from", error),
            }),
        }
    }

    fn pruned(&self) -> Result<Vec<Tombstone>, StoreError> {
        let rows = self.rows("SELECT stone FROM pruned ORDER BY at, id".into(), vec![])?;
        Ok(rows.iter().filter_map(|row| serde_json::from_str(row.get(0)).ok()).collect())
    }
}

#[cfg(test)]
pub(super) mod tests;
