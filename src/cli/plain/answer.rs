//! What a typed line asks for.

use super::transcript::Plain;
use super::{back, console, show};
use crate::cli::health;
use crate::cli::report::{CommandError, note, say, say_text};
use crate::figures::counted;
use crate::protocol::{From, ToRunner};
use crate::record;
use crate::run::board::{Board, View};
use crate::run::event::PlaceChoice;
use crate::run::gates;
use crate::run::ids::TextHash;
use crate::run::policy::{self, Confirmation};
use crate::run::request::Seen;
use crate::run::state::CommandState;
use crate::run::{Next, Outcome, Request, SkipReason, blocks, claim, due, flow};
use crate::runbook::rendered::rendered;
use crate::runbook::{Command, CommandId, ItemId};
use crate::shell::Effect;
use crate::text as words;

/// Lines of output that are printed at once.
const SHOWN: u16 = 40;

/// Does what a line says; true when the operator leaves.
pub(super) async fn answer(plain: &mut Plain, next: &Next, line: &str) -> Result<bool, CommandError> {
    let (word, rest) = match line.strip_prefix('!') {
        Some(rest) => ("!", rest.trim()),
        None => line.split_once(' ').map_or((line, ""), |(word, rest)| (word, rest.trim())),
    };
    match word {
        "quit" | "q" => return Ok(true),
        "help" | "?" => say_text(show::HELP)?,
        "list" => show::list(plain.state())?,
        "check" => show::checklist(plain.state())?,
        "commands" => show::commands(plain.state())?,
        "health" => match &plain.heard.health {
            Some(health) => {
                let now = chrono::Utc::now();
                let board = Board::of(health, Some(plain.state()), View::default(), now);
                say_text(health::table(&board, false))?;
            }
            None => say("this run has no health checks")?,
        },
        "log" => say_text(record::fill(plain.state()).text.trim_end())?,
        "doc" => document(plain, rest)?,
        "why" => why(plain, rest)?,
        "output" | "o" => output(plain, rest, None).await?,
        "find" => output(plain, "", Some(rest.to_owned())).await?,
        "save" => save(plain, rest),
        "look" => look(plain, rest),
        "handover" if rest.is_empty() => {
            for line in words::hand_over(plain.state()) {
                say(format!("  {line}"))?;
            }
            note("handover NAME hands the run over");
        }
        "control" if !plain.read_only => plain.session.send(ToRunner::TakeControl),
        _ if plain.read_only => note("view only: nothing can be changed here"),
        "" if !plain.session.control().yours => plain.heard.fresh = true,
        "c" if !plain.session.control().yours => acts(plain, next, word, rest).await?,
        _ if !plain.session.control().yours => note(plain.who_has_control()),
        _ => acts(plain, next, word, rest).await?,
    }
    Ok(false)
}

/// A line typed while a command runs; true when the operator leaves.
pub(super) async fn while_it_runs(
    plain: &mut Plain,
    id: &CommandId,
    line: &str,
) -> Result<bool, CommandError> {
    let signal = match line.trim() {
        "~leave" => return Ok(true),
        "~stop" => "INT",
        "~term" => "TERM",
        "~kill" => "KILL",
        "~background" => {
            plain.ask(Request::KeepInBackground { command: id.clone() }).await?;
            return Ok(false);
        }
        _ => {
            let keys = format!("{line}\r").into_bytes();
            plain.session.send(ToRunner::Keys { command: id.clone(), keys });
            return Ok(false);
        }
    };
    if plain.state().waiting().is_some() {
        plain.ask(Request::StopWaiting).await?;
    }
    plain.ask(Request::Cancel { command: id.clone(), signal: signal.into() }).await?;
    Ok(false)
}

async fn acts(plain: &mut Plain, next: &Next, word: &str, rest: &str) -> Result<(), CommandError> {
    let Some(shown) = plain.shown() else {
        return over(plain, next, word, rest).await;
    };
    let named = if rest.is_empty() { shown.clone() } else { CommandId(rest.to_owned()) };
    let at_next = plain.looked_at.is_none();
    let request = match (word, next) {
        ("", Next::Run(id)) if at_next => return run(plain, &id.clone()).await,
        ("y", Next::Choice(id)) if at_next => return run(plain, &id.clone()).await,
        ("y", Next::Unset(id)) if at_next => {
            if plain.ask(Request::Answer { command: id.clone(), holds: true }).await? {
                return run(plain, id).await;
            }
            return Ok(());
        }
        ("n", Next::Unset(id)) if at_next => Request::Answer { command: id.clone(), holds: false },
        ("r", _) => return run(plain, &named).await,
        ("u", _) => {
            let seen = seen(plain, &named);
            Request::WaitUntil { command: named, seen }
        }
        ("all", Next::Condition(_)) if at_next => {
            let sections = words::procedures(plain.state().runbook(), Some(plain.state()));
            let sections: Vec<CommandId> = sections.into_iter().map(|c| c.id.clone()).collect();
            for command in sections {
                plain.ask(Request::Answer { command, holds: true }).await?;
            }
            return Ok(());
        }
        ("y" | "n", Next::Condition(id)) if at_next => {
            Request::Answer { command: id.clone(), holds: word == "y" }
        }
        ("n", Next::Choice(id)) if at_next => {
            Request::Skip { command: id.clone(), reason: blocks::left_out(plain.state(), id) }
        }
        ("h" | "t" | "y", Next::Place(id)) if at_next => {
            let choice = match word {
                "h" => PlaceChoice::AlreadyHere,
                "t" => PlaceChoice::InteractiveThenStop,
                _ => PlaceChoice::Through,
            };
            Request::ChoosePlace { command: id.clone(), choice }
        }
        ("a" | "x", _) => {
            let Some(expectation) = claim::spoken_of(plain.state().claims(&shown), word == "a") else {
                note(format!("{shown} has no manual check"));
                return Ok(());
            };
            Request::Attest { command: shown, expectation, met: word == "a", note: rest.to_owned() }
        }
        ("s", _) => Request::Skip { command: shown, reason: SkipReason::Operator(rest.to_owned()) },
        ("m", _) => Request::MarkDone { command: shown, note: rest.to_owned() },
        ("e", _) => {
            plain.heard.fresh = true;
            Request::Edit { command: shown, text: rest.to_owned() }
        }
        ("g", _) => return go_on_at(plain, rest).await,
        ("v", _) => return value(plain, &shown, rest).await,
        ("c", _) => Request::Note { about: shown.0, text: rest.to_owned(), issue: false },
        _ => return over(plain, next, word, rest).await,
    };
    if plain.ask(request).await? {
        plain.looked_at = None;
    }
    Ok(())
}

/// Answers a value that a command waits for.
async fn value(plain: &mut Plain, id: &CommandId, rest: &str) -> Result<(), CommandError> {
    let state = plain.state();
    let wanted = state.find(id).and_then(|command| state.wanted_value(command));
    let Some(name) = wanted.map(str::to_owned) else {
        note(format!("{id} needs no value"));
        return Ok(());
    };
    named_value(plain, name, rest).await
}

/// Answers a value by its name; what was not given is asked for.
pub(super) async fn named_value(plain: &mut Plain, name: String, rest: &str) -> Result<(), CommandError> {
    let secret = plain.state().runbook().is_secret(&name);
    let given = if secret || rest.is_empty() {
        console::ask(&mut plain.console, &format!("{name}:"), secret).await?.unwrap_or_default()
    } else {
        rest.to_owned()
    };
    if given.is_empty() {
        note("no value was given");
    } else if secret {
        plain.session.send(ToRunner::Secret { name, value: given });
        plain.heard.fresh = true;
    } else {
        plain.ask(Request::SetParameter { name, value: Some(given) }).await?;
    }
    Ok(())
}

/// What does not need a command.
async fn over(plain: &mut Plain, next: &Next, word: &str, rest: &str) -> Result<(), CommandError> {
    let item = |plain: &Plain| {
        let number: usize = rest.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let items = plain.state().runbook().checklists.iter().flat_map(|c| &c.items);
        items.map(|i| i.id.clone()).nth(number.wrapping_sub(1))
    };
    let request = match (word, next) {
        ("", Next::Gate(gate)) => {
            let outside = plain.outside();
            for point in gates::board(plain.state(), *gate, &outside) {
                say(format!("  {} {}", if point.open { "open:" } else { "to know:" }, point.words))?;
            }
            say("Type go REASON or no-go REASON; check shows the checklist.")?;
            return Ok(());
        }
        ("", Next::Check(_)) => return show::checklist(plain.state()),
        ("y", Next::Check(item)) => {
            return on_item(plain, next, ("tick", item.clone()), &format!("- {rest}")).await;
        }
        ("", Next::Finish) => {
            say("Type finish to end the run as deployed, failed to end it as failed; log shows the log.")?;
            return Ok(());
        }
        ("", _) => {
            plain.heard.fresh = true;
            return Ok(());
        }
        ("handover", _) => Request::HandOver { to: rest.to_owned() },
        ("!", _) => return add(plain, rest).await,
        ("go" | "no-go", Next::Gate(gate)) => {
            Request::DecideGate { gate: *gate, go: word == "go", reason: rest.to_owned() }
        }
        ("go" | "no-go", _) => {
            note("the gate has not been reached, or it has been decided");
            return Ok(());
        }
        ("issue", _) => Request::Note { about: String::new(), text: rest.to_owned(), issue: true },
        ("reviewer", _) => Request::Name { role: "reviewer".into(), name: rest.to_owned() },
        ("back", _) => return back::back(plain, rest).await,
        ("value", _) => {
            let (name, given) = rest.split_once(' ').unwrap_or((rest, ""));
            return named_value(plain, name.to_owned(), given).await;
        }
        ("again", _) => Request::TakeAlong { step: rest.into() },
        ("trouble", _) => return back::trouble(plain, rest),
        ("contacts", _) => return words::contacts(plain.state()).into_iter().try_for_each(say),
        ("finish", _) if plain.state().going_back().is_some() => {
            Request::Finish { outcome: Outcome::RolledBack, reason: rest.to_owned() }
        }
        ("finish", _) => Request::Finish { outcome: Outcome::Deployed, reason: rest.to_owned() },
        ("failed", _) => Request::Finish { outcome: Outcome::Failed, reason: rest.to_owned() },
        ("stop" | "term" | "kill", _) => {
            let signal = match word {
                "stop" => "INT",
                "term" => "TERM",
                _ => "KILL",
            };
            Request::Cancel { command: CommandId(rest.to_owned()), signal: signal.into() }
        }
        ("write", _) => return write(plain, rest).await,
        ("tick" | "untick" | "item" | "leave", _) => {
            let Some(item) = item(plain) else {
                note("give the number of an item: check lists them");
                return Ok(());
            };
            return on_item(plain, next, (word, item), rest).await;
        }
        _ => {
            note(format!("no command matches \"{word}\": help lists them"));
            return Ok(());
        }
    };
    plain.ask(request).await.map(|_| ())
}

async fn on_item(
    plain: &mut Plain,
    next: &Next,
    (word, item): (&str, ItemId),
    rest: &str,
) -> Result<(), CommandError> {
    let reason = rest.split_once(' ').map_or("", |(_, reason)| reason.trim()).to_owned();
    let request = match word {
        "item" => return run(plain, &CommandId(item.0)).await,
        "untick" => Request::Untick { item },
        "leave" => Request::SkipItem { item, reason },
        _ => {
            let ran = plain.state().last_run(&CommandId(item.0.clone()));
            let evidence = ran.and_then(|r| r.exit).map(|exit| format!("ran, {exit}"));
            let reason = Some(reason).filter(|r| !r.is_empty());
            Request::Tick { item, evidence, reason }
        }
    };
    if plain.ask(request).await? {
        let (now, later) = due::now_and_later(plain.state(), flow::position(plain.state()));
        let later = if later.is_empty() { String::new() } else { format!(", {} later", later.len()) };
        say(format!("{} open on the checklist{later}", counted(now.len(), "item")))?;
        plain.heard.fresh = matches!(next, Next::Check(_));
    }
    Ok(())
}

fn seen(plain: &Plain, id: &CommandId) -> Seen {
    let text = plain.state().find(id).map(|c| plain.state().text_of(c)).unwrap_or_default();
    Seen { text: TextHash::of(&text), seq: plain.state().seq() }
}

/// Runs a command, through whatever it asks for. One that was not written out just now is written out first.
async fn run(plain: &mut Plain, id: &CommandId) -> Result<(), CommandError> {
    let Some(command) = plain.state().find(id).cloned() else {
        note(format!("there is no command {id}"));
        return Ok(());
    };
    if !is_read(plain, &command).await? {
        note("nothing was run");
        return Ok(());
    }
    let seen = seen(plain, id);
    let again = matches!(plain.state().command(id), CommandState::Exited { exit, .. } if exit.is_success());
    let wanted = policy::confirmation(&command, plain.state().production());
    let unseen = plain.shown().as_ref() != Some(id);
    if wanted != Confirmation::None || (again && command.effect != Effect::Reads) || unseen {
        show::command(plain.state(), id)?;
        for line in plain.evaluate(id).await? {
            say(format!("  {line}"))?;
        }
        let name = plain.state().environment().to_owned();
        let (question, word) = match wanted {
            Confirmation::TypeName => (format!("Destructive. Type {name} to run it:"), name),
            Confirmation::TwoKeys => ("Destructive. Type yes to run it:".to_owned(), "yes".to_owned()),
            Confirmation::None if again => {
                ("It has succeeded before. Type yes to run it again:".to_owned(), "yes".to_owned())
            }
            Confirmation::None => ("Type yes to run it:".to_owned(), "yes".to_owned()),
        };
        if plain.line(&question).await? != Some(word) {
            note("nothing was run");
            return Ok(());
        }
    }
    if plain.ask(Request::Run { command: id.clone(), seen, confirmed: wanted, again }).await? {
        plain.looked_at = None;
    }
    Ok(())
}

/// Has a command that does not fit on the terminal read page by page before it can be run; false where it is left.
async fn is_read(plain: &mut Plain, command: &Command) -> Result<bool, CommandError> {
    let pages = show::pages(plain.state(), command);
    let all = pages.len();
    for (number, page) in (1..).zip(pages).filter(|_| all > 1) {
        page.iter().try_for_each(say)?;
        let question = if number < all {
            format!("Page {number} of {all}. Enter shows more, no stops:")
        } else {
            format!("Page {number} of {all}, the last one. Enter runs the command, no stops:")
        };
        if plain.line(&question).await?.as_deref() != Some("") {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn add(plain: &mut Plain, text: &str) -> Result<(), CommandError> {
    if plain.ask(Request::Add { text: text.to_owned() }).await?
        && let Some(id) = plain.state().added().last().cloned()
    {
        // It was typed just now, and so it was seen.
        plain.looked_at = Some(id.clone());
        run(plain, &id).await?;
        plain.looked_at = None;
    }
    Ok(())
}

async fn go_on_at(plain: &mut Plain, rest: &str) -> Result<(), CommandError> {
    let (id, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let command = CommandId(id.to_owned());
    show::skipped(plain.state(), &command)?;
    let skips = flow::open_before(plain.state(), &command).iter().map(|c| c.id.clone()).collect();
    if plain.line("Type yes to skip them:").await?.as_deref() == Some("yes") {
        plain.looked_at = None;
        plain.ask(Request::SkipTo { command, skips, reason: reason.to_owned() }).await?;
    }
    Ok(())
}

/// Prints a part of an output: `output [ID] [LINE]`, by default the end of what is looked at.
async fn output(plain: &mut Plain, words: &str, pattern: Option<String>) -> Result<(), CommandError> {
    let last = plain.state().ran().last().map(|r| r.command.clone());
    let shown = plain.shown().filter(|id| plain.state().last_run(id).is_some());
    let line: Option<u64> = words.split_whitespace().last().and_then(|w| w.parse().ok());
    let named = words.split_whitespace().next().filter(|w| w.parse::<u64>().is_err());
    let Some(id) = named.map(CommandId::from).or(shown).or(last) else {
        note("no command has run yet");
        return Ok(());
    };
    let from = line.map_or(From::End, |line| From::Line(line.saturating_sub(1)));
    let page = plain.read(&id, from, SHOWN, pattern.clone()).await?;
    match (pattern, page.matches) {
        (Some(pattern), Some(matches)) => say(format!(
            "{id}: {} for {pattern}; the last of them:",
            counted(matches as usize, "matching line")
        ))?,
        _ => say(format!("{id}: {}", counted(page.total as usize, "line")))?,
    }
    for line in &page.lines {
        say(format!("{:>6} | {}", line.number + 1, line.plain().trim_end()))?;
    }
    Ok(())
}

fn save(plain: &Plain, file: &str) {
    let ran = plain.state().ran().last().map(|r| r.command.clone());
    let shown = plain.shown().filter(|id| plain.state().last_run(id).is_some());
    match (shown.or(ran), file.is_empty()) {
        (Some(command), false) => {
            let path = std::path::absolute(file).unwrap_or_else(|_| file.into());
            let lines = (0, u64::MAX);
            plain.session.send(ToRunner::Save { command, attempt: None, path, lines });
        }
        (None, _) => note("no command has run yet"),
        (_, true) => note("a file name is needed"),
    }
}

fn look(plain: &mut Plain, id: &str) {
    plain.heard.fresh = true;
    if id.is_empty() {
        plain.looked_at = None;
    } else if plain.state().find(&id.into()).is_some() {
        plain.looked_at = Some(id.into());
    } else {
        note(format!("there is no command {id}: list shows all"));
    }
}

async fn write(plain: &mut Plain, file: &str) -> Result<(), CommandError> {
    if file.is_empty() {
        note("a file name is needed");
        return Ok(());
    }
    match std::fs::write(file, record::fill(plain.state()).text) {
        Ok(()) => {
            say(format!("log written to {file}"))?;
            plain.ask(Request::WroteLog { path: file.to_owned() }).await.map(|_| ())
        }
        Err(error) => {
            note(format!("could not write {file}: {error}"));
            Ok(())
        }
    }
}

fn document(plain: &Plain, line: &str) -> Result<(), CommandError> {
    let text = std::fs::read_to_string(plain.session.run().path().join("document.md"))?;
    let here = plain.shown().and_then(|id| plain.state().find(&id).map(|c| c.span.line)).unwrap_or(1);
    let from = line.parse().unwrap_or_else(|_| here.saturating_sub(3)).max(1);
    let lines = rendered(&text);
    for (number, line) in lines.iter().enumerate().skip(from - 1).take(usize::from(SHOWN)) {
        say(format!("{:>5}  {}", number + 1, line.plain()))?;
    }
    Ok(())
}

fn why(plain: &Plain, id: &str) -> Result<(), CommandError> {
    let id = if id.is_empty() { plain.shown() } else { Some(CommandId(id.to_owned())) };
    let Some(command) = id.and_then(|id| plain.state().find(&id)) else {
        note("no command is selected");
        return Ok(());
    };
    for reason in words::reasons(plain.state(), command) {
        let line = reason.line.map_or(String::new(), |l| format!(" (line {l})"));
        say(format!("{}{line}", reason.says))?;
    }
    Ok(())
}
