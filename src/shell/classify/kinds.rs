//! How a command is run, from its programs.

use super::super::around::Around;
use super::super::parse::{Parsed, Simple};
use super::{Kind, compose_words, unwrapped};

const PAGERS: &[&str] = &["less", "more", "most", "man"];
const EDITORS: &[&str] = &[
    "nano", "vi", "vim", "nvim", "emacs", "pico", "visudo", "vimdiff", "mc", "passwd", "sudoedit", "vipw",
    "vigr", "dialog", "whiptail", "fzf", "select",
];
const SHELLS: &[&str] = &["bash", "sh", "zsh", "ash", "dash", "fish"];
const SCREEN_WATCHERS: &[&str] =
    &["watch", "top", "htop", "btop", "atop", "iotop", "ctop", "k9s", "lazydocker"];

/// The kind of a parsed command.
pub(super) fn kind(parsed: &Parsed) -> Kind {
    if parsed.only_defines {
        return Kind::Run;
    }
    let simples: Vec<Simple> = parsed.simples.iter().map(wrapped_only_sudo).collect();
    if let [only] = simples.as_slice()
        && changes_place(only)
    {
        return Kind::Place;
    }
    if parsed.background {
        return Kind::Run;
    }
    if parsed.endless || simples.iter().any(follows) {
        return Kind::Follow;
    }
    if simples.iter().any(interactive) {
        return Kind::Interactive;
    }
    Kind::Run
}

/// `sudo -i` is a place itself, so that only other wrappings are looked through.
fn wrapped_only_sudo(simple: &Simple) -> Simple {
    let opens_shell = simple.program() == "sudo" && simple.args().iter().all(|a| a.starts_with('-'));
    if opens_shell { simple.clone() } else { unwrapped(simple) }
}

fn changes_place(simple: &Simple) -> bool {
    if !simple.reads_terminal() || simple.around.is(Around::DETACHED) {
        return false;
    }
    match simple.program() {
        "exit" | "logout" => simple.args().is_empty(),
        "ssh" => ssh_remote_words(simple).is_some_and(<[String]>::is_empty),
        "sudo" => simple.args().iter().any(|a| ["-i", "-s", "--login", "--shell"].contains(&a.as_str())),
        "su" => !simple.has("-c"),
        "mosh" => true,
        "docker" | "podman" | "kubectl" | "docker-compose" | "podman-compose" | "oc" => {
            container_command(simple).is_some_and(|words| {
                words.first().is_some_and(|w| SHELLS.contains(&w.rsplit('/').next().unwrap_or(w)))
                    && words[1..].iter().all(|a| a.starts_with('-') && !a.contains('c'))
            }) && takes_terminal(simple)
        }
        _ => false,
    }
}

/// Options of `ssh` that take a value (ssh(1)).
pub(crate) const SSH_WITH_VALUE: &str = "BbcDEeFIiJLlmOopQRSWw";

/// The words after the host of an `ssh` command; `None` where there is no host.
pub(crate) fn ssh_remote_words(simple: &Simple) -> Option<&[String]> {
    const WITH_VALUE: &str = SSH_WITH_VALUE;
    let args = simple.args();
    let mut at = 0;
    while at < args.len() && args[at].starts_with('-') {
        if args[at].contains('N') || args[at] == "-V" || args[at] == "-G" {
            return None;
        }
        let letter = args[at].chars().nth(1).unwrap_or(' ');
        at += if args[at].len() == 2 && WITH_VALUE.contains(letter) { 2 } else { 1 };
    }
    args.get(at)?;
    let mut rest = at + 1;
    while rest < args.len() && args[rest].starts_with('-') {
        let letter = args[rest].chars().nth(1).unwrap_or(' ');
        rest += if args[rest].len() == 2 && WITH_VALUE.contains(letter) { 2 } else { 1 };
    }
    args.get(rest..)
}

/// The command that `docker exec`, `compose exec` or `kubectl exec` runs inside.
pub(crate) fn container_command(simple: &Simple) -> Option<&[String]> {
    let args = compose_words(simple).unwrap_or_else(|| simple.args());
    let exec = args.iter().position(|a| a == "exec")?;
    let rest = &args[exec + 1..];
    if let Some(dashes) = rest.iter().position(|a| a == "--") {
        return rest.get(dashes + 1..);
    }
    let mut at = 0;
    while at < rest.len() && rest[at].starts_with('-') {
        at += if ["-u", "-e", "-w", "--user", "--env", "--workdir", "--index"].contains(&rest[at].as_str()) {
            2
        } else {
            1
        };
    }
    rest.get(at + 1..)
}

/// Whether a container command is given a terminal: `-it`, or compose, which does by itself.
fn takes_terminal(simple: &Simple) -> bool {
    if compose_words(simple).is_some() {
        return !simple.has("-T");
    }
    simple.has_short('t') || simple.has("--tty")
}

fn follows(simple: &Simple) -> bool {
    let program = simple.program();
    if SCREEN_WATCHERS.contains(&program) {
        return !(simple.has_short('b') || simple.has("-n1"));
    }
    match program {
        "tail" => {
            simple.has_short('f')
                || simple.has_short('F')
                || simple.args().iter().any(|a| a.starts_with("--follow"))
        }
        "journalctl" | "stern" => simple.has_short('f') || simple.has("--follow") || program == "stern",
        "docker" | "podman" | "docker-compose" | "podman-compose" | "kubectl" | "oc" => {
            let has = |w: &str| simple.has(w);
            let verb =
                compose_words(simple).unwrap_or_else(|| simple.args()).iter().find(|a| !a.starts_with('-'));
            let verb = verb.map_or("", String::as_str);
            follows_log(simple)
                || has("port-forward")
                || (verb == "stats" && !has("--no-stream"))
                || (verb == "events" && !has("--until") && !matches!(program, "kubectl" | "oc"))
                || (has("get") && (has("-w") || has("--watch")))
                || has("attach")
                || compose_words(simple).is_some_and(|w| {
                    w.first().is_some_and(|a| a == "up")
                        && !w.iter().any(|a| a == "-d" || a == "--detach" || a == "--no-start")
                })
        }
        "npm" | "yarn" | "pnpm" | "bun" => {
            let words: Vec<&str> = simple.args().iter().map(String::as_str).collect();
            matches!(words.as_slice(), ["run", "dev" | "start:dev" | "watch", ..] | ["dev" | "watch", ..])
        }
        "pm2" => simple.has("logs") && !simple.has("--nostream"),
        "ping" => !simple.has_short('c'),
        "tcpdump" => !simple.has("-c"),
        "ssh" => simple.has_short('N'),
        _ => follows_log(simple),
    }
}

/// `logs -f`, `logs tail --follow`: the option behind the word, since before it `-f` names a file.
fn follows_log(simple: &Simple) -> bool {
    let Some(at) = simple.args().iter().position(|a| a == "logs" || a == "log" || a == "tail") else {
        return false;
    };
    simple.args()[at + 1..].iter().any(|a| {
        a == "--follow"
            || a == "--follow=true"
            || (a.starts_with('-') && !a.starts_with("--") && a.contains('f'))
    })
}

fn interactive(simple: &Simple) -> bool {
    let program = simple.program();
    if PAGERS.contains(&program) {
        // It takes the keyboard from the terminal itself, where it writes to one.
        return !simple.around.is(Around::PIPED) && !simple.around.is(Around::CAPTURED);
    }
    if !simple.reads_terminal() || simple.around.is(Around::DETACHED) {
        return false;
    }
    if EDITORS.contains(&program) {
        return true;
    }
    let free = |flags: &[&str]| !simple.args().iter().any(|a| flags.iter().any(|f| a.starts_with(f)));
    match program {
        "crontab" => simple.has("-e"),
        "read" | "mapfile" | "readarray" => waits_for_a_line(simple),
        "psql" => {
            free(&["-c", "-f", "--command", "--file", "-l", "--list", "--version"])
                && !simple.args().iter().any(|a| cluster(a, 'c') || cluster(a, 'f'))
        }
        "mysql" | "mariadb" => free(&["-e", "--execute", "--version"]),
        "redis-cli" => {
            !simple.args().iter().any(|a| a.chars().all(|c| c.is_ascii_alphabetic()) && a.len() > 2)
        }
        "mongosh" | "mongo" => {
            free(&["--eval", "--version"]) && !simple.args().iter().any(|a| a.ends_with(".js"))
        }
        "sqlite3" => simple.args().iter().filter(|a| !a.starts_with('-')).count() < 2,
        "python" | "python3" | "node" | "irb" | "ghci" => simple.args().is_empty(),
        "docker" | "podman" | "kubectl" | "oc" => {
            (simple.has("exec") || simple.has("run")) && simple.has_short('t')
        }
        "ssh" => simple.has_short('t') && ssh_remote_words(simple).is_some_and(|w| !w.is_empty()),
        "terraform" | "tofu" => {
            (simple.has("apply") || simple.has("destroy"))
                && !simple.args().iter().any(|a| a.trim_start_matches('-').starts_with("auto-approve"))
                && simple.args().iter().filter(|a| !a.starts_with('-')).count() == 1
        }
        "openssl" => simple.has("s_client"),
        "fly" | "flyctl" | "heroku" | "railway" | "az" | "gcloud" => {
            simple
                .args()
                .iter()
                .any(|a| ["connect", "console", "login", "psql", "run:inside"].contains(&a.as_str()))
                && !simple.has("-C")
                && !simple.has("--command")
        }
        "git" => (simple.has("rebase") && simple.has("-i")) || (simple.has("add") && simple.has("-p")),
        _ => false,
    }
}

/// `read` waits for a line of the terminal, unless it reads another descriptor or only asks whether there is one.
fn waits_for_a_line(simple: &Simple) -> bool {
    let value = |letter: char| {
        simple.args().iter().enumerate().find_map(|(at, arg)| {
            let (_, value) = arg.strip_prefix('-').filter(|a| !a.starts_with('-'))?.split_once(letter)?;
            if value.is_empty() { simple.args().get(at + 1).cloned() } else { Some(value.to_owned()) }
        })
    };
    value('u').is_none_or(|descriptor| descriptor == "0") && value('t').is_none_or(|seconds| seconds != "0")
}

fn cluster(arg: &str, letter: char) -> bool {
    arg.starts_with('-') && !arg.starts_with("--") && arg.ends_with(letter) && arg.len() <= 4
}

#[cfg(test)]
mod tests;
