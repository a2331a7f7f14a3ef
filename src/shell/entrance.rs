//! How a command that changes the place is gone through, so that what follows runs on its other side.
//!
//! The command stays as the document has it, with its quotes, variables, aliases and comments. `ssh`, `sudo` and `su` are
//! run with exactly its words, as an administrator may allow these and no others; what their shell needs is typed at
//! its prompt. A shell in a container makes way for ours. For both a shell function takes the place of the
//! program for this one time.

use super::around::Around;
use super::classify::{Way, opened};
use super::parse::{Simple, parse};
use super::quote::quote;

/// What a place command leads through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// `ssh`: another host, over a connection that may be cut.
    Ssh,
    /// `sudo -i`, `sudo bash`, `su -`: another user of the same host.
    User,
    /// `docker exec -it`, `kubectl exec -it`: a container. `chroot`, `nsenter`, `lxc exec` and `bash` are gone through
    /// in the same way.
    Container,
}

/// A place command that can be gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// What it leads through.
    pub door: Door,
    /// Where `ssh` goes, as written: `user@host`.
    pub host: Option<String>,
    /// The user that it makes of whoever goes through, where its words say that.
    pub user: Option<String>,
    /// Its words without those of the shell.
    pub words: Vec<String>,
    /// The word that starts it, which the function takes the place of.
    program: String,
    /// How many words at its end start a shell, and make way for ours.
    dropped: usize,
    /// How our words are given to it.
    way: Way,
    /// It is `sudo` that asks for a password.
    sudo: bool,
}

/// Asks every quarter of a minute whether the other side is there; four times without an answer end it.
const ALIVE: &str = "case $(command ssh -G \"$@\" 2>/dev/null) in *'serveraliveinterval 0'*) set -- -o ServerAliveInterval=15 -o ServerAliveCountMax=4 \"$@\" ;; esac; ";

/// How it is gone through.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'p> {
    /// The words that start a shell which takes the driver.
    pub shell: &'p [String; 3],
    /// Options for `ssh`.
    pub ssh: &'p [&'p str],
    /// Nobody is there to answer a question: it fails instead of asking.
    pub unattended: bool,
    /// The shell that runs it is no bash.
    pub posix: bool,
}

/// How a place command is gone through; nothing for what is none, or is not understood (`mosh`), or is not the whole
/// command (`cd /srv && ssh web`).
pub fn entrance(text: &str) -> Option<Entrance> {
    let parsed = parse(text)?;
    let (written, before) = parsed.simples.split_last()?;
    let found = opened(written)?;
    let program = written.words.first()?.clone();
    // In a substitution the function would take the place of the program as well.
    let apart = |s: &Simple| s.around.is(Around::CAPTURED) && !s.words.contains(&program);
    let alone = before.iter().all(apart) && !written.around.is(Around::NESTED);
    // A path is no name for a function.
    let named = program.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if !alone || !named {
        return None;
    }
    let sudo = matches!(program.as_str(), "sudo" | "doas");
    let user = user(&written.words, found.way);
    let words = written.words[..written.words.len().saturating_sub(found.dropped)].to_vec();
    let leads = |door, host| {
        Some(Entrance { door, host, user, words, program, dropped: found.dropped, way: found.way, sudo })
    };
    match found.way {
        Way::Ssh => {
            let at = host_position(written)?;
            leads(Door::Ssh, written.words.get(at).cloned())
        }
        Way::Sudo | Way::Su => leads(Door::User, None),
        Way::World | Way::Shell => leads(Door::Container, None),
        Way::Unknown => None,
    }
}

/// The user that the words of a place command name; nothing where they don't, or it is no plain name.
fn user(words: &[String], way: Way) -> Option<String> {
    let options = |name: &str| {
        let at = words.iter().position(|w| w.rsplit('/').next() == Some(name))?;
        words.get(at + 1..)
    };
    let behind = |args: &[String], flags: &[&str]| {
        let at = args.iter().position(|a| flags.contains(&a.as_str()))?;
        args.get(at + 1).cloned()
    };
    let found = match way {
        Way::Ssh => words.iter().rev().filter(|w| !w.starts_with('-')).find_map(|w| {
            let (user, _) = w.strip_prefix("ssh://").unwrap_or(w).rsplit_once('@')?;
            Some(user.to_owned())
        })?,
        Way::Su => match options("su").or_else(|| options("runuser"))? {
            args if args.iter().all(|a| matches!(a.as_str(), "-" | "-l" | "--login")) => "root".to_owned(),
            [name] => name.clone(),
            [dash, name] if matches!(dash.as_str(), "-" | "-l" | "--login") => name.clone(),
            _ => return None,
        },
        Way::Sudo => behind(words, &["-u", "--user"])?,
        Way::World | Way::Shell | Way::Unknown => return None,
    };
    let plain = found.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
    (plain && found.starts_with(|c: char| c.is_ascii_lowercase())).then_some(found)
}

/// Takes the last words off a function's, in any shell: the others are put behind them first.
fn drop_last(words: usize) -> String {
    format!(
        "__gonogo_c=$(($#-{words})); for __gonogo_f; do [ $__gonogo_c -gt 0 ] || break; __gonogo_c=$((__gonogo_c-1)); shift; set -- \"$@\" \"$__gonogo_f\"; done; shift {words}; "
    )
}

/// Where the host of an `ssh` command stands among its words.
fn host_position(simple: &Simple) -> Option<usize> {
    let after = super::classify::ssh_remote_words(simple)?.len();
    // Options may stand behind the host as well; nothing else does, where no command is given.
    let last = simple.words.len().checked_sub(after + 1)?;
    (1..=last).rev().find(|at| !simple.words[*at].starts_with('-') && !is_value(simple, *at))
}

/// Whether a word is the value of the option before it.
fn is_value(simple: &Simple, at: usize) -> bool {
    let before = simple.words[at - 1].as_str();
    before.len() == 2 && before.starts_with('-') && super::classify::SSH_WITH_VALUE.contains(&before[1..])
}

/// The host's name of `user@host` or `ssh://user@host:port`.
pub fn host_name(destination: &str) -> &str {
    let rest = destination.strip_prefix("ssh://").unwrap_or(destination);
    let host = rest.rsplit('@').next().unwrap_or(rest);
    if destination.starts_with("ssh://") { host.split([':', '/']).next().unwrap_or(host) } else { host }
}

/// Whether two commands lead to the same place by the same words.
pub fn leads_to_the_same(one: &str, other: &str) -> bool {
    let words = |text: &str| {
        entrance(text)?;
        Some(parse(text)?.simples.pop()?.words)
    };
    words(one).is_some_and(|one| words(other).as_ref() == Some(&one))
}

/// The command that goes to another host instead, with the same options.
pub fn with_host(text: &str, host: &str) -> Option<String> {
    let entrance = entrance(text)?;
    let old = entrance.host.filter(|_| entrance.door == Door::Ssh)?;
    let at = text.rfind(&old)?;
    Some(format!("{}{}{}", &text[..at], quote(host), &text[at + old.len()..]))
}

impl Entrance {
    /// Whether its words stay as they are: then its shell is one that nobody knows, at whose prompt has to be typed.
    pub fn keeps_words(&self) -> bool {
        self.door != Door::Container || self.sudo
    }

    /// How many words at the end of its process start the shell: the document's, or those that take their place.
    pub fn shell_words(&self) -> usize {
        if self.keeps_words() { self.dropped } else { 3 }
    }

    /// The text that goes through: the function, then the command as it is.
    pub fn through(&self, text: &str, passage: &Passage<'_>) -> String {
        let name = &self.program;
        let quietly = if self.sudo && passage.unattended { "-n " } else { "" };
        let words = match self.door {
            Door::Ssh => {
                // A connection that is cut without a word is noticed, where the user's own settings don't see to that.
                let options = passage.ssh.iter().map(|w| quote(w)).collect::<Vec<_>>().join(" ");
                return format!(
                    "{name}() {{ unset -f {name}; {ALIVE}command {name} {options} \"$@\"; }}\n{text}"
                );
            }
            // A shell takes the terminal of its standard error for the one that it controls jobs by; the one that errors
            // go to is kept beside it, where that is not closed on the way. A POSIX `sh` knows no such descriptor.
            _ if self.keeps_words() && passage.posix => "\"$@\" 2>&1".to_owned(),
            _ if self.keeps_words() => "\"$@\" 197>&2 2>&1".to_owned(),
            _ => {
                let [shell, option, script] = passage.shell;
                let shell = if self.way == Way::Shell { String::new() } else { format!("{shell} ") };
                format!("\"$@\" {shell}{option} {}", quote(script))
            }
        };
        let drops = match self.dropped {
            dropped if dropped > 0 && !self.keeps_words() => drop_last(dropped),
            _ => String::new(),
        };
        format!("{name}() {{ unset -f {name}; {drops}command {name} {quietly}{words}; }}\n{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(text: &str, unattended: bool) -> String {
        let shell = ["sh".into(), "-c".into(), "x y".into()];
        let passage = Passage { shell: &shell, ssh: &["-tt", "-o", "A=b"], unattended, posix: false };
        entrance(text).unwrap().through(text, &passage)
    }

    fn through(text: &str) -> String {
        passed(text, false)
    }

    #[test]
    fn the_command_stays_as_it_is() {
        assert_eq!(
            through("ssh -p 2222 \"$WHO\"@web # there"),
            format!(
                "ssh() {{ unset -f ssh; {ALIVE}command ssh -tt -o A=b \"$@\"; }}\nssh -p 2222 \"$WHO\"@web # there"
            )
        );
        // What an administrator allows may be these words and no others.
        for user in
            ["sudo -i", "sudo su - app", "su - postgres", "sudo -u app bash", "runuser -u nobody -- bash"]
        {
            let program = user.split(' ').next().unwrap();
            let words = format!("command {program} \"$@\" 197>&2 2>&1; }}\n{user}");
            assert!(through(user).ends_with(&words), "{}", through(user));
        }
        assert!(through("sudo chroot /mnt").contains("sudo \"$@\" 197>&2 2>&1"));
        assert!(passed("sudo -i", true).contains("command sudo -n \"$@\" 197"));
        assert!(passed("su - app", true).contains("command su \"$@\""));
    }

    #[test]
    fn a_shell_in_a_container_makes_way_for_ours() {
        for (text, dropped) in [
            ("docker exec -it db bash", 1),
            ("docker-compose exec -u 0 db /bin/bash -l", 2),
            ("kubectl exec -it pod -- sh", 1),
            ("kubectl exec -it $(cat pod) -- bash", 1),
            ("chroot /mnt bash", 1),
            ("lxc exec web -- bash", 1),
            ("nsenter -t 1 -m -u", 0),
        ] {
            let through = through(text);
            assert!(through.contains("\"$@\" sh -c 'x y'; }"), "{through}");
            assert_eq!(through.contains(&format!("; shift {dropped}; ")), dropped > 0, "{through}");
        }
        assert!(through("bash -l").contains("; shift 1; command bash \"$@\" -c 'x y'"));
        assert!(through("bash").contains("unset -f bash; command bash \"$@\" -c 'x y'"));
    }

    #[test]
    fn the_last_words_are_dropped_in_any_shell() {
        for shell in ["sh", "bash", "dash"] {
            let script = format!("f() {{ {}printf '%s|' \"$@\"; }}; f 'a b' '' c '*' e", drop_last(2));
            #[expect(clippy::disallowed_methods, reason = "the script is run by shells of this machine")]
            let Ok(ran) = std::process::Command::new(shell).args(["-c", &script]).output() else { continue };
            assert_eq!(String::from_utf8_lossy(&ran.stdout), "a b||c|", "{shell}");
        }
    }

    #[test]
    fn hosts_are_found_among_options() {
        let host = |text: &str| entrance(text).unwrap().host.unwrap();
        assert_eq!(host("ssh user@production-server"), "user@production-server");
        assert_eq!(host("ssh -i key -p 22 web"), "web");
        assert_eq!(host("ssh web -l ada"), "web");
        assert_eq!(host_name("ada@web-1"), "web-1");
        assert_eq!(host_name("ssh://ada@web-1:22"), "web-1");
        assert_eq!(with_host("ssh -p 22 user@web # go", "db").unwrap(), "ssh -p 22 db # go");
        assert_eq!(host("ssh \"$(cat host)\""), "$(cat host)");
        assert!(entrance("mosh web").is_none() && entrance("exit").is_none());
    }

    #[test]
    fn users_are_told_where_the_words_name_them() {
        let user = |text: &str| entrance(text).unwrap().user;
        for (text, name) in [
            ("ssh -p 22 deploy@web", Some("deploy")),
            ("ssh ssh://deploy@web:22", Some("deploy")),
            ("ssh web", None),
            ("ssh \"$WHO\"@web", None),
            ("su - app", Some("app")),
            ("su -", Some("root")),
            ("sudo su - app", Some("app")),
            ("su - app -s /bin/bash", None),
            ("sudo -H -u app bash -l", Some("app")),
            ("sudo -i", None),
            ("docker exec -u app -it db bash", None),
        ] {
            assert_eq!(user(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn what_is_in_the_way_of_going_through() {
        for text in [
            "cd /srv && ssh web",
            "ssh web || exit 1",
            "if true; then sudo -i; fi",
            "for h in a b; do ssh $h; done",
            "{ ssh web; }",
            "! ssh web",
            "ssh web | tee log",
            "exec ssh web",
            "command ssh web",
            "env X=1 bash",
            "sudo ssh web",
            "ssh -T web",
            "ssh -t web 'sudo -i'",
            "tmux",
            "newgrp docker",
            "zsh",
            "/usr/bin/ssh web",
            "docker run -it alpine sh",
            "docker exec -it $(docker ps -q) bash",
        ] {
            assert_eq!(entrance(text), None, "{text}");
        }
    }
}
