//! `gonogo check`: findings beside the lines they are about.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};
use clap::Args;

use super::agreed;
use super::document;
use super::report::{CommandError, Status, note, say, say_drawn, say_json, say_text};
use super::syntax;
use crate::figures::counted;
use crate::runbook::lock::{Agreement, Since};
use crate::runbook::{Finding, Level, finding, headings};
use crate::visible;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The runbook
    #[arg(required_unless_present = "explain")]
    runbook: Option<PathBuf>,
    /// Also fail if the document or its reading is not as agreed (gonogo lock)
    #[arg(long, requires = "runbook")]
    locked: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Explain the code of a finding; `all` lists every code, `headings` the words in headings that count
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
}

#[derive(serde::Serialize)]
struct Findings<'f> {
    findings: &'f [Finding],
    #[serde(skip_serializing_if = "Option::is_none")]
    lock: Option<Locked>,
}

/// How the document stands to what was agreed on.
#[derive(serde::Serialize)]
struct Locked {
    unchanged: bool,
    same_document: bool,
    agreed_by: Option<String>,
    agreed_on: Option<String>,
    read_by: String,
    changes: Vec<LockedChange>,
}

#[derive(serde::Serialize)]
struct LockedChange {
    line: usize,
    message: String,
}

impl Locked {
    fn of(since: &Since) -> Self {
        let changes = since.changes.iter().map(|c| LockedChange { line: c.line, message: c.text.clone() });
        Self {
            unchanged: since.is_unchanged(),
            same_document: since.same_document,
            agreed_by: since.agreed.as_ref().map(|a| a.by.clone()),
            agreed_on: since.agreed.as_ref().map(|a| a.on.to_string()),
            read_by: since.gonogo.clone(),
            changes: changes.collect(),
        }
    }
}

pub(super) fn check(args: &CheckArgs) -> Result<Status, CommandError> {
    if let Some(code) = &args.explain {
        return explain(code);
    }
    let Some(path) = &args.runbook else { return Ok(Status::Usage) };
    let mut document = document::document(path)?;
    let agreement = args.locked.then(|| agreed::agreement(&document));
    syntax::add_findings(&mut document.runbook);
    let findings = &document.runbook.findings;
    if args.json {
        let lock = agreement.as_ref().and_then(|a| match a {
            Agreement::Since(since) => Some(Locked::of(since)),
            Agreement::None | Agreement::Broken(_) => None,
        });
        say_json(&Findings { findings, lock })?;
    } else {
        page(path, &document.text, findings)?;
    }
    let agreed = agreement.map_or(Ok(true), |agreement| as_agreed(path, &agreement, args.json))?;
    Ok(if !agreed || findings.iter().any(|f| f.level == Level::Error) {
        Status::Failed
    } else {
        Status::Done
    })
}

/// Whether the document is as agreed; what differs is told. Where nobody agreed, or it can't be seen on what, that is an
/// error.
fn as_agreed(path: &Path, agreement: &Agreement, json: bool) -> Result<bool, CommandError> {
    let Agreement::Since(since) = agreement else {
        return agreed::as_agreed(path, agreement, None).map(|()| true);
    };
    if !json {
        agreed::words(path, agreement, usize::MAX).iter().try_for_each(say)?;
        if !since.is_unchanged() {
            note(agreed::remedy(path));
        }
    }
    Ok(since.is_unchanged())
}

fn explain(code: &str) -> Result<Status, CommandError> {
    if code == "headings" {
        for (role, words) in headings() {
            say_text(format!("{role}\n    {words}"))?;
        }
        return Ok(Status::Done);
    }
    if code == "all" {
        for (code, level, text) in finding::CODES {
            say_text(format!("{code} ({})\n    {text}", word(*level)))?;
        }
        return Ok(Status::Done);
    }
    let text = finding::explain(code).ok_or_else(|| {
        let codes: Vec<&str> = finding::CODES.iter().map(|(c, ..)| *c).collect();
        CommandError::new(Status::Usage, format!("no finding is called {code}"))
            .hint(format!("known: {}", codes.join(", ")))
    })?;
    say_text(text)?;
    say(format!(
        "To allow it: <!-- gonogo: allow {code} --> above the place it is about, or at the end of its line."
    ))?;
    Ok(Status::Done)
}

/// Errors and warnings with their lines, notes in a line each, then how many.
fn page(path: &Path, document: &str, findings: &[Finding]) -> Result<(), CommandError> {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let name = visible::line(&path.display().to_string()).into_owned();
    let mut told: Vec<&str> = Vec::new();
    for finding in findings.iter().filter(|f| f.level > Level::Note) {
        let first = !told.contains(&finding.code.as_str());
        told.push(&finding.code);
        say_drawn(render(&renderer, &name, document, finding, first))?;
        say("")?;
    }
    let notes: Vec<&Finding> = findings.iter().filter(|f| f.level == Level::Note).collect();
    for note in &notes {
        say(format!("note[{}]: {name}:{}: {}", note.code, note.line, note.message))?;
    }
    if !notes.is_empty() {
        say("")?;
    }
    let count = |level| findings.iter().filter(|f| f.level == level).count();
    say(format!(
        "{}, {}, {}; gonogo check --explain CODE explains one",
        counted(count(Level::Error), "error"),
        counted(count(Level::Warning), "warning"),
        counted(count(Level::Note), "note")
    ))
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// A finding as compilers show one; the first of its code with what to do.
fn render(renderer: &Renderer, path: &str, document: &str, finding: &Finding, first: bool) -> String {
    let (start, line_end) = line_range(document, finding.line);
    let (from, to) = finding.at.filter(|(from, _)| *from >= start).unwrap_or_else(|| {
        let text = &document[start..line_end];
        let lead = text.len() - text.trim_start().len();
        (start + lead, start + text.trim_end().len().max(lead))
    });
    let end = document[to..].find('\n').map_or(document.len(), |at| to + at).max(line_end);
    let (from, to) = (from.clamp(start, end), to.clamp(start, end));
    let [before, at, after] =
        [start..from, from..to.max(from), to.max(from)..end].map(|part| visible::text(&document[part]));
    let span = before.len()..before.len() + at.len();
    let source = [before, at, after].concat();
    let level = if finding.level == Level::Error { Shown::ERROR } else { Shown::WARNING };
    let message = visible::line(&finding.message);
    let snippet = Snippet::source(source.as_str())
        .line_start(finding.line)
        .path(path)
        .fold(true)
        .annotation(AnnotationKind::Primary.span(span));
    let mut group: Group<'_> = level.primary_title(&*message).id(finding.code.as_str()).element(snippet);
    let help = finding::explain(&finding.code).filter(|_| first);
    if let Some(help) = help {
        group = group.element(Shown::HELP.message(help));
    }
    renderer.render(&[group])
}

fn line_range(document: &str, line: usize) -> (usize, usize) {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(before) => document.match_indices('\n').nth(before).map_or(document.len(), |(at, _)| at + 1),
    };
    let end = document[start..].find('\n').map_or(document.len(), |at| start + at);
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_shown_with_its_line_and_nothing_reaches_the_terminal() {
        let document = "# T\nrm \u{1b}[2J -rf /srv\u{202e}x\n";
        let at = document.find("-rf").unwrap_or(0);
        let finding = Finding::new(2, "credential", "a \u{1b}]0;x\u{7} word").at(at, at + 3);
        let text = render(&Renderer::plain(), "b.md", document, &finding, true);
        assert!(text.contains("warning[credential]: a ^[]0;x^G word"), "{text}");
        assert!(text.contains("b.md:2:") && text.contains("^^^") && text.contains("help: "), "{text}");
        assert!(text.contains("rm ^[[2J -rf /srv<U+202E>x"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
}
