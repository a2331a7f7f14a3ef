//! Rows of tables in a template: what the first cell speaks of, by what the columns ask for.

use std::ops::Range;

use super::change::{Change, Source, Unfilled};
use super::done::{Done, Finder};
use super::slots::{What, slots};
use super::topics::{Kind, Topic, kind, topic};
use super::values::{Told, Values};
use crate::figures::elapsed;
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

/// A row with its cells.
struct Row<'r> {
    line: &'r str,
    cells: Vec<Range<usize>>,
    /// Those that are places to be filled.
    open: Vec<usize>,
    table: &'r Table,
    /// It stands in a table of names and their values.
    pair: bool,
}

impl<'r> Row<'r> {
    fn of(line: &'r str, table: &'r Table) -> Option<Self> {
        let cells = cells(line)?;
        let open = (0..cells.len()).filter(|at| is_open(&line[cells[*at].clone()])).collect();
        let pair = table.columns.len() == 2 && cells.len() == 2;
        Some(Self { line, cells, open, table, pair })
    }

    fn text(&self, at: usize) -> &str {
        let cell = self.cells.get(at).map_or("", |c| &self.line[c.clone()]);
        cell.trim_matches(['*', '`', ' '])
    }

    /// What the title of a column asks for.
    fn asked(&self, at: usize) -> Kind {
        kind(self.table.columns.get(at).map_or("", String::as_str))
    }

    /// Whether a column is that of values, whatever they are.
    fn is_value(&self, at: usize) -> bool {
        const TITLES: &[&str] = &["value", "values", "wert", "valor", "valeur"];
        let title = self.table.columns.get(at).map(|t| t.to_lowercase());
        self.pair || title.is_some_and(|t| TITLES.contains(&t.as_str()))
    }

    /// `| Environment | Production |`: a literal that is the run's.
    fn has_literal(&self) -> bool {
        self.pair
            && topic(self.text(0)).is_some_and(Topic::is_literal)
            && self.text(1).split_whitespace().count() == 1
    }

    /// Whether it names somebody for a role who has not that role: then it is theirs.
    fn names_another(&self, role: SignRole, values: &Values<'_>) -> bool {
        let named = |at: &usize| self.asked(*at) == Kind::Name && !self.open.contains(at);
        (1..self.cells.len()).filter(named).any(|at| !values.is(role, self.text(at)))
    }
}

/// What a row asks to be changed in it; nothing where it asks for nothing.
pub(super) fn row(
    line: &str,
    table: &Table,
    (heading, signs): (Option<Topic>, bool),
    (values, finder): (&Values<'_>, &mut Finder<'_>),
) -> Option<Result<Vec<Change>, Unfilled>> {
    let row = Row::of(line, table)?;
    let literal = !signs && row.has_literal();
    if table.columns.is_empty() || row.open.is_empty() && !literal {
        return None;
    }
    if row.open.len() == row.cells.len() {
        let first = table.columns.first().and_then(|c| topic(c));
        let issues = heading == Some(Topic::Issues) || first == Some(Topic::Issues);
        return (issues && !table.told_issues).then(|| of_issues(line, &row.cells, values));
    }
    if row.open.first() == Some(&0) {
        return None;
    }
    let subject = match role(row.text(0)).filter(|_| signs || !row.pair) {
        Some(role) if row.names_another(role, values) => return None,
        Some(role) => Subject::Signs(role),
        None => Subject::of(row.text(0), values, finder),
    };
    let places = if literal { vec![1] } else { row.open.clone() };
    let filled = places.into_iter().filter_map(|at| {
        let what = slots(&line[row.cells[at].clone()]).into_iter().next().map_or(What::Blank, |s| s.what);
        let told = subject.cell((row.asked(at), row.is_value(at)), &what, values).transpose()?;
        Some(told.map(|(text, source)| Change { at: row.cells[at].clone(), text, source: Some(source) }))
    });
    match filled.collect::<Result<Vec<Change>, Unfilled>>() {
        Ok(changes) if changes.is_empty() => None,
        told => Some(told),
    }
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

    /// What stands in a cell; nothing where that needs a person's answer, or the column is not understood.
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
            Kind::Took => elapsed(done.took_ms()),
            Kind::Standing => done.came.to_owned(),
            Kind::Estimate => match done.estimate_s {
                Some(seconds) => elapsed(seconds * 1000),
                None => return Ok(None),
            },
            Kind::Words | Kind::Signature | Kind::Value => return Ok(None),
        };
        Ok(Some((text, done.source.clone())))
    }
}

/// The empty row of a table of issues: one row for each.
fn of_issues(line: &str, cells: &[Range<usize>], values: &Values<'_>) -> Result<Vec<Change>, Unfilled> {
    let first = cells.first().cloned().ok_or("the row has no cell for it")?;
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
