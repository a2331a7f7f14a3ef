//! A run that a newer gonogo has written to: it is shown, verified and held, and only not gone on with.

use gonogo::store::chain;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::support::{Home, the_run, until};

/// Adds a line to the journal as a newer version would, and gives its number.
fn write_as_newer(home: &Home, event: &Value) -> u64 {
    let journal = Connection::open(the_run(home).path().join("journal.db")).unwrap();
    let last: String =
        journal.query_row("SELECT line FROM events ORDER BY seq DESC LIMIT 1", [], |r| r.get(0)).unwrap();
    let mut line: Value = serde_json::from_str(&last).unwrap();
    let seq = line["seq"].as_u64().unwrap() + 1;
    line["seq"] = seq.into();
    line["prev"] = chain::hash(&last).into();
    line["event"] = event.clone();
    journal
        .execute("INSERT INTO events (seq, line) VALUES (?1, ?2)", (seq.cast_signed(), line.to_string()))
        .unwrap();
    seq
}

fn left_unfinished() -> Home {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho one\necho two\n```\n");
    let mut ada = home.terminal(&["b.md"], 100, 30);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "q");
    assert_eq!(ada.end(), 0);
    home.kill(&["runner", "shim"]);
    until("their end", || home.processes().is_empty());
    home
}

#[test]
fn what_a_newer_version_wrote_is_shown_and_no_damage() {
    let home = left_unfinished();
    let seq = write_as_newer(&home, &json!({ "kind": "moon_observed", "phase": 0.25 }));
    let verified = home.run(&["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.out, verified.err);
    let told = format!("not proven: event {seq} is one that only a newer gonogo knows (moon_observed)");
    assert!(verified.out.contains(&told), "{}", verified.out);
    assert!(!verified.out.contains("OFF"), "{}", verified.out);
    for verb in ["status", "log", "runs", "export"] {
        let said = home.run(&[verb]);
        assert!(!said.out.contains("can't be read") && !said.err.contains("can't be read"), "{}", said.err);
        assert_eq!(said.status, 0, "{verb}: {}", said.err);
    }
}

#[test]
fn it_is_refused_to_be_gone_on_with_and_holds_its_environment() {
    let home = left_unfinished();
    write_as_newer(&home, &json!({ "kind": "moon_observed" }));
    let resumed = home.run(&["resume", "--headless", "--yes"]);
    assert_ne!(resumed.status, 0);
    assert!(
        resumed.err.contains("newer gonogo (moon_observed): continue with that version"),
        "{}",
        resumed.err
    );
    let again = home.run(&["run", "b.md", "--headless", "--yes"]);
    assert_eq!(again.status, 5, "{}{}", again.out, again.err);
}

#[test]
fn a_field_that_a_newer_version_added_is_no_tampering() {
    let home = left_unfinished();
    let note = json!({ "kind": "noted", "about": "", "issue": false, "text": "t", "mood": "calm" });
    let seq = write_as_newer(&home, &note);
    let verified = home.run(&["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.out, verified.err);
    let told = format!("event {seq} contains more than this version of gonogo knows");
    assert!(verified.out.contains(&told), "{}", verified.out);
}

/// The hash of the last line of the run under `fixtures`, as the version that wrote it told it.
const HEAD_THEN: &str = "3d35c890f0fe3caf5e7092caba456c9a3e26b8c0d55e98eec957f8637661ec2a";

fn copied(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() { copied(&path, &to) } else { assert!(std::fs::copy(&path, &to).is_ok()) }
    }
}

#[test]
fn a_run_of_an_older_version_opens_as_it_was() {
    let home = Home::new();
    assert_eq!(home.run(&["runs"]).status, 0);
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/run-of-0d71e56");
    let runs = home.path().join("state/runs");
    copied(&fixture, &runs.join("deploy-c696"));
    let verified = home.run(&["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.out, verified.err);
    assert!(
        verified.out.contains(&format!("deploy-c696: 20 events, head sha256:{HEAD_THEN}")),
        "{}",
        verified.out
    );
    assert!(
        verified.out.contains("ok: 6 recordings, as the ends of their commands have them"),
        "{}",
        verified.out
    );
    let listed = home.run(&["runs"]);
    assert!(listed.out.contains("rolled back") && listed.out.contains("deploy-c696"), "{}", listed.out);
    for verb in ["status", "log", "export"] {
        let said = home.run(&[verb]);
        assert_eq!(said.status, 0, "{verb}: {}", said.err);
    }
    let output = home.run(&["output", "2/3"]);
    assert_eq!(output.out.trim(), "notes", "{}", output.err);
}
