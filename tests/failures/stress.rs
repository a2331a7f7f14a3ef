//! Random processes are killed at random moments while a scripted run goes on, with somebody beside it who decides
//! about what was lost. Every command has run once or is known not to have.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo::client::{self, Host, Who};
use gonogo::protocol::{Part, ToClient, ToRunner};
use gonogo::run::ids::TextHash;
use gonogo::run::policy::Confirmation;
use gonogo::run::{Event, Exit, Outcome, Record, Request, Seen, Seq};
use gonogo::run_files::RunFiles;
use gonogo::runbook::CommandId;
use gonogo::store::{Filter, Store};

use super::support::{Home, contents, kill, program, records, store};

/// How many processes are killed in all.
const KILLS: usize = 200;
/// Commands of one run.
const COMMANDS: usize = 24;
/// A run with its kills has to be over by then.
const PATIENCE: Duration = Duration::from_mins(2);

/// A small generator: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn book() -> String {
    let command = |n: usize| {
        // Some wait for eyes: going on past them is another way through.
        let expects = if n.is_multiple_of(5) { "# Expected: many numbers\n\n" } else { "" };
        format!("echo begin-{n} >>mark; seq {n} {}; V{n}={n}; echo end-{n} >>mark\n{expects}", n + 400)
    };
    format!("# T\n## Steps\n```bash\n{}```\n", (1..=COMMANDS).map(command).collect::<String>())
}

fn client(home: &Home, run: Option<&RunFiles>) -> Child {
    let arguments: Vec<&str> = match run {
        None => vec!["run", "b.md", "--headless", "--yes", "--accept-unattested"],
        Some(_) => vec!["resume", "--headless", "--yes", "--accept-unattested"],
    };
    // The last one's words are kept: they say what keeps a run from its end.
    let told = std::fs::File::create(home.path().join("told")).unwrap();
    let mut command = home.command(&arguments);
    command.stdin(Stdio::null()).stdout(told.try_clone().unwrap()).stderr(told).spawn().unwrap()
}

#[test]
fn two_hundred_kills_lose_nothing_and_run_nothing_twice() {
    let seed =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64 | 1;
    eprintln!("seed {seed}");
    let mut dice = Dice(seed);
    let (mut killed, mut runs) = (BTreeMap::<String, usize>::new(), 0);
    while killed.values().sum::<usize>() < KILLS {
        one_run(&mut dice, &mut killed);
        runs += 1;
    }
    eprintln!("{runs} runs, killed: {killed:?}");
}

fn one_run(dice: &mut Dice, killed: &mut BTreeMap<String, usize>) {
    let home = Home::new();
    home.write("b.md", &book());
    let store = store(&home);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let start = Instant::now();
    let mut child = client(&home, None);
    loop {
        let read = |name: &str| contents(&home.path().join(name));
        assert!(start.elapsed() < PATIENCE, "the run did not end; {}\n{}", read("mark"), read("told"));
        if killed.values().sum::<usize>() < KILLS {
            // A random moment, which nothing is waited for with.
            std::thread::park_timeout(Duration::from_millis(dice.roll(120)));
            kill_one(dice, &home, &mut child, killed);
        } else {
            std::thread::park_timeout(Duration::from_millis(5));
        }
        if child.try_wait().unwrap().is_none() {
            continue;
        }
        let listed = store.list(&Filter::default()).unwrap();
        let Some(run) = listed.first().map(|r| RunFiles::of(&home.path().join("state"), r.id.clone())) else {
            child = client(&home, None);
            continue;
        };
        match store.state_of(run.id()) {
            // It was killed before there was anything of it.
            Err(error) => panic!("a run that can't be read: {error}"),
            Ok(known) if known.start().is_none() => panic!("a run that was not started is there"),
            Ok(known) if known.outcome().is_some() => break check(&run, &home),
            Ok(_) => runtime.block_on(decide_about_lost(&store, &run, &home)),
        }
        child = client(&home, Some(&run));
    }
}

fn kill_one(dice: &mut Dice, home: &Home, child: &mut Child, killed: &mut BTreeMap<String, usize>) {
    let mut all = home.processes();
    all.push((child.id(), "client".to_owned()));
    let (pid, kind) = all.swap_remove(dice.roll(all.len() as u64) as usize);
    if kind == "client" {
        if child.try_wait().unwrap().is_some() {
            return;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    } else {
        kill(pid);
    }
    *killed.entry(kind).or_default() += 1;
}

/// What a careful operator does: looks whether it began, and only where it did not runs it again.
async fn decide_about_lost(store: &Arc<dyn Store>, run: &RunFiles, home: &Home) {
    let host = Host::Processes(program(home));
    let who = Who { operator: "eve".into(), part: Part::Unattended };
    let Ok(mut attached) = client::join(&host, store, run, &who, home.path()).await else { return };
    let lost: Vec<CommandId> = attached
        .state
        .step_commands()
        .into_iter()
        .filter(|c| attached.state.standing(&c.id) == gonogo::run::state::Standing::Lost)
        .map(|c| c.id.clone())
        .collect();
    let mark = contents(&home.path().join("mark"));
    if !attached.control.yours {
        attached.connection.send(ToRunner::TakeControl);
    }
    for (number, command) in lost.iter().enumerate() {
        let n = command.0.rsplit('/').next().unwrap();
        let request = if mark.contains(&format!("begin-{n}\n")) {
            Request::MarkDone { command: command.clone(), note: "looked at the mark".into() }
        } else {
            let text = TextHash::of(&attached.state.text_of(attached.state.find(command).unwrap()));
            let seen = Seen { text, seq: Seq(u64::MAX) };
            Request::Run { command: command.clone(), seen, confirmed: Confirmation::None, again: false }
        };
        attached.connection.send(ToRunner::Ask { number: number as u64 + 1, request });
        while let Some(update) = attached.connection.next().await {
            if let ToClient::Answered { .. } = update {
                break;
            }
        }
    }
    attached.connection.leave().await;
}

/// The same events as in an undisturbed run, but for the resumptions and what was decided by hand.
fn check(run: &RunFiles, home: &Home) {
    let records = records(home);
    let sequence: Vec<u64> = records.iter().map(|r| r.seq.0).collect();
    assert_eq!(sequence, (1..=records.len() as u64).collect::<Vec<_>>());
    let mark = contents(&home.path().join("mark"));
    let of = |kind: fn(&Event) -> bool| records.iter().filter(|r| kind(&r.event)).count();
    for n in 1..=COMMANDS {
        assert_eq!(mark.matches(&format!("begin-{n}\n")).count(), 1, "1/{n} ran once:\n{mark}");
        once(&records, &CommandId(format!("1/{n}")), n, run);
    }
    assert_eq!(of(|e| matches!(e, Event::RunFinished { outcome: Outcome::Deployed })), 1);
    assert_eq!(of(|e| matches!(e, Event::Gap { .. })), 0);
}

/// Each start of a command came to exactly one thing, and what was recorded of it is whole.
fn once(records: &[Record], command: &CommandId, n: usize, run: &RunFiles) {
    let mut open = None;
    let mut ends = Vec::new();
    for record in records {
        match &record.event {
            Event::CommandStarted { command: c, attempt, .. } if c == command => {
                assert_eq!(open.replace(*attempt), None, "{command} was started while it ran");
            }
            Event::CommandExited { command: c, attempt, exit, bytes, .. } if c == command => {
                assert_eq!(open.take(), Some(*attempt));
                assert_eq!(*exit, Exit::Status(0), "{command}");
                let expected = (n..=n + 400).map(|i| i.to_string() + "\r\n").collect::<String>();
                let path = gonogo::exec::recording::raw_path(&run.recordings(), command, *attempt);
                assert_eq!(contents(&path), expected, "the recording of {command}");
                assert_eq!(*bytes, expected.len() as u64);
                ends.push("exited");
            }
            Event::CommandLost { command: c, attempt, .. } if c == command => {
                assert_eq!(open.take(), Some(*attempt));
                ends.push("lost");
            }
            Event::CommandNotStarted { command: c, attempt, .. } if c == command => {
                assert_eq!(open.take(), Some(*attempt));
            }
            _ => {}
        }
    }
    assert_eq!(open, None, "{command} has no end");
    let exited = ends.iter().filter(|e| **e == "exited").count();
    assert!(exited <= 1 && !ends.is_empty(), "{command} came to {ends:?}");
}
