//! The recording of one command: raw bytes with a timing index and keyframes, bounded. `lines` reads it back.
//!
//! Beside `ID.ATTEMPT.raw` lie
//!
//! 1. `.idx`, a line a chunk: milliseconds since the start, `o` or `e` for the stream, length in bytes. `g` instead
//!    of a stream stands for words of ours in the place of what is missing, `left-out N` for how many bytes that is,
//!    `size C R` for the terminal's columns and rows from here on.
//! 2. `.key`, a line a [`Keyframe`]: the screen as it was, while a program has the whole of it.
//!
//! Of an output beyond the bound its beginning and its end are kept.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ExecError;
use super::screen::Size;
use crate::figures::size;
use crate::protocol::Screen;
use crate::run::Attempt;
use crate::run::seal::seal;
use crate::runbook::CommandId;
use crate::runbook::hash::hex;

/// How much is kept of one command, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// Of its beginning.
    pub head: u64,
    /// Of its end; held in memory until it is there.
    pub tail: usize,
}

impl Bound {
    /// That of every command.
    pub const USUAL: Self = Self { head: 255 << 20, tail: 1 << 20 };
}

/// While a program has the whole screen there is a keyframe after so many bytes.
const KEYFRAME_EVERY: u64 = 64 * 1024;
/// Lines of the index are written by so many bytes.
const INDEX_AT_ONCE: usize = 8 * 1024;
/// How much more has to be left out before that is said again.
const SAID_EVERY: u64 = 64 << 20;

/// The screen at a place of a recording: what follows can be played from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Keyframe {
    /// Bytes of the recording before it.
    pub at: u64,
    /// What was shown, without the lines above the screen.
    pub screen: Screen,
}

/// Bytes that came at once from one stream.
#[derive(Debug)]
struct Chunk {
    ms: u128,
    stream: usize,
    bytes: Vec<u8>,
}

/// The index, written by whole lines: what there is no room for waits.
#[derive(Debug)]
struct Index {
    file: File,
    waiting: Vec<u8>,
    /// How much is left out, where that is to be told: only the latest matters.
    left_out: Option<String>,
}

impl Index {
    fn line(&mut self, text: &str) {
        self.waiting.extend_from_slice(text.as_bytes());
        self.waiting.push(b'\n');
        if self.waiting.len() >= INDEX_AT_ONCE {
            // Where there is no room now there may be later.
            let _later = self.flush();
        }
    }

    /// Writes what waits; what could not be written goes on waiting.
    fn flush(&mut self) -> std::io::Result<()> {
        if let Some(text) = self.left_out.take() {
            self.waiting.extend_from_slice(text.as_bytes());
            self.waiting.push(b'\n');
        }
        while !self.waiting.is_empty() {
            let written = self.file.write(&self.waiting)?;
            if written == 0 {
                return Err(std::io::ErrorKind::WriteZero.into());
            }
            self.waiting.drain(..written);
        }
        Ok(())
    }
}

/// Writes a recording.
#[derive(Debug)]
pub struct Recorder {
    raw: File,
    /// Over what was written of it.
    hash: Sha256,
    index: Index,
    path: PathBuf,
    started: Instant,
    bound: Bound,
    /// Bytes in the file.
    bytes: u64,
    keyframe_at: u64,
    /// The end of the output, as far as it lies beyond the beginning that is kept.
    tail: VecDeque<Chunk>,
    tail_bytes: usize,
    /// Bytes that are in neither, and how many of them the index tells of.
    left_out: u64,
    said: u64,
    /// Bytes that there was no room for since the last that was written.
    missed: u64,
    /// What comes is not to be recorded.
    hidden: bool,
}

impl Recorder {
    /// Starts a recording in `directory`.
    pub fn create(
        directory: &Path,
        command: &CommandId,
        attempt: Attempt,
        bound: Bound,
    ) -> Result<Self, ExecError> {
        let path = raw_path(directory, command, attempt);
        let failed = |source| ExecError::Recording { what: "create", path: path.clone(), source };
        let raw = open(&path, false).map_err(failed)?;
        let file = open(&path.with_extension("idx"), false).map_err(failed)?;
        let index = Index { file, waiting: Vec::new(), left_out: None };
        let _none = std::fs::remove_file(path.with_extension("key"));
        Ok(Self {
            raw,
            hash: Sha256::new(),
            index,
            path,
            started: Instant::now(),
            bound,
            bytes: 0,
            keyframe_at: 0,
            tail: VecDeque::new(),
            tail_bytes: 0,
            left_out: 0,
            said: 0,
            missed: 0,
            hidden: false,
        })
    }

    /// Nothing is recorded from here on; the reason stands in its place.
    pub fn hide(&mut self, why: &str) {
        let ms = self.started.elapsed().as_millis();
        let _no_room = self.put(ms, 'g', format!("[gonogo: not recorded: {why}]\r\n").as_bytes());
        self.hidden = true;
    }

    /// Records bytes of stream 0 or 1. Where there is no room for them that is told the first time, and they are
    /// left out; what comes when there is room again is recorded.
    pub fn write(&mut self, stream: usize, bytes: &[u8]) -> Result<(), ExecError> {
        if self.hidden {
            return Ok(());
        }
        let ms = self.started.elapsed().as_millis();
        let room = self.bound.head.saturating_sub(self.bytes).min(bytes.len() as u64) as usize;
        let (now, later) = if self.tail.is_empty() { bytes.split_at(room) } else { bytes.split_at(0) };
        let result = if now.is_empty() { Ok(()) } else { self.append(ms, stream, now) };
        if !later.is_empty() {
            self.hold(Chunk { ms, stream, bytes: later.to_vec() });
        }
        result
    }

    /// Holds what lies beyond the beginning, and lets go of what is not the end any more.
    fn hold(&mut self, chunk: Chunk) {
        self.tail_bytes += chunk.bytes.len();
        self.tail.push_back(chunk);
        while self.tail_bytes > self.bound.tail && self.tail.len() > 1 {
            let gone = self.tail.pop_front().map_or(0, |c| c.bytes.len());
            self.tail_bytes -= gone;
            self.left_out += gone as u64;
        }
        if self.left_out > 0 && (self.said == 0 || self.left_out >= self.said + SAID_EVERY) {
            self.say_left_out();
        }
    }

    fn say_left_out(&mut self) {
        self.said = self.left_out;
        let ms = self.started.elapsed().as_millis();
        self.index.left_out = Some(format!("{ms} left-out {}", self.left_out));
    }

    fn append(&mut self, ms: u128, stream: usize, bytes: &[u8]) -> Result<(), ExecError> {
        if self.missed > 0 {
            let words = mark(&format!("{} that did not fit", size(self.missed)));
            if self.put(ms, 'g', &words).is_err() {
                self.miss(bytes.len());
                return Ok(());
            }
            self.missed = 0;
        }
        let letter = if stream == 0 { 'o' } else { 'e' };
        let before = self.bytes;
        self.put(ms, letter, bytes).map_err(|source| {
            let written = (self.bytes - before) as usize;
            self.miss(bytes.len() - written);
            ExecError::Recording { what: "write", path: self.path.clone(), source }
        })
    }

    fn miss(&mut self, bytes: usize) {
        self.missed += bytes as u64;
        self.left_out += bytes as u64;
        self.say_left_out();
    }

    /// Writes as much as there is room for.
    fn put(&mut self, ms: u128, letter: char, bytes: &[u8]) -> std::io::Result<()> {
        let before = self.bytes;
        let mut rest = bytes;
        let result = loop {
            if rest.is_empty() {
                break Ok(());
            }
            match self.raw.write(rest) {
                Ok(0) => break Err(std::io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    self.bytes += count as u64;
                    self.hash.update(&rest[..count]);
                    rest = &rest[count..];
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        let written = self.bytes - before;
        if written > 0 {
            self.index.line(&format!("{ms} {letter} {written}"));
        }
        result
    }

    /// The terminal has this size from here on.
    pub fn size(&mut self, size: Size) {
        let ms = self.started.elapsed().as_millis();
        self.index.line(&format!("{ms} size {} {}", size.columns, size.rows));
        self.keyframe_soon();
    }

    /// Whether the screen is wanted for a keyframe.
    pub fn wants_keyframe(&self) -> bool {
        self.bytes >= self.keyframe_at && self.tail.is_empty() && !self.hidden
    }

    /// The next keyframe is wanted at once: a program has taken the screen, or it has another size.
    pub fn keyframe_soon(&mut self) {
        self.keyframe_at = self.bytes;
    }

    /// Adds a keyframe. One that there is no room for is none: the next is due as soon.
    pub fn keyframe(&mut self, mut screen: Screen) {
        screen.history.clear();
        self.keyframe_at = self.bytes + KEYFRAME_EVERY;
        let keyframe = Keyframe { at: self.bytes, screen };
        if let (Ok(mut line), Ok(mut file)) =
            (serde_json::to_vec(&keyframe), open(&self.path.with_extension("key"), true))
        {
            line.push(b'\n');
            // A line that is only half there is read as none.
            let _no_room = file.write_all(&line);
        }
    }

    /// Writes what is known of times, so that readers of a running command see them too.
    pub fn flush_index(&mut self) {
        // What is not flushed now is flushed with the next screen or at the end.
        let _later = self.index.flush();
    }

    /// Ends the recording. What its bounds left out is marked in its place, the end after it.
    pub fn finish(mut self) -> Result<Recorded, ExecError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| ExecError::Recording { what: "write", path, source }
        };
        let mut tail = std::mem::take(&mut self.tail);
        if let Some(first) = tail.front_mut().filter(|_| self.left_out > 0) {
            // The line that was cut through is left out whole.
            let cut = first.bytes.iter().position(|b| *b == b'\n').map_or(0, |end| end + 1);
            first.bytes.drain(..cut);
            self.left_out += cut as u64;
            let words = mark(&format!("{} beyond the limit for one command", size(self.left_out)));
            let ms = first.ms;
            self.put(ms, 'g', &words).map_err(failed(&self.path))?;
        }
        for chunk in tail {
            self.append(chunk.ms, chunk.stream, &chunk.bytes)?;
        }
        if self.missed > 0 {
            // Where there is still no room for it, the index says how much is missing.
            let words = mark(&format!("{} that did not fit", size(self.missed)));
            let ms = self.started.elapsed().as_millis();
            let _full = self.put(ms, 'g', &words);
        }
        if self.left_out > self.said {
            self.say_left_out();
        }
        match self.index.flush() {
            // That there was no room was told when it began.
            Err(error) if self.missed == 0 => Err(failed(&self.path)(error)),
            _ => Ok(Recorded { bytes: self.bytes, seal: self.seal() }),
        }
    }

    /// The seal over what was written. Times and keyframes are small beside the bytes, and are read for it.
    fn seal(&self) -> Option<String> {
        let raw = hex(&self.hash.clone().finalize());
        let index = file_hash(&self.path.with_extension("idx")).ok()?;
        let keyframes = file_hash(&self.path.with_extension("key")).ok();
        Some(seal([Some(&raw), Some(&index), keyframes.as_deref()]))
    }
}

/// What a recording came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Bytes of output in it.
    pub bytes: u64,
    /// The hash over its files; nothing where one of them could not be read again.
    pub seal: Option<String>,
}

fn file_hash(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&buffer[..count]),
        }
    }
}

fn open(path: &Path, append: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).append(append).truncate(!append).mode(0o600).open(path)
}

/// What stands in a recording where something is missing.
fn mark(missing: &str) -> Vec<u8> {
    format!("\x1b[0m\r\n[gonogo: {missing} left out here]\r\n").into_bytes()
}

/// The keyframes of a recording: where each lies, read when it is needed.
#[derive(Debug)]
pub struct Keyframes {
    path: PathBuf,
    read: u64,
    /// Bytes of the recording before each, and where its line begins.
    known: Vec<(u64, u64)>,
}

impl Keyframes {
    /// Those of the recording at `raw`; they may become more.
    pub fn of(raw: &Path) -> Self {
        Self { path: raw.with_extension("key"), read: 0, known: vec![] }
    }

    /// Takes in what was added. A line that is only half there is no keyframe yet.
    pub fn extend(&mut self) {
        let Ok(mut file) = File::open(&self.path) else { return };
        let mut text = Vec::new();
        let read = file.seek(SeekFrom::Start(self.read)).and_then(|_| file.read_to_end(&mut text));
        if read.is_err() {
            return;
        }
        for line in text.split_inclusive(|b| *b == b'\n').filter(|l| l.ends_with(b"\n")) {
            // Its place stands in front: the screen behind it is not looked at here.
            let digits = line.strip_prefix(b"{\"at\":").unwrap_or_default();
            let digits: String =
                digits.iter().map_while(|b| b.is_ascii_digit().then_some(char::from(*b))).collect();
            if let Ok(at) = digits.parse() {
                self.known.push((at, self.read));
            }
            self.read += line.len() as u64;
        }
    }

    /// The last one at or before a place.
    pub fn before(&self, at: u64) -> Option<Keyframe> {
        let after = self.known.partition_point(|(known, _)| *known <= at);
        let (_, place) = self.known.get(after.checked_sub(1)?)?;
        let mut file = BufReader::new(File::open(&self.path).ok()?);
        file.seek(SeekFrom::Start(*place)).ok()?;
        let mut line = String::new();
        file.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }
}

/// Where a command's recording is.
pub fn raw_path(directory: &Path, command: &CommandId, attempt: Attempt) -> PathBuf {
    directory.join(format!("{}.{}.raw", command.file_name(), attempt.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Recorded {
        directory: tempfile::TempDir,
        command: CommandId,
    }

    impl Recorded {
        fn new(bound: Bound) -> (Self, Recorder) {
            let directory = tempfile::tempdir().unwrap();
            let command = CommandId("1".into());
            let recorder = Recorder::create(directory.path(), &command, Attempt(1), bound).unwrap();
            (Self { directory, command }, recorder)
        }

        fn text(&self, extension: &str) -> String {
            let path = raw_path(self.directory.path(), &self.command, Attempt(1));
            std::fs::read_to_string(path.with_extension(extension)).unwrap()
        }
    }

    /// The bytes that the index tells of, but for the last words of each line.
    fn indexed(index: &str) -> usize {
        let chunks = index.lines().filter(|l| !l.contains("left-out"));
        chunks.map(|l| l.rsplit(' ').next().unwrap().parse::<usize>().unwrap()).sum()
    }

    #[test]
    fn beyond_its_bound_an_output_keeps_its_beginning_and_its_end_with_a_mark_between() {
        let (kept, mut recorder) = Recorded::new(Bound { head: 100, tail: 30 });
        for n in 0..100 {
            recorder.write(n % 2, format!("line {n}\n").as_bytes()).unwrap();
        }
        let bytes = recorder.finish().unwrap().bytes;
        let (raw, index) = (kept.text("raw"), kept.text("idx"));
        assert_eq!(bytes as usize, raw.len());
        assert_eq!(indexed(&index), raw.len(), "{index}");
        let (head, rest) = raw.split_once("\x1b[0m\r\n[gonogo: ").unwrap();
        assert_eq!(head.len(), 100);
        assert!(head.starts_with("line 0\nline 1\n"));
        let (mark, tail) = rest.split_once("left out here]\r\n").unwrap();
        assert_eq!(mark, "674 bytes beyond the limit for one command ");
        assert_eq!(tail, "line 98\nline 99\n");
        assert!(index.lines().any(|l| l.ends_with("left-out 674")), "{index}");
    }

    #[test]
    fn an_output_just_beyond_its_beginning_is_whole_and_one_long_line_is_kept() {
        let (kept, mut recorder) = Recorded::new(Bound { head: 10, tail: 30 });
        recorder.write(0, b"0123456789abc").unwrap();
        recorder.write(0, b"def").unwrap();
        assert_eq!(recorder.finish().unwrap().bytes, 16);
        assert_eq!(kept.text("raw"), "0123456789abcdef");
        let (kept, mut recorder) = Recorded::new(Bound { head: 4, tail: 5 });
        recorder.write(0, b"0123").unwrap();
        recorder.write(0, b"gone").unwrap();
        recorder.write(0, b"a very long line without an end").unwrap();
        recorder.finish().unwrap();
        assert!(kept.text("raw").ends_with("a very long line without an end"));
    }

    #[test]
    fn a_keyframe_is_wanted_now_and_then_and_a_half_written_one_is_none() {
        let (kept, mut recorder) = Recorded::new(Bound::USUAL);
        recorder.write(0, &vec![b'x'; 1 << 16]).unwrap();
        assert!(recorder.wants_keyframe());
        let screen = Screen { columns: 80, ..Screen::default() };
        recorder.keyframe(screen.clone());
        assert!(!recorder.wants_keyframe());
        let path = raw_path(kept.directory.path(), &kept.command, Attempt(1));
        let mut file = open(&path.with_extension("key"), true).unwrap();
        file.write_all(b"{\"at\":131072,\"scr").unwrap();
        let mut found = Keyframes::of(&path);
        found.extend();
        assert_eq!(found.before((1 << 16) - 1), None);
        assert_eq!(found.before(1 << 20), Some(Keyframe { at: 1 << 16, screen }));
    }
}
