//! How long something takes, how often it is done, by the words of a document.

use super::lower::lower_words;
use super::titles::{numbered, timed};

/// Seconds of the first duration in `text`: "15 min", "~1h", "2 minutes", "1 h 20".
pub fn duration_s(text: &str) -> Option<u64> {
    let mut rest = text;
    loop {
        let (at, seconds) = next_number(rest)?;
        if let Some((seconds, _)) = seconds {
            return Some(seconds as u64);
        }
        rest = rest.get(at..)?;
    }
}

/// The first number of a text: the byte behind it, and where it counts a time, that in seconds with what follows its
/// unit.
fn next_number(text: &str) -> Option<(usize, Option<(f64, &str)>)> {
    let bytes = text.as_bytes();
    let begins = |at: &usize| {
        bytes[*at].is_ascii_digit()
            && (*at == 0 || !bytes[*at - 1].is_ascii_alphanumeric() && bytes[*at - 1] != b'.')
    };
    let at = (0..bytes.len()).find(begins)?;
    let end = at + text[at..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len() - at);
    let Ok(mut number) = text[at..end].trim_end_matches('.').parse::<f64>() else { return Some((end, None)) };
    let mut rest = text[end..].trim_start_matches([' ', '-', '–', '+', '\u{a0}', '\u{202f}']);
    // "5-10 minutes": the upper bound is what one plans with.
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    if digits > 0 {
        number = rest[..digits].parse().unwrap_or(number);
        rest = rest[digits..].trim_start();
    }
    let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
    let behind = &rest[word.len()..];
    // "10 M rows", "2 m5.large": a size.
    let sized = matches!(word.as_str(), "M" | "D" | "S") || behind.starts_with(|c: char| c.is_ascii_digit());
    let unit = unit_seconds(&word.to_lowercase()).filter(|_| !sized);
    Some((end, unit.map(|unit| (number * unit, behind))))
}

fn unit_seconds(word: &str) -> Option<f64> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        "week" | "weeks" => 604_800.0,
        "seconde" | "secondes" | "sekunde" | "sekunden" | "segundo" | "segundos" | "secondi" => 1.0,
        "minuten" | "minuto" | "minutos" | "minuti" | "минута" | "минуты" | "минуту" | "минут" | "dakika"
        | "phút" | "menit" => 60.0,
        "heure" | "heures" | "stunde" | "stunden" | "hora" | "horas" | "ora" | "ore" | "godzina"
        | "godziny" | "godzin" | "час" | "часа" | "часов" | "годин" | "години" | "saat" | "giờ" | "uur" => {
            3600.0
        }
        "tag" | "tage" | "tagen" | "jour" | "jours" | "día" | "días" | "dia" | "dias" | "giorno"
        | "giorni" | "dzień" | "dni" | "день" | "дня" | "дней" | "дні" | "днів" | "gün" | "ngày" | "hari"
        | "dag" | "dagen" => 86_400.0,
        "woche" | "wochen" | "semaine" | "semaines" | "semana" | "semanas" | "settimana" | "settimane"
        | "неделя" | "недели" | "неделю" | "недель" | "тиждень" | "тижні" => {
            604_800.0
        }
        word => {
            // Languages without blanks: the unit goes on into the next word.
            let units = [
                ("分钟", 60.0),
                ("分鐘", 60.0),
                ("分", 60.0),
                ("秒", 1.0),
                ("小时", 3600.0),
                ("小時", 3600.0),
                ("時間", 3600.0),
                ("天", 86_400.0),
                ("分", 60.0),
                ("초", 1.0),
                ("시간", 3600.0),
            ];
            return units.iter().find(|(unit, _)| word.starts_with(unit)).map(|(_, seconds)| *seconds);
        }
    })
}

/// Milliseconds of a unit of time, by its name in lower case.
pub fn unit_ms(word: &str) -> Option<f64> {
    match word {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" | "мс" => Some(1.0),
        "us" | "µs" | "μs" => Some(0.001),
        "сек" | "секунд" | "секунды" | "с" => Some(1000.0),
        _ => unit_seconds(word).map(|s| s * 1000.0),
    }
}

/// Words of what is done when the work is over.
#[rustfmt::skip] // words, many to a line
const AFTERWARDS: &[&str] = &[
    "follow-up", "follow up", "followup", "post-mortem", "postmortem", "post mortem", "post-incident",
    "retrospective", "debrief", "lessons learned", "root cause", "incident report", "incident review", "hypercare",
    "aftercare", "nachbereitung", "nachbetrachtung", "nachsorge", "suivi", "retour d'expérience", "seguimiento",
    "acompanhamento", "pós-incidente", "post-incidente", "复盘", "復盤", "跟进", "跟進", "后续", "後續", "事后", "事後", "振り返り",
    "フォローアップ", "후속", "사후", "회고", "разбор", "постмортем",
];

/// Words of looking on while what was done runs.
#[rustfmt::skip] // words, many to a line
const LOOKING_ON: &[&str] = &[
    "monitor", "observ", "watch", "soak", "bake", "surveill", "überwach", "beobacht", "vigil", "监控", "監控", "观察", "觀察",
    "監視", "観察", "모니터링", "관찰", "мониторинг", "наблюд",
];

/// The shortest time, in seconds, for which somebody only looks on instead of working.
const LOOKING_ON_S: u64 = 2 * 3600;

/// Words that make of the duration behind them a limit or a date.
#[rustfmt::skip] // words, many to a line
const LIMITS: &[&str] = &[
    "within", "inside", "after", "until", "every", "innerhalb", "nach", "binnen",
    "sous", "après", "dentro", "después", "após", "depois", "entro", "dopo", "через", "течение", "alle",
];

/// Words of a time during which somebody looks on: long ones are no work.
const WINDOWS: &[&str] = &["first", "next", "last", "following"];

/// Whether a heading is of something that is done when the work is over: "Follow-up", "Post-mortem".
pub fn is_afterwards(title: &str) -> bool {
    let lower = title.to_lowercase().replace('\u{2019}', "'");
    AFTERWARDS.iter().any(|words| lower.contains(words))
}

/// How long the work under a heading takes, in seconds, as the heading says: "Deploy (10 min)", "Phase 1 (T+5 to T+15
/// min)". The number of a heading is no time, and neither is a limit ("within 48 h") or what comes after the work
/// ("Follow-up (24 hours)", "Monitor for 24 hours").
pub fn estimate_s(title: &str) -> Option<u64> {
    if is_afterwards(title) || bracket_waits(title) || is_relative(title) {
        return None;
    }
    let named = numbered(title).map_or_else(|| title.to_owned(), |(_, name)| name);
    let (ahead, bracketed) = named.rsplit_once(['(', '（']).unwrap_or((&named, ""));
    let whole = if timed(bracketed) { ahead } else { &named };
    let found = span_s(bracketed)
        .or_else(|| unlimited_s(bracketed).filter(|_| !timed(bracketed)))
        .or_else(|| span_s(whole))
        .or_else(|| unlimited_s(whole).filter(|_| !timed(title)))?;
    let lower = named.to_lowercase();
    let window = lower_words(&named).iter().any(|word| WINDOWS.contains(&word.as_str()));
    let looks_on = window || LOOKING_ON.iter().any(|word| lower.contains(word));
    (!looks_on || found < LOOKING_ON_S).then_some(found)
}

/// The first duration of a text that is no limit.
fn unlimited_s(text: &str) -> Option<u64> {
    let mut rest = text;
    loop {
        let (end, found) = next_number(rest)?;
        if let Some((seconds, behind)) = found {
            let ahead = rest.get(..end)?.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            let words = lower_words(ahead);
            let limited = words.iter().rev().take(2).any(|word| LIMITS.contains(&word.as_str()));
            let unit = rest.get(end..rest.len() - behind.len())?;
            let closed = ["内", "內", "以内", "以內", "後", "后", "이내", "후"]
                .iter()
                .any(|c| behind.trim_start().starts_with(c) || unit.ends_with(c));
            return (!limited && !closed).then_some(seconds as u64);
        }
        rest = rest.get(end..)?;
    }
}

/// "T+5 to T+15 min", "T+1h – T+2h": the time between two.
fn span_s(text: &str) -> Option<u64> {
    let lower = text.to_lowercase();
    let (_, begins) = lower.split_once("t+")?;
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let first: f64 = begins.get(..digits(begins))?.parse().ok()?;
    let rest = begins.get(digits(begins)..)?;
    let (between, last) =
        rest.split_once("t+").or_else(|| rest.split_once(" to ")).or_else(|| rest.split_once(['–', '-']))?;
    let until: f64 = last.trim_start().get(..digits(last.trim_start()))?.parse().ok()?;
    let unit = |text: &str| {
        let word: String = text.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
        unit_seconds(&word)
    };
    let ends = last.trim_start();
    let unit_until = unit(ends.get(digits(ends)..)?)?;
    let unit_first = unit(between).unwrap_or(unit_until);
    let seconds = until * unit_until - first * unit_first;
    (seconds > 0.0).then_some(seconds as u64)
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

/// A time as it stands after "every": `30 s`, `5 min`.
pub fn every(seconds: u64) -> String {
    match seconds {
        s if s % 3600 == 0 => format!("{} h", s / 3600),
        s if s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
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

/// Whether words say how long before or after something it is done: "Execute 24 hours before the cutover".
pub fn is_relative(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const BEHIND: &[&str] = &[
        "before", "prior to", "after", "ahead of", "later", "vor ", "nach ", "avant", "après", "antes", "después", "despues", "depois", "após", "prima", "dopo", "przed", "po ", "до ", "перед", "после", "після", "önce", "sonra", "trước", "sau ", "sebelum", "setelah", "voor ", "前", "之前", "后", "之后", "後", "전", "후",
    ];
    let mut rest = text;
    while let Some((end, found)) = next_number(rest) {
        if let Some((_, behind)) = found {
            let behind = behind.trim_start_matches(|c: char| !c.is_alphabetic()).to_lowercase();
            if BEHIND.iter().any(|word| behind.starts_with(word)) {
                return true;
            }
        }
        let Some(more) = rest.get(end..) else { break };
        rest = more;
    }
    false
}

/// Whether the brackets of a title say how long it has to wait.
fn bracket_waits(title: &str) -> bool {
    title.split(['(', '（']).skip(1).any(|part| is_wait(part.split([')', '）']).next().unwrap_or(part)))
}

/// Whether words say how long something has to wait: "after 24 h", "nach 7 Tagen", "24 hours later".
pub fn is_wait(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const AFTER: &[&str] = &[
        "after", "at least", "not before", "no earlier than", "once", "nach", "frühestens", "erst nach", "après", "apres", "au bout de", "después de", "despues de", "tras", "pasadas", "após", "apos", "depois de", "dopo", "po", "через", "після", "после", "спустя", "setelah", "sau",
    ];
    let bare = text.trim_matches(|c: char| matches!(c, '(' | ')' | '（' | '）' | ' ')).to_lowercase();
    let led = AFTER.iter().any(|word| {
        bare.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '~', '≥']) || rest.is_empty())
    });
    let later = [
        " later",
        " afterwards",
        " später",
        " plus tard",
        " después",
        " depois",
        " dopo",
        " спустя",
        "后",
        "後",
        "以降",
        "뒤",
        "후",
    ];
    duration_s(&bare).is_some() && (led || later.iter().any(|end| bare.ends_with(end)))
}

/// A title without a bracketed estimate at its end.
pub fn without_estimate(title: &str) -> String {
    let trimmed = title.trim_end();
    if trimmed.ends_with([')', '）'])
        && let Some(open) = trimmed.rfind(['(', '（'])
        && duration_s(&trimmed[open..]).is_some()
        && estimate_s(trimmed).is_some()
    {
        return trimmed[..open].trim_end().to_owned();
    }
    title.trim().to_owned()
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
            ("約 5分です", 300),
            ("1.5 h", 5400),
        ] {
            assert_eq!(duration_s(text), Some(seconds), "{text}");
        }
        for text in ["Step 3: Deploy v1.2.0", "Backfill 10 M rows", "Resize 2 m5.large", "v2m"] {
            assert_eq!(duration_s(text), None, "{text}");
        }
    }

    #[test]
    fn a_heading_says_how_long_the_work_takes() {
        for (title, seconds) in [
            ("Step 2: Deploy (10 min)", Some(600)),
            ("2d. Files pile up", None),
            ("2h) Wait (5 min)", Some(300)),
            ("Phase 1 (T+0 to T+2 min)", Some(120)),
            ("Phase 2 (T+5 to T+15 min)", Some(600)),
            ("Phase 3 (T+1h – T+3h)", Some(7200)),
            ("Cutover (T+5-15 min)", Some(600)),
            ("T+15 min: Check", None),
            ("Announce (T+15 min)", None),
            ("Follow-up (24 hours)", None),
            ("Post-mortem within 48h", None),
            ("Nachbereitung (24 Stunden)", None),
            ("复盘（24小时）", None),
            ("Suivi (48 heures)", None),
            ("Report (within 24 hours)", None),
            ("通知（24小时内）", None),
            ("Monitor for 24 hours", None),
            ("Monitor for 10 minutes", Some(600)),
            ("Observation (72 h)", None),
            ("部署（15分钟）", Some(900)),
            ("Restore the database, 20 min", Some(1200)),
            ("First 24 Hours", None),
            ("Check the logs (first 30 minutes)", Some(1800)),
        ] {
            assert_eq!(estimate_s(title), seconds, "{title}");
        }
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
}
