//! What masks hide: by name for everybody, the values for whoever has control, on this screen and for a short time.

use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;

use super::super::app::{App, Masks, Overlay, Place, Stage};
use super::super::msg::Effect;
use super::super::views;
use super::common::{is_char, scrolled, send, takes};
use crate::mask::Hidden;
use crate::protocol::Values;
use crate::run::Request;
use crate::runbook::CommandId;
use crate::text as words;

/// After this long values go by themselves.
pub(in crate::tui) const SHOWN_FOR: Duration = Duration::from_secs(20);

/// Opens the legend: of the output that is read, else of the run.
pub(super) fn open(app: &mut App) {
    let of = app.screens.output.command.clone().filter(|_| app.place == Place::Output);
    if legend(app, of.as_ref()).is_empty() {
        app.say(if of.is_some() { "nothing is masked in this output" } else { "nothing was masked so far" });
        return;
    }
    app.overlays.push(Overlay::Masks(Box::new(Masks { of, stage: Stage::Names, row: 0 })));
}

fn legend(app: &App, of: Option<&CommandId>) -> Vec<Hidden> {
    app.run.as_ref().map_or(vec![], |run| words::masks(run, of).into_keys().cloned().collect())
}

/// A key for it.
pub(super) fn pressed(app: &mut App, mut masks: Masks, key: KeyEvent, at: Instant) -> Vec<Effect> {
    match masks.stage {
        Stage::Names if is_char(key, 'v') => {
            if app.session.looks_on() {
                let why = app.session.looks_on_because();
                app.say(why);
            } else if legend(app, masks.of.as_ref()).iter().any(Hidden::is_kept) {
                masks.stage = Stage::Asks;
            } else {
                app.say("gonogo knows none of these values: only the output had them");
            }
        }
        Stage::Asks if is_char(key, 'y') => {
            if !takes(app, Overlay::Masks(Box::new(masks.clone())), at) {
                return vec![];
            }
            let mut hidden = legend(app, masks.of.as_ref());
            hidden.retain(Hidden::is_kept);
            masks.stage = Stage::Waits;
            app.overlays.push(Overlay::Masks(Box::new(masks)));
            return send(app, Request::ShowSecrets { hidden });
        }
        _ => masks.row = scrolled(masks.row, views::overlay::masks_rest(app, &masks), key),
    }
    app.overlays.push(Overlay::Masks(Box::new(masks)));
    vec![]
}

/// The values have come. Whoever does not wait for them any more does not get to see them.
pub(super) fn came(app: &mut App, values: Values) -> Vec<Effect> {
    let number = app.run.as_ref().map_or(0, |run| run.seq().0);
    match app.overlays.last_mut() {
        Some(Overlay::Masks(masks)) if matches!(masks.stage, Stage::Waits) => {
            (masks.stage, masks.row) = (Stage::Values(values, number), 0);
            vec![Effect::HideAfter(SHOWN_FOR, number)]
        }
        _ => vec![],
    }
}

/// The time of the values with this number is over.
pub(super) fn hide(app: &mut App, number: u64) {
    keep(app, |stage| !matches!(stage, Stage::Values(_, shown) if *shown == number));
}

/// Whoever was asked for them has gone, or refuses.
pub(super) fn forget(app: &mut App) {
    keep(app, |stage| !matches!(stage, Stage::Waits | Stage::Values(..)));
}

fn keep(app: &mut App, which: impl Fn(&Stage) -> bool) {
    app.overlays.retain(|overlay| !matches!(overlay, Overlay::Masks(masks) if !which(&masks.stage)));
}
