//! How levels look. A level is told by its sign, its word and the height of its strip; colour only helps.
//!
//! Green beside yellow is one colour for one man in twelve, so ok is blue unless somebody wants traffic lights.

use ratatui::style::{Color, Modifier, Style};

use super::{Depth, Theme};
use crate::config::{Palette, ThemeName};
use crate::run::health::RowLevel;

impl Theme {
    /// The sign of a level.
    pub fn level_sign(self, level: RowLevel) -> &'static str {
        match level {
            RowLevel::Down => self.sign("✗", "X"),
            RowLevel::Alert => self.sign("▲", "A"),
            RowLevel::NotSeen => "?",
            RowLevel::Watch => self.sign("△", "w"),
            RowLevel::Stopped => self.sign("■", "="),
            RowLevel::Ok => self.sign("✓", "v"),
            RowLevel::NotMeasured => self.sign("·", "."),
        }
    }

    /// The word of a level as it stands in a list.
    pub fn level_word(self, level: RowLevel) -> &'static str {
        if level == RowLevel::NotMeasured { self.sign("–", "-") } else { level.word() }
    }

    /// The style of a level, of its words as of its strip.
    pub fn level(self, level: RowLevel) -> Style {
        match level {
            RowLevel::Down => self.ground(level),
            RowLevel::Stopped | RowLevel::NotMeasured => self.dim(),
            RowLevel::Alert => self.text_of(level).add_modifier(Modifier::BOLD),
            _ => self.text_of(level),
        }
    }

    /// The ground of what stands across the screen for a level.
    pub fn ground(self, level: RowLevel) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        if self.name == ThemeName::None {
            return bold;
        }
        if level == RowLevel::Down {
            return match self.depth {
                Depth::Many => bold.fg(Color::Indexed(231)).bg(Color::Indexed(160)),
                Depth::Sixteen => bold.fg(Color::White).bg(Color::Red),
            };
        }
        let dark = self.name != ThemeName::Light;
        let letters = match self.depth {
            Depth::Many => Color::Indexed(if dark { 16 } else { 231 }),
            Depth::Sixteen if dark => Color::Black,
            Depth::Sixteen => Color::White,
        };
        bold.fg(letters).bg(self.colour(level).unwrap_or(Color::Reset))
    }

    /// The line across the screen: without colour it is reversed.
    pub fn banner(self, level: RowLevel) -> Style {
        if self.name == ThemeName::None {
            self.ground(level).add_modifier(Modifier::REVERSED)
        } else {
            self.ground(level)
        }
    }

    fn text_of(self, level: RowLevel) -> Style {
        let colour = self.colour(level).map_or(Style::new(), |colour| Style::new().fg(colour));
        match (self.name, level) {
            (ThemeName::HighContrast, RowLevel::Alert) => self.ground(level),
            (ThemeName::HighContrast, RowLevel::Watch | RowLevel::NotSeen) => {
                colour.add_modifier(Modifier::BOLD)
            }
            _ => colour,
        }
    }

    /// The colour of a level; nothing where it is that of other text.
    pub(super) fn colour(self, level: RowLevel) -> Option<Color> {
        let (dark, light, sixteen, light_sixteen) = match level {
            RowLevel::Ok if self.palette == Palette::Traffic => (71, 28, Color::LightGreen, Color::Green),
            RowLevel::Ok => (75, 25, Color::LightBlue, Color::Blue),
            RowLevel::Watch | RowLevel::NotSeen => (226, 94, Color::LightYellow, Color::Magenta),
            RowLevel::Alert => (203, 88, Color::LightRed, Color::Red),
            RowLevel::Down => (160, 160, Color::Red, Color::Red),
            RowLevel::Stopped | RowLevel::NotMeasured => return None,
        };
        match (self.name, self.depth) {
            (ThemeName::None, _) => None,
            (ThemeName::HighContrast, _) if level == RowLevel::Ok => None,
            (ThemeName::HighContrast, _) => Some(sixteen),
            (ThemeName::Dark, Depth::Many) => Some(Color::Indexed(dark)),
            (ThemeName::Light, Depth::Many) => Some(Color::Indexed(light)),
            (ThemeName::Dark, Depth::Sixteen) => Some(sixteen),
            (ThemeName::Light, Depth::Sixteen) => Some(light_sixteen),
        }
    }
}

#[cfg(test)]
mod tests;
