//! What the actor keeps, by what it is for. Each part belongs to the files of this folder that are named with it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::clients::ClientId;
use super::super::inbox::{Errand, Wants};
use super::super::place::{Home, Place};
use super::super::regain::Regain;
use super::record::Unrecorded;
use super::{judge, overdue, unset};
use crate::exec::shim::Beside;
use crate::protocol::{EndsWithLogin, ToRunner};
use crate::run::event::ProcessIdentity;
use crate::run::rollback::Makers;
use crate::run::{Attempt, Request};
use crate::run_files::Lock;
use crate::runbook::CommandId;
use crate::store::held::Hold;
use crate::store::spill::Spill;
use crate::store::{Store, Writer};

/// What is recorded, and what could not be yet (`record`).
pub(super) struct Recorder {
    pub(super) store: Arc<dyn Store>,
    pub(super) writer: Writer,
    /// The hash of the last line.
    pub(super) prev: String,
    /// What could not be journaled yet, and where it is kept meanwhile.
    pub(super) unrecorded: Unrecorded,
    pub(super) spill: Spill,
    pub(super) retry_at: Instant,
    /// Room for the journal is taken in advance.
    pub(super) reserved: bool,
}

/// Where commands run (`home`).
pub(super) struct Executor {
    pub(super) home: Home,
    /// Where a new shell starts.
    pub(super) shell_directory: PathBuf,
    pub(super) place: Option<Place>,
    /// A place is being started.
    pub(super) raising: bool,
    /// Since when its shell is starting, until that was said to take long.
    pub(super) starting: Option<Instant>,
    pub(super) shell: Option<ProcessIdentity>,
    /// Why no shell could be had, since the last time one was wanted.
    pub(super) no_shell: Option<String>,
    /// The place is of another version.
    pub(super) remark: Option<String>,
    /// Requests to run that came before the shell was ready.
    pub(super) waiting: VecDeque<(ClientId, u64, Request)>,
}

impl Executor {
    /// None yet.
    pub(super) fn of(home: Home, shell_directory: PathBuf) -> Self {
        Self {
            home,
            shell_directory,
            place: None,
            raising: false,
            starting: None,
            shell: None,
            no_shell: None,
            remark: None,
            waiting: VecDeque::new(),
        }
    }
}

/// What the shell was asked for, and who waits for it (`company`, `back`, `unset`).
#[derive(Default)]
pub(super) struct Questions {
    /// Who asked what a command's words stand for.
    pub(super) evaluating: VecDeque<(ClientId, CommandId)>,
    /// Who waits for values from the shell, to know whether it can be gone back.
    pub(super) looking: VecDeque<Wants>,
    /// Requests to run that wait for the shell to say which variables have a value, and how many there were.
    pub(super) looking_at: VecDeque<unset::Looking>,
    pub(super) looks: u64,
    /// How many looks at files that were made have not come back, and what clients asked meanwhile that needs them.
    pub(super) made: usize,
    pub(super) needs_made: VecDeque<(ClientId, ToRunner)>,
}

/// Another host that the shell is on (`elsewhere`).
#[derive(Default)]
pub(super) struct Remote {
    /// The ways there beside its terminal.
    pub(super) beside: Beside,
    /// The probes' own connection, where the place was lost.
    pub(super) regain: Regain,
    /// What was asked of the place, by number.
    pub(super) errand: BTreeMap<String, Errand>,
    pub(super) errands: u64,
    /// Services of compose files that were read where the shell is, for the commands that list them.
    pub(super) services: BTreeMap<CommandId, Vec<String>>,
    /// Files that were looked at, or are being.
    pub(super) looked_at: BTreeSet<(CommandId, Attempt, String)>,
    /// Who has made the files that the way back needs.
    pub(super) makers: Makers,
}

/// What nobody else may own meanwhile.
#[derive(Default)]
pub(super) struct Owned {
    /// The run's own lock.
    pub(super) run: Option<Lock>,
    /// The environment, until the run has an outcome.
    pub(super) environment: Option<Hold>,
}

/// What is done without being asked (`overdue`).
pub(super) struct Timers {
    /// How long the way into a place and out of it may take.
    pub(super) reach_within: Duration,
    /// When the command that is waited for runs again.
    pub(super) again_at: Option<Instant>,
    /// The command that runs, where it may take only so long.
    pub(super) limit: Option<overdue::Limit>,
}

impl Timers {
    /// None runs yet.
    pub(super) fn of(reach_within: Duration) -> Self {
        Self { reach_within, again_at: None, limit: None }
    }
}

/// What commands have shown (`judge`).
#[derive(Default)]
pub(super) struct Judging {
    /// What a command that goes on has shown, until it has gone on long enough after it.
    pub(super) watched: BTreeMap<CommandId, judge::Watched>,
    /// What commands showed whose block an expectation is about.
    pub(super) ran_before: judge::RanBefore,
    /// Commands whose output tells that they made what they started.
    pub(super) made: BTreeMap<CommandId, judge::Making>,
}

/// For how long the owner is there.
pub(super) struct Presence {
    /// Why this process ends with the login that it was started in, if it does.
    pub(super) dies: Option<EndsWithLogin>,
    pub(super) ends_with_clients: bool,
    pub(super) began: Instant,
    pub(super) somebody_came: bool,
}
