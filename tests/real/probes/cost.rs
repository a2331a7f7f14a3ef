//! What looking costs: memory over ten thousand rounds, and processor time of all probes at their usual intervals.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gonogo::probe::{Keys, Sampler, Vantage};
use gonogo::run::health::{Health, Watch};
use gonogo::runbook::probes::{Host, ProbeId, Source};

use super::super::support::{Home, until};
use super::docker::Project;
use super::http::{Does, Server};
use super::postgres::Cluster;
use super::{Probe, get, probe, runtime};

/// Memory of this process in KiB (proc(5), `statm`).
fn resident_kib() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4
}

/// Set where the test has a process to itself: memory is the process's, and the other tests use it too.
const ALONE: &str = "GONOGO_TEST_ALONE";

#[test]
#[expect(clippy::disallowed_methods, reason = "a test has a process of its own")]
fn ten_thousand_rounds_take_no_more_memory_than_a_thousand() {
    if std::env::var_os(ALONE).is_none() {
        let name = "probes::cost::ten_thousand_rounds_take_no_more_memory_than_a_thousand";
        let mut own = Command::new(std::env::current_exe().unwrap());
        let output = own.args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        print!("{said}");
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let server = Server::start(Does::Answers(200, "{\"status\":\"ok\"}", None));
    // No time between two looks.
    let http = Probe { every_s: 0, ..probe(Source::Http(get(&server.url("/")))) };
    let host = Probe {
        id: ProbeId("host".into()),
        every_s: 0,
        ..probe(Source::Host(Host { paths: vec!["/".into()] }))
    };
    let watch = Watch { probes: vec![http, host], targets: vec![], window_s: None };
    let health = Arc::new(Mutex::new(Health::new(watch.clone())));
    let rounds = Arc::new(AtomicUsize::new(0));
    let (folded, counted) = (Arc::clone(&health), Arc::clone(&rounds));
    let runtime = runtime();
    let _inside = runtime.enter();
    let sampler = Sampler::start(&watch, &Keys::default(), &Vantage::Here, move |sample| {
        folded.lock().unwrap().take(&sample);
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let begun = Instant::now();
    let after = |wanted: usize| {
        while rounds.load(Ordering::SeqCst) < wanted {
            assert!(begun.elapsed() < Duration::from_mins(2), "{rounds:?} rounds only");
            std::thread::park_timeout(Duration::from_millis(10));
        }
        (resident_kib(), serde_json::to_string(&*health.lock().unwrap()).unwrap().len())
    };
    // By then all that is kept of so many looks is full.
    let (early, early_text) = after(4000);
    let (late, late_text) = after(12_000);
    drop(sampler);
    println!("memory after 4,000 rounds {early} KiB, after 12,000 {late} KiB");
    assert!(late < early + 4096, "{early} KiB became {late} KiB");
    assert!(late_text < early_text + 4096, "{early_text} bytes of readings became {late_text}");
}

const YAML: &str = "version: '2.4'
services:
  well:
    image: IMAGE
    command: sleep 1000
    init: true
  second:
    image: IMAGE
    command: sleep 1000
    init: true
  third:
    image: IMAGE
    command: sleep 1000
    init: true
";

/// Processor time of a process in seconds (proc(5), `stat`, fields 14 and 15).
fn cpu_s(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    // USER_HZ is 100 on every Linux there is (time(7)).
    ticks as f64 / 100.0
}

#[test]
#[ignore = "measures for a minute: make bench"]
fn all_probes_at_their_usual_intervals() {
    let home = Home::new();
    let Some(project) = Project::start("cost", "gonogocost", YAML) else { return };
    let Some(cluster) = Cluster::start("cost") else { return };
    let servers = [0; 3].map(|_| Server::start(Does::Answers(200, "{\"status\":\"ok\"}", None)));
    let curls: Vec<String> = servers.iter().map(|s| format!("curl {}", s.url("/health"))).collect();
    let curls = curls.join("\n");
    let book = format!(
        "# T\n\n## Steps\n\n```bash\ndf -h\ndocker-compose -p {} ps well second third\npsql -h 127.0.0.1 -p {} -U tester -d postgres -c 'select 1'\n{curls}\n```\n",
        project.name, cluster.port
    );
    home.write("b.md", &book);
    let mut command = home.command(&["monitor", "b.md", "--every", "10s"]);
    command.env("PGPASSWORD", "right-password").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    until("it to settle", || begun.elapsed() > Duration::from_secs(15));
    let (before, since) = (cpu_s(child.id()), Instant::now());
    until_long(Duration::from_secs(40));
    let share = (cpu_s(child.id()) - before) * 100.0 / since.elapsed().as_secs_f64();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let memory = status.lines().find(|l| l.starts_with("VmRSS")).unwrap().to_owned();
    child.kill().unwrap();
    child.wait().unwrap();
    let kinds = if cfg!(debug_assertions) { "debug" } else { "release" };
    println!("host, 3 containers, postgres, 3 addresses ({kinds}): {share:.2} % of a core; {memory}");
    assert!(cfg!(debug_assertions) || share <= 0.5, "{share:.2} %");
}

/// Time that is measured has to pass.
fn until_long(time: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        std::thread::park_timeout(time.saturating_sub(begun.elapsed()));
    }
}
