//! Check items with nobody there: ticked where they are due, so that the record has them in their order.

use super::walk::Walk;
use crate::cli::report::CommandError;
use crate::run::claim::TICKED_UNSEEN;
use crate::run::state::Standing;
use crate::run::{Request, due, items};
use crate::runbook::{Checklist, Due, Item, ItemId};

impl Walk {
    /// Ticks the check items that are due before the command at an index, list by list. The end has not come while
    /// something only a person can judge is open, and does not come where only a part was to be run.
    pub(super) async fn tick_due(&mut self, index: usize) -> Result<(), CommandError> {
        let book = self.state().runbook();
        let unjudged =
            || self.state().path().iter().any(|c| self.state().standing(&c.id) == Standing::NeedsEyes);
        let answers = &self.terms.answers;
        let ends = || answers.to.is_none() && (answers.accept_unattested || !unjudged());
        let lists = book.checklists.iter().filter(|list| {
            let comes = || list.due != Due::End || ends();
            list.due.index(book) <= index && comes() && due::counts(self.state(), list)
        });
        let open = |list: &&Checklist| {
            // What its command, or the step that makes it, speaks against is not said to be so.
            let founded = |i: &&Item| items::against(self.state(), i).is_none();
            let items = list.items.iter().filter(founded).map(|i| i.id.clone());
            let items: Vec<_> = items.filter(|id| self.state().item(id).is_none()).collect();
            (list.due.clone(), items)
        };
        let mut groups: Vec<(Due, Vec<_>)> = Vec::new();
        for (due, items) in lists.map(|l| open(&l)).filter(|(_, items)| !items.is_empty()) {
            match groups.last_mut().filter(|(last, _)| *last == due) {
                Some((_, group)) => group.extend(items),
                None => groups.push((due, items)),
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
