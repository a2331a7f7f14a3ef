//! What of a document is not parsed: markers of containers, and the indentation of what is in them.

use super::super::super::broken::Fenced;
use super::super::super::source::{Cut, outdent};
use super::lines::{Line, bullet};
use super::{Content, Found, fence_at};

/// The cuts of all containers, in order; `breaks` begin parts of their own.
pub(super) fn cuts(found: &[Found], lines: &[Line<'_>], fences: &[Fenced], breaks: &[usize]) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = breaks.iter().map(|at| Cut { at: *at..*at, with: "", parts: true }).collect();
    for range in found.iter().flat_map(|f| &f.cuts) {
        let line = |at: usize| lines.get(lines.partition_point(|l| l.start <= at).saturating_sub(1));
        let goes_on = line(range.end).is_some_and(|l| range.end < l.end);
        let alone = line(range.start).is_some_and(|l| l.text().start == range.start);
        // Words behind a marker are a paragraph of their own.
        let with = if goes_on && alone { "\n" } else { "" };
        cuts.push(Cut { at: range.clone(), with, parts: false });
    }
    let mut columns = vec![0; lines.len()];
    for container in found {
        let inside = inside(container, lines);
        let more = deeper(container, &inside, lines, fences, found);
        columns.iter_mut().take(inside.end).skip(inside.start).for_each(|c| *c += more);
    }
    let outdented = lines.iter().zip(columns).filter(|(_, columns)| *columns > 0);
    cuts.extend(outdented.filter_map(|(line, columns)| outdent(line.raw, line.start, columns)));
    cuts.sort_by_key(|cut| (cut.at.start, cut.at.end));
    cuts
}

/// The lines below a container's marker, by their places.
fn inside(container: &Found, lines: &[Line<'_>]) -> std::ops::Range<usize> {
    let from = lines.partition_point(|l| l.start < container.marker.end);
    from..lines.partition_point(|l| l.start < container.end).max(from)
}

/// By how many columns what is in a container is indented more than its marker.
///
/// One that a marker closes may hold text that is code by its indentation; it is taken for indented as a whole only
/// where a fence, a list, a heading or another container begins there.
fn deeper(
    container: &Found,
    inside: &std::ops::Range<usize>,
    lines: &[Line<'_>],
    fences: &[Fenced],
    found: &[Found],
) -> usize {
    let Some(own) = container.column else { return 0 };
    match container.content {
        Content::Indented(column) => return column.saturating_sub(own),
        Content::Quoted(_) => return 0,
        Content::Marked => {}
    }
    let mut least = usize::MAX;
    let mut begins = false;
    let mut at = inside.start;
    while at < inside.end {
        let Some(line) = lines.get(at) else { break };
        at += 1;
        let opened = fence_at(fences, line.start);
        if !line.body.is_empty() && line.column <= least {
            let marks = opened.is_some()
                || bullet(line.body).is_some()
                || line.body.starts_with('#')
                || found.binary_search_by_key(&line.text().start, |f| f.marker.start).is_ok();
            begins = marks || begins && line.column == least;
            least = line.column;
        }
        if let Some(fenced) = opened {
            at = lines.partition_point(|l| l.start < fenced.end).max(at);
        }
    }
    if begins { least.saturating_sub(own) } else { 0 }
}
