use chrono::TimeDelta;

use super::*;
use crate::run::Outcome;
use crate::run::event::Event;
use crate::run::rollback::tests::Given;

fn given(steps: &str) -> Given {
    Given::new(&format!("# T\n## Steps\n```bash\n{steps}\n```\n"))
}

/// Each outage as its length in minutes, what is known of its end, and the sum.
fn told(given: &Given) -> (Vec<(i64, Sign)>, u64) {
    let all = outages(&given.state);
    let each = all.iter().map(|o| ((o.until.unwrap_or(given.now) - o.since).num_minutes(), o.sign));
    (each.collect(), down_ms(&all, given.now).unwrap_or(0) / 60_000)
}

#[test]
fn a_workers_stop_is_no_outage_where_something_else_serves() {
    let steps = "./ops/ctl worker stop\n./ops/ctl web stop\n./ops/ctl worker start\n./ops/ctl web start";
    let mut run = given(steps);
    run.ran("1/1", 0);
    assert_eq!(outage(&run.state), None);
    run.ran("1/2", 0);
    assert!(outage(&run.state).unwrap().goes_on());
    run.ran("1/3", 0);
    assert!(outage(&run.state).unwrap().goes_on(), "the worker's start is none of what serves");
    run.ran("1/4", 0);
    assert_eq!(told(&run).0[0].1, Sign::Started);
    // A document that knows of nothing else does not tell.
    let mut run = given("systemctl stop mail-worker");
    run.ran("1/1", 0);
    assert!(outage(&run.state).is_some());
}

#[test]
fn several_outages_add_up_and_end_with_the_run() {
    let mut run =
        given("systemctl stop web\nsystemctl start web\ncurl -f http://h/health\nsystemctl stop web");
    for id in ["1/1", "1/2", "1/3"] {
        run.ran(id, 0);
    }
    let first = told(&run);
    assert_eq!(first.0.len(), 1);
    assert_eq!(first.0[0].1, Sign::Answered, "the start held");
    run.ran("1/4", 0);
    run.now += TimeDelta::minutes(5);
    assert!(told(&run).1 > first.1 + 4);
    run.apply(Event::RunFinished { outcome: Outcome::Failed });
    let over = told(&run);
    assert_eq!(over.0[1].1, Sign::RunOver);
    run.now += TimeDelta::hours(3);
    assert_eq!(told(&run), over, "the clock stands");
}

#[test]
fn a_start_that_nobody_answers_after_did_not_hold() {
    let mut run = given("docker compose stop api\ndocker compose up -d\ncurl -fs http://h/health");
    run.ran("1/1", 0);
    run.ran("1/2", 0);
    assert_eq!(told(&run).0[0].1, Sign::Started);
    run.ran("1/3", 7);
    assert_eq!(told(&run).0[0].1, Sign::Nothing, "nobody was there");
    run.ran("1/3", 0);
    assert_eq!(told(&run).0[0].1, Sign::Answered);
    assert_eq!(outages(&run.state).len(), 1);
}

#[test]
fn a_stop_that_failed_and_a_database_that_is_started_first_are_no_sign() {
    let mut run = given("docker compose down\ndocker compose up -d db\ndocker compose up -d");
    run.ran("1/1", 1);
    assert_eq!(outage(&run.state), None);
    run.ran("1/1", 0);
    run.ran("1/2", 0);
    assert!(outage(&run.state).unwrap().goes_on());
    run.ran("1/3", 0);
    assert!(!outage(&run.state).unwrap().goes_on());
}

#[test]
fn a_probe_that_is_well_again_ends_it() {
    use crate::run::health::{Level, RowId};
    use crate::runbook::probes::ProbeId;
    let mut run = given("systemctl stop web\n./load");
    run.ran("1/1", 0);
    let row = RowId::Subject(ProbeId("web".into()), String::new());
    run.apply(Event::AlertRaised {
        row: row.clone(),
        level: Level::Alert,
        words: "web: 502".into(),
        since: None,
    });
    assert!(outage(&run.state).unwrap().goes_on());
    run.apply(Event::AlertCleared { row, words: "web: 200".into(), worst: None });
    assert_eq!(told(&run).0[0].1, Sign::Answered);
}

#[test]
fn the_latest_time_for_a_rollback_is_known_only_where_its_length_is() {
    let window = |given: &Given| Window { begins: given.now, ends: given.now + TimeDelta::hours(1) };
    let book =
        |title: &str| format!("# T\n## Steps\n```bash\n./deploy\n```\n## {title}\n```bash\n./undo\n```\n");
    let run = Given::new(&book("Rollback (10 min)"));
    let latest = latest_rollback(window(&run), &run.state);
    assert_eq!(latest, Some(run.now + TimeDelta::minutes(50)));
    // All parts of it are gone through.
    let parts = "## Rollback\n### 1. Stop (5 min)\n```bash\n./stop\n```\n### 2. Restore (10 min)\n```bash\n./undo\n```\n";
    let run = Given::new(&format!("# T\n## Steps\n```bash\n./deploy\n```\n{parts}"));
    assert_eq!(latest_rollback(window(&run), &run.state), Some(run.now + TimeDelta::minutes(45)));
    let run = Given::new(&book("Rollback"));
    assert_eq!(latest_rollback(window(&run), &run.state), None, "the window's end is none");
}
