//! Output as rows of a terminal, wrapped to the width at hand.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthChar;

use crate::protocol::{Colour, Row, Style as CellStyle, Text};

/// Joins rows that the terminal wrapped and wraps them again to `width`.
pub fn wrapped(rows: &[Row], width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut open: Vec<&Text> = Vec::new();
    for row in rows {
        open.extend(&row.runs);
        if !row.wrapped {
            wrap(&open, width.max(1), &mut lines);
            open.clear();
        }
    }
    if !open.is_empty() {
        wrap(&open, width.max(1), &mut lines);
    }
    lines
}

/// Rows as they are, for programs that own the whole screen.
pub fn exact(rows: &[Row]) -> Vec<Line<'static>> {
    rows.iter()
        .map(|r| {
            Line::from(
                r.runs.iter().map(|t| Span::styled(t.text.clone(), style(t.style))).collect::<Vec<_>>(),
            )
        })
        .collect()
}

fn wrap(runs: &[&Text], width: usize, lines: &mut Vec<Line<'static>>) {
    let mut line: Vec<Span<'static>> = Vec::new();
    let mut used = 0;
    for run in runs {
        let mut text = String::new();
        for c in run.text.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > width {
                line.push(Span::styled(std::mem::take(&mut text), style(run.style)));
                lines.push(Line::from(std::mem::take(&mut line)));
                used = 0;
            }
            text.push(c);
            used += wide;
        }
        if !text.is_empty() {
            line.push(Span::styled(text, style(run.style)));
        }
    }
    lines.push(Line::from(line));
}

/// A program's style as ratatui's.
fn style(cell: CellStyle) -> Style {
    let mut style = Style::new();
    if let Some(fg) = colour(cell.fg) {
        style = style.fg(fg);
    }
    if let Some(bg) = colour(cell.bg) {
        style = style.bg(bg);
    }
    let modifiers = [
        (cell.bold, Modifier::BOLD),
        (cell.dim, Modifier::DIM),
        (cell.italic, Modifier::ITALIC),
        (cell.underline, Modifier::UNDERLINED),
        (cell.reverse, Modifier::REVERSED),
    ];
    modifiers
        .into_iter()
        .filter(|(on, _)| *on)
        .fold(style, |style, (_, modifier)| style.add_modifier(modifier))
}

fn colour(colour: Colour) -> Option<Color> {
    match colour {
        Colour::Default => None,
        Colour::Indexed(n) => Some(Color::Indexed(n)),
        Colour::Rgb(r, g, b) => Some(Color::Rgb(r, g, b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_rows_are_joined_before_they_are_wrapped_again() {
        let row =
            |text: &str, wrapped| Row { runs: vec![Text { text: text.into(), ..Text::default() }], wrapped };
        let lines = wrapped(&[row("abcde", true), row("fg", false), row("h", false)], 4);
        let texts: Vec<String> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["abcd", "efg", "h"]);
    }
}
