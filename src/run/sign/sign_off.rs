//! What somebody signs: the statement, and the signature under it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::run::ids::{RunId, Seq};
use crate::runbook::hash::sha256_hex;

/// The namespace of all signatures (PROTOCOL.sshsig of OpenSSH): a signature for something else is none for a run.
pub const NAMESPACE: &str = "gonogo";

/// The first line of a statement; its number changes with the shape.
const TITLE: &str = "gonogo sign-off 1";

/// What somebody signs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignRole {
    /// Whoever ran it.
    Engineer,
    /// Whoever looked at what was done.
    Reviewer,
}

impl SignRole {
    /// Both, in the order in which they usually sign.
    pub const ALL: [SignRole; 2] = [SignRole::Engineer, SignRole::Reviewer];

    /// As statements, files and people name it.
    pub fn word(self) -> &'static str {
        match self {
            SignRole::Engineer => "engineer",
            SignRole::Reviewer => "reviewer",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            SignRole::Engineer => SignRole::Reviewer,
            SignRole::Reviewer => SignRole::Engineer,
        }
    }
}

impl fmt::Display for SignRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for SignRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|r| r.word() == text);
        found.ok_or_else(|| format!("\"{text}\" is not a role: use engineer or reviewer"))
    }
}

/// What a signature covers.
///
/// Its text is a few lines that anybody can read, and is what `ssh-keygen -Y verify` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The run.
    pub run: RunId,
    /// SHA-256 of the document's bytes, in hexadecimal.
    pub document: String,
    /// The events from the first to this one are covered.
    pub events: Seq,
    /// SHA-256 of the last of their lines, in hexadecimal; it stands for all before it.
    pub head: String,
    /// SHA-256 of the deployment log with this sign-off in it and none after it, in hexadecimal.
    pub log: String,
    /// What [`SignOff::hash`] says of the sign-off before this one.
    pub previous: Option<String>,
    /// As what.
    pub role: SignRole,
    /// Who.
    pub name: String,
    /// When, to the second.
    pub time: DateTime<Utc>,
}

impl Statement {
    /// The text that is signed, to its last newline.
    pub fn text(&self) -> String {
        let hash = |hex: &str| format!("sha256:{hex}");
        let fields = [
            ("run", self.run.0.clone()),
            ("document", hash(&self.document)),
            ("events", format!("1-{}", self.events.0)),
            ("head", hash(&self.head)),
            ("log", hash(&self.log)),
            ("previous", self.previous.as_deref().map_or_else(|| "none".to_owned(), hash)),
            ("role", self.role.to_string()),
            ("name", self.name.clone()),
            ("time", self.time.to_rfc3339_opts(SecondsFormat::Secs, true)),
        ];
        fields.iter().fold(format!("{TITLE}\n"), |text, (name, value)| text + &format!("{name}: {value}\n"))
    }

    /// Reads a statement. Only what [`Statement::text`] writes is one, byte for byte.
    pub fn read(text: &str) -> Result<Self, NoStatement> {
        let mut fields = Fields { lines: text.split('\n'), at: 1 };
        if fields.lines.next() != Some(TITLE) {
            return Err(NoStatement { line: 1, wants: TITLE });
        }
        let run = RunId(fields.text("run: ")?.to_owned());
        let document = fields.digest("document: ")?;
        let events = fields.text("events: 1-")?.parse().map(Seq).map_err(|_| fields.wrong("events: 1-N"))?;
        let head = fields.digest("head: ")?;
        let log = fields.digest("log: ")?;
        let previous = match fields.text("previous: ")? {
            "none" => None,
            hash => Some(digest(hash).ok_or_else(|| fields.wrong("previous: none, or a hash"))?),
        };
        let role = fields.text("role: ")?.parse();
        let role = role.map_err(|_| fields.wrong("role: engineer, or reviewer"))?;
        let name = fields.text("name: ")?.to_owned();
        let time = DateTime::parse_from_rfc3339(fields.text("time: ")?);
        let time = time.map_err(|_| fields.wrong("time: as in RFC 3339"))?.with_timezone(&Utc);
        let statement = Self { run, document, events, head, log, previous, role, name, time };
        // Whatever reads the same but is written otherwise was not what was signed.
        if statement.text() == text { Ok(statement) } else { Err(NoStatement { line: 11, wants: "" }) }
    }
}

/// The fields of a statement, a line each.
struct Fields<'t> {
    lines: std::str::Split<'t, char>,
    at: usize,
}

impl<'t> Fields<'t> {
    fn text(&mut self, label: &'static str) -> Result<&'t str, NoStatement> {
        self.at += 1;
        let value = self.lines.next().and_then(|line| line.strip_prefix(label));
        value.ok_or_else(|| self.wrong(label))
    }

    fn digest(&mut self, label: &'static str) -> Result<String, NoStatement> {
        digest(self.text(label)?).ok_or_else(|| self.wrong("sha256: and 64 digits"))
    }

    fn wrong(&self, wants: &'static str) -> NoStatement {
        NoStatement { line: self.at, wants }
    }
}

fn digest(text: &str) -> Option<String> {
    let hex = text.strip_prefix("sha256:")?;
    let fits = hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    fits.then(|| hex.to_owned())
}

/// Why a text is no statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a statement of gonogo: line {line} should read \"{wants}\"")]
pub struct NoStatement {
    /// The line, from 1.
    pub line: usize,
    /// What stands there in a statement.
    pub wants: &'static str,
}

/// The key that a sign-off was made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUsed {
    /// `ssh-ed25519` and the like.
    pub algorithm: String,
    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    pub fingerprint: String,
}

/// A sign-off: the statement, and the signature under it where there is a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// The statement's text.
    pub statement: String,
    /// The signature as OpenSSH writes it (`-----BEGIN SSH SIGNATURE-----`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The key. Without one the name is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyUsed>,
}

impl SignOff {
    /// What the next statement names as the one before it: SHA-256 of statement and signature, in hexadecimal.
    pub fn hash(&self) -> String {
        let signature = self.signature.as_deref().unwrap_or("");
        sha256_hex(format!("{}{signature}", self.statement).as_bytes())
    }

    /// By what it is known who it was: `key SHA256:…`, or `claimed, no key`.
    pub fn by(&self) -> String {
        self.key.as_ref().map_or("claimed, no key".to_owned(), |k| format!("key {}", k.fingerprint))
    }
}

/// A sign-off as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedOff {
    /// What it covers.
    pub statement: Statement,
    /// As it came.
    pub as_given: SignOff,
    /// The event.
    pub seq: Seq,
}

impl SignedOff {
    /// Who, and by what that is known: `ada, claimed`, `ada, key SHA256:…`.
    pub fn who(&self) -> String {
        format!("{}, {}", self.statement.name, self.as_given.by())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement {
            run: RunId("notes-0c41".into()),
            document: "a".repeat(64),
            events: Seq(412),
            head: "b".repeat(64),
            log: "c".repeat(64),
            previous: None,
            role: SignRole::Engineer,
            name: "Ada Lovelace".into(),
            time: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_statement_reads_back_and_nothing_that_differs_by_a_byte_does() {
        let text = statement().text();
        assert_eq!(text.lines().count(), 10, "{text}");
        assert_eq!(Statement::read(&text).unwrap(), statement());
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] ^= 0x20;
            let Ok(other) = String::from_utf8(other) else { continue };
            assert_ne!(Statement::read(&other).ok(), Some(statement()), "byte {at}");
        }
        for other in [format!("{text}\n"), format!(" {text}"), text.replace("1-412", "1-0412"), String::new()]
        {
            assert!(Statement::read(&other).is_err(), "{other}");
        }
    }
}
