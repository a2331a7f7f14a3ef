//! The words that headings, labels and comments use, in the languages that runbooks are written in.
//!
//! Words of languages with blanks between words are matched whole; those of Chinese, Japanese and Korean as parts.

use super::model::Role;
use super::words::lower_words;

/// A table of words and phrases for one meaning.
pub(super) type Words = &'static [&'static str];

#[rustfmt::skip] // words, many to a line
pub(super) const ROLLBACK: Words = &[
    "rollback", "rollbacks", "roll back", "rolling back", "revert", "reverting", "backout", "back out",
    "backing out", "undo", "fallback", "abort", "downgrade", "restore the previous version",
    "restore previous version", "retour arrière", "retour en arrière", "marcha atrás", "revertir", "reversión",
    "reversão", "reverter", "zurückrollen", "ripristino", "откат", "回滚", "回退", "ロールバック", "切り戻し", "롤백", "되돌리기",
];
#[rustfmt::skip] // words, many to a line
pub(super) const TROUBLE: Words = &[
    "troubleshooting", "troubleshoot", "common issues", "common problems", "common errors", "common failures",
    "known issues", "emergency", "emergencies", "incident", "incidents", "disaster", "disaster recovery",
    "outage", "outages", "failures", "failure scenarios", "when things go wrong", "if deployment fails",
    "if the deployment fails", "if something goes wrong", "deployment fails", "if it goes wrong",
    "when it goes wrong", "dépannage", "problèmes courants", "solución de problemas", "problemas comunes",
    "solução de problemas", "resolução de problemas", "problemas comuns", "fehlerbehebung", "fehlersuche",
    "risoluzione dei problemi", "故障排查", "故障排除", "故障处理", "常见问题", "问题排查", "应急", "トラブルシューティング", "문제 해결", "트러블슈팅",
    "장애 대응",
];
#[rustfmt::skip] // words, many to a line
pub(super) const CONTACTS: Words = &[
    "contact", "contacts", "escalation", "escalations", "ansprechpartner", "kontakte", "contactos", "contatos",
    "contatti", "联系人", "联系方式", "連絡先", "연락처",
];
#[rustfmt::skip] // words, many to a line
pub(super) const CHECKLIST: Words = &[
    "checklist", "checklists", "prerequisite", "prerequisites", "preflight", "pre flight", "requirements",
    "before you begin", "before you start", "prérequis", "liste de contrôle", "requisitos",
    "requisitos previos", "lista de verificación", "pré requisitos", "lista de verificação", "voraussetzungen",
    "checkliste", "prerequisiti", "检查清单", "前置条件", "前提条件", "准备工作", "检查项", "チェックリスト", "체크리스트", "사전 준비", "사전 요구",
];
#[rustfmt::skip] // words, many to a line
pub(super) const MONITORING: Words = &[
    "monitoring", "monitor", "observability", "surveillance", "supervision", "monitoreo", "monitorización",
    "monitoramento", "überwachung", "monitoraggio", "监控", "監視", "모니터링",
];
#[rustfmt::skip] // words, many to a line
pub(super) const SUCCESS: Words = &[
    "success", "success criteria", "acceptance criteria", "definition of done", "critères de succès",
    "criterios de éxito", "critérios de sucesso", "erfolgskriterien", "成功标准", "验收标准", "成功基準", "성공 기준",
];
pub(super) const TARGETS: Words = &["targets", "thresholds", "slo", "slos", "sla", "slas", "阈值"];
#[rustfmt::skip] // words, many to a line
pub(super) const REFERENCES: Words = &[
    "references", "related documentation", "related docs", "related documents", "see also", "further reading",
    "related", "links", "additional resources", "références", "referencias", "referências", "referenzen",
    "riferimenti", "参考", "相关文档", "参考資料", "참고",
];
#[rustfmt::skip] // words, many to a line
pub(super) const LOG: Words = &[
    "log template", "deployment log", "deployment record", "deployment log template", "sign off", "signoff",
    "sign offs", "approvals", "journal de déploiement", "registro de despliegue", "registro de implantação",
    "签字", "签核", "部署记录", "배포 기록",
];
#[rustfmt::skip] // words, many to a line
pub(super) const STEPS: Words = &[
    "steps", "procedure", "procedures", "instructions", "walkthrough", "deployment process",
    "deployment workflow", "release process", "étapes", "procédure", "pasos", "procedimiento", "passos",
    "procedimento", "schritte", "ablauf", "passaggi", "procedura", "步骤", "部署流程", "发布流程", "操作流程", "手順", "단계",
    "절차",
];
/// The same, where it is the whole title.
#[rustfmt::skip] // words, many to a line
const WHOLE_STEPS: &[&str] = &[
    "deployment", "deploy", "rollout", "cutover", "release", "upgrade", "déploiement", "despliegue",
    "implantação", "bereitstellung", "部署", "배포", "デプロイ",
];
#[rustfmt::skip] // words, many to a line
pub(super) const OVERVIEW: Words = &[
    "overview", "introduction", "summary", "purpose", "scope", "background", "architecture", "aperçu",
    "resumen", "visão geral", "überblick", "概述", "简介", "概要", "개요",
];
/// Sections whose commands are for looking up, not for the deployment.
#[rustfmt::skip] // words, many to a line
pub(super) const LOOKED_UP: Words = &[
    "reference", "quick reference", "appendix", "useful commands", "quick commands", "cheat sheet",
    "cheatsheet", "advanced", "maintenance", "teardown", "tear down", "local development", "development",
    "faq", "glossary", "notes", "examples", "tips", "next steps", "follow up", "todo", "常用命令", "附录",
];
/// Sections that belong to a deployment by their name.
#[rustfmt::skip] // words, many to a line
pub(super) const DEPLOYS: Words = &[
    "deploy", "deployment", "deploying", "install", "installation", "setup", "set up", "build", "migrate",
    "migration", "migrations", "release", "upgrade", "update", "verify", "verification", "smoke",
    "smoke tests", "health", "health checks", "backup", "backups", "start", "restart", "rollout", "publish",
    "provision", "validate", "validation", "test", "tests", "post deployment", "pre deployment", "部署", "安装",
    "构建", "迁移", "发布", "升级", "验证", "备份", "启动", "배포", "설치", "빌드", "검증", "déployer", "vérification", "sauvegarde",
    "desplegar", "verificación", "verificação", "implantar",
];

pub(super) const OPTIONAL: Words = &[
    "optional",
    "optionally",
    "facultatif",
    "optionnel",
    "opcional",
    "opcionalmente",
    "fakultativ",
    "可选",
    "任意",
    "선택",
];
#[rustfmt::skip] // words, many to a line
pub(super) const OTHER_WAY: Words = &[
    "or", "alternatively", "alternative", "instead", "ou", "ou bien", "o bien", "oder", "alternativement",
    "alternativamente", "oppure", "或者", "或", "または", "또는", "혹은",
];
#[rustfmt::skip] // words, many to a line
pub(super) const IF: Words = &[
    "if", "when", "unless", "only if", "only when", "si", "se", "wenn", "falls", "nur wenn", "solo si",
    "apenas se", "lorsque", "cuando", "quando", "如果", "如需", "如有", "若", "当", "もし", "만약", "필요시", "필요한 경우",
];
/// What ends a sentence that holds only if something is so.
#[rustfmt::skip] // words, many to a line
pub(super) const IF_NEEDED: Words = &[
    "if needed", "if necessary", "if required", "si nécessaire", "si besoin", "si es necesario",
    "si hace falta", "se necessário", "se preciso", "falls nötig", "wenn nötig", "se necessario", "如有需要",
    "如有必要", "必要に応じて", "필요한 경우", "필요시",
];
#[rustfmt::skip] // words, many to a line
pub(super) const WAIT: Words = &[
    "wait", "allow", "waiting", "attendez", "attendre", "patientez", "espere", "esperar", "aguarde", "warten",
    "warte", "attendere", "等待", "等候", "待つ", "대기", "기다",
];

/// Whether a text has one of the words or phrases.
pub(super) fn has(text: &str, words: Words) -> bool {
    let joined = joined(text);
    words.iter().any(|word| if has_blanks(word) { in_words(&joined, word) } else { text.contains(word) })
}

/// Whether a text begins with one of them.
pub(super) fn begins(text: &str, words: Words) -> bool {
    // No phrase is longer than this; a sentence may be.
    const LONGEST: usize = 64;
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = bare.char_indices().nth(LONGEST).map_or(bare.len(), |(at, _)| at);
    let joined = joined(&bare[..end]);
    words.iter().any(|word| {
        if has_blanks(word) {
            joined.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        } else {
            bare.starts_with(word)
        }
    })
}

/// Whether a text ends with one of them.
pub(super) fn ends(text: &str, words: Words) -> bool {
    let bare = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let joined = joined(bare);
    words.iter().any(|word| {
        if has_blanks(word) {
            joined.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
        } else {
            bare.ends_with(word)
        }
    })
}

/// The words of a text in lower case with one blank between.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut apart = false;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        if std::mem::take(&mut apart) && !joined.is_empty() {
            joined.push(' ');
        }
        joined.extend(c.to_lowercase());
    }
    joined
}

/// Whether a word or phrase stands whole among joined words.
fn in_words(joined: &str, word: &str) -> bool {
    joined.match_indices(word).any(|(at, _)| {
        let (before, after) = (&joined[..at], &joined[at + word.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// Whether the language of a word puts blanks between words.
fn has_blanks(word: &str) -> bool {
    !word
        .chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}

/// The role that a title's words give a section.
///
/// A title that says to do something about a rollback ("Prepare rollback") is none of one.
pub(super) fn role(title: &str) -> Role {
    let joined = joined(title);
    let is = |words: Words| {
        words.iter().any(|word| if has_blanks(word) { in_words(&joined, word) } else { title.contains(word) })
    };
    let whole = WHOLE_STEPS.contains(&joined.as_str());
    let about_it = begins(
        title,
        &[
            "prepare", "verify", "test", "review", "create", "tag", "check", "confirm", "document", "ensure",
            "define", "record", "save", "plan", "validate",
        ],
    );
    if is(CONTACTS) {
        Role::Contacts
    } else if is(ROLLBACK) && !about_it {
        Role::Rollback
    } else if is(TROUBLE) && !is(&["checklist"]) {
        Role::Troubleshooting
    } else if is(LOG) {
        Role::LogTemplate
    } else if is(REFERENCES) {
        Role::References
    } else if is(CHECKLIST) {
        Role::Checklist
    } else if is(MONITORING) && !about_it {
        Role::Monitoring
    } else if is(SUCCESS) {
        Role::Success
    } else if is(TARGETS) {
        Role::Targets
    } else if whole || is(STEPS) && !is(&["verification", "verify", "next", "emergency", "验证"]) {
        Role::Steps
    } else if is(OVERVIEW) {
        Role::Overview
    } else {
        Role::Other
    }
}

/// The role of a title that names what is beside the steps: what takes back, what mends. That is run when it is called
/// for, wherever it stands.
pub(super) fn beside_steps(title: &str) -> Option<Role> {
    let role = role(title);
    matches!(role, Role::Rollback | Role::Troubleshooting).then_some(role)
}

/// The name of one of several ways, of which one is gone: "Option A: Docker", "Method 2", "方案一".
pub(super) fn way(title: &str) -> Option<String> {
    #[rustfmt::skip] // words, many to a line
    const NAMES: &[&str] = &[
        "option", "method", "approach", "variant", "alternative", "path", "scenario", "opción", "opção",
        "méthode", "methode", "variante", "möglichkeit",
    ];
    let words = lower_words(title);
    let letter = |w: &String| w.len() == 1 && w.chars().all(char::is_alphanumeric);
    let at = words.iter().position(|w| NAMES.contains(&w.as_str()));
    if let Some(at) = at.filter(|at| *at <= 1)
        && words.get(at + 1).is_some_and(letter)
    {
        return Some(title.trim().to_owned());
    }
    ["方案", "方式", "방법"]
        .iter()
        .any(|w| title.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(w))
        .then(|| title.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_in_many_phrasings_and_languages() {
        for (title, wanted) in [
            ("🚨 Rollback Procedure", Role::Rollback),
            ("How to roll back", Role::Rollback),
            ("Emergency Rollback", Role::Rollback),
            ("Retour arrière", Role::Rollback),
            ("Reversão", Role::Rollback),
            ("五、回滚方案", Role::Rollback),
            ("롤백", Role::Rollback),
            ("Prepare Rollback", Role::Other),
            ("Emergency Procedures", Role::Troubleshooting),
            ("故障排查", Role::Troubleshooting),
            ("Solución de problemas", Role::Troubleshooting),
            ("Emergency Contacts", Role::Contacts),
            ("Pre-Deployment Checklist", Role::Checklist),
            ("Prérequis", Role::Checklist),
            ("Deployment Steps", Role::Steps),
            ("部署步骤", Role::Steps),
            ("Pasos del despliegue", Role::Steps),
            ("Next Steps", Role::Other),
            ("Verification Steps", Role::Other),
            ("Clean Slate", Role::Other),
            ("External Resources", Role::Other),
            ("Debugging with Deployment Logs", Role::Other),
            ("🚀 Deployment", Role::Steps),
            ("Related Documentation", Role::References),
            ("Sign-off", Role::LogTemplate),
        ] {
            assert_eq!(role(title), wanted, "{title}");
        }
        assert_eq!(way("Option A: with Docker").as_deref(), Some("Option A: with Docker"));
        assert_eq!(way("Method 2 - by hand").as_deref(), Some("Method 2 - by hand"));
        assert!(
            way("方案一：容器").is_some()
                && way("Optional: tidy").is_none()
                && way("Option parsing").is_none()
        );
    }
}
