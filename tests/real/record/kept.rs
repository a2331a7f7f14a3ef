//! Logs that are kept, patches for the document, and what leaves masked.

use std::path::Path;

use super::super::plain::say;
use super::super::support::{Home, contents, the_run};
use super::{good, tool};

fn git(home: &Path, arguments: &[&str]) -> String {
    let own = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    let done = tool("git", &[&own, arguments].concat(), home, "");
    assert_eq!(done.status, 0, "git {}: {}", arguments.join(" "), done.err);
    done.out
}

const BOOK: &str = "# Shop\n\n## Steps\n\n### 1. Look (30 minutes)\n\n- First:\n\n  ```bash\n  cat old\n  # Should show \"tidy\"\n  ```\n\n### 2. Go\n\n```bash\necho <word> >mark\n```\n\n## Troubleshooting\n\n### Problem: It Hangs\n\n```bash\n./look\n```\n\n---\n\n## Deployment Log\n\n```\n**Date:** YYYY-MM-DD\n```\n";

#[test]
fn a_night_turns_into_a_patch_that_applies() {
    let home = Home::new();
    let docs = home.path().join("docs");
    std::fs::create_dir(&docs).unwrap();
    std::fs::write(docs.join("b.md"), BOOK).unwrap();
    home.write("new", "fine\n");
    git(home.path(), &["init", "-q"]);
    git(home.path(), &["add", "docs"]);
    git(home.path(), &["commit", "-qm", "Runbook"]);
    let mut terminal = home.terminal(&["--plain", "docs/b.md"], 90, 60);
    let it = &mut terminal;
    say(it, "word (line", "tea");
    say(it, "Start in default as ada?", "yes");
    say(it, "$ cat old", "e cat new");
    say(it, "$ cat new", "");
    say(it, "FAILED", "a it says fine, and that is fine");
    say(it, "Enter decides go or no-go.", "go all is well");
    say(it, "$ echo tea >mark", "e echo 'tea' | tee mark");
    say(it, "tee mark", "");
    say(it, "2/1 done", "issue the mark was old");
    say(it, "All commands are settled", "finish");
    say(it, "The run is over", "quit");
    assert_eq!(it.end(), 0);
    let redline = home.run(&["redline"]);
    good(&redline);
    assert!(!redline.err.contains("may not apply"), "{}", redline.err);
    // From wherever it is called.
    let elsewhere = home.command(&["redline"]).current_dir(&docs).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&elsewhere.stdout), redline.out);
    let patch = home.write("night.patch", &redline.out);
    git(home.path(), &["apply", patch.to_str().unwrap()]);
    let patched = contents(&docs.join("b.md"));
    let wanted = BOOK
        .replace("cat old\n", "cat new\n")
        .replace("(30 minutes)", "(1 minute)")
        .replace("echo <word> >mark", "echo '<word>' | tee mark");
    let run = the_run(&home).id().0.clone();
    let date = patched.split(&format!("Seen in run {run} on ")).nth(1).unwrap().split(',').next().unwrap();
    let review = format!(
        "  ```\n\n  > **To review** (run {run}): \"Should show \"tidy\"\" was judged met by ada: it says fine, and that is fine\n"
    );
    let stub = format!(
        "### Problem: the mark was old\n\nSeen in run {run} on {date}, noted by ada.\n\n**Check:**\n```bash\n# What shows that it is this\n```\n\n**Solution:**\n```bash\n# What fixes it\n```\n"
    );
    let wanted = wanted.replacen("  ```\n\n### 2", &format!("{review}\n### 2"), 1);
    let wanted = wanted.replace("./look\n```\n", &format!("./look\n```\n\n{stub}"));
    assert_eq!(patched, wanted, "{}", redline.out);
    // What was patched reads as a runbook with one problem more.
    let plan = home.run(&["plan", "docs/b.md", "--json"]).out;
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["troubleshooting"].as_array().unwrap().len(), 2);
    assert_eq!(plan["steps"][0]["estimate_s"], 60);
}

#[test]
fn a_log_is_kept_in_the_repository_and_committed_as_the_operator() {
    let home = Home::new();
    home.write("b.md", BOOK);
    home.write("old", "tidy\n");
    home.write(".gitconfig", "[user]\nname = Ada\nemail = ada@example.com\n");
    git(home.path(), &["init", "-q"]);
    let run = ["run", "b.md", "--env", "default", "--headless", "--yes", "--set", "word=tea"];
    good(&home.run(&run));
    let unnamed = home.run(&["log", "--keep"]);
    assert!(unnamed.status == 2 && unnamed.err.contains("[record] and dir ="), "{}", unnamed.err);
    home.write("gonogo.toml", "[record]\ndir = \"ops/nights\"\n");
    // Something else is staged, and stays so.
    git(home.path(), &["add", "b.md"]);
    let kept = home.run(&["log", "--keep", "--commit"]);
    good(&kept);
    let files: Vec<_> =
        std::fs::read_dir(home.path().join("ops/nights")).unwrap().map(|e| e.unwrap().path()).collect();
    let [log] = files.as_slice() else { panic!("{files:?}") };
    let id = the_run(&home).id().0.clone();
    assert!(log.to_string_lossy().ends_with(&format!("-{id}.md")), "{log:?}");
    assert_eq!(contents(log), home.run(&["log"]).out.trim_end().to_owned() + "\n");
    let shown = git(home.path(), &["log", "--format=%an: %s", "--name-only"]);
    assert!(shown.starts_with(&format!("Ada: Record {id} in default: deployed")), "{shown}");
    assert!(!shown.contains("b.md\n") || shown.matches("ops/nights").count() == 1, "{shown}");
    assert!(git(home.path(), &["status", "--short"]).contains("A  b.md"));
}

#[test]
fn what_leaves_is_masked_and_production_credentials_are_not_recorded() {
    let home = Home::new();
    home.write(".env", "DB_PASSWORD=hunter2hunter2\nPORT=3030\n");
    home.write(
        "b.md",
        "# T\n\n| Environment | URL |\n|---|---|\n| Production | https://prod.example.com |\n| Local | http://127.0.0.1:1 |\n\nThe shop.\n\n## Steps\n\n```bash\ncat .env\n```\n\n```bash\necho \"dsn postgres://app:s3cretpw99@db/x\"\n\nPGPASSWORD=tr0ub4dor sh -c 'echo logged in with tr0ub4dor'\n```\n",
    );
    for (environment, recorded) in [("Local", true), ("Production", false)] {
        good(&home.run(&["run", "b.md", "--env", environment, "--headless", "--yes"]));
        let output = home.run(&["output", "1/1"]).out;
        assert_eq!(output.contains("PORT=3030"), recorded, "{environment}: {output}");
        assert_eq!(output.contains("not recorded: it shows credentials, and this is production"), !recorded);
        assert!(!output.contains("hunter2"), "{output}");
        assert!(!home.run(&["output", "1/2"]).out.contains("s3cretpw99"));
        let report = home.run(&["log", "--full"]);
        good(&report);
        for secret in ["hunter2", "s3cretpw99", "tr0ub4dor"] {
            assert!(!report.out.contains(secret), "{secret} in {}", report.out);
        }
        assert!(report.out.contains("dsn postgres://app:**********@db/x"), "{}", report.out);
        let raw = std::fs::read_dir(the_run(&home).recordings()).unwrap().map(|e| e.unwrap().path());
        for file in raw {
            let bytes = std::fs::read(&file).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("hunter2") && !text.contains("s3cretpw99"), "{file:?}: {text}");
        }
    }
    let exported = home.run(&["export", "--out", "a.tar.gz"]);
    good(&exported);
    assert!(exported.err.contains("with credentials on lines"), "{}", exported.err);
}
