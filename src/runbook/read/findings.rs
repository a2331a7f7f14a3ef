//! The first findings: what would surprise somebody at night.

use super::super::finding::Finding as F;
use super::super::markdown::{Element, ElementKind, Lines};
use super::super::model::{Block, Command, ParameterKind, Runbook};
use super::super::parameters::ELLIPSIS;
use super::Finding;
use crate::shell::{self, Kind};

/// Looks through a runbook that has been read.
pub(super) fn find(runbook: &Runbook, elements: &[Element], document: &str, lines: &Lines) -> Vec<Finding> {
    let mut found = Vec::new();
    for command in runbook.all_commands() {
        command_findings(command, &mut found);
    }
    for block in blocks(runbook) {
        block_findings(block, &mut found);
    }
    for parameter in runbook.parameters.iter().filter(|p| p.kind == ParameterKind::Variable) {
        let line = parameter.uses.first().map_or(0, |u| u.line);
        found.push(F::new(
            line,
            "unset-variable",
            format!("${} is used and set nowhere in the document", parameter.name),
        ));
    }
    for step in runbook.steps.iter().filter(|s| s.estimate_s.is_none()) {
        found.push(F::new(
            step.line,
            "no-estimate",
            format!("step {} does not say how long it takes", step.id),
        ));
    }
    for contact in runbook.contacts.iter().filter(|c| c.name == "TBD" || c.name.is_empty()) {
        found.push(F::new(contact.line, "contact-missing", format!("{}: nobody is named", contact.role)));
    }
    rollback_findings(runbook, &mut found);
    for element in elements {
        if matches!(&element.kind, ElementKind::Code(code) if code.unclosed) {
            found.push(F::new(element.span.line, "unclosed-fence", "this fence is never closed"));
        }
    }
    for (at, c) in document.char_indices().filter(|(_, c)| is_deceptive(*c)) {
        found.push(F::new(lines.line(at), "control-character", format!("holds U+{:04X}", c as u32)));
    }
    if runbook.step_commands().is_empty() {
        found.push(F::new(1, "no-steps", "no section with commands was found"));
    }
    found.sort_by(|a, b| (a.line, &a.code).cmp(&(b.line, &b.code)));
    found.dedup();
    found
}

fn blocks(runbook: &Runbook) -> Vec<&Block> {
    fn of<'a>(step: &'a super::Step, found: &mut Vec<&'a Block>) {
        found.extend(&step.blocks);
        step.substeps.iter().for_each(|s| of(s, found));
    }
    let mut found = Vec::new();
    runbook.steps.iter().for_each(|s| of(s, &mut found));
    found
}

fn command_findings(command: &Command, found: &mut Vec<Finding>) {
    let line = command.span.line;
    if !command.parses {
        found.push(F::new(line, "unparsable", "bash would not take this; it never runs as it stands"));
    }
    for hole in &command.holes {
        if hole == ELLIPSIS {
            found.push(F::new(line, "ellipsis", "\"...\" stands where a value belongs"));
        } else {
            found.push(F::new(line, "placeholder", format!("<{hole}> has to be answered")));
        }
    }
    if has_credential(&command.text) {
        found.push(F::new(line, "credential", "a credential stands in the command"));
    }
    let Some(parsed) = shell::parse(&command.text) else { return };
    for simple in &parsed.simples {
        if simple.program() == "curl"
            && command.text.contains("health")
            && command.expects.is_empty()
            && !simple.args().iter().any(|a| {
                a.starts_with("--fail") || (a.starts_with('-') && !a.starts_with("--") && a.contains('f'))
            })
        {
            found.push(F::new(line, "curl-without-fail", "curl exits 0 for an HTTP error"));
        }
        let from_file = simple.has("-f") || simple.input.is_some();
        if simple.program() == "psql" && from_file && !command.text.contains("ON_ERROR_STOP") {
            found.push(F::new(line, "psql-without-stop", "psql exits 0 after SQL errors here"));
        }
    }
}

fn block_findings(block: &Block, found: &mut Vec<Finding>) {
    for pair in block.commands.windows(2) {
        if pair[0].kind == Kind::Place && !pair[0].text.starts_with("exit") {
            found.push(F::new(
                pair[0].span.line,
                "after-place",
                format!("what follows is meant for the other side of: {}", pair[0].text),
            ));
        }
        if pair[0].kind == Kind::Follow {
            found.push(F::new(
                pair[0].span.line,
                "after-follow",
                "does not end by itself, and commands follow it",
            ));
        }
    }
}

fn rollback_findings(runbook: &Runbook, found: &mut Vec<Finding>) {
    if runbook.rollback.line == 0 {
        found.push(F::new(1, "no-rollback", "the document has no rollback section"));
    }
    let commands: Vec<&Command> = runbook.rollback.steps.iter().flat_map(super::Step::commands).collect();
    let stops_all = |c: &&&Command| {
        let words: Vec<&str> = c.text.split_whitespace().collect();
        words.contains(&"down") && (c.text.starts_with("docker") || c.text.starts_with("podman"))
    };
    if let Some(down) = commands.iter().find(stops_all)
        && let Some(restore) = commands.iter().find(|c| {
            c.span.line > down.span.line
                && ["psql", "mysql", "pg_restore"].iter().any(|p| c.text.trim_start().starts_with(p))
        })
    {
        let message = format!(
            "stops everything; line {} then restores into a database that may be part of it",
            restore.span.line
        );
        found.push(F::new(down.span.line, "rollback-stops-its-database", message));
    }
}

fn has_credential(text: &str) -> bool {
    let after = |marker: &str| text.find(marker).map(|at| &text[at + marker.len()..]);
    let literal = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    let url = text.split("://").skip(1).any(|rest| {
        let host = rest.split(['/', ' ', '"', '\'']).next().unwrap_or("");
        host.split_once('@')
            .and_then(|(user, _)| user.split_once(':'))
            .is_some_and(|(_, pass)| literal(pass) && pass.to_uppercase() != pass)
    });
    url || ["PASSWORD=", "PGPASSWORD=", "_TOKEN=", "SECRET="].iter().filter_map(|m| after(m)).any(literal)
}

/// Control characters (but tab and line ends), bidirectional controls and invisible joiners in odd places.
fn is_deceptive(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{200E}' | '\u{200F}')
}
