//! Ports: whether somebody takes connections there, and how soon.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use tokio::io::AsyncReadExt;

use super::collector::Collector;
use super::stream;
use super::vantage::Reach;
use super::words::timed_out;
use crate::run::health::{Level, Measured, Seen, Subject, Unseen, amount};
use crate::runbook::measures::Measure;
use crate::runbook::probes::Tcp;

/// A connection over the way to another host that lasts so long leads to somebody.
const LASTS: Duration = Duration::from_millis(300);

pub(super) struct Port {
    tcp: Tcp,
    reach: Option<Arc<dyn Reach>>,
}

impl Port {
    pub(super) fn new(tcp: Tcp, reach: Option<Arc<dyn Reach>>) -> Self {
        Self { tcp, reach }
    }

    async fn ask(&self) -> Result<Subject, Unseen> {
        let to = (self.tcp.host.as_str(), self.tcp.port);
        let started = Instant::now();
        let mut stream = stream::open(to, self.reach.as_ref()).await?;
        let took = started.elapsed().as_secs_f64() * 1000.0;
        let mut byte = [0];
        if self.reach.is_some()
            && let Ok(Ok(0) | Err(_)) = tokio::time::timeout(LASTS, stream.read(&mut byte)).await
        {
            return Err(stream::ended(to, self.reach.as_ref()).await);
        }
        Ok(Subject {
            level: Some(Level::Ok),
            state: "open".into(),
            about: format!("in {}", amount(Measure::Latency, took)),
            measured: vec![Measured::one(Measure::Latency, took)],
            ..Subject::default()
        })
    }
}

impl Collector for Port {
    fn look(&mut self, limit: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            match tokio::time::timeout(limit, self.ask()).await {
                Ok(Ok(subject)) => Seen::Subjects(vec![subject]),
                Ok(Err(unseen)) => Seen::Subjects(vec![Subject::unseen("", unseen)]),
                Err(_) => Seen::Subjects(vec![Subject::unseen("", timed_out(limit))]),
            }
        })
    }
}
