//! Signs of a failure that the exit status does not tell: an earlier part of a pipeline, a line in which a program
//! complains. They count whether or not the document expects anything.

use super::evidence::Evidence;
use super::judgement::Judgement;
use super::source::{is_diff, is_grep, reads_log, simples};
use super::table;
use super::text::excerpt;
use crate::shell::classify::unwrapped;
use crate::shell::{Simple, stages};

/// What is claimed of every command.
pub const NO_ERROR: &str = "no error in the output, exit status 0";
/// What is claimed of every pipeline.
pub const EVERY_PART: &str = "every part of the command succeeded";

/// What ends a part whose reader has had enough: SIGPIPE (signal(7)), and what Python exits with then.
const HAD_ENOUGH: [i32; 2] = [141, 120];

/// Says that a part before the last one failed although the command ended with 0, where that is so.
pub fn part_failed(evidence: &Evidence<'_>) -> Option<Judgement> {
    let observed = failed_part(evidence).filter(|_| evidence.exit.is_success())?;
    let why = "an earlier part of the command failed, and the exit status is that of its last";
    Some(Judgement { observed, ..Judgement::eyes(why) })
}

/// The first part before the last one that failed: otherwise than by a reader that had enough, and than by finding
/// nothing or a difference, which is an answer.
fn failed_part(evidence: &Evidence<'_>) -> Option<String> {
    let (_, earlier) = evidence.stages.split_last()?;
    let fits = |parts: &Vec<Simple>| parts.len() == evidence.stages.len();
    let known =
        simples(evidence).filter(fits).or_else(|| last_pipeline(evidence.text, fits)).unwrap_or_default();
    let broken = ["Broken pipe", "BrokenPipe", "EPIPE"].iter().any(|w| evidence.error.contains(w));
    let left = broken && known.last().is_some_and(stops_reading);
    earlier.iter().enumerate().find_map(|(at, status)| {
        let part = known.get(at);
        let answers = *status == 1 && part.is_some_and(|p| is_diff(p) || finds(p));
        let well = *status == 0 || answers || left || HAD_ENOUGH.contains(status);
        let name = || part.map_or_else(|| format!("part {}", at + 1), |p| p.program().to_owned());
        (!well).then(|| format!("{} ended with {status}", name()))
    })
}

/// The parts of the last pipeline of a list that may have ended so: of `cd app && ps aux | grep web | wc -l`, three.
fn last_pipeline(text: &str, fits: impl Fn(&Vec<Simple>) -> bool) -> Option<Vec<Simple>> {
    let lists = text.split([';', '\n']).flat_map(|list| list.split("&&")).flat_map(|list| list.split("||"));
    let pipelines = lists.filter_map(|piece| {
        let opened = ["do ", "then ", "else ", "{ ", "! "]
            .iter()
            .fold(piece.trim(), |rest, word| rest.strip_prefix(word).map_or(rest, str::trim_start));
        Some(stages(opened)?.iter().map(unwrapped).collect::<Vec<Simple>>())
    });
    pipelines.filter(fits).last()
}

/// Whether a part before the last one failed.
pub(super) fn failed_before(evidence: &Evidence<'_>) -> bool {
    failed_part(evidence).is_some()
}

/// Programs that say with 1 that there is none.
fn finds(simple: &Simple) -> bool {
    is_grep(simple) || matches!(simple.program(), "pgrep" | "pidof" | "lsof" | "fuser")
}

fn stops_reading(simple: &Simple) -> bool {
    match simple.program() {
        "head" | "less" | "more" => true,
        "sed" | "awk" => simple.args().iter().any(|a| a.ends_with('q') || a.contains("exit")),
        _ => is_grep(simple) && (simple.has_short('q') || simple.has_short('m')),
    }
}

/// Says that there are error lines although the exit status is 0, where there are any.
pub fn errors_at_success(evidence: &Evidence<'_>) -> Option<Judgement> {
    let line = error_line(evidence).filter(|_| evidence.exit.is_success())?;
    Some(Judgement {
        observed: excerpt(line),
        ..Judgement::eyes("the output reports an error although the exit status is 0")
    })
}

/// The first line that tells of an error.
fn error_line<'e>(evidence: &Evidence<'e>) -> Option<&'e str> {
    // What only shows what others wrote complains on standard error.
    let first = simples(evidence).and_then(|simples| simples.into_iter().next());
    let shows = first.is_some_and(|first| SHOWS.contains(&first.program()) || reads_log(evidence));
    let logged = |line: &str| !table::is_header(line) && is_logged(line);
    let mut output = evidence.output.unwrap_or("").lines();
    let told = evidence.error.lines().find(|line| logged(line) || is_complaint(line));
    told.or_else(|| output.find(|line| logged(line) || !shows && is_complaint(line)))
}

/// Whether a line tells of an error.
pub(super) fn tells_error(line: &str) -> bool {
    !table::is_header(line) && is_logged(line) || is_complaint(line)
}

/// Whether all that a line says of errors and the like is that there are none: "0 errors", "failed: 0".
pub(super) fn counts_none(lower: &str) -> bool {
    let split = lower.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '/'));
    let words: Vec<&str> = split.filter(|w| !w.is_empty()).collect();
    let trouble = |w: &str| {
        ["err", "fail", "exception", "warn", "fatal", "crit", "panic"].iter().any(|t| w.starts_with(t))
    };
    let none =
        |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|w| NONE.contains(w) && *w != "ok");
    let mut told = words.iter().enumerate().filter(|(_, w)| trouble(w)).peekable();
    told.peek().is_some() && told.all(|(at, _)| none(at.checked_sub(1)) || none(Some(at + 1)))
}

/// Programs that show files.
const SHOWS: &[&str] =
    &["cat", "git", "grep", "egrep", "rg", "sed", "awk", "head", "less", "more", "jq", "yq"];

/// Whether a line has the level of an error, as logs and databases write it.
fn is_logged(line: &str) -> bool {
    let line = line.trim_start();
    // psql:file.sql:3: ERROR: …
    let line =
        line.strip_prefix("psql:").and_then(|rest| rest.split_once(": ")).map_or(line, |(_, rest)| rest);
    let split = line.split(|c: char| c.is_whitespace() || "[]():,|".contains(c));
    let words: Vec<&str> = split.filter(|w| !w.is_empty()).collect();
    let level = |w: &str| matches!(w, "ERROR" | "FATAL" | "PANIC" | "level=error" | "level=fatal");
    // "0 ERROR, 2 WARN" and "ERROR: 0" count them.
    let none = |w: Option<&&str>| w.is_some_and(|w| NONE.contains(&w.to_lowercase().as_str()));
    let counted = |at: usize| {
        let last = words.get(at + 2).is_none_or(|w| w.chars().all(|c| c.is_ascii_uppercase()));
        at.checked_sub(1).is_some_and(|at| none(words.get(at))) || last && none(words.get(at + 1))
    };
    words.iter().enumerate().any(|(at, word)| level(word) && !counted(at))
}

/// What says that there is none.
const NONE: &[&str] = &["0", "no", "none", "zero", "without", "null", "nil", "false", "n/a", "-", "ok", ""];

/// How programs begin to complain; each is the beginning of a line.
const BEGINNINGS: &[&str] = &[
    "Traceback (most recent call last)",
    "Error response from daemon",
    "error during connect",
    "npm ERR!",
    "npm error ",
    "Exception in thread ",
    "Unhandled exception",
    "Uncaught ",
    "Segmentation fault",
    "zsh: command not found",
];

/// Whether a program complains in a line: `error: …`, `git: fatal: …`, `bash: line 1: foo: command not found`.
fn is_complaint(line: &str) -> bool {
    // As terraform and others frame it.
    let line = line.trim_end().trim_start_matches(|c: char| c.is_whitespace() || "│╷╵×✗✖❌•".contains(c));
    let shell = || ["sh: ", "bash: ", "dash: ", "/bin/sh: "].iter().any(|shell| line.contains(shell));
    if line.ends_with(": command not found") || line.ends_with(": not found") && shell() {
        return true;
    }
    if line.contains("' panicked at ") {
        return true;
    }
    // Behind the names of programs and places: `git: …`, `bash: line 1: …`.
    let mut rest = line;
    for _ in 0..3 {
        if BEGINNINGS.iter().any(|begins| rest.starts_with(begins)) {
            return true;
        }
        let Some((name, said)) = rest.split_once(": ") else { return false };
        if is_error(name) {
            let said = said.trim().trim_matches(['"', '\'', '[', ']']).to_lowercase();
            return !NONE.contains(&said.as_str());
        }
        if name.contains(char::is_whitespace) && !name.starts_with("line ") {
            return false;
        }
        rest = said;
    }
    false
}

/// A word that what follows is an error by: `error`, `error[E0308]`.
fn is_error(name: &str) -> bool {
    let word = name.split('[').next().unwrap_or(name).to_lowercase();
    matches!(word.as_str(), "error" | "fatal" | "fatal error" | "panic" | "critical")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::run::event::Exit;
    use crate::run::verdict::Freshness;

    fn ended<'e>(text: &'e str, stages: &'e [i32], output: &'e str, error: &'e str) -> Evidence<'e> {
        Evidence {
            text,
            exit: Exit::Status(stages.last().copied().unwrap_or(0)),
            stages,
            elapsed: Duration::from_millis(5),
            output: Some(output),
            whole: true,
            merged: false,
            error,
            services: None,
            siblings: &[],
            fresh: Freshness::Any,
        }
    }

    #[test]
    fn an_earlier_part_that_failed_is_told_whatever_the_last_ended_with() {
        for (text, stages, seen) in [
            ("pg_dump app | gzip > b.sql.gz", &[1, 0][..], "pg_dump ended with 1"),
            ("sudo make deploy 2>&1 | tee deploy.log", &[2, 0], "make ended with 2"),
            ("curl -sf http://h/v | jq . | tee v", &[22, 0, 0], "curl ended with 22"),
            ("cat list | grep x | xargs kill", &[0, 2, 0], "grep ended with 2"),
            ("{ a; b; } | c && d | e", &[3, 0], "d ended with 3"),
            ("{ a; b; } | c", &[3, 0], "part 1 ended with 3"),
            ("cd /b && pg_dump app | gzip > b.sql.gz", &[1, 0], "pg_dump ended with 1"),
            ("psql -c 'select 1' | gzip > x", &[1, 0], "psql ended with 1"),
        ] {
            let judged = part_failed(&ended(text, stages, "", "")).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(judged.observed, seen, "{text}");
        }
    }

    #[test]
    fn a_reader_that_had_enough_and_an_answer_are_no_failure() {
        for (text, stages, error) in [
            ("seq 100000 | head -1", &[141, 0][..], ""),
            ("python3 list.py | head -1", &[120, 0], "BrokenPipeError: [Errno 32] Broken pipe\n"),
            ("node list.js | grep -q ready", &[1, 0], "Error: write EPIPE\n"),
            ("ps aux | grep nothing | awk '{print $2}'", &[0, 1, 0], ""),
            ("pgrep -f worker | xargs -r kill", &[1, 0], ""),
            ("cd app; for p in 1; do ps aux | grep nothing | wc -l; done", &[0, 1, 0], ""),
            ("git diff --exit-code | cat", &[1, 0], ""),
            ("false", &[1], ""),
            ("a | b", &[0, 0], ""),
            // Its exit status tells.
            ("a | b", &[1, 1], ""),
        ] {
            assert_eq!(part_failed(&ended(text, stages, "", error)), None, "{text}");
        }
        let lost =
            ended("pg_dump app | gzip > b", &[1, 0], "", "pg_dump: error: could not send: Broken pipe\n");
        assert!(part_failed(&lost).is_some(), "gzip reads to the end");
    }

    #[test]
    fn programs_that_complain_are_heard() {
        for line in [
            "ERROR:  relation \"x\" already exists",
            "psql:m.sql:3: ERROR:  relation \"x\" already exists",
            "2026-11-25 02:00:00 [FATAL] no space left",
            "error: failed to push some refs to 'origin'",
            "fatal: not a git repository",
            "pg_dump: error: connection to server failed",
            "Error: INSTALLATION FAILED: timed out",
            "│ Error: Invalid resource type",
            "error[E0308]: mismatched types",
            "docker: Error response from daemon: No such image",
            "Error response from daemon: conflict",
            "bash: line 1: kubectl: command not found",
            "bash: kubectl: command not found",
            "/bin/sh: 1: kubectl: not found",
            "Traceback (most recent call last):",
            "npm ERR! code ENOENT",
            "panic: runtime error: index out of range",
            "thread 'main' panicked at src/main.rs:3:5:",
        ] {
            assert!(errors_at_success(&ended("./deploy", &[0], line, "")).is_some(), "output: {line}");
            assert!(errors_at_success(&ended("./deploy", &[0], "", line)).is_some(), "errors: {line}");
            assert!(errors_at_success(&ended("./deploy", &[2], line, "")).is_none(), "it failed: {line}");
        }
    }

    #[test]
    fn what_only_speaks_of_errors_is_no_complaint() {
        for line in [
            "0 errors, 0 warnings",
            "12 passed, 0 errors",
            "ERROR: 0",
            "error: none",
            "Error: null",
            "error: 0",
            "error: []",
            "INFO 12, WARN 3, ERROR 0, FATAL 0",
            "Checks: 12 OK, 0 WARNING, 0 ERROR",
            "no ERROR was found",
            "\"error\": null,",
            "  \"errors\": []",
            "ON_ERROR_STOP is set",
            "on_error: continue",
            "error_log = /var/log/nginx/error.log",
            "the error handling was improved: error: is a prefix",
            "ID  NAME  ERROR  STATE",
            "user not found: none",
            "Compiling thiserror v2.0.1",
        ] {
            let judged = errors_at_success(&ended("./deploy", &[0], line, line));
            assert_eq!(judged, None, "{line}");
        }
        let shown = "error: could not connect";
        assert!(errors_at_success(&ended("./pull; ./push || true", &[0], shown, "")).is_some(), "of several");
        assert_eq!(errors_at_success(&ended("cat notes.txt", &[0], shown, "")), None, "it shows a file");
        assert!(errors_at_success(&ended("cat notes.txt", &[0], "", shown)).is_some(), "it complains");
    }
}
