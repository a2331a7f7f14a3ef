//! Who goes on with the run, and what they have to know.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::run::Request;
use crate::text as words;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::update::common::{send, takes};
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::{clip, wrap_words};

/// Picks who goes on; that is told to everybody, and control is free.
pub(in crate::tui) fn pressed(app: &mut App, chosen: usize, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let heirs = app.session.heirs();
    let chosen = chosen.min(heirs.len() - 1);
    let chosen = match key.code {
        KeyCode::Down | KeyCode::Char('j') => (chosen + 1).min(heirs.len() - 1),
        KeyCode::Up | KeyCode::Char('k') => chosen.saturating_sub(1),
        KeyCode::Enter => {
            let taken = takes(app, Overlay::HandOver(chosen), at);
            let to = heirs.into_iter().nth(chosen).filter(|_| taken);
            return to.map_or(vec![], |to| send(app, Request::HandOver { to }));
        }
        _ => chosen,
    };
    app.overlays.push(Overlay::HandOver(chosen));
    vec![]
}

/// What somebody else has to know, and who can go on.
pub(in crate::tui) fn draw(app: &App, chosen: usize, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(12).min(90);
    let heirs = app.session.heirs();
    let known = app.run.as_ref().map_or(vec![], words::hand_over);
    let known: Vec<String> = known.iter().flat_map(|line| wrap_words(line, width)).collect();
    // A long list leaves room for who is chosen.
    let most = usize::from(area.height).saturating_sub(heirs.len() + 7).max(1);
    let hidden = known.len().saturating_sub(most);
    let mut lines: Vec<Line<'_>> = known.into_iter().take(most).map(Line::from).collect();
    if hidden > 0 {
        lines.push(Line::from(format!("and {hidden} more")));
    }
    lines.push(Line::from(""));
    for (at, heir) in heirs.into_iter().enumerate() {
        let here = at == chosen;
        let pointer = if here { app.theme.sign("▸ ", "> ") } else { "  " };
        let style = if here { app.theme.strong() } else { Style::new() };
        lines.push(Line::from(vec![
            Span::styled(pointer, app.theme.wants()),
            Span::styled(clip(&heir, width.saturating_sub(2)), style),
        ]));
    }
    let key = app.key(Action::TakeControl);
    let foot = format!("Enter hands over; they take control with {key}, or when they join   Esc goes back");
    lines.push(Line::from(Span::styled(clip(&foot, width), app.theme.dim())));
    boxed(app.theme, "Hand over to", lines, frame, area);
}
