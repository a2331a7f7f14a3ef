//! The options at the head of a command's words, as getopt(3) reads them.

/// The options at the head of some words, and what follows them.
#[derive(Debug, Default)]
pub(crate) struct Options<'w> {
    /// Letters and long names, each with its value where it takes one.
    found: Vec<(&'w str, Option<&'w str>)>,
    /// The words after the options, the `--` between them left out.
    pub(crate) rest: &'w [String],
}

impl<'w> Options<'w> {
    /// Reads the options at the head of `words`. `letters` and `names` are those that take a value.
    pub(crate) fn read(words: &'w [String], letters: &str, names: &[&str]) -> Self {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at).filter(|w| w.len() > 1 && w.starts_with('-')) {
            at += 1;
            if word == "--" {
                break;
            }
            let next = words.get(at).map(String::as_str);
            if let Some(name) = word.strip_prefix("--") {
                match name.split_once('=') {
                    Some((name, value)) => found.push((name, Some(value))),
                    None if names.contains(&name) => {
                        found.push((name, next));
                        at += 1;
                    }
                    None => found.push((name, None)),
                }
                continue;
            }
            at += usize::from(cluster(&word[1..], letters, next, &mut found));
        }
        Self { found, rest: words.get(at..).unwrap_or_default() }
    }

    /// Whether one of these letters or long names is there.
    pub(crate) fn has(&self, any: &[&str]) -> bool {
        self.found.iter().any(|(name, _)| any.contains(name))
    }

    /// The value of the first of these.
    pub(crate) fn value(&self, any: &[&str]) -> Option<&'w str> {
        self.found.iter().find(|(name, _)| any.contains(name)).and_then(|(_, value)| *value)
    }
}

/// Reads `-itu root`; whether the word behind it is a value of it.
fn cluster<'w>(
    text: &'w str,
    letters: &str,
    next: Option<&'w str>,
    found: &mut Vec<(&'w str, Option<&'w str>)>,
) -> bool {
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let letter = &text[at..end];
        if !letters.contains(c) {
            found.push((letter, None));
            continue;
        }
        let attached = &text[end..];
        let value = if attached.is_empty() { next } else { Some(attached) };
        found.push((letter, value));
        return attached.is_empty();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn options_are_read_as_programs_read_them() {
        let text = words("-iu app --user=root --chdir /srv -- bash -l");
        let options = Options::read(&text, "u", &["chdir"]);
        assert!(options.has(&["i"]) && !options.has(&["l", "a"]));
        assert_eq!(options.value(&["u"]), Some("app"));
        assert_eq!(options.value(&["user"]), Some("root"));
        assert_eq!(options.value(&["chdir"]), Some("/srv"));
        assert_eq!(options.rest, words("bash -l"));
        assert_eq!(Options::read(&words("-u"), "u", &[]).value(&["u"]), None);
        assert_eq!(Options::read(&words("- app"), "u", &[]).rest, words("- app"), "a lone dash is a word");
    }
}
