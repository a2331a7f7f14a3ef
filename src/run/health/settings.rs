//! Puts what the settings say about probes over what the document says.

use crate::config::{ProbeSettings, WatchSettings};
use crate::runbook::probes::{Probe, ProbeId, Source, TIMEOUT_MS};

/// Changes probes as the settings say, and adds those of the settings' own.
pub(super) fn apply(settings: &WatchSettings, probes: &mut Vec<Probe>) -> Result<(), String> {
    for (name, said) in &settings.probes {
        let wrong = |why: String| format!("probes.{name}: {why}");
        match probes.iter_mut().find(|p| &p.id.0 == name) {
            Some(probe) => change(probe, said).map_err(wrong)?,
            None => {
                let mut probe = made(name, said).map_err(wrong)?;
                change(&mut probe, said).map_err(wrong)?;
                probes.push(probe);
            }
        }
    }
    Ok(())
}

fn made(name: &str, said: &ProbeSettings) -> Result<Probe, String> {
    let source = Source::of_settings(&said.own).ok_or(
        "the document has no such probe; a new one needs url, postgres, query, prometheus, redis, tcp, units, command, paths, \
         services or containers",
    )?;
    Ok(Probe {
        id: ProbeId(name.to_owned()),
        title: name.to_owned(),
        source,
        line: 0,
        every_s: 10,
        timeout_ms: TIMEOUT_MS,
        on: true,
        cost: None,
    })
}

fn change(probe: &mut Probe, said: &ProbeSettings) -> Result<(), String> {
    probe.on = said.on.unwrap_or(probe.on);
    if let Some(every) = said.every {
        probe.every_s = every.as_secs().max(1);
    }
    if let Some(timeout) = said.timeout {
        probe.timeout_ms = timeout.as_millis().clamp(1, 60_000) as u64;
    }
    if let Some(title) = &said.title {
        probe.title.clone_from(title);
    }
    if said.own.is_empty() { Ok(()) } else { probe.source.change(&said.own) }
}
