//! A full disk: what runs can be ended, looking around is possible, no new step starts, and nothing is lost.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use gonogo::client::{self, Attached, Host, Who};
use gonogo::protocol::{Part, ToClient, ToRunner};
use gonogo::run::ids::TextHash;
use gonogo::run::policy::Confirmation;
use gonogo::run::state::CommandState;
use gonogo::run::{Event, Refusal, Request, Seen, Seq};
use gonogo::runbook::CommandId;

use super::support::{DEADLINE, Home, contents, program, skip};
use super::{count, recording, start_run, store, the_run, until};

/// A small filesystem of its own at a place, for as long as it is kept.
struct Small(PathBuf);

impl Small {
    #[expect(clippy::disallowed_methods, reason = "mounting is a program's work")]
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let done =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs"]).arg(at).output();
        done.is_ok_and(|o| o.status.success()).then(|| Self(at.to_owned()))
    }

    /// Takes all the room there is.
    fn fill(&self, name: &str) {
        let mut file = File::create(self.0.join(name)).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        while file.write_all(&[0]).is_ok() {}
    }

    fn make_room(&self, names: &[&str]) {
        for name in names {
            std::fs::remove_file(self.0.join(name)).unwrap();
        }
    }
}

impl Drop for Small {
    #[expect(clippy::disallowed_methods, reason = "unmounting is a program's work")]
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[test]
fn with_a_full_disk_things_can_be_ended_and_looked_at_but_no_step_starts() {
    let home = Home::new();
    let Some(disk) = Small::mount(&home.path().join("state")) else {
        skip("with_a_full_disk", "the right to mount a tmpfs");
        return;
    };
    home.write("b.md", "# T\n## Steps\n```bash\necho begun >mark; sleep 1000\necho two >>mark\n```\n");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    start_run(&mut terminal);
    terminal.press("Enter runs it", "\r");
    terminal.see_live("It is running.");
    disk.fill("filler");
    terminal.press("It is running.", "\x1b[19~");
    terminal.see_live("End the running command");
    terminal.type_keys("i");
    // Room was kept for that.
    terminal.see("no new step starts until there is space");
    terminal.see_live("Ended: exit 130");
    disk.fill("rest");
    // No new step, not even again; but looking around.
    terminal.type_keys("s");
    terminal.see_live("failed: why?");
    terminal.type_keys("stopped by hand\r");
    terminal.see("not done, because it could not be recorded");
    terminal.press("Ended: exit 130", "!");
    terminal.see_live("A command of your own");
    terminal.type_keys("ls mark");
    terminal.press("> ls mark", "\r");
    terminal.see("NOT RECORDED since");
    terminal.see_live("exit 0");
    // Its owner is killed: what was held goes on with the next one.
    let ran = terminal.text().matches("exit 0").count();
    home.kill(&["runner"]);
    terminal.see("another process owns the run now");
    terminal.see("NOT RECORDED since");
    terminal.until("the same screen", |t| t.matches("exit 0").count() == ran);
    disk.make_room(&["filler", "rest"]);
    terminal.see("recording works again");
    terminal.until("the banner to go", |t| !t.contains("NOT RECORDED"));
    terminal.press("exit 0", "\r");
    terminal.press("Ended: exit 130", "s");
    terminal.see_live("failed: why?");
    terminal.type_keys("stopped by hand\r");
    terminal.press("Enter runs it", "\r");
    terminal.press("All commands are settled", "q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(std::fs::read_to_string(home.path().join("mark")).unwrap(), "begun\ntwo\n");
    // The chain holds, with what happened meanwhile and the gap in it.
    let status = home.run(&["status"]);
    assert_eq!(status.status, 0, "{}", status.err);
    let run = std::fs::read_dir(home.path().join("state/runs")).unwrap().next().unwrap().unwrap().path();
    let journal = rusqlite::Connection::open(run.join("journal.db")).unwrap();
    let count = |pattern: &str| {
        let sql = "SELECT count(*) FROM events WHERE line LIKE ?1";
        journal.query_row(sql, [pattern], |r| r.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(count("%\"kind\":\"gap\"%"), 1);
    assert_eq!(count("%\"kind\":\"cancel_requested\"%"), 1);
    assert_eq!(count("%\"kind\":\"command_added\"%"), 1);
}

#[test]
fn what_there_is_no_room_for_is_missing_from_a_recording_and_nothing_else_is() {
    let home = Home::new();
    let wait = |file: &str| format!("until [ -e {file} ]; do sleep 0.02; done");
    let command = format!("echo before; {}; seq 3000; echo middle; {}; echo after", wait("one"), wait("two"));
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{command}\necho next\n```\n"));
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.see_live("Enter runs it");
    let run = the_run(&home);
    let Some(disk) = Small::mount(&run.recordings()) else {
        skip("what_there_is_no_room_for", "the right to mount a tmpfs");
        return;
    };
    terminal.type_keys("\r");
    until("its beginning", || contents(&recording(run.path(), "1_1.1.raw")).contains("before"));
    disk.fill("filler");
    home.write("one", "");
    terminal.see("is no longer recorded");
    terminal.see("middle");
    disk.make_room(&["filler"]);
    home.write("two", "");
    terminal.see_live("▸· 2");
    let raw = contents(&recording(run.path(), "1_1.1.raw"));
    assert!(raw.starts_with("before\r\n1\r\n2\r\n") && raw.ends_with("left out here]\r\nafter\r\n"), "{raw}");
    assert!(!raw.contains("middle"), "{raw}");
    let output = home.run(&["output", "1/1"]);
    assert!(output.err.contains("KiB of it were not recorded"), "{}", output.err);
    terminal.press("▸· 2", "\r");
    terminal.see_live("All commands are settled");
    assert_eq!(contents(&recording(run.path(), "1_2.1.raw")), "next\r\n");
    let told = |e: &Event| matches!(e, Event::OutputUnrecorded { command, .. } if command.as_str() == "1/1");
    assert_eq!(count(&home, told), 1, "the record says so, once");
}

const BACK: &str = "# T
## Steps
```bash
echo one >>mark
echo two >>mark
```
## Rollback
```bash
seq 2000; echo back-one >>mark
echo back-two >>mark
```
";

#[test]
fn with_the_journals_disk_full_the_rollback_runs_whole_and_no_step_does() {
    let home = Home::new();
    let Some(disk) = Small::mount(&home.path().join("state")) else {
        skip("with_the_journals_disk_full", "the right to mount a tmpfs");
        return;
    };
    home.write("b.md", BACK);
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    start_run(&mut terminal);
    terminal.press("Enter runs it", "\r");
    terminal.press("▸· 2", "q");
    assert_eq!(terminal.end(), 0);
    let run = the_run(&home);
    // Recordings have a disk of their own, which has room.
    let Some(_apart) = Small::mount(&run.recordings()) else {
        unreachable!("the first one could be mounted")
    };
    let mut client = Client::join(&home);
    disk.fill("filler");
    let step = client.run("1/2");
    assert!(matches!(step, Some(Refusal::NotRecorded(_))), "{step:?}");
    // Neither the room nor anybody else is needed for going back.
    let back = Request::RollBack {
        trigger: None,
        reason: "no room".into(),
        procedures: vec!["rollback.rollback".into()],
        confirmed: Confirmation::TypeName,
        ways: vec![],
    };
    assert_eq!(client.ask(back), None);
    assert!(client.attached.state.going_back().is_some());
    assert_eq!(client.run("rollback.rollback/1"), None);
    disk.fill("rest");
    client.until(|c| c.exited("rollback.rollback/1"));
    assert_eq!(client.run("rollback.rollback/2"), None);
    client.until(|c| c.exited("rollback.rollback/2"));
    assert!(client.unrecorded, "what is only held is said to be");
    assert_eq!(contents(&home.path().join("mark")), "one\nback-one\nback-two\n");
    // Everybody dies; what was held is on the second disk.
    home.kill(&["runner", "shim"]);
    drop(client);
    disk.make_room(&["filler", "rest"]);
    let mut client = Client::join(&home);
    client.until(|c| !c.unrecorded);
    assert!(client.exited("rollback.rollback/1") && client.exited("rollback.rollback/2"));
    client.until(|_| count(&home, |e| matches!(e, Event::Gap { .. })) == 1);
    assert_eq!(client.run("1/2"), None, "there is room for a step again");
    client.until(|c| c.exited("1/2"));
    assert_eq!(contents(&home.path().join("mark")), "one\nback-one\nback-two\ntwo\n", "nothing ran twice");
    let raw = contents(&recording(run.path(), "rollback.rollback_1.1.raw"));
    let expected: Vec<String> = (1..=2000).map(|n| n.to_string() + "\r\n").collect();
    assert_eq!(raw, expected.concat());
}

/// Somebody at a run without screens.
struct Client {
    runtime: tokio::runtime::Runtime,
    attached: Attached,
    asked: u64,
    answered: Option<(u64, Option<Refusal>)>,
    unrecorded: bool,
}

impl Client {
    fn join(home: &Home) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let who = Who { operator: "ada".into(), part: Part::Operator };
        let host = Host::Processes(program(home));
        let (store, run) = (store(home), the_run(home));
        let joined = client::join(&host, &store, &run, &who, home.path());
        let attached = runtime.block_on(joined).unwrap();
        Self { runtime, attached, asked: 0, answered: None, unrecorded: false }
    }

    /// Asks for a command as it is now, and gives what was answered.
    fn run(&mut self, id: &str) -> Option<Refusal> {
        let command = CommandId(id.to_owned());
        let text = TextHash::of(&self.attached.state.find(&command).unwrap().text);
        let seen = Seen { text, seq: Seq(u64::MAX) };
        self.ask(Request::Run { command, seen, confirmed: Confirmation::TypeName, again: true })
    }

    /// Asks, and gives what was answered.
    fn ask(&mut self, request: Request) -> Option<Refusal> {
        self.asked += 1;
        self.attached.connection.send(ToRunner::Ask { number: self.asked, request });
        let asked = self.asked;
        self.until(|c| c.answered.as_ref().is_some_and(|(number, _)| *number == asked));
        self.answered.take().unwrap().1
    }

    fn exited(&self, id: &str) -> bool {
        matches!(self.attached.state.command(&CommandId(id.to_owned())), CommandState::Exited { .. })
    }

    fn until(&mut self, done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            let left = DEADLINE.saturating_sub(start.elapsed());
            let next = self.attached.connection.next();
            let update = self.runtime.block_on(async { tokio::time::timeout(left, next).await }).unwrap();
            match update.unwrap() {
                ToClient::Recorded(record) => {
                    self.attached.state.advance(&record);
                }
                ToClient::Answered { number, refused } => self.answered = Some((number, refused)),
                ToClient::Unrecorded(since) => self.unrecorded = since.is_some(),
                _ => {}
            }
        }
    }
}
