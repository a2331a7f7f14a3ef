//! Keys in the document.

use std::sync::Arc;

use super::super::app::{App, Place};
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::{moved, output, screenful};
use crate::runbook::rendered::rendered;

/// Renders the document once, and goes to the line of what was looked at.
pub(super) fn open(app: &mut App) {
    let line = match app.place {
        Place::Checklist => app.items().get(app.item).map(|i| i.line),
        _ => app.shown_command().and_then(|id| app.run.as_ref()?.find(&id).map(|c| c.span.line)),
    };
    open_at(app, line.unwrap_or(1));
}

/// Goes to a line of the document.
pub(super) fn open_at(app: &mut App, line: usize) {
    if app.page.lines.is_none() {
        app.page.lines = Some(Arc::new(rendered(&app.document)));
    }
    app.page.line = line.max(1);
}

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let lines = app.page.lines.as_ref().map_or(0, |l| l.len());
    let at = app.page.line;
    match action {
        Action::NextHeading => {
            let next = app.runbook.outline.iter().map(|o| o.line).find(|l| *l > at);
            app.page.line = next.unwrap_or(at);
        }
        Action::PreviousHeading => {
            let before = app.runbook.outline.iter().rev().map(|o| o.line).find(|l| *l < at);
            app.page.line = before.unwrap_or(1);
        }
        Action::Back => return back(app),
        Action::Source => return go_to(app, at),
        _ => app.page.line = moved(at.saturating_sub(1), lines, action, screenful(app)) + 1,
    }
    vec![]
}

fn back(app: &mut App) -> Vec<Effect> {
    app.place = app.came_from;
    if app.place == Place::Steps { output::show_tail(app) } else { vec![] }
}

/// Goes to the command or the item that stands on a line.
fn go_to(app: &mut App, line: usize) -> Vec<Effect> {
    if let Some(item) = app.items().iter().position(|i| i.line == line)
        && app.run.is_some()
    {
        app.item = item;
        app.place = Place::Checklist;
        return vec![];
    }
    let Some(run) = &app.run else {
        app.say("the run has not been started");
        return vec![];
    };
    let commands = run.step_commands();
    let stands = commands.iter().find(|c| (c.span.line..=c.span.end_line).contains(&line));
    let Some(id) = stands.map(|c| c.id.clone()) else {
        app.say(format!("no command of the steps stands on line {line}"));
        return vec![];
    };
    let next = app.next().and_then(|n| n.command().cloned());
    app.selected = Some(id).filter(|id| Some(id) != next.as_ref());
    app.place = Place::Steps;
    output::show_tail(app)
}
