//! The words of conditions, of what is optional, and of an order of time, which is none.

use super::fold::folded;

#[rustfmt::skip] // words, many to a line
phrases! {
    /// What begins a sentence that holds only if something is so. "Se" is French for oneself, and "si" Italian for
    /// one: both need what makes a clause of them.
    IF = [
        "if", "when", "unless", "only if", "only when", "only for", "only on", "only in", "only at", "only with", "only needed", "only required", "only necessary", "on failure", "on error", "on errors", "upon failure", "on timeout", "in case", "in the event", "in rare cases", "in some cases", "in cases where", "should you",
        "provided that", "assuming", "except when", "occasionally", "from time to time", "once in a while", "once a month", "once a year", "twice a year",
        "si", "s il", "s ils", "lorsque", "dans le cas ou", "au cas ou", "en cas de", "uniquement si", "seulement si", "uniquement sur", "seulement sur", "uniquement en", "seulement en", "uniquement pour", "seulement pour", "uniquement dans", "seulement dans", "dans de rares cas", "de temps en temps", "cuando", "solo si", "solo cuando", "solo en", "solo para", "solo su", "solo per", "solo in", "unicamente en", "unicamente para", "soltanto su", "soltanto in", "soltanto per", "en caso de", "en casos raros",
        "quando", "apenas se", "somente se", "so se", "apenas em", "apenas no", "apenas na", "apenas para", "somente em", "somente no", "somente na", "somente para", "caso ainda", "caso exista", "caso existam", "caso algo", "caso algum", "caso alguma", "caso os", "caso as", "caso um", "caso uma", "caso tenha", "caso ocorra", "caso houver", "caso falhe", "caso o", "caso a", "caso nao", "caso voce", "caso seja", "caso haja", "caso precise", "caso queira", "caso esteja", "em caso de", "no caso de", "em casos raros", "nel caso", "in caso di", "solo se", "qualora", "in rari casi",
        "se il", "se lo", "se l", "se i", "se gli", "se le", "se un", "se uno", "se si", "se non", "se ci", "se vuoi", "se hai", "se usi", "se e", "se stai", "se necessario", "se serve", "se occorre", "se qualcosa",
        "se nel", "se questo", "se questa", "se devi", "se possibile", "se preferisci", "se presente", "se manca", "se esiste", "se utilizzi", "se desideri", "se richiesto", "se applicabile", "se disponibile",
        "se a", "se o", "se os", "se as", "se um", "se uma", "se voce", "se nao", "se ja", "se for", "se forem", "se houver", "se tiver", "se estiver", "se quiser", "se precisar", "se preciso", "se usar", "se algo",
        "se der", "se existir", "se ainda", "se sua", "se seu", "se este", "se esta", "se isso", "se ocorrer", "se falhar", "se desejar", "se preferir", "se possivel", "se aplicavel", "se disponivel",
        "wenn", "falls", "nur wenn", "nur falls", "nur bei", "bei fehler", "bei fehlern", "bei einem fehler", "bei misserfolg", "bei problemen", "bei storungen", "nur auf", "nur in", "nur im", "nur fur", "nur am", "nur mit", "ausschliesslich auf", "ausschliesslich in", "ausschliesslich fur", "sofern", "im fall", "im falle", "im fehlerfall", "im notfall", "im problemfall", "in seltenen fallen", "gelegentlich",
        "если", "в случае", "при ошибке", "при ошибках", "при сбое", "при неудаче", "только если", "только для", "только на", "только в", "только при", "лише на", "лише для", "лише в", "тільки на", "тільки для", "тільки в", "в редких случаях", "при необходимости", "якщо", "у разі", "у випадку", "тільки якщо", "лише якщо", "за потреби",
        "jesli", "jezeli", "tylko jesli", "tylko na", "tylko dla", "tylko w", "tylko przy", "gdyby", "w razie", "w przypadku", "przy bledzie", "w rzadkich przypadkach", "raz na", "eger", "gerekirse", "jika", "apabila", "bila", "kalau", "hanya jika", "neu ban", "neu co", "neu khong", "neu chua", "neu muon", "neu can", "neu su dung", "neu dung", "neu gap", "neu da", "neu la", "neu may", "neu van", "neu con", "neu nhu", "truong hop", "trong truong hop", "chi khi",
        "indien", "als een", "als sommige", "als de", "als deze", "als dit", "als alle", "als geen", "als uw", "als jouw", "mochten", "mocht", "wanneer", "als je", "als u", "als er", "als het", "bij problemen", "bij fouten", "om nagot", "alleen als", "hvis", "dersom", "om du", "om det", "jos", "pokud", "jestlize", "v pripade", "amennyiben", "daca", "in cazul", "εαν", "αν",
        "如果", "如需", "如有", "如已", "如使用", "若", "假如", "倘若", "万一", "仅当", "仅在", "仅限", "仅用于", "仅适用", "只在", "只限", "僅在", "僅限", "僅用於", "只有当", "只有在", "当你", "当您", "当出现", "当发生", "罕见情况", "极少数情况", "少数情况", "必要时", "需要时",
        "もし", "万が一", "まれに", "만약", "필요시", "필요한 경우", "드물게", "اذا", "إذا", "אם", "यदि", "अगर", "ถ้า", "หาก",
    ];
    /// What begins with such a word and is no condition.
    NO_IF = [
        "when to", "if in doubt", "unless otherwise", "if you need help", "if you have questions", "if you have any questions", "should your", "when ready", "in case you missed",
        "si consiglia", "si esegue", "si apre", "si crea", "si avvia", "si installa", "si lancia", "si deve", "si puo", "si procede", "si passa", "si raccomanda", "si utilizza", "si entra", "si accede",
        "caso de", "caso di", "casos de",
    ];
    /// What ends a sentence that holds only if something is so, or stands in its brackets.
    IF_NEEDED = [
        "if needed", "if necessary", "if required", "if applicable", "if available", "if present", "if any", "if desired", "if wanted", "if possible", "when needed", "when necessary",
        "si necessaire", "si besoin", "au besoin", "le cas echeant", "si es necesario", "si hace falta", "si fuera necesario", "cuando sea necesario", "segun sea necesario", "si aplica", "si existe",
        "se necessario", "se preciso", "se for necessario", "quando necessario", "caso necessario", "conforme necessario", "se aplicavel", "se houver", "se existir", "se richiesto", "se serve", "se presente",
        "falls notig", "falls erforderlich", "falls vorhanden", "wenn notig", "wenn erforderlich", "bei bedarf", "wenn gewunscht", "falls gewunscht", "если нужно", "если необходимо", "если требуется", "если есть", "при необходимости",
        "по необходимости", "якщо потрібно", "за потреби", "за необхідності", "jesli trzeba", "jesli potrzeba", "w razie potrzeby", "jesli jest", "gerekirse", "gerekiyorsa", "varsa", "jika perlu", "bila perlu", "jika diperlukan",
        "jika ada", "apabila diperlukan", "neu can", "neu co", "indien nodig", "zo nodig", "vid behov", "ved behov", "v pripade potreby", "pokud je potreba", "tarvittaessa", "daca este necesar",
        "如有需要", "如有必要", "如果需要", "必要时", "需要时", "视情况", "按需", "如适用", "必要に応じて", "必要に応し", "必要な場合", "必要なら", "必要時", "該当する場合", "필요한 경우", "필요시", "필요 시", "필요하면",
    ];
    /// What makes a condition of a sentence wherever it stands.
    ONLY_IF = [
        "only if", "only when", "only needed if", "only needed when", "only relevant when", "only relevant if", "nur wenn", "nur falls", "nur dann", "seulement si", "uniquement si", "solo si", "solo cuando", "apenas se", "somente se", "solo se",
        "tylko jesli", "tylko gdy", "только если", "только когда", "тільки якщо", "лише якщо", "hanya jika", "chi khi", "alleen als", "first time only", "only the first time", "仅当", "仅在", "只有在",
    ];
    /// "If" in the middle of a sentence, a few words before its end.
    TAIL_IF = [
        "if", "wenn", "falls", "s il", "si vous", "si le", "si la", "si les", "si hay", "si no", "si el", "si existe", "если", "якщо", "jesli", "jezeli", "eger", "jika", "neu co", "neu can", "neu chua", "neu khong", "indien", "hvis", "pokud", "daca",
        "se o", "se a", "se nao", "se non", "se il", "se houver",
    ];
    /// What is a word of time, where what it speaks of has come to its end.
    TIMES = [
        "when", "once", "lorsque", "quand", "cuando", "quando", "wenn", "when you", "当", "当你", "当您", "gdy",
    ];
    /// That something has come to its end: then what follows is next, and no condition.
    DONE = [
        "done", "finished", "finishes", "complete", "completed", "completes", "ready", "over", "ended", "ends", "carried out", "through", "up and running", "is up", "are up", "is running", "are running", "has started", "have started", "have run", "has run",
        "executed", "succeeded", "succeeds", "applied all", "fertig", "erledigt", "abgeschlossen", "beendet", "bereit", "durchgelaufen", "durchgefuhrt", "termine", "terminee", "terminees", "fini", "finie", "effectue", "effectuee", "pret", "prete",
        "terminado", "terminada", "termine de", "listo", "lista", "completado", "completada", "finalizado", "concluido", "concluida", "terminar", "pronto", "pronta", "finito", "terminato", "completato", "zakonczy", "gotowe",
        "完后", "完成", "完之后", "执行完", "结束", "就绪", "完毕", "之后",
    ];
    /// What is left out if something is so.
    SKIPS = [
        "skip", "skipped", "uberspring", "uberspringen", "passez", "sautez", "omite", "omita", "pule", "saltare", "salta", "pomin", "пропустите", "пропусти", "bo qua", "lewati", "atlayin", "跳过", "略过", "スキップ", "건너뛰",
    ];
    /// What leads to another place of the document.
    GOES_ELSEWHERE = [
        "go to", "proceed to", "continue with", "jump to", "passez a", "weiter mit", "gehe zu", "перейдите", "ir a", "vaya a", "va al", "przejdz do",
    ];
    /// What makes what follows optional.
    OPTIONAL = [
        "optional", "optionally", "optionale", "optionaler", "facultatif", "facultative", "optionnel", "optionnelle", "en option", "optionnels", "optionnelles", "facultatifs", "facultatives", "opcionales", "opcionais", "opzionali", "facoltativi", "facoltative", "opcional", "opcionalmente", "opzionale", "facoltativo", "facoltativa", "fakultativ", "wahlweise",
        "opcjonalnie", "opcjonalny", "opcjonalna", "opcjonalne", "nieobowiazkowe", "опционально", "опциональный", "опциональная", "опциональное", "необязательно", "необязательный", "необязательная", "необязательное",
        "опціонально", "необов язково", "необов язковий", "istege bagli", "opsiyonel", "opsional", "tuy chon", "khong bat buoc", "optioneel", "valfritt", "valgfritt", "valgfri", "valinnainen", "volitelne", "nepovinne",
        "nepovinny", "optionala", "可选步骤", "可选操作", "可選步驟", "选做", "選用", "非必须", "非必需", "省略可", "선택 사항", "선택사항", "선택적", "اختياري",
    ];
    /// A variant of what the document does, named by what it is for.
    VARIANT = [
        "another", "a different", "instead", "occasionally", "un autre", "une autre", "d autres", "einen anderen", "einem anderen", "einer anderen", "eine andere", "ein anderes", "otro", "otra", "outro", "outra", "un altro", "un altra", "другой", "другом", "другим", "другую",
        "inny", "innym", "inna", "farkli", "khac",
    ];
    /// What leads to what something is for.
    PURPOSE = ["to", "pour", "um", "para", "per", "чтобы", "aby", "zeby"];
    /// What is for one kind of a run, and not for another one: a first deployment, a hotfix, an existing installation.
    FOR_CASE = [
        "for a first", "for the first", "for first", "for first time", "for new", "for a new", "for an existing", "for existing", "for a fresh", "for fresh", "for initial", "for the initial", "for an initial", "for a hotfix", "for hotfix", "for hotfixes", "for a hot fix",
        "for a patch", "for patch", "for patches", "for a minor", "for minor", "for a major", "for major", "for an emergency", "for emergency", "for emergencies", "for subsequent", "for later", "for upgrades", "for an upgrade", "for updates", "for an update", "for breaking",
        "for a breaking", "for single node", "for a single node", "for multi node", "for a cluster", "for high availability", "for self hosted", "for air gapped", "for docker", "for docker compose", "for kubernetes", "for k8s", "for helm", "for systemd", "for linux", "for macos",
        "for mac", "for windows", "for ubuntu", "for debian", "for centos", "for rhel", "for aws", "for azure", "for gcp", "for pm2", "for schema changes", "for non breaking", "for everything else", "for all other", "for other",
        "fur eine erste", "fur die erste", "fur das erste", "fur den ersten", "fur eine neue", "fur neue", "fur einen hotfix", "fur hotfixes", "fur bestehende", "fur eine bestehende", "beim ersten", "bei der ersten", "bei einem hotfix", "bei einer neuinstallation",
        "bei einem update", "fur updates", "fur docker", "fur kubernetes", "pour un premier", "pour le premier", "pour la premiere", "pour une premiere", "pour une nouvelle", "pour un nouveau", "pour un hotfix", "pour un correctif", "pour une installation existante",
        "pour une mise a jour", "lors du premier", "lors de la premiere", "lors d un premier", "lors d une premiere", "para el primer", "para la primera", "para un primer", "para una primera", "para una nueva", "para un nuevo", "para nuevas", "para un hotfix", "para instalaciones",
        "para o primeiro", "para a primeira", "para um primeiro", "para uma nova", "para um novo", "para novas", "para um hotfix", "per la prima", "per il primo", "per una nuova", "per un nuovo", "per un hotfix", "per le installazioni", "dla pierwszego", "dla nowych",
        "dla nowej", "dla hotfixa", "przy pierwszym", "przy pierwszej", "для первого", "для первой", "для нового", "для новой", "для новых", "для хотфикса", "для существующей", "для існуючої", "при первом", "при первой", "при первоначальной", "для першого", "untuk pertama",
        "untuk instalasi baru", "untuk hotfix", "untuk deployment pertama", "doi voi", "voor de eerste", "voor een nieuwe", "voor een hotfix", "对于", "针对",
    ];
    /// What is done on another occasion than what stands above it, where both stand in one step: "To stop it:".
    ANOTHER_TIME = [
        "stop", "shut down", "remove", "uninstall", "delete", "reset", "tear down", "start over", "rebuild from scratch", "wipe", "anzuhalten", "arreter", "supprimer", "desinstaller", "detener", "parar", "eliminar", "desinstalar", "remover", "fermare", "rimuovere", "disinstallare",
        "zatrzymac", "usunac", "остановить", "удалить", "зупинити", "видалити", "menghentikan", "menghapus", "dung", "go bo", "xoa",
    ];
    /// The same, where it says what is other about it.
    ANEW = ["deploy", "redeploy", "update", "upgrade", "release", "roll out", "switch", "install", "deployer", "mettre a jour", "desplegar", "actualizar", "implantar", "atualizar", "aggiornare", "развернуть", "обновить", "wdrozyc", "zaktualizowac"];
    /// What is other about it.
    OTHERWISE = ["new", "newer", "another", "later", "again", "only", "without", "specific", "single", "existing", "particular", "older", "nouvelle", "nouveau", "nueva", "nuevo", "nova", "novo", "nuova", "nuovo", "solo", "sin", "sans", "senza", "sem", "новую", "новой", "только", "без", "nowa", "nowej", "tylko"];
    /// What is for a machine on which somebody works, and not for the run.
    FOR_OTHERS = [
        "for ci", "for automation", "for unattended", "for scripted", "for local", "for a local", "for development", "for a development", "for the local", "fur lokale", "fur die lokale", "fur den lokalen", "fur die entwicklung", "pour le developpement", "pour une execution locale", "para desarrollo", "para el desarrollo", "para desenvolvimento",
        "para o desenvolvimento", "per lo sviluppo", "для локального", "для локальной", "для локальної", "для разработки", "для розробки", "dla lokalnego", "do lokalnego", "yerel gelistirme", "untuk pengembangan", "untuk development", "untuk dev", "fur development", "pour development", "para development", "per development", "для development", "dla development", "en desarrollo", "in sviluppo", "em desenvolvimento",
        "本地开发", "ローカル開発", "开发环境下",
    ];
}

/// Whether a sentence begins with a condition.
pub(in crate::runbook) fn begins_if(sentence: &str) -> bool {
    let text = folded(sentence);
    IF.begin(&text) && !NO_IF.begin(&text)
}

/// Whether a text has one of the signs of Chinese and Japanese that may stand for "optional" and for more.
pub(in crate::runbook) fn is_optional_sign(text: &str) -> bool {
    let bare = text.trim().trim_end_matches([':', '：', '.', '。', ' ']);
    matches!(bare, "任意" | "选择" | "선택" | "オプション" | "可选" | "可選" | "选填")
        || ["可选", "可選"]
            .iter()
            .any(|word| bare.strip_prefix(word).is_some_and(|rest| !rest.starts_with(['择', '擇'])))
        || ["任意", "선택", "オプション"].iter().any(|word| {
            bare.strip_prefix(word).is_some_and(|rest| rest.starts_with([':', '：', ')', '）', '-', '—']))
        })
}

/// "Should processes still be active, kill them:", "Laufen noch Prozesse, beenden:": the verb in front sets a condition
/// where a clause follows.
pub(in crate::runbook) fn is_inversion(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const SHOWN: &[&str] = &[
        "see", "show", "return", "be", "have", "print", "output", "report", "contain", "display", "list", "match", "look", "say", "respond", "equal", "take", "not", "now", "you", "your", "also", "zuruckgeben", "zeigen", "ausgeben", "sein", "enthalten", "jetzt", "nun",
    ];
    let Some((clause, _)) = text.split_once([',', '，']) else { return false };
    let clause = folded(clause);
    let mut words = clause.split(' ');
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let should = matches!(
        first,
        "should" | "sollte" | "sollten" | "mochte" | "mochten" | "mocht" | "deberia" | "deveria"
    );
    let still = matches!(
        first,
        "laufen" | "lauft" | "existieren" | "existiert" | "sind" | "ist" | "bestehen" | "besteht" | "gibt"
    ) && (second == "noch" || clause.starts_with("gibt es noch"));
    let enough = words.count() > 0;
    enough
        && (should && !SHOWN.contains(&second) && !second.starts_with(|c: char| c.is_ascii_digit()) || still)
}

/// Whether the last clause of a lead is a condition: "Pods should restart; if stuck:".
pub(in crate::runbook) fn ends_in_if(text: &str) -> bool {
    let Some(bare) = text.trim_end().strip_suffix([':', '：']) else { return false };
    let clause = bare.rsplit([';', '；']).next().filter(|clause| clause.len() < bare.len());
    clause.is_some_and(begins_if)
}

/// Whether the words of Chinese, Japanese or Korean say a condition, whose sign ends its clause: "…する場合は、",
/// "使用…时，".
pub(in crate::runbook) fn is_clause(text: &str) -> bool {
    // "It may be the case", "depending on the case", "has to be".
    const NONE: &[&str] = &[
        "場合がある",
        "場合があり",
        "場合もある",
        "場合もあり",
        "場合によ",
        "場合があるため",
        "경우가 있",
        "경우도 있",
        "경우에 따라",
        "なければな",
        "なければいけ",
    ];
    const SIGNS: &[&str] = &[
        "생기면",
        "발생하면",
        "실패하면",
        "場合",
        "なければ",
        "であれば",
        "ならば",
        "ていれば",
        "があれば",
        "いれば、",
        "있으면",
        "없으면",
        "않으면",
        "남으면",
        "更新したら",
        "変更したら",
        "失敗したら",
        "경우",
        "없다면",
        "있다면",
        "아니라면",
        "的场合",
        "的情况下",
        "的情形下",
    ];
    let rest = NONE.iter().fold(text.to_owned(), |rest, none| rest.replace(none, ""));
    SIGNS.iter().any(|sign| rest.contains(sign)) || is_chinese_time(text)
}

/// "使用 Docker 时": the first clause names what is used.
fn is_chinese_time(text: &str) -> bool {
    const BEGINS: &[&str] = &[
        "出现",
        "发生",
        "出错",
        "失败",
        "發生",
        "失敗",
        "使用",
        "采用",
        "启用",
        "开启",
        "通过",
        "没有",
        "不使用",
        "採用",
        "啟用",
        "從",
        "从",
        "沒有",
    ];
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let clause = bare.split(['，', ',', '：', ':', '。']).next().unwrap_or(bare).trim();
    let chosen = BEGINS.iter().any(|begin| clause.starts_with(begin));
    let ends = clause.strip_suffix('时').or_else(|| clause.strip_suffix('時'));
    chosen
        && ends
            .is_some_and(|rest| !rest.ends_with(['同', '此', '及', '实', '随', '定', '临', '暂', '小', '即']))
}
