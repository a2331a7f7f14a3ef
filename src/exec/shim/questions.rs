//! What a shell was asked and has not answered. It answers in order.

use std::collections::VecDeque;

use super::message::FromShim;
use crate::mask::Masker;
use crate::runbook::CommandId;

/// Open questions, those for values and those by scripts.
#[derive(Default)]
pub(super) struct Questions {
    values: VecDeque<CommandId>,
    scripts: VecDeque<String>,
}

impl Questions {
    /// Values were asked for a command.
    pub(super) fn values_for(&mut self, command: CommandId) {
        self.values.push_back(command);
    }

    /// A script was handed over whose answer is known by this name.
    pub(super) fn script(&mut self, name: String) {
        self.scripts.push_back(name);
    }

    /// Values have come; nothing is told where nobody asked.
    pub(super) fn valued(&mut self, values: Vec<(String, String)>, masker: &Masker) -> Option<FromShim> {
        let command = self.values.pop_front()?;
        let values = values.into_iter().map(|(name, value)| (name, masker.text(&value))).collect();
        Some(FromShim::Evaluated { command, values })
    }

    /// What a script printed.
    pub(super) fn answered(&mut self, output: String) -> Option<FromShim> {
        let name = self.scripts.pop_front()?;
        Some(FromShim::Answered { name, output: Some(output) })
    }

    /// The shell that was asked for values has gone.
    pub(super) fn forget_values(&mut self) {
        self.values.clear();
    }

    /// The shell that was asked has gone: whoever waits for an answer is told that none comes.
    pub(super) fn unanswered(&mut self) -> Vec<FromShim> {
        let scripts = self.scripts.drain(..).map(|name| FromShim::Answered { name, output: None });
        let values = self.values.drain(..).map(|command| FromShim::Evaluated { command, values: vec![] });
        scripts.chain(values).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Hidden;

    fn evaluated(report: Option<FromShim>) -> (String, Vec<(String, String)>) {
        match report {
            Some(FromShim::Evaluated { command, values }) => (command.to_string(), values),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn answers_go_to_whoever_asked_in_order_and_without_secrets() {
        let (mut questions, mut masker) = (Questions::default(), Masker::default());
        masker.add("correct-horse", Hidden::Placed);
        questions.values_for(CommandId("1/1".into()));
        questions.values_for(CommandId("1/2".into()));
        let value = |text: &str| vec![("A".to_owned(), text.to_owned())];
        let first = evaluated(questions.valued(value("correct-horse"), &masker));
        assert_eq!(first, ("1/1".into(), value("*************")));
        assert_eq!(evaluated(questions.valued(value("2"), &masker)), ("1/2".into(), value("2")));
        assert!(questions.valued(value("3"), &masker).is_none(), "nobody asked");
    }

    #[test]
    fn when_the_shell_has_gone_everybody_who_waits_is_told() {
        let mut questions = Questions::default();
        questions.values_for(CommandId("1/1".into()));
        questions.script("disk".into());
        let told = questions.unanswered();
        assert!(
            matches!(
                told.as_slice(),
                [FromShim::Answered { name, output: None }, FromShim::Evaluated { values, .. }]
                    if name == "disk" && values.is_empty()
            ),
            "{told:?}"
        );
        assert!(questions.unanswered().is_empty());
        assert!(questions.answered("late".into()).is_none());
    }

    #[test]
    fn a_shell_that_ends_forgets_values_but_not_scripts() {
        let mut questions = Questions::default();
        questions.values_for(CommandId("1/1".into()));
        questions.script("disk".into());
        questions.forget_values();
        assert!(questions.valued(vec![], &Masker::default()).is_none());
        assert!(matches!(questions.answered("ok".into()), Some(FromShim::Answered { output: Some(_), .. })));
    }
}
