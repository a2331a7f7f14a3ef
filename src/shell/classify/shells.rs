//! Programs that end in a shell with nothing for it to do: what follows them belongs into that shell.

use super::super::around::Around;
use super::super::parse::Simple;
use super::elsewhere::{SSH_WITH_VALUE, compose_words};
use super::inside::{carried, nested, takes_terminal};
use super::options::Options;
use super::world;
use super::wrappers::{sudo_options, unwrapped};

/// How a shell that a command opens could be replaced by ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// `ssh host`: our words behind it, as one.
    Ssh,
    /// `sudo -i`, `sudo bash`: our words behind it, in place of the shell's.
    Sudo,
    /// `su - app`: our words in an option.
    Su,
    /// `docker exec -it api bash`, `chroot /mnt bash`: the same in another world than the host's.
    World,
    /// `bash` itself.
    Shell,
    /// Not at all: it can only be gone to by hand.
    Unknown,
}

/// A shell that a command opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// How it could be replaced.
    pub(crate) way: Way,
    /// How many words at the end start it.
    pub(crate) dropped: usize,
}

const UNKNOWN: Option<Opened> = Some(Opened { way: Way::Unknown, dropped: 0 });

/// Shells that our script can be given to.
const POSIX: &[&str] = &["bash", "sh", "ash", "dash"];
const OTHERS: &[&str] =
    &["zsh", "fish", "ksh", "mksh", "csh", "tcsh", "nu", "rbash", "pwsh", "busybox", "elvish", "xonsh"];

/// The shell that a simple command opens on the terminal and leaves to whoever sits there.
pub(crate) fn opened(simple: &Simple) -> Option<Opened> {
    if !simple.reads_terminal() || simple.around.is(Around::DETACHED) || simple.around.is(Around::CAPTURED) {
        return None;
    }
    let bare = unwrapped(simple);
    if world::container_verb(&bare).is_some() && !on_terminal(&bare) {
        return None;
    }
    let direct = of_words(&simple.words, 0);
    direct.or_else(|| nested(simple).iter().flat_map(|p| &p.simples).find_map(opened).and(UNKNOWN))
}

/// Whether a process with these words is a shell that waits for whoever sits there, or leads to one.
pub fn opens_shell(words: &[String]) -> bool {
    let Some((first, args)) = words.split_first() else { return false };
    // A login shell is called `-bash` (login(1)).
    let first = first.strip_prefix('-').unwrap_or(first).to_owned();
    let words = std::iter::once(first).chain(args.iter().cloned()).collect();
    opened(&Simple { words, ..Simple::default() }).is_some()
}

/// The shell that these words open.
fn of_words(words: &[String], depth: usize) -> Option<Opened> {
    let (first, args) = words.split_first().filter(|_| depth < 6)?;
    let program = first.rsplit('/').next().unwrap_or(first);
    if is_shell(first) {
        let way = if POSIX.contains(&program) { Way::Shell } else { Way::Unknown };
        return has_nothing_to_do(program, args).then_some(Opened { way, dropped: args.len() });
    }
    let by_words = || world::opens(program, args).then_some(()).and(UNKNOWN);
    match program {
        "ssh" => ssh(args),
        "sudo" | "doas" => sudo(args, depth),
        "su" => su(args),
        "runuser" => runuser(args, depth),
        "docker" | "podman" | "docker-compose" | "podman-compose" | "kubectl" | "oc" | "nerdctl" => {
            container(words, depth).or_else(by_words)
        }
        "chroot" | "unshare" | "nsenter" | "lxc" | "incus" => {
            let Some(inner) = carried(words) else {
                return by_words();
            };
            let starts_one = inner.is_empty() && !matches!(program, "lxc" | "incus");
            match of_words(inner, depth + 1) {
                _ if starts_one => Some(Opened { way: Way::World, dropped: 0 }),
                Some(Opened { way: Way::Shell, .. }) => {
                    Some(Opened { way: Way::World, dropped: inner.len() })
                }
                other => other.and(UNKNOWN).or_else(by_words),
            }
        }
        _ => match carried(words) {
            Some(inner) if !inner.is_empty() => of_words(inner, depth + 1).and(UNKNOWN),
            _ => wrapped(words, depth)
                .or_else(by_words)
                .or_else(|| ends_in_shell(program, args).then_some(()).and(UNKNOWN)),
        },
    }
}

/// A program that nobody has told of, whose last word is a shell: `sg docker bash`, `ip netns exec blue bash`. Those that
/// look at such a word, install, copy or stop what is called so start none.
fn ends_in_shell(program: &str, args: &[String]) -> bool {
    #[rustfmt::skip] // words, many to a line
    const NAME_IT: &[&str] = &[
        "echo", "printf", "which", "type", "whereis", "command", "man", "info", "help", "hash", "alias", "apt", "apt-get",
        "apt-cache", "aptitude", "yum", "dnf", "apk", "zypper", "pacman", "brew", "snap", "dpkg", "rpm", "pip", "npm",
        "chsh", "usermod", "useradd", "adduser", "grep", "egrep", "rg", "find", "ls", "cat", "file", "stat", "readlink",
        "realpath", "dirname", "basename", "test", "[", "[[", "git", "pgrep", "pkill", "kill", "killall", "ps", "pidof",
        "export", "declare", "set", "ln", "cp", "mv", "rm", "chmod", "chown", "install", "rsync", "scp", "ldd", "sha256sum",
        "md5sum", "diff", "cmp", "head", "tail", "wc", "for", "case", "systemctl", "service", "docker", "podman", "kubectl",
        "helm", "cd", "mkdir", "touch", "source", ".", "shellcheck", "shfmt", "xargs", "nohup",
    ];
    let Some((last, before)) = args.split_last() else { return false };
    let value = before.last().is_some_and(|w| matches!(w.as_str(), "-s" | "--shell" | "-e" | "-C"));
    is_shell(last) && !value && !NAME_IT.contains(&program)
}

/// `exec bash`, `env A=b bash`: the wrapper has the first word, so that it can't be replaced.
fn wrapped(words: &[String], depth: usize) -> Option<Opened> {
    let looks = words.iter().any(|w| w == "-v" || w == "-V");
    let program = words.first().map_or("", String::as_str);
    if matches!(program, "xargs" | "nohup") || (program == "command" && looks) {
        return None;
    }
    let inner = unwrapped(&Simple { words: words.to_vec(), ..Simple::default() });
    (inner.words.len() < words.len()).then(|| of_words(&inner.words, depth + 1))?.and(UNKNOWN)
}

fn is_shell(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    POSIX.contains(&name) || OTHERS.contains(&name) || word == "$SHELL" || word.starts_with("${SHELL")
}

/// `bash`, `bash -l`, `zsh --login`: no script, no `-c`.
fn has_nothing_to_do(program: &str, args: &[String]) -> bool {
    if program == "busybox" {
        return args.len() == 1 && POSIX.contains(&args[0].as_str());
    }
    let options = Options::read(args, "oO", &["rcfile", "init-file"]);
    let script = options.has(&["c", "command", "Command", "File", "n", "version", "help", "s", "D"]);
    let reads_input = options.has(&["s"]) && !options.has(&["c"]);
    (!script || reads_input) && options.rest.iter().all(|w| w == "-")
}

fn ssh(args: &[String]) -> Option<Opened> {
    let options = Options::read(args, SSH_WITH_VALUE, &[]);
    let host = options.rest.first()?;
    let behind = Options::read(&options.rest[1..], SSH_WITH_VALUE, &[]);
    let has = |any: &[&str]| options.has(any) || behind.has(any);
    // A forge answers and hangs up.
    let forge = host.starts_with("git@") || host.contains("//git@");
    if forge || !behind.rest.is_empty() || has(&["N", "V", "G", "O", "Q", "W", "f", "s"]) {
        return None;
    }
    if has(&["T", "n"]) {
        // A shell without a terminal can't be followed.
        return UNKNOWN;
    }
    Some(Opened { way: Way::Ssh, dropped: 0 })
}

fn sudo(args: &[String], depth: usize) -> Option<Opened> {
    let options = sudo_options(args);
    if options.has(&["v", "l", "k", "K", "e", "V", "b", "validate", "list", "edit", "version", "help"]) && {
        let only_forgets = options.has(&["k"]) && !options.rest.is_empty();
        !only_forgets
    } {
        return None;
    }
    let set = options.rest.iter().take_while(|w| w.contains('=') && !w.starts_with('=')).count();
    let inner = &options.rest[set..];
    if inner.is_empty() {
        let shell = options.has(&["i", "s", "login", "shell"]);
        return shell.then_some(Opened { way: Way::Sudo, dropped: 0 });
    }
    match of_words(inner, depth + 1)? {
        Opened { way: Way::Shell, .. } => Some(Opened { way: Way::Sudo, dropped: inner.len() }),
        found @ Opened { way: Way::Su | Way::World, .. } => Some(found),
        _ => UNKNOWN,
    }
}

/// Options that `su` and `runuser` take values for.
const SU_WITH_VALUE: (&str, &[&str]) =
    ("gGswTcC", &["group", "supp-group", "shell", "whitelist-environment", "command", "session-command"]);

fn su(args: &[String]) -> Option<Opened> {
    let (mut rest, mut users) = (args, 0);
    while !rest.is_empty() {
        let options = Options::read(rest, SU_WITH_VALUE.0, SU_WITH_VALUE.1);
        if options.has(&["c", "C", "command", "session-command", "help", "version", "h", "V"]) {
            return None;
        }
        let names = options.rest.iter().take_while(|w| *w == "-" || !w.starts_with('-'));
        let names: Vec<&String> = names.collect();
        users += names.iter().filter(|w| **w != "-").count();
        rest = &options.rest[names.len()..];
    }
    // What stands behind the user is for its shell.
    Some(Opened { way: if users > 1 { Way::Unknown } else { Way::Su }, dropped: 0 })
}

fn runuser(args: &[String], depth: usize) -> Option<Opened> {
    let options = Options::read(args, "ugGswTcC", &["user", "group", "supp-group", "shell", "command"]);
    if !options.has(&["u", "user"]) {
        return su(args);
    }
    match of_words(options.rest, depth + 1)? {
        Opened { way: Way::Shell, .. } => Some(Opened { way: Way::Sudo, dropped: options.rest.len() }),
        _ => UNKNOWN,
    }
}

/// Whether a container is made of the image of a system, which starts a shell where nothing else is said.
fn runs_a_system(simple: &Simple) -> bool {
    #[rustfmt::skip] // words, many to a line
    const SYSTEMS: &[&str] = &[
        "alpine", "ubuntu", "debian", "busybox", "centos", "fedora", "rockylinux", "almalinux", "archlinux", "amazonlinux",
        "opensuse", "ubi8", "ubi9", "bash", "netshoot",
    ];
    let image = simple.args().iter().map(|a| a.strip_prefix("--image=").unwrap_or(a));
    image.into_iter().any(|word| {
        let name = word.rsplit('/').next().unwrap_or(word);
        SYSTEMS.contains(&name.split([':', '@']).next().unwrap_or(name))
    })
}

/// Whether what runs in a container is given what is typed.
fn on_terminal(simple: &Simple) -> bool {
    let cluster = matches!(simple.program(), "oc" | "kubectl");
    takes_terminal(simple)
        || simple.has_short('i')
        || simple.has("--interactive")
        || (cluster && simple.has("rsh"))
        || (simple.program() == "oc" && simple.has("debug"))
}

fn container(words: &[String], depth: usize) -> Option<Opened> {
    let simple = Simple { words: words.to_vec(), ..Simple::default() };
    let verb = world::container_verb(&simple)?;
    if !on_terminal(&simple) {
        return None;
    }
    let inner = carried(words);
    let entered = verb == "exec" && takes_terminal(&simple);
    match inner {
        Some(inner) if !inner.is_empty() => match of_words(inner, depth + 1)? {
            Opened { way: Way::Shell, .. } if entered => {
                Some(Opened { way: Way::World, dropped: inner.len() })
            }
            _ => UNKNOWN,
        },
        _ => {
            let shell = simple.args().windows(2).any(|w| w[0] == "--entrypoint" && is_shell(&w[1]))
                || simple.args().iter().any(|a| a.strip_prefix("--entrypoint=").is_some_and(is_shell))
                || matches!(verb.as_str(), "rsh" | "debug")
                || verb == "run" && inner.is_some() && runs_a_system(&simple);
            (shell && compose_words(&simple).is_none_or(|w| w.first().is_some_and(|v| v == "run")))
                .then_some(())
                .and(UNKNOWN)
        }
    }
}
