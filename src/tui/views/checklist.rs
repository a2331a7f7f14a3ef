//! Checklist: what has to hold before the gate, after steps and at the end, with who said so.

use chrono::{Local, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::app::App;
use super::text::{clip, fit, put, scroll_to};
use crate::run::gates;
use crate::run::health::{self, Answer};
use crate::run::state::{CommandState, ItemState};
use crate::run::{RunState, due};
use crate::runbook::{CommandId, Due, Item};

/// Draws the screen.
pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let width = usize::from(area.width);
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut at_item = 0;
    let mut count = 0;
    for list in &run.runbook().checklists {
        let done = list.items.iter().filter(|i| run.item(&i.id).is_some()).count();
        let when = match &list.due {
            Due::Start => String::new(),
            _ if !due::counts(run, list) => format!("{}, skipped   ", list.due),
            due => format!("{due}   "),
        };
        let right = format!("{when}{done} of {} ", list.items.len());
        let title = fit(&format!(" {}", list.title), width.saturating_sub(right.len()));
        lines.push(Line::from(vec![Span::styled(title, app.theme.strong()), Span::raw(right)]));
        for item in &list.items {
            let here = count == app.screens.checklist.item;
            if here {
                at_item = lines.len();
            }
            lines.push(item_line(app, run, item, (here, width)));
            count += 1;
        }
    }
    if lines.is_empty() {
        lines.push(Line::from(" The document has no checklist."));
    }
    let top = scroll_to(at_item, lines.len(), usize::from(area.height));
    for (row, line) in lines.into_iter().skip(top).enumerate() {
        put(frame, area, row, line);
    }
}

fn item_line<'a>(app: &App, run: &RunState, item: &'a Item, layout: (bool, usize)) -> Line<'a> {
    let (here, width) = layout;
    let (mark, style, right) = match run.item(&item.id) {
        Some(ItemState::Ticked { by, at, evidence }) => {
            let when = at.with_timezone(&Local).format("%H:%M");
            let evidence = evidence.as_ref().map_or(String::new(), |e| format!("{e}   "));
            ("[x]", app.theme.good(), format!("{evidence}{by} {when}"))
        }
        Some(ItemState::Skipped { by, reason }) => {
            ("[-]", app.theme.dim(), format!("skipped: {reason}   {by}"))
        }
        None => ("[ ]", ratatui::style::Style::new(), hint(app, run, item)),
    };
    let pointer = if here { app.theme.sign("▸", ">") } else { " " };
    let right = clip(&right, width / 2);
    let room = width.saturating_sub(8 + unicode_width::UnicodeWidthStr::width(right.as_str()));
    let text = fit(&item.text, room);
    let text = if here { Span::styled(text, app.theme.strong()) } else { Span::raw(text) };
    Line::from(vec![
        Span::styled(format!("{pointer} "), app.theme.wants()),
        Span::styled(format!("{mark} "), style),
        text,
        Span::styled(format!(" {right}"), app.theme.dim()),
    ])
}

/// What the probes say about an item; the tick stays the operator's.
pub(in crate::tui) fn probed(app: &App, item: &Item) -> Option<String> {
    let evidence = health::answer(&item.text, app.health.as_ref()?, Utc::now())?;
    let says = match evidence.answer {
        Answer::Yes => "probe",
        Answer::No => "probe says no",
        Answer::Open => "probe can't say",
    };
    Some(format!("{says}: {}", evidence.words))
}

/// What could fulfil an open item: its own command, or a step that is still to come.
fn hint(app: &App, run: &RunState, item: &Item) -> String {
    let id = CommandId(item.id.0.clone());
    match run.command(&id) {
        CommandState::Running { .. } => return "runs".into(),
        CommandState::Exited { exit, elapsed_ms, .. } => {
            return format!("{exit}, {:.1} s: tick it if that will do", *elapsed_ms as f64 / 1000.0);
        }
        _ => {}
    }
    if let Some(command) = &item.command {
        return format!("r runs: {command}");
    }
    if let Some(seen) = probed(app, item) {
        return seen;
    }
    gates::made_by(&app.book.runbook, item).map_or(String::new(), |step| format!("made by {step}"))
}
