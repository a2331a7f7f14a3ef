//! Reads a document into a [`Runbook`]: one function a role.

use sha2::{Digest, Sha256};

use super::block::{BlockContext, manual_command, read_block, shows_output};
use super::comments;
use super::finding::Finding;
use super::markdown::{Code, Element, ElementKind, Lines, elements};
use super::model::{
    Block, Checklist, CommandId, Contact, Criterion, Environment, Expectation, Item, ItemId, Line,
    Monitoring, OutlineEntry, PLAN_SCHEMA, Problem, Reference, Role, Rollback, Runbook, Span, Step, StepId,
    Target,
};
use super::parameters::parameters;
use super::sections::{Section, is_table, sections};
use super::thresholds::threshold;
use super::words::{duration_s, interval_s, lower_words, numbered, slug, window_s, without_estimate};

mod findings;
mod template;

/// Reads a document. Never fails: what is not understood is kept as text and listed in the findings.
pub fn read(document: &str) -> Runbook {
    let lines = Lines::of(document);
    let elements = elements(document, &lines);
    let root = sections(&elements);
    let mut reader = Reader { lines: &lines, ids: Vec::new() };
    let mut runbook = Runbook {
        schema: PLAN_SCHEMA,
        title: title(&elements),
        sha256: sha256_hex(document.as_bytes()),
        ..Runbook::default()
    };
    front_matter(&elements, &mut runbook);
    reader.section(&root, &mut runbook);
    template::find(&root, document, &lines, &mut runbook);
    runbook.parameters = parameters(&runbook, document);
    runbook.findings = findings::find(&runbook, &elements, document, &lines);
    runbook
}

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string can't fail.
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

fn title(elements: &[Element]) -> String {
    let headings = elements.iter().filter_map(|e| match &e.kind {
        ElementKind::Heading(level, text) => Some((*level, text.clone())),
        _ => None,
    });
    let mut all: Vec<_> = headings.collect();
    all.sort_by_key(|(level, _)| *level);
    all.into_iter().next().map_or_else(|| "Untitled runbook".to_owned(), |(_, text)| text)
}

/// `**Name:** value` lines and YAML lines before the second heading.
fn front_matter(elements: &[Element], runbook: &mut Runbook) {
    let headings = |e: &&Element| matches!(e.kind, ElementKind::Heading(2.., _));
    let until = elements.iter().position(|e| headings(&e)).unwrap_or(elements.len());
    for element in &elements[..until] {
        let ElementKind::Paragraph { text, .. } = &element.kind else { continue };
        for line in text.lines() {
            if let Some((name, value)) = line.split_once(':')
                && !name.trim().is_empty()
                && name.split_whitespace().count() <= 3
                && !value.trim().is_empty()
                && !value.starts_with("//")
            {
                runbook.front.insert(name.trim().to_owned(), value.trim().trim_matches('"').to_owned());
            }
        }
    }
}

struct Reader<'l> {
    lines: &'l Lines,
    ids: Vec<String>,
}

impl Reader<'_> {
    /// An id that no other piece has yet.
    fn unique(&mut self, wanted: String) -> StepId {
        let mut id = wanted.clone();
        let mut count = 1;
        while self.ids.contains(&id) {
            count += 1;
            id = format!("{wanted}-{count}");
        }
        self.ids.push(id.clone());
        StepId(id)
    }

    fn section(&mut self, section: &Section<'_>, runbook: &mut Runbook) {
        if section.level > 0 {
            runbook.outline.push(OutlineEntry {
                title: section.title.clone(),
                level: section.level,
                role: section.role,
                line: section.line,
            });
        }
        for element in &section.elements {
            if is_table(element, &["environment", "url"]) {
                environments(element, runbook);
            } else if is_table(element, &["metric", "target"]) || is_table(element, &["metric", "alert"]) {
                targets(element, runbook);
            } else if is_table(element, &["contact"])
                || (section.role == Role::Contacts && is_table(element, &["name"]))
            {
                contacts(element, runbook);
            }
        }
        match section.role {
            Role::Steps => return self.steps(section, runbook),
            Role::Rollback => return self.rollback(section, runbook),
            Role::Troubleshooting => return self.troubleshooting(section, runbook),
            Role::Monitoring => return self.monitoring(section, runbook),
            Role::Success => self.success(section, runbook),
            Role::References => references(section, runbook),
            Role::LogTemplate => return outline(section, runbook),
            Role::Contacts => {}
            _ => self.checklist(section, runbook),
        }
        section.children.iter().for_each(|c| self.section(c, runbook));
    }

    fn checklist(&mut self, section: &Section<'_>, runbook: &mut Runbook) {
        let items: Vec<&Element> = section
            .elements
            .iter()
            .copied()
            .filter(|e| matches!(e.kind, ElementKind::Item { task: Some(_), .. }))
            .collect();
        if items.is_empty() {
            return;
        }
        let name = slug(&section.title).unwrap_or_else(|| (runbook.checklists.len() + 1).to_string());
        let id = self.unique(format!("check.{name}"));
        let items = items.iter().enumerate().filter_map(|(at, e)| item(e, &id, at)).collect();
        runbook.checklists.push(Checklist { id, title: section.title.clone(), items });
    }

    fn steps(&mut self, section: &Section<'_>, runbook: &mut Runbook) {
        outline(section, runbook);
        if numbered(&section.title).is_some()
            || section.children.iter().all(|c| !c.has_code() && numbered(&c.title).is_none())
        {
            let ordinal = runbook.steps.len() + 1;
            let step = self.step(section, None, ordinal);
            runbook.steps.push(step);
            return;
        }
        // What stands directly under the steps heading comes first, as a step of its own if it has commands.
        if section.elements.iter().any(|e| matches!(e.kind, ElementKind::Code(_))) {
            let own = Section { children: vec![], ..section.clone() };
            let step = self.step(&own, None, runbook.steps.len());
            runbook.steps.push(step);
        }
        for child in &section.children {
            let step = self.step(child, None, runbook.steps.len() + 1);
            runbook.steps.push(step);
        }
    }

    /// A step from a heading; `parent` is the step around it.
    fn step(&mut self, section: &Section<'_>, parent: Option<&StepId>, ordinal: usize) -> Step {
        let (number, name) =
            numbered(&section.title).map_or((None, section.title.clone()), |(n, t)| (Some(n), t));
        let wanted = match (parent, number) {
            (Some(parent), Some(n)) if n.starts_with(&format!("{parent}.")) => n,
            (Some(parent), Some(n)) if !n.contains('.') => format!("{parent}.{n}"),
            (Some(parent), _) => format!("{parent}.{ordinal}"),
            (None, Some(n)) => n,
            (None, None) => ordinal.to_string(),
        };
        let id = self.unique(wanted);
        let mut step = Step {
            title: without_estimate(&name),
            estimate_s: estimate(&section.title, &section.elements),
            optional: title_is_optional(&section.title),
            line: section.line,
            ..self.body(&section.elements, id)
        };
        for child in &section.children {
            let ordinal = step.substeps.len() + 1;
            let substep = self.step(child, Some(&step.id), ordinal);
            step.substeps.push(substep);
        }
        Self::prose_only(&mut step, section);
        step
    }

    /// A step with no command of its own is done by hand and said to be.
    fn prose_only(step: &mut Step, section: &Section<'_>) {
        if !step.substeps.is_empty() || !step.blocks.is_empty() || step.prose.trim().is_empty() {
            return;
        }
        let first = section.elements.first().map_or_else(Span::default, |e| e.span);
        let last = section.elements.last().map_or(first, |e| e.span);
        let span = Span { end: last.end, end_line: last.end_line, ..first };
        let mut command = manual_command(step.prose.clone(), span);
        command.id = CommandId(format!("{}/1", step.id));
        step.blocks.push(Block {
            id: format!("{}#1", step.id),
            span,
            language: "prose".into(),
            commands: vec![command],
            other: vec![],
            notes: vec![],
        });
    }

    /// Blocks, prose and bold-labelled parts of the elements under one heading.
    fn body(&mut self, elements: &[&Element], id: StepId) -> Step {
        let mut step = Step { id, ..Step::default() };
        let mut label: Option<(String, usize)> = None;
        let mut before = String::new();
        for element in elements {
            match &element.kind {
                ElementKind::Paragraph { text, bold: true } if names_part(text) => {
                    label = Some((text.clone(), element.span.line));
                    before.clone_from(text);
                }
                ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => {
                    prose(text, element, &mut step);
                    before.clone_from(text);
                }
                ElementKind::Code(code) => {
                    if shows_output(&before) {
                        expect_output(&mut step, code, element);
                        continue;
                    }
                    if let Some((text, line)) = label.take() {
                        let part = self.part(&step.id, &text, line, step.substeps.len() + 1);
                        step.substeps.push(part);
                    }
                    // Once a part was labelled, what follows belongs to it.
                    let fence = Fence { code, element, before: &before, lines: self.lines };
                    let holder = step.substeps.last_mut().map(|s| (&mut s.blocks, &s.id));
                    let (blocks, id) = holder.unwrap_or((&mut step.blocks, &step.id));
                    push_block(blocks, id, &fence);
                    before.clear();
                }
                _ => {}
            }
        }
        step
    }

    fn part(&mut self, parent: &StepId, text: &str, line: usize, ordinal: usize) -> Step {
        let id = self.unique(format!("{parent}.{ordinal}"));
        let title = text.trim_end_matches(':').trim();
        Step {
            id,
            title: without_estimate(title),
            estimate_s: duration_s(title),
            optional: title_is_optional(title),
            line,
            ..Step::default()
        }
    }

    fn rollback(&mut self, section: &Section<'_>, runbook: &mut Runbook) {
        outline(section, runbook);
        if runbook.rollback.line == 0 {
            runbook.rollback = Rollback { line: section.line, ..Rollback::default() };
        }
        let mut parts: Vec<&Section<'_>> = section.children.iter().collect();
        let own = Section { children: vec![], ..section.clone() };
        if own.has_code() || section.children.is_empty() {
            parts.insert(0, &own);
        }
        for part in parts {
            let words = lower_words(&part.title);
            let has = |w: &str| words.iter().any(|x| x.starts_with(w));
            let lists = part.elements.iter().filter_map(|e| match &e.kind {
                ElementKind::Item { text, .. } => Some(Line { line: e.span.line, text: text.clone() }),
                _ => None,
            });
            if !part.has_code() && (has("when") || has("trigger") || has("criteria") || has("decision")) {
                runbook.rollback.triggers.extend(lists);
            } else if has("verif") || has("validat") {
                let id = self.unique("rollback.verify".into());
                runbook.rollback.verification.extend(self.blocks(part, &id));
            } else if part.has_code() {
                let name =
                    slug(&part.title).unwrap_or_else(|| (runbook.rollback.steps.len() + 1).to_string());
                let id = self.unique(format!("rollback.{name}"));
                let mut step = Step {
                    title: without_estimate(&part.title),
                    estimate_s: estimate(&part.title, &part.elements),
                    line: part.line,
                    ..self.body(&part.elements, id)
                };
                for child in &part.children {
                    let ordinal = step.substeps.len() + 1;
                    let substep = self.step(child, Some(&step.id), ordinal);
                    step.substeps.push(substep);
                }
                runbook.rollback.steps.push(step);
            }
        }
    }

    fn blocks(&mut self, section: &Section<'_>, id: &StepId) -> Vec<Block> {
        let body = self.body(&section.elements, id.clone());
        let mut found = body.blocks;
        found.extend(body.substeps.into_iter().flat_map(|s| s.blocks));
        for child in &section.children {
            let child_id = self.unique(format!("{id}.{}", found.len() + 1));
            found.extend(self.blocks(child, &child_id));
        }
        found
    }

    fn troubleshooting(&mut self, section: &Section<'_>, runbook: &mut Runbook) {
        outline(section, runbook);
        for child in &section.children {
            let id = self.unique(format!("trouble.{}", runbook.troubleshooting.len() + 1));
            let title = child.title.split_once(':').filter(|(word, _)| {
                ["problem", "issue", "symptom", "error"].contains(&word.to_lowercase().trim())
            });
            let mut problem = Problem {
                problem: title.map_or(child.title.clone(), |(_, rest)| rest.trim().to_owned()),
                check: vec![],
                solution: vec![],
                line: child.line,
                id,
            };
            let mut mends = false;
            let mut before = String::new();
            for element in child
                .elements
                .iter()
                .copied()
                .chain(child.children.iter().flat_map(|c| c.elements.iter().copied()))
            {
                match &element.kind {
                    ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => {
                        let words = lower_words(text);
                        let first = words.first().map_or("", String::as_str);
                        if ["solution", "fix", "resolution", "mitigation", "remedy", "resolve"]
                            .contains(&first)
                        {
                            mends = true;
                        } else if ["check", "diagnosis", "diagnose", "symptoms", "symptom", "cause"]
                            .contains(&first)
                        {
                            mends = false;
                        }
                        before.clone_from(text);
                    }
                    ElementKind::Code(code) => {
                        let id =
                            StepId(format!("{}.{}", problem.id, if mends { "solution" } else { "check" }));
                        let list = if mends { &mut problem.solution } else { &mut problem.check };
                        push_block(list, &id, &Fence { code, element, before: &before, lines: self.lines });
                    }
                    _ => {}
                }
            }
            runbook.troubleshooting.push(problem);
        }
    }

    fn monitoring(&mut self, section: &Section<'_>, runbook: &mut Runbook) {
        outline(section, runbook);
        let own = Section { children: vec![], ..section.clone() };
        let windows: Vec<&Section<'_>> =
            if section.children.is_empty() { vec![&own] } else { section.children.iter().collect() };
        for window in windows {
            let id = self.unique(format!("monitor.{}", runbook.monitoring.len() + 1));
            let texts = window.elements.iter().filter_map(|e| match &e.kind {
                ElementKind::Paragraph { text, .. } => Some(text.as_str()),
                _ => None,
            });
            let every_s = std::iter::once(window.title.as_str()).chain(texts).find_map(interval_s);
            let tasks = window
                .elements
                .iter()
                .copied()
                .filter(|e| matches!(e.kind, ElementKind::Item { task: Some(_), .. }));
            let items = tasks.enumerate().filter_map(|(at, e)| item(e, &id, at)).collect();
            let run = StepId(format!("{id}.run"));
            runbook.monitoring.push(Monitoring {
                title: window.title.clone(),
                every_s,
                for_s: window_s(&window.title),
                items,
                blocks: self.blocks(window, &run),
                line: window.line,
                id,
            });
        }
    }

    /// A criterion is a bold or listed line; the blocks up to the next belong to it.
    fn success(&mut self, section: &Section<'_>, runbook: &mut Runbook) {
        for element in &section.elements {
            match &element.kind {
                ElementKind::Paragraph { text, bold: true } | ElementKind::Item { text, .. } => {
                    let id = self.unique(format!("success.{}", runbook.success.len() + 1));
                    let text =
                        text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '`').trim();
                    runbook.success.push(Criterion {
                        id,
                        text: text.to_owned(),
                        blocks: vec![],
                        line: element.span.line,
                    });
                }
                ElementKind::Code(code) => {
                    if let Some(criterion) = runbook.success.last_mut() {
                        let id = criterion.id.clone();
                        push_block(
                            &mut criterion.blocks,
                            &id,
                            &Fence { code, element, before: "", lines: self.lines },
                        );
                    }
                }
                _ => {}
            }
        }
    }
}

/// Prose is kept with its step, unless it says what the command above it shows.
fn prose(text: &str, element: &Element, step: &mut Step) {
    if comments::opens_expectation(text)
        && !text.trim_end().ends_with(':')
        && let Some(command) = last_command(step)
    {
        command.expects.push(Expectation::read(element.span.line, text));
        return;
    }
    if !step.prose.is_empty() {
        step.prose.push('\n');
    }
    if matches!(element.kind, ElementKind::Item { .. }) {
        step.prose.push_str("- ");
    }
    step.prose.push_str(text);
}

/// A code block with what stands right before it.
struct Fence<'f> {
    code: &'f Code,
    element: &'f Element,
    before: &'f str,
    lines: &'f Lines,
}

/// Reads a fence and adds it to the blocks of what is called `id`.
fn push_block(blocks: &mut Vec<Block>, id: &StepId, fence: &Fence<'_>) {
    let counted = blocks.iter().map(|b| b.commands.len()).sum();
    let context =
        BlockContext { lines: fence.lines, step: id, before: fence.before, counted, blocks: blocks.len() };
    let block = read_block(fence.code, fence.element.span, &context);
    blocks.push(block);
}

fn last_command(step: &mut Step) -> Option<&mut super::model::Command> {
    let in_parts = step.substeps.iter().any(|s| !s.blocks.is_empty());
    let blocks = if in_parts { &mut step.substeps.last_mut()?.blocks } else { &mut step.blocks };
    blocks.iter_mut().rev().flat_map(|b| b.commands.iter_mut().rev()).find(|c| !c.alternative)
}

fn expect_output(step: &mut Step, code: &Code, element: &Element) {
    if let Some(command) = last_command(step) {
        let text = format!("Expected output:\n{}", code.text.trim_end());
        command.expects.push(Expectation::read(element.span.line, text));
    }
}

/// A bold label that names a part ("Test 1: …"), not one that leads in ("Check:").
fn names_part(text: &str) -> bool {
    let words = lower_words(text);
    let numbered = words.len() > 1 && words[1].bytes().all(|b| b.is_ascii_digit());
    numbered || (words.len() > 1 && !text.trim_end().ends_with(':') && !comments::is_expectation(text))
}

fn outline(section: &Section<'_>, runbook: &mut Runbook) {
    let entry =
        |s: &Section<'_>| OutlineEntry { title: s.title.clone(), level: s.level, role: s.role, line: s.line };
    if runbook.outline.last().is_none_or(|o| o.line != section.line) {
        runbook.outline.push(entry(section));
    }
    section.children.iter().for_each(|c| outline(c, runbook));
}

fn title_is_optional(title: &str) -> bool {
    let words = lower_words(title);
    words.iter().any(|w| w == "optional") || words.iter().any(|w| w == "if") && title.contains('(')
}

fn estimate(title: &str, elements: &[&Element]) -> Option<u64> {
    if let Some(seconds) =
        duration_s(title.rsplit_once('(').map_or("", |(_, tail)| tail)).or_else(|| duration_s(title))
    {
        return Some(seconds);
    }
    elements.iter().find_map(|e| match &e.kind {
        ElementKind::Paragraph { text, .. } => text.lines().find_map(|l| {
            let (name, value) = l.split_once(':')?;
            let name = name.to_lowercase();
            ["duration", "estimated time", "time", "estimate"]
                .contains(&name.trim())
                .then(|| duration_s(value))
                .flatten()
        }),
        _ => None,
    })
}

fn item(element: &Element, group: &StepId, at: usize) -> Option<Item> {
    let ElementKind::Item { text, .. } = &element.kind else { return None };
    let command = text
        .split('`')
        .nth(1)
        .filter(|c| c.contains(' ') || crate::shell::classify::is_known_program(c))
        .map(str::to_owned);
    let id = format!("{group}/{}", at + 1);
    let runs = command
        .as_ref()
        .map(|text| Box::new(super::block::plain_command(CommandId(id.clone()), text, element.span)));
    Some(Item {
        id: ItemId(id),
        runs,
        text: text.clone(),
        command,
        optional: comments::is_optional(text),
        line: element.span.line,
    })
}

fn column(header: &[String], words: &[&str]) -> Option<usize> {
    header.iter().position(|h| lower_words(h).iter().any(|w| words.contains(&w.as_str())))
}

fn environments(element: &Element, runbook: &mut Runbook) {
    let ElementKind::Table { header, rows } = &element.kind else { return };
    let Some(name) = column(header, &["environment", "environments", "env"]) else { return };
    let url = column(header, &["url", "address", "endpoint", "host"]);
    for (line, row) in rows {
        let ports = header
            .iter()
            .zip(row)
            .filter_map(|(title, cell)| Some((title.clone(), cell.trim().parse::<u16>().ok()?)));
        runbook.environments.push(Environment {
            name: row.get(name).cloned().unwrap_or_default(),
            url: url.and_then(|u| row.get(u)).filter(|u| !u.is_empty()).cloned(),
            ports: ports.collect(),
            line: *line,
        });
    }
}

fn targets(element: &Element, runbook: &mut Runbook) {
    let ElementKind::Table { header, rows } = &element.kind else { return };
    let cell = |row: &Vec<String>, words: &[&str]| {
        column(header, words).and_then(|c| row.get(c)).and_then(|c| threshold(c))
    };
    for (line, row) in rows {
        runbook.targets.push(Target {
            metric: column(header, &["metric"]).and_then(|c| row.get(c)).cloned().unwrap_or_default(),
            target: cell(row, &["target", "goal"]),
            acceptable: cell(row, &["acceptable", "warning"]),
            alert: cell(row, &["alert", "critical"]),
            line: *line,
        });
    }
}

fn contacts(element: &Element, runbook: &mut Runbook) {
    let ElementKind::Table { header, rows } = &element.kind else { return };
    let cell = |row: &Vec<String>, at: usize, words: &[&str]| {
        row.get(column(header, words).unwrap_or(at)).cloned().unwrap_or_default()
    };
    for (line, row) in rows {
        runbook.contacts.push(Contact {
            role: cell(row, 0, &["role", "team"]),
            name: cell(row, 1, &["name", "person"]),
            contact: cell(row, 2, &["contact", "phone", "slack", "email"]),
            line: *line,
        });
    }
}

fn references(section: &Section<'_>, runbook: &mut Runbook) {
    for element in &section.elements {
        if let ElementKind::Item { links, .. } = &element.kind {
            runbook.references.extend(links.iter().map(|(title, target)| Reference {
                title: title.clone(),
                target: target.clone(),
                line: element.span.line,
            }));
        }
    }
}
