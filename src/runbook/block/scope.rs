//! What comments and the label of a fence say of the commands that follow them.

use super::super::comments;
use super::super::model::{Block, Command, Expectation, Line};
use crate::shell::Effect;

/// What the comments read so far say about commands that follow.
#[derive(Clone, Default)]
pub(super) struct Scope {
    pub(super) about: Vec<String>,
    pub(super) condition: Option<String>,
    pub(super) optional: bool,
    pub(super) alternative: bool,
    pub(super) wait_s: Option<u64>,
    /// It warns that what follows can't be taken back.
    pub(super) warns: bool,
    /// Expectations that stand before any command.
    pub(super) expects: Vec<Expectation>,
    /// Comments that no command has taken yet.
    pub(super) lines: Vec<Line>,
}

impl Scope {
    /// What the label or item before a fence says holds for all of the fence.
    pub(super) fn of_label(before: &str) -> Self {
        let line = before.lines().last().unwrap_or("").trim().trim_matches('*');
        let mut scope = Self { condition: comments::lead_condition(before), ..Self::default() };
        if line.len() > 200 || comments::opens_expectation(line) {
            scope.about.extend(scope.condition.clone());
            return scope;
        }
        scope.optional = comments::is_optional(line);
        scope.alternative = comments::offers(line);
        scope.wait_s = comments::wait_s(line);
        scope.condition = scope.condition.or_else(|| comments::condition(line));
        scope.warns = comments::warns(line);
        let says = scope.optional || scope.alternative || scope.condition.is_some() || scope.warns;
        if says {
            scope.about.push(line.to_owned());
        }
        scope
    }

    /// A comment that is no expectation and no command: it says something of what follows.
    pub(super) fn remark(&mut self, text: &str, line: Line) {
        self.optional |= comments::is_optional(text);
        self.alternative |= comments::offers(text);
        self.wait_s = comments::wait_s(text).or(self.wait_s);
        if let Some(condition) = comments::condition(text) {
            self.condition = Some(match self.condition.take() {
                Some(outer) => format!("{outer}\n{condition}"),
                None => condition,
            });
        }
        self.warns |= comments::warns(text);
        self.about.push(text.to_owned());
        self.lines.push(line);
    }

    /// Begins anew with what holds for all of the fence: comments that no command took are notes.
    pub(super) fn leave(&mut self, base: &Self, block: &mut Block) {
        block.notes.append(&mut self.lines);
        *self = Self { expects: std::mem::take(&mut self.expects), ..base.clone() };
    }

    /// Gives a command what the comments above it say; a wait is due once, the rest holds to the scope's end.
    pub(super) fn give(&mut self, mut command: Command) -> Command {
        self.lines.clear();
        if command.about.is_none() {
            command.about = (!self.about.is_empty()).then(|| self.about.join("\n"));
        }
        command.condition.clone_from(&self.condition);
        command.optional = self.optional;
        command.alternative = self.alternative;
        command.wait_s = self.wait_s.take().filter(|_| !command.text.starts_with("sleep"));
        let mut expects = std::mem::take(&mut self.expects);
        expects.append(&mut command.expects);
        command.expects = expects;
        if self.warns && command.effect == Effect::Changes {
            command.effect = Effect::Destructive;
        }
        command
    }
}
