//! Whether a text is a command: what only commands have, and what only sentences have.

use crate::runbook::words::lower_words;
use crate::shell::classify::is_known_program;
use crate::shell::split::words_of;

/// Builtins and reserved words of bash(1).
#[rustfmt::skip] // words, many to a line
const SHELL: &[&str] = &[
    ":", ".", "[", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen", "complete",
    "compopt", "continue", "declare", "dirs", "disown", "echo", "enable", "eval", "exec", "exit", "export",
    "false", "fc", "fg", "getopts", "hash", "help", "history", "jobs", "kill", "let", "local", "logout",
    "mapfile", "popd", "printf", "pushd", "pwd", "read", "readarray", "readonly", "return", "set", "shift",
    "shopt", "source", "suspend", "test", "times", "trap", "true", "type", "typeset", "ulimit", "umask",
    "unalias", "unset", "wait",
    "!", "[[", "{", "}", "(", "((", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for",
    "function", "if", "select", "then", "time", "until", "while",
];

/// What a text could be, by what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    /// A command and nothing else.
    Command,
    /// A sentence and nothing else.
    Sentence,
    /// A command, or words for the reader.
    Either,
}

/// Whether a word is a builtin or a reserved word of the shell.
pub(super) fn is_shell_word(word: &str) -> bool {
    SHELL.contains(&word)
}

/// Tells a command from a sentence.
///
/// What is quoted, an option, a comment or an expansion is no word of a sentence.
pub(super) fn looks(text: &str, parses: bool) -> Looks {
    let line = text.lines().next().unwrap_or("").trim();
    let first = line.split_whitespace().next().unwrap_or("");
    if assigns(first) || is_path(first) || defines(line) || first.starts_with("((") {
        return Looks::Command;
    }
    // What begins with an operator goes on from a line that ended; a row of a table ends like it begins.
    if matches!(first, "|" | "|&" | "&&" | "||") && !line.ends_with('|') {
        return Looks::Command;
    }
    if other_letters(line) >= 4 && !first.is_ascii() {
        return Looks::Sentence;
    }
    let plain = plain_words(text, parses);
    let prose = prose(&plain);
    let known = is_known_program(first) || is_shell_word(first);
    if known {
        // "make sure that the backup is there" begins with a program, and so does nothing else of it.
        let shows = ["echo", "printf", "say", "git"].contains(&first);
        let sentence = prose.strong >= 2 && plain.len() >= 5 && !shows && !has_marks(text, parses);
        return if sentence { Looks::Either } else { Looks::Command };
    }
    let capital = first.chars().next().is_some_and(char::is_uppercase)
        && first
            .chars()
            .skip(1)
            .all(|c| c.is_lowercase() || c == '\'' || c == '\u{2019}' || c == '-' || c == ',');
    let ends = line.ends_with(['.', ':', '?', '!']) && !line.ends_with("..");
    if capital && plain.len() >= 3 && (ends || prose.all >= 1) {
        return Looks::Sentence;
    }
    if has_marks(text, parses) {
        return Looks::Command;
    }
    if !parses {
        return Looks::Sentence;
    }
    // "new row violates row-level security policy for table x"
    let long = prose.all >= 1 && plain.len() >= 7;
    let spoken = prose.strong >= 1 || prose.all >= 2 || long || ends && plain.len() >= 3;
    if spoken || capital && plain.len() >= 2 { Looks::Either } else { Looks::Command }
}

/// Whether a line runs a program for texts or files with what only commands have: their names are words of sentences as
/// well.
pub(super) fn filters(line: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const FILTERS: &[&str] = &["sed", "gsed", "awk", "gawk", "grep", "egrep", "zgrep", "find", "sort", "perl", "ruby", "xargs", "cut"];
    let bare = line.strip_prefix("sudo ").unwrap_or(line);
    let first = bare.split_whitespace().next().unwrap_or("");
    FILTERS.contains(&first)
        && words_of(line).is_some_and(|found| {
            found.commands > 1
                || found.redirects
                || found.words.iter().any(|word| word.starts_with('-') && word.len() > 1)
        })
}

/// Whether a word sets a variable.
pub(super) fn assigns(word: &str) -> bool {
    crate::shell::split::assigned(word).is_some()
}

/// Whether a word is the path of a program, or a variable that holds one.
fn is_path(word: &str) -> bool {
    let word = word.trim_start_matches('"');
    word.starts_with("./")
        || word.starts_with("../")
        || word.starts_with("~/")
        || word.starts_with('$')
        || word.starts_with('/') && word.len() > 1
}

/// Whether a line defines a function.
fn defines(line: &str) -> bool {
    line.split_once('(').is_some_and(|(name, rest)| {
        let name = name.trim_end();
        !name.is_empty() && !name.contains(char::is_whitespace) && rest.trim_start().starts_with(')')
    })
}

/// Whether a text holds an option, an operator, a redirection or a substitution.
pub(super) fn has_marks(text: &str, parses: bool) -> bool {
    let first = text.lines().next().unwrap_or("");
    let option = |word: &str| {
        let bare = word.trim_start_matches('-');
        bare.len() < word.len() && bare.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    let found = words_of(text).filter(|_| parses);
    match found {
        Some(found) => {
            found.commands > 1
                || found.redirects
                || found.words.iter().any(|word| option(word) || word.contains("$("))
        }
        None => {
            first.split_whitespace().skip(1).any(|word| {
                option(word) || matches!(word, "|" | "&&" | "||" | ">" | ">>" | "<" | "<<<" | "2>&1")
            }) || first.contains("$(")
                || first.ends_with(['{', '\\', '|'])
        }
    }
}

/// The words of a text that a sentence could have.
fn plain_words(text: &str, parses: bool) -> Vec<String> {
    let first = text.lines().next().unwrap_or("");
    let own = || {
        let bare = first.split(" #").next().unwrap_or(first);
        bare.split_whitespace().map(str::to_owned).collect()
    };
    let words: Vec<String> = words_of(text).filter(|_| parses).map_or_else(own, |found| found.words);
    let plain = |word: &String| {
        !word.starts_with('-') && !word.contains(['"', '\'', '$', '`', '\\', '=', '/', '{', '['])
            || word.contains('\'') && word.chars().all(|c| c.is_alphabetic() || c == '\'')
    };
    words.into_iter().filter(plain).collect()
}

/// How many words are those of sentences.
#[derive(Clone, Copy)]
struct Prose {
    all: usize,
    strong: usize,
}

fn prose(words: &[String]) -> Prose {
    #[rustfmt::skip] // words, many to a line
    const STRONG: &[&str] = &[
        "the", "is", "are", "was", "will", "should", "must", "your", "you", "this", "that", "please", "ensure",
        "sure", "have", "has", "been", "because", "which",
    ];
    #[rustfmt::skip] // words, many to a line
    const WEAK: &[&str] = &[
        "a", "an", "with", "from", "then", "when", "make", "before", "after", "be", "into", "than", "to", "of",
        "for", "and", "or", "if", "until",
    ];
    let lower: Vec<String> = words.iter().flat_map(|word| lower_words(word)).collect();
    let count = |list: &[&str]| lower.iter().filter(|word| list.contains(&word.as_str())).count();
    let strong = count(STRONG);
    Prose { all: strong + count(WEAK), strong }
}

/// Letters of other scripts than the Latin one.
fn other_letters(line: &str) -> usize {
    line.chars().filter(|c| c.is_alphabetic() && *c >= '\u{370}').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_for_texts() {
        assert!(filters("sed -i 's/a/b/g' /etc/app.conf") && filters("sudo find / -name x"));
        assert!(!filters("find the file and open it") && !filters("sort it by hand"));
    }

    #[test]
    fn what_only_commands_have_makes_a_command() {
        for text in [
            "set -- a b c",
            "trap 'rm -rf \"$TMPD\"; echo \"this is the end of the script\"' EXIT",
            "acmectl drain  # the old node is to be empty before this",
            "/opt/acme/bin/migrate --from v1 --to v2 --with-data --then-restart",
            "! grep -q \"this is a test\" /etc/hostname",
            "die() { echo \"this is an error, the end\"; exit 1; }",
            "unset -v 'a[2]' 'a[3]' 'a[7]'",
            "acmectl sync -a one -a two -a three",
            "let z2='y*3'  # both are OK with this",
            "declare -A M=([a]=x [the]=y)",
            "IFS=:",
            "IFS=: read -r a b <<< \"1:2\"",
            "AUTH=\"Authorization: Bearer $T\"",
            "USAGE=\"Usage: $0 this is the way\"",
            "about-plugin 'Toggle sudo at the beginning of the line'",
            "\"$CMD\" the thing",
            "(( the == 1 ))",
            "[[ -f the ]]",
            "acmectl drain web1",
            "acmectl tell the > out",
            "acmectl tell the && acmectl go",
            "Rscript -e 'this is the end'",
            "echo this is the end of the line",
        ] {
            assert_eq!(looks(text, true), Looks::Command, "{text}");
        }
        assert_eq!(looks("teardown() {", false), Looks::Command);
        assert_eq!(looks("acmectl run --with 'x", false), Looks::Command);
    }

    #[test]
    fn sentences_and_what_nobody_can_tell() {
        for text in [
            "Make sure that the backup is there.",
            "Restart the service now",
            "请确认备份已经完成",
            "Проверьте резервную копию",
            "تأكد من النسخة الاحتياطية",
        ] {
            assert_eq!(looks(text, true), Looks::Sentence, "{text}");
        }
        for text in [
            "acmectl sync one two the three",
            "restart the service now",
            "make sure that the backup is there",
            "Restart nginx",
        ] {
            assert_eq!(looks(text, true), Looks::Either, "{text}");
        }
        assert_eq!(looks("Don't forget the backup", false), Looks::Sentence);
    }
}
