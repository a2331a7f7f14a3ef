//! Sentences of other languages that say what is to be seen, in the words of the English grammar.
//!
//! A sentence is put into English where every word of it is known: who shows something, whether it must or must not,
//! and the texts that are meant to the letter. Where one is not known it is left to a person.

mod words;

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::words::lower_words;
use words::{LANGUAGES, Language};

/// Verbs that say what a thing is, and nothing of what shows it.
#[rustfmt::skip] // words, many to a line
const COPULAS: &[&str] = &[
    "sein", "bleiben", "liegen", "betragen", "être", "rester", "ser", "estar", "quedar", "permanecer", "essere", "być", "быть",
    "là", "bằng", "zijn", "бути", "adalah", "menjadi", "gibt", "zurück", "aus", "terug",
];
/// Verbs of showing that are also what somebody does.
#[rustfmt::skip] // words, many to a line
const ALSO_DONE: &[&str] = &[
    "donner", "dar", "dare", "dać", "indicar", "indiquer", "indicare", "incluir", "lister", "listar", "elencare", "imprimer", "imprimir",
    "stampa", "sehen", "voir", "ver", "vedere", "zobaczyć", "увидеть", "видеть", "побачити", "бачити", "thấy", "nhìn thấy", "có", "melihat",
    "zien", "geven", "give", "melden", "tornare",
];
/// Words for "must" that speak to a person.
#[rustfmt::skip] // words, many to a line
const TO_SOMEBODY: &[&str] = &[
    "devez", "dois", "devriez", "debes", "debemos", "deberías", "devi", "dovresti", "dovreste", "musst", "solltest",
    "powinieneś", "powinniśmy", "należy", "следует", "слід",
];
/// Words for "must" that are also words for "has", unless the verb stands right behind them.
const ALSO_HAS: &[&str] = &["ma", "mają", "має", "мають"];
/// What stands between "must" and its verb in "doit s'afficher".
const REFLEXIVE: &[&str] = &["s", "se", "sich", "si", "się"];

/// Words for "must" in any language.
static MODALS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| LANGUAGES.iter().flat_map(|language| language.modals).copied().collect());

/// The words that verbs begin with in any language with blanks between words.
static VERBS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let apart = LANGUAGES.iter().filter(|language| !language.joined);
    let verbs = apart.flat_map(|language| language.shows.iter().chain(language.is));
    verbs.filter_map(|verb| verb.split(|c: char| !c.is_alphanumeric()).next()).collect()
});

/// A sentence, looked at once for all languages.
struct Sentence<'t> {
    text: &'t str,
    words: Vec<String>,
    /// Something in it may be meant to the letter.
    quoted: bool,
    /// Something in it can only be meant to the letter.
    literal: bool,
    /// It has a word for "must", and a verb, of some language with blanks between words.
    modal: bool,
    verb: bool,
    /// It has characters of a language without them.
    joined: bool,
}

impl<'t> Sentence<'t> {
    fn of(text: &'t str) -> Self {
        let words = lower_words(text);
        let known = |of: &HashSet<&str>| words.iter().any(|word| of.contains(word.as_str()));
        Self {
            quoted: text.contains(['`', '"', '“', '「', '«', '„'])
                || text.chars().any(|c| c.is_ascii_digit()),
            literal: text.contains(['`', '"'])
                || words.iter().any(|w| w.len() > 2 && w.parse::<u32>().is_ok()),
            modal: known(&MODALS),
            verb: known(&VERBS),
            joined: text.chars().any(|c| ('\u{3040}'..='\u{d7ff}').contains(&c)),
            text,
            words,
        }
    }
}

/// Whether a text begins with saying what is to be seen, in another language than English.
pub(super) fn opens(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '`' | '"'));
    if opener(bare).is_some() {
        return true;
    }
    let sentence = Sentence::of(bare);
    // All that is asked of a language takes one of these.
    let apart = sentence.modal || sentence.literal && sentence.verb;
    let asked = |language: &&Language| if language.joined { sentence.joined } else { apart };
    LANGUAGES.iter().filter(asked).any(|language| language.says(&sentence))
}

/// Whether a word is one for "must" in some language.
pub(super) fn is_modal(word: &str) -> bool {
    MODALS.contains(word)
}

/// Whether a text begins with one: what follows it then is asked of a thing, and says what it has to be.
pub(super) fn begins_with_modal(text: &str) -> bool {
    lower_words(text).first().is_some_and(|word| is_modal(word) && !TO_SOMEBODY.contains(&word.as_str()))
}

/// A sentence in the words of the English grammar; nothing where a word of it is not known.
pub(super) fn in_english(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '`' | '"' | '{' | '['));
    if let Some((output, rest)) = opener(bare) {
        let english = LANGUAGES.iter().find_map(|language| language.english(rest));
        // "v20.0 или новее" names no text: words that are not known are for a person.
        let said = english.or_else(|| (!has_other_words(rest)).then(|| rest.to_owned()))?;
        return Some(format!("Expected{}: {said}", if output { " output" } else { "" }));
    }
    LANGUAGES.iter().find_map(|language| language.english(bare))
}

/// Whether a text has words of another language beside ones that are meant to the letter: "v20.0 или новее".
fn has_other_words(text: &str) -> bool {
    let bare = text.split(['(', '（']).next().unwrap_or(text);
    let outside: String = bare.split(['`', '"']).step_by(2).collect();
    let words: Vec<&str> = outside.split_whitespace().collect();
    let foreign = |word: &&str| word.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    let literal = |word: &&str| word.chars().any(|c| c.is_ascii_digit());
    words.iter().any(foreign) && words.iter().any(literal)
}

/// "Erwartete Ausgabe:", "预期输出": whether it names the output, and what follows it.
fn opener(text: &str) -> Option<(bool, &str)> {
    let of = |language: &Language| {
        let opened = language.openers.iter().find_map(|(words, output)| {
            let rest = begun(text, words, language.joined)?;
            Some((*output, rest.trim_start_matches(['*', ' ', ':', '：']).trim_end()))
        });
        opened.or_else(|| {
            language.labels.iter().find_map(|words| {
                let rest = begun(text, words, language.joined)?.trim_start_matches(['*', ' ', '\u{a0}']);
                Some((false, rest.strip_prefix([':', '：'])?.trim_start_matches(['*', ' ']).trim_end()))
            })
        })
    };
    LANGUAGES.iter().find_map(of)
}

/// What follows words at the beginning of a text, in any case.
fn begun<'t>(text: &'t str, words: &str, joined: bool) -> Option<&'t str> {
    // Mostly the first letter is another one, and there are hundreds of words.
    let (first, own) = (text.as_bytes().first()?, words.as_bytes().first()?);
    if first.is_ascii() && own.is_ascii_alphanumeric() && !first.eq_ignore_ascii_case(own) {
        return None;
    }
    let mut rest = text.chars();
    for wanted in words.chars() {
        let found = rest.next()?;
        let same = if wanted == ' ' {
            matches!(found, ' ' | '-' | '\'' | '\u{2019}' | '\u{a0}')
        } else {
            found == wanted || found.to_lowercase().eq(wanted.to_lowercase())
        };
        if !same {
            return None;
        }
    }
    let rest = rest.as_str();
    (joined || !rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

/// A part of a sentence.
enum Part<'t> {
    Literal(&'t str),
    Modal,
    Shows,
    Is,
    Not,
    Or,
    And,
    Every,
    Empty,
    Neutral,
}

impl Language {
    /// Whether a sentence says what is to be seen: it has such a word early, and a text to the letter or a verb of
    /// showing. "You must be root" has neither.
    fn says(&self, sentence: &Sentence<'_>) -> bool {
        let Sentence { text, words, quoted, literal, .. } = sentence;
        let quoted = *quoted;
        if self.joined {
            let head: String = text.chars().take(40).collect();
            let said = |verb: &str| verb.chars().count() > 1 && head.contains(verb);
            // The modal is in the verb, or stands right before it.
            let own = |verbs: &[&str]| verbs.iter().any(|verb| self.modals.contains(verb) && said(verb));
            let verbs = || self.shows.iter().chain(self.is);
            let before = self.modals.iter().any(|modal| {
                let mut behind = head.match_indices(modal).filter_map(|(at, _)| head.get(at + modal.len()..));
                behind.any(|rest| verbs().any(|verb| rest.starts_with(verb)))
            });
            return own(self.shows)
                || quoted && own(self.is)
                || before
                || quoted && self.english(text).is_some();
        }
        let modal =
            |word: &String| self.modals.contains(&word.as_str()) && !ALSO_HAS.contains(&word.as_str());
        let early = words.iter().take(6).any(modal);
        let shows = || words.iter().any(|word| self.shows.contains(&word.as_str()));
        // "Renvoie 200": a verb, and a text that can only be meant to the letter.
        if *literal && self.english(text).is_some() {
            return true;
        }
        let is = || quoted && words.iter().any(|word| self.is.contains(&word.as_str()));
        early && (shows() || is()) || self.demands(words)
    }

    /// Whether a word for "must" stands right before a verb of showing or returning, wherever in the sentence:
    /// "la page d'accueil doit s'afficher", "должен вернуть адрес". Words that a person is told with do not count.
    fn demands(&self, words: &[String]) -> bool {
        let seen = |rest: &str| {
            let returns = self.is.iter().filter(|verb| !COPULAS.contains(verb));
            let mut verbs = self.shows.iter().chain(returns).filter(|verb| !ALSO_DONE.contains(verb));
            verbs.any(|verb| {
                rest.strip_prefix(verb).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            })
        };
        let modal = |word: &&str| self.modals.contains(word) && !TO_SOMEBODY.contains(word);
        words.iter().enumerate().filter(|(_, word)| modal(&word.as_str())).any(|(at, word)| {
            let adds = |word: &&str| {
                REFLEXIVE.contains(word) || self.neutral.contains(word) || self.not.contains(word)
            };
            let behind: Vec<&str> = words.iter().skip(at + 1).map(String::as_str).collect();
            let skipped = behind.iter().take(3).take_while(|word| adds(word)).count();
            let own = self.shows.contains(&word.as_str());
            own || (0..=skipped).any(|from| seen(&behind.get(from..).unwrap_or_default().join(" ")))
        })
    }

    /// The sentence in English, where every word of it is known.
    fn english(&self, text: &str) -> Option<String> {
        let parts = self.parts(text)?;
        let has = |wanted: fn(&Part<'_>) -> bool| parts.iter().any(wanted);
        let verb = has(|p| matches!(p, Part::Shows | Part::Is));
        if !verb || has(|p| matches!(p, Part::Or)) && has(|p| matches!(p, Part::And)) {
            return None;
        }
        let word = if has(|p| matches!(p, Part::Or)) { " or " } else { " and " };
        let mut texts: Vec<&str> = Vec::new();
        for part in &parts {
            match part {
                Part::Literal(text) => texts.push(text),
                Part::Empty => texts.push("empty"),
                _ => {}
            }
        }
        let led = has(|p| matches!(p, Part::Or | Part::And));
        if texts.is_empty() || texts.len() > 1 && !led {
            return None;
        }
        let all = if has(|p| matches!(p, Part::Every)) { "All services should" } else { "Should" };
        let not = if has(|p| matches!(p, Part::Not)) { " not" } else { "" };
        let verb = if has(|p| matches!(p, Part::Shows)) { "show" } else { "be" };
        Some(format!("{all}{not} {verb} {}", texts.join(word)))
    }

    /// The sentence in parts; nothing where one is not known.
    fn parts<'t>(&self, text: &'t str) -> Option<Vec<Part<'t>>> {
        let mut found = Vec::new();
        let mut rest = text;
        loop {
            rest =
                rest.trim_start_matches(|c: char| c.is_whitespace() || ".,;:!。，、：！()（）".contains(c));
            let Some(first) = rest.chars().next() else { return Some(found) };
            if let Some(end) = literal_end(rest, first) {
                found.push(Part::Literal(rest.get(..end)?));
                rest = rest.get(end..)?;
                continue;
            }
            let (part, length) = self.word(rest)?;
            found.push(part);
            rest = rest.get(length..)?;
        }
    }

    /// The longest word or phrase that is known at the beginning of a text, and its length.
    fn word<'t>(&self, text: &str) -> Option<(Part<'t>, usize)> {
        type Makes<'t> = fn() -> Part<'t>;
        let lists: [(&[&str], Makes<'t>); 9] = [
            (self.shows, || Part::Shows),
            (self.is, || Part::Is),
            (self.modals, || Part::Modal),
            (self.not, || Part::Not),
            (self.or, || Part::Or),
            (self.and, || Part::And),
            (self.every, || Part::Every),
            (self.empty, || Part::Empty),
            (self.neutral, || Part::Neutral),
        ];
        let mut best: Option<(Makes<'t>, usize)> = None;
        for (words, makes) in lists {
            for word in words {
                let Some(rest) = begun(text, word, self.joined) else { continue };
                let length = text.len() - rest.len();
                if best.is_none_or(|(_, longest)| length > longest) {
                    best = Some((makes, length));
                }
            }
        }
        best.map(|(makes, length)| (makes(), length))
    }
}

/// Where a text ends that is meant to the letter: in quotes, a number, a status.
fn literal_end(text: &str, first: char) -> Option<usize> {
    let close = match first {
        '`' | '"' => first,
        _ if first.is_ascii_digit() => {
            let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
            let number = text.get(..end)?.trim_end_matches('.');
            let rest = text.get(number.len()..)?;
            return (!rest.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some(number.len());
        }
        _ => {
            // "HTTP 200"
            let rest = text.strip_prefix("HTTP ")?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            return (digits == 3).then_some("HTTP ".len() + digits);
        }
    };
    let inner = text.get(1..)?;
    let end = inner.find(close).filter(|end| *end > 0)?;
    Some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_in_english() {
        for (text, wanted) in [
            ("Die Ausgabe sollte `ok` sein.", "Should be `ok`"),
            ("Du solltest \"healthy\" sehen", "Should show \"healthy\""),
            ("Es sollte nicht `error` zeigen", "Should not show `error`"),
            ("Erwartete Ausgabe: `ok`", "Expected output: `ok`"),
            ("Vous devriez voir `ok`.", "Should show `ok`"),
            ("La commande doit afficher \"ok\" ou \"up\"", "Should show \"ok\" or \"up\""),
            ("Deberías ver `ok`", "Should show `ok`"),
            ("Debe devolver 200", "Should be 200"),
            ("Você deve ver `ok`", "Should show `ok`"),
            ("Dovresti vedere `ok`", "Should show `ok`"),
            ("Powinieneś zobaczyć `ok`", "Should show `ok`"),
            ("Вы должны увидеть `ok`", "Should show `ok`"),
            ("Ожидается: `ok`", "Expected: `ok`"),
            ("`ok` görmelisiniz", "Should show `ok`"),
            ("Beklenen çıktı: `ok`", "Expected output: `ok`"),
            ("Bạn sẽ thấy `ok`", "Should show `ok`"),
            ("Kết quả mong đợi: `ok`", "Expected: `ok`"),
            ("Je zou `ok` moeten zien", "Should show `ok`"),
            ("应该看到 `ok`", "Should show `ok`"),
            ("應返回 200", "Should be 200"),
            ("预期输出：`ok`", "Expected output: `ok`"),
            ("預期結果：`ok`", "Expected: `ok`"),
            ("`ok` と表示されること", "Should show `ok`"),
            ("`200` が返ること", "Should be `200`"),
            ("`ok`가 표시되어야 합니다", "Should show `ok`"),
            ("Renvoie 200", "Should be 200"),
            ("예상 결과: `ok`", "Expected: `ok`"),
        ] {
            assert_eq!(in_english(text).as_deref(), Some(wanted), "{text}");
            assert!(opens(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_left_to_a_person_and_what_says_nothing_is_none() {
        for text in
            ["Die Zahl der Fehler sollte unter `10` sein", "Vous devriez voir `ok` après deux minutes"]
        {
            assert_eq!(in_english(text), None, "{text}");
            assert!(opens(text), "{text}");
        }
        for text in [
            "Sie müssen root sein",
            "Vous devez être connecté",
            "Debe ejecutar esto como root",
            "会话列表",
            "Zeigt alle Pods",
            "Affiche les conteneurs",
            "显示所有容器",
            "コンテナを表示する",
            "Stop the service",
            "必须确认域名 `a.b` 已解析",
            "You must be root",
            "Musisz być rootem",
            "Необходимо остановить сервис",
        ] {
            assert!(!opens(text), "{text}");
        }
    }
}
