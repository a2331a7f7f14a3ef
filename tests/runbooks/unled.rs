//! Shapes in which strangers' runbooks lost something without a word, or ran what they should not: code without a
//! fence, tables of steps, places, problems that are counted, words that wait.

use gonogo::runbook::doubt::Doubt;
use gonogo::runbook::{Fate, Runbook, read};

use super::support::{fate, step, unasked};

fn titles(book: &Runbook) -> Vec<String> {
    book.all_steps().into_iter().map(|s| s.title.clone()).collect()
}

fn doubts(book: &Runbook) -> Vec<Doubt> {
    book.step_commands().into_iter().filter_map(|c| c.doubt).collect()
}

#[test]
fn indented_code_is_read_as_a_fence_without_a_language() {
    let document = format!(
        "# Shop\n\n## Update the code\n\n    git pull\n    npm ci\n\n{}",
        step("Restart", "./ctl restart")
    );
    assert_eq!(unasked(&read(&document)), ["git pull", "npm ci", "./ctl restart"]);
    let unknown = "# Renew\n\n## Steps\n\nLoad them:\n\n    iptables-restore /etc/rules\n\nCall it:\n\n    ./renew.sh --force\n";
    assert_eq!(unasked(&read(unknown)), ["iptables-restore /etc/rules", "./renew.sh --force"]);
    let shown = "# Renew\n\n## Steps\n\n```bash\n./renew.sh\n```\n\nIt looks like this:\n\n    Problem binding to port 443: in use\n";
    assert_eq!(unasked(&read(shown)), ["./renew.sh"]);
}

#[test]
fn a_table_of_steps_is_run_with_or_without_what_is_expected() {
    for header in
        ["Step | Action | Command", "# | Step | Command", "Schritt | Was | Befehl", "Paso | Acción | Comando"]
    {
        let document = format!(
            "# Roll\n\n{}## Step 2: Ship\n\n| {header} |\n|---|---|---|\n| 1 | Migrate | `./migrate.sh` |\n| 2 | Switch | `shopctl switch` |\n",
            step("Step 1: Build", "./build.sh")
        );
        let book = read(&document);
        assert_eq!(unasked(&book), ["./build.sh", "./migrate.sh", "shopctl switch"], "{header}");
        assert_eq!(titles(&book), ["Build", "Ship", "Migrate", "Switch"], "a number is no name: {header}");
    }
}

#[test]
fn a_row_that_goes_back_or_waits_is_no_plain_step() {
    let document = "# Roll\n\n## Sequence\n\n| # | Step | Command | Expected |\n|---|---|---|---|\n| 1 | Migrate | `./migrate.sh` | done |\n\
                    | 2 | Canary | After 24 h: `./flags.sh on` | on |\n| 3 | Rollback (if needed) | `./flags.sh off` | off |\n";
    let book = read(document);
    assert_eq!(unasked(&book), ["./migrate.sh"]);
    assert_eq!(titles(&book), ["Sequence", "Migrate", "Canary"]);
    assert_eq!(book.rollback.steps[0].commands()[0].text, "./flags.sh off");
}

#[test]
fn a_time_to_wait_stays_in_the_name_and_is_asked() {
    for wait in
        ["After 24h", "after 7 days", "24 hours later", "nach 2 Tagen", "después de 24 horas", "через 2 часа"]
    {
        let document = format!(
            "# Move\n\n{}{}",
            step("Step 1: Switch", "./switch.sh"),
            step(&format!("Step 2: Drop ({wait})"), "dropdb old")
        );
        let book = read(&document);
        assert_eq!(unasked(&book), ["./switch.sh"], "{wait}");
        assert!(titles(&book)[1].contains(wait), "{wait}");
    }
    let takes = format!("# Move\n\n{}", step("Step 1: Switch (10 min)", "./switch.sh"));
    assert_eq!((titles(&read(&takes))[0].as_str(), unasked(&read(&takes)).len()), ("Switch", 1));
}

#[test]
fn what_is_done_by_hand_between_steps_is_asked_about() {
    let document = format!(
        "# Shop\n\n{}## Switch traffic\n\n- Enable double writes in the console\n- Open the new pool\n\n{}",
        step("Deploy", "./deploy.sh"),
        step("Restart", "./ctl restart")
    );
    let book = read(&document);
    assert_eq!(doubts(&book), [Doubt::Step]);
    assert_eq!(unasked(&book), ["./deploy.sh", "./ctl restart"]);
}

#[test]
fn problems_that_are_counted_are_no_procedure() {
    let of = |title: &str, names: [&str; 3]| {
        let each =
            names.iter().enumerate().map(|(at, name)| step(&format!("{}. {name}", at + 1), "./mend.sh"));
        read(&format!("# {title}\n\n{}", each.collect::<String>()))
    };
    for (title, names) in [
        ("Alerts", ["DiskUsageCritical", "PodOomKilled", "BackupTooOld"]),
        ("Shop: incident runbook", ["API is slow", "Queue grows", "Disk is full"]),
        ("Shop", ["API is down", "Disk is full", "Cache is unreachable"]),
        ("Störungshandbuch", ["Datenbank weg", "Platte voll", "Kasse hängt"]),
    ] {
        assert_eq!(doubts(&of(title, names)), [Doubt::Procedure; 3], "{title}");
    }
    for (title, names) in [
        ("Shop: incident runbook", ["Triage", "Mitigation", "Verify"]),
        ("Deploy the shop", ["Build", "Migrate", "Restart"]),
    ] {
        assert_eq!(doubts(&of(title, names)), [], "{title}");
    }
}

#[test]
fn one_of_several_procedures_is_asked_for() {
    let part = |title: &str, command: &str| format!("### Step 1: {title}\n\n```bash\n{command}\n```\n\n");
    let restored = format!(
        "# Operations\n\n## Database recovery\n\n{}## Regional failover\n\n{}## API outage\n\n{}",
        part("Promote", "./promote.sh"),
        part("Point the DNS", "./dns.sh"),
        part("Restart", "./ctl restart")
    );
    assert_eq!(unasked(&read(&restored)), [""; 0]);
    let twice = format!(
        "# Operations\n\n## Zone evacuation\n\n{}## Regional failover\n\n{}",
        part("Promote", "./promote.sh"),
        part("Point the DNS", "./dns.sh")
    );
    assert_eq!(unasked(&read(&twice)), [""; 0]);
    let parts = format!(
        "# Deploy\n\n## Backend\n\n{}## Frontend\n\n{}",
        part("Build", "./build.sh"),
        part("Upload", "./upload.sh")
    );
    assert_eq!(unasked(&read(&parts)), ["./build.sh", "./upload.sh"]);
}

#[test]
fn by_hand_and_by_a_tool_are_ways_of_one_thing() {
    for (tool, hand) in [
        ("Using Ansible", "Manual upgrade"),
        ("With Ansible", "By hand"),
        ("GitHub Actions", "Manual deploy"),
    ] {
        let document = format!(
            "# Shop\n\n## Upgrading\n\n### {tool}\n\n```bash\n./tool.sh\n```\n\n### {hand}\n\n```bash\n./hand.sh\n```\n"
        );
        assert_eq!(unasked(&read(&document)), [""; 0], "{tool}");
    }
}

#[test]
fn what_a_copy_is_kept_for_is_no_condition_of_making_it() {
    for reason in [
        "in case you need to go back",
        "falls man zurück muss",
        "caso precise reverter",
        "si hay que volver atrás",
    ] {
        let document = format!(
            "# Move\n\n{}",
            step("Step 1: Save", &format!("# Save the database ({reason})\ncp a.db a.db.before"))
        );
        assert_eq!(unasked(&read(&document)), ["cp a.db a.db.before"], "{reason}");
    }
    let moved = format!(
        "# Mover\n\n{}",
        step("Step 1: Ir", "# Se transferiu um arquivo, descompactar primeiro\ntar -xzf a.tgz")
    );
    assert_eq!(unasked(&read(&moved)), [""; 0]);
}

#[test]
fn an_occasion_in_a_name_takes_no_step_away() {
    let document = format!(
        "# Failover\n\n{}{}{}## Post-incident tasks\n\n- [ ] All shops answer\n",
        step("Step 1: Stop", "./ctl stop"),
        step("Step 2: Emergency promotion", "./promote.sh"),
        step("Step 3: Incident page", "./page.sh")
    );
    let book = read(&document);
    assert_eq!(unasked(&book), ["./ctl stop", "./promote.sh", "./page.sh"]);
    assert_eq!(book.checklists.iter().map(|list| list.items.len()).sum::<usize>(), 1);
}

#[test]
fn a_label_that_tells_to_do_something_is_no_front_matter() {
    for line in [
        "Warning: stop the writers before you begin.",
        "Afterwards: restart the old nodes by hand.",
        "Important: switch off the cron jobs first.",
    ] {
        let document = format!("# Key\n\n{line}\n\n{}", step("Step 1: Renew", "./renew.sh"));
        assert_eq!(fate(&document, line), Fate::Unclaimed, "{line}");
        assert!(read(&document).front.is_empty(), "{line}");
    }
    let front = format!("# Key\n\nOwner: team shop\n\n{}", step("Step 1: Renew", "./renew.sh"));
    assert_eq!(fate(&front, "Owner"), Fate::Front);
}

#[test]
fn machines_are_told_apart_in_comments_and_headings() {
    for comment in [
        "On the production server",
        "On the test machine",
        "No servidor de produção",
        "En el servidor viejo",
        "Na máquina de teste",
        "Auf dem Produktionsserver",
    ] {
        let document = format!("# Move\n\n{}", step("Step 1: Copy", &format!("# {comment}\n./copy.sh")));
        assert_eq!(unasked(&read(&document)), [""; 0], "{comment}");
    }
    let heading = format!("# Move\n\n{}", step("Step 2: On the production server", "./start.sh"));
    assert_eq!(unasked(&read(&heading)), [""; 0]);
    let all = "# Move\n\n## Steps\n\nThese commands must be run on all nodes of the cluster.\n\n```bash\n./restart.sh\n```\n";
    assert_eq!(unasked(&read(all)), [""; 0]);
}

#[test]
fn nobodys_names_are_asked_for() {
    for command in [
        "cd /caminho/do/projeto",
        "cd /ruta/al/proyecto",
        "scp a.tgz user@server:/tmp/",
        "ssh user@host",
        "rsync -a x usuario@servidor:/srv/",
        "pg_dump -U username dbname",
    ] {
        let book = read(&format!("# T\n\n{}", step("Step 1: Go", command)));
        let commands = book.step_commands();
        assert!(!commands[0].holes.is_empty(), "{command}");
    }
    for command in
        ["ssh deploy@web1", "pg_dump -U shop shop", "ssh user@10.0.0.5", "git clone git@github.com:a/b.git"]
    {
        let book = read(&format!("# T\n\n{}", step("Step 1: Go", command)));
        assert!(book.step_commands()[0].holes.is_empty(), "{command}");
    }
    let wherever =
        read(&format!("# T\n\n{}", step("Step 1: Go", "cd /opt/shop  # or wherever the project is")));
    assert_eq!(doubts(&wherever), [Doubt::PlaceholderOrLiteral]);
}

#[test]
fn what_leads_to_a_look_says_what_is_to_be_seen() {
    for lead in [
        "Confirm containers are healthy:",
        "Verify all containers are up:",
        "Make sure the containers are healthy:",
        "Ensure all pods are Running:",
        "Verificar que los nodos estén listos:",
        "Prüfen, ob alle Knoten bereit sind:",
        "Vérifiez que les conteneurs tournent :",
        "Убедитесь, что все контейнеры работают:",
    ] {
        let document = format!(
            "# T\n\n## Steps\n\n1. Start:\n   ```bash\n   ./up.sh\n   ```\n2. {lead}\n   ```bash\n   docker ps\n   ```\n"
        );
        let book = read(&document);
        let look = book.step_commands().into_iter().find(|c| c.text == "docker ps").unwrap();
        assert_eq!(look.expects.len(), 1, "{lead}");
    }
}

#[test]
fn lines_of_a_file_are_no_commands() {
    let document = format!(
        "# T\n\n{}",
        step(
            "Step 1: Grow",
            "kubectl edit pvc data\n# Increase the size\nspec:\n  resources:\n    storage: 200Gi"
        )
    );
    let book = read(&document);
    assert_eq!(book.step_commands().len(), 1);
    let told = format!(
        "# T\n\n{}",
        step(
            "Step 1: Rename",
            "# Update deploy/shop.yaml\n# Change USER\n\nsed -i 's/a/b/' deploy/shop.yaml\n./apply.sh"
        )
    );
    assert_eq!(unasked(&read(&told)), ["sed -i 's/a/b/' deploy/shop.yaml", "./apply.sh"], "done once");
}

#[test]
fn what_mends_a_problem_is_no_look() {
    let document = format!(
        "# T\n\n{}## Troubleshooting\n\n### Database is corrupt\n\n```bash\ndocker compose down\ncp a.db.before a.db\n```\n",
        step("Deploy", "./deploy.sh")
    );
    let book = read(&document);
    assert!(book.troubleshooting[0].check.is_empty());
    assert_eq!(book.troubleshooting[0].solution.len(), 1);
}

#[test]
fn a_command_in_a_sentence_that_tells_to_run_it_is_listed() {
    let document = format!(
        "# T\n\n{}## Seed\n\nTo fill the tables run:\n`rake db:seed` in the folder\n",
        step("Deploy", "./deploy.sh")
    );
    assert_eq!(fate(&document, "rake db:seed"), Fate::Unclaimed);
}

#[test]
fn the_title_of_the_document_is_no_step() {
    let document = "# Phase 8 rollout\n\n## Preconditions\n\n1. Approval is there.\n\n## Sequence\n\n```bash\n./import.sh\n```\n\n## Phase 9 (after 7 days)\n\nRun the cleanup by hand.\n";
    let book = read(document);
    assert_eq!(titles(&book), ["Sequence"]);
    assert_eq!(book.checklists[0].items.len(), 1);
    assert_eq!(fate(document, "Run the cleanup"), Fate::Unclaimed);
}

#[test]
fn what_is_required_is_listed_below_headings_too() {
    let document = format!(
        "# T\n\n## Prerequisites\n\n### Your machine\n\n- SSH access\n- Ruby 3\n\n{}",
        step("Deploy", "./deploy.sh")
    );
    assert_eq!(read(&document).checklists[0].items.len(), 2);
}
