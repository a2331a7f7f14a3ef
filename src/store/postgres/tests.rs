//! What the database itself refuses, whoever asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::connection::{Connection, NoAnswer, READ_WITHIN};
use super::{Address, PostgresStore};
use crate::run::event::Start;
use crate::run::{Event, Record, RunId, Seq};
use crate::run_files::RunFiles;
use crate::runbook::hash::sha256_hex;
use crate::store::error::{NotAppended, StoreError};
use crate::store::held::Holder;
use crate::store::{Journal, Line, StateDirectory, Store, TeamStore, chain};
use crate::{run::environment::EnvironmentKey, runbook};

pub(in crate::store) mod server;

const DOCUMENT: &str = "# T";

/// A database of its own with a store in it; says so where there is no server.
fn database(test: &str) -> Option<Address> {
    let store = server::store_in_own_database();
    if store.is_none() {
        eprintln!("SKIPPED: {test}: no PostgreSQL server is installed");
    }
    store
}

fn open(address: &Address, host: &str) -> PostgresStore {
    PostgresStore::open(address, host, None).unwrap()
}

/// Runs SQL as this login.
fn asks(address: &Address, user: &str, sql: &str) -> Result<(), NoAnswer> {
    let mut config = address.config().unwrap();
    config.user(user);
    let sql = sql.to_owned();
    let connection = Connection::new(config, "gonogo".into());
    connection.call(READ_WITHIN, |client| Box::pin(async move { client.batch_execute(&sql).await }))
}

/// The next line of a run.
fn line(run: &str, before: &chain::Head, epoch: u32, event: Event) -> Line {
    let record = Record {
        v: 1,
        run: RunId(run.into()),
        seq: before.seq.next(),
        at: chrono::DateTime::UNIX_EPOCH,
        actor: "ada".into(),
        epoch,
        prev: before.hash.clone(),
        event,
    };
    Line::of(&record).unwrap()
}

fn note(run: &str, before: &chain::Head, epoch: u32, text: &str) -> Line {
    line(run, before, epoch, Event::Noted { about: String::new(), text: text.into(), issue: false })
}

fn begun(store: &PostgresStore, run: &str) -> Box<dyn Journal> {
    let mut journal = store.create(&RunId(run.into()), DOCUMENT).unwrap();
    let holder = Holder {
        run: RunId(run.into()),
        directory: "/".into(),
        operator: "ada".into(),
        since: "21:07".into(),
    };
    drop(store.hold(&EnvironmentKey::of(&runbook::read(DOCUMENT), run), &holder).unwrap());
    let start =
        Start { sha256: sha256_hex(DOCUMENT.as_bytes()), environment: run.into(), ..Start::default() };
    journal.append(&[line(run, &chain::Head::default(), 1, Event::RunStarted(start))]).unwrap();
    journal
}

/// The owner of a run has been silent for long.
fn falls_silent(address: &Address, run: &str) {
    let sql = format!(
        "UPDATE heads SET heard_at = heard_at - interval '1 min' WHERE run = (SELECT run FROM runs WHERE id = '{run}')"
    );
    asks(address, "postgres", &sql).unwrap();
}

#[test]
fn of_several_who_make_a_store_one_does() {
    let Some(address) = server::database() else { return };
    let made = std::thread::scope(|scope| {
        let each: Vec<_> = (0..6).map(|_| scope.spawn(|| PostgresStore::make(&address))).collect();
        each.into_iter().map(|each| each.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(made.iter().any(Result::is_ok), "{made:?}");
    let already = |error: &StoreError| error.to_string().contains("there is a store already");
    assert!(made.iter().filter_map(|m| m.as_ref().err()).all(already), "{made:?}");
    open(&address, "web-1");
}

#[test]
fn roles_may_what_they_are_for() {
    let Some(address) = database("roles_may_what_they_are_for") else { return };
    let mut journal = begun(&open(&address, "web-1"), "t-1");
    let parsed = address.config().unwrap();
    let of = parsed.get_dbname().unwrap_or_default();
    let login = |role: &str| format!("{of}_{role}");
    for role in ["observer", "reviewer", "operator", "keeper"] {
        let name = login(role);
        asks(&address, "postgres", &format!("CREATE ROLE {name} LOGIN; GRANT gonogo_{role} TO {name}"))
            .unwrap();
    }
    let second = note("t-1", &journal.head().unwrap(), 1, "kept");
    let appends = "SELECT append(1, gen_random_uuid(), 1, '', '{}')";
    let prunes = "SELECT prune('t-1', '{}', NULL)";
    let changes = [
        "UPDATE events SET line = line",
        "DELETE FROM events",
        "TRUNCATE events CASCADE",
        "DELETE FROM runs",
        "UPDATE heads SET token = gen_random_uuid()",
        "INSERT INTO pruned (id, root, stone) VALUES ('x', '', '')",
        "SELECT token FROM heads",
        "SELECT put(1, 2, '{}', '{}', '')",
        "ALTER TABLE events DISABLE TRIGGER ALL",
    ];
    let code = |role: &str, sql: &str| match asks(&address, &login(role), sql) {
        Ok(()) => String::new(),
        Err(NoAnswer::Refused(error)) => error.code().code().to_owned(),
        Err(NoAnswer::Away(why)) => why,
    };
    for role in ["observer", "reviewer", "operator", "keeper"] {
        assert_eq!(code(role, "SELECT line FROM events"), "", "{role} may look");
        for sql in changes {
            assert_eq!(code(role, sql), "42501", "{role}: {sql}");
        }
    }
    for role in ["observer", "reviewer", "keeper"] {
        assert_eq!(code(role, appends), "42501", "{role}");
    }
    assert_eq!(code("operator", appends), "GN002", "it may, and has not the token");
    assert_eq!(code("operator", prunes), "42501");
    assert_eq!(code("keeper", prunes), "GN010", "it may, and the run is not over");
    // Nor may whoever owns the tables.
    for sql in ["UPDATE events SET line = line", "DELETE FROM events", "TRUNCATE events CASCADE"] {
        let refused = asks(&address, "postgres", &format!("SET ROLE gonogo_owner; {sql}"));
        assert!(
            matches!(&refused, Err(NoAnswer::Refused(e)) if e.code().code() == "GN008"),
            "{sql}: {refused:?}"
        );
    }
    journal.append(&[second]).unwrap();
}

#[test]
fn what_acts_for_the_owner_looks_in_the_store_alone() {
    let Some(address) = database("what_acts_for_the_owner_looks_in_the_store_alone") else { return };
    let _run = begun(&open(&address, "web-1"), "t-1");
    let unpinned = "DO $$ BEGIN IF EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'gonogo'::regnamespace AND prosecdef \
        AND NOT coalesce(proconfig, '{}') @> '{\"search_path=gonogo, pg_temp\"}') THEN RAISE EXCEPTION 'unpinned'; END IF; END $$";
    asks(&address, "postgres", unpinned).unwrap();
    // A function without it would be seen.
    asks(&address, "postgres", "ALTER FUNCTION append RESET search_path").unwrap();
    assert!(asks(&address, "postgres", unpinned).is_err());
}

#[test]
fn a_line_that_says_something_twice_is_refused() {
    let Some(address) = database("a_line_that_says_something_twice_is_refused") else { return };
    let store = open(&address, "web-1");
    let mut journal = begun(&store, "t-1");
    let good = note("t-1", &journal.head().unwrap(), 1, "kept");
    let twice = format!("{{\"actor\":\"bo\",{}", good.text.trim_start_matches('{'));
    let other_run = good.text.replace("\"run\":\"t-1\"", "\"run\":\"t-2\"");
    let later_owner = good.text.replace("\"epoch\":1", "\"epoch\":7");
    for text in [twice, other_run, later_owner, "no JSON".to_owned(), "{}".to_owned()] {
        let refused = journal.append(&[Line { text: text.clone(), ..good.clone() }]);
        assert!(refused.is_err(), "{text}");
    }
    journal.append(&[good]).unwrap();
    assert_eq!(store.lines_of(&RunId("t-1".into()), Seq(0), 9).unwrap().len(), 2);
}

#[test]
fn another_login_that_knows_a_runs_name_frees_nothing() {
    let Some(address) = database("another_login_that_knows_a_runs_name_frees_nothing") else { return };
    let _owner = begun(&open(&address, "web-1"), "t-1");
    let login = format!("{}_other", address.config().unwrap().get_dbname().unwrap_or_default());
    asks(&address, "postgres", &format!("CREATE ROLE {login} LOGIN; GRANT gonogo_operator TO {login}"))
        .unwrap();
    let holders = "DO $$ BEGIN IF (SELECT count(*) FROM environments WHERE run = 't-1' AND login = 'postgres') <> 1 \
        THEN RAISE EXCEPTION 'it is free'; END IF; END $$";
    asks(&address, "postgres", holders).unwrap();
    let frees =
        "SELECT hold(key, 'Production', 't-1', 'bo', 'web-2', 'now'), let_go(key, 't-1') FROM environments";
    let by_key = format!("SET search_path = gonogo; {frees}");
    // It may ask, and is told who has it.
    asks(&address, &login, &by_key).unwrap();
    asks(&address, "postgres", holders).unwrap();
    // Whoever has it keeps it as well, for as long as the run goes on.
    asks(&address, "postgres", "SELECT let_go(key, 't-1') FROM environments").unwrap();
    asks(&address, "postgres", holders).unwrap();
}

#[test]
fn a_run_is_taken_up_after_silence_only_and_by_its_own_machine_at_once() {
    let Some(address) = database("a_run_is_taken_up_after_silence_only") else { return };
    let run = RunId("t-1".into());
    let tokens = tempfile::tempdir().unwrap();
    let own = |host: &str| PostgresStore::open(&address, host, Some(tokens.path().to_owned())).unwrap();
    drop(begun(&own("web-1"), "t-1"));
    let refused = open(&address, "web-2").open(&run).err().unwrap().to_string();
    assert!(refused.starts_with("run t-1 is owned by postgres on web-1"), "{refused}");
    // The next process there has the token of the one before.
    let mut again = own("web-1").open(&run).unwrap();
    falls_silent(&address, "t-1");
    let mut other = open(&address, "web-2").open(&run).unwrap();
    let head = other.head().unwrap();
    let fenced = again.append(&[note("t-1", &head, 2, "late")]);
    assert!(matches!(fenced, Err(NotAppended::Fenced { epoch: 3 })), "{fenced:?}");
    other.append(&[note("t-1", &head, 3, "goes on")]).unwrap();
}

#[test]
fn another_machine_takes_up_a_run_that_it_never_had() {
    let Some(address) = database("another_machine_takes_up_a_run_that_it_never_had") else { return };
    let run = RunId("t-1".into());
    let head = begun(&open(&address, "web-1"), "t-1").head().unwrap();
    falls_silent(&address, "t-1");
    let home = tempfile::tempdir().unwrap();
    let here = StateDirectory::open(home.path()).unwrap();
    // Its runner makes the place before it looks into the record.
    RunFiles::of(home.path(), run.clone()).make().unwrap();
    let mut taken = TeamStore::new(here.clone(), open(&address, "web-2")).open(&run).unwrap();
    assert_eq!(taken.head().unwrap(), head);
    taken.append(&[note("t-1", &head, 2, "goes on")]).unwrap();
    drop(taken);
    assert_eq!(here.lines_of(&run, Seq(0), 9).unwrap().len(), 2, "what was before lies here as well");
}

/// How often an owner is superseded while it writes.
const TAKEOVERS: usize = 60;

#[test]
fn whoever_was_superseded_in_the_middle_of_writing_writes_no_more() {
    let Some(address) = database("whoever_was_superseded_in_the_middle_of_writing") else { return };
    let run = RunId("t-1".into());
    let hosts = [open(&address, "web-1"), open(&address, "web-2")];
    let mut owner = begun(&hosts[0], "t-1");
    let (mut both_wrote, mut epoch) = (0, 1);
    for round in 1..=TAKEOVERS {
        let taken = Arc::new(AtomicBool::new(false));
        let known = Arc::clone(&taken);
        // It writes on for as long as the database lets it.
        let writes = std::thread::spawn(move || {
            let mut head = owner.head().unwrap();
            let mut after = 0;
            loop {
                let began_after = known.load(Ordering::SeqCst);
                match owner.append(&[note("t-1", &head, epoch, "old")]) {
                    Ok(new) => {
                        assert!(!began_after, "round {round}: written although the run was another's before");
                        (head, after) = (new, after + 1);
                    }
                    Err(NotAppended::Fenced { .. } | NotAppended::Fork { .. }) => return after,
                    Err(error) => panic!("round {round}: {error}"),
                }
            }
        });
        falls_silent(&address, "t-1");
        let new = loop {
            match hosts[round % 2].open(&run) {
                Ok(journal) => break journal,
                // It was heard of in between.
                Err(StoreError::OwnedBy { .. }) => falls_silent(&address, "t-1"),
                Err(error) => panic!("{error}"),
            }
        };
        taken.store(true, Ordering::SeqCst);
        owner = new;
        epoch += 1;
        both_wrote += usize::from(writes.join().unwrap() > 0);
        let head = owner.head().unwrap();
        owner.append(&[note("t-1", &head, epoch, "new")]).unwrap();
    }
    assert!(both_wrote > TAKEOVERS / 4, "they met in {both_wrote} rounds only: nothing was raced");
    let records = chain::read(&hosts[0].lines_of(&run, Seq(0), usize::MAX).unwrap()).unwrap();
    let epochs: Vec<u32> = records.iter().map(|r| r.epoch).collect();
    assert!(epochs.is_sorted(), "no old owner's line behind one of a new one");
}
