use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::run::event::{Event, Exit, Place, ProcessIdentity, Record};
use crate::run::policy::Confirmation;
use crate::run::state::RunState;
use crate::run::{Attempt, Outcome, Refusal, Request, RunId, Surroundings, decide, flow};
use crate::runbook;
use crate::runbook::{CommandId, StepId};

const BOOK: &str = "# T\n## Steps\n### Step 1: Create Backup\n```bash\nexport F=\"a_$(date +%s).sql\"\npg_dump d > \"/b/$F\"\n```\n### Step 2: Stop\n```bash\ndocker-compose stop api\n```\n### Step 3: Migrate\n```bash\npsql -f 002.sql\n```\n### Step 4: Smoke Tests\n```bash\ncurl -f http://h/health\n```\n## Rollback\n### When\n- Smoke tests fail\n### Quick Rollback (10 min)\n```bash\n# 1. Stop\ndocker-compose down\n\n# 2. Restore\npsql -h db < \"/b/$F\"\n\n# 3. Start\ndocker-compose up -d\n```\n### Verify Rollback\n```bash\ndocker-compose ps\n# Run smoke tests (same as above)\n```\n";

pub(in crate::run) struct Given {
    pub(in crate::run) state: RunState,
    pub(in crate::run) now: DateTime<Utc>,
}

impl Given {
    pub(in crate::run) fn new(book: &str) -> Self {
        let state = RunState::new(Arc::new(runbook::read(book)));
        let mut given = Self { state, now: DateTime::UNIX_EPOCH };
        given.apply(Event::RunStarted(crate::run::event::Start::default()));
        let place = Place { login: "a@h".into(), directory: "/srv".into() };
        given.apply(Event::PlaceObserved { place });
        given
    }

    pub(in crate::run) fn apply(&mut self, event: Event) {
        self.now += TimeDelta::seconds(60);
        let (run, actor) = (RunId("t-1".into()), "ada".to_owned());
        let record = Record { run, actor, epoch: 1, ..self.state.next_record(event, self.now) };
        self.state.advance(&record);
    }

    pub(in crate::run) fn ran(&mut self, id: &str, exit: i32) {
        let command = CommandId(id.into());
        let attempt = Attempt(self.state.ran().iter().filter(|r| r.command == command).count() as u32 + 1);
        let text = self.state.text_of(self.state.find(&command).unwrap());
        let (place, shell) = (self.state.place().clone(), ProcessIdentity::default());
        self.apply(Event::CommandStarted {
            command: command.clone(),
            attempt,
            text,
            place: place.clone(),
            shell,
        });
        let exit = Exit::Status(exit);
        self.apply(Event::CommandExited {
            command,
            attempt,
            exit,
            elapsed_ms: 0,
            bytes: 0,
            place,
            verdicts: vec![],
            seal: None,
        });
    }

    fn captured(&mut self, value: &str) {
        self.apply(Event::ValueCaptured { name: "F".into(), value: value.into(), command: "1/1".into() });
    }

    /// Records what a runner would see of files that were made.
    fn look(&mut self) {
        for (command, attempt, path) in made_unseen(&self.state) {
            let sha256 = format!("of {path}");
            let facts = FileFacts {
                bytes: 9,
                sha256,
                complete: Some(true),
                changed: None,
                drops: vec![],
                inside: None,
            };
            self.apply(Event::FileMade { command, attempt, path, looked: LookedAt::There(facts) });
        }
    }

    fn deployed(&mut self) {
        self.ran("1/1", 0);
        self.captured("a_1.sql");
        self.ran("1/2", 0);
        self.look();
        self.ran("2/1", 0);
        self.ran("3/1", 0);
    }

    fn ask(&mut self, request: &Request, found: &Found) -> Result<(), Refusal> {
        let around = Surroundings { found: Some(found.clone()), ..Surroundings::default() };
        decide(&self.state, request, &around)?.into_iter().for_each(|event| self.apply(event));
        Ok(())
    }

    fn chosen(&self) -> Vec<StepId> {
        usual(self.state.runbook())
    }
}

fn found(paths: &[&str]) -> Found {
    let there = |path: &&str| {
        let facts = FileFacts {
            bytes: 9,
            sha256: format!("of {path}"),
            complete: Some(true),
            changed: None,
            drops: vec![],
            inside: None,
        };
        ((*path).to_owned(), LookedAt::There(facts))
    };
    Found {
        files: paths.iter().map(there).collect(),
        services: Some(vec!["api".into(), "db".into()]),
        set: Some(BTreeMap::new()),
    }
}

fn back(given: &Given, ways: Vec<(CommandId, WayOut)>) -> Request {
    Request::RollBack {
        trigger: None,
        reason: "smoke".into(),
        procedures: given.chosen(),
        confirmed: Confirmation::TwoKeys,
        ways,
    }
}

#[test]
fn a_value_that_is_told_late_is_known_to_what_ran_after_its_command() {
    let mut given = Given::new(BOOK);
    given.ran("1/1", 0);
    given.ran("1/2", 0);
    given.captured("a_1.sql");
    let made = made_unseen(&given.state);
    assert_eq!(made, [("1/2".into(), Attempt(1), "/b/a_1.sql".to_owned())]);
}

#[test]
fn the_backup_from_before_the_change_is_offered_first() {
    let mut given = Given::new(BOOK);
    given.deployed();
    given.ran("1/1", 0);
    given.captured("a_2.sql");
    given.ran("1/2", 0);
    given.look();
    let saved = saved(&given.state, &given.chosen());
    let candidates = saved[0].candidates.as_ref().unwrap();
    let told: Vec<(&str, bool)> = candidates.iter().map(|c| (c.path.as_str(), c.before_change)).collect();
    assert_eq!(told, [("/b/a_1.sql", true), ("/b/a_2.sql", false)]);
    assert_eq!(candidates[0].values, [("F".to_owned(), "a_1.sql".to_owned())]);
    let board =
        board(&given.state, &given.chosen(), &found(&["/b/a_1.sql", "/b/a_2.sql"]), (None, given.now));
    assert_eq!(board.values, candidates[0].values, "the shell's value is a later one");
    assert!(board.costs.iter().any(|c| c.words == "not /b/a_2.sql: a newer copy"), "{:?}", board.costs);
    assert!(board.loses.unwrap().contains("is lost: "));
    let ways = vec![(CommandId("rollback.quick/1".into()), WayOut::AsWritten)];
    let both = found(&["/b/a_1.sql", "/b/a_2.sql"]);
    given.ask(&back(&given, ways), &both).unwrap();
    let last = given.state.captured_last().find(|(name, _)| *name == "F").unwrap().1;
    assert_eq!(last.value, "a_1.sql", "a shell that is started later has it too");
}

#[test]
fn what_was_put_before_a_command_counts_for_one_time() {
    let mut given = Given::new(BOOK);
    given.deployed();
    let found = found(&["/b/a_1.sql"]);
    let all = obstacles(&given.state, &given.chosen(), &found);
    let ways = vec![(all[0].command.clone(), all[0].ways[1].clone())];
    assert!(matches!(ways[0].1, WayOut::Insert { .. }));
    let path = |given: &Given| given.state.path().iter().map(|c| c.id.0.clone()).collect::<Vec<_>>();
    given.ask(&back(&given, ways.clone()), &found).unwrap();
    let first = path(&given);
    assert_eq!(first[..3], ["rollback.quick/1", "added.1", "rollback.quick/2"]);
    given.ask(&Request::Finish { outcome: Outcome::Failed, reason: String::new() }, &found).unwrap();
    given.ask(&back(&given, ways), &found).unwrap();
    assert_eq!(path(&given)[..3], ["rollback.quick/1", "added.2", "rollback.quick/2"]);
    assert_eq!(path(&given).len(), first.len());
}

#[test]
fn a_run_that_was_over_is_over_again_when_it_is_called_off() {
    let mut given = Given::new(BOOK);
    given.deployed();
    given.apply(Event::RunFinished { outcome: Outcome::Deployed });
    let before = given.state.outcome();
    let found = found(&["/b/a_1.sql"]);
    let ways = vec![(CommandId("rollback.quick/1".into()), WayOut::AsWritten)];
    given.ask(&back(&given, ways), &found).unwrap();
    assert_eq!(given.state.outcome(), None);
    given.ask(&Request::CallOffRollback { reason: "a false alarm".into() }, &found).unwrap();
    assert_eq!(given.state.outcome(), before);
}

#[test]
fn what_is_in_the_way_needs_a_way_out_that_was_offered() {
    let mut given = Given::new(BOOK);
    given.deployed();
    let found = found(&["/b/a_1.sql"]);
    let all = obstacles(&given.state, &given.chosen(), &found);
    assert_eq!(all.len(), 1, "{all:?}");
    let edit = WayOut::Edit { text: "docker-compose stop api".into() };
    assert_eq!(all[0].ways[0], edit);
    let id = CommandId("rollback.quick/1".into());
    assert!(matches!(given.ask(&back(&given, vec![]), &found), Err(Refusal::WayBack(_))));
    let other = vec![(id.clone(), WayOut::Edit { text: "rm -rf /".into() })];
    assert_eq!(given.ask(&back(&given, other), &found), Err(Refusal::NotOffered(id.clone())));
    given.ask(&back(&given, vec![(id.clone(), edit)]), &found).unwrap();
    assert!(given.state.is_edited(&id), "a deviation");
    assert_eq!(flow::next(&given.state), flow::Next::Run(id), "no gate stands on the way back");
}

#[test]
fn a_database_elsewhere_is_not_stopped_by_it() {
    let mut given = Given::new(&BOOK.replace("-h db", "-h db.example.com"));
    given.deployed();
    assert_eq!(obstacles(&given.state, &given.chosen(), &found(&["/b/a_1.sql"])), []);
}

#[test]
fn a_spoilt_backup_is_in_the_way() {
    let mut given = Given::new(BOOK);
    given.deployed();
    let says = |given: &Given, looked: LookedAt| {
        let mut found = found(&[]);
        found.files.insert("/b/a_1.sql".into(), looked);
        let all = obstacles(&given.state, &given.chosen(), &found);
        all.into_iter().map(|o| o.says).find(|s| s.contains("restores"))
    };
    let facts = FileFacts {
        bytes: 9,
        sha256: "of /b/a_1.sql".into(),
        complete: Some(true),
        changed: None,
        drops: vec![],
        inside: None,
    };
    assert_eq!(says(&given, LookedAt::There(facts.clone())), None);
    for (looked, words) in [
        (LookedAt::Not("it does not exist".into()), "it does not exist"),
        (LookedAt::There(FileFacts { bytes: 0, ..facts.clone() }), "it is empty"),
        (LookedAt::There(FileFacts { complete: Some(false), ..facts.clone() }), "incomplete"),
        (LookedAt::There(FileFacts { inside: Some(Inside::Nothing), ..facts.clone() }), "contains nothing"),
        (LookedAt::There(FileFacts { bytes: 8, ..facts.clone() }), "size has changed"),
        (LookedAt::There(FileFacts { sha256: "x".into(), ..facts }), "checksum has changed"),
    ] {
        let said = says(&given, looked).unwrap();
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_dump_that_would_be_put_beside_what_was_added_is_in_the_way() {
    let mut given = Given::new(BOOK);
    let mut found = found(&["/b/a_1.sql"]);
    let LookedAt::There(facts) = found.files.get_mut("/b/a_1.sql").unwrap() else { panic!("it is there") };
    facts.drops = vec!["app".into()];
    let obstacle = |given: &Given, found: &Found| {
        let all = obstacles(&given.state, &given.chosen(), found);
        all.into_iter().find(|o| o.says.contains("only if nothing else"))
    };
    given.ran("1/1", 0);
    given.captured("a_1.sql");
    given.ran("1/2", 0);
    given.look();
    assert_eq!(obstacle(&given, &found), None, "nothing was added yet");
    given.ran("3/1", 0);
    let obstacle = obstacle(&given, &found).unwrap();
    assert!(obstacle.says.contains("3/1 may have added something"), "{}", obstacle.says);
    let drop = "psql -h db -v ON_ERROR_STOP=1 -c 'DROP SCHEMA IF EXISTS app CASCADE;'";
    let way = WayOut::DropFirst { before: "rollback.quick/2".into(), text: drop.into() };
    assert_eq!(obstacle.ways, [way.clone(), WayOut::AsWritten]);
    let ways = vec![("rollback.quick/1".into(), WayOut::AsWritten), ("rollback.quick/2".into(), way)];
    given.ask(&back(&given, ways), &found).unwrap();
    let path: Vec<String> = given.state.path().iter().map(|c| c.text.clone()).collect();
    let at = |text: &str| path.iter().position(|t| t.starts_with(text)).unwrap();
    assert!(at("psql -h db -v") < at("psql -h db <"), "{path:?}");
}

#[test]
fn a_backup_whose_maker_failed_is_none() {
    let mut given = Given::new(BOOK);
    given.ran("1/1", 0);
    given.captured("a_1.sql");
    given.ran("1/2", 1);
    given.look();
    let all = obstacles(&given.state, &given.chosen(), &found(&["/b/a_1.sql"]));
    assert!(all.iter().any(|o| o.says.contains("1/2 made it and did not succeed")), "{all:?}");
}

#[test]
fn a_value_that_nobody_has_is_in_the_way() {
    let given = Given::new(BOOK);
    let mut found = found(&[]);
    found.set = Some([("F".to_owned(), false)].into());
    let all = obstacles(&given.state, &given.chosen(), &found);
    assert!(all.iter().any(|o| o.says.contains("$F was never set")), "{all:?}");
}

#[test]
fn it_can_be_called_off_until_something_of_it_has_changed_something() {
    let mut given = Given::new(BOOK);
    given.deployed();
    let found = found(&["/b/a_1.sql"]);
    let ways = vec![(CommandId("rollback.quick/1".into()), WayOut::AsWritten)];
    given.ask(&back(&given, ways.clone()), &found).unwrap();
    assert_eq!(given.ask(&back(&given, ways.clone()), &found), Err(Refusal::GoesBack));
    let off = Request::CallOffRollback { reason: "a false alarm".into() };
    given.ask(&off, &found).unwrap();
    assert!(given.state.going_back().is_none());
    given.ask(&back(&given, ways), &found).unwrap();
    given.ran("rollback.quick/1", 0);
    assert_eq!(given.ask(&off, &found), Err(Refusal::BackUnderWay));
    let deployed = Request::Finish { outcome: Outcome::Deployed, reason: "x".into() };
    assert_eq!(given.ask(&deployed, &found), Err(Refusal::NotDeployed));
    let rolled = Request::Finish { outcome: Outcome::RolledBack, reason: String::new() };
    assert!(given.ask(&rolled, &found).is_err(), "something of it is open");
    for id in ["rollback.quick/2", "rollback.quick/3", "rollback.verify/1"] {
        given.ran(id, 0);
    }
    // What the document speaks of is offered, and is not part of it by itself.
    assert_eq!(flow::next(&given.state), flow::Next::Finish);
    let offered: Vec<&str> = offered(&given.state).iter().map(|s| s.id.as_str()).collect();
    assert_eq!(offered, ["4"]);
    given.ask(&Request::TakeAlong { step: "4".into() }, &found).unwrap();
    assert_eq!(flow::next(&given.state), flow::Next::Run("4/1".into()));
    given.ran("4/1", 0);
    given.ask(&rolled, &found).unwrap();
    assert_eq!(given.state.outcome().map(|(o, _)| o), Some(Outcome::RolledBack));
}

#[test]
fn what_was_changed_and_what_takes_it_back() {
    let mut given = Given::new(BOOK);
    given.deployed();
    let told = undone(&given.state, &given.chosen());
    let told: Vec<(&str, Option<&str>)> =
        told.iter().map(|u| (u.command.as_str(), u.by.as_ref().map(CommandId::as_str))).collect();
    assert_eq!(told, [("2/1", Some("rollback.quick/3")), ("3/1", Some("rollback.quick/2"))]);
    let restore = given.state.find(&"rollback.quick/2".into()).unwrap();
    assert_eq!(not_needed(&given.state, restore), None, "the migration was run");
    let fresh = Given::new(BOOK);
    let words = not_needed(&fresh.state, fresh.state.find(&"rollback.quick/2".into()).unwrap());
    assert!(words.unwrap().contains("3/1 was never started"));
}

#[test]
fn numbered_comments_are_the_steps_of_a_procedure() {
    let book = runbook::read(BOOK);
    let titles: Vec<String> = commands(&book, &usual(&book))
        .into_iter()
        .filter_map(|c| numbered(c).map(|n| format!("{} {}", n.number, n.title)))
        .collect();
    assert_eq!(titles, ["1 Stop", "2 Restore", "3 Start"]);
}

#[test]
fn a_backup_is_the_one_of_the_command_that_made_it_however_that_names_it() {
    for makes in [
        "cd /b && pg_dump d > d.sql",
        "cd /; pg_dump d --file=b/d.sql",
        "pg_dump d -f/b/d.sql",
        "pg_dump d > $PWD/../b/d.sql",
        "dd if=/dev/db of=/b/d.sql",
        "cp /b/d{,.sql}",
    ] {
        let book =
            format!("# T\n## Steps\n```bash\n{makes}\n```\n## Rollback\n```bash\npsql d < /b/d.sql\n```\n");
        let mut given = Given::new(&book);
        given.ran("1/1", 0);
        given.look();
        let board = board(&given.state, &given.chosen(), &found(&["/b/d.sql"]), (None, given.now));
        assert!(board.costs[0].words.contains("made by 1/1"), "{makes}: {:?}", board.costs);
    }
}

#[test]
fn what_was_written_during_the_run_is_not_called_older_than_it() {
    let book = "# T\n## Steps\n```bash\n./backup.sh\n```\n## Rollback\n```bash\npsql d < /b/d.sql\n```\n";
    let mut given = Given::new(book);
    given.ran("1/1", 0);
    let mut found = found(&["/b/d.sql"]);
    let told = |given: &Given, found: &Found| {
        board(&given.state, &given.chosen(), found, (None, given.now)).costs[0].clone()
    };
    assert!(told(&given, &found).bad && told(&given, &found).words.contains("not made in this run"));
    if let Some(LookedAt::There(facts)) = found.files.get_mut("/b/d.sql") {
        facts.changed = Some(given.now);
    }
    let line = told(&given, &found);
    assert!(!line.bad && line.words.contains("during this run"), "{}", line.words);
}

#[test]
fn a_file_below_the_home_is_not_looked_for_in_a_directory_of_that_name() {
    let book = "# T\n## Steps\n```bash\nls\n```\n## Rollback\n```bash\npsql d < ~/d.sql\n```\n";
    let given = Given::new(book);
    let saved = saved(&given.state, &given.chosen());
    assert_eq!(saved[0].candidates, Err("the value of $HOME is not known".into()));
}

#[test]
fn a_way_back_behind_the_exit_of_the_steps_says_where_it_is_meant() {
    let book = |back: &str| {
        format!(
            "# T\n## Steps\n```bash\nssh web\n./deploy.sh\nexit\n```\n## Rollback\n```bash\n{back}\n```\n"
        )
    };
    let deployed = |back: &str| {
        let mut given = Given::new(&book(back));
        let choice = crate::run::event::PlaceChoice::Through;
        given.apply(Event::PlaceChosen { command: "1/1".into(), choice });
        given.ran("1/1", 0);
        given.apply(Event::PlaceEntered { command: "1/1".into(), restored: vec![], terminals: false });
        let place = Place { login: "a@web".into(), directory: "/srv".into() };
        given.apply(Event::PlaceObserved { place });
        given.ran("1/2", 0);
        given
    };
    let left = |mut given: Given| {
        given.apply(Event::PlaceLeft { command: "1/1".into(), lost: None });
        given.apply(Event::PlaceObserved { place: Place { login: "a@h".into(), directory: "/srv".into() } });
        given.ran("1/3", 0);
        given
    };
    let in_the_way = |given: &Given| obstacles(&given.state, &given.chosen(), &found(&[]));
    // Still there, it goes back there.
    assert!(in_the_way(&deployed("./undo.sh")).is_empty());
    let mut given = left(deployed("./undo.sh"));
    let told = in_the_way(&given);
    let [Obstacle { command, says, ways, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert!(says.contains("\"ssh web\" (1/1)") && says.contains("would run at a@h"), "{says}");
    let [there @ WayOut::Insert { .. }, WayOut::AsWritten] = ways.as_slice() else { panic!("{ways:?}") };
    let goes = back(&given, vec![(command.clone(), there.clone())]);
    given.ask(&goes, &found(&[])).unwrap();
    assert!(matches!(flow::next(&given.state), flow::Next::Place(id) if id.0.starts_with("added.")));
    // What says itself where it goes is no question.
    assert!(in_the_way(&left(deployed("ssh web\n./undo.sh\nexit"))).is_empty());
    assert!(in_the_way(&left(deployed("ssh web ./undo.sh"))).is_empty());
    assert!(in_the_way(&left(deployed("ls"))).is_empty());
}

#[test]
fn what_is_taken_back_is_known_by_what_both_name() {
    let book = "# T\n## Steps\n```bash\nmkdir -p backup\nBK=backup/$(date +%s).db\ncp data/x.db $BK\n./ops/ctl worker stop\n./ops/ctl web stop\nsqlite3 data/x.db < m.sql\nln -sfn releases/$VERSION site/current\nrm -rf /srv/cache/web\n./ops/ctl web start\n```\n## Rollback\n```bash\n./ops/ctl worker stop\nln -sfn releases/$OLD site/current\ncp $BK data/x.db\n./ops/ctl web start\n./ops/ctl worker start\n```\n";
    let mut given = Given::new(book);
    for at in 1..=9 {
        given.ran(&format!("1/{at}"), 0);
        if at == 2 {
            let value = "backup/1.db".to_owned();
            given.apply(Event::ValueCaptured { name: "BK".into(), value, command: "1/2".into() });
        }
    }
    let told = undone(&given.state, &given.chosen());
    let told: Vec<(&str, Option<&str>)> =
        told.iter().map(|u| (u.command.as_str(), u.by.as_ref().map(CommandId::as_str))).collect();
    let wanted = [
        ("1/4", Some("rollback.rollback/5")),
        ("1/5", Some("rollback.rollback/4")),
        ("1/6", Some("rollback.rollback/3")),
        ("1/7", Some("rollback.rollback/2")),
        ("1/8", None),
        ("1/9", Some("rollback.rollback/4")),
    ];
    assert_eq!(told, wanted);
    // What is put back costs everything written since it was made, whatever its name.
    given.look();
    let board = board(&given.state, &given.chosen(), &found(&["/srv/backup/1.db"]), (None, given.now));
    assert!(board.costs[0].words.contains("made by 1/3"), "{:?}", board.costs);
    assert!(board.loses.unwrap().contains("is lost: "));
}

#[test]
fn a_copy_under_any_name_is_a_backup_where_a_step_makes_it() {
    for (makes, back) in [
        ("cp data/x.db $OLDDB", "cp $OLDDB data/x.db"),
        ("cp data/x.db keep.db", "cp keep.db data/x.db"),
        ("tar czf keep.tgz data", "tar xzf keep.tgz"),
        ("sqlite3 data/x.db .dump > keep.sql", "sqlite3 data/x.db < keep.sql"),
    ] {
        let book =
            format!("# T\n## Steps\n```bash\n{makes}\n./change\n```\n## Rollback\n```bash\n{back}\n```\n");
        let mut given = Given::new(&book);
        let value = "keep.db".to_owned();
        given.apply(Event::ValueCaptured { name: "OLDDB".into(), value, command: "1/1".into() });
        given.ran("1/1", 0);
        given.ran("1/2", 0);
        given.look();
        let path = |end: &str| format!("/srv/keep.{end}");
        let paths = ["db", "tgz", "sql"].map(path);
        let found = found(&paths.each_ref().map(String::as_str));
        let board = board(&given.state, &given.chosen(), &found, (None, given.now));
        assert!(board.loses.is_some_and(|l| l.contains("is lost: ")), "{makes}: {:?}", board.costs);
    }
}
