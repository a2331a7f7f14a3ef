//! What helps whoever types: what shells offer, the manual, and where each setting comes from.

use std::process::Command;

use super::support::{Finished, Home, skip};

const BOOK: &str = "# Ship it\n\n| Environment | URL |\n|---|---|\n| Staging | https://s |\n| Production | https://p |\n\n## Before\n\n- [ ] All quiet\n\n## Steps\n\n### Step 1: Ship (1 min)\n\n```bash\ntouch made\ncurl http://localhost:1/health\n```\n\n## Rollback\n\n```bash\nrm -f made\n```\n";

/// What is printed with a variable set.
fn with(home: &Home, arguments: &[&str], (name, value): (&str, &str)) -> Finished {
    home.run_in(arguments, &[(name, value)])
}

/// What a shell is offered for a line that is typed so far.
fn offered(home: &Home, line: &[&str]) -> String {
    let mut words = vec!["--", "gonogo"];
    words.extend(line);
    with(home, &words, ("COMPLETE", "fish")).out
}

#[test]
fn a_shell_offers_what_there_is() {
    let home = Home::new();
    assert!(!offered(&home, &["status", ""]).contains(" · "), "no run yet");
    assert!(!home.path().join("state").exists(), "and nothing was made to see that");
    home.write("a.md", BOOK);
    home.write("notes.md", "# Notes\n\nNothing to run.\n");
    let ran = home.run(&["run", "a.md", "--env", "Staging", "--headless", "--yes"]);
    assert_eq!(ran.status, 1, "nobody answers there: {}", ran.err);
    let books = offered(&home, &["run", ""]);
    assert!(books.starts_with("a.md\tShip it\nnotes.md\n"), "{books}");
    assert_eq!(offered(&home, &["run", "a.md", "--env", ""]), "Staging\nProduction\n");
    assert!(offered(&home, &["run", "a.md", "--from", ""]).starts_with("1/1\ttouch made"));
    let runs = offered(&home, &["status", ""]);
    let (id, about) = runs.lines().next().and_then(|line| line.split_once('\t')).unwrap();
    assert_eq!(about, "Staging · failed · Ship it");
    let output = offered(&home, &["output", id, ""]);
    assert!(output.contains("1/2\texit 7 · curl http://localhost:1/health"), "{output}");
    assert!(!offered(&home, &["resume", ""]).contains(id), "it is over");
    for hidden in ["demo-service", "shim", "runner"] {
        assert!(!home.run(&["completions", "bash", "--static"]).out.contains(hidden), "{hidden}");
        assert!(!offered(&home, &[""]).contains(hidden), "{hidden}");
    }
    // Somebody else's variable of that name is none of ours.
    assert!(with(&home, &["--version"], ("COMPLETE", "yes")).out.starts_with("gonogo "));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests start the shells they test")]
fn shells_ask_gonogo() {
    let home = Home::new();
    home.write("a.md", BOOK);
    let bash = "COMP_WORDS=(gonogo run a.md --env ''); COMP_CWORD=4; _clap_complete_gonogo gonogo '' --env; printf '%s ' \"${COMPREPLY[@]}\"";
    let fish = "complete -C 'gonogo run a.md --env '";
    // Its widgets need a terminal of their own: what it asks is the same.
    let zsh = "COMPLETE=zsh _CLAP_COMPLETE_INDEX=4 $GONOGO -- gonogo run a.md --env ''";
    let asks = [
        ("bash", format!("source <($GONOGO completions bash); {bash}")),
        ("fish", format!("$GONOGO completions fish | source; {fish}")),
        ("zsh", format!("autoload -U compinit; compinit -u; source <($GONOGO completions zsh) && {zsh}")),
    ];
    for (shell, line) in asks {
        let mut command = Command::new(shell);
        let as_here = home.command(&[]);
        command.args(["-c", &line]).env_clear().current_dir(home.path());
        command.envs(as_here.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let Ok(said) = command.env("GONOGO", env!("CARGO_BIN_EXE_gonogo")).output() else {
            skip("shells_ask_gonogo", &format!("{shell} is not installed here"));
            continue;
        };
        let (out, err) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
        assert!(out.contains("Staging") && out.contains("Production"), "{shell}: {out}{err}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests start the linter")]
fn the_manual_has_every_verb_and_is_clean() {
    let home = Home::new();
    assert_eq!(home.run(&["man", "--dir", "pages"]).status, 0);
    let pages: Vec<_> =
        std::fs::read_dir(home.path().join("pages")).unwrap().map(|e| e.unwrap().path()).collect();
    let help = home.run(&["--help"]).out;
    let verbs = help.lines().filter(|l| {
        l.starts_with("  ") && l.as_bytes().get(2).is_some_and(u8::is_ascii_lowercase) && l.len() > 15
    });
    assert!(pages.len() > 20 && verbs.count() >= pages.len() - 1);
    let lint = Command::new("mandoc").args(["-Tlint", "-Wwarning"]).args(&pages).output();
    let Ok(lint) = lint else {
        skip("the_manual_has_every_verb_and_is_clean", "mandoc is not installed here");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&lint.stdout), "");
}

#[test]
fn each_setting_says_where_it_comes_from() {
    let home = Home::new();
    home.write("a.md", BOOK);
    home.write("gonogo.toml", "ticket = \"CHG-1\"\n\n[hooks]\nbefore_start = \"./ok\"\n");
    let told = with(&home, &["config", "a.md", "--operator", "bo"], ("GONOGO_SET_REGION", "hidden-one"));
    assert_eq!(told.status, 0, "{}", told.err);
    for words in [
        "\"CHG-1\"",
        "gonogo.toml:1",
        "gonogo.toml:4, not accepted: it does not count",
        "--operator",
        "GONOGO_SET_REGION",
        "default",
    ] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    assert!(!told.out.contains("hidden-one"), "an answer may be a secret");
    assert!(told.err.contains("1 setting came with the runbook"), "{}", told.err);
    let schema: serde_json::Value = serde_json::from_str(&home.run(&["config", "schema"]).out).unwrap();
    assert_eq!(schema["$defs"]["ProbeSettings"]["additionalProperties"], false);
    home.write("gonogo.toml", "thme = \"dark\"\n");
    let wrong = home.run(&["config", "a.md"]);
    assert!(wrong.status == 2 && wrong.err.contains("did you mean `theme`?"), "{}", wrong.err);
}

#[test]
fn a_new_runbook_is_clean_and_can_be_rehearsed() {
    let home = Home::new();
    for kind in ["deployment", "migration", "incident", "rotation"] {
        let file = format!("{kind}.md");
        assert_eq!(home.run(&["new", kind]).status, 0);
        let checked = home.run(&["check", "--fail-on", "note", &file]);
        assert_eq!(checked.status, 0, "{kind}: {}{}", checked.out, checked.err);
        let rehearsed = home.run(&["rehearse", &file, "--env", "Production"]);
        assert_eq!(rehearsed.status, 0, "{kind}: {}{}", rehearsed.out, rehearsed.err);
        let plan = home.run(&["plan", &file]).out;
        assert!(plan.contains("every line was understood"), "{kind}: {plan}");
        assert!(!plan.contains("no return") || kind == "migration", "{kind}: {plan}");
        assert!(home.run(&["list"]).out.contains(&file), "{kind} is found as a runbook");
        let again = home.run(&["new", kind]);
        assert!(again.status == 2 && again.err.contains("nothing was written"), "{}", again.err);
    }
    let plan = home.run(&["plan", "migration.md"]).out;
    let (turn, migrates) = (plan.find("no return").unwrap(), plan.find("psql").unwrap());
    let backup = plan.find("pg_restore --list").unwrap();
    assert!(
        backup < turn && turn < migrates,
        "a backup changes no data, whatever its file is called: {plan}"
    );
    assert!(home.run(&["new", "incident", "-"]).out.starts_with("# Incident runbook"));
}

#[test]
fn settings_to_begin_with_are_comments_that_can_be_taken() {
    let home = Home::new();
    home.write(
        "a.md",
        &BOOK.replace("touch made", "touch <version> && curl -u ada:$API_TOKEN http://localhost:1/version"),
    );
    let shown = home.run(&["init", "a.md", "--dry-run"]);
    assert_eq!(shown.status, 0, "{}", shown.err);
    assert!(!home.path().join("gonogo.toml").exists());
    let asked = home.run(&["init", "a.md"]);
    assert!(asked.status == 2 && asked.err.contains("--yes writes it"), "{}", asked.err);
    assert_eq!(home.run(&["init", "a.md", "--yes"]).status, 0);
    let written = std::fs::read_to_string(home.path().join("gonogo.toml")).unwrap();
    assert_eq!(written.trim_end(), shown.out.trim_end());
    for line in ["#: [environments.Production]", "#: version = \"\"", "#: [probes.host]"] {
        assert!(written.contains(line), "{line}: {written}");
    }
    assert!(!written.contains("#: API_TOKEN") && written.contains("API_TOKEN is a secret"), "{written}");
    assert_eq!(home.run(&["check", "a.md", "--fail-on", "error"]).status, 0, "as it is");
    // All of it at once is what gonogo knows, too.
    let taken: Vec<&str> = written.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line)).collect();
    home.write("gonogo.toml", &taken.join("\n").replace("allowed_signers = \"allowed_signers\"", ""));
    let checked = home.run(&["check", "a.md", "--only", "settings"]);
    assert!(checked.status == 0, "{}{}", checked.out, taken.join("\n"));
    let again = home.run(&["init", "a.md", "--yes"]);
    assert!(again.status == 0 && again.err.contains("stays as it is"), "{}", again.err);
}

#[test]
fn runs_are_picked() {
    let home = Home::new();
    home.write("a.md", "# Ship it\n\n| Environment | URL |\n|---|---|\n| Staging | https://s |\n| Test | https://t |\n\n## Steps\n\n```bash\ntrue\n```\n");
    home.write("b.md", "# Move it\n\n## Steps\n\n```bash\nfalse\n```\n");
    assert_eq!(home.run(&["run", "a.md", "--env", "Staging", "--headless", "--yes"]).status, 0);
    assert_eq!(home.run(&["run", "a.md", "--env", "Test", "--headless", "--yes"]).status, 0);
    assert_eq!(home.run(&["run", "b.md", "--headless", "--yes"]).status, 1);
    let of = |picked: &[&str]| {
        let listed = home.run(&[&["runs"], picked].concat());
        assert_eq!(listed.status, 0, "{picked:?}: {}", listed.err);
        listed.out.lines().count()
    };
    for (picked, count) in [
        (&[][..], 3),
        (&["--limit", "2"], 2),
        (&["--env", "staging"], 1),
        (&["--runbook", "a.md"], 2),
        (&["--runbook", "move"], 1),
        (&["--unfinished"], 0),
        (&["--since", "1h"], 3),
        (&["--since", "2999-01-01"], 0),
    ] {
        assert_eq!(of(picked), count, "{picked:?}");
    }
    assert!(home.run(&["runs", "--unfinished"]).err.contains("no run fits"));
    assert!(home.run(&["runs", "--since", "soon"]).err.contains("2026-11-25"));
    let (short, long) = (home.run(&["-V"]).out, home.run(&["--version"]).out);
    assert!(
        short.lines().count() == 1 && long.starts_with(short.trim()) && long.contains("for     linux"),
        "{long}"
    );
}
