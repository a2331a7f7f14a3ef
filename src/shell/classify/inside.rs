//! Commands inside of commands: what `ssh host "…"`, `sh -c`, `docker exec`, `find -exec` run.

use super::super::parse::{Parsed, Simple, parse};
use super::{compose_words, unwrapped};

/// Deeper wrappings are not looked through; what is in them counts as unknown.
const DEEPEST: usize = 4;

/// The simple commands that a command runs inside of it, those inside of them included.
pub(crate) fn inside(simple: &Simple) -> Vec<Simple> {
    let mut found = Vec::new();
    collect(simple, 0, &mut found);
    found
}

fn collect(simple: &Simple, depth: usize, found: &mut Vec<Simple>) {
    if depth >= DEEPEST {
        return;
    }
    let simple = &unwrapped(simple);
    for inner in direct(simple) {
        collect(&inner, depth + 1, found);
        found.push(inner);
    }
}

fn direct(simple: &Simple) -> Vec<Simple> {
    let args = simple.args();
    if let Some(text) =
        simple.here_text.as_ref().filter(|_| matches!(simple.program(), "ssh" | "sh" | "bash" | "zsh"))
    {
        return script(text);
    }
    match simple.program() {
        "fly" | "flyctl" | "heroku" => args
            .iter()
            .position(|a| a == "-C" || a == "--command")
            .and_then(|at| args.get(at + 1))
            .map_or(vec![], |text| script(text)),
        "sh" | "bash" | "zsh" | "dash" | "ash" => {
            let flag =
                args.iter().position(|a| a.starts_with('-') && !a.starts_with("--") && a.ends_with('c'));
            flag.and_then(|at| args.get(at + 1)).map_or(vec![], |text| script(text))
        }
        "su" => args
            .iter()
            .position(|a| a == "-c" || a == "--command")
            .and_then(|at| args.get(at + 1))
            .map_or(vec![], |text| script(text)),
        "eval" => script(&args.join(" ")),
        "ssh" => super::kinds::ssh_remote_words(simple).map_or(vec![], |words| script(&words.join(" "))),
        "find" => args
            .iter()
            .position(|a| ["-exec", "-execdir", "-ok", "-okdir"].contains(&a.as_str()))
            .map_or(vec![], |at| {
                let words = args[at + 1..].iter().take_while(|w| *w != ";" && *w != "+" && *w != "\\;");
                vec![Simple { words: words.cloned().collect(), ..Simple::default() }]
            }),
        "npx" | "pnpx" | "bunx" => {
            let words = args.iter().skip_while(|a| a.starts_with('-')).cloned().collect();
            vec![Simple { words, ..simple.clone() }]
        }
        _ => container(simple).into_iter().collect(),
    }
}

fn script(text: &str) -> Vec<Simple> {
    parse(text).map_or(vec![], |Parsed { simples, .. }| simples)
}

/// The command in `docker exec`, `compose exec`, `compose run`, `kubectl exec`: it reads what the outer one is given.
fn container(simple: &Simple) -> Option<Simple> {
    let runs =
        matches!(simple.program(), "docker" | "podman" | "kubectl" | "oc") || compose_words(simple).is_some();
    if !runs {
        return None;
    }
    let words = super::kinds::container_command(simple)?.to_vec();
    (!words.is_empty()).then(|| Simple { words, ..simple.clone() })
}
