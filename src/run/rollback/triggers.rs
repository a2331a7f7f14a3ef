//! The document's reasons to go back, beside what is known.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::run::health::{self, Answer, Asking, Health};
use crate::run::state::{RunState, Standing};
use crate::run::text::content;
use crate::runbook::{CommandId, words};
use crate::shell::services;

/// One trigger of the document with what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its line.
    pub line: usize,
    /// Its words.
    pub text: String,
    /// Whether it holds; nothing where nobody can say from here.
    pub holds: Option<bool>,
    /// What that rests on.
    pub known: String,
}

/// The document's triggers, each beside failed verdicts and readings.
pub fn triggers(state: &RunState, health: Option<&Health>, now: DateTime<Utc>) -> Vec<Trigger> {
    let failed = failed(state);
    let all = state.runbook().rollback.triggers.iter();
    all.map(|line| {
        let wanted = content(&line.text);
        let hit = failed.iter().find(|f| f.is_about(&wanted));
        let evidence = health.and_then(|h| health::answer(&line.text, h, Asking::now(now, state.zone())));
        let (holds, known) = match (hit, evidence) {
            (Some(hit), _) => (Some(true), format!("{} failed", hit.id)),
            (None, Some(e)) => {
                let holds = match e.answer {
                    Answer::Yes => Some(true),
                    Answer::No => Some(false),
                    Answer::Open => None,
                };
                (holds, e.words)
            }
            (None, None) => (None, String::new()),
        };
        Trigger { line: line.line, text: line.text.clone(), holds, known }
    })
    .collect()
}

/// A command that failed, with the words that tell what it was about.
struct FailedCommand {
    id: CommandId,
    about: BTreeSet<String>,
}

impl FailedCommand {
    fn is_about(&self, wanted: &BTreeSet<String>) -> bool {
        let common = wanted.iter().filter(|w| self.about.iter().any(|a| alike(w, a))).count();
        common >= 2 || (common == 1 && wanted.len() == 1)
    }
}

/// Whether two words speak of the same: "verification" and "verify".
fn alike(one: &str, other: &str) -> bool {
    one == other || matches!((one.get(..5), other.get(..5)), (Some(one), Some(other)) if one == other)
}

fn failed(state: &RunState) -> Vec<FailedCommand> {
    let all = state.runbook().step_commands().into_iter();
    let failed = all.filter(|c| matches!(state.standing(&c.id), Standing::Failed | Standing::Lost));
    let told = failed.map(|command| {
        let titles = state.runbook().titles_above(&command.id).into_iter();
        let mut about: BTreeSet<String> = titles.chain(command.about.as_deref()).flat_map(content).collect();
        if services::asks_health(&command.text) || services::starts(&command.text) {
            about.extend(["start", "service", "server", "respond"].map(words::stem));
        }
        FailedCommand { id: command.id.clone(), about }
    });
    told.collect()
}
