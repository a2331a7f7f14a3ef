//! What of a [`Runbook`] is agreed on.

use serde::Serialize;

use super::super::hash::sha256_hex;
use super::super::model::{
    Block, Command, Expectation, Item, Monitoring, ParameterKind, Runbook, Step, Target, Threshold,
};
use super::{
    Fact, Heading, Judged, Lock, LockedCommand, LockedExpectation, LockedItem, LockedText, Marks, Part,
};

/// How many digits of a hash stand in the file: enough to tell texts apart, short enough to review.
const DIGITS: usize = 16;

/// How much of a text stands in the file for whoever reviews it; its hash says the rest.
const SHOWN: usize = 120;

impl Lock {
    /// What this version of gonogo read; nobody has agreed on it yet.
    pub fn of(runbook: &Runbook) -> Self {
        let sections = runbook.outline.iter().map(|o| Heading {
            role: word(&o.role),
            level: usize::from(o.level.clamp(1, 6)),
            title: one_line(&o.title),
            line: o.line,
        });
        Self {
            gonogo: env!("CARGO_PKG_VERSION").to_owned(),
            sha256: runbook.sha256.clone(),
            agreed: None,
            sections: sections.collect(),
            facts: facts(runbook),
            parts: parts(runbook),
        }
    }
}

fn facts(runbook: &Runbook) -> Vec<Fact> {
    let fact = |kind: &str, name: &str, says: &str, line: usize| Fact {
        kind: kind.to_owned(),
        name: one_line(name),
        says: one_line(says),
        line,
    };
    let environments = runbook.environments.iter().map(|e| {
        let ports = e.ports.iter().map(|(name, port)| format!("{name} {port}"));
        let says: Vec<String> = e.url.clone().into_iter().chain(ports).collect();
        fact("environment", &e.name, &says.join(", "), e.line)
    });
    let values = runbook.parameters.iter().map(|p| {
        let how = match p.kind {
            ParameterKind::Literal => None,
            ParameterKind::Placeholder => Some("placeholder".to_owned()),
            ParameterKind::Variable => Some("variable".to_owned()),
        };
        let secret = p.secret.then(|| "secret".to_owned());
        let default = p.default.as_ref().map(|d| format!("{d} by default"));
        let says: Vec<String> = how.into_iter().chain(secret).chain(default).collect();
        fact("value", &p.name, &says.join(", "), p.uses.first().map_or(0, |u| u.line))
    });
    let targets = runbook.targets.iter().map(|t| fact("target", &t.metric, &bounds(t), t.line));
    let triggers = runbook.rollback.triggers.iter().map(|t| fact("trigger", &t.text, "", t.line));
    environments.chain(values).chain(targets).chain(triggers).collect()
}

fn bounds(target: &Target) -> String {
    let bound = |name: &str, bound: &Option<Threshold>| {
        bound.as_ref().map(|t| format!("{name}{} {}{}", t.op, t.value, t.unit))
    };
    let all =
        [bound("", &target.target), bound("acceptable ", &target.acceptable), bound("alert ", &target.alert)];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn parts(runbook: &Runbook) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for list in &runbook.checklists {
        let line = list.items.first().map_or(0, |i| i.line);
        let items = list.items.iter().map(item).collect();
        parts.push(Part { items, ..part("checklist", &list.id.0, &list.title, line) });
    }
    parts.extend(runbook.steps.iter().flat_map(|s| steps("step", s)));
    parts.extend(runbook.rollback.steps.iter().flat_map(|s| steps("rollback", s)));
    let verification = part("verification", "rollback", "verification", runbook.rollback.line);
    parts.extend(holding(verification, runbook.rollback.verification.iter()));
    parts.extend(runbook.monitoring.iter().map(monitoring));
    for problem in &runbook.troubleshooting {
        let all = problem.check.iter().chain(&problem.solution);
        parts.push(with(part("problem", &problem.id.0, &problem.problem, problem.line), all));
    }
    for criterion in &runbook.success {
        parts.push(with(
            part("criterion", &criterion.id.0, &criterion.text, criterion.line),
            &criterion.blocks,
        ));
    }
    let line = runbook.unplaced.first().map_or(0, |b| b.span.line);
    parts.extend(holding(part("outside", "outside", "no section", line), runbook.unplaced.iter()));
    parts
}

/// A step and those inside of it, each before its own.
fn steps(kind: &str, step: &Step) -> Vec<Part> {
    let mut own = with(part(kind, &step.id.0, &step.title, step.line), &step.blocks);
    if step.optional {
        own.marks.insert("optional".into(), String::new());
    }
    std::iter::once(own).chain(step.substeps.iter().flat_map(|s| steps(kind, s))).collect()
}

fn monitoring(window: &Monitoring) -> Part {
    let mut own = with(part("monitoring", &window.id.0, &window.title, window.line), &window.blocks);
    own.items = window.items.iter().map(item).collect();
    let seconds = |s: u64| crate::figures::limit(std::time::Duration::from_secs(s));
    own.marks.extend(window.every_s.map(|s| ("every".into(), seconds(s))));
    own.marks.extend(window.for_s.map(|s| ("for".into(), seconds(s))));
    own
}

fn part(kind: &str, id: &str, title: &str, line: usize) -> Part {
    Part { kind: kind.to_owned(), id: one_line(id), title: one_line(title), line, ..Part::default() }
}

fn with<'b>(part: Part, blocks: impl IntoIterator<Item = &'b Block>) -> Part {
    let blocks: Vec<&Block> = blocks.into_iter().collect();
    let others = blocks.iter().flat_map(|b| &b.other).map(|o| LockedText {
        what: one_line(&o.what),
        hash: hash(&o.text),
        text: shown(&o.text),
        line: o.line,
    });
    Part {
        commands: blocks.iter().flat_map(|b| &b.commands).map(command).collect(),
        others: others.collect(),
        ..part
    }
}

/// A part that is there only where it holds something.
fn holding<'b>(part: Part, blocks: impl Iterator<Item = &'b Block>) -> Option<Part> {
    Some(with(part, blocks)).filter(|p| !p.commands.is_empty() || !p.others.is_empty())
}

fn item(item: &Item) -> LockedItem {
    let mut marks = Marks::new();
    if item.optional {
        marks.insert("optional".into(), String::new());
    }
    marks.extend(item.runs.as_ref().map(|c| ("runs".into(), word(&c.effect))));
    LockedItem {
        id: one_line(&item.id.0),
        marks,
        hash: hash(&item.text),
        text: shown(&item.text),
        line: item.line,
    }
}

fn command(command: &Command) -> LockedCommand {
    LockedCommand {
        id: one_line(&command.id.0),
        kind: word(&command.kind),
        effect: word(&command.effect),
        marks: marks(command),
        hash: hash(&command.text),
        text: shown(&command.text),
        expects: command.expects.iter().map(expectation).collect(),
        line: command.span.line,
    }
}

fn marks(command: &Command) -> Marks {
    let plain = [
        ("optional", command.optional),
        ("alternative", command.alternative),
        ("commented", command.commented),
        ("sensitive", command.sensitive),
        ("unparsable", !command.parses),
    ];
    let said = [
        ("if", command.condition.as_deref().map(one_line)),
        ("doubt", command.doubt.as_ref().map(word)),
        ("way", command.way.as_ref().map(|w| one_line(&w.name))),
        ("wait", command.wait_s.map(|s| format!("{s}s"))),
        ("needs", Some(one_line(&command.holes.join(", "))).filter(|h| !h.is_empty())),
    ];
    let plain = plain.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| (name, String::new()));
    let said = said.into_iter().filter_map(|(name, value)| Some((name, value?)));
    plain.chain(said).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn expectation(expectation: &Expectation) -> LockedExpectation {
    let (judged, says) = match (&expectation.check, &expectation.left) {
        (None, _) => (Judged::ByEye, shown(&expectation.text)),
        (Some(check), None) => (Judged::Checked, shown(&check.says())),
        (Some(check), Some(_)) => (Judged::Partly, shown(&check.says())),
    };
    LockedExpectation { judged, hash: hash(&expectation.text), says, line: expectation.line }
}

/// A word of the model as `gonogo plan --json` has it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

fn hash(text: &str) -> String {
    sha256_hex(text.as_bytes()).chars().take(DIGITS).collect()
}

/// A text on one line: what would act on a terminal, or hide in a review, is made visible.
pub(super) fn one_line(text: &str) -> String {
    let visible = |c: char| match c {
        c if c.is_whitespace() => ' ',
        c if c.is_control() => '\u{fffd}',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
            '\u{fffd}'
        }
        c => c,
    };
    let text: String = text.chars().map(visible).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first line of a text, as much of it as somebody has to see to know it again.
fn shown(text: &str) -> String {
    let mut lines = text.trim().lines();
    let first = one_line(lines.next().unwrap_or_default());
    let kept: String = first.chars().take(SHOWN).collect();
    let more = kept.len() < first.len() || lines.next().is_some();
    if more {
        format!("{} …", kept.trim_end_matches('\\').trim_end()).trim_start().to_owned()
    } else {
        kept
    }
}
