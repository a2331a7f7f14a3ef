//! How the run is followed from here: who has control, and what befalls the connection.

use chrono::{DateTime, Utc};

use crate::client::Host;
use crate::protocol::{Control, EndsWithLogin};
use crate::tui::opening::Opening;

/// Whom a run is handed over to where nobody else is there.
const NEXT: &str = "whoever comes next";

/// How the run is followed.
#[derive(Debug)]
pub struct Session {
    /// Who is there, and who has control.
    pub control: Control,
    /// When the runner was reached.
    pub since: Option<DateTime<Utc>>,
    /// Nothing can be changed.
    pub read_only: bool,
    /// The last try to start a shell failed; the next command tries again.
    pub no_shell: bool,
    /// The run goes on when the screens are left.
    pub detaches: bool,
    /// Since when nothing is recorded, and why.
    pub unrecorded: Option<(DateTime<Utc>, String)>,
    /// Why the run ends with the login that its runner was started in, if it does.
    pub ends_with_login: Option<EndsWithLogin>,
}

impl Session {
    pub(super) fn new(opening: &Opening) -> Self {
        Self {
            since: None,
            control: Control { yours: true, ..Control::default() },
            read_only: opening.read_only,
            no_shell: false,
            detaches: matches!(opening.host, Host::Processes(_)),
            unrecorded: None,
            ends_with_login: None,
        }
    }

    /// A runner was reached: what was known of the one before no longer holds.
    pub fn begin(&mut self, control: Control) {
        self.since = Some(Utc::now());
        (self.control, self.unrecorded, self.ends_with_login) = (control, None, None);
        self.no_shell = false;
    }

    /// Whether nothing can be changed from here: somebody else has control, or it was asked for.
    pub fn looks_on(&self) -> bool {
        self.read_only || !self.control.yours
    }

    /// Who can go on with the run: those who are there, or whoever comes.
    pub fn heirs(&self) -> Vec<String> {
        self.control.others.iter().cloned().chain([NEXT.to_owned()]).collect()
    }

    /// Why nothing can be changed from here, with the key that takes control.
    pub fn looks_on_because(&self, key: &str) -> String {
        match &self.control.holder {
            _ if self.read_only => "view only: nothing can be changed here".into(),
            Some(holder) => format!("{holder} has control: {key} takes it"),
            None => format!("nobody has control: {key} takes it"),
        }
    }
}
