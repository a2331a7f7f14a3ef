//! Shells behind doors: messages, arrivals, ends.

use super::*;

fn one() -> CommandId {
    CommandId("1/1".into())
}

/// Behind doors with these kinds, whose shells are known by `n0`, `n1` and so on and have arrived.
fn behind(doors: &[Door]) -> Doors {
    let mut open = Vec::new();
    for (at, door) in doors.iter().enumerate() {
        let mut behind = Behind::on_the_way(&one(), *door, "web".into(), [String::new(), format!("n{at}")]);
        behind.arrived(&[70, 1]);
        open.push(behind);
    }
    Doors { open, ..Doors::default() }
}

/// The same with a connection of its own at the first door; nothing is there that could be taken away with it.
fn over_line() -> Doors {
    let mut doors = behind(&[Door::Ssh]);
    doors.open[0].socket = Some(Connection::new().unwrap());
    doors
}

fn told(nonce: &str, number: u64, text: &str) -> Vec<u8> {
    band::message(nonce, number, &format!("I{text}"), 0)
}

#[test]
fn a_shell_takes_one_message_at_a_time_and_each_has_its_number() {
    let mut doors = behind(&[Door::Ssh]);
    doors.send(&ToShell::Interactive("one"));
    doors.send(&ToShell::Interactive("two"));
    assert_eq!(doors.next_message(), Some(told("n0", 1, "one")));
    assert_eq!(doors.next_message(), None, "it has not answered");
    assert_eq!(doors.answered("n0", 1), Some(0));
    assert_eq!(doors.next_message(), Some(told("n0", 2, "two")));
    assert_eq!(doors.answered("n0", 1), None, "an answer that is told once more");
    assert_eq!(doors.next_message(), None);
    assert_eq!(doors.answered("n0", 2), Some(0));
    assert_eq!(doors.answered("n0", 2), None, "the same answer twice");
    assert_eq!(doors.answered("other", 1), None);
}

#[test]
fn messages_go_to_the_innermost_shell() {
    let mut doors = behind(&[Door::Ssh, Door::User]);
    doors.send(&ToShell::Interactive("one"));
    assert_eq!(doors.next_message(), Some(told("n1", 1, "one")));
    assert!(doors.is_last(1) && !doors.is_last(0));
    let left = doors.leave(1);
    assert_eq!(left.len(), 1);
    assert!(doors.is_last(0) && doors.is_behind());
    assert!(doors.leave(1).is_empty(), "nothing is behind it");
    assert_eq!(doors.leave(0).len(), 1);
    assert!(!doors.is_behind());
    doors.send(&ToShell::Interactive("nobody"));
    assert_eq!(doors.next_message(), None);
}

#[test]
fn one_on_its_way_is_known_by_its_number_and_given_up_with_what_led_there() {
    let mut doors = Doors::default();
    let (door, text) = doors.enter(&one(), "sudo -i", ("/", true)).unwrap();
    assert_eq!(door, Door::User);
    assert!(text.contains("sudo -i"), "the text stays as it is: {text}");
    assert!(doors.is_behind() && !doors.is_arriving("other"));
    let nonce = doors.entering.as_ref().unwrap().nonce.clone();
    assert!(doors.is_arriving(&nonce) && !text.contains(&nonce), "its words are the document's: {text}");
    let (_, text) = doors.enter(&one(), "docker exec -it db bash", ("/", true)).unwrap();
    let entering = doors.entering.as_ref().unwrap();
    let (knock, nonce) = (entering.knock.clone(), entering.nonce.clone());
    assert!(
        text.contains(&knock) && !text.contains(&nonce),
        "what every user may read is not what it reports by"
    );
    // By the number that all may read a shell takes its driver, and nothing else is taken: not twice either.
    assert!(!doors.is_arriving(&knock) && doors.given("other", "5.2").is_none());
    let launched = String::from_utf8(doors.given(&knock, SH).unwrap()).unwrap();
    assert!(launched.ends_with('\n'));
    let driver = String::from_utf8(doors.given(&knock, "5.2").unwrap()).unwrap();
    assert!(driver.contains(&nonce) && !driver.contains(&knock));
    assert!(
        doors.given(&knock, "5.2").is_none() && doors.given("", "5.2").is_none() && doors.is_arriving(&nonce)
    );
    assert!(doors.leave(0).is_empty());
    assert!(!doors.is_behind());
    let why = doors.enter(&one(), "echo hello", ("/", true)).unwrap_err();
    assert!(why.contains("can't follow \"echo hello\""), "{why}");
}

#[test]
fn only_the_first_door_over_ssh_is_a_way_beside_the_terminal() {
    assert_eq!(behind(&[Door::Ssh]).line(), None, "it has no connection of its own");
    let line = over_line().line().unwrap();
    assert_eq!((line.host.as_str(), line.socket.ends_with("ssh")), ("web", true));
    let mut twice = over_line();
    twice.open.push(Behind::on_the_way(&one(), Door::Ssh, "db".into(), ["k".into(), "n1".into()]));
    assert_eq!(twice.line(), None, "from another host its socket can't be reached");
    let mut user = over_line();
    user.open.push(Behind::on_the_way(&one(), Door::User, String::new(), ["k".into(), "n1".into()]));
    assert!(user.line().is_some(), "sudo stays on the host");
}

#[test]
fn what_ssh_says_for_itself_is_told_but_for_ways_that_led_nowhere() {
    let mut doors = over_line();
    assert!(doors.is_over_line());
    assert!(doors.own_words(b"channel 3: open fai").is_empty(), "it may be of a way");
    assert!(doors.own_words(b"led: connect failed\r\n").is_empty());
    assert_eq!(doors.own_words(b"password: "), b"password: ", "a prompt has no line end");
    let words = b"channel 3: open failed: x\r\nConnection to web closed.\r\n";
    assert_eq!(doors.own_words(words), b"Connection to web closed.\r\n");
    assert_eq!(Doors::default().own_words(b"channel 3"), b"channel 3");
}

#[test]
fn a_connection_was_cut_only_where_nobody_asked_for_its_end() {
    let (mut ssh, mut user) = (behind(&[Door::Ssh]), behind(&[Door::User]));
    assert_eq!(ssh.open[0].ended(255), Ended::Connection);
    assert_eq!((ssh.open[0].ended(0), user.open[0].ended(255)), (Ended::Shell, Ended::Shell));
    ssh.open[0].shell_ended = true;
    assert_eq!(ssh.open[0].ended(255), Ended::Killed, "its second session heard of that before");
    user.open[0].given_up = true;
    assert_eq!(user.open[0].ended(137), Ended::GivenUp);
    let (mut doors, now) = (over_line(), Instant::now());
    doors.open[0].leaving = Some(now);
    assert_eq!(doors.line_to_end(now), None, "it may end by itself");
    assert_eq!(doors.due_in(now), Some(TO_LEAVE));
    assert!(doors.line_to_end(now + TO_LEAVE).is_some());
    assert_eq!(doors.line_to_end(now + TO_LEAVE), None, "asked once");
    assert_eq!(doors.open[0].ended(255), Ended::Shell);
}

#[test]
fn a_second_terminal_that_does_not_come_is_given_up() {
    let (mut doors, now) = (behind(&[Door::Ssh]), Instant::now());
    assert!(!doors.gives_up_second(now), "none is waited for");
    doors.open[0].settling = Some((now, Place::default()));
    assert_eq!(doors.due_in(now), Some(SECOND_TERMINAL));
    assert!(!doors.gives_up_second(now));
    assert!(doors.gives_up_second(now + SECOND_TERMINAL));
}

#[test]
fn a_shell_tells_its_process_and_its_terminals_when_it_arrives() {
    let mut behind = Behind::on_the_way(&one(), Door::Container, String::new(), ["k".into(), "n".into()]);
    behind.arrived(&[]);
    assert_eq!((behind.pid, behind.two), (None, false));
    behind.arrived(&[70, 0]);
    assert_eq!((behind.pid, behind.two, behind.posix), (Some(70), false, false));
    behind.arrived(&[70, 0, 1]);
    assert!(behind.posix);
}

#[test]
fn a_shell_at_its_own_prompt_is_called_once_and_what_it_shows_is_not_seen() {
    let mut doors = behind(&[Door::Container]);
    doors.send(&ToShell::Interactive("one"));
    assert!(doors.next_message().is_some());
    assert_eq!(doors.seen(b"said".into()), b"said");
    assert!(doors.lost("n0") && !doors.lost("n0") && !doors.lost("other"));
    assert!(doors.seen(b"__gonogo_loop".into()).is_empty());
    assert_eq!(doors.answered("n0", 1), Some(0));
    assert_eq!(doors.seen(b"said".into()), b"said");
}

#[test]
fn errors_have_the_terminal_of_the_same_host() {
    let here = || Some("/dev/pts/9".to_owned());
    assert_eq!(behind(&[Door::User]).error_path(here()), here());
    assert_eq!(behind(&[Door::User, Door::Ssh, Door::User]).error_path(here()), None);
    assert_eq!(behind(&[Door::Container, Door::User]).error_path(here()), None);
}
