//! One frame: what stands above and below a screen, the screen, and what lies over it. Drawing changes nothing.

mod banner;
pub(in crate::tui) mod frame;
mod tabs;

use std::time::Instant;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

use crate::caught;
use crate::run::{Next, RunState};
use crate::text as words;
use crate::tui::app::App;
use crate::tui::keymap;
use crate::tui::keymap::Action;
use crate::tui::screen::Screen;
use crate::tui::widgets::text::{clip, put, wrap_words};
use crate::tui::{dialogs, screens};

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
    let _shown_where = draw_parts(app, frame);
}

/// The same, part by part; false where one of them could not be drawn: then no key may act on what was not there.
pub(super) fn draw_parts(app: &App, frame: &mut Frame<'_>) -> bool {
    let area = frame.area();
    if !has_room((area.width, area.height)) {
        let text = format!(
            "{}x{} is too small: gonogo needs {}x{}. Nothing is lost.",
            area.width, area.height, SMALLEST.0, SMALLEST.1
        );
        let words = ratatui::widgets::Wrap { trim: true };
        frame.render_widget(Paragraph::new(text).wrap(words), area);
        return true;
    }
    let wall = app.is_on_wall();
    let head = if wall { 0 } else { 2 + u16::from(app.run.is_some()) };
    let said = said(app, usize::from(area.width));
    // What is said never lies over what is to be decided: the screen gives it its rows.
    let below = 1 + said.len().max(1) as u16;
    let body = Rect { y: area.y + head, height: area.height - head - below, ..area };
    let top = Rect { height: head, ..area };
    let mut whole = wall || part(app, frame, top, |frame| frame::draw(app, frame, top));
    whole &= part(app, frame, body, |frame| {
        if wall { screens::health::draw::on_wall(app, frame, body) } else { screens::draw(app, frame, body) }
    });
    let words = Rect { y: body.y + body.height, height: below - 1, ..area };
    for (row, text) in said.into_iter().enumerate() {
        put(frame, words, row, Line::from(Span::styled(format!(" {text}"), app.theme.wants())));
    }
    let last = Rect { y: area.y + area.height - 1, height: 1, ..area };
    whole &= part(app, frame, last, |frame| keys(app, frame, last));
    for overlay in &app.overlays {
        whole &= part(app, frame, body, |frame| dialogs::draw(app, overlay, frame, area));
    }
    app.theme.spell_out(frame.buffer_mut());
    whole
}

/// What was last said, above the keys; a long one takes up to three rows, where the screen can give them.
fn said(app: &App, width: usize) -> Vec<String> {
    let Some(text) = &app.message else { return vec![] };
    let mut rows = match app.screen {
        Screen::Start | Screen::Checklist | Screen::Steps | Screen::Log | Screen::Commands => {
            wrap_words(text, width - 2)
        }
        _ => vec![clip(text, width - 2)],
    };
    rows.truncate(3);
    rows
}

/// Draws a part of what is shown; false where that panics, which takes nothing else with it.
pub(super) fn part(app: &App, frame: &mut Frame<'_>, area: Rect, draw: impl FnOnce(&mut Frame<'_>)) -> bool {
    let drawn = caught::catch(|| draw(frame)).is_some();
    if !drawn {
        frame.render_widget(Clear, area);
        let words = " gonogo can't draw this because of a bug. The run and the other screens continue.";
        let words = clip(words, usize::from(area.width));
        put(frame, area, 0, Line::from(Span::styled(words, app.theme.bad())));
    }
    drawn
}

/// The keys of the screen. A sign before them tells that they don't act yet: what they act on has to stand on
/// the screen for a moment first.
fn keys(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let armed = app.armed(Instant::now());
    let mut spans =
        vec![if armed { Span::raw(" ") } else { Span::styled(app.theme.sign("…", "."), app.theme.dim()) }];
    if app.keyboard.is_some() {
        spans.push(Span::styled("the pane has the keyboard   Ctrl-] releases it", app.theme.wants()));
        put(frame, area, 0, Line::from(spans));
        return;
    }
    let back = [Action::Screen(Screen::Rollback), Action::RollBack];
    let back: Vec<String> = back.iter().map(|action| app.keys.shown(app.screen, *action)).collect();
    let entries: Vec<(String, String)> = entries(app)
        .into_iter()
        .map(|(key, words)| (if key == "⏎" { app.theme.sign("⏎", "Enter").to_owned() } else { key }, words))
        .collect();
    // Help and the way back are always there: what does not fit beside them is found by help.
    let stays = |key: &str, words: &str| words == "help" || back.iter().any(|b| b == key);
    let wide = |(key, words): &(String, String)| key.width() + words.width() + 3;
    let mut kept: usize = entries.iter().filter(|(key, words)| stays(key, words)).map(wide).sum();
    let mut used = 1;
    for entry in &entries {
        let (key, words) = entry;
        let width = wide(entry);
        if stays(key, words) {
            kept -= width;
        } else if used + width + kept > usize::from(area.width) + 2 {
            continue;
        }
        used += width;
        spans.push(Span::styled(key.clone(), app.theme.strong()));
        spans.push(Span::raw(format!(" {words}  ")));
    }
    put(frame, area, 0, Line::from(spans));
}

/// What the last line offers: the first key of the screen, the answers to what is asked, the others.
fn entries(app: &App) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    let bindings = app.keys.of(app.screen).filter(|b| !b.short.is_empty());
    let bindings = bindings.filter(|b| !app.session.looks_on() || b.action.only_looks());
    let bindings =
        bindings.filter(|b| app.run.is_some() || !b.on.is_empty() || b.action != Action::NextScreen);
    if app.session.looks_on() && !app.session.read_only && app.run.as_ref().is_some_and(|r| !r.is_over()) {
        entries.push((app.keys.shown(app.screen, Action::TakeControl), "take control".to_owned()));
    }
    let named = bindings.map(|b| (keymap::shown(b.key), short_of(app, b)));
    entries.extend(named.filter(|(_, words)| !words.is_empty()));
    if app.screen == Screen::Steps
        && let (Some(next), Some(asked)) = (app.next(), app.asked())
        && !app.session.looks_on()
    {
        let answers: Vec<(String, String)> = asked
            .choices
            .iter()
            .map(|(choice, _)| {
                (app.keys.shown(Screen::Steps, Action::of(*choice)), short(*choice).to_owned())
            })
            .collect();
        entries.retain(|(key, _)| !answers.iter().any(|(k, _)| k == key));
        if app.screens.steps.selected.is_some() {
            if let Some(first) = entries.first_mut() {
                "to the next".clone_into(&mut first.1);
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
        Action::Screen(Screen::Rollback) if app.run.is_none() => "",
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
        Choice::Seen => "confirm",
        Choice::NotSeen => "reject",
        Choice::Again => "again",
        Choice::UntilItPasses => "until it passes",
        Choice::ByHand => "by hand",
        Choice::Skip => "continue",
        Choice::Stop => "stop",
        Choice::Background => "background",
        Choice::Keyboard => "keyboard",
        Choice::Log => "log",
        Choice::Problems => "problems",
        Choice::Back => "roll back",
    }
}
