//! Errors as people read them, and the exit statuses.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use chrono::{DateTime, Local, Utc};

use crate::client::{AttachError, SessionError};
use crate::config::ConfigError;
use crate::exec::ExecError;
use crate::run_files::FileError;
use crate::runner::RunnerError;
use crate::store::StoreError;
use crate::visible;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Done.
    Done = 0,
    /// Failed or no-go.
    Failed = 1,
    /// Usage, configuration, unreadable document, or something unanswered.
    Usage = 2,
    /// Rolled back.
    RolledBack = 3,
    /// Interrupted; can be taken up again.
    Interrupted = 4,
    /// Another run holds the environment.
    Held = 5,
    /// Done, but what only a person can judge is not confirmed.
    NeedsEyes = 6,
}

/// Why a verb did not do its work, with what to do about it.
#[derive(Debug)]
pub struct CommandError {
    status: Status,
    message: String,
    details: Vec<String>,
    hints: Vec<String>,
    closed_pipe: bool,
    unprinted: bool,
}

impl CommandError {
    /// An error with its status and message.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            details: vec![],
            hints: vec![],
            closed_pipe: false,
            unprinted: false,
        }
    }

    /// Adds a line of what it is about.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same with another exit status.
    #[must_use]
    pub fn with(self, status: Status) -> Self {
        Self { status, ..self }
    }

    /// What happened.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The exit status.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Whether whoever read our output stopped reading: no error of ours.
    pub fn is_closed_pipe(&self) -> bool {
        self.closed_pipe
    }

    /// Whether all that went wrong is that something could not be printed.
    pub fn is_unprinted(&self) -> bool {
        self.unprinted
    }

    /// Prints it to standard error.
    pub fn print(&self) {
        note(format!("error: {}", self.message));
        self.details.iter().for_each(|detail| note(format!("  {detail}")));
        self.hints.iter().for_each(|hint| note(format!("  hint: {hint}")));
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        let closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self {
            closed_pipe,
            unprinted: true,
            ..Self::new(Status::Failed, format!("could not print: {error}"))
        }
    }
}

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        Self::new(Status::Usage, error.to_string())
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Held { .. } => Self::new(Status::Held, error.to_string())
                .hint("`gonogo status` shows where that run is; `gonogo stop` gives it up"),
            StoreError::NoRun(_) | StoreError::NoRuns | StoreError::Pruned(_) => {
                Self::new(Status::Usage, error.to_string())
            }
            _ => Self::new(Status::Failed, error.to_string()),
        }
    }
}

impl From<FileError> for CommandError {
    fn from(error: FileError) -> Self {
        StoreError::from(error).into()
    }
}

impl From<RunnerError> for CommandError {
    fn from(error: RunnerError) -> Self {
        match error {
            RunnerError::Store(error) => error.into(),
            RunnerError::Exec(error) => error.into(),
            error if error.is_held() => Self::new(Status::Held, error.to_string())
                .hint("`gonogo status` shows where that run is; `gonogo attach` joins it"),
            error => Self::new(Status::Failed, error.to_string()),
        }
    }
}

impl From<AttachError> for CommandError {
    fn from(error: AttachError) -> Self {
        match error {
            AttachError::Runner(error) => error.into(),
            error @ AttachError::Silent { .. } => Self::new(Status::Failed, error.to_string()),
        }
    }
}

impl From<SessionError> for CommandError {
    fn from(error: SessionError) -> Self {
        let words = error.to_string();
        match error {
            // The run is not over, and nothing was decided about it.
            SessionError::Ended => Self::new(Status::Interrupted, words),
            SessionError::Gone { why, .. } => Self { message: words, ..(*why).into() },
            _ => Self::new(Status::Failed, words),
        }
    }
}

impl From<ExecError> for CommandError {
    fn from(error: ExecError) -> Self {
        Self::new(Status::Failed, error.to_string())
    }
}

/// Drops the error of a page whose reader has had enough: what the exit status says stands all the same.
pub(super) fn unread(printed: Result<(), CommandError>) -> Result<(), CommandError> {
    printed.or_else(|error| if error.is_closed_pipe() { Ok(()) } else { Err(error) })
}

/// Whether standard output takes colours: as `--color` says, else as the environment does (`NO_COLOR`, `CLICOLOR_FORCE`,
/// `FORCE_COLOR`, `TERM`), else where it is a terminal.
pub(super) fn colour() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Has all that is printed go by what was said of colours.
pub(super) fn choose_colour(choice: ColorChoice) {
    let forced = std::env::var_os("FORCE_COLOR").is_some_and(|v| !v.is_empty() && v != "0");
    let unsaid = choice == ColorChoice::Auto && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    if unsaid && forced { ColorChoice::Always.write_global() } else { choice.write_global() }
}

/// Prints a line to standard output. Whatever it is made of, it is one line, and acts on no terminal.
pub(super) fn say(line: impl Display) -> Result<(), CommandError> {
    out(&visible::line(&line.to_string()), "\n")
}

/// Prints a text of several lines.
pub(super) fn say_text(text: impl Display) -> Result<(), CommandError> {
    out(&visible::text(&text.to_string()), "\n")
}

/// Prints a text whose colours are ours: what was put into it has been made visible before.
pub(super) fn say_drawn(text: impl Display) -> Result<(), CommandError> {
    let text = text.to_string();
    let mut parts = text.split("\u{1b}[");
    let mut drawn = visible::text(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        let length = part.bytes().take_while(|b| b.is_ascii_digit() || *b == b';').count();
        let (colours, rest) = part.split_at(length);
        match rest.strip_prefix('m') {
            Some(rest) => drawn.extend(["\u{1b}[", colours, "m", &*visible::text(rest)]),
            None => drawn.extend(["^[[", &*visible::text(part)]),
        }
    }
    out(&drawn, "\n")
}

/// Prints what is asked, and leaves the cursor behind it.
pub(super) fn prompt(question: &str) -> Result<(), CommandError> {
    out(&visible::line(question), " ")
}

/// Hands on bytes as they are, to a file or another program: a terminal gets what it may be shown.
pub(super) fn hand_on(text: &str) -> Result<(), CommandError> {
    if io::stdout().is_terminal() { say_text(text) } else { out(text, "\n") }
}

/// Columns and rows of the terminal that is printed to.
pub(super) fn terminal_size() -> Option<(usize, usize)> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some((usize::from(size.ws_col), usize::from(size.ws_row)))
}

fn out(text: &str, end: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    write!(out, "{text}{end}")?;
    out.flush()?;
    Ok(())
}

/// Prints to standard error, where it does not mix with what is piped on; a terminal that has gone hears nothing. What
/// others said may have lines of its own: none of them looks like one of ours.
pub fn note(words: impl Display) {
    let lines = words.to_string().trim_end().replace('\n', "\n  ");
    let _closed = writeln!(io::stderr().lock(), "{}", visible::text(&lines));
}

/// Local time with zone, as people read it.
pub(super) fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%d %b %H:%M %Z").to_string()
}

/// A value as JSON on one line.
pub(super) fn say_json(value: &impl serde::Serialize) -> Result<(), CommandError> {
    json(serde_json::to_string(value))
}

/// A value as JSON for people.
pub(super) fn say_json_by_lines(value: &impl serde::Serialize) -> Result<(), CommandError> {
    json(serde_json::to_string_pretty(value))
}

fn json(text: serde_json::Result<String>) -> Result<(), CommandError> {
    let text = text.map_err(|e| CommandError::new(Status::Failed, format!("could not write JSON: {e}")))?;
    out(&visible::json(&text), "\n")
}
