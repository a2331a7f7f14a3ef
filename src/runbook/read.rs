//! Reads a document into a [`Runbook`]: one function a role.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::account::account;
use super::account::is_front;
use super::block::{BlockContext, read_block};
use super::columns::{is_environments, is_table};
use super::comments;
use super::correct::{self, Correction};
use super::hash::sha256_hex;
use super::links::{Anchors, links};
use super::markdown::{Code, Element, ElementKind, Lines, elements};
use super::model::{
    Block, Checklist, Command, Item, Line, OutlineEntry, PLAN_SCHEMA, Plan, Referred, Role, Runbook, Span,
    Step, StepId,
};
use super::parameters::parameters;
use super::presets::sets_values;
use super::sections::{Section, sections, subject};
use super::thresholds;
use super::words::numbered;
use crate::shell::Kind;
use tables::{contact_list, contacts, environments, environments_of_steps, references};

mod asides;
mod claims;
mod dumps;
mod empty;
mod findings;
mod flags;
mod items;
mod lists;
mod named;
mod opposites;
mod options;
mod picked;
mod platforms;
mod problems;
mod recaps;
mod restores;
mod steps;
mod tables;
mod tabs;
mod template;
mod titles;
mod told;
mod triggers;

pub use findings::retain_allowed;

/// Reads a document. Never fails: what is not understood is kept as text and listed in the findings.
pub fn read(document: &str) -> Runbook {
    read_with(document, &[])
}

/// Reads a document as it was said to be read: by gonogo.toml beside it, or on the screens.
pub fn read_with(document: &str, corrections: &[Correction]) -> Runbook {
    let lines = Lines::of(document);
    let mut elements = items::marked(elements(document, &lines), &lines);
    title_in_front(&mut elements, document, &lines);
    let targets = correct::find(document, &elements, corrections);
    correct::set_languages(&mut elements, &targets);
    let root = sections(&elements, &targets);
    let anchors = Anchors::of(&elements, document);
    let mut reader = Reader {
        anchors,
        document,
        lines: &lines,
        acts: true,
        stage: None,
        about: [subject(&root), None],
        counted: counted(&root),
        ids: HashMap::new(),
        asides: vec![],
        loose: vec![],
        rows: vec![],
        taken: vec![],
        boxes: vec![],
        lists: vec![],
        listed: 0,
        led_before: vec![],
        places: steps::names_several(&elements),
        goes_back: goes_back(&root),
    };
    let mut plan = Plan {
        schema: PLAN_SCHEMA,
        title: title(&elements),
        sha256: sha256_hex(document.as_bytes()),
        corrections: corrections.to_vec(),
        source: document.into(),
        ..Plan::default()
    };
    front_matter(&elements, &mut plan);
    reader.section(&root, &mut plan);
    reader.loose(&mut plan);
    environments_of_steps(&mut plan);
    template::find(&root, document, &lines, &mut plan);
    reader.unplaced(&elements, &mut plan);
    if plan.rollback.line > 0 {
        triggers::elsewhere(&root, &mut plan.rollback.triggers);
        plan.rollback.triggers.retain(|trigger| !triggers::says_nothing(&trigger.text));
        plan.rollback.triggers.sort_by_key(|trigger| trigger.line);
    }
    dedup_outline(&mut plan);
    thresholds::find(&elements, &mut plan);
    items::place(&mut plan, reader.lists, &reader.led_before);
    tabs::ways(&elements, &mut plan);
    claims::place(&elements, &mut plan);
    dumps::mark(&mut plan);
    named::mark(&mut plan);
    plan.steps.iter_mut().for_each(empty::fill);
    flags::mark(&mut plan);
    restores::doubt(&mut plan, subject(&root));
    recaps::ask(&mut plan);
    correct::apply(&mut plan, &targets);
    plan.parameters = parameters(&plan, document);
    plan.reading = account(&plan, &elements, document, (&lines, &targets.lines));
    plan.findings = findings::find(&plan, &elements, document, (&lines, targets.findings));
    plan.into()
}

/// A word as a name begins: "Staging".
fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// The numbers of the outermost headings of steps.
fn counted(section: &Section<'_>) -> BTreeSet<String> {
    let mut numbers: BTreeSet<String> = section.children.iter().flat_map(|child| counted(child)).collect();
    let steps = section.children.iter().filter(|child| child.role == Role::Steps);
    numbers.extend(steps.filter_map(|child| numbered(&child.title)).map(|(number, _)| number));
    numbers
}

/// The outline in the document's order: what stands beside the steps is come to twice.
fn dedup_outline(plan: &mut Plan) {
    plan.outline.sort_by_key(|entry| entry.line);
    plan.outline.dedup_by_key(|entry| entry.line);
}

/// Pages of many sites have their title in the metadata at their head (`title: Restore the database`) and no heading of
/// the first level: there it is put where the others have one.
fn title_in_front(elements: &mut Vec<Element>, document: &str, lines: &Lines) {
    let headed = |e: &Element| matches!(e.kind, ElementKind::Heading(1, _));
    if !document.starts_with("---") || elements.iter().any(headed) {
        return;
    }
    let Some(ElementKind::Paragraph { text, .. }) = elements.first().map(|e| &e.kind) else { return };
    let title = |(at, line): (usize, &str)| {
        let title = line.strip_prefix("title:")?.trim().trim_matches(['"', '\'']).trim();
        (!title.is_empty()).then(|| (at + 2, title.to_owned()))
    };
    if let Some((line, title)) = text.lines().enumerate().find_map(title) {
        let heading =
            Element { span: lines.whole(line), kind: ElementKind::Heading(1, title), item: None, held: None };
        // Elements know the item that they stand in by its place.
        elements.iter_mut().filter_map(|e| e.item.as_mut()).for_each(|item| *item += 1);
        elements.insert(1, heading);
    }
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
fn front_matter(elements: &[Element], plan: &mut Plan) {
    let headings = |e: &&Element| matches!(e.kind, ElementKind::Heading(2.., _));
    let until = elements.iter().position(|e| headings(&e)).unwrap_or(elements.len());
    for element in &elements[..until] {
        let ElementKind::Paragraph { text, .. } = &element.kind else { continue };
        for line in text.lines() {
            if let Some((name, value)) = line.split_once(':')
                && !name.trim().is_empty()
                && name.split_whitespace().count() <= 3
                && is_front(line)
            {
                plan.front.insert(name.trim().to_owned(), value.trim().trim_matches('"').to_owned());
            }
        }
    }
}

struct Reader<'e> {
    anchors: Anchors,
    document: &'e str,
    lines: &'e Lines,
    /// Ids that were given, with how often each was wanted again.
    ids: HashMap<String, usize>,
    /// The environment that the section being read is for.
    stage: Option<String>,
    /// What is beside the steps elsewhere and what the document is about, and the section that is being read.
    about: [Option<Role>; 2],
    /// The numbers that headings of steps have.
    counted: BTreeSet<String>,
    /// What list items tell to do is done by hand: so among steps and on the way back.
    acts: bool,
    /// Sections found among the steps that are none.
    asides: Vec<Section<'e>>,
    /// Fences found among the steps, or parts of them, under a label or a comment of something else.
    loose: Vec<Loose<'e>>,
    /// Rows of tables of steps that take something back: what each is called, its line, its command.
    rows: Vec<(String, usize, Command)>,
    /// First bytes of fences that are told as what a command shows.
    taken: Vec<usize>,
    /// Check items of the step that is being read.
    boxes: Vec<items::Found>,
    /// Checklists that stand in steps.
    lists: Vec<Checklist>,
    /// How many checklists there are so far.
    listed: usize,
    /// Lines of first items of checklists that words lead to which say that they are due before something.
    led_before: Vec<usize>,
    /// The document tells of more machines than one.
    places: bool,
    /// There is a way back that stands among no problems.
    goes_back: bool,
}

impl<'e> Reader<'e> {
    /// An id that no other piece has yet.
    /// The number of a step whose heading has none: a letter where another heading has that number.
    fn uncounted(&self, ordinal: usize) -> String {
        let number = ordinal.to_string();
        if !self.counted.contains(&number) {
            return number;
        }
        let free = ('a'..='z').map(String::from).find(|letter| !self.ids.contains_key(letter));
        free.unwrap_or(number)
    }

    fn unique(&mut self, wanted: String) -> StepId {
        let mut id = wanted.clone();
        let mut count = self.ids.get(&wanted).copied().unwrap_or(0);
        while self.ids.contains_key(&id) {
            count += 1;
            id = format!("{wanted}-{}", count + 1);
        }
        *self.ids.entry(wanted).or_default() = count;
        self.ids.entry(id.clone()).or_default();
        StepId(id)
    }

    /// Reads a section; what it holds belongs to the environment that it is for.
    fn section(&mut self, section: &Section<'e>, plan: &mut Plan) {
        let before = self.stage.clone();
        if let Some(stage) = section.stage {
            self.stage = Some(capitalised(stage));
        }
        self.by_role(section, plan);
        self.stage = before;
    }

    fn by_role(&mut self, section: &Section<'e>, plan: &mut Plan) {
        if section.level > 0 {
            plan.outline.push(OutlineEntry {
                title: section.title.clone(),
                level: section.level,
                role: section.role,
                by: section.reason(),
                line: section.line,
            });
        }
        for element in &section.elements {
            if is_environments(element) {
                environments(element, plan);
            } else if is_table(element, &["contact"])
                || (section.role == Role::Contacts && is_table(element, &["name"]))
            {
                contacts(element, plan);
            }
        }
        match section.role {
            Role::Steps => return self.steps(section, plan),
            Role::Rollback => return self.rollback(section, plan),
            Role::Troubleshooting => return self.emergencies(section, plan),
            Role::Monitoring => return self.monitoring(section, plan),
            Role::Success => {
                self.success(section, plan);
                self.checklist(section, plan);
            }
            Role::References => references(section, plan),
            Role::LogTemplate => return outline(section, plan),
            Role::Contacts => contact_list(section, plan),
            Role::Recovery | Role::Teardown => {}
            _ => {
                self.checklist(section, plan);
                if section.role == Role::Other {
                    self.looks(section, plan);
                }
            }
        }
        let first = plan.steps.len();
        section.children.iter().for_each(|c| self.section(c, plan));
        // "If the index is broken" over numbered headings holds for all of them.
        if section.level > 1 && section.role == Role::Other {
            plan.steps[first..].iter_mut().for_each(|step| titles::title_says(step, &section.title));
        }
        let group = StepId(format!("steps@{}", section.line));
        titles::ways(&mut plan.steps[first..], &group, &[], &section.counted());
        picked::steps(&mut plan.steps[first..]);
    }

    /// Problems and how they are solved. The only way back of a document is one there as well: "Emergency plan" over
    /// "Rollback".
    fn emergencies(&mut self, section: &Section<'e>, plan: &mut Plan) {
        let back = |child: &Section<'e>| child.role == Role::Rollback && !self.goes_back;
        let (backs, children): (Vec<Section<'e>>, Vec<Section<'e>>) =
            section.children.iter().cloned().partition(back);
        self.troubleshooting(&Section { children, ..section.clone() }, plan);
        for child in &backs {
            self.section(child, plan);
        }
    }

    /// The sections that words under a heading link to.
    fn refers(&self, elements: &[&Element]) -> Vec<Referred> {
        let mut found: Vec<Referred> = Vec::new();
        for element in elements.iter().filter(|e| !matches!(e.kind, ElementKind::Code(_))) {
            let source = self.document.get(element.span.start..element.span.end).unwrap_or("");
            for (_, target) in links(source) {
                if let Some(referred) = self.anchors.find(target).filter(|r| !found.contains(r)) {
                    found.push(referred.clone());
                }
            }
        }
        found
    }

    /// Where a text stands within a span; the span itself where it does not.
    fn within(&self, span: Span, text: &str) -> Span {
        let source = self.document.get(span.start..span.end).unwrap_or("");
        match source.find(text) {
            Some(at) => self.lines.span(span.start + at, span.start + at + text.len()),
            None => span,
        }
    }

    /// Fences among the steps that belong beside them.
    fn loose(&mut self, plan: &mut Plan) {
        for (title, line, made) in std::mem::take(&mut self.rows) {
            let id = self.unique(format!("rollback.{}", plan.rollback.steps.len() + 1));
            let mut step = Step { id, title, line, ..Step::default() };
            let span = made.span;
            steps::push_command(&mut step, made, span);
            plan.rollback.line = if plan.rollback.line == 0 { line } else { plan.rollback.line };
            plan.rollback.steps.push(step);
        }
        for loose in std::mem::take(&mut self.loose) {
            let Loose { role, title, line, .. } = &loose;
            let (title, line) = (title.clone(), *line);
            if *role == Role::Rollback {
                let id = self.unique(format!("rollback.{}", plan.rollback.steps.len() + 1));
                let mut step = Step { id: id.clone(), title, line, ..Step::default() };
                loose.push(&mut step.blocks, &id, self.lines);
                plan.rollback.line = if plan.rollback.line == 0 { line } else { plan.rollback.line };
                plan.rollback.steps.push(step);
            } else if *role == Role::Troubleshooting {
                let id = self.unique(format!("trouble.{}", plan.troubleshooting.len() + 1));
                let mut problem = super::model::Problem {
                    id: id.clone(),
                    problem: title,
                    check: vec![],
                    solution: vec![],
                    line,
                };
                loose.push(&mut problem.solution, &StepId(format!("{id}.solution")), self.lines);
                plan.troubleshooting.push(problem);
            } else {
                loose.push(&mut plan.unplaced, &StepId("outside".into()), self.lines);
            }
        }
    }

    /// Commands that no section claims: shown and told of, never run by themselves.
    fn unplaced(&mut self, elements: &'e [Element], plan: &mut Plan) {
        let placed: BTreeSet<usize> =
            plan.all_blocks().iter().map(|b| b.span.start).chain(self.taken.iter().copied()).collect();
        let template = plan.log_template.as_ref().map(|t| t.line);
        let id = StepId("outside".into());
        let mut found = std::mem::take(&mut plan.unplaced);
        for element in elements {
            let ElementKind::Code(code) = &element.kind else { continue };
            if placed.contains(&element.span.start) || template == Some(element.span.line) {
                continue;
            }
            let fence = Fence { code, element, before: "", lines: self.lines, below: false };
            let before = found.len();
            push_block(&mut found, &id, &fence);
            // A crontab line, a script to save or a value is no command, and must not be lost either.
            let commands = |b: &Block| b.commands.iter().any(|c| c.kind != Kind::Manual);
            let runs = |b: &Block| commands(b) || code.fenced && !b.other.is_empty();
            if !found.last().is_some_and(|b| runs(b) || sets_values(b)) {
                found.truncate(before);
            }
        }
        plan.unplaced = found;
    }
}

/// Whether a section is a way back, or holds one that stands among no problems.
fn goes_back(section: &Section<'_>) -> bool {
    section.role == Role::Rollback
        || section.role != Role::Troubleshooting && section.children.iter().any(goes_back)
}

/// A code block with what stands right before it.
struct Fence<'f> {
    code: &'f Code,
    element: &'f Element,
    before: &'f str,
    lines: &'f Lines,
    /// It stands right below a fence with commands that end by themselves.
    below: bool,
}

/// A fence found among the steps, or a part of one, that belongs beside them.
struct Loose<'e> {
    role: Role,
    /// The label or comment over it.
    title: String,
    /// Its line.
    line: usize,
    /// The words before the fence, as far as they say something of its commands.
    before: String,
    code: Cow<'e, Code>,
    element: &'e Element,
    /// The title is a comment of the fence.
    inside: bool,
}

impl Loose<'_> {
    fn push(&self, blocks: &mut Vec<Block>, id: &StepId, lines: &Lines) {
        push_block(
            blocks,
            id,
            &Fence { code: &self.code, element: self.element, before: &self.before, lines, below: false },
        );
        if let Some(block) = blocks.last_mut().filter(|_| self.inside) {
            block.notes.insert(0, Line { line: self.line, text: self.title.clone() });
        }
    }
}

/// Reads a fence and adds it to the blocks of what is called `id`.
fn push_block(blocks: &mut Vec<Block>, id: &StepId, fence: &Fence<'_>) {
    let counted = blocks.iter().map(|b| b.commands.len()).sum();
    let context = BlockContext {
        lines: fence.lines,
        step: id,
        before: fence.before,
        counted,
        blocks: blocks.len(),
        below: fence.below,
    };
    let block = read_block(fence.code, fence.element.span, &context);
    blocks.push(block);
}

fn outline(section: &Section<'_>, plan: &mut Plan) {
    let entry = |s: &Section<'_>| OutlineEntry {
        title: s.title.clone(),
        level: s.level,
        role: s.role,
        by: s.reason(),
        line: s.line,
    };
    if plan.outline.last().is_none_or(|o| o.line != section.line) {
        plan.outline.push(entry(section));
    }
    section.children.iter().for_each(|c| outline(c, plan));
}

fn item(element: &Element, group: &StepId, at: usize) -> Option<Item> {
    let ElementKind::Item { text, .. } = &element.kind else { return None };
    Some(items::item(text, element.span, group, at))
}

/// `scripts/init.sh --apply`: a path to a script of the project, with what it is given.
fn is_script(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or("");
    first.starts_with("./")
        || first.contains('/')
            && [".sh", ".py", ".rb", ".js", ".pl", ".bash"].iter().any(|end| first.ends_with(end))
}

/// The command that an item tells to run: "`kubectl get pods` — all are ready", "Run `make build`".
fn inline_command(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(['*', '_', ' ']);
    let leads = bare.split('`').next()?.trim().trim_end_matches(':').trim_end_matches('*').to_lowercase();
    let says = [
        "",
        "run",
        "execute",
        "command",
        "exec",
        "type",
        "call",
        "执行",
        "运行",
        "exécuter",
        "ejecutar",
        "executar",
    ];
    let first = bare.split('`').nth(1)?;
    let one = bare.matches('`').count() == 2 || leads.is_empty();
    let told = !leads.is_empty() && (crate::shell::classify::is_known_program(first) || is_script(first));
    let leading = one && says.contains(&leads.as_str()) && (told || comments::looks_like_command(first));
    if leading || labelled(bare) { Some(first.to_owned()) } else { told::told_once(text).map(str::to_owned) }
}

/// Whether a text is a label with a script behind it: "Staging: `./deploy.sh staging`", and not "Script: `./deploy.sh`",
/// which names a file.
fn labelled(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const NAMES: &[&str] = &[
        "script", "scripts", "file", "files", "path", "location", "config", "configuration", "log", "logs", "docs", "see", "source", "directory", "output", "tool", "skript", "datei", "pfad", "ort", "fichier", "chemin", "archivo", "ruta", "arquivo", "caminho", "percorso", "plik", "файл", "путь", "скрипт", "dosya", "脚本", "文件", "路径", "ファイル", "パス", "スクリプト", "파일", "경로", "스크립트",
    ];
    let Some((lead, rest)) = text.split_once('`') else { return false };
    let label = lead.trim_end().trim_end_matches('*').trim_end();
    let Some((span, behind)) = rest.split_once('`') else { return false };
    label.ends_with([':', '：'])
        && label.split_whitespace().count() <= 6
        && !super::vocabulary::has(label, NAMES)
        && behind.chars().all(|c| !c.is_alphanumeric() && c != '`')
        && is_script(span)
}
