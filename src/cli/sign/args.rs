//! What `gonogo sign` can be told.

use std::path::PathBuf;

use clap::Args;

use crate::run::SignRole;

/// Arguments of `sign`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SignArgs {
    /// The run, or an archive that `gonogo export` made; by default the active run, else the last
    pub(super) run: Option<String>,
    /// As what: engineer or reviewer
    #[arg(long = "as", value_name = "ROLE")]
    pub(super) role: Option<SignRole>,
    /// Who signs; by default the operator
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The key: a private key's file, or the public one of a key in ssh-agent
    #[arg(long, value_name = "FILE", conflicts_with = "claimed")]
    pub(super) key: Option<PathBuf>,
    /// Sign without a key: the log will call the name claimed
    #[arg(long)]
    pub(super) claimed: bool,
    /// Accept what the gonogo.toml beside the runbook says of who signs, and all else in it, as it is
    #[arg(long)]
    pub(super) accept_commands: bool,
    /// Nothing is asked
    #[arg(long)]
    pub(super) yes: bool,
    /// Print what is to be signed elsewhere with ssh-keygen
    #[arg(long, conflicts_with_all = ["key", "claimed", "take"])]
    pub(super) challenge: bool,
    /// Take a signature that was made elsewhere: over the challenge (a file, or - for standard input), or in an archive
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "claimed"])]
    pub(super) take: Option<PathBuf>,
}
