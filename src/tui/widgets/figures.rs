//! Levels and figures as Health and Monitor draw them: a word in its colour, values as bars.

use ratatui::style::Style;

use crate::run::health::Level;
use crate::tui::theme::Theme;

/// The word and the colour of a level.
pub(in crate::tui) fn level(theme: Theme, level: Option<Level>) -> (String, Style) {
    match level {
        None => (theme.sign("–", "-").into(), theme.dim()),
        Some(level) => {
            let style = match level {
                Level::Ok => theme.good(),
                Level::Watch | Level::NotSeen => theme.wants(),
                Level::Alert | Level::Down => theme.bad(),
            };
            (level.word().into(), style)
        }
    }
}

/// Between what values are drawn.
pub(in crate::tui) struct Range {
    pub(in crate::tui) least: f64,
    pub(in crate::tui) most: f64,
    /// What is drawn as the full height.
    pub(in crate::tui) span: f64,
}

impl Range {
    pub(in crate::tui) fn of(parts: &[Option<f64>]) -> Self {
        let seen = || parts.iter().flatten().copied();
        let (least, most) = (seen().fold(f64::INFINITY, f64::min), seen().fold(f64::NEG_INFINITY, f64::max));
        // What hardly moves is drawn flat: noise must not look like a mountain.
        let span = (most - least).max(most.abs() * 0.05).max(f64::MIN_POSITIVE);
        Self { least, most, span }
    }
}

/// Values as a row of bars between the least and the greatest of them; a blank where nothing was seen.
pub(in crate::tui) fn spark(theme: Theme, parts: &[Option<f64>]) -> String {
    let Range { least, span, .. } = Range::of(parts);
    let bars: [&str; 8] = if theme.unicode {
        ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    } else {
        ["_", "_", ".", ".", "-", "-", "=", "#"]
    };
    let bar = |value: &Option<f64>| match value {
        None => " ",
        Some(value) => bars[(((value - least) / span) * 7.0).round().clamp(0.0, 7.0) as usize],
    };
    parts.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ThemeName;
    use crate::tui::theme::Depth;

    #[test]
    fn a_row_of_bars_shows_gaps_and_no_noise() {
        let theme = Theme { name: ThemeName::None, unicode: true, depth: Depth::Many };
        assert_eq!(spark(theme, &[Some(0.0), None, Some(10.0)]), "▁ █");
        assert_eq!(spark(theme, &[Some(100.0), Some(100.1)]), "▁▁");
        assert_eq!(spark(theme, &[None, None]), "  ");
    }
}
