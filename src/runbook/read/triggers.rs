//! When to roll back, in whatever form the document says it: lists and tables below a heading or a label, sentences.

use super::super::markdown::ElementKind;
use super::super::model::{Line, Role};
use super::super::sections::Section;
use super::super::vocabulary::conditions::{IF_NEEDED, begins_if};
use super::super::vocabulary::{Place, Terms, folded, has_word_of};
use super::titles::says_wrong;

/// Words of headings, labels and columns that lead to reasons to go back.
#[rustfmt::skip] // words, many to a line
static LEADS: Terms = Terms::of(&[
    "when", "trigger", "triggers", "criteria", "criterion", "decision", "conditions", "condition", "thresholds", "threshold",
    "quand", "declencheur*", "criteres", "critere", "conditions", "cuando", "disparador*", "criterio*", "condicion*", "quando", "gatilho*",
    "condic*", "wann", "ausloser", "kriterien", "kriterium", "bedingung*", "criteri", "condizion*", "kiedy", "kryteri*", "warunk*", "когда", "критери*",
    "услови*", "коли", "критерії", "умов*", "ne zaman", "kriter*", "kosul*", "khi nao", "tieu chi", "dieu kien", "kapan", "kriteria", "wanneer",
    "何时", "触发", "时机", "条件", "标准", "いつ", "基準", "조건", "기준", "언제",
]);

/// Whether what stands below a title are reasons: "When to roll back", and not "When things go wrong".
pub(super) fn leads(title: &str) -> bool {
    LEADS.stand_in(title) && !says_wrong(title)
}

/// What a sentence says of going back.
enum Said {
    /// This is a reason.
    Reason(String),
    /// What follows are reasons.
    Below,
}

/// The reasons that a section of the way back tells, those of its parts included.
pub(super) fn of_rollback(section: &Section<'_>, found: &mut Vec<Line>) {
    let titled = leads(&section.title) && !section.has_code();
    let mut below = titled;
    let listed = section.elements.iter().any(|e| !matches!(e.kind, ElementKind::Paragraph { .. }));
    let mut behind = false;
    for (at, element) in section.elements.iter().enumerate() {
        let next = section.elements.get(at + 1).map(|next| &next.kind);
        match &element.kind {
            // "Migration rollback (only if it caused the issue):" over a later fence says when that one runs.
            ElementKind::Paragraph { text, .. }
                if behind
                    && text.trim_end().ends_with([':', '：'])
                    && matches!(next, Some(ElementKind::Code(_))) =>
            {
                below = titled;
            }
            ElementKind::Paragraph { text, .. } => {
                let before = found.len();
                let leads = sentences(text, element.span.line, true, found);
                if titled && !listed && !leads && found.len() == before {
                    found.push(Line { line: element.span.line, text: one_line(text) });
                }
                below = titled || leads;
            }
            ElementKind::Item { text, .. } if below => {
                found.push(Line { line: element.span.line, text: text.clone() });
            }
            ElementKind::Item { text, .. } => {
                below = sentences(text, element.span.line, true, found);
            }
            ElementKind::Table { header, rows } => {
                let named = header.first().is_some_and(|title| LEADS.stand_in(title));
                if below || named {
                    found.extend(rows.iter().map(|(line, row)| Line { line: *line, text: cells(row) }));
                }
                below = titled;
            }
            ElementKind::Code(_) => (below, behind) = (titled, true),
            ElementKind::Heading(..) => below = titled,
        }
    }
    section.children.iter().for_each(|child| of_rollback(child, found));
}

/// The reasons that sentences elsewhere tell: "Roll back if more than 1% of the requests fail."
pub(super) fn elsewhere(section: &Section<'_>, found: &mut Vec<Line>) {
    if matches!(section.role, Role::Rollback | Role::LogTemplate) {
        return;
    }
    section.children.iter().for_each(|child| elsewhere(child, found));
    for element in &section.elements {
        match &element.kind {
            ElementKind::Paragraph { text, .. } | ElementKind::Item { text, task: None, .. } => {
                sentences(text, element.span.line, false, found);
            }
            _ => {}
        }
    }
}

/// Whether it only says that there has to be a reason: "if needed".
pub(super) fn says_nothing(text: &str) -> bool {
    text.split_whitespace().count() <= 4 && IF_NEEDED.begin(&folded(text))
}

/// The reasons in a text; whether it leads to some below it.
fn sentences(text: &str, line: usize, beside: bool, found: &mut Vec<Line>) -> bool {
    let mut below = false;
    for (at, row) in (line..).zip(text.split_inclusive('\n')) {
        let ends = row.match_indices(['.', '。', '!', ';']).map(|(at, sign)| at + sign.len());
        let whole = |end: &usize| {
            row[*end..].is_empty()
                || row[*end..].starts_with(char::is_whitespace)
                || row[..*end].ends_with('。')
        };
        let mut from = 0;
        for end in ends.filter(whole).chain([row.len()]).collect::<Vec<_>>() {
            let sentence = row.get(from..end).unwrap_or_default().trim();
            match says(sentence, beside) {
                Some(Said::Reason(text)) => found.push(Line { line: at, text }),
                Some(Said::Below) => below = true,
                None => {}
            }
            from = end;
        }
    }
    below
}

/// What a sentence says of going back; `beside` says that it stands in the section of that, where a label need not.
fn says(sentence: &str, beside: bool) -> Option<Said> {
    let bare = sentence.trim().trim_end_matches(['.', '。', '!', ';']).trim();
    // "Rollback criteria: more than 1% of the requests fail."
    if let Some((label, rest)) = bare.split_once([':', '：']) {
        let goes = has_word_of(label, Role::Rollback, Place::Anywhere);
        // "Only when the cache is stale: clear it" says when something else is done.
        let beside = beside && !(begins_if(label) && label.split_whitespace().count() > 2);
        let short = label.split_whitespace().count() <= if rest.trim().is_empty() { 12 } else { 8 };
        if short && LEADS.stand_in(label) && (goes || beside)
            || short && goes && condition_at(label).is_some()
        {
            let rest = rest.trim();
            return Some(if rest.is_empty() { Said::Below } else { Said::Reason(rest.to_owned()) });
        }
    } else if bare.split_whitespace().count() <= 4
        && LEADS.stand_in(bare)
        && has_word_of(bare, Role::Rollback, Place::Anywhere)
        && condition_at(bare).is_none_or(|at| at == 0)
    {
        // A label without a colon, as bold ones are: "When to roll back".
        return beside.then_some(Said::Below);
    }
    // "Roll back immediately if the error rate rises."
    if let Some(at) = condition_at(bare).filter(|at| *at > 0) {
        let (before, reason) = bare.split_at(at);
        if tells_to_go_back(before) && reason.split_whitespace().count() > 2 {
            return Some(Said::Reason(reason.trim().to_owned()));
        }
    }
    // "If the error rate rises, roll back."
    if begins_if(bare) {
        let parts = [", ", "，", " → ", " -> ", " — ", " - ", " then "];
        let (reason, act) =
            parts.iter().filter_map(|part| bare.rsplit_once(part)).min_by_key(|(_, act)| act.len())?;
        return tells_to_go_back(act).then(|| Said::Reason(reason.trim().to_owned()));
    }
    None
}

/// Whether a few words tell to go back, and speak of nothing else.
fn tells_to_go_back(words: &str) -> bool {
    const OTHERS: &[&str] = &[
        "plan",
        "ready",
        "procedure",
        "steps",
        "instructions",
        "documented",
        "tested",
        "script",
        "section",
        "not",
        "don't",
        "see",
        "no",
        "never",
        "verify",
        "test",
    ];
    let all: Vec<String> =
        words.split_whitespace().map(|w| w.trim_matches(['*', '_', '"', ',']).to_lowercase()).collect();
    all.len() <= 7
        && has_word_of(words, Role::Rollback, Place::Anywhere)
        && !all.iter().any(|w| OTHERS.contains(&w.as_str()))
}

/// Where in a sentence its condition begins: at a word, of the first few.
fn condition_at(sentence: &str) -> Option<usize> {
    let spaced = sentence.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
    // In languages without blanks a comma stands before it.
    let parted = sentence.match_indices(['，', ',']).map(|(at, sign)| at + sign.len());
    let mut starts: Vec<usize> = std::iter::once(0).chain(spaced).chain(parted).collect();
    starts.sort_unstable();
    starts.into_iter().take(9).find(|at| sentence.get(*at..).is_some_and(is_if))
}

/// Whether words begin with a condition; "when to roll back" is a title, and begins with one all the same.
fn is_if(rest: &str) -> bool {
    begins_if(rest) || rest.to_lowercase().starts_with("when ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A row as a sentence: its cells that say something.
fn cells(row: &[String]) -> String {
    row.iter().map(|c| c.trim()).filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use crate::runbook;

    fn triggers(rest: &str) -> Vec<String> {
        let book = runbook::read(&format!("# T\n## Steps\n```bash\n./deploy\n```\n{rest}"));
        book.rollback.triggers.iter().map(|t| t.text.clone()).collect()
    }

    #[test]
    fn reasons_to_go_back_in_any_form() {
        const BACK: &str = "```bash\n./undo\n```\n";
        for (rest, wanted) in [
            ("## Rollback\nRoll back when: a smoke test fails.\n", vec!["a smoke test fails"]),
            (
                "## Rollback\nRollback if more than 1% of the requests fail.\n",
                vec!["if more than 1% of the requests fail"],
            ),
            (
                "## Rollback\n**Triggers:**\n- Errors above 5%\n- Data is lost\n",
                vec!["Errors above 5%", "Data is lost"],
            ),
            ("## Rollback\n**Rollback criteria**\n\n* Errors above 5%\n", vec!["Errors above 5%"]),
            (
                "## Rollback\n### When to roll back\nThe site is down for five minutes.\n### How\n",
                vec!["The site is down for five minutes."],
            ),
            (
                "## Rollback\n### Decision Criteria\n| Signal | Limit |\n|---|---|\n| 5xx | > 1% |\n### How\n",
                vec!["5xx · > 1%"],
            ),
            (
                "## Rollback\n| Trigger | Who decides |\n|---|---|\n| 5xx above 1% | On-call |\n",
                vec!["5xx above 1% · On-call"],
            ),
            ("## Rollback Criteria\n- Errors above 5%\n## Rollback\n", vec!["Errors above 5%"]),
            (
                "## Rollback\nRoll back immediately if any of the following holds:\n\n1. Orders are lost\n",
                vec!["Orders are lost"],
            ),
            (
                "## Rollback\nIf the health check fails twice, roll back.\n",
                vec!["If the health check fails twice"],
            ),
            (
                "## Monitoring\nRoll back if latency stays above 2 s.\n## Rollback\n",
                vec!["if latency stays above 2 s"],
            ),
            (
                "## Rollback\nZurückrollen, wenn die Fehlerrate über 1% steigt.\n",
                vec!["wenn die Fehlerrate über 1% steigt"],
            ),
            ("## Rollback\n**Auslöser:**\n- Fehlerrate über 1%\n", vec!["Fehlerrate über 1%"]),
            ("## Откат\n### Когда откатывать\n- Ошибок больше 1%\n### Как\n", vec!["Ошибок больше 1%"]),
            ("## 回滚\n### 回滚条件\n- 错误率超过 1%\n### 步骤\n", vec!["错误率超过 1%"]),
            (
                "## Rollback\n### Cuándo revertir\n- Fallan las pruebas\n### Cómo\n",
                vec!["Fallan las pruebas"],
            ),
        ] {
            assert_eq!(triggers(&format!("{rest}{BACK}")), wanted, "{rest}");
        }
        for rest in [
            "## Rollback\nThe rollback takes ten minutes.\n",
            "## Rollback\n1. Stop everything\n",
            "## Rollback\nSee the rollback plan if in doubt.\n",
            "## Rollback (if needed)\n",
            "## Rollback\nIf needed, roll back.\n",
            "## Troubleshooting\n### Tables exist\nIf \"already exists\" is shown, skip the migration.\n## Rollback\n",
        ] {
            assert_eq!(triggers(&format!("{rest}{BACK}")), Vec::<String>::new(), "{rest}");
        }
    }
}
