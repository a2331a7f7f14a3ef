//! Who has which keys, and when: the file of allowed signers (ssh-keygen(1), "ALLOWED SIGNERS").

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use ssh_key::PublicKey;
use thiserror::Error;

use crate::config;
use crate::run::sign::NAMESPACE;

/// What is wrong with a file of allowed signers.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum AllowedError {
    #[error("could not read the allowed signers in {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}:{line}: {why}")]
    Line { path: PathBuf, line: usize, why: String },
}

/// The lines of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AllowedSigners(Vec<Allowed>);

#[derive(Clone, Debug, PartialEq)]
struct Allowed {
    line: usize,
    principals: Vec<String>,
    /// Empty for all.
    namespaces: Vec<String>,
    authority: bool,
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
    key: PublicKey,
}

impl AllowedSigners {
    /// Reads a file. Times without a zone are those of `zone`, as for ssh-keygen.
    pub fn read(path: &Path, zone: FixedOffset) -> Result<Self, AllowedError> {
        let failed = |source| AllowedError::Read { path: path.to_owned(), source };
        let text = config::file::text(path).map_err(failed)?;
        Self::parse(&text, zone).map_err(|(line, why)| AllowedError::Line {
            path: path.to_owned(),
            line,
            why,
        })
    }

    /// Reads the text of a file; what is wrong comes with its line.
    pub fn parse(text: &str, zone: FixedOffset) -> Result<Self, (usize, String)> {
        let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let all = lines.map(|(at, line)| allowed(at, line, zone).map_err(|why| (at, why)));
        all.collect::<Result<_, _>>().map(Self)
    }

    /// Whether somebody may sign with a key at a time: the line that says so, or why there is none.
    pub fn allows(&self, name: &str, key: &PublicKey, at: DateTime<Utc>) -> Result<usize, String> {
        let known: Vec<&Allowed> = self.0.iter().filter(|a| a.key.key_data() == key.key_data()).collect();
        if known.is_empty() {
            return Err("the key belongs to nobody".into());
        }
        let named: Vec<&&Allowed> = known.iter().filter(|a| matches(&a.principals, name)).collect();
        if named.is_empty() {
            let owners: Vec<&str> = known.iter().flat_map(|a| &a.principals).map(String::as_str).collect();
            return Err(format!("the key belongs to {}, not to {name}", owners.join(", ")));
        }
        let why_not = |allowed: &Allowed| {
            if allowed.authority {
                return Some("the line allows certificates, not this key".to_owned());
            }
            if !allowed.namespaces.is_empty() && !matches(&allowed.namespaces, NAMESPACE) {
                return Some(format!("the key is not for the namespace {NAMESPACE}"));
            }
            if allowed.after.is_some_and(|t| at < t) {
                return Some("the key was not valid yet".to_owned());
            }
            allowed.before.is_some_and(|t| at >= t).then(|| "the key was not valid any more".to_owned())
        };
        let mut last = String::new();
        for allowed in named {
            match why_not(allowed) {
                None => return Ok(allowed.line),
                Some(why) => last = format!("{why} (line {})", allowed.line),
            }
        }
        Err(last)
    }
}

/// One line: principals, options, key.
fn allowed(line: usize, text: &str, zone: FixedOffset) -> Result<Allowed, String> {
    let (principals, rest) = word(text)?;
    let principals: Vec<String> = principals.split(',').map(str::to_owned).collect();
    let mut found = Allowed {
        line,
        principals,
        namespaces: vec![],
        authority: false,
        after: None,
        before: None,
        key: PublicKey::from(ssh_key::public::Ed25519PublicKey([0; 32])),
    };
    let mut rest = rest;
    // A key begins with the name of its algorithm; whatever stands before is options.
    if !is_key(rest) {
        let (options, after) = word_with_quotes(rest);
        for option in split_options(options) {
            read_option(&mut found, &option, zone)?;
        }
        rest = after;
    }
    found.key = PublicKey::from_openssh(rest).map_err(|e| format!("not a public key: {e}"))?;
    Ok(found)
}

fn is_key(text: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"].iter().any(|kind| text.starts_with(kind))
}

/// The first word, which may stand in quotes, and what follows it.
fn word(text: &str) -> Result<(&str, &str), String> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (inside, rest) = quoted.split_once('"').ok_or("a quote is not closed")?;
        return Ok((inside, rest.trim_start()));
    }
    text.split_once([' ', '\t']).map(|(a, b)| (a, b.trim_start())).ok_or_else(|| "a key is missing".into())
}

/// Options up to the first blank that stands in no quotes.
fn word_with_quotes(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ' ' | '\t' if !quoted => return (&text[..at], text[at..].trim_start()),
            _ => {}
        }
    }
    (text, "")
}

fn split_options(text: &str) -> Vec<String> {
    let (mut options, mut quoted) = (vec![String::new()], false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => options.push(String::new()),
            _ => {
                if let Some(last) = options.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    options
}

fn read_option(allowed: &mut Allowed, option: &str, zone: FixedOffset) -> Result<(), String> {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    match name.to_ascii_lowercase().as_str() {
        "cert-authority" => allowed.authority = true,
        "namespaces" => allowed.namespaces = value.split(',').map(str::to_owned).collect(),
        "valid-after" => allowed.after = Some(time(value, zone)?),
        "valid-before" => allowed.before = Some(time(value, zone)?),
        _ => return Err(format!("unknown option \"{name}\"")),
    }
    Ok(())
}

/// `YYYYMMDD[HHMM[SS]]`, in UTC with a `Z` behind it (ssh-keygen(1)).
fn time(text: &str, zone: FixedOffset) -> Result<DateTime<Utc>, String> {
    let wrong =
        || format!("\"{text}\" is not a time: YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z for UTC");
    let (digits, utc) = text.strip_suffix(['Z', 'z']).map_or((text, false), |d| (d, true));
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let naive = match digits.len() {
        8 => NaiveDate::parse_from_str(digits, "%Y%m%d").ok().and_then(|d| d.and_hms_opt(0, 0, 0)),
        12 => NaiveDateTime::parse_from_str(&format!("{digits}00"), "%Y%m%d%H%M%S").ok(),
        14 => NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok(),
        _ => None,
    };
    let naive = naive.ok_or_else(wrong)?;
    if utc {
        return Ok(naive.and_utc());
    }
    naive.and_local_timezone(zone).single().map(|t| t.with_timezone(&Utc)).ok_or_else(wrong)
}

/// Whether a list of patterns takes a name: `*` and `?` stand for characters, `!` takes back (ssh_config(5),
/// "PATTERNS").
fn matches(patterns: &[String], name: &str) -> bool {
    let fits = |pattern: &str| glob(pattern, name);
    let refused = patterns.iter().filter_map(|p| p.strip_prefix('!')).any(fits);
    !refused && patterns.iter().filter(|p| !p.starts_with('!')).any(|p| fits(p))
}

fn glob(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| glob(rest, &text[at..]))
        }
        Some(wanted) => {
            let mut chars = text.chars();
            let fits = chars.next().is_some_and(|c| wanted == '?' || wanted == c);
            fits && glob(&pattern[wanted.len_utf8()..], chars.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti a@b";

    fn utc() -> FixedOffset {
        FixedOffset::east_opt(0).unwrap()
    }

    fn says(line: &str, name: &str, at: &str) -> Result<usize, String> {
        let signers = AllowedSigners::parse(line, utc()).map_err(|(line, why)| format!("{line}: {why}"))?;
        signers.allows(name, &PublicKey::from_openssh(KEY).unwrap(), at.parse().unwrap())
    }

    #[test]
    fn names_namespaces_and_times_are_kept_to() {
        let night = "2026-11-25T01:00:00Z";
        for line in [
            format!("ada {KEY}"),
            format!("# who\n\n*@b.c,ada {KEY}"),
            format!("\"ada\" namespaces=\"file,gonogo\" {KEY}"),
            format!("a?a valid-after=\"20261124\",valid-before=\"20261126120000Z\" {KEY}"),
            format!("grace {KEY}\nada {KEY}"),
        ] {
            assert!(says(&line, "ada", night).is_ok(), "{line}: {:?}", says(&line, "ada", night));
        }
        for (line, why) in [
            (format!("grace {KEY}"), "the key belongs to grace, not to ada"),
            (format!("!ada,* {KEY}"), "the key belongs to !ada, *, not to ada"),
            (format!("ada namespaces=\"git\" {KEY}"), "the key is not for the namespace gonogo (line 1)"),
            (format!("ada valid-after=\"20261125010001Z\" {KEY}"), "the key was not valid yet (line 1)"),
            (format!("ada valid-before=\"202611250100Z\" {KEY}"), "the key was not valid any more (line 1)"),
            (format!("ada cert-authority {KEY}"), "the line allows certificates, not this key (line 1)"),
            (format!("ada soon=1 {KEY}"), "1: unknown option \"soon\""),
            (
                format!("ada valid-after=2026 {KEY}"),
                "1: \"2026\" is not a time: YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z for UTC",
            ),
            ("ada".to_owned(), "1: a key is missing"),
            ("# nobody".to_owned(), "the key belongs to nobody"),
        ] {
            assert_eq!(says(&line, "ada", night), Err(why.to_owned()), "{line}");
        }
        // Local time is that of the zone.
        let east = FixedOffset::east_opt(3600).unwrap();
        let line = format!("ada valid-before=202611250200 {KEY}");
        let signers = AllowedSigners::parse(&line, east).unwrap();
        let key = PublicKey::from_openssh(KEY).unwrap();
        assert!(signers.allows("ada", &key, "2026-11-25T00:59:59Z".parse().unwrap()).is_ok());
        assert!(signers.allows("ada", &key, night.parse().unwrap()).is_err());
    }
}
