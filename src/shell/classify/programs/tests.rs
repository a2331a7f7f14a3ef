//! What lines of many kinds do, and the table of docs/reading.md.

use std::fmt::Write as _;

use super::super::{Classified, Effect, Kind, classify};
use super::form::listed;
use super::row::Program;
use super::table;

/// Lines that lose data or stop what serves.
const DESTROY: &str = include_str!("tests/destroy.txt");
/// Near misses: they change something and lose nothing.
const CHANGE: &str = include_str!("tests/change.txt");
/// Lines that change nothing, also where they name what would.
const READ: &str = include_str!("tests/read.txt");
/// Consoles and questions.
const ASK: &str = include_str!("tests/ask.txt");
/// The same programs with something to do.
const ASK_NOTHING: &str = include_str!("tests/ask_nothing.txt");

/// The lines of a list, `\\n` in them being a line's end.
fn of_list(list: &str) -> impl Iterator<Item = String> {
    list.lines().filter(|line| !line.is_empty()).map(|line| line.replace("\\n", "\n"))
}

fn wrong(list: &str, right: impl Fn(&Classified) -> bool) -> Vec<String> {
    let told = |line: String| {
        let found = classify(&line);
        (!right(&found)).then(|| format!("{:?} {:?}: {line}", found.effect, found.kind))
    };
    of_list(list).filter_map(told).collect()
}

#[track_caller]
fn all(list: &str, effect: Effect) {
    let wrong = wrong(list, |found| found.effect == effect);
    assert!(wrong.is_empty(), "not {effect:?}: {wrong:#?}");
}

#[test]
fn what_loses_data_or_stops_what_serves_destroys() {
    all(DESTROY, Effect::Destructive);
}

#[test]
fn what_is_like_it_only_changes() {
    all(CHANGE, Effect::Changes);
}

#[test]
fn what_only_looks_or_names_it_reads() {
    all(READ, Effect::Reads);
}

#[test]
fn consoles_take_the_keyboard_and_what_they_are_told_to_do_does_not() {
    let not_asking = wrong(ASK, |found| found.kind == Kind::Interactive);
    assert!(not_asking.is_empty(), "{not_asking:#?}");
    let asking = wrong(ASK_NOTHING, |found| found.kind == Kind::Run);
    assert!(asking.is_empty(), "{asking:#?}");
}

#[test]
fn a_program_has_one_row() {
    let mut names: Vec<&str> = table::GROUPS
        .iter()
        .flat_map(|(_, rows)| rows.iter())
        .flat_map(|row| row.names.split_whitespace())
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

/// A form as the page shows it: `kill` but not `-s`.
fn shown(form: &str) -> String {
    let words = |absent: bool| {
        let tokens = form.split_whitespace().filter(move |t| t.starts_with('!') == absent && *t != "$");
        tokens.map(|t| t.trim_start_matches('!').replace("..", "…")).collect::<Vec<_>>()
    };
    let there = words(false).join(" ");
    let there = if there.is_empty() || there == "*" { "any use".to_owned() } else { format!("`{there}`") };
    let absent = words(true).join(" ");
    if absent.is_empty() { there } else { format!("{there} but not `{absent}`") }
}

fn row(program: &Program) -> Option<String> {
    let mut parts: Vec<String> = listed(program.destroys).map(shown).collect();
    parts.dedup();
    parts.extend(program.rule.map(|(_, says)| says.to_owned()).filter(|says| !says.is_empty()));
    if parts.is_empty() {
        return None;
    }
    let names: Vec<String> = program.names.split_whitespace().map(|name| format!("`{name}`")).collect();
    Some(format!("| {} | {} |\n", names.join(" "), parts.join(", ").replace('|', "\\|")))
}

/// Prints the table of docs/reading.md, and fails where the page has another one.
#[test]
fn what_destroys_is_told_by_the_page() {
    let mut text = String::from("| program | what of it destroys |\n|---|---|\n");
    for (heading, rows) in table::GROUPS {
        writeln!(text, "| **{heading}** | |").unwrap();
        rows.iter().filter_map(row).for_each(|line| text.push_str(&line));
    }
    println!("{text}");
    let page = include_str!("../../../../docs/reading.md");
    assert!(page.contains(&text), "docs/reading.md has another table: put the printed one there");
}
