//! A row of the table of programs: which forms of its words read, destroy, or take the keyboard.

use super::super::classified::Effect;
use super::form::Said;
use super::given::Given;
use super::names::none_left;

/// A rule of a row that no form can say.
pub(super) type Rule = fn(&Given<'_>) -> Effect;

/// A row: programs, and the forms of their words.
#[derive(Clone, Copy)]
pub(super) struct Program {
    /// Names, with spaces between.
    pub(super) names: &'static str,
    /// Options with a value, with spaces between.
    pub(super) valued: &'static str,
    /// Options with which it only says what it would do, with bars between.
    dry: &'static str,
    /// Forms that change nothing.
    reads: &'static str,
    /// Forms that lose data or stop what serves.
    pub(super) destroys: &'static str,
    /// Forms that wait for what is typed.
    pub(super) keyboard: &'static str,
    /// Whether it takes no notice of `--help` behind a command of it.
    deaf: bool,
    /// What decides where no form fits, and what it finds to destroy, in words.
    pub(super) rule: Option<(Rule, &'static str)>,
}

/// A row for these programs, which only change something so far.
pub(super) const fn program(names: &'static str) -> Program {
    Program { names, valued: "", dry: "", reads: "", destroys: "", keyboard: "", deaf: false, rule: None }
}

impl Program {
    pub(super) const fn valued(self, valued: &'static str) -> Self {
        Self { valued, ..self }
    }

    pub(super) const fn dry(self, dry: &'static str) -> Self {
        Self { dry, ..self }
    }

    pub(super) const fn reads(self, reads: &'static str) -> Self {
        Self { reads, ..self }
    }

    pub(super) const fn destroys(self, destroys: &'static str) -> Self {
        Self { destroys, ..self }
    }

    pub(super) const fn keyboard(self, keyboard: &'static str) -> Self {
        Self { keyboard, ..self }
    }

    pub(super) const fn deaf(self) -> Self {
        Self { deaf: true, ..self }
    }

    pub(super) const fn by(self, rule: Rule, says: &'static str) -> Self {
        Self { rule: Some((rule, says)), ..self }
    }

    pub(super) fn effect(&self, given: &Given<'_>) -> Effect {
        let said = Said::read(given.simple.args(), self.valued);
        let commands = !self.destroys.is_empty();
        if (said.has("--help") && commands && !self.deaf) || (!self.dry.is_empty() && said.has(self.dry)) {
            return Effect::Reads;
        }
        if said.may_fit(self.destroys) || (commands && none_left(given.simple.args())) {
            // Whether it knows such an option is not known.
            return if said.has("--dry-run|--dryrun") { Effect::Changes } else { Effect::Destructive };
        }
        match self.rule.map(|(rule, _)| rule(given)) {
            Some(found @ (Effect::Reads | Effect::Destructive)) => found,
            _ if said.must_fit(self.reads) => Effect::Reads,
            _ => Effect::Changes,
        }
    }
}
