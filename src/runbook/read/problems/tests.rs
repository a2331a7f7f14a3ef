//! Known problems in many shapes and languages.

use super::*;
use crate::runbook::{Runbook, read};

fn book(text: &str) -> Runbook {
    read(&format!("# Shop\n\n## Step 1: Start\n\n```bash\nmake up\n```\n\n{text}"))
}

fn texts(blocks: &[Block]) -> Vec<&str> {
    blocks.iter().flat_map(|b| &b.commands).map(|c| c.text.as_str()).collect()
}

fn notes(blocks: &[Block]) -> Vec<&str> {
    blocks.iter().flat_map(|b| &b.notes).map(|line| line.text.as_str()).collect()
}

#[test]
fn tables_by_one_column_that_is_known() {
    for (heading, header) in [
        ("Fehlerbehebung", "Symptom | Wahrscheinliche Ursache | Maßnahme"),
        ("Störungsbehebung", "Symptom | Ursache | Maßnahme"),
        ("トラブルシューティング", "症状 | 原因 | 対処"),
        ("トラブルシューティング", "症状 | メモ | 原因と対処"),
        ("문제 해결", "증상 | 원인 | 해결"),
        ("Устранение неполадок", "Симптом | Причина | Решение"),
        ("Si algo falla", "Síntoma | Causa | Solución"),
        ("Troubleshooting", "Symptom | Cause | What to do"),
    ] {
        let text = format!(
            "## {heading}\n\n| {header} |\n|---|---|---|\n| empty page | worker off | start the worker |\n| 401 | no key | `systemctl restart shop` |\n"
        );
        let found = book(&text).troubleshooting.clone();
        assert_eq!(found.len(), 2, "{heading}: {header}");
        assert_eq!(notes(&found[0].solution), ["start the worker"], "{header}");
        assert_eq!(texts(&found[1].solution), ["systemctl restart shop"], "{header}");
    }
    let looked = book(
        "## Si algo falla\n\n| Síntoma | Qué revisar |\n|---|---|\n| no abre | `systemctl status shop` |\n",
    )
    .troubleshooting
    .clone();
    assert_eq!(texts(&looked[0].check), ["systemctl status shop"]);
    let other = book("## Troubleshooting\n\n| Code | Meaning |\n|---|---|\n| 401 | no key |\n");
    assert!(other.troubleshooting.is_empty());
}

#[test]
fn bullets_that_begin_with_what_is_seen() {
    let text = "## Common problems\n\n- **The site does not open**: `docker compose ps`. Mostly it is the DNS.\n- **Unhealthy** — look at the settings.\n- **Slow**:\n  ```bash\n  docker compose restart web\n  ```\n";
    let found = book(text).troubleshooting.clone();
    let names: Vec<&str> = found.iter().map(|p| p.problem.as_str()).collect();
    assert_eq!(names, ["The site does not open", "Unhealthy", "Slow"]);
    assert_eq!(texts(&found[0].check), ["docker compose ps"]);
    assert_eq!(notes(&found[1].solution), ["look at the settings."]);
    assert_eq!(texts(&found[2].solution), ["docker compose restart web"]);
    let labelled = book(
        "## Common problems\n\n### The build fails\n\n- **Cause**: an old cache\n- **Fix**: `make clean`\n",
    )
    .troubleshooting
    .clone();
    assert_eq!((labelled.len(), labelled[0].problem.as_str()), (1, "The build fails"));
    assert_eq!(texts(&labelled[0].solution), ["make clean"]);
}

#[test]
fn a_label_or_a_heading_says_what_mends() {
    for label in [
        "**해결:**",
        "#### 解決方法：",
        "#### Solution:",
        "**Lösung:**",
        "Решение:",
        "**対処方法**",
        "**Çözüm:**",
        "Solución:",
    ] {
        let text = format!(
            "## Troubleshooting\n\n### Problem 2: the build fails\n\n{label}\n\n```bash\nnpm run build\n```\n"
        );
        let found = book(&text).troubleshooting.clone();
        assert_eq!(found[0].problem, "the build fails");
        assert_eq!(
            (texts(&found[0].solution), texts(&found[0].check)),
            (vec!["npm run build"], vec![]),
            "{label}"
        );
    }
    let comment = book("## Troubleshooting\n\n### Stuck\n\n```bash\n# Fix\n./ctl restart\n```\n\n```bash\ndocker system prune -f\n```\n\n```bash\n./ctl status\n```\n").troubleshooting.clone();
    // What changes something is no look, and what comes behind it is seen once it was done.
    assert_eq!(texts(&comment[0].solution), ["./ctl restart", "docker system prune -f", "./ctl status"]);
    assert_eq!(texts(&comment[0].check), [""; 0]);
}

#[test]
fn the_text_of_an_error_is_nothing_to_do() {
    let text = "## Troubleshooting\n\n### Hosts\n\nYou may see this error:\n\n```\nDisallowedHost at /\n```\n\n#### Solution:\n\n1. Fix it in one of these ways:\n\n   **Option 1: environment**\n\n   ```bash\n   ./set-env\n   ```\n\n   **Option 2: file**\n\n   ```bash\n   ./set-file\n   ```\n";
    let found = book(text).troubleshooting.clone();
    assert_eq!(texts(&found[0].check), Vec::<&str>::new());
    assert_eq!(found[0].check[0].other[0].what, "output");
    let ways: Vec<_> = found[0]
        .solution
        .iter()
        .flat_map(|b| &b.commands)
        .map(|c| c.way.as_ref().map(|w| w.name.as_str()))
        .collect();
    assert_eq!(ways, [Some("Option 1: environment"), Some("Option 2: file")]);
}

#[test]
fn headings_of_known_problems_and_criteria() {
    for title in [
        "2. Störungsbehebung — Runbook",
        "Störungen",
        "En cas de problème avec le compte",
        "9. Si algo falla",
        "If something fails",
        "일반적인 문제",
        "Возможные проблемы",
        "Masalah umum",
    ] {
        let text = format!("## {title}\n\n### Stuck\n\n```bash\n./ctl status\n```\n");
        let read = book(&text);
        assert_eq!((read.troubleshooting.len(), read.steps.len()), (1, 1), "{title}");
    }
    for title in [
        "21. Critério de aceite",
        "Critérios de aceitação",
        "Criterios de aceptación",
        "Критерии приёмки",
        "受け入れ基準",
        "인수 기준",
    ] {
        let read = book(&format!("## {title}\n\n- The shop opens.\n"));
        assert_eq!((read.success.len(), read.steps.len()), (1, 1), "{title}");
    }
}
