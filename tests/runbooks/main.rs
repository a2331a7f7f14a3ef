//! Whole documents with the shape of their plan as snapshots.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test that can't go on says so")]

mod abroad;
mod accounted;
mod containers;
mod corpus;
mod either;
mod expectations;
mod fences;
mod fuzzed;
mod inside;
mod judged;
mod kinds;
mod labelled;
mod linear;
mod never;
mod occasions;
mod picked;
mod places;
mod procedures;
mod prose;
mod shapes;
mod strangers;
mod support;
mod thresholds;
mod unled;
mod untold;

use std::fmt::Write as _;
use std::path::PathBuf;

use gonogo::runbook::{self, Block, Runbook, Step};
use gonogo::shell::Kind::{Manual, Run};

fn shared(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("SKIPPED: {name} is not beside this checkout");
    }
    text
}

/// Ids, lines, kinds, effects and counts; none of the document's words.
fn shape(book: &Runbook) -> String {
    let mut text = String::new();
    for environment in &book.environments {
        writeln!(
            text,
            "environment line {} ports {:?}",
            environment.line,
            environment.ports.values().collect::<Vec<_>>()
        )
        .unwrap();
    }
    for list in &book.checklists {
        let commands = list.items.iter().filter(|i| i.command.is_some()).count();
        writeln!(text, "{} items {} commands {commands}", list.id, list.items.len()).unwrap();
    }
    book.steps.iter().for_each(|s| step(s, 0, &mut text));
    writeln!(text, "rollback line {} triggers {}", book.rollback.line, book.rollback.triggers.len()).unwrap();
    book.rollback.steps.iter().for_each(|s| step(s, 1, &mut text));
    book.rollback.verification.iter().for_each(|b| block(b, 1, &mut text));
    for window in &book.monitoring {
        writeln!(
            text,
            "{} every {:?} for {:?} items {}",
            window.id,
            window.every_s,
            window.for_s,
            window.items.len()
        )
        .unwrap();
        window.blocks.iter().for_each(|b| block(b, 1, &mut text));
    }
    for problem in &book.troubleshooting {
        writeln!(text, "{} line {}", problem.id, problem.line).unwrap();
        problem.check.iter().chain(&problem.solution).for_each(|b| block(b, 1, &mut text));
    }
    for criterion in &book.success {
        writeln!(text, "{} line {}", criterion.id, criterion.line).unwrap();
        criterion.blocks.iter().for_each(|b| block(b, 1, &mut text));
    }
    for target in &book.targets {
        let bound =
            |t: &Option<runbook::Threshold>| t.as_ref().map(|t| format!("{}{}{}", t.op, t.value, t.unit));
        writeln!(
            text,
            "target {:?} {:?} {:?}",
            bound(&target.target),
            bound(&target.acceptable),
            bound(&target.alert)
        )
        .unwrap();
    }
    writeln!(text, "contacts {} references {}", book.contacts.len(), book.references.len()).unwrap();
    if let Some(template) = &book.log_template {
        writeln!(text, "log template line {} items {}", template.line, template.items.len()).unwrap();
    }
    for parameter in &book.parameters {
        let lines: Vec<usize> = parameter.uses.iter().map(|u| u.line).collect();
        writeln!(text, "parameter {:?} secret {} lines {lines:?}", parameter.kind, parameter.secret).unwrap();
    }
    text
}

fn step(step: &Step, depth: usize, text: &mut String) {
    writeln!(
        text,
        "{}step {} line {} estimate {:?} optional {}",
        "  ".repeat(depth),
        step.id,
        step.line,
        step.estimate_s,
        step.optional
    )
    .unwrap();
    step.blocks.iter().for_each(|b| block(b, depth + 1, text));
    step.substeps.iter().for_each(|s| self::step(s, depth + 1, text));
}

fn block(block: &Block, depth: usize, text: &mut String) {
    for command in &block.commands {
        let mut flags = Vec::new();
        for (on, name) in [
            (command.sensitive, "sensitive"),
            (command.optional, "optional"),
            (command.condition.is_some(), "condition"),
            (command.alternative, "alternative"),
            (!command.parses, "unparsable"),
        ] {
            if on {
                flags.push(name);
            }
        }
        let expects: Vec<usize> = command.expects.iter().map(|e| e.line).collect();
        writeln!(
            text,
            "{}{} lines {}-{} {:?} {:?} {} expects {expects:?} holes {}",
            "  ".repeat(depth),
            command.id,
            command.span.line,
            command.span.end_line,
            command.kind,
            command.effect,
            flags.join(" "),
            command.holes.len()
        )
        .unwrap();
    }
}

/// Every command's span gives back its text.
fn spans_are_exact(book: &Runbook, document: &str) {
    for command in book.all_commands() {
        let span = command.span;
        assert_eq!(
            document[span.start..span.end].replace('\r', ""),
            command.text,
            "{} at line {}",
            command.id,
            span.line
        );
        assert_eq!(document[..span.start].matches('\n').count() + 1, span.line, "{}", command.id);
    }
}

#[test]
fn the_reference_document() {
    let Some(text) = shared("seed/island-runbook.md") else { return };
    let book = runbook::read(&text);
    spans_are_exact(&book, &text);
    let estimates: Vec<Option<u64>> = book.steps.iter().map(|s| s.estimate_s.map(|e| e / 60)).collect();
    assert_eq!(estimates, [15, 5, 10, 15, 5, 20, 10].map(Some));
    let items: Vec<usize> = book.checklists.iter().map(|c| c.items.len()).collect();
    assert_eq!(items, [5, 4, 4]);
    assert_eq!(book.log_template.as_ref().map(|t| t.items.len()), Some(18));
    insta::assert_snapshot!("reference", shape(&book));
}

#[test]
fn the_reference_document_wrongly_decoded_reads_the_same() {
    let (Some(right), Some(wrong)) =
        (shared("seed/island-runbook.md"), shared("seed/000_7e882110bb973fad.txt"))
    else {
        return;
    };
    let (right, wrong) = (shape(&runbook::read(&right)), shape(&runbook::read(&wrong)));
    let first = right.lines().zip(wrong.lines()).find(|(a, b)| a != b);
    assert!(right == wrong, "first difference: {first:?}");
}

#[test]
fn the_bundled_runbooks() {
    for (name, text) in [
        ("demo", include_str!("../../assets/runbooks/demo.md")),
        ("island", include_str!("../../assets/runbooks/island.md")),
    ] {
        let book = runbook::read(text);
        spans_are_exact(&book, text);
        insta::assert_snapshot!(name, shape(&book));
    }
}

#[test]
fn documents_of_others_keep_every_span() {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(entries) = std::fs::read_dir(&directory) else {
        eprintln!("SKIPPED: the corpus is not beside this checkout");
        return;
    };
    let mut read = 0;
    for path in entries.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "md")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let book = runbook::read(&text);
        let shell = book.all_commands().into_iter().filter(|c| c.kind != gonogo::shell::Kind::Manual);
        for command in shell {
            let source = text[command.span.start..command.span.end].replace('\r', "");
            // In a list or quote the source has markers and indentation between the lines.
            let squeeze = |t: &str| t.split_whitespace().filter(|w| *w != ">").collect::<String>();
            assert_eq!(squeeze(&source), squeeze(&command.text), "{} in {}", command.id, path.display());
        }
        let mut ids: Vec<_> = book.all_commands().iter().map(|c| c.id.clone()).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "ids are not unique in {}", path.display());
        read += 1;
    }
    assert!(read > 0);
}

#[test]
fn carriage_returns_lists_quotes_and_open_fences() {
    let text = "# T\r\n\r\n## Steps\r\n\r\n1. First\r\n\r\n   ```bash\r\n   ls \\\r\n     -l\r\n   ```\r\n\r\n> ~~~sh\r\n> df -h\r\n> ~~~\r\n\r\n```sh\r\nfree";
    let book = runbook::read(text);
    let texts: Vec<&str> = book.step_commands().iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts, ["ls \\\n  -l", "df -h", "free"]);
    assert!(book.findings.iter().any(|f| f.code == "unclosed-fence"));
}

#[test]
fn prompts_and_other_languages() {
    let text =
        "# T\n## Steps\n```console\n$ uname -s\nLinux\n$ id\n```\n```yaml\na: 1\n```\n```\nls -l /tmp\n```\n";
    let book = runbook::read(text);
    let found: Vec<_> = book.step_commands().iter().map(|c| (c.kind, c.text.clone())).collect();
    assert_eq!(
        found,
        [(Run, "uname -s".into()), (Run, "id".into()), (Manual, "a: 1".into()), (Run, "ls -l /tmp".into())]
    );
    assert_eq!(book.steps[0].blocks[0].other[0].text, "Linux");
}

#[test]
fn a_document_without_structure_still_has_steps() {
    let book = runbook::read(
        "# Notes\n\n## Restart\n```bash\nsystemctl restart x\n```\n\n## Look\n```bash\ncurl -s http://h\n```\n",
    );
    let ids: Vec<&str> = book.step_commands().iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["1/1", "2/1"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]

    #[test]
    fn reading_anything_never_panics(text in "([-#>*`~|$<\\[\\] \n\t]|[a-z]{1,5}|```bash\n|\\| a \\| b \\|\n|- \\[ \\] |# Steps\n|<details><summary>Rollback</summary>|</details>\n|<summary>|:::danger Rollback\n|:::\n|=== \"x\"\n    |<Tabs>\n|<TabItem label='é'>|</TabItem>|!!! note \"x\"\n    |é|\\\\|'|\"|\\(|\\)){0,60}") {
        let book = runbook::read(&text);
        for command in book.all_commands() {
            proptest::prop_assert!(command.span.end <= text.len() && command.span.start <= command.span.end);
        }
    }
}
