//! Going back for real: by keys, headless, with what it needs gone, with the processes killed in its middle.

use std::path::{Path, PathBuf};

use gonogo::run::Event;
use rusqlite::Connection;

use super::probes::postgres::Cluster;
use super::screens::go_through;
use super::support::{Home, Terminal, contents, events, kill, until};

/// A deployment that makes a backup and fails, and a way back that restores it. `{}` is what restores.
fn book(home: &Home, restore: &str) {
    let book = format!(
        "# Shop\n\n## Deployment Steps\n\n### Step 1: Create Backup\n\n```bash\nexport BACKUP_FILE=\"shop_$(date +%H%M).sql\"\ncat data > \"backups/$BACKUP_FILE\"\n```\n\n### Step 2: Deploy\n\n```bash\necho new > data\n```\n\n### Step 3: Verify\n\n```bash\ngrep old data\n```\n\n## Rollback Procedure\n\n### When to Roll Back\n\n- Verification fails\n- Users complain\n\n### Quick Rollback (2 minutes)\n\n```bash\n# 1. Stop\necho stopped >> trail\n\n# 2. Restore\n{restore}\n\n# 3. Start\necho started >> trail\n```\n\n### Verify Rollback Success\n\n```bash\ngrep old data\n```\n\n## Emergency Contacts\n\n| Role | Name | Contact |\n|---|---|---|\n| Database | Grace | 555-0100 |\n"
    );
    home.write("b.md", &book);
    home.write("data", "old\n");
    std::fs::create_dir_all(home.path().join("backups")).unwrap();
}

const RESTORE: &str = "cp \"backups/$BACKUP_FILE\" data";
const RUN: &[&str] = &["run", "b.md", "--headless", "--yes", "--allow-destructive"];
const BACK: &[&str] =
    &["rollback", "--reason", "verification fails", "--headless", "--yes", "--allow-destructive"];

fn backup(home: &Home) -> PathBuf {
    std::fs::read_dir(home.path().join("backups")).unwrap().next().unwrap().unwrap().path()
}

fn with(first: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    first.iter().chain(more).copied().collect()
}

#[test]
fn a_failure_goes_back_by_itself_where_that_was_asked_for() {
    let home = Home::new();
    book(&home, RESTORE);
    let run = home.run(&with(RUN, &["--rollback-on-failure"]));
    assert_eq!(run.status, 3, "{}{}", run.out, run.err);
    for words in [
        "FAILED at 3/1",
        "ROLLBACK: 3/1 failed: exit 1",
        "before anything was changed",
        "is lost: ",
        "2/1 echo new > data: undone by rollback.quick/2",
        "ROLLED BACK in ",
        "the document says 2 min",
    ] {
        assert!(run.out.contains(words), "{words} in {}", run.out);
    }
    assert_eq!(contents(&home.path().join("data")), "old\n");
    assert_eq!(contents(&home.path().join("trail")), "stopped\nstarted\n");
    let begun = events(&home).into_iter().find_map(|e| match e {
        Event::RollbackBegun(decided) => Some(decided),
        _ => None,
    });
    assert_eq!(begun.unwrap().trigger, Some(28), "the document's trigger that holds");
    let log = home.run(&["log"]).out;
    assert!(log.contains("- Yes - 3/1 failed: exit 1, rolled back "), "{log}");
}

#[test]
fn without_its_backup_nothing_is_stopped() {
    for (spoil, words) in [
        (&(|file: &Path| std::fs::remove_file(file).unwrap()) as &dyn Fn(&Path), "it does not exist"),
        (&|file: &Path| std::fs::write(file, "").unwrap(), "it is empty"),
        (&|file: &Path| std::fs::write(file, "odd\n").unwrap(), "its checksum has changed since 1/2 made it"),
        (&|file: &Path| std::fs::write(file, "older\n").unwrap(), "its size has changed since 1/2 made it"),
    ] {
        let home = Home::new();
        book(&home, RESTORE);
        assert_eq!(home.run(RUN).status, 1);
        let looked = |e: &Event| matches!(e, Event::FileMade { .. });
        until("the backup to be looked at", || events(&home).iter().any(looked));
        spoil(&backup(&home));
        let back = home.run(BACK);
        assert_eq!(back.status, 1, "{}{}", back.out, back.err);
        assert!(
            back.err.contains(words) && back.err.contains("nothing was stopped"),
            "{words}: {}",
            back.err
        );
        assert!(back.err.contains("--way-out leave-out"), "{}", back.err);
        assert!(!home.path().join("trail").exists(), "nothing of it ran");
        // Without the data the rest of the way is still there, on somebody's word.
        let back = home.run(&with(BACK, &["--way-out", "leave-out", "--accept-unattested"]));
        assert_eq!(back.status, 1, "its verification sees that the data is not back: {}", back.out);
        assert_eq!(contents(&home.path().join("trail")), "stopped\nstarted\n");
        assert!(back.out.contains("Database: Grace, 555-0100"), "whom to call: {}", back.out);
    }
}

#[test]
fn a_run_that_is_over_can_be_gone_back_with() {
    let home = Home::new();
    book(&home, RESTORE);
    home.write("b.md", &contents(&home.path().join("b.md")).replacen("grep old data", "grep new data", 1));
    assert_eq!(home.run(RUN).status, 0);
    let refused = home.run(&["rollback", "--headless", "--yes"]);
    assert!(refused.status == 2 && refused.err.contains("--reason"), "{}", refused.err);
    let back = home.run(BACK);
    assert_eq!(back.status, 3, "{}{}", back.out, back.err);
    assert_eq!(contents(&home.path().join("data")), "old\n");
    assert!(home.run(&["runs"]).out.contains("rolled back"));
}

#[test]
fn killed_in_its_middle_it_goes_on() {
    let home = Home::new();
    let slow =
        "echo restoring >> mark; while ! test -e go; do sleep 0.05; done; cp \"backups/$BACKUP_FILE\" data";
    book(&home, slow);
    assert_eq!(home.run(RUN).status, 1);
    let mut client = home.command(BACK).stdout(std::process::Stdio::null()).spawn().unwrap();
    let begun =
        |e: &Event| matches!(e, Event::CommandStarted { command, .. } if command.0 == "rollback.quick/2");
    // A command whose runner died before it was handed over is told as never started, and started anew.
    until("the restore to run", || contents(&home.path().join("mark")).contains("restoring"));
    client.kill().unwrap();
    client.wait().unwrap();
    for (pid, _) in home.processes().into_iter().filter(|(_, kind)| kind == "runner") {
        kill(pid);
    }
    home.write("go", "");
    let back = home.run(BACK);
    assert_eq!(back.status, 3, "{}{}", back.out, back.err);
    assert_eq!(contents(&home.path().join("data")), "old\n");
    assert_eq!(contents(&home.path().join("trail")), "stopped\nstarted\n", "nothing of it ran twice");
    assert_eq!(contents(&home.path().join("mark")), "restoring\n");
    assert_eq!(events(&home).iter().filter(|e| begun(e)).count(), 1);
}

#[test]
fn a_run_that_goes_back_holds_its_environment_again() {
    let home = Home::new();
    book(&home, "while ! test -e go; do sleep 0.05; done; cp \"backups/$BACKUP_FILE\" data");
    home.write("b.md", &contents(&home.path().join("b.md")).replacen("grep old data", "grep new data", 1));
    assert_eq!(home.run(RUN).status, 0);
    let mut client = home.command(BACK).stdout(std::process::Stdio::null()).spawn().unwrap();
    let begun =
        |e: &Event| matches!(e, Event::CommandStarted { command, .. } if command.0 == "rollback.quick/2");
    until("the restore to run", || events(&home).iter().any(begun));
    client.kill().unwrap();
    client.wait().unwrap();
    home.kill(&["runner", "shim"]);
    let other = home.run(RUN);
    assert_eq!(other.status, 5, "{}{}", other.out, other.err);
    assert!(home.run(&["status"]).out.contains("rollback since "), "it is the one to go on with");
}

/// Programs that write down what they were called with, in front of the others on the path.
fn programs(home: &Home, programs: &[(&str, &str)]) {
    use std::os::unix::fs::PermissionsExt;
    let bin = home.path().join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    // A login shell says itself what its path is.
    home.write(".bash_profile", &format!("export PATH={}:$PATH\n", bin.display()));
    for (name, script) in programs {
        let path = bin.join(name);
        std::fs::write(
            &path,
            format!("#!/bin/sh\necho \"{name} $*\" >> {}/trail\n{script}\n", home.path().display()),
        )
        .unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
}

/// A way back that removes the database that it restores into.
fn compose(home: &Home, psql: &str) {
    programs(home, &[("docker-compose", ""), ("psql", psql), ("pg_isready", "")]);
    let book = "# Shop\n\n## Deployment Steps\n\n### Step 1: Create Backup\n\n```bash\nexport BACKUP_FILE=shop.sql\necho 'select 1;' > \"backups/$BACKUP_FILE\"\n```\n\n### Step 2: Stop\n\n```bash\ndocker-compose stop api\n```\n\n### Step 3: Verify\n\n```bash\nfalse\n```\n\n## Rollback\n\n### Quick Rollback\n\n```bash\n# 1. Stop\ndocker-compose down\n\n# 2. Restore\npsql -h postgres -d shop < \"backups/$BACKUP_FILE\"\n\n# 3. Start\ndocker-compose up -d\n```\n";
    home.write("b.md", book);
    home.write("docker-compose.yml", "services:\n  api:\n    build: .\n  postgres:\n    image: postgres\n");
    std::fs::create_dir_all(home.path().join("backups")).unwrap();
    assert_eq!(home.run(RUN).status, 1);
    home.write("trail", "");
}

#[test]
fn a_way_back_that_removes_what_it_needs_is_stopped_before_it_begins() {
    let home = Home::new();
    compose(&home, "");
    let back = home.run(BACK);
    assert_eq!(back.status, 1, "{}{}", back.out, back.err);
    assert!(
        back.err
            .contains("(line 30): it stops everything, and rollback.quick/2 (line 33) then needs postgres"),
        "{}",
        back.err
    );
    for way in [
        "--way-out stop-only: run instead: docker-compose stop api",
        "--way-out start-first: before rollback.quick/2 run: docker-compose up -d postgres && timeout 60",
        "--way-out as-written",
    ] {
        assert!(back.err.contains(way), "{way} in {}", back.err);
    }
    assert_eq!(contents(&home.path().join("trail")), "", "nothing was stopped");
    let back = home.run(&with(BACK, &["--way-out", "stop-only"]));
    assert_eq!(back.status, 3, "{}{}", back.out, back.err);
    let trail = contents(&home.path().join("trail"));
    assert_eq!(trail, "docker-compose stop api\npsql -h postgres -d shop\ndocker-compose up -d\n");
    let edited =
        |e: &Event| matches!(e, Event::CommandEdited { text, .. } if text == "docker-compose stop api");
    assert!(events(&home).iter().any(edited), "it is a deviation in the record");
}

#[test]
fn what_is_needed_can_be_started_first() {
    let home = Home::new();
    compose(&home, "");
    let back = home.run(&with(BACK, &["--way-out", "start-first"]));
    assert_eq!(back.status, 3, "{}{}", back.out, back.err);
    let trail = contents(&home.path().join("trail"));
    assert_eq!(
        trail,
        "docker-compose down\ndocker-compose up -d postgres\npg_isready -q -h postgres\npsql -h postgres -d shop\ndocker-compose up -d\n"
    );
}

#[test]
fn errors_of_a_restore_are_no_pass_whatever_its_status() {
    let home = Home::new();
    compose(&home, "echo 'ERROR:  relation \"orders\" does not exist' >&2");
    let back = home.run(&with(BACK, &["--way-out", "stop-only", "--accept-unattested"]));
    assert_eq!(back.status, 1, "{}{}", back.out, back.err);
    assert!(back.out.contains("FAILED at rollback.quick/2"), "{}", back.out);
    assert!(back.out.contains("the data now differs from what was saved"), "{}", back.out);
    assert!(!contents(&home.path().join("trail")).contains("up -d"), "nothing after it ran");
}

/// The sandbox of a demo that was started with this home as its temporary directory.
fn sandbox(home: &Home) -> PathBuf {
    let found = std::fs::read_dir(home.path()).unwrap().filter_map(Result::ok).map(|e| e.path());
    found.into_iter().find(|p| p.join("app").is_dir()).unwrap()
}

fn tables(home: &Home) -> Vec<String> {
    let data = sandbox(home).join("app/data");
    let file = std::fs::read_dir(data).unwrap().filter_map(Result::ok).map(|e| e.path());
    let file = file.into_iter().find(|p| p.extension().is_some_and(|e| e == "db")).unwrap();
    let database = Connection::open(file).unwrap();
    let mut query =
        database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn faulty_by_keys(columns: u16, rows: u16) {
    let home = Home::new();
    let temporary = home.path().to_str().unwrap().to_owned();
    let mut terminal: Terminal =
        home.terminal_in(&["demo", "--faulty"], &[("TMPDIR", &temporary)], (columns, rows));
    terminal.press("start in", "\r");
    terminal.press("Release notes read", "2");
    go_through(&mut terminal);
    assert!(terminal.text().contains("Known problem: Notes or Search Answer 500"), "{}", terminal.text());
    assert_eq!(tables(&home).len(), 2, "the migration was run");
    // The problem that fits stands first; its check runs as part of the run.
    terminal.press("Known problem:", "9");
    terminal.see_live("fits: \"The requested URL returned error: 500\"");
    terminal.type_keys("@");
    terminal.see_live("On-Call Engineer: You, this terminal");
    terminal.type_keys("\x1b");
    terminal.until("whom to call to go", |t| !t.contains("Whom to call"));
    terminal.press("fits:", "/");
    terminal.see_live("Problems that contain these words");
    terminal.type_keys("does not START\r");
    terminal.until("only that one", |t| t.contains("The Service Does Not Start") && !t.contains("fits:"));
    terminal.press("known problems with", "/");
    terminal.see_live("Problems that contain these words");
    terminal.type_keys("\x15\r");
    terminal.see_live("fits:");
    terminal.type_keys("j");
    terminal.see("Enter: the rollback");
    terminal.press("▸   ? Without", "j");
    terminal.press("▸   · ./service query", "\r");
    terminal.see("note_word");
    terminal.see_live("▸   ○ ./service query");
    terminal.type_keys("k");
    terminal.press("▸   ? Without", "\r");
    // The way back: what holds, what it costs, what it undoes.
    terminal.see_live("(x) A smoke test fails");
    for words in ["5.2.1/1 failed", "is lost:", "3.3/1 ./service migrate", "Nothing blocks it"] {
        terminal.see(words);
    }
    terminal.type_keys("\x1b[20~");
    terminal.see_live("Roll back: why?");
    assert!(terminal.text().contains("A smoke test fails: 5.2.1/1 failed"), "{}", terminal.text());
    terminal.type_keys("\r");
    terminal.see("ROLLBACK");
    go_through(&mut terminal);
    assert!(terminal.text().contains("The rollback is complete"), "{}", terminal.text());
    assert_eq!(tables(&home), ["notes"], "the database is the one before");
    terminal.type_keys("3");
    terminal.see_live("finish: rolled back");
    terminal.type_keys("f");
    terminal.press("of 6   rolled back", "q");
    assert_eq!(terminal.end(), 3);
}

#[test]
fn the_faulty_demo_goes_back_by_keys_at_80x24() {
    faulty_by_keys(80, 24);
}

#[test]
fn the_faulty_demo_goes_back_by_keys_at_140x40() {
    faulty_by_keys(140, 40);
}

#[test]
fn the_faulty_demo_goes_back_headless() {
    let demo = Home::new().run(&["demo", "--faulty", "--headless", "--yes", "--rollback-on-failure"]);
    assert_eq!(demo.status, 3, "{}{}", demo.out, demo.err);
    for words in [
        "known problem (line 233): Notes or Search Answer 500",
        "restored from ",
        "\"version\":\"1.1.0\"",
        "- Yes - 5.2.1/1 failed: exit 22, rolled back ",
        "- 5.2.1/1 failed: exit 22",
    ] {
        assert!(demo.out.contains(words), "{words} in {}", demo.out);
    }
}

#[test]
fn a_rehearsal_tells_which_paths_there_are_and_runs_nothing() {
    let home = Home::new();
    book(&home, RESTORE);
    let rehearsed = home.run(&["rehearse", "b.md"]);
    assert_eq!(rehearsed.status, 0, "{}{}", rehearsed.out, rehearsed.err);
    assert!(rehearsed.out.contains("REHEARSED: deployed; nothing was executed"), "{}", rehearsed.out);
    assert!(rehearsed.out.contains("not reached: rollback.quick/1"), "{}", rehearsed.out);
    let scenario = "rollback-on-failure = true\noutcome = \"rolled_back\"\n[commands.\"3/1\"]\nexit = 1\n";
    home.write("back.toml", scenario);
    let rehearsed = home.run(&["rehearse", "b.md", "--scenario", "back.toml"]);
    assert_eq!(rehearsed.status, 0, "{}{}", rehearsed.out, rehearsed.err);
    assert!(rehearsed.out.contains("rolling back, because 3/1 failed"), "{}", rehearsed.out);
    // A backup that is gone, and a command that hangs: what it comes to is not what the scenario wants.
    home.write(
        "gone.toml",
        &format!("backup = \"missing\"\n{}", scenario.replace("exit = 1", "hang = true")),
    );
    let rehearsed = home.run(&["rehearse", "b.md", "--scenario", "gone.toml"]);
    assert_eq!(rehearsed.status, 1);
    assert!(rehearsed.out.contains("it hung and was ended"), "{}", rehearsed.out);
    assert!(rehearsed.out.contains("it does not exist; no fix was chosen"), "{}", rehearsed.out);
    assert!(
        rehearsed.err.contains("the outcome was failed; the scenario expects rolled back"),
        "{}",
        rehearsed.err
    );
    home.write("odd.toml", "x = 1\n");
    let odd = home.run(&["rehearse", "b.md", "--scenario", "odd.toml"]);
    assert!(odd.status == 2 && odd.err.contains("odd.toml:1: unknown field"), "{}", odd.err);
    home.write("other.toml", "[commands.\"9/9\"]\nexit = 1\n");
    let other = home.run(&["rehearse", "b.md", "--scenario", "other.toml"]);
    assert!(
        other.status == 2 && other.err.contains("9/9, which the document does not have"),
        "{}",
        other.err
    );
    assert_eq!(contents(&home.path().join("data")), "old\n");
    assert!(
        !home.path().join("trail").exists() && !home.path().join("state/runs").exists(),
        "nothing was run"
    );
}

#[test]
fn in_production_the_name_is_typed_and_what_runs_is_the_operators_to_end() {
    let home = Home::new();
    home.write(
        "b.md",
        "# T\n| Environment | URL |\n|---|---|\n| Production | http://x |\n\n## Steps\n```bash\necho new >data; sleep 1000\n```\n## Rollback\n### Quick Rollback\n```bash\n# 1. Stop\necho stopped >>trail\n```\n",
    );
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.see("1 absent");
    terminal.press("Enter decides", "\r");
    terminal.press("Go or no-go", "g");
    super::screens::say_why_go(&mut terminal, "nobody has to reach it");
    terminal.press("Enter runs it", "\r");
    terminal.see_live("It is running.");
    // One key from everywhere, also while something runs: here from the document.
    terminal.press("It is running.", "5");
    terminal.see_live("Esc back");
    terminal.type_keys("\x1b[20~");
    terminal.see_live("1/1 still runs");
    terminal.see("and the environment's name");
    terminal.type_keys("\x1b[20~");
    terminal.see_live("Roll back: why?");
    terminal.type_keys("the data is wrong\r");
    terminal.see_live("Type Production to roll back");
    terminal.type_keys("production\r");
    terminal.see("that is not Production: nothing was stopped");
    assert!(!events(&home).iter().any(|e| matches!(e, Event::RollbackBegun(_))));
    terminal.see_live("Type Production to roll back");
    terminal.type_keys("\x15Production\r");
    terminal.see_live("was started before the rollback");
    assert!(!home.path().join("trail").exists(), "it waits for what runs");
    terminal.type_keys("\x1b[19~");
    terminal.see_live("End the running command");
    terminal.type_keys("i");
    terminal.press("Enter runs it", "\r");
    terminal.press("The rollback is complete", "3");
    terminal.see_live("finish: rolled back");
    terminal.type_keys("f");
    terminal.press("1 of 1   rolled back", "q");
    assert_eq!(terminal.end(), 3);
    assert_eq!(contents(&home.path().join("trail")), "stopped\n");
}

/// A deployment on a real PostgreSQL: the migration spoils the data, the way back restores it.
fn shop(home: &Home, port: u16, dump: &str) {
    let client = format!("-h 127.0.0.1 -p {port} -U tester -d postgres");
    home.write("pgpass", "*:*:*:*:right-password\n");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(home.path().join("pgpass"), private).unwrap();
    std::fs::create_dir_all(home.path().join("backups")).unwrap();
    let book = format!(
        "# Shop\n\n## Deployment Steps\n\n### Step 1: Create Backup\n\n```bash\nexport PGPASSFILE=\"$PWD/pgpass\"\nexport BACKUP_FILE=shop.sql\npsql {client} -q -c \"DROP TABLE IF EXISTS orders; CREATE TABLE orders (total int); INSERT INTO orders VALUES (40), (2)\"\npg_dump {client} {dump} > \"backups/$BACKUP_FILE\"\n```\n\n### Step 2: Run Migrations\n\n```bash\npsql {client} -q -c \"UPDATE orders SET total = 0\"\n```\n\n### Step 3: Verify\n\n```bash\npsql {client} -At -c \"SELECT sum(total) FROM orders\" | grep -x 42\n```\n\n## Rollback\n\n### Quick Rollback\n\n```bash\n# 1. Restore\npsql {client} < \"backups/$BACKUP_FILE\"\n```\n\n### Verify Rollback\n\n```bash\npsql {client} -At -c \"SELECT sum(total) FROM orders\" | grep -x 42\n```\n"
    );
    home.write("b.md", &book);
}

#[test]
fn a_real_database_is_restored_and_half_a_restore_is_no_pass() {
    let Some(cluster) = Cluster::start("a_real_database_is_restored") else { return };
    let home = Home::new();
    shop(&home, cluster.port, "--clean --if-exists");
    let run = home.run(&with(RUN, &["--rollback-on-failure"]));
    assert_eq!(run.status, 3, "{}{}", run.out, run.err);
    assert!(run.out.contains("rollback.verify/1 ▶"), "{}", run.out);
    // A dump that was cut off is told by its end, and nothing is restored from it.
    let home = Home::new();
    shop(&home, cluster.port, "--clean --if-exists");
    assert_eq!(home.run(RUN).status, 1);
    let dump = home.path().join("backups/shop.sql");
    let whole = contents(&dump);
    std::fs::write(&dump, &whole[..whole.len() / 2]).unwrap();
    let back = home.run(BACK);
    assert_eq!(back.status, 1, "{}{}", back.out, back.err);
    assert!(back.err.contains("it is incomplete: its end is missing"), "{}", back.err);
    // Without --clean the restore meets what is there: psql tells errors and ends with 0.
    let home = Home::new();
    shop(&home, cluster.port, "");
    let run = home.run(&with(RUN, &["--rollback-on-failure", "--accept-unattested"]));
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    for words in ["FAILED at rollback.quick/1", "already exists", "the data now differs from what was saved"]
    {
        assert!(run.out.contains(words), "{words} in {}", run.out);
    }
}

#[test]
fn a_value_that_is_missing_can_be_answered_where_it_is_in_the_way() {
    let home = Home::new();
    book(&home, "cp \"backups/<BACKUP>\" data");
    assert_eq!(home.run(RUN).status, 1);
    let back = home.run(BACK);
    assert_eq!(back.status, 2, "{}{}", back.out, back.err);
    assert!(back.err.contains("--set BACKUP=VALUE"), "{}", back.err);
    let name = backup(&home).file_name().unwrap().to_str().unwrap().to_owned();
    let mut terminal = home.terminal(&["rollback"], 100, 30);
    terminal.see_live("BACKUP has no value yet");
    terminal.see("answer BACKUP");
    // Nothing begins before that.
    terminal.type_keys("\x1b[20~");
    terminal.see("is blocked: choose a fix first");
    for row in ["▸( ) Users complain", "▸( ) answer BACKUP"] {
        terminal.type_keys("j");
        terminal.see(row);
    }
    terminal.see_live("▸( ) answer BACKUP");
    terminal.type_keys("\r");
    terminal.see_live("Enter accepts");
    terminal.type_keys(&format!("{name}\r"));
    terminal.see_live("Nothing blocks it");
    terminal.type_keys("\x1b[20~");
    terminal.see_live("Roll back: why?");
    terminal.type_keys("\r");
    go_through(&mut terminal);
    assert_eq!(contents(&home.path().join("data")), "old\n");
}

#[test]
fn a_way_back_in_parts_is_gone_whole_and_of_several_nothing_is_guessed() {
    let home = Home::new();
    let document = |parts: [&str; 3]| {
        let part = |title: &str| format!("### {title}\n\n```bash\necho \"{title}\" >> trail\n```\n");
        let parts = parts.map(part).join("\n");
        home.write("b.md", &format!("# T\n\n## Steps\n\n```bash\nfalse\n```\n\n## 9. Rollback\n\n{parts}"));
    };
    let back = ["run", "b.md", "--headless", "--yes", "--rollback-on-failure"];
    for parts in
        [["9.1 Restore the code", "9.2 Rebuild", "9.3 Verify"], ["Stop it", "Restore the code", "Start it"]]
    {
        let _none = std::fs::remove_file(home.path().join("trail"));
        document(parts);
        let done = home.run(&back);
        assert_eq!(done.status, 3, "{}{}", done.out, done.err);
        assert_eq!(contents(&home.path().join("trail")).lines().collect::<Vec<_>>(), parts);
    }
    let _none = std::fs::remove_file(home.path().join("trail"));
    document(["Web Rollback", "Database Rollback", "Cache Rollback"]);
    let asked = home.run(&back);
    assert_eq!(asked.status, 2, "{}", asked.out);
    assert!(asked.err.contains("these 3 sections are one procedure"), "{}", asked.err);
    assert!(!home.path().join("trail").exists());
    let one = [
        "--answer",
        "rollback.web/1=no",
        "--answer",
        "rollback.database/1=yes",
        "--answer",
        "rollback.cache/1=no",
    ];
    assert_eq!(home.run(&[&back[..], &one[..]].concat()).status, 3);
    assert_eq!(contents(&home.path().join("trail")), "Database Rollback\n");
}
