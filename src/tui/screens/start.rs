//! Start: what is filled in before a run.

pub(in crate::tui) mod draw;
pub(in crate::tui) mod keys;

use chrono::{DateTime, Local, NaiveTime, TimeDelta, TimeZone, Utc};

use std::collections::BTreeMap;

use crate::config::{Settings, Source};
use crate::protocol::EndsWithLogin;
use crate::run::environment::NO_ENVIRONMENT;
use crate::run::event::Window;
use crate::run::health::Watch;
use crate::runbook::{Environment, Runbook};
use crate::tui::opening::Opening;

/// What is filled in on the Start screen.
#[derive(Debug, Default)]
pub struct Form {
    /// The row.
    pub row: usize,
    /// The environment chosen.
    pub environment: Option<usize>,
    /// The parameters.
    pub values: Vec<Value>,
    /// Who.
    pub operator: String,
    /// The change.
    pub ticket: Option<String>,
    /// The change window.
    pub window: Option<Window>,
    /// What is watched.
    pub watch: Watch,
    /// What the settings beside the document ask for and nobody has accepted, in rows of bounded length.
    pub asked: Vec<String>,
    /// So many of these rows were in view.
    pub read: usize,
    /// Why a run that is started here ends with this login, if it does.
    pub ends_with_login: Option<EndsWithLogin>,
}

/// A parameter on the Start screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Its name.
    pub name: String,
    /// What was answered, and where that comes from.
    pub answer: Option<(String, Source)>,
    /// The value used otherwise.
    pub default: Option<String>,
    /// The line, outside of what is run, that sets it.
    pub from: Option<usize>,
    /// Shown as stars.
    pub secret: bool,
    /// Where it stands first.
    pub line: usize,
    /// How often it stands.
    pub uses: usize,
    /// It is used on the other side of place commands only, which may have it.
    pub elsewhere: bool,
}

/// A row of the Start screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "rows of the screen, named as they are labelled")]
pub enum StartRow {
    GoOn,
    Environment(usize),
    Value(usize),
    Operator,
    Ticket,
    Window,
    Probe(usize),
    /// A bound that the document says in a sentence, by its place among the targets.
    Target(usize),
    Reading,
    Asked(usize),
    Accept,
    Login,
    Start,
}

impl Form {
    pub(in crate::tui) fn new(opening: &Opening) -> Self {
        let environments = &opening.runbook.environments;
        let named = opening
            .environment
            .as_ref()
            .and_then(|n| environments.iter().position(|e| e.name.eq_ignore_ascii_case(n)));
        let environment = named.or((environments.len() <= 1).then_some(0));
        let mut form = Self {
            row: 0,
            environment,
            values: values(&opening.runbook),
            operator: opening.settings.operator.clone(),
            ticket: opening.settings.ticket.clone(),
            window: opening.window,
            watch: Watch::default(),
            asked: opening.settings.waiting.as_ref().map_or(vec![], |waiting| asked(&waiting.asks)),
            read: 0,
            ends_with_login: None,
        };
        let name = environment.map(|at| environments.get(at).map_or(NO_ENVIRONMENT, |e| e.name.as_str()));
        if let Some(name) = name {
            form.answer(&opening.settings, name, &remembered(&opening.remembered, name));
            form.watch_in(&opening.settings, &opening.runbook, name);
        }
        form
    }

    /// Fills in what is known for an environment; what was typed stays.
    pub fn answer(&mut self, settings: &Settings, environment: &str, remembered: &BTreeMap<String, String>) {
        for value in &mut self.values {
            if value.answer.as_ref().is_none_or(|(_, source)| *source != Source::Typed) {
                value.answer = settings.answer(environment, &value.name, remembered);
            }
        }
    }
}

impl Form {
    /// Derives what is watched in an environment; what was turned on or off stays so.
    pub fn watch_in(&mut self, settings: &Settings, runbook: &Runbook, name: &str) {
        let unnamed = || Environment { name: name.to_owned(), ..Environment::default() };
        let environment = runbook.environment(name).cloned().unwrap_or_else(unnamed);
        // A mistake in the settings was told before the screens opened.
        self.watch = Watch::in_environment(runbook, &environment, settings).unwrap_or_default();
    }
}

impl Form {
    /// Fills in anew what depends on how the document is read; what was answered, and what was turned on or off, stays.
    pub fn renew(
        &mut self,
        settings: &Settings,
        runbook: &Runbook,
        environment: Option<&str>,
        known: &BTreeMap<String, BTreeMap<String, String>>,
    ) {
        let answered = std::mem::replace(&mut self.values, values(runbook));
        for value in &mut self.values {
            let before = answered.iter().find(|v| v.name == value.name);
            value.answer = before.and_then(|v| v.answer.clone());
        }
        let all = &runbook.environments;
        let same = |name: &str| all.iter().position(|e| e.name.eq_ignore_ascii_case(name));
        self.environment = environment.and_then(same).or((all.len() <= 1).then_some(0));
        let Some(at) = self.environment else { return };
        let name = all.get(at).map_or(NO_ENVIRONMENT, |e| e.name.as_str());
        self.answer(settings, name, &remembered(known, name));
        let turned = std::mem::take(&mut self.watch).probes;
        self.watch_in(settings, runbook, name);
        let said = settings.watch_in(name);
        for probe in turned {
            let other = self.watch.probes.iter().any(|p| p.id == probe.id && p.on != probe.on);
            if other {
                self.watch.turn(&probe.id, probe.on, runbook, &said);
            }
        }
    }
}

/// The most characters of a row of what is asked for: a longer setting has several, so that it can be read to its end.
pub const ASKED_CHARS: usize = 120;

/// Settings to accept, in rows.
fn asked(asks: &[(String, String)]) -> Vec<String> {
    let texts = asks.iter().map(|(name, value)| format!("{name}: {value}").chars().collect::<Vec<_>>());
    texts.flat_map(|text| text.chunks(ASKED_CHARS).map(String::from_iter).collect::<Vec<_>>()).collect()
}

impl Value {
    /// Whether it has to be answered before commands that use it can run.
    pub fn is_missing(&self) -> bool {
        let in_shell = std::env::var_os(&self.name).is_some();
        self.answer.is_none() && self.default.is_none() && !in_shell && !self.elsewhere
    }
}

/// The values that a runbook asks for.
fn values(runbook: &Runbook) -> Vec<Value> {
    let values = runbook.parameters.iter().map(|p| Value {
        name: p.name.clone(),
        answer: None,
        default: p.default.clone(),
        from: p.from,
        secret: p.secret,
        line: p.uses.first().map_or(0, |u| u.line),
        uses: p.uses.len(),
        elsewhere: runbook.is_used_elsewhere_only(p),
    });
    values.collect()
}

/// What was answered the last time in an environment.
pub fn remembered(
    known: &BTreeMap<String, BTreeMap<String, String>>,
    environment: &str,
) -> BTreeMap<String, String> {
    known.get(&environment.to_lowercase()).cloned().unwrap_or_default()
}

impl Form {
    /// The rows of the Start screen that can be moved to.
    pub fn rows(&self, unfinished: bool, environments: usize) -> Vec<StartRow> {
        let mut rows = Vec::new();
        if unfinished {
            rows.push(StartRow::GoOn);
        }
        rows.extend((0..environments).map(StartRow::Environment));
        rows.extend((0..self.values.len()).map(StartRow::Value));
        rows.extend([StartRow::Operator, StartRow::Ticket, StartRow::Window]);
        rows.extend((0..self.watch.probes.len()).map(StartRow::Probe));
        rows.extend(self.watch.proposed().map(|(at, _)| StartRow::Target(at)));
        rows.push(StartRow::Reading);
        rows.extend((0..self.asked.len()).map(StartRow::Asked));
        rows.extend((!self.asked.is_empty()).then_some(StartRow::Accept));
        rows.extend(self.ends_with_login.as_ref().map(|_| StartRow::Login));
        rows.push(StartRow::Start);
        rows
    }

    /// The row that comes next once an environment is chosen: the first value that is missing, else the start, behind
    /// what is watched there.
    pub fn next_of(&self, rows: &[StartRow]) -> usize {
        let missing = |at: usize| self.values.get(at).is_some_and(Value::is_missing);
        let wanted = rows.iter().position(|row| matches!(row, StartRow::Value(at) if missing(*at)));
        wanted.unwrap_or(rows.len().saturating_sub(1))
    }

    /// The name of the environment chosen.
    pub fn environment_name(&self, runbook: &Runbook) -> Option<String> {
        let named = runbook.environments.get(self.environment?);
        Some(named.map_or_else(|| NO_ENVIRONMENT.to_owned(), |e| e.name.clone()))
    }
}

/// Reads `21:00-23:00`, local time, as the window that is open or comes next; one that ends before it begins
/// goes over midnight.
pub fn window(text: &str, now: DateTime<Utc>) -> Result<Window, String> {
    let wrong = || format!("\"{text}\" is no window: write two times, such as 21:00-23:00");
    let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
    let time = |t: &str| NaiveTime::parse_from_str(t.trim(), "%H:%M").map_err(|_| wrong());
    let (from, to) = (time(from)?, time(to)?);
    if from == to {
        return Err(wrong());
    }
    let today = now.with_timezone(&Local).date_naive();
    let at = |day: i64, time: NaiveTime| {
        let local = Local.from_local_datetime(&(today + TimeDelta::days(day)).and_time(time)).earliest();
        local.map(|l| l.with_timezone(&Utc)).ok_or_else(wrong)
    };
    let over_midnight = i64::from(to < from);
    let windows =
        [-1, 0, 1].map(|day| Ok(Window { begins: at(day, from)?, ends: at(day + over_midnight, to)? }));
    let windows: Vec<Window> = windows.into_iter().collect::<Result<_, String>>()?;
    windows.into_iter().find(|w| w.ends > now).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_open_now_later_and_over_midnight() {
        let at =
            |hour, minute| Local.with_ymd_and_hms(2026, 11, 24, hour, minute, 0).unwrap().with_timezone(&Utc);
        let read = |text: &str, now| {
            let w = window(text, now).unwrap();
            let shown = |t: DateTime<Utc>| t.with_timezone(&Local).format("%d %H:%M").to_string();
            format!("{} to {}", shown(w.begins), shown(w.ends))
        };
        assert_eq!(read("21:00-23:00", at(20, 0)), "24 21:00 to 24 23:00");
        assert_eq!(read("21:00-23:00", at(23, 30)), "25 21:00 to 25 23:00");
        assert_eq!(read("23:00 – 02:00", at(0, 30)), "23 23:00 to 24 02:00");
        assert_eq!(read("23:00-02:00", at(12, 0)), "24 23:00 to 25 02:00");
        assert!(window("nine", at(1, 0)).is_err() && window("21:00-21:00", at(1, 0)).is_err());
    }
}
