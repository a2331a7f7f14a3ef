//! What comes with a runbook is not trusted before somebody has accepted it; secrets stay out of sight.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

use super::plain::say;
use super::probes::http::{Does, Server};
use super::support::{Home, until};

const BOOK: &str = "# T\n\n## Steps\n\n```bash\ntouch made\n```\n";

/// Settings that send a variable of the environment to an address.
fn sends(variable: &str, server: &Server) -> String {
    let url = server.url("/elsewhere");
    format!("[probes.x]\nurl = \"{url}\"\nevery = \"1s\"\nheaders = {{ X-Key = \"${variable}\" }}\n")
}

#[test]
fn an_address_of_the_settings_is_not_looked_at_before_it_is_accepted() {
    let home = Home::new();
    let elsewhere = Server::start(Does::Answers(200, "fine", None));
    let asked = || elsewhere.bodies.lock().unwrap().len();
    home.write("b.md", BOOK);
    home.write("gonogo.toml", &(sends("CLOUD_KEY", &elsewhere) + "[targets]\n\"X\" = \"x error_rate\"\n"));
    let monitor = |flags: &[&str]| home.run(&[&["monitor", "b.md", "--once"], flags].concat());
    let told = monitor(&[]);
    let url = elsewhere.url("/elsewhere");
    let shown = [
        format!("probes.x.url: {url}"),
        "probes.x.headers.X-Key: $CLOUD_KEY (sends this variable of your environment".to_owned(),
        "gonogo does not use them".to_owned(),
        "--accept-commands accepts them as they are".to_owned(),
    ];
    for line in &shown {
        assert!(told.err.contains(line), "{line} in {}", told.err);
    }
    assert!(!told.out.contains(&url) && told.status == 0, "{}{}", told.out, told.err);
    let refused = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(refused.status, 2, "{}", refused.err);
    assert!(refused.err.contains(&shown[0]) && refused.err.contains(&shown[1]), "{}", refused.err);
    assert!(asked() == 0 && !home.path().join("made").exists());
    // Accepted once, it counts; what changes does not.
    monitor(&["--accept-commands"]);
    assert!(monitor(&[]).err.is_empty());
    home.write("gonogo.toml", &sends("OTHER_KEY", &elsewhere));
    assert!(monitor(&[]).err.contains("$OTHER_KEY"));
}

#[test]
fn an_accepted_address_is_looked_at() {
    let home = Home::new();
    let server = Server::start(Does::Answers(200, "fine", None));
    home.write("b.md", BOOK);
    home.write("gonogo.toml", &format!("[probes.x]\nurl = \"{}\"\n", server.url("/health")));
    let told = home.run(&["monitor", "b.md", "--once", "--accept-commands"]);
    assert!(told.err.is_empty() && !server.bodies.lock().unwrap().is_empty(), "{}{}", told.out, told.err);
}

#[test]
fn a_command_that_was_accepted_in_one_directory_does_not_run_anothers() {
    let home = Home::new();
    for place in ["own", "theirs"] {
        let program = home.path().join(place).join("ops/ok");
        std::fs::create_dir_all(program.parent().unwrap()).unwrap();
        std::fs::write(&program, format!("#!/bin/sh\ntouch ran-{place}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        home.write(&format!("{place}/b.md"), BOOK);
        home.write(&format!("{place}/gonogo.toml"), "[hooks]\nbefore_start = \"./ops/ok\"\n");
    }
    let run = |book: &str, flags: &[&str]| home.run(&[&["run", book, "--headless", "--yes"], flags].concat());
    let own = run("own/b.md", &["--accept-commands"]);
    assert_eq!(own.status, 0, "{}{}", own.out, own.err);
    assert!(home.path().join("own/ran-own").exists());
    let theirs = run("theirs/b.md", &[]);
    assert_eq!(theirs.status, 2, "{}{}", theirs.out, theirs.err);
    assert!(theirs.err.contains("hooks.before_start: ./ops/ok"), "{}", theirs.err);
    assert!(!home.path().join("theirs/ran-theirs").exists());
    let again = run("own/b.md", &[]);
    assert_eq!(again.status, 0, "what was accepted stays so: {}{}", again.out, again.err);
}

#[test]
fn a_project_does_not_choose_where_gonogo_keeps_what_it_trusts() {
    let home = Home::new();
    home.write("b.md", BOOK);
    home.write("gonogo.toml", "state_dir = \"theirs\"\n");
    let refused = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert!(
        refused.status != 0 && refused.err.contains("state_dir belongs in your own settings"),
        "{}",
        refused.err
    );
}

#[test]
fn who_acts_by_a_project_is_asked_about_on_start_and_by_words() {
    let home = Home::new();
    let elsewhere = Server::start(Does::Answers(200, "fine", None));
    home.write("b.md", BOOK);
    home.write("gonogo.toml", &(sends("CLOUD_KEY", &elsewhere) + "[sign]\nreviewers = [\"eve\"]\n"));
    let mut screens = home.terminal(&["b.md"], 120, 40);
    screens.until("all that is asked for", |t| {
        ["probes.x.headers.X-Key: $CLOUD_KEY", &elsewhere.url("/elsewhere"), "sign.reviewers: [\"eve\"]"]
            .iter()
            .all(|shown| t.contains(shown))
    });
    screens.press("start in", "\r");
    screens.press("read them, then accept them here", "\r");
    screens.until("the probe", |t| t.contains("by the settings") && !t.contains("CLOUD_KEY"));
    screens.type_keys("q");
    assert_eq!(screens.end(), 0);
    home.write("gonogo.toml", "[sign]\nreviewers = [\"mallory\"]\n");
    let mut plain = home.terminal(&["--plain", "b.md"], 100, 40);
    say(&mut plain, "sign.reviewers: [\"mallory\"]", "no");
    plain.see("nothing was started");
    assert_eq!(plain.end(), 0);
}

#[test]
fn a_root_that_is_not_this_users_alone_is_refused_and_links_in_it_are_not_followed() {
    let home = Home::new();
    home.write("b.md", BOOK);
    let (state, victim) = (home.path().join("state"), home.write("victim", "kept"));
    std::fs::create_dir(&state).unwrap();
    let mode = |mode| std::fs::set_permissions(&state, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o777);
    let run = || home.run(&["run", "b.md", "--headless", "--yes"]);
    let refused = run();
    assert!(refused.status != 0 && refused.err.contains("other users can write to"), "{}", refused.err);
    assert!(refused.err.contains(&format!("chmod 700 {}", state.display())), "{}", refused.err);
    mode(0o700);
    symlink(&victim, state.join("runner.log")).unwrap();
    let refused = run();
    assert!(
        refused.status != 0 && refused.err.contains("is a symbolic link, and gonogo does not follow it"),
        "{}",
        refused.err
    );
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "kept");
    std::fs::remove_file(state.join("runner.log")).unwrap();
    let run = run();
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
}

#[test]
fn an_answer_in_the_environment_reaches_no_process_of_the_run() {
    let home = Home::new();
    let command = "env >env.txt; echo \"$API_TOKEN\" >token.txt; until test -e go; do sleep 0.05; done";
    home.write("b.md", &format!("# T\n\n## Steps\n\n```bash\n{command}\n```\n"));
    let mut run = home.command(&["run", "b.md", "--headless", "--yes"]);
    run.env("GONOGO_SET_API_TOKEN", "sesame-open-9").stdin(Stdio::null()).stdout(Stdio::null());
    let mut run = run.spawn().unwrap();
    until("the command to run", || home.path().join("token.txt").exists());
    let environment = |pid: u32| {
        String::from_utf8_lossy(&std::fs::read(format!("/proc/{pid}/environ")).unwrap()).into_owned()
    };
    let processes = home.processes();
    assert!(processes.len() >= 2, "{processes:?}");
    for (pid, kind) in processes {
        assert!(!environment(pid).contains("GONOGO_SET_"), "{kind}");
    }
    home.write("go", "");
    assert!(run.wait().unwrap().success());
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    assert!(!read("env.txt").contains("GONOGO_SET_"));
    assert_eq!(read("token.txt"), "sesame-open-9\n", "and it is the answer");
}

#[test]
fn a_secret_is_answered_by_a_file_and_never_advised_on_the_command_line() {
    let home = Home::new();
    home.write("b.md", "# T\n\n## Steps\n\n```bash\ntest \"$API_TOKEN\" = sesame-open-9\n```\n");
    let run = |flags: &[&str]| home.run(&[&["run", "b.md", "--headless", "--yes"], flags].concat());
    let open = run(&[]);
    assert_eq!(open.status, 2);
    let advised = "GONOGO_SET_API_TOKEN in the environment, or --set-file API_TOKEN=FILE";
    assert!(open.err.contains(advised) && !open.err.contains("--set API_TOKEN"), "{}", open.err);
    let missing = run(&["--set-file", "API_TOKEN=nowhere"]);
    assert!(missing.status == 2 && missing.err.contains("--set-file API_TOKEN=nowhere: "), "{}", missing.err);
    home.write("token", "sesame-open-9\n");
    let given = run(&["--set-file", "API_TOKEN=token"]);
    assert_eq!(given.status, 0, "{}{}", given.out, given.err);
}

#[test]
fn settings_that_changed_during_a_run_are_asked_about_before_it_goes_on() {
    let home = Home::new();
    home.write("b.md", BOOK);
    home.write("gonogo.toml", "[hooks]\nbefore_finish = \"false\"\n");
    let started = home.run(&["run", "b.md", "--headless", "--yes", "--accept-commands"]);
    assert!(started.err.contains("refused by before_finish"), "{}{}", started.out, started.err);
    home.kill(&["runner", "shim"]);
    home.write("gonogo.toml", "[hooks]\nbefore_finish = \"touch theirs\"\n");
    let mut plain = home.terminal(&["--plain", "b.md"], 100, 40);
    say(&mut plain, "hooks.before_finish: touch theirs", "no");
    say(&mut plain, "is unfinished. Continue it?", "no");
    plain.see("gonogo does not use them");
    drop(plain);
    // A hook that nobody accepted is neither run nor left out: it refuses.
    let resume = |flags: &[&str]| home.run(&[&["resume", "--headless", "--yes"], flags].concat());
    let refused = resume(&[]);
    assert!(refused.err.contains("--accept-commands accepts them as they are"), "{}", refused.err);
    assert!(refused.err.contains("changed since they were accepted"), "{}{}", refused.out, refused.err);
    assert!(refused.status != 0 && !home.path().join("theirs").exists());
    home.kill(&["runner", "shim"]);
    let accepted = resume(&["--accept-commands"]);
    assert_eq!(accepted.status, 0, "{}{}", accepted.out, accepted.err);
    assert!(home.path().join("theirs").exists());
}
