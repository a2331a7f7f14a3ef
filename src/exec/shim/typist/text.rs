//! The text of a command as it is typed, and what has to be typed before it.

use super::super::super::shell::typed::{self, Prompt, Prompts};
use super::super::super::spawn::syntax;
use super::super::super::variables::Snapshot;
use crate::shell::quote::quote;
use crate::shell::{PieceKind, split};

/// What the shell's own standard input is moved to by `exec < file`, because the shell reads its commands there.
const MOVED_INPUT: u32 = 200;

/// What a command is given as standard input and error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// The terminal; standard error has one of its own.
    Terminal,
    /// The terminal, for standard error as well.
    Keyboard,
    /// Nothing: nobody is there.
    Nothing,
}

/// What earlier texts have made of the shell, as far as it says how the next one is typed.
#[derive(Default)]
pub(in super::super) struct Wording {
    /// What the shell said with its last prompt.
    pub(in super::super) prompt: Prompt,
    /// `set -v` or its like was set: what we would type shows.
    shows_lines: bool,
    /// The shell gives itself its prompts back.
    keeps: bool,
    /// `exec <file` was typed: what follows has its input from descriptor 200.
    input_moved: bool,
}

impl Wording {
    /// What has to be typed before a command that may set other prompts, or that would see that they are given back.
    pub(super) fn before(
        &mut self,
        text: &str,
        known: Option<&Snapshot>,
        prompts: &Prompts,
    ) -> Option<String> {
        let words = ["DEBUG", "extdebug", "BASH_XTRACEFD", "allexport", "verbose", "PROMPT_COMMAND"];
        // `$-` tells a command substitution nothing of `set -v`.
        self.shows_lines |= sets_option(text, "avT");
        let traced = self.shows_lines
            || self.prompt.flags.contains(['a', 'T'])
            || self.prompt.trace.is_some()
            || known.is_some_and(|s| s.has_trap("DEBUG"));
        let sees = traced || words.iter().any(|w| has_word(text, w));
        let may = sets_prompts(text);
        if sees && self.keeps {
            self.keeps = false;
            return Some(typed::unseen("unset -v PROMPT_COMMAND", &self.prompt));
        }
        let free = known.is_none_or(|s| s.value("PROMPT_COMMAND").is_none());
        if may && !sees && !self.keeps && free {
            self.keeps = true;
            return Some(prompts.keep(&self.prompt));
        }
        None
    }

    /// The text of a command as it is typed. What bash would not read as one command goes through `eval`, which takes
    /// all of a text or nothing: of a text with a mistake in its first line bash would run the others.
    pub(super) fn given(&mut self, text: &str, input: Input, known: Option<&Snapshot>) -> String {
        let text = text.trim_end_matches('\n');
        if let Some(moved) = moved_input(text) {
            self.input_moved = true;
            return moved;
        }
        let pieces = split(text);
        let whole =
            pieces.iter().all(|p| matches!(p.kind, PieceKind::Command { parses: true } | PieceKind::Comment));
        let commands = pieces.iter().filter(|p| p.kind != PieceKind::Comment).count();
        let lines = text.contains('\n');
        let odd = lines && known.is_some_and(Snapshot::has_odd_alias);
        let extglob = known.is_some_and(|s| s.has_option("extglob"));
        let sound = whole && !odd && (!lines || syntax(text, extglob));
        // A backslash at the end of a text goes on in a line that is empty, as it does for whoever types it.
        let text = &if text.ends_with('\\') && text.trim_end_matches('\\').len() % 2 != text.len() % 2 {
            format!("{text}\n")
        } else {
            text.to_owned()
        };
        let text = match commands {
            0 if whole => return ":".into(),
            1 if sound => text.to_owned(),
            _ if sound => format!("{{ {text}\n}}"),
            _ => format!("builtin eval {}", quote(text)),
        };
        let given = match input {
            _ if self.shows_lines => return text,
            Input::Terminal | Input::Nothing if self.input_moved => " <&200",
            Input::Keyboard if self.input_moved => " <&200 2>&1",
            // What opens descriptors, or looks at them, has them as the document says.
            Input::Nothing if !minds_descriptors(&text) => " </dev/null",
            Input::Keyboard if !minds_descriptors(&text) => " 2>&1",
            _ => return text,
        };
        format!("{{ {text}\n}}{given}")
    }
}

/// Whether a text sets one of these options of `set`.
fn sets_option(text: &str, letters: &str) -> bool {
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        let set = word.trim_start_matches(|c: char| !c.is_ascii_alphabetic()) == "set";
        let option = words.clone().next().filter(|o| set && o.starts_with('-') && !o.starts_with("--"));
        if option.is_some_and(|option| option.chars().any(|c| letters.contains(c))) {
            return true;
        }
    }
    false
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "_.-".contains(c))).any(|found| found == word)
}

/// Whether a text may set the shell's prompts: by itself, or by what it reads.
pub(super) fn sets_prompts(text: &str) -> bool {
    ["source", ".", "eval", "PS0", "PS1", "PS2", "activate", "deactivate"].iter().any(|w| has_word(text, w))
}

/// `exec < file` and nothing else: the shell reads its commands from there, so that what it is to give to commands goes
/// to a descriptor of its own.
fn moved_input(text: &str) -> Option<String> {
    // Few commands are such; only those are parsed for it.
    let parsed = text.trim_start().strip_prefix("exec").and_then(|_| crate::shell::parse(text))?;
    let [only] = parsed.simples.as_slice() else { return None };
    if only.words != ["exec"] || only.input.is_none() || !only.writes.is_empty() || !only.assigns.is_empty() {
        return None;
    }
    let at = text.find('<')?;
    let before = text[..at].trim_end();
    if before.trim() != "exec" && before.trim() != "exec 0" {
        return None;
    }
    Some(format!("exec {MOVED_INPUT}{}", &text[at..]))
}

/// Whether a text opens, moves or looks at descriptors: bash keeps what it redirects for a while from descriptor 10 on.
fn minds_descriptors(text: &str) -> bool {
    let word = |w: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|found| found == w);
    let mut digits = 0;
    let numbered = text.chars().any(|c| {
        let found = digits >= 2 && matches!(c, '<' | '>');
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        found
    });
    word("exec") || word("fd") || numbered || text.contains("}>") || text.contains("}<")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str, input: Input) -> String {
        Wording::default().given(text, input, None)
    }

    #[test]
    fn one_command_is_typed_as_it_stands() {
        assert_eq!(given("make install", Input::Terminal), "make install");
        assert_eq!(given("make &&\n  make install\n", Input::Terminal), "make &&\n  make install");
        assert_eq!(given("# nothing to do", Input::Terminal), ":");
    }

    #[test]
    fn several_commands_are_one_and_what_does_not_parse_goes_through_eval() {
        assert_eq!(given("cd /srv\nmake", Input::Terminal), "{ cd /srv\nmake\n}");
        let odd = given("echo one\nif then", Input::Terminal);
        assert!(odd.starts_with("builtin eval "), "{odd}");
    }

    #[test]
    fn a_backslash_at_the_end_goes_on_in_an_empty_line() {
        assert!(given("echo one \\", Input::Terminal).contains("echo one \\\n"));
        assert!(!given("echo one \\\\", Input::Terminal).ends_with('\n'));
    }

    #[test]
    fn input_is_given_around_a_text_that_does_not_mind_its_descriptors() {
        assert_eq!(given("cat", Input::Nothing), "{ cat\n} </dev/null");
        assert_eq!(given("vi x", Input::Keyboard), "{ vi x\n} 2>&1");
        for minds in ["exec 3>log", "cat 12<x", "ls /dev/fd", "{ echo x; } {out}>log"] {
            let text = given(minds, Input::Nothing);
            assert!(!text.contains("</dev/null"), "{text}");
        }
    }

    #[test]
    fn input_that_was_moved_is_what_later_commands_read() {
        let mut wording = Wording::default();
        assert_eq!(wording.given("exec < list", Input::Terminal, None), "exec 200< list");
        assert_eq!(wording.given("read line", Input::Terminal, None), "{ read line\n} <&200");
        assert_eq!(wording.given("read line", Input::Keyboard, None), "{ read line\n} <&200 2>&1");
    }

    #[test]
    fn where_lines_are_shown_nothing_of_ours_is_put_around_them() {
        let mut wording = Wording::default();
        let paths = crate::exec::shell::channel::Paths {
            reports: "/r".into(),
            start: "/s".into(),
            prompt: "/p".into(),
            state: "/t".into(),
        };
        let prompts = Prompts::new(paths);
        assert_eq!(wording.before("set -v", None, &prompts), None);
        assert_eq!(wording.given("cat", Input::Nothing, None), "cat");
        assert_eq!(wording.before("source env", None, &prompts), None, "that would show");
    }

    #[test]
    fn options_and_words_are_seen_as_such() {
        assert!(sets_option("set -ev", "v") && sets_option("( set -x; set -T )", "T"));
        assert!(
            !sets_option("set -e", "v") && !sets_option("reset -v", "v") && !sets_option("set -- -v", "v")
        );
        assert!(sets_prompts(". env") && sets_prompts("PS1='> '") && !sets_prompts("make evaluate"));
        assert_eq!(moved_input("exec < a > b"), None, "it does more than that");
        assert_eq!(moved_input("exec cat < a"), None);
    }
}
