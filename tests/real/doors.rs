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

/// This machine's name, as a prompt has it.
fn hostname() -> String {
    contents(Path::new("/proc/sys/kernel/hostname")).trim().split('.').next().unwrap_or_default().to_owned()
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
    // What the first part of a pipeline ended with is known there as well.
    assert_eq!(status, 6, "{told}");
    assert!(told.contains("seen: false ended with 1"), "{told}");
    for seen in ["here local", "| /usr/lib", "there remote a \"b\" c", "back local"] {
        assert!(told.contains(seen), "{seen}: {told}");
    }
    // Every line that runs there names the place, and `ssh` is not told as ended while what follows runs in it.
    let on = format!("[root@{}] ", hostname());
    assert!(told.contains(&format!("1/4        ▶ {on}MADE=")) && !told.contains("▶ [root@web"), "{told}");
    assert!(told.contains("1/2        ○ inside root@") && !told.contains("1/2        ○ exit 0"), "{told}");
    assert!(told.contains("1/8        ○ back at "), "{told}");
    assert!(told.contains("1/9        ▶ echo \"back"), "{told}");
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
    assert!(told.contains("\"production-server\" looks like another environment than Staging"), "{told}");
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
    screen.press("The commands after this one run where it leads", "y");
    screen.press("Enter goes there", "\r");
    screen.press("▸· 2  cd", "\r");
    screen.press("▸· 3  KEPT", "\r");
    screen.see("ends if that is cut");
    screen.press("▸· 4  echo", "\r");
    until("its beginning", || contents(&home.path().join("mark")).contains("begun"));
    server.cut();
    screen.see("Not connected any more");
    screen.see("gonogo runs nothing again");
    assert_eq!(contents(&home.path().join("mark")), "begun\n");
    screen.press("Not connected any more", "y");
    screen.press("Enter goes there", "\r");
    screen.see("Still running: sleep 4242 (process");
    screen.press("Lost, outcome unknown", "m");
    screen.see("done by hand");
    screen.press("Enter accepts", "looked at it\r");
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
fn what_runs_there_outlives_the_runner_and_can_be_kept_in_the_background() {
    let home = Home::new();
    let Some(_server) = server(&home, "what_runs_there_outlives", "web-1") else { return };
    let at = home.path().display();
    home.write(
        "b.md",
        &format!("# T\n## Steps\n```bash\nssh web-1\nLOG={at}/log\ntail -f $LOG\nuntil [ -e {at}/go ]; do sleep 0.05; done; echo \"in ${{SSH_CONNECTION:+there}}\"\n```\n"),
    );
    home.write("log", "a line of the log\n");
    let mut screen = home.terminal(&["b.md"], 110, 34);
    screen.press("start in", "\r");
    screen.press("The gate:", "\r");
    screen.press("Go or no-go", "g");
    screen.press("The commands after this one run", "y");
    screen.press("Enter goes there", "\r");
    screen.press("▸· 2  LOG", "\r");
    screen.press("▸· 3  tail", "\r");
    screen.see("a line of the log");
    screen.press("It runs until you end it", "b");
    screen.press("▸· 4  until", "\r");
    screen.see("It is running.");
    home.kill(&["runner"]);
    let mut screen = home.terminal(&["attach"], 110, 34);
    screen.see("It is running.");
    home.write("log", "a line of the log\nanother one\n");
    home.write("go", "");
    until("the end of what ran in the foreground", || exits(&home).iter().any(|(id, _)| id == "1/4"));
    let output = home.run(&["output", "1/4"]);
    assert!(output.out.contains("in there"), "{}", output.out);
    until("what came later", || home.run(&["output", "1/3"]).out.contains("another one"));
    assert!(!exits(&home).iter().any(|(id, _)| id == "1/3"), "it goes on");
    let left = |e: &Event| matches!(e, Event::PlaceLeft { .. });
    let all = events(&home);
    let resumed = |e: &Event| matches!(e, Event::RunResumed { .. });
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

#[test]
fn what_opens_a_shell_by_a_detour_lets_nothing_run_in_its_place() {
    for given in [
        "./in.sh",
        "bash in.sh",
        "source ./lib.sh\nbecome",
        "WITH='exec bash'\n$WITH",
        "cd / && bash",
        "true || exit 1; su -",
    ] {
        let home = Home::new();
        home.write("in.sh", "#!/bin/bash\nexec bash\n");
        home.write("lib.sh", "become() {\n  su -\n}\n");
        let script = home.path().join("in.sh");
        std::fs::set_permissions(script, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        home.write("b.md", &format!("# T\n## Steps\n```bash\n{given}\ntouch mark\n```\n"));
        for place in [&["--place", "there"][..], &[]] {
            let (status, told) = headless(&home, place);
            assert!(matches!(status, 1 | 2 | 4), "{given}: {status} {told}");
            assert!(
                told.contains("shell") || told.contains("other side") || told.contains("--place"),
                "{given}: {told}"
            );
            assert!(!home.path().join("mark").exists(), "{given}: {told}");
        }
    }
}

#[test]
fn a_shell_that_comes_back_elsewhere_is_a_stop() {
    let home = Home::new();
    home.write("env.sh", "A=1\n");
    home.write(
        "b.md",
        "# T\n## Steps\n```bash\nmkdir work && cd work\nsource ../env.sh\necho $NEVER_SET\ntouch mark\n```\n",
    );
    let (status, told) = headless(&home, &[]);
    assert_eq!(status, 2, "it asks for a value on the way: {told}");
    home.kill(&["runner", "shim"]);
    until("their end", || home.processes().is_empty());
    std::fs::remove_dir(home.path().join("work")).unwrap();
    let resume = ["resume", "--headless", "--yes", "--set", "NEVER_SET=x"];
    let stopped = home.run(&resume);
    let at = home.path().display().to_string();
    assert_eq!(stopped.status, 4, "{}{}", stopped.out, stopped.err);
    let says = stopped.out + &stopped.err;
    assert!(says.contains(&format!("{at}/work, but the shell is at ")), "{says}");
    assert!(says.contains("--accept-place") && !home.path().join("mark").exists(), "{says}");
    let went_on = home.run(&[&resume[..], &["--accept-place"]].concat());
    assert_eq!(went_on.status, 0, "{}{}", went_on.out, went_on.err);
    assert!(home.path().join("mark").exists());
}

#[test]
fn the_place_that_the_run_is_in_is_not_gone_to_again_unasked() {
    let home = Home::new();
    let Some(_server) = server(&home, "the_place_that_the_run_is_in", "web-1") else { return };
    home.write(
        "b.md",
        "# T\n## Step 1: One\n```bash\nssh web-1\ncd /usr/lib\n```\n## Step 2: Two\n```bash\nssh web-1\npwd\nlogout\necho back\n```\n",
    );
    let (status, told) = headless(&home, &["--place", "there"]);
    assert_eq!(status, 2, "{told}");
    assert!(told.contains("--answer 2/1=no goes on there"), "{told}");
    let (status, told) = headless(&home, &["--place", "there", "--answer", "2/1=no"]);
    assert_eq!(status, 0, "{told}");
    assert!(told.contains("2/1        – not run: 1/1 is connected there already"), "{told}");
    assert!(told.contains("| /usr/lib") && told.contains("2/4        ▶ echo back"), "{told}");
    // The same on another host than the document names.
    home.write("b.md", &contents(&home.path().join("b.md")).replace("ssh web-1", "ssh other"));
    let (status, told) = headless(&home, &["--place", "ssh:web-1", "--answer", "2/1=no"]);
    assert_eq!(status, 0, "{told}");
}

#[test]
fn values_are_where_they_are_used_and_nowhere_else() {
    let home = Home::new();
    let Some(_server) = server(&home, "values_are_where", "web-1") else { return };
    let profile = contents(&home.path().join(".profile"));
    home.write(".profile", &format!("{profile}[ -n \"$SSH_CONNECTION\" ] && export APP_HOME=/usr/lib\n"));
    home.write(
        "b.md",
        "# T\n## Steps\n```bash\necho \"here ${#PGPASSWORD}\"\nssh web-1\nenv | grep -c PGPASSWOR[D] || true\ncd $APP_HOME; pwd\necho \"used ${#PGPASSWORD}\"\nexit\n```\n",
    );
    let (status, told) = headless(&home, &["--place", "there", "--set", "PGPASSWORD=correct-horse"]);
    assert_eq!(status, 0, "{told}");
    for seen in ["| here 13", "| 0", "| /usr/lib", "| used 13"] {
        assert!(told.contains(seen), "{seen}: {told}");
    }
}

#[test]
fn a_server_that_refuses_to_forward_is_told_as_that_and_rows_say_which_host() {
    let home = Home::new();
    if !Path::new(SSHD).exists() {
        return skip("a_server_that_refuses_to_forward", "an OpenSSH server (Debian: openssh-server)");
    }
    let server = Server::with(&home, "AllowTcpForwarding no\n");
    server.known_as(&home, "web-1");
    // Something is there: it is the way that is refused.
    let there = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = there.local_addr().unwrap().port();
    home.write(
        "b.md",
        &format!("# T\n## Steps\n```bash\nssh web-1\ncurl -f http://localhost:{port}/health\ndf -h /\n```\n"),
    );
    let mut screen = home.terminal(&["b.md"], 120, 34);
    start_run(&mut screen);
    screen.press("The gate:", "\r");
    screen.press("Go or no-go", "g");
    screen.press("The commands after this one run where it leads", "y");
    screen.press("Enter goes there", "\r");
    screen.see("▸· 2  curl");
    screen.type_keys("6");
    screen.see("measured from web-1");
    screen.see("sshd there refused the forwarding");
    screen.see("host web-1");
    assert!(!screen.text().contains("this machine"), "{}", screen.text());
}

#[test]
fn what_follows_a_shell_that_was_seen_to_open_is_asked_about_on_the_screens() {
    let home = Home::new();
    home.write("in.sh", "#!/bin/bash\nexec bash --norc\n");
    home.write("b.md", "# T\n## Steps\n```bash\nbash -c \"$(cat in.sh)\"\ntouch mark\n```\n");
    let mut screen = home.terminal(&["b.md"], 110, 34);
    start_run(&mut screen);
    screen.press("The gate:", "\r");
    screen.press("Go or no-go", "g");
    screen.press("Enter runs it", "\r");
    let opened = |e: &Event| matches!(e, Event::ShellOpened { by, .. } if by.contains("bash"));
    until("the shell to be seen", || events(&home).iter().any(opened));
    screen.press("It is running", "i");
    screen.press("Ctrl-] releases it", "exit\r");
    screen.see("1/1 opened a shell: bash");
    screen.see("The commands after it may belong there");
    assert!(!home.path().join("mark").exists());
    screen.press("continue here", "h");
    screen.press("▸· 2  touch", "\r");
    screen.see("All commands are settled");
    assert!(home.path().join("mark").exists());
}

#[test]
fn a_way_back_behind_the_exit_of_the_steps_goes_where_it_was_said() {
    let home = Home::new();
    let Some(_server) = server(&home, "a_way_back_behind_the_exit", "web-1") else { return };
    home.write(
        "b.md",
        "# T\n## Steps\n```bash\nssh web-1\ntouch made\nexit\nfalse\n```\n## Rollback\n```bash\necho \"back ${SSH_CONNECTION:+there}\"; rm -f made\n```\n",
    );
    let back = ["--place", "there", "--rollback-on-failure", "--allow-destructive"];
    let (status, told) = headless(&home, &back);
    assert_eq!(status, 2, "before anything is run: {told}");
    assert!(told.contains("--way-out start-first reconnects first"), "{told}");
    let (status, told) = headless(&home, &[&back[..], &["--way-out", "start-first"]].concat());
    assert_eq!(status, 3, "{told}");
    assert!(told.contains("added.1    ▶ ssh web-1") && told.contains("| back there"), "{told}");
    let (status, told) = headless(&home, &[&back[..], &["--way-out", "as-written"]].concat());
    assert_eq!(status, 3, "{told}");
    assert!(told.contains("| back") && !told.contains("back there"), "{told}");
}

#[test]
fn probes_go_back_by_themselves_to_a_host_that_was_lost() {
    let home = Home::new();
    let Some(server) = server(&home, "probes_go_back_by_themselves", "web-1") else { return };
    home.write("b.md", "# T\n## Steps\n```bash\nssh web-1\ndf -h /\n```\n");
    let mut screen = home.terminal(&["b.md"], 120, 34);
    start_run(&mut screen);
    screen.press("The gate:", "\r");
    screen.press("Go or no-go", "g");
    screen.press("The commands after this one run where it leads", "y");
    screen.press("Enter goes there", "\r");
    screen.see("▸· 2  df");
    screen.type_keys("6");
    screen.see("measured from web-1");
    server.cut();
    screen.see("measured from nowhere");
    // The run itself is where it was: nothing is run again by that.
    screen.see("measured from web-1");
    screen.see("host web-1");
    assert!(events(&home).iter().any(|e| matches!(e, Event::PlaceLeft { lost: Some(_), .. })));
    assert!(!exits(&home).iter().any(|(id, _)| id == "1/2"));
    server.cut();
    screen.see("measured from nowhere");
    screen.type_keys("2");
    screen.press("Not connected any more", "y");
    screen.press("Enter goes there", "\r");
    screen.press("▸· 2  df", "\r");
    screen.see("All commands are settled");
}
