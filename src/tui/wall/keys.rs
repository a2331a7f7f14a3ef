//! Keys on the wall. They are those of Health; none of them acts on anything that is watched.

use chrono::{DateTime, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::picture::tiled;
use super::{Wall, draw};
use crate::run::board::{Board, Order, Row, ordered};
use crate::run::health::RowId;
use crate::tui::keymap::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::health::found_by;
use crate::tui::update::common::moved;
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::editor::Editor;

/// A screenful of rows.
const PAGE: usize = 10;
/// What stands before the words that are looked for.
const FIND: &str = " find: ";

impl Wall {
    /// Takes a key; true where this process is to be stopped until it is continued.
    pub(super) fn key(&mut self, key: KeyEvent, now: DateTime<Utc>) -> bool {
        let action = self.keys.action(Screen::Health, &key);
        if action == Some(Action::Suspend) {
            return true;
        }
        if self.help {
            self.help = false;
            return false;
        }
        let interrupts = key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c');
        if self.finding.is_some() && !interrupts {
            self.find(key, now);
            return false;
        }
        let Some(action) = action else { return false };
        match action {
            Action::Leave => self.quit = true,
            Action::Help => self.help = true,
            Action::Search => self.finding = Some(Editor::line("", false)),
            Action::Closer => self.look.closer(),
            Action::Farther => self.look.farther(),
            Action::Screen(Screen::History) => self.look.fit(),
            Action::Hold => self.hold(now),
            Action::Order => self.look.order = self.look.order.next(),
            Action::Wall => self.small = !self.small,
            Action::Left | Action::Right => self.read_off(action == Action::Right, now),
            Action::Last if self.look.moment.is_some() => self.look.moment = None,
            Action::Detail => self.look.detail = !self.look.detail && self.choose(now),
            Action::Back if self.look.detail => self.look.detail = false,
            Action::Back => (self.look.row, self.small) = (None, false),
            _ => self.walk(action, now),
        }
        false
    }

    /// The rows as they stand on the screen: those with tiles, then the others in the order chosen.
    fn standing(&self, board: &Board) -> Vec<RowId> {
        let mut rows: Vec<&Row> = board.rows.iter().collect();
        let mut all = tiled(&rows, self.places().most_tiles());
        ordered(&mut rows, self.look.order);
        let others = rows.iter().filter(|row| !all.contains(&row.id)).map(|row| row.id.clone());
        let others: Vec<RowId> = others.collect();
        all.extend(others);
        all
    }

    fn walk(&mut self, action: Action, now: DateTime<Utc>) {
        let rows = self.standing(&self.shown(now));
        let walks = [Action::Up, Action::Down, Action::PageUp, Action::PageDown, Action::First, Action::Last];
        if !walks.contains(&action) {
            return;
        }
        let at = self.look.row.as_ref().and_then(|id| rows.iter().position(|row| row == id));
        // The first key shows where the cursor is.
        let to = match at {
            None if action != Action::Last => 0,
            at => moved(at.unwrap_or(0), rows.len(), action, PAGE),
        };
        self.look.row = rows.get(to).cloned();
    }

    /// The row that is opened: the one at the cursor, else the worst.
    fn choose(&mut self, now: DateTime<Utc>) -> bool {
        if self.look.row.is_none() {
            self.look.row = self.shown(now).rows.first().map(|row| row.id.clone());
        }
        self.look.row.is_some()
    }

    /// The board that is on the screen.
    fn shown(&self, now: DateTime<Utc>) -> Board {
        match &self.held {
            Some(held) => held.rows.clone(),
            None => self.board_of(draw::strip_columns(self.size.0), now),
        }
    }

    /// The picture stands still, or goes on.
    fn hold(&mut self, now: DateTime<Utc>) {
        self.held = match self.held.take() {
            Some(_) => None,
            None => Some(self.fresh(now)),
        };
    }

    /// A moment earlier or later is read off.
    fn read_off(&mut self, later: bool, now: DateTime<Utc>) {
        let board = self.shown(now);
        if let Some(row) = board.rows.iter().max_by_key(|row| row.strip.known().len()) {
            self.look.read_off(&row.strip, later);
        }
    }

    /// Words that are typed lead to the first row that has them; Enter and Esc end it.
    fn find(&mut self, key: KeyEvent, now: DateTime<Utc>) {
        let Some(editor) = &mut self.finding else { return };
        if !editor.key(key) {
            self.finding = None;
            return;
        }
        let words = editor.text().to_lowercase();
        let board = self.shown(now);
        let rows = self.standing(&board);
        let has =
            |id: &&RowId| board.row(id).is_some_and(|row| found_by(row).to_lowercase().contains(&words));
        if let Some(found) = rows.iter().find(has).filter(|_| !words.is_empty()) {
            self.look.row = Some(found.clone());
        }
    }

    /// The last line: the keys, as many of them as have room.
    pub(super) fn bar(&self) -> String {
        if let Some(editor) = &self.finding {
            return format!("{FIND}{}_", editor.text());
        }
        let key = |action| self.keys.shown(Screen::Health, action);
        let order = match self.look.order {
            Order::Worst => "worst first",
            Order::Document => "document's order",
            Order::Name => "by name",
        };
        let open = if self.look.detail { "back" } else { "open" };
        let mut told = vec![
            format!("{} leave", key(Action::Leave)),
            format!("{} help", key(Action::Help)),
            format!("{} {open}", key(Action::Detail)),
            format!("{} {} time", key(Action::Closer), key(Action::Farther)),
            format!("{} {}", key(Action::Hold), if self.held.is_some() { "go on" } else { "hold" }),
            format!("{} find", key(Action::Search)),
            format!("{} {order}", key(Action::Order)),
            "←→ read off".to_owned(),
            format!("{} {}", key(Action::Wall), if self.small { "tiles" } else { "rows only" }),
        ];
        let width = |told: &[String]| told.iter().map(|t| t.width() + 2).sum::<usize>();
        while width(&told) > usize::from(self.size.0) && told.len() > 1 {
            told.pop();
        }
        // Leaving and help stand last, wherever the others end.
        let first = 2.min(told.len());
        told.rotate_left(first);
        format!(" {}", told.join("  "))
    }

    /// What lies over the picture.
    pub(super) fn over(&self, frame: &mut Frame<'_>) {
        if !self.help {
            return;
        }
        let actions = [
            Action::Up,
            Action::Down,
            Action::Detail,
            Action::Closer,
            Action::Farther,
            Action::Left,
            Action::Right,
            Action::Hold,
            Action::Order,
            Action::Search,
            Action::Wall,
        ];
        let bound = |action| self.keys.of(Screen::Health).find(|b| b.action == action);
        let mut lines: Vec<Line<'_>> = actions
            .into_iter()
            .filter_map(bound)
            .map(|b| {
                let key = crate::tui::keymap::shown(b.key);
                Line::from(vec![Span::styled(format!("{key:<6}"), self.theme.name()), Span::raw(b.long)])
            })
            .collect();
        lines.push(Line::default());
        lines.push(Line::from("Nothing here runs, stops or changes anything."));
        boxed(self.theme, "Keys", lines, frame, frame.area());
    }
}
