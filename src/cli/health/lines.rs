//! Lines of what changes, one a change, for pipes, files and whoever reads later; and a sign of life.

use chrono::{DateTime, Utc};
use unicode_width::UnicodeWidthStr;

use super::words::{against, not_measured, now};
use crate::figures::{running, span};
use crate::run::board::told::Was;
use crate::run::board::{Board, Row};
use crate::run::health::RowLevel;

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn level(level: RowLevel) -> &'static str {
    match level {
        RowLevel::NotSeen => "unseen",
        RowLevel::NotMeasured => "-",
        other => other.name(),
    }
}

fn line(at: DateTime<Utc>, level: &str, rest: &str) -> String {
    format!("{}  {level:<7} {rest}", stamp(at)).trim_end().to_owned()
}

/// How it all is: `all 12 ok, 2 not measured: Cache Hits (no source), cmd.2 (off)`.
pub(in crate::cli) fn whole(board: &Board) -> String {
    let counts = &board.counts;
    let judged: usize = counts.shown().map(|(_, count)| count).sum();
    let ok = counts.at(RowLevel::Ok);
    let all = match counts.worst() {
        None => "nothing is judged".to_owned(),
        Some(RowLevel::Ok) if counts.all_ok() => format!("all {ok} ok"),
        Some(_) => format!("{ok} of {judged} ok: {}", board.headline.line(stamp)),
    };
    let none = not_measured(&board.rows);
    let none = if none.is_empty() {
        String::new()
    } else {
        format!(", {} not measured: {}", none.len(), none.join(", "))
    };
    line(board.at, counts.worst().map_or("-", level), &format!("{all}{none}"))
}

/// A row that changed: its level, name, value and bound, and what it was for how long.
pub(in crate::cli) fn change(board: &Board, row: &Row, was: &Was) -> String {
    let since = row.since.unwrap_or(board.at);
    let lasted = (since - was.since).num_seconds().max(0) as u64;
    let worst = was.worst.as_ref().map_or(String::new(), |worst| format!(", worst {worst}"));
    let was = match was.level {
        RowLevel::NotMeasured => "was not measured".to_owned(),
        before => format!("was {} for {}{worst}", before.word().to_lowercase(), running(lasted)),
    };
    let told = format!("{} {} {}", pad(&row.title, 24), pad(&now(row), 20), pad(&against(row), 16));
    line(board.at, level(row.level), &format!("{told} {was}"))
}

/// A sign of life: `11 of 12 ok, watching for 15 min, 1 alert: Queue Depth 2042`.
pub(in crate::cli) fn alive(board: &Board) -> String {
    let counts = &board.counts;
    let judged: usize = counts.shown().map(|(_, count)| count).sum();
    let watching = board.since.map_or(0, |since| (board.at - since).num_seconds().max(0) as u64);
    let worse: Vec<String> = counts
        .shown()
        .filter(|(level, _)| !matches!(level, RowLevel::Ok))
        .map(|(level, count)| {
            let named = board.rows.iter().filter(|row| row.level == level).take(3);
            let named: Vec<String> = named.map(|row| format!("{} {}", row.title, row.now.words)).collect();
            format!("{count} {}: {}", level.word().to_lowercase(), named.join(", "))
        })
        .collect();
    let worse = if worse.is_empty() { String::new() } else { format!(", {}", worse.join("; ")) };
    let ok = counts.at(RowLevel::Ok);
    line(board.at, "-", &format!("{ok} of {judged} ok, watching for {}{worse}", span(watching)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::config::WatchSettings;
    use crate::run::board::View;
    use crate::run::board::told::Told;
    use crate::run::health::{Health, Level, Measured, Reason, Sample, Seen, Subject, Watch};
    use crate::runbook::measures::Measure;
    use crate::runbook::probes::ProbeId;

    /// Looks every five seconds: so many well, so many refused, so many well.
    fn told(looks: &[(usize, bool)]) -> Vec<String> {
        let book = crate::runbook::read("# T\n## Steps\n```bash\ncurl http://h.test/health\n```\n");
        let mut watch = Watch::of(&book, None, false, &WatchSettings::default()).unwrap();
        watch.probes.retain(|p| p.source.kind() == "http");
        let mut health = Health::new(watch);
        let mut now = DateTime::from_timestamp(1_700_000_100, 0).unwrap();
        let (mut told, mut lines) = (Told::default(), Vec::new());
        for (count, well) in looks {
            for _ in 0..*count {
                let measured = vec![Measured::one(Measure::Latency, 24.0)];
                let subject = Subject {
                    level: Some(Level::Ok),
                    state: "200".into(),
                    about: "in 24 ms".into(),
                    measured,
                    ..Subject::default()
                };
                let seen = if *well {
                    Seen::Subjects(vec![subject])
                } else {
                    Seen::nothing(Reason::Refused, "connection refused")
                };
                told.counted(&health.take(&Sample { probe: ProbeId("http.1".into()), at: now, seen }));
                let board = Board::of(&health, None, View::default(), now);
                lines.extend(told.changed(&board).into_iter().map(|(row, was)| change(&board, row, &was)));
                now += TimeDelta::seconds(5);
            }
        }
        lines
    }

    #[test]
    fn calm_says_nothing_and_each_change_is_a_line() {
        assert_eq!(told(&[(120, true)]), Vec::<String>::new(), "ten minutes of calm");
        let lines = told(&[(60, true), (12, false), (10, true)]);
        insta::assert_snapshot!(lines.join("\n"), @r"
        2023-11-14T22:20:05Z  down    /health                  connection refused                    was ok for 5:00
        2023-11-14T22:21:10Z  ok      /health                  200 in 24 ms                          was down for 1:00
        ");
    }
}
