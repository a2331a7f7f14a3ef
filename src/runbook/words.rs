//! Small readers of words: numbers, durations, slugs.

/// Seconds of the first duration in `text`: "15 min", "~1h", "2 minutes", "1 h 20".
pub fn duration_s(text: &str) -> Option<u64> {
    let lower = text.to_lowercase();
    let bytes = lower.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_digit()
            && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] != b'.')
        {
            let end =
                at + lower[at..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(lower.len() - at);
            let mut number: f64 = lower[at..end].trim_end_matches('.').parse().ok()?;
            let mut rest = lower[end..].trim_start_matches([' ', '-', '–', '+']);
            // "5-10 minutes": the upper bound is what one plans with.
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
            if digits > 0 {
                number = rest[..digits].parse().unwrap_or(number);
                rest = rest[digits..].trim_start();
            }
            let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
            if let Some(unit) = unit_seconds(&word) {
                return Some((number * unit) as u64);
            }
            at = end;
        } else {
            at += 1;
        }
    }
    None
}

fn unit_seconds(word: &str) -> Option<f64> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        "week" | "weeks" => 604_800.0,
        _ => return None,
    })
}

/// Milliseconds of a unit of time, by its name in lower case.
pub fn unit_ms(word: &str) -> Option<f64> {
    match word {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => Some(1.0),
        _ => unit_seconds(word).map(|s| s * 1000.0),
    }
}

/// The interval a sentence names: "every 5 minutes", "once per hour", "hourly", "Daily checks".
pub fn interval_s(text: &str) -> Option<u64> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    for (at, word) in words.iter().enumerate() {
        let named = match *word {
            "hourly" => Some(3600),
            "daily" => Some(86_400),
            "weekly" => Some(604_800),
            "every" | "per" | "each" => {
                let next = words.get(at + 1).copied().unwrap_or("");
                unit_seconds(next).map(|s| s as u64).or_else(|| duration_s(&words[at + 1..].join(" ")))
            }
            _ => None,
        };
        if named.is_some() {
            return named;
        }
    }
    None
}

/// How long a window called `title` lasts: "First Hour", "First 24 Hours", "First Week".
pub fn window_s(title: &str) -> Option<u64> {
    if let Some(seconds) = duration_s(title) {
        return Some(seconds);
    }
    let lower = title.to_lowercase();
    lower
        .split(|c: char| !c.is_alphabetic())
        .find_map(|w| (w.len() > 2).then(|| unit_seconds(w)).flatten())
        .map(|s| s as u64)
}

/// The first word of `title` with letters a–z, in lower case, for readable ids.
pub fn slug(title: &str) -> Option<String> {
    title
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .find(|w| {
            w.len() > 1
                && w.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && w.bytes().any(|b| b.is_ascii_alphabetic())
        })
        .map(str::to_ascii_lowercase)
}

/// Splits "Step 3: Deploy (10 min)" or "1.2 Create Backup" into number and the rest.
pub fn numbered(title: &str) -> Option<(String, String)> {
    let title = title.trim();
    let mut rest = title;
    for word in ["step", "phase", "stage", "part"] {
        if title.len() > word.len()
            && title.is_char_boundary(word.len())
            && title[..word.len()].eq_ignore_ascii_case(word)
        {
            rest = title[word.len()..].trim_start();
        }
    }
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    if number.is_empty() || !number.starts_with(|c: char| c.is_ascii_digit()) || number.contains("..") {
        return None;
    }
    let after = &rest[end..];
    let explicit = rest.len() != title.len() || rest[..end].contains('.');
    if !(explicit || after.starts_with([':', ')'])) {
        return None;
    }
    if !(after.is_empty() || after.starts_with([':', ')', ' ', '-', '–', '—'])) {
        return None;
    }
    let text = after.trim_start_matches([':', ')', ' ', '-', '–', '—', '.']);
    Some((number.to_owned(), text.to_owned()))
}

/// A title without a bracketed estimate at its end.
pub fn without_estimate(title: &str) -> String {
    let trimmed = title.trim_end();
    if trimmed.ends_with(')')
        && let Some(open) = trimmed.rfind('(')
        && duration_s(&trimmed[open..]).is_some()
    {
        return trimmed[..open].trim_end().to_owned();
    }
    title.trim().to_owned()
}

/// The words of `text` in lower case.
pub fn lower_words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, seconds) in [
            ("(15 min)", 900),
            ("10 minutes", 600),
            ("~1h", 3600),
            ("Wait 30 seconds", 30),
            ("5-10 minutes", 600),
        ] {
            assert_eq!(duration_s(text), Some(seconds), "{text}");
        }
        assert_eq!(duration_s("Step 3: Deploy v1.2.0"), None);
    }

    #[test]
    fn intervals_and_windows() {
        assert_eq!(interval_s("Monitor every 5 minutes:"), Some(300));
        assert_eq!(interval_s("Check once per hour:"), Some(3600));
        assert_eq!(interval_s("Daily checks:"), Some(86_400));
        assert_eq!(window_s("First Hour"), Some(3600));
        assert_eq!(window_s("First 24 Hours"), Some(86_400));
        assert_eq!(window_s("First Week"), Some(604_800));
    }

    #[test]
    fn numbers_of_headings() {
        assert_eq!(numbered("Step 1: A (15 min)"), Some(("1".into(), "A (15 min)".into())));
        assert_eq!(numbered("1.2 Create"), Some(("1.2".into(), "Create".into())));
        assert_eq!(numbered("2. Stop"), Some(("2".into(), "Stop".into())));
        assert_eq!(numbered("24 hours"), None);
        assert_eq!(without_estimate("A (15 min)"), "A");
        assert_eq!(slug("🎯 Quick Reference"), Some("quick".into()));
    }
}
