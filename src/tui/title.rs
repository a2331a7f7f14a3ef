//! The terminal's title while somebody has to look, for who has its window behind others: `✗ DOWN shop PRODUCTION`.

use std::io;

use crate::run::board::Board;
use crate::run::health::RowLevel;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Theme;

/// What the title says; nothing where nobody is called, or everybody knows.
pub(in crate::tui) fn title(
    theme: Theme,
    board: &Board,
    runbook: &str,
    (environment, production): (&str, bool),
) -> Option<String> {
    let called = |level: &RowLevel| level.calls() || *level == RowLevel::NotSeen;
    let level = board.headline.level.filter(|level| board.headline.banner && called(level))?;
    Some(words(theme, level, runbook, (environment, production)))
}

/// The same of a level.
pub(in crate::tui) fn words(
    theme: Theme,
    level: RowLevel,
    runbook: &str,
    (environment, production): (&str, bool),
) -> String {
    let environment = if production { environment.to_uppercase() } else { environment.to_owned() };
    let (sign, word) = (theme.level_sign(level), level.word().to_uppercase());
    crate::visible::line(&format!("{sign} {word} {runbook} {environment}")).into_owned()
}

/// The title as it was written last.
#[derive(Debug, Default)]
pub(in crate::tui) struct Title {
    /// It is not to be touched.
    off: bool,
    shown: Option<String>,
}

impl Title {
    pub(in crate::tui) fn new(on: bool) -> Self {
        Self { off: !on, shown: None }
    }

    /// Writes it where it has changed; without words the terminal has its own again.
    pub(in crate::tui) fn show(
        &mut self,
        canvas: &mut impl Canvas,
        wanted: Option<String>,
    ) -> io::Result<()> {
        if self.off || self.shown == wanted {
            return Ok(());
        }
        canvas.title(wanted.as_deref())?;
        self.shown = wanted;
        Ok(())
    }
}
