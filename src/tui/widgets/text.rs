//! Text on rows: cut, padded and wrapped to a width, put where it belongs; times as they stand in lists.

use std::borrow::Cow;

use chrono::{DateTime, Local, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::run::RunState;
use crate::run::event::Window;
use crate::runbook::{CommandId, ItemId};
use crate::tui::theme::Theme;
use crate::visible;

/// Local time as it stands in lists.
pub(in crate::tui) fn time(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%H:%M:%S").to_string()
}

/// The same to the minute.
pub(in crate::tui) fn minute(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%H:%M").to_string()
}

/// A change window in local time, `21:00-23:00`.
pub(in crate::tui) fn window_words(window: Window) -> String {
    let time = |at: DateTime<Utc>| at.with_timezone(&Local).format("%H:%M").to_string();
    format!("{}-{}", time(window.begins), time(window.ends))
}

/// A text as a row shows it: what has no sign of its own is written out, a tab is as wide as four blanks.
pub(in crate::tui) fn shown(text: &str) -> Cow<'_, str> {
    match visible::line(text) {
        text if text.contains('\t') => text.replace('\t', "    ").into(),
        text => text,
    }
}

/// How many columns the words take that something is named by.
const NAMED: usize = 48;

/// A command, or a check item, by its own words instead of its id.
pub(in crate::tui) fn called(run: &RunState, id: &CommandId) -> String {
    let item = run.runbook().item(&ItemId(id.0.clone())).map(|item| item.text.clone());
    let text = item.or_else(|| run.find(id).map(|command| run.text_of(command)));
    let first = text.as_deref().and_then(|text| text.lines().find(|line| !line.trim().is_empty()));
    format!("\"{}\"", clip(first.unwrap_or(&id.0).trim(), NAMED))
}

/// Where a command stands, in a word: `1.2/3` of the steps, else what part of the document it is of.
pub(in crate::tui) fn part_of(id: &CommandId) -> &str {
    match id.0.split('.').next() {
        Some("check") => "item",
        Some("trouble") => "problem",
        Some("added") => &id.0,
        Some(part) if !part.starts_with(|c: char| c.is_ascii_digit()) => part,
        _ => &id.0,
    }
}

/// Draws one line at a row of an area.
pub(in crate::tui) fn put(frame: &mut Frame<'_>, area: Rect, row: usize, mut line: Line<'_>) {
    if row < usize::from(area.height) {
        for span in &mut line.spans {
            if let Cow::Owned(text) = shown(&span.content) {
                span.content = text.into();
            }
        }
        frame.render_widget(line, Rect { x: area.x, y: area.y + row as u16, width: area.width, height: 1 });
    }
}

/// A line of dashes across.
pub(in crate::tui) fn rule(theme: Theme, frame: &mut Frame<'_>, area: Rect, row: usize) {
    let line = theme.sign("─", "-").repeat(usize::from(area.width));
    put(frame, area, row, Line::from(Span::styled(line, theme.dim())));
}

/// A line of dashes across with a title at its beginning.
pub(in crate::tui) fn titled(theme: Theme, title: &str, style: Style, width: usize) -> Line<'static> {
    let dash = theme.sign("─", "-");
    let title = clip(title, width.saturating_sub(4));
    let rest = dash.repeat(width.saturating_sub(title.width() + 3));
    Line::from(vec![
        Span::styled(format!("{dash} "), theme.dim()),
        Span::styled(title, style),
        Span::styled(format!(" {rest}"), theme.dim()),
    ])
}

/// A text cut to a width in columns, with a mark where something is missing.
pub(in crate::tui) fn clip(text: &str, width: usize) -> String {
    let text = shown(text);
    if text.width() <= width {
        return text.into_owned();
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
pub(in crate::tui) fn fit(text: &str, width: usize) -> String {
    let clipped = clip(text, width);
    let padding = width.saturating_sub(clipped.width());
    format!("{clipped}{}", " ".repeat(padding))
}

/// Words wrapped to a width.
pub(in crate::tui) fn wrap_words(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for source in text.lines().map(shown) {
        let mut line = String::new();
        for word in source.split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                break_long(&mut line, width, &mut lines);
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        break_long(&mut line, width, &mut lines);
        lines.push(line);
    }
    lines
}

/// Breaks a line that is one word longer than the width; what is left of it fits.
fn break_long(line: &mut String, width: usize, lines: &mut Vec<String>) {
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
}

/// A command's text wrapped to a width: nothing of it is left out or moved, not a blank either, and nothing is unseen.
pub(in crate::tui) fn wrap_code(text: &str, width: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for line in text.lines().map(shown) {
        let mut row = String::new();
        let mut used = 0;
        for c in line.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > width.max(2) {
                // After a blank, if there is one not far back: words are easier to read whole.
                let blank = row.rfind(' ').map(|at| at + 1).filter(|at| row.len() - at < width / 3);
                let rest = row.split_off(blank.unwrap_or(row.len()));
                rows.push(std::mem::replace(&mut row, rest));
                used = row.width();
            }
            row.push(c);
            used += wide;
        }
        rows.push(row);
    }
    rows
}

/// The rows to leave out at the top, so that row `at` of `len` is in view of `height`.
pub(in crate::tui) fn scroll_to(at: usize, len: usize, height: usize) -> usize {
    at.saturating_sub(height.saturating_sub(1).min(height * 2 / 3)).min(len.saturating_sub(height))
}

/// Minutes and seconds, or hours and minutes.
pub(in crate::tui) fn clock(seconds: u64) -> String {
    if seconds >= 3600 {
        format!("{}:{:02} h", seconds / 3600, seconds / 60 % 60)
    } else {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_wrapped_and_nothing_of_it_is_lost() {
        let text = "cat <<X\n    indented  twice\n\nX";
        for width in [5, 8, 20, 100] {
            let rows = wrap_code(text, width);
            assert_eq!(rows.concat(), text.replace('\n', ""), "{width}");
            assert!(rows.iter().all(|r| r.width() <= width), "{rows:?}");
        }
        assert_eq!(wrap_code("psql --command select", 15), ["psql --command ", "select"].map(String::from));
    }
}
