//! Steps in their forms: headings, bold labels, list items with fences, tables of checks.

use std::borrow::Cow;
use std::ops::Range;

use super::super::block::{Beside, ends_by_itself, manual_command, parted, plain_command, shows_output};
use super::super::checks;
use super::super::comments;
use super::super::comments::acts::{Telling, is_told, telling};
use super::super::doubt::Doubt;
use super::super::expect::sentences::{says, sentences};
use super::super::markdown::{Code, Element, ElementKind, Tab};
use super::super::model::{Command, CommandId, Expectation, Plan, Role, Span, Step, StepId};
use super::super::sections::Section;
use super::super::vocabulary::{self, has};
use super::super::words::{estimate_s, is_wait, lower_words, numbered, step_word, without_estimate};
use super::lists::{Lists, leads_to_fence};
use super::tabs::{Scopes, Tabs};
use super::titles::{
    add_condition, ask, doubted, estimate, sequenced, title_condition, title_is_optional, ways,
};
use super::{Fence, Loose, Reader, inline_command, items, outline, push_block};
use super::{options, picked};
use crate::shell::{Effect, Kind};
pub(super) use body::is_act;
pub(super) use body::push_command;
use body::{Body, claims, last_command, prose, takes_back};
use choice::names_case;
pub(super) use hand::prose_only;
use hand::{by_comments, runs_what_it_names, section_says};
use labels::Labels;
pub(super) use places::names_several;

mod body;
mod choice;
mod hand;
mod labels;
mod places;

impl<'e> Reader<'e> {
    pub(super) fn steps(&mut self, section: &Section<'e>, plan: &mut Plan) {
        outline(section, plan);
        let steps_in =
            |c: &Section<'_>| c.role == Role::Steps && (c.has_code() || sequenced(&c.title) || c.has_items());
        let first = plan.steps.len();
        // "3. Deployment Steps" is a chapter; its own headings are the steps.
        let chapter = vocabulary::role(&section.title) == Role::Steps
            && !step_word(&section.title)
            && section.children.iter().any(|c| c.role == Role::Steps && sequenced(&c.title));
        if sequenced(&section.title) && !chapter || !section.children.iter().any(steps_in) {
            let step = self.step(section, None, self.ordinal(plan));
            plan.steps.push(step);
        } else {
            // What stands directly under the steps heading comes first, as a step of its own if it has commands.
            if section.elements.iter().any(|e| matches!(e.kind, ElementKind::Code(_))) {
                let own = Section { children: vec![], ..section.clone() };
                let ordinal = if first == 0 { 0 } else { first + 1 };
                let step = self.step(&own, None, ordinal);
                plan.steps.push(step);
            } else {
                self.checklist(section, plan);
            }
            for child in &section.children {
                if child.role != Role::Steps || has(&child.title, &["appendix", "old way", "todo", "附录"])
                {
                    if child.role != Role::Steps {
                        self.asides.push(child.clone());
                    }
                    continue;
                }
                if items::is_list(child, self.lines) {
                    self.checklists(child, plan);
                    continue;
                }
                let before = self.stage.clone();
                self.stage = child.stage.map(super::capitalised).or(before.clone());
                let step = self.step(child, None, self.ordinal(plan));
                self.stage = before;
                plan.steps.push(step);
            }
            ways(
                &mut plan.steps[first..],
                &StepId(format!("steps@{}", section.line)),
                &[],
                &section.counted(),
            );
            picked::steps(&mut plan.steps[first..]);
            if let Some(asked) = section.doubt {
                doubted(&mut plan.steps[first..], asked);
            }
        }
        for aside in std::mem::take(&mut self.asides) {
            self.section(&aside, plan);
        }
    }

    /// The number of the next step that has none of its own: in an environment its own steps are counted.
    fn ordinal(&self, plan: &Plan) -> usize {
        let own = plan.steps.iter().filter(|step| step.environment == self.stage).count();
        if self.stage.is_some() { own + 1 } else { plan.steps.len() + 1 }
    }

    /// A step from a heading; `parent` is the step around it.
    pub(super) fn step(&mut self, section: &Section<'e>, parent: Option<&StepId>, ordinal: usize) -> Step {
        let (number, name) =
            numbered(&section.title).map_or((None, section.title.clone()), |(n, t)| (Some(n), t));
        let wanted = match (parent, number) {
            (Some(parent), Some(n)) if n.starts_with(&format!("{parent}.")) => n,
            (Some(parent), Some(n)) if !n.contains('.') => format!("{parent}.{n}"),
            (Some(parent), _) => format!("{parent}.{ordinal}"),
            (None, n) => {
                let n = n.unwrap_or_else(|| self.uncounted(ordinal));
                self.stage.as_ref().map_or(n.clone(), |stage| format!("{}.{n}", stage.to_lowercase()))
            }
        };
        let id = self.unique(wanted);
        let mut step = Step {
            title: without_estimate(&name),
            estimate_s: estimate(&section.title, &section.elements),
            optional: title_is_optional(&section.title),
            line: section.line,
            environment: self.stage.clone(),
            refers: self.refers(&section.elements),
            ..self.body_of(section, id)
        };
        let boxes = std::mem::take(&mut self.boxes);
        for child in &section.children {
            if matches!(
                child.role,
                Role::Rollback
                    | Role::Troubleshooting
                    | Role::Recovery
                    | Role::Teardown
                    | Role::Contacts
                    | Role::LogTemplate
            ) || section.role == Role::Steps && matches!(child.role, Role::Other | Role::Checklist)
            {
                self.asides.push(child.clone());
                continue;
            }
            if !takes_back(&step.id) && items::is_list(child, self.lines) {
                self.checklists_after(child, &step.id);
                continue;
            }
            let ordinal = step.substeps.len() + 1;
            let substep = self.step(child, Some(&step.id), ordinal);
            step.substeps.push(substep);
        }
        let group = step.id.clone();
        let counted = [section.counted(), counted_items(&section.elements)].concat();
        ways(&mut step.substeps, &group, &rows_of(&section.elements), &counted);
        let ticked = self.items_of(&mut step, boxes);
        prose_only(&mut step, section, ticked);
        section_says(&mut step, section);
        picked::examples(&mut step);
        self.title_place(&mut step, &section.title);
        if !takes_back(&step.id) {
            picked::steps(&mut step.substeps);
            picked::variants(&mut step, &section.title);
        }
        let aside = !takes_back(&step.id)
            && (vocabulary::occasions::sets_aside(&section.title)
                || comments::apart::heads_example(&section.title));
        let somewhere = (aside || vocabulary::is_forbidden_somewhere(&section.title)).then_some(Doubt::Step);
        if let Some(asked) = section.doubt.or(somewhere) {
            doubted(std::slice::from_mut(&mut step), asked);
        }
        step
    }

    /// The same for a section: what its heading says that it is about is known meanwhile.
    fn body_of(&mut self, section: &Section<'e>, id: StepId) -> Step {
        let before = self.about;
        let both = vocabulary::is_two(&section.title);
        self.about = [before[0], vocabulary::beside_steps(&section.title).filter(|_| !both)];
        let step = self.body(&section.elements, id);
        self.about = before;
        step
    }

    /// Blocks, prose and parts of the elements under one heading.
    pub(super) fn body(&mut self, elements: &[&'e Element], id: StepId) -> Step {
        let lists = Lists::of(elements);
        let tabs = Tabs::of(elements);
        let mut body = Body {
            step: Step { id, ..Step::default() },
            label: None,
            labels: Labels::of(elements, &lists),
            behind: vec![],
            unknown: false,
            before: String::new(),
            item: None,
            lead: false,
            looks: false,
            aside: None,
            scopes: Scopes::default(),
            tabs,
            about: self.about,
            hand: false,
            announced: false,
            holds: None,
            automatic: None,
            place: None,
            choice: None,
            counted: false,
            acted: false,
            closed: false,
            chosen: vec![],
            over: String::new(),
            holds_commands: false,
            changes: false,
            cases: elements.iter().filter(|element| names_case(element)).count() > 1,
        };
        for (at, element) in elements.iter().copied().enumerate() {
            self.go_on(&mut body, element, &lists);
            self.goes_to(&mut body, element, elements.get(at + 1).copied());
            match &element.kind {
                ElementKind::Paragraph { text, bold } => {
                    let next = elements.get(at + 1).copied();
                    if element.item.is_none() {
                        self.settle(&mut body, &lists);
                    }
                    body.goes_under(text, element);
                    body.chooses(element);
                    body.note(element, next);
                    if !body.goes_on(text, element, &lists) && !self.by_hand(&mut body, &lists, element, next)
                    {
                        body.paragraph(text, *bold, element);
                    }
                }
                ElementKind::Item { text, .. } => {
                    self.settle(&mut body, &lists);
                    body.goes_under(text, element);
                    body.chooses(element);
                    body.item(text, element, &lists);
                }
                ElementKind::Code(code) => {
                    if body.labels.ends_at(element) {
                        self.settle(&mut body, &lists);
                        let first = code.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
                        body.goes_under(&format!("`{}`", first.trim()), element);
                    }
                    self.fence(&mut body, &lists, element, at.checked_sub(1).map(|a| elements[a]));
                    body.labels.pass(element);
                }
                ElementKind::Table { header, rows } => {
                    self.settle(&mut body, &lists);
                    body.goes_under("", element);
                    self.checks(&mut body, header, rows, element.tab());
                    if self.holds_items(&body) && !items::is_expected(header) {
                        self.boxes.extend(items::in_table(header, rows, self.lines));
                    }
                }
                ElementKind::Heading(..) => {}
            }
        }
        self.settle(&mut body, &lists);
        for part in std::mem::take(&mut body.behind) {
            body.step.substeps.get_mut(part..=part).into_iter().for_each(|part| doubted(part, Doubt::Step));
        }
        body.say_automatic();
        options::join(&mut body.step);
        choice::join(&mut body.step, &body.chosen);
        if !takes_back(&body.step.id) {
            picked::parts(&mut body.step);
        }
        body.step
    }

    /// Goes on to an element: from one container into another, from a tab to the next.
    fn go_on(&mut self, body: &mut Body<'e>, element: &'e Element, lists: &Lists) {
        if body.item.as_ref().is_some_and(|(.., item)| item.tab().is_some() && item.tab() != element.tab()) {
            self.settle(body, lists);
        }
        let change = body.scopes.go_on(element, body.aside, &body.before);
        body.aside = change.aside;
        body.lead &= !change.ended;
        if let Some(before) = change.before {
            body.before = before;
        }
        let Some(tab) = change.tab else { return };
        let line = self.lines.whole(element.span.line);
        let told = &mut body.step.prose;
        told.push_str(if told.is_empty() { "" } else { "\n" });
        told.push_str(&tab.name);
        if let Some(words) = body.tabs.by_hand(&tab).filter(|_| self.acts).map(str::to_owned) {
            self.push_act(body, &tab.name, manual_command(words, line), Some(&tab));
        }
    }

    /// What an item or a row tells to do: a part of its own, or of what is around the tabs that it stands in.
    fn push_act(&mut self, body: &mut Body<'e>, title: &str, mut act: Command, tab: Option<&Tab>) {
        let span = act.span;
        body.scopes.title_says(&mut act);
        Body::held_by(body.holds.as_ref(), &mut act);
        places::run_at(&mut body.place, std::slice::from_mut(&mut act));
        body.holds_commands = true;
        if body.labels.holds() {
            self.open_label(body);
        }
        if tab.is_some() || body.labels.holds() {
            return push_command(body.holder(), act, span);
        }
        let mut part = self.part(&body.step.id, title, span.line, body.step.substeps.len() + 1);
        push_command(&mut part, act, span);
        body.step.substeps.push(part);
    }

    /// Makes a part of the label over what follows, if there is one.
    fn open_label(&mut self, body: &mut Body<'e>) {
        let Some((text, line)) = body.label.take() else { return };
        let part = self.part(&body.step.id, &text, line, body.step.substeps.len() + 1);
        if std::mem::take(&mut body.unknown) {
            body.behind.push(body.step.substeps.len());
        }
        body.step.substeps.push(part);
    }

    /// A code block: an output to compare, something beside the steps, or commands of the step or of a part.
    /// `follows` is what stands right before it.
    fn fence(
        &mut self,
        body: &mut Body<'e>,
        lists: &Lists,
        element: &'e Element,
        follows: Option<&'e Element>,
    ) {
        let ElementKind::Code(code) = &element.kind else { return };
        let below = follows.is_some_and(|above| above.item == element.item && ends_by_itself(above));
        // What a program does or asks leads to no fence.
        let follows = follows.filter(|e| leads_to_fence(e) && !body.announced);
        let held = element.item.is_some() || follows.is_some();
        if !held {
            self.settle(body, lists);
        }
        let before = std::mem::take(&mut body.before);
        body.looks = false;
        if shows_output(&before, code) || element.tab().is_some_and(|tab| shows_output(&tab.name, code)) {
            body.expect_output(&before, code, element);
            self.taken.push(element.span.start);
            return;
        }
        let forbidden = before.lines().last().is_some_and(vocabulary::is_forbidden).then_some(Role::Other);
        if let Some(role) = body.aside.or(forbidden) {
            let title = before.lines().next().unwrap_or("").trim_end_matches(':').to_owned();
            let (line, code) = (element.span.line, Cow::Borrowed(code));
            self.loose.push(Loose { role, title, line, before, code, element, inside: false });
            return;
        }
        // On the way back everything is a part of it.
        let within = body.step.id.0.starts_with("rollback");
        let Some((code, doubtful)) = self.parted(code, &before, element, within) else { return };
        let label = before.lines().last().unwrap_or("");
        let in_way = body.labels.holds();
        let another = !within && body.changes && comments::is_for_another_time(&before)
            || body.cases && !in_way && comments::apart::case(label).is_some();
        if !held {
            let first = code.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").trim();
            let words = before.lines().last().map_or_else(|| format!("`{first}`"), str::to_owned);
            body.leave_list(&words, element.span.line);
        }
        if let Some((text, ..)) = body.item.take_if(|(.., item)| in_way || item.tab().is_some()) {
            if in_way {
                self.open_label(body);
            }
            prose(&text, element, &mut body.step);
        } else if let Some((text, line, item)) = body.item.take() {
            body.is_chosen(item, body.step.substeps.len());
            let part = self.part(&body.step.id, &text, line, body.step.substeps.len() + 1);
            body.step.substeps.push(part);
            body.label = None;
        } else {
            self.open_label(body);
        }
        let whole = matches!(code, Cow::Borrowed(_));
        let fence = Fence {
            code: &code,
            element,
            before: &before,
            lines: self.lines,
            below: below && before.trim().is_empty(),
        };
        let holder = body.holder();
        push_block(&mut holder.blocks, &holder.id, &fence);
        let told = holder.blocks.last().filter(|_| self.acts && whole).and_then(by_comments);
        if let Some(words) = told {
            let mut act = manual_command(words, element.span);
            act.condition = comments::condition(&before);
            push_command(holder, act, element.span);
            body.holds_commands = true;
            return;
        }
        let Body { step, scopes, holds, place, over, holds_commands, changes, .. } = body;
        let holds = holds.as_ref().filter(|_| held);
        let blocks = step.substeps.last_mut().map_or(&mut step.blocks, |part| &mut part.blocks);
        let Some(block) = blocks.last_mut() else { return };
        // "For staging, run:" is what the way is called.
        let named =
            |command: &mut Command| command.condition.take_if(|said| in_way && said.trim() == before.trim());
        block.commands.iter_mut().for_each(|command| {
            named(command);
            scopes.title_says(command);
            Body::held_by(holds, command);
            Body::held_by(Some(&before).filter(|_| another), command);
        });
        places::run_at(place, &mut block.commands);
        picked::forbidden(block);
        if !within {
            picked::below(over, &before, block);
            picked::aside(label, block);
            let asked = if comments::apart::names_examples(label) {
                Some(Doubt::CommandOrText)
            } else {
                vocabulary::is_forbidden_somewhere(label).then_some(Doubt::Step)
            };
            if let Some(asked) = asked {
                let mut lead = None;
                let run = block.commands.iter_mut().filter(|command| command.kind != Kind::Manual);
                run.for_each(|command| ask(&mut lead, command, asked));
            }
        }
        *holds_commands |= !block.commands.is_empty();
        *changes |= block.commands.iter().any(|command| command.effect != Effect::Reads);
        let changing =
            block.commands.iter_mut().filter(|c| c.effect != Effect::Reads && c.kind != Kind::Manual);
        for command in changing.filter(|c| doubtful.iter().any(|at| at.contains(&c.span.start))) {
            command.doubt = command.doubt.or(Some(Doubt::StepOrRollback));
        }
    }

    /// What of a fence is the step's, and where that is in doubt. Parts of it that a comment heads as a rollback and
    /// the like go beside the steps.
    fn parted(
        &mut self,
        code: &'e Code,
        before: &str,
        element: &'e Element,
        within: bool,
    ) -> Option<(Cow<'e, Code>, Vec<Range<usize>>)> {
        let Some(parted) = parted(code, before).filter(|_| !within) else {
            return Some((Cow::Borrowed(code), vec![]));
        };
        let about = self.about;
        if parted.beside.iter().any(|beside| about.contains(&Some(beside.role))) {
            return Some((Cow::Borrowed(code), vec![]));
        }
        for Beside { role, title, at, headed, code } in parted.beside {
            let line = self.lines.line(at);
            let (before, code) = (String::new(), Cow::Owned(code));
            self.loose.push(Loose { role, title, line, before, code, element, inside: headed });
        }
        Some((Cow::Owned(parted.own?), parted.doubtful))
    }

    /// "Rollback: `./undo.sh`" beside what it takes back: it stands beside the steps.
    fn goes_back_inline(&mut self, body: &Body<'_>, text: &str, span: Span) -> bool {
        let label = text.split(['`', ':', '：']).next().unwrap_or("").trim().trim_matches(['*', '_']);
        let goes = vocabulary::beside_steps(label) == Some(Role::Rollback)
            && lower_words(label).len() <= 4
            && text.contains([':', '：'])
            && !self.about.contains(&Some(Role::Rollback))
            && !takes_back(&body.step.id);
        let runs = text.split('`').nth(1).filter(|_| goes && text.matches('`').count() == 2);
        let is_program = |text: &str| comments::looks_like_command(text) || super::is_script(text);
        let Some(command) = runs.filter(|text| is_program(text)) else { return false };
        let made = plain_command(CommandId::default(), command, self.within(span, command));
        self.rows.push((label.to_owned(), span.line, made));
        true
    }

    /// An item that turned out to have no fence: what it says is done by hand, where its list is one of steps.
    fn settle(&mut self, body: &mut Body<'e>, lists: &Lists) {
        let Some((text, _, element)) = body.item.take() else { return };
        let ElementKind::Item { text: own, number, task, list, .. } = &element.kind else { return };
        if self.goes_back_inline(body, own, element.span) {
            return;
        }
        let listed = number.is_some() || task.is_some();
        // "- It needs a `git pull` by hand" tells of a command, and not to run it.
        let command = inline_command(own).filter(|_| listed || runs_what_it_names(own));
        let acts = lists.with_code.contains(list)
            || lists.with_commands.contains(list)
            || body.labels.holds()
            || lists.any && lists.told.contains(list)
            || element.tab().is_some_and(|tab| body.tabs.acts(tab));
        let leads = text.trim_end().ends_with([':', '：']) && lists.parents.contains(&element.span.start);
        let is_label = leads || lists.holders.contains(&element.span.start);
        // "Open a request. It MUST be reviewed": what begins with telling to do something is done.
        let first = sentences(&text).first().is_some_and(|first| is_told(first) && !says(first));
        let several = sentences(&text).len() > 1;
        let only_claims = !(first && several);
        if only_claims && command.is_none() && body.aside.is_none() && claims(&text, element, &mut body.step)
        {
            return;
        }
        // What an item without an act of its own leads to is about no act above it.
        body.acted &= element.item.is_some();
        let inside = element.item.is_some() && body.acted && !body.labels.lists(element);
        let under = task.is_none() && (inside || body.hand);
        if self.acts
            && under
            && command.is_none()
            && let Some(act) = last_command(&mut body.step)
                .filter(|c| c.kind == Kind::Manual && body.scopes.holds(c.span.start))
        {
            // What stands under an act says how it is done.
            act.text.push_str("\n- ");
            act.text.push_str(&text);
            (act.span.end, act.span.end_line) = (element.span.end, element.span.end_line);
            return;
        }
        // "- If the database was migrated, restore the dump" beside bullets with commands.
        let conditional = || comments::lead_condition(own).is_some() && is_told(&text);
        let told = !body.announced && (listed || telling(&text) == Telling::Act || conditional());
        if !self.acts || body.aside.is_some() || is_label || !(told && acts || command.is_some()) {
            if task.is_some() && !is_label && self.holds_items(body) {
                self.boxes.push(items::Found::task(text, element.span));
            } else {
                prose(&text, element, &mut body.step);
            }
            return;
        }
        let condition = comments::lead_condition(own);
        let made = match command {
            Some(command) => Command {
                about: Some(text.clone()),
                condition,
                ..plain_command(CommandId::default(), &command, self.within(element.span, &command))
            },
            None => Command { condition, ..manual_command(text.clone(), element.span) },
        };
        body.acted = true;
        body.is_chosen(element, body.step.substeps.len());
        body.closed = body.labels.is_way(element) || body.choice.is_some();
        self.push_act(body, &text, made, element.tab());
        // What an item says by itself is said of nothing below the list.
        body.before.clear();
    }

    /// Whether boxes to tick are check items here: so in a step, and not on the way back or beside it.
    fn holds_items(&self, body: &Body<'_>) -> bool {
        self.acts && body.aside.is_none() && !takes_back(&body.step.id)
    }

    /// A table of checks: a row is a command, or something to look at, with what is expected of it.
    fn checks(
        &mut self,
        body: &mut Body<'e>,
        header: &[String],
        rows: &[(usize, Vec<String>)],
        tab: Option<&Tab>,
    ) {
        let Some(columns) = checks::columns(header, rows) else { return };
        for (line, row) in rows {
            let cell = |at: usize| row.get(at).map_or("", |c| c.trim());
            let (name, span) = (cell(columns.name), self.lines.whole(*line));
            let expected = checks::expected(&columns, row);
            let fails = columns.fails.map(cell).filter(|c| !c.is_empty());
            let fails = fails.map(|fails| format!("\nFail: {fails}")).unwrap_or_default();
            let mut made = match checks::command(&columns, row) {
                Some(text) => Command {
                    about: Some(format!("{name}{fails}")),
                    ..plain_command(CommandId::default(), &text, self.within(span, &text))
                },
                None => {
                    let none =
                        |t: &str| matches!(t.to_lowercase().as_str(), "" | "-" | "–" | "—" | "n/a" | "none");
                    let told = columns.command.map(cell).filter(|t| !none(t) && *t != name);
                    let said = [told, expected].into_iter().flatten();
                    let words = std::iter::once(name).chain(said).collect::<Vec<_>>().join(": ");
                    manual_command(format!("{words}{fails}"), span)
                }
            };
            made.expects.extend(expected.map(|text| Expectation::under(*line, text)));
            let beside = checks::besides(&columns, row, &made.text);
            row_says(&mut made, name, beside.as_deref());
            let case = columns.case.map(cell).filter(|case| !case.is_empty());
            if let Some(case) = case.or_else(|| checks::when(&columns, row)) {
                add_condition(&mut made, case);
            }
            if let Some(text) = checks::undo(&columns, row).filter(|_| !takes_back(&body.step.id)) {
                let undo = plain_command(CommandId::default(), &text, self.within(span, &text));
                self.rows.push((name.to_owned(), *line, undo));
            }
            self.row(body, (name, *line), made, tab);
        }
    }

    /// A row of a table of steps: a part of its own. What its name says takes something back stands beside the steps.
    fn row(&mut self, body: &mut Body<'e>, (name, line): (&str, usize), made: Command, tab: Option<&Tab>) {
        let goes_back = vocabulary::beside_steps(name) == Some(Role::Rollback)
            && !self.about.contains(&Some(Role::Rollback))
            && !takes_back(&body.step.id);
        if goes_back {
            self.rows.push((name.to_owned(), line, made));
        } else {
            self.push_act(body, name, made, tab);
        }
    }

    fn part(&mut self, parent: &StepId, text: &str, line: usize, ordinal: usize) -> Step {
        let id = self.unique(format!("{parent}.{ordinal}"));
        let title = text.lines().next().unwrap_or(text).trim_end_matches(':').trim();
        Step {
            id,
            title: without_estimate(title),
            estimate_s: estimate_s(title),
            optional: title_is_optional(title),
            line,
            ..Step::default()
        }
    }
}

/// What the name of a row and the words beside its command say of it: that it holds only if something does, or what
/// else belongs to it.
fn row_says(made: &mut Command, name: &str, beside: Option<&str>) {
    let of_name = title_condition(name).or_else(|| comments::condition(name).map(|_| name));
    for around in of_name
        .into_iter()
        .chain(beside.filter(|words| comments::condition(words).is_some() || is_wait(words)))
    {
        add_condition(made, around);
    }
    made.optional |= comments::is_optional(name);
    if let (Some(words), Some(about)) = (beside, made.about.as_mut()) {
        about.push_str(": ");
        about.push_str(words);
    }
}

/// The lines of counted items: what they say is done one after another.
fn counted_items(elements: &[&Element]) -> Vec<usize> {
    let counted = |element: &&&Element| matches!(element.kind, ElementKind::Item { number: Some(_), .. });
    elements.iter().filter(counted).map(|element| element.span.line).collect()
}

/// The lines of the rows of tables.
fn rows_of(elements: &[&Element]) -> Vec<usize> {
    let rows = elements.iter().filter_map(|element| match &element.kind {
        ElementKind::Table { rows, .. } => Some(rows.iter().map(|(line, _)| *line)),
        _ => None,
    });
    rows.flatten().collect()
}
