//! A night on which much went otherwise than the document has it, as a reviewer finds it with nothing but the archive.

use super::super::plain::say;
use super::super::support::Home;

const BOOK: &str = "# Deploy the tides\n## Steps\n### Step 1: Backup\n```bash\nmkdir -p backup\nBK=backup/tides.db\ncp data $BK\n```\n### Step 2: Change\n```bash\n./warm-up\n./notify\necho 1.5.0 > data\n```\n### Step 3: Smoke Tests\n```bash\ngrep 1.4 data\n```\n## Rollback\nRoll back when: a smoke test fails.\n### Quick Rollback\n```bash\n# 1. Put back\ncp $BK data\n```\n## Deployment Log\n```\nDate:\nWho:\nProblems:\nRolled back? yes/no\n```\n";

#[test]
fn each_thing_that_went_otherwise_is_told_first() {
    let home = Home::new();
    home.write("b.md", BOOK);
    home.write("data", "1.4.0\n");
    let mut terminal = home.terminal(&["--plain", "b.md"], 100, 60);
    let it = &mut terminal;
    say(it, "Start in default as ada?", "yes");
    say(it, "$ mkdir -p backup", "");
    say(it, "$ BK=backup/tides.db", "");
    say(it, "$ cp data $BK", "");
    say(it, "Enter decides go or no-go.", "go all is well");
    say(it, "$ ./warm-up", "");
    say(it, "2/1 FAILED", "s the cache warms by itself");
    say(it, "$ ./notify", "s nobody is to be told tonight");
    say(it, "$ echo 1.5.0 > data", "e echo 1.5.1 > data");
    say(it, "$ echo 1.5.1 > data", "");
    say(it, "$ grep 1.4 data", "");
    say(it, "3/1 FAILED", "back the tides are off by an hour");
    say(it, "$ cp $BK data", "");
    say(it, "rollback.quick/1 done: exit 0", "finish");
    say(it, "rolled back", "quit");
    assert_eq!(it.end(), 3);
    assert_eq!(home.run(&["export", "--out", "night.tar.gz"]).status, 0);

    let elsewhere = Home::new();
    std::fs::copy(home.path().join("night.tar.gz"), elsewhere.path().join("night.tar.gz")).unwrap();
    let verified = elsewhere.run(&["verify", "night.tar.gz"]);
    assert_eq!(verified.status, 0, "{}", verified.out);
    let report = elsewhere.run(&["log", "night.tar.gz", "--full"]).out;
    let first = report.split("## What to look at first").nth(1).and_then(|r| r.split("\n## ").next());
    let first = first.unwrap_or_default();
    for (title, told) in [
        ("### Rolled back", "the tides are off by an hour"),
        ("### Failed", "2/1 ./warm-up: the cache warms by itself"),
        ("### Failed", "3/1 grep 1.4 data: then the run was rolled back"),
        ("### Commands that were edited", "echo 1.5.1 > data"),
        ("### Commands that were edited", "was: echo 1.5.0 > data"),
        ("### Left out", "2/2 ./notify: nobody is to be told tonight"),
    ] {
        let below = first.split(title).nth(1).and_then(|r| r.split("\n### ").next()).unwrap_or_default();
        assert!(below.contains(told), "{told} below {title} in {first}");
    }
    // It comes before everything else that is to be read, and what it names can be found by its event.
    assert!(report.find("## What to look at first") < report.find("## Deployment log"), "{report}");
    assert!(first.lines().filter(|l| l.starts_with("- ")).all(|l| l.contains("(event ")), "{first}");
    let log = elsewhere.run(&["log", "night.tar.gz"]);
    assert!(log.out.contains("Rolled back? yes - the tides are off by an hour"), "{}{}", log.out, log.err);
    assert!(log.out.contains("Problems: the tides are off by an hour"), "{}", log.out);
}
