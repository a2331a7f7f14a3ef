//! What words among the steps tell to do by hand, and what they only tell.
//!
//! 1. A paragraph of its own in a step that has commands, between them or behind the last, which tells to do what no
//!    command does, is done by hand in its place; a list that it leads to says how.
//! 2. A step without any command is done by hand, unless its words only tell how something is.

use super::super::super::block::manual_command;
use super::super::super::comments;
use super::super::super::comments::acts::{
    Telling, announces, before_then, foretells, is_description, is_question, is_told, leads_to_acts,
    says_by_hand, telling, tells_others,
};
use super::super::super::markdown::{Element, ElementKind};
use super::super::super::model::{Block, Command, CommandId, Role, Span, Step};
use super::super::super::sections::Section;
use super::super::super::vocabulary;
use super::super::Reader;
use super::super::items;
use super::super::lists::Lists;
use super::super::titles::{add_condition, each_command, sequenced, title_says};
use super::body::{Body, is_act, push_command};
use super::labels::names_part;

impl<'e> Reader<'e> {
    /// Whether a paragraph tells to do something by hand; then it is done in its place. `next` is what follows it.
    pub(super) fn by_hand(
        &mut self,
        body: &mut Body<'e>,
        lists: &Lists,
        element: &'e Element,
        next: Option<&Element>,
    ) -> bool {
        let ElementKind::Paragraph { text, bold } = &element.kind else { return false };
        if self.goes_back_inline(body, text, element.span) {
            return true;
        }
        body.hand = false;
        body.announced = announces(text) || foretells(text);
        let apart = element.item.is_none() && element.held.is_none();
        let label = *bold && names_part(text) || body.labels.name(element);
        if !self.acts || body.aside.is_some() || !apart || label || !lists.any {
            return false;
        }
        let leads = text.trim_end().trim_end_matches('*').ends_with([':', '：']);
        match next.map(|next| &next.kind) {
            Some(ElementKind::Code(_)) => {
                if let Some(first) = before_then(text) {
                    self.act(body, first, element);
                }
                // "Switch the record in the console." above a fence is no name of that.
                if leads || !(says_by_hand(text) && telling(text) > Telling::Nothing || tells_others(text)) {
                    return false;
                }
            }
            Some(ElementKind::Item { list, .. }) if leads => {
                let runs = lists.with_code.contains(list) || lists.with_commands.contains(list);
                if runs || telling(text) != Telling::Act && !leads_to_acts(text) {
                    return false;
                }
            }
            _ if leads || telling(text) != Telling::Act => return false,
            _ if !(body.holds_commands || says_by_hand(text)) => return false,
            _ => {}
        }
        self.act(body, text, element);
        body.hand = leads;
        text.clone_into(&mut body.before);
        true
    }

    /// Adds what is done by hand to what commands go to.
    fn act(&mut self, body: &mut Body<'e>, words: &str, element: &Element) {
        body.leave_list(words, element.span.line);
        self.open_label(body);
        let mut act = manual_command(words.to_owned(), element.span);
        act.condition = comments::lead_condition(words);
        body.scopes.title_says(&mut act);
        push_command(body.holder(), act, element.span);
        body.holds_commands = true;
    }
}

impl Body<'_> {
    /// Notes what holds for what follows a paragraph: a condition that leads to a list, or a box that says that all of
    /// the step is done without anybody.
    pub(super) fn note(&mut self, element: &Element, next: Option<&Element>) {
        let ElementKind::Paragraph { text, .. } = &element.kind else { return };
        let leads = text.trim_end().trim_end_matches('*').ends_with([':', '：']);
        // "If it is old, perform the following steps." leads to them as well.
        let follows = comments::says_that_follows(text);
        if element.item.is_none() {
            let to_list =
                (leads || follows) && next.is_some_and(|n| matches!(n.kind, ElementKind::Item { .. }));
            let case = || (self.cases && comments::apart::case(text).is_some()).then(|| text.clone());
            self.holds = comments::lead_condition(text).or_else(case).filter(|_| to_list);
        }
        if element.held.is_some() && !self.holds_commands && comments::is_automatic_for_some(text) {
            self.automatic = Some(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    /// Says of commands in a list what its lead says, and of a step's what a box over it does.
    pub(super) fn held_by(condition: Option<&String>, command: &mut Command) {
        if let Some(condition) = condition.filter(|_| !command.alternative) {
            add_condition(command, condition);
        }
    }

    /// What a box at the head of the step says of all of it.
    pub(super) fn say_automatic(&mut self) {
        let Some(text) = self.automatic.take() else { return };
        let condition = Some(format!("If it is not done already: {text}"));
        each_command(&mut self.step, &mut |command| Self::held_by(condition.as_ref(), command));
    }
}

/// What a heading says of all commands under it, and the words under it that lead to the parts below.
pub(super) fn section_says(step: &mut Step, section: &Section<'_>) {
    title_says(step, &section.title);
    let last = section.elements.last().map(|element| &element.kind);
    let Some(ElementKind::Paragraph { text, .. }) = last.filter(|_| !section.children.is_empty()) else {
        return;
    };
    let leads = text.trim_end().ends_with([':', '：']);
    let condition = comments::lead_condition(text).filter(|_| leads);
    for part in &mut step.substeps {
        each_command(part, &mut |command| Body::held_by(condition.as_ref(), command));
    }
}

/// A step with no command of its own is done by hand and said to be: a list of it item by item. Where its boxes are
/// `ticked` as check items, what is left of it only tells.
pub(in super::super) fn prose_only(step: &mut Step, section: &Section<'_>, ticked: bool) {
    if !ticked && heading_only(step, section) {
        let span = Span { line: section.line, end_line: section.line, ..Span::default() };
        return push_command(step, manual_command(step.title.clone(), span), span);
    }
    if !step.substeps.is_empty() || !step.blocks.is_empty() || step.prose.trim().is_empty() {
        return;
    }
    let acts = acts(section, ticked);
    if only_tells(section, &acts) && !ticked && tells_by_title(&section.title) {
        let span = Span { line: section.line, end_line: section.line, ..Span::default() };
        let told = format!("{}\n{}", step.title, words(section));
        return push_command(step, manual_command(told, span), span);
    }
    if only_tells(section, &acts) || ticked && acts.is_empty() {
        return;
    }
    let first = section.elements.first().map_or_else(Span::default, |e| e.span);
    let last = section.elements.last().map_or(first, |e| e.span);
    let span = Span { end: last.end, end_line: last.end_line, ..first };
    let mut commands: Vec<Command> =
        acts.into_iter().map(|(text, span)| manual_command(text, span)).collect();
    if commands.is_empty() {
        commands.push(manual_command(words(section), span));
    }
    for (at, command) in commands.iter_mut().enumerate() {
        command.id = CommandId(format!("{}/{}", step.id, at + 1));
    }
    step.blocks.push(Block {
        id: format!("{}#1", step.id),
        span,
        language: "prose".into(),
        commands,
        other: vec![],
        notes: vec![],
    });
}

/// Whether a heading tells to do something to something: "Open a ticket for the new version", but not "Update options".
fn tells_by_title(title: &str) -> bool {
    let words = super::super::super::words::lower_words(title);
    let named = words.get(1).is_some_and(|word| {
        matches!(
            word.as_str(),
            "a" | "an" | "the" | "all" | "your" | "our" | "any" | "each" | "every" | "both"
        )
    });
    named && is_told(title)
}

/// Whether a numbered heading alone tells what is done: nothing stands under it, or only what is then seen.
fn heading_only(step: &Step, section: &Section<'_>) -> bool {
    let nothing = step.blocks.iter().all(|block| block.commands.is_empty());
    nothing
        && step.substeps.is_empty()
        && section.children.is_empty()
        && (step.prose.trim().is_empty() || !step.blocks.is_empty())
        && (sequenced(&section.title) || tells_by_title(&section.title))
        && step.title.split_whitespace().count() > 1
        && !is_question(&section.title)
        && vocabulary::role(&section.title) != Role::Overview
}

/// The numbered or ticked items of a section, each with what stands under it: bullets, paragraphs, tables. What a program does by
/// itself is none.
fn acts(section: &Section<'_>, ticked: bool) -> Vec<(String, Span)> {
    let task = |e: &Element| matches!(e.kind, ElementKind::Item { task: Some(_), .. });
    let mut found: Vec<(String, Span)> = Vec::new();
    if foretells(&section.title) {
        return found;
    }
    let mut announced = false;
    for element in &section.elements {
        match &element.kind {
            ElementKind::Paragraph { text, .. } if element.item.is_none() => announced = announces(text),
            ElementKind::Item { text, .. }
                if is_act(element) && element.item.is_none() && !announced && !(ticked && task(element)) =>
            {
                found.push((text.clone(), element.span));
            }
            _ if element.item.is_some() => {
                if let (Some((text, span)), Some(more)) = (found.last_mut(), words_of(element)) {
                    text.push('\n');
                    text.push_str(&more);
                    (span.end, span.end_line) = (element.span.end, element.span.end_line);
                }
            }
            _ => {}
        }
    }
    found
}

/// All that a section says, its tables as rows.
fn words(section: &Section<'_>) -> String {
    section.elements.iter().filter_map(|element| words_of(element)).collect::<Vec<_>>().join("\n")
}

fn words_of(element: &Element) -> Option<String> {
    match &element.kind {
        ElementKind::Paragraph { text, .. } => Some(text.clone()),
        ElementKind::Item { text, .. } => Some(format!("- {text}")),
        ElementKind::Table { rows, .. } => {
            let row = |(_, cells): &(usize, Vec<String>)| cells.join(" | ");
            Some(rows.iter().map(row).collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    }
}

/// Whether nothing in a section tells anybody to do something: it explains, or describes how things are.
fn only_tells(section: &Section<'_>, acts: &[(String, Span)]) -> bool {
    if is_question(&section.title) || foretells(&section.title) {
        return true;
    }
    // What is looked at is told as it should be.
    if items::checks(&section.title) {
        return false;
    }
    let mut announced = false;
    let mut open = false;
    for element in &section.elements {
        match &element.kind {
            ElementKind::Paragraph { text, .. } => {
                announced = announces(text);
                open |= !announced && !is_description(text);
            }
            ElementKind::Item { text, .. } => open |= !announced && !is_description(text),
            _ => {}
        }
    }
    let overview = vocabulary::role(&section.title) == Role::Overview;
    acts.is_empty() && (!open || overview)
}

/// The words of a shell's fence that has comments and nothing else: "# In the console: Settings → Backups". A person does
/// what they say.
pub(super) fn by_comments(block: &Block) -> Option<String> {
    let shell = matches!(block.language.as_str(), "bash" | "sh" | "shell" | "zsh" | "console" | "terminal");
    if !shell || !block.commands.is_empty() || !block.other.is_empty() || block.notes.is_empty() {
        return None;
    }
    let words: Vec<&str> = block.notes.iter().map(|note| comments::comment_text(&note.text)).collect();
    (!words.iter().any(|line| comments::opens_expectation(line))).then(|| words.join("\n"))
}

/// Whether a bullet tells to run the command that it names: that stands in front or behind a colon, or words tell to.
pub(super) fn runs_what_it_names(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const USES: &[&str] = &["use", "run", "execute", "with", "via", "using", "by", "mit", "avec", "con", "com", "с", "через", "z", "ile", "bằng", "dengan"];
    let before = text.split('`').next().unwrap_or("").trim().trim_matches('*').trim_end();
    let leads = before.is_empty() || before.ends_with([':', '：', '→', '—', '–', '-']);
    // "If it fails, use `tool undo`": what stands right before it tells to.
    let last = before.split_whitespace().next_back().unwrap_or("").to_lowercase();
    let leads = leads || USES.contains(&last.as_str()) || before.ends_with(['用']);
    leads || is_told(text) || comments::is_act(text) || telling(text) != Telling::Nothing
}
