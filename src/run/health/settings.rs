//! Puts what the settings say about probes over what the document says.

use crate::config::{ProbeSettings, WatchSettings};
use crate::runbook::probes::{
    Credential, Database, HEALTH_PATHS, HttpRequest, Probe, ProbeId, Source, TIMEOUT_MS, database_of,
};

/// Changes probes as the settings say, and adds those of the settings' own.
pub(super) fn apply(settings: &WatchSettings, probes: &mut Vec<Probe>) -> Result<(), String> {
    for (name, said) in &settings.probes {
        let known = probes.iter_mut().find(|p| &p.id.0 == name);
        match known {
            Some(probe) => change(probe, said).map_err(|why| format!("probes.{name}: {why}"))?,
            None => {
                let mut probe = made(name, said).map_err(|why| format!("probes.{name}: {why}"))?;
                change(&mut probe, said).map_err(|why| format!("probes.{name}: {why}"))?;
                probes.push(probe);
            }
        }
    }
    Ok(())
}

fn made(name: &str, said: &ProbeSettings) -> Result<Probe, String> {
    let source = if said.url.is_some() {
        Source::Http(HttpRequest { method: "GET".into(), ..HttpRequest::default() })
    } else if said.query.is_some() {
        Source::Sql { database: Database::default(), query: String::new() }
    } else if said.postgres.is_some() {
        Source::Postgres(Database::default())
    } else if said.paths.is_some() {
        Source::Host { paths: vec![] }
    } else if said.containers.is_some() || said.services.is_some() || said.project.is_some() {
        Source::Docker { project: None, services: vec![], containers: vec![], engine: None }
    } else {
        return Err("the document has no such probe; a new one needs url, postgres, query, paths, services or containers".into());
    };
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
    match &mut probe.source {
        Source::Host { paths } => {
            if let Some(said) = &said.paths {
                paths.clone_from(said);
            }
        }
        Source::Docker { project, services, containers, engine } => {
            *project = said.project.clone().or(project.take());
            *engine = said.engine.clone().or(engine.take());
            if let Some(said) = &said.services {
                services.clone_from(said);
            }
            if let Some(said) = &said.containers {
                containers.clone_from(said);
            }
        }
        Source::Postgres(database) => connect(database, said)?,
        Source::Sql { database, query } => {
            connect(database, said)?;
            if let Some(said) = &said.query {
                query.clone_from(said);
            }
        }
        Source::Http(request) => request_of(request, said)?,
    }
    Ok(())
}

fn connect(database: &mut Database, said: &ProbeSettings) -> Result<(), String> {
    if let Some(uri) = &said.postgres {
        let found = database_of(uri).ok_or_else(|| {
            format!("\"{uri}\" is not a postgres://user@host:port/database, or it holds a password")
        })?;
        *database = Database { password: database.password.take(), ..found };
    }
    if let Some(name) = &said.password_env {
        database.password = Some(name.clone());
    }
    if let Some(file) = &said.password_file {
        database.credential = Some(Credential::File(file.clone()));
    }
    if let Some(command) = &said.password_command {
        database.credential = Some(Credential::Command(command.clone()));
    }
    Ok(())
}

fn request_of(request: &mut HttpRequest, said: &ProbeSettings) -> Result<(), String> {
    if let Some(url) = &said.url {
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            return Err(format!("\"{url}\" is not an http:// or https:// address"));
        }
        request.url.clone_from(url);
        request.paths =
            HEALTH_PATHS.iter().filter(|p| **p != request.path()).map(ToString::to_string).collect();
    }
    if let Some(paths) = &said.paths {
        request.paths.clone_from(paths);
    }
    if let Some(method) = &said.method {
        request.method = method.to_uppercase();
    }
    request.headers.extend(said.headers.iter().map(|(n, v)| (n.clone(), v.clone())));
    if said.body.is_some() {
        request.body.clone_from(&said.body);
    }
    if let Some(expect) = &said.expect {
        request.json = serde_json::from_str(expect).ok();
    }
    request.measures = said.measures.unwrap_or(request.measures);
    Ok(())
}
