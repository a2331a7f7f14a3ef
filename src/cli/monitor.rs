//! `gonogo monitor`: looks at a service without a run: for cron, for scrapers, for somebody who wants to know.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::Utc;
use clap::Args;

use super::report::{CommandError, Status, note, say, say_json};
use super::{open, preflight};
use crate::client::{self, Host, Who};
use crate::config::Settings;
use crate::exec::spawn::{self, own_program};
use crate::probe::{self, Keys, Sampler, Vantage};
use crate::protocol::{Part, ToClient};
use crate::run::health::{Health, Level, Watch};
use crate::run::monitoring::{self, Planned};
use crate::runbook::probes::ProbeId;
use crate::store::StateDirectory;

pub(super) mod output;

/// Arguments of `monitor`.
#[derive(Debug, Args)]
pub(super) struct MonitorArgs {
    /// The runbook
    runbook: PathBuf,
    /// The environment, as the document names it
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// Look once and end; the exit status is by the worst level
    #[arg(long)]
    once: bool,
    /// Print JSON, one object a look
    #[arg(long)]
    json: bool,
    /// Print Prometheus text
    #[arg(long, conflicts_with = "json")]
    prometheus: bool,
    /// Look at a probe that is off by default, or leave one out: NAME=on|off
    #[arg(long = "probe", value_name = "NAME=on|off")]
    probes: Vec<String>,
    /// Take the monitoring of a run up where nobody goes on with it, and wait until its round is recorded
    #[arg(long, value_name = "RUN", requires = "once")]
    record: Option<String>,
    /// Time between two outputs
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = humantime::parse_duration)]
    every: Duration,
}

pub(super) fn monitor(args: &MonitorArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let document = open::document(&args.runbook)?;
    let settings = open::settings(Some(&args.runbook), operator)?;
    // Nothing runs here: where the document has one environment, it needs no name.
    let only = match document.runbook.environments.as_slice() {
        [one] => Some(one.name.as_str()),
        _ => None,
    };
    let environment = preflight::environment(&document.runbook, args.env.as_deref().or(only))?;
    let watch = open::watch(&document.runbook, &settings, &environment, &args.probes)?;
    let keys = Keys::default();
    let beside = args.runbook.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    spawn::credentials(watch.credential_commands(), beside, |name, value| keys.add(name, value));
    super::runtime()?.block_on(async {
        if args.once {
            let status = once(args, watch, &keys).await?;
            if let Some(run) = &args.record {
                record(run, &settings).await?;
            }
            Ok(status)
        } else {
            follow(args, watch, &keys).await
        }
    })
}

/// The probes that flags name, and whether they are on.
pub(super) fn choices(watch: &Watch, said: &[String]) -> Result<Vec<(ProbeId, bool)>, CommandError> {
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

async fn once(args: &MonitorArgs, watch: Watch, keys: &Keys) -> Result<Status, CommandError> {
    let samples = probe::look_once(&watch, keys).await;
    let mut health = Health::new(watch);
    for sample in &samples {
        health.take(sample);
    }
    show(args, &health)?;
    Ok(status(health.worst(Utc::now())))
}

async fn follow(args: &MonitorArgs, watch: Watch, keys: &Keys) -> Result<Status, CommandError> {
    let (to, mut samples) = tokio::sync::mpsc::unbounded_channel();
    let _sampler = Sampler::start(&watch, keys, &Vantage::Here, move |sample| drop(to.send(sample)));
    let mut health = Health::new(watch);
    let mut tick = tokio::time::interval_at(tokio::time::Instant::now() + args.every, args.every);
    loop {
        tokio::select! {
            Some(sample) = samples.recv() => {
                let turned = health.take(&sample).into_iter().filter(|c| c.from.is_some());
                for row in turned.filter(|c| !args.json && c.level >= Level::Alert) {
                    note(format!("{}: {}", row.level.word(), row.words));
                }
            }
            _ = tick.tick() => show(args, &health)?,
            _ = tokio::signal::ctrl_c() => return Ok(status(health.worst(Utc::now()))),
        }
    }
}

/// How long a round may take to be recorded: its probes look first.
const RECORDED: Duration = Duration::from_secs(30);

/// Takes a run's monitoring up, and waits until the round that is due now is recorded; those that were missed are
/// recorded as such.
async fn record(run: &str, settings: &Settings) -> Result<(), CommandError> {
    let state = StateDirectory::open(&settings.state_dir)?;
    let directory = state.find(Some(run))?;
    let host = Host::Processes(own_program());
    let who = Who { operator: settings.operator.clone(), part: Part::Unattended };
    let mut attached = client::join(&host, &state, &directory, &who, Path::new("/")).await?;
    let windows = attached.state.runbook().monitoring.clone();
    let Some(since) = attached.state.watched().map(|w| w.since) else {
        return Err(CommandError::new(Status::Usage, format!("the monitoring of {run} has not begun")));
    };
    let deadline = tokio::time::Instant::now() + RECORDED;
    let open = loop {
        let open = monitoring::open_at(&windows, since, Utc::now());
        let known = |round: Planned| attached.state.watched().is_some_and(|w| w.round(round.id).is_some());
        if !attached.state.is_watched() {
            break None;
        }
        if open.is_some_and(known) {
            break open;
        }
        match tokio::time::timeout_at(deadline, attached.connection.next()).await {
            Ok(Some(ToClient::Recorded(record))) => attached.state.advance(&record),
            Ok(Some(_)) => {}
            Ok(None) => return Err(CommandError::new(Status::Failed, "the runner has ended")),
            Err(_) => {
                return Err(CommandError::new(
                    Status::Failed,
                    format!("no round of {run} was recorded in time"),
                ));
            }
        }
    };
    attached.connection.leave().await;
    note(match open {
        Some(round) => format!("round {} of {run} is recorded", round.id),
        None => format!("the monitoring of {run} is over"),
    });
    Ok(())
}

/// Exit statuses of DESIGN 13.
fn status(worst: Level) -> Status {
    match worst {
        Level::Ok => Status::Done,
        Level::Watch => Status::NeedsEyes,
        Level::Alert | Level::Stale | Level::Absent => Status::Failed,
    }
}

fn show(args: &MonitorArgs, health: &Health) -> Result<(), CommandError> {
    let now = Utc::now();
    if args.json {
        return say_json(&output::json(health, now));
    }
    if args.prometheus {
        return say(output::prometheus(health, now).trim_end());
    }
    say(output::table(health, now).trim_end())
}
