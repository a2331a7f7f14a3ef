//! Whether words tell somebody to do something that no command does: "Edit …", "… öffnen und anpassen".

use super::super::vocabulary::acts::{
    AFTER, BY_HAND, BY_ITSELF, FINITE, FORETELLS, HAND, HAND_BEFORE, HAND_LAST, LEADS, MUST, RUNS, RUNS_LAST,
    SAID_OF, TELLS, WHAT, WHERE, WIDE,
};
use super::super::vocabulary::conditions::{IF, PURPOSE};
use super::super::vocabulary::phrases::Phrases;
use super::super::vocabulary::{begins, folded};
use super::super::words::lower_words;
use super::expectation::is_expectation;
use super::sentences::{sentences, unnumbered};

/// Whether an item begins with a verb of something to do or to look at, or ends in one: "Confirm that …", "… prüfen".
pub fn is_told(text: &str) -> bool {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = sentences(&joined).first().copied().unwrap_or("");
    let words = folded(without_leads(first));
    let coded = text.trim_start_matches(['*', '_', ' ']).starts_with('`');
    let named = words.split(' ').nth(1).is_some_and(|next| SAID_OF.contains(&next));
    let begins = || HAND.begin(&words) || WIDE.begin(&words) || RUNS.begin(&words);
    !coded && !named && begins() || tells_last(&words) || ends_with(&RUNS_LAST, &words)
}

/// What words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Telling {
    /// Nothing that anybody does.
    Nothing,
    /// It may be something to do.
    Maybe,
    /// Something that a person does.
    Act,
}

/// What a text tells: the most that one of its sentences does.
pub fn telling(text: &str) -> Telling {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    sentences(&text).into_iter().map(of_sentence).max().unwrap_or(Telling::Nothing)
}

fn of_sentence(sentence: &str) -> Telling {
    let bare = without_leads(sentence);
    let words = folded(bare);
    let split: Vec<&str> = words.split(' ').collect();
    // What begins with a name in backticks says something of that.
    let coded = sentence.trim_start_matches(['*', '_', ' ', '-']).starts_with('`');
    let named = split.get(1..3.min(split.len())).is_some_and(|next| next.iter().any(|w| SAID_OF.contains(w)));
    let only_word = split.len() < 2 && words.chars().count() < 6;
    // A key ends what a command shows.
    let key = split.contains(&"ctrl");
    if named || only_word || key || is_expectation(bare) && !MUST.within(&words) {
        return Telling::Nothing;
    }
    let clauses =
        || bare.split([',', ';', '：', ':', '，', '、', '。', '.']).flat_map(|part| part.split(" und "));
    let last = || clauses().any(|clause| tells_last(&folded(clause)));
    if !coded && !is_before(bare) && HAND.begin(&words) || last() || told_by_document(&words) {
        return Telling::Act;
    }
    if (WIDE.begin(&words) || RUNS.begin(&words)) && BY_HAND.within(&words) {
        return Telling::Act;
    }
    let maybe = WIDE.begin(&words) || MUST.within(&words);
    if maybe { Telling::Maybe } else { Telling::Nothing }
}

/// Whether a clause ends in telling to do something: "Datei öffnen", but not "um sie zu öffnen".
fn tells_last(clause: &str) -> bool {
    ends_with(&HAND_LAST, clause)
}

fn ends_with(verbs: &Phrases, clause: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const DESCRIBES: &[&str] = &["zu", "um", "kann", "konnen", "wird", "werden", "lasst", "lassen", "darf", "durfen", "wurde", "wurden"];
    verbs.end(clause) && !clause.split(' ').any(|word| DESCRIBES.contains(&word))
}

/// "修改端口前请…": what is done before or behind something else.
fn is_before(sentence: &str) -> bool {
    let clause = sentence.split(['，', ',', '。']).next().unwrap_or(sentence);
    clause.contains("前请") || clause.ends_with(['前', '后', '時', '时'])
}

/// "执行发布说明中的升级指令": what another document tells to do.
fn told_by_document(words: &str) -> bool {
    let does = ["执行", "按照", "参照", "遵循", "根据"].iter().any(|verb| words.starts_with(verb));
    does && ["说明", "指令", "文档", "指南", "手册"].iter().any(|noun| words.contains(noun))
}

/// A sentence without "Now", "After that" and "Once it is up," in front.
fn without_leads(sentence: &str) -> &str {
    let mut bare = unnumbered(sentence).trim_start_matches(['*', '_', '`', '→', ' ']);
    for _ in 0..3 {
        let words = folded(bare);
        let clause = bare.split_once([',', '，', '、', ':', '：']).filter(|(lead, _)| {
            let lead = folded(lead);
            let adverb = LEADS.begin(&lead) && lead.split(' ').count() <= 3;
            adverb || [&AFTER, &PURPOSE, &IF].iter().any(|words| words.begin(&lead))
        });
        let shorter = match clause {
            Some((_, rest)) => Some(rest.trim_start()),
            None if LEADS.begin(&words) && !HAND.begin(&words) => {
                bare.split_once(' ').map(|(_, rest)| rest.trim_start())
            }
            None => None,
        };
        let Some(rest) = shorter.filter(|rest| !rest.is_empty()) else { break };
        bare = rest;
    }
    bare
}

/// What a label tells to do before what the fence below it does: "Save the folder, then run:".
pub fn before_then(label: &str) -> Option<&str> {
    const THEN: &[&str] = &[
        ", then",
        " and then ",
        " puis ",
        ", dann ",
        ", danach ",
        ", luego ",
        " y luego ",
        ", depois ",
        ", poi ",
        " e poi ",
        ", затем ",
        ", потом ",
        ", następnie ",
        ", potem ",
        "，然后",
        "然后",
        "、その後",
        ", lalu ",
        ", sonra ",
        "てから",
    ];
    let (first, _) = THEN.iter().find_map(|then| label.split_once(then))?;
    (telling(first) == Telling::Act).then(|| first.trim())
}

/// Whether a label that leads to a list tells to do it, behind the place where that is done: "In the panel create:".
pub fn leads_to_acts(label: &str) -> bool {
    let words = folded(label);
    let does = |word: &str| HAND.begin(word) || WIDE.begin(word);
    let split: Vec<&str> = words.split(' ').collect();
    let tells = |pair: &[&str]| {
        let led =
            matches!(pair[0], "to" | "how" | "zu" | "de" | "a" | "per" | "para" | "pour" | "can" | "will");
        !led && pair[1].chars().count() > 3 && does(pair[1])
    };
    WHERE.begin(&words) && split.windows(2).skip(1).any(tells)
}

/// Whether words tell that something is done by hand.
pub fn says_by_hand(text: &str) -> bool {
    BY_HAND.within(&folded(text))
}

/// Whether words tell to say something to somebody, or that what they tell is done by hand: "Ask the DBA to …", "Manual step:
/// switch the record".
pub fn tells_others(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const OTHERS: &[&str] = &[
        "ask", "tell", "notify", "inform", "announce", "call the", "contact", "email", "page the", "message the", "post in", "post to", "manual step", "by hand", "manually", "manueller schritt", "von hand", "informieren sie", "benachrichtigen sie", "bitten sie", "etape manuelle", "prevenez", "informez", "demandez", "paso manual", "avise", "avisar", "informe a", "pida", "passo manual", "avise o", "peca",
        "passaggio manuale", "avvisa", "avvisare", "chiedi", "krok reczny", "poinformuj", "powiadom", "popros", "вручную", "сообщите", "уведомите", "попросите", "повідомте", "попросіть", "manuel adim", "bilgi verin", "haber verin", "thong bao", "beritahu", "minta", "handmatige stap", "informeer", "vraag", "手动步骤", "手动操作", "通知", "联系", "请联系", "手動作業", "手作業", "수동 작업", "수동 단계",
    ];
    begins(&folded(without_leads(text)), OTHERS) || begins(text, OTHERS)
}

/// Whether words tell somebody to do something that no command does: "Edit …", "Update …".
pub fn is_act(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const ALSO: &[&str] = &[
        "update", "set", "replace", "copy", "add", "remove", "login to", "restore", "更新",
        "copiar", "copie", "configurar", "configure", "reemplazar", "agregar", "adicionar", "substituir", "copier", "copiez", "remplacer", "kopieren", "ersetzen", "copiare", "sostituire", "скопировать", "скопируйте", "заменить", "замените", "skopiuj", "复制", "コピー",
    ];
    (begins(text, ALSO) || of_sentence(text) == Telling::Act) && lower_words(text).len() > 1
}

/// Whether a sentence only tells how something is: it begins as one does that tells nobody to do anything.
pub fn is_description(text: &str) -> bool {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = sentences(&joined);
    !all.is_empty() && all.into_iter().all(describes)
}

fn describes(sentence: &str) -> bool {
    if of_sentence(sentence) != Telling::Nothing {
        return false;
    }
    // What is so if something else is may still tell what to do then.
    let bare = without_leads(sentence).trim_start_matches(|c: char| !c.is_alphanumeric() && c != '`');
    let words = folded(bare);
    let split: Vec<&str> = words.split(' ').collect();
    let long = |word: &str| word.chars().count() > 3;
    let told = RUNS.begin(&words)
        || split.iter().skip(1).any(|word| long(word) && (HAND.begin(word) || HAND_LAST.begin(word)));
    let finite = (1..6.min(split.len())).any(|at| split.get(at).is_some_and(|word| FINITE.begin(word)));
    !told && (TELLS.begin(&words) || finite || is_definition(sentence))
}

/// "`file` — what it is", "**mode**: what it means": a name, and what it stands for.
pub fn is_definition(text: &str) -> bool {
    let bare = text.trim_start_matches(['*', ' ']);
    let split =
        [" — ", " – ", " - ", ": ", "：", ":** ", "**: "].iter().find_map(|sign| bare.split_once(sign));
    split.is_some_and(|(name, rest)| {
        let short = name.split_whitespace().count() <= 3;
        let quoted = bare.starts_with('`') || text.trim_start().starts_with("**");
        short && quoted && of_sentence(rest) == Telling::Nothing && !rest.contains('`')
    })
}

/// Whether what a sentence leads to is nobody's work: "The script will automatically:", "There are two layers:".
pub fn announces(text: &str) -> bool {
    #[rustfmt::skip] // parts of words, many to a line
    const CHOICES: &[&str] = &[
        "option", "opcion", "opcao", "opzion", "way", "step", "task", "thing", "possib", "moglichkeit", "solution", "moyen", "manera", "etape", "schritt", "способ", "вариант", "cach", "方法", "方式", "步骤",
    ];
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(last) = sentences(&joined).last().copied() else { return false };
    let words = folded(last);
    let leads = last.trim_end_matches('*').ends_with([':', '：']);
    // "The script:", "This starts:"
    let split = words.split(' ');
    let names = TELLS.begin(&words)
        && (2..=4).contains(&split.clone().count())
        && !split.into_iter().any(|w| w.starts_with("follow"));
    let nobody = (names || BY_ITSELF.within(&words)) && !CHOICES.iter().any(|part| words.contains(part));
    leads && nobody && of_sentence(last) == Telling::Nothing
}

/// Whether a heading asks for an explanation: "What happens during the update?"
pub fn is_question(title: &str) -> bool {
    title.trim_end().ends_with(['?', '？']) && WHAT.begin(&folded(unnumbered(title)))
}

/// Whether a heading or a label leads to what is seen or sent, which nobody does: "What you will see:".
pub fn foretells(title: &str) -> bool {
    FORETELLS.begin(&folded(unnumbered(title)))
}

/// "After packing and uploading, run": what was done by nobody yet.
pub fn is_done_before(text: &str) -> bool {
    let words = folded(text);
    let joined = words.ends_with("后执行") || words.ends_with("后运行") || words.ends_with("后再执行");
    let after = AFTER.begin(&words) || joined;
    after && HAND_BEFORE.within(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_does_in_many_languages() {
        for text in [
            "Now carry out the instructions of the release notes. This page has none of them.",
            "Edit this file and change:",
            "After HTTPS is on, change:",
            "After that, set the branch name and the secrets by hand.",
            "Open that address and check that the application works.",
            "Apply the changes described in the release notes.",
            ".env öffnen und mindestens SECRET_KEY setzen:",
            "Öffnen Sie die Datei.",
            "Ouvrir .env et renseigner au moins SECRET_KEY :",
            "Editer ce fichier et changer les paramètres",
            "Edite el archivo de configuración",
            "Apri il file e cambia la porta",
            "Otwórz plik i zmień port",
            "Отредактируйте файл .env",
            "Buka file .env",
            "修改配置文件中的端口",
            "现在，执行发布说明中的升级指令。",
            "ワークフロー内のコメントに従って環境名を設定してください。",
            "설정 파일을 수정하세요.",
        ] {
            assert_eq!(telling(text), Telling::Act, "{text}");
        }
    }

    #[test]
    fn what_may_be_something_to_do_and_what_tells_nothing() {
        for text in
            ["The variable must be set before.", "Create a user for the till.", "Нужно добавить запись."]
        {
            assert_eq!(telling(text), Telling::Maybe, "{text}");
        }
        for text in [
            "The profile `prod` validates these at start.",
            "Change requests are kept for a year.",
            "This takes a minute.",
            "Das Netz hat keine Anmeldung.",
        ] {
            assert_eq!(telling(text), Telling::Nothing, "{text}");
            assert!(text.starts_with("Change") || is_description(text), "{text}");
        }
        assert!(!is_description("Order a certificate for the load balancer beforehand."));
        assert!(!is_description("Das Zertifikat bestellen und eintragen."));
        assert!(is_description("The image is loaded. It runs by itself."));
        assert!(is_definition("**`.env`** — mode and port.") && !is_definition("`.env`: set the port"));
    }

    #[test]
    fn what_is_nobodys_work() {
        assert!(
            announces("The script will automatically:")
                && announces("There are two layers of configuration:")
        );
        assert!(!announces("Edit this file and change:"));
        assert!(is_question("3. What happens during the update?") && !is_question("Update"));
        assert!(is_done_before("After packing and uploading, run") && is_done_before("将应用打包上传后执行"));
        assert!(!is_done_before("After deploying, run the migrations"));
        assert_eq!(
            before_then("Save the folder of the database, then in the folder:"),
            Some("Save the folder of the database")
        );
        assert_eq!(before_then("Build the image, then push it:"), None);
        assert_eq!(
            before_then("`.env.local` を本番値に書き換えてから:"),
            Some("`.env.local` を本番値に書き換え")
        );
        assert!(is_act("Copiar la configuración (desde el repositorio)"));
        assert!(foretells("What you'll see:") && foretells("Cosa vedrai:") && !foretells("Watch it"));
        assert!(announces("Riceverai email a:") && announces("You will receive mails at:"));
    }
}
