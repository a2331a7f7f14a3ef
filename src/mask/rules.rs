//! What says of itself that it is a secret: a value behind a name that says so, the password of a URL, a private key.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::forms::SHORTEST;

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it is.
    pub(super) value: Range<usize>,
    /// It may go on beyond the text.
    pub(super) open: Option<Until>,
}

/// What ends a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// A blank.
    Blank,
    /// A blank, or a sign that ends a word of a command.
    Sign,
    /// This quote, or the line's end.
    Quote(u8),
    /// The last line of a PEM block.
    PemEnd,
}

impl Until {
    /// Where in a text it ends; `before` is what stands before the text.
    pub(super) fn end(self, before: &[u8], text: &[u8]) -> Option<usize> {
        match self {
            Until::Blank => text.iter().position(|b| b.is_ascii_whitespace() || *b == 0x1b),
            Until::Sign => {
                text.iter().position(|b| b.is_ascii_whitespace() || b"\"'&;|)".contains(b) || *b == 0x1b)
            }
            Until::Quote(quote) => {
                let ends = |at: usize| match text[at] {
                    b'\n' | b'\r' => true,
                    b => b == quote && (quote != b'"' || ends_quoted(&text[..=at], quote)),
                };
                (0..text.len()).find(|at| ends(*at))
            }
            Until::PemEnd => {
                let before = &before[before.len().saturating_sub(PEM_END.len())..];
                let whole = [before, text].concat();
                let end = whole.windows(PEM_END.len()).position(|w| w == PEM_END);
                end.map(|end| end.saturating_sub(before.len()))
            }
        }
    }

    /// How much of the end of a text may be the beginning of its end.
    pub(super) fn open(self, text: &[u8]) -> usize {
        match self {
            Until::PemEnd => (1..PEM_END.len()).rev().find(|n| text.ends_with(&PEM_END[..*n])).unwrap_or(0),
            // What a backslash at the end is for stands behind it.
            Until::Quote(b'"') => text.iter().rev().take_while(|b| **b == b'\\').count() % 2,
            Until::Blank | Until::Sign | Until::Quote(_) => 0,
        }
    }
}

/// The beginning of the last line of a PEM block (RFC 7468).
const PEM_END: &[u8] = b"-----END";

/// Words of names whose values are secret.
const NAMES: &str =
    "password|passwd|pgpass|secret|token|api_?key|private_?key|credential|access_?key|_pwd|_pass";

/// Words that are no values.
const NO_VALUES: &[&[u8]] =
    &[b"true", b"false", b"null", b"none", b"yes", b"no", b"on", b"off", b"undefined"];

/// Colours between a name and its value, as `grep --color` puts them.
const COLOUR: &str = r"(?:\x1b\[[0-9;]*[mK])*";

/// One expression a rule; the group `v` is the secret.
static RULES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let name = format!(r"[a-z0-9_.\-]*(?:{NAMES})[a-z0-9_.\-]*{COLOUR}");
    let quoted = r#""(?:\\.|[^"\\\r\n])*"?|'[^'\r\n]*'?"#;
    let patterns = [
        // A line that is only that, as in a file of variables: the value ends with it.
        format!(r#"(?im)^(?:export[ \t]+)?{name}={COLOUR}(?P<v>{quoted}|[^\s"'\x1b]+)"#),
        format!(r#"(?i){name}={COLOUR}(?P<v>{quoted}|[^\s"'&;|)\x1b]+)"#),
        format!(r#"(?i)"{name}"\s*:\s*(?P<v>"(?:\\.|[^"\\\r\n])*"?)"#),
        r#"://[^\s/:@"']*:(?P<v>[^\s/@"']+)@"#.to_owned(),
        r#"(?i)\bauthorization["']?\s*:\s*["']?(?:bearer|basic|token)\s+(?P<v>[^\s"']+)"#.to_owned(),
        r#"(?i)\s--?(?:password|passwd|token|secret|api-key)\s+(?P<v>[^\s"'\-$<][^\s"']*)"#.to_owned(),
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----(?P<v>.*?)(?:-----END|\z)".to_owned(),
    ];
    // They are constants: a mistake in one shows in every test.
    patterns.iter().filter_map(|p| Regex::new(p).ok()).collect()
});

/// A secret's beginning, from which on it can't be told yet whether it is one.
static OPEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let open = format!(
        r#"(?i)(?:[a-z0-9_.\-]*(?:{NAMES})[a-z0-9_.\-]*(?:\x1b\[[0-9;]*[mK]?)*\x1b?|://[^\s/:@"']*:[^\s/@"']*|-----[A-Z \-]*)$"#
    );
    Regex::new(&open).ok()
});

/// What each of the rules needs to find anything.
static SIGNS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?i){NAMES}|://|authorization|-----BEGIN")).ok());

/// The longest beginning that is held back.
const LONGEST: usize = 256;

pub(super) struct Rules;

impl Rules {
    /// Whether it is worth to look closer: most output holds nothing of the kind, and comes fast.
    pub(super) fn may_find(before: &[u8], text: &[u8]) -> bool {
        let signs = |t: &[u8]| SIGNS.as_ref().is_none_or(|signs| signs.is_match(t));
        // One that is cut through between the two is short, and stands at the text's beginning.
        let seam = [&before[before.len().saturating_sub(32)..], &text[..text.len().min(32)]].concat();
        signs(text) || signs(before) || signs(&seam)
    }

    /// All secrets of a text, by what stands around them; `whole` where nothing comes after it.
    pub(super) fn find(text: &[u8], whole: bool) -> Vec<Found> {
        let mut found = Vec::new();
        for (number, rule) in RULES.iter().enumerate() {
            for captures in rule.captures_iter(text) {
                let Some(value) = captures.name("v") else { continue };
                let (bytes, at) = (value.as_bytes(), value.range());
                let quote = bytes.first().copied().filter(|b| b"\"'".contains(b));
                let inner = bytes.strip_prefix(b"\"").or(bytes.strip_prefix(b"'")).unwrap_or(bytes);
                let pem = captures.get(0).is_some_and(|m| m.as_bytes().starts_with(b"-----BEGIN"));
                let closed = quote.is_some_and(|q| ends_quoted(inner, q));
                let goes_on = !whole && at.end == text.len() && !closed;
                // What may go on is a value until it is seen not to be one.
                if !pem && is_no_value(inner, goes_on) {
                    continue;
                }
                let open = goes_on.then_some(match (pem, quote) {
                    (true, _) => Until::PemEnd,
                    (_, Some(quote)) => Until::Quote(quote),
                    _ if number == 0 => Until::Blank,
                    _ => Until::Sign,
                });
                // Quotes stay: what is in them is the secret.
                let start = at.start + usize::from(quote.is_some());
                // What may be the end of a block stays, to be known as that.
                let end = at.end - usize::from(closed) - open.map_or(0, |until| until.open(text));
                if end > start || open.is_some() {
                    found.push(Found { value: start..end.max(start), open });
                }
            }
        }
        found
    }

    /// How much of the end of a text may begin a secret; `before` is what stands before the text.
    pub(super) fn open(before: &[u8], text: &[u8]) -> usize {
        if text.last().is_none_or(u8::is_ascii_whitespace) {
            return 0;
        }
        let whole = [before, text].concat();
        let tail = &whole[whole.len().saturating_sub(LONGEST)..];
        let found = OPEN.as_ref().and_then(|open| open.find(tail));
        found.map_or(0, |m| (tail.len() - m.start()).min(text.len()))
    }
}

/// Whether a text ends with a quote that ends it.
fn ends_quoted(text: &[u8], quote: u8) -> bool {
    let Some(rest) = text.strip_suffix(&[quote]) else { return false };
    let slashes = rest.iter().rev().take_while(|b| **b == b'\\').count();
    quote != b'"' || slashes.is_multiple_of(2)
}

/// Variables, placeholders, switches and small numbers are no secrets; nor is what is masked already.
fn is_no_value(value: &[u8], goes_on: bool) -> bool {
    let lower: Vec<u8> = value.iter().map(u8::to_ascii_lowercase).collect();
    let bare = lower.strip_suffix(b"\"").or(lower.strip_suffix(b"'")).unwrap_or(&lower);
    let in_signs = |open: &[u8], close: &[u8]| bare.starts_with(open) && bare.ends_with(close);
    let variable = match bare {
        [b'$', next, ..] => next.is_ascii_alphabetic() || b"_{(".contains(next),
        [b'`', ..] => true,
        _ => false,
    };
    let hole =
        bare.starts_with(b"<") || in_signs(b"{{", b"}}") || in_signs(b"[", b"]") || bare == b"$" && goes_on;
    let masked = !bare.is_empty() && bare.iter().all(|b| *b == b'*');
    let small = !bare.is_empty() && bare.len() < SHORTEST && bare.iter().all(u8::is_ascii_digit);
    variable || hole || masked || !goes_on && (NO_VALUES.contains(&bare) || small)
}
