//! Which sections are the steps: by their words, their numbers, or because they hold commands and nothing says what
//! else they are for. It never depends on how many others there are.

use super::super::comments::acts::{is_description, is_told};
use super::super::comments::looks_like_command;
use super::super::doubt::Doubt;
use super::super::markdown::ElementKind;
use super::super::model::Role;
use super::super::vocabulary::{self, DEPLOYS, has};
use super::super::words::{numbered, step_word, timed};
use super::procedures::{self, Found};
use super::section::{Section, new_section};
use crate::shell::classify::is_known_program;

/// Makes steps of what is none by its words alone.
///
/// 1. Where sections are called steps, what goes with a deployment by its name (a backup, a migration, the
///    verification, smoke tests) is a step as well. What only may go with it is a doubt: a build beside a chapter of
///    steps, a section that changes something between two steps.
/// 2. Else numbered or timed headings are, the ones between them without a fence too, and what goes with a
///    deployment.
/// 3. Else sections with fences are, but for those to look things up in.
///
/// Says how they were found.
///
/// In a document about going back or restoring, `subject`, what its headings call so is what is done.
pub(super) fn steps(root: &mut Section<'_>, subject: Option<Role>) -> Found {
    without_foreign_procedures(root);
    let whole = title_of_all(root);
    let counted = |s: &Section<'_>| {
        is_free(s) && s.level > 0 && Some(s.line) != whole && in_sequence(&s.title) && s.has_shell()
    };
    let numbered = root.any(&counted);
    // A chapter that is called steps deep below numbered ones is a part of one of them.
    let shallowest = least_level(root, &|s| s.role == Role::Steps);
    let above = |s: &Section<'_>| counted(s) && shallowest.is_some_and(|level| s.level < level);
    let named = shallowest.is_some() && root.count(&above) < 2;
    let found = if named {
        let chapter = root.any(&|s| s.role == Role::Steps && is_chapter(s));
        mark(root, &|s| {
            let is_subject = subject.is_some() && Some(vocabulary::role(&s.title)) == subject;
            let surely = vocabulary::around(&s.title).is_some() || step_word(&s.title) || is_subject;
            match (surely, deploys(s) || has_ways(s)) {
                // "Backup & restore" beside a chapter of steps is for another day.
                _ if chapter && vocabulary::is_two(&s.title) => Wanted::Never,
                (true, _) => Wanted::Surely,
                (false, true) if chapter => Wanted::Perhaps,
                (false, true) => Wanted::Surely,
                _ => Wanted::No,
            }
        });
        doubt_between(root);
        Found::Named
    } else if numbered {
        mark_sequence(root, whole);
        procedures::chapters_of_steps(root);
        mark(root, &|s| {
            let goes_with = vocabulary::around(&s.title).is_some() || deploys(s);
            if goes_with { Wanted::Surely } else { Wanted::No }
        });
        doubt_between(root);
        Found::Numbered
    } else {
        // Beside a way back, what merely holds commands may be no step.
        let goes_back = root.any(&|s| s.role == Role::Rollback && s.has_shell());
        mark(root, &|s| {
            let perhaps = goes_back && vocabulary::around(&s.title).is_none() && !has(&s.title, DEPLOYS);
            if perhaps { Wanted::Perhaps } else { Wanted::Surely }
        });
        Found::Held
    };
    all_counted(root);
    doubt_numbered(root);
    let mut last = 0;
    each_of_steps(root, &mut |section| last = last.max(section.line));
    doubt_listed(root, last);
    all_ways(root);
    found
}

/// A deployment that is told in a list, with no fence: left out, it is lost.
fn doubt_listed(parent: &mut Section<'_>, last: usize) {
    for child in parent.children.iter_mut().filter(|c| c.role != Role::Steps) {
        let named = vocabulary::is_deployment(&child.title) || has(&child.title, DEPLOYS);
        let looked_up = vocabulary::is_looked_up(&child.title);
        if is_free(child)
            && child.role == Role::Other
            && child.level > 1
            && !looked_up
            && (named && tells(child) || child.line < last && tells_with_command(child))
        {
            inherit(child, "its list tells what to do", Some(Doubt::Step));
        } else {
            doubt_listed(child, last);
        }
    }
}

/// Whether a section without a fence has a numbered list of which most items tell to do something.
fn tells(section: &Section<'_>) -> bool {
    let items = section.elements.iter().filter_map(|e| match &e.kind {
        ElementKind::Item { text, number: Some(_), .. } if e.item.is_none() => Some(text),
        _ => None,
    });
    let (all, told) = items.fold((0, 0), |(all, told), text| (all + 1, told + usize::from(is_told(text))));
    all > 1 && told * 2 >= all && !section.has_code()
}

/// Calls for each section of steps.
fn each_of_steps(section: &Section<'_>, call: &mut dyn FnMut(&Section<'_>)) {
    if section.role == Role::Steps {
        call(section);
    }
    section.children.iter().for_each(|child| each_of_steps(child, call));
}

/// Whether a section without a fence has a list of which most tells to do something, with a command in it that changes
/// something: "- Upgrade the client with `rpm -Uvh client.rpm`".
fn tells_with_command(section: &Section<'_>) -> bool {
    let changes = |text: &str| {
        text.split('`').skip(1).step_by(2).any(|span| {
            span.contains(' ')
                && looks_like_command(span)
                && crate::shell::classify(span).effect != crate::shell::Effect::Reads
        })
    };
    let items: Vec<&String> = section
        .elements
        .iter()
        .filter_map(|e| match &e.kind {
            ElementKind::Item { text, task: None, .. } if e.item.is_none() => Some(text),
            _ => None,
        })
        .collect();
    let does = items.iter().any(|text| changes(text) && !is_description(text));
    items.len() > 1 && does && !section.has_code() && section.children.is_empty()
}

/// "Step 5: Tell the customers" is a step in words where "Step 4" is one with commands.
fn all_counted(parent: &mut Section<'_>) {
    let is_counted = |c: &Section<'_>| step_word(&c.title);
    if parent.children.iter().any(|c| is_counted(c) && c.role == Role::Steps) {
        let left = |c: &&mut Section<'_>| {
            let boxes = c.role == Role::Checklist && !c.has_code();
            is_counted(c) && is_free(c) && !boxes
        };
        parent
            .children
            .iter_mut()
            .filter(left)
            .for_each(|c| inherit(c, "a numbered heading among the steps", None));
    }
    parent.children.iter_mut().filter(|c| c.role != Role::Steps).for_each(all_counted);
}

/// "Option C" that is told in words is one of the ways where "Option B" is.
fn all_ways(parent: &mut Section<'_>) {
    let is_way = |c: &Section<'_>| vocabulary::way(&c.title).is_some();
    let steps = |c: &Section<'_>| c.any(&|s| s.role == Role::Steps);
    if parent.children.iter().any(|c| is_way(c) && steps(c)) {
        let left = |c: &&mut Section<'_>| is_way(c) && is_free(c) && c.role == Role::Other && !steps(c);
        let doubt = parent.children.iter().find(|c| is_way(c) && c.role == Role::Steps).and_then(|c| c.doubt);
        parent.children.iter_mut().filter(left).for_each(|c| inherit(c, "one of several ways", doubt));
    }
    parent.children.iter_mut().filter(|c| c.role != Role::Steps).for_each(all_ways);
}

/// Whether a section that is numbered among steps may do harm by its name, and so is asked about.
pub(super) fn may_harm(own: Role, title: &str) -> bool {
    // Tidying up behind something is the last step of many a list.
    let tidies = has(title, &["cleanup", "clean up", "cleaning up", "清理"]);
    matches!(own, Role::Recovery | Role::Teardown) && !tidies
}

fn is_free(section: &Section<'_>) -> bool {
    let free = matches!(section.role, Role::Other | Role::Overview | Role::Checklist | Role::Environments);
    free && !section.settled && !vocabulary::is_readiness(&section.title)
}

/// A heading that is one of a sequence: numbered, or timed ("T-0", "T+15 min", "Day 2").
fn in_sequence(title: &str) -> bool {
    numbered(title).is_some() || timed(title)
}

/// The same among the outermost sections of steps.
fn any_top(section: &Section<'_>, wanted: &dyn Fn(&Section<'_>) -> bool) -> bool {
    wanted(section) || section.role != Role::Steps && section.children.iter().any(|c| any_top(c, wanted))
}

/// The least level of the sections that are wanted.
fn least_level(section: &Section<'_>, wanted: &dyn Fn(&Section<'_>) -> bool) -> Option<u8> {
    let own = wanted(section).then_some(section.level);
    own.into_iter().chain(section.children.iter().filter_map(|c| least_level(c, wanted))).min()
}

/// A section whose parts are the steps, rather than one act among others: "Deployment steps", or "Deployment" with
/// steps in it.
fn is_chapter(section: &Section<'_>) -> bool {
    let parts = section.children.iter().filter(|c| c.role == Role::Steps && c.has_code()).count();
    let items = section
        .elements
        .iter()
        .filter(|e| matches!(e.kind, ElementKind::Item { number: Some(_), .. }))
        .count();
    parts >= 2 || items >= 2 || !is_act(&section.title)
}

/// "Deploy", "Release": the title is what is done, not what the section is made of.
fn is_act(title: &str) -> bool {
    let name = numbered(title).map_or(title.to_owned(), |(_, name)| name);
    vocabulary::is_whole_step(&name)
}

/// A manual has a procedure for many things. Where one of them is the deployment's, the others are none of its steps:
/// "Scaling procedure" beside "Deployment procedure".
fn without_foreign_procedures(root: &mut Section<'_>) {
    let own = |s: &Section<'_>| s.role == Role::Steps && s.level > 1 && !vocabulary::is_foreign(&s.title);
    let foreign = |s: &Section<'_>| s.role == Role::Steps && s.level > 1 && vocabulary::is_foreign(&s.title);
    if !any_top(root, &own) {
        return;
    }
    for child in &mut root.children {
        if foreign(child) && !child.settled && !step_word(&child.title) {
            free(child);
        } else if child.role != Role::Steps {
            without_foreign_procedures_in(child, &foreign);
        }
    }
}

fn without_foreign_procedures_in(section: &mut Section<'_>, foreign: &dyn Fn(&Section<'_>) -> bool) {
    for child in &mut section.children {
        if foreign(child) && !child.settled && !step_word(&child.title) {
            free(child);
        } else if child.role != Role::Steps {
            without_foreign_procedures_in(child, foreign);
        }
    }
}

/// Takes the role of steps from a section and from what has it by being in it.
fn free(section: &mut Section<'_>) {
    section.role = Role::Other;
    section.by = String::new();
    section.children.iter_mut().filter(|c| c.role == Role::Steps).for_each(free);
}

/// Whether its name may belong to a deployment; what one has to have before it is none of it: "Before you start".
fn deploys(section: &Section<'_>) -> bool {
    section.role == Role::Other && has(&section.title, DEPLOYS) && !vocabulary::is_upkeep(&section.title)
}

/// Whether its parts are several ways to do one thing: then it tells to do it.
fn has_ways(section: &Section<'_>) -> bool {
    section.children.iter().filter(|c| vocabulary::way(&c.title).is_some()).count() >= 2
}

/// The line of the document's title: "Phase 8 rollout" with all sections under it is no step of itself.
fn title_of_all(root: &Section<'_>) -> Option<usize> {
    let [title] = root.children.as_slice() else { return None };
    (title.level == 1 && !title.children.is_empty() && !title.has_own_shell()).then_some(title.line)
}

fn mark_sequence(section: &mut Section<'_>, whole: Option<usize>) {
    // "Step 1: Read the release notes" is done, whatever it is called.
    let looked_up = vocabulary::is_looked_up(&section.title) && !step_word(&section.title);
    if section.level > 0
        && Some(section.line) != whole
        && is_free(section)
        && in_sequence(&section.title)
        && !looked_up
    {
        if section.role != Role::Checklist || section.has_code() {
            let two = vocabulary::is_two(&section.title).then_some(Doubt::Step);
            inherit(section, "a numbered heading", two);
        }
        return;
    }
    section.children.iter_mut().for_each(|child| mark_sequence(child, whole));
}

/// Whether a section with commands is a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Surely,
    /// It is asked.
    Perhaps,
    /// It is none by itself; what is in it may be.
    No,
    /// Neither it nor anything in it.
    Never,
}

/// Makes steps of free sections with commands; `wanted` says which.
///
/// What stands in a section that is no step itself may belong to that: it is asked about.
fn mark(section: &mut Section<'_>, wanted: &dyn Fn(&Section<'_>) -> Wanted) {
    mark_in(section, wanted, false);
}

fn mark_in(section: &mut Section<'_>, wanted: &dyn Fn(&Section<'_>) -> Wanted, inner: bool) {
    // Where nothing says what is a step, all that holds commands may be one.
    let beside = wanted(&new_section("-".into(), 2, 0)) == Wanted::No;
    // "Managing backups" beside the steps is for every day.
    let upkeep = beside && section.level > 1 && vocabulary::is_upkeep(&section.title);
    let looked_up = vocabulary::is_looked_up(&section.title) || upkeep;
    // "Smoke tests" with a heading for each of them is all smoke tests.
    let goes_with = || vocabulary::around(&section.title).is_some() || has(&section.title, DEPLOYS);
    let holds = section.has_own_shell()
        || section.has_shell() && (has_ways(section) || section.level > 1 && goes_with());
    let may = section.level > 0 && is_free(section) && !looked_up && holds;
    let how = wanted(section);
    if how == Wanted::Never {
        return;
    }
    if may && how != Wanted::No {
        let by = match vocabulary::around(&section.title) {
            Some(word) => format!("“{}” in the heading goes with a deployment", word.trim_matches('*')),
            None => "it holds commands".into(),
        };
        // A backup more does no harm.
        let inner = inner && !vocabulary::is_backup(&section.title);
        let doubt = how == Wanted::Perhaps || inner || vocabulary::is_two(&section.title);
        inherit(section, &by, doubt.then_some(Doubt::Step));
        return;
    }
    if !(looked_up && section.level > 1) {
        // A chapter that is none of the steps is about something of its own.
        let own = section.has_own_shell() || !section.any(&|s| s.role == Role::Steps);
        let inner = inner || section.level > 1 && is_free(section) && beside && own;
        section.children.iter_mut().for_each(|c| mark_in(c, wanted, inner));
    }
}

/// A section that changes something and stands between two steps: left out, the deployment may lack it.
fn doubt_between(parent: &mut Section<'_>) {
    let is_step = |s: &Section<'_>| s.role == Role::Steps;
    let first = parent.children.iter().position(is_step);
    let last = parent.children.iter().rposition(is_step);
    if let (Some(first), Some(last)) = (first, last) {
        for child in &mut parent.children[first..=last] {
            let looked_up = vocabulary::is_looked_up(&child.title);
            if child.role == Role::Other
                && is_free(child)
                && child.level > 1
                && !looked_up
                && (changes_something(child) || tells_by_hand(child))
            {
                inherit(child, "it is between two steps", Some(Doubt::Step));
            }
        }
    }
    parent.children.iter_mut().filter(|c| is_free(c)).for_each(doubt_between);
}

/// Whether a section between steps has nothing but a list, of which most tells to do something: "Switch traffic" with
/// what to click.
fn tells_by_hand(section: &Section<'_>) -> bool {
    let items = section.elements.iter().filter_map(|e| match &e.kind {
        ElementKind::Item { text, task: None, .. } if e.item.is_none() => Some(text),
        _ => None,
    });
    let (all, told) = items.fold((0, 0), |(all, told), text| (all + 1, told + usize::from(is_told(text))));
    told > 0 && told * 2 >= all && !section.has_code() && section.children.is_empty()
}

/// Whether one of its shell fences holds a command that does more than read.
fn changes_something(section: &Section<'_>) -> bool {
    section.shell_texts().any(|text| {
        text.lines().any(|line| {
            let line = line.trim().trim_start_matches("$ ");
            let known = line.split_whitespace().find(|w| *w != "sudo").is_some_and(is_known_program);
            known && crate::shell::classify(line).effect != crate::shell::Effect::Reads
        })
    }) || section.children.iter().any(|c| is_free(c) && changes_something(c))
}

/// What restores or tears down and is numbered among the steps, with more of them behind it.
fn doubt_numbered(parent: &mut Section<'_>) {
    let last = parent.children.iter().rposition(|s| s.role == Role::Steps);
    for (at, child) in parent.children.iter_mut().enumerate() {
        let beside = matches!(child.role, Role::Recovery | Role::Teardown) && !child.settled;
        let counted =
            step_word(&child.title) || in_sequence(&child.title) && last.is_some_and(|last| at < last);
        if beside && counted && last.is_some() {
            let doubt = may_harm(child.role, &child.title);
            force(child, "a numbered heading among the steps", doubt.then_some(Doubt::Step));
        }
    }
    parent.children.iter_mut().filter(|c| is_free(c) || c.role == Role::Steps).for_each(doubt_numbered);
}

/// Makes a section and what is free in it steps.
///
/// What is there to look things up in, or asks for something to be there, stays what it is: "Useful commands".
fn inherit(section: &mut Section<'_>, by: &str, doubt: Option<Doubt>) {
    section.role = Role::Steps;
    by.clone_into(&mut section.by);
    section.doubt = section.doubt.or(doubt);
    let under = format!("under “{}”", section.title);
    let picked = |c: &Section<'_>| !step_word(&c.title) && vocabulary::is_toolbox(&c.title);
    let toolbox = |c: &Section<'_>| !in_sequence(&c.title) && picked(c);
    let by_name = |c: &Section<'_>| vocabulary::role(&c.title) == Role::Checklist;
    let asks = |c: &Section<'_>| c.role == Role::Checklist && !c.has_code() && by_name(c);
    let own = |c: &&mut Section<'_>| is_free(c) && !toolbox(c) && !asks(c);
    for child in section.children.iter_mut().filter(own) {
        // "3.3 Common commands" counts the parts of a chapter, and may be no step of it.
        let asked = picked(child).then_some(Doubt::Step);
        inherit(child, &under, asked);
    }
}

/// The same for what has the section's own role.
fn force(section: &mut Section<'_>, by: &str, doubt: Option<Doubt>) {
    let own = section.role;
    section.role = Role::Steps;
    by.clone_into(&mut section.by);
    section.doubt = section.doubt.or(doubt);
    let under = format!("under “{}”", section.title);
    section.children.iter_mut().filter(|c| c.role == own).for_each(|c| force(c, &under, None));
}
