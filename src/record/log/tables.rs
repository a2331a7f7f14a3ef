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
    /// An empty row of it has the issues.
    pub(super) told_issues: bool,
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

/// Whether a cell is a place to be filled, whole: one that says something else too is somebody's.
fn is_open(text: &str) -> bool {
    let blank = text.chars().all(|c| "_-–.…?".contains(c));
    blank || matches!(slots(text).as_slice(), [slot] if slot.at == (0..text.len()))
}

/// What a row asks to be changed in it; nothing where it asks for nothing.
pub(super) fn row(
    line: &str,
    table: &Table,
    (heading, signs): (Option<Topic>, bool),
    (values, finder): (&Values<'_>, &mut Finder<'_>),
) -> Option<Result<Vec<Change>, Unfilled>> {
    let cells = cells(line)?;
    let text = |at: usize| line[cells[at].clone()].trim_matches(['*', '`', ' ']);
    let open: Vec<usize> = (0..cells.len()).filter(|at| is_open(&line[cells[*at].clone()])).collect();
    let pair = table.columns.len() == 2 && cells.len() == 2;
    let literal = pair
        && !signs
        && topic(text(0)).is_some_and(Topic::is_literal)
        && text(1).split_whitespace().count() == 1;
    if table.columns.is_empty() || open.is_empty() && !literal {
        return None;
    }
    if open.len() == cells.len() {
        let issues = heading == Some(Topic::Issues)
            || table.columns.first().and_then(|c| topic(c)) == Some(Topic::Issues);
        return (issues && !table.told_issues).then(|| of_issues(line, &cells, values));
    }
    if open.first() == Some(&0) {
        return None;
    }
    let asked = |at: usize| kind(table.columns.get(at).map_or("", String::as_str));
    let what = |at: usize| slots(&line[cells[at].clone()]).into_iter().next().map_or(What::Blank, |s| s.what);
    let subject = match role(text(0)).filter(|_| signs || !pair) {
        // A row that names somebody else is theirs.
        Some(role)
            if cells.iter().enumerate().skip(1).any(|(at, _)| {
                asked(at) == Kind::Name && !open.contains(&at) && !values.is(role, text(at))
            }) =>
        {
            return None;
        }
        Some(role) => Subject::Signs(role),
        None => Subject::of(text(0), values, finder),
    };
    let at_once = if literal { vec![1] } else { open };
    let mut changes = Vec::new();
    for at in at_once {
        // The titles of two columns are those of names and values, whatever they are.
        let asked = if pair && matches!(subject, Subject::Told(_) | Subject::Called(_)) {
            Kind::Value
        } else {
            asked(at)
        };
        let value = pair
            || ["value", "values", "wert", "valor", "valeur"]
                .contains(&table.columns[at.min(table.columns.len() - 1)].to_lowercase().as_str());
        match subject.cell((asked, value), &what(at), values) {
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
        match topic(text) {
            Some(topic) => Self::Told(topic),
            None => match values.called(text) {
                Some(told) => Self::Called(told),
                None => finder.find(text).map_or_else(Self::Nothing, |done| Self::Done(Box::new(done))),
            },
        }
    }

    /// What stands in a cell; nothing where that is for somebody to say, or the column is not understood.
    fn cell(
        &self,
        (asked, value): (Kind, bool),
        what: &What,
        values: &Values<'_>,
    ) -> Result<Option<Told>, Unfilled> {
        let done = match self {
            Self::Signs(_) if asked == Kind::Value || asked == Kind::Words => return Ok(None),
            Self::Signs(role) => return values.sign_off(*role, what, asked).map(Some),
            Self::Told(_) | Self::Called(_) if !value => return Ok(None),
            Self::Told(topic) => return values.about(*topic, what).map(Some),
            Self::Called(told) => return Ok(Some(told.clone())),
            Self::Nothing(why) => return Err(why.clone()),
            Self::Done(done) => done,
        };
        let text = match asked {
            _ if *what == What::Tick => "[x]".to_owned(),
            Kind::Started => values.moment(done.started, what, asked),
            Kind::Time | Kind::Date => values.moment(done.at, what, asked),
            Kind::Name => done.by.clone(),
            Kind::Took => span(done.took_ms()),
            Kind::Standing => done.came.to_owned(),
            Kind::Estimate => match done.estimate_s {
                Some(seconds) => span(seconds * 1000),
                None => return Ok(None),
            },
            Kind::Words | Kind::Signature | Kind::Value => return Ok(None),
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
