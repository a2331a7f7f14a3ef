//! Which part and which command of one reading is which of another: by what they say first, by their numbers last, so
//! that an inserted step does not make everything behind it differ.

use std::collections::{HashMap, VecDeque};

use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices};

use super::{Lock, LockedCommand, Part};

/// How alike two first lines are to be those of one command that was changed, of 1.
const ALIKE: f32 = 0.6;

/// How many pairs of commands of one part are compared for likeness at most: beyond it their numbers tell.
const COMPARED: usize = 400;

/// A command and the part that it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'l> {
    pub(super) part: &'l Part,
    pub(super) command: &'l LockedCommand,
    /// Which part of its lock.
    part_index: usize,
    /// Which command of its lock.
    pub(super) index: usize,
}

/// One command as it was and as it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'l> {
    pub(super) was: At<'l>,
    pub(super) is: At<'l>,
    /// It stands elsewhere than it did.
    pub(super) moved: bool,
}

/// The commands of two readings.
#[derive(Debug, Default)]
pub(super) struct Pairs<'l> {
    pub(super) both: Vec<Pair<'l>>,
    pub(super) gone: Vec<At<'l>>,
    pub(super) new: Vec<At<'l>>,
}

/// For each part as it was, which it is now.
pub(super) fn parts(was: &[Part], is: &[Part]) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; was.len()];
    let mut taken = vec![false; is.len()];
    let rules: [fn(&Part, &Part) -> bool; 3] = [
        |a, b| a.kind == b.kind && a.id == b.id && a.title == b.title,
        |a, b| a.kind == b.kind && a.title == b.title,
        |a, b| a.kind == b.kind && a.id == b.id,
    ];
    for same in rules {
        for (part, found) in was.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let fits = is.iter().zip(&taken).position(|(p, taken)| !taken && same(part, p));
            if let Some(taken) = fits.and_then(|at| taken.get_mut(at)) {
                *taken = true;
                *found = fits;
            }
        }
    }
    found
}

fn all(lock: &Lock) -> Vec<At<'_>> {
    let parts = lock.parts.iter().enumerate();
    let each = parts.flat_map(|(part_index, part)| part.commands.iter().map(move |c| (part_index, part, c)));
    each.enumerate()
        .map(|(index, (part_index, part, command))| At { part, command, part_index, index })
        .collect()
}

/// Finds the commands of one reading in another; `parts` says which part is which.
pub(super) fn commands<'l>(was: &'l Lock, is: &'l Lock, parts: &[Option<usize>]) -> Pairs<'l> {
    let (was, is) = (all(was), all(is));
    let (of, taken) = (vec![None; was.len()], vec![false; is.len()]);
    let mut matching = Matching { was, is, of, taken };
    matching.in_order();
    matching.by_hash();
    matching.within_parts(parts);
    matching.pairs()
}

struct Matching<'l> {
    was: Vec<At<'l>>,
    is: Vec<At<'l>>,
    /// For each that was, which it is, and whether it stands elsewhere.
    of: Vec<Option<(usize, bool)>>,
    /// Which of those that are were found.
    taken: Vec<bool>,
}

impl<'l> Matching<'l> {
    fn pair(&mut self, was: usize, is: usize, moved: bool) {
        if let (Some(of), Some(taken)) = (self.of.get_mut(was), self.taken.get_mut(is)) {
            *of = Some((is, moved));
            *taken = true;
        }
    }

    /// What was not found yet of those that were.
    fn missing(&self) -> Vec<At<'l>> {
        self.was.iter().zip(&self.of).filter(|(_, of)| of.is_none()).map(|(w, _)| *w).collect()
    }

    /// What was not found yet of those that are.
    fn unknown(&self) -> Vec<At<'l>> {
        self.is.iter().zip(&self.taken).filter(|(_, taken)| !**taken).map(|(i, _)| *i).collect()
    }

    /// The same texts in the same order.
    fn in_order(&mut self) {
        let key = |at: &At<'l>| (at.part.kind.as_str(), at.command.hash.as_str());
        let was: Vec<_> = self.was.iter().map(key).collect();
        let is: Vec<_> = self.is.iter().map(key).collect();
        for op in capture_diff_slices(Algorithm::Myers, &was, &is) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                (0..len).for_each(|n| self.pair(old_index + n, new_index + n, false));
            }
        }
    }

    /// The same texts elsewhere.
    fn by_hash(&mut self) {
        let mut by_hash: HashMap<&str, VecDeque<At<'l>>> = HashMap::new();
        for is in self.unknown() {
            by_hash.entry(&is.command.hash).or_default().push_back(is);
        }
        for was in self.missing() {
            if let Some(is) = by_hash.get_mut(was.command.hash.as_str()).and_then(VecDeque::pop_front) {
                self.pair(was.index, is.index, true);
            }
        }
    }

    /// Other texts in the same part: the most alike first, then those of one number.
    fn within_parts(&mut self, parts: &[Option<usize>]) {
        for (part_was, part_is) in parts.iter().enumerate() {
            let Some(part_is) = part_is else { continue };
            let was: Vec<_> = self.missing().into_iter().filter(|w| w.part_index == part_was).collect();
            let is: Vec<_> = self.unknown().into_iter().filter(|i| i.part_index == *part_is).collect();
            let mut fitting: Vec<(f32, At<'l>, At<'l>)> = Vec::new();
            if was.len() * is.len() <= COMPARED {
                let each = was.iter().flat_map(|w| is.iter().map(move |i| (alike(*w, *i), *w, *i)));
                fitting.extend(each.filter(|(alike, ..)| *alike >= ALIKE));
                fitting.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
            }
            let same = was.iter().flat_map(|w| is.iter().map(move |i| (0.0, *w, *i)));
            fitting.extend(same.filter(|(_, w, i)| w.command.id == i.command.id));
            for (_, was, is) in fitting {
                let open = self.of.get(was.index).is_some_and(Option::is_none);
                if open && self.taken.get(is.index) == Some(&false) {
                    self.pair(was.index, is.index, false);
                }
            }
        }
    }

    fn pairs(self) -> Pairs<'l> {
        let (gone, new) = (self.missing(), self.unknown());
        let found = self.was.iter().zip(&self.of).filter_map(|(was, of)| Some((*was, (*of)?)));
        let both = found.filter_map(|(was, (is, moved))| Some(Pair { was, is: *self.is.get(is)?, moved }));
        Pairs { both: both.collect(), gone, new }
    }
}

/// How alike two first lines are; of two that are equally alike the one with the same number is meant.
fn alike(was: At<'_>, is: At<'_>) -> f32 {
    let bonus = if was.command.id == is.command.id { 0.05 } else { 0.0 };
    likeness(&was.command.text, &is.command.text) + bonus
}

/// How alike two texts are, from 0 to 1.
pub(super) fn likeness(was: &str, is: &str) -> f32 {
    TextDiff::from_chars(was, is).ratio()
}
