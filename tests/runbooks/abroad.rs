//! Shapes that strangers' runbooks of many languages showed: conditions with the verb in front, logins, options one of
//! which restores, anchors of headings, what stands above a fence and is not its lead.

use gonogo::runbook::doubt::Doubt;
use gonogo::runbook::{Fate, read};
use gonogo::shell::Kind;

use super::support::{fate, step, unasked};

#[test]
fn conditions_of_many_languages_are_asked() {
    for lead in [
        "Should processes still be active, kill them:",
        "Sollten noch Prozesse laufen, beenden:",
        "Laufen noch Prozesse, beenden:",
        "Als sommige processen nog actief zijn, stop ze:",
        "Mochten er nog processen zijn, stop ze:",
        "Caso ainda existam processos, pare:",
        "Nếu vẫn còn tiến trình, hãy dừng:",
        "Trường hợp vẫn còn tiến trình, hãy dừng:",
        "Hâlâ süreç varsa sonlandırın:",
        "Süreç hâlâ çalışıyorsa sonlandırın:",
        "プロセスが残っていれば停止する:",
        "프로세스가 남아 있으면 종료합니다:",
    ] {
        for tag in ["bash", ""] {
            let document = format!(
                "# T\n\n## Steps\n\n1. Stop it:\n\n   ```bash\n   ./ctl stop\n   ```\n\n1. {lead}\n\n   ```{tag}\n   killall -9 shop\n   ```\n"
            );
            let book = read(&document);
            assert_eq!(unasked(&book), ["./ctl stop"], "{lead} {tag}");
            assert!(book.step_commands().iter().any(|c| c.text == "killall -9 shop"), "{lead} {tag}");
        }
    }
    let shown = "# T\n\n## Steps\n\n```bash\n./look.sh\n```\n\nShould show, among others, `ok`.\n";
    assert_eq!(unasked(&read(shown)), ["./look.sh"]);
}

#[test]
fn whether_something_is_so_is_looked_at_unconditionally() {
    for look in ["Testar se a aplicação responde", "Ver si la aplicación responde", "Validar se responde"]
    {
        let document =
            format!("# T\n\n{}", step("Step 1: Look", &format!("# {look}\ncurl -I http://localhost:8080")));
        assert_eq!(unasked(&read(&document)).len(), 1, "{look}");
    }
}

#[test]
fn options_stay_options_whatever_they_are_called() {
    let document = "# Release\n\n## Step 1: Fill\n\n### Option A: Restore the dump\n\n```bash\npg_restore -d shop shop.dump\n```\n\n### Option B: Build it anew\n\n```bash\nnpx prisma migrate reset --force\n```\n\n## Step 2: Start\n\n```bash\n./start.sh\n```\n";
    let book = read(document);
    assert_eq!(unasked(&book), ["./start.sh"]);
    assert_eq!(book.step_commands().iter().filter(|c| c.way.is_some()).count(), 2);
}

#[test]
fn the_condition_of_a_chapter_holds_for_all_of_it() {
    let document = "# Shop\n\n## Normal run\n\n### Step 1: Get it\n\n```bash\n./get.sh\n```\n\n## If the index is broken\n\n### Step 2: Stop\n\n```bash\n./stop.sh\n```\n\n### Step 3: Index\n\n```bash\n./index.sh\n```\n";
    assert_eq!(unasked(&read(document)), ["./get.sh"]);
    let ways = "# Update the shop\n\n## Quick way (recommended)\n\n### Step 1: Run it\n\n```bash\n./quick.sh\n```\n\n## Manual way (if the script does not work)\n\n### Step 1: Get\n\n```bash\ngit pull\n```\n\n### Step 2: Restart\n\n```bash\n./restart.sh\n```\n";
    assert_eq!(unasked(&read(ways)), [""; 0]);
}

#[test]
fn daily_work_is_no_part_of_a_deployment() {
    let document = format!(
        "# Update the shop\n\n{}## Managing backups\n\n### List backups\n\n```bash\nls /srv/backups\n```\n\n### Delete old backups (keep the last 7 days)\n\n```bash\nfind /srv/backups -mtime +7 -delete\n```\n",
        step("Update", "./update.sh")
    );
    assert_eq!(unasked(&read(&document)), ["./update.sh"]);
    let changed = "# Shop\n\n## Steps\n\n### Before (folder)\n\n```bash\ncp a b\n```\n\n### Now (volume)\n\n```bash\n./volume.sh\n```\n";
    assert_eq!(unasked(&read(changed)), [""; 0]);
}

#[test]
fn where_one_logs_in_is_where_the_rest_is_run() {
    for lead in [
        "Log in to the server and run:",
        "SSH to the server, then run:",
        "SSH ke server, lalu jalankan:",
        "Connectez-vous au serveur puis lancez :",
        "Conéctese al servidor y ejecute:",
        "Zaloguj się na serwer i uruchom:",
        "Подключитесь к серверу и выполните:",
        "登录服务器并执行：",
        "サーバーにSSH接続して実行：",
        "서버에 SSH 접속 후 실행:",
    ] {
        let document = format!(
            "# Shop\n\n{}## Step 2: Restart\n\n{lead}\n\n```bash\n./restart.sh\n```\n",
            step("Step 1: Build on your own computer", "./build.sh")
        );
        assert_eq!(unasked(&read(&document)), [""; 0], "{lead}");
    }
    let own = format!(
        "# Shop\n\n{}",
        step(
            "Step 1: Pack",
            "# On your own computer, in the project\ncd /home/ada/shop\n\n# Pack it\ntar -czf a.tgz app"
        )
    );
    assert_eq!(unasked(&read(&own)), [""; 0], "it holds for what stands below it");
}

#[test]
fn what_stands_above_a_fence_and_leads_to_none_is_listed() {
    for said in [
        "Take a backup first.",
        "Remember to switch off the cron jobs in the console.",
        "Сначала сделайте резервную копию.",
    ] {
        let document = format!("# T\n\n## Step 1: Go\n\n{said}\n\n```bash\n./migrate.sh\n```\n");
        assert_ne!(fate(&document, said), Fate::Text, "{said}");
    }
}

#[test]
fn systems_in_items_are_a_choice() {
    let document = "# Shop\n\n## Steps\n\n1. Install:\n\n   * In **Debian**:\n\n     ```bash\n     dpkg -i a.deb\n     ```\n\n   * In **Red Hat**:\n\n     ```bash\n     rpm -Uvh a.rpm\n     ```\n\n1. Reload:\n\n   ```bash\n   ./reload.sh\n   ```\n";
    assert_eq!(unasked(&read(document)), ["./reload.sh"]);
}

#[test]
fn names_in_capitals_are_asked_for_where_they_are_arguments() {
    for command in [
        "git reset --hard COMMIT_HASH",
        "docker exec CONTAINER_NAME ls",
        "cp backups/TIMESTAMP/a.json data/",
        "mysqldump -u root -p[PASSWORD] shop",
        "mysqldump --password=[PASSWORD] shop",
        "cat backup-[DATE].sql",
    ] {
        let book = read(&format!("# T\n\n{}", step("Step 1: Go", command)));
        let found = book.step_commands()[0];
        assert!(!found.holes.is_empty() || found.doubt == Some(Doubt::PlaceholderOrLiteral), "{command}");
    }
    for command in ["docker run -e DB_NAME shop", "grep DB_NAME .env", "rm [a-z]*.log"] {
        let book = read(&format!("# T\n\n{}", step("Step 1: Go", command)));
        let found = book.step_commands()[0];
        assert!(found.holes.is_empty() && found.doubt.is_none(), "{command}");
    }
}

#[test]
fn the_anchor_of_a_heading_is_none_of_its_words() {
    let document = "# Upgrade {#upgrade}\n\nSee [it](#uninstalling-old).\n\n## Stop {#stop}\n\n```bash\n./stop.sh\n```\n\n## Install the new version {#restore-later}\n\n```bash\n./install.sh\n```\n\n## Start {#uninstalling-old}\n\n```bash\n./start.sh\n```\n";
    let book = read(document);
    assert_eq!(unasked(&book), ["./stop.sh", "./install.sh", "./start.sh"]);
    assert_eq!(book.steps[0].title, "Stop");
    assert!(!book.findings.iter().any(|f| f.code == "dead-link"), "{:?}", book.findings);
}

#[test]
fn a_script_with_an_sql_word_in_its_name_is_run() {
    for command in ["./create-user.sh ada", "./drop-index.sh", "./select.sh"] {
        assert_eq!(unasked(&read(&format!("# T\n\n{}", step("Step 1: Go", command)))), [command]);
    }
    let words = read(&format!("# T\n\n{}", step("Step 1: Go", "v1.0.0 – production deploy")));
    assert_eq!(unasked(&words), [""; 0]);
}

#[test]
fn boxes_about_a_rollback_in_a_checklist_are_no_rollback() {
    let document = format!(
        "# T\n\n## Before the release: checklist\n\n### 1. Backups\n\n- [ ] The backup is on\n\n### 2. Rollback plan\n\n- [ ] It is prepared\n- [ ] It was rehearsed\n\n{}",
        step("Steps", "./deploy.sh")
    );
    let book = read(&document);
    assert!(book.rollback.steps.is_empty());
    assert_eq!(book.checklists.iter().map(|list| list.items.len()).sum::<usize>(), 3);
    let after = format!(
        "# T\n\n{}## Post-deployment checks\n\n- Build without errors\n- The site answers\n",
        step("Step 1: Go", "./go.sh")
    );
    assert_eq!(read(&after).checklists.iter().map(|list| list.items.len()).sum::<usize>(), 2);
}

#[test]
fn examples_are_not_all_run() {
    let document = "# T\n\n## Step 1: Go\n\n```bash\n./get.sh\n```\n\nExamples:\n\n```bash\n./install.sh --version 2\n./install.sh --version 2 -y\n```\n";
    assert_eq!(unasked(&read(document)), ["./get.sh"]);
}

#[test]
fn what_a_prompt_of_one_sign_shows_is_no_command() {
    let document = "# T\n\n## Steps\n\n1. Stop:\n\n   ```console\n   > docker compose stop shop\n   [+] Running 1/1\n   ```\n\n2. Look:\n\n   ```console\n   > docker volume ls\n   DRIVER    VOLUME NAME\n   local     shop_data\n\n   > docker volume rm shop_data\n   shop_data\n   ```\n";
    let texts: Vec<String> = read(document).step_commands().iter().map(|c| c.text.clone()).collect();
    assert_eq!(texts, ["docker compose stop shop", "docker volume ls", "docker volume rm shop_data"]);
    assert_eq!(
        unasked(&read(&format!("# T\n\n{}", step("Step 1: Cut it off", "> /var/log/shop.log")))).len(),
        1
    );
}

#[test]
fn what_is_left_of_a_value_is_found() {
    let document = format!(
        "# T\n\n{}{}{}",
        step("Step 1: Branch", "git checkout -b release/v1.2.0 origin/develop"),
        step("Step 2: Candidate", "git tag v1.2.0-rc.1"),
        step("Step 3: Tag", "git tag v1.2.0")
    );
    let book = read(&document);
    let lines: Vec<usize> = book.findings.iter().filter(|f| f.code == "value-left").map(|f| f.line).collect();
    assert_eq!(lines, [12], "{:?}", book.parameters);
}

#[test]
fn what_has_no_command_is_done_by_hand_and_not_empty() {
    let document = "# Cutover\n\n## Step 1: Update the records\n\n```bash\n[New IP] shop.example.net\n[New IP] www.shop.example.net\n```\n\n## Step 2: Check\n\n```bash\n./check.sh\n```\n";
    let book = read(document);
    assert_eq!(unasked(&book), ["./check.sh"]);
    assert_eq!(book.steps[0].commands()[0].kind, Kind::Manual);
    let told = "# Upgrade\n\n## Upgrade process\n\n### Stop the app\n\n```bash\n./ctl stop\n```\n\n### Run a database backup\n\n- a snapshot can be used as well\n\n### Start the app\n\n```bash\n./ctl start\n```\n";
    let book = read(told);
    assert!(book.steps.iter().all(|step| !step.commands().is_empty()), "{:?}", book.steps);
}

#[test]
fn examples_of_values_and_outputs_are_examples() {
    let document = "# T\n\n## Steps\n\n1. Set `DUMP` to the file that is wanted.\n\n   For example:\n\n   ```bash\n   DUMP=ledger-2020-02-04\n   ```\n\n2. Load it:\n\n   ```bash\n   ./load.sh \"$DUMP\"\n   ```\n\n   Example output:\n\n   ```text\n   loaded 3 files\n   ```\n";
    let book = read(document);
    assert_eq!(book.step_commands()[0].doubt, Some(Doubt::PlaceholderOrLiteral));
    assert!(
        book.step_commands()[1].expects.iter().all(|e| e.check.is_none()),
        "{:?}",
        book.step_commands()[1]
    );
    let crossed = read(&format!("# T\n\n{}", step("Step 1: Name", "RACK=rack-nxxx")));
    assert!(!crossed.step_commands()[0].holes.is_empty());
}

#[test]
fn conditions_stand_behind_other_words_too() {
    for lead in
        ["After a few minutes, if any jobs are stuck, recreate them:", "Pods should restart; if stuck:"]
    {
        let document = format!(
            "# T\n\n## Steps\n\n1. Restart:\n\n   ```bash\n   ./restart.sh\n   ```\n\n1. {lead}\n\n   ```bash\n   ./recreate.sh\n   ```\n"
        );
        assert_eq!(unasked(&read(&document)), ["./restart.sh"], "{lead}");
    }
    let once = format!(
        "# Update guide\n\n## One-time migration\n\n### Step 1: Init\n\n```bash\ngit init\n```\n\n{}",
        step("Regular update", "git pull")
    );
    assert!(!unasked(&read(&once)).contains(&"git init".to_owned()));
    let runtimes = format!(
        "# T\n\n{}",
        step(
            "Step 1: Stop",
            "# Docker\ndocker compose stop shop\n\n# Kubernetes\nkubectl scale deployment shop --replicas=0"
        )
    );
    assert_eq!(unasked(&read(&runtimes)), [""; 0]);
}
