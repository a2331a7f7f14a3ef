//! What the words of an expectation mean: a sentence in, a [`Check`] and what it leaves over out.
//!
//! The grammar takes the whole sentence or says what is left. What is left over makes a match something for
//! eyes; it is never dropped.

mod body;
mod json;
mod languages;
mod lead;
mod literal;
pub mod openers;
pub mod sentences;
mod token;
mod until;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use openers::Opening;

pub use json::{ANY, pattern};

/// Something that can be looked for in what a command did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Check {
    /// The output is JSON that holds at least this; `"..."` stands for any value, `["..."]` for a list that is
    /// not empty.
    Json {
        /// The pattern.
        pattern: serde_json::Value,
    },
    /// One of the texts, or all of them, as whole words.
    Shows {
        /// The texts.
        texts: Vec<String>,
        /// All of them, not one.
        all: bool,
        /// They stand in quotes: case matters, and their absence is a fail.
        quoted: bool,
    },
    /// Every row of a complete listing shows one of the texts.
    EveryRow {
        /// The texts.
        texts: Vec<String>,
        /// They stand in quotes.
        quoted: bool,
    },
    /// The text is the whole output, its one field or its status line.
    Is {
        /// The text.
        text: String,
        /// It can only be meant literally, so that another output is a fail.
        literal: bool,
    },
    /// None of the texts stands in the output.
    Absent {
        /// The texts.
        texts: Vec<String>,
    },
    /// Nothing on standard output.
    Empty,
    /// So many lines or rows, each row of which fulfils the conditions.
    Rows {
        /// What is counted.
        of: Counted,
        /// How their number compares.
        op: Op,
        /// With what.
        count: u64,
        /// What each has to fulfil.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        with: Vec<Condition>,
    },
    /// The output is one number that compares like this.
    Number {
        /// How.
        op: Op,
        /// With what.
        value: f64,
    },
    /// The answer has this HTTP status.
    Http {
        /// The status.
        status: u16,
    },
    /// These lines, in this order, among others.
    Lines {
        /// The lines.
        lines: Vec<String>,
    },
    /// The output is these lines; a line `...` stands for any.
    Output {
        /// The lines.
        lines: Vec<String>,
    },
    /// It tells a version that is this one or a later one.
    Version {
        /// The version.
        least: String,
    },
    /// `KEY=value` lines with these keys and something behind each; words in capitals in the values are wildcards.
    Keys {
        /// Keys and values as the document has them.
        keys: Vec<(String, String)>,
    },
    /// No line of it reports an error.
    NoErrors {
        /// Nor of a warning.
        warnings: bool,
    },
    /// Every percentage in it compares like this.
    Percent {
        /// How.
        op: Op,
        /// With what.
        value: f64,
    },
    /// It takes less than this.
    Within {
        /// Less than, or at most.
        op: Op,
        /// Milliseconds.
        ms: u64,
    },
    /// It fails, and says one of these.
    Fails {
        /// What it says.
        saying: Vec<String>,
    },
    /// It exits with 0.
    Succeeds {
        /// So does every command of its block.
        block: bool,
    },
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Rows of a listing.
    Rows,
    /// Lines of text.
    Lines,
    /// Whatever was looked for: hits, matches, results.
    Hits,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "comparisons, named as usual")]
pub enum Op {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Op {
    /// Whether `left` compares like this with `right`.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Op::Equal => (left - right).abs() < f64::EPSILON,
            Op::NotEqual => (left - right).abs() >= f64::EPSILON,
            Op::Less => left < right,
            Op::AtMost => left <= right,
            Op::More => left > right,
            Op::AtLeast => left >= right,
        }
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Op::Equal => "=",
            Op::NotEqual => "≠",
            Op::Less => "<",
            Op::AtMost => "≤",
            Op::More => ">",
            Op::AtLeast => "≥",
        }
    }
}

/// What a column of a row has to fulfil: `point_count > 0`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// How it compares.
    pub op: Op,
    /// With what.
    pub value: String,
}

/// Words of a sentence that its check does not cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Left {
    /// They name another way for it to be right: "or only old errors".
    pub or: bool,
    /// The words.
    pub text: String,
}

/// What a sentence comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    /// What can be checked of it.
    pub check: Option<Check>,
    /// What can't.
    pub left: Option<Left>,
}

/// Reads a sentence that says what is to be seen, with or without its "Expected:".
pub fn read(text: &str) -> Meaning {
    let Some(text) = in_english(&token::plain(text)) else { return Meaning::default() };
    let (first, lines) = text.split_once('\n').map_or((text.as_str(), None), |(f, l)| (f, Some(l)));
    let opening = openers::opening(first).map(|(opening, _)| opening);
    if opening == Some(Opening::Described) {
        return Meaning::default();
    }
    let lead = lead::read(first);
    if let Some(meaning) = lines.and_then(|lines| several_lines(&lead, first, lines)) {
        return meaning;
    }
    let joined = text.replace('\n', " ");
    let lead = if lines.is_some() { lead::read(&joined) } else { lead };
    let meaning = body::read(&lead);
    let trouble = opening == Some(Opening::Search) || waived(&joined);
    if trouble && meaning.check.as_ref().is_some_and(seeks_trouble) {
        return Meaning::default();
    }
    meaning
}

/// A sentence of another language in the words of the grammar; nothing where it says what is to be seen in words
/// that are not known.
fn in_english(text: &str) -> Option<String> {
    let (first, lines) = text.split_once('\n').map_or((text, None), |(f, l)| (f, Some(l)));
    match (languages::in_english(first), lines) {
        (Some(first), Some(lines)) => Some(format!("{first}\n{lines}")),
        (Some(first), None) => Some(first),
        (None, _) => (!languages::opens(first)).then(|| text.to_owned()),
    }
}

/// Whether a sentence says that what it speaks of does not matter: nor does its absence.
fn waived(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    ["harmless", "benign", "ignore", "may appear", "may see"].iter().any(|words| lower.contains(words))
}

/// Whether what is looked for may be what must not be there: "Look for `ERROR`".
fn seeks_trouble(check: &Check) -> bool {
    #[rustfmt::skip] // words, many to a line
    const TROUBLE: &[&str] = &[
        "error", "fail", "exception", "warn", "panic", "fatal", "denied", "refused", "timeout", "timed out", "unhealthy",
        "crash", "killed", "oom", "traceback", "backoff", "evicted", "pending", "500", "502", "503", "504", "5xx",
        "conflict", "abort", "missing", "unknown", "not ", "corrupt", "invalid", "stuck", "restart", "leak", "lag",
    ];
    let bad = |text: &String| TROUBLE.iter().any(|word| text.to_lowercase().contains(word));
    match check {
        Check::Shows { texts, .. } | Check::EveryRow { texts, .. } => texts.iter().any(bad),
        Check::Is { text, .. } => bad(text),
        Check::Lines { lines } | Check::Output { lines } => lines.iter().any(bad),
        Check::Http { .. }
        | Check::Json { .. }
        | Check::Empty
        | Check::Absent { .. }
        | Check::NoErrors { .. }
        | Check::Percent { .. } => false,
        _ => true,
    }
}

/// A lead that ends in a colon, with what it means on lines of its own; or JSON over several lines.
fn several_lines(lead: &lead::Lead, first: &str, lines: &str) -> Option<Meaning> {
    let whole = format!("{}\n{lines}", lead.rest);
    if let Some((pattern, left)) = json::at_start(whole.trim_start()).filter(|_| !lead.negated) {
        return Some(body::with_left(Check::Json { pattern }, lead, left.trim()));
    }
    if !first.trim_end().ends_with(':') || !lead.rest.trim().trim_matches(':').is_empty() {
        return None;
    }
    let told: Vec<&str> = lines.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let listed = told.len() > 1 && told.iter().all(|line| without_bullet(line) != *line);
    let lines: Vec<String> = told.iter().map(|line| unquoted(without_bullet(line)).to_owned()).collect();
    let keys: Vec<(String, String)> = lines.iter().filter_map(|l| literal::key_value(l)).collect();
    let check = if lines.is_empty() || lead.negated {
        return Some(Meaning::default());
    } else if keys.len() == lines.len() && lead.verb != lead::Verb::None {
        Check::Keys { keys }
    } else if listed && told.iter().zip(&lines).all(|(told, line)| without_bullet(told) != line) {
        // Code spans alone in a list: each is to be seen, in whatever order.
        Check::Shows { texts: lines, all: true, quoted: true }
    } else if let [line] = lines.as_slice()
        && let Some(status) = literal::status_line(line)
    {
        Check::Http { status }
    } else if lead.names_output || lead.verb == lead::Verb::None {
        Check::Output { lines }
    } else if lead.verb == lead::Verb::Shows {
        Check::Lines { lines }
    } else {
        return Some(Meaning::default());
    };
    Some(body::with_left(check, lead, ""))
}

/// The text of a line that is one code span.
fn unquoted(line: &str) -> &str {
    let inner = line.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    inner.filter(|inner| !inner.is_empty() && !inner.contains('`')).unwrap_or(line)
}

/// A line without the mark of an item; a line of dashes has none.
fn without_bullet(line: &str) -> &str {
    ["- ", "* ", "• ", "•"].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim()
}

impl Check {
    /// What is looked for, in words.
    pub fn says(&self) -> String {
        let quoted = |texts: &[String], word: &str| {
            texts.iter().map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(&format!(" {word} "))
        };
        match self {
            Check::Json { pattern } if pattern == ANY => "JSON".into(),
            Check::Json { .. } => "JSON with at least these fields".into(),
            Check::Shows { texts, all, .. } => {
                format!("shows {}", quoted(texts, if *all { "and" } else { "or" }))
            }
            Check::EveryRow { texts, .. } => format!("every row shows {}", quoted(texts, "or")),
            Check::Is { text, .. } => format!("is \"{text}\""),
            Check::Absent { texts } => format!("does not show {}", quoted(texts, "or")),
            Check::Empty => "nothing on standard output".into(),
            Check::Rows { of, op, count, with } => {
                let of = match of {
                    Counted::Rows => "rows",
                    Counted::Lines => "lines",
                    Counted::Hits => "hits",
                };
                let with: Vec<String> =
                    with.iter().map(|c| format!("{} {} {}", c.column, c.op.sign(), c.value)).collect();
                let with =
                    if with.is_empty() { String::new() } else { format!(" with {}", with.join(" and ")) };
                format!("{of} {} {count}{with}", op.sign())
            }
            Check::Number { op, value } => format!("a number {} {value}", op.sign()),
            Check::NoErrors { warnings } => {
                format!("no line reports an error{}", if *warnings { " or a warning" } else { "" })
            }
            Check::Percent { op, value } => format!("every percentage {} {value} %", op.sign()),
            Check::Http { status } => format!("HTTP status {status}"),
            Check::Lines { lines } => format!("{} lines, in this order", lines.len()),
            Check::Output { lines } => format!("these {} lines as the output", lines.len()),
            Check::Version { least } => format!("version ≥ {least}"),
            Check::Keys { keys } => {
                format!("has {}", keys.iter().map(|(k, _)| k.as_str()).collect::<Vec<_>>().join(", "))
            }
            Check::Within { op, ms } => {
                format!("time {} {}", op.sign(), crate::figures::limit(std::time::Duration::from_millis(*ms)))
            }
            Check::Fails { saying } => format!("fails with {}", quoted(saying, "or")),
            Check::Succeeds { block: true } => "every command of the block exits with 0".into(),
            Check::Succeeds { block: false } => "exits with 0".into(),
        }
    }
}
