//! What the names of scripts and tasks say they do: `./restore.sh`, `make db-reset`, `npm run remove:staging`.

use super::super::classified::Effect;
use super::form::Said;
use super::given::Given;
use super::paths;

/// Words for what loses data or takes a service away, in several languages. A project's own `stop` is not among them: it
/// is a step of most deployments, and `start` is its way back.
#[rustfmt::skip] // words, many to a line
const VERBS: &[&str] = &[
    "destroy", "delete", "drop", "purge", "wipe", "reset", "restore", "teardown", "flushall", "flushdb", "flush", "uninstall",
    "nuke", "terminate", "truncate", "remove", "rm", "del", "erase", "down", "downgrade", "rollback", "revert", "undo",
    "kill", "shutdown", "halt", "poweroff", "reboot", "revoke", "decommission", "undeploy", "deprovision", "unprovision",
    "unpublish", "drain", "evict", "prune", "dropdb", "rollbacks", "deletes", "expunge", "zap",
    "loeschen", "löschen", "zuruecksetzen", "zurücksetzen", "wiederherstellen", "restaurer", "supprimer", 
    "restaurar", "restaura", "eliminar", "borrar", "apagar", "ripristina", "ripristino", "elimina", "cancella",
    "usun", "przywroc", "cofnij", "geri", "sil", "geriyukle", "удалить", "откат", "восстановить", "сброс", "恢复", "回滚", "删除",
    "还原", "清空", "復元", "削除", "復旧", "삭제", "복원",
];

/// Words beside them that say that it only looks, or that what goes is made again.
#[rustfmt::skip] // words, many to a line
const HARMLESS: &[&str] = &[
    "check", "checks", "verify", "verification", "test", "tests", "testing", "validate", "dry", "dryrun", "plan", "preview",
    "status", "list", "show", "help", "lint", "simulate", "report", "estimate", "count", "spec", "e2e", "cache", "caches", "tmp",
    "temp", "dist", "build", "builds", "assets", "artifacts", "coverage", "docs", "css", "password", "passwords", "images",
    "deps", "modules", "rehearse", "rehearsal", "drill", "demo", "no", "skip", "without", "example", "storybook",
];

/// Programs that run a task by its name.
#[rustfmt::skip] // words, many to a line
const RUNNERS: &[&str] = &[
    "make", "gmake", "just", "task", "go-task", "rake", "mage", "invoke", "inv", "fab", "grunt", "gulp", "nx", "turbo", "lerna",
    "poe", "nox", "tox", "ant", "gradle", "gradlew", "mvn", "mvnw", "sbt", "lein", "mix", "cap", "mina", "dep", "envoy", "earthly",
    "composer", "thor", "doit", "moon", "pants", "bazel", "tusk", "mask", "run", "pixi", "hatch", "pdm", "rye", "cake", "nuke.sh",
];

/// Endings of scripts.
const SCRIPTS: &[&str] = &[
    ".sh", ".bash", ".zsh", ".py", ".rb", ".pl", ".js", ".mjs", ".cjs", ".ts", ".php", ".ps1", ".exs",
    ".jar", ".yml", ".yaml",
];

/// Whether the name of a task or script says that it loses data or stops something.
pub(super) fn destroys(name: &str) -> bool {
    let words = paths::words(name);
    let has = |word: &str| words.iter().any(|w| w == word);
    let pair = |a: &str, b: &str| {
        words.windows(2).any(|w| matches!(w, [first, second] if first == a && second == b))
    };
    let fresh = has("fresh") && words.iter().any(|w| w.starts_with("migrat") || w == "db");
    let data = || ["db", "database", "data", "flyway", "volumes", "schema"].into_iter().any(has);
    let cleans = (has("clean") || has("clear") || has("cleanup")) && data();
    let verb =
        |w: &String| VERBS.contains(&w.as_str()) || VERBS.iter().any(|v| !v.is_ascii() && w.contains(v));
    (words.iter().any(verb) || fresh || cleans || pair("tear", "down") || pair("shut", "down"))
        && !words.iter().any(|w| HARMLESS.contains(&w.as_str()))
}

/// Whether a word behind a program says so: the verb itself, or one with its object, as in `delete_indices` and `db:reset`.
fn is_verb(word: &str) -> bool {
    let words = paths::words(word);
    let ends = |w: Option<&String>| w.is_some_and(|w| VERBS.contains(&w.as_str()));
    let plain = word.chars().all(|c| c.is_alphanumeric() || ":_-".contains(c));
    plain
        && words.len() <= 3
        && (ends(words.first()) || ends(words.last()))
        && destroys(word)
        && (words.len() < 3 || word.contains([':', '_']))
}

/// What a program does that is not in the table: by its own name, by the words behind it, and by its options.
pub(super) fn unknown(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let name = simple.program();
    let name = SCRIPTS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let said = Said::read(simple.args(), "");
    let first: Vec<&str> = said.words().iter().copied().take(3).collect();
    let looks = |word: &&str| HARMLESS.contains(word);
    let words = first.iter().take_while(|word| !looks(word)).any(|word| is_verb(word));
    let sent = || {
        given.feed.is_database_or_statement()
            || simple.args().iter().any(|a| super::sql::begins_to_destroy(a))
    };
    // An init script is its service's manager, as `systemctl` is.
    let init =
        simple.words.first().is_some_and(|w| w.starts_with("/etc/init.d/") || w.starts_with("/etc/rc.d/"));
    let stops = init && said.may_fit("stop|force-stop");
    let said_so = stops || destroys(name) || words;
    let lost = said_so || option_destroys(simple.args()) || none_left(simple.args()) || sent();
    // A manager of services that the project brings along tells how they are by this word.
    let manager = simple.program() == "service" || simple.program().ends_with("ctl");
    if lost && !only_asks(simple.args()) {
        Effect::Destructive
    } else if manager && matches!(simple.args(), [only] if only == "status") {
        Effect::Reads
    } else {
        Effect::Changes
    }
}

/// Whether it is asked what it would do, or how it is called.
fn only_asks(args: &[String]) -> bool {
    let asks = ["--dry-run", "--dryrun", "--dry-run=true", "--check", "--help", "-h", "--what-if", "-WhatIf"];
    args.iter().any(|arg| asks.contains(&arg.as_str()))
}

/// `--destroy`, `--force-reset`, `--accept-data-loss`.
pub(super) fn option_destroys(args: &[String]) -> bool {
    args.iter().filter_map(|a| a.strip_prefix("--")).any(|name| {
        let (name, value) = name.split_once('=').unwrap_or((name, "true"));
        let verb = matches!(
            name,
            "destroy"
                | "delete"
                | "drop"
                | "purge"
                | "wipe"
                | "reset"
                | "restore"
                | "rollback"
                | "revert"
                | "uninstall"
                | "teardown"
                | "terminate"
                | "truncate"
                | "revoke"
                | "down"
                | "undeploy"
                | "stop"
                | "remove"
                | "shutdown"
                | "cluster-reset"
                | "factory-reset"
        ) || name.ends_with("-restore-path");
        let loses = [
            "data-loss",
            "force-reset",
            "delete-data",
            "drop-",
            "wipe-",
            "purge-data",
            "delete-volumes",
            "remove-data",
        ];
        let off =
            matches!(value, "false" | "no" | "0") || name.starts_with("no-") || name.starts_with("skip-");
        !off && (verb || loses.iter().any(|w| name.contains(w)))
    })
}

/// Whether a service is left with nothing that runs: `--replicas=0`, `scale count 0`, `ps:scale web=0`.
pub(super) fn none_left(args: &[String]) -> bool {
    let said = Said::read(args, "");
    said.has("--replicas=0|--desired-count=0|--desired-capacity=0|--num-nodes=0|--node-count=0|--scale=*=0|--max-size=0")
        || said.may_fit(
            "scale *=0, scale * *=0, ps:scale *=0, scale count 0, count 0, scale 0, .. scale 0, .. scale *=0, service scale *=0, \
             .. ps:scale *=0",
        )
}

/// What a task runner does, by the names of its tasks.
pub(super) fn task(given: &Given<'_>) -> Effect {
    let said = Said::read(
        given.simple.args(),
        "-C -f -j --file --makefile --directory -p --project --filter --prefix",
    );
    let name = |w: &&&str| !w.contains('=') && !w.contains('/') || w.contains("://");
    let lost = said.words().iter().filter(name).any(|w| destroys(w.trim_start_matches(':')));
    let lost = lost || none_left(given.simple.args()) || option_destroys(given.simple.args());
    if lost && !only_asks(given.simple.args()) { Effect::Destructive } else { Effect::Changes }
}

/// What a framework's command line does beside what the table knows of it: commands of the project's own by their
/// names, and the statements it is given.
pub(super) fn project(given: &Given<'_>) -> Effect {
    let said = Said::read(given.simple.args(), "");
    let own = said.words().first().is_some_and(|name| destroys(name));
    if own && !only_asks(given.simple.args()) { Effect::Destructive } else { super::clients::loose(given) }
}

/// What a shell does that is given a script to read: what the script's name says.
pub(super) fn fed_script(given: &Given<'_>) -> Effect {
    let named = |file: &String| {
        SCRIPTS.iter().any(|end| file.ends_with(end)) && destroys(file.rsplit('/').next().unwrap_or(file))
    };
    if given.feed.files.iter().any(named) { Effect::Destructive } else { Effect::Changes }
}

/// Commands of package managers that are no scripts of the project.
#[rustfmt::skip] // words, many to a line
const BUILT_IN: &[&str] = &[
    "add", "install", "i", "ci", "remove", "rm", "uninstall", "un", "unlink", "link", "update", "up", "upgrade", "cache", "store",
    "config", "publish", "pack", "init", "create", "login", "logout", "audit", "outdated", "list", "ls", "view", "info", "why", "version",
    "prune", "dedupe", "rebuild", "exec", "dlx", "x", "set", "plugin", "workspaces", "import", "global", "bin", "root", "token", "team",
    "patch", "fetch", "help", "show", "explain", "test", "t", "build", "dist-tag", "access", "owner", "deprecate", "bunx", "pm",
];

/// What a package manager does: it runs scripts of the project, and takes away nothing but packages.
pub(super) fn package_manager(given: &Given<'_>) -> Effect {
    let said = Said::read(given.simple.args(), "--prefix -C --dir --filter --cwd -F -w --workspace");
    if said.may_fit("unpublish, publish --force") {
        return Effect::Destructive;
    }
    let words = said.words();
    let words = if words.first().is_some_and(|w| *w == "workspace") { words.get(2..) } else { Some(words) };
    let words = words.unwrap_or_default();
    let task = match words {
        ["run" | "run-script" | "rum", task, ..] => Some(task),
        ["task", task, ..] if given.simple.program() == "deno" => Some(task),
        [task, ..] if !BUILT_IN.contains(task) && given.simple.program() != "npm" => Some(task),
        _ => None,
    };
    let flags =
        given.simple.args().iter().any(|a| matches!(a.as_str(), "--force-reset" | "--accept-data-loss"));
    if (task.is_some_and(|task| destroys(task)) || flags) && !only_asks(given.simple.args()) {
        return Effect::Destructive;
    }
    let own = if given.simple.program() == "npm" { "view, show, explain, ls, list" } else { "list" };
    let asks = said.must_fit(own) || said.must_fit("outdated, info, why, $ --version, $ -v, audit $ !--fix");
    if asks { Effect::Reads } else { Effect::Changes }
}

/// Whether a program runs tasks by their names.
pub(super) fn is_task_runner(program: &str) -> bool {
    RUNNERS.contains(&program)
}
