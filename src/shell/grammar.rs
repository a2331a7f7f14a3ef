//! The grammar of `brush-parser`, which tells what a command consists of; where one ends is told by `split`.

use brush_parser::{Parser, ParserOptions, ast::Program};

use crate::caught;

/// How far the grammar follows brackets nested in one command. The parser backtracks, so that deeper
/// nesting costs exponential time; no runbook nests that far.
const DEEPEST_NESTING: usize = 12;

/// Parses `text`; nothing where the grammar does not take it, nests too deep for it, or makes it panic.
pub(super) fn parse_program(text: &str) -> Option<Program> {
    if too_deep(text) {
        return None;
    }
    // The grammar wants something between the semicolons of the endless `for`.
    let text = apart_from_redirections(&text.replace("((;;))", "((1;1;1))"));
    caught::catch(|| {
        Parser::new(std::io::Cursor::new(text.as_bytes()), &ParserOptions::default()).parse_program()
    })?
    .ok()
}

/// Whether brackets nest deeper than the grammar is asked to follow. Quoting is ignored: a wrong "yes"
/// only makes the words of a strange command count without the grammar.
fn too_deep(text: &str) -> bool {
    let mut depth = 0usize;
    let mut backquotes = 0usize;
    for byte in text.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'`' => backquotes += 1,
            _ => {}
        }
        if depth > DEEPEST_NESTING || backquotes > 64 {
            return true;
        }
    }
    false
}

/// Puts a blank between a number that is too large for a descriptor and the redirection behind it.
///
/// For bash such a number is a word like any other; the grammar takes it for a descriptor and panics.
fn apart_from_redirections(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    let mut digits = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            if matches!(c, '<' | '>') && digits.len() > 9 && digits.parse::<i32>().is_err() {
                apart.push(' ');
            }
            digits.clear();
        }
        apart.push(c);
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_too_large_for_a_descriptor_are_words() {
        for text in [
            "grep -c 1732831200000</var/log/x",
            "sort -k2 1700000000000>out.txt",
            "exec 3000000000>&-",
            "echo 2147483648>>a 99999999999<b",
            "echo 2147483648>|a",
            "cat 99999999999<<E\na\nE",
            "cat 99999999999<<<a",
        ] {
            assert!(parse_program(text).is_some(), "{text}");
        }
        assert_eq!(apart_from_redirections("a 2>x 0123>y 2147483647>z"), "a 2>x 0123>y 2147483647>z");
    }

    #[test]
    fn what_nests_too_deep_is_not_followed() {
        assert!(parse_program(&format!("{}{}", "(".repeat(10_000), ")".repeat(10_000))).is_none());
        assert!(!caught::catches());
    }
}
