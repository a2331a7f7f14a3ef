//! What stands beside a byte of a script.

/// The character before a byte.
pub(super) fn before(script: &str, at: usize) -> Option<char> {
    script.get(..at)?.chars().next_back()
}

/// The character at a byte.
pub(super) fn after(script: &str, at: usize) -> Option<char> {
    script.get(at..)?.chars().next()
}

/// Whether a character is a letter, a digit, or a sign that some scripts write around their letters.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '\u{300}'..='\u{36f}'
                | '\u{591}'..='\u{5bd}'
                | '\u{64b}'..='\u{65f}'
                | '\u{900}'..='\u{dff}'
                | '\u{e31}'..='\u{e4e}'
                | '\u{200c}'..='\u{200d}'
        )
}

/// The line up to a byte.
pub(super) fn line_before(script: &str, at: usize) -> &str {
    let text = script.get(..at).unwrap_or("");
    text.get(text.rfind('\n').map_or(0, |end| end + 1)..).unwrap_or("")
}

/// Whether what follows this part of a line stands in quotes.
pub(super) fn ends_in_quotes(line: &str) -> bool {
    line.matches('"').count() % 2 == 1 || line.matches('\'').count() % 2 == 1
}
