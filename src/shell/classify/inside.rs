//! Commands inside of commands: what `ssh host "…"`, `sh -c`, `docker exec`, `find -exec` run.

use super::super::around::Around;
use super::super::parse::{Parsed, Simple, parse_within};
use super::elsewhere::{compose_words, container_command, ssh_remote_words};
use super::options::Options;
use super::wrappers::unwrapped;

/// Deeper wrappings are not looked through; what is in them counts as unknown.
const DEEPEST: usize = 4;

/// The simple commands that a command runs inside of it, those inside of them included.
pub(crate) fn inside(simple: &Simple) -> Vec<Simple> {
    let mut found = Vec::new();
    collect(simple, 0, &mut found);
    found
}

fn collect(simple: &Simple, depth: usize, found: &mut Vec<Simple>) {
    if depth >= DEEPEST {
        return;
    }
    let simple = &unwrapped(simple);
    for inner in direct(simple).into_iter().flat_map(|p| p.simples) {
        collect(&inner, depth + 1, found);
        found.push(inner);
    }
}

/// What a command runs inside of it, each with what stands around it; what programs carry elsewhere included.
pub(super) fn nested(simple: &Simple) -> Vec<Parsed> {
    let simple = &unwrapped(simple);
    let found = direct(simple);
    if !found.is_empty() {
        return found;
    }
    let inner = carried(&simple.words).filter(|words| !words.is_empty());
    inner.map_or(vec![], |words| vec![only(simple, words)])
}

/// One command in another.
fn only(simple: &Simple, words: &[String]) -> Parsed {
    let around = simple.around.and(Around::NESTED);
    let inner = Simple { words: words.to_vec(), around, ..simple.clone() };
    Parsed { simples: vec![inner], ..Parsed::default() }
}

fn direct(simple: &Simple) -> Vec<Parsed> {
    let args = simple.args();
    let around = simple.around.and(Around::NESTED);
    let script = |text: &str| parse_within(text, around).map_or(vec![], |parsed| vec![parsed]);
    if let Some(text) =
        simple.here_text.as_ref().filter(|_| matches!(simple.program(), "ssh" | "sh" | "bash" | "zsh"))
    {
        return parse_within(text, around.and(Around::FED)).map_or(vec![], |parsed| vec![parsed]);
    }
    let behind = |flags: &[&str]| {
        let at = args.iter().position(|a| flags.contains(&a.as_str()));
        at.and_then(|at| args.get(at + 1)).map_or(vec![], |text| script(text))
    };
    match simple.program() {
        "fly" | "flyctl" | "heroku" | "gcloud" => {
            let attached = args.iter().find_map(|a| a.strip_prefix("--command="));
            attached.map_or_else(|| behind(&["-C", "--command"]), script)
        }
        "vagrant" | "eb" | "cf" | "sg" | "script" => behind(&["-c", "--command"]),
        "sh" | "bash" | "zsh" | "dash" | "ash" => {
            let flag =
                args.iter().position(|a| a.starts_with('-') && !a.starts_with("--") && a.ends_with('c'));
            flag.and_then(|at| args.get(at + 1)).map_or(vec![], |text| script(text))
        }
        "su" | "runuser" => behind(&["-c", "--command", "--session-command"]),
        "eval" => script(&args.join(" ")),
        "ssh" | "autossh" => ssh_remote_words(simple)
            .filter(|words| !words.is_empty())
            .map_or(vec![], |words| script(&words.join(" "))),
        "find" => args
            .iter()
            .position(|a| ["-exec", "-execdir", "-ok", "-okdir"].contains(&a.as_str()))
            .map_or(vec![], |at| {
                let words = args[at + 1..].iter().take_while(|w| *w != ";" && *w != "+" && *w != "\\;");
                let words: Vec<String> = words.cloned().collect();
                vec![only(&Simple { around: simple.around, ..Simple::default() }, &words)]
            }),
        "npx" | "pnpx" | "bunx" => {
            let words: Vec<String> = args.iter().skip_while(|a| a.starts_with('-')).cloned().collect();
            vec![only(simple, &words)]
        }
        _ => container(simple).into_iter().collect(),
    }
}

/// The command in `docker exec`, `compose exec`, `compose run`, `kubectl exec`: it reads what the outer one is given.
fn container(simple: &Simple) -> Option<Parsed> {
    let runs =
        matches!(simple.program(), "docker" | "podman" | "kubectl" | "oc") || compose_words(simple).is_some();
    if !runs {
        return None;
    }
    let words = container_command(simple)?;
    (!words.is_empty()).then(|| only(simple, words))
}

/// Programs that run the words behind their options and so many names, with the options that take a value.
#[rustfmt::skip] // a table
const CARRIERS: &[(&str, &str, &[&str], usize)] = &[
    ("chroot", "", &[], 1),
    ("unshare", "RSGw", &["root", "wd", "setuid", "setgid", "map-user", "map-group", "map-users", "map-groups"], 0),
    ("nsenter", "tSG", &["target", "setuid", "setgid"], 0),
    ("pkexec", "u", &["user"], 0), ("run0", "uDg", &["user", "chdir", "group"], 0), ("gosu", "", &[], 1), ("su-exec", "", &[], 1), ("setuidgid", "", &[], 1), ("fakeroot", "ils", &[], 0),
    ("setpriv", "", &["reuid", "regid", "groups"], 0), ("chpst", "ueU", &[], 0), ("firejail", "", &[], 0),
    ("systemd-run", "upHME", &["unit", "property", "description", "slice", "uid", "gid", "machine", "setenv"], 0),
    ("sshpass", "pfd", &[], 0), ("ssh-agent", "at", &[], 0), ("dbus-run-session", "", &[], 0),
    ("lxc-attach", "nPs", &["name"], 0), ("arch-chroot", "u", &[], 1), ("proot", "rbw", &[], 0),
    ("systemd-nspawn", "DMui", &["directory", "machine", "user", "bind", "image"], 0),
    ("aws-vault", "d", &["duration"], 2), ("flock", "wE", &["timeout", "conflict-exit-code"], 1),
    ("setarch", "", &[], 1), ("chrt", "", &[], 1), ("taskset", "", &[], 1), ("unbuffer", "", &[], 0),
];

/// Options of `docker run` that take a value.
#[rustfmt::skip] // words, many to a line
const RUN_NAMES: &[&str] = &[
    "name", "env", "env-file", "volume", "network", "net", "user", "workdir", "entrypoint", "publish", "label",
    "mount", "restart", "memory", "cpus", "hostname", "platform", "add-host", "log-driver", "log-opt", "ulimit",
    "security-opt", "cap-add", "cap-drop", "device", "gpus", "ip", "link", "pid", "ipc", "shm-size", "tmpfs",
    "volumes-from", "dns", "pull", "stop-signal", "stop-timeout", "expose", "cidfile", "userns", "runtime",
    "index", "detach-keys", "container", "namespace",
];

/// The words of the command that a program runs elsewhere: in another root, container, user or namespace. None where
/// it is no such program; empty where it is given none.
pub(super) fn carried(words: &[String]) -> Option<&[String]> {
    let (first, args) = words.split_first()?;
    let program = first.rsplit('/').next().unwrap_or(first);
    if let Some((_, letters, names, skipped)) = CARRIERS.iter().find(|(name, ..)| *name == program) {
        let rest = Options::read(args, letters, names).rest;
        return Some(behind_dashes(rest.get(*skipped..).unwrap_or_default()));
    }
    match program {
        "lxc" | "incus" => behind_name(args, "exec", "n", &["env", "user", "group", "cwd", "mode"]),
        "multipass" => behind_name(args, "exec", "d", &["working-directory"]),
        "machinectl" => behind_name(args, "shell", "EM", &["setenv", "uid", "machine"]),
        "toolbox" | "distrobox" => {
            let at = args.iter().position(|a| a == "--")?;
            args.get(at + 1..)
        }
        "oc" if args.iter().any(|a| a == "rsh") => behind_name(args, "rsh", "cn", &["container", "shell"]),
        "kubectl" | "oc" => {
            ["exec", "run", "debug"].iter().find(|verb| args.iter().any(|a| a == *verb))?;
            let at = args.iter().position(|a| a == "--").map_or(args.len(), |at| at + 1);
            match args.get(at..) {
                Some([]) | None if args.iter().any(|a| a == "exec") => {
                    behind_name(args, "exec", "cn", &["container", "namespace"])
                }
                found => found,
            }
        }
        "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose" => {
            let verb = args.iter().find(|a| *a == "exec" || *a == "run")?;
            behind_name(args, verb, "acehlmpuvw", RUN_NAMES)
        }
        _ => None,
    }
}

/// The words behind `verb`, its options and one name.
fn behind_name<'w>(args: &'w [String], verb: &str, letters: &str, names: &[&str]) -> Option<&'w [String]> {
    let at = args.iter().position(|a| a == verb)?;
    let rest = Options::read(&args[at + 1..], letters, names).rest;
    let rest = rest.get(1..).unwrap_or_default();
    // Options may stand behind the name as well, where a `--` ends them.
    let dashes = rest.iter().position(|a| a == "--").filter(|_| rest[0].starts_with('-'));
    Some(dashes.map_or_else(|| behind_dashes(rest), |at| &rest[at + 1..]))
}

fn behind_dashes(words: &[String]) -> &[String] {
    match words.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => words,
    }
}

/// Whether a container command is given a terminal: `-it`, or compose, which does by itself.
pub(super) fn takes_terminal(simple: &Simple) -> bool {
    if compose_words(simple).is_some() {
        return !simple.has("-T");
    }
    let own = own_words(simple);
    own.has_short('t') || own.has("--tty")
}

/// A container's command without what it runs inside, whose options are not its own.
pub(super) fn own_words(simple: &Simple) -> Simple {
    let inner = carried(&simple.words).map_or(0, <[String]>::len);
    let words = simple.words.get(..simple.words.len() - inner).unwrap_or_default().to_vec();
    Simple { words, ..simple.clone() }
}

/// The words behind the options of a container's `exec`, of which these letters take a value.
pub(in crate::shell) fn options_of<'w>(words: &'w [String], letters: &str) -> &'w [String] {
    Options::read(words, letters, RUN_NAMES).rest
}
