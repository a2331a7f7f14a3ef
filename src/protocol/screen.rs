//! What a terminal shows, as plain data.

use serde::{Deserialize, Serialize};

/// A colour as a program chose it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colour {
    /// The terminal's own.
    #[default]
    Default,
    /// One of the 256.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// How text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the attributes every terminal knows")]
pub struct Style {
    pub fg: Colour,
    pub bg: Colour,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underline: bool,
    pub reverse: bool,
}

/// Text of one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The characters.
    pub text: String,
    /// How they look.
    pub style: Style,
}

/// One row of cells, as runs of one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The runs, left to right.
    pub runs: Vec<Text>,
    /// The line goes on in the next row: it was wrapped, not ended.
    pub wrapped: bool,
}

impl Row {
    /// The row's characters.
    pub fn plain(&self) -> String {
        self.runs.iter().map(|r| r.text.as_str()).collect()
    }
}

/// Where the cursor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Row, from the screen's top.
    pub row: u16,
    /// Column.
    pub column: u16,
    /// Drawn or not.
    pub visible: bool,
}

/// A terminal's screen with the last lines above it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Lines above the screen, oldest first; bounded.
    pub history: Vec<Row>,
    /// The screen's rows.
    pub rows: Vec<Row>,
    /// Columns of the screen.
    pub columns: u16,
    /// The cursor.
    pub cursor: Cursor,
    /// The program took the whole screen (alternate screen).
    pub alternate: bool,
    /// Bytes of output so far.
    pub bytes: u64,
    /// Milliseconds since the last output.
    pub quiet_ms: u64,
    /// Output stopped within a line and the cursor waits there: it may be asking something.
    pub may_wait: bool,
}
