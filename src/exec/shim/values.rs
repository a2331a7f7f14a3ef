//! Values that a place was given: whatever shell comes gets them, and those that are secret are masked.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use super::super::variables::is_name;
use crate::mask::{Hidden, Masker};
use crate::run::Place;
use crate::shell::may_read;

/// What was given from outside.
#[derive(Default)]
pub(super) struct Values {
    /// Knows the secrets; every command's streams get copies.
    pub(super) masker: Masker,
    /// The secrets by their variables: whoever owns the run next has to know them again.
    pub(super) secrets: BTreeMap<String, String>,
    /// Plain values: a shell behind a door gets them as well.
    exports: BTreeMap<String, String>,
    /// The line that is being typed while nothing is echoed, and those that were.
    line: Vec<u8>,
    typed: BTreeSet<String>,
    /// The secrets that shells have, each by how many doors its shell is behind.
    given: BTreeSet<(usize, String)>,
}

impl Values {
    /// Knows what the environment of whoever started the place holds under secrets' names; it is not kept.
    pub(super) fn in_environment(variables: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let mut values = Self::default();
        values.masker.add_environment(variables);
        values
    }

    /// Takes a secret. Its name may be none of a variable's: then it is only masked.
    pub(super) fn secret(&mut self, name: &str, value: &str) {
        self.masker.add(value, Hidden::Declared(name.to_owned()));
        self.secrets.insert(name.to_owned(), value.to_owned());
    }

    /// Takes keys for a terminal that echoes nothing: each line that was typed so is a secret, by whatever name it is kept
    /// then. Those that are new, with what they are called: no variable's name.
    pub(super) fn unseen(&mut self, keys: &[u8]) -> Vec<(String, String)> {
        let mut new = Vec::new();
        for key in keys {
            match key {
                b'\r' | b'\n' => {
                    let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
                    if !line.is_empty() && self.typed.insert(line.clone()) {
                        new.push((format!("hidden input, {}", self.typed.len()), line));
                    }
                }
                // What a terminal takes back: a character, a line (stty(1), erase and kill), and what ends the wait.
                8 | 0x7f => while self.line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
                3 | 4 | 0x15 => self.line.clear(),
                key => self.line.push(*key),
            }
        }
        new
    }

    /// A place as it is told: the name of a directory may be a secret, or hold one.
    pub(super) fn told(&self, place: &Place) -> Place {
        Place { directory: self.masker.text(&place.directory), ..place.clone() }
    }

    /// Whether a value is kept in memory alone: it holds a secret, or is what was typed unseen, however short.
    pub(super) fn hides(&self, value: &str) -> bool {
        self.typed.contains(value) || self.masker.text(value) != value
    }

    /// Takes a plain value.
    pub(super) fn plain(&mut self, name: String, value: String) {
        self.exports.insert(name, value);
    }

    /// What every shell has as variables.
    pub(super) fn variables(&self) -> Vec<(String, String)> {
        let all = self.exports.iter().filter(|(name, _)| is_name(name) && !self.secrets.contains_key(*name));
        all.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// A secret that a shell behind so many doors is given now.
    pub(super) fn gives(&mut self, doors: usize, name: &str) {
        self.given.insert((doors, name.to_owned()));
    }

    /// The secrets that a command may read and that its shell, behind so many doors, does not have yet. Nobody else's
    /// environment gets one: on another host root and whoever has the same login can read that.
    pub(super) fn wanted(&mut self, doors: usize, text: &str) -> Vec<(String, String)> {
        let new = |name: &String| !self.given.contains(&(doors, name.clone()));
        let wanted =
            self.secrets.iter().filter(|(name, _)| is_name(name) && new(name) && may_read(text, name));
        let wanted: Vec<_> = wanted.map(|(name, value)| (name.clone(), value.clone())).collect();
        for (name, _) in &wanted {
            self.gives(doors, name);
        }
        wanted
    }

    /// The shells behind more doors than these have gone.
    pub(super) fn left(&mut self, doors: usize) {
        self.given.retain(|(at, _)| *at <= doors);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_line_that_was_typed_unseen_is_a_secret_however_short() {
        let mut values = Values::default();
        assert!(values.unseen(b"1x").is_empty(), "it has no end yet");
        assert_eq!(
            values.unseen("\u{7f}2ü\u{7f}\rab\x15hunter2\n\r12\r".as_bytes()),
            [pair("hidden input, 1", "12"), pair("hidden input, 2", "hunter2"),]
        );
        assert!(values.hides("12") && values.hides("hunter2") && !values.hides("123"));
    }

    #[test]
    fn a_shell_gets_plain_values_and_a_secret_only_where_a_command_reads_it() {
        let mut values = Values::default();
        values.plain("TAG".into(), "v1".into());
        values.plain("KEY".into(), "plain".into());
        values.secret("KEY", "battery-staple");
        values.secret("PGPASSWORD", "correct-horse");
        values.secret("the key of the vault", "tr0ub4dor");
        assert_eq!(values.variables(), [pair("TAG", "v1")]);
        assert_eq!(values.wanted(1, "ls -l; echo $KEYS"), []);
        assert_eq!(values.wanted(1, "curl -H \"$KEY\" http://h"), [pair("KEY", "battery-staple")]);
        assert_eq!(values.wanted(1, "echo $KEY"), [], "it has it");
        assert_eq!(values.wanted(2, "echo $KEY").len(), 1, "another shell");
        assert_eq!(values.wanted(1, "psql -d shop"), [pair("PGPASSWORD", "correct-horse")]);
        // Gone there once more, the shell is a new one.
        values.left(0);
        assert_eq!(values.wanted(1, "echo $KEY").len(), 1);
        let masked = values.masker.text("correct-horse tr0ub4dor v1");
        assert_eq!(masked, "************* ********* v1", "also what is no variable's");
        assert_eq!(values.secrets.len(), 3, "the next owner has to know all");
    }

    #[test]
    fn what_the_environment_holds_under_a_secret_s_name_is_masked_and_handed_to_nobody() {
        let environment = [("PGPASSWORD", "tr0ub4dor-3"), ("TAG", "version-3")];
        let values = Values::in_environment(environment.into_iter().map(|(n, v)| (n.into(), v.into())));
        assert_eq!(values.masker.text("tr0ub4dor-3 version-3"), "*********** version-3");
        assert!(values.variables().is_empty() && values.secrets.is_empty());
    }
}
