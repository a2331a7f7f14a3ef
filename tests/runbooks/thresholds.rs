//! Bounds on metrics in documents of others: how many are read in which form, and each of them to be read by a person.

use std::fmt::Write as _;
use std::path::PathBuf;

use gonogo::runbook::measures::Measure;
use gonogo::runbook::{self, Runbook, Said, Target};

use super::{corpus, strangers};

/// One document's count of each form, and of those that name what is measured by itself.
fn row(book: &Runbook) -> [usize; 7] {
    let of = |said: Said| book.targets.iter().filter(|target| target.said == said).count();
    let known = book.targets.iter().filter(|target| Measure::of_metric(&target.metric).is_some()).count();
    let lasting = book.targets.iter().filter(|target| target.for_s.is_some()).count();
    [
        of(Said::Table),
        of(Said::Criterion),
        of(Said::Trigger),
        of(Said::Monitoring),
        of(Said::Line),
        known,
        lasting,
    ]
}

/// The table of docs/reading.md.
fn table(documents: &[(String, String)]) -> String {
    let mut text = String::from(
        "| document | table rows | criteria | triggers | monitoring | other lines | of a known measure | with a time |\n|---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut sums = [0; 7];
    for (at, (_, document)) in documents.iter().enumerate() {
        let row = row(&runbook::read(document));
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
        if row.iter().any(|value| *value > 0) {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            writeln!(text, "| {} | {} |", at + 1, cells.join(" | ")).unwrap();
        }
    }
    let cells: Vec<String> = sums.iter().map(ToString::to_string).collect();
    writeln!(text, "| all {} | {} |", documents.len(), cells.join(" | ")).unwrap();
    text
}

/// Prints the table with `cargo test --test runbooks bounds_of_the_docs -- --nocapture`; fails where the docs have another.
#[test]
fn the_bounds_of_the_docs_are_what_is_read() {
    let documents = corpus::documents();
    if documents.is_empty() {
        return;
    }
    let table = table(&documents);
    println!("{table}");
    let docs =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reading.md")).unwrap();
    assert!(docs.contains(table.trim()), "docs/reading.md has another table; this is it:\n{table}");
}

fn shown(target: &Target) -> String {
    let bound = |name: &str, bound: &Option<runbook::Threshold>| {
        bound.as_ref().map(|t| format!("{name} {}{}{}", t.op, t.value, t.unit))
    };
    let bounds = [
        bound("target", &target.target),
        bound("acceptable", &target.acceptable),
        bound("alert", &target.alert),
        target.for_s.map(|s| format!("for {s} s")),
        target.query.as_ref().map(|q| format!("query {q}")),
    ];
    bounds.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `GONOGO_DOCUMENTS=FOLDER cargo test --test runbooks bounds_of_a_folder -- --ignored --nocapture` prints each bound below
/// the line that it was read from, to be read by a person, and the sums of docs/reading.md.
#[test]
#[ignore = "needs a folder of documents"]
fn bounds_of_a_folder() {
    let folder = std::env::var_os("GONOGO_DOCUMENTS").map(PathBuf::from);
    let Some(folder) = folder else { panic!("GONOGO_DOCUMENTS names the folder") };
    let documents = strangers::documents(&folder);
    let mut with = 0;
    for (name, text) in &documents {
        let book = runbook::read(text);
        super::accounted::is_whole(text, &book);
        with += usize::from(!book.targets.is_empty());
        for target in &book.targets {
            let line = text.lines().nth(target.line.saturating_sub(1)).unwrap_or("").trim();
            println!("{name}:{}: {line}", target.line);
            println!("    {:?} [{}] {}", target.said, target.metric, shown(target));
        }
    }
    let sums = table(&documents);
    println!("\n{with} of {} documents have bounds\n{}", documents.len(), sums.lines().last().unwrap_or(""));
}
