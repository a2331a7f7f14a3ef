//! Values that a document sets outside of its run, and variables that have none when a command would run.

use gonogo::run::Event;

use super::plain::say;
use super::support::{Home, events};

/// A document with a fence that no run comes to, and two steps.
fn book(before: &str, first: &str, second: &str) -> String {
    format!(
        "# Flip\n\n## Before you start\n\n```bash\n{before}\n```\n\n## Step 1: Name it\n\n```bash\n{first}\n```\n\n## Step 2: Flip\n\n```bash\n{second}\n```\n"
    )
}

fn link(home: &Home) -> Option<String> {
    let to = std::fs::read_link(home.path().join("current")).ok()?;
    Some(to.display().to_string())
}

const HEADLESS: [&str; 4] = ["run", "b.md", "--headless", "--yes"];

#[test]
fn a_value_of_a_fence_that_no_run_comes_to_is_there_when_it_runs() {
    let home = Home::new();
    home.write(
        "b.md",
        &book("export VERSION=1.5.0\nTARGET=releases/$VERSION", "ls", "ln -sfn $TARGET current"),
    );
    let plan = home.run(&["plan", "b.md"]).out;
    assert!(plan.contains("1.5.0 from line 6") && plan.contains("releases/$VERSION from line 7"), "{plan}");
    let run = home.run(&HEADLESS);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(link(&home).as_deref(), Some("releases/1.5.0"));
    let run = home.run(&[&HEADLESS[..], &["--set", "VERSION=2.0.0"]].concat());
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(link(&home).as_deref(), Some("releases/2.0.0"));
}

#[test]
fn a_value_that_only_running_the_line_would_tell_is_asked_for_with_the_line() {
    let home = Home::new();
    home.write("b.md", &book("export VERSION=$(git describe)", "ls", "ln -sfn releases/$VERSION current"));
    let run = home.run(&HEADLESS);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("line 6 sets it") && run.err.contains("--set VERSION=VALUE"), "{}", run.err);
    assert_eq!(link(&home), None);
}

#[test]
fn nothing_runs_with_a_variable_that_is_empty_when_its_turn_comes() {
    let home = Home::new();
    home.write(
        "b.md",
        &book("ls", "VERSION=$(cat version 2>/dev/null || true)", "ln -sfn releases/$VERSION current"),
    );
    let run = home.run(&HEADLESS);
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains("2/1 did not run: no value for $VERSION (line 18)"), "{}", run.err);
    assert!(run.err.contains("--set VERSION=VALUE, or --answer 2/1=yes"), "{}", run.err);
    assert_eq!(link(&home), None);
    let asked = |e: &Event| matches!(e, Event::UnsetFound { names, .. } if names == &["VERSION"]);
    assert!(events(&home).iter().any(asked));
    // It goes on from there with a value.
    let run = home.run(&["resume", "--headless", "--yes", "--set", "VERSION=1.5.0"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(link(&home).as_deref(), Some("releases/1.5.0"));
}

#[test]
fn what_is_answered_in_advance_holds_for_an_empty_variable() {
    for (answer, to) in [("2/1=yes", Some("releases/")), ("2/1=no", None)] {
        let home = Home::new();
        home.write("b.md", &book("ls", "VERSION=$(true)", "ln -sfn releases/$VERSION current"));
        let run = home.run(&[&HEADLESS[..], &["--answer", answer]].concat());
        assert_eq!(run.status, 0, "{answer}: {}{}", run.out, run.err);
        assert_eq!(link(&home).as_deref(), to, "{answer}");
    }
}

#[test]
fn a_variable_that_is_looked_at_on_purpose_is_no_question() {
    let home = Home::new();
    let looks = "[ -z \"$VERSION\" ] && touch none\necho \"${VERSION:-none}\"\nfor h in a; do echo $h; done";
    home.write("b.md", &book("ls", "VERSION=$(true)", looks));
    let run = home.run(&HEADLESS);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(home.path().join("none").exists());
    assert!(!events(&home).iter().any(|e| matches!(e, Event::UnsetFound { .. })));
}

#[test]
fn a_placeholder_that_may_be_a_name_is_asked_about_before_anything_runs() {
    let home = Home::new();
    home.write("b.md", &book("ls", "touch made", "echo shop:TAG > pulled"));
    let run = home.run(&HEADLESS);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("2/1 may contain a placeholder (line 18): --answer 2/1=yes"), "{}", run.err);
    assert!(!home.path().join("made").exists());
    let run = home.run(&[&HEADLESS[..], &["--answer", "2/1=yes"]].concat());
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(std::fs::read_to_string(home.path().join("pulled")).unwrap(), "shop:TAG\n");
}

#[test]
fn by_words_a_value_can_be_given_where_one_is_missing() {
    let home = Home::new();
    home.write("b.md", &book("ls", "VERSION=$(true)", "ln -sfn releases/$VERSION current"));
    let mut terminal = home.terminal(&["--plain", "b.md"], 80, 60);
    let it = &mut terminal;
    say(it, "Start in default as ada?", "yes");
    say(it, "Enter decides go or no-go.", "go all is well");
    say(it, "$ VERSION=$(true)", "");
    say(it, "$ ln -sfn releases/$VERSION current", "");
    say(it, "$VERSION is unset or empty where this command runs (line 18).", "v 1.5.0");
    say(it, "Enter runs it.", "");
    say(it, "All commands are settled", "finish");
    say(it, "The run is over", "quit");
    assert_eq!(terminal.end(), 0);
    assert_eq!(link(&home).as_deref(), Some("releases/1.5.0"));
}

#[test]
fn on_the_screens_it_can_be_run_all_the_same_or_skipped() {
    for (key, to) in [("y", Some("releases/")), ("n", None)] {
        let home = Home::new();
        home.write("b.md", &book("ls", "VERSION=$(true)", "ln -sfn releases/$VERSION current"));
        let mut terminal = home.terminal(&["b.md"], 100, 40);
        terminal.press("start in", "\r");
        terminal.press("The gate:", "\r");
        terminal.press("Go or no-go", "g");
        terminal.press("Enter runs it", "\r");
        terminal.until("the next command", |t| t.contains("ln -sfn") && t.contains("Enter runs it"));
        terminal.press("Enter runs it", "\r");
        terminal.press("$VERSION is unset or empty where this command runs (line 18).", key);
        terminal.press("All commands are settled", "q");
        terminal.end();
        assert_eq!(link(&home).as_deref(), to, "{key}");
    }
}
