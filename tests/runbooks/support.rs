//! What tests of reading ask of a document: its steps written down, the commands that run unasked, the fate of a line.

use gonogo::runbook::{Command, Fate, Runbook, read};
use gonogo::shell::Kind;

/// A section with a fence of commands.
pub(super) fn step(title: &str, commands: &str) -> String {
    format!("## {title}\n\n```bash\n{commands}\n```\n\n")
}

/// The commands of the steps that run without a question.
pub(super) fn unasked(book: &Runbook) -> Vec<String> {
    let free = |c: &&Command| {
        c.doubt.is_none()
            && c.asked_with.is_none()
            && c.condition.is_none()
            && c.way.is_none()
            && !c.optional
            && !c.commented
            && c.kind != Kind::Manual
    };
    book.step_commands().into_iter().filter(free).map(|c| c.text.clone()).collect()
}

/// The fate of the line that holds these words.
pub(super) fn fate(document: &str, words: &str) -> Fate {
    let line = document.lines().position(|line| line.contains(words)).unwrap() + 1;
    let book = read(document);
    book.reading.iter().find(|p| p.line <= line && line <= p.end_line).unwrap().fate
}
