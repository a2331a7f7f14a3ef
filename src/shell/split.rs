//! Splits a script into top-level commands and comments, where bash itself would.

use std::ops::Range;

mod cond;
mod found;
mod heads;
mod lex;
mod list;
mod row;
mod scan;
mod token;

pub(super) use found::{Found, Raw};
pub(super) use lex::assignment;
pub(super) use scan::scan;
pub(super) use token::End;

/// The words of a text that is one command, as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words of all its simple commands, options and quoted ones included, assignments and targets left out.
    pub words: Vec<String>,
    /// How many simple commands it has.
    pub commands: usize,
    /// Whether one of them reads from or writes to somewhere else.
    pub redirects: bool,
}

/// The words of a text; nothing where bash does not take it as one command.
pub fn words_of(text: &str) -> Option<Words> {
    let start = text.len() - text.trim_start().len();
    let steps = text.len().saturating_mul(STEPS_A_BYTE).saturating_add(STEPS_ANYWAY);
    let scanned = scan(text, start, steps);
    let End::Complete(end) = scanned.end else { return None };
    if !text.get(end..).unwrap_or("").trim().is_empty() {
        return None;
    }
    let simples = &scanned.found.simples;
    let words = simples.iter().flat_map(|s| &s.words).filter_map(|at| text.get(at.clone()));
    Some(Words {
        words: words.map(str::to_owned).collect(),
        commands: simples.len(),
        redirects: simples.iter().any(|s| s.reads.is_some() || !s.writes.is_empty()),
    })
}

/// The variable that a word sets: `A=1`, `A+=1`, `A[2]=1`.
pub fn assigned(word: &str) -> Option<&str> {
    assignment(word).map(|(name, _)| name)
}

/// How many steps each byte of a script may cost. What bash takes costs a few; a text that is wrong in many
/// places far apart costs more, and what is left when the budget is spent is one command that does not parse.
const STEPS_A_BYTE: usize = 64;

/// How many steps any script may cost.
const STEPS_ANYWAY: usize = 100_000;

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

/// Splits `script` into commands and comment lines, in order.
///
/// 1. A command ends where bash closes it: its here-documents, loops, quotes and brackets are a part of it.
/// 2. A line that bash does not take is one command that does not parse, with its continuation lines.
/// 3. What stays open to the end is one command that does not parse.
pub fn split(script: &str) -> Vec<Piece> {
    let lines = line_ranges(script);
    let mut budget = script.len().saturating_mul(STEPS_A_BYTE).saturating_add(STEPS_ANYWAY);
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(range) = lines.get(at) {
        let line = script.get(range.clone()).unwrap_or("");
        let start = range.start + (line.len() - line.trim_start().len());
        if line.trim().is_empty() {
            at += 1;
        } else if line.trim_start().starts_with('#') {
            pieces.push(Piece { span: start..range.start + line.trim_end().len(), kind: PieceKind::Comment });
            at += 1;
        } else {
            let (last, parses) = command_end(script, (&lines, at), start, &mut budget);
            let end = lines.get(last).map_or(script.len(), |line| line.end);
            pieces.push(Piece { span: trimmed(script, start..end), kind: PieceKind::Command { parses } });
            at = last + 1;
        }
    }
    pieces
}

/// Finds the last line of the command that starts at byte `start` of line `first`.
fn command_end(
    script: &str,
    (lines, first): (&[Range<usize>], usize),
    start: usize,
    budget: &mut usize,
) -> (usize, bool) {
    if *budget == 0 {
        return (lines.len() - 1, false);
    }
    let scanned = scan(script, start, *budget);
    *budget = budget.saturating_sub(scanned.steps);
    match scanned.end {
        End::Complete(end) => (lines.partition_point(|line| line.start < end).max(first + 1) - 1, true),
        End::Wrong => (continued(script, lines, first), false),
        End::Open => (lines.len() - 1, false),
    }
}

/// The span without blanks at its end; a blank that a backslash makes a word stays.
fn trimmed(script: &str, span: Range<usize>) -> Range<usize> {
    let text = script.get(span.clone()).unwrap_or("");
    let short = text.trim_end();
    let escaped = ends_in_continuation(short);
    let kept = text.get(short.len()..).and_then(|rest| rest.chars().next());
    let kept = kept.filter(|c| escaped && !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    span.start..span.start + short.len() + kept
}

/// The last line that a chain of trailing backslashes joins to line `first`.
fn continued(script: &str, lines: &[Range<usize>], first: usize) -> usize {
    let mut last = first;
    while last + 1 < lines.len()
        && lines.get(last).and_then(|line| script.get(line.clone())).is_some_and(ends_in_continuation)
    {
        last += 1;
    }
    last
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
        for (open, close) in
            [("(", ")"), ("((", "))"), ("$(", ")"), ("${", "}"), ("{ ", "; }"), ("\"$(", ")\"")]
        {
            let script = format!("{}a{}", open.repeat(10_000), close.repeat(10_000));
            assert_eq!(split(&script).len(), 1, "{open}");
        }
        assert_eq!(split(&"(\n".repeat(5_000)).len(), 1);
        for open in ["time ((", "{ ((", "case x in a) ", "if ", "while ", "if x; then ", "for x in y; do "] {
            for times in [14, 22, 1_600, 10_000] {
                assert_eq!(split(&open.repeat(times)).len(), 1, "{open} {times} times");
            }
        }
        let wrong = format!("{};;", "{ ls\n".repeat(3_000));
        assert!(split(&wrong).iter().all(|p| p.kind == PieceKind::Command { parses: false }));
    }

    #[test]
    fn what_only_bash_reads_is_one_command_to_where_bash_closes_it() {
        for command in [
            "teardown() {\n  level=$(case $1 in prod) echo 1;; *) echo 2;; esac)\n  rm -f victim3\n}",
            "MODE=$(\ncase $1 in\nprod*) echo keep;;\n*) rm -f victim; echo gone;;\nesac\n)",
            "cleanup() {\n  select x in stop keep; do break; done\n  rm -f victim\n}",
            "classify() {\n  while read -r x; do\n    rm -f $x\n  done {cpp}>file\n}",
            "for i in a b; {\n  echo $i\n}",
            "for ((i=4;;i--)); do\n  rm -f $i\ndone",
            "text=$(cat <<EOF\na 'b\nEOF\n)",
            "text=$(cat <<E\nrm -f x\nE )",
            "text=$(cat <<E)\nrm -f x\nE",
            "text=\"$(cat <<'E'\nit's\nE\n)\"",
            "p=\"${line##*([}\"",
            "A=(\n  one # first\n  'two three'\n)",
            "cat <<A <<-'B' |\na\nA\n\t$(\n\tB\n  sort",
            "cat <<X &\nrm -f x\nX",
            "if cat <<E\nfi\nE\nthen\n  ls\nfi",
            "echo a |\n\n# then\nsort",
            "echo `echo \"\\`\"`",
            "[[ a[7<(4)] ]]",
            "[[ -n $x\n  && $y =~ ^(a|b)$ ]]",
            "function f\n{\n  ls\n}",
            "f() case $1 in\n  a) rm -f x ;;\nesac",
            "coproc A {\n  cat\n}",
            "((ls) |\n  cat)",
            "shopt -s extglob; rm -f !(keep|@(a|b))",
            "ls 99999999999<in",
        ] {
            check(&format!("{command}\nls -l\n"), &[command, "ls -l"]);
        }
    }

    #[test]
    fn words_are_reserved_only_where_a_command_begins() {
        check("echo if then\nls", &["echo if then", "ls"]);
        check("echo case x in a)", &[]);
        check("make done\nls", &["make done", "ls"]);
        check("\\if\n'for' x\n", &["\\if", "'for' x"]);
        check("echo { a\nls }", &["echo { a", "ls }"]);
    }

    #[test]
    fn what_bash_does_not_take_reaches_as_far_as_its_line() {
        for wrong in [
            "ls )",
            "fi",
            ";;",
            "done",
            "}",
            "{ }",
            "()",
            "ls | | wc",
            "ls && ; ls",
            "echo (a)",
            "A=(a;b)",
            "f() ls",
            "&& ls",
            "> ",
            "ls & & wc",
            "case x in a b) ls;; esac",
            "[[ a b ]]",
            "ls | ! wc",
            "for x in a; do ; done",
        ] {
            let script = format!("{wrong}\npwd");
            let found = split(&script);
            assert_eq!(found.len(), 2, "{wrong}");
            assert_eq!(found[0].kind, PieceKind::Command { parses: false }, "{wrong}");
        }
        check("echo a # not joined \\\nls", &["echo a # not joined \\", "ls"]);
        check("touch a\\ \nls", &["touch a\\ ", "ls"]);
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
