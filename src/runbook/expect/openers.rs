//! Whether words say what is to be seen, by what they begin with: "Expected:", "You should see", "Pass:",
//! "Prints `ok`".
//!
//! A sentence that merely tells what a command does ("Shows the pods") says nothing of the kind. What says it and is
//! not understood is still an expectation: for a person.

use super::super::vocabulary::conditions::{ends_in_if, is_inversion};
use super::super::words::lower_words;
use super::languages;

/// What an opening means for what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// "Pass:", as "Expected:" does.
    Expected,
    /// "Output:": the output is what follows.
    Output,
    /// "You want to see": it stands among other things.
    Shows,
    /// "Look for": what follows may be good or bad.
    Search,
    /// "Fail:", "Target:": what must not be, or what is aimed at, for a person to judge.
    Described,
}

/// Openings that need a colon behind them.
#[rustfmt::skip] // a table
const LABELS: &[(&str, Opening)] = &[
    ("pass criteria", Opening::Expected), ("pass criterion", Opening::Expected), ("pass condition", Opening::Expected),
    ("passes", Opening::Expected), ("pass", Opening::Expected), ("success criteria", Opening::Expected),
    ("success criterion", Opening::Expected), ("success looks like", Opening::Expected), ("success", Opening::Expected),
    ("acceptance criteria", Opening::Expected), ("acceptance", Opening::Expected), ("good", Opening::Expected),
    ("healthy", Opening::Expected), ("target", Opening::Described), ("returns", Opening::Expected),
    ("should be", Opening::Expected), ("you get", Opening::Expected), ("looks like", Opening::Expected),
    ("result", Opening::Expected), ("results", Opening::Expected), ("ok", Opening::Expected),
    ("outputs", Opening::Output), ("output", Opening::Output), ("prints", Opening::Output), ("response", Opening::Output),
    ("you should see", Opening::Shows), ("shows", Opening::Shows), ("what you should see", Opening::Shows),
    ("look for", Opening::Search),
    ("fail criteria", Opening::Described), ("fails", Opening::Described), ("fail", Opening::Described), ("failure", Opening::Described),
];

/// Openings that go on without one.
#[rustfmt::skip] // a table
const PHRASES: &[(&str, Opening)] = &[
    ("pass if", Opening::Expected), ("passes if", Opening::Expected), ("passed if", Opening::Expected),
    ("pass when", Opening::Expected), ("passes when", Opening::Expected), ("success if", Opening::Expected),
    ("success when", Opening::Expected), ("ok if", Opening::Expected), ("good if", Opening::Expected),
    ("you want to see", Opening::Shows), ("we want to see", Opening::Shows), ("want to see", Opening::Shows),
    ("you will see", Opening::Shows), ("you ll see", Opening::Shows), ("you will get", Opening::Expected),
    ("you ll get", Opening::Expected), ("you will then see", Opening::Shows), ("you ll then see", Opening::Shows),
    ("you will now see", Opening::Shows), ("you ll now see", Opening::Shows), ("then you will see", Opening::Shows), ("should see", Opening::Shows), ("look for", Opening::Search),
    ("fails if", Opening::Described), ("fail if", Opening::Described), ("fails when", Opening::Described),
];

/// Words that say "the command" or "what it shows".
const SUBJECTS: &[&str] =
    &["it", "this", "that", "the", "command", "output", "response", "result", "which", "and", "stdout"];

/// What a command does with a text.
#[rustfmt::skip] // words, many to a line
const VERBS: &[&str] = &[
    "prints", "says", "shows", "returns", "outputs", "displays", "reports", "gives", "yields", "contains", "lists",
    "answers", "responds", "equals", "exits",
];

/// The opening of a sentence, and what follows it.
pub(super) fn opening(text: &str) -> Option<(Opening, &str)> {
    let bare =
        text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '`' | '"' | '\'' | '{' | '['));
    let label = LABELS.iter().find_map(|(words, opening)| {
        let rest = behind(bare, words)?.trim_start_matches(['*', '_', ' ']);
        Some((*opening, rest.strip_prefix([':', '：'])?.trim_start_matches(['*', '_', ' '])))
    });
    label.or_else(|| {
        PHRASES.iter().find_map(|(words, opening)| {
            let rest = behind(bare, words)?;
            rest.is_empty()
                .then_some("")
                .or(rest.strip_prefix([' ', ':']))
                .map(|rest| (*opening, rest.trim()))
        })
    })
}

/// What follows words at the beginning of a text, in any case, as whole words.
fn behind<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let mut rest = text;
    for (at, word) in words.split(' ').enumerate() {
        let gap = if at == 0 { rest } else { rest.strip_prefix([' ', '\'', '\u{2019}'])?.trim_start() };
        let start = gap.get(..word.len())?;
        rest = gap.get(word.len()..).filter(|_| start.eq_ignore_ascii_case(word))?;
    }
    (!rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

/// Whether a text begins with saying what is to be seen.
pub fn opens(text: &str) -> bool {
    !sets(text) && !is_inversion(text) && !ends_in_if(text) && says(text)
}

fn says(text: &str) -> bool {
    says_early(text)
        || opening(text).is_some_and(|(opening, rest)| opening != Opening::Search || is_literal(rest))
        || shows_literally(text)
        || languages::opens(text)
}

/// Whether a text is a label of an output in another language than English, and nothing more: "Ожидаемый вывод".
pub fn is_label(text: &str) -> bool {
    let english = languages::in_english(text.trim_end_matches([':', '：', ' ', '*']));
    english.is_some_and(|text| matches!(text.as_str(), "Expected: " | "Expected output: "))
}

/// Whether a text begins with "must" in another language than English: said of what a command shows, it has to be so.
pub fn demands(text: &str) -> bool {
    languages::begins_with_modal(text)
}

/// Whether a text says it anywhere.
pub fn mentions(text: &str) -> bool {
    let words = lower_words(text);
    let said =
        words.iter().enumerate().any(|(at, word)| tells(word) && !(is_modal(word) && asks(&words, at)));
    said && !sets(text)
}

/// Endings of files that are settings or sources.
#[rustfmt::skip] // endings of names, many to a line
const FILES: &[&str] = &["yaml", "yml", "json", "toml", "ini", "conf", "cfg", "env", "xml", "properties", "tf", "php", "py", "js", "ts"];

/// "`CALLBACK_URL` must be the address of the server": what a setting has to be is an instruction.
pub(super) fn sets(text: &str) -> bool {
    let Some((label, rest)) = text.split_once('`') else { return false };
    let labelled = lower_words(label).len() <= 2 && !label.contains(['.', '"']);
    let Some((name, rest)) = rest.split_once('`').filter(|_| labelled) else { return false };
    let capitals =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let setting = capitals && name.contains('_') || name.starts_with("--");
    let words = lower_words(rest);
    let demanded = words.iter().take(2).any(|word| is_modal(word) || languages::is_modal(word));
    let described = words.get(1).is_some_and(|w| w == "be")
        && words.get(2).is_some_and(|w| matches!(w.as_str(), "the" | "a" | "an" | "set"));
    // "`a.yaml` should include the following": so is what a file has to hold.
    let file = name.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end));
    let is_file =
        file && words.get(1).is_some_and(|w| matches!(w.as_str(), "include" | "contain" | "have" | "look"));
    let set = name.contains('_') && words.get(1..3).is_some_and(|w| w[0] == "be" && w[1] == "set");
    demanded && (is_file || setting || set || capitals && described)
}

fn tells(word: &str) -> bool {
    word.starts_with("expect") || is_modal(word)
}

fn is_modal(word: &str) -> bool {
    word == "should" || word == "must"
}

/// What a comment behind a command says is to be seen: "look for `ok`", "Verify: shows `ok`".
pub fn behind_command(text: &str) -> Option<&str> {
    if opens(text)
        || opening(text).is_some_and(|(opening, rest)| opening == Opening::Search && !rest.is_empty())
    {
        return Some(text);
    }
    let verified =
        ["verify", "check", "see", "note"].iter().find_map(|word| behind(text, word)?.strip_prefix(':'));
    verified.map(str::trim).filter(|rest| opens(rest) || is_literal(rest))
}

/// "Expected", "should" or "must" among the first words, where that asks for nothing to be done.
fn says_early(text: &str) -> bool {
    let words = lower_words(text);
    let at = words.iter().take(4).position(|word| tells(word));
    let Some(at) = at else { return false };
    if text.contains("(should") || text.contains("(must") {
        return false;
    }
    !(words.get(at).is_some_and(|word| is_modal(word)) && asks(&words, at))
}

/// Whether "should" and "must" at an index of a sentence tell somebody what to do.
fn asks(words: &[String], at: usize) -> bool {
    #[rustfmt::skip] // words, many to a line
    const SEEN: &[&str] = &[
        "see", "get", "find", "notice", "receive", "observe", "have", "read", "hear", "land", "arrive",
    ];
    #[rustfmt::skip] // words, many to a line
    const DONE: &[&str] = &[
        "run", "executed", "done", "performed", "called", "used", "root", "kept", "sourced", "careful", "repeated",
        "taken", "made", "sent", "asked", "told", "informed", "notified", "scheduled", "approved", "reviewed", "in",
        "needed", "required", "necessary", "configured", "placed", "passed", "staged", "provided", "specified", "stored", "separated",
        "granted", "cut", "treated", "considered", "avoided", "limited", "restricted", "followed", "careful", "aware",
    ];
    // What a thing is where that is seen; of others "must be …ed" asks somebody to do it.
    #[rustfmt::skip] // words, many to a line
    const STATE: &[&str] = &[
        "displayed", "shown", "listed", "printed", "returned", "restarted", "finished", "synced", "reflected", "exited", "stopped",
        "started", "deployed", "completed", "connected", "enabled", "succeeded", "reported", "closed", "red",
    ];
    let mut after = words.iter().skip(at + 1).map(String::as_str);
    let mut verb = after.next().unwrap_or("");
    while matches!(
        verb,
        "now" | "also" | "then" | "not" | "always" | "only" | "never" | "still" | "all" | "both"
    ) {
        verb = after.next().unwrap_or("");
    }
    let next = after.next().unwrap_or("");
    let must = words.get(at).is_some_and(|w| w == "must");
    let asked = must && (next.ends_with("ed") && !STATE.contains(&next) || next.ends_with("encrypted"));
    if verb == "be" && (DONE.contains(&next) || asked) {
        return true;
    }
    let told = at.checked_sub(1).and_then(|before| words.get(before));
    let person = told.is_some_and(|w| matches!(w.as_str(), "you" | "we" | "operators"))
        || at > 0
            && words
                .iter()
                .take(at)
                .all(|w| matches!(w.as_str(), "you" | "we" | "one" | "operators" | "now"));
    if person && must && matches!(verb, "have" | "get" | "find" | "read") {
        return true;
    }
    let greeted =
        verb == "be" && matches!(next, "able" | "redirected" | "prompted" | "logged" | "greeted" | "asked");
    person && !SEEN.contains(&verb) && !greeted
}

/// "Prints `ok`", "It says \"ok\"", "Returns 200": a verb with a text that can only be meant to the letter.
fn shows_literally(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut rest = bare;
    for _ in 0..4 {
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let Some(word) = rest.get(..end).filter(|w| !w.is_empty()).map(str::to_lowercase) else {
            return false;
        };
        rest = rest.get(end..).unwrap_or("").trim_start_matches([' ', ':']);
        if VERBS.contains(&word.as_str()) {
            return is_literal(rest);
        }
        if !SUBJECTS.contains(&word.as_str()) {
            return false;
        }
    }
    false
}

/// Whether a text begins with one that can only be meant to the letter: in quotes, a number, JSON, capitals.
fn is_literal(text: &str) -> bool {
    let mut rest = text.trim();
    for lead in ["with ", "a ", "an ", "the ", "http ", "status ", "code ", "exit ", "only ", "just "] {
        let taken = rest.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead));
        rest = rest.get(lead.len()..).filter(|_| taken).unwrap_or(rest);
    }
    let first = rest.split_whitespace().next().unwrap_or("").trim_end_matches(['.', ',', '!']);
    let capitals = first.len() > 1 && first.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let nothing =
        matches!(rest.trim_end_matches('.').to_lowercase().as_str(), "nothing" | "no output" | "empty");
    rest.starts_with(['`', '"', '\'', '{', '[', '“', '«', '「'])
        || first.starts_with(|c: char| c.is_ascii_digit())
        || capitals
        || nothing
        || super::literal::STATES.contains(&first.to_lowercase().as_str())
            && rest.split_whitespace().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_what_is_to_be_seen() {
        for text in [
            "Expected: 200 OK",
            "All should show \"Up\"",
            "**Pass:** output shows \"ok\"",
            "Pass criteria: no errors",
            "Success: deployed",
            "You should see \"ok\".",
            "You should now see two rows",
            "You want to see `ok`.",
            "Prints `ok`.",
            "It says `ok`.",
            "It prints \"ok\"",
            "Returns 200",
            "The command returns `[]`",
            "Output: `ok`",
            "This returns HTTP 200",
            "Expect `healthy`.",
            "Look for `ready`",
            "Fail: any 502",
            "You'll see `done`",
            "You should be able to log in",
            "Passes if the count is 0",
            "Healthy: `ok`",
            "Should be empty",
            "It must return 0",
            "Prints nothing.",
        ] {
            assert!(opens(text), "{text}");
        }
    }

    #[test]
    fn what_only_tells_what_a_command_does_or_what_to_do() {
        for text in [
            "Shows the pods",
            "Returns the version",
            "Prints all rows of the table",
            "It returns at once",
            "You should run this on the primary",
            "You must be root",
            "This must be run before the next step",
            "Must be done by two people",
            "Output goes to the log",
            "Success rate of the last hour",
            "Pass the token along",
            "Look for errors in the log",
            "Fails over to the replica",
            "Lists running containers",
            "Good practice",
            "Query another project (should not see ours)",
            "Verify the deployment",
            "We should tell the team",
            "Results are kept for a week",
            "Passing tests only",
        ] {
            assert!(!opens(text), "{text}");
        }
    }
}
