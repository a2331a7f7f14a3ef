//! Values that a run needs, and the places that they stand at.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::CommandId;

/// A value the run needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Parameter {
    /// What it is called, and what `--set` takes.
    pub name: String,
    /// How it stands in the document.
    pub kind: ParameterKind,
    /// The value used when nothing else is said.
    pub default: Option<String>,
    /// The line, outside of what is run, that sets it: where the default comes from, or why there is none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<usize>,
    /// The default holds other variables, `$NAME`, whose values are put in when the run starts.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub expands: bool,
    /// Never shown or recorded, by its name.
    pub secret: bool,
    /// Every place it stands at.
    pub uses: Vec<Use>,
}

/// How a parameter stands in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    /// A version that recurs as a literal; it has a default and is never a hole.
    Literal,
    /// A placeholder: the command has a hole until it is answered.
    Placeholder,
    /// A shell variable that nothing in the document sets.
    Variable,
}

/// One place a parameter stands at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Use {
    /// The line.
    pub line: usize,
    /// The command it stands in, if in one.
    pub command: Option<CommandId>,
    /// Where in the command's text it starts and ends, in bytes.
    pub at: Option<(usize, usize)>,
}
