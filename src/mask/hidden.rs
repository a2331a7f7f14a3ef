//! What a mask hides, as the record tells it: what it is called, and nothing of the value itself.

use std::fmt;

use serde::{Deserialize, Serialize};

/// So many different things are told of one command; what is hidden beyond them is [`Hidden::Others`].
pub const MOST_TOLD: usize = 32;

/// What a mask hides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hidden {
    /// A secret that was answered for the run, by its parameter.
    Declared(String),
    /// What the environment of whoever started the run holds under this name.
    Environment(String),
    /// What stood behind this name, which says that it is a secret.
    Named(String),
    /// What stood where secrets stand: in an address, a header, behind an option.
    Placed,
    /// A key or token, by its shape.
    Shaped,
    /// A private key.
    PrivateKey,
    /// More than is told one by one.
    Others,
}

impl Hidden {
    /// The name by which its value can be asked for; nothing where only the output had it.
    pub fn is_kept(&self) -> bool {
        matches!(self, Hidden::Declared(_) | Hidden::Environment(_))
    }
}

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hidden::Declared(name) => write!(f, "{name} (a secret of this run)"),
            Hidden::Environment(name) => write!(f, "{name} (the operator's environment)"),
            Hidden::Named(name) => write!(f, "the value of \"{name}\" in the output"),
            Hidden::Placed => f.write_str("a password or key in an address, a header or an option"),
            Hidden::Shaped => f.write_str("a key or token, known by its shape"),
            Hidden::PrivateKey => f.write_str("a private key"),
            Hidden::Others => f.write_str("others"),
        }
    }
}

/// What masks hide, in one sentence's part; the same for screens, transcripts and reports.
pub fn told(hidden: &[Hidden]) -> String {
    hidden.iter().map(Hidden::to_string).collect::<Vec<_>>().join(", ")
}
