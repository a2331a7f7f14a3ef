//! Which check items are due, and which come later.

use super::items::awaited;
use super::state::{RunState, Standing};
use crate::runbook::{Checklist, CommandId, Due, Item, ItemId, Step};

/// Whether a checklist counts in this run: not where what it belongs to was skipped.
pub fn counts(state: &RunState, list: &Checklist) -> bool {
    let skipped = |id: &CommandId| state.standing(id) == Standing::Skipped;
    match &list.due {
        Due::Start | Due::End => true,
        Due::Before { command } => !skipped(command),
        Due::After { step } => {
            let commands = state.runbook().step(step).map_or(vec![], Step::commands);
            commands.is_empty() || !commands.iter().all(|c| skipped(&c.id))
        }
    }
}

/// How many items are due before the command at an index.
pub fn count_by(state: &RunState, index: usize) -> usize {
    let book = state.runbook();
    let lists = book.checklists.iter().filter(|l| l.due.index(book) <= index && counts(state, l));
    lists.map(|list| list.items.len()).sum()
}

/// Those of them that are neither ticked nor skipped, with their checklists, in the order in which they are due.
pub fn open_by(state: &RunState, index: usize) -> impl Iterator<Item = (&Checklist, &Item)> {
    let open = state.open_as_due().due_by(state.runbook(), index);
    open.filter(|(_, list, _)| counts(state, list)).map(|(_, list, item)| (list, item))
}

/// Open items that are due where the run is, before the command at an index, and those that come later. What is due at
/// the end comes later as long as there is a command.
pub fn now_and_later(state: &RunState, index: Option<usize>) -> (Vec<&Item>, Vec<(&Item, &Due)>) {
    let book = state.runbook();
    let (mut now, mut later) = (Vec::new(), Vec::new());
    for (list, item) in open_by(state, usize::MAX) {
        if index.is_none_or(|at| list.due != Due::End && list.due.index(book) <= at) {
            now.push(item);
        } else {
            later.push((item, &list.due));
        }
    }
    (now, later)
}

/// The item to look at next, on the way to the command at an index, which is only `offered` or not, with the index
/// that it is due at: of those that are due first, the first open one. What is due before the first change is asked at
/// the gate, and what is optional is asked nowhere.
pub(super) fn next_until(state: &RunState, index: usize, offered: bool) -> Option<(usize, ItemId)> {
    let asked = |list: &Checklist, at: usize| match &list.due {
        // What is offered is chosen first.
        Due::Before { .. } => at < index || !offered,
        Due::Start | Due::After { .. } | Due::End => true,
    };
    let mut open = state.open_as_due().asked_by(state.runbook(), index);
    let wanted = |(at, list, item): &(usize, &Checklist, &Item)| {
        asked(list, *at) && counts(state, list) && awaited(state, item).is_none()
    };
    open.find(wanted).map(|(at, _, item)| (at, item.id.clone()))
}

/// The checklist that an item stands in.
pub fn list_of<'s>(state: &'s RunState, item: &ItemId) -> Option<&'s Checklist> {
    let (list, _) = state.runbook().place_of_item(item)?;
    state.runbook().checklists.get(list)
}
