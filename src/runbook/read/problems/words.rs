//! Words of known problems: labels of what looks and what mends, columns of their tables.

use super::super::super::vocabulary::{Words, begins, has};
use super::super::super::words::lower_words;

/// What a label leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// What is seen: nothing under it is to be run, unless it is a shell's.
    Shows,
    Looks,
    Mends,
}

#[rustfmt::skip] // words, many to a line
const MENDS: Words = &[
    "recovery", "recover", "recovering", "immediate action", "immediate actions", "wiederherstellung", "récupération", "recuperación", "recuperação", "ripristino", "восстановление", "відновлення", "kurtarma", "khôi phục", "pemulihan", "恢复", "復旧", "回復", "복구",
    "solution", "solutions", "fix", "fixes", "to fix", "how to fix", "fixing", "resolution", "resolutions", "mitigation", "remedy", "remediation", "resolve", "resolving",
    "action", "actions", "workaround", "repair", "what to do", "try", "lösung", "lösungen", "lösungsweg", "abhilfe", "behebung", "beheben", "maßnahme",
    "maßnahmen", "massnahme", "solution possible", "correction", "résolution", "remède", "que faire", "corriger", "solución", "soluciones",
    "acción", "arreglo", "corrección", "remedio", "qué hacer", "solução", "soluções", "correção", "ação", "o que fazer", "soluzione", "soluzioni", "rimedio", "correzione",
    "cosa fare", "rozwiązanie", "rozwiązania", "naprawa", "co zrobić", "решение", "решения", "исправление", "устранение", "что делать", "как исправить",
    "рішення", "вирішення", "виправлення", "що робити", "çözüm", "çözümler", "çözümü", "düzeltme", "giải pháp", "cách xử lý", "cách khắc phục", "khắc phục", "xử lý",
    "oplossing", "oplossingen", "herstel", "solusi", "perbaikan", "cara mengatasi", "penyelesaian",
    "解决", "解決", "处理", "處理", "修复", "修復", "对策", "対策", "対処", "対応", "应对", "해결", "조치", "대응", "대처",
];
#[rustfmt::skip] // words, many to a line
const LOOKS: Words = &[
    "check", "diagnosis", "diagnose", "diagnostics", "symptoms", "symptom", "cause", "causes", "reason", "possible cause", "possible causes", "diagnostic",
    "look at", "ursache", "ursachen", "symptome", "diagnostik", "prüfen", "cause possible", "symptôme", "symptômes", "diagnostique", "vérifier", "causa", "causas",
    "síntoma", "síntomas", "diagnóstico", "qué revisar", "revisar", "sintoma", "sintomas", "verificar", "o que verificar", "sintomo", "sintomi", "diagnosi",
    "verifica", "cosa controllare", "objaw", "objawy", "przyczyna", "diagnoza", "sprawdź", "симптом", "симптомы", "причина", "причины", "диагностика", "проверка", "проверьте", "симптоми",
    "діагностика", "перевірка", "belirti", "belirtiler", "neden", "sebep", "teşhis", "kontrol", "triệu chứng", "nguyên nhân", "kiểm tra", "oorzaak", "symptoom", "controleer",
    "gejala", "penyebab", "periksa", "诊断", "診斷", "检查", "檢查", "原因", "症状", "现象", "現象", "確認", "증상", "원인", "진단", "확인", "what to look at", "what to check",
];
/// Labels of what is seen: nothing under them is to be run, unless it is a shell's.
#[rustfmt::skip] // words, many to a line
const SHOWS: Words = &[
    "symptom", "symptoms", "error message", "symptome", "fehlermeldung", "fehlerbild", "symptôme", "symptômes", "message d'erreur", "síntoma", "síntomas", "mensaje de error", "sintoma", "sintomas", "mensagem de erro", "sintomo", "sintomi", "messaggio di errore", "objaw", "objawy",
    "симптом", "симптомы", "сообщение об ошибке", "симптоми", "belirti", "belirtiler", "triệu chứng", "symptoom", "foutmelding", "gejala", "现象", "現象", "症状", "报错", "エラーメッセージ", "증상", "오류 메시지",
];

/// Whether a label leads to what is seen: "Symptom:", and not "Symptom 2 of the proxy".
fn shows(text: &str) -> bool {
    let head = text.split([':', '：']).next().unwrap_or(text);
    begins(head, SHOWS) && lower_words(head).len() <= 3
}

/// Columns for what is seen.
#[rustfmt::skip] // words, many to a line
const SEEN: Words = &[
    "symptom", "symptoms", "problem", "issue", "error", "fehler", "fehlerbild", "störung", "symptome", "problème", "symptôme", "erreur", "problema", "síntoma", "error message",
    "sintoma", "erro", "sintomo", "errore", "objaw", "problem i", "błąd", "симптом", "проблема", "ошибка", "помилка", "belirti", "sorun", "hata", "triệu chứng", "vấn đề",
    "lỗi", "symptoom", "probleem", "fout", "gejala", "masalah", "症状", "现象", "現象", "问题", "問題", "错误", "錯誤", "エラー", "事象", "증상", "문제", "오류",
];

/// What words lead to, where they begin as a label does, and what follows the label.
pub(super) fn label(text: &str) -> Option<(Label, &str)> {
    let found = if begins(text, MENDS) {
        Label::Mends
    } else if shows(text) {
        Label::Shows
    } else if begins(text, LOOKS) {
        Label::Looks
    } else {
        return None;
    };
    let (head, rest) = text.split_once([':', '：']).unwrap_or((text, ""));
    let short = lower_words(head).len() <= 6;
    // "Check the logs and restart it" is a sentence; what it begins with still says which it is.
    Some((found, if short { rest.trim() } else { "" }))
}

/// The columns of a table of known problems.
pub(super) struct Columns {
    pub(super) seen: usize,
    pub(super) mends: usize,
    /// The column says where to look, and not what mends.
    pub(super) looks: bool,
}

/// A table in a section of known problems; with one of its columns known the other is the first or the last.
pub(super) fn columns(header: &[String]) -> Option<Columns> {
    let find = |words: Words| header.iter().position(|cell| has(cell, words));
    let seen = find(SEEN);
    let mends = header.iter().rposition(|cell| has(cell, MENDS)).filter(|at| Some(*at) != seen);
    let looks = header.iter().rposition(|cell| has(cell, LOOKS)).filter(|at| Some(*at) != seen);
    let last = header.len().checked_sub(1)?;
    let (seen, mends, looked) = match (seen, mends, looks) {
        (Some(seen), Some(mends), _) => (seen, mends, false),
        (None, Some(mends), _) => ((mends != 0).then_some(0)?, mends, false),
        (Some(seen), None, looks) => (seen, (last != seen).then_some(last)?, looks == Some(last)),
        (None, None, _) => return None,
    };
    Some(Columns { seen, mends, looks: looked })
}

/// What a title calls a problem before it names it.
#[rustfmt::skip] // words, many to a line
const NAMES: &[&str] = &[
    "problem", "issue", "symptom", "error", "fehler", "störung", "problème", "erreur", "problema", "síntoma", "sintoma", "erro", "errore", "błąd", "проблема", "ошибка",
    "помилка", "sorun", "hata", "vấn đề", "lỗi", "probleem", "fout", "masalah", "问题", "問題", "错误", "症状", "문제", "오류", "증상",
];

/// The name of a problem: "Problem 2: the build fails" without what counts it.
pub(super) fn named(title: &str) -> &str {
    let Some((word, rest)) = title.split_once([':', '：']) else { return title };
    let bare = word.trim().trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '#' | '.'));
    let bare = bare.trim_start_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    if NAMES.contains(&bare.as_str()) && !rest.trim().is_empty() { rest.trim() } else { title }
}
