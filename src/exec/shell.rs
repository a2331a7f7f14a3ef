//! One long-lived bash that runs commands one by one and reports on each: on this machine one that is typed into
//! ([`typed`]), behind `ssh`, `sudo` or `docker exec` one whose prompt is a driver (`driver`).

use crate::run::Place;

use super::variables::Snapshot;

pub mod band;
pub mod channel;
mod driver;
mod posix;
pub mod start;
pub mod typed;

pub use driver::END_MARK;
pub use posix::AGAIN;

/// What the shell is asked for. Here it is typed; a driver behind a door gets it as a message whose first byte says what
/// it is.
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
    /// What the driver reads: the first byte says what it is. A `posix` one knows no stages.
    pub fn text(&self, posix: bool) -> String {
        let whole = |text: &str| if posix { text.to_owned() } else { with_stages(text) };
        let (kind, body) = match self {
            // A driver has one terminal: what goes on holds it.
            ToShell::Run(text) | ToShell::Follow(_, text) => ('R', whole(text)),
            ToShell::Interactive(text) => ('I', (*text).to_owned()),
            ToShell::NoInput(text) => ('N', whole(text)),
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

/// A text with what keeps its status: `eval` is a command of its own, so that `set -e` would end the shell for what ends
/// it nowhere else (bash(1), `set -e`: lists of `&&` and `||`, `!`, loops).
fn with_stages(text: &str) -> String {
    if text.ends_with('\\') { text.to_owned() } else { format!("{text}{KEEP_STAGES}") }
}

/// What the shell reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromShell {
    /// A shell behind a door takes the text of its driver: what it says that it is.
    Takes(String),
    /// A driver without a bash is at its prompt: it has to be called again.
    Lost,
    /// The driver waits for its first command. Behind a door it tells its process, 1 where standard error has a
    /// terminal of its own, and 1 where it is no bash.
    Ready(Place, Vec<i32>),
    /// A command ended with this status; the statuses of its stages, where it is a pipeline.
    End(i32, Place, Vec<i32>),
    /// The answer to [`ToShell::Snapshot`].
    Snapshot(Box<Snapshot>),
    /// The command of [`ToShell::Follow`] with this process group ended with this status.
    Followed(i32, i32),
    /// What goes on on a terminal of its own behind a door has begun, as this process group.
    Follows(i32),
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
        "asked" | "at" | "followed" => 3,
        "stderr" | "tty" | "takes" | "follows" => 2,
        "done" | "lost" => 1,
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
            FromShell::Snapshot(Box::new(Snapshot::new(&field(1), field(2), field(3), field(4), field(5))))
        }
        "asked" => FromShell::Asked(number(1), fields[2].clone()),
        "at" => FromShell::At(place(1)),
        "follows" => FromShell::Follows(number(1)),
        "followed" => FromShell::Followed(number(1), number(2)),
        "done" => FromShell::Done,
        "lost" => FromShell::Lost,
        "takes" => FromShell::Takes(fields[1].clone()),
        "tty" => FromShell::Terminal(fields[1].clone()),
        "stderr" => FromShell::ErrorApart(!fields[1].is_empty()),
        _ => {
            let pairs = fields[2..length].chunks(2).map(|p| (p[0].clone(), p[1].clone()));
            FromShell::Values(pairs.collect())
        }
    };
    First::Message(message, length)
}
