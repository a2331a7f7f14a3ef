//! What a metric's name means, and bounds on it in one unit.

use serde::{Deserialize, Serialize};

use super::model::Threshold;
use super::thresholds;
use super::words;

/// Something that is measured, each in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Processor time used, % of all cores.
    Cpu,
    /// Memory used, %.
    Memory,
    /// Swap used, %.
    Swap,
    /// Load over one minute, per core.
    Load,
    /// Room left on a disk, %.
    DiskFree,
    /// Growth of what is used on a disk, bytes an hour.
    DiskGrowth,
    /// Hours until a disk is full at that rate.
    DiskFull,
    /// How long the last answer took, ms.
    Latency,
    /// The median of the window, ms.
    LatencyP50,
    /// 95 of 100 answers of the window were faster, ms.
    LatencyP95,
    /// 99 of 100 answers of the window were faster, ms.
    LatencyP99,
    /// The mean of the window, ms.
    LatencyMean,
    /// Answers of the window that were errors or did not come, %.
    ErrorRate,
    /// Days that a certificate is still valid.
    CertificateDays,
    /// Connections in use, % of those allowed.
    Connections,
    /// The longest open transaction, ms.
    LongestTransaction,
    /// Locks that are waited for.
    LocksWaiting,
    /// How far the furthest replica is behind, bytes.
    ReplicationLag,
    /// A size, bytes.
    Size,
    /// Lines of the last minutes that speak of an error.
    Errors,
    /// How often a container was restarted.
    Restarts,
    /// The number that a query gave.
    Value,
}

impl Measure {
    /// All of them.
    pub const ALL: [Measure; 22] = [
        Measure::Cpu,
        Measure::Memory,
        Measure::Swap,
        Measure::Load,
        Measure::DiskFree,
        Measure::DiskGrowth,
        Measure::DiskFull,
        Measure::Latency,
        Measure::LatencyP50,
        Measure::LatencyP95,
        Measure::LatencyP99,
        Measure::LatencyMean,
        Measure::ErrorRate,
        Measure::CertificateDays,
        Measure::Connections,
        Measure::LongestTransaction,
        Measure::LocksWaiting,
        Measure::ReplicationLag,
        Measure::Size,
        Measure::Errors,
        Measure::Restarts,
        Measure::Value,
    ];

    /// As the settings and JSON name it.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Cpu => "cpu",
            Measure::Memory => "memory",
            Measure::Swap => "swap",
            Measure::Load => "load",
            Measure::DiskFree => "disk_free",
            Measure::DiskGrowth => "disk_growth",
            Measure::DiskFull => "disk_full",
            Measure::Latency => "latency",
            Measure::LatencyP50 => "latency_p50",
            Measure::LatencyP95 => "latency_p95",
            Measure::LatencyP99 => "latency_p99",
            Measure::LatencyMean => "latency_mean",
            Measure::ErrorRate => "error_rate",
            Measure::CertificateDays => "certificate_days",
            Measure::Connections => "connections",
            Measure::LongestTransaction => "longest_transaction",
            Measure::LocksWaiting => "locks_waiting",
            Measure::ReplicationLag => "replication_lag",
            Measure::Size => "size",
            Measure::Errors => "errors",
            Measure::Restarts => "restarts",
            Measure::Value => "value",
        }
    }

    /// The measure of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.name() == name)
    }

    /// Its unit: `%`, `ms`, `h`, `d`, `B`, `B/h`, or nothing.
    pub fn unit(self) -> &'static str {
        match self {
            Measure::Cpu
            | Measure::Memory
            | Measure::Swap
            | Measure::DiskFree
            | Measure::ErrorRate
            | Measure::Connections => "%",
            Measure::Latency
            | Measure::LatencyP50
            | Measure::LatencyP95
            | Measure::LatencyP99
            | Measure::LatencyMean
            | Measure::LongestTransaction => "ms",
            Measure::DiskFull => "h",
            Measure::DiskGrowth => "B/h",
            Measure::CertificateDays => "d",
            Measure::Size | Measure::ReplicationLag => "B",
            Measure::Load | Measure::LocksWaiting | Measure::Errors | Measure::Restarts | Measure::Value => {
                ""
            }
        }
    }

    /// What a metric's name speaks of; nothing where that can't be told for sure. "Disk usage" is the room left,
    /// seen from the other side: see [`Bound::read`].
    pub fn of_metric(name: &str) -> Option<Self> {
        let words = words::lower_words(name);
        let has = |wanted: &[&str]| words.iter().any(|w| wanted.contains(&w.as_str()));
        let starts = |wanted: &str| words.iter().any(|w| w.starts_with(wanted));
        let percentile = if has(&["p50", "median", "50th"]) {
            Some(Measure::LatencyP50)
        } else if has(&["p95", "95th"]) {
            Some(Measure::LatencyP95)
        } else if has(&["p99", "99th"]) {
            Some(Measure::LatencyP99)
        } else {
            None
        };
        #[rustfmt::skip] // words, many to a line
        let answers = has(&["latency", "latencies", "latenz", "latence", "latencia", "latência", "latenza", "antwortzeit", "antwortzeiten", "延迟", "响应时间"])
            || has(&["response", "réponse", "respuesta", "resposta", "risposta", "ответа", "отклика"])
                && has(&["time", "times", "temps", "tiempo", "tempo", "время"]);
        if answers {
            let mean = has(&["mean", "average", "avg"]).then_some(Measure::LatencyMean);
            return percentile.or(mean).or(Some(Measure::Latency));
        }
        #[rustfmt::skip] // words, many to a line
        let errors = starts("error") && has(&["rate", "ratio", "percentage"]) || has(&["failure"]) && has(&["rate"])
            || has(&["5xx"]) || has(&["fehlerrate", "fehlerquote", "错误率"]) || has(&["erreur", "erreurs"]) && has(&["taux"])
            || has(&["error", "errores", "erro", "erros"]) && has(&["tasa", "taxa"]);
        if errors {
            return Some(Measure::ErrorRate);
        }
        if has(&["certificate", "cert"]) {
            return Some(Measure::CertificateDays);
        }
        if starts("replication") && has(&["lag", "delay"]) {
            return Some(Measure::ReplicationLag);
        }
        let one = [
            (
                has(&[
                    "memory",
                    "ram",
                    "mémoire",
                    "memoria",
                    "memória",
                    "arbeitsspeicher",
                    "памяти",
                    "память",
                    "内存",
                ]),
                Measure::Memory,
            ),
            (has(&["swap"]), Measure::Swap),
            (has(&["disk", "disks", "storage", "disque", "disco", "festplatte", "磁盘"]), Measure::DiskFree),
            (has(&["cpu", "processor"]), Measure::Cpu),
            (has(&["connections"]), Measure::Connections),
            // The time that a page takes to load is none.
            (has(&["load"]) && !has(&["time", "times", "page", "test", "balancer"]), Measure::Load),
        ];
        let mut named = one.into_iter().filter(|(is, _)| *is).map(|(_, m)| m);
        // "CPU and memory" is two things.
        match (named.next(), named.next()) {
            (Some(one), None) => Some(one),
            // "p95 < 200 ms": a percentile alone is one of answers.
            (None, _) => percentile.filter(|_| words.len() <= 2),
            _ => None,
        }
    }
}

/// How a value compares with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Less than the bound.
    Below,
    /// The bound or less.
    AtMost,
    /// More than the bound.
    Above,
    /// The bound or more.
    AtLeast,
}

/// A bound in the measure's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// On which side a value has to be.
    pub side: Side,
    /// The bound.
    pub value: f64,
}

impl Bound {
    /// Whether it wants less rather than more.
    pub fn is_upper(self) -> bool {
        matches!(self.side, Side::Below | Side::AtMost)
    }

    /// Whether a value is on its side.
    pub fn holds(self, value: f64) -> bool {
        match self.side {
            Side::Below => value < self.value,
            Side::AtMost => value <= self.value,
            Side::Above => value > self.value,
            Side::AtLeast => value >= self.value,
        }
    }

    /// Reads a threshold of the document for a measure; nothing where its unit does not fit. `metric` tells whether
    /// it speaks of what is used where the measure is what is left.
    pub fn read(threshold: &Threshold, measure: Measure, metric: &str) -> Option<Self> {
        let unit = threshold.unit.trim_end_matches(['.', ',', ';']).to_lowercase();
        let factor = match (measure.unit(), unit.as_str()) {
            ("%", "%") | ("", "") => 1.0,
            // A number of a query has the unit that its query gives it.
            _ if measure == Measure::Value => 1.0,
            ("ms", unit) => words::unit_ms(unit)?,
            ("h", unit) => words::unit_ms(unit)? / 3_600_000.0,
            ("d", "d" | "day" | "days") => 1.0,
            ("B", unit) => bytes(unit)?,
            _ => return None,
        };
        let value = threshold.value * factor;
        let side = match threshold.op.as_str() {
            "<" => Side::Below,
            "<=" => Side::AtMost,
            ">" => Side::Above,
            ">=" => Side::AtLeast,
            _ => return None,
        };
        let used = measure == Measure::DiskFree && speaks_of_use(metric);
        Some(if used { Self { side: side.mirrored(), value: 100.0 - value } } else { Self { side, value } })
    }
}

impl Side {
    fn mirrored(self) -> Self {
        match self {
            Side::Below => Side::Above,
            Side::AtMost => Side::AtLeast,
            Side::Above => Side::Below,
            Side::AtLeast => Side::AtMost,
        }
    }

    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Side::Below => "<",
            Side::AtMost => "≤",
            Side::Above => ">",
            Side::AtLeast => "≥",
        }
    }
}

/// Whether a disk's name speaks of what is used of it: "disk usage", "disk"; and not of its room: "disk space".
pub(super) fn speaks_of_use(metric: &str) -> bool {
    let words = words::lower_words(metric);
    let has = |wanted: &[&str]| words.iter().any(|w| wanted.contains(&w.as_str()));
    let uses = ["usage", "used", "use", "full", "utilization", "utilisation", "nutzung", "auslastung", "uso"];
    !has(&["free", "available", "left", "remaining", "headroom"]) && (has(&uses) || !has(&["space", "room"]))
}

fn bytes(unit: &str) -> Option<f64> {
    Some(match unit {
        "b" | "bytes" => 1.0,
        "kb" | "kib" | "k" => 1024.0,
        "mb" | "mib" | "m" => 1024.0 * 1024.0,
        "gb" | "gib" | "g" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    })
}

/// A measure and the bound on it that a sentence names: "Disk space > 20% free", "Query latency < 2s (p95)".
pub fn claim(sentence: &str) -> Option<(Measure, Bound)> {
    let at = sentence.find(['<', '>', '≤', '≥'])?;
    let measure = Measure::of_metric(sentence)?;
    let threshold = thresholds::threshold(&sentence[at..])?;
    Some((measure, Bound::read(&threshold, measure, sentence)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_metrics() {
        let of = Measure::of_metric;
        assert_eq!(of("Query Latency (p95)"), Some(Measure::LatencyP95));
        assert_eq!(of("Median response time"), Some(Measure::LatencyP50));
        assert_eq!(of("Error Rate"), Some(Measure::ErrorRate));
        assert_eq!(of("Disk Space Free"), Some(Measure::DiskFree));
        assert_eq!(of("CPU and memory"), None);
        assert_eq!(of("Orders per minute"), None);
        assert_eq!(of("Resource usage normal"), None);
    }

    #[test]
    fn bounds_are_in_the_measures_unit() {
        let bound = |cell: &str, measure, metric: &str| {
            Bound::read(&thresholds::threshold(cell).unwrap(), measure, metric).map(|b| (b.side, b.value))
        };
        assert_eq!(bound("< 1s", Measure::LatencyP50, "Latency"), Some((Side::Below, 1000.0)));
        assert_eq!(bound("> 40%", Measure::DiskFree, "Disk Space Free"), Some((Side::Above, 40.0)));
        assert_eq!(bound("< 80%", Measure::DiskFree, "Disk usage"), Some((Side::Above, 20.0)));
        assert_eq!(bound("< 80%", Measure::LatencyP50, "Latency"), None);
    }

    #[test]
    fn sentences_with_a_bound() {
        let is = |text: &str, value: f64| {
            claim(text).is_some_and(|(m, b)| m == Measure::DiskFree && b.holds(value))
        };
        assert!(is("Disk space > 20% free", 21.0) && !is("Disk space > 20% free", 20.0));
        assert_eq!(claim("Query latency < 2s (p95)").map(|(m, _)| m), Some(Measure::LatencyP95));
        assert_eq!(claim("Memory usage stable"), None);
    }
}
