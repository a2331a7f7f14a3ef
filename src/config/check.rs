//! What the settings say about findings of `gonogo check`: which level a code has here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// `[check]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCheck {
    /// Codes that are errors.
    error: Vec<String>,
    /// Codes that are warnings.
    warning: Vec<String>,
    /// Codes that are notes.
    note: Vec<String>,
    /// Codes that are not told.
    off: Vec<String>,
}

/// The level that findings of a code have here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckLevel {
    /// They are errors.
    Error,
    /// They are warnings.
    Warning,
    /// They are notes.
    Note,
    /// They are not told.
    Off,
}

/// Puts what a file says over what is known, by code.
pub(super) fn merge(known: &mut BTreeMap<String, CheckLevel>, over: RawCheck) {
    let lists = [
        (over.error, CheckLevel::Error),
        (over.warning, CheckLevel::Warning),
        (over.note, CheckLevel::Note),
        (over.off, CheckLevel::Off),
    ];
    for (codes, level) in lists {
        known.extend(codes.into_iter().map(|code| (code, level)));
    }
}
