//! What a comment in a shell block means for the commands around it.

pub mod acts;
pub mod apart;
pub mod choice;
mod conditions;
mod expectation;
pub mod headings;
pub mod options;
pub mod places;
mod sentences;

use super::vocabulary::{WAIT, begins};
use super::words::{duration_s, lower_words};
use crate::shell::classify::is_known_program;
pub use acts::is_act;
pub use conditions::{
    condition, is_automatic_for_some, is_for_another_time, is_for_some, is_optional, lead_condition,
};
pub use expectation::{is_expectation, opens_expectation};

/// The words of a comment line, without `#`.
pub fn comment_text(line: &str) -> &str {
    line.trim_start().trim_start_matches('#').trim()
}

/// Whether a sentence says that what it is about follows: "perform the following steps".
pub fn says_that_follows(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const FOLLOWS: &[&str] = &[
        "following", "as follows", "steps below", "these steps", "folgende", "folgenden", "suivantes", "suivants", "siguientes", "seguintes", "seguenti", "następujące", "poniższe", "следующие", "следующее",
        "наступні", "aşağıdaki", "sau đây", "berikut", "以下", "下列", "次の", "다음",
    ];
    super::vocabulary::has(text, FOLLOWS)
}

/// Whether lines after this one belong to it: it ends in a colon, or a bracket is open.
pub fn goes_on(text: &str) -> bool {
    let count =
        |open: char, close: char| text.matches(open).count() as i64 - text.matches(close).count() as i64;
    text.trim_end().ends_with(':') || count('{', '}') > 0 || count('[', ']') > 0
}

/// Whether the words name another way of doing what stands above.
pub fn is_other_way(text: &str) -> bool {
    options::is_other_way(text)
}

/// Whether a comment offers what follows as one of several ways: "Or …", "Option B: …".
pub fn offers(text: &str) -> bool {
    is_other_way(text) || options::is_option(text)
}

/// Whether a line has nothing but signs: `----`, `=== ===`.
pub fn is_rule(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, '.' | '…'))
}

/// Whether the words warn that what follows can't be taken back.
pub fn warns(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "danger",
        "irreversible",
        "destructive",
        "data loss",
        "deletes all",
        "wipes",
        "cannot be undone",
        "can't be undone",
    ]
    .iter()
    .any(|w| lower.contains(w))
}

/// Seconds to wait, where the words ask for it: "Wait 30 seconds", "allow 2 minutes".
pub fn wait_s(text: &str) -> Option<u64> {
    asks_to_wait(text).then(|| duration_s(text))?
}

/// Whether the words ask to wait, for a time or for something.
pub fn asks_to_wait(text: &str) -> bool {
    let bare = sentences::unnumbered(text);
    begins(bare, WAIT)
        || lower_words(bare).first().is_some_and(|w| w == "pause")
        || text.to_lowercase().contains("wait at least")
}

/// Whether a commented-out line is a command rather than a sentence.
pub fn looks_like_command(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const PROSE: &[&str] = &[
        "if", "the", "to", "is", "are", "for", "with", "and", "or", "when", "this", "that", "a", "an", "use",
        "of", "in", "on", "it",
    ];
    let mut words = text.split_whitespace();
    let Some(first) = words.next() else { return false };
    let rest: Vec<&str> = words.collect();
    let path = first.starts_with("./") || first.starts_with("../");
    (is_known_program(first) || path)
        && !text.ends_with(['.', ':', '?'])
        && (path || !rest.is_empty())
        && !rest.iter().any(|w| PROSE.contains(&w.to_lowercase().as_str()))
        && crate::shell::parse(&super::parameters::mask(text, &super::parameters::holes(text))).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expectations_and_alternatives() {
        assert!(opens_expectation("Expected: 200 OK") && opens_expectation("All should show \"Up\""));
        assert!(!opens_expectation("Query another project (should not see ours)"));
        assert!(looks_like_command("docker-compose down") && looks_like_command("git checkout main"));
        assert!(!looks_like_command("kill if needed") && !looks_like_command("Tables are already created"));
        assert!(is_other_way("Or main branch for latest") && !is_other_way("Order the rows"));
        assert_eq!(wait_s("Wait 30 seconds"), Some(30));
        assert_eq!(wait_s("Wait for shutdown"), None);
        assert_eq!(wait_s("3. Wait for green to be healthy (2-3 minutes)"), Some(180));
    }
}
