//! What is watched: the document's probes, as the settings and the flags say.

use super::report::{CommandError, Status};
use crate::config::Settings;
use crate::run::health::{Target, Watch};
use crate::runbook::probes::ProbeId;
use crate::runbook::{Environment, Runbook};

/// What flags say of what is watched.
#[derive(Default)]
pub(super) struct Said<'a> {
    /// Probes: `NAME=on`.
    pub(super) probes: &'a [String],
    /// Targets of the document's sentences: `NAME=on`.
    pub(super) targets: &'a [String],
}

/// What is watched in a run, as the document, the settings and the flags say.
pub(super) fn watch(
    runbook: &Runbook,
    settings: &Settings,
    environment: &Environment,
    flags: &Said<'_>,
) -> Result<Watch, CommandError> {
    let usage = |why: String| CommandError::new(Status::Usage, why);
    let mut watch = Watch::in_environment(runbook, environment, settings).map_err(usage)?;
    let said = settings.watch_in(&environment.name);
    for (probe, on) in choices(&watch, flags.probes)? {
        watch.turn(&probe, on, runbook, &said);
    }
    for (metric, on) in judged(&watch, flags.targets)? {
        watch.judge(&metric, on);
    }
    Ok(watch)
}

/// The targets that flags name, by their metric, their line, or all of them, and whether they are judged.
fn judged(watch: &Watch, said: &[String]) -> Result<Vec<(String, bool)>, CommandError> {
    let choice = |text: &String| {
        let wrong = |why: &str| CommandError::new(Status::Usage, format!("--target {text}: {why}"));
        let (name, on) = match text.rsplit_once('=') {
            Some((name, "on")) => (name.trim(), true),
            Some((name, "off")) => (name.trim(), false),
            _ => return Err(wrong("write NAME=on or NAME=off")),
        };
        let is = |target: &&Target| {
            name == "all" || target.metric.eq_ignore_ascii_case(name) || target.line.to_string() == name
        };
        let named: Vec<(String, bool)> =
            watch.targets.iter().filter(is).map(|t| (t.metric.clone(), on)).collect();
        if named.is_empty() {
            let known: Vec<&str> = watch.targets.iter().map(|t| t.metric.as_str()).collect();
            return Err(wrong("there is no such target").hint(format!("there are {}", known.join(", "))));
        }
        Ok(named)
    };
    let chosen = said.iter().map(choice).collect::<Result<Vec<_>, _>>()?;
    Ok(chosen.into_iter().flatten().collect())
}

/// The probes that flags name, and whether they are on.
fn choices(watch: &Watch, said: &[String]) -> Result<Vec<(ProbeId, bool)>, CommandError> {
    let choice = |text: &String| {
        let wrong = |why: &str| CommandError::new(Status::Usage, format!("--probe {text}: {why}"));
        let (name, on) = match text.split_once('=') {
            Some((name, "on")) => (name, true),
            Some((name, "off")) => (name, false),
            _ => return Err(wrong("write NAME=on or NAME=off")),
        };
        let id = ProbeId(name.to_owned());
        if watch.probe(&id).is_none() {
            let known: Vec<&str> = watch.probes.iter().map(|p| p.id.0.as_str()).collect();
            return Err(wrong("there is no such probe").hint(format!("there are {}", known.join(", "))));
        }
        Ok((id, on))
    };
    said.iter().map(choice).collect()
}
