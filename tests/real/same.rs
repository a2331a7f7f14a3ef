//! A fence run command by command gives what the same fence gives when it is pasted into an interactive bash:
//! output, statuses and end state. The oracle is bash itself, on a terminal.

#![expect(clippy::disallowed_methods, reason = "the oracle is a bash of the test's own")]

mod differs;
mod folder;
mod kinds;
mod typed;

use std::process::Command;

use gonogo::run::Exit;
use gonogo::shell::{PieceKind, split};

use super::place::Shell;
use typed::{Came, pasted};

/// A script's commands as bash has them typed, and as gonogo runs them, side by side.
struct Sides {
    script: String,
    bash: Vec<Came>,
    gonogo: Vec<Came>,
}

impl Sides {
    fn of(script: &str, commands: &[String]) -> Self {
        let mut shell = Shell::start();
        let there = tempfile::tempdir().unwrap();
        let here = shell.directory().display().to_string();
        let bash = pasted(commands, there.path());
        let gonogo = one_by_one(commands, &mut shell);
        let there = there.path().display().to_string();
        let plain = |came: Vec<Came>, place: &str| came.into_iter().map(|c| c.plain(place)).collect();
        Self { script: script.to_owned(), bash: plain(bash, &there), gonogo: plain(gonogo, &here) }
    }

    /// The first command that came to something else, with both.
    fn difference(&self, commands: &[String]) -> Option<String> {
        let differs = (0..self.bash.len().max(self.gonogo.len()))
            .find(|at| self.bash.get(*at) != self.gonogo.get(*at))?;
        let command = commands.get(differs).map_or("", String::as_str);
        Some(format!(
            "at {command}\n   bash: {:?}\n gonogo: {:?}\n     in: {}",
            self.bash.get(differs),
            self.gonogo.get(differs),
            self.script
        ))
    }
}

/// Run one by one as gonogo does; a shell that ends ends it, as a terminal would be gone.
fn one_by_one(commands: &[String], shell: &mut Shell) -> Vec<Came> {
    let mut came = Vec::new();
    for command in commands {
        let (exit, shown) = shell.shows(command);
        let (status, ended) = match exit {
            Exit::Status(status) => (status, false),
            Exit::ShellEnded(status) => (status, true),
            other => panic!("{command}: {other:?}"),
        };
        came.push(Came { status, ended, output: shown.output, error: shown.error });
        if ended {
            break;
        }
    }
    came
}

fn commands(script: &str) -> Vec<String> {
    let pieces = split(script).into_iter();
    pieces
        .inspect(|p| assert!(p.kind != PieceKind::Command { parses: false }, "{script}"))
        .filter(|p| p.kind != PieceKind::Comment)
        .map(|p| script[p.span].to_owned())
        .collect()
}

/// The end state, printed by the shell itself.
const END_STATE: &str = "pwd; for v in A B C N LIST MAP; do declare -p \"$v\" 2>/dev/null; done; alias; declare -f greet twice; \
    set +o | grep -E 'errexit|nounset|pipefail|noglob'; shopt nullglob; umask; trap -p | grep -v EXIT; jobs -r";

fn the_same(script: &str) {
    let mut all = commands(script);
    all.push(END_STATE.into());
    let sides = Sides::of(script, &all);
    if let Some(difference) = sides.difference(&all) {
        panic!("{difference}");
    }
}

#[test]
fn scripts_of_every_kind_come_to_the_same_as_pasted() {
    for script in [
        "# loops\nfor x in 1 2 3; do\n  echo \"n $x\"\ndone\nN=0\nwhile (( N < 3 )); do\n  N=$((N + 1))\ndone\necho $N\nuntil [ $N -eq 0 ]; do N=$((N - 1)); done",
        "greet() {\n  local who=${1:-you}\n  echo \"hello $who\"\n  return 3\n}\ngreet ada\necho $?\ntwice() { \"$@\"; \"$@\"; }\ntwice echo x",
        "cat <<EOF\na $HOME b\nEOF\ncat <<'EOF' | tr a-z A-Z\nno $HOME\nEOF\ncat <<-EOF\n\tindented\n\tEOF\nread -r A B <<< \"one two\"\necho \"$B $A\"",
        "printf 'b\\na\\n' | sort | head -1\nfalse | true\necho \"${PIPESTATUS[@]}\"\nfalse | true | (exit 3)\necho $? \"${PIPESTATUS[@]}\"\ntrue\necho \"${PIPESTATUS[@]}\"",
        "set -o pipefail\nfalse | true\necho $?\nset +o pipefail\n! false\necho $?\n(exit 9)\necho $?",
        "LIST=(a 'b c' d)\nLIST+=(e)\necho \"${#LIST[@]} ${LIST[1]}\"\ndeclare -A MAP=([x]=1 [y]=2)\necho \"${MAP[y]}\"\nunset 'LIST[0]'",
        "case $HOME in\n  /*) echo root ;;\n  *) echo other ;;\nesac\nif [[ $HOME == /* && -d $HOME ]]; then\n  echo there\nelse\n  echo gone\nfi",
        "(cd / && pwd; A=inner)\necho \"${A-unset}\"\nmkdir -p sub/dir\ncd sub\npwd\ncd dir\ncd - \npushd dir >/dev/null\ndirs -p | wc -l\npopd >/dev/null",
        "export A=1\nbash -c 'echo $A'\nB=2 bash -c 'echo $B'\necho \"${B-no}\"\nprintf 'C=3\\nexport C\\n' > vars\nsource vars\nbash -c 'echo $C'",
        "shopt -s expand_aliases\nalias ll='echo listed'\nll here\nunalias ll\nalias gone 2>/dev/null || echo none",
        "sleep 0.05 &\nA=$!\nwait $A\necho waited $?\nunset A\n(exit 4) &\nwait $!\necho $?\nsleep 30 &\nkill %1; wait %1 2>/dev/null; echo $?",
        "exec 3> out.txt\necho three >&3\nexec 3>&-\ncat out.txt\nexec 4< out.txt\nread -r A <&4\necho $A\nexec 4<&-\ncat < out.txt > copy.txt\nwc -l < copy.txt",
        "diff <(echo a) <(echo b)\necho $?\ntee >(cat > teed) <<< x >/dev/null\nset -u\necho ${NOT_THERE:-default}\nset +u",
        "A=$(printf 'x\\ny')\necho \"$A\"\nB=`echo back`\necho $B\necho $((7 % 4)) $((2 ** 5))\nA=5\n((A++))\necho $A\nlet A+=2\necho $A",
        "trap 'echo hup' HUP\nkill -HUP $$\necho after\ntrap - HUP\numask 027\numask",
        "set -- one two three\necho $# $2\nshift\necho $1\nset --\necho $#",
        "echo a && echo b || echo c\nfalse && echo no || echo yes\ntrue; false; echo $?\n{ echo grouped; echo too; } | wc -l",
        "time true 2>/dev/null\ncommand -v ls >/dev/null && echo has\ntype greet 2>/dev/null || echo 'no greet'\nbuiltin echo built\n\\echo plain",
        "echo 'single $A' \"double \\\"q\\\"\" $'ansi\\tc'\necho \"a   b\"  c\necho *.none\nshopt -s nullglob\necho *.none\necho {1..3} {a,b}x\necho \"é 日本\"",
        "false\ntrue\nA=1 B=2\nreadonly R=5\necho $R\nunset A\necho \"[${A}]\"\n: ${B:=9}\necho $B\necho \"${B/2/x}\" \"${#B}\" \"${B^^}\"",
    ] {
        the_same(script);
    }
}

#[test]
fn a_pipeline_tells_what_each_of_its_stages_ended_with() {
    let mut shell = Shell::start();
    let (exit, shown) = shell.shows("false | (exit 3) | cat");
    assert_eq!((exit, shown.stages.as_slice()), (Exit::Status(0), [1, 3, 0].as_slice()));
    let (_, shown) = shell.shows("echo one; echo two >&2");
    assert_eq!((shown.output.as_str(), shown.error.as_str(), shown.whole), ("one\n", "two\n", true));
    let (exit, shown) = shell.shows("cat <<EOF | grep -c a\na\nb\nEOF");
    assert_eq!((exit, shown.output.as_str()), (Exit::Status(0), "1\n"));
    assert_eq!(shown.stages, [0, 0]);
    let (_, shown) = shell.shows("yes | head -c 600000");
    assert!(!shown.whole && shown.output.len() <= 256 * 1024, "what is kept is bounded");
    let (exit, _) = shell.shows("set -x; false | true; set +x");
    assert_eq!(exit, Exit::Status(0));
}

/// Pieces that scripts are generated of: each is one command that leaves something behind or shows it.
const PIECES: &[&str] = &[
    "A=$((A + 1))",
    "B=\"$A-$B\"",
    "echo \"$A $B $N\"",
    "echo $?",
    "false",
    "(exit 5)",
    "LIST+=(\"$A\")",
    "echo \"${LIST[*]}\"",
    "for x in 1 2; do A=$((A + x)); done",
    "if [ \"$A\" -gt 3 ]; then echo big; else echo small; fi",
    "greet() { echo \"greet $1 $A\"; }",
    "greet you || true",
    "cat <<EOF\nline $A\nEOF",
    "printf '%s\\n' c b a | sort | head -2",
    "false | true",
    // In one piece: after a loop bash has the statuses of what ran last inside, gonogo that of the loop.
    "false | true\necho \"${PIPESTATUS[*]}\"",
    "mkdir -p d && cd d",
    "cd ..",
    "export N=$A",
    "sh -c 'echo \"$N\"'",
    "case $A in 1) echo one ;; *) echo many ;; esac",
    "while [ \"${#LIST[@]}\" -gt 2 ]; do unset 'LIST[-1]'; done",
    "set -f",
    "set +f",
    "alias say='echo said'",
    "say it",
    "echo x > f; cat f",
    "true &",
    "wait",
    "read -r B <<< \"$A q\"",
    "{ A=7; echo in; }",
    "[[ $B == *q* ]] && echo q",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 12, max_shrink_iters: 40, ..proptest::prelude::ProptestConfig::default() })]

    #[test]
    fn generated_scripts_come_to_the_same_as_pasted(picked in proptest::collection::vec(0..PIECES.len(), 3..14)) {
        let script: Vec<&str> = picked.iter().map(|at| PIECES[*at]).collect();
        the_same(&script.join("\n"));
    }

    #[test]
    fn what_splits_into_commands_is_what_bash_takes(picked in proptest::collection::vec(0..PIECES.len(), 1..10), cut in 0usize..40) {
        let script: Vec<&str> = picked.iter().map(|at| PIECES[*at]).collect();
        let mut script = script.join("\n");
        // A part that is cut off in the middle may be no script any more; then one of its commands does not parse.
        let end = script.len() - cut.min(script.len());
        if script.is_char_boundary(end) {
            script.truncate(end);
        }
        let bash = Command::new("bash").args(["-n", "-c", &script]).env("LC_ALL", "C").output().unwrap();
        // bash ends with 0 also for what it complains of: a here-document that is not ended, a half [[ ]].
        let bash = bash.status.success() && bash.stderr.is_empty();
        let ours = split(&script).iter().all(|p| p.kind != PieceKind::Command { parses: false });
        proptest::prop_assert!(bash == ours, "bash {bash}, ours {ours}: {script:?}");
    }
}

/// Texts that only bash itself was right about, and some that it does not take.
const HARD: &[&str] = &[
    "x=$(case $1 in prod) echo 1;; *) echo 2;; esac)",
    "f() {\nselect x in a b; do break; done\nrm -f x\n}",
    "while read -r x; do :; done {fd}<f",
    "for i in a b; { echo $i; }",
    "text=$(cat <<EOF\nit's\nEOF\n)\nls",
    "cat <<A <<-'B' |\na\nA\n\tb\n\tB\nsort\nls",
    "A=(\na # b\n'c d'\n)\nls",
    "p=\"${line##*([}\"\nls",
    "((ls) | cat); (( 1 + (2) )); echo $((1 << 2))",
    "[[ -n $x\n&& $y =~ ^(a|b)$ ]]",
    "coproc A {\ncat\n}\ntime -p ls; ! time ls",
    "case x in\n(a|b) ls ;;\nesac >f\nfunction g\n{ ls; } 2>&1",
    "echo `echo \"\\`\"` $'a\\'b' \"$(echo \")\")\"",
    "a[1 + 2]=3; declare -A M=([a b]=c)",
    "ls )",
    "if ls; fi",
    "A=(a;b)",
    "echo (a)",
    "{ }",
    "ls | ! cat",
    "( time )",
    "[[ a b ]]",
    "for ((i=0;i<1)); do ls; done",
    "f() ls",
];

#[test]
fn what_bash_takes_splits_into_pieces_that_bash_takes() {
    let takes = |text: &str| {
        let bash = Command::new("bash").args(["-n", "-c", text]).env("LC_ALL", "C").output().unwrap();
        bash.status.success() && bash.stderr.is_empty()
    };
    let scripts = std::fs::read_dir("/usr/lib/git-core").into_iter().flatten().flatten();
    let scripts = scripts.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    let real: Vec<String> = scripts.filter(|text| text.starts_with("#!/bin/")).take(12).collect();
    for script in HARD.iter().copied().chain(real.iter().map(String::as_str)) {
        let pieces = split(script);
        let ours = pieces.iter().all(|p| p.kind != PieceKind::Command { parses: false });
        assert_eq!(takes(script), ours, "{script}");
        for piece in pieces.iter().filter(|p| p.kind == PieceKind::Command { parses: true }) {
            assert!(takes(&script[piece.span.clone()]), "{}", &script[piece.span.clone()]);
        }
    }
}
