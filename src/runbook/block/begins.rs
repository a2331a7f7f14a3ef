//! What a line begins with: a known program, a path, a word of the shell.

use super::command::{assigns, is_shell_word};
use crate::shell::classify::is_known_program;

pub(super) fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}

#[rustfmt::skip] // words, many to a line
const KEYWORDS: &[&str] = &[
    "if", "for", "while", "until", "case", "function", "select", "coproc", "{", "do", "then", "else", "elif",
    "(", "((", "[[", "!",
];

pub(super) fn begins_keyword(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    KEYWORDS.contains(&first)
}

/// Whether a line begins with a program that is known, a path, an assignment or a word of the shell.
pub(super) fn begins_known(line: &str) -> bool {
    let first = first_word(line);
    begins_program(line)
        || is_shell_word(first)
        || assigns(first)
        || first.starts_with("../")
        || first.starts_with('/') && first.len() > 1
        || first.starts_with("\"$")
}

/// Whether a line begins with a program that is known, or with a path here.
pub(super) fn begins_program(line: &str) -> bool {
    let first = first_word(line);
    is_known_program(first)
        || first.starts_with("./")
        || first.starts_with('$')
        || first.starts_with("~/")
        || begins_keyword(line)
}
