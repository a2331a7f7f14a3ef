//! What somebody is about to sign: where the run left the document first, then the log, then the statement itself.

use ratatui::text::{Line, Span};

use super::super::app::{App, ToBeSigned};
use super::text::wrap_words;
use crate::record::review;

/// Rows that are shown at once.
pub(super) fn height(rows: u16) -> usize {
    usize::from(rows).saturating_sub(7)
}

/// Rows that don't fit under the one scrolled to: the last has to be seen before a name can be put under it.
pub fn rest(app: &App, signing: &ToBeSigned) -> usize {
    rows(app, signing, app.size.0).len().saturating_sub(signing.row + height(app.size.1))
}

/// All rows.
pub(super) fn rows(app: &App, signing: &ToBeSigned, columns: u16) -> Vec<Line<'static>> {
    let width = usize::from(columns).saturating_sub(12).min(100);
    let Some(run) = &app.run else { return vec![] };
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut put = |text: String, style| {
        lines.extend(wrap_words(&text, width).into_iter().map(|l| Line::from(Span::styled(l, style))));
    };
    let plain = ratatui::style::Style::new();
    let by = signing.signing.signer.as_ref();
    let by =
        by.map_or("without a key: the log will call the name claimed".to_owned(), |s| format!("with {s}"));
    put(format!("{} signs as {}, {by}.", signing.signing.name, signing.signing.role), app.theme.strong());
    let points = review::points(run);
    if points.is_empty() {
        put(review::NOTHING.into(), plain);
    }
    for (about, points) in review::grouped(&points) {
        put(format!("{}:", about.title()), app.theme.wants());
        for point in points {
            put(format!("  {}", point.words), plain);
        }
    }
    put(" ".into(), plain);
    for line in signing.text.log.lines() {
        put(if line.is_empty() { " ".into() } else { line.to_owned() }, plain);
    }
    put(" ".into(), plain);
    for line in signing.text.statement.lines() {
        put(line.to_owned(), app.theme.dim());
    }
    lines
}
