//! Items of checklists against a service that is slow.

use chrono::{Offset, TimeDelta};

use super::*;
use crate::config::WatchSettings;
use crate::run::health::{Measured, Sample, Seen, Subject, Watch};

const BOOK: &str = "# T\n## Steps\n```bash\ncurl http://h.test/health\ncurl http://h.test/search/health\n```\n\
    ## Performance Targets\n\n| Metric | Target | Acceptable | Alert |\n|---|---|---|---|\n\
    | Search Latency (p95) | < 100ms | < 500ms | > 1s |\n| Error Rate | < 0.1% | < 1% | > 5% |\n";

/// An address that answers well and takes so long, looked at for so many seconds.
fn looked(ms: f64, seconds: i64) -> (Health, DateTime<Utc>) {
    let targets = [("Search Latency (p95)", "http.2 latency_p95"), ("Error Rate", "http.2 error_rate")];
    let targets = targets.map(|(metric, of)| (metric.to_owned(), of.to_owned())).into();
    let settings = WatchSettings { targets, ..WatchSettings::default() };
    let watch = Watch::of(&crate::runbook::read(BOOK), None, false, &settings).unwrap();
    let mut health = Health::new(watch);
    let mut now = DateTime::UNIX_EPOCH;
    for _ in 0..seconds / 5 {
        for probe in ["http.1", "http.2"] {
            let measured = vec![Measured::one(Measure::Latency, ms)];
            let subject =
                Subject { level: Some(Level::Ok), state: "200".into(), measured, ..Subject::default() };
            let seen = Seen::Subjects(vec![subject]);
            health.take(&Sample { probe: ProbeId(probe.into()), at: now, seen });
        }
        now += TimeDelta::seconds(5);
    }
    (health, now)
}

fn said(item: &str, (health, now): &(Health, DateTime<Utc>)) -> String {
    match answer(item, health, Asking::now(*now, Utc.fix())) {
        None => "yours to say".into(),
        Some(Evidence { answer, words }) => format!("{answer:?}: {words}"),
    }
}

#[test]
fn a_service_that_answers_slowly_is_not_in_time() {
    let slow = looked(1500.0, 200);
    for (item, wanted) in [
        ("Search answers in time", "No: alert: Search Latency (p95) 1.5 s"),
        ("API responds within 500 ms", "No: h.test/health p95 1.5 s, Search Latency (p95) 1.5 s"),
        ("API responding in under 1 second", "No: h.test/health p95 1.5 s, Search Latency (p95) 1.5 s"),
        ("Response times normal", "No: alert: Search Latency (p95) 1.5 s"),
        ("Error rate below 1 %", "Yes: Error Rate 0 %"),
        ("No 5xx spike", "Yes: Error Rate 0 %"),
        (
            "Service up for 10 minutes",
            "Open: h.test/health: 40 of 120 looks were made, h.test/search/health: 40 of 120 looks were made",
        ),
        ("Service answers", "Yes: h.test/health 200, h.test/search/health 200"),
        ("Service does not answer", "No: h.test/health 200, h.test/search/health 200"),
        ("Search answers and nobody complains", "yours to say"),
    ] {
        assert_eq!(said(item, &slow), wanted, "{item}");
    }
    let long = looked(20.0, 700);
    assert!(said("Service up for 10 minutes", &long).starts_with("Yes: "), "{long:?}");
    assert!(said("Search answers in time", &long).starts_with("Yes: "));
    assert!(said("API responds within 10 ms", &long).starts_with("No: "));
}

#[test]
fn a_few_answers_that_are_slow_are_for_somebody_to_say() {
    let few = looked(1500.0, 20);
    assert_eq!(said("Search answers in time", &few), "Open: watch: Search Latency (p95) 1.5 s");
    assert_eq!(said("Search responds within 500 ms", &few), "Open: Search Latency (p95) 1.5 s, slowest of 4");
    // Half of six were slower, so that whatever the percentile is, it is no less.
    let enough = looked(1500.0, 30);
    assert_eq!(said("Search responds within 500 ms", &enough), "No: Search Latency (p95) 1.5 s");
    assert_eq!(said("Search answers in time", &enough), "No: alert: Search Latency (p95) 1.5 s");
}
