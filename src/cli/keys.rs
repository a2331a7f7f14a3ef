//! Passwords for probes: those that a command of the settings prints.

use std::path::Path;
use std::time::Duration;

use crate::exec::spawn;
use crate::probe::Keys;
use crate::run::health::Watch;
use crate::runbook::probes::{Credential, Source};

/// How long such a command may take.
const LIMIT: Duration = Duration::from_secs(10);

/// Asks the credential commands of the probes that are on.
pub(super) fn credentials(watch: &Watch, keys: &Keys, directory: &Path) {
    for probe in watch.probes.iter().filter(|p| p.on) {
        let (Source::Postgres(database) | Source::Sql { database, .. }) = &probe.source else { continue };
        if let Some(Credential::Command(command)) = &database.credential
            && let Ok(answer) = spawn::ask(command, directory, "", LIMIT)
            && answer.status == Some(0)
            && let Some(first) = answer.output.lines().next()
        {
            keys.add(command.clone(), first.to_owned());
        }
    }
}
