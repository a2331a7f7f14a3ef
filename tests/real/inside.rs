//! Containers as places: by Docker Engine, from here and over `ssh`. What is beside the terminal there: standard error apart,
//! signals, files.

use std::path::Path;
use std::process::{Command, Stdio};

use gonogo::exec::{Mode, Signal};
use gonogo::run::Exit;

use super::cluster::Cluster;
use super::entering::started;
use super::place::Shell;
use super::probes::docker::{Image, Project, there};
use super::shells::works;
use super::support::{Home, events, until};
use super::users::server;
use gonogo::run::Event;
use gonogo::run::rollback::LookedAt;

/// A container of the test's own, which is removed with it.
struct Container(String);

#[expect(clippy::disallowed_methods, reason = "a test runs its own containers")]
fn docker(words: &[&str]) -> bool {
    Command::new("docker").args(words).stdin(Stdio::null()).output().is_ok_and(|ran| ran.status.success())
}

impl Container {
    fn start(test: &str, name: &str, image: Image) -> Option<Self> {
        if !there(test, image) {
            return None;
        }
        let name = format!("gonogo-{name}-{}", std::process::id());
        let without = ["run", "-d", "--init", "--network", "none"];
        assert!(docker(&[&without[..], &["--name", &name, image.name(), "sleep", "1000"]].concat()));
        Some(Self(name))
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        docker(&["rm", "-f", &self.0]);
    }
}

/// Signals and files there: what is asked beside the terminal is answered while something runs in it.
fn has_ways(shell: &mut Shell, way: &gonogo::exec::shim::Transport, name: &str) {
    for (signal, status) in [(Signal::Term, 143), (Signal::Kill, 137)] {
        let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
        shell.see("on");
        let asked = way.ask("echo \"it's $((1+1))\"; cat /tmp/kept-inside; echo why >&2; exit 3").unwrap();
        assert_eq!(asked, (3, "it's 2\nkept there\n".into(), "why\n".into()), "{name}");
        shell.signal(signal);
        assert_eq!(shell.end_of(&command), Exit::Status(status), "{name}");
    }
}

#[test]
fn a_container_has_ways_beside_its_terminal() {
    const TEST: &str = "a_container_has_ways_beside_its_terminal";
    for (image, program) in [(Image::Bash, "bash"), (Image::Plain, "sh")] {
        let Some(container) = Container::start(TEST, program, image) else { return };
        let mut shell = Shell::start();
        shell.run(&format!("C={}", container.0));
        let way = shell.goes(&format!("docker exec -it $C {program}  # in it")).unwrap();
        assert_eq!(way.name(), container.0);
        works(&mut shell, program);
        shell.run("echo kept there >/tmp/kept-inside");
        let (_, shown) = shell.shows("echo out; echo err >&2");
        let apart = matches!(image, Image::Bash);
        let (output, error) = if apart { ("out\n", "err\n") } else { ("out\nerr\n", "") };
        assert_eq!((shown.output.as_str(), shown.error.as_str(), shown.merged), (output, error, !apart));
        has_ways(&mut shell, &way, program);
        if apart {
            let follow = shell.begin("tail -f /tmp/kept-inside", Mode::Follow);
            shell.see("kept there");
            shell.keeps();
            assert_eq!(shell.run("echo free").1, "free");
            shell.signal_to(&follow, Signal::Term);
            assert_eq!(shell.end_of(&follow), Exit::Status(143));
        }
        shell.run("exit");
        assert_eq!(shell.run("echo $C"), (Exit::Status(0), container.0.clone()));
        // With its last shell nothing of it is left there, nor of one that nobody left while something ran in it.
        shell.goes(&format!("docker exec -it $C {program}")).unwrap();
        shell.begin("sh -c 'echo on; exec sleep 1001'", Mode::Run);
        shell.see("on");
        drop(shell);
        let left = "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done | grep '[t]ail\\|[7]717\\|[_]gonogo\\|[r]cfile\\|sleep 100[1]'";
        until("the end of what was started there", || !docker(&["exec", &container.0, "sh", "-c", left]));
    }
}

#[test]
fn a_container_is_reached_by_whatever_words_led_there() {
    const TEST: &str = "a_container_is_reached_by";
    let Some(container) = Container::start(TEST, "words", Image::Bash) else { return };
    let mut shell = Shell::start();
    for (words, says) in [
        ("sudo docker exec -it C bash", "0 /"),
        ("docker exec -itu 65534 -w /tmp C bash -l", "65534 /tmp"),
        ("docker exec --interactive --tty -e A='b c' C sh", "0 / b c"),
        ("docker container exec -i -t C bash", "0 /"),
        ("A=b docker exec -it \"$(echo C)\" bash", "0 /"),
    ] {
        let words = words.replace('C', &container.0);
        let way = shell.goes(&words).unwrap_or_else(|| panic!("{words}"));
        let (_, told, _) = way.ask("echo $(id -u) $(pwd) $A").unwrap();
        assert_eq!(told.trim_end(), says, "{words}");
        let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
        shell.see("on");
        shell.signal(Signal::Term);
        assert_eq!(shell.end_of(&command), Exit::Status(143), "{words}");
        shell.run("exit");
    }
    // A shell in its shell: what that runs is reached by the same way.
    shell.goes(&format!("docker exec -it -u 65534 {} bash", container.0)).unwrap();
    assert!(shell.goes("bash").is_none(), "its shell is asked itself");
    let command = shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
    shell.see("on");
    shell.signal(Signal::Term);
    assert_eq!(shell.end_of(&command), Exit::Status(143));
}

#[test]
fn a_container_that_ends_loses_what_ran_in_it() {
    const TEST: &str = "a_container_that_ends";
    let Some(container) = Container::start(TEST, "ends", Image::Bash) else { return };
    let mut shell = Shell::start();
    shell.goes(&format!("docker exec -it {} bash", container.0)).unwrap();
    shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
    shell.see("on");
    assert!(docker(&["kill", &container.0]));
    let why = shell.loses();
    assert!(why.contains(&format!("the connection to {} has ended", container.0)), "{why}");
    // A shell that ends by itself has a status, whatever it is.
    let other = Container::start(TEST, "other", Image::Bash).unwrap();
    shell.goes(&format!("docker exec -it {} bash", other.0)).unwrap();
    let (exit, _) = shell.run("exit 137");
    assert_eq!(exit, Exit::ShellEnded(137));
}

#[test]
fn a_backup_in_a_container_is_looked_at_while_something_runs_and_restored_there() {
    const TEST: &str = "a_backup_in_a_container";
    let Some(container) = Container::start(TEST, "backup", Image::Bash) else { return };
    let home = Home::new();
    home.write(
        "b.md",
        &format!(
            "# Shop\n\n## Deployment Steps\n\n### Step 1: Create Backup\n\n```bash\ndocker exec -it {} bash\ncd /tmp\necho old >data\nexport BACKUP_FILE=\"/tmp/shop.sql\"\ncat data >\"$BACKUP_FILE\"\n```\n\n### Step 2: Deploy\n\n```bash\necho new >data; until [ -e go ]; do sleep 0.1; done\n```\n\n### Step 3: Verify\n\n```bash\ngrep old data\n```\n\n## Rollback Procedure\n\n```bash\ncp \"$BACKUP_FILE\" data\n```\n",
            container.0
        ),
    );
    let words = ["run", "b.md", "--headless", "--yes", "--allow-destructive", "--place", "there"];
    let mut command = home.command(&[&words[..], &["--rollback-on-failure"]].concat());
    let mut run = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let looked = |e: &Event| match e {
        Event::FileMade { path, looked: LookedAt::There(facts), .. } => {
            path == "/tmp/shop.sql" && facts.bytes == 4
        }
        _ => false,
    };
    until("what runs after it", || started(&home, "2/1"));
    until("the backup to be looked at", || events(&home).iter().any(looked));
    let ended = |e: &Event| matches!(e, Event::CommandExited { command, .. } if command.0 == "2/1");
    assert!(!events(&home).iter().any(ended), "it was looked at while that ran");
    assert!(docker(&["exec", &container.0, "touch", "/tmp/go"]));
    assert_eq!(run.wait().unwrap().code(), Some(3), "{:?}", events(&home));
    assert!(docker(&["exec", &container.0, "grep", "old", "/tmp/data"]));
}

#[test]
fn probes_say_that_they_do_not_look_from_inside_a_container() {
    const TEST: &str = "probes_say_that";
    let Some(container) = Container::start(TEST, "probes", Image::Plain) else { return };
    let home = Home::new();
    home.write(
        "b.md",
        &format!("# T\n## Steps\n```bash\ndocker exec -it {} sh\ndf -h /\n```\n", container.0),
    );
    let mut screen = home.terminal(&["b.md"], 120, 34);
    screen.press("start in", "\r");
    screen.press("The gate:", "\r");
    screen.press("Go or no-go", "g");
    screen.press("The commands after this one run where it leads", "y");
    screen.press("Enter goes there", "\r");
    screen.see("▸· 2  df");
    screen.type_keys("6");
    // It stands beside the chart, where it takes two rows.
    screen.until("where it is measured from", |text| {
        text.contains("measured from this machine, not from")
            && text.contains(&format!("inside {}", container.0))
    });
}

#[test]
fn a_service_of_compose_and_a_container_behind_ssh_are_the_same() {
    const TEST: &str = "a_service_of_compose";
    let yaml =
        "version: '2.4'\nservices:\n  api:\n    image: IMAGE\n    command: sleep 1000\n    init: true\n";
    let Some(project) = Project::start(TEST, "gonogoinside", yaml) else { return };
    let mut shell = Shell::start();
    shell.run(&format!("cd {}", project.directory().display()));
    let way = shell.goes(&format!("docker-compose -p {} exec api sh", project.name)).unwrap();
    assert_eq!(way.name(), "api");
    shell.run("echo kept there >/tmp/kept-inside");
    has_ways(&mut shell, &way, "compose");
    shell.run("exit");
    let home = Home::new();
    let Some((_server, settings)) = server(&home, TEST, "") else { return };
    shell.goes(&format!("ssh -F {} root@web", settings.display()));
    let way = shell.goes(&format!("docker exec -it {}_api_1 sh", project.name)).unwrap();
    has_ways(&mut shell, &way, "ssh");
    assert!(!Path::new("/tmp/kept-inside").exists(), "it is the container's file");
    shell.run("exit");
    // What stands for a name is known to the shell there alone: then it is asked itself.
    shell.run(&format!("C={}_api_1", project.name));
    assert!(shell.goes("docker exec -it $C sh").is_none());
    assert_eq!(shell.run("cat /tmp/kept-inside").1, "kept there");
}

#[test]
fn a_pod_is_gone_into_by_the_words_of_kubectl() {
    const TEST: &str = "a_pod_is_gone_into";
    let Some(cluster) = Cluster::start(TEST, &["api-0", "api-7d9"]) else { return };
    let home = Home::new();
    let mut shell = Shell::start();
    shell.run(&format!("export KUBECONFIG={}; POD=api-7d9", cluster.settings(&home).display()));
    let way = shell.goes("kubectl --context blue exec -it -n shop $POD -c web -- bash").unwrap();
    assert_eq!((way.name(), shell.run("uname -n").1.as_str()), ("api-7d9", "api-7d9"));
    works(&mut shell, "kubectl");
    shell.run("echo kept there >/tmp/kept-inside");
    let (_, shown) = shell.shows("echo out; echo err >&2");
    assert_eq!((shown.output.as_str(), shown.error.as_str(), shown.merged), ("out\n", "err\n", false));
    has_ways(&mut shell, &way, "kubectl");
    let (exit, _) = shell.run("exit 3");
    assert_eq!(exit, Exit::ShellEnded(3));
    // Of several pods one was chosen: that one is meant from then on.
    let way = shell.goes("kubectl --context blue -n shop exec -it deploy/api -- bash").unwrap();
    assert_eq!(way.name(), shell.run("uname -n").1);
    shell.run("echo kept there >/tmp/kept-inside");
    has_ways(&mut shell, &way, "deployment");
    shell.begin("sh -c 'echo on; exec sleep 1000'", Mode::Run);
    shell.see("on");
    cluster.cut();
    let why = shell.loses();
    assert!(why.contains("the connection to api-") && why.contains("has ended"), "{why}");
    assert!(!Path::new("/tmp/kept-inside").exists(), "it is the pod's file");
}
