//! What going back puts back, as far as it is known: looked for with every command that ends.

use std::collections::BTreeSet;

/// The files that procedures put back, and the names of the values that decide which these are.
#[derive(Clone, Debug, Default)]
pub(super) struct BackFiles {
    /// Of variables and placeholders in the commands of the way back.
    pub(super) names: BTreeSet<String>,
    /// Some command of it may put a file back, whichever that is.
    pub(super) any: bool,
    /// With each value that their variables have had.
    pub(super) paths: Vec<String>,
    /// Variables in the words that name them.
    pub(super) variables: BTreeSet<String>,
}
