//! Variables of a shell text: which it expands, and which it sets itself.

pub(super) mod needed;

use std::collections::BTreeSet;
use std::ops::Range;

use super::holes::{holes, mask};
use super::quoting::{In, quoting};
use crate::shell::{self, Simple};

/// Variables that every shell has or that belong to the session.
#[rustfmt::skip] // words, many to a line
const GIVEN: &[&str] = &[
    "HOME", "PATH", "USER", "PWD", "OLDPWD", "SHELL", "HOSTNAME", "RANDOM", "SECONDS", "LINENO", "UID", "EUID",
    "PPID", "LANG", "LANGUAGE", "TERM", "TMPDIR", "IFS", "LOGNAME", "BASH", "OPTARG", "OPTIND", "OPTERR", "REPLY",
    "EDITOR", "VISUAL", "PAGER", "FUNCNAME", "PIPESTATUS", "HOSTTYPE", "OSTYPE", "MACHTYPE", "SRANDOM", "COLUMNS",
    "LINES", "SUDO_USER", "SUDO_UID", "SUDO_GID", "SUDO_COMMAND", "DISPLAY", "SHELLOPTS", "BASHOPTS", "DIRSTACK",
    "GROUPS", "MAPFILE", "COPROC", "COPROC_PID", "SHLVL", "TIMEFORMAT", "PROMPT_COMMAND", "PROMPT_DIRTRIM", "PS0",
    "PS1", "PS2", "PS3", "PS4", "_", "CDPATH", "GLOBIGNORE", "FIGNORE", "IGNOREEOF", "TMOUT", "MAIL", "SSH_TTY",
    "SSH_CONNECTION", "SSH_CLIENT", "SSH_AUTH_SOCK", "SSH_AGENT_PID", "TZ", "COLORTERM", "INPUTRC", "CHILD_MAX",
];

/// What the names begin with of variables that belong to the shell.
const GIVEN_BEGINS: &[&str] = &["BASH_", "EPOCH", "HIST", "COMP_", "READLINE_", "LC_", "XDG_", "BASHPID"];

/// Whether every shell has this variable, or it belongs to the session.
pub fn is_given(name: &str) -> bool {
    GIVEN.contains(&name) || GIVEN_BEGINS.iter().any(|begin| name.starts_with(begin))
}

/// Variables a command expands without a default, outside of what the shell takes as it is.
pub fn variables(text: &str) -> Vec<(String, Range<usize>)> {
    if !text.contains('$') {
        return vec![];
    }
    let quoting = quoting(text);
    let mut found = Vec::new();
    for (at, _) in text.match_indices('$').filter(|(at, _)| quoting[*at].expands()) {
        let rest = &text[at + 1..];
        let braced = rest.starts_with('{');
        let start = at + 1 + usize::from(braced);
        let name = name_at(&text[start..]);
        let after = &text[start + name.len()..];
        let defaulted = braced && has_default(after);
        if !name.is_empty() && !defaulted {
            found.push((
                name.to_owned(),
                at..start + name.len() + usize::from(braced && after.starts_with('}')),
            ));
        }
    }
    found
}

/// The name that a text begins with; empty where it begins with none.
fn name_at(text: &str) -> &str {
    let length = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &text[..length] }
}

/// What follows a name in braces says what to take where it is not set: `:-`, `=`, `[0]:-`.
fn has_default(after: &str) -> bool {
    let subscript = after.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let after = subscript.map_or(after, |(_, rest)| rest);
    after.strip_prefix(':').unwrap_or(after).starts_with(['-', '=', '+'])
}

/// Names a command sets: `A=1`, `export A=1`, `for a in`, `read a`, `(( a = 1 ))`, `printf -v a`.
pub fn assigned_names(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let masked = mask(text, &holes(text));
    match shell::parse(&masked) {
        Some(parsed) => {
            for simple in parsed.simples.iter().chain(&parsed.bodies) {
                of_simple(simple, &mut names);
            }
        }
        None => of_lines(&masked, &mut names),
    }
    of_text(&masked, &mut names);
    names
}

/// The programs whose words are names of variables that they set, with their options that take a value.
const SETTERS: &[(&str, &str)] = &[
    ("read", "dinNptu"),
    ("mapfile", "dnOsuCc"),
    ("readarray", "dnOsuCc"),
    ("declare", ""),
    ("typeset", ""),
    ("local", ""),
];

fn of_simple(simple: &Simple, names: &mut BTreeSet<String>) {
    let declares = ["export", "declare", "typeset", "local", "readonly"].contains(&simple.program());
    // `docker run -e TAG=$TAG` gives a word to a program.
    let given = |name: &str| {
        let begins = [format!("{name}="), format!("{name}+=")];
        !declares && simple.words.iter().any(|w| begins.iter().any(|b| w.starts_with(b)))
    };
    let set = simple.assigns.iter().filter(|(name, _)| !given(name));
    names.extend(set.map(|(name, _)| name_at(name).to_owned()));
    let args = simple.args();
    let mut add = |word: &str| {
        let name = name_at(word);
        if !name.is_empty() {
            names.insert(name.to_owned());
        }
    };
    let program = simple.words.iter().find(|w| !matches!(w.as_str(), "builtin" | "command"));
    let program = program.map_or("", String::as_str);
    let behind = |letter: char| {
        args.iter().enumerate().find_map(|(at, arg)| {
            let (_, value) = arg.strip_prefix('-')?.split_once(letter)?;
            if value.is_empty() { args.get(at + 1).cloned() } else { Some(value.to_owned()) }
        })
    };
    if let Some((_, valued)) = SETTERS.iter().find(|(name, _)| *name == program) {
        let mut words = args.iter();
        while let Some(word) = words.next() {
            match word.strip_prefix(['-', '+']) {
                Some(letters) if letters.ends_with(|c| valued.contains(c)) => {
                    words.next();
                }
                Some(_) => {}
                None => add(word),
            }
        }
    }
    match program {
        "getopts" => args.iter().skip(1).take(1).for_each(|w| add(w)),
        "printf" => behind('v').iter().for_each(|w| add(w)),
        "wait" => behind('p').iter().for_each(|w| add(w)),
        "let" => args.iter().for_each(|w| of_arithmetic(w, names)),
        "eval" => names.extend(assigned_names(&args.join(" "))),
        _ => {}
    }
}

/// Of a text that the grammar does not take: what stands in front of a `=` at the begin of a line or behind `;`.
fn of_lines(text: &str, names: &mut BTreeSet<String>) {
    for part in text.split(['\n', ';', '&', '|', '{', '(']) {
        let mut words =
            part.split_whitespace().skip_while(|w| matches!(*w, "do" | "then" | "else" | "export" | "local"));
        if let Some((name, _)) = words.next().and_then(|w| w.split_once('='))
            && name_at(name).len() == name.trim_end_matches('+').split('[').next().map_or(0, str::len)
            && !name.is_empty()
        {
            names.insert(name_at(name).to_owned());
        }
    }
    for (at, word) in text.match_indices("read ") {
        let line = text[at + word.len()..].split(['\n', ';', '<', '&', '|']).next().unwrap_or("");
        names.extend(line.split_whitespace().map(name_at).filter(|n| !n.is_empty()).map(str::to_owned));
    }
}

/// What is set by signs and key words: `${D:=5}`, `(( x = 5 ))`, `exec {fd}>f`, `coproc NAME`, `select x in`.
fn of_text(text: &str, names: &mut BTreeSet<String>) {
    let quoting = quoting(text);
    let mut add = |name: &str| {
        if !name.is_empty() {
            names.insert(name.to_owned());
        }
    };
    for (at, open) in text.match_indices("${").filter(|(at, _)| quoting[*at].expands()) {
        let rest = &text[at + open.len()..];
        let name = name_at(rest);
        let after = &rest[name.len()..];
        if after.strip_prefix(':').unwrap_or(after).starts_with('=') {
            add(name);
        }
    }
    for (at, open) in text.match_indices('{').filter(|(at, _)| quoting[*at] == In::Plain) {
        let rest = &text[at + open.len()..];
        let name = name_at(rest);
        if rest[name.len()..].starts_with("}<") || rest[name.len()..].starts_with("}>") {
            add(name);
        }
    }
    for keyword in ["coproc", "select", "for"] {
        for (at, _) in text.match_indices(keyword).filter(|(at, _)| quoting[*at] == In::Plain) {
            let begins =
                text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || ";&|({".contains(c));
            let rest = &text[at + keyword.len()..];
            let name = name_at(rest.trim_start());
            if begins && rest.starts_with([' ', '\t']) {
                add(name);
            }
            if begins && keyword == "coproc" && !name.is_empty() {
                add(&format!("{name}_PID"));
            }
        }
    }
    for (at, open) in text.match_indices("((").filter(|(at, _)| quoting[*at].expands()) {
        let rest = &text[at + open.len()..];
        of_arithmetic(&rest[..rest.find("))").unwrap_or(rest.len())], names);
    }
}

/// `i = 0`, `i++`, `--i`, `a[2] += 1`, in arithmetic.
fn of_arithmetic(text: &str, names: &mut BTreeSet<String>) {
    let mut at = 0;
    while at < text.len() {
        let name = name_at(&text[at..]);
        if name.is_empty() {
            let digits = text[at..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len() - at);
            at += digits.max(text[at..].chars().next().map_or(1, char::len_utf8));
            continue;
        }
        let before = text[..at].trim_end();
        at += name.len();
        let after = text[at..].trim_start();
        let after = match after.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, rest)) => rest.trim_start(),
            None => after,
        };
        let sign = after.trim_start_matches(['+', '-', '*', '/', '%', '<', '>', '&', '^', '|']);
        let sets = sign.starts_with('=')
            && !sign.starts_with("==")
            && !matches!(after.as_bytes(), [b'<' | b'>', b'=', ..]);
        let steps = ["++", "--"].iter().any(|s| after.starts_with(s) || before.ends_with(s));
        if sets || steps {
            names.insert(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        let own = assigned_names(text);
        let names = variables(text).into_iter().map(|(name, _)| name);
        names.filter(|name| !own.contains(name) && !is_given(name)).collect()
    }

    #[test]
    fn variables_that_are_expanded() {
        let found: Vec<String> =
            variables(r#"a "$X" '$Y' ${Z} ${D:-1} \$N $1 $? "#).into_iter().map(|(n, _)| n).collect();
        assert_eq!(found, ["X", "Z"]);
    }

    #[test]
    fn what_the_text_sets_is_not_asked_for() {
        for text in [
            "for ((i = 1; i <= 3; i++)); do echo \"try $i\"; done",
            "(( M = 4 )); echo $M",
            "(( x=5, y += 2 )) && echo $x $y",
            "let x=5 'y = 3' z++; echo $x $y $z",
            "a[0]=x; echo ${a[0]}",
            "declare -A M; M[k]=v; echo ${M[k]}",
            "declare -i n=3; typeset T=1; readonly R=2; export E=3; echo $n $T $R $E",
            "printf -v STAMP '%s' now; echo $STAMP",
            ": ${D:=5}; echo $D",
            ": \"${D=5}\"; echo $D",
            "f() { local Q=1 P; P=2; echo $Q $P; }",
            "function f { local s=1; echo $s; }\nf",
            "exec {fd}>f; echo hi >&$fd",
            "coproc NAME { cat; }; echo ${NAME[0]} $NAME_PID",
            "coproc cat; echo ${COPROC[0]}",
            "IFS=: read -r A B <<< \"x:y\"; echo $A $B",
            "read -r -p 'who? ' WHO; echo $WHO",
            "read -ra PARTS <<< 'a b'; echo ${PARTS[0]}",
            "mapfile -t ARR < f; echo ${ARR[0]}",
            "readarray LINES_READ < f; echo $LINES_READ",
            "while getopts ab: opt; do echo $opt $OPTARG; done",
            "select x in a b; do echo $x; done",
            "for x in a b; do echo $x; done",
            "for x; do echo $x; done",
            "wait -n -p V; echo $V",
            "[[ $(date) =~ (a) ]]; echo ${BASH_REMATCH[1]}",
            "echo $SHELLOPTS $BASH_VERSION $EPOCHREALTIME $DIRSTACK $GROUPS $PPID $SRANDOM ${PIPESTATUS[0]}",
            "cat <<'EOF'\n$X\nEOF",
            "cat <<\\EOF\n${X}\nEOF",
            "echo '$X' \\$X \"\\$X\"",
            "awk '{print $NF}' f",
            "echo ${#x} ${!x@} ${x:-1} ${x-1} ${x:+1} ${x+1}",
            "echo $((i++)) $i",
            "ls # $X",
            "x=1 && echo \"$x\"",
            "A+=(b); echo ${A[@]}",
            "while read -r h p; do echo $h $p; done < f",
            "cat f | while IFS=, read -r a b; do echo $a $b; done",
            "eval 'Z=1'; echo $Z",
        ] {
            assert_eq!(asked(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_it_only_uses_is_asked_for() {
        for (text, names) in [
            ("echo $X", vec!["X"]),
            ("docker run -e TAG=$TAG app:$TAG", vec!["TAG", "TAG"]),
            ("make VERSION=$V", vec!["V"]),
            ("cat <<EOF\nit's $X\nEOF", vec!["X"]),
            ("echo \"it's $X\"", vec!["X"]),
            ("echo ${X:?must be set}", vec!["X"]),
            ("(( X == 5 )) && echo $X", vec!["X"]),
            ("(( X <= 5 )) && echo $X", vec!["X"]),
            ("echo \"$(cat $F)\"", vec!["F"]),
            ("echo ${X:-$Y}", vec!["Y"]),
            ("export X; echo $X", vec!["X"]),
            ("curl -d '{\"a\":\"'$X'\"}' h", vec!["X"]),
            ("ssh h \"echo $X \\$Y\"", vec!["X"]),
            ("echo $BASHFUL", vec!["BASHFUL"]),
        ] {
            assert_eq!(asked(text), names, "{text}");
        }
    }
}
