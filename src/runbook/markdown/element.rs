//! The elements that a document is made of, and its lines.

use crate::runbook::model::Span;

/// One piece of the document in reading order. Lists and quotes are flattened.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ElementKind,
    /// The list item that it stands in, by its place among the elements.
    pub item: Option<usize>,
    /// What it stands in that has a title: a box, a folded part, a tab.
    pub held: Option<Held>,
}

impl Element {
    /// The tab that it stands in, one of several.
    pub fn tab(&self) -> Option<&Tab> {
        self.held.as_ref().and_then(|held| held.tab.as_ref())
    }
}

/// A titled container, as what stands in it knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The byte of the document behind what stands in it.
    pub end: usize,
    /// The tab that it is or stands in.
    pub tab: Option<Tab>,
    /// The element is the container's title.
    pub title: bool,
}

/// One of several tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The line that its group begins at.
    pub group: usize,
    /// Its title.
    pub name: String,
}

/// What an element is.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the parts of Markdown, named as it names them")]
pub enum ElementKind {
    /// A heading with its level and text.
    Heading(u8, String),
    /// A paragraph; `bold` where all of it is one bold label.
    Paragraph { text: String, bold: bool },
    /// A list item's own text.
    Item { text: String, task: Option<bool>, number: Option<u64>, links: Vec<(String, String)>, list: usize },
    /// A code block.
    Code(Code),
    /// A table: header cells, then rows with their lines.
    Table { header: Vec<String>, rows: Vec<(usize, Vec<String>)> },
}

/// A code block's text and how it maps to the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Code {
    /// The fence's first word; empty for none.
    pub language: String,
    /// The text without fences, quote markers and list indentation; carriage returns are dropped.
    pub text: String,
    /// Pairs of (byte in `text`, byte in the document), in order.
    pub(in crate::runbook) map: Vec<(usize, usize)>,
    /// Has a fence rather than an indentation.
    pub fenced: bool,
    /// The fence has no end.
    pub unclosed: bool,
    /// Somebody said that it holds commands.
    pub(in crate::runbook) runs: bool,
    /// Lines of the document in it that somebody said are commands.
    pub(in crate::runbook) commands: Vec<usize>,
}

impl Code {
    /// The document's byte for a byte of the text.
    pub fn source_byte(&self, at: usize) -> usize {
        let found = self.map.partition_point(|(text, _)| *text <= at);
        let (text, source) = found.checked_sub(1).and_then(|i| self.map.get(i)).copied().unwrap_or((0, 0));
        source + (at - text)
    }
}

/// Line numbers of a document by byte.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Finds the line starts of `text`.
    pub fn of(text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { starts }
    }

    /// The line, from 1, that holds byte `at`.
    pub fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start <= at).max(1)
    }

    /// The span of a whole line, without its end.
    pub fn whole(&self, line: usize) -> Span {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let end = self.starts.get(line).map_or(start, |next| next.saturating_sub(1));
        Span { line, end_line: line, start, end: end.max(start) }
    }

    /// The span of the bytes from `start` to `end`.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span { line: self.line(start), end_line: self.line(end.saturating_sub(1).max(start)), start, end }
    }
}
