//! The ways to the screens: what is reset, read or asked for when somebody arrives at one.

use super::super::app::{App, Place};
use super::super::msg::Effect;
use super::reading;
use crate::protocol::ToRunner;
use crate::text as words;

/// Goes to a screen, as each of them is arrived at.
pub(super) fn go(app: &mut App, place: Place) -> Vec<Effect> {
    if place == Place::History {
        return open_history(app);
    }
    if app.run.is_none() && place != Place::Document {
        app.say("the run has not been started");
        return vec![];
    }
    if place == Place::Document && app.place != Place::Document {
        app.came_from = app.place;
        open_document(app);
    }
    if place == Place::Commands && app.place != Place::Commands {
        app.screens.commands.row = usize::MAX;
    }
    if place == Place::Rollback {
        return open_rollback(app);
    }
    if place == Place::Troubleshoot {
        (app.screens.trouble.row, app.screens.steps.selected) = (0, None);
    }
    (app.place, app.screens.checklist.led) = (place, false);
    if place == Place::Steps { reading::show_tail(app) } else { vec![] }
}

/// Rollback opens: what is there to go back with is looked at.
pub(super) fn open_rollback(app: &mut App) -> Vec<Effect> {
    app.place = Place::Rollback;
    (app.screens.rollback.row, app.screens.rollback.scrolled) = (0, 0);
    if app.going_back() {
        return vec![];
    }
    app.screens.rollback.found = None;
    vec![Effect::Send(ToRunner::LookBack)]
}

/// Goes to History; the runs are read anew each time.
fn open_history(app: &mut App) -> Vec<Effect> {
    if app.place != Place::History {
        app.came_from = app.place;
        app.screens.history.row = 0;
    }
    app.place = Place::History;
    vec![Effect::ReadHistory]
}

/// Renders the document once, and goes to the line of what was looked at.
fn open_document(app: &mut App) {
    let line = match app.place {
        Place::Checklist => app.book.items().get(app.screens.checklist.item).map(|i| i.line),
        _ => app.shown_command().and_then(|id| app.run.as_ref()?.find(&id).map(|c| c.span.line)),
    };
    open_document_at(app, line.unwrap_or(1));
}

/// Goes to a line of the document.
pub(super) fn open_document_at(app: &mut App, line: usize) {
    app.renew_page();
    app.screens.document.pattern = None;
    go_to_line(app, line);
}

/// Opens the document at the first line where something is open.
pub(super) fn open_document_at_first(app: &mut App) -> Vec<Effect> {
    let line = words::open_lines(&app.book.runbook, app.run.as_ref()).first().copied();
    if app.place != Place::Document {
        app.came_from = app.place;
    }
    app.place = Place::Document;
    open_document_at(app, line.unwrap_or(1));
    vec![]
}

/// Puts the cursor of the document on a line.
pub(super) fn go_to_line(app: &mut App, line: usize) {
    (app.screens.document.line, app.screens.document.skipped) = (line.max(1), 0);
}
