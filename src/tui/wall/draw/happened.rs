//! What happened since the wall was opened, the newest first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::tui::wall::picture::{Entry, Picture};
use crate::tui::widgets::text::{clip, fit, put, time, titled};

/// From so many columns on what became of it stands beside it.
const WIDE: usize = 100;
/// A sign and a word.
const SIGN: usize = 11;

/// Draws as much of it as has room.
pub(super) fn draw(picture: &Picture<'_>, frame: &mut Frame<'_>, area: Rect) {
    if area.height < 2 {
        return;
    }
    let (theme, width) = (picture.theme, usize::from(area.width));
    put(frame, area, 0, titled(theme, "what happened, newest first", theme.dim(), width));
    if picture.happened.is_empty() {
        put(frame, area, 1, Line::from(Span::styled(" no level has changed", theme.dim())));
    }
    for (at, entry) in picture.happened.iter().take(usize::from(area.height) - 1).enumerate() {
        put(frame, area, at + 1, line(picture, entry, width));
    }
}

fn line(picture: &Picture<'_>, entry: &Entry, width: usize) -> Line<'static> {
    let theme = picture.theme;
    let (sign, style) = match entry.level {
        Some(level) => {
            (format!("{} {}", theme.level_sign(level), theme.level_word(level)), theme.level(level))
        }
        None => (format!("{} ran", theme.sign("·", ".")), theme.dim()),
    };
    let head = format!(" {}  ", time(entry.at));
    let room = width.saturating_sub(head.width() + SIGN + 1);
    let words = if width >= WIDE {
        format!("{} {}", fit(&entry.words, room / 2), entry.then)
    } else {
        format!("{}  {}", entry.words, entry.then)
    };
    Line::from(vec![
        Span::styled(head, theme.dim()),
        Span::styled(sign.clone(), style),
        Span::raw(" ".repeat(SIGN.saturating_sub(sign.width()))),
        Span::raw(clip(&words, room)),
    ])
}
