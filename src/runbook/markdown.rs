//! Turns Markdown into a flat list of elements, each with its bytes and lines.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

mod broken;
mod containers;
mod element;
mod source;

use super::model::Span;
use broken::{fences, glued_headings, parts, repaired};
use containers::Containers;
pub use element::{Code, Element, ElementKind, Held, Lines, Tab};
use source::{Cut, Source};

/// Reads `text` into elements.
pub fn elements(text: &str, lines: &Lines) -> Vec<Element> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let repaired = repaired(text);
    let containers = Containers::of(&repaired);
    let mut cuts = containers.cuts.clone();
    let glued = glued_headings(&repaired, &fences(&repaired));
    cuts.extend(glued.into_iter().map(|at| Cut { at: at..at, with: " ", parts: false }));
    cuts.sort_by_key(|cut| (cut.at.start, cut.at.end));
    let source = Source::without(&repaired, &cuts);
    let text: &str = &source.text;
    let mut reader = Reader {
        text,
        source: &source,
        lines,
        found: Vec::new(),
        inline: Inline::default(),
        open: Vec::new(),
        lists: 0,
        code: None,
        table: None,
        blocks: 0,
        tight: None,
    };
    for part in parts(text, &source.breaks) {
        let base = part.start;
        for (event, range) in Parser::new_ext(&text[part], options).into_offset_iter() {
            reader.event(event, range.start + base..range.end + base);
        }
        reader.open.clear();
    }
    let found = reader.found;
    containers.place(&repaired, lines, found)
}

#[derive(Default)]
struct Inline {
    text: String,
    links: Vec<(String, String)>,
    link_start: usize,
    bold_bytes: usize,
    in_bold: bool,
}

struct OpenItem {
    start: usize,
    list: usize,
    /// Its place among the elements, once its text is there.
    index: Option<usize>,
    number: Option<u64>,
    task: Option<bool>,
    done: bool,
}

struct Table {
    header: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
    row: Vec<String>,
    row_start: usize,
}

struct Reader<'t> {
    text: &'t str,
    /// Where its bytes stand in the document.
    source: &'t Source<'t>,
    lines: &'t Lines,
    found: Vec<Element>,
    inline: Inline,
    open: Vec<(Option<u64>, usize, Vec<OpenItem>)>,
    /// Lists so far.
    lists: usize,
    code: Option<(Code, usize)>,
    table: Option<Table>,
    /// Blocks that hold text by themselves and are open: paragraphs, headings, cells.
    blocks: usize,
    /// Text behind what stands in an item of a tight list, which is in no paragraph there: from and to which byte.
    tight: Option<(usize, usize)>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        if let Some((code, _)) = &mut self.code {
            match event {
                Event::Text(part) => {
                    let at = code.text.len();
                    if self.text.get(range.clone()) == Some(&*part) {
                        let places = self.source.places(range);
                        code.map.extend(places.into_iter().map(|(byte, place)| (at + byte, place)));
                    } else {
                        // What indentation has left of a tab is read as blanks, which stand where the tab does.
                        let blank = usize::from(part.trim_matches(' ').is_empty());
                        let place = self.source.byte(range.start.saturating_sub(blank));
                        code.map.extend((at..at + part.len()).map(|byte| (byte, place)));
                    }
                    code.text.push_str(&part);
                }
                Event::End(TagEnd::CodeBlock) => self.end_code(),
                _ => {}
            }
            return;
        }
        let inline =
            matches!(&event, Event::Text(_) | Event::Code(_) | Event::InlineHtml(_) | Event::SoftBreak)
                || matches!(&event, Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. }));
        if inline && self.blocks == 0 && self.is_behind_an_item() {
            let (_, end) = self.tight.get_or_insert((range.start, range.end));
            *end = range.end.max(*end);
        }
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.push(&text),
            Event::Code(code) => self.push(&format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => self.push("\n"),
            Event::Html(html) | Event::InlineHtml(html) => self.push(&html),
            Event::TaskListMarker(ticked) => {
                if let Some(item) = self.open.last_mut().and_then(|(_, _, items)| items.last_mut()) {
                    item.task = Some(ticked);
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if self.inline.in_bold {
            self.inline.bold_bytes += text.len();
        }
        self.inline.text.push_str(text);
    }

    /// Whether the text of the open list item has ended, and the item has not.
    fn is_behind_an_item(&self) -> bool {
        self.open.last().and_then(|(_, _, items)| items.last()).is_some_and(|item| item.done)
    }

    /// Ends text that stood behind a fence or a list in an item of a tight list.
    fn flush_tight(&mut self) {
        if let Some((start, end)) = self.tight.take() {
            self.paragraph(start..end);
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: std::ops::Range<usize>) {
        if !matches!(
            tag,
            Tag::Strong | Tag::Emphasis | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ) {
            self.flush_tight();
        }
        self.blocks += usize::from(holds_text(tag.to_end()));
        match tag {
            Tag::CodeBlock(kind) => {
                self.flush_item(range.start);
                let (language, fenced) = match kind {
                    CodeBlockKind::Fenced(info) => {
                        let info = info.trim_start_matches(['{', '.', ' ']);
                        let word = info.split([' ', ',', '{', '}', '\t']).next().unwrap_or("");
                        (word.to_ascii_lowercase(), true)
                    }
                    CodeBlockKind::Indented => (String::new(), false),
                };
                let last = self.text[range.clone()].trim_end().lines().last().unwrap_or("");
                let last = last.trim_start_matches(['>', ' ', '\t']);
                let closed = (last.starts_with("```") || last.starts_with("~~~"))
                    && self.text[range.clone()].trim_end().contains('\n');
                let code = Code { language, fenced, unclosed: fenced && !closed, ..Code::default() };
                self.code = Some((code, range.start));
                // The end is known here already: pulldown gives the whole range with the start.
                let item = self.item();
                let span = self.span(range.clone());
                self.found.push(Element { span, kind: ElementKind::Code(Code::default()), item, held: None });
            }
            Tag::List(first) => {
                self.flush_item(range.start);
                self.lists += 1;
                self.open.push((*first, self.lists, Vec::new()));
            }
            Tag::Item => {
                if let Some((next, list, items)) = self.open.last_mut() {
                    let (start, number, list) = (range.start, *next, *list);
                    items.push(OpenItem { start, list, index: None, number, task: None, done: false });
                    *next = next.map(|n| n + 1);
                }
                self.inline = Inline::default();
            }
            Tag::Heading { .. } | Tag::MetadataBlock(_) => self.inline = Inline::default(),
            Tag::Paragraph => {
                // A second paragraph of a list item is prose of its own.
                self.inline = Inline::default();
            }
            Tag::Strong => self.inline.in_bold = true,
            Tag::Link { .. } => self.inline.link_start = self.inline.text.len(),
            Tag::Table(_) => {
                self.table = Some(Table { header: vec![], rows: vec![], row: vec![], row_start: 0 })
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.row.clear();
                    table.row_start = range.start;
                }
            }
            Tag::TableCell => self.inline = Inline::default(),
            _ => {}
        }
        if let Tag::Link { dest_url, .. } = tag {
            self.inline.links.push((String::new(), dest_url.to_string()));
        }
    }

    fn end(&mut self, tag: TagEnd, range: std::ops::Range<usize>) {
        self.blocks = self.blocks.saturating_sub(usize::from(holds_text(tag)));
        if matches!(tag, TagEnd::Item | TagEnd::List(_)) {
            self.flush_tight();
        }
        match tag {
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.inline).text;
                let (text, _) = named_anchor(text.trim());
                self.emit(range, ElementKind::Heading(level as u8, text.to_owned()));
            }
            TagEnd::Strong => self.inline.in_bold = false,
            TagEnd::Link => {
                let title = self.inline.text[self.inline.link_start..].to_owned();
                if let Some(link) = self.inline.links.last_mut() {
                    link.0 = title;
                }
            }
            TagEnd::Paragraph => {
                let awaiting =
                    self.open.last().and_then(|(_, _, items)| items.last()).is_some_and(|item| !item.done);
                if awaiting {
                    self.flush_item(range.end);
                } else {
                    self.paragraph(range);
                }
            }
            TagEnd::MetadataBlock(_) => {
                let text = std::mem::take(&mut self.inline).text;
                self.emit(range, ElementKind::Paragraph { text, bold: false });
            }
            TagEnd::Item => {
                self.flush_item(range.end);
                if let Some((_, _, items)) = self.open.last_mut() {
                    items.pop();
                }
            }
            TagEnd::List(_) => {
                self.open.pop();
            }
            TagEnd::TableCell => {
                let text = std::mem::take(&mut self.inline).text.trim().to_owned();
                if let Some(table) = &mut self.table {
                    table.row.push(text);
                }
            }
            TagEnd::TableHead => {
                if let Some(table) = &mut self.table {
                    table.header = std::mem::take(&mut table.row);
                }
            }
            TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    let line = self.lines.line(self.source.byte(table.row_start));
                    table.rows.push((line, std::mem::take(&mut table.row)));
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.emit(range, ElementKind::Table { header: table.header, rows: table.rows });
                }
            }
            _ => {}
        }
    }

    fn paragraph(&mut self, range: std::ops::Range<usize>) {
        let inline = std::mem::take(&mut self.inline);
        let text = inline.text.trim().to_owned();
        // A sign before a bold label, be it an emoji or letters that were one before a wrong decoding, does not make it
        // prose.
        let first = text.split_whitespace().next().unwrap_or("");
        let is_sign = first.chars().count() <= 4 && !first.bytes().any(|b| b.is_ascii_alphanumeric());
        let symbols = if is_sign { first.len() + 1 } else { 0 };
        let bold = inline.bold_bytes > 0 && inline.bold_bytes + symbols >= text.len();
        self.emit(range, ElementKind::Paragraph { text, bold });
    }

    /// Ends the text of the open list item, when something else begins inside it.
    fn flush_item(&mut self, end: usize) {
        let Some(item) = self.open.last_mut().and_then(|(_, _, items)| items.last_mut()) else { return };
        if item.done {
            return;
        }
        item.done = true;
        let (start, number, task, list) = (item.start, item.number, item.task, item.list);
        item.index = Some(self.found.len());
        let inline = std::mem::take(&mut self.inline);
        let text = inline.text.trim().to_owned();
        let end = start + self.text[start..end.max(start)].trim_end().len();
        self.emit(start..end, ElementKind::Item { text, task, number, links: inline.links, list });
    }

    fn end_code(&mut self) {
        if let Some((code, start)) = self.code.take()
            && let Some(element) =
                self.found.iter_mut().rev().find(|e| e.span.start == self.source.byte(start))
        {
            element.kind = ElementKind::Code(code);
        }
    }

    fn emit(&mut self, range: std::ops::Range<usize>, kind: ElementKind) {
        let end = range.start + self.text[range.clone()].trim_end().len();
        let own = self.found.len();
        let item = self.open.iter().rev().find_map(|(_, _, items)| {
            let around = items.last().and_then(|item| item.index);
            around.filter(|at| *at != own)
        });
        let span = self.span(range.start..end.max(range.start));
        self.found.push(Element { span, kind, item, held: None });
    }

    /// Where a piece of the text stands in the document.
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        let range = self.source.range(range);
        self.lines.span(range.start, range.end)
    }

    /// The innermost list item that is open and whose text is known.
    fn item(&self) -> Option<usize> {
        self.open.iter().rev().find_map(|(_, _, items)| items.last().and_then(|i| i.index))
    }
}

/// Whether a block holds text by itself.
fn holds_text(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::MetadataBlock(_)
            | TagEnd::TableCell
            | TagEnd::HtmlBlock
    )
}

/// A heading without the anchor that is given to it at its end, and that: `Stop {#stop .x}` (Pandoc, MkDocs, Docusaurus).
pub(super) fn named_anchor(heading: &str) -> (&str, Option<&str>) {
    let bare = heading.trim_end().trim_end_matches('#').trim_end();
    let found = bare.strip_suffix('}').and_then(|rest| rest.rsplit_once("{#"));
    let Some((text, inner)) = found else { return (heading, None) };
    let mut words = inner.split_whitespace();
    let id = words.next().filter(|id| !id.contains(['{', '}']));
    match id {
        Some(id) if words.all(|word| word.starts_with('.') || word.contains('=')) => {
            (text.trim_end(), Some(id))
        }
        _ => (heading, None),
    }
}

#[cfg(test)]
mod tests;
