//! Check items that are neither ticked nor skipped, as they come due: what is next is looked for among them for every
//! event, however many there are.

use std::collections::BTreeSet;

use crate::runbook::{Checklist, Due, Item, ItemId, Runbook};

/// Where an item stands: the index of the command that it is due before, its checklist, and its number in that.
type At = (usize, usize, usize);

/// The open items of a plan.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenItems {
    /// Those that somebody is asked for on the way.
    asked: BTreeSet<At>,
    /// What is due before the first change is asked at the gate, and what is optional nowhere.
    others: BTreeSet<At>,
}

impl OpenItems {
    /// Those of a plan's items that are open.
    pub(super) fn of(book: &Runbook, is_open: impl Fn(&ItemId) -> bool) -> Self {
        let mut open = Self::default();
        for (list, checklist) in book.checklists.iter().enumerate() {
            let due = checklist.due.index(book);
            for (at, item) in checklist.items.iter().enumerate() {
                if is_open(&item.id) {
                    open.among(checklist, item).insert((due, list, at));
                }
            }
        }
        open
    }

    fn among(&mut self, list: &Checklist, item: &Item) -> &mut BTreeSet<At> {
        let asked = list.due != Due::Start && !item.optional;
        if asked { &mut self.asked } else { &mut self.others }
    }

    /// Something became of an item, or it is open again.
    pub(super) fn set(&mut self, book: &Runbook, id: &ItemId, is_open: bool) {
        let Some((list, at)) = book.place_of_item(id) else { return };
        let Some((checklist, item)) = book.checklists.get(list).and_then(|l| Some((l, l.items.get(at)?)))
        else {
            return;
        };
        let (due, among) = (checklist.due.index(book), self.among(checklist, item));
        if is_open {
            among.insert((due, list, at));
        } else {
            among.remove(&(due, list, at));
        }
    }

    /// Those that somebody is asked for before the command at an index, each with the index that it is due at.
    pub(super) fn asked_by<'r>(
        &self,
        book: &'r Runbook,
        index: usize,
    ) -> impl Iterator<Item = (usize, &'r Checklist, &'r Item)> {
        self.asked.range(..=(index, usize::MAX, usize::MAX)).filter_map(|at| found(book, *at))
    }

    /// All that are due before the command at an index.
    pub(super) fn due_by<'r>(
        &self,
        book: &'r Runbook,
        index: usize,
    ) -> impl Iterator<Item = (usize, &'r Checklist, &'r Item)> {
        let end = (index, usize::MAX, usize::MAX);
        let all: BTreeSet<At> = self.asked.range(..=end).chain(self.others.range(..=end)).copied().collect();
        all.into_iter().filter_map(|at| found(book, at))
    }
}

fn found(book: &Runbook, (due, list, at): At) -> Option<(usize, &Checklist, &Item)> {
    let checklist = book.checklists.get(list)?;
    Some((due, checklist, checklist.items.get(at)?))
}
