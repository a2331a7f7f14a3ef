//! Text without quotes: whether it can only be meant literally.

/// Words that make a sentence prose.
#[rustfmt::skip] // words, many to a line
const PROSE: &[&str] = &[
    "the", "a", "an", "with", "of", "from", "only", "and", "or", "is", "are", "to", "in", "for", "any", "some",
    "no", "not", "all", "new", "your", "if", "when", "on", "at", "by", "that", "this", "same", "as", "has",
    "have", "will", "be", "similar", "like", "oder", "ou", "或", "e.g", "e.g.", "etc", "etc.", "about",
    "approximately", "around", "should", "least", "most", "than", "more", "less", "each", "per", "current",
    "previous", "correct", "expected", "valid", "never", "doesn't", "don't", "kein", "keine", "pas", "aucun",
    "none", "zero", "non-zero", "nothing", "o", "lub", "albo", "veya", "atau", "neuer", "höher", "superior", "superiore",
    "without", "over", "under", "within", "after", "before", "until", "while", "old", "between", "into", "still", "both", "every", "higher", "newer", "later", "above", "newest", "latest", "plus", "nowszy", "nowsza", "displayed", "shown", "visible", "listed", "present", "reachable", "accessible", "printed", "wyższy",
];

/// Words that a service's state is told in; without quotes they are meant as such words.
#[rustfmt::skip] // words, many to a line
pub(super) const STATES: &[&str] = &[
    "healthy", "up", "running", "ready", "active", "completed", "complete", "deployed", "available", "online",
    "succeeded", "bound", "started", "stopped", "exited", "down", "inactive", "connected", "enabled",
];

/// Whether a text without quotes is meant to the letter: one word with a sign or digit in it, or several of
/// which one is a version or a sign and none makes it prose.
pub(super) fn is_literal(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let signs = |w: &str| {
        !stands_for_others(w)
            && (w.chars().any(|c| c.is_ascii_digit() || "|=/_@{}$\\".contains(c))
                || (w.len() > 1 && w.chars().all(|c| c.is_ascii_uppercase() || c == '_')))
    };
    match words.as_slice() {
        [] => false,
        [one] => signs(one),
        // "0 errors", "3 pods" count something.
        [count, what] if count.parse::<u64>().is_ok() && what.chars().all(char::is_alphabetic) => false,
        several => {
            // More than three plain words are a sentence.
            let plain = several.iter().filter(|w| w.len() > 1 && w.chars().all(char::is_lowercase)).count();
            several.len() <= 8
                && plain <= 3
                && several.iter().any(|w| signs(w))
                && !several.iter().any(|w| PROSE.contains(&w.to_lowercase().trim_end_matches(',')))
        }
    }
}

/// A word that stands for others: "2xx", "v1.2.x", `<hostname>`, "80%", "JSON".
fn stands_for_others(word: &str) -> bool {
    const KINDS: &[&str] = &[
        "JSON", "YAML", "XML", "CSV", "HTML", "TEXT", "HTTP", "HTTPS", "TODO", "TBD", "N", "X", "IP", "VIP",
        "URL", "ID", "DNS", "TLS", "SSL", "API", "UUID", "PID",
    ];
    let lower = word.to_lowercase();
    word.contains(['<', '>', '%', '~', '*', '…'])
        || word.contains("...")
        || word.ends_with('+') && word.contains(|c: char| c.is_ascii_digit())
        || KINDS.contains(&word)
        || lower
            .split(['.', '-', '/'])
            .any(|part| part.trim_start_matches('v') == "x" || part.ends_with("xx"))
}

/// A single word that is no prose by itself: "active", "OK".
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.is_ascii()
        && !text.contains(char::is_whitespace)
        && !PROSE.contains(&text.to_lowercase().as_str())
}

/// `KEY=value` with a key as environment files have it.
pub(super) fn key_value(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim().trim_start_matches("export ").trim();
    let named = key.starts_with(|c: char| c.is_ascii_uppercase())
        && key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    named.then(|| (key.to_owned(), value.trim().to_owned()))
}

/// The status of a text that is a status line of HTTP 1: "HTTP/1.1 200 OK". Of a later version that may be the point.
pub(super) fn status_line(text: &str) -> Option<u16> {
    let mut words = text.split_whitespace();
    words.next().filter(|word| word.to_uppercase().starts_with("HTTP/1"))?;
    let status = words.next()?.parse().ok().filter(|status| (100..600).contains(status))?;
    words.all(|word| word.chars().all(|c| c.is_ascii_alphabetic() || c == '-')).then_some(status)
}
