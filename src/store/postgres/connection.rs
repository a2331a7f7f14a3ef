//! A connection to the server: made when it is needed, dropped when an answer does not come in time. What was asked may
//! have been done all the same, which is why each write may be sent again.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::Runtime;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::DbError;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A write is answered within this, or it is not known whether it arrived.
pub(super) const WRITE_WITHIN: Duration = Duration::from_secs(2);

/// Reading may be more.
pub(super) const READ_WITHIN: Duration = Duration::from_secs(10);

/// What is done with a connection.
pub(super) type Work<T> = Pin<Box<dyn Future<Output = Result<T, tokio_postgres::Error>> + Send>>;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// The server says no, and why.
    Refused(Box<DbError>),
    /// It could not be asked, or did not answer in time.
    Away(String),
}

/// A server, and the connection to it while there is one.
#[derive(Debug)]
pub(super) struct Connection {
    config: Config,
    schema: String,
    client: Mutex<Option<Arc<Client>>>,
}

impl Connection {
    pub(super) fn new(config: Config, schema: String) -> Self {
        Self { config, schema, client: Mutex::default() }
    }

    /// Where it leads, without any password.
    pub(super) fn name(&self) -> String {
        let host = self.config.get_hosts().first().map_or_else(String::new, |host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(path) => path.display().to_string(),
        });
        let database = self.config.get_dbname().or(self.config.get_user()).unwrap_or_default();
        format!("{database} at {host}")
    }

    /// Does something over the connection, which is made where there is none; waits no longer than this.
    pub(super) fn call<T: Send + 'static>(
        &self,
        within: Duration,
        work: impl FnOnce(Arc<Client>) -> Work<T>,
    ) -> Result<T, NoAnswer> {
        let client = self.client(within)?;
        // One that fell silent may never say that it is gone: nobody waits for what the system takes to find out.
        let answer = wait(within, work(client)).inspect_err(|_| self.drop_client())?;
        let away = match answer {
            Ok(answer) => return Ok(answer),
            Err(error) => match error.as_db_error() {
                // The server ends connections by class 57 (PostgreSQL's documentation, "PostgreSQL Error Codes").
                Some(refused) if !refused.code().code().starts_with("57P") => {
                    return Err(NoAnswer::Refused(Box::new(refused.clone())));
                }
                _ => words(&error),
            },
        };
        self.drop_client();
        Err(NoAnswer::Away(away))
    }

    /// The next call makes a connection anew.
    pub(super) fn drop_client(&self) {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn client(&self, within: Duration) -> Result<Arc<Client>, NoAnswer> {
        let mut known = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = known.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        *known = None;
        let (config, schema) = (self.config.clone(), self.schema.clone());
        let client = wait(within, Box::pin(connect(config, schema)))?;
        let client = Arc::new(client.map_err(NoAnswer::Away)?);
        *known = Some(Arc::clone(&client));
        Ok(client)
    }
}

/// The one runtime of all connections: whoever calls may be inside of another one, and waits there as for a disk.
fn runtime() -> Result<&'static Runtime, NoAnswer> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("store").enable_all().build().ok()
    });
    made.as_ref().ok_or_else(|| NoAnswer::Away("no thread could be started for it".into()))
}

fn wait<T: Send + 'static>(
    within: Duration,
    work: Pin<Box<dyn Future<Output = T> + Send>>,
) -> Result<T, NoAnswer> {
    let (to, answer) = sync_channel(1);
    let task = runtime()?.spawn(async move {
        // Whoever waited may have given up.
        let _gone = to.send(work.await);
    });
    answer.recv_timeout(within).map_err(|why| {
        task.abort();
        NoAnswer::Away(match why {
            RecvTimeoutError::Timeout => format!("no answer in {} s", within.as_secs()),
            RecvTimeoutError::Disconnected => "what asked it broke off".into(),
        })
    })
}

/// Connects; over a network only where the server proves by its certificate that it is the one that was named.
async fn connect(mut config: Config, schema: String) -> Result<Client, String> {
    config.application_name("gonogo").connect_timeout(WRITE_WITHIN);
    let local = config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
    let client = if local {
        let (client, connection) = config.connect(NoTls).await.map_err(|e| words(&e))?;
        tokio::spawn(connection);
        client
    } else {
        let tls = MakeRustlsConnect::new(verified()?);
        config.ssl_mode(SslMode::Require);
        let (client, connection) = config.connect(tls).await.map_err(|e| words(&e))?;
        tokio::spawn(connection);
        client
    };
    // Nothing of ours is left open where this side falls silent.
    let settings = format!(
        "SET search_path = {schema}, pg_temp; SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '5s'"
    );
    client.batch_execute(&settings).await.map_err(|e| words(&e))?;
    Ok(client)
}

/// Verification by the roots of the system.
fn verified() -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    // A certificate that can't be read proves nobody, and the others do.
    let _unread = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err("this machine has no root certificates, so no server can prove itself".into());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(|e| e.to_string())?.with_root_certificates(roots).with_no_client_auth())
}

/// An error in its own words, and those of what lies behind it.
fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(deeper) = source {
        let more = deeper.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        source = deeper.source();
    }
    words
}
