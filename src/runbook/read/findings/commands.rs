//! Findings about commands.

use super::super::super::characters::look_alikes;
use super::super::super::doubt::Doubt;
use super::super::super::finding::Finding as F;
use super::super::super::model::{Block, Command, ParameterKind, Step, Use};
use super::super::super::parameters::{self, ELLIPSIS};
use super::super::super::words::lower_words;
use super::Looked;
use crate::figures::counted;
use crate::shell::classify::{compose_words, unwrapped};
use crate::shell::entrance::entrance;
use crate::shell::traps::{curl_fails, reads_sql};
use crate::shell::{self, Effect, Kind, Simple};

pub(super) fn find(looked: &Looked<'_>, found: &mut Vec<F>) {
    let plan = looked.plan;
    for command in plan.all_commands() {
        of_command(command, found);
    }
    for block in plan.all_blocks() {
        of_block(block, found);
    }
    for parameter in plan.parameters.iter().filter(|p| p.kind == ParameterKind::Variable) {
        let line = parameter.uses.first().map_or(0, |u| u.line);
        let words = match (parameter.from, &parameter.default) {
            (Some(_), Some(_)) => continue,
            (Some(from), None) => {
                format!(
                    "${} is set only on line {from}, which no run executes: gonogo asks for it",
                    parameter.name
                )
            }
            (None, _) => format!("nothing in the document sets ${}", parameter.name),
        };
        found.push(F::new(line, "unset-variable", words));
    }
    left_behind(looked, found);
    before_backup(&plan.steps, found);
    compose_spellings(&plan.all_commands(), found);
    let runs = |block: &&Block| block.commands.iter().any(|c| c.kind != Kind::Manual);
    for block in plan.unplaced.iter().filter(runs) {
        let commands = block.commands.iter().filter(|c| c.kind != Kind::Manual).count();
        if commands == 0 {
            continue;
        }
        let words = format!("{} in a section that no run executes", counted(commands, "command"));
        found.push(F::new(block.span.line, "commands-outside", words));
    }
}

/// A value that a run asks for and that stands in other commands where it is not put in: `v1.2.0` beside `v1.2.0-rc.1`.
fn left_behind(looked: &Looked<'_>, found: &mut Vec<F>) {
    let plan = looked.plan;
    let literal = plan.parameters.iter().filter(|p| p.kind == ParameterKind::Literal);
    for (parameter, default) in literal.filter_map(|p| Some((p, p.default.as_ref()?))) {
        let number = default.trim_start_matches('v');
        let steps = plan.steps.iter().chain(&plan.rollback.steps).flat_map(Step::commands);
        for command in steps.filter(|c| c.kind != Kind::Manual && !c.commented) {
            let put_in = |at: usize| {
                let of = |u: &&Use| u.command.as_ref() == Some(&command.id);
                let holds = |u: &Use| u.at.is_some_and(|(from, to)| (from..to).contains(&at));
                parameter.uses.iter().filter(of).any(holds)
            };
            let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
            let other = command.text.match_indices(number).any(|(at, text)| {
                let (before, behind) = (command.text.get(..at), command.text.get(at + text.len()..));
                let apart = !part(before.and_then(|b| b.chars().next_back()))
                    && !behind.is_some_and(|b| b.starts_with(|c: char| c.is_ascii_digit()));
                apart && !put_in(at)
            });
            if other {
                let words = format!("{default} stands here too, where {} is not put in", parameter.name);
                found.push(F::new(command.span.line, "value-left", words));
            }
        }
    }
}

fn about(command: &Command, code: &str, words: impl Into<String>) -> F {
    F::new(command.span.line, code, words).at(command.span.start, command.span.end)
}

/// Programs that findings are about: the text of others need not be parsed again.
const LOOKED_AT: &[&str] = &["curl", "psql", "docker", "git", "systemctl", "journalctl"];

fn of_command(command: &Command, found: &mut Vec<F>) {
    if !command.parses {
        found.push(about(command, "unparsable", "bash can't parse this; it never runs as written"));
    }
    if command.enters_place() && entrance(&command.text).is_none() {
        let words = format!("opens a shell that gonogo can't follow: {}", command.text.trim());
        found.push(about(command, "opens-shell", words));
    }
    if let Some(doubt) =
        command.doubt.filter(|doubt| *doubt != Doubt::LookAlike && command.asked_with.is_none())
    {
        let id = &command.id;
        let words = format!("{}: gonogo asks before it runs", doubt.may_be());
        found.push(about(
            command,
            "doubt",
            format!("{words}; --answer {id}=yes runs it, --answer {id}=no skips it"),
        ));
    }
    if command.kind != Kind::Manual {
        strange_characters(command, found);
        for hole in parameters::holes(&command.text) {
            let start = command.span.start + hole.at.start;
            let line = command.span.line + command.text[..hole.at.start].matches('\n').count();
            let finding = if hole.name == ELLIPSIS {
                F::new(line, "ellipsis", "\"...\" where a value belongs")
            } else {
                F::new(line, "placeholder", format!("needs a value for {}", hole.name))
            };
            // In a list the source has indentation that the text does not: then the line says enough.
            found.push(if line == command.span.line {
                finding.at(start, start + hole.at.len())
            } else {
                finding
            });
        }
    }
    if command.kind != Kind::Manual
        && let Some(domain) = documentation_domain(&command.text)
    {
        let words =
            format!("{domain} is reserved for documentation (RFC 2606): none of your services is there");
        found.push(about(command, "documentation-domain", words));
    }
    if has_credential(&command.text) {
        found.push(about(command, "credential", "the command contains a credential"));
    }
    for expected in &command.expects {
        let words = match (&expected.check, &expected.left) {
            (None, _) => "gonogo can't check any of this".to_owned(),
            (Some(_), Some(left)) => format!("gonogo can't check \"{}\"", left.text),
            (Some(_), None) => continue,
        };
        found.push(F::new(expected.line, "expectation-for-eyes", words));
    }
    if !LOOKED_AT.iter().any(|program| command.text.contains(program)) {
        return;
    }
    let Some(parsed) = shell::parse(&parameters::mask(&command.text, &parameters::holes(&command.text)))
    else {
        return;
    };
    let piped = parsed.simples.len() > 1;
    for simple in parsed.simples.iter().map(unwrapped) {
        of_simple(command, &simple, piped, found);
    }
}

/// Characters that a word processor left.
fn strange_characters(command: &Command, found: &mut Vec<F>) {
    let plain = parameters::mask(&command.text, &parameters::holes(&command.text));
    for strange in look_alikes(&plain).into_iter().filter(|c| !c.quoted || c.character.is_whitespace()) {
        let before = command.text.get(..strange.at).unwrap_or("");
        let line = command.span.line + before.matches('\n').count();
        let (code, name) = (strange.character as u32, strange.name);
        let words = format!("contains U+{code:04X} {name}: write {}", strange.instead);
        found.push(F::new(line, "look-alike-character", words));
    }
}

fn of_simple(command: &Command, simple: &Simple, piped: bool, found: &mut Vec<F>) {
    let checked = command.expects.iter().any(|e| e.check.is_some());
    if simple.program() == "curl" && command.text.contains("health") && !checked && !curl_fails(simple) {
        found.push(about(command, "curl-without-fail", "curl exits 0 for an HTTP error"));
    }
    if simple.program() == "psql" && reads_sql(simple) && !command.text.contains("ON_ERROR_STOP") {
        found.push(about(command, "psql-without-stop", "psql exits 0 after SQL errors here"));
    }
    let lists = compose_words(simple).is_some_and(|w| w.first().is_some_and(|a| a == "ps"))
        && !simple.args().iter().any(|a| a == "-a" || a == "--all");
    let looks_for_exited = command.expects.iter().any(|e| {
        lower_words(&e.text).iter().any(|w| matches!(w.as_str(), "exit" | "exited" | "stopped" | "down"))
    });
    if lists && looks_for_exited {
        let two = simple.program() == "docker";
        let words = "this listing hides services that have exited";
        let where_two = format!("where {} is version 2, {words}", simple.program());
        found.push(about(command, "ps-hides-exited", if two { words.to_owned() } else { where_two }));
    }
    if !piped && opens_pager(simple) {
        found.push(about(command, "pager", format!("{} opens a pager on a terminal", simple.program())));
    }
}

fn opens_pager(simple: &Simple) -> bool {
    let no_pager = simple.args().iter().any(|a| a == "--no-pager" || a == "-P");
    let short = simple.args().iter().any(|a| {
        a.starts_with("-n")
            || a.starts_with("--max-count")
            || a.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok())
    });
    let verb = simple.args().iter().find(|a| !a.starts_with('-')).map_or("", String::as_str);
    !no_pager
        && match simple.program() {
            "git" => matches!(verb, "log" | "diff" | "show" | "blame" | "reflog") && !short,
            "systemctl" => verb == "status",
            "journalctl" => !simple.has_short('f') && !simple.has("--follow") && !short,
            _ => false,
        }
}

fn of_block(block: &Block, found: &mut Vec<F>) {
    for pair in block.commands.windows(2) {
        if pair[0].enters_place() {
            let words =
                format!("the commands after it are meant for the shell that it opens: {}", pair[0].text);
            found.push(about(&pair[0], "after-place", words));
        }
        if pair[0].kind == Kind::Follow && !pair[1].alternative {
            let words = format!("does not end by itself, and line {} follows it", pair[1].span.line);
            found.push(about(&pair[0], "after-follow", words));
        }
    }
    for other in &block.other {
        let lines = if other.end_line > other.line {
            format!("up to line {}", other.end_line)
        } else {
            "here".into()
        };
        found.push(F::new(other.line, "no-command", format!("{lines}: {}", other.what)));
    }
}

/// What loses data before any backup.
fn before_backup(steps: &[Step], found: &mut Vec<F>) {
    let commands: Vec<&Command> = steps.iter().flat_map(Step::commands).collect();
    let saves = |c: &&Command| {
        let words = lower_words(&c.text);
        let dumps = ["pg_dump", "pg_dumpall", "pg_basebackup", "mysqldump", "mongodump", "bgsave"];
        c.effect == Effect::Changes
            && words.iter().any(|w| {
                dumps.contains(&w.as_str())
                    || ["backup", "backups", "snapshot", "snapshots"].contains(&w.as_str())
            })
    };
    let loses = |c: &&Command| {
        let lower = c.text.to_lowercase();
        c.effect == Effect::Destructive
            && !c.alternative
            && !lower.contains("-x delete")
            && [
                "drop",
                "truncate",
                "delete from",
                "restore",
                "rm -r",
                "rm -f",
                "destroy",
                "down -v",
                "--volumes",
                "flush",
                "reset",
                "< ",
            ]
            .iter()
            .any(|w| lower.contains(w))
    };
    let Some(first) = commands.iter().position(loses) else { return };
    match commands.iter().position(saves) {
        Some(at) if at < first => {}
        Some(at) => {
            let words = format!("loses data; the backup is only made at line {}", commands[at].span.line);
            found.push(about(commands[first], "destructive-before-backup", words));
        }
        None => found.push(about(commands[first], "no-backup", "loses data, and no step makes a backup")),
    }
}

fn compose_spellings(commands: &[&Command], found: &mut Vec<F>) {
    let spelled = |c: &&&Command, old: bool| {
        c.text.contains("compose")
            && shell::parse(&c.text).is_some_and(|p| {
                p.simples
                    .iter()
                    .map(unwrapped)
                    .any(|s| compose_words(&s).is_some() && s.program().ends_with("-compose") == old)
            })
    };
    let old = commands.iter().find(|c| spelled(c, true));
    let new = commands.iter().find(|c| spelled(c, false));
    if let (Some(old), Some(new)) = (old, new) {
        let (first, second) = if old.span.line < new.span.line { (old, new) } else { (new, old) };
        let words = format!("line {} spells compose differently", first.span.line);
        found.push(about(second, "compose-mixed", words));
    }
}

/// A host that a command names under a domain that is kept for documentation (RFC 2606, 2 and 3). In an address of
/// mail it is data.
fn documentation_domain(text: &str) -> Option<&str> {
    let hosts = text.split(|c: char| !c.is_ascii_alphanumeric() && !"-.@".contains(c));
    hosts.filter(|host| !host.contains('@')).map(|host| host.trim_end_matches('.')).find(|host| {
        let mut labels = host.rsplit('.');
        match (labels.next(), labels.next()) {
            (Some("com" | "org" | "net"), Some("example")) => true,
            (Some("example" | "invalid"), Some(name)) => !name.is_empty(),
            _ => false,
        }
    })
}

fn has_credential(text: &str) -> bool {
    let after = |marker: &str| text.find(marker).map(|at| &text[at + marker.len()..]);
    let given = |rest: &str| {
        let value: String = rest
            .trim_start_matches(['"', '\''])
            .chars()
            .take_while(|c| !c.is_whitespace() && !"\"'&;".contains(*c))
            .collect();
        value.len() > 2
            && value.starts_with(|c: char| c.is_ascii_alphanumeric())
            && value.chars().any(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            && !["your", "change", "xxx", "example", "password", "secret"]
                .iter()
                .any(|w| value.to_lowercase().starts_with(w))
    };
    let url = text.split("://").skip(1).any(|rest| {
        let host = rest.split(['/', ' ', '"', '\'']).next().unwrap_or("");
        host.split_once('@').and_then(|(user, _)| user.split_once(':')).is_some_and(|(_, pass)| given(pass))
    });
    url || ["PASSWORD=", "PGPASSWORD=", "_TOKEN=", "SECRET=", "API_KEY=", "Authorization: Bearer "]
        .iter()
        .filter_map(|m| after(m))
        .any(given)
}
