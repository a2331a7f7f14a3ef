//! Draws the README's pictures from the real program: `make pictures`.

use std::fmt::Write as _;
use std::path::PathBuf;

use gonogo::protocol::{Colour, Screen};

use super::support::{Home, Terminal};

const CELL: (f32, f32) = (8.4, 18.0);

#[test]
#[ignore = "draws docs/pictures: make pictures"]
fn pictures() {
    let home = Home::new();
    let mut terminal = home.terminal(&["demo"], 100, 28);
    terminal.see_live("start in");
    save("start", &terminal);
    terminal.type_keys("\r");
    for shown in ["0 of 2", "1 of 2"] {
        terminal.press(shown, "\r");
    }
    terminal.see_live("2 of 2");
    save("checklist", &terminal);
    terminal.type_keys("2");
    // Each key waits until the one before has been done: the frame counts settled commands.
    let keys = [("\r", 0), ("\r", 1), ("a", 1), ("\r", 2), ("\r", 3), ("\r", 4), ("\r", 5), ("\r", 6)];
    for (key, settled) in keys {
        let shown = if key == "a" { "Was that seen?" } else { "Enter runs it" };
        terminal.until(shown, |t| {
            let live = t.lines().last().is_some_and(|l| l.starts_with(' '));
            live && t.contains(&format!(" {settled} of 23")) && t.contains(shown)
        });
        terminal.type_keys(key);
    }
    terminal.see_live("Was that seen?");
    save("steps", &terminal);
}

fn save(name: &str, terminal: &Terminal) {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join(format!("{name}.svg")), svg(&terminal.screen())).unwrap();
}

fn svg(screen: &Screen) -> String {
    let (width, height) =
        (f32::from(screen.columns) * CELL.0 + 24.0, screen.rows.len() as f32 * CELL.1 + 24.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"'DejaVu Sans Mono', ui-monospace, monospace\" font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#141414\"/>\n"
    );
    for (row, line) in screen.rows.iter().enumerate() {
        let y = 12.0 + (row as f32 + 0.75) * CELL.1;
        let mut column = 0usize;
        for run in &line.runs {
            let cells = unicode_width::UnicodeWidthStr::width(run.text.as_str());
            let x = 12.0 + column as f32 * CELL.0;
            let (mut fg, mut bg) = (colour(run.style.fg).unwrap_or("#cccccc"), colour(run.style.bg));
            if run.style.reverse {
                (fg, bg) = ("#141414", Some(fg));
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
            let weight = if run.style.bold { " font-weight=\"bold\"" } else { "" };
            // Each word at its own place: renderers disagree about spaces.
            let mut at = x;
            for word in run.text.split(' ') {
                let width = unicode_width::UnicodeWidthStr::width(word) as f32 * CELL.0;
                if !word.is_empty() {
                    let text = word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                    writeln!(out, "<text x=\"{at:.1}\" y=\"{y:.1}\" fill=\"{fg}\"{weight} textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\">{text}</text>").unwrap();
                }
                at += width + CELL.0;
            }
            column += cells;
        }
    }
    out + "</svg>\n"
}

fn colour(colour: Colour) -> Option<&'static str> {
    const NAMED: [&str; 16] = [
        "#000000", "#e05561", "#3fb96a", "#e5c07b", "#4d8fe0", "#c678dd", "#41b5c4", "#d7d7d7", "#6b6b6b",
        "#f1707b", "#5fd38d", "#f0d28c", "#74a9f0", "#d899e8", "#6fd3e0", "#ffffff",
    ];
    match colour {
        Colour::Indexed(n) => NAMED.get(usize::from(n)).copied().or(Some("#cccccc")),
        _ => None,
    }
}
