//! How to end a running command: the next key says how.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::run::Request;
use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::update::common::{send, takes};
use crate::tui::update::navigation;
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::clip;

pub(in crate::tui) fn pressed(app: &mut App, command: CommandId, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let signal = match key.code {
        KeyCode::Char('i') => "INT",
        KeyCode::Char('t') => "TERM",
        KeyCode::Char('x') => "KILL",
        // It leads to the way back from everywhere.
        KeyCode::F(9) => return navigation::go(app, Screen::Rollback),
        _ => {
            app.overlays.push(Overlay::Stop(command));
            return vec![];
        }
    };
    if !takes(app, Overlay::Stop(command.clone()), at) {
        return vec![];
    }
    send(app, Request::Cancel { command, signal: signal.into() })
}

/// Draws it.
pub(in crate::tui) fn draw(app: &App, command: &CommandId, frame: &mut Frame<'_>, area: Rect) {
    let text = [
        "i    INT, as Ctrl-C",
        "t    TERM, asks it to end",
        "x    KILL, ends it at once",
        "",
        "Esc  let it run",
    ];
    let mut lines: Vec<Line<'_>> = text.iter().map(|t| Line::from(*t)).collect();
    if let Some(text) = app.run.as_ref().and_then(|r| r.find(command).map(|c| r.text_of(c))) {
        let first = clip(text.lines().next().unwrap_or_default(), usize::from(area.width) - 12);
        lines.insert(0, Line::from(Span::styled(first, app.theme.strong())));
        lines.insert(1, Line::from(""));
    }
    boxed(app.theme, "End the running command", lines, frame, area);
}
