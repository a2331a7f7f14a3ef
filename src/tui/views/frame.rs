//! The frame: what is deployed where, by whom, how far; the place as observed.

use chrono::Utc;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::app::App;
use super::{clip, clock, put, rule};
use crate::run::flow;

/// Draws the frame.
pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let Some(run) = &app.run else {
        let title = clip(&app.runbook.title, width.saturating_sub(32));
        let front = |name: &str| app.runbook.front.get(name).cloned();
        let right = [front("Version").map(|v| format!("v{v}")), front("Date")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        let left = format!(" gonogo {} {title}", app.theme.sign("·", "-"));
        let gap = width.saturating_sub(left.width() + right.width() + 1);
        put(
            frame,
            area,
            0,
            Line::from(vec![
                Span::styled(left, app.theme.strong()),
                Span::raw(" ".repeat(gap)),
                Span::raw(right),
            ]),
        );
        rule(app, frame, area, 1);
        return;
    };
    let name = if run.production() { run.environment().to_uppercase() } else { run.environment().to_owned() };
    let dot = app.theme.sign("·", "-");
    let elapsed = run.start().map_or(0, |(_, at)| {
        run.outcome().map_or(Utc::now(), |(_, end)| end).signed_duration_since(at).num_seconds().max(0) as u64
    });
    let estimate: u64 = run.runbook().steps.iter().filter_map(|s| s.estimate_s).sum();
    let of = if estimate > 0 { format!(" of ~{}", clock(estimate)) } else { String::new() };
    let left = format!(" {dot} {} {dot} {} {dot} {}{of}", run.id(), run.operator(), clock(elapsed));
    let (settled, all) = flow::progress(run, &run.runbook().step_commands());
    let gate = match (run.outcome(), run.gate()) {
        (Some((outcome, _)), _) => outcome.to_string(),
        (None, Some(gate)) if gate.go => "gate: GO".to_owned(),
        _ => format!("gate: {} open", run.open_items().len()),
    };
    let right = format!("{settled} of {all}   {gate} ");
    let gap = width.saturating_sub(name.width() + 2 + left.width() + right.width());
    let spans = vec![
        Span::styled(format!(" {name} "), app.theme.environment(run.production())),
        Span::raw(left),
        Span::raw(" ".repeat(gap)),
        Span::raw(right),
    ];
    put(frame, area, 0, Line::from(spans));
    let ticket = run.start().and_then(|(s, _)| s.ticket.clone()).unwrap_or_default();
    let place = clip(&run.place().to_string(), width.saturating_sub(ticket.width() + 3));
    let gap = width.saturating_sub(place.width() + ticket.width() + 2);
    put(
        frame,
        area,
        1,
        Line::from(vec![
            Span::styled(format!(" {place}"), app.theme.name()),
            Span::raw(" ".repeat(gap)),
            Span::raw(ticket),
        ]),
    );
    rule(app, frame, area, 2);
}
