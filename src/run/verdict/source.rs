//! What a command's shape proves: whether nothing seen means that nothing is there, whether a listing is complete,
//! which failure is expected.

use super::evidence::{Evidence, Freshness};
use super::text::excerpt;
use crate::run::event::Exit;
use crate::runbook::expect::{Check, Counted, Op};
use crate::shell::classify::{compose_words, unwrapped};
use crate::shell::traps::{Trap, traps};
use crate::shell::{Simple, is_and_list, stages};

/// The stages of the command, without what only wraps them; absent where it is no single pipeline.
pub(super) fn simples(evidence: &Evidence<'_>) -> Option<Vec<Simple>> {
    let found = stages(evidence.text)?;
    Some(found.iter().map(unwrapped).collect())
}

pub(super) fn is_grep(simple: &Simple) -> bool {
    matches!(simple.program(), "grep" | "egrep" | "fgrep" | "rg" | "zgrep")
}

pub(super) fn is_diff(simple: &Simple) -> bool {
    matches!(simple.program(), "diff" | "cmp") || (simple.program() == "git" && simple.has("diff"))
}

/// Whether the command's status is that of all it does, and its output that of one part: pipelines joined by `&&`,
/// behind what only prepares them (`cd app; …`) and complained of nothing.
pub(super) fn is_one(evidence: &Evidence<'_>) -> bool {
    let rest = behind_preparation(evidence.text);
    let complained = || {
        let mut lines = evidence.error.lines().chain(evidence.output.unwrap_or("").lines());
        lines.any(|line| PREPARES.iter().any(|word| line.contains(&format!(": {word}: "))))
    };
    is_and_list(rest) && (rest.len() == evidence.text.len() || !complained())
}

/// What sets up and shows nothing.
const PREPARES: &[&str] = &["cd", "export", "set", "unset"];

/// What follows `cd app;` and the like, in plain words.
fn behind_preparation(text: &str) -> &str {
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once([';', '\n']) {
        let plain = head.chars().all(|c| c.is_alphanumeric() || " /._-=~:$".contains(c));
        let prepares = head.split_whitespace().next().is_some_and(|word| PREPARES.contains(&word));
        if !plain || !prepares || tail.trim().is_empty() {
            break;
        }
        rest = tail.trim_start();
    }
    rest
}

/// Why what was not seen may be there all the same; nothing where its absence is proven.
pub(super) fn absence_unproven(evidence: &Evidence<'_>) -> Option<String> {
    let Some(simples) = simples(evidence) else {
        return Some("more than one command ran, and gonogo can't tell which of them did the work".into());
    };
    if evidence.stages.len() != simples.len() {
        return Some("the exit statuses inside the pipeline are not known".into());
    }
    for (simple, status) in simples.iter().zip(evidence.stages) {
        let none_found = is_grep(simple) && *status == 1;
        if *status != 0 && !none_found {
            return Some(format!(
                "\"{}\" ended with {status}, so empty output proves nothing",
                simple.program()
            ));
        }
    }
    if !evidence.whole {
        return Some("its output is longer than what is kept".into());
    }
    if ["2>/dev/null", "2> /dev/null", "&>/dev/null", "&> /dev/null"]
        .iter()
        .any(|w| evidence.text.contains(w))
    {
        return Some("its errors are thrown away, so empty output proves nothing".into());
    }
    if simples.iter().any(|s| !s.writes.is_empty())
        || evidence.text.contains(">/dev/null")
        || evidence.text.contains("> /dev/null")
    {
        return Some("its output goes somewhere else".into());
    }
    let last_found = simples.last().is_some_and(is_grep) && evidence.stages.last() == Some(&0);
    if last_found && evidence.output.is_some_and(|o| o.trim().is_empty()) {
        return Some("grep found something and did not show it".into());
    }
    if let Some(trap) =
        traps(evidence.text).into_iter().find(|t| matches!(t, Trap::CurlWithoutFail | Trap::SqlWithoutStop))
    {
        return Some(trap.says().into());
    }
    let told: Vec<&str> =
        evidence.error.lines().map(str::trim).filter(|l| !l.is_empty() && !is_meter(l)).collect();
    told.first().map(|line| format!("standard error says: {}", excerpt(line)))
}

/// Progress of curl and times of `time`, which tell nothing.
fn is_meter(line: &str) -> bool {
    line.starts_with("% Total")
        || line.starts_with("Dload")
        || ["real", "user", "sys"].iter().any(|w| line.starts_with(w) && line.ends_with('s'))
        || line.split_whitespace().all(|w| w.chars().all(|c| c.is_ascii_digit() || "-:.kMG".contains(c)))
}

/// Why a listing may not be all there is; nothing where it is complete.
pub(super) fn listing_incomplete(evidence: &Evidence<'_>) -> Option<String> {
    let found = traps(evidence.text);
    if found.contains(&Trap::FiltersAway) {
        return Some(Trap::FiltersAway.says().into());
    }
    let Some(simples) = simples(evidence) else {
        return Some("more than one command ran, and gonogo can't tell which rows belong to which".into());
    };
    if evidence.stages.iter().any(|s| *s != 0) || evidence.stages.len() != simples.len() {
        return Some("a part of the command failed, so rows may be missing".into());
    }
    if !evidence.whole {
        return Some("its output is longer than what is kept".into());
    }
    if simples.iter().skip(1).any(|s| !matches!(s.program(), "cat" | "column" | "sort")) {
        return Some("a filter may have hidden rows".into());
    }
    let first = simples.first()?;
    let lists_all = |s: &Simple| s.has("-a") || s.has("--all") || s.has_short('a');
    match first.program() {
        _ if narrowed(first) => Some("it lists only what is in a certain state".into()),
        "docker" | "podman"
            if (first.has("ps") || first.has("container"))
                && compose_words(first).is_none()
                && !lists_all(first) =>
        {
            Some("docker ps hides containers that have exited; ps --all shows them".into())
        }
        _ if compose_words(first).is_some_and(|w| w.first().is_some_and(|a| a == "ps")) => None,
        "psql" | "mysql" | "mariadb" if evidence.text.to_lowercase().contains(" where ") => {
            Some("it lists only what its query selects".into())
        }
        "docker" | "podman" | "kubectl" | "oc" | "helm" | "psql" | "mysql" | "mariadb" => None,
        _ => Some("this listing may be incomplete".into()),
    }
}

/// Whether options leave out what is in another state: `--filter status=running`, `--deployed`.
fn narrowed(simple: &Simple) -> bool {
    let args = simple.args();
    let state =
        |a: &String| ["status", "health", "phase", "state"].iter().any(|w| a.to_lowercase().contains(w));
    let filters = |a: &String| {
        a == "-f"
            || a.starts_with("--filter")
            || a.starts_with("--field-selector")
            || a.starts_with("--status")
    };
    args.windows(2).any(|w| filters(&w[0]) && (state(&w[1]) || state(&w[0])))
        || args.iter().any(|a| filters(a) && state(a) && a.contains('='))
        || ["--deployed", "--failed", "--running", "--superseded", "--pending"].iter().any(|w| simple.has(w))
}

/// Whether the command lists the services of a compose file: then those have to be among the rows.
pub(super) fn lists_compose(evidence: &Evidence<'_>) -> bool {
    simples(evidence)
        .and_then(|s| {
            s.first().map(|f| compose_words(f).is_some_and(|w| w.first().is_some_and(|a| a == "ps")))
        })
        .unwrap_or(false)
}

/// Whether a pass of this check is what the command's failure says: grep that found none, diff that found
/// differences, a failure that is to be seen.
pub(super) fn expects_failure(check: &Check, evidence: &Evidence<'_>) -> bool {
    if evidence.exit.is_success() {
        return false;
    }
    if matches!(check, Check::Fails { .. }) {
        return true;
    }
    let status = matches!(evidence.exit, Exit::Status(1));
    let Some(last) = simples(evidence).and_then(|s| s.last().cloned()) else { return false };
    let none = match check {
        Check::Empty | Check::Absent { .. } | Check::NoErrors { .. } => true,
        Check::Rows { op: Op::Equal, count: 0, .. } => true,
        Check::Rows { op: Op::AtMost | Op::Less, of: Counted::Hits | Counted::Lines, .. } => true,
        Check::Number { op: Op::Equal, value } => *value == 0.0,
        Check::Is { text, .. } => text == "0",
        _ => false,
    };
    status && ((is_grep(&last) && none) || (is_diff(&last) && !none))
}

/// Whether the command shows what others wrote earlier: a log.
pub(super) fn reads_log(evidence: &Evidence<'_>) -> bool {
    let Some(first) = simples(evidence).and_then(|s| s.first().cloned()) else { return true };
    let has = |w: &str| first.has(w);
    match first.program() {
        "journalctl" | "tail" | "dmesg" | "stern" => true,
        "cat" | "head" | "less" | "grep" | "zcat" | "zgrep" => first.args().iter().any(|a| a.contains("log")),
        "docker" | "podman" | "kubectl" | "oc" | "docker-compose" | "podman-compose" | "heroku" | "fly"
        | "pm2" => has("logs"),
        _ => false,
    }
}

/// Whether a line is young enough to prove something.
pub(super) fn is_fresh(line: &str, fresh: Freshness) -> bool {
    match fresh {
        Freshness::Any | Freshness::Made => true,
        Freshness::Since(since) => {
            timestamp(line).is_some_and(|at| at + chrono::TimeDelta::seconds(1) > since)
        }
    }
}

/// A time with its zone at the beginning of a line (RFC 3339).
fn timestamp(line: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    let words = line.split(|c: char| c.is_whitespace() || "[]\"|".contains(c)).filter(|w| w.len() >= 20);
    words.take(6).find_map(|w| {
        let word = w.trim_matches(|c: char| !c.is_alphanumeric());
        chrono::DateTime::parse_from_rfc3339(&word.replacen(',', ".", 1)).ok().map(|t| t.to_utc())
    })
}
