//! The same with somebody there: what does not arrive, or is not heard any more, is said, and every key works.

use gonogo::run::Event;

use super::super::support::{Home, Terminal, events};
use super::{Far, PLAIN, at, possible, started};

/// The screens up to the way into the first place.
fn on_the_way(home: &Home) -> Terminal {
    let mut screen = home.terminal(&["b.md"], 110, 34);
    screen.press("start in", "\r");
    screen.press("The gate:", "\r");
    screen.press("Go or no-go", "g");
    screen.press("The commands after this one run where it leads", "y");
    screen.press("Enter goes there", "\r");
    screen
}

#[test]
fn on_the_screens_a_way_that_does_not_arrive_is_given_up_and_every_key_works() {
    if !possible("on_the_screens_a_way") {
        return;
    }
    let (home, _server) =
        at(&Far { profile: "read -p 'Which project? ' P\n", ..PLAIN }, "ssh web\necho after\n");
    home.write("gonogo.toml", "");
    let mut screen = on_the_way(&home);
    screen.see("Which project?");
    screen.type_keys("\u{1d}");
    screen.press("It is running", "\u{1b}[19~");
    screen.press("End the running command", "i");
    screen.see("did not reach a shell");
    assert!(!screen.text().contains("Not connected any more"), "{}", screen.text());
    // Once more, because somebody says so; a key that is not pressed tries nothing.
    screen.press("did not reach a shell", "r");
    screen.see("has the keyboard");
    screen.see("Which project?");
    screen.type_keys("\u{1d}");
    screen.press("It is running", "\u{1b}[19~");
    screen.press("End the running command", "i");
    screen.press("did not reach a shell", "m");
    screen.see("done by hand");
    screen.press("Enter accepts", "by hand\r");
    screen.see("This runs where");
    let tried = events(&home).into_iter().filter(|e| matches!(e, Event::CommandStarted { .. })).count();
    assert_eq!(tried, 2);
}

#[test]
fn on_the_screens_a_shell_that_ended_in_a_place_leaves_every_key_at_work() {
    if !possible("on_the_screens_a_shell") {
        return;
    }
    let (home, _server) =
        at(&PLAIN, "ssh web\n[ -f /nope ] || exit 3\necho \"after ${SSH_CONNECTION:+there}\"\n");
    let mut screen = on_the_way(&home);
    screen.press("▸· 2", "\r");
    screen.press("Not connected any more", "y");
    screen.press("Enter goes there", "\r");
    screen.press("▸✗ 2", "s");
    screen.press("Enter accepts", "not needed\r");
    screen.press("▸· 3", "\r");
    screen.see("All commands are settled");
    let output = home.run(&["output", "1/3"]);
    assert!(output.out.contains("after there"), "{}", output.out);
}

#[test]
fn on_the_screens_nobody_who_types_is_waited_for_no_longer_than_a_way_may_take() {
    if !possible("on_the_screens_nobody") {
        return;
    }
    let (home, _server) =
        at(&Far { profile: "read -p 'Which project? ' P\n", ..PLAIN }, "ssh web\necho after\n");
    let mut screen = on_the_way(&home);
    screen.see("Which project?");
    screen.see("shell there within 5 s");
    assert!(!screen.text().contains("Not connected any more"), "{}", screen.text());
}

#[test]
fn on_the_screens_a_silent_connection_is_told_of_and_kill_ends_it() {
    if !possible("on_the_screens_a_silent") {
        return;
    }
    let (home, server) = at(&PLAIN, "ssh web\nsleep 1000\n");
    let mut screen = on_the_way(&home);
    screen.press("▸· 2", "\r");
    screen.see("It is running");
    server.stop();
    screen.see("web has been silent");
    screen.press("It is running", "\u{1b}[19~");
    screen.press("KILL, ends it at once", "x");
    screen.see("Not connected any more");
    screen.see("Nothing there obeyed KILL");
}

#[test]
fn a_run_that_ended_inside_a_place_is_rolled_back_there_from_the_screens() {
    if !possible("a_run_that_ended_inside_a_place_is_rolled_back_there_from_the_screens") {
        return;
    }
    let script = "ssh web\ntouch HOME/made\nfalse\n```\n## Rollback\n```bash\nrm HOME/made; echo \"back ${SSH_CONNECTION:+there}\"";
    let (home, _server) = at(&PLAIN, script);
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--place", "there"]);
    assert_eq!(run.status, 1, "{}", run.out);
    let mut screen = home.terminal(&["rollback"], 110, 34);
    screen.press("( ) reconnect first", "\r");
    screen.press("Nothing blocks it", "\u{1b}[20~");
    screen.press("Roll back: why?", "no good\r");
    screen.press("▸· 1  rm", "\r");
    screen.see("The rollback is complete");
    assert!(!home.path().join("made").exists());
}

#[test]
fn a_connection_that_is_silent_before_a_command_begins_is_told_of_too() {
    if !possible("a_connection_that_is_silent_before") {
        return;
    }
    let (home, server) = at(&PLAIN, "ssh web\nTO=HOME/made\nrmdir \"$TO/one\"\n");
    let mut screen = on_the_way(&home);
    screen.press("▸· 2", "\r");
    screen.see_live("▸· 3");
    server.stop();
    screen.type_keys("\r");
    screen.see("web has been silent");
    assert!(!started(&home, "1/3"), "its variables are asked for first");
    let stopped = home.run(&["stop", "--kill"]);
    assert_eq!(stopped.status, 0, "{}", stopped.err);
}
