//! What masks hide: the legend, and the values for as long as somebody looks.

use crate::protocol::Values;
use crate::runbook::CommandId;

/// The legend, or the values behind it.
#[derive(Clone, Debug)]
pub struct Masks {
    /// In this command's output; nothing for all of the run.
    pub of: Option<CommandId>,
    /// How far it has come.
    pub stage: Stage,
    /// Rows scrolled down.
    pub row: usize,
}

/// What is shown of what masks hide.
#[derive(Clone, Debug)]
pub enum Stage {
    /// What it is called.
    Names,
    /// Whether the values are to be shown.
    Asks,
    /// The runner was asked for them.
    Waits,
    /// The values, until they go by themselves; known by this number then.
    Values(Values, u64),
}

impl Masks {
    /// Tells what lies in front apart.
    pub(super) fn name(&self) -> String {
        let stage = match &self.stage {
            Stage::Names => "names".to_owned(),
            Stage::Asks => "asks".to_owned(),
            Stage::Waits => "waits".to_owned(),
            Stage::Values(_, number) => format!("values {number}"),
        };
        format!("masks {stage} {:?}", self.of)
    }
}
