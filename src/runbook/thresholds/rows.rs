//! The rows of a table of bounds.

use std::cmp::Ordering;

use super::super::model::{Role, Said, Target};
use super::super::words::duration_s;
use super::amount::{Amount, Kind, LONGEST_S, Op, amount, lasting_s};
use super::bound::{crossed, keeps, kept};
use super::columns::Columns;
use super::metric::{fits, is_metric, is_of_people, is_relative, more_is_better};
use super::sentence;

/// What the rows of a table say their metrics have to be; nothing where it is a table of something else.
pub(super) fn targets(header: &[String], rows: &[(usize, Vec<String>)], role: Role) -> Vec<Target> {
    let Some(columns) = Columns::of(header) else { return of_sentences(header, rows, role) };
    rows.iter().filter_map(|(line, row)| target(&columns, row, *line)).collect()
}

fn target(columns: &Columns, row: &[String], line: usize) -> Option<Target> {
    let cell = |at: usize| row.get(at).map_or("", |cell| cell.trim());
    let said = |at: Option<usize>| {
        at.map(cell).filter(|text| text.chars().any(char::is_alphanumeric)).map(str::to_owned)
    };
    let metric = named(cell(columns.metric));
    // Names of alerts are written together: "HighErrorRate".
    let apart = spaced(&metric);
    if metric.is_empty() || is_of_people(&apart) || is_relative(&apart) {
        return None;
    }
    if !columns.named && !is_metric(&apart) {
        return None;
    }
    let read = |places: &[usize]| {
        let found = places.iter().filter(|at| !is_relative(cell(**at)));
        found.map(|at| (*at, cell(*at))).find_map(|(at, text)| Some((at, of_cell(text, &apart)?)))
    };
    let (target, acceptable) = (read(&columns.target), read(&columns.acceptable));
    let (mut warning, mut alert) = (read(&columns.warning), read(&columns.alert));
    if warning.is_none() {
        // "> 1 % = warning, > 5 % = critical" in one cell.
        let of_cell = columns.alert.iter().find_map(|at| Some((*at, two(cell(*at), &apart)?)));
        if let Some((at, (warns, alerts))) = of_cell {
            (warning, alert) = (Some((at, warns)), alerts.map(|amount| (at, amount)));
        }
    }
    let value = |read: &Option<(usize, Amount)>| read.as_ref().map(|(_, amount)| amount.value);
    let falls =
        value(&warning).zip(value(&alert)).and_then(|(warns, alerts)| match warns.total_cmp(&alerts) {
            Ordering::Less => Some(false),
            Ordering::Equal => None,
            Ordering::Greater => Some(true),
        });
    // What is bad where it is more is better where it is less.
    let bad = [&alert, &warning].into_iter().flatten().find_map(|(_, amount)| amount.op);
    let more = more_is_better(&apart).or(falls).or(bad.map(Op::is_upper));
    let mut found = Target {
        metric,
        target: target.and_then(|(_, amount)| keeps(&amount, more)),
        acceptable: acceptable.and_then(|(_, amount)| keeps(&amount, more)),
        action: said(columns.action),
        query: said(columns.query).map(|text| bare(&text)),
        line,
        ..Target::default()
    };
    if let Some((_, amount)) = &warning {
        // What is warned of is not acceptable from there on.
        found.acceptable = found.acceptable.or_else(|| kept(amount, more));
    }
    if let Some((at, amount)) = &alert {
        match crossed(amount, more) {
            Some(alert) => found.alert = Some(alert),
            // A threshold that says what has to be so: what is not so is the alert.
            None => found.acceptable = found.acceptable.or_else(|| keeps(amount, more)),
        }
        found.for_s = cell(*at).get(amount.ends..).and_then(lasting_s);
        if found.query.is_none() {
            found.query = expression(cell(*at), amount);
        }
    }
    let lasting = columns.lasting.and_then(|at| duration_s(cell(at))).filter(|s| *s <= LONGEST_S);
    found.for_s = found.for_s.or(lasting);
    let bounded = found.target.is_some() || found.acceptable.is_some() || found.alert.is_some();
    bounded.then_some(found)
}

/// The number of a cell that can be one of the metric.
fn of_cell(text: &str, metric: &str) -> Option<Amount> {
    let found = amount(text.trim_matches(['`', '*', ' ']), 0).or_else(|| {
        // "p95 < 200 ms", "99.9 % of the time": the number is not always what it begins with.
        let at = text.find(|c: char| c.is_ascii_digit())?;
        let ahead = text.get(..at)?;
        (!ahead.chars().any(char::is_alphanumeric)).then(|| amount(text, at))?
    })?;
    (fits(metric, &found) && !(is_bare_count_of_time(text))).then_some(found)
}

/// A bound that warns and one that alerts, where a cell has both and says which is which.
fn two(text: &str, metric: &str) -> Option<(Amount, Option<Amount>)> {
    let first = of_cell(text, metric)?;
    let rest = |amount: &Amount| text.get(amount.ends..).unwrap_or("");
    if Kind::behind(rest(&first)) != Some(Kind::Warns) {
        return None;
    }
    let second = amount(text, first.ends).filter(|second| Kind::behind(rest(second)) == Some(Kind::Alerts));
    Some((first, second.filter(|second| fits(metric, second))))
}

/// "5 minutes" alone is how long, not how much.
fn is_bare_count_of_time(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("for"))
}

/// The expression in front of a bound, where it is one of a monitoring system: `rate(errors_total[5m]) > 0.05`.
fn expression(cell: &str, amount: &Amount) -> Option<String> {
    let text = cell.trim_matches(['`', ' ']);
    let before = text.get(..amount.begins)?.trim();
    let is_one =
        before.contains('{') || before.contains("m]") || before.contains("s]") || before.contains("_total");
    (is_one && !before.is_empty()).then(|| before.to_owned())
}

fn bare(text: &str) -> String {
    text.trim().trim_matches('`').trim().to_owned()
}

/// A metric's name without marks of Markdown.
fn named(cell: &str) -> String {
    let plain: String = cell.chars().filter(|c| !matches!(c, '*' | '`')).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(':').to_owned()
}

/// A name with its words apart.
fn spaced(name: &str) -> String {
    if name.contains(' ') {
        return name.to_owned();
    }
    let mut apart = String::new();
    let mut small = false;
    for c in name.chars() {
        if c.is_uppercase() && std::mem::replace(&mut small, false) {
            apart.push(' ');
        }
        small = c.is_lowercase();
        apart.push(c);
    }
    apart
}

/// Tables of reasons whose cells are sentences: "Error rate > 5 % for 5 minutes | Roll back".
fn of_sentences(header: &[String], rows: &[(usize, Vec<String>)], role: Role) -> Vec<Target> {
    let titles: Vec<String> = header.iter().map(|title| title.to_lowercase()).collect();
    let has = |words: &[&str]| titles.iter().position(|title| words.iter().any(|word| title.contains(word)));
    let conditions = ["condition", "trigger", "criteri", "when", "if ", "symptom", "scenario", "signal"];
    let Some(at) =
        has(&conditions).filter(|_| role != Role::Troubleshooting).or((role == Role::Rollback).then_some(0))
    else {
        return vec![];
    };
    let goes_back = role == Role::Rollback || titles.iter().any(|title| title.contains("roll"));
    let said = if goes_back { Said::Trigger } else { Said::Monitoring };
    let action = has(&["action", "do", "response", "then"]).filter(|action| *action != at);
    let of_row = |(line, row): &(usize, Vec<String>)| {
        let cell = |at: usize| row.get(at).map_or("", |cell| cell.trim());
        let does = action.map(cell).filter(|text| !text.is_empty()).map(str::to_owned);
        let found = sentence::targets(cell(at), *line, said);
        found.into_iter().map(|target| Target { action: does.clone(), ..target }).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect()
}
