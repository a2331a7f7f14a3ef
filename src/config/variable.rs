//! Settings in the environment: where a variable is empty, nothing is said by it.

/// The variable that answers a parameter: `GONOGO_SET_` and its name in capitals, other signs as `_`.
pub fn variable_of(parameter: &str) -> String {
    let name = parameter.to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("GONOGO_SET_{name}")
}

/// The value of a variable of this process; nothing where it is empty.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}
