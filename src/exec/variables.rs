//! Reads what `declare -p` prints, finds what a command changed, and writes what a new shell restores.

use std::collections::BTreeMap;

use crate::runbook::parameters::is_secret_name;

/// Everything of a shell that a new one can be given. It may hold secrets: memory only, never disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    variables: BTreeMap<String, Variable>,
    functions: String,
    aliases: String,
    options: String,
    directory: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    flags: String,
    /// The value as `declare` takes it; `None` for declared without one.
    value: Option<String>,
}

/// Variables that belong to the shell, the session or the driver: neither captured nor restored.
const SHELL_OWNED: &[&str] = &[
    "_",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "PROMPT_COMMAND",
    "PS0",
    "PS1",
    "PS2",
    "PS4",
    "IFS",
    "LINENO",
    "RANDOM",
    "SRANDOM",
    "SECONDS",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "PIPESTATUS",
    "PPID",
    "UID",
    "EUID",
    "GROUPS",
    "OPTIND",
    "OPTERR",
    "OPTARG",
    "COLUMNS",
    "LINES",
    "FUNCNAME",
    "SHELLOPTS",
    "BASHOPTS",
    "HISTCMD",
    "HISTFILE",
    "HISTSIZE",
    "HISTFILESIZE",
    "DIRSTACK",
    "COMP_WORDBREAKS",
    "MAILCHECK",
    "TERM",
    "REPLY",
    "HOSTNAME",
    "HOSTTYPE",
    "MACHTYPE",
    "OSTYPE",
    "PAGER",
    "GIT_PAGER",
    "PSQL_PAGER",
    "SYSTEMD_PAGER",
    "READLINE_LINE",
    "READLINE_POINT",
    "COPROC",
];

fn is_shell_owned(name: &str) -> bool {
    SHELL_OWNED.contains(&name) || name.starts_with("BASH") || name.starts_with("__gonogo")
}

impl Snapshot {
    /// From the parts that the driver reports.
    pub fn new(
        declarations: &str,
        functions: String,
        aliases: String,
        options: String,
        directory: String,
    ) -> Self {
        Self { variables: declarations_of(declarations), functions, aliases, options, directory }
    }

    /// Plain variables that are new or differ from `before` and are not secret by name, with their values.
    pub fn changed_since(&self, before: &Snapshot) -> Vec<(String, String)> {
        self.variables
            .iter()
            .filter(|(name, variable)| before.variables.get(*name) != Some(variable))
            .filter(|(name, variable)| {
                !is_shell_owned(name) && !is_secret_name(name) && !variable.flags.contains(['a', 'A'])
            })
            .filter_map(|(name, variable)| Some((name.clone(), plain_value(variable.value.as_deref()?))))
            .collect()
    }

    /// A script that gives a fresh bash this state, as far as it can be given.
    pub fn restore_script(&self) -> String {
        let mut script = String::new();
        for (name, variable) in
            self.variables.iter().filter(|(n, v)| !is_shell_owned(n) && !v.flags.contains('r'))
        {
            let flags = variable.flags.replace('-', "");
            let flags = if flags.is_empty() { "-".to_owned() } else { flags };
            let value = variable.value.as_ref().map_or(String::new(), |v| format!("={v}"));
            script.push_str(&format!("declare -{flags} {name}{value}\n"));
        }
        script.push_str(&self.functions);
        script.push('\n');
        script.push_str(&self.aliases);
        script.push('\n');
        // Options such as errexit ended the shell before; they come back with the next command that sets them.
        for line in self.options.lines().filter(|l| l.starts_with("shopt")) {
            script.push_str(line);
            script.push('\n');
        }
        script.push_str(&format!("cd -- {}\n", crate::shell::quote::quote(&self.directory)));
        script
    }
}

/// Reads `declare -FLAGS NAME=VALUE` entries, values over several lines included.
fn declarations_of(text: &str) -> BTreeMap<String, Variable> {
    let mut found = BTreeMap::new();
    let mut rest = text;
    while let Some(at) = rest.find("declare -") {
        let entry = &rest[at + "declare -".len()..];
        let flags_end = entry.find(' ').unwrap_or(entry.len());
        let flags = entry[..flags_end].to_owned();
        let after = entry[flags_end..].trim_start_matches(' ');
        let name_end = after.find(['=', '\n']).unwrap_or(after.len());
        let name = after[..name_end].to_owned();
        let (value, used) = match after[name_end..].strip_prefix('=') {
            Some(value) => {
                let length = value_length(value);
                (Some(value[..length].to_owned()), name_end + 1 + length)
            }
            None => (None, name_end),
        };
        found.insert(name, Variable { flags, value });
        rest = after[used..].trim_start_matches('\n');
    }
    found
}

/// How long a value is, as `declare -p` quotes it: up to the line end outside of quotes and brackets.
fn value_length(text: &str) -> usize {
    let (mut single, mut double, mut escaped, mut dollar) = (false, false, false, false);
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' if !single || dollar => escaped = true,
            '\'' if !double => {
                dollar = !single && text[..at].ends_with('$');
                single = !single;
            }
            '"' if !single => double = !double,
            '\n' if !single && !double => return at,
            _ => {}
        }
    }
    text.len()
}

fn plain_value(quoted: &str) -> String {
    match quoted.strip_prefix("$'").and_then(|v| v.strip_suffix('\'')) {
        Some(inner) => {
            inner.replace("\\n", "\n").replace("\\t", "\t").replace("\\'", "'").replace("\\\\", "\\")
        }
        None => crate::shell::quote::unquote(quoted),
    }
}

/// Whether a parameter's name can be a shell variable.
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &str = "declare -x HOME=\"/root\"\ndeclare -- A=\"two\nlines \\\"q\\\"\"\ndeclare -a L=([0]=\"x\" [1]=\"y\")\ndeclare -r R=\"1\"\ndeclare -- N=$'a\\nb'\ndeclare -x E\n";

    #[test]
    fn values_over_several_lines() {
        let found = declarations_of(DECLARED);
        assert_eq!(found.keys().cloned().collect::<Vec<_>>(), ["A", "E", "HOME", "L", "N", "R"]);
        assert_eq!(plain_value(found["A"].value.as_deref().unwrap()), "two\nlines \"q\"");
        assert_eq!(plain_value(found["N"].value.as_deref().unwrap()), "a\nb");
    }

    #[test]
    fn changes_leave_out_secrets_arrays_and_the_shells_own() {
        let snapshot =
            |text: &str| Snapshot::new(text, String::new(), String::new(), String::new(), "/".into());
        let before = snapshot("declare -x HOME=\"/root\"\n");
        let after = snapshot(
            "declare -x HOME=\"/root\"\ndeclare -x PGPASSWORD=\"s\"\ndeclare -x F=\"b.sql\"\ndeclare -a L=([0]=\"x\")\ndeclare -- _=\"x\"\n",
        );
        assert_eq!(after.changed_since(&before), [("F".to_owned(), "b.sql".to_owned())]);
    }
}
