//! Prometheus: one expression, by an instant query (<https://prometheus.io/docs/prometheus/latest/querying/api/>); and
//! once, by a range query, how it was in the hour before.
//!
//! Nothing, "not a number" and what is old are no data, never 0.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::{Client, StatusCode};
use serde::Deserialize;

use super::collector::Collector;
use super::http;
use super::keys::Keys;
use super::vantage::{Reach, Target};
use super::words::{deepest, plain, timed_out, unreached};
use crate::run::health::{Level, Measured, Point, Reason, Seen, Subject, Unseen, amount};
use crate::runbook::probes::{HttpRequest, Prometheus};

/// An answer is read up to here.
const LONGEST: usize = 1024 * 1024;

/// So many series are shown.
const MOST: usize = 12;

/// What is older is no data.
const OLD_S: f64 = 300.0;

/// So many seconds before the first look are asked for once, in steps of so many.
const EARLIER_S: i64 = 3600;
const STEP_S: i64 = 15;

pub(super) struct Expression {
    prometheus: Prometheus,
    keys: Keys,
    reach: Option<Arc<dyn Reach>>,
    client: Option<Client>,
}

#[derive(Deserialize)]
struct Answer {
    status: String,
    #[serde(default)]
    error: String,
    data: Option<Data>,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
enum Data {
    Scalar((f64, String)),
    Vector(Vec<Series>),
    Matrix(Vec<Range>),
    String(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct Series {
    metric: BTreeMap<String, String>,
    value: (f64, String),
}

/// A series over time; its labels are of no use, since the worst of all stands for them at each time.
#[derive(Deserialize)]
struct Range {
    values: Vec<(f64, String)>,
}

impl Expression {
    pub(super) fn new(prometheus: Prometheus, keys: Keys, reach: Option<Arc<dyn Reach>>) -> Self {
        Self { prometheus, keys, reach, client: None }
    }

    fn request(&self) -> HttpRequest {
        HttpRequest { url: self.prometheus.url.clone(), ..HttpRequest::default() }
    }

    async fn client(&mut self) -> Result<Client, Unseen> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let other = |why: String| Unseen::new(Reason::NoWay, why);
        let made = match &self.reach {
            None => http::client().map_err(other)?,
            Some(reach) => {
                let (host, port) = self
                    .request()
                    .host_and_port()
                    .ok_or_else(|| Unseen::new(Reason::NoWay, "its address names no host"))?;
                let lead = reach.lead(Target::Port(host, port)).await;
                let lead = lead.map_err(|why| Unseen::new(Reason::NoWay, why))?;
                http::over_socket(lead).map_err(other)?
            }
        };
        Ok(self.client.insert(made).clone())
    }

    async fn ask(&mut self, limit: Duration) -> Result<Vec<Subject>, Unseen> {
        let answer = self.fetch("query", &[], limit).await?;
        self.read(answer, chrono::Utc::now().timestamp() as f64)
    }

    /// How the figure was before now, the oldest first; nothing where that is not kept.
    async fn before(&mut self, now: i64, limit: Duration) -> Option<Seen> {
        let (start, end) = ((now - 1 - EARLIER_S).to_string(), (now - 1).to_string());
        let step = STEP_S.to_string();
        let span = [("start", start.as_str()), ("end", end.as_str()), ("step", step.as_str())];
        let answer = self.fetch("query_range", &span, limit).await.ok()?;
        let points = self.read_range(answer);
        (!points.is_empty()).then(|| Seen::Earlier(self.prometheus.measure(), points))
    }

    /// The worst of all series at each time.
    fn read_range(&self, answer: Answer) -> Vec<Point> {
        let Some(Data::Matrix(ranges)) = answer.data else { return vec![] };
        let factor = self.prometheus.factor().unwrap_or(1.0);
        let mut worst: BTreeMap<i64, f64> = BTreeMap::new();
        for (at, text) in ranges.iter().flat_map(|range| &range.values) {
            let Some(value) = text.parse::<f64>().ok().filter(|value| value.is_finite()) else { continue };
            let value = value * factor;
            let known = worst.entry(*at as i64).or_insert(value);
            *known = if self.prometheus.least { known.min(value) } else { known.max(value) };
        }
        worst.into_iter().map(|(at, value)| Point { at, value }).collect()
    }

    async fn fetch(&mut self, path: &str, span: &[(&str, &str)], limit: Duration) -> Result<Answer, Unseen> {
        if self.prometheus.url.is_empty() {
            return Err(Unseen::new(
                Reason::NoWay,
                "the document names no server: set prometheus of this probe",
            ));
        }
        let client = self.client().await?;
        let secret =
            self.keys.secret(self.prometheus.password.as_deref(), "", self.prometheus.credential.as_ref())?;
        let timeout = format!("{}ms", limit.as_millis());
        let mut query = vec![("query", self.prometheus.query.as_str()), ("timeout", timeout.as_str())];
        query.extend(span);
        let url = format!("{}/api/v1/{path}?{}", self.prometheus.url, encoded(&query));
        let mut request = client.get(url).timeout(limit);
        request = match (&self.prometheus.user, secret) {
            (Some(user), secret) => request.basic_auth(user, secret),
            (None, Some(token)) => request.bearer_auth(token),
            (None, None) => request,
        };
        let response = request.send().await.map_err(|error| self.failed(&error, limit))?;
        let status = response.status();
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Err(Unseen::new(
                Reason::NoPassword,
                format!("it does not let us in: {}", status.as_u16()),
            ));
        }
        let body = http::body_up_to(response, LONGEST).await.map_err(|error| self.failed(&error, limit))?;
        serde_json::from_slice(&body).map_err(|_| {
            let text = plain(&String::from_utf8_lossy(&body), 60);
            Unseen::new(
                Reason::NoWay,
                format!("it answered {}, but not as Prometheus does: {text}", status.as_u16()),
            )
        })
    }

    fn failed(&self, error: &reqwest::Error, limit: Duration) -> Unseen {
        if error.is_timeout() {
            return timed_out(limit);
        }
        let request = self.request();
        if error.is_connect() {
            return unreached(error, request.authority());
        }
        let words = plain(&deepest(error), 160);
        Unseen::new(Reason::NoWay, format!("{} answered, but not with HTTP: {words}", request.authority()))
    }

    /// What an answer says at a time, in seconds since 1970.
    fn read(&self, answer: Answer, now: f64) -> Result<Vec<Subject>, Unseen> {
        if answer.status != "success" {
            return Err(Unseen::new(
                Reason::NoWay,
                format!("it refuses the query: {}", plain(&answer.error, 160)),
            ));
        }
        let nothing = |words: &str| Unseen::new(Reason::NoData, format!("no data: {words}"));
        let series = match answer.data {
            Some(Data::Scalar(value)) => vec![Series { metric: BTreeMap::new(), value }],
            Some(Data::Vector(series)) => series,
            Some(Data::Matrix(_) | Data::String(_)) | None => {
                return Err(nothing("the query gives no number at one time"));
            }
        };
        if series.is_empty() {
            return Err(nothing("nothing matches the query"));
        }
        let factor = self.prometheus.factor().unwrap_or(1.0);
        let fresh = |at: f64| (now - at).abs() <= OLD_S;
        let value = |(at, text): &(f64, String)| {
            let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
            value.filter(|_| fresh(*at)).map(|value| value * factor)
        };
        if !series.iter().any(|series| fresh(series.value.0)) {
            return Err(nothing("its answer is older than 5 min"));
        }
        let labels = differing(&series);
        let mut found: Vec<(String, f64)> =
            series.iter().filter_map(|s| Some((named(&s.metric, &labels), value(&s.value)?))).collect();
        let order = |a: &(String, f64), b: &(String, f64)| {
            let order = b.1.total_cmp(&a.1);
            if self.prometheus.least { order.reverse() } else { order }
        };
        found.sort_by(order);
        let measure = self.prometheus.measure();
        let Some((worst, value)) = found.first().cloned() else {
            return Err(nothing("what it gives is not a number"));
        };
        let mut lines: Vec<String> = answer.warnings.iter().map(|words| plain(words, 160)).collect();
        let whole = |about: String, lines: Vec<String>| Subject {
            state: amount(measure, value),
            about,
            measured: vec![Measured::one(measure, value)],
            lines,
            ..Subject::default()
        };
        if found.len() == 1 {
            return Ok(vec![whole(String::new(), lines)]);
        }
        lines.extend(
            found.iter().take(MOST).map(|(name, value)| format!("{name} {}", amount(measure, *value))),
        );
        Ok(vec![whole(format!("the worst of {}: {worst}", found.len()), lines)])
    }
}

impl Collector for Expression {
    fn look(&mut self, limit: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            match self.ask(limit).await {
                Ok(subjects) => Seen::Subjects(subjects),
                Err(mut unseen) => {
                    // It only tells of others: without it nothing of them is seen, and nobody of them is down.
                    if unseen.level() != Some(Level::NotSeen) {
                        unseen.reason = Reason::NoWay;
                    }
                    self.client = self.client.take().filter(|_| self.reach.is_none());
                    Seen::Nothing(unseen)
                }
            }
        })
    }

    fn earlier(&mut self, limit: Duration) -> BoxFuture<'_, Option<Seen>> {
        Box::pin(self.before(chrono::Utc::now().timestamp(), limit))
    }

    fn forget(&mut self) {
        self.client = None;
    }
}

/// Pairs as an address has them (RFC 3986, 2.1).
fn encoded(pairs: &[(&str, &str)]) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    let pair =
        |(name, value): &(&str, &str)| format!("{name}={}", value.bytes().map(byte).collect::<String>());
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The labels that tell series from each other.
fn differing(series: &[Series]) -> BTreeSet<String> {
    let names: BTreeSet<&String> = series.iter().flat_map(|s| s.metric.keys()).collect();
    let differs = |name: &&&String| {
        let mut values = series.iter().map(|s| s.metric.get(**name));
        let first = values.next().flatten();
        values.any(|value| value != first)
    };
    names.iter().filter(differs).map(|name| (*name).clone()).collect()
}

fn named(metric: &BTreeMap<String, String>, labels: &BTreeSet<String>) -> String {
    let told = labels.iter().filter_map(|label| metric.get(label).map(|value| format!("{label}={value}")));
    plain(&told.collect::<Vec<_>>().join(" "), 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::measures::Measure;

    fn read(prometheus: Prometheus, json: &str) -> Result<Vec<Subject>, Reason> {
        let expression = Expression::new(prometheus, Keys::default(), None);
        expression.read(serde_json::from_str(json).unwrap(), 1000.0).map_err(|unseen| unseen.reason)
    }

    fn vector(values: &str) -> String {
        format!("{{\"status\":\"success\",\"data\":{{\"resultType\":\"vector\",\"result\":[{values}]}}}}")
    }

    #[test]
    fn what_is_no_number_of_now_is_no_data() {
        for values in [
            "",
            "{\"metric\":{},\"value\":[1000,\"NaN\"]}",
            "{\"metric\":{},\"value\":[1000,\"+Inf\"]}",
            "{\"metric\":{},\"value\":[600,\"1\"]}",
        ] {
            assert_eq!(read(Prometheus::default(), &vector(values)), Err(Reason::NoData), "{values}");
        }
        let matrix = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}";
        assert_eq!(read(Prometheus::default(), matrix), Err(Reason::NoData));
        let refused = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}";
        assert_eq!(read(Prometheus::default(), refused), Err(Reason::NoWay));
    }

    #[test]
    fn of_several_the_worst_stands_for_all() {
        let two = vector(
            "{\"metric\":{\"job\":\"web\",\"pod\":\"a\"},\"value\":[1000,\"0.01\"]},{\"metric\":{\"job\":\"web\",\"pod\":\"b\"},\"value\":[1000,\"0.2\"]}",
        );
        let ratio = |least| Prometheus {
            measure: Some(Measure::ErrorRate),
            unit: Some("ratio".into()),
            least,
            ..Prometheus::default()
        };
        let most = read(ratio(false), &two).unwrap();
        assert!((most[0].measured[0].value - 20.0).abs() < 1e-9);
        assert_eq!(most[0].about, "the worst of 2: pod=b");
        let least = read(ratio(true), &two).unwrap();
        assert!((least[0].measured[0].value - 1.0).abs() < 1e-9);
    }

    #[test]
    fn of_before_the_worst_at_each_time_is_known() {
        let range = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"pod\":\"a\"},\"values\":[[900,\"0.01\"],[915,\"NaN\"]]},{\"metric\":{\"pod\":\"b\"},\"values\":[[900,\"0.2\"],[915,\"0.1\"]]}]}}";
        let read = |least| {
            let ratio = Prometheus {
                measure: Some(Measure::ErrorRate),
                unit: Some("ratio".into()),
                least,
                ..Prometheus::default()
            };
            let expression = Expression::new(ratio, Keys::default(), None);
            let points = expression.read_range(serde_json::from_str(range).unwrap());
            points.iter().map(|p| (p.at, p.value.round() as i64)).collect::<Vec<_>>()
        };
        assert_eq!(read(false), [(900, 20), (915, 10)]);
        assert_eq!(read(true), [(900, 1), (915, 10)]);
    }

    #[test]
    fn an_expression_stays_what_it_is_in_an_address() {
        assert_eq!(encoded(&[("query", "a{b=~\"5..\"} + 1")]), "query=a%7Bb%3D~%225..%22%7D%20%2B%201");
    }
}
