//! A command while it runs, by what comes from its terminals.

use super::super::super::spawn::Pty;
use super::super::super::spawn::wait_readable;
use super::super::terminal::drain;
use super::*;

#[test]
fn a_stream_is_cut_only_between_characters_and_sequences() {
    for whole in ["text", "\x1b[31mred", "\x1b[2J", "\x1b]0;title\x07", "\x1bM", "\x1b(B", "a\x1b\\"] {
        assert!(between_sequences(whole.as_bytes()), "{whole:?}");
    }
    for cut in ["", "\x1b", "\x1b[", "\x1b[31", "\x1b]0;title", "\x1b(", "gr\u{fc}"] {
        assert!(!between_sequences(cut.as_bytes()), "{cut:?}");
    }
}

/// Of a command that runs, what it reports.
#[derive(Default)]
struct Heard(std::cell::RefCell<Vec<FromShim>>);

impl Heard {
    fn feed(&self, running: &mut Running, stream: usize, bytes: &[u8]) -> Vec<u8> {
        let (answers, terminal) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::NONBLOCK).unwrap();
        running.feed(stream, bytes, &terminal, &|report| self.0.borrow_mut().push(report));
        let mut answered = Vec::new();
        drain(&answers, |bytes| answered.extend_from_slice(bytes));
        answered
    }

    /// The text of the last screen, and how many there were.
    fn screens(&self) -> (String, usize) {
        let reports = self.0.borrow();
        let screens: Vec<String> = reports
            .iter()
            .filter_map(|r| match r {
                FromShim::Screen { screen, .. } => {
                    let rows: Vec<String> = screen.rows.iter().map(crate::protocol::Row::plain).collect();
                    Some(rows.join("\n"))
                }
                _ => None,
            })
            .collect();
        (screens.last().cloned().unwrap_or_default(), screens.len())
    }
}

/// A command that has just begun.
pub(in super::super) fn begun(id: &str, mode: Mode, own: Option<Pty>) -> Running {
    with(id, mode, own, &Masker::default())
}

fn with(id: &str, mode: Mode, own: Option<Pty>, masker: &Masker) -> Running {
    let output = Output {
        recorder: None,
        own: own.map(Own::Here),
        masker,
        watch: false,
        second: true,
        pipes: false,
        substitutes: false,
    };
    Running::new((CommandId(id.into()), Attempt(1)), mode, Size::LOGICAL, output)
}

fn pty() -> Pty {
    Pty::open(winsize(Size::LOGICAL)).unwrap()
}

#[test]
fn its_output_is_read_when_it_has_ended_and_the_mark_has_come_by_on_both_streams() {
    let (mut running, heard) = (begun("1/1", Mode::Run, None), Heard::default());
    heard.feed(&mut running, 0, END_MARK);
    heard.feed(&mut running, 1, END_MARK);
    assert!(!running.all_read(), "it has not ended");
    running.ended = Some((0, Instant::now()));
    assert!(running.all_read());
    running.wait_for_marks();
    heard.feed(&mut running, 0, END_MARK);
    assert!(!running.all_read(), "standard error may still be on its way");
    let (first, rest) = END_MARK.split_at(5);
    heard.feed(&mut running, 1, first);
    heard.feed(&mut running, 1, rest);
    assert!(running.all_read());
}

#[test]
fn a_mark_that_does_not_come_is_not_waited_for_for_ever() {
    let mut running = begun("1/1", Mode::Run, None);
    let now = Instant::now();
    running.ended = Some((0, now));
    assert!(!running.all_read());
    assert!(running.due_in().is_some_and(|left| left <= LATE_OUTPUT));
    running.ended = now.checked_sub(LATE_OUTPUT).map(|since| (0, since));
    assert!(running.all_read());
}

#[test]
fn what_it_shows_is_masked_on_the_screen_and_whole_for_verdicts() {
    let mut masker = Masker::default();
    masker.add("correct-horse", Hidden::Placed);
    let (mut running, heard) = (with("1/1", Mode::Run, None, &masker), Heard::default());
    heard.feed(&mut running, 0, b"key correct-ho");
    heard.feed(&mut running, 0, b"rse.\r\n");
    heard.feed(&mut running, 1, b"warning\r\n");
    let shown = running.shown().unwrap();
    assert!(shown.output.contains("correct-horse.") && !shown.output.contains("warning"));
    assert_eq!((shown.error.trim_end(), shown.whole, shown.merged), ("warning", true, false));
    running.finish(&|report| heard.0.borrow_mut().push(report));
    let (screen, _) = heard.screens();
    assert!(screen.contains("key *************.") && screen.contains("warning"), "{screen}");
}

#[test]
fn of_a_long_output_its_beginning_counts_and_that_is_said() {
    let (mut running, heard) = (begun("1/1", Mode::Run, None), Heard::default());
    heard.feed(&mut running, 0, b"first\r\n");
    for _ in 0..5 {
        heard.feed(&mut running, 0, &vec![b'x'; MOST_OUTPUT / 4]);
    }
    let shown = running.shown().unwrap();
    assert!(shown.output.starts_with("first") && !shown.whole);
    assert!(shown.output.len() <= MOST_OUTPUT);
}

#[test]
fn of_one_that_goes_on_its_end_counts() {
    let (mut running, heard) = (begun("1/1", Mode::Follow, Some(pty())), Heard::default());
    for number in 0..20_000 {
        heard.feed(&mut running, 0, format!("line {number}\r\n").as_bytes());
    }
    let shown = running.shown().unwrap();
    assert!(shown.output.trim_end().ends_with("line 19999") && !shown.whole);
    assert!(shown.output.starts_with("line "), "cut at a line: {:.20}", shown.output);
}

#[test]
fn what_draws_screens_or_takes_the_keyboard_shows_nothing_for_verdicts() {
    let (mut running, heard) = (begun("1/1", Mode::Run, None), Heard::default());
    heard.feed(&mut running, 0, b"\x1b[?1049h");
    assert!(running.full_screen_changed() && running.full_screen);
    assert!(!running.full_screen_changed(), "told once");
    heard.feed(&mut running, 0, b"\x1b[?1049l");
    assert!(running.full_screen_changed() && !running.full_screen);
    assert!(running.shown().is_none(), "it had the screen");
    assert!(begun("1/1", Mode::Interactive, None).shown().is_none());
}

#[test]
fn what_it_asks_its_terminal_is_answered_until_it_has_ended() {
    let (mut running, heard) = (begun("1/1", Mode::Run, None), Heard::default());
    assert_eq!(heard.feed(&mut running, 0, b"\x1b[6n"), b"\x1b[1;1R");
    running.ended = Some((0, Instant::now()));
    assert!(heard.feed(&mut running, 0, b"\x1b[6n").is_empty(), "the shell would read it as a command");
}

#[test]
fn a_follow_is_read_from_its_own_terminal_and_ends_with_its_mark() {
    let (mut running, heard) = (begun("1/1", Mode::Follow, Some(pty())), Heard::default());
    let slave = running.own.as_ref().unwrap().terminal().unblocked().unwrap();
    rustix::io::write(&slave, b"tick\n").unwrap();
    running.mark_end();
    running.ended = Some((0, Instant::now()));
    let until = Instant::now() + Duration::from_secs(10);
    while !running.streams[0].mark_seen && Instant::now() < until {
        wait_readable(&[running.master().unwrap()], Some(Duration::from_secs(1)));
        running.read_own(&|report| heard.0.borrow_mut().push(report));
    }
    assert!(running.streams[0].mark_seen && running.all_read());
    assert_eq!(running.shown().unwrap().output.trim_end(), "tick");
}

#[test]
fn one_on_its_way_into_the_background_is_not_marked() {
    let mut running = begun("1/1", Mode::Follow, Some(pty()));
    running.leaving = true;
    running.mark_end();
    assert!(running.due_in().is_some_and(|left| left <= LEAVING_SEEN), "its processes are looked for");
    running.leaving = false;
    running.mark_end();
    let until = Instant::now() + Duration::from_secs(10);
    let mut read = Vec::new();
    while read.len() < END_MARK.len() && Instant::now() < until {
        let master = running.master().unwrap();
        wait_readable(&[master], Some(Duration::from_secs(1)));
        drain(master, |bytes| read.extend_from_slice(bytes));
    }
    assert_eq!(read, END_MARK, "one mark");
}

#[test]
fn a_screen_is_given_once_for_what_is_new_and_again_where_it_is_asked_for() {
    let (mut running, heard) = (begun("1/1", Mode::Run, None), Heard::default());
    let tick = |running: &mut Running| {
        // As long ago as a screen has to be.
        running.shown = running.shown.checked_sub(SCREEN_EVERY).unwrap();
        running.tick(&|report| heard.0.borrow_mut().push(report));
    };
    tick(&mut running);
    tick(&mut running);
    assert_eq!(heard.screens().1, 1, "the first, empty one");
    heard.feed(&mut running, 0, b"hello");
    tick(&mut running);
    assert_eq!(heard.screens().1, 2);
    running.show_again();
    tick(&mut running);
    assert_eq!(heard.screens().1, 3);
}

/// As if nothing had come for a while.
fn wait(running: &mut Running, heard: &Heard) {
    running.held = running.held.checked_sub(HELD_AT_MOST * 3).unwrap();
    running.shown = running.shown.checked_sub(SCREEN_EVERY).unwrap();
    running.tick(&|report| heard.0.borrow_mut().push(report));
}

#[test]
fn what_is_kept_waits_for_the_rest_of_a_secret_and_the_screen_shows_a_mask_meanwhile() {
    let directory = tempfile::tempdir().unwrap();
    let command = CommandId("1/1".into());
    let raw = crate::exec::recording::raw_path(directory.path(), &command, Attempt(1));
    let kept = || std::fs::read_to_string(&raw).unwrap();
    let mut masker = Masker::default();
    masker.add("correct-horse", Hidden::Placed);
    let (mut running, heard) = (with("1/1", Mode::Run, None, &masker), Heard::default());
    let bound = crate::exec::recording::Bound::USUAL;
    running.recorder = Some(Recorder::create(directory.path(), &command, Attempt(1), bound).unwrap());
    for (part, screen, recorded) in [
        ("> correct", "> *******", "> "),
        ("-h", "> *********", "> "),
        ("orse\r\nTOKEN=", "> *************\nTOKEN=", "> *************\r\nTOKEN="),
        ("abc", "> *************\nTOKEN=***", "> *************\r\nTOKEN="),
        ("def\r\nno? c", "> *************\nTOKEN=******\nno? c", "> *************\r\nTOKEN=******\r\nno? "),
    ] {
        heard.feed(&mut running, 0, part.as_bytes());
        wait(&mut running, &heard);
        assert_eq!(heard.screens().0.trim_end(), screen);
        assert_eq!(kept(), recorded);
    }
    let told = heard.screens().1;
    wait(&mut running, &heard);
    assert_eq!(heard.screens().1, told, "shown once");
    assert!(running.due_in().is_none(), "nothing is due until something comes");
    running.finish(&|report| heard.0.borrow_mut().push(report));
    assert!(kept().ends_with("no? c"), "what turned out to be none is kept when the command has ended");
}
