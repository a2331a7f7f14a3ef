//! The power goes: everything dies at once, and of what was written only what was synced is there afterwards.

use std::path::{Path, PathBuf};
use std::process::Command;

use gonogo::run::Event;
use gonogo::store::{StateDirectory, Store};

use super::support::{Home, skip};
use super::{count, start_run, tell_it_to_end, until_written, waits_for_go};

/// A disk of its own in a file. A copy of the file is what a disk holds when the power goes.
struct Disk {
    image: PathBuf,
    at: PathBuf,
}

#[expect(clippy::disallowed_methods, reason = "disks are made by programs")]
fn done(program: &str, arguments: &[&Path]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|o| o.status.success())
}

impl Disk {
    fn new(image: PathBuf, at: PathBuf) -> Option<Self> {
        let file = std::fs::File::create(&image).unwrap();
        file.set_len(64 << 20).unwrap();
        let made = done("mkfs.ext4", &[Path::new("-q"), Path::new("-F"), &image]);
        if made { Self { image, at }.mounted() } else { None }
    }

    fn mounted(self) -> Option<Self> {
        std::fs::create_dir_all(&self.at).unwrap();
        done("mount", &[Path::new("-o"), Path::new("loop"), &self.image, &self.at]).then_some(self)
    }

    /// The disk as it would be found after the power had gone now.
    fn after_power_loss(&self, at: PathBuf) -> Self {
        let image = at.with_extension("image");
        std::fs::copy(&self.image, &image).unwrap();
        Self { image, at }.mounted().unwrap()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = done("umount", &[Path::new("-l"), &self.at]);
    }
}

#[test]
fn what_was_shown_is_still_there_after_the_power_went() {
    let home = Home::new();
    let Some(disk) = Disk::new(home.path().join("image"), home.path().join("state")) else {
        skip("what_was_shown_is_still_there", "the right to mount a disk of its own");
        return;
    };
    let commands = format!("NAME=kept\n{}\necho after", waits_for_go(7));
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{commands}\n```\n"));
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    start_run(&mut terminal);
    terminal.press("Enter runs it", "\r");
    terminal.press("▸· 2", "\r");
    until_written(&home, "mark", "begun");
    terminal.see("It is running.");
    let running = disk.after_power_loss(home.path().join("running"));
    tell_it_to_end(&home);
    terminal.see("Ended: exit 7");
    let ended = disk.after_power_loss(home.path().join("ended"));
    drop(terminal);
    home.kill(&["runner", "shim"]);
    for (disk, shown) in [(&running, "Lost, outcome unknown"), (&ended, "Ended: exit 7")] {
        let state = disk.at.display().to_string();
        let mut terminal = home.terminal_in(&[], &[("GONOGO_STATE_DIR", &state)], (100, 30));
        terminal.see_live(shown);
        terminal.type_keys("q");
        assert_eq!(terminal.end(), 0);
        let store: &dyn Store = &StateDirectory::open(&disk.at).unwrap();
        let known = store.state_of(&store.find(None).unwrap()).unwrap();
        assert_eq!(known.captured("NAME").last().map(|c| c.value.as_str()), Some("kept"));
        // Its processes belong to this disk.
        for (pid, _) in super::support::processes_under(&disk.at) {
            super::support::kill(pid);
        }
    }
    assert_eq!(super::contents(&home.path().join("mark")), "begun\nended\n", "nothing ran again");
    assert_eq!(count(&home, |e| matches!(e, Event::CommandStarted { .. })), 2);
}
