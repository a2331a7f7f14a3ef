//! Log and sign-off: the document's template as it will be written, and what a reviewer has to see.
//!
//! ```text
//!  The run is over: deployed. p signs as engineer.      what can be done now
//! ▸┃- [x] Code deployed: 21:14:03 +01:00                filled; ? stayed as it was
//!  ?- Reviewer: [Name] [Time]
//!
//!   Gates taken with something open                     to the right where there is room
//!   before the first change, by ada: …
//! ──────────────────────────────────────────────────────
//!  event 88: 3.1 Pull: 3.1/2 was its last command       where the line at the cursor comes from
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::record::{self, review};
use crate::run::{RunState, Seq, SignRole, sign};
use crate::tui::app::App;
use crate::tui::widgets::text::{clip, put, rule, scroll_to, wrap_words};

/// Columns from which the points stand beside the log.
const WIDE: u16 = 110;

/// Rows for where the line at the cursor comes from.
const SOURCE_ROWS: u16 = 2;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Filled,
    Left,
    Text,
    Title,
    Point,
}

/// A row of the screen.
struct Row {
    kind: Kind,
    text: String,
    /// Where it comes from, in words.
    source: String,
    event: Option<Seq>,
}

/// The rows: those of the log, then those of what is to be looked at.
fn rows(run: &RunState) -> (Vec<Row>, Vec<Row>) {
    let filled = record::fill(run);
    let mut log = Vec::new();
    for (at, text) in filled.text.lines().enumerate() {
        let sources: Vec<_> = filled.filled.iter().filter(|f| f.at == at).flat_map(|f| &f.sources).collect();
        let left = filled.left.iter().find(|l| filled.from.get(at) == Some(&l.line));
        let mut words: Vec<String> = sources.iter().map(|s| from(&s.words, s.event)).collect();
        words.extend(left.map(|l| format!("as it was: {}", l.why)));
        let kind = match (sources.is_empty(), left) {
            (false, _) => Kind::Filled,
            (true, Some(_)) => Kind::Left,
            (true, None) => Kind::Text,
        };
        let event = sources.iter().rev().find_map(|s| s.event);
        log.push(Row { kind, text: text.to_owned(), source: words.join("; "), event });
    }
    let title =
        |text: &str| Row { kind: Kind::Title, text: text.to_owned(), source: String::new(), event: None };
    let mut beside = Vec::new();
    for role in SignRole::ALL {
        if let Some(signed) = run.signed(role) {
            let text = format!("{role}: {}, events 1-{}", signed.who(), signed.statement.events.0);
            beside.push(Row { kind: Kind::Point, source: text.clone(), text, event: Some(signed.seq) });
        }
    }
    for (about, points) in review::grouped(&review::points(run)) {
        beside.push(title(about.title()));
        beside.extend(points.into_iter().map(|p| Row {
            kind: Kind::Point,
            text: p.words.clone(),
            source: from(&p.words, p.event),
            event: p.event,
        }));
    }
    (log, beside)
}

fn from(words: &str, event: Option<Seq>) -> String {
    event.map_or(words.to_owned(), |e| format!("event {}: {words}", e.0))
}

/// What can be done now, in a sentence.
fn state(run: &RunState) -> String {
    match (run.outcome(), sign::wanted(run)) {
        _ if run.is_unconfirmed() => {
            "All commands have run; manual checks are open: Enter on Steps shows them, f ends the run.".into()
        }
        (Some((outcome, _)), Some(role)) => format!("The run is over: {outcome}. p signs as {role}."),
        (Some((outcome, _)), None) => format!("The run is over: {outcome}, and signed off."),
        (None, _) if run.going_back().is_some() => {
            "f ends the run as rolled back, when the rollback is complete; F7 as failed.".into()
        }
        (None, _) => "f ends the run as deployed, when every command is settled; F7 as failed.".into(),
    }
}

/// The rows that can be moved over, as texts.
pub(crate) fn texts(run: &RunState) -> Vec<String> {
    let (log, beside) = rows(run);
    log.into_iter().chain(beside).map(|row| row.text).collect()
}

/// How many there are.
pub(crate) fn length(run: &RunState) -> usize {
    texts(run).len()
}

/// The event behind the row at the cursor.
pub(crate) fn event_at(app: &App) -> Option<Seq> {
    let (log, beside) = rows(app.run.as_ref()?);
    log.into_iter().chain(beside).nth(app.screens.log.row)?.event
}

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let (log, beside) = rows(run);
    let at = app.screens.log.row.min((log.len() + beside.len()).saturating_sub(1));
    put(frame, area, 0, Line::from(Span::styled(format!(" {}", state(run)), app.theme.strong())));
    let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let list = Rect { height: area.height.saturating_sub(SOURCE_ROWS + 1), ..area };
    let source = log.iter().chain(&beside).nth(at).map_or(String::new(), |row| row.source.clone());
    if area.width >= WIDE {
        let left = Rect { width: area.width / 2, ..list };
        let right = Rect { x: left.x + left.width + 1, width: area.width - left.width - 1, ..list };
        let in_log = at < log.len();
        column(app, frame, left, &log, (if in_log { at } else { log.len().saturating_sub(1) }, in_log));
        column(app, frame, right, &beside, (at.saturating_sub(log.len()), !in_log));
    } else {
        let gap = Row { kind: Kind::Text, text: String::new(), source: String::new(), event: None };
        let apart = log.len();
        let at = if at >= apart { at + 1 } else { at };
        let all: Vec<Row> = log.into_iter().chain([gap]).chain(beside).collect();
        column(app, frame, list, &all, (at, true));
    }
    rule(app.theme, frame, area, usize::from(list.height));
    let width = usize::from(area.width).saturating_sub(2);
    let mut rows = wrap_words(&source, width);
    if rows.len() > usize::from(SOURCE_ROWS) {
        rows.truncate(usize::from(SOURCE_ROWS));
        if let Some(last) = rows.last_mut() {
            *last = clip(&format!("{last} …"), width);
        }
    }
    for (row, words) in rows.into_iter().enumerate() {
        let line = Line::from(Span::styled(format!(" {words}"), app.theme.dim()));
        put(frame, area, usize::from(list.height) + 1 + row, line);
    }
}

fn column(app: &App, frame: &mut Frame<'_>, area: Rect, rows: &[Row], (at, here): (usize, bool)) {
    let height = usize::from(area.height);
    let top = scroll_to(at, rows.len(), height);
    let width = usize::from(area.width).saturating_sub(4);
    for (place, (number, row)) in rows.iter().enumerate().skip(top).take(height).enumerate() {
        let chosen = here && number == at;
        let pointer = if chosen { app.theme.sign("▸", ">") } else { " " };
        let (mark, style) = match row.kind {
            Kind::Filled => (app.theme.sign("┃", "|"), app.theme.good()),
            Kind::Left => ("?", app.theme.wants()),
            Kind::Text | Kind::Title | Kind::Point => (" ", app.theme.dim()),
        };
        let words = match row.kind {
            Kind::Title => app.theme.strong(),
            _ if chosen => app.theme.strong(),
            _ => ratatui::style::Style::new(),
        };
        let line = Line::from(vec![
            Span::styled(pointer, app.theme.wants()),
            Span::styled(mark, style),
            Span::styled(format!(" {}", clip(&row.text, width)), words),
        ]);
        put(frame, area, place, line);
    }
}
