//! Lines of the document as rows of the screen: wrapped, with what is searched for.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::runbook::rendered::{Look, Rendered};

/// A character of a line with how it looks, and whether it belongs to what is searched for.
type Cell = (char, Look, bool);

/// A stretch of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) text: String,
    pub(super) look: Look,
    /// It is what is searched for.
    pub(super) found: bool,
}

/// The rows of a line in so many columns: one at least, and nothing of the line is left out.
pub(super) fn rows(line: &Rendered, pattern: Option<&str>, columns: usize) -> Vec<Vec<Stretch>> {
    let plain = line.plain();
    let found = pattern.map_or(vec![], |pattern| matches(&plain, pattern));
    let looks = line.parts.iter().flat_map(|(text, look)| text.chars().map(|c| (c, *look)));
    let cells: Vec<Cell> = looks
        .enumerate()
        .map(|(at, (c, look))| (c, look, found.iter().any(|range| range.contains(&at))))
        .collect();
    wrap(&cells, columns).into_iter().map(stretches).collect()
}

/// How many rows a line takes.
pub(super) fn count(line: &Rendered, columns: usize) -> usize {
    rows(line, None, columns).len()
}

/// Breaks after a blank where there is one not far back, else anywhere; a wide character is never cut.
fn wrap(cells: &[Cell], columns: usize) -> Vec<Vec<Cell>> {
    let columns = columns.max(2);
    let wide = |(c, ..): &Cell| c.width().unwrap_or(0);
    let (mut rows, mut row): (Vec<Vec<Cell>>, Vec<Cell>) = (Vec::new(), Vec::new());
    let mut used = 0;
    for cell in cells {
        if used + wide(cell) > columns {
            let blank = row.iter().rposition(|(c, ..)| *c == ' ').map(|at| at + 1);
            let near = blank.filter(|at| row.len() - at < columns / 3);
            let rest = row.split_off(near.unwrap_or(row.len()));
            used = rest.iter().map(wide).sum();
            rows.push(std::mem::replace(&mut row, rest));
        }
        row.push(*cell);
        used += wide(cell);
    }
    rows.push(row);
    rows
}

fn stretches(cells: Vec<Cell>) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for (c, look, is_found) in cells {
        match found.last_mut() {
            Some(last) if last.look == look && last.found == is_found => last.text.push(c),
            _ => found.push(Stretch { text: c.into(), look, found: is_found }),
        }
    }
    found
}

/// Where a text holds what is searched for, by characters. Capitals count if there are any in it.
pub(in crate::tui) fn matches(text: &str, pattern: &str) -> Vec<Range<usize>> {
    let cased = pattern.chars().any(char::is_uppercase);
    let same = |(a, b): (&char, &char)| a == b || !cased && a.to_lowercase().eq(b.to_lowercase());
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let mut found: Vec<Range<usize>> = Vec::new();
    if pattern.is_empty() {
        return found;
    }
    for (at, window) in text.windows(pattern.len()).enumerate() {
        let free = found.last().is_none_or(|last| last.end <= at);
        if free && window.iter().zip(&pattern).all(same) {
            found.push(at..at + pattern.len());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::runbook::rendered::rendered;

    #[test]
    fn lines_are_wrapped_and_nothing_of_them_is_lost() {
        let text = "Stop the **service** `docker compose stop api --timeout 30`, 然后检查日志文件里的错误信息 und prüfe es\n";
        let line = &rendered(text)[0];
        for columns in [2, 3, 7, 20, 40, 200] {
            let rows = rows(line, None, columns);
            let texts: Vec<String> =
                rows.iter().map(|row| row.iter().map(|s| s.text.as_str()).collect()).collect();
            assert_eq!(texts.concat(), line.plain(), "{columns}");
            assert!(texts.iter().all(|row| row.width() <= columns), "{columns}: {texts:?}");
            assert_eq!(count(line, columns), rows.len());
        }
        assert_eq!(rows(&Rendered::default(), None, 10).len(), 1);
    }

    #[test]
    fn capitals_count_if_there_are_any() {
        assert_eq!(matches("Deploy, deploy, DEPLOY", "deploy").len(), 3);
        let first = |text: &str, pattern: &str| matches(text, pattern).first().map(|r| (r.start, r.end));
        assert_eq!(first("Deploy, deploy, DEPLOY", "Deploy"), Some((0, 6)));
        assert_eq!(matches("Deploy, deploy, DEPLOY", "Deploy").len(), 1);
        assert_eq!(first("ÄRGER in Größe", "ärger"), Some((0, 5)));
        assert_eq!(matches("aaaa", "aa"), [0..2, 2..4]);
        assert!(matches("abc", "").is_empty() && matches("", "a").is_empty());
    }

    #[test]
    fn what_is_found_stands_out_across_looks_and_rows() {
        let line = &rendered("one **two** three\n")[0];
        let found: String = rows(line, Some("two thr"), 6)
            .into_iter()
            .flatten()
            .filter(|stretch| stretch.found)
            .map(|stretch| stretch.text)
            .collect();
        assert_eq!(found, "two thr");
    }
}
