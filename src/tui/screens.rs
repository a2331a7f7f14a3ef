//! One folder a screen: what it remembers and shows, `keys` that change it, `draw` that puts it on rows.

pub mod checklist;
pub mod commands;
pub mod document;
pub mod health;
pub mod history;
pub mod log;
pub mod monitor;
pub mod output;
pub mod problems;
pub mod rollback;
pub mod start;
pub mod steps;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;

/// Draws the screen that somebody is at.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, body: Rect) {
    match app.screen {
        Screen::Start => start::draw::draw(app, frame, body),
        Screen::Checklist => checklist::draw::draw(app, frame, body),
        Screen::Steps => steps::draw::draw(app, frame, body),
        Screen::Log => log::draw::draw(app, frame, body),
        Screen::Commands => commands::draw::draw(app, frame, body),
        Screen::Document => document::draw::draw(app, frame, body),
        Screen::Output => output::draw::draw(app, frame, body),
        Screen::Health => health::draw::draw(app, frame, body),
        Screen::Monitor => monitor::draw::draw(app, frame, body),
        Screen::Rollback => rollback::draw::draw(app, frame, body),
        Screen::Problems => problems::draw::draw(app, frame, body),
        Screen::History => history::draw::draw(app, frame, body),
    }
}

/// Does what a key of this screen asks for.
pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match app.screen {
        Screen::Start => start::keys::act(app, action),
        Screen::Checklist => checklist::keys::act(app, action),
        Screen::Steps => steps::keys::act(app, action),
        Screen::Log => log::keys::act(app, action),
        Screen::Commands => commands::keys::act(app, action),
        Screen::Document => document::keys::act(app, action),
        Screen::Output => output::keys::act(app, action),
        Screen::Health => health::keys::act(app, action),
        Screen::Monitor => monitor::keys::act(app, action),
        Screen::Rollback => rollback::keys::act(app, action),
        Screen::Problems => problems::keys::act(app, action),
        Screen::History => history::keys::act(app, action),
    }
}
