//! Words side by side of which nobody does all, from the top to the bottom: what is started is stopped, one part is
//! updated alone and then another one.

use std::sync::LazyLock;

use super::super::model::Role;
use super::super::vocabulary::{self, Terms, folded};
use super::super::words::{lower_words, numbered};
use super::conditions;

/// Words for starting something, and those for stopping it.
#[rustfmt::skip] // words, many to a line
const STARTS: &[&str] = &[
    "start", "starting", "starten", "demarrer", "demarrage", "lancer", "iniciar", "inicio", "arrancar", "arranque", "avvia", "avviare", "avvio", "uruchom", "uruchomienie", "запуск", "запустить", "запустити", "baslat", "baslatma", "khoi dong", "jalankan", "启动", "起動", "시작",
];
#[rustfmt::skip] // words, many to a line
const STOPS: &[&str] = &[
    "stop", "stopping", "shut down", "shutdown", "stoppen", "beenden", "arreter", "arret", "detener", "parar", "parada", "ferma", "fermare", "arresto", "zatrzymaj", "zatrzymanie", "остановка", "остановить", "зупинка", "зупинити", "durdur", "durdurma", "dung", "hentikan", "停止", "중지", "정지",
];

/// Whether words stop what those right above them start: "Start the outer services", "Stop the outer services". Nobody
/// does both, one after the other.
pub fn stops(text: &str, above: &str) -> bool {
    static FOLDED: LazyLock<[Vec<(String, &str)>; 2]> = LazyLock::new(|| {
        [STOPS, STARTS].map(|verbs| verbs.iter().map(|verb| (folded(verb), *verb)).collect())
    });
    let Some(stopped) = object(text, &FOLDED[0]) else { return false };
    let Some(started) = object(above, &FOLDED[1]) else { return false };
    stopped.is_empty() || stopped == started
}

/// What is left of a few words without the one of these that they begin or end with.
fn object(text: &str, verbs: &[(String, &str)]) -> Option<String> {
    const LONGEST: usize = 8;
    let text = numbered(text).map_or_else(|| text.to_owned(), |(_, rest)| rest);
    let words = folded(text.split(['(', '（', ':', '：']).next().unwrap_or(&text));
    let apart = |rest: &str, verb: &str| {
        rest.is_empty() || !verb.is_ascii() || rest.starts_with(' ') || rest.ends_with(' ')
    };
    let rest = verbs.iter().find_map(|(plain, verb)| {
        let rest = words.strip_prefix(plain).or_else(|| words.strip_suffix(plain))?;
        apart(rest, verb).then(|| rest.trim().to_owned())
    })?;
    (rest.split(' ').count() <= LONGEST).then_some(rest)
}

/// That one part of a whole is done, and no other.
#[rustfmt::skip] // words, many to a line
static ALONE: Terms = Terms::of(&[
    "only", "nur", "seulement", "uniquement", "solo", "solamente", "apenas", "somente", "soltanto", "tylko", "только", "лише", "тільки", "sadece", "yalnizca", "hanya", "alleen", "仅", "只", "のみ", "だけ",
]);

/// Whether words say that one part is done alone: "Update only the indexers", "Backend만 배포".
pub fn is_alone(text: &str) -> bool {
    let suffixed = lower_words(text).iter().any(|word| word.chars().count() > 1 && word.ends_with('만'));
    (suffixed || ALONE.stand_in(text)) && conditions::condition(text).is_none()
}

/// Whether words behind several ways say that what follows is done whichever was taken: "In both cases, restart it:".
pub fn is_for_all_ways(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const ALL_WAYS: &[&str] = &[
        "in both cases", "in either case", "in all cases", "in any case", "either way", "for both", "for all options", "for either option", "for all methods", "with both", "with either", "regardless", "whichever", "whatever option", "whatever method", "no matter", "independent of", "independently of",
        "in beiden fallen", "in jedem fall", "in allen fallen", "fur beide", "unabhangig", "egal welche", "dans les deux cas", "dans tous les cas", "quelle que soit", "pour les deux", "en ambos casos", "en todos los casos", "en cualquier caso", "independientemente", "em ambos os casos", "em todos os casos", "em qualquer caso", "independentemente",
        "in entrambi i casi", "in ogni caso", "in tutti i casi", "indipendentemente", "w obu przypadkach", "w kazdym przypadku", "niezaleznie", "в обоих случаях", "в любом случае", "во всех случаях", "независимо", "в обох випадках", "у будь якому випадку", "незалежно", "her iki durumda", "her durumda", "trong ca hai truong hop", "trong moi truong hop", "dalam kedua kasus", "dalam semua kasus", "in beide gevallen", "in alle gevallen", "ongeacht",
        "两种情况", "无论", "不管", "無論", "いずれの場合", "どちらの場合", "両方の場合", "두 경우 모두", "어느 경우", "모든 경우",
    ];
    vocabulary::begins_spelled(text, ALL_WAYS)
}

/// Whether words say that what follows comes next: "Afterwards, clear the cache:".
pub fn is_afterwards(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const AFTERWARDS: &[&str] = &[
        "afterwards", "after that", "after this", "after either", "then", "finally", "next", "lastly", "at the end", "when done", "once done", "danach", "anschliessend", "abschliessend", "zum schluss", "zuletzt", "ensuite", "enfin", "puis", "apres cela", "pour finir", "despues", "luego", "finalmente", "por ultimo", "a continuacion",
        "depois", "em seguida", "por fim", "poi", "infine", "dopo di che", "successivamente", "nastepnie", "potem", "na koniec", "затем", "потом", "после этого", "наконец", "потім", "після цього", "насамкінець", "sonra", "ardindan", "son olarak", "sau do", "cuoi cung", "kemudian", "setelah itu", "terakhir", "daarna", "vervolgens", "tot slot",
        "然后", "之后", "最后", "然後", "之後", "最後", "その後", "次に", "그 다음", "그런 다음", "그 후", "마지막으로",
    ];
    vocabulary::begins_spelled(text, AFTERWARDS)
}

/// That all of a whole is meant, and that one part of it is.
#[rustfmt::skip] // words, many to a line
static ALL: Terms = Terms::of(&[
    "multiple", "several", "mehrere", "plusieurs", "varios", "varias", "piu", "kilka", "несколько", "кілька", "birden fazla", "nhieu", "beberapa", "多个", "複数", "여러", "all", "every", "everything", "entire", "whole", "alle", "alles", "tous", "toutes", "tout", "todos", "todas", "todo", "tutti", "tutte", "wszystki*", "все", "всех", "всё", "усі", "всі", "tum", "butun", "tat ca", "toan bo", "semua", "全部", "所有", "すべて", "全て", "모든", "전체",
]);
#[rustfmt::skip] // words, many to a line
static ONE: Terms = Terms::of(&[
    "specific", "a single", "single", "particular", "individual", "one service", "just one", "one container", "certain", "bestimmt*", "einzeln*", "specifique", "un seul", "une seule", "particulier", "especific*", "un solo", "una sola", "apenas um", "apenas uma", "specific*", "singol*", "konkretn*", "pojedyncz*",
    "конкретн*", "отдельн*", "один сервис", "окрем*", "belirli", "tek bir", "cu the", "tertentu", "指定", "单个", "某个", "特定", "個別", "특정", "개별",
]);

/// Whether words mean all of a whole: "All services".
pub fn is_all(text: &str) -> bool {
    ALL.stand_in(text) && !ONE.stand_in(text)
}

/// Whether words mean one part of it: "A specific service".
pub fn is_one(text: &str) -> bool {
    ONE.stand_in(text) && !ALL.stand_in(text)
}

/// Whether words mean the version before: "Roll back to the previous version".
pub fn is_previous(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static PREVIOUS: Terms = Terms::of(&[
        "previous", "last", "prior", "preceding", "latest", "vorherig*", "vorig*", "letzt*", "precedent*", "derniere", "dernier", "anterior", "ultim*", "precedente", "poprzedni*", "ostatni*", "предыдущ*", "последн*", "попередн*", "onceki", "truoc", "sebelumnya", "vorige", "上一", "前一", "最近", "直前", "前の", "이전", "직전",
    ]);
    PREVIOUS.stand_in(text)
}

/// "Restore from the snapshot", "从快照恢复", in the one spelling of the vocabulary: what is restored, and out of what. Nobody
/// restores it out of both.
pub fn source(title: &str) -> Option<(&str, &str)> {
    #[rustfmt::skip] // words, many to a line
    const FROM: &[&str] = &[
        " from ", " aus ", " vom ", " von ", " depuis ", " a partir de ", " a partir du ", " desde ", " da ", " dal ", " dalla ", " z ", " ze ", " из ", " с ", " з ", " tu ", " dari ", " vanuit ", " using ", " via ",
    ];
    let spaced = FROM.iter().find_map(|from| title.split_once(from));
    let joined = || {
        let rest = title.strip_prefix('从')?;
        ["恢复", "还原"].iter().find_map(|verb| rest.find(verb).and_then(|at| rest.split_at_checked(at)))
    };
    let (what, from) = spaced.or_else(|| joined().map(|(from, verb)| (verb, from)))?;
    let restores = matches!(vocabulary::role(what), Role::Recovery | Role::Rollback);
    (restores && !from.is_empty()).then_some((what, from))
}

/// What a title or a label is for, where it names one of several cases: "For environment issues", "Für neue Server:". What is
/// for a purpose ("Para reiniciar") or for each of them is none.
pub fn case(text: &str) -> Option<String> {
    #[rustfmt::skip] // words, many to a line
    const ARTICLES: &[&str] = &["el", "la", "los", "las", "un", "una", "o", "a", "os", "as", "um", "uma", "le", "les", "l", "une", "des", "il", "i", "gli", "lo"];
    #[rustfmt::skip] // words, many to a line
    const NONE: &[&str] = &["each", "every", "all", "example", "instance", "reference", "more", "details", "now", "this", "that", "both", "jede", "jeden", "alle", "chaque", "tous", "cada", "todos", "ogni", "tutti", "каждого", "всех"];
    let plain = numbered(text).map_or_else(|| text.to_owned(), |(_, rest)| rest);
    let words = folded(plain.trim().trim_matches(['*', ' ', ':', '：']));
    let (lead, rest) = words.split_once(' ')?;
    let first = rest.split(' ').next().unwrap_or("");
    let named = match lead {
        "for" | "fur" | "для" | "voor" => !NONE.contains(&first),
        "para" | "pour" | "per" | "por" => ARTICLES.contains(&first),
        _ => false,
    };
    (named && rest.split(' ').count() <= 6).then(|| rest.to_owned())
}

/// Whether words head an example of what stands above them: "Example:", "e.g.", "例：".
pub fn heads_example(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const HEADS: &[&str] = &[
        "example", "examples", "for example", "for instance", "e g", "sample", "beispiel", "zum beispiel", "z b", "exemple", "par exemple", "ejemplo", "por ejemplo", "exemplo", "por exemplo", "esempio", "ad esempio", "przyklad", "na przyklad", "пример", "например", "приклад", "наприклад", "ornek",
        "vi du", "contoh", "voorbeeld", "bijvoorbeeld", "beispiele", "exemples", "ejemplos", "exemplos", "esempi", "przyklady", "примеры", "приклади", "ornekler", "voorbeelden",
    ];
    const JOINED: &[&str] = &["例：", "例:", "示例", "例如", "例えば", "例子", "예:", "예：", "예시"];
    let bare = text.trim().trim_start_matches(['#', '(', '（', ' ']);
    let words = folded(bare);
    let starts = HEADS.iter().any(|head| {
        words.strip_prefix(head).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            && words.split(' ').count() <= 5
    });
    starts || JOINED.iter().any(|head| bare.starts_with(head))
}

/// Whether a label is a name for examples: "Examples:", and not "For example:", which leads to what is done.
pub fn names_examples(text: &str) -> bool {
    const JOINS: &[&str] = &["for", "zum", "par", "por", "ad", "na", "e", "z"];
    let words = folded(text.trim().trim_start_matches(['#', '*', '(', '（', ' ']));
    heads_example(text) && !words.split(' ').next().is_some_and(|first| JOINS.contains(&first))
}

/// Whether a heading leads to variants of a command, to pick from: "Update options".
pub fn heads_variants(title: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const VARIANTS: &[&str] = &[
        "options", "flags", "variants", "variations", "optionen", "varianten", "variantes", "opciones", "opcoes", "opzioni", "varianti", "опции", "параметры", "варианты", "опції", "opcje", "warianty", "secenekler", "secenekleri", "opsi", "opties",
        "选项", "オプション", "옵션",
    ];
    let words = folded(&numbered(title).map_or_else(|| title.to_owned(), |(_, rest)| rest));
    let split: Vec<&str> = words.split(' ').collect();
    let stands = |word: Option<&&str>| {
        word.is_some_and(|word| {
            VARIANTS
                .iter()
                .any(|known| *word == folded(known) || !known.is_ascii() && word.ends_with(&folded(known)))
        })
    };
    split.len() <= 4 && (stands(split.first()) || stands(split.last()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_started_is_not_stopped_right_behind_it() {
        for (above, text) in [
            ("Start (build and run):", "Stop:"),
            ("5.2 启动外部依赖", "5.3 停止外部依赖"),
            ("Dienst starten", "Dienst stoppen"),
            ("Запуск кассы", "Остановка кассы"),
            ("서버 시작", "서버 중지"),
            ("1. Start the till", "2. Stop the till"),
        ] {
            assert!(stops(text, above), "{above} {text}");
        }
        for (above, text) in [
            ("Start the new till", "Stop the old till"),
            ("Stop the till", "Start the till"),
            ("Startup", "Stopgap"),
            ("Update the till", "Stop"),
        ] {
            assert!(!stops(text, above), "{above} {text}");
        }
    }

    #[test]
    fn a_part_alone_and_headings_of_variants() {
        for yes in [
            "Update only the indexers",
            "Nur das Backend",
            "Backend만 배포",
            "Деплой только фронтенда",
            "仅部署后端",
        ] {
            assert!(is_alone(yes), "{yes}");
        }
        for no in ["Only if the cache is cold", "Update all of it", "Deploy the backend"] {
            assert!(!is_alone(no), "{no}");
        }
        assert!(
            heads_variants("Update options")
                && heads_variants("2.2 Opcje uruchomienia")
                && heads_variants("更新选项")
        );
        assert!(!heads_variants("Check the options of the driver first") && !heads_variants("Update"));
    }
}
