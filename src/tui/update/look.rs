//! `F5`: from everywhere to the row of the banner, and back to where somebody was, with what lay over it.

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::app::App;
use crate::tui::dialogs::masks;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::health::Back;

/// Whether a key that leads away counts over a dialog: one that is a letter may be meant for its field.
pub(in crate::tui) fn leads_away(key: KeyEvent) -> bool {
    matches!(key.code, KeyCode::F(_))
}

/// Goes to the row that is worst. It changes nothing of the run.
pub(in crate::tui) fn at_the_worst(app: &mut App) -> Vec<Effect> {
    let Some(board) = app.board() else {
        app.say("nothing is watched here");
        return vec![];
    };
    let row = board.headline.rows.first().cloned();
    if app.screen == Screen::Health && app.screens.health.back.is_some() && !app.overlays.is_empty() {
        // There is one way back, and what somebody typed lies at its end.
        app.say("Esc closes this first");
        return vec![];
    }
    // Values that are shown for a while are not put by: nobody would hide them there.
    masks::forget(app);
    if app.screen != Screen::Health || !app.overlays.is_empty() {
        let back = Back {
            screen: app.screen,
            came_from: app.came_from,
            overlays: std::mem::take(&mut app.overlays),
        };
        app.screens.health.back = Some(Box::new(back));
    }
    app.screen = Screen::Health;
    app.message = None;
    let health = &mut app.screens.health;
    health.close();
    health.held = None;
    if row.is_some() {
        health.row = row;
    }
    vec![]
}

/// Goes back to where somebody looked from.
pub(in crate::tui) fn back(app: &mut App) -> Vec<Effect> {
    if let Some(back) = app.screens.health.back.take() {
        (app.screen, app.came_from) = (back.screen, back.came_from);
        app.overlays = back.overlays;
    }
    vec![]
}
