//! The release that goes on in the same environment, wherever its runner is: a wall marks its commands, and says whose it
//! is and how far.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::client::{Host, Observer, Session, SessionError};
use crate::figures::counted;
use crate::protocol::ToClient;
use crate::run::{RunId, RunState, flow};
use crate::run_files::RunFiles;
use crate::store::{Filter, Store};
use crate::tui::widgets::text::minute;

/// So often it is looked whether a release goes on.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Where releases are looked for, and of what.
#[derive(Clone, Debug)]
pub struct Releases {
    /// Where runners live.
    pub host: Host,
    /// Where runs are kept.
    pub store: Arc<dyn Store>,
    /// Where runners are reached.
    pub state_dir: PathBuf,
    /// The document's title.
    pub title: String,
    /// The environment.
    pub environment: String,
    /// Who looks.
    pub operator: String,
}

impl Releases {
    /// The last one that is not over; nothing where it can't be looked at.
    async fn find(self) -> Option<Box<Session>> {
        let Self { host, store, state_dir, title, environment, operator } = self;
        let kept = Arc::clone(&store);
        let filter = Filter { environment: Some(environment), unfinished: true, most: None };
        let runs = tokio::task::spawn_blocking(move || kept.list(&filter)).await.ok()?.ok()?;
        let run = runs.into_iter().filter(|run| run.title == title).max_by_key(|run| run.started)?;
        let files = RunFiles::of(&state_dir, run.id);
        Session::view(&host, &store, &files, &operator).await.ok().map(Box::new)
    }
}

/// What has come of a release.
pub(super) enum Came {
    /// It is looked at from now on, or there is none.
    Found(Option<Box<Session>>),
    /// Its runner says something; nothing when it has gone.
    Said(Option<ToClient>),
    /// It is time to look for one.
    Look,
}

/// A release while it is followed.
pub(super) struct Following {
    releases: Option<Releases>,
    looking: Option<JoinHandle<Option<Box<Session>>>>,
    session: Option<Box<Session>>,
    look_at: Instant,
}

impl std::fmt::Debug for Following {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Following").field("run", &self.state().map(RunState::id)).finish_non_exhaustive()
    }
}

impl Following {
    pub(super) fn new(releases: Option<Releases>) -> Self {
        Self { releases, looking: None, session: None, look_at: Instant::now() }
    }

    /// What is known of the release.
    pub(super) fn state(&self) -> Option<&RunState> {
        self.session.as_ref().map(|session| session.state())
    }

    /// What comes next. It may be given up at any time; what came has to be taken.
    pub(super) async fn next(&mut self) -> Came {
        let look =
            self.looking.is_none() && self.state().is_none_or(RunState::is_over) && self.releases.is_some();
        tokio::select! {
            said = said(&mut self.session) => Came::Said(said),
            found = found(&mut self.looking) => Came::Found(found),
            () = tokio::time::sleep_until(self.look_at), if look => Came::Look,
        }
    }

    /// Takes what came.
    pub(super) async fn take(&mut self, came: Came) {
        match came {
            Came::Look => {
                self.look_at = Instant::now() + LOOK_EVERY;
                self.looking = self.releases.clone().map(|releases| tokio::spawn(releases.find()));
            }
            // One that is over stays until the next begins: what it did is still the last that was done.
            Came::Found(found) => {
                self.looking = None;
                if found.is_some() {
                    self.session = found;
                }
            }
            Came::Said(Some(update)) => {
                let Some(session) = &mut self.session else { return };
                if Box::pin(session.take(Some(update), &mut Quiet)).await.is_err() {
                    self.session = None;
                }
            }
            Came::Said(None) => self.session = None,
        }
    }

    /// Leaves it.
    pub(super) async fn leave(self) {
        if let Some(session) = self.session {
            session.leave().await;
        }
    }
}

/// Which release goes on, and how far it is: `release of 23:40 by ada, 5 of 8 commands`.
pub(in crate::tui) fn words(run: &RunState) -> String {
    let (done, all) = flow::progress(run, &run.path());
    let of = run.start().map_or(String::new(), |(_, at)| format!(" of {}", minute(*at)));
    format!("release{of} by {}, {done} of {}", run.operator(), counted(all, "command"))
}

async fn said(session: &mut Option<Box<Session>>) -> Option<ToClient> {
    match session {
        Some(session) => session.next().await,
        None => std::future::pending().await,
    }
}

async fn found(looking: &mut Option<JoinHandle<Option<Box<Session>>>>) -> Option<Box<Session>> {
    match looking {
        Some(looking) => looking.await.ok().flatten(),
        None => std::future::pending().await,
    }
}

/// Nothing of a release is printed here.
struct Quiet;

impl Observer for Quiet {
    type Error = SessionError;

    fn arrived(&mut self, _state: &RunState, _update: &ToClient) -> Result<(), SessionError> {
        Ok(())
    }

    fn runner_ended(&mut self, _run: &RunId) -> Result<(), SessionError> {
        Ok(())
    }
}
