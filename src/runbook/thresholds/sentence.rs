//! Sentences with a metric and a bound on it: "p95 latency < 500 ms", "Error rate above 5 % for 5 minutes".

use super::super::model::{Said, Target};
use super::amount::{Amount, Kind, amount, lasting_s};
use super::bound::{crossed, kept, threshold};
use super::metric::{fits, is_metric, is_of_people, is_relative, more_is_better};

/// Words and signs between which one thing is said.
const PARTS: &[&str] = &[
    ", ", "; ", ". ", "; ", " and ", " or ", " but ", " if ", " when ", " und ", " oder ", " et ", " ou ",
    " y ", " o ", " и ", " или ", " → ", " -> ", " => ", " — ", " – ", " - ", "|", "，", "；", "、", "：",
    "。", ": ",
];

/// What stands around a metric's name and is none of it.
#[rustfmt::skip] // words, many to a line
const AROUND: &[&str] = &[
    "if", "when", "whenever", "the", "any", "our", "your", "a", "an", "alert", "alerts", "alarm", "rollback", "roll", "back", "ensure", "verify", "check", "that", "confirm", "monitor", "watch", "keep", "and", "or", "is", "are", "stays", "stay", "remains", "remain", "must", "should",
    "be", "goes", "go", "rises", "climbs", "drops", "falls", "at", "to", "has", "have", "of", "been", "was", "not", "does", "do", "averaging", "averages", "consistently", "with", "reaches", "hits", "reach", "than", "ist", "liegt", "bleibt", "est", "reste", "es", "está", "é", "fica", "wenn", "falls",
    "si", "se", "всё", "если", "on", "in", "by", "for", "keeps", "staying", "remaining", "page", "healthy", "normal", "ok", "expected", "target", "threshold", "goal", "maintain", "abort", "stop", "immediately", "critical", "warning", "also", "least",
];

/// Words before a colon that say how what follows has to be.
const LEADS: &[&str] = &[
    "healthy",
    "normal",
    "ok",
    "good",
    "expected",
    "target",
    "threshold",
    "alert if",
    "alert when",
    "alert",
];

/// The bounds of a line; of those that only stand in some sentence the ones that are said to be bounds.
pub(super) fn targets(text: &str, line: usize, said: Said) -> Vec<Target> {
    let plain: String = text.chars().filter(|c| !matches!(c, '*' | '`')).collect();
    let plain = plain.trim_start_matches(['-', '#', ' ', '☐', '□', '✅', '✓', '•']).trim();
    let lead = lead(plain);
    if said == Said::Line && lead.is_none() || is_of_people(plain) {
        return vec![];
    }
    let mut found: Vec<Target> = Vec::new();
    let mut from = 0;
    while let Some(amount) = next(plain, from) {
        let ends = amount.ends;
        if let Some(target) = target(plain, (from, &amount), (line, said), lead) {
            found.push(target);
        }
        from = ends;
    }
    found
}

/// The next number that something compares.
fn next(text: &str, from: usize) -> Option<Amount> {
    let mut from = from;
    loop {
        let found = amount(text, from)?;
        if found.op.is_some() {
            return Some(found);
        }
        from = found.ends;
    }
}

/// The word that says how what follows has to be, with the byte behind its colon.
fn lead(text: &str) -> Option<(&'static str, usize)> {
    let lower = text.to_ascii_lowercase();
    LEADS.iter().find_map(|lead| {
        let rest = lower.strip_prefix(lead)?;
        let colon = rest.trim_start().starts_with([':', '=']);
        (colon || lead.contains(' ') && rest.starts_with(' ')).then_some((*lead, lead.len()))
    })
}

fn target(
    text: &str,
    (from, amount): (usize, &Amount),
    (line, said): (usize, Said),
    lead: Option<(&'static str, usize)>,
) -> Option<Target> {
    let before = text.get(from..amount.begins)?;
    let behind = text.get(amount.ends..)?;
    let clause = behind.split([';', '\n', '.']).next().unwrap_or("");
    if is_relative(&format!("{before} {}", until_part(clause))) {
        return None;
    }
    let of_lead = || lead.and_then(|(_, at)| plain_name(text.get(at.max(from)..amount.begins)?));
    // Of several bounds each names its metric; the first may have it in front of its sentence.
    let metric = name_before(before, 1)
        .or_else(|| name_behind(behind))
        .or_else(|| name_before(before, 3).or_else(of_lead).filter(|_| from == 0))?;
    if !fits(&metric, amount) {
        return None;
    }
    let more = more_is_better(&metric);
    let alerts = said == Said::Trigger || lead.is_some_and(|(word, _)| word.starts_with("alert"));
    let mut found = Target { metric, said, line, ..Target::default() };
    let op = amount.op?;
    let warns = Kind::behind(behind) == Some(Kind::Warns);
    match (crossed(amount, more), more) {
        // What is warned of is not acceptable from there on.
        (Some(_), _) if warns => found.acceptable = kept(amount, more),
        // Which side is the good one is known by the metric, else by what the line is for.
        (Some(alert), Some(_)) => found.alert = Some(alert),
        (None, Some(_)) => found.target = Some(threshold(op, amount.until.unwrap_or(amount.value), amount)),
        (Some(alert), None) if alerts => found.alert = Some(alert),
        (_, None) => found.target = Some(threshold(op, amount.value, amount)),
    }
    found.for_s = lasting_s(behind);
    Some(found)
}

/// What a part says, up to the next one.
fn until_part(text: &str) -> &str {
    let end = PARTS.iter().filter_map(|part| text.find(part)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// The metric that stands before a bound, in its own part of the sentence or in one of those before it.
fn name_before(before: &str, parts: usize) -> Option<String> {
    let mut rest = before.trim_end().trim_end_matches([':', '=', '(', '：']).trim_end();
    // "<30 % failure rate, <20 queued": what stands behind the comma has no name in front.
    if parts == 1 && rest.ends_with([',', ';', '，', '、', '.']) {
        return None;
    }
    for _ in 0..parts {
        let begins = PARTS.iter().filter_map(|part| rest.rfind(part).map(|at| (at, at + part.len()))).max();
        let open = rest.rfind('(').filter(|at| !rest.get(*at..).unwrap_or("").contains(')'));
        let begins = begins.max(open.map(|at| (at, at + 1)));
        let part = rest.get(begins.map_or(0, |(_, behind)| behind)..)?;
        if let Some(name) = plain_name(part).filter(|name| is_metric(name)) {
            // "RPC latency: p99 < 800 ms"
            let of = begins.and_then(|(at, _)| plain_name(rest.get(..at)?)).filter(|of| is_metric(of));
            let percentile = !name.contains(' ') && name.starts_with(['p', 'P']);
            return Some(of.filter(|_| percentile).map_or_else(|| name.clone(), |of| format!("{of} {name}")));
        }
        rest = rest.get(..begins?.0)?;
    }
    None
}

/// The metric that stands behind a bound: "more than 1 % of the requests fail".
fn name_behind(behind: &str) -> Option<String> {
    let part = until_part(behind);
    let ends =
        [" for ", " over ", " in ", " within ", "(", ")"].iter().filter_map(|word| part.find(word)).min();
    let part = part.get(..ends.unwrap_or(part.len()))?.trim_end_matches(['.', ';', ',']);
    plain_name(part).filter(|name| is_metric(name))
}

/// A name without the words around it; nothing where that is a sentence.
fn plain_name(text: &str) -> Option<String> {
    let around = |word: &&str| {
        let bare = word.trim_matches([':', ',', '"', '“', '”', '(', '[', ']', '—', '-']).to_lowercase();
        bare.is_empty() || AROUND.contains(&bare.as_str())
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let begins = words.iter().position(|word| !around(word))?;
    let ends = words.iter().rposition(|word| !around(word))?;
    let name = words.get(begins..=ends)?;
    let name: Vec<&str> = name.iter().map(|word| word.trim_matches([':', ',', '"', '“', '”'])).collect();
    let name: Vec<&str> = name.iter().filter(|word| !matches!(**word, "" | "(")).copied().collect();
    (name.len() <= 7).then(|| name.join(" "))
}
