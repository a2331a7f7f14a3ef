//! What is done on some occasion only, for one environment, or no more; and what lists without blank lines, tables and
//! sentences beside fences hold.

use gonogo::runbook::{Command, Fate, Runbook, read};

use super::support::{fate, unasked};

const FENCE: &str = "```";

fn page(body: &str) -> String {
    format!("# Shop\n\n## Deployment\n\n{}\n", body.replace("~~~", FENCE))
}

fn shop(body: &str) -> Runbook {
    read(&page(body))
}

fn back(book: &Runbook) -> Vec<String> {
    book.rollback.steps.iter().flat_map(|step| step.commands()).map(|c| c.text.clone()).collect()
}

#[test]
fn lists_without_blank_lines_lose_nothing() {
    let document = page(
        "1. Start\n   ~~~bash\n   echo degraded\n   ~~~\n   Expected: `healthy`\n2. Switch\n   ~~~bash\n   echo switched\n   ~~~\n   Then click *Purge* in the portal.\n3. Update:\n   ~~~bash\n   git pull\n   ~~~\n   If there are conflicts with local files, you can use:\n   ~~~bash\n   git stash\n   ~~~",
    );
    let book = read(&document);
    let all = book.step_commands();
    assert_eq!(all[0].expects.len(), 1, "{:?}", all[0]);
    assert_eq!(fate(&document, "Then click"), Fate::Unclaimed);
    let stash = all.iter().find(|c| c.text == "git stash").unwrap();
    assert!(stash.condition.is_some());
}

#[test]
fn labels_that_name_environments_are_one_of_them() {
    for (one, other) in [
        ("**Staging**", "**Production**"),
        ("Staging:", "Production:"),
        ("For staging, run:", "For production:"),
        ("生产环境：", "测试环境："),
        ("Sur le serveur de recette :", "En production :"),
    ] {
        let book = shop(&format!("{one}\n\n~~~bash\nmake one\n~~~\n\n{other}\n\n~~~bash\nmake two\n~~~"));
        let ways: Vec<bool> =
            book.step_commands().iter().map(|c| c.way.is_some() && c.condition.is_none()).collect();
        assert_eq!(ways, if one.starts_with("Sur") { [false; 2] } else { [true; 2] }, "{one}");
    }
    let book = shop(
        "- Staging: `./a.sh`\n- Production: `./b.sh`\n\nThen:\n\n~~~bash\n# Development\ncp .env.dev .env\n# Production\ncp .env.prod .env\nmake all\n~~~",
    );
    let ways: Vec<String> = book
        .step_commands()
        .iter()
        .map(|c| c.way.as_ref().map_or(String::new(), |w| w.name.clone()))
        .collect();
    assert_eq!(ways[..2], ["Staging: `./a.sh`", "Production: `./b.sh`"]);
    assert_eq!(ways[2..4], ["Development", "Production"]);
    // What is counted is one path through both.
    let book = shop("1. Staging: `./a.sh`\n2. Production: `./b.sh`");
    assert!(book.step_commands().iter().all(|c| c.way.is_none()));
}

#[test]
fn what_is_set_aside_is_asked_about() {
    for lead in [
        "The old way (deprecated, do not use):",
        "Kill switch:",
        "In an emergency:",
        "Weekly:",
        "Debugging:",
        "**Getting an error when it starts?**",
        "Im Notfall:",
        "本地开发：",
    ] {
        let book = shop(&format!("~~~bash\nmake\n~~~\n\n{lead}\n\n~~~bash\nmake other\n~~~"));
        assert_eq!(unasked(&book), ["make"], "{lead}");
    }
    let book = shop(
        "~~~bash\nmake\n# Usage\nmake help\n~~~\n\n### Example: add a column\n\n~~~bash\nmake column\n~~~",
    );
    assert_eq!(unasked(&book), ["make"]);
}

#[test]
fn columns_say_when_and_how_a_row_is_taken_back() {
    let book = shop(
        "| Step | When | Command | Undo |\n|---|---|---|---|\n| Pull | always | `echo pull` | - |\n| Seed | first deployment only | `echo seed` | `echo unseed` |\n\n## Rollback\n\n| If | Do |\n|---|---|\n| pods crash | `kubectl rollout undo deploy/web` |\n| data is wrong | `./restore.sh` |",
    );
    let told: Vec<(&str, bool)> =
        book.step_commands().iter().map(|c| (c.text.as_str(), c.condition.is_some())).collect();
    assert_eq!(told, [("echo pull", false), ("echo seed", true)]);
    assert_eq!(back(&book), ["kubectl rollout undo deploy/web", "./restore.sh", "echo unseed"]);
    let book = shop(
        "| Environment | Command |\n|---|---|\n| Staging | `./deploy.sh staging` |\n| Production | `./deploy.sh production` |",
    );
    let ways: Vec<String> = book.step_commands().iter().filter_map(|c| Some(c.way.clone()?.name)).collect();
    assert_eq!(ways, ["Staging", "Production"]);
}

#[test]
fn a_way_back_in_a_line_is_one() {
    for line in ["Rollback: `./undo-m.sh`", "*Revert:* `./undo-m.sh`", "- Undo: `./undo-m.sh`"] {
        let book = shop(&format!("~~~bash\n./m.sh\n~~~\n\n{line}"));
        assert_eq!(unasked(&book), ["./m.sh"], "{line}");
        assert_eq!(back(&book), ["./undo-m.sh"], "{line}");
    }
}

#[test]
fn sentences_above_fences_and_words_between_lists_are_kept() {
    let by_hand = |book: &Runbook| -> Vec<String> {
        let manual = |c: &&&Command| c.kind == gonogo::shell::Kind::Manual;
        book.step_commands().iter().filter(manual).map(|c| c.text.clone()).collect()
    };
    for sentence in [
        "Manual step: switch the DNS record.",
        "Ask the DBA to look at it.",
        "Put the site into maintenance mode manually.",
        "Informieren Sie den Support.",
    ] {
        let book = shop(&format!("~~~bash\nmake\n~~~\n\n{sentence}\n\n~~~bash\nmake next\n~~~"));
        assert_eq!(by_hand(&book), [sentence], "{sentence}");
    }
    let book = shop("~~~bash\nmake\n~~~\n\nRestart the service.\n\n~~~bash\nmake restart\n~~~");
    assert_eq!(by_hand(&book), Vec::<String>::new());
    let book = shop("- `make one`\n\nor\n\n- `make two`\n\nThen:\n\n~~~bash\nmake last\n~~~");
    let ways: Vec<bool> = book.step_commands().iter().map(|c| c.way.is_some()).collect();
    assert_eq!(ways, [true, true, false]);
    // Steps that are counted are no choice, whatever one of them is recommended for; and "(or" goes on in its bracket.
    let book = shop(
        "1. **Back up the database (RECOMMENDED):**\n   ~~~bash\n   ./backup.sh\n   ~~~\n2. **Install the backend dependencies:**\n   ~~~bash\n   npm install\n   ~~~\n3. **Install the frontend dependencies:**\n   ~~~bash\n   npm ci\n   ~~~",
    );
    assert!(book.step_commands().iter().all(|c| c.way.is_none()));
    let book = read("# Server\n\n## Code update\n\n    $ git pull\n\n## Reboot\n\n    $ reboot\n");
    assert_eq!(book.step_commands().len(), 2);
}
