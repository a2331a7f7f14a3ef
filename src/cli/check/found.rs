//! A finding with its file, for whoever has many of them: a fingerprint that no inserted line moves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::inputs::Input;
use crate::cli::report::{CommandError, Status, note};
use crate::config::file;
use crate::figures::counted;
use crate::runbook::hash::sha256_hex;
use crate::runbook::{Finding, Level, finding};

/// A finding of a file.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Found {
    /// The file, as it was named.
    pub(super) path: String,
    /// The line, from 1.
    pub(super) line: usize,
    /// The first character of the line that it is about, from 1.
    pub(super) column: usize,
    /// How much it matters here.
    pub(super) level: Level,
    /// Its code.
    pub(super) code: String,
    /// What is the matter.
    pub(super) message: String,
    /// What it is known by when lines were inserted above: of code, words of the line and how many such there are before.
    pub(super) fingerprint: String,
    /// The bytes of the document that it is about.
    #[serde(skip)]
    pub(super) at: Option<(usize, usize)>,
}

impl Found {
    /// What to do about findings of this kind.
    pub(super) fn help(&self) -> &'static str {
        finding::explain(&self.code).unwrap_or_default()
    }
}

/// A level as it is written.
pub(super) fn word(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// What is said of a code that there is not.
pub(super) fn unknown(code: &str) -> CommandError {
    let codes: Vec<&str> = finding::CODES.iter().map(|(c, ..)| *c).collect();
    CommandError::new(Status::Usage, format!("no finding is called {code}"))
        .hint(format!("known: {}", codes.join(", ")))
}

/// The findings of a document, in the order of lines.
pub(super) fn of(input: &Input) -> Vec<Found> {
    let text = &input.document.text;
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    let told = input.document.runbook.findings.iter().map(|finding| {
        let start = starts.get(finding.line.saturating_sub(1)).copied().unwrap_or(text.len());
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let before = match finding.at.filter(|(from, _)| (start..=start + line.len()).contains(from)) {
            Some((from, _)) => text.get(start..from).unwrap_or_default(),
            None => &line[..line.len() - line.trim_start().len()],
        };
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let nth = seen.entry((finding.code.clone(), words.clone())).or_default();
        *nth += 1;
        made(&input.name, finding, before.chars().count() + 1, (&words, *nth))
    });
    told.collect()
}

fn made(path: &str, finding: &Finding, column: usize, (words, nth): (&str, usize)) -> Found {
    let identity = format!("{}\n{words}\n{nth}", finding.code);
    Found {
        path: path.to_owned(),
        line: finding.line,
        column,
        level: finding.level,
        code: finding.code.clone(),
        message: finding.message.clone(),
        fingerprint: sha256_hex(identity.as_bytes()).chars().take(32).collect(),
        at: finding.at,
    }
}

/// A finding about the settings beside a document.
pub(super) fn of_settings(path: &Path, line: usize, level: Level, message: String) -> Found {
    let finding = Finding { line, level, code: "settings".to_owned(), message: message.clone(), at: None };
    let shown = path.strip_prefix(".").unwrap_or(path).display().to_string();
    made(&shown, &finding, 1, (&message, 1))
}

/// What a file of an earlier look holds.
#[derive(Serialize, Deserialize)]
struct Baseline {
    v: u32,
    known: Vec<Known>,
}

#[derive(Serialize, Deserialize)]
struct Known {
    fingerprint: String,
    code: String,
    path: String,
}

/// The fingerprints that a baseline knows.
pub(super) fn baseline(path: &Path) -> Result<BTreeSet<String>, CommandError> {
    let usage = |why: String| CommandError::new(Status::Usage, format!("{}: {why}", path.display()));
    let text = file::text(path)
        .map_err(|error| usage(error.to_string()).hint("--write-baseline makes it from what is found now"))?;
    let read: Baseline = serde_json::from_str(&text).map_err(|error| usage(error.to_string()))?;
    if read.v != 1 {
        return Err(usage(format!("version {} is not known to this gonogo", read.v)));
    }
    Ok(read.known.into_iter().map(|known| known.fingerprint).collect())
}

/// Writes what is found, so that only what is new is told from then on.
pub(super) fn write_baseline<'f>(
    path: &Path,
    found: impl Iterator<Item = &'f Found>,
) -> Result<Status, CommandError> {
    let known = found.map(|f| Known {
        fingerprint: f.fingerprint.clone(),
        code: f.code.clone(),
        path: f.path.clone(),
    });
    let baseline = Baseline { v: 1, known: known.collect() };
    let failed = |why: String| CommandError::new(Status::Failed, format!("{}: {why}", path.display()));
    let text = serde_json::to_string_pretty(&baseline).map_err(|error| failed(error.to_string()))?;
    std::fs::write(path, text + "\n").map_err(|error| failed(error.to_string()))?;
    note(format!("{} written to {}", counted(baseline.known.len(), "finding"), path.display()));
    Ok(Status::Done)
}
