//! Commands of a document as probes, run beside everything; and units of systemd where there are none.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use gonogo::config::WatchSettings;
use gonogo::exec::beside::Beside;
use gonogo::probe::Keys;
use gonogo::run::health::{Level, Row, Watch};
use gonogo::runbook::probes::{Probe, Source, Systemd};
use gonogo::runbook::read;

use super::{look, look_with, one, probe};

/// The commands that a document offers as probes.
fn offered(fence: &str) -> Vec<Probe> {
    let book = read(&format!("# T\n\n## Steps\n\n### Step 1: Look\n\n```bash\n{fence}\n```\n"));
    let watch = Watch::of(&book, None, false, &WatchSettings::default()).unwrap();
    watch.probes.into_iter().filter(|p| p.source.kind() == "command").collect()
}

fn looked(mut probe: Probe) -> Row {
    assert!(!probe.on, "nothing runs that nobody has chosen");
    probe.on = true;
    let beside = Beside::in_directory(std::env::temp_dir());
    one(look_with(probe, &Keys::default().with_programs(Arc::new(beside))))
}

#[test]
fn a_reading_command_with_words_is_offered_and_judged_by_them() {
    let directory = tempfile::tempdir().unwrap();
    let queue = directory.path().join("queue");
    fs::write(&queue, "0\n").unwrap();
    let command = format!("sort {}\n# Expected: 0", queue.display());
    let found = offered(&command);
    let [probe] = found.as_slice() else { panic!("one is offered: {found:?}") };
    assert_eq!(looked(probe.clone()).level, Some(Level::Ok));
    fs::write(&queue, "7\n").unwrap();
    let row = looked(probe.clone());
    assert_eq!((row.level, row.now.as_str()), (Some(Level::Alert), "7"));
    fs::remove_file(&queue).unwrap();
    let row = looked(probe.clone());
    assert_ne!(row.level, Some(Level::Ok), "{row:?}");
}

#[test]
fn plugins_are_offered_without_words() {
    let directory = tempfile::tempdir().unwrap();
    let plugins = directory.path().join("plugins");
    fs::create_dir(&plugins).unwrap();
    let plugin = plugins.join("check_queue");
    let tells = |status: u8| {
        fs::write(&plugin, format!("#!/bin/sh\necho 'QUEUE is long | length=42;10;100'\nexit {status}\n"))
            .unwrap();
        fs::set_permissions(&plugin, fs::Permissions::from_mode(0o755)).unwrap();
    };
    tells(1);
    let settings: gonogo::config::ProbeSettings =
        toml::from_str(&format!("command = \"{}\"", plugin.display())).unwrap();
    let said = WatchSettings { probes: [("queue".to_owned(), settings)].into(), ..WatchSettings::default() };
    let watch = Watch::of(&read("# T\n"), None, false, &said).unwrap();
    let mut probe = watch.probes.into_iter().find(|p| p.id.0 == "queue").unwrap();
    probe.on = false;
    let row = looked(probe.clone());
    assert_eq!((row.level, row.now.as_str()), (Some(Level::Watch), "QUEUE is long"));
    tells(2);
    assert_eq!(looked(probe).level, Some(Level::Alert));
}

#[test]
fn what_changes_something_or_can_not_be_repeated_is_not_offered() {
    for fence in [
        "touch /tmp/x\n# Expected: ok",
        "sort ./queue\n# Expected: 0",
        "sort $QUEUE\n# Expected: 0",
        "sort /data/queue > /tmp/sorted\n# Expected: 0",
        "du -sh /data\n# Expected: 0",
        "sudo nginx -t",
        "curl http://x.test/health\n# Expected: ok",
        "sort /data/queue",
    ] {
        assert_eq!(offered(fence), vec![], "{fence}");
    }
}

#[test]
fn where_nobody_runs_programs_it_is_said() {
    let found = offered("sort /data/queue\n# Expected: 0");
    let row = one(look(Probe { on: true, ..found[0].clone() }));
    assert_eq!(row.level, Some(Level::NotSeen));
    assert!(row.about.contains("not offered here"), "{}", row.about);
}

#[test]
fn where_no_systemd_runs_there_are_no_units_to_measure() {
    let units = Systemd { units: vec!["systemd-journald.service".into()], user: false };
    let beside = Beside::in_directory(std::env::temp_dir());
    let row = one(look_with(probe(Source::Systemd(units)), &Keys::default().with_programs(Arc::new(beside))));
    if fs::exists("/run/systemd/system").unwrap() {
        assert_eq!((row.level, row.now.as_str()), (Some(Level::Ok), "running"), "{row:?}");
    } else {
        assert_eq!(row.level, None);
        let words = ["was not booted with systemd", "there is no systemd"];
        assert!(words.iter().any(|words| row.about.contains(words)), "{}", row.about);
    }
}
