//! What a check item asks, word by word: what it is about, within which bound, for how long.
//!
//! The whole sentence has to be understood. A word that says something else makes it a question for a person.

use crate::runbook::measures::{Bound, Measure};
use crate::runbook::model::Threshold;
use crate::runbook::thresholds::opposite_sign;
use crate::runbook::words::unit_ms;

/// What an item is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// That it answers, and nothing else.
    Answers,
    /// A figure.
    Measure(Measure),
    /// How long answers take, whichever figure of it.
    Latency,
    /// What a machine has left.
    Resources,
    /// Lines of logs that speak of errors.
    LogErrors,
    /// That what was named runs.
    Containers,
}

/// What an item asks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) about: About,
    /// The bound that it names.
    pub(super) bound: Option<Bound>,
    /// For so many seconds.
    pub(super) length_s: Option<u64>,
    /// Words that name what is meant, where something that is watched is called so.
    pub(super) names: Vec<String>,
    /// It says that it is bad: "not responding".
    pub(super) bad: bool,
}

/// A word, a number, or a sign of comparison.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(f64),
    Sign(&'static str),
}

/// That it answers.
#[rustfmt::skip] // words, many to a line
const ANSWERS: &[&str] = &[
    "responding", "responds", "respond", "reachable", "answering", "answers", "answer", "up", "alive", "live", "accessible",
    "available", "online",
];
/// How long an answer takes.
const LATENCY: &[&str] =
    &["latency", "latencies", "performance", "slow", "slowly", "fast", "quickly", "promptly"];
/// That a share of answers is bad.
const ERRORS: &[&str] =
    &["error", "errors", "5xx", "500s", "5xxs", "spike", "spikes", "exceptions", "failures"];
/// That a state is as it should be.
#[rustfmt::skip] // words, many to a line
const WELL: &[&str] = &[
    "normal", "normally", "acceptable", "ok", "okay", "good", "fine", "nominal", "healthy", "low", "target", "targets",
    "limits", "limit", "bounds", "range", "threshold", "thresholds", "sla", "slo", "running",
];
/// That it goes on as it is.
const STEADY: &[&str] = &["stable", "steady"];
/// How long that is asked of where nothing else is said, in seconds.
const STEADY_S: u64 = 600;
/// That it is not.
#[rustfmt::skip] // words, many to a line
const BAD: &[&str] = &[
    "not", "isn't", "aren't", "doesn't", "don't", "fails", "fail", "failing", "failed", "down", "unreachable", "unavailable",
    "unhealthy", "unresponsive", "high", "elevated", "slow", "slowly",
];
/// That there is none of something bad.
const NONE: &[&str] = &["no", "zero", "without", "free"];
/// Words that add nothing.
#[rustfmt::skip] // words, many to a line
const FILLERS: &[&str] = &[
    "the", "a", "an", "is", "are", "be", "been", "being", "was", "were", "all", "both", "each", "every", "of", "and", "with", "its",
    "on", "at", "still", "remains", "remain", "stays", "stay", "should", "must", "has", "have", "there", "any", "we",
    "now", "within", "in", "by", "s", "do", "does",
];
/// What anything that serves is called.
#[rustfmt::skip] // words, many to a line
const ANY_SERVICE: &[&str] = &[
    "service", "services", "server", "servers", "api", "apis", "app", "application", "applications", "site", "website",
    "endpoint", "endpoints", "backend", "system", "systems", "url", "health", "check", "checks", "healthcheck", "http",
    "https", "request", "requests", "response", "responses", "query", "queries", "web", "status",
];
/// What runs by itself.
const CONTAINERS: &[&str] = &["containers", "container", "pods", "instances"];
/// What a machine has.
const RESOURCES: &[&str] = &["resource", "resources"];
/// Words of one figure of a machine, a database or a certificate.
#[rustfmt::skip] // words, many to a line
const FIGURES: &[&str] = &[
    "cpu", "processor", "memory", "ram", "swap", "disk", "disks", "storage", "load", "connections", "certificate", "cert",
    "replication", "lag", "delay", "database", "db",
];
/// Words that go with a figure and say nothing more.
const WITH_FIGURES: &[&str] =
    &["usage", "use", "used", "space", "left", "available", "average", "rate", "rates", "ratio", "count"];
/// Which of several figures of answers.
const WHICH: &[&str] = &["p50", "p95", "p99", "median", "mean", "avg"];

impl Asked {
    /// Reads an item; nothing where a word of it says something that is not understood. `is_name` tells whether
    /// something that is watched is called so.
    pub(super) fn read(item: &str, is_name: impl Fn(&str) -> bool) -> Option<Self> {
        let tokens = tokens(item);
        let mut seen = Seen::default();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let rest = tokens.get(at..).unwrap_or_default();
            if let Some((taken, length)) = length(rest) {
                seen.length_s = Some(length);
                at += taken;
            } else if let Some((taken, threshold)) = bound(rest) {
                seen.threshold = Some(threshold);
                at += taken;
            } else if let Some((taken, kind)) = phrase(rest) {
                seen.kinds.push(kind);
                at += taken;
            } else if let Token::Word(word) = token {
                seen.word(word, &is_name)?;
                at += 1;
            } else {
                return None;
            }
        }
        seen.asked(item)
    }
}

/// What a word or some words speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Answers,
    Latency,
    Errors,
    Logs,
    Containers,
    Resources,
    Figure,
    Well,
    Steady,
    Bad,
    None,
    Service,
}

/// What was read of an item.
#[derive(Default)]
struct Seen {
    kinds: Vec<Kind>,
    threshold: Option<Threshold>,
    length_s: Option<u64>,
    names: Vec<String>,
}

impl Seen {
    fn word(&mut self, word: &str, is_name: impl Fn(&str) -> bool) -> Option<()> {
        let is = |words: &[&str]| words.contains(&word);
        let mut known = false;
        let all: [(&[&str], Kind); 12] = [
            (ANSWERS, Kind::Answers),
            (LATENCY, Kind::Latency),
            (WHICH, Kind::Latency),
            (ERRORS, Kind::Errors),
            (&["log", "logs"], Kind::Logs),
            (CONTAINERS, Kind::Containers),
            (RESOURCES, Kind::Resources),
            (FIGURES, Kind::Figure),
            (WELL, Kind::Well),
            (STEADY, Kind::Steady),
            (BAD, Kind::Bad),
            (NONE, Kind::None),
        ];
        for (words, kind) in all {
            if is(words) {
                self.kinds.push(kind);
                known = true;
            }
        }
        if is(ANY_SERVICE) {
            self.kinds.push(Kind::Service);
        }
        known |= is(ANY_SERVICE) || is(FILLERS) || is(WITH_FIGURES);
        if !known && is_name(word) {
            self.names.push(word.to_owned());
            known = true;
        }
        known.then_some(())
    }

    fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// What it comes to: a time asks the latency, a share the rate, a name of a figure that figure; that it answers is
    /// asked only where nothing else is.
    fn asked(self, item: &str) -> Option<Asked> {
        let unit = self.threshold.as_ref().map(|t| t.unit.as_str());
        let timed = unit.is_some_and(|unit| unit_ms(unit).is_some());
        let figure = Measure::of_metric(item);
        let about = if self.has(Kind::Logs) {
            (self.has(Kind::Errors) && self.threshold.is_none()).then_some(About::LogErrors)?
        } else if let Some(measure) = figure.filter(|_| self.has(Kind::Figure) && !self.has(Kind::Latency)) {
            About::Measure(measure)
        } else if self.has(Kind::Latency) || (timed && !self.has(Kind::Figure)) {
            match figure {
                Some(
                    measure @ (Measure::LatencyP50
                    | Measure::LatencyP95
                    | Measure::LatencyP99
                    | Measure::LatencyMean),
                ) => About::Measure(measure),
                _ => About::Latency,
            }
        } else if self.has(Kind::Errors) {
            About::Measure(Measure::ErrorRate)
        } else if self.has(Kind::Resources) {
            About::Resources
        } else if self.has(Kind::Figure) {
            // "CPU and memory normal": which of them is not told.
            return None;
        } else if self.has(Kind::Containers) || (self.runs() && !self.has(Kind::Answers)) {
            About::Containers
        } else if self.has(Kind::Answers)
            || (self.has(Kind::Service) && (self.has(Kind::Bad) || self.has(Kind::Steady)))
        {
            About::Answers
        } else {
            return None;
        };
        // "No failed health checks", "not down": what two such words come to together is for somebody who reads them, and so
        // is one beside a bound. The room that is free is a figure.
        let count = |kind: Kind| self.kinds.iter().filter(|known| **known == kind).count();
        let (bads, nones) = (count(Kind::Bad), count(Kind::None));
        let beside = bads > 0 || nones > 0 && !self.has(Kind::Figure);
        if bads + nones > 1 || self.threshold.is_some() && beside {
            return None;
        }
        let bound = match &self.threshold {
            Some(threshold) => Some(Bound::read(threshold, about.measure()?, item)?),
            None => None,
        };
        // "Errors", "the API": nothing is said of it. A figure says something by its bound, or by a word for well.
        let state = matches!(about, About::Answers | About::Containers);
        if self.has(Kind::Steady) && !state {
            // Whether a figure moves is for somebody who sees how it does.
            return None;
        }
        let says = bound.is_some()
            || [Kind::Steady, Kind::Well, Kind::Bad, Kind::None].into_iter().any(|kind| self.has(kind))
            || about == About::Answers
            || (about == About::Latency && item_in_time(item));
        let negated = self.has(Kind::Bad);
        // "No errors" is good, "errors" without more is not said to be.
        let bad = negated && !(self.has(Kind::None) && self.has(Kind::Errors));
        let steady = self.has(Kind::Steady).then_some(STEADY_S);
        let length_s = self.length_s.or(steady);
        says.then_some(Asked { about, bound, length_s, names: self.names, bad })
    }

    fn runs(&self) -> bool {
        self.has(Kind::Service) && self.has(Kind::Well) || !self.names.is_empty() && self.has(Kind::Well)
    }
}

impl About {
    /// The measure whose bounds an item names.
    fn measure(self) -> Option<Measure> {
        match self {
            About::Measure(measure) => Some(measure),
            About::Latency => Some(Measure::Latency),
            _ => None,
        }
    }
}

fn item_in_time(item: &str) -> bool {
    let words = tokens(item);
    words.windows(2).any(|pair| matches!(phrase(pair), Some((2, Kind::Latency))))
        || words
            .iter()
            .any(|t| matches!(t, Token::Word(w) if ["fast", "quickly", "promptly"].contains(&w.as_str())))
}

/// Words that mean something together.
fn phrase(tokens: &[Token]) -> Option<(usize, Kind)> {
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    Some(match (word(0), word(1), word(2)) {
        ("in" | "on", "time", _) => (2, Kind::Latency),
        ("response" | "answer", "time" | "times", _) => (2, Kind::Latency),
        ("as", "expected", _) => (2, Kind::Well),
        ("not" | "isn't" | "aren't", "elevated" | "high" | "slow", _) => (2, Kind::Well),
        ("no", "slow", _) => (2, Kind::Well),
        ("in" | "within", "the", "logs" | "log") => (2, Kind::Logs),
        _ => return None,
    })
}

/// "for 10 minutes", "over the last hour": so many words, and seconds.
fn length(tokens: &[Token]) -> Option<(usize, u64)> {
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    if !matches!(word(0), "for" | "over" | "during") {
        return None;
    }
    let mut at = 1;
    while matches!(
        word(at),
        "at" | "least" | "the" | "last" | "past" | "more" | "than" | "first" | "full" | "a" | "an"
    ) {
        at += 1;
    }
    let (count, unit_at) = match tokens.get(at)? {
        Token::Number(count) => (*count, at + 1),
        Token::Word(_) => (1.0, at),
        Token::Sign(_) => return None,
    };
    let seconds = unit_ms(word(unit_at))? / 1000.0;
    (word(0) == "for" || at > 1).then_some((unit_at + 1, (count * seconds) as u64))
}

/// "within 500 ms", "below 1 %", "< 2s", "> 20%": so many tokens, and the bound.
/// "Does not exceed 5 %", "no more than 500 ms" say the opposite of what follows.
fn bound(tokens: &[Token]) -> Option<(usize, Threshold)> {
    const NOT: &[&str] = &["no", "not", "never", "doesn't", "don't", "isn't", "aren't"];
    let opposite = matches!(tokens.first(), Some(Token::Word(word)) if NOT.contains(&word.as_str()));
    let mut op = None;
    let mut at = usize::from(opposite);
    loop {
        let (more, taken) = match (tokens.get(at)?, tokens.get(at + 1)) {
            (Token::Sign(sign), _) => (Some(*sign), 1),
            (Token::Word(word), next) => {
                let next = match next {
                    Some(Token::Word(next)) => next.as_str(),
                    _ => "",
                };
                match (word.as_str(), next) {
                    ("less" | "lower" | "fewer" | "faster", "than") => (Some("<"), 2),
                    ("more" | "greater" | "higher" | "slower", "than") => (Some(">"), 2),
                    ("at", "least") => (Some(">="), 2),
                    ("at", "most") | ("up", "to") => (Some("<="), 2),
                    ("within" | "max" | "maximum", _) => (Some("<="), 1),
                    ("below" | "under", _) => (Some("<"), 1),
                    ("above" | "over" | "exceeds" | "exceed" | "exceeding", _) => (Some(">"), 1),
                    ("in" | "is" | "be" | "stays" | "remains", _) => (None, 1),
                    _ => break,
                }
            }
            (Token::Number(_), _) => break,
        };
        // The last one says it: "in under 1 second".
        op = more.or(op);
        at += taken;
    }
    let (op, Token::Number(value)) = (op?, tokens.get(at)?) else { return None };
    let op = if opposite { opposite_sign(op)? } else { op };
    let unit = match tokens.get(at + 1) {
        Some(Token::Word(word)) if word == "%" || word == "percent" => "%",
        Some(Token::Word(word)) if unit_ms(word).is_some() || is_size(word) || word.starts_with("day") => {
            word
        }
        _ => "",
    };
    let taken = at + 1 + usize::from(!unit.is_empty());
    Some((taken, Threshold { op: op.to_owned(), value: *value, unit: unit.to_owned() }))
}

fn is_size(word: &str) -> bool {
    ["kb", "kib", "mb", "mib", "gb", "gib"].contains(&word)
}

/// Words in lower case, numbers apart from their units, signs of comparison apart from all.
fn tokens(item: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut number = String::new();
    let mut chars = item.chars().peekable();
    let mut flush = |word: &mut String, number: &mut String| {
        if let Ok(value) = number.trim_end_matches('.').parse() {
            tokens.push(Token::Number(value));
        }
        number.clear();
        if !word.is_empty() {
            tokens.push(Token::Word(std::mem::take(word)));
        }
        tokens.len()
    };
    let mut signs: Vec<(usize, &'static str)> = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            '0'..='9' if word.is_empty() => number.push(c),
            '.' | ',' if !number.is_empty() && chars.peek().is_some_and(char::is_ascii_digit) => {
                if c == '.' {
                    number.push(c);
                }
            }
            '%' => {
                flush(&mut word, &mut number);
                word.push('%');
                flush(&mut word, &mut number);
            }
            '<' | '>' | '≤' | '≥' => {
                let at = flush(&mut word, &mut number) + signs.len();
                let or = chars.next_if_eq(&'=').is_some();
                signs.push((
                    at,
                    match (c, or) {
                        ('<', false) => "<",
                        ('>', false) => ">",
                        ('<', true) | ('≤', _) => "<=",
                        _ => ">=",
                    },
                ));
            }
            // "5xx", "500s" are words; "500ms" is a number with its unit.
            c if c.is_alphanumeric() || c == '\'' || c == '’' => {
                let counted = !number.is_empty() && matches!(c, 'x' | 's') && number.starts_with('5');
                let unit = chars.peek().is_some_and(|next| next.is_alphanumeric() && c == 's');
                if counted && !unit && (c == 'x' || number == "500") {
                    word = std::mem::take(&mut number);
                } else if !number.is_empty() {
                    flush(&mut word, &mut number);
                }
                let c = if c == '’' { '\'' } else { c };
                word.extend(c.to_lowercase());
            }
            _ => {
                flush(&mut word, &mut number);
            }
        }
    }
    flush(&mut word, &mut number);
    for (at, sign) in signs {
        tokens.insert(at.min(tokens.len()), Token::Sign(sign));
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(item: &str) -> Option<Asked> {
        Asked::read(item, |word| ["search", "worker"].contains(&word))
    }

    fn told(item: &str) -> String {
        let Some(asked) = read(item) else { return "yours to say".into() };
        let bound = asked.bound.map_or(String::new(), |b| format!(" {}{}", b.side.sign(), b.value));
        let length = asked.length_s.map_or(String::new(), |s| format!(" for {s} s"));
        let bad = if asked.bad { " bad" } else { "" };
        let names = asked.names.join(" ");
        format!("{:?}{bound}{length}{bad} {names}", asked.about).trim_end().to_owned()
    }

    #[test]
    fn an_item_is_asked_what_it_is_about() {
        for (item, wanted) in [
            ("Search answers in time", "Latency search"),
            ("API responds within 500 ms", "Latency ≤500"),
            ("API responding in under 1 second", "Latency <1000"),
            ("Response times normal", "Latency"),
            ("Query latency < 2s (p95)", "Measure(LatencyP95) <2000"),
            ("Search latency acceptable", "Latency search"),
            ("Error rate below 1 %", "Measure(ErrorRate) <1"),
            ("No 5xx spike", "Measure(ErrorRate)"),
            ("No errors", "Measure(ErrorRate)"),
            ("No errors in the logs", "LogErrors"),
            ("Service up for 10 minutes", "Answers for 600 s"),
            ("Service has been up for 10 minutes", "Answers for 600 s"),
            ("Service stable", "Answers for 600 s"),
            ("Memory usage stable", "yours to say"),
            ("API server responding", "Answers"),
            ("Service not responding", "Answers bad"),
            ("Health checks fail", "Answers bad"),
            ("Disk space > 20% free", "Measure(DiskFree) >20"),
            ("Memory usage below 80 %", "Measure(Memory) <80"),
            ("All containers healthy", "Containers"),
            ("All services running", "Containers"),
            ("worker running", "Containers worker"),
            ("Resource usage normal", "Resources"),
            ("CPU and memory normal", "yours to say"),
            ("Service answers and customers are happy", "yours to say"),
            ("Errors are as before", "yours to say"),
            ("Support has no new tickets", "yours to say"),
            ("The API", "yours to say"),
            ("Error rate above 5 % for 5 minutes", "Measure(ErrorRate) >5 for 300 s"),
            ("Respond to customers within 15 minutes", "yours to say"),
        ] {
            assert_eq!(told(item), wanted, "{item}");
        }
    }

    #[test]
    fn what_is_negated_is_the_opposite_or_a_persons_to_say() {
        let of = |item: &str| Asked::read(item, |_| false);
        for (item, holds, does_not) in [
            ("Error rate does not exceed 5 %", 4.0, 6.0),
            ("Error rate should not be above 5 %", 4.0, 6.0),
            ("Error rate is below 5 %", 4.0, 6.0),
            ("Response time is no more than 500 ms", 400.0, 600.0),
            ("Response time is not slower than 500 ms", 400.0, 600.0),
            ("Latency p95 doesn't exceed 500 ms", 400.0, 600.0),
        ] {
            let bound = of(item).and_then(|asked| asked.bound).unwrap_or_else(|| panic!("{item}"));
            assert!(bound.holds(holds) && !bound.holds(does_not), "{item}: {bound:?}");
        }
        for item in [
            "No failed health checks",
            "No unhealthy containers",
            "The service is not down",
            "Health checks do not fail",
        ] {
            assert!(of(item).is_none_or(|asked| !asked.bad), "{item}: two of them are nobody's to guess");
        }
        assert!(of("Health checks fail").is_some_and(|asked| asked.bad));
        assert!(of("No errors").is_some_and(|asked| !asked.bad));
    }
}
