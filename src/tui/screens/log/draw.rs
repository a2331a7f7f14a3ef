//! Log and sign-off: the document's template as it will be written, and what a reviewer has to see.
//!
//! ```text
//!  The run is over: deployed. p signs as engineer.      what can be done now
//! ▸┃- [x] Code deployed: 21:14:03 +01:00                filled; ? stayed as it was
//!  ?- Reviewer: [Name] [Time]
//!
//!   Gates taken with something open                     to the right where there is room
//!   before the first change, by ada: …
//! ──────────────────────────────────────────────────────
//!  event 88: 3.1 Pull: 3.1/2 was its last command       where the line at the cursor comes from
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::run::{RunState, sign};
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::log::{Kind, LogRows, Row};
use crate::tui::widgets::text::{clip, put, rule, scroll_to, wrap_words};

/// Columns from which the points stand beside the log.
const WIDE: u16 = 110;

/// Rows for where the line at the cursor comes from.
const SOURCE_ROWS: u16 = 2;

/// What can be done now, in a sentence.
fn state(app: &App, run: &RunState) -> String {
    let key = |action| app.keys.shown(Screen::Log, action);
    let (sign, finish, fail) = (key(Action::Sign), key(Action::Finish), key(Action::Fail));
    match (run.outcome(), sign::wanted(run)) {
        _ if run.is_unconfirmed() => {
            format!(
                "All commands have run; manual checks are open: Enter on Steps shows them, {finish} ends the run."
            )
        }
        (Some((outcome, _)), Some(role)) => format!("The run is over: {outcome}. {sign} signs as {role}."),
        (Some((outcome, _)), None) => format!("The run is over: {outcome}, and signed off."),
        (None, _) if run.going_back().is_some() => {
            format!("{finish} ends the run as rolled back, when the rollback is complete; {fail} as failed.")
        }
        (None, _) => {
            format!("{finish} ends the run as deployed, when every command is settled; {fail} as failed.")
        }
    }
}

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let LogRows { log, beside, .. } = app.log();
    let at = app.screens.log.row.min((log.len() + beside.len()).saturating_sub(1));
    put(frame, area, 0, Line::from(Span::styled(format!(" {}", state(app, run)), app.theme.strong())));
    let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let list = Rect { height: area.height.saturating_sub(SOURCE_ROWS + 1), ..area };
    let source = log.iter().chain(beside).nth(at).map_or(String::new(), |row| row.source.clone());
    if area.width >= WIDE {
        let left = Rect { width: area.width / 2, ..list };
        let right = Rect { x: left.x + left.width + 1, width: area.width - left.width - 1, ..list };
        let in_log = at < log.len();
        column(
            app,
            frame,
            left,
            &log.iter().collect::<Vec<_>>(),
            (if in_log { at } else { log.len().saturating_sub(1) }, in_log),
        );
        column(
            app,
            frame,
            right,
            &beside.iter().collect::<Vec<_>>(),
            (at.saturating_sub(log.len()), !in_log),
        );
    } else {
        let gap = Row::plain(Kind::Text, String::new());
        let apart = log.len();
        let at = if at >= apart { at + 1 } else { at };
        let all: Vec<&Row> = log.iter().chain([&gap]).chain(beside).collect();
        column(app, frame, list, &all, (at, true));
    }
    rule(app.theme, frame, area, usize::from(list.height));
    let width = usize::from(area.width).saturating_sub(2);
    let mut rows = wrap_words(&source, width);
    if rows.len() > usize::from(SOURCE_ROWS) {
        rows.truncate(usize::from(SOURCE_ROWS));
        if let Some(last) = rows.last_mut() {
            *last = clip(&format!("{last} …"), width);
        }
    }
    for (row, words) in rows.into_iter().enumerate() {
        let line = Line::from(Span::styled(format!(" {words}"), app.theme.dim()));
        put(frame, area, usize::from(list.height) + 1 + row, line);
    }
}

fn column(app: &App, frame: &mut Frame<'_>, area: Rect, rows: &[&Row], (at, here): (usize, bool)) {
    let height = usize::from(area.height);
    let top = scroll_to(at, rows.len(), height);
    let width = usize::from(area.width).saturating_sub(4);
    for (place, (number, row)) in rows.iter().enumerate().skip(top).take(height).enumerate() {
        let chosen = here && number == at;
        let pointer = if chosen { app.theme.sign("▸", ">") } else { " " };
        let (mark, style) = match row.kind {
            Kind::Filled => (app.theme.sign("┃", "|"), app.theme.good()),
            Kind::Left => ("?", app.theme.wants()),
            Kind::Text | Kind::Title | Kind::Point => (" ", app.theme.dim()),
        };
        let words = match row.kind {
            Kind::Title => app.theme.strong(),
            _ if chosen => app.theme.strong(),
            _ => ratatui::style::Style::new(),
        };
        let line = Line::from(vec![
            Span::styled(pointer, app.theme.wants()),
            Span::styled(mark, style),
            Span::styled(format!(" {}", clip(&row.text, width)), words),
        ]);
        put(frame, area, place, line);
    }
}
