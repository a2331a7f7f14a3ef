//! One of several: choices in a line, boxes in a row, a box a line below a heading.

use std::ops::Range;

use super::Writer;
use super::change::{Change, Source, Unfilled};
use super::slots::{Slot, What};
use super::topics::{Topic, topic};
use crate::run::Outcome;
use crate::runbook::words::lower_words;

#[rustfmt::skip] // words, many to a line
const NONE: &[&str] = &["none", "no", "no issues", "none found", "keine", "keines", "aucun", "aucune", "ninguno", "ninguna", "nenhum", "nenhuma", "nessuno"];
#[rustfmt::skip] // words, many to a line
const NO: &[&str] = &["no", "n", "none", "not required", "not needed", "nein", "non", "não"];
const YES: &[&str] = &["yes", "y", "ja", "oui", "sí", "si", "sim"];
#[rustfmt::skip] // words, many to a line
const DONE: &[&str] = &["yes", "y", "pass", "passed", "done", "ok", "complete", "completed", "success", "successful", "ja", "oui", "sí", "sim"];
#[rustfmt::skip] // words, many to a line
const DEPLOYED: &[&str] = &["success", "successful", "succeeded", "deployed", "complete", "completed", "pass", "passed", "ok", "erfolgreich", "réussi", "éxito", "sucesso"];
const FAILED: &[&str] = &["failed", "failure", "fail", "fehlgeschlagen", "échec", "fallido", "falhou"];
const ROLLED_BACK: &[&str] = &["rolled back", "rollback", "rolledback", "zurückgerollt"];
const STOPPED: &[&str] = &["no go", "cancelled", "canceled", "aborted", "abandoned", "abgebrochen"];

/// What is so, in the words that choices use.
struct So {
    words: &'static [&'static str],
    /// What is said behind a "yes".
    said: Option<String>,
    source: Source,
}

/// What an option says without its remark: `Yes - [Reason]` says "yes".
fn plain(option: &str) -> String {
    let end = [" - ", " – ", ":", "(", "["].iter().filter_map(|sign| option.find(sign)).min();
    lower_words(&option[..end.unwrap_or(option.len())]).join(" ")
}

impl Writer<'_> {
    /// `None / [Description]`, `No / Yes - [Reason]`, `PASS/FAIL`.
    pub(super) fn choice(
        &mut self,
        line: &str,
        slot: &Slot,
        options: &[String],
    ) -> Result<Vec<Change>, Unfilled> {
        if self.about(&slot.label) == Some(Topic::Issues) {
            return self.issues(line, slot, options);
        }
        let so = self.so(&slot.label)?;
        let at = options.iter().position(|o| so.words.contains(&plain(o).as_str()));
        let option = at.map(|at| &options[at]).ok_or("none of the options says what happened")?;
        let text = match so.said {
            // "Yes - [Reason]" keeps its own word.
            Some(said) => format!("{} - {said}", option.split([' ', '-', ',']).next().unwrap_or("Yes")),
            None if option.contains('[') => {
                return Err("the option needs words that nobody has written".into());
            }
            None => option.clone(),
        };
        Ok(vec![Change { at: slot.at.clone(), text, source: Some(so.source) }])
    }

    /// A line each for issues; where there are none, the template's own word for that.
    fn issues(&mut self, line: &str, slot: &Slot, options: &[String]) -> Result<Vec<Change>, Unfilled> {
        let issues = self.values.issues()?;
        let none = options.iter().find(|o| NONE.contains(&plain(o).as_str()));
        let (before, after) = (&line[..slot.at.start], &line[slot.at.end..]);
        let word = |text: &str| {
            if text == "None" { none.cloned().unwrap_or_else(|| text.to_owned()) } else { text.to_owned() }
        };
        let rows: Vec<String> =
            issues.iter().map(|(text, _)| format!("{before}{}{after}", word(text))).collect();
        let mut sources = issues.into_iter().map(|(_, source)| source);
        let first = Change { at: 0..line.len(), text: rows.join("\n"), source: sources.next() };
        // The others stand in the same text, and only their sources are wanted.
        let end = line.len()..line.len();
        let rest = sources.map(|s| Change { at: end.clone(), text: String::new(), source: Some(s) });
        Ok(std::iter::once(first).chain(rest).collect())
    }

    /// Boxes in a row, of which one is ticked.
    pub(super) fn boxes(
        &mut self,
        label: &str,
        boxes: &[(Range<usize>, String)],
    ) -> Result<Vec<Change>, Unfilled> {
        let named = |text: &str| boxes.iter().find(|(_, option)| plain(option) == plain(text));
        let (tick, source) = if let Some(topic) = self.about(label).filter(|t| *t == Topic::Environment) {
            let (name, source) = self.values.about(topic, &What::Blank)?;
            (named(&name).ok_or("none of the boxes is the run's environment")?, source)
        } else {
            let so = self.so(label)?;
            let fits = |option: &String| so.words.contains(&plain(option).as_str());
            let found = boxes.iter().find(|(_, option)| fits(option));
            (found.ok_or("none of the boxes says what happened")?, so.source)
        };
        Ok(vec![Change { at: tick.0.clone(), text: "[x]".into(), source: Some(source) }])
    }

    /// One box of several lines, of which at most one is ticked: the heading says about what.
    pub(super) fn tick_choice(&mut self, tick: &Slot) -> Result<Vec<Change>, Unfilled> {
        let so = self.so("")?;
        if self.chosen || !so.words.contains(&plain(&tick.label).as_str()) {
            return Ok(vec![]);
        }
        self.chosen = true;
        Ok(vec![Change { at: tick.at.clone(), text: "[x]".into(), source: Some(so.source) }])
    }

    /// Whether a box below a heading is one of a choice: all that it says is a word that choices are made of.
    pub(super) fn is_of_choice(&self, tick: &Slot) -> bool {
        let words = match self.heading {
            Some(Topic::Issues) => &[NONE, YES][..],
            Some(Topic::Rollback | Topic::RolledBack) => &[NO, YES],
            Some(Topic::Outcome) => &[DEPLOYED, FAILED, ROLLED_BACK, STOPPED],
            _ => return false,
        };
        let own = plain(&tick.label);
        words.iter().any(|list| list.contains(&own.as_str()))
            || self.heading == Some(Topic::Outcome) && own.starts_with("partial")
    }

    fn about(&self, label: &str) -> Option<Topic> {
        if label.is_empty() { self.heading } else { topic(label) }
    }

    /// What happened, in the words that choices about it use.
    fn so(&mut self, label: &str) -> Result<So, Unfilled> {
        match self.about(label) {
            Some(Topic::Issues) => {
                let issues = self.values.issues()?;
                let words = if issues[0].0 == "None" { NONE } else { YES };
                Ok(So { words, said: None, source: issues[0].1.clone() })
            }
            Some(topic @ (Topic::Rollback | Topic::RolledBack))
                if self.values.state.going_back().is_none() =>
            {
                Ok(So { words: NO, said: None, source: self.values.not_rolled_back(topic)? })
            }
            Some(Topic::Rollback | Topic::RolledBack) => {
                let (said, source) = self.values.rolled_back()?;
                Ok(So { words: YES, said: Some(said), source })
            }
            Some(Topic::Outcome) => {
                let (outcome, _) = self.values.over()?;
                let source = self.values.about(Topic::Outcome, &What::Blank)?.1;
                let words = match outcome {
                    Outcome::Deployed => DEPLOYED,
                    Outcome::Failed => FAILED,
                    Outcome::RolledBack => ROLLED_BACK,
                    Outcome::NoGo | Outcome::Abandoned => STOPPED,
                    Outcome::Unconfirmed => return Err("nobody has confirmed the result".into()),
                };
                Ok(So { words, said: None, source })
            }
            Some(_) => Err("the line does not say what is chosen".into()),
            None => {
                let done = self.finder.find(label)?;
                Ok(So { words: DONE, said: None, source: done.source })
            }
        }
    }
}
