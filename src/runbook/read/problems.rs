//! Known problems: sections of their own, rows of a table, bullets that begin with what is seen.
//!
//! What a label, a heading or a comment calls a solution mends; else what a problem holds looks. A fence that is no
//! command shows what is seen.

use super::super::block::plain_command;
use super::super::comments::acts::is_told;
use super::super::comments::{self, options};
use super::super::markdown::{Code, Element, ElementKind};
use super::super::model::{Block, Command, CommandId, Line, OtherLines, Plan, Problem, Span, StepId, Way};
use super::super::sections::Section;
use super::super::vocabulary;
use super::super::words::{lower_words, numbered, step_word};
use super::{Fence, Reader, outline, push_block};
use crate::shell::{Effect, Kind};
use words::{Label, columns, label, named};

mod words;

impl<'e> Reader<'e> {
    pub(super) fn troubleshooting(&mut self, section: &Section<'e>, plan: &mut Plan) {
        outline(section, plan);
        let listed = self.names_problems(&section.elements) && self.in_bullets(&section.elements, plan)
            || self.under_labels(&section.elements, plan);
        let own = Section { children: vec![], ..section.clone() };
        let works = own.has_code() || own.elements.iter().any(|element| is_work(element));
        let with_own = (works && !listed).then_some(&own);
        if with_own.is_none() {
            self.in_tables(&section.elements, plan);
        }
        let grouped = section.children.iter().flat_map(|child| {
            if groups_problems(child) { child.children.iter().collect() } else { vec![child] }
        });
        for child in with_own.into_iter().chain(grouped) {
            self.in_tables(&child.elements, plan);
            if !child.has_code() && self.lists_problems(child) && self.in_bullets(&child.elements, plan) {
                continue;
            }
            let (name, line) = (named(&child.title).to_owned(), child.line);
            let mut told = Told::new(self.problem(name, line, plan));
            for element in &child.elements {
                if let Some(seen) = told.next_symptom(element) {
                    plan.troubleshooting.push(told.done());
                    told = Told::new(self.problem(seen.clone(), element.span.line, plan));
                    told.symptom = Some(seen);
                }
                self.tell(&mut told, element);
            }
            for part in &child.children {
                told.heading(&part.title);
                for element in &part.elements {
                    self.tell(&mut told, element);
                }
            }
            plan.troubleshooting.push(told.done());
        }
    }

    fn problem(&mut self, problem: String, line: usize, plan: &Plan) -> Problem {
        let id = self.unique(format!("trouble.{}", plan.troubleshooting.len() + 1));
        Problem { id, problem, check: vec![], solution: vec![], line }
    }

    /// Bullets such as "**The site does not open**: restart the proxy", with what stands under them; whether there are any.
    fn in_bullets(&mut self, elements: &[&'e Element], plan: &mut Plan) -> bool {
        let mut open: Option<Told> = None;
        let mut any = false;
        for element in elements {
            let outer = element.item.is_none();
            if let Some((seen, rest)) = self.bullet(element).filter(|_| outer) {
                plan.troubleshooting.extend(open.take().map(Told::done));
                let mut told = Told::new(self.problem(seen, element.span.line, plan));
                // A command that only reads is where to look; other words are what to do.
                told.mends = Some(!only_reads(&rest));
                self.words(&mut told, &rest, element.span);
                told.mends = Some(true);
                open = Some(told);
                any = true;
            } else if outer && !matches!(element.kind, ElementKind::Code(_)) {
                plan.troubleshooting.extend(open.take().map(Told::done));
            } else if let Some(told) = &mut open {
                self.tell(told, element);
            }
        }
        plan.troubleshooting.extend(open.map(Told::done));
        any
    }

    /// Labels of lines of their own, such as "**The build fails:**", with what stands under each; whether there are any.
    fn under_labels(&mut self, elements: &[&'e Element], plan: &mut Plan) -> bool {
        let first = elements.first().is_some_and(|element| problem_label(element).is_some());
        let counted = elements.iter().filter(|element| problem_label(element).is_some()).count();
        let lists =
            elements.iter().any(|e| matches!(e.kind, ElementKind::Item { .. } | ElementKind::Code(_)));
        if !first || counted < 2 || !lists {
            return false;
        }
        let mut open: Option<Told> = None;
        for element in elements {
            if let Some(seen) = problem_label(element) {
                plan.troubleshooting.extend(open.take().map(Told::done));
                open = Some(Told::new(self.problem(seen.to_owned(), element.span.line, plan)));
                continue;
            }
            let Some(told) = &mut open else { continue };
            match &element.kind {
                // "Check the mode: `chmod +x shop`" mends, whatever it begins with; "Cause: …" is a label.
                ElementKind::Item { text, task: None, .. }
                    if label(text).is_none_or(|(_, rest)| rest.is_empty() || rest.contains('`')) =>
                {
                    told.mends = Some(!only_reads(text));
                    self.words(told, text, element.span);
                    told.before.clone_from(text);
                }
                _ => self.tell(told, element),
            }
        }
        plan.troubleshooting.extend(open.map(Told::done));
        true
    }

    /// Whether all bullets of some elements name a problem.
    fn names_problems(&self, elements: &[&'e Element]) -> bool {
        let mut outer = elements
            .iter()
            .filter(|e| e.item.is_none() && matches!(e.kind, ElementKind::Item { .. }))
            .peekable();
        outer.peek().is_some() && outer.all(|element| self.bullet(element).is_some())
    }

    /// Whether a part of the section is a list of problems: all that stands in it is bullets that name one.
    fn lists_problems(&self, section: &Section<'e>) -> bool {
        let outer: Vec<&&Element> = section.elements.iter().filter(|e| e.item.is_none()).collect();
        let bullet = |element: &Element| {
            matches!(element.kind, ElementKind::Item { number: None, .. }) && self.bullet(element).is_some()
        };
        outer.len() > 1 && outer.iter().all(|element| bullet(element))
    }

    /// What a bullet names in bold, and what it says of it. A label such as "Cause" names no problem.
    fn bullet(&self, element: &Element) -> Option<(String, String)> {
        let ElementKind::Item { text, task: None, .. } = &element.kind else { return None };
        let source = self.document.get(element.span.start..element.span.end)?;
        let marked = |c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | ')');
        let bare = source.trim_start_matches(marked).trim_start_matches("* ").trim_start();
        let sign = ["**", "__"].into_iter().find(|sign| bare.starts_with(sign))?;
        let (seen, _) = bare.strip_prefix(sign)?.split_once(sign)?;
        let seen = seen.trim().trim_end_matches([':', '：', '.']).trim();
        let rest = text.get(text.find(seen)? + seen.len()..)?;
        let leads = rest.trim_end().ends_with([':', '：']);
        let rest = rest.trim_start_matches(|c: char| " \n.:：→⇒➜-–—=>".contains(c));
        let names = label(seen).is_none() && !seen.is_empty() && (leads || !rest.is_empty());
        names.then(|| (seen.to_owned(), rest.to_owned()))
    }

    /// Goes on to an element of a problem.
    fn tell(&mut self, told: &mut Told, element: &'e Element) {
        match &element.kind {
            ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => {
                if let Some((found, rest)) = label(text) {
                    told.label(found);
                    // What a symptom or a cause names in passing is nothing to run.
                    if found == Label::Mends {
                        self.words(told, rest, element.span);
                    }
                } else if is_work(element) {
                    // What a list or a box tells to do is what mends it.
                    told.mends = Some(true);
                    self.words(told, text, element.span);
                } else if options::is_option(text) {
                    told.way = Some(text.trim_end_matches([':', '：', ' ']).to_owned());
                }
                told.before.clone_from(text);
            }
            ElementKind::Code(code) => self.problem_fence(told, code, element),
            _ => {}
        }
    }

    /// What is said behind a label: its commands, or the words as a remark.
    fn words(&mut self, told: &mut Told, text: &str, span: Span) {
        let solves = told.mends == Some(true);
        let spans = text.split('`').skip(1).step_by(2).filter(|t| comments::looks_like_command(t));
        let id = format!("{}.{}", told.problem.id, if solves { "solution" } else { "check" });
        let list = told.list(solves);
        let counted: usize = list.iter().map(|block| block.commands.len()).sum();
        let commands: Vec<Command> = spans
            .enumerate()
            .map(|(at, found)| {
                let id = CommandId(format!("{id}/{}", counted + at + 1));
                let about = Some(text.to_owned());
                Command { about, ..plain_command(id, found, self.within(span, found)) }
            })
            .collect();
        let remark = commands.is_empty() && solves && text.chars().any(char::is_alphanumeric);
        let notes = if remark { vec![Line { line: span.line, text: text.to_owned() }] } else { vec![] };
        if commands.is_empty() && notes.is_empty() {
            return;
        }
        let id = format!("{id}#{}", list.len() + 1);
        list.push(Block { id, span, language: "prose".into(), commands, other: vec![], notes });
    }

    fn problem_fence(&mut self, told: &mut Told, code: &Code, element: &Element) {
        let before = told.before.clone();
        let fence = Fence { code, element, before: &before, lines: self.lines, below: false };
        let said = told.mends.or_else(|| says_so(code));
        if said.is_none() && changes(&fence) {
            // What comes behind it is seen once it has been done.
            told.mends = Some(true);
        }
        let mends = said.or(told.mends);
        let solves = mends == Some(true);
        let shows = told.shows && is_text(code);
        let id = StepId(format!("{}.{}", told.problem.id, if solves { "solution" } else { "check" }));
        let way = told.way.clone().map(|name| Way { group: told.problem.id.0.clone(), name });
        let list = told.list(solves);
        push_block(list, &id, &fence);
        let Some(block) = list.last_mut() else { return };
        if mends != Some(true) && is_text(code) {
            block.commands.retain(|command| command.kind != Kind::Manual && !shows);
            if block.commands.is_empty() && block.other.is_empty() {
                let (line, end_line) = (block.span.line + 1, block.span.end_line.saturating_sub(1));
                let text = code.text.trim_end().to_owned();
                block.other.push(OtherLines {
                    line,
                    end_line: end_line.max(line),
                    text,
                    what: "output".into(),
                });
            }
        }
        for command in &mut block.commands {
            command.way = command.way.take().or_else(|| way.clone());
        }
    }

    /// Rows of a table of what is seen and what mends it.
    fn in_tables(&mut self, elements: &[&'e Element], plan: &mut Plan) {
        for element in elements {
            let ElementKind::Table { header, rows } = &element.kind else { continue };
            let Some(columns) = columns(header) else { continue };
            for (line, row) in rows {
                let cell = |at: usize| row.get(at).map_or("", |c| c.trim());
                if cell(columns.seen).is_empty() {
                    continue;
                }
                let mut told = Told::new(self.problem(cell(columns.seen).to_owned(), *line, plan));
                told.mends = Some(!columns.looks);
                self.words(&mut told, cell(columns.mends), self.lines.whole(*line));
                let blocks = told.problem.check.iter_mut().chain(&mut told.problem.solution);
                for block in blocks {
                    block.language = "table".into();
                    block.commands.iter_mut().for_each(|command| command.about = None);
                }
                plan.troubleshooting.push(told.done());
            }
        }
    }
}

/// A problem as far as it is read.
struct Told {
    problem: Problem,
    /// What follows mends it, or only looks; nothing where no label said so yet.
    mends: Option<bool>,
    /// What follows is what is seen: "Symptom:".
    shows: bool,
    /// What is seen, as the first label said it.
    symptom: Option<String>,
    /// The words right before a fence.
    before: String,
    /// The option that what follows belongs to.
    way: Option<String>,
}

impl Told {
    fn new(problem: Problem) -> Self {
        Self { problem, mends: None, shows: false, symptom: None, before: String::new(), way: None }
    }

    fn label(&mut self, found: Label) {
        self.mends = Some(found == Label::Mends);
        self.shows = found == Label::Shows;
    }

    fn list(&mut self, solves: bool) -> &mut Vec<Block> {
        if solves { &mut self.problem.solution } else { &mut self.problem.check }
    }

    /// The symptom of another problem under the same heading: a second "Symptom: …" behind what is done about the first.
    fn next_symptom(&mut self, element: &Element) -> Option<String> {
        let ElementKind::Paragraph { text, .. } = &element.kind else { return None };
        let (_, rest) = label(text).filter(|(found, rest)| *found == Label::Shows && !rest.is_empty())?;
        let seen = rest.lines().next().unwrap_or(rest).trim().to_owned();
        let done = !self.problem.check.is_empty() || !self.problem.solution.is_empty();
        match self.symptom.take().filter(|_| done) {
            Some(first) => {
                self.problem.problem = first;
                Some(seen)
            }
            None => {
                self.symptom = Some(seen);
                None
            }
        }
    }

    /// Goes on to a part with a heading of its own.
    fn heading(&mut self, title: &str) {
        self.way = options::is_option(title).then(|| title.to_owned());
        if let Some((found, _)) = label(title) {
            self.label(found);
        }
        title.clone_into(&mut self.before);
    }

    /// The problem, with ways only where there are several.
    fn done(mut self) -> Problem {
        let group = self.problem.id.0.clone();
        let own = |command: &Command| command.way.clone().filter(|way| way.group == group);
        let commands = || self.problem.check.iter().chain(&self.problem.solution).flat_map(|b| &b.commands);
        let mut names: Vec<String> = commands().filter_map(|c| own(c).map(|way| way.name)).collect();
        names.dedup();
        if names.len() < 2 {
            let blocks = self.problem.check.iter_mut().chain(&mut self.problem.solution);
            for command in blocks.flat_map(|b| &mut b.commands) {
                command.way = command.way.take().filter(|way| way.group != group);
            }
        }
        self.problem
    }
}

/// Whether a part of the section only counts problems: "1. The relay does not start", "2. The queues are slow".
fn groups_problems(section: &Section<'_>) -> bool {
    let names = |part: &Section<'_>| {
        numbered(&part.title).is_some_and(|(_, rest)| {
            !is_told(&rest) && label(&rest).is_none() && !options::is_option(&rest) && !step_word(&part.title)
        })
    };
    let works = section.elements.iter().any(|e| matches!(e.kind, ElementKind::Code(_)) || is_work(e));
    !works && section.children.len() > 1 && section.children.iter().all(names)
}

/// A paragraph that names a problem: a line in bold with its colon, and no label such as "Cause:".
fn problem_label(element: &Element) -> Option<&str> {
    let ElementKind::Paragraph { text, bold: true } = &element.kind else { return None };
    let seen = text.trim().trim_matches('*').trim().strip_suffix([':', '：'])?.trim();
    (element.item.is_none() && !seen.is_empty() && !seen.contains('\n') && label(seen).is_none())
        .then_some(seen)
}

/// Whether all commands in backticks of a text only read.
fn only_reads(text: &str) -> bool {
    let spans = text.split('`').skip(1).step_by(2).filter(|found| comments::looks_like_command(found));
    let reads =
        |found: &str| plain_command(CommandId::default(), found, Span::default()).effect == Effect::Reads;
    let mut all = spans.map(reads).peekable();
    all.peek().is_some() && all.all(|reads| reads)
}

/// Whether the first comment of a fence calls it a solution or a look.
fn says_so(code: &Code) -> Option<bool> {
    let first = code.text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let comment = first.starts_with('#').then(|| comments::comment_text(first))?;
    (lower_words(comment).len() <= 8)
        .then(|| label(comment))
        .flatten()
        .map(|(found, _)| found == Label::Mends)
}

/// Whether an item tells to do something: a box, or one of a numbered list.
fn is_work(element: &Element) -> bool {
    let ElementKind::Item { text, task, number, .. } = &element.kind else { return false };
    let leads = text.trim_end().ends_with([':', '：']);
    !leads && (task.is_some() || number.is_some() && is_told(text))
}

/// Whether a fence holds a command that changes something: that is no look, whatever leads to it.
fn changes(fence: &Fence<'_>) -> bool {
    let mut read = Vec::new();
    push_block(&mut read, &StepId::default(), fence);
    let commands = read.iter().flat_map(|block| &block.commands);
    commands.filter(|c| matches!(c.kind, Kind::Run | Kind::Follow)).any(|c| c.effect != Effect::Reads)
}

/// A fence without a shell: what is shown, as long as nothing says that it is to be written.
fn is_text(code: &Code) -> bool {
    matches!(code.language.as_str(), "" | "text" | "txt" | "plaintext" | "plain" | "log" | "logs" | "output")
        && !code.text.lines().any(|line| vocabulary::begins(line, &["sudo"]))
}

#[cfg(test)]
mod tests;
