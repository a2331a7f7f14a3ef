//! What the screens are opened with, and what they leave behind.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::client::Host;
use crate::config::Settings;
use crate::run::Outcome;
use crate::run::event::Window;
use crate::run_files::RunFiles;
use crate::runbook::Runbook;
use crate::runbook::lock::Agreement;
use crate::store::{RunSummary, Store};
use crate::tui::keymap::Keymap;

/// What the screens open with.
#[derive(Debug)]
pub struct Opening {
    /// The settings.
    pub settings: Settings,
    /// Where runs are kept.
    pub store: Arc<dyn Store>,
    /// The document's path as given.
    pub path: PathBuf,
    /// Its text.
    pub document: String,
    /// What was read out of it.
    pub runbook: Runbook,
    /// How it stands to the reading that was agreed on.
    pub agreement: Agreement,
    /// Where the shell starts.
    pub directory: PathBuf,
    /// The environment that was named already.
    pub environment: Option<String>,
    /// The unfinished run of this document, if there is one.
    pub run: Option<RunFiles>,
    /// Runs before this one.
    pub before: Vec<RunSummary>,
    /// What was answered the last time, by environment in lower case.
    pub remembered: BTreeMap<String, BTreeMap<String, String>>,
    /// Which key does what.
    pub keys: Keymap,
    /// The change window.
    pub window: Option<Window>,
    /// Where runners live.
    pub host: Host,
    /// Go to the run at once.
    pub at_once: bool,
    /// Go to its way back.
    pub goes_back: bool,
    /// Look only: the run is shown as it is and as it grows, and nothing can be changed.
    pub read_only: bool,
}

/// How the screens were left.
#[derive(Debug)]
pub struct End {
    /// What to say after the screen is gone.
    pub words: Option<String>,
    /// The run's outcome, if it has one.
    pub outcome: Option<Outcome>,
}
