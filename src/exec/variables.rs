//! Reads what `declare -p` prints, finds what a command changed, and writes what a new shell restores.

use std::collections::BTreeMap;

use crate::mask::says_secret;
use crate::runbook::parameters::is_secret_name;
use crate::shell::quote::quote;

/// Everything of a shell that a new one can be given. It may hold secrets: memory only, never disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    variables: BTreeMap<String, Variable>,
    functions: String,
    aliases: String,
    options: String,
    directory: String,
    /// `trap -p`, `umask -p`, `dirs -l -p`, and `$#` with `$@` as words.
    traps: String,
    umask: String,
    directories: String,
    arguments: String,
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

/// Whether a name is a secret's, in a document or in what is shown.
fn is_a_secret_s(name: &str) -> bool {
    is_secret_name(name) || says_secret(name)
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
        let variables = declarations_of(declarations);
        Self { variables, functions, aliases, options, directory, ..Self::default() }
    }

    /// Adds what `trap -p`, `umask -p` and `dirs -l -p` print, and the positional parameters as words behind their number.
    pub fn keep(&mut self, traps: String, umask: String, directories: String, arguments: String) {
        (self.traps, self.umask, self.directories, self.arguments) = (traps, umask, directories, arguments);
    }

    /// The value of a variable, of an array that of its first element; nothing where it is not set.
    pub fn value(&self, name: &str) -> Option<String> {
        let variable = self.variables.get(name)?;
        let value = variable.value.as_deref()?;
        if variable.flags.contains(['a', 'A']) {
            let first = value.strip_prefix("([0]=")?;
            let length = element_length(first);
            return Some(plain_value(&first[..length]));
        }
        Some(plain_value(value))
    }

    /// The definition of a function, as `declare -f` prints it.
    pub fn function(&self, name: &str) -> Option<&str> {
        let head = format!("{name} () \n");
        let first = self.functions.starts_with(&head);
        let at = if first { 0 } else { self.functions.find(&format!("\n{head}"))? + 1 };
        let text = self.functions.get(at..)?;
        text.get(..text.find("\n}")? + 2)
    }

    /// The definition of an alias, as `alias -p` prints it.
    pub fn alias(&self, name: &str) -> Option<&str> {
        let head = format!("alias {name}=");
        self.aliases.lines().find(|line| line.starts_with(&head))
    }

    /// Whether an option of `shopt` is on.
    pub fn has_option(&self, name: &str) -> bool {
        self.options.lines().any(|l| l.strip_prefix("shopt -s ") == Some(name))
    }

    /// Whether there is a trap of that name.
    pub fn has_trap(&self, name: &str) -> bool {
        self.traps.lines().any(|line| line.rsplit(' ').next() == Some(name))
    }

    /// Whether an alias has more in it than a command's words: it may change how what stands around it is parsed.
    pub fn has_odd_alias(&self) -> bool {
        self.aliases.lines().any(|l| {
            l.split_once('=').is_some_and(|(_, v)| {
                v.contains([';', '&', '|', '(', ')', '{', '}', '<', '>', '#', '"', '\\'])
            })
        })
    }

    /// Plain variables that are new or differ from `before` and are not secret by name, with their values.
    pub fn changed_since(&self, before: &Snapshot) -> Vec<(String, String)> {
        self.variables
            .iter()
            .filter(|(name, variable)| before.variables.get(*name) != Some(variable))
            .filter(|(name, variable)| {
                !is_shell_owned(name) && !is_a_secret_s(name) && !variable.flags.contains(['a', 'A'])
            })
            .filter_map(|(name, variable)| Some((name.clone(), plain_value(variable.value.as_deref()?))))
            .collect()
    }

    /// A script that gives a fresh bash this state, as far as it can be given; [`Self::restore_last`] is the rest.
    pub fn restore_script(&self) -> String {
        let mut script = String::from("{\n");
        let own = |(n, _): &(&String, &Variable)| !is_shell_owned(n);
        for (name, variable) in self.variables.iter().filter(own) {
            let flags = variable.flags.replace('-', "");
            let flags = if flags.is_empty() { "-".to_owned() } else { flags };
            let value = variable.value.as_ref().map_or(String::new(), |v| format!("={v}"));
            script.push_str(&format!("declare -{flags} {name}{value}\n"));
        }
        for part in [&self.functions, &self.aliases] {
            script.push_str(part);
            script.push('\n');
        }
        // What writes the options down is a subshell, and tells of this one that it is off.
        let kept = |l: &&str| l.starts_with("shopt") && !l.ends_with(" expand_aliases");
        for line in self.options.lines().filter(kept) {
            script.push_str(line);
            script.push('\n');
        }
        script.push_str(&format!("cd -- {}\n", quote(&self.directory)));
        // The first one is where the shell is; the others come back from the last to the second.
        for directory in self.directories.lines().skip(1).collect::<Vec<_>>().into_iter().rev() {
            script.push_str(&format!("pushd -n -- {} >/dev/null\n", quote(directory)));
        }
        script.push_str(&self.umask);
        script.push_str("\n} 2>/dev/null\n");
        script
    }

    /// What comes last of it, because it changes how everything before it would run: positional parameters, options,
    /// traps, `IFS`. `errexit` ended the shell before; it comes back with the next command that sets it, and an `EXIT`
    /// trap has run.
    pub fn restore_last(&self) -> String {
        const CARRIED: &[&str] = &[
            "allexport",
            "braceexpand",
            "errtrace",
            "functrace",
            "noclobber",
            "noglob",
            "nounset",
            "physical",
            "pipefail",
        ];
        let mut script = String::from("{\n");
        if let Some((_, arguments)) = self.arguments.split_once(' ') {
            script.push_str(&format!("set -- {arguments}\n"));
        }
        if let Some(fields) = self.variables.get("IFS").and_then(|v| v.value.as_ref()) {
            script.push_str(&format!("IFS={fields}\n"));
        }
        for line in self.options.lines() {
            let name = line.strip_prefix("set -o ").or_else(|| line.strip_prefix("set +o "));
            if name.is_some_and(|n| CARRIED.contains(&n)) {
                script.push_str(line);
                script.push('\n');
            }
        }
        script.push_str(&format!("{}\ntrap - EXIT\n}} 2>/dev/null\n", self.traps));
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

/// How long the first element of an array is, as `declare -p` writes it: up to the blank or bracket behind its quotes.
fn element_length(text: &str) -> usize {
    let (mut double, mut single, mut escaped) = (false, false, false);
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' => escaped = true,
            '"' if !single => double = !double,
            '\'' if !double => single = !single,
            ' ' | ')' if !double && !single => return at,
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
