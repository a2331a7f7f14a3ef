//! How a command is run, from its programs.

use super::super::around::Around;
use super::super::parse::{Parsed, Simple};
use super::classified::Kind;
use super::elsewhere::{compose_words, ssh_remote_words};
use super::inside::{carried, nested, own_words, takes_terminal};
use super::options::Options;
use super::shells::opened;
use super::wrappers::{sudo_options, unwrapped};
use super::{follow, programs, world};

const PAGERS: &[&str] = &["less", "more", "most", "man"];
const EDITORS: &[&str] = &[
    "nano", "vi", "vim", "nvim", "emacs", "pico", "visudo", "vimdiff", "passwd", "sudoedit", "vipw", "vigr",
    "dialog", "whiptail", "fzf", "select", "minicom", "picocom", "ftp", "lftp",
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

fn interactive(written: &Simple) -> bool {
    let edits = written.program() == "sudo" && sudo_options(written.args()).has(&["e", "edit"]);
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
    let contained = compose_words(simple).is_some() && carried(&simple.words).is_some();
    if contained && takes_terminal(simple) {
        return nested(simple).iter().flat_map(|p| &p.simples).any(interactive);
    }
    if matches!(program, "sh" | "bash" | "dash" | "ash" | "zsh" | "su" | "runuser" | "eval") {
        return nested(simple).iter().flat_map(|p| &p.simples).any(interactive);
    }
    if let Some(words) = programs::launched(&simple.words) {
        let inner = Simple { words, around: simple.around.and(Around::NESTED), ..simple.clone() };
        if interactive(&inner) {
            return true;
        }
    }
    if programs::takes_keyboard(simple) {
        return true;
    }
    match program {
        "read" | "mapfile" | "readarray" => waits_for_a_line(simple),
        "sftp" => !simple.has_short('b'),
        "gdb" => !simple.args().iter().any(|a| a.ends_with("-batch")),
        "docker" | "podman" | "kubectl" | "oc" => {
            let own = own_words(simple);
            (own.has("exec") || own.has("run") || own.has("debug")) && own.has_short('t')
        }
        "ssh" => simple.has_short('t') && ssh_remote_words(simple).is_some_and(|w| !w.is_empty()),
        "tmux" => world::tmux(simple.args()) == Some(false),
        "screen" => world::screen(simple.args()) == Some(false),
        "openssl" => simple.has("s_client"),
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

#[cfg(test)]
mod tests;
