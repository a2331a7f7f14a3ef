//! Colours and signs. State is never told by colour alone: every sign has a shape and an ASCII twin.

mod levels;

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::config::{Graph, Palette, ThemeName};
use crate::run::state::Standing;
use crate::visible;

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The sixteen by name.
    Sixteen,
    /// 256 and more.
    Many,
}

/// How things look.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// Which colours.
    pub name: ThemeName,
    /// Signs beyond ASCII.
    pub unicode: bool,
    /// How many colours.
    pub depth: Depth,
    /// Which colours levels have.
    pub palette: Palette,
    /// What charts are drawn with.
    pub graph: Graph,
}

/// What the environment says about the terminal.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set.
    pub locale: Option<String>,
    /// `TERM`.
    pub term: String,
    /// `COLORTERM`.
    pub colorterm: String,
}

impl Surroundings {
    /// As this process was started.
    pub fn observed() -> Self {
        let value = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
        Self {
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(value),
            term: value("TERM").unwrap_or_default(),
            colorterm: value("COLORTERM").unwrap_or_default(),
        }
    }

    /// Whether the locale is one of UTF-8, where there is one.
    pub fn utf8(&self) -> Option<bool> {
        let locale = self.locale.as_ref()?.to_lowercase();
        Some(locale.contains("utf-8") || locale.contains("utf8"))
    }

    /// Whether the terminal can place no text: only lines one after the other are of use on it.
    pub fn is_dumb(&self) -> bool {
        self.term == "dumb"
    }

    /// How many colours the terminal shows, by its name.
    pub fn depth(&self) -> Depth {
        let many = self.term.contains("256color")
            || ["truecolor", "24bit"].contains(&self.colorterm.as_str())
            || ["kitty", "alacritty", "foot", "ghostty", "wezterm"].iter().any(|t| self.term.contains(t));
        if many { Depth::Many } else { Depth::Sixteen }
    }
}

impl Theme {
    /// From the settings and what the terminal can show. A locale that names another encoding than UTF-8 and
    /// the Linux console get ASCII.
    pub fn new(name: ThemeName, around: &Surroundings) -> Self {
        let unicode = around.utf8().is_some_and(|utf8| utf8) && around.term != "linux";
        let name = if around.term == "vt100" || around.term == "vt220" { ThemeName::None } else { name };
        let graph = if unicode { Graph::Braille } else { Graph::Ascii };
        Self { name, unicode, depth: around.depth(), palette: Palette::Apart, graph }
    }

    /// With levels in these colours, and charts of these dots where the terminal can show them.
    #[must_use]
    pub fn with(self, palette: Palette, graph: Graph) -> Self {
        Self { palette, graph: if self.unicode { graph } else { Graph::Ascii }, ..self }
    }

    fn coloured(self, dark: Color, light: Color, contrast: Color) -> Style {
        match self.name {
            ThemeName::Dark => Style::new().fg(dark),
            ThemeName::Light => Style::new().fg(light),
            ThemeName::HighContrast => Style::new().fg(contrast).add_modifier(Modifier::BOLD),
            ThemeName::None => Style::new(),
        }
    }

    /// Titles and the next thing to do.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What matters less.
    pub fn dim(self) -> Style {
        match self.name {
            ThemeName::None => Style::new().add_modifier(Modifier::DIM),
            // Nothing is made harder to read.
            ThemeName::HighContrast => Style::new(),
            // Bright black is all but black on some palettes of sixteen.
            _ if self.depth == Depth::Sixteen => Style::new(),
            _ => Style::new().fg(Color::Indexed(244)),
        }
    }

    /// The selected line.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// What was searched for.
    pub fn found(self) -> Style {
        self.wants().add_modifier(Modifier::REVERSED)
    }

    /// Good news.
    pub fn good(self) -> Style {
        self.coloured(Color::Green, Color::Green, Color::LightGreen)
    }

    /// Bad news.
    pub fn bad(self) -> Style {
        self.coloured(Color::Red, Color::Red, Color::LightRed).add_modifier(Modifier::BOLD)
    }

    /// Wants somebody.
    pub fn wants(self) -> Style {
        self.coloured(Color::Yellow, Color::Magenta, Color::LightYellow).add_modifier(Modifier::BOLD)
    }

    /// Names and places.
    pub fn name(self) -> Style {
        self.coloured(Color::Cyan, Color::Blue, Color::LightCyan)
    }

    /// The environment's name; production can't be overlooked.
    pub fn environment(self, production: bool) -> Style {
        if production {
            self.bad().add_modifier(Modifier::REVERSED)
        } else {
            self.good().add_modifier(Modifier::BOLD)
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
            Standing::Passed => (self.sign("✓", "v"), self.good()),
            Standing::DoneNothingClaimed => (self.sign("○", "o"), self.good()),
            Standing::Failed | Standing::GonePast => (self.sign("✗", "X"), self.bad()),
            Standing::NeedsEyes => ("?", self.wants()),
            Standing::Lost => ("%", self.bad()),
            Standing::Skipped => (self.sign("–", "-"), self.dim()),
        }
    }

    /// A colour that a program chose, as this terminal shows it. Without colour there is none.
    pub fn of_program(self, colour: Color) -> Option<Color> {
        match (self.name, self.depth, colour) {
            (ThemeName::None, ..) => None,
            (_, Depth::Many, colour) => Some(colour),
            (_, Depth::Sixteen, Color::Indexed(n)) if n < 16 => Some(colour),
            (_, Depth::Sixteen, Color::Indexed(n)) => Some(nearest(indexed(n))),
            (_, Depth::Sixteen, Color::Rgb(r, g, b)) => Some(nearest((r, g, b))),
            (_, Depth::Sixteen, colour) => Some(colour),
        }
    }

    /// The last look at a frame. What has no sign of its own was written out before; here it becomes one, wherever it
    /// came from. Where only ASCII can be shown nothing else leaves: not from a document, not from a program either.
    pub fn spell_out(self, buffer: &mut Buffer) {
        for cell in &mut buffer.content {
            if matches!(visible::line(cell.symbol()), Cow::Owned(_)) {
                cell.set_char(char::REPLACEMENT_CHARACTER);
            }
            if !self.unicode && !cell.symbol().is_ascii() {
                let first = cell.symbol().chars().next().unwrap_or(' ');
                let twin = ascii(first);
                cell.set_char(twin);
            }
        }
    }
}

/// A text with the signs that lists and rules are made of in ASCII; letters stay what they are.
pub fn in_ascii(text: &str) -> String {
    text.chars().map(|c| Some(c).filter(char::is_ascii).unwrap_or_else(|| twin(c).unwrap_or(c))).collect()
}

/// The ASCII character that comes nearest.
fn ascii(c: char) -> char {
    twin(c).unwrap_or('?')
}

fn twin(c: char) -> Option<char> {
    Some(match c {
        '─' | '━' | '–' | '—' | '‐' | '═' | '╌' => '-',
        '│' | '┃' | '║' | '▏' | '┆' => '|',
        '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' | '╭' | '╮' | '╯' | '╰' | '╔' | '╗' | '╚'
        | '╝' => '+',
        '…' | '·' | '•' => '.',
        '→' | '▶' | '▸' | '›' | '»' => '>',
        '←' | '‹' | '«' => '<',
        '↑' => '^',
        '↓' => 'v',
        '“' | '”' | '„' => '"',
        '‘' | '’' | '`' => '\'',
        '✓' | '✔' | '✅' => 'v',
        '✗' | '✘' | '❌' => 'X',
        '█' | '▇' | '▆' | '▅' | '▄' => '#',
        '\u{a0}' => ' ',
        '▁' => '_',
        '╳' => 'X',
        '△' => 'w',
        '▲' => 'A',
        '■' => '=',
        '▾' => 'v',
        '▴' => '^',
        '░' => '.',
        '○' => 'o',
        '◆' => '#',
        '◇' => '*',
        '↺' => '@',
        _ => return None,
    })
}

/// Red, green and blue of one of the 256 (as xterm has them).
fn indexed(n: u8) -> (u8, u8, u8) {
    if n >= 232 {
        let grey = 8 + (n - 232) * 10;
        return (grey, grey, grey);
    }
    let level = |v: u8| if v == 0 { 0 } else { 55 + v * 40 };
    let n = n - 16;
    (level(n / 36), level(n / 6 % 6), level(n % 6))
}

/// The nearest of the sixteen.
fn nearest((r, g, b): (u8, u8, u8)) -> Color {
    let brightest = r.max(g).max(b);
    if brightest < 40 {
        return Color::Indexed(0);
    }
    let high = |v: u8| u16::from(v) * 2 > u16::from(brightest);
    let index = u8::from(high(r)) | u8::from(high(g)) << 1 | u8::from(high(b)) << 2;
    Color::Indexed(if brightest > 190 { index + 8 } else { index })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(locale: &str, term: &str) -> Surroundings {
        Surroundings { locale: Some(locale.into()), term: term.into(), colorterm: String::new() }
    }

    #[test]
    fn what_the_terminal_can_show() {
        let theme = |locale, term| Theme::new(ThemeName::Dark, &around(locale, term));
        assert!(theme("en_US.UTF-8", "xterm").unicode && theme("C.utf8", "tmux").unicode);
        assert!(!theme("C", "xterm").unicode && !theme("de_DE.ISO-8859-1", "xterm").unicode);
        assert!(!theme("C.UTF-8", "linux").unicode);
        assert_eq!(theme("C", "screen").depth, Depth::Sixteen);
        assert_eq!(theme("C", "tmux-256color").depth, Depth::Many);
    }

    #[test]
    fn colours_of_programs_are_brought_down_to_sixteen() {
        let theme = Theme::new(ThemeName::Dark, &around("C", "screen"));
        assert_eq!(theme.of_program(Color::Rgb(250, 10, 10)), Some(Color::Indexed(9)));
        assert_eq!(theme.of_program(Color::Indexed(22)), Some(Color::Indexed(2)));
        assert_eq!(theme.of_program(Color::Indexed(3)), Some(Color::Indexed(3)));
        let none = Theme::new(ThemeName::None, &around("C", "screen"));
        assert_eq!(none.of_program(Color::Indexed(3)), None);
    }
}
