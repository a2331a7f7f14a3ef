//! The words that headings, labels and comments use, in the languages that runbooks are written in.
//!
//! Words of languages with blanks between words are matched whole; those of Chinese, Japanese and Korean as parts.

use std::sync::LazyLock;

use super::model::Role;
use super::words::lower_words;
pub(super) use fold::{begins_spelled, folded};
pub(in crate::runbook) use forbidden::{is_forbidden, is_forbidden_somewhere};
use roles::{AROUND, ROLES, WHOLE_EXECUTION, WHOLE_STEPS};
pub(super) use roles::{FIRST, NEWER, PARTS};
pub(super) use terms::Terms;
use terms::{Match, Places, Term};
use words::in_words;
pub(super) use words::{Words, begins, ends, has};

#[macro_use]
pub(super) mod phrases;

pub(super) mod acts;
pub(super) mod conditions;
mod fold;
mod forbidden;
pub(super) mod occasions;
mod roles;
mod terms;
mod words;

/// Sections that only tell, or are for another day.
#[rustfmt::skip] // words, many to a line
const LOOKED_UP: Words = &[
    "appendix", "advanced", "maintenance", "teardown", "tear down", "local development", "development", "développement local", "desarrollo local", "lokale entwicklung", "desenvolvimento local", "sviluppo locale", "локальная разработка", "локальна розробка", "lokalny rozwój", "yerel geliştirme", "phát triển cục bộ", "pengembangan lokal", "ローカル開発", "로컬 개발", "glossary", "notes", "examples", "tips", "next steps", "follow up", "todo",
    "pitfalls", "gotchas", "caveats", "lessons learned", "background", "limitations", "hinweise", "additional information", "siguientes pasos", "próximos pasos", "prochaines étapes", "étapes suivantes", "nächste schritte", "próximos passos",
    "prossimi passi", "passi successivi", "następne kroki", "kolejne kroki", "дальнейшие шаги", "следующие шаги", "наступні кроки", "sonraki adımlar", "bước tiếp theo", "các bước tiếp theo", "langkah selanjutnya",
    "下一步", "后续步骤", "次のステップ", "다음 단계", "附录", "注意事项", "注意事項", "参考", "참고", "ek bilgi*", "ek bilgiler",
];
/// Sections whose commands are there to be picked from.
#[rustfmt::skip] // words, many to a line
const TOOLS: Words = &[
    "reference", "quick reference", "useful commands", "quick commands", "cheat sheet", "cheatsheet", "faq", "best practices", "explanation", "how it works", "common commands",
    "day to day operations", "daily operations", "routine operations", "everyday operations", "exploitation courante", "operación diaria", "operación cotidiana", "operação diária", "operação do dia a dia", "tagesbetrieb", "laufender betrieb", "gestione quotidiana", "повседневная эксплуатация", "日常运维", "日常操作", "日常運用", "일상 운영",
    "emergency commands", "command reference", "handy commands", "commands", "toolbox", "comandos úteis", "comandos de emergência", "comandos útiles", "comandos de emergencia", "comandos operativos",
    "buenas prácticas", "boas práticas", "commandes utiles", "commandes usuelles", "bonnes pratiques", "nützliche befehle", "wichtige befehle", "comandi utili", "przydatne polecenia", "przydatne komendy",
    "полезные команды", "основные команды", "корисні команди", "faydalı komutlar", "yararlı komutlar", "lệnh hữu ích", "lệnh thường dùng", "perintah berguna", "常用命令", "常用操作", "最佳实践",
    "what it does", "what this does", "what the script does", "what this script does", "what the command does", "under the hood", "was es tut", "was das skript macht", "was das skript tut", "ce que fait", "ce qu il fait", "qué hace", "lo que hace", "o que faz", "o que o script faz", "cosa fa",
    "что делает", "что происходит внутри", "що робить", "co robi", "co to robi", "ne yapar", "apa yang dilakukan", "script làm gì", "脚本做了什么", "脚本会做什么", "它做了什么", "工作原理", "スクリプトの動作", "仕組み", "스크립트 동작", "동작 방식", "작동 방식",
    "便利コマンド", "コマンド集", "よく使うコマンド", "자주 쓰는 명령", "유용한 명령어", "명령어 모음", "주요 명령어",
];

/// Whether a title names what is looked up, and no act of a deployment.
pub(super) fn is_looked_up(title: &str) -> bool {
    has(title, LOOKED_UP) || is_toolbox(title)
}

/// Whether a title names commands to pick from, or forbidden ones, wherever it stands.
pub(super) fn is_toolbox(title: &str) -> bool {
    has(title, TOOLS) || is_forbidden(title)
}

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

#[rustfmt::skip] // words, many to a line
pub(super) const OTHER_WAY: Words = &[
    "or", "alternatively", "alternative", "instead", "ou", "ou bien", "o bien", "oder", "alternativement",
    "alternativamente", "oppure", "或者", "或", "または", "또는", "혹은",
];
#[rustfmt::skip] // words, many to a line
pub(super) const WAIT: Words = &[
    "wait", "allow", "waiting", "attendez", "attendre", "patientez", "espere", "esperar", "aguarde", "warten",
    "warte", "attendere", "等待", "等候", "待つ", "대기", "기다",
];

/// A term of the roles' tables.
struct Wanted {
    role: Role,
    term: Term,
}

static WANTED: LazyLock<Vec<Wanted>> = LazyLock::new(|| {
    let of_table =
        |role: Role, words: Words| words.iter().map(move |word| Wanted { role, term: Term::of(word) });
    ROLES.iter().flat_map(|table| of_table(table.role, table.words)).collect()
});

/// The same as a text is looked through for any of them.
static ANY_WANTED: LazyLock<Places> = LazyLock::new(|| Places::of(WANTED.iter().map(|wanted| &wanted.term)));

/// The role that a title's words give a section, with the word of the tables that gave it.
///
/// A title that says to do something about a rollback ("Prepare rollback") is none of one.
pub(super) fn role_by(title: &str) -> (Role, &'static str) {
    let text = folded(title);
    // "2. Durchführung" is what the heading says without its number.
    let unnumbered = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let mut whole = WHOLE_STEPS.iter().filter(|w| w.folded == text);
    let mut execution = WHOLE_EXECUTION.iter().filter(|w| w.folded == unnumbered);
    if let Some(whole) = whole.next().or_else(|| execution.next()) {
        return (Role::Steps, whole.word);
    }
    // Most lines that are asked about have none of a thousand words.
    if !ANY_WANTED.has_one_in(&text) {
        return (Role::Other, "");
    }
    WANTED
        .iter()
        .find(|wanted| {
            wanted.term.stands_in(&text)
                && !means_another(wanted.role, &text)
                && !is_in_passing(wanted, &text)
        })
        .map_or((Role::Other, ""), |wanted| (wanted.role, wanted.term.word))
}

/// Whether a heading only mentions steps: "Copies on your own disk: two steps, not one".
fn is_in_passing(wanted: &Wanted, text: &str) -> bool {
    const OF: &[&str] = &[
        "to", "for", "of", "de", "du", "des", "del", "da", "do", "dla", "fur", "zum", "zur", "per", "para",
        "pour", "по", "для",
    ];
    let words: Vec<&str> = text.split(' ').collect();
    let stands = |word: &str| match wanted.term.how {
        Match::Begins => word.starts_with(&wanted.term.folded),
        _ => word == wanted.term.folded,
    };
    let Some(at) = words.iter().position(|word| stands(word)) else { return false };
    let next = words.get(at + 1);
    wanted.role == Role::Steps
        && words.len() > 4
        && at > 1
        && next.is_some_and(|next| !OF.contains(next) && words.len() - at > 2)
}

/// The role that a title's words give a section.
pub(super) fn role(title: &str) -> Role {
    role_by(title).0
}

/// Whether a title is about keeping something up day by day: how often it is backed up, how backups are managed. That is
/// nothing that a deployment does.
pub(super) fn is_upkeep(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static NOT_DONE: Terms = Terms::of(&[
        "manag*", "verwalt*", "gestion*", "gerenci*", "zarzadz*", "управлен*", "керуван*", "yonet*", "quan ly", "kelola", "mengelola", "beheer*", "管理", "관리", "strategy", "strategies", "policy", "policies", "retention", "schedule", "automat*", "strategie", "konzept", "estrategia", "politica", "strategia", "polityka", "harmonogram", "стратеги*", "политик*",
        "автоматич*", "strateji", "otomatik", "chien luoc", "tu dong", "otomatis", "策略", "自动", "定时", "定期", "ポリシー", "自動", "전략", "정책", "자동",
    ]);
    NOT_DONE.stand_in(title)
}

/// The word that makes a heading part of a deployment wherever it stands: "Backup", "Smoke tests".
pub(super) fn around(title: &str) -> Option<&'static str> {
    let text = folded(title);
    if is_upkeep(title) {
        return None;
    }
    AROUND.iter().find(|wanted| wanted.stands_in(&text)).map(|wanted| wanted.word)
}

/// Where in a text a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Anywhere,
    Last,
}

/// Whether a word of a role's table stands in a text, in that place.
pub(super) fn has_word_of(text: &str, role: Role, place: Place) -> bool {
    let text = folded(text);
    let stands = |wanted: &Wanted| match (place, wanted.term.how) {
        (Place::Anywhere, _) => wanted.term.stands_in(&text),
        (Place::First, Match::Whole) => text
            .strip_prefix(wanted.term.folded.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')),
        (Place::First, _) => text.starts_with(&wanted.term.folded),
        (Place::Last, Match::Whole) => text
            .strip_suffix(wanted.term.folded.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with(' ')),
        // What only begins a word has the rest of it behind.
        (Place::Last, _) => text.rsplit(' ').next().is_some_and(|last| last.contains(&wanted.term.folded)),
    };
    WANTED.iter().filter(|wanted| wanted.role == role).any(stands)
}

/// What a label leads to that stands beside the steps: "Rollback:", "To undo it:", "Restore from the backup:".
pub(super) fn beside(label: &str) -> Option<Role> {
    // A sentence that has such a word somewhere leads to nothing.
    const LONGEST: usize = 64;
    let end = label.char_indices().nth(LONGEST).map_or(label.len(), |(at, _)| at);
    let text = folded(label.get(..end).unwrap_or(label));
    let leads = ["to ", "how to ", "zum ", "pour ", "para ", "per ", "aby ", "чтобы "];
    let bare = leads.iter().find_map(|lead| text.strip_prefix(lead)).unwrap_or(&text);
    let begins = |wanted: &&Wanted| {
        let whole = wanted.term.how == Match::Whole;
        let rest = bare.strip_prefix(wanted.term.folded.as_str());
        rest.is_some_and(|rest| !whole || rest.is_empty() || rest.starts_with(' '))
    };
    let found = WANTED.iter().filter(|w| is_beside(w.role)).find(begins)?;
    (!means_another(found.role, bare)).then_some(found.role)
}

/// The words of headings that count, a line a role: what a section so named is for.
pub fn headings() -> Vec<(&'static str, String)> {
    let listed = |words: &[&str]| words.join(", ");
    let tables = ROLES.iter().map(|table| (table.role.says(), listed(table.words)));
    let whole = ("steps, as a whole heading", listed(&[WHOLE_STEPS.words, WHOLE_EXECUTION.words].concat()));
    let around = ("a step beside others", listed(AROUND.words));
    tables.chain([whole, around]).collect()
}

/// Whether a title names something that went wrong: "Migration failure".
pub(super) fn ends_in_failure(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const FAILURES: Words = &[
        "failure", "failures", "failed", "fails", "error", "errors", "fehlschlag", "fehler", "échec", "erreur", "fallo", "falla", "falha", "erro", "errore", "błąd", "ошибка", "сбой",
        "hatası", "lỗi", "失败", "失敗", "错误", "エラー", "실패", "오류",
    ];
    ends(title, FAILURES)
}

/// Whether a title says what to do if something fails: "If loading fails", "Si algo falla".
pub(super) fn is_about_failure(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static FAILS: Terms = Terms::of(&[
        "fail", "fails", "failed", "does not start", "does not work", "breaks", "fehlschlagt", "scheitert", "echoue", "falla", "falha", "fallisce", "nie dziala", "zawiedzie", "не работает", "не запускается",
        "не сработал", "ошибк*", "basarisiz*", "loi", "that bai", "gagal", "失败", "出错", "报错", "失敗", "エラー", "실패", "오류",
    ]);
    conditions::begins_if(title) && (FAILS.stand_in(title) || ends_in_failure(title))
}

/// Whether a title is nothing but the name of a deployment: "Deployment", "Release".
pub(super) fn is_whole_step(title: &str) -> bool {
    let text = folded(title);
    WHOLE_STEPS.iter().any(|wanted| wanted.folded == text)
}

/// Whether a title names a deployment and what is beside it: "Update & rollback", "Sicherung und Wiederherstellung".
/// Its parts say which of the two they are.
pub(super) fn is_two(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const JOINS: &[&str] = &[
        " & ", " and ", " und ", " et ", " y ", " e ", " i ", " и ", " та ", " й ", " ve ", " và ", " dan ", " en ", " och ", " / ", "/", " + ", "、", "与", "和", "及", "・", "と", " 및 ", "·",
    ];
    #[rustfmt::skip] // words, many to a line
    static KEPT: Terms = Terms::of(&[
        "updat*", "upgrad*", "aktualis*", "aktualiz*", "mise a jour", "actualiz*", "atualiz*", "aggiorn*", "обновл*", "оновл*", "guncelle*", "cap nhat", "更新", "升级", "アップデート", "업데이트",
    ]);
    let lower = title.to_lowercase();
    // "Pause, resume, rollback": acts to pick from, of which each part is one.
    let acts: Vec<&str> = lower.split([',', '/', '、', '，']).map(str::trim).collect();
    let short = |act: &&str| !act.is_empty() && act.split_whitespace().count() <= 2;
    if acts.len() > 2 && acts.iter().all(short) && acts.iter().any(|act| beside_steps(act).is_some()) {
        return true;
    }
    JOINS.iter().filter_map(|join| lower.split_once(join)).any(|(first, second)| {
        let other = |part: &str| is_deployment(part) || is_backup(part) || KEPT.stand_in(part);
        let beside = |part: &str| beside_steps(part).is_some();
        // "Rollback & update" has both as well.
        other(first) && !beside(first) && beside(second)
            || beside(first) && KEPT.stand_in(second) && !beside(second)
    })
}

/// Whether a title is about backups.
pub(super) fn is_backup(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static BACKUPS: Terms = Terms::of(&[
        "backup*", "back up", "backing up", "sicherung*", "datensicherung*", "sauvegarde*", "respaldo*", "copia*", "kopi*", "резерв*", "бэкап*", "бекап*", "yedek*", "sao luu", "cadangan", "备份", "バックアップ", "백업",
    ]);
    BACKUPS.stand_in(title)
}

/// Whether the name of a deployment stands in a title: "Backend deployment", "Mise en production".
pub(super) fn is_deployment(title: &str) -> bool {
    let text = folded(title);
    WHOLE_STEPS.in_folded(&text)
}

/// Whether a title names the steps of something that is no deployment: "Scaling procedure".
pub(super) fn is_foreign(title: &str) -> bool {
    let text = folded(title);
    let of_deployment = WHOLE_STEPS.in_folded(&text) || AROUND.in_folded(&text);
    let deploys = of_deployment
        || has(title, DEPLOYS)
        || [&PARTS, &FIRST, &NEWER].iter().any(|terms| terms.in_folded(&text));
    let words = || text.split(' ').filter(|w| !w.bytes().all(|b| b.is_ascii_digit()));
    let step_word = |word: &&str| WANTED.iter().any(|w| w.role == Role::Steps && w.term.folded == **word);
    // Words such as "the" or "of" name nothing.
    let named = words().filter(|w| !step_word(w)).any(|w| w.chars().count() > 3 || !w.is_ascii());
    !deploys && named
}

/// Whether a title is about being ready to go back: that is made sure of before, and its commands are for another time.
pub(super) fn is_readiness(title: &str) -> bool {
    has_word_of(title, Role::Rollback, Place::Anywhere) && READY.stand_in(title)
}

/// Whether a title is about restoring what a disaster took.
pub(super) fn is_after_disaster(title: &str) -> bool {
    static DISASTER: Terms = Terms::of(&[
        "disaster recovery",
        "disaster",
        "notfallwiederherstellung",
        "reprise apres sinistre",
        "recuperacion ante desastres",
        "recuperacao de desastres",
        "ripristino di emergenza",
        "аварийное восстановление",
        "灾难恢复",
        "災害復旧",
        "재해 복구",
    ]);
    DISASTER.stand_in(title)
}

/// Whether a word of the known problems names the occasion on which something is done, and no problem.
pub(super) fn is_occasion(word: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const OCCASIONS: &[&str] = &[
        "emergency", "emergencies", "incident", "incidents", "disaster", "disaster recovery", "outage", "outages", "storfall*", "notfall*", "awaria", "аварийн*", "acil durum", "应急", "緊急対応",
    ];
    OCCASIONS.contains(&word)
}

/// Whether a title is about what comes when something is over: "Post-incident tasks", "Nach dem Störfall".
pub(super) fn is_behind(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const AFTER: &[&str] = &[
        "post ", "after ", "following ", "nach ", "nacharbeiten ", "apres ", "suites ", "despues ", "tras ", "depois ", "apos ", "dopo ", "po ", "после ", "після ", "sonrasi ", "sau ", "setelah ", "na ", "efter ",
    ];
    let text = folded(title);
    let bare = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let joined = ["后", "後", "이후", "후"].iter().any(|word| title.contains(word));
    joined || AFTER.iter().any(|word| bare.starts_with(word))
}

/// Whether a title is about what happens once somebody has gone back: "Post-rollback actions".
pub(super) fn is_behind_rollback(title: &str) -> bool {
    static BEHIND: Terms = Terms::of(&[
        "post rollback",
        "after rollback",
        "after the rollback",
        "after rolling back",
        "following a rollback",
        "nach dem rollback",
        "apres le rollback",
        "apres un rollback",
        "despues del rollback",
        "despues de revertir",
        "apos o rollback",
        "dopo il rollback",
        "po rollbacku",
        "после отката",
        "回滚后",
        "ロールバック後",
        "롤백 후",
        "prevent*",
        "reduce*",
        "improve*",
        "avoid*",
    ]);
    BEHIND.stand_in(title)
}

/// Whether a title is about what comes before a deployment: "Pre-deployment checklist".
pub(super) fn is_before(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static BEFORE: Terms = Terms::of(&[
        "pre deployment", "pre deploy", "predeployment", "before deployment", "before the deployment", "before deploying", "before the release", "pre release", "pre upgrade", "before upgrading", "avant le deploiement", "antes del despliegue", "antes da implantacao",
        "antes do deploy", "vor dem deployment", "vor der bereitstellung", "prima del rilascio", "przed wdrozeniem", "перед развертыванием", "перед деплоем", "до развертывания", "部署前", "上线前", "デプロイ前", "배포 전",
    ]);
    BEFORE.stand_in(title)
}

/// Whether a role's word stands in a title that means something else.
fn means_another(role: Role, text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| in_words(text, word));
    let unnumbered = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let begins = |words: &[&str]| {
        words.iter().any(|word| {
            unnumbered.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    };
    match role {
        Role::Monitoring if begins(SWITCHES) || SWITCHED.iter().any(|word| text.contains(word)) => true,
        Role::Monitoring if READY.in_folded(text) => true,
        Role::Rollback | Role::Recovery | Role::Monitoring => {
            begins(ABOUT)
                || role == Role::Rollback && READY.in_folded(text)
                || role == Role::Recovery && SERVED.iter().any(|word| text.contains(word))
        }
        Role::Troubleshooting => has(&["checklist"]),
        // "What comes later (not part of this checklist)".
        Role::Checklist => has(&[
            "not part of",
            "not in this",
            "nicht teil",
            "kein teil",
            "ne fait pas partie",
            "no forma parte",
            "nao faz parte",
            "non fa parte",
        ]),
        Role::Steps => {
            #[rustfmt::skip] // words, many to a line
            let others = [
                "verification", "verify", "next", "emergency", "siguientes", "proximos", "prochaines", "suivantes", "nachste", "prossimi", "successivi", "nastepne", "kolejne", "дальнейшие", "следующие",
                "наступни", "sonraki", "tiep theo", "selanjutnya",
            ];
            has(&others) || ["验证", "下一步", "后续", "次の", "다음"].iter().any(|word| text.contains(word))
        }
        _ => false,
    }
}

/// What makes a heading one about something, not that thing itself: "Verify the rollback".
#[rustfmt::skip] // words, many to a line
const ABOUT: &[&str] = &[
    "prepare", "preparing", "verify", "verifying", "test", "testing", "review", "create", "tag", "check", "confirm", "document", "ensure", "define", "record",
    "save", "plan the", "plan for", "plan your", "validate", "enable", "set up", "configure", "preparer", "verifier", "tester", "preparar", "verificar", "comprobar", "probar",
    "vorbereiten", "prufen", "testen", "przygotuj", "sprawdz", "подготовить", "проверить", "hazirla", "dogrula", "chuan bi", "kiem tra",
];

/// What is done to the monitoring, as a step of a deployment: "Silence monitoring".
#[rustfmt::skip] // words, many to a line
const SWITCHES: &[&str] = &[
    "silence", "mute", "unmute", "pause", "unpause", "resume", "disable", "reenable", "re enable", "suspend", "turn off", "turn on", "switch off", "switch on", "stop", "start", "setup", "install", "deploy", "update", "upgrade", "restart", "activate", "deactivate", "acknowledge", "inform",
    "desactiver", "activer", "reactiver", "couper", "suspendre", "desactivar", "activar", "reactivar", "silenciar", "pausar", "desativar", "ativar", "reativar", "disattivare", "attivare", "riattivare", "sospendere", "wylacz", "wlacz", "отключ", "отключить", "включить", "выключить", "вимкнути", "увімкнути", "tat", "bat", "matikan", "aktifkan", "nonaktifkan", "schakel",
];
/// The same behind or around its name.
#[rustfmt::skip] // words, many to a line
const SWITCHED: &[&str] = &[
    "deaktivieren", "aktivieren", "abschalten", "einschalten", "ausschalten", "stummschalten", "pausieren", "kapat", "devre disi", "关闭", "停用", "暂停", "静默", "屏蔽", "停止监", "恢复监", "開啟", "開启", "一時停止", "無効", "有効", "停止する", "중지", "비활성", "활성화", "해제",
];

/// Being ready to go back is made sure of before: "Rollback readiness".
#[rustfmt::skip] // words, many to a line
static READY: Terms = Terms::of(&[
    "readiness", "ready", "preparation", "preparations", "prepared", "bereitschaft", "vorbereitung*", "preparacion", "preparacao", "preparazione", "przygotowan*", "gotowosc", "подготовк*", "готовност*", "підготовк*", "hazirlig*", "hazirlik", "persiapan",
    "准备", "準備", "준비",
]);

/// What is restored by serving again, not by reading old data back: "Restore traffic".
#[rustfmt::skip] // words, many to a line
const SERVED: &[&str] = &[
    "traffic", "service", "access", "replicas", "dns", "alerts", "monitoring", "normal", "schedule", "cron", "permissions", "autoscal", "capacity",
    "load balanc", "trafic", "trafico", "trafego", "traffico", "verkehr", "dienst", "servicio", "servico", "servizio", "ruch", "uslug", "трафик", "сервис",
    "trafik", "hizmet", "流量", "服务", "访问", "监控", "告警", "报警", "任务", "监视", "配置", "監視", "アラート", "모니터링", "알림", "トラフィック", "サービス", "트래픽", "서비스",
];
/// Whether what a section holds is run when it is called for, and never as a step.
fn is_beside(role: Role) -> bool {
    matches!(role, Role::Rollback | Role::Troubleshooting | Role::Recovery | Role::Teardown)
}

/// The role of a title that names what is beside the steps: what takes back, what mends. That is run when it is called
/// for, wherever it stands.
pub(super) fn beside_steps(title: &str) -> Option<Role> {
    let role = role(title);
    is_beside(role).then_some(role)
}

/// The name of one of several ways, of which one is gone: "Option A: Docker", "Method 2", "方案一".
pub(super) fn way(title: &str) -> Option<String> {
    #[rustfmt::skip] // words, many to a line
    const NAMES: &[&str] = &[
        "option", "method", "approach", "variant", "alternative", "path", "scenario", "procedure", "case", "way", "opción", "opção", "opzione", "opcja", "opsi", "optie",
        "méthode", "methode", "método", "metodo", "metoda", "variante", "variant", "wariant", "вариант", "варіант", "способ", "спосіб", "метод", "случай", "möglichkeit", "alternativa",
        "szenario", "scénario", "escenario", "cenário", "сценарий", "сценарій", "scenariusz", "senaryo", "kịch bản", "skenario", "geval", "manier", "cas", "caso", "fall", "przypadek", "sposób", "yöntem", "seçenek", "cách", "phương án", "cara", "pilihan", "kasus",
    ];
    /// The same in languages without blanks, where a number or a letter follows.
    const LABELLED: &[&str] = &[
        "方法",
        "手段",
        "选项",
        "選項",
        "场景",
        "場景",
        "情况",
        "情況",
        "案",
        "やり方",
        "シナリオ",
        "시나리오",
        "케이스",
        "방안",
    ];
    // "3.1 Option A" counts the parts of a chapter.
    let counted = title.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
    let bare = if counted.starts_with(char::is_alphabetic) { counted } else { title };
    let words = lower_words(bare);
    let letter = |w: &String| w.len() == 1 && w.chars().all(char::is_alphanumeric);
    let at = words.iter().position(|w| NAMES.contains(&w.as_str()));
    if let Some(at) = at.filter(|at| *at <= 1)
        && words.get(at + 1).is_some_and(letter)
    {
        return Some(title.trim().to_owned());
    }
    let head = bare.trim_start_matches(|c: char| !c.is_alphanumeric());
    let label = |rest: &str| {
        rest.trim_start().starts_with(|c: char| {
            "一二三四五六七八九十甲乙丙①②③④⑤⑥".contains(c)
                || c.is_ascii_digit()
                || matches!(c, 'A'..='F' | 'Ａ'..='Ｆ')
        })
    };
    let labelled = LABELLED.iter().filter_map(|word| head.strip_prefix(word)).any(label);
    let named = ["方案", "方式", "방법", "방식", "옵션", "パターン", "ケース", "選択肢"]
        .iter()
        .any(|w| head.starts_with(w));
    (labelled || named).then(|| title.trim().to_owned())
}

#[cfg(test)]
mod tests;
