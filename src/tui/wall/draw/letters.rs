//! Large letters, read across a room: three dots wide, five high.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// How large a dot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Dots {
    /// Two dots in a cell, one above the other: three rows in all.
    Half,
    /// A row, and so many columns.
    Rows(usize),
}

/// Rows of dots.
const HIGH: usize = 5;

impl Dots {
    /// How many rows of the terminal letters are high.
    pub(in crate::tui) fn rows(self) -> usize {
        match self {
            Dots::Half => HIGH.div_ceil(2),
            Dots::Rows(_) => HIGH,
        }
    }

    /// How many columns a text takes, a letter that is not known left out.
    pub(in crate::tui) fn width(self, text: &str) -> usize {
        let columns = match self {
            Dots::Half => 1,
            Dots::Rows(columns) => columns,
        };
        let dots: usize = text.chars().filter_map(|c| Some(letter(c)?.first()?.len() + 1)).sum();
        dots.saturating_sub(1) * columns
    }
}

/// Whether all of a text can be written.
pub(in crate::tui) fn has(text: &str) -> bool {
    text.chars().all(|c| letter(c).is_some())
}

/// A text in rows of the terminal; `full` is what a dot is drawn with where each has a row.
pub(in crate::tui) fn written(
    text: &str,
    dots: Dots,
    full: &'static str,
    style: Style,
) -> Vec<Line<'static>> {
    let rows = bitmap(text);
    let lines: Vec<String> = match dots {
        Dots::Half => rows.chunks(2).map(halves).collect(),
        Dots::Rows(columns) => rows.iter().map(|row| wide(row, columns, full)).collect(),
    };
    lines.into_iter().map(|line| Line::from(Span::styled(line, style))).collect()
}

/// Which dots are set, row by row.
fn bitmap(text: &str) -> Vec<Vec<bool>> {
    let mut rows = vec![Vec::new(); HIGH];
    for known in text.chars().filter_map(letter) {
        for (row, dots) in rows.iter_mut().zip(known) {
            if !row.is_empty() {
                row.push(false);
            }
            row.extend(dots.chars().map(|dot| dot == '#'));
        }
    }
    rows
}

fn halves(pair: &[Vec<bool>]) -> String {
    let row = |at: usize| pair.get(at).map_or(&[][..], Vec::as_slice);
    let is = |row: &[bool], at: usize| row.get(at).copied().unwrap_or(false);
    let sign = |at: usize| match (is(row(0), at), is(row(1), at)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    (0..row(0).len()).map(sign).collect()
}

fn wide(row: &[bool], columns: usize, full: &'static str) -> String {
    row.iter().map(|dot| if *dot { full } else { " " }.repeat(columns)).collect()
}

/// The dots of a letter, row by row.
fn letter(c: char) -> Option<[&'static str; HIGH]> {
    Some(match c {
        '0' => ["###", "# #", "# #", "# #", "###"],
        '1' => [" # ", "## ", " # ", " # ", "###"],
        '2' => ["###", "  #", "###", "#  ", "###"],
        '3' => ["###", "  #", "###", "  #", "###"],
        '4' => ["# #", "# #", "###", "  #", "  #"],
        '5' => ["###", "#  ", "###", "  #", "###"],
        '6' => ["###", "#  ", "###", "# #", "###"],
        '7' => ["###", "  #", "  #", "  #", "  #"],
        '8' => ["###", "# #", "###", "# #", "###"],
        '9' => ["###", "# #", "###", "  #", "###"],
        '.' => [" ", " ", " ", " ", "#"],
        ',' => ["  ", "  ", "  ", " #", "# "],
        ':' => [" ", "#", " ", "#", " "],
        '%' => ["# #", "  #", " # ", "#  ", "# #"],
        '-' => ["   ", "   ", "###", "   ", "   "],
        '+' => ["   ", " # ", "###", " # ", "   "],
        '<' => ["  #", " # ", "#  ", " # ", "  #"],
        '>' => ["#  ", " # ", "  #", " # ", "#  "],
        ' ' => ["  ", "  ", "  ", "  ", "  "],
        'A' => ["###", "# #", "###", "# #", "# #"],
        'C' => ["###", "#  ", "#  ", "#  ", "###"],
        'D' => ["## ", "# #", "# #", "# #", "## "],
        'E' => ["###", "#  ", "## ", "#  ", "###"],
        'H' => ["# #", "# #", "###", "# #", "# #"],
        'L' => ["#  ", "#  ", "#  ", "#  ", "###"],
        'N' => ["#  #", "## #", "# ##", "#  #", "#  #"],
        'O' => ["###", "# #", "# #", "# #", "###"],
        'P' => ["###", "# #", "###", "#  ", "#  "],
        'R' => ["## ", "# #", "## ", "# #", "# #"],
        'S' => ["###", "#  ", "###", "  #", "###"],
        'T' => ["###", " # ", " # ", " # ", " # "],
        'W' => ["#   #", "#   #", "# # #", "## ##", "#   #"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::health::RowLevel;

    fn text(words: &str, dots: Dots) -> Vec<String> {
        written(words, dots, "#", Style::new()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn letters_are_drawn_in_halves_and_in_rows() {
        assert_eq!(
            text("DOWN", Dots::Half),
            ["█▀▄ █▀█ █   █ █▄ █", "█ █ █ █ █▄▀▄█ █ ▀█", "▀▀  ▀▀▀ ▀   ▀ ▀  ▀"]
        );
        assert_eq!(
            text("1:", Dots::Rows(2)),
            ["  ##      ", "####    ##", "  ##      ", "  ##    ##", "######    "]
        );
    }

    #[test]
    fn every_level_and_every_clock_can_be_written() {
        for level in RowLevel::ALL.into_iter().filter(|level| level.is_judged()) {
            let words = format!("{} 1:23:45", level.word().to_uppercase());
            assert!(level == RowLevel::Ok || has(&words), "{words}");
        }
        assert!(!has("ms"));
    }

    #[test]
    fn the_width_is_what_is_drawn() {
        for dots in [Dots::Half, Dots::Rows(1), Dots::Rows(3)] {
            for line in written("NOT SEEN 0:42", dots, "#", Style::new()) {
                assert_eq!(line.width(), dots.width("NOT SEEN 0:42"));
            }
            assert_eq!(written("0", dots, "#", Style::new()).len(), dots.rows());
        }
    }
}
