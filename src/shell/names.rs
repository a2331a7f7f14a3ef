//! Names of commands, aliases, functions, variables and scripts, and whether what they stand for opens a shell:
//! `alias web='ssh web'`, `on() { ssh "$1"; }`, `GO="ssh -i key"`, `./connect.sh`.

use std::collections::BTreeMap;

use super::around::Around;
use super::classify::opened;
use super::parse::{Simple, is_and_list, parse};
use super::quote::unquote;
use super::split::split;

/// What names stand for, as far as a document was read, or a shell knows them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    known: BTreeMap<String, Vec<Simple>>,
}

impl Names {
    /// Takes in the names that a text gives.
    pub fn learn(&mut self, text: &str) {
        let Some(parsed) = parse(text) else { return };
        let body = text.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}')).map(|(body, _)| body);
        for (name, body) in functions(text).zip(body) {
            // What stands behind a `;` on its line is a command of its own, as on the next one.
            self.learn_script(name, &body.replace("; ", "\n"));
        }
        for simple in &parsed.simples {
            let alias = simple.program() == "alias";
            let exports = matches!(simple.program(), "export" | "declare" | "local" | "readonly" | "typeset");
            for (name, value) in simple.args().iter().filter_map(|word| word.split_once('=')) {
                if alias {
                    self.stands_for(name, value);
                } else if exports {
                    self.learn_variable(name, value);
                }
            }
            // Before a command it is set for that alone, which is parsed already.
            for (name, value) in simple.assigns.iter().filter(|_| simple.words.is_empty()) {
                self.learn_variable(name, &unquote(value));
            }
        }
    }

    /// Takes in the value of a variable.
    pub fn learn_variable(&mut self, name: &str, value: &str) {
        self.stands_for(&format!("${name}"), value);
        self.stands_for(&format!("${{{name}}}"), value);
    }

    /// Takes in what a script or a function runs whatever it is called with: a branch that may not be taken says
    /// nothing.
    pub fn learn_script(&mut self, name: &str, text: &str) {
        let pieces = split(text).into_iter().filter_map(|piece| text.get(piece.span));
        let mut always = Vec::new();
        for piece in pieces.map(|piece| piece.trim_end().trim_end_matches(';')) {
            let simples = parse(piece).map(|p| p.simples).unwrap_or_default();
            let alone = |simples: &[Simple]| matches!(simples, [only] if !only.around.is(Around::NESTED));
            if alone(&simples) || is_and_list(piece) {
                always.extend(
                    simples.into_iter().map(|s| Simple { around: s.around.and(Around::NESTED), ..s }),
                );
            }
        }
        self.known.insert(name.to_owned(), always);
    }

    fn stands_for(&mut self, name: &str, value: &str) {
        match parse(value).map(|p| p.simples).filter(|s| !s.is_empty()) {
            Some(simples) => self.known.insert(name.to_owned(), simples),
            None => self.known.remove(name),
        };
    }

    /// The names that a text calls as commands.
    pub fn called(text: &str) -> Vec<String> {
        let simples = parse(text).map(|p| p.simples).unwrap_or_default();
        simples.iter().filter_map(call).map(|(name, _)| name.clone()).collect()
    }

    /// The words that open a shell where a text calls one of the names.
    pub fn what_opens(&self, text: &str) -> Option<Vec<String>> {
        if self.known.is_empty() {
            return None;
        }
        parse(text)?.simples.iter().find_map(|simple| {
            let (name, args) = call(simple)?;
            let run = self.known.get(name)?.iter().map(|stands_for| with(stands_for, args, simple));
            run.into_iter().find(|run| opened(run).is_some()).map(|run| run.words)
        })
    }
}

/// The name that a command calls, and the words behind it: of `bash x.sh a` and `source x.sh a` the script's.
fn call(simple: &Simple) -> Option<(&String, &[String])> {
    let (first, args) = simple.words.split_first()?;
    let script = matches!(first.as_str(), "bash" | "sh" | "source" | ".");
    match args.split_first().filter(|(name, _)| script && !name.starts_with('-')) {
        Some((name, args)) => Some((name, args)),
        None => Some((first, args)),
    }
}

/// What a name stands for with the words that it is called with: those that it takes in by number, or all behind it.
fn with(simple: &Simple, args: &[String], call: &Simple) -> Simple {
    let mut takes = false;
    let mut words = Vec::new();
    for word in &simple.words {
        let number = word.trim_matches(['$', '{', '}']);
        match number {
            "@" | "*" if word.starts_with('$') => words.extend_from_slice(args),
            _ if word.starts_with('$') && number.parse::<usize>().is_ok() => {
                let at = number.parse::<usize>().unwrap_or_default();
                words.extend(at.checked_sub(1).and_then(|at| args.get(at)).cloned());
            }
            _ => {
                words.push(word.clone());
                continue;
            }
        }
        takes = true;
    }
    let function = simple.around.is(Around::NESTED);
    if !takes && !function {
        words.extend_from_slice(args);
    }
    Simple { words, around: simple.around.and(call.around), ..simple.clone() }
}

/// The names of functions that a text defines: `on() {`, `function on {`.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim_start();
        let name = match line.strip_prefix("function ") {
            Some(rest) => rest.split(|c: char| c.is_whitespace() || "({".contains(c)).next()?,
            None => line.split_once('(').filter(|(_, rest)| rest.trim_start().starts_with(')'))?.0.trim_end(),
        };
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c));
        (plain && !name.is_empty()).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_a_shell_by_a_name_of_the_document() {
        for (given, called, opens) in [
            ("alias web='ssh deploy@web'", "web", true),
            ("alias web='ssh deploy@web'", "web uptime", false),
            ("alias web='ssh deploy@web'", "cd /srv && web", true),
            ("alias ll='ls -l'", "ll", false),
            ("on() { ssh \"$1\"; }", "on web", true),
            ("on() { ssh \"$@\"; }", "on web uptime", false),
            ("function become {\n  sudo -iu app\n}", "become", true),
            ("in() { cd /srv; exec bash; }", "in", true),
            (
                "dc() { case $1 in sh) docker exec -it api bash;; *) docker compose \"$@\";; esac; }",
                "dc up",
                false,
            ),
            ("dc() { if [ \"$1\" = sh ]; then ssh web; fi; }", "dc up", false),
            ("up() { ssh web 'systemctl start app'; }", "up", false),
            ("GO='ssh -i key deploy@web'", "$GO", true),
            ("GO=\"ssh -i key\"", "$GO web", true),
            ("GO=\"ssh -i key\"", "${GO} web uptime", false),
            ("export IN='docker exec -it api'", "$IN bash", true),
            ("export IN='docker exec -it api'", "$IN ls", false),
            ("SHELL_NAME=bash", "echo $SHELL_NAME", false),
            ("DIR=/srv/app", "$DIR/start.sh", false),
        ] {
            let mut names = Names::default();
            names.learn(given);
            assert_eq!(names.what_opens(called).is_some(), opens, "{given}; {called}");
        }
    }

    #[test]
    fn a_name_stands_for_what_it_was_given_last() {
        let mut names = Names::default();
        names.learn("alias go='ssh web'");
        names.learn("alias go='ssh web uptime'");
        assert_eq!(names.what_opens("go"), None);
    }

    #[test]
    fn a_script_is_called_by_its_path_and_by_a_shell() {
        let mut names = Names::default();
        names.learn_script("./on.sh", "#!/bin/bash\nset -e\ncd /srv && ssh \"$1\"\n");
        names.learn_script(
            "./manage.sh",
            "#!/bin/bash\nif [ \"$1\" = shell ]; then\n  exec bash\nfi\nmake \"$1\"\n",
        );
        assert_eq!(Names::called("cd x && ./on.sh web; bash ./manage.sh"), ["cd", "./on.sh", "./manage.sh"]);
        assert_eq!(names.what_opens("./on.sh web").unwrap(), ["ssh", "web"]);
        assert!(
            names.what_opens("bash ./on.sh web").is_some() && names.what_opens(". ./on.sh web").is_some()
        );
        assert_eq!(names.what_opens("./manage.sh up"), None);
        assert_eq!(names.what_opens("./on.sh web < list"), None, "it is fed");
    }
}
