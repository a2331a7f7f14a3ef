//! Shells on the other side that somebody else has chosen and set up: every login shell is gone to, nothing of ours is read
//! as anything else, and what an administrator allows is what is run.

use gonogo::exec::{Mode, Signal};
use gonogo::run::Exit;

use super::place::Shell;
use super::support::{Home, contents, skip};
use super::users::{Rules, User, done, installed, noisy, server, without_bash};

/// What holds behind every door: one by one, with status, directory and variables.
pub(crate) fn works(shell: &mut Shell, name: &str) {
    let said = |shell: &mut Shell, text: &str| {
        let (exit, shown) = shell.shows(text);
        (exit, shown.output, shown.error)
    };
    let fails = |shell: &mut Shell, text: &str| {
        let (exit, ..) = said(shell, text);
        assert!(!exit.is_success(), "{name}: {text}: {exit}");
    };
    fails(shell, "A=\"it's \\\\ 1\"; cd /usr/lib; (exit 7)");
    assert_eq!(
        said(shell, "echo \"$? $A $PWD\""),
        (Exit::Status(0), "7 it's \\ 1 /usr/lib\n".into(), String::new())
    );
    // In a shell that takes no mistakes these end it.
    fails(shell, ". /nonexistent/file");
    fails(shell, "echo ${NOPE?is not set}");
    fails(shell, "if");
    assert_eq!(said(shell, "echo \"$A\"").1, "it's \\ 1\n", "{name}");
    let (exit, shown) = shell.unattended("cat; echo read");
    assert_eq!((exit, shown.output.as_str()), (Exit::Status(0), "read\n"), "{name}");
}

#[test]
fn every_login_shell_is_gone_to() {
    const TEST: &str = "every_login_shell_is_gone_to";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    for name in ["bash", "dash", "zsh", "fish", "tcsh", "ksh"] {
        let Some(program) = installed(TEST, name) else { continue };
        let user = User::new(&program);
        noisy(&user);
        let mut shell = Shell::start();
        let way = shell.goes(&format!("ssh -F {} {}@web", settings.display(), user.name)).unwrap();
        works(&mut shell, name);
        let (_, shown) = shell.shows("echo out; echo err >&2");
        assert_eq!(
            (shown.output.as_str(), shown.error.as_str(), shown.merged),
            ("out\n", "err\n", false),
            "{name}"
        );
        // What goes over the connection reaches a POSIX shell, and its answer is its own.
        let script = "printf '%s\\n' \"it's $((1+1))\" 'a!b' '{x,y}'; echo why >&2; exit 3";
        let asked = way.ask(script).unwrap();
        assert_eq!(asked, (3, "it's 2\na!b\n{x,y}\n".into(), "why\n".into()), "{name}");
        let names = way.ask("getent hosts localhost | wc -l").unwrap();
        assert!(names.1.trim().parse::<u32>().is_ok(), "{name}: {names:?}");
        for (signal, status) in [(Signal::Term, 143), (Signal::Kill, 137)] {
            let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
            shell.see("on");
            shell.signal(signal);
            assert_eq!(shell.end_of(&command), Exit::Status(status), "{name}");
        }
        shell.run("exit");
        assert_eq!(shell.run("echo ${SSH_CONNECTION-here}"), (Exit::Status(0), "here".into()), "{name}");
        // ksh writes down what is typed before anything is done with it: the one line, and nothing of the driver.
        let ours = if name == "ksh" { "__gonogo_next" } else { "gonogo" };
        assert!(!user.all().contains(ours), "{name} has kept it: {}", user.all());
    }
}

#[test]
fn where_there_is_no_bash_its_sh_is_driven() {
    const TEST: &str = "where_there_is_no_bash";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    for name in ["dash", "ash"] {
        let Some(programs) = without_bash(&home, TEST, name) else { continue };
        let user = User::new(&programs.join(name));
        user.write(".profile", &format!("PATH={}; export PATH FROM=profile\n", programs.display()));
        let mut shell = Shell::start();
        let way = shell.goes(&format!("ssh -F {} {}@web", settings.display(), user.name)).unwrap();
        assert_eq!(shell.run("echo \"${BASH_VERSION-none} $FROM\"").1, "none profile", "{name}");
        works(&mut shell, name);
        let (_, shown) = shell.shows("echo out; echo err >&2");
        assert_eq!((shown.output.as_str(), shown.merged), ("out\nerr\n", true), "{name}");
        assert_eq!(way.ask("echo 1; exit 2").unwrap(), (2, "1\n".into(), String::new()));
        let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
        shell.see("on");
        shell.signal(Signal::Term);
        assert_eq!(shell.end_of(&command), Exit::Status(143), "{name}");
        let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
        shell.see("on");
        shell.signal(Signal::Int);
        assert_eq!(shell.end_of(&command), Exit::Status(130), "{name}");
        shell.run("exit");
        assert_eq!(shell.run("echo ${SSH_CONNECTION-here}"), (Exit::Status(0), "here".into()), "{name}");
    }
}

#[test]
fn what_contradicts_fails_where_both_streams_are_one() {
    const TEST: &str = "what_contradicts_fails";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    let Some(programs) = without_bash(&home, TEST, "dash") else { return };
    let user = User::new(&programs.join("dash"));
    user.write(".profile", &format!("PATH={}; export PATH\n", programs.display()));
    let told = |check: &str| {
        let go = format!("ssh -F {} {}@web", settings.display(), user.name);
        home.write("b.md", &format!("# T\n## Steps\n```bash\n{go}\n{check}\n```\n"));
        let finished = home.run(&["run", "b.md", "--headless", "--yes", "--place", "there"]);
        (finished.status, finished.out + &finished.err)
    };
    let (status, out) = told("echo '{\"a\": 2}'\n# Expected: {\"a\": 1}");
    assert!(status == 1 && out.contains("2 instead of 1"), "{out}");
    assert!(out.contains("bash is not installed here"), "what is lost is said: {out}");
    let (status, out) = told("echo '{\"a\": 1}'\n# Expected: {\"a\": 1}");
    assert!(status == 0 && out.contains("✓"), "{out}");
    let (status, out) = told("echo warning: old >&2; echo '{\"a\": 2}'\n# Expected: {\"a\": 1}");
    assert!(status != 1, "it may be the other stream's: {out}");
}

#[test]
fn the_files_of_a_login_are_read_once_and_as_by_hand() {
    const TEST: &str = "the_files_of_a_login";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    let Some(bash) = installed(TEST, "bash") else { return };
    let user = User::new(&bash);
    user.write(
        ".bashrc",
        "echo \"rc $-\" >>~/read\nmine() { echo mine; }\nHISTCONTROL= PROMPT_COMMAND='history -a'\n",
    );
    user.write(".profile", "echo profile >>~/read\n. ~/.bashrc\n");
    let mut shell = Shell::start();
    shell.goes(&format!("ssh -F {} {}@web", settings.display(), user.name)).unwrap();
    let read = user.read("read");
    assert_eq!(read.matches("profile").count(), 1, "{read}");
    let interactive = read.lines().filter(|l| l.starts_with("rc ") && l.contains('i')).count();
    assert_eq!(interactive, 1, "{read}");
    // sshd starts a shell for the second terminal as well; bash reads the file for any command of ssh's.
    assert!(read.lines().count() <= 3, "{read}");
    // What they set is there, also what no other process is given.
    assert_eq!(shell.run("mine"), (Exit::Status(0), "mine".into()));
    shell.run("N=0; trap 'N=$((N+1))' DEBUG");
    shell.run(":");
    let seen: u32 = shell.run("trap - DEBUG; echo $N").1.parse().unwrap();
    // Ten for what is two by hand.
    assert!(seen <= 10, "a trap saw {seen} commands for two");
    shell.run("exit");
    assert!(!user.all().contains("gonogo"), "{}", user.read(".bash_history"));
}

#[test]
fn the_words_that_are_allowed_are_the_words_that_are_run() {
    const TEST: &str = "the_words_that_are_allowed";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    let (Some(bash), Some(_)) = (installed(TEST, "bash"), installed(TEST, "sudo")) else { return };
    let (may, app) = (User::new(&bash), User::new(&bash));
    app.write(".profile", "export FROM=app\n");
    let log = home.path().join("sudo.log");
    let su = installed(TEST, "su").unwrap();
    let log_at = format!("Defaults:{} logfile={}\n", may.name, log.display());
    let _rules = Rules::new(&may, &format!("{} - {}", su.display(), app.name), &log_at);
    let mut shell = Shell::start();
    shell.goes(&format!("ssh -F {} {}@web", settings.display(), may.name));
    shell.goes(&format!("sudo su - {}", app.name));
    assert_eq!(shell.run("echo $(id -un) $FROM"), (Exit::Status(0), format!("{} app", app.name)));
    shell.run("exit");
    assert_eq!(shell.run("id -un").1, may.name);
    let logged = contents(&log).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(logged.ends_with(&format!("COMMAND={} - {}", su.display(), app.name)), "{logged}");
}

#[test]
fn a_signal_reaches_another_users_process_where_sudo_sends_it() {
    const TEST: &str = "a_signal_reaches_another_users_process";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    let (Some(bash), Some(_)) = (installed(TEST, "bash"), installed(TEST, "sudo")) else { return };
    let (all, some, app) = (User::new(&bash), User::new(&bash), User::new(&bash));
    let su = installed(TEST, "su").unwrap();
    let _rules =
        [Rules::new(&all, "ALL", ""), Rules::new(&some, &format!("{} - {}", su.display(), app.name), "")];
    let mut shell = Shell::start();
    shell.goes(&format!("ssh -F {} {}@web", settings.display(), all.name));
    let way = shell.goes("sudo -i");
    assert!(way.is_none(), "root's files are not looked at as another user");
    for (signal, status) in [(Signal::Term, 143), (Signal::Kill, 137)] {
        let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
        shell.see("on");
        shell.signal(signal);
        assert_eq!(shell.end_of(&command), Exit::Status(status));
    }
    shell.run("exit");
    shell.run("exit");
    shell.goes(&format!("ssh -F {} {}@web", settings.display(), some.name));
    shell.goes(&format!("sudo su - {}", app.name));
    let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
    shell.see("on");
    shell.signal(Signal::Term);
    let says = shell.trouble();
    assert!(says.contains("can't send TERM") && says.contains("`sudo -n kill` failed there"), "{says}");
    shell.signal(Signal::Int);
    assert_eq!(shell.end_of(&command), Exit::Status(130));
}

#[test]
fn a_login_that_ends_leads_nowhere_at_once() {
    const TEST: &str = "a_login_that_ends";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    let Some(bash) = installed(TEST, "bash") else { return };
    let user = User::new(&bash);
    // It takes a moment, as a second session is there by then.
    user.write(".profile", "echo maintenance until ten; sleep 1; exit 0\n");
    let go = format!("ssh -F {} {}@web", settings.display(), user.name);
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{go}\n```\n"));
    let finished = home.run(&["run", "b.md", "--headless", "--yes", "--place", "there"]);
    assert!(finished.out.contains("maintenance until ten"), "{}", finished.out);
}

#[test]
fn a_login_that_goes_on_as_another_shell_is_gone_to() {
    const TEST: &str = "a_login_that_goes_on";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    for (name, line) in
        [("fish", "exec fish"), ("zsh", "exec zsh"), ("bash", "PS1='\\n\\w\\n then: '; set -u -o vi")]
    {
        let (Some(bash), Some(_)) = (installed(TEST, "bash"), installed(TEST, name)) else { continue };
        let user = User::new(&bash);
        user.write(".zshrc", "");
        user.write(".bashrc", &format!("case $- in *i*) {line} ;; esac\n"));
        user.write(".profile", ". ~/.bashrc\n");
        let mut shell = Shell::start();
        shell.goes(&format!("ssh -F {} {}@web", settings.display(), user.name)).unwrap();
        works(&mut shell, name);
    }
}

#[test]
fn what_is_asked_on_the_way_is_asked_of_the_person() {
    const TEST: &str = "what_is_asked_on_the_way";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    let Some(bash) = installed(TEST, "bash") else { return };
    let (first, second) = (User::new(&bash), User::new(&bash));
    first.write(
        ".bashrc",
        "case $- in *i*) read -p 'Which environment? ' WHICH; read -rsp 'Token > ' TOKEN ;; esac\n",
    );
    first.write(".profile", ". ~/.bashrc\n");
    assert!(done("sh", &["-c", &format!("echo {}:open-it | chpasswd", second.name)]));
    let mut shell = Shell::start();
    shell.begin(&format!("ssh -F {} {}@web", settings.display(), first.name), Mode::Through);
    shell.see("Which environment?");
    shell.keys("blue\r");
    shell.see("Token >");
    shell.keys("red\r");
    shell.arrives();
    assert_eq!(shell.run("echo $WHICH $TOKEN"), (Exit::Status(0), "blue red".into()));
    shell.begin(&format!("su - {}", second.name), Mode::Through);
    shell.see("Password:");
    shell.keys("open-it\r");
    shell.arrives();
    assert_eq!(shell.run("id -un").1, second.name);
    shell.run("exit");
    // One that is not answered rightly leads nowhere, and the shell before it goes on.
    let command = shell.begin(&format!("su - {}", second.name), Mode::Through);
    shell.see("Password:");
    shell.keys("something else\r");
    assert_eq!(shell.end_of(&command), Exit::Status(1));
    assert_eq!(shell.run("id -un").1, first.name);
}

#[test]
fn a_shell_in_a_world_of_its_own_makes_way() {
    const TEST: &str = "a_shell_in_a_world_of_its_own";
    let home = Home::new();
    if !rustix::process::geteuid().is_root() || !done("unshare", &["-m", "true"]) {
        skip(TEST, "root, and a kernel that gives namespaces");
        return;
    }
    let mut shell = Shell::start();
    for text in ["bash", "unshare -m bash", "chroot / sh -l"] {
        shell.goes(text);
        assert!(shell.run("echo $BASH_VERSION").1.starts_with(['3', '4', '5']), "{text}");
        works(&mut shell, text);
        let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
        shell.see("on");
        shell.signal(Signal::Term);
        assert_eq!(shell.end_of(&command), Exit::Status(143), "{text}");
        shell.run("exit");
    }
    let Some(programs) = without_bash(&home, TEST, "dash") else { return };
    shell.run(&format!("BEFORE=$PATH; export PATH={}", programs.display()));
    shell.goes("sh");
    assert_eq!(shell.run("echo ${BASH_VERSION-none}").1, "none");
    works(&mut shell, "sh");
}

#[test]
fn a_bash_of_an_audited_host_is_left_its_settings() {
    const TEST: &str = "a_bash_of_an_audited_host";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    let Some(bash) = installed(TEST, "bash") else { return };
    let user = User::new(&bash);
    user.write(
        ".profile",
        "export KEPT=1\nreadonly PROMPT_COMMAND='history -a'\nreadonly TMOUT=600 HISTFILE\n",
    );
    let mut shell = Shell::start();
    shell.goes(&format!("ssh -F {} {}@web", settings.display(), user.name)).unwrap();
    assert_eq!(shell.run("echo $KEPT"), (Exit::Status(0), "1".into()));
    works(&mut shell, "bash");
}

#[test]
fn what_goes_on_there_has_a_terminal_of_its_own() {
    const TEST: &str = "what_goes_on_there";
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    let (Some(bash), Some(zsh)) = (installed(TEST, "bash"), installed(TEST, "zsh")) else { return };
    for program in [bash, zsh] {
        let user = User::new(&program);
        noisy(&user);
        user.write("log", "one\n");
        let mut shell = Shell::start();
        shell.goes(&format!("ssh -F {} {}@web", settings.display(), user.name)).unwrap();
        shell.run("LOG=log; lines() { tail -n 9 -f \"$1\"; }");
        // By itself, by a signal, by its end, and by the end of the place.
        let command = shell.begin("lines $LOG & sleep 0.1; kill $!; (exit 4)", Mode::Follow);
        assert_eq!(shell.end_of(&command), Exit::Status(4));
        for (signal, status) in [(Signal::Int, 130), (Signal::Term, 143), (Signal::Kill, 137)] {
            let command = shell.begin("lines $LOG", Mode::Follow);
            shell.see("one");
            shell.keeps();
            // It is no job of the shell's, which is free.
            assert_eq!(shell.run("echo free $(jobs -r) $!"), (Exit::Status(0), "free".into()));
            shell.signal_to(&command, signal);
            assert_eq!(shell.end_of(&command), Exit::Status(status));
        }
        let command = shell.begin("lines $LOG", Mode::Follow);
        shell.see("one");
        shell.keeps();
        shell.run("exit");
        shell.end_of(&command);
        let name = user.name.clone();
        super::support::until("the end of what went on there", || !done("pgrep", &["-u", &name, "tail"]));
    }
}

#[test]
fn what_goes_on_there_ends_with_its_connection_and_holds_the_shell_where_no_session_is_left() {
    const TEST: &str = "what_goes_on_there_ends";
    for (more, kept) in [("", true), ("MaxSessions 2\n", false)] {
        let home = Home::new();
        let Some((server, settings)) = server(&home, TEST, more) else { return };
        let text = format!("tail -f {}", home.write("log", "one\n").display());
        let mut shell = Shell::start();
        shell.goes(&format!("ssh -F {} root@web", settings.display())).unwrap();
        let follow = shell.begin(&text, Mode::Follow);
        shell.see("one");
        shell.keeps();
        if kept {
            assert_eq!(shell.run("echo free").1, "free");
            server.cut();
            assert_eq!(shell.end_of(&follow), Exit::Unknown);
        } else {
            let says = shell.trouble();
            assert!(says.contains("has no terminal of its own"), "{says}");
            shell.signal(Signal::Int);
            assert_eq!(shell.end_of(&follow), Exit::Status(130));
        }
        drop(server);
        super::support::until("the end of what went on there", || !done("pgrep", &["-f", &text]));
    }
}

#[test]
fn what_was_kept_in_the_background_before_a_door_is_signalled_from_behind_it() {
    let mut shell = Shell::start();
    std::fs::write(shell.directory().join("log"), "one\n").unwrap();
    let follow = shell.begin("tail -f log", Mode::Follow);
    shell.see("one");
    shell.keeps();
    shell.goes("bash");
    shell.signal_to(&follow, Signal::Term);
    shell.end_of(&follow);
    assert_eq!(shell.run("echo free").1, "free");
}
