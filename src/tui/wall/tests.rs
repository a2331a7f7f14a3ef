//! The wall by what is on it, at every size, without a terminal.

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::config::{ThemeName, WatchSettings};
use crate::run::health::{Level, Measured, Reason, Seen, Subject, Watch};
use crate::runbook::measures::Measure;
use crate::runbook::probes::ProbeId;

const SIZES: [(u16, u16); 3] = [(80, 24), (140, 40), (200, 55)];
const BOOK: &str = "# Shop\n\n## Steps\n\n```bash\ncurl http://h.test/health\n```\n\n## Monitoring\n\n\
    | Metric | Target | Alert |\n|---|---|---|\n| CPU Usage | <50% | >90% |\n| Memory Usage | <60% | >90% |\n";

fn begun() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_100, 0).unwrap()
}

fn after(seconds: i64) -> DateTime<Utc> {
    begun() + TimeDelta::seconds(seconds)
}

fn wall(size: (u16, u16), theme: ThemeName, locale: &str) -> Wall {
    let book = crate::runbook::read(BOOK);
    let watch = Watch::of(&book, None, false, &WatchSettings::default()).unwrap();
    let about = About::of("Shop", ("Production", true), &watch);
    let around =
        Surroundings { locale: Some(locale.into()), term: "xterm-256color".into(), ..Default::default() };
    let opening = Opening {
        about,
        health: Health::new(watch),
        releases: None,
        keys: Keymap::default(),
        status: |board| u8::from(board.counts.worst().is_some_and(|level| level != RowLevel::Ok)),
    };
    Wall::new(opening, Theme::new(theme, &around), size, begun())
}

fn utf8(size: (u16, u16)) -> Wall {
    wall(size, ThemeName::Dark, "C.UTF-8")
}

/// A look of the address, answered or refused.
fn look(wall: &mut Wall, at: i64, answers: bool) {
    let subject = Subject {
        level: Some(Level::Ok),
        state: "200".into(),
        measured: vec![Measured::one(Measure::Latency, 24.0)],
        ..Subject::default()
    };
    let refused = || Seen::nothing(Reason::Refused, "connection refused");
    let seen = if answers { Seen::Subjects(vec![subject]) } else { refused() };
    wall.take(&Sample { probe: ProbeId("http.1".into()), at: after(at), seen });
}

/// A look of the machine.
fn machine(wall: &mut Wall, at: i64, cpu: f64) {
    let measured = vec![Measured::one(Measure::Cpu, cpu), Measured::one(Measure::Memory, 12.0)];
    let subject = Subject { measured, ..Subject::default() };
    let seen = Seen::Subjects(vec![subject]);
    wall.take(&Sample { probe: ProbeId("host".into()), at: after(at), seen });
}

/// So many seconds of looks, well until then.
fn watched(wall: &mut Wall, seconds: i64, well_until: i64) {
    for at in (0..seconds).step_by(5) {
        look(wall, at, at < well_until);
        machine(wall, at, 31.0);
    }
}

fn drawn(wall: &Wall, at: i64) -> String {
    let mut terminal = Terminal::new(TestBackend::new(wall.size.0, wall.size.1)).unwrap();
    terminal.draw(|frame| wall.draw(&wall.fresh(after(at)), frame)).unwrap();
    let rows = terminal.backend().buffer().content.chunks(usize::from(wall.size.0));
    let row =
        |cells: &[ratatui::buffer::Cell]| cells.iter().map(ratatui::buffer::Cell::symbol).collect::<String>();
    rows.map(|cells| row(cells).trim_end().to_owned() + "\n").collect()
}

fn press(wall: &mut Wall, code: KeyCode, at: i64) {
    assert!(!wall.key(KeyEvent::from(code), after(at)), "nothing is stopped");
}

#[test]
fn peace_is_one_quiet_line_and_what_is_down_fills_the_top() {
    for size in SIZES {
        let mut wall = utf8(size);
        assert!(drawn(&wall, 1).contains("looking for the first time"), "{}", drawn(&wall, 1));
        watched(&mut wall, 60, 60);
        let calm = drawn(&wall, 60);
        assert!(calm.lines().nth(1).unwrap().starts_with(" ✓ ALL 3 OK for 60 s"), "{calm}");
        assert!(calm.contains("PRODUCTION") && calm.contains("exit status now: 0"), "{calm}");
        watched(&mut wall, 120, 60);
        let down = drawn(&wall, 121);
        assert!(down.contains("/health refuses connections"), "{down}");
        assert!(down.contains("exit status now: 1"), "{down}");
        assert!(!down.contains("ALL"), "{down}");
        // The word can be read from across the room.
        let dots: usize = down.lines().skip(1).take(7).map(|l| l.matches(['█', '▀', '▄']).count()).sum();
        assert!(dots > 40, "{down}");
        assert!(down.contains("✗ DOWN"), "{down}");
        let told = down.lines().find(|l| l.contains("✗ DOWN") && l.contains("goes on")).unwrap();
        assert!(told.contains("/health refused") && told.contains("was ok for 1:0"), "{down}");
    }
}

#[test]
fn a_wall_that_stands_still_does_not_look_calm() {
    for size in SIZES {
        let mut wall = utf8(size);
        watched(&mut wall, 60, 60);
        assert!(drawn(&wall, 64).contains("ALL 3 OK"));
        let frozen = drawn(&wall, 100);
        assert!(!frozen.contains("ALL 3 OK") && frozen.contains("no probe has looked"), "{frozen}");
        // Neither does one whose probes have never looked.
        assert!(drawn(&utf8(size), 100).contains("no probe has looked"));
    }
}

#[test]
fn without_a_probe_nothing_is_judged() {
    let mut wall = utf8((80, 24));
    wall.about.probes = 0;
    let text = drawn(&wall, 100);
    assert!(text.contains("nothing is judged") && !text.contains("no probe has looked"), "{text}");
}

#[test]
fn nothing_bad_is_off_the_screen() {
    for size in [(80, 24), (60, 12), (120, 36), (140, 40), (200, 55)] {
        let mut wall = utf8(size);
        watched(&mut wall, 60, 30);
        (60..90).step_by(5).for_each(|at| machine(&mut wall, at, 97.0));
        look(&mut wall, 90, false);
        let text = drawn(&wall, 91);
        assert!(text.contains("/health") && text.contains("CPU Usage"), "{size:?}: {text}");
        assert!(text.contains("▲ ALERT") || text.contains("▲ 1"), "{size:?}: {text}");
    }
    // However small it is, the worst of it is told.
    let mut wall = utf8((30, 5));
    watched(&mut wall, 60, 30);
    assert!(drawn(&wall, 60).contains("✗ DOWN"), "{}", drawn(&wall, 60));
}

#[test]
fn where_only_ascii_can_be_shown_nothing_else_is() {
    for size in SIZES {
        let mut wall = wall(size, ThemeName::None, "C");
        watched(&mut wall, 60, 30);
        let text = drawn(&wall, 60);
        assert!(text.is_ascii(), "{text}");
        assert!(text.contains("X DOWN") && text.matches('#').count() > 40, "{text}");
    }
}

#[test]
fn a_row_is_opened_held_read_off_and_left() {
    let mut wall = utf8((140, 40));
    watched(&mut wall, 60, 60);
    press(&mut wall, KeyCode::Down, 60);
    assert!(drawn(&wall, 60).contains("▸ CPU Usage"), "{}", drawn(&wall, 60));
    press(&mut wall, KeyCode::Enter, 60);
    let opened = drawn(&wall, 60);
    assert!(opened.contains(" CPU Usage  ✓ ok") && opened.contains("probe host, every 5 s"), "{opened}");
    press(&mut wall, KeyCode::Esc, 60);
    press(&mut wall, KeyCode::Char(' '), 60);
    watched(&mut wall, 120, 60);
    let held = drawn(&wall, 121);
    assert!(held.contains("HELD 1:01") && held.contains("/health refuses connections"), "{held}");
    let row = held.lines().find(|l| l.contains("/health") && l.contains("200")).unwrap();
    assert!(row.contains("✓ ok"), "the rows stand still, and the headline does not: {held}");
    press(&mut wall, KeyCode::Char(' '), 121);
    press(&mut wall, KeyCode::Left, 121);
    assert!(wall.look.moment.is_some());
    press(&mut wall, KeyCode::End, 121);
    assert!(wall.look.moment.is_none());
    press(&mut wall, KeyCode::Char('q'), 121);
    assert!(wall.quit);
}

#[test]
fn a_row_is_found_by_its_words_and_a_q_among_them_leaves_nothing() {
    let mut wall = utf8((80, 24));
    watched(&mut wall, 60, 60);
    press(&mut wall, KeyCode::Char('/'), 60);
    for c in "memory".chars() {
        press(&mut wall, KeyCode::Char(c), 60);
    }
    assert!(drawn(&wall, 60).lines().last().unwrap().contains("find: memory"));
    assert!(drawn(&wall, 60).contains("▸ ✓ ok      Memory Usage"), "{}", drawn(&wall, 60));
    press(&mut wall, KeyCode::Char('q'), 60);
    assert!(!wall.quit);
    press(&mut wall, KeyCode::Enter, 60);
    assert!(wall.finding.is_none() && !wall.look.detail);
    // An interrupt ends it wherever one is.
    press(&mut wall, KeyCode::Char('/'), 60);
    wall.key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL), after(60));
    assert!(wall.quit);
}

#[test]
fn help_and_leaving_never_fall_off_the_last_line() {
    for width in [40, 60, 80, 140] {
        let mut wall = utf8((width, 24));
        watched(&mut wall, 10, 10);
        let text = drawn(&wall, 10);
        let last = text.lines().last().unwrap().to_owned();
        assert!(last.contains("q leave") && last.contains("? help"), "{width}: {last}");
        press(&mut wall, KeyCode::Char('?'), 10);
        assert!(drawn(&wall, 10).contains("Nothing here runs"), "{width}");
    }
}

#[test]
fn a_change_that_stood_for_no_time_is_none() {
    let mut wall = utf8((140, 40));
    watched(&mut wall, 60, 60);
    let before = wall.changes.len();
    watched(&mut wall, 120, 60);
    let told: Vec<(RowLevel, RowLevel)> =
        wall.changes[..wall.changes.len() - before].iter().map(|c| (c.was, c.level)).collect();
    assert_eq!(told, [(RowLevel::Ok, RowLevel::Down)]);
}

#[test]
fn what_is_late_and_goes_on_as_before_is_one_line() {
    let mut wall = utf8((140, 40));
    watched(&mut wall, 60, 60);
    (60..80).step_by(5).for_each(|at| look(&mut wall, at, false));
    // Nothing for a while, then the same again.
    wall.note(after(140));
    look(&mut wall, 145, false);
    wall.note(after(150));
    let of_it: Vec<RowLevel> =
        wall.changes.iter().filter(|c| c.words.starts_with("/health")).map(|c| c.level).collect();
    assert_eq!(of_it, [RowLevel::Down], "{:?}", wall.changes);
}

#[test]
fn the_title_calls_while_something_is_down_and_the_bell_rings_once() {
    let mut wall = utf8((80, 24));
    wall.bell = true;
    watched(&mut wall, 30, 30);
    assert_eq!((wall.called(&wall.fresh(after(30))), wall.rings), (None, false));
    for at in [30, 35, 40] {
        look(&mut wall, at, false);
    }
    assert_eq!(wall.called(&wall.fresh(after(40))).as_deref(), Some("✗ DOWN Shop PRODUCTION"));
    assert!(std::mem::take(&mut wall.rings));
    look(&mut wall, 45, false);
    assert!(!wall.rings, "it is known by now");
    assert_eq!(
        wall.called(&wall.fresh(after(300))).as_deref(),
        Some("? NOT SEEN Shop PRODUCTION"),
        "nobody looks any more"
    );
    for at in (300..330).step_by(5) {
        look(&mut wall, at, true);
        machine(&mut wall, at, 31.0);
    }
    assert_eq!(wall.called(&wall.fresh(after(330))), None);
}

/// A canvas of which only the title is of interest.
#[derive(Default)]
struct Window(Vec<Option<String>>);

impl Canvas for Window {
    fn size(&self) -> io::Result<(u16, u16)> {
        Ok((80, 24))
    }
    fn draw(&mut self, _render: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        Ok(())
    }
    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
    fn ring(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn title(&mut self, words: Option<&str>) -> io::Result<()> {
        self.0.push(words.map(str::to_owned));
        Ok(())
    }
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_title_is_written_where_it_changes_and_never_where_it_is_off() {
    for on in [true, false] {
        let (mut title, mut window) = (Title::new(on), Window::default());
        for words in [None, Some("✗ DOWN"), Some("✗ DOWN"), None] {
            title.show(&mut window, words.map(str::to_owned)).unwrap();
        }
        let written = if on { vec![Some("✗ DOWN".to_owned()), None] } else { vec![] };
        assert_eq!(window.0, written);
    }
}
