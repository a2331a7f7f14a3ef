//! What stands in the margin beside a line of the document: what became of it.

use crate::runbook::{Fate, Role};

/// What stands in the margin beside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// `$` a command, `?` a doubt, `!` in no part of the plan, `#` a heading.
    pub(super) sign: &'static str,
    /// Four letters, where there is little room.
    pub(super) short: &'static str,
    /// The word.
    pub(super) word: &'static str,
}

const fn mark(sign: &'static str, short: &'static str, word: &'static str) -> Mark {
    Mark { sign, short, word }
}

/// The longest of the words.
pub(super) const WORD: usize = 14;
/// The longest of the short ones.
pub(super) const SHORT: usize = 4;

/// The mark of a fate, and what help says of it.
pub(super) const MARKS: &[(Fate, Mark)] = &[
    (Fate::CommandOfStep, mark("$", "step", "step")),
    (Fate::CommandOfRollback, mark("$", "roll", "rollback")),
    (Fate::CommandOfProblem, mark("$", "prob", "problem")),
    (Fate::CommandOfMonitoring, mark("$", "moni", "monitoring")),
    (Fate::CommandOfItem, mark("$", "item", "check item")),
    (Fate::CommandOfCriterion, mark("$", "crit", "criterion")),
    (Fate::Alternative, mark("$", "opt", "option")),
    (Fate::Unclaimed, mark("!", "uncl", "unclaimed")),
    (Fate::NotUnderstood, mark("!", "lost", "not understood")),
    (Fate::ByHand, mark(" ", "hand", "by hand")),
    (Fate::Item, mark(" ", "item", "check item")),
    (Fate::Checked, mark(" ", "auto", "auto check")),
    (Fate::ByEye, mark(" ", "eyes", "manual check")),
    (Fate::Value, mark(" ", "val", "value")),
    (Fate::Output, mark(" ", "out", "output")),
    (Fate::File, mark(" ", "file", "file")),
    (Fate::Config, mark(" ", "conf", "configuration")),
    (Fate::Sql, mark(" ", "sql", "SQL")),
    (Fate::Form, mark(" ", "form", "form")),
    (Fate::Message, mark(" ", "msg", "message")),
    (Fate::Input, mark(" ", "in", "input")),
    (Fate::Comment, mark(" ", "note", "comment")),
    (Fate::Environment, mark(" ", "env", "environment")),
    (Fate::Target, mark(" ", "targ", "target")),
    (Fate::Contact, mark(" ", "who", "contact")),
    (Fate::Reference, mark(" ", "ref", "reference")),
    (Fate::Trigger, mark(" ", "trig", "trigger")),
    (Fate::Problem, mark(" ", "prob", "problem")),
    (Fate::Criterion, mark(" ", "crit", "criterion")),
    (Fate::LogTemplate, mark(" ", "log", "log template")),
    (Fate::Front, mark(" ", "frnt", "front matter")),
    (Fate::Correction, mark(" ", "says", "correction")),
];

/// The mark of a line with a fate; words and blank lines have none.
pub(super) fn of_fate(fate: Fate) -> Mark {
    MARKS.iter().find(|(known, _)| *known == fate).map_or(mark(" ", "", ""), |(_, mark)| *mark)
}

/// The mark of a heading, by what its section is for.
pub(super) fn of_heading(role: Role) -> Mark {
    let (short, word) = match role {
        Role::Other => ("text", "text"),
        Role::Overview => ("over", "overview"),
        Role::Environments => ("env", "environments"),
        Role::Checklist => ("list", "checklist"),
        Role::Steps => ("step", "steps"),
        Role::Monitoring => ("moni", "monitoring"),
        Role::Rollback => ("roll", "rollback"),
        Role::Troubleshooting => ("prob", "problems"),
        Role::Recovery => ("rest", "restore"),
        Role::Teardown => ("tear", "teardown"),
        Role::Success => ("succ", "success"),
        Role::Targets => ("targ", "targets"),
        Role::Contacts => ("who", "contacts"),
        Role::References => ("ref", "references"),
        Role::LogTemplate => ("log", "log template"),
    };
    mark("#", short, word)
}

/// What help says of the margin.
pub(in crate::tui) fn legend() -> Vec<String> {
    let named = MARKS.iter().map(|(fate, mark)| {
        let sign = mark.sign.trim();
        format!("{sign}{} {fate}", mark.short)
    });
    let named: Vec<String> = named.collect();
    vec![
        "The margin shows how each line was read: $ a command, ! not in the plan, ? in doubt and asked before it \
         runs, # a heading with the role of its section; nothing beside text for the reader."
            .to_owned(),
        format!("In four letters where space is short: {}.", named.join(" · ")),
    ]
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn marks_fit_the_margin_and_no_two_are_the_same() {
        for (at, (fate, mark)) in MARKS.iter().enumerate() {
            assert!(mark.short.width() <= SHORT && mark.word.width() <= WORD, "{fate}");
            let same = |other: &Mark| (other.sign, other.short) == (mark.sign, mark.short);
            assert!(!MARKS.iter().skip(at + 1).any(|(_, other)| same(other)), "{fate}");
        }
    }
}
