//! `/` where a screen has rows: to the next row in which some words stand.

use crate::run::Next;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::health;
use crate::tui::update::common::open_field;
use crate::tui::update::reading;

/// Asks for the words; those of the last time are offered, for the next place.
pub(in crate::tui) fn open(app: &mut App) {
    if rows(app).is_empty() {
        app.say("this screen has no rows to search");
        return;
    }
    let field = Field::new(format!("Find on {}", app.screen.name()), Purpose::FindHere);
    let known = app.screens.found.clone();
    open_field(app, field.with(&known));
}

/// To the next row in which the words stand, from the last on to the first; capitals count if there are any.
pub(in crate::tui) fn find(app: &mut App, text: String) -> Vec<Effect> {
    let rows = rows(app);
    let at = at(app).min(rows.len());
    let holds = |row: &str| {
        if text.chars().any(char::is_uppercase) {
            row.contains(&text)
        } else {
            row.to_lowercase().contains(&text)
        }
    };
    let found = (1..=rows.len()).map(|by| (at + by) % rows.len()).find(|row| holds(&rows[*row]));
    let Some(row) = found else {
        app.say(format!("nothing here has \"{text}\""));
        return vec![];
    };
    app.screens.found = text;
    go_to(app, row)
}

/// The rows of the screen that its cursor moves over, as texts.
fn rows(app: &App) -> Vec<String> {
    let Some(run) = &app.run else { return vec![] };
    match app.screen {
        Screen::Checklist => app.book.items().iter().map(|item| item.text.clone()).collect(),
        Screen::Steps => {
            let text = |id| format!("{id} {}", run.find(id).map(|c| run.text_of(c)).unwrap_or_default());
            app.listed().iter().map(text).collect()
        }
        Screen::Commands => run.ran().iter().map(|ran| format!("{} {}", ran.command, ran.text)).collect(),
        Screen::Log => app.log().all().map(|row| row.text.clone()).collect(),
        Screen::Health => app.watched_rows().into_iter().map(health::found_by).collect(),
        _ => vec![],
    }
}

/// The row at the cursor.
fn at(app: &App) -> usize {
    match app.screen {
        Screen::Checklist => app.screens.checklist.item,
        Screen::Commands => app.screens.commands.row,
        Screen::Log => app.screens.log.row,
        Screen::Health => app.screens.health.at(&app.watched_rows()),
        _ => {
            let shown = app.shown_command();
            app.listed().iter().position(|id| Some(id) == shown.as_ref()).unwrap_or(0)
        }
    }
}

/// Puts the cursor there.
fn go_to(app: &mut App, row: usize) -> Vec<Effect> {
    match app.screen {
        Screen::Checklist => app.screens.checklist.item = row,
        Screen::Commands => app.screens.commands.row = row,
        Screen::Log => app.screens.log.row = row,
        Screen::Health => app.screens.health.row = app.watched_rows().get(row).map(|row| row.id.clone()),
        _ => {
            let next = app.next().and_then(Next::command).cloned();
            let id = app.listed().get(row).cloned();
            if let Some(id) = id {
                app.screens.steps.select(id, next.as_ref());
            }
        }
    }
    reading::show_tail(app)
}
