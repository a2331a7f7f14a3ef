//! The lines of a document, and what begins them.

use std::ops::Range;

/// A line of the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte behind its text, without blanks and its end.
    pub(super) end: usize,
    /// The column that its text begins in; a tab reaches to the next fourth one.
    pub(super) column: usize,
    /// The line as it is, with its end.
    pub(super) raw: &'t str,
    /// Its text without blanks around it.
    pub(super) body: &'t str,
}

impl Line<'_> {
    /// The bytes of its text.
    pub(super) fn text(&self) -> Range<usize> {
        self.end - self.body.len()..self.end
    }
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let step = |column: usize, c: char| if c == '\t' { column + 4 - column % 4 } else { column + 1 };
    text.split_inclusive('\n')
        .map(|raw| {
            let body = raw.trim();
            let end = start + raw.trim_end().len();
            let column = raw.chars().take_while(|c| matches!(c, ' ' | '\t')).fold(0, step);
            let line = Line { start, end, column, raw, body };
            start += raw.len();
            line
        })
        .collect()
}

/// The quote signs that a line begins with, and the byte behind them.
pub(super) fn quoted(body: &str) -> (usize, usize) {
    let inner = body.trim_start_matches([' ', '\t', '>']);
    let lead = body.get(..body.len() - inner.len()).unwrap_or("");
    (lead.matches('>').count(), if lead.contains('>') { lead.len() } else { 0 })
}

/// How many bytes a list item's bullet or number takes with the blanks behind it.
pub(super) fn bullet(body: &str) -> Option<usize> {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let sign = body.get(digits..)?.chars().next()?;
    let is_bullet = if digits == 0 { matches!(sign, '-' | '*' | '+') } else { matches!(sign, '.' | ')') };
    let behind = body.get(digits + 1..).filter(|_| is_bullet && digits < 10)?;
    let blanks = behind.bytes().take_while(|b| *b == b' ').count();
    let blanks = if behind.starts_with('\t') { 1 } else { blanks };
    match blanks {
        0 => None,
        1..=4 => Some(digits + 1 + blanks),
        _ => Some(digits + 2),
    }
}

/// The level of a heading, and the byte that it begins at: a line with signs in front, or one underlined by this one.
pub(super) fn heading(lines: &[Line<'_>], at: usize) -> Option<(usize, usize)> {
    let line = lines.get(at)?;
    let signs = line.body.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&signs)
        && line.body.get(signs..).is_some_and(|r| r.is_empty() || r.starts_with([' ', '\t']))
    {
        return Some((signs, line.start));
    }
    let level = match line.body.bytes().next()? {
        b'=' => 1,
        b'-' => 2,
        _ => return None,
    };
    let sign = if level == 1 { '=' } else { '-' };
    let above = lines.get(at.checked_sub(1)?)?;
    let is_text =
        !above.body.is_empty() && !above.body.starts_with(['#', '>', '-', '*', '+', '|', '<', ':', '`', '~']);
    (is_text && line.body.chars().all(|c| c == sign)).then_some((level, above.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_line() {
        let columns: Vec<usize> = lines("a\n\tb\n  \tc\r\n      d").iter().map(|l| l.column).collect();
        assert_eq!(columns, [0, 4, 4, 6]);
        assert_eq!(lines("  \tc d \r\n")[0].text(), 3..6);
        assert_eq!((quoted("> > x"), quoted("x > y"), quoted(">")), ((2, 4), (0, 0), (1, 1)));
        let found: Vec<_> = ["- a", "1. a", "12)   a", "*a*", "-", "1.5 a", "+      a"].map(bullet).into();
        assert_eq!(found, [Some(2), Some(3), Some(6), None, None, None, Some(2)]);
        let text = lines("# A\nB\n===\n\n---\n- c\n---\n#d\n");
        let found: Vec<_> = (0..text.len()).filter_map(|at| heading(&text, at)).collect();
        assert_eq!(found, [(1, 0), (1, 4)]);
    }
}
