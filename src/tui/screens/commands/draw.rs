//! The command log: everything that was run, in order.
//!
//! ```text
//!   time      command   took   result      by   what
//! ▸ 21:07:12  1.2/3     4.1 s  exit 0      ada  pg_dump …
//!   21:09:40  added.1   0.1 s  exit 1      ada  docker ps
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::RunState;
use crate::run::state::{Ran, Standing};
use crate::tui::app::App;
use crate::tui::widgets::text::{clip, fit, part_of, put, scroll_to, time};

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    if run.ran().is_empty() {
        put(frame, area, 0, Line::from(" No command has run yet."));
        return;
    }
    let width = usize::from(area.width);
    let who = run.ran().iter().map(|r| r.by.width()).max().unwrap_or(2).clamp(2, 12);
    let head = format!(
        "   {:<9} {:<9} {:>8}  {:<16} {:<who$}  what was run",
        "time", "command", "took", "result", "by"
    );
    put(frame, area, 0, Line::from(Span::styled(clip(&head, width), app.theme.dim())));
    let rows = usize::from(area.height.saturating_sub(1));
    let at = app.screens.commands.row.min(run.ran().len() - 1);
    let top = scroll_to(at, run.ran().len(), rows);
    for (row, (number, ran)) in run.ran().iter().enumerate().skip(top).take(rows).enumerate() {
        let line = line(app, run, ran, (number == at, who, width));
        put(frame, area, row + 1, line);
    }
}

fn line(app: &App, run: &RunState, ran: &Ran, look: (bool, usize, usize)) -> Line<'static> {
    let (here, who, width) = look;
    let standing = run.standing_of_run(ran);
    let (sign, style) = app.theme.standing(standing);
    let pointer = if here { app.theme.sign("▸", ">") } else { " " };
    let result = ran.exit.map_or_else(
        || if standing == Standing::Lost { "lost" } else { "runs" }.to_owned(),
        |e| e.to_string(),
    );
    let took = ran.exit.map_or(String::new(), |_| format!("{:.1} s", ran.elapsed_ms as f64 / 1000.0));
    let id = if ran.attempt.0 > 1 {
        format!("{} ({})", part_of(&ran.command), ran.attempt.0)
    } else {
        part_of(&ran.command).to_owned()
    };
    let left = format!(
        "{:<9} {} {took:>8}  {} {:<who$}  ",
        time(ran.started),
        fit(&id, 9),
        fit(&result, 16),
        clip(&ran.by, who)
    );
    let text = ran.text.lines().collect::<Vec<_>>().join(" ⏎ ");
    let text = clip(&text, width.saturating_sub(left.width() + 3));
    let body = Span::styled(
        format!("{left}{text}"),
        if here { app.theme.strong() } else { ratatui::style::Style::new() },
    );
    Line::from(vec![Span::styled(pointer, app.theme.wants()), Span::styled(format!("{sign} "), style), body])
}
