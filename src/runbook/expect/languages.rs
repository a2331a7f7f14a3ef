//! Sentences of other languages that say what is to be seen, in the words of the English grammar.
//!
//! A sentence is put into English where every word of it is known: who shows something, whether it must or must not,
//! and the texts that are meant to the letter. Where one is not known it is left to a person.

use super::super::words::lower_words;

/// The words that sentences about results are made of in one language. Those with blanks are phrases.
struct Language {
    /// "Expected output" and "expected", the longer before the shorter; whether the output is meant.
    openers: &'static [(&'static str, bool)],
    /// "Output", "result": with a colon behind.
    labels: &'static [&'static str],
    /// "should", "must"; in some languages with the verb in one word.
    modals: &'static [&'static str],
    /// Among other things.
    shows: &'static [&'static str],
    /// All there is.
    is: &'static [&'static str],
    /// Words that only say "what the command shows".
    neutral: &'static [&'static str],
    not: &'static [&'static str],
    or: &'static [&'static str],
    and: &'static [&'static str],
    every: &'static [&'static str],
    empty: &'static [&'static str],
    /// No blanks stand between words, and the verb may come last.
    joined: bool,
}

#[rustfmt::skip] // words, many to a line
const LANGUAGES: &[Language] = &[
    Language {
        openers: &[("erwartete ausgabe", true), ("erwartetes ergebnis", false), ("erwartete antwort", true), ("erwartet wird", false), ("erwartet", false), ("erwartung", false), ("soll ergebnis", false)],
        labels: &["ausgabe", "ergebnis", "erfolg", "bestanden"],
        modals: &["sollte", "sollten", "solltest", "soll", "sollen", "muss", "müssen", "musst"],
        shows: &["zu sehen sein", "zu sehen", "zeigen", "anzeigen", "angezeigt werden", "angezeigt", "sehen", "enthalten", "erscheinen", "stehen", "melden", "zeigt"],
        is: &["zurückgegeben werden", "ausgegeben werden", "zurückgeben", "zurückliefern", "ausgeben", "sein", "lauten", "liefern", "liefert", "bleiben", "liegen", "betragen", "gibt", "zurück", "aus"],
        neutral: &["in der ausgabe", "die", "das", "der", "ausgabe", "antwort", "ergebnis", "befehl", "kommando", "es", "man", "sie", "du", "hier", "nun", "jetzt", "dann", "mit", "als", "werden", "status"],
        not: &["nicht", "kein", "keine"], or: &["oder"], and: &["und"], every: &["alle", "jeder", "jede"], empty: &["leer", "nichts", "keine ausgabe"], joined: false,
    },
    Language {
        openers: &[("résultat attendu", false), ("sortie attendue", true), ("réponse attendue", true), ("valeur attendue", false), ("attendu", false)],
        labels: &["résultat", "sortie", "succès"],
        modals: &["doit", "doivent", "devrait", "devraient", "devriez", "devez", "dois"],
        shows: &["être affiché", "afficher", "affiche", "voir", "contenir", "contient", "montrer", "montre", "apparaître", "indiquer", "lister"],
        is: &["être", "renvoyer", "renvoie", "retourner", "retourne", "répondre", "répond", "donner", "imprimer", "rester"],
        neutral: &["dans la sortie", "la commande", "la", "le", "les", "l", "commande", "sortie", "réponse", "résultat", "vous", "on", "elle", "il", "cela", "ceci", "un", "une", "statut", "état", "alors", "ici"],
        not: &["ne pas", "pas", "ne"], or: &["ou"], and: &["et"], every: &["tous", "toutes", "chaque"], empty: &["vide", "rien", "aucune sortie"], joined: false,
    },
    Language {
        openers: &[("resultado esperado", false), ("salida esperada", true), ("respuesta esperada", true), ("valor esperado", false), ("se espera que", false), ("se espera ver", false), ("esperado", false)],
        labels: &["resultado", "salida", "éxito"],
        modals: &["debe", "deben", "debería", "deberían", "deberías", "debes", "debemos"],
        shows: &["mostrar", "muestra", "ver", "verse", "aparecer", "contener", "incluir", "listar"],
        is: &["ser", "estar", "devolver", "devuelve", "responder", "responde", "imprimir", "imprime", "dar", "indicar", "quedar", "permanecer"],
        neutral: &["en la salida", "el", "la", "los", "las", "comando", "orden", "salida", "respuesta", "resultado", "usted", "esto", "un", "una", "estado", "ahora"],
        not: &["no"], or: &["o", "u"], and: &["y", "e"], every: &["todos", "todas"], empty: &["vacío", "vacía", "nada", "sin salida"], joined: false,
    },
    Language {
        openers: &[("resultado esperado", false), ("saída esperada", true), ("resposta esperada", true), ("valor esperado", false), ("espera se", false), ("esperado", false)],
        labels: &["resultado", "saída", "sucesso"],
        modals: &["deve", "devem", "deveria", "deveriam", "deverá", "deverão"],
        shows: &["mostrar", "mostra", "exibir", "exibe", "ver", "aparecer", "conter", "listar"],
        is: &["ser", "estar", "retornar", "retorna", "devolver", "devolve", "responder", "responde", "imprimir", "imprime"],
        neutral: &["na saída", "o", "a", "os", "as", "comando", "saída", "resposta", "resultado", "você", "isso", "isto", "um", "uma", "estado", "status", "agora"],
        not: &["não"], or: &["ou"], and: &["e"], every: &["todos", "todas"], empty: &["vazio", "vazia", "nada", "sem saída"], joined: false,
    },
    Language {
        openers: &[("risultato atteso", false), ("output atteso", true), ("risposta attesa", true), ("valore atteso", false), ("ci si aspetta", false), ("atteso", false)],
        labels: &["risultato", "successo"],
        modals: &["deve", "devono", "dovrebbe", "dovrebbero", "dovresti", "devi", "dovreste"],
        shows: &["mostrare", "mostra", "vedere", "apparire", "contenere", "visualizzare", "elencare"],
        is: &["essere", "restituire", "restituisce", "rispondere", "risponde", "stampare", "stampa", "dare"],
        neutral: &["nell output", "il", "lo", "la", "i", "gli", "le", "l", "comando", "output", "risposta", "risultato", "questo", "un", "una", "si", "stato", "ora"],
        not: &["non"], or: &["o", "oppure"], and: &["e", "ed"], every: &["tutti", "tutte"], empty: &["vuoto", "vuota", "niente", "nulla", "nessun output"], joined: false,
    },
    Language {
        openers: &[("oczekiwany wynik", false), ("oczekiwane wyjście", true), ("oczekiwana odpowiedź", true), ("oczekiwana wartość", false), ("spodziewany wynik", false), ("oczekiwane", false), ("oczekiwany", false), ("oczekuje się", false)],
        labels: &["wynik", "sukces"],
        modals: &["powinno", "powinien", "powinna", "powinny", "powinieneś", "powinniśmy", "musi", "muszą", "należy"],
        shows: &["być widoczne", "pokazać", "pokazywać", "wyświetlić", "wyświetlać", "zobaczyć", "zawierać", "pojawić"],
        is: &["być", "zwrócić", "zwracać", "zwraca", "odpowiedzieć", "wypisać"],
        neutral: &["się", "polecenie", "komenda", "wynik", "wyjście", "odpowiedź", "to", "status", "stan", "teraz", "na", "w"],
        not: &["nie"], or: &["lub", "albo"], and: &["i", "oraz"], every: &["wszystkie"], empty: &["puste", "nic"], joined: false,
    },
    Language {
        openers: &[("ожидаемый результат", false), ("ожидаемый вывод", true), ("ожидаемый ответ", true), ("ожидается", false), ("ожидаем", false), ("ожидание", false)],
        labels: &["результат", "вывод", "успех"],
        modals: &["должно", "должен", "должна", "должны", "следует"],
        shows: &["быть видно", "показать", "показывать", "показывает", "увидеть", "видеть", "отображаться", "отобразиться", "содержать", "появиться"],
        is: &["быть", "вернуть", "возвращать", "возвращает", "вернуться", "вывести", "выводить", "выводит", "ответить"],
        neutral: &["в выводе", "команда", "вывод", "ответ", "результат", "вы", "в", "статус", "состояние", "это", "теперь"],
        not: &["не"], or: &["или"], and: &["и"], every: &["все"], empty: &["пусто", "пустым", "пустой", "ничего"], joined: false,
    },
    Language {
        openers: &[("beklenen çıktı", true), ("beklenen sonuç", false), ("beklenen yanıt", true), ("beklenen değer", false), ("beklenen", false)],
        labels: &["çıktı", "sonuç", "başarı"],
        modals: &["görmelisiniz", "görmelisin", "görünmeli", "görünmelidir", "göstermeli", "göstermelidir", "yazmalı", "içermeli", "olmalı", "olmalıdır", "dönmeli", "dönmelidir", "döndürmeli", "döndürmelidir"],
        shows: &["görmelisiniz", "görmelisin", "görünmeli", "görünmelidir", "göstermeli", "göstermelidir", "içermeli"],
        is: &["olmalı", "olmalıdır", "dönmeli", "dönmelidir", "döndürmeli", "döndürmelidir", "yazmalı"],
        neutral: &["komut", "çıktı", "çıktıda", "yanıt", "sonuç", "durum", "şu", "bu", "burada", "şimdi"],
        not: &["değil"], or: &["veya", "ya da"], and: &["ve"], every: &["tüm", "hepsi"], empty: &["boş"], joined: false,
    },
    Language {
        openers: &[("kết quả mong đợi", false), ("kết quả kỳ vọng", false), ("đầu ra mong đợi", true), ("phản hồi mong đợi", true), ("mong đợi", false), ("kỳ vọng", false)],
        labels: &["kết quả", "đầu ra", "thành công"],
        modals: &["phải", "nên", "sẽ"],
        shows: &["nhìn thấy", "thấy", "hiển thị", "chứa", "xuất hiện"],
        is: &["trả về", "bằng", "là"],
        neutral: &["trạng thái", "kết quả", "đầu ra", "phản hồi", "lệnh", "bạn", "này", "đó"],
        not: &["không"], or: &["hoặc"], and: &["và"], every: &["tất cả"], empty: &["rỗng", "trống"], joined: false,
    },
    Language {
        openers: &[("verwachte uitvoer", true), ("verwacht resultaat", false), ("verwachte antwoord", true), ("verwachte waarde", false), ("verwacht", false)],
        labels: &["uitvoer", "resultaat", "geslaagd"],
        modals: &["moet", "moeten", "zou", "zouden"],
        shows: &["laten zien", "tonen", "toont", "zien", "bevatten", "bevat", "weergeven", "verschijnen", "staan"],
        is: &["teruggeven", "zijn", "geven", "geeft", "terug", "antwoorden", "luiden"],
        neutral: &["in de uitvoer", "de", "het", "een", "je", "u", "opdracht", "commando", "uitvoer", "resultaat", "antwoord", "dit", "hier", "nu", "status", "te"],
        not: &["niet", "geen"], or: &["of"], and: &["en"], every: &["alle"], empty: &["leeg", "niets"], joined: false,
    },
    Language {
        openers: &[("预期输出", true), ("預期輸出", true), ("期望输出", true), ("期望輸出", true), ("预期结果", false), ("預期結果", false), ("期望结果", false), ("期望結果", false), ("预期", false), ("預期", false), ("期望", false), ("预计", false), ("預計", false)],
        labels: &["输出", "輸出", "结果", "結果", "返回", "回傳", "成功标准", "成功標準"],
        modals: &["应该", "應該", "应当", "應當", "应", "應", "必须", "必須", "会", "會", "将", "將"],
        shows: &["看到", "看见", "看見", "见到", "見到", "显示", "顯示", "包含", "出现", "出現", "列出"],
        is: &["显示为", "顯示為", "返回", "回傳", "傳回", "输出", "輸出", "等于", "等於", "得到", "打印", "处于", "處於", "为", "為", "是"],
        neutral: &["你", "您", "我们", "我們", "命令", "结果", "結果", "状态码", "狀態碼", "状态", "狀態", "响应", "回應", "这里", "此时", "此時", "的", "该", "該", "字样", "字樣", "输出中", "輸出中", "到", "能", "可以"],
        not: &["不", "没有", "沒有"], or: &["或者", "或"], and: &["和", "与", "與", "以及"], every: &["所有", "全部", "都", "均"], empty: &["空的", "空", "无输出", "無輸出"], joined: true,
    },
    Language {
        openers: &[("期待される出力", true), ("期待される結果", false), ("期待する結果", false), ("期待結果", false), ("期待値", false), ("期待出力", true), ("想定結果", false), ("想定される出力", true), ("想定", false), ("期待", false)],
        labels: &["出力結果", "出力例", "出力", "結果", "成功条件"],
        modals: &["表示されること", "表示されるはず", "返ること", "であること", "になること", "となること", "になっていること", "出力されること", "含まれること", "表示されます", "表示されれば", "返ってくること", "であれば"],
        shows: &["表示されるはずです", "表示されるはず", "表示されること", "表示されます", "表示される", "表示されれば", "出力されること", "出力されます", "出力される", "含まれること", "含まれます", "含まれる", "見えること"],
        is: &["返ってくること", "返ること", "返ります", "返る", "であること", "であれば", "になること", "となること", "になっていること"],
        neutral: &["ステータスコード", "ステータス", "レスポンス", "コマンド", "出力に", "出力", "結果", "応答", "状態", "に", "が", "は", "を", "の", "と", "で", "です", "成功", "ok"],
        not: &["ない", "ません"], or: &["または", "か"], and: &["および", "かつ"], every: &["すべて", "全て"], empty: &["空"], joined: true,
    },
    Language {
        openers: &[("예상 출력", true), ("예상 결과", false), ("예상되는 결과", false), ("기대 결과", false), ("기대 출력", true), ("기대값", false), ("예상값", false), ("예상", false), ("기대", false)],
        labels: &["출력", "결과", "성공 기준"],
        modals: &["표시되어야", "보여야", "나와야", "출력되어야", "포함되어야", "이어야", "여야", "반환되어야", "반환해야", "되어야", "표시됩니다", "나옵니다", "출력됩니다"],
        shows: &["표시되어야", "표시됩니다", "보여야", "보입니다", "나와야", "나옵니다", "출력되어야", "출력됩니다", "포함되어야"],
        is: &["반환되어야", "반환해야", "반환됩니다", "이어야", "여야", "되어야"],
        neutral: &["상태 코드", "상태가", "상태는", "상태", "출력에", "출력이", "출력", "결과가", "결과는", "결과", "응답이", "응답", "명령", "합니다", "한다", "다음", "이라고", "라고", "으로", "로", "이", "가", "은", "는", "을", "를", "에"],
        not: &["않아야", "안"], or: &["또는"], and: &["및", "와", "과"], every: &["모든", "모두"], empty: &["비어", "없음"], joined: true,
    },
];

/// Whether a text begins with saying what is to be seen, in another language than English.
pub(super) fn opens(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '`' | '"'));
    opener(bare).is_some() || LANGUAGES.iter().any(|language| language.says(bare))
}

/// A sentence in the words of the English grammar; nothing where a word of it is not known.
pub(super) fn in_english(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '`' | '"' | '{' | '['));
    if let Some((output, rest)) = opener(bare) {
        let said =
            LANGUAGES.iter().find_map(|language| language.english(rest)).unwrap_or_else(|| rest.to_owned());
        return Some(format!("Expected{}: {said}", if output { " output" } else { "" }));
    }
    LANGUAGES.iter().find_map(|language| language.english(bare))
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
    fn says(&self, text: &str) -> bool {
        let quoted =
            text.contains(['`', '"', '“', '「', '«', '„']) || text.chars().any(|c| c.is_ascii_digit());
        if self.joined {
            let head: String = text.chars().take(40).collect();
            let said = |verb: &str| verb.chars().count() > 1 && head.contains(verb);
            // The modal is in the verb, or stands right before it.
            let own = |verbs: &[&str]| verbs.iter().any(|verb| self.modals.contains(verb) && said(verb));
            let verbs = || self.shows.iter().chain(self.is);
            let before = self.modals.iter().any(|modal| verbs().any(|verb| said(&format!("{modal}{verb}"))));
            return own(self.shows)
                || quoted && own(self.is)
                || before
                || quoted && self.english(text).is_some();
        }
        let words = lower_words(text);
        let early = words.iter().take(6).any(|word| self.modals.contains(&word.as_str()));
        let shows = words.iter().any(|word| self.shows.contains(&word.as_str()));
        // "Renvoie 200": a verb, and a text that can only be meant to the letter.
        let literal =
            text.contains(['`', '"']) || words.iter().any(|w| w.len() > 2 && w.parse::<u32>().is_ok());
        if literal && self.english(text).is_some() {
            return true;
        }
        early && (shows || quoted && words.iter().any(|word| self.is.contains(&word.as_str())))
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
