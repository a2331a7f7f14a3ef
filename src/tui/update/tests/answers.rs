//! Answers: what they lead to, and that one that comes too late leads to nothing.

use super::*;
use crate::config::{ProbeSettings, Waiting};
use crate::protocol::{OutputPage, OutputQuery, ToSign};
use crate::record::history::Past;
use crate::run::policy::Confirmation;
use crate::run::refusal::{Refusal, Remedy};
use crate::runbook::probes::ProbeId;

use crate::tui::screen::Screen;
use crate::tui::screens::health::ContainerLog;
use crate::tui::screens::start::StartRow;

/// The number of the last question of a list of effects.
fn number_of(effects: &[Effect]) -> u64 {
    let number = |effect: &Effect| match effect {
        Effect::Send(ToRunner::Ask { number, .. } | ToRunner::Read { number, .. }) => Some(*number),
        _ => None,
    };
    effects.iter().rev().find_map(number).unwrap()
}

fn page(total: u64) -> OutputPage {
    OutputPage { total, ..OutputPage::default() }
}

fn query() -> OutputQuery {
    let from = crate::protocol::From::End;
    let (raw, pattern, filter) = (false, None, None);
    OutputQuery { command: "1/1".into(), attempt: None, from, rows: 10, raw, pattern, filter }
}

#[test]
fn a_refused_request_shows_its_words() {
    let refusals = [
        Refusal::NotAsSeen("1/1".into()),
        Refusal::Busy("1/2".into()),
        Refusal::Over,
        Refusal::Hook("gonogo.toml".into(), "the freeze lasts until Monday".into()),
    ];
    for refusal in refusals {
        let mut desk = Desk::at(SHORT, &[]);
        let number = number_of(&desk.key(KeyCode::Enter));
        let words = refusal.told(|remedy| (remedy == Remedy::Stop).then(|| "F8".to_owned()));
        assert!(desk.told(ToClient::Answered { number, refused: Some(refusal) }).is_empty());
        assert_eq!(desk.said(), words);
        assert!(desk.frame().contains(words.split(':').next().unwrap()), "it stands on the screen");
        desk.char('j');
        assert_eq!(desk.said(), "", "the next key takes it away");
    }
}

#[test]
fn a_command_of_ones_own_runs_when_it_was_added() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('!');
    let number = number_of(&desk.fill("id"));
    let added = Event::CommandAdded { command: "added.1".into(), text: "id".into(), before: None };
    assert!(runs(&desk.happens(added)).is_empty(), "not before the answer");
    assert!(runs(&desk.told(ToClient::Answered { number: number + 7, refused: None })).is_empty());
    let effects = desk.told(ToClient::Answered { number, refused: None });
    assert_eq!(desk.app.screens.steps.selected.as_ref().map(|c| c.0.as_str()), Some("added.1"));
    // It changes who knows what, so it is run at once or confirmed; both name it.
    let evaluated = matches!(effects.as_slice(), [Effect::Send(ToRunner::Evaluate(id))] if id.0 == "added.1");
    assert!(evaluated || runs(&effects) == ["added.1"], "{effects:?}");
    assert!(desk.told(ToClient::Answered { number, refused: None }).is_empty(), "once");
}

#[test]
fn one_that_was_refused_is_not_run_later() {
    let mut desk = Desk::at(SHORT, &[]);
    desk.char('!');
    let number = number_of(&desk.fill("id"));
    desk.told(ToClient::Answered { number, refused: Some(Refusal::Over) });
    assert!(desk.told(ToClient::Answered { number, refused: None }).is_empty());
}

#[test]
fn what_destroys_is_confirmed_with_its_target_in_view() {
    let mut desk = Desk::at(LONG, &looked());
    desk.app.screen = Screen::Steps;
    let Some(crate::run::Next::Gate(_)) = desk.app.next() else { panic!("{:?}", desk.app.next()) };
    desk.happens(go());
    let effects = desk.press(KeyCode::Enter);
    assert_eq!(sent(&effects), &ToRunner::Evaluate("2/1".into()), "it is not run by one key");
    assert!(desk.front().is_none(), "nothing is asked before the target is known");
    desk.told(ToClient::Evaluated {
        command: "2/1".into(),
        target: vec!["/srv/notes/old is a directory".into()],
    });
    assert_eq!(desk.front().as_deref(), Some("confirm 2/1"));
    assert!(desk.frame().contains("/srv/notes/old is a directory"), "{}", desk.frame());
    assert!(desk.key(KeyCode::Char('y')).is_empty(), "the question was not drawn yet");
    let effects = desk.press(KeyCode::Char('y'));
    let requests = requests(&effects);
    let [Request::Run { command, confirmed, .. }] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((command.0.as_str(), *confirmed), ("2/1", Confirmation::TwoKeys));
    assert!(desk.front().is_none());
}

#[test]
fn in_production_the_name_is_typed() {
    let mut desk = Desk::open(LONG);
    let mut events = looked();
    events.push(go());
    desk.attach(run_of(LONG, "Production", &events));
    desk.press(KeyCode::Enter);
    desk.told(ToClient::Evaluated { command: "2/1".into(), target: vec![] });
    assert_eq!(desk.front().as_deref(), Some("field Type Production to run it"));
    assert!(desk.fill("Staging").is_empty());
    assert_eq!(desk.said(), "that is not Production: nothing was run");
    assert_eq!(desk.front().as_deref(), Some("field Type Production to run it"), "it can be typed again");
    desk.other(KeyCode::Char('u'), KeyModifiers::CONTROL, KeyEventKind::Press);
    assert_eq!(runs(&desk.fill("Production")), ["2/1"]);
}

#[test]
fn an_evaluation_that_comes_too_late_asks_nothing() {
    type Before = fn(&mut Desk);
    let cases: [(&str, Before, &str); 3] = [
        ("of another command", |_| {}, "2/2"),
        (
            "after another runner was reached",
            |d| {
                let mut events = looked();
                events.push(go());
                d.attach(run_of(LONG, "Staging", &events));
            },
            "2/1",
        ),
        (
            "a second time",
            |d| {
                d.told(ToClient::Evaluated { command: "2/1".into(), target: vec![] });
                d.press(KeyCode::Esc);
            },
            "2/1",
        ),
    ];
    for (what, before, command) in cases {
        let mut events = looked();
        events.push(go());
        let mut desk = Desk::at(LONG, &events);
        assert_eq!(sent(&desk.press(KeyCode::Enter)), &ToRunner::Evaluate("2/1".into()), "{what}");
        before(&mut desk);
        assert!(
            desk.told(ToClient::Evaluated { command: command.into(), target: vec![] }).is_empty(),
            "{what}"
        );
        assert!(desk.front().is_none(), "{what}: {:?}", desk.front());
    }
}

#[test]
fn of_two_pages_that_were_asked_for_the_last_is_shown() {
    let mut desk = Desk::at(SHORT, &[started("1/1"), exited("1/1", 0)]);
    let first = number_of(&desk.char('o'));
    assert_eq!(desk.app.screen, Screen::Output);
    let second = number_of(&desk.char('g'));
    assert!(first < second);
    desk.told(ToClient::Page { number: first, query: Box::new(query()), page: Ok(Box::new(page(1))) });
    assert!(desk.app.screens.output.page.is_none(), "the screen has gone on since");
    desk.told(ToClient::Page { number: second, query: Box::new(query()), page: Ok(Box::new(page(2))) });
    assert_eq!(desk.app.screens.output.total(), 2);
    desk.told(ToClient::Page { number: second, query: Box::new(query()), page: Ok(Box::new(page(3))) });
    assert_eq!(desk.app.screens.output.total(), 2, "nothing is asked any more");
}

#[test]
fn a_page_that_can_not_be_read_says_why() {
    let mut desk = Desk::at(SHORT, &[started("1/1"), exited("1/1", 0)]);
    let number = number_of(&desk.char('o'));
    desk.told(ToClient::Page {
        number,
        query: Box::new(query()),
        page: Err("the recording is damaged".into()),
    });
    assert_eq!(desk.app.screens.output.trouble.as_deref(), Some("the recording is damaged"));
    desk.press(KeyCode::Esc);
    assert_eq!(desk.app.screen, Screen::Steps);
}

#[test]
fn a_search_goes_on_from_the_other_end_once() {
    let mut desk = Desk::at(SHORT, &[started("1/1"), exited("1/1", 0)]);
    let number = number_of(&desk.char('o'));
    desk.told(ToClient::Page { number, query: Box::new(query()), page: Ok(Box::new(page(90))) });
    desk.char('/');
    let found = |matches, found| {
        Ok(Box::new(OutputPage { total: 90, matches: Some(matches), found, ..OutputPage::default() }))
    };
    let number = number_of(&desk.fill("error"));
    // The first page begins at 0, so there is nothing before it to look at.
    let effects = desk.told(ToClient::Page { number, query: Box::new(query()), page: found(0, None) });
    assert!(effects.is_empty());
    assert_eq!(desk.said(), "nothing matches");
    desk.app.screens.output.match_at = Some((0, 0));
    desk.app.screens.output.page = Some(OutputPage {
        lines: vec![crate::protocol::OutputLine { number: 50, ..Default::default() }],
        total: 90,
        ..OutputPage::default()
    });
    let number = number_of(&desk.char('n'));
    let effects = desk.told(ToClient::Page { number, query: Box::new(query()), page: found(3, None) });
    assert_eq!(desk.said(), "no more below: continuing from the top");
    let number = number_of(&effects);
    assert!(
        desk.told(ToClient::Page { number, query: Box::new(query()), page: found(3, Some(4)) }).is_empty()
    );
}

#[test]
fn a_log_of_a_container_that_is_not_looked_at_is_not_shown() {
    let mut desk = Desk::at(SHORT, &[]);
    let log = |name: &str| ContainerLog { probe: ProbeId("docker".into()), name: name.into(), lines: None };
    desk.app.screens.health.log = Some(log("api"));
    let told = |name: &str| ToClient::ContainerLog {
        probe: ProbeId("docker".into()),
        name: name.into(),
        lines: Ok(vec![name.into()]),
    };
    desk.told(told("db"));
    assert!(desk.app.screens.health.log.as_ref().unwrap().lines.is_none());
    desk.told(told("api"));
    assert_eq!(desk.app.screens.health.log.as_ref().unwrap().lines, Some(Ok(vec!["api".into()])));
}

#[test]
fn what_is_to_be_signed_is_shown_only_to_somebody_who_signs() {
    let mut desk = Desk::at(SHORT, &[]);
    let text = ToSign { statement: "s".into(), log: "l".into() };
    desk.told(ToClient::ToSign(Box::new(Ok(text))));
    assert!(desk.front().is_none());
    desk.told(ToClient::ToSign(Box::new(Err(Refusal::NotOver))));
    assert_eq!(desk.said(), Refusal::NotOver.to_string());
}

/// What two runs say of which each took so long for a step.
fn past_of(book: &str, environment: &str) -> Past {
    let state =
        || run_of(book, environment, &[started("1/1"), exited("1/1", 0), started("1/2"), exited("1/2", 0)]);
    Past::of([state(), state()])
}

#[test]
fn start_says_how_long_earlier_runs_took_in_the_environment_that_is_chosen() {
    let earlier = |environment: &str, outcome| crate::store::RunSummary {
        id: RunId(format!("{environment}-1")),
        title: "Notes".into(),
        document: "b.md".into(),
        environment: environment.into(),
        operator: "ada".into(),
        started: None,
        last: None,
        outcome,
        sha256: String::new(),
    };
    let mut desk = Desk::open_with(LONG, |opening| {
        let deployed = Some(crate::run::Outcome::Deployed);
        opening.before = vec![earlier("Staging", deployed), earlier("Production", None)];
    });
    let effects = desk.take(Msg::Opened { at_once: false });
    assert!(matches!(effects.as_slice(), [Effect::LookAtLogin]), "no environment is chosen: {effects:?}");
    // Production was never run to its end: there is nothing to read.
    assert!(desk.press(KeyCode::Enter).is_empty());
    assert_eq!(desk.app.environment_name().as_deref(), Some("Production"));
    desk.app.screens.start.row = 1;
    let effects = desk.press(KeyCode::Enter);
    let [Effect::ReadPast { title, environment, except: None }] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!((title.as_str(), environment.as_str()), ("Notes", "Staging"));
    assert!(!desk.frame().contains("usually"));
    desk.take(Msg::Past { environment: "Production".into(), past: past_of(LONG, "Production") });
    assert!(!desk.frame().contains("usually"), "of an environment that was looked at before");
    desk.take(Msg::Past { environment: "Staging".into(), past: past_of(LONG, "Staging") });
    let frame = desk.frame();
    assert!(frame.lines().any(|l| l.contains("usually ") && l.contains(" in 2 runs")), "{frame}");
    desk.app.screens.start.row = 0;
    desk.press(KeyCode::Enter);
    assert!(!desk.frame().contains("usually"), "Production has its own times");
}

#[test]
fn steps_say_how_long_earlier_runs_took_for_a_step() {
    let mut desk = Desk::open(SHORT);
    let effects = desk.attach(run_of(SHORT, "Staging", &[]));
    let read = effects.iter().find_map(|e| match e {
        Effect::ReadPast { title, environment, except } => {
            Some((title.clone(), environment.clone(), except.clone()))
        }
        _ => None,
    });
    assert_eq!(read, Some(("T".into(), "Staging".into(), Some(RunId("t-0c41".into())))));
    desk.take(Msg::Past { environment: "Staging".into(), past: past_of(SHORT, "Staging") });
    let frame = desk.frame();
    assert!(frame.lines().any(|l| l.contains("usually ") && l.contains(" in 2 runs")), "{frame}");
}

/// The settings beside the document ask for probes of these addresses, and say who acts.
fn wait_for(opening: &mut Opening, urls: &[&str]) {
    let mut with = opening.settings.clone();
    with.operator = "boss".into();
    let asks = urls.iter().map(|url| ("probes.elsewhere.url".to_owned(), (*url).to_owned())).collect();
    let probe = ProbeSettings {
        own: urls.first().map(|url| ("url".to_owned(), (*url).into())).into_iter().collect(),
        ..ProbeSettings::default()
    };
    with.watch.probes.insert("elsewhere".to_owned(), probe);
    let (file, hash) = (PathBuf::from("/srv/gonogo.toml"), "0".into());
    opening.settings.waiting = Some(Box::new(Waiting { file, asks, hash, with }));
    opening.environment = Some("Staging".into());
}

#[test]
fn settings_are_accepted_only_once_all_of_them_were_in_view() {
    let long = "x".repeat(4000);
    for urls in [vec!["http://e.example/x"; 60], vec![long.as_str()]] {
        let mut desk = Desk::open_with(SHORT, |o| wait_for(o, &urls));
        desk.press(KeyCode::End);
        assert!(desk.press(KeyCode::Enter).is_empty(), "it does not start, and goes to what is asked for");
        let asked = |desk: &Desk| desk.app.start_rows()[desk.app.screens.start.row];
        assert_eq!(asked(&desk), StartRow::Asked(0));
        while asked(&desk) != StartRow::Start {
            desk.press(KeyCode::Down);
            desk.app.screens.start.read = 0;
        }
        desk.press(KeyCode::Up);
        assert!(asked(&desk) == StartRow::Accept && desk.press(KeyCode::Enter).is_empty());
        assert_eq!(asked(&desk), StartRow::Asked(0), "none of it counts as read");
        let mut seen = String::new();
        while asked(&desk) != StartRow::Accept {
            assert!(desk.press(KeyCode::Enter).is_empty());
            seen += &desk.frame();
        }
        assert!(seen.contains("Enter accepts it as it is"));
        assert!(desk.press(KeyCode::Enter).iter().any(|e| matches!(e, Effect::AcceptCommands)));
    }
}

#[test]
fn settings_count_once_accepted_and_a_written_log_is_told_of() {
    let mut desk = Desk::open_with(SHORT, |o| wait_for(o, &["http://e.example/x"]));
    let watched = |desk: &Desk| desk.app.screens.start.watch.probe(&ProbeId("elsewhere".into())).is_some();
    assert!(desk.frame().contains("probes.elsewhere.url: http://e.example/x"), "{}", desk.frame());
    desk.take(Msg::Accepted(Err("disk full".into())));
    assert_eq!((desk.said(), desk.app.screens.start.asked.len(), watched(&desk)), ("disk full", 1, false));
    desk.take(Msg::Accepted(Ok(())));
    assert_eq!((desk.app.screens.start.operator.as_str(), watched(&desk)), ("boss", true));
    assert!(desk.app.screens.start.asked.is_empty() && !desk.frame().contains("/srv/gonogo.toml"));
    let mut desk = Desk::at(SHORT, &[]);
    let path = PathBuf::from("/tmp/night.md");
    let effects = desk.take(Msg::LogWritten { path: path.clone(), written: Ok(()) });
    assert_eq!(requests(&effects), [&Request::WroteLog { path: "/tmp/night.md".into() }]);
    assert_eq!(desk.said(), "log written to /tmp/night.md");
    assert!(desk.take(Msg::LogWritten { path, written: Err("denied".into()) }).is_empty());
    assert_eq!(desk.said(), "could not write /tmp/night.md: denied");
}

#[test]
fn the_cursor_of_start_begins_at_what_comes_next() {
    let row = |desk: &Desk| desk.app.start_rows()[desk.app.screens.start.row];
    assert_eq!(row(&Desk::open(SHORT)), StartRow::Start, "nothing is missing");
    let book = "# T\n## Steps\n```bash\ndocker pull harbour:$NO_SUCH_TAG_YET\n```\n";
    let mut desk = Desk::open(book);
    assert_eq!(row(&desk), StartRow::Value(0), "a value is missing, in the only environment");
    desk.press(KeyCode::Enter);
    assert_eq!(desk.front().as_deref(), Some("field NO_SUCH_TAG_YET"));
}
