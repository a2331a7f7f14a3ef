//! Docker and what speaks its API: containers of a compose project and containers by name, by their state, health,
//! restarts, image, use of the machine, and lines of their logs that speak of errors.
//!
//! The engine tells of changes by itself (its event stream); at intervals only what moves is asked for.

mod container;
mod logs;
pub(super) mod tail;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bollard::Docker;
use bollard::models::ContainerSummary;
use bollard::query_parameters::{EventsOptionsBuilder, ListContainersOptionsBuilder};
use futures::StreamExt;
use futures::future::BoxFuture;
use tokio::sync::Notify;

use super::collector::Collector;
use super::vantage::{Reach, Target};
use super::words::{deepest, plain, reason_of};
use crate::run::health::{Reason, Seen, Subject, Unseen};
use crate::runbook::probes::Docker as Asked;

use container::Known;

/// The label that compose gives to the containers of a project.
const PROJECT: &str = "com.docker.compose.project";
/// The label with the service's name.
const SERVICE: &str = "com.docker.compose.service";
/// The label of containers that `compose run` made for once.
const ONE_OFF: &str = "com.docker.compose.oneoff";

/// Where the engine listens, as a rule.
const USUAL: &str = "/var/run/docker.sock";

/// The engine and what is known of its containers.
pub(super) struct Engine {
    project: Option<String>,
    services: Vec<String>,
    containers: Vec<String>,
    address: Option<String>,
    reach: Option<Arc<dyn Reach>>,
    docker: Option<Docker>,
    known: HashMap<String, Known>,
    events: Option<Events>,
}

/// The engine's event stream: it says that something has happened.
struct Events {
    happened: Arc<Notify>,
    listens: tokio::task::JoinHandle<()>,
}

impl Drop for Events {
    fn drop(&mut self) {
        self.listens.abort();
    }
}

impl Engine {
    pub(super) fn new(source: Asked, reach: Option<Arc<dyn Reach>>) -> Self {
        let Asked { project, services, containers, engine: address } = source;
        let known = HashMap::new();
        Self { project, services, containers, address, reach, docker: None, known, events: None }
    }

    async fn ask(&mut self) -> Result<Vec<Subject>, Unseen> {
        let docker = match &self.docker {
            Some(docker) => docker.clone(),
            None => {
                let docker = self.connect().await?;
                self.docker.insert(docker).clone()
            }
        };
        if self.events.as_ref().is_none_or(|e| e.listens.is_finished()) {
            self.events = Some(listen(&docker));
        }
        let all = listed(&docker).await?;
        let ours = self.ours(&all)?;
        let by_id: HashMap<&str, (&String, &ContainerSummary)> =
            ours.iter().map(|(name, s)| (s.id.as_deref().unwrap_or(""), (name, *s))).collect();
        self.known.retain(|id, _| by_id.contains_key(id.as_str()));
        for id in by_id.keys() {
            self.known.entry((*id).to_owned()).or_default();
        }
        // All at once: each may wait for the engine, and what is known stays in its place if a look is given up.
        let looks = self.known.iter_mut().filter_map(|(id, known)| {
            let (name, summary) = by_id.get(id.as_str())?;
            Some(container::look(&docker, name, summary, known))
        });
        let mut subjects = futures::future::join_all(looks).await;
        subjects.sort_by(|a, b| a.name.cmp(&b.name));
        let named = self.services.iter().chain(&self.containers);
        for missing in named.filter(|n| !ours.contains_key(*n)) {
            subjects.push(Subject::unseen(missing, Unseen::new(Reason::Gone, "it has no container")));
        }
        if subjects.is_empty() {
            let words = "the document names no service, and no project has that name";
            return Err(Unseen::new(Reason::NotTold, words));
        }
        Ok(subjects)
    }

    async fn connect(&self) -> Result<Docker, Unseen> {
        let Some(reach) = &self.reach else { return connect(self.address.as_deref()).await };
        let named = self.address.as_deref().and_then(|a| a.strip_prefix("unix://"));
        let socket = named.unwrap_or(USUAL).to_owned();
        let target = Target::Socket(socket.clone());
        let no_way = |why| Unseen::new(Reason::NoWay, why);
        let lead = reach.lead(target.clone()).await.map_err(no_way)?;
        let docker = Docker::connect_with_socket(&lead.to_string_lossy(), 120, bollard::API_DEFAULT_VERSION);
        let docker = match docker {
            Ok(docker) => docker.negotiate_version().await,
            Err(error) => Err(error),
        };
        match docker {
            Ok(docker) => Ok(docker),
            Err(error) => {
                let why = reach.why(target).await.unwrap_or_else(|| failed(&error));
                let words = format!("could not reach {socket} on {}: {why}", reach.host());
                Err(Unseen::new(Reason::NoSocket, words))
            }
        }
    }

    /// The containers that are meant, by service or name. Of several with one service, each.
    fn ours<'c>(
        &self,
        all: &'c [ContainerSummary],
    ) -> Result<BTreeMap<String, &'c ContainerSummary>, Unseen> {
        let once = |c: &ContainerSummary| label(c, ONE_OFF).is_some_and(|v| v == "True");
        let project = match &self.project {
            Some(project) => Some(project.clone()),
            None => self.meant_project(all)?,
        };
        let mut found = BTreeMap::new();
        for container in all.iter().filter(|c| !once(c)) {
            let own = name_of(container);
            if self.containers.contains(&own) {
                found.insert(own, container);
            } else if let Some(service) = label(container, SERVICE)
                && label(container, PROJECT) == project.as_ref()
                && project.is_some()
            {
                let name = if found.contains_key(service) { own } else { service.clone() };
                found.insert(name, container);
            }
        }
        Ok(found)
    }

    /// The one project that has services of these names. Of several nobody can tell which is meant.
    fn meant_project(&self, all: &[ContainerSummary]) -> Result<Option<String>, Unseen> {
        let mut projects: Vec<&String> = Vec::new();
        for container in all {
            let (Some(project), Some(service)) = (label(container, PROJECT), label(container, SERVICE))
            else {
                continue;
            };
            if self.services.contains(service) && !projects.contains(&project) {
                projects.push(project);
            }
        }
        match projects.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).clone())),
            several => {
                let names: Vec<&str> = several.iter().map(|p| p.as_str()).collect();
                let words = format!(
                    "several projects have these services: {}; name one as project of [probes.docker]",
                    names.join(", ")
                );
                Err(Unseen::new(Reason::NoWay, words))
            }
        }
    }
}

impl Collector for Engine {
    fn look(&mut self, _: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            match self.ask().await {
                Ok(subjects) => Seen::Subjects(subjects),
                Err(unseen) => {
                    self.forget();
                    Seen::Nothing(unseen)
                }
            }
        })
    }

    fn forget(&mut self) {
        self.docker = None;
        self.events = None;
    }

    fn woken(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match &self.events {
                Some(events) => events.happened.notified().await,
                None => std::future::pending().await,
            }
        })
    }
}

/// All containers of an engine, those that have ended too.
async fn listed(docker: &Docker) -> Result<Vec<ContainerSummary>, Unseen> {
    let options = ListContainersOptionsBuilder::new().all(true).build();
    docker.list_containers(Some(options)).await.map_err(|e| unseen(&e, failed(&e)))
}

fn label<'c>(container: &'c ContainerSummary, name: &str) -> Option<&'c String> {
    container.labels.as_ref()?.get(name)
}

fn name_of(container: &ContainerSummary) -> String {
    let names = container.names.as_deref().unwrap_or_default();
    names.first().map_or("", |n| n.trim_start_matches('/')).to_owned()
}

/// Connects: to the address of the settings, `DOCKER_HOST`, the usual socket, or a rootless one.
async fn connect(address: Option<&str>) -> Result<Docker, Unseen> {
    let set =
        address.map(str::to_owned).or_else(|| std::env::var("DOCKER_HOST").ok().filter(|h| !h.is_empty()));
    let address = match set {
        Some(address) => address,
        None => sockets()
            .into_iter()
            .find(|s| Path::new(s).exists())
            .map_or_else(|| format!("unix://{USUAL}"), |socket| format!("unix://{socket}")),
    };
    let docker = Docker::connect_with_host(&address);
    let docker = docker.map_err(|e| unseen(&e, format!("{address}: {}", failed(&e))))?;
    // An engine speaks the versions it knows; ours may be newer.
    let docker = docker.negotiate_version().await;
    docker.map_err(|e| unseen(&e, format!("could not reach {address}: {}", failed(&e))))
}

/// Where an engine listens, the system's first, then a rootless one's.
fn sockets() -> Vec<String> {
    let mut found = vec![USUAL.to_owned()];
    if let Ok(runtime) = std::env::var("XDG_RUNTIME_DIR") {
        found.push(format!("{runtime}/docker.sock"));
        found.push(format!("{runtime}/podman/podman.sock"));
    }
    if let Ok(home) = std::env::var("HOME") {
        found.push(format!("{home}/.docker/run/docker.sock"));
    }
    found
}

fn listen(docker: &Docker) -> Events {
    let happened = Arc::new(Notify::new());
    let (docker, tell) = (docker.clone(), Arc::clone(&happened));
    let filters: HashMap<String, Vec<String>> = [("type".to_owned(), vec!["container".to_owned()])].into();
    let listens = tokio::spawn(async move {
        let mut events =
            std::pin::pin!(docker.events(Some(EventsOptionsBuilder::new().filters(&filters).build())));
        while let Some(Ok(event)) = events.next().await {
            // Health checks run commands, and each is an event; only their result is news.
            let action = event.action.unwrap_or_default();
            if !action.starts_with("exec_") && action != "top" {
                tell.notify_one();
            }
        }
    });
    Events { happened, listens }
}

/// The engine only tells of what runs: without it nothing of that is seen.
fn unseen(error: &bollard::errors::Error, words: String) -> Unseen {
    let reason = match reason_of(error) {
        Some(Reason::NoPassword) => Reason::NoPassword,
        _ => Reason::NoSocket,
    };
    Unseen::new(reason, words)
}

fn failed(error: &bollard::errors::Error) -> String {
    plain(&deepest(error), 160)
}
