//! What words of a command name: services, tables, objects, what a program is given.

use std::collections::BTreeSet;

use super::super::classify::compose_words;
use super::super::needs::makes_backup;
use super::super::parse::Simple;
use super::thing::{Tables, Thing};

/// The tables that statements name.
pub(super) fn tables(sql: &str) -> Tables {
    let words: Vec<String> = sql
        .split(|c: char| c.is_whitespace() || "(),;\"'`".contains(c))
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let whole = |pair: &[String]| {
        matches!(pair[0].as_str(), "drop" | "create") && matches!(pair[1].as_str(), "database" | "schema")
    };
    if words.windows(2).any(whole) {
        return Tables::All;
    }
    let leads = ["table", "into", "from", "update", "join", "truncate", "on"];
    let between = ["if", "not", "exists", "only", "table"];
    let mut found = BTreeSet::new();
    for (at, _) in words.iter().enumerate().filter(|(_, w)| leads.contains(&w.as_str())) {
        let name = words.iter().skip(at + 1).find(|w| !between.contains(&w.as_str()));
        found.extend(name.map(|n| n.rsplit('.').next().unwrap_or(n).to_owned()));
    }
    if found.is_empty() { Tables::Unsaid } else { Tables::These(found) }
}

/// The services that a command starts or stops: none of them where it says no name; nothing where it is no such command.
pub(super) fn serves(simple: &Simple, plain: &[String]) -> Option<Vec<String>> {
    #[rustfmt::skip] // words, many to a line
    const ACTS: &[&str] = &[
        "start", "stop", "restart", "reload", "up", "down", "kill", "rm", "pause", "unpause", "scale", "update",
        "rollback", "enable", "disable", "force-restart", "delete",
    ];
    let acts = |word: &str| ACTS.contains(&word);
    let found = served(simple, plain, &acts)?;
    // All of them, or those that show only when it runs.
    Some(if found.iter().any(|n| n == "all" || n.contains(['$', '`', '*'])) { vec![] } else { found })
}

fn served(simple: &Simple, plain: &[String], acts: &dyn Fn(&str) -> bool) -> Option<Vec<String>> {
    let bare =
        |name: &String| name.split(['=', ':']).next().unwrap_or(name).trim_end_matches(".service").to_owned();
    if let Some(words) = compose_words(simple) {
        let words = operands(words);
        let (verb, names) = words.split_first()?;
        return acts(verb).then(|| names.iter().map(bare).collect());
    }
    match (simple.program(), plain) {
        ("docker" | "podman" | "nerdctl", [run, ..]) if run == "run" || run == "create" => {
            Some(option(simple.args(), &["--name"]).into_iter().collect())
        }
        ("docker" | "podman" | "nerdctl", [of, verb, names @ ..])
            if matches!(of.as_str(), "service" | "container" | "stack")
                && (acts(verb) || verb == "deploy") =>
        {
            Some(names.iter().map(bare).collect())
        }
        ("docker" | "podman" | "nerdctl" | "systemctl" | "supervisorctl" | "pm2", [verb, names @ ..])
            if acts(verb) =>
        {
            Some(names.iter().map(bare).collect())
        }
        ("kill" | "pkill" | "killall", _) => Some(vec![]),
        // `service web stop`, `./ops/ctl web start`, `rc-service web restart`; whatever it is, it says so itself.
        (_, words) if words.iter().any(|w| ["start", "stop", "restart", "reload"].contains(&w.as_str())) => {
            let named: Vec<String> = words.iter().filter(|w| !acts(w)).map(bare).collect();
            let own = simple.words.first().is_some_and(|w| w.contains("init.d/"));
            Some(if named.is_empty() && own { vec![simple.program().to_owned()] } else { named })
        }
        _ => None,
    }
}

/// What a program that nothing else is known of is given.
pub(super) fn named(simple: &Simple) -> Thing {
    let values = simple.args().iter().filter_map(|a| a.strip_prefix("--").and_then(|a| a.split_once('=')));
    let values = values.map(|(_, value)| value.to_owned());
    let mut words = operands(simple.args());
    if ["aws", "gcloud", "az", "doctl", "oci"].contains(&simple.program()) {
        // Which of a cloud's services it is, and what that is asked to do.
        let asked = words.iter().take(4).position(|w| is_verb(w)).map_or(1, |at| at + 1);
        words.drain(..asked.min(words.len()));
    }
    let words = words.into_iter().filter(|w| !is_verb(w));
    // Numbers and versions are what it is set to.
    let names =
        words.chain(values).filter(|w| !w.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit()));
    Thing::Named(simple.program().to_owned(), names.collect())
}

/// Words that say what is done, not to what.
pub(super) fn is_verb(word: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const VERBS: &[&str] = &[
        "deploy", "release", "releases", "rollback", "roll", "promote", "demote", "update", "upgrade", "downgrade", "apply", "set", "get", "create",
        "delete", "remove", "add", "put", "restart", "start", "stop", "up", "down", "run", "push", "pull", "enable", "disable", "install", "uninstall",
        "rollout", "undo", "image", "scale", "patch", "replace", "edit", "annotate", "label", "cordon", "uncordon", "drain", "env", "resources", "destroy",
        "restore", "import", "export", "migrate", "switch", "use", "activate", "deactivate", "publish", "unpublish", "revert", "reset", "configure", "config",
        "sync", "cp", "mv", "rm", "service", "services", "traffic", "versions", "version", "del", "flushall", "on", "off", "true", "false", "test", "check", "autoscale", "expose",
    ];
    let first = word.split(['-', ':', '.']).next().unwrap_or(word).to_lowercase();
    VERBS.contains(&first.as_str())
}

/// Kinds of objects of a cluster.
pub(super) fn is_kind(word: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const KINDS: &[&str] = &[
        "deployment", "deployments", "deploy", "service", "svc", "statefulset", "sts", "daemonset", "ds", "pod",
        "pods", "job", "cronjob", "configmap", "cm", "secret", "ingress", "namespace", "namespaces", "ns", "node",
        "nodes", "pvc", "pv", "hpa", "all",
    ];
    KINDS.contains(&word)
}

/// Whether a command leaves nothing behind that has to be taken back.
pub(super) fn prepares(simple: &Simple) -> bool {
    #[rustfmt::skip] // words, many to a line
    const PROGRAMS: &[&str] = &[
        "", "export", "declare", "local", "set", "source", ".", "mkdir", "umask", "alias", "ulimit", "trap", "unset", "read", "echo", "printf",
        "sleep", "wait", "test", "[", "[[", "true", "false", "exit", "shopt", "sync", "cat", "grep", "gzip", "zstd", "xz", "date", "{",
    ];
    let first = operands(simple.args()).into_iter().next().unwrap_or_default();
    let fetches = matches!(
        (simple.program(), first.as_str()),
        ("docker" | "podman" | "nerdctl", "pull" | "build" | "login" | "commit" | "save" | "tag")
            | ("npm" | "yarn" | "pnpm", "run")
    );
    let downloads = matches!(simple.program(), "curl" | "wget")
        && (simple.has_short('o') || simple.has_short('O') || simple.program() == "wget");
    PROGRAMS.contains(&simple.program()) || makes_backup(simple) || fetches || downloads
}

/// The value of an option, apart or behind an equals sign.
pub(super) fn option(args: &[String], names: &[&str]) -> Option<String> {
    args.iter().enumerate().find_map(|(at, arg)| match arg.split_once('=') {
        Some((name, value)) if names.contains(&name) => Some(value.to_owned()),
        _ if names.contains(&arg.as_str()) => args.get(at + 1).cloned(),
        _ => None,
    })
}

/// The words that are no options.
pub(super) fn operands(args: &[String]) -> Vec<String> {
    args.iter().filter(|a| !a.starts_with('-')).cloned().collect()
}

/// The same without the values of these options.
pub(super) fn operands_but(args: &[String], valued: &[&str]) -> Vec<String> {
    let mut found = vec![];
    let mut words = args.iter();
    while let Some(word) = words.next() {
        if valued.contains(&word.as_str()) {
            words.next();
        } else if !word.starts_with('-') {
            found.push(word.clone());
        }
    }
    found
}
