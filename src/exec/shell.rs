//! The driver that makes one long-lived bash run commands one by one and report on each.
//!
//! It is an interactive bash that never shows a prompt: `PROMPT_COMMAND` reads commands from a descriptor
//! and evaluates them at top level. So aliases, jobs, `declare`, `$?` and Ctrl-C work as they do when a
//! person types: an interrupted or aborted command lands at the prompt, which is the driver again.

use crate::run::Place;

use super::variables::Snapshot;

pub mod band;
mod driver;

pub use driver::{END_MARK, STARTS, behind_a_door, driver};

/// What the shell is asked for. The first byte of the message says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToShell<'t> {
    /// Evaluate, both streams to their own terminal.
    Run(&'t str),
    /// Evaluate with standard error on the main terminal: full-screen programs want one.
    Interactive(&'t str),
    /// Evaluate with standard input empty: nobody is there.
    NoInput(&'t str),
    /// Evaluate in a subshell on the terminal at this path: it can go on in the background.
    Follow(&'t str, &'t str),
    /// Report all variables, functions, aliases and options.
    Snapshot,
    /// Report the values of these variables.
    Values(&'t [String]),
    /// Set and export a variable.
    Export(&'t str, &'t str),
    /// Report what a script that changes nothing prints.
    Ask(&'t str),
    /// Go to a directory, if it is there.
    Directory(&'t str),
    /// Use the terminal at this path for standard error.
    ErrorTo(&'t str),
}

impl ToShell<'_> {
    /// The message's bytes, with the byte that ends it.
    pub fn encode(&self) -> Vec<u8> {
        // A NUL can't stand in a shell command; one in a document would end the message early.
        let mut bytes = self.text().replace('\0', "").into_bytes();
        bytes.push(0);
        bytes
    }

    /// What the driver reads: the first byte says what it is.
    pub fn text(&self) -> String {
        let (kind, body) = match self {
            ToShell::Run(text) => ('R', with_stages(text)),
            ToShell::Interactive(text) => ('I', (*text).to_owned()),
            ToShell::NoInput(text) => ('N', with_stages(text)),
            ToShell::Follow(tty, text) => ('F', format!("{tty}\n{text}")),
            ToShell::Snapshot => ('S', String::new()),
            ToShell::Values(names) => ('V', names.join(" ")),
            ToShell::Export(name, value) => ('X', format!("{name}={value}")),
            ToShell::Ask(script) => ('A', (*script).to_owned()),
            ToShell::Directory(path) => ('D', (*path).to_owned()),
            ToShell::ErrorTo(path) => ('E', (*path).to_owned()),
        };
        format!("{kind}{body}")
    }
}

/// Keeps what the stages of a pipeline ended with: `PIPESTATUS` does not outlive the `eval` around it.
const KEEP_STAGES: &str = "\n{ __gonogo_stages=(\"$?\" \"${PIPESTATUS[@]}\"); } 2>/dev/null";

/// A pipeline with what keeps its stages' statuses, any other text as it is.
fn with_stages(text: &str) -> String {
    let goes_on = text.ends_with('\\');
    if !goes_on && crate::shell::is_pipeline(text) { format!("{text}{KEEP_STAGES}") } else { text.to_owned() }
}

/// What the shell reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromShell {
    /// The driver waits for its first command. Behind a door it tells its process, and 1 where standard error has a
    /// terminal of its own.
    Ready(Place, Vec<i32>),
    /// A command ended with this status; the statuses of its stages, where it is a pipeline.
    End(i32, Place, Vec<i32>),
    /// The answer to [`ToShell::Snapshot`].
    Snapshot(Snapshot),
    /// The command of [`ToShell::Follow`] with this process group ended with this status.
    Followed(i32, i32),
    /// The answer to [`ToShell::Values`].
    Values(Vec<(String, String)>),
    /// The answer to [`ToShell::Ask`]: an exit status and what was printed.
    Asked(i32, String),
    /// Whether standard error has a terminal of its own, after [`ToShell::ErrorTo`].
    ErrorApart(bool),
    /// A message without an answer was done; told by shells that take one message at a time.
    Done,
    /// It went to a directory.
    At(Place),
    /// The path of a terminal that somebody holds open.
    Terminal(String),
}

/// Takes whole messages off the front of `buffer`.
pub fn decode(buffer: &mut Vec<u8>) -> Vec<FromShell> {
    let mut found = Vec::new();
    loop {
        let fields: Vec<String> =
            buffer.split(|b| *b == 0).map(|f| String::from_utf8_lossy(f).into_owned()).collect();
        // The last field is what follows the last NUL: not complete yet.
        match first(&fields[..fields.len() - 1]) {
            First::Message(message, used) => {
                found.push(message);
                drop_fields(buffer, used);
            }
            First::Incomplete => return found,
            // Not ours: skip one field rather than stop listening.
            First::Unknown => drop_fields(buffer, 1),
        }
    }
}

/// What fields begin with.
pub enum First {
    /// A message of so many fields.
    Message(FromShell, usize),
    /// Not all of a message yet, or nothing.
    Incomplete,
    /// No message.
    Unknown,
}

/// The message that fields begin with.
pub fn first(fields: &[String]) -> First {
    let Some(kind) = fields.first() else { return First::Incomplete };
    let place = |at: usize| Place { login: fields[at].clone(), directory: fields[at + 1].clone() };
    let number = |at: usize| fields[at].parse().unwrap_or(-1);
    let numbers = |at: usize| fields[at].split(' ').filter_map(|s| s.parse().ok()).collect();
    let length = match kind.as_str() {
        "ready" | "end" => 5,
        "snapshot" => 6,
        "followed" | "asked" | "at" => 3,
        "stderr" | "tty" => 2,
        "done" => 1,
        "values" if fields.len() < 2 => return First::Incomplete,
        "values" => 2 + 2 * fields[1].parse::<usize>().unwrap_or(0),
        _ => return First::Unknown,
    };
    if fields.len() < length {
        return First::Incomplete;
    }
    let message = match kind.as_str() {
        "ready" => FromShell::Ready(place(2), numbers(4)),
        "end" => FromShell::End(number(1), place(2), numbers(4)),
        "snapshot" => {
            let field = |at: usize| fields[at].clone();
            FromShell::Snapshot(Snapshot::new(&field(1), field(2), field(3), field(4), field(5)))
        }
        "followed" => FromShell::Followed(number(1), number(2)),
        "asked" => FromShell::Asked(number(1), fields[2].clone()),
        "at" => FromShell::At(place(1)),
        "done" => FromShell::Done,
        "tty" => FromShell::Terminal(fields[1].clone()),
        "stderr" => FromShell::ErrorApart(!fields[1].is_empty()),
        _ => {
            let pairs = fields[2..length].chunks(2).map(|p| (p[0].clone(), p[1].clone()));
            FromShell::Values(pairs.collect())
        }
    };
    First::Message(message, length)
}

fn drop_fields(buffer: &mut Vec<u8>, count: usize) {
    let mut seen = 0;
    let end = buffer.iter().position(|b| {
        seen += usize::from(*b == 0);
        seen == count
    });
    buffer.drain(..end.map_or(buffer.len(), |e| e + 1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_used_whole_or_not_at_all() {
        let whole =
            b"snapshot\x00declare -- A=\"1\"\n\x00f () {\n}\n\x00alias x='y'\n\x00shopt -u a\n\x00/tmp\x00";
        for cut in 0..whole.len() {
            assert!(decode(&mut whole[..cut].to_vec()).is_empty(), "cut at {cut}");
        }
        assert!(matches!(decode(&mut whole.to_vec()).as_slice(), [FromShell::Snapshot(_)]));
    }

    #[test]
    fn messages_split_anywhere_are_read_whole() {
        let bytes = b"end\x003\x00ada@web\x00/tmp\x001 3\x00values\x001\x00A\x00x y\x00";
        for cut in 0..bytes.len() {
            let mut buffer = bytes[..cut].to_vec();
            let mut found = decode(&mut buffer);
            buffer.extend_from_slice(&bytes[cut..]);
            found.extend(decode(&mut buffer));
            let place = Place { login: "ada@web".into(), directory: "/tmp".into() };
            assert_eq!(
                found,
                [FromShell::End(3, place, vec![1, 3]), FromShell::Values(vec![("A".into(), "x y".into())])],
                "cut at {cut}"
            );
        }
    }
}
