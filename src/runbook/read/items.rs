//! Check items: what counts as one, and when it is due.
//!
//! 1. An item is `- [ ] …`, also drawn otherwise (`☐ …`, `[ ] …` without a list), or a row of a table with a column of
//!    boxes. One that is ticked in the document is an item all the same.
//! 2. It is due where it stands: above the first command, before the command below it, after its step, or at the end.
//! 3. A heading that says when ("Pre-deployment", "After step 2") counts more than its place.

use super::super::block::plain_command;
use super::super::boxes;
use super::super::checks;
use super::super::comments;
use super::super::comments::acts::{Telling, is_told, telling};
use super::super::markdown::{Element, ElementKind, Lines};
use super::super::model::{Checklist, CommandId, Due, Index, Item, ItemId, Plan, Role, Span, Step, StepId};
use super::super::sections::Section;
use super::super::vocabulary;
use super::super::words::{slug, step_word};
use super::Reader;
use when::Said;
pub(super) use when::checks;

mod plain;
mod tables;
mod when;

/// An item with where it stands.
#[derive(Clone, Debug)]
pub(super) struct Found {
    text: String,
    span: Span,
    /// It is a row of a table.
    row: bool,
    /// A label over it says that it is optional.
    optional: bool,
}

impl Found {
    /// An item of a list.
    pub(super) fn task(text: String, span: Span) -> Self {
        Self { text, span, row: false, optional: false }
    }
}

/// Boxes that are none of Markdown's are made tasks: list items that begin with one, and lines of paragraphs.
pub(super) fn marked(elements: Vec<Element>, lines: &Lines) -> Vec<Element> {
    let lists = elements.iter().map(|e| if let ElementKind::Item { list, .. } = e.kind { list } else { 0 });
    let mut list = lists.max().unwrap_or(0);
    // Elements know the list item that they stand in by its place, which moves.
    let mut moved = Vec::with_capacity(elements.len());
    let mut all: Vec<Element> = Vec::with_capacity(elements.len());
    for mut element in elements {
        moved.push(all.len());
        match &mut element.kind {
            ElementKind::Item { text, task: task @ None, .. } => {
                if let Some(found) = boxes::boxed(text).filter(|b| !b.rest.is_empty()) {
                    *task = Some(found.ticked);
                    *text = found.rest.to_owned();
                }
                all.push(element);
            }
            ElementKind::Paragraph { text, .. } if element.item.is_none() && boxes::count(text) > 0 => {
                list += 1;
                let parts = paragraph(text, &|at| lines.whole(element.span.line + at), list);
                let parts = parts.into_iter().map(|part| Element { held: element.held.clone(), ..part });
                let parts: Vec<Element> = parts.collect();
                if parts.is_empty() { all.push(element) } else { all.extend(parts) }
            }
            _ => all.push(element),
        }
    }
    for element in &mut all {
        element.item = element.item.map(|at| moved.get(at).copied().unwrap_or(at));
    }
    all
}

/// A paragraph whose lines begin with boxes, as the words above them and items of a list; a line without a box goes on
/// with the one above. Nothing where a line holds several boxes: that is a choice.
fn paragraph(text: &str, span: &dyn Fn(usize) -> Span, list: usize) -> Vec<Element> {
    let mut above: Vec<&str> = Vec::new();
    let mut items: Vec<(usize, bool, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if boxes::count(line) > 1 {
            return vec![];
        }
        if let Some(found) = boxes::boxed(line).filter(|b| !b.rest.is_empty()) {
            items.push((at, found.ticked, found.rest.to_owned()));
        } else if let Some((_, _, last)) = items.last_mut() {
            last.push(' ');
            last.push_str(line.trim());
        } else {
            above.push(line);
        }
    }
    if items.is_empty() {
        return vec![];
    }
    let words = ElementKind::Paragraph { text: above.join("\n"), bold: false };
    let words = (!above.is_empty()).then(|| Element { span: span(0), kind: words, item: None, held: None });
    let items = items.into_iter().map(|(at, ticked, text)| {
        let kind = ElementKind::Item { text, task: Some(ticked), number: None, links: vec![], list };
        Element { span: span(at), kind, item: None, held: None }
    });
    words.into_iter().chain(items).collect()
}

/// The items that stand directly under a heading: boxes, or what is listed where nothing but a checklist can stand.
fn found(section: &Section<'_>, lines: &Lines) -> Vec<Found> {
    let mut all = Vec::new();
    let mut optional = false;
    for element in &section.elements {
        match &element.kind {
            ElementKind::Paragraph { text, .. } if element.item.is_none() => {
                let label = text.starts_with("**") || text.trim_end().ends_with([':', '：']);
                optional = label && comments::is_optional(text.trim_matches('*'));
            }
            ElementKind::Item { text, task: Some(_), .. } => {
                all.push(Found { optional, ..Found::task(text.clone(), element.span) });
            }
            ElementKind::Table { header, rows } => all.extend(in_table(header, rows, lines)),
            _ => {}
        }
    }
    if all.is_empty() { plain::items(section, lines) } else { all }
}

/// The items that are rows of a table.
pub(super) fn in_table(header: &[String], rows: &[(usize, Vec<String>)], lines: &Lines) -> Vec<Found> {
    let items = tables::items(header, rows).into_iter();
    items.map(|(line, text)| Found { text, span: lines.whole(line), row: true, optional: false }).collect()
}

/// Whether a table says what its checks should show: that is more than a box.
pub(super) fn is_expected(header: &[String]) -> bool {
    tables::is_expected(header)
}

/// An item with its command, where one stands in it.
pub(super) fn item(text: &str, span: Span, group: &StepId, at: usize) -> Item {
    let command = plain::command(text).map(str::to_owned);
    let id = format!("{group}/{}", at + 1);
    let runs = command.as_ref().map(|command| {
        let mut runs = Box::new(plain_command(CommandId(id.clone()), command, span));
        runs.expects.extend(plain::expected(text, &runs));
        runs
    });
    Item {
        id: ItemId(id),
        runs,
        text: text.to_owned(),
        command,
        optional: comments::is_for_some(text),
        line: span.line,
    }
}

/// Whether a section among the steps is a checklist by its title and holds nothing to run.
pub(super) fn is_list(section: &Section<'_>, lines: &Lines) -> bool {
    fn holds(section: &Section<'_>, lines: &Lines) -> bool {
        !found(section, lines).is_empty() || section.children.iter().any(|c| holds(c, lines))
    }
    vocabulary::role(&section.title) == Role::Checklist
        && !step_word(&section.title)
        && !section.has_code()
        && holds(section, lines)
}

/// Whether a title says that its section comes before all the rest.
pub(super) fn is_before(title: &str) -> bool {
    matches!(when::said(title), Some(Said::Before(None))) && when::of_the_whole(title)
}

impl Reader<'_> {
    /// The checklist of a section; when it is due is known once all is read.
    pub(super) fn checklist(&mut self, section: &Section<'_>, plan: &mut Plan) {
        let found = found(section, self.lines);
        if let Some(first) = found.first().filter(|_| led_before(section)) {
            self.led_before.push(first.span.line);
        }
        let lists = self.lists_of(&section.title, vec![(Due::Start, found)]);
        plan.checklists.extend(lists);
    }

    /// What a section lists that verifies and has no command of its own: each item is something to look at.
    pub(super) fn looks(&mut self, section: &Section<'_>, plan: &mut Plan) {
        let boxed =
            section.elements.iter().any(|e| matches!(e.kind, ElementKind::Item { task: Some(_), .. }));
        let after = matches!(when::said(&section.title), Some(Said::After(_)));
        // "After the update" lists what is done and seen once all of it is done.
        let tells = |e: &&Element| match &e.kind {
            ElementKind::Item { text, .. } => telling(text) == Telling::Act || is_told(text),
            _ => false,
        };
        let ends = || when::of_the_whole(&section.title) && section.elements.iter().any(tells);
        let listed = checks::verifies(&section.title) || after && (when::checks(&section.title) || ends());
        if boxed || section.has_code() || !listed {
            return;
        }
        let listed = section.elements.iter().filter(|e| e.item.is_none()).filter_map(|e| match &e.kind {
            ElementKind::Item { text, links, .. } if !links.iter().any(|(title, _)| title == text) => {
                Some(Found::task(text.clone(), e.span))
            }
            _ => None,
        });
        let lists = self.lists_of(&section.title, vec![(Due::Start, listed.collect())]);
        plan.checklists.extend(lists);
    }

    /// The same for a section with all that is in it.
    pub(super) fn checklists(&mut self, section: &Section<'_>, plan: &mut Plan) {
        self.checklist(section, plan);
        section.children.iter().for_each(|child| self.checklists(child, plan));
    }

    /// A checklist inside of a step is due once that is done, unless it says what is needed.
    pub(super) fn checklists_after(&mut self, section: &Section<'_>, step: &StepId) {
        let found = found(section, self.lines);
        // What has to be there is there before anything is done.
        let due = match when::said(&section.title) {
            Some(Said::Before(_)) => Due::Start,
            _ => Due::After { step: step.clone() },
        };
        let lists = self.lists_of(&section.title, vec![(due, found)]);
        self.lists.extend(lists);
        section.children.iter().for_each(|child| self.checklists_after(child, step));
    }

    /// The items of a step: each before the command below it, or after the step; whether there are any. In a step without
    /// any command what is listed is done by hand, unless it is a table or the title says that the step only checks.
    pub(super) fn items_of(&mut self, step: &mut Step, items: Vec<Found>) -> bool {
        let by_hand = step.blocks.is_empty() && step.substeps.is_empty() && !when::checks(&step.title);
        let mut lists: Vec<(Due, Vec<Found>)> = Vec::new();
        for found in items {
            if by_hand && !found.row {
                step.prose.push_str(if step.prose.is_empty() { "- " } else { "\n- " });
                step.prose.push_str(&found.text);
                continue;
            }
            let commands = step.commands();
            let below = commands.into_iter().find(|c| !c.alternative && c.span.line > found.span.line);
            let due = match below {
                Some(command) => Due::Before { command: command.id.clone() },
                None => Due::After { step: step.id.clone() },
            };
            match lists.last_mut().filter(|(last, _)| *last == due) {
                Some((_, group)) => group.push(found),
                None => lists.push((due, vec![found])),
            }
        }
        let title = if step.title.is_empty() { format!("Step {}", step.id) } else { step.title.clone() };
        let lists = self.lists_of(&title, lists);
        let any = !lists.is_empty();
        self.lists.extend(lists);
        any
    }

    fn lists_of(&mut self, title: &str, groups: Vec<(Due, Vec<Found>)>) -> Vec<Checklist> {
        let mut lists = Vec::new();
        for (due, found) in groups.into_iter().filter(|(_, found)| !found.is_empty()) {
            self.listed += 1;
            let name = slug(title).unwrap_or_else(|| self.listed.to_string());
            let id = self.unique(format!("check.{name}"));
            let one = |(at, f): (usize, &Found)| {
                let item = item(&f.text, f.span, &id, at);
                Item { optional: item.optional || f.optional || comments::is_for_some(title), ..item }
            };
            let items = found.iter().enumerate().map(one).collect();
            let environment = self.stage.clone();
            lists.push(Checklist { id, title: title.to_owned(), environment, due, items });
        }
        lists
    }
}

/// What something is called when it is over: "Verify before you call the deployment done".
#[rustfmt::skip] // words, many to a line
const OVER: &[&str] = &[
    "done", "complete", "completed", "finished", "closed", "closing", "sign off", "signing off", "fertig", "abgeschlossen", "erledigt", "terminé", "terminée", "terminer", "clôturer", "terminado", "terminada", "completado", "completada", "cerrar", "concluído", "concluída", "encerrar", "completato", "concluso", "zakończone", "zakończeniem", "завершено", "завершённым", "завершенным", "закрыть", "完成", "完了", "结束", "완료",
];

/// Whether words lead to a list that is due before something: "Before merging a migration, confirm:".
fn led_before(section: &Section<'_>) -> bool {
    let mut leads = section.elements.iter().take_while(|e| !matches!(e.kind, ElementKind::Item { .. }));
    leads.any(|element| match &element.kind {
        ElementKind::Paragraph { text, .. } => {
            text.trim_end().trim_end_matches('*').ends_with([':', '：'])
                && matches!(when::said(text), Some(Said::Before(_)))
                && !vocabulary::has(text, OVER)
        }
        _ => false,
    })
}

/// Says of each checklist outside of the steps when it is due, adds those of the steps, and puts all of them into the
/// order in which they are due. Those whose first items stand on the lines `before` are not left for the end.
pub(super) fn place(plan: &mut Plan, in_steps: Vec<Checklist>, before: &[usize]) {
    let due = |list: &Checklist| match due(plan, list) {
        Due::End if before.contains(&first_line(list)) => Due::Start,
        due => due,
    };
    let due: Vec<Due> = plan.checklists.iter().map(due).collect();
    for (list, due) in plan.checklists.iter_mut().zip(due) {
        list.due = due;
    }
    plan.checklists.extend(in_steps);
    let index = Index::of(plan);
    let order = |list: &Checklist| {
        let rank = match list.due {
            Due::Start => 0,
            Due::End => 2,
            _ => 1,
        };
        (rank, list.due.index_in(&index), first_line(list))
    };
    let mut keyed: Vec<_> = plan.checklists.iter().map(|list| (order(list), list.clone())).collect();
    keyed.sort_by_key(|(key, _)| *key);
    plan.checklists = keyed.into_iter().map(|(_, list)| list).collect();
}

fn first_line(list: &Checklist) -> usize {
    list.items.first().map_or(0, |item| item.line)
}

/// When a checklist outside of the steps is due: as the nearest heading says that says it, else where it stands.
fn due(plan: &Plan, list: &Checklist) -> Due {
    let line = first_line(list);
    let steps = plan.all_steps();
    let above = steps.iter().filter(|s| s.line < line).max_by_key(|s| s.line);
    let below = steps.iter().any(|s| s.line > line);
    let step = |number: &str| steps.iter().find(|s| s.id.0 == number);
    let headings = headings(plan, line);
    let said = headings.iter().find_map(|title| Some((when::said(title)?, when::of_the_whole(title))));
    match said {
        Some((Said::After(Some(number)), _)) if step(&number).is_some() => {
            return Due::After { step: StepId(number) };
        }
        Some((Said::Before(Some(number)), _)) => {
            let first = step(&number).and_then(|s| s.commands().first().map(|c| c.id.clone()));
            return first.map_or(Due::Start, |command| Due::Before { command });
        }
        // Before or after a part of it, and between the steps: that part is where it stands.
        Some((_, false)) if above.is_some() && below => {}
        Some((Said::Before(_), _)) => return Due::Start,
        Some((Said::After(_), _)) => return Due::End,
        None => {}
    }
    match above {
        None => Due::Start,
        Some(step) if below => Due::After { step: step.id.clone() },
        Some(_) => Due::End,
    }
}

/// The headings around a line, the nearest first; the document's title is none of them.
fn headings(plan: &Plan, line: usize) -> Vec<&str> {
    let mut around: Vec<(u8, &str)> = Vec::new();
    for entry in plan.outline.iter().filter(|o| o.line <= line) {
        around.retain(|(level, _)| *level < entry.level);
        around.push((entry.level, &entry.title));
    }
    around.into_iter().rev().filter(|(level, _)| *level > 1).map(|(_, title)| title).collect()
}

#[cfg(test)]
mod tests;
