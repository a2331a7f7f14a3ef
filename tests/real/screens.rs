//! The screens in a real terminal, driven by keys only.

use gonogo::run::Event;

use super::support::{Home, Terminal, events};

/// At a gate where GO was pressed with something open: says why, once what was typed is in the field.
pub(super) fn say_why_go(terminal: &mut Terminal, why: &str) {
    terminal.see("GO although something is open");
    terminal.see_live("Enter accepts");
    terminal.type_keys(&format!("{why}\r"));
}

/// Does whatever the Steps screen asks for, until all is settled, or a failure has a known problem.
pub(super) fn go_through(terminal: &mut Terminal) {
    for _ in 0..200 {
        terminal.until("something to do", |text| {
            let live = text.lines().last().is_some_and(|l| l.starts_with(' '));
            live && [
                "Enter runs it",
                "Manual check: is that so?",
                "y run it",
                "Enter decides",
                "second key",
                "All commands are settled",
                "Known problem:",
                "The rollback is complete",
            ]
            .iter()
            .any(|w| text.contains(w))
        });
        let text = terminal.text();
        if ["All commands are settled", "Known problem:", "The rollback is complete"]
            .iter()
            .any(|w| text.contains(w))
        {
            return;
        } else if text.contains("Manual check: is that so?") {
            terminal.type_keys("a");
        } else if text.contains("y run it") {
            terminal.type_keys("n");
        } else if text.contains("second key") {
            terminal.type_keys("\r");
            terminal.see_live("run it   Esc go back");
            assert!(
                ["http://127.0.0.1", "$BACKUP_FILE is ", "cp \"backups/"]
                    .iter()
                    .any(|target| terminal.text().contains(target)),
                "the target is in view:\n{}",
                terminal.text()
            );
            terminal.type_keys("y");
        } else if text.contains("Enter decides") {
            terminal.type_keys("\r");
            terminal.see_live("Go or no-go");
            terminal.type_keys("g");
            if text.contains(": 0 of") {
                continue;
            }
            say_why_go(terminal, "made in step 1.2");
        } else {
            terminal.type_keys("\r");
        }
        let before = text;
        terminal.until("a change", |now| now != before);
    }
    panic!("it never ends:\n{}", terminal.text());
}

/// Signs with the key that signs.
pub(super) fn sign_by_keys(terminal: &mut Terminal, name: &str, role: &str) {
    terminal.press("p signs as", "p");
    terminal.put_name(name, role);
}

fn demo_by_keys(columns: u16, rows: u16) {
    let home = Home::new();
    let mut terminal = home.terminal(&["demo"], columns, rows);
    terminal.press("start in", "\r");
    // Checklist: tick all but one, run an item's command on the way.
    terminal.see_live("Release notes read");
    terminal.type_keys("\r");
    terminal.see_live("1 of 2");
    terminal.type_keys("r");
    terminal.see_live("tick it if that is right");
    terminal.type_keys("\r");
    terminal.see_live("2 of 2");
    terminal.type_keys("j");
    for ticked in ["1 of 3", "2 of 3", "1 of 1"] {
        terminal.see_live("Team notified");
        terminal.type_keys("\r");
        terminal.see(ticked);
    }
    terminal.press("Team notified", "2");
    go_through(&mut terminal);
    terminal.type_keys("3");
    terminal.see_live("Deployment Log");
    terminal.type_keys("v");
    terminal.see_live("Who reviews");
    terminal.type_keys("ada\r");
    terminal.see("must be different people");
    terminal.press("Deployment Log", "v");
    terminal.see_live("Who reviews");
    terminal.type_keys("grace\r");
    terminal
        .until("the reviewer to be taken", |t| t.contains("Reviewer: grace") || !t.contains("Who reviews"));
    terminal.press("gate: GO", "f");
    // Where the service was started a moment ago its probe may not have seen it yet: the gate shows that.
    terminal.until("a question", |t| t.contains("End the run as deployed?") || t.contains("Go or no-go"));
    let gate = terminal.text().contains("Go or no-go");
    terminal.press(if gate { "Go or no-go" } else { "End the run" }, if gate { "g" } else { "y" });
    terminal.see_live("of 24   deployed");
    sign_by_keys(&mut terminal, "ada", "engineer");
    terminal.press("signed as engineer by ada", "p");
    terminal.see_live("Who signs as reviewer");
    terminal.type_keys("\r");
    terminal.put_name("grace", "reviewer");
    let log = home.path().join("night.md");
    terminal.press("and signed off", "s");
    terminal.see_live("Write the log to");
    terminal.type_keys(&format!("\x15{}\r", log.display()));
    terminal.see("log written to");
    terminal.press("log written to", "y");
    terminal.see("ok: the document, as event 1 has it");
    terminal.type_keys("\x1b");
    terminal.until("the box to be gone", |t| !t.contains("Verify the record"));
    terminal.press("of 24   deployed", "q");
    assert_eq!(terminal.end(), 0);
    let log = std::fs::read_to_string(log).unwrap();
    for line in [
        "**Engineer:** ada",
        "- [x] Smoke tests passed: ",
        "- [x] Team notified: ",
        "- Engineer: ada (claimed) ",
        "- Reviewer: grace (claimed) ",
    ] {
        assert!(log.contains(line), "{line} in\n{log}");
    }
    assert!(
        !log.contains("[Time]") && !log.contains("[ ]") && !log.contains("[Name]"),
        "everything is filled:\n{log}"
    );
}

#[test]
fn the_demo_by_keys_at_80x24() {
    demo_by_keys(80, 24);
}

#[test]
fn the_demo_by_keys_at_140x40() {
    demo_by_keys(140, 40);
}

fn book(home: &Home, commands: &str) -> Terminal {
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{commands}\n```\n"));
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal
}

#[test]
fn a_flood_and_resizes_leave_it_responsive() {
    let home = Home::new();
    let mut terminal = book(&home, "while true; do seq 1000; done");
    terminal.press("Enter runs it", "\r");
    terminal.see("It runs until you end it");
    for (columns, rows) in [(80, 24), (140, 40), (60, 15), (200, 50), (40, 10), (100, 30)] {
        terminal.resize(columns, rows);
        if columns < 60 {
            terminal.see("is too small");
        } else {
            terminal.until("a frame of that size", |t| {
                t.lines().count() == usize::from(rows) && t.contains("gate: 0 open")
            });
        }
    }
    terminal.type_keys("?");
    terminal.see("Keys of this screen");
    terminal.type_keys("\x1b");
    terminal.until("help to go", |t| !t.contains("Keys of this screen"));
    terminal.press("It runs until", "\x1b[19~");
    terminal.see_live("End the running command");
    terminal.type_keys("i");
    terminal.see("ended by operator");
}

#[test]
fn keys_typed_ahead_and_pasted_run_nothing() {
    let home = Home::new();
    let mut terminal = book(&home, "echo one\necho two\necho three");
    terminal.see_live("Enter runs it");
    terminal.type_keys("\x1b[200~\r\r\r\x1b[201~");
    terminal.type_keys("\r\r\r\r\r\r");
    terminal.see(" s  exit 0");
    terminal.see_live("Enter runs it");
    let text = terminal.text();
    assert_eq!(
        text.matches(" s  exit 0").count(),
        1,
        "a burst of Enter runs what was drawn and no more:\n{text}"
    );
}

#[test]
fn interactive_commands_take_the_keyboard_and_give_it_back() {
    let home = Home::new();
    let mut terminal = book(&home, "read -r -p 'who? ' who\necho \"it is $who\"");
    terminal.press("Enter decides", "\r");
    terminal.press("Go or no-go", "g");
    terminal.press("Enter runs it", "\r");
    terminal.see("who?");
    terminal.see_live("Ctrl-] releases it");
    terminal.type_keys("bo\r");
    terminal.press("Enter runs it", "\r");
    terminal.see("it is bo");
}

#[test]
fn the_terminal_is_given_back() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\nsleep 1000\n```\n");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.see_live("start in");
    assert!(terminal.screen().alternate);
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&terminal.child),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    terminal.end();
    let screen = terminal.screen();
    assert!(!screen.alternate && screen.cursor.visible, "after TERM the terminal is as it was");
}

#[test]
fn production_is_told_and_the_name_is_asked_for() {
    let home = Home::new();
    home.write(
        "b.md",
        "# T\n| Environment | URL |\n|---|---|\n| Production | http://x |\n\n## Steps\n```bash\nDIR=old\nrm -rf ./$DIR\n```\n",
    );
    std::fs::create_dir(home.path().join("old")).unwrap();
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.see("PRODUCTION");
    // The environment's address answers nobody, and whoever says GO all the same says why.
    terminal.see("1 not seen");
    terminal.press("Enter decides", "\r");
    terminal.see("not seen: x/ ");
    terminal.press("Go or no-go", "g");
    say_why_go(&mut terminal, "nobody has to reach it");
    terminal.press("Enter runs it", "\r");
    terminal.press("asks for the environment's name", "\r");
    terminal.see("$DIR is old");
    terminal.see_live("Type Production");
    terminal.type_keys("yes\r");
    terminal.see("that is not Production");
    assert!(home.path().join("old").exists());
    terminal.see_live("Type Production");
    terminal.type_keys("\x15Production\r");
    terminal.see_live("All commands are settled");
    assert!(!home.path().join("old").exists());
}

#[test]
fn what_is_typed_where_nothing_is_echoed_is_kept_nowhere() {
    // By modes that one command leaves for the next, by a builtin, by another program's own question.
    let by_modes = "stty -echo\nread -r WORD\nstty echo\necho \"it is $WORD\"\nexport COPY=\"x$WORD\"";
    let by_builtin = "read -rs -p 'word: ' WORD; echo\necho \"it is $WORD\"";
    let by_program = "su -s /bin/sh nobody -c 'su root -c true' || echo over";
    let typed = "tr0ub4dor-and-3";
    for (script, asks) in [(by_modes, ""), (by_builtin, "word:"), (by_program, "Password:")] {
        if script == by_program && !rustix::process::geteuid().is_root() {
            super::support::skip("a program's own question", "root");
            continue;
        }
        let home = Home::new();
        let mut it = book(&home, script);
        loop {
            it.until("something to do", |text| {
                let live = text.lines().last().is_some_and(|l| l.starts_with(' '));
                let words = [
                    "Enter decides",
                    "Go or no-go",
                    "Enter runs it",
                    "releases it",
                    "are settled",
                    "waiting for input",
                ];
                live && words.iter().any(|w| text.contains(w))
            });
            let text = it.text();
            if text.contains("are settled") {
                break;
            }
            if text.contains("releases it") {
                it.see(asks);
                // As long as somebody takes to read it.
                it.look_for(std::time::Duration::from_millis(300));
                it.type_keys(&format!("{typed}\r"));
            } else {
                let keys = [("Go or no-go", "g"), ("waiting for input", "i")];
                let key = keys.iter().find(|(words, _)| text.contains(words)).map_or("\r", |(_, key)| key);
                it.type_keys(key);
            }
            let typed_into = text.contains("releases it");
            it.until("what comes of it", |now| now != text && !(typed_into && now.contains("releases it")));
        }
        for file in files_under(home.path()) {
            let kept = std::fs::read(&file).unwrap_or_default();
            let found = kept.windows(typed.len()).any(|w| w == typed.as_bytes());
            assert!(!found, "{script}: it is in {}", file.display());
        }
        let captured = |e: &Event| matches!(e, Event::ValueCaptured { name, .. } if name != "SECONDS");
        let found: Vec<Event> = events(&home).into_iter().filter(captured).collect();
        assert!(found.is_empty(), "{script}: {found:?}");
        let shown = home.run(&["log", "--full"]).out;
        assert!(script == by_program || shown.contains("it is ***************"), "{shown}");
    }
}

/// All files below a directory.
pub(super) fn files_under(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}
