//! The report of a run: everything about it in one page, as Markdown or as HTML that needs nothing else.
//!
//! A [`Report`] is made of parts; `markdown` and `html` write the same parts. Everything in it is masked once more:
//! it leaves the machine.

mod chart;
mod health;
mod html;
mod markdown;
mod run;

use std::collections::BTreeSet;

use crate::mask::{self, Hidden, Masker};
use crate::run::health::Health;
use crate::run::{Attempt, Record, RunState};
use crate::runbook::CommandId;

use super::history::Past;
use super::verify::Verified;
pub use chart::Chart;

/// What a report is made of.
#[derive(Debug)]
pub struct Material<'m> {
    /// The run.
    pub state: &'m RunState,
    /// The document as it was run.
    pub document: &'m str,
    /// Its events.
    pub records: &'m [Record],
    /// What commands showed, in the order in which they were run.
    pub outputs: &'m [Output],
    /// What the probes saw last.
    pub health: Option<&'m Health>,
    /// What they had seen at gates, by the event of the gate.
    pub at_gates: &'m [(u64, Health)],
    /// Runs before this one.
    pub past: &'m Past,
    /// What looking at the record came to.
    pub verified: Option<&'m Verified>,
}

/// What a command showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The command.
    pub command: CommandId,
    /// Which time.
    pub attempt: Attempt,
    /// Its lines; where there are many, its first and its last.
    pub lines: Vec<String>,
    /// Why there are not more of them.
    pub left_out: Option<String>,
}

/// How something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing is claimed.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Somebody should look.
    Watch,
    /// Not as it should be.
    Bad,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// How it stands.
    pub tone: Tone,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, tone: Tone::Plain }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A heading of this level.
    Heading(u8, String),
    /// Names with their values.
    Facts(Vec<(String, Cell)>),
    /// A paragraph.
    Text(String),
    /// Points.
    List(Vec<Cell>),
    /// A table.
    Table(Vec<&'static str>, Vec<Vec<Cell>>),
    /// A text as it is, with its title; open, or to be opened.
    Code {
        /// What it is.
        title: Cell,
        /// What is said of it, a line each.
        about: Vec<Cell>,
        /// The text.
        text: String,
        /// It is shown at once.
        open: bool,
    },
    /// A figure over time.
    Chart(Chart),
}

/// The report of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What it is about.
    pub title: String,
    /// How the run ended.
    pub outcome: Cell,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

impl Report {
    /// Makes the report, masked.
    pub fn of(material: &Material<'_>) -> Self {
        let mut report = run::report(material);
        let masker = masker(material);
        let hidden = report.mask(&masker);
        let mut legend = Self { parts: run::masks(material.state, &hidden), ..report.clone() };
        legend.mask(&masker);
        report.parts.append(&mut legend.parts);
        report
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        markdown::write(self)
    }

    /// As a page of HTML that needs nothing else: no network, no scripts.
    pub fn html(&self) -> String {
        html::write(self)
    }

    /// Masks all of it, and says what was masked.
    fn mask(&mut self, masker: &Masker) -> BTreeSet<Hidden> {
        let mut all = BTreeSet::new();
        let mut mask = |text: &mut String| {
            let hidden;
            (*text, hidden) = masker.text_telling(text);
            all.extend(hidden);
        };
        mask(&mut self.title);
        for part in &mut self.parts {
            match part {
                Part::Heading(_, text) | Part::Text(text) => mask(text),
                Part::Facts(facts) => facts.iter_mut().for_each(|(_, value)| mask(&mut value.text)),
                Part::List(points) => points.iter_mut().for_each(|point| mask(&mut point.text)),
                Part::Table(_, rows) => rows.iter_mut().flatten().for_each(|cell| mask(&mut cell.text)),
                Part::Code { title, about, text, .. } => {
                    mask(&mut title.text);
                    for cell in about {
                        mask(&mut cell.text);
                    }
                    mask(text);
                }
                Part::Chart(_) => {}
            }
        }
        all
    }
}

/// Masks the credentials that document and outputs show, wherever they stand. What the document uses as a word is
/// masked only where a name stands before it.
fn masker(material: &Material<'_>) -> Masker {
    let prose = prose(material.document);
    let mut masker = Masker::default();
    let outputs = material.outputs.iter().flat_map(|o| &o.lines).map(String::as_str);
    let texts = std::iter::once(material.document).chain(outputs);
    masker.add_all(texts.flat_map(|text| mask::learn(text, &prose)).map(|(value, hidden)| (hidden, value)));
    masker
}

/// The lines of a document outside of its fences.
fn prose(document: &str) -> String {
    let (mut prose, mut inside) = (String::new(), false);
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    prose
}
