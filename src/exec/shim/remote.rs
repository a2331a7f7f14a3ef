//! The way to a place in a process of its own.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::directory;
use super::ledger::Ledger;
use super::message::{Beside, FromShim, Report, ShimSettings, ToPlace, ToShim};
use crate::exec::ExecError;
use crate::exec::spawn::{Detached, own_program};
use crate::protocol::screen::Shown;
use crate::run::event::ProcessIdentity;
use crate::run::{Attempt, Place};
use crate::runbook::CommandId;
use crate::wire::{self, Incoming, WireError};

/// How long a place may take to tell how things stand.
const PATIENCE: Duration = Duration::from_secs(10);

/// A place in a process of its own. Dropping this leaves it at work.
#[derive(Debug)]
pub struct Remote {
    /// Without a bound: the runner sends what operators ask for, and one number for each report that the place has
    /// sent. A place that reads nothing is sent nothing more by anybody but people.
    to: UnboundedSender<ToPlace>,
}

/// How things stand in a place that was found.
#[derive(Debug, Default)]
pub struct Standing {
    /// Its shell, once it is ready.
    pub shell: Option<(Place, ProcessIdentity)>,
    /// What runs, in the foreground and in the background.
    pub live: Vec<(CommandId, Attempt)>,
    /// The secrets that it knows.
    pub secrets: BTreeMap<String, String>,
    /// What was reported and not taken.
    pub reports: Vec<Report>,
    /// The ways beside the terminal to where it is.
    pub beside: Beside,
    /// It is of another version than this.
    pub remark: Option<String>,
}

/// What comes from a place after that.
#[derive(Debug)]
pub enum FromPlace {
    /// A report.
    Report(Report),
    /// Its process has gone.
    Gone,
}

impl Remote {
    /// Starts a place in `directory`, which has to exist.
    pub fn start(directory: &Path, settings: &ShimSettings) -> Result<(), ExecError> {
        let launch = serde_json::to_vec(settings).map_err(WireError::Message)?;
        let detached = Detached {
            program: &own_program(),
            arguments: &[OsStr::new("shim"), directory.as_os_str()],
            log: &directory.join("shim.log"),
            scope: None,
        };
        let answer = detached.start(&launch)?;
        serde_json::from_str::<Result<(), String>>(&answer)
            .map_err(WireError::Message)?
            .map_err(ExecError::Refused)
    }

    /// Connects to the place in `directory`, if one is at work there. `take` is called with what comes.
    pub async fn connect(
        directory: &Path,
        take: impl Fn(FromPlace) + Send + 'static,
    ) -> Result<(Self, Standing), ExecError> {
        let stream = wire::connect(&directory::socket(directory)).await?;
        let (mut incoming, mut outgoing, theirs) = wire::greet::<Report, ToPlace>(stream).await?;
        let mut shown = Shown::default();
        let told = tokio::time::timeout(PATIENCE, standing(&mut incoming, &mut shown)).await;
        let mut standing = told.map_err(|_| WireError::Silent(theirs.pid))??;
        standing.remark = theirs.remark("the process that runs the commands");
        let (to, mut messages) = unbounded_channel::<ToPlace>();
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                if outgoing.send(&message).await.is_err() {
                    return;
                }
            }
        });
        tokio::spawn(async move {
            while let Ok(report) = incoming.next().await {
                take(FromPlace::Report(whole(report, &mut shown)));
            }
            take(FromPlace::Gone);
        });
        Ok((Self { to }, standing))
    }

    /// Whether a place is at work in `directory`, whether it can be reached or not.
    pub fn at_work(directory: &Path) -> bool {
        directory::at_work(directory)
    }

    /// What the ledger of a place that has gone tells.
    pub fn ledger(directory: &Path) -> Option<Ledger> {
        Ledger::read(&directory::ledger(directory))
    }

    /// Sends a message. A place that has gone takes none; that was told.
    pub fn send(&self, message: ToShim) {
        let _gone = self.to.send(ToPlace::Do(message));
    }

    /// Says that reports up to this number are durable.
    pub fn taken(&self, upto: u64) {
        let _gone = self.to.send(ToPlace::Taken(upto));
    }
}

/// Everything up to the place's word on how things stand.
async fn standing(incoming: &mut Incoming<Report>, shown: &mut Shown) -> Result<Standing, ExecError> {
    let mut reports = Vec::new();
    loop {
        let report = whole(incoming.next().await?, shown);
        match report.report {
            FromShim::Standing { shell, live, secrets, beside } => {
                return Ok(Standing { shell, live, secrets, reports, beside: *beside, remark: None });
            }
            FromShim::NoShell(why) => return Err(ExecError::Refused(why)),
            _ => reports.push(report),
        }
    }
}

/// A report with the whole screen, where it brought what has changed in one.
fn whole(mut report: Report, shown: &mut Shown) -> Report {
    if let FromShim::Changed { command, change } = report.report {
        let screen = Box::new(shown.apply(&command, change));
        report.report = FromShim::Screen { command, screen };
    }
    report
}
