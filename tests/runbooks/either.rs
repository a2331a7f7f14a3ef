//! Ways to the same thing that nothing but a word tells apart, and what strangers' runbooks say of problems and of what
//! has to be there without a list that holds it.

use gonogo::runbook::{Due, Fate, Runbook, read};

use super::support::{fate, step};

fn ways(book: &Runbook) -> Vec<(String, String)> {
    let commands = book.step_commands();
    commands.into_iter().filter_map(|c| Some((c.text.clone(), c.way.clone()?.name))).collect()
}

#[test]
fn items_that_or_joins_are_ways() {
    for or in ["or", "oder", "ou", "или", "或"] {
        let document = format!(
            "# Ledger\n\n## Steps\n\n1. Restart it:\n   - `systemctl restart ledger` {or}\n   - `docker compose restart ledger`\n2. Look: `curl -fsS http://localhost/health`\n"
        );
        let book = read(&document);
        let ways = ways(&book);
        assert_eq!(ways.len(), 2, "{or}: {ways:?}");
        assert_eq!(ways[0].1, "systemctl restart ledger", "{or}");
        assert!(book.step_commands().iter().any(|c| c.text.starts_with("curl") && c.way.is_none()), "{or}");
    }
}

#[test]
fn a_way_by_hand_stands_beside_the_one_by_commands() {
    for (panel, server) in [
        ("From the panel", "From the server, without waiting for the robot"),
        ("Desde el panel", "Desde el servidor, sin esperar al robot"),
        ("Über die Weboberfläche", "Über die Kommandozeile"),
        ("通过控制台", "通过命令行"),
    ] {
        let document = format!(
            "# Ship\n\n## Deploy\n\n### {panel}\n\nPress Publish.\n\n### {server}\n\n```bash\ndocker compose up -d\n```\n"
        );
        assert_eq!(ways(&read(&document)).len(), 2, "{panel}");
    }
    let machines = "# Move\n\n## Move the data\n\n### From the old server\n\n```bash\n./dump.sh\n```\n\n### From the new server\n\n```bash\n./load.sh\n```\n";
    assert!(ways(&read(machines)).is_empty());
}

#[test]
fn what_is_done_for_one_kind_of_users_is_asked_about() {
    let rollback = "# Ledger\n\n## Upgrade\n\n```bash\nsystemctl restart ledger\n```\n\n## Rollback\n\n### Pilot users\n\n```bash\nrm -rf ~/.ledger/data\n```\n\n### Manual users\n\n```bash\n./ledgerd rollback\n```\n";
    let book = read(rollback);
    let commands: Vec<_> = book.rollback.steps.iter().flat_map(|step| step.commands()).collect();
    assert_eq!(commands.len(), 2);
    assert!(commands.iter().all(|c| c.doubt.is_some() || c.asked_with.is_some()), "{commands:?}");
    let told = format!(
        "# T\n\n## Deploy\n\n#{}#{}",
        step("Notify users", "./tell.sh"),
        step("Migrate users", "./m.sh")
    );
    let book = read(&told);
    assert!(book.step_commands().iter().all(|c| c.doubt.is_none()));
}

#[test]
fn an_alternative_command_is_none_besides_the_one_above_it() {
    for label in [
        "代替コマンド (`-b` オプション):",
        "替代命令：",
        "Commande alternative :",
        "Alternativbefehl:",
        "Альтернативная команда:",
    ] {
        let document = format!(
            "# Shop\n\n## Step 1: Branch\n\n```bash\ngit checkout -B feature/shop origin/develop\n```\n\n**{label}**\n\n```bash\ngit checkout -b feature/shop origin/develop\n```\n"
        );
        let book = read(&document);
        let free = book.step_commands().into_iter().filter(|c| c.way.is_none() && !c.is_one_way()).count();
        assert_eq!(free, 0, "{label}");
    }
}

#[test]
fn a_later_version_in_the_rollback_is_no_previous_one() {
    let document = |back: &str| {
        format!(
            "# Release\n\n{}## Rollback\n\n```bash\ngit checkout {back}\n```\n",
            step("Step 1: Tag", "git tag v1.4.0\ngit push origin v1.4.0")
        )
    };
    let names = |back: &str| -> Vec<String> {
        read(&document(back)).parameters.iter().map(|p| p.name.clone()).collect()
    };
    assert_eq!(names("v1.3.9"), ["version", "previous version"]);
    assert_eq!(names("v1.4.1"), ["version", "rollback version"]);
    assert_eq!(names("v1.10.0"), ["version", "rollback version"]);
}

#[test]
fn labels_of_their_own_lines_name_problems() {
    let document = format!(
        "# Shop\n\n{}## Troubleshooting\n\n**The build fails:**\n- Check the log of the runner\n- Ensure `go.mod` is up to date\n\n**The program won't run:**\n- Check the mode: `chmod +x shop`\n",
        step("Step 1: Start", "make up")
    );
    let book = read(&document);
    let found = &book.troubleshooting;
    let names: Vec<&str> = found.iter().map(|p| p.problem.as_str()).collect();
    assert_eq!(names, ["The build fails", "The program won't run"]);
    assert_eq!(found[0].solution.iter().map(|b| b.notes.len()).sum::<usize>(), 2);
    assert_eq!(found[1].solution[0].commands[0].text, "chmod +x shop");
    // A label such as "Cause" names none.
    let one = format!(
        "# Shop\n\n{}## Troubleshooting\n\n### It is down\n\n**Symptoms:**\n- 502\n\n**Fix:**\n- Restart it\n",
        step("Step 1: Start", "make up")
    );
    assert_eq!(read(&one).troubleshooting.len(), 1);
}

#[test]
fn what_a_symptom_shows_is_no_command() {
    for label in ["Symptom", "Symptoms", "Fehlermeldung", "Симптомы", "症状"] {
        let document = format!(
            "# Shop\n\n{}## Troubleshooting\n\n### It is down\n\n**{label}:**\n```\npm2 status: errored, restart: 10\n```\n\n**Solution:**\n```bash\npm2 delete shop\n```\n",
            step("Step 1: Start", "make up")
        );
        let book = read(&document);
        let problem = &book.troubleshooting[0];
        assert!(problem.check.iter().all(|block| block.commands.is_empty()), "{label}");
        assert_eq!(problem.solution[0].commands[0].text, "pm2 delete shop", "{label}");
    }
}

#[test]
fn what_has_to_be_there_is_listed_where_no_box_holds_it() {
    let domains = format!(
        "# Shop\n\n## Prerequisites\n\n### Domains\n\nSet the DNS records at your registrar:\n\n```\nshop.example   A   203.0.113.7\n```\n\n{}",
        step("1. Install", "docker compose up -d")
    );
    assert_eq!(fate(&domains, "Set the DNS"), Fate::Unclaimed);
    let fenced = format!(
        "# Shop\n\n{}## Checklist\n\n```markdown\n- [ ] Backup is there\n- [ ] Secrets are set\n```\n",
        step("Step 1: Start", "make up")
    );
    assert_eq!(fate(&fenced, "Backup is there"), Fate::Unclaimed);
    let plain = format!(
        "# Shop\n\n## Prerequisites\n\nComplete all of these before you start:\n\n- [ ] Backup is there\n\n{}",
        step("1. Install", "docker compose up -d")
    );
    assert_eq!(fate(&plain, "Complete all"), Fate::Text);
}

#[test]
fn several_problems_under_one_heading_are_told_apart() {
    let counted = format!(
        "# Shop\n\n{}## Troubleshooting\n\n### Common problems\n\n#### 1. **Relay does not start**\n\n```bash\nkubectl logs relay-0\n```\n\n#### 2. **Slow queues**\n\n```bash\nsystemctl restart queues\n```\n",
        step("Step 1: Start", "make up")
    );
    let names = |document: &str| -> Vec<String> {
        read(document).troubleshooting.iter().map(|p| p.problem.clone()).collect()
    };
    assert_eq!(names(&counted), ["1. Relay does not start", "2. Slow queues"]);
    let told = counted
        .replace("Relay does not start", "Look at the relay")
        .replace("Slow queues", "Restart the queues");
    assert_eq!(names(&told), ["Common problems"]);
    let symptoms = format!(
        "# Shop\n\n{}## Troubleshooting\n\n### Build and deploy\n\n**Symptom:** the build fails\n\n```bash\nmake clean\n```\n\n**Symptom:** upload refused with 403\n\n```bash\naws sts get-caller-identity\n```\n",
        step("Step 1: Start", "make up")
    );
    assert_eq!(names(&symptoms), ["the build fails", "upload refused with 403"]);
    let one = symptoms.replace("**Symptom:** upload refused with 403", "**Fix:** once more");
    assert_eq!(names(&one), ["Build and deploy"]);
}

#[test]
fn a_list_that_words_put_before_something_is_not_left_for_the_end() {
    for lead in [
        "Before merging a migration, confirm:",
        "Vor dem Zusammenführen bestätigen:",
        "Avant la fusion, confirmer :",
    ] {
        let document = format!(
            "# Shop\n\n{}## Migration checklist\n\n{lead}\n\n- [ ] It only adds\n- [ ] It can run twice\n",
            step("Deploy", "./deploy.sh")
        );
        assert_eq!(read(&document).checklists[0].due, Due::Start, "{lead}");
    }
    let end = format!(
        "# Shop\n\n{}## Checklist\n\nConfirm:\n\n- [ ] Users can order\n",
        step("Deploy", "./deploy.sh")
    );
    assert_eq!(read(&end).checklists[0].due, Due::End);
}

#[test]
fn what_a_window_lists_is_looked_at_or_told_as_left_out() {
    let document = |title: &str| {
        format!(
            "# Shop\n\n{}## {title}\n\n- Users can order\n- Error rate\n\nDashboards:\n\n- https://grafana.example/d/1\n",
            step("Step 1: Ship", "./ship.sh")
        )
    };
    let known = document("Monitoring (first 2 hours)");
    let items: Vec<String> = read(&known).monitoring[0].items.iter().map(|i| i.text.clone()).collect();
    assert_eq!(items, ["Users can order", "Error rate"]);
    assert_eq!(fate(&known, "grafana"), Fate::Text);
    let open = document("Monitoring");
    assert!(read(&open).monitoring[0].items.is_empty());
    assert_eq!(fate(&open, "Users can order"), Fate::NotUnderstood);
    assert_eq!(fate(&open, "grafana"), Fate::Text);
}

#[test]
fn criteria_keep_their_words_in_any_script() {
    for (heading, words) in [
        ("Критерии успеха", "Заказы проходят"),
        ("成功标准", "用户可以下单"),
        ("Success criteria", "✅ Users can order"),
    ] {
        let document = format!("# Shop\n\n{}## {heading}\n\n- {words}\n", step("Step 1: Ship", "./ship.sh"));
        let book = read(&document);
        let told = book.success.iter().map(|c| c.text.clone()).collect::<Vec<_>>();
        assert_eq!(told, [words.trim_start_matches("✅ ")], "{heading}");
    }
}

#[test]
fn what_comes_after_all_of_it_is_asked_for_at_the_end() {
    for heading in ["After the update", "После обновления", "Nach dem Update", "Après la mise à jour"]
    {
        let document = format!(
            "# Shop\n\n{}## {heading}\n\n- Restart the workers by hand\n- The site answers\n",
            step("Step 1: Ship", "./ship.sh")
        );
        let book = read(&document);
        let list = &book.checklists[0];
        assert_eq!((list.due.clone(), list.items.len()), (Due::End, 2), "{heading}");
    }
    let told = format!(
        "# Shop\n\n{}## After the release\n\n- The old service is gone\n- Logs of both are kept\n",
        step("Step 1: Ship", "./ship.sh")
    );
    assert!(read(&told).checklists.is_empty());
}

#[test]
fn what_has_to_be_so_before_the_steps_is_listed() {
    for words in [
        "Version 1.4 of the shop must be deployed before rolling out this change.",
        "Die Version 1.4 muss vor dem Update installiert sein.",
        "Version 1.4 должна быть установлена до обновления.",
    ] {
        let document =
            format!("# Shop\n\n## Dependencies\n\n{words}\n\n{}", step("Step 1: Ship", "./ship.sh"));
        assert_eq!(fate(&document, words), Fate::Unclaimed, "{words}");
    }
    let told = format!(
        "# Shop\n\n## Background\n\nThe shop must answer at night.\n\n{}",
        step("Step 1: Ship", "./ship.sh")
    );
    assert_eq!(fate(&told, "at night"), Fate::Text);
}
