//! Keys at a gate: GO and NO-GO, with a reason where something is open.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::run::gates::{GateId, Point};
use crate::run::{Outcome, Request, gates};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Overlay, Purpose};
use crate::tui::msg::Effect;
use crate::tui::update::common::{is_char, open_field, send, takes};
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::wrap_words;

/// Keys while a gate's board is in front.
pub(in crate::tui) fn pressed(
    app: &mut App,
    (which, row): (GateId, usize),
    key: KeyEvent,
    at: Instant,
) -> Vec<Effect> {
    let go = is_char(key, 'g');
    if !(go || key.code == KeyCode::F(7)) {
        let row = match key.code {
            KeyCode::Down | KeyCode::Char('j') => row + 1,
            KeyCode::Up | KeyCode::Char('k') => row.saturating_sub(1),
            KeyCode::PageDown => row + 10,
            KeyCode::PageUp => row.saturating_sub(10),
            _ => row,
        };
        let most = gate_rest(app, which);
        app.overlays.push(Overlay::Gate(which, row.min(most)));
        return vec![];
    }
    if !takes(app, Overlay::Gate(which, row), at) {
        return vec![];
    }
    let open = gates::open_words(app.gate_board(which));
    if go && open.is_empty() {
        return decided(app, which, String::new());
    }
    let (title, purpose) = match (go, which) {
        (true, _) => ("GO although something is open: why?", Purpose::Go(which)),
        (false, GateId::Change) => ("NO-GO ends the run: why?", Purpose::NoGo(which)),
        (false, _) => ("NO-GO: why?", Purpose::NoGo(which)),
    };
    let lines = open.iter().take(6).cloned().collect();
    open_field(app, Field::new(title, purpose).knowing(lines));
    vec![]
}

/// GO at a gate; the last one ends the run.
pub(in crate::tui) fn decided(app: &mut App, gate: GateId, reason: String) -> Vec<Effect> {
    let request = match gate {
        GateId::SignOff => Request::Finish { outcome: Outcome::Deployed, reason },
        gate => Request::DecideGate { gate, go: true, reason },
    };
    send(app, request)
}

/// Rows of the board that are shown at once.
fn gate_height(area_height: u16) -> usize {
    usize::from(area_height).saturating_sub(9).max(1)
}

fn gate_width(area_width: u16) -> usize {
    usize::from(area_width).saturating_sub(12).min(90)
}

/// What is open before a gate, and what else to know, wrapped.
fn gate_lines(app: &App, points: &[Point], width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for point in points {
        let (sign, style) = if point.open {
            (app.theme.sign("✗", "X"), app.theme.wants())
        } else {
            (app.theme.sign("·", "."), app.theme.dim())
        };
        for (at, part) in wrap_words(&point.words, width.saturating_sub(3)).into_iter().enumerate() {
            let head = if at == 0 { sign } else { " " };
            lines.push(Line::from(Span::styled(format!("{head} {part}"), style)));
        }
    }
    lines
}

/// How far the board can be scrolled down.
fn gate_rest(app: &App, which: GateId) -> usize {
    gate_lines(app, app.gate_board(which), gate_width(app.size.0))
        .len()
        .saturating_sub(gate_height(app.size.1))
}

/// Draws its board, scrolled down by so many rows.
pub(in crate::tui) fn draw(app: &App, (which, row): (GateId, usize), frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let board = app.gate_board(which);
    let open = gates::open_words(board).len();
    let head = match (open, board.len()) {
        (0, 0) => Span::styled("All green: nothing is open.", app.theme.good()),
        (0, known) => {
            Span::styled(format!("Nothing is open. GO accepts what follows ({known}):"), app.theme.wants())
        }
        (1, _) => Span::styled("1 thing is open; GO needs a reason:", app.theme.wants()),
        (open, _) => Span::styled(format!("{open} things are open; GO needs a reason:"), app.theme.wants()),
    };
    let mut lines: Vec<Line<'_>> = vec![Line::from(head)];
    let all = gate_lines(app, board, gate_width(area.width));
    let (length, shown) = (all.len(), gate_height(area.height));
    lines.extend(all.into_iter().skip(row).take(shown));
    if length > row + shown {
        lines.push(Line::from(Span::styled(format!("{} more below", length - row - shown), app.theme.dim())));
    }
    lines.push(Line::from(""));
    let key = |k: &'static str| Span::styled(k, app.theme.strong());
    let (go, no) = match which {
        GateId::Change => (" GO   ", " NO-GO, ends the run   "),
        GateId::Verified => (" GO   ", " NO-GO, then roll back or end as failed   "),
        GateId::SignOff => (" GO, ends as deployed   ", " NO-GO   "),
    };
    lines.push(Line::from(vec![
        key("g"),
        Span::raw(go),
        key("F7"),
        Span::raw(no),
        key("Esc"),
        Span::raw(" not yet"),
    ]));
    let title = format!("Go or no-go for {}, {}", run.environment(), which.title());
    boxed(app.theme, &title, lines, frame, area);
}
