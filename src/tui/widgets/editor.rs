//! A field to type in: one line or several, with a cursor, undo and words.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui_textarea::{CursorMove, DataCursor, TextArea, WrapMode};

use crate::visible::is_unseen;

/// Text that is being typed.
#[derive(Clone, Debug)]
pub struct Editor {
    area: TextArea<'static>,
    many: bool,
}

impl Editor {
    /// One line, with a text to begin with; a secret one is drawn as stars.
    pub fn line(text: &str, secret: bool) -> Self {
        let mut editor = Self::new(text, false);
        if secret {
            editor.area.set_mask_char('*');
        }
        editor
    }

    /// One line with a text that is offered: the first thing typed replaces it, an arrow or End keeps it.
    pub fn offered(text: &str) -> Self {
        let mut editor = Self::new(text, false);
        if !text.is_empty() {
            editor.area.select_all();
        }
        editor
    }

    /// Several lines: Alt-Enter or Ctrl-J begins a new one.
    pub fn lines(text: &str) -> Self {
        Self::new(text, true)
    }

    fn new(text: &str, many: bool) -> Self {
        let mut area = TextArea::new(text.lines().map(str::to_owned).collect());
        area.set_cursor_line_style(Style::new());
        area.set_cursor_style(Style::new().add_modifier(Modifier::REVERSED));
        area.set_selection_style(Style::new().add_modifier(Modifier::REVERSED));
        area.set_wrap_mode(WrapMode::Glyph);
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area, many }
    }

    /// What was typed.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether it holds what was offered, and nothing was typed.
    pub fn is_offered(&self) -> bool {
        self.area.is_selecting()
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.area.lines().len()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Takes a key; false where it means nothing in a field.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            KeyCode::Enter if alt && self.many => self.area.insert_newline(),
            KeyCode::Char('j') if control && self.many => self.area.insert_newline(),
            KeyCode::Enter | KeyCode::Esc | KeyCode::Tab => return false,
            KeyCode::Char('j' | 'm') if control => return false,
            // As shells do: the whole line goes.
            // What is offered is kept.
            KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End if self.area.is_selecting() => {
                self.area.cancel_selection();
                return self.area.input(key);
            }
            KeyCode::Char('u') if control => drop(self.area.delete_line_by_head()),
            _ => return self.area.input(key),
        }
        true
    }

    /// Takes pasted text, line ends as spaces where there is one line only.
    pub fn paste(&mut self, text: &str) {
        let text: String = text
            .chars()
            .filter_map(|c| match c {
                '\n' if self.many => Some('\n'),
                '\r' | '\n' | '\t' => Some(' '),
                c if c.is_control() => None,
                c => Some(c),
            })
            .collect();
        self.area.insert_str(text);
    }

    /// Draws it. A character without a sign has one here, so that the cursor stands where it is.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect) {
        let masked = self.area.mask_char().is_some();
        if masked || !self.area.lines().iter().any(|line| line.contains(is_unseen)) {
            frame.render_widget(&self.area, area);
            return;
        }
        let mut shown = Self::new(&self.text().replace(|c| c != '\n' && is_unseen(c), "\u{fffd}"), self.many);
        let DataCursor(row, column) = self.area.cursor();
        shown.area.move_cursor(CursorMove::Jump(row as u16, column as u16));
        frame.render_widget(&shown.area, area);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_replaced_by_typing_and_kept_by_an_arrow() {
        let typed = |keys: &[KeyCode]| {
            let mut editor = Editor::offered("a smoke test fails");
            for code in keys {
                let _modified = editor.key(KeyEvent::from(*code));
            }
            editor.text()
        };
        assert_eq!(typed(&[]), "a smoke test fails", "Enter accepts as it is");
        assert_eq!(typed(&[KeyCode::Char('5'), KeyCode::Char('0')]), "50");
        assert_eq!(typed(&[KeyCode::End, KeyCode::Char('!')]), "a smoke test fails!");
        assert_eq!(typed(&[KeyCode::Right, KeyCode::Char('!')]), "a smoke test fails!");
        let mut editor = Editor::offered("a smoke test fails");
        editor.paste("pasted");
        assert_eq!(editor.text(), "pasted");
    }
}
