//! How a command that changes the place is gone through, so that what follows runs on its other side.
//!
//! The command stays as the document has it, with its quotes, variables, aliases and comments: in front of it a shell
//! function takes the place of its program and adds, for this one time, what starts a shell of ours behind it.

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
const ALIVE: &str = "local __gonogo_alive=(); [[ $(command ssh -G \"$@\" 2>/dev/null) == *$'\\nserveraliveinterval 0\\n'* ]] && __gonogo_alive=(-o ServerAliveInterval=15 -o ServerAliveCountMax=4); ";

/// How it is gone through.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'p> {
    /// The words that start the shell behind it.
    pub shell: &'p [&'p str],
    /// Options for `ssh`.
    pub ssh: &'p [&'p str],
    /// Nobody is there to answer a question: it fails instead of asking.
    pub unattended: bool,
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
    let leads = |door, host| {
        Some(Entrance { door, host, user, program, dropped: found.dropped, way: found.way, sudo })
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

/// A script that runs `text` and has no line end and no `$`: `sudo -i` hands its words to a login shell with a backslash
/// before all but letters, digits and `$` (sudo(8)), where a line end would vanish and a variable would be expanded.
fn encoded(text: &str) -> String {
    let mut octal = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' => octal.push(char::from(byte)),
            byte => octal.push_str(&format!("\\0{byte:03o}")),
        }
    }
    format!("eval \"`printf %b '{octal}'`\"")
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

/// Whether a command leads to another host by `ssh`.
pub fn leads_over_ssh(text: &str) -> bool {
    entrance(text).is_some_and(|e| e.door == Door::Ssh)
}

/// The command that goes to another host instead, with the same options.
pub fn with_host(text: &str, host: &str) -> Option<String> {
    let entrance = entrance(text)?;
    let old = entrance.host.filter(|_| entrance.door == Door::Ssh)?;
    let at = text.rfind(&old)?;
    Some(format!("{}{}{}", &text[..at], quote(host), &text[at + old.len()..]))
}

impl Entrance {
    /// The text that goes through: the function, then the command as it is.
    pub fn through(&self, text: &str, passage: &Passage<'_>) -> String {
        let words = |words: &[&str]| words.iter().map(|w| quote(w)).collect::<Vec<_>>().join(" ");
        let shell = words(passage.shell);
        let (before, after) = match self.door {
            // The other side's login shell reads it: what is one word here has to be one there.
            Door::Ssh => (format!("{} ", words(passage.ssh)), quote(&format!("exec {shell}"))),
            Door::User if self.way == Way::Su => {
                (String::new(), format!("--session-command {}", quote(&format!("exec {shell}"))))
            }
            Door::User => (String::new(), format!("bash -c {}", quote(&encoded(&format!("exec {shell}"))))),
            Door::Container if self.way == Way::Shell => {
                (String::new(), format!("-c {}", quote(&format!("exec {shell}"))))
            }
            Door::Container => (String::new(), format!("sh -c {}", quote(&format!("exec {shell}")))),
        };
        // A connection that is cut without a word is noticed, where the user's own settings don't see to that.
        let (alive, before) = match self.door {
            Door::Ssh => (ALIVE, format!("{before}\"${{__gonogo_alive[@]}}\" ")),
            _ => ("", before),
        };
        let quietly = if self.sudo && passage.unattended { "-n " } else { "" };
        let name = &self.program;
        let kept = match self.dropped {
            0 => "\"$@\"".to_owned(),
            dropped => format!("\"${{@:1:$#-{dropped}}}\""),
        };
        format!(
            "{name}() {{ unset -f {name}; {alive}command {name} {quietly}{before}{kept} {after}; }}\n{text}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: Passage<'static> =
        Passage { shell: &["bash", "-c", "x y"], ssh: &["-tt", "-o", "A=b"], unattended: false };

    fn through(text: &str) -> String {
        entrance(text).unwrap().through(text, &SHELL)
    }

    #[test]
    fn the_command_stays_as_it_is() {
        assert_eq!(
            through("ssh -p 2222 \"$WHO\"@web # there"),
            format!(
                "ssh() {{ unset -f ssh; {ALIVE}command ssh -tt -o A=b \"${{__gonogo_alive[@]}}\" \"$@\" 'exec bash -c '\\''x y'\\'''; }}\nssh -p 2222 \"$WHO\"@web # there"
            )
        );
        // What sudo hands to a login shell has no line end and nothing that is expanded there.
        let sudo = through("sudo -i");
        let words = sudo.split("command sudo \"$@\" ").nth(1).unwrap().split("; }\n").next().unwrap();
        assert!(words.starts_with("bash -c 'eval \"`printf %b ") && !words.contains(['$', '\n']), "{words}");
        assert!(through("su - postgres").contains("\"$@\" --session-command 'exec bash"));
        assert!(through("sudo su -").contains("command sudo \"$@\" --session-command"));
        assert!(through("docker exec -it db bash").contains("\"${@:1:$#-1}\" sh -c 'exec bash"));
        assert!(through("docker-compose exec -u 0 db /bin/bash -l").contains("\"${@:1:$#-2}\" sh -c"));
        assert!(through("kubectl exec -it pod -- sh").contains("\"${@:1:$#-1}\" sh -c"));
        assert!(through("sudo -u app bash").contains("sudo \"${@:1:$#-1}\" bash -c 'eval"));
        assert!(through("sudo -H -u app /bin/bash -l").contains("sudo \"${@:1:$#-2}\" bash -c 'eval"));
        assert!(through("sudo -iu app").contains("sudo \"$@\" bash -c 'eval"));
        assert!(through("runuser -u nobody -- bash").contains("runuser \"${@:1:$#-1}\" bash -c 'eval"));
        assert!(through("runuser -l app").contains("runuser \"$@\" --session-command 'exec bash"));
        assert!(through("bash").contains("command bash \"$@\" -c 'exec bash"));
        assert!(through("bash -l").contains("command bash \"${@:1:$#-1}\" -c 'exec bash"));
        assert!(through("kubectl exec -it $(cat pod) -- bash").contains("kubectl \"${@:1:$#-1}\" sh -c"));
        assert!(through("chroot /mnt bash").contains("chroot \"${@:1:$#-1}\" sh -c 'exec bash"));
        assert!(through("sudo chroot /mnt").contains("sudo \"$@\" sh -c 'exec bash"));
        assert!(through("nsenter -t 1 -m -u").contains("nsenter \"$@\" sh -c 'exec bash"));
        assert!(through("lxc exec web -- bash").contains("lxc \"${@:1:$#-1}\" sh -c 'exec bash"));
        let unattended = Passage { unattended: true, ..SHELL };
        let sudo = entrance("sudo -i").unwrap().through("sudo -i", &unattended);
        assert!(sudo.contains("command sudo -n \"$@\""), "{sudo}");
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
