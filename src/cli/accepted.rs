//! Settings that came with a runbook, in the file beside it: they count once somebody has accepted them.

use super::document;
use super::report::{CommandError, Status, note};
use super::store;
use crate::config::{Settings, Waiting};
use crate::run_files::{self, RunFiles};
use crate::store::Store;

/// How they are accepted where nobody is there to ask.
const REMEDY: &str = "--accept-commands accepts them as they are";

fn headline(waiting: &Waiting) -> String {
    format!("{} contains settings that nobody has accepted here", waiting.file.display())
}

fn lines(waiting: &Waiting) -> impl Iterator<Item = String> {
    waiting.asks.iter().map(|(name, value)| format!("{name}: {value}"))
}

/// Accepts what waits, where a flag says so.
pub(super) fn accept_if(settings: &mut Settings, said: bool) -> Result<(), CommandError> {
    if said && settings.waiting.is_some() {
        // The state directory has to be this user's own before anything in it is trusted.
        store::at(&settings.state_dir)?;
        run_files::accept(settings)?;
        settings.accept();
    }
    Ok(())
}

/// What came with the runbook counts in a headless run only when somebody has seen and accepted it.
pub(super) fn accept_commands(settings: &mut Settings, said: bool) -> Result<(), CommandError> {
    accept_if(settings, said)?;
    let Some(waiting) = &settings.waiting else { return Ok(()) };
    let error = CommandError::new(Status::Usage, headline(waiting));
    Err(lines(waiting).fold(error, CommandError::hint).hint(REMEDY))
}

/// Goes on without what was not accepted, and says what that is.
pub(super) fn accept_or_tell(settings: &mut Settings, said: bool) -> Result<(), CommandError> {
    accept_if(settings, said)?;
    if let Some(waiting) = &settings.waiting {
        tell(waiting, REMEDY);
    }
    Ok(())
}

fn tell(waiting: &Waiting, remedy: &str) {
    note(format!("{}, so gonogo does not use them:", headline(waiting)));
    lines(waiting).for_each(|line| note(format!("  {line}")));
    note(remedy);
}

/// The same where only who signs, and where logs are kept, matters. Without a flag of its own a verb names one that has
/// it.
pub(super) fn for_record(settings: &mut Settings, said: Option<bool>) -> Result<(), CommandError> {
    accept_if(settings, said == Some(true))?;
    let for_record = |s: &Settings| (s.sign.clone(), s.record_dir.clone());
    let Some(waiting) = settings.waiting.as_ref().filter(|w| for_record(&w.with) != for_record(settings))
    else {
        return Ok(());
    };
    let elsewhere = format!("gonogo verify {REMEDY}");
    tell(waiting, if said.is_some() { REMEDY } else { &elsewhere });
    Ok(())
}

/// The same for what a run's runner reads beside its document: hooks that are not accepted refuse there.
pub(super) fn of_run(store: &dyn Store, run: &RunFiles, said: bool) -> Result<(), CommandError> {
    let mut settings = document::settings(store.document_path(run.id()).as_deref(), None)?;
    accept_or_tell(&mut settings, said)
}

/// What waits, in words for a transcript.
pub(super) fn words(waiting: &Waiting) -> Vec<String> {
    let headline = format!("{}. gonogo uses them only after you accept them:", headline(waiting));
    [headline].into_iter().chain(lines(waiting).map(|line| format!("  {line}"))).collect()
}
