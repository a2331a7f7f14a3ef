//! What a terminal shows, as plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::runbook::CommandId;

/// Screens that are remembered for the sake of sending only what changes.
const MOST_SHOWN: usize = 16;

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

impl Style {
    /// Nothing but the terminal's own colours.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Text of one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The characters.
    pub text: String,
    /// How they look.
    #[serde(default, skip_serializing_if = "Style::is_plain")]
    pub style: Style,
}

/// One row of cells, as runs of one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The runs, left to right.
    pub runs: Vec<Text>,
    /// The line goes on in the next row: it was wrapped, not ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wrapped: bool,
}

impl Row {
    /// The row's characters.
    pub fn plain(&self) -> String {
        self.runs.iter().map(|r| r.text.as_str()).collect()
    }
}

impl Screen {
    /// Shows what is about to come, at the cursor, where nothing stands behind it.
    pub fn type_ahead(&mut self, text: &str) {
        let Some(row) = self.rows.get_mut(usize::from(self.cursor.row)) else { return };
        let (used, at) = (row.plain().width(), usize::from(self.cursor.column));
        let room = usize::from(self.columns).saturating_sub(at);
        let mut width = 0;
        let fits = |c: &char| {
            width += c.width().unwrap_or(0);
            width < room
        };
        let text: String = text.chars().take_while(fits).collect();
        if text.is_empty() || used > at {
            return;
        }
        let blank = " ".repeat(at - used);
        self.cursor.column += u16::try_from(text.width()).unwrap_or(0);
        self.may_wait |= !self.alternate;
        row.runs.push(Text { text: blank + &text, style: Style::default() });
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

/// What has changed in a screen since it was last sent. Rows count from the oldest line of history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Rows that went out at the top.
    gone: usize,
    /// How many rows are history now.
    history: usize,
    /// How many rows there are in all.
    total: usize,
    /// Rows that are other than they were.
    set: Vec<(usize, Row)>,
    /// The rest of the screen, its rows left out.
    rest: Box<Screen>,
}

impl Change {
    fn between(old: &Screen, new: &Screen) -> Self {
        let before: Vec<&Row> = old.history.iter().chain(&old.rows).collect();
        let after: Vec<&Row> = new.history.iter().chain(&new.rows).collect();
        let gone = scrolled(&before, &after, old.rows.len());
        let set = after.iter().enumerate().filter(|(at, row)| before.get(at + gone) != Some(row));
        let set = set.map(|(at, row)| (at, (*row).clone())).collect();
        let rest = Screen {
            history: vec![],
            rows: vec![],
            columns: new.columns,
            cursor: new.cursor,
            alternate: new.alternate,
            bytes: new.bytes,
            quiet_ms: new.quiet_ms,
            may_wait: new.may_wait,
        };
        Self { gone, history: new.history.len(), total: after.len(), set, rest: Box::new(rest) }
    }

    fn apply(self, old: Screen) -> Screen {
        let mut rows = old.history;
        rows.extend(old.rows);
        rows.drain(..self.gone.min(rows.len()));
        rows.resize(self.total, Row::default());
        for (at, row) in self.set {
            if let Some(slot) = rows.get_mut(at) {
                *slot = row;
            }
        }
        let screen = rows.split_off(self.history.min(rows.len()));
        Screen { history: rows, rows: screen, ..*self.rest }
    }
}

/// By how many rows a screen has scrolled out at its top: as few as make what stood above the old screen's
/// rows fit.
fn scrolled(before: &[&Row], after: &[&Row], rows: usize) -> usize {
    let fixed = before.len().saturating_sub(rows);
    let fits = |gone: &usize| before[*gone..fixed].iter().zip(after).all(|(old, new)| old == new);
    (0..fixed).find(fits).unwrap_or(fixed)
}

/// The screens that one side has sent and the other has got.
#[derive(Clone, Debug, Default)]
pub struct Shown(BTreeMap<CommandId, Screen>);

impl Shown {
    /// What has changed in a command's screen since this was last asked.
    pub fn change(&mut self, command: &CommandId, screen: Screen) -> Change {
        self.keep_few(command);
        let old = self.0.entry(command.clone()).or_default();
        let change = Change::between(old, &screen);
        *old = screen;
        change
    }

    /// The screen after a change.
    pub fn apply(&mut self, command: &CommandId, change: Change) -> Screen {
        self.keep_few(command);
        let old = self.0.remove(command).unwrap_or_default();
        let screen = change.apply(old);
        self.0.insert(command.clone(), screen.clone());
        screen
    }

    /// Both sides forget at the same message, so that they agree on what is known.
    fn keep_few(&mut self, command: &CommandId) {
        if self.0.len() >= MOST_SHOWN && !self.0.contains_key(command) {
            self.0.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(text: &str) -> Row {
        Row { runs: vec![Text { text: text.into(), style: Style::default() }], wrapped: false }
    }

    fn screen(lines: &[String], rows: usize) -> Screen {
        let all: Vec<Row> = lines.iter().map(|l| row(l)).collect();
        let at = all.len().saturating_sub(rows);
        Screen { history: all[..at].to_vec(), rows: all[at..].to_vec(), columns: 80, ..Screen::default() }
    }

    proptest! {
        #[test]
        fn a_change_applied_gives_the_screen(texts in proptest::collection::vec(proptest::collection::vec("[ab]{0,2}", 0..12), 1..6), rows in 1usize..5) {
            let one = CommandId("1/1".into());
            let (mut sender, mut receiver) = (Shown::default(), Shown::default());
            for lines in texts {
                let wanted = screen(&lines, rows);
                let change = sender.change(&one, wanted.clone());
                let text = serde_json::to_string(&change).unwrap();
                let got = receiver.apply(&one, serde_json::from_str(&text).unwrap());
                prop_assert_eq!(got, wanted);
            }
        }
    }

    #[test]
    fn one_more_line_costs_about_a_line() {
        let lines: Vec<String> = (0..300).map(|n| format!("this is line number {n}")).collect();
        let one = CommandId("1/1".into());
        let mut shown = Shown::default();
        let _whole = shown.change(&one, screen(&lines[..299], 50));
        let change = shown.change(&one, screen(&lines[1..], 50));
        assert!(change.set.len() <= 1, "{} rows are sent", change.set.len());
    }
}
