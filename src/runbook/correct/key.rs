//! What a correction is about, in words that survive an edit of the document.

use super::super::hash::sha256_hex;

/// How many digits of the hash stand in a key.
const DIGITS: usize = 6;
/// How many words of a fence stand in its key.
const WORDS: usize = 6;

/// The key of a fence or a command: its first words and the hash of its text.
pub fn key_of_fence(text: &str) -> String {
    format!("{} #{}", first_words(text), hash(text))
}

/// The key of a heading: its own text behind those of the headings around it.
pub fn key_of_heading(path: &[&str]) -> String {
    path.join(" > ")
}

fn hash(text: &str) -> String {
    let mut hash = sha256_hex(text.trim().as_bytes());
    hash.truncate(DIGITS);
    hash
}

fn first_words(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    line.split_whitespace().take(WORDS).collect::<Vec<_>>().join(" ")
}

/// How well a key names a text: by its hash, or by its first words alone where the rest was edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Names {
    Not,
    FirstWords,
    Hash,
}

/// Whether a key names a fence or a command.
pub(super) fn names_text(key: &str, text: &str) -> Names {
    let (words, wanted) = match key.rsplit_once('#') {
        Some((words, digits)) if digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
            (words.trim(), Some(digits))
        }
        _ => (key.trim(), None),
    };
    if wanted.is_some_and(|digits| hash(text) == digits) {
        Names::Hash
    } else if !words.is_empty() && first_words(text) == words.split_whitespace().collect::<Vec<_>>().join(" ")
    {
        Names::FirstWords
    } else {
        Names::Not
    }
}

/// Whether a key names a heading: by its text, or by a path that ends with it.
pub(super) fn names_heading(key: &str, path: &[&str]) -> bool {
    let wanted: Vec<&str> = key.split(" > ").map(str::trim).collect();
    let same = |(wanted, title): (&&str, &&str)| wanted.trim_start_matches('#').trim() == title.trim();
    wanted.len() <= path.len() && wanted.iter().rev().zip(path.iter().rev()).all(same)
}

/// The line that a key names: `line 12`, `12`.
pub(super) fn line(key: &str) -> Option<usize> {
    key.trim().strip_prefix("line").unwrap_or(key).trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_an_edit_behind_its_first_words() {
        let text = "docker compose down\ndocker compose up -d\n";
        let key = key_of_fence(text);
        assert_eq!(names_text(&key, text), Names::Hash);
        assert_eq!(names_text(&key, "docker compose down\nsleep 3\n"), Names::FirstWords);
        assert_eq!(names_text(&key, "docker compose up -d\n"), Names::Not);
        assert!(names_heading("Verify", &["Shop", "Deployment", "Verify"]));
        assert!(names_heading("Deployment > Verify", &["Shop", "Deployment", "Verify"]));
        assert!(!names_heading("Rollback > Verify", &["Shop", "Deployment", "Verify"]));
        assert_eq!((line("line 12"), line("7"), line("Step 7")), (Some(12), Some(7), None));
    }
}
