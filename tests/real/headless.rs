//! The binary without screens: refusals, exit statuses, the demo.

use std::path::PathBuf;

use super::support::Home;

const BOOK: &str = "# Small\n\n## Steps\n\n### Step 1: Check (1 min)\n\n```bash\necho one\n```\n\n### Step 2: Change (1 min)\n\n```bash\ntouch made\n# Should look tidy\nfalse\necho never\n```\n";

fn island() -> PathBuf {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/seed/island-runbook.md");
    if shared.exists() {
        shared
    } else {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/runbooks/island.md")
    }
}

#[test]
fn unreadable_documents_say_why_and_exit_2() {
    let home = Home::new();
    home.write("empty.md", " \n");
    std::fs::write(home.path().join("latin.md"), b"# caf\xe9\n").unwrap();
    for (name, words) in [
        ("gone.md", "no such file"),
        (".", "is a directory"),
        ("empty.md", "is empty"),
        ("latin.md", "latin.md:1: not UTF-8"),
    ] {
        let run = home.run(&["plan", name]);
        assert_eq!(run.status, 2, "{name}");
        assert!(run.err.contains(words), "{name}: {}", run.err);
    }
}

#[test]
fn a_plan_shows_both_gates_where_they_stand() {
    let plan = Home::new().run(&["plan", island().to_str().unwrap()]).out;
    let behind = |gate: &str| {
        let lines = plan.lines().map(str::trim_start).skip_while(|l| !l.starts_with(gate));
        lines.skip(1).find(|l| !l.starts_with('─')).and_then(|l| l.split_whitespace().next())
    };
    assert_eq!(behind("── gate: go or no-go, before the first command"), Some("2/1"), "{plan}");
    assert_eq!(behind("── gate: go or no-go, after the verification"), Some("7.1/1"), "{plan}");
}

#[test]
fn what_is_unanswered_is_listed_before_anything_runs() {
    let home = Home::new();
    let island = island();
    let island = island.to_str().unwrap();
    let run = home.run(&["run", island, "--env", "Local", "--headless", "--yes"]);
    assert_eq!(run.status, 2);
    for flag in [
        "--place here",
        "--answer 3.3/2=yes or no",
        "--answer 5/3=yes or no",
        "GONOGO_SET_POSTGRES_PASSWORD in the environment, or --set-file POSTGRES_PASSWORD=FILE",
        "--allow-destructive",
    ] {
        assert!(run.err.contains(flag), "{flag} in {}", run.err);
    }
    assert!(!run.err.contains("4.2/2"), "an interactive command's condition is not asked: {}", run.err);
    assert_eq!(home.run(&["runs"]).out, "", "nothing was started");
    assert_eq!(home.run(&["run", island, "--env", "Nowhere", "--headless"]).status, 2);
    assert_eq!(home.run(&["run", island, "--env", "Local", "--headless", "--place", "ssh:web"]).status, 2);
}

#[test]
fn with_answers_it_stops_at_the_first_failing_command() {
    let home = Home::new();
    let island = island();
    let arguments = [
        "run",
        island.to_str().unwrap(),
        "--env",
        "Local",
        "--headless",
        "--yes",
        "--place",
        "here",
        "--set",
        "POSTGRES_PASSWORD=geheim99",
        "--answer",
        "3.3/2=no",
        "--answer",
        "5/3=no",
        "--allow-destructive",
    ];
    let run = home.run(&arguments);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("FAILED at 1.1/2 (line"), "{}", run.out);
    assert!(!run.out.contains("1.1/3"), "nothing after it: {}", run.out);
    assert!(home.run(&["status"]).out.contains("failed"));
    assert!(home.run(&["output", "1.1/2"]).out.contains("No such file or directory"));
}

#[test]
fn a_failing_command_ends_the_run_and_frees_the_environment() {
    let home = Home::new();
    home.write("b.md", BOOK);
    assert_eq!(home.run(&["run", "b.md", "--headless"]).status, 2, "a gate without --yes");
    let run = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("2/2") && !run.out.contains("2/3 "), "{}", run.out);
    assert!(home.path().join("made").exists());
    assert_eq!(home.run(&["run", "b.md", "--headless", "--yes"]).status, 1, "it can be run again");
}

#[test]
fn what_waits_for_eyes_is_6_unless_accepted() {
    let home = Home::new();
    let text = BOOK.replace("false\n", "").replace("# Should look tidy", "# Should look tidy\n");
    home.write("b.md", &text);
    let run = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(run.status, 6, "{}", run.out);
    // It has ended: the environment is free for the next run.
    assert_eq!(home.run(&["run", "b.md", "--headless", "--yes"]).status, 6);
    assert_eq!(home.run(&["run", "b.md", "--headless", "--yes", "--accept-unattested"]).status, 0);
}

#[test]
fn a_command_with_a_hole_never_runs() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho <word> > out\n```\n");
    let run = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("--set word=VALUE"), "{}", run.err);
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--set", "word=tea"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(std::fs::read_to_string(home.path().join("out")).unwrap(), "tea\n");
}

#[test]
fn secrets_are_in_no_file() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho \"$API_TOKEN\"\necho <db password>\n```\n");
    let run = home.run(&[
        "run",
        "b.md",
        "--headless",
        "--yes",
        "--set",
        "API_TOKEN=s3cr3t-one",
        "--set",
        "db password=s3cr3t-two",
    ]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(!run.out.contains("s3cr3t"), "{}", run.out);
    in_no_file(&home, "s3cr3t");
}

/// Asserts that a text stands in no file of the state.
pub(super) fn in_no_file(home: &Home, secret: &str) {
    let mut files = vec![home.path().join("state")];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else if path.is_file() {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains(secret), "{}", path.display());
        }
    }
}

#[test]
fn secrets_in_parts_and_those_of_the_environment_are_in_no_file() {
    let home = Home::new();
    let parts = "printf %s \"${API_TOKEN:0:8}\"; sleep 0.3; echo \"${API_TOKEN:8}\"";
    home.write(
        "b.md",
        &format!("# T\n## Steps\n```bash\n{parts}\necho \"got $DBPW\"\nexport COPY=\"$DBPW\"\n```\n"),
    );
    let mut command =
        home.command(&["run", "b.md", "--headless", "--yes", "--set", "API_TOKEN=s3cr3t-of-the-run"]);
    let run = command.env("DBPW", "s3cr3t-of-ours").output().unwrap();
    let out = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success() && out.contains("got **************"), "{out}");
    assert!(!out.contains("s3cr3t"), "{out}");
    in_no_file(&home, "s3cr3t");
}

#[test]
fn json_lines_are_events() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho hello\n```\n");
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--json"]);
    let kinds: Vec<String> = run
        .out
        .lines()
        .map(|l| {
            serde_json::from_str::<serde_json::Value>(l).unwrap()["event"]["kind"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert!(
        kinds.contains(&"command_started".to_owned()) && kinds.contains(&"command_exited".to_owned()),
        "{kinds:?}"
    );
    assert_eq!(kinds.last().map(String::as_str), Some("run_finished"));
}

#[test]
fn the_demo_deploys_and_leaves_nothing() {
    let home = Home::new();
    let run = home.run(&["demo", "--headless", "--yes"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    for words in [
        "**Version:** v1.2.0",
        "**Engineer:** ada",
        "- [x] Backup created: ../backups/notes_",
        "- [x] Smoke tests passed:",
        "no manual checks are open",
        "✓ line 158: Should complete in < 2 seconds",
    ] {
        assert!(run.out.contains(words), "{words} in {}", run.out);
    }
    assert!(run.out.lines().any(|line| line == "**Version:** v1.2.0"), "the log has lines: {}", run.out);
    let sandbox = run.err.lines().find_map(|l| l.strip_prefix("sandbox ")).unwrap();
    assert!(!std::path::Path::new(sandbox).exists());
}

#[test]
fn the_faulty_release_fails_its_smoke_test() {
    let home = Home::new();
    let run = home.run(&["demo", "--faulty", "--headless", "--yes"]);
    assert_eq!(run.status, 1, "{}", run.out);
    assert!(run.out.contains("FAILED at 5.2.1/1"), "{}", run.out);
}

#[test]
fn help_and_completions_come_from_one_source() {
    let home = Home::new();
    let help = home.run(&["--help"]).out;
    for verb in ["plan", "check", "run", "runs", "status", "stop", "output", "log", "demo", "completions"] {
        assert!(help.contains(&format!("\n  {verb}")), "{verb} in {help}");
    }
    assert!(home.run(&["completions", "bash"]).out.contains("_gonogo"));
    assert_eq!(home.run(&["check", "--explain", "psql-without-stop"]).status, 0);
}

#[test]
fn a_value_comes_from_a_flag_a_variable_or_a_file_in_this_order() {
    let home = Home::new();
    home.write("b.md", "# T\n## Environments\n| Environment | URL |\n|---|---|\n| Staging | http://s |\n## Steps\n```bash\necho <word> > out\n```\n");
    home.write(
        "gonogo.toml",
        "[parameters]\nword = \"file\"\n[environments.Staging.parameters]\nword = \"own\"\n",
    );
    let out = || std::fs::read_to_string(home.path().join("out")).unwrap();
    let run = |variable: Option<&str>, flags: &[&str]| {
        let mut command = home.command(&["run", "b.md", "--env", "staging", "--headless", "--yes"]);
        command.args(flags);
        variable.map(|v| command.env("GONOGO_SET_WORD", v));
        assert!(command.status().unwrap().success());
    };
    run(None, &[]);
    assert_eq!(out(), "own\n");
    run(Some("variable"), &[]);
    assert_eq!(out(), "variable\n");
    run(Some("variable"), &["--set", "word=flag"]);
    assert_eq!(out(), "flag\n");
}

const JUDGED: &str = r#"# Judged

## Steps

### Step 1: Look (1 min)

```bash
printf '{"status":"ok","token":"%s"}\n' "$API_TOKEN"
# Expected: {"status":"ok","token":"..."}

echo "all is well" | grep -i error
# Should be empty

printf 'starting\nlistening on 3030\n'
# Should see:
# starting
# listening on 3030

echo 0.1
# Expected: 0.1
```
"#;

#[test]
fn what_a_document_says_is_judged_and_recorded_without_secrets() {
    let home = Home::new();
    home.write("b.md", JUDGED);
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--set", "API_TOKEN=sesame-open-9"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    for words in
        ["1/1", "1/2        ✓ exit 1", "✓ line 12: Should be empty", "✓ line 15: Should see:", "✓ line 20"]
    {
        assert!(run.out.contains(words), "{words} in {}", run.out);
    }
    let journal = home.run(&["status", "--json"]).out;
    assert!(!run.out.contains("sesame-open-9") && !journal.contains("sesame-open-9"), "{}", run.out);
}

#[test]
fn no_part_of_a_secret_is_left_where_a_verdict_cuts_what_it_saw() {
    let home = Home::new();
    // What is told of a result ends after 160 characters: in the middle of this secret.
    let book = "# Cut\n## Step 1: Look (1 min)\n```bash\nprintf 'error: %146s %s\\n' x \"$API_TOKEN\"\n# Should be empty\n```\n";
    home.write("b.md", book);
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--set", "API_TOKEN=sesame-open-9"]);
    assert_eq!(run.status, 1, "{}", run.out);
    assert!(run.out.contains("it is not empty · seen: error:"), "{}", run.out);
    let journal = home.run(&["status", "--json"]).out;
    assert!(!run.out.contains(" ses") && !journal.contains(" ses"), "{}", run.out);
}

#[test]
fn a_contradicted_expectation_stops_the_run_like_a_failed_command() {
    let home = Home::new();
    let wrong = JUDGED.replace("echo \"all is well\"", "echo \"Error: refused\"");
    home.write("b.md", &wrong);
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--set", "API_TOKEN=sesame-open-9"]);
    assert_eq!(run.status, 1, "{}", run.out);
    assert!(
        run.out.contains("FAILED at 1/2 (line 11): an expectation of the document was not met"),
        "{}",
        run.out
    );
    assert!(run.out.contains("it is not empty · seen: Error: refused"), "{}", run.out);
    assert!(!run.out.contains("1/3        ▶"), "{}", run.out);
}

#[test]
fn a_log_is_followed_until_its_lines_were_seen_and_it_went_on() {
    let home = Home::new();
    let book = r#"# Follow
## Steps
### Step 1: Start (1 min)
```bash
(for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) listening on 30$n" >> log; sleep 1; done) & touch log
tail -n 100 -f log
# Should see:
# listening on 301
# listening on 302
echo after
```
"#;
    home.write("b.md", book);
    let run = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("✓ line 7: Should see:") && run.out.contains("1/3        ○"), "{}", run.out);
    // The same lines from before the start prove nothing.
    let old = book.replace("$(date -u +%Y-%m-%dT%H:%M:%SZ)", "2020-01-01T00:00:00Z");
    home.write("b.md", &old);
    std::fs::remove_file(home.path().join("log")).unwrap();
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--follow-for", "3s"]);
    assert_eq!(run.status, 6, "{}{}", run.out, run.err);
    assert!(run.out.contains("may be older than what should have caused it"), "{}", run.out);
}

#[test]
fn a_secret_in_the_name_of_a_directory_is_kept_nowhere() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\nmkdir -p \"$API_TOKEN/below\"\ncd \"$API_TOKEN\"\npwd\ncd below\ntrue\n```\n");
    let secret = "zq9-Super-Secret-77";
    let mut command = home.command(&["run", "b.md", "--headless", "--yes"]);
    let out = command.env("API_TOKEN", secret).stdin(std::process::Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &home.run(&["log", "--full"]).out;
    assert!(!said.contains(secret) && said.contains("/*******************/below"), "{said}");
    let kept = super::screens::files_under(&home.path().join("state"));
    let found = kept.iter().find(|file| contains(&std::fs::read(file).unwrap_or_default(), secret));
    assert!(found.is_none(), "{found:?}");
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}
