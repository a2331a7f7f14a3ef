//! How the plan's page is laid out: its titles, and texts that are too long for it.

use crate::cli::report::{CommandError, say};

/// Longer texts are cut: the page is for reading, the JSON for the rest.
pub(super) const WIDTH: usize = 100;

/// Prints a title with its rule.
pub(super) fn title(text: &str) -> Result<(), CommandError> {
    say("")?;
    say(text)?;
    say("─".repeat(text.chars().count()))
}

/// What fits behind `used` characters of the page's width.
pub(super) fn cut(text: &str, used: usize) -> String {
    let room = WIDTH.saturating_sub(used).max(20);
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room - 1).collect();
    format!("{}…", kept.trim_end())
}
