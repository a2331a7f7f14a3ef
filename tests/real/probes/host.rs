//! The machine, and a disk of the test's own that is filled.

use std::fs;
use std::path::Path;
use std::process::Command;

use gonogo::run::health::{Bounds, Figure, Level, Target, Watch};
use gonogo::runbook::measures::{Bound, Measure, Side};
use gonogo::runbook::probes::{Host, ProbeId, Source};

use super::super::support::skip;
use super::{Watching, look, probe};

/// A small tmpfs, gone with the test.
struct Disk(tempfile::TempDir);

impl Disk {
    #[expect(clippy::disallowed_methods, reason = "a test mounts its own disk")]
    fn mount() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=1m", "gonogo-test"]).arg(directory.path());
        let mounted = mount.output().is_ok_and(|o| o.status.success());
        mounted.then_some(Self(directory))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it to so many kibibytes.
    fn fill(&self, kib: usize) {
        fs::write(self.path().join("fill"), vec![1u8; kib * 1024]).unwrap();
    }
}

impl Drop for Disk {
    #[expect(clippy::disallowed_methods, reason = "a test unmounts its own disk")]
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

#[test]
fn the_machine_tells_of_itself_and_of_paths_that_are_not_there() {
    let rows = look(probe(Source::Host(Host { paths: vec!["/".into(), "/no/such/path".into()] })));
    let whole = &rows[0];
    assert!(whole.now.contains("cpu ") && whole.about.contains("memory "), "{whole:?}");
    let missing = rows.iter().find(|r| r.title == "disk /no/such/path").unwrap();
    assert_eq!((missing.level, missing.about.as_str()), (None, "no such file or directory"));
}

#[test]
fn a_disk_that_fills_goes_through_every_level() {
    let Some(disk) = Disk::mount() else {
        skip("a_disk_that_fills_goes_through_every_level", "mounting a tmpfs");
        return;
    };
    let above = |value| Some(Bound { side: Side::Above, value });
    let target = Target {
        metric: "Disk Space Free".into(),
        line: 1,
        source: Ok(Figure { probe: ProbeId("p".into()), subject: String::new(), measure: Measure::DiskFree }),
        bounds: Bounds {
            target: above(40.0),
            acceptable: above(20.0),
            alert: Some(Bound { side: Side::Below, value: 10.0 }),
        },
        ..Target::default()
    };
    let paths = vec![disk.path().display().to_string()];
    let watching = Watching::start(Watch {
        probes: vec![probe(Source::Host(Host { paths }))],
        targets: vec![target],
        window_s: None,
    });
    watching.until_row("Disk Space Free", Level::Ok, "100 %");
    disk.fill(700);
    watching.until_row("Disk Space Free", Level::Watch, "%");
    disk.fill(980);
    watching.until_row("Disk Space Free", Level::Alert, "%");
    fs::remove_file(disk.path().join("fill")).unwrap();
    watching.until_row("Disk Space Free", Level::Ok, "100 %");
}

/// Memory in use now, in percent, and all of it, in bytes (proc(5), `meminfo`).
fn memory() -> (f64, f64) {
    let text = fs::read_to_string("/proc/meminfo").unwrap();
    let of = |name: &str| -> f64 {
        let line = text.lines().find(|l| l.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0
    };
    let total = of("MemTotal:");
    ((total - of("MemAvailable:")) * 100.0 / total, total)
}

/// Memory that is really used: every page of it was written.
fn take(share: f64, total: f64) -> Vec<u8> {
    let mut taken = vec![0u8; (total * share / 100.0) as usize];
    taken.iter_mut().step_by(4096).for_each(|byte| *byte = 1);
    taken
}

#[test]
fn memory_that_is_taken_goes_through_every_level() {
    let (now, total) = memory();
    let below = |value| Some(Bound { side: Side::Below, value });
    let target = Target {
        metric: "Memory Usage".into(),
        line: 1,
        source: Ok(Figure { probe: ProbeId("p".into()), subject: String::new(), measure: Measure::Memory }),
        // Far enough apart that what other tests take and give back beside this one doesn't matter.
        bounds: Bounds {
            target: below(now + 8.0),
            acceptable: below(now + 10.0),
            alert: Some(Bound { side: Side::Above, value: now + 18.0 }),
        },
        ..Target::default()
    };
    let probes = vec![probe(Source::Host(Host { paths: vec!["/".into()] }))];
    let watching = Watching::start(Watch { probes, targets: vec![target], window_s: None });
    watching.until_row("Memory Usage", Level::Ok, "%");
    let up_to = |percent: f64| take((now + percent - memory().0).max(1.0), total);
    let some = up_to(12.0);
    watching.until_row("Memory Usage", Level::Watch, "%");
    let more = up_to(24.0);
    watching.until_row("Memory Usage", Level::Alert, "%");
    assert!(std::hint::black_box(&some)[0] == 1 && std::hint::black_box(&more)[0] == 1);
    drop((some, more));
    watching.until_row("Memory Usage", Level::Ok, "%");
}
