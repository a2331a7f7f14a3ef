//! Fills the deployment log: the document's own template, line by line, by what the events say.
//!
//! 1. `slots` finds what in a line is to be filled, `topics` what its label means, `values` and `done` what the run
//!    says about that. `tables` does the same by rows and columns.
//! 2. A line that can't be filled stays byte for byte as it was, and is listed with the reason.
//! 3. Every value names the event that it comes from.

mod done;
mod slots;
mod tables;
mod topics;
mod values;

use std::ops::Range;

use crate::run::sign::SignRole;
use crate::run::state::Mark;
use crate::run::{Outcome, RunState, Seq};
use done::Finder;
use slots::{Slot, What, is_choice_word, slots};
use tables::Table;
use topics::{Kind, Topic, kind, topic};
use values::{Told, Values};

/// The template used where a document has none.
const BUNDLED: &str = "## Deployment Log\n\n**Date:** YYYY-MM-DD\n**Environment:** [Name]\n**Engineer:** [Name]\n\n### Issues Encountered\n- None / [Description]\n\n### Rollback Required\n- No / Yes - [Reason]\n\n### Sign-off\n- Engineer: [Name] [Time]\n- Reviewer: [Name] [Time]\n";

/// A filled log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    /// The text, as it is written.
    pub text: String,
    /// The lines of it that were filled, in order.
    pub filled: Vec<FilledLine>,
    /// Lines with something to fill that stayed as they were.
    pub left: Vec<Left>,
    /// The line of the document that each line of the text comes from.
    pub from: Vec<usize>,
}

/// A line of the log with something of the run in it.
#[derive(Clone, Debug, PartialEq)]
pub struct FilledLine {
    /// Which line of the text, from 0.
    pub at: usize,
    /// Where its values come from.
    pub sources: Vec<Source>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// In words.
    pub words: String,
    /// The event that says so.
    pub event: Option<Seq>,
}

impl Source {
    fn of(state: &RunState, words: String, mark: &Mark) -> Self {
        Self { words, event: state.event_of(mark) }
    }
}

/// A line that stayed as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// Its number in the document.
    pub line: usize,
    /// Its text.
    pub text: String,
    /// Why nothing was written there.
    pub why: String,
}

/// Why nothing can be written at a place.
#[derive(Clone, Debug)]
pub(crate) struct Unfilled(String);

impl From<&str> for Unfilled {
    fn from(why: &str) -> Self {
        Self(why.to_owned())
    }
}

impl From<String> for Unfilled {
    fn from(why: String) -> Self {
        Self(why)
    }
}

/// A change in a line.
struct Change {
    at: Range<usize>,
    text: String,
    /// Where the text comes from; nothing for what only keeps the line's shape.
    source: Option<Source>,
}

/// Fills the log of a run.
pub fn fill(state: &RunState) -> Filled {
    let template = state.runbook().log_template.as_ref();
    let (text, first_line) = template.map_or((BUNDLED, 1), |t| (t.text.as_str(), t.text_line));
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut writer = Writer::new(state);
    let mut result = Filled::default();
    for (at, line) in lines.iter().enumerate() {
        let body = line.trim_end_matches(['\n', '\r']);
        let next = lines.get(at + 1).map_or("", |l| l.trim());
        let row = result.text.matches('\n').count();
        match writer.line(body, next) {
            Came::Text => result.text.push_str(body),
            Came::Left(why) => {
                result.left.push(Left { line: first_line + at, text: body.to_owned(), why });
                result.text.push_str(body);
            }
            Came::Filled(text, sources, why) => {
                for (more, source) in text.split('\n').enumerate().map(|(n, _)| n).zip(spread(&text, sources))
                {
                    result.filled.push(FilledLine { at: row + more, sources: source });
                }
                if let Some(why) = why {
                    result.left.push(Left { line: first_line + at, text: body.to_owned(), why });
                }
                result.text.push_str(&text);
            }
        }
        result.text.push_str(&line[body.len()..]);
        result.from.resize(result.text.lines().count(), first_line + at);
    }
    if let Some(section) = super::followups::follow_ups(state) {
        if !result.text.ends_with('\n') {
            result.text.push('\n');
        }
        result.text.push_str(&section);
    }
    result
}

/// Sources by the lines that a filled line became: where there are as many of both each has its own.
fn spread(text: &str, sources: Vec<Source>) -> Vec<Vec<Source>> {
    let rows = text.matches('\n').count() + 1;
    if rows == sources.len() && rows > 1 {
        return sources.into_iter().map(|s| vec![s]).collect();
    }
    vec![sources; rows]
}

/// What became of a line.
enum Came {
    /// There is nothing to fill in it.
    Text,
    /// It was filled; part of it may have stayed as it was, for a reason.
    Filled(String, Vec<Source>, Option<String>),
    /// It stayed as it was.
    Left(String),
}

struct Writer<'s> {
    values: Values<'s>,
    finder: Finder<'s>,
    /// What the heading above speaks of.
    heading: Option<Topic>,
    /// The heading above is that of a sign-off.
    signs: bool,
    table: Option<Table>,
}

impl<'s> Writer<'s> {
    fn new(state: &'s RunState) -> Self {
        let (values, finder) = (Values::new(state), Finder::new(state));
        Self { values, finder, heading: None, signs: false, table: None }
    }

    fn line(&mut self, line: &str, next: &str) -> Came {
        if let Some(title) = heading(line, next) {
            self.heading = topic(&title);
            let words = crate::runbook::words::lower_words(&title);
            self.signs = words
                .iter()
                .any(|w| ["sign", "signoff", "signatures", "approval", "approvals"].contains(&w.as_str()));
            self.table = None;
            return Came::Text;
        }
        if tables::cells(line).is_some() {
            return self.row(line, next);
        }
        self.table = None;
        let slots = slots(line);
        let mut changes = Vec::new();
        let mut left = None;
        for group in slots.chunk_by(|a, b| a.label == b.label) {
            match self.group(line, group) {
                Ok(more) => changes.extend(more),
                Err(why) => left = Some(why.0),
            }
        }
        match (changes.is_empty(), left) {
            (true, None) => Came::Text,
            (true, Some(why)) => Came::Left(why),
            (false, why) => {
                let (text, sources) = changed(line, changes);
                Came::Filled(text, sources, why)
            }
        }
    }

    /// A row of a table.
    fn row(&mut self, line: &str, next: &str) -> Came {
        if tables::is_rule(line) {
            return Came::Text;
        }
        let Some(table) = self.table.clone() else {
            let columns = tables::cells(line).unwrap_or_default();
            let columns = columns.into_iter().map(|c| line[c].trim_matches('*').to_owned()).collect();
            let known = if tables::is_rule(next) { Table { columns } } else { Table::default() };
            self.table = Some(known);
            return Came::Text;
        };
        match tables::row(line, &table, self.heading, (&self.values, &mut self.finder)) {
            None => Came::Text,
            Some(Err(why)) => Came::Left(why.0),
            Some(Ok(changes)) => {
                let (text, sources) = changed(line, changes);
                Came::Filled(text, sources, None)
            }
        }
    }

    /// Slots that share a label: all of them are filled, or none.
    fn group(&mut self, line: &str, group: &[Slot]) -> Result<Vec<Change>, Unfilled> {
        let Some(first) = group.first() else { return Ok(vec![]) };
        match &first.what {
            What::Tick if self.heading.is_some() && is_choice_word(&first.label) => self.tick_choice(first),
            What::Tick => self.ticked(first, &group[1..]),
            What::Choice(options) => self.choice(line, first, options),
            What::Boxes(boxes) => {
                let options: Vec<String> = boxes.iter().map(|(_, text)| text.clone()).collect();
                let (chosen, _, source) = self.choose(&first.label, &options)?;
                let at = boxes.get(chosen).map(|(at, _)| at.clone()).unwrap_or_default();
                Ok(vec![Change { at, text: "[x]".into(), source: Some(source) }])
            }
            What::Literal(literal) => {
                let Some(topic) = topic(&first.label) else { return Ok(vec![]) };
                let (text, source) = self.values.about(topic, &What::Literal(literal.clone()))?;
                Ok(vec![Change { at: first.at.clone(), text, source: Some(source) }])
            }
            _ => group.iter().map(|slot| self.value(slot, group.len())).collect(),
        }
    }

    /// A box, and what stands behind it about when and what.
    fn ticked(&mut self, tick: &Slot, rest: &[Slot]) -> Result<Vec<Change>, Unfilled> {
        let done = self.finder.find(&tick.label)?;
        let mut changes =
            vec![Change { at: tick.at.clone(), text: "[x]".into(), source: Some(done.source.clone()) }];
        for slot in rest {
            let (text, source) = match &slot.what {
                What::Named(pattern) => self.values.named(pattern)?,
                What::Word(word) => match kind(word) {
                    Kind::Name => (done.by.clone(), done.source.clone()),
                    Kind::Words => return Err(format!("nobody has written a {word}").into()),
                    Kind::Value => self
                        .values
                        .called(word)
                        .ok_or_else(|| Unfilled::from(format!("nothing of the run is called \"{word}\"")))?,
                    wanted => (self.values.moment(done.at, &slot.what, wanted), done.source.clone()),
                },
                _ => (self.values.moment(done.at, &slot.what, Kind::Time), done.source.clone()),
            };
            changes.push(Change { at: slot.at.clone(), text, source: Some(source) });
        }
        Ok(changes)
    }

    /// One box of several lines, of which one is ticked: the heading says about what.
    fn tick_choice(&mut self, tick: &Slot) -> Result<Vec<Change>, Unfilled> {
        let (chosen, _, source) = self.choose("", &[tick.label.clone(), String::new()])?;
        let tick = Change { at: tick.at.clone(), text: "[x]".into(), source: Some(source) };
        Ok(if chosen == 0 { vec![tick] } else { vec![] })
    }

    /// A value behind a label.
    fn value(&mut self, slot: &Slot, beside: usize) -> Result<Change, Unfilled> {
        let wanted = match &slot.what {
            What::Word(word) => kind(word),
            What::Date(_) => Kind::Date,
            What::Time => Kind::Time,
            _ => Kind::Value,
        };
        let role = SignRole::of(&slot.label);
        let told: Told = match (role, topic(&slot.label)) {
            _ if matches!(slot.what, What::Named(_)) => {
                let What::Named(pattern) = &slot.what else { return Err("no pattern".into()) };
                self.values.named(pattern)?
            }
            (None, Some(Topic::Date | Topic::Start | Topic::End)) if wanted == Kind::Name => {
                self.values.about(Topic::Engineer, &slot.what)?
            }
            // A name with a time beside it, or one in the sign-off, is a signature.
            (Some(role), _) if self.signs || beside > 1 => self.values.sign_off(role, &slot.what, wanted)?,
            (_, Some(topic)) => self.values.about(topic, &slot.what)?,
            (_, None) => self.by_name(slot, wanted)?,
        };
        Ok(Change { at: slot.at.clone(), text: told.0, source: Some(told.1) })
    }

    /// A value by what the run calls so, else the time of the step that is called so.
    fn by_name(&mut self, slot: &Slot, wanted: Kind) -> Result<Told, Unfilled> {
        if let Some(told) = self.values.called(&slot.label) {
            return Ok(told);
        }
        if slot.label.is_empty() {
            // A line of its own: the placeholder's word, else the heading, says what it is.
            let own = match &slot.what {
                What::Word(word) => topic(word),
                What::Date(_) => Some(Topic::Date),
                _ => None,
            };
            let topic = own.or(self.heading).ok_or("the line does not say what it is about")?;
            return self.values.about(topic, &slot.what);
        }
        let done = self.finder.find(&slot.label)?;
        let text = match wanted {
            Kind::Name => done.by.clone(),
            Kind::Words => return Err("that is for somebody to say".into()),
            Kind::Started => self.values.moment(done.started, &slot.what, wanted),
            Kind::Standing => done.came.to_owned(),
            Kind::Took => super::times::span(done.took_ms()),
            _ => self.values.moment(done.at, &slot.what, wanted),
        };
        Ok((text, done.source))
    }

    fn choice(&mut self, line: &str, slot: &Slot, options: &[String]) -> Result<Vec<Change>, Unfilled> {
        let (_, text, source) = self.choose(&slot.label, options)?;
        if self.about(&slot.label) == Some(Topic::Issues) {
            let issues = self.values.issues()?;
            let (before, after) = (&line[..slot.at.start], &line[slot.at.end..]);
            let rows: Vec<String> = issues.iter().map(|(text, _)| format!("{before}{text}{after}")).collect();
            let mut sources = issues.into_iter().map(|(_, source)| source);
            let first = Change { at: 0..line.len(), text: rows.join("\n"), source: sources.next() };
            // The others stand in the same text, and only their sources are wanted.
            let end = line.len()..line.len();
            let rest = sources.map(|s| Change { at: end.clone(), text: String::new(), source: Some(s) });
            return Ok(std::iter::once(first).chain(rest).collect());
        }
        Ok(vec![Change { at: slot.at.clone(), text, source: Some(source) }])
    }

    fn about(&self, label: &str) -> Option<Topic> {
        if label.is_empty() { self.heading } else { topic(label) }
    }

    /// Which of several options is so, and as what it is written.
    fn choose(&mut self, label: &str, options: &[String]) -> Result<(usize, String, Source), Unfilled> {
        let (words, said, source): (&[&str], Option<String>, Source) = match self.about(label) {
            Some(Topic::Issues) => {
                let issues = self.values.issues()?;
                let source = issues[0].1.clone();
                let none = issues[0].0 == "None";
                (if none { &["none", "no", "keine", "aucun"] } else { &["yes", "description"] }, None, source)
            }
            Some(Topic::Rollback) => match self.values.rolled_back() {
                Ok((text, source)) => (&["yes", "ja", "oui", "sí", "sim"], Some(text), source),
                Err(_) if self.values.state.going_back().is_none() => {
                    (&["no", "nein", "non", "não", "none"], None, self.values.not_rolled_back()?)
                }
                Err(why) => return Err(why),
            },
            Some(Topic::Outcome) => {
                let (outcome, _) = self.values.over()?;
                let source = self.values.about(Topic::Outcome, &What::Blank)?.1;
                let words: &[&str] = match outcome {
                    Outcome::Deployed => &[
                        "success",
                        "successful",
                        "succeeded",
                        "deployed",
                        "complete",
                        "completed",
                        "pass",
                        "ok",
                    ],
                    Outcome::Failed => &["failed", "failure", "fail"],
                    Outcome::RolledBack => &["rolled", "rollback"],
                    Outcome::NoGo => &["no", "cancelled", "canceled"],
                    Outcome::Abandoned => &["abandoned", "aborted", "cancelled", "canceled"],
                };
                (words, None, source)
            }
            _ => {
                let done = self.finder.find(label)?;
                (
                    &[
                        "yes",
                        "pass",
                        "passed",
                        "done",
                        "ok",
                        "complete",
                        "completed",
                        "success",
                        "successful",
                        "y",
                    ],
                    None,
                    done.source,
                )
            }
        };
        let fits = |option: &String| {
            let own = crate::runbook::words::lower_words(option);
            own.first().is_some_and(|w| words.contains(&w.as_str()))
        };
        let at = options.iter().position(fits);
        let at = match at {
            Some(at) => at,
            // One box a line: that another is meant is no reason to list this one.
            None if options.last().is_some_and(String::is_empty) => options.len() - 1,
            None => return Err("none of the choices says what happened".into()),
        };
        let option = &options[at];
        let text = match said {
            // "Yes - [Reason]" keeps its own word.
            Some(said) => {
                let word = option.split([' ', '-', ',']).next().unwrap_or("Yes");
                format!("{word} - {said}")
            }
            None => option.clone(),
        };
        Ok((at, text, source))
    }
}

/// The title of a heading, or of a bold line that stands above a list or a table.
fn heading(line: &str, next: &str) -> Option<String> {
    let trimmed = line.trim();
    if trimmed.starts_with('#') {
        return Some(trimmed.trim_start_matches('#').trim().to_owned());
    }
    let bold = trimmed.strip_prefix("**")?;
    let title =
        bold.strip_suffix(":**").or_else(|| bold.strip_suffix("**:")).or_else(|| bold.strip_suffix("**"))?;
    let above =
        next.is_empty() || next.starts_with(['-', '*', '|', '+', '[', '☐']) && !next.starts_with("**");
    (above && !title.contains("**")).then(|| title.to_owned())
}

/// A line with its changes, and where they come from.
fn changed(line: &str, mut changes: Vec<Change>) -> (String, Vec<Source>) {
    changes.sort_by_key(|c| c.at.start);
    let (mut text, mut from, mut sources) = (String::new(), 0, Vec::new());
    for change in changes {
        text.push_str(&line[from..change.at.start]);
        // Behind a label with nothing after it a blank is missing.
        if change.at.is_empty() && !change.text.is_empty() && text.ends_with([':', '*']) {
            text.push(' ');
        }
        text.push_str(&change.text);
        from = change.at.end;
        sources.extend(change.source.filter(|s| !sources.contains(s)));
    }
    text.push_str(&line[from..]);
    (text, sources)
}

#[cfg(test)]
mod tests;
