//! What a sentence begins with: who shows something, whether all of them, whether not.

use super::literal::STATES;
use super::openers::{Opening, opening};
use super::token::{Cursor, Kind, plain, tokens};

/// What is claimed of what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// "Expected:" alone.
    None,
    /// show, see, contain, include, list: it stands among other things.
    Shows,
    /// be, return, print, equal: it is all there is.
    Is,
    /// complete, finish, take, respond: it is about time or success.
    Ends,
}

/// The beginning of a sentence and what follows it.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    pub(super) verb: Verb,
    pub(super) negated: bool,
    /// "all", "each", "every".
    pub(super) every: bool,
    /// "All should …" with no other subject: every command of the block.
    pub(super) block: bool,
    /// Words of the subject that say more than "the output".
    pub(super) subject: Option<String>,
    /// "Expected output:", "Output:".
    pub(super) names_output: bool,
    /// The verb is "return".
    pub(super) returns: bool,
    /// It is about the exit status.
    pub(super) exit: bool,
    /// What follows.
    pub(super) rest: String,
}

impl Lead {
    fn new(rest: &str) -> Self {
        Self {
            verb: Verb::None,
            negated: false,
            every: false,
            block: false,
            subject: None,
            names_output: false,
            returns: false,
            exit: false,
            rest: unmarked(rest).to_owned(),
        }
    }
}

/// Words that open an expectation, by their beginnings, in some languages.
#[rustfmt::skip] // words, many to a line
const EXPECTS: &[&str] = &[
    "expect", "attendu", "erwart", "esperad", "esperar", "atteso", "attesa", "verwacht", "oczekiw", "预期", "期望",
    "预计", "预料", "預期", "預計", "期待", "예상", "기대", "ожида",
];

/// What may stand between such a word and its colon, or before it ("Résultat attendu :").
#[rustfmt::skip] // words, many to a line
const EXPECTED_WHAT: &[&str] = &[
    "output", "result", "results", "response", "value", "answer", "outcome", "behavior", "behaviour", "status",
    "code", "http", "exit", "body", "the", "in", "after", "is", "résultat", "sortie", "réponse", "ergebnis",
    "ausgabe", "resultado", "saída", "saida", "salida", "resposta", "respuesta", "risultato", "输出", "结果", "返回",
];

const MODALS: &[&str] = &["should", "must", "shall", "will", "shouldn't", "mustn't", "won't"];

#[rustfmt::skip] // words, many to a line
const SHOWS: &[&str] = &[
    "show", "see", "contain", "include", "list", "display", "mention", "have", "report", "say", "shows",
    "contains", "includes", "lists", "displays", "has", "reports", "says",
];
#[rustfmt::skip] // words, many to a line
const IS: &[&str] = &[
    "be", "return", "print", "equal", "output", "read", "give", "answer", "match", "yield", "returns",
    "prints", "equals", "outputs", "is", "are", "gives", "yields", "produce",
];
#[rustfmt::skip] // words, many to a line
const ENDS: &[&str] = &[
    "complete", "finish", "take", "respond", "succeed", "exit", "end", "run", "start", "pass", "fail",
    "completes", "finishes", "takes", "responds", "succeeds", "exits", "ends",
];

/// Subjects that only say "what the command shows".
#[rustfmt::skip] // words, many to a line
const NEUTRAL: &[&str] = &[
    "it", "this", "that", "you", "we", "i", "output", "result", "results", "response", "command", "commands",
    "the", "a", "an", "of", "stdout", "query", "request", "answer", "line", "listing", "list", "here", "now",
    "there", "they", "these", "those", "api", "body", "curl", "and", "also", "then",
];

/// What "all" may be said of, and what a single subject may name without saying more.
#[rustfmt::skip] // words, many to a line
const COUNTED: &[&str] = &[
    "services", "containers", "pods", "nodes", "processes", "replicas", "instances", "checks", "jobs",
    "deployments", "units", "statuses", "service", "container", "pod", "node", "status", "state", "version",
    "tag", "branch", "health", "code", "http", "replica", "instance", "count", "value", "deployment",
    "releases", "endpoints", "volumes", "members", "brokers", "workers", "tasks", "targets", "shards",
    "indices", "claims", "hosts", "servers",
];

/// Reads the beginning of a sentence.
pub(super) fn read(sentence: &str) -> Lead {
    let sentence = plain(sentence);
    let sentence = without_marks(&sentence).trim_start_matches("=>").trim_start_matches('>').trim_start();
    let sentence = &spaced(sentence);
    if let Some((opening, rest)) = opening(sentence) {
        return opened(opening, rest);
    }
    let found = tokens(sentence);
    let mut cursor = Cursor::new(sentence, &found);
    let Some(names_output) = expected(&mut cursor) else {
        return said(&cursor).unwrap_or_else(|| Lead::new(sentence));
    };
    // "Expected: the output should be empty", "Expect to see …".
    let _to = cursor.phrase(&["to"]);
    let mut lead = said(&cursor).unwrap_or_else(|| Lead::new(cursor.rest()));
    lead.names_output |= names_output;
    lead
}

/// Marks in front of what is as it should be: they are no part of what is shown.
const MARKS: [char; 7] = ['✅', '✓', '✔', '☑', '👉', '👍', '🟢'];

fn unmarked(text: &str) -> &str {
    if text.trim_start().starts_with(MARKS) { without_marks(text) } else { text }
}

/// A sentence without the marks of a list in front of it.
fn without_marks(sentence: &str) -> &str {
    sentence.trim_start_matches(|c: char| {
        matches!(c, '-' | '*' | '•' | '#' | '→' | '⇒' | '\u{fe0f}') || MARKS.contains(&c) || c.is_whitespace()
    })
}

/// What follows "Pass:", "Output:", "You want to see".
fn opened(opening: Opening, rest: &str) -> Lead {
    let rest = &spaced(unmarked(rest));
    let found = tokens(rest);
    let cursor = Cursor::new(rest, &found);
    match opening {
        Opening::Shows | Opening::Search => Lead { verb: Verb::Shows, ..Lead::new(rest) },
        Opening::Expected | Opening::Output | Opening::Described => {
            let mut again = cursor.clone();
            let names = expected(&mut again);
            let mut lead = said(&again).unwrap_or_else(|| Lead::new(again.rest()));
            lead.names_output |= opening == Opening::Output || names == Some(true);
            lead
        }
    }
}

/// A subject, a modal or a verb, in the ways that a sentence has them.
fn said(cursor: &Cursor<'_>) -> Option<Lead> {
    modal(cursor).or_else(|| verb_first(cursor)).or_else(|| third_person(cursor)).or_else(|| of_all(cursor))
}

/// "All services running", "All commands succeed": what all of them are or do, without a modal.
fn of_all(cursor: &Cursor<'_>) -> Option<Lead> {
    let mut rest = cursor.clone();
    if !rest.word(&["all", "every", "each", "both"]) {
        return None;
    }
    rest.word(&["the"]);
    if rest.word(&["commands", "steps"]) {
        let succeeds = rest.lower().is_some_and(|word| ENDS.contains(&word.as_str()));
        let lead = Lead { verb: Verb::Ends, every: true, block: true, ..Lead::new(rest.rest()) };
        return succeeds.then_some(lead);
    }
    if !rest.word(COUNTED) {
        return None;
    }
    rest.word(&["are", "is"]);
    let state = rest.lower().is_some_and(|word| STATES.contains(&word.as_str()));
    state.then(|| Lead { verb: Verb::Shows, every: true, ..Lead::new(rest.rest()) })
}

/// "It says `ok`", "The output shows …": a subject that only means the command, and a verb.
fn third_person(cursor: &Cursor<'_>) -> Option<Lead> {
    let mut lead = Lead::new("");
    let mut rest = cursor.clone();
    for _ in 0..4 {
        if !rest.lower().is_some_and(|word| NEUTRAL.contains(&word.as_str())) {
            break;
        }
        rest.skip();
    }
    let third = rest.lower().is_some_and(|word| word.ends_with('s') && word != "is" && word != "has");
    if !third || rest.tokens().len() == cursor.tokens().len() {
        return None;
    }
    verb(&mut rest, &mut lead);
    if lead.verb == Verb::None {
        return None;
    }
    rest.mark(':');
    lead.rest = rest.rest().to_owned();
    Some(lead)
}

/// A blank after the colon of "Expected:{…}", which not every language puts there.
fn spaced(sentence: &str) -> String {
    match sentence.split_once(':') {
        Some((before, after))
            if !after.starts_with([' ', '/', '\n'])
                && !before.is_empty()
                && before.chars().all(|c| c.is_alphabetic() || c == ' ')
                && before.split(' ').any(|w| EXPECTS.iter().any(|e| w.to_lowercase().starts_with(e))) =>
        {
            format!("{before}: {after}")
        }
        _ => sentence.to_owned(),
    }
}

/// Takes "Expected output:" and the like; whether it names the output.
fn expected(cursor: &mut Cursor<'_>) -> Option<bool> {
    let before = cursor.clone();
    let opens = |word: &str| EXPECTS.iter().any(|e| word.starts_with(e));
    let mut seen = false;
    let mut output = false;
    for _ in 0..5 {
        let Some(word) = cursor.lower() else { break };
        if opens(&word) {
            seen = true;
            output |= ["输出", "结果"].iter().any(|w| word.contains(w));
        } else if EXPECTED_WHAT.contains(&word.as_str())
            && (seen || !matches!(word.as_str(), "the" | "in" | "is"))
        {
            output |= matches!(
                word.as_str(),
                "output" | "sortie" | "ausgabe" | "saída" | "saida" | "salida" | "输出"
            );
            // "exit code 0" and "status 200" after the colon say it again; before it they must not be lost.
            if matches!(word.as_str(), "status" | "code" | "exit" | "http") {
                break;
            }
        } else {
            break;
        }
        cursor.skip();
    }
    if !seen {
        *cursor = before;
        return None;
    }
    cursor.mark(':');
    Some(output)
}

/// `All services should [not] show`.
fn modal(cursor: &Cursor<'_>) -> Option<Lead> {
    let words = cursor.tokens();
    let at = words
        .iter()
        .take(9)
        .position(|t| matches!(&t.kind, Kind::Word(w) if MODALS.contains(&w.to_lowercase().as_str())))?;
    let mut lead = Lead::new("");
    subject(words[..at].iter().map(|t| &t.kind), &mut lead);
    let mut rest = cursor.clone();
    for _ in 0..=at {
        let contracted = rest.lower().is_some_and(|w| w.ends_with("n't"));
        lead.negated |= contracted;
        rest.skip();
    }
    if rest.word(&["not", "never"]) {
        lead.negated = true;
    }
    if rest.phrase(&["no", "longer"]) {
        lead.negated = true;
    }
    // "services should all be", "should both show"
    if rest.word(&["all", "each"]) {
        lead.every = true;
    }
    while rest.word(&["now", "still", "also", "then", "eventually", "normally", "usually", "always", "again"])
    {
    }
    verb(&mut rest, &mut lead);
    rest.mark(':');
    lead.rest = rest.rest().to_owned();
    Some(lead)
}

/// "Returns 200", "Output:", "Shows …".
fn verb_first(cursor: &Cursor<'_>) -> Option<Lead> {
    let mut rest = cursor.clone();
    let mut lead = Lead::new("");
    if rest.word(&["output", "result", "response"]) {
        lead.names_output = true;
        if !rest.mark(':') {
            return None;
        }
    } else {
        let word = rest.lower()?;
        let third = word.ends_with('s') && word != "is" && word != "has";
        if !third && !matches!(word.as_str(), "see" | "contain" | "show") {
            return None;
        }
        verb(&mut rest, &mut lead);
        if lead.verb == Verb::None {
            return None;
        }
        rest.mark(':');
    }
    lead.rest = rest.rest().to_owned();
    Some(lead)
}

fn verb(rest: &mut Cursor<'_>, lead: &mut Lead) {
    let before = rest.clone();
    lead.returns = rest.lower().is_some_and(|w| w.starts_with("return"));
    lead.verb = if rest.word(SHOWS) {
        Verb::Shows
    } else if rest.word(IS) {
        Verb::Is
    } else if rest.lower().is_some_and(|w| ENDS.contains(&w.as_str())) {
        // The word itself says what: "succeed", "exit 0".
        Verb::Ends
    } else {
        Verb::None
    };
    if lead.verb == Verb::Is {
        // "be shown as", "be displayed"
        let _as =
            rest.phrase(&["shown", "as"]) || rest.phrase(&["listed", "as"]) || rest.phrase(&["equal", "to"]);
    }
    if lead.verb == Verb::None {
        *rest = before;
    }
}

fn subject<'k>(words: impl Iterator<Item = &'k Kind>, lead: &mut Lead) {
    let mut left = Vec::new();
    let mut named = false;
    for kind in words {
        let Kind::Word(word) = kind else {
            match kind {
                Kind::Mark(_) => {}
                Kind::Quoted(text) | Kind::Remark(text) => left.push(text.clone()),
                _ => left.push("…".into()),
            }
            continue;
        };
        let lower = word.to_lowercase();
        if matches!(lower.as_str(), "all" | "each" | "every" | "both") {
            lead.every = true;
        } else if matches!(lower.as_str(), "exit") {
            lead.exit = true;
        } else if lead.exit && matches!(lower.as_str(), "code" | "status") {
        } else if COUNTED.contains(&lower.as_str()) {
            named = true;
            // "Containers should show": all of them.
            lead.every |= lower.ends_with('s') && !matches!(lower.as_str(), "status" | "statuses");
        } else if !NEUTRAL.contains(&lower.as_str()) {
            left.push(word.clone());
        }
    }
    lead.block = lead.every && !named && left.is_empty();
    lead.subject = (!left.is_empty()).then(|| left.join(" "));
}
