//! Programs that only wrap another command: `sudo`, `timeout 5`, `env A=b`.

use super::super::parse::Simple;
use super::options::Options;

/// Programs that only wrap another command: the letters and names of their options with a value, and how many words
/// stand before the command.
#[rustfmt::skip] // a table
const WRAPPERS: &[(&str, &str, &[&str], usize)] = &[
    ("sudo", SUDO_LETTERS, SUDO_NAMES, 0), ("doas", "Cu", &[], 0),
    ("nice", "n", &["adjustment"], 0), ("ionice", "cnpPu", &["class", "classdata"], 0),
    ("timeout", "sk", &["signal", "kill-after"], 1), ("gtimeout", "sk", &["signal", "kill-after"], 1),
    ("env", "uCS", &["unset", "chdir"], 0), ("nohup", "", &[], 0), ("time", "fo", &[], 0), ("exec", "a", &[], 0),
    ("command", "", &[], 0), ("builtin", "", &[], 0), ("stdbuf", "ioe", &[], 0), ("setsid", "", &[], 0),
    ("xargs", "EILPadns", &["max-args", "max-procs", "replace", "arg-file", "delimiter"], 0),
];

const SUDO_LETTERS: &str = "CDghpRrtTUu";

const SUDO_NAMES: &[&str] = &[
    "close-from",
    "chdir",
    "group",
    "host",
    "prompt",
    "chroot",
    "role",
    "type",
    "command-timeout",
    "other-user",
    "user",
];

/// The options of `sudo`, and the command behind them.
pub(crate) fn sudo_options(args: &[String]) -> Options<'_> {
    Options::read(args, SUDO_LETTERS, SUDO_NAMES)
}

/// Strips what only wraps another command (`sudo`, `time`, `nohup`, `env A=b`, `timeout 5`).
pub(crate) fn unwrapped(simple: &Simple) -> Simple {
    let mut inner = simple.clone();
    loop {
        let wrapper = WRAPPERS.iter().find(|(name, ..)| *name == inner.program());
        let Some((name, letters, names, before)) = wrapper else { return inner };
        if *name == "command" && (inner.has("-v") || inner.has("-V")) {
            return inner;
        }
        let mut rest = inner.args();
        loop {
            let behind = Options::read(rest, letters, names).rest;
            let set = behind.iter().take_while(|w| w.contains('=') && !w.starts_with('=')).count();
            let ended = behind.len() == rest.len() && set == 0;
            rest = &behind[set..];
            if ended || *name != "env" && set == 0 {
                break;
            }
        }
        let words = rest.get(*before..).unwrap_or_default().to_vec();
        if words.is_empty() {
            return inner;
        }
        inner.words = words;
    }
}
