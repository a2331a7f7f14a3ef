//! The one table of keys: it gives handling, the last line of each screen, the palette and help. Settings may
//! give an action another key.

use std::collections::BTreeMap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use thiserror::Error;

use crate::config;
use crate::tui::screen::Screen;

mod action;
mod names;
mod table;

pub use action::{Action, Binding};
pub use names::names;
pub use table::BINDINGS;

/// What is wrong with keys in the settings.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum KeyError {
    #[error("keys: there is no action \"{0}\"; `?` in the screens lists all{1}")]
    Action(String, String),
    #[error("keys: \"{1}\" for {0} is no key; write one character, or F1 to F12")]
    Key(String, String),
    #[error("keys: {0} and {1} would both be \"{2}\" on one screen")]
    Twice(String, String, String),
    #[error("keys: {0} on \"{2}\" would be a CapsLock away from {1}")]
    CapsLock(String, String, String),
}

/// The table with the settings' keys in it.
#[derive(Clone, Debug)]
pub struct Keymap {
    bound: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { bound: BINDINGS.to_vec() }
    }
}

impl Keymap {
    /// The table with other keys for some actions.
    pub fn new(settings: &BTreeMap<String, String>) -> Result<Self, KeyError> {
        let mut bound = BINDINGS.to_vec();
        for (name, key) in settings {
            let code = parse(key).ok_or_else(|| KeyError::Key(name.clone(), key.clone()))?;
            let mut known = bound.iter_mut().filter(|b| !b.name.is_empty() && b.name == name).peekable();
            if known.peek().is_none() {
                let names = BINDINGS.iter().map(|b| b.name).filter(|name| !name.is_empty());
                let near = config::nearest(name, names, 0.6)
                    .map_or(String::new(), |near| format!("; did you mean \"{near}\"?"));
                return Err(KeyError::Action(name.clone(), near));
            }
            known.for_each(|b| b.key = code);
        }
        let map = Self { bound };
        map.check()?;
        Ok(map)
    }

    fn check(&self) -> Result<(), KeyError> {
        let named =
            |b: &Binding| if b.name.is_empty() { format!("\"{}\"", b.long) } else { b.name.to_owned() };
        for (at, one) in self.bound.iter().enumerate() {
            for other in &self.bound[at + 1..] {
                let together =
                    one.on.is_empty() || other.on.is_empty() || one.on.iter().any(|p| other.on.contains(p));
                if !together || one.action == other.action {
                    continue;
                }
                if one.key == other.key {
                    return Err(KeyError::Twice(named(one), named(other), shown(one.key)));
                }
                if (one.action.acts() || other.action.acts()) && caps_lock_apart(one.key, other.key) {
                    return Err(KeyError::CapsLock(named(one), named(other), shown(one.key)));
                }
            }
        }
        Ok(())
    }

    /// The action of a key on a screen.
    pub fn action(&self, screen: Screen, key: &KeyEvent) -> Option<Action> {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return match key.code {
                KeyCode::Char('c') => Some(Action::Leave),
                KeyCode::Char('z') => Some(Action::Suspend),
                _ => None,
            };
        }
        let own = self.bound.iter().find(|b| b.key == key.code && b.on.contains(&screen));
        own.or_else(|| self.bound.iter().find(|b| b.key == key.code && b.on.is_empty())).map(|b| b.action)
    }

    /// Bindings of a screen, its own first.
    pub fn of(&self, screen: Screen) -> impl Iterator<Item = &Binding> {
        let own = self.bound.iter().filter(move |b| b.on.contains(&screen));
        own.chain(self.bound.iter().filter(|b| b.on.is_empty()))
    }

    /// All bindings.
    pub fn all(&self) -> impl Iterator<Item = &Binding> {
        self.bound.iter()
    }

    /// How the key of an action is written on a screen.
    pub fn shown(&self, screen: Screen, action: Action) -> String {
        self.of(screen).find(|b| b.action == action).map_or(String::new(), |b| shown(b.key))
    }
}

/// A key as it is written.
pub fn shown(key: KeyCode) -> String {
    match key {
        KeyCode::Enter => "⏎".into(),
        KeyCode::Char(' ') => "space".into(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Up => "↑".into(),
        KeyCode::Down => "↓".into(),
        KeyCode::Left => "←".into(),
        KeyCode::Right => "→".into(),
        KeyCode::PageUp => "PgUp".into(),
        KeyCode::PageDown => "PgDn".into(),
        other => other.to_string(),
    }
}

/// A key from the settings: one character or a function key. Enter, Esc and arrows stay what they are.
fn parse(text: &str) -> Option<KeyCode> {
    let mut chars = text.chars();
    if let (Some(one), None) = (chars.next(), chars.next()) {
        return (!one.is_control() && one != ' ').then_some(KeyCode::Char(one));
    }
    let number: u8 = text.strip_prefix(['F', 'f'])?.parse().ok()?;
    (1..=12).contains(&number).then_some(KeyCode::F(number))
}

fn caps_lock_apart(one: KeyCode, other: KeyCode) -> bool {
    matches!((one, other), (KeyCode::Char(a), KeyCode::Char(b)) if a != b && a.eq_ignore_ascii_case(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Keymap, String> {
        let settings = pairs.iter().map(|(n, k)| ((*n).to_owned(), (*k).to_owned())).collect();
        Keymap::new(&settings).map_err(|e| e.to_string())
    }

    #[test]
    fn no_key_means_two_things_and_nothing_that_acts_is_a_caps_lock_away_from_another() {
        Keymap::default().check().unwrap();
    }

    #[test]
    fn the_example_names_every_key_as_it_is() {
        let lines = crate::config::EXAMPLE.lines().skip_while(|l| *l != "#: [keys]").skip(1);
        let lines = lines.map_while(|l| l.strip_prefix("#: ")).filter_map(|l| l.split_once(" = "));
        let example: BTreeMap<&str, &str> = lines.map(|(name, key)| (name, key.trim_matches('"'))).collect();
        let named = BINDINGS.iter().filter(|b| !b.name.is_empty());
        for binding in named.clone() {
            assert_eq!(example.get(binding.name), Some(&shown(binding.key).as_str()), "{}", binding.name);
        }
        let known: std::collections::BTreeSet<&str> = named.map(|b| b.name).collect();
        assert_eq!(example.len(), known.len());
    }

    #[test]
    fn settings_change_keys_and_mistakes_are_named() {
        let map = with(&[("skip", "x"), ("not-seen", "d")]).unwrap();
        assert_eq!(map.shown(Screen::Steps, Action::Skip), "x");
        let key = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        assert_eq!(map.action(Screen::Steps, &key('x')), Some(Action::Skip));
        assert!(with(&[("skpi", "x")]).unwrap_err().ends_with("did you mean \"skip\"?"));
        assert!(with(&[("skip", "long")]).unwrap_err().contains("is no key"));
        assert!(with(&[("skip", "r")]).unwrap_err().contains("would both be"));
        assert!(with(&[("skip", "R")]).unwrap_err().contains("CapsLock"));
    }
}
