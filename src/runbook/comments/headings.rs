//! Comments that head the rest of a fence: "Rollback", "To roll back:", "Teardown"; and what heads a message.

use super::super::model::Role;
use super::super::vocabulary::{self, Place, Words, begins, has, has_word_of};
use super::super::words::lower_words;

/// Verbs of the vocabulary of rollbacks that may have another object: "Undo the maintenance mode" is a step.
const VERBS: Words =
    &["revert", "reverting", "undo", "abort", "downgrade", "fallback", "fall back", "back out", "cancel"];

/// What such a verb takes back where it means a rollback.
#[rustfmt::skip] // words, many to a line
const DEPLOYED: Words = &[
    "deployment", "deploy", "release", "version", "migration", "migrations", "database", "schema", "upgrade", "update",
    "changes", "change", "everything", "this", "all of it", "the above", "the step", "image", "to previous",
    "to the previous", "to the old", "to the last",
];

/// What comes behind "rollback" where it is a thing that is made before, and no going back.
#[rustfmt::skip] // words, many to a line
const MADE_BEFORE: &[&str] = &[
    "point", "points", "tag", "image", "safe", "window", "snapshot", "marker", "copy", "artifact", "artefact", "sha",
    "revision", "target", "info", "file", "capability", "readiness", "support", "test", "drill",
];

/// First words of a comment that speaks of a rollback and is none.
#[rustfmt::skip] // words, many to a line
const ABOUT: &[&str] = &[
    "enable", "disable", "allow", "keep", "set", "without", "no", "skip", "avoid", "before", "after", "store", "note",
    "prepare", "save", "record", "tag", "ensure", "check", "verify", "confirm", "used", "needed", "required",
    "automatic", "auto", "create", "make", "write", "remember", "export", "backup", "do", "don",
    "never", "use", "get", "find", "list", "show", "watch", "wait",
];

/// Words for what takes all of it away or brings back what was: nothing that a deployment runs.
#[rustfmt::skip] // words, many to a line
const OUTSIDE: Words = &[
    "teardown", "tear down", "tearing down", "decommission", "decommissioning", "uninstall", "uninstalling",
    "uninstallation", "destroy everything", "destroy the environment", "destroy environment", "destroy the stack",
    "destroy the cluster", "destroy infrastructure", "destroy the infrastructure", "destroy all", "nuke", "wipe everything",
    "wipe all data", "factory reset", "full reset", "restore from backup", "restore from a backup", "restore from the backup",
    "restore from snapshot", "restore from a snapshot", "restore backup", "restore the backup", "restore a backup",
    "restoring from backup", "restoring a backup", "disaster recovery", "recover from backup",
    "abbau", "deinstallation", "deinstallieren", "rückbau", "aus dem backup wiederherstellen", "backup wiederherstellen",
    "désinstallation", "désinstaller", "démantèlement", "restaurer la sauvegarde", "restauration de la sauvegarde",
    "restaurer depuis la sauvegarde", "desinstalar", "desinstalación", "desmontaje", "desmantelar", "restaurar la copia",
    "restaurar desde la copia", "restaurar copia de seguridad", "restaurar el backup", "desinstalação",
    "restaurar o backup", "restaurar backup", "disinstallare", "disinstallazione", "ripristino dal backup",
    "ripristinare il backup", "odinstalowanie", "odinstaluj", "przywracanie z kopii", "przywrócenie kopii", "удаление всего",
    "деинсталляция", "восстановление из резервной копии", "восстановить из резервной копии", "восстановление из бэкапа",
    "kaldırma", "yedekten geri yükleme", "yedekten geri yükle", "gỡ cài đặt", "khôi phục từ bản sao lưu", "verwijderen",
    "herstellen vanuit back up", "herstellen van back up", "卸载", "卸載", "解除安裝", "从备份恢复", "從備份還原", "从备份还原",
    "恢复备份", "還原備份", "销毁", "銷毀", "下线", "アンインストール", "バックアップから復元", "バックアップからの復元", "リストア", "撤去", "제거", "삭제 절차",
    "백업에서 복원", "백업 복원",
];

/// Words that make of it a part of the deployment: the old one is taken away.
#[rustfmt::skip] // words, many to a line
const OLD: Words = &[
    "old", "previous", "stale", "unused", "temporary", "legacy", "blue", "green", "canary", "staging", "ancien",
    "ancienne", "viejo", "vieja", "antigo", "antiga", "alte", "alten", "vecchio", "vecchia", "stary", "старый",
    "старую", "eski", "cũ", "oude", "旧", "舊", "古い", "이전",
];

/// What stands before it in a heading: "To roll back", "How to roll back", "Emergency rollback".
#[rustfmt::skip] // words, many to a line
const LEADS: &[&str] = &[
    "to", "how", "for", "in", "case", "of", "a", "the", "manual", "quick", "full", "emergency", "fast", "immediate",
    "database", "db", "app", "application", "helm", "docker", "kubernetes", "k8s", "optional", "only", "option",
    "pour", "um", "para", "per", "zum", "zur", "aby", "żeby", "чтобы", "om", "te", "để", "如需", "如果需要", "若要",
];

/// What a comment heads the rest of its fence as, where that stands beside the steps; [`Role::Other`] for what takes
/// away or brings back what was, which is never a step.
pub fn heads(text: &str) -> Option<Role> {
    // What must not be run is for no run.
    if vocabulary::is_forbidden(text) {
        return Some(Role::Other);
    }
    let title = title(text);
    // "ABORT: scale it to 0"
    let label = title.split([':', '：']).next().unwrap_or(title).trim_end();
    let short = vocabulary::role(label) == Role::Rollback && label.len() < title.len();
    let title = if short && lower_words(label).len() <= 2 { label } else { title };
    let words = lower_words(title);
    if words.is_empty()
        || words.len() > 10
        || is_sentence(text, &words)
        || super::expectation::is_expectation(title)
    {
        return None;
    }
    if let Some(rest) = after_failure(title) {
        let goes_back = has_word_of(rest, Role::Rollback, Place::Anywhere) || has(rest, VERBS);
        return goes_back.then_some(Role::Rollback);
    }
    if ABOUT.contains(&words[0].as_str()) {
        return None;
    }
    if is_outside(title, &words) {
        return Some(Role::Other);
    }
    match vocabulary::role(title) {
        Role::Rollback => is_rollback(title, &words).then_some(Role::Rollback),
        Role::Troubleshooting => {
            let begins_so = has_word_of(title, Role::Troubleshooting, Place::First) && words.len() <= 4;
            begins_so.then_some(Role::Troubleshooting)
        }
        _ => None,
    }
}

/// A comment without what decorates it, its number and its colon.
fn title(text: &str) -> &str {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric() && !"()（）".contains(c));
    let numbered =
        bare.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ':' | ' '));
    if numbered.is_empty() {
        return bare;
    }
    // "4b. ABORT"
    let mut chars = numbered.chars();
    let letter = numbered.len() < bare.len() && chars.next().is_some_and(|c| c.is_ascii_lowercase());
    let rest = chars.as_str().strip_prefix(['.', ')', ':']).map(str::trim_start);
    rest.filter(|rest| letter && !rest.is_empty()).unwrap_or(numbered)
}

/// Whether a comment says something about a rollback rather than heading one.
fn is_sentence(text: &str, words: &[String]) -> bool {
    let says = [
        "is", "are", "was", "will", "can", "cannot", "should", "must", "may", "has", "have", "happens",
        "needs",
    ];
    let behind_first = words.get(1..).unwrap_or_default();
    text.trim_end().ends_with(['.', '?', '。']) || behind_first.iter().any(|w| says.contains(&w.as_str()))
}

/// What follows "If it fails, …" and the like.
fn after_failure(title: &str) -> Option<&str> {
    #[rustfmt::skip] // words, many to a line
    const CASES: Words = &[
        "if", "in case", "on failure", "on error", "when", "should", "wenn", "falls", "bei", "si", "en cas", "en caso",
        "se", "em caso", "in caso", "jeśli", "gdy", "если", "при", "eğer", "nếu", "als", "bij", "如果", "若", "失败", "失敗",
        "もし", "만약", "실패",
    ];
    #[rustfmt::skip] // words, many to a line
    const FAILS: Words = &[
        "fails", "fail", "failed", "failure", "error", "errors", "wrong", "problem", "problems", "issues", "broken",
        "unhealthy", "breaks", "does not work", "doesn t work", "fehlschlägt", "fehlgeschlagen", "fehler", "schief",
        "échoue", "échec", "problème", "erreur", "falla", "fallo", "error", "problema", "falhar", "falha", "erro",
        "fallisce", "errore", "nie powiedzie", "błąd", "błędu", "не удалось", "ошибка", "ошибке", "сбой", "сбое",
        "başarısız", "hata", "thất bại", "lỗi", "mislukt", "fout", "失败", "失敗", "出错", "出錯", "異常", "异常", "問題", "问题",
        "실패", "문제", "오류",
    ];
    (begins(title, CASES) && has(title, FAILS)).then_some(title)
}

/// Whether a title that the vocabulary has for a rollback is the heading of one.
fn is_rollback(title: &str, words: &[String]) -> bool {
    let led: Vec<&String> = words.iter().skip_while(|w| LEADS.contains(&w.as_str())).collect();
    let rest = led.iter().map(|w| w.as_str()).collect::<Vec<_>>().join(" ");
    let leads = led.len() < words.len();
    if begins(&rest, VERBS) {
        // Alone, or with what was deployed: "Revert the migration", "To revert:".
        return led.len() == 1 || leads || has(&rest, DEPLOYED);
    }
    let ends_so = words.len() <= 3 && has_word_of(title, Role::Rollback, Place::Last);
    if !(ends_so || has_word_of(&rest, Role::Rollback, Place::First)) {
        return false;
    }
    let behind = if rest.starts_with("roll back") || rest.starts_with("rolling back") {
        led.get(2)
    } else {
        led.get(1)
    };
    !behind.is_some_and(|word| MADE_BEFORE.contains(&word.as_str()))
}

/// Whether an item takes back what an earlier one did, and not the deployment: "Undo the maintenance mode:".
pub fn undoes_else(text: &str) -> bool {
    let label = title(text.lines().next().unwrap_or(text));
    let words = label.split('`').next().unwrap_or(label);
    begins(words, VERBS) && lower_words(words).len() > 1 && !has(words, DEPLOYED)
}

/// "Teardown", "Restore from backup", "Cleanup (only when decommissioning)"; not "Tear down the old stack".
fn is_outside(title: &str, words: &[String]) -> bool {
    let (head, remark) = title.split_once(['(', '（']).map_or((title, ""), |(head, remark)| (head, remark));
    if has(head, OLD) {
        return false;
    }
    let told: Vec<&str> = words.iter().map(String::as_str).skip_while(|w| LEADS.contains(w)).collect();
    let begun = begins(&told.join(" "), OUTSIDE);
    let verb = begins(&told.join(" "), &["uninstall", "tear down", "destroy", "decommission"]);
    let own: Vec<String> = words.iter().skip_while(|w| LEADS.contains(&w.as_str())).cloned().collect();
    begun && (!verb || lower_words(head).len() <= 3) || has(remark, OUTSIDE) || is_restore(&own)
}

/// "Restore từ backup", "Restore the dump", "Restore": a verb for it first, and what was saved or nothing behind it.
fn is_restore(words: &[String]) -> bool {
    #[rustfmt::skip] // beginnings of words, many to a line
    const RESTORES: &[&str] = &[
        "restor", "recover", "wiederherstell", "wiederhergestellt", "rückspiel", "restaur", "ripristin", "przywr", "przywrac", "odtw", "восстанов", "віднов", "khôi",
        "pulihkan", "memulihkan", "pemulihan", "herstel", "obnov", "恢复", "恢復", "还原", "還原", "復元", "リストア", "복원",
    ];
    #[rustfmt::skip] // beginnings of words, many to a line
    const SAVED: &[&str] = &[
        "backup", "dump", "snapshot", "sicherung", "sauvegarde", "copia", "respaldo", "cópia", "kopi", "копи", "бэкап", "бекап", "yedek", "sao",
        "lưu", "cadangan", "reservekopie", "záloh", "备份", "備份", "快照", "バックアップ", "백업",
    ];
    #[rustfmt::skip] // words, many to a line
    const WHOLE: &[&str] = &[
        "db", "database", "data", "the", "everything", "all", "datenbank", "daten", "la", "base", "de", "datos", "banco", "dados", "бд", "базу",
        "данных", "数据库", "数据", "データベース", "데이터베이스",
    ];
    let is = |list: &[&str], word: &String| list.iter().any(|begin| word.starts_with(begin));
    let Some((first, rest)) = words.split_first() else { return false };
    let turkish = words.windows(2).any(|w| w[0] == "geri" && w[1].starts_with("yükle"));
    let verb = is(RESTORES, first) || turkish;
    let saved =
        words.iter().any(|word| is(SAVED, word)) || SAVED.iter().any(|s| !s.is_ascii() && first.contains(s));
    verb && words.len() <= 8 && (saved || rest.iter().all(|word| WHOLE.contains(&word.as_str())))
}

/// Whether a title that is outside of the steps brings back what was saved, as a rollback may.
pub fn restores(title: &str) -> bool {
    #[rustfmt::skip] // beginnings of words, many to a line
    const SAVED: &[&str] = &[
        "restor", "backup", "snapshot", "recover", "wiederherstell", "sauvegarde", "restaura", "copia", "ripristin",
        "przywr", "kopii", "восстанов", "yedek", "khôi phục", "herstel", "恢复", "還原", "备份", "備份", "リストア", "復元", "복원",
    ];
    let lower = title.to_lowercase();
    SAVED.iter().any(|word| lower.contains(word))
}

/// Whether a comment heads words for people: a message to send, an announcement.
pub fn heads_message(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const MESSAGE: Words = &[
        "message", "slack message", "announcement", "announce in", "post in", "post to", "post this in", "email text",
        "e mail text", "chat message", "team message", "nachricht", "ankündigung", "mitteilung", "message pour", "annonce",
        "mensaje", "anuncio", "mensagem", "anúncio", "messaggio", "annuncio", "wiadomość", "ogłoszenie", "сообщение",
        "объявление", "mesaj", "duyuru", "tin nhắn", "bericht", "aankondiging", "消息", "公告", "訊息", "メッセージ", "お知らせ",
        "메시지", "공지",
    ];
    let short = lower_words(text).len() <= 8;
    let title = text.trim().trim_end_matches([':', '：']);
    let ends = vocabulary::ends(title, &["message", "announcement", "消息", "公告"]);
    short && (begins(text, MESSAGE) || ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_what_stands_beside_the_steps() {
        for text in [
            "Rollback",
            "ROLLBACK:",
            "--- ROLLBACK ---",
            "=== Rollback ===",
            "To roll back:",
            "How to roll back",
            "Rollback procedure",
            "4. Rollback",
            "Emergency rollback",
            "Database rollback",
            "If it fails, revert:",
            "If this step fails, roll back with:",
            "In case of problems roll back",
            "Revert the migration",
            "To revert:",
            "Undo",
            "Zurückrollen",
            "回滚",
            "如果失败，回滚：",
            "ロールバック",
            "롤백",
            "Откат",
            "Retour arrière",
            "Rollback (if needed)",
            "Roll back to the previous release",
            "Abort the deployment",
            "4b. ABORT: scale the canary to 0, set the weight to 0",
        ] {
            assert_eq!(heads(text), Some(Role::Rollback), "{text}");
        }
        for text in [
            "Teardown",
            "Tear down:",
            "Cleanup (only when decommissioning)",
            "Restore from backup",
            "--- Uninstall ---",
            "Decommission",
            "Deinstallation",
            "Désinstallation",
            "从备份恢复",
            "アンインストール",
            "Wipe everything",
            "Factory reset",
            "Restaurar la copia de seguridad",
            "Восстановление из резервной копии",
            "Restore từ backup",
            "Restore the last dump",
            "Відновити backup",
            "Memulihkan backup",
            "Restore:",
            "Yedekten geri yükle",
        ] {
            assert_eq!(heads(text), Some(Role::Other), "{text}");
        }
        assert_eq!(heads("Troubleshooting"), Some(Role::Troubleshooting));
        for text in [
            "Rollback is not possible after this",
            "Keep the old image for rollback",
            "Rollback tag",
            "Rollback point",
            "Save the current version (for rollback)",
            "Prepare rollback",
            "Undo the maintenance mode",
            "Revert the DNS TTL",
            "Restore dependencies",
            "Restore the file permissions",
            "Cleanup",
            "Clean up old images",
            "Tear down the old stack",
            "Uninstall the old chart",
            "Reset the counter",
            "Restart the service",
            "If table doesn't exist, run migration",
            "If it fails, look at the logs",
            "Deploy",
            "Verify",
            "This makes a rollback possible.",
            "Disable automatic rollback",
            "Expected: rollback done",
            "No rollback needed",
            "Destroy old sessions",
            "Back up the database",
            "Downgrade the log level",
        ] {
            assert_eq!(heads(text), None, "{text}");
        }
    }

    #[test]
    fn what_takes_back_an_earlier_item() {
        assert!(undoes_else("Undo the disablement of the agent on all hosts:"));
        assert!(undoes_else("Revert the TTL: `dnsctl ttl 3600`"));
        assert!(!undoes_else("Revert the release: `make old`") && !undoes_else("Undo:"));
    }

    #[test]
    fn headings_of_messages() {
        for text in [
            "Message for the channel",
            "Post to #deploys:",
            "Slack message:",
            "Nachricht an das Team",
            "公告",
        ] {
            assert!(heads_message(text), "{text}");
        }
        for text in ["Deploy", "Check the message queue", "Commit", "Mailserver"] {
            assert!(!heads_message(text), "{text}");
        }
    }
}
