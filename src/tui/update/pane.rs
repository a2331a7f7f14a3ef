//! Keys while the pane has the keyboard: turned into what a terminal would send.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::protocol::ToRunner;
use crate::tui::app::App;
use crate::tui::msg::Effect;

/// A key for the program in the pane. `Ctrl-]` takes the keyboard back. Keys count only when the pane has been
/// drawn for a moment: what was typed ahead must not answer a question that nobody has read.
pub(in crate::tui) fn typed(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    // Terminals send Ctrl-] and Ctrl-5 as the same byte.
    if control && matches!(key.code, KeyCode::Char(']' | '5')) {
        app.keyboard = None;
        app.arming.pane_left();
        return vec![];
    }
    if !app.takes_key(at) {
        return vec![];
    }
    bytes(key).map_or(vec![], |keys| send(app, keys))
}

/// Pasted text is typed: the program that has the keyboard knows what to do with it.
pub(in crate::tui) fn pasted(app: &mut App, text: &str, at: Instant) -> Vec<Effect> {
    if app.takes_key(at) { send(app, text.replace('\n', "\r").into_bytes()) } else { vec![] }
}

fn send(app: &App, keys: Vec<u8>) -> Vec<Effect> {
    let command = app.keyboard.clone();
    command.map(|command| Effect::Send(ToRunner::Keys { command, keys })).into_iter().collect()
}

/// What xterm sends for a key.
fn bytes(key: KeyEvent) -> Option<Vec<u8>> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    let mut bytes = match key.code {
        KeyCode::Char(c) if control => vec![control_byte(c)?],
        KeyCode::Char(c) => c.to_string().into_bytes(),
        KeyCode::Enter => b"\r".to_vec(),
        KeyCode::Tab => b"\t".to_vec(),
        KeyCode::BackTab => b"\x1b[Z".to_vec(),
        KeyCode::Backspace => vec![0x7f],
        KeyCode::Esc => vec![0x1b],
        KeyCode::Up => b"\x1b[A".to_vec(),
        KeyCode::Down => b"\x1b[B".to_vec(),
        KeyCode::Right => b"\x1b[C".to_vec(),
        KeyCode::Left => b"\x1b[D".to_vec(),
        KeyCode::Home => b"\x1b[H".to_vec(),
        KeyCode::End => b"\x1b[F".to_vec(),
        KeyCode::Insert => b"\x1b[2~".to_vec(),
        KeyCode::Delete => b"\x1b[3~".to_vec(),
        KeyCode::PageUp => b"\x1b[5~".to_vec(),
        KeyCode::PageDown => b"\x1b[6~".to_vec(),
        KeyCode::F(n @ 1..=4) => vec![0x1b, b'O', b'P' + n - 1],
        KeyCode::F(n @ 5..=12) => {
            let code = [15, 17, 18, 19, 20, 21, 23, 24][usize::from(n - 5)];
            format!("\x1b[{code}~").into_bytes()
        }
        _ => return None,
    };
    if alt {
        bytes.insert(0, 0x1b);
    }
    Some(bytes)
}

fn control_byte(c: char) -> Option<u8> {
    match c {
        ' ' | '2' => Some(0),
        'a'..='z' => Some(c as u8 - b'a' + 1),
        'A'..='Z' => Some(c as u8 - b'A' + 1),
        '[' | '3' => Some(27),
        '\\' | '4' => Some(28),
        '^' | '6' => Some(30),
        '_' | '7' | '/' => Some(31),
        '8' | '?' => Some(127),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_what_a_terminal_sends() {
        let key = |code, modifiers| bytes(KeyEvent::new(code, modifiers)).unwrap();
        assert_eq!(key(KeyCode::Char('x'), KeyModifiers::CONTROL), [24]);
        assert_eq!(key(KeyCode::Char('é'), KeyModifiers::NONE), "é".as_bytes());
        assert_eq!(key(KeyCode::Up, KeyModifiers::NONE), b"\x1b[A");
        assert_eq!(key(KeyCode::Char('b'), KeyModifiers::ALT), b"\x1bb");
        assert_eq!(key(KeyCode::F(5), KeyModifiers::NONE), b"\x1b[15~");
    }
}
