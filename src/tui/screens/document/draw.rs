//! The document: its text with what became of each line, and its sections with what they are for.
//!
//! ```text
//!  Deployment · steps: “deployment” in the heading
//!  line 14 · in doubt: may be a command or text · command of a step: step 1/2, a fence with bash
//!  12 $step docker pull harbour:$TAG
//! ▸14 ?step acmectl sync one two the three
//!  21 !uncl ./tools/cleanup.sh --all
//! ```

mod margin;
mod text;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::runbook::rendered::{Look, Rendered};
use crate::runbook::{Fate, Role};
use crate::tui::app::App;
use crate::tui::screens::document::Doubtful;
use crate::tui::widgets::text::{clip, fit, put, scroll_to, wrap_words};
use margin::Mark;

pub(in crate::tui) use margin::legend;
pub(in crate::tui) use text::matches;

/// From so many columns on the margin has words instead of four letters.
const WORDS: u16 = 100;
/// From so many columns on there is room for the outline too.
const OUTLINE: u16 = 120;

/// How the columns of the screen are shared out.
struct Columns {
    /// The outline, without the line beside it; 0 for none.
    outline: u16,
    /// Digits of a line's number.
    number: usize,
    /// The word of the margin.
    word: usize,
    /// The text.
    text: usize,
}

impl Columns {
    fn of(app: &App, width: u16) -> Self {
        let has_room = width >= OUTLINE && !app.book.runbook.outline.is_empty();
        let outline = if has_room { (width / 3).min(52) } else { 0 };
        let number = app.screens.document.lines.as_ref().map_or(0, |l| l.len()).to_string().len();
        let word = if width >= WORDS { margin::WORD } else { margin::SHORT };
        // The pointer, the sign, blanks around them.
        let beside = number + word + if width >= WORDS { 6 } else { 4 };
        let left = usize::from(outline + u16::from(outline > 0));
        let text = usize::from(width).saturating_sub(left + beside).max(2);
        Self { outline, number, word, text }
    }

    fn has_words(&self) -> bool {
        self.word == margin::WORD
    }
}

/// Rows above the text: one for the section, two for what became of the line looked at.
const HEAD: u16 = 3;

/// Rows of the screen that show text.
pub(in crate::tui) fn height(app: &App) -> usize {
    let frame = if app.run.is_some() { 3 } else { 2 };
    usize::from(app.size.1.saturating_sub(frame + 2 + HEAD)).max(1)
}

/// Rows that the line at the cursor takes.
pub(in crate::tui) fn rows_of_line(app: &App) -> usize {
    let lines = app.screens.document.lines.as_ref();
    let line = lines.and_then(|lines| lines.get(app.screens.document.line.saturating_sub(1)));
    line.map_or(1, |line| text::count(line, Columns::of(app, app.size.0).text))
}

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let columns = Columns::of(app, area.width);
    let left = columns.outline;
    if left > 0 {
        outline(app, frame, Rect { width: left, ..area });
        for row in 0..area.height {
            let bar = Span::styled(app.theme.sign("│", "|"), app.theme.dim());
            put(frame, Rect { x: area.x + left, width: 1, ..area }, usize::from(row), Line::from(bar));
        }
    }
    let beside = left + u16::from(left > 0);
    let right = Rect { x: area.x + beside, width: area.width - beside, ..area };
    head(app, frame, Rect { height: HEAD, ..right });
    let below = Rect { y: right.y + HEAD, height: right.height.saturating_sub(HEAD), ..right };
    page(app, &columns, frame, below);
}

/// What the section is for and why, and what became of the line looked at and why.
fn head(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(2);
    let dot = app.theme.sign("·", "-");
    let section = match app.book.section_at(app.screens.document.line) {
        None => "before the first heading".to_owned(),
        Some(entry) => {
            let by = if entry.by.is_empty() { String::new() } else { format!(": {}", entry.by) };
            let role = format!("{}{by}", margin::of_heading(entry.role).word);
            // A long title gives way to what is said about it.
            let room = width.saturating_sub(role.width() + 3).max(width / 3);
            format!("{} {dot} {role}", clip(&entry.title, room))
        }
    };
    put(frame, area, 0, Line::from(Span::styled(format!(" {}", clip(&section, width)), app.theme.name())));
    let (told, style) = told(app, dot);
    let rows = wrap_words(&told, width);
    let last = usize::from(area.height).saturating_sub(2);
    for (row, words) in rows.iter().take(last + 1).enumerate() {
        let more = row == last && rows.len() > last + 1;
        let words = if more { clip(&format!("{words} {}", rows[row + 1]), width) } else { words.clone() };
        put(frame, area, row + 1, Line::from(Span::styled(format!(" {words}"), style)));
    }
}

/// What is told of the line looked at.
fn told(app: &App, dot: &str) -> (String, Style) {
    let line = app.screens.document.line;
    let doubt = app.doubtful().iter().find(|d| (d.line..=d.end_line).contains(&line));
    let passage = app.book.passage_at(line);
    let mut parts = vec![format!("line {line}")];
    parts.extend(doubt.map(|d| format!("in doubt: {}", d.doubt.may_be())));
    parts.extend(passage.map(|p| match p.role {
        Some(_) => p.fate.to_string(),
        None if p.by == p.fate.to_string() => p.by.clone(),
        None => format!("{}: {}", p.fate, p.by),
    }));
    // Of a heading the first row says so.
    let said = app
        .screens
        .document
        .said_of(&app.book.runbook, line)
        .filter(|_| passage.is_none_or(|p| p.fate != Fate::Heading));
    parts.extend(said.map(|said| format!("{} says {}", said.by, said.words)));
    let style = match (doubt, passage) {
        (Some(_), _) => app.theme.wants(),
        (None, Some(passage)) if passage.is_open() => app.theme.bad(),
        _ => Style::new(),
    };
    (parts.join(&format!(" {dot} ")), style)
}

fn outline(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let entries = &app.book.runbook.outline;
    let here = entries.iter().rposition(|o| o.line <= app.screens.document.line);
    let width = usize::from(area.width);
    let top = scroll_to(here.unwrap_or(0), entries.len(), usize::from(area.height));
    for (row, (at, entry)) in entries.iter().enumerate().skip(top).take(usize::from(area.height)).enumerate()
    {
        let name = margin::of_heading(entry.role).word;
        let indent = " ".repeat(usize::from(entry.level.saturating_sub(1)) * 2);
        let title = fit(&format!("{indent}{}", entry.title), width.saturating_sub(name.width() + 3));
        let style = if here == Some(at) { app.theme.selected() } else { Style::new() };
        let spans = vec![
            Span::styled(format!(" {title} "), style),
            Span::styled(format!("{name} "), app.theme.dim()),
        ];
        put(frame, area, row, Line::from(spans));
    }
}

/// The text around the cursor, each line with its number and what became of it.
fn page(app: &App, columns: &Columns, frame: &mut Frame<'_>, area: Rect) {
    let Some(lines) = &app.screens.document.lines else { return };
    let height = usize::from(area.height);
    let (top, skipped) = view(app, lines, columns.text, height);
    let doubtful = app.doubtful();
    let mut shown = 0;
    for (index, line) in lines.iter().enumerate().skip(top) {
        let rows = text::rows(line, app.screens.document.pattern.as_deref(), columns.text);
        let from = if index == top { skipped } else { 0 };
        for (row, stretches) in rows.into_iter().enumerate().skip(from) {
            if shown == height {
                return;
            }
            let mut spans = beside(app, columns, doubtful, index + 1, row == 0);
            spans.extend(stretches.into_iter().map(|s| {
                let style = if s.found { app.theme.found() } else { style(app, s.look) };
                Span::styled(s.text, style)
            }));
            put(frame, area, shown, Line::from(spans));
            shown += 1;
        }
    }
}

/// The first line shown, and how many of its rows are scrolled away: the cursor's line is always in view.
fn view(app: &App, lines: &[Rendered], columns: usize, height: usize) -> (usize, usize) {
    let at = app.screens.document.line.saturating_sub(1).min(lines.len().saturating_sub(1));
    let count = |index: usize| lines.get(index).map_or(0, |line| text::count(line, columns));
    let own = count(at);
    if own >= height {
        return (at, app.screens.document.skipped.min(own - height));
    }
    let mut below = 0;
    let mut next = at;
    while next < lines.len() && below < height {
        below += count(next);
        next += 1;
    }
    let above = (height * 2 / 3).min(height - own).max(height.saturating_sub(below));
    let (mut top, mut rows) = (at, 0);
    while top > 0 && rows < above {
        top -= 1;
        rows += count(top);
    }
    (top, rows.saturating_sub(above))
}

/// What stands left of a row: the pointer, the number, the margin. Only the first row of a line has them.
fn beside(
    app: &App,
    columns: &Columns,
    doubtful: &[Doubtful],
    line: usize,
    first: bool,
) -> Vec<Span<'static>> {
    let here = line == app.screens.document.line;
    let pointer = if here { app.theme.sign("▸", ">") } else { " " };
    let number = if first { line.to_string() } else { String::new() };
    let Columns { number: digits, word, .. } = *columns;
    let (mark, of) =
        if first { mark_of(app, doubtful, line) } else { (margin::of_fate(Fate::Text), Style::new()) };
    let (gap, name) = if columns.has_words() { (" ", mark.word) } else { ("", mark.short) };
    let behind = if columns.has_words() { "  " } else { " " };
    vec![
        Span::styled(
            format!("{pointer}{number:>digits$} "),
            if here { app.theme.wants() } else { app.theme.dim() },
        ),
        Span::styled(format!("{}{gap}{name:<word$}{behind}", mark.sign), of),
    ]
}

/// The mark of a line, and its style: what is open stands out.
fn mark_of(app: &App, doubtful: &[Doubtful], line: usize) -> (Mark, Style) {
    let Some(passage) = app.book.passage_at(line) else { return (margin::of_fate(Fate::Text), Style::new()) };
    let mark = match passage.role {
        Some(role) => margin::of_heading(role),
        None => margin::of_fate(passage.fate),
    };
    if doubtful.iter().any(|d| (d.line..=d.end_line).contains(&line)) {
        return (Mark { sign: "?", ..mark }, app.theme.wants());
    }
    let style = match passage.fate {
        _ if passage.is_open() => app.theme.bad(),
        Fate::Heading if passage.role.is_some_and(|role| role != Role::Other) => app.theme.name(),
        _ if mark.sign == "$" => Style::new(),
        _ => app.theme.dim(),
    };
    (mark, style)
}

fn style(app: &App, look: Look) -> Style {
    match look {
        Look::Plain | Look::Hidden => Style::new(),
        Look::Heading(1 | 2) => app.theme.name().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        Look::Heading(_) => app.theme.name().add_modifier(Modifier::BOLD),
        Look::Strong => app.theme.strong(),
        Look::Emphasis => Style::new().add_modifier(Modifier::ITALIC),
        Look::Code | Look::Block => app.theme.good(),
        Look::Link => app.theme.name().add_modifier(Modifier::UNDERLINED),
        Look::Mark => app.theme.dim(),
    }
}
