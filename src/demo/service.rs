//! The service that the demo deploys: notes over HTTP with an embedded database.
//!
//! It knows nothing of gonogo's store; it only shares the library that embeds SQLite.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use thiserror::Error;

/// What can go wrong in the service.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum ServiceError {
    #[error("could not read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("database {path}: {source}")]
    Database { path: PathBuf, source: rusqlite::Error },
    #[error("could not listen on 127.0.0.1:{port}: {source}")]
    Listen { port: u16, source: std::io::Error },
}

/// The variable that names the process the sandbox belongs to; without that process nobody needs the service.
pub(super) const OWNER: &str = "GONOGO_DEMO_OWNER";

struct Notes {
    database: PathBuf,
    version: String,
    by_words: bool,
}

/// Serves until it is stopped or its directory is gone.
pub async fn serve(port: u16, database: &Path, release: &Path) -> Result<(), ServiceError> {
    let text = std::fs::read_to_string(release)
        .map_err(|source| ServiceError::Read { path: release.to_owned(), source })?;
    let settings: BTreeMap<&str, &str> = text.lines().filter_map(|l| l.split_once('=')).collect();
    let notes = Arc::new(Notes {
        database: database.to_owned(),
        version: (*settings.get("version").unwrap_or(&"0")).to_owned(),
        by_words: settings.get("search") == Some(&"words"),
    });
    let listen = |source| ServiceError::Listen { port, source };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.map_err(listen)?;
    let owner = std::env::var(OWNER)
        .ok()
        .filter(|_| Path::new("/proc/self").exists())
        .map(|pid| Path::new("/proc").join(pid));
    let mut alive = tokio::time::interval(Duration::from_secs(2));
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted.map_err(listen)?;
                let notes = Arc::clone(&notes);
                tokio::spawn(async move {
                    let answer = service_fn(move |request| answer(Arc::clone(&notes), request));
                    // A client that hangs up in the middle is no concern of the others.
                    let _hung_up = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
                });
            }
            _ = alive.tick() => if !release.exists() || owner.as_ref().is_some_and(|o| !o.exists()) { return Ok(()) },
        }
    }
}

async fn answer(notes: Arc<Notes>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let body =
        request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let (status, value) = tokio::task::block_in_place(|| notes.route(&method, &path, &body));
    let mut response = Response::new(Full::new(Bytes::from(format!("{value}\n"))));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    Ok(response)
}

impl Notes {
    fn route(&self, method: &Method, path: &str, body: &[u8]) -> (StatusCode, Value) {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let done = match (method, parts.as_slice()) {
            (&Method::GET, ["health"]) => self.health(),
            (&Method::GET, ["collections"]) => self.collections(),
            (&Method::POST, ["collections", name, "notes"]) => self.ingest(name, body),
            (&Method::POST, ["collections", name, "search"]) => self.search(name, body),
            (&Method::DELETE, ["collections", name]) => self.delete(name),
            _ => return (StatusCode::NOT_FOUND, json!({"error": "no such path"})),
        };
        match done {
            Ok(value) => (StatusCode::OK, value),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, json!({"error": error.to_string()})),
        }
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open(&self.database)?;
        connection.busy_timeout(Duration::from_secs(2))?;
        Ok(connection)
    }

    fn health(&self) -> rusqlite::Result<Value> {
        let count: i64 = self.open()?.query_row("SELECT count(*) FROM notes", [], |r| r.get(0))?;
        Ok(
            json!({"status": "ok", "version": self.version, "notes": count, "timestamp": chrono::Utc::now().to_rfc3339()}),
        )
    }

    fn collections(&self) -> rusqlite::Result<Value> {
        let connection = self.open()?;
        let mut rows = connection
            .prepare("SELECT collection, count(*) FROM notes GROUP BY collection ORDER BY collection")?;
        let found = rows
            .query_map([], |r| Ok(json!({"name": r.get::<_, String>(0)?, "notes": r.get::<_, i64>(1)?})))?;
        Ok(json!({"collections": found.collect::<rusqlite::Result<Vec<Value>>>()?}))
    }

    fn ingest(&self, collection: &str, body: &[u8]) -> rusqlite::Result<Value> {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut connection = self.open()?;
        let transaction = connection.transaction()?;
        let mut stored = 0;
        for note in body["notes"].as_array().into_iter().flatten() {
            let (title, text) = (note["title"].as_str().unwrap_or(""), note["text"].as_str().unwrap_or(""));
            transaction.execute(
                "INSERT INTO notes (collection, title, text) VALUES (?1, ?2, ?3)",
                params![collection, title, text],
            )?;
            if self.by_words {
                let id = transaction.last_insert_rowid();
                for word in format!("{title} {text}")
                    .to_lowercase()
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|w| !w.is_empty())
                {
                    transaction.execute(
                        "INSERT OR IGNORE INTO note_words (word, note) VALUES (?1, ?2)",
                        params![word, id],
                    )?;
                }
            }
            stored += 1;
        }
        transaction.commit()?;
        Ok(json!({"status": "completed", "stored": stored}))
    }

    fn search(&self, collection: &str, body: &[u8]) -> rusqlite::Result<Value> {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let query = body["query"].as_str().unwrap_or("").to_lowercase();
        let connection = self.open()?;
        let sql = if self.by_words {
            "SELECT title FROM notes JOIN note_words ON note_words.note = notes.id WHERE collection = ?1 AND word = ?2 ORDER BY title"
        } else {
            "SELECT title FROM notes WHERE collection = ?1 AND lower(title || ' ' || text) LIKE '%' || ?2 || '%' ORDER BY title"
        };
        let mut statement = connection.prepare(sql)?;
        let titles = statement
            .query_map(params![collection, query], |r| r.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let results: Vec<Value> = titles.iter().map(|t| json!({"title": t})).collect();
        Ok(json!({"total": results.len(), "results": results}))
    }

    fn delete(&self, collection: &str) -> rusqlite::Result<Value> {
        let deleted = self.open()?.execute("DELETE FROM notes WHERE collection = ?1", [collection])?;
        Ok(json!({"deleted": deleted}))
    }
}

/// Runs a file of SQL in one transaction.
pub fn migrate(database: &Path, file: &Path) -> Result<String, ServiceError> {
    let sql = std::fs::read_to_string(file)
        .map_err(|source| ServiceError::Read { path: file.to_owned(), source })?;
    let failed = |source| ServiceError::Database { path: database.to_owned(), source };
    let connection = Connection::open(database).map_err(failed)?;
    connection.execute_batch(&format!("BEGIN;\n{sql}\nCOMMIT;")).map_err(failed)?;
    Ok(format!("{} applied", file.display()))
}

/// Writes a consistent copy of the database, even while the service uses it.
pub fn backup(database: &Path, file: &Path) -> Result<String, ServiceError> {
    let failed = |source| ServiceError::Database { path: database.to_owned(), source };
    let connection = Connection::open(database).map_err(failed)?;
    connection.execute("VACUUM INTO ?1", [file.to_string_lossy()]).map_err(failed)?;
    let size =
        std::fs::metadata(file).map_err(|source| ServiceError::Read { path: file.to_owned(), source })?.len();
    Ok(format!("{} written, {} KiB", file.display(), size.div_ceil(1024)))
}

/// The rows of a query, cells separated by ` | `.
pub fn query(database: &Path, sql: &str) -> Result<Vec<String>, ServiceError> {
    let failed = |source| ServiceError::Database { path: database.to_owned(), source };
    let connection = Connection::open(database).map_err(failed)?;
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells: rusqlite::Result<Vec<String>> =
            (0..columns).map(|at| row.get::<_, rusqlite::types::Value>(at).map(cell)).collect();
        Ok(cells?.join(" | "))
    });
    rows.map_err(failed)?.collect::<Result<_, _>>().map_err(failed)
}

fn cell(value: rusqlite::types::Value) -> String {
    use rusqlite::types::Value::{Blob, Integer, Null, Real, Text};
    match value {
        Null => String::new(),
        Integer(n) => n.to_string(),
        Real(n) => n.to_string(),
        Text(text) => text,
        Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
