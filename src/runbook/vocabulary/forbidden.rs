//! Words that say that what follows must never be run: "Never do this", "❌ Wrong:", "禁止".

use super::fold::folded;
use super::words::has_blanks;

/// What forbids whatever is named behind it.
#[rustfmt::skip] // words, many to a line
const WHOLLY: &[&str] = &[
    "never do this", "do not do this", "don t do this", "never do that", "what not to do", "forbidden", "prohibited", "not like this", "anti pattern", "antipattern",
    "niemals ausfuhren", "nie ausfuhren", "auf keinen fall", "verboten", "verbotene", "nicht so", "so nicht", "ne pas faire", "a ne pas faire", "a ne jamais faire", "ne jamais faire", "interdit", "interdits",
    "prohibido", "prohibidos", "no hacer", "nunca hacer", "no haga", "proibido", "proibidos", "nao fazer", "nao faca", "nunca faca", "nunca fazer", "vietato", "non fare", "da non fare", "mai fare",
    "нельзя", "запрещено", "запрещенные", "так нельзя", "не делать", "не делаите", "никогда не делаите", "заборонено", "zabronione", "nie rob tego", "nigdy nie rob", "yasak", "bunu yapmayin", "yapilmamasi gerekenler", "niet doen", "nooit doen", "tilarang", "dilarang",
];

/// What forbids where nothing but "this" and the like follows: "Never run this:", and not "Never run this as root".
#[rustfmt::skip] // words, many to a line
const ALONE: &[&str] = &[
    "never", "never run", "never execute", "never use", "do not run", "do not execute", "do not use", "don t run", "don t execute", "don t use", "wrong", "wrong way", "bad", "bad example", "incorrect",
    "niemals", "falsch", "nicht ausfuhren", "nicht verwenden", "schlecht", "jamais", "ne pas executer", "ne jamais executer", "ne pas lancer", "ne pas utiliser", "incorrecte", "mauvais", "faux", "nunca", "no ejecutar", "nunca ejecutar", "no ejecute", "nunca ejecute", "no usar", "incorrecto", "mal",
    "nao executar", "nunca executar", "nao execute", "nunca execute", "nao usar", "errado", "incorreto", "non eseguire", "mai eseguire", "non usare", "sbagliato", "неправильно", "неверно", "не выполнять", "не выполняите", "не запускать", "не запускаите", "никогда", "никогда не выполняите", "никогда не запускаите", "nigdy", "nie uruchamiac", "nie uruchamiaj", "zle", "niepoprawnie",
    "asla", "calistirmayin", "asla calistirmayin", "yanlis", "nooit", "nooit uitvoeren", "niet uitvoeren", "niet gebruiken", "fout", "jangan", "jangan jalankan", "salah",
];

/// The same in languages without blanks, at the beginning or the end.
#[rustfmt::skip] // words, many to a line
const JOINED: &[&str] = &[
    "禁止", "严禁", "嚴禁", "切勿", "绝对不要", "絕對不要", "不要执行", "不要執行", "请勿执行", "請勿執行", "不要运行", "不要这样做", "错误做法", "错误示例", "错误写法", "错误用法", "錯誤做法", "反面教材", "禁止事项", "禁止事項",
    "実行しないこと", "実行しないでください", "やってはいけない", "してはいけない", "しないこと", "悪い例", "だめな例", "ダメな例", "금지", "실행하지 마세요", "실행하지 말 것", "하지 마세요", "하지 말 것", "잘못된 예", "나쁜 예",
];

/// Words that add nothing: "this", "these commands", "ever".
#[rustfmt::skip] // words, many to a line
const ADDS_NOTHING: &[&str] = &[
    "this", "that", "it", "these", "those", "them", "the", "following", "command", "commands", "ever", "here", "like", "so", "das", "dies", "diese", "diesen", "folgende", "befehle", "befehl", "ceci", "cela", "cette", "commande", "commandes", "esto", "este", "estos", "eso", "comando", "comandos", "isso", "isto", "estes", "questo", "questi", "comandi",
    "это", "эти", "команды", "команду", "tego", "tych", "polecen", "bunu", "bunlari", "dit", "deze", "commando", "ini", "perintah",
];

/// Words that say where or when something must not be run.
#[rustfmt::skip] // words, many to a line
const WHERE: &[&str] = &[
    "on", "in", "against", "at", "during", "while", "auf", "im", "gegen", "wahrend", "sur", "dans", "en", "pendant", "contra", "durante", "em", "no", "na", "nel", "su", "на", "в", "во", "против", "podczas", "op", "tijdens",
];

/// What stands before a colon or a dash, from its first letter on.
fn head(text: &str) -> &str {
    let ends = [":", "：", "\n", " - ", " – ", " — "];
    let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_start_matches(|c: char| !c.is_alphabetic())
}

/// What stands behind a word or phrase at the beginning of a folded text.
fn behind<'t>(folded: &'t str, words: &str) -> Option<&'t str> {
    folded.strip_prefix(words).filter(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether words say that the commands under them must not be run.
pub(in crate::runbook) fn is_forbidden(text: &str) -> bool {
    let bare = head(text);
    let joined = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
    if !has_blanks(joined) {
        return JOINED.iter().any(|words| joined.starts_with(words) || joined.ends_with(words));
    }
    let folded = folded(bare);
    let adds_nothing = |rest: &str| rest.split_whitespace().all(|word| ADDS_NOTHING.contains(&word));
    WHOLLY.iter().any(|words| behind(&folded, words).is_some()) && folded.split(' ').count() <= 10
        || ALONE.iter().filter_map(|words| behind(&folded, words)).any(adds_nothing)
}

/// Whether words say so of a place or a time: "Never run this on the primary". Where a run is then, nobody but a person
/// knows.
pub(in crate::runbook) fn is_forbidden_somewhere(text: &str) -> bool {
    let folded = folded(head(text));
    let first =
        |rest: &str| rest.split_whitespace().find(|word| !ADDS_NOTHING.contains(word)).map(str::to_owned);
    let verbs = ALONE.iter().filter(|words| words.contains(' '));
    verbs
        .filter_map(|words| behind(&folded, words))
        .filter_map(first)
        .any(|word| WHERE.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_run_in_some_place_is_told_from_both() {
        for text in
            ["Never run this on the primary:", "Do not run in production", "Nunca ejecutar en producción"]
        {
            assert!(is_forbidden_somewhere(text) && !is_forbidden(text), "{text}");
        }
        for text in [
            "Never run this as root:",
            "Never run this:",
            "Do not run as root on Fridays",
            "Never in production",
        ] {
            assert!(!is_forbidden_somewhere(text), "{text}");
        }
    }

    #[test]
    fn what_must_not_be_run_is_told_from_how_it_must_not() {
        for text in [
            "Never do this during the migration",
            "🚫 Forbidden",
            "❌ FALSCH:",
            "Do **not** run this:",
            "NEVER run this:",
            "NUNCA ejecutar",
            "DO NOT RUN - kept for reference",
            "❌ WRONG: deletes the data",
            "À ne pas faire",
            "Auf keinen Fall so:",
            "Нельзя",
            "禁止！",
            "実行しないこと",
            "❌ 错误做法：",
            "실행하지 마세요:",
        ] {
            assert!(is_forbidden(text), "{text}");
        }
        for text in [
            "Never run this as root:",
            "Do not run migrations at peak hours",
            "Don't forget to restart:",
            "Wrong version shown",
            "Badge",
            "Do not stop the database",
            "Never mind",
            "检查错误",
            "Falls das fehlschlägt",
            "Nunca visto antes en producción",
        ] {
            assert!(!is_forbidden(text), "{text}");
        }
    }
}
