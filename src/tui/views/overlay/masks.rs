//! What masks hide: names, and for a short time the values.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::super::app::{App, Masks, Stage};
use super::super::super::update::SHOWN_FOR;
use super::super::boxed::boxed;
use super::super::text::{wrap_code, wrap_words};
use crate::text as words;

/// Draws it.
pub(super) fn masks_box(app: &App, masks: &Masks, frame: &mut Frame<'_>, area: Rect) {
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
    boxed(app, &title, lines, frame, area);
}

/// Rows that don't fit under the one scrolled to.
pub(in crate::tui) fn masks_rest(app: &App, masks: &Masks) -> usize {
    rows(app, masks, app.size.0).len().saturating_sub(masks.row + height(app.size.1))
}

fn height(rows: u16) -> usize {
    usize::from(rows).saturating_sub(6)
}

fn rows(app: &App, masks: &Masks, columns: u16) -> Vec<Line<'static>> {
    let width = usize::from(columns).saturating_sub(10).min(100);
    let plain = |text: &str| wrap_words(text, width).into_iter().map(Line::from).collect::<Vec<_>>();
    let asks = format!(
        "Passwords and keys come onto this screen as they are, for {} s. Look who can see it, and what records it. \
         gonogo keeps nothing of them; that you looked is recorded.",
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
