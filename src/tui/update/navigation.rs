//! The ways to the screens: what is reset, read or asked for when somebody arrives at one.

use crate::protocol::ToRunner;
use crate::tui::app::App;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::update::reading;

/// Goes to a screen, as each of them is arrived at.
pub(in crate::tui) fn go(app: &mut App, place: Screen) -> Vec<Effect> {
    app.screens.health.back = None;
    if place == Screen::History {
        return open_history(app);
    }
    if app.run.is_none() && !matches!(place, Screen::Document | Screen::Start) {
        app.say("the run has not been started");
        return vec![];
    }
    if matches!(place, Screen::Document | Screen::Start) {
        if place == Screen::Document && app.screen != place {
            open_document(app);
        }
        app.visit(place);
        return vec![];
    }
    if place == Screen::Commands && app.screen != Screen::Commands {
        app.screens.commands.row = usize::MAX;
    }
    if place == Screen::Rollback {
        return open_rollback(app);
    }
    if place == Screen::Problems {
        (app.screens.problems.row, app.screens.steps.selected) = (0, None);
    }
    (app.screen, app.screens.checklist.led) = (place, false);
    if place == Screen::Steps { reading::show_tail(app) } else { vec![] }
}

/// Rollback opens: what is there to go back with is looked at.
pub(in crate::tui) fn open_rollback(app: &mut App) -> Vec<Effect> {
    app.screen = Screen::Rollback;
    (app.screens.rollback.row, app.screens.rollback.scrolled) = (0, 0);
    if app.going_back() {
        return vec![];
    }
    app.screens.rollback.look(None);
    vec![Effect::Send(ToRunner::LookBack)]
}

/// Goes to History; the runs are read anew each time.
fn open_history(app: &mut App) -> Vec<Effect> {
    if app.screen != Screen::History {
        app.screens.history.row = 0;
    }
    app.visit(Screen::History);
    vec![Effect::ReadHistory]
}

/// Renders the document once, and goes to the line of what was looked at.
fn open_document(app: &mut App) {
    let line = match app.screen {
        Screen::Checklist => app.book.items().get(app.screens.checklist.item).map(|i| i.line),
        _ => app.shown_command().and_then(|id| app.run.as_ref()?.find(&id).map(|c| c.span.line)),
    };
    open_document_at(app, line.unwrap_or(1));
}

/// Goes to a line of the document.
pub(in crate::tui) fn open_document_at(app: &mut App, line: usize) {
    app.screens.document.renew(&app.book);
    app.screens.document.pattern = None;
    go_to_line(app, line);
}

/// Opens the document at the first line where something is open.
pub(in crate::tui) fn open_document_at_first(app: &mut App) -> Vec<Effect> {
    let line = app.open_lines().first().copied();
    app.visit(Screen::Document);
    open_document_at(app, line.unwrap_or(1));
    vec![]
}

/// Puts the cursor of the document on a line.
pub(in crate::tui) fn go_to_line(app: &mut App, line: usize) {
    (app.screens.document.line, app.screens.document.skipped) = (line.max(1), 0);
}
