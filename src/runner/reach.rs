//! The way of the probes to another host: over the connection that its place has already.

use std::collections::HashMap;
use std::path::PathBuf;

use futures::future::BoxFuture;
use tokio::sync::Mutex;

use crate::exec::shim::{Line, lead_over_line, over_line};
use crate::probe::{Reach, Target};
use crate::shell::quote::quote;

/// Another host, over a connection of `ssh`.
#[derive(Debug)]
pub(super) struct OverLine {
    line: Line,
    /// Sockets here that lead there.
    leads: Mutex<HashMap<Target, PathBuf>>,
}

impl OverLine {
    pub(super) fn new(line: Line) -> Self {
        Self { line, leads: Mutex::default() }
    }
}

/// What `ssh` said, in a sentence.
fn said(host: &str, error: &str) -> String {
    let last = error.lines().map(str::trim).rfind(|l| !l.is_empty()).unwrap_or("no answer");
    format!("over the connection to {host}: {last}")
}

impl Reach for OverLine {
    fn lead(&self, target: Target) -> BoxFuture<'_, Result<PathBuf, String>> {
        Box::pin(async move {
            let mut leads = self.leads.lock().await;
            if let Some(known) = leads.get(&target) {
                return Ok(known.clone());
            }
            let at = self.line.socket.with_file_name(format!("to{}", leads.len()));
            let to = match &target {
                Target::Socket(path) => path.clone(),
                Target::Port(host, port) if host.contains(':') => format!("[{host}]:{port}"),
                Target::Port(host, port) => format!("{host}:{port}"),
            };
            let helper = lead_over_line(&self.line.socket, &at, &to);
            let ran = tokio::task::spawn_blocking(move || helper.run()).await.map_err(|e| e.to_string())?;
            match ran {
                Ok((0, ..)) => {
                    leads.insert(target, at.clone());
                    Ok(at)
                }
                Ok((_, _, error)) => Err(said(&self.line.host, &error)),
                Err(error) => Err(error.to_string()),
            }
        })
    }

    fn script(&self, script: String) -> BoxFuture<'_, Result<String, String>> {
        let helper = over_line(&self.line.socket, &["-T"], &format!("exec sh -c {}", quote(&script)));
        Box::pin(async move {
            let ran = tokio::task::spawn_blocking(move || helper.run()).await.map_err(|e| e.to_string())?;
            match ran {
                Ok((255, _, error)) => Err(said(&self.line.host, &error)),
                Ok((_, output, _)) => Ok(output),
                Err(error) => Err(error.to_string()),
            }
        })
    }

    fn host(&self) -> &str {
        &self.line.host
    }
}
