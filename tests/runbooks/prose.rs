//! What words among the steps say of when something runs, and of what a person does.

use gonogo::runbook::model::{Command, Fate, Runbook};
use gonogo::runbook::read;
use gonogo::shell::Kind;

/// The condition of each command of the steps, `-` for none.
fn conditions(book: &Runbook) -> Vec<&str> {
    let first = |c: &Command| c.condition.is_some();
    book.step_commands()
        .into_iter()
        .map(|c| if first(c) { c.condition.as_deref().unwrap_or("") } else { "-" })
        .collect()
}

/// What the steps tell to do by hand.
fn by_hand(book: &Runbook) -> Vec<&str> {
    let manual = |c: &&Command| c.kind == Kind::Manual;
    book.step_commands().into_iter().filter(manual).map(|c| c.text.as_str()).collect()
}

fn step(body: &str) -> Runbook {
    read(&format!("# Shop\n\n## Steps\n\n### 1. One\n\n{body}"))
}

#[test]
fn a_condition_holds_however_its_paragraph_is_broken() {
    for lead in [
        "If metrics are enabled,\nupgrade their rules:",
        "The policy is published. When it has changed, update the copy too:",
        "In rare cases the stream has to be restarted:",
        "Если у вас нет домена:",
        "ローカル環境を使用する場合：",
        "使用 Docker 时：",
        "On your own computer:",
        "On the other servers, remove the data:",
        "To serve it under another prefix:",
    ] {
        let book = step(&format!("{lead}\n\n```bash\nmake rules\n```\n"));
        assert_ne!(conditions(&book), ["-"], "{lead}");
    }
    for lead in [
        "Se connecter au conteneur :",
        "When you have carried out the notes, restart:",
        "当你执行完说明后，重启：",
        "If it is slow, the cache is cold. Start it:\n\nThe next one:",
    ] {
        let book = step(&format!("{lead}\n\n```bash\nmake rules\n```\n"));
        assert_eq!(conditions(&book), ["-"], "{lead}");
    }
}

#[test]
fn a_condition_holds_for_what_it_leads_to() {
    let list = step(
        "If you want a resolver:\n\n1. Install it:\n   ```bash\n   make dns\n   ```\n\nThen:\n\n```bash\nmake up\n```\n",
    );
    assert_eq!(conditions(&list), ["If you want a resolver:", "-"]);
    let parts = step("If you have no domain, change this:\n\n#### 1.1 File\n\n```bash\nmake file\n```\n");
    assert_eq!(conditions(&parts), ["If you have no domain, change this:"]);
    let behind = step("```bash\nmake tools   # if they are missing\n```\n");
    assert_eq!(conditions(&behind), ["if they are missing"]);
    let boxed = step(
        "!!! hint\n    The files are applied automatically when using charts.\n\nApply them.\n\n```bash\nmake files\n```\n",
    );
    assert!(conditions(&boxed)[0].contains("automatically when using charts"));
    let title = read("# Shop\n\n## Steps\n\n### 1. 掃除（必要に応じて）\n\n```bash\nmake tidy\n```\n");
    assert_ne!(conditions(&title), ["-"]);
}

#[test]
fn a_paragraph_that_tells_to_do_something_is_done_in_its_place() {
    let book = step(
        "```bash\ngit checkout v2\n```\n\nNow carry out the instructions of the notes.\n\nRestart:\n\n```bash\nmake restart\n```\n\nEdit the file and change:\n\n* the address\n* the port\n",
    );
    assert_eq!(
        by_hand(&book),
        [
            "Now carry out the instructions of the notes.",
            "Edit the file and change:\n- the address\n- the port"
        ]
    );
    let then = step("Save the folder of the database, then in the folder:\n\n```bash\nmake migrate\n```\n");
    assert_eq!(by_hand(&then), ["Save the folder of the database"]);
    for comment in
        [".env öffnen und den Schlüssel setzen:", "Ouvrir .env et renseigner la clé", "修改 .env 中的密钥"]
    {
        let book = step(&format!("```bash\nmake setup\n# {comment}\n\nmake up\n```\n"));
        assert_eq!(by_hand(&book), [comment]);
    }
}

#[test]
fn what_only_tells_is_nobodys_work() {
    for body in [
        "The profile `prod` validates these at start.",
        "The script will automatically:\n\n- update the host\n- build the image",
        "There are two layers:\n\n1. **`.env`** — the mode\n2. **`app.json`** — the rest",
        "Das Netz hat keine Anmeldung.",
    ] {
        assert_eq!(by_hand(&step(body)), Vec::<&str>::new(), "{body}");
    }
    let asked = read(
        "# Shop\n\n## Steps\n\n### 1. One\n\n```bash\nmake up\n```\n\n### What happens then?\n\n1. The image is loaded\n2. It starts\n",
    );
    assert_eq!(by_hand(&asked), Vec::<&str>::new());
    let checks = read("# Shop\n\n## Step 1: Verify\n\n- The shop can be reached.\n");
    let items = checks.checklists.iter().map(|list| list.items.len()).sum::<usize>();
    assert_eq!(by_hand(&checks).len() + items, 1, "what is looked at is");
    let look =
        step("```bash\nmake up\n```\n\nThen look at it with a browser:\n\n* the page should be displayed\n");
    assert!(by_hand(&look)[0].starts_with("Then look at it with a browser:"), "{:?}", by_hand(&look));
}

#[test]
fn what_may_be_something_to_do_is_listed() {
    let book = step("```bash\nmake up\n```\n\nA user for the till must be created.\n");
    assert!(by_hand(&book).is_empty());
    let open = book.reading.iter().find(|p| p.fate == Fate::Unclaimed).unwrap();
    assert_eq!(open.by, "it may describe manual work");
}

#[test]
fn nothing_of_what_is_done_by_hand_is_cut() {
    let book = step(
        "1. Create the hook:\n   - Address: the shop\n   - Copy the secret\n2. Start it:\n   ```bash\n   make up\n   ```\n3. Log in.\n   1. Remove the old key\n   2. Add the new one\n",
    );
    assert_eq!(
        by_hand(&book),
        [
            "Create the hook:\n- Address: the shop\n- Copy the secret",
            "Log in.\n- Remove the old key\n- Add the new one"
        ]
    );
    let nested =
        step("1. Raise the version.\n   - It needs a flag: `make build --pre`\n2. Open the request.\n");
    assert_eq!(by_hand(&nested), ["Raise the version.", "Open the request."]);
    let alone = step("1. Create the hook:\n   - Copy the secret\n");
    assert_eq!(by_hand(&alone), ["Create the hook:\n- Copy the secret"]);
    let quoted = step("管理画面の「広告」を「はい」に変更してください。");
    assert!(quoted.parameters.is_empty(), "{:?}", quoted.parameters);
}

#[test]
fn what_a_checklist_lists_is_checked_without_boxes() {
    let book = read(
        "# Shop\n\n## Prerequisites\n\n- Java 8\n- 4 GB of memory\n  - free\n\n## Steps\n\n```bash\nmake up\n```\n",
    );
    let items: Vec<&str> = book.checklists.iter().flat_map(|l| &l.items).map(|i| i.text.as_str()).collect();
    assert_eq!(items, ["Java 8", "4 GB of memory · free"]);
    let met = read(
        "# Shop\n\n## Health\n\nThe following prerequisites must be met:\n\n* It is healthy.\n\n## Steps\n\n```bash\nmake up\n```\n",
    );
    assert_eq!(met.checklists.len(), 1);
}

#[test]
fn a_condition_reaches_over_a_full_stop_and_a_further_paragraph() {
    let list = step(
        "If it runs over HTTP, perform the following steps.\n\n1. Prepare:\n\n   ```bash\n   ./prepare\n   ```\n\n2. Go:\n\n   ```bash\n   ./go\n   ```\n",
    );
    assert!(
        conditions(&list).iter().all(|c| c.starts_with("If it runs over HTTP")),
        "{:?}",
        conditions(&list)
    );
    let item = step(
        "1. If the shop is running, stop and remove it.\n\n   Your data stays where it is.\n\n   ```bash\n   docker compose down\n   ```\n",
    );
    assert!(conditions(&item)[0].contains("If the shop is running"), "{:?}", conditions(&item));
}
