//! What a document forbids, what it offers to choose from on the way back, and what it has to be looked at or done by
//! hand that stood in no list.

use gonogo::runbook::{Fate, read};

use super::support::{fate, unasked};

const FENCE: &str = "```";

fn steps(texts: &str) -> Vec<String> {
    read(texts).step_commands().iter().map(|c| c.text.clone()).collect()
}

/// A document with these steps.
fn shop(body: &str) -> String {
    format!("# Shop\n\n## Steps\n\n{}\n", body.replace("~~~", FENCE))
}

#[test]
fn what_must_never_be_run_is_none_of_the_steps_and_is_listed() {
    let documents = [
        shop("~~~bash\n# ❌ WRONG:\ndocker compose down -v\n\n# ✅ Right:\ndocker compose restart\n~~~"),
        shop(
            "~~~bash\ndocker compose restart\n~~~\n\n### Never do this\n\n~~~bash\ndocker compose down -v\n~~~",
        ),
        shop(
            "~~~bash\ndocker compose restart\n~~~\n\nAuf keinen Fall so:\n\n~~~bash\ndocker compose down -v\n~~~",
        ),
        shop("~~~bash\ndocker compose restart\n~~~\n\n### 禁止\n\n~~~bash\ndocker compose down -v\n~~~"),
    ];
    for document in documents {
        assert_eq!(steps(&document), ["docker compose restart"], "{document}");
        assert_eq!(fate(&document, "down -v"), Fate::Unclaimed, "{document}");
        let read = read(&document);
        let by = read.reading.iter().find(|p| p.by.ends_with("forbids it"));
        assert_eq!(by.map(|p| p.fate), Some(Fate::Unclaimed), "{document}");
    }
    // Where something must not be run nobody but a person knows whether this is there.
    for lead in ["Never run this on the primary:", "Do not execute in production:"] {
        let document = shop(&format!("~~~bash\nmake\n~~~\n\n{lead}\n\n~~~bash\ndropdb shop\n~~~"));
        assert_eq!(unasked(&read(&document)), ["make"], "{lead}");
    }
    // How something must not be run forbids nothing.
    let document = shop("Do not run this as root:\n\n~~~bash\nmake\n~~~");
    assert_eq!(steps(&document), ["make"]);
}

#[test]
fn options_of_the_way_back_are_one_of_several_however_they_are_counted_or_called() {
    let pairs = [
        ("3.1 Option A: the application", "3.2 Option B: with the data"),
        ("Szenario 1: Fehler", "Szenario 2: Daten verloren"),
        ("方法一：回滚", "方法二：恢复数据"),
        ("Сценарий 1", "Сценарий 2"),
        ("情况1：服务异常", "情况2：数据异常"),
    ];
    for (one, other) in pairs {
        let document = format!(
            "{}\n## Rollback\n\n### {one}\n\n{FENCE}bash\n./back\n{FENCE}\n\n### {other}\n\n{FENCE}bash\n./restore\n{FENCE}\n",
            shop("~~~bash\nmake\n~~~")
        );
        let book = read(&document);
        let ways = book.rollback.steps.iter().flat_map(|s| s.commands()).filter(|c| c.way.is_some()).count();
        assert_eq!(ways, 2, "{document}");
    }
}

#[test]
fn the_only_way_back_counts_below_an_emergency_plan_too() {
    let document = format!(
        "{}\n## Emergency plan\n\n### Rollback\n\n{FENCE}bash\n./restore.sh\n{FENCE}\n",
        shop("~~~bash\nmake\n~~~")
    );
    let book = read(&document);
    assert_eq!(book.rollback.steps.len(), 1);
    assert!(book.troubleshooting.is_empty());
}

#[test]
fn what_is_listed_under_verify_is_looked_at_after_the_command() {
    for label in ["**Verify:**", "Smoke tests:", "**Check that:**", "**Prüfung:**", "检查："] {
        let document =
            shop(&format!("~~~bash\nmake\n~~~\n\n{label}\n\n- All pods are Running\n- Invoices are printed"));
        let book = read(&document);
        let asked: Vec<&str> = book.step_commands()[0].expects.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(asked, ["All pods are Running", "Invoices are printed"], "{label}");
        assert!(book.step_commands()[0].expects.iter().all(|e| e.check.is_none()), "{label}");
    }
    // What is counted is looked at too, where it tells nothing to do, and so is what stands beside a command.
    let document =
        shop("~~~bash\nmake\n~~~\n\nConfirm that:\n\n1. The queue is empty\n2. No errors in the tracker");
    assert_eq!(read(&document).step_commands()[0].expects.len(), 2);
    let document =
        shop("~~~bash\nmake\n~~~\n\nCheck:\n\n- login works\n- `curl -f http://x.test/` returns 200");
    assert_eq!(read(&document).step_commands()[0].expects[0].text, "login works");
    // What has a command of its own is run.
    let document = shop(
        "~~~bash\nmake\n~~~\n\n**Verify:**\n\n- Look at the pods:\n  ~~~bash\n  kubectl get pods\n  ~~~",
    );
    assert_eq!(steps(&document), ["make", "kubectl get pods"]);
}

#[test]
fn a_table_of_work_and_boxes_that_nothing_asks_for_are_listed() {
    let document = shop(
        "| Step | Action | Owner |\n|---|---|---|\n| 1 | Set the maintenance page | Ops |\n\n~~~bash\nmake\n~~~",
    );
    assert_eq!(fate(&document, "Set the maintenance page"), Fate::Unclaimed);
    let document = format!(
        "{}\n## Rollback\n\n**Before:**\n\n- [ ] The loss of data is agreed\n- [ ] There is a backup\n\n{FENCE}bash\n./restore.sh\n{FENCE}\n",
        shop("~~~bash\nmake\n~~~")
    );
    let book = read(&document);
    let asked = book.checklists.iter().any(|list| list.items.iter().any(|item| item.text.contains("agreed")));
    assert!(asked || fate(&document, "agreed") == Fate::Unclaimed, "{:?}", unasked(&book));
}

#[test]
fn words_of_other_scripts_are_placeholders_where_they_stand_alone() {
    let holes = |text: &str| -> Vec<String> {
        let book = read(&shop(&format!("~~~bash\n{text}\n~~~")));
        book.step_commands().iter().flat_map(|c| c.holes.clone()).collect()
    };
    assert_eq!(holes("deploy --env 环境名"), ["环境名"]);
    assert!(holes("cat > a.sql <<'EOF'\n-- 创建缺失的索引（幂等）\nSELECT 1;\nEOF").is_empty());
    assert!(holes("curl -d \"{\\\"text\\\":\\\"发布开始\\\"}\" http://x.test/").is_empty());
    // A part of a path may be the name that it is: that is asked.
    assert!(holes("cd /data/备份").is_empty());
    assert_eq!(holes("restore.sh [backup file]"), ["backup file"]);
    assert_eq!(holes("ssh [user]@[host] uptime"), ["user", "host"]);
    assert_eq!(holes("ssh root@[server ip] uptime"), ["server ip"]);
    assert!(holes("echo ${names[@]} ${user@[0]}").is_empty());
    assert!(holes("ssh web1 \"echo Restarting...; systemctl restart shop\"").is_empty());
    assert!(holes("echo \"[deploy script] begins\"").is_empty());
}

#[test]
fn bold_names_of_platforms_over_fences_are_ways() {
    let document = shop(
        "### 1. Upgrade\n\n**Docker**\n\n~~~bash\ndocker compose pull\n~~~\n\n**Kubernetes**\n\n~~~bash\nkubectl apply -f x.yaml\n~~~",
    );
    assert!(read(&document).step_commands().iter().all(|c| c.way.is_some()), "{document}");
    let document = document.replace("Docker", "With Helm").replace("Kubernetes", "With kubectl");
    assert!(read(&document).step_commands().iter().all(|c| c.way.is_some()), "{document}");
}

#[test]
fn what_verifies_in_the_plural_goes_with_a_deployment() {
    for heading in ["Vérifications post-déploiement", "Prüfungen", "Pruebas"] {
        let document = format!(
            "{}\n## {heading}\n\n{FENCE}bash\ncurl -f http://x.test/\n{FENCE}\n",
            shop("~~~bash\nmake\n~~~")
        );
        assert_eq!(steps(&document).len(), 2, "{document}");
    }
}

#[test]
fn a_bullet_beside_boxes_and_a_label_over_an_output_are_accounted_for() {
    let document = format!(
        "# T\n\n## Prerequisites\n\n- [ ] kubectl works\n- A backup of today exists\n\n{}",
        shop("~~~bash\nmake\n~~~")
    );
    assert_eq!(fate(&document, "A backup of today"), Fate::Unclaimed);
    let document = shop("~~~bash\nmake\n~~~\n\n**Expected output:**\n\n~~~\ndeployed\n~~~");
    assert_eq!(fate(&document, "**Expected output"), Fate::Text);
    assert_eq!(fate(&document, "deployed"), Fate::Checked);
}

#[test]
fn parts_of_procedures_are_one_each() {
    let part = |title: &str, command: &str| format!("### {title}\n\n{FENCE}bash\n{command}\n{FENCE}\n\n");
    let document = format!(
        "# Shop\n\n## Common procedures\n\n{}{}",
        part("Restart the API", "systemctl restart api"),
        part("Clear the cache", "redis-cli flushall")
    );
    assert!(unasked(&read(&document)).is_empty(), "{:?}", unasked(&read(&document)));
    // What is counted is done one after another.
    let document = format!(
        "# Shop\n\n## Deployment procedures\n\n{}{}",
        part("1. Stop", "systemctl stop api"),
        part("2. Start", "systemctl start api")
    );
    assert_eq!(unasked(&read(&document)).len(), 2);
}

#[test]
fn a_list_before_something_is_called_done_is_due_at_the_end() {
    let document = format!(
        "{}\n## Final checklist\n\nVerify before you call the deployment done:\n\n- [ ] Login works\n",
        shop("~~~bash\nmake\n~~~")
    );
    assert_eq!(read(&document).checklists[0].due, gonogo::runbook::Due::End);
}

#[test]
fn of_examples_in_the_plural_a_person_chooses() {
    for label in ["Beispiele:", "Exemples:", "Примеры:", "Examples:"] {
        let document =
            shop(&format!("~~~bash\nmake\n~~~\n\n{label}\n\n~~~bash\n./ship web\n./ship api\n~~~"));
        assert_eq!(unasked(&read(&document)), ["make"], "{label}");
    }
}
