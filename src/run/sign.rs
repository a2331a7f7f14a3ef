//! Sign-off: who puts their name to a run, and to what exactly.
//!
//! 1. A signature stands under a short [`Statement`], which names the events and the log that it covers.
//! 2. The statement says what the signature before it was, so that none can be taken out from between.
//! 3. Engineer and reviewer are different people. Without a key a name is claimed, not proven.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::ids::{RunId, Seq};
use super::refusal::Refusal;
use super::state::RunState;
use crate::config::{Keys, SignPolicy};
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
        found.ok_or_else(|| format!("\"{text}\" signs nothing: engineer or reviewer"))
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
#[error("no statement of gonogo: line {line} should read \"{wants}\"")]
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

/// Which role is to sign next by the policy; nothing where everybody has.
pub fn wanted(state: &RunState) -> Option<SignRole> {
    SignRole::ALL.into_iter().find(|role| {
        let needed = *role == SignRole::Engineer || policy(state).reviewer;
        needed && state.signed(*role).is_none()
    })
}

/// The policy that the run was started under.
pub fn policy(state: &RunState) -> SignPolicy {
    state.start().and_then(|(start, _)| start.sign.as_deref().cloned()).unwrap_or_default()
}

/// Why nobody of that name may sign as this now, before there is a statement.
pub fn may_sign(state: &RunState, role: SignRole, name: &str) -> Result<(), Refusal> {
    let name = name.trim();
    if state.outcome().is_none() {
        return Err(Refusal::NotOver);
    }
    if state.is_unconfirmed() {
        return Err(Refusal::NotConfirmed);
    }
    if name.is_empty() {
        return Err(Refusal::ReasonNeeded);
    }
    if name.chars().any(|c| c.is_control() || is_unseen(c)) {
        return Err(Refusal::NoName(name.escape_debug().to_string()));
    }
    let policy = policy(state);
    let listed = match role {
        SignRole::Engineer => &policy.engineers,
        SignRole::Reviewer => &policy.reviewers,
    };
    if !listed.is_empty() && !listed.iter().any(|l| same_name(l, name)) {
        return Err(Refusal::NotListed(name.to_owned(), role));
    }
    // Whoever ran it is no reviewer of it, also where somebody else signs as engineer.
    let ran = state.start().map(|(start, _)| start.operator.as_str()).filter(|_| role == SignRole::Reviewer);
    let named =
        state.person("engineer").map(|(name, _)| name.as_str()).filter(|_| role == SignRole::Reviewer);
    let others = state.signatures().iter().filter(|s| s.statement.role == role.other());
    let others = others.map(|s| s.statement.name.as_str()).chain(ran).chain(named);
    if others.into_iter().any(|other| same_name(other, name)) {
        return Err(Refusal::SamePerson);
    }
    if role == SignRole::Reviewer && !policy.any_order() && state.signed(SignRole::Engineer).is_none() {
        return Err(Refusal::EngineerFirst);
    }
    Ok(())
}

/// Decides on a sign-off whose signature, head and log were found to be good.
pub fn sign(state: &RunState, sign_off: &SignOff) -> Result<Vec<Event>, Refusal> {
    let wrong = |why: &str| Refusal::WrongStatement(why.to_owned());
    let statement = Statement::read(&sign_off.statement).map_err(|e| wrong(&e.to_string()))?;
    may_sign(state, statement.role, &statement.name)?;
    if &statement.run != state.id() {
        return Err(wrong(&format!("it is about {}", statement.run)));
    }
    let document = state.start().map(|(start, _)| &start.sha256);
    if document != Some(&statement.document) || statement.events > state.seq() {
        return Err(wrong("it is about another document, or about events that are not there"));
    }
    let last = state.signatures().last().map(|s| s.as_given.hash());
    if statement.previous != last {
        return Err(wrong("somebody has signed since it was made: look again"));
    }
    match &sign_off.key {
        None if policy(state).keys == Keys::Required => return Err(Refusal::KeyNeeded(statement.role)),
        None => {}
        Some(key) => {
            let others = state.signatures().iter().filter(|s| s.statement.role == statement.role.other());
            if others.filter_map(|s| s.as_given.key.as_ref()).any(|o| o.fingerprint == key.fingerprint) {
                return Err(Refusal::SameKey);
            }
        }
    }
    Ok(vec![Event::Signed(Box::new(sign_off.clone()))])
}

/// Whether two spellings name one person, as far as they look the same.
pub fn same_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| {
        let seen: String = name.chars().filter(|c| !is_unseen(*c)).collect();
        let words: Vec<String> = seen.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ").trim_end_matches('.').to_owned()
    };
    plain(a) == plain(b)
}

/// Whether a character is not seen where it stands (Unicode's format characters).
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
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
    fn names_that_look_the_same_are_one() {
        for (a, b) in
            [("ada", "Ada"), ("ada", " ada "), ("ada", "a\u{200b}da"), ("Ada L.", "ada  L"), ("ada.", "ada")]
        {
            assert!(same_name(a, b), "{a:?} {b:?}");
        }
        assert!(!same_name("ada", "adam"));
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
