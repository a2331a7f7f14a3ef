//! Keys in the document.

use crate::run::Next;
use crate::runbook::rendered::Rendered;
use crate::text::counted;
use crate::tui::app::App;
use crate::tui::dialogs::correct;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::document::draw;
use crate::tui::update::common::{moved, open_field, screenful};
use crate::tui::update::navigation::go_to_line;
use crate::tui::update::reading;

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let at = app.screens.document.line;
    match action {
        Action::NextHeading => {
            let next = app.book.runbook.outline.iter().map(|o| o.line).find(|l| *l > at);
            go_to_line(app, next.unwrap_or(at));
        }
        Action::PreviousHeading => {
            let before = app.book.runbook.outline.iter().rev().map(|o| o.line).find(|l| *l < at);
            go_to_line(app, before.unwrap_or(1));
        }
        Action::NextOpen | Action::PreviousOpen => to_open(app, action == Action::NextOpen),
        Action::Search => {
            let known = app.screens.document.pattern.clone().unwrap_or_default();
            open_field(app, Field::new("Search the document", Purpose::Find).with(&known));
        }
        Action::Following | Action::Previous => to_match(app, Some(action == Action::Following)),
        Action::Correct => return correct::open(app),
        Action::Back => return back(app),
        Action::Source => return go_to(app, at),
        _ => scroll(app, action),
    }
    vec![]
}

/// Moves by lines of the document; through a line that is longer than the screen by its rows.
fn scroll(app: &mut App, action: Action) {
    let hidden = draw::rows_of_line(app).saturating_sub(draw::height(app));
    let rows = match action {
        Action::Up | Action::Down => 1,
        _ => draw::height(app),
    };
    match action {
        Action::Down | Action::PageDown if app.screens.document.skipped < hidden => {
            app.screens.document.skipped = (app.screens.document.skipped + rows).min(hidden);
        }
        Action::Up | Action::PageUp if app.screens.document.skipped > 0 => {
            app.screens.document.skipped = app.screens.document.skipped.min(hidden).saturating_sub(rows);
        }
        _ => {
            let lines = app.screens.document.lines.as_ref().map_or(0, |l| l.len());
            let line = moved(app.screens.document.line.saturating_sub(1), lines, action, screenful(app)) + 1;
            if line != app.screens.document.line {
                go_to_line(app, line);
            }
        }
    }
}

/// To the next line where something is open, or the one before; from the last on to the first.
fn to_open(app: &mut App, forward: bool) {
    let (open, all) = (around(app.open_lines(), app.screens.document.line, forward), app.open_lines().len());
    match open {
        None => app.say("every line was understood"),
        Some((at, line)) => {
            go_to_line(app, line);
            app.say(format!("{} of {all} open", at + 1));
        }
    }
}

/// Searches for a text; none ends the search.
pub(in crate::tui) fn find(app: &mut App, text: String) {
    app.screens.document.pattern = Some(text).filter(|text| !text.is_empty());
    if app.screens.document.pattern.is_some() {
        to_match(app, None);
    }
}

/// To the next match, or the one before; with neither to the first from the line looked at on.
fn to_match(app: &mut App, forward: Option<bool>) {
    let (Some(pattern), Some(lines)) =
        (app.screens.document.pattern.clone(), app.screens.document.lines.clone())
    else {
        app.say("search for something first");
        return;
    };
    let holds = |(_, line): &(usize, &Rendered)| !draw::matches(&line.plain(), &pattern).is_empty();
    let found: Vec<usize> = lines.iter().enumerate().filter(holds).map(|(at, _)| at + 1).collect();
    let at = app.screens.document.line;
    let next = match forward {
        None if found.contains(&at) => found.iter().position(|line| *line == at).map(|place| (place, at)),
        _ => around(&found, at, forward.unwrap_or(true)),
    };
    match next {
        None => app.say(format!("no match for \"{pattern}\"")),
        Some((place, line)) => {
            go_to_line(app, line);
            app.say(format!("/{pattern} on line {line}, {} of {}", place + 1, counted(found.len(), "line")));
        }
    }
}

/// Of lines in order the next one behind `at`, or the one before it, with its place; around the ends.
fn around(lines: &[usize], at: usize, forward: bool) -> Option<(usize, usize)> {
    let place = if forward {
        let next = lines.partition_point(|line| *line <= at);
        if next < lines.len() { next } else { 0 }
    } else {
        let before = lines.partition_point(|line| *line < at);
        before.checked_sub(1).or(lines.len().checked_sub(1))?
    };
    lines.get(place).map(|line| (place, *line))
}

fn back(app: &mut App) -> Vec<Effect> {
    app.screen = app.came_from;
    if app.screen == Screen::Steps { reading::show_tail(app) } else { vec![] }
}

/// Goes to the command or the item that stands on a line.
fn go_to(app: &mut App, line: usize) -> Vec<Effect> {
    if let Some(item) = app.book.items().iter().position(|i| i.line == line)
        && app.run.is_some()
    {
        app.screens.checklist.item = item;
        app.screen = Screen::Checklist;
        return vec![];
    }
    let Some(run) = &app.run else {
        app.say("the run has not been started");
        return vec![];
    };
    let commands = run.step_commands();
    let stands = commands.iter().find(|c| (c.span.line..=c.span.end_line).contains(&line));
    let Some(id) = stands.map(|c| c.id.clone()) else {
        app.say(format!("line {line} has no command of a step"));
        return vec![];
    };
    let next = app.next().and_then(Next::command).cloned();
    app.screens.steps.select(id, next.as_ref());
    app.screen = Screen::Steps;
    reading::show_tail(app)
}
