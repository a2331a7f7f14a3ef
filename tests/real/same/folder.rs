//! Compares a folder of scripts, one by one: `GONOGO_SCRIPTS=FOLDER cargo test --test real folder -- --ignored --nocapture`.

use std::path::PathBuf;

use gonogo::shell::{PieceKind, split};

use super::Sides;

#[test]
#[ignore = "takes a folder of scripts: GONOGO_SCRIPTS=FOLDER"]
fn a_folder_of_scripts_comes_to_the_same_as_typed() {
    let Some(folder) = std::env::var_os("GONOGO_SCRIPTS").map(PathBuf::from) else {
        println!("skipped: GONOGO_SCRIPTS names no folder");
        return;
    };
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|p| p.is_file())
        .collect();
    scripts.sort();
    let (mut same, mut unread, mut different) = (0, 0, 0);
    for path in &scripts {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Ok(script) = std::fs::read_to_string(path) else { continue };
        let pieces = split(&script);
        if pieces.iter().any(|p| p.kind == PieceKind::Command { parses: false }) {
            unread += 1;
            println!("{name}: not split into commands");
            continue;
        }
        let commands: Vec<String> = pieces
            .into_iter()
            .filter(|p| p.kind != PieceKind::Comment)
            .map(|p| script[p.span].to_owned())
            .collect();
        let compared = std::panic::catch_unwind(|| Sides::of(&name, &commands).difference(&commands));
        match compared {
            Ok(None) => same += 1,
            Ok(Some(difference)) => {
                different += 1;
                println!("{name}: {difference}");
            }
            Err(_) => {
                different += 1;
                println!("{name}: one of the two gave no answer");
            }
        }
    }
    println!("{} scripts: {same} the same, {different} different, {unread} not split", scripts.len());
    assert_eq!((different, unread), (0, 0), "see above");
}

/// Pieces that scripts are generated of, by kind: each is one command, and what one leaves behind another one shows.
const GENERATED: &[&[&str]] = &[
    &[
        "set -e",
        "! true",
        "[ -f none ] && . none",
        "false || true",
        "for i in 1; do [ $i = 2 ] && echo two; done",
        "true && false || echo saved",
        "if false; then :; fi",
    ],
    &[
        "break",
        "for i in 1 2; do break 3; done",
        "continue",
        "while :; do break; done",
        "for i in 1 2 3; do continue 2; done",
        "return 2",
    ],
    &["set -x", "set +x", "PS4='>> '", "echo traced", "set -v", "set +v"],
    &[
        "trap 'echo E$?' ERR",
        "trap - ERR",
        "trap 'echo D' DEBUG",
        "trap - DEBUG",
        "trap 'echo U' USR1",
        "kill -USR1 $$",
        "false",
    ],
    &[
        "exec 10> lk",
        "flock -n 10 && echo locked",
        "exec 10>&-",
        "exec 3> three",
        "echo x >&3",
        "exec 3>&-",
        "cat three 2>/dev/null",
        "exec 12<> rw",
        "exec 12>&-",
    ],
    &[
        "mkdir -p d/e",
        "cd $_",
        "pwd",
        "cd - >/dev/null",
        "echo \"$_\"",
        "pushd / >/dev/null",
        "dirs -p | wc -l",
        "popd >/dev/null",
    ],
    &[
        "f() { echo f:$1; return $1; }",
        "f 0",
        "f 3",
        "declare -F",
        "unset -f f",
        "echo $?",
        "false | true | (exit 4)",
        "echo ${PIPESTATUS[*]}",
    ],
    &[
        "A=(1 2 3)",
        "A[5]=six",
        "echo ${#A[@]} ${A[*]}",
        "declare -A M=([k]=v)",
        "echo ${M[k]}",
        "IFS=,",
        "unset IFS",
        "readonly R=1",
        "R=2",
        "echo \"$R\"",
    ],
    &[
        "cat <<E\na $A\nE",
        "cat <<'E'\n$A\nE",
        "read -r L <<< 'x y'",
        "echo $L",
        "printf 'a\\nb\\n' | while read -r l; do echo \"l:$l\"; done",
        "x=$(cat <<E\nin\nE\n)",
        "echo $x",
    ],
    &[
        "sleep 0.01 &",
        "wait",
        "(exit 5) & wait $!",
        "echo $?",
        "jobs",
        "{ echo grouped; } | cat",
        "(echo sub; exit 6)",
    ],
    &[
        "umask 027",
        "umask",
        "set -o pipefail",
        "false | true",
        "set +o pipefail",
        "set -u",
        "echo ${UN-unset}",
        "set +u",
        "shopt -s nullglob",
        "echo *.none",
    ],
    &[
        "select=1; echo $select",
        "case x in x) echo cx;; esac",
        "V=$(case a in a) echo ca;; esac)",
        "echo $V",
        "((N++))",
        "echo $N",
        "[[ a == a ]] && echo eq",
        "for ((i=0;i<2;i++)); do echo $i; done",
        "until true; do :; done",
    ],
];

#[test]
#[ignore = "compares four hundred scripts, which takes minutes: --ignored"]
fn four_hundred_generated_scripts_come_to_the_same_as_typed() {
    let (mut same, mut different) = (0, 0);
    // A fixed row of numbers, so that what is printed can be looked at again (Numerical Recipes, 7.1).
    let mut seed: u32 = 7;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below
    };
    for number in 0..400 {
        let kinds = [GENERATED[next(GENERATED.len())], GENERATED[next(GENERATED.len())]];
        // What `$_` is before the first command is not the same for a shell that has read a file.
        let begin = std::iter::once("true".to_owned());
        let more: Vec<String> = (0..4 + next(8))
            .map(|_| {
                let kind = kinds[next(2)];
                kind[next(kind.len())].to_owned()
            })
            .collect();
        let commands: Vec<String> = begin.chain(more).collect();
        match Sides::of(&commands.join("\n"), &commands).difference(&commands) {
            None => same += 1,
            Some(difference) => {
                different += 1;
                println!("script {number}: {difference}");
            }
        }
    }
    println!("400 generated scripts: {same} the same, {different} different");
    assert_eq!(different, 0, "see above");
}
