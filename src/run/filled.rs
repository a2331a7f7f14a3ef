//! The texts of commands with what was answered in them, and what is still to be answered.

use super::state::RunState;
use crate::runbook::{Command, Parameter, ParameterKind, parameters};

impl RunState {
    /// The text of a command with answered parameters in it.
    ///
    /// Holes and version literals are replaced where they were answered; a secret value is never part of
    /// a command's text, so that a secret placeholder stays a hole here and is filled at the shell.
    pub fn text_of(&self, command: &Command) -> String {
        match self.revised.get(&command.id) {
            Some(revised) => self.with_answers(revised.text.clone(), revised),
            None => self.filled(command),
        }
    }

    /// Fills the holes of a text that stands nowhere in the document, edited or added: those have no places there.
    fn with_answers(&self, mut text: String, command: &Command) -> String {
        if command.holes.is_empty() {
            return text;
        }
        for hole in parameters::holes(&text).into_iter().rev() {
            if command.holes.contains(&hole.name)
                && let Some(Some(value)) = self.parameters.get(&hole.name)
            {
                text.replace_range(hole.at, value);
            }
        }
        text
    }

    /// The document's text of a command with answered parameters in it, whatever the operator made of it.
    pub fn filled(&self, command: &Command) -> String {
        let mut changes: Vec<(usize, usize, &str)> = Vec::new();
        for (parameter, place) in self.runbook.uses_in(&command.id) {
            let Some(Some(value)) = self.parameters.get(&parameter.name) else { continue };
            if parameter.kind == ParameterKind::Variable {
                continue;
            }
            if let Some((start, end)) = place.at {
                changes.push((start, end, value));
            }
        }
        changes.sort_unstable_by_key(|c| std::cmp::Reverse(c.0));
        let mut text = command.text.clone();
        let mut whole = text.len();
        for (start, end, value) in changes {
            // Of two that overlap the later one was put in already.
            if end <= whole {
                text.replace_range(start..end, value);
                whole = start;
            }
        }
        text
    }

    /// Names of the holes of a command that nobody has answered.
    pub fn open_holes<'c>(&self, command: &'c Command) -> Vec<&'c str> {
        command.holes.iter().map(String::as_str).filter(|h| !self.parameters.contains_key(*h)).collect()
    }

    /// A secret that a command uses and that has to be answered again.
    pub fn forgotten_in(&self, command: &Command) -> Option<&str> {
        let uses = |name: &&String| {
            command.holes.contains(name)
                || parameters::variables(&command.text).iter().any(|(used, _)| used == *name)
        };
        self.forgotten.iter().find(uses).map(String::as_str)
    }

    /// Variables the steps' commands need and nobody has answered.
    pub fn unanswered_parameters(&self) -> Vec<&Parameter> {
        self.runbook
            .parameters
            .iter()
            .filter(|p| p.default.is_none() && !self.parameters.contains_key(&p.name))
            .collect()
    }
}
