use chrono::NaiveDate;

use super::*;
use crate::runbook::{Runbook, read};

const BOOK: &str = r#"# Shop: Deployment

## Environments

| Environment | URL |
|---|---|
| Staging | https://staging.shop.example |
| Production | https://shop.example |

## Checklist

- [ ] Backup is there
- [ ] Disk has room (`df -h`)

## Steps

### Step 1: Look

```bash
docker compose ps
# Should show "Up"
```

### Step 2: Deploy

```bash
docker pull shop:<TAG>
docker compose up -d
# Should show "Started"
# Should look tidy
```

### Step 3: Verify

```bash
curl -sf http://localhost:8080/health
# Expected: {"status":"ok"}
docker compose logs --tail 5
```

## Rollback

### When to roll back

- The shop is down

### Quick rollback

```bash
docker compose down
docker compose up -d
```
"#;

fn book(text: &str) -> Runbook {
    read(text)
}

/// What differs between the book and the book with one text in place of another, as it is told.
fn changed(from: &str, to: &str) -> Vec<String> {
    let text = BOOK.replacen(from, to, 1);
    assert_ne!(text, BOOK, "{from} stands in the document");
    told(BOOK, &text)
}

fn told(was: &str, is: &str) -> Vec<String> {
    // What was agreed on comes from a file: it knows no lines.
    let was = Lock::parse(&Lock::of(&book(was)).render()).unwrap();
    difference(&was, &Lock::of(&book(is))).iter().map(ToString::to_string).collect()
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

#[test]
fn a_lock_is_a_file_that_can_be_reviewed() {
    let lock = Lock::of(&book(BOOK)).agreed(day("2026-11-12"), "ada\nlovelace");
    let text = lock.render();
    for line in [
        "lock 1",
        "agreed 2026-11-12 by ada lovelace",
        "section steps ## Steps",
        "section rollback ## Rollback",
        "environment Production = https://shop.example",
        "value TAG = placeholder",
        "trigger The shop is down",
        "step 2 \"Deploy\"",
    ] {
        assert!(text.lines().any(|l| l.trim() == line), "{line} in\n{text}");
    }
    for (begins, ends) in [
        ("  command 1/1 run reads #", " docker compose ps"),
        ("    checked #", " shows \"Up\""),
        ("    by-eye #", " Should look tidy"),
        ("  command 2/1 run changes needs=TAG #", " docker pull shop:<TAG>"),
        ("  item check.checklist/2 runs=reads #", " Disk has room (`df -h`)"),
        ("  command rollback.quick/1 run destructive #", " docker compose down"),
    ] {
        let found = text.lines().any(|l| l.starts_with(begins) && l.ends_with(ends));
        assert!(found, "{begins}…{ends} in\n{text}");
    }
    let prose = BOOK.replacen("## Steps\n", "## Steps\n\nTake your time.\n", 1);
    assert_eq!(
        Lock::of(&book(&prose)).digest(),
        lock.digest(),
        "prose may grow without a line of it changing"
    );
}

#[test]
fn what_was_written_is_read_again() {
    let lock = Lock::of(&book(BOOK)).agreed(day("2026-11-12"), "ada");
    let again = Lock::parse(&lock.render()).unwrap();
    assert_eq!(again.render(), lock.render());
    assert_eq!((again.digest(), again.agreed.clone()), (lock.digest(), lock.agreed.clone()));
    assert!(difference(&again, &lock).is_empty());
}

#[test]
fn a_file_that_somebody_left_otherwise_is_read_all_the_same() {
    let text = Lock::of(&book(BOOK)).render();
    let flat: Vec<&str> =
        text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    let other = format!("\u{feff}# ours\r\n\r\n{}\r\n", flat.join("  \r\n\r\n"));
    assert_eq!(Lock::parse(&other).unwrap().digest(), Lock::of(&book(BOOK)).digest());
}

#[test]
fn a_file_that_can_not_be_read_says_where_and_why() {
    let text = Lock::of(&book(BOOK)).render();
    let wrong = |text: &str| Lock::parse(text).unwrap_err().to_string();
    let at = |text: &str, line: &str| text.lines().position(|l| l.starts_with(line)).unwrap() + 1;
    let conflict = text.replacen("step 2", "<<<<<<< HEAD\nstep 2", 1);
    let line = at(&conflict, "<<<<<<<");
    assert_eq!(
        wrong(&conflict),
        format!("{line}: a merge conflict: take one side and compare, or agree anew")
    );
    let typing = text.replacen("  command 2/2", "  comand 2/2", 1);
    let line = at(&typing, "  comand");
    assert_eq!(wrong(&typing), format!("{line}: a lock has no lines that begin with \"comand\""));
    for (from, to, why) in [
        ("lock 1\n", "", "this is not a lock of gonogo"),
        ("lock 1\n", "lock 99\n", "written by a newer gonogo"),
        ("document sha256:", "document sha1:", "64 hexadecimal digits"),
        ("step 2 \"Deploy\"", "step 2 Deploy", "lacks its title in quotes"),
        ("step 2 \"Deploy\"", "step 2 \"Deploy", "a quote is not closed"),
        ("command 1/1 run reads #", "command 1/1 run #", "lacks its kind or its effect"),
        ("command 1/1 run reads #", "command 1/1 run reads ", "the hash (#…) is missing"),
        ("section steps ##", "section steps", "as many # as its heading has"),
    ] {
        let told = wrong(&text.replacen(from, to, 1));
        assert!(told.contains(why), "{to}: {told}");
    }
    let above = text.replacen("step 1 \"Look\"", "checked #12 shows \"x\"\nstep 1 \"Look\"", 1);
    assert!(wrong(&above).contains("no line above it can contain \"checked\""), "{}", wrong(&above));
    assert!(wrong("").contains("\"lock 1\" is missing"));
    let kept: Vec<&str> = text.lines().filter(|l| !l.starts_with("read by")).collect();
    let nobody = kept.join("\n");
    assert!(wrong(&nobody).contains("\"read by gonogo VERSION\" is missing"));
    assert!(wrong("[package]\nname = \"x\"\n").contains("not a lock of gonogo"));
    let day = Lock::parse(&text.replacen("read by", "agreed 12 Nov by ada\nread by", 1)).unwrap_err();
    assert!(day.to_string().contains("\"12 Nov\" is not a date"), "{day}");
}

#[test]
fn prose_is_no_difference_of_the_plan() {
    assert_eq!(changed("## Steps\n", "## Steps\n\nTake your time, and tell the others.\n"), [""; 0]);
    let text = BOOK.replace("# Shop: Deployment", "# Shop: Deployment\n\n**Version:** 7");
    assert_eq!(told(BOOK, &text), [""; 0]);
}

#[test]
fn an_inserted_step_is_one_change_and_renumbers_the_rest() {
    let step = "### Step 2: Back up\n\n```bash\npg_dump shop > shop.sql\n```\n\n### Step 3: Deploy";
    let told = changed("### Step 2: Deploy", step);
    assert_eq!(told[0], "step 2 “Back up” is new, with 1 command (line 24)", "{told:#?}");
    assert_eq!(told[1..], ["renumbered: 2/1 is now 3/1, and 3 more"], "{told:#?}");
    let step = "### Step 2: Tidy\n\n```bash\nrm -rf /srv/old\n```\n\n### Step 3: Deploy";
    let told = changed("### Step 2: Deploy", step);
    assert_eq!(told[0], "step 2 gained a destructive command: rm -rf /srv/old (line 27)", "{told:#?}");
}

#[test]
fn commands_that_came_went_and_changed() {
    for (from, to, first) in [
        (
            "docker compose up -d",
            "docker volume rm data\ndocker compose up -d",
            "step 2 gained a destructive command: docker volume rm data (line 28)",
        ),
        ("docker pull shop:<TAG>\n", "", "command 2/1 is gone: docker pull shop:<TAG>"),
        (
            "docker compose ps\n",
            "docker compose down\n",
            "1/1 now destroys; it changed: docker compose ps → docker compose down (line 20)",
        ),
        (
            "docker compose logs --tail 5",
            "docker compose logs --tail 50",
            "3/2 changed: docker compose logs --tail 5 → docker compose logs --tail 50 (line 38)",
        ),
        (
            "docker compose logs --tail 5\n",
            "docker compose logs --tail 5\n# Optional: look closer\ndocker compose top\n",
            "step 3 gained an optional command: docker compose top (line 40)",
        ),
    ] {
        let told = changed(from, to);
        assert_eq!(told.first().map(String::as_str), Some(first), "{told:#?}");
    }
    let two = "docker compose up -d\n# Should show \"Started\"\n# Should look tidy\n";
    let text = BOOK.replacen(two, "", 1).replacen("docker pull", &format!("{two}docker pull"), 1);
    let moved = told(BOOK, &text);
    assert!(moved[0].contains(" moved "), "the order is part of the plan: {moved:#?}");
}

#[test]
fn a_command_that_is_only_offered_and_one_that_waits_for_a_condition() {
    let told = changed("docker compose logs", "# If something looks odd:\ndocker compose logs");
    assert!(told.iter().any(|t| t.starts_with("3/2 now runs only if “")), "{told:#?}");
    let told = changed("docker pull shop:<TAG>", "docker pull shop:latest");
    assert!(
        told.contains(&"2/1 no longer needs TAG: docker pull shop:latest (line 27)".to_owned()),
        "{told:#?}"
    );
    assert!(told.contains(&"the value TAG is gone".to_owned()), "{told:#?}");
    let told = changed("docker compose logs --tail 5", "docker compose logs --since <SINCE>");
    assert!(told.iter().any(|t| t.starts_with("a value is new: SINCE")), "{told:#?}");
}

#[test]
fn what_can_hardly_be_seen_is_told() {
    let told = changed("docker compose logs --tail 5", "docker compose logs  --tail 5");
    assert_eq!(told, ["3/2 changed in its blanks: docker compose logs --tail 5 (line 38)"]);
    let told = changed("docker compose logs --tail 5", "docker compose logs --tail 5\u{200b}");
    assert!(
        told[0]
            .starts_with("3/2 changed: docker compose logs --tail 5 → docker compose logs --tail 5\u{fffd}"),
        "{told:#?}"
    );
    let told = changed("docker compose logs --tail 5", "docker compose logs --tail 5 \\\n  --no-color");
    assert!(
        told[0].starts_with("3/2 changed: docker compose logs --tail 5 → docker compose logs --tail 5 …"),
        "{told:#?}"
    );
    let told = changed("docker compose logs --tail 5", "docker compose logs --follow");
    assert!(
        told.contains(
            &"3/2 now runs until somebody ends it: docker compose logs --follow (line 38)".to_owned()
        ),
        "{told:#?}"
    );
}

#[test]
fn headings_and_steps_that_only_have_another_name() {
    let told = changed("### Step 2: Deploy", "### Step 2: Roll out");
    assert_eq!(told, ["step 2 is now called “Roll out”, it was “Deploy” (line 24)"]);
    let told = changed("## Steps", "## Deployment Steps");
    assert_eq!(told, [""; 0], "it is read as before");
    let told = changed("| Production | https://shop.example |", "| Production | https://shop2.example |");
    assert_eq!(
        told,
        ["the environment Production changed: https://shop.example → https://shop2.example (line 8)"]
    );
}

#[test]
fn checks_that_are_lost_come_before_what_else_changed() {
    let told = changed("# Should show \"Started\"", "# Should look like always");
    assert_eq!(
        told[0], "an expectation of 2/2 is no longer checked: shows \"Started\" (line 29)",
        "{told:#?}"
    );
    let told = changed("# Expected: {\"status\":\"ok\"}\n", "");
    assert_eq!(told[0], "an expectation of 3/1 is gone: JSON with at least these fields", "{told:#?}");
    let told = changed("- [ ] Backup is there\n", "");
    assert_eq!(told, ["a check item is gone: Backup is there"]);
    let told = changed("# Should show \"Up\"", "# Should show \"Up\" or \"Exited\"");
    assert_eq!(told, ["an expectation of 1/1 changed: shows \"Up\" → shows \"Up\" or \"Exited\" (line 21)"]);
}

#[test]
fn a_rollback_that_is_none_any_more() {
    let at = BOOK.find("## Rollback").unwrap();
    let told = told(BOOK, &BOOK[..at]);
    assert!(told[0].starts_with("nothing is read as the rollback any more: “Rollback” is gone"), "{told:#?}");
    assert!(
        told.iter().any(|t| t.starts_with("the rollback “Quick rollback” is gone, with 2 commands")),
        "{told:#?}"
    );
    assert!(told.contains(&"a trigger of the rollback is gone: The shop is down".to_owned()), "{told:#?}");
}

#[test]
fn another_reader_may_take_a_section_for_something_else() {
    let was = Lock::of(&book(BOOK));
    let mut is = was.clone();
    for heading in is.sections.iter_mut().filter(|h| h.title == "Rollback") {
        heading.role = "steps".into();
    }
    for part in is.parts.iter_mut().filter(|p| p.kind == "rollback") {
        part.kind = "step".into();
    }
    let told: Vec<String> = difference(&was, &is).iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("“Rollback” is no longer the rollback: it is read as steps"), "{told:#?}");
    assert!(
        told.iter().any(|t| t.starts_with("rollback.quick/1 moved from the rollback to step")),
        "{told:#?}"
    );
    let mut is = was.clone();
    for command in is.parts.iter_mut().flat_map(|p| &mut p.commands).filter(|c| c.id == "rollback.quick/1") {
        command.effect = "changes".into();
    }
    let told: Vec<String> = difference(&was, &is).iter().map(ToString::to_string).collect();
    assert_eq!(told, ["rollback.quick/1 no longer counts as destructive: docker compose down (line 50)"]);
}

#[test]
fn what_became_of_an_agreement() {
    let runbook = book(BOOK);
    let agreed = Lock::of(&runbook).agreed(day("2026-11-12"), "ada");
    let said = |lock: &Lock, text: &str, today: &str| Since::of(lock, &book(text)).headline(day(today));
    assert_eq!(said(&agreed, BOOK, "2026-11-30"), "reading agreed 12 Nov by ada, unchanged");
    assert_eq!(said(&agreed, BOOK, "2027-01-02"), "reading agreed 12 Nov 2026 by ada, unchanged");
    let prose = BOOK.replace("## Steps\n", "## Steps\n\nGo on.\n");
    let words = "reading agreed 12 Nov by ada; the text has changed since, the plan has not";
    assert_eq!(said(&agreed, &prose, "2026-11-30"), words);
    let other = BOOK.replace("docker compose logs --tail 5\n", "");
    assert_eq!(said(&agreed, &other, "2026-11-30"), "reading agreed 12 Nov by ada; 1 change since");
    let mut before = agreed;
    before.gonogo = "0.0.9".into();
    before.parts.retain(|p| p.kind != "rollback");
    let words = said(&before, BOOK, "2026-11-30");
    assert!(words.starts_with("this version reads the document differently from 0.0.9"), "{words}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever a document holds, its lock is read as it was written, and differs from itself in nothing.
    #[test]
    fn every_lock_comes_back(
        titles in proptest::collection::vec("[A-Za-z0-9 =\"#`<>:{}()é–\u{200b}\u{202e}]{0,24}", 1..5),
        lines in proptest::collection::vec("[a-z#$\"'=<>|&;{}() \\\\-]{0,40}", 1..12),
    ) {
        let mut text = String::from("# Title\n");
        for (at, line) in lines.iter().enumerate() {
            let title = titles.get(at % titles.len()).map_or("", String::as_str);
            let role = ["## Steps", "### Step", "## Rollback", "- [ ]", "## Troubleshooting\n### Problem:"];
            let role = role.get(at % role.len()).copied().unwrap_or_default();
            text += &format!("\n{role} {title}\n\n```bash\n{line}\n# Should show {title}\n```\n");
        }
        let lock = Lock::of(&read(&text)).agreed(day("2026-11-12"), &titles.concat());
        let again = Lock::parse(&lock.render()).unwrap();
        proptest::prop_assert_eq!(again.render(), lock.render());
        proptest::prop_assert!(difference(&again, &lock).is_empty());
    }
}
