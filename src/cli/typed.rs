//! What was typed, where it is no verb: the word that was meant, and what has to be known before anything is parsed.

use anstream::ColorChoice;

use super::report::{CommandError, Status};
use crate::config;

/// The words behind the program's name.
fn words() -> Vec<String> {
    std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect()
}

/// What `--color` says; help and errors of the arguments themselves go by it, too.
pub(super) fn colour() -> ColorChoice {
    let words = words();
    let said = words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix("--color") {
        Some("") => words.get(at + 1).map(String::as_str),
        Some(value) => value.strip_prefix('='),
        None => None,
    });
    match said {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// For words of which the first is neither a verb nor a file: that there is no such verb, and the nearest that there is.
pub(super) fn no_verb(known: &clap::Command) -> Option<CommandError> {
    let words = words();
    let first = words.iter().find(|word| !word.starts_with('-'))?;
    let is_verb = known.get_subcommands().any(|verb| verb.get_name() == first) || first == "help";
    if is_verb {
        // `help rnus`: the second word is the one that is wrong.
        let asked = words.iter().skip_while(|word| *word != "help").nth(1)?;
        return (first == "help" && !is_shown_verb(known, asked)).then(|| unknown(known, asked));
    }
    is_word(first).then(|| unknown(known, first))
}

/// The same for the one word that a runbook is expected in.
pub(super) fn no_such_runbook(known: &clap::Command, word: &str) -> CommandError {
    if is_word(word) {
        return unknown(known, word);
    }
    CommandError::new(Status::Usage, format!("{word}: there is no such file"))
}

/// Whether somebody who types this means a verb, not a file.
fn is_word(word: &str) -> bool {
    !word.contains(['/', '.']) && !std::path::Path::new(word).exists()
}

fn is_shown_verb(known: &clap::Command, word: &str) -> bool {
    known.get_subcommands().any(|verb| verb.get_name() == word && !verb.is_hide_set())
}

fn unknown(known: &clap::Command, word: &str) -> CommandError {
    let verbs = || known.get_subcommands().filter(|verb| !verb.is_hide_set()).map(clap::Command::get_name);
    let near = nearest(word, verbs());
    let error = CommandError::new(Status::Usage, format!("there is no verb and no file {word}"));
    match near {
        Some(near) => error.hint(format!("did you mean gonogo {near}?")),
        None => error.hint("gonogo help lists the verbs"),
    }
}

/// The nearest of some names, where one is near enough to be meant.
pub(super) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    config::nearest(word, names, 0.7)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn a_mistyped_verb_is_told_with_the_nearest() {
        let known = super::super::Cli::command();
        for (typed, meant) in
            [("rnus", "runs"), ("chek", "check"), ("stauts", "status"), ("exprot", "export")]
        {
            let verbs = known.get_subcommands().map(clap::Command::get_name);
            assert_eq!(nearest(typed, verbs), Some(meant), "{typed}");
        }
        assert_eq!(nearest("xyzzy", known.get_subcommands().map(clap::Command::get_name)), None);
        assert_eq!(unknown(&known, "xyzzy").message(), "there is no verb and no file xyzzy");
    }
}
