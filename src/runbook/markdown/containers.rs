//! Titled containers and tabs, as the dialects of Markdown write them: `:::danger Title`, `!!! note "Title"`,
//! `> [!CAUTION]`, `<details>`, `<TabItem>`, `{{< tab >}}`, `=== "Title"`.
//!
//! 1. [`dialects`] tells what a line opens or closes, [`scan`] where each container begins and ends, [`tabs`] which
//!    tabs are of one group.
//! 2. What only marks a container, and the indentation of what is in it, is cut from the text that is parsed.
//! 3. [`place`] puts titles among the elements, what takes back or mends behind what stands around it, and tells
//!    each element the tab that it stands in.

use super::broken::fences;
use super::element::{Element, Lines};
use super::source::Cut;

mod attributes;
mod dialects;
mod names;
mod place;
mod scan;
mod tabs;

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A box with a title, folded or not.
    Box,
    /// A group of tabs.
    Group,
    /// A group in which each fence is a tab.
    CodeGroup,
    /// One tab.
    Tab,
}

/// A container of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Container {
    /// Its first byte in the document, of its marker.
    start: usize,
    /// The byte behind what is in it.
    end: usize,
    /// Its title, where it has one of its own.
    title: Option<String>,
    /// What it warns by where it has none.
    warns: Option<String>,
    /// The first byte of the group that it is one tab of; none of a box.
    group: Option<usize>,
}

/// The containers of a document.
#[derive(Debug, Default)]
pub(super) struct Containers {
    /// By their first bytes, the outer one first.
    all: Vec<Container>,
    /// What of the document is not parsed, in order.
    pub(super) cuts: Vec<Cut>,
}

impl Containers {
    /// Those of a text.
    pub(super) fn of(text: &str) -> Self {
        let signs = [":::", "///", "<", "{{", "{%", "!!!", "???", "=== ", "===!", "===+", "[!"];
        if !signs.iter().any(|sign| text.contains(sign)) {
            return Self::default();
        }
        let (found, cuts) = scan::scan(text, &fences(text));
        Self { all: tabs::grouped(text, found), cuts }
    }

    /// The elements with titles among them, in their places.
    pub(super) fn place(self, text: &str, lines: &Lines, found: Vec<Element>) -> Vec<Element> {
        if self.all.is_empty() { found } else { place::placed(text, lines, found, self.all) }
    }
}
