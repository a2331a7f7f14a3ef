//! Settings in the environment: where a variable is empty, nothing is said by it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const PREFIX: &str = "GONOGO_SET_";

/// Answers that were in the environment when this process began.
static TAKEN: OnceLock<BTreeMap<String, String>> = OnceLock::new();

/// The variable that answers a parameter: `GONOGO_SET_` and its name in capitals, other signs as `_`.
pub fn variable_of(parameter: &str) -> String {
    let name = parameter.to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("{PREFIX}{name}")
}

/// Takes the answers out of the environment: they may be secrets, and no process that this one starts gets them there.
///
/// # Safety
///
/// No other thread may run yet: the environment belongs to all of them (`std::env::remove_var`).
#[expect(unsafe_code, reason = "a process has one environment, and all its threads read it")]
pub unsafe fn take_answers() {
    let named = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let answers: Vec<_> = named.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    for (name, _) in &answers {
        // SAFETY: by this function's own condition there is no other thread.
        unsafe { std::env::remove_var(name) };
    }
    let readable = answers.into_iter().filter_map(|(name, value)| Some((name, value.into_string().ok()?)));
    let _once = TAKEN.set(readable.filter(|(_, value)| !value.is_empty()).collect());
}

/// The answer to a parameter in the environment.
pub(super) fn answer(parameter: &str) -> Option<String> {
    let name = variable_of(parameter);
    TAKEN.get().map_or_else(|| variable(&name), |taken| taken.get(&name).cloned())
}

/// The variables that answer parameters, by name.
pub(super) fn answers() -> Vec<String> {
    let set = || std::env::vars_os().filter_map(|(name, value)| (!value.is_empty()).then_some(name));
    TAKEN.get().map_or_else(
        || set().filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with(PREFIX)).collect(),
        |taken| taken.keys().cloned().collect(),
    )
}

/// The value of a variable of this process; nothing where it is empty.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}
