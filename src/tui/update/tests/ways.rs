//! The ways between screens, what is asked for on arriving, and what goes on meanwhile.

use chrono::TimeDelta;

use super::*;
use crate::run::Outcome;
use crate::run::event::PlaceChoice;
use crate::run::health::{Level, RowId};
use crate::run::monitoring::RoundId;
use crate::run::policy::Confirmation;
use crate::run::rollback::Decided;
use crate::runbook::probes::ProbeId;

use crate::tui::screen::Screen;

#[test]
fn each_number_leads_to_its_screen() {
    let ways = [
        ('1', Screen::Checklist),
        ('2', Screen::Steps),
        ('3', Screen::Log),
        ('4', Screen::Commands),
        ('5', Screen::Document),
        ('6', Screen::Health),
        ('7', Screen::Monitor),
        ('8', Screen::Rollback),
        ('9', Screen::Problems),
        ('0', Screen::History),
    ];
    for (key, place) in ways {
        let mut desk = Desk::at(LONG, &looked());
        let effects = desk.key(KeyCode::Char(key));
        assert_eq!(desk.app.screen, place, "{key}");
        match place {
            Screen::Rollback => assert_eq!(sent(&effects), &ToRunner::LookBack),
            Screen::History => assert!(matches!(effects.as_slice(), [Effect::ReadHistory])),
            _ => assert!(requests(&effects).is_empty(), "{place:?} changes nothing: {effects:?}"),
        }
        let frame = desk.frame();
        assert!(frame.contains("help"), "{place:?} is drawn:\n{frame}");
    }
}

#[test]
fn before_a_run_there_are_the_document_and_the_runs_before() {
    for key in ['1', '2', '3', '4', '6', '7', '8', '9'] {
        let mut desk = Desk::open(LONG);
        assert!(desk.char(key).is_empty(), "{key}");
        assert_eq!((desk.app.screen, desk.said()), (Screen::Start, "the run has not been started"), "{key}");
    }
    let mut desk = Desk::open(LONG);
    desk.char('5');
    assert_eq!(desk.app.screen, Screen::Document);
    desk.press(KeyCode::Esc);
    assert_eq!(desk.app.screen, Screen::Start);
    desk.char('h');
    assert_eq!(desk.app.screen, Screen::History);
    assert!(desk.frame().contains("reading the runs"));
    desk.take(Msg::History(vec![]));
    assert!(desk.frame().contains("never run here"));
    desk.press(KeyCode::Esc);
    assert_eq!(desk.app.screen, Screen::Start);
}

#[test]
fn the_document_opens_at_what_was_looked_at() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.press(KeyCode::Down);
    desk.char('5');
    assert_eq!(desk.app.screens.document.line, 5, "where uptime stands");
    desk.app.screens.document.line = 4;
    desk.press(KeyCode::Enter);
    assert_eq!(desk.app.screen, Screen::Steps);
    assert!(desk.app.screens.steps.selected.is_none(), "that is the next thing");
}

#[test]
fn another_size_is_told_and_what_is_shown_is_asked_for_anew() {
    let mut desk = Desk::at(SHORT, &[started("1/1"), exited("1/1", 0)]);
    let effects = desk.take(Msg::Resize(140, 40));
    assert!(matches!(sent(&effects), ToRunner::PaneSize { columns, rows } if *columns > 100 && *rows > 5));
    assert_eq!(desk.app.size, (140, 40));
    desk.char('o');
    desk.app.screens.output.skipped = 3;
    let effects = desk.take(Msg::Resize(80, 24));
    let rows = effects.iter().find_map(|e| match e {
        Effect::Send(ToRunner::Read { query, .. }) => Some(query.rows),
        _ => None,
    });
    assert_eq!(rows, Some(18), "as many rows as there are now");
    assert_eq!(desk.app.screens.output.skipped, 0);
}

#[test]
fn output_of_what_runs_is_followed_at_its_end_only() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.happens(exited("1/1", 0));
    desk.happens(started("1/2"));
    desk.app.screens.steps.selected = Some("1/2".into());
    desk.char('o');
    assert_eq!(desk.app.screen, Screen::Output);
    let show =
        |desk: &mut Desk| desk.told(ToClient::Screen { command: "1/2".into(), screen: Box::default() });
    assert!(show(&mut desk).is_empty(), "one question at a time");
    desk.app.screens.output.asked = None;
    assert_eq!(show(&mut desk).len(), 1);
    desk.app.screens.output.asked = None;
    assert_eq!(
        desk.take(Msg::Tick).len(),
        1,
        "a program that draws nothing new may have written all the same"
    );
    desk.app.screens.output.asked = None;
    desk.app.screens.output.from = crate::protocol::From::Line(0);
    assert!(show(&mut desk).is_empty(), "whoever reads at the beginning stays there");
    desk.app.screens.output.from = crate::protocol::From::End;
    desk.press(KeyCode::Esc);
    assert!(desk.take(Msg::Tick).is_empty(), "nobody looks");
}

#[test]
fn a_follow_command_is_kept_in_the_background_and_looked_at_from_there() {
    let book = "# T\n## Steps\n```bash\ntail -f /var/log/notes.log\nuptime\n```\n";
    let mut desk = Desk::at(book, &[started("1/1")]);
    let effects = desk.char('b');
    assert_eq!(requests(&effects), [&Request::KeepInBackground { command: "1/1".into() }]);
    desk.char('i');
    desk.happens(Event::KeptInBackground { command: "1/1".into() });
    assert!(desk.said().contains("is running in the background"), "{}", desk.said());
    assert!(desk.app.keyboard.is_none(), "the next command is what keys are for");
    assert_eq!(runs(&desk.press(KeyCode::Enter)), ["1/2"], "and it can run meanwhile");
    desk.char('p');
    assert_eq!(desk.app.screens.steps.selected.as_ref().map(|c| c.0.as_str()), Some("1/1"));
    desk.press(KeyCode::F(8));
    let effects = desk.char('i');
    let cancel = Request::Cancel { command: "1/1".into(), signal: "INT".into() };
    assert_eq!(requests(&effects), [&cancel], "what is looked at is ended, not what runs in the foreground");
    desk.happens(exited("1/1", 130));
    desk.press(KeyCode::Enter);
    desk.char('p');
    assert_eq!(desk.said(), "nothing is running in the background");
}

#[test]
fn what_is_looked_at_does_not_answer_for_the_next_thing() {
    let book = "# T\n## Steps\n```bash\n# If the table is missing, migrate\n./migrate --all\nuptime\n```\n";
    let mut desk = Desk::at(book, &[go()]);
    let Some(crate::run::Next::Condition(id)) = desk.app.next().cloned() else {
        panic!("{:?}", desk.app.next())
    };
    desk.press(KeyCode::Down);
    assert!(desk.app.screens.steps.selected.is_some());
    assert!(desk.char('y').is_empty() && desk.char('n').is_empty(), "another command is on the screen");
    desk.press(KeyCode::Enter);
    assert!(desk.app.screens.steps.selected.is_none(), "Enter comes back");
    let effects = desk.char('y');
    assert_eq!(requests(&effects), [&Request::Answer { command: id, holds: true }]);
}

#[test]
fn the_checklist_that_steps_led_to_leads_back() {
    let mut desk = Desk::open(LONG);
    desk.attach(run_of(LONG, "Staging", &[]));
    assert_eq!(desk.app.screen, Screen::Checklist);
    let items: Vec<_> = desk.app.book.items().iter().map(|i| i.id.clone()).collect();
    for item in &items {
        let effects = desk.press(KeyCode::Enter);
        assert_eq!(requests(&effects), [&Request::Tick { item: item.clone(), evidence: None, reason: None }]);
        desk.happens(Event::ItemTicked { item: item.clone(), evidence: None, reason: None });
    }
    assert_eq!(desk.app.screen, Screen::Checklist, "whoever came by themselves stays");
    for key in [KeyCode::Enter, KeyCode::Char(' ')] {
        let effects = desk.press(key);
        assert!(requests(&effects).is_empty(), "{key} once too often takes no tick off");
        assert_eq!(desk.said(), "ticked already; u takes the tick off");
    }
    let last = items.last().unwrap().clone();
    let effects = desk.char('u');
    assert_eq!(requests(&effects), [&Request::Untick { item: last.clone() }], "the key of its own does");
    desk.happens(Event::ItemUnticked { item: last });
    assert!(requests(&desk.char('u')).is_empty());
    assert_eq!(desk.said(), "this item is not ticked");
}

/// On the way back's screen, with everything looked at.
fn on_rollback(environment: &str) -> Desk {
    let mut desk = Desk::open(LONG);
    let mut events = looked();
    events.push(go());
    desk.attach(run_of(LONG, environment, &events));
    assert_eq!(sent(&desk.char('8')), &ToRunner::LookBack);
    desk
}

#[test]
fn going_back_waits_for_what_was_looked_at_and_asks_why() {
    let mut desk = on_rollback("Staging");
    assert!(desk.press(KeyCode::F(9)).is_empty());
    assert_eq!(desk.said(), "still checking what the rollback needs");
    desk.told(ToClient::Found(Box::default()));
    assert!(desk.app.screens.rollback.found.is_some());
    desk.press(KeyCode::F(9));
    assert_eq!(desk.front().as_deref(), Some("field Roll back: why?"));
    let effects = desk.fill("errors after the change");
    let requests = requests(&effects);
    let [Request::RollBack { reason, confirmed, .. }] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((reason.as_str(), *confirmed), ("errors after the change", Confirmation::TwoKeys));
}

#[test]
fn in_production_going_back_takes_its_name() {
    let mut desk = on_rollback("Production");
    desk.told(ToClient::Found(Box::default()));
    desk.press(KeyCode::F(9));
    assert!(desk.fill("errors").is_empty());
    assert_eq!(desk.front().as_deref(), Some("field Type Production to roll back"));
    assert!(desk.fill("yes").is_empty());
    assert_eq!(desk.said(), "that is not Production: nothing was stopped");
    desk.other(KeyCode::Char('u'), KeyModifiers::CONTROL, KeyEventKind::Press);
    let effects = desk.fill("Production");
    let requests = requests(&effects);
    assert!(
        matches!(requests.as_slice(), [Request::RollBack { confirmed: Confirmation::TypeName, .. }]),
        "{requests:?}"
    );
}

#[test]
fn without_a_way_back_in_the_document_nothing_begins() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('8');
    desk.told(ToClient::Found(Box::default()));
    assert!(desk.press(KeyCode::F(9)).is_empty());
    assert_eq!(desk.said(), "the document has no rollback: ! runs and records commands of your own");
}

#[test]
fn once_it_is_gone_back_the_steps_are_the_way_back() {
    let mut desk = on_rollback("Staging");
    desk.told(ToClient::Found(Box::default()));
    let procedures = desk.app.procedures_chosen();
    desk.happens(Event::RollbackBegun(Box::new(Decided { procedures, ..Decided::default() })));
    assert_eq!(
        (desk.app.screen, desk.said()),
        (Screen::Steps, "rollback started: its steps are listed here")
    );
    assert!(desk.app.going_back());
    desk.char('8');
    desk.char('x');
    assert_eq!(desk.front().as_deref(), Some("field Cancel the rollback: why?"));
    let effects = desk.fill("it was the wrong host");
    let wanted = Request::CallOffRollback { reason: "it was the wrong host".into() };
    assert_eq!(requests(&effects), [&wanted]);
    desk.happens(Event::RollbackCalledOff { reason: "it was the wrong host".into() });
    assert_eq!((desk.app.screen, desk.app.going_back()), (Screen::Steps, false));
}

#[test]
fn a_place_that_is_chosen_on_the_way_back_is_gone_to_at_once() {
    let book = "# T\n## Steps\n```bash\nssh ada@web\nhostname\n```\n## Rollback\n```bash\nuptime\n```\n";
    let chosen = || Event::PlaceChosen { command: "1/1".into(), choice: PlaceChoice::Through };
    let mut desk = Desk::at(book, &[]);
    assert!(runs(&desk.happens(chosen())).is_empty(), "on Steps it is run with a key");
    let mut desk = Desk::at(book, &[]);
    desk.char('8');
    let effects = desk.happens(chosen());
    assert!(!effects.is_empty());
    let mut desk = Desk::at(book, &[]);
    desk.char('8');
    desk.app.session.control.yours = false;
    assert!(runs(&desk.happens(chosen())).is_empty(), "by whoever has control, once");
}

const WATCHED: &str = "# T\n## Steps\n```bash\nuptime\n```\n## Monitoring\n### First hour\nEvery 5 minutes:\n\
    - [ ] Errors are as before\n- [ ] Latency is as before\n";

/// A round of the monitoring is open.
fn in_a_round() -> Option<(Desk, RoundId)> {
    let mut desk = Desk::at(WATCHED, &[started("1/1"), exited("1/1", 0)]);
    let items = desk.app.book.runbook.monitoring.first()?.items.len();
    desk.happens(Event::RunFinished { outcome: crate::run::Outcome::Deployed });
    desk.happens(Event::MonitoringBegan);
    let round = RoundId { window: 1, number: 1 };
    let due = Utc::now() - TimeDelta::minutes(1);
    desk.happens(Event::RoundOpened { round, due, evidence: vec![] });
    desk.key(KeyCode::Char('7'));
    (items == 2).then_some((desk, round))
}

#[test]
fn monitoring_is_begun_and_its_rounds_answered() {
    let mut desk = Desk::at(WATCHED, &[started("1/1"), exited("1/1", 0)]);
    desk.char('7');
    assert_eq!(requests(&desk.press(KeyCode::Enter)), [&Request::BeginMonitoring]);
    let (mut desk, round) = in_a_round().unwrap();
    let items: Vec<_> = desk.app.book.runbook.monitoring[0].items.iter().map(|i| i.id.clone()).collect();
    let effects = desk.press(KeyCode::Enter);
    let yes = Request::AnswerRound { round, item: items[0].clone(), met: true, note: String::new() };
    assert_eq!(requests(&effects), [&yes]);
    desk.char('x');
    assert_eq!(desk.front().as_deref(), Some("field Not as it should be: what is wrong?"));
    let effects = desk.fill("twice as slow");
    let no = Request::AnswerRound { round, item: items[1].clone(), met: false, note: "twice as slow".into() };
    assert_eq!(requests(&effects), [&no], "the cursor has gone on to the next item");
}

#[test]
fn between_rounds_nothing_is_answered() {
    let (mut desk, round) = in_a_round().unwrap();
    desk.happens(Event::RoundClosed {
        round,
        held: crate::run::monitoring::Held::Attended,
        evidence: vec![],
    });
    assert!(desk.press(KeyCode::Enter).is_empty());
    assert_eq!(desk.said(), "no round is open now");
    assert!(desk.char('x').is_empty() && desk.front().is_none());
}

#[test]
fn monitoring_ends_early_only_with_a_reason() {
    let mut desk = Desk::at(WATCHED, &[]);
    desk.char('7');
    desk.char('e');
    assert_eq!((desk.front(), desk.said()), (None, "no monitoring is in progress"));
    let (mut desk, _) = in_a_round().unwrap();
    desk.char('e');
    assert_eq!(desk.front().as_deref(), Some("field End the monitoring before its time: why?"));
    let wanted = Request::EndMonitoring { why: "handed to the day shift".into() };
    assert_eq!(requests(&desk.fill("handed to the day shift")), [&wanted]);
}

#[test]
fn an_alert_is_told_rung_for_and_acknowledged() {
    for bell in [true, false] {
        let (mut desk, _) = in_a_round().unwrap();
        desk.app.settings.messages.bell = bell;
        desk.char('a');
        assert_eq!(desk.said(), "no alert is waiting for an answer");
        let row = RowId::Subject(ProbeId("http.1".into()), String::new());
        let (level, words) = (Level::Alert, "503, in 4.0 ms".to_owned());
        let effects = desk.happens(Event::AlertRaised { row: row.clone(), level, words, since: None });
        assert_eq!(matches!(effects.as_slice(), [Effect::Bell]), bell);
        assert_eq!(desk.said(), "alert: 503, in 4.0 ms");
        desk.char('a');
        let effects = desk.fill("restarting it");
        assert_eq!(
            requests(&effects),
            [&Request::Acknowledge { row: row.clone(), note: "restarting it".into() }]
        );
        desk.happens(Event::AlertCleared { row, words: "200, in 3.9 ms".into(), worst: None });
        assert_eq!(desk.said(), "recovered: 200, in 3.9 ms");
    }
}

#[test]
fn ending_as_failed_asks_why_and_says_what_is_down() {
    let mut desk = Desk::at("# T\n## Steps\n```bash\nsystemctl stop web\n./deploy\n```\n", &[go()]);
    let Event::CommandStarted { command, attempt, place, shell, .. } = started("1/1") else { return };
    desk.happens(Event::CommandStarted { command, attempt, text: "systemctl stop web".into(), place, shell });
    desk.happens(exited("1/1", 0));
    desk.char('3');
    assert!(requests(&desk.press(KeyCode::F(7))).is_empty(), "one key ends nothing");
    assert_eq!(desk.front().as_deref(), Some("field End the run as failed: why?"));
    let Some(Overlay::Field(field)) = desk.app.overlays.last() else { panic!("a field is open") };
    assert!(field.lines[0].starts_with("The service has been down since"), "{:?}", field.lines);
    let effects = desk.fill("the image is broken");
    let finish = Request::Finish { outcome: Outcome::Failed, reason: "the image is broken".into() };
    assert_eq!(requests(&effects), [&finish]);
}

#[test]
fn the_key_of_the_way_back_ends_no_command() {
    let mut desk =
        Desk::at("# T\n## Steps\n```bash\n./deploy\n```\n## Rollback\n```bash\n./undo\n```\n", &[go()]);
    desk.happens(started("1/1"));
    desk.press(KeyCode::F(8));
    assert!(requests(&desk.press(KeyCode::F(9))).is_empty());
    assert_eq!((desk.front(), desk.app.screen), (None, Screen::Rollback));
}
