//! Draws screens as vector graphics: one as a picture, several as a film.

use std::collections::HashMap;
use std::fmt::Write as _;

use gonogo::protocol::{Colour, Screen, Style};

const CELL: (f32, f32) = (8.4, 18.0);

/// Around the screen.
const MARGIN: f32 = 12.0;

/// A screen, and for how long it stands.
pub(crate) struct Frame {
    pub(crate) screen: Screen,
    pub(crate) seconds: f32,
}

/// One screen.
pub(crate) fn picture(screen: &Screen) -> String {
    let mut out = opening(screen);
    for (row, line) in screen.rows.iter().enumerate() {
        let y = MARGIN + (row as f32 + 0.75) * CELL.1;
        out += &drawn(line.runs.iter().map(|run| (run.text.as_str(), &run.style)), MARGIN, y);
    }
    out + "</svg>\n"
}

/// Screens one after another, again and again: they stand side by side, and what is looked at jumps from one to the next.
/// A row that stands in several of them is drawn once.
pub(crate) fn film(frames: &[Frame]) -> String {
    let Some(first) = frames.first() else { return String::new() };
    let (width, _) = size(&first.screen);
    let all: f32 = frames.iter().map(|frame| frame.seconds).sum();
    let (mut rows, mut defined, mut shown, mut jumps) =
        (HashMap::new(), String::new(), String::new(), String::new());
    let mut gone = 0.0;
    for (at, frame) in frames.iter().enumerate() {
        let left = at as f32 * width;
        writeln!(jumps, "{:.3}%{{transform:translateX(-{left:.0}px)}}", gone / all * 100.0).unwrap();
        gone += frame.seconds;
        for (row, line) in frame.screen.rows.iter().enumerate() {
            let content = drawn(line.runs.iter().map(|run| (run.text.as_str(), &run.style)), 0.0, 13.5);
            if content.is_empty() {
                continue;
            }
            let next = rows.len();
            let id = *rows.entry(content).or_insert_with_key(|content| {
                write!(defined, "<g id=\"r{next}\">{content}</g>").unwrap();
                next
            });
            let (x, y) = (left + MARGIN, MARGIN + row as f32 * CELL.1);
            write!(shown, "<use href=\"#r{id}\" x=\"{x:.0}\" y=\"{y:.0}\"/>").unwrap();
        }
        shown.push('\n');
    }
    let style = format!(
        "<style>@keyframes film{{{jumps}}}.film{{animation:film {all:.1}s steps(1,end) infinite}}</style>"
    );
    format!(
        "{}{style}\n<defs>{defined}</defs>\n<g class=\"film\">\n{shown}</g>\n</svg>\n",
        opening(&first.screen)
    )
}

fn size(screen: &Screen) -> (f32, f32) {
    let margins = 2.0 * MARGIN;
    (f32::from(screen.columns) * CELL.0 + margins, screen.rows.len() as f32 * CELL.1 + margins)
}

fn opening(screen: &Screen) -> String {
    let (width, height) = size(screen);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"'DejaVu Sans Mono', ui-monospace, monospace\" font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#141414\"/>\n"
    )
}

/// A row whose letters stand on `y`, from `left` on.
fn drawn<'a>(runs: impl Iterator<Item = (&'a str, &'a Style)>, left: f32, y: f32) -> String {
    let mut out = String::new();
    let mut column = 0usize;
    for (text, style) in runs {
        let cells = unicode_width::UnicodeWidthStr::width(text);
        let x = left + column as f32 * CELL.0;
        let (mut fg, mut bg) = (colour(style.fg).unwrap_or("#cccccc".into()), colour(style.bg));
        if style.reverse {
            (fg, bg) = ("#141414".into(), Some(fg));
        }
        if let Some(bg) = bg {
            writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{}\" fill=\"{bg}\"/>",
                y - 13.5,
                cells as f32 * CELL.0,
                CELL.1
            )
            .unwrap();
        }
        out += &lines(text, x, y, &fg);
        out += &words(text, x, y, &fg, style.bold);
        column += cells;
    }
    out
}

/// Lines are drawn as lines: renderers disagree about the width of such characters.
fn lines(text: &str, x: f32, y: f32, fg: &str) -> String {
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        if let Some(strokes) = strokes(c) {
            let (left, top) = (x + at as f32 * CELL.0, y - 13.5);
            let path: Vec<String> = strokes
                .iter()
                .map(|[x1, y1, x2, y2]| {
                    let point = |x: f32, y: f32| format!("{:.1} {:.1}", left + x * CELL.0, top + y * CELL.1);
                    format!("M{} L{}", point(*x1, *y1), point(*x2, *y2))
                })
                .collect();
            writeln!(out, "<path d=\"{}\" stroke=\"{fg}\"/>", path.join(" ")).unwrap();
        }
    }
    out
}

/// Each word at its own place: renderers disagree about spaces.
fn words(text: &str, x: f32, y: f32, fg: &str, bold: bool) -> String {
    let weight = if bold { " font-weight=\"bold\"" } else { "" };
    let text: String = text.chars().map(|c| if strokes(c).is_some() { ' ' } else { c }).collect();
    let (mut out, mut at) = (String::new(), x);
    for word in text.split(' ') {
        let width = unicode_width::UnicodeWidthStr::width(word) as f32 * CELL.0;
        if !word.is_empty() {
            let text = word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            writeln!(out, "<text x=\"{at:.1}\" y=\"{y:.1}\" fill=\"{fg}\"{weight} textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\">{text}</text>").unwrap();
        }
        at += width + CELL.0;
    }
    out
}

fn colour(colour: Colour) -> Option<String> {
    const NAMED: [&str; 16] = [
        "#000000", "#e05561", "#3fb96a", "#e5c07b", "#4d8fe0", "#c678dd", "#41b5c4", "#d7d7d7", "#6b6b6b",
        "#f1707b", "#5fd38d", "#f0d28c", "#74a9f0", "#d899e8", "#6fd3e0", "#ffffff",
    ];
    match colour {
        Colour::Indexed(n) => NAMED.get(usize::from(n)).map(|name| (*name).to_owned()).or(Some(cube(n))),
        _ => None,
    }
}

/// One of the 256 behind the sixteen (as xterm has them): a cube of colours, then greys.
fn cube(n: u8) -> String {
    if n >= 232 {
        let grey = 8 + (n - 232) * 10;
        return format!("#{grey:02x}{grey:02x}{grey:02x}");
    }
    let n = n.saturating_sub(16);
    let level = |v: u8| if v == 0 { 0 } else { 55 + v * 40 };
    format!("#{:02x}{:02x}{:02x}", level(n / 36), level(n / 6 % 6), level(n % 6))
}

/// Strokes of a line-drawing character, in parts of a cell: from x, y to x, y.
fn strokes(c: char) -> Option<Vec<[f32; 4]>> {
    const LEFT: [f32; 4] = [0.0, 0.5, 0.5, 0.5];
    const RIGHT: [f32; 4] = [0.5, 0.5, 1.0, 0.5];
    const UP: [f32; 4] = [0.5, 0.0, 0.5, 0.5];
    const DOWN: [f32; 4] = [0.5, 0.5, 0.5, 1.0];
    Some(match c {
        '─' => vec![LEFT, RIGHT],
        '│' | '┃' => vec![UP, DOWN],
        '┌' => vec![RIGHT, DOWN],
        '┐' => vec![LEFT, DOWN],
        '└' => vec![RIGHT, UP],
        '┘' => vec![LEFT, UP],
        _ => return None,
    })
}
