//! The kinds of things that a driver between a document and bash would change, each with what it comes to.

use gonogo::run::Exit;

use super::super::place::Shell;
use super::the_same;

#[test]
fn a_shell_ends_when_that_of_bash_would() {
    for script in [
        "set -e\numask 077\nreadonly REL=4\n[ -f /nonexistent.env ] && . /nonexistent.env\necho \"rel=$REL $(umask)\"",
        "set -e\n! true\necho $?\nfalse || false && true\necho on\nfor i in 1; do [ $i = 2 ] && echo two; done\necho on",
        "set -e\nif false; then echo no; fi\nwhile false; do :; done\nuntil true; do :; done\n{ ! true; }\necho on",
        "set -e\n(false)\necho never",
        "set -e\nfalse",
        "set -Eeuo pipefail\ntrap 'echo failed at $BASH_COMMAND' ERR\ntrue\nfalse | true\necho never",
        "set -o pipefail\nset -e\necho a | grep b || echo none\ngrep -q x /dev/null || true\necho on",
        "exit 3",
        "f() { exit 4; }\nf",
    ] {
        the_same(script);
    }
}

#[test]
fn loops_of_the_document_are_its_own() {
    for script in [
        "break\necho $?\ncontinue\necho $?\nfalse || continue\necho on",
        "for i in 1 2; do for j in 1 2; do break 5; done; echo no; done\necho on",
        "for i in 1 2; do continue 3; echo no; done\necho on",
        "printf 'echo a\\nbreak\\necho b\\n' > part\n. ./part\necho on\nprintf 'continue\\necho c\\n' > part\nsource part\necho on",
        "return 3\necho $?\nf() { return 5; echo no; }\nf\necho $?",
        "for i in 1; do break -1; done\necho $?",
        "while :; do break; done\nuntil false; do break 2; done\necho on",
    ] {
        the_same(script);
    }
}

#[test]
fn nothing_of_a_driver_is_traced_or_listed() {
    for script in [
        "set -x\necho twelve\nA=1\nfalse\nf() { echo in; }\nf\n(echo sub)\nset +x\necho off",
        "PS4='> '\nset -x\necho a\nfor i in 1 2; do echo $i; done\nset +x",
        "exec 5> trace\nBASH_XTRACEFD=5\nset -x\necho a\ntrue\nset +x\ncat trace",
        "set -a\nX=1\nenv | grep -i gonogo | grep -v RUN\nenv | grep -c '^X='\nset +a",
        "mkdir -p a/b\ncd $_\npwd\necho one two\necho $_\ntrue x\necho \"[$_]\"",
        "trap 'echo \"failed: $?\"' ERR\nfalse\ntrue\n! true\nfalse || true\n(exit 3)\ntrap - ERR\nfalse",
        "trap 'echo \"debug: $BASH_COMMAND\"' DEBUG\necho a\ntrue; false\ntrap - DEBUG\necho b",
        "set -T\ntrap 'echo returned' RETURN\nf() { :; }\nf\necho on\ntrap - RETURN\nset +T",
        "declare -F\ncompgen -A function\ncompgen -v | grep -ci gonogo\nset | grep -ci gonogo_",
        "f() { :; }\nunset -f $(compgen -A function)\ndeclare -F\necho on",
        "ls -l /proc/$$/fd | grep -c memfd\nfor f in 195 196 197 198 199; do [ -e /proc/$$/fd/$f ] && echo $f; done\necho on",
    ] {
        the_same(script);
    }
}

#[test]
fn descriptors_and_terminal_modes_are_the_documents() {
    for script in [
        "exec 10> lk\nflock -n 10 && echo locked\nexec 11> lock\nflock -n 11 && echo free || echo busy\nexec 10>&-\necho on",
        "echo in > f\nexec 12<> f\nread -r A <&12\necho $A\nexec 12>&-\necho on",
        "for fd in {3..20}; do eval \"exec $fd>&-\"; done\necho on",
        "exec 199> f\necho there >&199\ncat f\nexec 199>&-\nexec 195>&- 196>&- 197>&- 198>&-\necho on",
        "ulimit -n 100\necho on\nls / >/dev/null && echo listed",
        "stty -echo\nstty -a | grep -o -- '-echo '\nstty rows 30 cols 100\nstty size",
        "stty -icanon\nstty -a | grep -o -- '-icanon'\nstty icanon",
    ] {
        the_same(script);
    }
}

#[test]
fn a_document_may_set_what_it_likes() {
    for script in [
        "PROMPT_COMMAND='echo pc'\necho a\nunset PROMPT_COMMAND\necho b",
        "readonly IFS\necho on\nIFS=: ; echo \"$IFS\" | wc -c",
        "IFS=,\nA=(1 2 3)\necho \"${A[*]}\"\nfalse | true\necho \"${PIPESTATUS[*]}\"",
        "return() { echo mine; }\nlocal() { echo mine; }\ncontinue() { echo mine; }\nread() { echo mine; }\necho on\nread x",
        "builtin() { echo mine; }\nprintf() { echo mine; }\necho on\nfalse\necho $?",
        "enable -n printf\necho on\nenable -n eval\necho on\nenable -n read\nenable -n builtin\necho on\nfalse\necho $?",
        "set -u\necho ${UNSET-none}\necho $UNSET\necho on\nset +u",
        "set -f\necho *\nset +f\nset -C\necho a > c\necho b > c\nset +C",
        "set -k\nset +k\nset -o posix\necho on\nset +o posix\nshopt -s lastpipe\necho x | read -r Y\necho on",
        "PATH=\necho on\n/bin/true\necho $?\nunset PATH\necho on",
        "A=`echo 'a b'`\necho \"$A\" $((1+1))\n: ${x?gone}\necho $?\necho $((1/0))\necho $?",
        "echo \"wow!\"",
    ] {
        the_same(script);
    }
}

fn goes_on(script: &str) {
    let mut shell = Shell::start();
    for command in super::commands(script) {
        let (exit, _) = shell.shows(&command);
        assert!(matches!(exit, Exit::Status(_)), "{command}: {exit:?}");
    }
    let (exit, shown) = shell.shows("echo still here");
    assert_eq!((exit, shown.output.as_str()), (Exit::Status(0), "still here\n"), "{script}");
}

#[test]
fn a_document_that_sets_its_own_prompt_does_not_lose_the_shell() {
    for script in [
        "echo 'PS1=\"u$ \"' > rc\n. ./rc\necho a",
        "echo 'PS1=\"(venv) $PS1\"' > activate\nsource activate\necho a\nfalse",
        "PS1='> '\necho a",
        "eval 'PS1=x PS0=y PROMPT_COMMAND=z'\necho a",
    ] {
        goes_on(script);
    }
}

#[test]
fn writers_that_outlive_their_command_are_waited_for() {
    let mut shell = Shell::start();
    for _ in 0..10 {
        assert_eq!(shell.shows("echo one > >(cat)").1.output, "one\n");
        assert_eq!(
            shell.shows("{ echo two; echo warn >&2; } 2> >(sed 's/^/ERR /' >&2)").1.error,
            "ERR warn\n"
        );
    }
    assert_eq!(shell.shows("echo slow > >(sleep 0.3; cat)").1.output, "slow\n");
    shell.shows("exec > >(tee -a deploy.log) 2>&1");
    for n in 0..10 {
        assert_eq!(shell.shows(&format!("echo \"starting {n}\"")).1.output, format!("starting {n}\n"));
    }
    assert_eq!(std::fs::read_to_string(shell.directory().join("deploy.log")).unwrap().lines().count(), 10);
}

#[test]
fn what_is_typed_without_an_echo_is_recorded_nowhere() {
    let mut shell = Shell::start();
    shell.shows("stty -echo");
    let output = shell.answers("read -r PW", "hunter2\r");
    assert!(!output.contains("hunter2"), "{output}");
    shell.shows("stty echo");
    assert_eq!(shell.shows("echo ${#PW}").1.output, "7\n");
    let output = shell.answers("read -r PLAIN", "seen\r");
    assert!(output.contains("seen"), "with an echo it is there: {output}");
}

#[test]
fn a_restricted_shell_tells_what_it_can() {
    let mut shell = Shell::start();
    shell.shows("set -r");
    let (exit, shown) = shell.shows("echo a");
    assert_eq!(exit, Exit::Unknown, "it can't tell a status, and none is made up");
    assert_eq!((shown.output.as_str(), shown.error.as_str()), ("a\n", ""));
}

#[test]
fn standard_input_that_was_moved_feeds_what_follows() {
    for nobody in [false, true] {
        let mut shell = Shell::start();
        shell.shows("printf 'one\\ntwo\\nthree\\n' > file");
        let mut run = |text: &str| if nobody { shell.unattended(text) } else { shell.shows(text) };
        run("exec < file");
        let (exit, shown) = run("read -r A; echo \"got $A\"");
        assert_eq!((exit, shown.output.as_str()), (Exit::Status(0), "got one\n"), "nobody there: {nobody}");
        assert_eq!(run("cat").1.output, "two\nthree\n");
    }
}

#[test]
fn what_nobody_answers_fails_in_its_own_words() {
    let mut shell = Shell::start();
    for (text, words) in [
        ("bash -c 'read -p \"Continue? [y/N] \" a < /dev/tty; echo \"got: $a\"'", "Continue? [y/N]"),
        ("python3 -c 'import getpass; getpass.getpass()'", "Password:"),
        ("cat < /dev/tty; echo ended", "ended"),
        ("read -r x; echo \"got:$x:$?\"", "got::1"),
        (
            "bash -c 'stty sane < /dev/tty; read -n 1 -p \"Press a key \" a < /dev/tty; echo \"got: $a\"'",
            "Press a key",
        ),
    ] {
        let (_, shown) = shell.unattended(text);
        assert!(format!("{}{}", shown.output, shown.error).contains(words), "{text}: {shown:?}");
    }
    assert_eq!(shell.shows("stty -a | grep -o ' icanon'").1.output.trim(), "icanon");
}
