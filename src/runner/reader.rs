//! Reads recordings for clients on a thread of its own: a search through a long output never holds up the run.

use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

use super::clients::ToIt;
use crate::exec::ExecError;
use crate::exec::lines::Lines;
use crate::protocol::{OutputPage, OutputQuery, ToClient};
use crate::run::{Attempt, RunState};
use crate::runbook::CommandId;

/// Recordings kept open, the one read last in front.
const OPEN: usize = 4;

/// What is read or written out.
#[derive(Debug)]
pub(super) enum Reading {
    /// A part, for a client that numbered its question.
    Page { number: u64, query: Box<OutputQuery> },
    /// To a file.
    Save { path: PathBuf, lines: (u64, u64) },
}

/// One piece of work.
#[derive(Debug)]
struct Work {
    command: CommandId,
    attempt: Attempt,
    reading: Reading,
    to: ToIt,
}

/// The thread's other end. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Reader {
    work: Sender<Work>,
}

impl Reader {
    /// Starts the thread over a directory of recordings.
    pub(super) fn start(recordings: PathBuf) -> Result<Self, ExecError> {
        let (work, inbox) = channel::<Work>();
        let thread = std::thread::Builder::new().name("reader".into());
        let body = move || {
            let mut open: VecDeque<((CommandId, Attempt), Lines)> = VecDeque::new();
            while let Ok(work) = inbox.recv() {
                let update = work.update(&recordings, &mut open);
                work.to.push(update);
            }
        };
        thread.spawn(body).map_err(|source| ExecError::Spawn { program: "a thread".into(), source })?;
        Ok(Self { work })
    }

    /// Reads for this client; the answer comes as an update.
    pub(super) fn read(
        &self,
        state: &RunState,
        what: (CommandId, Option<Attempt>),
        reading: Reading,
        to: ToIt,
    ) {
        let (command, attempt) = what;
        let last = state.last_run(&command).map(|r| r.attempt);
        let attempt = attempt.or(last).unwrap_or(Attempt(1));
        let _ended = self.work.send(Work { command, attempt, reading, to });
    }
}

impl Work {
    fn update(&self, recordings: &Path, open: &mut VecDeque<((CommandId, Attempt), Lines)>) -> ToClient {
        let lines = self.lines(recordings, open);
        match &self.reading {
            Reading::Page { number, query } => {
                let page = lines.and_then(|lines| lines.answer(query));
                let page: Result<Box<OutputPage>, String> = page.map(Box::new).map_err(|e| e.to_string());
                ToClient::Page { number: *number, query: query.clone(), page }
            }
            Reading::Save { path, lines: range } => {
                match lines.map_err(|e| e.to_string()).and_then(|lines| save(lines, path, *range)) {
                    Ok(lines) => ToClient::Saved { path: path.clone(), lines },
                    Err(error) => ToClient::Trouble(error),
                }
            }
        }
    }

    /// The recording, opened once.
    fn lines<'o>(
        &self,
        recordings: &Path,
        open: &'o mut VecDeque<((CommandId, Attempt), Lines)>,
    ) -> Result<&'o mut Lines, ExecError> {
        let key = (self.command.clone(), self.attempt);
        let known = match open.iter().position(|(k, _)| *k == key).and_then(|at| open.remove(at)) {
            Some((_, lines)) => lines,
            None => Lines::open(recordings, &self.command, self.attempt)?,
        };
        open.truncate(OPEN - 1);
        open.push_front((key, known));
        Ok(&mut open[0].1)
    }
}

/// Writes lines to a file that does not exist yet: nothing is overwritten in passing.
fn save(lines: &mut Lines, path: &Path, range: (u64, u64)) -> Result<u64, String> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            format!("{} exists already: choose another name", path.display())
        }
        _ => format!("could not write {}: {error}", path.display()),
    };
    let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    let mut file = BufWriter::new(file);
    let written = lines.save(&mut file, range).map_err(|e| e.to_string())?;
    file.flush().map_err(failed)?;
    Ok(written)
}
