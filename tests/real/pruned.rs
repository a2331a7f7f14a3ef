//! Runs that are removed once they are over and old enough.

use super::support::{Home, contents, until};

/// Runs a document of one command unattended; gives the run's id.
fn ran(home: &Home, command: &str) -> String {
    home.write("b.md", &format!("# T\n\n## Steps\n\n```bash\n{command}\n```\n"));
    home.run(&["run", "b.md", "--headless", "--yes"]);
    let runs = home.run(&["runs", "--json"]).out;
    let first: serde_json::Value = serde_json::from_str(runs.lines().next().unwrap()).unwrap();
    first["id"].as_str().unwrap().to_owned()
}

fn directory(home: &Home, id: &str) -> std::path::PathBuf {
    home.path().join("state/runs").join(id)
}

#[test]
fn what_is_old_goes_whole_and_a_line_of_it_stays() {
    let home = Home::new();
    let (one, two) = (ran(&home, "echo one"), ran(&home, "echo two; false"));
    let archive = home.run(&["export", &one, "--out", "one.tar.gz"]);
    assert_eq!(archive.status, 0, "{}", archive.err);
    let young = home.run(&["prune", "--older-than", "1y", "--yes"]);
    assert_eq!((young.status, young.err.trim()), (0, "nothing to remove"));
    let dry = home.run(&["prune", "--older-than", "0s", "--dry-run"]);
    assert!(dry.out.contains(&one) && dry.out.contains(&two), "{}", dry.out);
    assert!(dry.err.contains("2 runs, ") && dry.err.contains("would be removed"), "{}", dry.err);
    let unasked = home.run(&["prune", "--older-than", "0s"]);
    assert_eq!(unasked.status, 2, "with nobody to ask nothing goes: {}", unasked.err);
    assert!(directory(&home, &one).is_dir() && directory(&home, &two).is_dir());

    let gone = home.run(&["prune", &one, "--yes", "--reason", "a trial", "--operator", "grace"]);
    assert_eq!(gone.status, 0, "{}", gone.err);
    assert!(!directory(&home, &one).exists() && directory(&home, &two).is_dir());
    let line: serde_json::Value =
        serde_json::from_str(contents(&home.path().join("state/pruned.jsonl")).trim()).unwrap();
    assert_eq!(
        (&line["run"], &line["by"], &line["reason"]),
        (&one.clone().into(), &"grace".into(), &"a trial".into())
    );
    // An archive that lies elsewhere can be held against the line that stayed.
    let head = line["head"].as_str().unwrap();
    let verified = home.run(&["verify", "one.tar.gz", "--head", head]);
    assert_eq!(verified.status, 0, "{}{}", verified.out, verified.err);
    let asked = home.run(&["log", &one]);
    assert_eq!(asked.status, 2);
    assert!(asked.err.contains("was removed by grace on") && asked.err.contains("a trial"), "{}", asked.err);
    assert!(!home.run(&["runs"]).out.contains(&one));
}

#[test]
fn what_is_not_over_and_what_is_signed_is_kept() {
    let home = Home::new();
    let signed = ran(&home, "echo one");
    let put = home.run(&["sign", &signed, "--name", "ada", "--claimed", "--yes"]);
    assert_eq!(put.status, 0, "{}{}", put.out, put.err);
    home.write("b.md", "# T\n\n## Steps\n\n```bash\necho go > started; sleep 1000\n```\n");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.press("Enter decides", "\r");
    terminal.press("Go or no-go", "g");
    terminal.press("Enter runs it", "\r");
    until("the command", || contents(&home.path().join("started")).contains("go"));
    let all = home.run(&["prune", "--older-than", "0s", "--keep-signed", "--yes"]);
    assert_eq!(all.status, 0, "{}", all.err);
    assert!(all.err.contains("it is signed") && all.err.contains("it is not over"), "{}", all.err);
    assert!(all.err.contains("nothing to remove"), "{}", all.err);
    let unfinished = home.run(&["status", "--json"]).out;
    let unfinished: serde_json::Value = serde_json::from_str(&unfinished).unwrap();
    let id = unfinished["id"].as_str().unwrap();
    let named = home.run(&["prune", id, "--yes"]);
    assert_eq!(named.status, 1, "one that was named was meant: {}", named.err);
    assert!(directory(&home, id).is_dir() && directory(&home, &signed).is_dir());
}

#[test]
fn what_a_removal_that_was_cut_short_has_left_goes_with_the_next() {
    let home = Home::new();
    let one = ran(&home, "echo one");
    let left = home.path().join("state/runs/.pruned-t-0001");
    std::fs::create_dir_all(left.join("recordings")).unwrap();
    std::fs::write(left.join("recordings/1_1.1.raw"), "x").unwrap();
    assert!(!home.run(&["runs"]).out.contains("t-0001"), "it is no run");
    // A line that a full disk has cut off.
    std::fs::write(home.path().join("state/pruned.jsonl"), "{\"run\":\"t-0").unwrap();
    assert_eq!(home.run(&["prune", &one, "--yes"]).status, 0);
    assert!(!left.exists());
    assert!(home.run(&["log", &one]).err.contains("was removed by"));
}
