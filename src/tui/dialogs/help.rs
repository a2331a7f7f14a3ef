//! Help: all keys of a screen, its signs, its colours.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::ThemeName;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::keymap::{self, Action};
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::document::draw as document;
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::wrap_words;

fn help_lines(app: &App, width: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let key = |shown: String| if shown == "⏎" { app.theme.sign("⏎", "Enter").to_owned() } else { shown };
    let mut legend = if app.screen == Screen::Document { document::legend() } else { vec![] };
    for binding in app.keys.of(app.screen) {
        // Behind the keys of the screen itself, before those of every screen.
        if binding.on.is_empty() {
            for text in legend.drain(..) {
                lines.push(Line::from(""));
                lines.extend(wrap_words(&text, width).into_iter().map(Line::from));
            }
        }
        let shown = key(keymap::shown(binding.key));
        for (row, words) in wrap_words(binding.long, width.saturating_sub(8)).into_iter().enumerate() {
            let shown = if row == 0 { shown.as_str() } else { "" };
            lines.push(Line::from(vec![
                Span::styled(format!("{shown:<7} "), app.theme.strong()),
                Span::raw(words),
            ]));
        }
    }
    let signs = if app.theme.unicode {
        "✓ passed  ○ done, nothing claimed  ✗ failed  ▶ runs  ? needs a check by you  – skipped  · not yet  % lost  ! destructive  ~ optional  ◆ point of no return  ↺ wait until it passes  ✎ edited"
    } else {
        "v passed  o done, nothing claimed  X failed  > runs  ? needs a check by you  - skipped  . not yet  % lost  ! destructive  ~ optional  # point of no return  @ wait until it passes"
    };
    let themes: Vec<&str> = ThemeName::ALL.iter().map(|t| t.name()).collect();
    let more = [
        signs.to_owned(),
        format!(
            "Colours: {}; now {}. Set them as theme in the settings, or with {} here.",
            themes.join(", "),
            app.theme.name.name(),
            app.key(Action::Palette)
        ),
        "Keys can be changed by name under [keys] in the settings; config.toml lists the names.".to_owned(),
    ];
    for text in more {
        lines.push(Line::from(""));
        lines.extend(
            wrap_words(&text, width).into_iter().map(|l| Line::from(Span::styled(l, app.theme.dim()))),
        );
    }
    lines
}

/// How many rows help has.
fn help_rows(app: &App) -> usize {
    help_lines(app, help_width(app.size.0)).len()
}

fn help_width(columns: u16) -> usize {
    usize::from(columns).saturating_sub(10).min(90)
}

/// Draws it, scrolled down by so many rows.
pub(in crate::tui) fn draw(app: &App, row: usize, frame: &mut Frame<'_>, area: Rect) {
    let lines = help_lines(app, help_width(area.width));
    let height = usize::from(area.height).saturating_sub(4);
    let more = lines.len() > height;
    let row = row.min(lines.len().saturating_sub(height));
    let title = if more {
        format!(
            "Keys of this screen  {}-{} of {}, j k scroll",
            row + 1,
            (row + height).min(lines.len()),
            lines.len()
        )
    } else {
        "Keys of this screen".to_owned()
    };
    boxed(app.theme, &title, lines.into_iter().skip(row).take(height).collect(), frame, area);
}

pub(in crate::tui) fn pressed(app: &mut App, row: usize, key: KeyEvent) -> Vec<Effect> {
    let row = match key.code {
        KeyCode::Down | KeyCode::Char('j') => row + 1,
        KeyCode::Up | KeyCode::Char('k') => row.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => row + 10,
        KeyCode::PageUp => row.saturating_sub(10),
        _ => return vec![],
    };
    let most = help_rows(app).saturating_sub(usize::from(app.size.1) / 2);
    app.overlays.push(Overlay::Help(row.min(most)));
    vec![]
}
