//! Commands that came, went or are others, and what is expected of them.

use std::collections::BTreeSet;

use super::super::pairs::{At, Pair, Pairs};
use super::super::{Judged, LockedCommand, LockedExpectation};
use super::words::{count, does, label, now_run};
use super::{Changes, Weight};

/// Tells of all commands but those that were told of with their part: of whether they are new, and their id.
pub(super) fn changes(pairs: &Pairs<'_>, told: &BTreeSet<(bool, &str)>, changes: &mut Changes) {
    for gone in pairs.gone.iter().filter(|at| !told.contains(&(false, at.command.id.as_str()))) {
        went(gone, changes);
    }
    for new in pairs.new.iter().filter(|at| !told.contains(&(true, at.command.id.as_str()))) {
        came(new, changes);
    }
    for pair in &pairs.both {
        placed(pair, pairs, changes);
        ran(pair, changes);
        marked(pair, changes);
        expected(pair, changes);
    }
    renumbered(pairs, changes);
}

fn takes_back(at: &At<'_>) -> bool {
    ["rollback", "verification"].contains(&at.part.kind.as_str())
}

fn went(at: &At<'_>, changes: &mut Changes) {
    let LockedCommand { id, text, expects, .. } = at.command;
    let checks = expects.iter().filter(|e| e.judged != Judged::ByEye).count();
    let with = if checks > 0 { format!(", with {}", count(checks, "check")) } else { String::new() };
    let (weight, words) = if takes_back(at) {
        (Weight::Rollback, format!("the rollback lost command {id}{with}: {text}"))
    } else {
        let weight = if checks > 0 { Weight::Check } else { Weight::Command };
        (weight, format!("command {id} is gone{with}: {text}"))
    };
    changes.push(weight, 0, words);
}

fn came(at: &At<'_>, changes: &mut Changes) {
    let command = at.command;
    let adjectives: String = [
        (command.destroys(), "destructive "),
        (command.marks.contains_key("commented"), "commented-out "),
        (command.marks.contains_key("optional"), "optional "),
        (command.marks.contains_key("alternative") || command.marks.contains_key("way"), "alternative "),
    ]
    .iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, word)| *word)
    .collect();
    let article = if adjectives.starts_with(['o', 'a']) { "an" } else { "a" };
    let (weight, what) = match command.kind.as_str() {
        "manual" => (Weight::Command, "something to do by hand".to_owned()),
        _ if command.destroys() => (Weight::Destroys, format!("{article} {adjectives}command")),
        _ => (Weight::Command, format!("{article} {adjectives}command")),
    };
    let words = if at.part.kind == "outside" {
        format!("{what} that no section claims is new: {}", command.text)
    } else {
        format!("{} gained {what}: {}", label(at.part, false), command.text)
    };
    changes.push(weight, command.line, words);
}

/// Where it stands.
fn placed(pair: &Pair<'_>, pairs: &Pairs<'_>, changes: &mut Changes) {
    let (was, is) = (&pair.was, &pair.is);
    let LockedCommand { id, text, line, .. } = is.command;
    if was.part.kind != is.part.kind {
        let weight = if takes_back(was) || takes_back(is) { Weight::Rollback } else { Weight::Command };
        let words = format!(
            "{} moved from {} to {}, as {id}: {text}",
            was.command.id,
            label(was.part, false),
            label(is.part, false)
        );
        changes.push(weight, *line, words);
    } else if pair.moved {
        let before = pairs.both.iter().map(|p| p.is).chain(pairs.new.iter().copied());
        let before =
            before.filter(|at| at.part.kind == is.part.kind && at.index < is.index).max_by_key(|at| at.index);
        let words = match before {
            Some(before) => format!("{id} moved behind {}: {text}", before.command.id),
            None => format!("{id} moved to the front: {text}"),
        };
        changes.push(if is.command.destroys() { Weight::Destroys } else { Weight::Command }, *line, words);
    }
}

/// What runs, how, and what it does.
fn ran(pair: &Pair<'_>, changes: &mut Changes) {
    let (was, is) = (pair.was.command, pair.is.command);
    let LockedCommand { id, text, line, .. } = is;
    let text_differs = match (was.hash == is.hash, was.text == is.text) {
        (true, _) => None,
        (false, true) if text.ends_with('…') => Some(format!("changed behind its first line: {text}")),
        (false, true) => Some(format!("changed in its blanks: {text}")),
        (false, false) => Some(format!("changed: {} → {text}", was.text)),
    };
    let destroys = match (was.destroys(), is.destroys()) {
        (false, true) => Some("now destroys"),
        (true, false) => Some("no longer counts as destructive"),
        _ => None,
    };
    match (text_differs, destroys) {
        (Some(how), Some(destroys)) => {
            changes.push(Weight::Destroys, *line, format!("{id} {destroys}; it {how}"));
        }
        (None, Some(destroys)) => changes.push(Weight::Destroys, *line, format!("{id} {destroys}: {text}")),
        (Some(how), None) => {
            let weight = if is.destroys() { Weight::Destroys } else { Weight::Command };
            changes.push(weight, *line, format!("{id} {how}"));
        }
        (None, None) => {}
    }
    if was.kind != is.kind {
        changes.push(Weight::Command, *line, format!("{id} {}: {text}", now_run(&is.kind)));
    } else if destroys.is_none() && was.effect != is.effect {
        changes.push(Weight::Command, *line, format!("{id} now {}: {text}", does(&is.effect)));
    }
}

/// What stands before it, and what else is said about it.
fn marked(pair: &Pair<'_>, changes: &mut Changes) {
    let (was, is) = (pair.was.command, pair.is.command);
    let names: BTreeSet<&String> = was.marks.keys().chain(is.marks.keys()).collect();
    for name in names {
        let (old, new) = (was.marks.get(name), is.marks.get(name));
        if old == new {
            continue;
        }
        let what = match (name.as_str(), old, new) {
            ("optional", _, Some(_)) => "is now optional".to_owned(),
            ("alternative", _, Some(_)) => "is now one of several alternatives".to_owned(),
            ("alternative", _, None) => "is no longer one of several alternatives".to_owned(),
            ("commented", _, Some(_)) => "is now commented out".to_owned(),
            ("commented", _, None) => "is no longer commented out".to_owned(),
            ("sensitive", _, Some(_)) => "is now taken to show credentials".to_owned(),
            ("sensitive", _, None) => "is no longer taken to show credentials".to_owned(),
            ("unparsable", _, Some(_)) => "can no longer be parsed by bash".to_owned(),
            ("unparsable", _, None) => "can now be parsed by bash".to_owned(),
            ("if", _, Some(new)) => format!("now runs only if “{new}”"),
            ("if", Some(old), None) => format!("no longer runs only if “{old}”"),
            ("doubt", _, Some(new)) => format!("is now in doubt ({new})"),
            ("doubt", Some(old), None) => format!("is no longer in doubt ({old})"),
            ("way", _, Some(new)) => format!("now belongs to the alternative “{new}”"),
            ("way", Some(old), None) => format!("no longer belongs to the alternative “{old}”"),
            ("wait", _, Some(new)) => format!("now waits {new} before it runs"),
            ("wait", Some(old), None) => format!("no longer waits {old} before it runs"),
            ("needs", _, Some(new)) => format!("now needs {new}"),
            ("needs", Some(old), None) => format!("no longer needs {old}"),
            (name, _, Some(new)) => format!("is now {name} {new}").trim_end().to_owned(),
            (name, _, None) => format!("is no longer {name}"),
        };
        let lost = new.is_none() && !["sensitive", "unparsable"].contains(&name.as_str());
        let weight = if lost && is.destroys() { Weight::Destroys } else { Weight::Command };
        changes.push(weight, is.line, format!("{} {what}: {}", is.id, is.text));
    }
}

/// What is to be seen of it.
fn expected(pair: &Pair<'_>, changes: &mut Changes) {
    let id = &pair.is.command.id;
    let mut new: Vec<&LockedExpectation> = pair.is.command.expects.iter().collect();
    let mut left = Vec::new();
    for old in &pair.was.command.expects {
        match new.iter().position(|n| n.hash == old.hash) {
            Some(at) => judged(id, old, new.remove(at), changes),
            None => left.push(old),
        }
    }
    let mut new = new.into_iter();
    for old in left {
        match new.next() {
            Some(now) if now.judged < old.judged => judged(id, old, now, changes),
            Some(now) => {
                let words = format!("an expectation of {id} changed: {} → {}", told(old), told(now));
                changes.push(Weight::Check, now.line, words);
            }
            None => {
                let weight = if old.judged == Judged::ByEye { Weight::Other } else { Weight::Check };
                changes.push(weight, 0, format!("an expectation of {id} is gone: {}", told(old)));
            }
        }
    }
    for now in new {
        changes.push(Weight::Other, now.line, format!("an expectation of {id} is new: {}", told(now)));
    }
}

fn told(expectation: &LockedExpectation) -> String {
    match expectation.judged {
        Judged::ByEye => format!("manually, {}", expectation.says),
        Judged::Partly => format!("in part, {}", expectation.says),
        Judged::Checked => expectation.says.clone(),
    }
}

/// The same expectation, or what took its place and is checked less.
fn judged(id: &str, was: &LockedExpectation, is: &LockedExpectation, changes: &mut Changes) {
    let (weight, words) = match (was.judged, is.judged) {
        (old, new) if new < old && new == Judged::ByEye => {
            (Weight::Check, format!("an expectation of {id} is no longer checked: {}", was.says))
        }
        (old, new) if new < old => {
            (Weight::Check, format!("an expectation of {id} is only checked in part now: {}", is.says))
        }
        (old, new) if new > old => {
            (Weight::Other, format!("an expectation of {id} is now checked: {}", is.says))
        }
        _ if was.says != is.says => (
            Weight::Check,
            format!("an expectation of {id} is checked in another way: {} → {}", was.says, is.says),
        ),
        _ => return,
    };
    changes.push(weight, is.line, words);
}

/// Numbers by themselves, in one line.
fn renumbered(pairs: &Pairs<'_>, changes: &mut Changes) {
    let still = |p: &&Pair<'_>| !p.moved && p.was.command.id != p.is.command.id;
    let all: Vec<&Pair<'_>> = pairs.both.iter().filter(still).collect();
    let Some(first) = all.first() else { return };
    let more = match all.len() - 1 {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    let words = format!("renumbered: {} is now {}{more}", first.was.command.id, first.is.command.id);
    changes.push(Weight::Number, 0, words);
}
