//! How much each finding matters here: by the settings, and by what this call is about.

use std::collections::BTreeMap;

use super::found::{Found, unknown};
use crate::cli::report::CommandError;
use crate::config::{CheckLevel, Settings};
use crate::runbook::{Level, finding};

/// What holds for the findings of a document.
pub(super) struct Levels<'a> {
    said: Option<&'a BTreeMap<String, CheckLevel>>,
    only: &'a [String],
    skip: &'a [String],
}

impl<'a> Levels<'a> {
    /// Codes that there are not are a mistake wherever they are named.
    pub(super) fn of(
        settings: Option<&'a Settings>,
        only: &'a [String],
        skip: &'a [String],
    ) -> Result<Self, CommandError> {
        let named = only.iter().chain(skip).find(|code| finding::explain(code).is_none());
        if let Some(code) = named {
            return Err(unknown(code));
        }
        Ok(Self { said: settings.map(|settings| &settings.check), only, skip })
    }

    /// Gives a finding the level that it has here; `false` where it is not told.
    pub(super) fn apply(&self, found: &mut Found) -> bool {
        let is = |code: &String| *code == found.code;
        if self.skip.iter().any(is) || !self.only.is_empty() && !self.only.iter().any(is) {
            return false;
        }
        let level = match self.said.and_then(|said| said.get(&found.code)) {
            None => found.level,
            Some(CheckLevel::Error) => Level::Error,
            Some(CheckLevel::Warning) => Level::Warning,
            Some(CheckLevel::Note) => Level::Note,
            Some(CheckLevel::Off) => return false,
        };
        found.level = level;
        true
    }
}
