//! One file a screen. Each draws the state it is given and changes nothing.

pub mod checklist;
pub mod frame;
pub mod log;
pub mod overlay;
pub mod start;
pub mod steps;

use std::time::Instant;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::app::{App, Place};
use super::keymap;

/// The smallest terminal that is drawn on.
const SMALLEST: (u16, u16) = (60, 15);

/// Draws everything.
///
/// ```text
///  LOCAL · notes-0c41 · ada · 0:03                       frame, two lines
///  ada@web:/opt/notes
/// ──────────────────────────────────────────────────────
///  the screen
/// ──────────────────────────────────────────────────────
///  a message, or nothing
///  ⏎ next  r run this  s skip                             keys of the screen
/// ```
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let text = format!(
            "{}x{} is too small: gonogo needs {}x{}",
            area.width, area.height, SMALLEST.0, SMALLEST.1
        );
        frame.render_widget(Paragraph::new(text), area);
        return;
    }
    let head = if app.run.is_some() { 3 } else { 2 };
    let body = Rect { x: area.x, y: area.y + head, width: area.width, height: area.height - head - 2 };
    frame::draw(app, frame, Rect { height: head, ..area });
    match app.place {
        Place::Start => start::draw(app, frame, body),
        Place::Checklist => checklist::draw(app, frame, body),
        Place::Steps => steps::draw(app, frame, body),
        Place::Log => log::draw(app, frame, body),
    }
    let message = Rect { y: area.y + area.height - 2, height: 1, ..area };
    if let Some(text) = &app.message {
        put(
            frame,
            message,
            0,
            Line::from(Span::styled(
                format!(" {}", clip(text, usize::from(area.width) - 2)),
                app.theme.wants(),
            )),
        );
    }
    keys(app, frame, Rect { y: area.y + area.height - 1, height: 1, ..area });
    for overlay in &app.overlays {
        overlay::draw(app, overlay, frame, area);
    }
}

/// The keys of the screen. A sign before them tells that they don't act yet: what they act on has to stand on
/// the screen for a moment first.
fn keys(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let armed = app.armed(Instant::now());
    let enter = app.theme.sign("⏎", "Enter");
    let mut spans =
        vec![if armed { Span::raw(" ") } else { Span::styled(app.theme.sign("…", "."), app.theme.dim()) }];
    if app.keyboard {
        spans.push(Span::styled("the pane has the keyboard   Ctrl-] takes it back", app.theme.wants()));
    } else {
        let extra = if app.place == Place::Steps {
            app.next().map(|n| steps::keys(&n)).unwrap_or_default()
        } else {
            ""
        };
        let mut used = 1;
        let bindings = keymap::bindings(app.place)
            .filter(|b| !b.short.is_empty() && (app.run.is_some() || b.on.is_some() || b.shown != "Tab"));
        let entries = bindings.map(|b| (if b.shown == "⏎" { enter } else { b.shown }, b.short));
        let extras = extra.split("  ").filter(|e| !e.is_empty()).filter_map(|e| e.split_once(' '));
        let mut entries: Vec<(&str, &str)> = entries.collect();
        let extras: Vec<(&str, &str)> = extras.collect();
        if !extras.is_empty() {
            entries.splice(1..1, extras);
        }
        for (shown, short) in entries {
            let width = shown.width() + short.width() + 4;
            if used + width > usize::from(area.width) {
                break;
            }
            used += width;
            spans.push(Span::styled(shown.to_owned(), app.theme.strong()));
            spans.push(Span::raw(format!(" {short}   ")));
        }
    }
    put(frame, area, 0, Line::from(spans));
}

/// Draws one line at a row of an area.
pub(super) fn put(frame: &mut Frame<'_>, area: Rect, row: usize, line: Line<'_>) {
    if row < usize::from(area.height) {
        frame.render_widget(line, Rect { x: area.x, y: area.y + row as u16, width: area.width, height: 1 });
    }
}

/// A line of dashes across.
pub(super) fn rule(app: &App, frame: &mut Frame<'_>, area: Rect, row: usize) {
    let line = app.theme.sign("─", "-").repeat(usize::from(area.width));
    put(frame, area, row, Line::from(Span::styled(line, app.theme.dim())));
}

/// A text cut to a width in columns, with a mark where something is missing.
pub(super) fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used < width
        })
        .collect();
    cut.push('…');
    cut
}

/// A text padded or cut to a width.
pub(super) fn fit(text: &str, width: usize) -> String {
    let clipped = clip(text, width);
    let padding = width.saturating_sub(clipped.width());
    format!("{clipped}{}", " ".repeat(padding))
}

/// Words wrapped to a width.
pub(super) fn wrap_words(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for source in text.lines() {
        let mut line = String::new();
        for word in source.split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        while line.width() > width {
            let mut used = 0;
            let fits = line.chars().take_while(|c| {
                used += c.width().unwrap_or(0);
                used <= width
            });
            // At least one character a line, or a wide one in a narrow box would never end.
            let head: String = line.chars().take(fits.count().max(1)).collect();
            line.drain(..head.len());
            lines.push(head);
        }
        lines.push(line);
    }
    lines
}

/// The rows to leave out at the top, so that row `at` of `len` is in view of `height`.
pub(super) fn scroll_to(at: usize, len: usize, height: usize) -> usize {
    at.saturating_sub(height.saturating_sub(1).min(height * 2 / 3)).min(len.saturating_sub(height))
}

/// Minutes and seconds, or hours and minutes.
pub(super) fn clock(seconds: u64) -> String {
    if seconds >= 3600 {
        format!("{}:{:02} h", seconds / 3600, seconds / 60 % 60)
    } else {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}
