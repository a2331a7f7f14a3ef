//! What follows the lead of a sentence: one production a function, tried from the most particular on.

mod amounts;

use super::lead::{Lead, Verb};
use super::literal::{STATES, is_literal, is_word, status_line};
use super::token::{Cursor, Kind, Token, tokens};
use super::{Check, Left, Meaning, json};
use crate::runbook::words::unit_ms;

use amounts::{column, counted, number, percent, rows, version, within};

type Production = fn(&Lead, &mut Cursor<'_>) -> Option<Check>;

/// In this order; one that takes the whole sentence goes before one that leaves something.
#[rustfmt::skip] // names, many to a line
const PRODUCTIONS: &[Production] = &[
    quoted, fails, succeeds, empty, errors, in_json, rows, counted, within, http, version, percent, number, running, field,
    states, column, literal,
];

/// Reads what follows a lead.
pub(super) fn read(lead: &Lead) -> Meaning {
    let rest = lead.rest.trim();
    if let Some((pattern, left)) = json::at_start(rest) {
        if lead.negated {
            return Meaning::default();
        }
        return with_left(Check::Json { pattern }, lead, left);
    }
    let json = ["in JSON format", "as JSON", "in JSON"]
        .iter()
        .find_map(|end| rest.trim_end_matches('.').strip_suffix(end).filter(|what| !what.trim().is_empty()));
    if let Some(what) = json.filter(|_| !lead.negated) {
        return with_left(Check::Json { pattern: json::ANY.into() }, lead, what.trim());
    }
    let found = tokens(rest);
    let cursor = Cursor::new(rest, &found);
    if lead.exit {
        let mut cursor = cursor;
        let check = succeeds(lead, &mut cursor);
        return check.map_or_else(Meaning::default, |check| finish(check, lead, &cursor));
    }
    // "should be ready to use": a word for a state that goes on is no text of its own.
    let described = |meaning: &Meaning| {
        let goes_on = |left: &Left| !left.or && Some(&left.text) != lead.subject.as_ref();
        matches!(meaning.check, Some(Check::Is { literal: false, .. }))
            && meaning.left.as_ref().is_some_and(goes_on)
            && !lead.every
    };
    let mut partial = None;
    for production in PRODUCTIONS {
        let mut cursor = cursor.clone();
        let Some(check) = production(lead, &mut cursor) else { continue };
        let meaning = finish(check, lead, &cursor);
        if meaning.left.is_none() {
            return meaning;
        }
        partial = partial.or(Some(meaning).filter(|meaning| !described(meaning)));
    }
    partial.unwrap_or_default()
}

/// A check and what the rest of the sentence leaves.
pub(super) fn with_left(check: Check, lead: &Lead, rest: &str) -> Meaning {
    let found = tokens(rest);
    finish(check, lead, &Cursor::new(rest, &found))
}

fn finish(check: Check, lead: &Lead, cursor: &Cursor<'_>) -> Meaning {
    let takes_all = matches!(check, Check::EveryRow { .. } | Check::Succeeds { block: true });
    if matches!(check, Check::Within { .. }) && lead.subject.is_some() {
        // It is about something else that takes time.
        return Meaning::default();
    }
    let mut cursor = cursor.clone();
    // "0 (all published)" says what the whole output means, not what it is said of.
    if matches!(check, Check::Is { .. } | Check::Number { .. })
        && matches!(cursor.peek(), Some(Kind::Remark(text)) if explains(text))
    {
        cursor.skip();
    }
    let mut left = rest_of(&cursor);
    if left.is_none()
        && let Some(subject) = &lead.subject
    {
        left = Some(Left { or: false, text: subject.clone() });
    }
    if left.is_none() && lead.every && !takes_all {
        left = Some(Left { or: false, text: "all".into() });
    }
    Meaning { check: Some(check), left }
}

/// What no production took, without closing marks, plain remarks and words that add nothing.
fn rest_of(cursor: &Cursor<'_>) -> Option<Left> {
    let mut cursor = cursor.clone();
    loop {
        let adds_nothing = [
            ["in", "the", "output"].as_slice(),
            &["in", "output"],
            &["in", "the", "response"],
            &["in", "the", "list"],
            &["as", "output"],
            &["as", "the", "output"],
        ]
        .iter()
        .any(|p| cursor.phrase(p));
        if adds_nothing {
            continue;
        }
        match cursor.peek()? {
            Kind::Mark('.' | '!' | ',' | ';') => cursor.skip(),
            Kind::Remark(text) if is_remark(text) => cursor.skip(),
            _ => break,
        }
    }
    let text = cursor.rest().trim().to_owned();
    let or = cursor.word(&["or"])
        || matches!(cursor.peek(), Some(Kind::Remark(text)) if text.trim_start().to_lowercase().starts_with("or "));
    // "or 204, and the body must …" claims more than another way.
    let more = crate::runbook::words::lower_words(&text);
    let or = or
        && !text.contains(';')
        && !more.iter().any(|w| ["and", "but", "must", "should", "then"].contains(&w.as_str()));
    Some(Left { or, text })
}

/// "all published": what a value stands for.
fn explains(remark: &str) -> bool {
    let words = crate::runbook::words::lower_words(remark);
    matches!(words.as_slice(), [all, state] if all == "all" && state.ends_with("ed"))
}

/// Brackets hold a remark, unless they narrow or widen what is said.
fn is_remark(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let percentile = |w: &&str| {
        w.strip_prefix('p').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let measured = words
        .iter()
        .any(|w| w.chars().next().is_some_and(|c| c.is_ascii_digit()) && w.chars().any(char::is_alphabetic))
        || words.windows(2).any(|w| w[0].parse::<f64>().is_ok() && unit_ms(w[1]).is_some());
    !words.iter().any(percentile) && !measured && !words.iter().any(|w| NARROWS.contains(w))
}

/// Words that make more of brackets than a remark.
#[rustfmt::skip] // words, many to a line
const NARROWS: &[&str] = &[
    "or", "unless", "except", "if", "when", "only", "may", "might", "depending", "after", "once", "average",
    "avg", "and", "plus", "percentile", "median", "mean", "within", "both", "each", "every", "all", "but",
    "per", "least", "most", "than", "until", "while", "during", "first", "last", "from", "without", "not",
];

/// Texts in quotes: `"Exit 0" or "Exited"`.
fn quoted(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    cursor.word(&["a", "an", "the", "either", "status", "as"]);
    let (texts, all) = list(cursor, one_quoted)?;
    cursor.word(&["status", "state"]);
    if lead.negated {
        return Some(Check::Absent { texts });
    }
    if lead.every {
        return (!all).then_some(Check::EveryRow { texts, quoted: true });
    }
    if let [only] = texts.as_slice()
        && lead.verb != Verb::Ends
        && let Some(pattern) = json::pattern(only).filter(serde_json::Value::is_object)
    {
        return Some(Check::Json { pattern });
    }
    if let [only] = texts.as_slice()
        && let Some(status) = status_line(only)
    {
        return Some(Check::Http { status });
    }
    match lead.verb {
        // Several words in quotes stand in the output; one is all of it.
        Verb::Is | Verb::None if texts.len() == 1 && !texts[0].contains(' ') => {
            Some(Check::Is { text: texts.into_iter().next()?, literal: true })
        }
        Verb::Ends => None,
        _ => Some(Check::Shows { texts, all, quoted: true }),
    }
}

/// States without quotes: "healthy or running", "Up/healthy".
fn states(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    cursor.word(&["status", "as", "a", "in"]);
    let (texts, all) = list(cursor, state)?;
    let texts: Vec<String> = texts.iter().flat_map(|t| t.split('/')).map(str::to_owned).collect();
    cursor.word(&["status", "state"]);
    if lead.negated || all || lead.verb == Verb::Ends {
        return None;
    }
    // "active (running)": the brackets count where what is seen has some.
    if let ([text], Some(Kind::Remark(more))) = (texts.as_slice(), cursor.peek())
        && (!lead.every || STATES.contains(&more.to_lowercase().as_str()))
        && is_remark(more)
        && is_word(more)
    {
        cursor.skip();
        let texts = vec![format!("{text} ({more})")];
        return Some(if lead.every {
            Check::EveryRow { texts, quoted: false }
        } else {
            Check::Shows { texts, all: false, quoted: false }
        });
    }
    if lead.every {
        return Some(Check::EveryRow { texts, quoted: false });
    }
    if lead.verb != Verb::Shows && texts.len() == 1 {
        return Some(Check::Is { text: texts.into_iter().next()?, literal: false });
    }
    Some(Check::Shows { texts, all: false, quoted: false })
}

/// "running version `1.2`", "using the image `a:1`", "show version 1.2": the version stands among what is shown, the
/// state need not.
fn running(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    let told = cursor.word(&["running", "using", "on", "at"]);
    if lead.negated || !told && lead.verb != Verb::Shows {
        return None;
    }
    cursor.word(&["the", "a"]);
    cursor.word(&["new", "image", "target"]);
    if !cursor.word(&["version", "image", "release", "tag", "revision", "commit", "branch", "build"]) {
        return None;
    }
    let text = match cursor.peek()? {
        Kind::Quoted(text) => text.clone(),
        Kind::Word(word) if is_literal(word) => word.clone(),
        _ => return None,
    };
    cursor.skip();
    // Many programs put a "v" in front of their version.
    let prefixed = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('.');
    let texts = if prefixed { vec![text.clone(), format!("v{text}")] } else { vec![text] };
    Some(if lead.every {
        Check::EveryRow { texts, quoted: true }
    } else {
        Check::Shows { texts, all: false, quoted: true }
    })
}

/// "STATUS: deployed": a field and its value.
fn field(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated || lead.every || lead.verb == Verb::Ends {
        return None;
    }
    let Some(Kind::Word(name)) = cursor.peek() else { return None };
    cursor.skip();
    let capitals = name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    if !capitals || !cursor.mark(':') {
        return None;
    }
    let Some(Kind::Word(value) | Kind::Quoted(value)) = cursor.peek() else { return None };
    cursor.skip();
    Some(Check::Shows { texts: vec![format!("{name}: {value}")], all: false, quoted: false })
}

fn state(cursor: &mut Cursor<'_>) -> Option<String> {
    let Some(Kind::Word(word)) = cursor.peek() else { return None };
    word.split('/').all(|w| STATES.contains(&w.to_lowercase().as_str())).then(|| {
        cursor.skip();
        word.clone()
    })
}

/// `a or b`, `a, b or c`, `a / b`, `a and b`; whether all are meant.
fn list(
    cursor: &mut Cursor<'_>,
    mut one: impl FnMut(&mut Cursor<'_>) -> Option<String>,
) -> Option<(Vec<String>, bool)> {
    let mut texts = vec![one(cursor)?];
    let (mut all, mut any) = (false, false);
    loop {
        let before = cursor.clone();
        let comma = cursor.mark(',');
        let or = cursor.word(&["or", "/", "oder", "ou", "o"]);
        let and = !or && cursor.word(&["and", "&"]);
        if !(comma || or || and) {
            break;
        }
        let Some(next) = one(cursor) else {
            *cursor = before;
            break;
        };
        texts.push(next);
        (all, any) = (all || and, any || or);
    }
    // A list by commas alone, or of both kinds, can be read two ways.
    (texts.len() == 1 || all != any).then_some((texts, all))
}

/// "be empty", "no output", "return nothing".
/// "no errors", "no errors or warnings in the logs", "not contain any errors".
fn errors(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    const ERRORS: &[&str] = &["error", "errors", "exceptions", "failures"];
    const WARNINGS: &[&str] = &["warning", "warnings"];
    let none = if lead.negated { cursor.word(&["any"]) } else { cursor.word(&["no", "zero", "without"]) };
    if !none {
        return None;
    }
    let mut warnings = cursor.word(WARNINGS);
    if warnings && !cursor.word(&["or", "and"]) || !cursor.word(ERRORS) {
        return None;
    }
    cursor.word(&["message", "messages", "lines", "output", "entries"]);
    let before = cursor.clone();
    if cursor.word(&["or", "and"]) || cursor.word(&["/"]) {
        warnings |= cursor.word(WARNINGS);
        if !warnings && !cursor.word(ERRORS) {
            *cursor = before;
        }
    }
    let logs = [["in", "the", "logs"].as_slice(), &["in", "the", "log"], &["in", "logs"], &["in", "log"]];
    let _said = logs.iter().any(|words| cursor.phrase(words));
    Some(Check::NoErrors { warnings })
}

/// "valid JSON", "a JSON response".
fn in_json(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated {
        return None;
    }
    cursor.word(&["a"]);
    cursor.word(&["valid", "well-formed", "parseable"]);
    let said = cursor.word(&["json"]);
    cursor.word(&["response", "output", "document", "body", "object"]);
    said.then(|| Check::Json { pattern: json::ANY.into() })
}

fn empty(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated {
        let anything = lead.verb != Verb::None && cursor.word(&["anything"]);
        return anything.then_some(Check::Empty);
    }
    if let Some(Kind::Remark(text)) = cursor.peek() {
        let said = ["empty", "no output", "nothing", "none"].contains(&text.trim().to_lowercase().as_str());
        return said.then(|| {
            cursor.skip();
            Check::Empty
        });
    }
    let said = cursor.phrase(&["no", "output"])
        || cursor.phrase(&["an", "empty", "output"])
        || cursor.phrase(&["empty", "output"])
        || cursor.phrase(&["keine", "ausgabe"])
        || cursor.phrase(&["aucune", "sortie"])
        || cursor.phrase(&["sin", "salida"])
        || cursor.phrase(&["sem", "saída"])
        || cursor.word(&[
            "empty",
            "nothing",
            "blank",
            "leer",
            "vide",
            "vacío",
            "vazio",
            "为空",
            "空",
            "空的",
            "无输出",
        ]);
    said.then_some(Check::Empty)
}

/// "HTTP 200", "200 OK", "status code 204".
fn http(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    #[rustfmt::skip] // words, many to a line
    const REASONS: &[&str] = &[
        "ok", "created", "accepted", "no", "content", "found", "moved", "permanently", "temporary", "redirect",
        "not", "modified", "unauthorized", "forbidden", "bad", "request", "gone", "service", "unavailable",
        "internal", "server", "error", "gateway",
    ];
    if lead.negated {
        return None;
    }
    cursor.word(&["a", "an", "the", "with"]);
    let mut named = false;
    if let Some(Kind::Word(word)) = cursor.peek()
        && word.to_uppercase().starts_with("HTTP/1")
    {
        named = true;
        cursor.skip();
    }
    while cursor.word(&["http", "https", "status", "code", "response"]) {
        named = true;
        cursor.mark(':');
        cursor.word(&["of", "is"]);
    }
    let Some(Kind::Word(word)) = cursor.peek() else { return None };
    let status: u16 = word.parse().ok().filter(|n| (100..600).contains(n) && word.len() == 3)?;
    cursor.skip();
    while cursor.word(REASONS) {
        named = true;
    }
    named |= cursor.word(&["response", "status"]);
    // "301 or 302"
    let mut after = cursor.clone();
    let code = |word: &str| word.len() == 3 && word.parse().is_ok_and(|n: u16| (200..600).contains(&n));
    named |= after.word(&["or"]) && after.lower().is_some_and(|word| code(&word));
    named.then_some(Check::Http { status })
}

/// "return success", "complete successfully", "exit code 0".
fn succeeds(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated {
        return None;
    }
    if lead.exit && cursor.word(&["0", "zero"]) {
        return Some(Check::Succeeds { block: false });
    }
    let said = (lead.returns && cursor.word(&["success"]))
        || cursor.word(&["succeed", "succeeds"])
        || exits_zero(cursor)
        || (cursor.word(&["complete", "finish", "end", "exit", "run", "completes", "finishes"])
            && cursor.word(&["successfully", "cleanly"]));
    if !said || (lead.every && !lead.block) {
        return None;
    }
    let _again = exits_zero(cursor);
    Some(Check::Succeeds { block: lead.block })
}

fn exits_zero(cursor: &mut Cursor<'_>) -> bool {
    let before = cursor.clone();
    let named = cursor.word(&["exit", "exits"]) || cursor.phrase(&["with", "exit"]);
    if named {
        cursor.word(&["with"]);
        let _named = cursor.word(&["code", "status"]);
        cursor.mark(':');
        cursor.word(&["of", "is"]);
        let _equal = cursor.compares();
        if cursor.word(&["0", "zero"]) {
            return true;
        }
    }
    *cursor = before;
    false
}

/// "timeout / connection refused": the failure that is the pass.
fn fails(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    if lead.negated || lead.every {
        return None;
    }
    let _fail = cursor.phrase(&["fail", "with"]);
    cursor.word(&["a", "an"]);
    let one = |cursor: &mut Cursor<'_>| {
        [
            ["connection", "refused"].as_slice(),
            &["connection", "timed", "out"],
            &["connection", "timeout"],
            &["timed", "out"],
            &["timeout"],
            &["permission", "denied"],
            &["access", "denied"],
            &["no", "route", "to", "host"],
            &["could", "not", "resolve", "host"],
            &["command", "not", "found"],
            &["no", "such", "file", "or", "directory"],
        ]
        .iter()
        .find(|p| cursor.phrase(p))
        .map(|p| p.join(" "))
    };
    let (saying, all) = list(cursor, one)?;
    cursor.word(&["error"]);
    (!all).then_some(Check::Fails { saying })
}

/// Text without quotes that can only be meant to the letter, or a single word.
fn literal(lead: &Lead, cursor: &mut Cursor<'_>) -> Option<Check> {
    let (text, rest) = literal_text(cursor.tokens(), cursor)?;
    let literal = is_literal(&text);
    *cursor = rest;
    let one = !text.contains(char::is_whitespace);
    if lead.negated {
        // A whole phrase is printed nowhere, so that its absence says nothing; a number alone may stand in others.
        let whole = literal && one && text.parse::<f64>().is_err();
        return whole.then(|| Check::Absent { texts: vec![text] });
    }
    if lead.every || lead.verb == Verb::Ends || text.starts_with(['{', '[']) {
        return None;
    }
    if lead.verb == Verb::Shows {
        return (literal && one).then(|| Check::Shows { texts: vec![text], all: false, quoted: false });
    }
    // "should return 0" may mean the exit status; several words may describe what is shown.
    let sure = literal && (one || text.contains('|')) && !(text == "0" && lead.returns);
    (literal || is_word(&text)).then_some(Check::Is { text, literal: sure })
}

/// The text up to a remark at the end or a closing mark.
fn literal_text<'t>(tokens: &'t [Token], cursor: &Cursor<'t>) -> Option<(String, Cursor<'t>)> {
    let mut rest = cursor.clone();
    let mut end = tokens.first()?.at;
    let start = end;
    for (index, token) in tokens.iter().enumerate() {
        let last = tokens[index + 1..].iter().all(|t| matches!(t.kind, Kind::Mark(_) | Kind::Remark(_)));
        match &token.kind {
            Kind::Remark(_) if index > 0 && last => break,
            Kind::Mark('.' | '!' | ',' | ';') if last => break,
            _ => end = token.end,
        }
        rest.skip();
    }
    Some((cursor.text[start..end].to_owned(), rest))
}

fn one_quoted(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.quoted()
}
