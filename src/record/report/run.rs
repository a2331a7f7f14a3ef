//! The parts of a report: what the run was, what to look at first, its log, gates, steps, commands, timeline, sign-offs.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Cell, Material, Output, Part, Report, Tone, health};
use crate::figures::elapsed;
use crate::mask::Hidden;
use crate::record::log;
use crate::record::review;
use crate::record::times::Times;
use crate::run::state::{Ran, Standing};
use crate::run::{Event, Outcome, RunState, clock};
use crate::text::{self as words, Sign};

pub(super) fn report(material: &Material<'_>) -> Report {
    let state = material.state;
    let times = Times::of(state);
    let mut parts = vec![facts(material, times)];
    parts.extend(first(state));
    parts.push(Part::Heading(2, "Deployment log".into()));
    parts.push(code("", log::fill(state).text, true));
    parts.extend(gates(material, times));
    parts.extend(steps(material));
    parts.extend(commands(material, times));
    parts.extend(health::parts(material, times));
    parts.extend(timeline(material, times));
    parts.extend(sign_offs(material, times));
    Report { title: state.runbook().title.clone(), outcome: outcome(state), parts }
}

/// What masks hide: those of the run's outputs, and what was masked for the report alone.
pub(super) fn masks(state: &RunState, also: &BTreeSet<Hidden>) -> Vec<Part> {
    let known = state.hidden();
    let also = also.iter().filter(|hidden| !known.contains(hidden));
    let also = also.map(|hidden| format!("{hidden}: masked in this report"));
    let lines: Vec<Cell> = words::legend(state, None).into_iter().chain(also).map(Cell::from).collect();
    if lines.is_empty() {
        return vec![];
    }
    vec![Part::Heading(2, "What masks hide".into()), Part::List(lines)]
}

fn code(title: &str, text: String, open: bool) -> Part {
    Part::Code { title: title.into(), about: vec![], text, open }
}

fn outcome(state: &RunState) -> Cell {
    match state.outcome() {
        Some((outcome, _)) => Cell {
            text: outcome.to_string(),
            tone: match outcome {
                Outcome::Deployed => Tone::Good,
                Outcome::RolledBack | Outcome::Unconfirmed => Tone::Watch,
                Outcome::Failed | Outcome::NoGo | Outcome::Abandoned => Tone::Bad,
            },
        },
        None => Cell { text: "not over".into(), tone: Tone::Watch },
    }
}

fn took(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    elapsed((to - from).num_milliseconds().max(0) as u64)
}

fn facts(material: &Material<'_>, times: Times) -> Part {
    let state = material.state;
    let mut facts: Vec<(String, Cell)> = Vec::new();
    let mut fact = |name: &str, value: Cell| facts.push((name.to_owned(), value));
    fact("Run", state.id().0.as_str().into());
    fact("Outcome", outcome(state));
    let Some((start, began)) = state.start() else { return Part::Facts(facts) };
    let production = if start.production { " (production)" } else { "" };
    fact("Environment", format!("{}{production}", start.environment).into());
    if let Some(ticket) = &start.ticket {
        fact("Ticket", ticket.as_str().into());
    }
    fact("Engineer", state.person("engineer").map_or("", |(name, _)| name.as_str()).into());
    if let Some((name, _)) = state.person("reviewer") {
        fact("Reviewer", name.as_str().into());
    }
    fact("Began", times.stamp(*began).into());
    if let Some((_, ended)) = state.outcome() {
        let cell = if ended < *began {
            let text = format!("{}, before it began: the clock was set back", times.stamp(ended));
            Cell { text, tone: Tone::Bad }
        } else {
            format!("{}, after {}", times.stamp(ended), took(*began, ended)).into()
        };
        fact("Ended", cell);
    }
    if let Some(window) = state.window() {
        let late = state.outcome().is_some_and(|(_, at)| at > window.ends);
        let words = format!("{} to {}", times.time(window.begins), times.time(window.ends));
        let words = if late { format!("{words}: the run ended after it") } else { words };
        fact("Change window", Cell { text: words, tone: if late { Tone::Bad } else { Tone::Plain } });
        let latest = clock::latest_rollback(window, state);
        let latest = latest
            .map_or("not known: the document does not say how long a rollback takes".into(), |at| {
                times.time(at)
            });
        fact("Latest rollback", latest.as_str().into());
    }
    if let Some((text, over)) = down(state, times) {
        fact("Service was down", Cell { text, tone: if over { Tone::Plain } else { Tone::Bad } });
    }
    let points = review::points(state);
    let deviations = review::deviations(&points);
    fact(
        "Deviations",
        Cell { text: deviations.to_string(), tone: if deviations > 0 { Tone::Watch } else { Tone::Good } },
    );
    fact("Place", state.place().to_string().into());
    fact("Document", start.document.as_str().into());
    fact("Its SHA-256", start.sha256.as_str().into());
    fact("Events", state.seq().0.to_string().into());
    fact("gonogo", start.gonogo.as_str().into());
    Part::Facts(facts)
}

/// How long the service was down, each outage, and whether all of them are known to be over.
fn down(state: &RunState, times: Times) -> Option<(String, bool)> {
    let outages = clock::outages(state);
    let sum = elapsed(clock::down_ms(&outages, state.last_at()?)?);
    let each: Vec<String> = outages.iter().map(|o| times.outage(o)).collect();
    let over = outages.iter().all(|o| matches!(o.sign, clock::Sign::Started | clock::Sign::Answered));
    let text = match each.as_slice() {
        [one] => format!("{sum}, {one}"),
        all => format!("{sum} in {} outages: {}", all.len(), all.join("; ")),
    };
    Some((text, over))
}

/// What a reviewer looks at first.
fn first(state: &RunState) -> Vec<Part> {
    let mut parts = vec![Part::Heading(2, "What to look at first".into())];
    let points = review::points(state);
    if points.is_empty() {
        parts.push(Part::Text(review::NOTHING.into()));
    }
    for (about, points) in review::grouped(&points) {
        parts.push(Part::Heading(3, about.title().into()));
        let words = points.into_iter().map(|p| {
            let event = p.event.map_or(String::new(), |e| format!(" (event {})", e.0));
            Cell { text: format!("{}{event}", p.words), tone: Tone::Watch }
        });
        parts.push(Part::List(words.collect()));
    }
    let notes: Vec<Cell> = state
        .notes()
        .iter()
        .map(|n| {
            let about = if n.about.is_empty() { String::new() } else { format!("{}: ", n.about) };
            let tone = if n.issue { Tone::Watch } else { Tone::Plain };
            Cell {
                text: format!("{about}{} ({}{})", n.text, if n.issue { "issue, " } else { "" }, n.by),
                tone,
            }
        })
        .collect();
    if !notes.is_empty() {
        parts.push(Part::Heading(3, "Issues and notes".into()));
        parts.push(Part::List(notes));
    }
    parts
}

fn gates(material: &Material<'_>, times: Times) -> Vec<Part> {
    let mut parts = Vec::new();
    for record in material.records {
        let Event::GateDecided { gate, .. } = &record.event else { continue };
        if parts.is_empty() {
            parts.push(Part::Heading(2, "Gates".into()));
        }
        parts.push(Part::Heading(3, format!("{}, {}", words::capital(gate.title()), times.time(record.at))));
        let told = words::happened(material.state, &record.event);
        parts.push(Part::Text(format!(
            "{} (by {}, event {})",
            words::capital(&told),
            record.actor,
            record.seq.0
        )));
        parts.extend(health::at_gate(material, record));
    }
    parts
}

fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Passed => Tone::Good,
        Standing::NotYet | Standing::DoneNothingClaimed | Standing::Skipped => Tone::Plain,
        Standing::Running | Standing::NeedsEyes => Tone::Watch,
        Standing::Failed | Standing::Lost | Standing::GonePast => Tone::Bad,
    }
}

/// All steps with what came of them and what they took, beside what the document says and what they usually take.
fn steps(material: &Material<'_>) -> Vec<Part> {
    let state = material.state;
    let took = review::steps(state);
    let all = state.runbook().all_steps().into_iter().filter(|s| !s.commands().is_empty());
    let rows: Vec<Vec<Cell>> = all
        .map(|step| {
            let took_ms = took.iter().find(|(ran, _)| ran.id == step.id).map(|(_, took_ms)| *took_ms);
            let slow = took_ms.is_some_and(|took_ms| review::is_slow(step, took_ms));
            let came = tone(state.standing_of(&step.commands()));
            vec![
                step.id.0.as_str().into(),
                step.title.as_str().into(),
                Cell { text: words::step_came(state, step), tone: came },
                Cell {
                    text: took_ms.map_or(String::new(), elapsed),
                    tone: if slow { Tone::Watch } else { Tone::Plain },
                },
                step.estimate_s.map_or(String::new(), |e| elapsed(e * 1000)).into(),
                material.past.step(step).map_or(String::new(), super::super::history::Usually::words).into(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return vec![];
    }
    let head = vec!["step", "what", "came", "took", "document says", "usually"];
    vec![Part::Heading(2, "Steps".into()), Part::Table(head, rows)]
}

/// Everything that was run, with what the document expects of it and what it showed.
fn commands(material: &Material<'_>, times: Times) -> Vec<Part> {
    if material.state.ran().is_empty() {
        return vec![];
    }
    let mut parts = vec![Part::Heading(2, "What was run".into())];
    for ran in material.state.ran() {
        let output = material.outputs.iter().find(|o| o.command == ran.command && o.attempt == ran.attempt);
        parts.push(command(material.state, ran, output, times));
    }
    parts
}

fn command(state: &RunState, ran: &Ran, output: Option<&Output>, times: Times) -> Part {
    let last = state.last_run(&ran.command).is_some_and(|r| r.attempt == ran.attempt);
    let came = state.standing_of_run(ran);
    let exit = ran.exit.map_or("no end known".to_owned(), |e| e.to_string());
    let attempt = if ran.attempt.0 > 1 { format!(" (attempt {})", ran.attempt.0) } else { String::new() };
    let title = format!(
        "{}{attempt}  {}  {}, {exit}, {}",
        ran.command,
        words::first_line(&ran.text),
        words::run_came(state, ran),
        elapsed(ran.elapsed_ms)
    );
    let mut about = vec![Cell::from(format!("{} by {} at {}", times.stamp(ran.started), ran.by, ran.place))];
    if last && let Some(command) = state.find(&ran.command) {
        for told in words::claims(state, command) {
            let tone = match told.sign {
                Sign::Met => Tone::Good,
                Sign::NotMet => Tone::Bad,
                Sign::Eyes => Tone::Watch,
                Sign::Open => Tone::Plain,
            };
            let observed = told.observed.map_or(String::new(), |o| format!(" · {o}"));
            about.push(Cell { text: format!("{}{observed}", told.says), tone });
        }
        about.extend(
            words::beware(state, command).into_iter().map(|w| Cell { text: w.to_owned(), tone: Tone::Watch }),
        );
    }
    let mut text = format!("$ {}\n", ran.text);
    if let Some(output) = output {
        for line in &output.lines {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        if let Some(left_out) = &output.left_out {
            about.push(Cell { text: left_out.clone(), tone: Tone::Watch });
        }
    }
    Part::Code { title: Cell { text: title, tone: tone(came) }, about, text, open: false }
}

fn timeline(material: &Material<'_>, times: Times) -> Vec<Part> {
    let mut state = RunState::new(material.state.runbook_arc());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for record in material.records {
        state.advance(record);
        rows.push(vec![
            record.seq.0.to_string().into(),
            times.time(record.at).into(),
            record.actor.as_str().into(),
            words::happened(&state, &record.event).into(),
        ]);
    }
    vec![Part::Heading(2, "Timeline".into()), Part::Table(vec!["event", "time", "by", "what"], rows)]
}

fn sign_offs(material: &Material<'_>, times: Times) -> Vec<Part> {
    let mut parts = vec![Part::Heading(2, "Sign-offs and proof".into())];
    if material.state.signatures().is_empty() {
        parts.push(Part::Text("Nobody has signed.".into()));
    }
    for signed in material.state.signatures() {
        let statement = &signed.statement;
        let key = signed.as_given.key.as_ref();
        let tone = if key.is_some() { Tone::Good } else { Tone::Watch };
        let title = format!(
            "{}: {}, {}",
            words::capital(statement.role.word()),
            signed.who(),
            times.stamp(statement.time)
        );
        let text = signed.as_given.statement.clone() + signed.as_given.signature.as_deref().unwrap_or("");
        parts.push(Part::Code { title: Cell { text: title, tone }, about: vec![], text, open: false });
    }
    if let Some(verified) = &material.verified {
        let points = verified.lines(times.zone()).into_iter().map(|text| {
            let tone = match text.split(':').next() {
                Some("ok") => Tone::Good,
                Some("not proven") => Tone::Watch,
                Some(start) if start.starts_with("OFF") => Tone::Bad,
                _ => Tone::Plain,
            };
            Cell { text, tone }
        });
        parts.push(Part::List(points.collect()));
    }
    parts
}
