//! What stands around a simple command: it decides where its input comes from, and whether it ends by itself.

use super::quote::unquote;
use brush_parser::ast::{
    Command, CommandPrefixOrSuffixItem, CompoundList, IoFileRedirectKind, IoFileRedirectTarget, IoRedirect,
    Pipeline, RedirectList, SimpleCommand,
};

/// What stands around a simple command; several things can.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Around(u8);

impl Around {
    /// Its standard input is not the terminal: its own, or that of what it stands in.
    pub const FED: Self = Self(1);
    /// What it writes goes into a pipe.
    pub const PIPED: Self = Self(1 << 1);
    /// What it writes becomes words: `$(…)`, `<(…)`.
    pub const CAPTURED: Self = Self(1 << 2);
    /// A later part of its pipeline ends, and it with that: `| head -5`.
    pub const CUT: Self = Self(1 << 3);
    /// It goes on in the background.
    pub const DETACHED: Self = Self(1 << 4);
    /// It is not the whole command.
    pub const NESTED: Self = Self(1 << 5);

    /// Whether all of `other` is around it.
    pub fn is(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// With this around it as well.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// With this around it where `holds`.
    #[must_use]
    pub fn and_where(self, holds: bool, other: Self) -> Self {
        if holds { self.and(other) } else { self }
    }

    /// Without this.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// As it is behind these redirections.
    pub(super) fn redirected<'r>(self, redirects: impl IntoIterator<Item = &'r IoRedirect>) -> Self {
        redirects.into_iter().fold(self, |around, redirect| match reads_terminal(redirect) {
            Some(true) => around.without(Self::FED),
            Some(false) => around.and(Self::FED),
            None => around,
        })
    }
}

/// The redirections of a simple command.
pub(super) fn redirects(simple: &SimpleCommand) -> impl Iterator<Item = &IoRedirect> {
    let items = simple.prefix.iter().flat_map(|p| &p.0).chain(simple.suffix.iter().flat_map(|s| &s.0));
    items.filter_map(|item| match item {
        CommandPrefixOrSuffixItem::IoRedirect(redirect) => Some(redirect),
        _ => None,
    })
}

/// The redirections of a compound command.
pub(super) fn of_list(list: Option<&RedirectList>) -> impl Iterator<Item = &IoRedirect> {
    list.into_iter().flat_map(|l| &l.0)
}

/// Whether standard input becomes the terminal by a redirection, or something else; nothing where it stays.
fn reads_terminal(redirect: &IoRedirect) -> Option<bool> {
    let input = |fd: Option<i32>| fd.is_none_or(|fd| fd == 0);
    match redirect {
        IoRedirect::File(fd, IoFileRedirectKind::Read | IoFileRedirectKind::ReadAndWrite, target)
            if input(*fd) =>
        {
            Some(matches!(target, IoFileRedirectTarget::Filename(word) if is_terminal(&unquote(&word.value))))
        }
        // The terminal is at these three; what another descriptor leads to was opened for it.
        IoRedirect::File(fd, IoFileRedirectKind::DuplicateInput, target) if input(*fd) => match target {
            IoFileRedirectTarget::Fd(from) if *from == 0 => None,
            IoFileRedirectTarget::Fd(from) => Some((1..=2).contains(from)),
            IoFileRedirectTarget::Duplicate(word) => match unquote(&word.value).as_str() {
                "0" => None,
                from => Some(matches!(from, "1" | "2")),
            },
            _ => Some(false),
        },
        IoRedirect::HereDocument(fd, _) | IoRedirect::HereString(fd, _) if input(*fd) => Some(false),
        _ => None,
    }
}

fn is_terminal(name: &str) -> bool {
    matches!(name, "/dev/tty" | "/dev/console" | "/dev/stdin" | "/dev/stdout" | "/dev/stderr")
        || name.starts_with("/dev/pts/")
        || name.contains("$(tty)")
}

/// Whether the part of a pipeline at `at` ends because a later part of it does.
pub(super) fn is_cut(pipeline: &Pipeline, at: usize) -> bool {
    pipeline.seq.iter().skip(at + 1).any(|command| match command {
        Command::Simple(simple) => ends_early(&words(simple)),
        Command::Compound(compound, _) => {
            let text = compound.to_string();
            text.split(|c: char| !c.is_alphanumeric()).any(|w| w == "break" || w == "exit")
        }
        _ => false,
    })
}

/// The words of a simple command, without quotes.
pub(super) fn words(simple: &SimpleCommand) -> Vec<String> {
    let name = simple.word_or_name.iter().map(|w| unquote(&w.value));
    let suffix = simple.suffix.iter().flat_map(|s| &s.0).filter_map(|item| match item {
        CommandPrefixOrSuffixItem::Word(word) => Some(unquote(&word.value)),
        _ => None,
    });
    name.chain(suffix).collect()
}

/// Whether a program stops reading before its input ends: `head`, `grep -m1`, `grep -q`, `sed 5q`, `awk … exit`.
pub(super) fn ends_early(words: &[String]) -> bool {
    let start = words.iter().position(|w| w != "sudo" && w != "stdbuf" && !w.starts_with('-')).unwrap_or(0);
    let Some((program, args)) = words.get(start..).and_then(<[String]>::split_first) else { return false };
    let cluster = |letter: char| {
        args.iter().any(|a| a.starts_with('-') && !a.starts_with("--") && a[1..].contains(letter))
    };
    match program.rsplit('/').next().unwrap_or(program) {
        "head" => !args.iter().any(|a| a.starts_with("-n-") || a.starts_with("--lines=-")),
        "grep" | "egrep" | "fgrep" | "zgrep" | "rg" => {
            cluster('m')
                || cluster('q')
                || args.iter().any(|a| a.starts_with("--max-count") || a == "--quiet" || a == "--silent")
        }
        "sed" | "gsed" => args.iter().filter(|a| !a.starts_with('-')).any(|a| quits(a)),
        "awk" | "gawk" | "mawk" | "perl" => args.iter().any(|a| a.contains("exit") || a.contains("last if")),
        "read" | "mapfile" | "readarray" => true,
        "dd" => args.iter().any(|a| a.starts_with("count=")),
        "timeout" => true,
        _ => false,
    }
}

/// `5q`, `/ready/q`, `/ready/{p;q}`.
fn quits(script: &str) -> bool {
    let script = script.trim_end_matches(['}', ';', ' ']);
    script.strip_suffix(['q', 'Q']).is_some_and(|before| {
        before.is_empty() || before.ends_with(|c: char| "/;{ $".contains(c) || c.is_ascii_digit())
    })
}

/// Whether the condition of a loop always has the status that keeps it going.
pub(super) fn holds(condition: &CompoundList, words: &[&str], sleeps: bool) -> bool {
    let text = condition.to_string();
    let text = text.trim().trim_end_matches(';').trim();
    let bare = text.trim_start_matches(['[', '(', ' ']).trim_end_matches([']', ')', ' ']);
    words.contains(&bare.trim_start_matches("-n "))
        || (sleeps && bare.starts_with("sleep ") && !bare.contains(['&', '|', ';']))
}
