//! The terminal emulator of a running command: bytes in, a [`Screen`] out.

use std::sync::{Arc, Mutex, PoisonError};

use alacritty_terminal::Term;
use alacritty_terminal::event::{Event, EventListener};
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::term::{Config, MIN_COLUMNS, MIN_SCREEN_LINES, TermMode};
use alacritty_terminal::vte::ansi::{Color, NamedColor, Processor, StdSyncHandler};

use crate::protocol::{Colour, Cursor, Row, Screen, Style, Text};

/// Lines kept above the screen of a live command; older ones are read back from the recording.
const LIVE_HISTORY: usize = 400;

/// Columns and rows of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Size {
    /// Columns.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

impl Size {
    /// The logical size of commands that only print: verdicts must not depend on anyone's window.
    pub const LOGICAL: Size = Size { columns: 200, rows: 50 };

    /// The size that an emulator can have: in a single column there is no room for a wide character, and making the
    /// history fit into it would never end.
    fn at_least(self) -> Self {
        Self { columns: self.columns.max(MIN_COLUMNS as u16), rows: self.rows.max(MIN_SCREEN_LINES as u16) }
    }
}

impl Dimensions for Size {
    fn total_lines(&self) -> usize {
        usize::from(self.rows)
    }
    fn screen_lines(&self) -> usize {
        usize::from(self.rows)
    }
    fn columns(&self) -> usize {
        usize::from(self.columns)
    }
}

/// What programs ask the terminal for (cursor position, attributes) is answered; nothing else is passed on.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<Vec<u8>>>);

impl EventListener for Answers {
    fn send_event(&self, event: Event) {
        if let Event::PtyWrite(text) = event {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(text.as_bytes());
        }
    }
}

/// An emulator fed by two streams, each with a parser of its own, so that escape sequences don't mix.
pub struct Emulator {
    term: Term<Answers>,
    answers: Answers,
    parsers: [Processor<StdSyncHandler>; 2],
}

impl Emulator {
    /// An empty screen. `history` lines are kept above it.
    pub fn new(size: Size, history: usize) -> Self {
        let answers = Answers::default();
        let config = Config { scrolling_history: history, ..Config::default() };
        let term = Term::new(config, &size.at_least(), answers.clone());
        Self { term, answers, parsers: [Processor::new(), Processor::new()] }
    }

    /// An empty screen for a live command.
    pub fn live(size: Size) -> Self {
        Self::new(size, LIVE_HISTORY)
    }

    /// Feeds bytes of stream 0 (standard output) or 1 (standard error).
    pub fn feed(&mut self, stream: usize, bytes: &[u8]) {
        self.parsers[stream.min(1)].advance(&mut self.term, bytes);
    }

    /// What the program is to be answered.
    pub fn take_answers(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.answers.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the size.
    pub fn resize(&mut self, size: Size) {
        self.term.resize(size.at_least());
    }

    /// Whether the program took the whole screen.
    pub fn alternate(&self) -> bool {
        self.term.mode().contains(TermMode::ALT_SCREEN)
    }

    /// Whether the program wants arrow keys in application mode.
    pub fn application_keys(&self) -> bool {
        self.term.mode().contains(TermMode::APP_CURSOR)
    }

    /// What is shown now.
    pub fn screen(&self) -> Screen {
        let grid = self.term.grid();
        let rows = grid.screen_lines() as i32;
        let history = grid.history_size() as i32;
        let point = grid.cursor.point;
        let cursor = Cursor {
            row: point.line.0.max(0) as u16,
            column: point.column.0 as u16,
            visible: self.term.mode().contains(TermMode::SHOW_CURSOR),
        };
        Screen {
            history: (-history..0).map(|l| self.row(Line(l))).collect(),
            rows: (0..rows).map(|l| self.row(Line(l))).collect(),
            columns: grid.columns() as u16,
            cursor,
            alternate: self.alternate(),
            may_wait: point.column.0 > 0 && !self.alternate(),
            ..Screen::default()
        }
    }

    fn row(&self, line: Line) -> Row {
        let row = &self.term.grid()[line];
        let cells = || row.into_iter();
        let wrapped = row[Column(self.term.grid().columns() - 1)].flags.contains(Flags::WRAPLINE);
        let used = cells().rposition(|c| !is_blank(c)).map_or(0, |at| at + 1);
        let mut runs: Vec<Text> = Vec::new();
        for cell in cells().take(used) {
            if cell.flags.intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER) {
                continue;
            }
            let style = style(cell);
            let mut text = if cell.c.is_control() { ' ' } else { cell.c }.to_string();
            text.extend(cell.zerowidth().into_iter().flatten());
            match runs.last_mut() {
                Some(last) if last.style == style => last.text.push_str(&text),
                _ => runs.push(Text { text, style }),
            }
        }
        Row { runs, wrapped }
    }
}

fn is_blank(cell: &Cell) -> bool {
    (cell.c == ' ' || cell.c == '\t') && style(cell) == Style::default()
}

fn style(cell: &Cell) -> Style {
    let has = |flag| cell.flags.contains(flag);
    Style {
        fg: colour(cell.fg),
        bg: colour(cell.bg),
        bold: has(Flags::BOLD),
        dim: has(Flags::DIM),
        italic: has(Flags::ITALIC),
        underline: cell.flags.intersects(Flags::ALL_UNDERLINES),
        reverse: has(Flags::INVERSE),
    }
}

fn colour(colour: Color) -> Colour {
    match colour {
        Color::Named(name) if (name as usize) < 16 => Colour::Indexed(name as u8),
        Color::Named(NamedColor::DimBlack) => Colour::Indexed(0),
        Color::Named(_) => Colour::Default,
        Color::Indexed(n) => Colour::Indexed(n),
        Color::Spec(rgb) => Colour::Rgb(rgb.r, rgb.g, rgb.b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[&[u8]]) -> Screen {
        let mut emulator = Emulator::live(Size { columns: 20, rows: 4 });
        bytes.iter().enumerate().for_each(|(at, b)| emulator.feed(at % 2, b));
        emulator.screen()
    }

    fn lines(screen: &Screen) -> Vec<String> {
        screen.rows.iter().map(Row::plain).collect()
    }

    #[test]
    fn wide_characters_end_in_a_window_of_one_column() {
        for (columns, rows) in [(1, 1), (1, 10), (0, 0), (2, 1)] {
            let mut emulator = Emulator::live(Size { columns: 40, rows: 10 });
            emulator.feed(0, "步骤 步骤 步骤\r\n部署到生产环境之前请先备份数据库".as_bytes());
            emulator.resize(Size { columns, rows });
            emulator.feed(1, "备份\r\n数据".as_bytes());
            assert_eq!(emulator.screen().columns, 2);
            emulator.resize(Size { columns: 40, rows: 10 });
            assert!(lines(&emulator.screen()).concat().contains("数据"));
        }
    }

    #[test]
    fn colours_cursor_movement_and_invalid_utf8() {
        let screen = shown(&[b"\x1b[31mred\x1b[0m \xff\xfe ok\r\n\x1b[2;5Hxx"]);
        assert_eq!(
            screen.rows[0].runs[0],
            Text { text: "red".into(), style: Style { fg: Colour::Indexed(1), ..Style::default() } }
        );
        assert!(lines(&screen)[0].ends_with("ok"));
        assert_eq!(lines(&screen)[1], "    xx");
    }

    #[test]
    fn escape_sequences_of_two_streams_do_not_mix() {
        let screen = shown(&[b"a\x1b[3", b"err", b"2mb"]);
        assert_eq!(lines(&screen)[0], "aerrb");
    }

    #[test]
    fn the_alternate_screen_is_told() {
        assert!(shown(&[b"\x1b[?1049hfull"]).alternate);
    }

    #[test]
    fn long_lines_wrap_and_say_so() {
        let screen = shown(&[&b"x".repeat(25)]);
        assert!(screen.rows[0].wrapped && !screen.rows[1].wrapped);
    }
}
