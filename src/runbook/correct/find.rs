//! Finds corrections and what each is about.
//!
//! 1. `<!-- gonogo: … -->` on a line of its own is about what follows: a heading, a fence, an item, a paragraph.
//! 2. `# gonogo: …` in a fence is about the command that follows, or, behind a command, about that.
//! 3. In the first line of a fence, behind its language, it is about the fence: "```bash gonogo: skip".
//! 4. One from gonogo.toml or the screens names what it is about by its key.

use std::collections::BTreeMap;

use super::super::finding::Finding;
use super::super::markdown::{Element, ElementKind};
use super::correction::{Correction, FILE};
use super::key::{self, Names};
use super::words::{Word, parse};

/// Words with who says them.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::runbook) struct Said {
    pub(in crate::runbook) words: Vec<Word>,
    pub(in crate::runbook) by: String,
}

/// What corrections are about, each by its line.
#[derive(Clone, Debug, Default)]
pub(in crate::runbook) struct Targets {
    /// Headings, fences, items, paragraphs by their first line, commands by theirs.
    pub(in crate::runbook) at: BTreeMap<usize, Vec<Said>>,
    /// Lines in the document that hold a correction.
    pub(in crate::runbook) lines: Vec<usize>,
    /// What is not read, and what no longer finds what it is about.
    pub(in crate::runbook) findings: Vec<Finding>,
}

impl Targets {
    /// What is said of what begins on a line, the nearest last.
    pub(in crate::runbook) fn on(&self, line: usize) -> impl Iterator<Item = (&Word, &str)> {
        let said = self.at.get(&line).into_iter().flatten();
        said.flat_map(|said| said.words.iter().map(|word| (word, said.by.as_str())))
    }

    /// Whether nothing is corrected.
    pub(in crate::runbook) fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    fn add(&mut self, line: usize, words: Vec<Word>, by: &str) {
        self.at.entry(line).or_default().push(Said { words, by: by.to_owned() });
    }
}

/// Finds all corrections of a document: those of the settings first, then its own, then those of the screens.
pub(in crate::runbook) fn find(document: &str, elements: &[Element], given: &[Correction]) -> Targets {
    let mut targets = Targets::default();
    let (settings, screens): (Vec<&Correction>, Vec<&Correction>) = given.iter().partition(|c| c.by == FILE);
    for correction in settings {
        keyed(correction, elements, &mut targets);
    }
    if document.contains("gonogo:") {
        in_document(document, elements, &mut targets);
    }
    for correction in screens {
        keyed(correction, elements, &mut targets);
    }
    targets
}

fn in_document(document: &str, elements: &[Element], targets: &mut Targets) {
    let lines: Vec<&str> = document.lines().collect();
    for (at, text) in lines.iter().enumerate() {
        let line = at + 1;
        let Some((before, rest)) = text.split_once("gonogo:") else { continue };
        let inside = fence_at(elements, line);
        let comment = before.trim_end().ends_with("<!--");
        let hash = before.trim_end().ends_with('#') && inside.is_some();
        let info = inside.is_some_and(|fence| fence.span.line == line);
        if !(comment && inside.is_none() || hash || info) {
            continue;
        }
        let said = rest.split("-->").next().unwrap_or(rest).trim().trim_end_matches('}').trim();
        if said.starts_with("allow") {
            continue;
        }
        let words = match parse(said) {
            Ok(words) => words,
            Err(why) => {
                targets.findings.push(Finding::new(line, "unknown-correction", why));
                continue;
            }
        };
        let alone = before
            .trim()
            .trim_start_matches("<!--")
            .trim_start_matches(['#', '>', '-', '*'])
            .trim()
            .is_empty();
        let about = match inside {
            Some(_) if info => Some(line),
            // Behind a command it is about that one.
            Some(_) if !alone => Some(line),
            Some(fence) => below(&lines, line, fence.span.end_line),
            None if !alone => Some(line),
            None => element_below(elements, line),
        };
        if !info && alone {
            targets.lines.push(line);
        }
        match about {
            Some(about) => targets.add(about, words, "a comment in the document"),
            None => {
                let told = "is above nothing that it could apply to";
                targets.findings.push(Finding::new(line, "unknown-correction", told));
            }
        }
    }
}

fn fence_at(elements: &[Element], line: usize) -> Option<&Element> {
    let holds = |e: &&Element| {
        matches!(&e.kind, ElementKind::Code(c) if c.fenced) && (e.span.line..=e.span.end_line).contains(&line)
    };
    elements.iter().find(holds)
}

/// The next line of a fence that holds something else than a comment.
fn below(lines: &[&str], line: usize, end: usize) -> Option<usize> {
    (line + 1..end).find(|next| {
        let text = lines.get(next - 1).map_or("", |text| text.trim_start_matches(['>', ' ', '\t']));
        !text.is_empty() && !text.starts_with('#')
    })
}

/// The first line of the element that follows a line.
fn element_below(elements: &[Element], line: usize) -> Option<usize> {
    elements.iter().map(|e| e.span.line).filter(|start| *start > line).min()
}

/// A correction that names what it is about.
fn keyed(correction: &Correction, elements: &[Element], targets: &mut Targets) {
    let words = match parse(&correction.words) {
        Ok(words) => words,
        Err(why) => {
            let told = format!("[reading.{:?}] {}: {why}", correction.of, correction.words);
            targets.findings.push(Finding::new(1, "unknown-correction", told));
            return;
        }
    };
    let found = named(&correction.of, elements);
    match found.as_slice() {
        [] => {
            let told = format!("[reading.{:?}] matches nothing in the document any more", correction.of);
            targets.findings.push(Finding::new(1, "correction-unmatched", told));
        }
        [line] => targets.add(*line, words, &correction.by),
        several => {
            let lines: Vec<String> = several.iter().map(ToString::to_string).collect();
            let told = format!(
                "[reading.{:?}] matches lines {}: write more of the path, or the line",
                correction.of,
                lines.join(", ")
            );
            targets.findings.push(Finding::new(1, "correction-unmatched", told));
        }
    }
}

/// The line that a correction is about, and whether it is one inside of a fence; none where it is about nothing, or
/// about more than one thing.
pub fn place_of(document: &str, correction: &Correction) -> Option<(usize, bool)> {
    let elements = super::super::markdown::elements(document, &super::super::markdown::Lines::of(document));
    match named(&correction.of, &elements).as_slice() {
        [line] => Some((*line, fence_at(&elements, *line).is_some_and(|fence| fence.span.line != *line))),
        _ => None,
    }
}

/// The lines of what a key names: of all that fit, those that fit best.
fn named(of: &str, elements: &[Element]) -> Vec<usize> {
    if let Some(line) = key::line(of) {
        let holds = elements.iter().any(|e| (e.span.line..=e.span.end_line.max(e.span.line)).contains(&line));
        return if holds { vec![line] } else { vec![] };
    }
    let mut path: Vec<(u8, &str)> = Vec::new();
    let mut headings = Vec::new();
    let mut texts: Vec<(Names, usize)> = Vec::new();
    for element in elements {
        match &element.kind {
            ElementKind::Heading(level, title) => {
                path.retain(|(above, _)| above < level);
                path.push((*level, title));
                let titles: Vec<&str> = path.iter().map(|(_, title)| *title).collect();
                if key::names_heading(of, &titles) {
                    headings.push(element.span.line);
                }
            }
            ElementKind::Code(code) => {
                texts.push((key::names_text(of, &code.text), element.span.line));
                // A command of several lines is named by its first.
                let first = element.span.line + usize::from(code.fenced);
                let own = code.text.lines().enumerate();
                texts.extend(own.map(|(at, line)| (key::names_text(of, line), first + at)));
            }
            ElementKind::Item { text, .. } | ElementKind::Paragraph { text, .. } => {
                texts.push((key::names_text(of, text), element.span.line));
            }
            ElementKind::Table { .. } => {}
        }
    }
    if !headings.is_empty() {
        return headings;
    }
    let best = texts.iter().map(|(names, _)| *names).max().filter(|names| *names != Names::Not);
    let mut lines: Vec<usize> =
        texts.into_iter().filter(|(names, _)| Some(*names) == best).map(|(_, line)| line).collect();
    // A fence of one command is that command.
    if lines.len() == 2 && lines.first().zip(lines.get(1)).is_some_and(|(a, b)| a + 1 == *b) {
        lines.truncate(1);
    }
    lines
}
