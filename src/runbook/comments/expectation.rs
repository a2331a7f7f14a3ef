//! Whether words say what is to be seen.

use super::super::expect::openers;

/// Whether the words say what is to be seen.
pub fn is_expectation(text: &str) -> bool {
    openers::opens(text) || openers::mentions(text)
}

/// Whether the words begin with saying it, so that a command right below does not matter.
pub fn opens_expectation(text: &str) -> bool {
    openers::opens(text)
}
