//! What a `gonogo.toml` beside a runbook asks for. It came with the runbook: whatever it runs, connects to, reads, or
//! says of who acts counts only once somebody has seen it in full and accepted it. What is not listed here as harmless
//! is asked for, so that a new setting is.

use std::collections::BTreeSet;
use std::iter::once;
use std::path::{Component, Path};

use sha2::Digest;
use toml::{Table, Value};

/// Settings of a probe that change how it looks, and not at what.
const TUNING: [&str; 6] = ["on", "title", "every", "timeout", "expect", "measures"];

/// A setting to accept: its name as TOML has it, and its value.
pub(super) type Ask = (String, Value);

/// What counts of a file as it is, and what has to be accepted.
pub(super) fn split(all: &Table) -> (Table, Vec<Ask>) {
    let mut asks = vec![];
    let counts = divide(all, &mut vec![], &reaching(all), &mut asks);
    (counts, asks)
}

/// Names of probes that are told what to reach, in any environment.
fn reaching(all: &Table) -> BTreeSet<&str> {
    let environments = all.get("environments").and_then(Value::as_table);
    let scopes =
        once(all).chain(environments.into_iter().flat_map(Table::values).filter_map(Value::as_table));
    let probes = scopes.filter_map(|scope| scope.get("probes")?.as_table()).flatten();
    let reaches =
        |probe: &Value| probe.as_table().is_none_or(|p| p.keys().any(|k| !TUNING.contains(&k.as_str())));
    probes.filter(|(_, probe)| reaches(probe)).map(|(name, _)| name.as_str()).collect()
}

fn divide<'t>(
    table: &'t Table,
    path: &mut Vec<&'t str>,
    reaching: &BTreeSet<&str>,
    asks: &mut Vec<Ask>,
) -> Table {
    let mut counting = Table::new();
    for (key, value) in table {
        path.push(key);
        match value {
            Value::Table(inner) => {
                let inner = divide(inner, path, reaching, asks);
                if !inner.is_empty() {
                    counting.insert(key.clone(), inner.into());
                }
            }
            leaf if is_harmless(path, leaf, reaching) => drop(counting.insert(key.clone(), leaf.clone())),
            leaf => asks.push((named(path), leaf.clone())),
        }
        path.pop();
    }
    counting
}

/// Whether a setting runs, reaches and reads nothing, and says nothing of who acts.
fn is_harmless(path: &[&str], value: &Value, reaching: &BTreeSet<&str>) -> bool {
    let path = match path {
        ["environments", _, rest @ ..] => rest,
        path => path,
    };
    match path {
        ["probes", name, _] => !reaching.contains(name),
        // A row can't be bound to a probe that is not there yet.
        ["targets", _] => {
            let probe = value.as_str().and_then(|text| text.split_whitespace().next());
            !probe.is_some_and(|probe| reaching.contains(probe))
        }
        // A file is written there: below the project, or where somebody has said so.
        ["record", "dir"] => value.as_str().is_some_and(|path| {
            Path::new(path).components().all(|c| matches!(c, Component::Normal(name) if name != "~"))
        }),
        [
            "ticket" | "theme" | "palette" | "graph" | "wheel" | "title" | "window" | "follow_for"
            | "reach_within" | "production" | "locked",
        ]
        | ["messages", "bell" | "on"]
        | ["keys" | "parameters" | "reading" | "check", ..] => true,
        _ => false,
    }
}

/// A name as TOML writes it: `probes."http.1".url`.
pub(super) fn named(path: &[&str]) -> String {
    let bare = |key: &str| {
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let key = |key: &&str| if bare(key) { (*key).to_owned() } else { format!("{key:?}") };
    path.iter().map(key).collect::<Vec<_>>().join(".")
}

/// A setting as it is shown: its name, and its value with where that comes from. Nothing in it is invisible.
pub(super) fn shown((name, value): &Ask) -> (String, String) {
    let plain = |c: char| matches!(c, '"' | '\'' | '\\') || c.escape_debug().len() == 1;
    let text = match value.as_str() {
        Some(text) if text.chars().all(plain) => text.to_owned(),
        Some(text) => format!("{text:?}"),
        None => value.to_string(),
    };
    let variable = value.as_str().is_some_and(|v| v.starts_with('$')) && name.contains(".headers.");
    let origin = if variable {
        " (sends this variable of your environment, or this parameter)"
    } else if name.ends_with("_env") {
        " (reads this variable of your environment)"
    } else if name.ends_with("password_file") {
        " (reads the first line of this file)"
    } else {
        ""
    };
    (name.clone(), text + origin)
}

/// What is accepted: these settings in a file of this directory, and nowhere else. SHA-256, in hexadecimal.
pub(super) fn digest(directory: &Path, asks: &[Ask]) -> String {
    let directory = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    let mut hash = sha2::Sha256::new();
    hash.update(directory.as_os_str().as_encoded_bytes());
    for (name, value) in asks {
        hash.update(format!("\0{name}\0{value}"));
    }
    hash.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        let (_, asks) = split(&text.parse().unwrap());
        asks.iter().map(shown).map(|(name, value)| format!("{name}: {value}")).collect()
    }

    #[test]
    fn all_that_runs_reaches_reads_or_says_who_acts_is_asked_for_in_full() {
        let text = r#"
            operator = "boss"
            [probes.x]
            url = "http://elsewhere/"
            every = "1s"
            headers = { X-Key = "$ANY_ENV" }
            [probes.db]
            postgres = "postgres://u@elsewhere/d"
            password_env = "ANY"
            [environments.Production.probes.docker]
            engine = "tcp://elsewhere:2375"
            [messages]
            webhook_env = "HOOK"
            [sign]
            reviewers = ["eve"]
            allowed_signers = "keys"
        "#;
        let wanted = [
            "environments.Production.probes.docker.engine: tcp://elsewhere:2375",
            "messages.webhook_env: HOOK (reads this variable of your environment)",
            "operator: boss",
            "probes.db.password_env: ANY (reads this variable of your environment)",
            "probes.db.postgres: postgres://u@elsewhere/d",
            "probes.x.every: 1s",
            "probes.x.headers.X-Key: $ANY_ENV (sends this variable of your environment, or this parameter)",
            "probes.x.url: http://elsewhere/",
            "sign.allowed_signers: keys",
            "sign.reviewers: [\"eve\"]",
        ];
        let mut found = asked(text);
        found.sort();
        assert_eq!(found, wanted);
    }

    #[test]
    fn every_setting_of_the_example_is_harmless_or_asked_for() {
        let example: Vec<&str> =
            super::super::EXAMPLE.lines().map(|l| l.strip_prefix("#: ").unwrap_or(l)).collect();
        let all: Table = example.join("\n").parse().unwrap();
        let (counts, asks) = split(&all);
        let top: Vec<&str> = counts.keys().map(String::as_str).collect();
        for asked in ["operator", "state_dir", "hooks", "sign"] {
            assert!(!top.contains(&asked), "{top:?}");
        }
        for probe in ["search", "orders", "backlog", "docker"] {
            assert!(counts["probes"].get(probe).is_none(), "{probe}");
            assert!(asks.iter().any(|(name, _)| name.starts_with(&format!("probes.{probe}."))), "{probe}");
        }
        assert!(counts["probes"].get("http.1").is_some(), "how often it looks is harmless");
        assert!(counts.get("targets").is_none(), "a row of a probe that is not there yet");
    }

    #[test]
    fn logs_are_kept_below_the_project_unless_somebody_accepts_another_place() {
        let asked = |dir: &str| asked(&format!("[record]\ndir = {dir:?}")).len();
        assert_eq!(["ops/nights", "logs"].map(asked), [0, 0]);
        assert_eq!(["/etc", "../other", "~/.ssh", "a/../../b"].map(asked), [1; 4]);
    }

    #[test]
    fn what_is_invisible_is_written_out() {
        assert_eq!(
            asked("[hooks]\nbefore_start = \"a\\u001b[2K\\u202eb\""),
            ["hooks.before_start: \"a\\u{1b}[2K\\u{202e}b\""]
        );
        assert_eq!(asked("[probes.\"a.b\\n\"]\nurl = 'sh -c \"x\"'"), ["probes.\"a.b\\n\".url: sh -c \"x\""]);
    }

    #[test]
    fn accepted_is_a_place_and_a_content() {
        let of = |directory: &str, text: &str| digest(Path::new(directory), &split(&text.parse().unwrap()).1);
        let hook = "[hooks]\nbefore_start = \"./ops/ok\"";
        assert_ne!(
            of("/nowhere/a", hook),
            of("/nowhere/b", hook),
            "the same text, another directory's program"
        );
        assert_ne!(of("/nowhere/a", hook), of("/nowhere/a", "[hooks]\nbefore_gate = \"./ops/ok\""));
        let header = |h: &str| format!("[probes.x]\nurl = \"http://e/\"\nheaders = {{ X = \"{h}\" }}");
        assert_ne!(of("/nowhere/a", &header("$A")), of("/nowhere/a", &header("$B")));
        // What needs no acceptance asks for none when it changes.
        assert_eq!(of("/nowhere/a", hook), of("/nowhere/a", &format!("ticket = \"CHG-1\"\n{hook}")));
    }
}
