//! `gonogo monitor`: looks at a service without a run: for cron, for scrapers, for somebody who wants to know.

use std::cell::Cell;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use clap::Args;
use clap_complete::ArgValueCompleter;
use tokio::time::Instant;

use super::complete;
use super::notes::Notes;
use super::report::{CommandError, Status, colour, note, say_drawn, say_json, say_text};
use super::runtime::runtime;
use super::{accepted, document, health, preflight, store, watched};
use crate::client::{self, Host, Session, Who};
use crate::config::Settings;
use crate::exec::beside::Beside;
use crate::exec::spawn::{self, own_program};
use crate::probe::{self, Keys, Sampler, Vantage};
use crate::protocol::Part;
use crate::run::RunState;
use crate::run::board::told::{Told, Was};
use crate::run::board::{Board, Row, View};
use crate::run::environment::is_production;
use crate::run::health::{Health, RowLevel, Watch};
use crate::run::monitoring::{self, Planned};
use crate::tui;
use crate::tui::keymap::Keymap;
use crate::tui::theme::Surroundings;
use crate::tui::wall::{About, Opening, Releases};

/// Arguments of `monitor`.
#[derive(Debug, Args)]
pub(super) struct MonitorArgs {
    /// The runbook
    #[arg(add = ArgValueCompleter::new(complete::runbooks))]
    runbook: PathBuf,
    /// The environment, as the document names it
    #[arg(long, value_name = "ENV", add = ArgValueCompleter::new(complete::environments))]
    env: Option<String>,
    /// Check once and exit; the exit status tells the worst level
    #[arg(long)]
    once: bool,
    /// Print JSON: with --once or --every the whole board, otherwise one object per change
    #[arg(long)]
    json: bool,
    /// Print one line per change, also to a terminal
    #[arg(long, conflicts_with_all = ["json", "prometheus", "once"])]
    lines: bool,
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
    /// Time between two signs of life (10 min), or two whole outputs of --json and --prometheus (5 s)
    #[arg(long, value_name = "TIME", value_parser = a_while)]
    every: Option<Duration>,
}

impl MonitorArgs {
    /// Whether nothing was said of how it is to be told.
    fn is_for_a_screen(&self) -> bool {
        !(self.once || self.json || self.lines || self.prometheus || self.every.is_some())
    }
}

/// A time that passes.
fn a_while(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(Duration::ZERO) => Err("write a time such as 5s".to_owned()),
        Ok(time) => Ok(time),
        Err(error) => Err(error.to_string()),
    }
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
    let screen = std::io::stdin().is_terminal()
        && std::io::stdout().is_terminal()
        && !Surroundings::observed().is_dumb();
    let page = Page {
        args,
        runbook: &document.runbook.title,
        environment: &environment.name,
        production: is_production(&environment, settings.production(&environment.name)),
    };
    runtime()?.block_on(async {
        if args.once {
            let status = once(&page, watch, &keys).await?;
            if let Some(run) = &args.record {
                record(run, &settings).await?;
            }
            Ok(status)
        } else if args.is_for_a_screen() && screen {
            Box::pin(wall(&page, &settings, watch, &keys)).await
        } else {
            follow(&page, watch, &keys).await
        }
    })
}

/// Shows the wall until somebody leaves it.
async fn wall(
    page: &Page<'_>,
    settings: &Settings,
    watch: Watch,
    keys: &Keys,
) -> Result<Status, CommandError> {
    let bound =
        Keymap::new(&settings.keys).map_err(|error| CommandError::new(Status::Usage, error.to_string()))?;
    let about = About::of(page.runbook, (page.environment, page.production), &watch);
    let (to, samples) = tokio::sync::mpsc::unbounded_channel();
    let _sampler = Sampler::start(&watch, keys, &Vantage::Here, move |sample| drop(to.send(sample)));
    // Where runs can't be looked at a wall still says how a service is.
    let store = store::of(settings).ok();
    let releases = store.map(|store| Releases {
        host: Host::Processes(own_program()),
        store,
        state_dir: settings.state_dir.clone(),
        title: page.runbook.to_owned(),
        environment: page.environment.to_owned(),
        operator: settings.operator.clone(),
    });
    let health = Health::new(watch);
    let opening = Opening { about, health, releases, keys: bound, status: |board| status(board) as u8 };
    let board = Box::pin(tui::wall::run(opening, settings, samples)).await?;
    Ok(status(&board))
}

async fn once(page: &Page<'_>, watch: Watch, keys: &Keys) -> Result<Status, CommandError> {
    let samples = probe::look_once(&watch, keys).await;
    let mut health = Health::new(watch);
    for sample in &samples {
        health.take(sample);
    }
    let board = board(&health);
    page.show(&board, &health)?;
    Ok(status(&board))
}

/// A sign of life comes so often where nothing changes.
const ALIVE_EVERY: Duration = Duration::from_mins(10);
/// What is told as a whole is told so often.
const WHOLE_EVERY: Duration = Duration::from_secs(5);
/// What has not looked by then is not waited for.
const FIRST_LOOKS: Duration = Duration::from_secs(10);
/// So often it is looked whether something is late: no sample says that.
const LATE_EVERY: Duration = Duration::from_secs(1);

async fn follow(page: &Page<'_>, watch: Watch, keys: &Keys) -> Result<Status, CommandError> {
    let (to, mut samples) = tokio::sync::mpsc::unbounded_channel();
    let _sampler = Sampler::start(&watch, keys, &Vantage::Here, move |sample| drop(to.send(sample)));
    let mut health = Health::new(watch);
    let (mut told, mut begun) = (Told::default(), false);
    let whole = page.args.prometheus || (page.args.json && page.args.every.is_some());
    let every = page.args.every.unwrap_or(if whole { WHOLE_EVERY } else { ALIVE_EVERY });
    let mut tick = tokio::time::interval_at(Instant::now() + every, every);
    let mut late = tokio::time::interval(LATE_EVERY);
    let first = tokio::time::sleep(FIRST_LOOKS);
    let mut ended = pin!(ended());
    let mut first = pin!(first);
    let mut waits = true;
    loop {
        let mut alive = false;
        tokio::select! {
            Some(sample) = samples.recv() => told.counted(&health.take(&sample)),
            _ = late.tick(), if begun => {}
            () = &mut first, if waits => waits = false,
            _ = tick.tick() => alive = true,
            () = &mut ended => return Ok(status(&board(&health))),
        }
        let board = board(&health);
        if whole {
            if alive {
                page.show(&board, &health)?;
            }
            continue;
        }
        if !begun {
            begun = !waits || has_looked(&health);
            if begun {
                told.changed(&board);
                page.begin(&board)?;
            }
            continue;
        }
        let changed = told.changed(&board);
        for (row, was) in &changed {
            page.change(&board, row, was)?;
        }
        if alive && changed.is_empty() {
            page.alive(&board)?;
        }
    }
}

/// Every probe has looked.
fn has_looked(health: &Health) -> bool {
    health.watch.probes.iter().filter(|p| p.on).all(|p| health.samples(&p.id) > 0)
}

/// Ends when somebody says that it is enough: an interrupt, the end of the terminal or of the session.
async fn ended() {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = async |kind: SignalKind| match signal(kind) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    };
    tokio::select! {
        () = wait(SignalKind::interrupt()) => {}
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::hangup()) => {}
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

/// The exit status of the worst level. What is not measured never counts.
fn status(board: &Board) -> Status {
    match board.counts.worst() {
        Some(RowLevel::Down | RowLevel::Alert | RowLevel::NotSeen) => Status::Failed,
        Some(RowLevel::Watch) => Status::NeedsEyes,
        _ => Status::Done,
    }
}

/// How it stands now. Nothing runs here, so there is no run to tell of.
fn board(health: &Health) -> Board {
    Board::of(health, None, View::default(), Utc::now())
}

/// How a look is told, and of what.
struct Page<'p> {
    args: &'p MonitorArgs,
    runbook: &'p str,
    environment: &'p str,
    production: bool,
}

impl Page<'_> {
    /// The whole of it.
    fn show(&self, board: &Board, health: &Health) -> Result<(), CommandError> {
        if self.args.json {
            return say_json(&health::json::board(board));
        }
        if self.args.prometheus {
            let of = (self.runbook, self.environment);
            let text = health::prometheus::prometheus(board, health, of);
            return match &self.args.out {
                Some(path) => replace(path, &text),
                None => say_text(text.trim_end()),
            };
        }
        say_drawn(health::table(board, colour()))
    }

    /// What follows are changes.
    fn begin(&self, board: &Board) -> Result<(), CommandError> {
        if self.args.json {
            return say_json(&health::json::board(board));
        }
        say_drawn(health::table(board, colour()))?;
        say_text(health::lines::whole(board))
    }

    fn change(&self, board: &Board, row: &Row, was: &Was) -> Result<(), CommandError> {
        if self.args.json {
            return say_json(&health::json::change(board, row, was));
        }
        say_text(health::lines::change(board, row, was))
    }

    fn alive(&self, board: &Board) -> Result<(), CommandError> {
        if self.args.json {
            return say_json(&health::json::alive(board));
        }
        say_text(health::lines::alive(board))
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
