//! Finds what says of itself that it is a secret, line by line, by the table of shapes.

use std::ops::Range;

use memchr::memmem;

use super::hidden::Hidden;
use super::names::{is_placeholder, is_remark, is_state, says_secret};
use super::table::{By, End, Row, TABLE, Table};

/// How long a secret may go on until it is given out as far as it is known: what is kept waits for its end.
const LONGEST: usize = 1024;
/// How many lines a quoted value may have.
const MOST_LINES: usize = 20;
/// The beginning of the last line of a PEM block (RFC 7468).
const PEM_END: &[u8] = b"-----END";

/// What ends a secret that goes on beyond what was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// A blank.
    Blank,
    /// A blank, or a sign that ends a word of a command.
    Sign,
    /// The line's end.
    Line,
    /// This quote; so many more lines may come.
    Quote(u8, usize),
    /// The last line of a PEM block.
    Pem,
}

impl Until {
    /// Where it ends in a text, from a place on.
    fn end(self, text: &[u8], from: usize) -> Option<usize> {
        let mut rest = text.iter().enumerate().skip(from);
        match self {
            Until::Blank => rest.find(|(_, b)| b.is_ascii_whitespace()).map(|(at, _)| at),
            Until::Sign => {
                rest.find(|(_, b)| b.is_ascii_whitespace() || b"\"'&;|)".contains(b)).map(|(at, _)| at)
            }
            Until::Line => rest.find(|(_, b)| **b == b'\n').map(|(at, _)| at),
            Until::Quote(quote, lines) => {
                let mut left = lines;
                let mut ends = |(at, byte): &(usize, &u8)| match **byte {
                    b'\n' if left == 0 => true,
                    b'\n' => {
                        left -= 1;
                        false
                    }
                    b => b == quote && ends_quoted(text.get(..=*at).unwrap_or_default(), quote),
                };
                rest.find(|byte| ends(byte)).map(|(at, _)| at)
            }
            Until::Pem => {
                let from = from.saturating_sub(PEM_END.len() - 1);
                memmem::find(text.get(from..)?, PEM_END).map(|at| from + at)
            }
        }
    }

    /// How much of the end of a text may be the beginning of its end.
    fn begun(self, text: &[u8]) -> usize {
        match self {
            Until::Pem => super::known::begun(text, PEM_END, PEM_END.len() - 1).unwrap_or(0),
            // What a backslash at the end is for stands behind it.
            Until::Quote(..) => text.iter().rev().take_while(|b| **b == b'\\').count() % 2,
            Until::Blank | Until::Sign | Until::Line => 0,
        }
    }

    /// What is left of it after a text.
    fn after(self, text: &[u8]) -> Self {
        match self {
            Until::Quote(quote, lines) => {
                Until::Quote(quote, lines.saturating_sub(text.iter().filter(|b| **b == b'\n').count()))
            }
            other => other,
        }
    }
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The secrets.
    pub(super) masks: Vec<Secret>,
    /// From here on it is not known yet.
    pub(super) hold: Option<usize>,
    /// The text ends within a secret.
    pub(super) inside: Option<Until>,
}

/// A secret, and what says so.
#[derive(Debug)]
pub(super) struct Secret {
    pub(super) at: Range<usize>,
    by: Says,
}

/// What says that something is a secret.
#[derive(Clone, Debug)]
enum Says {
    /// The name that stands here.
    Name(Range<usize>),
    /// What is around it, or its shape.
    Kind(Hidden),
    /// It is the rest of one.
    Rest,
}

impl Secret {
    /// What it is called; nothing for the rest of one. A name within what is masked is a part of a secret itself.
    pub(super) fn hidden<'m>(
        &self,
        text: &[u8],
        mut masked: impl Iterator<Item = &'m Range<usize>>,
    ) -> Option<Hidden> {
        /// Longer ones are no names.
        const LONGEST_NAME: usize = 64;
        let name = match &self.by {
            Says::Name(name) => name,
            Says::Kind(kind) => return Some(kind.clone()),
            Says::Rest => return None,
        };
        let bytes = text.get(name.clone()).unwrap_or_default();
        let told = name.len() <= LONGEST_NAME
            && text.get(name.start.wrapping_sub(1)) != Some(&b'*')
            && !masked.any(|mask| mask.start < name.end && name.start < mask.end);
        Some(if told { Hidden::Named(String::from_utf8_lossy(bytes).into_owned()) } else { Hidden::Placed })
    }
}

/// A secret in a line.
struct Found {
    value: Range<usize>,
    by: Says,
    /// It may go on beyond the line as far as it is known.
    open: Option<Until>,
}

/// Looks through a text, of which `new` is where the part begins that was not looked at before.
pub(super) fn scan(text: &[u8], new: usize, whole: bool, inside: Option<Until>) -> Scan {
    let mut scan = Scan::default();
    let mut line = 0;
    if let Some(until) = inside {
        match scan.go_on(text, new, (until, Says::Rest)) {
            Some(end) => line = end,
            None => return scan,
        }
    }
    let Some(table) = TABLE.as_ref() else { return scan };
    while let Some(sign) = table.signs.find_at(text, line) {
        let before = text.get(line..sign.start()).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(line, |at| line + at + 1);
        let after = text.get(sign.end()..).unwrap_or_default();
        let end = memchr::memchr(b'\n', after).map(|at| sign.end() + at);
        line = end.map_or(text.len(), |end| end + 1);
        let bytes = text.get(start..end.unwrap_or(text.len())).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\r").filter(|_| end.is_some()).unwrap_or(bytes);
        for found in in_line(table, bytes, whole || end.is_some()) {
            let value = start + found.value.start..start + found.value.end;
            let by = match found.by {
                Says::Name(name) => Says::Name(start + name.start..start + name.end),
                by => by,
            };
            match found.open {
                None => scan.masks.push(Secret { at: value, by }),
                // It is within another one.
                Some(_) if scan.inside.is_some() || scan.hold.is_some_and(|hold| hold <= value.start) => {}
                // A value over several lines.
                Some(until @ (Until::Pem | Until::Quote(..)))
                    if whole || end.is_some() || until == Until::Pem =>
                {
                    match scan.go_on(text, value.start, (until, by)) {
                        Some(end) => line = line.max(end),
                        None => return scan,
                    }
                }
                Some(until) if text.len() - value.start > LONGEST => {
                    scan.inside = Some(until);
                    scan.masks.push(Secret { at: value, by });
                }
                Some(_) => scan.wait(value.start),
            }
        }
    }
    if !whole && scan.inside.is_none() {
        scan.begun(table, text);
    }
    scan
}

impl Scan {
    /// Masks the rest of a secret from a place on, and gives where it ends.
    fn go_on(&mut self, text: &[u8], from: usize, (until, by): (Until, Says)) -> Option<usize> {
        let end = until.end(text, from);
        let upto = end.unwrap_or(text.len() - until.begun(text.get(from..).unwrap_or_default())).max(from);
        self.masks.push(Secret { at: from..upto, by });
        if end.is_none() {
            self.inside = Some(until.after(text.get(from..upto).unwrap_or_default()));
            self.hold = (upto < text.len()).then_some(upto);
        }
        end
    }

    fn wait(&mut self, from: usize) {
        self.hold = Some(self.hold.map_or(from, |hold| hold.min(from)));
    }

    /// What may become a secret by what comes.
    fn begun(&mut self, table: &Table, text: &[u8]) {
        let line = text.iter().rev().take(2 * LONGEST).take_while(|b| **b != b'\n').count();
        let from = text.len() - line;
        let found = text.get(from..).and_then(|line| table.begun.captures(line));
        let value = found.and_then(|c| c.iter().skip(1).flatten().next().map(|m| from + m.start()));
        if let Some(value) = value {
            if text.len() - value > LONGEST {
                self.masks.push(Secret { at: value..text.len(), by: Says::Kind(Hidden::Placed) });
                self.inside = Some(Until::Blank);
            } else {
                self.wait(value);
            }
        }
    }
}

/// The secrets of a line; `ended` where nothing more of it comes.
fn in_line(table: &Table, line: &[u8], ended: bool) -> Vec<Found> {
    let mut found = Vec::new();
    for number in table.set.matches(line) {
        let Some((rule, row)) = table.rows.get(number) else { continue };
        let mut from = 0;
        while let Some(captures) = rule.captures_at(line, from) {
            let Some(value) = captures.name("v") else { break };
            let name = captures.name("n").map(|n| n.range());
            let secret = judge(row, name, (line, value.range()), ended);
            // What is no secret's name may stand before one.
            from = if secret.is_some() { value.end() } else { value.start().max(from + 1) };
            found.extend(secret);
        }
    }
    found
}

fn judge(
    row: &Row,
    named: Option<Range<usize>>,
    (line, at): (&[u8], Range<usize>),
    ended: bool,
) -> Option<Found> {
    let name = named.clone().and_then(|name| line.get(name)).map(String::from_utf8_lossy);
    let name = name.as_deref();
    if !name.is_none_or(says_secret) {
        return None;
    }
    let bytes = line.get(at.clone())?;
    let value = String::from_utf8_lossy(bytes);
    let quote = bytes.first().copied().filter(|b| b"\"'".contains(b));
    let inner = bytes.get(usize::from(quote.is_some())..)?;
    let closed = quote.is_some_and(|q| ends_quoted(inner, q));
    // A quote may be the first of two.
    let goes_on = at.end == line.len() && (!ended || row.end == End::Pem);
    if row.by != By::Shape {
        let remark = row.by == By::NameInText
            && quote.is_none()
            && name.is_some_and(|n| is_remark(n, value.trim_end()));
        let remark = remark
            || row.by == By::Prose && value.bytes().all(|b| b.is_ascii_lowercase() || b".,;!".contains(&b));
        let port = row.by == By::Place && is_port(bytes);
        if is_placeholder(&value) || !goes_on && (is_state(&value) || remark || port) {
            return None;
        }
    }
    let lines = row.by == By::Name && row.end == End::Blank && ended && !closed && at.end == line.len();
    let open = match (row.end, quote) {
        (End::Pem, _) if memmem::find(bytes, PEM_END).is_some() => None,
        (End::Pem, _) => Some(Until::Pem),
        (_, Some(quote)) if lines => Some(Until::Quote(quote, MOST_LINES)),
        _ if !goes_on => None,
        (_, Some(quote)) if !closed => Some(Until::Quote(quote, 0)),
        (End::Sign, None) => Some(Until::Sign),
        (End::Line, None) => Some(Until::Line),
        (End::Quote, None) => Some(Until::Quote(b'"', 0)),
        (End::Blank, None) | (_, Some(_)) => Some(Until::Blank),
    };
    // Quotes stay: what is in them is the secret.
    let start = at.start + usize::from(quote.is_some());
    let end = (at.end - usize::from(closed)).max(start);
    let by = match (named, row) {
        (Some(name), _) => Says::Name(name),
        (None, Row { end: End::Pem, .. }) => Says::Kind(Hidden::PrivateKey),
        (None, Row { by: By::Shape, .. }) => Says::Kind(Hidden::Shaped),
        (None, _) => Says::Kind(Hidden::Placed),
    };
    (end > start || open.is_some()).then_some(Found { value: start..end, by, open })
}

/// Whether a text ends with a quote that ends it.
fn ends_quoted(text: &[u8], quote: u8) -> bool {
    let Some(rest) = text.strip_suffix(&[quote]) else { return false };
    rest.iter().rev().take_while(|b| **b == b'\\').count().is_multiple_of(2)
}

/// Whether what stands behind a host is its port.
fn is_port(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=5).contains(&digits) && value.get(digits) == Some(&b'/')
}
