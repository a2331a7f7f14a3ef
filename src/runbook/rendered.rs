//! The document as a text to read: its own lines, without the marks that only Markdown needs.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::visible;

/// How a stretch of a line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Text.
    #[default]
    Plain,
    /// A heading of this level.
    Heading(u8),
    /// Emphasised strongly.
    Strong,
    /// Emphasised.
    Emphasis,
    /// Code within a line.
    Code,
    /// A line of a block of code.
    Block,
    /// A link's text.
    Link,
    /// What only marks something: fences, comments, quotes.
    Mark,
    /// Not shown.
    Hidden,
}

/// One line of the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Its stretches, left to right.
    pub parts: Vec<(String, Look)>,
}

impl Rendered {
    /// The line's characters.
    pub fn plain(&self) -> String {
        self.parts.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// Renders a document; line for line, so that a line's number is its place.
pub fn rendered(text: &str) -> Vec<Rendered> {
    let looks = looks(text);
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end_matches(['\n', '\r']);
        let mut parts: Vec<(String, Look)> = Vec::new();
        for (offset, c) in shown.char_indices() {
            let look = looks[at + offset];
            match (look, parts.last_mut()) {
                (Look::Hidden, _) => {}
                (look, Some((text, last))) if *last == look => text.push(c),
                (look, _) => parts.push((c.to_string(), look)),
            }
        }
        for (text, _) in &mut parts {
            *text = visible::line(text).replace('\t', "    ");
        }
        lines.push(Rendered { parts });
        at += line.len();
    }
    lines
}

fn looks(text: &str) -> Vec<Look> {
    let mut looks = vec![Look::Plain; text.len()];
    let mut paint = |range: Range<usize>, look: Look| {
        if let Some(part) = looks.get_mut(range) {
            part.fill(look);
        }
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let source = &text[range.clone()];
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                paint(range.clone(), Look::Heading(level as u8));
                let marks = source.len() - source.trim_start_matches('#').trim_start().len();
                paint(range.start..range.start + marks, Look::Hidden);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                paint(range.clone(), Look::Block);
                if matches!(kind, pulldown_cmark::CodeBlockKind::Fenced(_)) {
                    let first = source.find('\n').unwrap_or(source.len());
                    paint(range.start..range.start + first, Look::Mark);
                    let last = source.trim_end().rfind('\n').map_or(0, |at| at + 1);
                    if source[last..].trim_start().starts_with(['`', '~']) && last > first {
                        paint(range.start + last..range.end, Look::Mark);
                    }
                }
            }
            Event::Start(Tag::Strong) => inside(&range, 2, Look::Strong, &mut paint),
            Event::Start(Tag::Emphasis) => inside(&range, 1, Look::Emphasis, &mut paint),
            Event::Start(Tag::Link { .. }) => paint(range, Look::Link),
            Event::Code(_) => {
                let ticks = source.len() - source.trim_start_matches('`').len();
                inside(&range, ticks, Look::Code, &mut paint);
            }
            Event::Html(_) | Event::InlineHtml(_) | Event::Rule => paint(range, Look::Mark),
            _ => {}
        }
    }
    looks
}

fn inside(range: &Range<usize>, marks: usize, look: Look, paint: &mut impl FnMut(Range<usize>, Look)) {
    if range.len() < marks * 2 {
        return;
    }
    paint(range.start..range.start + marks, Look::Hidden);
    paint(range.start + marks..range.end - marks, look);
    paint(range.end - marks..range.end, Look::Hidden);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_lines_stay() {
        let text = "# A **b**\n\ntext `code` and **strong**\n```bash\n# no heading\nls\n```\n- [ ] item\nno\u{202e}t\n";
        let lines = rendered(text);
        assert_eq!(lines.len(), text.lines().count());
        assert_eq!(lines[0].plain(), "A b");
        assert_eq!(lines[2].parts[1], ("code".into(), Look::Code));
        assert_eq!(lines[2].plain(), "text code and strong");
        assert_eq!(lines[4].parts, [("# no heading".into(), Look::Block)]);
        assert_eq!(lines[3].parts[0].1, Look::Mark);
        assert_eq!(lines[7].plain(), "- [ ] item");
        assert_eq!(lines[8].plain(), "no<U+202E>t");
    }

    #[test]
    fn anything_is_rendered_line_for_line() {
        for text in ["", "\n", "**", "*a", "``", "#", "~~~\n", "> # x\n", "a\r\nb\r\n", "[x](y"] {
            assert_eq!(rendered(text).len(), text.split_inclusive('\n').count(), "{text:?}");
        }
    }
}
