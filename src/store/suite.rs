//! What every store does, over each of them: the same checks for SQLite, for memory and for PostgreSQL.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};

use super::chain::{self, Line};
use super::error::{NotAppended, StoreError};
use super::held::Holder;
use super::journal::Store;
use super::memory::MemoryStore;
use super::postgres::tests::server;
use super::summary::Filter;
use super::{Journal, StateDirectory, TeamStore, Tombstone};
use crate::run::environment::EnvironmentKey;
use crate::run::event::Start;
use crate::run::{Event, Outcome, Record, RunId, Seq};
use crate::runbook::{self, hash::sha256_hex};

/// A store with what it has to be kept alive with.
struct Made {
    store: Arc<dyn Store>,
    _directory: Option<tempfile::TempDir>,
}

fn over_each(check: impl Fn(&dyn Store)) {
    let directory = tempfile::tempdir().unwrap();
    let sqlite = StateDirectory::open(directory.path()).unwrap().alone();
    let stores = [
        Made { store: Arc::new(MemoryStore::default()), _directory: None },
        Made { store: Arc::new(sqlite), _directory: Some(directory) },
    ];
    let postgres = server::store().map(|s| Made { store: Arc::new(s), _directory: None });
    let team = server::store().map(|team| {
        let directory = tempfile::tempdir().unwrap();
        let here = StateDirectory::open(directory.path()).unwrap().alone();
        Made { store: Arc::new(TeamStore::new(here, team)), _directory: Some(directory) }
    });
    if postgres.is_none() {
        eprintln!("SKIPPED: the suite over PostgreSQL: no server is installed");
    }
    for made in stores.into_iter().chain(postgres).chain(team) {
        check(&*made.store);
    }
}

/// Makes lines that follow one another.
struct Chain {
    run: RunId,
    seq: u64,
    prev: String,
    epoch: u32,
}

impl Chain {
    fn of(run: &str) -> Self {
        Self { run: RunId(run.into()), seq: 0, prev: String::new(), epoch: 1 }
    }

    fn next(&mut self, event: Event) -> Line {
        self.seq += 1;
        let record = Record {
            v: 1,
            run: self.run.clone(),
            seq: Seq(self.seq),
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(self.seq.cast_signed()),
            actor: "ada".into(),
            epoch: self.epoch,
            prev: self.prev.clone(),
            event,
        };
        let line = Line::of(&record).unwrap();
        self.prev = chain::hash(&line.text);
        line
    }

    fn start(&mut self, environment: &str) -> Line {
        let title = "T".to_owned();
        let (environment, sha256) = (environment.to_owned(), sha256_hex(DOCUMENT.as_bytes()));
        self.next(Event::RunStarted(Start { title, sha256, environment, ..Start::default() }))
    }

    fn note(&mut self, text: &str) -> Line {
        self.next(Event::Noted { about: String::new(), text: text.into(), issue: false })
    }
}

const DOCUMENT: &str = "# T";

fn begun(store: &dyn Store, run: &str) -> (Box<dyn Journal>, Chain) {
    begun_in(store, run, "Production")
}

/// A run as a runner begins it: it has its environment first.
fn begun_in(store: &dyn Store, run: &str, environment: &str) -> (Box<dyn Journal>, Chain) {
    let mut journal = store.create(&RunId(run.into()), DOCUMENT).unwrap();
    let mut chain = Chain::of(run);
    drop(store.hold(&EnvironmentKey::of(&runbook::read(DOCUMENT), environment), &holder(run)).unwrap());
    journal.append(&[chain.start(environment)]).unwrap();
    (journal, chain)
}

fn holder(run: &str) -> Holder {
    Holder {
        run: RunId(run.into()),
        directory: std::path::PathBuf::from("/nowhere/at/all"),
        operator: "ada".into(),
        since: "21:07".into(),
    }
}

fn texts(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|l| l.text.clone()).collect()
}

#[test]
fn what_is_appended_is_there_byte_for_byte_and_in_order() {
    over_each(|store| {
        let (mut journal, mut chain) = begun(store, "t-1");
        let run = RunId("t-1".into());
        let lines = [chain.note("one"), chain.note("zwei: Größe \u{1f600}"), chain.note("three")];
        let head = journal.append(&lines).unwrap();
        assert_eq!((head.seq, &head.hash), (Seq(4), &chain.prev));
        assert_eq!(journal.head().unwrap(), head);
        assert_eq!(store.lines_of(&run, Seq(1), usize::MAX).unwrap(), texts(&lines));
        assert_eq!(store.lines_of(&run, Seq(2), 1).unwrap(), texts(&lines[1..2]));
        assert_eq!(store.lines_of(&run, Seq(9), 5).unwrap(), Vec::<String>::new());
        assert_eq!(store.text_of(&run).unwrap(), "# T");
        assert_eq!(journal.append(&[]).unwrap(), head);
    });
}

#[test]
fn the_same_lines_again_are_no_mistake() {
    over_each(|store| {
        let (mut journal, mut chain) = begun(store, "t-1");
        let lines = [chain.note("one"), chain.note("two")];
        let first = journal.append(&lines).unwrap();
        assert_eq!(journal.append(&lines).unwrap(), first);
        // Some of them new.
        let more = [lines[1].clone(), chain.note("three")];
        assert_eq!(journal.append(&more).unwrap().seq, Seq(4));
        assert_eq!(store.lines_of(&RunId("t-1".into()), Seq(0), 99).unwrap().len(), 4);
    });
}

#[test]
fn a_gap_another_line_and_a_wrong_hash_are_refused_whole() {
    over_each(|store| {
        let (mut journal, mut chain) = begun(store, "t-1");
        let kept = chain.note("kept");
        journal.append(std::slice::from_ref(&kept)).unwrap();
        let mut other = Chain { seq: 1, prev: kept.prev.clone(), ..Chain::of("t-1") };
        let forked = [other.note("another"), other.note("and more")];
        assert!(matches!(journal.append(&forked), Err(NotAppended::Fork { at: 2 })));
        let (_left_out, after) = (chain.note("lost"), chain.note("after"));
        assert!(matches!(journal.append(&[after]), Err(NotAppended::Fork { at: 4 })));
        let mut wrong = Chain { seq: 2, prev: "0".repeat(64), ..Chain::of("t-1") };
        let good_then_wrong = [kept, wrong.note("no")];
        assert!(matches!(journal.append(&good_then_wrong), Err(NotAppended::Fork { at: 3 })));
        assert_eq!(journal.head().unwrap().seq, Seq(2), "nothing of them was kept");
    });
}

#[test]
fn an_owner_that_was_superseded_writes_nothing_more() {
    over_each(|store| {
        let (mut first, mut old) = begun(store, "t-1");
        let mut second = store.open(&RunId("t-1".into())).unwrap();
        let mut new = Chain { seq: old.seq, prev: old.prev.clone(), epoch: 2, ..Chain::of("t-1") };
        second.append(&[new.next(Event::RunResumed { gonogo: "0".into() })]).unwrap();
        let late = old.note("late");
        assert!(matches!(first.append(&[late]), Err(NotAppended::Fenced { epoch: 2 })));
        // And not behind what the other has written either.
        let mut behind = Chain { seq: new.seq, prev: new.prev.clone(), ..Chain::of("t-1") };
        assert!(matches!(first.append(&[behind.note("late")]), Err(NotAppended::Fenced { epoch: 2 })));
        second.append(&[new.note("goes on")]).unwrap();
        assert_eq!(store.lines_of(&RunId("t-1".into()), Seq(0), 99).unwrap().len(), 3);
    });
}

#[test]
fn an_id_is_given_once_and_a_run_that_is_none_is_not_found() {
    over_each(|store| {
        let _journal = begun(store, "t-1");
        let again = store.create(&RunId("t-1".into()), "# Other");
        assert!(matches!(again.err(), Some(StoreError::Taken(id)) if id.0 == "t-1"));
        assert_eq!(store.document_of(&RunId("t-1".into())).unwrap(), b"# T", "it is as it was");
        assert!(matches!(store.open(&RunId("t-2".into())).err(), Some(StoreError::NoRun(_))));
        assert!(matches!(store.find(Some("t-2")), Err(StoreError::NoRun(_))));
        assert!(matches!(store.summary_of(&RunId("t-2".into())), Err(StoreError::NoRun(_))));
        assert!(store.lines_of(&RunId("t-2".into()), Seq(0), 1).is_err());
    });
}

#[test]
fn runs_are_listed_by_what_they_are() {
    over_each(|store| {
        assert!(matches!(store.find(None), Err(StoreError::NoRuns)));
        let (mut first, mut one) = begun(store, "t-1");
        let (mut second, mut two) = begun_in(store, "t-2", "Staging");
        second.append(&[two.note("later"), two.note("later still")]).unwrap();
        let ids = |filter: &Filter| -> Vec<String> {
            store.list(filter).unwrap().into_iter().map(|r| r.id.0).collect()
        };
        assert_eq!(ids(&Filter::default()), ["t-2", "t-1"], "the latest first");
        assert_eq!(ids(&Filter { most: Some(1), ..Filter::default() }), ["t-2"]);
        assert_eq!(ids(&Filter { environment: Some("production".into()), ..Filter::default() }), ["t-1"]);
        first.append(&[one.next(Event::RunFinished { outcome: Outcome::Failed })]).unwrap();
        assert_eq!(ids(&Filter { unfinished: true, ..Filter::default() }), ["t-2"]);
        assert_eq!(store.find(None).unwrap().0, "t-2");
        let listed = store.list(&Filter::default()).unwrap();
        assert_eq!(listed[1].outcome, Some(Outcome::Failed));
        for run in &listed {
            assert_eq!(&store.summary_of(&run.id).unwrap(), run);
        }
    });
}

#[test]
fn whoever_follows_gets_every_line_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    over_each(|store| {
        let (mut journal, mut chain) = begun(store, "t-1");
        let run = RunId("t-1".into());
        let mut followed = store.follow(&run, Seq(1)).unwrap();
        let mut sent = Vec::new();
        let mut got: Vec<String> = Vec::new();
        for round in 0..3 {
            let lines: Vec<Line> = (0..700).map(|n| chain.note(&format!("{round} {n}"))).collect();
            journal.append(&lines).unwrap();
            sent.extend(texts(&lines));
            while got.len() < sent.len() {
                got.extend(runtime.block_on(followed.next()).unwrap());
            }
        }
        assert_eq!(got, sent);
    });
}

#[test]
fn an_environment_is_held_by_one_run_until_it_is_let_go() {
    over_each(|store| {
        let key = EnvironmentKey::of(&runbook::read("# T\n"), "Production");
        let held = store.hold(&key, &holder("t-1")).unwrap();
        let refused = store.hold(&key, &holder("t-2")).unwrap_err().to_string();
        assert!(refused.contains("is held by run t-1, ada since 21:07"), "{refused}");
        let other = EnvironmentKey::of(&runbook::read("# T\n"), "Staging");
        let _other = store.hold(&other, &holder("t-2")).unwrap();
        held.release();
        store.hold(&key, &holder("t-2")).unwrap().release();
    });
}

#[test]
fn a_run_that_is_over_is_removed_and_told_of() {
    over_each(|store| {
        let (mut journal, mut chain) = begun(store, "t-1");
        let stone = Tombstone {
            run: RunId("t-1".into()),
            title: "T".into(),
            environment: "Production".into(),
            operator: "ada".into(),
            started: Some(DateTime::UNIX_EPOCH),
            outcome: Some(Outcome::Deployed),
            document: String::new(),
            events: 2,
            head: "a-hash".into(),
            signed: vec![],
            at: DateTime::UNIX_EPOCH,
            by: "grace".into(),
            reason: "older than a year".into(),
        };
        assert!(matches!(store.prune(&stone), Err(StoreError::Unfinished(_))));
        assert_eq!((store.list(&Filter::default()).unwrap().len(), store.pruned().unwrap()), (1, vec![]));
        journal.append(&[chain.next(Event::RunFinished { outcome: Outcome::Deployed })]).unwrap();
        store.prune(&stone).unwrap();
        assert_eq!(
            (store.list(&Filter::default()).unwrap(), store.pruned().unwrap()),
            (vec![], vec![stone.clone()])
        );
        let told = store.find(Some("t-1")).unwrap_err().to_string();
        assert_eq!(told, "run t-1 was removed by grace on 01 Jan 1970: older than a year");
        assert!(
            matches!(store.prune(&stone), Err(StoreError::Pruned(_) | StoreError::NoRun(_))),
            "there is none"
        );
    });
}
