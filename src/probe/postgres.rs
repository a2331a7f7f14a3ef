//! PostgreSQL: whether it can be reached, and how it is; or one query of the document.
//!
//! Everything is asked in a read-only session with a statement timeout.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::collector::Collector;
use super::keys::Keys;
use super::tls;
use super::vantage::{Reach, Target};
use super::words::{deepest, no_answer_words, plain, reason_in, reason_of};
use crate::run::health::{Level, Measured, Reason, Seen, Subject, Unseen, amount};
use crate::runbook::measures::Measure;
use crate::runbook::probes::Database;

/// From so many percent of the connections in use on it is something to watch.
const CROWDED: f64 = 90.0;
/// Rows of a query that are shown.
const ROWS: usize = 20;

/// How the server is, in one row (PostgreSQL's documentation, "The Cumulative Statistics System" and
/// "System Administration Functions").
const STANDING: &str = "SELECT current_setting('server_version'), \
 (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::text, \
 current_setting('max_connections'), \
 (SELECT coalesce(extract(epoch FROM max(now() - xact_start)), 0) FROM pg_stat_activity \
   WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL)::text, \
 (SELECT count(*) FROM pg_locks WHERE NOT granted)::text, \
 pg_database_size(current_database())::text, \
 CASE WHEN pg_is_in_recovery() THEN NULL ELSE \
   (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) FROM pg_stat_replication) END::text";

pub(super) struct Server {
    database: Database,
    query: Option<String>,
    keys: Keys,
    reach: Option<Arc<dyn Reach>>,
    session: Option<Session>,
}

struct Session {
    client: Client,
    /// How it is protected, where that is worth a word.
    about: Option<&'static str>,
    /// The task that moves its bytes.
    moves: JoinHandle<()>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.moves.abort();
    }
}

/// Why there is no session.
enum Failed {
    /// The server itself said no.
    Refused(Level, String),
    /// It could not be asked, or did not answer.
    Unreachable(Unseen),
}

/// There is no way to ask, for a reason.
fn no_way(reason: Reason) -> impl Fn(String) -> Failed {
    move |words| Failed::Unreachable(Unseen::new(reason, words))
}

impl Server {
    pub(super) fn new(
        database: Database,
        query: Option<String>,
        keys: Keys,
        reach: Option<Arc<dyn Reach>>,
    ) -> Self {
        Self { database, query, keys, reach, session: None }
    }

    async fn see(&mut self, limit: Duration) -> Seen {
        let looked = tokio::time::timeout(limit, self.ask(limit)).await;
        match looked {
            Ok(Ok(subject)) => Seen::Subjects(vec![subject]),
            Ok(Err(Failed::Refused(level, words))) => {
                self.session = None;
                if level == Level::NotSeen {
                    return Seen::nothing(Reason::NoPassword, words);
                }
                let state = "refuses".to_owned();
                let subject = Subject { level: Some(level), state, about: words, ..Subject::default() };
                Seen::Subjects(vec![subject])
            }
            Ok(Err(Failed::Unreachable(unseen))) => {
                self.session = None;
                Seen::Nothing(unseen)
            }
            Err(_) => {
                self.session = None;
                Seen::nothing(Reason::TimedOut, no_answer_words(limit))
            }
        }
    }

    async fn ask(&mut self, limit: Duration) -> Result<Subject, Failed> {
        if self.session.as_ref().is_none_or(|s| s.client.is_closed()) {
            self.session = Some(self.connect(limit).await?);
        }
        let Some(session) = &self.session else {
            return Err(no_way(Reason::NoWay)("no session".into()));
        };
        let failed = |error| self.failed(&error);
        match &self.query {
            None => {
                let rows = session.client.simple_query(STANDING).await.map_err(failed)?;
                standing(&rows, session.about)
                    .ok_or_else(|| no_way(Reason::NoPassword)("it does not report its state".into()))
            }
            Some(query) => {
                // In a transaction that can only read, whatever the query turns out to be.
                let text = format!("BEGIN READ ONLY; {}; ROLLBACK", query.trim_end().trim_end_matches(';'));
                let rows = session.client.simple_query(&text).await;
                if rows.is_err() {
                    drop(session.client.simple_query("ROLLBACK").await);
                }
                Ok(answer(&rows.map_err(failed)?))
            }
        }
    }

    async fn connect(&self, limit: Duration) -> Result<Session, Failed> {
        let mut config = self.config(limit).map_err(no_way(Reason::NoPassword))?;
        let session = if is_local(self.host().as_deref()) {
            let tls = tls::unverified().map_err(|e| no_way(Reason::NoProgram)(e.to_string()))?;
            self.start(&config, MakeRustlsConnect::new(tls), None).await
        } else {
            match tls::by_roots() {
                Ok(tls) => self.start(&config, MakeRustlsConnect::new(tls), None).await,
                // Without roots nothing can be verified, and so nothing is sent but to servers without TLS.
                Err(_) => self.start(config.ssl_mode(SslMode::Disable), NoTls, Some("not encrypted")).await,
            }
        };
        let session = session?;
        let settings = format!(
            "SET default_transaction_read_only = on; SET statement_timeout = {}; SET application_name = 'gonogo'",
            limit.as_millis()
        );
        session.client.batch_execute(&settings).await.map_err(|e| self.failed(&e))?;
        Ok(session)
    }

    /// Connects, over the way to another host where there is one.
    async fn start<T>(
        &self,
        config: &Config,
        mut tls: T,
        about: Option<&'static str>,
    ) -> Result<Session, Failed>
    where
        T: MakeTlsConnect<Socket, Stream: Send + 'static>
            + MakeTlsConnect<UnixStream, Stream: Send + 'static>,
    {
        let Some(reach) = &self.reach else {
            let (client, connection) = config.connect(tls).await.map_err(|e| self.failed(&e))?;
            return Ok(Session { client, about, moves: moving(connection) });
        };
        let host = self.host().unwrap_or_else(|| "localhost".into());
        let target = if host.starts_with('/') {
            Target::Socket(format!("{host}/.s.PGSQL.{}", self.port()))
        } else {
            Target::Port(host.clone(), self.port())
        };
        let lead = reach.lead(target.clone()).await.map_err(no_way(Reason::NoWay))?;
        let unreachable = async |why: &(dyn std::error::Error + Sync)| {
            let why = reach.why(target).await.unwrap_or_else(|| plain(&deepest(why), 160));
            let words = format!("could not reach {host}:{} from {}: {why}", self.port(), reach.host());
            no_way(reason_in(&why))(words)
        };
        let stream = match UnixStream::connect(lead).await {
            Ok(stream) => stream,
            Err(error) => return Err(unreachable(&error).await),
        };
        let tls = MakeTlsConnect::<UnixStream>::make_tls_connect(&mut tls, &host);
        let tls = tls.map_err(|e| no_way(Reason::NoProgram)(plain(&deepest(e.into().as_ref()), 160)))?;
        match config.connect_raw(stream, tls).await {
            Ok((client, connection)) => Ok(Session { client, about, moves: moving(connection) }),
            Err(error) if error.as_db_error().is_some() => Err(self.failed(&error)),
            Err(error) => Err(unreachable(&error).await),
        }
    }

    /// Where the server is, by the document or the settings, else as `psql` would find it; none is the usual socket.
    fn host(&self) -> Option<String> {
        host_of(&self.database, variable)
    }

    fn port(&self) -> u16 {
        let set = || variable("PGPORT").and_then(|p| p.parse().ok());
        self.database.port.or_else(set).unwrap_or(5432)
    }

    fn config(&self, limit: Duration) -> Result<Config, String> {
        let database = &self.database;
        let mut config = Config::new();
        config.host(self.host().as_deref().unwrap_or("/var/run/postgresql"));
        config.port(self.port());
        let user = database.user.clone().or_else(|| variable("PGUSER")).or_else(|| variable("USER"));
        config.user(user.as_deref().unwrap_or("postgres"));
        if let Some(name) = database.name.clone().or_else(|| variable("PGDATABASE")) {
            config.dbname(&name);
        }
        if let Some(password) = self.password()? {
            config.password(password);
        }
        config.connect_timeout(limit).application_name("gonogo").ssl_mode(SslMode::Prefer);
        Ok(config)
    }

    /// By the settings, else the parameter that the document gives to `PGPASSWORD`, else that itself.
    fn password(&self) -> Result<Option<String>, String> {
        let secret = self.keys.secret(
            self.database.password.as_deref(),
            "PGPASSWORD",
            self.database.credential.as_ref(),
        );
        secret.map_err(|unseen| unseen.words)
    }

    fn failed(&self, error: &tokio_postgres::Error) -> Failed {
        if let Some(told) = error.as_db_error() {
            let words = plain(told.message(), 160);
            let level = match *told.code() {
                SqlState::TOO_MANY_CONNECTIONS => Level::Alert,
                SqlState::QUERY_CANCELED | SqlState::CANNOT_CONNECT_NOW => Level::Watch,
                // It answers; that it does not let us in says nothing about how it is.
                _ => Level::NotSeen,
            };
            return Failed::Refused(level, words);
        }
        let (host, port) = (self.host().unwrap_or_else(|| "the local socket".into()), self.port());
        let words = format!("could not reach {host}:{port}: {}", plain(&deepest(error), 160));
        // A name that does not resolve has no error of the system's own.
        let reason = reason_of(error).unwrap_or_else(|| reason_in(&words));
        no_way(reason)(words)
    }
}

impl Collector for Server {
    fn look(&mut self, limit: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(self.see(limit))
    }

    fn forget(&mut self) {
        self.session = None;
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

fn host_of(database: &Database, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    database.host.clone().or_else(|| variable("PGHOST"))
}

/// On this machine: a socket, or loopback.
fn is_local(host: Option<&str>) -> bool {
    host.is_none_or(|host| {
        host.starts_with('/') || host == "localhost" || host == "::1" || host.starts_with("127.")
    })
}

fn moving(
    connection: impl Future<Output = Result<(), tokio_postgres::Error>> + Send + 'static,
) -> JoinHandle<()> {
    tokio::spawn(async move { drop(connection.await) })
}

fn standing(messages: &[SimpleQueryMessage], protected: Option<&str>) -> Option<Subject> {
    let row = messages.iter().find_map(|m| match m {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    })?;
    let number = |at: usize| row.get(at).and_then(|v| v.parse::<f64>().ok());
    let version = row.get(0)?.split_whitespace().next()?.to_owned();
    let (used, most) = (number(1)?, number(2)?);
    let (longest, waiting, size) = (number(3)? * 1000.0, number(4)?, number(5)?);
    let crowded = used * 100.0 / most.max(1.0);
    let mut measured = vec![
        Measured::one(Measure::Connections, crowded),
        Measured::one(Measure::LongestTransaction, longest),
        Measured::one(Measure::LocksWaiting, waiting),
        Measured::one(Measure::Size, size),
    ];
    let mut about = vec![
        version,
        format!("{used:.0}/{most:.0} connections"),
        format!("{waiting:.0} locks waiting"),
        format!("longest transaction {}", amount(Measure::LongestTransaction, longest)),
        amount(Measure::Size, size),
    ];
    if let Some(lag) = number(6) {
        measured.push(Measured::one(Measure::ReplicationLag, lag));
        about.push(format!("replica {} behind", amount(Measure::ReplicationLag, lag)));
    }
    about.extend(protected.map(str::to_owned));
    let level = if crowded >= CROWDED || waiting > 0.0 { Level::Watch } else { Level::Ok };
    Some(Subject {
        level: Some(level),
        state: "ok".into(),
        about: about.join(" · "),
        measured,
        ..Subject::default()
    })
}

/// The rows of a query; a first value that is a number is measured.
fn answer(messages: &[SimpleQueryMessage]) -> Subject {
    let mut lines = Vec::new();
    let mut first = None;
    let mut count = 0;
    for message in messages {
        let SimpleQueryMessage::Row(row) = message else { continue };
        count += 1;
        if lines.len() == ROWS {
            continue;
        }
        let cells = row.columns().iter().enumerate().map(|(at, column)| {
            let value = row.get(at).unwrap_or("null");
            if first.is_none() && count == 1 {
                first = Some(value.to_owned());
            }
            format!("{} {}", column.name(), plain(value, 60))
        });
        lines.push(cells.collect::<Vec<_>>().join(" · "));
    }
    let value = first.as_ref().filter(|_| count == 1).and_then(|v| v.parse::<f64>().ok());
    let state = match (count, value) {
        (0, _) => "no rows".to_owned(),
        (1, Some(value)) => amount(Measure::Value, value),
        (1, None) => "1 row".to_owned(),
        (count, _) => format!("{count} rows"),
    };
    let measured = value.map(|v| Measured::one(Measure::Value, v)).into_iter().collect();
    // What a number of a query means nobody but the reader knows.
    Subject {
        state,
        about: lines.first().cloned().unwrap_or_default(),
        measured,
        lines,
        ..Subject::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_server_of_this_machine_goes_unverified() {
        let by_variable = |value: &'static str| {
            let host = host_of(&Database::default(), |name| (name == "PGHOST").then(|| value.to_owned()));
            is_local(host.as_deref())
        };
        assert!(is_local(None) && by_variable("localhost") && by_variable("/run/postgresql"));
        assert!(!by_variable("db.example.org") && !by_variable("10.0.0.7"));
        let named = Database { host: Some("db.example.org".into()), ..Database::default() };
        assert!(!is_local(host_of(&named, |_| Some("localhost".into())).as_deref()));
    }
}
