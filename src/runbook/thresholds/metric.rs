//! Which names are those of metrics, and whether more or less of one is better.

use super::super::measures::{Measure, speaks_of_use};
use super::super::vocabulary::{Terms, folded};
use super::super::words::unit_ms;
use super::amount::Amount;

/// What is measured while a service runs.
#[rustfmt::skip] // words, many to a line
static METRICS: Terms = Terms::of(&[
    "latency", "latencies", "response time", "response times", "load time", "render time", "query time", "processing time", "p50", "p90", "p95", "p99", "p999", "percentile", "ttfb", "time to first byte",
    "lcp", "fid", "inp", "apdex", "error rate", "error ratio", "errors", "error count", "error percentage", "failure rate", "failed requests", "requests fail", "requests failing", "requests failed",
    "5xx", "4xx", "500s", "http 500", "exceptions", "timeout rate", "timeouts", "availability", "uptime", "success rate", "success ratio", "hit rate", "hit ratio", "miss rate", "throughput", "request rate", "requests per second",
    "rps", "qps", "tps", "queue", "queued", "queue depth", "queue length", "queue size", "backlog", "lag", "replication lag", "consumer lag", "pending jobs", "failed jobs", "pending messages", "dead letter", "cpu", "memory", "ram", "heap", "disk",
    "swap", "iops", "saturation", "utilization", "utilisation", "load average", "connections", "connection pool", "active connections", "pool usage", "threads", "file descriptors", "restarts", "restart count", "pod restarts", "crash rate", "crash free", "gc pause",
    "packet loss", "jitter", "deadlocks", "slow queries", "long running queries", "locks", "event loop", "freshness", "staleness", "certificate", "bandwidth", "dropped", "rejected requests", "evictions",
    "latenz*", "antwortzeit*", "fehlerrate", "fehlerquote", "auslastung", "verfugbarkeit", "speicherauslastung", "warteschlange*", "latence", "temps de reponse", "taux d erreur*", "disponibilite", "latencia", "tiempo de respuesta", "tasa de error*", "disponibilidad",
    "tempo de resposta", "taxa de erro*", "disponibilidade", "tempo di risposta", "tasso di errore", "disponibilita", "czas odpowiedzi", "wskaznik bledow", "dostepnosc", "время ответа", "время отклика", "задержка", "доля ошибок", "процент ошибок", "доступность",
    "错误率", "錯誤率", "延迟", "延遲", "响应时间", "響應時間", "可用性", "成功率", "内存", "磁盘", "吞吐", "队列", "エラー率", "レイテンシ", "応答時間", "メモリ", "稼働率", "에러율", "오류율", "응답 시간", "지연", "가용성", "메모리", "디스크",
]);

/// What is said of people, projects and plans: no service is measured by it.
#[rustfmt::skip] // words, many to a line
static PEOPLE: Terms = Terms::of(&[
    "respond within", "responds within", "acknowledge*", "escalat*", "on call", "oncall", "pager", "severity", "sev1", "sev2", "sev3", "sev 1", "sev 2", "ticket", "tickets", "support", "incident*", "postmortem", "resolution", "resolve",
    "mttr", "mttd", "mtta", "mtbf", "rto", "rpo", "recovery time", "recovery point", "lead time", "deployment frequency", "deployment time", "deploy time", "deployment duration", "rollback time", "build time", "migration time", "change failure rate", "coverage", "code review",
    "bundle size", "binary size", "image size", "lighthouse", "accessibility score", "satisfaction", "nps", "adoption", "cost", "costs", "budget", "retention", "downtime", "test pass", "tests pass", "vulnerabilities", "approval*", "sign off", "first response", "customer*", "headcount", "team", "engineer*",
    "recovery", "reaktionszeit", "temps de reaction", "tiempo de reaccion", "wiederherstellung*",
]);

/// Words of a bound that is on a difference: what it is above is not said.
#[rustfmt::skip] // words, many to a line
static RELATIVE: Terms = Terms::of(&[
    "baseline", "increase", "increases", "increased", "increasing", "decrease", "decreases", "decreased", "compared", "relative", "deviation", "usual", "historical", "pre deploy*", "previous", "spike", "spikes", "degradation", "regression", "drop of", "drops by", "rises by",
    "grows by", "growth", "than before", "than normal", "above normal", "below normal", "of normal", "improvement", "reduction", "reduced", "basiswert", "gegenuber", "anstieg", "基线", "基線", "同比", "环比", "平时",
]);

/// Metrics of which more is better.
#[rustfmt::skip] // words, many to a line
static HIGHER: Terms = Terms::of(&[
    "availability", "available", "uptime", "success", "success rate", "successful", "hit rate", "hit ratio", "cache hits", "free", "remaining", "left", "headroom", "throughput", "rps", "qps", "tps", "request rate", "requests per second", "replicas", "healthy", "ready", "apdex", "crash free",
    "certificate", "certificates", "expiry", "verfugbarkeit", "frei", "disponibilite", "disponibilidad", "disponibilidade", "disponibilita", "libre", "libero", "livre", "dostepnosc", "wolne", "доступность", "свободн*", "可用性", "可用", "成功率", "命中率", "剩余", "吞吐", "稼働率", "空き", "가용성", "여유",
]);

/// Metrics of which less is better, by more words than those that are known as metrics.
#[rustfmt::skip] // words, many to a line
static LOWER: Terms = Terms::of(&[
    "time", "usage", "used", "utilization", "utilisation", "load", "delay", "age", "duration", "failures", "failed", "error", "rejected", "dropped", "restarts", "pending", "waiting", "size", "lines", "zeit", "dauer", "nutzung", "uso", "utilisation", "wykorzystanie", "использование", "使用率", "占用",
]);

/// Whether a name is one of a metric.
pub(super) fn is_metric(name: &str) -> bool {
    let text = folded(name);
    !text.is_empty() && (METRICS.in_folded(&text) || Measure::of_metric(name).is_some())
}

/// Whether it is said of people, projects or plans.
pub(super) fn is_of_people(text: &str) -> bool {
    PEOPLE.stand_in(text)
}

/// Whether a bound is on a difference to something.
pub(super) fn is_relative(text: &str) -> bool {
    RELATIVE.stand_in(text)
}

/// Whether more of a metric is better, or less; nothing where its name does not tell.
pub(super) fn more_is_better(name: &str) -> Option<bool> {
    let text = folded(name);
    if HIGHER.in_folded(&text) && !text.split(' ').any(|word| matches!(word, "errors" | "latency" | "lag")) {
        return Some(true);
    }
    match Measure::of_metric(name) {
        Some(Measure::DiskFree) => Some(!speaks_of_use(name)),
        Some(_) => Some(false),
        None if METRICS.in_folded(&text) || LOWER.in_folded(&text) => Some(false),
        None => None,
    }
}

/// The longest time that is one of an answer, in milliseconds: what takes longer is a job, or a person.
const ANSWERS_WITHIN_MS: f64 = 60_000.0;

/// Whether a number can be one of a metric: 15 minutes are no response time of a service, and 5 % no latency.
pub(super) fn fits(name: &str, amount: &Amount) -> bool {
    let time = unit_ms(&amount.unit.to_lowercase());
    let measure = Measure::of_metric(name);
    if amount.unit == "x" || amount.unit == "×" {
        return false;
    }
    match (measure.map(Measure::unit), time) {
        (Some("ms"), Some(factor)) => {
            let answers = amount.value * factor < ANSWERS_WITHIN_MS;
            answers || measure == Some(Measure::LongestTransaction)
        }
        (Some("ms"), None) => false,
        (Some("h" | "d"), Some(_)) => true,
        (Some(_), Some(_)) => false,
        (None, Some(_)) => is_a_time(name),
        (_, None) => true,
    }
}

/// Whether a metric of no measure that is known is a time.
fn is_a_time(name: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    static TIMES: Terms = Terms::of(&[
        "time", "latency", "lag", "delay", "duration", "age", "p50", "p90", "p95", "p99", "p999", "percentile", "ttfb", "lcp", "fid", "inp", "pause", "freshness", "staleness", "wait", "zeit", "temps", "tiempo", "tempo", "czas", "время", "задержка",
        "时间", "延迟", "時間", "시간", "지연",
    ]);
    TIMES.stand_in(name)
}
