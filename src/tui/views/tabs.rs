//! The line under the frame: the screens with their digits, and, while something calls that nobody has answered, the
//! banner.
//!
//! Both stand in the one line, so that no row moves when the banner comes or goes. The banner takes what its words need;
//! the tabs move together to the right of it and lose their names, but never their digits, nor the mark of where one is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::banner::Banner;
use crate::tui::app::App;
use crate::tui::screen::Screen;
use crate::tui::widgets::text::{put, rule};

/// How the tabs are written, the widest first.
#[derive(Clone, Copy)]
enum Way {
    /// `1 Checklist  2 Steps`.
    Wide,
    /// `1 Checklist 2 Steps`.
    Narrow,
    /// `1 Check 2 Steps`.
    Tight,
    /// `1 2 ▸6 Health 7`: only where one is has a name.
    Here,
    /// `1 2 3`.
    Digits,
    /// `123`.
    Together,
}

impl Way {
    const ALL: [Way; 6] = [Way::Wide, Way::Narrow, Way::Tight, Way::Here, Way::Digits, Way::Together];

    fn gap(self) -> &'static str {
        match self {
            Way::Wide => "  ",
            Way::Together => "",
            _ => " ",
        }
    }

    fn name(self, place: Screen) -> &'static str {
        match self {
            Way::Wide | Way::Narrow => place.name(),
            Way::Tight => place.short(),
            _ => "",
        }
    }

    fn names_here(self) -> bool {
        !matches!(self, Way::Digits | Way::Together)
    }
}

/// Draws the line.
pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect, row: usize) {
    rule(app.theme, frame, area, row);
    let width = usize::from(area.width);
    let lines = Way::ALL.map(|way| line(app, way));
    let Some(banner) = app.board().and_then(|board| Banner::of(app.theme, board)) else {
        let fitting = lines.iter().find(|line| line.width() <= width).unwrap_or(&lines[5]);
        put(frame, area, row, fitting.clone());
        return;
    };
    let needs = banner.fitting(width.saturating_sub(lines[5].width()));
    let tabs = lines.iter().find(|line| line.width() + needs <= width).unwrap_or(&lines[5]);
    let mut spans = vec![banner.line(app.theme, width.saturating_sub(tabs.width()))];
    spans.extend(tabs.spans.iter().cloned());
    put(frame, area, row, Line::from(spans));
}

fn line(app: &App, way: Way) -> Line<'static> {
    let (theme, mark) = (app.theme, app.theme.sign("▸", ">"));
    let here = |text: String| [Span::styled(mark, theme.wants()), Span::styled(text, theme.strong())];
    let mut spans = Vec::new();
    // What has no digit of its own stands where it came from.
    let at = match app.screen {
        Screen::Start => {
            spans.extend(here(Screen::Start.name().to_owned()));
            Screen::Start
        }
        Screen::Output => app.came_from,
        place => place,
    };
    let gap = way.gap();
    let before = |place: Screen| app.run.is_some() || matches!(place, Screen::Document | Screen::History);
    for (digit, place) in Screen::TABS.into_iter().filter(|(_, place)| before(*place)) {
        let gap = if spans.is_empty() { "" } else { gap };
        if place == at {
            let name = if way.names_here() { app.screen.name() } else { "" };
            // The mark takes the place of a blank.
            spans.push(Span::raw(gap.get(1..).unwrap_or_default()));
            spans.extend(here(format!("{digit} {name}").trim_end().to_owned()));
        } else {
            let first = if spans.is_empty() { " " } else { "" };
            let text = format!("{first}{gap}{digit} {}", way.name(place));
            spans.push(Span::styled(text.trim_end().to_owned(), theme.dim()));
        }
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}
