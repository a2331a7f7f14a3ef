//! Splits a script into top-level commands and comments.

use std::ops::Range;

use brush_parser::{ParseError, Parser, ParserOptions};

/// How far the grammar follows brackets nested in one command. The parser backtracks, so that deeper
/// nesting costs exponential time; no runbook nests that far.
const DEEPEST_NESTING: usize = 12;

/// After this many lines an open command is only tried again where a line may close it, because each
/// try parses from the command's start.
const LINES_TRIED_EACH: usize = 48;

/// A piece of a script; between pieces there is only white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The bytes of the script that the piece covers, without the final newline.
    pub span: Range<usize>,
    /// What the piece is.
    pub kind: PieceKind,
}

/// What a piece of a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// One top-level command: a pipeline, list, loop, function or here-document stays whole.
    Command {
        /// Whether the grammar accepts it. What it does not accept never runs as it stands.
        parses: bool,
    },
    /// One comment line.
    Comment,
}

/// How much of a command a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Completeness {
    Complete,
    Incomplete,
    Wrong,
}

/// Splits `script` into commands and comment lines, in order.
///
/// 1. A command is the shortest run of lines that the grammar takes as complete.
/// 2. A line that the grammar rejects is one command that does not parse, with its continuation lines.
/// 3. What stays open to the end is one command that does not parse.
pub fn split(script: &str) -> Vec<Piece> {
    let lines = line_ranges(script);
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = &script[lines[at].clone()];
        let start = lines[at].start + (line.len() - line.trim_start().len());
        if line.trim().is_empty() {
            at += 1;
        } else if line.trim_start().starts_with('#') {
            pieces.push(Piece {
                span: start..lines[at].start + line.trim_end().len(),
                kind: PieceKind::Comment,
            });
            at += 1;
        } else {
            let (last, parses) = command_end(script, &lines, at);
            let text = &script[start..lines[last].end];
            let end = start + text.trim_end().len();
            pieces.push(Piece { span: start..end, kind: PieceKind::Command { parses } });
            at = last + 1;
        }
    }
    pieces
}

/// Finds the last line of the command that starts at line `first`.
fn command_end(script: &str, lines: &[Range<usize>], first: usize) -> (usize, bool) {
    let start = lines[first].start;
    for last in first..lines.len() {
        let is_final = last + 1 == lines.len();
        let worth_a_try =
            last - first < LINES_TRIED_EACH || is_final || may_close(&script[lines[last].clone()]);
        if !worth_a_try {
            continue;
        }
        match completeness(&script[start..lines[last].end]) {
            Completeness::Complete => return (last, true),
            Completeness::Wrong => return (continued(script, lines, first), false),
            Completeness::Incomplete => {}
        }
    }
    (lines.len() - 1, false)
}

/// The last line that a chain of trailing backslashes joins to line `first`.
fn continued(script: &str, lines: &[Range<usize>], first: usize) -> usize {
    let mut last = first;
    while last + 1 < lines.len() && ends_in_continuation(&script[lines[last].clone()]) {
        last += 1;
    }
    last
}

fn may_close(line: &str) -> bool {
    let line = line.trim();
    let word = line.split(|c: char| c.is_whitespace() || ";|&)<>".contains(c)).next().unwrap_or_default();
    matches!(word, "fi" | "done" | "esac" | "}" | "")
        || line.ends_with(['"', '\'', '}', ')', '`'])
        || (!word.is_empty() && word == line && word.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
}

/// Line ranges without the line feed, but with a carriage return where there is one.
fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        ranges.push(start..start + line.strip_suffix('\n').unwrap_or(line).len());
        start += line.len();
    }
    ranges
}

fn ends_in_continuation(line: &str) -> bool {
    let backslashes = line.bytes().rev().take_while(|&b| b == b'\\').count();
    backslashes % 2 == 1
}

fn completeness(text: &str) -> Completeness {
    if ends_in_continuation(text) {
        return Completeness::Incomplete;
    }
    if too_deep(text) {
        return Completeness::Wrong;
    }
    match parse_program(text) {
        Ok(_) => Completeness::Complete,
        Err(Some(ParseError::ParsingAtEndOfInput)) => Completeness::Incomplete,
        Err(Some(ParseError::Tokenizing { inner, .. })) if inner.is_incomplete() => Completeness::Incomplete,
        Err(_) => Completeness::Wrong,
    }
}

/// Whether brackets nest deeper than the grammar is asked to follow. Quoting is ignored: a wrong "yes"
/// only makes a strange command one that has to be edited before it runs.
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

/// Parses `text`; `None` as the error stands for a panic of the parser, which is no reason for ours.
pub(super) fn parse_program(text: &str) -> Result<brush_parser::ast::Program, Option<ParseError>> {
    // The grammar wants something between the semicolons of the endless `for`.
    let text = text.replace("((;;))", "((1;1;1))");
    let attempt = std::panic::catch_unwind(|| {
        Parser::new(std::io::Cursor::new(text.as_bytes()), &ParserOptions::default()).parse_program()
    });
    match attempt {
        Ok(parsed) => parsed.map_err(Some),
        Err(_) => Err(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, expected: &[&str]) {
        let found: Vec<&str> = split(script)
            .into_iter()
            .filter(|p| p.kind == PieceKind::Command { parses: true })
            .map(|p| &script[p.span])
            .collect();
        assert_eq!(found, expected, "in {script:?}");
    }

    #[test]
    fn one_command_a_line_with_comments_between() {
        check("# first\nls -l\n\n  df -h # disk\n", &["ls -l", "df -h # disk"]);
    }

    #[test]
    fn continuation_pipeline_and_list_stay_whole() {
        check("a \\\n  -b \\\n  c\nd |\n e && \\\nf\ng\n", &["a \\\n  -b \\\n  c", "d |\n e && \\\nf", "g"]);
    }

    #[test]
    fn loops_functions_and_conditions_stay_whole() {
        check("for x in 1 2\ndo\n  echo $x\ndone\nls", &["for x in 1 2\ndo\n  echo $x\ndone", "ls"]);
        check("f() {\n  echo a\n}\nf", &["f() {\n  echo a\n}", "f"]);
        check("if a; then\n  # why\n  b\nelse\n  c\nfi", &["if a; then\n  # why\n  b\nelse\n  c\nfi"]);
        check(
            "while true; do\n  clear\n  sleep 3 # five\ndone",
            &["while true; do\n  clear\n  sleep 3 # five\ndone"],
        );
    }

    #[test]
    fn heredocs_and_quotes_over_lines_stay_whole() {
        check("cat <<EOF\nDROP TABLE x;\nEOF\nls", &["cat <<EOF\nDROP TABLE x;\nEOF", "ls"]);
        check("cat <<A; echo b\nbody\nA\nls", &["cat <<A; echo b\nbody\nA", "ls"]);
        check("curl -d '{\n  \"a\": 1\n}'\nls", &["curl -d '{\n  \"a\": 1\n}'", "ls"]);
    }

    #[test]
    fn what_does_not_parse_is_one_command_and_hides_nothing_after_it() {
        let script = "ls )\npwd";
        let kinds: Vec<_> = split(script).into_iter().map(|p| (p.kind, &script[p.span])).collect();
        assert_eq!(
            kinds,
            [(PieceKind::Command { parses: false }, "ls )"), (PieceKind::Command { parses: true }, "pwd")]
        );
    }

    #[test]
    fn an_unclosed_quote_takes_the_rest() {
        let script = "echo 'a\nls\n";
        assert_eq!(split(script), [Piece { span: 0..10, kind: PieceKind::Command { parses: false } }]);
    }

    #[test]
    fn deep_nesting_ends_in_time() {
        let script = format!("{}{}", "(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(split(&script).len(), 1);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

        #[test]
        fn spans_and_the_text_between_give_back_the_script(script in "[a-z#'\"\\\\ \n$(){}<>|&;é]{0,80}") {
            let mut rebuilt = String::new();
            let mut at = 0;
            for piece in split(&script) {
                let between = &script[at..piece.span.start];
                proptest::prop_assert!(between.trim().is_empty(), "text between pieces: {between:?}");
                rebuilt.push_str(between);
                rebuilt.push_str(&script[piece.span.clone()]);
                at = piece.span.end;
            }
            rebuilt.push_str(&script[at..]);
            proptest::prop_assert_eq!(rebuilt, script);
        }
    }
}
