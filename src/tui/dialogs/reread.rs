//! A run that goes by another reading of its document than this version has: asks whether it goes on by this one.

use std::time::Instant;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::run::RunState;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Overlay, TextBox};
use crate::tui::dialogs::text;
use crate::tui::msg::Effect;
use crate::tui::update::common::{is_char, scrolled, send, takes};

/// Asks whether the run goes on as this version reads the document, where it goes by another reading.
pub(in crate::tui) fn ask(app: &mut App) -> Vec<Effect> {
    let open = app.run.as_ref().is_some_and(RunState::reads_differently);
    let Some(reread) = app.book.reread.clone().filter(|_| open && !app.session.looks_on()) else {
        return vec![];
    };
    if reread.is_form_only() {
        return accept(app);
    }
    let lines = std::iter::once(reread.headline()).chain([String::new()]).chain(reread.lines()).collect();
    let title = "The document is read differently".to_owned();
    app.overlays.retain(|o| !matches!(o, Overlay::Reread(_)));
    app.overlays.push(Overlay::Reread(Box::new(TextBox { title, lines, row: 0 })));
    vec![]
}

fn accept(app: &mut App) -> Vec<Effect> {
    let request = app.book.reread.as_ref().zip(app.run.as_ref()).map(|(reread, run)| reread.accepted(run));
    request.map_or(vec![], |request| send(app, request))
}

/// What differs is read to its end before it is accepted.
pub(in crate::tui) fn pressed(app: &mut App, mut text: TextBox, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let rest = text::rest(app, &text);
    if is_char(key, 'y') && rest == 0 {
        let taken = takes(app, Overlay::Reread(Box::new(text)), at);
        return if taken { accept(app) } else { vec![] };
    }
    text.row = scrolled(text.row, rest, key);
    app.overlays.push(Overlay::Reread(Box::new(text)));
    vec![]
}

/// Draws what differs.
pub(in crate::tui) fn draw(app: &App, box_: &TextBox, frame: &mut Frame<'_>, area: Rect) {
    text::draw(app, box_, "y  continue as it is read now   Esc  run nothing", frame, area);
}
