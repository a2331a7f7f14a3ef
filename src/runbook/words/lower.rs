//! The words of a text in lower case.

/// A word without its ending: "stopped", "stopping" and "stops" are the same.
pub fn stem(word: &str) -> String {
    let mut word = word.to_owned();
    for ending in ["ing", "ed", "s"] {
        if let Some(short) = word.strip_suffix(ending)
            && short.len() >= 3
        {
            word = short.to_owned();
            break;
        }
    }
    // "stopped" → "stopp" → "stop"
    let bytes = word.as_bytes();
    if bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && !word.ends_with("ss") {
        word.pop();
    }
    word.trim_end_matches('e').to_owned()
}

/// The words of `text` in lower case.
pub fn lower_words(text: &str) -> Vec<String> {
    lower_words_with(text, &[])
}

/// The words of `text` in lower case, with `inside` as letters of theirs.
pub fn lower_words_with(text: &str, inside: &[char]) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !(c.is_alphanumeric() || inside.contains(&c)))
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}
