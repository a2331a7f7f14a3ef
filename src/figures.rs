//! Counts, sizes, lengths of time and clocks as people read them. The zone of a clock is an argument.

use std::fmt::Display;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeZone, Utc};

/// A count with its word: `1 step`, `2 steps`.
pub fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// A count with its word and a verb of the past: `1 event was`, `2 events were`.
pub fn were(count: usize, word: &str) -> String {
    format!("{} {}", counted(count, word), if count == 1 { "was" } else { "were" })
}

/// How many checks wait for a person: `1 check needs you`, `2 checks need you`.
pub fn need_you(checks: usize) -> String {
    format!("{} {} you", counted(checks, "check"), if checks == 1 { "needs" } else { "need" })
}

/// A number of bytes in binary units.
pub fn size(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, "bytes");
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if value < 1024.0 {
            break;
        }
        (value, unit) = (value / 1024.0, next);
    }
    if unit == "bytes" { format!("{bytes} bytes") } else { format!("{value:.1} {unit}") }
}

/// A length of time in one unit, for what is looked at in passing: `48 s`, `4 min`, `2 h`, `41 d`.
pub fn span(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// A length of time as a clock shows it: `0:54`, `12:07`, `1:02:09`.
pub fn running(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A time that something took: `400 ms`, `4.2 s`, `48 s`, `12 min 5 s`, `1 h 20 min`.
pub fn elapsed(ms: u64) -> String {
    let s = ms / 1000;
    match s {
        0 => format!("{ms} ms"),
        1..10 => format!("{}.{} s", s, ms % 1000 / 100),
        10..60 => format!("{s} s"),
        60..3600 if s.is_multiple_of(60) => format!("{} min", s / 60),
        60..3600 => format!("{} min {} s", s / 60, s % 60),
        _ if s % 3600 < 60 => format!("{} h", s / 3600),
        _ => format!("{} h {} min", s / 3600, s % 3600 / 60),
    }
}

/// A length of time that somebody wrote down, as it can be written: `90s`, `2m`, `1h 30m`.
pub fn limit(time: Duration) -> String {
    humantime::format_duration(time).to_string()
}

/// A moment's time of day in a zone: `21:14:03 +01:00`.
pub fn clock(at: DateTime<Utc>, zone: FixedOffset) -> String {
    format!("{} {}", at.with_timezone(&zone).format("%H:%M:%S"), zone_name(zone))
}

/// The same to the minute: `21:14 +01:00`.
pub fn minute(at: DateTime<Utc>, zone: FixedOffset) -> String {
    format!("{} {}", at.with_timezone(&zone).format("%H:%M"), zone_name(zone))
}

/// A moment's day and time in a zone, which may have a summer: `24 Nov 21:14 UTC`.
pub fn day<Z: TimeZone<Offset: Display>>(at: DateTime<Utc>, zone: &Z) -> String {
    let local = at.with_timezone(zone);
    let offset = chrono::Offset::fix(local.offset());
    format!("{} {}", local.format("%d %b %H:%M"), zone_name(offset))
}

/// A moment in a zone: `2026-11-25 21:14:03 +01:00`.
pub fn stamp(at: DateTime<Utc>, zone: FixedOffset) -> String {
    format!("{} {}", at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S"), zone_name(zone))
}

/// `+01:00`, or `UTC`.
pub fn zone_name(zone: FixedOffset) -> String {
    if zone.local_minus_utc() == 0 { "UTC".to_owned() } else { zone.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_their_words() {
        assert_eq!((counted(0, "step"), counted(1, "step")), ("0 steps".into(), "1 step".into()));
    }

    #[test]
    fn sizes_are_told_in_binary_units() {
        assert_eq!((size(0), size(1023)), ("0 bytes".into(), "1023 bytes".into()));
        assert_eq!((size(1536), size(10 << 30)), ("1.5 KiB".into(), "10.0 GiB".into()));
    }

    #[test]
    fn lengths_of_time_are_short() {
        assert_eq!((span(119), span(240), span(7200)), ("119 s".into(), "4 min".into(), "2 h".into()));
        let all = [400, 4_230, 48_900, 725_000, 720_000, 4_800_000, 7_200_000];
        let told = all.map(elapsed);
        assert_eq!(told, ["400 ms", "4.2 s", "48 s", "12 min 5 s", "12 min", "1 h 20 min", "2 h"]);
    }

    #[test]
    fn a_clock_names_its_zone_and_utc_by_its_name() {
        let at = DateTime::UNIX_EPOCH;
        let (utc, east) = (FixedOffset::east_opt(0).unwrap(), FixedOffset::east_opt(3600).unwrap());
        assert_eq!((clock(at, utc), minute(at, east)), ("00:00:00 UTC".into(), "01:00 +01:00".into()));
        assert_eq!(
            (day(at, &Utc), stamp(at, east)),
            ("01 Jan 00:00 UTC".into(), "1970-01-01 01:00:00 +01:00".into())
        );
    }
}
