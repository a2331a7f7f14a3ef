//! Kinds by what commands are, with what only looks like it.

use super::super::{Kind, classify};

fn all(kind: Kind, texts: &[&str]) {
    let wrong: Vec<_> = texts.iter().filter(|t| classify(t).kind != kind).collect();
    assert!(wrong.is_empty(), "not {kind:?}: {wrong:#?}");
}

#[test]
fn read_asks_where_its_input_is_the_terminal() {
    all(
        Kind::Run,
        &[
            "cat hosts | while read -r h; do\n  echo \"drain $h\"\ndone",
            "while read -r x; do echo $x; done < file",
            "while IFS= read -r x; do echo $x; done <<< \"$Y\"",
            "while read x; do echo $x; done < <(ls)",
            "while read x; do echo $x; done <<EOF\na\nEOF",
            "ls | { read a; echo $a; }",
            "ls | (read a; echo $a)",
            "ls | if read a; then echo $a; fi",
            "x=$(echo a | { read y; echo $y; })",
            "{ read a; read b; } < f",
            "read -u 3 x",
            "read -ru3 x",
            "exec 3< f; while read -u 3 x; do echo $x; done",
            "while read x <&3; do echo $x; done 3< f",
            "read -t 0 && echo there",
            "mapfile -t A < <(ls)",
            "ls | mapfile -t A",
            "ask() { read -p 'go on? ' a; }",
            "gunzip -c a.gz | { psql d; }",
            "for f in *.sql; do psql d < \"$f\"; done",
            "while read t; do psql d; done < tables",
            "read x &",
            "ls | less > f | cat",
        ],
    );
    all(
        Kind::Interactive,
        &[
            "read -p 'go on? ' x",
            "while true; do read -p 'ok? ' a; [ \"$a\" = y ] && break; done",
            "while read x; do echo $x; done",
            "while read x; do echo $x; done 3< f",
            "cat hosts | while read h; do read -p \"drain $h? \" a < /dev/tty; done",
            "x=$(read y; echo $y)",
            "{ read a; } 2> log",
            "mapfile A",
            "echo a | read x; read y",
            "ls | less",
            "read -u 0 x",
            "read a <&1",
            "select x in a b; do break; done",
        ],
    );
}
