//! Quoting for bash.

/// Quotes `text` as one bash word that means exactly `text`.
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
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
    fn unquotes_as_bash_does() {
        assert_eq!(super::unquote(r#""\dt a""#), r"\dt a");
        assert_eq!(super::unquote(r#"a\ b'c"d'"e\"f""#), r#"a bc"de"f"#);
    }
}
