//! Placeholders that speak to the reader: `your-host`, `TUA_EMAIL`, `domain-anda`, `yourdomain.com`, `${your-name}`.

use std::ops::Range;

use super::beside::{after, before, line_before};
use super::candidate::{Candidate, Shape};

/// Words for "your" as names in capitals begin with them.
#[rustfmt::skip] // words, many to a line
const YOURS: &[&str] = &[
    "tua", "tuo", "tuoi", "tue", "tu", "tus", "votre", "vos", "ton", "dein", "deine", "deiner", "deinen", "ihr", "ihre",
    "ihren", "seu", "sua", "seus", "suas", "twoj", "twój", "twoja", "twoje", "wasz", "wasza", "ваш", "ваша", "ваше",
    "ваши", "твой", "твоя", "твоё", "твое", "senin", "sizin", "jouw", "vuestro", "vuestra",
];

/// Those that are no word of another language, so that names in small letters begin with them as well.
#[rustfmt::skip] // words, many to a line
const PLAIN_YOURS: &[&str] = &[
    "tua", "tuo", "votre", "dein", "deine", "ihre", "seu", "sua", "twoj", "twój", "twoja", "twoje", "jouw",
];

/// What may stand before them: "LA_TUA_EMAIL".
const ARTICLES: &[&str] = &["la", "il", "le", "lo", "el", "o", "a", "l"];

/// What is asked for in Spanish with "tu-": the two letters begin other names as well.
#[rustfmt::skip] // words, many to a line
const AFTER_TU: &[&str] = &[
    "dominio", "servidor", "usuario", "correo", "email", "clave", "token", "proyecto", "ip", "app", "repo", "nombre",
    "contraseña", "contrasena", "cuenta", "bucket", "empresa",
];

/// The same behind the noun: "domain-anda", "URL_REPO_ANDA".
const YOURS_BEHIND: &[&str] = &["anda"];

/// Endings of host names that are no endings of files.
#[rustfmt::skip] // words, many to a line
const DOMAINS: &[&str] = &[
    "com", "net", "org", "io", "dev", "app", "example", "test", "local", "cloud", "site", "online", "xyz", "tld", "co",
    "ai", "info", "biz", "eu", "de", "fr", "es", "it", "pt", "ru", "ua", "br", "tr", "nl", "jp", "cn", "kr", "vn",
    "id", "uk", "us", "ch", "at", "be", "se", "dk", "fi", "cz", "mx", "ar", "cl", "in", "au", "ca", "edu", "gov",
    "internal", "domain",
];

pub(super) fn find(script: &str) -> Vec<Candidate> {
    expansions(script)
}

/// `your-host`, `YOUR_HOST`, `your.domain.com`, with the domain or the rest of the address that goes with it.
pub(super) fn own(script: &str, at: &Range<usize>, word: &str) -> Option<Candidate> {
    if let Some(name) = dotted(script, at, word) {
        return Some(Candidate::new(at.start..at.start + name.len(), name, Shape::Word));
    }
    (is_english(word) || is_foreign(word)).then(|| {
        let end = address_end(script, at.end, word);
        Candidate::new(at.start..end, word.to_uppercase().replace('-', "_"), Shape::Word)
    })
}

/// `your.domain.com`.
fn dotted<'s>(script: &'s str, at: &Range<usize>, word: &str) -> Option<&'s str> {
    let behind = script.get(at.end..)?.strip_prefix('.')?;
    if !word.eq_ignore_ascii_case("your") || !behind.starts_with(char::is_alphabetic) {
        return None;
    }
    let rest = script.get(at.start..)?;
    let host = |c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-';
    Some(rest.split(host).next().unwrap_or(rest).trim_end_matches(['.', '-']))
}

fn is_english(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("your") else { return false };
    let joined = rest.starts_with(['-', '_']) && rest.len() > 1;
    let same = word.starts_with("your") || word.chars().all(|c| !c.is_ascii_lowercase());
    joined || rest.len() > 1 && same && !["yourself", "yours", "yourselves"].contains(&lower.as_str())
}

/// `TUA_EMAIL`, `LA_TUA_EMAIL`, `votre-domaine`, `tu-dominio`, `domain-anda`.
fn is_foreign(word: &str) -> bool {
    let lower = word.to_lowercase();
    let parts: Vec<&str> = lower.split(['-', '_']).collect();
    let capital = !word.chars().any(char::is_lowercase);
    let is = |list: &[&str], at: usize| parts.get(at).is_some_and(|part| list.contains(part));
    let more = |at: usize| parts.get(at + 1).is_some_and(|part| part.chars().count() > 1);
    let first = usize::from(is(ARTICLES, 0) && capital && is(YOURS, 1));
    let behind = parts.len() > 1 && is(YOURS_BEHIND, parts.len() - 1) && more(parts.len() - 2);
    let spanish = parts.first() == Some(&"tu") && is(AFTER_TU, 1);
    behind || spanish || more(first) && is(if capital { YOURS } else { PLAIN_YOURS }, first)
}

/// Where a placeholder ends with what it can't be answered without: `yourdomain.com`, `YOUR_EMAIL@shop.test`.
fn address_end(script: &str, end: usize, word: &str) -> usize {
    let lower = word.to_lowercase();
    let rest = script.get(end..).unwrap_or("");
    let mails = ["mail", "correo", "courriel", "e_posta", "почта"].iter().any(|name| lower.contains(name));
    if let Some(host) = rest.strip_prefix('@').filter(|_| mails) {
        let name =
            host.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-').next().unwrap_or("");
        let name = name.trim_end_matches(['.', '-']);
        return if name.contains('.') { end + 1 + name.len() } else { end };
    }
    if word.contains('_') || word.chars().any(char::is_uppercase) {
        return end;
    }
    let mut taken = end;
    while let Some(label) = script.get(taken..).and_then(|rest| rest.strip_prefix('.')) {
        let name = label.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or("");
        if !DOMAINS.contains(&name) {
            break;
        }
        taken += 1 + name.len();
    }
    taken
}

/// `${your-name}`, `${db-instance-name}`: bash takes the first word for a variable and the rest for its default.
///
/// A variable in small letters that the script sets is one, and its default is meant.
fn expansions(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, open) in script.match_indices("${") {
        let rest = script.get(at + open.len()..).unwrap_or("");
        let Some(inner) = rest.split(['}', '\n']).next().filter(|i| rest[i.len()..].starts_with('}')) else {
            continue;
        };
        let word = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let Some((name, _)) = inner.split_once('-').filter(|_| inner.split('-').all(word)) else { continue };
        let escaped = before(script, at).is_some_and(|c| matches!(c, '\\' | '$'));
        let set = [format!("{name}="), format!("for {name} "), format!("read {name}"), format!("${name}")];
        if escaped || set.iter().any(|sets| script.contains(sets.as_str())) {
            continue;
        }
        let candidate = Candidate::new(at..at + open.len() + inner.len() + 1, inner, Shape::Delimited);
        found.push(if is_english(inner) || is_foreign(inner) { candidate } else { candidate.in_doubt() });
    }
    found
}

/// `app_name`, `0001_previous_migration`, `some-service`: what a sample is called, or a name that is called so.
pub(super) fn sample(script: &str, at: &Range<usize>, word: &str) -> Option<Candidate> {
    #[rustfmt::skip] // words, many to a line
    const NAMES: &[&str] = &[
        "app_name", "project_name", "db_name", "database_name", "user_name", "file_name", "table_name", "service_name",
        "pod_name", "image_name", "host_name", "domain_name", "bucket_name", "cluster_name", "repo_name", "branch_name",
        "migration_name", "schema_name", "site_name",
    ];
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let argument = before(script, at.start).is_some_and(|c| " \t/=\"':".contains(c))
        && after(script, at.end).is_none_or(|c| c.is_whitespace() || "/\"';|&)".contains(c));
    let key = script.get(at.end..).is_some_and(|rest| rest.starts_with("\":") || rest.starts_with("' :"));
    // The first word of a command is a program.
    let line = line_before(script, at.start).trim_end_matches(['"', '\'', '/']).trim();
    let program = line.is_empty() || line.ends_with(['|', ';', '&', '(']) || line == "sudo";
    let mut parts = word.split('_');
    let says = NAMES.contains(&word)
        || word.contains('_') && parts.any(|part| part == "previous")
        || word.strip_prefix("some").is_some_and(|rest| rest.starts_with(['_', '-']) && rest.len() > 2);
    let plain = word.chars().all(lower) && !word.starts_with('-');
    (says && plain && argument && !key && !program)
        .then(|| Candidate::new(at.clone(), word, Shape::Word).in_doubt())
}
