//! The words that programs carry elsewhere: behind `ssh host`, `docker exec`, `docker compose`.

use super::super::parse::Simple;
use super::options::Options;

/// `docker compose` and `docker-compose` read the same: the words from the sub-command on.
pub(crate) fn compose_words(simple: &Simple) -> Option<&[String]> {
    let words = match simple.program() {
        "docker-compose" | "podman-compose" => simple.args(),
        "docker" | "podman" if simple.args().first().is_some_and(|a| a == "compose") => &simple.args()[1..],
        _ => return None,
    };
    let mut at = 0;
    while at < words.len() && words[at].starts_with('-') {
        at += if ["-f", "--file", "-p", "--project-name", "--env-file", "--profile"]
            .contains(&words[at].as_str())
        {
            2
        } else {
            1
        };
    }
    words.get(at..)
}

/// Options of `ssh` that take a value (ssh(1)).
pub(crate) const SSH_WITH_VALUE: &str = "BbcDEeFIiJLlmOopQRSWw";

/// The words after the host of an `ssh` command; `None` where there is no host.
pub(crate) fn ssh_remote_words(simple: &Simple) -> Option<&[String]> {
    let options = Options::read(simple.args(), SSH_WITH_VALUE, &[]);
    if options.has(&["N", "V", "G"]) || options.rest.is_empty() {
        return None;
    }
    Some(Options::read(&options.rest[1..], SSH_WITH_VALUE, &[]).rest)
}

/// The command that `docker exec`, `compose exec` or `kubectl exec` runs inside.
pub(crate) fn container_command(simple: &Simple) -> Option<&[String]> {
    let args = compose_words(simple).unwrap_or_else(|| simple.args());
    // `compose run web bundle exec …` has the word for another reason.
    let exec = args
        .iter()
        .position(|a| a == "exec" || a == "run")
        .filter(|at| args.get(*at).is_some_and(|a| a == "exec"))?;
    let rest = &args[exec + 1..];
    if let Some(dashes) = rest.iter().position(|a| a == "--") {
        return rest.get(dashes + 1..);
    }
    let mut at = 0;
    while at < rest.len() && rest[at].starts_with('-') {
        at += if ["-u", "-e", "-w", "--user", "--env", "--workdir", "--index"].contains(&rest[at].as_str()) {
            2
        } else {
            1
        };
    }
    rest.get(at + 1..)
}
