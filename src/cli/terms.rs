//! The flags that say under which terms commands are run without anybody there.

use std::time::Duration;

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::complete;
use super::report::{CommandError, Status};
use crate::config::Settings;
use crate::run::rollback::WayOutKind;

/// Under which terms commands are run without anybody there.
#[derive(Debug, Args)]
pub(super) struct TermArgs {
    /// Run without screens; never guesses
    #[arg(long)]
    pub(super) headless: bool,
    /// Tick check items and decide GO in your name
    #[arg(long)]
    pub(super) yes: bool,
    /// Treat manual work as done beforehand; the record says that nobody did it here
    #[arg(long)]
    pub(super) by_hand_done: bool,
    /// Accept the gonogo.toml beside the runbook as it is, with what it runs, connects to and reads, and who may act
    #[arg(long)]
    pub(super) accept_commands: bool,
    /// Continue although this version of gonogo reads the document differently
    #[arg(long)]
    pub(super) accept_reading: bool,
    /// Continue even if the shell is not where the document expects it
    #[arg(long)]
    pub(super) accept_place: bool,
    /// Run destructive commands
    #[arg(long)]
    pub(super) allow_destructive: bool,
    /// Roll back as the document says when a command fails: exit 3
    #[arg(long)]
    pub(super) rollback_on_failure: bool,
    /// How to fix what blocks a rollback; for each blocker the first that fits of: stop-only, start-first,
    /// drop-first, leave-out or as-written
    #[arg(long, value_name = "WAY", value_parser = way_out, add = ArgValueCompleter::new(complete::ways_out))]
    pub(super) way_out: Vec<WayOutKind>,
    /// Accept manual checks without anybody confirming them: exit 0 instead of 6
    #[arg(long)]
    pub(super) accept_unattested: bool,
    /// Give a value; not a secret, since every user of this machine can read it in the process list
    #[arg(long = "set", value_name = "NAME=VALUE", add = ArgValueCompleter::new(complete::parameters))]
    pub(super) set: Vec<String>,
    /// Give a value from a file; for a secret: NAME=<(pass show NAME)
    #[arg(long = "set-file", value_name = "NAME=FILE", add = ArgValueCompleter::new(complete::parameters))]
    pub(super) set_file: Vec<String>,
    /// Answer a command's condition
    #[arg(long = "answer", value_name = "ID=yes|no", add = ArgValueCompleter::new(complete::answers))]
    pub(super) answer: Vec<String>,
    /// Where the commands after ssh and the like run: here, there (where it connects), or ssh:HOST
    #[arg(long, value_name = "here|there|ssh:HOST")]
    pub(super) place: Option<String>,
    /// How long to follow a command that does not end by itself
    #[arg(long, value_name = "TIME")]
    pub(super) follow_for: Option<String>,
    /// Start at this command or step
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(complete::commands))]
    pub(super) from: Option<String>,
    /// End after this command or step
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(complete::commands))]
    pub(super) to: Option<String>,
    /// Print events as JSON, one per line
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
