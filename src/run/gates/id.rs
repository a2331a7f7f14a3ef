//! The gates by name.

use serde::{Deserialize, Serialize};

/// Names a gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateId {
    /// Before the first command that changes the service.
    #[default]
    Change,
    /// After the verification.
    Verified,
    /// Before the run ends as deployed.
    SignOff,
}

impl GateId {
    /// All of them, in the order in which they stand.
    pub const ALL: [GateId; 3] = [GateId::Change, GateId::Verified, GateId::SignOff];

    /// What it is a gate to.
    pub fn title(self) -> &'static str {
        match self {
            GateId::Change => "before the first change",
            GateId::Verified => "after the verification",
            GateId::SignOff => "before the sign-off",
        }
    }
}
