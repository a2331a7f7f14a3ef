//! History: runs of this document and their results.
//!
//! ```text
//!   began         where       came          took     left  by    signed
//! ▸ 25 Nov 21:02  Production  deployed      1 h 11 min  2  ada   ada, grace
//! ──────────────────────────────────────────────────────────────────────────────
//!  Commands that were edited: 3.3/2 …                      of the run at the cursor
//! ```

use chrono::Local;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::figures::elapsed as span;
use crate::record::history::Told;
use crate::record::review;
use crate::run::Outcome;
use crate::tui::app::App;
use crate::tui::widgets::text::{clip, fit, put, rule, scroll_to, wrap_words};

/// Rows for what the run at the cursor left.
const POINTS: u16 = 6;

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(history) = &app.screens.history.runs else {
        put(frame, area, 0, Line::from(" reading the runs"));
        return;
    };
    if history.is_empty() {
        put(frame, area, 0, Line::from(" This document was never run here."));
        return;
    }
    let width = usize::from(area.width);
    let head = format!(
        "   {:<13} {:<11} {:<12} {:>11} {:>4}  {:<8} signed",
        "began", "where", "came", "took", "left", "by"
    );
    put(frame, area, 0, Line::from(Span::styled(clip(&head, width), app.theme.dim())));
    let rows = usize::from(area.height.saturating_sub(POINTS + 2));
    let at = app.screens.history.row.min(history.len() - 1);
    let top = scroll_to(at, history.len(), rows);
    for (row, (number, told)) in history.iter().enumerate().skip(top).take(rows).enumerate() {
        put(frame, area, row + 1, line(app, told, number == at, width));
    }
    let below = usize::from(area.height.saturating_sub(POINTS + 1));
    rule(app.theme, frame, area, below);
    for (row, words) in points(&history[at], width).into_iter().take(usize::from(POINTS)).enumerate() {
        put(frame, area, below + 1 + row, Line::from(format!(" {words}")));
    }
}

fn line(app: &App, told: &Told, here: bool, width: usize) -> Line<'static> {
    let run = &told.summary;
    let began =
        run.started.map_or("-".to_owned(), |t| t.with_timezone(&Local).format("%d %b %H:%M").to_string());
    let style = match run.outcome {
        Some(Outcome::Deployed) => app.theme.good(),
        Some(Outcome::RolledBack | Outcome::Unconfirmed) | None => app.theme.wants(),
        Some(_) => app.theme.bad(),
    };
    let pointer = if here { app.theme.sign("▸", ">") } else { " " };
    let words = if here { app.theme.strong() } else { ratatui::style::Style::new() };
    let took = told.took_ms.map_or("-".to_owned(), span);
    let rest = format!("{took:>11} {:>4}  {} {}", told.deviations, fit(&run.operator, 8), told.signers());
    let left = format!(" {} {} ", fit(&began, 13), fit(&run.environment, 11));
    Line::from(vec![
        Span::styled(format!(" {pointer}"), app.theme.wants()),
        Span::styled(left, words),
        Span::styled(fit(&told.came(), 12), style),
        Span::styled(clip(&format!(" {rest}"), width.saturating_sub(41)), words),
    ])
}

/// What the run left, a line a point.
fn points(told: &Told, width: usize) -> Vec<String> {
    let signed = if told.signed.is_empty() {
        "not signed".to_owned()
    } else {
        format!("signed by {}", told.signers())
    };
    let mut lines = vec![format!("{}, {signed}  {}", told.summary.id, told.summary.document)];
    if told.points.is_empty() && !told.damaged {
        lines.push(review::NOTHING.to_owned());
    }
    for (about, points) in review::grouped(&told.points) {
        for point in points {
            lines.extend(wrap_words(&format!("{}: {}", about.title(), point.words), width.saturating_sub(2)));
        }
    }
    lines
}
