//! What the lines of a fence are: commands, output, text, parts beside the steps, alternatives.

use std::collections::BTreeMap;

use gonogo::runbook::{self, Runbook};
use gonogo::shell::Kind;

pub(super) fn steps(body: &str) -> Runbook {
    runbook::read(&format!("# T\n\n## Steps\n\n### Step 1: Do\n\n{body}"))
}

pub(super) fn fence(text: &str) -> Runbook {
    steps(&format!("```bash\n{text}\n```\n"))
}

pub(super) fn texts(book: &Runbook) -> Vec<&str> {
    book.step_commands().iter().map(|c| c.text.as_str()).collect()
}

fn back(book: &Runbook) -> Vec<&str> {
    let commands = book.rollback.steps.iter().flat_map(runbook::Step::commands);
    commands.map(|c| c.text.as_str()).collect()
}

fn outside(book: &Runbook) -> Vec<&str> {
    book.unplaced.iter().flat_map(|b| &b.commands).map(|c| c.text.as_str()).collect()
}

fn other(book: &Runbook) -> Vec<(&str, &str)> {
    book.all_blocks().iter().flat_map(|b| &b.other).map(|o| (o.what.as_str(), o.text.as_str())).collect()
}

/// The alternatives of one group, with their commands.
type Ways<'b> = Vec<(String, Vec<&'b str>)>;

/// The ways of a document, group by group.
fn ways(book: &Runbook) -> Vec<Ways<'_>> {
    let mut groups: Vec<(&str, Ways<'_>)> = Vec::new();
    for command in book.step_commands() {
        let Some(way) = &command.way else { continue };
        let at = groups.iter().position(|(group, _)| *group == way.group).unwrap_or_else(|| {
            groups.push((&way.group, vec![]));
            groups.len() - 1
        });
        let names = &mut groups[at].1;
        match names.iter_mut().find(|(name, _)| *name == way.name) {
            Some((_, commands)) => commands.push(&command.text),
            None => names.push((way.name.clone(), vec![&command.text])),
        }
    }
    groups.into_iter().map(|(_, names)| names).collect()
}

/// How often each line of the first fence is held by something.
fn held(document: &str, book: &Runbook) -> BTreeMap<usize, usize> {
    let mut held: BTreeMap<usize, usize> = BTreeMap::new();
    let mut count = |from: usize, to: usize| (from..=to).for_each(|line| *held.entry(line).or_default() += 1);
    let mut said: Vec<String> = Vec::new();
    for block in book.all_blocks() {
        let offered =
            block.commands.iter().filter(|c| c.kind == Kind::Manual && c.span.line == block.span.line);
        let offered = offered.count();
        for command in block.commands.iter().skip(offered) {
            count(command.span.line, command.span.end_line);
            said.extend(
                command.about.iter().chain(&command.condition).flat_map(|t| t.lines()).map(str::to_owned),
            );
            let own = command.span.line..=command.span.end_line;
            for expected in command.expects.iter().filter(|e| !own.contains(&e.line)) {
                count(expected.line, expected.line + expected.text.matches('\n').count());
            }
        }
        block.other.iter().for_each(|o| count(o.line, o.end_line));
        block.notes.iter().for_each(|n| count(n.line, n.line));
    }
    let mut open = false;
    let mut found = BTreeMap::new();
    for (at, line) in document.lines().enumerate() {
        if line.starts_with("```") {
            open = !open;
        } else if open && line.chars().any(char::is_alphanumeric) {
            let bare = line.trim().trim_start_matches('#').trim();
            let above = line.trim().starts_with('#') && said.iter().any(|s| s.contains(bare));
            let often = held.get(&(at + 1)).copied().unwrap_or(0);
            found.insert(at + 1, if often == 0 && above { 1 } else { often });
        }
    }
    found
}

#[test]
fn rows_answers_and_messages_are_no_commands() {
    let book = fence(
        "kubectl get pods\nNAME        READY   STATUS\nnginx-1     1/1     Running\nit's-2      0/1     Pending\nkubectl get nodes",
    );
    assert_eq!(texts(&book), ["kubectl get pods", "kubectl get nodes"]);
    assert_eq!(other(&book).len(), 1);
    let book = fence(
        "curl -s http://h/health\n{\n  \"status\": \"ok\"\n}\n\nHTTP/1.1 200 OK\nServer: x\n\nmake look",
    );
    assert_eq!(texts(&book), ["curl -s http://h/health", "make look"]);
    let book =
        fence("./tell\n# Message for the channel\n@channel we don't deploy today\nStatus: waiting\n\n./wait");
    assert_eq!(texts(&book), ["./tell", "./wait"]);
    assert_eq!(other(&book), [("text", "@channel we don't deploy today\nStatus: waiting")]);
    let book = fence("psql shop -c 'select 1'\n id | name\n----+------\n  1 | it's\n(1 row)\n./next");
    assert_eq!(texts(&book), ["psql shop -c 'select 1'", "./next"]);
    let book = fence(
        "./look\n2026-01-02 03:04:05 INFO up\n[1/4] Resolving packages...\n- tell the team\nперезапустите сервис",
    );
    assert_eq!(texts(&book), ["./look"]);
}

#[test]
fn what_follows_text_is_in_doubt_where_nobody_can_tell() {
    let doubts = |text: &str| {
        let book = fence(text);
        let asked = book.step_commands().into_iter().filter(|c| c.doubt.is_some());
        asked.map(|c| c.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(doubts("Make sure that all is well.\nacmectl drain web1"), ["acmectl drain web1"]);
    assert_eq!(doubts("NAME   READY\nweb    1/1\n\nacmectl drain web1"), ["acmectl drain web1"]);
    assert_eq!(doubts("NAME   READY\nweb    1/1\nacmectl drain web1"), Vec::<String>::new());
    assert_eq!(doubts("NAME   READY\nweb    1/1\n\nacmectl drain --all"), Vec::<String>::new());
    assert_eq!(doubts("acmectl drain web1\nacmectl   copy   a.txt   b.txt"), Vec::<String>::new());
}

#[test]
fn crontab_lines_and_scripts_are_to_be_written() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n```bash\n./go\n```\n\n## Nightly\n\n```bash\n# Add to /etc/crontab\nMAILTO=ops@example.com\n@daily root /opt/shop/rotate\n```\n\n```bash\n# rotate.sh\n#!/bin/sh\nrm -f /opt/shop/old\n```\n",
    );
    assert_eq!(texts(&book), ["./go"]);
    let what: Vec<&str> = other(&book).iter().map(|(what, _)| *what).collect();
    assert_eq!(what, ["cron", "file"]);
    assert!(book.all_commands().iter().skip(1).all(|c| c.kind == Kind::Manual));
    let mixed = fence("crontab -e\n0 3 * * 1-5 shop /opt/shop/report");
    assert_eq!(texts(&mixed), ["crontab -e"]);
    assert_eq!(other(&mixed)[0].0, "cron");
}

#[test]
fn a_comment_that_heads_the_rest_takes_it_out_of_the_steps() {
    for heading in [
        "# Rollback",
        "# --- ROLLBACK ---",
        "# To roll back:",
        "# If it fails, revert:",
        "# Zurückrollen",
        "# 回滚",
        "# ロールバック",
        "# Откат",
        "## Rollback (if needed)",
        "# In case of errors, roll back",
    ] {
        let book = fence(&format!("# Deploy\n./up\n\n{heading}\n./down\n./old --now"));
        assert_eq!(texts(&book), ["./up"], "{heading}");
        assert_eq!(back(&book), ["./down", "./old --now"], "{heading}");
        assert!(book.all_commands().iter().all(|c| c.condition.is_none()), "{heading}");
    }
    for heading in [
        "# Teardown",
        "# Cleanup (only when decommissioning)",
        "# Restore from backup",
        "# Désinstallation",
        "# 从备份恢复",
        "# === UNINSTALL ===",
    ] {
        let book = fence(&format!("# Deploy\n./up\n\n{heading}\n./gone"));
        assert_eq!((texts(&book), outside(&book)), (vec!["./up"], vec!["./gone"]), "{heading}");
    }
    for near in [
        "# Keep the image for rollback",
        "# Rollback tag",
        "# Revert the DNS TTL",
        "# Restore dependencies",
        "# Cleanup",
        "# Tear down the old stack",
        "# Undo the maintenance mode",
        "# Prepare rollback",
        "# A rollback is possible until here.",
        "# If the table is missing, create it",
    ] {
        let book = fence(&format!("# Deploy\n./up\n\n{near}\n./next"));
        assert_eq!(texts(&book), ["./up", "./next"], "{near}");
    }
}

#[test]
fn what_is_commented_out_under_a_rollback_is_the_rollback() {
    let book = fence("kubectl apply -f web.yaml\n# Rollback:\n# kubectl rollout undo deploy/web");
    assert_eq!(texts(&book), ["kubectl apply -f web.yaml"]);
    assert_eq!(back(&book), ["kubectl rollout undo deploy/web"]);
    assert!(book.all_commands().iter().all(|c| !c.commented && !c.alternative));
    let held = fence(
        "kubectl apply -f web.yaml  # go\n# Rollback: `kubectl rollout undo deploy/web`\nkubectl get pods",
    );
    assert_eq!(texts(&held), ["kubectl apply -f web.yaml  # go", "kubectl get pods"]);
    assert_eq!(back(&held), ["kubectl rollout undo deploy/web"]);
    // On the way back all of it is the way back.
    let within = runbook::read(
        "# T\n\n## Steps\n\n```bash\n./up\n```\n\n## Rollback\n\n```bash\n# Restore from backup\n./restore\n# Revert\n./revert\n```\n",
    );
    assert_eq!(back(&within), ["./restore", "./revert"]);
}

#[test]
fn steps_behind_a_rollback_are_asked_about() {
    let doubts = |text: &str| {
        let book = fence(text);
        book.step_commands().iter().filter(|c| c.doubt.is_some()).map(|c| c.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(doubts("./up\n\n# Rollback\n./down\n\n# Start it\n./start\n\n# Look\nls"), ["./start"]);
    assert_eq!(
        doubts("./up\n\n# --- Rollback ---\n./down\n\n# --- Start ---\n./start"),
        Vec::<String>::new()
    );
}

#[test]
fn commands_with_or_between_are_alternatives_of_one_another() {
    for or in [
        "OR",
        "or:",
        "oder",
        "ou",
        "o bien",
        "oppure",
        "albo",
        "или",
        "veya",
        "hoặc",
        "或者",
        "または",
        "또는",
        "Alternatively",
        "--- OR ---",
    ] {
        let book = fence(&format!("./a\n# {or}\n./b\n# {or}\n./c"));
        let found = ways(&book);
        assert_eq!(found.len(), 1, "{or}");
        let commands: Vec<&[&str]> = found[0].iter().map(|(_, c)| c.as_slice()).collect();
        assert_eq!(commands, [["./a"].as_slice(), &["./b"], &["./c"]], "{or}");
        assert!(book.step_commands().iter().all(|c| !c.alternative && !c.optional), "{or}");
    }
    let only_last = fence("cd /srv\ngit pull\nnpm ci\n# or with yarn\nyarn install\n\n# Look\n./look");
    let found = ways(&only_last);
    assert_eq!(found[0], [("npm ci".into(), vec!["npm ci"]), ("or with yarn".into(), vec!["yarn install"])]);
    let paragraphs = fence("./a1\n./a2\n\n# OR\n\n./b1\n./b2");
    assert_eq!(ways(&paragraphs)[0].iter().map(|(_, c)| c.len()).collect::<Vec<_>>(), [2, 2]);
    for near in ["order by name", "for more info", "nor this", "or else it is stale", "of course"] {
        assert!(ways(&fence(&format!("./a\n# {near}\n./b"))).is_empty(), "{near}");
    }
    // What is commented out is offered, and takes no place of what is not.
    let commented = fence("./a\n# or\n# ./b\n./c");
    assert!(ways(&commented).is_empty());
    assert!(commented.step_commands().iter().any(|c| c.text == "./b" && c.commented));
}

#[test]
fn options_in_comments_are_alternatives() {
    let book = fence(
        "./first\n# Option A: push\n./push\n./wait\n\n# Option B: by hand\n./trigger\n./wait2\n\n# Look\n./look",
    );
    assert_eq!(
        ways(&book),
        [vec![
            ("Option A: push".into(), vec!["./push", "./wait"]),
            ("Option B: by hand".into(), vec!["./trigger", "./wait2"])
        ]]
    );
    for (one, other) in [
        ("Method 1", "Method 2"),
        ("With Docker:", "Without Docker:"),
        ("1) systemd", "2) docker"),
        ("Ubuntu/Debian", "RHEL/CentOS"),
        ("Opción A", "Opción B"),
        ("方案一：容器", "方案二：手动"),
        ("Вариант 1", "Вариант 2"),
    ] {
        let book = fence(&format!("# {one}\n./a\n# {other}\n./b"));
        assert_eq!(ways(&book).first().map(Vec::len), Some(2), "{one}");
    }
    for (one, other) in
        [("1) Build", "2) Ship"), ("Docker", "Nginx"), ("Stop", "Start"), ("With Docker", "With care")]
    {
        assert!(ways(&fence(&format!("# {one}\n./a\n# {other}\n./b"))).is_empty(), "{one}");
    }
    let behind = fence(
        "brew services start redis  # macOS\nsudo systemctl start redis  # Linux\n\n./look  # all of it",
    );
    assert_eq!(ways(&behind).first().map(Vec::len), Some(2));
    assert!(ways(&fence("./a  # Docker\n./b  # systemd")).is_empty(), "both may be there");
    let by_hand = fence("# Option A: the tool\n./go\n\n# Option B: click Deploy in the dashboard");
    let found = ways(&by_hand);
    assert_eq!(found[0].len(), 2, "the one without a command is one of them too: {found:?}");
    assert_eq!(by_hand.step_commands()[1].kind, Kind::Manual);
    let apart =
        steps("```bash\n# Option A: npm\nnpm ci\n```\n\n```bash\n# Option B: yarn\nyarn install\n```\n");
    assert_eq!(ways(&apart).first().map(Vec::len), Some(2));
    let led = steps("```bash\nnpm ci\n```\n\nOr, with yarn:\n\n```bash\nyarn install\n```\n");
    assert_eq!(ways(&led).first().map(Vec::len), Some(2));
}

const LINES: &[&str] = &[
    "kubectl get pods",
    "./run --all",
    "acmectl drain web1",
    "NAME   READY   STATUS",
    "web    1/1     Running",
    "# Deploy",
    "# Rollback",
    "# Expected: `ok`",
    "# Should show:",
    "# OR",
    "# Option A: x",
    "# Option B: y",
    "# 1. First",
    "# docker compose up -d",
    "# Message for the channel",
    "@channel we don't",
    "Status: waiting",
    "{\"a\": 1}",
    "Make sure that all is well.",
    "",
    "A=1",
    "for i in 1 2; do ls; done",
    "cat <<'END'\n# Rollback\n./x\nEND",
    "-> `ok`",
    "# --- X ---",
    "0 3 * * * /x",
    "SELECT 1 FROM a;",
    "psql shop",
    "# If needed",
    "ls  # healthy",
    "# Teardown",
    "# edit the file",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    #[test]
    fn every_line_of_a_fence_is_in_exactly_one_place(picked in proptest::collection::vec(0..LINES.len(), 1..14)) {
        let lines: Vec<&str> = picked.iter().map(|at| LINES[*at]).collect();
        let document = format!("# T\n\n## Steps\n\n### Step 1: Do\n\n```bash\n{}\n```\n", lines.join("\n"));
        let book = runbook::read(&document);
        let wrong: Vec<_> = held(&document, &book).into_iter().filter(|(_, count)| *count != 1).collect();
        proptest::prop_assert!(wrong.is_empty(), "{wrong:?} of\n{document}");
    }
}
