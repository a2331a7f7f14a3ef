//! Where containers begin and end.
//!
//! What is never closed ends where the next heading of the level around it stands, or with what is around it. Nothing
//! inside of a fence or of a comment is a marker.

use std::ops::Range;

use super::super::broken::{Fenced, fence};
use super::super::source::Cut;
use super::Kind;
use super::dialects::{Family, Marker, Opening, alert, fence_title, markers, tab_line};
use lines::{Line, bullet, heading, quoted};

mod cuts;
mod lines;

/// A container as it was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) opening: Opening,
    /// Its number among those found.
    pub(super) id: usize,
    /// The number of the one around it.
    pub(super) parent: Option<usize>,
    /// The bytes of its marker.
    pub(super) marker: Range<usize>,
    /// The byte behind what is in it.
    pub(super) end: usize,
    /// The byte behind the marker that closes it.
    pub(super) behind: usize,
    /// The column of its marker; none where that stands behind a bullet or a quote's sign.
    column: Option<usize>,
    content: Content,
    /// The level of the heading that it stands under.
    level: usize,
    /// Where the next heading of that level or a higher one begins.
    section: Option<usize>,
    /// The heading level of the tabs in it.
    rank: Option<usize>,
    /// The bytes that only mark it.
    cuts: Vec<Range<usize>>,
}

/// By what the end of a container is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// By a marker.
    Marked,
    /// By a line that is indented to less than this column.
    Indented(usize),
    /// By a line with fewer quote signs.
    Quoted(usize),
}

/// The containers of a text by their first bytes, the outer one first, and what is not parsed of it, in order.
pub(super) fn scan(text: &str, fences: &[Fenced]) -> (Vec<Found>, Vec<Cut>) {
    let lines = lines::lines(text);
    let mut scanner = Scanner {
        text,
        lines: &lines,
        fences,
        open: vec![],
        done: vec![],
        breaks: vec![],
        items: vec![],
        level: 0,
        count: 0,
    };
    let mut at = 0;
    while at < lines.len() {
        at = scanner.line(at).max(at + 1);
    }
    scanner.finish(0, text.len(), text.len(), false);
    let Scanner { mut done, breaks, .. } = scanner;
    done.sort_by_key(|f| (f.marker.start, std::cmp::Reverse(f.end), f.id));
    let cuts = cuts::cuts(&done, &lines, fences, &breaks);
    (done, cuts)
}

struct Scanner<'t> {
    text: &'t str,
    lines: &'t [Line<'t>],
    fences: &'t [Fenced],
    open: Vec<Found>,
    done: Vec<Found>,
    /// Where a fence ends with its container, without being closed.
    breaks: Vec<usize>,
    /// The columns that the text of the list items around begins in.
    items: Vec<usize>,
    /// The level of the last heading.
    level: usize,
    /// Containers so far.
    count: usize,
}

impl Scanner<'_> {
    /// Reads a line; the next one to read.
    fn line(&mut self, at: usize) -> usize {
        let line = self.lines[at];
        if let Some(fenced) = fence_at(self.fences, line.start) {
            return self.fence(at, fenced);
        }
        if line.body.is_empty() {
            return at + 1;
        }
        self.outdent(&line);
        while self.items.last().is_some_and(|column| *column > line.column) {
            self.items.pop();
        }
        if line.body.starts_with("<!--") && !line.body.contains("-->") {
            let ends = (at + 1..self.lines.len()).find(|i| self.lines[*i].body.contains("-->"));
            return ends.map_or(at + 1, |end| end + 1);
        }
        if line.column >= self.base() + 4 && !self.is_free() {
            return at + 1;
        }
        if let Some(next) = self.tab_line(at).or_else(|| self.markers(at)) {
            return next;
        }
        if let Some((level, start)) = heading(self.lines, at) {
            for open in self.open.iter_mut().filter(|o| o.section.is_none()) {
                // Under the title of the document the next chapter is the end.
                open.section = (level <= open.level.max(2)).then_some(start);
            }
            self.level = level;
        } else if let Some(width) = bullet(line.body) {
            self.items.push(line.column + width);
        }
        at + 1
    }

    /// The column that text begins in here.
    fn base(&self) -> usize {
        let indented = self.open.iter().rev().find_map(|o| match o.content {
            Content::Indented(column) => Some(column),
            _ => None,
        });
        self.items.last().copied().unwrap_or(0).max(indented.unwrap_or(0))
    }

    /// Whether what is around closes by a marker: then indentation makes no code.
    fn is_free(&self) -> bool {
        self.open.iter().any(|o| o.content == Content::Marked)
    }

    /// Passes a fence by. In a group of code it is a tab; one without an end ends with the container around it.
    fn fence(&mut self, at: usize, fenced: &Fenced) -> usize {
        let line = self.lines[at];
        self.outdent(&line);
        if let Some(group) = self.open.last().filter(|o| o.opening.kind == Kind::CodeGroup) {
            let opening = fence_title(fence(line.body).map_or("", |(_, _, info)| info));
            let parent = Some(group.id);
            let tab = self.found(opening, line.start..line.start, Content::Marked, None);
            let tab = Found { parent, end: fenced.end, behind: fenced.end, cuts: vec![], ..tab };
            self.done.push(tab);
        }
        let next = self.lines.partition_point(|l| l.start < fenced.end);
        let ends = (at + 1..next).filter(|_| !fenced.closed).find(|i| self.ends_container(*i));
        if let Some(ends) = ends {
            self.breaks.push(self.lines[ends].start);
        }
        ends.unwrap_or(next)
    }

    /// Whether a container that is open ends with a line, although a fence in it was never closed.
    fn ends_container(&self, at: usize) -> bool {
        let line = self.lines[at];
        if line.body.is_empty() || self.open.is_empty() {
            return false;
        }
        let marked = markers(line.body).iter().any(|(_, marker)| match marker {
            Marker::Close(family, name) => self.closes(*family, name).is_some(),
            Marker::Open(opening) => self.sibling(opening).is_some(),
        });
        marked || self.open.iter().any(|o| leaves(o, &line))
    }

    /// Ends what a line is not indented or quoted enough for.
    fn outdent(&mut self, line: &Line<'_>) {
        if let Some(first) = self.open.iter().position(|o| leaves(o, line)) {
            self.finish(first, line.start, line.start, true);
        }
    }

    /// A line in a group of tabs that begins the next of them.
    fn tab_line(&mut self, at: usize) -> Option<usize> {
        let line = self.lines[at];
        let group = self.open.iter().rposition(is_group)?;
        let (rank, opening) = tab_line(&self.open[group].opening, line.body)?;
        if *self.open[group].rank.get_or_insert(rank) != rank {
            return None;
        }
        self.finish(group + 1, line.start, line.start, true);
        let tab = self.found(opening, line.text(), Content::Marked, Some(line.column));
        self.open.push(tab);
        Some(at + 1)
    }

    /// The markers of a line; the next line behind them.
    fn markers(&mut self, at: usize) -> Option<usize> {
        let line = self.lines[at];
        let (depth, inside) = quoted(line.body);
        let before = at.checked_sub(1).map_or(0, |i| quoted(self.lines[i].body).0);
        if depth > before
            && let Some(opening) = line.body.get(inside..).and_then(alert)
        {
            let cut = line.text().start + inside..line.end;
            let found = self.found(opening, line.text(), Content::Quoted(depth), None);
            self.open.push(Found { cuts: vec![cut], ..found });
            return Some(at + 1);
        }
        let inner = line.body.get(inside..).unwrap_or("");
        let lead = inside + bullet(inner).unwrap_or(0).min(inner.len());
        let start = line.text().start + lead;
        let column = (lead == 0).then_some(line.column);
        let mut behind = None;
        for (range, marker) in markers(self.text.get(start..)?) {
            let range = range.start + start..range.end + start;
            let alone = matches!(
                &marker,
                Marker::Open(Opening { family, .. }) | Marker::Close(family, _) if !family.shares_its_line()
            );
            let end = range.end;
            let taken = match marker {
                _ if alone && lead > 0 => false,
                Marker::Open(opening) => self.opens(at, range, opening, column),
                Marker::Close(family, name) => self.close(range, family, &name),
            };
            if taken {
                behind = Some(end);
            }
        }
        behind.map(|end| self.lines.partition_point(|l| l.start < end))
    }

    /// Opens a container, if it is one: one by indentation has something indented below it, or a fence.
    fn opens(&mut self, at: usize, marker: Range<usize>, opening: Opening, column: Option<usize>) -> bool {
        // Nobody nests deeper.
        const DEEPEST: usize = 32;
        let own = self.lines[at].column;
        if self.open.len() >= DEEPEST {
            return false;
        }
        if !matches!(opening.family, Family::Bang | Family::Equals) {
            if let Some(sibling) = self.sibling(&opening) {
                self.finish(sibling, marker.start, marker.start, true);
            }
            let found = self.found(opening, marker, Content::Marked, column);
            self.open.push(found);
            return true;
        }
        let Some(below) = self.lines.get(at + 1..).and_then(|rest| rest.iter().find(|l| !l.body.is_empty()))
        else {
            return false;
        };
        let more = below.column.saturating_sub(own);
        if more >= 2 {
            let found = self.found(opening, marker, Content::Indented(own + more.min(4)), column);
            self.open.push(found);
            return true;
        }
        let Some(fenced) = fence_at(self.fences, below.start).filter(|f| f.closed && below.column >= own)
        else {
            return false;
        };
        let found = self.found(opening, marker, Content::Marked, column);
        self.done.push(Found { end: fenced.end, behind: fenced.end, ..found });
        true
    }

    fn found(
        &mut self,
        opening: Opening,
        marker: Range<usize>,
        content: Content,
        column: Option<usize>,
    ) -> Found {
        self.count += 1;
        Found {
            opening,
            id: self.count,
            parent: self.open.last().map(|o| o.id),
            cuts: vec![marker.clone()],
            end: marker.end,
            behind: marker.end,
            marker,
            column,
            content,
            level: self.level,
            section: None,
            rank: None,
        }
    }

    /// The tab that another one of the same group ends, since nothing else did.
    fn sibling(&self, opening: &Opening) -> Option<usize> {
        let first = self.open.iter().rposition(is_group).map_or(0, |group| group + 1);
        // A block of its own, and an element of a page, stand in the one around them.
        if opening.fresh && opening.family == Family::Braces || opening.is_plain() {
            return None;
        }
        let same = |o: &Found| o.opening.kind == Kind::Tab && o.opening.name == opening.name;
        let tab = self.open.get(first..)?.iter().rposition(same).filter(|_| opening.kind == Kind::Tab)?;
        Some(first + tab)
    }

    /// The container that a marker closes: of those closed by a count of signs the one with just as many, or with
    /// fewer.
    fn closes(&self, family: Family, name: &str) -> Option<usize> {
        const MOST: usize = 99;
        let same = |family: Family| {
            let fits = |o: &Found| o.opening.family == family && (name.is_empty() || o.opening.name == name);
            self.open.iter().rposition(fits)
        };
        match family {
            Family::Colons(count) => (3..=count.min(MOST)).rev().find_map(|c| same(Family::Colons(c))),
            Family::Strokes(count) => (3..=count.min(MOST)).rev().find_map(|c| same(Family::Strokes(c))),
            family => same(family),
        }
    }

    fn close(&mut self, marker: Range<usize>, family: Family, name: &str) -> bool {
        let Some(at) = self.closes(family, name) else { return false };
        self.open[at].cuts.push(marker.clone());
        self.finish(at, marker.start, marker.end, true);
        true
    }

    /// Ends the container at `first`, and what is still open in it.
    fn finish(&mut self, first: usize, end: usize, behind: usize, closed: bool) {
        for (at, found) in self.open.drain(first.min(self.open.len())..).enumerate() {
            let closed = found.content != Content::Marked || closed && at == 0;
            if !closed && !found.opening.known {
                continue;
            }
            if found.section.is_none() {
                self.level = found.level;
            }
            let end = if closed { end } else { found.section.unwrap_or(end).min(end) };
            let behind = if closed && at == 0 { behind } else { end };
            self.done.push(Found { end: end.max(found.marker.end), behind, ..found });
        }
    }
}

fn is_group(open: &Found) -> bool {
    matches!(open.opening.kind, Kind::Group | Kind::CodeGroup)
}

/// Whether a line is not indented or quoted enough to be in a container.
fn leaves(open: &Found, line: &Line<'_>) -> bool {
    match open.content {
        Content::Marked => false,
        Content::Indented(column) => line.column < column,
        Content::Quoted(depth) => quoted(line.body).0 < depth,
    }
}

/// The fence that a line opens.
fn fence_at(fences: &[Fenced], start: usize) -> Option<&Fenced> {
    fences.binary_search_by_key(&start, |f| f.start).ok().and_then(|at| fences.get(at))
}
