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

fn is_open(state: &RunState, item: &Item) -> bool {
    state.item(&item.id).is_none()
}

/// Items that are due before the command at an index, in the order in which they are due.
fn due_by(state: &RunState, index: usize) -> impl Iterator<Item = &Item> {
    let book = state.runbook();
    let lists = book.checklists.iter().filter(move |l| l.due.index(book) <= index && counts(state, l));
    lists.flat_map(|list| &list.items)
}

/// How many items are due before the command at an index.
pub fn count_by(state: &RunState, index: usize) -> usize {
    due_by(state, index).count()
}

/// Those of them that are neither ticked nor skipped.
pub fn open_by(state: &RunState, index: usize) -> Vec<ItemId> {
    due_by(state, index).filter(|i| is_open(state, i)).map(|i| i.id.clone()).collect()
}

/// Open items that are due where the run is, before the command at an index, and those that come later. What is due at
/// the end comes later as long as there is a command.
pub fn now_and_later(state: &RunState, index: Option<usize>) -> (Vec<&Item>, Vec<(&Item, &Due)>) {
    let book = state.runbook();
    let (mut now, mut later) = (Vec::new(), Vec::new());
    for list in book.checklists.iter().filter(|list| counts(state, list)) {
        let due = index.is_none_or(|at| list.due != Due::End && list.due.index(book) <= at);
        for item in list.items.iter().filter(|i| is_open(state, i)) {
            if due {
                now.push(item);
            } else {
                later.push((item, &list.due));
            }
        }
    }
    (now, later)
}

/// The item to look at next, on the way to the command at an index, which is only `offered` or not, with the index
/// that it is due at: of those that are due first, the first open one. What is due before the first change is asked at
/// the gate, and what is optional is asked nowhere.
pub(super) fn next_until(state: &RunState, index: usize, offered: bool) -> Option<(usize, ItemId)> {
    let book = state.runbook();
    let asked = |list: &Checklist, at: usize| match &list.due {
        Due::Start => false,
        // What is offered is chosen first.
        Due::Before { .. } => at < index || !offered,
        Due::After { .. } | Due::End => true,
    };
    let wanted = |list: &'_ Checklist| {
        let mut wanted = list.items.iter().filter(|i| !i.optional && is_open(state, i));
        let item = wanted.find(|i| awaited(state, i).is_none())?;
        let at = list.due.index(book);
        (at <= index && asked(list, at) && counts(state, list)).then(|| (at, item.id.clone()))
    };
    // Of several that are due at the same index the first is taken.
    book.checklists.iter().filter_map(wanted).min_by_key(|(at, _)| *at)
}

/// The checklist that an item stands in.
pub fn list_of<'s>(state: &'s RunState, item: &ItemId) -> Option<&'s Checklist> {
    state.runbook().checklists.iter().find(|l| l.items.iter().any(|i| &i.id == item))
}
