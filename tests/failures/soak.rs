//! A run that goes on for long: memory, descriptors, threads and processes don't grow with what has gone by, and what is
//! kept on disk has a bound a command.
//!
//! A small one is in every test run; `make soak` does the whole one, in release.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::support::{Home, contents, the_run};
use super::until_written;

/// How much of everything.
struct Amount {
    commands: usize,
    /// Each of ten commands shows so many bytes.
    output: u64,
    readings: usize,
    patience: Duration,
}

/// What a command may cost in the memory of either process once it is over, for its place in the record and the plan.
const A_COMMAND: u64 = 6 * 1024;
/// What may have been taken and given back meanwhile, without a command to it.
const SLACK: u64 = 16 * 1024 * 1024;
/// What a command may leave on disk, beyond what it showed.
const KEPT: u64 = 8 * 1024;
/// What is kept of one command's output, with its index.
const RECORDED: u64 = 80 * 1024 * 1024;

#[test]
fn a_run_that_goes_on_does_not_grow() {
    let patience = Duration::from_mins(3);
    soak(&Amount { commands: 200, output: 4 << 20, readings: 1_000, patience });
}

#[test]
#[ignore = "takes long: make soak"]
fn ten_thousand_commands_ten_gigabytes_and_a_hundred_thousand_readings() {
    let patience = Duration::from_hours(1);
    soak(&Amount { commands: 10_000, output: 1 << 30, readings: 100_000, patience });
}

/// Commands of which ten show much, and two wait: after a fifth of them, and at the end.
fn document(amount: &Amount) -> String {
    let tenth = amount.commands / 10;
    let command = |n: usize| match n {
        n if n == amount.commands / 5 => waits("early"),
        n if n == amount.commands => waits("late"),
        n if n % tenth == 1 => format!("yes 'a line of output' | head -c {}", amount.output),
        n => format!("N={n}; echo $N"),
    };
    let mut text = "# T\n\n## Steps\n\n```bash\n".to_owned();
    for n in 1..=amount.commands {
        writeln!(text, "{}", command(n)).unwrap();
    }
    text + "```\n"
}

fn waits(name: &str) -> String {
    format!("echo {name} >>mark; until [ -e {name} ]; do sleep 0.02; done")
}

fn soak(amount: &Amount) {
    let home = Home::new();
    home.write("b.md", &document(amount));
    let (address, looked) = answers();
    watch(&home, &address);
    let started = Instant::now();
    let mut child = home
        .command(&["run", "b.md", "--headless", "--yes"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let waits_for = |name: &str| {
        while !contents(&home.path().join("mark")).contains(name) {
            assert!(started.elapsed() < amount.patience, "{name} did not come");
            std::thread::park_timeout(Duration::from_millis(50));
        }
    };
    waits_for("early");
    let early = taken(&home);
    home.write("early", "");
    waits_for("late");
    while looked.load(Ordering::Relaxed) < amount.readings {
        assert!(started.elapsed() < amount.patience, "{} readings", looked.load(Ordering::Relaxed));
        std::thread::park_timeout(Duration::from_millis(50));
    }
    let late = taken(&home);
    until_written(&home, "mark", "late");
    home.write("late", "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    told(amount, started.elapsed(), &early, &late, size_below(the_run(&home).path()));
    let more = (amount.commands - amount.commands / 5) as u64;
    for (kind, then) in &early {
        let now = &late[kind];
        assert!(now.memory <= then.memory + SLACK + more * A_COMMAND, "{kind}: {then:?}, then {now:?}");
        assert!(now.descriptors <= then.descriptors + 4, "{kind}: {then:?}, then {now:?}");
        assert!(now.threads <= then.threads + 2, "{kind}: {then:?}, then {now:?}");
        assert!(now.children <= then.children, "{kind}: {then:?}, then {now:?}");
    }
    let most = amount.commands as u64 * KEPT + 10 * RECORDED.min(2 * amount.output);
    assert!(size_below(the_run(&home).path()) <= most);
    super::until("the end of its processes", || home.processes().is_empty());
}

/// What a process has taken.
#[derive(Debug)]
struct Taken {
    /// Anonymous memory in bytes (proc(5), `RssAnon`).
    memory: u64,
    descriptors: usize,
    threads: usize,
    children: usize,
}

fn taken(home: &Home) -> BTreeMap<String, Taken> {
    let of = |pid: u32| {
        let count = |what: &str| std::fs::read_dir(format!("/proc/{pid}/{what}")).unwrap().count();
        let status = contents(format!("/proc/{pid}/status").as_ref());
        let memory = status.lines().find_map(|l| l.strip_prefix("RssAnon:")).unwrap();
        let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
        let children =
            |task: std::fs::DirEntry| contents(&task.path().join("children")).split(' ').count() - 1;
        Taken {
            memory: memory.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024,
            descriptors: count("fd"),
            threads: count("task"),
            children: tasks.filter_map(Result::ok).map(children).sum(),
        }
    };
    home.processes().into_iter().map(|(pid, kind)| (kind, of(pid))).collect()
}

#[expect(clippy::print_stderr, reason = "its figures are what it is run for")]
fn told(
    amount: &Amount,
    took: Duration,
    early: &BTreeMap<String, Taken>,
    late: &BTreeMap<String, Taken>,
    kept: u64,
) {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    eprintln!(
        "{} commands, {:.0} MiB of output, {} readings in {:.0} s; {:.1} MiB kept",
        amount.commands,
        mib(10 * amount.output),
        amount.readings,
        took.as_secs_f64(),
        mib(kept)
    );
    for (kind, then) in early {
        let now = &late[kind];
        eprintln!(
            "  {kind}: {:.1} MiB after a fifth, {:.1} MiB at the end; {} and {} descriptors, {} and {} threads",
            mib(then.memory),
            mib(now.memory),
            then.descriptors,
            now.descriptors,
            then.threads,
            now.threads
        );
    }
}

fn size_below(directory: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(directory).unwrap().filter_map(Result::ok);
    let of = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(known) if known.is_dir() => size_below(&entry.path()),
        // What is taken, and not what a file with holes would be.
        Ok(known) => std::os::unix::fs::MetadataExt::blocks(&known) * 512,
        Err(_) => 0,
    };
    entries.map(of).sum()
}

/// An address that answers, and how often it was asked.
fn answers() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut connection in listener.incoming().filter_map(Result::ok) {
            let mut request = [0; 4096];
            let _asked = connection.read(&mut request);
            let _gone =
                connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    (address, asked)
}

/// Has a hundred probes look at an address every second.
fn watch(home: &Home, address: &str) {
    let mut settings = String::new();
    for n in 0..100 {
        writeln!(settings, "[probes.web{n}]\nurl = \"{address}/{n}\"\nevery = \"1s\"").unwrap();
    }
    std::fs::create_dir_all(home.path().join(".config/gonogo")).unwrap();
    home.write(".config/gonogo/config.toml", &settings);
}
