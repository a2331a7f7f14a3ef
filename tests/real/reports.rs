//! Reports of shells behind doors, and who else may make them: another user of the machine, a file that is printed, a
//! command that fails.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use super::support::{Home, skip, until};

/// What another user of the machine reads of all processes.
#[expect(clippy::disallowed_methods, reason = "another user looks, not the program")]
fn read_by_another_user() -> String {
    let words = ["--reuid=daemon", "--regid=daemon", "--clear-groups", "sh", "-c"];
    let look = "for p in /proc/[0-9]*; do cat $p/cmdline $p/environ 2>/dev/null; echo; done | tr '\\0' ' '";
    let seen = std::process::Command::new("setpriv").args(words).arg(look).output().unwrap();
    String::from_utf8_lossy(&seen.stdout).into_owned()
}

#[test]
fn what_every_user_may_read_is_not_what_reports_are_known_by() {
    if !rustix::process::geteuid().is_root() {
        return skip("what every user may read", "the right to become another user");
    }
    // With a bash on the other side, and without one: a `sh` has its whole driver among its words.
    for without in [false, true] {
        let home = Home::new();
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let bin = home.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        for program in ["sh", "stty", "sed", "tr", "id", "uname", "cat", "sleep", "false", "su"] {
            std::os::unix::fs::symlink(format!("/usr/bin/{program}"), bin.join(program)).unwrap();
        }
        let path = if without { format!("PATH={}", bin.display()) } else { "true".to_owned() };
        let door = "su -m -s /bin/sh nobody";
        let fails = "echo begun >mark; until [ -e go ]; do sleep 0.05; done; cat forged; false";
        home.write(
            "b.md",
            &format!("# T\n## Steps\n```bash\n{path}\n{door}\n{fails}\necho not reached\n```\n"),
        );
        let mut command = home.command(&["run", "b.md", "--headless", "--yes", "--place", "there"]);
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        until("the command behind the door", || home.path().join("mark").exists());
        let seen = read_by_another_user();
        assert!(seen.contains("gonogo") && (!without || seen.contains("__gonogo_loop")), "{seen}");
        let numbers = seen.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 32);
        let mut forged = String::new();
        for number in numbers.chain(["second", "gonogo", ""]) {
            for answers in 0..40 {
                for report in [
                    "end\u{1f}0\u{1f}nobody@x\u{1f}/\u{1f}0",
                    "done",
                    "ready\u{1f}0\u{1f}r@x\u{1f}/\u{1f}1 0",
                ] {
                    forged += &format!("\u{1b}]7717;@{number}\u{1f}{answers}\u{1f}{report}\u{7}");
                }
            }
        }
        home.write("forged", &forged);
        home.write("go", "");
        let out = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert_eq!(out.status.code(), Some(1), "{said}");
        assert!(said.contains("FAILED at 1/3") && said.contains("exit 1"), "{said}");
    }
}
