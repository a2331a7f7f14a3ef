//! A box in the middle of what is shown.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear};
use unicode_width::UnicodeWidthStr;

use crate::tui::theme::Theme;
use crate::tui::widgets::text::{clip, put, shown};

/// Draws lines in a box in the middle, and gives the place inside it.
pub(in crate::tui) fn boxed(
    theme: Theme,
    title: &str,
    lines: Vec<Line<'_>>,
    frame: &mut Frame<'_>,
    area: Rect,
) -> Rect {
    let title = &*shown(title);
    let widest = lines.iter().map(Line::width).max().unwrap_or(0).max(title.width() + 4);
    let width = (widest as u16 + 4).clamp(30, area.width.saturating_sub(4));
    let height = (lines.len() as u16 + 2).min(area.height.saturating_sub(2));
    let place =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    frame.render_widget(Clear, place);
    let block = if theme.unicode { Block::bordered() } else { Block::bordered().border_set(ASCII) };
    let title = clip(title, usize::from(width).saturating_sub(4));
    frame.render_widget(block.title(Span::styled(format!(" {title} "), theme.strong())), place);
    let inner = Rect { x: place.x + 2, y: place.y + 1, width: place.width - 4, height: place.height - 2 };
    for (row, line) in lines.into_iter().enumerate() {
        put(frame, inner, row, line);
    }
    inner
}

const ASCII: ratatui::symbols::border::Set<'static> = ratatui::symbols::border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};
