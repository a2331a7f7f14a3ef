//! What a run asks its operator, in sentences: the same for every way of showing it.

mod back;
mod came;
mod claims;
mod events;
mod handover;
mod masks;
mod milestones;
mod place;
mod reading;
mod reasons;
mod watch;

use super::blocks;
use super::claim::Claim;
use super::due;
use super::event::{Exit, PlaceChoice};
use super::flow::Next;
use super::gates::{self, GateId};
use super::may_run::may_run;
use super::places;
use super::policy::{self, Confirmation};
use super::rollback;
use super::state::{CommandState, Displaced, RunState};
use super::unset;
use super::ways::{self, Taken};
use crate::runbook::doubt::Doubt;
use crate::runbook::{Command, CommandId, ItemId};
use crate::shell::Kind;
use crate::shell::entrance::Door;

pub use super::text::{first_line, size};
pub use back::{back_took, contacts, problems, ran_before, reasons_to_go_back, stopped_so_far, stuck};
pub use came::{came, misgivings, run_came, step_came};
pub use claims::{Sign, Told, beware, claims};
pub use events::{happened, shell_replaced};
pub use handover::{hand_over, left};
pub use masks::{legend, masks};
pub use milestones::milestone;
pub use place::{came_to, prompt};
pub use reading::{ReadAs, counted, doubts, open_lines, procedures, questions, read_as};
pub use reasons::{Reason, reasons};
pub use watch::{of_watch, watched};

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
    /// Answers.
    pub choices: Vec<(Choice, &'static str)>,
}

impl Asked {
    fn says(text: impl Into<String>) -> Self {
        Self { says: vec![text.into()], choices: vec![] }
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
            "The gate: {} of {} items are open. Enter decides go or no-go.",
            gates::open_items(run, GateId::Change).len(),
            gates::count_items(run, GateId::Change)
        )),
        Next::Check(item) => check(run, item),
        Next::Gate(gate) => {
            let no = run.gate_of(*gate).map_or(String::new(), |g| {
                let back = run.runbook().rollback.line;
                let back = if back > 0 { format!(" F9 goes back (line {back});") } else { String::new() };
                format!(" NO-GO by {}: {}.{back} F7 on the log ends the run as failed.", g.by, g.reason)
            });
            Asked::says(format!("The gate: {}. Enter decides go or no-go.{no}", gate.title()))
        }
        Next::Over => Asked::says(format!("The run is over{}. Enter shows the log.", but(run))),
        _ if run.going_back().is_some() => {
            let again = rollback::offered(run).into_iter().map(|s| format!("{} {}", s.id, s.title));
            let again: Vec<String> = again.collect();
            let done =
                "The way back is gone through. Enter shows the log, where the run ends as rolled back.";
            let asked = Asked::says(done);
            if again.is_empty() {
                asked
            } else {
                asked.and(format!("The document also speaks of {}: F9 offers it.", again.join(", ")))
            }
        }
        _ => Asked::says(format!(
            "All commands are settled{}. Enter shows the log, where the run is finished.",
            but(run)
        )),
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
    Asked::says(format!("To check{when}: {text} (line {line}). Enter leads to it on the checklist."))
}

/// What is to be looked at where a command was lost.
fn left_behind(run: &RunState, id: &CommandId) -> &'static str {
    match run.command(id) {
        CommandState::Lost { unseen: true, .. } => "What it left behind is not known yet: it ran elsewhere.",
        CommandState::Lost { survivors, .. } if survivors.is_empty() => {
            "No process of it is left. Look how far it came."
        }
        _ => "Look at what it left behind.",
    }
}

/// What could be read in two ways is asked, with the condition that the document sets on it.
fn in_doubt(run: &RunState, command: &Command) -> Asked {
    let question = command.doubt.map_or("", crate::runbook::doubt::Doubt::question);
    let asked = Asked::says(format!("{question} (line {})", command.span.line));
    let above = || run.runbook().titles_above(&command.id).join(" › ");
    let asked = match command.doubt {
        Some(Doubt::Step) => asked.and(format!("It is “{}”.", above())),
        Some(Doubt::Procedure) => asked.and(format!(
            "It is “{}”. Nothing says that it and the other sections with commands are one procedure.",
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
    asked.with(&[(Choice::All, "run all that are left, in order")])
}

fn about(run: &RunState, command: &Command, next: &Next) -> Asked {
    match next {
        Next::Condition(_) if command.doubt.is_some() => in_doubt(run, command),
        Next::Condition(_) => Asked::says(format!(
            "The document says: \"{}\" (line {}). Does it hold?",
            command.condition.as_deref().unwrap_or(""),
            command.span.line
        ))
        .with(&[(Choice::Yes, "it holds: run it"), (Choice::No, "it does not: leave it out")]),
        Next::Unset(_) => {
            let names = run.asks_unset().map_or(&[][..], |(_, names)| names);
            Asked::says(format!(
                "{} unset or empty where this would run (line {}).",
                unset::are(names),
                command.span.line
            ))
            .with(&[
                (Choice::Value, "give a value"),
                (Choice::Yes, "run it all the same"),
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
            Asked::says(format!(
                "The document has several ways here, of which one is gone: {}.",
                all.join(" · ")
            ))
            .and(format!("This begins: {}.", way.map_or("", |w| &w.name)))
            .with(&[(Choice::Yes, "take this way; the others are left out"), (Choice::No, "not this one")])
        }
        Next::Choice(_) => {
            let said = command.about.as_deref().and_then(|a| a.lines().next()).unwrap_or("optional");
            Asked::says(format!("The document offers this: \"{said}\"."))
                .with(&[(Choice::Yes, "run it"), (Choice::No, "leave it out")])
        }
        Next::Manual(_) => Asked::says("To be done by hand. Enter says that it was done."),
        Next::Run(_) => run_it(run, command),
        Next::Running(_) if run.waiting().is_some() => waiting(run),
        Next::Waiting(_) => waiting(run),
        Next::Running(_) if command.kind == Kind::Follow => {
            let open = run.claims(&command.id).iter().any(|c| c.met().is_none());
            let seen = [(Choice::Seen, "it was seen"), (Choice::NotSeen, "it was not")];
            // Behind a door it has no terminal of its own.
            let kept = [(Choice::Background, "keep it in the background and go on")];
            Asked::says("It goes on until you end it; that is no failure.")
                .with(if open { &seen } else { &[] })
                .with(if run.has_terminals() { &kept } else { &[] })
                .with(&[(Choice::Stop, "end it")])
        }
        Next::Running(id) if run.going_back().is_some() && run.position(id).is_none() => {
            Asked::says("It still runs, and was begun before going back: wait for it, or end it.")
                .with(&[(Choice::Stop, "end it: INT, TERM or KILL")])
        }
        Next::Running(_) => {
            Asked::says("It runs.").with(&[(Choice::Keyboard, "type into it"), (Choice::Stop, "end it")])
        }
        Next::Attest(id, at) if run.claims(id).get(*at).is_some_and(|c| c.says.is_some()) => {
            Asked::says("It speaks for a failure. Is it well all the same?")
                .with(&[(Choice::Seen, "yes, with a reason"), (Choice::NotSeen, "no, it failed")])
        }
        Next::Attest(..) => {
            Asked::says("Was that seen?").with(&[(Choice::Seen, "yes"), (Choice::NotSeen, "no")])
        }
        Next::Failed(_) => failed(run, command),
        Next::Lost(id) => Asked::says(state(run, command)).and(left_behind(run, id)).with(&[
            (Choice::Again, "run it again"),
            (Choice::ByHand, "it was done"),
            (Choice::Skip, "go on, with a reason"),
        ]),
        Next::Elsewhere(_) => {
            let left = places::left_to(run, command).map_or(String::new(), |c| c.text.clone());
            Asked::says(format!("This belongs to the other side of \"{left}\": do it there."))
                .with(&[(Choice::ByHand, "it was done there"), (Choice::Skip, "skip it")])
        }
        Next::Gate(_) | Next::Check(_) | Next::Finish | Next::Over => Asked::default(),
    }
}

/// What is claimed of every command that leads to another place.
pub const REACHES: &str = "the shell there is reached";

/// A text with a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Where what follows a place command runs.
fn place(run: &RunState, command: &Command, id: &CommandId) -> Asked {
    if let Some(by) = run.opened_by(id) {
        return Asked::says(format!("{id} opened a shell: {by}."))
            .and("What follows it may belong there, and gonogo does not control that shell.")
            .with(&[
                (Choice::Here, "it belongs here: go on here"),
                (Choice::There, "it belongs there: by hand; nothing after it runs through gonogo"),
            ]);
    }
    if let Some(Displaced { expected, seen }) = places::displaced(run, command) {
        return Asked::says(format!("What follows belongs to {expected}, and the shell is at {seen}."))
            .and("No command of the document went there. ! runs a command that goes back, such as cd.")
            .with(&[(Choice::Here, "it is the right place: go on here")]);
    }
    let inside = places::already_inside(run, command);
    let again = run.place_choice(id) == Some(PlaceChoice::Through);
    let says = if again {
        let why = run.left_because(id).map_or(String::new(), |why| format!("{why}. "));
        Asked::says(format!("The other side of this was left: {}", command.text))
            .and(format!("{}Nothing is run again by itself.", capital(&why)))
    } else {
        Asked::says(format!("What follows belongs to the other side of: {}", command.text))
    };
    let says = says.and(format!("This shell is at {}.", run.place()));
    let says = match &inside {
        Some(by) => says.and(format!("It is there already: {by} led there, and nothing has left it since.")),
        None => says,
    };
    let through = match places::entrance_of(run, command).map(|e| e.door) {
        Some(_) if inside.is_some() => &[(Choice::Through, "go there once more, from there")][..],
        Some(Door::Ssh) => &[(Choice::Through, "go there over OpenSSH; what follows runs there")][..],
        Some(_) => &[(Choice::Through, "go there; what follows runs there")][..],
        None => &[][..],
    };
    says.with(through).with(&[
        (Choice::Here, "it is there already: go on here"),
        (Choice::There, "go by hand; nothing after it runs through gonogo"),
    ])
}

fn waiting(run: &RunState) -> Asked {
    let Some(waiting) = run.waiting() else { return Asked::default() };
    Asked::says(format!(
        "Repeated every {} s until it passes {} times in a row, for at most {}: passed {}, run {} times.",
        waiting.every_s,
        waiting.wanted(),
        humantime::format_duration(std::time::Duration::from_secs(waiting.limit_s)),
        waiting.passed,
        waiting.runs
    ))
    .with(&[(Choice::Stop, "give it up")])
}

fn failed(run: &RunState, command: &Command) -> Asked {
    let again = Asked::says(state(run, command)).with(&[(Choice::Again, "run it again")]);
    let reads = command.effect == crate::shell::Effect::Reads && command.kind == Kind::Run;
    let waits =
        if reads { again.with(&[(Choice::UntilItPasses, "repeat it until it passes")]) } else { again };
    let contradicted = run.claims(&command.id).iter().any(|c| c.met() == Some(false));
    let overrule = [(Choice::Seen, "it was met all the same, with a reason")];
    let known = problems(run, &command.id).fold(waits, |asked, (problem, why)| {
        asked.and(format!("Known problem: {} (line {}): {why}.", problem.problem, problem.line))
    });
    let forward = run.going_back().is_none() && !run.runbook().rollback.steps.is_empty();
    let reasons = reasons_to_go_back(run).filter(|_| forward);
    let known = reasons.into_iter().fold(known, Asked::and);
    let looks = [(Choice::Problems, "known problems")];
    let back = [(Choice::Back, "the way back")];
    let known = known.with(if run.runbook().troubleshooting.is_empty() { &[] } else { &looks });
    let known = known.with(if forward { &back } else { &[] });
    known.with(if contradicted { &overrule } else { &[] }).with(&[
        (Choice::ByHand, "done by hand"),
        (Choice::Skip, "go on all the same, with a reason"),
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
            "Runs over the connection to {host}: if that is cut, this ends with it; with gonogo on that host it would not."
        ));
    }
    if run.going_back().is_some()
        && let Some(words) = rollback::not_needed(run, command)
    {
        asked = asked.and(format!("Perhaps not needed: {words}."));
    }
    asked.and(before(run, command))
}

/// What stands between a command and its run, or what running it asks for.
pub fn before(run: &RunState, command: &Command) -> String {
    if let Err(refusal) = may_run(run, command) {
        return format!("{refusal}.");
    }
    match policy::confirmation(command, run.production()) {
        Confirmation::None if run.place_choice(&command.id) == Some(PlaceChoice::Through) => {
            "Enter goes there; ssh or sudo may ask for something in the pane.".into()
        }
        Confirmation::None => "Enter runs it.".into(),
        Confirmation::TwoKeys => "Destructive. Enter shows the target and asks for a second key.".into(),
        Confirmation::TypeName => {
            "Destructive. Enter shows the target and asks for the environment's name.".into()
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
                if left.is_empty() { String::new() } else { format!(" Still there: {}.", left.join("; ")) };
            format!("Lost, outcome unknown: {why}.{left} It is not run again by itself.")
        }
        CommandState::Skipped { reason, after: Some(ran) } => {
            let came = match &**ran {
                CommandState::Exited { exit, claims, .. } => ended(*exit, claims),
                _ => "Lost, outcome unknown.".to_owned(),
            };
            format!("{came} Gone past: {reason}.")
        }
        CommandState::Skipped { reason, .. } => format!("Skipped: {reason}."),
        CommandState::DoneByHand { note, .. } => format!("Done by hand: {note}"),
        CommandState::Running { .. } if run.background().contains(&command.id) => {
            "Goes on in the background.".into()
        }
        CommandState::Running { .. } => "Runs.".into(),
        CommandState::Pending => match may_run(run, command) {
            Err(refusal) => format!("{refusal}."),
            Ok(()) => "It was not run yet.".into(),
        },
    }
}

fn ended(exit: Exit, claims: &[Claim]) -> String {
    match claims.iter().filter(|c| c.met() == Some(false)).count() {
        0 => format!("Ended: {exit}."),
        1 => format!("Ended: {exit}. What the document expects was not met."),
        n => format!("Ended: {exit}. {n} of the things that the document expects were not met."),
    }
}
