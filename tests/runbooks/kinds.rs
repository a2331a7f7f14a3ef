//! Kinds of lines that strangers' runbooks have and that were read wrongly without a word: what must be asked about,
//! what must be done, and what must at least be listed.

use gonogo::runbook::doubt::Doubt;
use gonogo::runbook::{Fate, Runbook, read};

/// The commands of the steps that run without a question, by their first lines.
fn unasked(book: &Runbook) -> Vec<String> {
    let free = |c: &&gonogo::runbook::Command| {
        c.doubt.is_none() && c.condition.is_none() && c.way.is_none() && !c.optional && !c.commented
    };
    let first = |text: &str| text.lines().next().unwrap_or("").to_owned();
    book.step_commands().into_iter().filter(free).map(|c| first(&c.text)).collect()
}

/// The fate of the line that holds these words.
fn fate(document: &str, words: &str) -> Fate {
    let line = document.lines().position(|line| line.contains(words)).unwrap() + 1;
    let book = read(document);
    let passage = book.reading.iter().find(|p| p.line <= line && line <= p.end_line).unwrap();
    passage.fate
}

#[test]
fn a_label_for_one_kind_of_run_is_a_condition() {
    for label in [
        "For a first-time deployment:",
        "For a hotfix:",
        "If you use the old proxy:",
        "Pour une nouvelle installation :",
        "Für eine neue Installation:",
        "Para una nueva instalación:",
        "Для новой установки:",
    ] {
        let document = format!(
            "# Shop\n\n## Deployment steps\n\n### Ship\n\n```bash\n./ship.sh\n```\n\n{label}\n\n```bash\n./seed.sh\n```\n"
        );
        assert_eq!(unasked(&read(&document)), ["./ship.sh"], "{label}");
    }
    for label in ["For example:", "For each of them:", "To check it:", "Then:"] {
        let document = format!(
            "# Shop\n\n## Deployment steps\n\n### Ship\n\n```bash\n./ship.sh\n```\n\n{label}\n\n```bash\n./look.sh\n```\n"
        );
        assert_eq!(unasked(&read(&document)), ["./ship.sh", "./look.sh"], "{label}");
    }
}

#[test]
fn what_is_done_another_time_is_asked_about() {
    for label in [
        "To stop the services:",
        "To deploy a new build without a gap:",
        "Pour arrêter :",
        "To reset the data:",
    ] {
        let document = format!(
            "# Shop\n\n## Deployment steps\n\n### Ship\n\n```bash\ndocker compose up -d\n```\n\n{label}\n\n```bash\n./other.sh\n```\n"
        );
        assert_eq!(unasked(&read(&document)), ["docker compose up -d"], "{label}");
    }
}

#[test]
fn one_part_beside_all_of_it_is_asked_about() {
    for (all, one) in [
        ("Restart all services", "Restart a specific service"),
        ("重启所有服务", "重启指定服务"),
        ("Alle Dienste", "Ein bestimmter Dienst"),
        ("Todos los servicios", "Un servicio específico"),
    ] {
        let document = format!(
            "# Shop\n\n## Deployment steps\n\n### Restart\n\n```bash\n# {all}\ndocker compose restart\n\n# {one}\ndocker compose restart web\n```\n"
        );
        assert_eq!(unasked(&read(&document)), ["docker compose restart"], "{one}");
    }
}

#[test]
fn two_sources_of_a_restore_are_ways() {
    let heads = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n### 5.1 Restore from the snapshot\n\n```bash\n./snap\n```\n\n\
                 ### 5.2 Restore from the dump\n\n```bash\n./dump\n```\n";
    let book = read(heads);
    assert!(book.rollback.steps.iter().flat_map(|s| s.commands()).all(|c| c.way.is_some()));
    let labels = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n**Restore from backup A**\n\n```bash\n./a\n```\n\n\
                  **Restore from backup B**\n\n```bash\n./b\n```\n";
    let book = read(labels);
    assert!(book.rollback.steps.iter().flat_map(|s| s.commands()).all(|c| c.way.is_some()));
    let comments = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n```bash\n# Restore from backup A\n./a\n\n# Restore from backup B\n./b\n```\n";
    let book = read(comments);
    assert!(
        book.rollback.steps.iter().flat_map(|s| s.commands()).all(|c| c.way.is_some() || c.doubt.is_some())
    );
}

#[test]
fn cases_of_a_rollback_are_asked_about() {
    let document = "# Gem\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n### A) It failed before\n\n```bash\ngit tag -d v1\n```\n\n\
                    ### B) It is out\n\n```bash\ngem yank shop -v 1\n```\n";
    let book = read(document);
    let doubts: Vec<_> = book.rollback.steps.iter().flat_map(|s| s.commands()).map(|c| c.doubt).collect();
    assert_eq!(doubts, [Some(Doubt::Procedure), Some(Doubt::Procedure)]);
}

#[test]
fn only_if_before_a_later_fence_of_a_rollback_holds_for_that() {
    let document = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n```bash\nkubectl rollout undo deploy/api\n```\n\n\
                    Migration rollback (only if the migration itself caused\nthe issue — going back usually suffices):\n\n```bash\n./migrate down 1\n```\n";
    let book = read(document);
    let conditions: Vec<bool> =
        book.rollback.steps.iter().flat_map(|s| s.commands()).map(|c| c.condition.is_some()).collect();
    assert_eq!(conditions, [false, true]);
}

#[test]
fn what_aborts_is_the_rollback() {
    let document = "# Shop\n\n## Steps\n\n```bash\n# 1. Apply\nkubectl apply -f canary.yaml\n\n# 4a. PROMOTE: take it for all\nkubectl set image deploy/api api=2\n\n\
                    # 4b. ABORT: scale it to 0\nkubectl scale deploy/canary --replicas=0\n```\n";
    assert_eq!(
        unasked(&read(document)),
        ["kubectl apply -f canary.yaml", "kubectl set image deploy/api api=2"]
    );
}

#[test]
fn kinds_of_deployments_side_by_side_are_asked_about() {
    for (one, other) in [
        ("7.1 Standard Release (no downtime)", "7.4 Canary Deployments"),
        ("Standard Deployment (Blue-Green)", "Canary Deployment"),
        ("本地部署", "灰度发布"),
    ] {
        let document =
            format!("# Shop\n\n## {one}\n\n```bash\n./one\n```\n\n## {other}\n\n```bash\n./other\n```\n");
        assert_eq!(unasked(&read(&document)), Vec::<String>::new(), "{one}");
    }
    let modes = "# Shop\n\n## 2. 本機部署\n\n```bash\n./a\n```\n\n## 3. Docker Compose（預設）\n\n```bash\n./b\n```\n\n## 4. Live 模式\n\n```bash\n./c\n```\n";
    assert_eq!(unasked(&read(modes)), Vec::<String>::new());
    let steps = "# Shop\n\n## 1. Deploy the canary\n\n```bash\n./a\n```\n\n## 2. Deploy the rest\n\n```bash\n./b\n```\n";
    assert_eq!(unasked(&read(steps)), ["./a", "./b"]);
}

#[test]
fn counted_commands_to_pick_from_are_asked_about() {
    let document = "# Shop\n\n## 3. Docker Compose\n\n### 3.1 Start\n\n```bash\ndocker compose up -d\n```\n\n### 3.3 Common commands\n\n```bash\ndocker compose down\n```\n";
    assert_eq!(unasked(&read(document)), ["docker compose up -d"]);
}

#[test]
fn a_placeholder_at_its_end_makes_no_sentence_of_a_command() {
    let document = "# Shop\n\n## Steps\n\n```bash\nmytool compare <old_id> <new_id>\n```\n";
    assert_eq!(unasked(&read(document)), ["mytool compare <old_id> <new_id>"]);
}

#[test]
fn the_text_of_a_script_is_written_and_not_run() {
    for label in ["Script content:", "脚本内容：", "Create `/opt/backup.sh`:"] {
        let document = format!(
            "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n{label}\n\n```bash\npg_dump shop > a.sql\nfind /b -mtime +30 -delete\n```\n"
        );
        assert_eq!(unasked(&read(&document))[0], "./go");
        assert!(read(&document).step_commands().iter().all(|c| !c.text.starts_with("find")), "{label}");
    }
}

#[test]
fn what_a_command_brings_about_by_itself_is_told() {
    let document = "# Shop\n\n## Steps\n\n1. Run `./go --now`\n2. 以后 `git push main` 即自动部署到服务器\n3. Later `git push origin main` triggers the deployment.\n";
    assert!(read(document).step_commands().iter().all(|c| !c.text.starts_with("git")));
}

#[test]
fn an_option_that_lost_its_command_is_asked_about() {
    let document = "# Shop\n\n## Steps\n\n```bash\naz vm create \\\n  --size B2s \\ # or F4\n  --admin-username ada\n```\n";
    assert_eq!(unasked(&read(document)), Vec::<String>::new());
}

#[test]
fn a_numbered_list_that_tells_what_to_do_is_done() {
    let document = "# Shop\n\n## Steps\n\n### Rotate\n\n```bash\n./rotate.sh\n```\n\nVerify under load:\n\n1. Confirm that nothing fails in the log.\n2. Check the counters after a day.\n\n\
                    The script:\n\n1. Sets the second key.\n2. Writes all records anew.\n";
    let book = read(document);
    let run: Vec<&str> = book.step_commands().iter().map(|c| c.text.as_str()).collect();
    assert_eq!(
        run,
        ["./rotate.sh", "Confirm that nothing fails in the log.", "Check the counters after a day."]
    );
}

#[test]
fn words_of_a_step_that_nobody_knows_are_listed() {
    let document = "# Shop\n\n## Steps\n\n### Dump\n\n```bash\n./dump.sh\n```\n\nStash the dump outside of the volume before proceeding.\n\n\
                    The dump is about a gigabyte.\n\n## Rollback\n\n```bash\n./back.sh\n```\n\nRecreate the indices from the archive afterwards.\n";
    assert_eq!(fate(document, "Stash the dump"), Fate::Unclaimed);
    assert_eq!(fate(document, "Recreate the indices"), Fate::Unclaimed);
    assert_eq!(fate(document, "about a gigabyte"), Fate::Text);
}

#[test]
fn phases_with_letters_are_one_sequence() {
    let document = "# Upgrade\n\n## Phase A — Fetch\n\n```bash\ngit fetch\n```\n\n## Phase B — Merge\n\n```bash\ngit merge x\n```\n\n\
                    ## Phase C — Production\n\n1. Deploy it once staging passes.\n2. Record the time.\n";
    let book = read(document);
    assert_eq!(unasked(&book).len(), 4);
    assert_eq!(book.steps.len(), 3);
}

#[test]
fn a_table_of_signals_is_looked_at() {
    let document = "# Shop\n\n## 1. Ship\n\n```bash\n./go\n```\n\n| Signal | Expected after deploy |\n|---|---|\n| Errors | < 0.1 % |\n| Audit log | Chain is whole |\n";
    assert_eq!(read(document).step_commands().len(), 3);
}

#[test]
fn indented_commands_over_several_lines_are_listed() {
    let document = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n## History\n\nFetch it:\n\n    docker compose exec api python fetch.py \\\n      --interval 5m\n";
    assert_eq!(fate(document, "docker compose exec"), Fate::Unclaimed);
}

#[test]
fn what_a_label_that_tells_to_look_leads_to_is_asked() {
    let document = "# Shop\n\n## Steps\n\n### Keys\n\n```bash\n./go\n```\n\nПроверьте соответствие ключей:\n\n- `A` — ключ MinIO;\n- `B` — ключ копий;\n";
    let asked: Vec<String> =
        read(document).step_commands()[0].expects.iter().map(|e| e.text.clone()).collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
}

#[test]
fn what_is_made_ready_before_is_no_part_of_going_back() {
    let document = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n## General rollback procedures\n\n### Pre-deployment checklist\n\n1. **Create a backup**\n   ```bash\n   cp a.db b.db\n   ```\n\n\
                    ### Going back\n\n```bash\n./back\n```\n";
    let book = read(document);
    let back: Vec<&str> =
        book.rollback.steps.iter().flat_map(|s| s.commands()).map(|c| c.text.as_str()).collect();
    assert_eq!(back, ["./back"]);
    assert!(book.step_commands().iter().any(|c| c.text == "cp a.db b.db"));
}

#[test]
fn rollbacks_of_single_changes_are_asked_about() {
    let document = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback of each migration\n\n### 001_add_end\n\n```bash\nmigrate down 1\n```\n\n### 002_reminders\n\n```bash\nmigrate down 1\n```\n";
    let book = read(document);
    assert!(book.rollback.steps.iter().flat_map(|s| s.commands()).all(|c| c.doubt == Some(Doubt::Procedure)));
}

#[test]
fn all_options_are_ways_where_one_is() {
    let document = "# Shop\n\n## 1. Install\n\n```bash\nmake\n```\n\n## 2. Database\n\n### Option A: by Docker\n\n```bash\ndocker compose up -d db\n```\n\n### Option B: in the cloud\n\n1. Create an account.\n2. Copy the address.\n";
    let book = read(document);
    let ways = book.step_commands().iter().filter(|c| c.way.is_some()).count();
    assert_eq!(ways, 3);
}

#[test]
fn systems_in_headings_are_ways() {
    let document = "# Shop\n\n## 1. Preparo\n\n### No Ubuntu 22.04 / 24.04 LTS:\n\n```bash\napt install x\n```\n\n### No Oracle Linux 9:\n\n```bash\ndnf install x\n```\n";
    assert!(read(document).step_commands().iter().all(|c| c.way.is_some()));
}

#[test]
fn a_chapter_of_rollback_and_update_is_not_all_rollback() {
    let document = "# Shop\n\n## 1. Subir\n\n```bash\n./up\n```\n\n## 2. Procedimentos de Rollback & Atualização\n\n```bash\n# 1. Backup\n./backup.sh\n\n# 2. Atualizar\ngit pull\n\n# 3. Em caso de falha (rollback imediato):\ngit checkout v1\n```\n";
    let book = read(document);
    let back: Vec<&str> =
        book.rollback.steps.iter().flat_map(|s| s.commands()).map(|c| c.text.as_str()).collect();
    assert_eq!(back, ["git checkout v1"]);
}

#[test]
fn what_a_comment_demands_is_listed() {
    let document = "# Shop\n\n## Steps\n\n```bash\npsql -c \"\\d trips\"\n# Должны быть столбцы: a (integer), b (integer)\n```\n";
    assert!(matches!(fate(document, "столбцы"), Fate::NotUnderstood | Fate::ByEye | Fate::Checked));
}

#[test]
fn what_is_asked_behind_a_command_is_expected() {
    let document = "# Shop\n\n## Steps\n\n```bash\ncurl -s https://shop.test/health   # 200 OK?\n```\n";
    assert_eq!(read(document).step_commands()[0].expects.len(), 1);
}

#[test]
fn a_deployment_told_in_a_list_is_asked_about() {
    let document = "# Shop\n\n## Mainnet deployment\n\n```bash\n./ship.sh\n```\n\n## Voice agent\n\n### First deploy\n\n1. Create a new project.\n2. Open the settings and set the folder.\n3. Deploy.\n";
    let book = read(document);
    let asked =
        book.step_commands().iter().filter(|c| c.doubt.is_some() && c.text.contains("Create")).count();
    assert_eq!(asked, 1);
}

#[test]
fn a_bullet_that_only_names_a_command_is_listed() {
    let document = "# Shop\n\n## Steps\n\n1. Run `./go --now`\n\nDrawbacks:\n\n- It needs a `git pull origin main` by somebody\n";
    assert!(read(document).step_commands().iter().all(|c| !c.text.starts_with("git")));
    assert_eq!(fate(document, "It needs"), Fate::Unclaimed);
}

#[test]
fn an_example_under_its_command_is_asked_about() {
    for label in ["Example:", "Beispiel:", "例如："] {
        let document = format!(
            "# Shop\n\n## Steps\n\n```bash\nvercel rollback [deployment-url]\n\n# {label}\nvercel rollback https://shop-abc.vercel.app\n```\n"
        );
        let book = read(&document);
        assert_eq!(book.step_commands().last().unwrap().doubt, Some(Doubt::CommandOrText), "{label}");
    }
}

#[test]
fn a_fence_of_comments_is_done_by_hand() {
    let document = "# Shop\n\n## Steps\n\n1. Restore from the backup:\n   ```bash\n   # In the dashboard:\n   # Settings → Backups → Restore\n   ```\n2. Check:\n   ```bash\n   ./check\n   ```\n";
    let book = read(document);
    let texts: Vec<&str> = book.step_commands().iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts, ["In the dashboard:\nSettings → Backups → Restore", "./check"]);
}

#[test]
fn what_restores_among_the_steps_is_asked_about() {
    let document = "# Tienda\n\n## 1. Desplegar\n\n```bash\n./go\n```\n\n## 2. Copias de seguridad\n\n```bash\n./copia.sh\n./scripts/restaurar.sh copias/a.dump\n```\n";
    assert_eq!(unasked(&read(document)), ["./go", "./copia.sh"]);
}

#[test]
fn what_is_done_behind_a_rollback_is_asked_about() {
    let document = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n```bash\n./back\n```\n\n## Post-rollback actions\n\n### 3. Fix in staging\n\n```bash\ngit push origin main\n```\n";
    let book = read(document);
    let doubts: Vec<bool> =
        book.rollback.steps.iter().flat_map(|s| s.commands()).map(|c| c.doubt.is_some()).collect();
    assert_eq!(doubts, [false, true]);
}

#[test]
fn an_error_in_an_untagged_fence_does_not_run() {
    let document = "# Shop\n\n## Steps\n\n```bash\n./go\n```\n\nThe first page then said:\n\n```\nnew row violates row-level security policy for table \"funnel\"\n```\n";
    assert_eq!(unasked(&read(document))[0], "./go");
    assert!(
        read(document)
            .step_commands()
            .iter()
            .all(|c| !c.text.starts_with("new") || c.kind == gonogo::shell::Kind::Manual)
    );
}

#[test]
fn an_architecture_is_no_environment() {
    let document = "# Shop\n\n## Production deployment\n\n```bash\n./go\n```\n\n## Integration architecture\n\n```bash\n./look\n```\n";
    assert!(read(document).environments.is_empty());
}

#[test]
fn labels_and_headings_for_cases_are_asked_about() {
    let headings = "# Shop\n\n## Step 3: Hotfix\n\n### For environment issues\n\n```bash\n./a\n```\n\n### For configuration issues\n\n```bash\n./b\n```\n";
    assert!(read(headings).step_commands().iter().all(|c| c.way.is_some()));
    let labels = "# Restaurar\n\n## Paso 9\n\n**Para una corrupción total:**\n\n1. Reapuntar:\n   ```bash\n   ./a\n   ```\n\n**Para el borrado accidental:**\n\n1. Importar:\n   ```bash\n   ./b\n   ```\n";
    assert!(read(labels).step_commands().iter().all(|c| c.condition.is_some() || c.way.is_some()));
    let each = "# Shop\n\n## Steps\n\n### For each server\n\n```bash\n./a\n```\n\n### For all of them\n\n```bash\n./b\n```\n";
    assert_eq!(unasked(&read(each)).len(), 2);
}

#[test]
fn a_comment_at_the_end_that_tells_to_do_something_is_listed() {
    let document = "# Shop\n\n## Steps\n\n```bash\n./mv.sh a b\n\n# Update the imports in the code\n```\n";
    assert!(matches!(fate(document, "Update the imports"), Fate::Unclaimed | Fate::ByHand));
}
