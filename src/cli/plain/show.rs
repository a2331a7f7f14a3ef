//! What the transcript prints: words instead of signs, so that they can be read aloud.

use chrono::Local;
use unicode_width::UnicodeWidthStr;

use crate::cli::report::{CommandError, say, terminal_size};
use crate::run::refusal::{Refusal, Remedy};
use crate::run::state::{ItemState, Standing};
use crate::run::{Next, RunState, clock, due, flow, items};
use crate::runbook::{Command, CommandId, Due, ItemId};
use crate::shell::{Effect, Kind};
use crate::text::{self as words, Choice};
use crate::visible;

/// Rows around a page of a command's text: what is said of it before and behind, and the question.
const AROUND: usize = 8;

/// What can be typed while a command runs.
pub(super) const WHILE_IT_RUNS: &str =
    "(it gets each line that is typed; ~stop, ~term, ~kill, ~background and ~leave are for gonogo)";

/// All that can be said.
pub(super) const HELP: &str = "\
Enter           do the next thing
y n h t a x     answer a question
r [ID]          run it, also again          u [ID]  repeat it until it passes
s REASON        skip it                     m NOTE  mark it done by hand
e TEXT          edit it before it runs      ! TEXT  run a command of your own
g ID REASON     continue at a later command look ID show another command; look alone returns
c TEXT          write a note                issue TEXT  write down an issue
stop ID         end a background command; also term ID, kill ID
health          the health checks and their results
check           the checklist               tick N [REASON], untick N, item N (run it), leave N REASON
go REASON       decide the gate: go         no-go REASON
list            all steps                   log     the log as it will be written
output [ID] [LINE]  what it printed         find WORDS  lines of it that match
save FILE       its output to a file        commands    every command that ran
why [ID]        where this comes from       doc [LINE]  the document
write FILE      the log to a file           reviewer NAME
finish, failed  end the run                 quit    leave; the run is kept
v [VALUE]       give the value it needs     control  take control of the run
back [REASON]   the rollback and its cost; with a reason, start it
value NAME [VALUE]  give a value by its name
again STEP      repeat a step after the rollback
trouble [WORDS] the document's known problems     contacts  whom to call
handover [NAME] what the next person has to know; with a name, hand over";

/// A standing as a word.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::NotYet => "open",
        Standing::Running => "runs",
        Standing::Passed => "passed",
        Standing::DoneNothingClaimed => "done",
        Standing::Failed => "FAILED",
        Standing::NeedsEyes => "needs a manual check",
        Standing::Lost => "LOST, outcome unknown",
        Standing::GonePast => "failed, skipped",
        Standing::Skipped => "skipped",
    }
}

/// The next thing, or the command looked at, written out.
pub(super) fn next(run: &RunState, next: &Next, looked_at: Option<&CommandId>) -> Result<(), CommandError> {
    say("")?;
    clocks(run)?;
    if let Some(id) = looked_at {
        command(run, id)?;
        if let Some(command) = run.find(id) {
            say(words::state(run, command))?;
        }
        return say(
            "This is not the next command: look alone returns, r runs it, g ID REASON continues here.",
        );
    }
    if let Some(id) = next.command() {
        command(run, id)?;
    }
    if let Next::Check(item) = next {
        return check(run, item);
    }
    let asked = words::asked(run, next);
    for text in &asked.sentences("Enter") {
        say(text)?;
    }
    for (choice, meaning) in asked.choices {
        say(format!("  {}  {meaning}", letter(choice)))?;
    }
    Ok(())
}

/// A check item that is due here.
fn check(run: &RunState, id: &ItemId) -> Result<(), CommandError> {
    let mut all = run.runbook().checklists.iter().flat_map(|c| &c.items);
    let Some(number) = all.position(|i| &i.id == id).map(|at| at + 1) else { return Ok(()) };
    let Some(item) = run.runbook().item(id) else { return Ok(()) };
    let when = due::list_of(run, id).map_or(String::new(), |list| format!(", {}", list.due));
    say(format!("To check{when}: {} (line {})", item.text, item.line))?;
    match items::against(run, item) {
        Some(why) => say(format!("  {why}\n  y REASON  it is so anyway: tick it"))?,
        None => say("  y  it is so: tick it")?,
    }
    say(format!("  leave {number} REASON  skip it"))?;
    item.command.as_ref().map_or(Ok(()), |command| say(format!("  item {number}  run {command}")))
}

/// What is typed for what helps where something was refused.
pub(super) fn way(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Stop => "~stop while it runs, else stop ID",
        Remedy::Answer => "v VALUE",
        Remedy::MarkDone => "m NOTE",
        Remedy::TakeControl => "control",
    }
}

/// What is typed for an answer.
fn letter(choice: Choice) -> &'static str {
    match choice {
        Choice::Yes => "y",
        Choice::No => "n",
        Choice::All => "all",
        Choice::Value => "v VALUE",
        Choice::Here => "h",
        Choice::There => "t",
        Choice::Through => "y",
        Choice::Seen => "a",
        Choice::NotSeen => "x",
        Choice::Again => "r",
        Choice::UntilItPasses => "u",
        Choice::ByHand => "m NOTE",
        Choice::Skip => "s REASON",
        Choice::Stop => "~stop",
        Choice::Background => "~background",
        Choice::Keyboard => "type",
        Choice::Log => "log",
        Choice::Problems => "trouble",
        Choice::Back => "back",
    }
}

fn clocks(run: &RunState) -> Result<(), CommandError> {
    let time = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&Local).format("%H:%M %Z").to_string();
    if let Some(window) = run.window() {
        let by = clock::latest_rollback(window, run);
        let by = by.map_or("the document does not say how long a rollback takes".to_owned(), |by| {
            format!("begin a rollback by {}", time(by))
        });
        say(format!("Window until {}; {by}.", time(window.ends)))?;
    }
    match clock::outage(run) {
        Some(clock::Outage { since, until: None, .. }) => {
            say(format!("The service has been down since {}.", time(since)))
        }
        _ => Ok(()),
    }
}

/// A command with all that has to be known of it before it runs.
pub(super) fn command(run: &RunState, id: &CommandId) -> Result<(), CommandError> {
    let Some(command) = run.find(id) else { return Ok(()) };
    let kind = match command.kind {
        Kind::Run => "",
        Kind::Interactive => ", takes the keyboard",
        Kind::Place => ", changes the place",
        Kind::Follow => ", runs until somebody ends it",
        Kind::Manual => ", by hand",
    };
    let effect = match command.effect {
        Effect::Reads => "reads",
        Effect::Changes => "changes something",
        Effect::Destructive => "DESTRUCTIVE",
    };
    let edited = if run.is_edited(id) { ", edited" } else { "" };
    say(format!("{id}, line {}: {effect}{kind}{edited}, {}", command.span.line, standing(run.standing(id))))?;
    if let Some(about) = &command.about {
        for line in about.lines() {
            say(format!("  # {line}"))?;
        }
    }
    let pages = pages(run, command);
    pages.iter().take(1).flatten().try_for_each(say)?;
    if pages.len() > 1 {
        say(format!("  (page 1 of {}: read all of it before it runs)", pages.len()))?;
    }
    say(format!("  at {}", run.place()))?;
    for told in words::claims(run, command) {
        let sign = match told.sign {
            words::Sign::Open => "expects",
            words::Sign::Met => "met",
            words::Sign::NotMet => "NOT MET",
            words::Sign::Eyes => "needs a manual check",
        };
        for (row, line) in told.says.lines().enumerate() {
            say(format!("  {}{line}", if row == 0 { format!("{sign}, ") } else { "    ".into() }))?;
        }
        if let Some(observed) = told.observed.filter(|o| !o.is_empty()) {
            say(format!("    {observed}"))?;
        }
    }
    for trap in words::beware(run, command) {
        say(format!("  beware: {trap}"))?;
    }
    Ok(())
}

/// A command's text, in pages that a terminal shows at once; where there is none, in one.
pub(super) fn pages(run: &RunState, command: &Command) -> Vec<Vec<String>> {
    let at = words::prompt(run);
    let lines: Vec<String> = run
        .text_of(command)
        .lines()
        .map(|line| visible::line(&format!("  {at}$ {line}")).into_owned())
        .collect();
    let Some((columns, rows)) = terminal_size() else { return vec![lines] };
    let (columns, rows) = (columns.max(20), rows.max(AROUND + 4) - AROUND);
    let mut pages = vec![Vec::new()];
    let mut used = 0;
    for line in lines {
        let characters: Vec<char> = line.chars().collect();
        // Wide characters take two columns: half a page of them is one.
        for part in characters.chunks(columns * rows / 2) {
            let part: String = part.iter().collect();
            let needs = part.width().div_ceil(columns).max(1);
            if used + needs > rows && used > 0 {
                pages.push(Vec::new());
                used = 0;
            }
            used += needs;
            pages.last_mut().into_iter().for_each(|page| page.push(part.clone()));
        }
    }
    pages
}

/// How a command ended.
pub(super) fn ended(run: &RunState, id: &CommandId) -> Result<(), CommandError> {
    let Some(ran) = run.last_run(id) else { return Ok(()) };
    let Some(exit) = ran.exit else { return Ok(()) };
    let took = ran.elapsed_ms as f64 / 1000.0;
    let came_to = words::came_to(run, id, exit);
    say(format!("{id} {}: {came_to}, {took:.1} s", standing(run.standing(id))))
}

/// All steps with their commands.
pub(super) fn list(run: &RunState) -> Result<(), CommandError> {
    for step in &run.runbook().steps {
        say(format!("{} {}", step.id, step.title))?;
        for command in step.commands() {
            let command = run.find(&command.id).unwrap_or(command);
            let text = run.text_of(command);
            let first = text.lines().next().unwrap_or_default();
            say(format!("  {} {}: {first}", command.id, standing(run.standing(&command.id))))?;
        }
    }
    for id in run.added() {
        let text = run.find(id).map(|c| c.text.clone()).unwrap_or_default();
        say(format!("  {id} {}, added by hand: {text}", standing(run.standing(id))))?;
    }
    Ok(())
}

/// The checklist, numbered.
pub(super) fn checklist(run: &RunState) -> Result<(), CommandError> {
    let lists = run.runbook().checklists.iter();
    let all = lists.flat_map(|list| list.items.iter().map(move |item| (list, item)));
    let mut under = None;
    for (number, (list, item)) in all.enumerate() {
        if list.due != Due::Start && under != Some(&list.id) {
            let skipped = if due::counts(run, list) { "" } else { ", skipped" };
            say(format!("    {}, {}{skipped}:", list.title, list.due))?;
        }
        under = Some(&list.id);
        let state = match run.item(&item.id) {
            Some(ItemState::Ticked { by, evidence, reason, .. }) => {
                let all = [Some(by.as_str()), evidence.as_deref(), reason.as_deref()];
                format!("ticked by {}", all.into_iter().flatten().collect::<Vec<_>>().join(", "))
            }
            Some(ItemState::Skipped { by, reason }) => format!("skipped by {by}: {reason}"),
            None => items::against(run, item).map_or("open".into(), |why| format!("open, {why}")),
        };
        let runs =
            item.command.as_ref().map_or(String::new(), |c| format!(" (item {} runs: {c})", number + 1));
        say(format!("{:>3} {state}: {}{runs}", number + 1, item.text))?;
    }
    Ok(())
}

/// Everything that was run.
pub(super) fn commands(run: &RunState) -> Result<(), CommandError> {
    for ran in run.ran() {
        let at = ran.started.with_timezone(&Local).format("%H:%M:%S");
        let result = ran.exit.map_or("no result".to_owned(), |e| e.to_string());
        let first = ran.text.lines().next().unwrap_or_default();
        say(format!(
            "{at} {} {result}, {:.1} s, by {}: {first}",
            ran.command,
            ran.elapsed_ms as f64 / 1000.0,
            ran.by
        ))?;
    }
    Ok(())
}

/// What going on at a later command skips.
pub(super) fn skipped(run: &RunState, id: &CommandId) -> Result<(), CommandError> {
    let open = flow::open_before(run, id);
    if open.is_empty() {
        return say(Refusal::NothingBefore(id.clone()).to_string());
    }
    say("These would be skipped:")?;
    for command in open {
        say(format!("  {} {}", command.id, run.text_of(command).lines().next().unwrap_or_default()))?;
    }
    Ok(())
}
