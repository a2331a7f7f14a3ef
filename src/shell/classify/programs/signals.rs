//! Signals: which end a process, which only tell it something, and to whom they are sent.

use super::super::classified::Effect;
use super::given::Given;

/// Signals at which a program reads its settings again or writes something, and goes on.
const GENTLE: &[&str] =
    &["HUP", "1", "USR1", "10", "USR2", "12", "WINCH", "28", "CONT", "18", "CHLD", "17", "URG", "23", "PIPE"];

/// The signal among some arguments.
fn signal(args: &[String]) -> Option<&str> {
    let named = args.windows(2).find_map(|w| match w {
        [flag, name] if matches!(flag.as_str(), "-s" | "--signal" | "-n") => Some(name.as_str()),
        _ => None,
    });
    named
        .or_else(|| args.iter().find_map(|a| a.strip_prefix("--signal=").or_else(|| a.strip_prefix("-s="))))
        .or_else(|| {
            args.iter().find_map(|a| {
                let name = a.strip_prefix('-')?;
                let upper =
                    !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
                upper.then_some(name)
            })
        })
}

/// Whether the signal among some arguments ends nothing.
pub(super) fn is_gentle(args: &[String]) -> bool {
    signal(args).is_some_and(|name| {
        let name = name.to_ascii_uppercase();
        GENTLE.contains(&name.strip_prefix("SIG").unwrap_or(&name)) || name == "0"
    })
}

/// `kill`, `pkill`, `killall`: what they end, unless it is a job of the same command or only a tunnel.
pub(super) fn kill(given: &Given<'_>) -> Effect {
    let args = given.simple.args();
    // BSD's pkill tells with -l what it ends.
    let lists = given.simple.program() != "pkill"
        && args.iter().any(|a| matches!(a.as_str(), "-l" | "-L" | "--list" | "--table" | "-V"));
    let tells = given.simple.has("--help") || given.simple.has("--version");
    if lists || tells || signal(args) == Some("0") {
        return Effect::Reads;
    }
    let targets: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    let own = |target: &&String| {
        let name = target.trim_start_matches('$').trim_matches(|c| c == '{' || c == '}');
        target.starts_with('%')
            || *target == "$!"
            || target.contains("jobs -p")
            || (target.starts_with('$') && given.jobs.iter().any(|job| job == name))
            || is_tunnel(target)
    };
    if is_gentle(args) || (!targets.is_empty() && targets.iter().all(own)) {
        Effect::Changes
    } else {
        Effect::Destructive
    }
}

/// Whether a process is named as a tunnel, whose end stops no service.
fn is_tunnel(target: &str) -> bool {
    let lower = target.to_lowercase();
    [
        "port-forward",
        "port_forward",
        "portforward",
        "pf_pid",
        "tunnel",
        "ssh -l",
        "ssh -n",
        "proxy_pid",
        "tail_pid",
        "watch_pid",
    ]
    .iter()
    .any(|name| lower.contains(name))
}

/// `docker kill`, `systemctl kill`: a container or service that is ended.
pub(super) fn sent(given: &Given<'_>) -> Effect {
    if is_gentle(given.simple.args()) { Effect::Changes } else { Effect::Destructive }
}
