//! Names of environments, and sections that belong to one of several: "Staging deployment", "Production deployment".

use super::model::{Environment, Role, Runbook, Step};
use super::sections::Section;
use super::words::{lower_words, numbered, step_word};

/// Words for one environment, each row in several languages and abbreviations; the first is its name.
#[rustfmt::skip] // words, many to a line
const STAGES: &[&[&str]] = &[
    &["preproduction", "preprod", "preprd", "préproduction", "preproducción", "vorproduktion", "预生产", "準本番"],
    &["production", "prod", "prd", "live", "produktion", "producción", "produccion", "produção", "produzione", "produkcja", "produkcyjne", "прод", "продакшн", "продакшен",
      "生产", "生產", "正式", "本番", "운영", "프로덕션"],
    &["staging", "stage", "stg", "预发布", "預發布", "预发", "ステージング", "스테이징"],
    &["uat", "acceptance", "abnahme", "recette", "验收环境"],
    &["qa", "test", "testing", "testumgebung", "pruebas", "teste", "测试", "測試", "テスト環境", "테스트"],
    &["integration", "int"],
    &["development", "dev", "entwicklung", "desarrollo", "desenvolvimento", "разработка", "开发", "開發", "開発", "개발"],
    &["demo"],
    &["sandbox"],
];

/// The environment that words name, as its row's first word: "PROD (eu)" is `production`.
pub(super) fn stage(text: &str) -> Option<&'static str> {
    // "Pre-production" is not production.
    let joined = text.to_lowercase().replace("pre-prod", "preprod").replace("pre prod", "preprod");
    let words = lower_words(&joined);
    let names = |word: &str| words.iter().any(|w| w == word) || !word.is_ascii() && joined.contains(word);
    STAGES.iter().find(|row| row.iter().any(|word| names(word))).and_then(|row| row.first()).copied()
}

/// Whether two names mean one environment: the same words, or the same stage.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || stage(one).is_some() && stage(one) == stage(other)
}

/// Whether a column of a table holds names of environments.
pub(super) fn are_stages<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let (mut all, mut named) = (0, 0);
    for cell in cells {
        all += 1;
        named += usize::from(stage(cell).is_some() && lower_words(cell).len() <= 4);
    }
    all > 0 && named * 2 >= all
}

/// Marks the sections that belong to one of several environments: where steps of two are told side by side, one of
/// them is deployed to. Numbered headings are one path through both.
pub(super) fn assign(root: &mut Section<'_>) {
    let mut names: Vec<&'static str> = Vec::new();
    collect(root, &mut names);
    if names.len() >= 2 {
        mark(root, &names);
    }
}

fn of_section(section: &Section<'_>) -> Option<&'static str> {
    let counted = step_word(&section.title) || numbered(&section.title).is_some();
    // A verification behind the staging deployment is one of its steps; "from staging to production" is one path.
    let words = lower_words(&section.title);
    let leads_over = words.iter().any(|w| matches!(w.as_str(), "from" | "promote" | "promotion" | "then"));
    (section.level > 1 && !counted && !leads_over).then(|| stage(&section.title)).flatten()
}

fn collect(section: &Section<'_>, names: &mut Vec<&'static str>) {
    let deploys = |s: &Section<'_>| has_steps(s) && s.has_code() && is_deployment(&s.title);
    let own: Vec<&'static str> =
        section.children.iter().filter(|c| deploys(c)).filter_map(of_section).collect();
    // Side by side: a heading of one deep below another chapter is a part of that.
    let several = own.iter().any(|name| Some(name) != own.first());
    for name in own.into_iter().filter(|_| several) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    section.children.iter().for_each(|c| collect(c, names));
}

fn has_steps(section: &Section<'_>) -> bool {
    section.role == Role::Steps || section.children.iter().any(has_steps)
}

/// Whether a title names a deployment, or nothing but the environment.
fn is_deployment(title: &str) -> bool {
    lower_words(title).len() <= 2
        || super::vocabulary::has(title, super::vocabulary::DEPLOYS)
        || super::vocabulary::has(
            title,
            &[
                "部署",
                "发布",
                "發布",
                "デプロイ",
                "배포",
                "bereitstellung",
                "déploiement",
                "despliegue",
                "implantação",
                "wdrożenie",
            ],
        )
}

fn mark(section: &mut Section<'_>, names: &[&'static str]) {
    for child in &mut section.children {
        match of_section(child).filter(|name| names.contains(name)) {
            Some(name) => child.stage = Some(name),
            None => mark(child, names),
        }
    }
}

/// The plan for one environment: what belongs to another one is left out.
pub(super) fn only(runbook: &Runbook, environment: &str) -> Runbook {
    let keeps = |of: &Option<String>| of.as_ref().is_none_or(|name| is_same(name, environment));
    let mut own = runbook.clone();
    own.steps.retain(|step| keeps(&step.environment));
    own.rollback.steps.retain(|step| keeps(&step.environment));
    own.checklists.retain(|list| keeps(&list.environment));
    own
}

/// Whether steps belong to environments.
pub(super) fn divided(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.environment.is_some())
}

/// The environments that the sections are for, where no table names any.
pub(super) fn from_steps(runbook: &mut Runbook) {
    if !runbook.environments.is_empty() {
        return;
    }
    for step in &runbook.steps {
        let Some(name) = &step.environment else { continue };
        if !runbook.environments.iter().any(|e| e.name == *name) {
            runbook.environments.push(Environment {
                name: name.clone(),
                line: step.line,
                ..Environment::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::read;

    const BOTH: &str = "# Shop\n\n## Staging deployment\n\n### 1. Pull\n\n```bash\ngit pull\n```\n\n### 2. Restart\n\n\
        ```bash\ndocker compose up -d\n```\n\n## Production deployment\n\n### 1. Blue-green\n\n```bash\n./switch.sh green\n```\n";

    #[test]
    fn sections_of_two_environments_are_two_runs() {
        let book = read(BOTH);
        let names: Vec<&str> = book.environments.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["Staging", "Production"]);
        let ids = |book: &Runbook| -> Vec<String> { book.steps.iter().map(|s| s.id.0.clone()).collect() };
        assert_eq!(ids(&book), ["staging.1", "staging.2", "production.1"]);
        assert_eq!(ids(&book.in_environment("Production")), ["production.1"]);
        assert_eq!(ids(&book.in_environment("staging")), ["staging.1", "staging.2"]);
    }

    #[test]
    fn numbered_headings_are_one_path_through_both() {
        let book = read(
            "# T\n\n## Steps\n\n### Step 1: Deploy to staging\n\n```bash\nls\n```\n\n### Step 2: Deploy to production\n\n```bash\nls\n```\n",
        );
        assert!(book.environments.is_empty() && book.steps.len() == 2, "{:?}", book.environments);
    }

    #[test]
    fn names_of_environments() {
        for (text, name) in [
            ("PROD (eu-west)", Some("production")),
            ("Pre-production", Some("preproduction")),
            ("預發布環境", Some("staging")),
            ("Live", Some("production")),
            ("Products", None),
        ] {
            assert_eq!(stage(text), name, "{text}");
        }
    }
}
