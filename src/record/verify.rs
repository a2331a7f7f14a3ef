//! Looks whether a record is what it was: the chain of events, the recordings, the log, the statements, the signatures.
//!
//! 1. Every check says what it found, or what is off, with the event's number; the first of those is told first.
//! 2. What can't be proven is said too: a chain that nobody signed proves nothing against whoever has the files.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::FixedOffset;

use super::allowed::AllowedSigners;
use super::evidence::{DOCUMENT, Evidence, LOG, MANIFEST};
use super::log;
use super::sign_off::{self, Journaled, NotGood};
use super::signature;
use super::times::backwards;
use crate::figures::stamp;
use crate::run::seal::{PARTS, seal};
use crate::run::sign::{SignOff, SignRole, Statement, same_name};
use crate::run::{Event, Record, RunState, Seq};
use crate::runbook;
use crate::runbook::hash::sha256_hex;
use crate::store::chain;

/// What is known from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Who has which keys.
    pub allowed: Option<AllowedSigners>,
    /// A hash that was noted somewhere: in a message, on paper.
    pub head: Option<String>,
}

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Off {
    /// The event that it shows at.
    pub event: Option<Seq>,
    /// In a sentence.
    pub words: String,
}

/// A sign-off with what came of it.
#[derive(Clone, Debug)]
pub struct Signed {
    /// What it covers.
    pub statement: Statement,
    /// The key, as `ssh-keygen -l` shows it, with its kind.
    pub key: Option<(String, String)>,
    /// The line of the allowed signers that knows the key as that of whoever is named.
    pub allowed_by: Option<usize>,
    /// Events after those that it covers, its own not counted.
    pub after: u64,
    /// It stands in the archive only: the journal does not tell of it yet.
    pub beside: bool,
}

impl Signed {
    fn line(&self, zone: FixedOffset) -> String {
        let statement = &self.statement;
        let key = self.key.as_ref();
        let key = key.map_or("claimed, no key".to_owned(), |(kind, print)| format!("{kind} {print}"));
        let known = self.allowed_by.map_or(String::new(), |line| format!(", allowed by line {line}"));
        let beside = if self.beside { ", in this archive only" } else { "" };
        let after = match self.after {
            1 => "1 event".to_owned(),
            n => format!("{n} events"),
        };
        let at = stamp(statement.time, zone);
        format!(
            "{}: {} ({key}{known}) at {at}, events 1-{}; {after} after it{beside}",
            statement.role, statement.name, statement.events.0
        )
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// The run's name.
    pub run: String,
    /// Its events.
    pub events: u64,
    /// The hash of the last one's line.
    pub head: String,
    /// What was looked at and is as it was.
    pub good: Vec<String>,
    /// What is off, the first first.
    pub off: Vec<Off>,
    /// Sign-offs, in order.
    pub signed: Vec<Signed>,
    /// What is not proven.
    pub unproven: Vec<String>,
}

impl Verified {
    /// Whether everything is as it was.
    pub fn is_good(&self) -> bool {
        self.off.is_empty()
    }

    /// What was found, a line a thing, what is off first; times are those of a zone.
    pub fn lines(&self, zone: FixedOffset) -> Vec<String> {
        let run = if self.run.is_empty() { "a run" } else { &self.run };
        let mut lines = vec![format!("{run}: {} events, head sha256:{}", self.events, self.head)];
        lines.extend(self.off.iter().map(|off| {
            let at = off.event.map_or("OFF".to_owned(), |e| format!("MISMATCH at event {}", e.0));
            format!("{at}: {}", off.words)
        }));
        lines.extend(self.good.iter().map(|good| format!("ok: {good}")));
        lines.extend(self.signed.iter().map(|signed| signed.line(zone)));
        lines.extend(self.unproven.iter().map(|unproven| format!("not proven: {unproven}")));
        lines
    }

    fn wrong(&mut self, event: Option<Seq>, words: impl Into<String>) {
        self.off.push(Off { event, words: words.into() });
    }
}

/// Looks at everything.
pub fn verify(evidence: &Evidence, known: &Known) -> Verified {
    let mut found = Verified { events: evidence.lines.len() as u64, ..Verified::default() };
    let hashes: Vec<String> = evidence.lines.iter().map(|l| chain::hash(l)).collect();
    found.head = hashes.last().cloned().unwrap_or_default();
    let records = read_chain(evidence, &hashes, &mut found);
    noted_heads(evidence, &hashes, known, &mut found);
    manifest(evidence, &mut found);
    let Some(records) = records else { return found };
    found.run = records.first().map_or(String::new(), |r| r.run.0.clone());
    if let Some(top) = evidence.top.as_ref().filter(|top| **top != found.run) {
        let what = if evidence.archive { "archive" } else { "directory" };
        found.wrong(Some(Seq(1)), format!("the {what} is one of {top}, and its journal of {}", found.run));
    }
    found.unproven.extend(backwards(&records));
    recordings(evidence, &records, &mut found);
    readings(evidence, &records, &mut found);
    if let Some(text) = document(evidence, &records, &mut found) {
        let document = sha256_hex(text.as_bytes());
        let runbook = Arc::new(runbook::read(&text));
        let journaled = Journaled { runbook, document: &document, records: &records, hashes: &hashes };
        sign_offs(evidence, &journaled, known, &mut found);
        the_log(evidence, &journaled, &mut found);
    }
    signers(&mut found);
    found.off.sort_by_key(|o| o.event.unwrap_or(Seq(u64::MAX)));
    found
}

/// Reads the chain. What is off in a line is told, and then nothing is believed of what follows from it.
fn read_chain(evidence: &Evidence, hashes: &[String], found: &mut Verified) -> Option<Vec<Record>> {
    let mut records: Vec<Record> = Vec::with_capacity(evidence.lines.len());
    for (at, line) in evidence.lines.iter().enumerate() {
        let seq = Seq(at as u64 + 1);
        let record = match Record::read(line) {
            Ok(record) => record,
            Err(error) => {
                found.wrong(Some(seq), format!("it can't be read: {error}"));
                return None;
            }
        };
        if chain::line(&record).ok().as_ref() != Some(line) {
            // A newer gonogo may know more of an event; keys that stand twice or in another order are its doing as little.
            let content: serde_json::Result<serde_json::Value> = serde_json::from_str(line);
            if content.map(|c| c.to_string()).ok().as_ref() != Some(line) {
                found.wrong(Some(seq), "its line is not written as gonogo writes it");
                return None;
            }
            found.unproven.push(format!("event {} contains more than this version of gonogo knows", seq.0));
        }
        if let Event::Newer(newer) = &record.event {
            let words = format!("event {} is one that only a newer gonogo knows ({})", seq.0, newer.kind);
            found.unproven.push(words);
        }
        let before = at.checked_sub(1).and_then(|b| hashes.get(b)).map_or("", String::as_str);
        if record.seq != seq {
            found.wrong(
                Some(seq),
                format!("it calls itself event {}: one is missing, or the order was changed", record.seq.0),
            );
            return None;
        }
        if record.prev != before {
            let words = format!("event {} does not follow from it: one of the two was changed", seq.0);
            found.wrong(Some(Seq(seq.0.saturating_sub(1).max(1))), words);
            return None;
        }
        if records.first().is_some_and(|first| first.run != record.run) {
            found.wrong(Some(seq), format!("it belongs to another run, {}", record.run));
            return None;
        }
        records.push(record);
    }
    if records.is_empty() {
        found.wrong(None, "it contains no event");
        return None;
    }
    found.good.push(format!("{} events, each follows from the one before", records.len()));
    Some(records)
}

/// What was noted elsewhere has to be the hash of a line, else the end is missing, or it is another journal.
fn noted_heads(evidence: &Evidence, hashes: &[String], known: &Known, found: &mut Verified) {
    let Some(head) = &known.head else { return };
    let wanted = head.trim().trim_start_matches("sha256:").to_lowercase();
    match hashes.iter().position(|h| *h == wanted) {
        Some(at) => found.good.push(format!("the noted head is event {}", at + 1)),
        None => found.wrong(
            Some(Seq(evidence.lines.len() as u64)),
            "no event has the noted head: the end is missing, or events were changed",
        ),
    }
}

/// The files of an archive by its own list of hashes.
fn manifest(evidence: &Evidence, found: &mut Verified) {
    if !evidence.archive {
        return;
    }
    let Some(text) = evidence.text(MANIFEST) else {
        found.wrong(None, format!("{MANIFEST} is missing"));
        return;
    };
    let mut listed = BTreeSet::new();
    for line in text.lines() {
        let Some((hash, name)) = line.split_once("  ") else {
            found.wrong(None, format!("{MANIFEST} has a malformed line: {line}"));
            continue;
        };
        listed.insert(name.to_owned());
        match evidence.hash(name) {
            None => found.wrong(None, format!("{name} is missing")),
            Some(own) if own != hash => {
                found.wrong(None, format!("{name} was changed since the archive was made"))
            }
            Some(_) => {}
        }
    }
    // Sign-offs are put into an archive after it was made.
    let more = evidence
        .below("")
        .filter(|n| *n != MANIFEST && !n.starts_with("signatures/") && !listed.contains(*n));
    for name in more.map(str::to_owned).collect::<Vec<_>>() {
        found.wrong(None, format!("{name} was not in the archive when it was made"));
    }
    found.good.push(format!("{} files by {MANIFEST}", listed.len()));
    found.unproven.push(format!(
        "report.html, report.md, README.txt, casts and readings.json: only {MANIFEST} covers them, and nobody signed that"
    ));
}

fn document(evidence: &Evidence, records: &[Record], found: &mut Verified) -> Option<String> {
    let Some(Event::RunStarted(start)) = records.first().map(|r| &r.event) else {
        found.wrong(Some(Seq(1)), "the first event is not the start of a run");
        return None;
    };
    let Some(own) = evidence.hash(DOCUMENT) else {
        found.wrong(None, format!("{DOCUMENT} is missing"));
        return None;
    };
    if own != start.sha256 {
        found.wrong(None, format!("{DOCUMENT} is not the document that ran (event 1)"));
        return None;
    }
    found.good.push("the document, as event 1 has it".into());
    evidence.text(DOCUMENT)
}

/// Recordings by the seals that stand with the ends of their commands.
fn recordings(evidence: &Evidence, records: &[Record], found: &mut Verified) {
    let (mut sealed, mut open, mut known) = (0, Vec::new(), BTreeSet::new());
    for record in records {
        let Event::CommandExited { command, attempt, seal: told, .. } = &record.event else { continue };
        let base = format!("recordings/{}.{}", command.file_name(), attempt.0);
        let names: Vec<String> = PARTS.iter().map(|part| format!("{base}.{part}")).collect();
        known.extend(names.iter().cloned());
        let hashes = [0, 1, 2].map(|at| evidence.hash(&names[at]));
        match told {
            None if hashes[0].is_none() => {}
            None => open.push(format!("{command}.{}", attempt.0)),
            Some(_) if hashes[0].is_none() => {
                found.wrong(Some(record.seq), format!("the recording of {command} is missing: {}", names[0]));
            }
            Some(told) if *told != seal(hashes) => {
                found.wrong(Some(record.seq), format!("the recording of {command} was changed: {base}.*"));
            }
            Some(_) => sealed += 1,
        }
    }
    found.good.push(format!("{sealed} recordings, as the ends of their commands have them"));
    if !open.is_empty() {
        found.unproven.push(format!("no seal covers the recordings of {}", open.join(", ")));
    }
    let strangers: Vec<&str> = evidence.below("recordings/").filter(|n| !known.contains(*n)).collect();
    if !strangers.is_empty() {
        found.unproven.push(format!("the journal has no end for {}", strangers.join(", ")));
    }
}

/// Readings at the gates, by the hashes that stand there.
fn readings(evidence: &Evidence, records: &[Record], found: &mut Verified) {
    let mut count = 0;
    for record in records {
        let Event::GateDecided { readings: Some(hash), .. } = &record.event else { continue };
        let name = format!("readings-{}.json", hash.get(..16).unwrap_or(hash));
        match evidence.hash(&name) {
            Some(own) if own != hash => {
                found.wrong(Some(record.seq), format!("the readings at this gate were changed: {name}"));
            }
            Some(_) => count += 1,
            None => found.wrong(Some(record.seq), format!("the readings at this gate are missing: {name}")),
        }
    }
    if count > 0 {
        let gates = if count == 1 { "one gate".to_owned() } else { format!("{count} gates") };
        found.good.push(format!("the readings at {gates}"));
    }
}

/// Sign-offs that the journal tells of, then those that lie beside it only.
fn sign_offs(evidence: &Evidence, journaled: &Journaled<'_>, known: &Known, found: &mut Verified) {
    let events = journaled.records.iter().filter_map(|record| match &record.event {
        Event::Signed(sign_off) => Some((record.seq, (**sign_off).clone())),
        _ => None,
    });
    let mut before: Vec<SignOff> = Vec::new();
    let mut files = BTreeSet::new();
    let state = journaled.state_at(Seq(u64::MAX));
    for (seq, sign_off) in events.collect::<Vec<_>>() {
        one(journaled, (&sign_off, &before), (Some(seq), known), found);
        for (name, text) in super::signed_files(&state, &sign_off, "") {
            if name.ends_with(".log.md") {
                signed_log(evidence, &name, (&sign_off, Some(seq)), found);
                files.insert(name);
                continue;
            }
            match evidence.text(&name) {
                None => found.unproven.push(format!("{name} is missing; the journal has its text")),
                Some(own) if own != text => found.wrong(Some(seq), format!("{name} is not what was signed")),
                Some(_) => {}
            }
            files.insert(name);
        }
        before.push(sign_off);
    }
    let names: Vec<String> =
        evidence.statements().filter(|n| !files.contains(*n)).map(str::to_owned).collect();
    let mut beside = Vec::new();
    for name in names {
        let (sign_off, log) = (evidence.sign_off(&name), format!("{}.log.md", name.trim_end_matches(".txt")));
        signed_log(evidence, &log, (&sign_off, None), found);
        beside.push(sign_off);
        files.extend([format!("{name}.sig"), name, log]);
    }
    for sign_off in sign_off::in_order(beside, before.last()) {
        one(journaled, (&sign_off, &before), (None, known), found);
        before.push(sign_off);
    }
    let kept = |n: &&str| n.ends_with(".pending.txt") || n.ends_with(".new");
    let strangers = evidence.below("signatures/").filter(|n| !files.contains(*n) && !kept(n));
    for name in strangers.map(str::to_owned).collect::<Vec<_>>() {
        found.wrong(None, format!("{name} belongs to no sign-off"));
    }
}

/// The log that was signed, as a file, by its hash in the statement.
fn signed_log(
    evidence: &Evidence,
    name: &str,
    (sign_off, seq): (&SignOff, Option<Seq>),
    found: &mut Verified,
) {
    let Ok(statement) = Statement::read(&sign_off.statement) else { return };
    match evidence.hash(name) {
        None => found.unproven.push(format!("{name}, the signed log, is missing")),
        Some(own) if own != statement.log => found.wrong(seq, format!("{name} is not the signed log")),
        Some(_) => {}
    }
}

/// One sign-off.
fn one(
    journaled: &Journaled<'_>,
    (sign_off, before): (&SignOff, &[SignOff]),
    (seq, known): (Option<Seq>, &Known),
    found: &mut Verified,
) {
    let role = Statement::read(&sign_off.statement).map_or("sign-off".to_owned(), |s| s.role.to_string());
    let recorded = seq.and_then(|s| journaled.records.get(s.0 as usize - 1)).map(|r| r.at);
    let by = recorded.or(Statement::read(&sign_off.statement).ok().map(|s| s.time)).unwrap_or_default();
    let checked = journaled
        .check(sign_off, before.last(), by)
        .and_then(|statement| journaled.check_policy(&statement, sign_off, before).map(|()| statement));
    let statement = match checked {
        Ok(statement) => statement,
        Err(error) => {
            let at = match error {
                NotGood::OtherEvents(event) => Some(Seq(event)),
                _ => seq,
            };
            found.wrong(at, format!("the {role}'s sign-off is not valid: {error}"));
            return;
        }
    };
    let keyed = sign_off.key.is_some();
    if let Err(error) = journaled.check_log(&statement, keyed, before) {
        if ours(journaled, statement.events) {
            found.wrong(seq, format!("the {role}'s sign-off is not valid: {error}"));
        } else {
            found.unproven.push(format!(
                "{role}: another version of gonogo wrote the log that was signed, and this one writes it differently"
            ));
        }
    }
    let good = sign_off.signature.as_deref().and_then(|s| signature::verify(&sign_off.statement, s).ok());
    let mut allowed_by = None;
    match (&known.allowed, &good) {
        (Some(allowed), Some(good)) => match allowed.allows(&statement.name, &good.public, statement.time) {
            Ok(line) => allowed_by = Some(line),
            Err(why) => found.wrong(seq, format!("{role} {}: {why}", statement.name)),
        },
        (Some(_), None) => found.wrong(seq, format!("{role} {}: claimed, no key", statement.name)),
        (None, Some(_)) => found.unproven.push(format!(
            "{role}: that the key is that of {} (--allowed-signers says who has which)",
            statement.name
        )),
        (None, None) => {
            found.unproven.push(format!("{role}: that it was {}: claimed, no key", statement.name));
        }
    }
    let own = u64::from(seq.is_some());
    let after = found.events.saturating_sub(statement.events.0).saturating_sub(own);
    let key = good.map(|g| (g.key.algorithm, g.key.fingerprint));
    found.signed.push(Signed { statement, key, allowed_by, after, beside: seq.is_none() });
}

/// Whether the version that recorded an event is this one.
fn ours(journaled: &Journaled<'_>, seq: Seq) -> bool {
    let upto = journaled.records.iter().take_while(|r| r.seq <= seq);
    let version = upto.filter_map(|r| match &r.event {
        Event::RunStarted(start) => Some(start.gonogo.as_str()),
        Event::RunResumed { gonogo } => Some(gonogo.as_str()),
        _ => None,
    });
    version.last() == Some(env!("CARGO_PKG_VERSION"))
}

/// The log of an archive is what its events say.
fn the_log(evidence: &Evidence, journaled: &Journaled<'_>, found: &mut Verified) {
    let Some(text) = evidence.text(LOG) else { return };
    let state: RunState = journaled.state_at(Seq(u64::MAX));
    if log::fill(&state).text == text {
        found.good.push(format!("{LOG}, as the events say it"));
    } else if ours(journaled, Seq(u64::MAX)) {
        found.wrong(None, format!("{LOG} is not what the events say"));
    } else {
        found.unproven.push(format!("{LOG} was written by another version of gonogo"));
    }
}

/// Engineer and reviewer are different people, as far as that can be known.
fn signers(found: &mut Verified) {
    let last = |role| found.signed.iter().rfind(|s: &&Signed| s.statement.role == role);
    let (engineer, reviewer) = (last(SignRole::Engineer), last(SignRole::Reviewer));
    match (engineer, reviewer) {
        (Some(a), Some(b)) if same_name(&a.statement.name, &b.statement.name) => {
            let words = format!("{} signed as engineer and as reviewer", a.statement.name);
            found.wrong(None, words);
        }
        (Some(Signed { key: Some(a), .. }), Some(Signed { key: Some(b), .. })) if a == b => {
            found.wrong(None, "engineer and reviewer signed with one key");
        }
        (Some(Signed { key: Some(_), .. }), Some(Signed { key: Some(_), .. })) => {
            found.good.push("engineer and reviewer have different keys".into());
        }
        (Some(_), Some(_)) => {
            let words = "that engineer and reviewer are different people: not both signed with a key";
            found.unproven.push(words.into());
        }
        _ => {}
    }
    if !found.signed.iter().any(|s| s.key.is_some()) {
        let words = "that whoever has these files did not change them: nobody has signed with a key";
        found.unproven.push(words.into());
    }
}
