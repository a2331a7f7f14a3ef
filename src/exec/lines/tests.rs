use std::fs::File;
use std::io::Write;

use super::super::recording::{Bound, Recorder, raw_path};
use super::super::screen::{Emulator, Size};

use super::*;
use crate::protocol::{Colour, OutputLine, Style, Text};

struct Recorded {
    directory: tempfile::TempDir,
    file: File,
    lines: Lines,
}

fn recorded(bytes: &[u8]) -> Recorded {
    let directory = tempfile::tempdir().unwrap();
    let command = CommandId("1".into());
    let mut file = File::create(raw_path(directory.path(), &command, Attempt(1))).unwrap();
    file.write_all(bytes).unwrap();
    let lines = Lines::open(directory.path(), &command, Attempt(1)).unwrap();
    Recorded { directory, file, lines }
}

fn query(from: From, rows: u16) -> OutputQuery {
    let command = CommandId("1".into());
    OutputQuery { command, attempt: None, from, rows, raw: false, pattern: None, filter: None }
}

fn texts(page: &OutputPage) -> Vec<String> {
    page.lines.iter().map(OutputLine::plain).collect()
}

impl Recorded {
    fn ask(&mut self, query: &OutputQuery) -> OutputPage {
        self.lines.answer(query).unwrap()
    }
}

fn numbers(to: u32) -> Vec<u8> {
    (1..=to).flat_map(|n| format!("{n}\r\n").into_bytes()).collect()
}

#[test]
fn lines_at_the_beginning_in_the_middle_and_at_the_end() {
    let mut it = recorded(&numbers(100_000));
    let end = it.ask(&query(From::End, 2));
    assert_eq!((end.total, texts(&end)), (100_000, vec!["99999".to_owned(), "100000".into()]));
    assert_eq!(texts(&it.ask(&query(From::Line(41_233), 2))), ["41234", "41235"]);
    assert_eq!(texts(&it.ask(&query(From::Before(2), 10))), ["1", "2"]);
    assert!(it.lines.recording.pages.iter().count() > 10, "it is cut into pages");
}

#[test]
fn it_grows_while_it_is_read() {
    let mut it = recorded(b"one\r\ntw");
    assert_eq!(texts(&it.ask(&query(From::End, 5))), ["one", "tw"]);
    assert!(it.ask(&query(From::End, 5)).unfinished);
    it.file.write_all(b"o\r\nthree\r\n").unwrap();
    assert_eq!(texts(&it.ask(&query(From::End, 5))), ["one", "two", "three"]);
    assert!(it.directory.path().exists());
}

#[test]
fn colours_go_on_over_lines_and_pages() {
    let red = Style { fg: Colour::Indexed(1), ..Style::default() };
    let mut bytes = b"\x1b[31m".to_vec();
    bytes.extend(numbers(5000));
    bytes.extend_from_slice(b"\x1b[0mplain\ttab\r\n");
    let mut it = recorded(&bytes);
    assert_eq!(it.ask(&query(From::Line(4500), 1)).lines[0].runs, [Text { text: "4501".into(), style: red }]);
    let last = it.ask(&query(From::End, 1));
    assert_eq!(
        (last.lines[0].plain(), last.lines[0].runs[0].style),
        ("plain   tab".into(), Style::default())
    );
}

#[test]
fn what_a_program_drew_is_shown_as_it_was_seen() {
    let mut it = recorded(b"10 %\r20 %\r100 %\r\nup\r\n\x1b[1Adown\r\nend\r\n");
    assert_eq!(texts(&it.ask(&query(From::Line(0), 9))), ["100 %", "down", "end"]);
    let raw = it.ask(&OutputQuery { raw: true, ..query(From::Line(0), 9) });
    assert_eq!(texts(&raw), ["10 %^M20 %^M100 %", "up", "^[[1Adown", "end"]);
}

#[test]
fn a_program_that_has_the_whole_screen_is_read_from_keyframes() {
    let directory = tempfile::tempdir().unwrap();
    let command = CommandId("1".into());
    let size = Size { columns: 60, rows: 6 };
    let mut recorder = Recorder::create(directory.path(), &command, Attempt(1), Bound::USUAL).unwrap();
    let mut emulator = Emulator::live(size);
    recorder.size(size);
    let mut draw = |bytes: &[u8]| {
        emulator.feed(0, bytes);
        recorder.write(0, bytes).unwrap();
        if recorder.wants_keyframe() {
            recorder.keyframe(emulator.screen());
        }
    };
    // It draws its frame once, and after that only what changes in it: far more than a page.
    draw(b"\x1b[?1049h\x1b[2J\x1b[Hcontainers of the service\x1b[6;1Hq leaves");
    for n in 0..200_000 {
        draw(format!("\x1b[3;1Hrestarts {n}\x1b[6;9H").as_bytes());
    }
    recorder.finish().unwrap();
    let mut lines = Lines::open(directory.path(), &command, Attempt(1)).unwrap();
    let end = texts(&lines.answer(&query(From::End, 6)).unwrap());
    let seen: Vec<&str> = end.iter().map(|l| l.trim_end()).collect();
    assert_eq!(seen, ["containers of the service", "", "restarts 199999", "", "", "q leaves"]);
}

#[test]
fn the_size_that_a_program_drew_for_is_the_one_it_is_read_at() {
    let directory = tempfile::tempdir().unwrap();
    let command = CommandId("1".into());
    let mut recorder = Recorder::create(directory.path(), &command, Attempt(1), Bound::USUAL).unwrap();
    recorder.size(Size { columns: 20, rows: 4 });
    // The last column, by a number far beyond it.
    recorder.write(0, b"\x1b[1;999H|\r\nend\r\n").unwrap();
    recorder.finish().unwrap();
    let mut lines = Lines::open(directory.path(), &command, Attempt(1)).unwrap();
    let shown = texts(&lines.answer(&query(From::Line(0), 9)).unwrap());
    assert_eq!(shown[0], format!("{}|", " ".repeat(19)));
}

#[test]
fn odd_bytes_and_a_long_line_are_held() {
    let mut bytes = b"\xff\xfe ok\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 1 << 20));
    bytes.extend_from_slice(b"\nend\n");
    let mut it = recorded(&bytes);
    let page = it.ask(&query(From::Line(0), 9));
    assert_eq!(page.total, 3);
    assert!(page.lines[1].plain().ends_with("bytes more in the recording"));
    assert_eq!(texts(&it.ask(&OutputQuery { raw: true, ..query(From::Line(0), 1) })), ["\\xff\\xfe ok"]);
}

#[test]
fn matches_are_counted_and_gone_to() {
    let mut it = recorded(&numbers(30_000));
    let search = |from| OutputQuery { pattern: Some("99$".into()), ..query(from, 3) };
    let page = it.ask(&search(From::Next(0)));
    assert_eq!((page.matches, page.found, page.found_at), (Some(300), Some(98), Some(1)));
    assert_eq!(texts(&page), ["98", "99", "100"]);
    assert!(page.lines[1].matched && !page.lines[0].matched);
    let page = it.ask(&search(From::Previous(30_000)));
    assert_eq!((page.found, page.found_at), (Some(29_998), Some(300)));
    assert_eq!(it.ask(&search(From::Next(29_999))).found, None);
    let nothing = it.ask(&OutputQuery { pattern: Some("(".into()), ..query(From::Next(0), 3) });
    assert_eq!(nothing.matches, Some(0), "what is no expression is meant as it stands");
}

#[test]
fn only_matches_with_what_is_around_them() {
    let mut it = recorded(&numbers(3000));
    let filter = |from, rows| OutputQuery {
        pattern: Some("^(50|52|2000)$".into()),
        filter: Some(1),
        ..query(from, rows)
    };
    let all = ["49", "50", "51", "52", "53", "1999", "2000", "2001"];
    assert_eq!(texts(&it.ask(&filter(From::Line(0), 20))), all);
    assert_eq!(texts(&it.ask(&filter(From::Line(50), 20))), all[2..]);
    assert_eq!(texts(&it.ask(&filter(From::End, 4))), all[4..]);
    assert_eq!(texts(&it.ask(&filter(From::Before(1998), 2))), ["52", "53"]);
}

#[test]
fn smart_case() {
    let mut it = recorded(b"Error\nerror\n");
    let count = |it: &mut Recorded, p: &str| {
        it.ask(&OutputQuery { pattern: Some(p.into()), ..query(From::End, 1) }).matches
    };
    assert_eq!(count(&mut it, "error"), Some(2));
    assert_eq!(count(&mut it, "Error"), Some(1));
}
