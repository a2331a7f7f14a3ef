//! Occasions on which something is done, and on no other: the first time, an emergency, each week; and words for what
//! is done no more, elsewhere, or by something else.

use super::fold::{begins_spelled, folded};
use super::words::{Words, begins, has};

/// That it is the first time.
#[rustfmt::skip] // words, many to a line
const FIRST: Words = &[
    "first time", "first deployment", "first deploy", "first run", "first install", "first installation", "first release", "initial deployment", "initial installation", "erste mal", "ersten mal", "erstes mal", "erstmalig", "erstinstallation", "ersteinrichtung", "erste deployment", "ersten deployment", "premiere fois", "premier deploiement", "premiere installation", "primera vez", "primer despliegue", "primera instalacion",
    "primeira vez", "primeiro deploy", "primeira instalacao", "prima volta", "primo rilascio", "prima installazione", "pierwszym razem", "pierwszy raz", "pierwszym wdrozeniu", "первыи раз", "первом развертывании", "первом запуске", "первом деплое", "первои установке", "перший раз", "першому запуску", "ilk kez", "ilk kurulumda", "ilk defa", "lan dau", "pertama kali", "eerste keer", "eerste deployment",
];
/// That it is done then and not otherwise.
#[rustfmt::skip] // words, many to a line
const ONLY: Words = &["only", "nur", "uniquement", "seulement", "solo", "solamente", "unicamente", "apenas", "somente", "soltanto", "tylko", "только", "лише", "тільки", "sadece", "yalnizca", "chi", "hanya", "alleen"];

/// Whether words say that something is done in one case and no other: "First deployment only".
pub(in crate::runbook) fn says_only(text: &str) -> bool {
    has(&folded(text), ONLY)
}
/// When it is done, in front of it.
#[rustfmt::skip] // words, many to a line
const ON: Words = &["on", "at", "during", "for", "beim", "bei", "lors", "pour", "en", "para", "na", "no", "al", "alla", "per la", "przy", "при", "под", "voor", "bij", "saat"];
/// What is done once, as it begins.
#[rustfmt::skip] // words, many to a line
const ONCE: Words = &[
    "one time", "only once", "once only", "once per", "just once", "einmalig", "nur einmal", "une seule fois", "une fois pour toutes", "una sola vez", "solo una vez", "uma unica vez", "apenas uma vez", "una tantum", "solo una volta", "jednorazowo", "tylko raz", "один раз", "однократно", "bir kez", "bir kereye", "mot lan", "sekali saja", "eenmalig",
];
/// What is left out on some occasion.
#[rustfmt::skip] // words, many to a line
const NOT_FOR: Words = &[
    "skip this", "skip for", "skip on", "skip if", "skip unless", "skip when", "skip it", "not needed for", "not needed on", "not needed if", "not needed when", "not required for", "not required if", "not necessary for", "not necessary if", "required for", "needed for", "only needed", "required if", "needed if", "coming from", "when coming from",
    "nicht notig bei", "nicht notig fur", "nicht erforderlich bei", "nicht erforderlich fur", "entfallt bei", "entfallt fur", "uberspringen bei", "uberspringen falls", "inutile pour", "inutile si", "non necessaire pour", "a sauter si", "no es necesario para", "no es necesario si", "no hace falta si", "omitir si", "omita si", "nao necessario para", "nao e necessario para", "pule se", "pular se", "non necessario per", "non serve per", "saltare se",
    "niepotrzebne przy", "pomin jesli", "не требуется для", "не нужно при", "пропустите если", "gerekmez", "khong can cho", "bo qua neu", "tidak perlu untuk", "niet nodig bij", "niet nodig voor",
];
/// The same in languages without blanks.
const FIRST_SIGNS: &[&str] = &["初回", "首次", "第一次", "初次", "처음", "최초"];
const ONLY_SIGNS: &[&str] = &["のみ", "だけ", "時", "时", "仅", "僅", "只", "만", " 시", "때"];
const SKIP_SIGNS: &[&str] =
    &["可跳过", "则跳过", "無需執行", "无需执行", "不需要执行", "スキップ", "不要な場合", "건너뛰", "생략"];
/// Ends of Korean words for "where it is so".
const WHERE_SIGNS: &[&str] = &[
    "불가 시",
    "불가시",
    "실패 시",
    "실패시",
    "오류 시",
    "오류 발생 시",
    "문제 발생 시",
    "장애 시",
    "장애 발생 시",
    "없을 시",
    "있을 시",
    "변경 시",
    "변경시",
    "설치 시",
];

/// Whether a label says that what follows is done the first time, once, or not on some occasion: "First deployment only:",
/// "Skip this on hotfixes.", "仅首次部署".
pub(in crate::runbook) fn is_for_some_time(text: &str) -> bool {
    let words = folded(text);
    let any = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    let first =
        has(&words, FIRST) && (says_only(text) || begins(&words, ON)) || any(FIRST_SIGNS) && any(ONLY_SIGNS);
    let bare = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    // "仅部署后端" is one part of a whole, "仅主库执行" some place.
    let parts = ["需", "部署", "更新", "构建", "升级", "重启", "发布", "启动", "安装", "编译"];
    let chinese = text
        .trim_start()
        .strip_prefix(['仅', '僅'])
        .is_some_and(|rest| !parts.iter().any(|p| rest.starts_with(p)));
    first
        || begins(&words, ONCE)
        || begins(&words, NOT_FOR)
        || chinese
        || any(SKIP_SIGNS)
        || WHERE_SIGNS.iter().any(|sign| bare.ends_with(sign))
}

/// What a label says of commands that a deployment may not run at all.
#[rustfmt::skip] // words, many to a line
const ASIDE: Words = &[
    "the old way", "old way", "the old procedure", "old procedure", "deprecated", "obsolete", "legacy way", "previously", "until recently", "formerly", "kill switch", "in an emergency", "in emergencies", "in case of emergency", "emergency only", "local development", "for local development", "locally", "debugging", "for debugging", "to debug", "for troubleshooting", "troubleshooting",
    "useful commands", "handy commands", "other useful commands", "for example to", "for instance to", "behind the scenes", "what happens behind the scenes", "under the hood", "internally", "this is what", "this is equivalent to", "this is the same as", "which is equivalent to", "equivalent to", "you can also run", "you may also run", "you could also", "daily", "weekly", "monthly", "every week", "every month", "every night", "every day", "after a failed deployment",
    "after a failed", "avoid", "usage", "synopsis", "syntax", "the script does", "the script runs", "the script looks like", "internally the script", "content of", "contents of", "your file should",
    "die alte methode", "alte methode", "veraltet", "fruher", "im notfall", "lokale entwicklung", "zum debuggen", "zur fehlersuche", "nutzliche befehle", "taglich", "wochentlich", "monatlich", "ancienne methode", "obsolete", "en cas d urgence", "developpement local", "pour deboguer", "commandes utiles", "chaque semaine", "hebdomadaire", "metodo antiguo", "obsoleto", "en caso de emergencia", "desarrollo local", "para depurar", "comandos utiles", "cada semana", "semanalmente",
    "metodo antigo", "em caso de emergencia", "desenvolvimento local", "para depurar", "comandos uteis", "toda semana", "vecchio metodo", "in caso di emergenza", "sviluppo locale", "comandi utili", "ogni settimana", "stary sposob", "przestarzale", "w nagłych wypadkach", "co tydzien", "старый способ", "устарело", "в экстренном случае", "для отладки", "полезные команды", "еженедельно", "старии спосіб", "eski yontem", "acil durumda", "in noodgevallen",
    "旧方法", "旧的方法", "已弃用", "已废弃", "紧急情况", "緊急時", "本地开发", "调试用", "常用命令", "每周", "每天", "旧手順", "非推奨", "ローカル開発", "デバッグ用", "便利なコマンド", "毎週", "毎日", "이전 방식", "사용 중단", "비상시", "긴급 시", "로컬 개발", "디버깅", "유용한 명령", "매주", "매일",
];
/// The same anywhere in a label.
#[rustfmt::skip] // words, many to a line
const SAID_ASIDE: Words = &["do not use", "don t use", "deprecated", "no longer used", "not on production", "not in production", "nicht in produktion", "pas en production", "no en produccion", "nao em producao", "не на продакшене"];

/// Whether a label sets what follows aside: "The old way (deprecated, do not use):", "Weekly:", "Usage:".
pub(in crate::runbook) fn sets_aside(label: &str) -> bool {
    const LONGEST: usize = 12;
    let words = folded(label);
    words.split(' ').count() <= LONGEST && (begins_spelled(label, ASIDE) || has(&words, SAID_ASIDE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occasions_are_told_from_what_is_done_each_time() {
        for text in [
            "First deployment only: seed the database.",
            "On the first deployment:",
            "One-time setup:",
            "Skip this on hotfixes.",
            "Not needed for patch releases:",
            "Coming from 1.x:",
            "初回のみ",
            "仅首次部署",
            "仅主库执行",
            "처음 배포할 때만",
            "스크립트 사용 불가 시",
            "nur beim ersten Mal",
            "Uniquement lors du premier déploiement",
            "Solo la prima volta",
            "Tylko za pierwszym razem",
            "Sadece ilk kurulumda",
            "При первом запуске",
        ] {
            assert!(is_for_some_time(text), "{text}");
        }
        for text in [
            "Seed the database",
            "The first deployment of the day",
            "Deploy the first node",
            "首次上线说明",
            "배포 시",
        ] {
            assert!(!is_for_some_time(text), "{text}");
        }
        for text in [
            "The old way (deprecated, do not use):",
            "Kill switch:",
            "Debugging:",
            "For example, to restart one of them:",
            "Usage:",
            "Weekly:",
            "In an emergency:",
            "Im Notfall:",
        ] {
            assert!(sets_aside(text), "{text}");
        }
        for text in
            ["Deploy it:", "Use the old image:", "Restart the service", "Run the weekly report job now"]
        {
            assert!(!sets_aside(text), "{text}");
        }
    }
}
