//! A session with a run: what arrives is folded, told, and waited for; a runner that ends is replaced.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::super::attach::{self, AttachError, Attached, Host};
use super::super::connection::Who;
use super::error::{Answer, SessionError, name_of};
use super::observer::Observer;
use super::tries::Tries;
use super::unanswered::came_of;
use crate::protocol::{Control, Part, ToClient, ToRunner};
use crate::run::{Record, Request, RunState};
use crate::run_files::RunFiles;
use crate::runner::NewRun;
use crate::store::Store;

/// How long an answer to a request may take. A hook of the settings may take a minute before it is decided.
const TO_ANSWER: Duration = Duration::from_mins(3);

/// How many runners are asked for the same thing before that is given up.
const MOST_ASKED: u32 = 3;

/// A run that is followed: the connection to its runner, what is known of it, and the way to its next runner.
#[derive(Debug)]
pub struct Session {
    attached: Attached,
    way: Way,
    /// The number of the last request.
    last: u64,
    /// What it asked.
    asked: String,
    tries: Tries,
}

/// What another runner is reached with.
#[derive(Debug)]
struct Way {
    host: Host,
    store: Arc<dyn Store>,
    who: Who,
    directory: PathBuf,
}

/// What waiting came to.
pub(super) enum Step {
    /// Something arrived, was folded and told.
    Told(Box<ToClient>),
    /// The runner had ended, and another one was found: all that the run has recorded.
    Rejoined(Vec<Record>),
    /// Nothing arrived in time.
    TooLate,
}

impl Session {
    /// Starts a run, with its files below a state directory.
    pub async fn start(
        host: &Host,
        store: &Arc<dyn Store>,
        state_dir: &Path,
        new: NewRun,
    ) -> Result<Self, AttachError> {
        let part = if new.start.headless { Part::Unattended } else { Part::Operator };
        let who = Who { operator: new.start.operator.clone(), part };
        let directory = new.directory.clone();
        let attached = attach::start(host, store, state_dir, new).await?;
        Ok(Self::new(attached, Way { host: host.clone(), store: Arc::clone(store), who, directory }))
    }

    /// Goes on with a run; a runner that is started for it, now or later, is started for `directory`.
    pub async fn join(
        host: &Host,
        store: &Arc<dyn Store>,
        run: &RunFiles,
        who: Who,
        directory: PathBuf,
    ) -> Result<Self, AttachError> {
        let attached = attach::join(host, store, run, &who, &directory).await?;
        Ok(Self::new(attached, Way { host: host.clone(), store: Arc::clone(store), who, directory }))
    }

    /// Looks at a run without owning it.
    pub async fn view(
        host: &Host,
        store: &Arc<dyn Store>,
        run: &RunFiles,
        operator: &str,
    ) -> Result<Self, AttachError> {
        let attached = attach::view(&**store, run, operator).await?;
        let who = Who { operator: operator.to_owned(), part: Part::Looks };
        let directory = PathBuf::new();
        Ok(Self::new(attached, Way { host: host.clone(), store: Arc::clone(store), who, directory }))
    }

    fn new(mut attached: Attached, way: Way) -> Self {
        attached.records = Vec::new();
        Self { attached, way, last: 0, asked: String::new(), tries: Tries::new() }
    }

    /// What is known of the run.
    pub fn state(&self) -> &RunState {
        &self.attached.state
    }

    /// Who is there.
    pub fn control(&self) -> &Control {
        &self.attached.control
    }

    /// What is on this machine of the run.
    pub fn run(&self) -> &RunFiles {
        &self.attached.run
    }

    /// Whether the run goes on in processes of its own when this one ends.
    pub fn outlives_us(&self) -> bool {
        matches!(self.way.host, Host::Processes(_))
    }

    /// Sends what has no answer, such as keys.
    pub fn send(&self, message: ToRunner) {
        self.attached.connection.send(message);
    }

    /// Leaves; the run goes on. What is known of it stays.
    pub async fn leave(self) -> RunState {
        self.attached.connection.leave().await;
        self.attached.state
    }

    /// What arrives next; nothing when the runner has gone. It may be given up at any time, and nothing is lost by
    /// that; what came has to go to [`Session::take`].
    pub async fn next(&mut self) -> Option<ToClient> {
        self.attached.connection.next().await.filter(|update| *update != ToClient::Ended)
    }

    /// Takes in what [`Session::next`] gave: folds it and tells it. Where the runner has gone, goes on with the next.
    pub async fn take<O: Observer>(
        &mut self,
        arrived: Option<ToClient>,
        observer: &mut O,
    ) -> Result<(), O::Error> {
        self.take_in(arrived, observer).await.map(drop)
    }

    /// Waits until the state says something.
    pub async fn until<O: Observer>(
        &mut self,
        holds: impl Fn(&RunState) -> bool,
        observer: &mut O,
    ) -> Result<(), O::Error> {
        while !holds(self.state()) {
            self.step(None, observer).await?;
        }
        Ok(())
    }

    /// Waits until the state says something, or until a time; whether it says it.
    pub async fn until_by<O: Observer>(
        &mut self,
        deadline: Instant,
        holds: impl Fn(&RunState) -> bool,
        observer: &mut O,
    ) -> Result<bool, O::Error> {
        while !holds(self.state()) {
            if let Step::TooLate = self.step(Some(deadline), observer).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Waits for one thing to arrive, or until a time; false when nothing did.
    pub async fn wait_by<O: Observer>(
        &mut self,
        deadline: Instant,
        observer: &mut O,
    ) -> Result<bool, O::Error> {
        Ok(!matches!(self.step(Some(deadline), observer).await?, Step::TooLate))
    }

    /// Asks, and waits until it was decided.
    pub async fn ask<O: Observer>(&mut self, request: Request, observer: &mut O) -> Result<(), O::Error> {
        let answer = self.put(request, observer).await?;
        self.undone(answer).map_or(Ok(()), |error| Err(error.into()))
    }

    /// Asks, also the next runner where one ended before it took the request. It is asked again only where the
    /// record has nothing of it.
    pub async fn insist<O: Observer>(&mut self, request: Request, observer: &mut O) -> Result<(), O::Error> {
        let mut answer = Answer::NotTaken;
        for _ in 0..MOST_ASKED {
            answer = self.put(request.clone(), observer).await?;
            if answer != Answer::NotTaken {
                break;
            }
        }
        self.undone(answer).map_or(Ok(()), |error| Err(error.into()))
    }

    /// Asks, and tells how it came out. Of a request whose answer never came, the record decides.
    pub async fn put<O: Observer>(&mut self, request: Request, observer: &mut O) -> Result<Answer, O::Error> {
        let (number, before) = (self.next_number(), self.state().seq());
        self.asked = name_of(&request);
        self.send(ToRunner::Ask { number, request: request.clone() });
        let deadline = Instant::now() + TO_ANSWER;
        loop {
            match self.step(Some(deadline), observer).await? {
                Step::Told(update) => {
                    let ToClient::Answered { number: of, refused } = *update else { continue };
                    if of == number {
                        self.has_answered();
                        return Ok(refused.map_or(Answer::Done, Answer::Refused));
                    }
                }
                Step::Rejoined(mut records) => {
                    records.retain(|record| record.seq > before);
                    return Ok(came_of(&request, &self.way.who.operator, &records, self.state()));
                }
                Step::TooLate => return Ok(Answer::Silent),
            }
        }
    }

    /// Why the last request came to nothing, if it did; in words that say what to do.
    pub fn undone(&self, answer: Answer) -> Option<SessionError> {
        let (run, asked) = (self.run().id().clone(), self.asked.clone());
        match answer {
            Answer::Done => None,
            Answer::Refused(refusal) => Some(refusal.into()),
            Answer::NotTaken => Some(SessionError::NotTaken { run, asked }),
            Answer::NotKnown => Some(SessionError::NotKnown { run, asked }),
            Answer::Silent => Some(self.silent(&asked, TO_ANSWER)),
        }
    }

    /// The runner is there and gave no answer in time.
    pub(super) fn silent(&self, asked: &str, waited: Duration) -> SessionError {
        let (run, pid) = (self.run().id().clone(), self.attached.connection.pid());
        SessionError::Silent { run, pid, asked: asked.to_owned(), waited }
    }

    /// The number of a new request.
    pub(super) fn next_number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// The runner is one to work with.
    pub(super) fn has_answered(&mut self) {
        self.tries.answered();
    }

    /// Waits for one thing, and takes it in.
    pub(super) async fn step<O: Observer>(
        &mut self,
        deadline: Option<Instant>,
        observer: &mut O,
    ) -> Result<Step, O::Error> {
        let arrived = match deadline {
            None => self.next().await,
            Some(deadline) => match tokio::time::timeout_at(deadline, self.next()).await {
                Ok(arrived) => arrived,
                Err(_) => return Ok(Step::TooLate),
            },
        };
        self.take_in(arrived, observer).await
    }

    async fn take_in<O: Observer>(
        &mut self,
        arrived: Option<ToClient>,
        observer: &mut O,
    ) -> Result<Step, O::Error> {
        let Some(update) = arrived else { return self.rejoin(observer).await.map(Step::Rejoined) };
        match &update {
            ToClient::Recorded(record) => {
                // Told before: what a runner repeats is folded once.
                if record.seq <= self.state().seq() {
                    return Ok(Step::Told(Box::new(update)));
                }
                observer.before(self.state(), record);
                self.attached.state.advance(record);
            }
            ToClient::Control(control) => self.attached.control = control.clone(),
            _ => {}
        }
        observer.arrived(&self.attached.state, &update)?;
        Ok(Step::Told(Box::new(update)))
    }

    /// The runner has gone, the run has not: goes on with the next one. Nothing that was asked is asked again by
    /// this. Gives all that the run has recorded.
    async fn rejoin<O: Observer>(&mut self, observer: &mut O) -> Result<Vec<Record>, O::Error> {
        if !self.outlives_us() {
            return Err(SessionError::Ended.into());
        }
        observer.runner_ended(self.run().id())?;
        let mut attached = self.next_runner().await?;
        let records = std::mem::take(&mut attached.records);
        let old = std::mem::replace(&mut self.attached, attached);
        for record in records.iter().filter(|record| record.seq > old.state.seq()) {
            observer.before(&old.state, record);
            observer.arrived(self.state(), &ToClient::Recorded(Box::new(record.clone())))?;
        }
        observer.arrived(self.state(), &ToClient::Control(self.control().clone()))?;
        observer.rejoined(self.state())?;
        Ok(records)
    }

    /// Finds the runner that works now, or starts one.
    async fn next_runner(&mut self) -> Result<Attached, SessionError> {
        self.tries.ended();
        let mut failed = None;
        while let Some(pause) = self.tries.next() {
            tokio::time::sleep(pause).await;
            match self.way.again(&self.attached.run).await {
                Ok(attached) => {
                    self.tries.reached();
                    return Ok(attached);
                }
                Err(error) => {
                    let passes = error.may_pass();
                    failed = Some(error);
                    if !passes {
                        break;
                    }
                }
            }
        }
        let (run, tries) = (self.run().id().clone(), self.tries.made());
        Err(match failed {
            Some(why) => SessionError::Gone { run, tries, why: Box::new(why) },
            None => SessionError::Ending { run, tries },
        })
    }
}

impl Way {
    async fn again(&self, run: &RunFiles) -> Result<Attached, AttachError> {
        match self.who.part {
            Part::Looks => attach::view(&*self.store, run, &self.who.operator).await,
            Part::Operator | Part::Unattended => {
                attach::join(&self.host, &self.store, run, &self.who, &self.directory).await
            }
        }
    }
}
