//! A run that goes by another reading of its document than this version has: asks whether it goes on by this one.

use std::time::Instant;

use crossterm::event::KeyEvent;

use super::super::app::{App, Overlay, TextBox};
use super::super::msg::Effect;
use super::super::views;
use super::common::{is_char, scrolled, send, takes};
use crate::run::RunState;

/// Asks whether the run goes on as this version reads the document, where it goes by another reading.
pub(super) fn ask(app: &mut App) -> Vec<Effect> {
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
pub(super) fn pressed(app: &mut App, mut text: TextBox, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let rest = views::overlay::text_rest(app, &text);
    if is_char(key, 'y') && rest == 0 {
        let taken = takes(app, Overlay::Reread(Box::new(text)), at);
        return if taken { accept(app) } else { vec![] };
    }
    text.row = scrolled(text.row, rest, key);
    app.overlays.push(Overlay::Reread(Box::new(text)));
    vec![]
}
