//! A command to confirm with another key: the whole of it has to be seen first.

use std::time::Instant;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::run::policy::Confirmation;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Confirm, Overlay};
use crate::tui::msg::Effect;
use crate::tui::update::common::{is_char, scrolled, takes};
use crate::tui::update::run;
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::{clip, wrap_code, wrap_words};

pub(in crate::tui) fn pressed(
    app: &mut App,
    mut confirm: Confirm,
    key: KeyEvent,
    at: Instant,
) -> Vec<Effect> {
    let rest = rest(app, &confirm);
    if is_char(key, 'y') && rest == 0 {
        if takes(app, Overlay::Confirm(confirm.clone()), at) {
            return run::confirmed(app, &confirm, Confirmation::TwoKeys);
        }
        return vec![];
    }
    confirm.row = scrolled(confirm.row, rest, key);
    app.overlays.push(Overlay::Confirm(confirm));
    vec![]
}

/// The rows of a command to confirm, without what is always under them.
fn rows(app: &App, confirm: &Confirm, columns: u16) -> Vec<Line<'static>> {
    let width = usize::from(columns).saturating_sub(12).min(100);
    let place = app.run.as_ref().map_or(String::new(), |r| format!("{} at {}", r.environment(), r.place()));
    let mut lines: Vec<Line<'static>> = wrap_words(&confirm.why, width).into_iter().map(Line::from).collect();
    lines.push(Line::from(""));
    let text = wrap_code(&confirm.text, width).into_iter();
    lines.extend(text.map(|l| Line::from(Span::styled(l, app.theme.bad()))));
    let target = confirm.target.iter().flat_map(|t| wrap_words(t, width));
    lines.extend(target.map(|t| Line::from(Span::styled(t, app.theme.strong()))));
    lines.push(Line::from(Span::styled(clip(&place, width), app.theme.name())));
    lines
}

/// Rows of a confirmation that don't fit under the one scrolled to: the last has to be seen before `y` counts.
fn rest(app: &App, confirm: &Confirm) -> usize {
    let rows = rows(app, confirm, app.size.0).len();
    rows.saturating_sub(confirm.row + height(app.size.1))
}

fn height(rows: u16) -> usize {
    usize::from(rows).saturating_sub(7)
}

pub(in crate::tui) fn draw(app: &App, confirm: &Confirm, frame: &mut Frame<'_>, area: Rect) {
    let rest = rest(app, confirm);
    let rows = rows(app, confirm, area.width).into_iter();
    let mut lines: Vec<Line<'_>> = rows.skip(confirm.row).take(height(area.height)).collect();
    lines.push(Line::from(""));
    lines.push(if rest > 0 {
        Line::from(Span::styled(format!("j shows {rest} rows more; read them first"), app.theme.wants()))
    } else {
        Line::from(vec![
            Span::styled("y", app.theme.strong()),
            Span::raw(" run it   "),
            Span::styled("Esc", app.theme.strong()),
            Span::raw(" go back"),
        ])
    });
    boxed(app.theme, "Run this?", lines, frame, area);
}
