//! Whether a command stops a service, or asks one whether it is well.

use super::parse::{Simple, parse};

/// Whether the command stops a service: `docker-compose down`, `systemctl stop api`, `kill 123`.
pub fn stops(text: &str) -> bool {
    simples_with(text, &["stop", "down", "kill", "rm", "scale"]).iter().any(|s| {
        let words: Vec<&str> = s.words.iter().map(String::as_str).collect();
        match plain(&words) {
            ["docker-compose" | "podman-compose", rest @ ..]
            | ["docker" | "podman", "compose", rest @ ..] => {
                verb(rest).is_some_and(|v| matches!(v, "down" | "stop" | "kill" | "rm"))
            }
            ["docker" | "podman", rest @ ..] => matches!(verb(rest), Some("stop" | "kill" | "rm")),
            ["systemctl", rest @ ..] => matches!(verb(rest), Some("stop" | "kill")),
            ["service", _, "stop", ..] => true,
            ["kubectl", rest @ ..] => {
                verb(rest) == Some("scale") && rest.iter().any(|w| w.ends_with("replicas=0"))
            }
            // `./service stop`, `make stop`: whatever it is, it says so itself.
            [program, .., "stop"] if !matches!(*program, "echo" | "printf" | "grep" | "git") => true,
            ["kill" | "pkill" | "killall", rest @ ..] => !rest.iter().any(|w| matches!(*w, "-0" | "-l")),
            _ => false,
        }
    })
}

/// Whether the command starts a service: `docker-compose up`, `systemctl restart api`.
pub fn starts(text: &str) -> bool {
    simples_with(text, &["up", "start", "run", "reload", "apply", "rollout", "set"]).iter().any(|s| {
        let words: Vec<&str> = s.words.iter().map(String::as_str).collect();
        match plain(&words) {
            ["docker-compose" | "podman-compose", rest @ ..]
            | ["docker" | "podman", "compose", rest @ ..] => {
                verb(rest).is_some_and(|v| matches!(v, "up" | "start" | "restart"))
            }
            ["docker" | "podman", rest @ ..] => matches!(verb(rest), Some("run" | "start" | "restart")),
            ["systemctl", rest @ ..] => matches!(verb(rest), Some("start" | "restart" | "reload")),
            ["service", _, "start" | "restart" | "reload", ..] => true,
            ["kubectl" | "oc", rest @ ..] => matches!(verb(rest), Some("apply" | "rollout" | "set")),
            ["pm2" | "supervisorctl", rest @ ..] => {
                matches!(verb(rest), Some("start" | "restart" | "reload"))
            }
            [program, .., "start" | "restart"] if !matches!(*program, "echo" | "printf" | "grep" | "git") => {
                true
            }
            _ => false,
        }
    })
}

/// Whether the command asks an address that tells how a service is.
pub fn asks_health(text: &str) -> bool {
    simples(text).iter().any(|s| {
        matches!(s.program(), "curl" | "wget" | "http" | "xh")
            && s.args().iter().any(|a| {
                let path = a.split(['?', '#']).next().unwrap_or(a);
                path.split('/').skip(1).any(|p| {
                    ["health", "healthz", "healthcheck", "ready", "readyz", "live", "livez", "ping", "status"]
                        .contains(&p.trim_end_matches(['"', '\'']))
                })
            })
    })
}

/// Whether the command asks an address, whatever it asks there, and changes nothing by that.
pub fn asks_address(text: &str) -> bool {
    ["curl", "wget", "http", "xh"].iter().any(|program| text.contains(program))
        && super::classify(text).effect == super::Effect::Reads
        && simples(text).iter().any(|s| matches!(s.program(), "curl" | "wget" | "http" | "xh"))
}

/// Whether such a question has a failing exit status when the answer is an error (`curl --fail`, `wget`).
pub fn fails_when_unhealthy(text: &str) -> bool {
    let simples = simples(text);
    let last_alone = simples.len() == 1;
    last_alone
        && simples.iter().all(|s| match s.program() {
            "curl" => s.has("--fail") || s.has("--fail-with-body") || s.has_short('f'),
            "wget" => true,
            _ => false,
        })
}

fn simples(text: &str) -> Vec<Simple> {
    parse(text).map(|p| p.simples).unwrap_or_default()
}

/// The same where the text has one of the verbs at all: this is asked of every command of a record that is read
/// again, and parsing costs.
fn simples_with(text: &str, verbs: &[&str]) -> Vec<Simple> {
    if verbs.iter().any(|v| text.contains(v)) { simples(text) } else { vec![] }
}

/// The words without `sudo` and its options.
fn plain<'w>(words: &'w [&'w str]) -> &'w [&'w str] {
    match words {
        ["sudo", rest @ ..] => {
            let options = rest.iter().take_while(|w| w.starts_with('-')).count();
            &rest[options..]
        }
        _ => words,
    }
}

/// The first word that is no option and no option's value by `=`; compose's `-f FILE` is stepped over.
fn verb<'w>(words: &[&'w str]) -> Option<&'w str> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "-f" | "--file" | "-p" | "--project-name" | "-n" | "--namespace" | "--context" | "-H" => {
                words.next();
            }
            w if w.starts_with('-') => {}
            w => return Some(w),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_a_service() {
        for text in [
            "docker-compose down",
            "docker compose -f prod.yml stop api",
            "sudo systemctl stop api",
            "service nginx stop",
            "kubectl -n shop scale deploy/api --replicas=0",
            "kill $(cat service.pid)",
            "./service stop",
        ] {
            assert!(stops(text), "{text}");
        }
        for text in ["docker-compose up -d", "docker ps", "systemctl status api", "kill -0 12", "echo stop"] {
            assert!(!stops(text), "{text}");
        }
    }

    #[test]
    fn what_asks_for_health() {
        assert!(asks_health("curl -s http://localhost:3030/health | jq"));
        assert!(asks_health("curl -f \"$API/v1/health?full=1\""));
        assert!(!asks_health("curl http://localhost:3030/healthy-food"));
        assert!(!asks_health("echo /health"));
        assert!(fails_when_unhealthy("curl -sf http://x/health"));
        assert!(
            !fails_when_unhealthy("curl -s http://x/health")
                && !fails_when_unhealthy("curl -f http://x/health | jq")
        );
    }
}
