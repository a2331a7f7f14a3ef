//! The end of one container's log, on request.

use bollard::query_parameters::LogsOptionsBuilder;
use futures::StreamExt;

use super::super::vantage::Vantage;
use super::super::words::plain;
use super::logs::LONGEST;
use super::{Engine, failed, listed, name_of};
use crate::runbook::probes::Source;

/// The last lines of a container's log.
pub async fn log_tail(
    source: &Source,
    from: &Vantage,
    name: &str,
    count: usize,
) -> Result<Vec<String>, String> {
    if let Vantage::Nowhere(why) = from {
        return Err(why.clone());
    }
    let Source::Docker(asked) = source else { return Err("it is no container".into()) };
    let engine = Engine::new(asked.clone(), from.afar());
    let docker = engine.connect().await.map_err(|unseen| unseen.words)?;
    let all = listed(&docker).await.map_err(|unseen| unseen.words)?;
    let ours = engine.ours(&all).map_err(|unseen| unseen.words)?;
    let container = ours.get(name).ok_or_else(|| format!("{name} has no container"))?;
    let id = container.id.clone().unwrap_or_else(|| name_of(container));
    let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail(&count.to_string()).build();
    let mut stream = std::pin::pin!(docker.logs(&id, Some(options)));
    let mut found = Vec::new();
    while let Some(line) = stream.next().await {
        let line = line.map_err(|e| failed(&e))?;
        found.extend(line.to_string().lines().map(|l| plain(l, LONGEST)));
    }
    Ok(found)
}
