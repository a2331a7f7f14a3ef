//! Which tabs are of one group.

use std::collections::{HashMap, HashSet};

use super::scan::Found;
use super::{Container, Kind};

/// The containers of what was found, by their first bytes, with the names that tabs have in their groups. A group of
/// one tab is no choice.
pub(super) fn grouped(text: &str, found: Vec<Found>) -> Vec<Container> {
    let places: HashMap<usize, usize> = found.iter().enumerate().map(|(at, f)| (f.id, at)).collect();
    let around = |f: &Found| f.parent.and_then(|id| places.get(&id)).and_then(|at| found.get(*at));
    let mut containers: Vec<Container> = Vec::new();
    let mut groups: HashMap<usize, HashSet<String>> = HashMap::new();
    let mut before: Vec<(&Found, usize)> = Vec::new();
    for f in &found {
        let around = around(f).filter(|g| matches!(g.opening.kind, Kind::Group | Kind::CodeGroup));
        let is_tab = f.opening.kind == Kind::Tab;
        if matches!(f.opening.kind, Kind::Group | Kind::CodeGroup)
            // A fence behind the end of a group that was never closed.
            || is_tab && around.is_some_and(|group| f.marker.start >= group.end)
        {
            continue;
        }
        let mut container = Container {
            start: f.marker.start,
            end: f.end,
            title: f.opening.title.clone(),
            warns: f.opening.warns.clone(),
            group: None,
        };
        if is_tab {
            let same = |(tab, _): &&(&Found, usize)| {
                tab.parent == f.parent && tab.opening.family == f.opening.family
            };
            let follows = |(tab, _): &&(&Found, usize)| {
                !f.opening.fresh
                    && text.get(tab.behind..f.marker.start).is_some_and(|between| between.trim().is_empty())
            };
            let joined = before.iter().rev().find(same).filter(follows).map(|(_, group)| *group);
            let group = around.map(|g| g.marker.start).or(joined).unwrap_or(f.marker.start);
            before.push((f, group));
            let names = groups.entry(group).or_default();
            let name = name(f, around, names.len() + 1, names);
            names.insert(name.clone());
            container.title = Some(name);
            container.group = Some(group);
        }
        containers.push(container);
    }
    ungroup_single(&mut containers);
    containers
}

/// What the tab of a number is called: as its group has it, by its title, or by its number; never as another one
/// before it.
fn name(tab: &Found, group: Option<&Found>, number: usize, taken: &HashSet<String>) -> String {
    let items = group.map_or(&[][..], |g| &g.opening.items);
    let title = tab.opening.title.as_ref();
    let listed = match title {
        Some(title) => items.iter().find(|(value, _)| value == title),
        None => items.get(number - 1),
    };
    let name = listed.map(|(_, label)| label).or(title).cloned();
    let name = name.unwrap_or_else(|| format!("Tab {number}"));
    if taken.contains(&name) { format!("{name} ({number})") } else { name }
}

/// Makes one choice of two where a tab holds no fence but those of another group: "Linux, apt", "Linux, yum",
/// "Windows". `fences` are the first bytes of the document's.
pub(super) fn joined(containers: &mut [Container], fences: &[usize]) {
    let named = |c: &Container| c.group.map(|group| (group, c.title.clone().unwrap_or_default()));
    let mut choices: Vec<Option<(usize, String)>> = containers.iter().map(named).collect();
    let mut alone: HashMap<(usize, usize), bool> = HashMap::new();
    for (at, inner) in containers.iter().enumerate() {
        let Some((group, title)) = named(inner) else { continue };
        let around = |c: &Container| {
            c.start < inner.start && inner.end <= c.end && c.group.is_some_and(|outer| outer != group)
        };
        let Some(outer) = containers[..at].iter().rposition(around) else { continue };
        let is_alone = || {
            let held = containers[outer].start..containers[outer].end;
            let of_group: Vec<&Container> = containers.iter().filter(|c| c.group == Some(group)).collect();
            let in_group = |fence: &usize| of_group.iter().any(|c| (c.start..c.end).contains(fence));
            fences.iter().filter(|fence| held.contains(*fence)).all(in_group)
        };
        if *alone.entry((outer, group)).or_insert_with(is_alone) {
            choices[at] = choices[outer].as_ref().map(|(group, name)| (*group, format!("{name}, {title}")));
        }
    }
    for (container, choice) in containers.iter_mut().zip(choices) {
        if let Some((group, name)) = choice {
            container.group = Some(group);
            container.title = Some(name);
        }
    }
}

/// Leaves groups that only one tab is left of.
pub(super) fn ungroup_single(containers: &mut [Container]) {
    let mut members: HashMap<usize, usize> = HashMap::new();
    for group in containers.iter().filter_map(|c| c.group) {
        *members.entry(group).or_default() += 1;
    }
    for container in containers {
        container.group = container.group.filter(|group| members.get(group).is_some_and(|count| *count > 1));
    }
}
