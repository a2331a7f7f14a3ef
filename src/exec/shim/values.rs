//! Values that a place was given: whatever shell comes gets them, and those that are secret are masked.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::super::variables::is_name;
use crate::mask::Masker;

/// What was given from outside.
#[derive(Default)]
pub(super) struct Values {
    /// Knows the secrets; every command's streams get copies.
    pub(super) masker: Masker,
    /// The secrets by their variables: whoever owns the run next has to know them again.
    pub(super) secrets: BTreeMap<String, String>,
    /// Plain values: a shell behind a door gets them as well.
    exports: BTreeMap<String, String>,
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
        self.masker.add(value);
        self.secrets.insert(name.to_owned(), value.to_owned());
    }

    /// Takes a plain value.
    pub(super) fn plain(&mut self, name: String, value: String) {
        self.exports.insert(name, value);
    }

    /// All that a shell is to have as variables.
    pub(super) fn variables(&self) -> Vec<(String, String)> {
        // A secret outranks a plain value of the same name: it is set last.
        let all = self.exports.iter().chain(&self.secrets).filter(|(name, _)| is_name(name));
        all.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_gets_what_may_be_a_variable_and_nothing_else() {
        let mut values = Values::default();
        values.plain("TAG".into(), "v1".into());
        values.secret("PASSWORD", "correct-horse");
        values.secret("the key of the vault", "battery-staple");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(values.variables(), [pair("TAG", "v1"), pair("PASSWORD", "correct-horse")]);
        let masked = values.masker.text("correct-horse battery-staple v1");
        assert_eq!(masked, "************* ************** v1", "also what is no variable's");
        assert_eq!(values.secrets.len(), 2, "the next owner has to know both");
    }

    #[test]
    fn a_secret_is_set_after_a_plain_value_of_its_name() {
        let mut values = Values::default();
        values.secret("KEY", "correct-horse");
        values.plain("KEY".into(), "plain".into());
        let last = values.variables().pop().unwrap();
        assert_eq!(last.1, "correct-horse");
    }

    #[test]
    fn what_the_environment_holds_under_a_secret_s_name_is_masked_and_handed_to_nobody() {
        let environment = [("PGPASSWORD", "tr0ub4dor-3"), ("TAG", "version-3")];
        let values = Values::in_environment(environment.into_iter().map(|(n, v)| (n.into(), v.into())));
        assert_eq!(values.masker.text("tr0ub4dor-3 version-3"), "*********** version-3");
        assert!(values.variables().is_empty() && values.secrets.is_empty());
    }
}
