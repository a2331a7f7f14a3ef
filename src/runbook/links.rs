//! Links from one section of a document to another.

use std::collections::HashMap;

use super::markdown::{Element, ElementKind, named_anchor};
use super::model::Referred;

/// The headings of a document by their anchors, as Markdown hosts name them.
#[derive(Debug, Default)]
pub struct Anchors {
    known: HashMap<String, Referred>,
}

impl Anchors {
    /// Those of a document; the second heading of a name gets `-1`, and one that is given its own has that too.
    pub fn of(elements: &[Element], document: &str) -> Self {
        let mut anchors = Self::default();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for element in elements {
            let ElementKind::Heading(_, title) = &element.kind else { continue };
            let name = anchor(title);
            let count = counts.entry(name.clone()).or_default();
            let own = if *count == 0 { name } else { format!("{name}-{count}") };
            *count += 1;
            let source = document.get(element.span.start..element.span.end).unwrap_or("");
            if let (_, Some(given)) = named_anchor(source.lines().next().unwrap_or("")) {
                let referred = Referred { title: title.clone(), line: element.span.line };
                anchors.known.entry(given.to_lowercase()).or_insert(referred);
            }
            anchors.known.entry(own).or_insert(Referred { title: title.clone(), line: element.span.line });
        }
        anchors
    }

    /// The section that a link `#target` leads to.
    pub fn find(&self, target: &str) -> Option<&Referred> {
        self.known.get(&decoded(target).to_lowercase())
    }
}

/// The links to sections in a text: the byte of each `#`, and the anchor behind it.
pub fn links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("](#").map(|(at, _)| {
        let rest = &text[at + 3..];
        (at + 2, rest.split([')', ' ', '\n']).next().unwrap_or(""))
    })
}

/// The anchor of a heading: its letters, digits, `-` and `_` in lower case, blanks as `-`.
fn anchor(title: &str) -> String {
    let plain = title.replace(['`', '*'], "").to_lowercase();
    let kept = plain.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// A text without percent encoding (RFC 3986, 2.1).
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code =
            (*first == b'%').then(|| tail.get(..2).and_then(|h| std::str::from_utf8(h).ok())).flatten();
        match code.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::markdown::{Lines, elements};
    use super::*;

    #[test]
    fn anchors_are_those_of_markdown_hosts() {
        let text = "# Plan\n## 1. Back up `db`!\n## Café – prêt\n## Twice\n## Twice\n";
        let anchors = Anchors::of(&elements(text, &Lines::of(text)), text);
        let line = |target: &str| anchors.find(target).map(|r| r.line);
        assert_eq!(line("1-back-up-db"), Some(2));
        assert_eq!(line("caf%C3%A9--pr%C3%AAt"), Some(3));
        assert_eq!((line("twice"), line("Twice-1"), line("thrice")), (Some(4), Some(5), None));
        let found: Vec<_> = links("see [a](#a-b) and [c](https://x#y), [d](#d)").map(|(_, t)| t).collect();
        assert_eq!(found, ["a-b", "d"]);
    }
}
