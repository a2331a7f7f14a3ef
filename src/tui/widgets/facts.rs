//! What is known of a row that is watched, in words.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::figures::running;
use crate::run::board::{Board, Row};
use crate::run::health::RowLevel;
use crate::tui::theme::Theme;
use crate::tui::widgets::rows::{UNKNOWN, is_figure, known, since};
use crate::tui::widgets::text::{time, wrap_words};

/// The run that a row is looked at beside.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::tui) struct Around<'r> {
    /// There is one: what was before it counts.
    pub(in crate::tui) run: bool,
    /// The container that it is in, from which nothing is looked at.
    pub(in crate::tui) inside: Option<&'r str>,
}

/// What is known of a row, the most important first.
pub(in crate::tui) fn facts(
    theme: Theme,
    (board, row): (&Board, &Row),
    around: Around<'_>,
    width: usize,
) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = vec![];
    let mut add = |text: String, style: Style| {
        let rows = wrap_words(&text, width.saturating_sub(2));
        lines.extend(rows.into_iter().map(|row| Line::from(Span::styled(format!(" {row}"), style))));
    };
    if !row.about.is_empty() {
        let style = if row.level.calls() { theme.strong() } else { Style::new() };
        add(row.about.clone(), style);
    }
    if let Some(alert) = &row.alert {
        let times = if alert.times > 1 { format!(", {} times", alert.times) } else { String::new() };
        let known = known(alert).unwrap_or_else(|| UNKNOWN.to_owned());
        add(
            format!("{} since {}{times}; {known}", alert.level.word(), since(alert.since, board.at)),
            Style::new(),
        );
    }
    if let Some(stopped) = &row.stopped_by {
        let due = stopped.due.signed_duration_since(board.at).num_seconds();
        let due = if due >= 0 {
            format!("due back in {}", running(due.unsigned_abs()))
        } else {
            format!("due back {} ago", running(due.unsigned_abs()))
        };
        add(format!("stopped by {} at {}, {due}", stopped.command, time(stopped.since)), Style::new());
    }
    if let Some(change) = &row.after_change {
        add(
            format!("last change before it: {} {}, {}", change.command, change.text, time(change.at)),
            Style::new(),
        );
    }
    if let Some(answering) = row.answering.as_ref().filter(|a| a.looks > 0) {
        let longest = answering.longest_s(board.at);
        let on = if answering.longest.is_some_and(|s| s.until.is_none()) { ", now" } else { "" };
        let longest = if longest == 0 {
            String::new()
        } else {
            format!("; longest without an answer: {}{on}", running(longest))
        };
        add(format!("answered {} of {} looks{longest}", answering.answered, answering.looks), Style::new());
    }
    if let Some(before) = row.before.as_ref().filter(|_| is_figure(row) && around.run) {
        let amount = |value| row.now.amount(value);
        let words = row.changed.words();
        let after =
            row.after.map_or(String::new(), |after| format!("; since the release {}", amount(after.median)));
        let words = if words.is_empty() { words } else { format!(": {words}") };
        add(format!("before {} (n = {}){after}{words}", amount(before.median), before.n), Style::new());
    }
    if row.written.iter().any(|w| !w.is_empty()) {
        let [target, acceptable, alert] = &row.written;
        let said = [("target", target), ("acceptable", acceptable), ("alert", alert)];
        let said: Vec<String> =
            said.iter().filter(|(_, w)| !w.is_empty()).map(|(name, w)| format!("{name} {w}")).collect();
        add(said.join("   "), theme.dim());
    }
    if row.seen != row.level && row.seen.is_judged() && row.level != RowLevel::Stopped {
        add(format!("{} at the last look; that does not count yet", row.seen.word()), theme.dim());
    }
    let inside = around.inside.map(|name| format!(", not from inside {name}"));
    if board.from.is_some() || inside.is_some() {
        let from = board.from.as_deref().unwrap_or("this machine");
        add(format!("measured from {from}{}", inside.unwrap_or_default()), theme.dim());
    }
    lines
}
