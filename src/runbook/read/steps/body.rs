//! What was read so far under one heading, and what words there go with.

use super::super::super::block::{arrow, is_shown};
use super::super::super::boxes::boxed;
use super::super::super::checks;
use super::super::super::comments::acts::{Telling, telling};
use super::super::super::comments::{self, headings};
use super::super::super::expect::{Check, Meaning, sentences};
use super::super::super::markdown::{Code, Element, ElementKind};
use super::super::super::model::{Block, Command, CommandId, Expectation, Role, Span, Step, StepId};
use super::super::super::vocabulary;
use super::super::super::words::lower_words;
use super::super::claims::claim;
use super::super::inline_command;
use super::super::lists::Lists;
use super::super::tabs::{Scopes, Tabs};
use super::labels::{Behind, Labels, names_part};

/// What was read so far under one heading.
pub(super) struct Body<'e> {
    pub(super) step: Step,
    /// A bold label that names a part, with its line.
    pub(super) label: Option<(String, usize)>,
    /// Labels that name one of several ways.
    pub(super) labels: Labels,
    /// Parts behind the last way that may go on with it.
    pub(super) behind: Vec<usize>,
    /// The label is of such a part.
    pub(super) unknown: bool,
    /// The words right before a fence.
    pub(super) before: String,
    /// A list item whose fence may follow.
    pub(super) item: Option<(String, usize, &'e Element)>,
    /// "Expected:" with its items to follow.
    pub(super) lead: bool,
    /// "Verify:" with what is to be looked at to follow.
    pub(super) looks: bool,
    /// What follows belongs beside the steps.
    pub(super) aside: Option<Role>,
    /// The containers around it.
    pub(super) scopes: Scopes,
    /// What the tabs under the heading hold.
    pub(super) tabs: Tabs,
    /// What the document and the section are about: a label that says the same leads to nothing beside them.
    pub(super) about: [Option<Role>; 2],
    /// What is listed says how the last act is done.
    pub(super) hand: bool,
    /// What is listed is done by a program, or only named.
    pub(super) announced: bool,
    /// What has to be so for what is listed to run.
    pub(super) holds: Option<String>,
    /// A box that says where all of the step is done without anybody.
    pub(super) automatic: Option<String>,
    /// The machine that what follows is for.
    pub(super) place: Option<String>,
    /// The last part is an item that is one of several ways: what is behind the list is none of it.
    pub(super) closed: bool,
    /// The item above is an act: what is listed in it says how.
    pub(super) acted: bool,
    /// The bullets that follow are ways of one thing; the line of what says so.
    pub(super) choice: Option<usize>,
    /// So are counted items.
    pub(super) counted: bool,
    /// Those that have commands: that line, and which part each is.
    pub(super) chosen: Vec<(usize, usize)>,
    /// The label over the fence before.
    pub(super) over: String,
    /// There is a command, and one that changes something.
    pub(super) holds_commands: bool,
    pub(super) changes: bool,
    /// Labels under the heading name several cases each: "For a drill:", "For a lost table:".
    pub(super) cases: bool,
}

impl<'e> Body<'e> {
    /// What a label leads to, if that stands beside the steps. In the way back "If step 2 fails:" says when.
    pub(super) fn aside_of(&self, text: &str) -> Option<Role> {
        aside_of(text).filter(|role| !takes_back(&self.step.id) && !self.about.contains(&Some(*role)))
    }

    /// What commands go to: the last part, since what follows a label belongs to it, or the step.
    pub(super) fn holder(&mut self) -> &mut Step {
        match self.step.substeps.len().checked_sub(1) {
            Some(last) => &mut self.step.substeps[last],
            None => &mut self.step,
        }
    }

    /// A further paragraph of an item without a fence goes on with what that says.
    pub(super) fn goes_on(&mut self, text: &str, element: &Element, lists: &Lists) -> bool {
        let Some((words, _, item)) = self.item.as_mut().filter(|_| element.item.is_some()) else {
            return false;
        };
        let ElementKind::Item { list, number: Some(_), .. } = &item.kind else { return false };
        let acts = lists.with_code.contains(list) || lists.with_commands.contains(list);
        if !acts || lists.holders.contains(&item.span.start) || inline_command(words).is_some() {
            return false;
        }
        words.push('\n');
        words.push_str(text);
        true
    }

    pub(super) fn paragraph(&mut self, text: &str, bold: bool, element: &'e Element) {
        let labels = bold || text.trim_end().ends_with([':', '：']);
        let aside = self.aside_of(text);
        // The title of a box in the way back does not lead out of it.
        let is_title = element.held.as_ref().is_some_and(|held| held.title);
        if labels && (aside.is_some() || !is_title) {
            self.aside = aside;
        }
        self.lead = comments::opens_expectation(text) && text.trim_end().ends_with([':', '：']);
        self.looks = leads_to_looks(text);
        let part = bold && names_part(text) && element.tab().is_none() || self.labels.name(element);
        if part && self.aside.is_none() {
            self.label = Some((text.to_owned(), element.span.line));
        } else {
            prose(text, element, &mut self.step);
        }
        // "1. If it is running, stop it." holds for the fence below a further paragraph of the item too.
        match &self.item {
            Some((words, ..)) if element.item.is_some() && !text.trim_end().ends_with([':', '：']) => {
                self.before = format!("{words}\n{text}");
            }
            _ => text.clone_into(&mut self.before),
        }
    }

    /// What is listed under "Verify:" is for a person to look at, once the command above has run. What has a command of its
    /// own is done.
    fn looks_at(&mut self, text: &str, element: &Element, lists: &Lists) -> bool {
        let ElementKind::Item { number, task: None, .. } = &element.kind else { return false };
        // "1. Open the page" is done, "1. The queue is empty" looked at.
        let done = number.is_some() && (telling(text) >= Telling::Maybe || vocabulary::begins(text, LOOKS));
        let runs = lists.holders.contains(&element.span.start) || inline_command(text).is_some() || done;
        let line = element.span.line;
        let by_eye = Expectation { line, text: text.to_owned(), check: None, left: None, block: false };
        self.looks && !runs && boxed(text).is_none() && claim(&mut self.step, by_eye)
    }

    /// Goes on to what may stand under a label, or lead out of it.
    pub(super) fn goes_under(&mut self, text: &str, element: &Element) {
        let behind = self.labels.go_on(element);
        if behind.is_some() {
            self.label = Some((text.to_owned(), element.span.line));
            self.unknown = behind == Some(Behind::Unknown);
        }
    }

    /// Begins a part for what stands behind a list of ways.
    pub(super) fn leave_list(&mut self, words: &str, line: usize) {
        if std::mem::take(&mut self.closed) && self.label.is_none() {
            self.label = Some((words.to_owned(), line));
        }
    }

    pub(super) fn item(&mut self, text: &str, element: &'e Element, lists: &Lists) {
        if self.labels.name(element) {
            self.label = Some((text.to_owned(), element.span.line));
            text.clone_into(&mut self.before);
            return;
        }
        if self.looks_at(text, element, lists) {
            return;
        }
        if self.lead && !text.contains("```") {
            if !claim(&mut self.step, Expectation::among(element.span.line, text)) {
                prose(text, element, &mut self.step);
            }
            return;
        }
        let numbered = matches!(element.kind, ElementKind::Item { number: Some(_), .. });
        let aside = self
            .aside_of(text)
            .filter(|_| text.trim_end().ends_with([':', '：']) || text.contains(": "))
            // One of the things to do, in their order, is one of them.
            .filter(|role| !(numbered && matches!(role, Role::Recovery | Role::Teardown)))
            .filter(|role| !(is_act(element) && *role == Role::Rollback && headings::undoes_else(text)));
        if element.item.is_none() || aside.is_some() {
            self.aside = aside;
        }
        text.clone_into(&mut self.before);
        self.item = Some((text.to_owned(), element.span.line, element));
    }

    pub(super) fn expect_output(&mut self, before: &str, code: &Code, element: &Element) {
        // Items after it are no more of what was led to.
        self.lead = false;
        // An example shows the shape of an output, not its text.
        let lower = before.to_lowercase();
        let example =
            ["example", "sample", "typical", "示例", "exemple", "ejemplo"].iter().any(|w| lower.contains(w));
        let shown = code.text.trim_end();
        let mut expected = Expectation::read(element.span.line, format!("Expected output:\n{shown}"));
        if example {
            // Its values are those of another day: a person compares them, and a machine the fields of an object.
            expected.check = expected.check.filter(|check| matches!(check, Check::Json { .. }));
            expected.text = format!("Example output:\n{shown}");
        }
        claim(&mut self.step, expected);
    }
}

/// Words that tell somebody to look at something.
#[rustfmt::skip] // words, many to a line
const LOOKS: &[&str] = &[
    "check", "checks", "check that", "check the following", "confirm", "confirm that", "post checks", "post check", "post deployment checks", "verify that", "prüfen", "prüfe", "kontrolle", "kontrollen", "contrôles", "contrôle", "vérifier", "vérifiez", "comprobar", "comprueba", "verificar", "verifique", "controllare", "controlli", "проверить", "проверьте", "sprawdź", "sprawdzić", "kontrol", "controleer", "controles", "检查", "确认", "確認", "確認事項", "확인", "확인 사항",
];

/// "**Verify:**", "Smoke tests:", "Check that:": a label over what is to be looked at.
fn leads_to_looks(text: &str) -> bool {
    let words = lower_words(text).len();
    let label = text.trim_end().trim_end_matches('*').ends_with([':', '：']);
    label && words <= 4 && (checks::verifies(text) || vocabulary::begins(text, LOOKS) && words <= 3)
}

/// A label that leads to what stands beside the steps: "Rollback:", "If this fails:".
pub(super) fn aside_of(text: &str) -> Option<Role> {
    let lower = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|words| lower.contains(words));
    let fails = lower.starts_with("if ") && says(&["fails", "failed", "goes wrong", "does not work"])
        || ["on failure", "on error", "upon failure"].iter().any(|begin| lower.starts_with(begin));
    match vocabulary::beside(text) {
        // What is long is a sentence, not a label.
        Some(Role::Recovery | Role::Teardown) if lower_words(text).len() > 6 => None,
        None if fails => Some(Role::Troubleshooting),
        found => found,
    }
}

/// Whether words say what a command above them shows: "You should see `ok`", "→ `ok`". Then they hang on it.
pub(super) fn claims(text: &str, element: &Element, step: &mut Step) -> bool {
    let shown = arrow(text).filter(|words| is_shown(words));
    let leads = text.trim_end().ends_with([':', '：']);
    let opens = || comments::opens_expectation(text) || sentences::is_state(text);
    if leads || shown.is_none() && !opens() {
        return false;
    }
    let expected = match shown {
        None if !comments::opens_expectation(text) => {
            let Meaning { check, left } = sentences::read(text);
            Expectation { line: element.span.line, text: text.to_owned(), check, left, block: false }
        }
        _ => Expectation::under(element.span.line, shown.unwrap_or(text)),
    };
    claim(step, Expectation { text: text.to_owned(), ..expected })
}

/// Prose is kept with its step, unless it says what the command above it shows.
pub(super) fn prose(text: &str, element: &Element, step: &mut Step) {
    if claims(text, element, step) {
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

pub(super) fn last_command(step: &mut Step) -> Option<&mut Command> {
    let in_parts = step.substeps.iter().any(|s| !s.blocks.is_empty());
    let blocks = if in_parts { &mut step.substeps.last_mut()?.blocks } else { &mut step.blocks };
    blocks.iter_mut().rev().flat_map(|b| b.commands.iter_mut().rev()).find(|c| !c.alternative)
}

/// A numbered or ticked item: something to do.
pub(in super::super) fn is_act(element: &Element) -> bool {
    matches!(&element.kind, ElementKind::Item { number, task, .. } if number.is_some() || task.is_some())
}

/// Whether a step belongs to the way back.
pub(super) fn takes_back(id: &StepId) -> bool {
    id.0.starts_with("rollback")
}

/// Adds a command in a block of its own to a step.
pub(in super::super) fn push_command(step: &mut Step, mut command: Command, span: Span) {
    let counted: usize = step.blocks.iter().map(|b| b.commands.len()).sum();
    command.id = CommandId(format!("{}/{}", step.id, counted + 1));
    step.blocks.push(Block {
        id: format!("{}#{}", step.id, step.blocks.len() + 1),
        span,
        language: "prose".into(),
        commands: vec![command],
        other: vec![],
        notes: vec![],
    });
}
