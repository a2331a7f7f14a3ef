//! Measures health: one file a source. What is seen comes back as a [`Sample`]; what it comes to is told by
//! `run::health`.
//!
//! **Invariant:** a probe that hangs costs nothing but its own answer. Each look has its timeout, only so many are
//! made at once, and none is made on a thread that somebody waits for.

mod afar;
mod collector;
mod command;
mod docker;
mod host;
mod http;
mod keys;
mod kinds;
mod port;
mod postgres;
mod programs;
mod prometheus;
mod redis;
mod restarts;
mod stream;
mod systemd;
mod tls;
mod vantage;
mod words;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::run::health::{Reason, Sample, Seen, Watch};
use crate::runbook::probes::{Probe, ProbeId, Source};

use collector::Collector;
pub use docker::tail::log_tail;
pub use keys::Keys;
use kinds::collector;
pub use programs::{MOST_PRINTED, Programs, Ran};
pub use vantage::{Reach, Target, Vantage};
use words::{deepest, no_answer_words, plain};

/// So many probes look at the same time.
const AT_ONCE: usize = 8;

/// What is left for an answer after the source's own timeout, so that it can be told which one it was.
const GRACE: Duration = Duration::from_millis(500);

/// Looks at everything that is watched, at each probe's interval, until it is dropped.
#[derive(Debug)]
pub struct Sampler {
    _tasks: JoinSet<()>,
    wakes: watch::Sender<()>,
}

impl Sampler {
    /// Starts to look. `tell` gets each sample; it must not block.
    pub fn start(
        watched: &Watch,
        keys: &Keys,
        from: &Vantage,
        tell: impl Fn(Sample) + Clone + Send + 'static,
    ) -> Self {
        let mut tasks = JoinSet::new();
        let at_once = Arc::new(Semaphore::new(AT_ONCE));
        let (wakes, woken) = watch::channel(());
        for probe in watched.probes.iter().filter(|p| p.on) {
            let (probe, keys, at_once, tell) =
                (probe.clone(), keys.clone(), Arc::clone(&at_once), tell.clone());
            let (mut woken, from) = (woken.clone(), from.clone());
            tasks.spawn(async move {
                let mut looks = collector(&probe, keys, &from);
                let mut round = 0;
                tokio::time::sleep(first_wait(&probe.id)).await;
                if let Some(sample) = earlier(&probe, looks.as_mut(), &at_once).await {
                    tell(sample);
                }
                loop {
                    let Ok(permit) = at_once.acquire().await else { return };
                    let sample = look(&probe, looks.as_mut()).await;
                    drop(permit);
                    tell(sample);
                    round += 1;
                    tokio::select! {
                        () = tokio::time::sleep(wait(&probe, round)) => {}
                        () = looks.woken() => {}
                        Ok(()) = woken.changed(), if probe.cost.is_none() => {}
                    }
                }
            });
        }
        Self { _tasks: tasks, wakes }
    }

    /// Looks at what costs no more than a look now: something has just changed.
    pub fn wake(&self) {
        self.wakes.send_replace(());
    }
}

/// Looks once at everything that is watched.
pub async fn look_once(watch: &Watch, keys: &Keys) -> Vec<Sample> {
    let mut looks = JoinSet::new();
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    for probe in watch.probes.iter().filter(|p| p.on) {
        let (probe, keys, at_once) = (probe.clone(), keys.clone(), Arc::clone(&at_once));
        looks.spawn(async move {
            let _permit = at_once.acquire().await;
            look(&probe, collector(&probe, keys, &Vantage::Here).as_mut()).await
        });
    }
    let mut samples = Vec::new();
    while let Some(sample) = looks.join_next().await {
        samples.extend(sample);
    }
    let place = |id: &ProbeId| watch.probes.iter().position(|p| &p.id == id);
    samples.sort_by_key(|s| place(&s.probe));
    samples
}

async fn look(probe: &Probe, looks: &mut dyn Collector) -> Sample {
    let limit = Duration::from_millis(probe.timeout_ms);
    let at = chrono::Utc::now();
    let seen = match tokio::time::timeout(limit + GRACE, outlived(looks.look(limit))).await {
        Ok(Some(seen)) => seen,
        Ok(None) => {
            looks.forget();
            Seen::nothing(Reason::NoProgram, "the probe failed because of a bug in gonogo; it will try again")
        }
        Err(_) => {
            looks.forget();
            no_answer(&probe.source, limit)
        }
    };
    Sample { probe: probe.id.clone(), at, seen }
}

/// What the source of a probe keeps of before; nothing where it keeps nothing, or does not answer in time.
async fn earlier(probe: &Probe, looks: &mut dyn Collector, at_once: &Semaphore) -> Option<Sample> {
    let _permit = at_once.acquire().await.ok()?;
    let limit = Duration::from_millis(probe.timeout_ms);
    let seen = tokio::time::timeout(limit + GRACE, outlived(looks.earlier(limit))).await.ok()???;
    Some(Sample { probe: probe.id.clone(), at: chrono::Utc::now(), seen })
}

/// What a look comes to; nothing where it panics. Whoever looks goes on, and so do the others.
async fn outlived<T>(look: impl Future<Output = T>) -> Option<T> {
    AssertUnwindSafe(look).catch_unwind().await.ok()
}

/// A client for HTTP as the probes use it, for messages.
pub fn client() -> Result<reqwest::Client, String> {
    http::client()
}

/// Why a request failed, without its address.
pub fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() { "no answer in time".into() } else { plain(&deepest(error), 160) }
}

/// Nothing was seen in time. Who is asked for itself did not answer; who only tells of others left us without a way to
/// see them.
fn no_answer(source: &Source, limit: Duration) -> Seen {
    let reason = match source {
        Source::Http(_) | Source::Postgres(_) | Source::Sql(_) | Source::Redis(_) | Source::Tcp(_) => {
            Reason::TimedOut
        }
        _ => Reason::NoWay,
    };
    Seen::nothing(reason, no_answer_words(limit))
}

/// Probes begin one after another, not all in the same moment.
fn first_wait(id: &ProbeId) -> Duration {
    Duration::from_millis(spread(id, 0) % 200)
}

/// The interval, a tenth more or less: what is asked of a service must not come in step with its own work.
fn wait(probe: &Probe, round: u64) -> Duration {
    let tenth = probe.every_s * 100;
    Duration::from_millis(probe.every_s * 1000 - tenth + spread(&probe.id, round) % (2 * tenth).max(1))
}

/// A number that is different for each probe and round, and the same each time.
fn spread(id: &ProbeId, round: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (id, round).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_look_that_panics_is_no_answer_and_the_next_one_is() {
        let look = |at: usize| async move {
            tokio::task::yield_now().await;
            [1, 2, 3][std::hint::black_box(at)]
        };
        assert_eq!(outlived(look(7)).await, None);
        assert_eq!(outlived(look(1)).await, Some(2));
    }
}
