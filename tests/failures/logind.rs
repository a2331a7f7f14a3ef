//! Logins under a real systemd-logind, in a container with systemd as process 1: what it ends with them, and what
//! outlives them.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use super::sshd::{SHELL, key, shell};
use super::support::{DEADLINE, Home, Terminal, skip};
use super::{start_run, until, waits_for_go};

/// Debian's packages in the container's image. `polkitd` is what lets people linger by their own word.
const PACKAGES: &str = "systemd-sysv,dbus,dbus-user-session,libpam-systemd,openssh-server,polkitd";
const SUITE: &str = "bookworm";

#[expect(clippy::disallowed_methods, reason = "containers are made by programs")]
fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command
}

fn output(program: &str, arguments: &[&str]) -> Option<Output> {
    command(program, arguments).output().ok().filter(|o| o.status.success())
}

/// The image, made of Debian's packages where it is not there yet.
fn image() -> Result<String, String> {
    let name = format!("gonogo-test-logind:{SUITE}-{}", PACKAGES.len());
    if output("docker", &["version"]).is_none() {
        return Err("a Docker Engine".into());
    }
    if output("docker", &["image", "inspect", &name]).is_some() {
        return Ok(name);
    }
    let include = format!("--include={PACKAGES}");
    let made = command("mmdebstrap", &["--variant=minbase", "--quiet", &include, SUITE, "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut made) = made else { return Err("mmdebstrap (Debian: mmdebstrap)".into()) };
    let tar = made.stdout.take().unwrap();
    let imported = command("docker", &["import", "-", &name]).stdin(tar).stdout(Stdio::null()).status();
    let made = made.wait().is_ok_and(|s| s.success());
    if made && imported.is_ok_and(|s| s.success()) {
        return Ok(name);
    }
    let _half = output("docker", &["image", "rm", "--force", &name]);
    Err("a source of Debian packages for mmdebstrap".into())
}

/// A machine of its own, with people who log in over SSH.
struct Machine {
    id: String,
    address: String,
    keys: PathBuf,
}

impl Machine {
    fn start(home: &Home) -> Result<Self, String> {
        let image = image()?;
        let program = format!("{}:/usr/local/bin/gonogo:ro", env!("CARGO_BIN_EXE_gonogo"));
        let run = command("docker", &["run", "--detach", "--rm", "--cap-add=SYS_ADMIN", "--cgroupns=host"])
            .args(["--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"])
            .args([
                "--tmpfs=/run",
                "--tmpfs=/run/lock",
                "--tmpfs=/tmp",
                "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw",
            ])
            .args(["--volume", &program, &image, "/sbin/init"])
            .output()
            .unwrap();
        let systemd = || "a container with systemd as process 1".to_owned();
        if !run.status.success() {
            return Err(systemd());
        }
        let id = String::from_utf8(run.stdout).unwrap().trim().to_owned();
        let keys = home.path().join("keys");
        std::fs::create_dir(&keys).unwrap();
        key(&keys.join("user"));
        let mut machine = Self { id, address: String::new(), keys };
        let start = Instant::now();
        // Before its service manager listens, nothing is said; then it is waited until everything was started.
        while !matches!(machine.try_root("systemctl is-system-running --wait").trim(), "running" | "degraded")
        {
            if start.elapsed() > DEADLINE {
                return Err(systemd());
            }
        }
        let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        let inspected = output("docker", &["inspect", "--format", format, &machine.id]).unwrap();
        let address = String::from_utf8(inspected.stdout).unwrap();
        address.trim().clone_into(&mut machine.address);
        Ok(machine)
    }

    /// What root's shell prints there, whatever comes of it.
    fn try_root(&self, script: &str) -> String {
        let output = command("docker", &["exec", &self.id, "sh", "-c", script]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// A script of root's.
    fn root(&self, script: &str) -> String {
        let mut child = command("docker", &["exec", "--interactive", &self.id, "sh", "-e"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{script}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Somebody who can log in, with a runbook.
    fn somebody(&self, name: &str) {
        let key = std::fs::read_to_string(self.keys.join("user.pub")).unwrap();
        let book = format!("# The run of {name}\n## Steps\n```bash\n{}\n```\n", waits_for_go(7));
        let add = if name == "root" { String::new() } else { format!("useradd -m -s /bin/bash {name}\n") };
        self.root(&format!(
            "{add}cd ~{name}\nmkdir -p .ssh\ncat >.ssh/authorized_keys <<'KEY'\n{key}KEY\ncat >b.md <<'BOOK'\n{book}BOOK\nchown -R {name} ."
        ));
    }

    /// What systemd-logind does with the processes of a login that ends.
    fn kills_processes(&self, kills: bool) {
        let kills = if kills { "yes" } else { "no" };
        self.root(&format!(
            "mkdir -p /etc/systemd/logind.conf.d\nprintf '[Login]\\nKillUserProcesses={kills}\\nKillExcludeUsers=\\n' >/etc/systemd/logind.conf.d/test.conf\nsystemctl restart systemd-logind"
        ));
    }

    fn login(&self, home: &Home, name: &str) -> Terminal {
        let at = format!("{name}@{}", self.address);
        shell(home, &self.keys, &[&at, SHELL])
    }

    /// The network of a connection dies; waits until systemd-logind has ended the login.
    fn log_out(&self, name: &str, mut terminal: Terminal) {
        terminal.child.kill().unwrap();
        terminal.child.wait().unwrap();
        until("the end of the login", || {
            let state = self.try_root(&format!("loginctl show-user {name} --property=State --value"));
            !matches!(state.trim(), "active" | "online")
        });
    }

    fn of(&self, name: &str, file: &str) -> String {
        self.try_root(&format!("cat ~{name}/{file}"))
    }

    fn processes(&self, name: &str) -> String {
        self.try_root(&format!("pgrep --uid {name} --list-full '^gonogo$'"))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _gone = output("docker", &["rm", "--force", &self.id]);
    }
}

/// Starts the run on the screens and waits until its command has begun.
fn begin(machine: &Machine, name: &str, terminal: &mut Terminal) {
    start_run(terminal);
    terminal.press("Enter runs it", "\r");
    until("the command's beginning", || machine.of(name, "mark").contains("begun"));
}

/// The next login finds the command at work, and its end is told as it is.
fn goes_on(machine: &Machine, home: &Home, name: &str) {
    let mut terminal = machine.login(home, name);
    terminal.type_keys("gonogo\n");
    terminal.see("It is running.");
    // Its owner is killed as well; the next one is started from this login.
    machine.root(&format!("pkill -KILL --uid {name} --full '^[^ ]*gonogo runner '"));
    terminal.see("another process owns the run now");
    terminal.see("It is running.");
    machine.root(&format!("touch ~{name}/go"));
    terminal.see("Ended: exit 7");
    assert_eq!(machine.of(name, "mark"), "begun\nended\n");
    terminal.press("Ended: exit 7", "q");
    terminal.see("The run is kept");
}

#[test]
fn what_outlives_a_login_is_what_start_said_under_every_rule_of_systemd_logind() {
    let home = Home::new();
    let machine = match Machine::start(&home) {
        Ok(machine) => machine,
        Err(missing) => return skip("what_outlives_a_login", &missing),
    };
    // Processes are left alone: a session of their own is enough.
    machine.kills_processes(false);
    for (name, lingers) in [("left", false), ("left-lingers", true)] {
        machine.somebody(name);
        let mut terminal = machine.login(&home, name);
        if lingers {
            terminal.type_keys("loginctl enable-linger && echo it lingers\n");
            terminal.see("\nit lingers");
        }
        terminal.type_keys("gonogo b.md\n");
        begin(&machine, name, &mut terminal);
        terminal.press("F8", "q");
        terminal.see("The run continues, 1/1 is still running; gonogo brings you back");
        terminal.see("XDG_RUNTIME_DIR");
        machine.log_out(name, terminal);
        // What systemd-logind removes at the last logout holds nothing of ours.
        machine.root(&format!(
            "id=$(id -u {name})\nsystemctl stop user@$id.service user-runtime-dir@$id.service\ntest ! -e /run/user/$id"
        ));
        goes_on(&machine, &home, name);
    }
    // Everything of a login is ended with it, and nothing of the user's stays: that is said, and it is so.
    machine.kills_processes(true);
    machine.somebody("ended");
    let mut terminal = machine.login(&home, "ended");
    terminal.type_keys("gonogo b.md\n");
    terminal.see("this run would end when you log out");
    terminal.see("loginctl enable-linger ended");
    begin(&machine, "ended", &mut terminal);
    terminal.press("F8", "q");
    terminal.see("1/1 will be killed when you log out");
    machine.log_out("ended", terminal);
    until("the end of all that was theirs", || machine.processes("ended").is_empty());
    let mut terminal = machine.login(&home, "ended");
    terminal.type_keys("gonogo\n");
    terminal.see_live("Lost, outcome unknown");
    terminal.type_keys("q");
    terminal.see("The run is kept");
    assert_eq!(machine.of("ended", "mark"), "begun\n", "it was not run again");
    // The command that Start names mends it.
    machine.somebody("mended");
    let mut terminal = machine.login(&home, "mended");
    terminal.type_keys("gonogo b.md\n");
    terminal.see("loginctl enable-linger mended");
    let mut other = machine.login(&home, "mended");
    other.type_keys("loginctl enable-linger mended && echo it lingers\n");
    other.see("\nit lingers");
    terminal.press("this run would end when you log out", "\x1b[A\r");
    terminal.until("the warning to go", |text| !text.contains("would end when you log out"));
    begin(&machine, "mended", &mut terminal);
    drop(other);
    machine.log_out("mended", terminal);
    goes_on(&machine, &home, "mended");
    // Root does not linger, and need not: the machine's own service manager has room for its scope.
    machine.somebody("root");
    let mut terminal = machine.login(&home, "root");
    terminal.type_keys("cd; gonogo b.md\n");
    begin(&machine, "root", &mut terminal);
    assert!(!terminal.text().contains("end when you log out"), "{}", terminal.text());
    machine.log_out("root", terminal);
    goes_on(&machine, &home, "root");
}
