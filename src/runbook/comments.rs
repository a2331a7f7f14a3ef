//! What a comment in a shell block means for the commands around it (DESIGN 4).

use super::words::{duration_s, lower_words};
use crate::shell::classify::is_known_program;

/// The words of a comment line, without `#`.
pub fn comment_text(line: &str) -> &str {
    line.trim_start().trim_start_matches('#').trim()
}

/// Whether the words say what is to be seen.
pub fn is_expectation(text: &str) -> bool {
    lower_words(text).iter().any(|w| w.starts_with("expect") || w == "should" || w == "must")
}

/// Whether the words begin with saying it, so that a command right below does not matter.
pub fn opens_expectation(text: &str) -> bool {
    let words = lower_words(text);
    let early = words.iter().take(4).any(|w| w.starts_with("expect") || w == "should" || w == "must");
    early && !text.contains("(should") && !text.contains("(must")
}

/// Whether lines after this one belong to it: it ends in a colon, or a bracket is open.
pub fn goes_on(text: &str) -> bool {
    let count =
        |open: char, close: char| text.matches(open).count() as i64 - text.matches(close).count() as i64;
    text.trim_end().ends_with(':') || count('{', '}') > 0 || count('[', ']') > 0
}

/// The condition a comment puts on the commands below it.
///
/// "If …", "Only if …", "When …" at the start, or "… if needed" at the end; "Check if …" asks and
/// sets none.
pub fn condition(text: &str) -> Option<String> {
    let words = lower_words(text);
    let first = words.first()?.as_str();
    if ["if", "when", "unless"].contains(&first)
        || (first == "only" && words.get(1).is_some_and(|w| w == "if" || w == "when"))
    {
        return Some(text.to_owned());
    }
    let asks =
        ["check", "verify", "see", "test", "confirm", "determine", "ask", "find", "ensure", "validate"];
    if asks.contains(&first) {
        return None;
    }
    let at = words.iter().rposition(|w| w == "if")?;
    let tail = words.len() - at - 1;
    (at > 0 && (1..=4).contains(&tail)).then(|| text.to_owned())
}

/// Whether the words make what follows optional.
pub fn is_optional(text: &str) -> bool {
    let words = lower_words(text);
    words.first().is_some_and(|w| w == "optional" || w == "optionally")
        || text.to_lowercase().contains("(optional")
}

/// Whether the words name another way of doing what stands above.
pub fn is_other_way(text: &str) -> bool {
    let words = lower_words(text);
    words.first().is_some_and(|w| w == "or" || w == "alternatively" || w == "alternative")
}

/// Seconds to wait, where the words ask for it: "Wait 30 seconds", "allow 2 minutes".
pub fn wait_s(text: &str) -> Option<u64> {
    let words = lower_words(text);
    let asks = words.first().is_some_and(|w| w == "wait" || w == "allow" || w == "pause")
        || text.to_lowercase().contains("wait at least");
    if asks { duration_s(text) } else { None }
}

/// Whether a commented-out line is a command rather than a sentence.
pub fn looks_like_command(text: &str) -> bool {
    const PROSE: &[&str] = &[
        "if", "the", "to", "is", "are", "for", "with", "and", "or", "when", "this", "that", "a", "an", "use",
        "of", "in", "on", "it",
    ];
    let mut words = text.split_whitespace();
    let Some(first) = words.next() else { return false };
    let rest: Vec<&str> = words.collect();
    is_known_program(first)
        && !text.ends_with(['.', ':', '?'])
        && !rest.is_empty()
        && !rest.iter().any(|w| PROSE.contains(&w.to_lowercase().as_str()))
        && crate::shell::parse(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        for yes in [
            "If table doesn't exist, run migration",
            "Update if needed",
            "Start other services if stopped",
            "Only if the cache is cold",
        ] {
            assert!(condition(yes).is_some(), "{yes}");
        }
        for no in [
            "Check if migrations needed",
            "Run migrations",
            "Verify if it works",
            "Say what happens if the disk is full and nobody looks at it",
        ] {
            assert!(condition(no).is_none(), "{no}");
        }
    }

    #[test]
    fn expectations_and_alternatives() {
        assert!(opens_expectation("Expected: 200 OK") && opens_expectation("All should show \"Up\""));
        assert!(!opens_expectation("Query another project (should not see ours)"));
        assert!(looks_like_command("docker-compose down") && looks_like_command("git checkout main"));
        assert!(!looks_like_command("kill if needed") && !looks_like_command("Tables are already created"));
        assert!(is_other_way("Or main branch for latest") && !is_other_way("Order the rows"));
        assert_eq!(wait_s("Wait 30 seconds"), Some(30));
        assert_eq!(wait_s("Wait for shutdown"), None);
    }
}
