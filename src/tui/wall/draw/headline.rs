//! How it is, for who looks up from across the room: in the level's colour over the full width; in peace one quiet line.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::letters;
use crate::figures::{running, span};
use crate::run::board::Headline;
use crate::run::health::RowLevel;
use crate::tui::wall::picture::{Picture, Places};
use crate::tui::widgets::text::{clip, put, time, wrap_words};

/// Columns before the letters, and between them and the words.
const BEFORE: usize = 3;
const BETWEEN: usize = 5;
/// Words beside the letters need so many columns.
const WORDS: usize = 24;

/// What stands in the headline.
struct Told {
    level: RowLevel,
    for_s: Option<u64>,
    /// What is so, since when, and what else.
    lines: Vec<String>,
}

/// Draws it; the rows that it took.
pub(super) fn draw(picture: &Picture<'_>, places: Places, frame: &mut Frame<'_>, area: Rect) -> u16 {
    let Some(told) = told(picture).filter(|told| told.level != RowLevel::Stopped) else {
        let level = picture.live.headline.level.unwrap_or(RowLevel::NotMeasured);
        put(frame, area, 0, Line::from(Span::styled(words(picture), picture.theme.level(level))));
        return 1;
    };
    let dots = places.dots(picture.theme.unicode);
    let height = (dots.rows() as u16 + 2).min(area.height);
    let style = picture.theme.banner(told.level);
    let ground = " ".repeat(usize::from(area.width));
    for at in 0..usize::from(height) {
        put(frame, area, at, Line::from(Span::styled(ground.clone(), style)));
    }
    let inner = Rect { y: area.y + 1, height: height - 1, ..area };
    let text = large(&told, dots, usize::from(area.width));
    let full = picture.theme.sign("█", "#");
    for (at, line) in letters::written(&text, dots, full, style).into_iter().enumerate() {
        put(frame, Rect { x: area.x + BEFORE as u16, width: area.width - BEFORE as u16, ..inner }, at, line);
    }
    let beside = BEFORE + dots.width(&text) + BETWEEN;
    let room = usize::from(area.width).saturating_sub(beside + 1);
    if room >= WORDS {
        let place = Rect { x: area.x + beside as u16, width: room as u16, ..inner };
        beside_it(&told, style, frame, place);
    } else {
        let line = clip(&told.lines.join("; "), usize::from(area.width).saturating_sub(BEFORE + 1));
        let foot = Rect { x: area.x + BEFORE as u16, width: area.width - BEFORE as u16, ..area };
        put(frame, foot, usize::from(height) - 1, Line::from(Span::styled(line, style)));
    }
    height
}

/// The words, as many of them as have room; what comes last is what else calls somebody.
fn beside_it(told: &Told, style: Style, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let mut lines: Vec<String> = told.lines.iter().flat_map(|line| wrap_words(line, width)).collect();
    let room = usize::from(area.height).saturating_sub(1).max(1);
    if lines.len() > room {
        lines.truncate(room);
        if let Some(last) = lines.last_mut() {
            *last = clip(&format!("{last} …"), width);
        }
    }
    for (at, line) in lines.into_iter().enumerate() {
        put(frame, area, at, Line::from(Span::styled(line, style)));
    }
}

/// The level in capitals and how long, as much of it as has room.
fn large(told: &Told, dots: letters::Dots, width: usize) -> String {
    let word = told.level.word().to_uppercase();
    let with_time = told.for_s.map(|s| format!("{word} {}", running(s)));
    with_time.filter(|text| dots.width(text) + 2 * BEFORE <= width).unwrap_or(word)
}

/// What calls somebody, or wants an eye; nothing in peace.
fn told(picture: &Picture<'_>) -> Option<Told> {
    let (board, theme) = (picture.live, picture.theme);
    if picture.blind_s.is_some() {
        let lines = vec![
            "no probe has looked".to_owned(),
            "what is below may be over; gonogo or this machine is held up".to_owned(),
        ];
        return Some(Told { level: RowLevel::NotSeen, for_s: picture.blind_s, lines });
    }
    let headline = &board.headline;
    let level = headline.level.filter(|level| *level != RowLevel::Ok)?;
    let since = headline.since.map(|at| format!("since {}", time(at)));
    let more: Vec<String> = headline
        .more
        .iter()
        .map(|(l, n)| format!("{} {n} more {}", theme.level_sign(*l), l.word()))
        .collect();
    let mut lines = vec![headline.words.clone()];
    lines.extend(since);
    lines.extend(more);
    Some(Told { level, for_s: headline.for_s, lines })
}

/// In one line: `✓ ALL 12 OK for 4 h`.
pub(super) fn words(picture: &Picture<'_>) -> String {
    let (board, theme) = (picture.live, picture.theme);
    let headline: &Headline = &board.headline;
    if let Some(s) = picture.blind_s {
        return format!(" {} NOT SEEN {}", theme.level_sign(RowLevel::NotSeen), running(s));
    }
    let lasted = headline.for_s.map_or(String::new(), |s| format!(" for {}", span(s)));
    match headline.level {
        _ if board.looked_s.is_none() && picture.about.probes > 0 => " looking for the first time".to_owned(),
        None => format!(" {} nothing is judged", theme.level_sign(RowLevel::NotMeasured)),
        Some(RowLevel::Ok) => {
            let count = board.counts.at(RowLevel::Ok);
            let all = if count == 1 { "OK".to_owned() } else { format!("ALL {count} OK") };
            format!(" {} {all}{lasted}", theme.level_sign(RowLevel::Ok))
        }
        Some(level) => {
            format!(
                " {} {}{lasted}: {}",
                theme.level_sign(level),
                level.word().to_uppercase(),
                headline.words
            )
        }
    }
}
