//! Finds the values a run needs: placeholders, variables set nowhere, version literals.

use std::collections::BTreeSet;
use std::ops::Range;

pub use super::holes::{ELLIPSIS, Hole, holes, holes_and_doubts, mask};
use super::holes::{explicit, in_other_language};
use super::model::{Command, CommandId, Parameter, ParameterKind, Plan, Use};
pub use super::presets::defaults;
use super::presets::{only_sets, presets};
pub use super::secret::is_secret_name;
use super::secret::stands_for_secret;
pub use super::variables::needed::needed;
pub use super::variables::{assigned_names, is_given, variables};
use crate::shell::{self, Kind};

/// Finds all parameters of a runbook.
pub fn parameters(plan: &Plan, document: &str) -> Vec<Parameter> {
    let mut found: Vec<Parameter> = Vec::new();
    let items = plan.checklists.iter().flat_map(|c| &c.items).filter_map(|i| i.runs.as_deref());
    let outside: BTreeSet<&CommandId> =
        plan.unplaced.iter().flat_map(|b| &b.commands).map(|c| &c.id).collect();
    let placed =
        plan.all_blocks().into_iter().flat_map(|b| b.commands.iter().map(|c| (c, b.language.as_str())));
    for (command, language) in placed.chain(items.map(|c| (c, ""))) {
        // No run comes to it. What it would set is asked for under the name of the variable.
        if outside.contains(&command.id) {
            continue;
        }
        for hole in asked_in(command, language) {
            if hole.name != ELLIPSIS {
                let secret = stands_for_secret(&command.text, hole.at.start);
                add(&mut found, &hole.name, ParameterKind::Placeholder, use_in(command, hole.at));
                if let Some(known) = found.iter_mut().find(|p| p.name == hole.name) {
                    known.secret |= secret;
                }
            }
        }
    }
    let commands: Vec<&Command> =
        plan.all_commands().into_iter().filter(|c| !outside.contains(&c.id)).collect();
    found.extend(of_variables(&commands));
    set_outside(plan, &mut found);
    found.extend(versions(plan, document));
    found.extend(told(plan, document));
    found.sort_by_key(|p| p.uses.first().map_or(0, |u| u.line));
    found
}

/// The variables that commands use and none of them sets.
fn of_variables(commands: &[&Command]) -> Vec<Parameter> {
    let mut found: Vec<Parameter> = Vec::new();
    let mut set: BTreeSet<String> = BTreeSet::new();
    for command in commands {
        if matches!(command.kind, Kind::Manual) {
            continue;
        }
        if sources_a_file(&command.text) {
            // It may set anything.
            set.extend(assigned_names(&command.text));
            continue;
        }
        let assigned = assigned_names(&command.text);
        for (name, at) in variables(&command.text) {
            if !set.contains(&name) && !assigned.contains(&name) && !is_given(&name) {
                add(&mut found, &name, ParameterKind::Variable, use_in(command, at));
            }
        }
        set.extend(assigned);
    }
    // What a later part of the document sets (a rollback listed before the steps) is not the operator's.
    found.retain(|p| !set.contains(&p.name));
    found
}

/// Variables that only a line outside of the run sets have its value, with those that the value is made of.
fn set_outside(plan: &Plan, found: &mut Vec<Parameter>) {
    let presets = presets(plan);
    let mut at = 0;
    while let Some(parameter) = found.get_mut(at) {
        at += 1;
        let preset = presets.get(&parameter.name).filter(|_| parameter.kind == ParameterKind::Variable);
        let Some(preset) = preset else { continue };
        parameter.from = Some(preset.line);
        if parameter.secret {
            continue;
        }
        parameter.default.clone_from(&preset.value);
        parameter.expands = !preset.uses.is_empty();
        for (name, place) in preset.uses.iter().filter(|(name, _)| !is_given(name)) {
            add(found, name, ParameterKind::Variable, place.clone());
        }
    }
}

/// What somebody has to replace in a command of a block in this language. What a person does by hand is told in words,
/// or is a text of another language to enter.
fn asked_in(command: &Command, language: &str) -> Vec<Hole> {
    const WORDS: &[&str] = &[
        "prose",
        "table",
        "bash",
        "sh",
        "shell",
        "zsh",
        "console",
        "terminal",
        "text",
        "txt",
        "plaintext",
        "md",
    ];
    match command.kind {
        Kind::Manual if WORDS.contains(&language) => explicit(&command.text),
        Kind::Manual => in_other_language(&command.text, language),
        _ => holes(&command.text),
    }
}

fn use_in(command: &Command, at: Range<usize>) -> Use {
    let line = command.span.line + command.text[..at.start].matches('\n').count();
    Use { line, command: Some(command.id.clone()), at: Some((at.start, at.end)) }
}

fn add(found: &mut Vec<Parameter>, name: &str, kind: ParameterKind, place: Use) {
    match found.iter_mut().find(|p| p.name == name && p.kind == kind) {
        Some(known) => known.uses.push(place),
        None => found.push(Parameter {
            name: name.to_owned(),
            kind,
            default: None,
            from: None,
            expands: false,
            secret: is_secret_name(name),
            uses: vec![place],
        }),
    }
}

/// Whether a command takes variables over from a file.
fn sources_a_file(text: &str) -> bool {
    if !text.contains("source ") && !text.contains(". ") {
        return false;
    }
    let simples = shell::parse(&mask(text, &holes(text))).map(|p| p.simples).unwrap_or_default();
    simples.iter().any(|s| matches!(s.program(), "source" | "."))
}

/// Variables that a command sets to a value of which the document says that it is to be replaced: "Replace
/// `<environment>` in the commands below" and `environment=production`.
fn told(plan: &Plan, document: &str) -> Vec<Parameter> {
    #[rustfmt::skip] // beginnings of words, many to a line
    const REPLACE: &[&str] = &[
        "replace", "substitute", "ersetz", "remplac", "reemplaz", "sustitu", "substitu", "sostitu", "zamie", "замен",
        "замін", "değiştir", "ganti", "thay", "vervang", "替换", "替換", "置き換え", "바꾸",
    ];
    let lines = document.lines().filter(|line| line.contains('<')).map(str::to_lowercase);
    let lines: Vec<String> = lines.filter(|line| REPLACE.iter().any(|word| line.contains(word))).collect();
    let mut found: Vec<Parameter> = Vec::new();
    if lines.is_empty() {
        return found;
    }
    for command in plan.step_commands().into_iter().filter(|c| only_sets(c)) {
        for name in assigned_names(&command.text) {
            let asked = format!("<{}>", name.to_lowercase());
            let place = command.text.find(&format!("{name}=")).map(|at| at + name.len() + 1);
            let Some(at) = place.filter(|_| lines.iter().any(|line| line.contains(&asked))) else { continue };
            let rest = command.text.get(at..).unwrap_or("");
            let start = at + usize::from(rest.starts_with(['"', '\'']));
            let may_stand = |c: char| c.is_alphanumeric() || "_.-/:@".contains(c);
            let value = command.text.get(start..).and_then(|rest| rest.split(|c| !may_stand(c)).next());
            let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
            add(&mut found, &name, ParameterKind::Literal, use_in(command, start..start + value.len()));
            if let Some(known) = found.iter_mut().find(|p| p.name == name) {
                known.default.get_or_insert_with(|| value.to_owned());
            }
        }
    }
    found
}

/// The release and the previous version, where they stand as literals.
fn versions(plan: &Plan, document: &str) -> Vec<Parameter> {
    let steps = plan.step_commands();
    let release = steps
        .iter()
        .filter(|c| names_release(&c.text))
        .find_map(|c| version_literals(&c.text).into_iter().next());
    let back: Vec<&Command> = plan.rollback.steps.iter().flat_map(super::model::Step::commands).collect();
    let previous = back
        .iter()
        .filter(|c| names_release(&c.text))
        .find_map(|c| version_literals(&c.text).into_iter().next());
    let released = release.as_ref().map(|(version, _)| version.clone());
    let mut found = Vec::new();
    if let Some((version, _)) = release {
        let mut uses = literal_uses(&steps, &version);
        if let Some(template) = &plan.log_template {
            uses.extend(template.items.iter().filter(|i| i.text.contains(&version)).map(|i| Use {
                line: i.line,
                command: None,
                at: None,
            }));
        }
        found.push(Parameter {
            name: "version".into(),
            kind: ParameterKind::Literal,
            default: Some(version),
            from: None,
            expands: false,
            secret: false,
            uses,
        });
    }
    if let Some((version, _)) = previous {
        let uses = literal_uses(&back, &version);
        // `hotfix/v1.4.1` behind v1.4.0: what the way back goes on to is none from before.
        let later = released.is_some_and(|released| numbers(&version) >= numbers(&released));
        let name = if later { "rollback version" } else { "previous version" };
        if !uses.is_empty() {
            found.push(Parameter {
                name: name.into(),
                kind: ParameterKind::Literal,
                default: Some(version),
                from: None,
                expands: false,
                secret: false,
                uses,
            });
        }
    }
    debug_assert!(found.iter().all(|p| p.default.as_ref().is_some_and(|d| document.contains(d.as_str()))));
    found
}

/// The numbers of a version, to tell which of two is the later one.
fn numbers(version: &str) -> Vec<u64> {
    let digits = version.trim_start_matches('v');
    digits
        .split('.')
        .map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0))
        .collect()
}

fn names_release(text: &str) -> bool {
    ["git checkout", "git switch", "docker tag", "git tag", "helm upgrade", "set image", "docker pull"]
        .iter()
        .any(|w| text.contains(w))
}

fn literal_uses(commands: &[&Command], version: &str) -> Vec<Use> {
    let mut uses = Vec::new();
    for command in commands {
        let holes = holes(&command.text);
        for (literal, at) in version_literals(&command.text) {
            // A version in a hole is the hole's.
            let in_hole = holes.iter().any(|h| h.at.start < at.end && at.start < h.at.end);
            if literal == version && !in_hole {
                uses.push(use_in(command, at));
            }
        }
    }
    uses
}

/// Version numbers with three parts, `v1.2.0` or `1.2.0`, standing alone.
fn version_literals(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '_')) {
        let core = word.trim_end_matches(['.', '-']);
        let digits = core.strip_prefix('v').unwrap_or(core);
        let parts: Vec<&str> = digits.splitn(3, '.').collect();
        let numeric = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit());
        if parts.len() == 3
            && numeric(parts[0])
            && numeric(parts[1])
            && parts[2].starts_with(|c: char| c.is_ascii_digit())
            && !parts[2].contains('.')
        {
            found.push((core.to_owned(), at..at + core.len()));
        }
        at += word.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    found
}
