//! Whether what we start outlives the login it was started in (systemd-logind, logind.conf(5), systemd-run(1)).
//!
//! 1. Where no service manager looks after logins, a session of our own is enough.
//! 2. `KillUserProcesses=yes` ends all that is in the login's scope. A scope of the user's own service manager is
//!    left alone, and that manager stays where the user lingers. Root has a scope of the system's.
//! 3. What the user's service manager runs itself ends with the last login, unless the user lingers.

use std::ffi::OsStr;
use std::path::Path;

use super::spawn::{Helper, Manager, exists};
use crate::protocol::EndsWithLogin;

/// What keeps our processes when the login ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// A session of their own: nobody ends them.
    OwnSession,
    /// A transient scope of this service manager.
    Scope(Manager),
    /// Nothing: they end with the login.
    Login(EndsWithLogin),
}

/// Where a process stands among the service manager's units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// In no login.
    Apart,
    /// In the scope of a login of this user.
    Login(u32),
    /// In a unit of this user's own service manager.
    UserUnit(u32),
}

/// What the rules need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    standing: Standing,
    /// Who we are.
    root: bool,
    name: String,
    /// The login's processes are ended with it.
    kills: bool,
    /// Our service manager stays when nobody is logged in.
    lingers: bool,
}

fn judge(known: &Known) -> Lifetime {
    let ends = match known.standing {
        Standing::Apart => false,
        Standing::Login(_) => known.kills,
        Standing::UserUnit(_) => true,
    };
    if !ends {
        return Lifetime::OwnSession;
    }
    if known.root {
        return Lifetime::Scope(Manager::System);
    }
    if known.lingers {
        return Lifetime::Scope(Manager::User);
    }
    let why = match known.standing {
        Standing::UserUnit(_) => "your service manager would own it, and that ends with your last login",
        _ => "KillUserProcesses is on, and lingering is off for you",
    };
    Lifetime::Login(EndsWithLogin {
        why: why.to_owned(),
        remedy: format!("fix it with: loginctl enable-linger {}", known.name),
    })
}

/// Reads `/proc/PID/cgroup` (cgroups(7)).
fn standing(cgroups: &str) -> Standing {
    let path = |prefix: &str| cgroups.lines().find_map(|l| l.split_once(prefix).map(|(_, path)| path));
    let path = path(":name=systemd:").or_else(|| path("::")).unwrap_or_default();
    let number = |part: &str, before: &str, after: &str| {
        part.strip_prefix(before)?.strip_suffix(after)?.parse::<u32>().ok()
    };
    let mut user = None;
    for part in path.split('/') {
        user = number(part, "user-", ".slice").or(user);
        if let Some(user) = number(part, "user@", ".service") {
            return Standing::UserUnit(user);
        }
        if part.starts_with("session-") && part.ends_with(".scope") {
            return user.map_or(Standing::Apart, Standing::Login);
        }
    }
    Standing::Apart
}

/// What is to be done so that what we start now outlives this login.
pub fn ahead() -> Lifetime {
    let (lifetime, known) = match look() {
        Ok(None) => return Lifetime::OwnSession,
        Ok(Some(known)) => (judge(&known), known),
        Err(why) => return untold(why),
    };
    match lifetime {
        // What was not tried is not known to work.
        Lifetime::Scope(manager) => match Helper::in_scope(manager, OsStr::new("true"), &[]).run() {
            Ok((0, ..)) => lifetime,
            Ok((_, _, words)) => unscoped(&known, words.trim()),
            Err(error) => unscoped(&known, &error.to_string()),
        },
        _ => lifetime,
    }
}

/// Why this process ends with the login it stands in, if it does.
pub fn dies() -> Option<EndsWithLogin> {
    let lifetime = match look() {
        Ok(None) => return None,
        // A unit of a service manager that stays is what keeps it.
        Ok(Some(Known { standing: Standing::UserUnit(owner), lingers: true, .. }))
            if owner == rustix::process::geteuid().as_raw() =>
        {
            return None;
        }
        Ok(Some(known)) => match judge(&known) {
            Lifetime::Scope(_) => unscoped(&known, "it was started in the scope of the login"),
            lifetime => lifetime,
        },
        Err(why) => untold(why),
    };
    match lifetime {
        Lifetime::Login(dies) => Some(dies),
        _ => None,
    }
}

fn untold(why: String) -> Lifetime {
    let remedy = "check: loginctl show-user --property=KillUserProcesses".to_owned();
    Lifetime::Login(EndsWithLogin {
        why: format!("gonogo can't tell whether its commands outlive it ({why})"),
        remedy,
    })
}

fn unscoped(known: &Known, words: &str) -> Lifetime {
    let why = match known.standing {
        Standing::UserUnit(_) => {
            format!("it belongs to a service manager that ends with the login ({words})")
        }
        _ => format!("everything in it ends with it, and the run has no scope of its own ({words})"),
    };
    let manager = if known.root { "" } else { "--user " };
    let remedy = format!("systemd-run {manager}--scope has to work here");
    Lifetime::Login(EndsWithLogin { why, remedy })
}

/// Nothing where no service manager looks after this login.
fn look() -> Result<Option<Known>, String> {
    let cgroups = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let standing = standing(&cgroups);
    let (Standing::Login(owner) | Standing::UserUnit(owner)) = standing else { return Ok(None) };
    // The directory that says that systemd is the service manager (sd_booted(3)).
    if !Path::new("/run/systemd/system").is_dir() {
        return Ok(None);
    }
    let ours = rustix::process::geteuid().as_raw();
    let (login, owner_lingers) = user(owner)?;
    // Somebody who became another user in this login (su, sudo) may be unknown there.
    let unknown = || (ours.to_string(), false);
    let (name, lingers) =
        if owner == ours { (login.clone(), owner_lingers) } else { user(ours).unwrap_or_else(|_| unknown()) };
    let kills = kills(&login)?;
    Ok(Some(Known { standing, root: ours == 0, name, kills, lingers }))
}

/// Whether a login's processes are ended with it (logind.conf(5): `KillUserProcesses`, and for whom).
fn kills(user: &str) -> Result<bool, String> {
    let values = properties("", "Manager", &["KillUserProcesses", "KillOnlyUsers", "KillExcludeUsers"])?;
    let [on, only, exclude] = values.as_slice() else { return Err(format!("{values:?}")) };
    Ok(killed(user, on == "b true", only, exclude))
}

/// In the order in which systemd-logind asks: who is excluded is left alone, a list of others decides alone, and only
/// without one the switch does.
fn killed(user: &str, on: bool, only: &str, exclude: &str) -> bool {
    let named = |list: &str| list.split('"').skip(1).step_by(2).any(|name| name == user);
    let everybody = !only.contains('"');
    !named(exclude) && if everybody { on } else { named(only) }
}

/// A user's name, and whether their service manager stays.
fn user(id: u32) -> Result<(String, bool), String> {
    let values = properties(&format!("/user/_{id}"), "User", &["Name", "Linger"])?;
    let [name, linger] = values.as_slice() else { return Err(format!("{values:?}")) };
    let name = name.split('"').nth(1).unwrap_or_default().to_owned();
    Ok((name, linger == "b true"))
}

/// Properties of an object of systemd-logind's (org.freedesktop.login1(5)), each as busctl(1) prints it.
fn properties(object: &str, interface: &str, names: &[&str]) -> Result<Vec<String>, String> {
    const SERVICE: &str = "org.freedesktop.login1";
    if !exists("busctl") {
        return Err("busctl is not installed".into());
    }
    let object = format!("/org/freedesktop/login1{object}");
    let interface = format!("{SERVICE}.{interface}");
    let mut arguments = vec!["--timeout=5", "get-property", SERVICE, &object, &interface];
    arguments.extend(names);
    match Helper::new("busctl", &arguments, Path::new("/")).run() {
        Ok((0, out, _)) => Ok(out.lines().map(str::to_owned).collect()),
        Ok((_, _, words)) => Err(words.trim().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// What stops working in a run when the login that it was started from ends.
pub fn lost_with_login(variable: impl Fn(&str) -> Option<String>) -> Vec<&'static str> {
    let set = |name: &str| variable(name).is_some_and(|v| !v.is_empty());
    let mut lost = Vec::new();
    if set("SSH_AUTH_SOCK") {
        lost.push(if set("SSH_CONNECTION") { "the forwarded SSH agent" } else { "the SSH agent" });
    }
    if set("KRB5CCNAME") {
        lost.push("Kerberos tickets");
    }
    if set("XDG_RUNTIME_DIR") {
        lost.push("what is in XDG_RUNTIME_DIR (rootless containers, user services), unless you linger");
    }
    lost.push("passwords that a command asks for: it waits until somebody types them");
    lost
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(standing: Standing, kills: bool, lingers: bool) -> Known {
        Known { standing, root: false, name: "ada".into(), kills, lingers }
    }

    #[test]
    fn what_keeps_a_run_follows_from_where_it_stands_who_is_killed_and_who_lingers() {
        let (login, unit) = (Standing::Login(1000), Standing::UserUnit(1000));
        let own = Lifetime::OwnSession;
        let scope = Lifetime::Scope(Manager::User);
        for (known, expected) in [
            (known(Standing::Apart, true, false), Some(&own)),
            (known(login, false, false), Some(&own)),
            (known(login, false, true), Some(&own)),
            (known(login, true, true), Some(&scope)),
            (known(login, true, false), None),
            (known(unit, false, true), Some(&scope)),
            (known(unit, false, false), None),
        ] {
            let judged = judge(&known);
            match (&judged, expected) {
                (Lifetime::Login(dies), None) => {
                    assert!(dies.to_string().ends_with("fix it with: loginctl enable-linger ada"), "{dies}");
                }
                _ => assert_eq!(Some(&judged), expected, "{known:?}"),
            }
        }
        let root = Known { root: true, ..known(login, true, false) };
        assert_eq!(judge(&root), Lifetime::Scope(Manager::System));
    }

    #[test]
    fn whose_processes_are_ended_with_the_login_follows_from_three_settings() {
        assert!(killed("ada", true, "as 0", "as 1 \"root\""));
        assert!(!killed("ada", false, "as 0", "as 0"));
        assert!(!killed("root", true, "as 0", "as 1 \"root\""));
        assert!(killed("ada", false, "as 2 \"bob\" \"ada\"", "as 0"), "the list decides alone");
        assert!(!killed("ada", true, "as 1 \"bob\"", "as 0"));
    }

    #[test]
    fn where_a_process_stands_is_read_from_its_cgroup_of_either_version() {
        let login = "/user.slice/user-1000.slice/session-7.scope";
        assert_eq!(standing(&format!("0::{login}\n")), Standing::Login(1000));
        let first = format!("13:hugetlb:/\n9:name=systemd:/docker/3a7{login}\n0::/\n");
        assert_eq!(standing(&first), Standing::Login(1000));
        let unit = "/user.slice/user-0.slice/user@0.service/app.slice/run-r1.scope";
        assert_eq!(standing(&format!("0::{unit}\n")), Standing::UserUnit(0));
        assert_eq!(standing("0::/system.slice/cron.service\n"), Standing::Apart);
        assert_eq!(standing(""), Standing::Apart);
    }

    #[test]
    fn what_is_lost_with_a_login_is_named() {
        let with = |names: &'static [&'static str]| {
            lost_with_login(move |n| names.contains(&n).then(|| "x".to_owned())).join("; ")
        };
        assert!(with(&["SSH_AUTH_SOCK", "SSH_CONNECTION"]).contains("forwarded SSH agent"));
        assert!(!with(&["SSH_CONNECTION"]).contains("agent"));
        assert!(with(&[]).contains("passwords"));
    }
}
