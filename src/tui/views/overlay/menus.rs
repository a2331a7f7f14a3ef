//! What is chosen from: the palette, the lines that something comes from, the ways to read a piece.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::super::app::{App, Correcting, Palette, Why};
use super::super::boxed::boxed;
use super::super::text::{clip, fit, scroll_to, wrap_words};

/// Everything that can be done, as far as it fits what was typed.
pub(super) fn palette(app: &App, palette: &Palette, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(10).min(100);
    let height = usize::from(area.height).saturating_sub(7).min(18);
    let mut lines: Vec<Line<'_>> = vec![Line::from(Span::styled("> ", app.theme.wants()))];
    let typed = palette.editor.text();
    let top = scroll_to(palette.chosen, palette.fitting.len(), height);
    for row in 0..height {
        let entry = palette.fitting.get(top + row).map(|at| &palette.entries[*at]);
        let Some(entry) = entry else {
            let words = match (row, typed.strip_prefix('!')) {
                (0, Some(command)) if !command.trim().is_empty() => {
                    format!("Enter runs a command that is not in the document:{command}")
                }
                (0, Some(_)) => "type a command that is not in the document".to_owned(),
                (0, None) => "no command matches".to_owned(),
                _ => String::new(),
            };
            lines.push(Line::from(Span::styled(fit(&words, width), app.theme.dim())));
            continue;
        };
        let chosen = top + row == palette.chosen;
        let words = fit(&entry.words, width.saturating_sub(8));
        let style = if chosen { app.theme.selected() } else { Style::new() };
        lines.push(Line::from(vec![
            Span::styled(words, style),
            Span::styled(format!(" {:>7}", entry.key), app.theme.dim()),
        ]));
    }
    let title = format!("What to do  {} of {}", palette.fitting.len(), palette.entries.len());
    let inner = boxed(app, &title, lines, frame, area);
    palette
        .editor
        .draw(frame, Rect { x: inner.x + 2, height: 1, width: inner.width.saturating_sub(2), ..inner });
}

/// Where something comes from, each with its line of the document.
pub(super) fn why_box(app: &App, why: &Why, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(10).min(100);
    let document: Vec<&str> = app.book.text.lines().collect();
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut chosen_at = 0;
    for (at, reason) in why.reasons.iter().enumerate() {
        let chosen = at == why.chosen;
        if chosen {
            chosen_at = lines.len();
        }
        let pointer = if chosen { app.theme.sign("▸ ", "> ") } else { "  " };
        let rows = wrap_words(&reason.says, width.saturating_sub(2));
        for (row, text) in rows.into_iter().enumerate() {
            let style = if chosen { app.theme.strong() } else { Style::new() };
            let pointer = if row == 0 { pointer } else { "  " };
            lines.push(Line::from(vec![Span::styled(pointer, app.theme.wants()), Span::styled(text, style)]));
        }
        if let Some(line) = reason.line {
            let source = document.get(line - 1).map_or("", |l| l.trim());
            let text = clip(&format!("    line {line}: {source}"), width);
            lines.push(Line::from(Span::styled(text, app.theme.dim())));
        }
    }
    let height = usize::from(area.height).saturating_sub(6);
    let top = scroll_to(chosen_at + 1, lines.len(), height);
    let mut shown: Vec<Line<'_>> = lines.into_iter().skip(top).take(height).collect();
    shown.push(Line::from(""));
    shown
        .push(Line::from(Span::styled("Enter shows the line in the document   Esc closes", app.theme.dim())));
    boxed(app, &format!("Why: {}", why.title), shown, frame, area);
}

/// The menu of how a piece of the document is to be read: what it is about, the choices, what each would mean.
pub(super) fn correct_box(app: &App, menu: &Correcting, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(10).min(90);
    let mut lines: Vec<Line<'_>> = Vec::new();
    // A long paragraph leaves room for the choices.
    for text in menu.lines.iter().flat_map(|l| wrap_words(l, width).into_iter().take(2)) {
        lines.push(Line::from(Span::styled(text, app.theme.dim())));
    }
    lines.push(Line::from(""));
    let above = lines.len();
    // What is shown of a long menu moves with what is chosen.
    let height = usize::from(area.height).saturating_sub(above + 6).max(3);
    let top = scroll_to(menu.chosen, menu.choices.len(), height);
    for (at, choice) in menu.choices.iter().enumerate().skip(top).take(height) {
        let chosen = at == menu.chosen;
        let pointer = if chosen { app.theme.sign("▸ ", "> ") } else { "  " };
        let now = if choice.now { app.theme.sign("● ", "* ") } else { "  " };
        let style = if chosen { app.theme.strong() } else { Style::new() };
        lines.push(Line::from(vec![
            Span::styled(pointer, app.theme.wants()),
            Span::styled(now, app.theme.good()),
            Span::styled(fit(&choice.says, 44.min(width.saturating_sub(22))), style),
            Span::styled(choice.words.unwrap_or_default().to_owned(), app.theme.dim()),
        ]));
    }
    lines.push(Line::from(""));
    let now = app.theme.sign("●", "*");
    let foot = format!("Enter accepts   Esc changes nothing   {now} as it is read now");
    lines.push(Line::from(Span::styled(clip(&foot, width), app.theme.dim())));
    boxed(app, &menu.title, lines, frame, area);
}
