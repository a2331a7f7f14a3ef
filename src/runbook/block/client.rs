//! Clients such as `psql`: which lines behind the command that opens one are its input.

use super::super::model::Command;
use super::command::{assigns, is_shell_word};
use super::lines::begins_sql;
use super::what::{begins_known, begins_program, first_word};
use crate::shell::Kind;
use crate::shell::classify::is_known_program;

/// A client that was opened and takes the lines behind it.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// The line that opened it.
    pub(super) line: usize,
    program: String,
}

impl Client {
    /// The client that a command opens.
    pub(super) fn opened_by(command: &Command) -> Option<Self> {
        const CLIENTS: &[&str] =
            &["psql", "mysql", "mariadb", "redis-cli", "mongo", "mongosh", "sqlite3", "connect", "console"];
        let mut words = command.text.split(|c: char| !(c.is_alphanumeric() || c == '-'));
        let opens = command.kind == Kind::Interactive && words.any(|word| CLIENTS.contains(&word));
        opens.then(|| Self { line: command.span.line, program: first_word(&command.text).to_owned() })
    }

    /// Whether a line can be input of it: what begins with a program, or with its own, is a command again.
    pub(super) fn takes(&self, text: &str) -> bool {
        let first = first_word(text);
        is_for_client(text)
            || !begins_program(text) && !is_shell_word(first) && !assigns(first) && first != self.program
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
