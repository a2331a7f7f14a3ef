//! Where something stands in the document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a piece stands in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// Its first line, counted from 1.
    pub line: usize,
    /// Its last line.
    pub end_line: usize,
    /// The byte it starts at.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// One line of the document with its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// The number, from 1.
    pub line: usize,
    /// The text.
    pub text: String,
}
