//! Going back with nobody there: what is in the way is told, and nothing is stopped while it has no way out.

use chrono::Utc;

use super::go_on::{join, reread, take_known};
use super::terms::Headless;
use super::walk::Walk;
use crate::cli::preflight::{self, Back};
use crate::cli::report::{CommandError, Status};
use crate::run::policy::Confirmation;
use crate::run::rollback::{self, Obstacle, WayOut};
use crate::run::state::Standing;
use crate::run::{Request, places};
use crate::run_files::RunFiles;
use crate::runbook::CommandId;
use crate::text as words;

/// Goes back with a run, also one that was over.
pub(in crate::cli) async fn go_back(
    run: &RunFiles,
    operator: String,
    reason: &str,
    mut terms: Headless,
) -> Result<Status, CommandError> {
    terms.answers.back = Back::Now;
    let reread = reread(run, &terms)?;
    let session = join(run, operator, &terms).await?;
    let state = session.state();
    let under_way = state.goes_back();
    let settled = |id: &_| under_way && !matches!(state.standing(id), Standing::NotYet);
    take_known(state, &mut terms.answers);
    for (name, captured) in state.captured_last() {
        terms.answers.parameters.entry(name.to_owned()).or_insert_with(|| captured.value.clone());
    }
    preflight::all_answered(preflight::unanswered(state.runbook(), &terms.answers, &settled))?;
    let given: Vec<(String, String)> = terms.answers.given.clone().into_iter().collect();
    let mut walk = Walk::new(session, terms)?;
    walk.take_control().await?;
    walk.accept_reading(reread).await?;
    for (name, value) in given {
        walk.answer(name, value).await?;
    }
    let result = async {
        if let Some(running) = walk.state().running().filter(|_| !under_way).cloned() {
            let words = format!("{running} is still running: wait for it, or end it, before the rollback");
            return Err(CommandError::new(Status::Usage, words)
                .hint(format!("see it and end it: gonogo attach {}", walk.state().id())));
        }
        if !under_way {
            walk.begin_back(reason).await?;
        }
        walk.walk().await
    }
    .await;
    if walk.state().goes_back() {
        return walk.ended(result).await;
    }
    walk.session.leave().await;
    result
}

fn did_not_lead(place: &CommandId) -> CommandError {
    let words = format!("nothing was stopped: {place} did not connect");
    CommandError::new(Status::Failed, words)
}

impl Walk {
    /// Begins to go back: tells what that undoes and costs, and takes the ways out that were chosen in advance.
    pub(super) async fn begin_back(&mut self, reason: &str) -> Result<(), CommandError> {
        self.go_there_first().await?;
        let found = self.with(async |session, printer| session.look_back(printer).await).await??;
        let chosen = rollback::usual(self.state().runbook());
        let board = rollback::board(self.state(), &chosen, &found, (None, Utc::now()));
        self.line("")?;
        self.line(&format!("ROLLBACK: {reason}"))?;
        board.told().iter().try_for_each(|words| self.line(&format!("  {words}")))?;
        let ways = self.ways_out(&board.obstacles)?;
        let request = Request::RollBack {
            trigger: board.trigger(),
            reason: reason.to_owned(),
            procedures: chosen,
            confirmed: Confirmation::TypeName,
            ways,
        };
        self.ask(request).await
    }

    /// Goes to the place that what goes back runs in, where that was left.
    async fn go_there_first(&mut self) -> Result<(), CommandError> {
        while let Some(place) = places::missing_for_back(self.state()) {
            if self.terms.answers.place.is_none() {
                let text = self.state().find(&place).map(|c| c.text.clone()).unwrap_or_default();
                let words = format!("nothing was stopped: not connected to \"{}\" any more", text.trim());
                return Err(CommandError::new(Status::Usage, words).hint("--place there reconnects first"));
            }
            // What has just failed is not tried again by itself; asked for by its own, going back tries it.
            let just_tried = self.terms.answers.back == Back::OnFailure;
            if just_tried && self.state().standing(&place) == Standing::Failed {
                return Err(did_not_lead(&place));
            }
            self.choose_place(&place).await?;
            if !self.goes_through(&place) {
                return Ok(());
            }
            self.run(&place).await?;
            if places::missing_for_back(self.state()) == Some(place.clone()) {
                return Err(did_not_lead(&place));
            }
        }
        Ok(())
    }

    /// What was chosen in advance about each thing that stands in the way; an error where nothing was.
    fn ways_out(&self, obstacles: &[Obstacle]) -> Result<Vec<(CommandId, WayOut)>, CommandError> {
        let mut taken = Vec::new();
        for Obstacle { command, line, says, wants, ways } in obstacles {
            let named = &self.terms.answers.way_out;
            let way = ways.iter().find(|way| named.contains(&way.kind()));
            let Some(way) = way else {
                let words =
                    format!("rollback is blocked, nothing was stopped: {command} (line {line}): {says}");
                let error = CommandError::new(Status::Failed, words);
                let error = match wants {
                    Some(name) => error.hint(preflight::way_to_set(self.state().runbook(), name)),
                    None => error,
                };
                return Err(ways.iter().fold(error, |error, way| {
                    error.hint(format!("--way-out {}: {}", way.kind().name(), way.says()))
                }));
            };
            self.line(&format!("  {command} (line {line}): {says}; {}", way.says()))?;
            taken.push((command.clone(), way.clone()));
        }
        Ok(taken)
    }

    /// The document's problems that fit a failure.
    pub(super) fn say_problems(&self, id: &CommandId) -> Result<(), CommandError> {
        self.state().known_problems(id).try_for_each(|(problem, why)| {
            self.line(&format!("  known problem (line {}): {}: {why}", problem.line, problem.problem))
        })
    }

    /// What somebody has to know who takes over a way back that failed.
    pub(super) fn say_stuck(&self) -> Result<(), CommandError> {
        words::stuck(self.state()).iter().try_for_each(|words| self.line(&format!("  {words}")))
    }

    /// How going back came out, with the time that it took against what the document says.
    pub(super) fn back_words(&self) -> String {
        words::back_took(self.state(), Utc::now()).unwrap_or_else(|| "ROLLED BACK".into())
    }
}
