//! Mends what keeps Markdown from being read as it is seen: characters that nobody sees, fences that never close.

use std::ops::Range;

/// The same text, byte for byte as long, with what nobody sees at the beginning of a line as blanks: a zero-width
/// space there keeps a heading or a fence from being one.
pub(super) fn repaired(text: &str) -> std::borrow::Cow<'_, str> {
    let unseen =
        |c: char| matches!(c, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{a0}');
    if !text.contains(unseen) {
        return text.into();
    }
    let mut repaired = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches(|c: char| unseen(c) || c == ' ' || c == '\t');
        let lead = &line[..line.len() - rest.len()];
        if lead.contains(unseen) {
            // At most three blanks count as indentation; the others stand before a text that is no block.
            repaired.push_str(&" ".repeat(lead.len()));
        } else {
            repaired.push_str(lead);
        }
        repaired.push_str(rest);
    }
    repaired.into()
}

/// The bytes at which a heading lacks the blank behind its signs: `##Title`, or `#Title` where it stands alone.
///
/// Of a fence's lines none is a heading, and a single sign before a number or in a paragraph means something else.
pub(super) fn glued_headings(text: &str, fences: &[Fenced]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut alone = true;
    let mut front = text.starts_with("---\n");
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let start = at;
        at += line.len();
        let before = fences.partition_point(|f| f.start <= start);
        let inside = before.checked_sub(1).and_then(|i| fences.get(i)).is_some_and(|f| start < f.end);
        if front || inside {
            front &= start == 0 || line.trim_end() != "---";
            alone = true;
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let signs = line.get(indent..).unwrap_or("").bytes().take_while(|b| *b == b'#').count();
        let next = line.get(indent + signs..).and_then(|rest| rest.chars().next());
        let below = lines.peek().is_none_or(|next| next.trim().is_empty());
        let title = match signs {
            1 => {
                alone && below && next.is_some_and(|c| c.is_uppercase() || c.is_alphabetic() && !c.is_ascii())
            }
            2..=6 => alone && next.is_some_and(char::is_alphanumeric),
            _ => false,
        };
        if indent < 4 && title {
            found.push(start + indent + signs);
        }
        alone = line.trim().is_empty() || signs > 0;
    }
    found
}

/// A fence with all of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fenced {
    /// The first byte of the line that opens it.
    pub(super) start: usize,
    /// The byte behind the line that closes it, or behind all that it reaches to.
    pub(super) end: usize,
    /// It has an end of its own.
    pub(super) closed: bool,
}

/// The parts that a text is read in, where `breaks` begin new ones. One ends where a fence that was never closed is
/// followed by what can only stand outside of it: another fence with a language, or a heading after a blank line.
pub(super) fn parts(text: &str, breaks: &[usize]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for end in breaks.iter().copied().chain([text.len()]) {
        let Some(part) = text.get(start..end) else { continue };
        parts.extend(walk(part).0.into_iter().map(|p| p.start + start..p.end + start));
        start = end;
    }
    parts
}

/// The fences of a text, in order.
pub(super) fn fences(text: &str) -> Vec<Fenced> {
    walk(text).1
}

fn walk(text: &str) -> (Vec<Range<usize>>, Vec<Fenced>) {
    let (mut parts, mut fences) = (Vec::new(), Vec::new());
    let (mut start, mut at) = (0, 0);
    let mut open: Option<Opened> = None;
    let mut heading: Option<usize> = None;
    let mut blank = false;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        let mark = fence(body);
        let column = body.find(['`', '~']).map_or(0, |at| columns(&body[..at]));
        let opens = |sign, length, info| Opened {
            at,
            column,
            sign,
            length,
            nests: matches!(info, "markdown" | "md"),
        };
        match (&open, mark) {
            (None, Some((sign, length, info))) => {
                open = Some(opens(sign, length, info));
                heading = None;
            }
            (Some(o), Some((sign, length, "")))
                if o.sign == sign && length >= o.length && column < o.column + 4 =>
            {
                fences.push(Fenced { start: o.at, end: at + line.len(), closed: true });
                open = None;
            }
            (Some(o), Some((sign, length, info)))
                if o.sign == sign
                    && length >= o.length
                    && !o.nests
                    && !info.is_empty()
                    && !info.contains(' ') =>
            {
                // Inside of it nothing closed it: it ends here, or where a heading stands before this.
                let end = heading.take().unwrap_or(at);
                parts.push(start..end);
                fences.push(Fenced { start: o.at, end, closed: false });
                start = end;
                open = Some(opens(sign, length, info));
            }
            (Some(o), None) if blank && heading.is_none() && !o.nests && is_heading(body) => {
                heading = Some(at)
            }
            _ => {}
        }
        blank = body.is_empty();
        at += line.len();
    }
    if let Some(o) = open {
        fences.push(Fenced { start: o.at, end: heading.unwrap_or(text.len()), closed: false });
        if let Some(end) = heading {
            parts.push(start..end);
            start = end;
        }
    }
    parts.push(start..text.len());
    (parts, fences)
}

struct Opened {
    at: usize,
    column: usize,
    sign: char,
    length: usize,
    /// It shows Markdown, fences and all.
    nests: bool,
}

/// How many columns a text takes; a tab reaches to the next fourth one.
fn columns(text: &str) -> usize {
    text.chars().fold(0, |column, c| if c == '\t' { column + 4 - column % 4 } else { column + 1 })
}

/// A line that opens or closes a fence: its sign, how many of them, and its language.
pub(super) fn fence(line: &str) -> Option<(char, usize, &str)> {
    let bare = line
        .trim_start_matches([' ', '\t', '>', '-', '*'])
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
    let bare = if line.trim_start().starts_with(['`', '~']) { line.trim_start() } else { bare };
    let sign = bare.chars().next().filter(|c| *c == '`' || *c == '~')?;
    let length = bare.chars().take_while(|c| *c == sign).count();
    let info = bare[length..].trim();
    (length >= 3 && !info.contains('`')).then_some((sign, length, info))
}

/// `## Title`: of the second level or deeper, since one sign is a comment in a shell.
fn is_heading(line: &str) -> bool {
    let signs = line.bytes().take_while(|b| *b == b'#').count();
    (2..=6).contains(&signs) && line.as_bytes().get(signs) == Some(&b' ')
}
