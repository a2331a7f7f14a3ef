//! One file a screen. Each draws the state it is given and changes nothing.

pub mod checklist;
pub mod commands;
pub mod document;
mod figures;
pub mod frame;
pub mod health;
pub mod history;
pub mod log;
pub mod monitor;
pub mod output;
pub mod overlay;
pub mod rollback;
pub mod sign;
pub mod start;
pub mod steps;
pub mod trouble;

use std::time::Instant;

use chrono::{DateTime, Local, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::app::{App, Place};
use super::keymap::{self, Action};
use crate::run::event::Window;
use crate::run::{Next, RunState, words};

/// The smallest terminal that is drawn on.
const SMALLEST: (u16, u16) = (60, 15);

/// Whether the terminal has room for the screens; without it nothing is shown, and no key acts.
pub fn has_room(size: (u16, u16)) -> bool {
    size.0 >= SMALLEST.0 && size.1 >= SMALLEST.1
}

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
    if !has_room((area.width, area.height)) {
        let text = format!(
            "{}x{} is too small: gonogo needs {}x{}. Nothing is lost.",
            area.width, area.height, SMALLEST.0, SMALLEST.1
        );
        let words = ratatui::widgets::Wrap { trim: true };
        frame.render_widget(Paragraph::new(text).wrap(words), area);
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
        Place::Commands => commands::draw(app, frame, body),
        Place::Document => document::draw(app, frame, body),
        Place::Output => output::draw(app, frame, body),
        Place::Health => health::draw(app, frame, body),
        Place::Monitor => monitor::draw(app, frame, body),
        Place::Rollback => rollback::draw(app, frame, body),
        Place::Troubleshoot => trouble::draw(app, frame, body),
        Place::History => history::draw(app, frame, body),
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
    app.theme.spell_out(frame.buffer_mut());
}

/// The keys of the screen. A sign before them tells that they don't act yet: what they act on has to stand on
/// the screen for a moment first.
fn keys(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let armed = app.armed(Instant::now());
    let mut spans =
        vec![if armed { Span::raw(" ") } else { Span::styled(app.theme.sign("…", "."), app.theme.dim()) }];
    if app.keyboard.is_some() {
        spans.push(Span::styled("the pane has the keyboard   Ctrl-] takes it back", app.theme.wants()));
        put(frame, area, 0, Line::from(spans));
        return;
    }
    let mut used = 1;
    for (key, words) in entries(app) {
        let key = if key == "⏎" { app.theme.sign("⏎", "Enter").to_owned() } else { key };
        let width = key.width() + words.width() + 3;
        // Help is always there: a key that does not fit is found by it.
        let kept = if words == "help" { 0 } else { "? help  ".len() };
        if used + width + kept > usize::from(area.width) + 2 {
            continue;
        }
        used += width;
        spans.push(Span::styled(key, app.theme.strong()));
        spans.push(Span::raw(format!(" {words}  ")));
    }
    put(frame, area, 0, Line::from(spans));
}

/// What the last line offers: the first key of the screen, the answers to what is asked, the others.
fn entries(app: &App) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    let bindings = app.keys.of(app.place).filter(|b| !b.short.is_empty());
    let bindings = bindings.filter(|b| !app.session.looks_on() || b.action.only_looks());
    let bindings =
        bindings.filter(|b| app.run.is_some() || !b.on.is_empty() || b.action != Action::NextScreen);
    if app.session.looks_on() && !app.session.read_only && app.run.as_ref().is_some_and(|r| !r.is_over()) {
        entries.push((app.keys.shown(app.place, Action::TakeControl), "take control".to_owned()));
    }
    let named = bindings.map(|b| (keymap::shown(b.key), short_of(app, b)));
    entries.extend(named.filter(|(_, words)| !words.is_empty()));
    if app.place == Place::Steps
        && let (Some(run), Some(next)) = (&app.run, app.next())
        && !app.session.looks_on()
    {
        let asked = words::asked(run, &next);
        let answers: Vec<(String, String)> = asked
            .choices
            .iter()
            .map(|(choice, _)| (app.keys.shown(Place::Steps, Action::of(*choice)), short(*choice).to_owned()))
            .collect();
        entries.retain(|(key, _)| !answers.iter().any(|(k, _)| k == key));
        if app.screens.steps.selected.is_some() {
            if let Some(first) = entries.first_mut() {
                "back to the next".clone_into(&mut first.1);
            }
            return entries;
        }
        let runs = matches!(next, Next::Running(_) | Next::Waiting(_));
        // Only what leads somewhere now is offered.
        entries.retain(|(_, words)| match words.as_str() {
            "next" => answers.is_empty(),
            "run this" | "skip" | "edit" | "by hand" => !runs,
            _ => true,
        });
        let at = usize::from(answers.is_empty());
        entries.splice(at..at, answers);
    }
    entries
}

/// Words of a key on the last line; some keys mean another thing on the way back, and nothing when it is over.
fn short_of(app: &App, binding: &keymap::Binding) -> String {
    match binding.action {
        Action::Finish | Action::Fail if app.run.as_ref().is_some_and(RunState::is_over) => "",
        Action::Sign | Action::Verify if app.run.as_ref().is_none_or(|r| !r.is_over()) => "",
        Action::Reviewer if app.run.as_ref().is_some_and(RunState::is_over) => "",
        Action::Finish if app.going_back() => "finish: rolled back",
        Action::RollBack if app.going_back() => "",
        Action::CallOff if !app.going_back() => "",
        Action::Screen(Place::Rollback) if app.run.is_none() => "",
        _ => binding.short,
    }
    .to_owned()
}

/// One or two words for an answer.
fn short(choice: words::Choice) -> &'static str {
    use words::Choice;
    match choice {
        Choice::Yes => "yes",
        Choice::No => "no",
        Choice::All => "all",
        Choice::Value => "value",
        Choice::Here => "here",
        Choice::There => "there",
        Choice::Through => "go there",
        Choice::Seen => "seen",
        Choice::NotSeen => "not seen",
        Choice::Again => "again",
        Choice::UntilItPasses => "until it passes",
        Choice::ByHand => "by hand",
        Choice::Skip => "go on",
        Choice::Stop => "stop",
        Choice::Background => "background",
        Choice::Keyboard => "keyboard",
        Choice::Log => "log",
        Choice::Problems => "problems",
        Choice::Back => "roll back",
    }
}

/// Local time as it stands in lists.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%H:%M:%S").to_string()
}

/// A change window in local time, `21:00-23:00`.
pub fn window_words(window: Window) -> String {
    let time = |at: DateTime<Utc>| at.with_timezone(&Local).format("%H:%M").to_string();
    format!("{}-{}", time(window.begins), time(window.ends))
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

/// A command's text wrapped to a width: nothing of it is left out or moved, not a blank either.
pub(super) fn wrap_code(text: &str, width: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for line in text.lines() {
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
