//! Mends what keeps Markdown from being read as it is seen: characters that nobody sees, fences that never close.

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

/// The parts that a text is read in. One ends where a fence that was never closed is followed by what can only stand
/// outside of it: another fence with a language, or a heading after a blank line.
pub(super) fn parts(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut open: Option<Opened> = None;
    let mut heading: Option<usize> = None;
    let mut blank = false;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        let mark = fence(body);
        match (&open, mark) {
            (None, Some((sign, length, info))) => {
                open = Some(Opened { sign, length, nests: matches!(info, "markdown" | "md") });
                heading = None;
            }
            (Some(o), Some((sign, length, ""))) if o.sign == sign && length >= o.length => open = None,
            (Some(o), Some((sign, length, info)))
                if o.sign == sign && length >= o.length && !o.nests && !info.contains(' ') =>
            {
                // Inside of it nothing closed it: it ends here, or where a heading stands before this.
                let end = heading.take().unwrap_or(at);
                parts.push(start..end);
                start = end;
                open = Some(Opened { sign, length, nests: matches!(info, "markdown" | "md") });
            }
            (Some(o), None) if blank && heading.is_none() && !o.nests && is_heading(body) => {
                heading = Some(at)
            }
            _ => {}
        }
        blank = body.is_empty();
        at += line.len();
    }
    if let (Some(_), Some(end)) = (open, heading) {
        parts.push(start..end);
        start = end;
    }
    parts.push(start..text.len());
    parts
}

struct Opened {
    sign: char,
    length: usize,
    /// It shows Markdown, fences and all.
    nests: bool,
}

/// A line that opens or closes a fence: its sign, how many of them, and its language.
fn fence(line: &str) -> Option<(char, usize, &str)> {
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
