//! Figures as people read them.

use crate::figures::span;
use crate::runbook::measures::Measure;

/// A value with its unit: `182 ms`, `1.4 s`, `58 %`, `1.2 GiB`.
pub fn amount(measure: Measure, value: f64) -> String {
    match measure.unit() {
        "%" if value != 0.0 && value.abs() < 10.0 => format!("{value:.1} %"),
        "%" => format!("{value:.0} %"),
        "ms" if value >= 10_000.0 => format!("{:.0} s", value / 1000.0),
        "ms" if value >= 1000.0 => format!("{:.1} s", value / 1000.0),
        "ms" if value >= 10.0 => format!("{value:.0} ms"),
        "ms" => format!("{value:.1} ms"),
        "h" => span((value * 3600.0) as u64),
        "d" => format!("{value:.0} days"),
        "B" => bytes(value),
        "B/h" => format!("{}/h", bytes(value)),
        _ if value.fract() == 0.0 => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

/// A size in binary units.
fn bytes(value: f64) -> String {
    let (sign, mut size) = (if value < 0.0 { "-" } else { "" }, value.abs());
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut at = 0;
    while size >= 1024.0 && at + 1 < units.len() {
        size /= 1024.0;
        at += 1;
    }
    if at == 0 || size >= 10.0 {
        format!("{sign}{size:.0} {}", units[at])
    } else {
        format!("{sign}{size:.1} {}", units[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_have_units() {
        assert_eq!(amount(Measure::LatencyP50, 182.4), "182 ms");
        assert_eq!(amount(Measure::LatencyP95, 1400.0), "1.4 s");
        assert_eq!(amount(Measure::ErrorRate, 0.1), "0.1 %");
        assert_eq!(amount(Measure::Memory, 58.3), "58 %");
        assert_eq!(amount(Measure::Size, 1.25 * 1024.0 * 1024.0 * 1024.0), "1.2 GiB");
        assert_eq!(amount(Measure::DiskGrowth, -2048.0), "-2.0 KiB/h");
        assert_eq!(amount(Measure::DiskFull, 50.0), "2 d");
    }
}
