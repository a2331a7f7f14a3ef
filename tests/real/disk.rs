//! A full disk: what runs can be ended, looking around is possible, no new step starts, and nothing is lost.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::support::{Home, skip};

/// A small filesystem of its own at a place, for as long as it is kept.
struct Small(PathBuf);

impl Small {
    #[expect(clippy::disallowed_methods, reason = "mounting is a program's work")]
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(at).output();
        done.is_ok_and(|o| o.status.success()).then(|| Self(at.to_owned()))
    }

    /// Takes all the room there is.
    fn fill(&self, name: &str) {
        let mut file = File::create(self.0.join(name)).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        while file.write_all(&[0]).is_ok() {}
    }

    fn make_room(&self) {
        for name in ["filler", "rest"] {
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
    terminal.press("start in", "\r");
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.press("Enter runs it", "\r");
    terminal.see_live("It runs.");
    disk.fill("filler");
    terminal.press("It runs.", "\x1b[19~");
    terminal.see_live("End the running command");
    terminal.type_keys("i");
    // Room was kept for that.
    terminal.see("no new step starts until there is room");
    terminal.see_live("Ended: exit 130");
    disk.fill("rest");
    // No new step, not even again; but looking around.
    terminal.type_keys("s");
    terminal.see_live("Go on although 1/1 failed");
    terminal.type_keys("stopped by hand\r");
    terminal.see("not recorded, and so not done");
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
    disk.make_room();
    terminal.see("recorded again");
    terminal.until("the banner to go", |t| !t.contains("NOT RECORDED"));
    terminal.press("exit 0", "\r");
    terminal.press("Ended: exit 130", "s");
    terminal.see_live("Go on although 1/1 failed");
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
fn without_room_for_its_recording_a_command_runs_all_the_same_and_that_is_said() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho on screen; echo done >mark\necho after\n```\n");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.see_live("Enter runs it");
    let run = std::fs::read_dir(home.path().join("state/runs")).unwrap().next().unwrap().unwrap().path();
    let Some(disk) = Small::mount(&run.join("recordings")) else {
        skip("without_room_for_its_recording", "the right to mount a tmpfs");
        return;
    };
    disk.fill("filler");
    terminal.type_keys("\r");
    terminal.see("no longer recorded");
    terminal.see_live("▸· 2");
    assert_eq!(std::fs::read_to_string(home.path().join("mark")).unwrap(), "done\n");
    std::fs::remove_file(run.join("recordings/filler")).unwrap();
    terminal.type_keys("\r");
    terminal.see_live("All commands are settled");
    assert!(run.join("recordings/1_2.1.raw").exists(), "recorded again");
}
