//! A runner is reached, not reached, lost, and reached again.

use super::*;
use crate::client::Reread;
use crate::protocol::EndsWithLogin;
use crate::run::Outcome;

use crate::tui::screen::Screen;

fn over() -> Event {
    Event::RunFinished { outcome: Outcome::Deployed }
}

#[test]
fn screens_open_on_start_or_go_to_the_run() {
    let cases = [
        // at once, looks only, detaches, what is asked for
        (false, false, true, "[LookAtLogin]"),
        (false, false, false, "[]"),
        (true, false, true, "[TakeUp]"),
        (false, true, true, "[TakeUp]"),
        (true, true, false, "[TakeUp]"),
    ];
    for (at_once, read_only, detaches, wanted) in cases {
        let mut desk = Desk::open_with(SHORT, |opening| {
            opening.read_only = read_only;
            if !detaches {
                opening.host = Host::Within;
            }
        });
        let effects = desk.take(Msg::Opened { at_once });
        assert_eq!(format!("{effects:?}"), wanted, "{at_once} {read_only} {detaches}");
        assert_eq!(desk.app.screen, Screen::Start);
    }
}

#[test]
fn a_run_opens_on_the_screen_that_it_is_at() {
    let cases = [
        (SHORT, vec![], Screen::Steps, "nothing is due"),
        (LONG, vec![], Screen::Checklist, "items are due and nothing was run"),
        (LONG, vec![started("1/1"), exited("1/1", 0)], Screen::Steps, "something was run"),
        (LONG, vec![go()], Screen::Steps, "the gate was decided"),
        (SHORT, vec![over()], Screen::Log, "it is over"),
    ];
    for (book, events, place, why) in cases {
        let mut desk = Desk::open(book);
        let effects = desk.attach(run_of(book, "Staging", &events));
        assert_eq!(desk.app.screen, place, "{why}");
        let pane = |e: &Effect| matches!(e, Effect::Send(ToRunner::PaneSize { .. }));
        assert!(effects.iter().any(pane), "the runner has to know the pane's size: {effects:?}");
    }
}

#[test]
fn a_run_that_is_to_go_back_opens_on_the_way_back() {
    let mut desk = Desk::open_with(LONG, |opening| opening.goes_back = true);
    let effects = desk.attach(run_of(LONG, "Staging", &looked()));
    assert_eq!(desk.app.screen, Screen::Rollback);
    assert!(effects.iter().any(|e| matches!(e, Effect::Send(ToRunner::LookBack))));
    desk.key(KeyCode::Char('2'));
    desk.attach(run_of(LONG, "Staging", &looked()));
    assert_eq!(desk.app.screen, Screen::Steps, "only the first time");
}

#[test]
fn before_a_run_is_shown_a_failure_is_told_and_not_tried_again() {
    let mut desk = Desk::open(SHORT);
    assert!(desk.take(Msg::NotAttached("the state directory is full".into())).is_empty());
    assert_eq!(desk.said(), "the state directory is full");
    assert_eq!(desk.app.screen, Screen::Start);
}

#[test]
fn a_lost_runner_is_replaced_and_tried_for_until_one_is_there() {
    let mut desk = Desk::at(SHORT, &[]);
    let effects = desk.take(Msg::RunnerGone);
    assert!(matches!(effects.as_slice(), [Effect::TakeUp]), "{effects:?}");
    assert_eq!(desk.said(), "the runner has ended; starting another one");
    for _ in 0..3 {
        let effects = desk.take(Msg::NotAttached("its lock is held".into()));
        assert_eq!(desk.said(), "no runner: its lock is held; trying again");
        let [Effect::TryAgain(after)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(*after, Duration::from_secs(2));
        assert!(matches!(desk.take(Msg::TryAgain).as_slice(), [Effect::TakeUp]));
    }
    desk.app.screen = Screen::Commands;
    desk.attach(run_of(SHORT, "Staging", &[started("1/1"), exited("1/1", 0)]));
    assert_eq!(desk.said(), "another process owns the run now; no command ran twice");
    assert_eq!(desk.app.screen, Screen::Commands, "whoever was looking at something still does");
    assert_eq!(desk.app.run.as_ref().unwrap().ran().len(), 1, "what happened meanwhile is there");
}

#[test]
fn a_runner_that_goes_at_its_end_is_not_replaced() {
    let cases = [
        (true, vec![over()], "the run is over"),
        (false, vec![], "it ran in this process, and has ended with it"),
    ];
    for (detaches, events, why) in cases {
        let mut desk = Desk::at(SHORT, &events);
        desk.app.session.detaches = detaches;
        assert!(desk.take(Msg::RunnerGone).is_empty(), "{why}");
        assert_eq!(desk.said(), "", "{why}");
    }
}

#[test]
fn a_view_is_had_again_without_a_word() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.app.session.read_only = true;
    assert!(matches!(desk.take(Msg::RunnerGone).as_slice(), [Effect::TakeUp]));
    assert_eq!(desk.said(), "");
}

#[test]
fn what_was_known_of_the_runner_before_is_gone_with_it() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    desk.told(ToClient::Screen { command: "1/1".into(), screen: Box::default() });
    desk.told(ToClient::Unrecorded(Some((Utc::now(), "the disk is full".into()))));
    let ends =
        EndsWithLogin { why: "lingering is off for you".into(), remedy: "loginctl enable-linger".into() };
    desk.told(ToClient::EndsWithLogin(ends));
    desk.char('i');
    desk.take(Msg::Text(Box::default()));
    assert!(desk.app.keyboard.is_some() && desk.front().is_some());
    desk.stand();
    desk.attach(run_of(SHORT, "Staging", &[started("1/1")]));
    let session = &desk.app.session;
    assert!(session.unrecorded.is_none() && session.ends_with_login.is_none());
    assert!(desk.app.keyboard.is_none(), "keys are for a program that is looked at");
    assert!(desk.app.screens.steps.live.is_empty() && desk.front().is_none());
    assert!(!desk.app.armed(desk.now), "and what is shown now has to be seen");
}

#[test]
fn what_befalls_the_runner_is_told() {
    let ends =
        EndsWithLogin { why: "lingering is off for you".into(), remedy: "loginctl enable-linger".into() };
    let cases = [
        (ToClient::Trouble("a probe has died".into()), "a probe has died"),
        (ToClient::NoShell("no such user".into()), "gonogo could not get a shell: no such user"),
        (ToClient::Saved { path: "/tmp/x".into(), lines: 3 }, "3 lines written to /tmp/x"),
        (ToClient::Unrecorded(None), "recording works again; what happened meanwhile was recorded late"),
        (
            ToClient::EndsWithLogin(ends),
            "this run ends with your login: lingering is off for you; loginctl enable-linger",
        ),
    ];
    for (update, words) in cases {
        let mut desk = Desk::at(SHORT, &[]);
        assert!(desk.told(update).is_empty(), "{words}");
        assert_eq!(desk.said(), words);
    }
}

#[test]
fn leaving_hangs_up_what_runs_in_this_process_only_after_a_warning() {
    let mut desk = Desk::at(SHORT, &[started("1/1")]);
    assert!(matches!(desk.char('q').as_slice(), [Effect::Quit]), "the run goes on without the screens");
    desk.app.session.detaches = false;
    assert!(desk.char('q').is_empty());
    assert!(desk.said().contains("\"hostname\" is still running and would be killed"), "{}", desk.said());
    let control = desk.other(KeyCode::Char('z'), KeyModifiers::CONTROL, KeyEventKind::Press);
    assert!(matches!(control.as_slice(), [Effect::Suspend]));
}

#[test]
fn another_reading_is_accepted_before_the_run_goes_on() {
    let mut desk = Desk::open(SHORT);
    let mut state = run_of(SHORT, "Staging", &[]);
    let accepted = Event::PlanAccepted { gonogo: "0.1".into(), plan: "f".repeat(64), changes: vec![] };
    let seq = state.seq().next();
    state = state.apply(&record(seq, accepted));
    assert!(state.reads_differently());
    let reread = Some(Reread { by: "0.0.9".into(), changes: None });
    let control = Control { yours: true, ..Control::default() };
    desk.take(Msg::Attached(Box::new(Taken { state, control, reread })));
    assert_eq!(desk.front().as_deref(), Some("reread"));
    desk.char('n');
    assert_eq!(desk.front().as_deref(), Some("reread"), "another key says nothing");
    let effects = desk.char('y');
    let requests = requests(&effects);
    assert!(matches!(requests.as_slice(), [Request::AcceptPlan { .. }]), "{requests:?}");
}
