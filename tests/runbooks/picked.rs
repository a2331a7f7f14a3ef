//! What stands in a document to be picked from, told or made ready, and must not run as if it were the next step.

use gonogo::runbook::doubt::Doubt;
use gonogo::runbook::{Role, read};

/// The commands of the steps in their order, with their doubt.
fn asked(document: &str) -> Vec<(String, Option<Doubt>)> {
    let book = read(document);
    let first = |text: &str| text.lines().next().unwrap_or("").to_owned();
    book.step_commands().into_iter().map(|c| (first(&c.text), c.doubt)).collect()
}

fn doubts(document: &str) -> Vec<(String, Option<Doubt>)> {
    asked(document).into_iter().filter(|(_, doubt)| doubt.is_some()).collect()
}

#[test]
fn what_stops_what_was_just_started_is_asked_about() {
    let labels = "# Shop\n\n## Deployment steps\n\n### Start / stop / status\n\nStart (build and run):\n\n```bash\ndocker compose up -d\n```\n\n\
                  Stop:\n\n```bash\ndocker compose down\n```\n\nStatus:\n\n```bash\ndocker compose ps\n```\n";
    assert_eq!(doubts(labels), [("docker compose down".to_owned(), Some(Doubt::Step))]);
    for (start, stop) in
        [("启动服务", "停止服务"), ("Dienst starten", "Dienst stoppen"), ("Start the till", "Stop the till")]
    {
        let headings = format!(
            "# Shop\n\n## 1. Services\n\n### 1.1 {start}\n\n```bash\n./up.sh\n```\n\n### 1.2 {stop}\n\n```bash\n./down.sh\n```\n\n\
             ## 2. Build\n\n```bash\nmake\n```\n"
        );
        assert_eq!(doubts(&headings), [("./down.sh".to_owned(), Some(Doubt::Step))], "{stop}");
    }
    let sequence = "# Shop\n\n## 1. Stop the till\n\n```bash\n./down.sh\n```\n\n## 2. Start the till\n\n```bash\n./up.sh\n```\n";
    assert_eq!(doubts(sequence), []);
}

#[test]
fn one_part_alone_beside_another_is_asked_about_once() {
    for (one, other) in [
        ("Upgrade only the indexers", "Upgrade only the managers"),
        ("Backend만 배포", "Frontend만 배포"),
        ("Nur das Backend", "Nur das Frontend"),
        ("Только бэкенд", "Только фронтенд"),
    ] {
        let document = format!(
            "# Shop\n\n## Deployment steps\n\n### All of it\n\n```bash\n./ship.sh\n```\n\n### By part\n\n```bash\n# {one}\n./ship.sh --tags a\n\n\
             # {other}\n./ship.sh --tags b\n```\n"
        );
        let book = read(&document);
        assert_eq!(gonogo::text::questions(&book), 1, "{one}");
        assert_eq!(doubts(&document).len(), 2, "{one}");
    }
}

#[test]
fn variants_under_a_heading_of_options_are_asked_about() {
    let document = "# Shop\n\n## 1. Backup\n\n```bash\nmake backup\n```\n\n## 2. Update\n\n```bash\n./update.sh\n```\n\n### Update options\n\n\
                    ```bash\n# Without the backup:\nSKIP=1 ./update.sh\n\n# An older release:\nREF=v1 ./update.sh\n```\n";
    let found = doubts(document);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], ("SKIP=1 ./update.sh".to_owned(), Some(Doubt::Step)));
}

#[test]
fn what_a_script_does_is_told_and_not_done_again() {
    for title in
        ["What it does", "What the script does", "Что делает скрипт", "Was das Skript macht", "동작 방식"]
    {
        let document = format!(
            "# Shop\n\n## 1. Backup\n\n```bash\nmake backup\n```\n\n## 2. Update\n\n```bash\n./update.sh\n```\n\n### {title}\n\n\
             1. Looks at the version.\n2. `git fetch --tags` and the newest tag.\n3. `docker compose build app`.\n"
        );
        let run: Vec<String> = asked(&document).into_iter().map(|(text, _)| text).collect();
        assert_eq!(run, ["make backup", "./update.sh"], "{title}");
    }
}

#[test]
fn a_numbered_item_before_the_first_fence_is_done_too() {
    let document = "# Shop\n\n## Deployment steps\n\n### The whole way\n\n1. Start the outer services:\n\nSee the page of scripts.\n\n\
                    2. Build:\n\n```bash\nmake package\n```\n\n3. Check it:\n\nSee the page of scripts.\n\n4. Ship:\n\n```bash\nmake ship\n```\n";
    let run: Vec<String> = asked(document).into_iter().map(|(text, _)| text).collect();
    assert_eq!(run, ["Start the outer services:", "make package", "Check it:", "make ship"]);
}

#[test]
fn being_ready_to_go_back_is_made_sure_of_before() {
    let document = "# Shop\n\n## Pre-Deploy Checklist\n\n### Rollback readiness\n\n- [ ] Note the commit: `git rev-parse HEAD`\n- [ ] Somebody knows how:\n  ```bash\n  git checkout v1\n  ```\n\n\
                    ## Deploy\n\n```bash\n./ship.sh\n```\n\n## Rollback\n\n```bash\n./back.sh\n```\n";
    let book = read(document);
    let items: usize = book.checklists.iter().map(|list| list.items.len()).sum();
    assert_eq!(items, 2);
    assert_eq!(book.rollback.steps.len(), 1);
    let run: Vec<String> = asked(document).into_iter().map(|(text, _)| text).collect();
    assert_eq!(run, ["./ship.sh"]);
    let role = |title: &str| book.outline.iter().find(|o| o.title == title).map(|o| o.role);
    assert_eq!(role("Rollback"), Some(Role::Rollback));
}

#[test]
fn ways_back_that_are_counted_by_kind_are_asked_about() {
    let document = |one: &str, two: &str| {
        format!(
            "# Shop\n\n## 1. Update\n\n```bash\n./ship.sh\n```\n\n## 2. Check\n\n```bash\n./look.sh\n```\n\n## 3. Rollback\n\n### 3.1 {one}\n\n\
             ```bash\n./a.sh\n```\n\n### 3.2 {two}\n\n```bash\n./b.sh\n```\n"
        )
    };
    let doubted = |text: &str| {
        let book = read(text);
        book.rollback
            .steps
            .iter()
            .all(|step| step.commands().iter().all(|c| c.doubt == Some(Doubt::Procedure)))
    };
    assert!(doubted(&document("Minor release", "Major release")));
    assert!(!doubted(&document("Stop the till", "Put back the files")));
}

#[test]
fn a_comment_that_names_the_old_or_the_new_server_is_asked_about() {
    for (old, new) in [
        ("On the old server: save", "On the new server: put back"),
        ("Eski sunucuda yedek al", "Yeni sunucuda geri yükle"),
        ("在旧服务器上备份", "在新服务器上恢复数据"),
        ("Auf dem alten Server sichern", "Auf dem neuen Server einspielen"),
    ] {
        let document = format!(
            "# Shop\n\n## 1. Move\n\n```bash\n# {old}\n./save.sh\n\n# {new}\n./load.sh\n```\n\n## 2. Look\n\n```bash\n./look.sh\n```\n"
        );
        let book = read(&document);
        let held: Vec<bool> = book.step_commands().into_iter().map(|c| c.condition.is_some()).collect();
        assert_eq!(held, [true, true, false], "{old}");
    }
}

#[test]
fn what_is_only_for_others_has_its_condition() {
    for label in ["Start with the till (shop server only):", "For CI / automation:", "For unattended runs:"] {
        let document = format!(
            "# Shop\n\n## Deployment steps\n\n### Start\n\n```bash\n./up.sh\n```\n\n{label}\n\n```bash\n./till.sh\n```\n"
        );
        let book = read(&document);
        let held: Vec<bool> = book.step_commands().into_iter().map(|c| c.condition.is_some()).collect();
        assert_eq!(held, [false, true], "{label}");
    }
}

#[test]
fn a_path_that_is_left_out_is_a_placeholder() {
    let book =
        read("# Shop\n\n## 1. Update\n\n```bash\nbash <(curl -sSL .../update.sh)\ngo test ./...\n```\n");
    let needs: Vec<usize> = book.step_commands().into_iter().map(|c| c.holes.len()).collect();
    assert_eq!(needs, [1, 0]);
}

#[test]
fn counted_steps_for_a_database_and_a_web_server_are_both_done() {
    for titles in [
        ["## Step 1: Configure PostgreSQL", "## Step 2: Configure Nginx"],
        ["## Шаг 1: Настройка PostgreSQL", "## Шаг 2: Настройка Nginx"],
        ["## 1️⃣ Install Docker", "## 2️⃣ Install npm"],
        ["## Configure PostgreSQL", "## Configure Nginx"],
    ] {
        let [one, two] = titles;
        let document = format!("# Shop\n\n{one}\n\n```bash\n./a.sh\n```\n\n{two}\n\n```bash\n./b.sh\n```\n");
        let book = read(&document);
        assert!(book.step_commands().into_iter().all(|c| c.way.is_none()), "{titles:?}");
        assert_eq!(book.steps.len(), 2, "{titles:?}");
    }
}

#[test]
fn acts_on_a_rollout_are_not_all_its_way_back() {
    let document = "# Shop\n\n## Deployment steps\n\n### 1. Ship\n\n```bash\n./ship.sh\n```\n\n## Pause, resume, rollback\n\n### Pause\n\n\
                    ```bash\n./shop pause\n```\n\n### Resume\n\n```bash\n./shop resume\n```\n\n### Roll back\n\n```bash\n./shop rollback\n```\n";
    let book = read(document);
    let back: Vec<&str> = book
        .rollback
        .steps
        .iter()
        .flat_map(gonogo::runbook::Step::commands)
        .map(|c| c.text.as_str())
        .collect();
    assert_eq!(back, ["./shop rollback"]);
    let run: Vec<String> = asked(document).into_iter().map(|(text, _)| text).collect();
    assert_eq!(run, ["./ship.sh"]);
}

#[test]
fn a_chapter_that_is_another_way_is_asked_about_once() {
    let steps = |name: &str| {
        format!(
            "### Step 1: Write\n\n```bash\n./{name} write\n```\n\n### Step 2: Start\n\n```bash\n./{name} start\n```\n\n"
        )
    };
    for title in ["Alternative: a timer", "Oder: mit Timer", "或者：使用定时器"] {
        let document =
            format!("# Shop\n\n## Installation\n\n{}## {title}\n\n{}", steps("cron"), steps("timer"));
        assert_eq!(gonogo::text::questions(&read(&document)), 1, "{title}");
        let found: Vec<String> = doubts(&document).into_iter().map(|(text, _)| text).collect();
        assert_eq!(found, ["./timer write", "./timer start"], "{title}");
    }
}
