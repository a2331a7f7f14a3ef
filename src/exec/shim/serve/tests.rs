//! A place over its socket, with a shell of its own.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;

use super::super::message::Mode;
use super::super::remote::{FromPlace, Remote, Standing};
use super::*;
use crate::run::{Attempt, Exit};
use crate::runbook::CommandId;

/// Longer than any of it takes.
const DEADLINE: Duration = Duration::from_mins(1);

/// Whoever owns the run.
struct Owner {
    remote: Remote,
    standing: Standing,
    reports: UnboundedReceiver<FromPlace>,
}

impl Owner {
    async fn of(directory: &Path) -> Self {
        let (to, reports) = unbounded_channel();
        let take = move |message| drop(to.send(message));
        let (remote, standing) = Remote::connect(directory, take).await.unwrap();
        Self { remote, standing, reports }
    }

    /// The first report that is wanted, with its number.
    async fn until(&mut self, wanted: impl Fn(&FromShim) -> bool) -> Option<u64> {
        loop {
            let message = tokio::time::timeout(DEADLINE, self.reports.recv()).await.unwrap().unwrap();
            let FromPlace::Report(report) = message else { panic!("the place has gone") };
            if wanted(&report.report) {
                return report.number;
            }
        }
    }

    /// Leaves, and waits until the place has seen that.
    async fn leave(self) {
        let Self { remote, mut reports, .. } = self;
        drop(remote);
        let gone = async {
            while let Some(message) = reports.recv().await {
                if matches!(message, FromPlace::Gone) {
                    return;
                }
            }
        };
        tokio::time::timeout(DEADLINE, gone).await.unwrap();
    }

    /// Has a command run that ends with this status; the number of the report on that.
    async fn run(&mut self, id: &str, status: i32) -> Option<u64> {
        self.remote.send(ToShim::Run {
            command: CommandId(id.into()),
            attempt: Attempt(1),
            text: format!("(exit {status})"),
            mode: Mode::NoInput,
            watch: false,
            hidden: None,
        });
        self.until(|report| is_end(report, id, status)).await
    }

    /// Numbers of the ends that were reported before and not taken.
    fn ends(&self) -> Vec<u64> {
        let ends = self.standing.reports.iter().filter(|r| matches!(r.report, FromShim::Exited { .. }));
        ends.filter_map(|r| r.number).collect()
    }
}

fn is_end(report: &FromShim, id: &str, status: i32) -> bool {
    matches!(report, FromShim::Exited { command, exit, .. }
        if command.0 == id && *exit == Exit::Status(status))
}

/// Works as a place for as long as somebody does something with it.
async fn with_place(owners: impl AsyncFnOnce(&Path)) {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let settings = ShimSettings {
        recordings: at.to_owned(),
        directory: at.to_owned(),
        environment: vec![("HOME".into(), at.display().to_string())],
    };
    let (up, is_up) = oneshot::channel();
    let served = serve(at, settings, || up.send(()).unwrap());
    let owned = async {
        is_up.await.unwrap();
        owners(at).await;
    };
    let (served, ()) = tokio::join!(served, owned);
    served.unwrap();
    assert!(!socket(at).exists(), "nobody is led to a place that has gone");
}

#[tokio::test]
async fn what_nobody_took_is_told_to_the_next_owner_and_what_was_taken_is_not() {
    with_place(async |at: &Path| {
        let mut first = Owner::of(at).await;
        if first.standing.shell.is_none() {
            first.until(|report| matches!(report, FromShim::Ready { .. })).await;
        }
        let one = first.run("1/1", 3).await.unwrap();
        let two = first.run("1/2", 0).await.unwrap();
        assert!(one < two);
        first.leave().await;
        let mut second = Owner::of(at).await;
        assert_eq!(second.ends(), [one, two], "told once more, by the same numbers");
        assert!(second.standing.shell.is_some() && second.standing.live.is_empty());
        second.remote.taken(one);
        // What is sent after it is answered after it was taken.
        let three = second.run("1/3", 1).await.unwrap();
        let ledger = Remote::ledger(at).unwrap();
        let ends = ledger.reports.iter().filter(|r| matches!(r, FromShim::Exited { .. }));
        assert_eq!(ends.count(), 2, "the second and the third");
        assert!(ledger.began(&CommandId("1/1".into()), Attempt(1)));
        second.leave().await;
        let third = Owner::of(at).await;
        assert_eq!(third.ends(), [two, three]);
        third.remote.send(ToShim::Shutdown);
    })
    .await;
}

#[tokio::test]
async fn one_who_is_none_of_ours_does_not_keep_the_owner_out() {
    with_place(async |at: &Path| {
        use tokio::io::AsyncWriteExt;
        let mut stranger = wire::connect(&socket(at)).await.unwrap();
        // The head of a frame that no message of ours has.
        stranger.write_all(&u32::MAX.to_be_bytes()).await.unwrap();
        let owner = Owner::of(at).await;
        owner.remote.send(ToShim::Shutdown);
    })
    .await;
}

#[tokio::test]
async fn two_do_not_work_in_one_directory() {
    with_place(async |at: &Path| {
        assert!(Remote::at_work(at));
        let settings =
            ShimSettings { recordings: at.to_owned(), directory: at.to_owned(), environment: vec![] };
        let refused = serve(at, settings, || panic!("it must not listen")).await.unwrap_err();
        assert!(matches!(refused, ExecError::Refused(_)), "{refused}");
        Owner::of(at).await.remote.send(ToShim::Shutdown);
    })
    .await;
}
