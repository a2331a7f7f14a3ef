//! Places that words name, ways that bullets are, and numbered headings that alone tell what is done.

use gonogo::runbook::model::Runbook;
use gonogo::runbook::read;
use gonogo::shell::Kind;

/// The commands of the steps with the condition of each, `-` for none.
fn conditions(book: &Runbook) -> Vec<(&str, &str)> {
    let commands = book.step_commands().into_iter().filter(|c| c.kind != Kind::Manual);
    commands.map(|c| (c.text.as_str(), c.condition.as_deref().unwrap_or("-"))).collect()
}

#[test]
fn items_name_the_machine_that_they_are_done_on() {
    let book = read(
        "# Shop\n\n## Steps\n\n1. Putty to node 1 (10.0.0.1):\n   ```bash\n   service app stop\n   ```\n\
         2. Move the folder:\n   ```bash\n   mv app app-old\n   ```\n\
         3. Putty to node 2 (10.0.0.2):\n   ```bash\n   service app stop\n   kubectl get pods\n   ```\n",
    );
    assert_eq!(
        conditions(&book),
        [
            ("service app stop", "Putty to node 1 (10.0.0.1):"),
            ("mv app app-old", "Putty to node 1 (10.0.0.1):"),
            ("service app stop", "Putty to node 2 (10.0.0.2):"),
            ("kubectl get pods", "-"),
        ]
    );
}

#[test]
fn marks_of_items_are_places() {
    let book = read(
        "# Shop\n\n## Steps\n\n1. (`laptop#`) Load it.\n   ```bash\n   ./load.sh\n   ```\n\
         2. (`box#`) Format the disk.\n   ```bash\n   mkfs.ext4 /dev/sdb\n   ```\n",
    );
    let asked: Vec<bool> = conditions(&book).iter().map(|(_, c)| c.contains('#')).collect();
    assert_eq!(asked, [true, true]);
}

#[test]
fn the_server_is_a_place_where_another_is_named() {
    let body = |first: &str, second: &str| {
        format!(
            "# Shop\n\n## Step 1: Build\n\n{first}\n\n```bash\nmake app\n```\n\n\
             ## Step 2: Migrate\n\n{second}\n\n```bash\nmake migrate\n```\n"
        )
    };
    for (first, second) in [
        ("### On your own computer:", "### On the server:"),
        ("On your own computer:", "Sur le serveur :"),
        (
            "On a machine with internet access:",
            "Once loaded, copy it, then on the offline server run in /opt:",
        ),
        ("在一台能够访问互联网的服务器上执行：", "然后在离线服务器/opt目录下执行："),
        ("Sur votre machine :", "### Via Terminal SSH (si disponible)"),
    ] {
        let book = read(&body(first, second));
        assert!(conditions(&book).iter().all(|(_, c)| *c != "-"), "{first} {second} {:?}", conditions(&book));
    }
    let book = read(&body("Build it:", "On the server:"));
    assert_eq!(conditions(&book), [("make app", "-"), ("make migrate", "-")]);
}

#[test]
fn a_connection_of_the_step_itself_is_no_other_place() {
    let book =
        read("# Shop\n\n## Steps\n\n1. On node 2:\n   ```bash\n   ssh ops@node2\n   make up\n   ```\n");
    assert!(conditions(&book).iter().all(|(_, c)| !c.contains("node 2") || c.contains("On node 2")));
    let book = read(
        "# Shop\n\n## Steps\n\n### 1. Drain\n\nDrain it on the `web` node now:\n\n```bash\nkubectl drain web\n```\n",
    );
    assert_eq!(conditions(&book), [("kubectl drain web", "-")]);
}

#[test]
fn bullets_that_are_opposites_are_ways() {
    let book = read(
        "# Shop\n\n## Steps\n\n1. Load the archive.\n\n   - Without proxy:\n\n     ```bash\n     curl -O https://shop.example/a\n     ```\n\n\
         \u{20}  - With https proxy:\n\n     ```bash\n     https_proxy=http://p.example curl -O https://shop.example/a\n     ```\n",
    );
    let ways: Vec<_> =
        book.step_commands().into_iter().filter(|c| c.kind != Kind::Manual).map(|c| c.way.clone()).collect();
    let groups: Vec<_> = ways.iter().flatten().map(|w| w.group.as_str()).collect();
    assert!(groups.len() == 2 && groups[0] == groups[1], "{ways:?}");
}

#[test]
fn a_recommendation_in_a_sentence_makes_no_choice() {
    let book = read(
        "# Shop\n\n## Steps\n\n1. Change the password in a dry run:\n   ```bash\n   ./password --dry\n   ```\n\
         2. Change the password (you will be asked to type it, so it is **recommended** that you turn off the recording):\n   ```bash\n   ./password\n   ```\n\
         3. Confirm the password:\n   ```bash\n   ./confirm\n   ```\n",
    );
    assert!(book.step_commands().iter().all(|c| c.way.is_none()));
}

#[test]
fn an_item_that_takes_back_an_earlier_one_is_a_step() {
    let book = read(
        "# Shop\n\n## Steps\n\n1. Undo the disablement of the agent on all hosts:\n   ```bash\n   ./agent.sh --on\n   ```\n\
         1. Run the agent:\n   ```bash\n   ./agent.sh --run\n   ```\n",
    );
    assert_eq!(conditions(&book).len(), 2);
    assert!(book.rollback.steps.is_empty());
}

#[test]
fn the_condition_of_a_heading_holds_besides_that_of_a_comment() {
    let book = read(
        "# Shop\n\n## Step 1: Start\n\n### If PM2 is used:\n\n```bash\n# If there is a file of it:\npm2 restart shop.js\n```\n",
    );
    let (_, condition) = conditions(&book)[0];
    assert!(condition.contains("If PM2 is used") && condition.contains("If there is a file"), "{condition}");
}

#[test]
fn a_numbered_heading_alone_is_done_by_hand() {
    let book = read(
        "# Shop\n\n## Step 1: Build\n\n```bash\nmake\n```\n\n## Step 2: Start the registry\n\n## Step 3: Look\n\n```bash\nmake check\n```\n",
    );
    let manual: Vec<&str> = book
        .step_commands()
        .into_iter()
        .filter(|c| c.kind == Kind::Manual)
        .map(|c| c.text.as_str())
        .collect();
    assert_eq!(manual, ["Start the registry"]);
}

#[test]
fn bullets_below_either_or_are_ways() {
    let book = read(
        "# Shop\n\n## Steps\n\n1. Use either the **Internal** or the **Stick** option below.\n\n   - **Internal**\n\n     ```bash\n     mount /dev/sda /mnt\n     ```\n\n\
         \u{20}  - **Stick**\n\n     ```bash\n     mkfs.ext4 /dev/sdb\n     ```\n\n1. Go on.\n\n   ```bash\n   make up\n   ```\n",
    );
    let commands = book.step_commands().into_iter().filter(|c| c.kind != Kind::Manual);
    let groups: Vec<Option<&str>> = commands.map(|c| c.way.as_ref().map(|w| w.group.as_str())).collect();
    assert!(
        groups.len() == 3 && groups[0].is_some() && groups[0] == groups[1] && groups[2].is_none(),
        "{groups:?}"
    );
}

#[test]
fn what_is_foretold_is_nobodys_work() {
    let book = read(
        "# Shop\n\n## Step 1: Push\n\n```bash\ngit push\n```\n\n## Step 2: Watch\n\n### What you will see:\n\n1. **Build** (~3 min)\n   - compiles\n2. **Deploy** (~20 min)\n   - copies\n",
    );
    let manual: Vec<&str> = book
        .step_commands()
        .into_iter()
        .filter(|c| c.kind == Kind::Manual)
        .map(|c| c.text.as_str())
        .collect();
    assert!(!manual.iter().any(|text| text.contains("Build") || text.contains("Deploy")), "{manual:?}");
}

#[test]
fn items_under_an_optional_label_are_optional() {
    let book = read(
        "# Shop\n\n## Checklist\n\n**Required** (it fails without them):\n\n- [ ] DB_PASSWORD set\n\n**Optional** (works without them):\n\n- [ ] SENTRY_DSN set\n\n## Step 1: Go\n\n```bash\nmake\n```\n",
    );
    let items: Vec<bool> = book.checklists.iter().flat_map(|l| &l.items).map(|i| i.optional).collect();
    assert_eq!(items, [false, true]);
}
