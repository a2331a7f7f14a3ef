//! Keys on Health, and the way to the row of the banner from everywhere.

use chrono::TimeDelta;

use super::*;
use crate::run::board::Order;
use crate::run::health::{Health, Level, Reason, RowId, Sample, Seen, Subject, Unseen, Watch};
use crate::runbook::probes::ProbeId;
use crate::tui::screen::Screen;

const BOOK: &str = "# T\n## Checklist\n- [ ] Team notified\n\n## Steps\n```bash\ncurl http://shop.test/health\n\
    curl http://shop.test/search/health\nuptime\n```\n";

/// Ten minutes of two addresses, of which the second has been down for a minute.
fn desk() -> Desk {
    let mut desk = Desk::at(BOOK, &[]);
    let watch = Watch::of(&read(BOOK), None, false, &WatchSettings::default()).unwrap();
    let mut health = Health::new(watch);
    let now = Utc::now();
    for before in (0..=600).rev().step_by(5) {
        let fine = Subject { level: Some(Level::Ok), state: "200".into(), ..Subject::default() };
        let refused = Subject::unseen("", Unseen::new(Reason::Refused, "connection refused"));
        let mut take = |probe: &str, subject: &Subject| {
            let (at, seen) = (now - TimeDelta::seconds(before), Seen::Subjects(vec![subject.clone()]));
            health.take(&Sample { probe: ProbeId(probe.into()), at, seen });
        };
        take("http.1", &fine);
        take("http.2", if before > 60 { &fine } else { &refused });
    }
    desk.app.watch(Some(health));
    desk.happens(Event::AlertRaised {
        row: down(),
        level: Level::Down,
        words: "/search/health refuses connections".into(),
        since: None,
    });
    desk
}

fn down() -> RowId {
    RowId::Subject(ProbeId("http.2".into()), String::new())
}

fn body(desk: &Desk) -> String {
    desk.frame().lines().skip(3).collect::<Vec<_>>().join("\n")
}

#[test]
fn f5_leads_to_the_row_of_the_banner_from_every_screen_and_esc_back() {
    for (digit, place) in Screen::TABS {
        let mut desk = desk();
        desk.char(digit);
        desk.app.screens.health.row = None;
        let before = desk.app.screen;
        desk.press(KeyCode::F(5));
        assert_eq!(
            (desk.app.screen, &desk.app.screens.health.row),
            (Screen::Health, &Some(down())),
            "{place:?}"
        );
        desk.press(KeyCode::Esc);
        // From Health itself there is nowhere to go back to but the steps.
        let to = if before == Screen::Health { Screen::Steps } else { before };
        assert_eq!(desk.app.screen, to, "{place:?}");
    }
}

#[test]
fn f5_leaves_a_field_as_it_is_and_comes_back_to_it() {
    let mut desk = desk();
    desk.char('1');
    desk.char('c');
    "half a no".chars().for_each(|c| drop(desk.key(KeyCode::Char(c))));
    desk.press(KeyCode::F(5));
    assert_eq!((desk.app.screen, desk.front()), (Screen::Health, None));
    desk.press(KeyCode::Esc);
    assert_eq!(desk.app.screen, Screen::Checklist);
    assert!(desk.frame().contains("half a no"), "{}", desk.frame());
    let effects = desk.fill("te");
    assert!(!effects.is_empty(), "the note goes out");
}

#[test]
fn f5_puts_no_shown_secret_by() {
    use crate::mask::Hidden;
    use crate::protocol::Values;
    let mut desk = desk();
    let hidden = || Hidden::Declared("DB_PASSWORD".into());
    desk.happens(started("1/1"));
    desk.happens(Event::OutputMasked { command: "1/1".into(), attempt: Attempt(1), hidden: vec![hidden()] });
    for key in ['1', '#', 'v', 'y'] {
        desk.char(key);
    }
    desk.told(ToClient::Values(Values(vec![(hidden(), Some("s3cr3t".into()))])));
    assert!(desk.frame().contains("s3cr3t"), "{}", desk.frame());
    desk.press(KeyCode::F(5));
    desk.press(KeyCode::Esc);
    assert!(!desk.frame().contains("s3cr3t"), "nobody would hide them there: {}", desk.frame());
}

#[test]
fn f5_over_a_field_on_health_keeps_the_way_back_with_what_was_typed() {
    let mut desk = desk();
    desk.char('1');
    desk.char('c');
    "half a no".chars().for_each(|c| drop(desk.key(KeyCode::Char(c))));
    desk.press(KeyCode::F(5));
    desk.char('?');
    desk.press(KeyCode::F(5));
    assert_eq!(desk.said(), "Esc closes this first");
    desk.press(KeyCode::Esc);
    desk.press(KeyCode::Esc);
    assert!(desk.frame().contains("half a no"), "{}", desk.frame());
}

#[test]
fn somebody_who_takes_control_meanwhile_leaves_no_dialog_behind() {
    let mut desk = desk();
    desk.char('1');
    desk.char('c');
    desk.press(KeyCode::F(5));
    desk.told(ToClient::Control(Control {
        holder: Some("bob".into()),
        yours: false,
        others: vec!["ada".into()],
    }));
    desk.press(KeyCode::Esc);
    assert_eq!(desk.front(), None);
}

#[test]
fn a_held_picture_stands_still_while_the_banner_goes_on() {
    let mut desk = desk();
    desk.char('6');
    desk.char(' ');
    assert!(body(&desk).contains("HELD 0:0"), "{}", body(&desk));
    let held = body(&desk);
    let now = Utc::now();
    let refused = Subject::unseen("", Unseen::new(Reason::Refused, "connection refused"));
    for _ in 0..2 {
        let seen = Seen::Subjects(vec![refused.clone()]);
        desk.app
            .watched(|health| drop(health.take(&Sample { probe: ProbeId("http.1".into()), at: now, seen })));
    }
    let row = RowId::Subject(ProbeId("http.1".into()), String::new());
    desk.happens(Event::AlertRaised { row, level: Level::Down, words: "it is down".into(), since: None });
    let rows = |text: &str| text.lines().filter(|l| l.contains("✗ DOWN")).count();
    assert_eq!((rows(&body(&desk)), rows(&held)), (1, 1), "{}", body(&desk));
    assert!(
        desk.frame().lines().nth(2).unwrap().contains("/health, /search/health refuse"),
        "{}",
        desk.frame()
    );
    desk.char(' ');
    assert_eq!(rows(&body(&desk)), 2, "{}", body(&desk));
}

#[test]
fn the_time_line_reads_off_an_earlier_moment_and_end_lets_go() {
    let mut desk = desk();
    desk.char('6');
    desk.press(KeyCode::Left);
    let row = |desk: &Desk| body(desk).lines().find(|l| l.contains("/search/health")).unwrap().to_owned();
    assert!(row(&desk).contains("no answer"), "{}", body(&desk));
    (0..5).for_each(|_| drop(desk.press(KeyCode::Left)));
    assert!(row(&desk).contains("ok"), "{}", body(&desk));
    desk.press(KeyCode::End);
    assert!(desk.app.screens.health.moment.is_none() && row(&desk).contains("refused"));
}

#[test]
fn zoom_order_and_find() {
    let mut desk = desk();
    desk.char('6');
    let bucket = |desk: &Desk| desk.app.board().unwrap().rows[0].strip.bucket_s;
    let fits = bucket(&desk);
    desk.char('-');
    assert!(bucket(&desk) > fits);
    desk.char('-');
    let hours = bucket(&desk);
    desk.char('+');
    assert!(bucket(&desk) < hours);
    desk.press(KeyCode::Enter);
    assert!(desk.app.screens.health.detail);
    desk.char('0');
    assert_eq!((desk.app.screen, bucket(&desk)), (Screen::Health, fits), "in an open row 0 fits the time");
    desk.press(KeyCode::Esc);
    desk.char('0');
    assert_eq!(desk.app.screen, Screen::History, "on the list it is a screen's digit");
    desk.char('6');
    desk.char('s');
    assert_eq!(desk.app.screens.health.order, Order::Document);
    desk.char('/');
    desk.fill("level:bad");
    assert_eq!(desk.app.screens.health.row, Some(down()));
    desk.char('w');
    assert_eq!(desk.front().as_deref(), Some("why"));
}

#[test]
fn the_way_back_and_help_stay_on_the_last_line_of_live_screens() {
    let mut desk = desk();
    desk.take(Msg::Resize(80, 24));
    for keys in [&['6'][..], &['6', '\n'], &['7'], &['6', 'v']] {
        for key in keys {
            if *key == '\n' {
                desk.press(KeyCode::Enter)
            } else {
                desk.char(*key)
            };
        }
        let last = desk.frame().lines().last().unwrap().to_owned();
        assert!(last.contains("F9 roll back") && last.contains("? help"), "{keys:?}: {last}");
        desk.press(KeyCode::Esc);
    }
}
