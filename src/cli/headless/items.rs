//! Check items with nobody there: ticked where they are due, so that the record has them in their order.

use std::cell::OnceCell;

use super::walk::Walk;
use crate::cli::report::CommandError;
use crate::run::claim::TICKED_UNSEEN;
use crate::run::state::Standing;
use crate::run::{Request, due, items};
use crate::runbook::{Due, ItemId};

impl Walk {
    /// Ticks the check items that are due before the command at an index, list by list. The end has not come while
    /// something only a person can judge is open, and does not come where only a part was to be run.
    pub(super) async fn tick_due(&mut self, index: usize) -> Result<(), CommandError> {
        let state = self.state();
        let unjudged = || state.path().iter().any(|c| state.standing(&c.id) == Standing::NeedsEyes);
        let answers = &self.terms.answers;
        let ends = OnceCell::new();
        let ends =
            || *ends.get_or_init(|| answers.to.is_none() && (answers.accept_unattested || !unjudged()));
        let mut groups: Vec<(Due, Vec<_>)> = Vec::new();
        for (list, item) in due::open_by(state, index).filter(|(list, _)| list.due != Due::End || ends()) {
            // What its command, or the step that makes it, speaks against is not said to be so.
            if items::against(state, item).is_some() {
                continue;
            }
            match groups.last_mut().filter(|(last, _)| *last == list.due) {
                Some((_, group)) => group.push(item.id.clone()),
                None => groups.push((list.due.clone(), vec![item.id.clone()])),
            }
        }
        for (due, items) in groups {
            for item in &items {
                let evidence = Some(TICKED_UNSEEN.into());
                self.ask(Request::Tick { item: item.clone(), evidence, reason: None }).await?;
            }
            let when = if due == Due::Start { String::new() } else { format!(" {due}") };
            let count = match items.len() {
                1 => "1 item ticked with --yes, not checked by anybody".to_owned(),
                n => format!("{n} items ticked with --yes, not checked by anybody"),
            };
            self.line(&format!("checklist{when}: {count}"))?;
        }
        Ok(())
    }

    /// Leaves out an item that is due and that something speaks against; whether there was anything.
    pub(super) async fn leave_unfounded(&mut self, id: &ItemId) -> Result<bool, CommandError> {
        let Some(item) = self.state().runbook().item(id) else { return Ok(false) };
        let Some(reason) = items::against(self.state(), item) else { return Ok(false) };
        let line = format!("checklist: skipped: {}: {reason}", item.text);
        self.line(&line)?;
        self.ask(Request::SkipItem { item: id.clone(), reason }).await?;
        Ok(true)
    }
}
