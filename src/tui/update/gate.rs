//! Keys at a gate: GO and NO-GO, with a reason where something is open.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Field, Overlay, Purpose};
use super::super::msg::Effect;
use super::super::views;
use super::common::{is_char, open_field, send, takes};
use crate::run::gates::{self, GateId};
use crate::run::{Outcome, Request};

/// Keys while a gate's board is in front.
pub(super) fn pressed(
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
        let most = views::overlay::gate_rest(app, which);
        app.overlays.push(Overlay::Gate(which, row.min(most)));
        return vec![];
    }
    if !takes(app, Overlay::Gate(which, row), at) {
        return vec![];
    }
    let Some(run) = &app.run else { return vec![] };
    let open = gates::open_words(&gates::board(run, which, &app.outside()));
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
pub(super) fn decided(app: &mut App, gate: GateId, reason: String) -> Vec<Effect> {
    let request = match gate {
        GateId::SignOff => Request::Finish { outcome: Outcome::Deployed, reason },
        gate => Request::DecideGate { gate, go: true, reason },
    };
    send(app, request)
}
