//! A folder of documents that are not in this repository: how many questions each leads to, and what no rule claims.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gonogo::runbook::{self, Fate};
use gonogo::text::questions;

/// The Markdown files of a folder, sorted by name.
pub(super) fn documents(folder: &Path) -> Vec<(String, String)> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let markdown = paths.filter(|path| path.extension().is_some_and(|e| e == "md"));
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned())
    };
    let mut found: Vec<_> = markdown.map(named).collect();
    found.sort();
    found
}

/// Of a sorted list.
fn median(sorted: &[usize]) -> usize {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// `GONOGO_DOCUMENTS=FOLDER cargo test --test runbooks doubts_of_a_folder -- --ignored --nocapture` prints the table of
/// docs/reading.md, and before it a line a document.
#[test]
#[ignore = "needs a folder of documents"]
fn doubts_of_a_folder() {
    let folder = std::env::var_os("GONOGO_DOCUMENTS").map(PathBuf::from);
    let Some(folder) = folder else { panic!("GONOGO_DOCUMENTS names the folder") };
    let mut counts = Vec::new();
    let (mut lines, mut commands, mut unclaimed) = (0, 0, 0);
    for (name, text) in documents(&folder) {
        let book = runbook::read(&text);
        super::accounted::is_whole(&text, &book);
        let open: Vec<_> = book.reading.iter().filter(|p| p.fate == Fate::Unclaimed).collect();
        let open: usize = open.iter().map(|p| p.end_line + 1 - p.line).sum();
        println!("{:>3} doubts {open:>4} lines unclaimed  {name}", questions(&book));
        counts.push(questions(&book));
        lines += text.lines().count();
        commands += book.all_commands().len();
        unclaimed += open;
    }
    counts.sort_unstable();
    let mut table = String::from("| doubts in a document | documents |\n|--:|--:|\n");
    let most = counts.last().copied().unwrap_or_default();
    for doubts in 0..=most {
        let documents = counts.iter().filter(|count| **count == doubts).count();
        if documents > 0 {
            writeln!(table, "| {doubts} | {documents} |").unwrap();
        }
    }
    println!("\n{table}");
    println!("{} documents, {lines} lines, each with a fate, {commands} commands", counts.len());
    println!("doubts a document: median {}, most {most}; lines unclaimed: {unclaimed}", median(&counts));
    assert!(median(&counts) <= 2, "a question too many is a fault as well");
}

/// The words of headings at the end of docs/reading.md are those of the tables.
#[test]
fn the_words_of_the_docs_are_those_that_count() {
    let list = runbook::headings().into_iter().fold(String::new(), |mut list, (role, words)| {
        writeln!(list, "- **{role}**: {words}").unwrap();
        list
    });
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reading.md");
    let docs = std::fs::read_to_string(page).unwrap();
    assert!(docs.ends_with(&list), "docs/reading.md ends with other words; these count:\n{list}");
}
