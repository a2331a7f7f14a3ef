//! A list of what a command may show, each with what it means: "`200` → traffic arrives ✅", "`503` → no worker".

use super::super::super::expect::Check;
use super::super::super::markdown::{Element, ElementKind};
use super::super::super::model::Expectation;
use super::super::super::words::lower_words;

/// One of the outcomes.
struct Outcome<'t> {
    /// What is shown.
    shown: &'t str,
    means: &'t str,
    text: &'t str,
}

impl Outcome<'_> {
    fn is_good(&self) -> bool {
        ["✅", "✔", "✓", "☑", "🟢", "👍"].iter().any(|mark| self.text.contains(mark))
    }

    fn is_bad(&self) -> bool {
        #[rustfmt::skip] // words, many to a line
        const BAD: &[&str] = &[
            "error", "errors", "fail", "fails", "failed", "failure", "down", "not", "no", "wrong", "missing", "problem", "broken", "dead",
            "unreachable", "fehler", "nicht", "kein", "keine", "erreur", "pas", "aucun", "error", "ningún", "erro", "nenhum",
            "não", "errore", "non", "nessun", "błąd", "nie", "brak", "ошибка", "не", "нет", "помилка", "немає", "hata", "yok",
            "lỗi", "không", "tidak", "gagal", "fout", "niet", "geen",
        ];
        #[rustfmt::skip] // words, many to a line
        const BAD_JOINED: &[&str] = &["失败", "失敗", "错误", "錯誤", "异常", "異常", "エラー", "障害", "오류", "실패", "문제", "❌", "✗", "✖", "⚠", "🔴"];
        lower_words(self.means).iter().any(|word| BAD.contains(&word.as_str()))
            || BAD_JOINED.iter().any(|word| self.text.contains(word))
    }
}

/// The expectation of a list that begins at an element and stands right below a fence. What is marked as good is to be
/// seen; without a mark the first, where the others are told to be bad.
pub(super) fn find(elements: &[Element], at: usize) -> Option<Expectation> {
    let first = elements.get(at)?;
    let ElementKind::Item { list, .. } = &first.kind else { return None };
    if !below_fence(elements, at) {
        return None;
    }
    let items = elements.iter().skip(at).map_while(|element| match &element.kind {
        ElementKind::Item { text, list: own, .. } if own == list => Some(text.as_str()),
        _ => None,
    });
    let outcomes: Vec<Outcome<'_>> = items.map(outcome).collect::<Option<_>>()?;
    let marked: Vec<&Outcome<'_>> = outcomes.iter().filter(|o| o.is_good()).collect();
    let (head, others) = outcomes.split_first()?;
    let good = if marked.is_empty() && !head.is_bad() && others.iter().all(Outcome::is_bad) {
        vec![head]
    } else {
        marked
    };
    if others.is_empty() || good.is_empty() || good.len() == outcomes.len() {
        return None;
    }
    let told: Vec<&str> = outcomes.iter().map(|o| o.text).collect();
    let (check, left) = match good.as_slice() {
        [only] => check(only.shown, first.span.line),
        _ => (None, None),
    };
    Some(Expectation { line: first.span.line, text: told.join("\n"), check, left, block: false })
}

/// Whether a fence stands right above, with nothing but words that lead to the list between.
fn below_fence(elements: &[Element], at: usize) -> bool {
    let above = |back: usize| at.checked_sub(back).and_then(|at| elements.get(at)).map(|e| &e.kind);
    let fence = |kind: Option<&ElementKind>| matches!(kind, Some(ElementKind::Code(_)));
    let leads = matches!(above(1), Some(ElementKind::Paragraph { text, .. }) if text.trim_end().ends_with([':', '：']));
    fence(above(1)) || leads && fence(above(2))
}

/// "`200` → traffic arrives", "**ok** — it runs".
fn outcome(text: &str) -> Option<Outcome<'_>> {
    let signs = ["→", "⇒", "➜", "->", "=>"];
    let (shown, means) = signs.iter().find_map(|sign| text.split_once(sign))?;
    let shown = shown.trim();
    let short = !shown.is_empty() && lower_words(shown).len() <= 6;
    short.then_some(Outcome { shown, means, text })
}

/// What is looked for: a number or a status as it stands, another text among what is shown.
fn check(shown: &str, line: usize) -> (Option<Check>, Option<crate::runbook::expect::Left>) {
    let bare = shown.trim_matches(['`', '"', '*', ' ']);
    if bare.contains(['`', '"']) || bare.contains(' ') && !shown.starts_with(['`', '"']) {
        return (None, None);
    }
    if bare.parse::<f64>().is_ok() {
        let read = Expectation::under(line, &format!("`{bare}`"));
        return (read.check, read.left);
    }
    (Some(Check::Shows { texts: vec![bare.to_owned()], all: false, quoted: true }), None)
}
