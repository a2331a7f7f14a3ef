//! `gonogo monitor`: looks at a service without a run: for cron, for scrapers, for somebody who wants to know.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use clap::Args;
use tokio::time::Instant;

use super::notes::Notes;
use super::report::{CommandError, Status, note, say_json, say_text};
use super::runtime::runtime;
use super::{accepted, document, health, preflight, store, watched};
use crate::client::{self, Host, Session, Who};
use crate::config::Settings;
use crate::exec::beside::Beside;
use crate::exec::spawn::{self, own_program};
use crate::probe::{self, Keys, Sampler, Vantage};
use crate::protocol::Part;
use crate::run::RunState;
use crate::run::health::{Health, Level, Watch};
use crate::run::monitoring::{self, Planned};

/// Arguments of `monitor`.
#[derive(Debug, Args)]
pub(super) struct MonitorArgs {
    /// The runbook
    runbook: PathBuf,
    /// The environment, as the document names it
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// Check once and exit; the exit status tells the worst level
    #[arg(long)]
    once: bool,
    /// Print JSON, one object per check
    #[arg(long)]
    json: bool,
    /// Print Prometheus text
    #[arg(long, conflicts_with = "json")]
    prometheus: bool,
    /// Write the Prometheus text to this file, which is replaced as a whole at each look
    #[arg(long, value_name = "FILE", requires = "prometheus")]
    out: Option<PathBuf>,
    /// Switch a probe on or off: NAME=on|off
    #[arg(long = "probe", value_name = "NAME=on|off")]
    probes: Vec<String>,
    /// Judge a bound that the document says in a sentence, or do not: NAME=on|off, or LINE=on|off, or all=on|off
    #[arg(long = "target", value_name = "NAME=on|off")]
    targets: Vec<String>,
    /// Accept the gonogo.toml beside the runbook as it is, with what it connects to, reads and runs
    #[arg(long)]
    accept_commands: bool,
    /// Continue the monitoring of a run and wait until the current round is recorded
    #[arg(long, value_name = "RUN", requires = "once")]
    record: Option<String>,
    /// Time between two outputs
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = humantime::parse_duration)]
    every: Duration,
}

pub(super) fn monitor(args: &MonitorArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let document = document::document(&args.runbook)?;
    let mut settings = document::settings(Some(&args.runbook), operator)?;
    accepted::accept_or_tell(&mut settings, args.accept_commands)?;
    // Nothing runs here: where the document has one environment, it needs no name.
    let only = match document.runbook.environments.as_slice() {
        [one] => Some(one.name.as_str()),
        _ => None,
    };
    let environment = preflight::environment(&document.runbook, args.env.as_deref().or(only))?;
    let said = watched::Said { probes: &args.probes, targets: &args.targets };
    let watch = watched::watch(&document.runbook, &settings, &environment, &said)?;
    let beside = document::directory(&args.runbook);
    let keys = Keys::default().with_programs(Arc::new(Beside::in_directory(beside.to_owned())));
    spawn::credentials(watch.credential_commands(), beside, |name, value| keys.add(name, value));
    let page = Page { args, runbook: &document.runbook.title, environment: &environment.name };
    runtime()?.block_on(async {
        if args.once {
            let status = once(&page, watch, &keys).await?;
            if let Some(run) = &args.record {
                record(run, &settings).await?;
            }
            Ok(status)
        } else {
            follow(&page, watch, &keys).await
        }
    })
}

async fn once(page: &Page<'_>, watch: Watch, keys: &Keys) -> Result<Status, CommandError> {
    let samples = probe::look_once(&watch, keys).await;
    let mut health = Health::new(watch);
    for sample in &samples {
        health.take(sample);
    }
    page.show(&health)?;
    Ok(status(health.worst(Utc::now())))
}

async fn follow(page: &Page<'_>, watch: Watch, keys: &Keys) -> Result<Status, CommandError> {
    let (to, mut samples) = tokio::sync::mpsc::unbounded_channel();
    let _sampler = Sampler::start(&watch, keys, &Vantage::Here, move |sample| drop(to.send(sample)));
    let mut health = Health::new(watch);
    let mut tick = tokio::time::interval_at(tokio::time::Instant::now() + page.args.every, page.args.every);
    loop {
        tokio::select! {
            Some(sample) = samples.recv() => {
                let turned = health.take(&sample).into_iter().filter(|c| c.from.is_some());
                for row in turned.filter(|c| !page.args.json && c.level >= Level::Alert) {
                    note(format!("{}: {}", row.level.word(), row.words));
                }
            }
            _ = tick.tick() => page.show(&health)?,
            _ = tokio::signal::ctrl_c() => return Ok(status(health.worst(Utc::now()))),
        }
    }
}

/// How long a round may take to be recorded: its probes look first.
const RECORDED: Duration = Duration::from_secs(30);

/// Takes a run's monitoring up, and waits until the round that is due now is recorded; those that were missed are
/// recorded as such.
async fn record(run: &str, settings: &Settings) -> Result<(), CommandError> {
    let (store, files) = store::find(settings, Some(run))?;
    let host = Host::Processes(own_program());
    let who = Who { operator: settings.operator.clone(), part: Part::Unattended };
    let home = client::home_of(&*store, files.id());
    let mut session = Session::join(&host, &store, &files, who, home).await?;
    let windows = session.state().runbook().monitoring.clone();
    let Some(since) = session.state().watched().map(|w| w.since) else {
        return Err(CommandError::new(Status::Usage, format!("the monitoring of {run} has not begun")));
    };
    let open = Cell::new(None);
    let recorded = |state: &RunState| {
        let known = |round: &Planned| state.watched().is_some_and(|w| w.round(round.id).is_some());
        open.set(
            monitoring::open_at(&windows, since, Utc::now()).filter(|_| state.is_watched()).filter(known),
        );
        open.get().is_some() || !state.is_watched()
    };
    if !session.until_by(Instant::now() + RECORDED, recorded, &mut Notes).await? {
        return Err(CommandError::new(Status::Failed, format!("no round of {run} was recorded in time")));
    }
    session.leave().await;
    note(match open.get() {
        Some(round) => format!("round {} of {run} is recorded", round.id),
        None => format!("the monitoring of {run} is over"),
    });
    Ok(())
}

/// Exit statuses, as monitoring plugins have them.
fn status(worst: Level) -> Status {
    match worst {
        Level::Ok => Status::Done,
        Level::Watch => Status::NeedsEyes,
        Level::NotSeen | Level::Alert | Level::Down => Status::Failed,
    }
}

/// How a look is told, and of what.
struct Page<'p> {
    args: &'p MonitorArgs,
    runbook: &'p str,
    environment: &'p str,
}

impl Page<'_> {
    fn show(&self, health: &Health) -> Result<(), CommandError> {
        let now = Utc::now();
        if self.args.json {
            return say_json(&health::json(health, now));
        }
        if self.args.prometheus {
            let text = health::prometheus(health, (self.runbook, self.environment), now);
            return match &self.args.out {
                Some(path) => replace(path, &text),
                None => say_text(text.trim_end()),
            };
        }
        say_text(health::table(health, now).trim_end())
    }
}

/// Puts a text in a file's place, so that whoever reads it never sees half of it.
fn replace(path: &Path, text: &str) -> Result<(), CommandError> {
    let failed =
        |why: std::io::Error| CommandError::new(Status::Failed, format!("{}: {why}", path.display()));
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, text).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}
