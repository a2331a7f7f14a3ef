//! Checklist: what has to hold before the gate, after steps and at the end, with who said so.

use chrono::Local;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::RunState;
use crate::run::state::ItemState;
use crate::runbook::Item;
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::screens::checklist::Known;
use crate::tui::widgets::text::{clip, fit, put, scroll_to, wrap_words};

/// So many lines of an item's own command are shown under it.
const SHOWN: usize = 8;

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let width = usize::from(area.width);
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut at_item = 0;
    let mut count = 0;
    for (list, group) in run.runbook().checklists.iter().zip(app.checklist()) {
        let title = fit(&format!(" {}", list.title), width.saturating_sub(group.when.len()));
        let right = Span::raw(group.when.clone());
        lines.push(Line::from(vec![Span::styled(title, app.theme.strong()), right]));
        for (item, known) in list.items.iter().zip(&group.known) {
            let here = count == app.screens.checklist.item;
            if here {
                at_item = lines.len();
            }
            lines.extend(item_lines(app, run, (item, known), (here, width)));
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

/// An item with who says so, and with what is known of it: beside its words where both fit, else under them.
fn item_lines<'a>(
    app: &App,
    run: &RunState,
    (item, known): (&'a Item, &Known),
    layout: (bool, usize),
) -> Vec<Line<'a>> {
    let (here, width) = layout;
    let (mark, style, right, told) = match run.item(&item.id) {
        Some(ItemState::Ticked { by, at, evidence, reason }) => {
            let when = at.with_timezone(&Local).format("%H:%M");
            let all = [evidence.as_deref(), reason.as_deref()].into_iter().flatten();
            let told = all.collect::<Vec<_>>().join(": ");
            ("[x]", app.theme.good(), format!("{by} {when}"), (told, app.theme.dim()))
        }
        Some(ItemState::Skipped { by, reason }) => {
            ("[-]", app.theme.dim(), by.clone(), (format!("skipped: {reason}"), app.theme.dim()))
        }
        None => ("[ ]", Style::new(), String::new(), hint(app, item, known)),
    };
    let (told, told_style) = told;
    let pointer = if here { app.theme.sign("▸", ">") } else { " " };
    let beside = if told.is_empty() || right.is_empty() {
        format!("{told}{right}")
    } else {
        format!("{told}   {right}")
    };
    let fits = item.text.width() + beside.width() + 9 <= width;
    let right = if fits { beside } else { clip(&right, width / 2) };
    // The one looked at is written out.
    let room = width.saturating_sub(8 + right.width());
    let rows = if here { wrap_words(&item.text, room) } else { vec![item.text.clone()] };
    let text = fit(rows.first().map_or("", String::as_str), room);
    let strong = if here { app.theme.strong() } else { Style::new() };
    let text = Span::styled(text, strong);
    let mut lines = vec![Line::from(vec![
        Span::styled(format!("{pointer} "), app.theme.wants()),
        Span::styled(format!("{mark} "), style),
        text,
        Span::styled(format!(" {right}"), if fits { told_style } else { app.theme.dim() }),
    ])];
    let rest = rows.into_iter().skip(1);
    lines.extend(rest.map(|row| Line::from(Span::styled(format!("      {row}"), strong))));
    let below = wrap_words(&told, width.saturating_sub(8)).into_iter().filter(|_| !fits);
    lines.extend(below.map(|row| Line::from(Span::styled(format!("      {row}"), told_style))));
    if here {
        lines.extend(shown(app, item, width));
    }
    lines
}

/// The end of what the item's own command has shown.
fn shown<'a>(app: &App, item: &Item, width: usize) -> Vec<Line<'a>> {
    let tail = &app.screens.steps.tail;
    let own = tail.command.as_ref().is_some_and(|id| id.0 == item.id.0);
    let Some(page) = tail.page.as_ref().filter(|_| own) else { return vec![] };
    let first = page.lines.len().saturating_sub(SHOWN);
    let rows = page.lines.iter().skip(first).map(|line| {
        let text = clip(line.plain().trim_end(), width.saturating_sub(10));
        Line::from(Span::styled(format!("      {} {text}", app.theme.sign("│", "|")), app.theme.dim()))
    });
    rows.collect()
}

/// What is known of an open item: what speaks against it, what its own command came to, or what could fulfil it.
fn hint(app: &App, item: &Item, known: &Known) -> (String, Style) {
    match known {
        Known::Runs => ("runs".into(), app.theme.wants()),
        Known::Awaited(step) => (format!("made by {step}"), app.theme.dim()),
        Known::Against(why) => (why.clone(), app.theme.bad()),
        Known::Came(words) => (words.clone(), app.theme.dim()),
        Known::Nothing => {
            let words = match &item.command {
                Some(command) => format!("{} runs: {command}", app.key(Action::RunItem)),
                None => app.probed(&item.id).unwrap_or_default().to_owned(),
            };
            (words, app.theme.dim())
        }
    }
}
