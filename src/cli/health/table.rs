//! For people who look once: one line a row, in the document's order, and the sum.

use chrono::Local;
use unicode_width::UnicodeWidthStr;

use super::words::{against, now};
use crate::run::board::{Board, Order, ordered};
use crate::run::health::RowLevel;

/// The table. The sum is its last line.
pub(in crate::cli) fn table(board: &Board, colour: bool) -> String {
    let mut rows = board.rows.clone();
    ordered(&mut rows, Order::Document);
    let width = rows.iter().map(|r| r.title.width()).max().unwrap_or(0).min(40);
    let state = rows.iter().map(|r| r.now.words.width()).max().unwrap_or(0).min(24);
    let mut text = board.at.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S %Z\n").to_string();
    for row in &rows {
        let level = painted(row.level, &format!("{:<8}", row.level.word()), colour);
        let now = now(row);
        let about = now.strip_prefix(row.now.words.as_str()).unwrap_or(&now).trim_start_matches([',', ' ']);
        let about = if about.is_empty() && row.group == "target" { &row.about } else { about };
        let against = against(row);
        let line = format!(
            "{level} {}  {}  {about}  {against}",
            pad(&row.title, width),
            pad(&row.now.words, state),
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text + &sum(board)
}

/// `DOWN: 1 down, 1 alert, 9 ok; 2 not measured`.
pub(super) fn sum(board: &Board) -> String {
    match board.counts.worst() {
        Some(worst) => format!("{}: {}", worst.word(), board.counts.words()),
        None => board.counts.words(),
    }
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A level's word in its colour, which says nothing that the word does not.
fn painted(level: RowLevel, word: &str, colour: bool) -> String {
    // Select Graphic Rendition (ECMA-48, 8.3.117): of the terminal's own palette.
    let code = match level {
        RowLevel::Down => "1;97;41",
        RowLevel::Alert => "1;91",
        RowLevel::NotSeen | RowLevel::Watch => "93",
        RowLevel::Ok => "94",
        RowLevel::Stopped | RowLevel::NotMeasured => "2",
    };
    if colour { format!("\u{1b}[{code}m{word}\u{1b}[0m") } else { word.to_owned() }
}
