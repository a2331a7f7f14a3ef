//! When a checklist is due, by the words of its headings: before the deployment, after it, at a step.

use super::super::super::words::lower_words;

/// What a heading says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Before all of it, or before this step.
    Before(Option<String>),
    /// After all of it, or after this step.
    After(Option<String>),
}

#[rustfmt::skip] // words, many to a line
const BEFORE: &[&str] = &[
    "pre", "preflight", "predeployment", "prerelease", "prelaunch", "prerequisite", "prerequisites", "prereq",
    "prereqs", "requirements", "before", "beforehand", "preparation", "preparations", "prep", "prior", "readiness",
    "vor", "vorab", "vorher", "vorbereitung", "vorbereitungen", "voraussetzung", "voraussetzungen",
    "vorbedingungen", "avant", "préalable", "préalables", "prérequis", "pré", "préparation", "préparatifs",
    "antes", "previo", "previos", "previa", "previas", "preparación", "preparativos", "requisitos", "prévio",
    "prévios", "prévia", "prévias", "preparação", "preliminare", "preliminari", "preparazione",
    "prerequisiti", "vooraf", "voorafgaand", "voorbereiding", "voorbereidingen", "przed", "przygotowanie",
    "przygotowania", "wymagania", "до", "перед", "подготовка", "предварительные", "предварительная",
    "предварительный", "требования", "підготовка", "před", "příprava", "före", "innan", "förberedelser", "før",
    "inden", "ennen", "előtt", "înainte", "öncesi", "önce", "öncesinde", "hazırlık", "ön", "trước", "sebelum",
    "persiapan", "قبل", "לפני", "पहले",
];
#[rustfmt::skip] // words, many to a line
const AFTER: &[&str] = &[
    "post", "postdeployment", "postrelease", "postlaunch", "after", "afterwards", "afterward", "nach", "nachher",
    "danach", "nachbereitung", "nachkontrolle", "abschluss", "après", "después", "tras", "posterior",
    "posteriores", "após", "depois", "pós", "dopo", "successivo", "successivi", "successive", "nadien",
    "achteraf", "nazorg", "после", "пост", "після", "efter", "etter", "jälkeen", "után", "după", "sonrası",
    "sonra", "sonrasında", "setelah", "sesudah", "pasca", "بعد", "אחרי", "לאחר", "बाद",
    // What comes of all of it is seen at its end.
    "success", "completion", "succès", "éxito", "sucesso", "successo", "erfolg", "erfolgskriterien", "sukces",
];
/// Words that mean this only in front of a title: in other languages, or elsewhere, they are something else.
const AFTER_IN_FRONT: &[&str] = &["na", "po", "sau"];
/// Words that mean it only with the one behind them.
const BEFORE_PAIRS: &[(&str, &[&str])] =
    &[("prima", &["di", "del", "della", "dello", "dell", "dei", "delle", "che"])];
const AFTER_PAIRS: &[(&str, &[&str])] = &[("sau", &["khi"]), ("po", &["wdrożeniu", "wydaniu", "nasazení"])];
/// Words that say nothing of what a checklist is about.
#[rustfmt::skip] // words, many to a line
const GENERIC: &[&str] = &[
    "checklist", "checklists", "check", "checks", "list", "requis", "requisites", "condiciones", "items", "tasks", "verification", "validation", "steps",
    "the", "and", "checkliste", "prüfungen", "liste", "lista", "criteria", "vérification", "verificación",
    "verificação", "verifica", "kontrole", "проверка", "проверки", "kontroller", "kiểm", "tra",
];
/// Parts of words, in languages without blanks between them.
const BEFORE_PARTS: &[&str] = &["准备", "準備", "사전", "이전", "배포전", "준비"];
const AFTER_PARTS: &[&str] = &["成功", "完成标准", "사후", "이후", "배포후", "성공"];

/// What is deployed, or that it is: a checklist before or after this is one of the whole.
#[rustfmt::skip] // stems, many to a line
const WHOLE: &[&str] = &[
    "cutover", "switchover", "umstell", "bascul", "deploy", "release", "rollout", "roll", "launch", "live", "flight", "ship", "upgrade", "update", "start",
    "begin", "production", "prod", "change", "maintenance", "install", "einspiel", "inbetrieb", "ausliefer",
    "bereitstell", "veröffentlich", "aktualis", "aktualiz", "actualiz", "atualiz", "aggiorn", "обновл", "оновл", "güncelle", "cập", "déploi", "livraison", "mise", "desplieg", "lanzamiento",
    "producción", "implanta", "lançamento", "produção", "implement", "rilasci", "distribuzione", "wdroż",
    "wydani", "разв", "релиз", "выклад", "деплой", "розгорт", "nasaz", "driftsätt", "dağıtım", "yayın", "triển",
    "phát", "uitrol",
];
const WHOLE_PARTS: &[&str] = &[
    "部署",
    "上线",
    "上線",
    "发布",
    "發布",
    "デプロイ",
    "リリース",
    "公開",
    "배포",
    "출시",
    "릴리스",
    "릴리즈",
    "升级",
    "升級",
    "更新",
    "アップグレード",
    "アップデート",
    "업그레이드",
    "업데이트",
    "作業",
    "作业",
    "変更",
    "变更",
    "작업",
    "변경",
];

/// Words that a number of a step follows.
#[rustfmt::skip] // words, many to a line
const STEP: &[&str] = &[
    "step", "phase", "stage", "schritt", "étape", "etape", "paso", "passo", "fase", "krok", "шаг", "этап", "adım",
    "bước", "stap", "steg", "langkah",
];

/// What a heading says of when; nothing where it speaks of both sides.
pub(super) fn said(title: &str) -> Option<Said> {
    let words: Vec<String> = lower_words(title).into_iter().skip_while(|w| is_number(w)).collect();
    let pair = |at: usize, pairs: &[(&str, &[&str])]| {
        let next = words.get(at + 1).map_or("", String::as_str);
        pairs.iter().any(|(word, behind)| words[at] == *word && behind.contains(&next))
    };
    let before_at = (0..words.len()).find(|at| {
        let word = words[*at].as_str();
        BEFORE.contains(&word) || word == "전" || pair(*at, BEFORE_PAIRS)
    });
    let after_at = (0..words.len()).find(|at| {
        let word = words[*at].as_str();
        let in_front = *at == 0 && AFTER_IN_FRONT.contains(&word);
        AFTER.contains(&word) || word == "후" || in_front || pair(*at, AFTER_PAIRS)
    });
    let part_of = |parts: &[&str]| parts.iter().any(|p| title.contains(p));
    let before = before_at.is_some() || part_of(BEFORE_PARTS) || side(title, "前");
    let after = after_at.is_some() || part_of(AFTER_PARTS) || side(title, "后後");
    // "After step 2", and not "Step 2: afterwards".
    let from = before_at.or(after_at).unwrap_or(words.len());
    let behind = words.get(from..).unwrap_or(&[]);
    let step = behind.windows(2).find(|pair| STEP.contains(&pair[0].as_str()) && is_number(&pair[1]));
    let step = step.map(|pair| pair[1].clone());
    match (before, after) {
        (true, false) => Some(Said::Before(step)),
        (false, true) => Some(Said::After(step)),
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a Chinese or Japanese title has the sign of before or after, and not as a part of another word: front end
/// and back end, at present.
fn side(title: &str, signs: &str) -> bool {
    let chars: Vec<char> = title.chars().collect();
    chars.iter().enumerate().any(|(at, sign)| {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let previous = at.checked_sub(1).and_then(|before| chars.get(before)).copied().unwrap_or(' ');
        signs.contains(*sign)
            && !"端台缀綴面备備门門续續回".contains(next)
            && !"当當目眼名午手".contains(previous)
    })
}

/// Begins of words of a title that says that something is looked at, and nothing is done.
#[rustfmt::skip] // begins of words, many to a line
const CHECKS: &[&str] = &[
    "verif", "valid", "check", "smoke", "confirm", "accept", "prüf", "überprüf", "kontroll", "abnahme", "vérif",
    "contrôl", "recette", "comprob", "controll", "controle", "провер", "перевір", "sprawdz", "weryfik", "kontrol",
    "doğrula", "kiểm", "ověř",
];
const CHECKS_PARTS: &[&str] =
    &["验证", "驗證", "检查", "檢查", "确认", "確認", "検証", "검증", "확인", "점검"];

/// Whether a title says that a step only looks.
pub(in super::super) fn checks(title: &str) -> bool {
    let words = lower_words(title);
    let first = words.iter().find(|w| !is_number(w)).map_or("", String::as_str);
    let last = words.last().map_or("", String::as_str);
    // What is checked out is fetched.
    if words.iter().any(|w| w == "checkout") || words.windows(2).any(|pair| pair == ["check", "out"]) {
        return false;
    }
    let begins = |word: &str| CHECKS.iter().any(|stem| word.starts_with(stem));
    begins(first) || begins(last) || CHECKS_PARTS.iter().any(|part| title.contains(part))
}

/// Whether a heading speaks of the whole deployment and not of one part of it: also where it says nothing of what.
pub(super) fn of_the_whole(title: &str) -> bool {
    let words = lower_words(title);
    let named = words.iter().any(|w| WHOLE.iter().any(|stem| w.starts_with(stem)));
    let says_what = words.iter().any(|w| {
        let known = [BEFORE, AFTER, AFTER_IN_FRONT, GENERIC].iter().any(|list| list.contains(&w.as_str()));
        !known && !is_number(w)
    });
    named || WHOLE_PARTS.iter().any(|part| title.contains(part)) || !says_what
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_when_in_many_languages() {
        for title in [
            "1. Pre-Deployment Checklist",
            "Before you begin",
            "Prerequisites",
            "Vor dem Einspielen",
            "Avant le déploiement",
            "Antes del despliegue",
            "Antes da implantação",
            "Prima del rilascio",
            "Przed wdrożeniem",
            "Перед релизом",
            "Dağıtım öncesi kontroller",
            "Trước khi triển khai",
            "部署前检查清单",
            "發布前檢查",
            "デプロイ前の確認",
            "배포 전 점검",
        ] {
            assert_eq!(said(title), Some(Said::Before(None)), "{title}");
            assert!(of_the_whole(title), "{title}");
        }
        for title in [
            "3. Post-Deployment Checklist",
            "After the release",
            "✅ Success Checklist",
            "Nach dem Deployment",
            "Après la mise en production",
            "Después del despliegue",
            "Pós-implantação",
            "Dopo il rilascio",
            "Po wdrożeniu",
            "После релиза",
            "Dağıtım sonrası",
            "Sau khi triển khai",
            "上线后验证",
            "部署後の確認",
            "배포 후 확인",
        ] {
            assert_eq!(said(title), Some(Said::After(None)), "{title}");
            assert!(of_the_whole(title), "{title}");
        }
        assert_eq!(said("Checks after step 2"), Some(Said::After(Some("2".into()))));
        assert_eq!(said("Vor Schritt 3 prüfen"), Some(Said::Before(Some("3".into()))));
        for title in [
            "Checklist",
            "前端检查",
            "后端检查",
            "Current state",
            "Before and after",
            "Smoke tests",
            "Prima verifica",
        ] {
            assert_eq!(said(title), None, "{title}");
        }
        assert_eq!(
            said("Step 2: afterwards"),
            Some(Said::After(None)),
            "its own number is none of another step"
        );
        for title in
            ["Verify", "Smoke checks", "Post-deployment verification", "Abnahme", "Проверка", "验证部署"]
        {
            assert!(checks(title), "{title}");
        }
        assert!(!checks("Switch traffic") && !checks("Check out the release and build it"));
        assert!(!of_the_whole("Checks before the traffic moves") && !of_the_whole("Post-migration"));
    }
}
