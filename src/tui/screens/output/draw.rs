//! Output: any part of what a command printed, however long it is.
//!
//! ```text
//! ─ output of 3.3/2, exit 1, 4.1 s ── 120–158 of 10,000,000 ── /error: 3 of 12 ─────
//! 21:07:12.041  ERROR:  relation "datasets" already exists
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::protocol::{From, OutputLine};
use crate::run::RunState;
use crate::run::state::Ran;
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::screens::output::Reading;
use crate::tui::screens::steps::draw as steps;
use crate::tui::screens::steps::draw::title;
use crate::tui::widgets::pane;
use crate::tui::widgets::text::{called, clip, put};

/// Columns of the time before a line.
const STAMP: usize = 14;

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let (Some(run), Some(command)) = (&app.run, &app.screens.output.command) else { return };
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if app.keyboard.as_ref() == Some(command) {
        title(app, frame, area, &format!("{} has the keyboard", called(run, command)));
        steps::live(app, command, frame, below);
        return;
    }
    let reading = &app.screens.output;
    let mut runs = run.runs_of(command);
    let ran = runs.rfind(|r| reading.attempt.is_none_or(|attempt| attempt == r.attempt));
    title(app, frame, area, &head(app, run, ran));
    if let Some(trouble) = &reading.trouble {
        put(frame, below, 0, Line::from(Span::styled(format!(" {trouble}"), app.theme.bad())));
        return;
    }
    let Some(page) = &reading.page else { return };
    if page.lines.is_empty() {
        let words = if reading.filter { " No line matches." } else { " It printed nothing." };
        put(frame, below, 0, Line::from(Span::styled(words, app.theme.dim())));
        return;
    }
    let lines = laid_out(app, ran, usize::from(area.width));
    // Following the end, the last rows are what matters; elsewhere the first.
    let height = usize::from(below.height);
    let at_end = matches!(reading.from, From::End | From::Before(_));
    let skip = if at_end { lines.len().saturating_sub(height) } else { reading.skipped };
    for (row, line) in lines.into_iter().skip(skip).take(height).enumerate() {
        put(frame, below, row, line);
    }
}

fn head(app: &App, run: &RunState, ran: Option<&Ran>) -> String {
    let reading = &app.screens.output;
    let wide = app.size.0 >= 110;
    let mut parts = Vec::new();
    if let Some(ran) = ran {
        let again = if ran.attempt.0 > 1 { format!(" ({})", ran.attempt.0) } else { String::new() };
        let result = match ran.exit {
            Some(exit) if wide => format!("{exit}, {:.1} s", ran.elapsed_ms as f64 / 1000.0),
            Some(exit) => exit.to_string(),
            None if run.background().contains(&ran.command) => "in the background".into(),
            None => "runs".into(),
        };
        let of = if wide { "output of " } else { "" };
        let name = clip(&called(run, &ran.command), if wide { usize::MAX } else { 24 });
        parts.push(format!("{of}{name}{again}: {result}"));
    }
    if let Some(page) = reading.page.as_ref().filter(|p| !p.lines.is_empty()) {
        let (first, last) = (reading.first() + 1, reading.last() + 1);
        let place = if page.total <= page.lines.len() as u64 && !reading.filter {
            if page.total == 1 { "1 line".to_owned() } else { format!("{} lines", grouped(page.total)) }
        } else {
            format!("{}-{} of {}", grouped(first), grouped(last), grouped(page.total))
        };
        parts.push(place);
        parts.extend(page.left_out.clone());
    }
    if let Some(pattern) = &reading.pattern {
        let matches = reading.page.as_ref().and_then(|p| p.matches).unwrap_or(0);
        let name = if pattern.len() > 40 { "errors" } else { pattern };
        let at = reading.match_at.map_or(String::new(), |(at, _)| format!("{}/", grouped(at)));
        let only = if reading.filter { " only" } else { "" };
        parts.push(format!("/{name} {at}{}{only}", grouped(matches)));
    }
    if let Some(masked) = ran.map(|r| r.hidden.len()).filter(|n| *n > 0) {
        parts.push(format!("{masked} masked, {}", app.key(Action::Masks)));
    }
    if let Some(selection) = reading.selection {
        let (from, to) = selection.range();
        parts.push(format!("{} selected", grouped(to - from)));
    }
    let flags = [(!reading.wrap, "not wrapped"), (reading.raw, "raw")];
    parts.extend(flags.into_iter().filter(|(on, _)| *on).map(|(_, words)| words.to_owned()));
    parts.join(app.theme.sign(" · ", " - "))
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn laid_out(app: &App, ran: Option<&Ran>, width: usize) -> Vec<Line<'static>> {
    let reading = &app.screens.output;
    let page = reading.page.as_ref().map_or(&[][..], |p| p.lines.as_slice());
    let mut rows = Vec::new();
    let mut before: Option<u64> = None;
    for line in page {
        if reading.filter && before.is_some_and(|b| line.number > b + 1) {
            rows.push(Line::from(Span::styled(app.theme.sign("┄", "--"), app.theme.dim())));
        }
        before = Some(line.number);
        rows.extend(one(app, reading, ran, line, width));
    }
    rows
}

fn one(
    app: &App,
    reading: &Reading,
    ran: Option<&Ran>,
    line: &OutputLine,
    width: usize,
) -> Vec<Line<'static>> {
    let margin = if reading.times { stamp(ran, line) } else { String::new() };
    let room = width.saturating_sub(margin.len()).max(1);
    let selected = reading.selection.is_some_and(|s| {
        let (from, to) = s.range();
        (from..to).contains(&line.number)
    });
    let patch = if selected {
        app.theme.selected()
    } else if reading.match_at.is_some_and(|(_, at)| at == line.number) {
        app.theme.found()
    } else if line.matched && !reading.filter {
        app.theme.wants()
    } else {
        Style::new()
    };
    let rows = if reading.wrap {
        pane::wrap(app.theme, &line.runs, room)
    } else {
        vec![pane::cut(app.theme, &line.runs, reading.left, room)]
    };
    let rows = rows.into_iter().enumerate().map(|(at, row)| {
        let margin = if at == 0 { margin.clone() } else { " ".repeat(margin.len()) };
        let mut spans = vec![Span::styled(margin, app.theme.dim())];
        if row.spans.is_empty() && patch != Style::new() {
            spans.push(Span::styled(" ", patch));
        }
        spans.extend(row.spans.into_iter().map(|s| Span::styled(s.content, s.style.patch(patch))));
        Line::from(spans)
    });
    rows.collect()
}

/// How many rows a line of the page takes.
pub(crate) fn rows_of(app: &App, line: &OutputLine) -> usize {
    if !app.screens.output.wrap {
        return 1;
    }
    let margin = if app.screens.output.times { STAMP } else { 0 };
    let width = usize::from(app.size.0).saturating_sub(margin).max(1);
    pane::wrap(app.theme, &line.runs, width).len()
}

/// Rows there are for lines.
pub(crate) fn height(app: &App) -> usize {
    // Frame and title take four rows, message and keys two.
    usize::from(app.size.1).saturating_sub(6)
}

/// When a line came, in local time.
fn stamp(ran: Option<&Ran>, line: &OutputLine) -> String {
    let at = ran.zip(line.at_ms).map(|(ran, ms)| ran.started + chrono::TimeDelta::milliseconds(ms as i64));
    at.map_or(" ".repeat(STAMP), |at| at.with_timezone(&chrono::Local).format("%H:%M:%S%.3f  ").to_string())
}
