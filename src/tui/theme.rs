//! Colours and signs. State is never told by colour alone: every sign has a shape and an ASCII twin.

use ratatui::style::{Color, Modifier, Style};

use crate::config::ThemeName;
use crate::run::state::Standing;

/// How things look.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// With colours or without.
    pub name: ThemeName,
    /// Signs beyond ASCII.
    pub unicode: bool,
}

impl Theme {
    /// From the settings and what the locale can show.
    pub fn new(name: ThemeName) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|v| std::env::var(v).ok().filter(|v| !v.is_empty()));
        let unicode = locale.is_none_or(|l| !matches!(l.as_str(), "C" | "POSIX"))
            && std::env::var("TERM").as_deref() != Ok("linux");
        Self { name, unicode }
    }

    fn coloured(self, colour: Color) -> Style {
        if self.name == ThemeName::None { Style::new() } else { Style::new().fg(colour) }
    }

    /// Titles and the next thing to do.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What matters less.
    pub fn dim(self) -> Style {
        if self.name == ThemeName::None {
            Style::new().add_modifier(Modifier::DIM)
        } else {
            Style::new().fg(Color::DarkGray)
        }
    }

    /// The selected line.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Good news.
    pub fn good(self) -> Style {
        self.coloured(Color::Green)
    }

    /// Bad news.
    pub fn bad(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Wants somebody.
    pub fn wants(self) -> Style {
        self.coloured(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    /// Names and places.
    pub fn name(self) -> Style {
        self.coloured(Color::Cyan)
    }

    /// The environment's name; production can't be overlooked.
    pub fn environment(self, production: bool) -> Style {
        if production {
            self.bad().add_modifier(Modifier::REVERSED)
        } else {
            self.coloured(Color::Green).add_modifier(Modifier::BOLD)
        }
    }

    /// A sign or its ASCII twin.
    pub fn sign(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.unicode { unicode } else { ascii }
    }

    /// The sign and style of a command's standing.
    pub fn standing(self, standing: Standing) -> (&'static str, Style) {
        match standing {
            Standing::NotYet => (self.sign("·", "."), self.dim()),
            Standing::Running => (self.sign("▶", ">"), self.wants()),
            Standing::Passed => (self.sign("✓", "+"), self.good()),
            Standing::DoneNothingClaimed => (self.sign("○", "o"), self.good()),
            Standing::Failed => (self.sign("✗", "X"), self.bad()),
            Standing::NeedsEyes => ("?", self.wants()),
            Standing::Lost => ("%", self.bad()),
            Standing::Skipped => (self.sign("–", "-"), self.dim()),
        }
    }
}
