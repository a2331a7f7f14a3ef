use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::record::sign_off;
use crate::run::event::{Place, ProcessIdentity, RECORD_VERSION, Start};
use crate::run::sign::KeyUsed;
use crate::run::{Attempt, Event, Exit, Outcome, Record, RunId, Seq, SignOff, Statement};

const STEPS: &str = "# Shop\n\n| Environment | URL |\n|---|---|\n| Staging | https://s.example.com |\n\n## Checklist\n\n- [ ] Stakeholders informed of the window\n- [ ] Build successful\n\n## Steps\n\n### 1. Create Backup (10 min)\n\n```bash\n./backup\n```\n\n### 2. Deploy New Code\n\n```bash\ngit checkout v2.0.0\n```\n\n### 3. Run Smoke Tests\n\n```bash\n./smoke\n```\n\n### 4. Run Smoke Tests Again\n\n```bash\n./smoke again\n```\n\n## Deployment Log\n\n";

/// A run of the steps with a template behind them, begun at nine in the evening an hour east of UTC.
struct Night {
    state: RunState,
    at: DateTime<Utc>,
}

impl Night {
    fn of(template: &str) -> Self {
        let document = format!("{STEPS}```\n{template}\n```\n");
        let state = RunState::new(Arc::new(crate::runbook::read(&document)));
        let at = "2026-11-25T20:00:00Z".parse().unwrap();
        let start = Start {
            title: "Shop".into(),
            environment: "Staging".into(),
            operator: "ada".into(),
            ticket: Some("CHG-1".into()),
            sha256: "d".repeat(64),
            zone_s: Some(3600),
            ..Start::default()
        };
        let mut night = Self { state, at };
        night.happens(Event::RunStarted(start));
        night
    }

    fn happens(&mut self, event: Event) {
        let (seq, prev) = (self.state.seq().next(), String::new());
        let (v, run, actor) = (RECORD_VERSION, RunId("shop-1".into()), "ada".into());
        self.state.advance(&Record { v, run, seq, at: self.at, actor, epoch: 1, prev, event });
        self.at += TimeDelta::minutes(1);
    }

    /// A command is run; it takes a minute.
    fn runs(&mut self, id: &str, status: i32) {
        let (command, attempt, place) = (id.into(), Attempt(1), Place::default());
        let text = id.to_owned();
        let shell = ProcessIdentity::default();
        self.happens(Event::CommandStarted { command, attempt, text, place: place.clone(), shell });
        self.happens(Event::CommandExited {
            command: id.into(),
            attempt,
            exit: Exit::Status(status),
            elapsed_ms: 60_000,
            bytes: 0,
            place,
            verdicts: vec![],
            seal: None,
        });
    }

    fn signs(&mut self, role: SignRole, name: &str, keyed: bool) {
        let statement = Statement {
            run: RunId("shop-1".into()),
            document: "d".repeat(64),
            events: self.state.seq(),
            head: "e".repeat(64),
            log: "f".repeat(64),
            previous: None,
            role,
            name: name.into(),
            time: self.at,
        };
        let key =
            keyed.then(|| KeyUsed { algorithm: "ssh-ed25519".into(), fingerprint: "SHA256:abc".into() });
        self.state =
            sign_off::with(&self.state, &SignOff { statement: statement.text(), signature: None, key });
        self.at += TimeDelta::minutes(1);
    }

    /// All of it done, over, and signed by both.
    fn whole(template: &str) -> Self {
        let mut night = Self::of(template);
        night.happens(Event::ItemTicked { item: "check.checklist/1".into(), evidence: None, reason: None });
        for step in ["1/1", "2/1", "3/1", "4/1"] {
            night.runs(step, 0);
        }
        night.happens(Event::RunFinished { outcome: Outcome::Deployed });
        night.signs(SignRole::Engineer, "ada", true);
        night.signs(SignRole::Reviewer, "grace", false);
        night
    }

    fn log(&self) -> Filled {
        fill(&self.state)
    }
}

#[track_caller]
fn fills(template: &str, wanted: &str) {
    let filled = Night::whole(template).log();
    assert_eq!(filled.text.trim_end(), wanted);
    assert_eq!(filled.left, [], "{template}");
}

#[test]
fn fields_placeholders_and_blanks() {
    for (template, wanted) in [
        ("**Date:** YYYY-MM-DD", "**Date:** 2026-11-25"),
        ("**Date:** DD/MM/YYYY", "**Date:** 25/11/2026"),
        ("Started: YYYY-MM-DD HH:MM", "Started: 2026-11-25 21:00:00 +01:00"),
        ("- Start time: ____  End time: ____", "- Start time: 21:00:00 +01:00  End time: 21:10:00 +01:00"),
        ("- Deployed by:", "- Deployed by: ada"),
        ("**Environment:** Production", "**Environment:** Staging"),
        ("**Version:** v1.9.9", "**Version:** v2.0.0"),
        ("| Change ID | [Ticket] |", "| Change ID | [Ticket] |"),
        ("Duration: <duration>", "Duration: 10 min"),
        ("Ticket {{ticket}}", "Ticket CHG-1"),
        ("* Started at YYYY-MM-DD HH:MM by <name>", "* Started at 2026-11-25 21:00:00 +01:00 by ada"),
        ("* Downtime: [minutes]", "* Downtime: none"),
        ("Smoke tests: PASS/FAIL", "Smoke tests: PASS"),
        ("Migration lead: see the wiki", "Migration lead: see the wiki"),
        ("**Owner:** Platform Team", "**Owner:** Platform Team"),
    ] {
        fills(template, wanted);
    }
}

#[test]
fn boxes_are_ticked_by_what_was_done() {
    fills(
        "- [ ] Backup created: [Time]\n- [ ] Stakeholders informed: [Time] by [Name]\n* [ ] Code deployed\n☐ Smoke tests passed at HH:MM\n- [ ] Smoke tests passed: [time]",
        "- [x] Backup created: 21:03:00 +01:00\n- [x] Stakeholders informed: 21:01:00 +01:00 by ada\n* [x] Code deployed\n[x] Smoke tests passed at 21:07:00 +01:00\n- [x] Smoke tests passed: 21:09:00 +01:00",
    );
}

#[test]
fn choices_and_boxes_in_a_row() {
    fills(
        "### Issues Encountered\n- None / [Description]\n\n### Rollback Required\n- No / Yes - [Reason]\n\n### Result\n- [ ] Success\n- [ ] Failed\n\nOutcome: [ ] Successful [ ] Rolled back",
        "### Issues Encountered\n- None\n\n### Rollback Required\n- No\n\n### Result\n- [x] Success\n- [ ] Failed\n\nOutcome: [x] Successful [ ] Rolled back",
    );
}

#[test]
fn issues_are_a_line_each_with_their_own_source() {
    let mut night = Night::of("### Issues\n- None / [Description]");
    for text in ["port taken", "slow start"] {
        night.happens(Event::Noted { about: String::new(), text: text.into(), issue: true });
    }
    let filled = night.log();
    assert_eq!(filled.text.trim_end(), "### Issues\n- port taken\n- slow start");
    let events: Vec<_> = filled.filled.iter().map(|f| (f.at, f.sources[0].event)).collect();
    assert_eq!(events, [(1, Some(Seq(2))), (2, Some(Seq(3)))]);
}

#[test]
fn tables_by_rows_and_columns() {
    fills(
        "| Field | Value |\n|---|---|\n| Date | |\n| Engineer | [Name] |\n\n| Step | Start | End | Status | By | Notes |\n|---|---|---|---|---|---|\n| Create backup | | | | | |\n| Deploy code | ____ | HH:MM | | [Name] | |\n\n| Role | Name | Signature | Date |\n|---|---|---|---|\n| Engineer | ____ | ____ | ____ |\n| Reviewer |  |  | YYYY-MM-DD |\n\n### Issues\n\n| Issue | Resolution |\n|---|---|\n| | |",
        "| Field | Value |\n|---|---|\n| Date | 2026-11-25|\n| Engineer | ada |\n\n| Step | Start | End | Status | By | Notes |\n|---|---|---|---|---|---|\n| Create backup | 21:02:00 +01:00| 21:03:00 +01:00| done| ada| |\n| Deploy code | 21:04:00 +01:00 | 21:05:00 +01:00 | done| ada | |\n\n| Role | Name | Signature | Date |\n|---|---|---|---|\n| Engineer | ada | key SHA256:abc | 2026-11-25 |\n| Reviewer | grace (claimed) | claimed, no key | 2026-11-25 |\n\n### Issues\n\n| Issue | Resolution |\n|---|---|\n| None| |",
    );
}

#[test]
fn a_sign_off_is_filled_by_who_signed_and_by_nobody_else() {
    let template = "**Engineer:** [Name]\n### Sign-off\n- Engineer: [Name] [Time]\n- Reviewer: [Name] [Time]\n| Role | Name |\n|---|---|\n| Security Lead | ____ |";
    let mut night = Night::of(template);
    night.happens(Event::PersonNamed { role: "reviewer".into(), name: "grace".into() });
    night.happens(Event::RunFinished { outcome: Outcome::Deployed });
    let filled = night.log();
    assert!(
        filled
            .text
            .starts_with("**Engineer:** ada\n### Sign-off\n- Engineer: [Name] [Time]\n- Reviewer: [Name]")
    );
    let why: Vec<&str> = filled.left.iter().map(|l| l.why.as_str()).collect();
    assert_eq!(
        why,
        [
            "nobody has signed as engineer",
            "nobody has signed as reviewer",
            "no step, check item or message of the run is called that",
        ]
    );
    night.signs(SignRole::Engineer, "ada", false);
    assert!(
        night.log().text.contains("- Engineer: ada (claimed) 21:03:00 +01:00\n- Reviewer: [Name] [Time]")
    );
}

#[test]
fn what_was_not_done_stays_byte_for_byte_and_says_why() {
    let template = "- [ ] Backup created: /b/backup_YYYYMMDD.sql  \r\n- [ ] Code deployed: [Time]\n- [ ] Smoke tests passed: [Time]\n- [ ] Build successful\n- Status: [ ] Success [ ] Failed\n";
    let mut night = Night::of(template);
    night.runs("1/1", 0);
    night.runs("3/1", 1);
    let filled = night.log();
    assert_eq!(filled.text.trim_end(), template.replace("\r\n", "\n").trim_end());
    let why: Vec<&str> = filled.left.iter().map(|l| l.why.as_str()).collect();
    assert_eq!(
        why,
        [
            "no command set a value like backup_YYYYMMDD.sql",
            "2 Deploy New Code: 2/1 was not run",
            "3 Run Smoke Tests: 3/1 failed",
            "check.checklist/2 was not ticked",
            "the run is not over",
        ]
    );
    assert_eq!(filled.filled, []);
}

#[test]
fn a_log_is_the_same_wherever_it_is_written() {
    let filled = Night::whole("Started: [Time]").log();
    assert_eq!(filled.text.trim_end(), "Started: 21:00:00 +01:00");
    // After midnight the day stands before the time.
    let mut night = Night::of("Ended: [Time]");
    night.at = "2026-11-25T23:30:00Z".parse().unwrap();
    night.happens(Event::RunFinished { outcome: Outcome::Failed });
    assert_eq!(night.log().text.trim_end(), "Ended: 2026-11-26 00:30:00 +01:00");
}

/// Lines that say another thing than they seem to: nothing is written there.
#[track_caller]
fn stays(template: &str) {
    let filled = Night::whole(template).log();
    assert_eq!(filled.text.trim_end(), template.trim_end());
}

#[test]
fn what_only_looks_like_a_field_stays() {
    for line in [
        "**Engineer:** Jane **Reviewer:** Bob",
        "**Note:** copy this template to the wiki",
        "**Rollback:** see Section 9",
        "**Status:** pages are at https://status.example.com",
        "**Time:** 5 minutes",
        "**Version:** 1.0 (this template)",
        "Deployed [commit sha] somewhere",
        "Backup created: [size]",
        "Migrations run: [count]",
        "Database: [name]",
        "- Service: [Name]",
        "Smoke tests: ___/14 passed",
        "Engineer: [Email]",
        "Errors: ____ per minute",
        "Version: ____ -> ____",
        "Known issues: [link]",
        "Rollback reason: [Reason]",
        "- [ ] Backup verified",
        "- [ ] Database",
        "Approved by: ____ Date: ____",
        "### Outcome\n- [ ] Successful with issues\n- [ ] Complete post-mortem",
        "### Issues\n- [ ] No errors in logs",
        "### Rollback\n- [ ] No customers affected",
        "### Sign-off\n- Date: ____",
        "| Check | Command | Notes |\n|---|---|---|\n| Smoke tests | `curl <host>/health` | |",
        "| Step | Staging | Rows affected | Link |\n|---|---|---|---|\n| Smoke tests | | | |",
        "| Field | Planned | Actual | Owner |\n|---|---|---|---|\n| Rollback | | | |",
        "### Sign-off\n| Role | Name | Date |\n|---|---|---|\n| Reviewer | Jane Doe | |",
        "| Version: | | Environment: | |\n|---|---|---|---|\n| Version: | | Environment: | |",
    ] {
        stays(line);
    }
}

#[test]
fn times_people_and_units_are_those_that_are_asked_for() {
    for (template, wanted) in [
        ("Started: HH:MM UTC", "Started: 21:00:00 +01:00"),
        ("Started: [YYYY-MM-DD HH:MM UTC]", "Started: 2026-11-25 21:00:00 +01:00"),
        ("Time: HH:MM - HH:MM", "Time: 21:00:00 +01:00 - 21:10:00 +01:00"),
        ("Duration: ____ minutes", "Duration: 10 minutes"),
        ("- **Environment**: Production", "- **Environment**: Staging"),
        ("1. Date: YYYY-MM-DD", "1. Date: 2026-11-25"),
        ("Deployed [version] by [name]", "Deployed v2.0.0 by ada"),
        ("Smoke test result: ____", "Smoke test result: done"),
        ("Keine: Keine / [Beschreibung]", "Keine: Keine / [Beschreibung]"),
        ("### Issues\n- Keine / [Beschreibung]", "### Issues\n- Keine"),
        (
            "- Reviewer: ____ Date: YYYY-MM-DD Time: HH:MM",
            "- Reviewer: grace (claimed) Date: 2026-11-25 Time: 21:12:00 +01:00",
        ),
        ("Environment: [ ] Staging [ ] Production", "Environment: [x] Staging [ ] Production"),
        (
            "| Step | Done |\n|---|---|\n| Deploy code | [ ] |",
            "| Step | Done |\n|---|---|\n| Deploy code | [x] |",
        ),
        (
            "| Field | Value |\n|---|---|\n| Environment | Production |",
            "| Field | Value |\n|---|---|\n| Environment | Staging |",
        ),
        (
            "### Issues\n| Issue | Time |\n|---|---|\n| | |\n| | |",
            "### Issues\n| Issue | Time |\n|---|---|\n| None| |\n| | |",
        ),
        ("### Result\n- [ ] Success\n- [ ] Successful", "### Result\n- [x] Success\n- [ ] Successful"),
    ] {
        assert_eq!(Night::whole(template).log().text.trim_end(), wanted);
    }
}

#[test]
fn a_failure_that_nobody_noted_is_no_absence_of_issues() {
    let mut night = Night::of("### Issues\n- None / [Description]");
    night.runs("1/1", 1);
    night.happens(Event::RunFinished { outcome: Outcome::Failed });
    let filled = night.log();
    assert!(filled.text.contains("- None / [Description]"), "{}", filled.text);
    assert!(
        filled.left[0].why.starts_with("no issue was noted, and something failed: 1/1"),
        "{:?}",
        filled.left
    );
}

#[test]
fn who_signed_before_it_was_gone_back_has_not_signed_that() {
    let mut night = Night::whole("### Sign-off\n- Engineer: [Name] [Time]");
    assert!(night.log().text.contains("- Engineer: ada 21:11"));
    night.happens(Event::RollbackBegun(Box::default()));
    night.happens(Event::RunFinished { outcome: Outcome::RolledBack });
    let filled = night.log();
    assert!(filled.text.contains("- Engineer: [Name] [Time]"), "{}", filled.text);
    assert_eq!(filled.left[0].why, "ada signed as engineer before the rollback");
    assert_eq!(crate::run::sign::wanted(&night.state), Some(SignRole::Engineer));
}

#[test]
fn plain_labels_are_filled_whatever_their_shape() {
    let template = "Date:\nWho:\n- Ticket:\nEnv: Production\nDowntime:\nDowntime (min):\nProblems:\nRolled back? yes/no\nRollback performed (yes/no):\nRollback required? yes/no\nWeather:\nDeployer ......";
    let mut night = Night::of(template);
    night.runs("1/1", 0);
    night.runs("2/1", 1);
    night.happens(Event::Noted { about: String::new(), text: "the pull failed".into(), issue: true });
    night.happens(Event::RunFinished { outcome: Outcome::Failed });
    let filled = fill(&night.state);
    let lines: Vec<&str> = filled.text.lines().take(12).collect();
    let wanted = [
        "Date: 2026-11-25",
        "Who: ada",
        "- Ticket: CHG-1",
        "Env: Staging",
        "Downtime: none",
        "Downtime (min):",
        "Problems: the pull failed",
        "Rolled back? no",
        "Rollback performed (yes/no): no",
        "Rollback required? yes/no",
        "Weather:",
        "Deployer ada",
    ];
    assert_eq!(lines, wanted);
    let left: Vec<&str> = filled.left.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(left, ["Downtime (min):", "Rollback required? yes/no", "Weather:"], "each with its reason");
    assert!(filled.left.iter().all(|l| !l.why.is_empty()));
}

#[test]
fn a_template_of_plain_labels_needs_no_fence() {
    let document = STEPS.to_owned() + "- Date:\n- Who:\n- Rolled back? yes/no\n";
    let state = RunState::new(Arc::new(crate::runbook::read(&document)));
    assert!(state.runbook().log_template.as_ref().is_some_and(|t| t.items.len() == 3));
}
