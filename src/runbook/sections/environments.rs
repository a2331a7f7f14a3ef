//! Sections that belong to one of several environments: "Staging deployment", "Production deployment".

use super::super::model::Role;
use super::super::stages::stage;
use super::super::vocabulary::{DEPLOYS, has};
use super::super::words::{lower_words, numbered, step_word};
use super::section::Section;

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
    names_only(title)
        || has(title, DEPLOYS)
        || has(
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

/// "Staging", "Production environment"; "Integration architecture" names something else.
fn names_only(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const KINDS: &[&str] = &[
        "environment", "env", "server", "servers", "host", "hosts", "cluster", "site", "system", "stage", "setup", "steps", "commands", "umgebung", "environnement", "serveur", "entorno", "servidor", "ambiente", "среда", "окружение", "сервер", "ortamı", "sunucusu", "环境", "環境", "환경",
    ];
    let words = lower_words(title);
    words.len() == 1 || words.len() == 2 && words.iter().any(|word| KINDS.contains(&word.as_str()))
}

fn mark(section: &mut Section<'_>, names: &[&'static str]) {
    for child in &mut section.children {
        match of_section(child).filter(|name| names.contains(name)) {
            Some(name) => child.stage = Some(name),
            None => mark(child, names),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::runbook::{Runbook, read};

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
}
