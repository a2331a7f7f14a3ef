//! A document as probes are derived from it: its commands, and the environment that is chosen.

use crate::runbook::model::{Environment, Runbook};

use super::looked::Looked;

/// A document in an environment.
pub(super) struct Document<'r> {
    pub(super) runbook: &'r Runbook,
    pub(super) environment: Option<&'r Environment>,
    /// The environment is one of production: what costs a service something is off there.
    pub(super) production: bool,
    /// Its simple commands.
    pub(super) seen: Looked<'r>,
}
