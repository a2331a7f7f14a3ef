//! Before and after the release: each figure as it was and as it has been since, and whether that is more than it moves
//! by itself.

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::figures::{counted, elapsed, span};
use crate::run::board::{Board, Changed, Compared, Row};
use crate::run::health::{RowLevel, Usual};
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::theme::Theme;
use crate::tui::widgets::text::{clip, fit, put, scroll_to, time, wrap_words};

/// Columns of a figure.
const FIGURE: usize = 11;

/// Draws it.
pub(super) fn draw(app: &App, board: &Board, rows: &[&Row], frame: &mut Frame<'_>, area: Rect) {
    let Some(compared) = &board.compared else {
        let words = format!(
            "Nothing was changed yet: what was before the release is taken at the first GO, or with {}.",
            app.key(Action::Baseline)
        );
        let told = wrap_words(&words, usize::from(area.width).saturating_sub(2));
        for (at, words) in told.into_iter().enumerate() {
            put(frame, area, at, Line::from(format!(" {words}")));
        }
        return;
    };
    let theme = app.theme;
    let mut lines = vec![head(theme, board.at, compared), Line::default()];
    let longest = rows.iter().map(|row| row.title.width()).max().unwrap_or(0);
    let what = longest.clamp(12, usize::from(area.width).saturating_sub(3 + 3 * (FIGURE + 1) + 22).max(12));
    let titles = format!(
        "   {} {:>FIGURE$} {:>FIGURE$} {:>FIGURE$}  as a whole",
        fit("what", what),
        "before",
        "after",
        "change"
    );
    lines.push(Line::from(Span::styled(titles, theme.dim())));
    let height = usize::from(area.height).saturating_sub(lines.len() + 3);
    let mut told: Vec<&&Row> = rows.iter().filter(|row| is_told(row)).collect();
    told.sort_by_key(|row| !row.changed.is_worse());
    let top = scroll_to(app.screens.health.scrolled.min(told.len().saturating_sub(1)), told.len(), height);
    let left = told.len().saturating_sub(top + height);
    lines.extend(told.iter().skip(top).take(height).map(|row| line(theme, row, what)));
    if left > 0 {
        lines.push(Line::from(Span::styled(format!(" {} {left} more", theme.sign("▾", "v")), theme.wants())));
    }
    lines.push(Line::from(Span::styled(released(compared), theme.dim())));
    for (at, line) in lines.into_iter().enumerate() {
        put(frame, area, at, line);
    }
}

/// Whether there is anything to compare of a row.
pub(super) fn is_told(row: &Row) -> bool {
    row.before.is_some()
        || row.after.is_some()
        || !matches!(row.changed, Changed::NotYet | Changed::NotMeasured)
}

fn head(theme: Theme, now: DateTime<Utc>, compared: &Compared) -> Line<'static> {
    let (from, until) = compared.before;
    let length = until.signed_duration_since(from).num_seconds().max(0) as u64;
    let after = compared.after.map_or("not yet".into(), |at| {
        let passed = now.signed_duration_since(at).num_seconds().max(0) as u64;
        format!("{} since {}", span(passed), time(at))
    });
    Line::from(vec![
        Span::styled(" Before and after the release", theme.strong()),
        Span::raw(format!("   before: {} to {}   after: {after}", span(length), time(until))),
    ])
}

fn line(theme: Theme, row: &Row, what: usize) -> Line<'static> {
    let amount = |of: Option<Usual>| of.map_or("–".into(), |usual| row.now.amount(usual.median));
    let change = match (row.before, row.after) {
        (Some(before), Some(after)) => {
            let difference = after.median - before.median;
            let words = row.now.amount(difference.abs());
            if row.now.amount(before.median) == row.now.amount(after.median) {
                "none".into()
            } else {
                format!("{}{words}", if difference > 0.0 { "+" } else { "-" })
            }
        }
        _ => String::new(),
    };
    let style = match row.changed {
        changed if changed.is_worse() => {
            theme.level(if changed == Changed::WorseAbove { RowLevel::Alert } else { RowLevel::Watch })
        }
        Changed::Better | Changed::AsBefore => theme.level(RowLevel::Ok),
        _ => theme.dim(),
    };
    let sign = match row.changed {
        Changed::WorseAbove => theme.level_sign(RowLevel::Alert),
        changed if changed.is_worse() => theme.level_sign(RowLevel::Watch),
        Changed::Better | Changed::AsBefore => theme.level_sign(RowLevel::Ok),
        _ => theme.level_sign(RowLevel::NotMeasured),
    };
    Line::from(vec![
        Span::styled(format!(" {sign} "), style),
        Span::raw(format!(
            "{} {:>FIGURE$} {:>FIGURE$} {:>FIGURE$}  ",
            fit(&row.title, what),
            clip(&amount(row.before), FIGURE),
            clip(&amount(row.after), FIGURE),
            clip(&change, FIGURE)
        )),
        Span::styled(row.changed.words(), style),
    ])
}

/// What lies between: the release itself.
fn released(compared: &Compared) -> String {
    let down = compared.down_ms.filter(|ms| *ms > 0);
    let down = down.map_or("always answered".into(), |ms| format!("no answer for {}", elapsed(ms)));
    let (all, open) = compared.alerts;
    format!(
        " the release itself: {down}, {} of {} looks; {}, {open} open",
        compared.unanswered,
        compared.looks,
        counted(all, "alert")
    )
}
