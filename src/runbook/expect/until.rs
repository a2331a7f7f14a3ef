//! "Wait until the status is SUCCESS": a state that is waited for is one that is to be seen.

use super::super::words::lower_words;
use super::Check;

/// "Until" and what shows the state, in languages with blanks between words.
#[rustfmt::skip] // words, many to a line
const UNTIL: &[(&[&str], &[&str])] = &[
    (&["until", "till"], &["is", "are", "shows", "show", "reads", "says", "reports", "becomes", "turns", "reaches", "equals", "appears", "displays", "lists", "returns"]),
    (&["bis"], &["ist", "sind", "zeigt", "anzeigt", "lautet", "steht", "meldet", "erscheint", "wird"]),
    (&["jusqu à ce qu", "jusqu à ce que"], &["soit", "soient", "affiche", "indique", "passe", "apparaisse", "renvoie"]),
    (&["hasta que"], &["sea", "esté", "estén", "muestre", "aparezca", "indique", "pase", "devuelva", "diga"]),
    (&["até que", "até"], &["seja", "esteja", "estejam", "mostre", "apareça", "fique", "ficar", "retorne", "indique"]),
    (&["finché", "fino a quando", "fino a che"], &["è", "sia", "sono", "mostra", "risulta", "diventa", "compare", "appare"]),
    (&["aż", "dopóki"], &["jest", "będzie", "pokaże", "pojawi", "osiągnie", "zmieni", "wyświetli"]),
    (&["пока", "до тех пор"], &["станет", "появится", "будет", "покажет", "перейдёт", "перейдет", "вернёт", "вернет", "отобразится"]),
    (&["поки", "доки"], &["стане", "з явиться", "буде", "покаже", "перейде", "поверне"]),
    (&["cho đến khi", "đến khi"], &["là", "hiển thị", "thành", "hiện", "trả về", "chuyển"]),
    (&["sampai", "hingga"], &["menjadi", "menampilkan", "muncul", "berstatus", "adalah", "bernilai"]),
    (&["tot", "totdat"], &["is", "zijn", "toont", "staat", "wordt", "verschijnt"]),
];

/// The same where the verb comes last or no blanks stand between words.
#[rustfmt::skip] // words, many to a line
const JOINED: &[&str] = &[
    "になるまで", "となるまで", "が表示されるまで", "と表示されるまで", "が出るまで", "が返るまで", "が期待値", "期待値です", "になったら完了", "直到", "等到", "变为", "變為",
    "될 때까지", "표시될 때까지", "나올 때까지", "바뀔 때까지", "olana kadar", "oluncaya kadar", "görünene kadar", "gelene kadar", "dönene kadar",
];

/// What the sentence begins with: "This command waits until …" tells what something does.
#[rustfmt::skip] // words, many to a line
const WAITS: &[&str] = &[
    "wait", "waiting", "until", "warten", "warte", "abwarten", "bis", "attendre", "attendez", "attends", "patientez", "jusqu", "espera", "espere",
    "esperar", "aguarda", "aguarde", "aguardar", "hasta", "até", "attendi", "attendere", "aspetta", "aspettare", "finché", "czekaj", "poczekaj", "zaczekaj",
    "aż", "подождите", "дождитесь", "ждите", "ждать", "ожидайте", "пока", "зачекайте", "дочекайтеся", "дочекайтесь", "чекайте", "поки", "chờ",
    "đợi", "tunggu", "tunggulah", "sampai", "wacht", "wachten",
];

/// The sentence, where it says that a state is waited for.
pub(super) fn awaited(sentence: &str) -> Option<&str> {
    if JOINED.iter().any(|words| sentence.contains(words)) {
        // "变为" tells of settings as well: there is a wait, or a state to be read.
        let waits =
            ["直到", "等", "待", "まで", "期待値", "까지", "kadar"].iter().any(|w| sentence.contains(w));
        return (waits || capitals(sentence).is_some()).then_some(sentence);
    }
    let words = lower_words(sentence);
    if !words.iter().take(3).any(|word| WAITS.contains(&word.as_str())) {
        return None;
    }
    let joined = format!(" {} ", words.join(" "));
    let found = UNTIL.iter().any(|(until, verbs)| {
        until.iter().any(|word| {
            let behind = joined.split_once(&format!(" {word} ")).map(|(_, rest)| format!(" {rest}"));
            behind.is_some_and(|rest| verbs.iter().any(|verb| rest.contains(&format!(" {verb} "))))
        })
    });
    found.then_some(sentence)
}

/// The check for it: the one word in capitals, or the one text in quotes that stands at its end.
pub(super) fn check(sentence: &str) -> Option<Check> {
    let mut spans = sentence.split('`').skip(1).step_by(2);
    let only = spans.next().filter(|_| spans.next().is_none());
    let last = |text: &&str| {
        sentence.rsplit('`').next().is_some_and(|rest| lower_words(rest).len() <= 2) && !text.starts_with('.')
    };
    let text = capitals(sentence).or_else(|| only.filter(last))?;
    Some(Check::Shows { texts: vec![text.to_owned()], all: false, quoted: false })
}

/// The one word in capitals of a sentence, where it has one only: SUCCESS, FINISHED.
pub(super) fn capitals(sentence: &str) -> Option<&str> {
    #[rustfmt::skip] // words, many to a line
    const NAMES: &[&str] = &["HTTP", "HTTPS", "JSON", "YAML", "XML", "API", "URL", "DNS", "SSL", "TLS", "CPU", "RAM", "VPS", "SSH", "SQL", "IMPORTANT", "NOTE", "STATE", "WARNING"];
    let word = |w: &&str| {
        w.len() > 3
            && w.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            && !w.starts_with('_')
            && !NAMES.contains(w)
    };
    let mut found = sentence.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(word);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_waited_for() {
        for (text, wanted) in [
            ("wait until the status is SUCCESS", Some("SUCCESS")),
            ("Wait until `state` shows READY", Some("READY")),
            ("Warten, bis der Status FINISHED ist", Some("FINISHED")),
            ("Attendre jusqu'à ce que l'état soit `ok`", Some("ok")),
            ("完了確認（status が SUCCESS になるまで）", Some("SUCCESS")),
            ("等待直到状态为 RUNNING", Some("RUNNING")),
            ("Подождите, пока статус не станет ACTIVE", Some("ACTIVE")),
            ("Wait until all pods are back", None),
        ] {
            assert!(awaited(text).is_some(), "{text}");
            let found = check(text).map(|check| check.says());
            let wanted = wanted.map(|w| format!("shows \"{w}\""));
            assert!(wanted.is_none() || found == wanted, "{text}: {found:?}");
        }
        for text in ["Keep it until tomorrow", "設定を ON に変える", "Wait 30 seconds", "Bis morgen warten"]
        {
            assert!(awaited(text).is_none(), "{text}");
        }
    }
}
