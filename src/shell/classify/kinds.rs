//! How a command is run, from its programs.

use super::super::around::Around;
use super::super::parse::{Parsed, Simple};
use super::inside::nested;
use super::options::Options;
use super::shells::opened;
use super::{Kind, compose_words, follow, unwrapped, world};

const PAGERS: &[&str] = &["less", "more", "most", "man"];
const EDITORS: &[&str] = &[
    "nano", "vi", "vim", "nvim", "emacs", "pico", "visudo", "vimdiff", "mc", "passwd", "sudoedit", "vipw",
    "vigr", "dialog", "whiptail", "fzf", "select", "minicom", "picocom", "ftp", "lftp",
];

/// The kind of a parsed command.
pub(super) fn kind(parsed: &Parsed) -> Kind {
    if parsed.only_defines {
        return Kind::Run;
    }
    if parsed.simples.iter().any(changes_place) {
        return Kind::Place;
    }
    if parsed.background && !follow::waited_for(parsed) {
        return Kind::Run;
    }
    if follow::follows(parsed) {
        return Kind::Follow;
    }
    if parsed.simples.iter().any(interactive) { Kind::Interactive } else { Kind::Run }
}

fn changes_place(simple: &Simple) -> bool {
    let leaves = matches!(simple.program(), "exit" | "logout")
        && simple.args().is_empty()
        && !simple.around.is(Around::NESTED);
    leaves || opened(simple).is_some()
}

/// Options of `ssh` that take a value (ssh(1)).
pub(crate) const SSH_WITH_VALUE: &str = "BbcDEeFIiJLlmOopQRSWw";

/// The words after the host of an `ssh` command; `None` where there is no host.
pub(crate) fn ssh_remote_words(simple: &Simple) -> Option<&[String]> {
    let options = Options::read(simple.args(), SSH_WITH_VALUE, &[]);
    if options.has(&["N", "V", "G"]) || options.rest.is_empty() {
        return None;
    }
    Some(Options::read(&options.rest[1..], SSH_WITH_VALUE, &[]).rest)
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
pub(super) fn takes_terminal(simple: &Simple) -> bool {
    if compose_words(simple).is_some() {
        return !simple.has("-T");
    }
    simple.has_short('t') || simple.has("--tty")
}

fn interactive(written: &Simple) -> bool {
    let edits = written.program() == "sudo" && super::sudo_options(written.args()).has(&["e", "edit"]);
    let simple = &unwrapped(written);
    let program = simple.program();
    if PAGERS.contains(&program) {
        // It takes the keyboard from the terminal itself, where it writes to one.
        return !simple.around.is(Around::PIPED) && !simple.around.is(Around::CAPTURED);
    }
    if !simple.reads_terminal() || simple.around.is(Around::DETACHED) {
        return false;
    }
    if edits || EDITORS.contains(&program) {
        return true;
    }
    let contained = compose_words(simple).is_some() && super::inside::carried(&simple.words).is_some();
    if contained && takes_terminal(simple) {
        return nested(simple).iter().flat_map(|p| &p.simples).any(interactive);
    }
    if matches!(program, "sh" | "bash" | "dash" | "ash" | "zsh" | "su" | "runuser" | "eval") {
        return nested(simple).iter().flat_map(|p| &p.simples).any(interactive);
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
        "sftp" => !simple.has_short('b'),
        "gdb" => !simple.args().iter().any(|a| a.ends_with("-batch")),
        "rails" => simple.args().first().is_some_and(|a| matches!(a.as_str(), "c" | "console" | "dbconsole")),
        "kubectl" | "oc"
            if simple.args().iter().find(|a| !a.starts_with('-')).is_some_and(|a| a == "edit") =>
        {
            true
        }
        "docker" | "podman" | "kubectl" | "oc" => {
            (simple.has("exec") || simple.has("run") || simple.has("debug")) && simple.has_short('t')
        }
        "ssh" => simple.has_short('t') && ssh_remote_words(simple).is_some_and(|w| !w.is_empty()),
        "terraform" | "tofu" => {
            (simple.has("apply") || simple.has("destroy"))
                && !simple.args().iter().any(|a| a.trim_start_matches('-').starts_with("auto-approve"))
                && simple.args().iter().filter(|a| !a.starts_with('-')).count() == 1
        }
        "tmux" => world::tmux(simple.args()) == Some(false),
        "screen" => world::screen(simple.args()) == Some(false),
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
    let reads = simple.program() == "read";
    let options = Options::read(simple.args(), if reads { "adinNptu" } else { "dnOsuCc" }, &[]);
    options.value(&["u"]).is_none_or(|descriptor| descriptor == "0")
        && options.value(&["t"]).is_none_or(|seconds| seconds != "0")
}

fn cluster(arg: &str, letter: char) -> bool {
    arg.starts_with('-') && !arg.starts_with("--") && arg.ends_with(letter) && arg.len() <= 4
}

#[cfg(test)]
mod tests;
