//! Where what is known of a command comes from: what was derived, and from which line.

use crate::figures::limit;
use crate::run::gates::{self, GateId};
use crate::run::state::RunState;
use crate::runbook::{Command, CommandId, Step};
use crate::shell::{Effect, Kind};

/// One thing that was derived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What.
    pub says: String,
    /// From this line of the document; absent where it does not come from the document.
    pub line: Option<usize>,
}

impl Reason {
    /// Derived from a line; 0 stands for none.
    pub fn new(says: impl Into<String>, line: usize) -> Self {
        Self { says: says.into(), line: Some(line).filter(|l| *l > 0) }
    }
}

/// All that was derived of a command.
pub fn reasons(run: &RunState, command: &Command) -> Vec<Reason> {
    let (id, line) = (&command.id, command.span.line);
    let mut reasons = Vec::new();
    if run.added().contains(id) {
        reasons.push(Reason::new("added by hand; it is not in the document", 0));
    }
    if run.is_edited(id) {
        reasons.push(Reason::new("changed before it ran; the document has another text", line));
    }
    reasons.extend(of_command(run, command));
    if let Some(step) = step_of(&run.runbook().steps, id) {
        if let Some(seconds) = step.estimate_s {
            let time = limit(std::time::Duration::from_secs(seconds));
            reasons
                .push(Reason::new(format!("step {} takes about {time}, by its heading", step.id), step.line));
        }
        let refers = |r: &crate::runbook::Referred| {
            Reason::new(format!("step {} refers to: {}", step.id, r.title), r.line)
        };
        reasons.extend(step.refers.iter().map(refers));
        if step.optional {
            reasons.push(Reason::new(format!("step {} is optional, by its heading", step.id), step.line));
        }
    }
    for (gate, _) in gates::with_commands(run.runbook()).into_iter().filter(|(_, c)| &c.id == id) {
        let why = match gate {
            GateId::Change => "a gate is here: this is the first command that changes the service",
            _ => "a gate is here: the verification is complete",
        };
        reasons.push(Reason::new(why, line));
    }
    if gates::point_of_no_return(run.runbook()).is_some_and(|c| &c.id == id) {
        reasons
            .push(Reason::new("the point of no return: from here on a rollback has to restore data", line));
    }
    reasons
}

fn of_command(run: &RunState, command: &Command) -> Vec<Reason> {
    let line = command.span.line;
    let kind = match command.kind {
        Kind::Run => "run: it ends by itself",
        Kind::Interactive => "interactive: its program takes the keyboard",
        Kind::Place => "place: it changes where the next commands run",
        Kind::Follow => "follow: it runs until somebody ends it",
        Kind::Manual => "by hand: it is not a shell command",
    };
    let effect = match command.effect {
        Effect::Reads => "reads: everything in it is on the list of what only reads",
        Effect::Changes => "changes: not everything in it is on the list of what only reads",
        Effect::Destructive => "destructive: it loses data or stops a whole service",
    };
    let mut reasons = vec![Reason::new(kind, line), Reason::new(effect, line)];
    if let Some(condition) = &command.condition {
        let says = format!("conditional, by the comment above it: {condition}");
        reasons.push(Reason::new(says, line.saturating_sub(1)));
    }
    let flags = [
        (command.optional, "optional, by the words above it"),
        (command.alternative, "one of several alternatives: it is commented out or follows \"or\""),
        (
            command.way.is_some(),
            "one of several alternatives, by headings or tabs: choose one, the others are skipped",
        ),
        (command.sensitive, "sensitive: its output will contain credentials"),
        (!command.parses, "bash can't parse it as written"),
    ];
    reasons.extend(flags.into_iter().filter(|(on, _)| *on).map(|(_, says)| Reason::new(says, line)));
    reasons.extend(
        command.wait_s.map(|s| Reason::new(format!("wait {s} s before it, by the words above it"), line)),
    );
    reasons.extend(command.expects.iter().map(|e| Reason::new(format!("expects: {}", e.text), e.line)));
    let needs = run.runbook().parameters.iter();
    let needs = needs.filter(|p| p.uses.iter().any(|u| u.command.as_ref() == Some(&command.id)));
    reasons.extend(needs.map(|p| Reason::new(format!("needs {}", p.name), line)));
    reasons
}

fn step_of<'r>(steps: &'r [Step], id: &CommandId) -> Option<&'r Step> {
    steps.iter().find_map(|s| {
        let here = s.blocks.iter().flat_map(|b| &b.commands).any(|c| &c.id == id);
        if here { Some(s) } else { step_of(&s.substeps, id) }
    })
}
