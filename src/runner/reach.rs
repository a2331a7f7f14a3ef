//! The way of the probes to another host: over the connection that its place has already.
//!
//! Each target is a socket here that the connection leads there (ssh(1), `-O forward`): servers allow few sessions at
//! once, but many of those. A session is only used to read the host itself, and to ask why nothing answers.

use std::collections::HashMap;
use std::fmt::Display;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::sync::{Mutex, OnceCell, Semaphore};

use crate::exec::ExecError;
use crate::exec::shim::{Line, NOT_RUN, Transport};
use crate::probe::{Reach, Target};
use crate::shell::quote::quote;

/// Sessions of the probes at once: a server allows ten as a rule (sshd_config(5), `MaxSessions`), and two are taken.
const SESSIONS: usize = 4;

/// Counts the sockets of this process.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Another host, over a connection of `ssh`.
#[derive(Debug)]
pub(super) struct OverLine {
    way: Transport,
    /// Where the sockets lie.
    directory: PathBuf,
    /// Sockets here that lead there, each with what it leads to.
    leads: Mutex<HashMap<Target, (PathBuf, String)>>,
    sessions: Arc<Semaphore>,
    /// Whether its server leads to ports at all (sshd_config(5), `AllowTcpForwarding`), once that was tried.
    leads_to_ports: OnceCell<bool>,
}

/// How long the server may take to greet over a way that it leads itself.
const TO_GREET: Duration = Duration::from_secs(5);

impl OverLine {
    pub(super) fn new(line: Line) -> Self {
        let directory = line.socket.parent().map(PathBuf::from).unwrap_or_default();
        Self {
            way: line.into(),
            directory,
            leads: Mutex::default(),
            sessions: Arc::new(Semaphore::new(SESSIONS)),
            leads_to_ports: OnceCell::new(),
        }
    }

    /// What the connection is asked to lead to: a socket's path, or an address with its port.
    async fn destination(&self, target: &Target) -> Result<String, String> {
        let (host, port) = match target {
            Target::Socket(path) => return Ok(path.clone()),
            Target::Port(host, port) if host == "localhost" => ("127.0.0.1".to_owned(), port),
            Target::Port(host, port) if host.parse::<IpAddr>().is_ok() => (host.clone(), port),
            Target::Port(host, port) => {
                let (_, address, error) = self.session(&resolves(host)).await?;
                let address = address.trim().to_owned();
                if address.is_empty() {
                    let why = reason(&error).unwrap_or_else(|| "the name does not resolve".into());
                    return Err(format!("could not reach {host}:{port} from {}: {why}", self.way.name()));
                }
                (address, port)
            }
        };
        Ok(address(&host, port))
    }

    /// A socket here for a new way.
    fn new_socket(&self) -> PathBuf {
        // Another owner of the run may have left some, and so may we, looking from elsewhere and back.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        self.directory.join(format!("{}.{number}", std::process::id()))
    }

    /// Whether the server leads to ports. `ssh` sets up a way also where the server refuses it: then what goes over it
    /// ends without a word. So the server is asked for its own port, where it is known to greet.
    async fn tries_to_lead(&self) -> bool {
        let Ok((0, own, _)) = self.session("echo \"$SSH_CONNECTION\"").await else { return true };
        let mut fields = own.split_whitespace().skip(2);
        let (Some(address), Some(port)) = (fields.next(), fields.next()) else { return true };
        let to = self::address(address, port);
        let at = self.new_socket();
        let Some(lead) = self.way.forward(&at, &to) else { return false };
        let Ok((0, ..)) = run(move || lead.run()).await else { return true };
        let greets = tokio::time::timeout(TO_GREET, async {
            let mut greeting = [0; 4];
            UnixStream::connect(&at).await?.read_exact(&mut greeting).await
        });
        let greets = greets.await;
        self.no_longer(&at, &to).await;
        // Silence is no refusal.
        !matches!(greets, Ok(Err(_)))
    }

    /// Why a target does not answer that can be reached from a session there.
    async fn refused(&self, target: &Target) -> Option<String> {
        match target {
            Target::Socket(_) => {
                Some("sshd there may not allow socket forwarding (AllowStreamLocalForwarding)".into())
            }
            Target::Port(..) if *self.leads_to_ports.get_or_init(|| self.tries_to_lead()).await => None,
            Target::Port(..) => {
                Some("sshd there refused the forwarding (AllowTcpForwarding): check this by hand".into())
            }
        }
    }

    /// Gives a way up.
    async fn no_longer(&self, at: &Path, to: &str) {
        if let Some(cancel) = self.way.cancel(at, to) {
            let _kept = run(move || cancel.run()).await;
        }
    }

    /// Runs it on a thread of its own: the connection may hang. Whoever waits no longer leaves the session its place
    /// until it ends.
    async fn session(&self, script: &str) -> Result<(i32, String, String), String> {
        let (way, script) = (self.way.clone(), script.to_owned());
        let permit = Arc::clone(&self.sessions).acquire_owned().await.map_err(|e| e.to_string())?;
        let ask = move || {
            let _until_it_ends = permit;
            way.ask(&script)
        };
        run(ask).await
    }
}

/// The address that a name stands for there. sshd would ask for it itself, and everything on the connection would wait
/// for the answer: it has one thread.
fn resolves(host: &str) -> String {
    format!(
        "getent ahosts {} | {{ read -r address _ && echo \"$address\"; }} || echo 'the name does not resolve' >&2",
        quote(host)
    )
}

/// An address with its port, as `ssh -L` takes it.
fn address(host: &str, port: impl Display) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

async fn run(
    ask: impl FnOnce() -> Result<(i32, String, String), ExecError> + Send + 'static,
) -> Result<(i32, String, String), String> {
    let ran = tokio::task::spawn_blocking(ask).await;
    ran.map_err(|e| e.to_string())?.map_err(|e| e.to_string())
}

/// A script that fails as getting to the target does.
fn tries(target: &Target) -> String {
    match target {
        Target::Port(host, port) => {
            // Of a name with several addresses bash tells why the last one failed.
            let host = if host == "localhost" { "127.0.0.1" } else { host };
            // Without a bash there nobody tells why.
            let opens = quote(&format!("exec 3<>/dev/tcp/{}/{port}", quote(host)));
            format!("command -v bash >/dev/null || exit 0; exec bash -c {opens}")
        }
        Target::Socket(path) => format!(
            "[ -S {0} ] || {{ echo 'there is no such socket' >&2; exit 1; }}; [ -w {0} ] || {{ echo 'permission denied' >&2; exit 1; }}",
            quote(path)
        ),
    }
}

/// What a shell or `ssh` said, without what stands before the reason.
fn reason(words: &str) -> Option<String> {
    let mut lines = words.lines().map(str::trim).filter(|l| !l.is_empty());
    let first = lines.next()?;
    // Of bash's two lines on a port the first has the reason.
    let reason = first.rsplit(": ").next().unwrap_or(first);
    let mut chars = reason.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect())
}

impl Reach for OverLine {
    fn lead(&self, target: Target) -> BoxFuture<'_, Result<PathBuf, String>> {
        Box::pin(async move {
            let mut leads = self.leads.lock().await;
            if let Some((known, _)) = leads.get(&target) {
                return Ok(known.clone());
            }
            let to = self.destination(&target).await?;
            let at = self.new_socket();
            let Some(lead) = self.way.forward(&at, &to) else {
                return Err(format!("gonogo can't probe {} from inside", self.way.name()));
            };
            match run(move || lead.run()).await? {
                (0, ..) => {
                    leads.insert(target, (at.clone(), to));
                    Ok(at)
                }
                (_, _, error) => {
                    let why = reason(&error).unwrap_or_else(|| "no answer".into());
                    Err(format!("over the connection to {}: {why}", self.way.name()))
                }
            }
        })
    }

    fn why(&self, target: Target) -> BoxFuture<'_, Option<String>> {
        Box::pin(async move {
            let (status, _, error) = self.session(&tries(&target)).await.ok()?;
            // What the name stood for may be another one now.
            let now = self.destination(&target).await.ok();
            let mut leads = self.leads.lock().await;
            if let Some((at, to)) = leads.get(&target).filter(|(_, to)| now.as_ref() != Some(to)) {
                self.no_longer(at, to).await;
                leads.remove(&target);
            }
            drop(leads);
            if status == 0 { self.refused(&target).await } else { reason(&error) }
        })
    }

    fn script(&self, script: String) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async move {
            match self.session(&script).await? {
                (NOT_RUN, _, error) => {
                    let why = reason(&error).unwrap_or_else(|| "no answer".into());
                    Err(format!("over the connection to {}: {why}", self.way.name()))
                }
                (_, output, _) => Ok(output),
            }
        })
    }

    fn host(&self) -> &str {
        self.way.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_without_what_says_them() {
        let told = |words: &str| reason(words).unwrap();
        let bash =
            "bash: connect: Connection refused\nbash: line 1: /dev/tcp/localhost/1: Connection refused\n";
        assert_eq!(told(bash), "connection refused");
        let name = "bash: nowhere: Name or service not known\nbash: line 1: /dev/tcp/nowhere/1: No such file or directory\n";
        assert_eq!(told(name), "name or service not known");
        assert_eq!(reason("\n"), None);
    }

    #[test]
    fn names_reach_no_shell_as_anything_else() {
        let script = tries(&Target::Port("a b;c".into(), 1));
        assert!(script.contains(&quote("exec 3<>/dev/tcp/'a b;c'/1")), "{script}");
    }
}
