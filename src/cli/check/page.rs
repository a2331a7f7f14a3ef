//! Findings for people: as compilers show them, each beside its line.

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::Checked;
use super::found::Found;
use crate::cli::report::{self, CommandError, say, say_drawn};
use crate::figures::counted;
use crate::runbook::Level;
use crate::visible;

/// Errors and warnings with their lines, notes in a line each, then how many.
pub(super) fn print(checked: &[Checked]) -> Result<(), CommandError> {
    let renderer = if report::colour() { Renderer::styled() } else { Renderer::plain() };
    let mut told: Vec<&str> = Vec::new();
    for Checked { input, found, .. } in checked {
        for finding in found.iter().filter(|f| f.level > Level::Note) {
            let first = !told.contains(&finding.code.as_str());
            told.push(&finding.code);
            // What is about the settings has no line of the document.
            let document = if finding.path == input.name { input.document.text.as_str() } else { "" };
            say_drawn(render(&renderer, document, finding, first))?;
            say("")?;
        }
        let notes = found.iter().filter(|f| f.level == Level::Note);
        for note in notes.clone() {
            say(format!("note[{}]: {}:{}: {}", note.code, note.path, note.line, note.message))?;
        }
        if notes.count() > 0 {
            say("")?;
        }
    }
    let all = || checked.iter().flat_map(|c| &c.found);
    let count = |level, one| counted(all().filter(|f| f.level == level).count(), one);
    let counts = [count(Level::Error, "error"), count(Level::Warning, "warning"), count(Level::Note, "note")];
    let files = if checked.len() > 1 { format!(" in {} runbooks", checked.len()) } else { String::new() };
    let more = if all().next().is_some() { "; gonogo check --explain CODE explains one" } else { "" };
    say(format!("{}{files}{more}", counts.join(", ")))
}

/// A finding as compilers show one; the first of its code with what to do.
fn render(renderer: &Renderer, document: &str, finding: &Found, first: bool) -> String {
    let path = visible::line(&finding.path);
    let level = if finding.level == Level::Error { Shown::ERROR } else { Shown::WARNING };
    let message = visible::line(&finding.message);
    let help = Some(finding.help()).filter(|help| first && !help.is_empty());
    if document.is_empty() {
        let title = format!("{path}:{}: {message}", finding.line);
        let mut group: Group<'_> =
            Group::with_title(level.primary_title(title.as_str()).id(finding.code.as_str()));
        if let Some(help) = help {
            group = group.element(Shown::HELP.message(help));
        }
        return renderer.render(&[group]);
    }
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
    let snippet = Snippet::source(source.as_str())
        .line_start(finding.line)
        .path(&*path)
        .fold(true)
        .annotation(AnnotationKind::Primary.span(span));
    let mut group: Group<'_> = level.primary_title(&*message).id(finding.code.as_str()).element(snippet);
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
        let finding = Found {
            path: "b.md".into(),
            line: 2,
            column: 4,
            level: Level::Warning,
            code: "credential".into(),
            message: "a \u{1b}]0;x\u{7} word".into(),
            fingerprint: String::new(),
            at: Some((at, at + 3)),
        };
        let text = render(&Renderer::plain(), document, &finding, true);
        assert!(text.contains("warning[credential]: a ^[]0;x^G word"), "{text}");
        assert!(text.contains("b.md:2:") && text.contains("^^^") && text.contains("help: "), "{text}");
        assert!(text.contains("rm ^[[2J -rf /srv<U+202E>x"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
}
