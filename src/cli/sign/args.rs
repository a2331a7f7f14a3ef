//! What `gonogo sign` can be told.

use std::path::PathBuf;

use clap::Args;
use clap_complete::ArgValueCompleter;

use crate::cli::complete;
use crate::run::SignRole;

/// Arguments of `sign`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SignArgs {
    /// The run, or an archive that `gonogo export` made; by default the active run, or the last
    #[arg(add = ArgValueCompleter::new(complete::runs_and_archives))]
    pub(super) run: Option<String>,
    /// The role: engineer or reviewer
    #[arg(long = "as", value_name = "ROLE")]
    pub(super) role: Option<SignRole>,
    /// Who signs; by default the operator
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The key: a private key's file, or the public one of a key in ssh-agent
    #[arg(long, value_name = "FILE", conflicts_with = "claimed")]
    pub(super) key: Option<PathBuf>,
    /// Sign without a key: the log will mark the name as claimed
    #[arg(long)]
    pub(super) claimed: bool,
    /// Accept the gonogo.toml beside the runbook as it is, with its settings for signing
    #[arg(long)]
    pub(super) accept_commands: bool,
    /// Don't ask
    #[arg(long)]
    pub(super) yes: bool,
    /// Print the statement to sign elsewhere with ssh-keygen
    #[arg(long, conflicts_with_all = ["key", "claimed", "take"])]
    pub(super) challenge: bool,
    /// Add a signature made elsewhere: of the challenge (a file, or - for standard input), or in an archive
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "claimed"])]
    pub(super) take: Option<PathBuf>,
}
