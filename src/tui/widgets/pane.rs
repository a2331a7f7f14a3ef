//! Output as rows of a terminal, wrapped or cut to the width at hand.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthChar;

use crate::protocol::{Colour, Row, Style as CellStyle, Text};
use crate::tui::theme::Theme;
use crate::tui::widgets::text::shown;

/// Joins rows that the terminal wrapped and wraps them again to `width`.
pub fn wrapped(theme: Theme, rows: &[Row], width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut open: Vec<Text> = Vec::new();
    for row in rows {
        open.extend(row.runs.iter().cloned());
        if !row.wrapped {
            lines.extend(wrap(theme, &open, width.max(1)));
            open.clear();
        }
    }
    if !open.is_empty() {
        lines.extend(wrap(theme, &open, width.max(1)));
    }
    lines
}

/// Rows as they are, for programs that own the whole screen.
pub fn exact(theme: Theme, rows: &[Row]) -> Vec<Line<'static>> {
    let span = |t: &Text| Span::styled(t.text.clone(), style(theme, t.style));
    rows.iter().map(|r| Line::from(r.runs.iter().map(span).collect::<Vec<_>>())).collect()
}

/// One line wrapped to a width.
pub fn wrap(theme: Theme, runs: &[Text], width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut line: Vec<Span<'static>> = Vec::new();
    let mut used = 0;
    for run in runs {
        let mut text = String::new();
        for c in shown(&run.text).chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > width && used > 0 {
                line.push(Span::styled(std::mem::take(&mut text), style(theme, run.style)));
                lines.push(Line::from(std::mem::take(&mut line)));
                used = 0;
            }
            text.push(c);
            used += wide;
        }
        if !text.is_empty() {
            line.push(Span::styled(text, style(theme, run.style)));
        }
    }
    lines.push(Line::from(line));
    lines
}

/// One line from a column on, as wide as there is room.
pub fn cut(theme: Theme, runs: &[Text], left: usize, width: usize) -> Line<'static> {
    let mut column = 0;
    let mut spans = Vec::new();
    for run in runs {
        let mut text = String::new();
        for c in shown(&run.text).chars() {
            let wide = c.width().unwrap_or(0);
            if column >= left && column + wide <= left + width {
                text.push(c);
            }
            column += wide;
        }
        if !text.is_empty() {
            spans.push(Span::styled(text, style(theme, run.style)));
        }
    }
    Line::from(spans)
}

/// A program's style as this terminal shows it.
fn style(theme: Theme, cell: CellStyle) -> Style {
    let mut style = Style::new();
    if let Some(fg) = colour(cell.fg).and_then(|c| theme.of_program(c)) {
        style = style.fg(fg);
    }
    if let Some(bg) = colour(cell.bg).and_then(|c| theme.of_program(c)) {
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
    use crate::config::ThemeName;
    use crate::tui::theme::Surroundings;

    fn theme() -> Theme {
        Theme::new(ThemeName::Dark, &Surroundings::default())
    }

    fn text(text: &str) -> Text {
        Text { text: text.into(), ..Text::default() }
    }

    #[test]
    fn wrapped_rows_are_joined_before_they_are_wrapped_again() {
        let row = |t: &str, wrapped| Row { runs: vec![text(t)], wrapped };
        let lines = wrapped(theme(), &[row("abcde", true), row("fg", false), row("h", false)], 4);
        let texts: Vec<String> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["abcd", "efg", "h"]);
    }

    #[test]
    fn lines_are_cut_at_both_sides() {
        assert_eq!(cut(theme(), &[text("abc"), text("def")], 2, 3).to_string(), "cde");
    }
}
