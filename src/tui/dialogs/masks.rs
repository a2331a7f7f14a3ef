//! What masks hide: by name for everybody, the values for whoever has control, on this screen and for a short time.

use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::mask::Hidden;
use crate::protocol::Values;
use crate::run::Request;
use crate::runbook::CommandId;
use crate::text as words;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Masks, Overlay, Stage};
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::update::common::{is_char, scrolled, send, takes};
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::{wrap_code, wrap_words};

/// After this long values go by themselves.
pub(in crate::tui) const SHOWN_FOR: Duration = Duration::from_secs(20);

/// Opens the legend: of the output that is read, else of the run.
pub(in crate::tui) fn open(app: &mut App) {
    let of = app.screens.output.command.clone().filter(|_| app.screen == Screen::Output);
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
pub(in crate::tui) fn pressed(app: &mut App, mut masks: Masks, key: KeyEvent, at: Instant) -> Vec<Effect> {
    match masks.stage {
        Stage::Names if is_char(key, 'v') => {
            if app.session.looks_on() {
                let why = app.looks_on_because();
                app.say(why);
            } else if legend(app, masks.of.as_ref()).iter().any(Hidden::is_kept) {
                masks.stage = Stage::Asks;
            } else {
                app.say("gonogo does not know these values: they appeared only in the output");
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
        _ => masks.row = scrolled(masks.row, masks_rest(app, &masks), key),
    }
    app.overlays.push(Overlay::Masks(Box::new(masks)));
    vec![]
}

/// The values have come. Whoever does not wait for them any more does not get to see them.
pub(in crate::tui) fn came(app: &mut App, values: Values) -> Vec<Effect> {
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
pub(in crate::tui) fn hide(app: &mut App, number: u64) {
    keep(app, |stage| !matches!(stage, Stage::Values(_, shown) if *shown == number));
}

/// Whoever was asked for them has gone, or refuses.
pub(in crate::tui) fn forget(app: &mut App) {
    keep(app, |stage| !matches!(stage, Stage::Waits | Stage::Values(..)));
}

fn keep(app: &mut App, which: impl Fn(&Stage) -> bool) {
    app.overlays.retain(|overlay| !matches!(overlay, Overlay::Masks(masks) if !which(&masks.stage)));
}

/// Draws it.
pub(in crate::tui) fn draw(app: &App, masks: &Masks, frame: &mut Frame<'_>, area: Rect) {
    let rest = masks_rest(app, masks);
    let keys = match masks.stage {
        Stage::Names => "v shows values on this screen   Esc goes back",
        Stage::Asks => "y shows them   Esc goes back",
        Stage::Waits => "Esc goes back",
        Stage::Values(..) => "Esc hides them",
    };
    let mut lines: Vec<Line<'_>> =
        rows(app, masks, area.width).into_iter().skip(masks.row).take(height(area.height)).collect();
    lines.push(Line::from(""));
    let more = if rest > 0 { format!("j shows {rest} rows more   ") } else { String::new() };
    lines.push(Line::from(Span::styled(format!("{more}{keys}"), app.theme.dim())));
    let what = if matches!(masks.stage, Stage::Values(..)) { "Values behind" } else { "What is behind" };
    let title = match &masks.of {
        Some(command) => format!("{what} the masks in {command}"),
        None => format!("{what} the masks of this run"),
    };
    boxed(app.theme, &title, lines, frame, area);
}

/// Rows that don't fit under the one scrolled to.
fn masks_rest(app: &App, masks: &Masks) -> usize {
    rows(app, masks, app.size.0).len().saturating_sub(masks.row + height(app.size.1))
}

fn height(rows: u16) -> usize {
    usize::from(rows).saturating_sub(6)
}

fn rows(app: &App, masks: &Masks, columns: u16) -> Vec<Line<'static>> {
    let width = usize::from(columns).saturating_sub(10).min(100);
    let plain = |text: &str| wrap_words(text, width).into_iter().map(Line::from).collect::<Vec<_>>();
    let asks = format!(
        "Passwords and keys will be readable on this screen for {} s. Check who can see it, and what records it. \
         gonogo stores none of them, but records that you looked.",
        SHOWN_FOR.as_secs()
    );
    match &masks.stage {
        Stage::Names => {
            let legend = app.run.as_ref().map_or(vec![], |run| words::legend(run, masks.of.as_ref()));
            legend.iter().flat_map(|line| plain(line)).collect()
        }
        Stage::Asks => plain(&asks),
        Stage::Waits => plain("…"),
        Stage::Values(values, _) => {
            let mut rows = Vec::new();
            for (hidden, value) in &values.0 {
                let name = Span::styled(hidden.to_string(), app.theme.dim());
                rows.push(Line::from(name));
                match value {
                    Some(value) => {
                        let lines = value.lines().flat_map(|line| wrap_code(line, width));
                        rows.extend(lines.map(|l| Line::from(Span::styled(l, app.theme.strong()))));
                    }
                    None => rows.extend(plain("not known any more")),
                }
            }
            rows
        }
    }
}
