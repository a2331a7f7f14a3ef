//! How the driver of a place gets to the shell on its other side.
//!
//! Nothing of it stands in the words of the place command, in anybody's log of them, or in a history: what is typed at
//! a prompt there, or given as words where a shell has to be named anyway, is one short line that reads the rest
//! from the terminal ([`FromShell::Takes`](super::FromShell::Takes)).

use super::driver::behind_a_door;
use super::posix;
use crate::shell::quote::{octal, quote};

/// What is typed at a prompt that any shell may show, for the first time and where that led to nothing. A bash takes the
/// driver itself, with all that its files have set; another shell makes way for it, a zsh without keeping the line. In csh
/// a variable that is not set is an error, so that the second line asks for none.
pub fn typed(nonce: &str, again: bool) -> String {
    let script = reads(nonce);
    if again {
        return format!(" exec sh -c '{script}'");
    }
    // Within double quotes: in it no backslash stands before another one, nor any backquote.
    let script = script.replace('"', "\\\"").replace('$', "\\$");
    format!(
        " test -n \"$BASH_VERSION\" && eval 'set +o history; unset HISTFILE 2>/dev/null; (PROMPT_COMMAND=) 2>/dev/null && {}' || eval 'test -n \"$ZSH_VERSION\" && unset HISTFILE; exec sh -c \"{script}\"'",
        takes(nonce, " && ")
    )
}

/// The words of a shell that starts the driver.
pub fn words(nonce: &str) -> [String; 3] {
    ["sh".into(), "-c".into(), reads(nonce)]
}

/// What a shell that takes a text is given: `kind` is what it said that it is. What stands in the words of a process, which
/// every user of the machine may read, is the number that it took the text by; what its reports are known by is
/// read by the shell alone.
pub fn given([knock, nonce]: [&str; 2], kind: &str, reads_bashrc: bool) -> Vec<u8> {
    let (text, end) = if kind == SH {
        (octal(&launch(knock, nonce)), b'\n')
    } else {
        (behind_a_door(nonce, reads_bashrc), 0)
    };
    let mut bytes = text.into_bytes();
    bytes.push(end);
    bytes
}

/// What a POSIX `sh` says that it is.
pub const SH: &str = "sh";

/// A POSIX `sh` reads a line without showing it and evaluates that. Nothing in it is quoted by `'`, and no `!` is in it.
fn reads(nonce: &str) -> String {
    format!(
        "m=$(stty -g);stty -echo -icanon min 1;printf \"\\033]7717;@{nonce}\\0370\\037takes\\037{SH}\\007\";IFS= read -r l;eval \"$(printf %b \"$l\")\""
    )
}

/// A bash reads a text up to its end and evaluates that.
fn takes(nonce: &str, then: &str) -> String {
    format!(
        "IFS= read -rsd \"\" -p \"$(printf \"\\033]7717;@{nonce}\\0370\\037takes\\037$BASH_VERSION\\007\")\" __gonogo{then}eval \"$__gonogo\""
    )
}

/// Goes on as a bash where there is one. What `ssh` starts reads `~/.bashrc` for a command as well, unless it is the shell
/// of another (`SHLVL`). A `sh` has the number in its environment, which is its owner's alone to read, until it has begun.
fn launch(knock: &str, nonce: &str) -> String {
    format!(
        "stty \"$m\" 2>/dev/null\n[ \"${{SHLVL:-0}}\" -gt 0 ] 2>/dev/null || SHLVL=1; export SHLVL\n\
         if command -v bash >/dev/null 2>&1; then exec bash -c 'exec bash --noprofile --rcfile <(printf %s \"$0\") -i' {}; fi\n\
         __gonogo_nonce={nonce}; export __gonogo_nonce\nexec sh -i -c {}",
        quote(&takes(knock, "; ")),
        quote(posix::DRIVER),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_short_and_of_characters_that_every_shell_takes() {
        let nonce = uuid::Uuid::now_v7().simple().to_string();
        for line in [typed(&nonce, false), typed(&nonce, true)] {
            // The editor of BusyBox takes no more than 1023.
            assert!(line.len() < 700, "{}", line.len());
            assert!(line.starts_with(' ') && !line.contains(['!', '\n', '\t']), "{line}");
            assert_eq!(line.matches('\'').count() % 2, 0);
        }
        assert!(!words(&nonce)[2].contains(['\'', '!', '\n']));
        assert_eq!(given(["k", &nonce], SH, false).iter().filter(|b| **b == b'\n').count(), 1);
        assert_eq!(given(["k", &nonce], "5.2", false).last(), Some(&0));
    }
}
