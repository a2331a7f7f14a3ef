//! Folded parts, `<details>` with a `<summary>`.
//!
//! 1. Where the summary says that what is in it takes back or mends, it is a section of its own: those commands are
//!    run when that is called for, never as one more step among those around them.
//! 2. Any other summary is a paragraph: "Expected output" says what the block under it is.

use super::super::model::Role;
use super::super::vocabulary;
use super::{Element, ElementKind, Lines};

struct Fold {
    start: usize,
    end: usize,
    title: String,
    apart: bool,
}

/// Puts summaries among the elements, and what is folded away as rollback or trouble behind what stands around it.
pub(super) fn unfolded(text: &str, lines: &Lines, found: Vec<Element>) -> Vec<Element> {
    let folds = folds(text, &found);
    if folds.is_empty() {
        return found;
    }
    let count = found.len();
    let mut left: Vec<Option<Element>> = found.into_iter().map(Some).collect();
    // Elements know the list item that they stand in by its place, which moves.
    let mut moved = vec![0; count];
    let mut all = Vec::with_capacity(count + folds.len());
    let mut apart: Vec<(Element, std::ops::Range<usize>)> = Vec::new();
    let mut level = 1;
    let mut folds = folds.into_iter().peekable();
    let mut at = 0;
    while at < count || folds.peek().is_some() {
        let start = left.get(at).and_then(Option::as_ref).map_or(usize::MAX, |e| e.span.start);
        if let Some(fold) = folds.next_if(|f| f.start <= start) {
            let span = lines.whole(lines.line(fold.start));
            if !fold.apart {
                let text = if fold.title.ends_with([':', '.']) { fold.title } else { fold.title + ":" };
                let kind = ElementKind::Paragraph { text, bold: false };
                let item = left.get(at).and_then(Option::as_ref).and_then(|e| e.item);
                all.push(Element { span, kind, item });
                continue;
            }
            let ends = |e: &Element| e.span.start >= fold.end;
            let end = (at..count).find(|i| left[*i].as_ref().is_some_and(ends)).unwrap_or(count);
            let kind = ElementKind::Heading((level + 1).clamp(2, 6), fold.title);
            apart.push((Element { span, kind, item: None }, at..end));
            at = end;
            continue;
        }
        let Some(element) = left[at].take() else { break };
        if let ElementKind::Heading(found, _) = &element.kind {
            append(&mut all, &mut left, &mut moved, &mut apart);
            level = *found;
        }
        moved[at] = all.len();
        all.push(element);
        at += 1;
    }
    append(&mut all, &mut left, &mut moved, &mut apart);
    for element in &mut all {
        element.item = element.item.map(|item| moved[item]);
    }
    all
}

fn append(
    all: &mut Vec<Element>,
    left: &mut [Option<Element>],
    moved: &mut [usize],
    apart: &mut Vec<(Element, std::ops::Range<usize>)>,
) {
    for (heading, inside) in apart.drain(..) {
        let outer = if let ElementKind::Heading(level, _) = heading.kind { level } else { 6 };
        all.push(heading);
        for at in inside {
            let Some(mut element) = left[at].take() else { continue };
            // A heading in the fold stays in it.
            if let ElementKind::Heading(level, title) = &mut element.kind {
                if outer < 6 {
                    *level = (*level).max(outer + 1);
                } else {
                    let text = std::mem::take(title);
                    element.kind = ElementKind::Paragraph { text, bold: true };
                }
            }
            moved[at] = all.len();
            all.push(element);
        }
    }
}

/// The folded parts, in order; of those set apart the outermost only. A tag inside of a code block is none.
fn folds(text: &str, found: &[Element]) -> Vec<Fold> {
    let mut folds = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("<details").map(|offset| at + offset) {
        at = start + "<details".len();
        if in_code(found, start) {
            continue;
        }
        let Some(title) = summary(&text[at..]) else { continue };
        let apart = matches!(vocabulary::role(&title), Role::Rollback | Role::Troubleshooting);
        let Some(end) = closing(text, at, found) else { continue };
        folds.push(Fold { start, end, title, apart });
        if apart {
            at = end;
        }
    }
    folds
}

fn in_code(found: &[Element], at: usize) -> bool {
    let next = found.partition_point(|e| e.span.start <= at);
    found[..next].iter().rev().take(2).any(|e| matches!(e.kind, ElementKind::Code(_)) && at < e.span.end)
}

/// What the summary says, without tags.
fn summary(rest: &str) -> Option<String> {
    let rest = &rest[..rest.find("</summary>")?];
    let begin = rest.find("<summary")?;
    let (_, body) = rest[begin..].split_once('>')?;
    // Another fold's summary is not this one's.
    if rest[..begin].contains("<details") {
        return None;
    }
    let mut title = String::new();
    let mut in_tag = false;
    for c in body.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => title.push(c),
            _ => {}
        }
    }
    Some(title.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Where the fold that began before `from` ends.
fn closing(text: &str, from: usize, found: &[Element]) -> Option<usize> {
    let mut depth = 1;
    let mut at = from;
    loop {
        let end = text[at..].find("</details>").map(|offset| at + offset)?;
        let inner = text[at..end].match_indices("<details").filter(|(o, _)| !in_code(found, at + o)).count();
        depth += inner;
        at = end + "</details>".len();
        if !in_code(found, end) {
            depth -= 1;
            if depth == 0 {
                return Some(end);
            }
        }
    }
}
