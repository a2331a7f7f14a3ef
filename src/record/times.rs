//! Times as the record tells them: local to where the run was started, with the zone, wherever they are read. So a log
//! comes out the same, byte for byte, on every machine.

use chrono::{DateTime, FixedOffset, Local, Offset, Utc};

use crate::figures::{stamp, zone_name};
use crate::run::clock::{Outage, Sign};
use crate::run::{Record, RunState, clock_went_back};

/// How a run's times are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    zone: FixedOffset,
    /// The day the run began: times of that day are told without it.
    day: chrono::NaiveDate,
}

impl Times {
    /// Those of a run. One from before zones were recorded is told in the zone of this machine.
    pub fn of(state: &RunState) -> Self {
        let began = state.start().map_or(DateTime::UNIX_EPOCH, |(_, at)| *at);
        let recorded = state.start().and_then(|(start, _)| FixedOffset::east_opt(start.zone_s?));
        let zone = recorded.unwrap_or_else(|| began.with_timezone(&Local).offset().fix());
        Self { zone, day: began.with_timezone(&zone).date_naive() }
    }

    /// The zone.
    pub fn zone(self) -> FixedOffset {
        self.zone
    }

    /// A moment there.
    pub fn local(self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.zone)
    }

    /// `2026-11-25`.
    pub fn date(self, at: DateTime<Utc>) -> String {
        self.local(at).format("%Y-%m-%d").to_string()
    }

    /// `21:14:03 +01:00`; on another day than that of the start with the date before it.
    pub fn time(self, at: DateTime<Utc>) -> String {
        let local = self.local(at);
        let time = format!("{} {}", local.format("%H:%M:%S"), self.zone_name());
        if local.date_naive() == self.day { time } else { format!("{} {time}", local.format("%Y-%m-%d")) }
    }

    /// `2026-11-25 21:14:03 +01:00`.
    pub fn stamp(self, at: DateTime<Utc>) -> String {
        stamp(at, self.zone)
    }

    /// An outage: from when to when, and by what it is known to be over.
    pub fn outage(self, outage: &Outage) -> String {
        let since = self.time(outage.since);
        let both = outage.until.map_or(String::new(), |until| format!("{since} to {}", self.time(until)));
        match outage.sign {
            Sign::Answered => both,
            Sign::Started => format!("{both}, when it was started; nothing checked it after that"),
            Sign::RunOver => format!("{both}, the end of the run: nothing showed that it works again"),
            Sign::Nothing => format!("since {since}, not over"),
        }
    }

    /// `+01:00`, or `UTC`.
    pub fn zone_name(self) -> String {
        zone_name(self.zone)
    }
}

/// Where times run backwards: each event is dated by the clock of the machine, and the first that comes before the one
/// before it is told.
pub fn backwards(records: &[Record]) -> Option<String> {
    let pairs = records.windows(2);
    let back = pairs.filter_map(|pair| Some((clock_went_back(pair[0].at, pair[1].at)?, pair[1].seq.0)));
    let back: Vec<(String, u64)> = back.collect();
    let (by, seq) = back.first()?;
    let more =
        if back.len() > 1 { format!(", and others after it ({})", back.len() - 1) } else { String::new() };
    Some(format!(
        "times: event {seq} is dated {by} before event {}{more}: the clock was set back, or a time is wrong",
        seq - 1
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_run_backwards_are_named() {
        use chrono::TimeDelta;

        use crate::run::{Event, Seq};
        let state = RunState::new(std::sync::Arc::new(crate::runbook::read("# T\n")));
        let told = |seconds: &[i64]| {
            let record = |(seq, s): (usize, &i64)| {
                let noted = Event::Noted { about: String::new(), text: "x".into(), issue: false };
                let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(*s);
                Record { seq: Seq(seq as u64 + 1), ..state.next_record(noted, at) }
            };
            backwards(&seconds.iter().enumerate().map(record).collect::<Vec<Record>>())
        };
        assert_eq!(told(&[0, 5, 5, 9]), None);
        let words = told(&[0, 500, 200, 300, 100]).unwrap();
        assert!(words.contains("event 3 is dated 5 min before event 2, and others after it (1)"), "{words}");
    }
}
