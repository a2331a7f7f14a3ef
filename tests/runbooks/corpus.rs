//! Other teams' runbooks, where they are beside this checkout: the shape of each plan as a snapshot, no line of a
//! shell's fence lost, and the table in docs/reading.md.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use gonogo::runbook::{self, Level, Runbook};
use gonogo::shell::Kind;

pub(super) fn documents() -> Vec<(String, String)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(entries) = std::fs::read_dir(&directory) else {
        eprintln!("SKIPPED: the corpus is not beside this checkout");
        return vec![];
    };
    let paths = entries.map(|e| e.unwrap().path());
    let mut found: Vec<(String, String)> = paths
        .filter(|p| p.extension().is_some_and(|e| e == "md") && p.file_stem().is_some_and(|s| s != "README"))
        .map(|p| {
            (p.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&p).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_document_of_the_corpus_reads_as_reviewed() {
    for (at, (_, text)) in documents().iter().enumerate() {
        let book = runbook::read(text);
        insta::assert_snapshot!(format!("corpus-{:02}", at + 1), super::shape(&book));
    }
}

/// A question too many is a fault as well.
#[test]
fn few_lines_of_the_corpus_are_in_doubt() {
    let doubts = |text: &str| {
        let book = runbook::read(text);
        let asked = book.all_commands().into_iter().filter(|c| c.doubt.is_some() && c.asked_with.is_none());
        asked.map(|c| format!("{}: {}", c.span.line, c.text)).collect::<Vec<_>>()
    };
    let mut counts = Vec::new();
    for (name, text) in documents() {
        let found = doubts(&text);
        println!("{name}: {found:#?}");
        counts.push(found.len());
    }
    counts.sort_unstable();
    assert!(counts.get(counts.len() / 2).is_none_or(|median| *median <= 2), "{counts:?}");
}

/// Lines of shell fences of the document that neither a command nor anything else of a block holds.
fn lost(book: &Runbook, document: &str) -> Vec<usize> {
    let mut held: BTreeSet<usize> = BTreeSet::new();
    for block in book.all_blocks() {
        for command in &block.commands {
            held.extend(command.span.line..=command.span.end_line);
        }
        for other in &block.other {
            held.extend(other.line..=other.end_line);
        }
    }
    for command in book.all_commands() {
        for expected in &command.expects {
            held.extend(expected.line..=expected.line + expected.text.matches('\n').count() + 1);
        }
    }
    if let Some(template) = &book.log_template {
        held.extend(template.line..=template.text_line + template.text.matches('\n').count());
    }
    let mut lost = Vec::new();
    let mut open = false;
    for (at, line) in document.lines().enumerate() {
        let text = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>' || c == '\u{200b}');
        if text.starts_with("```") {
            let tag = text.trim_start_matches('`').trim().to_lowercase();
            open = !tag.is_empty()
                && matches!(tag.split_whitespace().next(), Some("bash" | "sh" | "shell" | "zsh" | "console"));
            continue;
        }
        if open && !text.is_empty() && !text.starts_with('#') && !held.contains(&(at + 1)) {
            lost.push(at + 1);
        }
    }
    lost
}

#[test]
fn no_line_of_a_shell_fence_is_lost() {
    for (name, text) in documents() {
        let book = runbook::read(&text);
        let lost = lost(&book, &text);
        assert!(lost.is_empty(), "{name}: lines {lost:?}");
    }
}

/// The table of docs/reading.md.
fn table(documents: &[(String, String)]) -> String {
    let mut text = String::from(
        "| document | lines | commands | run | follow | keyboard | place | by hand | in steps | on the way back | outside | expectations | checked | in part | by eye | errors | warnings |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut sums = [0usize; 16];
    for (at, (_, document)) in documents.iter().enumerate() {
        let book = runbook::read(document);
        let commands = book.all_commands();
        let kind = |kind: Kind| commands.iter().filter(|c| c.kind == kind).count();
        let back: usize = book.rollback.steps.iter().map(|s| s.commands().len()).sum::<usize>()
            + book.rollback.verification.iter().map(|b| b.commands.len()).sum::<usize>();
        let expects: Vec<_> = commands.iter().flat_map(|c| &c.expects).collect();
        let level = |level: Level| book.findings.iter().filter(|f| f.level == level).count();
        let row = [
            document.lines().count(),
            commands.len(),
            kind(Kind::Run),
            kind(Kind::Follow),
            kind(Kind::Interactive),
            kind(Kind::Place),
            kind(Kind::Manual),
            book.step_commands().len(),
            back,
            book.unplaced.iter().map(|b| b.commands.len()).sum(),
            expects.len(),
            expects.iter().filter(|e| e.check.is_some() && e.left.is_none()).count(),
            expects.iter().filter(|e| e.check.is_some() && e.left.is_some()).count(),
            expects.iter().filter(|e| e.check.is_none()).count(),
            level(Level::Error),
            level(Level::Warning),
        ];
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        writeln!(text, "| {} | {} |", at + 1, cells.join(" | ")).unwrap();
    }
    let cells: Vec<String> = sums.iter().map(ToString::to_string).collect();
    writeln!(text, "| all | {} |", cells.join(" | ")).unwrap();
    text
}

/// Prints the table with `cargo test --test runbooks table -- --nocapture`; fails where the docs have another.
#[test]
fn the_table_of_the_docs_is_what_is_read() {
    let documents = documents();
    if documents.is_empty() {
        return;
    }
    let table = table(&documents);
    println!("{table}");
    let docs =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reading.md")).unwrap();
    assert!(docs.contains(table.trim()), "docs/reading.md has another table; this is it:\n{table}");
}
