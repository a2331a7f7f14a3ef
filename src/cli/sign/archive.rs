//! Signs in an archive, on a machine that has nothing else of the run; what was signed there comes back with it.

use std::path::Path;
use std::sync::Arc;

use chrono::Utc;

use super::args::SignArgs;
use super::shown::{check_allowed, shown_and_signed, signer};
use crate::cli::report::{CommandError, Status, note};
use crate::config::Settings;
use crate::protocol::ToSign;
use crate::record::archive;
use crate::record::evidence::{DOCUMENT, Evidence};
use crate::record::sign_off::{self, Signing};
use crate::record::signed_files;
use crate::record::verify::{self, Known};
use crate::run::{RunId, RunState, Seq, SignOff, SignRole, sign};
use crate::runbook;
use crate::store::{Store, chain};

fn failed(why: impl ToString) -> CommandError {
    CommandError::new(Status::Failed, why.to_string())
}

/// Signs in an archive, after everything in it was looked at.
pub(super) fn sign(args: &SignArgs, path: &Path, settings: &Settings) -> Result<Status, CommandError> {
    if args.challenge || args.take.is_some() {
        return Err(CommandError::new(
            Status::Usage,
            "--challenge and --take are for a run, not for an archive",
        ));
    }
    let evidence = Evidence::of_archive(path).map_err(failed)?;
    let found = verify::verify(&evidence, &Known::default());
    if let Some(off) = found.off.first() {
        let at = off.event.map_or(String::new(), |e| format!("event {}: ", e.0));
        return Err(failed(format!("not signed: {at}{}", off.words))
            .hint(format!("gonogo verify {}", path.display())));
    }
    let state = state_of(&evidence)?;
    let role = args.role.or_else(|| sign::wanted(&state)).unwrap_or(SignRole::Reviewer);
    let name = args.name.clone().unwrap_or_else(|| settings.operator.clone());
    let signer = signer(args, settings)?;
    let signing = Signing { role, name: name.clone(), keyed: signer.is_some() };
    // What was signed in it before counts as recorded: the statement is about the events of the journal alone.
    let mut prepared = sign_off::prepare(&state, &found.head, &signing, Utc::now()).map_err(failed)?;
    prepared.statement.events = Seq(found.events);
    let to_sign = ToSign { statement: prepared.statement.text(), log: prepared.log };
    let sign_off = shown_and_signed(args, &state, (role, &name), &to_sign, signer.as_ref())?;
    check_allowed(settings, &state, &sign_off)?;
    let after = sign_off::with(&state, &sign_off);
    let files = signed_files(&after, &sign_off, &to_sign.log);
    archive::extend(path, &found.run, Utc::now().timestamp().cast_unsigned(), &files).map_err(failed)?;
    note(format!("{} is signed as {role} by {name}, in {}", found.run, path.display()));
    note(format!("on the machine with the run: gonogo sign {} --take {}", found.run, path.display()));
    Ok(Status::Done)
}

/// The state of an archive, with what was signed in it.
pub(in crate::cli) fn state_of(evidence: &Evidence) -> Result<RunState, CommandError> {
    let records = chain::read(&evidence.lines)?;
    let text = evidence.text(DOCUMENT).unwrap_or_default();
    let runbook = Arc::new(runbook::read(&text));
    let state = records.iter().fold(RunState::new(runbook), RunState::apply);
    Ok(beside(evidence, &state).iter().fold(state, |state, sign_off| sign_off::with(&state, sign_off)))
}

/// Sign-offs of an archive that its journal does not tell of, in the order of their statements.
fn beside(evidence: &Evidence, state: &RunState) -> Vec<SignOff> {
    let known = |s: &SignOff| state.signatures().iter().any(|k| k.as_given.statement == s.statement);
    let all = evidence.statements().map(|name| evidence.sign_off(name)).filter(|s| !known(s));
    sign_off::in_order(all.collect(), state.signatures().last().map(|s| &s.as_given))
}

/// The sign-offs that an archive brings back to its run.
pub(super) fn sign_offs(path: &Path, store: &dyn Store, run: &RunId) -> Result<Vec<SignOff>, CommandError> {
    let evidence = Evidence::of_archive(path).map_err(failed)?;
    let known = store.state_of(run)?;
    let found = verify::verify(&evidence, &Known::default());
    if found.run != run.0 {
        return Err(failed(format!("{} is an archive of {}, not of {}", path.display(), found.run, run)));
    }
    let new = beside(&evidence, &known);
    if new.is_empty() {
        return Err(failed(format!("every signature in {} is already in {}", path.display(), run)));
    }
    Ok(new)
}
