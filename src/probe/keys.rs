//! What probes need to look: secrets, and somebody who runs programs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::programs::Programs;
use super::words::deepest;
use crate::config;
use crate::run::health::{Reason, Unseen};
use crate::runbook::probes::Credential;

/// Passwords by the name of their parameter or variable, in memory only; and who runs programs beside the run.
#[derive(Clone, Default)]
pub struct Keys {
    secrets: Arc<Mutex<BTreeMap<String, String>>>,
    programs: Option<Arc<dyn Programs>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// The same, with somebody who runs programs.
    #[must_use]
    pub fn with_programs(self, programs: Arc<dyn Programs>) -> Self {
        Self { programs: Some(programs), ..self }
    }

    /// Who runs programs.
    pub(super) fn programs(&self) -> Result<&Arc<dyn Programs>, Unseen> {
        let nobody = || Unseen::new(Reason::NoWay, "not offered here: no program is run beside this");
        self.programs.as_ref().ok_or_else(nobody)
    }

    /// Takes a secret.
    pub fn add(&self, name: String, value: String) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
    }

    /// The secret of this name: one that was answered, else the variable of this process.
    pub fn get(&self, name: &str) -> Option<String> {
        let known = self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        known.or_else(|| std::env::var(name).ok()).filter(|v| !v.is_empty())
    }

    /// A source's secret: by the settings, else by the parameter or variable that is named, else by the usual one.
    pub(super) fn secret(
        &self,
        named: Option<&str>,
        usual: &str,
        credential: Option<&Credential>,
    ) -> Result<Option<String>, Unseen> {
        match credential {
            Some(Credential::File(path)) => {
                let text = config::file::text(path.as_ref()).map_err(|error| {
                    let words = format!("no password: could not read {path}: {}", deepest(&error));
                    Unseen::new(Reason::NoPassword, words)
                })?;
                Ok(text.lines().next().map(str::to_owned))
            }
            Some(Credential::Command(command)) => match self.get(command) {
                Some(password) => Ok(Some(password)),
                None => {
                    Err(Unseen::new(Reason::NoPassword, format!("no password: `{command}` printed none")))
                }
            },
            None => {
                let usual =
                    || Some(usual).filter(|usual| !usual.is_empty()).and_then(|usual| self.get(usual));
                Ok(named.and_then(|name| self.get(name)).or_else(usual))
            }
        }
    }
}
