//! All that is unanswered before a headless run begins: it is told at once, and nothing is run.

use std::collections::BTreeSet;

use super::answers::{Answers, Back, PlaceAnswer};
use super::fates::{Fate, fates};
use super::ways::{doubled_ways, open_alternatives, open_ways};
use super::{doubts, values};
use crate::cli::report::{CommandError, Status};
use crate::cli::syntax;
use crate::run::gates::gate_index;
use crate::run::rollback::{self, WayOutKind};
use crate::runbook::behind::{behind, leads_to_where_it_stands};
use crate::runbook::parameters::{ELLIPSIS, needed};
use crate::runbook::{Command, CommandId, Runbook};
use crate::shell::entrance::entrance;
use crate::shell::{self, Effect, Kind};
use crate::text::counted;

/// Commands that ask for something that nobody is there to type, and that others depend on: a value, or a yes.
fn open_questions(fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    let follows = |at: usize| fates[at + 1..].iter().any(|(_, f)| *f == Fate::Runs);
    let open = fates.iter().enumerate().filter(|(at, (c, f))| {
        *f == Fate::Interactive
            && shell::classify::asks_for_words(&c.text)
            && follows(*at)
            && !answers.conditions.contains_key(&c.id)
    });
    let words = |c: &Command| {
        let (id, line) = (&c.id, c.span.line);
        format!(
            "{id} asks a question, and nobody is here to answer it (line {line}): --answer {id}=no skips it"
        )
    };
    open.map(|(_, (c, _))| words(c)).collect()
}

/// Nothing is run before everything that will be needed is answered.
pub(in crate::cli) fn all_answered(unanswered: Vec<String>) -> Result<(), CommandError> {
    if unanswered.is_empty() {
        return Ok(());
    }
    let words = format!("nothing was run: answer {} first", counted(unanswered.len(), "question"));
    Err(unanswered.into_iter().fold(CommandError::new(Status::Usage, words), CommandError::hint))
}

/// Everything that is unanswered, each with the flag that answers it. Only what will run counts, and not what is
/// settled.
pub(in crate::cli) fn unanswered(
    runbook: &Runbook,
    answers: &Answers,
    settled: &dyn Fn(&CommandId) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut fates = fates(runbook, answers);
    fates.retain(|(command, _)| !settled(&command.id));
    for wanted in [&answers.from, &answers.to].into_iter().flatten() {
        if !runbook.step_commands().iter().any(|c| {
            c.id.0 == *wanted
                || c.id.0.starts_with(&format!("{wanted}/"))
                || c.id.0.starts_with(&format!("{wanted}."))
        }) {
            found.push(format!("there is no step or command {wanted}"));
        }
    }
    for id in answers.conditions.keys().filter(|id| {
        let asked = |c: &Command| {
            c.is_asked()
                || c.optional
                || c.is_one_way()
                || c.kind == Kind::Interactive
                || c.enters_place()
                || !needed(&c.text).is_empty()
        };
        !runbook.command(id).is_some_and(asked)
    }) {
        found.push(format!("--answer {id}: there is no condition with that id"));
    }
    found.extend(doubled_ways(runbook, answers));
    found.extend(open_ways(runbook, &fates, answers));
    found.extend(open_alternatives(&fates, answers));
    found.extend(open_questions(&fates, answers));
    if !fates.is_empty() && fates.iter().all(|(_, f)| matches!(f, Fate::Optional | Fate::Interactive)) {
        found.push(
            "nothing in the document would run: every command is optional, an alternative, or needs a keyboard".into(),
        );
    }
    let none = runbook.step_commands().is_empty() && answers.back != Back::Now;
    if none && runbook.all_commands().iter().any(|c| c.kind != Kind::Manual) {
        found.push(
            "the document has commands, but none of them is a step: gonogo plan shows how it was read, and `<!-- gonogo: role=steps -->` above a heading makes its section one".into(),
        );
    }
    if let Some((place, _)) = fates.iter().find(|(c, f)| *f == Fate::Place && !c.leaves_place())
        && answers.place.is_none()
    {
        found.push(format!(
            "where the commands after \"{}\" run (line {}): --place here, or --place there, or --place ssh:HOST",
            place.text, place.span.line
        ));
    }
    found.extend(unreachable(&fates, answers));
    found.extend(entered_twice(&fates, answers));
    found.extend(back_of_another_place(runbook, answers));
    let running: Vec<&Command> = fates.iter().filter(|(_, f)| *f == Fate::Runs).map(|(c, _)| *c).collect();
    let answered = |id: &CommandId| answers.conditions.contains_key(id);
    // A section is answered for by its first command, or by a yes to one of its others: to one of several ways in it.
    let accepted: BTreeSet<&CommandId> = fates
        .iter()
        .filter(|(c, _)| answers.conditions.get(&c.id) == Some(&true))
        .filter_map(|(c, _)| c.asked_with.as_ref())
        .collect();
    let of_section = |lead: &CommandId| answered(lead) || accepted.contains(lead);
    let with = |command: &Command| of_section(command.asked_with.as_ref().unwrap_or(&command.id));
    let undecided = |command: &Command| command.doubt.is_some() && !answered(&command.id) && !with(command);
    found.extend(doubts::in_doubt(runbook, &fates, &undecided));
    for command in &running {
        if let Some(condition) = &command.condition
            && command.doubt.is_none()
            && command.effect != Effect::Reads
            && !answers.conditions.contains_key(&command.id)
        {
            found.push(format!(
                "{} \"{condition}\" (line {}): --answer {}=yes or no",
                command.id, command.span.line, command.id
            ));
        }
    }
    found.extend(values::open(runbook, &running, answers));
    for command in &running {
        if undecided(command) {
            continue;
        }
        if !command.parses || command.holes.iter().any(|h| h == ELLIPSIS) {
            found.push(format!(
                "{} can't run as written (line {}): fix the document, or leave it out with --from and --to",
                command.id, command.span.line
            ));
        }
        if command.effect == Effect::Destructive && !answers.destructive {
            found.push(format!(
                "{} is destructive (line {}): --allow-destructive",
                command.id, command.span.line
            ));
        }
    }
    for (command, _) in fates.iter().filter(|(_, f)| *f == Fate::Manual) {
        if !answers.by_hand_done {
            found.push(format!(
                "{} is done by hand (line {}): add --by-hand-done if it has been done",
                command.id, command.span.line
            ));
        }
    }
    let items: usize = runbook.checklists.iter().map(|c| c.items.len()).sum();
    if answers.back != Back::Never && runbook.rollback.steps.is_empty() {
        found.push("the document has no rollback: there is nothing to roll back by".into());
    }
    if answers.back != Back::Now && !answers.yes && (items > 0 || gate_index(runbook).is_some()) {
        found.push(format!(
            "{} and the gate: --yes ticks the items and decides GO in your name",
            counted(items, "check item")
        ));
    }
    found
}

/// Commands that will run and that bash would not take.
pub(in crate::cli) fn refused(runbook: &Runbook, answers: &Answers) -> Vec<String> {
    let running: Vec<CommandId> = fates(runbook, answers)
        .into_iter()
        .filter(|(_, f)| *f == Fate::Runs)
        .map(|(c, _)| c.id.clone())
        .collect();
    let words = |c: &Command| {
        format!(
            "bash can't parse {} (line {}): fix the document, or leave it out with --from and --to",
            c.id, c.span.line
        )
    };
    syntax::refused(runbook).into_iter().filter(|c| running.contains(&c.id)).map(words).collect()
}

/// What answers that a place command leads to where the run is already.
pub(in crate::cli) fn goes_again(id: &CommandId) -> String {
    format!("--answer {id}=no continues there, --answer {id}=yes connects once more from there")
}

/// A way back that would run here, after steps that change things in a place and leave it.
fn back_of_another_place(runbook: &Runbook, answers: &Answers) -> Option<String> {
    let goes = answers.back == Back::OnFailure && matches!(answers.place, Some(PlaceAnswer::There(_)));
    let said = [WayOutKind::StartFirst, WayOutKind::AsWritten];
    if !goes || answers.way_out.iter().any(|way| said.contains(way)) {
        return None;
    }
    let place = runbook.left_by_steps()?;
    let back = rollback::says_no_place(&rollback::of_procedures(runbook, &rollback::usual(runbook)))?;
    Some(format!(
        "{} (line {}) would roll back here, but the steps have disconnected from \"{}\": --way-out start-first reconnects first, --way-out as-written runs it here",
        back.id,
        back.span.line,
        place.text.trim()
    ))
}

/// Place commands that lead to where one before them has led, with no `exit` between.
fn entered_twice(fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    if !matches!(answers.place, Some(PlaceAnswer::There(_))) {
        return vec![];
    }
    let commands: Vec<&Command> =
        fates.iter().filter(|(_, f)| *f != Fate::Outside).map(|(c, _)| *c).collect();
    let again = commands.iter().zip(behind(&commands)).filter_map(|(command, places)| {
        let by = &leads_to_where_it_stands(command, &places)?.id;
        let (id, line) = (&command.id, command.span.line);
        let open = !answers.conditions.contains_key(id);
        open.then(|| {
            format!("{id} connects to where {by} is connected already (line {line}): {}", goes_again(id))
        })
    });
    again.collect()
}

/// Place commands that can't be gone through as it was answered.
fn unreachable(fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    let Some(PlaceAnswer::There(host)) = &answers.place else { return vec![] };
    let places = fates.iter().filter(|(c, f)| *f == Fate::Place && !c.leaves_place()).map(|(c, _)| *c);
    let mut hosts = BTreeSet::new();
    let mut found = Vec::new();
    for place in places {
        match entrance(&place.text) {
            None => found.push(format!(
                "gonogo can't follow \"{}\" to the shell it opens (line {}): run gonogo there with --place here",
                place.text, place.span.line
            )),
            Some(entrance) => hosts.extend(entrance.host),
        }
    }
    if host.is_some() && hosts.len() > 1 {
        let named: Vec<String> = hosts.into_iter().collect();
        found.push(format!("the document connects to several hosts ({}): --place there", named.join(", ")));
    }
    found
}
