//! What a command consists of: the simple commands in it, with words, redirections and loops.

use super::around::{Around, ends_early, holds, is_cut, of_list, redirects, words};
use super::grammar::parse_program;
use super::quote::unquote as unquote_str;
use brush_parser::ast::{
    AndOr, Command, CommandPrefixOrSuffixItem, CompoundCommand, CompoundList, IoFileRedirectKind,
    IoFileRedirectTarget, IoRedirect, Pipeline, ProcessSubstitutionKind, SeparatorOperator, SimpleCommand,
};

mod tokens;

/// A parsed command, flattened to what classification asks about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Every simple command, in order, those in command substitutions included.
    pub simples: Vec<Simple>,
    /// Those in the functions that it defines, which do not run by that.
    pub bodies: Vec<Simple>,
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
    /// Those of them that lose what was in them: `>`, `>|`, `&>`.
    pub overwrites: Vec<String>,
    /// Reads standard input from a file, here-document or here-string.
    pub input: Option<String>,
    /// Stands after a `|`.
    pub piped_into: bool,
    /// Text of a here-document or here-string, for looking at the SQL in it.
    pub here_text: Option<String>,
    /// What stands around it.
    pub around: Around,
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

    /// Whether its standard input is the terminal.
    pub fn reads_terminal(&self) -> bool {
        !self.around.is(Around::FED)
    }

    /// Adds a file that it writes from its beginning.
    fn overwrite(&mut self, name: String) {
        self.writes.push(name.clone());
        self.overwrites.push(name);
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
    parse_at(text, 0, Around::default())
}

/// Parses a command that stands inside of something else.
pub(crate) fn parse_within(text: &str, around: Around) -> Option<Parsed> {
    parse_at(text, 0, around)
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
        let mut walk = Walk { parsed: Parsed::default(), depth: 4, around: Around::default(), loops: vec![] };
        walk.simple(simple, position > 0);
        found.append(&mut walk.parsed.simples);
    }
    Some(found)
}

fn parse_at(text: &str, depth: usize, around: Around) -> Option<Parsed> {
    let Some(program) = parse_program(text) else {
        // bash takes more than the grammar does: then the words say what there is.
        return tokens::parse(text, depth, around);
    };
    let parsed = Parsed { only_defines: true, ..Parsed::default() };
    let around = around.and_where(program.complete_commands.len() > 1, Around::NESTED);
    let mut walk = Walk { parsed, depth, around, loops: vec![] };
    for list in &program.complete_commands {
        walk.list(list, true);
    }
    if walk.parsed.simples.is_empty() && !walk.parsed.only_defines {
        walk.parsed.only_defines = false;
    }
    Some(walk.parsed)
}

/// Whether a text may run a pipeline of several stages: it has a `|` that is neither quoted nor an "or".
pub fn pipes(text: &str) -> bool {
    let mut quote = None;
    let mut before = ' ';
    let mut signs = text.chars().peekable();
    while let Some(c) = signs.next() {
        match (quote, c) {
            (None, '|') if signs.peek() == Some(&'|') => drop(signs.next()),
            (None, '|') if before != '>' => return true,
            (None, '"' | '\'') if before != '\\' => quote = Some(c),
            (Some(open), c) if c == open && (open == '\'' || before != '\\') => quote = None,
            _ => {}
        }
        before = c;
    }
    false
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

/// Whether what stands in `>( )` reads from a pipe.
fn is_fed(kind: &ProcessSubstitutionKind) -> bool {
    matches!(kind, ProcessSubstitutionKind::Write)
}

struct Walk {
    parsed: Parsed,
    depth: usize,
    /// What stands around what is walked over.
    around: Around,
    /// The loops that it stands in: whether something in them leaves them.
    loops: Vec<bool>,
}

impl Walk {
    /// Walks over something with this around it.
    fn within(&mut self, around: Around, walk: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.around, around);
        walk(self);
        self.around = outer;
    }

    fn list(&mut self, list: &CompoundList, top: bool) {
        for item in &list.0 {
            let detached = matches!(item.1, SeparatorOperator::Async);
            let more = list.0.len() > 1 || !item.0.additional.is_empty();
            let around = self.around.and_where(detached, Around::DETACHED.and(Around::FED));
            self.within(around.and_where(more, Around::NESTED), |walk| {
                walk.pipeline(&item.0.first);
                for more in &item.0.additional {
                    let (AndOr::And(pipeline) | AndOr::Or(pipeline)) = more;
                    walk.pipeline(pipeline);
                }
            });
            if top {
                self.parsed.background = detached;
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let last = pipeline.seq.len().saturating_sub(1);
        for (position, command) in pipeline.seq.iter().enumerate() {
            let around = self
                .around
                .and_where(position > 0, Around::FED)
                .and_where(position < last, Around::PIPED)
                .and_where(is_cut(pipeline, position), Around::CUT)
                .and_where(last > 0 || pipeline.bang, Around::NESTED);
            self.within(around, |walk| walk.stage(command, position > 0));
        }
    }

    fn stage(&mut self, command: &Command, piped_into: bool) {
        match command {
            Command::Simple(simple) => {
                self.parsed.only_defines = false;
                self.simple(simple, piped_into);
            }
            Command::Compound(compound, redirects) => {
                self.parsed.only_defines = false;
                let around = self.around.redirected(of_list(redirects.as_ref())).and(Around::NESTED);
                self.within(around, |walk| walk.compound(compound));
                // Named, so that it is not taken for a redirection that stands alone and empties its file.
                let mut holder = Simple { words: vec!["{".into()], around, ..Simple::default() };
                for redirected in of_list(redirects.as_ref()) {
                    self.substituted(redirected, &[]);
                    redirect(redirected, &mut holder);
                }
                if !holder.writes.is_empty() {
                    self.parsed.simples.push(holder);
                }
            }
            Command::Function(function) => {
                let parsed = Parsed::default();
                let mut inside = Walk { parsed, depth: self.depth, around: Around::NESTED, loops: vec![] };
                inside.compound(&function.body.0);
                self.parsed.bodies.append(&mut inside.parsed.simples);
                self.parsed.bodies.append(&mut inside.parsed.bodies);
            }
            Command::ExtendedTest(..) => {
                self.parsed.only_defines = false;
                let words = vec!["[[".into()];
                self.parsed.simples.push(Simple { words, around: self.around, ..Simple::default() });
            }
        }
    }

    /// Walks over the body of a loop, and says that it is endless where nothing in it leaves it.
    fn body(&mut self, body: &CompoundList, endless: bool) {
        self.loops.push(false);
        self.list(body, false);
        let left = self.loops.pop().unwrap_or(false);
        let ends = self.around.is(Around::CUT) || self.around.is(Around::DETACHED);
        self.parsed.endless |= endless && !left && !ends;
    }

    /// `break`, `break 2`, `exit`: marks the loops that end with it.
    fn leaves(&mut self, simple: &Simple) {
        let all = self.loops.len();
        let first = match simple.program() {
            "break" => {
                let levels = simple.args().first().and_then(|n| n.parse().ok()).unwrap_or(1);
                all.saturating_sub(levels)
            }
            "exit" | "return" | "exec" if !simple.args().is_empty() || simple.program() != "exec" => 0,
            _ => return,
        };
        self.loops.iter_mut().skip(first).for_each(|left| *left = true);
    }

    /// The commands of a process substitution that a redirection reads from or writes to.
    fn substituted(&mut self, redirect: &IoRedirect, words: &[String]) {
        if let IoRedirect::File(_, _, IoFileRedirectTarget::ProcessSubstitution(kind, shell)) = redirect {
            let around = self.around.and_where(ends_early(words), Around::CUT);
            let around =
                around.and(Around::NESTED).and(Around::CAPTURED).and_where(is_fed(kind), Around::FED);
            self.within(around, |walk| walk.list(&shell.list, false));
        }
    }

    fn compound(&mut self, compound: &CompoundCommand) {
        match compound {
            CompoundCommand::Arithmetic(_) => {}
            CompoundCommand::ArithmeticForClause(clause) => {
                let endless = clause.condition.as_ref().is_none_or(|c| matches!(c.value.trim(), "" | "1"));
                self.body(&clause.body.list, endless);
            }
            CompoundCommand::BraceGroup(group) => self.list(&group.list, false),
            CompoundCommand::Subshell(shell) => self.list(&shell.list, false),
            CompoundCommand::ForClause(clause) => {
                let values = clause.values.iter().flatten().map(|w| w.value.clone()).collect::<Vec<_>>();
                self.substitutions(&values.join(" "));
                self.parsed.simples.push(Simple {
                    assigns: vec![(clause.variable_name.clone(), values.join(" "))],
                    around: self.around,
                    ..Simple::default()
                });
                self.body(&clause.body.list, false);
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
                self.list(&clause.0, false);
                self.body(&clause.1.list, holds(&clause.0, &["true", ":", "1"], true));
            }
            CompoundCommand::UntilClause(clause) => {
                self.list(&clause.0, false);
                self.body(&clause.1.list, holds(&clause.0, &["false", "0"], false));
            }
            CompoundCommand::Coprocess(_) => {
                // Unknown on purpose: a coprocess is never only a read.
                self.parsed.simples.push(Simple { words: vec!["coproc".into()], ..Simple::default() });
            }
        }
    }

    fn simple(&mut self, simple: &SimpleCommand, piped_into: bool) {
        let around = self.around.redirected(redirects(simple));
        let mut found = Simple { piped_into, around, ..Simple::default() };
        let words = words(simple);
        for item in simple.prefix.iter().flat_map(|p| &p.0) {
            self.item(item, &mut found, &words, true);
        }
        if let Some(name) = &simple.word_or_name {
            self.substitutions(&name.value);
            found.words.push(unquote_str(&name.value));
        }
        for item in simple.suffix.iter().flat_map(|s| &s.0) {
            self.item(item, &mut found, &words, false);
        }
        self.leaves(&found);
        self.parsed.simples.push(found);
    }

    fn item(&mut self, item: &CommandPrefixOrSuffixItem, found: &mut Simple, words: &[String], prefix: bool) {
        match item {
            CommandPrefixOrSuffixItem::IoRedirect(r) => {
                self.substituted(r, words);
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
            CommandPrefixOrSuffixItem::ProcessSubstitution(kind, shell) => {
                found.words.push("/dev/fd/63".to_owned());
                let around = self.around.and_where(ends_early(words), Around::CUT);
                let around =
                    around.and(Around::NESTED).and(Around::CAPTURED).and_where(is_fed(kind), Around::FED);
                self.within(around, |walk| walk.list(&shell.list, false));
            }
        }
    }

    /// Adds the commands inside `$(…)` and backquotes of a raw word.
    fn substitutions(&mut self, raw: &str) {
        if self.depth >= 4 {
            return;
        }
        for inner in command_substitutions(raw) {
            let around = self.around.and(Around::NESTED).and(Around::CAPTURED);
            match parse_at(&inner, self.depth + 1, around) {
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
                IoFileRedirectKind::Append | IoFileRedirectKind::ReadAndWrite => found.writes.push(name),
                _ => found.overwrite(name),
            }
        }
        IoRedirect::HereDocument(_, doc) => {
            found.input = Some("a here-document".into());
            found.here_text = Some(doc.doc.value.clone());
        }
        IoRedirect::HereString(_, word) => {
            found.input = Some("a here-string".into());
            found.here_text = Some(unquote_str(&word.value));
        }
        IoRedirect::OutputAndError(word, appends) => {
            let name = unquote_str(&word.value);
            if name != "/dev/null" && *appends {
                found.writes.push(name);
            } else if name != "/dev/null" {
                found.overwrite(name);
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
        assert!(parsed.simples[0].overwrites.is_empty());
        assert_eq!(parse("a > b 2>> c").unwrap().simples[0].overwrites, ["b"]);
        assert_eq!(parsed.simples[0].input.as_deref(), Some("in.txt"));
    }

    #[test]
    fn tells_endless_loops() {
        assert!(parse("while true; do sleep 1; done").unwrap().endless);
        assert!(parse("for ((;;)); do sleep 1; done").unwrap().endless);
        assert!(parse("while sleep 5; do date; done").unwrap().endless);
        assert!(parse("while :; do for i in 1 2; do break; done; date; done").unwrap().endless);
        for ends in [
            "while read x; do echo $x; done",
            "while true; do curl -f localhost && break; sleep 1; done",
            "while :; do for i in 1 2; do break 2; done; done",
            "while true; do [ -f x ] && exit 0; sleep 1; done",
            "while true; do date; sleep 1; done | head -3",
            "while true; do date; sleep 1; done &",
        ] {
            assert!(!parse(ends).unwrap().endless, "{ends}");
        }
    }

    #[test]
    fn tells_assignments() {
        let parsed = parse("export A=\"b_$(date +%s).sql\"").unwrap();
        let export = parsed.simples.last().unwrap();
        assert_eq!(export.assigns, [("A".to_owned(), "\"b_$(date +%s).sql\"".to_owned())]);
    }
}
