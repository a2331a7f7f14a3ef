//! A number with its unit, how it compares, and for how long: "> 5 % for 5 minutes", "200-500ms", "at most 10".

use super::super::words::{duration_s, unit_ms};

/// How a value compares with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Below,
    AtMost,
    Above,
    AtLeast,
    Is,
}

impl Op {
    /// As a threshold has it.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Op::Below => "<",
            Op::AtMost => "<=",
            Op::Above => ">",
            Op::AtLeast => ">=",
            Op::Is => "=",
        }
    }

    /// What holds where this does not.
    pub(super) fn opposite(self) -> Self {
        match self {
            Op::Below => Op::AtLeast,
            Op::AtMost => Op::Above,
            Op::Above => Op::AtMost,
            Op::AtLeast => Op::Below,
            Op::Is => Op::Is,
        }
    }

    /// Whether it wants less rather than more.
    pub(super) fn is_upper(self) -> bool {
        matches!(self, Op::Below | Op::AtMost)
    }
}

/// The sign of what holds where that of another does not; nothing where that is no comparison.
pub fn opposite_sign(sign: &str) -> Option<&'static str> {
    let all = [Op::Below, Op::AtMost, Op::Above, Op::AtLeast];
    all.into_iter().find(|op| op.sign() == sign).map(|op| op.opposite().sign())
}

/// A number as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Amount {
    /// How it compares, where that is said.
    pub(super) op: Option<Op>,
    pub(super) value: f64,
    /// The other end of a span: "200-500ms".
    pub(super) until: Option<f64>,
    /// As written; a span's is that of its end.
    pub(super) unit: String,
    /// The byte where it begins, what compares it with it.
    pub(super) begins: usize,
    /// The byte behind its unit.
    pub(super) ends: usize,
}

/// Words and signs that compare, with what they mean.
#[rustfmt::skip] // words, many to a line
const COMPARE: &[(&[&str], Op)] = &[
    (&["no more than", "not more than", "at most", "up to", "within", "not exceed", "not exceeding", "max", "max.", "maximum", "maximum of", "<=", "=<", "≤", "≦", "höchstens", "maximal", "au plus", "como máximo", "no máximo", "al massimo", "не более", "не больше", "最多", "不超过", "不高于", "不超過"], Op::AtMost),
    (&["no less than", "not less than", "no fewer than", "at least", "not below", "min", "min.", "minimum", "minimum of", ">=", "=>", "≥", "≧", "mindestens", "au moins", "al menos", "pelo menos", "almeno", "не менее", "не меньше", "至少", "不低于", "不少于", "不低於"], Op::AtLeast),
    (&["below", "under", "less than", "fewer than", "lower than", "smaller than", "<", "＜", "unter", "weniger als", "kleiner als", "inférieur à", "inférieure à", "moins de", "menor que", "menor a", "menos de", "por debajo de", "inferior a", "abaixo de", "menor do que", "meno di", "inferiore a", "sotto", "poniżej", "mniej niż", "ниже", "меньше", "менее", "dưới", "nhỏ hơn", "onder", "minder dan", "低于", "低於", "小于", "小於", "少于"], Op::Below),
    (&["above", "over", "more than", "greater than", "higher than", "larger than", "exceeds", "exceed", "exceeding", "beyond", ">", "＞", "über", "mehr als", "größer als", "supérieur à", "supérieure à", "plus de", "dépasse", "mayor que", "mayor a", "más de", "superior a", "supera", "por encima de", "acima de", "maior que", "maior do que", "mais de", "excede", "oltre", "più di", "superiore a", "powyżej", "więcej niż", "przekracza", "выше", "больше", "более", "превышает", "trên", "lớn hơn", "vượt quá", "boven", "meer dan", "高于", "高於", "超过", "超過", "大于", "大於"], Op::Above),
    (&["=", "=="], Op::Is),
];

/// Words behind a number that compare it.
#[rustfmt::skip] // words, many to a line
const BEHIND: &[(&[&str], Op)] = &[
    (&["or more", "or higher", "or above", "以上", "이상"], Op::AtLeast),
    (&["or less", "or lower", "or below", "以下", "이하"], Op::AtMost),
    (&["未満", "미만"], Op::Below),
    (&["を超え", "초과"], Op::Above),
];

/// What compares in a text from a byte on, with where it begins and ends: the first, and of those the longest.
fn comparison(lower: &str, from: usize) -> Option<(usize, usize, Op)> {
    let words = COMPARE.iter().flat_map(|(words, op)| words.iter().map(move |word| (*word, *op)));
    let places = words.filter_map(|(word, op)| {
        let mut at = from;
        loop {
            let begins = at + lower.get(at..)?.find(word)?;
            let ends = begins + word.len();
            if stands_alone(lower, begins, ends, word) {
                return Some((begins, ends, op));
            }
            at = ends;
        }
    });
    places.min_by_key(|(begins, ends, _)| (*begins, usize::MAX - ends))
}

/// Whether letters on both sides of a word belong to no longer one.
fn stands_alone(text: &str, begins: usize, ends: usize, word: &str) -> bool {
    // Signs, and languages without blanks between words, stand anywhere; an arrow is no comparison.
    if word.starts_with(|c: char| !c.is_alphabetic() || c >= '\u{2e80}') {
        let before = text.get(..begins).unwrap_or("");
        let arrow = match word {
            ">" => before.ends_with(['-', '=']),
            "<" => before.ends_with('-'),
            "=" => before.ends_with(['!', '~']),
            _ => false,
        };
        return !arrow;
    }
    let letter = |c: char| c.is_alphanumeric();
    !text.get(..begins).unwrap_or("").ends_with(letter) && !text.get(ends..).unwrap_or("").starts_with(letter)
}

/// The first number from a byte on that something compares, or that the text from there on begins with.
pub(super) fn amount(text: &str, from: usize) -> Option<Amount> {
    // Lower case by letters of one byte, so that places stay where they are.
    let lower = text.to_ascii_lowercase();
    let bare = lower.get(from..)?;
    let at = from + (bare.len() - bare.trim_start_matches([' ', '~', '*', '`', '≈']).len());
    let written = |number: Amount| {
        let unit = text.get(number.ends.saturating_sub(number.unit.len())..number.ends).unwrap_or("");
        let same = unit.eq_ignore_ascii_case(&number.unit);
        Amount { unit: if same { unit.to_owned() } else { number.unit }, ..number }
    };
    if let Some(number) = number(&lower, at) {
        let op = behind(lower.get(number.ends..)?);
        return Some(Amount { op, begins: at, ..written(number) });
    }
    let mut from = from;
    loop {
        let (begins, ends, op) = comparison(&lower, from)?;
        let rest = lower.get(ends..)?;
        let skipped = rest.trim_start_matches([' ', '\u{a0}', '~', '*', '`', ':', '≈']);
        let skipped = skipped.strip_prefix("a ").unwrap_or(skipped);
        if let Some(number) = number(&lower, ends + rest.len() - skipped.len()) {
            return Some(Amount { op: Some(op), begins, ..written(number) });
        }
        from = ends;
    }
}

fn behind(rest: &str) -> Option<Op> {
    let rest = rest.trim_start();
    if rest.starts_with('+') {
        return Some(Op::AtLeast);
    }
    let words = BEHIND.iter().flat_map(|(words, op)| words.iter().map(move |word| (*word, *op)));
    words.into_iter().find_map(|(word, op)| rest.starts_with(word).then_some(op))
}

/// The number at a byte, with the end of its span and its unit.
fn number(lower: &str, at: usize) -> Option<Amount> {
    let (value, mut ends) = digits(lower, at)?;
    let (mut unit, mut until) = (String::new(), None);
    if let Some((of, end)) = unit_at(lower, ends) {
        (unit, ends) = (of, end);
    }
    let rest = lower.get(ends..)?;
    let to = [" to ", " - ", " – ", "-", "–", "—", "~", "～", "至"];
    let end_of = |to: &&str| digits(lower, ends + rest.strip_prefix(*to).map(|_| to.len())?);
    if let Some((last, end)) = to.iter().find_map(end_of).filter(|(last, _)| *last > value) {
        until = Some(last);
        ends = end;
        if let Some((of, end)) = unit_at(lower, ends) {
            (unit, ends) = (of, end);
        }
    }
    // "10k" is ten thousand, whatever is counted.
    let thousand = if unit == "k" { 1000.0 } else { 1.0 };
    if unit == "k" {
        unit.clear();
    }
    Some(Amount {
        op: None,
        value: value * thousand,
        until: until.map(|until| until * thousand),
        unit,
        begins: at,
        ends,
    })
}

/// A number with its thousands and its decimals: "1,000", "0.5", "0,5".
fn digits(text: &str, at: usize) -> Option<(f64, usize)> {
    let rest = text.get(at..)?;
    let signed = rest.strip_prefix(['-', '−']);
    if let Some(rest) = signed.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        let (value, ends) = digits(text, at + text.len() - at - rest.len())?;
        return Some((-value, ends));
    }
    let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
    let written = rest.get(..length)?.trim_end_matches(['.', ',']);
    if !written.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let grouped = written.split(',').skip(1).all(|group| group.len() == 3 || group.contains('.'));
    let plain = if grouped { written.replace(',', "") } else { written.replace(',', ".") };
    Some((plain.parse().ok()?, at + written.len()))
}

/// The unit at a byte, and where it ends. A word apart from its number is one only where it is known as one.
fn unit_at(lower: &str, at: usize) -> Option<(String, usize)> {
    let rest = lower.get(at..)?;
    let bare = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let begins = at + rest.len() - bare.len();
    if bare.starts_with('%') || bare.starts_with('％') {
        let sign = bare.chars().next().map_or(1, char::len_utf8);
        return Some(("%".into(), begins + sign));
    }
    let length = bare.find(|c: char| !c.is_alphabetic() && c != '/').unwrap_or(bare.len());
    let word = bare.get(..length)?;
    if word.is_empty() {
        return None;
    }
    if ["percent", "pct", "prozent", "pourcent", "процентов", "процента"].contains(&word) {
        return Some(("%".into(), begins + length));
    }
    if let Some(unit) = ["毫秒", "ミリ秒", "밀리초"].iter().find(|unit| word.starts_with(**unit)) {
        return Some(("ms".into(), begins + unit.len()));
    }
    let known = unit_ms(word).is_some() || is_unit(word) || word.contains('/') && word.len() > 1;
    (known || begins == at && word.is_ascii()).then(|| (word.to_owned(), begins + length))
}

fn is_unit(word: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const UNITS: &[&str] = &[
        "b", "kb", "kib", "mb", "mib", "gb", "gib", "tb", "tib", "k", "rps", "qps", "tps", "rpm", "iops", "mbps", "gbps", "bytes",
    ];
    UNITS.contains(&word)
}

/// What the words right behind a bound say that it is one of: "> 1 % (warning), > 5 % = critical".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Warns,
    Alerts,
}

impl Kind {
    /// What stands behind a bound, up to the next one.
    pub(super) fn behind(text: &str) -> Option<Self> {
        let text = text.trim_start_matches([' ', '=', '(', ':', '-', '–', '—', '→', '>']).to_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
        if begins(&["warn", "yellow", "avert", "advert", "aviso", "warnung", "警告"]) {
            Some(Kind::Warns)
        } else if begins(&["critical", "crit", "alert", "page", "red", "kritisch", "严重"]) {
            Some(Kind::Alerts)
        } else {
            None
        }
    }
}

/// Seconds for which something has to last, as the words behind a bound say.
pub(super) fn lasting_s(behind: &str) -> Option<u64> {
    #[rustfmt::skip] // words, many to a line
    const LASTS: &[&str] = &[
        "sustained", "consecutive", "for", "over", "lasting", "during", "longer than", "in a", "in any", "(", "/", "pendant", "durante", "für", "seit", "länger als",
        "per", "przez", "в течение", "持续", "持續", "连续", "連續",
    ];
    let clause = behind.split([';', '\n']).next().unwrap_or(behind).to_lowercase();
    let clause: String = clause.chars().take(60).collect();
    let word = |word: &str| {
        let at = clause.find(word)?;
        let alone = stands_alone(&clause, at, at + word.len(), word);
        alone.then(|| clause.get(at + word.len()..).unwrap_or(""))
    };
    let near = |rest: &str| duration_s(&rest.chars().take(24).collect::<String>());
    let found = LASTS.iter().filter_map(|lasts| word(lasts)).find_map(near);
    // What is a mean of a day or a month lasts no day.
    found.filter(|seconds| *seconds <= LONGEST_S)
}

/// The longest time, in seconds, that something has to last before it counts.
pub(super) const LONGEST_S: u64 = 3600;
