//! The journal of a run in the store of a team, for its owner.

use std::sync::Arc;
use std::time::Duration;

use super::heartbeat::Heartbeat;
use super::refused::{self, Refused};
use super::session::{Owner, Session};
use crate::run::{RunId, Seq};
use crate::store::chain::{Head, Line};
use crate::store::error::{NotAppended, StoreError};
use crate::store::journal::Journal;
use crate::store::postgres::connection::{READ_WITHIN, WRITE_WITHIN};

/// An owner that is not heard of for 30 s can be superseded (`schema.sql`): several of these fit in there, each with an answer
/// that comes late.
const BEATS_EVERY: Duration = Duration::from_secs(5);

/// A journal that is written to.
pub(super) struct PostgresJournal {
    pub(super) session: Arc<Session>,
    pub(super) run: RunId,
    pub(super) state: State,
}

/// Whether there is anything of the run yet.
pub(super) enum State {
    /// The run is made with its first line: together or not at all.
    New { document: Vec<u8> },
    /// This is its owner.
    Owned { owner: Owner, _beats: Heartbeat },
}

impl State {
    /// That of an owner, who says from now on that it is there.
    pub(super) fn owned(session: &Arc<Session>, owner: Owner) -> Self {
        let (session, of) = (Arc::clone(session), owner.clone());
        Self::Owned { owner, _beats: Heartbeat::start(BEATS_EVERY, move || session.renew(&of)) }
    }
}

impl PostgresJournal {
    /// Makes the run, with its first line.
    fn start(&mut self, first: &Line, document: Vec<u8>) -> Result<Owner, NotAppended> {
        if first.seq != Seq(1) {
            return Err(NotAppended::Fork { at: first.seq.0 });
        }
        let (id, host, line) = (self.run.0.clone(), self.session.host.clone(), first.text.clone());
        let made = self.session.connection.call(WRITE_WITHIN, |client| {
            Box::pin(async move {
                let sql = "SELECT run, token::text FROM start_run($1, $2, $3, $4)";
                let row = client.query_one(sql, &[&id, &document, &host, &line]).await?;
                Ok(Owner { key: row.get(0), token: row.get(1) })
            })
        });
        match made {
            Ok(owner) => {
                self.session.keep_token(&self.run, &owner.token)?;
                Ok(owner)
            }
            Err(error) => Err(self.session.not_appended("start the run in", error)),
        }
    }

    fn put(&self, owner: &Owner, lines: &[Line]) -> Result<Head, NotAppended> {
        let Some((first, last)) = lines.first().zip(lines.last()) else { return Ok(self.head()?) };
        let prev = hex(&first.prev).ok_or(NotAppended::Fork { at: first.seq.0 })?;
        let (key, token, after) = (owner.key, owner.token.clone(), first.seq.0.cast_signed() - 1);
        let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
        let done = self.session.connection.call(WRITE_WITHIN, |client| {
            Box::pin(async move {
                let sql = "SELECT append($1, $2::text::uuid, $3, $4, $5)";
                let row = client.query_one(sql, &[&key, &token, &after, &prev, &texts]).await?;
                Ok(row.get::<_, Vec<u8>>(0))
            })
        });
        match done {
            // The end is the last of these, but where all of them were there already.
            Ok(head) if crate::runbook::hash::hex(&head) == last.head().hash => Ok(last.head()),
            Ok(_) => Ok(self.head()?),
            Err(error) => Err(self.session.not_appended("write to", error)),
        }
    }
}

impl Journal for PostgresJournal {
    fn head(&self) -> Result<Head, StoreError> {
        let State::Owned { owner, .. } = &self.state else { return Ok(Head::default()) };
        let key = owner.key;
        let last = self.session.connection.call(READ_WITHIN, |client| {
            Box::pin(async move {
                let sql = "SELECT line FROM events WHERE run = $1 ORDER BY seq DESC LIMIT 1";
                let row = client.query_opt(sql, &[&key]).await?;
                Ok(row.map(|row| row.get::<_, String>(0)))
            })
        });
        Head::of(last.map_err(|e| self.session.failed("read", e))?.as_deref())
    }

    fn append(&mut self, lines: &[Line]) -> Result<Head, NotAppended> {
        let Some((first, rest)) = lines.split_first() else { return Ok(self.head()?) };
        match &self.state {
            State::Owned { owner, .. } => self.put(owner, lines),
            State::New { document } => {
                let owner = self.start(first, document.clone())?;
                let put = if rest.is_empty() { Ok(first.head()) } else { self.put(&owner, rest) };
                self.state = State::owned(&self.session, owner);
                put
            }
        }
    }
}

impl Session {
    /// Says that an owner is there; whether it still is the owner, as far as is known.
    fn renew(&self, owner: &Owner) -> bool {
        let (key, token) = (owner.key, owner.token.clone());
        let renewed = self.connection.call(WRITE_WITHIN, |client| {
            Box::pin(async move {
                let sql = "SELECT renew($1, $2::text::uuid, NULL, false)";
                client.execute(sql, &[&key, &token]).await
            })
        });
        !matches!(renewed.map_err(|error| refused::of(&error)), Err(Some(Refused::Fenced(_))))
    }

    fn not_appended(&self, what: &'static str, error: super::connection::NoAnswer) -> NotAppended {
        match refused::of(&error) {
            Some(Refused::Fenced(epoch)) => NotAppended::Fenced { epoch },
            Some(Refused::DoesNotFollow(at)) => NotAppended::Fork { at },
            _ => self.failed(what, error).into(),
        }
    }
}

/// The bytes that a hash is written for.
pub(super) fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: char| c.to_digit(16).map(|d| d as u8);
    let digits: Vec<u8> = text.chars().map(digit).collect::<Option<_>>()?;
    digits.chunks(2).map(|pair| Some(pair.first()? << 4 | pair.get(1)?)).collect()
}
