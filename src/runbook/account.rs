//! What became of every line of a document: nothing that was read, and nothing that was not, is silent.
//!
//! It is worked out from the finished [`Runbook`](crate::runbook::Runbook), not noted while reading: a line is a step's command because the
//! step has it, so that the account can't say what the plan does not do.

mod lines;
mod places;

use std::collections::BTreeMap;

use super::checks;
use super::comments;
use super::comments::acts::{Telling, is_told, says_by_hand, telling};
use super::expect::{openers, sentences};
use super::markdown::{Code, Element, ElementKind, Lines};
use super::model::{Block, Command, Expectation, Fate, OutlineEntry, Passage, Plan, Role, Span, Step};
use super::vocabulary::{self, is_forbidden};
use super::words::step_word;
use crate::shell::Kind;
pub(super) use lines::is_front;
use lines::{
    demands_before, holds_boxes, is_box_item, is_command_line, is_entered, is_layout, label_tells,
    leads_to_looking, leads_to_things, may_be_work, says_first, tells, told,
};
use places::{Place, places};

/// Gives each line of the document one fate: passages in order, from the first line to the last, each line once.
pub(super) fn account(
    plan: &Plan,
    elements: &[Element],
    document: &str,
    (lines, corrections): (&Lines, &[usize]),
) -> Vec<Passage> {
    let mut account = Account {
        plan,
        lines,
        texts: document.split('\n').collect(),
        marks: vec![None; document.split('\n').count()],
        headings: headings(plan),
        first_fence: elements
            .iter()
            .find(|element| matches!(element.kind, ElementKind::Code(_)))
            .map_or(usize::MAX, |element| element.span.line),
        leads: false,
        next: None,
        lists_things: false,
    };
    if document.ends_with('\n') {
        account.texts.pop();
        account.marks.pop();
    }
    for line in corrections {
        account.claim((*line, *line), Fate::Correction, "corrects how something is read");
    }
    account.template();
    account.parts();
    let mut at: BTreeMap<usize, Place> = BTreeMap::new();
    // What is done by hand may reach over a fence that is something else.
    let told =
        |block: &Block| !block.commands.is_empty() && block.commands.iter().all(|c| c.kind == Kind::Manual);
    let (by_hand, others): (Vec<_>, Vec<_>) = places(plan).into_iter().partition(|(_, b)| told(b));
    for (place, block) in others.into_iter().chain(by_hand) {
        account.block(&place, block);
        at.insert(block.span.start, place);
    }
    for (index, element) in elements.iter().enumerate() {
        let next = elements.get(index + 1);
        account.leads = next.is_some_and(|next| matches!(next.kind, ElementKind::Code(_)));
        account.next = next.map(|next| next.span.line);
        account.lists_things = next.is_some_and(|next| {
            matches!(next.kind, ElementKind::Item { .. }) && account.mark(next.span.line).is_none()
        });
        account.element(element, at.get(&element.span.start));
    }
    account.passages()
}

/// The headings by line, for what stands under them.
fn headings(plan: &Plan) -> BTreeMap<usize, &OutlineEntry> {
    plan.outline.iter().map(|entry| (entry.line, entry)).collect()
}

/// What is known of a line.
#[derive(Clone, PartialEq)]
struct Mark {
    fate: Fate,
    by: String,
    /// The role of a heading's section.
    role: Option<Role>,
}

struct Account<'r> {
    plan: &'r Plan,
    lines: &'r Lines,
    texts: Vec<&'r str>,
    marks: Vec<Option<Mark>>,
    headings: BTreeMap<usize, &'r OutlineEntry>,
    /// The line of the first fence: what stands above it speaks of no command.
    first_fence: usize,
    /// A fence follows the element that is looked at.
    leads: bool,
    /// The line of what follows it.
    next: Option<usize>,
    /// What follows it is an item of a list that nothing claims.
    lists_things: bool,
}

impl<'r> Account<'r> {
    /// Gives the lines from `first` to `last`, counted from 1, a fate where they have none.
    ///
    /// What somebody said is no part of the run is nothing that is left over.
    fn claim(&mut self, (first, last): (usize, usize), fate: Fate, by: &str) {
        let said = self.said_out(first).filter(|_| fate == Fate::Unclaimed);
        let (fate, by) = said.map_or((fate, by), |said| (Fate::Text, said));
        for line in first..=last {
            if let Some(mark) = line.checked_sub(1).and_then(|at| self.marks.get_mut(at)) {
                mark.get_or_insert_with(|| Mark { fate, by: by.to_owned(), role: None });
            }
        }
    }

    fn claim_span(&mut self, span: Span, fate: Fate, by: &str) {
        self.claim((span.line, span.end_line.max(span.line)), fate, by);
    }

    /// Who said that the section of a line, or one around it, is no part of the run.
    fn said_out(&self, line: usize) -> Option<&'r str> {
        let mut level = u8::MAX;
        for (_, entry) in self.headings.range(..=line).rev() {
            if entry.level >= level {
                continue;
            }
            level = entry.level;
            if !matches!(entry.role, Role::Other | Role::Recovery | Role::Teardown) {
                return None;
            }
            if entry.by.ends_with(", skip") || entry.by.ends_with(&format!(", role={}", entry.role.name())) {
                return Some(&entry.by);
            }
        }
        None
    }

    fn text(&self, line: usize) -> &'r str {
        line.checked_sub(1).and_then(|at| self.texts.get(at)).copied().unwrap_or("")
    }

    fn heading_of(&self, line: usize) -> Option<&'r OutlineEntry> {
        self.headings.range(..=line).next_back().map(|(_, entry)| *entry)
    }

    fn template(&mut self) {
        let Some(template) = &self.plan.log_template else { return };
        let last = template.text_line + template.text.trim_end().matches('\n').count();
        self.claim((template.text_line, last), Fate::LogTemplate, "what the run fills in at its end");
    }

    /// What is no block: environments, targets, contacts, references, check items, criteria, triggers.
    fn parts(&mut self) {
        let plan = self.plan;
        for environment in &plan.environments {
            self.claim((environment.line, environment.line), Fate::Environment, "a row of the environments");
        }
        for target in plan.targets.iter().filter(|target| target.said.is_table()) {
            self.claim((target.line, target.line), Fate::Target, target.said.says());
        }
        for contact in &plan.contacts {
            self.claim((contact.line, contact.line), Fate::Contact, "a row or line of the contacts");
        }
        for reference in &plan.references {
            self.claim((reference.line, reference.line), Fate::Reference, "a link of the references");
        }
        let lists = plan.checklists.iter().flat_map(|list| &list.items);
        for item in lists.chain(plan.monitoring.iter().flat_map(|window| &window.items)) {
            let (fate, by) = match &item.command {
                Some(_) => (Fate::CommandOfItem, "a box to tick, with a command in backticks"),
                None => (Fate::Item, "a box to tick"),
            };
            self.claim((item.line, item.line), fate, by);
        }
        for criterion in &plan.success {
            self.claim(
                (criterion.line, criterion.line),
                Fate::Criterion,
                "a line of the criteria of success",
            );
        }
        for trigger in &plan.rollback.triggers {
            self.claim((trigger.line, trigger.line), Fate::Trigger, "says when to roll back");
        }
        self.labels(plan.steps.iter().chain(&plan.rollback.steps));
        self.bounds();
        for problem in &plan.troubleshooting {
            if !self.headings.contains_key(&problem.line) {
                self.claim(
                    (problem.line, problem.line),
                    Fate::Problem,
                    "a row or line of the known problems",
                );
            }
        }
    }

    /// Labels in bold and items that name one of several ways.
    fn labels(&mut self, steps: impl Iterator<Item = &'r Step>) {
        for step in steps {
            let named = |command: &&Command| command.way.as_ref().is_some_and(|way| way.name == step.title);
            if !self.headings.contains_key(&step.line) && step.commands().iter().any(named) {
                let by = format!("names one of several ways, {}", step.id);
                self.claim((step.line, step.line), Fate::Text, &by);
            }
            self.labels(step.substeps.iter());
        }
    }

    /// Sentences with a bound: what else they are stays what they are.
    fn bounds(&mut self) {
        for target in self.plan.targets.iter().filter(|target| !target.said.is_table()) {
            let by = format!("{}, with a bound on {}", target.said.says(), target.metric);
            match target.line.checked_sub(1).and_then(|at| self.marks.get_mut(at)) {
                Some(Some(mark)) if !mark.by.contains("with a bound") => {
                    mark.by = format!("{}, with a bound on {}", mark.by, target.metric);
                }
                _ => self.claim((target.line, target.line), Fate::Target, &by),
            }
        }
    }

    /// The lines of a block: its commands, what is none, and the words around them.
    fn block(&mut self, place: &Place, block: &'r Block) {
        for command in &block.commands {
            self.command(place, command);
        }
        for command in &block.commands {
            for expectation in &command.expects {
                self.expectation(expectation, &command.id.0);
            }
        }
        for other in &block.other {
            let fate = Fate::of_other(&other.what);
            if place.fate == Fate::Unclaimed && fate != Fate::Text {
                let by = format!("{fate}: {}", self.why_unclaimed(other.line));
                self.claim((other.line, other.end_line), Fate::Unclaimed, &by);
            } else {
                self.claim((other.line, other.end_line), fate, &other.what);
            }
        }
        let last = block.commands.iter().map(|command| command.span.end_line).max().unwrap_or(usize::MAX);
        for note in &block.notes {
            let words = comments::comment_text(&note.text);
            let tells = telling(words) == Telling::Act || is_told(words) || sentences::asks_to_verify(words);
            if note.line > last && place.fate == Fate::CommandOfStep && tells {
                let by = "a comment tells to do something, and no command follows it";
                self.claim((note.line, note.line), Fate::Unclaimed, by);
            }
            if openers::demands(comments::comment_text(&note.text)) && place.fate != Fate::Unclaimed {
                let by = "a comment says what has to be, and no command checks it";
                self.claim((note.line, note.line), Fate::NotUnderstood, by);
            }
            self.claim((note.line, note.line), Fate::Comment, "a comment in a fence");
        }
    }

    fn command(&mut self, place: &Place, command: &Command) {
        let id = &command.id;
        let fate = match command.kind {
            _ if place.fate == Fate::Unclaimed => Fate::Unclaimed,
            Kind::Manual => Fate::ByHand,
            _ if command.is_one_way() || command.optional => Fate::Alternative,
            _ => place.fate,
        };
        let by = match fate {
            Fate::Unclaimed => self.why_unclaimed(command.span.line),
            _ => format!("{} {id}, {}", place.name, place.shape),
        };
        self.claim_span(command.span, fate, &by);
    }

    /// Why no section claims what stands on a line.
    fn why_unclaimed(&self, line: usize) -> String {
        if let Some(words) = self.forbidding(line) {
            return format!("“{words}” forbids it");
        }
        match self.heading_of(line) {
            // A correction says so.
            Some(entry) if entry.role == Role::Other && !entry.by.is_empty() => entry.by.clone(),
            Some(entry) if entry.role == Role::Recovery => {
                format!("“{}” restores something: it runs only when somebody decides so", entry.title)
            }
            Some(entry) if entry.role == Role::Teardown => {
                format!("“{}” removes something: it is not a step", entry.title)
            }
            Some(entry) if entry.role == Role::Other => {
                format!("the document does not say what “{}” is for", entry.title)
            }
            Some(entry) => format!("a fence in “{}”, which is {}", entry.title, entry.role.says()),
            None => "it comes before the first heading".into(),
        }
    }

    /// The words right over a line of a fence, or its heading, that forbid to run it.
    fn forbidding(&self, line: usize) -> Option<&'r str> {
        let bare = |text: &'r str| text.trim_matches(|c: char| c.is_whitespace() || "#>*:-".contains(c));
        let above = (1..line).rev().map(|at| self.text(at)).filter(|text| !bare(text).is_empty());
        let above = above.filter(|text| !bare(text).starts_with(['`', '~'])).take(6);
        let heading = self.heading_of(line).map(|entry| self.text(entry.line));
        above.chain(heading).map(bare).find(|words| is_forbidden(words))
    }

    fn expectation(&mut self, expectation: &Expectation, id: &str) {
        let (fate, by) = match (&expectation.check, &expectation.left) {
            (Some(check), None) => (Fate::Checked, format!("of {id}: {}", check.says())),
            (Some(check), Some(_)) => (Fate::ByEye, format!("of {id}: {}, and a manual check", check.says())),
            (None, _) => (Fate::ByEye, format!("of {id}: a manual check")),
        };
        let more = expectation.text.matches('\n').count();
        // In a fence each of its lines is a comment, in a list an item; of a fence of output the first line is known.
        let is_own = |line: usize| {
            let said = expectation.text.lines().nth(line - expectation.line).unwrap_or("").trim();
            let text = self.text(line).replace("**", "");
            let begin: String = said.chars().take(24).collect();
            text.trim_start().starts_with('#') || !begin.is_empty() && text.contains(&begin)
        };
        let last = (expectation.line..=expectation.line + more).take_while(|line| is_own(*line)).last();
        self.claim((expectation.line, last.unwrap_or(expectation.line)), fate, &by);
    }

    /// What is left of an element when the runbook's parts have taken theirs.
    fn element(&mut self, element: &Element, place: Option<&Place>) {
        let span = element.span;
        match &element.kind {
            ElementKind::Heading(..) => self.heading(span),
            ElementKind::Code(code) => self.code(code, span, place),
            ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => self.words(text, span),
            ElementKind::Table { header, rows } => self.table(header, rows, span),
        }
    }

    fn heading(&mut self, span: Span) {
        let entry = self.headings.get(&span.line).copied();
        let by = entry.map_or("a heading", |e| if e.by.is_empty() { "a heading" } else { &e.by });
        self.claim_span(span, Fate::Heading, by);
        if let Some(mark) = span.line.checked_sub(1).and_then(|at| self.marks.get_mut(at))
            && let Some(mark) = mark
        {
            mark.role = entry.map(|e| e.role);
        }
    }

    /// The rest of a fence: its marks, its comments, and what it is where no part of the plan has it.
    fn code(&mut self, code: &Code, span: Span, place: Option<&Place>) {
        let last = span.end_line.max(span.line);
        // An output that is expected is told by its first line.
        if let Some(Mark { fate: fate @ (Fate::Checked | Fate::ByEye), by, .. }) =
            self.mark(span.line).cloned()
        {
            return self.claim((span.line, last), fate, &by);
        }
        for line in span.line..=last {
            let text = self.text(line).trim_start_matches([' ', '\t', '>']);
            let fence = code.fenced && (line == span.line || line == last && text.starts_with(['`', '~']));
            if fence || text.is_empty() {
                self.claim((line, line), Fate::Layout, "marks of Markdown");
            } else if place.is_some() && text.starts_with('#') {
                self.claim((line, line), Fate::Comment, "a comment in a fence");
            }
        }
        let language = if code.language.is_empty() { "no tag" } else { &code.language };
        let (fate, by) = match (place, code.language.as_str()) {
            (Some(place), _) if place.fate != Fate::Unclaimed => {
                (Fate::Comment, "between the commands of a fence".to_owned())
            }
            (_, language) if is_entered(language) => (Fate::Unclaimed, self.why_unclaimed(span.line)),
            (_, _) if holds_boxes(&code.text) && self.asks_for_boxes(span.line) => {
                (Fate::Unclaimed, "check items in a fence, which a run does not ask for".to_owned())
            }
            (_, "bash" | "sh" | "shell" | "zsh" | "ksh" | "console" | "terminal" | "shell-session") => {
                (Fate::Unclaimed, self.why_unclaimed(span.line))
            }
            (_, "" | "text" | "txt" | "plaintext" | "plain")
                if code.text.replace("\\\n", " ").lines().any(is_command_line) =>
            {
                (Fate::Unclaimed, format!("a fence with {language} that has commands among its lines"))
            }
            (_, "" | "text" | "txt" | "plaintext" | "plain" | "output" | "log" | "mermaid") => {
                (Fate::Text, format!("a fence with {language}, and no commands"))
            }
            _ => (Fate::Config, format!("a fence with {language}")),
        };
        self.claim((span.line, last), fate, &by);
    }

    /// Whether boxes under the heading over a line are asked for where they stand outside of a fence.
    fn asks_for_boxes(&self, line: usize) -> bool {
        let role = self.heading_of(line).map(|heading| heading.role);
        matches!(role, Some(Role::Checklist | Role::Steps | Role::Rollback))
    }

    /// Whether a line is a bullet of its own right below or above one with a box.
    fn is_beside_boxes(&self, line: usize) -> bool {
        let bullet = |text: &str| {
            text.starts_with(['-', '*', '+']) && text.get(1..).is_some_and(|rest| rest.starts_with(' '))
        };
        let near = [line.checked_sub(1), Some(line + 1)];
        let boxed = |at: usize| is_box_item(self.text(at));
        bullet(self.text(line)) && near.into_iter().flatten().filter(|at| *at > 0).any(boxed)
    }

    /// Prose: what it says of a command, what it tells to do, or words only.
    fn words(&mut self, text: &str, span: Span) {
        if let Some(Mark { fate, by, .. }) = self.mark(span.line).cloned()
            && !matches!(fate, Fate::Heading | Fate::Layout)
        {
            return self.claim_span(span, fate, &by);
        }
        let heading = self.heading_of(span.line);
        let role = heading.map_or(Role::Other, |h| h.role);
        // "Expected output:" over what is compared.
        let expected =
            |line: usize| self.mark(line).is_some_and(|m| matches!(m.fate, Fate::Checked | Fate::ByEye));
        if text.trim_end().trim_end_matches('*').ends_with([':', '：']) && self.next.is_some_and(expected) {
            return self.claim_span(span, Fate::Text, "leads to an expectation");
        }
        self.told(text, span, role);
        let after = span.line > self.first_fence || text.trim_end().ends_with([':', '：']);
        let claims = comments::opens_expectation(text) && role != Role::Success && after;
        let (fate, by) =
            if let Some(line) = text.lines().find(|line| is_command_line(line)).filter(|_| tells(role)) {
                (Fate::Unclaimed, format!("“{}” looks like a command within text", line.trim()))
            } else if is_box_item(self.text(span.line)) && role != Role::References {
                (Fate::Unclaimed, "a check item that a run does not ask for".to_owned())
            } else if role == Role::Checklist && self.is_beside_boxes(span.line) {
                (Fate::Unclaimed, "listed beside check items, without a box".to_owned())
            } else if claims {
                (Fate::NotUnderstood, "it describes an expected result, but belongs to no command".to_owned())
            } else if span.line < self.first_section() && span.line < self.first_fence && is_front(text) {
                (Fate::Front, "says something about the whole document".to_owned())
            } else if label_tells(text) && self.told_by_label(role, span.line) {
                (Fate::Unclaimed, "it may describe manual work".to_owned())
            } else if let Some(command) = told(text).filter(|_| tells(role)) {
                (Fate::Unclaimed, format!("`{command}` is in a sentence"))
            } else if self.leads && text.contains('`') && says_by_hand(text) && role == Role::Steps {
                (Fate::Unclaimed, "it describes an alternative to the commands below it".to_owned())
            } else if self.may_tell(role, text, span.line) {
                (Fate::Unclaimed, "it may describe manual work".to_owned())
            } else {
                let (fate, by) = match role {
                    Role::References => (Fate::Reference, "in the references"),
                    Role::Contacts => (Fate::Contact, "in the contacts"),
                    Role::LogTemplate => (Fate::LogTemplate, "in the log template's section"),
                    _ if self.is_look(span, heading) => {
                        (Fate::NotUnderstood, "a verification section lists it, and no command checks it")
                    }
                    Role::Monitoring if self.is_watched(text, span) => {
                        (Fate::NotUnderstood, "a monitoring section lists it with no interval or duration")
                    }
                    _ => (Fate::Text, "prose"),
                };
                (fate, by.to_owned())
            };
        self.claim_span(span, fate, &by);
    }

    /// Whether a line is an item of a list in a section that verifies.
    fn is_look(&self, span: Span, heading: Option<&OutlineEntry>) -> bool {
        let text = self.text(span.line).trim();
        let item = ["- ", "* ", "+ ", "• "].iter().any(|mark| text.starts_with(mark))
            && !text.ends_with([':', '：']);
        let verifies = |entry: &OutlineEntry| {
            matches!(entry.role, Role::Steps | Role::Rollback | Role::Other) && checks::verifies(&entry.title)
        };
        item && heading.is_some_and(verifies)
    }

    /// Whether a line of the monitoring is an item of a list that says what to look at.
    fn is_watched(&self, text: &str, span: Span) -> bool {
        let line = self.text(span.line).trim_start();
        let listed = line.starts_with(['-', '*', '+', '•', '✔', '✅', '☐'])
            || line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(['.', ')']);
        listed && !text.trim_end().ends_with([':', '：']) && !text.contains("://")
    }

    /// Sentences of a text that say what is to be seen and were not hung on a command: so far as there is a command
    /// before them, or one that they lead to.
    fn told(&mut self, text: &str, span: Span, role: Role) {
        let elsewhere =
            !tells(role) || matches!(role, Role::Success | Role::Troubleshooting | Role::Checklist);
        let leads = text.trim_end().ends_with([':', '：']);
        if elsewhere || span.line < self.first_fence && !leads {
            return;
        }
        for sentence in sentences::said(text).into_iter().filter(|told| sentences::says_plainly(told)) {
            let before = text.find(sentence).and_then(|begin| text.get(..begin)).unwrap_or("");
            let line = span.line + before.matches('\n').count();
            let by = "it describes an expected result, but belongs to no command";
            self.claim((line, line), Fate::NotUnderstood, by);
        }
    }

    /// Whether words that no part of the plan has may tell to do something by hand: among the steps, or clearly so between
    /// them or in a numbered item.
    fn may_tell(&self, role: Role, text: &str, line: usize) -> bool {
        let steps = &self.plan.steps;
        let between =
            steps.first().is_some_and(|s| s.line < line) && steps.last().is_some_and(|s| s.line > line);
        let behind = steps.first().is_some_and(|s| s.line < line);
        let item = self.text(line).trim_start();
        let counted = item.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ")
            && item.starts_with(|c: char| c.is_ascii_digit());
        let told = telling(text);
        let tells = match role {
            // Among the steps and on the way back everything that does not evidently only tell is listed: no list of verbs
            // knows all of them.
            Role::Steps | Role::Rollback => {
                let unled = self.next.is_none_or(|line| self.mark(line).is_none());
                told >= Telling::Maybe
                    || may_be_work(text)
                    || unled && leads_to_looking(text)
                    || self.lists_things && leads_to_things(text)
            }
            // "Phase 9" behind the steps that nothing says is one.
            Role::Other if told == Telling::Act && self.is_counted(line) => true,
            Role::Other if !behind && !steps.is_empty() && demands_before(text) => true,
            Role::Other if between || counted || behind => {
                let listed = counted || item.starts_with(['-', '*', '+']);
                told == Telling::Act && (between || counted)
                    || (between || behind && counted) && listed && is_told(text)
                    || behind && listed && (told == Telling::Act || is_told(text) && !self.is_looked_up(line))
            }
            // What a section that no run executes lists to be done.
            Role::Recovery | Role::Teardown => {
                let listed = counted || item.starts_with(['-', '*', '+']);
                return listed && (told >= Telling::Maybe || is_told(text));
            }
            // "Set the DNS records at your registrar:" over what no box holds.
            Role::Checklist => {
                let unled = self.leads && self.next.is_none_or(|line| self.mark(line).is_none());
                return (told >= Telling::Maybe || is_told(text)) && (unled || self.lists_things);
            }
            _ => return false,
        };
        // What does not lead to the fence below it, and tells what no command there does.
        let apart = matches!(role, Role::Steps | Role::Rollback)
            && self.leads
            && !text.trim_end().trim_end_matches('*').ends_with([':', '：', '↓', '👇'])
            && says_first(text);
        !self.leads && tells || apart
    }

    /// Whether the heading over a line is of what is looked up: "Tips".
    fn is_looked_up(&self, line: usize) -> bool {
        self.heading_of(line).is_some_and(|heading| vocabulary::is_looked_up(&heading.title))
    }

    /// Whether what a label tells to do has a place in the run: on the document's first lines, or among the steps.
    fn told_by_label(&self, role: Role, line: usize) -> bool {
        let first = line < self.first_section() && !self.plan.steps.is_empty();
        first && role == Role::Other || matches!(role, Role::Steps | Role::Rollback)
    }

    /// Whether the heading over a line counts it among steps: "Phase 9".
    fn is_counted(&self, line: usize) -> bool {
        !self.plan.steps.is_empty()
            && self.heading_of(line).is_some_and(|h| h.level > 1 && step_word(&h.title))
    }

    /// The line of the second heading: what stands before it is about the whole document.
    fn first_section(&self) -> usize {
        self.headings.keys().nth(1).copied().unwrap_or(usize::MAX)
    }

    fn table(&mut self, header: &[String], rows: &[(usize, Vec<String>)], span: Span) {
        let known = rows.iter().any(|(line, _)| self.mark(*line).is_some());
        let columns = header.join(" | ");
        let commands = checks::command_column(header);
        let work = self.heading_of(span.line).is_some_and(|entry| {
            matches!(entry.role, Role::Steps | Role::Rollback | Role::Checklist)
                || checks::verifies(&entry.title)
        }) && checks::is_of_work(header);
        let first = rows.first().map_or(span.end_line + 1, |(line, _)| *line);
        self.claim((span.line, first.saturating_sub(1)), Fate::Layout, "a table's head");
        for (line, cells) in rows {
            let named = commands.and_then(|at| cells.get(at)).and_then(|cell| cell.split('`').nth(1));
            let command = cells.iter().find_map(|cell| told(cell)).or(named.filter(|_| !known));
            match command {
                Some(command) => {
                    let by = format!("`{command}` in a table whose columns no rule knows: {columns}");
                    self.claim((*line, *line), Fate::Unclaimed, &by);
                }
                None if known => self.claim((*line, *line), Fate::Text, "a row of a table that is read"),
                None if work => {
                    let by = format!("it may describe manual work in a table: {columns}");
                    self.claim((*line, *line), Fate::Unclaimed, &by);
                }
                None => self.claim((*line, *line), Fate::Text, &format!("a table: {columns}")),
            }
        }
        self.claim_span(span, Fate::Text, "a table");
    }

    fn mark(&self, line: usize) -> Option<&Mark> {
        line.checked_sub(1).and_then(|at| self.marks.get(at)).and_then(Option::as_ref)
    }

    /// Lines with the same fate for the same reason in one, the rest as layout or text.
    fn passages(self) -> Vec<Passage> {
        let mut found: Vec<Passage> = Vec::new();
        for (at, text) in self.texts.iter().enumerate() {
            let line = at + 1;
            let mark = self.marks.get(at).cloned().flatten().unwrap_or_else(|| {
                let (fate, by) = if is_layout(text) {
                    (Fate::Layout, "blank, or marks of Markdown")
                } else {
                    (Fate::Text, "prose")
                };
                Mark { fate, by: by.into(), role: None }
            });
            let heading = self.heading_of(line).map_or(0, |entry| entry.line);
            match found.last_mut() {
                Some(last)
                    if last.fate == mark.fate
                        && last.by == mark.by
                        && last.heading == heading
                        && mark.role.is_none() =>
                {
                    last.end_line = line;
                }
                _ => found.push(Passage {
                    line,
                    end_line: line,
                    fate: mark.fate,
                    by: mark.by,
                    role: mark.role,
                    heading,
                }),
            }
        }
        let _ = self.lines;
        found
    }
}
