//! A figure over time: as a drawing, or as a row of blocks.

use crate::run::health::{COARSE_S, Series, amount};
use crate::runbook::measures::Measure;

/// A figure over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// Its last value.
    pub now: String,
    /// The least and the greatest, as people read them.
    pub span: (String, String),
    /// Seconds since 1970 and values, the oldest first.
    pub points: Vec<(i64, f64)>,
    /// The level from which on it is an alert, where the document has one.
    pub alert: Option<f64>,
    /// The first and the last time, as people read them.
    pub times: (String, String),
}

impl Chart {
    /// The chart of a figure, where there is enough to draw.
    pub(super) fn of(
        series: &Series,
        (title, measure): (&str, Measure),
        alert: Option<f64>,
        time: impl Fn(i64) -> String,
    ) -> Option<Self> {
        let from = series.fine().next()?.at;
        // A coarse point stands for the time after it: one that reaches into the fine ones would say them twice.
        let coarse = series.coarse().filter(|c| c.at + COARSE_S <= from).map(|c| (c.at, c.mean));
        let points: Vec<(i64, f64)> = coarse.chain(series.fine().map(|p| (p.at, p.value))).collect();
        let (begin, end) = (points.first()?.0, points.last()?.0);
        if points.len() < 2 || begin == end {
            return None;
        }
        let least = points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
        let most = points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
        Some(Self {
            title: title.to_owned(),
            now: amount(measure, points.last()?.1),
            span: (amount(measure, least), amount(measure, most)),
            points,
            alert,
            times: (time(begin), time(end)),
        })
    }

    /// The least and the greatest that are drawn: the alert is in view where it is not far.
    fn range(&self) -> (f64, f64) {
        let least = self.points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
        let most = self.points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
        let near = self.alert.filter(|a| *a > 0.0 && *a <= most * 4.0 + f64::EPSILON);
        (least.min(near.unwrap_or(least)).min(0.0), most.max(near.unwrap_or(most)).max(f64::EPSILON))
    }

    /// A place in a box of this size: x from the left, y from the top.
    fn place(&self, (at, value): (i64, f64), width: f64, height: f64) -> (f64, f64) {
        let (begin, end) = (self.points[0].0, self.points[self.points.len() - 1].0);
        let (least, most) = self.range();
        let x = (at - begin) as f64 / (end - begin).max(1) as f64 * width;
        let y = height - (value - least) / (most - least).max(f64::EPSILON) * height;
        (x, y)
    }

    /// As a drawing in SVG, with what it shows in words for whoever can't see it.
    pub(super) fn svg(&self, escape: impl Fn(&str) -> String) -> String {
        const SIZE: (f64, f64) = (640.0, 80.0);
        let line: Vec<String> = self
            .points
            .iter()
            .map(|p| self.place(*p, SIZE.0, SIZE.1))
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let (least, most) = self.range();
        let alert = self.alert.filter(|a| (least..=most).contains(a)).map_or(String::new(), |a| {
            let (_, y) = self.place((self.points[0].0, a), SIZE.0, SIZE.1);
            format!("<line class=\"alert\" x1=\"0\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>", SIZE.0)
        });
        let words = format!("{}: {} to {}, last {}", self.title, self.span.0, self.span.1, self.now);
        format!(
            "<svg viewBox=\"0 -4 {} {}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">{alert}<polyline points=\"{}\"/></svg>",
            SIZE.0,
            SIZE.1 + 8.0,
            escape(&words),
            line.join(" ")
        )
    }

    /// As blocks, so many at most.
    pub(super) fn blocks(&self, columns: usize) -> String {
        const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        let (least, most) = self.range();
        let at_once = self.points.len().div_ceil(columns).max(1);
        let parts = self.points.chunks(at_once).map(|part| {
            let mean = part.iter().map(|p| p.1).sum::<f64>() / part.len() as f64;
            let share = (mean - least) / (most - least).max(f64::EPSILON);
            BLOCKS[((share * 7.0).round().clamp(0.0, 7.0)) as usize]
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;

    #[test]
    fn a_chart_shows_what_was_seen_and_nothing_before_it() {
        let mut series = Series::default();
        let began: DateTime<Utc> = "2026-11-25T21:02:30Z".parse().unwrap();
        for (at, ms) in [40.0, 10.0, 20.0].into_iter().enumerate() {
            series.add(began + TimeDelta::seconds(at as i64 * 5), ms);
        }
        let time = |at: i64| (at - began.timestamp()).to_string();
        let chart = Chart::of(&series, ("p95", Measure::LatencyP95), Some(50.0), time).unwrap();
        assert_eq!(chart.times, ("0".into(), "10".into()));
        assert_eq!(
            (chart.now.as_str(), chart.span.0.as_str(), chart.span.1.as_str()),
            ("20 ms", "10 ms", "40 ms")
        );
        assert_eq!(chart.blocks(60), "▇▂▄");
        let svg = chart.svg(str::to_owned);
        assert!(svg.contains("points=\"0.0,16.0 320.0,64.0 640.0,48.0\""), "{svg}");
        assert!(svg.contains("class=\"alert\" x1=\"0\" x2=\"640\" y1=\"0.0\""), "{svg}");
        let mut one = Series::default();
        one.add(began, 1.0);
        assert_eq!(Chart::of(&one, ("p95", Measure::LatencyP95), None, time), None);
    }
}
