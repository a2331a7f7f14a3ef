//! Troubleshoot: the document's known problems, those that fit the failure first, with their commands and remarks.
//!
//! ```text
//!  known problems                                        for 5.2.3/1, which failed
//! ▸ Search Answers 500                                     line 240, fits: 500 …
//!     Without the table note_words the release can't search: roll back
//!     · trouble.2.check/1 ./service query …                        reads
//! ─ output of trouble.2.check/1, 3 lines ─────────────────────────────────────
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::trouble::Leads;
use crate::shell::Effect;
use crate::text as words;
use crate::tui::app::App;
use crate::tui::screens::problems::ProblemRow;
use crate::tui::screens::steps::draw as steps;
use crate::tui::widgets::text::{called, clip, fit, put, scroll_to, wrap_code, wrap_words};

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let width = usize::from(area.width);
    if app.book.runbook.troubleshooting.is_empty() {
        put(frame, area, 0, Line::from(" The document lists no known problems."));
        return;
    }
    let left = match app.screens.problems.typed.as_str() {
        "" => "known problems".to_owned(),
        typed => format!("known problems with \"{typed}\""),
    };
    let right = app.troubled().map_or(String::new(), |id| format!("for {}, which failed", called(run, id)));
    steps::title(app, frame, area, &format!("{left}   {right}"));
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut at = 0;
    for (row, entry) in app.problem_rows().iter().enumerate() {
        let here = row == app.screens.problems.row;
        if here {
            at = lines.len();
        }
        let pointer = Span::styled(if here { app.theme.sign("▸", ">") } else { " " }, app.theme.wants());
        let style = if here { app.theme.strong() } else { ratatui::style::Style::new() };
        match entry {
            ProblemRow::Problem(problem, line, why) => {
                let right = format!("line {line}");
                let room = width.saturating_sub(right.width() + 3);
                let name = Span::styled(fit(&format!(" {problem}"), room), app.theme.strong());
                lines.push(Line::from(vec![
                    pointer,
                    name,
                    Span::styled(format!(" {right}"), app.theme.dim()),
                ]));
                for text in
                    why.iter().flat_map(|w| wrap_words(&format!("fits: {w}"), width.saturating_sub(5)))
                {
                    lines.push(Line::from(Span::styled(format!("   {text}"), app.theme.wants())));
                }
            }
            ProblemRow::Hint(hint) => {
                let leads = match hint.leads {
                    Leads::Past => "  (Enter: skip it and continue)",
                    Leads::Back => "  (Enter: the rollback)",
                    Leads::Nowhere => "",
                };
                let text = format!("{}{leads}", hint.says.replace('\n', " "));
                for (row, text) in wrap_words(&text, width.saturating_sub(7)).into_iter().enumerate() {
                    let lead = if row == 0 { "? " } else { "  " };
                    let start = if row == 0 { pointer.clone() } else { Span::raw(" ") };
                    lines.push(Line::from(vec![start, Span::styled(format!("   {lead}{text}"), style)]));
                }
            }
            ProblemRow::Command(id) => {
                let Some(command) = run.find(id) else { continue };
                let (sign, sign_style) = app.theme.standing(run.standing(id));
                let right = words::ran_before(run, id).unwrap_or_else(|| effect(command.effect).to_owned());
                let room = width.saturating_sub(right.width() + 8);
                let text = run.text_of(command);
                let rows =
                    if here { wrap_code(&text, room.max(20)) } else { vec![clip(&first(&text), room)] };
                for (row, part) in rows.into_iter().enumerate() {
                    let head = if row == 0 {
                        (pointer.clone(), format!("   {sign} "))
                    } else {
                        (Span::raw(" "), "     ".into())
                    };
                    let right = if row == 0 { right.clone() } else { String::new() };
                    lines.push(Line::from(vec![
                        head.0,
                        Span::styled(head.1, sign_style),
                        Span::styled(fit(&part, room), style),
                        Span::styled(format!(" {right}"), app.theme.dim()),
                    ]));
                }
            }
        }
    }
    let shows = app.screens.steps.selected.is_some();
    let height =
        if shows { (area.height - 1).saturating_sub((area.height / 3).max(4)) } else { area.height - 1 };
    let list = Rect { y: area.y + 1, height, ..area };
    let top = scroll_to(at, lines.len(), usize::from(height));
    for (row, line) in lines.into_iter().skip(top).take(usize::from(height)).enumerate() {
        put(frame, list, row, line);
    }
    if let Some(id) = &app.screens.steps.selected {
        let pane = Rect { y: list.y + height, height: area.height - 1 - height, ..area };
        steps::output_pane(app, run, (id, false), frame, pane);
    }
}

fn first(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if text.lines().count() > 1 { format!("{line} …") } else { line.to_owned() }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Reads => "reads",
        Effect::Changes => "changes",
        Effect::Destructive => "! destructive",
    }
}
