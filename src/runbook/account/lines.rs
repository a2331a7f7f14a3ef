//! What a line looks like, and what it may be where nothing claims it.

use super::super::boxes::boxed;
use super::super::comments;
use super::super::comments::acts::{Telling, announces, is_definition, is_description, is_told, telling};
use super::super::model::Role;
use super::super::vocabulary::{Terms, folded, is_backup};

/// Whether a text has several lines with a box to tick.
pub(super) fn holds_boxes(text: &str) -> bool {
    text.lines().filter(|line| is_box_item(line)).count() > 1
}

/// Whether a line is a check item.
pub(super) fn is_box_item(line: &str) -> bool {
    boxed(line.trim_start().trim_start_matches(['-', '*', '+'])).is_some()
}

/// A blank line, a rule, an HTML comment or tag.
pub(super) fn is_layout(text: &str) -> bool {
    let bare = text.trim().trim_start_matches('>').trim();
    let rule = bare.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | ' ' | '|' | ':'));
    bare.is_empty() || rule || bare.starts_with("<!--") || bare.starts_with('<') && bare.ends_with('>')
}

/// `**Version:** 1.2` and the like: a name and what it is. "Warning: stop the writers first" tells to do something, and
/// what ends with its colon leads to something.
pub(in super::super) fn is_front(text: &str) -> bool {
    text.lines().all(|line| {
        labelled(line).is_some_and(|(name, value)| {
            name.split_whitespace().count() <= 4 && !value.is_empty() && !tells_to_do(value)
        })
    })
}

/// Whether a line tells to do something behind a label: "Afterwards: restart the old nodes by hand".
pub(super) fn label_tells(text: &str) -> bool {
    text.lines().any(|line| labelled(line).is_some_and(|(_, value)| tells_to_do(value)))
}

fn labelled(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once([':', '：'])?;
    let value = value.trim_start_matches('*');
    let ends = value.is_empty() || value.starts_with(char::is_whitespace) || line.contains('：');
    ends.then(|| (name, value.trim()))
}

fn tells_to_do(value: &str) -> bool {
    value.split_whitespace().count() > 2 && (telling(value) == Telling::Act || is_told(value))
}

/// Whether words that nothing claims may be something to do: they neither describe how something is nor lead to what
/// stands below, nor name a thing.
pub(super) fn may_be_work(text: &str) -> bool {
    let bare = text.trim().trim_matches('*').trim_end();
    let words = bare.split_whitespace().count();
    let joined = !bare.is_ascii() && bare.chars().count() > 6;
    let leads = bare.ends_with([':', '：']);
    let signs = bare.starts_with(['[', '!', '<', '{', '|']);
    (words > 2 || joined || is_infinitive(bare))
        && !leads
        && !signs
        && !is_description(text)
        && !is_definition(text)
}

/// "Dienste stoppen": a noun with an infinitive behind it.
fn is_infinitive(text: &str) -> bool {
    let Some((noun, verb)) = text.trim_end_matches(['.', '!']).split_once(' ') else { return false };
    let small = verb.len() > 4 && verb.chars().all(char::is_lowercase);
    noun.starts_with(char::is_uppercase)
        && small
        && ["en", "ern", "eln"].iter().any(|end| verb.ends_with(end))
}

/// Whether a label tells to look at what is listed below it: "Check that the keys match:".
pub(super) fn leads_to_looking(text: &str) -> bool {
    let bare = text.trim().trim_matches('*').trim_end();
    bare.ends_with([':', '：']) && bare.split_whitespace().count() > 2 && is_told(bare)
}

/// Whether words tell to do something before the commands below them, which those don't: "Take a backup first."
pub(super) fn says_first(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static FIRST: Terms = Terms::of(&[
        "first", "before", "beforehand", "remember to", "do not forget", "don t forget", "make sure", "switch off", "must be switched off", "turn off", "by hand", "manually", "zuerst", "vorher", "bevor", "zuvor", "nicht vergessen", "von hand", "d abord", "avant", "au prealable", "n oubliez pas", "a la main", "primero", "antes", "previamente", "no olvide", "a mano", "primeiro", "nao esqueca", "prima", "innanzitutto", "non dimenticare", "najpierw", "przed", "nie zapomnij",
        "сначала", "прежде", "перед", "заранее", "не забудьте", "вручную", "спочатку", "перед", "не забудьте", "once", "oncesinde", "unutmayin", "truoc", "dung quen", "terlebih dahulu", "sebelum", "jangan lupa", "eerst", "vergeet niet", "先", "之前", "務必", "务必", "勿忘", "まず", "事前", "前に", "必ず", "먼저", "전에", "반드시", "잊지",
    ]);
    let acts = telling(text) >= Telling::Maybe || is_told(text);
    let saves = || telling(text) == Telling::Act && is_backup(text);
    acts && (FIRST.stand_in(text) || saves()) && !is_description(text)
}

/// Whether words say what has to be so before all of it: "Version 1.4 must be deployed before rolling out this change".
pub(super) fn demands_before(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static MUST: Terms = Terms::of(&[
        "must", "has to be", "have to be", "need to be", "needs to be", "is required", "are required", "muss", "mussen", "doit", "doivent", "debe", "deben", "deve", "devem", "devono", "musi", "musza", "должн*", "должен", "необходимо", "повин*", "gerekir", "gereklidir", "phai", "harus", "moet", "moeten", "必须", "必須", "须", "必要", "해야",
    ]);
    #[rustfmt::skip] // words, many to a line
    static BEFORE: Terms = Terms::of(&[
        "before", "prior to", "beforehand", "bevor", "vorher", "zuvor", "vor dem", "vor der", "avant", "antes", "prima di", "prima del", "prima della", "przed", "до", "перед", "once", "oncesinde", "truoc khi", "sebelum", "voordat", "之前", "前に", "前", "전에",
    ]);
    let mut sentences = text.split(['.', '。', '!', ';']).map(folded);
    sentences.any(|words| MUST.in_folded(&words) && BEFORE.in_folded(&words))
}

/// Whether a sentence leads to a list of what it is done to: "Unpause these in this order:".
pub(super) fn leads_to_things(text: &str) -> bool {
    let bare = text.trim().trim_matches('*').trim_end();
    let words = bare.split_whitespace().count();
    bare.ends_with([':', '：'])
        && words > 2
        && !is_description(text)
        && !is_definition(text)
        && !announces(text)
}

/// Whether what a section with this role says in a sentence may have to be run.
pub(super) fn tells(role: Role) -> bool {
    !matches!(role, Role::Overview | Role::References | Role::Contacts | Role::LogTemplate | Role::Targets)
}

/// Whether what a fence of this language holds is for somebody to enter or to run, as a shell's is.
pub(super) fn is_entered(language: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const LANGUAGES: &[&str] = &[
        "sql", "psql", "pgsql", "mysql", "powershell", "pwsh", "ps1", "ps", "bat", "batch", "cmd", "dos", "cron", "crontab", "fish",
        "nginx", "apache", "ini", "conf", "systemd", "env", "dotenv",
    ];
    LANGUAGES.contains(&language)
}

/// A line that is a command and nothing else: a program that is known, with an option, a path or an operator.
pub(super) fn is_command_line(line: &str) -> bool {
    let text = line.trim().trim_start_matches("$ ").trim_start_matches("sudo ");
    let marked = text.split_whitespace().skip(1).any(|word| {
        word.starts_with('-') && word.len() > 1 && !word.starts_with("--- ")
            || word.contains('/')
            || matches!(word, "|" | "&&" | ">")
    });
    let whole = text.trim_end_matches('\\').trim_end();
    marked && !text.contains('`') && comments::looks_like_command(whole)
}

/// Whether the word before a command in backticks tells to run it: "To fill the tables run:".
fn leads_to_run(lead: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const RUN: &[&str] = &[
        "run", "running", "execute", "executing", "call", "ausführen", "führe", "lancez", "lancer", "exécutez", "exécuter", "ejecute", "ejecuta", "ejecutar", "execute", "executar", "rode", "esegui", "eseguire", "uruchom", "выполните", "запустите", "виконайте", "запустіть", "calistirin", "çalıştırın", "jalankan", "chạy", "voer",
        "运行", "执行", "運行", "執行",
    ];
    let lead = lead.trim_end().trim_end_matches([':', '：', '*']).trim_end();
    let last = lead.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_lowercase();
    RUN.iter().any(|run| last == *run || !run.is_ascii() && last.ends_with(run) && !last.is_ascii())
}

/// Whether a text may be a command of a program that nobody knows.
fn is_program(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or("");
    first.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '.' | '/'))
        && first.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c))
}

/// A command in backticks that somebody may have to run: a program that is known, with what it is to do.
pub(super) fn told(text: &str) -> Option<&str> {
    let parts: Vec<&str> = text.split('`').collect();
    let spans = parts.windows(2).step_by(2).map(|pair| (pair[0], pair[1]));
    let mut spans = spans.filter(|(_, span)| span.contains(' ') || span.starts_with("./"));
    spans
        .find(|(lead, span)| comments::looks_like_command(span) || leads_to_run(lead) && is_program(span))
        .map(|(_, span)| span)
}
