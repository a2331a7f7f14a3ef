//! Whether words set a condition, make something optional, or name a machine that the run is not on.

use super::super::vocabulary::acts::AFTER;
use super::super::vocabulary::conditions::{
    ANEW, ANOTHER_TIME, DONE, FOR_CASE, FOR_OTHERS, GOES_ELSEWHERE, IF, IF_NEEDED, NO_IF, ONLY_IF, OPTIONAL,
    OTHERWISE, PURPOSE, SKIPS, TAIL_IF, TIMES, VARIANT, ends_in_if, is_clause, is_inversion,
    is_optional_sign,
};
use super::super::vocabulary::occasions::is_for_some_time;
use super::super::vocabulary::{Terms, begins, folded, is_backup};
use super::super::words::{is_relative, is_wait, lower_words};
use super::acts;
use super::expectation::{is_expectation, opens_expectation};
use super::places::{begins_on_one, is_elsewhere, is_only_on};
use super::sentences::{sentences, unnumbered};

/// What stands between what is done and the command for it.
#[rustfmt::skip] // words, many to a line
const RUN_BY: &[&str] = &[" with", " by", " using", " by running", " run", " mit", " per", " avec", " par", " con", " com", " z", " с", " via"];

/// What asks or looks: "Check if …" sets no condition.
#[rustfmt::skip] // words, many to a line
const ASKS: &[&str] = &[
    "verificar se", "verifique se", "verifica se", "controlla se", "controllare se", "comprobar si", "comprueba si", "compruebe si", "verificar si", "verifique si", "verifier si", "verifiez si", "sprawdz czy", "проверить если", "kiem tra xem",
    "testar se", "ver se", "validar se", "conferir se", "checar se", "confirmar se", "probar si", "ver si", "validar si", "revisar si", "mirar si", "confirmar si", "look", "look if", "try", "check", "verify", "see", "test", "confirm", "determine", "ask", "find", "ensure", "validate", "检查", "确认",
];

/// Words behind "if" at the end of a sentence, at most.
const TAIL: usize = 4;

/// The condition that a label, a comment or a sentence puts on the commands below it.
///
/// "If …", "Only if …", "When …" at the start, "… if needed" at the end, the same in brackets or behind a dash, in the
/// languages of the vocabulary; and a place that the shell is not in, which somebody has to be asked about as well.
pub fn condition(text: &str) -> Option<String> {
    sets(text).then(|| text.to_owned())
}

/// The condition that the words over a fence put on it: a paragraph's first or last sentence says it, however its lines
/// are broken.
pub fn lead_condition(before: &str) -> Option<String> {
    // What is longer is no sentence that leads to anything.
    const LONGEST: usize = 320;
    let text = before.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentences = sentences(text.trim_matches('*'));
    let (first, last) = (sentences.first()?, sentences.last()?);
    let leads = |sentence: &&str| {
        // What a bracket around several sentences says is aside.
        let balanced = sentence.matches(')').count() <= sentence.matches('(').count();
        balanced && sentence.len() <= LONGEST && !opens_expectation(sentence)
    };
    let ends_leading = last.trim_end_matches('*').ends_with([':', '：']);
    // "Only go on if you have a backup."
    let only = last.trim_start_matches('*').starts_with("Only ");
    // "If it is full, the service is restarted." tells what happens.
    let describes = |sentence: &str| {
        let behind = sentence.split_once([',', '，']).map_or("", |(_, rest)| rest);
        let told = ["you ", "sie ", "vous ", "usted ", "voce ", "вы "]
            .iter()
            .any(|who| folded(behind).starts_with(who));
        !sentence.ends_with([':', '：']) && !behind.is_empty() && !told && acts::is_description(behind)
    };
    [
        Some(first).filter(|_| sentences.len() < 3 || !ends_leading),
        Some(last).filter(|_| ends_leading || only),
    ]
    .into_iter()
    .flatten()
    .copied()
    .find(|sentence| leads(sentence) && sets(sentence) && !describes(sentence))
    .map(|sentence| sentence.trim_matches('*').to_owned())
}

fn sets(text: &str) -> bool {
    let bare = unnumbered(text);
    if is_for_some_time(bare) && !is_expectation(bare) {
        return true;
    }
    // "Reload it (if needed): `systemctl reload nginx`"
    if let Some((head, _)) = bare.split_once('`') {
        let head = head.trim_end();
        let head = RUN_BY.iter().find_map(|word| head.strip_suffix(word)).unwrap_or(head);
        let head = head.trim_end_matches([':', '：', ' ', '*']);
        if closing(head).is_some_and(is_bracket) {
            return true;
        }
    }
    let brackets = brackets(bare);
    if let Some(inside) = closing(bare).filter(|inside| is_bracket(inside)) {
        return !is_kept_for(bare, inside);
    }
    let outside = brackets.iter().fold(bare.to_owned(), |text, inside| text.replace(inside, ""));
    let outside = behind_time(&outside).map(str::to_owned).unwrap_or(outside);
    let words = folded(&outside);
    if words.is_empty() || is_to_repeat(&words) || GOES_ELSEWHERE.within(&words) || SKIPS.within(&words) {
        // "If it has stopped already, skip this step" is the opposite of a condition.
        return false;
    }
    let first = words.split(' ').next().unwrap_or("");
    let asks = ASKS.contains(&first) || begins(bare, ASKS);
    if IF.begin(&words) && !NO_IF.begin(&words) && !asks {
        // "when" in front of what will be seen sets none, nor does an order of time.
        return !is_expectation(&outside) && !is_order_of_time(&outside);
    }
    if IF_NEEDED.end(&words) && !asks || ONLY_IF.within(&words) {
        return true;
    }
    if !asks
        && (ends_in_if(text)
            || is_romance_if(bare)
            || is_timed_label(text, &words)
            || is_inversion(bare)
            || is_turkish_if(&words))
    {
        return true;
    }
    if !asks
        && (is_elsewhere(&outside)
            || is_only_on(&words)
            || begins_on_one(&words)
            || is_variant(&words)
            || acts::is_done_before(&outside))
    {
        return true;
    }
    if asks || is_expectation(&outside) {
        return false;
    }
    is_clause(&outside) && !is_order_of_time(&outside)
        || behind_dash(&outside)
        || !outside.contains([',', '，']) && is_tail(&words)
}

/// What stands in the round brackets of a text, of any width.
fn brackets(text: &str) -> Vec<&str> {
    let parts = text.split(['(', '（', '［']).skip(1);
    parts.filter_map(|part| part.split_once([')', '）', '］']).map(|(inside, _)| inside)).collect()
}

/// What stands in the brackets that close a text.
fn closing(text: &str) -> Option<&str> {
    let bare = text.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '）' | '］'));
    let inside = bare.strip_suffix([')', '）', '］'])?;
    inside
        .rfind(['(', '（', '［'])
        .and_then(|at| inside.get(at..))
        .map(|inside| inside.trim_start_matches(['(', '（', '［']))
}

/// "(if you have one)", "(when needed)", "(IP only)": what has a clause of its own behind it says what to do then.
fn is_bracket(inside: &str) -> bool {
    let words = folded(inside);
    let only = || ONLY_IF.within(&words) || is_only_on(&words);
    if is_wait(inside) {
        return true;
    }
    if is_for_some_time(inside) {
        return true;
    }
    // "(required, if used)", and not "(if it hangs, wait)".
    let tail = || {
        inside
            .rsplit([',', '，'])
            .next()
            .is_some_and(|tail| IF.begin(&folded(tail)) && tail.len() < inside.len())
    };
    if inside.contains([',', '，', '、', ';']) && !IF_NEEDED.end(&words) && !tail() {
        return false;
    }
    if tail() {
        return !SKIPS.within(&words);
    }
    let says =
        IF.begin(&words) && !NO_IF.begin(&words) && !is_order_of_time(inside) && !is_expectation(inside);
    (says || IF_NEEDED.end(&words) || is_clause(inside) || only()) && !SKIPS.within(&words)
}

/// "Se transferiu um arquivo, descompactar primeiro": what begins like a reflexive verb is a condition where what comes
/// behind its clause is to be done.
fn is_romance_if(text: &str) -> bool {
    let Some((clause, then)) = text.split_once(',') else { return false };
    let clause = folded(clause);
    let led = (clause.starts_with("se ") || clause.starts_with("si ")) && clause.split(' ').count() <= 10;
    let then = folded(then);
    let first = then.split(' ').next().unwrap_or("");
    let infinitive = ["ar", "er", "ir", "are", "ere", "ire", "re"].iter().any(|end| first.ends_with(end));
    led && infinitive && first.len() > 4 && !NO_IF.begin(&clause)
}

/// "Execute 24 hours before the cutover:", "Applicable if: …": when or where what follows is done at all.
fn is_timed_label(text: &str, words: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static WAITS: Terms = Terms::of(&[
        "wait*", "allow", "warte*", "attend*", "patient*", "esper*", "aguard*", "attend*", "zaczekaj", "poczekaj", "подожд*", "ждать", "ждите", "bekle*", "cho", "doi", "tunggu", "wacht", "等待", "等候", "待", "대기", "기다",
    ]);
    #[rustfmt::skip] // words, many to a line
    const APPLIES: &[&str] = &[
        "applicable if", "applicable when", "applies if", "applies when", "applies to", "applicable to", "only for", "gilt fur", "gilt wenn", "applicable si", "s applique si", "aplica si", "aplica a", "aplicable si", "aplica se", "si applica se", "применимо если", "применимо для", "适用于",
    ];
    let leads = text.trim_end().trim_matches('*').trim_end().ends_with([':', '：']);
    let applies = APPLIES.iter().any(|phrase| words.starts_with(phrase));
    applies || leads && is_relative(text) && !WAITS.in_folded(words)
}

/// "… varsa sonlandırın", "… çalışıyorsa": the ending sets the condition, with something to do behind it.
fn is_turkish_if(words: &str) -> bool {
    const ENDS: &[&str] = &[
        "varsa", "yoksa", "olursa", "iyorsa", "uyorsa", "ıyorsa", "mezse", "mazsa", "diyse", "diysa",
        "ildiyse",
    ];
    let mut split = words.split(' ').peekable();
    while let Some(word) = split.next() {
        if split.peek().is_some() && word.chars().count() > 4 && ENDS.iter().any(|end| word.ends_with(end)) {
            return true;
        }
    }
    false
}

/// "After a few minutes, if any job is stuck, …": the condition stands behind the time.
fn behind_time(text: &str) -> Option<&str> {
    let (time, rest) = text.split_once([',', '，'])?;
    let (time, rest) = (folded(time), rest.trim_start());
    let behind = folded(rest);
    (AFTER.begin(&time) && IF.begin(&behind) && !NO_IF.begin(&behind)).then_some(rest)
}

/// "Safe to send again if it fails": that it may be repeated is no condition of doing it at all.
fn is_to_repeat(words: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static AGAIN: Terms = Terms::of(&[
        "again", "retry", "retries", "repeat", "re run", "rerun", "wiederhol*", "erneut", "nochmal*", "reessayer", "recommencer", "repetir", "reintentar", "ripetere", "riprova*", "powtorz*", "повтор*", "tekrar", "thu lai", "ulangi", "重试", "重新执行", "再试", "再実行", "다시",
    ]);
    #[rustfmt::skip] // words, many to a line
    static FAILS: Terms = Terms::of(&[
        "fails", "fail", "failed", "error", "errors", "timeout", "times out", "fehlschlag*", "scheitert", "fehler", "echoue", "erreur", "falla", "falha", "erro", "fallisce", "errore", "ошибк*", "сбо*", "hata", "loi", "gagal", "失败", "失敗", "出错", "실패",
    ]);
    AGAIN.in_folded(words) && FAILS.in_folded(words) && !IF.begin(words)
}

/// "Save the database (in case you need to go back)": what a copy is made for is no condition of making it.
fn is_kept_for(text: &str, inside: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static KEEPS: Terms = Terms::of(&[
        "save", "keep", "copy", "snapshot*", "note", "record", "dump", "export", "sichern", "speichern", "kopieren", "aufheben", "behalten", "merken", "sauvegard*", "garder", "conserver", "copier", "guard*", "copiar", "conservar", "anotar", "salvar", "salve",
        "salvare", "salva", "copiare", "conserva", "zapisz", "skopiuj", "zachowaj", "сохран*", "скопир*", "запис*", "збере*", "kaydet", "kopyala", "luu", "simpan", "salin", "保存", "保留", "复制", "保持", "コピー", "저장", "복사",
    ]);
    #[rustfmt::skip] // words, many to a line
    static BACK: Terms = Terms::of(&[
        "go back", "roll back", "rollback", "revert", "restore", "undo", "wrong", "fails", "zuruck*", "schief*", "revenir", "restaurer", "annuler", "volver", "revertir", "restaurar", "reverter", "voltar", "desfazer", "tornare", "ripristinare",
        "wroc*", "przywroc*", "cofn*", "откат*", "верну*", "восстанов*", "поверну*", "geri", "quay lai", "khoi phuc", "kembali", "回滚", "恢复", "回退", "戻", "되돌",
    ]);
    let made = text.replace(inside, "");
    (KEEPS.stand_in(&made) || is_backup(&made)) && BACK.stand_in(inside)
}

/// "When the build is done, …": what follows is next.
fn is_order_of_time(text: &str) -> bool {
    let clause = text.split([',', '，', '、', ':', '：']).next().unwrap_or(text);
    let clause = folded(clause);
    let words: Vec<&str> = clause.split(' ').collect();
    let participle = |word: &&str| ["ed", "en", "one", "un", "ade"].iter().any(|end| word.ends_with(end));
    let have_done = matches!(words.get(1..3), Some(["you" | "everything", "have" | "ve" | "has"]))
        && words.get(3).is_some_and(participle);
    TIMES.begin(&clause)
        && (have_done || DONE.within(&clause) || clause.starts_with('当') && clause.ends_with(['后', '後']))
}

/// "… - if you use it", "… — only with TLS if needed".
fn behind_dash(text: &str) -> bool {
    let rest =
        [" - ", " – ", " — "].iter().find_map(|dash| text.rsplit_once(dash)).map(|(_, rest)| folded(rest));
    rest.is_some_and(|rest| IF.begin(&rest) && !NO_IF.begin(&rest))
}

/// "Start it if it is down": only a few words follow.
fn is_tail(words: &str) -> bool {
    let split: Vec<&str> = words.split(' ').collect();
    (1..split.len()).any(|at| {
        // "It is what is used if …" tells how it is.
        let before = split.get(1..at).unwrap_or_default();
        if before
            .iter()
            .any(|word| matches!(*word, "is" | "are" | "e" | "est" | "es" | "ist" | "sind" | "son" | "sont"))
        {
            return false;
        }
        let rest = split.get(at..).unwrap_or_default();
        (2..=TAIL + 1).contains(&rest.len()) && TAIL_IF.begin(&rest.join(" "))
    })
}

/// "To serve it under another prefix:", "For local development only:": a variant, for whom it concerns.
fn is_variant(words: &str) -> bool {
    let only = words.starts_with("for ") && words.ends_with(" only");
    only || FOR_OTHERS.begin(words) || FOR_CASE.begin(words) || PURPOSE.begin(words) && VARIANT.within(words)
}

/// Whether a label leads to what is done on another occasion than what stands above it in the same step: "To stop the
/// services:", "To deploy a new build without a gap:".
pub fn is_for_another_time(label: &str) -> bool {
    let words = folded(label.trim().trim_matches('*'));
    let lead = ["to ", "pour ", "para ", "per ", "чтобы ", "щоб ", "aby ", "zeby ", "untuk ", "de "];
    let Some(act) = lead.iter().find_map(|lead| words.strip_prefix(lead)) else { return false };
    let leads = label.trim_end().trim_end_matches('*').ends_with([':', '：']);
    leads && (ANOTHER_TIME.begin(act) || ANEW.begin(act) && OTHERWISE.within(act))
}

/// Whether the words make what follows optional: "Optional: …", "… (optional)", "… — optional".
pub fn is_optional(text: &str) -> bool {
    let says = |part: &str| OPTIONAL.begin(&folded(part)) || is_optional_sign(part);
    let bare = unnumbered(text);
    let brackets = text.split(['(', '（', '[', '［', '【']).skip(1);
    let dashed = [" - ", " – ", " — ", "——", ": "].iter().find_map(|dash| text.rsplit_once(dash));
    says(bare)
        || brackets.map(|part| part.split([')', '）', ']', '］', '】']).next().unwrap_or(part)).any(says)
        || dashed.is_some_and(|(_, rest)| lower_words(rest).len() <= 2 && says(rest))
}

/// Whether a check item concerns only some: "Payments work, if `PAY_ENABLED=true`", "… (when used)".
pub fn is_for_some(text: &str) -> bool {
    let behind = text.rsplit([',', '，', '—', '–']).next().filter(|rest| rest.len() < text.len());
    is_optional(text)
        || brackets(text).iter().any(|inside| is_bracket(inside))
        || IF_NEEDED.end(&folded(text))
        || behind.is_some_and(|rest| {
            let words = folded(rest);
            (IF.begin(&words) || words.starts_with("se ") || words.starts_with("gdy "))
                && !NO_IF.begin(&words)
        })
}

/// What a box says that is done without anybody where something holds: then the step is for the others.
pub fn is_automatic_for_some(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const AUTOMATIC: &[&str] = &[
        "automatic", "automatisch", "automatiquement", "automatica", "automatico", "automaticamente", "automatycznie", "автоматически", "автоматично", "otomatik",
        "自动", "自動", "자동",
    ];
    #[rustfmt::skip] // words, many to a line
    const WHERE: &[&str] = &[
        "when", "if", "with", "wenn", "falls", "bei", "lors", "lorsque", "si", "avec", "cuando", "con", "quando", "se", "com", "jesli", "przy", "если", "при", "якщо", "eger", "jika",
    ];
    let words = folded(text);
    let mut split = words.split(' ').skip_while(|word| {
        !AUTOMATIC.iter().any(|a| word.starts_with(a) || word.contains(a) && !word.is_ascii())
    });
    let joined = text.contains("使用") || text.contains("場合") || text.contains("경우");
    split.next().is_some() && (joined || split.any(|word| WHERE.contains(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_in_many_languages() {
        for yes in [
            "If table doesn't exist, run migration",
            "Update if needed",
            "Start other services if stopped",
            "Only if the cache is cold",
            "In rare cases the stream has to be restarted:",
            "Clear the cache (if needed)",
            "キャッシュのクリア（必要に応じて）",
            "データベースを戻す（必要な場合）",
            "ローカル環境からデプロイする場合",
            "設定を変更した場合は、",
            "使用 Docker Compose 时：",
            "罕见情况下，需要重启：",
            "Если у вас нет домена:",
            "Шаг 1: DNS (если есть домен)",
            "При необходимости:",
            "Якщо потрібно:",
            "Eğer domain yoksa:",
            "Jika tidak ada domain:",
            "Cek log jika ada masalah:",
            "Jeśli trzeba:",
            "Nếu có lỗi:",
            "Se il servizio è fermo:",
            "Se o serviço estiver parado:",
            "Si le service est arrêté :",
            "**Backend** (when the code changed):",
            "5. If you use a proxy:",
            "For local development only:",
            "To serve it under another prefix:",
            "Pour déployer sous un autre préfixe :",
            "When deploying from your laptop",
        ] {
            assert!(condition(yes).is_some(), "{yes}");
        }
    }

    #[test]
    fn what_sets_none() {
        for no in [
            "Check if migrations needed",
            "Run migrations",
            "Verify if it works",
            "Say what happens if the disk is full and nobody looks at it",
            "Se connecter au conteneur et installer les dépendances :",
            "Se placer dans le dossier :",
            "Se requiere la versión 2:",
            "Si consiglia di riavviare:",
            "When you have carried out the release notes, restart the service:",
            "When this is done, restart:",
            "Once done, restart:",
            "当你执行完版本发布说明中的指令后，切换回root用户：",
            "Wenn alles fertig ist, neu starten:",
            "Neu starten:",
            "Lorsque la migration est terminée :",
            "問題が発生する場合があります",
            "To restart the service:",
            "When to deploy",
        ] {
            assert!(condition(no).is_none(), "{no}");
        }
    }

    #[test]
    fn a_paragraph_leads_by_its_first_or_last_sentence() {
        assert!(lead_condition("If metrics are enabled,\nupgrade their rules:").is_some());
        assert!(
            lead_condition("The policy is published. When it has changed, update the copy too:").is_some()
        );
        assert!(lead_condition("Apply the files. If it takes a minute, wait.").is_none());
        assert!(lead_condition("Restart it (version 2.x). Nothing else.").is_none());
        assert_eq!(sentences("Use 2.x, e.g. 2.5. Then go."), ["Use 2.x, e.g. 2.5.", "Then go."]);
    }

    #[test]
    fn what_is_optional() {
        for yes in [
            "Optional: tidy",
            "5. Optional: load samples",
            "Billing — optional",
            "Modo entrenamiento (opcional)",
            "Étape (facultatif)",
            "Données (optionnel)",
            "Резервная копия (опционально)",
            "监控（可选）",
            "監視（任意）",
            "İsteğe bağlı: DNS",
        ] {
            assert!(is_optional(yes), "{yes}");
        }
        for no in ["任意节点上执行", "可选择的镜像", "Options", "Tune the options - all of them"]
        {
            assert!(!is_optional(no), "{no}");
        }
    }

    #[test]
    fn check_items_for_some() {
        assert!(is_for_some("Payments connected, if `PAY_ENABLED=true`."));
        assert!(is_for_some("Bucket criado — se Object Storage configurado"));
        assert!(is_for_some("Logs rodados quando necessário"));
        assert!(!is_for_some("Login works, and so does the till"));
    }

    #[test]
    fn what_is_done_without_anybody_for_some() {
        assert!(is_automatic_for_some("The manifests are applied automatically when using Helm charts."));
        assert!(is_automatic_for_some("使用 Helm 时会自动应用"));
        assert!(!is_automatic_for_some("The migrations run automatically."));
    }
}
