//! `gonogo stop`: gives an unfinished run up, so that its environment is free.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap_complete::ArgValueCompleter;
use tokio::time::Instant;

use super::complete;
use super::notes::Notes;
use super::report::{CommandError, Status, note};
use super::runtime::runtime;
use super::{document, store};
use crate::client::{self, Host, Session, Who};
use crate::exec::proc;
use crate::exec::spawn::own_program;
use crate::protocol::Part;
use crate::run::{Outcome, Request, RunState};
use crate::run_files::RunFiles;
use crate::runbook::CommandId;
use crate::store::Store;

/// How long what is killed may take to be gone: a way to another place ends after some seconds.
const ENDED_WITHIN: Duration = Duration::from_secs(15);

/// Arguments of `stop`.
#[derive(Debug, Args)]
pub(super) struct StopArgs {
    /// The run; by default the active one
    #[arg(add = ArgValueCompleter::new(complete::unfinished))]
    run: Option<String>,
    /// The reason
    #[arg(long, default_value = "given up")]
    reason: String,
    /// Kill what is still running in it
    #[arg(long)]
    kill: bool,
}

pub(super) fn stop(args: &StopArgs, operator: Option<String>) -> Result<Status, CommandError> {
    let settings = document::settings(None, operator)?;
    let (store, run) = store::find(&settings, args.run.as_deref())?;
    let id = run.id().clone();
    if let Some((outcome, _)) = store.state_of(&id)?.outcome() {
        note(format!("{id} is over: {outcome}"));
        return Ok(Status::Done);
    }
    runtime()?.block_on(give_up(&store, &run, settings.operator, args))?;
    note(format!("{id} is given up; its environment is free"));
    Ok(Status::Done)
}

/// Ends what runs, as far as that was asked for, and then the run.
async fn give_up(
    store: &Arc<dyn Store>,
    run: &RunFiles,
    operator: String,
    args: &StopArgs,
) -> Result<(), CommandError> {
    let who = Who { operator, part: Part::Unattended };
    let (host, home) = (Host::Processes(own_program()), client::home_of(&**store, run.id()));
    let mut session = Session::join(&host, store, run, who, home).await?;
    let busy = live(session.state()).first().cloned();
    let busy = busy.or_else(|| session.state().waiting().map(|w| w.command.clone()));
    if let Some(busy) = busy.filter(|_| !args.kill) {
        let id = session.state().id();
        let error = CommandError::new(Status::Failed, format!("{busy} is still running in {id}"))
            .hint(format!("end it there: gonogo attach {id}"))
            .hint("or end it together with the run: gonogo stop --kill");
        session.leave().await;
        return Err(error);
    }
    session.take_control(&mut Notes).await??;
    end_all(&mut session, &run.path().join("place")).await?;
    let reason = Request::Note { about: String::new(), text: args.reason.clone(), issue: false };
    session.insist(reason, &mut Notes).await?;
    let outcome = Outcome::Abandoned;
    session.insist(Request::Finish { outcome, reason: String::new() }, &mut Notes).await?;
    session.leave().await;
    Ok(())
}

/// What runs in a run.
fn live(state: &RunState) -> Vec<CommandId> {
    state.running().into_iter().chain(state.background()).cloned().collect()
}

/// Ends at once what runs, and waits for its end.
async fn end_all(session: &mut Session, place: &Path) -> Result<(), CommandError> {
    if session.state().waiting().is_some() {
        session.insist(Request::StopWaiting, &mut Notes).await?;
    }
    let live = live(session.state());
    for command in &live {
        let request = Request::Cancel { command: command.clone(), signal: "KILL".into() };
        session.insist(request, &mut Notes).await?;
    }
    let over = |state: &RunState| {
        let runs = |c: &CommandId| state.running() == Some(c) || state.background().contains(c);
        !live.iter().any(runs) && state.waiting().is_none()
    };
    if session.until_by(Instant::now() + ENDED_WITHIN, over, &mut Notes).await? {
        return Ok(());
    }
    let words = format!("the command running in {} did not end after KILL", session.state().id());
    if let Some(pid) = proc::stopped("shim", place) {
        let stopped = format!("{words}: the process that runs its commands ({pid}) is stopped");
        return Err(CommandError::new(Status::Failed, stopped)
            .hint(format!("kill -CONT {pid} wakes it, and it does what was asked"))
            .hint(format!("kill -KILL {pid} ends it and everything in it; then run gonogo stop again")));
    }
    Err(CommandError::new(Status::Failed, words)
        .hint(format!("see it: gonogo attach {}", session.state().id())))
}
