//! Clients such as `psql`: which lines behind the command that opens one are its input.

use super::super::model::Command;
use super::begins::{begins_known, begins_program, first_word};
use super::code::is_code;
use super::command::{assigns, is_shell_word};
use super::lines::begins_sql;
use crate::shell::Kind;
use crate::shell::classify::is_known_program;

/// A client that was opened and takes the lines behind it.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// The line that opened it.
    pub(super) line: usize,
    program: String,
    /// It reads a language's statements: Python's, Ruby's.
    language: bool,
    /// Nothing but the lines behind it tells that it does.
    unsure: bool,
}

impl Client {
    /// The client that a command opens.
    pub(super) fn opened_by(command: &Command) -> Option<Self> {
        const CLIENTS: &[&str] =
            &["psql", "mysql", "mariadb", "redis-cli", "mongo", "mongosh", "sqlite3", "connect", "console"];
        #[rustfmt::skip] // words, many to a line
        const LANGUAGES: &[&str] = &[
            "python", "python2", "python3", "node", "irb", "iex", "php", "ruby", "ghci", "scala", "julia", "tinker",
            "rails", "flask", "ipython", "bpython", "shell_plus", "jshell", "groovysh", "pry", "manage.py", "django-admin",
        ];
        // A task of the project may open anything: `make shell`.
        const TASKS: &[&str] = &["shell", "console", "repl", "tinker", "irb", "shell_plus"];
        let own = command.text.split(" #").next().unwrap_or("");
        let words = || own.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let takes_keyboard = command.kind == Kind::Interactive;
        let mut parts = command.text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')));
        let client = takes_keyboard && parts.any(|part| CLIENTS.contains(&part));
        // An editor, or a question for a password, takes no statements.
        let asks =
            |word: &str| word.ends_with(":edit") || matches!(word, "createsuperuser" | "changepassword");
        let language = takes_keyboard && words().any(|word| LANGUAGES.contains(&word)) && !words().any(asks);
        let task =
            command.kind != Kind::Place && words().next_back().is_some_and(|word| TASKS.contains(&word));
        (client || language || task).then(|| Self {
            line: command.span.line,
            program: first_word(&command.text).to_owned(),
            language: language || task,
            unsure: !client && !language,
        })
    }

    /// Whether a line can be input of it: what begins with a program, or with its own, is a command again.
    pub(super) fn takes(&mut self, text: &str) -> bool {
        if self.language && is_code(text) {
            self.unsure = false;
            return true;
        }
        let first = first_word(text);
        !self.unsure
            && (is_for_client(text)
                || !begins_program(text) && !is_shell_word(first) && !assigns(first) && first != self.program)
    }
}

/// Whether a line is for a client that was opened before it: SQL, a client's own command, or no program.
pub(super) fn is_for_client(line: &str) -> bool {
    let line = line.trim();
    begins_sql(line)
        || line.starts_with('\\')
        || line.ends_with(';') && !begins_known(line)
        || matches!(line.trim_end_matches(';'), "exit" | "quit" | "\\q")
        || line.split_whitespace().next().is_some_and(|w| {
            w.len() > 1 && w.chars().all(|c| c.is_ascii_uppercase()) && !is_known_program(&w.to_lowercase())
                || ["FLUSHDB", "FLUSHALL", "DEL", "GET", "SET", "KEYS", "INFO", "PING"].contains(&w)
        })
}
