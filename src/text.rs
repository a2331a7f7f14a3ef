//! What people read of a run, in sentences, the same for every front end. This file has what a run asks its operator.
//!
//! No sentence names a key: front ends have different ones, and settings change them.

mod claims;
mod events;
mod handover;
mod masks;
mod milestones;
mod monitoring;
mod outcomes;
mod place;
mod reading;
mod reasons;
mod rollback;

use crate::run::blocks;
use crate::run::claim::Claim;
use crate::run::due;
use crate::run::event::{Exit, PlaceChoice};
use crate::run::flow::Next;
use crate::run::gates::{self, GateId};
use crate::run::may_run::may_run;
use crate::run::places;
use crate::run::policy::{self, Confirmation};
use crate::run::rollback as back;
use crate::run::state::{CommandState, Displaced, RunState};
use crate::run::unset;
use crate::run::ways::{self, Taken};
use crate::runbook::doubt::Doubt;
use crate::runbook::{Command, CommandId, ItemId};
use crate::shell::Kind;
use crate::shell::entrance::Door;

pub use crate::figures::{counted, size};
pub use crate::run::first_line;
pub use claims::{Sign, Told, beware, claims};
pub use events::{happened, shell_replaced};
pub use handover::{hand_over, left};
pub use masks::{legend, masks};
pub use milestones::milestone;
pub use monitoring::{of_watch, watched};
pub use outcomes::{came, misgivings, run_came, step_came};
pub use place::{came_to, prompt};
pub use reading::{ReadAs, doubts, open_lines, procedures, questions, read_as};
pub use reasons::{Reason, reasons};
pub use rollback::{back_took, contacts, ran_before, reasons_to_go_back, stopped_so_far, stuck};

/// What the operator can answer with; how that is done is the screen's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own explanation")]
pub enum Choice {
    Yes,
    No,
    All,
    Value,
    Here,
    There,
    Through,
    Seen,
    NotSeen,
    Again,
    UntilItPasses,
    ByHand,
    Skip,
    Stop,
    Background,
    Keyboard,
    Log,
    Problems,
    Back,
}

/// What is asked: sentences, then the answers with what each means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Sentences.
    pub says: Vec<String>,
    /// What the key for the next thing does here: `runs it`.
    pub next: Option<String>,
    /// Answers.
    pub choices: Vec<(Choice, &'static str)>,
}

impl Asked {
    fn says(text: impl Into<String>) -> Self {
        Self { says: vec![text.into()], ..Self::default() }
    }

    fn next(mut self, does: impl Into<String>) -> Self {
        self.next = Some(does.into());
        self
    }

    /// The sentences, with the name of the key for the next thing where that is spoken of.
    pub fn sentences(&self, key: &str) -> Vec<String> {
        let mut all = self.says.clone();
        if let Some(does) = &self.next {
            let last = all.pop().map_or(String::new(), |last| format!("{last} "));
            all.push(format!("{last}{key} {does}."));
        }
        all
    }

    fn and(mut self, text: impl Into<String>) -> Self {
        self.says.push(text.into());
        self
    }

    fn with(mut self, choices: &[(Choice, &'static str)]) -> Self {
        self.choices.extend_from_slice(choices);
        self
    }
}

/// What the next thing asks.
pub fn asked(run: &RunState, next: &Next) -> Asked {
    let command = next.command().and_then(|id| run.find(id));
    let about = command.map(|c| about(run, c, next));
    about.unwrap_or_else(|| match next {
        Next::Gate(GateId::Change) => Asked::says(format!(
            "The gate: {} of {} open.",
            gates::open_items(run, GateId::Change).len(),
            counted(gates::count_items(run, GateId::Change), "item")
        ))
        .next("decides go or no-go"),
        Next::Check(item) => check(run, item),
        Next::Gate(gate) => {
            let no = run.gate_of(*gate);
            let back = run.runbook().rollback.line;
            let back = if back > 0 { format!("roll back (line {back}), or ") } else { String::new() };
            let said = no.map_or(String::new(), |g| {
                let then = capital(&format!("{back}end the run as failed on the log."));
                format!(" NO-GO by {}: {}. {then}", g.by, g.reason)
            });
            Asked::says(format!("The gate: {}.{said}", gate.title())).next("decides go or no-go")
        }
        Next::Over => Asked::says(format!("The run is over{}.", but(run))).next("shows the log"),
        _ if run.going_back().is_some() => {
            let again = back::offered(run).into_iter().map(|s| format!("{} {}", s.id, s.title));
            let again: Vec<String> = again.collect();
            let asked = if again.is_empty() {
                Asked::default()
            } else {
                let also = again.join(", ");
                Asked::says(format!(
                    "The document also mentions {also}: the rollback screen offers to repeat it."
                ))
            };
            asked.and("The rollback is complete.").next("shows the log, where the run ends as rolled back")
        }
        _ => Asked::says(format!("All commands are settled{}.", but(run)))
            .next("shows the log, where the run can be finished"),
    })
}

fn but(run: &RunState) -> String {
    misgivings(run).map_or(String::new(), |but| format!(": {but}"))
}

/// A check item that is due where the run is.
fn check(run: &RunState, item: &ItemId) -> Asked {
    let found = run.runbook().item(item);
    let (text, line) = found.map_or((item.0.as_str(), 0), |i| (i.text.as_str(), i.line));
    let when = due::list_of(run, item).map_or(String::new(), |list| format!(", {}", list.due));
    Asked::says(format!("To check{when}: {text} (line {line}).")).next("shows it on the checklist")
}

/// What to check where a command was lost.
fn left_behind(run: &RunState, id: &CommandId) -> &'static str {
    match run.command(id) {
        CommandState::Lost { unseen: true, .. } => {
            "It ran on another host: gonogo does not know yet what it left behind."
        }
        CommandState::Lost { survivors, .. } if survivors.is_empty() => {
            "None of its processes are left. Check how far it got."
        }
        _ => "Check what it left behind.",
    }
}

/// What could be read in two ways is asked, with the condition that the document sets on it.
fn in_doubt(run: &RunState, command: &Command) -> Asked {
    let question = command.doubt.map_or("", crate::runbook::doubt::Doubt::question);
    let asked = Asked::says(format!("{question} (line {})", command.span.line));
    let above = || run.runbook().titles_above(&command.id).join(" › ");
    let asked = match command.doubt {
        Some(Doubt::Step) => asked.and(format!("The section is “{}”.", above())),
        Some(Doubt::Procedure) => asked.and(format!(
            "The section is “{}”. The document does not say whether it and the other sections with commands are one procedure.",
            above()
        )),
        _ => asked,
    };
    let asked = match &command.condition {
        Some(condition) => asked.and(format!("The document says: \"{condition}\".")),
        None => asked,
    };
    let asked = asked.with(&[(Choice::Yes, "run it"), (Choice::No, "skip it")]);
    let sections = procedures(run.runbook(), Some(run)).len();
    if command.doubt != Some(Doubt::Procedure) || sections < 2 {
        return asked;
    }
    asked.with(&[(Choice::All, "run all remaining sections in order")])
}

fn about(run: &RunState, command: &Command, next: &Next) -> Asked {
    match next {
        Next::Condition(_) if command.doubt.is_some() => in_doubt(run, command),
        Next::Condition(_) => Asked::says(format!(
            "The document says: \"{}\" (line {}). Is that the case?",
            command.condition.as_deref().unwrap_or(""),
            command.span.line
        ))
        .with(&[(Choice::Yes, "yes: run it"), (Choice::No, "no: skip it")]),
        Next::Unset(_) => {
            let names = run.asks_unset().map_or(&[][..], |(_, names)| names);
            Asked::says(format!(
                "{} unset or empty where this command runs (line {}).",
                unset::are(names),
                command.span.line
            ))
            .with(&[
                (Choice::Value, "give a value"),
                (Choice::Yes, "run it anyway"),
                (Choice::No, "skip it"),
            ])
        }
        Next::Place(id) => place(run, command, id),
        Next::Choice(_) if blocks::left_by(run, command).is_some() => {
            let left = blocks::left_by(run, command).map_or(String::new(), |id| id.0);
            Asked::says(format!(
                "{left} ended this block with exit 0; in a script, nothing after it would run."
            ))
            .with(&[(Choice::Yes, "run it anyway"), (Choice::No, "skip it")])
        }
        Next::Choice(_) if command.way.as_ref().is_some_and(|w| ways::taken(run, w) != Taken::This) => {
            let way = command.way.as_ref();
            let all = way.map_or(vec![], |w| ways::names(run, w));
            Asked::says(format!("The document has alternatives here; choose one: {}.", all.join(" · ")))
                .and(format!("This is the start of: {}.", way.map_or("", |w| &w.name)))
                .with(&[
                    (Choice::Yes, "choose this one; the others are skipped"),
                    (Choice::No, "not this one"),
                ])
        }
        Next::Choice(_) => {
            let said = command.about.as_deref().and_then(|a| a.lines().next()).unwrap_or("optional");
            Asked::says(format!("The document offers this: \"{said}\"."))
                .with(&[(Choice::Yes, "run it"), (Choice::No, "skip it")])
        }
        Next::Manual(_) => Asked::says("To be done by hand.").next("marks it done"),
        Next::Run(_) => run_it(run, command),
        Next::Running(_) if run.waiting().is_some() => waiting(run),
        Next::Waiting(_) => waiting(run),
        Next::Running(_) if command.kind == Kind::Follow => {
            let open = run.claims(&command.id).iter().any(|c| c.met().is_none());
            let seen = [(Choice::Seen, "confirm: it shows that"), (Choice::NotSeen, "reject: it does not")];
            // Behind a door it has no terminal of its own.
            let kept = [(Choice::Background, "keep it in the background and continue")];
            Asked::says("It runs until you end it; that does not count as a failure.")
                .with(if open { &seen } else { &[] })
                .with(if run.has_terminals() { &kept } else { &[] })
                .with(&[(Choice::Stop, "end it")])
        }
        Next::Running(id) if run.going_back().is_some() && run.position(id).is_none() => {
            Asked::says("It was started before the rollback and is still running: wait for it, or end it.")
                .with(&[(Choice::Stop, "end it: INT, TERM or KILL")])
        }
        Next::Running(_) => Asked::says("It is running.")
            .with(&[(Choice::Keyboard, "type into it"), (Choice::Stop, "end it")]),
        Next::Attest(id, at) if run.claims(id).get(*at).is_some_and(|c| c.says.is_some()) => {
            Asked::says("The output suggests a failure. Did it succeed anyway?")
                .with(&[(Choice::Seen, "yes: confirm, with a reason"), (Choice::NotSeen, "no: it failed")])
        }
        Next::Attest(..) => Asked::says("Manual check: is that so?")
            .with(&[(Choice::Seen, "confirm"), (Choice::NotSeen, "reject")]),
        Next::Failed(_) => failed(run, command),
        Next::Lost(id) => Asked::says(state(run, command)).and(left_behind(run, id)).with(&[
            (Choice::Again, "run it again"),
            (Choice::ByHand, "it was done"),
            (Choice::Skip, "continue, with a reason"),
        ]),
        Next::Elsewhere(_) => {
            let left = places::left_to(run, command).map_or(String::new(), |c| c.text.clone());
            Asked::says(format!("This runs where \"{left}\" leads: do it there."))
                .with(&[(Choice::ByHand, "it was done there"), (Choice::Skip, "skip it")])
        }
        Next::Gate(_) | Next::Check(_) | Next::Finish | Next::Over => Asked::default(),
    }
}

/// What is claimed of every command that leads to another place.
pub const REACHES: &str = "it reaches a shell there";

/// A text with a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Where what follows a place command runs.
fn place(run: &RunState, command: &Command, id: &CommandId) -> Asked {
    if let Some(by) = run.opened_by(id) {
        return Asked::says(format!("{id} opened a shell: {by}."))
            .and("The commands after it may belong there, and gonogo does not control that shell.")
            .with(&[
                (Choice::Here, "they belong here: continue here"),
                (Choice::There, "they belong there: do them by hand; gonogo runs nothing after it"),
            ]);
    }
    if let Some(Displaced { expected, seen }) = places::displaced(run, command) {
        return Asked::says(format!("The next command belongs to {expected}, but the shell is at {seen}."))
            .and("No command of the document went there. A command of your own, such as cd, can go back.")
            .with(&[(Choice::Here, "this is the right place: continue here")]);
    }
    let inside = places::already_inside(run, command);
    let again = run.place_choice(id) == Some(PlaceChoice::Through);
    let says = if again {
        let why = run.left_because(id).map_or(String::new(), |why| format!("{why}. "));
        Asked::says(format!("Not connected any more: {}", command.text))
            .and(format!("{}gonogo runs nothing again by itself.", capital(&why)))
    } else {
        Asked::says(format!("The commands after this one run where it leads: {}", command.text))
    };
    let says = says.and(format!("This shell is at {}.", run.place()));
    let says = match &inside {
        Some(by) => says.and(format!(
            "It is connected there already: {by} connected, and nothing has disconnected since."
        )),
        None => says,
    };
    let through = match places::entrance_of(run, command).map(|e| e.door) {
        Some(_) if inside.is_some() => &[(Choice::Through, "connect once more, from there")][..],
        Some(Door::Ssh) => &[(Choice::Through, "connect over OpenSSH; the next commands run there")][..],
        Some(_) => &[(Choice::Through, "go there; the next commands run there")][..],
        None => &[][..],
    };
    says.with(through).with(&[
        (Choice::Here, "it is connected already: continue here"),
        (Choice::There, "go there by hand; gonogo runs nothing after it"),
    ])
}

fn waiting(run: &RunState) -> Asked {
    let Some(waiting) = run.waiting() else { return Asked::default() };
    Asked::says(format!(
        "Repeated every {} s until it passes {} in a row, for at most {}: passed {}, run {}.",
        waiting.every_s,
        counted(waiting.wanted() as usize, "time"),
        crate::figures::limit(std::time::Duration::from_secs(waiting.limit_s)),
        counted(waiting.passed as usize, "time"),
        counted(waiting.runs as usize, "time")
    ))
    .with(&[(Choice::Stop, "give it up")])
}

fn failed(run: &RunState, command: &Command) -> Asked {
    let again = Asked::says(state(run, command)).with(&[(Choice::Again, "run it again")]);
    let reads = command.effect == crate::shell::Effect::Reads && command.kind == Kind::Run;
    let waits =
        if reads { again.with(&[(Choice::UntilItPasses, "repeat it until it passes")]) } else { again };
    let contradicted = run.claims(&command.id).iter().any(|c| c.met() == Some(false));
    let overrule = [(Choice::Seen, "overrule: it was met, with a reason")];
    let known = run.known_problems(&command.id).fold(waits, |asked, (problem, why)| {
        asked.and(format!("Known problem: {} (line {}): {why}.", problem.problem, problem.line))
    });
    let forward = run.going_back().is_none() && !run.runbook().rollback.steps.is_empty();
    let reasons = reasons_to_go_back(run).filter(|_| forward);
    let known = reasons.into_iter().fold(known, Asked::and);
    let looks = [(Choice::Problems, "known problems")];
    let back = [(Choice::Back, "the rollback")];
    let known = known.with(if run.runbook().troubleshooting.is_empty() { &[] } else { &looks });
    let known = known.with(if forward { &back } else { &[] });
    known.with(if contradicted { &overrule } else { &[] }).with(&[
        (Choice::ByHand, "done by hand"),
        (Choice::Skip, "continue anyway, with a reason"),
        (Choice::Log, "the log, where the run can be ended as failed"),
    ])
}

fn run_it(run: &RunState, command: &Command) -> Asked {
    let mut asked = Asked::default();
    if let Some(seconds) = command.wait_s {
        asked = asked.and(format!("The document says to wait {seconds} s first."));
    }
    if command.effect != crate::shell::Effect::Reads
        && let Some(host) = places::over_ssh(run)
    {
        asked = asked.and(format!(
            "It runs over the connection to {host} and ends if that is cut. With gonogo started on that host it would not."
        ));
    }
    if run.going_back().is_some()
        && let Some(words) = back::not_needed(run, command)
    {
        asked = asked.and(format!("Possibly not needed: {words}."));
    }
    if let Err(refusal) = may_run(run, command) {
        return asked.and(format!("{}.", capital(&refusal.to_string())));
    }
    match policy::confirmation(command, run.production()) {
        Confirmation::None if run.place_choice(&command.id) == Some(PlaceChoice::Through) => {
            asked.next("goes there; ssh or sudo may ask for something in the pane")
        }
        Confirmation::None => asked.next("runs it"),
        Confirmation::TwoKeys => asked.and("Destructive.").next("shows the target and asks for a second key"),
        Confirmation::TypeName => {
            asked.and("Destructive.").next("shows the target and asks for the environment's name")
        }
    }
}

/// What became of a command, in a sentence.
pub fn state(run: &RunState, command: &Command) -> String {
    match run.command(&command.id) {
        CommandState::Exited { exit, claims, .. } => ended(*exit, claims),
        CommandState::Lost { why, survivors, .. } => {
            let left = survivors.iter().map(|s| format!("{} (process {})", s.command, s.pid));
            let left: Vec<String> = left.collect();
            let left =
                if left.is_empty() { String::new() } else { format!(" Still running: {}.", left.join("; ")) };
            format!("Lost, outcome unknown: {why}.{left} gonogo does not run it again by itself.")
        }
        CommandState::Skipped { reason, after: Some(ran) } => {
            let came = match &**ran {
                CommandState::Exited { exit, claims, .. } => ended(*exit, claims),
                _ => "Lost, outcome unknown.".to_owned(),
            };
            format!("{came} Continued anyway: {reason}.")
        }
        CommandState::Skipped { reason, .. } => format!("Skipped: {reason}."),
        CommandState::DoneByHand { note, .. } => format!("Done by hand: {note}"),
        CommandState::Running { .. } if run.background().contains(&command.id) => {
            "Running in the background.".into()
        }
        CommandState::Running { .. } => "Running.".into(),
        CommandState::Pending => match may_run(run, command) {
            Err(refusal) => format!("{}.", capital(&refusal.to_string())),
            Ok(()) => "Not run yet.".into(),
        },
    }
}

fn ended(exit: Exit, claims: &[Claim]) -> String {
    match claims.iter().filter(|c| c.met() == Some(false)).count() {
        0 => format!("Ended: {exit}."),
        1 => format!("Ended: {exit}. 1 expectation of the document was not met."),
        n => format!("Ended: {exit}. {n} expectations of the document were not met."),
    }
}
