//! What is watched: the document's probes, as the settings and the flags say.

use super::report::{CommandError, Status};
use crate::config::Settings;
use crate::run::health::Watch;
use crate::runbook::probes::ProbeId;
use crate::runbook::{Environment, Runbook};

/// What is watched in a run, as the document, the settings and the flags say.
pub(super) fn watch(
    runbook: &Runbook,
    settings: &Settings,
    environment: &Environment,
    flags: &[String],
) -> Result<Watch, CommandError> {
    let usage = |why: String| CommandError::new(Status::Usage, why);
    let mut watch = Watch::in_environment(runbook, environment, settings).map_err(usage)?;
    let said = settings.watch_in(&environment.name);
    for (probe, on) in choices(&watch, flags)? {
        watch.turn(&probe, on, runbook, &said);
    }
    Ok(watch)
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
