//! What a command consists of: the simple commands in it, with words, redirections and loops.

use super::grammar::parse_program;
use super::quote::unquote as unquote_str;
use brush_parser::ast::{
    AndOr, Command, CommandPrefixOrSuffixItem, CompoundCommand, CompoundList, IoFileRedirectKind,
    IoFileRedirectTarget, IoRedirect, Pipeline, SeparatorOperator, SimpleCommand,
};

mod tokens;

/// A parsed command, flattened to what classification asks about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Every simple command, in order, those in command substitutions included.
    pub simples: Vec<Simple>,
    /// A loop that does not end by itself (`while true`, `for ((;;))`).
    pub endless: bool,
    /// Only defines functions.
    pub only_defines: bool,
    /// Ends in `&`: runs in the background.
    pub background: bool,
}

/// One simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// The words as the shell would see them after removing quotes; expansions stand as written.
    pub words: Vec<String>,
    /// Variables assigned in front of it or, without words, in the shell; with the value as written.
    pub assigns: Vec<(String, String)>,
    /// Files it writes to by redirection, `/dev/null` and descriptors left out.
    pub writes: Vec<String>,
    /// Reads standard input from a file, here-document or here-string.
    pub input: Option<String>,
    /// Stands after a `|`.
    pub piped_into: bool,
    /// Text of a here-document or here-string, for looking at the SQL in it.
    pub here_text: Option<String>,
}

impl Simple {
    /// The program's name without its directory.
    pub fn program(&self) -> &str {
        let word = self.words.first().map_or("", String::as_str);
        word.rsplit('/').next().unwrap_or(word)
    }

    /// The words after the program.
    pub fn args(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether one of the arguments is `flag`.
    pub fn has(&self, flag: &str) -> bool {
        self.args().iter().any(|a| a == flag)
    }

    /// Whether a cluster of short options (`-it`) holds `letter`.
    pub fn has_short(&self, letter: char) -> bool {
        self.args().iter().any(|a| a.starts_with('-') && !a.starts_with("--") && a.contains(letter))
    }
}

/// Parses one command; `None` where neither the grammar nor bash takes it.
pub fn parse(text: &str) -> Option<Parsed> {
    parse_at(text, 0)
}

/// The stages of a text that is one pipeline of simple commands and nothing else; `None` for any other.
///
/// Only then does each stage have an exit status of its own that tells what it did (bash(1), `PIPESTATUS`).
pub fn stages(text: &str) -> Option<Vec<Simple>> {
    let program = parse_program(text)?;
    let [list] = program.complete_commands.as_slice() else { return None };
    let [item] = list.0.as_slice() else { return None };
    if !item.0.additional.is_empty() || matches!(item.1, SeparatorOperator::Async) || item.0.first.bang {
        return None;
    }
    let mut found = Vec::new();
    for (position, command) in item.0.first.seq.iter().enumerate() {
        let Command::Simple(simple) = command else { return None };
        let mut walk = Walk { parsed: Parsed::default(), depth: 4 };
        walk.simple(simple, position > 0);
        found.append(&mut walk.parsed.simples);
    }
    Some(found)
}

fn parse_at(text: &str, depth: usize) -> Option<Parsed> {
    let Some(program) = parse_program(text) else {
        // bash takes more than the grammar does: then the words say what there is.
        return tokens::parse(text, depth);
    };
    let mut walk = Walk { parsed: Parsed { only_defines: true, ..Parsed::default() }, depth };
    for list in &program.complete_commands {
        walk.list(list, true);
    }
    if walk.parsed.simples.is_empty() && !walk.parsed.only_defines {
        walk.parsed.only_defines = false;
    }
    Some(walk.parsed)
}

/// Whether a text is one pipeline of several stages, of whatever commands.
pub fn is_pipeline(text: &str) -> bool {
    let Some(program) = parse_program(text) else { return false };
    let [list] = program.complete_commands.as_slice() else { return false };
    let [item] = list.0.as_slice() else { return false };
    item.0.additional.is_empty() && !matches!(item.1, SeparatorOperator::Async) && item.0.first.seq.len() > 1
}

/// Whether a text is pipelines of simple commands joined by `&&` only: then a status of 0 is that of all of them.
pub fn is_and_list(text: &str) -> bool {
    let Some(program) = parse_program(text) else { return false };
    let [list] = program.complete_commands.as_slice() else { return false };
    let [item] = list.0.as_slice() else { return false };
    let pipelines =
        std::iter::once(&item.0.first).chain(item.0.additional.iter().filter_map(|more| match more {
            AndOr::And(pipeline) => Some(pipeline),
            AndOr::Or(_) => None,
        }));
    let pipelines: Vec<&Pipeline> = pipelines.collect();
    let simple = |p: &&Pipeline| !p.bang && p.seq.iter().all(|c| matches!(c, Command::Simple(_)));
    pipelines.len() == item.0.additional.len() + 1
        && !matches!(item.1, SeparatorOperator::Async)
        && pipelines.iter().all(simple)
}

struct Walk {
    parsed: Parsed,
    depth: usize,
}

impl Walk {
    fn list(&mut self, list: &CompoundList, top: bool) {
        for item in &list.0 {
            self.pipeline(&item.0.first);
            for more in &item.0.additional {
                let (AndOr::And(pipeline) | AndOr::Or(pipeline)) = more;
                self.pipeline(pipeline);
            }
            if top {
                self.parsed.background = matches!(item.1, SeparatorOperator::Async);
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        for (position, command) in pipeline.seq.iter().enumerate() {
            match command {
                Command::Simple(simple) => {
                    self.parsed.only_defines = false;
                    self.simple(simple, position > 0);
                }
                Command::Compound(compound, redirects) => {
                    self.parsed.only_defines = false;
                    self.compound(compound);
                    if let Some(redirects) = redirects {
                        let mut holder = Simple::default();
                        redirects.0.iter().for_each(|r| redirect(r, &mut holder));
                        if !holder.writes.is_empty() {
                            self.parsed.simples.push(holder);
                        }
                    }
                }
                Command::Function(_) => {}
                Command::ExtendedTest(..) => {
                    self.parsed.only_defines = false;
                    self.parsed.simples.push(Simple { words: vec!["[[".into()], ..Simple::default() });
                }
            }
        }
    }

    fn compound(&mut self, compound: &CompoundCommand) {
        match compound {
            CompoundCommand::Arithmetic(_) => {}
            CompoundCommand::ArithmeticForClause(clause) => {
                if clause.condition.as_ref().is_none_or(|c| matches!(c.value.trim(), "" | "1")) {
                    self.parsed.endless = true;
                }
                self.list(&clause.body.list, false);
            }
            CompoundCommand::BraceGroup(group) => self.list(&group.list, false),
            CompoundCommand::Subshell(shell) => self.list(&shell.list, false),
            CompoundCommand::ForClause(clause) => {
                let values = clause.values.iter().flatten().map(|w| w.value.clone()).collect::<Vec<_>>();
                self.substitutions(&values.join(" "));
                self.parsed.simples.push(Simple {
                    assigns: vec![(clause.variable_name.clone(), values.join(" "))],
                    ..Simple::default()
                });
                self.list(&clause.body.list, false);
            }
            CompoundCommand::CaseClause(clause) => {
                clause.cases.iter().filter_map(|c| c.cmd.as_ref()).for_each(|c| self.list(c, false));
            }
            CompoundCommand::IfClause(clause) => {
                self.list(&clause.condition, false);
                self.list(&clause.then, false);
                for branch in clause.elses.iter().flatten() {
                    branch.condition.iter().for_each(|c| self.list(c, false));
                    self.list(&branch.body, false);
                }
            }
            CompoundCommand::WhileClause(clause) => {
                self.endless_if(&clause.0, &["true", ":", "1"]);
                self.list(&clause.0, false);
                self.list(&clause.1.list, false);
            }
            CompoundCommand::UntilClause(clause) => {
                self.endless_if(&clause.0, &["false"]);
                self.list(&clause.0, false);
                self.list(&clause.1.list, false);
            }
            CompoundCommand::Coprocess(_) => {
                // Unknown on purpose: a coprocess is never only a read.
                self.parsed.simples.push(Simple { words: vec!["coproc".into()], ..Simple::default() });
            }
        }
    }

    fn endless_if(&mut self, condition: &CompoundList, words: &[&str]) {
        let text = condition.to_string();
        let text = text.trim().trim_end_matches(';').trim();
        let bare = text.trim_start_matches(['[', ' ']).trim_end_matches([']', ' ']);
        if words.contains(&bare) {
            self.parsed.endless = true;
        }
    }

    fn simple(&mut self, simple: &SimpleCommand, piped_into: bool) {
        let mut found = Simple { piped_into, ..Simple::default() };
        for item in simple.prefix.iter().flat_map(|p| &p.0) {
            self.item(item, &mut found, true);
        }
        if let Some(name) = &simple.word_or_name {
            self.substitutions(&name.value);
            found.words.push(unquote_str(&name.value));
        }
        for item in simple.suffix.iter().flat_map(|s| &s.0) {
            self.item(item, &mut found, false);
        }
        self.parsed.simples.push(found);
    }

    fn item(&mut self, item: &CommandPrefixOrSuffixItem, found: &mut Simple, prefix: bool) {
        match item {
            CommandPrefixOrSuffixItem::IoRedirect(r) => {
                if let IoRedirect::File(_, _, IoFileRedirectTarget::ProcessSubstitution(_, shell)) = r {
                    self.list(&shell.list, false);
                }
                redirect(r, found);
            }
            CommandPrefixOrSuffixItem::Word(word) => {
                self.substitutions(&word.value);
                found.words.push(unquote_str(&word.value));
            }
            CommandPrefixOrSuffixItem::AssignmentWord(assignment, word) => {
                self.substitutions(&word.value);
                let (name, value) = word.value.split_once('=').unwrap_or((&word.value, ""));
                found.assigns.push((name.trim_end_matches('+').to_owned(), value.to_owned()));
                if !prefix {
                    found.words.push(unquote_str(&word.value));
                }
                let _: &brush_parser::ast::Assignment = assignment;
            }
            CommandPrefixOrSuffixItem::ProcessSubstitution(_, shell) => self.list(&shell.list, false),
        }
    }

    /// Adds the commands inside `$(…)` and backquotes of a raw word.
    fn substitutions(&mut self, raw: &str) {
        if self.depth >= 4 {
            return;
        }
        for inner in command_substitutions(raw) {
            match parse_at(&inner, self.depth + 1) {
                Some(parsed) => self.parsed.simples.extend(parsed.simples),
                None => self.parsed.simples.push(Simple { words: vec![inner], ..Simple::default() }),
            }
        }
    }
}

fn redirect(redirect: &IoRedirect, found: &mut Simple) {
    match redirect {
        IoRedirect::File(_, kind, target) => {
            let name = match target {
                IoFileRedirectTarget::Filename(word) | IoFileRedirectTarget::Duplicate(word) => {
                    unquote_str(&word.value)
                }
                IoFileRedirectTarget::Fd(_) => return,
                IoFileRedirectTarget::ProcessSubstitution(..) => "a process".to_owned(),
            };
            let descriptor = name.trim_end_matches('-').bytes().all(|b| b.is_ascii_digit());
            match kind {
                IoFileRedirectKind::Read => found.input = Some(name),
                IoFileRedirectKind::DuplicateInput => {}
                _ if descriptor || name == "/dev/null" || name == "/dev/stderr" || name == "/dev/stdout" => {}
                _ => found.writes.push(name),
            }
        }
        IoRedirect::HereDocument(_, doc) => {
            found.input = Some("a here-document".into());
            found.here_text = Some(doc.doc.value.clone());
        }
        IoRedirect::HereString(_, word) => {
            found.input = Some("a here-string".into());
            found.here_text = Some(word.value.clone());
        }
        IoRedirect::OutputAndError(word, _) => {
            let name = unquote_str(&word.value);
            if name != "/dev/null" {
                found.writes.push(name);
            }
        }
    }
}

/// The texts inside `$(…)` and backquotes, outermost ones only; single-quoted text is left alone.
fn command_substitutions(raw: &str) -> Vec<String> {
    let bytes = raw.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut single, mut double) = (0, false, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !single => at += 1,
            b'\'' if !double => single = !single,
            b'"' if !single => double = !double,
            b'`' if !single => {
                let Some(end) = raw[at + 1..].find('`') else { break };
                found.push(raw[at + 1..at + 1 + end].to_owned());
                at += end + 1;
            }
            b'$' if !single && raw[at..].starts_with("$((") => at += 2,
            b'$' if !single && raw[at..].starts_with("$(") => {
                let Some(end) = closing_bracket(&raw[at + 2..]) else { break };
                found.push(raw[at + 2..at + 2 + end].to_owned());
                at += end + 2;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn closing_bracket(text: &str) -> Option<usize> {
    let (mut depth, mut single, mut double, mut escaped) = (1usize, false, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' if !single => escaped = true,
            b'\'' if !double => single = !single,
            b'"' if !single => double = !double,
            b'(' if !single && !double => depth += 1,
            b')' if !single && !double => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(text: &str) -> Vec<String> {
        parse(text).unwrap().simples.iter().map(|s| s.program().to_owned()).collect()
    }

    #[test]
    fn finds_commands_in_pipelines_lists_and_substitutions() {
        assert_eq!(programs("a | b && c || d; e"), ["a", "b", "c", "d", "e"]);
        assert_eq!(programs("kill -9 $(lsof -t -i:3030)"), ["lsof", "kill"]);
        assert_eq!(programs("echo \"$(rm -rf x)\" '$(not this)'"), ["rm", "echo"]);
    }

    #[test]
    fn tells_writes_from_descriptors() {
        let parsed = parse("a 2>&1 >/dev/null >> log.txt < in.txt").unwrap();
        assert_eq!(parsed.simples[0].writes, ["log.txt"]);
        assert_eq!(parsed.simples[0].input.as_deref(), Some("in.txt"));
    }

    #[test]
    fn tells_endless_loops() {
        assert!(parse("while true; do sleep 1; done").unwrap().endless);
        assert!(parse("for ((;;)); do sleep 1; done").unwrap().endless);
        assert!(!parse("while read x; do echo $x; done").unwrap().endless);
    }

    #[test]
    fn tells_assignments() {
        let parsed = parse("export A=\"b_$(date +%s).sql\"").unwrap();
        let export = parsed.simples.last().unwrap();
        assert_eq!(export.assigns, [("A".to_owned(), "\"b_$(date +%s).sql\"".to_owned())]);
    }
}
