//! Secrets that probes need to look.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Passwords by the name of their parameter or variable. They are kept in memory only.
#[derive(Clone, Default)]
pub struct Keys(Arc<Mutex<BTreeMap<String, String>>>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Takes a secret.
    pub fn add(&self, name: String, value: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
    }

    /// The secret of this name: one that was answered, else the variable of this process.
    pub fn get(&self, name: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        known.or_else(|| std::env::var(name).ok()).filter(|v| !v.is_empty())
    }
}
