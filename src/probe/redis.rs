//! Redis: `PING` and `INFO` over its own protocol (RESP, <https://redis.io/docs/latest/develop/reference/protocol-spec/>).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::collector::Collector;
use super::keys::Keys;
use super::stream::{self, Stream};
use super::vantage::Reach;
use super::words::{plain, timed_out};
use crate::run::health::{Level, Measured, Reason, Seen, Subject, Unseen, amount};
use crate::runbook::measures::Measure;
use crate::runbook::probes::Redis;

/// An answer is no longer than this.
const LONGEST: usize = 256 * 1024;

/// From so many percent of its memory on it is something to watch.
const FULL: f64 = 90.0;

pub(super) struct Store {
    redis: Redis,
    keys: Keys,
    reach: Option<Arc<dyn Reach>>,
    /// Connections it had refused at the look before.
    rejected: Option<f64>,
}

/// What a server answered to one command.
enum Reply {
    Text(String),
    Error(String),
}

impl Store {
    pub(super) fn new(redis: Redis, keys: Keys, reach: Option<Arc<dyn Reach>>) -> Self {
        Self { redis, keys, reach, rejected: None }
    }

    async fn ask(&mut self) -> Result<Subject, Unseen> {
        let to = (self.redis.host.as_str(), self.redis.port);
        let password = self.keys.secret(
            self.redis.password.as_deref(),
            "REDISCLI_AUTH",
            self.redis.credential.as_ref(),
        )?;
        let stream = stream::open(to, self.reach.as_ref()).await?;
        let mut session = Session { stream, got: vec![] };
        let ended = match session.standing(&self.redis, password).await {
            Ok(standing) => return self.told(standing),
            Err(failed) => failed,
        };
        Err(match ended {
            Failed::Ended => stream::ended(to, self.reach.as_ref()).await,
            Failed::Unseen(unseen) => unseen,
        })
    }

    fn told(&mut self, standing: Standing) -> Result<Subject, Unseen> {
        match standing {
            Standing::Loading(words) => Ok(Subject {
                level: Some(Level::Watch),
                state: "loading".into(),
                about: words,
                ..Subject::default()
            }),
            Standing::Info(text) => {
                let rejected = number(&fields(&text), "rejected_connections");
                let before = std::mem::replace(&mut self.rejected, rejected);
                let more = rejected.zip(before).is_some_and(|(now, before)| now > before);
                described(&fields(&text), more)
                    .ok_or_else(|| Unseen::new(Reason::WrongAnswer, "its INFO does not say what it is"))
            }
        }
    }
}

impl Collector for Store {
    fn look(&mut self, limit: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            match tokio::time::timeout(limit, self.ask()).await {
                Ok(Ok(subject)) => Seen::Subjects(vec![subject]),
                Ok(Err(unseen)) => Seen::Nothing(unseen),
                Err(_) => Seen::Nothing(timed_out(limit)),
            }
        })
    }
}

/// What came of a session.
enum Standing {
    /// Its own account of itself.
    Info(String),
    /// It reads its data, and does not answer yet.
    Loading(String),
}

/// Why a session came to nothing.
enum Failed {
    Ended,
    Unseen(Unseen),
}

impl From<Unseen> for Failed {
    fn from(unseen: Unseen) -> Self {
        Failed::Unseen(unseen)
    }
}

struct Session {
    stream: Box<dyn Stream>,
    got: Vec<u8>,
}

impl Session {
    async fn standing(&mut self, redis: &Redis, password: Option<String>) -> Result<Standing, Failed> {
        if let Some(password) = &password {
            let mut words = vec!["AUTH"];
            words.extend(redis.user.as_deref());
            words.push(password);
            if let Reply::Error(error) = self.command(&words).await? {
                return Err(Unseen::new(Reason::NoPassword, format!("it does not let us in: {error}")).into());
            }
        }
        match self.command(&["PING"]).await? {
            Reply::Text(_) => {}
            Reply::Error(error) if error.starts_with("LOADING") => return Ok(Standing::Loading(error)),
            Reply::Error(error) if error.starts_with("NOAUTH") => {
                return Err(
                    Unseen::new(Reason::NoPassword, "it asks for a password: set REDISCLI_AUTH").into()
                );
            }
            Reply::Error(error) => return Err(Unseen::new(Reason::NoPassword, error).into()),
        }
        match self.command(&["INFO"]).await? {
            Reply::Text(text) => Ok(Standing::Info(text)),
            Reply::Error(error) => Err(Unseen::new(Reason::NoPassword, error).into()),
        }
    }

    /// Sends a command as an array of strings, and reads the answer.
    async fn command(&mut self, words: &[&str]) -> Result<Reply, Failed> {
        let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            bytes.extend(format!("${}\r\n{word}\r\n", word.len()).into_bytes());
        }
        self.stream.write_all(&bytes).await.map_err(|_| Failed::Ended)?;
        let line = self.line().await?;
        let (kind, rest) = line.split_at_checked(1).unwrap_or(("", ""));
        match kind {
            "+" | ":" => Ok(Reply::Text(rest.to_owned())),
            "-" => Ok(Reply::Error(plain(rest, 160))),
            "$" => {
                let length = rest.parse().ok().filter(|length: &usize| *length <= LONGEST);
                let length =
                    length.ok_or_else(|| Unseen::new(Reason::WrongAnswer, "its answer is too long"))?;
                let text = self.bytes(length + 2).await?;
                Ok(Reply::Text(String::from_utf8_lossy(&text).trim_end().to_owned()))
            }
            _ => Err(Unseen::new(Reason::WrongAnswer, "it answered, but not as Redis does").into()),
        }
    }

    async fn line(&mut self) -> Result<String, Failed> {
        loop {
            if let Some(at) = self.got.windows(2).position(|pair| pair == b"\r\n") {
                let rest = self.got.split_off(at + 2);
                let line = std::mem::replace(&mut self.got, rest);
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            self.read().await?;
        }
    }

    async fn bytes(&mut self, count: usize) -> Result<Vec<u8>, Failed> {
        while self.got.len() < count {
            self.read().await?;
        }
        let rest = self.got.split_off(count);
        Ok(std::mem::replace(&mut self.got, rest))
    }

    async fn read(&mut self) -> Result<(), Failed> {
        if self.got.len() > LONGEST {
            return Err(Unseen::new(Reason::WrongAnswer, "it answered, but not as Redis does").into());
        }
        let mut buffer = [0; 4096];
        let count = self.stream.read(&mut buffer).await.map_err(|_| Failed::Ended)?;
        if count == 0 {
            return Err(Failed::Ended);
        }
        self.got.extend(buffer.iter().take(count));
        Ok(())
    }
}

fn fields(info: &str) -> BTreeMap<&str, &str> {
    info.lines().filter_map(|line| line.trim_end().split_once(':')).collect()
}

fn number(fields: &BTreeMap<&str, &str>, name: &str) -> Option<f64> {
    fields.get(name)?.parse().ok()
}

/// A server by its own account (<https://redis.io/docs/latest/commands/info/>).
fn described(fields: &BTreeMap<&str, &str>, rejects: bool) -> Option<Subject> {
    let role = match *fields.get("role")? {
        "slave" => "replica",
        role => role,
    };
    let number = |name: &str| number(fields, name);
    let (used, most) = (number("used_memory")?, number("maxmemory").filter(|most| *most > 0.0));
    let mut level = Level::Ok;
    let mut about = vec![fields.get("redis_version").map_or(String::new(), |v| (*v).to_owned())];
    let mut measured = Vec::new();
    match most {
        Some(most) => {
            let share = used * 100.0 / most;
            measured.push(Measured::one(Measure::Memory, share));
            let (used, most) = (amount(Measure::Size, used), amount(Measure::Size, most));
            about.push(format!("memory {used} of {most}"));
            if share >= FULL && fields.get("maxmemory_policy") == Some(&"noeviction") {
                level = level.max(Level::Watch);
            }
        }
        None => about.push(format!("memory {}", amount(Measure::Size, used))),
    }
    measured.push(Measured::one(Measure::Size, used));
    about.extend(number("connected_clients").map(|clients| format!("{clients:.0} clients")));
    if rejects {
        level = level.max(Level::Watch);
        about.push("refuses connections: too many clients".into());
    }
    about.extend(
        number("evicted_keys").filter(|keys| *keys > 0.0).map(|keys| format!("{keys:.0} keys evicted")),
    );
    for (name, words) in [
        ("rdb_last_bgsave_status", "its last save failed"),
        ("aof_last_write_status", "its last write of the log failed"),
    ] {
        if fields.get(name) == Some(&"err") {
            level = level.max(Level::Watch);
            about.push(words.into());
        }
    }
    if role == "replica" {
        if fields.get("master_link_status") == Some(&"down") {
            level = Level::Alert;
            about.push("the link to its master is down".into());
        } else if let Some(lag) = number("master_last_io_seconds_ago") {
            about.push(format!("heard its master {lag:.0} s ago"));
        }
        let lag = number("slave_read_repl_offset").zip(number("slave_repl_offset"));
        measured
            .extend(lag.map(|(read, done)| Measured::one(Measure::ReplicationLag, (read - done).max(0.0))));
    }
    about.retain(|part| !part.is_empty());
    Some(Subject {
        level: Some(level),
        state: role.to_owned(),
        about: about.join(" · "),
        measured,
        ..Subject::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(info: &str, rejects: bool) -> (Option<Level>, String) {
        let subject = described(&fields(info), rejects).unwrap();
        (subject.level, subject.about)
    }

    #[test]
    fn a_server_is_as_well_as_it_says() {
        let base = "redis_version:7.0.15\r\nrole:master\r\nused_memory:950\r\nmaxmemory:1000\r\nconnected_clients:3\r\n";
        assert_eq!(of(base, false).0, Some(Level::Ok), "it evicts");
        assert_eq!(of(&format!("{base}maxmemory_policy:noeviction\r\n"), false).0, Some(Level::Watch));
        assert_eq!(of(base, true).0, Some(Level::Watch));
        let replica = "role:slave\r\nused_memory:1\r\nmaxmemory:0\r\nmaster_link_status:down\r\n";
        let (level, about) = of(replica, false);
        assert_eq!(level, Some(Level::Alert));
        assert!(about.contains("link to its master is down"), "{about}");
        assert!(described(&fields("hello"), false).is_none());
    }
}
