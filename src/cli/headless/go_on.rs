//! Goes on with a run that somebody began: with what was answered then, and what is answered now.

use super::terms::Headless;
use super::walk::Walk;
use crate::cli::notes::Notes;
use crate::cli::preflight::{self, Answers, PlaceAnswer};
use crate::cli::report::{CommandError, Status};
use crate::client::{self, Reread, Session, Who};
use crate::protocol::Part;
use crate::run::event::PlaceChoice;
use crate::run::state::Standing;
use crate::run::ways::{self, Taken};
use crate::run::{Request, RunState};
use crate::run_files::RunFiles;

/// Goes on with a run from where it is.
pub(in crate::cli) async fn go_on(
    run: &RunFiles,
    operator: String,
    mut terms: Headless,
) -> Result<Status, CommandError> {
    let reread = reread(run, &terms)?;
    let session = join(run, operator, &terms).await?;
    if session.state().going_back().is_some() {
        terms.answers.back = preflight::Back::Now;
    }
    let given = answers(session.state(), &mut terms)?;
    let mut walk = Walk::new(session, terms)?;
    walk.take_control().await?;
    walk.accept_reading(reread).await?;
    for (name, value) in given {
        walk.answer(name, value).await?;
    }
    Box::pin(walk.through()).await
}

/// How this version reads the document differently from this run. That is refused before anything is run,
/// unless it was accepted in advance.
pub(super) fn reread(run: &RunFiles, terms: &Headless) -> Result<Option<Reread>, CommandError> {
    let found = client::reread(run, &terms.store.state_of(run.id())?);
    let asked = found.as_ref().filter(|r| !r.is_form_only() && !terms.accept_reading);
    let Some(asked) = asked else { return Ok(found) };
    let error = CommandError::new(Status::Usage, asked.headline());
    let error = asked.lines().into_iter().fold(error, CommandError::detail);
    Err(error
        .hint(format!(
            "continue with gonogo {}, or review the differences on the screens: gonogo attach {}",
            asked.by,
            run.id()
        ))
        .hint("or, if this is right: --accept-reading"))
}

/// Comes to a run that nobody else has control of.
pub(super) async fn join(
    run: &RunFiles,
    operator: String,
    terms: &Headless,
) -> Result<Session, CommandError> {
    let who = Who { operator, part: Part::Unattended };
    let directory = std::env::current_dir()?;
    let session = Session::join(&terms.host, &terms.store, run, who, directory).await?;
    let control = session.control();
    if let Some(holder) = control.holder.as_ref().filter(|_| !control.yours) {
        let words = format!("{holder} has control of {}", run.id());
        return Err(CommandError::new(Status::Held, words).hint(format!("watch: gonogo attach {}", run.id())));
    }
    Ok(session)
}

/// Completes the answers with what the run knows; gives those that it does not know yet. Nothing is run while
/// something is unanswered.
fn answers(state: &RunState, terms: &mut Headless) -> Result<Vec<(String, String)>, CommandError> {
    let mut given = Vec::new();
    for (name, value) in &terms.answers.parameters {
        match state.parameters().get(name) {
            Some(Some(known)) if known != value => {
                let words = format!("{name} is {known} in this run and can't be changed to {value}");
                return Err(CommandError::new(Status::Usage, words));
            }
            Some(Some(_)) => {}
            Some(None) | None => given.push((name.clone(), value.clone())),
        }
    }
    take_known(state, &mut terms.answers);
    for command in state.step_commands() {
        if let Some(holds) = state.condition(&command.id) {
            terms.answers.conditions.entry(command.id.clone()).or_insert(holds);
        }
        if let Some(way) = command.way.as_ref().filter(|w| ways::taken(state, w) == Taken::This) {
            terms.answers.ways.insert(way.group.clone(), way.name.clone());
        }
    }
    let settled = |id: &_| !matches!(state.standing(id), Standing::NotYet);
    preflight::all_answered(preflight::unanswered(state.runbook(), &terms.answers, &settled))?;
    Ok(given)
}

/// What the run knows counts as answered.
pub(super) fn take_known(state: &RunState, answers: &mut Answers) {
    let mut chosen = state.step_commands().into_iter().filter_map(|c| state.place_choice(&c.id));
    if answers.place.is_none() {
        answers.place = match chosen.next() {
            Some(PlaceChoice::Through) => Some(PlaceAnswer::There(None)),
            Some(PlaceChoice::AlreadyHere) => Some(PlaceAnswer::Here),
            Some(PlaceChoice::InteractiveThenStop) | None => None,
        };
    }
    for (name, value) in state.parameters() {
        if !state.forgotten().contains(name) {
            answers.parameters.entry(name.clone()).or_insert(value.clone().unwrap_or_default());
        }
    }
}

impl Walk {
    /// Somebody else may have had it last and is not there: going on is asking for it.
    pub(super) async fn take_control(&mut self) -> Result<(), CommandError> {
        Ok(self.session.take_control(&mut Notes).await??)
    }

    /// Accepts that the document is read differently, and says what differs.
    pub(super) async fn accept_reading(&mut self, reread: Option<Reread>) -> Result<(), CommandError> {
        let Some(reread) = reread else { return Ok(()) };
        if !reread.is_form_only() {
            self.line(&format!("{}; accepted with --accept-reading", reread.headline()))?;
            reread.lines().iter().try_for_each(|line| self.line(&format!("  {line}")))?;
        }
        let request = reread.accepted(self.state());
        self.ask(request).await
    }

    /// Answers a value that the run does not know.
    pub(super) async fn answer(&mut self, name: String, value: String) -> Result<(), CommandError> {
        if !self.state().runbook().is_secret(&name) {
            return self.ask(Request::SetParameter { name, value: Some(value) }).await;
        }
        let told = self.with(async |session, printer| session.tell_secret(&name, value, printer).await);
        told.await??.map_err(|refusal| CommandError::new(Status::Failed, refusal.to_string()))
    }
}
