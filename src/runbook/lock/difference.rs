//! What differs between two readings: of the plan, not of the text.

mod commands;
mod words;

use std::collections::BTreeSet;
use std::fmt;

use super::pairs::{self, likeness};
use super::{Fact, Lock, LockedItem, Part};
use words::{count, does, label, role};

/// How much a change matters. The worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something destroys that did not, or loses what stood before it.
    Destroys,
    /// The rollback lost something, or is another.
    Rollback,
    /// Something is checked no longer.
    Check,
    /// Other commands run, or run in another way.
    Command,
    /// Values and environments.
    Value,
    /// Everything else.
    Other,
    /// Only numbers.
    Number,
}

/// One difference of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much it matters.
    pub weight: Weight,
    /// What it is, in words.
    pub text: String,
    /// The line of the document that it is about; 0 where there is none.
    pub line: usize,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.line > 0 { write!(f, " (line {})", self.line) } else { Ok(()) }
    }
}

/// What changed from one reading to another, the worst first.
pub fn difference(was: &Lock, is: &Lock) -> Vec<Change> {
    let mut changes = Changes::default();
    let parts = pairs::parts(&was.parts, &is.parts);
    let commands = pairs::commands(was, is, &parts);
    sections(was, is, &mut changes);
    let whole = whole_parts(was, is, (&parts, &commands), &mut changes);
    commands::changes(&commands, &whole, &mut changes);
    for (part, found) in was.parts.iter().zip(&parts) {
        if let Some(is) = found.and_then(|at| is.parts.get(at)) {
            same_part(part, is, &mut changes);
        }
    }
    items(was, is, &parts, &mut changes);
    others(was, is, &parts, &mut changes);
    facts(was, is, &mut changes);
    changes.0.sort_by_key(|c| (c.weight, c.line));
    changes.0
}

/// What was found so far.
#[derive(Debug, Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn push(&mut self, weight: Weight, line: usize, text: String) {
        self.0.push(Change { weight, text, line });
    }
}

/// Roles that sections got or lost. What a step is called is told of the step.
fn sections(was: &Lock, is: &Lock, changes: &mut Changes) {
    let mut left: Vec<usize> = (0..is.sections.len()).collect();
    let mut lost: Vec<(&str, &str)> = Vec::new();
    for old in &was.sections {
        let same = |at: &usize| is.sections.get(*at).is_some_and(|new| new.title == old.title);
        let Some(new) = left.iter().position(same).and_then(|at| is.sections.get(left.remove(at))) else {
            // A section inside of another one goes with it.
            if !lost.iter().any(|(role, _)| *role == old.role) {
                lost.push((&old.role, &old.title));
            }
            continue;
        };
        if new.role != old.role {
            let either = |name| [&old.role, &new.role].into_iter().any(|r| r == name);
            let weight = match () {
                () if either("rollback") => Weight::Rollback,
                () if either("steps") => Weight::Command,
                () => Weight::Other,
            };
            let title = &old.title;
            let text = match (role(&old.role), role(&new.role)) {
                (None, None) => continue,
                (Some(old), None) => format!("“{title}” is no longer {old}: it has no role now"),
                (None, Some(new)) => format!("“{title}” is now {new}: it had no role"),
                (Some(old), Some(new)) => format!("“{title}” is no longer {old}: it is read as {new}"),
            };
            changes.push(weight, new.line, text);
        }
    }
    let has = |lock: &Lock, role: &str| lock.sections.iter().any(|s| s.role == role);
    for (name, title) in lost.into_iter().filter(|(name, _)| !has(is, name)) {
        if let Some(role) = role(name) {
            let weight = if name == "rollback" { Weight::Rollback } else { Weight::Other };
            changes.push(weight, 0, format!("nothing is read as {role} any more: “{title}” is gone"));
        }
    }
    let mut found: Vec<&str> = Vec::new();
    for new in left.iter().filter_map(|at| is.sections.get(*at)).filter(|s| !has(was, &s.role)) {
        if let Some(role) = role(&new.role).filter(|_| !found.contains(&new.role.as_str())) {
            found.push(&new.role);
            let text = format!("the section “{}” is new: it is {role}", new.title);
            changes.push(Weight::Other, new.line, text);
        }
    }
}

/// Parts that came or went with all of their commands; gives the ids of the commands that were told with them.
fn whole_parts<'l>(
    was: &'l Lock,
    is: &'l Lock,
    (parts, commands): (&[Option<usize>], &pairs::Pairs<'l>),
    changes: &mut Changes,
) -> BTreeSet<(bool, &'l str)> {
    let mut told = BTreeSet::new();
    let named = |p: &Part| !["checklist", "verification", "outside"].contains(&p.kind.as_str());
    let all_of = |part: &Part, of: &[pairs::At<'_>]| {
        part.commands.iter().all(|c| of.iter().any(|at| std::ptr::eq(at.command, c)))
    };
    let kept: BTreeSet<usize> = parts.iter().filter_map(|p| *p).collect();
    let gone = was.parts.iter().zip(parts).filter(|(_, found)| found.is_none()).map(|(part, _)| part);
    for part in gone.filter(|p| named(p) && all_of(p, &commands.gone)) {
        let checks = part.commands.iter().flat_map(|c| &c.expects);
        let checks = checks.filter(|e| e.judged != super::Judged::ByEye).count();
        let weight = match part.kind.as_str() {
            "rollback" => Weight::Rollback,
            _ if checks > 0 => Weight::Check,
            "step" => Weight::Command,
            _ => Weight::Other,
        };
        let with = match (part.commands.len(), checks) {
            (0, _) => String::new(),
            (n, 0) => format!(", with {}", count(n, "command")),
            (n, checks) => format!(", with {} and {}", count(n, "command"), count(checks, "check")),
        };
        changes.push(weight, 0, format!("{} is gone{with}", label(part, true)));
        told.extend(part.commands.iter().map(|c| (false, c.id.as_str())));
    }
    let new = is.parts.iter().enumerate().filter(|(at, _)| !kept.contains(at)).map(|(_, part)| part);
    for part in new.filter(|p| named(p) && all_of(p, &commands.new)) {
        let weight =
            if ["step", "rollback"].contains(&part.kind.as_str()) { Weight::Command } else { Weight::Other };
        let with = match part.commands.len() {
            0 => String::new(),
            n => format!(", with {}", count(n, "command")),
        };
        changes.push(weight, part.line, format!("{} is new{with}", label(part, true)));
        // What destroys is told by itself.
        told.extend(part.commands.iter().filter(|c| !c.destroys()).map(|c| (true, c.id.as_str())));
    }
    told
}

/// A part that is still there.
fn same_part(was: &Part, is: &Part, changes: &mut Changes) {
    if was.title != is.title {
        let text = format!("{} is now called “{}”, it was “{}”", label(is, false), is.title, was.title);
        changes.push(Weight::Other, is.line, text);
    }
    let names: BTreeSet<&String> = was.marks.keys().chain(is.marks.keys()).collect();
    for name in names {
        let (old, new) = (was.marks.get(name), is.marks.get(name));
        if old == new {
            continue;
        }
        let text = match (name.as_str(), old, new) {
            ("optional", _, Some(_)) => "is now optional".to_owned(),
            ("optional", _, None) => "is no longer optional".to_owned(),
            ("every", _, Some(new)) => format!("now has a round every {new}"),
            ("every", _, None) => "no longer says how often to check it".to_owned(),
            ("for", _, Some(new)) => format!("now lasts {new}"),
            ("for", _, None) => "no longer says how long it lasts".to_owned(),
            (name, _, Some(new)) => format!("is now {name} {new}").trim_end().to_owned(),
            (name, _, None) => format!("is no longer {name}"),
        };
        let weight = if name == "optional" { Weight::Command } else { Weight::Other };
        changes.push(weight, is.line, format!("{} {text}", label(is, true)));
    }
}

/// Check items, by their words wherever they stand.
fn items(was: &Lock, is: &Lock, parts: &[Option<usize>], changes: &mut Changes) {
    let all = |lock: &'_ Lock| -> Vec<(usize, LockedItem)> {
        let parts = lock.parts.iter().enumerate();
        parts.flat_map(|(at, part)| part.items.iter().map(move |i| (at, i.clone()))).collect()
    };
    let mut new = all(is);
    let mut left = Vec::new();
    for (part, item) in all(was) {
        let here = parts.get(part).copied().flatten();
        let same = |(at, i): &(usize, LockedItem), anywhere: bool| {
            i.hash == item.hash && (anywhere || Some(*at) == here)
        };
        let found =
            new.iter().position(|i| same(i, false)).or_else(|| new.iter().position(|i| same(i, true)));
        match found {
            Some(at) => {
                let (_, is) = new.remove(at);
                same_item(&item, &is, changes);
            }
            None => left.push((here, item)),
        }
    }
    for (here, item) in left {
        let like = |(at, i): &(usize, LockedItem)| Some(*at) == here && likeness(&item.text, &i.text) >= 0.6;
        match new.iter().position(like) {
            Some(at) => {
                let (_, is) = new.remove(at);
                let text = format!("a check item changed: {} → {}", item.text, is.text);
                changes.push(Weight::Other, is.line, text);
                same_item(&item, &is, changes);
            }
            None => changes.push(Weight::Check, 0, format!("a check item is gone: {}", item.text)),
        }
    }
    for (_, item) in new {
        let what = match item.marks.get("runs") {
            Some(effect) => format!("a check item is new, with a command that {}", does(effect)),
            None => "a check item is new".to_owned(),
        };
        let destroys = item.marks.get("runs").is_some_and(|e| e == "destructive");
        let weight = if destroys { Weight::Destroys } else { Weight::Other };
        changes.push(weight, item.line, format!("{what}: {}", item.text));
    }
}

fn same_item(was: &LockedItem, is: &LockedItem, changes: &mut Changes) {
    let item = format!("the check item “{}”", is.text);
    match (was.marks.contains_key("optional"), is.marks.contains_key("optional")) {
        (false, true) => changes.push(Weight::Check, is.line, format!("{item} is now optional")),
        (true, false) => changes.push(Weight::Other, is.line, format!("{item} is no longer optional")),
        _ => {}
    }
    match (was.marks.get("runs"), is.marks.get("runs")) {
        (old, Some(new)) if old != Some(new) => {
            let weight = if new == "destructive" { Weight::Destroys } else { Weight::Other };
            changes.push(weight, is.line, format!("{item} now has a command that {}", does(new)));
        }
        (Some(_), None) => changes.push(Weight::Check, is.line, format!("{item} no longer has a command")),
        _ => {}
    }
}

/// What stands in fences and is no command.
fn others(was: &Lock, is: &Lock, parts: &[Option<usize>], changes: &mut Changes) {
    let kept: BTreeSet<usize> = parts.iter().filter_map(|p| *p).collect();
    let none = Part::default();
    let old = was.parts.iter().zip(parts);
    let old = old.map(|(part, found)| (part, found.and_then(|at| is.parts.get(at)).unwrap_or(&none)));
    let new = is.parts.iter().enumerate().filter(|(at, _)| !kept.contains(at)).map(|(_, part)| (&none, part));
    for (was, is) in old.chain(new) {
        let mut new: Vec<_> = is.others.iter().collect();
        let mut gone = Vec::new();
        for text in &was.others {
            match new.iter().position(|n| n.hash == text.hash && n.what == text.what) {
                Some(at) => drop(new.remove(at)),
                None => gone.push(text),
            }
        }
        for text in gone {
            match new.iter().position(|n| n.what == text.what) {
                Some(at) => {
                    let now = new.remove(at);
                    let words =
                        format!("what {} has as {} changed: {}", label(is, false), now.what, now.text);
                    changes.push(Weight::Other, now.line, words);
                }
                None => {
                    let words =
                        format!("{} no longer has this as {}: {}", label(was, false), text.what, text.text);
                    changes.push(Weight::Other, 0, words);
                }
            }
        }
        for text in new {
            let words = format!("{} has this as {} now: {}", label(is, false), text.what, text.text);
            changes.push(Weight::Other, text.line, words);
        }
    }
}

/// Values, environments, targets and triggers, by their names.
fn facts(was: &Lock, is: &Lock, changes: &mut Changes) {
    let mut new: Vec<&Fact> = is.facts.iter().collect();
    let mut gone: Vec<&Fact> = Vec::new();
    for old in &was.facts {
        match new.iter().position(|f| f.kind == old.kind && f.name == old.name) {
            Some(at) => {
                let now = new.remove(at);
                if now.says != old.says {
                    let said =
                        |says: &str| if says.is_empty() { "nothing".to_owned() } else { says.to_owned() };
                    let (kind, name) = (&old.kind, &old.name);
                    let text =
                        format!("the {kind} {name} changed: {} → {}", said(&old.says), said(&now.says));
                    changes.push(weight(kind, false), now.line, text);
                }
            }
            None => gone.push(old),
        }
    }
    let (triggers, gone): (Vec<&Fact>, Vec<&Fact>) = gone.into_iter().partition(|f| f.kind == "trigger");
    match triggers.as_slice() {
        [] => {}
        [one] => {
            let text = format!("a trigger of the rollback is gone: {}", one.name);
            changes.push(weight("trigger", true), 0, text);
        }
        [first, ..] => {
            let n = triggers.len();
            let text = format!("{n} triggers of the rollback are gone, the first of them: {}", first.name);
            changes.push(weight("trigger", true), 0, text);
        }
    }
    for fact in gone {
        let text = format!("the {} {} is gone", fact.kind, fact.name);
        changes.push(weight(&fact.kind, true), 0, text);
    }
    for fact in new {
        let text = match fact.kind.as_str() {
            "trigger" => format!("a trigger of the rollback is new: {}", fact.name),
            "environment" => format!("an environment is new: {}", fact.name),
            kind => format!("a {kind} is new: {}", fact.name),
        };
        changes.push(weight(&fact.kind, false), fact.line, text);
    }
}

/// How much it matters that such a fact changed, or is gone.
fn weight(kind: &str, gone: bool) -> Weight {
    match kind {
        "trigger" if gone => Weight::Rollback,
        "target" if gone => Weight::Check,
        "value" | "environment" => Weight::Value,
        _ => Weight::Other,
    }
}
