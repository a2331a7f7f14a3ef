//! Programs that open a shell elsewhere by themselves: clouds, virtual machines, terminal multiplexers, tool boxes.

use super::super::parse::Simple;
use super::elsewhere::compose_words;
use super::options::Options;

/// A program with the words behind it that open a shell.
struct Row {
    program: &'static str,
    /// Words that have to stand behind the program in this order, others between them.
    words: &'static [&'static str],
    /// How many words more are a name of where to go; one more is a command.
    names: usize,
    /// Options with which it does something else.
    unless: &'static [&'static str],
}

const ANY: usize = usize::MAX;

const fn row(
    program: &'static str,
    words: &'static [&'static str],
    names: usize,
    unless: &'static [&'static str],
) -> Row {
    Row { program, words, names, unless }
}

#[rustfmt::skip] // a table
const ROWS: &[Row] = &[
    row("mosh", &[], 1, &[]), row("autossh", &[], 1, &["-N", "-f"]), row("sshpass", &["ssh"], 1, &["-N"]),
    row("telnet", &[], 2, &[]), row("et", &[], 1, &["-c"]), row("rlogin", &[], 1, &[]),
    row("run0", &[], 0, &["-u"]), row("newgrp", &[], 1, &[]), row("sg", &[], 1, &["-c"]),
    row("lxc", &["shell"], 1, &[]), row("incus", &["shell"], 1, &[]), row("lxc", &["console"], 1, &[]),
    row("incus", &["console"], 1, &[]), row("lxc-attach", &[], 0, &[]), row("pct", &["enter"], 1, &[]),
    row("virsh", &["console"], ANY, &[]), row("qm", &["terminal"], ANY, &[]), row("xl", &["console"], ANY, &[]),
    row("systemd-run", &[], 0, &[]), row("machinectl", &["shell"], 1, &[]),
    row("machinectl", &["login"], 1, &[]), row("arch-chroot", &[], 1, &[]), row("schroot", &[], 0, &["-l"]),
    row("fakeroot", &[], 0, &["--version", "-v"]), row("bwrap", &[], 0, &[]),
    row("vagrant", &["ssh"], 1, &["-c", "--command"]), row("multipass", &["shell"], 1, &[]),
    row("minikube", &["ssh"], 0, &[]), row("limactl", &["shell"], 1, &[]), row("lima", &[], 0, &[]),
    row("colima", &["ssh"], 0, &[]), row("docker-machine", &["ssh"], 1, &[]),
    row("toolbox", &["enter"], 1, &[]), row("distrobox", &["enter"], 1, &["-e", "--exec"]),
    row("distrobox-enter", &[], 1, &["-e"]), row("wsl", &[], 0, &["-l", "--list", "-e", "--status"]),
    row("nix-shell", &[], ANY, &["--run", "--command"]), row("nix", &["develop"], 1, &["-c", "--command"]),
    row("nix", &["shell"], ANY, &["-c", "--command"]), row("guix", &["shell"], ANY, &[]),
    row("poetry", &["shell"], 0, &[]), row("pipenv", &["shell"], 0, &[]), row("hatch", &["shell"], 1, &[]),
    row("devbox", &["shell"], 0, &[]), row("pixi", &["shell"], 0, &[]), row("flox", &["activate"], 0, &[]),
    row("gcloud", &["compute", "ssh"], ANY, &["--command", "--dry-run"]),
    row("gcloud", &["cloud-shell", "ssh"], ANY, &["--command"]),
    row("gcloud", &["app", "instances", "ssh"], ANY, &[]),
    row("aws", &["ssm", "start-session"], ANY, &["--document-name"]),
    row("aws", &["ec2-instance-connect", "ssh"], ANY, &[]),
    row("az", &["ssh", "vm"], ANY, &[]), row("az", &["ssh", "arc"], ANY, &[]),
    row("az", &["vm", "ssh"], ANY, &[]), row("az", &["webapp", "ssh"], ANY, &[]),
    row("az", &["network", "bastion", "ssh"], ANY, &[]),
    row("az", &["vm", "serial-console", "connect"], ANY, &[]),
    row("fly", &["ssh", "console"], ANY, &["-C", "--command"]),
    row("flyctl", &["ssh", "console"], ANY, &["-C", "--command"]),
    row("fly", &["console"], ANY, &["-C", "--command"]), row("flyctl", &["console"], ANY, &["-C", "--command"]),
    row("heroku", &["ps:exec"], ANY, &[]), row("railway", &["shell"], 0, &[]),
    row("railway", &["ssh"], 0, &[]), row("render", &["ssh"], 1, &[]), row("eb", &["ssh"], 1, &["-c", "--command"]),
    row("cf", &["ssh"], 1, &["-c", "--command", "-N"]), row("doctl", &["compute", "ssh"], ANY, &["--ssh-command"]),
    row("doctl", &["apps", "console"], ANY, &[]), row("hcloud", &["server", "ssh"], 1, &[]),
    row("tsh", &["ssh"], 1, &["-N"]), row("tailscale", &["ssh"], 1, &[]), row("teleport", &["ssh"], 1, &[]),
    row("dokku", &["enter"], 2, &[]), row("platform", &["ssh"], 0, &[]), row("upsun", &["ssh"], 0, &[]),
    row("ddev", &["ssh"], 0, &[]), row("lando", &["ssh"], 0, &["-c", "--command"]),
    row("copilot", &["svc", "exec"], 0, &["-c", "--command"]), row("nomad", &["alloc", "exec"], 1, &[]),
    row("flatpak", &["enter"], 1, &[]), row("snap", &["run", "--shell"], ANY, &[]),
    row("kubie", &["ctx"], ANY, &[]), row("byobu", &[], 0, &[]), row("zellij", &[], 0, &[]),
    row("zellij", &["attach"], ANY, &[]), row("script", &[], 1, &["-c", "--command"]),
    row("aws-vault", &["exec"], 1, &[]),
    row("rsh", &[], 1, &["-l"]), row("slogin", &[], 1, &["-N"]), row("dbclient", &[], 1, &["-N"]),
    row("plink", &[], 1, &["-N"]), row("pkexec", &[], 0, &[]), row("login", &[], 1, &[]), row("proot", &[], 0, &[]),
    row("systemd-nspawn", &[], 0, &[]),
    row("gh", &["codespace", "ssh"], ANY, &["-c"]), row("gh", &["cs", "ssh"], ANY, &["-c"]),
    row("vault", &["ssh"], ANY, &[]), row("boundary", &["connect", "ssh"], ANY, &[]),
    row("openstack", &["server", "ssh"], ANY, &[]), row("kubectl", &["node-shell"], 1, &[]),
    row("kubectl", &["ssh"], 1, &[]), row("flatpak", &["run", "--command=bash"], ANY, &[]),
    row("flatpak", &["run", "--command=sh"], ANY, &[]),
];

impl Row {
    fn fits(&self, program: &str, args: &[String]) -> bool {
        if self.program != program || args.iter().any(|a| self.refuses(a)) {
            return false;
        }
        let dashes = args.iter().position(|a| a == "--").unwrap_or(args.len());
        let behind = args.get(dashes + 1..).unwrap_or_default();
        let only_forwards = behind.iter().any(|w| w.starts_with("-N") || w == "-fN");
        if only_forwards || behind.first().is_some_and(|w| !w.starts_with('-')) {
            return false;
        }
        let mut plain =
            args[..dashes].iter().filter(|a| !a.starts_with('-') || self.words.contains(&a.as_str()));
        for (at, word) in self.words.iter().enumerate() {
            // The first of them is the program's own command; options with values may stand between the others.
            let found = if at == 0 { plain.next().filter(|a| a == word) } else { plain.find(|a| a == word) };
            if found.is_none() {
                return false;
            }
        }
        self.names == ANY || names(&args[..dashes], self.words) <= self.names
    }

    fn refuses(&self, arg: &str) -> bool {
        let name = arg.split('=').next().unwrap_or(arg);
        self.unless.contains(&name) || matches!(arg, "--help" | "--version" | "-h")
    }
}

/// The words that are neither options, values of options nor the program's own.
fn names(args: &[String], own: &[&str]) -> usize {
    let mut valued = false;
    let mut count = 0;
    for arg in args {
        let option = arg.starts_with('-');
        // Without a list of a program's options, a word behind one is taken for its value.
        count += usize::from(!option && !valued && !own.contains(&arg.as_str()));
        valued = option && !arg.contains('=') && !own.contains(&arg.as_str());
    }
    count
}

/// Whether a program that has words of its own for it opens a shell.
pub(super) fn opens(program: &str, args: &[String]) -> bool {
    match program {
        "tmux" => tmux(args) == Some(true),
        "screen" => screen(args) == Some(true),
        "systemd-run" => args.iter().any(|a| a == "--shell" || a == "-S"),
        "aws" if args.iter().any(|a| a == "execute-command") => {
            let behind = args.iter().position(|a| a == "--command").and_then(|at| args.get(at + 1));
            args.iter().any(|a| a == "--interactive") && behind.is_none_or(|c| names_a_shell(c))
        }
        "az" if args.iter().any(|a| a == "exec") => {
            let behind = args.iter().position(|a| a.ends_with("-command")).and_then(|at| args.get(at + 1));
            behind.is_some_and(|c| names_a_shell(c))
        }
        "fly" | "flyctl" | "heroku" | "scalingo" | "dokku" | "railway"
            if args.iter().any(|a| a == "run" || a == "run:inside") =>
        {
            let at = args.iter().rposition(|a| names_a_shell(a));
            at.is_some_and(|at| args[at..].windows(2).all(|w| w[0].starts_with('-') || w[1].starts_with('-')))
        }
        _ => ROWS.iter().any(|row| row.fits(program, args)),
    }
}

fn names_a_shell(words: &str) -> bool {
    let mut words = words.split_whitespace();
    let first = words.next().unwrap_or("");
    ["bash", "sh", "zsh", "ash"].contains(&first.rsplit('/').next().unwrap_or(first))
        && words.all(|w| w == "-l" || w == "-i" || w == "--login")
}

/// Whether `tmux` takes the terminal: into a shell (true), for one command (false), or not at all.
pub(super) fn tmux(args: &[String]) -> Option<bool> {
    let options = Options::read(args, "cfLST", &[]);
    if options.has(&["V", "c"]) {
        return None;
    }
    let Some((verb, rest)) = options.rest.split_first() else { return Some(true) };
    match verb.as_str() {
        "new" | "new-session" => {
            let own = Options::read(rest, "ceFfnstxy", &[]);
            (!own.has(&["d"])).then_some(own.rest.is_empty())
        }
        "a" | "at" | "attach" | "attach-session" => Some(true),
        _ => None,
    }
}

/// The same of `screen`.
pub(super) fn screen(args: &[String]) -> Option<bool> {
    // `-d -r` takes a session from elsewhere; `-d -m` starts one that nobody sees.
    let options = Options::read(args, "cehpsStT", &[]);
    let ends = ["X", "Q", "v", "ls", "list", "wipe"];
    let lists = args.iter().any(|a| ["-ls", "-list", "-wipe", "--version"].contains(&a.as_str()));
    let unseen = (options.has(&["d", "D"]) && !options.has(&["r", "R", "x"])) || options.has(&ends);
    (!lists && !unseen).then(|| options.rest.is_empty() || options.has(&["r", "R", "x"]))
}

/// The sub-command of a container program that runs something on a terminal.
pub(super) fn container_verb(simple: &Simple) -> Option<String> {
    let words = compose_words(simple).unwrap_or_else(|| simple.args());
    let verb = words.iter().find(|w| ["exec", "run", "rsh", "debug"].contains(&w.as_str()))?;
    let of_cluster = matches!(simple.program(), "kubectl" | "oc");
    let of_engine =
        matches!(simple.program(), "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose");
    (of_cluster || of_engine && !matches!(verb.as_str(), "rsh" | "debug")).then(|| verb.clone())
}
