//! One procedure or several: what is a deployment's runbook, and what is a manual with a procedure for many things.

use gonogo::runbook::doubt::Doubt;
use gonogo::runbook::{Role, Runbook, read};
use gonogo::text::questions;

/// A document of headings, each with a fence of one command that is named after its place: `c 1`, `c 2`.
fn document(title: &str, headings: &[&str]) -> String {
    let section = |(at, heading): (usize, &&str)| format!("{heading}\n\n```bash\n./c {}\n```\n\n", at + 1);
    let sections: String = headings.iter().enumerate().map(section).collect();
    format!("# {title}\n\n{sections}")
}

/// The commands of the steps, those that are asked about with their doubt.
fn asked(book: &Runbook) -> Vec<(String, Option<Doubt>)> {
    let text = |c: &gonogo::runbook::Command| c.text.trim_start_matches("./").to_owned();
    book.step_commands().into_iter().map(|c| (text(c), c.doubt)).collect()
}

fn doubts(headings: &[&str]) -> Vec<Option<Doubt>> {
    asked(&read(&document("Shop", headings))).into_iter().map(|(_, doubt)| doubt).collect()
}

#[test]
fn sections_of_a_manual_are_asked_about_once_for_all_of_them() {
    for headings in [
        ["## First setup", "## Updating", "## Accounts"],
        ["## Einrichtung", "## Updates einspielen", "## Benutzer anlegen"],
        ["## Встановлення", "## Оновлення", "## Користувачі"],
        ["## Debian 12", "## Rocky 9", "## Fedora"],
        ["## Add a member", "## Remove a member", "## Replace a member"],
        ["## Quick deploy (one command)", "## Deploy by hand", "## Logs of the service"],
        ["## 一键部署", "## 手动部署", "## 日志"],
        ["## 1. Overview of the system", "## 2. Accounts", "## 3. Keys of the shop"],
        ["## 1. 자동 설치", "## 2. 수동 설치", "## 3. 확인"],
    ] {
        let book = read(&document("Shop", &headings));
        assert!(asked(&book).iter().all(|(_, doubt)| *doubt == Some(Doubt::Procedure)), "{headings:?}");
        assert_eq!(questions(&book), 1, "{headings:?}");
    }
}

#[test]
fn what_is_plainly_one_procedure_is_not_asked_about() {
    for headings in [
        &["## Backup", "## Deployment", "## Smoke tests"][..],
        &["## Build the image", "## Stop the service", "## Run the migrations", "## Verify"],
        &["## Vorbereitung", "## Datenbank", "## Starten", "## Prüfung"],
        &["## 准备", "## 启动服务", "## 验证"],
        &["## Schritt 1: Holen", "## Schritt 2: Einspielen", "## Schritt 3: Nachsehen"],
        &["## 📋 ETAPA 1: Usuários", "## 📋 ETAPA 2: Chaves"],
        &["## 1단계: 업로드", "## 2단계: 계정"],
        &["## 1. Fetch the code", "## 2. Make the keys", "## 3. Bring it up"],
        &["## Deployment steps", "## Verification"],
        &["## Rotate the keys of the shop"],
    ] {
        assert!(doubts(headings).iter().all(Option::is_none), "{headings:?}: {:?}", doubts(headings));
    }
}

#[test]
fn numbers_that_begin_again_count_the_steps_of_chapters() {
    let text = document("Shop", &["### 1. Fetch", "### 2. Compile"]).replace("### 1", "## At home\n\n### 1");
    let more = document("x", &["### 1. Proxy", "### 2. Certificate"]).replace("# x", "## On the server");
    let book = read(&format!("{text}{more}"));
    assert_eq!(questions(&book), 1);
    let leads = book.step_commands().into_iter().filter(|c| c.asked_with.is_none()).count();
    assert_eq!(leads, 2, "a chapter is asked about once");
}

#[test]
fn a_later_update_is_no_step_of_an_installation() {
    let numbered =
        doubts(&["## 1. Packages", "## 2. Database", "## 3. Service", "## 4. Update / redeploy later"]);
    assert_eq!(numbered, [None, None, None, Some(Doubt::Step)]);
    let named = doubts(&["## Installation steps", "## Updating the deployment"]);
    assert_eq!(named, [None, Some(Doubt::Step)]);
    // Bringing the machine up to date is the first step of many a list.
    assert_eq!(doubts(&["## 1. Update the system", "## 2. Packages", "## 3. Service"]), [None; 3]);
}

#[test]
fn a_heading_of_two_things_leaves_it_to_its_parts() {
    let text = document(
        "Operations",
        &["## 1. Check", "## 2. Update & rollback\n\n### 2.1 Put the new version in", "### 2.2 Roll back"],
    );
    let book = read(&text);
    assert_eq!(asked(&book).into_iter().map(|(text, _)| text).collect::<Vec<_>>(), ["c 1", "c 2"]);
    let back: Vec<_> = book.rollback.steps.iter().flat_map(|s| s.commands()).map(|c| &c.text).collect();
    assert_eq!(back, ["./c 3"]);
    for title in ["Sicherung und Wiederherstellung", "备份与恢复", "Резервное копирование и восстановление"]
    {
        let parts = format!("## {title}\n\n### 1. Sicherung anlegen");
        let book = read(&document("Betrieb", &[&parts, "### Wiederherstellen", "## Deployment"]));
        let restored = book.step_commands().iter().any(|c| c.text == "./c 2");
        assert!(!restored, "{title}: what restores is never a step");
    }
}

#[test]
fn commands_to_pick_from_are_no_steps_wherever_they_stand() {
    for heading in ["### Useful commands", "### Commandes utiles", "### Nützliche Befehle", "### 常用命令"]
    {
        let book = read(&document("Shop", &["## Deployment", heading]));
        assert_eq!(asked(&book), [("c 1".to_owned(), None)], "{heading}");
        assert_eq!(book.unplaced.len(), 1, "{heading}");
    }
}

#[test]
fn what_is_left_when_all_else_is_set_aside_is_asked_about() {
    let text = document("Care of the database", &["## Restore a database", "## Delete an unused database"]);
    assert_eq!(asked(&read(&text)), [("c 2".to_owned(), Some(Doubt::Step))]);
}

#[test]
fn the_title_in_the_metadata_is_the_documents() {
    let body = document("x", &["## 1. Find the dump", "## 2. Load it", "## Delete an unused instance"]);
    let text = body.replace("# x\n", "---\ntitle: \"Restore the database\"\nweight: 3\n---\n");
    let book = read(&text);
    assert_eq!(book.title, "Restore the database");
    assert_eq!(asked(&book).iter().filter(|(_, doubt)| doubt.is_none()).count(), 2);
    // A page without any heading is one procedure.
    let page = "---\ntitle: Upgrading\n---\n\nGet the code:\n\n```bash\ngit checkout v2\n```\n";
    assert_eq!(asked(&read(page)), [("git checkout v2".to_owned(), None)]);
}

#[test]
fn steps_in_passing_are_no_chapter_of_steps() {
    let text = document(
        "Shop",
        &["## 1. Code", "## 2. Keys", "## 3. Copies\n\n### Copies on your own disk: two steps, not one"],
    );
    let book = read(&text);
    assert_eq!(book.step_commands().len(), 3);
    let entry = book.outline.iter().find(|o| o.title.contains("two steps")).unwrap();
    assert!(entry.role == Role::Steps && entry.by.starts_with("under"), "{entry:?}");
}

#[test]
fn what_is_taken_away_in_a_numbered_phase_is_asked_about() {
    let text = document(
        "Migration",
        &["## Phase 1: New\n\n### 1. Uninstall the old one", "### 2. Put in the new one"],
    );
    assert_eq!(asked(&read(&text)), [("c 1".to_owned(), Some(Doubt::Step)), ("c 2".to_owned(), None)]);
}

#[test]
fn a_part_of_another_chapter_is_no_step_by_its_name() {
    let text = document("Shop", &["## Server of the tests\n\n### Database migration", "## Deployment steps"]);
    assert_eq!(asked(&read(&text)), [("c 1".to_owned(), Some(Doubt::Step)), ("c 2".to_owned(), None)]);
}

#[test]
fn a_page_about_going_back_has_its_steps() {
    let steps = ["## Step 1: Stop", "## Step 2: Roll back the code", "## Step 3: Verify the rollback"];
    let book = read(&document("Rollback of the shop", &steps));
    assert_eq!(asked(&book).len(), 3);
    assert!(book.rollback.steps.is_empty());
    // Beside a deployment it is the way back.
    let book = read(&document("Rollback and release of the shop", &["## Deployment", "## Rollback"]));
    assert_eq!((asked(&book).len(), book.rollback.steps.len()), (1, 1));
}

#[test]
fn next_steps_and_what_fails_are_no_steps() {
    for title in
        ["Next steps", "Siguientes pasos", "Prochaines étapes", "下一步", "If loading fails", "如果還原失敗"]
    {
        let book = read(&document("Shop", &["## Step 1: Go", &format!("## {title}")]));
        assert_eq!(asked(&book), [("c 1".to_owned(), None)], "{title}");
    }
}

#[test]
fn a_chapter_about_backups_behind_all_steps_is_asked_about() {
    let restores = |title: &str| format!("{title}\n\n### Restore it");
    let (english, russian) = (restores("## Backup of the database"), restores("## Резервное копирование"));
    assert_eq!(doubts(&["## Step 1: Go", &format!("{english}\n\n### Make one")])[1], Some(Doubt::Step));
    assert_eq!(doubts(&["## Шаг 1: Деплой", &format!("{russian}\n\n### Создать")])[1], Some(Doubt::Step));
    assert_eq!(doubts(&["## Step 1: Go", "## Backup"]), [None, None]);
    assert_eq!(doubts(&["## Backup of the database", "## Step 1: Go"]), [None, None]);
}

#[test]
fn a_page_without_any_heading_is_one_procedure() {
    let book = read("Do this:\n\n```bash\n./a\n```\n\nThen:\n\n```bash\n./b\n```\n");
    assert_eq!(asked(&book).into_iter().map(|(text, _)| text).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn an_option_in_an_option_stays_in_it() {
    let text = "# Load\n\n## Step 1: Load\n\n**Option A: everything**\n\n```bash\ncd /srv\n\nloadctl all\n\n# or with the full path\nloadctl -f /srv/app.yml all\n```\n\n**Option B: one by one**\n\n```bash\nloadctl shop\n```\n";
    let book = read(text);
    let commands = book.step_commands();
    let way = |c: &gonogo::runbook::Command| c.way.as_ref().map_or(String::new(), |way| way.name.clone());
    let ways: Vec<String> = commands.iter().map(|c| way(c)).collect();
    let (all, each) = ("Option A: everything", "Option B: one by one");
    assert_eq!(ways, [all, all, all, each]);
    let offered = commands.iter().find(|c| c.text.starts_with("loadctl -f")).unwrap();
    assert!(offered.alternative, "it is one more way of what the option does");
}

#[test]
fn ways_back_of_several_things_are_asked_about() {
    fn back<const N: usize>(titles: [&str; N]) -> Vec<Option<Doubt>> {
        let mut at = 0;
        let parts = titles.map(|t| {
            at += 1;
            format!("### {t}\n\n```bash\n./back{at}\n```\n")
        });
        let parts = parts.join("\n");
        let book =
            read(&format!("# T\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback Procedures\n\n{parts}"));
        book.rollback.steps.iter().flat_map(|s| s.commands()).map(|c| c.doubt).collect()
    }
    let asked = Some(Doubt::Procedure);
    assert_eq!(back(["Web Rollback", "Database Rollback (<10 min)"]), [asked, asked]);
    assert_eq!(back(["Rollback der Anwendung", "Rollback der Datenbank"]), [asked, asked]);
    assert_eq!(back(["1. Web Rollback", "2. Database Rollback"]), [asked, asked], "a number tells nothing");
    assert_eq!(
        back(["Step 1: Web Rollback", "Step 2: Database Rollback"]),
        [None, None],
        "one after another"
    );
    assert_eq!(back(["Quick (2 min)", "Full restore"]), [asked, asked]);
    assert_eq!(back(["Roll back the code", "Rebuild", "Check"]), [None, None, None]);
}

#[test]
fn a_way_back_that_is_a_list_of_words_is_done_by_hand() {
    let back = |list: &str| -> Vec<String> {
        let book = read(&format!("# T\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n{list}\n"));
        book.rollback.steps.iter().flat_map(|s| s.commands()).map(|c| c.text.clone()).collect()
    };
    let told =
        back("- Application: redeploy the previous release.\n- Migrations: only with a tested `down()`.");
    assert!(told.len() == 1 && told[0].contains("redeploy the previous"), "{told:?}");
    let numbered = back("1. Redeploy the previous tag.\n2. Restore the backup.");
    assert_eq!(numbered, ["Redeploy the previous tag.", "Restore the backup."]);
    assert_eq!(back("- It takes five minutes.\n- The cache is empty afterwards."), [""; 0], "it only tells");
}

#[test]
fn what_leads_to_the_whole_way_back_is_when_it_is_gone() {
    let rollback =
        |text: &str| read(&format!("# T\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n{text}\n"));
    let two = "```bash\n./a\n\n# If the state is broken, import it:\n./b\n```";
    for (words, when) in [
        ("If a release misbehaves:", "If a release misbehaves:"),
        ("It is kept. Si un `apply` échoue :", "Si un `apply` échoue :"),
    ] {
        let book = rollback(&format!("{words}\n\n{two}"));
        let back = &book.rollback;
        assert_eq!(back.triggers.iter().map(|t| t.text.as_str()).collect::<Vec<_>>(), [when]);
        let conditions: Vec<_> = back.steps[0].commands().iter().map(|c| c.condition.clone()).collect();
        assert!(
            conditions[0].is_none() && conditions[1].as_ref().is_some_and(|c| c.contains("state")),
            "{conditions:?}"
        );
    }
    // What tells which of two ways is gone stays theirs.
    let book = rollback(
        "If only the code changed:\n\n```bash\n./a\n```\n\nIf the database changed:\n\n```bash\n./b\n```",
    );
    let ways = &book.rollback;
    assert!(ways.steps[0].commands().iter().all(|c| c.condition.is_some()) && ways.triggers.is_empty());
}
