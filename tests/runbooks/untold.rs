//! More shapes of strangers' runbooks: plans in tables, cases, recaps, what is done to the monitoring, words that only
//! look like an output.

use gonogo::runbook::doubt::Doubt;
use gonogo::runbook::expect::Check;
use gonogo::runbook::{Command, Fate, Runbook, read};

use super::support::{fate, step, unasked};

fn back(book: &Runbook) -> Vec<&Command> {
    book.rollback.steps.iter().flat_map(|step| step.commands()).collect()
}

#[test]
fn a_plan_in_a_table_is_run_whatever_its_columns() {
    for header in [
        "# | Time | Action | Responsible | Command",
        "Time | Owner | Action | Command | Expected",
        "Uhrzeit | Verantwortlich | Aktion | Befehl | Erwartet",
        "Hora | Responsable | Acción | Comando | Esperado",
    ] {
        let columns: Vec<&str> = header.split(" | ").collect();
        let row = |action: &str, command: &str| {
            let cell = |title: &&str| match *title {
                "Action" | "Aktion" | "Acción" => action.to_owned(),
                "Command" | "Befehl" | "Comando" => command.to_owned(),
                "Responsible" | "Owner" | "Verantwortlich" | "Responsable" => "DBA".into(),
                "Expected" | "Erwartet" | "Esperado" => "done".into(),
                "#" => "1".into(),
                _ => "22:10".into(),
            };
            format!("| {} |\n", columns.iter().map(cell).collect::<Vec<_>>().join(" | "))
        };
        let rows = row("Stop the writers", "`relayctl stop`")
            + &row("Tell the customers", "n/a")
            + &row("Migrate (only if 3.1 is there)", "`./migrate.sh`");
        let document = format!(
            "# Change\n\n## Implementation\n\n| {header} |\n|{}\n{rows}",
            "---|".repeat(columns.len())
        );
        let book = read(&document);
        assert_eq!(unasked(&book), ["relayctl stop"], "{header}");
        let titles: Vec<String> = book.all_steps().into_iter().skip(1).map(|s| s.title.clone()).collect();
        assert_eq!(
            titles,
            ["Stop the writers", "Tell the customers", "Migrate (only if 3.1 is there)"],
            "{header}"
        );
    }
}

#[test]
fn rows_for_cases_are_not_all_run() {
    let document = format!(
        "# Change\n\n{}## Rollback\n\n| Trigger | Action | Command |\n|---|---|---|\n| Errors over 1% | At once | `./back.sh now` |\n| A bug | In full | `./back.sh full` |\n",
        step("Deploy", "./deploy.sh")
    );
    let book = read(&document);
    assert!(back(&book).len() == 2 && back(&book).iter().all(|c| c.condition.is_some()), "{:?}", back(&book));
}

#[test]
fn a_recap_is_not_run_once_more() {
    let document = format!(
        "# Launch\n\n{}{}{}",
        step("Step 1: Build", "./build.sh"),
        step("Step 2: Roll out", "./rollout.sh start"),
        step("Step 3: The live sequence", "# Build\n./build.sh\n# Roll out\n./rollout.sh start")
    );
    assert_eq!(unasked(&read(&document)), ["./build.sh", "./rollout.sh start"]);
    let nodes = format!(
        "# Launch\n\n{}{}",
        step("Step 1: First node", "./drain.sh\n./upgrade.sh"),
        step("Step 2: Next node", "./drain.sh\n./upgrade.sh")
    );
    assert_eq!(unasked(&read(&nodes)).len(), 4, "the same on another machine is no recap");
    let late = format!(
        "# Cutover\n\n{}{}",
        step("Step 1: Switch", "./switch.sh"),
        step("Step 2: Pre-cutover checks", "./look.sh")
    );
    assert_eq!(unasked(&read(&late)), ["./switch.sh"]);
}

#[test]
fn what_is_done_to_the_monitoring_is_a_step() {
    for (off, on) in [
        ("Silence monitoring", "Re-enable monitoring"),
        ("Disable monitoring alerts", "Resume monitoring"),
        ("Monitoring deaktivieren", "Monitoring aktivieren"),
        ("关闭监控", "恢复监控"),
    ] {
        let document = format!(
            "# Shop\n\n## Steps\n\n#{}#{}#{}",
            step(off, "./alerts off"),
            step("Upgrade", "./upgrade.sh"),
            step(on, "./alerts on")
        );
        assert_eq!(unasked(&read(&document)), ["./alerts off", "./upgrade.sh", "./alerts on"], "{off}");
    }
    let watch = format!("# Shop\n\n{}{}", step("Deploy", "./deploy.sh"), step("Monitoring", "./look.sh"));
    assert_eq!(unasked(&read(&watch)), ["./deploy.sh"]);
}

#[test]
fn commented_versions_are_one_of_two() {
    let document = format!(
        "# Shop\n\n{}{}",
        step("Deploy", "helm upgrade shop ."),
        step(
            "Rollback",
            "# To the previous version\nhelm rollback shop 1\n\n# To a specific revision\nhelm rollback shop 3"
        )
    );
    let asked: Vec<bool> = back(&read(&document)).iter().map(|c| c.doubt.is_some()).collect();
    assert_eq!(asked, [false, true]);
}

#[test]
fn times_and_cases_in_labels_are_asked() {
    for label in [
        "**Execute T-24 hours before the cutover:**",
        "**Run 48 hours after the cutover:**",
        "**24 Stunden vor der Umstellung ausführen:**",
    ] {
        let document = format!(
            "# Cutover\n\n## Step 1: Prepare\n\n{label}\n\n```bash\n./ttl.sh 60\n```\n\n{}",
            step("Step 2: Switch", "./switch.sh")
        );
        let book = read(&document);
        assert_eq!(unasked(&book), ["./switch.sh"], "{label}");
        assert_eq!(book.steps[0].estimate_s, None, "{label}");
    }
    let lasts = "# Cutover\n\n## Step 1: Half\n\n**Duration:** T+56 to T+58 min (2 minutes)\n\n```bash\n./half.sh\n```\n";
    assert_eq!(read(lasts).steps[0].estimate_s, Some(120));
}

#[test]
fn platforms_in_labels_are_a_choice() {
    let document = "# Shop\n\n## Step 1: Snapshot\n\n**RDS (AWS):**\n```bash\naws rds create-db-snapshot --x\n```\n\n**Self-hosted:**\n```bash\npg_dump shop -f a.dump\n```\n";
    assert_eq!(unasked(&read(document)), [""; 0]);
}

#[test]
fn sentences_are_no_output_to_the_letter() {
    for said in [
        "Old connections drain over 30 seconds",
        "Returns green IP",
        "Should return 0 without tenant context",
    ] {
        let book =
            read(&format!("# T\n\n{}", step("Step 1: Look", &format!("./look.sh\n# Expected: {said}"))));
        let command = book.step_commands()[0];
        let literal = |check: &Check| matches!(check, Check::Is { literal: true, .. });
        assert!(!command.expects.is_empty(), "{said}");
        assert!(
            !command.expects.iter().any(|e| e.check.as_ref().is_some_and(literal)),
            "{said}: {:?}",
            command.expects
        );
    }
}

#[test]
fn letters_that_stand_for_a_value_are_asked_for() {
    for command in [
        "kubectl scale deploy/a --replicas=x",
        "curl -X POST https://hooks.example.com/services/YOUR/WEBHOOK/URL",
    ] {
        assert!(
            !read(&format!("# T\n\n{}", step("Step 1: Go", command))).step_commands()[0].holes.is_empty(),
            "{command}"
        );
    }
    assert!(
        read(&format!("# T\n\n{}", step("Step 1: Go", "curl -x proxy http://x/n"))).step_commands()[0]
            .holes
            .is_empty()
    );
}

#[test]
fn that_it_may_be_repeated_is_no_condition() {
    let document = format!(
        "# T\n\n{}",
        step("Step 1: Flush", "./flush.sh  # safe to send again a few times if it fails")
    );
    assert_eq!(unasked(&read(&document)).len(), 1);
}

#[test]
fn bullets_with_a_command_are_asked_about() {
    let document = format!(
        "# T\n\n## Upgrade the client\n\n- Download the newest package\n- Upgrade the client with `rpm -Uvh client.rpm`\n\n{}{}",
        step("Back up the configurations", "./backup.sh"),
        step("Deploy", "./deploy.sh")
    );
    let book = read(&document);
    assert!(book.step_commands().iter().any(|c| c.doubt == Some(Doubt::Step)), "{:?}", book.steps);
    let things = format!(
        "# T\n\n## Step 1: Finish\n\nUnpause these pipelines in this order:\n\n- live\n- manager\n\n```bash\n./scale 2\n```\n\n{}",
        step("Step 2: End", "./end.sh")
    );
    assert_ne!(fate(&things, "Unpause"), Fate::Text);
}

#[test]
fn flags_of_another_system_are_switched_there() {
    let document = format!(
        "# T\n\n{}{}",
        step("Step 1: Switch on", "# Set in the flag system\nnew_catalog=true\nnew_prices=true"),
        step("Step 2: Go", "./go.sh")
    );
    assert_eq!(unasked(&read(&document)), ["./go.sh"]);
    let used = format!("# T\n\n{}", step("Step 1: Go", "shop_color=true\necho $shop_color"));
    assert_eq!(unasked(&read(&used)).len(), 2);
}

#[test]
fn boxes_are_ticked_whatever_their_heading_names() {
    for heading in ["Approvals and freeze", "Cleanup and follow-up"] {
        let document = format!(
            "# T\n\n{}## {heading}\n\n- [ ] Freeze is announced\n- [ ] Runbook is updated\n",
            step("Deploy", "./deploy.sh")
        );
        let items: usize = read(&document).checklists.iter().map(|list| list.items.len()).sum();
        assert_eq!(items, 2, "{heading}");
    }
    let some = format!(
        "# T\n\n## Checklist\n\n### Balancer (if enabled)\n\n- [ ] No balancing runs\n\n{}",
        step("Deploy", "./deploy.sh")
    );
    assert!(read(&some).checklists[0].items[0].optional);
}

#[test]
fn a_problem_told_in_boxes_says_what_to_do() {
    let document = format!(
        "# T\n\n{}### If the deployment fails\n\n- [ ] Stop the launch\n- [ ] Tell the approver\n",
        step("Deploy", "./deploy.sh")
    );
    let book = read(&document);
    assert_eq!(book.troubleshooting.len(), 1);
    assert_eq!(book.troubleshooting[0].solution.iter().map(|b| b.notes.len()).sum::<usize>(), 2);
}

#[test]
fn a_restore_within_the_way_back_is_asked_about() {
    let document = format!(
        "# T\n\n{}## Rollback procedures\n\n### Application\n\n```bash\n./back.sh\n```\n\n### Data restoration\n\n```bash\npg_restore -d shop --clean shop.dump\n```\n",
        step("Deploy", "./deploy.sh")
    );
    let book = read(&document);
    let restore = back(&book).into_iter().find(|c| c.text.starts_with("pg_restore")).unwrap();
    assert!(restore.doubt.is_some() || restore.condition.is_some());
    // Where nothing else is gone back by, it is what is meant.
    let whole = format!(
        "# T\n\n{}## Rollback\n\n### Restore\n\n```bash\ngunzip -c b.sql.gz >data\n```\n",
        step("Deploy", "./deploy.sh")
    );
    let book = read(&whole);
    assert!(back(&book).iter().all(|c| c.doubt.is_none() && c.condition.is_none()));
}
