//! Another machine, by what its kernel's own files and `df` print: processor, memory, load, and room on disks.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use super::collector::Collector;
use super::host::{Room, disk_subject, least_room, machine, no_room, percent};
use super::vantage::Reach;
use crate::run::health::{Reason, Seen, Subject};
use crate::shell::quote::quote;

/// Prints the processor's times twice where nothing is known of it yet, then memory, load, and room of the paths.
fn script(paths: &[String], first: bool) -> String {
    let paths: Vec<String> = paths.iter().map(|p| quote(p)).collect();
    let before = if first { "head -n 1 /proc/stat; sleep 0.2; " } else { "" };
    format!(
        "{before}head -n 1 /proc/stat; echo cores $(grep -c ^processor /proc/cpuinfo); echo load $(cat /proc/loadavg); \
         grep -E '^(MemTotal|MemAvailable|SwapTotal|SwapFree):' /proc/meminfo; \
         for p in {}; do if r=$(df -Pk \"$p\" 2>&1 | tail -n 1) && [ -e \"$p\" ]; then echo \"disk $r\"; echo \"at $p\"; else echo \"none $p\"; fi; done",
        paths.join(" ")
    )
}

/// Another machine.
pub(super) struct Distant {
    paths: Vec<String>,
    reach: Arc<dyn Reach>,
    /// The processor's times at the last look: all, and idle.
    times: Option<(u64, u64)>,
}

impl Distant {
    pub(super) fn new(paths: Vec<String>, reach: Arc<dyn Reach>) -> Self {
        Self { paths, reach, times: None }
    }

    async fn see(&mut self) -> Seen {
        match self.reach.script(script(&self.paths, self.times.is_none())).await {
            Ok(printed) => match self.read(&printed) {
                Some(subjects) => Seen::Subjects(subjects),
                None => {
                    let words = format!("{} has no /proc as Linux has it", self.reach.host());
                    Seen::nothing(Reason::NoProgram, words)
                }
            },
            Err(why) => Seen::nothing(Reason::NoWay, why),
        }
    }

    fn read(&mut self, printed: &str) -> Option<Vec<Subject>> {
        let mut cpu = None;
        for (all, idle) in printed.lines().filter(|l| l.starts_with("cpu ")).filter_map(times) {
            if let Some((all_before, idle_before)) = self.times.replace((all, idle)) {
                let (spent, rested) = (all.saturating_sub(all_before), idle.saturating_sub(idle_before));
                cpu = Some(percent(spent.saturating_sub(rested), spent));
            }
        }
        let number = |name: &str| {
            let line = printed.lines().find_map(|l| l.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<f64>().ok()
        };
        let cpu = cpu?;
        let total = number("MemTotal:")?;
        let memory = (total - number("MemAvailable:")?) * 100.0 / total.max(1.0);
        let swap = number("SwapTotal:").filter(|s| *s > 0.0).zip(number("SwapFree:"));
        let swap = swap.map(|(swap, free)| (swap - free) * 100.0 / swap);
        let load = number("load ").zip(number("cores ").filter(|c| *c >= 1.0));
        let mut subjects = vec![machine(cpu, memory, swap, load)];
        subjects.extend(disks(printed));
        least_room(&mut subjects);
        Some(subjects)
    }
}

impl Collector for Distant {
    fn look(&mut self, _: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(self.see())
    }
}

/// All ticks of a `cpu` line, and those in which it rested (proc(5): idle and iowait).
fn times(line: &str) -> Option<(u64, u64)> {
    let ticks: Vec<u64> = line.split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    // Time for guests is in the others already.
    let all = ticks.iter().take(8).sum();
    Some((all, ticks.get(3)? + ticks.get(4).copied().unwrap_or(0)))
}

/// One subject a disk: several paths on one are one.
fn disks(printed: &str) -> Vec<Subject> {
    let mut seen: Vec<&str> = Vec::new();
    let mut subjects = Vec::new();
    let mut lines = printed.lines();
    while let Some(line) = lines.next() {
        if let Some(path) = line.strip_prefix("none ") {
            subjects.push(no_room(path, "it does not exist".into()));
            continue;
        }
        let (Some(row), Some(path)) =
            (line.strip_prefix("disk "), lines.clone().next().and_then(|l| l.strip_prefix("at ")))
        else {
            continue;
        };
        // POSIX df -P: filesystem, size, used, available, use, mounted on; the last may have spaces.
        let mut words = row.split_whitespace();
        let device = words.next().unwrap_or_default();
        let mut blocks = words.filter_map(|w| w.parse::<u64>().ok());
        let (Some(_size), Some(used), Some(free)) = (blocks.next(), blocks.next(), blocks.next()) else {
            continue;
        };
        if seen.contains(&device) {
            continue;
        }
        seen.push(device);
        let room = Room { path: path.to_owned(), total: (used + free) * 1024, free: free * 1024, device: 0 };
        subjects.push(disk_subject(&room));
    }
    subjects
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::process::Command;

    use futures::future::BoxFuture;

    use super::super::vantage::Target;
    use super::*;
    use crate::runbook::measures::Measure;

    /// A shell of this machine, as if it were another one's.
    #[derive(Debug)]
    struct Near;

    impl Reach for Near {
        fn lead(&self, _: Target) -> BoxFuture<'_, Result<PathBuf, String>> {
            Box::pin(async { Err("no way".to_owned()) })
        }

        fn why(&self, _: Target) -> BoxFuture<'_, Option<String>> {
            Box::pin(async { None })
        }

        fn script(&self, script: String) -> BoxFuture<'_, Result<String, String>> {
            #[expect(clippy::disallowed_methods, reason = "the script is run by a shell of this machine")]
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            Box::pin(async move { Ok(String::from_utf8(output.stdout).unwrap()) })
        }

        fn host(&self) -> &'static str {
            "near"
        }
    }

    #[test]
    fn another_machine_tells_the_same_as_this_one() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut distant = Distant::new(vec!["/".into(), "/nowhere".into()], Arc::new(Near));
        let Seen::Subjects(subjects) = runtime.block_on(distant.see()) else { panic!("it tells") };
        let of = |measure| subjects[0].measured.iter().find(|m| m.measure == measure).map(|m| m.value);
        for measure in [Measure::Cpu, Measure::Memory, Measure::DiskFree] {
            assert!(of(measure).is_some_and(|v| (0.0..=100.0).contains(&v)), "{measure:?}: {subjects:?}");
        }
        assert!(of(Measure::Load).is_some(), "{subjects:?}");
        assert!(subjects.iter().any(|s| s.name == "disk /" && s.about.contains("free")), "{subjects:?}");
        assert!(subjects.iter().any(|s| s.name == "disk /nowhere" && s.state == "-"), "{subjects:?}");
    }

    #[test]
    fn what_is_no_linux_tells_nothing() {
        let mut distant = Distant::new(vec![], Arc::new(Near));
        assert!(distant.read("cpu  1 2 3 4 5\nnothing else\n").is_none());
    }
}
