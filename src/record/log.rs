//! Fills the deployment log: the document's own template, line by line, by what the events say.
//!
//! 1. `slots` finds what in a line is to be filled, `topics` what its label means, `values` and `done` what the run
//!    says about that. `tables` does the same by rows and columns.
//! 2. A line that can't be filled stays byte for byte as it was, and is listed with the reason.
//! 3. Every value names the event that it comes from.

mod change;
mod choices;
mod done;
mod slots;
mod tables;
mod topics;
mod values;

use crate::run::RunState;
use crate::run::sign::SignRole;
pub use change::Source;
use change::{Change, Unfilled};
use done::Finder;
use slots::{Slot, What, slots};
use tables::Table;
use topics::{Kind, Topic, in_minutes, kind, topic};
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
    /// A box of the choice below the heading was ticked.
    chosen: bool,
    table: Option<Table>,
}

impl<'s> Writer<'s> {
    fn new(state: &'s RunState) -> Self {
        let (values, finder) = (Values::new(state), Finder::new(state));
        let template = state.runbook().log_template.as_ref();
        let above = state.runbook().outline.iter().rfind(|e| template.is_some_and(|t| e.line <= t.line));
        let signs = above.is_some_and(|e| is_sign_off(&e.title));
        Self { values, finder, heading: None, signs, chosen: false, table: None }
    }

    fn line(&mut self, line: &str, next: &str) -> Came {
        if let Some(title) = heading(line, next) {
            self.heading = topic(&title);
            self.signs = is_sign_off(&title);
            self.chosen = false;
            self.table = None;
            return Came::Text;
        }
        if tables::cells(line).is_some() {
            return self.row(line, next);
        }
        self.table = None;
        let mut slots = slots(line);
        // What leads to a list below it asks for nothing itself.
        let leads = |slot: &Slot| slot.what == What::Blank && slot.at.is_empty();
        let list =
            next.starts_with(['-', '*', '+', '|', '☐']) && !line.trim_start().starts_with(['-', '*', '+']);
        if list && !slots::slots(next).iter().any(leads) {
            slots.retain(|slot| !leads(slot));
        }
        let mut changes = Vec::new();
        let mut left = None;
        let mut at = 0;
        for group in slots.chunk_by(|a, b| a.label == b.label) {
            let person = self.person(&slots[..at + group.len()], &slots[at + group.len()..]);
            at += group.len();
            match self.group(line, group, person) {
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
            let known =
                if tables::is_rule(next) { Table { columns, told_issues: false } } else { Table::default() };
            self.table = Some(known);
            return Came::Text;
        };
        match tables::row(line, &table, (self.heading, self.signs), (&self.values, &mut self.finder)) {
            None => Came::Text,
            Some(Err(why)) => Came::Left(why.0),
            Some(Ok(changes)) => {
                let (text, sources) = changed(line, changes);
                // Issues stand in the first empty row; further ones stay for what comes after.
                if text.contains('\n') || text.contains("None") {
                    self.table = Some(Table { told_issues: true, ..table });
                }
                Came::Filled(text, sources, None)
            }
        }
    }

    /// Slots that share a label: all of them are filled, or none.
    fn group(&mut self, line: &str, group: &[Slot], person: Person) -> Result<Vec<Change>, Unfilled> {
        let Some(first) = group.first() else { return Ok(vec![]) };
        match &first.what {
            What::Tick if self.is_of_choice(first) => self.tick_choice(first),
            What::Tick => self.ticked(first, &group[1..]),
            What::Choice(options) => self.choice(line, first, options),
            What::Boxes(boxes) => self.boxes(&first.label, boxes),
            What::Literal(literal) => {
                let Some(topic) = topic(&first.label).filter(|t| t.is_literal()) else { return Ok(vec![]) };
                let (text, source) = self.values.about(topic, &What::Literal(literal.clone()))?;
                Ok(vec![Change { at: first.at.clone(), text, source: Some(source) }])
            }
            _ => self.values_of(line, group, person),
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
                    Kind::Name if slot.by() => (done.by.clone(), done.source.clone()),
                    Kind::Name => return Err("the line does not say whose name".into()),
                    Kind::Words => return Err(format!("nobody has written a {word}").into()),
                    Kind::Value => self.word(word)?,
                    wanted => (self.values.moment(done.at, &slot.what, wanted), done.source.clone()),
                },
                _ if slot.by() => (done.by.clone(), done.source.clone()),
                _ => (self.values.moment(done.at, &slot.what, Kind::Time), done.source.clone()),
            };
            changes.push(Change { at: slot.at.clone(), text, source: Some(source) });
        }
        Ok(changes)
    }

    /// Values behind one label. Two places that nothing tells apart get none, but for a time from and a time to.
    fn values_of(&mut self, line: &str, group: &[Slot], person: Person) -> Result<Vec<Change>, Unfilled> {
        let alike = |a: &Slot, b: &Slot| a.what == b.what && !b.by() && !b.at();
        let twice = group.iter().enumerate().any(|(at, a)| group[at + 1..].iter().any(|b| alike(a, b)));
        if let [from, to] = group
            && twice
            && to.ranges()
            && topic(&from.label) == Some(Topic::Start)
        {
            let told = [(from, Topic::Start), (to, Topic::End)].map(|(slot, topic)| {
                let (text, source) = self.values.about(topic, &What::Time)?;
                Ok(Change { at: slot.at.clone(), text, source: Some(source) })
            });
            return told.into_iter().collect();
        }
        if twice {
            return Err("the line has several fields and does not tell them apart".into());
        }
        group.iter().map(|slot| self.value(line, slot, person)).collect()
    }

    /// A value behind a label.
    fn value(&mut self, line: &str, slot: &Slot, person: Person) -> Result<Change, Unfilled> {
        let wanted = match &slot.what {
            What::Word(word) => kind(word),
            What::Date(_) => Kind::Date,
            What::Time => Kind::Time,
            _ if slot.by() => Kind::Name,
            _ if slot.at() => Kind::Time,
            _ => Kind::Value,
        };
        let topic = topic(&slot.label);
        let signs = match topic {
            Some(Topic::Date) => Some(Kind::Date),
            Some(Topic::Start | Topic::End) => Some(Kind::Time),
            Some(Topic::Signature) => Some(Kind::Signature),
            Some(Topic::Engineer | Topic::Reviewer) => Some(wanted),
            _ => None,
        };
        let told: Told = match (&slot.what, person, signs) {
            (What::Named(pattern), ..) => self.values.named(pattern)?,
            (what, Person::Signs(role), Some(asked)) => self.values.sign_off(role, what, asked)?,
            (_, Person::Somebody, Some(_)) => return Err("nobody in this run signs as that".into()),
            (..) if topic.is_some_and(Topic::is_span) && in_minutes(&slot.label) => {
                self.values.minutes(topic.unwrap_or(Topic::Duration))?
            }
            (what, ..) => match self.counted(line, slot, topic)? {
                Some(told) => told,
                None => match topic {
                    Some(Topic::Date | Topic::Start | Topic::End) if wanted == Kind::Name => {
                        self.values.about(Topic::Engineer, what)?
                    }
                    Some(_) if is_contact(what) => return Err("the run has no such thing".into()),
                    Some(topic) => self.values.about(topic, what)?,
                    None => self.by_name(slot, wanted)?,
                },
            },
        };
        Ok(Change { at: slot.at.clone(), text: told.0, source: Some(told.1) })
    }

    /// A place with a unit behind it: minutes of what is a time, nothing of what is not understood.
    fn counted(&self, line: &str, slot: &Slot, topic: Option<Topic>) -> Result<Option<Told>, Unfilled> {
        let rest = line[slot.at.end..].trim_start();
        let word = crate::runbook::words::lower_words(rest).into_iter().next().unwrap_or_default();
        let close = rest.starts_with(['%', '/', '#']);
        let minutes = ["minutes", "minute", "mins", "min", "minuten", "minutos"].contains(&word.as_str());
        let unit = ["hours", "hour", "h", "seconds", "sec", "s", "per", "open", "of", "passed", "failed"];
        let next = rest.chars().next().is_some_and(char::is_alphanumeric);
        match topic {
            Some(topic @ (Topic::Duration | Topic::Downtime)) if next && minutes => {
                self.values.minutes(topic).map(Some)
            }
            _ if close || next && (minutes || unit.contains(&word.as_str())) => {
                Err("gonogo does not understand the text after the field".into())
            }
            _ => Ok(None),
        }
    }

    /// What a placeholder's own word means.
    fn word(&self, word: &str) -> Result<Told, Unfilled> {
        if let Some(topic) = topic(word) {
            return self.values.about(topic, &What::Blank);
        }
        let told = self.values.called(word);
        told.ok_or_else(|| format!("nothing in the run is called \"{word}\"").into())
    }

    /// A value by what the run calls so, else the time of the step that is called so.
    fn by_name(&mut self, slot: &Slot, wanted: Kind) -> Result<Told, Unfilled> {
        if let Some(told) = self.values.called(&slot.label) {
            return Ok(told);
        }
        if let What::Word(word) = &slot.what
            && wanted == Kind::Value
        {
            return self.word(word);
        }
        if slot.label.is_empty() {
            // A line of its own: the placeholder's word, else the heading, says what it is.
            let own = match &slot.what {
                What::Word(word) => topic(word),
                What::Date(_) => Some(Topic::Date),
                _ => None,
            };
            let about = own.or(self.heading.filter(|_| matches!(slot.what, What::Word(_) | What::Blank)));
            return self.values.about(about.ok_or("the line does not say what it is about")?, &slot.what);
        }
        let wanted = if wanted == Kind::Value { asked_by(&slot.label) } else { wanted };
        if wanted == Kind::Name && !slot.by() {
            return Err("the line does not say whose name".into());
        }
        let done = match self.finder.find(&slot.label) {
            Err(_) if wanted == Kind::Name => return self.values.about(Topic::Engineer, &slot.what),
            found => found?,
        };
        let text = match wanted {
            Kind::Name => done.by.clone(),
            Kind::Words => return Err("that needs a person's answer".into()),
            Kind::Started => self.values.moment(done.started, &slot.what, wanted),
            Kind::Standing => done.came.to_owned(),
            Kind::Took => crate::figures::elapsed(done.took_ms()),
            Kind::Time | Kind::Date => self.values.moment(done.at, &slot.what, wanted),
            Kind::Value | Kind::Estimate | Kind::Signature => {
                return Err("the line does not say what belongs here".into());
            }
        };
        Ok((text, done.source))
    }

    /// Who signs by what a line has said so far; `rest` is what it asks for behind that.
    fn person(&self, said: &[Slot], rest: &[Slot]) -> Person {
        if said.first().is_some_and(|s| s.what == What::Tick) {
            return Person::Nobody;
        }
        let role = said.iter().rev().find_map(|s| SignRole::of(&s.label));
        let asks = |s: &Slot| {
            matches!(topic(&s.label), Some(Topic::Date | Topic::Start | Topic::End | Topic::Signature))
        };
        let several =
            said.len() > 1 && said[..said.len() - 1].iter().any(|s| SignRole::of(&s.label).is_some());
        let by = |s: &Slot| s.label.to_lowercase().split_whitespace().next_back() == Some("by");
        match role {
            Some(role) if self.signs || several || rest.first().is_some_and(asks) => Person::Signs(role),
            Some(_) => Person::Nobody,
            None if self.signs || said.iter().any(by) => Person::Somebody,
            None => Person::Nobody,
        }
    }
}

/// Who signs in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Person {
    /// The line is no sign-off.
    Nobody,
    /// One of the two who sign a run.
    Signs(SignRole),
    /// Somebody else.
    Somebody,
}

/// What a label asks for by its own words: "completed at" a time, "status" how it came out.
fn asked_by(label: &str) -> Kind {
    let words = crate::runbook::words::lower_words(label);
    let last = words.last().map_or("", String::as_str);
    let done = last.len() > 4 && last.ends_with("ed")
        || ["run", "done", "begun", "taken", "gesendet"].contains(&last);
    match kind(last) {
        Kind::Value if done => Kind::Time,
        Kind::Name => Kind::Value,
        kind => kind,
    }
}

/// Whether a placeholder asks for what no run knows of a person.
fn is_contact(what: &What) -> bool {
    let What::Word(word) = what else { return false };
    let words = crate::runbook::words::lower_words(word);
    words.iter().any(|w| {
        ["email", "mail", "phone", "contact", "link", "slack", "size", "count"].contains(&w.as_str())
    })
}

/// Whether a heading is that of a sign-off.
fn is_sign_off(title: &str) -> bool {
    let words = crate::runbook::words::lower_words(title);
    let signs = ["sign", "signoff", "signatures", "approval", "approvals", "unterschriften", "firmas"];
    words.iter().any(|w| signs.contains(&w.as_str()))
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
        if change.at.is_empty() && !change.text.is_empty() && text.ends_with([':', '*', '?', '=', '：']) {
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
