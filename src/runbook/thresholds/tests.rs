use super::super::model::{Said, Target, Threshold};
use super::super::read;
use super::threshold;

fn bound(threshold: Option<&Threshold>) -> String {
    threshold.map_or_else(|| "-".into(), |t| format!("{}{}{}", t.op, t.value, t.unit))
}

/// A target in one line: its metric, what is aimed at, accepted, alerted of, and for how long.
fn line(target: &Target) -> String {
    let lasting = target.for_s.map_or(String::new(), |s| format!(" for {s}"));
    let (aims, accepts, alerts) =
        (bound(target.target.as_ref()), bound(target.acceptable.as_ref()), bound(target.alert.as_ref()));
    format!("{}: {aims} {accepts} {alerts}{lasting}", target.metric)
}

fn of(document: &str) -> Vec<String> {
    read(document).targets.iter().map(line).collect()
}

fn of_table(header: &str, rows: &[&str]) -> Vec<String> {
    let rule = header.split('|').map(|_| "---").collect::<Vec<_>>().join("|");
    let rows: Vec<String> = rows.iter().map(|row| format!("| {row} |\n")).collect();
    let rows = rows.concat();
    of(&format!("# T\n\n## Limits\n\n| {header} |\n|{rule}|\n{rows}"))
}

#[test]
fn bounds() {
    let read = |cell: &str| threshold(cell).map(|t| (t.op, t.value, t.unit));
    assert_eq!(read("< 500ms"), Some(("<".into(), 500.0, "ms".into())));
    assert_eq!(read("> 0.1%"), Some((">".into(), 0.1, "%".into())));
    assert_eq!(read("≤ 1,000 req/s"), Some(("<=".into(), 1000.0, "req/s".into())));
    assert_eq!(read("< 0,5 %"), Some(("<".into(), 0.5, "%".into())));
    assert_eq!(read("low"), None);
    assert_eq!(read("500"), None, "a number alone says nothing of its side");
}

#[test]
fn tables_by_the_titles_of_their_columns() {
    for (header, row, wanted) in [
        (
            "Metric | Target | Acceptable | Alert",
            "Latency (p95) | <100ms | <500ms | >2s",
            "Latency (p95): <100ms <500ms >2s",
        ),
        (
            "Metric | Warning | Critical | Action",
            "Error rate | > 1% | > 5% | Roll back",
            "Error rate: - <=1% >5%",
        ),
        (
            "Metric | Warning Threshold | Critical Threshold",
            "p95 latency | 500ms | 2s",
            "p95 latency: - <500ms >2s",
        ),
        ("Metric | Normal | Warning | Critical", "CPU | 20-60% | 60-85% | > 85%", "CPU: <=60% <60% >85%"),
        (
            "Metric | Normal | Warning | Critical",
            "Disk free | > 40% | 20-40% | < 20%",
            "Disk free: >40% >40% <20%",
        ),
        (
            "Metric | Threshold | Action",
            "Memory usage | > 90% for 10 min | Restart",
            "Memory usage: - - >90% for 600",
        ),
        ("Metric | Threshold | Action", "p95 latency | < 500ms | Look", "p95 latency: - <500ms -"),
        ("SLI | Objective", "Availability | 99.9%", "Availability: >=99.9% - -"),
        ("Indicator | Healthy | Rollback if", "5xx rate | < 0.5 % | > 2 %", "5xx rate: <0.5% - >2%"),
        (
            "Alert | Condition | Severity",
            "HighErrorRate | > 5% for 5m | critical",
            "HighErrorRate: - - >5% for 300",
        ),
        ("Signal | OK | Alert", "Queue depth | below 100 | 1,000 or more", "Queue depth: <100 - >=1000"),
        (
            "Kennzahl | Ziel | Warnung | Kritisch",
            "Fehlerrate | < 1 % | > 1 % | > 5 %",
            "Fehlerrate: <1% <=1% >5%",
        ),
        (
            "Métrica | Objetivo | Alerta crítico",
            "Latencia p95 | < 300ms | > 1s",
            "Latencia p95: <300ms - >1s",
        ),
        ("指标 | 正常 | 告警", "错误率 | < 1% | > 5%", "错误率: <1% - >5%"),
        ("Метрика | Норма | Критично", "Время ответа | < 200 ms | > 1 s", "Время ответа: <200ms - >1s"),
        ("Metric | Healthy | Degraded | Critical", "Disk | <60% | 60-75% | >75%", "Disk: <60% <60% >75%"),
        ("Metric | Green | Yellow | Red", "FPS | 60 | 55-59 | <55", "FPS: >=60 >59 <55"),
        (
            "Métrique | Seuil normal | Seuil critique",
            "Mémoire pods | < 70% | > 90%",
            "Mémoire pods: <70% - >90%",
        ),
        (
            "SLO | Target | Measurement",
            "Order latency | < 50ms | Time to recover",
            "Order latency: <50ms - -",
        ),
        (
            "Metric | Type | Alert",
            "Tick time | Gauge | >16ms = warning, >20ms = critical",
            "Tick time: - <=16ms >20ms",
        ),
        ("Metric | Target | Window", "Error rate | < 1% | 24 hours", "Error rate: <1% - -"),
        ("Metric | Target", "Tick time | < 500 µs", "Tick time: <500µs - -"),
        ("Resource | Warning | Critical", "CPU | 70% | 90%", "CPU: - <70% >90%"),
        ("Metric | Duration | Threshold", "Error rate | 10 minutes | 5%", "Error rate: - - >5% for 600"),
    ] {
        assert_eq!(of_table(header, &[row]), [wanted], "{header}: {row}");
    }
}

#[test]
fn what_a_table_says_besides_is_kept() {
    let book = read(
        "# T\n\n## Alerts\n\n| Metric | Query | Threshold | Action |\n|---|---|---|---|\n| Error rate | `sum(rate(errors_total[5m]))` | > 5 % for 5 minutes | Roll back |\n\
         | Slow | - | `histogram_quantile(0.95, rate(t_bucket[5m])) > 0.5` | - |\n",
    );
    let first = &book.targets[0];
    assert_eq!(first.action.as_deref(), Some("Roll back"));
    assert_eq!(first.query.as_deref(), Some("sum(rate(errors_total[5m]))"));
    assert_eq!((first.for_s, first.said, first.line), (Some(300), Said::Table, 7));
    assert!(book.targets[1].query.as_deref().is_some_and(|q| q.starts_with("histogram_quantile")));
}

#[test]
fn tables_of_other_things_give_none() {
    for (header, row) in [
        ("Severity | Response time | Contact", "P1 | 15 minutes | on-call"),
        ("Severity | Target | Alert", "Sev 1 | < 15 min | page"),
        ("Metric | Target", "MTTR | < 1 hour"),
        ("Metric | Target", "First response time | < 15 minutes"),
        ("Metric | Target", "Test coverage | > 80%"),
        ("SLA | Objective", "Respond within 15 minutes | 95 %"),
        ("Objective | Target", "RTO | 4 hours"),
        ("Metric | Threshold", "Error rate | > 2x baseline"),
        ("Metric | Threshold", "Latency | 20% increase"),
        ("Step | Limit", "Deploy | 10 minutes"),
        ("Variable | Threshold", "MAX_UPLOAD | 10"),
        ("Metric | Before | After", "Latency | 200ms | 100ms"),
    ] {
        assert_eq!(of_table(header, &[row]), Vec::<String>::new(), "{header}: {row}");
    }
}

#[test]
fn sentences_of_criteria_triggers_and_monitoring() {
    let under = |heading: &str, item: &str| {
        let text = format!("# T\n\n## Steps\n\n```bash\n./deploy\n```\n\n## {heading}\n\n- {item}\n");
        let book = read(&text);
        book.targets.iter().map(|t| (line(t), t.said)).collect::<Vec<_>>()
    };
    for (heading, item, wanted, said) in [
        ("Success Criteria", "p95 latency < 500ms", "p95 latency: <500ms - -", Said::Criterion),
        ("Success Criteria", "**Error rate** stays below 1 %", "Error rate: <1% - -", Said::Criterion),
        ("Success Criteria", "Availability of at least 99.9%", "Availability: >=99.9% - -", Said::Criterion),
        (
            "When to roll back",
            "Error rate above 5 % for 5 minutes",
            "Error rate: - - >5% for 300",
            Said::Trigger,
        ),
        ("Rollback Criteria", "More than 1% of the requests fail", "requests fail: - - >1%", Said::Trigger),
        (
            "Rollback Triggers",
            "API latency (p99) exceeds 2 seconds sustained for 10 min",
            "API latency (p99): - - >2seconds for 600",
            Said::Trigger,
        ),
        ("Monitoring", "CPU usage < 80%", "CPU usage: <80% - -", Said::Monitoring),
        ("Monitoring", "Alert if queue depth > 1000", "queue depth: - - >1000", Said::Monitoring),
        ("Erfolgskriterien", "Fehlerrate unter 1 %", "Fehlerrate: <1% - -", Said::Criterion),
        ("成功标准", "错误率低于 1%", "错误率: <1% - -", Said::Criterion),
    ] {
        assert_eq!(under(heading, item), [(wanted.to_owned(), said)], "{heading}: {item}");
    }
    let several = under("Monitoring", "Healthy: <30% failure rate, <20 queued, <5 stuck");
    let several: Vec<&str> = several.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(several, ["failure rate: <30% - -", "queued: <20 - -"]);
    let both = under("Monitoring", "RPC latency: p99 < 800ms (read)");
    assert_eq!(both[0].0, "RPC latency p99: <800ms - -");
    let both = under("Success Criteria", "CPU < 80%, memory < 85%");
    assert_eq!(
        both.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>(),
        ["CPU: <80% - -", "memory: <85% - -"]
    );
}

#[test]
fn sentences_that_are_no_bounds() {
    for (heading, item) in [
        ("Success Criteria", "On-call responds within 15 minutes"),
        ("Success Criteria", "Deployment finished in under 10 minutes"),
        ("Success Criteria", "Response time to incidents < 30 minutes"),
        ("Success Criteria", "Node.js >= 18 is installed"),
        ("Success Criteria", "At least 3 backups are kept"),
        ("Rollback Triggers", "Error rate increases by more than 10 %"),
        ("Rollback Triggers", "Latency more than 50% above baseline"),
        ("Rollback Triggers", "Health check fails for more than 2 minutes"),
        ("Rollback Triggers", "Downtime exceeds 5 minutes"),
        ("Monitoring", "Watch the error rate for at least 30 minutes"),
        ("Monitoring", "Errors -> tell the team in <10 minutes"),
        ("Monitoring", "Keep logs for more than 30 days"),
        ("Contacts", "Error rate > 5 %: call Ada"),
        ("Overview", "We once had an error rate above 5 %"),
    ] {
        let text = format!("# T\n\n## Steps\n\n```bash\n./deploy\n```\n\n## {heading}\n\n- {item}\n");
        assert_eq!(of(&text), Vec::<String>::new(), "{heading}: {item}");
    }
}

#[test]
fn a_line_that_says_what_is_healthy_is_one_anywhere() {
    let text =
        "# T\n\n## Steps\n\n```bash\n./deploy\n```\n\nhealthy: queued < 100\n\nWe like queues of < 100.\n";
    assert_eq!(of(text), ["queued: <100 - -"]);
}

#[test]
fn names_are_told_apart_and_nothing_is_said_twice() {
    let text = "# T\n\n## Steps\n\n```bash\n./deploy\n```\n\n## Success Criteria\n\n- Error rate < 1%\n- Error rate < 1%\n\n## Rollback Triggers\n\n- Error rate > 5%\n";
    assert_eq!(of(text), ["Error rate: <1% - -", "Error rate, line 16: - - >5%"]);
}
