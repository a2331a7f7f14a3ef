//! Places behind a door, over a real OpenSSH server and as another user: what follows runs on the other side, is
//! recorded and judged as here, and nothing is run again when the way there ends.

use std::path::Path;

use super::sshd::{SSHD, Server};
use super::support::{Home, Terminal, contents, events, skip, until};
use gonogo::run::Event;

/// A server that the test's `ssh` knows under a name; nothing where the machine has none.
fn server(home: &Home, test: &str, name: &str) -> Option<Server> {
    if !Path::new(SSHD).exists() {
        skip(test, "an OpenSSH server (Debian: openssh-server)");
        return None;
    }
    let server = Server::start(home);
    server.known_as(home, name);
    Some(server)
}

fn headless(home: &Home, arguments: &[&str]) -> (i32, String) {
    let finished = home.run(&[&["run", "b.md", "--headless", "--yes"], arguments].concat());
    (finished.status, finished.out + &finished.err)
}

fn start_run(terminal: &mut Terminal) {
    terminal.press("start in", "\r");
}

/// What a command ended with, by its id.
fn exits(home: &Home) -> Vec<(String, String)> {
    let exit = |event: Event| match event {
        Event::CommandExited { command, exit, .. } => Some((command.0, exit.to_string())),
        _ => None,
    };
    events(home).into_iter().filter_map(exit).collect()
}

#[test]
fn what_follows_ssh_runs_on_its_other_side() {
    let home = Home::new();
    let Some(_server) = server(&home, "what_follows_ssh", "web-1") else { return };
    home.write(
        "b.md",
        "# T\n## Steps\n```bash\necho \"here ${SSH_CONNECTION:-local}\"\nssh root@web-1  # to the server\ncd /usr/lib\nMADE=\"a \\\"b\\\" c\"\npwd; echo \"there ${SSH_CONNECTION:+remote} $MADE\"\nfalse | true\nbash -c 'echo oops >&2; echo \"$1\"' - '{\"a\": 1}'\n# Expected: {\"a\": 1}\nexit\necho \"back ${SSH_CONNECTION:-local}\"\n```\n",
    );
    // Nobody said where that is.
    let (status, told) = headless(&home, &[]);
    assert_eq!(status, 2, "{told}");
    assert!(told.contains("--place there"), "{told}");
    let (status, told) = headless(&home, &["--place", "there"]);
    assert_eq!(status, 0, "{told}");
    for seen in ["here local", "| /usr/lib", "there remote a \"b\" c", "back local"] {
        assert!(told.contains(seen), "{seen}: {told}");
    }
    // Standard error has a terminal of its own there as well: the verdict read the other one alone.
    assert!(told.contains("oops") && told.contains("✓ line"), "{told}");
    let all = events(&home);
    let entered = |e: &Event| matches!(e, Event::PlaceEntered { command, .. } if command.0 == "1/2");
    let left = |e: &Event| matches!(e, Event::PlaceLeft { command, lost: None } if command.0 == "1/2");
    assert!(all.iter().any(entered) && all.iter().any(left), "{all:?}");
    let captured = |e: &Event| matches!(e, Event::ValueCaptured { name, value, .. } if name == "MADE" && value == "a \"b\" c");
    assert!(all.iter().any(captured), "{all:?}");
    let stage = |e: &Event| matches!(e, Event::CommandStarted { command, place, .. } if command.0 == "1/5" && place.directory == "/usr/lib");
    assert!(all.iter().any(stage), "{all:?}");
    // With the last of its sessions the connection ends.
    let mark = format!("HOME={}", home.path().display());
    until("the end of the connection", || {
        let ours = |entry: &std::fs::DirEntry| {
            contents(&entry.path().join("comm")).trim() == "ssh"
                && std::fs::read(entry.path().join("environ"))
                    .is_ok_and(|e| e.split(|b| *b == 0).any(|v| v == mark.as_bytes()))
        };
        !std::fs::read_dir("/proc").unwrap().filter_map(Result::ok).any(|entry| ours(&entry))
    });
}

#[test]
fn a_place_that_speaks_of_another_environment_is_a_stop() {
    let home = Home::new();
    let Some(_server) = server(&home, "a_place_that_speaks", "production-server") else { return };
    home.write(
        "b.md",
        "# T\n\n| Environment | URL |\n|---|---|\n| Production | https://p.example.com |\n| Staging | https://s.example.com |\n\n## Steps\n```bash\nssh root@production-server\necho there >>mark\n```\n",
    );
    let (status, told) = headless(&home, &["--env", "Staging", "--place", "there"]);
    assert_eq!(status, 4, "nothing was run, and the run is kept: {told}");
    assert!(told.contains("\"production-server\" speaks of another environment than Staging"), "{told}");
    assert!(!home.path().join("mark").exists());
    let (status, told) = headless(&home, &["--env", "Production", "--place", "there"]);
    assert_eq!(status, 0, "{told}");
}

#[test]
fn refusals_are_told_in_the_words_of_ssh() {
    let home = Home::new();
    let Some(server) = server(&home, "refusals_are_told", "web-1") else { return };
    home.write("b.md", "# T\n## Steps\n```bash\nssh web-1\necho there >>mark\n```\n");
    let known = server.directory.join("known_hosts");
    let right = contents(&known);
    let other = contents(&server.directory.join("user.pub"));
    std::fs::write(&known, format!("web-1 {other}")).unwrap();
    let (status, told) = headless(&home, &["--place", "there"]);
    assert_eq!(status, 1, "{told}");
    assert!(told.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"), "{told}");
    std::fs::write(&known, right).unwrap();
    std::fs::write(server.directory.join("allowed"), "").unwrap();
    let (status, told) = headless(&home, &["--place", "there"]);
    assert_eq!(status, 1, "{told}");
    assert!(told.contains("Permission denied"), "{told}");
    drop(server);
    let (status, told) = headless(&home, &["--place", "there"]);
    assert_eq!(status, 1, "{told}");
    assert!(told.contains("Connection refused"), "{told}");
    assert!(!home.path().join("mark").exists());
}

#[test]
fn a_cut_during_a_change_is_told_and_nothing_is_run_again() {
    let home = Home::new();
    let Some(server) = server(&home, "a_cut_during_a_change", "web-1") else { return };
    let at = home.path().display();
    home.write(
        "b.md",
        &format!(
            "# T\n## Steps\n```bash\nssh web-1\ncd {at}\nKEPT=one\necho begun >>mark; (trap '' HUP; exec sleep 4242) & wait && echo ended >>mark\necho \"after $KEPT in $PWD\"\n```\n"
        ),
    );
    let mut screen = home.terminal(&["b.md"], 110, 34);
    start_run(&mut screen);
    screen.press("The gate:", "\r");
    screen.press("Go or no-go", "g");
    screen.see("over OpenSSH");
    screen.press("What follows belongs to the other side", "y");
    screen.press("Enter goes there", "\r");
    screen.press("▸· 2  cd", "\r");
    screen.press("▸· 3  KEPT", "\r");
    screen.see("if that is cut, this ends with it");
    screen.press("▸· 4  echo", "\r");
    until("its beginning", || contents(&home.path().join("mark")).contains("begun"));
    server.cut();
    screen.see("was left");
    screen.see("Nothing is run");
    assert_eq!(contents(&home.path().join("mark")), "begun\n");
    screen.press("was left", "y");
    screen.press("Enter goes there", "\r");
    screen.see("Still there: sleep 4242 (process");
    screen.press("Lost, outcome unknown", "m");
    screen.see("done by hand");
    screen.press("Enter takes it", "looked at it\r");
    screen.press("Enter runs it", "\r");
    screen.see("All commands are settled");
    let (all, at) = (exits(&home), home.path().display().to_string());
    assert_eq!(all.iter().filter(|(id, _)| id == "1/4").count(), 0, "{all:?}");
    let restored = |e: &Event| matches!(e, Event::PlaceEntered { restored, .. } if restored.contains(&"KEPT".into()) && restored.iter().any(|r| r.contains(&at)));
    assert!(events(&home).iter().any(restored), "{:?}", events(&home));
    let output = home.run(&["output", "1/5"]);
    assert!(output.out.contains(&format!("after one in {at}")), "{}", output.out);
    assert_eq!(contents(&home.path().join("mark")), "begun\n");
}

#[test]
fn what_runs_there_outlives_the_runner_and_holds_its_terminal() {
    let home = Home::new();
    let Some(_server) = server(&home, "what_runs_there_outlives", "web-1") else { return };
    let at = home.path().display();
    home.write(
        "b.md",
        &format!("# T\n## Steps\n```bash\nssh web-1\ntail -f {at}/log\nuntil [ -e {at}/go ]; do sleep 0.05; done; echo \"in ${{SSH_CONNECTION:+there}}\"\n```\n"),
    );
    home.write("log", "a line of the log\n");
    let mut screen = home.terminal(&["b.md"], 110, 34);
    screen.press("start in", "\r");
    screen.press("The gate:", "\r");
    screen.press("Go or no-go", "g");
    screen.press("What follows belongs", "y");
    screen.press("Enter goes there", "\r");
    screen.press("▸· 2  tail", "\r");
    screen.see("a line of the log");
    // Here there is no other terminal for it.
    screen.press("It goes on until you end it", "b");
    screen.see("there is no other one for it here");
    screen.press("It goes on until you end it", "\u{1b}[19~");
    screen.press("End the running command", "i");
    screen.press("▸· 3  until", "\r");
    screen.see("It runs.");
    home.kill(&["runner"]);
    let mut screen = home.terminal(&["attach"], 110, 34);
    screen.see("It runs.");
    home.write("go", "");
    screen.see("All commands are settled");
    let output = home.run(&["output", "1/3"]);
    assert!(output.out.contains("in there"), "{}", output.out);
    let resumed = |e: &Event| matches!(e, Event::RunResumed { .. });
    let left = |e: &Event| matches!(e, Event::PlaceLeft { .. });
    let all = events(&home);
    assert!(all.iter().any(resumed) && !all.iter().any(left), "{all:?}");
}

#[test]
fn another_user_and_a_shell_in_a_shell() {
    let home = Home::new();
    let Some(_server) = server(&home, "another_user", "web-1") else { return };
    if !rustix::process::geteuid().is_root() {
        skip("another_user_and_a_shell_in_a_shell", "root");
        return;
    }
    home.write(
        "b.md",
        "# T\n## Steps\n```bash\nssh web-1\nsu -s /bin/bash nobody\nid -un; echo $((6*7)); echo oops >&2\nexit\nid -un\nexit\necho \"${SSH_CONNECTION:-local}\"\n```\n",
    );
    let (status, told) = headless(&home, &["--place", "there"]);
    assert_eq!(status, 0, "{told}");
    let at = |text: &str| told.find(text).unwrap_or_else(|| panic!("{text} is not in:\n{told}"));
    assert!(at("| nobody\n") < at("| root\n") && at("| root\n") < at("| local"), "{told}");
    // Its errors come by the connection's second terminal.
    assert!(at("| nobody\n") < at("| oops") && at("| oops") < at("| root\n"), "{told}");
}
