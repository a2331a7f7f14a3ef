//! What a reader of a terminal sees of bytes: colours left out, what is written over by what was written over it, a
//! wrapped word as one. A secret is looked for in that, and masked in the bytes.

use std::ops::Range;

use memchr::{memchr_iter, memchr3_iter};

use super::known::{Known, Mask};

/// The widths at which programs wrap base64 and hexadecimal digits: `xxd -p`, PEM, MIME.
const WRAPPED: [usize; 3] = [60, 64, 76];
/// A longer style is none.
const LONGEST_STYLE: usize = 40;

/// The text of some bytes.
pub(super) struct Seen {
    /// What is read.
    pub(super) text: Vec<u8>,
    /// The bytes that each byte of the text stands for; absent where it is each byte itself.
    places: Option<Vec<Range<usize>>>,
    /// From here on the bytes are the beginning of what is not known yet.
    pub(super) unfinished: usize,
    /// Where the next byte goes; before the end of the text where something is being written over.
    pub(super) cursor: usize,
    /// Known values that were there to be read and were written over since.
    pub(super) earlier: Vec<Earlier>,
}

/// A known value that was written over.
pub(super) struct Earlier {
    /// The bytes that it stood for.
    pub(super) places: Vec<Range<usize>>,
    pub(super) mask: Mask,
}

impl Seen {
    /// Reads bytes; `column` bytes of their first line are given out already.
    pub(super) fn of(source: &[u8], column: usize, known: &Known) -> Self {
        if is_plain(source, column) {
            let (text, end) = (source.to_vec(), source.len());
            return Self { text, places: None, unfinished: end, cursor: end, earlier: vec![] };
        }
        let mut pen = Pen::new(column, known);
        let mut at = 0;
        while let Some((byte, rest)) = source.get(at..).and_then(<[u8]>::split_first) {
            match (byte, rest) {
                (0x1b, _) => match style(rest) {
                    Style::Begun => break,
                    Style::Whole(length) => at += length,
                    Style::None => pen.put(*byte, at),
                },
                (8, _) => pen.back(),
                (b'\r', []) => break,
                // What an editor of lines writes where its line wraps.
                (b' ', [b'\r', after, ..]) if *after != b'\n' => at += 1,
                (b'\r', [b'\n', ..]) if pen.is_wrapped() => {}
                (b'\n', _) => pen.end_line(at),
                _ => pen.put(*byte, at),
            }
            at += 1;
        }
        let unfinished = at.min(source.len());
        let Pen { text, places, cursor, earlier, .. } = pen;
        Self { text, places: Some(places), unfinished, cursor, earlier }
    }

    /// Where a part of the text begins in the bytes.
    pub(super) fn start(&self, at: usize) -> usize {
        match &self.places {
            Some(places) => places.get(at).map_or(self.unfinished, |place| place.start),
            None => at,
        }
    }

    /// Masks a part of the text in the bytes: what is printed, not what moves the cursor or colours.
    pub(super) fn mask(&self, bytes: &mut [u8], part: Range<usize>) {
        match &self.places {
            Some(places) => {
                let places = places.get(part).into_iter().flatten();
                places.for_each(|place| fill(bytes.get_mut(place.clone()).unwrap_or_default()));
            }
            None => fill(bytes.get_mut(part).unwrap_or_default()),
        }
    }
}

/// Puts together what is read.
struct Pen<'k> {
    known: &'k Known,
    text: Vec<u8>,
    places: Vec<Range<usize>>,
    /// Where the next byte goes.
    cursor: usize,
    /// Where the line begins, and how much of it was given out before.
    line: usize,
    column: usize,
    /// What was written since it was last looked at.
    written: Range<usize>,
    earlier: Vec<Earlier>,
}

impl<'k> Pen<'k> {
    fn new(column: usize, known: &'k Known) -> Self {
        let (text, places, earlier) = (vec![], vec![], vec![]);
        Self { known, text, places, cursor: 0, line: 0, column, written: 0..0, earlier }
    }

    fn put(&mut self, byte: u8, at: usize) {
        if self.written.is_empty() {
            self.written = self.cursor..self.cursor;
        }
        self.written.end = self.written.end.max(self.cursor + 1);
        match (self.text.get_mut(self.cursor), self.places.get_mut(self.cursor)) {
            (Some(old), Some(place)) => {
                *old = byte;
                place.end = at + 1;
            }
            _ => {
                self.text.push(byte);
                self.places.push(at..at + 1);
            }
        }
        self.cursor += 1;
    }

    /// Looks for known values in what stands here now: the next byte may write over a part of one.
    fn look(&mut self) {
        let written = std::mem::replace(&mut self.written, 0..0);
        if written.is_empty() {
            return;
        }
        let from = written.start.saturating_sub(self.known.longest);
        let upto = (written.end + self.known.longest).min(self.text.len());
        for mask in self.known.find(self.text.get(from..upto).unwrap_or_default()) {
            let places = self.places.get(from + mask.at.start..from + mask.at.end);
            self.earlier.push(Earlier { places: places.unwrap_or_default().to_vec(), mask });
        }
    }

    /// Goes one character back, within the line.
    fn back(&mut self) {
        self.look();
        let goes_on = |byte: Option<&u8>| byte.is_some_and(|b| b & 0xc0 == 0x80);
        let end = self.cursor;
        self.cursor = self.cursor.saturating_sub(1).max(self.line);
        while self.cursor > self.line && self.cursor < end && goes_on(self.text.get(self.cursor)) {
            self.cursor -= 1;
        }
    }

    /// Ends the line, but where a long word goes on in the next one.
    fn end_line(&mut self, at: usize) {
        let wrapped = self.is_wrapped();
        self.cursor = self.text.len();
        if !wrapped {
            self.put(b'\n', at);
        }
        (self.line, self.column) = (self.cursor, 0);
    }

    fn is_wrapped(&self) -> bool {
        is_wrapped(self.text.get(self.line..).unwrap_or_default(), self.column)
    }
}

/// Whether bytes are what is read: most are, and that is told fast.
fn is_plain(source: &[u8], column: usize) -> bool {
    let ends = |at: usize| source.get(at + 1) == Some(&b'\n');
    if !memchr3_iter(0x1b, 8, b'\r', source).all(|at| source.get(at) == Some(&b'\r') && ends(at)) {
        return false;
    }
    let mut begin = 0;
    !memchr_iter(b'\n', source).any(|end| {
        let line = source.get(begin..end).unwrap_or_default();
        let before = if begin == 0 { column } else { 0 };
        begin = end + 1;
        line.len() + before >= WRAPPED[0] && is_wrapped(line.strip_suffix(b"\r").unwrap_or(line), before)
    })
}

/// Whether a line ends with a word that may go on in the next one; `column` bytes of it are given out already.
fn is_wrapped(line: &[u8], column: usize) -> bool {
    let word = line.iter().rev().take_while(|b| is_digit(**b)).count();
    WRAPPED.contains(&if word == line.len() { word + column } else { word })
}

/// A digit of base64, either alphabet.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// What stands behind an escape.
enum Style {
    /// Colours, or what clears the rest of the line: this long.
    Whole(usize),
    /// It may become that.
    Begun,
    /// Something else.
    None,
}

fn style(rest: &[u8]) -> Style {
    let Some(parameters) = rest.strip_prefix(b"[") else {
        return if rest.is_empty() { Style::Begun } else { Style::None };
    };
    let length = parameters.iter().take_while(|b| b.is_ascii_digit() || matches!(**b, b';' | b':')).count();
    match parameters.get(length) {
        Some(b'm' | b'K') => Style::Whole(length + 2),
        None if length < LONGEST_STYLE => Style::Begun,
        _ => Style::None,
    }
}

/// Masks everything but what moves the cursor, and styles.
pub(super) fn fill(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        if byte == 0x1b
            && let Style::Whole(length) = style(bytes.get(at + 1..).unwrap_or_default())
        {
            at += length;
        } else if byte >= 0x20
            && let Some(byte) = bytes.get_mut(at)
        {
            *byte = b'*';
        }
        at += 1;
    }
}
