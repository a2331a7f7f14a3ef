//! Sentences of a text that say what is to be seen, wherever in the text they stand: behind another sentence, behind
//! a condition, as "wait until …" or "if any row shows …".

use super::super::vocabulary::{self, Terms};
use super::super::words::{lower_words, lower_words_with};
use super::literal::STATES;
use super::{Check, Meaning, openers, until};

/// The sentences of a text. A line's end closes none, since prose is wrapped.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut begin, mut code, mut depth) = (0, false, 0_usize);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '`' => code = !code,
            '(' | '（' if !code => depth += 1,
            ')' | '）' if !code => depth = depth.saturating_sub(1),
            _ => {}
        }
        let next = chars.peek().map(|(_, c)| *c);
        let closes = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => next.is_none_or(char::is_whitespace) && !abbreviates(text, begin, at),
            _ => false,
        };
        if closes && !code && depth == 0 {
            let end = at + c.len_utf8();
            found.extend(text.get(begin..end).map(str::trim));
            begin = end;
        }
    }
    found.extend(text.get(begin..).map(str::trim));
    found.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    found
}

/// Whether a full stop is one of an abbreviation or of a number of a list: "e.g.", "z. B.", "1.".
fn abbreviates(text: &str, begin: usize, at: usize) -> bool {
    const SHORT: &[&str] =
        &["e.g", "i.e", "etc", "ca", "vs", "nr", "no", "approx", "bzw", "bspw", "ex", "np", "p.ej"];
    let word = text.get(begin..at).and_then(|before| before.split_whitespace().next_back()).unwrap_or("");
    let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let goes_on = text.get(at + 1..).unwrap_or("").trim_start().starts_with(char::is_lowercase);
    SHORT.contains(&bare.as_str()) && goes_on || bare.chars().count() == 1
}

/// The sentences of a text that say what is to be seen.
pub fn said(text: &str) -> Vec<&str> {
    sentences(text).into_iter().filter(|sentence| says(sentence)).collect()
}

/// Whether a sentence says what is to be seen.
pub fn says(sentence: &str) -> bool {
    says_plainly(sentence) || asks_to_verify(sentence)
}

/// Whether it says it otherwise than by asking to verify something.
pub fn says_plainly(sentence: &str) -> bool {
    let bare = unlabelled(sentence);
    if is_no_statement(bare) {
        return false;
    }
    // What comes of a condition is said in English only with "should": see `shown`.
    let opens =
        !vocabulary::conditions::begins_if(bare) && (openers::opens(sentence) || openers::opens(bare));
    opens
        || shown(bare).is_some()
        || until::awaited(bare).is_some()
        || finishes(bare)
        || forbidden(bare).is_some()
        || is_expected(bare)
}

/// Whether it only asks to verify something: that says what is to be seen where nothing else does.
pub fn asks_to_verify(sentence: &str) -> bool {
    let bare = unlabelled(sentence);
    !is_no_statement(bare) && verifies(bare)
}

/// A question, or what a setting has to be.
fn is_no_statement(bare: &str) -> bool {
    bare.trim_end().ends_with(['?', '？']) || openers::sets(bare)
}

/// Whether all of a text tells of a state that is to be seen, and of nothing to do: "STATE: now `x status` should report
/// one peer". "Open the page, it should appear" tells of both.
pub fn is_state(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const SUBJECTS: &[&str] = &["now", "the", "all", "this", "it", "there", "each", "every", "both", "no", "that", "these", "you", "your"];
    let is_subject = |bare: &str| {
        bare.starts_with('`')
            || lower_words(bare).first().is_some_and(|word| SUBJECTS.contains(&word.as_str()))
    };
    let told = sentences(text);
    !told.is_empty()
        && told.iter().all(|sentence| {
            let bare = unlabelled(sentence);
            is_subject(bare) && is_shown(bare, false) && says(sentence)
        })
}

/// Whether a comment above a command says what that one shows, elsewhere than at its beginning; what says it of it.
pub fn above_command(text: &str, reads: bool) -> Option<&str> {
    // "(must be connected to the network)" is what it needs, unless it is something to look for.
    let needs = |inner: &str| begins_with_must(inner) && read(inner).check.is_none();
    let inner = bracketed(text).filter(|inner| says(inner) && !needs(inner));
    let first = || lower_words(text).iter().any(|w| matches!(w.as_str(), "first" | "before"));
    let whole = || {
        let told = until::awaited(text).is_some()
            || is_expected(text)
            || forbidden(text).is_some()
            || reads && shown(text).is_some() && !first();
        told.then_some(text)
    };
    inner.or_else(whole)
}

fn begins_with_must(text: &str) -> bool {
    lower_words(text).first().is_some_and(|word| word == "must")
}

/// What stands in the last brackets of a text.
fn bracketed(text: &str) -> Option<&str> {
    let (_, inner) = text.rsplit_once(['(', '（'])?;
    inner.split([')', '）']).next().map(str::trim)
}

/// What a sentence that says what is to be seen comes to. What stands before the words that say it is no part of what
/// is looked for; where those are not known, a person looks.
pub fn read(sentence: &str) -> Meaning {
    let bare = unlabelled(sentence);
    let absent = forbidden(bare).filter(|texts| !texts.is_empty()).map(|texts| Check::Absent { texts });
    if let Some(check) = until::awaited(bare).and_then(until::check).or(absent) {
        return Meaning { check: Some(check), left: None };
    }
    if openers::opens(bare) {
        return super::read(bare.trim_end_matches([':', '：']));
    }
    match shown(bare).filter(|clause| openers::opens(clause)) {
        Some(clause) => super::read(clause.trim_end_matches([':', '：'])),
        None => Meaning::default(),
    }
}

/// A sentence without the label in front of it: "STATE: Now …", "Important: …".
fn unlabelled(sentence: &str) -> &str {
    let bare = sentence.trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '`' | '"' | '{' | '[' | '(' | '（')
    });
    let Some((label, rest)) = bare.split_once(": ") else { return bare };
    let words = lower_words(label);
    let says = openers::opens(bare) || label.contains(['`', '"', '(']);
    let short = (1..=2).contains(&words.len()) && !says;
    if short && !rest.trim().is_empty() { rest.trim() } else { bare }
}

/// Words that may stand between "should" and its verb.
#[rustfmt::skip] // words, many to a line
const ADVERBS: &[&str] = &[
    "now", "also", "then", "not", "always", "only", "never", "still", "all", "both", "normally", "usually", "again",
    "eventually", "already", "each", "either", "soon", "therefore", "finally",
];

/// What a thing does that is seen.
#[rustfmt::skip] // words, many to a line
const SHOWN: &[&str] = &[
    "show", "see", "display", "appear", "report", "return", "print", "output", "say", "respond", "answer", "yield", "look",
    "disappear",
];

/// What an output does, and a file or a person as well: "`a.yaml` must include the following".
const SHOWN_IN_OUTPUT: &[&str] = &["contain", "include", "list", "match", "equal", "have", "be"];

/// Words for what a command shows.
#[rustfmt::skip] // words, many to a line
const OUTPUTS: &[&str] = &["output", "response", "result", "results", "log", "logs", "listing", "answer", "stdout"];

/// What a thing is where that is seen.
#[rustfmt::skip] // words, many to a line
const SEEN: &[&str] = &[
    "displayed", "shown", "visible", "listed", "empty", "reachable", "present", "printed", "returned", "green",
    "reflected", "accessible", "gone", "synced", "restarted", "finished", "clean", "responding", "absent", "zero", "none",
];

/// The clause of a sentence that says it with "should" or "must", or "you will see".
fn shown(sentence: &str) -> Option<&str> {
    let clauses = sentence.match_indices(", ").map(|(at, comma)| at + comma.len());
    let starts: Vec<usize> = std::iter::once(0).chain(clauses).collect();
    let conditional = vocabulary::conditions::begins_if(sentence);
    starts.into_iter().rev().find_map(|at| sentence.get(at..).filter(|clause| is_shown(clause, conditional)))
}

/// Whether a clause says it; `conditional` where it says what comes of something: "when a node is lost, you will see …".
fn is_shown(clause: &str, conditional: bool) -> bool {
    #[rustfmt::skip] // words, many to a line
    const MODALS: &[&str] = &["should", "must", "shall", "will", "you'll", "you\u{2019}ll", "can", "shouldn't", "mustn't"];
    let words = lower_words_with(clause, &['\'', '\u{2019}']);
    let Some(at) = words.iter().take(24).position(|w| MODALS.contains(&w.as_str())) else { return false };
    let (subject, rest) = words.split_at(at);
    let modal = rest.first().map_or("", String::as_str);
    let mut rest = rest.iter().skip(1).map(String::as_str).skip_while(|w| ADVERBS.contains(w));
    let verb = rest.next().unwrap_or("");
    let you = modal.starts_with("you") || subject.last().is_some_and(|w| matches!(w.as_str(), "you" | "we"));
    let foretells = matches!(modal, "will" | "shall" | "you'll" | "you\u{2019}ll");
    if you {
        let bad = words.iter().any(|w| w.starts_with("error") || w.starts_with("fail") || w == "stuck");
        return matches!(verb, "see" | "get" | "notice" | "observe")
            && modal != "can"
            && !(foretells && (conditional || bad))
            || verb == "find" && modal == "should";
    }
    if foretells || modal == "can" {
        return false;
    }
    let output = subject.iter().any(|w| OUTPUTS.contains(&w.as_str()));
    if SHOWN.contains(&verb) || output && SHOWN_IN_OUTPUT.contains(&verb) {
        return true;
    }
    let next = rest.find(|w| !ADVERBS.contains(w)).unwrap_or("");
    let literal =
        clause.split_once(" be ").is_some_and(|(_, rest)| rest.trim_start().starts_with(['`', '"', '“']));
    let state = literal || SEEN.contains(&next) || STATES.contains(&next);
    // "The endpoints must be reachable" is asked of who runs it, unless it leads to what shows it.
    let asked = modal == "must" && !literal && !clause.trim_end().ends_with([':', '：']);
    verb == "be" && state && !asked
}

/// "When all deployments report `1/1/1`, the update is finished": what is to be seen before it goes on.
fn finishes(sentence: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const DONE: &[&str] = &[
        "finished", "complete", "completed", "done", "updated", "ready", "over", "upgraded", "deployed", "successful",
        "healthy", "fertig", "abgeschlossen", "beendet", "terminé", "terminée", "finalizado", "finalizada", "terminado",
        "concluído", "concluída", "completato", "completata", "terminato", "gotowe", "zakończona", "завершено", "завершена",
        "завершён", "готово", "tamamlandı", "selesai", "hoàn tất", "klaar", "voltooid",
    ];
    #[rustfmt::skip] // words, many to a line
    const WHEN: &[&str] = &["when", "once", "if", "sobald", "wenn", "quand", "lorsque", "dès", "cuando", "quando", "gdy", "когда", "коли", "als", "zodra"];
    let Some((when, then)) = sentence.split_once([',', '，']) else { return false };
    let (when, then) = (lower_words(when), lower_words(then));
    let first = when.first().map_or("", String::as_str);
    let quoted = sentence.contains(['`', '"']);
    let shows = when.iter().any(|w| {
        ["report", "reports", "show", "shows", "say", "says", "read", "reads", "display", "displays"]
            .contains(&w.as_str())
    });
    let error = when.iter().any(|w| w.starts_with("error"));
    WHEN.contains(&first) && !error && (shows || quoted) && then.iter().any(|w| DONE.contains(&w.as_str()))
}

/// "If any row shows `none`, you must investigate": the texts that must not be seen; none where that is told in words.
fn forbidden(sentence: &str) -> Option<Vec<String>> {
    #[rustfmt::skip] // words, many to a line
    const ANY: &[&str] = &["any", "some", "one", "a", "an", "there", "you", "it", "this", "the"];
    #[rustfmt::skip] // words, many to a line
    const STOPS: &[&str] = &[
        "investigate", "stop", "abort", "halt", "escalate", "must", "don't", "not", "find", "wrong", "roll", "fix",
        "failed", "problem",
    ];
    let (when, then) = sentence.split_once(", ")?;
    let words = lower_words(when);
    let verb =
        ["shows", "show", "reports", "report", "displays", "contains", "is", "are", "says", "see", "lists"];
    let led =
        words.first().is_some_and(|w| w == "if") && words.get(1).is_some_and(|w| ANY.contains(&w.as_str()));
    let any = words.get(1).is_some_and(|w| matches!(w.as_str(), "any" | "some" | "one"));
    let shows = words.iter().any(|w| verb.contains(&w.as_str()));
    let then = lower_words_with(then, &['\'']);
    let stops = then.iter().take(6).any(|w| STOPS.contains(&w.as_str()));
    if !(led && any && shows && stops) {
        return None;
    }
    let mut quoted = when.split('`').skip(1).step_by(2);
    let text = quoted
        .next()
        .filter(|text| quoted.next().is_none() && when.trim_end().ends_with(&format!("`{text}`")));
    Some(text.map(str::to_owned).into_iter().collect())
}

/// "Verify that both are running:", "An easy check is that only one is reported:".
fn verifies(sentence: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const ASKS: &[&str] = &["verify", "check", "confirm", "validate"];
    #[rustfmt::skip] // words, many to a line
    const IS: &[&str] = &[
        "is", "are", "has", "have", "shows", "show", "returns", "works", "work", "exists", "exist", "appears", "appear",
        "reports", "contains", "responds", "must", "should", "lists", "says", "be",
    ];
    /// What makes sure of something rather than looks: a lead to what looks, where it ends with its colon.
    const ENSURES: &[&str] = &["make sure", "ensure"];
    let words = lower_words(sentence);
    let joined = words.join(" ");
    let leads = sentence.trim_end().trim_end_matches('*').ends_with([':', '：']);
    let asked = |verbs: &[&str]| {
        verbs.iter().any(|verb| {
            let rest = joined.strip_prefix(verb).and_then(|rest| rest.strip_prefix(' '));
            let said = rest.and_then(|rest| rest.split(' ').next()).unwrap_or("");
            said == "that" || !matches!(said, "" | "if" | "whether" | "you" | "your" | "for" | "on" | "with")
        })
    };
    let that = ASKS.iter().any(|w| joined.strip_prefix(w).is_some_and(|rest| rest.starts_with(" that ")));
    let begins =
        that || leads && (asked(ASKS) || asked(ENSURES)) && !words.iter().any(|w| w == "you" || w == "if");
    if verifies_elsewhere(sentence) {
        return true;
    }
    let is_check =
        ["check is that ", "check is to check that ", "test is that ", "is to check that ", "sign is that "]
            .iter()
            .any(|w| joined.contains(w));
    (begins || is_check)
        && words.iter().skip(2).any(|w| IS.contains(&w.as_str()))
        && !words.iter().any(|w| w == "before")
}

/// The same in other languages: "Verificar que los nodos estén listos:", "Prüfen, ob alle Knoten bereit sind:".
fn verifies_elsewhere(sentence: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static ASKS: Terms = Terms::of(&[
        "prufen ob", "prufe ob", "prufen sie ob", "prufen dass", "uberprufen ob", "uberprufe ob", "uberprufen sie ob", "uberprufen dass", "kontrollieren ob", "kontrolliere ob", "kontrollieren dass", "sicherstellen dass", "stellen sie sicher dass", "verifizieren dass",
        "verifier que", "verifiez que", "s assurer que", "assurez vous que", "confirmer que", "confirmez que", "controler que", "controlez que",
        "verificar que", "verifique que", "verifica que", "verificamos que", "comprobar que", "compruebe que", "comprueba que", "comprobamos que", "confirmar que", "confirme que", "confirmamos que", "asegurarse de que", "asegurese de que", "asegurate de que",
        "verificar se", "verifique se", "confirmar se", "confirme se", "conferir se", "confira se", "checar se", "cheque se", "certifique se de que", "certificar se de que",
        "verificare che", "verifica che", "verificate che", "controllare che", "controlla che", "controllare se", "assicurarsi che", "assicurati che",
        "sprawdz czy", "sprawdzic czy", "upewnij sie ze", "zweryfikuj czy", "potwierdz ze",
        "проверьте что", "проверить что", "проверяем что", "проверьте запущен*", "убедитесь что", "убедиться что", "убеждаемся что", "перевірте що", "перевірити що", "переконайтеся що", "переконатися що",
        "kiem tra xem", "kiem tra rang", "dam bao rang", "pastikan", "periksa apakah", "controleer of", "verifieer dat", "verifieer of", "kontrollera att", "overte ze",
    ]);
    #[rustfmt::skip] // words, many to a line
    static BEFORE: Terms = Terms::of(&[
        "bevor", "vorher", "avant", "antes", "prima", "przed", "перед", "до", "truoc", "sebelum", "voordat",
    ]);
    let words = vocabulary::folded(sentence);
    let bare = sentence.trim_end().trim_end_matches([':', '：', '。', '.', '*']);
    let joined = bare.contains("ことを確認")
        || bare.contains("지 확인")
        || bare.contains("是否")
            && ["检查", "确认", "验证", "檢查", "確認", "驗證"].iter().any(|verb| bare.starts_with(verb))
        || ["olduğunu doğrula", "olduğunu kontrol", "çalıştığını doğrula", "çalıştığını kontrol"]
            .iter()
            .any(|end| bare.contains(end));
    (joined || ASKS.in_folded(&words) && ASKS.find(&words) == Some(0) && words.split(' ').count() > 3)
        && !BEFORE.in_folded(&words)
}

/// "all 42 checks PASS is expected": a text that can only be meant to the letter, and that it is expected.
fn is_expected(sentence: &str) -> bool {
    let words = lower_words(sentence);
    let ends = words.len() > 2 && words.ends_with(&["expected".to_owned()]);
    ends && (until::capitals(sentence).is_some()
        || sentence.contains(['`', '"'])
        || words.iter().any(|w| w.parse::<u32>().is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_sentences() {
        assert_eq!(sentences("Check it. You should see `a. b`:"), ["Check it.", "You should see `a. b`:"]);
        assert_eq!(sentences("Wrapped\nline, e.g. this. Next"), ["Wrapped\nline, e.g. this.", "Next"]);
        assert_eq!(sentences("确认状态。应该看到 `ok`"), ["确认状态。", "应该看到 `ok`"]);
    }

    #[test]
    fn sentences_that_say_what_is_to_be_seen() {
        for text in [
            "If you then check the status, you should see them being restarted:",
            "You should see one of them being restarted:",
            "At this point, the operator should be running version `acme/shop:5.2.0`.",
            "An easy check is that only one `shop-version` is reported:",
            "Verify that both the controller and the proxy must be running:",
            "Now the cluster should be running again.",
            "http://HOSTNAME/, the home page should be displayed",
            "STATE: Now `acmectl status` should report 1 peer, and all disks down.",
            "When all deployments report `1/1/1`, the store is fully updated.",
            "If any namespace shows `none`, you must find out why before going on.",
            "wait until the status is SUCCESS",
            "all 42 checks PASS is expected",
            "You'll then see the state of the node:",
            "http://HOTE/, la page d'accueil du magasin doit s'afficher",
            "Devono comparire i file in `/srv/shop/`.",
            "Deve comparire la vetrina.",
            "La página principal debe aparecer en el navegador",
            "Polecenie ma zwrócić 203.0.113.9",
            "Lệnh phải trả về địa chỉ của máy chủ",
            "В списке должно появиться имя сервера",
            "Должен вернуть IP сервера",
            "첫 화면이 브라우저에 표시되어야 합니다",
            "Halaman utama harus muncul di peramban",
            "Головна сторінка повинна з'явитися у браузері",
            "Ana sayfa tarayıcıda görünmeli",
            "status が SUCCESS になるまで待つ",
            "42 件 全 PASS が期待値",
        ] {
            assert!(says(text), "{text}");
        }
        for text in [
            "`CALLBACK_URL` must be the address under which the container reaches the server.",
            "Important: `CALLBACK_URL` must be the address of the server.",
            "Wichtig: `CALLBACK_URL` muss die Adresse sein, unter der der Server zu sehen ist.",
            "When a new version is released it will appear on the releases page.",
            "The backup should be taken at night.",
            "You can see the logs in the console.",
            "This will restart the service.",
            "Run it as root.",
            "You must be root.",
            "First, you must have access to the registry.",
            "Next, you should open the console with the role `admin`:",
            "The secret must be created in the namespace `shop`:",
            "This command will wait until the database is ready, and then exit.",
            "Repeat these steps until all pods are running the new image.",
            "When a node is lost, you will see pods stuck on it.",
            "You will find the checksum of the package on our website.",
            "Your `a.yaml` should include the following:",
            "Make sure that you have `/` at the end.",
            "Aplikacja ma własny komunikat o zbyt dużym pliku 42 MB.",
            "Check that the backup of last night is there before you begin.",
            "Did it work, and should it show anything?",
            "Vous devez être connecté en tant que root.",
            "Se connecter au conteneur et vider le cache.",
        ] {
            assert!(!says(text), "{text}");
        }
    }

    #[test]
    fn what_they_come_to() {
        let check = |text: &str| read(text).check.map(|check| check.says());
        assert_eq!(check("wait until the status is SUCCESS").as_deref(), Some("shows \"SUCCESS\""));
        assert_eq!(
            check("If any namespace shows `none`, you must find out why.").as_deref(),
            Some("does not show \"none\"")
        );
        assert_eq!(check("If you look, you should see `ok`:").as_deref(), Some("shows \"ok\""));
        assert_eq!(
            check("The operator should be running version `acme/shop:5.2.0`.").as_deref(),
            Some("shows \"acme/shop:5.2.0\"")
        );
        assert_eq!(check("Verify that foo is running:"), None);
        assert_eq!(check("An easy check is that only one `shop-version` is reported:"), None);
    }
}
