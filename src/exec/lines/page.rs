//! Pages: stretches of a recording that end with a line, and the lines in them.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use super::super::screen::Emulator;
use super::scan::{Carried, Class, Sequence, apply, scan};
use super::stage::{Scene, Stage};
use crate::protocol::{OutputLine, Row, Style, Text};

/// A page ends with the first line end after so many bytes.
const BYTES: usize = 64 * 1024;
/// A page has at most so many lines: an emulator holds all lines of one.
const MOST_LINES: usize = 2000;
/// A line without end is cut after so many bytes.
const LONGEST_LINE: usize = 4 << 20;
/// So much of one line is given out; the recording has it whole.
const SHOWN_OF_A_LINE: usize = 64 * 1024;

/// A stretch of a recording.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// Where it begins.
    pub(super) at: u64,
    /// Its bytes.
    pub(super) length: usize,
    carried: Carried,
    class: Class,
    /// Numbers of its first line: as shown, and by line feeds.
    first: [u64; 2],
    /// How many it has of either.
    lines: [u32; 2],
}

/// What a page is read from: its bytes, and what they are played on where they have to be.
pub(super) struct Loaded {
    pub(super) bytes: Vec<u8>,
    pub(super) emulator: Option<Emulator>,
}

/// The pages of a recording, the last one perhaps still growing.
#[derive(Debug, Default)]
pub(super) struct Pages {
    done: Vec<Page>,
    open: Option<Page>,
    carried: Carried,
    end: u64,
    unfinished: bool,
}

impl Pages {
    /// All pages in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Page> {
        self.done.iter().chain(&self.open)
    }

    /// Pages that won't change any more.
    pub(super) fn done(&self) -> &[Page] {
        &self.done
    }

    /// Whether the last line has no end yet.
    pub(super) fn unfinished(&self) -> bool {
        self.unfinished
    }

    /// The page that still grows.
    pub(super) fn open(&self) -> Option<&Page> {
        self.open.as_ref()
    }

    /// Pages that hold lines of a range.
    pub(super) fn between(&self, first: u64, last: u64, raw: bool) -> Vec<Page> {
        let from = self.done.partition_point(|p| p.first(raw) + p.lines(raw) <= first);
        let pages = self.done[from..].iter().take_while(|p| p.first(raw) < last);
        let open = self.open.iter().filter(|p| p.first(raw) < last && p.first(raw) + p.lines(raw) > first);
        pages.chain(open).cloned().collect()
    }

    /// Reads what is new.
    pub(super) fn extend(&mut self, raw: &mut File, stage: &Stage<'_>) -> std::io::Result<()> {
        let start = self.open.as_ref().map_or(self.end, |p| p.at);
        let length = raw.metadata()?.len();
        if length == self.end {
            return Ok(());
        }
        let mut rest: Vec<u8> = Vec::new();
        let mut at = start;
        let mut to_read = length - start;
        self.open = None;
        loop {
            let chunk = to_read.min(BYTES as u64 * 4);
            let had = rest.len();
            rest.resize(had + chunk as usize, 0);
            // A page that is played may have been read from elsewhere meanwhile.
            raw.seek(SeekFrom::Start(length - to_read))?;
            raw.read_exact(&mut rest[had..])?;
            to_read -= chunk;
            let mut used = 0;
            while let Some(end) = page_end(&rest[used..]) {
                let page = self.page(at, &rest[used..used + end], (raw, stage))?;
                self.done.push(page);
                at += end as u64;
                used += end;
            }
            rest.drain(..used);
            if to_read == 0 {
                break;
            }
        }
        self.unfinished = rest.last().is_some_and(|b| *b != b'\n');
        if !rest.is_empty() {
            let carried = self.carried;
            let open = self.page(at, &rest, (raw, stage))?;
            self.open = Some(open);
            // It is read again when it has grown, with the same beginning.
            self.carried = carried;
        }
        self.end = length;
        Ok(())
    }

    fn page(&mut self, at: u64, bytes: &[u8], on: (&mut File, &Stage<'_>)) -> std::io::Result<Page> {
        let begin = self.carried;
        let class = scan(bytes, &mut self.carried);
        let feeds = bytes.iter().filter(|b| **b == b'\n').count() + usize::from(bytes.last() != Some(&b'\n'));
        let last = self.done.last();
        let mut page = Page {
            at,
            length: bytes.len(),
            carried: begin,
            class,
            first: [false, true].map(|raw| last.map_or(0, |p| p.first(raw) + p.lines(raw))),
            lines: [feeds as u32; 2],
        };
        if let Some(emulator) = on.1.set(page.scene(), on.0)? {
            page.lines[0] = drawn(emulator, bytes).len() as u32;
        }
        Ok(page)
    }
}

/// Where a page that begins here ends, if it has an end yet.
fn page_end(bytes: &[u8]) -> Option<usize> {
    let mut lines = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' {
            lines += 1;
            if at + 1 >= BYTES || lines >= MOST_LINES {
                return Some(at + 1);
            }
        } else if at + 1 >= LONGEST_LINE {
            return Some(at + 1);
        }
    }
    None
}

impl Page {
    /// The number of its first line.
    pub(super) fn first(&self, raw: bool) -> u64 {
        self.first[usize::from(raw)]
    }

    /// How many lines it has.
    pub(super) fn lines(&self, raw: bool) -> u64 {
        u64::from(self.lines[usize::from(raw)])
    }

    /// Whether its lines stand in it as they are shown.
    pub(super) fn is_plain(&self) -> bool {
        self.class == Class::Plain
    }

    /// What is to be known of it to play it, where it has to be played.
    pub(super) fn scene(&self) -> Option<Scene> {
        (self.class == Class::Drawn).then_some(Scene {
            at: self.at,
            length: self.length,
            lines: self.lines[1] as usize,
            full_screen: self.carried.alternate,
            style: self.carried.style,
        })
    }

    /// Lines of the page; each with its place in the recording where a time belongs.
    pub(super) fn read(&self, loaded: Loaded, raw: bool, lines: Range<usize>) -> Vec<OutputLine> {
        let (skip, take) = (lines.start, lines.len());
        let Loaded { bytes, emulator } = loaded;
        let bytes = bytes.as_slice();
        let first = self.first(raw);
        let line = |(at, (runs, byte)): (usize, (Vec<Text>, u64))| OutputLine {
            number: first + at as u64,
            at_ms: Some(self.at + byte),
            matched: false,
            runs,
        };
        if raw {
            let lines = feeds(bytes).map(|(at, l)| (vec![plain_text(visible(l))], at)).enumerate();
            return lines.skip(skip).take(take).map(line).collect();
        }
        match self.class {
            Class::Drawn => {
                // Which line a byte went to is not known here: the page's beginning has to do.
                let drawn = emulator.map(|e| drawn(e, bytes)).unwrap_or_default();
                let lines = drawn.into_iter().map(|runs| (runs, 0)).enumerate();
                lines.skip(skip).take(take).map(line).collect()
            }
            Class::Plain => {
                let lines = feeds(bytes).enumerate().skip(skip).take(take);
                lines.map(|(at, (byte, l))| line((at, (vec![plain_text(decoded(l))], byte)))).collect()
            }
            Class::Coloured => {
                let mut style = self.carried.style;
                let lines = feeds(bytes).map(|(at, l)| (coloured(l, &mut style), at)).enumerate();
                lines.skip(skip).take(take).map(line).collect()
            }
        }
    }
}

/// What a terminal shows of these bytes, wrapped rows joined.
fn drawn(mut emulator: Emulator, bytes: &[u8]) -> Vec<Vec<Text>> {
    emulator.feed(0, bytes);
    let screen = emulator.screen();
    let mut rows: Vec<Row> = screen.history;
    rows.extend(screen.rows.into_iter().take(usize::from(screen.cursor.row) + 1));
    if bytes.last() == Some(&b'\n') {
        rows.pop();
    }
    let mut lines: Vec<Vec<Text>> = Vec::new();
    let mut open = false;
    for row in rows {
        if open {
            if let Some(last) = lines.last_mut() {
                last.extend(row.runs);
            }
        } else {
            lines.push(row.runs);
        }
        open = row.wrapped;
    }
    lines
}

/// The lines of a page, with where they begin and without what ends them.
pub(super) fn feeds(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut at = 0;
    bytes.split_inclusive(|b| *b == b'\n').map(move |line| {
        let start = at;
        at += line.len() as u64;
        let end = line.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |e| e + 1);
        (start, &line[..end])
    })
}

fn plain_text(text: String) -> Text {
    Text { text, style: Style::default() }
}

/// Text of a line: tabs to their stops, what is no text made visible.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(SHOWN_OF_A_LINE)];
    let text = String::from_utf8_lossy(shown);
    if text.bytes().all(|b| b != b'\t') && shown.len() == bytes.len() {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    tabbed(&text, 0, &mut out);
    if shown.len() < bytes.len() {
        out.push_str(&format!(" … and {} bytes more in the recording", bytes.len() - shown.len()));
    }
    out
}

/// Appends `text`, tabs to the next stop of eight; the column after it.
fn tabbed(text: &str, mut column: usize, out: &mut String) -> usize {
    for c in text.chars() {
        if c == '\t' {
            let stop = 8 - column % 8;
            out.extend(std::iter::repeat_n(' ', stop));
            column += stop;
        } else {
            out.push(c);
            column += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        }
    }
    column
}

fn coloured(line: &[u8], style: &mut Style) -> Vec<Text> {
    let mut runs: Vec<Text> = Vec::new();
    let mut column = 0;
    let mut at = 0;
    while at < line.len() {
        if line[at] == 0x1b {
            let (found, length) = Sequence::parse(&line[at..]);
            if let Sequence::Colours(parameters) = found {
                apply(parameters, style);
            }
            at += length;
            continue;
        }
        let end = line[at..].iter().position(|b| *b == 0x1b).map_or(line.len(), |e| at + e);
        let mut text = String::new();
        column = tabbed(&String::from_utf8_lossy(&line[at..end]), column, &mut text);
        runs.push(Text { text, style: *style });
        at = end;
    }
    runs
}

/// Bytes as text with everything that is none written out: `^[`, `^M`, `\xff`.
fn visible(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes[..bytes.len().min(SHOWN_OF_A_LINE)].utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\0'..='\x1f' => out.extend(['^', char::from(c as u8 + b'@')]),
                '\x7f' => out.push_str("^?"),
                c => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|b| out.push_str(&format!("\\x{b:02x}")));
    }
    out
}
