//! Units of systemd, as `systemctl show` tells of them: all of one manager by one call (systemctl(1)).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;

use super::collector::Collector;
use super::keys::Keys;
use super::restarts::Restarts;
use super::vantage::Reach;
use super::words::{plain, timed_out};
use crate::figures::span;
use crate::run::health::{Level, Measured, Reason, Seen, Subject, Unseen, amount};
use crate::runbook::measures::Measure;
use crate::runbook::probes::Systemd;
use crate::shell::quote::quote;

/// What is asked of each.
const PROPERTIES: &str =
    "Id,LoadState,ActiveState,SubState,Result,NRestarts,ActiveEnterTimestampMonotonic,MemoryCurrent,Type";

pub(super) struct Units {
    systemd: Systemd,
    keys: Keys,
    reach: Option<Arc<dyn Reach>>,
    restarts: HashMap<String, Restarts>,
}

impl Units {
    pub(super) fn new(systemd: Systemd, keys: Keys, reach: Option<Arc<dyn Reach>>) -> Self {
        Self { systemd, keys, reach, restarts: HashMap::new() }
    }

    /// The machine's uptime, then a block for each unit.
    fn script(&self) -> String {
        let units: Vec<String> = self.systemd.units.iter().map(|unit| quote(unit)).collect();
        let manager = if self.systemd.user { "--user " } else { "" };
        format!(
            "cat /proc/uptime; LC_ALL=C systemctl {manager}show --no-pager -p {PROPERTIES} -- {} 2>&1; echo \"status $?\"",
            units.join(" ")
        )
    }

    async fn printed(&self, limit: Duration) -> Result<String, Unseen> {
        let script = self.script();
        match &self.reach {
            Some(reach) => {
                let printed = tokio::time::timeout(limit, reach.script(script)).await;
                printed.map_err(|_| timed_out(limit))?.map_err(|why| Unseen::new(Reason::NoWay, why))
            }
            None => Ok(self.keys.programs()?.run(script, limit).await?.output),
        }
    }

    fn read(&mut self, printed: &str, now: Instant) -> Result<Vec<Subject>, Unseen> {
        let status = printed.lines().last().and_then(|line| line.strip_prefix("status "));
        let said = || plain(printed.lines().nth(1).unwrap_or(""), 160);
        match status {
            Some("0") => {}
            // A host without systemd has no units (sd_booted(3)).
            Some("127") => return Err(Unseen::new(Reason::NoSource, "there is no systemd")),
            Some(_) if printed.contains("not been booted") => {
                return Err(Unseen::new(Reason::NoSource, "the host was not booted with systemd"));
            }
            Some(_) if printed.contains("connect to bus") => {
                return Err(Unseen::new(Reason::NoSocket, format!("systemd can't be asked: {}", said())));
            }
            Some(_) => return Err(Unseen::new(Reason::NoWay, format!("systemctl failed: {}", said()))),
            None => return Err(Unseen::new(Reason::NoWay, "systemctl did not end")),
        }
        let up = printed.split_whitespace().next().and_then(|seconds| seconds.parse::<f64>().ok());
        let blocks = printed.split("\n\n").map(fields).filter(|fields| fields.contains_key("Id"));
        let subjects: Vec<Subject> = blocks.map(|fields| self.described(&fields, up, now)).collect();
        if subjects.is_empty() {
            Err(Unseen::new(Reason::WrongAnswer, "systemctl told of no unit"))
        } else {
            Ok(subjects)
        }
    }

    fn described(&mut self, fields: &BTreeMap<&str, &str>, up: Option<f64>, now: Instant) -> Subject {
        let of = |name: &str| fields.get(name).copied().unwrap_or("");
        let name = of("Id").trim_end_matches(".service").to_owned();
        let (state, sub, result) = (of("ActiveState"), of("SubState"), of("Result"));
        let once = of("Type") == "oneshot" || !of("Id").ends_with(".service");
        let (mut level, state) = match (of("LoadState"), state) {
            ("not-found", _) => (Level::Down, "no such unit".to_owned()),
            (_, "active") => (Level::Ok, sub.to_owned()),
            (_, "failed") => (Level::Down, "failed".to_owned()),
            // It waits to be started again: it has just ended.
            (_, "activating") if sub == "auto-restart" => (Level::Alert, "restarting".to_owned()),
            (_, "inactive") if once && result == "success" => (Level::Ok, "inactive".to_owned()),
            (_, "inactive") => (Level::Watch, "inactive".to_owned()),
            (_, other) => (Level::Watch, other.to_owned()),
        };
        let reason = match of("LoadState") {
            "not-found" => Some(Reason::Gone),
            _ => (level == Level::Down).then_some(Reason::Exited),
        };
        let mut about = Vec::new();
        if !matches!(result, "success" | "") {
            about.push(format!("result {result}"));
        }
        let entered = of("ActiveEnterTimestampMonotonic").parse::<f64>().ok().filter(|at| *at > 0.0);
        if level == Level::Ok
            && let Some((up, entered)) = up.zip(entered)
        {
            about.push(format!("up {}", span((up - entered / 1_000_000.0).max(0.0) as u64)));
        }
        let mut measured = Vec::new();
        if let Ok(count) = of("NRestarts").parse::<i64>() {
            measured.push(Measured::one(Measure::Restarts, count as f64));
            about.push(format!("restarts {count}"));
            let restarts = self.restarts.entry(name.clone()).or_default();
            if let Some((worse, words)) = restarts.count(count, now) {
                level = level.max(worse);
                about.push(words);
            }
        }
        // Without accounting it is all ones.
        if let Some(memory) = of("MemoryCurrent").parse::<u64>().ok().filter(|memory| *memory < u64::MAX) {
            measured.push(Measured::one(Measure::Size, memory as f64));
            about.push(amount(Measure::Size, memory as f64));
        }
        Subject {
            name,
            level: Some(level),
            reason,
            state,
            about: about.join("  "),
            measured,
            ..Subject::default()
        }
    }
}

impl Collector for Units {
    fn look(&mut self, limit: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            let printed = self.printed(limit).await;
            match printed.and_then(|printed| self.read(&printed, Instant::now())) {
                Ok(subjects) => Seen::Subjects(subjects),
                Err(unseen) => Seen::Nothing(unseen),
            }
        })
    }
}

fn fields(block: &str) -> BTreeMap<&str, &str> {
    block.lines().filter_map(|line| line.split_once('=')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "1000.00 900.00\nType=notify\nNRestarts=0\nResult=success\nMemoryCurrent=1048576\nId=web.service\nLoadState=loaded\n\
        ActiveState=active\nSubState=running\nActiveEnterTimestampMonotonic=400000000\n\nType=simple\nNRestarts=4\nResult=exit-code\n\
        MemoryCurrent=18446744073709551615\nId=worker.service\nLoadState=loaded\nActiveState=activating\nSubState=auto-restart\n\n\
        Id=gone.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n\nType=simple\nResult=success\nId=api.service\n\
        LoadState=loaded\nActiveState=inactive\nSubState=dead\nNRestarts=0\n\nstatus 0\n";

    #[test]
    fn units_are_as_systemctl_shows_them() {
        let mut units = Units::new(Systemd::default(), Keys::default(), None);
        let start = Instant::now();
        let subjects = units.read(PRINTED, start).unwrap();
        let shown: Vec<_> = subjects.iter().map(|s| (s.name.as_str(), s.level, s.state.as_str())).collect();
        let wanted = [
            ("web", Some(Level::Ok), "running"),
            ("worker", Some(Level::Alert), "restarting"),
            ("gone", Some(Level::Down), "no such unit"),
            ("api", Some(Level::Watch), "inactive"),
        ];
        assert_eq!(shown, wanted);
        assert!(subjects[0].about.contains("up 10"), "{}", subjects[0].about);
        assert!(!subjects[1].measured.iter().any(|m| m.measure == Measure::Size), "no accounting");
        // A restart between two looks is seen although it runs at both.
        let again = PRINTED.replacen("NRestarts=0", "NRestarts=1", 1);
        let subjects = units.read(&again, start + Duration::from_secs(10)).unwrap();
        assert_eq!(subjects[0].level, Some(Level::Watch));
    }

    #[test]
    fn where_there_is_no_systemd_there_is_nothing_to_see() {
        let mut units = Units::new(Systemd::default(), Keys::default(), None);
        let mut why = |printed: &str| units.read(printed, Instant::now()).unwrap_err().reason;
        assert_eq!(why("1 1\nsh: 1: systemctl: not found\nstatus 127\n"), Reason::NoSource);
        let words =
            "1 1\nSystem has not been booted with systemd as init system (PID 1). Can't operate.\nstatus 1\n";
        assert_eq!(why(words), Reason::NoSource);
        assert_eq!(why("1 1\n"), Reason::NoWay);
    }
}
