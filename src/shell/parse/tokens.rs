//! What a command consists of where the grammar does not take it and bash does: the words that the scanner of
//! `split` found.

use std::ops::Range;

use super::super::around::Around;
use super::{Parsed, Simple, parse_at};
use crate::shell::quote::unquote;
use crate::shell::split::{End, Found, Raw, assignment, scan};

/// Reads one command by its words; nothing where bash would not take it either.
pub(super) fn parse(text: &str, depth: usize, around: Around) -> Option<Parsed> {
    let steps = text.len().saturating_mul(64).saturating_add(100_000);
    let mut found = Found { acts: false, ..Found::default() };
    let mut at = text.len() - text.trim_start().len();
    let (mut simples, mut bodies) = (Vec::new(), Vec::new());
    // The scanner does not say what a loop reads; where something is redirected it is taken to be that.
    let fed = text.contains("done <") || text.contains("} <");
    let around = around.and(Around::NESTED).and_where(fed, Around::FED);
    // What stands in a substitution may be several commands.
    while text.get(at..).is_some_and(|rest| !rest.trim().is_empty()) {
        let scanned = scan(text, at, steps);
        let end = match scanned.end {
            End::Complete(end) if end > at => end,
            _ if only_comments(text.get(at..).unwrap_or("")) => break,
            _ => return None,
        };
        for raw in &scanned.found.simples {
            let into = if raw.in_function { &mut bodies } else { &mut simples };
            into.extend(simple(text, raw, (depth, around)));
        }
        found.acts |= scanned.found.acts;
        found.background = scanned.found.background;
        found.simples.extend(scanned.found.simples);
        at = end;
    }
    let endless = found.simples.iter().any(|raw| is_endless(text, raw)) || text.contains("((;;");
    Some(Parsed {
        only_defines: !found.acts && simples.is_empty(),
        background: found.background,
        endless,
        simples,
        bodies,
    })
}

fn only_comments(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#'))
}

/// A command with what stands in backquotes in it.
fn simple(text: &str, raw: &Raw, (depth, around): (usize, Around)) -> Vec<Simple> {
    let at = |range: &Range<usize>| text.get(range.clone()).unwrap_or("");
    let mut all: Vec<Simple> =
        raw.backquoted.iter().flat_map(|range| inner(at(range), (depth, around))).collect();
    let named = |range: &Range<usize>| unquote(at(range));
    let to_file = |name: &String| {
        let descriptor = name.trim_end_matches('-').bytes().all(|b| b.is_ascii_digit());
        !descriptor && !["/dev/null", "/dev/stdout", "/dev/stderr"].contains(&name.as_str())
    };
    let appends = |range: &Range<usize>| {
        text.get(..range.start).is_some_and(|before| before.trim_end().ends_with(">>"))
    };
    all.push(Simple {
        words: raw.words.iter().map(named).collect(),
        assigns: raw
            .assigns
            .iter()
            .map(|range| assignment(at(range)).unwrap_or((at(range), "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        writes: raw.writes.iter().map(named).filter(to_file).collect(),
        overwrites: raw.writes.iter().filter(|at| !appends(at)).map(named).filter(to_file).collect(),
        input: raw.reads.as_ref().map(named),
        piped_into: raw.piped_into,
        here_text: raw.here_text.as_ref().map(|range| at(range).to_owned()),
        around: around.and_where(raw.piped_into, Around::PIPED),
    });
    all
}

fn inner(text: &str, (depth, around): (usize, Around)) -> Vec<Simple> {
    // In backquotes a backslash before one of these is for the outer shell.
    let plain = text.replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\");
    match (depth < 4).then(|| parse_at(&plain, depth + 1, around.and(Around::CAPTURED))).flatten() {
        Some(parsed) => parsed.simples,
        None => vec![Simple { words: vec![plain], ..Simple::default() }],
    }
}

/// Whether a command is the whole condition of a loop that never ends by itself.
fn is_endless(text: &str, raw: &Raw) -> bool {
    let words: Vec<&str> = raw.words.iter().filter_map(|range| text.get(range.clone())).collect();
    match raw.goes_on {
        Some(true) => matches!(words.as_slice(), ["true" | ":"] | ["[", "1", "]"]),
        Some(false) => words == ["false"],
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_at_every_level_are_found_by_their_words() {
        let programs = |text: &str| -> Vec<String> {
            let parsed = parse(text, 0, Around::default()).unwrap_or_default();
            parsed.simples.iter().map(|s| s.words.join(" ")).filter(|w| !w.is_empty()).collect()
        };
        assert_eq!(
            programs("select x in a b; do rm -rf \"/srv/$x\"; break; done"),
            ["rm -rf /srv/$x", "break"]
        );
        assert_eq!(
            programs("echo $(case x in x) rm -r 'a b';; esac)"),
            ["echo $(case x in x) rm -r a b;; esac)", "rm -r a b"]
        );
        assert_eq!(programs("x=`rm -f a`"), ["rm -f a"]);
        assert_eq!(programs("f() { rm -rf /; }"), [""; 0]);
        assert!(parse("f() { rm -rf /; }", 0, Around::default()).is_some_and(|p| p.only_defines));
        assert!(
            parse("while true; do ls; done", 0, Around::default())
                .is_some_and(|p| p.endless && !p.background)
        );
        assert!(parse("{ ls; } &", 0, Around::default()).is_some_and(|p| p.background));
        assert!(parse("ls )", 0, Around::default()).is_none());
    }

    #[test]
    fn redirections_and_assignments_are_told() {
        let parsed = parse("A=1 B+=2 cat <in >out 2>&1 3>/dev/null <<E\ntext\nE", 0, Around::default())
            .unwrap_or_default();
        let simple = parsed.simples.first().cloned().unwrap_or_default();
        assert_eq!(simple.assigns, [("A".to_owned(), "1".to_owned()), ("B".to_owned(), "2".to_owned())]);
        assert_eq!((simple.writes, simple.here_text), (vec!["out".to_owned()], Some("text\n".to_owned())));
    }
}
