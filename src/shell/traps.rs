//! What makes an exit status say less than it seems to.

use super::classify::{compose_words, inside, unwrapped};
use super::parse::{Simple, parse, stages};

/// One reason not to believe an exit status of 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each variant's words are in `Trap::says`")]
pub enum Trap {
    CurlWithoutFail,
    SqlWithoutStop,
    EarlierStage,
    Tee,
    OnlyStarts,
    FiltersAway,
    HidesExited,
}

impl Trap {
    /// What the trap is, as words beside a verdict.
    pub fn says(self) -> &'static str {
        match self {
            Trap::CurlWithoutFail => "curl exits 0 for an HTTP error too",
            Trap::SqlWithoutStop => "psql exits 0 after SQL errors here",
            Trap::EarlierStage => "a pipeline's status is its last part's; an earlier part may have failed",
            Trap::Tee => "tee exits 0 whatever came before it",
            Trap::OnlyStarts => "it exits 0 when the start was requested, not when the service is up",
            Trap::FiltersAway => "the filter hides the rows that would show a failure",
            Trap::HidesExited => "compose v2 hides services that have exited; ps --all shows them",
        }
    }

    /// Whether it makes an exit status of 0 prove nothing.
    pub fn hides_failure(self) -> bool {
        matches!(self, Trap::CurlWithoutFail | Trap::SqlWithoutStop | Trap::Tee | Trap::OnlyStarts)
    }
}

/// The traps of a command, each once.
pub fn traps(text: &str) -> Vec<Trap> {
    let Some(parsed) = parse(text) else { return vec![] };
    let mut found = Vec::new();
    for simple in parsed.simples.iter().map(unwrapped) {
        found.extend(of_simple(&simple));
        found.extend(inside(&simple).iter().filter_map(of_simple).filter(|t| *t != Trap::HidesExited));
    }
    if parsed.background {
        found.push(Trap::OnlyStarts);
    }
    if let Some(stages) = stages(text) {
        let stages: Vec<Simple> = stages.iter().map(unwrapped).collect();
        if stages.len() > 1 {
            found.push(Trap::EarlierStage);
        }
        if filters_away(&stages) {
            found.push(Trap::FiltersAway);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn of_simple(simple: &Simple) -> Option<Trap> {
    let has = |word: &str| simple.has(word);
    match simple.program() {
        "curl" if !curl_fails(simple) => Some(Trap::CurlWithoutFail),
        "psql" if reads_sql(simple) && !stops_on_error(simple) => Some(Trap::SqlWithoutStop),
        "tee" => Some(Trap::Tee),
        "systemctl" if has("start") || has("restart") || has("reload") => Some(Trap::OnlyStarts),
        "kubectl" | "oc" if has("apply") || has("create") || has("set") || has("restart") || has("scale") => {
            Some(Trap::OnlyStarts)
        }
        "helm" if (has("upgrade") || has("install")) && !has("--wait") && !has("--atomic") => {
            Some(Trap::OnlyStarts)
        }
        "docker" | "podman"
            if compose_words(simple).is_none()
                && ((has("run") && (simple.has_short('d') || has("--detach")))
                    || has("start")
                    || has("restart")) =>
        {
            Some(Trap::OnlyStarts)
        }
        "nohup" => Some(Trap::OnlyStarts),
        _ => match compose_words(simple) {
            Some(words) if words.first().is_some_and(|w| w == "up" || w == "start" || w == "restart") => {
                (!words.iter().any(|w| w == "--wait")).then_some(Trap::OnlyStarts)
            }
            Some(words)
                if words.first().is_some_and(|w| w == "ps")
                    && !words.iter().any(|w| w == "-a" || w == "--all") =>
            {
                Some(Trap::HidesExited)
            }
            _ => None,
        },
    }
}

/// Whether curl exits with an error for an HTTP error.
pub fn curl_fails(simple: &Simple) -> bool {
    // In a cluster of letters, what follows one that takes a value is its value: `-ofile`.
    const TAKE_VALUE: &str = "AbcCdDeEFhHKmoPQrtTuUvwxXyYz";
    let cluster = |a: &String| {
        a.starts_with('-')
            && !a.starts_with("--")
            && a.chars().skip(1).take_while(|c| !TAKE_VALUE.contains(*c) || *c == 'v').any(|c| c == 'f')
    };
    simple.has("--fail") || simple.has("--fail-with-body") || simple.args().iter().any(cluster)
}

/// `-v ON_ERROR_STOP=1`, in one of its spellings.
fn stops_on_error(simple: &Simple) -> bool {
    simple.args().iter().any(|a| {
        a.split_once("ON_ERROR_STOP").is_some_and(|(_, value)| {
            !matches!(value.trim_start_matches('=').to_lowercase().as_str(), "0" | "off" | "false" | "no")
        })
    })
}

/// Whether psql reads statements from a file or standard input: those go on after an error.
pub fn reads_sql(simple: &Simple) -> bool {
    simple.input.is_some()
        || simple.piped_into
        || simple.args().iter().any(|a| {
            a == "-f"
                || a.starts_with("--file")
                || (a.starts_with("-f") && a.len() > 2 && !a.starts_with("--"))
        })
}

/// A listing that only keeps rows that look well.
fn filters_away(stages: &[Simple]) -> bool {
    let listing = |s: &Simple| {
        compose_words(s).is_some_and(|w| w.first().is_some_and(|a| a == "ps"))
            || (s.program() == "docker" && (s.has("ps") || s.has("container")))
            || (s.program() == "kubectl" && s.has("get"))
            || (s.program() == "ps")
            || (s.program() == "systemctl")
    };
    let keeps_well = |s: &Simple| {
        matches!(s.program(), "grep" | "egrep" | "rg")
            && !s.has_short('v')
            && s.args().iter().any(|a| {
                let lower = a.to_lowercase();
                let words = lower.split(|c: char| !c.is_alphanumeric());
                words.into_iter().any(|w| ["healthy", "up", "running", "ready", "active"].contains(&w))
            })
    };
    stages.first().is_some_and(listing) && stages.iter().skip(1).any(keeps_well)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traps_of_well_known_commands() {
        for (text, trap) in [
            ("curl http://h/health", Trap::CurlWithoutFail),
            ("psql -d d -f m.sql", Trap::SqlWithoutStop),
            ("psql -d d < dump.sql", Trap::SqlWithoutStop),
            ("cat a.sql | psql d", Trap::SqlWithoutStop),
            ("make | tee log", Trap::Tee),
            ("docker-compose up -d api", Trap::OnlyStarts),
            ("docker compose ps", Trap::HidesExited),
            ("docker-compose ps | grep -E \"healthy|Up\"", Trap::FiltersAway),
            ("sudo systemctl restart api", Trap::OnlyStarts),
        ] {
            assert!(traps(text).contains(&trap), "{text}: {:?}", traps(text));
        }
        for text in
            ["curl -fsS http://h", "psql -v ON_ERROR_STOP=1 -f m.sql", "psql -c 'select 1'", "git log"]
        {
            assert!(traps(text).is_empty(), "{text}: {:?}", traps(text));
        }
    }

    #[test]
    fn only_one_pipeline_of_simple_commands_has_stages() {
        let count = |text: &str| stages(text).map(|s| s.len());
        assert_eq!(count("a | b | c"), Some(3));
        assert_eq!(count("time curl http://h"), Some(1));
        for text in
            ["a && b", "a; b", "a &", "for x in 1; do a; done", "a | while read x; do b; done", "! a | b"]
        {
            assert_eq!(count(text), None, "{text}");
        }
    }
}
