//! What lies over a screen: help, fields, confirmations, the gate.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear};
use unicode_width::UnicodeWidthStr;

use super::super::app::{App, Confirm, Field, Overlay};
use super::super::keymap;
use super::{clip, put, wrap_words};

/// Draws one overlay.
pub(super) fn draw(app: &App, overlay: &Overlay, frame: &mut Frame<'_>, area: Rect) {
    match overlay {
        Overlay::Help => help(app, frame, area),
        Overlay::Field(field) => field_box(app, field, frame, area),
        Overlay::Confirm(confirm) => confirm_box(app, confirm, frame, area),
        Overlay::Gate => gate(app, frame, area),
        Overlay::Stop => {
            let text = [
                "i    INT, as Ctrl-C",
                "t    TERM, asks it to end",
                "F9   KILL, ends it at once",
                "",
                "Esc  let it go on",
            ];
            let lines = text.iter().map(|t| Line::from(*t)).collect();
            boxed(app, "End the running command", lines, frame, area);
        }
    }
}

fn boxed(app: &App, title: &str, lines: Vec<Line<'_>>, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let widest = lines.iter().map(Line::width).max().unwrap_or(0).max(title.width() + 4);
    let width = (widest as u16 + 4).clamp(30, area.width.saturating_sub(4));
    let height = (lines.len() as u16 + 2).min(area.height.saturating_sub(2));
    let place =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    frame.render_widget(Clear, place);
    let block = if app.theme.unicode { Block::bordered() } else { Block::bordered().border_set(ASCII) };
    frame.render_widget(block.title(Span::styled(format!(" {title} "), app.theme.strong())), place);
    let inner = Rect { x: place.x + 2, y: place.y + 1, width: place.width - 4, height: place.height - 2 };
    for (row, line) in lines.into_iter().enumerate() {
        put(frame, inner, row, line);
    }
    inner
}

const ASCII: ratatui::symbols::border::Set<'static> = ratatui::symbols::border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

fn help(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for binding in keymap::bindings(app.place) {
        lines.push(Line::from(vec![
            Span::styled(format!("{:<7}", binding.shown), app.theme.strong()),
            Span::raw(binding.long),
        ]));
    }
    let signs = "✓ passed  ○ done, nothing claimed  ✗ failed  ▶ runs  ? needs your eyes  – skipped  · not yet  % lost";
    let signs = if app.theme.unicode {
        signs.to_owned()
    } else {
        "+ passed  o done, nothing claimed  X failed  > runs  ? needs your eyes  - skipped  . not yet  % lost"
            .into()
    };
    lines.extend(
        wrap_words(&signs, usize::from(area.width).saturating_sub(10).min(90))
            .into_iter()
            .map(|l| Line::from(Span::styled(l, app.theme.dim()))),
    );
    boxed(app, "Keys of this screen", lines, frame, area);
}

fn field_box(app: &App, field: &Field, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(12).min(90);
    let mut lines: Vec<Line<'_>> =
        field.lines.iter().flat_map(|l| wrap_words(l, width)).map(Line::from).collect();
    if let Some(message) = &app.message {
        lines.push(Line::from(Span::styled(clip(message, width), app.theme.wants())));
    }
    let shown = if field.secret { "*".repeat(field.text.chars().count()) } else { field.text.clone() };
    // The end of a long text is what is being typed.
    let skip = shown.chars().count().saturating_sub(width.saturating_sub(3));
    let tail: String = shown.chars().skip(skip).collect();
    let row = lines.len();
    lines.push(Line::from(vec![
        Span::styled("> ", app.theme.wants()),
        Span::raw(tail.clone()),
        Span::raw(" ".repeat(width.saturating_sub(tail.width() + 2))),
    ]));
    lines.push(Line::from(Span::styled("Enter takes it   Esc goes back", app.theme.dim())));
    let inner = boxed(app, &field.title, lines, frame, area);
    frame.set_cursor_position((inner.x + 2 + tail.width() as u16, inner.y + row as u16));
}

fn confirm_box(app: &App, confirm: &Confirm, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(12).min(100);
    let place = app.run.as_ref().map_or(String::new(), |r| format!("{} at {}", r.environment(), r.place()));
    let mut lines: Vec<Line<'_>> = wrap_words(&confirm.why, width).into_iter().map(Line::from).collect();
    lines.push(Line::from(""));
    lines.extend(
        confirm
            .text
            .lines()
            .flat_map(|l| wrap_words(l, width))
            .map(|l| Line::from(Span::styled(l, app.theme.bad()))),
    );
    lines.extend(confirm.target.iter().map(|t| Line::from(Span::styled(clip(t, width), app.theme.strong()))));
    lines.push(Line::from(Span::styled(clip(&place, width), app.theme.name())));
    lines.push(Line::from(""));
    lines.push(Line::from(vec![
        Span::styled("y", app.theme.strong()),
        Span::raw(" run it   "),
        Span::styled("Esc", app.theme.strong()),
        Span::raw(" go back"),
    ]));
    boxed(app, &format!("Run {}?", confirm.command), lines, frame, area);
}

fn gate(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let width = usize::from(area.width).saturating_sub(12).min(90);
    let open = run.open_items();
    let mut lines: Vec<Line<'_>> = Vec::new();
    let head = if open.is_empty() { "Every check item is ticked or skipped." } else { "Open:" };
    lines.push(Line::from(head));
    let most = usize::from(area.height).saturating_sub(10);
    for id in open.iter().take(most) {
        let text = run.runbook().item(id).map_or(String::new(), |i| i.text.clone());
        lines.push(Line::from(Span::styled(clip(&format!("[ ] {text}"), width), app.theme.wants())));
    }
    if open.len() > most {
        lines.push(Line::from(format!("and {} more", open.len() - most)));
    }
    let eyes = run
        .runbook()
        .step_commands()
        .into_iter()
        .filter(|c| run.standing(&c.id) == crate::run::state::Standing::NeedsEyes)
        .count();
    if eyes > 0 {
        lines.push(Line::from(format!("{eyes} commands wait for eyes")));
    }
    lines.push(Line::from(""));
    let key = |k: &'static str, style: Style| Span::styled(k, style);
    lines.push(Line::from(vec![
        key("g", app.theme.strong()),
        Span::raw(" GO   "),
        key("F7", app.theme.strong()),
        Span::raw(" NO-GO, ends the run   "),
        key("Esc", app.theme.strong()),
        Span::raw(" not yet"),
    ]));
    boxed(app, &format!("Go or no-go for {}", run.environment()), lines, frame, area);
}
