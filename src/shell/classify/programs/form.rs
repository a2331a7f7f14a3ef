//! The forms of the table of programs, and how a command's words fit them.
//!
//! A form is words and options with a space between: `push -f|--force`. Words stand in this order, the first of them
//! at the head; options stand anywhere. `a|b` is one of them, `*` any letters, `..` up to four words more, `$` the end
//! of the words, and `!-x` an option that must not be there. Commas stand between forms.

/// Words behind which what follows is no verb any more.
#[rustfmt::skip] // words, many to a line
const VERBS: &[&str] = &[
    "create", "update", "set", "add", "deploy", "patch", "edit", "apply", "export", "import", "invoke", "run-command", "execute",
    "send", "publish", "ssh", "scp", "start", "restart", "enable", "attach", "detach", "promote", "clone", "copy", "move", "call",
    "upload", "submit", "resize",
];

/// How many words `..` stands for at most.
const SKIPPED: usize = 4;

/// A command's words and options.
pub(super) struct Said<'w> {
    /// The words that are no options, once with options that are not known taken to have no value, once with one.
    plain: [Vec<&'w str>; 2],
    options: Vec<&'w str>,
    valued: &'w str,
}

impl<'w> Said<'w> {
    /// Reads the words behind a program; `valued` are its options with a value, with spaces between.
    pub(super) fn read(args: &'w [String], valued: &'w str) -> Self {
        let end = args.iter().position(|a| a == "--").unwrap_or(args.len());
        let (before, behind) = (args.get(..end).unwrap_or(args), args.get(end..).unwrap_or_default());
        let plain = [false, true].map(|greedy| {
            let words = plain(before, valued, greedy);
            words.chain(behind.iter().skip(1).map(String::as_str)).collect()
        });
        Self { plain, options: before.iter().map(String::as_str).collect(), valued }
    }

    /// The words that are no options.
    pub(super) fn words(&self) -> &[&'w str] {
        let [words, _] = &self.plain;
        words
    }

    /// Whether one of the forms fits, read in either way.
    pub(super) fn may_fit(&self, forms: &str) -> bool {
        listed(forms).any(|form| self.plain.iter().any(|plain| self.fits(form, plain)))
    }

    /// Whether one of the forms fits, whichever way it is read.
    pub(super) fn must_fit(&self, forms: &str) -> bool {
        self.plain.iter().all(|plain| listed(forms).any(|form| self.fits(form, plain)))
    }

    fn fits(&self, form: &str, plain: &[&str]) -> bool {
        let (mut at, mut skips) = (0, false);
        for token in form.split_whitespace() {
            if token == ".." {
                skips = true;
            } else if token == "$" {
                if at != plain.len() {
                    return false;
                }
            } else if let Some(absent) = token.strip_prefix('!') {
                if self.has(absent) {
                    return false;
                }
            } else if token.starts_with('-') {
                if !self.has(token) {
                    return false;
                }
            } else {
                let rest = plain.get(at..).unwrap_or_default();
                let reach = rest.iter().take(SKIPPED).take_while(|w| !VERBS.contains(w)).count();
                let tried = rest.iter().take(if skips { reach + 1 } else { 1 });
                let Some(found) = tried.clone().position(|w| is_one(token, w)) else { return false };
                (at, skips) = (at + found + 1, false);
            }
        }
        true
    }

    /// Whether one of these options is there and not switched off.
    pub(super) fn has(&self, names: &str) -> bool {
        names.split('|').any(|name| {
            let following = self.options.iter().skip(1).map(Some).chain([None]);
            self.options
                .iter()
                .zip(following)
                .any(|(arg, next)| is_option(name, arg, next.copied(), self.valued))
        })
    }
}

/// The forms of a list.
pub(super) fn listed(forms: &str) -> impl Iterator<Item = &str> {
    forms.split(',').map(str::trim).filter(|form| !form.is_empty())
}

fn plain<'w>(args: &'w [String], valued: &str, greedy: bool) -> impl Iterator<Item = &'w str> {
    let mut takes = false;
    args.iter().map(String::as_str).filter(move |arg| {
        if arg.len() > 1 && arg.starts_with('-') {
            let known = valued.split_whitespace().any(|name| name == *arg);
            takes = known || greedy && !arg.contains('=');
            return false;
        }
        !std::mem::take(&mut takes)
    })
}

fn is_one(token: &str, word: &str) -> bool {
    token.split('|').any(|pattern| glob(pattern, word))
}

/// Whether a pattern with `*` at its head, its end or in it fits, whatever the case of the letters.
pub(super) fn glob(pattern: &str, word: &str) -> bool {
    let (pattern, word) = (pattern.to_ascii_lowercase(), word.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|head| word.strip_prefix(head)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(tail) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    rest.ends_with(tail)
}

fn is_option(name: &str, arg: &str, next: Option<&str>, valued: &str) -> bool {
    let off = |value: &str| matches!(value, "false" | "none" | "no" | "0");
    if let Some((name, wanted)) = name.split_once('=') {
        return match arg.split_once('=') {
            Some((arg, value)) => same(name, arg) && glob(wanted, value),
            None => same(name, arg) && next.is_some_and(|value| glob(wanted, value)),
        };
    }
    if name.len() == 2 && name.starts_with('-') {
        // One letter, perhaps in a cluster of them.
        return arg.strip_prefix('-').is_some_and(|letters| {
            // What stands behind a letter that takes a value is that value.
            let takes = |c: char| valued.split_whitespace().any(|v| v.len() == 2 && v.ends_with(c));
            let own = |c: char| name.ends_with(c);
            let letters = letters.chars().take_while(char::is_ascii_alphanumeric);
            !arg.starts_with("--") && letters.into_iter().find(|c| own(*c) || takes(*c)).is_some_and(own)
        });
    }
    match arg.split_once('=') {
        Some((arg, value)) => same(name, arg) && !off(value),
        None => same(name, arg),
    }
}

/// Whether two options have one name: `-destroy` and `--destroy` are the same to programs that take long names behind
/// one dash.
fn same(name: &str, arg: &str) -> bool {
    if name.starts_with("--") || name.len() == 2 {
        return glob(name, arg);
    }
    arg.starts_with('-') && glob(name.trim_start_matches('-'), arg.trim_start_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(form: &str, text: &str) -> bool {
        let args: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Said::read(&args, "-n --namespace").may_fit(form)
    }

    #[test]
    fn forms_fit_words_in_their_order_and_options_anywhere() {
        for (form, text) in [
            ("delete", "delete ns x"),
            ("delete", "-n prod delete ns x"),
            ("delete", "--unknown value delete"),
            ("push -f|--force", "push origin main --force"),
            ("push -f|--force", "push -uf origin"),
            (".. delete|rm", "sql instances delete x"),
            ("* delete-*", "rds delete-db-instance --x"),
            ("scale --replicas=0", "scale --replicas 0 d/x"),
            ("scale --replicas=0", "scale d/x --replicas=0"),
            ("branch $ !-d", "branch -a"),
            ("apply -destroy", "apply -destroy"),
            ("*:drop*", "db:drop:all"),
            ("flushall", "FLUSHALL"),
        ] {
            assert!(fits(form, text), "{form}: {text}");
        }
        for (form, text) in [
            ("delete", "get delete"),
            ("push -f|--force", "push --force=false"),
            ("push -f|--force", "push --follow-tags"),
            (".. delete", "compute instances create delete"),
            ("scale --replicas=0", "scale --replicas=03"),
            ("branch $", "branch new"),
            ("branch $ !-d", "branch -d x"),
            ("delete", "exec -- delete"),
            ("-o", "-nfoo"),
        ] {
            assert!(!fits(form, text), "{form}: {text}");
        }
    }
}
