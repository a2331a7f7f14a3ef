//! What differs from a bash that is typed into, and why: each row is tried, and the table is that of the docs.

use std::fmt::Write;
use std::path::PathBuf;

use gonogo::run::Exit;

use super::super::place::Shell;

/// A difference: what is typed, what a terminal's bash does, what gonogo does, why, and whether it does.
struct Row {
    typed: &'static str,
    bash: &'static str,
    gonogo: &'static str,
    why: &'static str,
    holds: fn() -> bool,
}

fn output(commands: &[&str]) -> String {
    let mut shell = Shell::start();
    let mut last = String::new();
    for command in commands {
        last = shell.shows(command).1.output;
    }
    last
}

const ROWS: &[Row] = &[
    Row {
        typed: "`history`, `!!`",
        bash: "a history, and its signs are expanded",
        gonogo: "neither",
        why: "what was seen is what runs, to the letter",
        holds: || {
            output(&["echo one", "history | wc -l"]).trim() == "0" && output(&["echo \"a!!b\""]) == "a!!b\n"
        },
    },
    Row {
        typed: "`exec < file`",
        bash: "reads its next commands from the file",
        gonogo: "gives the file to the commands that follow",
        why: "nothing runs that nobody saw",
        holds: || output(&["printf 'echo no\\n' > f", "exec < f", "cat"]) == "echo no\n",
    },
    Row {
        typed: "a mistake of syntax in a text of several lines",
        bash: "skips that line and runs the others",
        gonogo: "runs nothing of it",
        why: "the text is one thing, seen as a whole",
        holds: || {
            let mut shell = Shell::start();
            let (exit, shown) = shell.shows("if true\n)\necho inside");
            !exit.is_success() && shown.output.is_empty()
        },
    },
    Row {
        typed: "`exit`, `set -e` and a failure",
        bash: "the terminal is gone",
        gonogo: "the next command gets a new shell with variables, functions, aliases, directory stack, options, traps, `umask` and parameters; jobs, descriptors, `set -e` and the EXIT trap are lost, which is said. Behind `exit 0` the rest of its block is left out",
        why: "a run outlives its shell",
        holds: || {
            output(&["A=kept; umask 027; set -- x y; readonly R=1", "exit 3", "echo $A $(umask) $2 $R"])
                == "kept 0027 y 1\n"
        },
    },
    Row {
        typed: "`PS1=…`, `PROMPT_COMMAND=…`",
        bash: "shows the prompt",
        gonogo: "shows none, and runs the command",
        why: "the prompt is how the end of a command is known",
        holds: || output(&["PS1='look> '", "PROMPT_COMMAND='echo pc'", "echo a"]) == "a\npc\n",
    },
    Row {
        typed: "`set -r`",
        bash: "tells statuses",
        gonogo: "a restricted shell can't tell them: they are unknown, which is no pass",
        why: "it may open no file to write",
        holds: || {
            let mut shell = Shell::start();
            shell.shows("set -r");
            shell.shows("true").0 == Exit::Unknown
        },
    },
    Row {
        typed: "`PAGER` and its like",
        bash: "pages",
        gonogo: "is `cat`",
        why: "all of an output is recorded",
        holds: || output(&["echo $PAGER $GIT_PAGER $PSQL_PAGER \"[$SYSTEMD_PAGER]\""]) == "cat cat cat []\n",
    },
    Row {
        typed: "what asks, with nobody there",
        bash: "waits",
        gonogo: "finds the end of its input, also at `/dev/tty`; what sets the terminal up for keys is interrupted after a few seconds",
        why: "an unattended run must not wait for ever",
        holds: || {
            let mut shell = Shell::start();
            shell.unattended("read x < /dev/tty; echo \"$?\"").1.output == "1\n"
        },
    },
    Row {
        typed: "a command of an unattended run, or one that takes the keyboard, that opens no descriptor itself",
        bash: "descriptor 10 is free while it runs",
        gonogo: "bash keeps one of its own there meanwhile",
        why: "its input is `/dev/null`, its errors are on its screen",
        holds: || {
            let mut shell = Shell::start();
            shell.unattended("test -t 0; echo $?").1.output == "1\n"
        },
    },
];

/// Prints the table with `cargo test --test real differs -- --nocapture`; fails where the docs have another.
#[test]
fn what_differs_is_what_the_docs_say() {
    let mut table = String::from("| typed | in bash | in gonogo | why |\n|---|---|---|---|\n");
    for row in ROWS {
        assert!((row.holds)(), "it is not so: {}", row.typed);
        writeln!(table, "| {} | {} | {} | {} |", row.typed, row.bash, row.gonogo, row.why).unwrap();
    }
    println!("{table}");
    let docs =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reading.md")).unwrap();
    assert!(docs.contains(table.trim()), "docs/reading.md has another table; this is it:\n{table}");
}
