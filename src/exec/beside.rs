//! Programs of the probes: each in a shell of its own, beside every shell of a run.

use std::path::PathBuf;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::Semaphore;

use super::spawn;
use crate::probe::{MOST_PRINTED, Programs, Ran};
use crate::run::health::{Reason, Unseen};
use crate::shell::quote::quote;

/// So many of them run at a time.
const AT_ONCE: usize = 2;

/// How long what was told to end (INT) may take before it is ended (KILL).
const GRACE: Duration = Duration::from_secs(1);

/// Runs programs in a directory.
#[derive(Debug)]
pub struct Beside {
    directory: PathBuf,
    at_once: Semaphore,
}

impl Beside {
    /// In this directory.
    pub fn in_directory(directory: PathBuf) -> Self {
        Self { directory, at_once: Semaphore::new(AT_ONCE) }
    }
}

/// The script by a bash of its own with no terminal and nothing to read, its streams in one. What it prints beyond the bound
/// ends it (SIGPIPE).
fn bounded(script: &str) -> String {
    let inner = format!("exec </dev/null 2>&1\n{script}\n");
    let outer = format!(
        "bash --noprofile --norc -c {} | head -c {}; exit \"${{PIPESTATUS[0]}}\"",
        quote(&inner),
        MOST_PRINTED + 1
    );
    format!("TERM=dumb exec nice -n 10 bash --noprofile --norc -c {}", quote(&outer))
}

impl Programs for Beside {
    fn run(&self, script: String, limit: Duration) -> BoxFuture<'_, Result<Ran, Unseen>> {
        Box::pin(async move {
            let failed = |error: &dyn std::error::Error| Unseen::new(Reason::NoProgram, error.to_string());
            let _one = self.at_once.acquire().await;
            let (directory, text) = (self.directory.clone(), bounded(&script));
            // Whoever gives up waiting closes this end, and what runs is ended.
            let (left, _waits) =
                rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(|e| failed(&e))?;
            let bounds = spawn::Bounds { limit, most: MOST_PRINTED as u64 + 1, alone: Some((GRACE, left)) };
            let ask = move || spawn::ask_within(&text, &directory, &bounds);
            let asked =
                tokio::task::spawn_blocking(ask).await.map_err(|e| failed(&e))?.map_err(|e| failed(&e))?;
            let cut = asked.output.len() > MOST_PRINTED;
            Ok(Ran { status: asked.status, output: asked.output, cut })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, limit: Duration) -> Ran {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let beside = Beside::in_directory(std::env::temp_dir());
        runtime.block_on(beside.run(script.to_owned(), limit)).unwrap()
    }

    const LIMIT: Duration = Duration::from_secs(20);

    #[test]
    fn what_a_program_prints_and_ends_with_is_told() {
        let ran = run("echo out; echo err >&2; exit 3", LIMIT);
        assert_eq!((ran.status, ran.output.as_str(), ran.cut), (Some(3), "out\nerr\n", false));
        assert_eq!(run("no-such-program-here", LIMIT).status, Some(127));
    }

    #[test]
    fn one_that_waits_for_input_gets_none() {
        assert_eq!(run("cat; echo ended", LIMIT).output, "ended\n");
    }

    #[test]
    fn a_flood_is_cut_and_ends() {
        let ran = run("yes", LIMIT);
        assert!(ran.cut && ran.output.len() == MOST_PRINTED + 1, "{}", ran.output.len());
    }

    #[test]
    fn what_takes_too_long_is_ended_with_all_that_it_started() {
        let directory = tempfile::tempdir().unwrap();
        let mark = directory.path().join("alive");
        // What it started has the file open: whoever can lock it knows that it has ended.
        let script = format!("exec 9>{0}; flock 9; (trap '' INT; sleep 600) & sleep 600", mark.display());
        assert_eq!(run(&script, Duration::from_millis(500)).status, None);
        let again = directory.path().join("again");
        let script = format!("exec 9>{0}; flock 9; sleep 600 & echo left", again.display());
        // One that leaves something behind: it is ended with it, when the limit is over at the latest.
        assert_eq!(run(&script, Duration::from_millis(500)).status, None);
        for mark in [&mark, &again] {
            let free = run(&format!("exec 9>{0}; flock -n 9 && echo free", mark.display()), LIMIT);
            assert_eq!(free.output, "free\n");
        }
    }

    #[test]
    fn what_nobody_waits_for_any_more_is_ended() {
        let directory = tempfile::tempdir().unwrap();
        let mark = directory.path().join("alive");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let beside = Beside::in_directory(std::env::temp_dir());
        let script = format!("exec 9>{0}; flock 9; echo > {0}.runs; sleep 600", mark.display());
        runtime.block_on(async {
            let mut runs = beside.run(script, LIMIT);
            while !directory.path().join("alive.runs").exists() {
                // It is polled, and dropped in the middle.
                let _goes_on = tokio::time::timeout(Duration::from_millis(20), &mut runs).await;
            }
            drop(runs);
            let free =
                beside.run(format!("exec 9>{0}; flock -w 15 9 && echo free", mark.display()), LIMIT).await;
            assert_eq!(free.unwrap().output, "free\n");
        });
    }
}
