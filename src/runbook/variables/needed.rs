//! The variables that a command can't do without: what bash would make nothing of where they are unset or empty.

use std::collections::BTreeSet;

use super::{assigned_names, is_given, name_at, variables};
use crate::runbook::holes::{holes, mask};
use crate::shell;

/// The variables that a command uses and that are to have a value before it runs, each once.
///
/// Not among them are those that it sets itself, that every shell has, that it has a default for or looks at on
/// purpose (`${X:-d}`, `${X:?}`, `[ -z "$X" ]`, `case $X in`), and elements of arrays.
pub fn needed(text: &str) -> Vec<String> {
    let used = variables(text);
    if used.is_empty() {
        return vec![];
    }
    let parsed = shell::parse(&mask(text, &holes(text)));
    if parsed.as_ref().is_some_and(|p| p.only_defines) {
        return vec![];
    }
    let own = assigned_names(text);
    let tested = tested(text);
    let mut found: Vec<String> = Vec::new();
    for (name, at) in used {
        let element = text.get(at.end..).is_some_and(|rest| rest.starts_with('['));
        if !element
            && !own.contains(&name)
            && !is_given(&name)
            && !tested.contains(&name)
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

/// The variables that a text looks at to see whether they have a value, or which.
fn tested(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('$') {
        let Some(rest) = text.get(at + 1..) else { continue };
        let braced = rest.starts_with('{');
        let name = name_at(rest.strip_prefix('{').unwrap_or(rest));
        let behind = rest.get(usize::from(braced) + name.len()..).unwrap_or("");
        if name.is_empty() {
            continue;
        }
        let demanded = braced && behind.strip_prefix(':').unwrap_or(behind).starts_with('?');
        let ahead = text.get(..at).unwrap_or("").trim_end_matches('"');
        let last = ahead.split_whitespace().next_back().unwrap_or("");
        let operand = ahead.ends_with([' ', '\t']);
        let chosen = operand && last == "case";
        let looks = is_first(last) || is_comparison(last) || matches!(last, "-z" | "-n");
        let close = behind.trim_start_matches(['}', '"']).trim_start();
        let compared = close.split_whitespace().next().is_some_and(is_comparison);
        if demanded || chosen || operand && (looks || compared) && is_in_test(ahead) {
            found.insert(name.to_owned());
        }
    }
    found
}

/// Whether a test is open at the end of a text: `[ `, `[[ `, `test `.
fn is_in_test(ahead: &str) -> bool {
    let part = ahead.rsplit(['\n', ';']).next().unwrap_or(ahead);
    let words: Vec<&str> = part.split_whitespace().collect();
    let Some(opens) = words.iter().rposition(|w| matches!(*w, "[" | "[[" | "test")) else { return false };
    let double = words.get(opens) == Some(&"[[");
    // `[[ a && b ]]` goes on behind its signs, every other test ends there.
    let closes = |word: &&str| match *word {
        "]" | "]]" => true,
        "&&" | "||" | "|" | "then" | "do" => !double,
        _ => false,
    };
    !words.iter().skip(opens + 1).any(closes)
}

/// Whether what follows a word is the first operand of a test.
fn is_first(word: &str) -> bool {
    matches!(word, "[" | "[[" | "test" | "!" | "&&" | "||" | "-a" | "-o")
}

fn is_comparison(word: &str) -> bool {
    matches!(word, "=" | "==" | "!=" | "=~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_needs_a_value_for() {
        for (text, names) in [
            ("ln -sfn releases/$VERSION current", vec!["VERSION"]),
            ("rsync -a \"$SRC/\" ${HOST}:/srv && echo $SRC", vec!["SRC", "HOST"]),
            ("[ -f \"$FILE\" ] && rm \"$FILE\"", vec!["FILE"]),
            ("ssh deploy@$HOST 'echo $THERE'", vec!["HOST"]),
            ("cat <<EOF\n$X\nEOF", vec!["X"]),
            ("[ \"$ENV\" = prod ] && rm -rf $DIR", vec!["DIR"]),
            ("kubectl -n \"$NS\" get pods | sort -z $F", vec!["NS", "F"]),
            ("[ -f x ] && kubectl -n $NS get pods", vec!["NS"]),
            ("test -f x && tail -n $N y", vec!["N"]),
            ("for h in $HOSTS; do ssh $h true; done", vec!["HOSTS"]),
        ] {
            assert_eq!(needed(text), names, "{text}");
        }
    }

    #[test]
    fn what_is_looked_at_on_purpose_is_not_needed() {
        for text in [
            "[ -z \"$X\" ] && echo none",
            "[[ -n $X ]] && echo \"$X\"",
            "test -n \"$X\" || exit 1",
            "if test \"$X\" != y; then ls; fi",
            "while [ -z \"$X\" ] && [ -n \"$Y\" ]; do ls; done",
            "if [ -z \"${X:-}\" ]; then exit 1; fi; rm -rf \"/srv/$X\"",
            ": \"${X:?must be set}\"; ln -s $X y",
            "echo ${X?} ${Y:-d} ${Z:+z}",
            "[ \"$X\" ] && ls",
            "[[ $X == y && $Y != z ]] && ls",
            "[ prod = \"$X\" ] && ls",
            "case \"$X\" in a) ls;; esac",
            "X=1; echo $X",
            "read -r X && echo $X",
            "echo $HOME $PATH ${A[@]} ${M[k]}",
            "deploy() { ln -s $X y; }",
            "echo '$X' \\$X",
            "ls",
        ] {
            assert_eq!(needed(text), [""; 0], "{text}");
        }
    }
}
