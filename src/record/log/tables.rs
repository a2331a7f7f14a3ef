//! Rows of tables in a template: what the first cell speaks of, by what the columns ask for.

use std::ops::Range;

use super::done::{Done, Finder};
use super::slots::{What, slots};
use super::topics::{Kind, Topic, kind, topic};
use super::values::{Told, Values};
use super::{Change, Source, Unfilled};
use crate::record::times::span;
use crate::run::sign::SignRole;

/// The table that a line stands in.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// The titles of its columns.
    pub(super) columns: Vec<String>,
}

/// The cells of a row: where the text of each is, without the blanks around it.
pub(super) fn cells(line: &str) -> Option<Vec<Range<usize>>> {
    let trimmed = line.trim();
    if !trimmed.starts_with('|') || trimmed.len() < 2 {
        return None;
    }
    let bars: Vec<usize> =
        line.match_indices('|').map(|(at, _)| at).filter(|at| !line[..*at].ends_with('\\')).collect();
    let cells = bars.windows(2).map(|pair| {
        let inside = &line[pair[0] + 1..pair[1]];
        let text = inside.trim();
        // What is put into an empty cell keeps a blank before it.
        let start = pair[0]
            + 1
            + if text.is_empty() { inside.len().min(1) } else { inside.len() - inside.trim_start().len() };
        start..start + text.len()
    });
    Some(cells.collect())
}

/// Whether a row is the line below a header.
pub(super) fn is_rule(line: &str) -> bool {
    let text = line.trim();
    text.starts_with('|') && text.contains('-') && text.chars().all(|c| "|-: ".contains(c))
}

/// Whether the text of a cell is to be filled.
fn is_open(text: &str) -> bool {
    text.is_empty() || !slots(text).is_empty() || text.chars().all(|c| "_-–.…?".contains(c))
}

/// What a row asks to be changed in it; nothing where it asks for nothing.
pub(super) fn row(
    line: &str,
    table: &Table,
    heading: Option<Topic>,
    (values, finder): (&Values<'_>, &mut Finder<'_>),
) -> Option<Result<Vec<Change>, Unfilled>> {
    let cells = cells(line)?;
    let subject = cells.first().map_or("", |c| line[c.clone()].trim_matches(['*', '`', ' ']));
    let open: Vec<usize> = (0..cells.len()).filter(|at| is_open(&line[cells[*at].clone()])).collect();
    if open.is_empty() || table.columns.is_empty() {
        return None;
    }
    if open.len() == cells.len() {
        let issues = heading == Some(Topic::Issues)
            || table.columns.first().and_then(|c| topic(c)) == Some(Topic::Issues);
        return issues.then(|| of_issues(line, &cells, values));
    }
    let asked = |at: usize| kind(table.columns.get(at).map_or("", String::as_str));
    let what = |at: usize| {
        let text = &line[cells[at].clone()];
        slots(text).into_iter().next().map_or(What::Blank, |s| s.what)
    };
    let mut changes = Vec::new();
    let subject = Subject::of(subject, values, finder);
    for at in open.into_iter().filter(|at| *at > 0) {
        let told = subject.cell(asked(at), &what(at), values);
        match told {
            Ok(Some((text, source))) => {
                changes.push(Change { at: cells[at].clone(), text, source: Some(source) });
            }
            Ok(None) => {}
            Err(why) => return Some(Err(why)),
        }
    }
    (!changes.is_empty()).then_some(Ok(changes))
}

/// The role that a cell names.
fn role(subject: &str) -> Option<SignRole> {
    match topic(subject)? {
        Topic::Engineer => Some(SignRole::Engineer),
        Topic::Reviewer => Some(SignRole::Reviewer),
        _ => None,
    }
}

/// What a row is about.
enum Subject {
    /// Somebody's sign-off.
    Signs(SignRole),
    /// Something that the run says.
    Told(Topic),
    /// A value that is called so.
    Called(Told),
    /// A step or a check item.
    Done(Box<Done>),
    Nothing(Unfilled),
}

impl Subject {
    fn of(text: &str, values: &Values<'_>, finder: &mut Finder<'_>) -> Self {
        match (role(text), topic(text)) {
            (Some(role), _) => Self::Signs(role),
            (None, Some(topic)) => Self::Told(topic),
            (None, None) => match values.called(text) {
                Some(told) => Self::Called(told),
                None => finder.find(text).map_or_else(Self::Nothing, |done| Self::Done(Box::new(done))),
            },
        }
    }

    /// What stands in a cell; nothing where that is for somebody to say.
    fn cell(&self, asked: Kind, what: &What, values: &Values<'_>) -> Result<Option<Told>, Unfilled> {
        let done = match self {
            Self::Signs(role) => return values.sign_off(*role, what, asked).map(Some),
            Self::Told(topic) => return values.about(*topic, what).map(Some),
            Self::Called(told) => return Ok(Some(told.clone())),
            Self::Nothing(why) => return Err(why.clone()),
            Self::Done(done) => done,
        };
        let text = match asked {
            Kind::Started => values.moment(done.started, what, asked),
            Kind::Time | Kind::Date => values.moment(done.at, what, asked),
            Kind::Name => done.by.clone(),
            Kind::Took => span(done.took_ms()),
            Kind::Standing | Kind::Value => done.came.to_owned(),
            Kind::Estimate => match done.estimate_s {
                Some(seconds) => span(seconds * 1000),
                None => return Ok(None),
            },
            Kind::Words | Kind::Signature => return Ok(None),
        };
        Ok(Some((text, done.source.clone())))
    }
}

/// The empty row of a table of issues: one row for each.
fn of_issues(line: &str, cells: &[Range<usize>], values: &Values<'_>) -> Result<Vec<Change>, Unfilled> {
    let first = cells.first().cloned().ok_or("the row has no cell")?;
    let issues = values.issues()?;
    let source: Option<Source> = issues.first().map(|(_, source)| source.clone());
    let rows: Vec<String> = issues
        .iter()
        .map(|(text, _)| {
            format!("{}{}{}", &line[..first.start], text.replace('|', "\\|"), &line[first.end..])
        })
        .collect();
    Ok(vec![Change { at: 0..line.len(), text: rows.join("\n"), source }])
}

impl SignRole {
    /// The role that a line of a sign-off names, if all of its label is understood.
    pub(super) fn of(label: &str) -> Option<Self> {
        role(label)
    }
}
