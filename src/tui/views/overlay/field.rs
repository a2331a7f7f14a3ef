//! A field with what is asked, what to know for it, and what it changes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use similar::{ChangeTag, TextDiff};
use unicode_width::UnicodeWidthStr;

use super::super::super::app::{App, Field, Purpose};
use super::super::boxed::boxed;
use super::super::text::{clip, wrap_code, wrap_words};
use crate::runbook::CommandId;

/// Draws it.
pub(super) fn field_box(app: &App, field: &Field, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(12).min(90);
    let many = matches!(field.purpose, Purpose::Edit(_));
    let mut lines: Vec<Line<'_>> = Vec::new();
    if let Purpose::Edit(command) = &field.purpose {
        lines.extend(difference(app, command, &field.editor.text(), width));
    }
    let text: Vec<String> = field.lines.iter().flat_map(|l| wrap_words(l, width)).collect();
    // A long list leaves room for the field itself.
    let most = usize::from(area.height).saturating_sub(8);
    let hidden = text.len().saturating_sub(most);
    lines.extend(text.into_iter().take(most).map(Line::from));
    if hidden > 0 {
        lines.push(Line::from(format!("and {hidden} more")));
    }
    if let Some(message) = &app.message {
        lines.push(Line::from(Span::styled(clip(message, width), app.theme.wants())));
    }
    let typed = field.editor.text();
    let rows = typed
        .lines()
        .map(|l| l.width() / width.saturating_sub(3).max(1) + 1)
        .sum::<usize>()
        .max(field.editor.len());
    let rows = rows.clamp(1, if many { 8 } else { 3 });
    let at = lines.len();
    lines.extend((0..rows).map(|_| Line::from(" ".repeat(width))));
    lines[at] = Line::from(vec![
        Span::styled("> ", app.theme.wants()),
        Span::raw(" ".repeat(width.saturating_sub(2))),
    ]);
    let foot = if many {
        "Enter accepts   Alt-Enter new line   Esc cancels"
    } else if field.editor.is_offered() {
        "Enter accepts   typing replaces it   End keeps it   Esc cancels"
    } else {
        "Enter accepts   Esc cancels"
    };
    lines.push(Line::from(Span::styled(foot, app.theme.dim())));
    let inner = boxed(app, &field.title, lines, frame, area);
    let place = Rect {
        x: inner.x + 2,
        y: (inner.y + at as u16).min(inner.y + inner.height.saturating_sub(1)),
        width: inner.width.saturating_sub(2),
        height: (rows as u16).min(inner.height.saturating_sub(at as u16).max(1)),
    };
    field.editor.draw(frame, place);
}

/// What was changed of a command, against the document.
fn difference(app: &App, command: &CommandId, typed: &str, width: usize) -> Vec<Line<'static>> {
    let Some(run) = &app.run else { return vec![] };
    let Some(original) = run.runbook().command(command) else { return vec![] };
    let before = run.filled(original);
    if before == typed {
        return vec![Line::from(Span::styled(
            "As in the document. A change is recorded as a deviation.",
            app.theme.dim(),
        ))];
    }
    let diff = TextDiff::from_lines(before.as_str(), typed);
    let mut lines = Vec::new();
    for change in diff.iter_all_changes().filter(|c| c.tag() != ChangeTag::Equal) {
        let (sign, style) =
            if change.tag() == ChangeTag::Delete { ("-", app.theme.bad()) } else { ("+", app.theme.good()) };
        let text = format!("{sign} {}", change.value().trim_end());
        lines.extend(wrap_code(&text, width).into_iter().map(|l| Line::from(Span::styled(l, style))));
    }
    lines.push(Line::from(""));
    lines
}
