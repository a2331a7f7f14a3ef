//! One container.

use std::time::{Duration, Instant};

use bollard::Docker;
use bollard::models::{ContainerInspectResponse, ContainerStatsResponse, ContainerSummary, HealthStatusEnum};
use bollard::query_parameters::{InspectContainerOptions, StatsOptionsBuilder};
use chrono::{DateTime, Utc};
use futures::StreamExt;

use super::super::restarts::Restarts;
use super::logs::Errors;
use crate::figures::span;
use crate::run::health::{Level, Measured, Reason, Subject, Unseen, amount};
use crate::runbook::measures::Measure;

/// How long the engine may take to tell what a container uses.
const STATS: Duration = Duration::from_millis(1300);

/// What is known of a container from the looks before.
#[derive(Default)]
pub(super) struct Known {
    /// What it was when it was last inspected: its status in the listing without the time in it.
    status: String,
    inspected: Option<ContainerInspectResponse>,
    /// Processor time of the container and of the machine.
    cpu: Option<(u64, u64)>,
    restarts: Restarts,
    errors: Errors,
}

/// Looks at a container.
pub(super) async fn look(
    docker: &Docker,
    name: &str,
    summary: &ContainerSummary,
    known: &mut Known,
) -> Subject {
    let id = summary.id.clone().unwrap_or_default();
    let status = steady_status(summary);
    if known.inspected.is_none() || known.status != status {
        let inspected = docker.inspect_container(&id, None::<InspectContainerOptions>).await;
        known.inspected = inspected.ok();
        known.status = status;
    }
    let Some(inspected) = known.inspected.take() else {
        // It was removed between the two questions.
        return Subject::unseen(name, Unseen::new(Reason::Gone, "it was just removed"));
    };
    let mut subject = described(name, summary, &inspected, known);
    let running = inspected.state.as_ref().and_then(|s| s.running) == Some(true);
    if running {
        if let Some(stats) = stats(docker, &id).await {
            subject.measured.extend(used(&stats, &mut known.cpu));
        }
    } else {
        known.cpu = None;
    }
    known.errors.look(docker, &id).await;
    subject.measured.push(Measured::one(Measure::Errors, known.errors.recent() as f64));
    subject.lines = known.errors.lines();
    let use_of =
        |measure| subject.measured.iter().find(|m| m.measure == measure).map(|m| amount(measure, m.value));
    let used = [("cpu ", Measure::Cpu), ("", Measure::Size)].into_iter();
    for (word, measure) in used {
        if let Some(value) = use_of(measure) {
            subject.about.push_str(&format!("  {word}{value}"));
        }
    }
    known.inspected = Some(inspected);
    subject
}

/// The listing's words without the time in them: "Up 3 minutes (healthy)" changes every minute and says nothing new.
fn steady_status(summary: &ContainerSummary) -> String {
    let status = summary.status.as_deref().unwrap_or("");
    let state = summary.state.map(|s| s.to_string()).unwrap_or_default();
    // A restart shows as a short time since it is up.
    let seconds = status.contains("second");
    let health = status.rsplit_once('(').map_or("", |(_, health)| health);
    format!("{state} {health} {seconds}")
}

fn described(
    name: &str,
    summary: &ContainerSummary,
    inspected: &ContainerInspectResponse,
    known: &mut Known,
) -> Subject {
    let (mut level, state, mut about) = state(inspected);
    about.insert(0, image(summary, inspected));
    let restarts = inspected.restart_count.unwrap_or(0);
    about.push(format!("restarts {restarts}"));
    if let Some((worse, words)) = known.restarts.count(restarts, Instant::now()) {
        level = level.max(worse);
        about.push(words);
    }
    let measured = vec![Measured::one(Measure::Restarts, restarts as f64)];
    let reason = (level == Level::Down).then_some(Reason::Exited);
    Subject {
        name: name.to_owned(),
        level: Some(level),
        reason,
        state,
        about: about.join("  "),
        measured,
        lines: vec![],
    }
}

/// Level, word and what else is known of a container's state.
fn state(inspected: &ContainerInspectResponse) -> (Level, String, Vec<String>) {
    let Some(state) = &inspected.state else { return (Level::NotSeen, "unknown".into(), vec![]) };
    let code = state.exit_code.unwrap_or(0);
    let mut about = Vec::new();
    if state.oom_killed == Some(true) {
        about.push("out of memory".to_owned());
    }
    if let Some(up) = state.running.filter(|r| *r).and(up(state.started_at.as_deref())) {
        about.push(format!("up {up}"));
    }
    if state.restarting == Some(true) {
        return (Level::Alert, "restarting".into(), [vec![format!("exited {code}")], about].concat());
    }
    if state.paused == Some(true) {
        return (Level::Watch, "paused".into(), about);
    }
    if state.running == Some(true) {
        let health = state.health.as_ref().and_then(|h| h.status);
        let (level, word) = match health {
            Some(HealthStatusEnum::HEALTHY) => (Level::Ok, "healthy"),
            Some(HealthStatusEnum::UNHEALTHY) => (Level::Alert, "unhealthy"),
            Some(HealthStatusEnum::STARTING) => (Level::Watch, "starting"),
            _ => {
                about.push("no health check".into());
                (Level::Ok, "running")
            }
        };
        return (level, word.into(), about);
    }
    if state.dead == Some(true) {
        return (Level::Down, "dead".into(), about);
    }
    let status = state.status.map(|s| s.to_string()).unwrap_or_default();
    match status.as_str() {
        "exited" => {
            // One that did its work and ended well may be meant to; one that failed is down.
            let level = if code == 0 { Level::Watch } else { Level::Down };
            if let Some(since) = up(state.finished_at.as_deref()) {
                about.push(format!("{since} ago"));
            }
            (level, format!("exited {code}"), about)
        }
        other => (Level::Watch, other.to_owned(), about),
    }
}

fn up(since: Option<&str>) -> Option<String> {
    let since = DateTime::parse_from_rfc3339(since?).ok()?;
    let seconds = Utc::now().signed_duration_since(since).num_seconds();
    Some(span(seconds.max(0) as u64))
}

/// The image by its tag, else by the start of its digest.
fn image(summary: &ContainerSummary, inspected: &ContainerInspectResponse) -> String {
    let tag = summary.image.as_deref().unwrap_or("");
    let digest = inspected.image.as_deref().unwrap_or("").trim_start_matches("sha256:");
    let short = &digest[..digest.len().min(12)];
    if tag.is_empty() || tag.starts_with("sha256:") { short.to_owned() } else { format!("{tag} {short}") }
}

async fn stats(docker: &Docker, id: &str) -> Option<ContainerStatsResponse> {
    // One look: the difference to the one before is ours to make.
    let options = StatsOptionsBuilder::new().stream(false).one_shot(true).build();
    let mut stats = std::pin::pin!(docker.stats(id, Some(options)));
    // Older engines answer at their next own look, which is within a second; what takes longer is left out.
    tokio::time::timeout(STATS, stats.next()).await.ok()??.ok()
}

/// Processor since the last look, as a share of the whole machine; memory without what the system could take back.
fn used(stats: &ContainerStatsResponse, before: &mut Option<(u64, u64)>) -> Vec<Measured> {
    let mut measured = Vec::new();
    if let Some(cpu) = &stats.cpu_stats
        && let (Some(own), Some(all)) =
            (cpu.cpu_usage.as_ref().and_then(|u| u.total_usage), cpu.system_cpu_usage)
    {
        if let Some((own_before, all_before)) = *before
            && all > all_before
        {
            let share = own.saturating_sub(own_before) as f64 / (all - all_before) as f64;
            measured.push(Measured::one(Measure::Cpu, share * 100.0));
        }
        *before = Some((own, all));
    }
    if let Some(memory) = &stats.memory_stats
        && let Some(usage) = memory.usage
    {
        let cache = memory
            .stats
            .as_ref()
            .and_then(|s| s.get("inactive_file").or_else(|| s.get("total_inactive_file")));
        let own = usage.saturating_sub(cache.copied().unwrap_or(0)) as f64;
        measured.push(Measured::one(Measure::Size, own));
        if let Some(limit) = memory.limit.filter(|l| *l > 0) {
            measured.push(Measured::one(Measure::Memory, own * 100.0 / limit as f64));
        }
    }
    measured
}
