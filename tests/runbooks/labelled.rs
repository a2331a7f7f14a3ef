//! Labels over lists that name ways, what stands behind them, steps that are counted whatever they are called, and what
//! lists of conditions, of tidying up and of sign-offs hold.

use gonogo::runbook::{Command, Due, Fate, Runbook, read};

use super::support::{fate, unasked};

const FENCE: &str = "```";

/// A document with these steps and what follows them.
fn shop(body: &str) -> Runbook {
    read(&page(body))
}

fn page(body: &str) -> String {
    format!("# Shop\n\n## Deployment\n\n{}\n", body.replace("~~~", FENCE))
}

/// Each command with the way that it is one of, or nothing.
fn ways(commands: &[&Command]) -> Vec<(String, String)> {
    let way = |c: &&Command| c.way.as_ref().map_or(String::new(), |way| way.name.clone());
    commands.iter().map(|c| (c.text.clone(), way(c))).collect()
}

fn all_of(book: &Runbook, texts: &[(&str, &str)]) {
    let texts: Vec<_> = texts.iter().map(|(text, way)| ((*text).to_owned(), (*way).to_owned())).collect();
    assert_eq!(ways(&book.step_commands()), texts);
}

#[test]
fn labels_over_lists_are_ways() {
    let book = shop(
        "Build it:\n\n~~~bash\nmake image\n~~~\n\n**Option A: rolling**\n\n1. Drain it: `kubectl drain node1`\n2. Tell support\n\n**Option B: anew**\n\n1. Delete it: `kubectl delete pod web`\n2. Apply it: `kubectl apply -f b.yaml`",
    );
    all_of(
        &book,
        &[
            ("make image", ""),
            ("kubectl drain node1", "Option A: rolling"),
            ("Tell support", "Option A: rolling"),
            ("kubectl delete pod web", "Option B: anew"),
            ("kubectl apply -f b.yaml", "Option B: anew"),
        ],
    );
    let groups = book
        .step_commands()
        .iter()
        .filter_map(|c| c.way.as_ref())
        .map(|w| w.group.clone())
        .collect::<std::collections::BTreeSet<_>>();
    assert_eq!(groups.len(), 1);
    for (one, other) in [
        ("**Without a proxy**", "**With a proxy**"),
        ("**Docker**", "**Kubernetes**"),
        ("**方案一：滚动**", "**方案二：重建**"),
        ("Option 1", "Option 2"),
    ] {
        let book = shop(&format!("{one}\n\n- `make one`\n- `make two`\n\n{other}\n\n- `make three`"));
        let ways = ways(&book.step_commands());
        assert!(ways.iter().all(|(_, way)| !way.is_empty()), "{one}: {ways:?}");
    }
    let book = shop("**Node 1**\n\n- `make one`\n\n**Node 2**\n\n- `make two`");
    assert!(ways(&book.step_commands()).iter().all(|(_, way)| way.is_empty()));
}

#[test]
fn items_that_name_a_way_hold_what_is_listed_in_them() {
    let list = "- **Option A: Docker**\n  1. `docker compose pull`\n  2. Tell support\n- **Option B: systemd**\n  1. `systemctl stop shop`\n  2. `systemctl start shop`\n\nLook at it:\n\n~~~bash\ncurl -fs localhost\n~~~";
    all_of(
        &shop(list),
        &[
            ("docker compose pull", "Option A: Docker"),
            ("Tell support", "Option A: Docker"),
            ("systemctl stop shop", "Option B: systemd"),
            ("systemctl start shop", "Option B: systemd"),
            ("curl -fs localhost", ""),
        ],
    );
    let book = shop(&format!("~~~bash\nmake\n~~~\n\n## Rollback\n\n{list}"));
    let back: Vec<&Command> = book.rollback.steps.iter().flat_map(|step| step.commands()).collect();
    assert_eq!(ways(&back).iter().filter(|(_, way)| way.starts_with("Option")).count(), 4);
}

#[test]
fn what_stands_behind_the_last_way_is_of_all_of_them_or_asked() {
    let two = "**Option A: Docker**\n\n~~~bash\ndocker compose up -d\n~~~\n\n**Option B: systemd**\n\n~~~bash\nsystemctl restart shop\n~~~\n\n";
    for lead in
        ["In both cases, clear the cache:", "In jedem Fall den Cache leeren:", "无论哪种方式，清理缓存："]
    {
        let book = shop(&format!("{two}{lead}\n\n~~~bash\nmake clear\n~~~"));
        let all = book.step_commands();
        let clear = all.iter().find(|c| c.text == "make clear").unwrap();
        assert!(clear.way.is_none() && clear.doubt.is_none(), "{lead}");
    }
    for lead in ["Afterwards, clear the cache:", "Danach den Cache leeren:", "最后，清理缓存："] {
        let book = shop(&format!("{two}{lead}\n\n~~~bash\nmake clear\n~~~"));
        let all = book.step_commands();
        let clear = all.iter().find(|c| c.text == "make clear").unwrap();
        assert!(clear.way.is_none() && clear.doubt.is_some(), "{lead}");
    }
    // A label as those of the ways are, or a further fence, is of the last or of all.
    let plain = "With Docker:\n\n~~~bash\ndocker compose up -d\n~~~\n\nWithout Docker:\n\n~~~bash\nsystemctl restart shop\n~~~\n\n";
    for behind in ["Check the logs:\n\n~~~bash\nmake clear\n~~~", "~~~bash\nmake clear\n~~~"] {
        let book = shop(&format!("{plain}{behind}"));
        let all = book.step_commands();
        let clear = all.iter().find(|c| c.text == "make clear").unwrap();
        assert!(clear.way.is_none() && clear.doubt.is_some(), "{behind}");
        assert_eq!(ways(&all).iter().filter(|(_, way)| !way.is_empty()).count(), 2, "{behind}");
    }
    let book = shop(&format!("{plain}In both cases:\n\n~~~bash\nmake clear\n~~~"));
    assert!(book.step_commands().iter().all(|c| c.doubt.is_none()));
    // What is counted or in rows further down is of none of them.
    let book = shop(&format!(
        "{two}Afterwards, clear the cache:\n\n~~~bash\nmake clear\n~~~\n\n1. Migrate: `./migrate.sh`\n2. Tell support"
    ));
    let asked: Vec<bool> =
        book.step_commands().iter().map(|c| c.doubt.is_some() || c.asked_with.is_some()).collect();
    assert_eq!(asked, [false, false, true, false, false]);
    // Where each of them goes on in these words, so does the last.
    let each = two.replace("~~~\n\n**", "~~~\n\nThen look:\n\n~~~bash\nmake look\n~~~\n\n**");
    let book = shop(&format!("{each}Then warm it:\n\n~~~bash\nmake warm\n~~~"));
    assert!(ways(&book.step_commands()).iter().all(|(_, way)| !way.is_empty()));
}

#[test]
fn words_that_ask_to_choose_lead_to_ways() {
    for lead in ["Either:", "Choose one of the following:", "Entweder:", "二选一："] {
        let book = shop(&format!(
            "{lead}\n\n1. `make one`\n2. Switch the record by hand\n\nThen:\n\n1. `make three`"
        ));
        let ways = ways(&book.step_commands());
        let names: Vec<bool> = ways.iter().map(|(_, way)| !way.is_empty()).collect();
        assert_eq!(names, [true, true, false], "{lead}: {ways:?}");
    }
    let book = shop("1. Use either of these:\n   - `make alpha`\n   - `make beta`\n2. `make gamma`");
    let names: Vec<bool> = ways(&book.step_commands()).iter().map(|(_, way)| !way.is_empty()).collect();
    assert_eq!(names, [true, true, false]);
}

#[test]
fn what_is_only_for_a_place_is_asked_and_what_is_forbidden_there_as_well() {
    for title in ["Only on staging", "Nur auf Staging", "Uniquement sur la préproduction", "只在测试环境"]
    {
        for document in [
            format!("~~~bash\nmake\n~~~\n\n!!! danger \"{title}\"\n    ~~~bash\n    make seed\n    ~~~"),
            format!("~~~bash\nmake\n~~~\n\n> [!CAUTION]\n> **{title}**\n>\n> ~~~bash\n> make seed\n> ~~~"),
            format!("~~~bash\nmake\n\n# {title}\nmake seed\n~~~"),
        ] {
            assert_eq!(unasked(&shop(&document)), ["make"], "{document}");
        }
    }
    let book = shop(
        "~~~bash\nmake\n~~~\n\n## Rollback\n\n~~~bash\nln -sfn old current\n# DO NOT run this on the primary\nrm -rf /opt/data\n~~~",
    );
    let back: Vec<&Command> = book.rollback.steps.iter().flat_map(|step| step.commands()).collect();
    assert_eq!(back.iter().map(|c| c.doubt.is_some()).collect::<Vec<_>>(), [false, true]);
    // On failure is for another day.
    for lead in ["On failure, promote the other one:", "Upon failure:", "Bei Fehlern auf dem anderen Knoten:"]
    {
        let book = shop(&format!("~~~bash\nmake\n~~~\n\n{lead}\n\n~~~bash\npg_ctl promote\n~~~"));
        assert_eq!(unasked(&book), ["make"], "{lead}");
    }
}

#[test]
fn counted_steps_are_steps_whatever_they_are_called() {
    let book = read(&format!(
        "# Upgrade\n\n## Step 1: Read the release notes\n\nRead them and note what changes.\n\n## Step 2: Back up\n\n{FENCE}bash\npg_dump shop > a.sql\n{FENCE}\n\n## Step 3: Notify the contacts\n\nSend a mail with the new version.\n"
    ));
    let steps: Vec<(String, usize)> =
        book.steps.iter().map(|s| (s.title.clone(), s.commands().len())).collect();
    assert_eq!(
        steps,
        [("Read the release notes".into(), 1), ("Back up".into(), 1), ("Notify the contacts".into(), 1)]
    );
    for (title, rollback) in [
        ("Durchführung", "Rückweg"),
        ("Déroulement", "Plan de repli"),
        ("Esecuzione", "Piano di rientro"),
        ("执行", "回切"),
    ] {
        let book = read(&format!(
            "# Wartung\n\n## 1. {title}\n\n{FENCE}bash\nmake\n{FENCE}\n\n## 2. {rollback}\n\n{FENCE}bash\nmake back\n{FENCE}\n"
        ));
        assert_eq!(unasked(&book), ["make"], "{title}");
        assert_eq!(book.rollback.steps.len(), 1, "{rollback}");
    }
}

#[test]
fn conditions_in_lists_are_kept_with_what_they_are_for() {
    let book = shop(
        "- `docker compose up -d`\n- If the database was migrated, restore the dump\n- Only when the cache is stale: clear it\n\n~~~bash\nmake last\n~~~",
    );
    let told: Vec<(String, bool)> =
        book.step_commands().iter().map(|c| (c.text.clone(), c.condition.is_some())).collect();
    assert_eq!(
        told,
        [
            ("docker compose up -d".to_owned(), false),
            ("If the database was migrated, restore the dump".to_owned(), true),
            ("Only when the cache is stale: clear it".to_owned(), true),
            ("make last".to_owned(), false),
        ]
    );
    // None of them is a reason to go back.
    let book = shop(
        "~~~bash\nmake\n~~~\n\n## Rollback\n\n- `make back`\n- Only when the cache is stale: clear it\n- Roll back when: errors rise above 5 %",
    );
    let triggers: Vec<&str> = book.rollback.triggers.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(triggers, ["errors rise above 5 %"]);
}

#[test]
fn lists_beside_the_steps_are_ticked_or_listed() {
    let document = page(
        "~~~bash\nmake\n~~~\n\n- Dienste stoppen\n\n## Cleanup\n\n- Remove old images\n- Delete the user: `dropuser tmp`\n\n## Abnahme\n\n- Startseite öffnen\n\n## Sign-off\n\n- [ ] Tech lead approves\n- [ ] Remove the maintenance page\n\n## Follow-up\n\n1. Close the ticket\n2. Update the wiki\n\n## 后续\n\n- 清理旧镜像",
    );
    for line in ["Dienste stoppen", "Remove old images", "dropuser tmp", "Close the ticket", "清理旧镜像"]
    {
        assert_eq!(fate(&document, line), Fate::Unclaimed, "{line}");
    }
    let book = read(&document);
    let ticked: Vec<&str> = book
        .checklists
        .iter()
        .filter(|l| l.due == Due::End)
        .flat_map(|l| &l.items)
        .map(|i| i.text.as_str())
        .collect();
    assert_eq!(ticked, ["Startseite öffnen", "Tech lead approves", "Remove the maintenance page"]);
}

#[test]
fn how_long_something_is_expected_to_take_is_nothing_to_be_seen() {
    let book = shop(
        "| Step | Command | Expected duration | Expected result |\n|---|---|---|---|\n| 1 | `make build` | 5 min | exit code 0 |\n| 2 | `make deploy` | 2 min | `deployed` |",
    );
    let expects: Vec<Vec<String>> =
        book.step_commands().iter().map(|c| c.expects.iter().map(|e| e.text.clone()).collect()).collect();
    assert_eq!(expects, [["exit code 0"], ["`deployed`"]]);
}
