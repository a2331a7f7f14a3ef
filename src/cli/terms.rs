//! The flags that say under which terms commands are run without anybody there.

use std::time::Duration;

use clap::Args;

use super::report::{CommandError, Status};
use crate::config::Settings;
use crate::run::rollback::WayOutKind;

/// Under which terms commands are run without anybody there.
#[derive(Debug, Args)]
pub(super) struct TermArgs {
    /// Go through without screens; never guesses
    #[arg(long)]
    pub(super) headless: bool,
    /// Tick check items and take gates as the operator
    #[arg(long)]
    pub(super) yes: bool,
    /// Take what the document has done by hand as done beforehand; the record says that nobody did it here
    #[arg(long)]
    pub(super) by_hand_done: bool,
    /// Accept what the gonogo.toml beside the runbook runs, connects to, reads, and says of who acts, as it is
    #[arg(long)]
    pub(super) accept_commands: bool,
    /// Go on although this version of gonogo reads the document differently from this run
    #[arg(long)]
    pub(super) accept_reading: bool,
    /// Go on even if the shell is not where the document expects it
    #[arg(long)]
    pub(super) accept_place: bool,
    /// Run destructive commands
    #[arg(long)]
    pub(super) allow_destructive: bool,
    /// Go back by the document's rollback when a command fails: exit 3
    #[arg(long)]
    pub(super) rollback_on_failure: bool,
    /// What is done about what stands in the way of going back, the first that fits each: stop-only, start-first,
    /// drop-first, leave-out or as-written
    #[arg(long, value_name = "WAY", value_parser = way_out)]
    pub(super) way_out: Vec<WayOutKind>,
    /// Take what only a person can judge as it should be: exit 0 instead of 6
    #[arg(long)]
    pub(super) accept_unattested: bool,
    /// Answer a parameter; not a secret, which every user of the machine could read in the list of processes
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// Answer a parameter with what is in a file; for a secret: NAME=<(pass show NAME)
    #[arg(long = "set-file", value_name = "NAME=FILE")]
    pub(super) set_file: Vec<String>,
    /// Answer a command's condition
    #[arg(long = "answer", value_name = "ID=yes|no")]
    pub(super) answer: Vec<String>,
    /// Where the commands after ssh and the like run: here, there (on the other side), or on another host
    #[arg(long, value_name = "here|there|ssh:HOST")]
    pub(super) place: Option<String>,
    /// How long a command that does not end by itself is followed
    #[arg(long, value_name = "TIME")]
    pub(super) follow_for: Option<String>,
    /// Begin at this command or step
    #[arg(long, value_name = "ID")]
    pub(super) from: Option<String>,
    /// End after this command or step
    #[arg(long, value_name = "ID")]
    pub(super) to: Option<String>,
    /// Print events as JSON, one a line
    #[arg(long)]
    pub(super) json: bool,
}

fn way_out(name: &str) -> Result<WayOutKind, String> {
    let known = WayOutKind::ALL.into_iter();
    let named = known.clone().find(|kind| kind.name() == name);
    named.ok_or_else(|| {
        let all: Vec<&str> = known.map(WayOutKind::name).collect();
        format!("write one of {}", all.join(", "))
    })
}

impl TermArgs {
    /// How long a command that does not end by itself is followed: as the flag says, else the settings.
    pub(super) fn follow_for(&self, settings: &Settings) -> Result<Duration, CommandError> {
        let Some(time) = &self.follow_for else { return Ok(settings.follow_for) };
        humantime::parse_duration(time).map_err(|_| {
            CommandError::new(Status::Usage, format!("--follow-for {time}: write a time such as 60s or 2m"))
        })
    }
}
