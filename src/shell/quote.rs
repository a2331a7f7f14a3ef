//! Quoting for bash, and for shells that nobody knows.

/// Quotes `text` as one bash word that means exactly `text`.
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A command line that has a POSIX `sh` run `script`, whatever shell reads the line first: bash, dash, fish, zsh, ksh and csh
/// take it alike. In its quotes are only characters that all of them leave as they are, and no line end.
pub fn for_any_shell(script: &str) -> String {
    format!("exec sh -c 'eval \"$(printf %b \"$1\")\"' sh '{}'", octal(script))
}

/// `text` as `%b` of printf(1) reads it back, with nothing in it that a shell acts on within single quotes.
pub fn octal(text: &str) -> String {
    let mut octal = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'/' | b'.' | b'_' | b'-' => {
                octal.push(char::from(byte));
            }
            byte => octal.push_str(&format!("\\0{byte:03o}")),
        }
    }
    octal
}

/// Removes bash's quotes from a raw word; expansions stay as they are written.
///
/// Inside double quotes a backslash only escapes ``$ ` " \`` and a line end (bash(1), QUOTING).
pub fn unquote(raw: &str) -> String {
    let mut plain = String::with_capacity(raw.len());
    let (mut single, mut double) = (false, false);
    let mut rest = raw.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            '\\' if !single => match rest.peek() {
                Some('\n') => {
                    rest.next();
                }
                Some(&next) if !double || "$`\"\\".contains(next) => {
                    plain.push(next);
                    rest.next();
                }
                _ => plain.push('\\'),
            },
            '$' if !single && !double && rest.peek() == Some(&'\'') => {}
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotes_only_where_needed() {
        assert_eq!(super::quote("/tmp/a-b.c"), "/tmp/a-b.c");
        assert_eq!(super::quote("it's"), r"'it'\''s'");
        assert_eq!(super::quote(""), "''");
    }

    #[test]
    fn every_shell_passes_a_script_on_unchanged() {
        let script = "printf '%s|' \"$((1+1))\" 'a!b' 'it'\\''s' '~' 'x\\y' '{a,b}' '*' '$HOME' 'é'; exit 3";
        let mut tried = 0;
        for shell in ["sh", "bash", "dash", "zsh", "fish", "csh", "tcsh", "ksh", "mksh"] {
            #[expect(clippy::disallowed_methods, reason = "the script is run by shells of this machine")]
            let ran = std::process::Command::new(shell).args(["-c", &super::for_any_shell(script)]).output();
            let Ok(ran) = ran else { continue };
            let told = String::from_utf8_lossy(&ran.stdout);
            assert_eq!(told, "2|a!b|it's|~|x\\y|{a,b}|*|$HOME|é|", "{shell}: {ran:?}");
            assert_eq!(ran.status.code(), Some(3), "{shell}");
            tried += 1;
        }
        assert!(tried > 2, "only {tried} shells are here");
    }

    #[test]
    fn unquotes_as_bash_does() {
        assert_eq!(super::unquote(r#""\dt a""#), r"\dt a");
        assert_eq!(super::unquote(r#"a\ b'c"d'"e\"f""#), r#"a bc"de"f"#);
    }
}
