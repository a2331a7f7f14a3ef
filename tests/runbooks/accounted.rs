//! Every line has a fate, what a section is for does not depend on how many there are, and each can be corrected.

use gonogo::runbook::correct::{Correction, FILE, key_of_fence};
use gonogo::runbook::doubt::Doubt;
use gonogo::runbook::{Command, Fate, Role, Runbook, read, read_with};
use gonogo::shell::{Effect, Kind};

use super::{corpus, shared};

fn texts(commands: &[&Command]) -> Vec<String> {
    commands.iter().map(|c| c.text.clone()).collect()
}

fn steps(book: &Runbook) -> Vec<String> {
    texts(&book.step_commands())
}

fn back(book: &Runbook) -> Vec<String> {
    book.rollback.steps.iter().flat_map(|s| texts(&s.commands())).collect()
}

fn open(book: &Runbook) -> Vec<(usize, Fate)> {
    book.reading.iter().filter(|p| p.is_open()).map(|p| (p.line, p.fate)).collect()
}

/// Passages are the document: each line once, in order, and commands are told as what they are.
pub(super) fn is_whole(document: &str, book: &Runbook) {
    let mut next = 1;
    for passage in &book.reading {
        assert_eq!(passage.line, next, "line {next} of {}", book.title);
        assert!(passage.end_line >= passage.line && !passage.by.is_empty(), "{passage:?}");
        next = passage.end_line + 1;
    }
    let lines = document.strip_suffix('\n').unwrap_or(document).split('\n').count();
    assert_eq!(next - 1, lines, "{}", book.title);
    let fate =
        |line: usize| book.reading.iter().find(|p| (p.line..=p.end_line).contains(&line)).map(|p| p.fate);
    for command in book.step_commands() {
        let fate = fate(command.span.line);
        let known = matches!(
            fate,
            Some(
                Fate::CommandOfStep
                    | Fate::Alternative
                    | Fate::ByHand
                    | Fate::CommandOfItem
                    | Fate::LogTemplate
            )
        );
        assert!(known, "{}: {} is {fate:?}", book.title, command.id);
    }
    for block in &book.unplaced {
        for command in block.commands.iter().filter(|c| c.kind != Kind::Manual) {
            // What somebody said is no part of the run is text.
            let known = matches!(fate(command.span.line), Some(Fate::Unclaimed | Fate::Text));
            assert!(known, "{}: {}", book.title, command.id);
        }
    }
}

#[test]
fn every_line_of_every_document_has_one_fate() {
    let mut documents: Vec<String> = corpus::documents().into_iter().map(|(_, text)| text).collect();
    documents.extend(shared("seed/island-runbook.md"));
    documents.extend(
        ["", "\n", "# T", "# T\n\n```bash\nls", "a\r\nb\r\n", "> - [ ] x\n>\n> ```\n> ls\n> ```\n"]
            .map(str::to_owned),
    );
    for document in documents {
        is_whole(&document, &read(&document));
    }
}

const AROUND: &str = "# Ledger\n\n## Backup\n\n```bash\npg_dump ledger > ledger.sql\n```\n\n## Deployment\n\n```bash\n./deploy.sh\n```\n\n\
    ## Smoke tests\n\n```bash\ncurl -f http://localhost/health\n```\n";

#[test]
fn what_goes_with_a_deployment_is_a_step_whatever_else_there_is() {
    let all = ["pg_dump ledger > ledger.sql", "./deploy.sh", "curl -f http://localhost/health"];
    assert_eq!(steps(&read(AROUND)), all);
    let more =
        format!("{AROUND}\n## Appendix\n\n```bash\ntop\n```\n\n## Useful commands\n\n```bash\ndf -h\n```\n");
    assert_eq!(steps(&read(&more)), all);
    for title in [
        "Prüfung",
        "Vérification",
        "Verificación",
        "Weryfikacja",
        "Проверка",
        "Doğrulama",
        "Kiểm tra",
        "驗證",
        "動作確認",
        "검증",
    ] {
        let document = AROUND.replace("Smoke tests", title);
        assert_eq!(steps(&read(&document)), all, "{title}");
    }
}

#[test]
fn what_restores_or_tears_down_is_no_step_and_is_told() {
    let titles = [
        "Restore from the nightly dump",
        "Recovery",
        "Environment teardown",
        "Uninstall",
        "Decommissioning",
        "Factory reset",
        "Wiederherstellung",
        "Restauration",
        "Desinstalación",
        "Przywracanie kopii",
        "Восстановление из копии",
        "Ortamı kaldırma",
        "Gỡ cài đặt",
        "還原資料庫",
        "環境清理",
        "復元手順",
        "초기화",
    ];
    for title in titles {
        let document = format!("{AROUND}\n## {title}\n\n```bash\n./{}.sh\n```\n", "undo");
        let book = read(&document);
        assert_eq!(steps(&book).len(), 3, "{title}");
        assert!(back(&book).is_empty(), "{title}");
        assert_eq!(open(&book).len(), 1, "{title}: {:?}", book.reading);
        // Below a step it is none either.
        let within =
            AROUND.replace("\n## Smoke", &format!("\n### {title}\n\n```bash\n./undo.sh\n```\n\n## Smoke"));
        assert_eq!(steps(&read(&within)).len(), 3, "{title}");
    }
    for title in ["Restore traffic", "Verify the restored rows", "Resetting nothing"].iter().take(2) {
        let document = AROUND.replace("Smoke tests", &format!("Step 3: {title}"));
        assert_eq!(steps(&read(&document)).len(), 3, "{title}");
    }
}

#[test]
fn a_document_about_restoring_restores() {
    let book = read(
        "# Restoring the ledger\n\n## 1. Stop\n\n```bash\nsystemctl stop ledger\n```\n\n## 2. Restore\n\n```bash\npg_restore -d ledger dump\n```\n",
    );
    assert_eq!(steps(&book), ["systemctl stop ledger", "pg_restore -d ledger dump"]);
}

#[test]
fn a_restore_among_numbered_steps_is_asked_about_once() {
    let document = "# M\n\n## Migration steps\n\n### Step 1: Dump\n\n```bash\npg_dump a > a.sql\n```\n\n### Step 2: Restore the dump\n\n```bash\n\
        createdb b\npsql b -f a.sql\n```\n\n### Step 3: Switch\n\n```bash\n./switch.sh\n```\n";
    let book = read(document);
    let commands = book.step_commands();
    let asked: Vec<_> =
        commands.iter().filter(|c| c.doubt == Some(Doubt::Step)).map(|c| c.id.0.as_str()).collect();
    assert_eq!(asked, ["2/1", "2/2"]);
    let with: Vec<_> =
        commands.iter().filter_map(|c| c.asked_with.as_ref()).map(|id| id.0.as_str()).collect();
    assert_eq!(with, ["2/1"]);
}

#[test]
fn ways_back_in_words_in_tables_and_under_a_condition() {
    let with = |back: &str| read(&format!("# T\n\n## Deployment\n\n```bash\n./deploy.sh\n```\n\n{back}"));
    let book = with(
        "## Going back\n\nUse `kubectl rollout undo deploy/web` and then look at `kubectl get pods`. Do not run `kubectl delete ns web`.\n",
    );
    assert_eq!(back(&book), ["kubectl rollout undo deploy/web", "kubectl get pods"]);
    let book = with(
        "## Rollback\n\n| Step | Action | Command |\n|---|---|---|\n| 1 | Old image | `docker compose pull web` |\n| 2 | Start | `docker compose up -d` |\n",
    );
    assert_eq!(back(&book), ["docker compose pull web", "docker compose up -d"]);
    let book = with("## Rollback (if the health check fails)\n\n```bash\n./back.sh\n```\n");
    assert!(book.rollback.triggers.iter().any(|t| t.text.contains("health check fails")));
    assert!(book.rollback.steps.iter().flat_map(|s| s.commands()).all(|c| c.condition.is_none()));
    for title in
        ["Plan B", "If it goes wrong", "緊急回滾", "Wycofanie", "Geri alma", "Quay lui", "Откат", "切り戻し"]
    {
        assert_eq!(
            back(&with(&format!("## {title}\n\n```bash\n./back.sh\n```\n"))),
            ["./back.sh"],
            "{title}"
        );
    }
}

#[test]
fn one_thing_on_several_platforms_is_one_choice() {
    let book = read(
        "# T\n\n## Deployment\n\n### Docker deployment\n\n```bash\ndocker compose up -d\n```\n\n### systemd deployment\n\n```bash\nsystemctl restart web\n```\n\n\
         ### Option C: by hand (emergency)\n\n```bash\n./web\n```\n",
    );
    let ways: Vec<_> =
        book.step_commands().iter().filter_map(|c| c.way.as_ref()).map(|w| w.name.clone()).collect();
    assert_eq!(ways.len(), 2, "{ways:?}");
    let book = read(
        "# T\n\n## Fix it\n\n### Option A: dashboard\n\n1. Log in\n2. Save\n\n### Option B\n\n```bash\nls\n```\n\n### Option C: API (emergency)\n\n```bash\ncurl x\n```\n",
    );
    let names: std::collections::BTreeSet<_> =
        book.step_commands().iter().filter_map(|c| c.way.clone()).map(|w| w.name).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn environments_in_tables_of_every_wording() {
    for header in [
        "Env | URL",
        "Stage | Host",
        "Server | IP",
        "Umgebung | Adresse",
        "环境 | 地址",
        "Environment | Namespace",
    ] {
        let book = read(&format!(
            "# T\n\n## Where\n\n| {header} |\n|---|---|\n| Staging | s.test |\n| Production | p.test |\n\n## Steps\n\n```bash\nls\n```\n"
        ));
        let names: Vec<_> = book.environments.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["Staging", "Production"], "{header}");
    }
    let book = read(
        "# T\n\n| Server | Purpose |\n|---|---|\n| web1 | shop |\n| db1 | orders |\n\n## Steps\n\n```bash\nls\n```\n",
    );
    assert!(book.environments.is_empty());
}

#[test]
fn corrections_in_the_document_and_beside_it() {
    let document = "# T\n\n## Deployment\n\n<!-- gonogo: kind=follow timeout=5m -->\n```bash\n./watch.sh\n```\n\n```bash\necho one\n# gonogo: skip\necho two\n\
        echo three # gonogo: optional\n# gonogo: expect=200 OK\n./four.sh\n# gonogo: effect=reads\n./five.sh\n# gonogo: value=TAG\ndocker pull app-TAG\n```\n\n\
        <!-- gonogo: role=rollback -->\n## The other way\n\n```bash\n./back.sh\n```\n";
    let book = read(document);
    is_whole(document, &book);
    let command =
        |text: &str| book.all_commands().into_iter().find(|c| c.text.starts_with(text)).unwrap().clone();
    assert_eq!((command("./watch").kind, command("./watch").timeout_s), (Kind::Follow, Some(300)));
    assert!(!book.all_commands().iter().any(|c| c.text == "echo two") && command("echo three").optional);
    assert_eq!(command("./four").expects.len(), 1);
    assert!(command("./four").expects[0].check.is_some());
    assert_eq!(command("./five").effect, Effect::Reads);
    assert_eq!(command("docker pull").text, "docker pull app-<TAG>");
    assert!(book.parameters.iter().any(|p| p.name == "TAG"));
    assert_eq!(back(&book), ["./back.sh"]);
    let correction =
        |of: &str, words: &str| Correction { of: of.into(), words: words.into(), by: FILE.into() };
    let beside = read_with(
        document,
        &[correction("The other way", "role=teardown"), correction(&key_of_fence("./watch.sh\n"), "by-hand")],
    );
    // What stands in the document is nearer.
    assert_eq!(back(&beside), ["./back.sh"]);
    assert!(beside.findings.iter().all(|f| f.code != "correction-unmatched"), "{:?}", beside.findings);
    let lost = read_with(document, &[correction("Another way", "skip")]);
    assert!(lost.findings.iter().any(|f| f.code == "correction-unmatched"));
    let wrong =
        read("# T\n\n<!-- gonogo: rolle=rollback -->\n## Steps\n\n```bash gonogo: kind=walk\nls\n```\n");
    assert_eq!(
        wrong.findings.iter().filter(|f| f.code == "unknown-correction").map(|f| f.line).collect::<Vec<_>>(),
        [3, 6]
    );
}

#[test]
fn a_role_that_was_given_stays() {
    let document = AROUND.replace("## Backup", "<!-- gonogo: skip -->\n## Backup");
    let book = read(&document);
    assert_eq!(steps(&book), ["./deploy.sh", "curl -f http://localhost/health"]);
    let entry = book.outline.iter().find(|o| o.title == "Backup").unwrap();
    assert_eq!(entry.role, Role::Other);
    assert!(entry.by.contains("skip"), "{}", entry.by);
}

#[test]
fn what_somebody_said_is_no_part_of_the_run_is_not_left_over() {
    let text = "# T\n\n## Deployment\n\n```bash\n./deploy.sh\n```\n\n## Odds and ends\n\n```bash\n./clean.sh --all\n```\n\n### More\n\n```bash\n./dust.sh --all\n```\n";
    assert_eq!(open(&read(text)), [(12, Fate::Unclaimed), (18, Fate::Unclaimed)]);
    for (words, left) in [("skip", 0), ("role=teardown", 0), ("role=text", 0)] {
        let said = text.replace("## Odds", &format!("<!-- gonogo: {words} -->\n## Odds"));
        let book = read(&said);
        is_whole(&said, &book);
        assert_eq!(open(&book).len(), left, "{words}: {:?}", open(&book));
    }
    // Of one part only that part, and a heading that says so itself is still told of.
    let part = text.replace("### More", "<!-- gonogo: skip -->\n### More");
    assert_eq!(open(&read(&part)), [(12, Fate::Unclaimed)]);
    assert!(!open(&read(&text.replace("Odds and ends", "Teardown"))).is_empty());
}
