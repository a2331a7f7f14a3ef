//! The document: its sections with the roles they were given, and its text at the line looked at.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::app::App;
use super::{clip, fit, put, scroll_to};
use crate::runbook::Role;
use crate::runbook::rendered::Look;

/// Draws the screen.
pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let left = if area.width >= 100 { area.width / 3 } else { 0 };
    if left > 0 {
        outline(app, frame, Rect { width: left, ..area });
        for row in 0..area.height {
            let bar = Span::styled(app.theme.sign("│", "|"), app.theme.dim());
            put(frame, Rect { x: area.x + left, width: 1, ..area }, usize::from(row), Line::from(bar));
        }
    }
    let right = Rect {
        x: area.x + left + u16::from(left > 0),
        width: area.width - left - u16::from(left > 0),
        ..area
    };
    // Without room for the outline the section's role stands over the text.
    let head = section(app).map_or(String::new(), |at| {
        let entry = &app.runbook.outline[at];
        format!(" {}: {}", role(entry.role), entry.title)
    });
    put(frame, right, 0, Line::from(Span::styled(clip(&head, usize::from(right.width)), app.theme.name())));
    text(app, frame, Rect { y: right.y + 1, height: right.height.saturating_sub(1), ..right });
}

/// The section that the line looked at is in.
fn section(app: &App) -> Option<usize> {
    app.runbook.outline.iter().rposition(|o| o.line <= app.page.line)
}

fn outline(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let here = section(app);
    let entries = &app.runbook.outline;
    let width = usize::from(area.width);
    let top = scroll_to(here.unwrap_or(0), entries.len(), usize::from(area.height));
    for (row, (at, entry)) in entries.iter().enumerate().skip(top).take(usize::from(area.height)).enumerate()
    {
        let name = role(entry.role);
        let indent = " ".repeat(usize::from(entry.level.saturating_sub(1)) * 2);
        let title = fit(&format!("{indent}{}", entry.title), width.saturating_sub(name.width() + 3));
        let style = if here == Some(at) { app.theme.selected() } else { Style::new() };
        let spans = vec![
            Span::styled(format!(" {title} "), style),
            Span::styled(format!("{name} "), app.theme.dim()),
        ];
        put(frame, area, row, Line::from(spans));
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Other => "text",
        Role::Overview => "overview",
        Role::Environments => "environments",
        Role::Checklist => "checklist",
        Role::Steps => "steps",
        Role::Monitoring => "monitoring",
        Role::Rollback => "rollback",
        Role::Troubleshooting => "problems",
        Role::Recovery => "restore",
        Role::Teardown => "teardown",
        Role::Success => "success",
        Role::Targets => "targets",
        Role::Contacts => "contacts",
        Role::References => "references",
        Role::LogTemplate => "log template",
    }
}

fn text(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(lines) = &app.page.lines else { return };
    let number = lines.len().to_string().len();
    let width = usize::from(area.width).saturating_sub(number + 4);
    let at = app.page.line.saturating_sub(1).min(lines.len().saturating_sub(1));
    let top = scroll_to(at, lines.len(), usize::from(area.height));
    for (row, (index, line)) in lines.iter().enumerate().skip(top).take(usize::from(area.height)).enumerate()
    {
        let here = index == at;
        let pointer = if here { app.theme.sign("▸", ">") } else { " " };
        let mut spans = vec![
            Span::styled(
                format!("{pointer}{:>number$}", index + 1),
                if here { app.theme.wants() } else { app.theme.dim() },
            ),
            Span::raw("  "),
        ];
        let mut room = width;
        for (part, look) in &line.parts {
            let part = clip(part, room);
            room = room.saturating_sub(part.width());
            spans.push(Span::styled(part, style(app, *look)));
            if room == 0 {
                break;
            }
        }
        put(frame, area, row, Line::from(spans));
    }
}

fn style(app: &App, look: Look) -> Style {
    match look {
        Look::Plain | Look::Hidden => Style::new(),
        Look::Heading(1 | 2) => app.theme.name().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        Look::Heading(_) => app.theme.name().add_modifier(Modifier::BOLD),
        Look::Strong => app.theme.strong(),
        Look::Emphasis => Style::new().add_modifier(Modifier::ITALIC),
        Look::Code | Look::Block => app.theme.good(),
        Look::Link => app.theme.name().add_modifier(Modifier::UNDERLINED),
        Look::Mark => app.theme.dim(),
    }
}
