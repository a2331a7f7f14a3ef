//! Which rows are on the screen. Before a row that is not ok goes off it, ok rows fold into one line, then what is told
//! of the row at the cursor goes, then the headings; what still has no room is counted at the edge.

use ratatui::text::{Line, Span};

use crate::run::board::Row;
use crate::run::health::RowLevel;
use crate::tui::theme::Theme;
use crate::tui::widgets::text::clip;

/// What is known of a row here: how it stands, and whether there is anything to show of it.
pub(in crate::tui) type Standing = (RowLevel, bool);

/// What stands on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) struct Shown {
    /// The headings.
    pub(in crate::tui) head: bool,
    /// Rows by their place, in order.
    pub(in crate::tui) rows: Vec<usize>,
    /// Rows that are ok, in one line.
    pub(in crate::tui) ok: Vec<usize>,
    /// Rows without a level, in one line.
    pub(in crate::tui) unjudged: Vec<usize>,
    /// Rows above the first that is shown, counted at the edge.
    pub(in crate::tui) above: Vec<usize>,
    /// The same below the last.
    pub(in crate::tui) below: Vec<usize>,
    /// Rows of the screen that are left for the row at the cursor.
    pub(in crate::tui) pane: usize,
}

impl Shown {
    /// The lines of the list.
    pub(in crate::tui) fn lines(&self) -> usize {
        let folded = [&self.ok, &self.unjudged, &self.above, &self.below];
        usize::from(self.head) + self.rows.len() + folded.iter().filter(|rows| !rows.is_empty()).count()
    }

    /// Of rows of which these are shown each by itself: the rest is folded.
    fn folded(rows: &[Standing], mut shown: Vec<usize>, head: bool) -> Self {
        shown.sort_unstable();
        let hidden = (0..rows.len()).filter(|at| !shown.contains(at));
        let (ok, unjudged) = hidden.partition(|at| rows.get(*at).is_some_and(|row| row.0 == RowLevel::Ok));
        Self { head, rows: shown, ok, unjudged, ..Self::default() }
    }
}

/// What of rows stands on a screen of so many rows, of which so many are wanted for the row at the cursor.
pub(in crate::tui) fn shown(rows: &[Standing], at: usize, height: usize, pane: usize) -> Shown {
    let open = |(place, row): (usize, &Standing)| {
        let folds = matches!(row.0, RowLevel::Ok | RowLevel::NotMeasured);
        (!folds || place == at).then_some(place)
    };
    let must: Vec<usize> = rows.iter().enumerate().filter_map(open).collect();
    for (head, pane) in [(true, pane), (true, 0), (false, 0)] {
        let room = height.saturating_sub(pane);
        let least = Shown::folded(rows, must.clone(), head);
        if least.lines() <= room {
            let mut filled = filled(rows, (&must, at), head, room);
            filled.pane = if pane > 0 { height - filled.lines() } else { 0 };
            return filled;
        }
    }
    at_the_edge(rows, &must, at, height)
}

/// As many rows that are ok as have room, too: those around the cursor first, else in order.
fn filled(rows: &[Standing], (must, at): (&[usize], usize), head: bool, room: usize) -> Shown {
    let mut candidates: Vec<usize> = rows
        .iter()
        .enumerate()
        .filter(|(place, (_, seen))| *seen && !must.contains(place))
        .map(|(place, _)| place)
        .collect();
    let among = rows.get(at).is_some_and(|row| matches!(row.0, RowLevel::Ok | RowLevel::NotMeasured));
    if among {
        candidates.sort_by_key(|place| place.abs_diff(at));
    }
    let mut taken = must.to_vec();
    let mut best = Shown::folded(rows, taken.clone(), head);
    for candidate in candidates {
        taken.push(candidate);
        let more = Shown::folded(rows, taken.clone(), head);
        if more.lines() > room {
            break;
        }
        best = more;
    }
    best
}

/// So many bad rows that not all have room: those around the cursor, the others counted.
fn at_the_edge(rows: &[Standing], must: &[usize], at: usize, height: usize) -> Shown {
    let size = height.saturating_sub(2).clamp(1, must.len().max(1));
    let here = must.iter().position(|place| *place == at).unwrap_or(0);
    let from = (here + 1).saturating_sub(size);
    let shown: Vec<usize> = must.iter().skip(from).take(size).copied().collect();
    let above: Vec<usize> = must.iter().take(from).copied().collect();
    let below = (0..rows.len()).filter(|place| !shown.contains(place) && !above.contains(place)).collect();
    Shown { rows: shown, above, below, ..Shown::default() }
}

/// The rows at these places.
pub(in crate::tui) fn picked<'r>(rows: &[&'r Row], places: &[usize]) -> Vec<&'r Row> {
    places.iter().filter_map(|at| rows.get(*at).copied()).collect()
}

/// Whether there is anything to show of a row without a level.
pub(in crate::tui) fn is_seen(row: &Row) -> bool {
    row.level != RowLevel::NotMeasured || row.now.value.is_some()
}

/// Rows that are ok in one line, and those without a level in another.
pub(in crate::tui) fn folded(theme: Theme, shown: &Shown, rows: &[&Row], width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![];
    if !shown.ok.is_empty() {
        let rows = picked(rows, &shown.ok);
        let names: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
        let (more, are) =
            (if shown.rows.is_empty() { "" } else { " more" }, if rows.len() == 1 { "is" } else { "are" });
        let text = format!(
            "   {} {}{more} {are} ok: {}",
            theme.level_sign(RowLevel::Ok),
            rows.len(),
            names.join(", ")
        );
        lines.push(Line::from(Span::styled(clip(&text, width.saturating_sub(1)), theme.level(RowLevel::Ok))));
    }
    if !shown.unjudged.is_empty() {
        let rows = picked(rows, &shown.unjudged);
        let seen = rows.iter().any(|row| is_seen(row));
        let named: Vec<String> =
            rows.iter().map(|row| format!("{} {}", row.title, row.now.words).trim().to_owned()).collect();
        let what = if seen { "without a level" } else { "not measured" };
        let sign = theme.level_sign(RowLevel::NotMeasured);
        let text = format!("   {sign} {} {what}: {}", rows.len(), named.join(", "));
        lines.push(Line::from(Span::styled(clip(&text, width.saturating_sub(1)), theme.dim())));
    }
    lines
}

/// What has no room, counted where it would be: `▾ 3 more: ✗ 1 ▲ 2`.
pub(in crate::tui) fn edge(theme: Theme, sign: &'static str, rows: &[&Row]) -> Line<'static> {
    let mut spans = vec![Span::styled(format!(" {sign} {} more:", rows.len()), theme.wants())];
    for level in RowLevel::ALL {
        let count = rows.iter().filter(|row| row.level == level).count();
        if count > 0 {
            spans.push(Span::raw(" "));
            spans.push(Span::styled(format!("{} {count}", theme.level_sign(level)), theme.level(level)));
        }
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn level() -> impl Strategy<Value = Standing> {
        (0..RowLevel::ALL.len(), any::<bool>()).prop_map(|(at, seen)| (RowLevel::ALL[at], seen))
    }

    proptest! {
        #[test]
        fn every_row_that_is_not_ok_is_drawn_or_counted(
            rows in proptest::collection::vec(level(), 0..60),
            at in 0usize..60,
            height in 6usize..=60,
            pane in 0usize..14,
        ) {
            let at = at.min(rows.len().saturating_sub(1));
            let shown = shown(&rows, at, height, pane);
            prop_assert!(shown.lines() + shown.pane <= height, "{shown:?}");
            let mut told: Vec<usize> =
                [&shown.rows, &shown.ok, &shown.unjudged, &shown.above, &shown.below].into_iter().flatten().copied().collect();
            told.sort_unstable();
            prop_assert_eq!(told, (0..rows.len()).collect::<Vec<_>>(), "each once");
            prop_assert!(rows.is_empty() || shown.rows.contains(&at), "the cursor is on the screen");
            let bad = |place: &&usize| !matches!(rows[**place].0, RowLevel::Ok | RowLevel::NotMeasured);
            prop_assert_eq!(shown.ok.iter().chain(&shown.unjudged).filter(bad).count(), 0);
            // Nothing bad is off the screen while anything ok is on it, but at the cursor.
            let off = shown.above.iter().chain(&shown.below).filter(bad).count();
            let fine = shown.rows.iter().filter(|place| !bad(place) && **place != at).count();
            prop_assert!(off == 0 || fine == 0 && !shown.head && shown.pane == 0);
        }
    }

    #[test]
    fn ok_rows_fold_first_then_the_pane_goes_then_the_headings() {
        let rows = |bad: usize| {
            let mut rows = vec![(RowLevel::Alert, true); bad];
            rows.extend(vec![(RowLevel::Ok, true); 10]);
            rows
        };
        let told = |bad: usize| {
            let shown = shown(&rows(bad), 0, 16, 5);
            (shown.head, shown.rows.len(), shown.ok.len(), shown.pane, shown.below.len())
        };
        assert_eq!(told(0), (true, 10, 0, 5, 0));
        assert_eq!(told(4), (true, 9, 5, 5, 0));
        assert_eq!(told(9), (true, 9, 10, 5, 0));
        assert_eq!(told(12), (true, 14, 8, 0, 0), "the pane has gone");
        assert_eq!(told(15), (false, 15, 10, 0, 0), "the headings have gone");
        assert_eq!(told(20), (false, 14, 0, 0, 16), "the rest is counted");
    }
}
